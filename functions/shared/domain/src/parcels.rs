//! Chooses warehouses so that an order comes in as few parcels as possible. The backlog alone decides how many units
//! each ticket gets (I2).

use std::collections::BTreeSet;

use crate::names::Warehouse;
use crate::stock::{Units, put, take, total};

/// Up to this many new warehouses, every set is tried. Above, the most helpful one is added until all units are found.
const TRIED: usize = 10;

/// A waiting line of the order, and the unassigned units of its product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherLine {
    /// Units that the line waits for.
    pub short: i64,
    /// The unassigned units of its product.
    pub there: Units,
}

impl OtherLine {
    /// Units that all warehouses together could give the line, but `from` could not.
    fn misses(&self, from: &BTreeSet<&Warehouse>) -> i64 {
        (self.short.min(total(&self.there)) - sum(&self.there, from)).max(0)
    }
}

/// Chooses the warehouses that give a ticket `wanted` units of `there`, or all units if there are fewer. `held`:
/// warehouses that already hold units of the order. `others`: the order's other waiting lines. If all lines choose this
/// way in turn, the order comes in as few parcels as the stock allows.
pub fn choose(there: &Units, wanted: i64, held: &BTreeSet<Warehouse>, others: &[OtherLine]) -> Units {
    let wanted = wanted.min(total(there));
    let this = OtherLine { short: wanted, there: there.clone() };
    let lines: Vec<&OtherLine> = std::iter::once(&this).chain(others).collect();
    let parcels = parcels(&lines, held);
    let (at_hand, new): (Units, Units) = there
        .iter()
        .filter(|(warehouse, _)| parcels.contains(*warehouse))
        .map(|(warehouse, units)| (warehouse.clone(), *units))
        .partition(|(warehouse, _)| held.contains(warehouse));
    let mut chosen = fewest(at_hand, wanted);
    for (warehouse, units) in fewest(new, wanted - total(&chosen)) {
        put(&mut chosen, &warehouse, units);
    }
    chosen
}

/// Takes units from as few warehouses as possible: all from one that has enough, else from the fullest first.
pub fn fewest(mut there: Units, wanted: i64) -> Units {
    let mut chosen = Units::new();
    let mut left = wanted;
    while left > 0 {
        let whole = there.iter().find(|(_, held)| **held >= left);
        let fullest = || there.iter().max_by_key(|(_, held)| **held);
        let Some((warehouse, held)) = whole.or_else(fullest).map(|(name, held)| (name.clone(), *held)) else { break };
        let quantity = held.min(left);
        take(&mut there, &warehouse, held);
        put(&mut chosen, &warehouse, quantity);
        left -= quantity;
    }
    chosen
}

/// The fewest warehouses, including `held`, that give every line as many units as all warehouses could. The result is
/// the same for every line of the order.
fn parcels<'a>(lines: &[&'a OtherLine], held: &'a BTreeSet<Warehouse>) -> BTreeSet<&'a Warehouse> {
    let at_hand: BTreeSet<&Warehouse> = held.iter().collect();
    let all: BTreeSet<&Warehouse> = lines.iter().flat_map(|line| line.there.keys()).collect();
    let new: Vec<&Warehouse> = all.difference(&at_hand).copied().collect();
    if new.len() > TRIED {
        return greedy(lines, at_hand, new);
    }
    let missing = |from: &BTreeSet<&Warehouse>| lines.iter().any(|line| line.misses(from) > 0);
    let mut sets: Vec<u32> = (0..1 << new.len()).collect();
    sets.sort_by_key(|set| set.count_ones());
    let with = |set: u32| {
        let taken = new.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0).map(|(_, warehouse)| *warehouse);
        at_hand.iter().copied().chain(taken).collect::<BTreeSet<_>>()
    };
    sets.into_iter().map(with).find(|from| !missing(from)).unwrap_or(all)
}

fn greedy<'a>(
    lines: &[&'a OtherLine],
    mut from: BTreeSet<&'a Warehouse>,
    mut new: Vec<&'a Warehouse>,
) -> BTreeSet<&'a Warehouse> {
    let missed = |from: &BTreeSet<&Warehouse>| lines.iter().map(|line| line.misses(from)).sum::<i64>();
    while missed(&from) > 0 {
        let misses_with = |warehouse: &&Warehouse| {
            let mut with = from.clone();
            with.insert(*warehouse);
            missed(&with)
        };
        let Some(best) = new.iter().copied().min_by_key(misses_with) else { break };
        new.retain(|warehouse| *warehouse != best);
        from.insert(best);
    }
    from
}

fn sum(units: &Units, from: &BTreeSet<&Warehouse>) -> i64 {
    units.iter().filter(|(warehouse, _)| from.contains(warehouse)).map(|(_, held)| held).sum()
}
