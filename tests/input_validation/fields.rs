//! One bad field in an otherwise valid body, field by field, for all routes.

use serde_json::{Value, json};
use tests::world::usd;

use crate::bodies::Route::{
    self, Adjust, Arrive, Cancel, Contact, Correct, Done, Expect, Place, Put, Search, Ship, Swap,
};
use crate::bodies::{in_days, set};
use crate::fixture::{Fixture, eur};
use crate::row::{Row, run};

/// A name, a route, a place in its valid body, and the value to put there. The answer names that place.
pub(crate) type Spoilt = (&'static str, Route, &'static str, Value);

pub(crate) fn row(spoilt: Spoilt) -> Row {
    let field = field(spoilt.2);
    row_of(spoilt, field)
}

/// A place in a body as an answer names it.
pub(crate) fn field(pointer: &str) -> &'static str {
    let field = pointer.split('/').skip(1).fold(String::new(), |field, part| match part.parse::<usize>() {
        Ok(at) => format!("{field}[{at}]"),
        Err(_) if field.is_empty() => part.to_owned(),
        Err(_) => format!("{field}.{part}"),
    });
    field.leak()
}

/// A row whose answer names another place instead of the spoiled place.
pub(crate) fn row_of((name, route, pointer, value): Spoilt, field: &'static str) -> Row {
    let mut body = route.body();
    set(&mut body, pointer, value);
    Row::to(name, route).json(&body).is(422, "invalid", &[field])
}

fn long(length: usize) -> Value {
    json!("x".repeat(length))
}

fn placing() -> Vec<Spoilt> {
    vec![
        ("a number for a payment", Place, "/payment_reference", json!(7)),
        ("an empty payment", Place, "/payment_reference", json!("")),
        ("a payment with a path", Place, "/payment_reference", json!("pi_1/../refunds")),
        ("a payment too long", Place, "/payment_reference", long(129)),
        ("an unknown channel", Place, "/channel", json!("fax")),
        ("a channel in capitals", Place, "/channel", json!("WEB")),
        ("no customer", Place, "/customer", Value::Null),
        ("a customer in a list", Place, "/customer", json!(["ann@example.com", "Ann"])),
        ("an address without @", Place, "/customer/email", json!("ann.example.com")),
        ("an address without a dot", Place, "/customer/email", json!("ann@example")),
        ("two addresses", Place, "/customer/email", json!("ann@example.com,bob@example.com")),
        ("an address with a name", Place, "/customer/email", json!("Ann <ann@example.com>")),
        ("a header after an address", Place, "/customer/email", json!("ann@example.com\r\nBcc: b@evil.example")),
        ("a direction in an address", Place, "/customer/email", json!("\u{202E}ann@example.com")),
        ("an address too long", Place, "/customer/email", json!(format!("a@{}.example", "x".repeat(250)))),
        ("a local part too long", Place, "/customer/email", json!(format!("{}@example.com", "x".repeat(65)))),
        ("a header after a name", Place, "/customer/name", json!("Ann\r\nBcc: bob@evil.example")),
        ("a name of spaces", Place, "/customer/name", json!("   ")),
        ("a name with a zero byte", Place, "/customer/name", json!("Ann\u{0}")),
        ("a name with an escape", Place, "/customer/name", json!("\u{1b}[31mAnn")),
        ("a name that turns the line around", Place, "/customer/name", json!("Ann\u{202E}nnA")),
        ("a name with a paragraph", Place, "/customer/name", json!("Ann\u{2029}Lee")),
        ("a name too long", Place, "/customer/name", json!("é".repeat(201))),
        ("an unknown field of the customer", Place, "/customer/phone", json!("1")),
        ("a list for an address", Place, "/ship_to", json!([])),
        ("a number in an address", Place, "/ship_to/postal_code", json!(83701)),
        ("a null in an address", Place, "/ship_to/city", Value::Null),
        ("a country in words", Place, "/ship_to/country", json!("Boise")),
        ("a country in small letters", Place, "/ship_to/country", json!("us")),
        ("a line break in a street", Place, "/ship_to/address", json!("1 Long Road\n2")),
        ("a city too long", Place, "/ship_to/city", long(201)),
        ("an unknown field of an address", Place, "/ship_to/planet", json!("Mars")),
        ("an unknown wish", Place, "/if_worse", json!("maybe")),
        ("an unknown field", Place, "/coupon", json!("TENOFF")),
    ]
}

