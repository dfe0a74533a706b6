//! The log. Each line is a JSON object with the span of its invocation; the metrics' lines are written unchanged.
//! CONTRIBUTING.md says how to read a line and what a line must never contain.

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

/// Libraries, by name prefix, that log whole requests, with personal data and keys, at levels finer than `info`.
const NEVER_FINER: [&str; 3] = ["aws=info", "hyper=info", "h2=info"];
/// The Lambda runtime's span has the request id and the trace. It is kept at every level; the runtime logs little else.
const RUNTIME: &str = "lambda=info";

/// Writes a function's log at `levels` (syntax of `RUST_LOG`; libraries never finer than `info`), and all its metrics.
pub fn subscriber<W>(levels: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Clone + Send + Sync + 'static,
{
    let json_layer =
        lines::layer().json().flatten_event(true).with_current_span(true).with_target(false).without_time();
    let measured = lines::layer().event_format(AsItIs).with_writer(writer.clone());
    tracing_subscriber::registry()
        .with(json_layer.with_writer(writer).with_filter(filter(levels)))
        .with(measured.with_filter(Targets::new().with_target(TARGET, LevelFilter::INFO)))
}

/// Starts the log of this process on standard output. A second start keeps the first log.
pub(crate) fn start(levels: &str) {
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

/// Formats an event whose message is the whole line.
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
