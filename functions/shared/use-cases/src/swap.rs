//! A swap that is under way, to its end: the payment, a draw in the new product's line, and one commit that brings the new
//! place and gives the old one up. Whatever is not certain stays under way; the old place is kept until then.

use aws::payments::{PaymentError, PaymentState};
use aws::table::{Bought, StoredOrder, SwapOutcome, TicketDraw, Unwritten};
use aws::{Failure, Shop};
use domain::cancel::Cancelation;
use domain::estimate::of_lines;
use domain::order::{Line, Order, Refusal};
use domain::placement::{Draw, terms};
use domain::policy::Policy;
use domain::product::Product;
use domain::swap::{Swap, SwapRefusal, commit, refuse};

use crate::drawing::{OneDraw, draw, seal, stand};
use crate::placing::{PlaceError, look_at, payment_of};
use crate::promising::window;
use crate::publishing::publish;
use crate::retry::{Tries, Trouble};

/// Tries to commit, at most.
const COMMITS: u32 = 14;

/// A swap that this call goes on with.
pub(crate) struct UnderWay<'a> {
    pub shop: &'a Shop,
    /// As this call noted it, or took it up.
    pub swap: &'a Swap,
    /// What is wanted instead.
    pub product: &'a Product,
    /// What an earlier call may have drawn is in doubt.
    pub in_doubt: Option<u64>,
    /// Somebody waits for the answer.
    pub told: bool,
}

/// What going on with a swap came to.
pub(crate) enum Ended {
    /// It is over: the order says how.
    Over(Box<Order>),
    /// It will be finished later.
    NotYet,
}

/// What one try came to.
enum Tried {
    Ended(Ended),
    Again,
    Unwritten(Unwritten),
}

/// The draws of one call so far, and whether one of them may have been lost, or was sealed.
#[derive(Default)]
struct Hand {
    draw: Option<Draw>,
    lost: bool,
}

