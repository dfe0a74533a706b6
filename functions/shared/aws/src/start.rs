//! How a function starts: its log, then what it was told, then its clients.

use crate::log;
use crate::settings::{Settings, SettingsError, log_levels};
use crate::shop::Shop;

/// Starts a function. Errors name everything that is missing at once.
///
/// # Errors
/// Where the environment is incomplete.
pub async fn start() -> Result<Shop, SettingsError> {
    log::start(&log_levels());
    let settings = Settings::from_env().inspect_err(|error| tracing::error!(%error, "the function cannot start"))?;
    let shop = Shop::in_lambda(settings).await;
    shop.secrets.read_ahead().await;
    Ok(shop)
}
