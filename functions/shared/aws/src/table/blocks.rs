//! What the blocks of a line add up to. Ten blocks share an item, so that the place of the last of 100,000 orders is told
//! from some dozens of small items; those of an earlier version have an item each, and are added to.

use std::collections::BTreeMap;

use domain::block::{BlockCounts, GROUP, Grouped};
use domain::names::Sku;

use super::item::value;
use super::keys::{self, padded};
use super::read::Question;
use super::write::Write;
use super::{SCHEMA, Table};
use crate::failure::Failure;

impl Write {
    /// Adds to what the tickets of some blocks add up to: a write for each item. Items are made where they are missing.
    pub(super) fn counts(sku: &Sku, blocks: &BTreeMap<u64, BlockCounts>) -> Vec<Self> {
        let mut groups: BTreeMap<u64, Vec<(u64, BlockCounts)>> = BTreeMap::new();
        for (number, counts) in blocks {
            groups.entry(number / GROUP).or_default().push((number % GROUP, *counts));
        }
        groups.into_iter().map(|(group, counts)| Self::group_counts(sku, group * GROUP, &counts)).collect()
    }

    fn group_counts(sku: &Sku, first: u64, blocks: &[(u64, BlockCounts)]) -> Self {
        let mut sums = Vec::new();
        for (at, BlockCounts { drawn, gone_orders, gone_units }) in blocks {
            sums.extend([("drawn", at, *drawn), ("gone_orders", at, *gone_orders), ("gone_units", at, *gone_units)]);
        }
        // What is zero is left out: most blocks have drawn units and nothing else.
        sums.retain(|(.., sum)| *sum != 0);
        let added: Vec<String> = sums.iter().map(|(what, at, _)| format!("{what}_{at} :{what}_{at}")).collect();
        let add = if added.is_empty() { String::new() } else { format!(" ADD {}", added.join(", ")) };
        let write = Self::update(keys::blocks(sku, first), format!("SET entity = :entity, #schema = :schema{add}"))
            .name("#schema", "schema")
            .text(":entity", "blocks")
            .number(":schema", SCHEMA);
        sums.into_iter().fold(write, |write, (what, at, sum)| write.number(&format!(":{what}_{at}"), sum))
    }
}

impl Table {
    /// The counts of a line's blocks from one to another, both included.
    ///
    /// # Errors
    /// Where the table fails.
    pub async fn block_counts(
        &self,
        sku: &Sku,
        from: u64,
        through: u64,
    ) -> Result<BTreeMap<u64, BlockCounts>, Failure> {
        let question = Question::new(
            "pk = :pk AND sk BETWEEN :from AND :through",
            [
                (":pk", keys::blocks_partition(sku)),
                (":from", padded(from / GROUP * GROUP)),
                (":through", format!("{}~", padded(through))),
            ],
        );
        let mut counts = BTreeMap::new();
        for item in self.ask(question).await? {
            let sort = keys::part(&item, "sk").unwrap_or_default().to_owned();
            value::<Grouped>(item)?.add_to(&sort, &mut counts);
        }
        counts.retain(|number, _| (from..=through).contains(number));
        Ok(counts)
    }
}
