//! PROMISES.md lists each promise by shop, with the test that proves it. The page is generated from the names of the tests. The
//! tests below fail for an outdated page and for a promise without a test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::file;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../PROMISES.md");

/// Each shop: its letter in `PROMISES`, its test file, its name.
const SHOPS: [(char, &str, &str); 3] = [
    ('L', "tests/scenarios/shops/ledriven.rs", "LEDRIVEN"),
    ('A', "tests/scenarios/shops/add_to_cart.rs", "Add to Cart"),
    ('B', "tests/scenarios/shops/bodybuilding.rs", "Bodybuilding"),
];

/// Each promise and the letters of the shops that make it. A promise without a letter holds for every shop.
const PROMISES: [(&str, &str, &str); 28] = [
    (
        "R1",
        "LAB",
        "A customer can buy a product that is out of stock, variant by variant, and the button says so in the shop's words.",
    ),
    ("R2", "LA", "The customer pays in full when placing the order. The payment secures the place in line."),
    ("R3", "LA", "Orders are filled strictly in the order received."),
    ("R4", "LA", "Orders ship in the order received. Customers who waited come before those who buy from new stock."),
    ("R5", "LA", "A unit is not for sale while a customer waits for it."),
    ("R6", "L", "Only the web shop takes backorders. The phone sells what is in stock."),
    (
        "R7",
        "B",
        "A product is in stock if one warehouse has it. The answer and the mail name each line that changed since the page was shown.",
    ),
    (
        "R8",
        "LA",
        "A mixed order ships together: items in stock are held. The customer learns that two orders bring those items sooner.",
    ),
    ("R9", "B", "Items in stock ship at once and the rest later. The customer pays for shipping once."),
    ("R10", "B", "An order to another country never ships in parts."),
    ("R11", "B", "An order that is wholly on backorder ships nothing until its items are in."),
    ("R12", "LA", "A customer can cancel an order at any time before it ships, for a full refund."),
    (
        "R13",
        "LA",
        "A customer can cancel by the link in the confirmation, by reply, by a mail with the order number, or by the contact form.",
    ),
    ("R14", "B", "A customer can swap a waiting item for a similar one, or remove it."),
    (
        "R15",
        "B",
        "An order that has been on backorder for more than 30 days is canceled automatically, refunded, and the customer is told.",
    ),
    ("R16", "LA", "A backorder ships within one business day of the arrival of its goods."),
    ("R17", "A", "The product page shows when a backorder placed today would ship. The date follows supply and line."),
    ("R18", "LA", "An order keeps the date that it was promised, whatever the page says later."),
    ("R19", "L", "The estimate is four to eight weeks, unless place in line or supplier's schedule change it."),
    ("R20", "LA", "A mail confirms the order."),
    ("R21", "B", "A mail within 24 hours says if anything of the order is unavailable."),
    ("R22", "LAB", "A mail with the tracking number says that the order has shipped."),
    ("R23", "B", "A mail says that the order is canceled, and what is refunded."),
    (
        "R24",
        "LA",
        "The shop sees on the order which mails did not arrive. Customers learn of the safe list and can follow the order by link.",
    ),
    ("R25", "", "Nothing is lost or done twice, whatever is repeated, crashes or happens at the same time."),
    ("R26", "", "Bad input gets a clear error that names the field, and changes nothing."),
    ("R27", "", "Only its shop and its customer can read or change an order."),
    ("R28", "", "Every policy is data that the shop sets, with a ready file for each of the three shops."),
];

/// The active tests of a file, by the promises in their names.
fn tests_of(path: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut runs, mut table) = (false, false);
    for line in file(path).lines().map(str::trim) {
        // The macro `stories!` generates one test for each entry of its table.
        table = (table || line == "stories! {") && line != "}";
        let opens = line.starts_with("#[tokio::test") || line == "#[test]";
        runs = table || ((runs || opens) && !line.starts_with("#[ignore"));
        let Some((_, rest)) = line.split_once("fn ").filter(|_| runs && !line.starts_with("//")) else { continue };
        runs = false;
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let number = |word: &str| word.strip_prefix('r').is_some_and(|it| it.parse::<u8>().is_ok());
        for promise in name.split('_').take_while(|word| number(word)) {
            found.entry(promise.to_uppercase()).or_default().push(name.clone());
        }
    }
    found
}

/// All other tests whose name contains a promise.
fn elsewhere() -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in &crate::house::paths_of_sources() {
        if !path.starts_with("tests/") || SHOPS.iter().any(|(_, shop, _)| shop == path) {
            continue;
        }
        for (promise, tests) in tests_of(path) {
            let module = path.trim_start_matches("tests/").trim_end_matches(".rs").replace('/', "::");
            found.entry(promise).or_default().extend(tests.into_iter().map(|test| format!("{module}::{test}")));
        }
    }
    found
}

/// The expected page, and the promises without a test.
fn page() -> (String, Vec<String>) {
    let (mut rows, mut more, mut unproved) = (String::new(), String::new(), Vec::new());
    let elsewhere = elsewhere();
    for (id, shops, promise) in PROMISES {
        let others = elsewhere.get(id).cloned().unwrap_or_default();
        for (letter, path, name) in SHOPS.iter().filter(|(letter, ..)| shops.contains(*letter)) {
            let tests = tests_of(path).remove(id).unwrap_or_default();
            if tests.is_empty() {
                unproved.push(format!("{id} of {name}: no test in {path} ({letter})"));
            }
            let tests: Vec<_> = tests.iter().map(|test| format!("[`{test}`]({path})")).collect();
            let _ = writeln!(rows, "| {id} | {promise} | {name} | {} |", tests.join("<br>"));
        }
        if shops.is_empty() {
            if others.is_empty() {
                unproved.push(format!("{id}: no test"));
            }
            let _ = writeln!(rows, "| {id} | {promise} | all | {} tests, below |", others.len());
        }
        let _ = writeln!(more, "\n**{id}** ({})\n", others.len());
        for test in &others {
            let _ = writeln!(more, "- `{test}`");
        }
    }
    let head = "# Promises\n\n\
        This page lists what the three shops promise their customers, in our words, and the test that proves each promise under the shop's\n\
        policy. The names of the tests generate it: `cargo test --test conformance -- --ignored write_the_page`. A promise without a\n\
        test fails the gate.\n\n\
        | | promise | shop | proved by |\n|---|---|---|---|\n";
    (
        format!("{head}{rows}\n## Further tests of each promise\n\nThe list names target, file and test.\n{more}"),
        unproved,
    )
}

#[test]
fn every_promise_of_every_shop_is_proved_by_a_test() {
    let (_, unproved) = page();
    assert!(unproved.is_empty(), "{}", unproved.join("\n"));
}

#[test]
fn the_page_says_what_the_tests_prove() {
    let (page, _) = page();
    let hint = "run: cargo test --test conformance -- --ignored write_the_page";
    assert!(file("PROMISES.md") == page, "PROMISES.md is outdated; {hint}");
}

#[test]
#[ignore = "writes PROMISES.md"]
fn write_the_page() {
    std::fs::write(PAGE, page().0).unwrap();
}
