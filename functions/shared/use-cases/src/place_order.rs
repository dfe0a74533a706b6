//! Placing an order: the request is written down, the payment made sure of, and then its places are taken. Any step may
//! be the last one of a process: a repeat, or `finishing`, goes on from what is stored.

use std::collections::BTreeMap;

use aws::payments::{Payment, PaymentError, PaymentState};
use aws::table::PutOutcome;
use aws::{Failure, Shop};
use domain::money::Currency;
use domain::names::PaymentReference;
use domain::order::{Order, Refusal, Stage};
use domain::placement::{Draw, Placement};
use domain::policy::Policy;
use domain::product::Product;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::place_order::draw_and_commit::{Places, Taken};
use crate::retry::{Tries, Trouble};
use crate::policy::keep_policy;

/// After so long somebody looks whether a placing was finished. Longer than any call that places can last.
const LOOK_AFTER: SignedDuration = SignedDuration::from_secs(120);

/// Why an order was not placed.
#[derive(Clone, Debug, Error)]
pub enum PlaceError {
    /// These lines name products that do not exist; nothing was touched.
    #[error("the order names products that do not exist")]
    UnknownSkus(Vec<usize>),
    /// These lines want more units than the shop allows in an order; nothing was touched.
    #[error("an order may have at most {1} units of a product")]
    TooManyUnits(Vec<usize>, i64),
    /// The customer would have more of a product than the shop allows; nothing was touched.
    #[error("a customer may have at most {0} units of a product")]
    LimitReached(i64),
    /// The provider knows no such payment; nothing was touched.
    #[error("the payment provider knows no such payment")]
    UnknownPayment,
    /// The payment is for another amount or currency; nothing was touched.
    #[error("the payment is not for the order's total")]
    PaymentMismatch,
    /// The payment was declined; not final.
    #[error("the payment was declined")]
    PaymentDeclined,
    /// The payment was given back already; nothing was touched.
    #[error("the payment was given back already")]
    PaymentUsed,
    /// The provider has not finished taking the payment. Only a capture of ours makes that passing.
    #[error("the payment is still being processed")]
    PaymentProcessing,
    /// The provider took only part of the payment. Only a capture of ours makes that passing.
    #[error("only part of the payment was taken")]
    PaymentPartlyTaken,
    /// The payment became another order.
    #[error("the payment reference was used for another order")]
    IdReused,
    /// No place on these terms; final, and the money goes back. What this call drew, by line, is sealed.
    #[error("the order was refused")]
    Refused(Box<Order>, BTreeMap<usize, Draw>),
    /// Not finished; it will finish by itself, and a repeat tells.
    #[error("the order is not placed yet")]
    NotYet,
    /// Something failed; a repeat goes on from there.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

impl PlaceError {
    /// Whether a capture that the shop asked for has not taken all of the payment, and may still do so.
    pub(crate) fn unsettled(&self) -> bool {
        matches!(self, Self::PaymentProcessing | Self::PaymentPartlyTaken)
    }

    /// What the same answer of the provider means where nothing was captured by the shop.
    fn of_new_payment(self) -> Self {
        match self {
            Self::PaymentProcessing => Self::PaymentDeclined,
            Self::PaymentPartlyTaken => Self::PaymentMismatch,
            other => other,
        }
    }
}

impl From<Failure> for PlaceError {
    fn from(failure: Failure) -> Self {
        Self::Trouble(failure.into())
    }
}

/// An order that has its places.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The order.
    pub order: Order,
    /// Whether this call placed it.
    pub new: bool,
}

/// When somebody must look at a placing that goes on now.
#[must_use]
pub fn look_at(now: Timestamp) -> Timestamp {
    now.saturating_add(LOOK_AFTER).unwrap_or(now)
}

