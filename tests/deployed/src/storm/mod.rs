//! The storm: while a crowd buys, cancels, brings goods and ships, each operation in turn fails in each way that a network and AWS
//! can fail it, and processes of functions are killed at random. Then the wind drops, and nothing may be missing.

mod crowd;
mod killer;
mod reckoning;
mod weather;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::deployment::{Deployment, Plan};
use crate::faults::Faults;
use crowd::Crowd;
use killer::Kills;
use reckoning::Reckoning;
use weather::{Weather, forecast};

/// How long each kind of weather lasts, in the short form.
const GUST: Duration = Duration::from_millis(1_500);
/// How many times as long in the long form.
const LONG: u32 = 4;
/// How long the crowd may take to have every answer once the wind has dropped.
const LAST_ANSWERS: Duration = Duration::from_secs(120);
/// How often settling is waited for: each time it takes up to 85 seconds.
const SETTLINGS: usize = 4;
/// For how long a message whose function failed is put aside, in seconds. The template's minutes would be the storm's.
const PUT_ASIDE: &str = "8";

/// What kind of storm.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What chance is drawn from. The order of events is the machine's all the same.
    pub seed: u64,
    /// Four times as long.
    pub long: bool,
}

/// Faults that came, by operation and kind.
type Fired = BTreeMap<(String, &'static str), usize>;

/// Storms over a shop of its own, and checks what is left.
///
/// # Errors
/// What was lost, one line each; or what could not be started.
pub async fn run(functions: Vec<String>, options: Options) -> Result<(), String> {
    println!("\nthe storm: --seed {}{}", options.seed, if options.long { " --long" } else { "" });
    let start = Instant::now();
    let plan = Plan { policy: "ledriven".to_owned(), functions, faulty: true };
    let (shop, _served) = Deployment::start(&plan).await?;
    put_aside_shortly(&shop).await?;
    let crowd = Arc::new(Crowd::open(&shop.url).await?);
    let stop = Arc::new(AtomicBool::new(false));
    let walking = crowd.walk_in(options.seed, &stop);
    let kills = killer::start(shop.group(), options.seed, Arc::clone(&stop));
    let fired = blow(shop.faults.as_ref().ok_or("no faults were planned")?, options, &crowd).await?;
    stop.store(true, Ordering::SeqCst);
    let kills = kills.await.map_err(|error| error.to_string())?;
    println!("the wind has dropped after {} s", start.elapsed().as_secs());
    if tokio::time::timeout(LAST_ANSWERS, walking).await.is_err() {
        return Err("a customer never had an answer".to_owned());
    }
    let mut pending = 0;
    for _ in 0..SETTLINGS {
        pending = shop.settle().await?;
        if pending == 0 {
            break;
        }
        println!("still pending: {pending} ({} s)", start.elapsed().as_secs());
    }
    println!("waited until {} s for what was under way", start.elapsed().as_secs());
    let found = reckoning::reckon(&shop, &crowd, pending).await?;
    print(&fired, &kills, &crowd);
    let Reckoning { mut wrong, mails, repeated_mails, refunds } = found;
    wrong.extend(lulls(&fired).map(|operation| format!("no call of {operation} was ever struck: that is no storm")));
    println!("{mails} mails, {repeated_mails} of them repeats; {refunds} refunds, each paid once");
    println!("the storm is over after {} s: {} things are wrong", start.elapsed().as_secs(), wrong.len());
    if wrong.is_empty() { Ok(()) } else { Err(format!("after the storm:\n  {}", wrong.join("\n  "))) }
}

/// One kind of weather after the other, in an order drawn from the seed.
async fn blow(faults: &Faults, options: Options, crowd: &Crowd) -> Result<Fired, String> {
    let mut weathers = forecast();
    fastrand::Rng::with_seed(options.seed).shuffle(&mut weathers);
    let gust = GUST * if options.long { LONG } else { 1 };
    let mut fired = Fired::new();
    let total = weathers.len();
    for (at, weather) in weathers.into_iter().enumerate() {
        let none = json!([]);
        let (aws, others) = if weather.service == "*" { (&none, &weather.rules) } else { (&weather.rules, &none) };
        faults.set(aws, others).await?;
        tokio::time::sleep(gust).await;
        for _ in faults.drain_fired().await? {
            *fired.entry((weather.operation.to_owned(), weather.kind)).or_default() += 1;
        }
        let Weather { operation, kind, .. } = weather;
        println!("{:>4}/{total} {kind:<20} {operation:<20} {}", at + 1, crowd.summary());
    }
    faults.set(&json!([]), &json!([])).await?;
    Ok(fired)
}

/// Operations that nothing happened to.
fn lulls(fired: &Fired) -> impl Iterator<Item = &'static str> {
    let operations: BTreeSet<_> = forecast().into_iter().map(|weather| weather.operation).collect();
    operations.into_iter().filter(|operation| !fired.keys().any(|(struck, _)| struck == operation))
}

/// Shortens for how long a message stays aside after its function failed.
async fn put_aside_shortly(shop: &Deployment) -> Result<(), String> {
    for queue in shop.template.queues.iter().filter(|queue| queue.redrive.is_some()) {
        let ask =
            json!({ "QueueUrl": shop.physical(&queue.logical_id), "Attributes": { "VisibilityTimeout": PUT_ASIDE } });
        shop.aws.call("sqs", "SetQueueAttributes", &ask).await?;
    }
    Ok(())
}

fn print(fired: &Fired, kills: &Kills, crowd: &Crowd) {
    println!("\nfaults:");
    for ((operation, kind), count) in fired {
        println!("  {count:>5} {operation} {kind}");
    }
    println!("killed: {}", listed(kills));
    println!("answers: {}", listed(&crowd.answers()));
    crowd.samples().iter().for_each(|(told, sample)| println!("  {told}: for example {sample}"));
    println!("{}", crowd.summary());
}

fn listed<K: std::fmt::Display>(counts: &BTreeMap<K, usize>) -> String {
    let all: Vec<String> = counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
    all.join(", ")
}

/// A text of a value; empty where there is none.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
