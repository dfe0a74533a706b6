//! PROMISES.md lists each promise by shop, with the test that proves it. The page is generated from the tests' names,
//! and this test keeps it current: a promise without a test fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::file;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../PROMISES.md");

/// The shops: the letter in the table below, the module of tests, the name.
const SHOPS: [(char, &str, &str); 3] = [
    ('L', "tests/scenarios/shops/ledriven.rs", "LEDRIVEN"),
    ('A', "tests/scenarios/shops/add_to_cart.rs", "Add to Cart"),
    ('B', "tests/scenarios/shops/bodybuilding.rs", "Bodybuilding"),
];

/// The promises and the shops that make them. Without a shop, the promise always holds.
const PROMISES: [(&str, &str, &str); 28] = [
    (
        "R1",
        "LAB",
        "What is out of stock can still be bought, variant by variant, and the button says so in the shop's words.",
    ),
    ("R2", "LA", "The full payment is taken when the order is placed; it is what gives a place in line."),
    ("R3", "LA", "Orders are filled strictly in the order received."),
    ("R4", "LA", "Orders ship in the order received: who waited before who buys once it is in stock."),
    ("R5", "LA", "Nothing is for sale that somebody waits for."),
    ("R6", "L", "Backorders are taken in the web shop only; the phone sells what is in stock."),
    (
        "R7",
        "B",
        "One warehouse that has it is enough; what changed since the page was shown is said at once, line by line.",
    ),
    (
        "R8",
        "LA",
        "Of a mixed order, what is in stock is held, and all ships together; two orders get that part sooner.",
    ),
    ("R9", "B", "What is there ships right away, the rest later, and the shipping is paid once."),
    ("R10", "B", "An order to another country is never shipped in parts."),
    ("R11", "B", "Of an order wholly on backorder nothing ships until its items are in."),
    ("R12", "LA", "An order is canceled any time before it ships, for a full refund."),
    (
        "R13",
        "LA",
        "Canceling works by the link in the confirmation, by reply, by mail with the number, by the contact form.",
    ),
    ("R14", "B", "An item that is waited for is swapped for a similar one, or removed."),
    ("R15", "B", "After more than 30 days on backorder an order is canceled automatically, refunded and told."),
    ("R16", "LA", "A backorder ships within one business day of the arrival of its goods."),
    ("R17", "A", "The page shows when a backorder placed today would ship, and follows supply and line."),
    ("R18", "LA", "An order keeps the date it was promised, whatever the page says later."),
    ("R19", "L", "The estimate is four to eight weeks, unless place in line and supplier's schedule say otherwise."),
    ("R20", "LA", "A mail confirms the order."),
    ("R21", "B", "A notice comes within 24 hours when anything of the order is unavailable."),
    ("R22", "LAB", "A mail tells when it ships, with the tracking number."),
    ("R23", "B", "A mail tells of a cancelation, with the refund."),
    (
        "R24",
        "LA",
        "Mails that do not arrive are known and visible; customers are told of the safe list, and can follow by link.",
    ),
    ("R25", "", "Nothing is lost or done twice, whatever is repeated, crashes or comes at once."),
    ("R26", "", "Bad input gets a clear error that names the field, and changes nothing."),
    ("R27", "", "Nobody reads or changes an order without being its shop or its customer."),
    ("R28", "", "Every policy is data that the shop sets, with a ready file for each of the three."),
];

/// The active tests of a file, by the promises in their names.
fn tests_of(path: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut runs, mut table) = (false, false);
    for line in file(path).lines().map(str::trim) {
        // A macro that generates tests has a table of them.
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
    let head = "# Promises\n\nWhat the three shops promise their customers, in our words, and the test that proves it under that shop's policy. \
                This page is made from\nthe names of the tests (`cargo test -p tests --test conformance -- --ignored write_the_page`), and the gate holds it to them: a promise\n\
                without a test fails.\n\n| | promise | shop | proved by |\n|---|---|---|---|\n";
    (format!("{head}{rows}\n## Further tests of each promise\n\nIn `tests`, by target and file.\n{more}"), unproved)
}

#[test]
fn every_promise_of_every_shop_is_proved_by_a_test() {
    let (_, unproved) = page();
    assert!(unproved.is_empty(), "{}", unproved.join("\n"));
}

#[test]
fn the_page_says_what_the_tests_prove() {
    let (page, _) = page();
    let hint = "run: cargo test -p tests --test conformance -- --ignored write_the_page";
    assert!(file("PROMISES.md") == page, "PROMISES.md does not match the tests; {hint}");
}

#[test]
#[ignore = "writes PROMISES.md"]
fn write_the_page() {
    std::fs::write(PAGE, page().0).unwrap();
}
