//! Finishing a swap that is under way: take its payment, draw a ticket of the new product, and commit the new place and
//! the end of the old place at once. While an outcome is unknown, the swap stays under way and the old place is kept.

use aws::table::{Bought, StoredOrder, SwapOutcome, TicketDraw, WriteError};
use aws::{App, ServiceError};
use domain::cancel::Cancelation;
use domain::estimate::of_lines;
use domain::order::{Line, Order, RefusalReason};
use domain::placement::{Draw, terms};
use domain::policy::Policy;
use domain::product::Product;
use domain::swap::{Swap, SwapRefusalReason, commit, refuse};

use crate::draw_ticket::{DrawResult, DrawnTickets, close, record_ticket, window};
use crate::lease::lease_until;
use crate::payment::{PaymentDue, PaymentError, settle};
use crate::publish::publish;
use crate::retry::{RetryableError, Tries};

/// The most tries to commit.
const COMMITS: u32 = 14;

/// A swap that this call works on.
pub(crate) struct UnderWay<'a> {
    pub app: &'a App,
    /// The swap as this call stored it.
    pub swap: &'a Swap,
    /// The new product.
    pub product: &'a Product,
    /// The last ticket that earlier calls may have drawn.
    pub unresolved_draws: Option<u64>,
    /// Whether a caller waits for the answer.
    pub caller_waits: bool,
}

pub(crate) enum SwapEnd {
    /// The swap is over. The order holds its outcome.
    Over(Box<Order>),
    /// The swap is not finished. The sweep or a repeat finishes it.
    NotYet,
}

enum Attempt {
    Ended(SwapEnd),
    Again,
    NotWritten(WriteError),
}

