//! The staff list of the page, from the shop's own API.

use serde_json::Value;

use super::front::{HttpState, TokenFor};

#[derive(Debug, Default)]
pub(super) struct StaffTask {
    pub id: String,
    pub kind: String,
    pub order_id: String,
    /// The link to the customer's page of the order.
    pub link: String,
    pub opened_at: String,
    pub happened: String,
    pub to_do: String,
    /// The customer's address. This field and the next two are empty if the task has no mail.
    pub from: String,
    pub subject: String,
    pub words: String,
    /// The URL of the whole mail; empty for a message from the contact form.
    pub url: String,
}

/// The open tasks, oldest first.
pub(super) async fn tasks(shop: &HttpState, most: usize) -> Vec<StaffTask> {
    let answer = shop.ask("orders", "/staff/tasks", &format!("limit={most}")).await;
    let mut tasks = Vec::new();
    for entry in answer.get("tasks").and_then(Value::as_array).into_iter().flatten() {
        let text = |pointer: &str| entry.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let order_id = text("/order_id");
        let link = if order_id.is_empty() { String::new() } else { order_page(shop, &order_id).await };
        tasks.push(StaffTask {
            id: text("/task_id"),
            kind: text("/kind").replace('_', " "),
            order_id,
            link,
            opened_at: text("/opened_at"),
            happened: text("/what_happened"),
            to_do: text("/what_to_do"),
            from: text("/mail/from"),
            subject: text("/mail/subject"),
            words: text("/mail/text"),
            url: text("/mail/url"),
        });
    }
    tasks
}

/// The path of an order's page, with its customer's token behind the `#`.
pub(super) async fn order_page(shop: &HttpState, order_id: &str) -> String {
    let token = (shop.token)(TokenFor::Customer(order_id.to_owned())).await.unwrap_or_default();
    format!("/order#order={order_id}&token={token}")
}
