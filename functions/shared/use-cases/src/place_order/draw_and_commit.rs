//! Taking an order's places: a draw for each line, then one commit for all of them. A ticket that the fill closed meanwhile
//! is drawn again.

use std::collections::BTreeMap;

use aws::table::{Bought, CommitOutcome, TicketDraw, Unwritten};
use aws::{Failure, Metric, Shop};
use domain::names::Sku;
use domain::order::{Line, Order, Refusal, Stage};
use domain::placement::{Draw, refused, terms};
use domain::policy::Policy;
use domain::product::Product;

use crate::draw_ticket::{DrawnTickets, OneDraw, close, missing, promise, record_ticket};
use crate::lease::look_at;
use crate::retry::{Tries, Trouble};

/// Tries to commit, at most.
const COMMITS: u32 = 12;

/// What is needed to take places.
pub(crate) struct Places<'a> {
    pub shop: &'a Shop,
    pub products: &'a [Product],
    pub email_hash: &'a str,
    /// An earlier call may have drawn for this order and died.
    pub resumed: bool,
    /// Somebody waits for the answer.
    pub told: bool,
}

/// What taking places came to.
pub(crate) enum Taken {
    /// The order has its places.
    Placed(Order),
    /// It got none on these terms; what it drew for other lines, by line, is closed.
    Refused(Order, BTreeMap<usize, Draw>),
    /// Its placing is over in another way.
    Ended(Order),
    /// It will be finished later.
    NotYet,
}

/// What drawing for all lines came to.
enum Drawn {
    All,
    Refused { sku: Sku, refusal: Refusal, last_ticket: u64 },
    Lost,
}

