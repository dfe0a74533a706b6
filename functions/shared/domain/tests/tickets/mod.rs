//! Tickets for the tests that need a backlog.

use domain::identity::IdentityKey;
use domain::names::PaymentReference;
use domain::stock::Units;
use domain::ticket::Ticket;
use jiff::Timestamp;

pub const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

/// A ticket without assigned units. It belongs to the order that this payment pays for.
pub fn ticket(payment: &str, units: i64, units_through: i64) -> Ticket {
    let key = IdentityKey::new(b"an identity key of a test".to_vec()).unwrap();
    Ticket {
        order_id: key.order_id(&PaymentReference::new(payment).unwrap()),
        line: 0,
        drawn: units,
        quantity: units,
        units_through,
        assigned: Units::new(),
        lost: 0,
        placed_at: NOW,
        expires_at: None,
    }
}
