//! One field at fault in an otherwise good policy, field by field.

use serde_json::json;

use crate::bodies::Route::Policy;
use crate::fields::{Spoilt, row};
use crate::ground::Ground;
use crate::row::{Row, run};

fn policy() -> Vec<Spoilt> {
    vec![
        ("a shop without a name", Policy, "/shop_name", json!(" "), "shop_name"),
        ("a lead time of a list", Policy, "/lead_time_days", json!([1, 2]), "lead_time_days"),
        ("an expiry of a text", Policy, "/expiry_days", json!("30"), "expiry_days"),
        ("an expiry below the lead time", Policy, "/lead_time_days/max", json!(3650), "expiry_days"),
        ("backorders by fax", Policy, "/backorders_by/-", json!("fax"), "backorders_by[1]"),
        ("a channel twice", Policy, "/backorders_by/-", json!("web"), "backorders_by"),
        ("parts at will", Policy, "/shipping/parts", json!("at will"), "shipping.parts"),
        ("a country in full", Policy, "/shipping/home_country", json!("USA"), "shipping.home_country"),
        ("a zone on Mars", Policy, "/calendar/time_zone", json!("Mars/Base"), "calendar.time_zone"),
        ("an eighth day", Policy, "/calendar/weekend/-", json!("funday"), "calendar.weekend[1]"),
        ("a holiday without a year", Policy, "/calendar/holidays/0", json!("12-25"), "calendar.holidays[0]"),
        ("an hour too late", Policy, "/calendar/cutoff_hour", json!(24), "calendar.cutoff_hour"),
        ("half an hour", Policy, "/calendar/cutoff_hour", json!(12.5), "calendar.cutoff_hour"),
        ("nobody may wait", Policy, "/limits/waiting_per_product", json!(-1), "limits.waiting_per_product"),
        ("no unit an order", Policy, "/limits/units_per_order", json!(0), "limits.units_per_order"),
        ("no unit a customer", Policy, "/limits/units_per_customer", json!(0), "limits.units_per_customer"),
        ("an unknown limit", Policy, "/limits/units", json!(5), "limits.units"),
        ("a header after the sender", Policy, "/mail/sender", json!("a@b.example\r\nBcc: c@d.example"), "mail.sender"),
        ("a safe list without an address", Policy, "/mail/safe_list", json!("Add us."), "mail.safe_list"),
        ("a button of nothing", Policy, "/button/sold_out", json!(""), "button.sold_out"),
        ("an unknown part", Policy, "/loyalty", json!({}), "loyalty"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_r28_a_wrong_line_of_a_policy_is_named_and_changes_nothing() {
    let ground = Ground::new().await;
    run(&ground, &policy().into_iter().map(row).collect::<Vec<Row>>()).await;
}
