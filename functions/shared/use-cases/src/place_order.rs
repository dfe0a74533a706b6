//! Placing an order. First the request is stored, then the payment is taken, then a ticket is drawn for each line. A
//! process may die after any step. A repeat of the request, or [`crate::recover`], continues from the stored state.

use std::collections::BTreeMap;

use aws::table::PutOutcome;
use aws::{App, ServiceError};
use domain::names::Sku;
use domain::order::{Order, RefusalReason, Stage};
use domain::placement::{Draw, Placement};
use domain::policy::Policy;
use domain::product::Product;
use thiserror::Error;

use crate::lease::{lease_until, resume, wait_for_first_call};
use crate::payment::{PaymentDue, PaymentError, capture, is_taken};
use crate::policy::keep_policy;
use crate::retry::{RetryableError, Tries};

pub(crate) mod draw_and_commit;

use draw_and_commit::{PlacementOutcome, Places};

/// The most tries to put or to resume an order.
const TRIES: u32 = 5;

/// Why an order was not placed.
#[derive(Clone, Debug, Error)]
pub enum PlaceError {
    /// These lines name products that do not exist. Nothing has changed.
    #[error("the order names products that do not exist")]
    UnknownSkus(Vec<usize>),
    /// These lines exceed the shop's limit of units in one order. Nothing has changed.
    #[error("an order may have at most {1} units of a product")]
    TooManyUnits(Vec<usize>, i64),
    /// The customer would exceed the shop's limit of units per customer. Nothing has changed.
    #[error("a customer may have at most {0} units of a product")]
    LimitReached(i64),
    /// The payment does not pay for the order; the inner error says why.
    #[error(transparent)]
    Payment(PaymentError),
    /// The payment belongs to another order.
    #[error("the payment reference was used for another order")]
    IdReused,
    /// The order got no place. This is final, and the money goes back. The draws of this call, by line, are closed.
    #[error("the order was refused")]
    Refused(Box<Order>, BTreeMap<usize, Draw>),
    /// The placement is not finished yet. The sweep finishes it; a repeat returns the outcome.
    #[error("the order is not placed yet")]
    NotYet,
    /// Something failed. A repeat continues from the stored state.
    #[error(transparent)]
    Retryable(#[from] RetryableError),
}

impl From<ServiceError> for PlaceError {
    fn from(failure: ServiceError) -> Self {
        Self::Retryable(failure.into())
    }
}

impl From<PaymentError> for PlaceError {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::Service(failure) => failure.into(),
            unsettled if unsettled.unsettled() => Self::NotYet,
            other => Self::Payment(other),
        }
    }
}

/// An order that has its tickets.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The order.
    pub order: Order,
    /// Whether this call placed the order.
    pub new: bool,
}

/// Places an order. A repeat returns the outcome of the first call.
pub async fn place(app: &App, placement: &Placement) -> Result<Placed, PlaceError> {
    let products = products(app, placement).await?;
    let key = &app.secrets.identity().await?;
    let policy = app.policy().await?;
    let asked = placement.order(key, &policy, app.clock.now());
    let email_hash = key.email_hash(&placement.customer.email);
    if let Some(error) = above_limits(app, placement, &policy, &email_hash).await?
        && app.table.order(&asked.order_id).await?.is_none()
    {
        return Err(error);
    }
    let taken = match is_taken(app, PaymentDue::of_order(&asked)).await {
        Ok(taken) => taken,
        Err(error) => return known_before(app, &asked, error).await,
    };
    keep_policy(app, &policy).await?;
    let (order, resumed) = match put(app, &asked, &email_hash).await? {
        Attempt::Go(order, resumed) => (order, resumed),
        Attempt::Ended(order) => return ended(order),
    };
    if !taken {
        capture(app, PaymentDue::of_order(&order), &capture_key(&order)).await?;
    }
    let places = Places { app, products: &products, email_hash: &email_hash, resumed, caller_waits: true };
    match places.take(order).await? {
        PlacementOutcome::Placed(order) => Ok(Placed { order, new: true }),
        PlacementOutcome::Refused(order, closed) => Err(PlaceError::Refused(Box::new(order), closed)),
        PlacementOutcome::EndedElsewhere(order) => ended(order),
        PlacementOutcome::NotYet => Err(PlaceError::NotYet),
    }
}

