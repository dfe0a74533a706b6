//! Builds the view of an order that a mail shows: formatted names, amounts and dates.

use domain::dates::DateWindow;
use domain::names::Sku;
use domain::order::{Line, Order, Stage};
use domain::policy::{Parts, Policy};
use domain::product::Product;
use domain::refund::{Change, ChangeKind};

use crate::mails::{
    CancelationView, Cause, ChangeView, Delivery, ItemView, LineView, LossView, MailKind, MailView, MessageView,
    OneLine, Promises, Replies, ShipWindow, ShipmentView,
};
use crate::money::money;

/// The prefix of a loss's subject `lost:LINE:FROM-TO`. FROM and TO are all lost units of the line, before and after.
const LOST: &str = "lost:";

/// Returns the mail `name` for the shipment or change `subject`. `None`: the order has no such shipment or change.
pub fn kind(order: &Order, products: &[Product], policy: &Policy, name: &str, subject: &str) -> Option<MailKind> {
    match name {
        "order-confirmation" => Some(MailKind::OrderConfirmation),
        "backorder-notice" => Some(MailKind::BackorderNotice),
        "shipped" => shipped(order, products, subject),
        "changed" if subject.starts_with(LOST) => lost(order, products, subject).map(MailKind::Lost),
        "changed" => {
            order.changes.get(subject).map(|change| MailKind::Changed(changed(order, products, policy, change)))
        }
        "canceled" => {
            order.changes.get(subject).map(|change| MailKind::Canceled(canceled(order, products, policy, change)))
        }
        "message-received" => {
            let cancelable = order.stage == Stage::Placed && order.lines.iter().any(|line| line.open() > 0);
            Some(MailKind::MessageReceived(MessageView { cancelable }))
        }
        _ => None,
    }
}

/// The ways in which a customer can reach the order: by link, reply or new e-mail.
#[derive(Clone, Debug)]
pub struct Ways {
    /// The link to follow and cancel the order, with the customer's token.
    pub link: String,
    /// How replies are handled.
    pub replies: Replies,
    /// The address for a new e-mail about the order.
    pub write_to: String,
}

/// The view of an order that every mail shares.
pub fn of_order(order: &Order, products: &[Product], policy: &Policy, ways: &Ways) -> MailView {
    let formatted = |amount: i64| OneLine::from(money(amount, order.currency.as_str()));
    let some = |amount: i64| Some(amount).filter(|amount| *amount > 0).map(formatted);
    // The view shows the order as it was placed, because each swap has its own mail.
    let placed: Vec<&Line> = order.lines.iter().filter(|line| line.swapped_from.is_none()).collect();
    let lines = placed.iter().map(|line| LineView {
        name: product_name(products, &line.sku),
        sku: line.sku.as_str().into(),
        quantity: count(line.quantity),
        backordered: count(line.backordered),
        changed: line.changed(),
        unit_price: formatted(line.unit_price),
        amount: formatted(line.unit_price * line.quantity),
        promised: line.promised.map(window),
    });
    MailView {
        shop_name: OneLine::short(&policy.shop_name),
        safe_list: policy.mail.safe_list().as_str().into(),
        replies: ways.replies,
        write_to: ways.write_to.as_str().into(),
        time_zone: policy.calendar.time_zone.as_str().into(),
        order_number: order.order_id.as_str().into(),
        customer_name: OneLine::short(&order.customer.name),
        placed_on: policy.calendar.day_of(order.placed_at.unwrap_or(order.started_at)),
        status_url: ways.link.as_str().into(),
        lines: lines.collect(),
        discount: some(placed.iter().map(|line| line.discount).sum()),
        tax: some(placed.iter().map(|line| line.tax).sum()),
        shipping: some(order.shipping),
        total: formatted(order.total),
        promised: order.promised().map(window),
        promises: Promises {
            delivery: delivery(order, policy),
            ships_within_business_days: Some(1),
            expires_after_days: policy.expiry_days.map(u64::from),
            swaps: placed.iter().any(|line| line.backordered > 0 && swappable(products, &line.sku)),
        },
    }
}

/// How the order ships (R8 to R11).
fn delivery(order: &Order, policy: &Policy) -> Delivery {
    match policy.shipping.parts {
        _ if order.abroad(policy) => Delivery::TogetherAbroad,
        Parts::Together => Delivery::Together,
        Parts::AsAvailable => Delivery::AsAvailable,
    }
}

fn count(units: i64) -> u64 {
    u64::try_from(units).unwrap_or_default()
}

fn window(window: DateWindow) -> ShipWindow {
    ShipWindow { earliest: window.earliest, latest: window.latest }
}

fn product_name(products: &[Product], sku: &Sku) -> OneLine {
    let product = products.iter().find(|product| product.sku == *sku);
    product.map_or_else(|| sku.as_str().into(), |product| OneLine::short(&product.name))
}

/// Whether the shop offers a product similar to `sku` (R14).
fn swappable(products: &[Product], sku: &Sku) -> bool {
    products.iter().any(|product| product.sku == *sku && !product.similar.is_empty())
}

