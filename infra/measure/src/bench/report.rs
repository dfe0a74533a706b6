//! Prints the results with their goals, as a table and as JSON.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::filling::Filled;
use super::lines::Looked;
use super::place_order::Placed;
use super::units::Metered;

/// The results; `None` or empty if not measured.
#[derive(Debug, Default)]
pub struct Report {
    pub placed: Option<Placed>,
    pub fills: Vec<Filled>,
    pub metered: Option<Metered>,
    pub lines: Vec<Looked>,
}

#[derive(Clone, Copy, Debug)]
enum Goal {
    None,
    AtLeast(f64),
    AtMost(f64),
}

/// One result: its key, its value if measured, its goal, its meaning.
struct Number(&'static str, Option<f64>, Goal, &'static str);

impl Report {
    /// One JSON object; a result that was not measured is `null`.
    pub fn json(&self) -> Value {
        let rounded = |value: f64| (value * 1_000.0).round() / 1_000.0;
        let numbers =
            self.numbers().into_iter().map(|Number(key, value, ..)| (key.to_owned(), json!(value.map(rounded))));
        Value::Object(numbers.collect::<Map<_, _>>())
    }

    /// Prints the results and their goals, then the units in detail.
    pub fn print(&self) {
        println!("{:<24} {:>12}  {:<10}", "number", "measured", "goal");
        for Number(key, value, goal, what) in self.numbers() {
            let goal = match (goal, value) {
                (Goal::None, _) => String::new(),
                (Goal::AtLeast(least), value) => format!(">= {least} {}", verdict(value.map(|value| value >= least))),
                (Goal::AtMost(most), value) => format!("<= {most} {}", verdict(value.map(|value| value <= most))),
            };
            let value = value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
            println!("{key:<24} {value:>12}  {goal:<14} {what}");
        }
        if let Some(placed) = &self.placed {
            print_calls(placed);
        }
        if let Some(metered) = &self.metered {
            print_units(metered);
        }
        print_looks(&self.lines);
    }

    fn numbers(&self) -> Vec<Number> {
        let mut numbers = self.of_placing();
        numbers.extend(self.of_filling());
        numbers.extend(self.of_units());
        numbers.extend(self.of_lines());
        numbers
    }

    fn of_placing(&self) -> Vec<Number> {
        let placed = self.placed.as_ref();
        let orders = placed.map_or(0.0, |it| count(it.placing.orders.len()));
        let rate = |took: fn(&Placed) -> Duration| placed.map(|it| orders / took(it).as_secs_f64());
        let (placing, settled) = (rate(|it| it.placing.took), rate(|it| it.settled));
        let replay = rate(|it| it.replayed.took);
        let each = |cpu: Duration| cpu.as_secs_f64() * 1_000.0 / orders;
        let cpu = placed.and_then(|it| it.cpu).map(each);
        let bare_cpu = placed.and_then(|it| it.replayed.cpu).map(each);
        let quantile = |share: f64| placed.map(|it| it.placing.quantile(share));
        vec![
            Number("place_orders_per_s", placing, Goal::None, "16 clients, one sold-out product, to the last answer"),
            Number("place_settled_per_s", settled, Goal::None, "the same, until all mails are sent"),
            Number("place_p50_ms", quantile(0.50), Goal::None, "median latency of a call"),
            Number("place_p99_ms", quantile(0.99), Goal::None, "99th percentile of the latency"),
            Number("place_errors", placed.map(|it| count(it.placing.errors)), Goal::AtMost(0.0), "orders not placed"),
            Number("cpu_ms_per_order", cpu, Goal::None, "the whole process: clients, stack, store, functions, mails"),
            Number(
                "calls_per_order",
                placed.map(|it| count(it.calls.values().sum()) / orders),
                Goal::None,
                "of all functions, mails included",
            ),
            Number("replay_orders_per_s", replay, Goal::None, "all these calls again, 16 bare clients, a fresh store"),
            Number("replay_cpu_ms_per_order", bare_cpu, Goal::None, "the whole process: bare clients, store, services"),
            Number(
                "replay_errors",
                placed.map(|it| count(it.replayed.errors)),
                Goal::AtMost(0.0),
                "other outcome than before",
            ),
            Number(
                "place_share_of_replay",
                settled.zip(replay).map(|(ours, bare)| ours / bare),
                Goal::AtLeast(0.6),
                "settled rate over replayed rate",
            ),
        ]
    }

