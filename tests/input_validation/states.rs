//! Valid requests that conflict with the current state: the answer has the code, and nothing changes.

use serde_json::{Value, json};

use crate::bodies::Route::{self, Adjust, Arrive, Cancel, Expect, Place, Put, Ship, Swap};
use crate::bodies::set;
use crate::fixture::Fixture;
use crate::row::{Row, assert_problem, run};

fn with(name: &'static str, route: Route, changes: &[(&str, Value)]) -> Row {
    let mut body = route.body();
    changes.iter().for_each(|(pointer, value)| set(&mut body, pointer, value.clone()));
    Row::to(name, route).json(&body)
}

fn on(order: &str, row: Row) -> Row {
    let path = row.path.replace("{waiting}", order).replace("{ready}", order).replace("{swapping}", order);
    Row { path, ..row }
}

fn payments() -> Vec<Row> {
    let paid = |name, payment: &str| with(name, Place, &[("/payment_reference", json!(payment))]);
    let field = &["payment_reference"];
    let euros = [("/lines", euros()), ("/shipping", crate::fixture::eur(500))];
    vec![
        paid("a payment of another amount", "{small}").is(422, "payment-mismatch", field),
        with("a total that is not paid", Place, &[("/lines/0/quantity", json!(3))]).is(422, "payment-mismatch", field),
        with("another currency than paid", Place, &euros).is(422, "payment-mismatch", field),
        with("the largest total", Place, &[("/lines", dear())]).is(422, "payment-mismatch", field),
        paid("a payment that was declined", "{declined}").is(402, "payment-declined", field),
        paid("a payment that was given back", "{given_back}").is(409, "payment-used", field),
    ]
}

/// Announces this quantity under the id of goods that have already arrived.
fn received(name: &'static str, quantity: i64) -> Row {
    let path = "/products/cable/expected-receipts/receipt-1".to_owned();
    Row { path, ..with(name, Expect, &[("/quantity", json!(quantity))]) }.is(409, "id-reused", &["id"])
}

/// The usual order lines, paid in euros.
fn euros() -> Value {
    let line = |sku: &str, quantity, price| json!({ "sku": sku, "quantity": quantity, "unit_price": crate::fixture::eur(price) });
    json!([line("led", 2, 975), line("bulb", 1, 1000)])
}

/// The maximum total of an order.
fn dear() -> Value {
    let most = tests::world::usd(1_000_000_000_000);
    json!([{ "sku": "led", "quantity": 1000, "unit_price": most, "tax": most }])
}

fn changes() -> Vec<Row> {
    let too_many = |name, route, pointer, value: Value, field| {
        with(name, route, &[(pointer, value)]).is(409, "not-that-many", &[field])
    };
    let cancel = [("/change_id", json!("change-1")), ("/lines/0/quantity", json!(2))];
    let parcel = [("/shipment_id", json!("shipment-1"))];
    let arrival = [("/receipt_id", json!("receipt-1"))];
    let adjustment = [("/adjustment_id", json!("adjustment-1")), ("/quantity", json!(-2))];
    vec![
        with("another cancel under a used id", Cancel, &cancel).is(409, "id-reused", &["change_id"]),
        too_many("canceling more than there is", Cancel, "/lines/0/quantity", json!(3), "lines[0].quantity"),
        on("{shipped}", with("canceling what has shipped", Cancel, &[])).is(409, "already-shipped", &[]),
        on("{canceled}", with("canceling what is canceled", Cancel, &[])).is(409, "already-canceled", &[]),
        on("{shipped}", with("another parcel under a used id", Ship, &parcel)).is(409, "id-reused", &["shipment_id"]),
        on("{waiting}", with("shipping what waits", Ship, &[])).is(409, "not-released", &[]),
        on("{shipped}", with("shipping what has shipped", Ship, &[])).is(409, "already-shipped", &[]),
        on("{canceled}", with("shipping what is canceled", Ship, &[])).is(409, "already-canceled", &[]),
        too_many("shipping from elsewhere", Ship, "/warehouse", json!("west"), "warehouse"),
        too_many("shipping more than there is", Ship, "/lines/0/quantity", json!(3), "warehouse"),
        with("shipping a line that is not there", Ship, &[("/lines/0/line", json!(9))]).is(
            422,
            "invalid",
            &["lines[0].line"],
        ),
        with("another arrival under a used id", Arrive, &arrival).is(409, "id-reused", &["receipt_id"]),
        with("another adjustment under a used id", Adjust, &adjustment).is(409, "id-reused", &["adjustment_id"]),
        received("expecting what was received", 5),
        received("withdrawing what was received", 0),
        too_many("taking more than there is", Adjust, "/quantity", json!(-1000), "quantity"),
        too_many("taking from elsewhere", Adjust, "/warehouse", json!("west"), "quantity"),
    ]
}

