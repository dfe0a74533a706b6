//! The emulation on the wire: states, idempotency keys, errors.

use crate::stack::Stack;
use crate::testing::{Reply, send, stack};
use serde_json::{Value, json};

async fn with_payment(outcome: &str) -> (Stack, String) {
    let stack = stack(|_, _| Ok(Value::Null)).await;
    let body = json!({ "amount": 1999, "currency": "USD", "outcome": outcome }).to_string();
    let made = send("POST", &format!("{}/_local/payments", stack.url()), &[], &body).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let id = made.body["payment_reference"].as_str().unwrap().to_owned();
    (stack, id)
}

async fn call(stack: &Stack, method: &str, path: &str, key: &str, form: &str) -> Reply {
    let url = format!("{}{path}", stack.services_url());
    let mut headers = vec![
        ("authorization", "Bearer sk_test"),
        ("stripe-version", super::API_VERSION),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    if !key.is_empty() {
        headers.push(("idempotency-key", key));
    }
    send(method, &url, &headers, form).await
}

#[tokio::test]
async fn a_payment_is_captured_once_and_says_so() {
    let (stack, id) = with_payment("requires_capture").await;
    let seen = call(&stack, "GET", &format!("/v1/payment_intents/{id}"), "", "").await;
    assert_eq!((&seen.body["status"], &seen.body["amount_capturable"]), (&json!("requires_capture"), &json!(1999)));
    let path = format!("/v1/payment_intents/{id}/capture");
    let captured = call(&stack, "POST", &path, "c1", "").await;
    assert_eq!((&captured.body["status"], &captured.body["amount_received"]), (&json!("succeeded"), &json!(1999)));
    let again = call(&stack, "POST", &path, "c1", "").await;
    assert!(again.headers.contains("idempotent-replayed: true"), "{}", again.headers);
    assert_eq!(again.body, captured.body);
    let other_key = call(&stack, "POST", &path, "c2", "").await;
    assert_eq!((other_key.status, &other_key.body["error"]["code"]), (400, &json!("payment_intent_unexpected_state")));
}

#[tokio::test]
async fn a_capture_may_take_a_part_or_not_be_finished() {
    for (outcome, status, taken) in [("capture_partial", "succeeded", 1000), ("capture_processing", "processing", 0)] {
        let (stack, id) = with_payment(outcome).await;
        let path = format!("/v1/payment_intents/{id}");
        let captured = call(&stack, "POST", &format!("{path}/capture"), "c1", "").await;
        let seen = call(&stack, "GET", &path, "", "").await;
        for answer in [captured, seen] {
            let said = (answer.status, &answer.body["status"], &answer.body["amount_received"]);
            assert_eq!(said, (200, &json!(status), &json!(taken)), "{outcome}");
        }
        let canceled = call(&stack, "POST", &format!("{path}/cancel"), "x", "").await;
        assert_eq!(canceled.body["error"]["code"], "payment_intent_unexpected_state", "{outcome}");
        let charge = call(&stack, "GET", &format!("{path}?expand[]=latest_charge"), "", "").await.body;
        let left = if taken > 0 { 1999 - taken } else { 0 };
        assert_eq!(charge["latest_charge"]["amount_refunded"], left, "{outcome}: what a capture leaves is given back");
    }
}

#[tokio::test]
async fn a_charge_is_shown_as_its_id_or_if_wanted_whole() {
    let (stack, id) = with_payment("succeeded").await;
    let form = format!("payment_intent={id}&amount=5");
    assert_eq!(call(&stack, "POST", "/v1/refunds", "r1", &form).await.status, 200);
    let path = format!("/v1/payment_intents/{id}");
    let plain = call(&stack, "GET", &path, "", "").await;
    let charge = id.replace("pi_", "ch_");
    assert_eq!(plain.body["latest_charge"], json!(charge));
    let whole = call(&stack, "GET", &format!("{path}?expand[]=latest_charge"), "", "").await;
    let seen = &whole.body["latest_charge"];
    assert_eq!((&seen["id"], &seen["amount_refunded"], &seen["refunded"]), (&json!(charge), &json!(5), &json!(false)));
}

#[tokio::test]
async fn a_key_gives_the_same_refund_again_and_refuses_another_one() {
    let (stack, id) = with_payment("succeeded").await;
    let form = format!("payment_intent={id}&amount=500&metadata%5Bchange_id%5D=c-1");
    let first = call(&stack, "POST", "/v1/refunds", "r1", &form).await;
    assert_eq!((first.status, &first.body["metadata"]["change_id"]), (200, &json!("c-1")), "{}", first.body);
    assert_eq!(call(&stack, "POST", "/v1/refunds", "r1", &form).await.body, first.body);
    let other = call(&stack, "POST", "/v1/refunds", "r1", &form.replace("500", "600")).await;
    assert_eq!((other.status, &other.body["error"]["type"]), (400, &json!("idempotency_error")));
    let listed = call(&stack, "GET", &format!("/v1/refunds?payment_intent={id}&limit=100"), "", "").await;
    assert_eq!((listed.body["data"].as_array().unwrap().len(), &listed.body["has_more"]), (1, &json!(false)));
    let payments = send("GET", &format!("{}/_local/payments", stack.url()), &[], "").await;
    let expected = json!([{ "payment_reference": id, "amount": 1999, "captured": 1999, "refunded": 500 }]);
    assert_eq!(payments.body, expected);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    let (stack, id) = with_payment("succeeded").await;
    let form = format!("payment_intent={id}&amount=500");
    call(&stack, "POST", "/v1/refunds", "r1", &form).await;
    stack.clock().move_to(stack.clock().now() + std::time::Duration::from_secs(90_000));
    let later = call(&stack, "POST", "/v1/refunds", "r1", &form).await;
    assert!(later.status == 200 && !later.headers.contains("idempotent-replayed"));
    assert_eq!(stack.state().refunds().unwrap().len(), 2);
}

#[tokio::test]
async fn never_more_is_given_back_than_was_taken() {
    let (stack, id) = with_payment("succeeded").await;
    let refund = |amount: &str| format!("payment_intent={id}{amount}");
    let too_much = call(&stack, "POST", "/v1/refunds", "", &refund("&amount=2000")).await;
    assert_eq!((too_much.status, &too_much.body["error"]["code"]), (400, &json!("amount_too_large")));
    assert_eq!(call(&stack, "POST", "/v1/refunds", "", &refund("")).await.body["amount"], 1999);
    let again = call(&stack, "POST", "/v1/refunds", "", &refund("&amount=1")).await;
    assert_eq!((again.status, &again.body["error"]["code"]), (400, &json!("charge_already_refunded")));
    for wrong in ["&amount=0", "&amount=-1", "&amount=1.5", "&amount="] {
        assert_eq!(call(&stack, "POST", "/v1/refunds", "", &refund(wrong)).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_canceled_payment_cannot_be_captured() {
    let (stack, id) = with_payment("requires_capture").await;
    let canceled = call(&stack, "POST", &format!("/v1/payment_intents/{id}/cancel"), "x", "").await;
    assert_eq!(canceled.body["status"], "canceled");
    let captured = call(&stack, "POST", &format!("/v1/payment_intents/{id}/capture"), "y", "").await;
    assert_eq!((captured.status, &captured.body["error"]["code"]), (400, &json!("payment_intent_unexpected_state")));
    let refund = call(&stack, "POST", "/v1/refunds", "", &format!("payment_intent={id}")).await;
    assert_eq!(refund.status, 400);
}

#[tokio::test]
async fn declined_cards_missing_payments_and_missing_keys_are_told_apart() {
    let (stack, id) = with_payment("declined").await;
    let seen = call(&stack, "GET", &format!("/v1/payment_intents/{id}"), "", "").await;
    assert_eq!(seen.body["status"], "requires_payment_method");
    let captured = call(&stack, "POST", &format!("/v1/payment_intents/{id}/capture"), "", "").await;
    assert_eq!((captured.status, &captured.body["error"]["type"]), (402, &json!("card_error")));
    let missing = call(&stack, "GET", "/v1/payment_intents/pi_none", "", "").await;
    assert_eq!((missing.status, &missing.body["error"]["code"]), (404, &json!("resource_missing")));
    let without = send("GET", &format!("{}/v1/payment_intents/{id}", stack.services_url()), &[], "").await;
    assert_eq!(without.status, 401);
}

#[tokio::test]
async fn a_call_that_does_not_name_the_version_of_the_api_is_refused() {
    let (stack, id) = with_payment("requires_capture").await;
    let url = format!("{}/v1/payment_intents/{id}", stack.services_url());
    let (key, form) = (("authorization", "Bearer sk_test"), ("content-type", "application/x-www-form-urlencoded"));
    for version in [None, Some("2020-08-27"), Some("")] {
        let headers: Vec<_> = [key, form].into_iter().chain(version.map(|it| ("stripe-version", it))).collect();
        for (method, url) in [("GET", url.clone()), ("POST", format!("{url}/capture"))] {
            let answer = send(method, &url, &headers, "").await;
            let seen = (answer.status, &answer.body["error"]["type"]);
            assert_eq!(seen, (400, &json!("invalid_request_error")), "{method} {version:?}");
        }
    }
    let seen = call(&stack, "GET", &format!("/v1/payment_intents/{id}"), "", "").await;
    assert_eq!(seen.body["status"], "requires_capture", "a refused call did nothing");
}

#[tokio::test]
async fn a_payment_that_makes_no_sense_is_refused() {
    let (stack, _) = with_payment("succeeded").await;
    let url = format!("{}/_local/payments", stack.url());
    let wrong = [
        json!({ "amount": 0, "currency": "USD" }),
        json!({ "amount": 1, "currency": "dollars" }),
        json!({ "amount": 1, "currency": "USD", "outcome": "maybe" }),
        json!({ "amount": "1", "currency": "USD" }),
        json!({ "amount": 1, "currency": "USD", "more": 1 }),
        json!({ "currency": "USD" }),
    ];
    for wrong in wrong {
        assert_eq!(send("POST", &url, &[], &wrong.to_string()).await.status, 422, "{wrong}");
    }
    assert_eq!(send("POST", &url, &[], "{").await.status, 400);
}
