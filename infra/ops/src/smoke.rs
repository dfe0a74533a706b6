//! Smoke-tests a deployed stack from outside: the API answers, the authorizer requires a token, an order is placed,
//! canceled and refunded. The test ends at the first failed step and says where to look.

use std::time::Duration;

use aws::clock::Clock;
use client::{ApiResponse, Client};
use serde_json::{Value, json};

use crate::token;

/// The product of the test. It can no longer be bought after the test.
const SKU: &str = "smoke-test";
/// The longest wait for the refund.
const PATIENCE: Duration = Duration::from_secs(120);
/// The wait between two polls.
const PAUSE: Duration = Duration::from_secs(2);

/// The parameters of a smoke test.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// The URL of the API: the output `ApiUrl` of the stack.
    pub api: String,
    /// The key that signs tokens.
    pub key: String,
    /// A payment made for the test. Without a payment, the test places no order.
    pub payment: Option<Paid>,
}

/// A payment made with the provider's test key.
#[derive(Clone, Debug)]
pub struct Paid {
    /// The reference, `pi_…`.
    pub reference: String,
    /// The paid sum in minor units.
    pub amount: i64,
    /// The ISO 4217 code.
    pub currency: String,
    /// The recipient of the mails: an address that SES may send to.
    pub email: String,
}

/// Tests the stack; calls `done` after each step that succeeded.
pub async fn try_out(trial: &Trial, clock: &Clock, done: impl Fn(&str)) -> Result<(), String> {
    let token = token::make(&trial.key, &token::scopes().join(","), 1, clock.now())?;
    let nobody = Client::new(&trial.api);
    let shop = nobody.with_token(token);
    let missing = nobody.get("/products/no-such-product/availability").await?;
    expect(&missing, 404, "not-found", "the API, a function and the table", "the log of availability")?;
    done("the API answers, a function runs and reads the table");
    let shut = nobody.get("/shipments/ready").await?;
    expect(&shut, 401, "unauthenticated", "a caller without a token", "the log of authorize")?;
    let open = shop.get("/shipments/ready").await?;
    expect(&open, 200, "", "a caller with a token", "the secret TokenKey: is it the key on standard input?")?;
    done("the authorizer tells the shop from a stranger");
    let product = |sells: bool, paid: Option<&Paid>| {
        let (amount, currency) = paid.map_or((100, "USD"), |paid| (paid.amount, paid.currency.as_str()));
        json!({ "name": "Smoke test", "price": { "amount": amount, "currency": currency }, "backorderable": sells })
    };
    let path = format!("/products/{SKU}");
    let put = shop.put(&path, &product(trial.payment.is_some(), trial.payment.as_ref())).await?;
    expect(&put, 200, "", "a product", "the log of product")?;
    done("a product is written");
    if let Some(paid) = &trial.payment {
        let bought = buy(&shop, paid, &done).await;
        shop.put(&path, &product(false, Some(paid))).await?;
        bought?;
    }
    Ok(())
}

/// Places an order, reads it with the customer's link, cancels it, and waits for the refund.
async fn buy(shop: &Client, paid: &Paid, done: &impl Fn(&str)) -> Result<(), String> {
    let price = json!({ "amount": paid.amount, "currency": paid.currency });
    let body = json!({
        "payment_reference": paid.reference, "channel": "web",
        "customer": { "email": paid.email, "name": "Smoke Test" },
        "ship_to": { "country": "US", "name": "Smoke Test", "address": "1 Trial Road", "city": "Boise", "postal_code": "83701" },
        "lines": [{ "sku": SKU, "quantity": 1, "unit_price": price }],
    });
    let placed = shop.post("/orders", &body).await?;
    expect(&placed, 201, "", "the first paid backorder", "the log of place-order, and the secret StripeSecret")?;
    let order = placed.text("/order_id").to_owned();
    done(&format!(
        "order {order} is placed with {} orders ahead; its mails are on their way",
        placed.number("/lines/0/orders_ahead")
    ));
    let link = placed.text("/status_url").split("token=").nth(1).unwrap_or_default().to_owned();
    let path = format!("/orders/{order}");
    let seen = shop.with_token(link).get(&path).await?;
    expect(&seen, 200, "", "the customer's link", "the log of order-status")?;
    done("the customer's link opens the order");
    let canceled = shop.post(&format!("{path}/cancel"), &json!({ "change_id": "smoke-test" })).await?;
    expect(&canceled, 200, "", "canceling", "the log of cancel")?;
    let mut waited = Duration::ZERO;
    loop {
        let now = shop.get(&path).await?;
        match now.text("/refunds/0/status") {
            "paid" => break,
            "failed" => return Err(format!("the refund of {order} failed: see the log of refund")),
            status if waited >= PATIENCE => {
                let where_ = "the logs of dispatch and refund, and the dead letters";
                return Err(format!("the refund of {order} is {status} after {} s: see {where_}", PATIENCE.as_secs()));
            }
            _ => tokio::time::sleep(PAUSE).await,
        }
        waited += PAUSE;
    }
    done("the order is canceled and refunded: the stream, the queues and the payment provider work");
    Ok(())
}

fn expect(answer: &ApiResponse, status: u16, code: &str, what: &str, look: &str) -> Result<(), String> {
    if answer.status == status && (code.is_empty() || answer.code() == code) {
        return Ok(());
    }
    let said = answer.body.get("detail").or_else(|| answer.body.get("message")).and_then(Value::as_str);
    let said = said.unwrap_or("no detail");
    Err(format!("{what}: expected {status} {code}, got {} {} ({said}); see {look}", answer.status, answer.code()))
}
