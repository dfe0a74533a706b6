//! Paths and queries: malformed ids, unknown things, limits of query parameters, unknown routes and methods.

use crate::bodies::Route::{self, Adjust, Arrive, Cancel, Discontinue, Expect, Put, Ship, Swap};
use crate::bodies::set;
use crate::fixture::Fixture;
use crate::row::{Row, run};

/// A well-formed order number with a valid check character. No order has this number.
const NOBODYS: &str = "0000-0000-0000-0000";

fn at(name: &'static str, route: Route, path: &str) -> Row {
    Row { path: path.to_owned(), ..Row::to(name, route) }
}

fn missing(name: &'static str, route: Route, path: &str) -> Row {
    at(name, route, path).is(404, "not-found", &[])
}

fn ids() -> Vec<Row> {
    let get = |name, path: &str| Row::new(name, "GET", path).is(404, "not-found", &[]);
    vec![
        get("an order that is not there", &format!("/orders/{NOBODYS}")),
        get("an order with a slip", "/orders/{waiting}0"),
        get("an order by a word", "/orders/latest"),
        get("an order by a zero byte", "/orders/%00"),
        get("an order by bytes that are no UTF-8", "/orders/%FF%FE"),
        get("an order by a path", "/orders/..%2F..%2F_local"),
        get("an order by another script", "/orders/%D0%B0%D0%B1"),
        get("an order by a number of many digits", &format!("/orders/{}", "1".repeat(5_000))),
        get("an order by a line break", "/orders/%0D%0AX-A:%20b"),
        get("a product that is not there", "/products/nothing/availability"),
        get("a product that can't be", "/products/a%20b/availability"),
        get("a product with a key in it", "/products/led%23LINE%230/availability"),
        get("a product too long", &format!("/products/{}/availability", "x".repeat(65))),
        get("a line that is not there", "/products/nothing/line"),
        get("a line that can't be", "/products/%E2%80%AE/line"),
        missing("canceling an order that is not there", Cancel, &format!("/orders/{NOBODYS}/cancel")),
        missing("canceling what is no order", Cancel, "/orders/x/cancel"),
        missing("shipping an order that is not there", Ship, &format!("/orders/{NOBODYS}/shipments")),
        missing("swapping in an order that is not there", Swap, &format!("/orders/{NOBODYS}/lines/1/swap")),
        missing("swapping line 0", Swap, "/orders/{waiting}/lines/0/swap"),
        missing("swapping a line that is not there", Swap, "/orders/{waiting}/lines/2/swap"),
        missing("swapping a line by a word", Swap, "/orders/{waiting}/lines/one/swap"),
        missing("swapping a line of many digits", Swap, "/orders/{waiting}/lines/18446744073709551617/swap"),
        missing("shipping what is no order", Ship, "/orders/%20/shipments"),
        get("what is expected of what is not there", "/products/nothing/expected-receipts"),
        get("what is expected of what can't be", "/products/a%20b/expected-receipts"),
        missing("expecting what is not there", Expect, "/products/nothing/expected-receipts/r1"),
        missing("expecting what can't be", Expect, "/products/a%20b/expected-receipts/r1"),
        at("expecting under a path", Expect, "/products/led/expected-receipts/..%2Fr").is(422, "invalid", &["id"]),
        at("expecting under a key", Expect, "/products/led/expected-receipts/a%23b").is(422, "invalid", &["id"]),
        at("expecting under too much", Expect, &format!("/products/led/expected-receipts/{}", "x".repeat(65))).is(
            422,
            "invalid",
            &["id"],
        ),
        at("putting what can't be", Put, "/products/a%20b").is(422, "invalid", &["sku"]),
        missing("discontinuing what is not there", Discontinue, "/products/nothing/discontinue"),
        missing("discontinuing what can't be", Discontinue, "/products/a%20b/discontinue"),
        at("putting a path", Put, "/products/..%2Fx").is(422, "invalid", &["sku"]),
        at("putting what is too long", Put, &format!("/products/{}", "x".repeat(65))).is(422, "invalid", &["sku"]),
    ]
}

