//! An order, as it is stored: one item that knows all that was given to its lines, canceled and shipped.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::dates::DateWindow;
use crate::identity::OrderId;
use crate::mailing::Mailing;
use crate::money::Currency;
use crate::names::{PaymentReference, Sku};
use crate::refund::Change;
use crate::shipment::Shipment;
use crate::swap::Swap;

mod line;
mod release;

pub(crate) use line::zero;
pub use line::{Line, LineStatus};

/// Where an order stands in its placing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Accepted, its places not yet sure: minutes at most (I8).
    Placing,
    /// In the line for good.
    Placed,
    /// Never got a place; the money goes back.
    Refused,
    /// Given up before it had a place; the money goes back.
    Canceled,
}

/// Who took the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The web shop.
    Web,
    /// The phone: buys what is in stock only (R6).
    Phone,
}

/// What the product page showed when the shopper decided (R7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// For sale at once.
    InStock,
    /// On backorder.
    OnBackorder,
}

/// What to do if an item turns out worse than it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfWorse {
    /// Take the place in line.
    Accept,
    /// Don't buy.
    Refuse,
}

/// Why an order got no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Not for sale and not to be waited for.
    SoldOut,
    /// On backorder, and the shopper wanted it from stock only.
    OnBackorder,
    /// As many wait as the shop allows.
    BacklogFull,
    /// The phone can't place backorders (R6).
    PhoneBackorder,
    /// The customer would have more of a product than the shop allows (R28).
    LimitReached,
    /// The payment was declined for a day.
    PaymentDeclined,
}

/// Who bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Where mails go.
    pub email: String,
    /// How to call them.
    pub name: String,
}

/// Where an order stands, in the words of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Its places are not yet sure.
    Placing,
    /// It got no place.
    Refused,
    /// All of it is given up.
    Canceled,
    /// All that is left has shipped.
    Shipped,
    /// Some of it has shipped.
    PartlyShipped,
    /// It may be shipped.
    Ready,
    /// It waits.
    Waiting,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its number.
    pub order_id: OrderId,
    /// One more with every change.
    pub version: u64,
    /// How far its placing came.
    pub stage: Stage,
    /// When the request came.
    pub started_at: Timestamp,
    /// When it had its places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_at: Option<Timestamp>,
    /// The payment that became this order.
    pub payment_reference: PaymentReference,
    /// The fingerprint of the request.
    pub request: String,
    /// Who took it.
    pub channel: Channel,
    /// Who bought.
    pub customer: Customer,
    /// Where it goes: country, name, address and what else was given.
    pub ship_to: BTreeMap<String, String>,
    /// Its lines; line 1 of the contract is the first.
    pub lines: Vec<Line>,
    /// Shipping, minor units.
    #[serde(default, skip_serializing_if = "line::zero")]
    pub shipping: i64,
    /// What was paid when it was placed, minor units.
    pub total: i64,
    /// The one currency of the order.
    pub currency: Currency,
    /// What to do if an item turns out worse than it was seen.
    pub if_worse: IfWorse,
    /// The hash of the policy it lives by.
    pub policy: String,
    /// Since when it may be shipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Timestamp>,
    /// One business day after its goods came (R16), while anything of it waits to leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_by: Option<Date>,
    /// Parcels that left, by the id the warehouse gave them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shipments: BTreeMap<String, Shipment>,
    /// What was given up and what money goes back, by change id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub changes: BTreeMap<String, Change>,
    /// Why it got no place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// By sku: a draw was refused when so many numbers were drawn, and a lost draw of this very order may be why.
    /// Only when all of them are accounted is a refusal final.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub in_doubt: BTreeMap<Sku, u64>,
    /// A line is being swapped for another product (R14): minutes at most (I8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap: Option<Swap>,
    /// What became of its mails (R24).
    #[serde(default, skip_serializing_if = "Mailing::is_untouched")]
    pub mailing: Mailing,
}

impl Order {
    /// Where the order stands: the first that fits.
    #[must_use]
    pub fn status(&self) -> OrderStatus {
        let shipped = self.lines.iter().any(|line| !line.shipped.is_empty());
        match self.stage {
            Stage::Placing => OrderStatus::Placing,
            Stage::Refused => OrderStatus::Refused,
            Stage::Canceled => OrderStatus::Canceled,
            Stage::Placed if self.lines.iter().all(|line| line.canceled == line.quantity) => OrderStatus::Canceled,
            Stage::Placed if self.lines.iter().all(|line| line.open() == 0) => OrderStatus::Shipped,
            Stage::Placed if shipped => OrderStatus::PartlyShipped,
            Stage::Placed if self.released_at.is_some() => OrderStatus::Ready,
            Stage::Placed => OrderStatus::Waiting,
        }
    }

    /// Whether parcels of it are waiting to be picked.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.released_at.is_some() && self.lines.iter().any(|line| !line.assigned.is_empty())
    }

    /// Whether any line is on backorder.
    #[must_use]
    pub fn backordered(&self) -> bool {
        self.lines.iter().any(|line| line.backordered > 0)
    }

    /// The promised ship date of the whole: that of its latest line (R18).
    #[must_use]
    pub fn promised(&self) -> Option<DateWindow> {
        self.lines.iter().filter_map(|line| line.promised).reduce(DateWindow::or_later)
    }

    /// Since when a line stands in its product's line: since the order was placed, or since it was swapped for another.
    #[must_use]
    pub fn stands_since(&self, line: &Line) -> Timestamp {
        let brought = |change: &&Change| {
            let swap = change.swap.as_ref().filter(|swap| swap.refusal.is_none());
            swap.is_some_and(|swap| Some(swap.line) == line.swapped_from && swap.sku == line.sku)
        };
        let swapped = self.changes.values().find(brought).map(|change| change.at);
        swapped.or(self.placed_at).unwrap_or(self.started_at)
    }

    /// All that was charged, minor units: for the order, and for swaps since.
    #[must_use]
    pub fn charged(&self) -> i64 {
        let swaps = self.changes.values().filter_map(Change::extra);
        self.total + swaps.map(|extra| extra.amount).sum::<i64>()
    }

    /// Money given back for good, minor units.
    #[must_use]
    pub fn refunded(&self) -> i64 {
        self.changes.values().filter(|change| change.paid()).map(|change| change.refund).sum()
    }
}
