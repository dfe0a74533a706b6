//! What a function says: a JSON object a line, under the span of its invocation; and the lines of metrics, as they are.
//! How a line is meant to be read, and what must never stand in one, is said in CONTRIBUTING.md.

use std::fmt;

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt as lines};

use crate::metrics::TARGET;

/// Libraries (by the beginnings of their names) that tell whole requests at finer levels, personal data and keys included.
const NEVER_FINER: [&str; 3] = ["aws=info", "hyper=info", "h2=info"];
/// The runtime's span, with its request's id and the trace's, stands around our lines at every level; it says little else.
const RUNTIME: &str = "lambda=info";

/// Everything that a function says, written line by line: its log at the levels that `levels` asks for, in the words of
/// `RUST_LOG`, libraries no finer than `info`; its metrics at any level.
pub fn subscriber<W>(levels: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Clone + Send + Sync + 'static,
{
    let told = lines::layer().json().flatten_event(true).with_current_span(true).with_target(false).without_time();
    let measured = lines::layer().event_format(AsItIs).with_writer(writer.clone());
    tracing_subscriber::registry()
        .with(told.with_writer(writer).with_filter(filter(levels)))
        .with(measured.with_filter(Targets::new().with_target(TARGET, LevelFilter::INFO)))
}

/// The log of this process: standard output, at the level that its environment asks for.
pub(crate) fn start(levels: &str) {
    // A second start in one process finds the log in place.
    let _already = subscriber(levels, std::io::stdout).try_init();
}

fn filter(levels: &str) -> EnvFilter {
    let mut filter = EnvFilter::try_new(levels).unwrap_or_else(|_| EnvFilter::new("info"));
    let finer = filter.max_level_hint().is_none_or(|level| level > LevelFilter::INFO);
    let libraries = NEVER_FINER.iter().filter(|_| finer).copied();
    for directive in libraries.chain([RUNTIME, "metrics=off"]) {
        filter = directive.parse().map_or(filter.clone(), |it| filter.add_directive(it));
    }
    filter
}

/// An event whose message is a whole line already.
struct AsItIs;

impl<S, N> FormatEvent<S, N> for AsItIs
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut line: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut message = Message(String::new());
        event.record(&mut message);
        writeln!(line, "{}", message.0)
    }
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}