fn unknown_skus() -> Vec<Row> {
    let nothing = |name, route: Route, pointer, field: &'static str| {
        let mut body = route.body();
        set(&mut body, pointer, serde_json::json!("nothing"));
        Row::to(name, route).json(&body).is(404, "not-found", &[field])
    };
    vec![
        nothing("an order of what is not there", Route::Place, "/lines/1/sku", "lines[1].sku"),
        nothing("an arrival of what is not there", Arrive, "/sku", "sku"),
        nothing("an adjustment of what is not there", Adjust, "/sku", "sku"),
        nothing("a swap by a payment that is not there", Swap, "/payment_reference", "payment_reference"),
        nothing("a payment that is not there", Route::Place, "/payment_reference", "payment_reference"),
    ]
}

fn queries() -> Vec<Row> {
    let get = |name, path: &str, field| Row::new(name, "GET", path).is(422, "invalid", &[field]);
    let availability = |name, query: &str| get(name, &format!("/products/led/availability?{query}"), "quantity");
    let line = |name, query: &str, field| get(name, &format!("/products/led/line?{query}"), field);
    let ready = |name, query: &str, field| get(name, &format!("/shipments/ready?{query}"), field);
    vec![
        availability("asking for none", "quantity=0"),
        availability("asking for less than none", "quantity=-1"),
        availability("asking for too many", "quantity=1001"),
        availability("asking for a word", "quantity=many"),
        availability("asking for a part", "quantity=1.5"),
        availability("asking for nothing", "quantity="),
        availability("asking for more than 64 bits", "quantity=99999999999999999999"),
        availability("asking in another script", "quantity=%D9%A3"),
        line("a line of no tickets", "limit=0", "limit"),
        line("a line of too many tickets", "limit=501", "limit"),
        line("a line after a word", "after=abc", "after"),
        line("a line after less than none", "after=-1", "after"),
        line("a line after more than 64 bits", "after=18446744073709551616", "after"),
        ready("no parcels", "limit=0", "limit"),
        ready("too many parcels", "limit=201", "limit"),
        ready("parcels of a path", "warehouse=..%2Feast", "warehouse"),
        ready("parcels of a warehouse with spaces", "warehouse=e%20st", "warehouse"),
        ready("parcels of a warehouse too long", &format!("warehouse={}", "e".repeat(33)), "warehouse"),
        ready("parcels after a line break", "after=a%0Ab", "after"),
        ready("parcels after another script", "after=%C3%A9", "after"),
        ready("parcels after too much", &format!("after={}", "a".repeat(129)), "after"),
    ]
}

/// Answers of the local front itself. "Known quirks" in the contract's README has the differences from API Gateway.
fn routes() -> Vec<Row> {
    let nothing = |name, method, path| Row::new(name, method, path).is(404, "not-found", &[]);
    let wrong = |name, method, path| Row::new(name, method, path).is(405, "not-found", &[]);
    vec![
        nothing("a route that is not there", "GET", "/carts"),
        nothing("an empty id", "GET", "/orders/"),
        nothing("a slash too many", "GET", "/orders/{waiting}/"),
        nothing("a capital letter", "GET", "/Orders/{waiting}"),
        nothing("a version", "GET", "/v1/orders/{waiting}"),
        wrong("deleting an order", "DELETE", "/orders/{waiting}"),
        wrong("putting an order", "PUT", "/orders/{waiting}"),
        wrong("reading all orders", "GET", "/orders"),
        wrong("patching a product", "PATCH", "/products/led"),
        wrong("reading a product", "GET", "/products/led"),
        wrong("canceling by reading", "GET", "/orders/{waiting}/cancel"),
        wrong("posting what is expected", "POST", "/products/led/expected-receipts"),
        wrong("reading one expected receipt", "GET", "/products/led/expected-receipts/r1"),
        wrong("availability by posting", "POST", "/products/led/availability"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_what_is_not_there_is_not_found_and_a_query_out_of_bounds_is_named() {
    let fixture = Fixture::new().await;
    run(&fixture, &[ids(), unknown_skus(), queries(), routes()].concat()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_ends_after_the_largest_number_there_is() {
    let fixture = Fixture::new().await;
    let answer = fixture.world.shop.get(&format!("/products/led/line?after={}", u64::MAX)).await.unwrap();
    assert_eq!((answer.status, answer.body["waiting"].as_array().map(Vec::len)), (200, Some(0)), "{}", answer.body);
}
