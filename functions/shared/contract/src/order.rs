//! Rendering an order for the shop and for its customer.

use domain::dates::DateWindow;
use domain::estimate::slipped;
use domain::mailing::Mailing;
use domain::money::Currency;
use domain::order::Line;
use domain::refund::Change;
use domain::shipment::Shipment;
use domain::stock::total;
use serde_json::{Map, Value, json};
use use_cases::queries::{LineNow, OrderView};

/// The order as JSON. `to_shop` adds the fields that only the shop may see.
pub fn view(view: &OrderView<'_>, to_shop: bool) -> Value {
    let OrderView { order, lines: now, status_url } = view;
    let currency = order.currency;
    let lines = order.lines.iter().enumerate().map(|(at, line)| {
        let now = now.get(at).copied().unwrap_or_default();
        render_line(at, line, now, currency, to_shop)
    });
    let estimate = now.iter().filter_map(|line| line.estimate).reduce(DateWindow::or_later);
    // A swap that gives no money back is not listed as a refund.
    let refunds = order.changes.iter().filter(|(_, change)| change.swap.is_none() || change.refund > 0);
    let refunds = refunds.map(|(id, change)| render_refund(id, change, currency));
    let shipments = order.shipments.iter().map(|(id, shipment)| render_shipment(id, shipment));
    let mut view = json!({
        "order_id": order.order_id,
        "status": order.status(),
        "placed_at": order.placed_at.unwrap_or(order.started_at),
        "channel": order.channel,
        "customer": order.customer,
        "ship_to": order.ship_to,
        "lines": lines.collect::<Vec<_>>(),
        "promised_ship_date": order.promised(),
        "estimated_ship_date": estimate,
        "slipped": order.lines.iter().zip(now).any(|(line, now)| slipped(line.promised, now.estimate)),
        "shipments": shipments.collect::<Vec<_>>(),
        "shipping": money(order.shipping, currency),
        "total": money(order.charged(), currency),
        "refunded": money(order.refunded(), currency),
        "refunds": refunds.collect::<Vec<_>>(),
        "mail": render_mail(&order.mailing),
        "status_url": status_url,
    });
    if let Some(view) = view.as_object_mut() {
        add(view, "ship_by", order.ship_by);
        add(view, "refusal", order.refusal);
        if to_shop {
            view.insert("payment_reference".to_owned(), json!(order.payment_reference));
        }
    }
    view
}

fn money(amount: i64, currency: Currency) -> Value {
    json!({ "amount": amount, "currency": currency })
}

fn add(view: &mut Map<String, Value>, name: &str, value: Option<impl serde::Serialize>) {
    if let Some(value) = value {
        view.insert(name.to_owned(), json!(value));
    }
}

fn render_line(at: usize, line: &Line, now: LineNow, currency: Currency, to_shop: bool) -> Value {
    let mut view = json!({
        "line": at + 1,
        "sku": line.sku,
        "quantity": line.quantity,
        "unit_price": money(line.unit_price, currency),
        "tax": money(line.tax, currency),
        "discount": money(line.discount, currency),
        "status": line.status(),
        "assigned": total(&line.assigned),
        "shipped": total(&line.shipped),
        "canceled": line.canceled,
        "refunded": money(line.refunded, currency),
        "backordered": line.backordered > 0,
        "changed": line.changed(),
        "orders_ahead": now.place.orders_ahead,
        "units_ahead": now.place.units_ahead,
        "lost": line.lost,
        "after_loss": now.place.after_loss,
        "promised_ship_date": line.promised,
        "estimated_ship_date": now.estimate,
        "slipped": slipped(line.promised, now.estimate),
    });
    if let Some(view) = view.as_object_mut() {
        add(view, "swapped_to", line.swapped_to.map(|to| to + 1));
        add(view, "swapped_from", line.swapped_from.map(|from| from + 1));
        add(view, "ticket", Some(line.ticket).filter(|_| to_shop));
    }
    view
}

fn render_refund(id: &str, change: &Change, currency: Currency) -> Value {
    json!({ "change_id": id, "amount": money(change.refund, currency), "status": change.status })
}

/// Whether the order's mails arrive (R24). If not: why, since when, and which mails the present address missed.
fn render_mail(mailing: &Mailing) -> Value {
    let mut view = json!({ "deliverable": mailing.undeliverable.is_none() });
    if let Some(view) = view.as_object_mut() {
        add(view, "reason", mailing.undeliverable.map(|it| it.reason));
        add(view, "since", mailing.undeliverable.map(|it| it.since));
        let missed: Vec<&str> = mailing.missed_now().map(|mail| mail.kind.as_str()).collect();
        add(view, "missed", Some(missed).filter(|missed| !missed.is_empty()));
    }
    view
}

fn render_shipment(id: &str, shipment: &Shipment) -> Value {
    let lines = shipment.lines.iter().map(|part| json!({ "line": part.line + 1, "quantity": part.quantity }));
    json!({
        "shipment_id": id,
        "warehouse": shipment.warehouse,
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "shipped_at": shipment.shipped_at,
        "lines": lines.collect::<Vec<_>>(),
    })
}
