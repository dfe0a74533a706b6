//! LEDRIVEN: a sold-out light bar, a line of people who have paid, two deliveries.

use jiff::ToSpan as _;

use super::buying::{Good, Purchase};
use super::seeing::days_after;
use super::story::Story;
use super::writing;

const AURORA: Good = Good { sku: "LED-AURORA-50", name: "Aurora 50-inch light bar", short: "Aurora", price: 24_900 };

const ZONE: &str = "America/New_York";

pub(super) async fn play(story: &mut Story) -> Result<(), String> {
    standing_in_line(story).await?;
    dates(story).await?;
    leaving_it(story).await?;
    writing::to_the_shop(story, &AURORA).await?;
    first_delivery(story).await?;
    shipping(story).await?;
    second_delivery(story).await
}

async fn standing_in_line(story: &mut Story) -> Result<(), String> {
    story.scene("The Aurora light bar is sold out, and people want it")?;
    story.sells(&AURORA).await?;
    let seen = story.button(&AURORA).await?;
    story.shows("R1", "the button reads", "\"Backorder\"", &seen)?;
    let seen = story.buys("Zoe", Purchase::new(&[(&AURORA, 1)]).with_bad_card()).await?;
    story.shows("R2", "Zoe's card is declined", "refused (402 payment-declined)", &seen)?;
    let buyers = [
        ("Ann", 1, "on backorder, next in line"),
        ("Ben", 2, "on backorder, behind 1 order (1 unit)"),
        ("Cleo", 1, "on backorder, behind 2 orders (3 units)"),
        ("Dev", 3, "on backorder, behind 3 orders (4 units)"),
        ("Eve", 1, "on backorder, behind 4 orders (7 units)"),
    ];
    for (who, units, summary) in buyers {
        let seen = story.buys(who, Purchase::new(&[(&AURORA, units)])).await?;
        story.shows("R2 R3", &format!("{who} pays for {units}"), summary, &seen)?;
    }
    let seen = story.repeats("Ben").await?;
    let same = "the same order, on backorder, behind 1 order (1 unit)";
    story.shows("R25", "Ben's browser sends his order again", same, &seen)?;
    let seen = story.money("Ben").await?;
    story.shows("R25", "Ben paid once", "$498.00 paid, $0.00 refunded", &seen)?;
    let seen = story.mails("Ben").await?;
    story.shows("R20 R21", "Ben has mail", "confirmation, notice", &seen)
}

async fn dates(story: &mut Story) -> Result<(), String> {
    story.scene("When will it ship? The supplier announces 20 for six weeks from now")?;
    let today = story.workday(ZONE).await?;
    let seen = days_after(story.estimate(&AURORA).await?, today);
    story.shows("R19", "before, the page estimates", "in 28 to 56 days", &seen)?;
    story.expects(&AURORA, 20, "reno", today.saturating_add(42.days())).await?;
    let (earliest, _) = story.estimate(&AURORA).await?;
    let seen = days_after((earliest, earliest), today);
    story.shows("R19", "now the page says, at the earliest", "in 42 days", &seen)?;
    let seen = days_after(story.promise("Ann").await?, today);
    story.shows("R18", "Ann's promise stays", "in 28 to 56 days", &seen)?;
    let words = "add orders@ledriven.example to your safe senders list";
    let seen = story.mail_says("Ann", "order-confirmation", words).await?;
    story.shows("R24", "her mail asks her", &format!("{words:?}"), &seen)
}

