//! Swapping a line for a similar product (R14). First the request and its payment are checked. Then the swap is stored
//! in its order and its payment is claimed. Only then is money taken. A process may die after any step. A repeat of the
//! request, or [`crate::recover`], continues from the stored state.

use aws::table::{StoredOrder, WriteError};
use aws::{App, ServiceError};
use domain::identity::{OrderId, fingerprint};
use domain::names::Sku;
use domain::order::{Line, Order};
use domain::product::Product;
use domain::swap::{Swap, SwapError, SwapRefusalReason, SwapRequest, SwapStatus, begin, offered, swap_status};
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::draw_ticket::missing_product;
use crate::lease::lease_until;
use crate::payment::{PaymentDue, PaymentError, is_taken};
use crate::retry::{RetryableError, Tries};

mod draw_and_commit;

use draw_and_commit::{SwapEnd, UnderWay, republish};

/// The most tries to begin or to resume a swap.
const TRIES: u32 = 14;
/// How long a swap waits after its payment was declined. Then the swap ends, and another swap is possible.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// Why nothing was swapped.
#[derive(Clone, Debug, Error)]
pub enum SwapLineError {
    /// There is no such order.
    #[error("there is no such order")]
    UnknownOrder,
    /// There is no such product. Nothing has changed.
    #[error("there is no such product")]
    UnknownSku,
    /// The order's state does not allow the swap. Nothing has changed.
    #[error(transparent)]
    State(#[from] SwapError),
    /// The swap costs this many minor units more in the order's currency, and no payment is named. Nothing has changed.
    #[error("it costs more than what it is swapped for; pay the difference and repeat with that payment")]
    PaymentRequired(Box<Order>, i64),
    /// Something is wrong with the payment.
    #[error(transparent)]
    Payment(PaymentError),
    /// The swap began and failed for this reason. The old place is kept, and the money paid for the swap goes back.
    #[error("the swap came to nothing; the order is as it was")]
    Refused(Box<Order>, SwapRefusalReason),
    /// The swap is not finished yet. The sweep finishes it; a repeat returns the outcome.
    #[error("it is not swapped yet")]
    NotYet,
    /// Something failed. A repeat continues from the stored state.
    #[error(transparent)]
    Retryable(#[from] RetryableError),
}

impl From<ServiceError> for SwapLineError {
    fn from(failure: ServiceError) -> Self {
        Self::Retryable(failure.into())
    }
}

impl From<PaymentError> for SwapLineError {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::Service(failure) => failure.into(),
            unsettled if unsettled.unsettled() => Self::NotYet,
            other => Self::Payment(other),
        }
    }
}

/// Swaps a line. A repeat returns the outcome of the first call.
pub async fn swap(app: &App, id: &OrderId, request: &SwapRequest) -> Result<Order, SwapLineError> {
    let print = fingerprint(request);
    let mut tries = Tries::new(TRIES);
    loop {
        let stored = app.table.order(id).await?.ok_or(SwapLineError::UnknownOrder)?;
        let prepared = match swap_status(&stored.order, request, &print)? {
            SwapStatus::Over(_, swapped) => {
                republish(app, &stored.order, swapped.line).await?;
                return answer_of_ended(stored.order, request);
            }
            SwapStatus::UnderWay(swap) => take_up(&stored, swap, lease_until(app.clock.now())),
            SwapStatus::New(line) => match note(app, &stored, line, request, &print).await {
                // Another call may have begun this swap since the order was read: its capture changed the payment.
                Err(SwapLineError::Payment(_)) if changed_since(app, &stored).await? && tries.next().await => continue,
                prepared => prepared?,
            },
        };
        match write(app, &prepared).await {
            Ok(()) => return carry_out(app, prepared, request).await,
            Err(WriteError::Condition(failed)) if failed == [1] => {
                return Err(SwapLineError::Payment(PaymentError::Used));
            }
            Err(WriteError::Condition(_)) if tries.next().await => {}
            Err(error) => tries.after(error).await?,
        }
    }
}

/// A swap that this call begins or resumes, as it will be stored.
struct PreparedSwap {
    stored: StoredOrder,
    swap: Swap,
    product: Option<Product>,
    claim: Option<OrderId>,
    /// The last ticket that earlier calls may have drawn.
    unresolved_draws: Option<u64>,
}

/// Checks the request and its payment, and prepares a new swap.
async fn note(
    app: &App,
    stored: &StoredOrder,
    line: &Line,
    request: &SwapRequest,
    print: &str,
) -> Result<PreparedSwap, SwapLineError> {
    let order = &stored.order;
    let products = app.table.products_of(&[line.sku.clone(), request.sku.clone()]).await?;
    let found = |sku: &Sku| products.iter().find(|product: &&Product| product.sku == *sku);
    offered(found(&line.sku).ok_or_else(|| missing_product(&line.sku))?, &request.sku)?;
    let product = found(&request.sku).ok_or(SwapLineError::UnknownSku)?;
    let now = app.clock.now();
    let swap = begin(order, line, request, print, product, now, lease_until(now))?;
    let policy = app.policy_of(order).await?;
    let of_it = order.lines.iter().filter(|line| line.sku == swap.sku);
    let units = swap.units + of_it.map(|line| line.quantity - line.canceled).sum::<i64>();
    if let Some(most) = policy.limits.units_per_order.filter(|most| units > *most) {
        return Err(SwapError::TooMany(most).into());
    }
    let claim = claim(app, order, &swap).await?;
    let mut stored = stored.clone();
    stored.order.version += 1;
    stored.order.swap = Some(swap.clone());
    Ok(PreparedSwap { stored, swap, product: Some(product.clone()), claim, unresolved_draws: None })
}

