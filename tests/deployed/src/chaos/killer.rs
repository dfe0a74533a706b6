//! Kills functions' processes at random. Lambda may end a process at any time, too.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;

/// Time between two kills, in milliseconds.
const BETWEEN: std::ops::Range<u64> = 300..1_200;

pub type Kills = BTreeMap<String, usize>;

/// Kills functions' processes in a process group until `stop` is set.
pub fn start(group: u32, seed: u64, stop: Arc<AtomicBool>) -> JoinHandle<Kills> {
    let mut chance = fastrand::Rng::with_seed(seed);
    tokio::spawn(async move {
        let mut kills = Kills::new();
        while !stop.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(chance.u64(BETWEEN))).await;
            let running = running(group);
            let Some((pid, function)) = chance.choice(&running) else { continue };
            if Command::new("sh").args(["-c", "kill -KILL $0", pid]).status().is_ok_and(|ended| ended.success()) {
                *kills.entry(function.clone()).or_default() += 1;
            }
        }
        kills
    })
}

/// The functions' processes in a group: process id and function.
fn running(group: u32) -> Vec<(String, String)> {
    let group = group.to_string();
    let mut running = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        // The fields are: pid (name) state parent group …
        let Some((head, tail)) = stat.rsplit_once(')') else { continue };
        if !head.ends_with("(bootstrap") || tail.split_whitespace().nth(2) != Some(group.as_str()) {
            continue;
        }
        let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        let environment = String::from_utf8_lossy(&environment).into_owned();
        let name =
            environment.split('\0').find_map(|it| it.strip_prefix("AWS_LAMBDA_FUNCTION_NAME=")).unwrap_or_default();
        let function = name.split_once('-').map_or("one just starting", |(_stack, function)| function).to_owned();
        running.push((entry.file_name().to_string_lossy().into_owned(), function));
    }
    running
}
