//! Where the shops are that `cargo deployed` has deployed, for scenarios to run against them instead of the embedded stack.

use std::sync::{Arc, OnceLock};

use futures::FutureExt as _;
use futures::future::select_all;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// The variable that says so: `policy=front`, several of them separated by commas.
pub const VARIABLE: &str = "BACKORDER_DEPLOYED";

/// A deployed shop: its policy, its front, and the right to be alone with it.
type Front = (String, String, Arc<Mutex<()>>);

/// The front of a shop with this policy that nobody else is using, and the right to be alone with it; none where nothing is
/// deployed.
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

#[expect(
    clippy::disallowed_methods,
    reason = "what a test is told by the command that started it, not a function's setting"
)]
fn read() -> Vec<Front> {
    let told = std::env::var(VARIABLE).unwrap_or_default();
    let fronts = told.split(',').filter_map(|front| front.split_once('='));
    fronts.map(|(policy, url)| (policy.to_owned(), url.to_owned(), Arc::default())).collect()
}
