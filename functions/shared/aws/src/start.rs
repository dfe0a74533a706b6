//! How a function starts: its log, then what it was told, then its clients.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::settings::{Settings, SettingsError};
use crate::shop::Shop;

/// Libraries (by the beginnings of their names) that tell whole requests at finer levels, personal data and keys included.
const NEVER_FINER: [&str; 4] = ["aws=info", "hyper=info", "h2=info", "lambda=info"];

/// Starts a function. Errors name everything that is missing at once.
///
/// # Errors
/// Where the environment is incomplete.
pub async fn start() -> Result<Shop, SettingsError> {
    log();
    let settings = Settings::from_env().inspect_err(|error| tracing::error!(%error, "the function cannot start"))?;
    let shop = Shop::in_lambda(settings).await;
    shop.secrets.read_ahead().await;
    Ok(shop)
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
