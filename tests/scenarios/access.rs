//! Who may read and change what, and answers to bad requests. `input_validation` has the full table of bad requests.

use contract::token::{Claims, sign};
use local::client::Client;
use serde_json::{Value, json};
use tests::World;

use crate::purchase::{BACKORDERED, assert_outbox, assert_problem, buy, buy_in_turn, buy_one};

#[tokio::test(flavor = "multi_thread")]
async fn r27_a_customer_sees_their_own_order_without_its_tickets_and_no_other() {
    let world = World::new().await.selling(&["led"]).await;
    let [mine, other] = buy_in_turn(&world, "led", [1, 1]).await;
    let customer = world.shop.as_customer(&mine.id).await.unwrap();
    let seen = customer.get(&format!("/orders/{}", mine.id)).await.unwrap();
    assert_eq!((seen.status, seen.text("/order_id")), (200, mine.id.as_str()));
    assert_eq!(seen.body["lines"][0].get("ticket"), None, "only the shop sees a ticket's number");
    assert_eq!(mine.look().await.number("/lines/0/ticket"), 1);
    assert_problem(&customer.get(&format!("/orders/{}", other.id)).await.unwrap(), 403, "forbidden");
    let cancel = format!("/orders/{}/cancel", other.id);
    assert_problem(&customer.post(&cancel, &json!({ "change_id": "c1" })).await.unwrap(), 403, "forbidden");
    world.settle().await;
    assert_eq!((other.status().await, other.money().await), ("waiting", (1000, 0)));
}

/// The token in the link to an order.
fn link_token(url: &str) -> &str {
    let (_, secret) = url.split_once('#').unwrap();
    secret.split('&').find_map(|pair| pair.strip_prefix("token=")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_the_link_in_the_order_is_the_customers_token_behind_the_hash() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 1).await;
    let url = order.placed.text("/status_url").to_owned();
    let (page, secret) = url.split_once('#').unwrap();
    assert!(!page.contains('?') && !page.contains(&order.id), "the token is only behind the hash: {page}");
    assert!(secret.contains("token="), "{secret}");
    let customer = world.shop.with_token(link_token(&url));
    assert_eq!(customer.get(&format!("/orders/{}", order.id)).await.unwrap().status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_a_customers_link_ends_after_its_time() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 1).await;
    let customer = world.shop.with_token(link_token(order.placed.text("/status_url")));
    let path = format!("/orders/{}", order.id);
    assert_eq!(customer.get(&path).await.unwrap().status, 200);
    let clock = world.stack().clock();
    clock.move_to(clock.now() + jiff::SignedDuration::from_hours(24 * 365 * 5));
    assert_problem(&customer.get(&path).await.unwrap(), 401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_when_the_key_rotates_the_tokens_of_the_one_before_hold_and_older_ones_do_not() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 1).await;
    let path = format!("/orders/{}", order.id);
    let oldest = world.shop.as_customer(&order.id).await.unwrap();
    let mut clients = vec![oldest];
    for key in ["the second key, which has more than 32 bytes", "the third key, which has more than 32 bytes"] {
        world.stack().secrets().rotate("TokenKey", key);
        // The signing function notices a new key within five minutes; the authorizer notices it at once.
        world.advance("PT6M").await;
        clients.push(world.shop.as_customer(&order.id).await.unwrap());
        let [.., before, now] = clients.as_slice() else { unreachable!() };
        assert_eq!(now.get(&path).await.unwrap().status, 200, "a token signed with the current key");
        assert_eq!(before.get(&path).await.unwrap().status, 200, "a token signed with the previous key");
    }
    assert_problem(&clients[0].get(&path).await.unwrap(), 401, "unauthenticated");
    let staff = world.shop.with_scopes("orders").await.unwrap();
    let url = staff.get(&path).await.unwrap().text("/status_url").to_owned();
    let customer = world.shop.with_token(link_token(&url));
    assert_eq!(customer.get(&path).await.unwrap().status, 200, "a new link is signed with the current key");
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_a_token_that_is_newer_than_the_keys_known_is_taken_at_once() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 1).await;
    let key = "the second key, which has more than 32 bytes";
    world.advance("PT1M").await;
    world.stack().secrets().rotate("TokenKey", key);
    let exp = world.stack().clock().now().as_second() + 60;
    let claims = Claims { scope: Some("orders".to_owned()), order: None, exp };
    let shop = world.shop.with_token(sign(&claims, key));
    assert_eq!(shop.get(&format!("/orders/{}", order.id)).await.unwrap().status, 200);
}