fn lines() -> Vec<Spoilt> {
    vec![
        ("no lines", Place, "/lines", json!([])),
        ("lines in an object", Place, "/lines", json!({ "0": {} })),
        ("lines in a text", Place, "/lines", json!("led")),
        ("too many lines", Place, "/lines", json!(vec![Place.body()["lines"][0].clone(); 31])),
        ("a line in a list", Place, "/lines/0", json!(["led", 1, usd(1000)])),
        ("a null for a line", Place, "/lines/1", Value::Null),
        ("an unknown field of a line", Place, "/lines/0/color", json!("red")),
        ("a sku with a key in it", Place, "/lines/0/sku", json!("led#LINE#0")),
        ("a sku in another script", Place, "/lines/0/sku", json!("лед")),
        ("a sku too long", Place, "/lines/0/sku", long(65)),
        ("a sku twice", Place, "/lines/1/sku", json!("led")),
        ("a quantity of none", Place, "/lines/0/quantity", json!(0)),
        ("a quantity below none", Place, "/lines/0/quantity", json!(-1)),
        ("a quantity too large", Place, "/lines/0/quantity", json!(1001)),
        ("half a unit", Place, "/lines/0/quantity", json!(0.5)),
        ("a whole number as a float", Place, "/lines/0/quantity", json!(2.0)),
        ("a quantity beyond 64 bits", Place, "/lines/0/quantity", json!(u64::MAX)),
        ("an address for a quantity", Place, "/lines/0/quantity", json!("bob@example.com")),
        ("true for a quantity", Place, "/lines/1/quantity", json!(true)),
        ("a bare number for a price", Place, "/lines/0/unit_price", json!(1000)),
        ("a price in a list", Place, "/lines/0/unit_price", json!([1000, "USD"])),
        ("a price below nothing", Place, "/lines/0/unit_price", usd(-1)),
        ("a price too large", Place, "/lines/0/unit_price", usd(1_000_000_000_001)),
        ("a price that would overflow", Place, "/lines/0/unit_price", usd(i64::MAX)),
        ("a price with cents", Place, "/lines/0/unit_price/amount", json!(10.99)),
        ("a currency in small letters", Place, "/lines/0/unit_price/currency", json!("usd")),
        ("another currency in a line", Place, "/lines/1/unit_price", eur(1000)),
        ("another currency of a tax", Place, "/lines/0/tax", eur(50)),
        ("a discount above the price", Place, "/lines/0/discount", usd(2001)),
        ("a page that showed nothing known", Place, "/lines/0/seen", json!("sold_out")),
        ("another currency for shipping", Place, "/shipping", eur(500)),
        ("an unknown field of money", Place, "/shipping/cents", json!(5)),
    ]
}

/// A name whose last segment has 65 characters, and the part of it that the answer shows.
const ENDLESS: &str = "/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
const ENDLESS_SHOWN: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

