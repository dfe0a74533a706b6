//! Handles the refund queue. Each message names one change of an order. The change is refunded exactly once. The
//! provider forgets an idempotency key after a day, so this function first looks for earlier refunds of the change.

use aws::payments::{PaymentState, ProviderError};
use aws::queues::RefundMessage;
use aws::{App, CorrelationId, Metric, ServiceError, messages};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::names::PaymentReference;
use domain::order::{Order, Stage};
use domain::refund::{Change, Part, RefundStatus};
use domain::task::Task;
use lambda_runtime::Error;
use use_cases::RetryableError;
use use_cases::retry::retry;

/// The most tries to settle a refund while other writes change the same order.
const TRIES: u32 = 6;

/// Refunds the change that each message names. The queue delivers failed messages again.
pub async fn handle(app: &App, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let app = app.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let work =
        async |app: &App, message: &SqsMessage| handle_message(app, message.body.as_deref().unwrap_or_default()).await;
    let log_failure = |message_id: &str, error: &RetryableError| {
        tracing::warn!(message_id, %error, "a refund will be tried again");
    };
    Ok(messages::each(&app, event, log_failure, work).await)
}

async fn handle_message(app: &App, body: &str) -> Result<(), RetryableError> {
    let broken = |why: String| ServiceError::Broken { service: "the refund queue", why };
    let message: RefundMessage = serde_json::from_str(body).map_err(|error| broken(error.to_string()))?;
    let stored = app.table.order(&message.order_id).await?;
    let order = stored.ok_or_else(|| broken(format!("there is no order {}", message.order_id)))?.order;
    let Some(change) = order.changes.get(&message.change_id) else {
        return Err(broken(format!("order {} has no such change", order.order_id)).into());
    };
    if change.status != RefundStatus::Due {
        return Ok(());
    }
    let after = give_back(app, &order, &message.change_id, change).await?;
    let (amount, status) = (after.refund, after.status);
    tracing::info!(order_id = %order.order_id, change_id = message.change_id, amount, ?status, "a refund is settled");
    let now = app.clock.now();
    let failed =
        (status == RefundStatus::Failed).then(|| Task::failed_refund(&order.order_id, &message.change_id, now));
    if retry(TRIES, || app.table.settle_refund(&order.order_id, &message.change_id, &after, failed.as_ref())).await? {
        settled(app, change, status);
    }
    Ok(())
}

fn settled(app: &App, change: &Change, status: RefundStatus) {
    let paid = status == RefundStatus::Paid;
    app.measure(if paid { Metric::RefundsPaid } else { Metric::RefundsFailed }, 1);
    app.measure(Metric::RefundDelay, app.clock.now().duration_since(change.at).as_secs());
}

/// Refunds each payment's part of a change. Returns the change with the amounts; it is paid when all parts are paid.
async fn give_back(app: &App, order: &Order, id: &str, change: &Change) -> Result<Change, ServiceError> {
    let unused = order.stage != Stage::Placed || change.came_to_nothing();
    let mut paid = Vec::new();
    for part in change.parts_of(&order.payment_reference) {
        // If the payment bought nothing, the refund is the captured amount: all of the part, less, or nothing.
        let taken = if unused { taken(app, order, &part.payment).await? } else { None };
        let part = Part { amount: taken.unwrap_or(part.amount).min(part.amount), ..part };
        if part.amount == 0 {
            paid.push(part);
        } else if let Some(amount) = give_part(app, order, id, &part).await? {
            paid.push(Part { amount, ..part });
        } else {
            tracing::error!(order_id = %order.order_id, change_id = id, "the provider will not pay a refund");
            return Ok(Change { status: RefundStatus::Failed, ..change.clone() });
        }
    }
    let mut after = Change { status: RefundStatus::Paid, ..change.clone() };
    after.refund = paid.iter().map(|part| part.amount).sum();
    if let Some(extra) = after.swap.as_mut().filter(|_| unused).and_then(|swap| swap.extra.as_mut()) {
        extra.amount = after.refund;
    }
    if !change.parts.is_empty() {
        after.parts = paid;
    }
    Ok(after)
}

/// Refunds one payment's part and returns the refunded amount. `None`: the provider refuses the refund.
async fn give_part(app: &App, order: &Order, id: &str, part: &Part) -> Result<Option<i64>, ServiceError> {
    let before = app.payments.refunds(&part.payment).await;
    if let Some(paid) =
        service_response(before)?.and_then(|refunds| refunds.into_iter().find(|refund| refund.settles(id)))
    {
        return Ok(Some(paid.amount));
    }
    let key = match part.payment == order.payment_reference {
        true => format!("{}:{id}", order.order_id),
        false => format!("{}:{id}:{}", order.order_id, part.payment),
    };
    let refund =
        service_response(app.payments.refund(&part.payment, part.amount, order.order_id.as_str(), id, &key).await)?;
    Ok(refund.filter(|refund| refund.settles(id)).map(|refund| refund.amount))
}

/// Returns the captured amount of a payment that bought nothing, in minor units. `None`: the provider knows no such
/// payment. An uncaptured payment is released, so that it can never be captured.
async fn taken(app: &App, order: &Order, reference: &PaymentReference) -> Result<Option<i64>, ServiceError> {
    let Some(payment) = service_response(app.payments.retrieve(reference).await)? else { return Ok(None) };
    if payment.state() == PaymentState::Captured {
        return Ok(Some(payment.amount_received));
    }
    let key = match *reference == order.payment_reference {
        true => format!("{}:release", order.order_id),
        false => format!("{}:release:{reference}", order.order_id),
    };
    match app.payments.release(reference, &key).await {
        Ok(payment) if payment.released() => Ok(Some(0)),
        Err(ProviderError::Service(failure)) => Err(failure),
        // The payment was captured or released meanwhile: its state counts. While it is processing, a retry asks again.
        Ok(_) | Err(_) => match service_response(app.payments.retrieve(reference).await)? {
            None => Ok(None),
            Some(payment) if payment.released() => Ok(Some(0)),
            Some(payment) if payment.state() == PaymentState::Captured => Ok(Some(payment.amount_received)),
            Some(_) => {
                let why = "the payment is neither taken nor released yet".to_owned();
                Err(ServiceError::Unavailable { service: "the payment provider", why })
            }
        },
    }
}

/// Returns the provider's answer. `None`: the provider declined.
fn service_response<T>(answer: Result<T, ProviderError>) -> Result<Option<T>, ServiceError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(ProviderError::Service(failure)) => Err(failure),
        Err(_) => Ok(None),
    }
}
