//! Swapping a line for a similar product (R14). First the request and its payment are checked; then the swap is stored in
//! its order and its payment is claimed; only then is money taken. A process may die after any step: a repeat, or
//! [`crate::recover`], goes on from what is stored.

use aws::table::{StoredOrder, Unwritten};
use aws::{Failure, Shop};
use domain::identity::{OrderId, fingerprint};
use domain::names::Sku;
use domain::order::{Line, Order};
use domain::product::Product;
use domain::swap::{Standing, Swap, SwapError, SwapRefusal, SwapRequest, begin, offered, standing};
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::draw_ticket::missing_product;
use crate::lease::look_at;
use crate::payment::{PaymentDue, PaymentError, is_taken};
use crate::retry::{Tries, Trouble};

mod draw_and_commit;

use draw_and_commit::{Ended, UnderWay, republish};

/// Tries to begin a swap or to take it up, at most.
const TRIES: u32 = 14;
/// For so long a declined payment may still be mended. Then the swap is given up, and another one is possible.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// Why nothing was swapped.
#[derive(Clone, Debug, Error)]
pub enum SwapFault {
    /// There is no such order.
    #[error("there is no such order")]
    UnknownOrder,
    /// There is no such product; nothing was touched.
    #[error("there is no such product")]
    UnknownSku,
    /// It can't be done; nothing was touched.
    #[error(transparent)]
    State(#[from] SwapError),
    /// It costs more, minor units of the order's currency, and nothing was offered to pay with; nothing was touched.
    #[error("it costs more than what it is swapped for; pay the difference and repeat with that payment")]
    PaymentRequired(Box<Order>, i64),
    /// Something is wrong with the payment.
    #[error(transparent)]
    Payment(PaymentError),
    /// It was begun and came to nothing, and why. The old place is kept, and what was paid for the swap goes back.
    #[error("the swap came to nothing; the order is as it was")]
    Refused(Box<Order>, SwapRefusal),
    /// Not finished. The sweep finishes it; a repeat tells the outcome.
    #[error("it is not swapped yet")]
    NotYet,
    /// It could not be finished now.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

impl From<Failure> for SwapFault {
    fn from(failure: Failure) -> Self {
        Self::Trouble(failure.into())
    }
}

impl From<PaymentError> for SwapFault {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::Service(failure) => failure.into(),
            unsettled if unsettled.unsettled() => Self::NotYet,
            other => Self::Payment(other),
        }
    }
}

/// Swaps a line, or returns what became of this very swap before.
pub async fn swap(shop: &Shop, id: &OrderId, request: &SwapRequest) -> Result<Order, SwapFault> {
    let print = fingerprint(request);
    let mut tries = Tries::of(TRIES);
    loop {
        let stored = shop.table.order(id).await?.ok_or(SwapFault::UnknownOrder)?;
        let begun = match standing(&stored.order, request, &print)? {
            Standing::Over(_, swapped) => {
                republish(shop, &stored.order, swapped.line).await?;
                return over(stored.order, request);
            }
            Standing::UnderWay(swap) => take_up(&stored, swap, look_at(shop.clock.now())),
            Standing::New(line) => note(shop, &stored, line, (request, &print)).await?,
        };
        match write(shop, &begun).await {
            Ok(()) => return carry_out(shop, begun, request).await,
            Err(Unwritten::Condition(failed)) if failed == [1] => {
                return Err(SwapFault::Payment(PaymentError::Used));
            }
            Err(Unwritten::Condition(_)) if tries.next().await => {}
            Err(unwritten) => tries.after(unwritten).await?,
        }
    }
}

/// A swap that is begun, or taken up, as it is to be written.
struct Begun {
    stored: StoredOrder,
    swap: Swap,
    product: Option<Product>,
    claim: Option<OrderId>,
    /// Up to which ticket earlier calls may have drawn.
    in_doubt: Option<u64>,
}

/// Checks what is asked for, and how it is to be paid.
async fn note(
    shop: &Shop,
    stored: &StoredOrder,
    line: &Line,
    (request, print): (&SwapRequest, &str),
) -> Result<Begun, SwapFault> {
    let order = &stored.order;
    let products = shop.table.products_of(&[line.sku.clone(), request.sku.clone()]).await?;
    let found = |sku: &Sku| products.iter().find(|product: &&Product| product.sku == *sku);
    offered(found(&line.sku).ok_or_else(|| missing_product(&line.sku))?, &request.sku)?;
    let product = found(&request.sku).ok_or(SwapFault::UnknownSku)?;
    let now = shop.clock.now();
    let swap = begin(order, line, (request, print), product, (now, look_at(now)))?;
    let policy = shop.policy_of(order).await?;
    let of_it = order.lines.iter().filter(|line| line.sku == swap.sku);
    let units = swap.units + of_it.map(|line| line.quantity - line.canceled).sum::<i64>();
    if let Some(most) = policy.limits.units_per_order.filter(|most| units > *most) {
        return Err(SwapError::TooMany(most).into());
    }
    let claim = claim(shop, order, &swap).await?;
    let mut stored = stored.clone();
    stored.order.version += 1;
    stored.order.swap = Some(swap.clone());
    Ok(Begun { stored, swap, product: Some(product.clone()), claim, in_doubt: None })
}

