//! Bodybuilding: two warehouses, an outdated page, orders in one parcel and in several, and an order that waits for over 30 days.

use super::buying::{Good, Purchase};
use super::story::Story;

const WHEY: Good = Good { sku: "WHEY-VANILLA-5LB", name: "Whey, vanilla, 5 lb", short: "whey", price: 5_999 };
const COCOA: Good = Good { sku: "WHEY-COCOA-5LB", name: "Whey, cocoa, 5 lb", short: "cocoa", price: 5_499 };
const CREATINE: Good = Good { sku: "CREATINE-300G", name: "Creatine, 300 g", short: "creatine", price: 1_999 };

pub(super) async fn play(story: &mut Story) -> Result<(), String> {
    two_warehouses(story).await?;
    a_page_behind(story).await?;
    in_parts(story).await?;
    waiting(story).await?;
    abroad(story).await?;
    too_long(story).await?;
    something_similar(story).await?;
    one_parcel(story).await
}

async fn two_warehouses(story: &mut Story) -> Result<(), String> {
    story.scene("Two tubs of whey are left, in two warehouses")?;
    story.sells_beside(&WHEY, &COCOA).await?;
    story.sells(&COCOA).await?;
    story.sells(&CREATINE).await?;
    story.arrives("receipt-1", &WHEY, 1, "boise").await?;
    story.arrives("receipt-2", &WHEY, 1, "harrisburg").await?;
    story.arrives("receipt-3", &CREATINE, 20, "boise").await?;
    let seen = format!("{}, {}", story.button(&WHEY).await?, story.for_sale(&WHEY).await?);
    story.shows("R7", "the button counts both", "\"Order\", 2 for sale", &seen)?;
    let seen = story.buys("Mia", Purchase::new(&[(&WHEY, 2)]).seen_in_stock()).await?;
    story.shows("R7", "Mia buys 2", "in stock", &seen)?;
    let seen = story.pick_list().await?;
    story.shows("R7", "they come from both", "Mia: 1 whey from boise and 1 whey from harrisburg", &seen)?;
    for warehouse in ["boise", "harrisburg"] {
        story.ships("Mia", warehouse).await?;
    }
    let seen = format!("{}; mails: {}", story.stands("Mia").await?, story.mails("Mia").await?);
    story.shows("R22", "both parcels leave", "shipped; mails: confirmation, 2 × shipped", &seen)?;
    let seen = story.button(&WHEY).await?;
    story.shows("R1", "the button reads", "\"On Backorder\"", &seen)
}

async fn a_page_behind(story: &mut Story) -> Result<(), String> {
    story.scene("Others still have the page open that says \"Order\"")?;
    let seen = story.buys("Nils", Purchase::new(&[(&WHEY, 1), (&CREATINE, 1)]).seen_in_stock()).await?;
    let summary = "whey on backorder, though seen in stock, next in line; creatine in stock";
    story.shows("R7", "Nils buys whey and creatine", summary, &seen)?;
    let words = "it was sold out by the time your order reached us";
    let seen = story.mail_says("Nils", "order-confirmation", words).await?;
    story.shows("R7 R20", "his confirmation says", &format!("{words:?}"), &seen)?;
    let seen = story.subject("Nils", "backorder-notice").await?;
    let subject = "Some items of your order … with Bodybuilding are on backorder";
    story.shows("R21", "and a notice, at once", subject, &seen)?;
    let seen = story.buys("Olga", Purchase::new(&[(&WHEY, 1)]).seen_in_stock().or_not_at_all()).await?;
    story.shows("R7", "Olga wants it from stock or not at all", "refused (409 on-backorder)", &seen)?;
    let seen = story.money("Olga").await?;
    story.shows("R7", "Olga's money", "$59.99 paid, $59.99 refunded", &seen)?;
    let seen = story.buys("Pete", Purchase::new(&[(&WHEY, 2)])).await?;
    story.shows("R3", "Pete buys 2 and waits", "on backorder, behind 1 order (1 unit)", &seen)
}

async fn in_parts(story: &mut Story) -> Result<(), String> {
    story.scene("What is in stock does not wait")?;
    let words = "What is in stock ships right away";
    let seen = story.mail_says("Nils", "order-confirmation", words).await?;
    story.shows("R9", "Nils's mail says", &format!("{words:?}"), &seen)?;
    let seen = story.ships("Nils", "boise").await?;
    let stands = "partly_shipped: whey has 0 of 1, next in line; creatine has 1 of 1";
    story.shows("R9", "his creatine leaves", stands, &seen)
}

