//! The shelf was counted: units found are an arrival; units lost go in steps, each one transaction over the adjustment,
//! the stock, the counter and, where they were assigned, the ticket and the order.

use domain::adjustment::{Adjustment, TakenBack, WriteOff};
use domain::names::Sku;
use domain::stock::WrittenBy;
use domain::ticket::Row;

use super::Table;
use super::fill::change_row;
use super::item::{item, text, value};
use super::keys::{self, Marked};
use super::orders::rewrite;
use super::stock::add_units;
use super::write::{Unwritten, Write, Written};
use crate::failure::Failure;

impl Table {
    /// An adjustment that came before.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn adjustment(&self, id: &str) -> Result<Option<Adjustment>, Failure> {
        self.get(keys::adjustment(id)).await?.map(value).transpose()
    }

    /// Units were found: the adjustment, only if absent, and the stock. Position 1 of a condition that did not hold:
    /// there is no such product.
    ///
    /// # Errors
    /// [`Unwritten`].
    pub async fn adjust_up(&self, adjustment: &Adjustment) -> Result<(), Unwritten> {
        let request = &adjustment.request;
        let new = adjustment_item(adjustment)?;
        let to = (&request.sku, &request.warehouse);
        let stock = add_units(to, request.quantity, WrittenBy::Adjustment, adjustment.at)?;
        self.transact(vec![Write::put(new).if_absent(), stock]).await
    }

    /// Units were lost: writes the adjustment down with all of them still to be taken, only if absent. Until none
    /// remain it stands in the to-do index. True if it was new.
    ///
    /// # Errors
    /// [`Unwritten`].
    pub async fn open_adjustment(&self, adjustment: &Adjustment) -> Result<bool, Unwritten> {
        let new = adjustment_item(adjustment)?;
        Ok(matches!(self.write(Write::put(new).if_absent()).await?, Written::Done(_)))
    }

    /// One step of a loss: the stock at the version before, the counter's `available` with it, the adjustment as read,
    /// and whose units they were. All or nothing.
    ///
    /// # Errors
    /// [`Unwritten`]: read again.
    pub async fn adjust_stock(&self, adjustment: &Adjustment, step: &WriteOff) -> Result<(), Unwritten> {
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

    /// What changes for the order that lost its units.
    async fn take_back(&self, sku: &Sku, taken: &TakenBack) -> Result<Vec<Write>, Failure> {
        let email_hash = self.order(&taken.order.order_id).await?.map(|stored| stored.email_hash).unwrap_or_default();
        let after = Row::Live(taken.after.clone());
        Ok(vec![
            change_row(sku, taken.ticket, &taken.before, &after)?,
            rewrite(&taken.order, &email_hash)?,
            Write::put(item(keys::log(sku, taken.entry.number), "log", &taken.entry)?).if_absent(),
        ])
    }

    /// Ends an adjustment whose last units left the house before they could be taken: nothing of it remains to be taken
    /// later.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn close_adjustment(&self, adjustment: &Adjustment) -> Result<(), Unwritten> {
        let key = keys::adjustment(adjustment.request.adjustment_id.as_str());
        let update = Write::update(key, "SET remaining = :none REMOVE todo, todo_at")
            .when("remaining = :remaining")
            .number(":none", 0)
            .number(":remaining", adjustment.remaining);
        self.write(update).await.map(|_: Written| ())
    }
}

fn adjustment_item(adjustment: &Adjustment) -> Result<super::Item, Failure> {
    let id = adjustment.request.adjustment_id.as_str();
    let mut new = item(keys::adjustment(id), "adjustment", adjustment)?;
    if adjustment.remaining > 0 {
        new.insert("todo".to_owned(), text(Marked::Adjusting.partition_of(id)));
        new.insert("todo_at".to_owned(), text(id));
    }
    Ok(new)
}
