//! Tests when an order may ship and its deadline, case by case: complete, in parts, abroad (R8 to R11, R16).

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on ends")]

use domain::cancel::{Ending, end_waiting};
use domain::names::{CallerId, Warehouse};
use domain::order::Order;
use domain::policy::{Parts, Policy};
use domain::shipment::{ShipmentError, ShipmentRequest, ship};
use domain::stock::{Units, put};
use jiff::Timestamp;
use serde_json::json;

/// A shop in UTC that is closed at weekends.
fn policy(parts: Parts) -> Policy {
    let mut policy: Policy = serde_json::from_value(json!({
        "shop_name": "Shop", "lead_time_days": { "min": 1, "max": 2 }, "backorders_by": ["web"],
        "shipping": { "parts": "together", "home_country": "US" },
        "calendar": { "time_zone": "UTC", "weekend": ["saturday", "sunday"] },
        "mail": { "sender": "a@shop.example", "safe_list": "Add {sender}." },
        "button": { "in_stock": "a", "on_backorder": "b", "sold_out": "c" },
    }))
    .unwrap();
    policy.shipping.parts = parts;
    policy
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An order placed on a Monday. Each pair holds a line's units and how many of them are on backorder.
fn order(country: &str, lines: &[(i64, i64)]) -> Order {
    let line = |(at, (quantity, backordered)): (usize, &(i64, i64))| json!({ "sku": format!("s{at}"), "quantity": quantity, "unit_price": 1, "backordered": backordered, "ticket": 1 });
    let lines: Vec<_> = lines.iter().enumerate().map(line).collect();
    serde_json::from_value(json!({
        "order_id": "0000-0000-0000-0000", "version": 2, "stage": "placed", "started_at": "2026-11-23T10:00:00Z",
        "placed_at": "2026-11-23T10:00:00Z", "payment_reference": "pi_1", "request": "", "channel": "web",
        "customer": { "email": "a@b.example", "name": "Ann" }, "ship_to": { "country": country }, "lines": lines,
        "total": 9, "currency": "USD", "if_worse": "accept", "policy": "",
    }))
    .unwrap()
}

fn give(order: &mut Order, policy: &Policy, line: usize, warehouse: &str, units: i64, arrived: &str) {
    put(&mut order.lines[line].assigned, &Warehouse::new(warehouse).unwrap(), units);
    // The fill comes a week later than the goods.
    order.goods_came(policy, Some(at(arrived)), at("2026-12-20T00:00:00Z"));
}

fn parcel(id: &str, warehouse: &str) -> ShipmentRequest {
    ShipmentRequest {
        shipment_id: CallerId::new(id.to_owned()).unwrap(),
        warehouse: Warehouse::new(warehouse).unwrap(),
        carrier: "UPS".to_owned(),
        tracking_number: "1".to_owned(),
        lines: None,
    }
}

/// Whether the order may ship, and its deadline.
fn stands(order: &Order) -> (bool, String) {
    (order.released_at.is_some(), order.ship_by.map(|day| day.to_string()).unwrap_or_default())
}

#[test]
fn r8_r16_together_it_leaves_one_business_day_after_its_last_goods_came_whenever_the_fill_did() {
    let policy = policy(Parts::Together);
    let mut order = order("US", &[(2, 0), (1, 1)]);
    give(&mut order, &policy, 0, "east", 2, "2026-11-20T10:00:00Z");
    assert_eq!(stands(&order), (false, String::new()));
    give(&mut order, &policy, 1, "west", 1, "2026-12-04T10:00:00Z");
    assert_eq!(stands(&order), (true, "2026-12-07".to_owned()), "goods that arrive on a Friday ship by Monday");
}

#[test]
fn r16_what_was_in_stock_before_the_order_counts_from_its_placing() {
    let policy = policy(Parts::Together);
    let mut order = order("US", &[(1, 0)]);
    give(&mut order, &policy, 0, "east", 1, "2026-01-05T10:00:00Z");
    assert_eq!(stands(&order), (true, "2026-11-24".to_owned()));
}

#[test]
fn r9_r16_in_parts_the_earlier_day_stays_until_all_that_is_there_has_left() {
    let policy = policy(Parts::AsAvailable);
    let mut order = order("US", &[(1, 0), (2, 2)]);
    give(&mut order, &policy, 0, "east", 1, "2026-11-20T10:00:00Z");
    assert_eq!(stands(&order), (true, "2026-11-24".to_owned()));
    give(&mut order, &policy, 1, "west", 1, "2026-12-01T10:00:00Z");
    assert_eq!(stands(&order), (true, "2026-11-24".to_owned()));
    let mut order =
        ship(&order, &parcel("s1", "east"), "", &policy, at("2026-11-24T10:00:00Z")).unwrap().unwrap().order;
    assert_eq!(stands(&order), (true, "2026-11-24".to_owned()), "the unit in the west is ready to ship");
    order = ship(&order, &parcel("s2", "west"), "", &policy, at("2026-12-02T10:00:00Z")).unwrap().unwrap().order;
    assert_eq!(stands(&order), (true, String::new()));
    give(&mut order, &policy, 1, "west", 1, "2026-12-08T10:00:00Z");
    assert_eq!(stands(&order), (true, "2026-12-09".to_owned()));
}

#[test]
fn r9_what_was_in_stock_leaves_at_once_not_line_by_line() {
    let policy = policy(Parts::AsAvailable);
    let mut order = order("US", &[(1, 0), (3, 1), (1, 1)]);
    give(&mut order, &policy, 0, "east", 1, "2026-11-20T10:00:00Z");
    give(&mut order, &policy, 1, "east", 1, "2026-11-20T10:00:00Z");
    assert!(!stands(&order).0, "one of two units from stock is still missing");
    give(&mut order, &policy, 1, "east", 1, "2026-11-20T10:00:00Z");
    assert!(stands(&order).0);
    order.lines[1].assigned = Units::new();
    order.decide_release(&policy, at("2026-12-20T00:00:00Z"));
    assert!(stands(&order).0, "a released order stays released while it has units");
    order.lines[0].assigned = Units::new();
    order.decide_release(&policy, at("2026-12-20T00:00:00Z"));
    assert_eq!(stands(&order), (false, String::new()), "the order has no units any more");
}

#[test]
fn r11_what_was_wholly_on_backorder_waits_for_all_of_it() {
    let policy = policy(Parts::AsAvailable);
    let mut order = order("US", &[(1, 1), (2, 2)]);
    give(&mut order, &policy, 0, "east", 1, "2026-12-01T10:00:00Z");
    give(&mut order, &policy, 1, "east", 1, "2026-12-01T10:00:00Z");
    assert!(!stands(&order).0);
    order.lines[1].canceled = 1;
    order.decide_release(&policy, at("2026-12-02T10:00:00Z"));
    assert_eq!(stands(&order), (true, "2026-12-03".to_owned()), "all units still wanted are there");
}

#[test]
fn r10_abroad_all_of_it_leaves_in_one_parcel_from_the_warehouses_where_it_lies() {
    let policy = policy(Parts::AsAvailable);
    let mut order = order("CA", &[(2, 0), (1, 1)]);
    give(&mut order, &policy, 0, "east", 2, "2026-11-20T10:00:00Z");
    assert!(!stands(&order).0);
    give(&mut order, &policy, 1, "west", 1, "2026-12-01T10:00:00Z");
    assert!(stands(&order).0);
    let refused = ship(&order, &parcel("s1", "north"), "", &policy, at("2026-12-01T10:00:00Z"));
    assert_eq!(refused, Err(ShipmentError::NotThatMany));
    let left = ship(&order, &parcel("s1", "west"), "", &policy, at("2026-12-01T10:00:00Z")).unwrap().unwrap();
    let units: Vec<_> = left.units.iter().map(|(sku, units)| (sku.to_string(), format!("{units:?}"))).collect();
    assert_eq!(units.len(), 2, "{units:?}");
    assert!(units[0].1.contains("east") && units[1].1.contains("west"), "{units:?}");
    assert!(left.order.lines.iter().all(|line| line.open() == 0 && line.assigned.is_empty()));
}

/// The order after a swap of its line at `now`. The new line has the same units: all of them on backorder, or none.
fn swapped(order: &Order, line: usize, backordered: bool, now: &str) -> Order {
    let mut after = serde_json::to_value(order).unwrap();
    let old = after["lines"][line].clone();
    let units = old["quantity"].clone();
    after["lines"][line]["canceled"] = units.clone();
    after["lines"][line].as_object_mut().unwrap().remove("assigned");
    let late = if backordered { units.clone() } else { json!(0) };
    let new = json!({
        "sku": "new", "quantity": units, "unit_price": 1, "backordered": late, "ticket": 9, "swapped_from": line
    });
    after["lines"].as_array_mut().unwrap().push(new);
    let swap = json!({ "line": line, "sku": "new", "units": units });
    after["changes"]["c1"] =
        json!({ "at": now, "kind": "swapped", "refund": 0, "status": "paid", "request": "", "swap": swap });
    serde_json::from_value(after).unwrap()
}

#[test]
fn r14_r16_what_was_swapped_for_something_in_stock_counts_from_the_swap() {
    let policy = policy(Parts::Together);
    let mut order = swapped(&order("US", &[(1, 1)]), 0, false, "2026-12-15T10:00:00Z");
    give(&mut order, &policy, 1, "east", 1, "2026-12-01T10:00:00Z");
    assert_eq!(stands(&order), (true, "2026-12-16".to_owned()), "the goods arrived before the swap");
}

#[test]
fn r11_r14_what_is_left_of_an_order_and_wholly_on_backorder_waits_for_all_of_it() {
    let policy = policy(Parts::AsAvailable);
    let before = order("US", &[(1, 0), (1, 1), (1, 1)]);
    let swapped = swapped(&before, 0, true, "2026-11-24T10:00:00Z");
    let mut canceled = before;
    canceled.lines[0].canceled = 1;
    for mut order in [canceled, swapped] {
        give(&mut order, &policy, 1, "east", 1, "2026-12-01T10:00:00Z");
        assert!(!stands(&order).0);
    }
}

#[test]
fn r14_r15_what_was_swapped_since_has_not_waited_too_long() {
    let expired = |parts, line| {
        let order = swapped(&order("US", &[(1, 1), (2, 2)]), 0, true, "2026-12-20T10:00:00Z");
        let ended = end_waiting(&order, Ending::Expired(line), &policy(parts), at("2026-12-24T10:00:00Z")).unwrap();
        ended.map(|ended| ended.order.lines.iter().map(|line| line.canceled).collect::<Vec<_>>())
    };
    for parts in [Parts::Together, Parts::AsAvailable] {
        assert_eq!(expired(parts, 0), None, "the ticket was given up during the read");
    }
    assert_eq!(expired(Parts::AsAvailable, 1), Some(vec![1, 2, 0]));
    assert_eq!(expired(Parts::Together, 1), Some(vec![1, 2, 1]));
}