fn orders() -> Vec<Spoilt> {
    vec![
        ("a search for nobody", Search, "/email", json!("")),
        ("a search for a pattern", Search, "/email", json!("*")),
        ("a search after what no answer said", Search, "/after", json!("é")),
        ("a search after a moment alone", Search, "/after", json!("2026-11-21T09:30:00Z")),
        ("a search after no moment", Search, "/after", json!("yesterday#0000-0000-0000-0000")),
        ("a search after no order", Search, "/after", json!("2026-11-21T09:30:00Z#0000-0000-0000-0001")),
        ("a search after too much", Search, "/after", long(65)),
        ("a search with more fields", Search, "/limit", json!(5)),
        ("an empty change", Cancel, "/change_id", json!("")),
        ("a change of the system's own", Cancel, "/change_id", json!("expired")),
        ("a change with spaces", Cancel, "/change_id", json!("a b")),
        ("a header after a reason", Cancel, "/reason", json!("late\r\nX-Refund: all")),
        ("a reason too long", Cancel, "/reason", long(501)),
        ("canceling no lines", Cancel, "/lines", json!([])),
        ("canceling in a list", Cancel, "/lines/0", json!([1])),
        ("canceling line 0", Cancel, "/lines/0/line", json!(0)),
        ("canceling a line below 0", Cancel, "/lines/0/line", json!(i64::MIN)),
        ("canceling a line that is not there", Cancel, "/lines/0/line", json!(2)),
        ("canceling the last line that could be", Cancel, "/lines/0/line", json!(i64::MAX)),
        ("canceling no unit", Cancel, "/lines/0/quantity", json!(0)),
        ("canceling by sku", Cancel, "/lines/0/sku", json!("led")),
        ("an empty swap", Swap, "/change_id", json!("")),
        ("a swap of the system's own", Swap, "/change_id", json!("refused")),
        ("a swap for nothing", Swap, "/sku", json!("")),
        ("a swap for a list", Swap, "/sku", json!(["bulb"])),
        ("a swap for itself", Swap, "/sku", json!("led")),
        ("a swap for what is not offered", Swap, "/sku", json!("few")),
        ("a swap for what is not there", Swap, "/sku", json!("nothing")),
        ("a swap paid by a path", Swap, "/payment_reference", json!("../refunds")),
        ("a swap of fewer units", Swap, "/quantity", json!(1)),
        ("canceling with a refund", Cancel, "/refund", usd(5)),
        ("a shipment with a slash", Ship, "/shipment_id", json!("a/b")),
        ("a warehouse too long", Ship, "/warehouse", long(33)),
        ("a carrier of nothing", Ship, "/carrier", json!("")),
        ("a header after a tracking number", Ship, "/tracking_number", json!("1Z\r\nBcc: b@evil.example")),
        ("a number for a tracking number", Ship, "/tracking_number", json!(1)),
        ("a parcel of no lines", Ship, "/lines", json!([])),
        ("a parcel of no units", Ship, "/lines/0/quantity", json!(0)),
        ("a parcel with line 0", Ship, "/lines/0/line", json!(0)),
        ("a parcel with a text for a line", Ship, "/lines/0/line", json!("1")),
        ("a parcel with a weight", Ship, "/weight", json!(3)),
    ]
}

fn mail() -> Vec<Spoilt> {
    vec![
        ("a number with a slip", Contact, "/order_number", json!("7K3M-9Q2X-WT4P-ABC5")),
        ("a number of words", Contact, "/order_number", json!("my last order")),
        ("a bare number", Contact, "/order_number", json!(7)),
        ("a contact without @", Contact, "/email", json!("ann")),
        ("a header after a contact", Contact, "/email", json!("a@b.example\r\nBcc: c@d.example")),
        ("a message too long", Contact, "/message", long(5_001)),
        ("a message that turns the line around", Contact, "/message", json!("no\u{202E}")),
        ("a message with an escape", Contact, "/message", json!("\u{1b}[31m")),
        ("a message in a list", Contact, "/message", json!(["cancel"])),
        ("another intent", Contact, "/intent", json!("swap")),
        ("an intent in capitals", Contact, "/intent", json!("CANCEL")),
        ("a contact with more fields", Contact, "/phone", json!("1")),
        ("a corrected address without a dot", Correct, "/email", json!("ann@example")),
        ("two corrected addresses", Correct, "/email", json!("a@b.example,c@d.example")),
        ("a corrected address of null", Correct, "/email", Value::Null),
        ("a corrected name", Correct, "/name", json!("Ann")),
        ("a correction with spaces in its id", Correct, "/change_id", json!("a b")),
        ("a task done with words", Done, "/note", json!("called")),
    ]
}