impl UnderWay<'_> {
    /// Takes the money that is reserved for it, once however often it is asked.
    ///
    /// # Errors
    /// [`PlaceError::PaymentDeclined`] and what else is wrong with the payment.
    pub async fn pay(&self, order: &Order) -> Result<(), PlaceError> {
        let Some(extra) = self.swap.extra() else { return Ok(()) };
        let due = (extra.amount, order.currency);
        if payment_of(self.shop, &extra.payment, due).await?.state() == PaymentState::Captured {
            return Ok(());
        }
        // The provider repeats its answer under a key, a decline too: each time the swap is taken up, it is asked anew.
        let key = format!("{}:{}:capture:{}", order.order_id, self.swap.change_id, self.swap.turn);
        match self.shop.payments.capture(&extra.payment, &key).await {
            Ok(_) => Ok(()),
            // It may have been taken before: only what the payment is now counts.
            Err(PaymentError::Declined(_)) => match payment_of(self.shop, &extra.payment, due).await?.state() {
                PaymentState::Captured => Ok(()),
                PaymentState::Capturable | PaymentState::Declined => Err(PlaceError::PaymentDeclined),
            },
            Err(PaymentError::Unknown) => Err(PlaceError::UnknownPayment),
            Err(PaymentError::Failure(failure)) => Err(failure.into()),
        }
    }

    /// Takes the new place and gives up the old one.
    ///
    /// # Errors
    /// [`Trouble`]; a repeat goes on.
    pub async fn take(&self, mut stored: StoredOrder) -> Result<Ended, Trouble> {
        let mut hand = Hand::default();
        let mut tries = Tries::of(COMMITS);
        loop {
            match self.attempt(&stored, &mut hand).await? {
                Tried::Ended(ended) => return Ok(ended),
                Tried::Again if tries.next().await => {}
                Tried::Again => return Ok(Ended::NotYet),
                Tried::Unwritten(unwritten) => tries.after(unwritten).await?,
            }
            let now = self.shop.table.order(&stored.order.order_id).await?;
            stored = now.ok_or_else(|| gone(&stored.order))?;
        }
    }

    async fn attempt(&self, stored: &StoredOrder, hand: &mut Hand) -> Result<Tried, Trouble> {
        let order = &stored.order;
        if order.swap.as_ref().is_none_or(|swap| swap.change_id != self.swap.change_id) {
            return self.ended_elsewhere(order, hand).await;
        }
        if let Some(refusal) = self.swap.overtaken(order) {
            return self.give_up(stored, hand, refusal).await;
        }
        let Some(drawn) = hand.draw else {
            let (line, lost) = (self.swap.new_line(), &mut hand.lost);
            let policy = self.shop.policy_of(order).await?;
            let terms = terms(order, &line, self.product, &policy);
            return match draw(self.shop, &line, terms, lost).await? {
                OneDraw::Drawn(draw) => {
                    hand.draw = Some(draw);
                    self.commit(stored, hand, draw).await
                }
                OneDraw::Refused { refusal, last_ticket } => self.refused(stored, hand, (refusal, last_ticket)).await,
                OneDraw::Lost => Ok(Tried::Ended(Ended::NotYet)),
            };
        };
        self.commit(stored, hand, drawn).await
    }

    async fn commit(&self, stored: &StoredOrder, hand: &mut Hand, drawn: Draw) -> Result<Tried, Trouble> {
        let now = self.shop.clock.now();
        let policy = self.shop.policy_of(&stored.order).await?;
        let (swapped, place) = self.swapped(&stored.order, &policy, drawn).await?;
        let most = domain::placement::customer_limit(&policy, &stored.order);
        let bought = most.map(|most| Bought { sku: place.sku.clone(), units: place.row.quantity, most: Some(most) });
        match self.shop.table.commit_swap(&swapped, &place, bought.as_ref(), &stored.email_hash, now).await {
            SwapOutcome::Swapped => self.made(swapped.order).await,
            SwapOutcome::Stale => Ok(Tried::Again),
            SwapOutcome::OverLimit => self.give_up(stored, hand, SwapRefusal::NoPlace(Refusal::LimitReached)).await,
            SwapOutcome::Sealed => {
                *hand = Hand { draw: None, lost: true };
                Ok(Tried::Again)
            }
            SwapOutcome::Unknown(unwritten) => Ok(Tried::Unwritten(unwritten)),
        }
    }

    async fn swapped(&self, order: &Order, policy: &Policy, drawn: Draw) -> Result<(Cancelation, TicketDraw), Failure> {
        let now = self.shop.clock.now();
        let mut line = self.swap.new_line();
        let at = (&order.order_id, order.lines.len());
        let place = stand(at, &mut line, drawn, policy, now);
        line.promised = Some(window(self.shop, (&line.sku, Some(self.product)), policy, drawn, now).await?);
        let mut swapped = commit(order, self.swap, line, policy, now);
        // What leaves together with others leaves no earlier than they were promised (R8).
        let open = |line: &Line| line.promised.filter(|_| line.open() > 0);
        let promised: Vec<_> = swapped.order.lines.iter().map(open).collect();
        let windows = of_lines(&swapped.order, policy, &promised);
        swapped
            .order
            .lines
            .iter_mut()
            .zip(windows)
            .last()
            .into_iter()
            .for_each(|(line, window)| line.promised = window);
        Ok((swapped, place))
    }

    async fn made(&self, order: Order) -> Result<Tried, Trouble> {
        tracing::info!(order_id = %order.order_id, sku = %self.swap.sku, "a line was swapped");
        republish(self.shop, &order, self.swap.line).await?;
        Ok(Tried::Ended(Ended::Over(Box::new(order))))
    }

    /// It is not under way any more: by our own commit whose answer was lost, or by somebody else's.
    async fn ended_elsewhere(&self, order: &Order, hand: &Hand) -> Result<Tried, Trouble> {
        let ours = |draw: &Draw| {
            let from = |line: &Line| line.swapped_from == Some(self.swap.line) && line.sku == self.swap.sku;
            order.lines.iter().any(|line| from(line) && line.ticket == draw.ticket)
        };
        if let Some(stray) = hand.draw.filter(|draw| !ours(draw)) {
            seal(self.shop, &self.swap.sku, stray.ticket).await;
        }
        republish(self.shop, order, self.swap.line).await?;
        Ok(Tried::Ended(Ended::Over(Box::new(order.clone()))))
    }

    /// No place on these terms. Final, unless a lost draw of this very swap may be what stands in its way.
    async fn refused(
        &self,
        stored: &StoredOrder,
        hand: &Hand,
        (refusal, last_ticket): (Refusal, u64),
    ) -> Result<Tried, Trouble> {
        if !hand.lost && (self.swap.turn == 1 || self.certain().await?) {
            return self.give_up(stored, hand, SwapRefusal::NoPlace(refusal)).await;
        }
        // A mark of before stays where it is, so that who asks often does not push it ahead.
        let mark = self.in_doubt.unwrap_or(last_ticket);
        let mark = if hand.lost { last_ticket.max(mark) } else { mark };
        let mut order = stored.order.clone();
        order.version += 1;
        if let Some(swap) = &mut order.swap {
            swap.in_doubt = Some(swap.in_doubt.unwrap_or_default().max(mark));
            swap.look_at = look_at(self.shop.clock.now());
        }
        match self.shop.table.note_swap(&order, &stored.email_hash).await {
            Ok(()) => Ok(Tried::Ended(Ended::NotYet)),
            Err(Unwritten::Condition(_)) => Ok(Tried::Again),
            Err(unwritten) => Ok(Tried::Unwritten(unwritten)),
        }
    }

    /// Whether everything drawn when it was refused before is in the books by now.
    async fn certain(&self) -> Result<bool, Failure> {
        let Some(mark) = self.in_doubt else { return Ok(false) };
        let stock = self.shop.table.stock(&self.swap.sku).await?;
        Ok(stock.is_some_and(|stock| stock.accounted_through >= mark))
    }

    /// Ends the swap without a new place, unless somebody else has taken it up: then it is theirs.
    async fn give_up(&self, stored: &StoredOrder, hand: &Hand, refusal: SwapRefusal) -> Result<Tried, Trouble> {
        let theirs = stored.order.swap.as_ref().is_none_or(|swap| swap.turn != self.swap.turn);
        if !theirs {
            let ended = refuse(&stored.order, self.swap, refusal, self.told, self.shop.clock.now());
            match self.shop.table.note_swap(&ended, &stored.email_hash).await {
                Ok(()) => {
                    tracing::info!(order_id = %ended.order_id, ?refusal, "a swap came to nothing");
                    self.seal(hand).await;
                    return Ok(Tried::Ended(Ended::Over(Box::new(ended))));
                }
                Err(Unwritten::Condition(_)) => return Ok(Tried::Again),
                Err(unwritten) => return Ok(Tried::Unwritten(unwritten)),
            }
        }
        self.seal(hand).await;
        Ok(Tried::Ended(Ended::NotYet))
    }

    /// Ends a swap that was never paid.
    ///
    /// # Errors
    /// [`Trouble`]; it stays to be done.
    pub async fn unpaid(&self, stored: &StoredOrder) -> Result<(), Trouble> {
        let unpaid = SwapRefusal::NoPlace(Refusal::PaymentDeclined);
        match self.give_up(stored, &Hand::default(), unpaid).await? {
            Tried::Unwritten(unwritten) => Err(unwritten.into()),
            Tried::Ended(_) | Tried::Again => Ok(()),
        }
    }

    async fn seal(&self, hand: &Hand) {
        if let Some(draw) = hand.draw {
            seal(self.shop, &self.swap.sku, draw.ticket).await;
        }
    }
}

/// Makes known that the units of a line that was swapped are free.
pub(crate) async fn republish(shop: &Shop, order: &Order, line: usize) -> Result<(), Trouble> {
    match order.lines.get(line) {
        Some(line) if line.swapped_to.is_some() => publish(shop, &line.sku).await,
        _ => Ok(()),
    }
}

fn gone(order: &Order) -> Failure {
    Failure::Broken { service: "the table", why: format!("order {} is gone", order.order_id) }
}
