//! Probe.
use serde_json::json;
use tests::World;
#[tokio::test(flavor = "multi_thread")]
async fn probe() {
    let world = World::new().await;
    world.product("led").await;
    world.product("lamp").await;
    world.arrive("lamp", 1).await;
    let answer = world.order_of(&[("led", 2), ("lamp", 1)]).place().await;
    println!("{:#}", answer.body);
    let answer = world.order_of(&[("led", 3), ("lamp", 1)]).with(json!({"if_worse": "refuse"})).place().await;
    println!("{} {:#}", answer.status, answer.body);
    world.settle().await;
    println!("{:#}", world.line("led").await.body);
    println!("{:#}", world.availability("led").await.body);
    println!("{:#}", world.shop.get("/_local/payments").await.unwrap().body);
    for m in world.inbox().await { println!("{}\n{}", m, m["text"].as_str().unwrap()); }
    println!("{:#}", world.shop.post("/orders/search", &json!({"email":"ann@example.com"})).await.unwrap().body);
    world.arrive("led", 2).await;
    world.settle().await;
    println!("{:#}", world.ready().await.body);
    let id = answer.text("/order_id");
    println!("{id}");
    let a = world.shop.post("/orders/search", &json!({"email":"ann@example.com"})).await.unwrap();
    let id = a.text("/orders/0/order_id").to_owned();
    for w in ["mars", "east", "east"] {
    let a = world.ship(&id, w).await;
    println!("{} {:#}", a.status, a.body);
    }
    println!("{:#}", world.line("led").await.body);
    for m in world.inbox().await { println!("{}\n{}", m["kind"], m["text"].as_str().unwrap()); }
}
