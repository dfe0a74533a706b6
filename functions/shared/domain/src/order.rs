//! A stored order: one item with its lines and all units assigned, canceled and shipped. The modules below define the
//! parts of an order; only `release` has a rule about the whole order.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::dates::DateWindow;
use crate::identity::OrderId;
use crate::is_default;
use crate::money::Currency;
use crate::names::{PaymentReference, Sku, Warehouse};

mod change;
mod delivery;
mod line;
mod purchase;
mod release;
mod swap;

pub use change::{Change, ChangeKind, ChangedLine, Part, RefundStatus, SwapRefusalReason, Swapped};
pub use delivery::{Mailing, MissedMail, Undeliverable, Undelivered};
pub use line::{Line, LineStatus};
pub use purchase::{Customer, IfWorse, RefusalReason, Seen};
pub use swap::Swap;

pub use crate::policy::Channel;

/// The stage of an order's placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The order is accepted. It gets its places or a refusal within minutes (I8).
    Placing,
    /// The order has its places for good.
    Placed,
    /// The order never got a place. The money goes back.
    Refused,
    /// The order was canceled before it had a place. The money goes back.
    Canceled,
}

/// The state of an order, in the words of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// The order has no places yet.
    Placing,
    /// The order got no place.
    Refused,
    /// All units are canceled.
    Canceled,
    /// All units have shipped, apart from canceled ones.
    Shipped,
    /// Some units have shipped.
    PartlyShipped,
    /// The order may ship.
    Ready,
    /// The order waits for goods.
    Waiting,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The order's number.
    pub order_id: OrderId,
    /// Grows by one with every change.
    pub version: u64,
    /// The stage of its placement.
    pub stage: Stage,
    /// When the request arrived.
    pub started_at: Timestamp,
    /// When the order got its places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_at: Option<Timestamp>,
    /// The payment that became this order.
    pub payment_reference: PaymentReference,
    /// The fingerprint of the request.
    pub request: String,
    /// The channel that took the order.
    pub channel: Channel,
    /// The customer.
    pub customer: Customer,
    /// The shipping address: country, name, address and any further fields that the shop sent.
    pub ship_to: BTreeMap<String, String>,
    /// The order's lines. The HTTP contract counts lines from 1.
    pub lines: Vec<Line>,
    /// Shipping, minor units.
    #[serde(default, skip_serializing_if = "is_default")]
    pub shipping: i64,
    /// The amount paid at placing, minor units.
    pub total: i64,
    /// The one currency of the order.
    pub currency: Currency,
    /// The action if a product is less available than the page showed.
    pub if_worse: IfWorse,
    /// The hash of the policy that the order was placed under.
    pub policy: String,
    /// The instant since which the order may ship.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Timestamp>,
    /// The deadline: one business day after the goods came (R16). Set while assigned units have not shipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_by: Option<Date>,
    /// Parcels that left, by the warehouse's id for the parcel.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shipments: BTreeMap<String, Shipment>,
    /// Cancelations, swaps and refusals with their refunds, by change id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub changes: BTreeMap<String, Change>,
    /// Why the order got no place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalReason>,
    /// By sku: the last number drawn when a draw was refused, if a lost draw of this order may be the cause. The
    /// refusal is final only when all numbers up to this number are resolved.
    #[serde(rename = "in_doubt", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unresolved_draws: BTreeMap<Sku, u64>,
    /// The swap that is under way (R14), for minutes at most (I8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap: Option<Swap>,
    /// The delivery of the order's mails (R24).
    #[serde(default, skip_serializing_if = "is_default")]
    pub mailing: Mailing,
}

/// Units of one line in a parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelLine {
    /// The order line, counted from 0.
    pub line: usize,
    /// Units of the line in the parcel.
    pub quantity: i64,
}

/// A parcel that left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Shipment {
    pub warehouse: Warehouse,
    pub carrier: String,
    pub tracking_number: String,
    pub lines: Vec<ParcelLine>,
    pub shipped_at: Timestamp,
    /// The fingerprint of the request.
    pub request: String,
}

impl Order {
    /// The status of the order: the first check that succeeds decides.
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

    /// Whether the order has assigned units and may ship.
    pub fn ready(&self) -> bool {
        self.released_at.is_some() && self.lines.iter().any(|line| !line.assigned.is_empty())
    }

    /// Whether any line is on backorder.
    pub fn backordered(&self) -> bool {
        self.lines.iter().any(|line| line.backordered > 0)
    }

    /// The promised ship date of the whole order: the promise of its latest line (R18).
    pub fn promised(&self) -> Option<DateWindow> {
        self.lines.iter().filter_map(|line| line.promised).reduce(DateWindow::or_later)
    }

    /// When a line's wait began: when the order was placed, or when a swap brought the line.
    pub fn stands_since(&self, line: &Line) -> Timestamp {
        let brought = |change: &&Change| {
            let swap = change.swap.as_ref().filter(|swap| swap.refusal.is_none());
            swap.is_some_and(|swap| Some(swap.line) == line.swapped_from && swap.sku == line.sku)
        };
        let swapped = self.changes.values().find(brought).map(|change| change.at);
        swapped.or(self.placed_at).unwrap_or(self.started_at)
    }

    /// The amount charged for the order and its swaps, minor units.
    pub fn charged(&self) -> i64 {
        let swaps = self.changes.values().filter_map(Change::extra);
        self.total + swaps.map(|extra| extra.amount).sum::<i64>()
    }

    /// Refunds that were paid, minor units.
    pub fn refunded(&self) -> i64 {
        self.changes.values().filter(|change| change.paid()).map(|change| change.refund).sum()
    }
}
