//! Finishing what a crash left (I8): an order that is still being placed gets its places or is refused, and a swap that is
//! under way is made or comes to nothing.

use aws::table::StoredOrder;
use aws::{Metric, Shop};
use domain::identity::OrderId;
use domain::order::{Order, Refusal, Stage};
use domain::placement::refused;
use domain::product::Product;
use jiff::{SignedDuration, Timestamp};

use crate::lease::{look_at, resume};
use crate::payment::{PaymentDue, PaymentError, settle};
use crate::place_order::capture_key;
use crate::place_order::draw_and_commit::{Places, Taken};
use crate::retry::Trouble;
use crate::swap_line::finish_swap;

/// For so long a declined payment may still be mended.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);
/// The time between two questions to the provider.
const ASK_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Goes on with one order's placing, or with its swap, under the correlation id of the call that began it.
pub async fn finish_placement(shop: &Shop, id: &OrderId, now: Timestamp) -> Result<(), Trouble> {
    let Some(stored) = shop.table.order(id).await? else { return Ok(()) };
    let shop = shop.under(stored.correlation.clone());
    shop.told(finish(&shop, stored, now)).await
}

async fn finish(shop: &Shop, stored: StoredOrder, now: Timestamp) -> Result<(), Trouble> {
    if let Some(swap) = stored.order.swap.clone() {
        return finish_swap(shop, stored, swap, now).await;
    }
    let mut order = stored.order;
    if order.stage != Stage::Placing || !resume(shop, &mut order, look_at(now)).await? {
        return Ok(());
    }
    match settle(shop, PaymentDue::of_order(&order), &capture_key(&order)).await {
        Ok(()) => {}
        Err(PaymentError::Service(failure)) => return Err(failure.into()),
        Err(error) if error.unsettled() => return wait_for_capture(shop, order, now).await,
        Err(_) => return wait_for_payment(shop, order, &stored.email_hash, now).await,
    }
    let skus: Vec<_> = order.lines.iter().map(|line| line.sku.clone()).collect();
    let products: Vec<Product> = shop.table.products_of(&skus).await?;
    let places = Places { shop, products: &products, email_hash: &stored.email_hash, resumed: true, told: false };
    match places.take(order).await? {
        Taken::Placed(order) | Taken::Refused(order, _) | Taken::Ended(order) => {
            tracing::info!(order_id = %order.order_id, stage = ?order.stage, "finished a placing");
        }
        Taken::NotYet => tracing::info!("a placing stays to be finished"),
    }
    Ok(())
}

/// The provider was asked to take the payment and has not taken all of it: the order stays as it is, since the money may
/// still come or has come in part. It is looked at every two minutes in its first hour, then hourly.
async fn wait_for_capture(shop: &Shop, mut order: Order, now: Timestamp) -> Result<(), Trouble> {
    tracing::warn!(order_id = %order.order_id, "the payment of an order is not taken in full yet");
    if now.duration_since(order.started_at) >= ASK_AGAIN {
        resume(shop, &mut order, now.saturating_add(ASK_AGAIN).unwrap_or(now)).await?;
    }
    Ok(())
}

/// The payment was declined: the provider is asked again for a day, then the order is refused.
async fn wait_for_payment(shop: &Shop, mut order: Order, email_hash: &str, now: Timestamp) -> Result<(), Trouble> {
    if now.duration_since(order.started_at) < PATIENCE {
        resume(shop, &mut order, now.saturating_add(ASK_AGAIN).unwrap_or(now)).await?;
        return Ok(());
    }
    let refused = refused(&order, Refusal::PaymentDeclined, false, now);
    if shop.table.refuse_placement(&refused, email_hash).await? {
        shop.measure(Metric::OrdersRefused, 1);
        tracing::info!(order_id = %refused.order_id, "an order is refused: it was not paid within a day");
    }
    Ok(())
}
