//! A program of `target/venv-deployed` in its own process group. The group ends whenever this process ends, for
//! whatever reason.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use local::client::Client;

/// Maximum time until a program answers.
const START: Duration = Duration::from_secs(60);
/// Time between two attempts to reach the program.
const AGAIN: Duration = Duration::from_millis(50);

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new(".")).to_owned()
}

/// The folder for everything that this suite writes.
pub fn workplace() -> PathBuf {
    root().join("target/deployed")
}

/// Locks the folder for this run and removes the files of the last run.
pub fn claim_workplace() -> Result<File, String> {
    let place = workplace();
    let failed = |error: std::io::Error| format!("{}: {error}", place.display());
    fs::create_dir_all(&place).map_err(failed)?;
    let lock = File::create(place.join("lock")).map_err(failed)?;
    lock.try_lock().map_err(|_| format!("another cargo deployed is running in {}", place.display()))?;
    for entry in fs::read_dir(&place).map_err(failed)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("tmp-") {
            fs::remove_dir_all(entry.path()).map_err(failed)?;
        } else if name.ends_with(".log") {
            fs::remove_file(entry.path()).map_err(failed)?;
        }
    }
    Ok(lock)
}

/// A running program. Dropping it ends its whole process group.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program through `launch.py`, with its output in its own log file.
    pub fn start(program: &str, arguments: &[&str], environment: &[(&str, &str)], log: &str) -> Result<Self, String> {
        let log = workplace().join(log);
        let failed = |error: std::io::Error| format!("{program} cannot be started: {error}");
        let output = File::create(&log).map_err(failed)?;
        let child = Command::new(root().join("target/venv-deployed/bin/python"))
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("launch.py"))
            .arg(program)
            .args(arguments)
            .envs(environment.iter().copied())
            .current_dir(workplace())
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(output.try_clone().map_err(failed)?)
            .stderr(output)
            .spawn()
            .map_err(failed)?;
        Ok(Self { child, log })
    }

    /// Waits until the program answers a URL with 200. The error names the log file.
    pub async fn answers(&mut self, url: &str, path: &str) -> Result<(), String> {
        let (client, start) = (Client::new(url), Instant::now());
        while client.get(path).await.map_or(0, |answer| answer.status) != 200 {
            let ended = self.child.try_wait().map_err(|error| error.to_string())?;
            if ended.is_some() || start.elapsed() > START {
                return Err(format!("{url} does not answer: see {}", self.log.display()));
            }
            tokio::time::sleep(AGAIN).await;
        }
        Ok(())
    }

    pub fn group(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // launch.py ends its group when its standard input closes.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Finds a port that is free now.
pub fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|error| format!("there is no free port: {error}"))
}
