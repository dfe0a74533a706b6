//! The functions' programs, built for debugging, as everything else that the tests run, and zipped as Lambda wants them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::process::{root, workplace};

/// Zips `bootstrap` for each name given; what is zipped is not compressed, for that it never travels.
const ZIP: &str = "
import sys, zipfile
for name in sys.argv[2:]:
    with zipfile.ZipFile(f'{sys.argv[1]}/{name}.zip', 'w', zipfile.ZIP_STORED) as zipped:
        zipped.write(f'{sys.argv[1]}/{name}', 'bootstrap')
";

/// Installs the tools and builds all functions; what is up to date is left as it is. Gives the functions' names.
///
/// # Errors
/// What failed; its own words were printed.
pub fn build() -> Result<Vec<String>, String> {
    run(Command::new("bash").arg(root().join(".ci/deployed-tools")))?;
    let names = functions()?;
    // Of the whole workspace: a choice of packages would build the dependencies again, with other features.
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

/// The zip of a function.
pub fn zip(function: &str) -> PathBuf {
    workplace().join("zips").join(format!("{function}.zip"))
}

/// The folders of `functions`, which are the programs' names.
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
