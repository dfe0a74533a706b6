//! Bodies that are not JSON or not UTF-8, too large, too deep, with duplicate fields, or of another media type.

use serde_json::json;

use crate::bodies::Route::{self, Adjust, Arrive, Cancel, Place, Put, Search, Ship};
use crate::fixture::Fixture;
use crate::row::{Row, run};

const JSON: &str = "application/json";

/// The valid request with a part of its text replaced, and the field that the answer names.
fn edited(name: &'static str, route: Route, part: &str, by: &str, field: &'static str) -> Row {
    let text = route.body().to_string();
    assert!(text.contains(part), "{name}: {text}");
    Row::to(name, route).bytes(JSON, text.replacen(part, by, 1)).is(422, "invalid", &[field])
}

fn unreadable() -> Vec<Row> {
    let whole = Place.body().to_string();
    let mut broken = whole.clone().into_bytes();
    let at = whole.find("Ann").unwrap();
    broken[at] = 0xFF;
    let mut overlong = whole.clone().into_bytes();
    overlong.splice(at..=at, [0xC0, 0xAF]);
    let utf16: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let rows = [
        ("no body", Vec::new()),
        ("a body of spaces", b"  \n ".to_vec()),
        ("half a body", whole.as_bytes()[..whole.len() / 2].to_vec()),
        ("a body without its end", whole.as_bytes()[..whole.len() - 1].to_vec()),
        ("two bodies", [whole.as_bytes(), whole.as_bytes()].concat()),
        ("a byte that is no UTF-8", broken),
        ("an overlong slash", overlong),
        ("UTF-16", utf16),
        ("a byte order mark", [b"\xEF\xBB\xBF", whole.as_bytes()].concat()),
        ("a form", b"payment_reference=pi_1".to_vec()),
        ("XML", b"<order/>".to_vec()),
        ("single quotes", whole.replace('"', "'").into_bytes()),
        ("a comma too many", whole.replacen('{', "{,", 1).into_bytes()),
        ("a comment", format!("// an order\n{whole}").into_bytes()),
        ("not a number", whole.replacen("1000", "NaN", 1).into_bytes()),
        ("a number in hexadecimal", whole.replacen("1000", "0x3E8", 1).into_bytes()),
        ("a number with a zero before", whole.replacen("1000", "01000", 1).into_bytes()),
        ("a bare line break in a text", whole.replacen("Ann", "Ann\n", 1).into_bytes()),
        ("lists without an end", vec![b'['; 60_000]),
        ("objects without an end", "{\"a\":".repeat(10_000).into_bytes()),
    ];
    let place = |(name, body)| Row::to(name, Place).bytes(JSON, body).is(400, "unreadable", &[]);
    rows.into_iter().map(place).collect()
}

