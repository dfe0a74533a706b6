//! The line: who is served, in which order, and when goods are for sale again.

use tests::World;

#[tokio::test(flavor = "multi_thread")]
async fn r3_orders_are_filled_strictly_in_the_order_received() {
    let world = World::new().await;
    world.product("led").await;
    let mut orders = Vec::new();
    for quantity in [1, 3, 2] {
        orders.push(world.order("led", quantity).placed().await);
    }
    world.arrive("led", 3).await;
    world.settle().await;
    let mut found = Vec::new();
    for order in &orders {
        let order = world.look(order).await;
        found.push((order.text("/status").to_owned(), order.number("/lines/0/assigned")));
    }
    assert_eq!(found, [("ready".to_owned(), 1), ("waiting".to_owned(), 2), ("waiting".to_owned(), 0)]);
    world.assert_sound().await;
}
