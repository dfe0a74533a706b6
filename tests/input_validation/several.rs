//! Several bad fields in one body.

use serde_json::{Value, json};

use crate::bodies::Route::{self, Adjust, Arrive, Cancel, Place, Policy, Put, Search, Ship};
use crate::bodies::set;
use crate::fields::field;
use crate::fixture::Fixture;
use crate::row::{Row, run};

/// A name, a route, and places in its valid body with their new values. The answer names the places in this order.
type Spoilt = (&'static str, Route, Vec<(&'static str, Value)>);

fn orders() -> Vec<Spoilt> {
    let order = vec![
        ("/payment_reference", json!("pi 1")),
        ("/customer/email", json!("ann")),
        ("/ship_to/country", json!("USA")),
        ("/ship_to/planet", json!("Mars")),
        ("/lines/0/quantity", json!(0)),
        ("/lines/1/sku", json!("led")),
    ];
    let cancel = vec![("/change_id", json!("")), ("/reason", json!("")), ("/lines/0/line", json!(0))];
    vec![
        ("six faults of an order", Place, order),
        ("two faults of a search", Search, vec![("/email", json!("ann")), ("/after", json!("x".repeat(65)))]),
        ("three faults of a cancel", Cancel, cancel),
    ]
}

fn stock() -> Vec<Spoilt> {
    let parcel = vec![("/shipment_id", json!("")), ("/carrier", json!("\n")), ("/lines/0/quantity", json!(-1))];
    let product = vec![("/name", json!("")), ("/backlog_limit", json!(-1)), ("/similar/0", json!(" "))];
    let arrival =
        vec![("/receipt_id", json!("")), ("/sku", json!("")), ("/warehouse", json!("")), ("/quantity", json!(0))];
    let adjustment = vec![("/quantity", json!(0)), ("/reason", json!("\u{0}"))];
    vec![
        ("three faults of a parcel", Ship, parcel),
        ("three faults of a product", Put, product),
        ("all faults of an arrival", Arrive, arrival),
        ("two faults of an adjustment", Adjust, adjustment),
    ]
}

/// The answer has another order: faults of shape come before faults of values.
fn policy() -> Row {
    let faults = vec![
        ("/shop_name", json!(7)),
        ("/colour", json!("red")),
        ("/shipping", json!({ "parts": "whenever" })),
        ("/calendar/weekend/-", json!("funday")),
        ("/limits/units_per_order", json!(0)),
        ("/mail/sender", json!("nobody")),
    ];
    let fields = [
        "calendar.weekend[1]",
        "colour",
        "shipping.parts",
        "shipping.home_country",
        "shop_name",
        "limits.units_per_order",
        "mail.sender",
    ];
    spoilt(("faults of every kind in a policy", Policy, faults), &fields)
}

fn spoilt((name, route, faults): Spoilt, fields: &[&'static str]) -> Row {
    let mut body = route.body();
    faults.into_iter().for_each(|(pointer, value)| set(&mut body, pointer, value));
    Row::to(name, route).json(&body).is(422, "invalid", fields)
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_all_the_faults_of_a_request_are_reported_at_once() {
    let row = |faults: Spoilt| {
        let fields: Vec<&str> = faults.2.iter().map(|(pointer, _)| field(pointer)).collect();
        spoilt(faults, &fields)
    };
    let rows: Vec<Row> = orders().into_iter().chain(stock()).map(row).chain([policy()]).collect();
    run(&Fixture::new().await, &rows).await;
}