fn item(products: &[Product], line: &Line, units: i64) -> ItemView {
    ItemView { name: product_name(products, &line.sku), sku: line.sku.as_str().into(), quantity: count(units) }
}

fn still_to_come(order: &Order, products: &[Product]) -> Vec<ItemView> {
    order.lines.iter().filter(|line| line.open() > 0).map(|line| item(products, line, line.open())).collect()
}

fn shipped(order: &Order, products: &[Product], id: &str) -> Option<MailKind> {
    let shipment = order.shipments.get(id)?;
    let items =
        shipment.lines.iter().filter_map(|part| Some(item(products, order.lines.get(part.line)?, part.quantity)));
    Some(MailKind::Shipped(ShipmentView {
        carrier: OneLine::short(&shipment.carrier),
        tracking_number: OneLine::short(&shipment.tracking_number),
        items: items.collect(),
        still_to_come: still_to_come(order, products),
    }))
}

fn canceled(order: &Order, products: &[Product], policy: &Policy, change: &Change) -> CancelationView {
    CancelationView {
        cause: cause(order, change, policy),
        reason: change.reason.as_deref().map(OneLine::short),
        items: given_up(order, products, change),
        refund: refund(order, change),
        similar: similar(order, products, change),
        whole_order: order.shipments.is_empty(),
    }
}

fn changed(order: &Order, products: &[Product], policy: &Policy, change: &Change) -> ChangeView {
    ChangeView {
        cause: cause(order, change, policy),
        reason: change.reason.as_deref().map(OneLine::short),
        items: given_up(order, products, change),
        instead: brought(order, change).map(|line| item(products, line, line.quantity)).into_iter().collect(),
        instead_waits: brought(order, change)
            .filter(|line| line.backordered > 0)
            .and_then(|line| line.promised)
            .map(window),
        refund: refund(order, change),
        charged: change.extra().filter(|_| !change.came_to_nothing()).map(|extra| formatted(order, extra.amount)),
        similar: similar(order, products, change),
        still_to_come: still_to_come(order, products),
    }
}

fn lost(order: &Order, products: &[Product], subject: &str) -> Option<LossView> {
    let (line, units) = subject.strip_prefix(LOST)?.split_once(':')?;
    let (from, to) = units.split_once('-')?;
    let line = order.lines.get(line.parse::<usize>().ok()?)?;
    let units = to.parse::<i64>().ok()? - from.parse::<i64>().ok()?;
    Some(LossView { lost: vec![item(products, line, units)], still_to_come: still_to_come(order, products) })
}

/// The products that the shop offers in place of a discontinued one.
fn similar(order: &Order, products: &[Product], change: &Change) -> Vec<OneLine> {
    if change.kind != ChangeKind::Discontinued {
        return Vec::new();
    }
    let find = |sku: &Sku| products.iter().find(|product| product.sku == *sku);
    let gone = change.lines.iter().filter_map(|part| find(&order.lines.get(part.line)?.sku));
    let offered = gone.flat_map(|product| &product.similar).filter_map(find);
    offered.filter(|it| it.discontinued_at.is_none()).map(|it| OneLine::short(&it.name)).collect()
}

/// The items that a change removed. A change without lines removed the whole order.
fn given_up(order: &Order, products: &[Product], change: &Change) -> Vec<ItemView> {
    if change.lines.is_empty() && change.swap.is_none() {
        return order.lines.iter().map(|line| item(products, line, line.quantity)).collect();
    }
    let named = change.lines.iter();
    named.filter_map(|part| Some(item(products, order.lines.get(part.line)?, part.units))).collect()
}

fn refund(order: &Order, change: &Change) -> Option<OneLine> {
    Some(change.refund).filter(|amount| *amount > 0).map(|amount| formatted(order, amount))
}

fn formatted(order: &Order, amount: i64) -> OneLine {
    money(amount, order.currency.as_str()).into()
}

/// The line that a swap added.
fn brought<'a>(order: &'a Order, change: &Change) -> Option<&'a Line> {
    let swap = change.swap.as_ref().filter(|swap| swap.refusal.is_none())?;
    order.lines.iter().find(|line| line.swapped_from == Some(swap.line) && line.sku == swap.sku)
}

fn cause(order: &Order, change: &Change, policy: &Policy) -> Cause {
    let waited = change.at.duration_since(order.placed_at.unwrap_or(order.started_at)).as_hours() / 24;
    match change.kind {
        ChangeKind::Canceled if change.by_shop => Cause::Shop,
        ChangeKind::Canceled => Cause::Customer,
        ChangeKind::Expired => Cause::Waited { days: policy.expiry_days.map_or(count(waited), u64::from) },
        ChangeKind::Discontinued => Cause::Discontinued,
        ChangeKind::Refused | ChangeKind::RefusedLater => Cause::Shop,
        ChangeKind::Swapped => Cause::Swapped,
        ChangeKind::SwapRefused | ChangeKind::SwapRefusedLater => Cause::NotSwapped,
    }
}