/// Every route that needs a token: its scope, its method, its path and a valid body.
fn routes(order_id: &str) -> Vec<(&'static str, &'static str, String, Value)> {
    let arrival = json!({ "receipt_id": "r9", "sku": "led", "warehouse": "east", "quantity": 1 });
    let count = json!({ "adjustment_id": "a9", "sku": "led", "warehouse": "east", "quantity": 2, "reason": "count" });
    let parcel = json!({ "shipment_id": "s9", "warehouse": "east", "carrier": "UPS", "tracking_number": "1Z" });
    let product = json!({ "name": "L", "price": { "amount": 1, "currency": "USD" }, "backorderable": true });
    let none = Value::Null;
    vec![
        ("products", "PUT", "/products/led".to_owned(), product),
        ("orders", "POST", "/orders".to_owned(), tests::world::order_body(&[("led", 1)])),
        ("orders", "GET", format!("/orders/{order_id}"), none.clone()),
        ("orders", "POST", "/orders/search".to_owned(), json!({ "email": "ann@example.com" })),
        ("orders", "POST", format!("/orders/{order_id}/cancel"), json!({ "change_id": "c9" })),
        ("stock", "POST", "/stock-arrivals".to_owned(), arrival),
        ("stock", "POST", "/stock-adjustments".to_owned(), count),
        ("stock", "GET", "/products/led/line".to_owned(), none.clone()),
        ("stock", "GET", "/shipments/ready".to_owned(), none),
        ("stock", "POST", format!("/orders/{order_id}/shipments"), parcel),
    ]
}

