//! The configurations that are searched exhaustively: the everyday ones and, on request, the deep ones.

use crate::configurations::{Configuration, OrderPlan, Wakeups};

/// Small enough for every run of the tests: seconds.
pub fn everyday() -> Vec<Configuration> {
    let mut sizes = placing();
    sizes.extend(supply());
    sizes.extend(two_products());
    sizes.extend(swapping());
    sizes.extend(follow_ups());
    sizes
}

/// Two orders of one product, 1 and 2 units, and an arrival of 2.
fn pair(name: &'static str) -> Configuration {
    let orders = vec![OrderPlan::waits(&[(0, 1)]), OrderPlan::waits(&[(0, 2)])];
    Configuration { arrivals: vec![(0, 2)], ..Configuration::quiet(name, orders) }
}

/// Calls that race, die, lose an answer, or find their number closed.
pub fn placing() -> Vec<Configuration> {
    let one = OrderPlan::waits(&[(0, 1)]);
    vec![
        Configuration {
            crashes: 1,
            ..Configuration::quiet("three buyers, a crash", vec![one.clone(), one.clone(), one.clone()])
        },
        Configuration { crashes: 2, ..pair("an arrival, two crashes") },
        Configuration { crashes: 1, lost_draws: 1, ..pair("a lost answer, a crash") },
        Configuration { crashes: 1, early_closes: 1, ..pair("a row sealed before its owner came, a crash") },
        Configuration { early_closes: 2, tries: 1, ..pair("sealed twice: out of tries") },
        Configuration { early_resumes: 1, ..pair("two calls for one order") },
    ]
}

/// Fills that race each other, arrivals, cancels and losses.
pub fn supply() -> Vec<Configuration> {
    let one = OrderPlan::waits(&[(0, 1)]);
    vec![
        Configuration { fillers: 2, ..pair("two fills at once") },
        Configuration { fillers: 2, batch: 1, ..pair("two fills at once, a ticket at a time") },
        Configuration { fillers: 2, crashes: 1, ..pair("two fills at once, a crash") },
        Configuration {
            stock: vec![1],
            fillers: 2,
            cancels: vec![(0, 0)],
            ..Configuration::quiet("two fills and a cancel", vec![one.clone(), one.clone()])
        },
        Configuration { cancels: vec![(0, 0)], crashes: 1, ..pair("a cancel, a crash") },
        Configuration { cancels: vec![(1, 1), (0, 0)], ..pair("a reduction and a cancel") },
        Configuration { damages: vec![0, 0], take_back: true, ..pair("two losses") },
        Configuration {
            stock: vec![1],
            fillers: 2,
            damages: vec![0],
            take_back: true,
            arrivals: vec![(0, 2)],
            ..Configuration::quiet("a loss behind the cursor, then an arrival", vec![one.clone(), one])
        },
        Configuration { damages: vec![0], take_back: true, cancels: vec![(0, 0)], ..pair("a loss and a cancel") },
        Configuration { damages: vec![0], take_back: true, crashes: 1, ..pair("a loss, a crash") },
    ]
}

/// Orders over two products.
pub fn two_products() -> Vec<Configuration> {
    let both = OrderPlan::waits(&[(0, 1), (1, 1)]);
    let other = OrderPlan::waits(&[(1, 1), (0, 1)]);
    let first = OrderPlan::waits(&[(0, 1)]);
    let in_stock = OrderPlan::in_stock_only(&[(0, 1), (1, 1)]);
    vec![
        Configuration {
            stock: vec![1, 0],
            arrivals: vec![(1, 1)],
            fillers: 2,
            ..Configuration::quiet("two products, crosswise", vec![both.clone(), other])
        },
        Configuration {
            stock: vec![1, 1],
            cancels: vec![(0, 0)],
            ..Configuration::quiet("two products and a cancel", vec![both, first.clone()])
        },
        Configuration {
            stock: vec![1, 0],
            crashes: 1,
            ..Configuration::quiet("refused after its first draw, a crash", vec![in_stock.clone(), first.clone()])
        },
        Configuration {
            stock: vec![1, 1],
            lost_draws: 1,
            ..Configuration::quiet("refused after a lost draw", vec![in_stock, first])
        },
    ]
}

/// Swaps from one product to another.
pub fn swapping() -> Vec<Configuration> {
    let first = OrderPlan::waits(&[(0, 1)]);
    let other = OrderPlan::waits(&[(1, 1)]);
    let swap = |name| Configuration {
        stock: vec![1, 0],
        swaps: vec![(0, 1)],
        ..Configuration::quiet(name, vec![first.clone(), other.clone()])
    };
    vec![
        Configuration { arrivals: vec![(1, 1)], crashes: 1, ..swap("a swap behind another buyer, a crash") },
        Configuration { cancels: vec![(0, 0)], ..swap("a swap and a cancel") },
        Configuration { early_closes: 1, money: true, ships: true, ..swap("a swap whose row is sealed, or a parcel") },
        Configuration {
            stock: vec![1, 1],
            crashes: 1,
            swaps: vec![(0, 1)],
            ..Configuration::quiet(
                "a swap for the last unit, a crash",
                vec![OrderPlan::in_stock_only(&[(0, 1)]), OrderPlan::in_stock_only(&[(1, 1)])],
            )
        },
    ]
}

/// The work after a write: messages, parcels, money.
pub fn follow_ups() -> Vec<Configuration> {
    vec![
        Configuration { wakeups: Wakeups::Messages, crashes: 1, ..pair("messages alone, a crash") },
        Configuration { wakeups: Wakeups::Messages, cancels: vec![(0, 0)], ..pair("messages alone, a cancel") },
        Configuration {
            wakeups: Wakeups::Messages,
            damages: vec![0],
            take_back: true,
            ..pair("messages alone, a loss")
        },
        Configuration {
            ships: true,
            cancels: vec![(0, 0)],
            damages: vec![0],
            take_back: true,
            ..pair("parcels, a cancel, a loss")
        },
        Configuration {
            stock: vec![1],
            money: true,
            crashes: 1,
            cancels: vec![(0, 0), (1, 0)],
            ..Configuration::quiet(
                "money: cancels at any stage, a crash",
                vec![OrderPlan::waits(&[(0, 1)]), OrderPlan::in_stock_only(&[(0, 1)])],
            )
        },
        Configuration {
            money: true,
            ships: true,
            stock: vec![1],
            cancels: vec![(0, 1), (0, 0)],
            ..Configuration::quiet(
                "money: a reduction, then a cancel, or a parcel",
                vec![OrderPlan::waits(&[(0, 2)]), OrderPlan::waits(&[(0, 1)])],
            )
        },
    ]
}

/// Minutes each, tens of millions of states: all kinds of faults, with two concurrent fills.
pub fn deep() -> Vec<Configuration> {
    let wrong = |name| Configuration { fillers: 2, crashes: 1, ..pair(name) };
    vec![
        Configuration { lost_draws: 1, ..wrong("deep: a lost answer") },
        Configuration { early_closes: 1, ..wrong("deep: a row sealed before its owner came") },
        Configuration { early_resumes: 1, ..wrong("deep: two calls for one order") },
        Configuration { cancels: vec![(0, 0)], ..wrong("deep: a cancel") },
        Configuration { cancels: vec![(1, 1)], ..wrong("deep: a reduction") },
        Configuration { damages: vec![0], take_back: true, ..wrong("deep: a loss") },
        Configuration { wakeups: Wakeups::Messages, cancels: vec![(0, 0)], ..wrong("deep: messages alone, a cancel") },
    ]
}