/// Places an order, or answers what became of it before.
///
/// # Errors
/// [`PlaceError`].
pub async fn place(shop: &Shop, placement: &Placement) -> Result<Placed, PlaceError> {
    let products = products(shop, placement).await?;
    let key = &shop.secrets.identity().await?;
    let policy = shop.policy().await?;
    let asked = placement.order(key, &policy, shop.clock.now());
    let email_hash = key.email_hash(&placement.customer.email);
    if let Some(error) = above_limits(shop, placement, &policy, &email_hash).await?
        && shop.table.order(&asked.order_id).await?.is_none()
    {
        return Err(error);
    }
    let payment = match payment(shop, &asked).await {
        Ok(payment) => payment,
        Err(error) => return known_before(shop, &asked, error).await,
    };
    keep_policy(shop, &policy).await?;
    let (order, resumed) = match put(shop, &asked, &email_hash).await? {
        Begun::Go(order, resumed) => (order, resumed),
        Begun::Ended(order) => return ended(order),
    };
    if payment.state() == PaymentState::Capturable {
        capture(shop, &order).await.map_err(|error| if error.unsettled() { PlaceError::NotYet } else { error })?;
    }
    let places = Places { shop, products: &products, email_hash: &email_hash, resumed, told: true };
    match places.take(order).await? {
        Taken::Placed(order) => Ok(Placed { order, new: true }),
        Taken::Refused(order, sealed) => Err(PlaceError::Refused(Box::new(order), sealed)),
        Taken::Ended(order) => ended(order),
        Taken::NotYet => Err(PlaceError::NotYet),
    }
}

/// The products of an order, all of them.
async fn products(shop: &Shop, placement: &Placement) -> Result<Vec<Product>, PlaceError> {
    let skus: Vec<_> = placement.lines.iter().map(|line| line.sku.clone()).collect();
    let products = shop.table.products_of(&skus).await?;
    let unknown = |sku: &domain::names::Sku| !products.iter().any(|product: &Product| product.sku == *sku);
    let unknown: Vec<usize> = skus.iter().enumerate().filter(|(_, sku)| unknown(sku)).map(|(at, _)| at).collect();
    if unknown.is_empty() { Ok(products) } else { Err(PlaceError::UnknownSkus(unknown)) }
}

/// Which limit of the policy stands in the way, before anything is touched.
async fn above_limits(
    shop: &Shop,
    placement: &Placement,
    policy: &Policy,
    email_hash: &str,
) -> Result<Option<PlaceError>, PlaceError> {
    if let Some(most) = policy.limits.units_per_order {
        let lines = placement.lines_above(most);
        if !lines.is_empty() {
            return Ok(Some(PlaceError::TooManyUnits(lines, most)));
        }
    }
    let Some(most) = policy.limits.units_per_customer else { return Ok(None) };
    let has = shop.table.bought(email_hash).await?;
    let above = placement.lines.iter().any(|it| has.get(&it.sku).copied().unwrap_or_default() + it.quantity > most);
    Ok(above.then_some(PlaceError::LimitReached(most)))
}

/// The payment, if it can pay just this as the first thing it pays for.
pub(crate) async fn new_payment_of(
    shop: &Shop,
    reference: &PaymentReference,
    due: (i64, Currency),
) -> Result<Payment, PlaceError> {
    payment_of(shop, reference, due).await.map_err(PlaceError::of_new_payment)
}

/// The payment, if it can pay for this order.
///
/// # Errors
/// Why it can't.
pub(crate) async fn payment(shop: &Shop, order: &Order) -> Result<Payment, PlaceError> {
    payment_of(shop, &order.payment_reference, (order.total, order.currency)).await
}

/// The payment, if it can pay just this, and has not been given back.
///
/// # Errors
/// Why it can't.
pub(crate) async fn payment_of(
    shop: &Shop,
    reference: &PaymentReference,
    (due, currency): (i64, Currency),
) -> Result<Payment, PlaceError> {
    let payment = shop.payments.retrieve(reference).await.map_err(|error| match error {
        PaymentError::Unknown => PlaceError::UnknownPayment,
        PaymentError::Declined(_) => PlaceError::PaymentDeclined,
        PaymentError::Failure(failure) => failure.into(),
    })?;
    let fits = payment.amount == due && payment.currency.eq_ignore_ascii_case(currency.as_str());
    match payment.state() {
        _ if !fits => Err(PlaceError::PaymentMismatch),
        PaymentState::Declined => Err(PlaceError::PaymentDeclined),
        PaymentState::Captured if payment.refunded() => Err(PlaceError::PaymentUsed),
        PaymentState::Captured if payment.amount_received != due => Err(PlaceError::PaymentPartlyTaken),
        PaymentState::Processing => Err(PlaceError::PaymentProcessing),
        PaymentState::Captured | PaymentState::Capturable => Ok(payment),
    }
}

