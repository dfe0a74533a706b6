//! Taking an order's places: a draw for each line, then one commit for all of them. A draw whose outcome is unknown is a
//! hole; a place that was sealed meanwhile is drawn again.

use std::collections::BTreeMap;

use aws::table::{Bought, CommitOutcome, TicketDraw, Unwritten};
use aws::{Failure, Metric, Shop};
use domain::names::Sku;
use domain::order::{Line, Order, Refusal, Stage};
use domain::placement::{Draw, refused, terms};
use domain::policy::Policy;
use domain::product::Product;

use crate::drawing::{OneDraw, draw, missing, seal, stand};
use crate::placing::look_at;
use crate::promising::promise;
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
    /// It got none on these terms; what it drew for other lines, by line, is sealed.
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

/// The draws of one call so far, by line, and whether one of them may have been lost, or was sealed: its units are not
/// for sale again before the fill has it in the books.
#[derive(Default)]
struct Hand {
    draws: BTreeMap<usize, Draw>,
    lost: bool,
}

impl Hand {
    /// The numbers drawn, with their products.
    fn drawn(&self, order: &Order) -> Vec<(Sku, u64)> {
        let numbers = self.draws.iter();
        numbers.filter_map(|(at, draw)| order.lines.get(*at).map(|line| (line.sku.clone(), draw.ticket))).collect()
    }
}

