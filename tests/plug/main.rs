//! Pulling the plug: for every single call that each function makes, it fails, loses its answer, or is the last one of its
//! process; afterwards everything is as after a clean run (R25, I5 to I8).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod outcome;
mod placing;
mod play;
mod pull;

use pull::pull;

#[tokio::test(flavor = "multi_thread")]
async fn r25_an_order_of_what_is_in_stock_survives_every_plug() {
    pull(placing::IN_STOCK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_a_backorder_survives_every_plug() {
    pull(placing::BACKORDER).await;
}