async fn call(client: &Client, method: &str, path: &str, body: &Value) -> local::client::ApiResponse {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    client.send(method, path, &[("content-type", "application/json")], body).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_without_a_token_or_with_a_wrong_one_every_route_is_shut() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 1).await;
    let good = world.shop.get("/_local/token?scope=orders+stock+products").await.unwrap().text("/token").to_owned();
    let (head, signature) = good.rsplit_once('.').unwrap();
    let turned: String = signature.chars().rev().collect();
    let forged = [format!("{head}.{turned}"), format!("{head}."), "abc".to_owned()];
    let mut strangers = vec![world.shop.without_token()];
    strangers.extend(forged.into_iter().map(|token| world.shop.with_token(token)));
    for stranger in &strangers {
        for (_, method, path, body) in routes(&order.id) {
            let answer = call(stranger, method, &path, &body).await;
            assert_eq!((answer.status, answer.code()), (401, "unauthenticated"), "{method} {path}: {:#}", answer.body);
        }
    }
    world.settle().await;
    assert_eq!(order.standing().await, ("waiting", 0));
    assert_outbox(&world, &[(&order, BACKORDERED)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_a_token_opens_the_routes_of_its_scope_and_a_customers_token_none_of_the_shops() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 1).await;
    let mut clients = Vec::new();
    for scope in ["orders", "stock", "products"] {
        clients.push((scope, world.shop.with_scopes(scope).await.unwrap()));
    }
    let customer = world.shop.as_customer(&order.id).await.unwrap();
    for (wanted, method, path, body) in routes(&order.id) {
        let others = clients.iter().filter(|(scope, _)| *scope != wanted).map(|(scope, client)| (*scope, client));
        let own = path.starts_with(&format!("/orders/{}", order.id)) && wanted == "orders";
        for (who, client) in others.chain((!own).then_some(("customer", &customer))) {
            let answer = call(client, method, &path, &body).await;
            assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{who}: {method} {path}: {:#}", answer.body);
        }
    }
    world.settle().await;
    assert_eq!(order.standing().await, ("waiting", 0), "no request changed anything");
    for (wanted, method, path, body) in routes(&order.id) {
        let (_, client) = clients.iter().find(|(scope, _)| *scope == wanted).unwrap();
        let answer = call(client, method, &path, &body).await;
        assert!(![401, 403].contains(&answer.status), "{wanted}: {method} {path}: {:#}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_the_shop_finds_a_customers_orders_by_address_and_no_others() {
    let world = World::new().await.selling(&["led"]).await;
    let customer = |email: &str| json!({ "customer": { "email": email, "name": "Someone" } });
    let mut own = Vec::new();
    for _ in 0..3 {
        own.push(buy(&world, world.order("led", 1).with(customer("ann@example.com"))).await.id);
    }
    buy(&world, world.order("led", 1).with(customer("bob@example.com"))).await;
    let search = async |body: Value| world.shop.post("/orders/search", &body).await.unwrap();
    let found = search(json!({ "email": "ann@example.com" })).await;
    let mut ids: Vec<String> =
        found.body["orders"].as_array().unwrap().iter().map(|it| it["order_id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    own.sort();
    assert_eq!((found.status, ids), (200, own));
    assert_eq!(found.body["next"], Value::Null);
    assert_eq!(search(json!({ "email": "nobody@example.com" })).await.body, json!({ "orders": [], "next": null }));
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_bad_input_gets_an_error_that_names_the_field_and_changes_nothing() {
    let world = World::new().await.selling(&["led"]).await;
    let good = world.order("led", 1).body().await;
    let bad = |pointer: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    for (body, field) in [
        (bad("/lines/0/quantity", json!(0)), "lines[0].quantity"),
        (bad("/lines/0/quantity", json!(1001)), "lines[0].quantity"),
        (bad("/lines/0/unit_price/amount", json!(-1)), "lines[0].unit_price"),
        (bad("/customer/email", json!("not an address")), "customer.email"),
        (bad("/channel", json!("fax")), "channel"),
        (bad("/lines", json!([])), "lines"),
    ] {
        let answer = world.shop.post("/orders", &body).await.unwrap();
        assert_problem(&answer, 422, "invalid");
        let fields: Vec<&str> =
            answer.body["errors"].as_array().unwrap().iter().filter_map(|it| it["field"].as_str()).collect();
        assert!(fields.contains(&field), "{field} is not in {fields:?}");
    }
    let unknown = world.shop.post("/orders", &bad("/lines/0/sku", json!("unknown"))).await.unwrap();
    assert_problem(&unknown, 404, "not-found");
    assert_eq!(unknown.text("/errors/0/field"), "lines[0].sku");
    world.settle().await;
    assert_eq!((world.line("led").await.body["waiting"].clone(), world.inbox().await.len()), (json!([]), 0));
    let found = world.shop.post("/orders/search", &json!({ "email": "ann@example.com" })).await.unwrap();
    assert_eq!(found.body["orders"], json!([]));
    let mended = world.shop.post("/orders", &good).await.unwrap();
    assert_eq!(mended.status, 201, "a corrected repeat succeeds: {:#}", mended.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_what_does_not_exist_is_not_found() {
    let world = World::new().await.selling(&["led"]).await;
    for path in ["/orders/AAAA-AAAA-AAAA-AAAA", "/products/none/line", "/products/none/availability"] {
        assert_problem(&world.shop.get(path).await.unwrap(), 404, "not-found");
    }
    let cancel = world.shop.post("/orders/AAAA-AAAA-AAAA-AAAA/cancel", &json!({ "change_id": "c1" })).await.unwrap();
    assert_problem(&cancel, 404, "not-found");
}
