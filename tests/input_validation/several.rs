//! Several bad fields in one body.

use serde_json::{Value, json};

use crate::bodies::Route::{self, Adjust, Arrive, Cancel, Place, Policy, Put, Search, Ship};
use crate::bodies::set;
use crate::fixture::Fixture;
use crate::row::{Row, run};

/// A name, a route, the values to put in its valid body, and the fields that the answer names.
type Spoilt = (&'static str, Route, Vec<(&'static str, Value)>, Vec<&'static str>);

fn orders() -> Vec<Spoilt> {
    vec![
        (
            "six faults of an order",
            Place,
            vec![
                ("/payment_reference", json!("pi 1")),
                ("/customer/email", json!("ann")),
                ("/ship_to/country", json!("USA")),
                ("/ship_to/planet", json!("Mars")),
                ("/lines/0/quantity", json!(0)),
                ("/lines/1/sku", json!("led")),
            ],
            vec![
                "payment_reference",
                "customer.email",
                "ship_to.country",
                "ship_to.planet",
                "lines[0].quantity",
                "lines[1].sku",
            ],
        ),
        (
            "faults of every kind in a policy",
            Policy,
            vec![
                ("/shop_name", json!(7)),
                ("/colour", json!("red")),
                ("/shipping", json!({ "parts": "whenever" })),
                ("/calendar/weekend/-", json!("funday")),
                ("/limits/units_per_order", json!(0)),
                ("/mail/sender", json!("nobody")),
            ],
            vec![
                "calendar.weekend[1]",
                "colour",
                "shipping.parts",
                "shipping.home_country",
                "shop_name",
                "limits.units_per_order",
                "mail.sender",
            ],
        ),
        (
            "two faults of a search",
            Search,
            vec![("/email", json!("ann")), ("/after", json!("x".repeat(65)))],
            vec!["email", "after"],
        ),
        (
            "three faults of a cancel",
            Cancel,
            vec![("/change_id", json!("")), ("/reason", json!("")), ("/lines/0/line", json!(0))],
            vec!["change_id", "reason", "lines[0].line"],
        ),
    ]
}

fn stock() -> Vec<Spoilt> {
    vec![
        (
            "three faults of a parcel",
            Ship,
            vec![("/shipment_id", json!("")), ("/carrier", json!("\n")), ("/lines/0/quantity", json!(-1))],
            vec!["shipment_id", "carrier", "lines[0].quantity"],
        ),
        (
            "three faults of a product",
            Put,
            vec![("/name", json!("")), ("/backlog_limit", json!(-1)), ("/similar/0", json!(" "))],
            vec!["name", "backlog_limit", "similar[0]"],
        ),
        (
            "all faults of an arrival",
            Arrive,
            vec![("/receipt_id", json!("")), ("/sku", json!("")), ("/warehouse", json!("")), ("/quantity", json!(0))],
            vec!["receipt_id", "sku", "warehouse", "quantity"],
        ),
        (
            "two faults of an adjustment",
            Adjust,
            vec![("/quantity", json!(0)), ("/reason", json!("\u{0}"))],
            vec!["quantity", "reason"],
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_all_the_faults_of_a_request_are_reported_at_once() {
    let row = |(name, route, faults, fields): Spoilt| {
        let mut body = route.body();
        faults.into_iter().for_each(|(pointer, value)| set(&mut body, pointer, value));
        Row::to(name, route).json(&body).is(422, "invalid", &fields)
    };
    let rows: Vec<Row> = orders().into_iter().chain(stock()).map(row).collect();
    run(&Fixture::new().await, &rows).await;
}