async fn abroad(story: &mut Story) -> Result<(), String> {
    story.scene("Rosa orders to Canada")?;
    let seen = story.buys("Rosa", Purchase::new(&[(&CREATINE, 1), (&WHEY, 1)]).to("CA")).await?;
    let summary = "creatine in stock; whey on backorder, behind 2 orders (3 units)";
    story.shows("R10", "creatine and whey", summary, &seen)?;
    let seen = story.ships("Rosa", "boise").await?;
    story.shows("R10", "a part of it can't ship", "refused (409 not-released)", &seen)
}

async fn waiting(story: &mut Story) -> Result<(), String> {
    story.scene("Ten days pass, and one tub arrives in Harrisburg")?;
    story.passes(10).await?;
    story.arrives("receipt-4", &WHEY, 1, "harrisburg").await?;
    let seen = story.pick_list().await?;
    story.shows("R3", "the pick list: it is for Nils", "Nils: 1 whey from harrisburg", &seen)?;
    let seen = story.ships("Nils", "harrisburg").await?;
    story.shows("R9", "it leaves as a second parcel", "shipped", &seen)?;
    let seen = story.money("Nils").await?;
    story.shows("R9", "the second parcel costs him nothing", "$79.98 paid, $0.00 refunded", &seen)?;
    let seen = story.ships("Pete", "harrisburg").await?;
    story.shows("R11", "nothing of Pete's can ship", "refused (409 not-released)", &seen)?;
    let seen = story.buys("Quinn", Purchase::new(&[(&WHEY, 1)])).await?;
    story.shows("R3", "Quinn buys 1 and waits", "on backorder, behind 1 order (2 units)", &seen)
}

async fn too_long(story: &mut Story) -> Result<(), String> {
    story.scene("Another 21 days pass: 31 for Pete, 21 for Quinn")?;
    story.passes(21).await?;
    let seen = story.stands("Pete").await?;
    story.shows("R15", "Pete's order", "canceled", &seen)?;
    let seen = story.money("Pete").await?;
    story.shows("R15", "Pete's money", "$119.98 paid, $119.98 refunded", &seen)?;
    let seen = story.subject("Pete", "canceled").await?;
    let subject = "Your order … with Bodybuilding is canceled: 119.98 USD goes back to you";
    story.shows("R15 R23", "Pete's mail", subject, &seen)?;
    let words = "was on backorder for more than 30 days, so it was canceled automatically";
    let seen = story.mail_says("Pete", "canceled", words).await?;
    story.shows("R23", "it says why", &format!("{words:?}"), &seen)?;
    let seen = story.stands("Quinn").await?;
    story.shows("R3 R15", "Quinn moves up", "waiting: has 0 of 1, next in line", &seen)?;
    story.passes(1).await?;
    let seen = story.mails("Pete").await?;
    story.shows("R25", "a day later Pete has no second mail", "confirmation, notice, canceled", &seen)
}

async fn something_similar(story: &mut Story) -> Result<(), String> {
    story.scene("Cocoa whey is in stock, and Quinn would rather have that than wait")?;
    story.arrives("receipt-5", &COCOA, 3, "boise").await?;
    let seen = story.swaps("Quinn", 1, &COCOA).await?;
    story.shows(
        "R14",
        "Quinn phones: the shop swaps whey for cocoa",
        "waiting: whey has 0 of 0; cocoa has 0 of 1, next in line",
        &seen,
    )?;
    let seen = story.stands("Quinn").await?;
    story.shows("R14", "a moment later", "ready", &seen)?;
    let seen = story.money("Quinn").await?;
    story.shows("R14", "the difference goes back", "$59.99 paid, $5.00 refunded", &seen)?;
    let seen = story.subject("Quinn", "changed").await?;
    let subject = "Your order … with Bodybuilding is changed: 5.00 USD goes back to you";
    story.shows("R14", "Quinn's mail", subject, &seen)
}

async fn one_parcel(story: &mut Story) -> Result<(), String> {
    story.scene("One tub arrives in Boise, where Rosa's creatine is")?;
    story.arrives("receipt-6", &WHEY, 1, "boise").await?;
    let seen = story.pick_list().await?;
    let list = "Quinn: 1 cocoa from boise; Rosa: 1 creatine + 1 whey from boise";
    story.shows("R10", "the pick list: her order is complete", list, &seen)?;
    let seen = story.ships("Rosa", "boise").await?;
    story.shows("R10", "it leaves in one parcel", "shipped", &seen)
}
