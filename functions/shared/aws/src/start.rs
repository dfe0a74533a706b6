//! How a function starts: its log, then what it was told, then its clients.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use std::time::Duration;

use crate::account;
use crate::clock::Clock;
use crate::settings::{Settings, SettingsError, environment};
use crate::shop::Shop;
use crate::wire::{connector, open};

/// Libraries (by the beginnings of their names) that tell whole requests at finer levels, personal data and keys included.
const NEVER_FINER: [&str; 4] = ["aws=info", "hyper=info", "h2=info", "lambda=info"];

/// How long the first connection may take; a function starts without it, too.
const FIRST_CONNECTION: Duration = Duration::from_secs(1);

/// Starts a function that works with the table: the connection to it is open before the first request. Errors name
/// everything that is missing at once.
///
/// # Errors
/// Where the environment is incomplete.
pub async fn start() -> Result<Shop, SettingsError> {
    start_with(Some("DynamoDB")).await
}

/// Starts a function that calls this service of AWS first, or none.
///
/// # Errors
/// Where the environment is incomplete.
pub async fn start_with(service: Option<&str>) -> Result<Shop, SettingsError> {
    log();
    let environment = environment();
    let told = Settings::from_pairs(&environment).and_then(|settings| Ok((settings, account::of(&environment)?)));
    let (settings, account) = told.inspect_err(|error| tracing::error!(%error, "the function cannot start"))?;
    let wire = connector();
    if let Some(service) = service {
        let endpoint = account::endpoint(&environment, service);
        if tokio::time::timeout(FIRST_CONNECTION, open(&wire, &endpoint)).await.is_err() {
            tracing::info!(service, "started without a connection");
        }
    }
    Ok(Shop::new(settings, Clock::default(), &account, &wire))
}

/// One JSON object a line, at the level that `RUST_LOG` sets; libraries tell no more than `info`.
fn log() {
    let mut filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    if filter.max_level_hint().is_none_or(|level| level > LevelFilter::INFO) {
        filter = NEVER_FINER.iter().filter_map(|it| it.parse().ok()).fold(filter, EnvFilter::add_directive);
    }
    let log = tracing_subscriber::fmt().json().with_env_filter(filter).with_target(false).with_current_span(true);
    // A second start in one process finds the log in place.
    let _already = log.without_time().try_init();
}
