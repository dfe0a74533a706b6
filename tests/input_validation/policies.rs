//! One bad field in an otherwise valid policy, field by field.

use serde_json::json;

use crate::bodies::Route::Policy;
use crate::fields::{Spoilt, row, row_of};
use crate::fixture::Fixture;
use crate::row::{Row, run};

fn policy() -> Vec<Spoilt> {
    vec![
        ("a shop without a name", Policy, "/shop_name", json!(" ")),
        ("a lead time of a list", Policy, "/lead_time_days", json!([1, 2])),
        ("an expiry of a text", Policy, "/expiry_days", json!("30")),
        ("parts at will", Policy, "/shipping/parts", json!("at will")),
        ("a country in full", Policy, "/shipping/home_country", json!("USA")),
        ("a zone on Mars", Policy, "/calendar/time_zone", json!("Mars/Base")),
        ("a holiday without a year", Policy, "/calendar/holidays/0", json!("12-25")),
        ("an hour too late", Policy, "/calendar/cutoff_hour", json!(24)),
        ("half an hour", Policy, "/calendar/cutoff_hour", json!(12.5)),
        ("nobody may wait", Policy, "/limits/waiting_per_product", json!(-1)),
        ("no unit an order", Policy, "/limits/units_per_order", json!(0)),
        ("no unit a customer", Policy, "/limits/units_per_customer", json!(0)),
        ("an unknown limit", Policy, "/limits/units", json!(5)),
        ("a header after the sender", Policy, "/mail/sender", json!("a@b.example\r\nBcc: c@d.example")),
        ("a safe list without an address", Policy, "/mail/safe_list", json!("Add us.")),
        ("a button of nothing", Policy, "/button/sold_out", json!("")),
        ("an unknown part", Policy, "/loyalty", json!({})),
    ]
}

fn named_otherwise() -> [Row; 4] {
    [
        row_of(("an expiry below the lead time", Policy, "/lead_time_days/max", json!(3650)), "expiry_days"),
        row_of(("backorders by fax", Policy, "/backorders_by/-", json!("fax")), "backorders_by[1]"),
        row_of(("a channel twice", Policy, "/backorders_by/-", json!("web")), "backorders_by"),
        row_of(("an eighth day", Policy, "/calendar/weekend/-", json!("funday")), "calendar.weekend[1]"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_r28_a_wrong_line_of_a_policy_is_named_and_changes_nothing() {
    let fixture = Fixture::new().await;
    run(&fixture, &policy().into_iter().map(row).chain(named_otherwise()).collect::<Vec<Row>>()).await;
}