impl Places<'_> {
    /// Takes a place for each line.
    ///
    /// # Errors
    /// [`Trouble`]; a repeat goes on.
    pub async fn take(&self, order: Order) -> Result<Taken, Trouble> {
        let mut hand = Hand::default();
        let mut tries = Tries::of(COMMITS);
        let policy = self.shop.policy_of(&order).await?;
        let bought = bought(&order, &policy);
        loop {
            match self.draw_all(&order, &policy, &mut hand).await? {
                Drawn::All => {}
                Drawn::Lost => return Ok(Taken::NotYet),
                Drawn::Refused { sku, refusal, last_ticket } => {
                    return self.refuse(order, &hand, (sku, refusal, last_ticket)).await;
                }
            }
            let (mut placed, draws) = self.with_places(&order, &hand, &policy);
            promise(self.shop, self.products, &policy, &hand.draws, &mut placed).await?;
            match self.shop.table.commit_placement(&placed, self.email_hash, &draws, &bought).await {
                CommitOutcome::Placed => return Ok(self.placed(placed)),
                CommitOutcome::Sealed(at) => {
                    let lines = at.iter().filter_map(|at| draws.get(*at)).map(|draw| draw.row.line);
                    lines.for_each(|line| hand.draws.retain(|drawn, _| *drawn != line));
                    hand.lost = true;
                }
                CommitOutcome::OverLimit => return self.end(order, &hand, Refusal::LimitReached).await,
                CommitOutcome::NotPlacing => return self.finished_elsewhere(&order, &draws).await,
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

    /// Draws for the lines that have no number yet.
    async fn draw_all(&self, order: &Order, policy: &Policy, hand: &mut Hand) -> Result<Drawn, Trouble> {
        for (index, line) in order.lines.iter().enumerate() {
            if hand.draws.contains_key(&index) {
                continue;
            }
            let product = self.product(&line.sku)?;
            let terms = terms(order, line, product, policy);
            match draw(self.shop, line, terms, &mut hand.lost).await? {
                OneDraw::Drawn(draw) => drop(hand.draws.insert(index, draw)),
                OneDraw::Refused { refusal, last_ticket } => {
                    return Ok(Drawn::Refused { sku: line.sku.clone(), refusal, last_ticket });
                }
                OneDraw::Lost => return Ok(Drawn::Lost),
            }
        }
        Ok(Drawn::All)
    }

    fn product(&self, sku: &Sku) -> Result<&Product, Failure> {
        self.products.iter().find(|product| product.sku == *sku).ok_or_else(|| missing(sku))
    }

    /// The order as it will stand in line, and the rows to put.
    fn with_places(&self, order: &Order, hand: &Hand, policy: &Policy) -> (Order, Vec<TicketDraw>) {
        let now = self.shop.clock.now();
        let mut placed = order.clone();
        placed.stage = Stage::Placed;
        placed.version += 1;
        placed.placed_at = Some(now);
        placed.in_doubt.clear();
        let mut draws = Vec::new();
        for (index, line) in placed.lines.iter_mut().enumerate() {
            let Some(draw) = hand.draws.get(&index) else { continue };
            draws.push(stand((&placed.order_id, index), line, *draw, policy, now));
        }
        (placed, draws)
    }

    /// The order is not being placed any more: by our own commit whose answer was lost, or by somebody else.
    async fn finished_elsewhere(&self, order: &Order, draws: &[TicketDraw]) -> Result<Taken, Trouble> {
        let now = self.read(order).await?;
        let ours = |draw: &TicketDraw| {
            now.stage == Stage::Placed && now.lines.get(draw.row.line).is_some_and(|line| line.ticket == draw.ticket)
        };
        let strays: Vec<_> =
            draws.iter().filter(|draw| !ours(draw)).map(|draw| (draw.sku.clone(), draw.ticket)).collect();
        let all_ours = strays.is_empty() && now.stage == Stage::Placed;
        self.seal(&strays).await;
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

    /// Closes numbers that were drawn and are not needed. Where that fails, the fill does it.
    async fn seal(&self, draws: &[(Sku, u64)]) {
        for (sku, ticket) in draws {
            seal(self.shop, sku, *ticket).await;
        }
    }

    /// No place on these terms. Final, unless a lost draw of this very order may be what stands in its way.
    async fn refuse(&self, order: Order, hand: &Hand, why: (Sku, Refusal, u64)) -> Result<Taken, Trouble> {
        let (sku, refusal, last_ticket) = why;
        if hand.lost || (self.resumed && !self.certain(&order, &sku).await?) {
            let drawn = hand.drawn(&order);
            self.seal(&drawn).await;
            return self.doubt(order, &drawn, (sku, last_ticket), hand.lost).await;
        }
        self.end(order, hand, refusal).await
    }

    /// Refuses for good, and closes what was drawn.
    async fn end(&self, order: Order, hand: &Hand, refusal: Refusal) -> Result<Taken, Trouble> {
        let drawn = hand.drawn(&order);
        let refused = refused(&order, refusal, self.told, self.shop.clock.now());
        let mut tries = Tries::of(5);
        loop {
            match self.shop.table.refuse_placement(&refused, self.email_hash).await {
                Ok(true) => break,
                Ok(false) => {
                    self.seal(&drawn).await;
                    return self.ended_elsewhere(&order).await;
                }
                Err(unwritten) => tries.after(unwritten).await?,
            }
        }
        self.shop.measure(Metric::OrdersRefused, 1);
        tracing::info!(order_id = %refused.order_id, ?refusal, "an order is refused");
        self.seal(&drawn).await;
        Ok(Taken::Refused(refused, hand.draws.clone()))
    }

    /// Whether everything drawn when this order was refused before is in the books by now.
    async fn certain(&self, order: &Order, sku: &Sku) -> Result<bool, Trouble> {
        let Some(mark) = order.in_doubt.get(sku) else { return Ok(false) };
        let stock = self.shop.table.stock(sku).await?;
        Ok(stock.is_some_and(|stock| stock.accounted_through >= *mark))
    }

    /// Notes up to which number a draw of this order may be lost; once they are all accounted, a refusal is final. A mark
    /// of before stays where it is, so that who asks often does not push it ahead: this call adds only what it `lost`,
    /// and what it has `drawn` for other lines and sealed.
    async fn doubt(
        &self,
        mut order: Order,
        drawn: &[(Sku, u64)],
        (sku, last_ticket): (Sku, u64),
        lost: bool,
    ) -> Result<Taken, Trouble> {
        let mark = order.in_doubt.entry(sku).or_insert(last_ticket);
        *mark = if lost { last_ticket.max(*mark) } else { *mark };
        for (sku, ticket) in drawn {
            order.in_doubt.entry(sku.clone()).and_modify(|mark| *mark = (*mark).max(*ticket));
        }
        let look = look_at(self.shop.clock.now());
        match self.shop.table.resume_placement(&order, look).await {
            Ok(_) | Err(Unwritten::Contended) => Ok(Taken::NotYet),
            Err(unwritten) => Err(unwritten.into()),
        }
    }
}

/// What the customer has bought with the order, where the policy counts that.
fn bought(order: &Order, policy: &Policy) -> Vec<Bought> {
    let Some(most) = domain::placement::customer_limit(policy, order) else { return Vec::new() };
    let of_line = |line: &Line| Bought { sku: line.sku.clone(), units: line.quantity, most: Some(most) };
    order.lines.iter().map(of_line).collect()
}
