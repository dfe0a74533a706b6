//! Ship dates: the estimate on the page, the promise that an order keeps, and the current estimate.

use domain::calendar::{Calendar, DayOfWeek, plus_days};
use domain::dates::DateWindow;
use jiff::civil::Date;
use serde_json::{Value, json};
use tests::World;
use tests::world::order_body;

use crate::purchase::{assert_problem, buy_and_settle, buy_one};

/// The business calendar of LEDRIVEN. The other shops differ only in their time zones.
fn calendar(zone: &str) -> Calendar {
    let weekend = vec![DayOfWeek::Saturday, DayOfWeek::Sunday];
    Calendar { time_zone: zone.to_owned(), weekend, holidays: Vec::new(), cutoff_hour: None }
}

async fn today(world: &World) -> Date {
    calendar("America/New_York").day_of(world.now().await)
}

/// The ship dates of goods that arrive on this day.
fn arriving(day: Date) -> DateWindow {
    let calendar = calendar("America/New_York");
    DateWindow { earliest: calendar.business_day_from(day), latest: calendar.next_business_day(day) }
}

/// A window from `min` to `max` days after a day, on business days.
fn lead_time(from: Date, min: u16, max: u16) -> DateWindow {
    let business = |days| calendar("America/New_York").business_day_from(plus_days(from, days));
    DateWindow { earliest: business(min), latest: business(max) }
}

