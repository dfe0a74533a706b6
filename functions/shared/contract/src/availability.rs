//! Rendering the availability of a product: the button's text (R1) and the estimate (R17).

use domain::policy::Policy;
use serde_json::{Value, json};
use use_cases::queries::Availability;

/// The availability of one product as JSON.
pub fn availability(found: &Availability, policy: &Policy) -> Value {
    let (status, button) = match (found.in_stock, found.on_backorder) {
        (true, _) => ("in_stock", &policy.button.in_stock),
        (false, true) => ("on_backorder", &policy.button.on_backorder),
        (false, false) => ("sold_out", &policy.button.sold_out),
    };
    json!({
        "sku": found.product.sku,
        "button": button,
        "status": status,
        "available": found.available.max(0),
        "orders_waiting": found.waiting.orders_ahead,
        "units_waiting": found.waiting.units_ahead,
        "estimated_ship_date": found.estimate,
    })
}
