//! One operation of one function fails at every call. The request makes a bounded number of calls and ends in a clear
//! 503 with a time to retry. No work is half done, and a repeat succeeds.

use std::collections::BTreeSet;
use std::time::Instant;

use futures::future::join_all;
use local::client::ApiResponse;
use serde_json::{Value, json};
use tests::{Call, Fault, World};

use crate::faulty::refusals;
use crate::verification::settle_down;

/// Maximum number of calls that one request may cause, whatever fails.
const MAX_CALLS: usize = 80;

/// A kind of request. Each use makes a new request.
#[derive(Clone, Copy, Debug)]
enum Verb {
    Place,
    PlaceToWait,
    PlaceReserved,
    Cancel,
    Ship,
    Arrive,
    Lose,
    Product,
    NewProduct,
    Look,
    Search,
    Availability,
    Line,
    Ready,
}

const VERBS: [Verb; 14] = [
    Verb::Place,
    Verb::PlaceToWait,
    Verb::PlaceReserved,
    Verb::Cancel,
    Verb::Ship,
    Verb::Arrive,
    Verb::Lose,
    Verb::Product,
    Verb::NewProduct,
    Verb::Look,
    Verb::Search,
    Verb::Availability,
    Verb::Line,
    Verb::Ready,
];

struct Request {
    method: &'static str,
    path: String,
    body: Value,
}

impl Verb {
    fn function(self) -> &'static str {
        match self {
            Self::Place | Self::PlaceToWait | Self::PlaceReserved => "place-order",
            Self::Cancel => "cancel",
            Self::Ship => "shipment",
            Self::Arrive => "stock-arrival",
            Self::Lose => "stock-adjustment",
            Self::Product | Self::NewProduct => "product",
            Self::Look | Self::Search => "order-status",
            Self::Availability => "availability",
            Self::Line => "line-status",
            Self::Ready => "ready-shipments",
        }
    }

    /// A new request of this kind, with everything that it needs.
    async fn request(self, world: &World) -> Request {
        let id = format!("id-{}", fastrand::u64(..));
        let place = |body| ("POST", "/orders".to_owned(), body);
        let (method, path, body) = match self {
            Self::Place => place(world.order("lamp", 1).body().await),
            Self::PlaceToWait => place(world.order_of(&[("lamp", 1), ("rare", 2)]).body().await),
            Self::PlaceReserved => place(world.order("lamp", 1).paid("requires_capture").body().await),
            Self::Cancel => {
                ("POST", format!("/orders/{}/cancel", ready(world, "lamp").await), json!({ "change_id": id }))
            }
            Self::Ship => {
                let body = json!({ "shipment_id": id, "warehouse": "east", "carrier": "UPS", "tracking_number": "1" });
                // The first parcel of a product needs more calls than later ones.
                world.product(&id).await;
                world.arrive(&id, 1).await;
                ("POST", format!("/orders/{}/shipments", ready(world, &id).await), body)
            }
            Self::Arrive => {
                let body = json!({ "receipt_id": id, "sku": "lamp", "warehouse": "west", "quantity": 1 });
                ("POST", "/stock-arrivals".to_owned(), body)
            }
            Self::Lose => {
                let body = json!({ "adjustment_id": id, "sku": "lamp", "warehouse": "east", "quantity": -2, "reason": "count" });
                ("POST", "/stock-adjustments".to_owned(), body)
            }
            Self::Product | Self::NewProduct => {
                let sku = if matches!(self, Self::Product) { "lamp" } else { id.as_str() };
                let body = json!({ "name": id, "price": { "amount": 1000, "currency": "USD" }, "backorderable": true });
                ("PUT", format!("/products/{sku}"), body)
            }
            Self::Look => ("GET", format!("/orders/{}", world.order("rare", 1).placed().await), Value::Null),
            Self::Search => ("POST", "/orders/search".to_owned(), json!({ "email": "ann@example.com" })),
            Self::Availability => ("GET", "/products/rare/availability".to_owned(), Value::Null),
            Self::Line => ("GET", "/products/rare/line".to_owned(), Value::Null),
            Self::Ready => ("GET", "/shipments/ready".to_owned(), Value::Null),
        };
        Request { method, path, body }
    }
}

