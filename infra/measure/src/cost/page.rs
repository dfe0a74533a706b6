//! Writes `infra/cost.md` from the two bills.

use std::fmt::Write as _;

use super::bill::Bill;
use super::prices::Prices;

pub fn write(together: &Bill, alone: &Bill, runs: f64, prices: &Prices, release: bool) -> Result<String, String> {
    let mut page = format!(
        "# What a million orders cost\n\n\
         Written by `cargo measure cost`; not by hand. List prices as known in {} for us-east-1, in US dollars, without free tier, discounts, taxes,\n\
         storage and data transfer: [prices.toml](prices.toml). Each order lives once through: placed while sold out, confirmed, told\n\
         that it waits, filled, looked at once, shipped, told so. *Together* is a rush: batches of the stream, the queues and the fill are\n\
         full. *Alone*: each order by itself, no batch has a second entry. A shop lies between.\n\n\
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
         A month costs besides, whether anybody buys or not: {scheduler:.2} for {runs} scheduled runs (and their Lambda time),\n\
         {alarm:.2} for each alarm, {metric:.2} for each metric of our own, {secret:.2} for each secret.\n\n\
         How it comes about: units of DynamoDB as it reports them; invocations, calls and mails counted on the local stack; SQS requests\n\
         are those sent, and two for each batch that Lambda takes (its polling of empty queues is not counted). GB-seconds: processor\n\
         time measured by `cargo measure start` on {built}, at the share of a processor that the function's memory brings, and for\n\
         each call the time that `prices.toml` assumes. Logs: 1 KB for an invocation, assumed. What the payment provider takes is not here.\n\n\
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

/// In millions, for people; less than a hundredth of one as it is.
fn million(count: f64) -> String {
    if count < 10_000.0 { format!("{count:.0}") } else { format!("{:.2} million", count / 1e6) }
}
