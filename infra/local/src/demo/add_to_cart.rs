//! Add to Cart: a button that turns to "Backorder" and back, and an order with one item in stock and another on backorder.

use super::buying::{Good, Purchase, refusal, stands};
use super::seeing::days_after;
use super::story::Story;

const TEAL: Good = Good { sku: "TEAPOT-TEAL", name: "Teapot, teal", short: "teal", price: 3_450 };
const RED: Good = Good { sku: "TEAPOT-RED", name: "Teapot, red", short: "red", price: 3_200 };

pub(super) async fn play(story: &mut Story) -> Result<(), String> {
    the_button_turns(story).await?;
    a_mixed_order(story).await?;
    by_the_link(story).await?;
    a_week_later(story).await?;
    goods_come_in(story).await?;
    the_button_turns_back(story).await
}

async fn the_button_turns(story: &mut Story) -> Result<(), String> {
    story.scene("One teal teapot is left, and five red ones")?;
    story.sells(&TEAL).await?;
    story.sells(&RED).await?;
    story.arrives("receipt-1", &TEAL, 1, "tulsa").await?;
    story.arrives("receipt-2", &RED, 5, "tulsa").await?;
    let seen = story.button(&TEAL).await?;
    story.shows("R1", "the teal one's button reads", "\"Add to Cart\"", &seen)?;
    let seen = story.buys("Iris", Purchase::new(&[(&TEAL, 1)])).await?;
    story.shows("R2", "Iris buys the last teal one", "in stock", &seen)?;
    let seen = story.button(&TEAL).await?;
    story.shows("R1", "now the teal one's button reads", "\"Backorder\"", &seen)?;
    let seen = story.button(&RED).await?;
    story.shows("R1", "and the red one's, another variant", "\"Add to Cart\"", &seen)?;
    // Goods in stock ship from the first business day on. A whole number of weeks after it is a business day too.
    let (today, _) = story.estimate(&RED).await?;
    let seen = days_after(story.estimate(&TEAL).await?, today);
    story.shows("R19", "a backorder of today is estimated to ship", "in 14 to 42 days", &seen)
}

async fn a_mixed_order(story: &mut Story) -> Result<(), String> {
    story.scene("An order with both is held until it is complete")?;
    let seen = story.buys("Jon", Purchase::new(&[(&TEAL, 1), (&RED, 2)])).await?;
    story.shows("R8", "Jon buys 1 teal and 2 red", "teal on backorder, next in line; red in stock", &seen)?;
    let seen = story.stands("Jon").await?;
    story.shows(
        "R8",
        "his red ones are kept for him",
        "waiting: teal has 0 of 1, next in line; red has 2 of 2",
        &seen,
    )?;
    let seen = story.ships("Jon", "tulsa").await?;
    story.shows("R8", "but can't ship alone", "refused (409 not-released)", &seen)?;
    let words = "add orders@add-to-cart.example to your safe senders list";
    let seen = story.mail_says("Jon", "order-confirmation", words).await?;
    story.shows("R24", "his mail asks him", &format!("{words:?}"), &seen)?;
    let seen = story.subject("Jon", "order-confirmation").await?;
    let subject = "Your order … with Add to Cart is placed: some of it is on backorder";
    story.shows("R20", "Jon's mail", subject, &seen)?;
    let seen = story.buys("Kim", Purchase::new(&[(&TEAL, 3)])).await?;
    story.shows("R3", "Kim buys 3 teal", "on backorder, behind 1 order (1 unit)", &seen)?;
    let seen = story.buys("Lou", Purchase::new(&[(&TEAL, 1)])).await?;
    story.shows("R3", "Lou buys 1 teal", "on backorder, behind 2 orders (4 units)", &seen)
}

async fn by_the_link(story: &mut Story) -> Result<(), String> {
    story.scene("Customers follow their orders by the link in their mail")?;
    let lous = story.link("Lou").await?;
    let seen = stands(&story.look("Lou", &lous).await?.body, &story.goods);
    story.shows("R3", "Lou's link shows", "waiting: has 0 of 1, behind 2 orders (4 units)", &seen)?;
    let seen = refusal(&story.look("Kim", &lous).await?).unwrap_or_else(|| "Kim's order".to_owned());
    story.shows("R27", "Lou's link does not open Kim's order", "refused (403 forbidden)", &seen)?;
    let seen = story.gives_up("Kim", 1, 1).await?;
    story.shows(
        "R12",
        "Kim phones: the shop cancels 1 of her 3",
        "waiting: has 0 of 2, behind 1 order (1 unit)",
        &seen,
    )?;
    let seen = story.money("Kim").await?;
    story.shows("R12", "Kim's money", "$103.50 paid, $34.50 refunded", &seen)?;
    let seen = story.stands("Lou").await?;
    story.shows("R3", "Lou moves up", "waiting: has 0 of 1, behind 2 orders (3 units)", &seen)
}

async fn a_week_later(story: &mut Story) -> Result<(), String> {
    story.scene("A week passes")?;
    let (before, _) = story.estimate(&RED).await?;
    story.passes(7).await?;
    let seen = days_after(story.estimate(&TEAL).await?, before);
    story.shows("R17", "the page's estimate, counted from a week ago", "in 21 to 49 days", &seen)?;
    let seen = days_after(story.promise("Kim").await?, before);
    story.shows("R18", "Kim's promise, counted from the same day", "in 14 to 42 days", &seen)
}

async fn goods_come_in(story: &mut Story) -> Result<(), String> {
    story.scene("Two teal ones arrive")?;
    story.arrives("receipt-3", &TEAL, 2, "tulsa").await?;
    let list = "Iris: 1 teal from tulsa; Jon: 1 teal + 2 red from tulsa";
    let seen = story.pick_list().await?;
    story.shows("R4 R8", "Jon's order is released as a whole", list, &seen)?;
    let seen = story.ship_by("Jon", "America/Chicago").await?;
    story.shows("R16", "it ships by", "the next business day", &seen)?;
    let seen = story.line(&TEAL).await?;
    story.shows("R3", "the line, each with what they have", "Kim 1/2, Lou 0/1", &seen)?;
    story.ships("Iris", "tulsa").await?;
    let seen = story.ships("Jon", "tulsa").await?;
    story.shows("R8", "Jon's parcel leaves, all in one", "shipped", &seen)?;
    let seen = story.mail_says("Jon", "shipped", "1Z-JON-tulsa").await?;
    story.shows("R22", "Jon's mail has the tracking number", "\"1Z-JON-tulsa\"", &seen)
}

async fn the_button_turns_back(story: &mut Story) -> Result<(), String> {
    story.scene("Four more arrive")?;
    story.arrives("receipt-4", &TEAL, 4, "tulsa").await?;
    let seen = story.pick_list().await?;
    story.shows(
        "R3 R4",
        "those who waited are served first",
        "Kim: 2 teal from tulsa; Lou: 1 teal from tulsa",
        &seen,
    )?;
    let seen = format!("{}, {}", story.button(&TEAL).await?, story.for_sale(&TEAL).await?);
    story.shows("R1 R5", "then the button turns back", "\"Add to Cart\", 2 for sale", &seen)
}
