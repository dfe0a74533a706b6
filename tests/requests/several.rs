//! Several fields at fault in one body.

use serde_json::{Value, json};

use crate::bodies::Route::{self, Adjust, Arrive, Cancel, Place, Policy, Put, Search, Ship};
use crate::bodies::set;
use crate::ground::Ground;
use crate::row::{Row, run};

/// A name, a route, what is put where in its good body, and the fields that are named.
type Spoilt<'a> = (&'static str, Route, &'a [(&'static str, Value)], &'a [&'static str]);

#[tokio::test(flavor = "multi_thread")]
async fn r26_all_the_faults_of_a_request_are_reported_at_once() {
    let table: [Spoilt<'_>; 8] = [
        (
            "six faults of an order",
            Place,
            &[
                ("/payment_reference", json!("pi 1")),
                ("/customer/email", json!("ann")),
                ("/ship_to/country", json!("USA")),
                ("/ship_to/planet", json!("Mars")),
                ("/lines/0/quantity", json!(0)),
                ("/lines/1/sku", json!("led")),
            ],
            &[
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
            &[
                ("/shop_name", json!(7)),
                ("/colour", json!("red")),
                ("/shipping", json!({ "parts": "whenever" })),
                ("/calendar/weekend/-", json!("funday")),
                ("/limits/units_per_order", json!(0)),
                ("/mail/sender", json!("nobody")),
            ],
            &[
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
            &[("/email", json!("ann")), ("/after", json!("x".repeat(65)))],
            &["email", "after"],
        ),
        (
            "three faults of a cancel",
            Cancel,
            &[("/change_id", json!("")), ("/reason", json!("")), ("/lines/0/line", json!(0))],
            &["change_id", "reason", "lines[0].line"],
        ),
        (
            "three faults of a parcel",
            Ship,
            &[("/shipment_id", json!("")), ("/carrier", json!("\n")), ("/lines/0/quantity", json!(-1))],
            &["shipment_id", "carrier", "lines[0].quantity"],
        ),
        (
            "three faults of a product",
            Put,
            &[("/name", json!("")), ("/backlog_limit", json!(-1)), ("/similar/0", json!(" "))],
            &["name", "backlog_limit", "similar[0]"],
        ),
        (
            "all faults of an arrival",
            Arrive,
            &[("/receipt_id", json!("")), ("/sku", json!("")), ("/warehouse", json!("")), ("/quantity", json!(0))],
            &["receipt_id", "sku", "warehouse", "quantity"],
        ),
        (
            "two faults of an adjustment",
            Adjust,
            &[("/quantity", json!(0)), ("/reason", json!("\u{0}"))],
            &["quantity", "reason"],
        ),
    ];
    let ground = Ground::new().await;
    let rows = table.map(|(name, route, faults, fields)| {
        let mut body = route.body();
        faults.iter().for_each(|(pointer, value)| set(&mut body, pointer, value.clone()));
        Row::to(name, route).json(&body).is(422, "invalid", fields)
    });
    run(&ground, &rows).await;
}
