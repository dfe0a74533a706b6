//! The link to a customer's order, and the token in it.

use aws::{App, ServiceError};
use domain::identity::OrderId;
use domain::order::Order;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};

/// How long the link of an order is valid.
const CUSTOMER_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 400);

/// The content of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The scopes of a shop, separated by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The one order of a customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// When the token expires, in seconds since 1970.
    pub exp: i64,
}

/// A signed token with these claims.
pub fn sign(claims: &Claims, key: &str) -> String {
    let key = EncodingKey::from_secret(key.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).unwrap_or_default()
}

/// The link to the customer's order. The token comes after `#`, so no server and no log sees it.
pub async fn status_url(app: &App, order: &Order) -> Result<String, ServiceError> {
    let exp = order.started_at.saturating_add(CUSTOMER_LIFETIME).map_or(i64::MAX, Timestamp::as_second);
    let claims = Claims { scope: None, order: Some(order.order_id.clone()), exp };
    let token = sign(&claims, &app.secrets.signing_key().await?);
    Ok(format!("{}#order={}&token={token}", app.settings.status_url, order.order_id))
}