fn not_meant() -> Vec<Row> {
    let lists = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let objects = format!("{}1{}", "{\"a\":".repeat(9_000), "}".repeat(9_000));
    let deep_line = format!("\"lines\":[{objects},");
    let whole = |name, route, text: &str| Row::to(name, route).bytes(JSON, text).is(422, "invalid", &[]);
    let mut rows = vec![
        edited("a field twice", Place, "\"channel\":", "\"channel\":\"web\",\"channel\":", "channel"),
        edited("a quantity twice", Place, "\"quantity\":2", "\"quantity\":2,\"quantity\":900", "lines[0].quantity"),
        edited("a country twice", Place, r#""US""#, r#""US","country":"DE""#, "ship_to.country"),
        edited("a city twice", Place, "\"city\":", "\"c\\u0069ty\":\"Rome\",\"city\":", "ship_to.city"),
        edited("a change twice", Cancel, "{\"change_id\"", "{\"change_id\":\"a\",\"change_id\"", "change_id"),
        edited(
            "an amount and a currency twice",
            Put,
            r#""amount":1000"#,
            r#""currency":"USD","amount":1,"amount":1000"#,
            "",
        )
        .is(422, "invalid", &["price.amount", "price.currency"]),
        edited("a number beyond all numbers", Place, "\"quantity\":2", "\"quantity\":1e999", "lines[0].quantity"),
        edited(
            "a number of many digits",
            Arrive,
            r#""quantity":1"#,
            r#""quantity":99999999999999999999999999"#,
            "quantity",
        ),
        edited("half a character", Place, "Ann Lee", "Ann \\ud83d", "customer.name"),
        edited("an escaped line break", Place, "Ann Lee", "Ann\\u000aLee", "customer.name"),
        edited("a deep field", Place, "\"channel\":", &format!("\"extra\":{lists},\"channel\":"), "extra"),
        edited("a deep line", Place, "\"lines\":[", &deep_line, "lines[0].a"),
    ];
    let names = ["null", "true", "a number", "a text", "a list", "a list of fields", "a list of lists"];
    let texts = ["null", "true", "7", "\"led\"", "[]", "[\"change-new\"]", lists.as_str()];
    rows.extend(names.into_iter().zip(texts).map(|(name, text)| whole(name, Cancel, text)));
    let none = whole("nothing in an object", Cancel, "{}").is(422, "invalid", &["change_id"]);
    rows.push(none);
    rows
}

fn sizes() -> Vec<Row> {
    let spaces = |length: usize| {
        let text = Arrive.body().to_string();
        format!("{text}{}", " ".repeat(length - text.len()))
    };
    let similar = json!(vec![" "; 12_000]);
    // Besides the list itself, the answer names only the entries that were read.
    let looked_at = (0..50).map(|at| -> &'static str { format!("similar[{at}]").leak() });
    let looked_at: Vec<&'static str> = std::iter::once("similar").chain(looked_at).collect();
    vec![
        Row::to("64 KiB and a byte", Arrive).bytes(JSON, spaces(65_537)).is(413, "too-large", &[]),
        Row::to("a megabyte", Place).bytes(JSON, spaces(1 << 20)).is(413, "too-large", &[]),
        Row::to("a megabyte that is no JSON", Place).bytes(JSON, vec![0xFF; 1 << 20]).is(413, "too-large", &[]),
        Row::to("10 MB and a byte", Place).bytes(JSON, vec![b' '; (10 << 20) + 1]).is(413, "too-large", &[]),
        edited("a crowd of similar products", Put, "[\"bulb\"]", &similar.to_string(), "")
            .is(422, "invalid", &looked_at),
        edited(
            "a crowd of lines",
            Ship,
            "\"lines\":[",
            &format!("\"lines\":[{}", "{\"line\":0,\"quantity\":0},".repeat(2_000)),
            "lines",
        ),
    ]
}

fn media() -> Vec<Row> {
    let media = |name, route: Route, media| {
        Row::to(name, route).bytes(media, route.body().to_string()).is(415, "unsupported-media-type", &[])
    };
    let mut bare = Row::to("no media type", Arrive).is(415, "unsupported-media-type", &[]);
    bare.headers.clear();
    let mut empty = Row::to("no media type and no body", Place).is(415, "unsupported-media-type", &[]);
    (empty.headers, empty.body) = (Vec::new(), Vec::new());
    vec![
        bare,
        empty,
        media("plain text", Place, "text/plain"),
        media("a web form", Search, "application/x-www-form-urlencoded"),
        media("a form with files", Put, "multipart/form-data; boundary=x"),
        media("JSON by another name", Cancel, "text/json"),
        media("JSON that patches", Ship, "application/merge-patch+json"),
        media("bytes", Adjust, "application/octet-stream"),
        media("two media types", Arrive, "text/plain, application/json"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_what_cannot_be_read_is_told_apart_from_what_is_wrong_and_changes_nothing() {
    let fixture = Fixture::new().await;
    run(&fixture, &[unreadable(), not_meant(), sizes(), media()].concat()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_body_is_taken_at_its_largest_and_with_a_charset() {
    let fixture = Fixture::new().await;
    let text = fixture.fill(&Arrive.body().to_string());
    let body = format!("{text}{}", " ".repeat(65_536 - text.len())).into_bytes();
    let headers = [("content-type", "Application/JSON; charset=utf-8")];
    let answer = fixture.world.shop.send("POST", "/stock-arrivals", &headers, body).await.unwrap();
    assert_eq!(answer.status, 202, "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_good_request_of_every_route_is_good() {
    let fixture = Fixture::new().await;
    for route in Route::all() {
        fixture.world.settle().await;
        let before = fixture.memory();
        let body = fixture.fill(&route.body().to_string()).into_bytes();
        let headers = [("content-type", JSON)];
        let answer =
            fixture.world.shop.send(route.method(), &fixture.fill(route.path()), &headers, body).await.unwrap();
        assert!((200..300).contains(&answer.status), "{route:?}: {}", answer.body);
        assert_eq!(fixture.memory() == before, route == Search, "{route:?}: only a search changes nothing");
    }
    fixture.world.settle_and_assert_sound().await;
}
