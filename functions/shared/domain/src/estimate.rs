//! Estimates of ship dates from stock, from announced goods, or else from the lead time (R16, R17, R19). The estimate
//! at placing is the promise, which never changes (R18).

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::plus_days;
use crate::dates::DateWindow;
use crate::expected::ExpectedReceipt;
use crate::order::{Line, Order};
use crate::place_in_line::PlaceInLine;
use crate::policy::Policy;
use crate::product::LeadTime;
use crate::stock::Stock;

/// The known future supply of one product.
#[derive(Clone, Copy, Debug)]
pub struct Outlook<'a> {
    /// The shop's policy: the calendar, and the lead time if the product has none.
    pub policy: &'a Policy,
    /// The product's own lead time.
    pub lead_time: Option<LeadTime>,
    /// The announced goods, in any order.
    pub expected: &'a [ExpectedReceipt],
    /// The present instant.
    pub now: Timestamp,
}

impl Outlook<'_> {
    /// The window in which a line ships if `needed` more units must arrive first. Zero or less: its units have arrived.
    /// If the announced goods are too few, the lead time counts from `since`. A line that needs more units never gets
    /// an earlier window than a line that needs fewer.
    pub fn window(&self, needed: i64, since: Timestamp) -> DateWindow {
        let mut window = self.of_stock();
        let mut left = needed;
        let mut coming: Vec<_> = self.expected.iter().filter(|it| !it.overdue(self.today())).collect();
        coming.sort_by_key(|receipt| receipt.expected_on);
        for receipt in coming {
            if left <= 0 {
                break;
            }
            left -= receipt.quantity;
            window = window.or_later(self.arriving(receipt.expected_on));
        }
        if left <= 0 { window } else { self.unannounced(window, since) }
    }

    /// Units that are not announced come by the lead time. If announced goods come later, the other units come no
    /// earlier than those goods, and their window ends later by the width of the lead time.
    fn unannounced(&self, announced: DateWindow, since: Timestamp) -> DateWindow {
        let usual = self.by_lead_time(since);
        if usual.latest > announced.latest {
            return announced.or_later(usual);
        }
        let LeadTime { min, max } = self.lead_time.unwrap_or(self.policy.lead_time_days);
        let latest = plus_days(announced.latest, max.saturating_sub(min));
        DateWindow { latest: self.policy.calendar.business_day_from(latest), ..announced }
    }

    fn today(&self) -> Date {
        self.policy.calendar.day_of(self.now)
    }

    /// Units in stock ship as if they had just arrived (R16).
    fn of_stock(&self) -> DateWindow {
        let calendar = &self.policy.calendar;
        DateWindow {
            earliest: calendar.business_day_from(self.today()),
            latest: calendar.next_business_day(calendar.arrival_day(self.now)),
        }
    }

    /// Goods expected on `day` ship within a business day (R16). They may arrive after the cutoff hour.
    fn arriving(&self, day: Date) -> DateWindow {
        let calendar = &self.policy.calendar;
        let counts = plus_days(day, u16::from(calendar.cutoff_hour.is_some()));
        DateWindow { earliest: calendar.business_day_from(day), latest: calendar.next_business_day(counts) }
    }

    fn by_lead_time(&self, since: Timestamp) -> DateWindow {
        let calendar = &self.policy.calendar;
        let LeadTime { min, max } = self.lead_time.unwrap_or(self.policy.lead_time_days);
        let after = |from: Date, days: u16| calendar.business_day_from(plus_days(from, days));
        let from = calendar.day_of(since);
        let (earliest, latest) = (after(from, min), after(from, max));
        // An order that has waited longer than its lead time gets the latest day of an order placed now.
        let latest = if latest < self.today() { after(self.today(), max) } else { latest };
        DateWindow { earliest, latest }
    }
}

/// Units that must still arrive before a line is full: its own and those of all orders ahead, less unassigned units.
pub fn needed(line: &Line, place: PlaceInLine, stock: &Stock) -> i64 {
    place.units_ahead + line.waiting() - stock.unassigned_total()
}

/// The window of a line that has all its units. The window ends on the day by which the order must ship.
pub fn of_assigned(outlook: &Outlook<'_>, ship_by: Option<Date>) -> DateWindow {
    let window = outlook.of_stock();
    DateWindow { latest: ship_by.map_or(window.latest, |day| day.max(window.earliest)), ..window }
}

/// The windows of an order's lines. Lines that leave together all get the latest window. A line without a window has
/// nothing to ship and delays no other.
pub fn of_lines(order: &Order, policy: &Policy, windows: &[Option<DateWindow>]) -> Vec<Option<DateWindow>> {
    let latest = windows.iter().flatten().copied().reduce(DateWindow::or_later);
    let together = order.leaves_together(policy);
    windows.iter().map(|window| if together { window.and(latest) } else { *window }).collect()
}

/// Whether the estimate is later than the promise (R18); false if either is missing.
pub fn slipped(promised: Option<DateWindow>, estimate: Option<DateWindow>) -> bool {
    promised.zip(estimate).is_some_and(|(promised, estimate)| estimate.latest > promised.latest)
}
