//! The history of requests and answers with their times, for I3 and I6. Stored data is checked elsewhere.

use std::time::Instant;

use futures::future::join;
use local::client::ApiResponse;
use serde_json::{Value, json};
use tests::World;

/// Maximum repeats of a request by a buyer.
const REPEATS: usize = 12;

#[derive(Clone, Debug)]
pub struct PlacingCall {
    pub began: Instant,
    pub returned: Instant,
    pub status: u16,
    pub code: String,
    pub order_id: String,
    pub backordered: bool,
}

impl PlacingCall {
    /// Whether the answer says that the order has its tickets.
    pub fn accepted(&self) -> bool {
        matches!(self.status, 200 | 201)
    }

    /// Whether a repeat may get another answer.
    pub fn passing(&self) -> bool {
        self.status == 503
    }
}

/// One payment and all requests made with it.
#[derive(Clone, Debug)]
pub struct Purchase {
    pub body: Value,
    pub calls: Vec<PlacingCall>,
}

impl Purchase {
    /// The order's number, if an answer contains it.
    pub fn order_id(&self) -> Option<&str> {
        self.calls.iter().find(|call| call.accepted()).map(|call| call.order_id.as_str())
    }

    /// The time of the first answer that says that the order has its tickets.
    pub fn accepted_at(&self) -> Option<Instant> {
        self.calls.iter().filter(|call| call.accepted()).map(|call| call.returned).min()
    }

    /// The start of the request that got a 201. If none did, the start of the first request, to be conservative.
    pub fn began(&self) -> Instant {
        let placing = self.calls.iter().find(|call| call.status == 201).or_else(|| self.calls.first());
        placing.expect("a call").began
    }

    pub fn payment(&self) -> &str {
        self.body["payment_reference"].as_str().expect("a payment")
    }
}

pub async fn call(world: &World, body: &Value) -> PlacingCall {
    let began = Instant::now();
    let answer = world.shop.post("/orders", body).await.expect("an answer");
    let returned = Instant::now();
    let lines = answer.body["lines"].as_array();
    PlacingCall {
        began,
        returned,
        status: answer.status,
        code: answer.code().to_owned(),
        order_id: answer.text("/order_id").to_owned(),
        backordered: lines.is_some_and(|lines| lines.iter().any(|line| line["backordered"] == json!(true))),
    }
}

/// Buys: pays, places, and repeats as long as the answer allows. `hasty` sends two requests concurrently.
pub async fn buy(world: &World, lines: &[(&str, i64)], fields: Value, hasty: bool) -> Purchase {
    let mut purchase = Purchase { body: world.order_of(lines).with(fields).body().await, calls: Vec::new() };
    for _ in 0..REPEATS {
        if hasty {
            let (one, other) = join(call(world, &purchase.body), call(world, &purchase.body)).await;
            purchase.calls.extend([one, other]);
        } else {
            purchase.calls.push(call(world, &purchase.body).await);
        }
        if purchase.calls.iter().any(|call| !call.passing()) {
            break;
        }
    }
    purchase
}

/// Repeats a request as long as the answer allows.
pub async fn insist(world: &World, path: &str, body: &Value) -> ApiResponse {
    let mut answer = world.shop.post(path, body).await.expect("an answer");
    for _ in 0..REPEATS {
        if answer.status != 503 {
            break;
        }
        answer = world.shop.post(path, body).await.expect("an answer");
    }
    answer
}

/// Cancels a whole order, repeating until the status is 200, or 409 because nothing is left.
pub async fn give_up(world: &World, order_id: &str) -> u16 {
    let body = json!({ "change_id": format!("change-{}", fastrand::u64(..)) });
    let answer = insist(world, &format!("/orders/{order_id}/cancel"), &body).await;
    assert!(matches!(answer.status, 200 | 409 | 503), "{}: {}", answer.status, answer.body);
    answer.status
}

/// Receives goods, repeating until the answer is final.
pub async fn receive(world: &World, sku: &str, warehouse: &str, quantity: i64) {
    let receipt = format!("receipt-{}", fastrand::u64(..));
    let body = json!({ "receipt_id": receipt, "sku": sku, "warehouse": warehouse, "quantity": quantity });
    let answer = insist(world, "/stock-arrivals", &body).await;
    assert!(matches!(answer.status, 200 | 202 | 503), "{}: {}", answer.status, answer.body);
}
