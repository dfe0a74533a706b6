//! The shop sets its policy, and each order keeps the policy under which it was placed. Also channels and limits.

use serde_json::{Value, json};
use tests::World;

use crate::purchase::{
    CONFIRMATION, assert_outbox, assert_problem, buy, buy_and_settle, buy_one, buy_one_and_settle, mail_says, money,
    standings, text, units,
};

/// A changed copy of the current policy.
async fn changed(world: &World, change: impl FnOnce(&mut Value)) -> Value {
    let mut policy = world.shop.get("/policy").await.unwrap().body["policy"].clone();
    change(&mut policy);
    policy
}

/// Sets a changed policy, and waits until every function uses it.
async fn set(world: &World, change: impl FnOnce(&mut Value)) {
    let policy = changed(world, change).await;
    let answer = world.shop.put("/policy", &policy).await.unwrap();
    assert_eq!((answer.status, &answer.body["policy"]), (200, &policy), "{:#}", answer.body);
    world.advance("PT31S").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_a_policy_that_is_set_is_noticed_by_every_function_within_half_a_minute() {
    let world = World::new().await.selling(&["led"]).await;
    assert_eq!(world.availability("led").await.text("/button"), "Backorder");
    let policy = changed(&world, |policy| policy["button"]["on_backorder"] = json!("Wait for it")).await;
    let first = world.shop.put("/policy", &policy).await.unwrap();
    let again = world.shop.put("/policy", &policy).await.unwrap();
    assert_eq!((first.status, &first.body), (200, &again.body), "a repeat is the same policy");
    assert_eq!(world.shop.with_scopes("orders").await.unwrap().get("/policy").await.unwrap().body, first.body);
    world.advance("PT31S").await;
    assert_eq!(world.availability("led").await.text("/button"), "Wait for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_r28_a_broken_policy_is_refused_with_all_that_is_wrong_and_the_last_good_one_holds() {
    let world = World::new().await.selling(&["led"]).await;
    set(&world, |policy| policy["button"]["on_backorder"] = json!("Wait for it")).await;
    let good = world.shop.get("/policy").await.unwrap().body;
    let broken = changed(&world, |policy| {
        policy["button"]["on_backorder"] = json!("");
        policy["shipping"]["parts"] = json!("whenever");
        policy["expiry_days"] = json!(3);
        policy["calender"] = json!({});
        policy.as_object_mut().unwrap().remove("shop_name");
    })
    .await;
    let answer = world.shop.put("/policy", &broken).await.unwrap();
    assert_problem(&answer, 422, "invalid");
    let mut fields: Vec<String> =
        answer.body["errors"].as_array().unwrap().iter().map(|fault| text(fault, "/field")).collect();
    fields.sort();
    assert_eq!(fields, ["button.on_backorder", "calender", "expiry_days", "shipping.parts", "shop_name"]);
    world.advance("PT31S").await;
    assert_eq!(world.shop.get("/policy").await.unwrap().body, good);
    assert_eq!(world.availability("led").await.text("/button"), "Wait for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_an_order_lives_by_the_policy_it_was_placed_under() {
    let world = World::with_policy("bodybuilding").await.selling(&["led", "lamp"]).await;
    world.arrive("led", 2).await;
    let older = buy(&world, world.order_of(&[("led", 1), ("lamp", 1)])).await;
    set(&world, |policy| policy["shipping"]["parts"] = json!("together")).await;
    let younger = buy_and_settle(&world, world.order_of(&[("led", 1), ("lamp", 1)])).await;
    assert_eq!(standings([&older, &younger]).await, [("ready", 1), ("waiting", 1)]);
    assert_eq!(older.ship("s1", "east", json!({})).await.text("/status"), "partly_shipped");
    assert_problem(&younger.ship("s1", "east", json!({})).await, 409, "not-released");
    set(&world, |policy| policy["shipping"]["parts"] = json!("as_available")).await;
    world.arrive_and_settle("lamp", 2).await;
    assert_eq!((older.status().await, younger.status().await), ("partly_shipped", "ready"));
    assert_eq!(older.ship("s2", "east", json!({})).await.text("/status"), "shipped");
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_the_policy_says_by_which_channels_backorders_are_taken() {
    let world = World::new().await.selling(&["led"]).await;
    set(&world, |policy| policy["backorders_by"] = json!(["phone"])).await;
    let phone = buy(&world, world.order("led", 1).with(json!({ "channel": "phone" }))).await;
    assert_eq!(phone.placed.body["lines"][0]["backordered"], json!(true));
    assert_problem(&world.order("led", 1).place().await, 409, "sold-out");
    assert_eq!(world.availability("led").await.text("/status"), "sold_out", "the page is the web shop's");
    world.arrive_and_settle("led", 2).await;
    assert_eq!(buy_one(&world, "led", 1).await.placed.body["lines"][0]["backordered"], json!(false));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_so_many_units_may_wait_for_a_product_unless_it_says_so_itself() {
    let world = World::new().await.selling(&["led"]).await;
    world.product_with("lamp", json!({ "backlog_limit": 5 })).await;
    set(&world, |policy| policy["limits"] = json!({ "waiting_per_product": 2 })).await;
    buy_one(&world, "led", 2).await;
    assert_problem(&world.order("led", 1).place().await, 409, "backlog-full");
    assert_eq!(world.availability("led").await.text("/status"), "sold_out");
    buy_one(&world, "lamp", 5).await;
    assert_problem(&world.order("lamp", 1).place().await, 409, "backlog-full");
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_an_order_takes_no_more_units_of_a_product_than_the_shop_allows() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    let before = world.order_of(&[("lamp", 1), ("led", 4)]).body().await;
    assert_eq!(world.shop.post("/orders", &before).await.unwrap().status, 201);
    set(&world, |policy| policy["limits"] = json!({ "units_per_order": 3 })).await;
    let body = world.order_of(&[("lamp", 3), ("led", 4)]).paid("requires_capture").body().await;
    let answer = world.shop.post("/orders", &body).await.unwrap();
    assert_problem(&answer, 422, "invalid");
    assert_eq!(text(&answer.body, "/errors/0/field"), "lines[1].quantity");
    assert_eq!(answer.body["errors"].as_array().unwrap().len(), 1);
    assert_eq!(money(&world, &text(&body, "/payment_reference")).await, (0, 0));
    let repeated = world.shop.post("/orders", &before).await.unwrap();
    assert_eq!(repeated.status, 200, "a repeat of an earlier order gets the same answer: {:#}", repeated.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_a_customer_has_no_more_units_of_a_product_than_the_shop_allows_over_all_orders() {
    let world = World::new().await.selling(&["led", "lamp"]).await;
    let uncounted = buy_one(&world, "led", 9).await;
    set(&world, |policy| policy["limits"] = json!({ "units_per_customer": 3 })).await;
    world.arrive_and_settle("led", 12).await;
    let first = buy_and_settle(&world, world.order_of(&[("led", 2), ("lamp", 3)])).await;
    let body = world.order("led", 2).paid("requires_capture").body().await;
    assert_problem(&world.shop.post("/orders", &body).await.unwrap(), 409, "limit-reached");
    assert_eq!(money(&world, &text(&body, "/payment_reference")).await, (0, 0), "refused before the capture");
    let shouted = json!({ "customer": { "email": "ANN@example.com", "name": "Ann" } });
    assert_problem(&world.order("led", 2).with(shouted).place().await, 409, "limit-reached");
    let other = json!({ "customer": { "email": "bob@example.com", "name": "Bob" } });
    assert_eq!(world.order("led", 1).with(other).place().await.status, 201, "another customer has a separate count");
    // Canceled units make room. Units that were never counted make none.
    assert_eq!(uncounted.cancel("c1", json!({})).await.status, 200);
    assert_problem(&world.shop.post("/orders", &body).await.unwrap(), 409, "limit-reached");
    assert_eq!(first.cancel("c1", units(1, 1)).await.status, 200);
    assert_eq!(world.shop.post("/orders", &body).await.unwrap().status, 201);
    assert_problem(&world.order("lamp", 1).place().await, 409, "limit-reached");
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_what_has_shipped_still_counts_as_bought() {
    let world = World::new().await.selling(&["led"]).await;
    set(&world, |policy| policy["limits"] = json!({ "units_per_customer": 1 })).await;
    world.arrive("led", 2).await;
    let order = buy_one_and_settle(&world, "led", 1).await;
    assert_eq!(order.ship("s1", "east", json!({})).await.text("/status"), "shipped");
    world.settle().await;
    assert_problem(&world.order("led", 1).place().await, 409, "limit-reached");
    assert_outbox(&world, &[(&order, &[CONFIRMATION, "shipped"])]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_replies_go_where_the_policy_says() {
    let world = World::new().await.selling(&["led"]).await;
    let first = buy_one_and_settle(&world, "led", 1).await;
    set(&world, |policy| policy["mail"]["reply_to"] = json!("help@ledriven.example")).await;
    let second = buy_one_and_settle(&world, "led", 1).await;
    let calls = world.tap().calls();
    let sent: Vec<Value> = calls
        .iter()
        .filter(|call| call.operation == "SendEmail")
        .map(|call| serde_json::from_str(&call.request).unwrap())
        .collect();
    let replies = |order: &str| -> Vec<&Value> {
        let own = sent.iter().filter(|mail| mail.to_string().contains(order));
        own.map(|mail| &mail["ReplyToAddresses"]).collect()
    };
    let own = replies(&first.id);
    let number = first.id.replace('-', "").to_lowercase();
    assert!(own[0][0].as_str().unwrap().starts_with(&format!("reply+{number}")), "{own:?}");
    assert_eq!(own[0], own[1], "an order has one address for all replies");
    mail_says(&first, CONFIRMATION, &["reply to this e-mail and say so, or write to orders@reply.shop.example"]).await;
    assert_eq!(replies(&second.id), [&json!(["help@ledriven.example"]), &json!(["help@ledriven.example"])]);
    // A person reads replies.
    mail_says(&second, CONFIRMATION, &["write to help@ledriven.example", "our people read it"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_a_swap_brings_an_order_no_more_units_of_a_product_than_the_shop_allows() {
    let world = World::with_policy("bodybuilding").await.selling(&["bar"]).await;
    world.product_with("whey", json!({ "similar": ["bar"] })).await;
    set(&world, |policy| policy["limits"] = json!({ "units_per_order": 3 })).await;
    world.arrive("bar", 2).await;
    let order = buy_and_settle(&world, world.order_of(&[("bar", 2), ("whey", 2)])).await;
    assert_eq!(order.ship("s1", "east", json!({})).await.text("/status"), "partly_shipped");
    assert_problem(&order.swap("c1", 2, "bar", None).await, 422, "invalid");
    let fewer = json!({ "change_id": "c2", "lines": [{ "line": 2, "quantity": 1 }] });
    assert_eq!(world.shop.post(&format!("/orders/{}/cancel", order.id), &fewer).await.unwrap().status, 200);
    assert_eq!(order.swap("c3", 2, "bar", None).await.status, 200);
    world.settle_and_assert_sound().await;
}