/// Takes a reserved payment, once however often it is asked.
pub(crate) async fn capture(shop: &Shop, order: &Order) -> Result<(), PlaceError> {
    // The provider repeats its answer under a key, a decline too: each time the order is taken up, it is asked anew.
    let key = format!("{}:capture:{}", order.order_id, order.version);
    match shop.payments.capture(&order.payment_reference, &key).await {
        Ok(payment) => all_taken(&payment, order.total),
        // It may have been taken before: only what the payment is now counts.
        Err(PaymentError::Declined(_)) => match payment(shop, order).await?.state() {
            PaymentState::Captured => Ok(()),
            _ => Err(PlaceError::PaymentDeclined),
        },
        Err(PaymentError::Unknown) => Err(PlaceError::UnknownPayment),
        Err(PaymentError::Failure(failure)) => Err(failure.into()),
    }
}

/// Whether the answer to a capture says that all of `due` was taken. Any other answer is not final.
pub(crate) fn all_taken(payment: &Payment, due: i64) -> Result<(), PlaceError> {
    match payment.state() {
        PaymentState::Captured if payment.amount_received == due => Ok(()),
        PaymentState::Captured => Err(PlaceError::PaymentPartlyTaken),
        _ => Err(PlaceError::PaymentProcessing),
    }
}

enum Begun {
    Go(Order, bool),
    Ended(Order),
}

/// Writes the order down, or takes it up where an earlier call left it.
async fn put(shop: &Shop, asked: &Order, email_hash: &str) -> Result<Begun, PlaceError> {
    let mut tries = Tries::of(5);
    loop {
        let look = look_at(shop.clock.now());
        let mut present = match shop.table.put_placing(asked, email_hash, look).await {
            Ok(PutOutcome::New) => return Ok(Begun::Go(asked.clone(), false)),
            Ok(PutOutcome::Present(present)) => *present,
            Ok(PutOutcome::Claimed) => return Err(PlaceError::IdReused),
            Err(unwritten) => {
                tries.after(unwritten).await?;
                continue;
            }
        };
        if present.request != asked.request {
            return Err(PlaceError::IdReused);
        }
        if present.stage != Stage::Placing {
            return Ok(Begun::Ended(present));
        }
        if resume(shop, &mut present, look).await? {
            return Ok(Begun::Go(present, true));
        }
        if !tries.next().await {
            return Err(PlaceError::NotYet);
        }
    }
}

/// Takes a placing up: from now on it is ours until `look`. False: somebody else was quicker. Its doubts stay with us and
/// are forgotten in the table: if we die, what we drew is in doubt too.
pub(crate) async fn resume(shop: &Shop, order: &mut Order, look: Timestamp) -> Result<bool, Trouble> {
    let doubts = std::mem::take(&mut order.in_doubt);
    let ours = shop.table.resume_placement(order, look).await;
    order.in_doubt = doubts;
    let ours = ours?;
    if ours {
        order.version += 1;
    }
    Ok(ours)
}

/// A payment that cannot pay for an order may have paid for this very one before.
async fn known_before(shop: &Shop, asked: &Order, error: PlaceError) -> Result<Placed, PlaceError> {
    if matches!(error, PlaceError::Trouble(_)) {
        return Err(error);
    }
    match shop.table.order(&asked.order_id).await?.map(|stored| stored.order) {
        Some(order) if order.request != asked.request => Err(PlaceError::IdReused),
        Some(order) if order.stage != Stage::Placing => ended(order),
        // The order was written down with a payment that could pay for it: a capture of ours made it what it is.
        Some(_) if error.unsettled() => Err(PlaceError::NotYet),
        _ => Err(error.of_new_payment()),
    }
}

/// What a repeat is told of an order whose placing is over.
fn ended(order: Order) -> Result<Placed, PlaceError> {
    match order.stage {
        Stage::Placed | Stage::Canceled => Ok(Placed { order, new: false }),
        Stage::Refused if order.refusal == Some(Refusal::PaymentDeclined) => Err(PlaceError::PaymentDeclined),
        Stage::Refused => Err(PlaceError::Refused(Box::new(order), BTreeMap::new())),
        Stage::Placing => Err(PlaceError::NotYet),
    }
}
