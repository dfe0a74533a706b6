//! Stock adjustments. Found units come in like an arrival. Lost units are taken in steps. Each step is one transaction
//! over the adjustment, the stock, the counter and, if the units were assigned, the ticket and the order.

use domain::adjustment::{Adjustment, TakenBack, WriteOff};
use domain::names::Sku;
use domain::stock::WrittenBy;
use domain::ticket::Row;

use super::Table;
use super::item::{Item, item, text, value};
use super::keys::{self, Marked};
use super::orders::rewrite;
use super::read::Question;
use super::stock::add_units;
use super::tickets::change_row;
use super::write::{Write, WriteError, Written};
use crate::service_error::ServiceError;

impl Table {
    /// The adjustment with this id.
    pub async fn adjustment(&self, id: &str) -> Result<Option<Adjustment>, ServiceError> {
        self.get(keys::adjustment(id)).await?.map(value).transpose()
    }

    /// The ids of at most 100 adjustments with lost units that are still to be taken.
    pub async fn adjusting(&self) -> Result<Vec<String>, ServiceError> {
        let question = Question::new("todo = :todo", [(":todo", Marked::Adjusting.partition(0))]).of_index("todo", 100);
        let items = self.ask(question).await?;
        Ok(items.iter().filter_map(|item| keys::part(item, "todo_at")).map(str::to_owned).collect())
    }

    /// Puts the adjustment, only if absent, and adds the found units. Failed condition 1: the product is unknown.
    pub async fn adjust_up(&self, adjustment: &Adjustment) -> Result<(), WriteError> {
        let request = &adjustment.request;
        let new = adjustment_item(adjustment)?;
        let stock =
            add_units(&request.sku, &request.warehouse, request.quantity, WrittenBy::Adjustment, adjustment.at)?;
        self.transact(vec![Write::put(new).if_absent(), stock]).await
    }

    /// Puts an adjustment of lost units, if absent. It stays in `todo` until all units are taken. False: it existed.
    pub async fn open_adjustment(&self, adjustment: &Adjustment) -> Result<bool, WriteError> {
        let new = adjustment_item(adjustment)?;
        Ok(matches!(self.write(Write::put(new).if_absent()).await?, Written::Done(_)))
    }

    /// Takes one step of a loss in one transaction: the stock at the version before, the counter's `available`, the
    /// adjustment as read, and the ticket and the order that lose the units.
    pub async fn adjust_stock(&self, adjustment: &Adjustment, step: &WriteOff) -> Result<(), WriteError> {
        let stock = &step.stock;
        let left = adjustment.remaining - step.units;
        let progress = if left == 0 { "SET remaining = :left REMOVE todo, todo_at" } else { "SET remaining = :left" };
        let mut writes = vec![
            Write::put(item(keys::stock(&stock.sku), "stock", stock)?)
                .when("version = :read")
                .number(":read", stock.version - 1),
            Self::publish_within(stock),
            Write::update(keys::adjustment(adjustment.request.adjustment_id.as_str()), progress)
                .when("remaining = :remaining")
                .number(":left", left)
                .number(":remaining", adjustment.remaining),
        ];
        if let Some(taken_back) = &step.taken_back {
            writes.extend(self.take_back(&stock.sku, taken_back).await?);
        }
        self.transact(writes).await
    }

    async fn take_back(&self, sku: &Sku, taken: &TakenBack) -> Result<Vec<Write>, ServiceError> {
        let email_hash = self.order(&taken.order.order_id).await?.map(|stored| stored.email_hash).unwrap_or_default();
        let after = Row::Live(taken.after.clone());
        Ok(vec![
            change_row(sku, taken.ticket, &taken.before, &after)?,
            rewrite(&taken.order, &email_hash)?,
            Write::put(item(keys::log(sku, taken.entry.number), "log", &taken.entry)?).if_absent(),
        ])
    }

    /// Closes an adjustment whose last units shipped before they could be taken. These units are not taken later.
    pub async fn close_adjustment(&self, adjustment: &Adjustment) -> Result<(), WriteError> {
        let key = keys::adjustment(adjustment.request.adjustment_id.as_str());
        let update = Write::update(key, "SET remaining = :none REMOVE todo, todo_at")
            .when("remaining = :remaining")
            .number(":none", 0)
            .number(":remaining", adjustment.remaining);
        self.write(update).await.map(|_: Written| ())
    }
}

fn adjustment_item(adjustment: &Adjustment) -> Result<Item, ServiceError> {
    let id = adjustment.request.adjustment_id.as_str();
    let mut new = item(keys::adjustment(id), "adjustment", adjustment)?;
    if adjustment.remaining > 0 {
        new.insert("todo".to_owned(), text(Marked::Adjusting.partition_of(id)));
        new.insert("todo_at".to_owned(), text(id));
    }
    Ok(new)
}
