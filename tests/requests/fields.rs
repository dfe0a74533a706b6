//! One field at fault in an otherwise good body, field by field over all routes.

use serde_json::{Value, json};
use tests::world::usd;

use crate::bodies::Route::{
    self, Adjust, Arrive, Cancel, Contact, Correct, Done, Expect, Place, Put, Search, Ship, Swap,
};
use crate::bodies::{in_days, set};
use crate::ground::{Ground, eur};
use crate::row::{Row, run};

/// A name, a route, where in its good body what is put, and the field that is named.
pub(crate) type Spoilt = (&'static str, Route, &'static str, Value, &'static str);

pub(crate) fn row((name, route, pointer, value, field): Spoilt) -> Row {
    let mut body = route.body();
    set(&mut body, pointer, value);
    Row::to(name, route).json(&body).is(422, "invalid", &[field])
}

fn long(length: usize) -> Value {
    json!("x".repeat(length))
}

fn placing() -> Vec<Spoilt> {
    vec![
        ("a number for a payment", Place, "/payment_reference", json!(7), "payment_reference"),
        ("an empty payment", Place, "/payment_reference", json!(""), "payment_reference"),
        ("a payment with a path", Place, "/payment_reference", json!("pi_1/../refunds"), "payment_reference"),
        ("a payment too long", Place, "/payment_reference", long(129), "payment_reference"),
        ("an unknown channel", Place, "/channel", json!("fax"), "channel"),
        ("a channel in capitals", Place, "/channel", json!("WEB"), "channel"),
        ("no customer", Place, "/customer", Value::Null, "customer"),
        ("a customer in a list", Place, "/customer", json!(["ann@example.com", "Ann"]), "customer"),
        ("an address without @", Place, "/customer/email", json!("ann.example.com"), "customer.email"),
        ("an address without a dot", Place, "/customer/email", json!("ann@example"), "customer.email"),
        ("two addresses", Place, "/customer/email", json!("ann@example.com,bob@example.com"), "customer.email"),
        ("an address with a name", Place, "/customer/email", json!("Ann <ann@example.com>"), "customer.email"),
        (
            "a header after an address",
            Place,
            "/customer/email",
            json!("ann@example.com\r\nBcc: b@evil.example"),
            "customer.email",
        ),
        ("a direction in an address", Place, "/customer/email", json!("\u{202E}ann@example.com"), "customer.email"),
        (
            "an address too long",
            Place,
            "/customer/email",
            json!(format!("a@{}.example", "x".repeat(250))),
            "customer.email",
        ),
        (
            "a local part too long",
            Place,
            "/customer/email",
            json!(format!("{}@example.com", "x".repeat(65))),
            "customer.email",
        ),
        ("a header after a name", Place, "/customer/name", json!("Ann\r\nBcc: bob@evil.example"), "customer.name"),
        ("a name of spaces", Place, "/customer/name", json!("   "), "customer.name"),
        ("a name with a zero byte", Place, "/customer/name", json!("Ann\u{0}"), "customer.name"),
        ("a name with an escape", Place, "/customer/name", json!("\u{1b}[31mAnn"), "customer.name"),
        ("a name that turns the line around", Place, "/customer/name", json!("Ann\u{202E}nnA"), "customer.name"),
        ("a name with a paragraph", Place, "/customer/name", json!("Ann\u{2029}Lee"), "customer.name"),
        ("a name too long", Place, "/customer/name", json!("é".repeat(201)), "customer.name"),
        ("an unknown field of the customer", Place, "/customer/phone", json!("1"), "customer.phone"),
        ("a list for an address", Place, "/ship_to", json!([]), "ship_to"),
        ("a number in an address", Place, "/ship_to/postal_code", json!(83701), "ship_to.postal_code"),
        ("a null in an address", Place, "/ship_to/city", Value::Null, "ship_to.city"),
        ("a country in words", Place, "/ship_to/country", json!("Boise"), "ship_to.country"),
        ("a country in small letters", Place, "/ship_to/country", json!("us"), "ship_to.country"),
        ("a line break in a street", Place, "/ship_to/address", json!("1 Long Road\n2"), "ship_to.address"),
        ("a city too long", Place, "/ship_to/city", long(201), "ship_to.city"),
        ("an unknown field of an address", Place, "/ship_to/planet", json!("Mars"), "ship_to.planet"),
        ("an address as a field's name", Place, "/ship_to/ann@example.com", json!("x"), "ship_to.ann?example?com"),
        ("no lines", Place, "/lines", json!([]), "lines"),
        ("lines in an object", Place, "/lines", json!({ "0": {} }), "lines"),
        ("lines in a text", Place, "/lines", json!("led"), "lines"),
        ("too many lines", Place, "/lines", json!(vec![Place.body()["lines"][0].clone(); 31]), "lines"),
        ("a line in a list", Place, "/lines/0", json!(["led", 1, usd(1000)]), "lines[0]"),
        ("a null for a line", Place, "/lines/1", Value::Null, "lines[1]"),
        ("an unknown field of a line", Place, "/lines/0/color", json!("red"), "lines[0].color"),
        ("a sku with a key in it", Place, "/lines/0/sku", json!("led#LINE#0"), "lines[0].sku"),
        ("a sku in another script", Place, "/lines/0/sku", json!("лед"), "lines[0].sku"),
        ("a sku too long", Place, "/lines/0/sku", long(65), "lines[0].sku"),
        ("a sku twice", Place, "/lines/1/sku", json!("led"), "lines[1].sku"),
        ("a quantity of none", Place, "/lines/0/quantity", json!(0), "lines[0].quantity"),
        ("a quantity below none", Place, "/lines/0/quantity", json!(-1), "lines[0].quantity"),
        ("a quantity too large", Place, "/lines/0/quantity", json!(1001), "lines[0].quantity"),
        ("half a unit", Place, "/lines/0/quantity", json!(0.5), "lines[0].quantity"),
        ("a whole number as a float", Place, "/lines/0/quantity", json!(2.0), "lines[0].quantity"),
        ("a quantity beyond 64 bits", Place, "/lines/0/quantity", json!(u64::MAX), "lines[0].quantity"),
        ("an address for a quantity", Place, "/lines/0/quantity", json!("bob@example.com"), "lines[0].quantity"),
        ("true for a quantity", Place, "/lines/1/quantity", json!(true), "lines[1].quantity"),
        (
            "a price without its currency",
            Place,
            "/lines/0/unit_price",
            json!({ "amount": 1 }),
            "lines[0].unit_price.currency",
        ),
        ("a bare number for a price", Place, "/lines/0/unit_price", json!(1000), "lines[0].unit_price"),
        ("a price in a list", Place, "/lines/0/unit_price", json!([1000, "USD"]), "lines[0].unit_price"),
        ("a price below nothing", Place, "/lines/0/unit_price", usd(-1), "lines[0].unit_price"),
        ("a price too large", Place, "/lines/0/unit_price", usd(1_000_000_000_001), "lines[0].unit_price"),
        ("a price that would overflow", Place, "/lines/0/unit_price", usd(i64::MAX), "lines[0].unit_price"),
        ("a price with cents", Place, "/lines/0/unit_price/amount", json!(10.99), "lines[0].unit_price.amount"),
        (
            "a currency in small letters",
            Place,
            "/lines/0/unit_price/currency",
            json!("usd"),
            "lines[0].unit_price.currency",
        ),
        ("another currency in a line", Place, "/lines/1/unit_price", eur(1000), "lines[1].unit_price"),
        ("another currency of a tax", Place, "/lines/0/tax", eur(50), "lines[0].tax"),
        ("a discount above the price", Place, "/lines/0/discount", usd(2001), "lines[0].discount"),
        ("a page that showed nothing known", Place, "/lines/0/seen", json!("sold_out"), "lines[0].seen"),
        ("another currency for shipping", Place, "/shipping", eur(500), "shipping"),
        ("an unknown field of money", Place, "/shipping/cents", json!(5), "shipping.cents"),
        ("an unknown wish", Place, "/if_worse", json!("maybe"), "if_worse"),
        ("an unknown field", Place, "/coupon", json!("TENOFF"), "coupon"),
        ("an unknown field with quotes", Place, "/a`, expected `b", json!(1), "a???expected??b"),
        ("an unknown field with an endless name", Place, ENDLESS, json!(1), ENDLESS_SHOWN),
    ]
}

/// A name of 65 characters behind its slash, and how much of it is shown.
const ENDLESS: &str = "/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
const ENDLESS_SHOWN: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

fn orders() -> Vec<Spoilt> {
    vec![
        ("a search for nobody", Search, "/email", json!(""), "email"),
        ("a search for a pattern", Search, "/email", json!("*"), "email"),
        ("a search after what no answer said", Search, "/after", json!("é"), "after"),
        ("a search after a moment alone", Search, "/after", json!("2026-11-21T09:30:00Z"), "after"),
        ("a search after no moment", Search, "/after", json!("yesterday#0000-0000-0000-0000"), "after"),
        ("a search after no order", Search, "/after", json!("2026-11-21T09:30:00Z#0000-0000-0000-0001"), "after"),
        ("a search after too much", Search, "/after", long(65), "after"),
        ("a search with more fields", Search, "/limit", json!(5), "limit"),
        ("an empty change", Cancel, "/change_id", json!(""), "change_id"),
        ("a change of the system's own", Cancel, "/change_id", json!("expired"), "change_id"),
        ("a change with spaces", Cancel, "/change_id", json!("a b"), "change_id"),
        ("a header after a reason", Cancel, "/reason", json!("late\r\nX-Refund: all"), "reason"),
        ("a reason too long", Cancel, "/reason", long(501), "reason"),
        ("canceling no lines", Cancel, "/lines", json!([]), "lines"),
        ("canceling in a list", Cancel, "/lines/0", json!([1]), "lines[0]"),
        ("canceling line 0", Cancel, "/lines/0/line", json!(0), "lines[0].line"),
        ("canceling a line below 0", Cancel, "/lines/0/line", json!(i64::MIN), "lines[0].line"),
        ("canceling a line that is not there", Cancel, "/lines/0/line", json!(2), "lines[0].line"),
        ("canceling the last line that could be", Cancel, "/lines/0/line", json!(i64::MAX), "lines[0].line"),
        ("canceling a line twice", Cancel, "/lines/-", json!({ "line": 1 }), "lines[1].line"),
        ("canceling no unit", Cancel, "/lines/0/quantity", json!(0), "lines[0].quantity"),
        ("canceling by sku", Cancel, "/lines/0/sku", json!("led"), "lines[0].sku"),
        ("an empty swap", Swap, "/change_id", json!(""), "change_id"),
        ("a swap of the system's own", Swap, "/change_id", json!("refused"), "change_id"),
        ("a swap for nothing", Swap, "/sku", json!(""), "sku"),
        ("a swap for a list", Swap, "/sku", json!(["bulb"]), "sku"),
        ("a swap for itself", Swap, "/sku", json!("led"), "sku"),
        ("a swap for what is not offered", Swap, "/sku", json!("few"), "sku"),
        ("a swap for what is not there", Swap, "/sku", json!("nothing"), "sku"),
        ("a swap paid by a path", Swap, "/payment_reference", json!("../refunds"), "payment_reference"),
        ("a swap of fewer units", Swap, "/quantity", json!(1), "quantity"),
        ("canceling with a refund", Cancel, "/refund", usd(5), "refund"),
        ("a shipment with a slash", Ship, "/shipment_id", json!("a/b"), "shipment_id"),
        ("a warehouse too long", Ship, "/warehouse", long(33), "warehouse"),
        ("a carrier of nothing", Ship, "/carrier", json!(""), "carrier"),
        (
            "a header after a tracking number",
            Ship,
            "/tracking_number",
            json!("1Z\r\nBcc: b@evil.example"),
            "tracking_number",
        ),
        ("a number for a tracking number", Ship, "/tracking_number", json!(1), "tracking_number"),
        ("a parcel of no lines", Ship, "/lines", json!([]), "lines"),
        ("a parcel of no units", Ship, "/lines/0/quantity", json!(0), "lines[0].quantity"),
        ("a parcel with a line twice", Ship, "/lines/-", json!({ "line": 1, "quantity": 1 }), "lines[1].line"),
        ("a parcel with line 0", Ship, "/lines/0/line", json!(0), "lines[0].line"),
        ("a parcel with a text for a line", Ship, "/lines/0/line", json!("1"), "lines[0].line"),
        ("a parcel with a weight", Ship, "/weight", json!(3), "weight"),
    ]
}

fn mail() -> Vec<Spoilt> {
    vec![
        ("a number with a slip", Contact, "/order_number", json!("7K3M-9Q2X-WT4P-ABC5"), "order_number"),
        ("a number of words", Contact, "/order_number", json!("my last order"), "order_number"),
        ("a bare number", Contact, "/order_number", json!(7), "order_number"),
        ("a contact without @", Contact, "/email", json!("ann"), "email"),
        ("a header after a contact", Contact, "/email", json!("a@b.example\r\nBcc: c@d.example"), "email"),
        ("a message too long", Contact, "/message", long(5_001), "message"),
        ("a message that turns the line around", Contact, "/message", json!("no\u{202E}"), "message"),
        ("a message with an escape", Contact, "/message", json!("\u{1b}[31m"), "message"),
        ("a message in a list", Contact, "/message", json!(["cancel"]), "message"),
        ("another intent", Contact, "/intent", json!("swap"), "intent"),
        ("an intent in capitals", Contact, "/intent", json!("CANCEL"), "intent"),
        ("a contact with more fields", Contact, "/phone", json!("1"), "phone"),
        ("a corrected address without a dot", Correct, "/email", json!("ann@example"), "email"),
        ("two corrected addresses", Correct, "/email", json!("a@b.example,c@d.example"), "email"),
        ("a corrected address of null", Correct, "/email", Value::Null, "email"),
        ("a corrected name", Correct, "/name", json!("Ann"), "name"),
        ("a correction with spaces in its id", Correct, "/change_id", json!("a b"), "change_id"),
        ("a task done with words", Done, "/note", json!("called"), "note"),
    ]
}

fn stock() -> Vec<Spoilt> {
    vec![
        ("a product without words", Put, "/name", json!("\t"), "name"),
        ("a product with a header", Put, "/name", json!("LED\r\nSubject: x"), "name"),
        ("a product below nothing", Put, "/price", usd(-5), "price"),
        ("a product for a float", Put, "/price/amount", json!(1e3), "price.amount"),
        ("yes for true", Put, "/backorderable", json!("yes"), "backorderable"),
        ("one for true", Put, "/backorderable", json!(1), "backorderable"),
        ("a lead time back in time", Put, "/lead_time_days", json!({ "min": 5, "max": 3 }), "lead_time_days"),
        ("a lead time below 0", Put, "/lead_time_days/min", json!(-1), "lead_time_days.min"),
        ("a lead time without an end", Put, "/lead_time_days/max", json!(65536), "lead_time_days.max"),
        ("a lead time in weeks", Put, "/lead_time_days/weeks", json!(2), "lead_time_days.weeks"),
        ("a backlog below 0", Put, "/backlog_limit", json!(-1), "backlog_limit"),
        ("a backlog too large", Put, "/backlog_limit", json!(1_000_001), "backlog_limit"),
        ("a similar product that can't be", Put, "/similar/-", json!("a b"), "similar[1]"),
        ("too many similar products", Put, "/similar", json!(vec!["x"; 51]), "similar"),
        ("a sku in the body", Put, "/sku", json!("led"), "sku"),
        ("an arrival of none", Arrive, "/quantity", json!(0), "quantity"),
        ("an arrival below none", Arrive, "/quantity", json!(-5), "quantity"),
        ("an arrival too large", Arrive, "/quantity", json!(1_000_001), "quantity"),
        ("an arrival of a text", Arrive, "/quantity", json!("5"), "quantity"),
        ("an arrival at a path", Arrive, "/warehouse", json!("../west"), "warehouse"),
        ("an arrival with a control character", Arrive, "/receipt_id", json!("r\u{7}"), "receipt_id"),
        ("an arrival for a null", Arrive, "/sku", Value::Null, "sku"),
        ("an arrival with a price", Arrive, "/price", usd(1), "price"),
        ("an adjustment of nothing", Adjust, "/quantity", json!(0), "quantity"),
        ("an adjustment too far down", Adjust, "/quantity", json!(i64::MIN), "quantity"),
        ("an adjustment too far up", Adjust, "/quantity", json!(1_000_001), "quantity"),
        ("an adjustment without words", Adjust, "/reason", json!(""), "reason"),
        ("a header after an adjustment's reason", Adjust, "/reason", json!("count\nx: y"), "reason"),
        ("an adjustment of a sku in capitals and dots only", Adjust, "/sku", json!("LED 40"), "sku"),
        ("expecting less than none", Expect, "/quantity", json!(-1), "quantity"),
        ("expecting too much", Expect, "/quantity", json!(1_000_001), "quantity"),
        ("expecting a part", Expect, "/quantity", json!(0.5), "quantity"),
        ("expecting at a path", Expect, "/warehouse", json!("../west"), "warehouse"),
        ("expecting nowhere", Expect, "/warehouse", Value::Null, "warehouse"),
        ("expecting the day before yesterday", Expect, "/expected_on", json!(in_days(-2)), "expected_on"),
        ("expecting too far ahead", Expect, "/expected_on", json!(in_days(3653)), "expected_on"),
        ("expecting on a day that is none", Expect, "/expected_on", json!("2031-02-30"), "expected_on"),
        ("expecting at an instant", Expect, "/expected_on", json!("2031-02-03T10:00:00Z"), "expected_on"),
        ("expecting on a short date", Expect, "/expected_on", json!("20310203"), "expected_on"),
        ("expecting some day", Expect, "/expected_on", json!("soon"), "expected_on"),
        ("expecting in a year", Expect, "/expected_on", json!(2031), "expected_on"),
        ("an id beside the path's", Expect, "/receipt_id", json!("r1"), "receipt_id"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_a_wrong_field_is_named_and_changes_nothing() {
    let ground = Ground::new().await;
    let table = [placing(), orders(), mail(), stock()].concat();
    run(&ground, &table.into_iter().map(row).collect::<Vec<_>>()).await;
}
