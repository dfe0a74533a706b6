//! A shop in New York, and goods that are announced to it.

use domain::expected::ExpectedReceipt;
use domain::names::{CallerId, Sku, Warehouse};
use domain::policy::Policy;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

/// A shop in New York that is closed at weekends and on Thanksgiving, with a lead time of 14 to 28 days.
pub fn policy(cutoff_hour: Option<i8>) -> Policy {
    let mut policy: Policy = serde_json::from_value(json!({
        "shop_name": "Shop", "lead_time_days": { "min": 14, "max": 28 }, "backorders_by": ["web"],
        "shipping": { "parts": "as_available", "home_country": "US" },
        "calendar": { "time_zone": "America/New_York", "weekend": ["saturday", "sunday"], "holidays": ["2026-11-26"] },
        "mail": { "sender": "a@shop.example", "safe_list": "Add {sender}." },
        "button": { "in_stock": "Buy", "on_backorder": "Backorder", "sold_out": "Gone" },
    }))
    .unwrap();
    policy.calendar.cutoff_hour = cutoff_hour;
    policy
}

/// The instant of this hour of this day in New York.
pub fn instant(day: Date, hour: i8) -> Timestamp {
    let zone = TimeZone::get("America/New_York").unwrap();
    day.at(hour, 30, 0, 0).to_zoned(zone).unwrap().timestamp()
}

/// An expected receipt of `quantity` units.
pub fn expected(id: usize, expected_on: Date, quantity: i64) -> ExpectedReceipt {
    ExpectedReceipt {
        receipt_id: CallerId::new(format!("r{id}")).unwrap(),
        sku: Sku::new("led").unwrap(),
        warehouse: Warehouse::new("east").unwrap(),
        quantity,
        expected_on,
    }
}