impl UnderWay<'_> {
    /// Takes the reserved money exactly once, even if called repeatedly. If the line has changed meanwhile, the swap
    /// needs no more money: the swap will end without a new place, and the money already taken goes back.
    pub async fn pay(&self, order: &Order) -> Result<(), PaymentError> {
        let Some(extra) = self.swap.extra() else { return Ok(()) };
        let due = PaymentDue { reference: &extra.payment, amount: extra.amount, currency: order.currency };
        // Each call that resumes the swap uses a new key, so that the provider answers anew.
        let key = format!("{}:{}:capture:{}", order.order_id, self.swap.change_id, self.swap.lease_count);
        match settle(self.app, due, &key).await {
            Err(error) if error.unsettled() && self.swap.overtaken(order).is_some() => Ok(()),
            paid => paid,
        }
    }

    /// Draws and commits until the swap is over or the tries are used up.
    pub async fn take(&self, mut stored: StoredOrder) -> Result<SwapEnd, RetryableError> {
        let mut tickets = self.tickets();
        let mut tries = Tries::new(COMMITS);
        loop {
            match self.attempt(&stored, &mut tickets).await? {
                Attempt::Ended(ended) => return Ok(ended),
                Attempt::Again if tries.next().await => {}
                Attempt::Again => return Ok(SwapEnd::NotYet),
                Attempt::NotWritten(error) => tries.after(error).await?,
            }
            let now = self.app.table.order(&stored.order.order_id).await?;
            stored = now.ok_or_else(|| gone(&stored.order))?;
        }
    }

    /// Starts without tickets. A swap keeps its ticket under the index of the old line.
    fn tickets(&self) -> DrawnTickets {
        match self.swap.lease_count {
            1 => DrawnTickets::default(),
            _ => DrawnTickets::resumed(
                self.unresolved_draws.map(|mark| (self.swap.sku.clone(), mark)).into_iter().collect(),
            ),
        }
    }

    async fn attempt(&self, stored: &StoredOrder, tickets: &mut DrawnTickets) -> Result<Attempt, RetryableError> {
        let order = &stored.order;
        if order.swap.as_ref().is_none_or(|swap| swap.change_id != self.swap.change_id) {
            return self.ended_elsewhere(order, tickets).await;
        }
        if let Some(refusal) = self.swap.overtaken(order) {
            return self.give_up(stored, tickets, refusal).await;
        }
        if let Some(draw) = tickets.draw_of(self.swap.line) {
            return self.commit(stored, tickets, draw).await;
        }
        let line = self.swap.new_line();
        let policy = self.app.policy_of(order).await?;
        let terms = terms(order, &line, self.product, &policy);
        match tickets.draw(self.app, self.swap.line, &line, terms).await? {
            DrawResult::Drawn(draw) => self.commit(stored, tickets, draw).await,
            DrawResult::Refused { refusal, last_ticket } => self.refused(stored, tickets, refusal, last_ticket).await,
            DrawResult::Lost => Ok(Attempt::Ended(SwapEnd::NotYet)),
        }
    }

    async fn commit(
        &self,
        stored: &StoredOrder,
        tickets: &mut DrawnTickets,
        drawn: Draw,
    ) -> Result<Attempt, RetryableError> {
        let now = self.app.clock.now();
        let policy = self.app.policy_of(&stored.order).await?;
        let (swapped, place) = self.swapped(&stored.order, &policy, drawn).await?;
        let most = domain::placement::customer_limit(&policy, &stored.order);
        let bought = most.map(|most| Bought { sku: place.sku.clone(), units: place.row.quantity, most: Some(most) });
        match self.app.table.commit_swap(&swapped, &place, bought.as_ref(), &stored.email_hash, now).await {
            SwapOutcome::Swapped => self.made(swapped.order).await,
            SwapOutcome::Stale => Ok(Attempt::Again),
            SwapOutcome::OverLimit => {
                self.give_up(stored, tickets, SwapRefusalReason::NoPlace(RefusalReason::LimitReached)).await
            }
            SwapOutcome::Closed => {
                tickets.forget_closed(self.swap.line);
                Ok(Attempt::Again)
            }
            SwapOutcome::Unknown(error) => Ok(Attempt::NotWritten(error)),
        }
    }

    async fn swapped(
        &self,
        order: &Order,
        policy: &Policy,
        drawn: Draw,
    ) -> Result<(Cancelation, TicketDraw), ServiceError> {
        let now = self.app.clock.now();
        let mut line = self.swap.new_line();
        let place = record_ticket(&order.order_id, order.lines.len(), &mut line, drawn, policy, now);
        line.promised = Some(window(self.app, &line.sku, Some(self.product), policy, drawn, now).await?);
        let mut swapped = commit(order, self.swap, line, policy, now)
            .map_err(|error| ServiceError::Broken { service: "the table", why: error.to_string() })?;
        // A line that leaves together with other lines leaves no earlier than promised for those lines (R8).
        let open = |line: &Line| line.promised.filter(|_| line.open() > 0);
        let promised: Vec<_> = swapped.order.lines.iter().map(open).collect();
        let windows = of_lines(&swapped.order, policy, &promised);
        if let Some((line, window)) = swapped.order.lines.last_mut().zip(windows.last()) {
            line.promised = *window;
        }
        Ok((swapped, place))
    }

    async fn made(&self, order: Order) -> Result<Attempt, RetryableError> {
        tracing::info!(order_id = %order.order_id, sku = %self.swap.sku, "a line was swapped");
        republish(self.app, &order, self.swap.line).await?;
        Ok(Attempt::Ended(SwapEnd::Over(Box::new(order))))
    }

    /// The swap was over already: our own commit lost its answer, or another call ended the swap.
    async fn ended_elsewhere(&self, order: &Order, tickets: &DrawnTickets) -> Result<Attempt, RetryableError> {
        let ours = |line: &&Line| line.swapped_from == Some(self.swap.line) && line.sku == self.swap.sku;
        let orphans = tickets.orphans(|_, ticket| order.lines.iter().filter(ours).any(|line| line.ticket == ticket));
        close(self.app, &orphans).await;
        republish(self.app, order, self.swap.line).await?;
        Ok(Attempt::Ended(SwapEnd::Over(Box::new(order.clone()))))
    }

    /// The swap gets no place on these terms. The refusal is final unless a lost draw of this swap may be the cause.
    async fn refused(
        &self,
        stored: &StoredOrder,
        tickets: &DrawnTickets,
        refusal: RefusalReason,
        last_ticket: u64,
    ) -> Result<Attempt, RetryableError> {
        if tickets.certain(self.app, &self.swap.sku).await? {
            return self.give_up(stored, tickets, SwapRefusalReason::NoPlace(refusal)).await;
        }
        let unresolved = tickets.unresolved_after(self.swap.sku.clone(), last_ticket);
        let mut order = stored.order.clone();
        order.version += 1;
        if let Some(swap) = &mut order.swap {
            swap.unresolved_draws = swap.unresolved_draws.max(unresolved.get(&self.swap.sku).copied());
            swap.lease_until = lease_until(self.app.clock.now());
        }
        match self.app.table.note_swap(&order, &stored.email_hash).await {
            Ok(()) => Ok(Attempt::Ended(SwapEnd::NotYet)),
            Err(WriteError::Condition(_)) => Ok(Attempt::Again),
            Err(error) => Ok(Attempt::NotWritten(error)),
        }
    }

    /// Ends the swap without a new place, unless another call has resumed the swap: then that call ends it.
    async fn give_up(
        &self,
        stored: &StoredOrder,
        tickets: &DrawnTickets,
        refusal: SwapRefusalReason,
    ) -> Result<Attempt, RetryableError> {
        let theirs = stored.order.swap.as_ref().is_none_or(|swap| swap.lease_count != self.swap.lease_count);
        if theirs {
            tickets.close(self.app).await;
            return Ok(Attempt::Ended(SwapEnd::NotYet));
        }
        let ended = refuse(&stored.order, self.swap, refusal, self.caller_waits, self.app.clock.now());
        match self.app.table.note_swap(&ended, &stored.email_hash).await {
            Ok(()) => {
                tracing::info!(order_id = %ended.order_id, ?refusal, "a swap was given up");
                tickets.close(self.app).await;
                Ok(Attempt::Ended(SwapEnd::Over(Box::new(ended))))
            }
            Err(WriteError::Condition(_)) => Ok(Attempt::Again),
            Err(error) => Ok(Attempt::NotWritten(error)),
        }
    }

    /// Ends a swap that was never paid.
    pub async fn unpaid(&self, stored: &StoredOrder) -> Result<(), RetryableError> {
        let unpaid = SwapRefusalReason::NoPlace(RefusalReason::PaymentDeclined);
        match self.give_up(stored, &DrawnTickets::default(), unpaid).await? {
            Attempt::NotWritten(error) => Err(error.into()),
            Attempt::Ended(_) | Attempt::Again => Ok(()),
        }
    }
}

/// Publishes the old line's product if the swap was made: its units are for sale again.
pub(crate) async fn republish(app: &App, order: &Order, line: usize) -> Result<(), RetryableError> {
    match order.lines.get(line) {
        Some(line) if line.swapped_to.is_some() => publish(app, &line.sku).await,
        _ => Ok(()),
    }
}

fn gone(order: &Order) -> ServiceError {
    ServiceError::Broken { service: "the table", why: format!("order {} is gone", order.order_id) }
}