fn window(body: &Value, pointer: &str) -> DateWindow {
    let found = body.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {body:#}"));
    serde_json::from_value(found.clone()).unwrap_or_else(|_| panic!("{pointer} is {found}"))
}

async fn page(world: &World, sku: &str, quantity: i64) -> DateWindow {
    let path = format!("/products/{sku}/availability?quantity={quantity}");
    let answer = world.shop.without_token().get(&path).await.unwrap();
    window(&answer.body, "/estimated_ship_date")
}

async fn receive(world: &World, id: &str, quantity: i64) {
    let body = json!({ "receipt_id": id, "sku": "led", "warehouse": "east", "quantity": quantity });
    assert_eq!(world.shop.post("/stock-arrivals", &body).await.unwrap().status, 202);
}

async fn expected(world: &World) -> Vec<Value> {
    let answer = world.shop.get("/products/led/expected-receipts").await.unwrap();
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    answer.body["expected_receipts"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn r16_what_is_in_stock_is_promised_within_one_business_day_and_ships_by_it() {
    let world = World::new().await.selling(&["led"]).await;
    world.arrive("led", 1).await;
    let soon = arriving(today(&world).await);
    assert_eq!(page(&world, "led", 1).await, soon);
    let order = buy_one(&world, "led", 1).await;
    assert_eq!(window(&order.placed.body, "/promised_ship_date"), soon);
    world.settle().await;
    let now = order.look().await;
    assert_eq!((now.text("/ship_by"), &now.body["slipped"]), (soon.latest.to_string().as_str(), &json!(false)));
    assert_eq!(window(&now.body, "/estimated_ship_date"), soon);
}

#[tokio::test(flavor = "multi_thread")]
async fn r17_the_page_tells_when_a_backorder_of_today_ships_and_follows_supply_and_line() {
    let world = World::new().await.selling(&["led"]).await;
    let today = today(&world).await;
    let (usual, first, second) = (lead_time(today, 28, 56), plus_days(today, 10), plus_days(today, 17));
    assert_eq!(page(&world, "led", 1).await, usual);
    for (id, quantity, day) in [("po-2", 5, second), ("po-1", 2, first)] {
        assert_eq!(world.expect_on("led", id, quantity, day).await.status, 200);
    }
    assert_eq!(page(&world, "led", 2).await, arriving(first));
    assert_eq!(page(&world, "led", 3).await, arriving(second), "the quantity needs both deliveries");
    assert_eq!(page(&world, "led", 8).await, usual, "the quantity exceeds the announced goods");
    let ann = buy_one(&world, "led", 2).await;
    assert_eq!(page(&world, "led", 1).await, arriving(second), "the line is longer");
    assert_eq!(ann.cancel("c1", json!({})).await.status, 200);
    assert_eq!(page(&world, "led", 1).await, arriving(first), "the line is shorter again");
    assert_eq!(world.expect_on("led", "po-1", 0, first).await.status, 200);
    assert_eq!(page(&world, "led", 1).await, arriving(second), "the first delivery was withdrawn");
    receive(&world, "po-2", 5).await;
    assert_eq!(page(&world, "led", 1).await, arriving(today), "the goods arrived before their day");
    assert_eq!(page(&world, "led", 6).await, usual, "the goods are not counted twice");
    world.settle_and_assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r17_the_warehouse_sees_what_is_expected_by_day_until_it_comes() {
    let world = World::new().await.selling(&["led"]).await;
    let today = today(&world).await;
    let days = [("b", plus_days(today, 9)), ("a", plus_days(today, 9)), ("c", plus_days(today, 2))];
    for (id, day) in days {
        let put = world.expect_on("led", id, 3, day).await;
        assert_eq!((put.status, put.text("/receipt_id"), put.number("/quantity")), (200, id, 3), "{:#}", put.body);
        assert_eq!((put.text("/expected_on"), &put.body["overdue"]), (day.to_string().as_str(), &json!(false)));
    }
    let ids = async || -> Vec<String> {
        expected(&world).await.iter().map(|it| it["receipt_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids().await, ["c", "a", "b"]);
    assert_eq!(world.expect_on("led", "a", 4, plus_days(today, 1)).await.number("/quantity"), 4, "moved and changed");
    assert_eq!(ids().await, ["a", "c", "b"]);
    for _ in 0..2 {
        assert_eq!(world.expect_on("led", "c", 0, today).await.number("/quantity"), 0, "withdrawn, twice");
    }
    receive(&world, "b", 2).await;
    assert_eq!(ids().await, ["a"], "goods that arrived are no longer expected, whatever the quantity");
    assert_problem(&world.expect_on("led", "b", 3, plus_days(today, 9)).await, 409, "id-reused");
    assert_eq!(ids().await, ["a"], "a late repeat does not restore the announcement");
    world.product("lamp").await;
    assert_problem(&world.expect_on("lamp", "b", 1, today).await, 409, "id-reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_a_product_has_at_most_a_hundred_expected_receipts() {
    let world = World::new().await.selling(&["led"]).await;
    for number in 0..100 {
        assert_eq!(world.expect("led", &format!("po-{number}"), 1, 7).await.status, 200);
    }
    assert_problem(&world.expect("led", "one-more", 1, 7).await, 409, "too-many-expected");
    assert_eq!(world.expect("led", "po-7", 2, 8).await.status, 200, "an existing one may still change");
    assert_eq!(world.expect("led", "po-8", 0, 8).await.status, 200);
    assert_eq!(world.expect("led", "one-more", 1, 7).await.status, 200);
    assert_eq!(expected(&world).await.len(), 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_an_order_keeps_its_promised_date_and_tells_when_it_slips() {
    let world = World::new().await.selling(&["led"]).await;
    let today = today(&world).await;
    let (day, later) = (plus_days(today, 10), plus_days(today, 24));
    world.expect_on("led", "po-1", 5, day).await;
    let order = buy_one(&world, "led", 2).await;
    let windows = |answer: &Value| (window(answer, "/promised_ship_date"), window(answer, "/estimated_ship_date"));
    for pointer in ["", "/lines/0"] {
        let part = order.placed.body.pointer(pointer).unwrap();
        assert_eq!((windows(part), &part["slipped"]), ((arriving(day), arriving(day)), &json!(false)));
    }
    world.expect_on("led", "po-1", 5, later).await;
    let now = order.look().await;
    for pointer in ["", "/lines/0"] {
        let part = now.body.pointer(pointer).unwrap();
        assert_eq!(
            (windows(part), &part["slipped"]),
            ((arriving(day), arriving(later)), &json!(true)),
            "the supplier is late"
        );
    }
    world.expect_on("led", "po-1", 1, later).await;
    let lead = lead_time(today, 28, 56);
    assert_eq!(windows(&order.look().await.body), (arriving(day), lead), "too few goods are announced now");
    world.expect_on("led", "po-0", 1, plus_days(today, 3)).await;
    let now = order.look().await;
    assert_eq!((windows(&now.body), &now.body["slipped"]), ((arriving(day), arriving(later)), &json!(true)));
    receive(&world, "po-9", 2).await;
    world.settle().await;
    let now = order.look().await;
    assert_eq!((windows(&now.body), &now.body["slipped"]), ((arriving(day), arriving(today)), &json!(false)));
    assert_eq!(order.ship("s1", "east", json!({})).await.status, 200);
    let now = order.look().await;
    assert_eq!((&now.body["estimated_ship_date"], &now.body["slipped"]), (&Value::Null, &json!(false)));
    assert_eq!(window(&now.body, "/promised_ship_date"), arriving(day), "the promise is kept to the end");
}

#[tokio::test(flavor = "multi_thread")]
async fn r18_a_product_page_that_changes_changes_no_promise() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 1).await;
    let promised = order.placed.body["promised_ship_date"].clone();
    world.product_with("led", json!({ "lead_time_days": { "min": 90, "max": 120 } })).await;
    let now = order.look().await;
    assert_eq!(now.body["promised_ship_date"], promised);
    assert_eq!(window(&now.body, "/estimated_ship_date"), lead_time(today(&world).await, 90, 120));
    assert_eq!(now.body["slipped"], json!(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn r17_goods_whose_day_has_passed_are_listed_overdue_and_counted_on_no_more() {
    let world = World::new().await.selling(&["led"]).await;
    world.expect("led", "po-1", 5, 2).await;
    let order = buy_one(&world, "led", 1).await;
    world.advance("P4D").await;
    let listed = expected(&world).await;
    assert_eq!((listed.len(), &listed[0]["overdue"]), (1, &json!(true)), "{listed:#?}");
    assert_eq!(page(&world, "led", 1).await, lead_time(today(&world).await, 28, 56));
    let now = order.look().await;
    assert_eq!(now.body["slipped"], json!(true), "{:#}", now.body);
    let past = plus_days(today(&world).await, 0).yesterday().unwrap();
    assert_eq!(world.expect_on("led", "po-1", 5, past).await.status, 422);
    assert_eq!(world.expect_on("led", "po-1", 0, past).await.status, 200, "an overdue announcement can be withdrawn");
}

#[tokio::test(flavor = "multi_thread")]
async fn r19_place_in_line_and_the_suppliers_schedule_change_the_usual_lead_time() {
    let world = World::new().await.selling(&["led"]).await;
    let today = today(&world).await;
    let (soon, far) = (plus_days(today, 5), plus_days(today, 200));
    let before = buy_one(&world, "led", 1).await;
    assert_eq!(window(&before.placed.body, "/promised_ship_date"), lead_time(today, 28, 56), "four to eight weeks");
    world.expect_on("led", "po-1", 2, soon).await;
    world.expect_on("led", "po-2", 2, far).await;
    let mut windows = Vec::new();
    for _ in 0..4 {
        windows.push(window(&buy_one(&world, "led", 1).await.placed.body, "/promised_ship_date"));
    }
    // No goods are announced for the last order: it ships no earlier than those ahead, in a window as wide as the lead
    // time.
    let beyond = DateWindow { latest: plus_days(arriving(far).latest, 28), ..arriving(far) };
    assert_eq!(windows, [arriving(soon), arriving(far), arriving(far), beyond]);
    assert_eq!(window(&before.look().await.body, "/estimated_ship_date"), arriving(soon));
    world.product_with("lamp", json!({ "lead_time_days": { "min": 3, "max": 6 } })).await;
    let lamp = buy_one(&world, "lamp", 1).await;
    assert_eq!(window(&lamp.placed.body, "/promised_ship_date"), lead_time(today, 3, 6), "the lamp's lead time");
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_r10_r11_lines_that_leave_together_are_promised_the_day_of_the_latest() {
    for (policy, country, lamps, together) in [
        ("ledriven", "US", 1, true),
        ("bodybuilding", "US", 1, false),
        ("bodybuilding", "CA", 1, true),
        ("bodybuilding", "US", 0, true),
    ] {
        let world = World::with_policy(policy).await.selling(&["led", "lamp"]).await;
        if lamps > 0 {
            world.arrive("lamp", lamps).await;
        } else {
            world.expect("lamp", "po-1", 1, 4).await;
        }
        world.expect("led", "po-2", 1, 12).await;
        let mut ship_to = order_body(&[])["ship_to"].clone();
        ship_to["country"] = json!(country);
        let order =
            buy_and_settle(&world, world.order_of(&[("lamp", 1), ("led", 1)]).with(json!({ "ship_to": ship_to })))
                .await;
        let now = order.look().await;
        for body in [&order.placed.body, &now.body] {
            for dates in ["promised_ship_date", "estimated_ship_date"] {
                let of = |line: &str| window(body, &format!("{line}/{dates}"));
                assert_eq!(of(""), of("/lines/1"), "{policy} {country}: the order ships with its latest line");
                assert_eq!(of("/lines/0") == of("/lines/1"), together, "{policy} {country}: {body:#}");
            }
        }
        assert_eq!(now.body["slipped"], json!(false));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_the_button_may_be_kept_five_seconds_and_nothing_else_at_all() {
    let world = World::new().await.selling(&["led"]).await;
    let order = buy_one(&world, "led", 1).await;
    let button = world.availability("led").await;
    assert_eq!(button.header("cache-control"), "public, max-age=5");
    let customer = world.shop.as_customer(&order.id).await.unwrap();
    let mut others = vec![order.placed.clone(), customer.get(&format!("/orders/{}", order.id)).await.unwrap()];
    others.push(world.shop.post("/orders/search", &json!({ "email": "ann@example.com" })).await.unwrap());
    others.push(order.cancel("c1", json!({})).await);
    for path in
        ["/products/led/line", "/shipments/ready", "/products/led/expected-receipts", "/products/no/availability"]
    {
        others.push(world.shop.get(path).await.unwrap());
    }
    others.push(world.shop.without_token().get(&format!("/orders/{}", order.id)).await.unwrap());
    for answer in others {
        assert_eq!(answer.header("cache-control"), "no-store", "{:#}", answer.body);
    }
}