/// The order id that the payment of a swap claims, so that it pays for nothing else; none where nothing is to be paid.
async fn claim(shop: &Shop, order: &Order, swap: &Swap) -> Result<Option<OrderId>, SwapFault> {
    let Some(reference) = &swap.payment else {
        return match swap.difference {
            due if due > 0 => Err(SwapFault::PaymentRequired(Box::new(order.clone()), due)),
            _ => Ok(None),
        };
    };
    if swap.difference <= 0 {
        return Err(SwapFault::Payment(PaymentError::Mismatch));
    }
    let claim = shop.secrets.identity().await?.order_id(reference);
    let due = PaymentDue { reference, amount: swap.difference, currency: order.currency };
    is_taken(shop, due).await.map_err(PaymentError::of_new_payment)?;
    // Its own payment is no order that could be absent.
    if claim == order.order_id { Err(SwapFault::Payment(PaymentError::Used)) } else { Ok(Some(claim)) }
}

/// Takes a swap up: from now on it is ours until `look_at`. Its unresolved draws stay with us and are forgotten in the table:
/// if we die, what we drew is unresolved too.
fn take_up(stored: &StoredOrder, swap: &Swap, look_at: Timestamp) -> Begun {
    let mut stored = stored.clone();
    let in_doubt = swap.in_doubt;
    let swap = Swap { turn: swap.turn + 1, look_at, in_doubt: None, ..swap.clone() };
    stored.order.version += 1;
    stored.order.swap = Some(swap.clone());
    Begun { stored, swap, product: None, claim: None, in_doubt }
}

async fn write(shop: &Shop, begun: &Begun) -> Result<(), Unwritten> {
    let Begun { stored, claim, .. } = begun;
    shop.table.begin_swap(&stored.order, &stored.email_hash, claim.as_ref()).await
}

async fn carry_out(shop: &Shop, begun: Begun, request: &SwapRequest) -> Result<Order, SwapFault> {
    let product = product(shop, &begun).await?;
    let way = UnderWay { shop, swap: &begun.swap, product: &product, in_doubt: begun.in_doubt, told: true };
    way.pay(&begun.stored.order).await?;
    match way.take(begun.stored).await? {
        Ended::Over(order) => over(*order, request),
        Ended::NotYet => Err(SwapFault::NotYet),
    }
}

async fn product(shop: &Shop, begun: &Begun) -> Result<Product, Failure> {
    match &begun.product {
        Some(product) => Ok(product.clone()),
        None => shop.table.product(&begun.swap.sku).await?.ok_or_else(|| missing_product(&begun.swap.sku)),
    }
}

/// The answer for a swap that is over.
fn over(order: Order, request: &SwapRequest) -> Result<Order, SwapFault> {
    let swapped = order.changes.get(request.change_id.as_str()).and_then(|change| change.swap.as_ref());
    match swapped.map(|swapped| swapped.refusal) {
        None => Err(SwapFault::NotYet),
        Some(None) => Ok(order),
        Some(Some(refusal)) => Err(SwapFault::Refused(Box::new(order), refusal)),
    }
}

/// Goes on with a swap that nobody has finished.
pub(crate) async fn finish_swap(shop: &Shop, stored: StoredOrder, swap: Swap, now: Timestamp) -> Result<(), Trouble> {
    let begun = take_up(&stored, &swap, look_at(now));
    match write(shop, &begun).await {
        Ok(()) => {}
        Err(Unwritten::Condition(_)) => return Ok(()),
        Err(unwritten) => return Err(unwritten.into()),
    }
    let product = product(shop, &begun).await?;
    let way = UnderWay { shop, swap: &begun.swap, product: &product, in_doubt: begun.in_doubt, told: false };
    match way.pay(&begun.stored.order).await {
        Ok(()) => {}
        Err(PaymentError::Service(failure)) => return Err(failure.into()),
        // What was taken may still become all of it: such a swap is never given up for want of money.
        Err(error) if error.unsettled() || now.duration_since(swap.since) < PATIENCE => return Ok(()),
        Err(_) => return way.unpaid(&begun.stored).await,
    }
    match way.take(begun.stored).await? {
        Ended::Over(order) => tracing::info!(order_id = %order.order_id, "finished a swap"),
        Ended::NotYet => tracing::info!("a swap stays to be finished"),
    }
    Ok(())
}
