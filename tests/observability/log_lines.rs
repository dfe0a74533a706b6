//! Records the log lines of all functions in this process.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde_json::Value;
use tokio::sync::{Mutex as Turn, MutexGuard};

/// The finest level for everything but the local stack, which does not exist on Lambda.
const LEVELS: &str = "trace,dynoxide=off,local=off,axum=off";

static TURN: Turn<()> = Turn::const_new(());
static KEPT: OnceLock<Kept> = OnceLock::new();

/// A log in memory. All clones write to the same.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    pub fn bytes<T>(&self, look: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Kept {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.bytes(|kept| kept.extend_from_slice(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A recording. Until it is dropped, no other test records.
pub struct LogLines {
    _turn: MutexGuard<'static, ()>,
}

impl LogLines {
    /// Starts a recording once no other test records.
    pub async fn begin() -> Self {
        let _turn = TURN.lock().await;
        let kept = KEPT.get_or_init(|| {
            let kept = Kept::default();
            let writer = kept.clone();
            tracing::subscriber::set_global_default(aws::log::subscriber(LEVELS, move || writer.clone())).unwrap();
            kept
        });
        kept.bytes(Vec::clear);
        Self { _turn }
    }

    /// All lines so far, as in the log.
    pub fn text(&self) -> String {
        KEPT.get().unwrap().bytes(|kept| String::from_utf8(kept.clone()).unwrap())
    }

    pub fn lines(&self) -> Vec<Value> {
        let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.text().lines().map(read).collect()
    }

    /// The lines under an id: function and message, in order.
    pub fn under(&self, id: &str) -> Vec<(String, String)> {
        let text = |line: &Value, pointer: &str| line.pointer(pointer).and_then(Value::as_str).unwrap_or("").to_owned();
        let ours = |line: &Value| text(line, "/span/correlation_id") == id && text(line, "/level") == "INFO";
        let lines = self.lines().into_iter().filter(ours);
        lines.map(|line| (text(&line, "/span/function"), text(&line, "/message"))).collect()
    }

    /// Asserts that these lines, each a function and a message, are among those under an id.
    pub fn assert_under(&self, id: &str, expected: &[(&str, &str)]) {
        let lines = self.under(id);
        for (function, message) in expected {
            let there = lines.iter().any(|line| line.0 == *function && line.1 == *message);
            assert!(there, "{function}: {message:?} is not in {lines:?}");
        }
    }

    pub fn measured(&self) -> Vec<Value> {
        self.lines().into_iter().filter(|line| line.get("_aws").is_some()).collect()
    }
}
