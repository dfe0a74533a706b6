//! Runs a function as a process, the way Lambda does, and reads its processor time and memory from Linux.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running function. Dropping it kills the process.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    /// Executes a binary that finds the runtime API at `address`. Its log (standard output) is discarded.
    pub fn start(
        binary: &Path,
        name: &str,
        environment: &BTreeMap<String, String>,
        address: SocketAddr,
    ) -> Result<Self, String> {
        let mut command = Command::new(binary);
        command.env_clear().envs(environment).envs([
            ("AWS_LAMBDA_FUNCTION_NAME", name),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "local"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "local"),
        ]);
        command.env("AWS_LAMBDA_RUNTIME_API", address.to_string()).stdin(Stdio::null()).stdout(Stdio::null());
        command.spawn().map(Self).map_err(|error| format!("{}: {error}", binary.display()))
    }

    /// Processor time, user and system, of all its live threads; `None` on systems other than Linux.
    pub fn cpu(&self) -> Option<Duration> {
        let threads = fs::read_dir(format!("/proc/{}/task", self.0.id())).ok()?;
        let mut nanos = 0;
        for thread in threads.flatten() {
            let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
            nanos += text.split(' ').next()?.parse::<u64>().ok()?;
        }
        Some(Duration::from_nanos(nanos))
    }

    /// The peak memory in KiB; `None` on systems other than Linux.
    pub fn peak_memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// The exit status, if the process has ended.
    pub fn ended(&mut self) -> Option<String> {
        self.0.try_wait().ok().flatten().map(|status| status.to_string())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}
