//! What a mail shows: plain, already worked out and already formatted. No rule of the shop is decided
//! here, and no word of a mail is written here: those stand in the templates.

use std::fmt;

use jiff::civil::Date;

use super::OneLine;

/// An order, as every mail about it shows it.
#[derive(Clone, Debug)]
pub struct MailView {
    /// The shop that the customer knows.
    pub shop_name: OneLine,
    /// What becomes of a reply.
    pub replies: Replies,
    /// Where a fresh e-mail about the order goes.
    pub write_to: OneLine,
    /// The zone of all dates, by its IANA name.
    pub time_zone: OneLine,
    /// The sentence that asks to put the shop's address on the safe list.
    pub safe_list: OneLine,
    /// The order's number, as a customer would quote it.
    pub order_number: OneLine,
    /// Who is greeted; may be empty.
    pub customer_name: OneLine,
    /// The day on which the order was placed, in the shop's zone.
    pub placed_on: Date,
    /// Where the customer can follow and cancel the order, with the token that opens it.
    pub status_url: OneLine,
    /// What was ordered, in the order's own sequence.
    pub lines: Vec<LineView>,
    /// What was taken off the sum of the lines, formatted, without a sign; `None` if nothing was.
    pub discount: Option<OneLine>,
    /// The tax on top of the lines, formatted; `None` if there is none.
    pub tax: Option<OneLine>,
    /// The cost of shipping, formatted; `None` if it was free.
    pub shipping: Option<OneLine>,
    /// What was paid for everything, formatted.
    pub total: OneLine,
    /// When the order as a whole is promised to ship; `None` if it was promised no date.
    pub promised: Option<ShipWindow>,
    /// What the shop promises to whoever waits.
    pub promises: Promises,
}

impl MailView {
    /// The lines of which any unit is on backorder.
    pub fn backordered_lines(&self) -> impl Iterator<Item = &LineView> {
        self.lines.iter().filter(|line| line.backordered > 0)
    }

    /// Whether any unit is on backorder.
    #[must_use]
    pub fn has_backorder(&self) -> bool {
        self.backordered_lines().next().is_some()
    }

    /// Whether some units are on backorder and others in stock.
    #[must_use]
    pub fn is_mixed(&self) -> bool {
        self.has_backorder() && self.lines.iter().any(|line| line.in_stock() > 0)
    }

    /// Whether any line is on backorder that the customer had seen as in stock.
    #[must_use]
    pub fn has_change(&self) -> bool {
        self.backordered_lines().any(|line| line.changed)
    }
}

/// A line of the order.
#[derive(Clone, Debug)]
pub struct LineView {
    /// The product's name.
    pub name: OneLine,
    /// The product's SKU.
    pub sku: OneLine,
    /// Units ordered.
    pub quantity: u64,
    /// Units of them that are on backorder.
    pub backordered: u64,
    /// Whether the customer had seen "in stock" when ordering what is on backorder.
    pub changed: bool,
    /// The price of one unit, formatted.
    pub unit_price: OneLine,
    /// Unit price times quantity, formatted.
    pub amount: OneLine,
    /// When a backordered line is promised to ship.
    pub promised: Option<ShipWindow>,
}

impl LineView {
    /// Units that are not on backorder.
    #[must_use]
    pub fn in_stock(&self) -> u64 {
        self.quantity.saturating_sub(self.backordered)
    }
}

/// What becomes of a customer's reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replies {
    /// It comes to the order's own address: a clear wish is done at once, all else reaches a person.
    ReadAtOnce,
    /// It comes to the shop's people, and nothing happens before they have read it.
    ReadByPeople,
}

/// The first and the last day on which something is estimated to ship; reads `5 January 2027`, or
/// `5 January 2027 to 2 February 2027`.
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

