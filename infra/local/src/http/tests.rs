//! The HTTP front: API Gateway's events, the authorizer, and the front's own errors.

use serde_json::{Value, json};

use crate::testing::{send, stack};

#[tokio::test]
async fn a_function_gets_the_event_of_an_http_api_and_its_answer_is_sent() {
    let stack = stack(|name, event| match name {
        "who" => Ok(json!({ "isAuthorized": true, "context": { "caller": event["headers"]["authorization"] } })),
        _ => Ok(json!({ "statusCode": 201, "headers": { "x-made": "1" }, "body": event.to_string() })),
    });
    let stack = stack.await;
    let headers = [("Authorization", "Bearer t"), ("Content-Type", "application/json"), ("X-A", "1"), ("X-A", "2")];
    let url = format!("{}/things/a%20b?q=1&q=2&r=%26", stack.url());
    let reply = send("POST", &url, &headers, r#"{"n":1}"#).await;
    assert_eq!(reply.status, 201);
    assert!(reply.headers.contains("x-made: 1"));
    let event = reply.body;
    assert_eq!(event["routeKey"], "POST /things/{id}");
    assert_eq!((&event["rawPath"], &event["pathParameters"]["id"]), (&json!("/things/a%20b"), &json!("a b")));
    assert_eq!(event["queryStringParameters"], json!({ "q": "1,2", "r": "&" }));
    assert_eq!((&event["headers"]["x-a"], &event["body"]), (&json!("1,2"), &json!(r#"{"n":1}"#)));
    assert_eq!(event["isBase64Encoded"], false);
    assert_eq!(event["requestContext"]["http"]["method"], "POST");
    assert_eq!(event["requestContext"]["authorizer"]["lambda"]["caller"], "Bearer t");
    let bytes = send("POST", &url, &[("content-type", "application/octet-stream")], "hi").await;
    assert_eq!((&bytes.body["body"], &bytes.body["isBase64Encoded"]), (&json!("aGk="), &json!(true)));
}

#[tokio::test]
async fn a_route_without_an_authorizer_asks_none() {
    let stack = stack(|name, event| match name {
        "who" => Err("must not be asked".to_owned()),
        _ => Ok(json!({ "open": event["requestContext"].get("authorizer").is_none() })),
    });
    let stack = stack.await;
    let reply = send("GET", &format!("{}/open", stack.url()), &[], "").await;
    assert_eq!((reply.status, reply.body), (200, json!({ "open": true })));
}

#[tokio::test]
async fn errors_of_the_front_are_problem_details() {
    let stack = stack(|name, _| match name {
        "who" => Ok(json!({ "isAuthorized": true })),
        _ => Err("out of order, and nobody's business".to_owned()),
    });
    let stack = stack.await;
    let large = "x".repeat(10 * 1024 * 1024 + 1);
    let cases = [
        ("GET", "/nothing", "", 404, "not-found"),
        ("DELETE", "/things/1", "", 405, "not-found"),
        ("POST", "/_local/inbox", "", 405, "not-found"),
        ("POST", "/things/1", large.as_str(), 413, "too-large"),
        ("POST", "/things/1", "{}", 503, "try-again"),
    ];
    for (method, path, body, status, code) in cases {
        let reply = send(method, &format!("{}{path}", stack.url()), &[], body).await;
        assert_eq!((reply.status, &reply.body["code"]), (status, &json!(code)), "{method} {path}: {}", reply.body);
        assert_eq!(reply.body["status"], status);
        assert!(reply.headers.contains("application/problem+json"), "{method} {path}");
        assert!(!reply.body.to_string().contains("business"));
    }
}

#[tokio::test]
async fn a_function_that_panics_is_a_503_and_the_stack_goes_on() {
    let stack = stack(|name, event| match (name, event["rawPath"].as_str()) {
        ("echo", Some("/open")) => panic!("on purpose"),
        _ => Ok(json!({ "isAuthorized": true })),
    });
    let stack = stack.await;
    assert_eq!(send("GET", &format!("{}/open", stack.url()), &[], "").await.status, 503);
    assert_eq!(send("POST", &format!("{}/things/1", stack.url()), &[], "").await.status, 200);
}

#[tokio::test]
async fn mails_land_in_the_inbox_and_on_the_page_escaped() {
    let stack = stack(|_, _| Ok(Value::Null)).await;
    let mail = json!({
        "FromEmailAddress": "Shop <shop@shop.example>",
        "Destination": { "ToAddresses": ["ada@example.com"] },
        "Content": { "Simple": {
            "Subject": { "Data": "<script>alert(1)</script>" },
            "Body": { "Text": { "Data": "hello & goodbye" }, "Html": { "Data": "<p>hello</p>" } },
        } },
        "EmailTags": [{ "Name": "kind", "Value": "shipped" }, { "Name": "order_id", "Value": "o-1" }],
    });
    let url = format!("{}/v2/email/outbound-emails", stack.services_url());
    let sent = send("POST", &url, &[], &mail.to_string()).await;
    assert_eq!(sent.status, 200, "{}", sent.body);
    let inbox = send("GET", &format!("{}/_local/inbox?to=ada%40example.com", stack.url()), &[], "").await;
    let mail = &inbox.body[0];
    assert_eq!((&mail["kind"], &mail["order_id"]), (&json!("shipped"), &json!("o-1")));
    assert_eq!(mail["html"], "<p>hello</p>");
    let nobody = send("GET", &format!("{}/_local/inbox?to=bob%40example.com", stack.url()), &[], "").await;
    assert_eq!(nobody.body, json!([]));
    let page = send("GET", &format!("{}/", stack.url()), &[], "").await;
    let html = page.body.as_str().unwrap();
    assert!(!html.contains("<script>alert") && html.contains("hello &#38; goodbye"), "{html}");
    let order = send("GET", &format!("{}/order", stack.url()), &[], "").await;
    assert!(order.body.as_str().unwrap().contains("Your order"));
}
