//! Finishing the work that a crash left half done (I8). An order that is still being placed gets its tickets or is
//! refused. A swap that is under way is committed or ended.

use aws::table::StoredOrder;
use aws::{App, Metric};
use domain::identity::OrderId;
use domain::order::{Order, RefusalReason, Stage};
use domain::placement::refused;
use domain::product::Product;
use jiff::{SignedDuration, Timestamp};

use crate::lease::{lease_until, resume};
use crate::payment::{PaymentDue, PaymentError, settle};
use crate::place_order::capture_key;
use crate::place_order::draw_and_commit::{PlacementOutcome, Places};
use crate::retry::RetryableError;
use crate::swap_line::finish_swap;

/// How long an order waits after its payment was declined.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);
/// The time between two checks of the payment with the provider.
const ASK_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Finishes one order's placement or its swap, under the correlation id of the call that began it.
pub async fn finish_placement(app: &App, id: &OrderId, now: Timestamp) -> Result<(), RetryableError> {
    let Some(stored) = app.table.order(id).await? else { return Ok(()) };
    let app = app.under(stored.correlation.clone());
    app.in_span(finish(&app, stored, now)).await
}

async fn finish(app: &App, stored: StoredOrder, now: Timestamp) -> Result<(), RetryableError> {
    if let Some(swap) = stored.order.swap.clone() {
        return finish_swap(app, stored, swap, now).await;
    }
    let mut order = stored.order;
    if order.stage != Stage::Placing || !resume(app, &mut order, lease_until(now)).await? {
        return Ok(());
    }
    match settle(app, PaymentDue::of_order(&order), &capture_key(&order)).await {
        Ok(()) => {}
        Err(PaymentError::Service(failure)) => return Err(failure.into()),
        Err(error) if error.unsettled() => return wait_for_capture(app, order, now).await,
        Err(_) => return wait_for_payment(app, order, &stored.email_hash, now).await,
    }
    let skus: Vec<_> = order.lines.iter().map(|line| line.sku.clone()).collect();
    let products: Vec<Product> = app.table.products_of(&skus).await?;
    let places =
        Places { app, products: &products, email_hash: &stored.email_hash, resumed: true, caller_waits: false };
    match places.take(order).await? {
        PlacementOutcome::Placed(order)
        | PlacementOutcome::Refused(order, _)
        | PlacementOutcome::EndedElsewhere(order) => {
            tracing::info!(order_id = %order.order_id, stage = ?order.stage, "finished a placing");
        }
        PlacementOutcome::NotYet => tracing::info!("a placing is not finished yet"),
    }
    Ok(())
}

/// The provider has not taken the full amount. The order stays as it is, because money may still come or has come in
/// part. The payment is checked every two minutes in the order's first hour, then hourly. Each check counts in
/// `PlacingsLeft`, which has an alarm.
async fn wait_for_capture(app: &App, mut order: Order, now: Timestamp) -> Result<(), RetryableError> {
    app.measure(Metric::PlacingsLeft, 1);
    tracing::warn!(order_id = %order.order_id, "the payment of an order is not taken in full yet");
    if now.duration_since(order.started_at) >= ASK_AGAIN {
        resume(app, &mut order, now.saturating_add(ASK_AGAIN).unwrap_or(now)).await?;
    }
    Ok(())
}

/// The payment was declined. The provider is asked again hourly for a day. Then the order is refused.
async fn wait_for_payment(app: &App, mut order: Order, email_hash: &str, now: Timestamp) -> Result<(), RetryableError> {
    if now.duration_since(order.started_at) < PATIENCE {
        resume(app, &mut order, now.saturating_add(ASK_AGAIN).unwrap_or(now)).await?;
        return Ok(());
    }
    let refused = refused(&order, RefusalReason::PaymentDeclined, false, now);
    if app.table.refuse_placement(&refused, email_hash).await? {
        app.measure(Metric::OrdersRefused, 1);
        tracing::info!(order_id = %refused.order_id, "an order is refused: it was not paid within a day");
    }
    Ok(())
}
