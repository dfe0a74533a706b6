//! How a function starts: its log, then what it was told, then its clients.

use tracing_subscriber::EnvFilter;

use crate::settings::{Settings, SettingsError};
use crate::shop::Shop;

/// Starts a function. Errors name everything that is missing at once.
///
/// # Errors
/// Where the environment is incomplete.
pub async fn start() -> Result<Shop, SettingsError> {
    log();
    let settings = Settings::from_env().inspect_err(|error| tracing::error!(%error, "the function cannot start"))?;
    Ok(Shop::in_lambda(settings).await)
}

/// One JSON object a line, at the level that `RUST_LOG` sets.
fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().json().with_env_filter(filter).with_target(false).with_current_span(true);
    // A second start in one process finds the log in place.
    let _already = log.without_time().try_init();
}