fn swaps() -> Vec<Row> {
    let to = |name, field: &str, value: &str| with(name, Swap, &[(&format!("/{field}"), json!(value))]);
    let paid = |name, payment| to(name, "payment_reference", payment);
    let field = &["payment_reference"];
    let mut unpaid = Swap.body();
    crate::bodies::remove(&mut unpaid, "/payment_reference");
    vec![
        Row::to("a swap for what is dearer, unpaid", Swap).json(&unpaid).is(402, "payment-required", field),
        paid("a swap paid too little", "{small}").is(422, "payment-mismatch", field),
        paid("a swap paid too much", "{paid}").is(422, "payment-mismatch", field),
        to("a swap that costs nothing, paid", "sku", "cable").is(422, "payment-mismatch", field),
        paid("a swap whose payment was declined", "{declined_difference}").is(402, "payment-declined", field),
        paid("a swap by a payment that became an order", "{spent}").is(409, "payment-used", field),
        on("{waiting}", to("a swap under a cancel's id", "change_id", "change-1")).is(409, "id-reused", &["change_id"]),
        on("{shipped}", with("swapping what has shipped", Swap, &[])).is(409, "already-shipped", &[]),
        on("{canceled}", with("swapping what is canceled", Swap, &[])).is(409, "already-canceled", &[]),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_a_conflict_is_told_by_its_code_and_changes_nothing() {
    let fixture = Fixture::new().await;
    run(&fixture, &[payments(), changes(), swaps()].concat()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i6_a_refused_order_is_refused_again_and_the_repeat_changes_nothing() {
    let fixture = Fixture::new().await;
    let refused = [
        ("sold-out", fixture.refused("gone", json!({})).await),
        ("backlog-full", fixture.refused("few", json!({})).await),
        ("on-backorder", fixture.refused("led", json!({ "if_worse": "refuse" })).await),
        ("phone-backorder", fixture.refused("led", json!({ "channel": "phone" })).await),
    ];
    fixture.world.settle().await;
    let mut rows = Vec::new();
    for (code, body) in refused {
        rows.push(Row::to(code, Place).json(&body).is(409, code, &[]));
        let mut other = body.clone();
        set(&mut other, "/customer/name", json!("Bob"));
        let name = format!("another order under the payment of {code}").leak();
        rows.push(Row::to(name, Place).json(&other).is(409, "id-reused", &["payment_reference"]));
    }
    run(&fixture, &rows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_can_be_changed_in_parts_40_times_and_then_only_as_a_whole() {
    let fixture = Fixture::new().await;
    let shop = &fixture.world.shop;
    let order = fixture.world.order("led", 60).placed().await;
    fixture.world.settle().await;
    fixture.world.stack().delivery().pause();
    let part = async |change: usize| {
        let body = json!({ "change_id": format!("part-{change}"), "lines": [{ "line": 1, "quantity": 1 }] });
        shop.post(&format!("/orders/{order}/cancel"), &body).await.unwrap()
    };
    for change in 0..40 {
        let answer = part(change).await;
        assert_eq!(answer.status, 200, "{change}: {}", answer.body);
    }
    let answer = part(40).await;
    assert_eq!((answer.status, answer.code()), (409, "too-many-changes"));
    assert_problem("one part too many", &answer);
    assert_eq!(fixture.world.cancel(&order).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_put_again_in_another_currency_or_the_same_is_no_conflict() {
    let fixture = Fixture::new().await;
    let answer = fixture.world.shop.put("/products/led", &Put.body()).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    let memory = fixture.memory();
    let again = fixture.world.shop.put("/products/led", &Put.body()).await.unwrap();
    assert_eq!((again.status, fixture.memory()), (200, memory), "a repeat changes nothing");
}
