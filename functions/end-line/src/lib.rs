//! Ends the backlog of a discontinued product: cancels and refunds the waiting units, the first in line first. A
//! message comes when the product is discontinued, and later whenever an order joins the backlog.

use std::time::Duration;

use aws::queues::EndLineMessage;
use aws::{App, CorrelationId, Metric, ServiceError, messages};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::cancel::Ending;
use domain::names::Sku;
use domain::ticket::Ticket;
use lambda_runtime::Error;
use tokio::time::Instant;
use use_cases::RetryableError;
use use_cases::cancel::end;
use use_cases::line_walk::Walk;
use use_cases::publish::close_line;

/// How long a run works, less than the function's timeout. The redelivered message continues with the rest.
const WORKS_FOR: Duration = Duration::from_secs(270);
/// The pause before the next check whether the fill has given the unassigned units.
const PAUSE: Duration = Duration::from_millis(250);

/// Ends the backlogs that the messages name. A failed message comes again and continues.
pub async fn handle(app: &App, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let app = app.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let work =
        async |app: &App, message: &SqsMessage| handle_message(app, message.body.as_deref().unwrap_or_default()).await;
    let log_failure = |message_id: &str, error: &RetryableError| {
        tracing::warn!(message_id, %error, "the end of a line will be tried again");
    };
    Ok(messages::each(&app, event, log_failure, work).await)
}

async fn handle_message(app: &App, body: &str) -> Result<(), RetryableError> {
    let broken = |error: serde_json::Error| ServiceError::Broken { service: "the queue", why: error.to_string() };
    let message: EndLineMessage = serde_json::from_str(body).map_err(broken)?;
    end_line(app, &message.sku, Instant::now() + WORKS_FOR).await
}

/// Waits until no unit is unassigned or the ticket's line waits for none: the fill is about to give the unassigned
/// units (R5). Returns false if the time ran out.
async fn end_ticket(app: &App, sku: &Sku, ticket: &Ticket, until: Instant) -> Result<bool, ServiceError> {
    loop {
        let there = app.table.stock(sku).await?.is_some_and(|stock| stock.unassigned_total() > 0);
        if !there {
            return Ok(true);
        }
        let stored = app.table.order(&ticket.order_id).await?;
        let line = stored.as_ref().and_then(|stored| stored.order.lines.get(ticket.line));
        if line.is_none_or(|line| line.waiting() == 0) {
            return Ok(true);
        }
        if Instant::now() >= until {
            return Ok(false);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Cancels all waiting units. A failure of one order does not stop the others, but the message comes again.
async fn end_line(app: &App, sku: &Sku, until: Instant) -> Result<(), RetryableError> {
    let Some(mut walk) = Walk::start(app, sku).await?.filter(|walk| walk.discontinued) else { return Ok(()) };
    // The call that discontinued the product may have died before it closed the backlog.
    close_line(app, sku).await?;
    let (mut ended, mut left, mut last) = (0, 0, None);
    let mut in_time = true;
    while let Some(waiting) = walk.next(app).await? {
        for ticket in waiting {
            in_time = Instant::now() < until && end_ticket(app, sku, &ticket, until).await?;
            if !in_time {
                break;
            }
            match end(app, &ticket.order_id, Ending::Discontinued(sku)).await {
                Ok(let_go) => ended += i64::from(let_go),
                Err(error) => {
                    tracing::error!(order_id = %ticket.order_id, %error, "an order could not be let go");
                    left += 1;
                    last = Some(error);
                }
            }
        }
        tracing::info!(%sku, ended, left, through = walk.through(), "letting go who waits");
        if !in_time {
            break;
        }
    }
    app.measure(Metric::OrdersDiscontinued, ended);
    tracing::info!(%sku, ended, left, in_time, "a line was ended up to its resolved watermark");
    match last {
        Some(error) => Err(RetryableError::from(error)),
        None if in_time => Ok(()),
        None => Err(RetryableError::Busy),
    }
}
