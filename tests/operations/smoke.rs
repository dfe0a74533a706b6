//! The smoke test of a deployed stack, run against the embedded stack: it passes on a sound shop, and names the failing
//! step otherwise.

use std::sync::Mutex;

use aws::clock::Clock;
use ops::smoke::{Paid, Trial, try_out};
use tests::World;

const KEY: &str = "TokenKey of the local stack: known to everybody, never a secret";

fn trial(world: &World) -> Trial {
    Trial { api: world.stack().url().to_owned(), key: KEY.to_owned(), payment: None }
}

async fn paid(world: &World, amount: i64) -> Option<Paid> {
    let reference = world.shop.pay(amount, "succeeded").await.unwrap();
    Some(Paid { reference, amount, currency: "USD".to_owned(), email: "staff@example.com".to_owned() })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trial_goes_from_the_first_request_to_the_refund() {
    let world = World::new().await;
    let steps = Mutex::new(Vec::new());
    let trial = Trial { payment: paid(&world, 1999).await, ..trial(&world) };
    try_out(&trial, &Clock::default(), |step| steps.lock().unwrap().push(step.to_owned())).await.unwrap();
    let steps = steps.into_inner().unwrap();
    assert_eq!(steps.len(), 6, "{steps:?}");
    world.settle().await;
    assert_eq!(world.payment(&trial.payment.unwrap().reference).await["refunded"], 1999);
    assert_eq!(world.inbox().await.len(), 3, "confirmation, notice, cancelation");
    assert_eq!(world.availability("smoke-test").await.text("/status"), "sold_out", "the test product is not for sale");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_payment_nothing_is_bought() {
    let world = World::new().await;
    try_out(&trial(&world), &Clock::default(), |_| {}).await.unwrap();
    assert!(world.inbox().await.is_empty());
    assert!(world.shop.get("/_local/payments").await.unwrap().body.as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_step_that_fails_is_named_with_where_to_look() {
    let world = World::new().await;
    let wrong_key = Trial { key: "another key, of more than thirty-two bytes".to_owned(), ..trial(&world) };
    let error = try_out(&wrong_key, &Clock::default(), |_| {}).await.unwrap_err();
    assert!(error.contains("with a token") && error.contains("TokenKey"), "{error}");
    let mut unpaid = paid(&world, 500).await;
    unpaid.as_mut().unwrap().reference = world.shop.pay(500, "declined").await.unwrap();
    let error = try_out(&Trial { payment: unpaid, ..trial(&world) }, &Clock::default(), |_| {}).await.unwrap_err();
    assert!(error.contains("402") && error.contains("StripeSecret"), "{error}");
    assert_eq!(world.availability("smoke-test").await.text("/status"), "sold_out", "the test cleans up all the same");
    let nowhere = Trial { api: "http://127.0.0.1:9".to_owned(), ..trial(&world) };
    assert!(try_out(&nowhere, &Clock::default(), |_| {}).await.is_err());
}