fn stock() -> Vec<Spoilt> {
    vec![
        ("a product without words", Put, "/name", json!("\t")),
        ("a product with a header", Put, "/name", json!("LED\r\nSubject: x")),
        ("a product below nothing", Put, "/price", usd(-5)),
        ("a product for a float", Put, "/price/amount", json!(1e3)),
        ("yes for true", Put, "/backorderable", json!("yes")),
        ("one for true", Put, "/backorderable", json!(1)),
        ("a lead time back in time", Put, "/lead_time_days", json!({ "min": 5, "max": 3 })),
        ("a lead time below 0", Put, "/lead_time_days/min", json!(-1)),
        ("a lead time without an end", Put, "/lead_time_days/max", json!(65536)),
        ("a lead time in weeks", Put, "/lead_time_days/weeks", json!(2)),
        ("a backlog below 0", Put, "/backlog_limit", json!(-1)),
        ("a backlog too large", Put, "/backlog_limit", json!(1_000_001)),
        ("too many similar products", Put, "/similar", json!(vec!["x"; 51])),
        ("a sku in the body", Put, "/sku", json!("led")),
        ("an arrival of none", Arrive, "/quantity", json!(0)),
        ("an arrival below none", Arrive, "/quantity", json!(-5)),
        ("an arrival too large", Arrive, "/quantity", json!(1_000_001)),
        ("an arrival of a text", Arrive, "/quantity", json!("5")),
        ("an arrival at a path", Arrive, "/warehouse", json!("../west")),
        ("an arrival with a control character", Arrive, "/receipt_id", json!("r\u{7}")),
        ("an arrival for a null", Arrive, "/sku", Value::Null),
        ("an arrival with a price", Arrive, "/price", usd(1)),
        ("an adjustment of nothing", Adjust, "/quantity", json!(0)),
        ("an adjustment too far down", Adjust, "/quantity", json!(i64::MIN)),
        ("an adjustment too far up", Adjust, "/quantity", json!(1_000_001)),
        ("an adjustment without words", Adjust, "/reason", json!("")),
        ("a header after an adjustment's reason", Adjust, "/reason", json!("count\nx: y")),
        ("an adjustment of a sku in capitals and dots only", Adjust, "/sku", json!("LED 40")),
        ("expecting less than none", Expect, "/quantity", json!(-1)),
        ("expecting too much", Expect, "/quantity", json!(1_000_001)),
        ("expecting a part", Expect, "/quantity", json!(0.5)),
        ("expecting at a path", Expect, "/warehouse", json!("../west")),
        ("expecting nowhere", Expect, "/warehouse", Value::Null),
        ("expecting the day before yesterday", Expect, "/expected_on", json!(in_days(-2))),
        ("expecting too far ahead", Expect, "/expected_on", json!(in_days(3653))),
        ("expecting on a day that is none", Expect, "/expected_on", json!("2031-02-30")),
        ("expecting at an instant", Expect, "/expected_on", json!("2031-02-03T10:00:00Z")),
        ("expecting on a short date", Expect, "/expected_on", json!("20310203")),
        ("expecting some day", Expect, "/expected_on", json!("soon")),
        ("expecting in a year", Expect, "/expected_on", json!(2031)),
        ("an id beside the path's", Expect, "/receipt_id", json!("r1")),
    ]
}

fn named_otherwise() -> Vec<Row> {
    vec![
        row_of(
            ("an address as a field's name", Place, "/ship_to/ann@example.com", json!("x")),
            "ship_to.ann?example?com",
        ),
        row_of(
            ("a price without its currency", Place, "/lines/0/unit_price", json!({ "amount": 1 })),
            "lines[0].unit_price.currency",
        ),
        row_of(("an unknown field with quotes", Place, "/a`, expected `b", json!(1)), "a???expected??b"),
        row_of(("an unknown field with an endless name", Place, ENDLESS, json!(1)), ENDLESS_SHOWN),
        row_of(("canceling a line twice", Cancel, "/lines/-", json!({ "line": 1 })), "lines[1].line"),
        row_of(("a parcel with a line twice", Ship, "/lines/-", json!({ "line": 1, "quantity": 1 })), "lines[1].line"),
        row_of(("a similar product that can't be", Put, "/similar/-", json!("a b")), "similar[1]"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_a_wrong_field_is_named_and_changes_nothing() {
    let fixture = Fixture::new().await;
    let table = [placing(), lines(), orders(), mail(), stock()].concat();
    run(&fixture, &table.into_iter().map(row).chain(named_otherwise()).collect::<Vec<_>>()).await;
}
