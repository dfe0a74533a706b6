//! Builds the functions' programs with the debug profile, like everything that the tests run, and zips them for Lambda.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::process::{root, workplace};

/// Zips `bootstrap` for each name. The zip is not compressed, because it never leaves this machine.
const ZIP: &str = "
import sys, zipfile
for name in sys.argv[2:]:
    with zipfile.ZipFile(f'{sys.argv[1]}/{name}.zip', 'w', zipfile.ZIP_STORED) as zipped:
        zipped.write(f'{sys.argv[1]}/{name}', 'bootstrap')
";

/// Installs the tools and builds all functions that are not up to date. Returns the functions' names.
pub fn build() -> Result<Vec<String>, String> {
    run(Command::new("bash").arg(root().join(".ci/deployed-tools")))?;
    let names = functions()?;
    // Build the whole workspace: for a selection of packages, Cargo would build the dependencies again with other
    // features.
    let programs = names.iter().flat_map(|name| ["--bin", name]);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(Command::new(cargo).current_dir(root()).args(["build", "--locked"]).args(programs))?;
    let zips = workplace().join("zips");
    fs::create_dir_all(&zips).map_err(|error| format!("{}: {error}", zips.display()))?;
    for name in &names {
        let program = root().join("target/debug").join(name);
        run(Command::new("strip").arg("-o").arg(zips.join(name)).arg(program))?;
    }
    run(Command::new("python3").args(["-c", ZIP]).arg(&zips).args(&names))?;
    Ok(names)
}

pub fn zip(function: &str) -> PathBuf {
    workplace().join("zips").join(format!("{function}.zip"))
}

/// The folders below `functions`. Each folder is named like its program.
fn functions() -> Result<Vec<String>, String> {
    let folder = root().join("functions");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let folders = entries.flatten().filter(|entry| entry.path().join("src/main.rs").exists());
    let mut names: Vec<String> = folders.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    Ok(names)
}

fn run(command: &mut Command) -> Result<(), String> {
    let ended = command.status().map_err(|error| format!("{command:?}: {error}"))?;
    if ended.success() { Ok(()) } else { Err(format!("{command:?} ended with {ended}")) }
}
