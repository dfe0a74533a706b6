//! Observations of a shop in the middle of its story, as text that is the same in each run.

use jiff::civil::Date;
use serde_json::Value;

use super::buying::{Good, holding, list, number, stands, text};
use super::story::Story;
use super::telling::{dollars, line};

/// The kinds of mails in the order of sending, and their names in the tables.
const KINDS: [(&str, &str); 6] = [
    ("order-confirmation", "confirmation"),
    ("backorder-notice", "notice"),
    ("message-received", "answer"),
    ("shipped", "shipped"),
    ("changed", "changed"),
    ("canceled", "canceled"),
];

impl Story {
    pub(super) async fn button(&self, good: &Good) -> Result<String, String> {
        let path = format!("/products/{}/availability", good.sku);
        let answer = self.shop.without_token().get(&path).await?;
        Ok(format!("{:?}", answer.text("/button")))
    }

    /// The first and last estimated ship date for an order placed today.
    pub(super) async fn estimate(&self, good: &Good) -> Result<(Date, Date), String> {
        let path = format!("/products/{}/availability", good.sku);
        let answer = self.shop.without_token().get(&path).await?;
        window(&answer.body, "estimated_ship_date")
    }

    pub(super) async fn promise(&self, who: &str) -> Result<(Date, Date), String> {
        window(&self.order(who).await?, "promised_ship_date")
    }

    pub(super) async fn stands(&self, who: &str) -> Result<String, String> {
        Ok(stands(&self.order(who).await?, &self.goods))
    }

    /// The customers in a product's line, with their assigned and ordered units.
    pub(super) async fn line(&self, good: &Good) -> Result<String, String> {
        let names = self.names();
        let answer = self.shop.get(&format!("/products/{}/line", good.sku)).await?;
        let ticket = |ticket: &Value| {
            let who = names.get(text(ticket, "order_id")).copied().unwrap_or("?");
            format!("{who} {}/{}", number(ticket, "assigned"), number(ticket, "quantity"))
        };
        let waiting: Vec<String> = list(&answer.body, "waiting").iter().map(ticket).collect();
        Ok(if waiting.is_empty() { "nobody".to_owned() } else { waiting.join(", ") })
    }

    /// The units received by each warehouse, including shipped units.
    pub(super) async fn stock(&self, good: &Good) -> Result<String, String> {
        let answer = self.shop.get(&format!("/products/{}/line", good.sku)).await?;
        let warehouses = answer.body.get("stock").and_then(Value::as_object).into_iter().flatten();
        let units =
            |units: &Value| ["unassigned", "assigned", "shipped"].map(|name| number(units, name)).iter().sum::<i64>();
        let warehouses = warehouses.map(|(warehouse, found)| format!("{} in {warehouse}", units(found)));
        Ok(format!("received: {}", warehouses.collect::<Vec<_>>().join(", ")))
    }

    pub(super) async fn for_sale(&self, good: &Good) -> Result<String, String> {
        let answer = self.shop.without_token().get(&format!("/products/{}/availability", good.sku)).await?;
        Ok(format!("{} for sale", answer.number("/available")))
    }

    /// The pick list: orders that may ship, oldest first, with their units and warehouses.
    pub(super) async fn pick_list(&self) -> Result<String, String> {
        let names = self.names();
        let answer = self.shop.get("/shipments/ready").await?;
        let mut orders: Vec<(&str, Vec<String>)> = Vec::new();
        for parcel in list(&answer.body, "parcels") {
            let who = names.get(text(parcel, "order_id")).copied().unwrap_or("?");
            let parts = list(parcel, "lines").iter().map(|part| {
                let good = self.goods.iter().find(|good| good.sku == text(part, "sku")).map_or("?", |good| good.short);
                format!("{} {good}", number(part, "quantity"))
            });
            let parts = format!("{} from {}", parts.collect::<Vec<_>>().join(" + "), text(parcel, "warehouse"));
            match orders.last_mut().filter(|(last, _)| *last == who) {
                Some((_, all)) => all.push(parts),
                None => orders.push((who, vec![parts])),
            }
        }
        let orders = orders.into_iter().map(|(who, parts)| format!("{who}: {}", parts.join(" and ")));
        Ok(orders.collect::<Vec<_>>().join("; "))
    }

    pub(super) async fn mails(&self, who: &str) -> Result<String, String> {
        let order_id = &self.bought_by(who)?.order_id;
        Ok(kinds(&self.inbox().await?, order_id).join(", "))
    }

    /// The subject of somebody's newest mail of a kind. `…` replaces the order id, which differs in each run.
    pub(super) async fn subject(&self, who: &str, kind: &str) -> Result<String, String> {
        let order_id = &self.bought_by(who)?.order_id;
        let inbox = self.inbox().await?;
        let mail = inbox.iter().rev().find(|mail| text(mail, "order_id") == order_id && text(mail, "kind") == kind);
        Ok(mail.map_or_else(|| "no mail".to_owned(), |mail| text(mail, "subject").replace(order_id, "…")))
    }

