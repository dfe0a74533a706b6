//! An order, as it is stored: one item with its lines and everything that was assigned, canceled and shipped. The modules
//! below hold the records that it is made of; none of them knows the order.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::dates::DateWindow;
use crate::identity::OrderId;
use crate::money::Currency;
use crate::names::{PaymentReference, Sku};

mod change;
mod delivery;
mod line;
mod purchase;
mod release;
mod shipment;
mod swap;

pub use change::{Change, ChangeKind, ChangedLine, Part, RefundStatus, SwapRefusalReason, Swapped};
pub use delivery::{Mailing, MissedMail, Undeliverable, Undelivered};
pub use line::{Line, LineStatus};
pub use purchase::{Customer, IfWorse, RefusalReason, Seen};
pub use shipment::{ParcelLine, Shipment};
pub use swap::Swap;

pub use crate::policy::Channel;

/// The stage of an order's placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Accepted; its places are not certain for some minutes at most (I8).
    Placing,
    /// In the line for good.
    Placed,
    /// Never got a place; the money goes back.
    Refused,
    /// Given up before it had a place; the money goes back.
    Canceled,
}

/// The state of an order, in the words of the API.
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
    pub refusal: Option<RefusalReason>,
    /// By sku: the last number drawn when a draw was refused, where a lost draw of this order may be the cause. The
    /// refusal is final only when all numbers up to it are accounted.
    #[serde(rename = "in_doubt", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unresolved_draws: BTreeMap<Sku, u64>,
    /// A line is being swapped for another product (R14): minutes at most (I8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap: Option<Swap>,
    /// What became of its mails (R24).
    #[serde(default, skip_serializing_if = "Mailing::is_untouched")]
    pub mailing: Mailing,
}

impl Order {
    /// The first state that fits.
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

    /// Whether it has assigned units and may ship.
    pub fn ready(&self) -> bool {
        self.released_at.is_some() && self.lines.iter().any(|line| !line.assigned.is_empty())
    }

    /// Whether any line is on backorder.
    pub fn backordered(&self) -> bool {
        self.lines.iter().any(|line| line.backordered > 0)
    }

    /// The promised ship date of the whole: that of its latest line (R18).
    pub fn promised(&self) -> Option<DateWindow> {
        self.lines.iter().filter_map(|line| line.promised).reduce(DateWindow::or_later)
    }

    /// Since when a line waits: since the order was placed, or since a swap brought the line.
    pub fn stands_since(&self, line: &Line) -> Timestamp {
        let brought = |change: &&Change| {
            let swap = change.swap.as_ref().filter(|swap| swap.refusal.is_none());
            swap.is_some_and(|swap| Some(swap.line) == line.swapped_from && swap.sku == line.sku)
        };
        let swapped = self.changes.values().find(brought).map(|change| change.at);
        swapped.or(self.placed_at).unwrap_or(self.started_at)
    }

    /// All that was charged, minor units: for the order, and for swaps since.
    pub fn charged(&self) -> i64 {
        let swaps = self.changes.values().filter_map(Change::extra);
        self.total + swaps.map(|extra| extra.amount).sum::<i64>()
    }

    /// Money given back for good, minor units.
    pub fn refunded(&self) -> i64 {
        self.changes.values().filter(|change| change.paid()).map(|change| change.refund).sum()
    }
}
