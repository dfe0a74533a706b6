//! Writes `infra/cost.md` from the two bills.

use std::fmt::Write as _;

use super::bill::Bill;
use super::prices::Prices;

pub fn write(together: &Bill, alone: &Bill, runs: f64, prices: &Prices, release: bool) -> Result<String, String> {
    let mut page = format!(
        "# What a million orders cost\n\n\
         This page is for whoever pays the bill. `cargo measure cost` writes it; do not edit it by hand.\n\n\
         The [prices](prices.toml) are list prices of {} for us-east-1 in US dollars. They exclude the free tier, discounts, taxes, storage\n\
         and data transfer. Each order goes through the whole lifecycle: it is placed while the product is sold out, filled and shipped, the\n\
         customer looks at it once, and three mails go out (confirmation, backorder notice, shipped). *Together* is a rush: all orders come at\n\
         once, and the batches of the stream, the queues and the fill are full. *Alone* means one order at a time: every batch has one entry.\n\
         A real shop lies between the two.\n\n\
         | unit | price | together: units | USD | alone: units | USD |\n|---|---|---|---|---|---|\n",
        prices.dated
    );
    for (full, single) in together.0.iter().zip(&alone.0) {
        let price = prices.price_of(&full.unit)?.words();
        let row = (million(full.count), full.usd, million(single.count), single.usd);
        writeln!(page, "| {} | {price} | {} | {:.2} | {} | {:.2} |", full.unit, row.0, row.1, row.2, row.3)
            .map_err(|error| error.to_string())?;
    }
    let scheduler = prices.price_of("EventBridge Scheduler")?.cost_of(runs);
    let secret = prices.price_of("Secrets Manager")?.cost_of(1.0);
    let alarm = prices.price_of("CloudWatch alarms")?.cost_of(1.0);
    let metric = prices.price_of("CloudWatch metrics")?.cost_of(1.0);
    let built = if release { "a release" } else { "a build without link-time optimization" };
    write!(
        page,
        "| **sum** | | | **{:.2}** | | **{:.2}** |\n\n\
         Each month has fixed costs, too, even without orders: {scheduler:.2} for {runs} scheduled runs (plus their Lambda time),\n\
         {alarm:.2} for each alarm, {metric:.2} for each custom metric, {secret:.2} for each secret.\n\n\
         How the counts are made:\n\n\
         - DynamoDB reports its units. The local stack counts invocations, calls and mails.\n\
         - SQS requests are the sends, plus two for each batch that Lambda receives. Polls of empty queues are not counted.\n\
         - GB-seconds are the processor time that `cargo measure start` measures on {built}, at the share of a\n\
         \x20 processor that comes with the function's memory, plus the latency that `prices.toml` assumes for each call.\n\
         - Each invocation is assumed to write 1 KB of logs. The fees of the payment provider are not included.\n\n\
         | price | source | checked |\n|---|---|---|\n",
        together.usd(),
        alone.usd(),
    )
    .map_err(|error| error.to_string())?;
    for price in prices.all() {
        writeln!(page, "| {} | <{}> | {} |", price.unit, price.source, price.checked)
            .map_err(|error| error.to_string())?;
    }
    Ok(page)
}

/// A count in millions; below 10,000, the count itself.
fn million(count: f64) -> String {
    if count < 10_000.0 { format!("{count:.0}") } else { format!("{:.2} million", count / 1e6) }
}
