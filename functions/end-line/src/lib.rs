//! Ends the line of a product that will not come any more: whoever waits is let go, the first in line first, refunded and
//! told. It is woken when the product is discontinued, and again by whatever brings somebody into the line after that.

use std::time::Duration;

use aws::queues::EndLineMessage;
use aws::{CorrelationId, Failure, Metric, Shop, messages};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::cancel::Ending;
use domain::names::Sku;
use domain::ticket::Ticket;
use lambda_runtime::Error;
use tokio::time::Instant;
use use_cases::Trouble;
use use_cases::cancel::end;
use use_cases::line_walk::Walk;
use use_cases::publish::close_line;

/// So long a run works; what is left then, the message brings again. Less than the function may take.
const WORKS_FOR: Duration = Duration::from_secs(270);
/// So long after units were seen that are not given yet, it is looked again.
const PAUSE: Duration = Duration::from_millis(250);

/// Ends the lines that the messages name; what failed comes again, and finds those who are gone already.
///
/// # Errors
/// Never; what failed is named in the answer.
pub async fn handle(shop: &Shop, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let shop = shop.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let one = async |shop: &Shop, message: &SqsMessage| one(shop, message.body.as_deref().unwrap_or_default()).await;
    let told = |message_id: &str, trouble: &Trouble| {
        tracing::warn!(message_id, %trouble, "the end of a line will be tried again");
    };
    Ok(messages::each(&shop, event, told, one).await)
}

async fn one(shop: &Shop, body: &str) -> Result<(), Trouble> {
    let broken = |error: serde_json::Error| Failure::Broken { service: "the queue", why: error.to_string() };
    let message: EndLineMessage = serde_json::from_str(body).map_err(broken)?;
    end_line(shop, &message.sku, Instant::now() + WORKS_FOR).await
}

/// Waits until nothing lies there that is still to be given to who stands here: it is theirs, and the fill is on its way
/// (R5). False where time ran out.
async fn given(shop: &Shop, sku: &Sku, ticket: &Ticket, until: Instant) -> Result<bool, Failure> {
    loop {
        let there = shop.table.stock(sku).await?.is_some_and(|stock| stock.unassigned_total() > 0);
        if !there {
            return Ok(true);
        }
        let stored = shop.table.order(&ticket.order_id).await?;
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

/// Lets go who waits. One order that fails stops nobody, and makes the whole come again.
async fn end_line(shop: &Shop, sku: &Sku, until: Instant) -> Result<(), Trouble> {
    let Some(mut walk) = Walk::of(shop, sku).await?.filter(|walk| walk.discontinued) else { return Ok(()) };
    // Who discontinued it may have died before the line was closed.
    close_line(shop, sku).await?;
    let (mut ended, mut left, mut last) = (0, 0, None);
    let mut in_time = true;
    while let Some(waiting) = walk.next(shop).await? {
        for ticket in waiting {
            in_time = Instant::now() < until && given(shop, sku, &ticket, until).await?;
            if !in_time {
                break;
            }
            match end(shop, &ticket.order_id, Ending::Discontinued(sku)).await {
                Ok(let_go) => ended += i64::from(let_go),
                Err(fault) => {
                    tracing::error!(order_id = %ticket.order_id, %fault, "an order could not be let go");
                    left += 1;
                    last = Some(fault);
                }
            }
        }
        tracing::info!(%sku, ended, left, through = walk.through(), "letting go who waits");
        if !in_time {
            break;
        }
    }
    shop.measure(Metric::OrdersDiscontinued, ended);
    tracing::info!(%sku, ended, left, in_time, "a line was ended as far as its books go");
    match last {
        Some(fault) => Err(Trouble::from(fault)),
        None if in_time => Ok(()),
        None => Err(Trouble::Busy),
    }
}
