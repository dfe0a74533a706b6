//! The start of a function: log, settings, clients, first connection and secrets.

use std::time::Duration;

use crate::account;
use crate::app::App;
use crate::clock::Clock;
use crate::http_connector::{connector, open};
use crate::log;
use crate::settings::{Settings, SettingsError, environment};

/// The longest wait for the first connection. After this time the function starts without a connection.
const FIRST_CONNECTION: Duration = Duration::from_secs(1);

/// Starts a function whose first call is to the table, and opens that connection before the first request. The error
/// names everything that the environment lacks.
pub async fn start() -> Result<App, SettingsError> {
    start_with(Some("DynamoDB")).await
}

/// As [`start`], for a function whose first call is to another service of AWS, or to none (`None`).
pub async fn start_with(service: Option<&str>) -> Result<App, SettingsError> {
    let environment = environment();
    log::start(environment.get("RUST_LOG").map_or("info", String::as_str));
    let configuration =
        Settings::from_pairs(&environment).and_then(|settings| Ok((settings, account::sdk_config(&environment)?)));
    let (settings, account) =
        configuration.inspect_err(|error| tracing::error!(%error, "the function cannot start"))?;
    let http_connector = connector();
    let app = App::new(settings, Clock::default(), &account, &http_connector);
    let connected = async {
        let Some(service) = service else { return };
        let endpoint = account::endpoint(&environment, service);
        if tokio::time::timeout(FIRST_CONNECTION, open(&http_connector, &endpoint)).await.is_err() {
            tracing::info!(service, "started without a connection");
        }
    };
    tokio::join!(connected, app.secrets.read_ahead());
    Ok(app)
}
