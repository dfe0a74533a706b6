//! Recording mails that did not arrive, and correcting the address of an order (R24).

use std::collections::BTreeMap;

use aws::table::{Bought, Correction, StoredOrder};
use aws::{App, Metric, ServiceError};
use domain::identity::OrderId;
use domain::mailing::{DeliveryOutcome, MissedMail, Undelivered};
use domain::names::Sku;
use domain::order::{Order, Stage};
use domain::task::Task;
use thiserror::Error;

use crate::retry::{RetryableError, Tries};

/// The most tries while other writes change the same order.
const TRIES: u32 = 14;

/// Records on its order that a mail did not arrive. The first such mail of an order opens a staff task. An address that
/// no longer takes mail opens a task too. Events may repeat and arrive in any sequence. False: there is no such order.
pub async fn undelivered(
    app: &App,
    id: &OrderId,
    mail: &MissedMail,
    outcome: DeliveryOutcome,
) -> Result<bool, RetryableError> {
    let mut tries = Tries::new(TRIES);
    loop {
        let Some(read) = app.table.order(id).await? else { return Ok(false) };
        let now = app.clock.now();
        let Some(after) = read.order.after_mail(mail, outcome, now) else { return Ok(true) };
        let new = after.mailing.undeliverable.filter(|_| read.order.mailing.undeliverable.is_none());
        let worse = new.is_some() || after.mailing.is_wrong() && !read.order.mailing.is_wrong();
        let why = why(new.map(|it| it.reason));
        let task = worse.then(|| Task::undeliverable(id, after.mailing.address, why, now));
        match app.table.commit_undelivered(&after, &read.email_hash, task.as_ref()).await {
            Ok(()) => {
                app.measure(Metric::OrdersUndeliverable, i64::from(new.is_some()));
                tracing::info!(order_id = %id, kind = mail.kind, undeliverable = new.is_some(), "a mail failed");
                return Ok(true);
            }
            Err(error) => tries.after(error).await?,
        }
    }
}

fn why(reason: Option<Undelivered>) -> &'static str {
    match reason {
        None => "a mail did not arrive",
        Some(Undelivered::Bounced) => "mails to its address come back",
        Some(Undelivered::Complained) => "a mail to its address was called spam",
    }
}

/// Why an address was not corrected.
#[derive(Clone, Debug, Error)]
pub enum CorrectAddressError {
    /// There is no such order.
    #[error("there is no such order")]
    UnknownOrder,
    /// The order is still being placed.
    #[error("the order is still being placed; ask again in a minute")]
    StillPlacing,
    /// The address was corrected too often.
    #[error("the address has been corrected too often")]
    TooManyCorrections,
    /// Mails to that address come back. Only the shop may still use it.
    #[error("mails to this address come back")]
    Undeliverable,
    /// Something failed. A repeat is safe.
    #[error(transparent)]
    Retryable(#[from] RetryableError),
}

impl From<ServiceError> for CorrectAddressError {
    fn from(failure: ServiceError) -> Self {
        Self::Retryable(failure.into())
    }
}

/// Sends an order's later mails and its missed mails to `email`. The present address changes nothing while its mails
/// arrive; otherwise its missed mails are sent again. Only the shop (`by_shop`) may use an address that takes no mail.
pub async fn correct_address(
    app: &App,
    id: &OrderId,
    email: &str,
    by_shop: bool,
) -> Result<Order, CorrectAddressError> {
    let hash = app.secrets.identity().await?.email_hash(email);
    let mut tries = Tries::new(TRIES);
    loop {
        let read = app.table.order(id).await?.ok_or(CorrectAddressError::UnknownOrder)?;
        if read.order.stage == Stage::Placing {
            return Err(CorrectAddressError::StillPlacing);
        }
        let wrong = read.order.mailing.is_wrong();
        if read.order.customer.email == email && !wrong {
            return Ok(read.order);
        }
        let lifts = app.table.suppressed(std::slice::from_ref(&hash)).await?.contains_key(&hash);
        if lifts && !by_shop {
            return Err(CorrectAddressError::Undeliverable);
        }
        let after = read.order.with_address(email).ok_or(CorrectAddressError::TooManyCorrections)?;
        let correction = Correction {
            order: &after,
            before: &read.email_hash,
            present: &hash,
            settles: wrong.then(|| Task::undeliverable_id(id, read.order.mailing.address)),
            lifts,
            bought: counted(app, &read).await?,
            at: app.clock.now(),
        };
        match app.table.commit_address(&correction).await {
            Ok(()) => {
                tracing::info!(order_id = %id, by_shop, "an order's address was corrected");
                return Ok(after);
            }
            Err(error) => tries.after(error).await.map_err(CorrectAddressError::Retryable)?,
        }
    }
}

/// The order's units that count towards the customer's limit. Empty if the policy has no such limit.
async fn counted(app: &App, read: &StoredOrder) -> Result<Vec<Bought>, ServiceError> {
    let order = &read.order;
    if order.stage != Stage::Placed || domain::placement::customer_limit(&*app.policy_of(order).await?, order).is_none()
    {
        return Ok(Vec::new());
    }
    // Two lines may hold one product: one line shipped, and another was later swapped for the same product.
    let mut kept: BTreeMap<&Sku, i64> = BTreeMap::new();
    for line in order.lines.iter().filter(|line| line.quantity > line.canceled) {
        *kept.entry(&line.sku).or_default() += line.quantity - line.canceled;
    }
    Ok(kept.into_iter().map(|(sku, units)| Bought { sku: sku.clone(), units, most: None }).collect())
}
