//! Runs a function and measures its start and each invocation.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::Mutex;

use super::process::Process;
use super::runtime::Runtime;

const MAX_DURATION: Duration = Duration::from_secs(30);
/// A function still cleans up after its answer. After this time it must be idle.
const REST: Duration = Duration::from_millis(3);

/// Time used.
#[derive(Clone, Copy, Debug, Default)]
pub struct Took {
    /// Wall-clock time.
    pub wall: Duration,
    /// Processor time, user and system; `None` on systems other than Linux.
    pub cpu: Option<Duration>,
}

/// A running function.
#[derive(Debug)]
pub struct Function {
    runtime: Runtime,
    process: Mutex<Process>,
}

impl Function {
    /// Starts a function; returns the time from the execution of its binary until it polls for its first invocation.
    pub async fn start(
        binary: &Path,
        name: &str,
        environment: &BTreeMap<String, String>,
    ) -> Result<(Self, Took), String> {
        let runtime = Runtime::serve().await?;
        let began = Instant::now();
        let process = Process::start(binary, name, environment, runtime.address)?;
        let function = Self { runtime, process: Mutex::new(process) };
        let wall = function.polled(1, began).await.map_err(|error| format!("{name} did not start: {error}"))?;
        let cpu = function.process.lock().await.cpu();
        Ok((function, Took { wall, cpu }))
    }

    /// Invokes the function with one event at a time; returns the answer and the time. The wall-clock time ends with the
    /// answer, the processor time when the function polls for the next event.
    pub async fn invoke(&self, event: Value) -> Result<(Value, Took), String> {
        let process = self.process.lock().await;
        let (before, polls, began) = (process.cpu(), *self.runtime.polls.borrow(), Instant::now());
        drop(process);
        let answer = tokio::time::timeout(MAX_DURATION, self.runtime.invoke(event)).await;
        let answer = answer.map_err(|_| format!("no answer in {MAX_DURATION:?}"))??;
        let wall = began.elapsed();
        self.polled(polls + 1, began).await?;
        let after = self.process.lock().await.cpu();
        Ok((answer, Took { wall, cpu: after.zip(before).map(|(after, before)| after.saturating_sub(before)) }))
    }

    /// The peak memory in KiB.
    pub async fn peak_memory(&self) -> Option<u64> {
        self.process.lock().await.peak_memory()
    }

    /// Waits until poll number `times` came and the function is idle; returns the time from `began` to that poll.
    async fn polled(&self, times: u64, began: Instant) -> Result<Duration, String> {
        let mut polls = self.runtime.polls.clone();
        loop {
            let asked = polls.wait_for(|polls| *polls >= times);
            let asked = tokio::time::timeout(Duration::from_millis(100), asked).await.is_ok();
            if asked {
                let wall = began.elapsed();
                tokio::time::sleep(REST).await;
                return Ok(wall);
            }
            if let Some(ended) = self.process.lock().await.ended() {
                return Err(format!("it ended with {ended}"));
            }
            if began.elapsed() > MAX_DURATION {
                return Err(format!("it polled for no event in {MAX_DURATION:?}"));
            }
        }
    }
}