    /// Whether somebody's mail of a kind contains `words`.
    pub(super) async fn mail_says(&self, who: &str, kind: &str, words: &str) -> Result<String, String> {
        let order_id = &self.bought_by(who)?.order_id;
        let inbox = self.inbox().await?;
        let mut own = inbox.iter().filter(|mail| text(mail, "order_id") == order_id && text(mail, "kind") == kind);
        // Line breaks in a mail do not matter here.
        let says = own.any(|mail| text(mail, "text").split_whitespace().collect::<Vec<_>>().join(" ").contains(words));
        Ok(if says { format!("{words:?}") } else { "not a word of it".to_owned() })
    }

    /// Prints the result of each attempt to buy.
    pub(super) async fn ending(&self) -> Result<(), String> {
        let head = ["who", "ordered", "status", "mails", "paid", "refunded"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        let inbox = self.inbox().await?;
        for bought in &self.bought {
            let (taken, back) = self.payment(&bought.payment).await?;
            let (state, mails) = if bought.order_id.is_empty() {
                ("no order".to_owned(), String::new())
            } else {
                let order = self.shop.get(&format!("/orders/{}", bought.order_id)).await?.body;
                (stands(&order, &self.goods), kinds(&inbox, &bought.order_id).join(", "))
            };
            rows.push(vec![bought.who.to_owned(), bought.what.clone(), state, mails, dollars(taken), dollars(back)]);
        }
        line("")?;
        self.teller.table(&rows, &[4, 5])
    }

    /// The shop's row of the summary, in the columns of `HEAD`.
    pub(super) async fn sums(&self) -> Result<Vec<String>, String> {
        let (mut orders, mut given, mut shipped, mut waiting, mut back) = (0_i64, 0, 0, 0, 0);
        for bought in &self.bought {
            back += self.payment(&bought.payment).await?.1;
            let order = self.shop.get(&format!("/orders/{}", bought.order_id)).await?.body;
            if bought.order_id.is_empty() || text(&order, "status") == "refused" {
                continue;
            }
            orders += 1;
            for line in list(&order, "lines") {
                let (has, wants) = holding(line);
                given += has;
                shipped += number(line, "shipped");
                waiting += wants - has;
            }
        }
        let numbers = [orders, given, shipped, waiting, i64::try_from(self.inbox().await?.len()).unwrap_or(-1)];
        let mut row: Vec<String> = numbers.iter().map(i64::to_string).collect();
        row.extend([dollars(back), self.teller.promises()]);
        Ok(row)
    }

    /// The findings of the audit, and the dead letters.
    pub(super) async fn wrongs(&self) -> Result<Vec<String>, String> {
        let audit = self.shop.get("/_local/audit").await?;
        let violations = audit.body.get("violations").and_then(Value::as_array).ok_or("the audit did not answer")?;
        let dead = self.shop.get("/_local/dead-letters").await?;
        let dead = dead.body.as_array().ok_or("the dead letters did not answer")?;
        let wrongs = violations.iter().map(|it| format!("audit: {it}"));
        Ok(wrongs.chain(dead.iter().map(|it| format!("dead letter: {it}"))).collect())
    }

    /// All sent mails, oldest first.
    pub(super) async fn inbox(&self) -> Result<Vec<Value>, String> {
        Ok(self.shop.get("/_local/inbox").await?.body.as_array().cloned().unwrap_or_default())
    }
}

/// The kinds of an order's mails. A kind with several mails is preceded by their number.
fn kinds(inbox: &[Value], order_id: &str) -> Vec<String> {
    let own: Vec<&Value> = inbox.iter().filter(|mail| text(mail, "order_id") == order_id).collect();
    let say = |(kind, short): &(&str, &str)| match own.iter().filter(|mail| text(mail, "kind") == *kind).count() {
        0 => None,
        1 => Some((*short).to_owned()),
        times => Some(format!("{times} × {short}")),
    };
    KINDS.iter().filter_map(say).collect()
}

fn window(body: &Value, name: &str) -> Result<(Date, Date), String> {
    let date = |end: &str| {
        let text = body.pointer(&format!("/{name}/{end}")).and_then(Value::as_str).unwrap_or_default();
        text.parse::<Date>().map_err(|_| format!("{name}.{end} is no date: {text:?}"))
    };
    Ok((date("earliest")?, date("latest")?))
}

/// A window of dates as days after another date.
pub(super) fn days_after((earliest, latest): (Date, Date), start: Date) -> String {
    let days = |date: Date| date.since(start).map_or(-1, |span| i64::from(span.get_days()));
    match (days(earliest), days(latest)) {
        (first, last) if first == last => format!("in {first} days"),
        (first, last) => format!("in {first} to {last} days"),
    }
}
