//! Blocks of a hundred tickets. They spread a backlog over partitions. Their counts make a place in line cheap to read.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

/// Tickets in a block.
pub const TICKETS: u64 = 100;

/// Blocks whose counts are stored in one item.
pub const GROUP: u64 = 10;

/// The block that a ticket lies in.
pub fn block_of(ticket: u64) -> u64 {
    ticket / TICKETS
}

/// The counts of one block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BlockCounts {
    /// Units drawn by resolved tickets, without closed gaps.
    pub drawn: i64,
    /// The number of canceled tickets, plus the number of resolved numbers that are closed gaps.
    pub gone_orders: i64,
    /// Units of tickets that orders canceled or swapped.
    pub gone_units: i64,
}

/// The stored counts of blocks. `drawn_3`, `gone_orders_3` and `gone_units_3` belong to the fourth block of a group;
/// zeros are not stored. An earlier version stored each block in its own item, without the number in the field names.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Grouped(BTreeMap<String, Part>);

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Part {
    Sum(i64),
    Other(IgnoredAny),
}

impl Grouped {
    /// Adds the counts stored under the key `sort`: the number of the first block, followed by `#` for a group.
    pub fn add_to(&self, sort: &str, counts: &mut BTreeMap<u64, BlockCounts>) {
        let Ok(first) = sort.trim_end_matches('#').parse::<u64>() else { return };
        for (name, part) in &self.0 {
            let Part::Sum(sum) = part else { continue };
            let numbered = name.rsplit_once('_').and_then(|(what, at)| Some((what, at.parse::<u64>().ok()?)));
            let (what, at) = numbered.unwrap_or((name, 0));
            if !["drawn", "gone_orders", "gone_units"].contains(&what) {
                continue;
            }
            let block = counts.entry(first + at).or_default();
            match what {
                "drawn" => block.drawn += sum,
                "gone_orders" => block.gone_orders += sum,
                _ => block.gone_units += sum,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_a_group_and_of_a_block_by_itself_add_up() {
        let read = |text| serde_json::from_str::<Grouped>(text).unwrap();
        let mut counts = BTreeMap::new();
        let alone = r#"{"pk": "SKU#led#BLOCKS", "sk": "000000000013", "schema": 1, "drawn": 7, "gone_orders": 1}"#;
        read(alone).add_to("000000000013", &mut counts);
        let group = r#"{"entity": "blocks", "schema": 1, "drawn_3": 2, "gone_units_3": 5, "gone_orders_9": 1}"#;
        read(group).add_to("000000000010#", &mut counts);
        let thirteen = BlockCounts { drawn: 9, gone_orders: 1, gone_units: 5 };
        let nineteen = BlockCounts { gone_orders: 1, ..BlockCounts::default() };
        assert_eq!(counts, BTreeMap::from([(13, thirteen), (19, nineteen)]));
    }
}
