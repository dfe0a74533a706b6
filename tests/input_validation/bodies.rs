//! A valid request for every route that takes a body, and ways to spoil it.

use serde_json::{Value, json};
use tests::world::{order_body, usd};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    Policy,
    Put,
    Place,
    Search,
    Cancel,
    Contact,
    Correct,
    Done,
    Swap,
    Ship,
    Arrive,
    Adjust,
    Discontinue,
    Expect,
}

impl Route {
    /// Each route with its method and its path. The test shop fills in the names in braces.
    const REQUESTS: [(Self, &str, &str); 14] = [
        (Self::Policy, "PUT", "/policy"),
        (Self::Put, "PUT", "/products/led"),
        (Self::Place, "POST", "/orders"),
        (Self::Search, "POST", "/orders/search"),
        (Self::Cancel, "POST", "/orders/{waiting}/cancel"),
        (Self::Contact, "POST", "/contact"),
        (Self::Correct, "POST", "/orders/{waiting}/contact"),
        (Self::Done, "POST", "/staff/tasks/{task}/done"),
        (Self::Swap, "POST", "/orders/{swapping}/lines/1/swap"),
        (Self::Ship, "POST", "/orders/{ready}/shipments"),
        (Self::Arrive, "POST", "/stock-arrivals"),
        (Self::Adjust, "POST", "/stock-adjustments"),
        (Self::Discontinue, "POST", "/products/gone/discontinue"),
        (Self::Expect, "PUT", "/products/led/expected-receipts/po-new"),
    ];

    pub fn all() -> [Self; 14] {
        Self::REQUESTS.map(|(route, ..)| route)
    }

    pub fn method(self) -> &'static str {
        self.request().0
    }

    pub fn path(self) -> &'static str {
        self.request().1
    }

    fn request(self) -> (&'static str, &'static str) {
        let own = Self::REQUESTS.into_iter().find(|(route, ..)| *route == self);
        own.map(|(_, method, path)| (method, path)).unwrap()
    }

    /// A valid body with every field that the route knows.
    pub fn body(self) -> Value {
        match self {
            Self::Policy => policy(),
            Self::Put => json!({
                "name": "LED", "price": usd(1000), "backorderable": true, "lead_time_days": { "min": 3, "max": 5 },
                "backlog_limit": 70, "similar": ["bulb"],
            }),
            Self::Place => placing(),
            Self::Search => json!({ "email": "ann@example.com", "after": "2026-11-21T09:30:00Z#0000-0000-0000-0000" }),
            Self::Cancel => {
                json!({ "change_id": "change-new", "lines": [{ "line": 1, "quantity": 1 }], "reason": "too late" })
            }
            Self::Contact => json!({
                "order_number": "{waiting}", "email": "ann@example.com", "message": "Where is my order?", "intent": "cancel",
            }),
            Self::Correct => json!({ "email": "ann.lee@example.com", "change_id": "address-new" }),
            Self::Done => json!({}),
            Self::Swap => json!({ "change_id": "swap-new", "sku": "bulb", "payment_reference": "{difference}" }),
            Self::Ship => json!({
                "shipment_id": "shipment-new", "warehouse": "east", "carrier": "UPS", "tracking_number": "1Z999",
                "lines": [{ "line": 1, "quantity": 1 }],
            }),
            Self::Arrive => json!({ "receipt_id": "receipt-new", "sku": "led", "warehouse": "east", "quantity": 1 }),
            Self::Adjust => json!({
                "adjustment_id": "adjustment-new", "sku": "cable", "warehouse": "east", "quantity": -1, "reason": "count",
            }),
            Self::Discontinue => json!({}),
            Self::Expect => json!({ "warehouse": "east", "quantity": 5, "expected_on": in_days(30) }),
        }
    }
}

pub fn in_days(days: i32) -> String {
    let now = aws::clock::Clock::default().now().to_zoned(jiff::tz::TimeZone::UTC).date();
    now.checked_add(jiff::Span::new().days(days)).unwrap().to_string()
}

fn policy() -> Value {
    let mut policy = contract::policy::sample();
    set(&mut policy, "/expiry_days", json!(60));
    policy
}

/// Two order lines of 20.00 and 10.00 USD, less 1.00 discount, plus 0.50 tax and 5.00 shipping. The total is 34.50.
fn placing() -> Value {
    let mut body = order_body(&[("led", 2), ("bulb", 1)]);
    set(&mut body, "/payment_reference", json!("{paid}"));
    set(&mut body, "/lines/0/tax", usd(50));
    set(&mut body, "/lines/0/discount", usd(100));
    set(&mut body, "/lines/0/seen", json!("on_backorder"));
    set(&mut body, "/shipping", usd(500));
    set(&mut body, "/if_worse", json!("accept"));
    body
}

/// The total of [`placing`].
pub const PRICE: i64 = 3450;

/// The difference of the swap in [`Route::Swap`]: two bulbs at 12.50 for two LEDs at 10.00.
pub const DIFFERENCE: i64 = 500;

/// Sets the value at a JSON pointer. Its parent must exist. `/-` appends to a list.
pub fn set(body: &mut Value, pointer: &str, value: Value) {
    let Some((parent, name)) = pointer.rsplit_once('/') else {
        *body = value;
        return;
    };
    match body.pointer_mut(parent).unwrap() {
        Value::Object(fields) => drop(fields.insert(name.to_owned(), value)),
        Value::Array(list) if name == "-" => list.push(value),
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
        other => panic!("{parent} is {other}"),
    }
}

pub fn remove(body: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match body.pointer_mut(parent).unwrap() {
        Value::Object(fields) => drop(fields.remove(name).unwrap()),
        Value::Array(list) => drop(list.remove(name.parse().unwrap())),
        other => panic!("{parent} is {other}"),
    }
}
