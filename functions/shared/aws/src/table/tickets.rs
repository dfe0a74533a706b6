//! Reading a line: its rows, block by block. What its blocks add up to stands in `blocks`.

use std::collections::{BTreeMap, HashMap};

use domain::block;
use domain::names::Sku;
use domain::place_in_line::Standing;
use domain::ticket::Row;
use futures::future::try_join_all;
use serde::de::DeserializeOwned;

use super::Table;
use super::item::{SERVICE, text, value};
use super::keys::{self, padded};
use super::read::Question;
use crate::failure::Failure;

impl Table {
    /// The rows of a line from one number to another, both included, strongly read, block by block.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn rows(&self, sku: &Sku, from: u64, through: u64) -> Result<BTreeMap<u64, Row>, Failure> {
        self.ask_rows(sku, (from, through), |question| question).await
    }

    /// What of these rows matters to those behind them, strongly read. With `gone`, only rows that an order gave up, even
    /// in part, or that were sealed: the others, which are as many as numbers were drawn, need not come over the wire.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn standings(
        &self,
        sku: &Sku,
        (from, through): (u64, u64),
        gone: bool,
    ) -> Result<BTreeMap<u64, Standing>, Failure> {
        let refine = |mut question: Question| {
            let name = |name: &str| (format!("#{name}"), name.to_owned());
            question.names = Some(HashMap::from([name("state"), name("schema")]));
            question.only = Some("pk, sk, #schema, #state, drawn, quantity, assigned, lost");
            if gone {
                question.filter = Some("#state <> :live OR quantity <> drawn");
                question.values.insert(":live".to_owned(), text("live"));
            }
            question
        };
        self.ask_rows(sku, (from, through), refine).await
    }

    async fn ask_rows<T: DeserializeOwned>(
        &self,
        sku: &Sku,
        (from, through): (u64, u64),
        refine: impl Fn(Question) -> Question,
    ) -> Result<BTreeMap<u64, T>, Failure> {
        if from > through {
            return Ok(BTreeMap::new());
        }
        let blocks = (block::of(from)..=block::of(through)).map(|number| {
            self.ask(refine(Question::new(
                "pk = :pk AND sk BETWEEN :from AND :through",
                [(":pk", keys::row_partition(sku, number)), (":from", padded(from)), (":through", padded(through))],
            )))
        });
        let mut rows = BTreeMap::new();
        for row in try_join_all(blocks).await?.into_iter().flatten() {
            let number = keys::part(&row, "sk").and_then(|sk| sk.parse().ok());
            let number = number.ok_or_else(|| Failure::broken(SERVICE, "a ticket without a number"))?;
            rows.insert(number, value(row)?);
        }
        Ok(rows)
    }
}
