//! The link by which a customer follows an order, with the token that it carries.

use aws::{App, ServiceError};
use domain::identity::OrderId;
use domain::order::Order;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};

/// How long a customer can follow an order by its link.
const CUSTOMER_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 400);

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The scopes of a shop, separated by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The one order of a customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
}

/// A token with these claims.
#[must_use]
pub fn sign(claims: &Claims, key: &str) -> String {
    let key = EncodingKey::from_secret(key.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).unwrap_or_default()
}

/// The link by which the customer follows the order: the token stands behind `#`, which no server and no log sees.
pub async fn status_url(app: &App, order: &Order) -> Result<String, ServiceError> {
    let exp = order.started_at.saturating_add(CUSTOMER_LIFETIME).map_or(i64::MAX, Timestamp::as_second);
    let claims = Claims { scope: None, order: Some(order.order_id.clone()), exp };
    let token = sign(&claims, &app.secrets.signing_key().await?);
    Ok(format!("{}#order={}&token={token}", app.settings.status_url, order.order_id))
}