/// Whether the order changed since it was read.
async fn changed_since(app: &App, read: &StoredOrder) -> Result<bool, ServiceError> {
    let now = app.table.order(&read.order.order_id).await?;
    Ok(now.is_none_or(|now| now.order.version != read.order.version))
}

/// The order id that the swap claims, so that its payment pays for nothing else. `None`: nothing is to be paid.
async fn claim(app: &App, order: &Order, swap: &Swap) -> Result<Option<OrderId>, SwapLineError> {
    let Some(reference) = &swap.payment else {
        return match swap.difference {
            due if due > 0 => Err(SwapLineError::PaymentRequired(Box::new(order.clone()), due)),
            _ => Ok(None),
        };
    };
    if swap.difference <= 0 {
        return Err(SwapLineError::Payment(PaymentError::Mismatch));
    }
    let claim = app.secrets.identity().await?.order_id(reference);
    let due = PaymentDue { reference, amount: swap.difference, currency: order.currency };
    is_taken(app, due).await.map_err(PaymentError::of_new_payment)?;
    // The order's own payment already belongs to this order and cannot be claimed.
    if claim == order.order_id { Err(SwapLineError::Payment(PaymentError::Used)) } else { Ok(Some(claim)) }
}

/// Resumes a swap: this call holds its lease until `lease_until`. The stored unresolved draws are cleared and kept in
/// memory: if this call dies, its own draws are unresolved too.
fn take_up(stored: &StoredOrder, swap: &Swap, lease_until: Timestamp) -> PreparedSwap {
    let mut stored = stored.clone();
    let unresolved_draws = swap.unresolved_draws;
    let swap = Swap { lease_count: swap.lease_count + 1, lease_until, unresolved_draws: None, ..swap.clone() };
    stored.order.version += 1;
    stored.order.swap = Some(swap.clone());
    PreparedSwap { stored, swap, product: None, claim: None, unresolved_draws }
}

async fn write(app: &App, prepared: &PreparedSwap) -> Result<(), WriteError> {
    let PreparedSwap { stored, claim, .. } = prepared;
    app.table.begin_swap(&stored.order, &stored.email_hash, claim.as_ref()).await
}

async fn carry_out(app: &App, prepared: PreparedSwap, request: &SwapRequest) -> Result<Order, SwapLineError> {
    let product = product(app, &prepared).await?;
    let PreparedSwap { stored, swap, unresolved_draws, .. } = prepared;
    let way = UnderWay { app, swap: &swap, product: &product, unresolved_draws, caller_waits: true };
    way.pay(&stored.order).await?;
    match way.take(stored).await? {
        SwapEnd::Over(order) => answer_of_ended(*order, request),
        SwapEnd::NotYet => Err(SwapLineError::NotYet),
    }
}

async fn product(app: &App, prepared: &PreparedSwap) -> Result<Product, ServiceError> {
    match &prepared.product {
        Some(product) => Ok(product.clone()),
        None => app.table.product(&prepared.swap.sku).await?.ok_or_else(|| missing_product(&prepared.swap.sku)),
    }
}

fn answer_of_ended(order: Order, request: &SwapRequest) -> Result<Order, SwapLineError> {
    let swapped = order.changes.get(request.change_id.as_str()).and_then(|change| change.swap.as_ref());
    match swapped.map(|swapped| swapped.refusal) {
        None => Err(SwapLineError::NotYet),
        Some(None) => Ok(order),
        Some(Some(refusal)) => Err(SwapLineError::Refused(Box::new(order), refusal)),
    }
}

/// Finishes a swap that an earlier call left under way.
pub(crate) async fn finish_swap(
    app: &App,
    stored: StoredOrder,
    swap: Swap,
    now: Timestamp,
) -> Result<(), RetryableError> {
    let prepared = take_up(&stored, &swap, lease_until(now));
    match write(app, &prepared).await {
        Ok(()) => {}
        Err(WriteError::Condition(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    let product = product(app, &prepared).await?;
    let PreparedSwap { stored, swap, unresolved_draws, .. } = prepared;
    let way = UnderWay { app, swap: &swap, product: &product, unresolved_draws, caller_waits: false };
    match way.pay(&stored.order).await {
        Ok(()) => {}
        Err(PaymentError::Service(failure)) => return Err(failure.into()),
        // The provider may still take the full amount. A swap with an unsettled payment is never given up.
        Err(error) if error.unsettled() || now.duration_since(swap.since) < PATIENCE => return Ok(()),
        Err(_) => return way.unpaid(&stored).await,
    }
    match way.take(stored).await? {
        SwapEnd::Over(order) => tracing::info!(order_id = %order.order_id, "finished a swap"),
        SwapEnd::NotYet => tracing::info!("a swap is not finished yet"),
    }
    Ok(())
}