/// Places an order and waits until it may ship.
async fn ready(world: &World, sku: &str) -> String {
    let order = world.order(sku, 1).placed().await;
    world.settle().await;
    order
}

async fn send(world: &World, request: &Request) -> ApiResponse {
    let body = if request.body.is_null() { Vec::new() } else { request.body.to_string().into_bytes() };
    let headers = [("content-type", "application/json")];
    world.shop.send(request.method, &request.path, &headers, body).await.expect("an answer")
}

/// The operations that a successful request makes the function call.
async fn operations(world: &World, verb: Verb) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for _ in 0..3 {
        let request = verb.request(world).await;
        world.tap().clear();
        let answer = send(world, &request).await;
        assert!(answer.status < 300, "{verb:?}: {}", answer.body);
        let calls = world.tap().calls().into_iter().filter(|call| call.function == verb.function());
        // A function reads its secrets every few minutes, not for each request. Failures of these reads are tested in the
        // module `keys`.
        found.extend(calls.map(|call| call.operation).filter(|operation| operation != "GetSecretValue"));
    }
    found
}

/// Fails every operation of a request in every way. Returns the number of ways and the most calls in one way.
async fn refuse_all(verb: Verb) -> (usize, usize) {
    let world = World::new().await.selling(&["lamp", "rare"]).await;
    world.arrive("lamp", 200).await;
    world.order("rare", 1).placed().await;
    world.settle().await;
    let (mut ways, mut most) = (0, 0);
    for operation in operations(&world, verb).await {
        let call = Call {
            function: verb.function().to_owned(),
            operation: operation.clone(),
            number: 0,
            request: String::new(),
        };
        for fault in refusals(&call) {
            let request = verb.request(&world).await;
            let calls = refuse(&world, verb, &operation, *fault, &request).await;
            let answer = send(&world, &request).await;
            assert!(answer.status < 300, "{verb:?} repeated after {fault:?} of {operation}: {}", answer.body);
            (ways, most) = (ways + 1, calls.max(most));
        }
    }
    settle_down(&world).await;
    world.assert_sound().await;
    (ways, most)
}

/// Sends one request while every call of an operation fails. Returns the number of calls.
async fn refuse(world: &World, verb: Verb, operation: &str, fault: Fault, request: &Request) -> usize {
    let (function, faulted) = (verb.function(), operation.to_owned());
    world.tap().clear();
    world.tap().fault_where(move |call| (call.function == function && call.operation == faulted).then_some(fault));
    let began = Instant::now();
    let answer = send(world, request).await;
    let took = began.elapsed();
    world.tap().spare();
    let calls = world.tap().calls().iter().filter(|call| call.function == function).count();
    let what = format!("{verb:?}, {fault:?} of {operation}: {calls} calls in {took:?}");
    assert_eq!((answer.status, answer.code()), (503, "try-again"), "{what}: {}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0), "{what}");
    assert!(answer.text("/detail").contains("repeat"), "the function answers: {what}: {}", answer.body);
    assert!(calls <= MAX_CALLS, "{what}");
    let audit = world.shop.get("/_local/audit").await.unwrap().body;
    assert_eq!(audit, json!({ "violations": [] }), "{what}");
    calls
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_a_service_that_never_answers_ends_in_a_clear_503_after_a_bounded_number_of_calls() {
    let outcomes = join_all(VERBS.map(refuse_all)).await;
    for (verb, (ways, most)) in VERBS.iter().zip(&outcomes) {
        println!("{verb:?}: {ways} ways to fail, {most} calls at most");
        assert!(*ways > 0, "{verb:?} was never refused");
    }
}
