//! Plays a story once to count the calls of each function. Then plays it again for each call and each way in which the
//! call can fail. Every outcome must equal the first one.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use futures::future::BoxFuture;
use serde_json::json;
use tests::Call;

use crate::end_state::EndState;
use crate::fault::{Point, arm};
use crate::play::Play;

/// The environment variable that asks for all faults.
const EVERY: &str = "EVERY_FAULT";
/// Number of shops that run at a time.
const AT_ONCE: usize = 8;
/// Maximum runs of reconcile after a story.
const SWEEPS: usize = 8;
/// Maximum time of one run.
const PATIENCE: Duration = Duration::from_secs(120);

pub type Steps = for<'a> fn(&'a Play) -> BoxFuture<'a, ()>;

#[derive(Clone, Copy)]
pub struct Story {
    pub name: &'static str,
    pub policy: &'static str,
    /// The products: on sale before the prelude, and part of the outcome.
    pub skus: &'static [&'static str],
    /// Whether the shop begins without these products.
    pub empty: bool,
    /// The prelude. No fault hits its calls.
    pub before: Steps,
    /// The story itself. Faults hit each of its calls.
    pub steps: Steps,
    /// Functions, or operations of functions, whose calls another story covers.
    pub spared: &'static [&'static str],
    /// Whether faults hit `measure-tasks`. In other stories it finds nothing to do.
    pub measures: bool,
    /// Whether the only client asks once and is gone. Then either everything happens, or nothing.
    pub gone: bool,
    /// Extra mails that may come, because another call finished what a client had begun.
    pub may_add: &'static [&'static str],
}

/// The values that most stories share.
pub const STORY: Story = Story {
    name: "",
    policy: "ledriven",
    skus: &["led"],
    empty: false,
    before: |_| Box::pin(async {}),
    steps: |_| Box::pin(async {}),
    spared: &["reconcile"],
    measures: false,
    gone: false,
    may_add: &[],
};

/// Plays a story once for each fault that is due in this run ([`due`]).
pub async fn inject(story: Story) {
    let (clean, calls) = play_clean(story).await;
    play_faulted(story, &calls, vec![clean], due(Point::all_of(calls.iter()))).await;
}

/// The faults of this run, one at a time: a different third each time, or all of them if the gate asks for that.
#[expect(clippy::disallowed_methods, reason = "an option of the test run, not a function's setting")]
fn due(points: Vec<Point>) -> Vec<Vec<Point>> {
    let (first, step) = if std::env::var(EVERY).is_ok() { (0, 1) } else { (fastrand::usize(..3), 3) };
    points.into_iter().skip(first).step_by(step).map(|point| vec![point]).collect()
}

/// Faults only the function that answers the story's one request, while the client asks once and is gone. Either the
/// whole story happens, or nothing.
pub async fn inject_and_leave(story: Story, function: &str) {
    let story = Story { gone: true, ..story };
    let (clean, mut calls) = play_clean(story).await;
    let (untouched, _) = play_clean(Story { steps: |_| Box::pin(async {}), ..story }).await;
    calls.retain(|call| call.function == function);
    play_faulted(story, &calls, vec![clean.unobserved(), untouched.unobserved()], due(Point::all_of(calls.iter())))
        .await;
}

/// Plays a story once for each failure of a read that leaves the same as others ([`Point::repeated_reads`]).
pub async fn inject_repeated_reads(story: Story) {
    let (clean, calls) = play_clean(story).await;
    let points = Point::repeated_reads(calls.iter());
    play_faulted(story, &calls, vec![clean], points.into_iter().map(|point| vec![point]).collect()).await;
}

/// Plays a story `times` times, each time with two faults drawn at random.
pub async fn inject_two(story: Story, times: usize) {
    let (clean, calls) = play_clean(story).await;
    let points = Point::all_of(calls.iter());
    let pairs = (0..times).map(|_| fastrand::choose_multiple(points.iter().cloned(), 2)).collect();
    play_faulted(story, &calls, vec![clean], pairs).await;
}

/// A shop after a story's prelude.
async fn begin(story: Story) -> Play {
    let play = Play::new(story.policy).await;
    for sku in story.skus.iter().filter(|_| !story.empty) {
        play.product(sku, json!({})).await;
    }
    (story.before)(&play).await;
    play.begin().await;
    play
}

/// The outcome of a story without faults, and the calls that can fail.
async fn play_clean(story: Story) -> (EndState, Vec<Call>) {
    let play = begin(story).await;
    (story.steps)(&play).await;
    let mut calls = play.world.tap().calls();
    calls.retain(changes);
    let spared = |call: &Call| {
        let operation = format!("{} {}", call.function, call.operation);
        let measures = call.function == "measure-tasks" && !story.measures;
        measures || story.spared.iter().any(|spared| *spared == call.function || *spared == operation)
    };
    calls.retain(|call| !spared(call));
    let clean = end(story, &play).await;
    assert_eq!(clean.violations, json!([]), "{}", story.name);
    assert!(clean.dead.is_empty(), "{}: {:?}", story.name, clean.dead);
    (clean, calls)
}

