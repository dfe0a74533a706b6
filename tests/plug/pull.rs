//! Pulling the plug: a story is played once to count the calls of each function, and then again for each call and each
//! way in which it can fail. Every time it must end as it did in the beginning.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use futures::future::BoxFuture;
use tests::{Call, Fault};

use crate::outcome::Outcome;
use crate::play::Play;

/// Worlds at a time.
const AT_ONCE: usize = 8;
/// Calls that a lasting fault strikes: as many as the clients repeat by themselves.
const LASTING: usize = 4;
/// Runs of reconcile after a story, at most.
const MINUTES: usize = 6;
/// How long one run may take.
const PATIENCE: Duration = Duration::from_secs(100);

/// Steps of a story.
pub type Steps = for<'a> fn(&'a Play) -> BoxFuture<'a, ()>;

/// A story.
#[derive(Clone, Copy)]
pub struct Story {
    /// What happens in it.
    pub name: &'static str,
    /// The shop's policy.
    pub policy: &'static str,
    /// The products in it.
    pub skus: &'static [&'static str],
    /// What came before: no call of it is struck.
    pub before: Steps,
    /// What happens: each call of it is struck.
    pub steps: Steps,
    /// Functions whose calls are struck in another story.
    pub spared: &'static [&'static str],
    /// Mails that may come in addition, because somebody else finished what a client had begun.
    pub may_add: &'static [&'static str],
}

/// What most stories have in common.
pub const STORY: Story = Story {
    name: "",
    policy: "ledriven",
    skus: &["led"],
    before: |_| Box::pin(async {}),
    steps: |_| Box::pin(async {}),
    spared: &["reconcile"],
    may_add: &[],
};

/// What happens to a call, once or until the client stops repeating it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plug {
    fault: Fault,
    lasting: bool,
}

/// A read that is carried out leaves nothing behind: for the rest of the world it is as if it had not been sent.
const OF_READS: [Plug; 3] = [
    Plug { fault: Fault::Unsent, lasting: false },
    Plug { fault: Fault::Unsent, lasting: true },
    Plug { fault: Fault::DiedUnsent, lasting: false },
];
const OF_WRITES: [Plug; 6] = [
    Plug { fault: Fault::Unsent, lasting: false },
    Plug { fault: Fault::Unsent, lasting: true },
    Plug { fault: Fault::DiedUnsent, lasting: false },
    Plug { fault: Fault::Lost, lasting: false },
    Plug { fault: Fault::Lost, lasting: true },
    Plug { fault: Fault::Died, lasting: false },
];

fn plugs(call: &Call) -> &'static [Plug] {
    let reads = matches!(call.operation.as_str(), "GetItem" | "BatchGetItem" | "Query");
    if reads || call.operation.starts_with("GET ") { &OF_READS } else { &OF_WRITES }
}

/// Where a plug is pulled.
#[derive(Clone, Debug)]
struct Point {
    function: String,
    operation: String,
    number: usize,
    plug: Plug,
}

/// Plays a story with every plug that there is.
pub async fn pull(story: Story) {
    let start = Instant::now();
    let (clean, calls) = play_clean(story).await;
    assert_eq!(clean.violations, serde_json::json!([]), "{}", story.name);
    assert!(clean.dead.is_empty(), "{}: {:?}", story.name, clean.dead);
    let points = points(story, &calls);
    let (clean, pulled) = (Arc::new(clean), Arc::new(AtomicUsize::new(0)));
    let total = points.len();
    let runs = points.into_iter().map(|point| {
        let (clean, pulled) = (Arc::clone(&clean), Arc::clone(&pulled));
        tokio::spawn(async move { (point.clone(), run(story, point, &clean, &pulled).await) })
    });
    let mut wrong = Vec::new();
    let mut runs = futures::stream::iter(runs.map(|run| async move { run.await })).buffer_unordered(AT_ONCE);
    while let Some(run) = runs.next().await {
        match run {
            Ok((_, Ok(()))) => {}
            Ok((point, Err(why))) => wrong.push(format!("{point:?}\n{why}")),
            Err(panicked) => wrong.push(panicked.to_string()),
        }
    }
    summary(story, &calls, total, pulled.load(Ordering::SeqCst), start);
    assert!(wrong.is_empty(), "{}: {} of {total} ended otherwise:\n{}", story.name, wrong.len(), wrong.join("\n\n"));
}

