//! `cargo measure start`: runs each function as a process behind Lambda's runtime API, with a local stack as AWS, and measures
//! its start, its first and later invocations, its memory and its zip.

mod function;
mod process;
mod report;
mod runtime;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use local::{Bindings, Functions, Stack, StackEndpoints, functions, processes};
use serde_json::Value;

use crate::shop::BenchShop;
use function::{Function, Took};
pub use report::Report;
use report::{Measured, Placed};

/// Measured starts of each function; the result is the median.
const STARTS: usize = 9;
/// Measured invocations after the first; the result is the median.
const WARM: usize = 30;
/// Measured orders, after those of the warm-up.
const ORDERS: usize = 200;
const WARM_UP: usize = 20;
/// The cargo profile that is measured without `--release`.
const PROFILE: &str = "bench-local";
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const SKU: &str = "led-strip";

#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Measures the output of `cargo lambda build --release --compiler cargo` instead of a new build.
    pub release: bool,
    /// The functions to measure; empty: all.
    pub functions: Vec<String>,
}

pub async fn run(options: &Options) -> Result<(), String> {
    measure(options).await?.print();
    Ok(())
}

pub async fn measure(options: &Options) -> Result<Report, String> {
    let shop = BenchShop::open(false, functions::connect).await?;
    let endpoints = shop.stack.endpoints();
    let names = names(&shop.stack, &options.functions)?;
    if !options.release {
        build(&names)?;
    }
    shop.product(SKU).await?;
    let mut report = Report { release: options.release, ..Report::default() };
    for name in &names {
        eprintln!("{name}");
        report.functions.push(measure_function(name, &binary(name, options.release), endpoints).await?);
    }
    if names.iter().any(|name| name == "place-order") {
        eprintln!("{ORDERS} orders");
        report.placed = Some(placing(&binary("place-order", options.release)).await?);
    }
    shop.stack.shutdown().await;
    Ok(report)
}

fn names(stack: &Stack, asked: &[String]) -> Result<Vec<String>, String> {
    let all: Vec<String> = stack.template().functions.iter().map(|function| function.name.clone()).collect();
    match asked.iter().find(|name| !all.contains(name)) {
        Some(unknown) => Err(format!("there is no function {unknown}; there are {}", all.join(", "))),
        None if asked.is_empty() => Ok(all),
        None => Ok(asked.to_vec()),
    }
}

/// Builds functions as fast as a release, without the slow link that makes a release small.
fn build(names: &[String]) -> Result<(), String> {
    eprintln!("building {} functions with --profile {PROFILE}", names.len());
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "--profile", PROFILE, "--manifest-path"]).arg(format!("{ROOT}/Cargo.toml"));
    let ended = cargo.args(names.iter().flat_map(|name| ["--bin", name])).status();
    let ended = ended.map_err(|error| format!("cargo cannot be run: {error}"))?;
    if ended.success() { Ok(()) } else { Err("the functions cannot be built".to_owned()) }
}

fn binary(name: &str, release: bool) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| Path::new(ROOT).join("target"), PathBuf::from);
    if release { target.join("lambda").join(name).join("bootstrap") } else { target.join(PROFILE).join(name) }
}

async fn measure_function(name: &str, binary: &Path, endpoints: &StackEndpoints) -> Result<Measured, String> {
    let environment = processes::environment(endpoints, name);
    let event = std::fs::read(format!("{ROOT}/events/{name}.json")).map_err(|error| format!("{name}: {error}"))?;
    let event: Value = serde_json::from_slice(&event).map_err(|error| format!("{name}: {error}"))?;
    let (file, zip) = sizes(binary)?;
    let mut starts = Vec::new();
    for _ in 1..STARTS {
        starts.push(Function::start(binary, name, &environment).await?.1);
    }
    let (function, took) = Function::start(binary, name, &environment).await?;
    starts.push(took);
    let first = function.invoke(event.clone()).await?.1;
    let mut warm = Vec::new();
    for _ in 0..WARM {
        warm.push(function.invoke(event.clone()).await?.1);
    }
    let memory = function.peak_memory().await;
    Ok(Measured { name: name.to_owned(), start: median(&starts), first, warm: median(&warm), memory, file, zip })
}

/// The sizes of a binary and of its zip in bytes.
fn sizes(binary: &Path) -> Result<(usize, usize), String> {
    let built = std::fs::read(binary).map_err(|error| {
        format!("{}: {error}. Build a release with `cargo lambda build --release --compiler cargo`", binary.display())
    })?;
    let mut zip = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut zip, &built).map_err(|error| error.to_string())?;
    Ok((built.len(), zip.finish().map_err(|error| error.to_string())?.len()))
}

/// Measures orders of one client. `place-order` runs as its own process, all other functions in this one.
async fn placing(binary: &Path) -> Result<Placed, String> {
    let spent = Arc::new(Mutex::new(Vec::new()));
    let (noted, binary) = (Arc::clone(&spent), binary.to_owned());
    let shop = BenchShop::open(true, async move |endpoints: StackEndpoints| {
        let environment = processes::environment(&endpoints, "place-order");
        let (function, _) = Function::start(&binary, "place-order", &environment).await?;
        let bindings = functions::connect(endpoints).await?;
        Ok(Bindings { functions: measured(Arc::new(function), bindings.functions.clone(), noted), ..bindings })
    });
    let shop = shop.await?;
    shop.product(SKU).await?;
    for payment in shop.payments(WARM_UP + ORDERS)? {
        shop.place_one(SKU, &payment).await?;
    }
    shop.settle().await?;
    shop.stack.shutdown().await;
    let spent = std::mem::take(&mut *spent.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Placed { each: median(spent.get(WARM_UP..).unwrap_or_default()), orders: spent.len() - WARM_UP })
}

fn measured(function: Arc<Function>, others: Functions, noted: Arc<Mutex<Vec<Took>>>) -> Functions {
    Functions::new(move |name, event| {
        if name != "place-order" {
            return others.call(name, event);
        }
        let (function, noted) = (Arc::clone(&function), Arc::clone(&noted));
        Box::pin(async move {
            let (answer, took) = function.invoke(event).await?;
            noted.lock().unwrap_or_else(PoisonError::into_inner).push(took);
            Ok(answer)
        })
    })
}

/// The medians of wall-clock and processor time; zero for an empty list.
fn median(of: &[Took]) -> Took {
    let middle = |mut times: Vec<Duration>| -> Option<Duration> {
        times.sort_unstable();
        times.get(times.len() / 2).copied()
    };
    let wall = middle(of.iter().map(|took| took.wall).collect()).unwrap_or_default();
    Took { wall, cpu: middle(of.iter().filter_map(|took| took.cpu).collect()) }
}