    fn of_filling(&self) -> Vec<Number> {
        let of = |orders: usize| self.fills.iter().find(|fill| fill.orders == orders);
        let rate = |fill: &Filled| count(fill.orders) / fill.took.as_secs_f64();
        let cpu = |fill: &Filled| fill.cpu.map(|cpu| cpu.as_secs_f64() * 1_000.0 / count(fill.orders));
        let (small, large) = (of(1_000), of(10_000));
        let ratio = small.zip(large).map(|(small, large)| rate(small) / rate(large));
        vec![
            Number("fill_1000_per_s", small.map(rate), Goal::None, "orders a second, one arrival for 1,000"),
            Number("fill_10000_per_s", large.map(rate), Goal::None, "orders a second, one arrival for 10,000"),
            Number("fill_10000_cost_ratio", ratio, Goal::AtMost(1.3), "time per order at 10,000 over that at 1,000"),
            Number("fill_1000_cpu_ms", small.and_then(cpu), Goal::None, "per order"),
            Number("fill_10000_cpu_ms", large.and_then(cpu), Goal::None, "per order"),
        ]
    }

    fn of_lines(&self) -> Vec<Number> {
        let reads = |orders: usize| self.lines.iter().find(|line| line.orders == orders).map(Looked::reads);
        vec![
            Number("rru_place_100", reads(100), Goal::None, "read units to show the last of 100 orders in line"),
            Number("rru_place_1000", reads(1_000), Goal::None, "of 1,000"),
            Number("rru_place_10000", reads(10_000), Goal::None, "of 10,000"),
            Number("rru_place_100000", reads(100_000), Goal::AtMost(30.0), "of 100,000"),
        ]
    }

    fn of_units(&self) -> Vec<Number> {
        let writes = |name: &str| self.metered.as_ref().map(|metered| metered.units_of(name).0);
        let life = self.metered.as_ref().map(Metered::life);
        let bytes = self.metered.as_ref().map(|metered| count(metered.order_bytes[2]));
        vec![
            Number("wru_place", writes("place"), Goal::AtMost(10.0), "write units per order, indexes included"),
            Number("wru_fill", writes("fill"), Goal::AtMost(6.0), "per order, in full batches of 45"),
            Number("wru_fill_single", writes("fill of a single order"), Goal::None, "for an order filled alone"),
            Number("wru_ship", writes("ship"), Goal::None, "per order"),
            Number("wru_cancel", writes("cancel"), Goal::None, "for a waiting order"),
            Number("order_bytes", bytes, Goal::None, "the size of a shipped order's item"),
            Number(
                "wru_lifecycle",
                life.map(|(writes, _)| writes),
                Goal::AtMost(24.0),
                "placed, mailed, filled, shipped",
            ),
            Number("rru_lifecycle", life.map(|(_, reads)| reads), Goal::None, "read units of the same lifecycle"),
        ]
    }
}

fn print_looks(lines: &[Looked]) {
    println!("\nRead units to show the last order of a backlog");
    for looked in lines {
        let parts = looked.units.iter().map(|(account, units)| format!("{} {units:.1}", account.what));
        println!("{:>9} orders {:>7.1}: {}", looked.orders, looked.reads(), parts.collect::<Vec<_>>().join(", "));
    }
}

fn verdict(met: Option<bool>) -> &'static str {
    match met {
        None => "",
        Some(true) => "ok",
        Some(false) => "MISSED",
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn print_calls(placed: &Placed) {
    let orders = count(placed.placing.orders.len());
    let each = placed.calls.iter().map(|(function, calls)| format!("{function} {:.2}", count(*calls) / orders));
    println!("\nThe calls of an order: {}", each.collect::<Vec<_>>().join(", "));
    let all: usize = placed.calls.values().sum();
    let meanwhile = 100.0 * count(placed.calls_meanwhile) / count(all);
    println!("{meanwhile:.0} % of them began before the last client had its answer");
}

fn print_units(metered: &Metered) {
    let [placed, filled, shipped] = metered.order_bytes;
    println!("\nUnits per order (the size of its item: {placed} bytes placed, {filled} filled, {shipped} shipped)");
    println!("{:<28} {:<20} {:<18} {:>7} {:>7}", "operation", "call", "on", "written", "read");
    for operation in &metered.operations {
        let life = if operation.of_life { "" } else { " *" };
        println!(
            "{:<67} {:>8.2} {:>7.2}",
            format!("{}{life} ({})", operation.name, operation.functions.join(", ")),
            operation.writes(),
            operation.reads()
        );
        for (account, units) in &operation.units {
            let (written, read) = if account.write { (*units, 0.0) } else { (0.0, *units) };
            let cell = |units: f64| if units > 0.0 { format!("{units:.2}") } else { String::new() };
            println!("{:<28} {:<20} {:<18} {:>7} {:>7}", "", account.call, account.what, cell(written), cell(read));
        }
    }
    let (writes, reads) = metered.life();
    println!("{:<67} {writes:>8.2} {reads:>7.2}", "the lifecycle: all except those with *");
}