/// Whether a call belongs to a change. Measuring does not, because nothing waits for it. Reading keys does not either,
/// because a process does so once in its life (`tests/concurrency/keys.rs`).
fn changes(call: &Call) -> bool {
    call.function != "measure-lines" && call.operation != "GetSecretValue"
}

/// Plays a story with each of these sets of faults. Each outcome must equal one of `ends`.
async fn play_faulted(story: Story, calls: &[Call], ends: Vec<EndState>, runs: Vec<Vec<Point>>) {
    let (start, total) = (Instant::now(), runs.len());
    let (right, injected) = (Arc::new(ends), Arc::new(AtomicUsize::new(0)));
    let runs = runs.into_iter().map(|points| {
        let (right, injected) = (Arc::clone(&right), Arc::clone(&injected));
        async move {
            let run = tokio::spawn(async move { run(story, &points, &right, &injected).await });
            run.await.unwrap_or_else(|panicked| Err(panicked.to_string()))
        }
    });
    let ends: Vec<_> = futures::stream::iter(runs).buffer_unordered(AT_ONCE).collect().await;
    let wrong: Vec<String> = ends.into_iter().filter_map(Result::err).collect();
    let injected = injected.load(Ordering::SeqCst);
    println!("{}: {}; {injected} faults injected in {total} runs, {:.0?}", story.name, count(calls), start.elapsed());
    assert!(injected >= total * 9 / 10, "{}: only {injected} of {total} faults were injected", story.name);
    assert!(wrong.is_empty(), "{}: {} of {total} runs differ:\n{}", story.name, wrong.len(), wrong.join("\n\n"));
}

async fn run(story: Story, points: &[Point], right: &[EndState], injected: &AtomicUsize) -> Result<(), String> {
    let running = async {
        let play = begin(story).await;
        let armed = arm(play.world.tap(), points);
        if story.gone {
            play.leave();
        }
        (story.steps)(&play).await;
        let faulted = play.world.tap().faulted();
        play.world.tap().spare();
        (faulted, end(story, &play).await, armed.repeats())
    };
    let late = || format!("{points:?}\nthe run does not end");
    let (faulted, outcome, repeats) = tokio::time::timeout(PATIENCE, running).await.map_err(|_| late())?;
    injected.fetch_add(usize::from(faulted > 0), Ordering::SeqCst);
    let outcome = if story.gone { outcome.unobserved() } else { outcome };
    let mut wrong = Vec::new();
    for right in right {
        match compare(story, points, repeats, outcome.clone(), right) {
            Ok(()) => return Ok(()),
            Err(why) => wrong.push(why),
        }
    }
    Err(format!("{points:?}\n{}", wrong.join("\nnor ")))
}

/// Moves the clock by some minutes, runs reconcile until it finds no work, and reads the outcome.
async fn end(story: Story, play: &Play) -> EndState {
    for _ in 0..SWEEPS {
        play.world.tap().clear();
        play.reconcile("PT3M").await;
        if play.world.tap().calls().iter().all(|call| call.operation == "Query" || !changes(call)) {
            break;
        }
    }
    EndState::read(play, story.skus).await
}

fn compare(
    story: Story,
    points: &[Point],
    allowed: usize,
    mut outcome: EndState,
    clean: &EndState,
) -> Result<(), String> {
    if points.iter().any(|point| point.function == "reconcile") {
        // A failed run of reconcile becomes a dead letter. The next minute's run does the work.
        outcome.dead.retain(|queue| !queue.contains("Schedule"));
    }
    outcome.mails.retain(|mail, _| clean.mails.contains_key(mail) || !story.may_add.contains(&mail.as_str()));
    let repeated = outcome.repeated_mails(clean)?;
    if repeated > allowed {
        return Err(format!("{repeated} mails were repeated, but only {allowed} may be: {:?}", outcome.mails));
    }
    outcome.mails.clone_from(&clean.mails);
    if outcome == *clean { Ok(()) } else { Err(format!("the outcome is {outcome:#?}\ninstead of {clean:#?}")) }
}

fn count(calls: &[Call]) -> String {
    let mut functions: BTreeMap<&str, usize> = BTreeMap::new();
    for call in calls {
        *functions.entry(&call.function).or_default() += 1;
    }
    let functions: Vec<_> = functions.iter().map(|(function, calls)| format!("{function} {calls}")).collect();
    format!("{} calls ({})", calls.len(), functions.join(", "))
}
