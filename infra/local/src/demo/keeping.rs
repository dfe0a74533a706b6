//! More actions of the shop and its supplier: announcing goods, swaps, ship dates.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan as _};
use serde_json::json;

use super::buying::{Good, refusal, stands, text};
use super::story::Story;

impl Story {
    /// Offers a product that may be swapped for a similar one.
    pub(super) async fn sells_beside(&mut self, good: &'static Good, similar: &Good) -> Result<(), String> {
        let price = json!({ "amount": good.price, "currency": "USD" });
        let body = json!({ "name": good.name, "price": price, "backorderable": true, "similar": [similar.sku] });
        let answer = self.shop.put(&format!("/products/{}", good.sku), &body).await?;
        self.goods.push(good);
        refusal(&answer).map_or(Ok(()), |refusal| Err(format!("{}: {refusal}", good.sku)))
    }

    pub(super) async fn expects(&self, good: &Good, quantity: i64, warehouse: &str, day: Date) -> Result<(), String> {
        let body = json!({ "warehouse": warehouse, "quantity": quantity, "expected_on": day.to_string() });
        let path = format!("/products/{}/expected-receipts/announced-1", good.sku);
        let answer = self.shop.put(&path, &body).await?;
        refusal(&answer).map_or(Ok(()), |refusal| Err(format!("{}: {refusal}", good.sku)))
    }

    /// The shop swaps an order line at the customer's request.
    pub(super) async fn swaps(&mut self, who: &str, line: usize, good: &Good) -> Result<String, String> {
        let body = json!({ "change_id": self.id("change"), "sku": good.sku });
        let path = format!("/orders/{}/lines/{line}/swap", self.bought_by(who)?.order_id);
        let answer = self.shop.post(&path, &body).await?;
        self.shop.settle().await?;
        Ok(refusal(&answer).unwrap_or_else(|| stands(&answer.body, &self.goods)))
    }

    /// The first business day from today on, in a zone.
    pub(super) async fn workday(&self, zone: &str) -> Result<Date, String> {
        first_workday(self.today(zone).await?)
    }

    async fn today(&self, zone: &str) -> Result<Date, String> {
        let clock = self.shop.post("/_local/clock", &json!({ "advance": "PT0S" })).await?;
        let now: Timestamp = clock.text("/now").parse().map_err(|_| "the clock has no time")?;
        Ok(now.to_zoned(domain::calendar::zone(zone)?).date())
    }

    /// The `ship_by` date of somebody's order, as text relative to today in a zone.
    pub(super) async fn ship_by(&self, who: &str, zone: &str) -> Result<String, String> {
        let order = self.order(who).await?;
        let today = self.today(zone).await?;
        let promised: Date = text(&order, "ship_by").parse().map_err(|_| format!("{who}'s order has no ship_by"))?;
        let next = first_workday(today.saturating_add(1.day()))?;
        Ok(if next == promised { "the next business day".to_owned() } else { promised.to_string() })
    }
}

fn first_workday(from: Date) -> Result<Date, String> {
    let works = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    from.series(1.day()).find(works).ok_or_else(|| "the calendar ends".to_owned())
}
