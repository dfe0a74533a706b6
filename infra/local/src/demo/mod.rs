//! `cargo local demo`: a story for each of the three shops, told on a fresh stack in memory. A story goes through the
//! HTTP contract alone; each line names the promise that it shows, and fails the demo where it is not kept.
//!
//! ```text
//! ledriven, add_to_cart, bodybuilding: what happens; writing: what customers write
//! story: what people do ── seeing: what can be seen ── buying: orders in words ── telling: print
//! ```

mod add_to_cart;
mod bodybuilding;
mod buying;
mod keeping;
mod ledriven;
mod seeing;
mod story;
mod telling;
mod writing;

use story::Story;
use telling::{Teller, line};

/// The three shops: name, policy, and what their stories are about.
const SHOPS: [(&str, &str, &str); 3] = [
    ("LEDRIVEN", "ledriven", "a sold-out item, and a line of people who have paid for it"),
    ("Add to Cart", "add-to-cart-backorder", "a button that turns to \"Backorder\" and back"),
    ("Bodybuilding", "bodybuilding", "two warehouses, and an order that waits too long"),
];

const HEAD: [&str; 8] = ["shop", "orders", "given", "shipped", "waiting", "mails", "given back", "promises shown"];

/// Plays the three stories, and prints them.
///
/// # Errors
/// What a story expected and did not see, or what the audit found.
pub async fn play() -> Result<(), String> {
    let teller = Teller::new();
    let mut rows = vec![HEAD.map(str::to_owned).to_vec()];
    let mut wrongs = Vec::new();
    for (name, policy, about) in SHOPS {
        let mut story = Story::begin(policy).await?;
        story.teller.title(name, about)?;
        let told = match policy {
            "ledriven" => ledriven::play(&mut story).await,
            "bodybuilding" => bodybuilding::play(&mut story).await,
            _ => add_to_cart::play(&mut story).await,
        };
        wrongs.extend(told.err().map(|error| format!("{name}: {error}")));
        story.ending().await?;
        wrongs.extend(story.wrongs().await?.into_iter().map(|wrong| format!("{name}: {wrong}")));
        let mut row = vec![name.to_owned()];
        row.extend(story.sums().await?);
        rows.push(row);
        story.close().await;
        line("")?;
    }
    teller.table(&rows, &[1, 2, 3, 4, 5, 6])?;
    line("")?;
    for wrong in &wrongs {
        teller.verdict(false, wrong)?;
    }
    if !wrongs.is_empty() {
        return Err(format!("{} went wrong", telling::count(i64::try_from(wrongs.len()).unwrap_or(i64::MAX), "thing")));
    }
    line("  units: given to an order, shipped, still waited for · dead letters: none")?;
    teller.verdict(true, "  audit: nothing found")
}
