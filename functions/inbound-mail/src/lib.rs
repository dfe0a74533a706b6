//! To come.

use aws::{CorrelationId, Shop};
use lambda_runtime::Error;
use serde_json::Value;

/// To come.
///
/// # Errors
/// Never.
pub async fn handle(shop: &Shop, _event: Value) -> Result<Value, Error> {
    let _shop = shop.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    Ok(Value::Null)
}