impl Places<'_> {
    /// Takes a place for each line.
    pub async fn take(&self, order: Order) -> Result<Taken, Trouble> {
        let mut tickets = match self.resumed {
            true => DrawnTickets::resumed(order.in_doubt.clone()),
            false => DrawnTickets::default(),
        };
        let mut tries = Tries::of(COMMITS);
        let policy = self.shop.policy_of(&order).await?;
        let bought = bought(&order, &policy);
        loop {
            match self.draw_all(&order, &policy, &mut tickets).await? {
                Drawn::All => {}
                Drawn::Lost => return Ok(Taken::NotYet),
                Drawn::Refused { sku, refusal, last_ticket } => {
                    return self.refuse(order, &tickets, (sku, refusal, last_ticket)).await;
                }
            }
            let (mut placed, rows) = self.with_places(&order, &tickets, &policy);
            promise(self.shop, self.products, &policy, &tickets, &mut placed).await?;
            match self.shop.table.commit_placement(&placed, self.email_hash, &rows, &bought).await {
                CommitOutcome::Placed => return Ok(self.placed(placed)),
                CommitOutcome::Sealed(at) => {
                    let lines = at.iter().filter_map(|at| rows.get(*at)).map(|row| row.row.line);
                    lines.for_each(|line| tickets.forget_closed(line));
                }
                CommitOutcome::OverLimit => return self.end(order, &tickets, Refusal::LimitReached).await,
                CommitOutcome::NotPlacing => return self.finished_elsewhere(&order, &tickets).await,
                CommitOutcome::Unknown(unwritten) => {
                    tries.after(unwritten).await?;
                    continue;
                }
            }
            if !tries.next().await {
                return Ok(Taken::NotYet);
            }
        }
    }

    fn placed(&self, order: Order) -> Taken {
        self.shop.measure(Metric::OrdersPlaced, 1);
        tracing::info!(order_id = %order.order_id, "an order has its places");
        Taken::Placed(order)
    }

    /// Draws for the lines that have no ticket yet.
    async fn draw_all(&self, order: &Order, policy: &Policy, tickets: &mut DrawnTickets) -> Result<Drawn, Trouble> {
        for (index, line) in order.lines.iter().enumerate() {
            if tickets.draw_of(index).is_some() {
                continue;
            }
            let product = self.products.iter().find(|product| product.sku == line.sku);
            let terms = terms(order, line, product.ok_or_else(|| missing(&line.sku))?, policy);
            match tickets.draw(self.shop, index, line, terms).await? {
                OneDraw::Drawn(_) => {}
                OneDraw::Refused { refusal, last_ticket } => {
                    return Ok(Drawn::Refused { sku: line.sku.clone(), refusal, last_ticket });
                }
                OneDraw::Lost => return Ok(Drawn::Lost),
            }
        }
        Ok(Drawn::All)
    }

    /// The order with its places, and the rows to put.
    fn with_places(&self, order: &Order, tickets: &DrawnTickets, policy: &Policy) -> (Order, Vec<TicketDraw>) {
        let now = self.shop.clock.now();
        let mut placed = order.clone();
        placed.stage = Stage::Placed;
        placed.version += 1;
        placed.placed_at = Some(now);
        placed.in_doubt.clear();
        let mut rows = Vec::new();
        for (index, line) in placed.lines.iter_mut().enumerate() {
            let Some(draw) = tickets.draw_of(index) else { continue };
            rows.push(record_ticket((&placed.order_id, index), line, draw, policy, now));
        }
        (placed, rows)
    }

    /// The order is not being placed any more: by our own commit whose answer was lost, or by somebody else.
    async fn finished_elsewhere(&self, order: &Order, tickets: &DrawnTickets) -> Result<Taken, Trouble> {
        let now = self.read(order).await?;
        let placed = now.stage == Stage::Placed;
        let orphans =
            tickets.orphans(|line, ticket| placed && now.lines.get(line).is_some_and(|line| line.ticket == ticket));
        let all_ours = placed && orphans.is_empty();
        close(self.shop, &orphans).await;
        Ok(if all_ours { self.placed(now) } else { Taken::Ended(now) })
    }

    /// The order could not be refused: its placing is over, by our own refusal whose answer was lost or by somebody else.
    async fn ended_elsewhere(&self, order: &Order) -> Result<Taken, Trouble> {
        let now = self.read(order).await?;
        Ok(if now.stage == Stage::Placing { Taken::NotYet } else { Taken::Ended(now) })
    }

    async fn read(&self, order: &Order) -> Result<Order, Failure> {
        let stored = self.shop.table.order(&order.order_id).await?;
        let gone = || Failure::Broken { service: "the table", why: format!("order {} is gone", order.order_id) };
        stored.map(|stored| stored.order).ok_or_else(gone)
    }

    /// No place on these terms. Final, unless a lost draw of this very order may be what stands in its way.
    async fn refuse(
        &self,
        mut order: Order,
        tickets: &DrawnTickets,
        (sku, refusal, last_ticket): (Sku, Refusal, u64),
    ) -> Result<Taken, Trouble> {
        if tickets.certain(self.shop, &sku).await? {
            return self.end(order, tickets, refusal).await;
        }
        tickets.close(self.shop).await;
        order.in_doubt = tickets.unresolved_after(sku, last_ticket);
        match self.shop.table.resume_placement(&order, look_at(self.shop.clock.now())).await {
            Ok(_) | Err(Unwritten::Contended) => Ok(Taken::NotYet),
            Err(unwritten) => Err(unwritten.into()),
        }
    }

    /// Refuses for good, and closes what was drawn.
    async fn end(&self, order: Order, tickets: &DrawnTickets, refusal: Refusal) -> Result<Taken, Trouble> {
        let refused = refused(&order, refusal, self.told, self.shop.clock.now());
        let mut tries = Tries::of(5);
        loop {
            match self.shop.table.refuse_placement(&refused, self.email_hash).await {
                Ok(true) => break,
                Ok(false) => {
                    tickets.close(self.shop).await;
                    return self.ended_elsewhere(&order).await;
                }
                Err(unwritten) => tries.after(unwritten).await?,
            }
        }
        self.shop.measure(Metric::OrdersRefused, 1);
        tracing::info!(order_id = %refused.order_id, ?refusal, "an order is refused");
        tickets.close(self.shop).await;
        Ok(Taken::Refused(refused, tickets.draws()))
    }
}

/// What the customer has bought with the order, where the policy counts that.
fn bought(order: &Order, policy: &Policy) -> Vec<Bought> {
    let Some(most) = domain::placement::customer_limit(policy, order) else { return Vec::new() };
    let of_line = |line: &Line| Bought { sku: line.sku.clone(), units: line.quantity, most: Some(most) };
    order.lines.iter().map(of_line).collect()
}
