//! The authorizer of the HTTP API. It verifies the token and passes its claims to the functions.
//!
//! It refuses no request, because an HTTP API cannot shape its own refusals. The functions answer 401 and 403 in the
//! contract's form, and 503 if the keys cannot be read.

use std::convert::Infallible;

use aws::{App, ServiceError};
use contract::token::{Claims, TokenError, verify};
use serde_json::{Value, json};

/// Answers the gateway in its simple response format.
pub async fn handle(app: &App, event: Value) -> Result<Value, Infallible> {
    let header = event.get("headers").and_then(|headers| headers.get("authorization")).and_then(Value::as_str);
    Ok(json!({ "isAuthorized": true, "context": context(app, header).await }))
}

async fn context(app: &App, header: Option<&str>) -> Value {
    let nobody = |why: &str| json!({ "caller": "nobody", "why": why });
    let Some(header) = header else { return nobody("send a token: Authorization: Bearer ...") };
    let Some(token) = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
        return nobody("the Authorization header must be: Bearer <token>");
    };
    match check(app, token.1.trim()).await {
        Err(failure) => {
            tracing::error!(%failure, "the keys of tokens cannot be read");
            json!({ "caller": "unknown" })
        }
        Ok(Err(why)) => nobody(&why.to_string()),
        Ok(Ok(claims)) => match (claims.scope, claims.order) {
            (Some(scopes), None) => json!({ "caller": "shop", "scopes": scopes }),
            (None, Some(order)) => json!({ "caller": "customer", "order": order }),
            _ => nobody("the token says neither which shop nor which order"),
        },
    }
}

/// The token's claims. If no known key fits, the keys are read again, because a newer key may have signed the token.
async fn check(app: &App, token: &str) -> Result<Result<Claims, TokenError>, ServiceError> {
    let now = app.clock.now();
    match verify(token, &app.secrets.checking_keys().await?, now) {
        Err(TokenError::DoesNotHold) => Ok(verify(token, &app.secrets.checking_keys_anew().await?, now)),
        known => Ok(known),
    }
}