async fn leaving_it(story: &mut Story) -> Result<(), String> {
    story.scene("Flo phones, and Cleo changes her mind")?;
    let seen = story.buys("Flo", Purchase::new(&[(&AURORA, 1)]).by_phone()).await?;
    story.shows("R6", "Flo orders by phone", "refused (409 phone-backorder)", &seen)?;
    let seen = story.money("Flo").await?;
    story.shows("R6", "Flo's money", "$249.00 paid, $249.00 refunded", &seen)?;
    let seen = story.cancels("Cleo").await?;
    story.shows("R12 R13", "Cleo cancels by the link in her mail", "canceled", &seen)?;
    let seen = story.money("Cleo").await?;
    story.shows("R12", "Cleo's money", "$249.00 paid, $249.00 refunded", &seen)?;
    let seen = story.subject("Cleo", "canceled").await?;
    let subject = "Your order … with LEDRIVEN is canceled: 249.00 USD goes back to you";
    story.shows("R23", "Cleo's mail", subject, &seen)?;
    let seen = story.stands("Dev").await?;
    story.shows("R3", "Dev moves up", "waiting: has 0 of 3, behind 2 orders (3 units)", &seen)
}

async fn first_delivery(story: &mut Story) -> Result<(), String> {
    story.scene("Four light bars arrive: one in Newark, three in Reno")?;
    story.arrives("receipt-1", &AURORA, 1, "newark").await?;
    story.arrives("receipt-2", &AURORA, 3, "reno").await?;
    story.arrives("receipt-2", &AURORA, 3, "reno").await?;
    let seen = story.stock(&AURORA).await?;
    story.shows("R25", "Reno scans its receipt twice", "received: 1 in newark, 3 in reno", &seen)?;
    let seen = story.pick_list().await?;
    story.shows(
        "R3",
        "the pick list: first come, first served",
        "Ann: 1 Aurora from newark; Ben: 2 Aurora from reno",
        &seen,
    )?;
    let seen = story.line(&AURORA).await?;
    story.shows("R3", "the line, each with what they have", "Dev 1/3, Eve 0/1", &seen)?;
    let seen = story.button(&AURORA).await?;
    story.shows("R5", "for everybody else the button still reads", "\"Backorder\"", &seen)?;
    let seen = story.buys("Gus", Purchase::new(&[(&AURORA, 1)])).await?;
    story.shows("R4", "Gus buys now", "on backorder, behind 2 orders (3 units)", &seen)
}

async fn shipping(story: &mut Story) -> Result<(), String> {
    story.scene("Parcels leave")?;
    let seen = story.ships("Dev", "reno").await?;
    story.shows("R8", "a part of Dev's order can't ship alone", "refused (409 not-released)", &seen)?;
    for (who, warehouse) in [("Ann", "newark"), ("Ben", "reno")] {
        let seen = story.ships(who, warehouse).await?;
        story.shows("R4", &format!("{who}'s parcel leaves {warehouse}"), "shipped", &seen)?;
    }
    let seen = story.mail_says("Ben", "shipped", "1Z-BEN-reno").await?;
    story.shows("R22", "Ben's mail has the tracking number", "\"1Z-BEN-reno\"", &seen)?;
    let seen = story.cancels("Ann").await?;
    story.shows("R12", "Ann can't cancel any more", "refused (409 already-shipped)", &seen)
}

async fn second_delivery(story: &mut Story) -> Result<(), String> {
    story.scene("Six more arrive in Reno")?;
    story.arrives("receipt-3", &AURORA, 6, "reno").await?;
    let list = "Dev: 3 Aurora from reno; Eve: 1 Aurora from reno; Gus: 1 Aurora from reno";
    let seen = story.pick_list().await?;
    story.shows("R3 R4", "the pick list: oldest order first", list, &seen)?;
    let seen = story.ship_by("Dev", ZONE).await?;
    story.shows("R16", "Dev's order ships by", "the next business day", &seen)?;
    let seen = story.line(&AURORA).await?;
    story.shows("R5", "people who still wait", "nobody", &seen)?;
    let seen = format!("{}, {}", story.button(&AURORA).await?, story.for_sale(&AURORA).await?);
    story.shows("R5", "only now the shop sells again", "\"Add to Cart\", 2 for sale", &seen)?;
    let seen = story.buys("Hal", Purchase::new(&[(&AURORA, 1)]).by_phone()).await?;
    story.shows("R6", "Hal orders by phone", "in stock", &seen)?;
    let seen = story.mails("Hal").await?;
    story.shows("R20", "Hal has mail", "confirmation", &seen)
}
