//! Valid bodies with random mutations never cause a 5xx or a panic. Accepted bodies keep the audit clean; refused
//! bodies change nothing.

use fastrand::Rng;
use serde_json::{Value, json};

use crate::bodies::{DIFFERENCE, PRICE, Route, remove, set};
use crate::fixture::Fixture;
use crate::row::assert_problem;

const SEEDS: u64 = 500;
/// Refusals that leave a record of the order.
const RECORDED: [&str; 4] = ["sold-out", "on-backorder", "backlog-full", "phone-backorder"];

/// Every place in a body as a JSON pointer, without the body itself.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (format!("{at}/{name}"), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(index, value)| (format!("{at}/{index}"), value)).collect(),
        _ => Vec::new(),
    };
    for (pointer, value) in inner {
        found.push(pointer.clone());
        places(value, &pointer, found);
    }
}

/// A value that a careless or hostile client might send.
fn hostile(rng: &mut Rng) -> Value {
    let numbers = [0, 1, 2, -1, 1000, 1001, 1_000_000, 1_000_001, 1_000_000_000_001, i64::MAX, i64::MIN];
    match rng.u32(..14) {
        0 => Value::Null,
        1 => json!(rng.bool()),
        2..5 => json!(rng.choice(numbers)),
        5 => json!(u64::MAX),
        6 => json!(rng.choice([0.5, 1.0, -0.0, 1e308])),
        7 => json!([]),
        8 => json!({}),
        9 => json!([[{ "a": [1] }]]),
        10 => json!("x".repeat(rng.usize(..400))),
        11 => json!(rng.choice(["led", "bulb", "cable", "gone", "few", "none", "east", "USD", "EUR", "web", "refuse"])),
        12 => {
            let texts = ["\0", "a\r\nBcc: b@evil.example", "\u{202E}", "é", "🎁", "a@b.example", "<b>", "{{7*7}}"];
            json!(rng.choice(texts))
        }
        _ => json!((0..rng.usize(1..20)).map(|_| rng.char(..)).collect::<String>()),
    }
}

fn spoil_value(body: &mut Value, rng: &mut Rng) {
    let mut found = Vec::new();
    places(body, "", &mut found);
    let Some(place) = rng.choice(&found).cloned() else { return };
    match rng.u32(..10) {
        0 => remove(body, &place),
        1 => set(body, &format!("/{}", rng.alphabetic()), hostile(rng)),
        2 | 3 => {
            let other = rng.choice(&found).cloned().unwrap_or_default();
            let value = body.pointer(&other).cloned().unwrap_or_default();
            set(body, &place, value);
        }
        _ => set(body, &place, hostile(rng)),
    }
}

fn spoil_bytes(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let at = rng.usize(..bytes.len());
    match rng.u32(..4) {
        0 => bytes.truncate(at),
        1 => bytes[at] = rng.u8(..),
        2 => bytes.insert(at, rng.u8(..)),
        _ => drop(bytes.remove(at)),
    }
}

/// The body for a seed, with its own ids and payment.
async fn spoiled(fixture: &Fixture, route: Route, seed: u64, rng: &mut Rng) -> Vec<u8> {
    let mut body = route.body();
    for (field, value) in body.as_object_mut().unwrap() {
        if field.ends_with("_id") {
            *value = json!(format!("{field}-{seed}"));
        }
    }
    if route == Route::Place {
        let outcome = rng.choice(["succeeded", "requires_capture", "declined"]).unwrap();
        let payment = fixture.world.shop.pay(PRICE, outcome).await.unwrap();
        set(&mut body, "/payment_reference", json!(payment));
    }
    if route == Route::Swap {
        let payment = fixture.world.shop.pay(DIFFERENCE, "requires_capture").await.unwrap();
        set(&mut body, "/payment_reference", json!(payment));
    }
    (0..rng.u32(..3)).for_each(|_| spoil_value(&mut body, rng));
    let mut bytes = body.to_string().into_bytes();
    if rng.u32(..8) == 0 {
        spoil_bytes(&mut bytes, rng);
    }
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_whatever_a_body_says_it_is_taken_soundly_or_changes_nothing() {
    let fixture = Fixture::new().await;
    let (mut taken, mut refused) = (0, 0);
    for seed in 0..SEEDS {
        let mut rng = Rng::with_seed(seed);
        let route = rng.choice(Route::all()).unwrap();
        let bytes = spoiled(&fixture, route, seed, &mut rng).await;
        let name = format!("seed {seed}, {route:?}: {}", String::from_utf8_lossy(&bytes));
        let before = fixture.memory();
        let headers = [("content-type", "application/json")];
        let path = fixture.fill(route.path());
        let answer = fixture.world.shop.send(route.method(), &path, &headers, bytes).await.unwrap();
        match answer.status {
            200..300 => taken += 1,
            400..500 => {
                assert_problem(&name, &answer);
                refused += 1;
            }
            _ => panic!("{name}: {} {}", answer.status, answer.body),
        }
        if answer.status < 300 || RECORDED.contains(&answer.code()) {
            fixture.world.settle_and_assert_sound().await;
        } else {
            assert_eq!(fixture.memory(), before, "{name} changed something: {}", answer.body);
        }
    }
    println!("{taken} accepted, {refused} refused");
    assert!(taken >= 50 && refused >= 250, "too few of one kind: {taken} accepted, {refused} refused");
}
