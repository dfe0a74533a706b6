//! The data that a mail shows, computed and formatted. The templates hold the wording, `domain` holds the shop's rules.

use std::fmt;

use jiff::civil::Date;

use super::OneLine;

/// The data of an order that every mail may show.
#[derive(Clone, Debug)]
pub struct MailView {
    /// The shop's name.
    pub shop_name: OneLine,
    /// How replies are handled.
    pub replies: Replies,
    /// The address for a new e-mail about the order.
    pub write_to: OneLine,
    /// The IANA name of the zone of all dates.
    pub time_zone: OneLine,
    /// The sentence that asks to put the shop's address on the safe list.
    pub safe_list: OneLine,
    /// The order's number.
    pub order_number: OneLine,
    /// The name in the greeting; may be empty.
    pub customer_name: OneLine,
    /// The day on which the order was placed, in the shop's zone.
    pub placed_on: Date,
    /// The link to follow and cancel the order, with the customer's token.
    pub status_url: OneLine,
    /// The order lines, in the order's sequence.
    pub lines: Vec<LineView>,
    /// The discount, formatted without a sign; `None` if there is none.
    pub discount: Option<OneLine>,
    /// The tax on top of the lines, formatted; `None` if there is none.
    pub tax: Option<OneLine>,
    /// The cost of shipping, formatted; `None` if it is free.
    pub shipping: Option<OneLine>,
    /// The sum that was paid, formatted.
    pub total: OneLine,
    /// The promised ship dates of the whole order; `None` without a promise.
    pub promised: Option<ShipWindow>,
    /// The shop's promises for backorders.
    pub promises: Promises,
}

impl MailView {
    /// The lines with units on backorder.
    pub fn backordered_lines(&self) -> impl Iterator<Item = &LineView> {
        self.lines.iter().filter(|line| line.backordered > 0)
    }

    /// Whether any unit is on backorder.
    pub fn has_backorder(&self) -> bool {
        self.backordered_lines().next().is_some()
    }

    /// Whether some units are on backorder and others in stock.
    pub fn is_mixed(&self) -> bool {
        self.has_backorder() && self.lines.iter().any(|line| line.in_stock() > 0)
    }

    /// Whether any line that the customer saw as in stock is on backorder.
    pub fn has_change(&self) -> bool {
        self.backordered_lines().any(|line| line.changed)
    }
}

/// An order line.
#[derive(Clone, Debug)]
pub struct LineView {
    /// The product's name.
    pub name: OneLine,
    /// The product's SKU.
    pub sku: OneLine,
    /// Units ordered.
    pub quantity: u64,
    /// Units on backorder.
    pub backordered: u64,
    /// Whether the customer saw "in stock" although units are on backorder.
    pub changed: bool,
    /// The price of one unit, formatted.
    pub unit_price: OneLine,
    /// Unit price times quantity, formatted.
    pub amount: OneLine,
    /// The promised ship dates of a backordered line.
    pub promised: Option<ShipWindow>,
}

impl LineView {
    /// Units that are not on backorder.
    pub fn in_stock(&self) -> u64 {
        self.quantity.saturating_sub(self.backordered)
    }
}

/// How a customer's reply is handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replies {
    /// The order's own address gets the reply: a clear cancel intent takes effect at once, anything else goes to staff.
    ReadAtOnce,
    /// Staff get the reply, and nothing happens before they read it.
    ReadByPeople,
}

/// The first and the last estimated ship day: `5 January 2027`, or `5 January 2027 to 2 February 2027`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShipWindow {
    /// The first day.
    pub earliest: Date,
    /// The last day, not before the first.
    pub latest: Date,
}

impl fmt::Display for ShipWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&day(self.earliest))?;
        if self.latest > self.earliest {
            write!(f, " to {}", day(self.latest))?;
        }
        Ok(())
    }
}

/// A day in words: `5 January 2027`.
pub(super) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// The shop's promises for backorders, from the policy that the order was placed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promises {
    /// How a partly backordered order ships.
    pub delivery: Delivery,
    /// Business days from the arrival of the goods to shipping; `None` without such a promise.
    pub ships_within_business_days: Option<u64>,
    /// Days on backorder after which unshipped units are canceled automatically; `None`: never.
    pub expires_after_days: Option<u64>,
    /// Whether the customer can swap a backordered item for a similar one.
    pub swaps: bool,
}

/// How a partly backordered order ships.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Items in stock are held, and everything ships together.
    Together,
    /// Items in stock ship at once, the rest later at no extra cost.
    AsAvailable,
    /// Everything ships together because the order goes abroad.
    TogetherAbroad,
}

/// Units of a product.
#[derive(Clone, Debug)]
pub struct ItemView {
    /// The product's name.
    pub name: OneLine,
    /// The product's SKU.
    pub sku: OneLine,
    /// The number of units.
    pub quantity: u64,
}

/// A parcel that is on its way.
#[derive(Clone, Debug)]
pub struct ShipmentView {
    /// The carrier's name.
    pub carrier: OneLine,
    /// The carrier's tracking number.
    pub tracking_number: OneLine,
    /// The items in the parcel.
    pub items: Vec<ItemView>,
    /// The items that are still to ship after this parcel.
    pub still_to_come: Vec<ItemView>,
}

/// A cancelation and its refund.
#[derive(Clone, Debug)]
pub struct CancelationView {
    /// The cause of the cancelation.
    pub cause: Cause,
    /// The reason that the customer or the shop gave.
    pub reason: Option<OneLine>,
    /// The canceled items.
    pub items: Vec<ItemView>,
    /// The refund, formatted; `None` if there is none.
    pub refund: Option<OneLine>,
    /// Products offered in place of a discontinued one.
    pub similar: Vec<OneLine>,
    /// Whether the whole order is canceled: nothing of it has shipped.
    pub whole_order: bool,
}

/// A change of an order that still has items to ship.
#[derive(Clone, Debug)]
pub struct ChangeView {
    /// The cause of the change.
    pub cause: Cause,
    /// The reason that the customer or the shop gave.
    pub reason: Option<OneLine>,
    /// The items that left the order.
    pub items: Vec<ItemView>,
    /// The items that replace them.
    pub instead: Vec<ItemView>,
    /// The estimated ship dates of the replacement if it is on backorder.
    pub instead_waits: Option<ShipWindow>,
    /// The refund, formatted; `None` if there is none.
    pub refund: Option<OneLine>,
    /// The price difference that the customer paid, formatted; `None` if there is none.
    pub charged: Option<OneLine>,
    /// Products offered in place of a discontinued one.
    pub similar: Vec<OneLine>,
    /// The items that are still to ship; empty if the rest has shipped by the time of the mail.
    pub still_to_come: Vec<ItemView>,
}

/// Assigned units that are damaged or missing.
#[derive(Clone, Debug)]
pub struct LossView {
    /// The lost items.
    pub lost: Vec<ItemView>,
    /// The items that are still to ship.
    pub still_to_come: Vec<ItemView>,
}

/// The receipt for a message that a person will read. The mail never quotes the message: a stranger may be its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageView {
    /// Whether some of the order is still to ship.
    pub cancelable: bool,
}

/// The cause of a cancelation or change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The customer canceled.
    Customer,
    /// The shop canceled.
    Shop,
    /// The item was on backorder for too long.
    Waited {
        /// The number of days after which the shop cancels automatically.
        days: u64,
    },
    /// A product is discontinued.
    Discontinued,
    /// The customer swapped an item for a similar one.
    Swapped,
    /// The customer asked for a swap that failed.
    NotSwapped,
}
