//! Draws a ticket for each line of an order, then commits all of them at once. If the fill closed a ticket meanwhile,
//! its line draws again.

use std::collections::BTreeMap;

use aws::table::{Bought, CommitOutcome, TicketDraw, WriteError};
use aws::{App, Metric, ServiceError};
use domain::names::Sku;
use domain::order::{Line, Order, RefusalReason, Stage};
use domain::placement::{Draw, refused, terms};
use domain::policy::Policy;
use domain::product::Product;

use crate::draw_ticket::{DrawResult, DrawnTickets, close, missing, promise, record_ticket};
use crate::lease::lease_until;
use crate::retry::{RetryableError, Tries, retry};

/// The most tries to commit.
const COMMITS: u32 = 12;
/// The most tries to refuse an order.
const TRIES: u32 = 5;

/// What drawing, committing and refusing need besides the order itself.
pub(crate) struct Places<'a> {
    pub app: &'a App,
    pub products: &'a [Product],
    pub email_hash: &'a str,
    /// Whether an earlier call may have drawn for this order and died.
    pub resumed: bool,
    /// Whether a caller waits for the answer.
    pub caller_waits: bool,
}

pub(crate) enum PlacementOutcome {
    /// Every line has its ticket.
    Placed(Order),
    /// The order got no place on these terms. Its draws, by line, are closed.
    Refused(Order, BTreeMap<usize, Draw>),
    /// Another call ended the placement.
    EndedElsewhere(Order),
    /// The placement is not finished. The sweep or a repeat finishes it.
    NotYet,
}

enum Drawn {
    All,
    Refused { sku: Sku, refusal: RefusalReason, last_ticket: u64 },
    Lost,
}

