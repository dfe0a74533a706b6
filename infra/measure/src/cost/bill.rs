//! Computes the bill of a million orders: each counted unit with its price.

use super::count::Life;
use super::prices::Prices;
use crate::start::Report;

const MILLION: f64 = 1_000_000.0;
/// The memory in MB that comes with one whole processor. Less memory comes with a proportional share.
const WHOLE_PROCESSOR: f64 = 1_769.0;
/// Requests of Lambda to a queue for each batch: one receives, one deletes.
const POLLS: f64 = 2.0;
/// Functions behind the API. The authorizer, which answers before each of them, is not in this list.
const OF_API: [&str; 4] = ["place-order", "order-status", "shipment", "stock-arrival"];
/// Functions fed by a queue.
const OF_QUEUES: [&str; 3] = ["fill", "send-email", "refund"];
/// Assumed log data of an invocation at level INFO, in GB: Lambda's own lines and a few lines of the function.
const LOGGED: f64 = 1_000.0 / 1e9;

/// One unit: its name, its count for a million orders, its cost in US dollars.
#[derive(Clone, Debug)]
pub struct Entry {
    pub unit: String,
    pub count: f64,
    pub usd: f64,
}

#[derive(Clone, Debug)]
pub struct Bill(pub Vec<Entry>);

impl Bill {
    pub fn new(life: &Life, measured: &Report, prices: &Prices) -> Result<Self, String> {
        let invocations: f64 = life.invocations.values().sum();
        let counted = [
            ("DynamoDB write units", life.units.0),
            ("DynamoDB read units", life.units.1),
            ("Lambda requests", invocations),
            ("Lambda GB-seconds", gigabyte_seconds(life, measured, prices)?),
            ("API Gateway requests", life.invocations_of(&OF_API)),
            ("SQS requests", life.calls_of("sqs") + POLLS * life.invocations_of(&OF_QUEUES)),
            ("SES mails", life.calls_of("ses")),
            ("CloudWatch Logs", invocations * LOGGED),
        ];
        let entry = |(unit, count): (&str, f64)| {
            let (price, count) = (prices.price_of(unit)?, count * MILLION);
            Ok(Entry { unit: price.unit.clone(), count, usd: price.cost_of(count) })
        };
        counted.into_iter().map(entry).collect::<Result<_, String>>().map(Self)
    }

    pub fn usd(&self) -> f64 {
        self.0.iter().map(|entry| entry.usd).sum()
    }
}

/// The GB-seconds of one order: each function's processor time at its share of a processor, and its waits for other services.
fn gigabyte_seconds(life: &Life, measured: &Report, prices: &Prices) -> Result<f64, String> {
    let mut sum = 0.0;
    for (function, invocations) in &life.invocations {
        let megabytes = life.memory.get(function).ok_or_else(|| format!("the template has no function {function}"))?;
        let cpu = measured.cpu_of(function).ok_or_else(|| format!("{function} was not measured"))?;
        let mut millis = invocations * cpu.as_secs_f64() * 1_000.0 * (WHOLE_PROCESSOR / megabytes).max(1.0);
        for ((_, service), calls) in life.calls.iter().filter(|((caller, _), _)| caller == function) {
            millis += calls * prices.latency(service)?;
        }
        sum += millis / 1_000.0 * megabytes / 1_024.0;
    }
    Ok(sum)
}
