//! Tasks that only a person can settle: a refund that the provider refuses, and dead letters.

use local::state::{BatchOutcome, Outgoing};
use serde_json::{Value, json};
use tests::{Fault, World};

fn text(task: &Value, name: &str) -> String {
    task.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Runs the function that updates the tasks.
async fn measure(world: &World) -> Result<Value, String> {
    world.invoke("measure-tasks", json!({ "time": "2026-11-21T10:00:00Z" })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_a_refund_that_the_provider_refuses_is_a_task_and_is_settled_by_a_person() {
    let world = World::new().await.selling(&["led"]).await;
    let body = world.order("led", 1).body().await;
    let payment = body.get("payment_reference").and_then(Value::as_str).unwrap();
    let order = world.shop.post("/orders", &body).await.unwrap().text("/order_id").to_owned();
    world.settle().await;
    // Somebody refunded the payment by hand, so the provider refuses a second refund.
    world.refund_by_hand(payment).await;
    assert_eq!(world.cancel(&order).await.status, 200);
    world.settle().await;
    assert_eq!(world.look(&order).await.text("/refunds/0/status"), "failed");
    let open = world.staff_tasks().await;
    assert_eq!(open.len(), 1, "{open:#?}");
    let task = open.first().unwrap();
    assert_eq!((text(task, "kind"), text(task, "order_id")), ("failed_refund".to_owned(), order));
    assert!(text(task, "change_id").starts_with("change-"));
    let path = format!("/staff/tasks/{}/done", text(task, "task_id"));
    for _ in 0..2 {
        let done = world.shop.post(&path, &json!({})).await.unwrap();
        assert_eq!(done.status, 200, "{:?}", done.body);
        assert!(!done.text("/done_at").is_empty());
    }
    assert_eq!(world.staff_tasks().await, Vec::<Value>::new());
    assert_eq!(world.shop.post("/staff/tasks/0000000000000000/done", &json!({})).await.unwrap().status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_are_a_task_until_none_is_left() {
    let world = World::new().await;
    let (state, template) = (world.stack().state(), world.stack().template());
    let queue = template.queues.iter().find(|queue| queue.logical_id == "RefundDeadLetters").unwrap();
    let letter = || Outgoing { body: "{}".to_owned(), ..Outgoing::default() };
    measure(&world).await.unwrap();
    assert_eq!(world.staff_tasks().await, Vec::<Value>::new());
    state.send(queue, &[letter(), letter()], 0).unwrap();
    measure(&world).await.unwrap();
    let first = world.staff_tasks().await;
    let task = first.first().unwrap();
    assert_eq!((text(task, "kind"), text(task, "queue")), ("dead_letter".to_owned(), "RefundDeadLetters".to_owned()));
    assert_eq!(task.get("messages"), Some(&json!(2)));
    state.send(queue, &[letter()], 0).unwrap();
    for call in ["PutItem", "UpdateItem"] {
        world.tap().fault_where(move |it| (it.operation == call).then_some(Fault::Died));
        let _ended = measure(&world).await;
        world.tap().spare();
        measure(&world).await.unwrap();
    }
    let again = world.staff_tasks().await;
    assert_eq!(again.len(), 1);
    let same = again.first().unwrap();
    assert_eq!(same.get("messages"), Some(&json!(3)));
    assert_eq!(text(same, "opened_at"), text(task, "opened_at"), "the task keeps its age");
    let lying = state.receive(queue, 10, false, 0).unwrap();
    let done = BatchOutcome { done: lying.iter().map(|message| message.sequence).collect(), ..BatchOutcome::default() };
    state.finish(queue, &done).unwrap();
    measure(&world).await.unwrap();
    assert_eq!(world.staff_tasks().await, Vec::<Value>::new(), "the task is closed automatically");
    state.send(queue, &[letter()], 0).unwrap();
    measure(&world).await.unwrap();
    assert_eq!(world.staff_tasks().await.len(), 1, "the task opens again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_read_page_by_page_the_oldest_first() {
    let world = World::new().await.selling(&["led"]).await;
    let mut orders = Vec::new();
    for at in 0..5 {
        let order = world.order("led", 1).placed().await;
        world.settle().await;
        let email = format!("ann{at}@example.com");
        tests::mail::report_event(&world, tests::mail::full(), &email, &order, ("order-confirmation", "0", 0)).await;
        world.settle().await;
        orders.push(order);
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = world.shop.get(&format!("/staff/tasks?limit=2&after={after}")).await.unwrap();
        assert_eq!(page.status, 200, "{:?}", page.body);
        let listed = page.body.get("tasks").and_then(Value::as_array).cloned().unwrap();
        seen.extend(listed.iter().map(|task| text(task, "order_id")));
        after = page.text("/next").to_owned();
        if after.is_empty() {
            break;
        }
    }
    assert_eq!(seen, orders);
    let wrong = world.shop.get("/staff/tasks?after=yesterday").await.unwrap();
    assert_eq!((wrong.status, wrong.code()), (422, "invalid"));
}
