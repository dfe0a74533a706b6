//! The flaws. Each flaw switches off a rule of the protocol. Its entry has the broken property and a size to show it.

use crate::configurations::{Configuration, OrderPlan, Wakeups};
use crate::properties::{I1, I2, I3, I4, I4_PASSED, I4_TOLD, I5, I6, I8};
use crate::protocol::Flaw;

/// A flaw, the property that it breaks, and a size at which this property breaks.
#[derive(Clone, Debug)]
pub struct Broken {
    pub flaw: Flaw,
    pub property: &'static str,
    pub size: Configuration,
}

pub fn all_flaws() -> Vec<Broken> {
    [of_placing(), of_filling(), of_stock(), of_swapping(), of_messages()].concat()
}

fn small(stock: u8, orders: &[u8]) -> Configuration {
    Configuration::one_product("small", stock, orders)
}

fn broken(flaw: Flaw, property: &'static str, size: Configuration) -> Broken {
    Broken { flaw, property, size }
}

fn of_placing() -> Vec<Broken> {
    let crash = |orders| Configuration { crashes: 1, ..small(0, orders) };
    vec![
        broken(Flaw::CloseOverwrites, I6, Configuration { early_closes: 1, ..small(0, &[1]) }),
        broken(Flaw::PlaceTwice, I6, Configuration { early_resumes: 1, ..small(0, &[1]) }),
        broken(Flaw::PlaceOverClosed, I4, Configuration { early_closes: 1, ..small(1, &[1]) }),
        broken(Flaw::GapReused, I3, crash(&[1, 1, 1])),
        broken(Flaw::NobodyResumes, I8, crash(&[1])),
    ]
}

fn of_filling() -> Vec<Broken> {
    let crash = |stock, orders| Configuration { crashes: 1, ..small(stock, orders) };
    vec![
        broken(Flaw::FillOverGap, I2, small(1, &[1, 1])),
        broken(Flaw::CursorPastPartialHead, I2, Configuration { arrivals: vec![(0, 1)], ..small(1, &[2, 1]) }),
        broken(Flaw::VoidedNotReturned, I8, crash(1, &[1])),
        broken(Flaw::VoidedMeasuredLate, I4, crash(2, &[1, 1])),
        broken(Flaw::UnitsReadLater, I4, crash(1, &[1])),
        broken(Flaw::StockReadLast, I8, loss_then_arrival()),
    ]
}

/// A ticket behind the fill watermark loses a unit, then more units arrive than the other tickets want.
fn loss_then_arrival() -> Configuration {
    Configuration { damages: vec![0], take_back: true, arrivals: vec![(0, 2)], ..small(1, &[1, 1]) }
}

fn of_stock() -> Vec<Broken> {
    let cancel = || Configuration { cancels: vec![(0, 0)], ..small(1, &[1]) };
    let loss = || Configuration { damages: vec![0], ..small(1, &[1]) };
    let two_losses = Configuration { arrivals: vec![(0, 2)], damages: vec![0, 0], ..small(0, &[1]) };
    vec![
        broken(Flaw::PublishUnconditionally, I4_PASSED, two_losses),
        broken(Flaw::CancelKeepsVersion, I8, cancel()),
        broken(Flaw::CancelInTwoWrites, I1, cancel()),
        broken(Flaw::LowerAfterAdjusting, I4_TOLD, loss()),
        broken(Flaw::LowerBeforeAdjusting, I4, Configuration { arrivals: vec![(0, 1)], ..loss() }),
        broken(Flaw::TakeBackKeepsCursor, I8, loss_then_arrival()),
        broken(Flaw::TakeBackShipped, I5, Configuration { ships: true, ..loss_then_arrival() }),
    ]
}

fn of_swapping() -> Vec<Broken> {
    let orders = [&OrderPlan::waits(&[(0, 1)]), &OrderPlan::in_stock_only(&[(1, 1)])];
    let small = Configuration::two_products("swap", [0, 1], orders);
    let swap = Configuration { swaps: vec![(0, 1)], money: true, ..small };
    vec![broken(Flaw::SwapGivesUpFirst, I5, swap)]
}

fn of_messages() -> Vec<Broken> {
    let messages = |stock| Configuration { wakeups: Wakeups::Messages, ..small(stock, &[1]) };
    let refund = Configuration { cancels: vec![(0, 0)], money: true, ..small(0, &[1]) };
    vec![
        broken(Flaw::RefundWithoutKey, I5, refund),
        broken(Flaw::WakeDropped, I8, Configuration { arrivals: vec![(0, 1)], ..messages(0) }),
        broken(Flaw::UnmarkBlindly, I8, Configuration { crashes: 1, ..messages(1) }),
    ]
}