impl Places<'_> {
    pub async fn take(&self, order: Order) -> Result<PlacementOutcome, RetryableError> {
        let mut tickets = match self.resumed {
            true => DrawnTickets::resumed(order.unresolved_draws.clone()),
            false => DrawnTickets::default(),
        };
        let mut tries = Tries::new(COMMITS);
        let policy = self.app.policy_of(&order).await?;
        let bought = bought(&order, &policy);
        loop {
            match self.draw_all(&order, &policy, &mut tickets).await? {
                Drawn::All => {}
                Drawn::Lost => return Ok(PlacementOutcome::NotYet),
                Drawn::Refused { sku, refusal, last_ticket } => {
                    return self.refuse(order, &tickets, (sku, refusal, last_ticket)).await;
                }
            }
            let (mut placed, rows) = self.with_places(&order, &tickets, &policy);
            promise(self.app, self.products, &policy, &tickets, &mut placed).await?;
            match self.app.table.commit_placement(&placed, self.email_hash, &rows, &bought).await {
                CommitOutcome::Placed => return Ok(self.placed(placed)),
                CommitOutcome::Closed(at) => {
                    for closed in at.iter().filter_map(|at| rows.get(*at)) {
                        tickets.forget_closed(closed.row.line);
                    }
                }
                CommitOutcome::OverLimit => return self.end(order, &tickets, RefusalReason::LimitReached).await,
                CommitOutcome::NotPlacing => return self.finished_elsewhere(&order, &tickets).await,
                CommitOutcome::Unknown(error) => {
                    tries.after(error).await?;
                    continue;
                }
            }
            if !tries.next().await {
                return Ok(PlacementOutcome::NotYet);
            }
        }
    }

    fn placed(&self, order: Order) -> PlacementOutcome {
        self.app.measure(Metric::OrdersPlaced, 1);
        tracing::info!(order_id = %order.order_id, "an order has its places");
        PlacementOutcome::Placed(order)
    }

    async fn draw_all(
        &self,
        order: &Order,
        policy: &Policy,
        tickets: &mut DrawnTickets,
    ) -> Result<Drawn, RetryableError> {
        for (index, line) in order.lines.iter().enumerate() {
            if tickets.draw_of(index).is_some() {
                continue;
            }
            let product = self.products.iter().find(|product| product.sku == line.sku);
            let terms = terms(order, line, product.ok_or_else(|| missing(&line.sku))?, policy);
            match tickets.draw(self.app, index, line, terms).await? {
                DrawResult::Drawn(_) => {}
                DrawResult::Refused { refusal, last_ticket } => {
                    return Ok(Drawn::Refused { sku: line.sku.clone(), refusal, last_ticket });
                }
                DrawResult::Lost => return Ok(Drawn::Lost),
            }
        }
        Ok(Drawn::All)
    }

    /// The order with its tickets, and the rows to put.
    fn with_places(&self, order: &Order, tickets: &DrawnTickets, policy: &Policy) -> (Order, Vec<TicketDraw>) {
        let now = self.app.clock.now();
        let mut placed = order.clone();
        placed.stage = Stage::Placed;
        placed.version += 1;
        placed.placed_at = Some(now);
        placed.unresolved_draws.clear();
        let mut rows = Vec::new();
        for (index, line) in placed.lines.iter_mut().enumerate() {
            let Some(draw) = tickets.draw_of(index) else { continue };
            rows.push(record_ticket(&placed.order_id, index, line, draw, policy, now));
        }
        (placed, rows)
    }

    /// The placement was over at the commit: our own commit lost its answer, or another call ended the placement.
    async fn finished_elsewhere(
        &self,
        order: &Order,
        tickets: &DrawnTickets,
    ) -> Result<PlacementOutcome, RetryableError> {
        let now = self.read(order).await?;
        let placed = now.stage == Stage::Placed;
        let orphans =
            tickets.orphans(|line, ticket| placed && now.lines.get(line).is_some_and(|line| line.ticket == ticket));
        let all_ours = placed && orphans.is_empty();
        close(self.app, &orphans).await;
        Ok(if all_ours { self.placed(now) } else { PlacementOutcome::EndedElsewhere(now) })
    }

    /// The placement was over at the refusal: our own refusal lost its answer, or another call ended the placement.
    async fn ended_elsewhere(&self, order: &Order) -> Result<PlacementOutcome, RetryableError> {
        let now = self.read(order).await?;
        Ok(if now.stage == Stage::Placing { PlacementOutcome::NotYet } else { PlacementOutcome::EndedElsewhere(now) })
    }

    async fn read(&self, order: &Order) -> Result<Order, ServiceError> {
        let stored = self.app.table.order(&order.order_id).await?;
        let gone = || ServiceError::Broken { service: "the table", why: format!("order {} is gone", order.order_id) };
        stored.map(|stored| stored.order).ok_or_else(gone)
    }

    /// The order gets no place on these terms. The refusal is final unless a lost draw of this order may be the cause.
    async fn refuse(
        &self,
        mut order: Order,
        tickets: &DrawnTickets,
        (sku, refusal, last_ticket): (Sku, RefusalReason, u64),
    ) -> Result<PlacementOutcome, RetryableError> {
        if tickets.certain(self.app, &sku).await? {
            return self.end(order, tickets, refusal).await;
        }
        tickets.close(self.app).await;
        order.unresolved_draws = tickets.unresolved_after(sku, last_ticket);
        match self.app.table.resume_placement(&order, lease_until(self.app.clock.now())).await {
            Ok(_) | Err(WriteError::Contended) => Ok(PlacementOutcome::NotYet),
            Err(error) => Err(error.into()),
        }
    }

    /// Refuses for good and closes the drawn tickets.
    async fn end(
        &self,
        order: Order,
        tickets: &DrawnTickets,
        refusal: RefusalReason,
    ) -> Result<PlacementOutcome, RetryableError> {
        let refused = refused(&order, refusal, self.caller_waits, self.app.clock.now());
        if !retry(TRIES, || self.app.table.refuse_placement(&refused, self.email_hash)).await? {
            tickets.close(self.app).await;
            return self.ended_elsewhere(&order).await;
        }
        self.app.measure(Metric::OrdersRefused, 1);
        tracing::info!(order_id = %refused.order_id, ?refusal, "an order is refused");
        tickets.close(self.app).await;
        Ok(PlacementOutcome::Refused(refused, tickets.draws()))
    }
}

/// The units that count towards the customer's limit. Empty if the policy has no such limit.
fn bought(order: &Order, policy: &Policy) -> Vec<Bought> {
    let Some(most) = domain::placement::customer_limit(policy, order) else { return Vec::new() };
    let of_line = |line: &Line| Bought { sku: line.sku.clone(), units: line.quantity, most: Some(most) };
    order.lines.iter().map(of_line).collect()
}
