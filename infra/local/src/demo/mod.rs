//! `cargo local demo`: one story for each of the three shops, each in a fresh shop in memory. A story uses only the HTTP
//! contract and the local endpoints, so a person can repeat all of it. Each line names the promises that it shows. A broken
//! promise fails the demo.
//!
//! The stories are `ledriven`, `add_to_cart` and `bodybuilding`; `writing` has the customers' replies. `story` and `keeping` have
//! the actions, `seeing` the observations, `buying` orders as text, and `telling` the output.

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

const INTRODUCTION: &str = "\
R1 to R28 number the promises that three real shops make to people who buy what is sold out. PROMISES.md lists them.
Each line shows some of them kept: the numbers, what somebody does → what the shop answers. Every answer is checked.
Each shop starts empty, runs in memory with its own policy, and is gone at the end.
";

const NEXT: &str = "
What to try next:
  cargo local    serves a shop like these: open its page, http://127.0.0.1:9000
  README.md      paste \"Try it by hand\" into a second terminal and watch that page
  cargo test     runs the tests that prove R1 to R28";

/// The three shops: the name, the policy, and the subject of the story.
const SHOPS: [(&str, &str, &str); 3] = [
    ("LEDRIVEN", "ledriven", "a sold-out item, and a line of people who have paid for it"),
    ("Add to Cart", "add-to-cart-backorder", "a button that turns to \"Backorder\" and back"),
    ("Bodybuilding", "bodybuilding", "two warehouses, and an order that waits too long"),
];

const HEAD: [&str; 8] = ["shop", "orders", "assigned", "shipped", "waiting", "mails", "refunded", "promises shown"];

/// Plays and prints the three stories. An error counts the broken expectations and the findings of the audit.
pub async fn play() -> Result<(), String> {
    let teller = Teller::new();
    line(INTRODUCTION)?;
    let mut rows = vec![HEAD.map(str::to_owned).to_vec()];
    let mut wrongs = Vec::new();
    for (name, policy, about) in SHOPS {
        let mut story = Story::begin(policy).await?;
        story.teller.title(name, about)?;
        let read = match policy {
            "ledriven" => ledriven::play(&mut story).await,
            "bodybuilding" => bodybuilding::play(&mut story).await,
            _ => add_to_cart::play(&mut story).await,
        };
        wrongs.extend(read.err().map(|error| format!("{name}: {error}")));
        story.ending().await?;
        wrongs.extend(story.wrongs().await?.into_iter().map(|wrong| format!("{name}: {wrong}")));
        let mut row = vec![name.to_owned()];
        row.extend(story.sums().await?);
        rows.push(row);
        story.close().await;
        line("")?;
        teller.rest();
    }
    teller.table(&rows, &[1, 2, 3, 4, 5, 6])?;
    line("")?;
    for wrong in &wrongs {
        teller.verdict(false, wrong)?;
    }
    if !wrongs.is_empty() {
        return Err(format!("{} went wrong", telling::count(i64::try_from(wrongs.len()).unwrap_or(i64::MAX), "thing")));
    }
    line("  assigned (the shipped ones included), shipped and waiting count units · dead letters: none")?;
    teller.verdict(true, "  audit: nothing found")?;
    line(NEXT)
}
