//! Sets the policy of a running shop. `contract::policy_file` reads and checks the file.

use aws::clock::Clock;
use client::Client;
use domain::policy::Policy;

use crate::token;

/// Sets the policy in the shop at `api`, with a token signed by `key`. Returns the policy's hash.
pub async fn set(policy: &Policy, api: &str, key: &str, clock: &Clock) -> Result<String, String> {
    let shop = Client::new(api).with_token(token::make(key, "policy", 1, clock.now())?);
    let body = serde_json::to_value(policy).map_err(|error| error.to_string())?;
    let answer = shop.put("/policy", &body).await?;
    match answer.status {
        200 => Ok(answer.text("/hash").to_owned()),
        status => Err(format!("the shop answered {status} {}: {}", answer.code(), answer.body)),
    }
}
