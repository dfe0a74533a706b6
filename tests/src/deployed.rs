//! The shops that `cargo deployed` has deployed. If there are any, scenarios run against them instead of the embedded
//! stack.

use std::sync::{Arc, OnceLock};

use futures::FutureExt as _;
use futures::future::select_all;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// The environment variable that lists the shops as `policy=front`, separated by commas.
pub const VARIABLE: &str = "BACKORDER_DEPLOYED";

/// A deployed shop: its policy, its front, and the lock for exclusive use.
type Front = (String, String, Arc<Mutex<()>>);

/// Waits for a free shop with this policy and returns its front and its lock. Returns nothing if no shop is deployed.
pub async fn front(policy: &str) -> Option<(String, OwnedMutexGuard<()>)> {
    static FRONTS: OnceLock<Vec<Front>> = OnceLock::new();
    let fronts = FRONTS.get_or_init(read);
    if fronts.is_empty() {
        return None;
    }
    let fitting = fronts.iter().filter(|(of, ..)| of == policy);
    let alone = fitting.map(|(_, url, shop)| Arc::clone(shop).lock_owned().map(|alone| (url.clone(), alone)).boxed());
    Some(select_all(alone).await.0)
}

#[expect(clippy::disallowed_methods, reason = "an option of the test run, not a function's setting")]
fn read() -> Vec<Front> {
    let variable = std::env::var(VARIABLE).unwrap_or_default();
    let fronts = variable.split(',').filter_map(|front| front.split_once('='));
    fronts.map(|(policy, url)| (policy.to_owned(), url.to_owned(), Arc::default())).collect()
}
