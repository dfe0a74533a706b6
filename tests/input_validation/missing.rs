//! Missing fields: the answer names each missing field by its path, and nothing changes.

use crate::bodies::Route::{Adjust, Arrive, Cancel, Expect, Place, Policy, Put, Search, Ship, Swap};
use crate::bodies::remove;
use crate::fixture::Fixture;
use crate::row::{Row, run};

#[tokio::test(flavor = "multi_thread")]
async fn r26_a_missing_field_is_named_by_its_path_and_changes_nothing() {
    let table = [
        (Policy, "/shop_name", "shop_name"),
        (Policy, "/shipping/home_country", "shipping.home_country"),
        (Policy, "/mail", "mail"),
        (Place, "/payment_reference", "payment_reference"),
        (Place, "/channel", "channel"),
        (Place, "/customer", "customer"),
        (Place, "/customer/email", "customer.email"),
        (Place, "/customer/name", "customer.name"),
        (Place, "/ship_to", "ship_to"),
        (Place, "/ship_to/country", "ship_to.country"),
        (Place, "/ship_to/name", "ship_to.name"),
        (Place, "/ship_to/address", "ship_to.address"),
        (Place, "/lines", "lines"),
        (Place, "/lines/0/sku", "lines[0].sku"),
        (Place, "/lines/1/quantity", "lines[1].quantity"),
        (Place, "/lines/1/unit_price", "lines[1].unit_price"),
        (Place, "/lines/0/tax/amount", "lines[0].tax.amount"),
        (Place, "/shipping/currency", "shipping.currency"),
        (Search, "/email", "email"),
        (Cancel, "/change_id", "change_id"),
        (Cancel, "/lines/0/line", "lines[0].line"),
        (Swap, "/change_id", "change_id"),
        (Swap, "/sku", "sku"),
        (Ship, "/shipment_id", "shipment_id"),
        (Ship, "/warehouse", "warehouse"),
        (Ship, "/carrier", "carrier"),
        (Ship, "/tracking_number", "tracking_number"),
        (Ship, "/lines/0/quantity", "lines[0].quantity"),
        (Put, "/name", "name"),
        (Put, "/price", "price"),
        (Put, "/backorderable", "backorderable"),
        (Put, "/lead_time_days/max", "lead_time_days.max"),
        (Arrive, "/receipt_id", "receipt_id"),
        (Arrive, "/quantity", "quantity"),
        (Adjust, "/adjustment_id", "adjustment_id"),
        (Adjust, "/reason", "reason"),
        (Expect, "/warehouse", "warehouse"),
        (Expect, "/quantity", "quantity"),
        (Expect, "/expected_on", "expected_on"),
    ];
    let fixture = Fixture::new().await;
    let rows = table.map(|(route, pointer, field)| {
        let mut body = route.body();
        remove(&mut body, pointer);
        let name = format!("{route:?} without {field}").leak();
        Row::to(name, route).json(&body).is(422, "invalid", &[field])
    });
    run(&fixture, &rows).await;
}