async fn products(app: &App, placement: &Placement) -> Result<Vec<Product>, PlaceError> {
    let skus: Vec<_> = placement.lines.iter().map(|line| line.sku.clone()).collect();
    let products = app.table.products_of(&skus).await?;
    let unknown = |sku: &Sku| !products.iter().any(|product: &Product| product.sku == *sku);
    let unknown: Vec<usize> = skus.iter().enumerate().filter(|(_, sku)| unknown(sku)).map(|(at, _)| at).collect();
    if unknown.is_empty() { Ok(products) } else { Err(PlaceError::UnknownSkus(unknown)) }
}

/// The error for a limit that the order would exceed. Nothing is written.
async fn above_limits(
    app: &App,
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
    let has = app.table.bought(email_hash).await?;
    let above = placement.lines.iter().any(|it| has.get(&it.sku).copied().unwrap_or_default() + it.quantity > most);
    Ok(above.then_some(PlaceError::LimitReached(most)))
}

/// The idempotency key of a capture. Each call that resumes the order uses another key.
pub(crate) fn capture_key(order: &Order) -> String {
    format!("{}:capture:{}", order.order_id, order.version)
}

enum Attempt {
    Go(Order, bool),
    Ended(Order),
}

/// Stores the order, or resumes it where an earlier call stopped.
async fn put(app: &App, asked: &Order, email_hash: &str) -> Result<Attempt, PlaceError> {
    let (mut tries, mut waited) = (Tries::new(TRIES), false);
    loop {
        let look = lease_until(app.clock.now());
        let mut present = match app.table.put_placing(asked, email_hash, look).await {
            Ok(PutOutcome::New) => return Ok(Attempt::Go(asked.clone(), false)),
            Ok(PutOutcome::Present(present)) if waited => *present,
            Ok(PutOutcome::Present(present)) => {
                waited = true;
                wait_for_first_call(app, *present).await?
            }
            Ok(PutOutcome::Claimed) => return Err(PlaceError::IdReused),
            Err(error) => {
                tries.after(error).await?;
                continue;
            }
        };
        if present.request != asked.request {
            return Err(PlaceError::IdReused);
        }
        if present.stage != Stage::Placing {
            return Ok(Attempt::Ended(present));
        }
        if resume(app, &mut present, look).await? {
            return Ok(Attempt::Go(present, true));
        }
        if !tries.next().await {
            return Err(PlaceError::NotYet);
        }
    }
}

/// Handles a payment that cannot pay for a new order, but may have paid for this order in an earlier call.
async fn known_before(app: &App, asked: &Order, error: PaymentError) -> Result<Placed, PlaceError> {
    if let PaymentError::Service(failure) = error {
        return Err(failure.into());
    }
    match app.table.order(&asked.order_id).await?.map(|stored| stored.order) {
        Some(order) if order.request != asked.request => Err(PlaceError::IdReused),
        Some(order) if order.stage != Stage::Placing => ended(order),
        // The payment was valid when the order was stored. Our own capture changed it.
        Some(_) => Err(error.into()),
        None => Err(error.of_new_payment().into()),
    }
}

/// The answer to a repeat after the placement ended.
fn ended(order: Order) -> Result<Placed, PlaceError> {
    match order.stage {
        Stage::Placed | Stage::Canceled => Ok(Placed { order, new: false }),
        Stage::Refused if order.refusal == Some(RefusalReason::PaymentDeclined) => {
            Err(PlaceError::Payment(PaymentError::Declined))
        }
        Stage::Refused => Err(PlaceError::Refused(Box::new(order), BTreeMap::new())),
        Stage::Placing => Err(PlaceError::NotYet),
    }
}
