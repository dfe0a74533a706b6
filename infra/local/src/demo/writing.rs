//! Replies of customers to mails. A clear request to cancel is done at once. Any other reply goes to a person, and the customer
//! gets a mail that says so.

use serde_json::Value;

use super::buying::{Good, Purchase, list, text};
use super::story::Story;

pub(super) async fn to_the_shop(story: &mut Story, good: &'static Good) -> Result<(), String> {
    story.scene("Two customers reply to their mails")?;
    let seen = story.buys("Ida", Purchase::new(&[(good, 1)])).await?;
    story.shows("R4", "Ida pays for 1", "on backorder, behind 4 orders (7 units)", &seen)?;
    let seen = story.writes("Ida", "Please cancel my order.\n\nThank you, Ida").await?;
    story.shows("R13", "Ida writes \"Please cancel my order.\"", "canceled", &seen)?;
    let seen = story.money("Ida").await?;
    story.shows("R12", "Ida's money", "$249.00 paid, $249.00 refunded", &seen)?;
    let seen = story.writes("Eve", "Should I cancel, or will it come before Christmas?").await?;
    story.shows("R13", "Eve only asks, so her order stays", "waiting: has 0 of 1, behind 3 orders (6 units)", &seen)?;
    let seen = story.staff_list().await?;
    story.shows("R13", "the staff list has a task", "unclear wish of Eve", &seen)?;
    let words = "It has not changed your order yet";
    let seen = story.mail_says("Eve", "message-received", words).await?;
    story.shows("R13", "Eve is told", &format!("{words:?}"), &seen)
}

impl Story {
    /// Somebody replies to their newest mail. Returns the new state of their order.
    async fn writes(&self, who: &str, words: &str) -> Result<String, String> {
        let order_id = &self.bought_by(who)?.order_id;
        let inbox = self.shop.get("/_local/inbox").await?.body;
        let own = inbox.as_array().into_iter().flatten().rev().find(|mail| text(mail, "order_id") == order_id);
        let id = own.map(|mail| text(mail, "message_id")).ok_or_else(|| format!("{who} has no mail"))?;
        let path = format!("/_local/reply?message_id={id}");
        let answer = self.shop.send("POST", &path, &[], words.as_bytes().to_vec()).await?;
        self.shop.settle().await?;
        if answer.status == 200 { self.stands(who).await } else { Err(format!("{who}'s mail: {}", answer.body)) }
    }

    /// The kind and the customer of each task.
    async fn staff_list(&self) -> Result<String, String> {
        let names = self.names();
        let answer = self.shop.get("/staff/tasks").await?;
        let task = |task: &Value| {
            let who = names.get(text(task, "order_id")).copied().unwrap_or("nobody");
            format!("{} of {who}", text(task, "kind").replace('_', " "))
        };
        Ok(list(&answer.body, "tasks").iter().map(task).collect::<Vec<_>>().join(", "))
    }
}
