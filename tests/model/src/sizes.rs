//! The configurations that are searched exhaustively: the everyday ones and, on request, the deep ones.

use crate::configurations::{Configuration, OrderPlan, Wakeups};

/// Sizes that take seconds: small enough for every run of the tests.
pub fn everyday() -> Vec<Configuration> {
    [placing(), supply(), two_products(), swapping(), follow_ups()].concat()
}

/// Two orders of one product, 1 and 2 units, and an arrival of 2.
fn pair(name: &'static str) -> Configuration {
    Configuration { arrivals: vec![(0, 2)], ..Configuration::one_product(name, 0, &[1, 2]) }
}

/// Calls that race, die, lose an answer, or find their number closed.
pub fn placing() -> Vec<Configuration> {
    vec![
        Configuration { crashes: 1, ..Configuration::one_product("three buyers, a crash", 0, &[1, 1, 1]) },
        Configuration { crashes: 2, ..pair("an arrival, two crashes") },
        Configuration { crashes: 1, lost_draws: 1, ..pair("a lost answer, a crash") },
        Configuration { crashes: 1, early_closes: 1, ..pair("a row sealed before its owner came, a crash") },
        Configuration { early_closes: 2, tries: 1, ..pair("sealed twice: out of tries") },
        Configuration { early_resumes: 1, ..pair("two calls for one order") },
    ]
}

/// Fills that race each other, arrivals, cancels and losses.
pub fn supply() -> Vec<Configuration> {
    let two_fills = |name| Configuration { fillers: 2, ..Configuration::one_product(name, 1, &[1, 1]) };
    vec![
        Configuration { fillers: 2, ..pair("two fills at once") },
        Configuration { fillers: 2, batch: 1, ..pair("two fills at once, a ticket at a time") },
        Configuration { fillers: 2, crashes: 1, ..pair("two fills at once, a crash") },
        Configuration { cancels: vec![(0, 0)], ..two_fills("two fills and a cancel") },
        Configuration { cancels: vec![(0, 0)], crashes: 1, ..pair("a cancel, a crash") },
        Configuration { cancels: vec![(1, 1), (0, 0)], ..pair("a reduction and a cancel") },
        Configuration { damages: vec![0, 0], take_back: true, ..pair("two losses") },
        Configuration {
            damages: vec![0],
            take_back: true,
            arrivals: vec![(0, 2)],
            ..two_fills("a loss behind the cursor, then an arrival")
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
    let of = Configuration::two_products;
    vec![
        Configuration { arrivals: vec![(1, 1)], fillers: 2, ..of("two products, crosswise", [1, 0], [&both, &other]) },
        Configuration { cancels: vec![(0, 0)], ..of("two products and a cancel", [1, 1], [&both, &first]) },
        Configuration { crashes: 1, ..of("refused after its first draw, a crash", [1, 0], [&in_stock, &first]) },
        Configuration { lost_draws: 1, ..of("refused after a lost draw", [1, 1], [&in_stock, &first]) },
    ]
}

/// Swaps from one product to another.
pub fn swapping() -> Vec<Configuration> {
    let of =
        |name, stock, orders| Configuration { swaps: vec![(0, 1)], ..Configuration::two_products(name, stock, orders) };
    let (first, other) = (OrderPlan::waits(&[(0, 1)]), OrderPlan::waits(&[(1, 1)]));
    let swap = |name| of(name, [1, 0], [&first, &other]);
    let last = [&OrderPlan::in_stock_only(&[(0, 1)]), &OrderPlan::in_stock_only(&[(1, 1)])];
    vec![
        Configuration { arrivals: vec![(1, 1)], crashes: 1, ..swap("a swap behind another buyer, a crash") },
        Configuration { cancels: vec![(0, 0)], ..swap("a swap and a cancel") },
        Configuration { early_closes: 1, money: true, ships: true, ..swap("a swap whose row is sealed, or a parcel") },
        Configuration { crashes: 1, ..of("a swap for the last unit, a crash", [1, 1], last) },
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
            cancels: vec![(0, 1), (0, 0)],
            ..Configuration::one_product("money: a reduction, then a cancel, or a parcel", 1, &[2, 1])
        },
    ]
}

/// Sizes that take minutes and have tens of millions of states each: all kinds of faults, with two concurrent fills.
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