async fn play_clean(story: Story) -> (Outcome, Vec<Call>) {
    let play = Play::new(story.policy).await;
    (story.before)(&play).await;
    play.world.tap.clear();
    (story.steps)(&play).await;
    let calls = play.world.tap.calls();
    (end(story, &play).await, calls)
}

fn points(story: Story, calls: &[Call]) -> Vec<Point> {
    let calls = calls.iter().filter(|call| !story.spared.contains(&call.function.as_str()));
    let with_plugs = calls.flat_map(|call| {
        plugs(call).iter().map(|plug| Point {
            function: call.function.clone(),
            operation: call.operation.clone(),
            number: call.number,
            plug: *plug,
        })
    });
    with_plugs.collect()
}

async fn run(story: Story, point: Point, clean: &Outcome, pulled: &AtomicUsize) -> Result<(), String> {
    let running = async {
        let play = Play::new(story.policy).await;
        (story.before)(&play).await;
        play.world.tap.clear();
        strike(&play, &point);
        (story.steps)(&play).await;
        let struck = play.world.tap.struck();
        play.world.tap.spare();
        (struck, end(story, &play).await)
    };
    let (struck, outcome) = tokio::time::timeout(PATIENCE, running).await.map_err(|_| "it never ends".to_owned())?;
    pulled.fetch_add(usize::from(struck > 0), Ordering::SeqCst);
    compare(story, &point, struck, &outcome, clean)
}

fn strike(play: &Play, point: &Point) {
    let Point { function, number, plug, .. } = point.clone();
    let first: std::sync::Mutex<Option<Call>> = std::sync::Mutex::new(None);
    let left = AtomicUsize::new(if plug.lasting { LASTING } else { 1 });
    play.world.tap.strike(move |call| {
        let mut first = first.lock().unwrap();
        let same = match &*first {
            None => call.function == function && call.number == number,
            Some(first) => {
                call.function == function && call.operation == first.operation && call.request == first.request
            }
        };
        if !same || left.load(Ordering::SeqCst) == 0 {
            return None;
        }
        left.fetch_sub(1, Ordering::SeqCst);
        first.get_or_insert_with(|| call.clone());
        Some(plug.fault)
    });
}

/// Some minutes pass, reconcile runs until it finds nothing to do, and all that follows happens.
async fn end(story: Story, play: &Play) -> Outcome {
    for _ in 0..MINUTES {
        play.world.tap.clear();
        play.reconcile("PT3M").await;
        if play.world.tap.calls().iter().all(|call| call.operation == "Query") {
            break;
        }
    }
    Outcome::of(play, story.skus).await
}

fn compare(story: Story, point: &Point, struck: usize, outcome: &Outcome, clean: &Outcome) -> Result<(), String> {
    let mut outcome = outcome.clone();
    if point.function == "reconcile" {
        // A run that fails is not repeated but told of; the next minute's does its work.
        outcome.dead.retain(|queue| !queue.contains("Schedule"));
    }
    outcome.mails.retain(|mail, _| clean.mails.contains_key(mail) || !story.may_add.contains(&mail.as_str()));
    let repeated = outcome.repeated_mails(clean)?;
    let allowed = allowed_repeats(point, struck);
    if repeated > allowed {
        return Err(format!("{repeated} mails were repeated, {allowed} may be: {:?}", outcome.mails));
    }
    outcome.mails.clone_from(&clean.mails);
    if outcome == *clean { Ok(()) } else { Err(format!("it came to {outcome:#?}\nnot to {clean:#?}")) }
}

/// I7: after a crash or a lost answer between the mailer taking a mail and our recording it.
fn allowed_repeats(point: &Point, struck: usize) -> usize {
    match (point.function.as_str(), point.operation.as_str(), point.plug.fault) {
        ("send-email", "SendEmail", Fault::Lost | Fault::Died) => struck,
        ("send-email", "PutItem", Fault::DiedUnsent) => struck,
        _ => 0,
    }
}

fn summary(story: Story, calls: &[Call], points: usize, pulled: usize, start: Instant) {
    let mut functions: BTreeMap<&str, usize> = BTreeMap::new();
    for call in calls.iter().filter(|call| !story.spared.contains(&call.function.as_str())) {
        *functions.entry(&call.function).or_default() += 1;
    }
    let total: usize = functions.values().sum();
    let seconds = start.elapsed().as_secs_f64();
    println!("{}: {total} calls {functions:?}, {pulled} of {points} plugs pulled, {seconds:.1} s", story.name);
}
