//! The shop's policies: the one that holds now, and those that orders were placed under.

use std::sync::Arc;

use domain::policy::Policy;
use jiff::Timestamp;

use crate::failure::Failure;
use crate::table::Table;

/// The policies that a function knows.
pub struct Policies {
    /// Holds until the shop sets one.
    first: Arc<Policy>,
}

impl Policies {
    /// Knows only the first.
    pub(crate) fn new(first: Policy) -> Self {
        Self { first: Arc::new(first) }
    }

    /// The policy that holds now.
    pub(crate) async fn present(&self, _table: &Table, _now: Timestamp) -> Result<Arc<Policy>, Failure> {
        Ok(Arc::clone(&self.first))
    }

    /// The policy of that hash.
    pub(crate) async fn of(&self, _table: &Table, _hash: &str, _now: Timestamp) -> Result<Arc<Policy>, Failure> {
        Ok(Arc::clone(&self.first))
    }
}