/// A day, as people read it.
pub(super) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// What this shop promises to whoever waits; from the policy that the order was placed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promises {
    /// How an order ships of which a part is on backorder.
    pub delivery: Delivery,
    /// Business days from the arrival of the goods to shipping; `None` if the shop names none.
    pub ships_within_business_days: Option<u64>,
    /// Days on backorder after which what has not shipped is canceled by itself; `None` if it never
    /// is.
    pub expires_after_days: Option<u64>,
    /// Whether a waiting item can be swapped for a similar one.
    pub swaps: bool,
}

/// How an order ships of which a part is on backorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// What is in stock is held, and everything ships in one go.
    Together,
    /// What is in stock ships right away, the rest later, at no extra cost.
    AsAvailable,
    /// In one go whatever the shop does otherwise, because the parcel crosses a border.
    TogetherAbroad,
}

/// Units of a product, as part of a parcel or of a cancelation.
#[derive(Clone, Debug)]
pub struct ItemView {
    /// The product's name.
    pub name: OneLine,
    /// The product's SKU.
    pub sku: OneLine,
    /// Units.
    pub quantity: u64,
}

/// A parcel that is on its way.
#[derive(Clone, Debug)]
pub struct ShipmentView {
    /// Who carries it.
    pub carrier: OneLine,
    /// The carrier's number for it.
    pub tracking_number: OneLine,
    /// What is in it.
    pub items: Vec<ItemView>,
    /// What of the order is still to ship, after this parcel; empty if it was the last.
    pub still_to_come: Vec<ItemView>,
}

/// What was canceled, why, and the money that goes back.
#[derive(Clone, Debug)]
pub struct CancelationView {
    /// Who or what canceled.
    pub cause: Cause,
    /// What was said about it, if anything; from the customer or from the shop.
    pub reason: Option<OneLine>,
    /// What was canceled.
    pub items: Vec<ItemView>,
    /// What goes back to the customer, formatted; `None` if nothing does.
    pub refund: Option<OneLine>,
    /// What is offered in place of a product that will not come any more; empty if nothing.
    pub similar: Vec<OneLine>,
    /// Whether this, with what was canceled before, is all of the order: nothing of it has shipped.
    pub whole_order: bool,
}

/// What changed in an order of which something is still to come.
#[derive(Clone, Debug)]
pub struct ChangeView {
    /// Who or what changed it.
    pub cause: Cause,
    /// What was said about it, if anything; from the customer or from the shop.
    pub reason: Option<OneLine>,
    /// What the order no longer has; empty if it is as it was.
    pub items: Vec<ItemView>,
    /// What it has in their place; empty if nothing.
    pub instead: Vec<ItemView>,
    /// When that is estimated to ship, where it is on backorder.
    pub instead_waits: Option<ShipWindow>,
    /// What goes back to the customer, formatted; `None` if nothing does.
    pub refund: Option<OneLine>,
    /// What the customer paid for the change, formatted; `None` if nothing.
    pub charged: Option<OneLine>,
    /// What is offered in place of a product that will not come any more; empty if nothing.
    pub similar: Vec<OneLine>,
    /// What of the order is still to ship; empty if nothing is any more by the time of the mail.
    pub still_to_come: Vec<ItemView>,
}

/// Units that were set aside for the order and are lost: damaged, or never there.
#[derive(Clone, Debug)]
pub struct LossView {
    /// What was lost.
    pub lost: Vec<ItemView>,
    /// What of the order is still to ship.
    pub still_to_come: Vec<ItemView>,
}

/// The customer wrote something that a person must look at. Nothing of it is shown: a mail repeats no stranger's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageView {
    /// Whether something of the order is still to ship.
    pub cancelable: bool,
}

/// Who or what canceled or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The customer asked for it.
    Customer,
    /// The shop did.
    Shop,
    /// It was on backorder for more than so many days.
    Waited {
        /// The days after which the shop cancels by itself.
        days: u64,
    },
    /// A product of it will not come any more.
    Discontinued,
    /// The customer swapped an item for a similar one.
    Swapped,
    /// The customer wanted to, and it came to nothing.
    NotSwapped,
}
