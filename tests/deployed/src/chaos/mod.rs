//! The chaos run. Clients buy, cancel, receive and ship. Meanwhile one operation after the other fails in each way that
//! a network or AWS can fail, and functions' processes are killed at random. Then the faults stop, and the verification
//! must find nothing lost.

mod fault_profile;
mod killer;
mod load;
mod verification;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::deployment::{Deployment, Plan};
use crate::faults::Faults;
use crate::front;
use fault_profile::{FaultProfile, fault_profiles};
use killer::Kills;
use load::Load;
use verification::Verification;

/// Duration of each fault profile in a short run.
const GUST: Duration = Duration::from_millis(1_500);
/// Factor of the duration in a long run.
const LONG: u32 = 4;
/// Maximum time for the clients' last answers after the faults stop.
const LAST_ANSWERS: Duration = Duration::from_secs(120);
/// Maximum number of waits for settling. Each takes up to 85 seconds.
const SETTLINGS: usize = 4;
/// Visibility timeout of the queues in seconds. With the template's timeout of minutes, messages would wait longer than
/// the run lasts.
const PUT_ASIDE: &str = "8";

#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The seed of all random choices. The machine still decides the order of events.
    pub seed: u64,
    /// Whether the run lasts four times as long.
    pub long: bool,
}

type Fired = BTreeMap<(String, &'static str), usize>;

/// Runs chaos against a new shop and verifies the result. The error lists what was lost, or what could not start.
pub async fn run(functions: Vec<String>, options: Options) -> Result<(), String> {
    println!("\nchaos run: --seed {}{}", options.seed, if options.long { " --long" } else { "" });
    let start = Instant::now();
    let plan = Plan { policy: "ledriven".to_owned(), functions, faulty: true };
    let (shop, _served) = front::start(&plan).await?;
    put_aside_shortly(&shop).await?;
    let load = Arc::new(Load::open(&shop.url).await?);
    let stop = Arc::new(AtomicBool::new(false));
    let walking = load.walk_in(options.seed, &stop);
    let kills = killer::start(shop.group(), options.seed, Arc::clone(&stop));
    let fired = inject_faults(shop.faults.as_ref().ok_or("the plan has no fault proxies")?, options, &load).await?;
    stop.store(true, Ordering::SeqCst);
    let kills = kills.await.map_err(|error| error.to_string())?;
    println!("the faults stopped after {} s", start.elapsed().as_secs());
    if tokio::time::timeout(LAST_ANSWERS, walking).await.is_err() {
        return Err("a client never got a final answer".to_owned());
    }
    let mut pending = 0;
    for _ in 0..SETTLINGS {
        pending = shop.settle().await?;
        if pending == 0 {
            break;
        }
        println!("still pending: {pending} ({} s)", start.elapsed().as_secs());
    }
    println!("settled after {} s", start.elapsed().as_secs());
    let found = verification::verify(&shop, &load, pending).await?;
    print(&fired, &kills, &load);
    let Verification { mut wrong, mails, repeated_mails, refunds } = found;
    wrong.extend(never_faulted(&fired).map(|operation| format!("no fault ever hit {operation}")));
    println!("{mails} mails, {repeated_mails} of them repeats; {refunds} refunds, each paid once");
    println!("the chaos run ended after {} s with {} errors", start.elapsed().as_secs(), wrong.len());
    if wrong.is_empty() { Ok(()) } else { Err(format!("after the chaos run:\n  {}", wrong.join("\n  "))) }
}

/// Applies one fault profile after the other, in an order drawn from the seed.
async fn inject_faults(faults: &Faults, options: Options, load: &Load) -> Result<Fired, String> {
    let mut profiles = fault_profiles();
    fastrand::Rng::with_seed(options.seed).shuffle(&mut profiles);
    let gust = GUST * if options.long { LONG } else { 1 };
    let mut fired = Fired::new();
    let total = profiles.len();
    for (at, profile) in profiles.into_iter().enumerate() {
        let none = json!([]);
        let (aws, others) = if profile.service == "*" { (&none, &profile.rules) } else { (&profile.rules, &none) };
        faults.set(aws, others).await?;
        tokio::time::sleep(gust).await;
        for _ in faults.drain_fired().await? {
            *fired.entry((profile.operation.to_owned(), profile.kind)).or_default() += 1;
        }
        let FaultProfile { operation, kind, .. } = profile;
        println!("{:>4}/{total} {kind:<20} {operation:<20} {}", at + 1, load.summary());
    }
    faults.set(&json!([]), &json!([])).await?;
    Ok(fired)
}

fn never_faulted(fired: &Fired) -> impl Iterator<Item = &'static str> {
    let operations: BTreeSet<_> = fault_profiles().into_iter().map(|profile| profile.operation).collect();
    operations.into_iter().filter(|operation| !fired.keys().any(|(faulted, _)| faulted == operation))
}

/// Shortens the visibility timeout of all queues.
async fn put_aside_shortly(shop: &Deployment) -> Result<(), String> {
    for queue in shop.template.queues.iter().filter(|queue| queue.redrive.is_some()) {
        let ask =
            json!({ "QueueUrl": shop.physical(&queue.logical_id), "Attributes": { "VisibilityTimeout": PUT_ASIDE } });
        shop.aws.call("sqs", "SetQueueAttributes", &ask).await?;
    }
    Ok(())
}

fn print(fired: &Fired, kills: &Kills, load: &Load) {
    println!("\nfaults:");
    for ((operation, kind), count) in fired {
        println!("  {count:>5} {operation} {kind}");
    }
    println!("killed: {}", listed(kills.iter()));
    let answers = load.answers();
    println!("answers: {}", listed(answers.iter().map(|(kind, (count, _))| (kind, count))));
    for (kind, (_, sample)) in answers.iter().filter(|(_, (_, sample))| !sample.is_empty()) {
        println!("  {kind}: for example {sample}");
    }
    println!("{}", load.summary());
}

fn listed<'a>(counts: impl Iterator<Item = (&'a String, &'a usize)>) -> String {
    counts.map(|(what, count)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}
