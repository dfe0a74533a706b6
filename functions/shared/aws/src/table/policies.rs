//! The shop's policies. Each policy is stored permanently under its hash; another item holds the present policy.

use domain::policy::Policy;
use serde::{Deserialize, Serialize};

use super::Table;
use super::item::{Item, item, value};
use super::keys;
use super::write::{Write, WriteError, Written};
use crate::service_error::ServiceError;

#[derive(Serialize, Deserialize)]
struct Stored {
    hash: String,
    policy: Policy,
}

/// The outcome of reading a policy.
#[derive(Clone, Debug)]
pub enum FoundPolicy {
    /// There is no item.
    Nothing,
    /// A valid policy.
    Policy(Box<Policy>),
    /// The item is not a valid policy, or this version of the functions cannot read it. The text says why.
    Unreadable(String),
}

impl Table {
    /// Stores a policy permanently under its hash, by which orders refer to it.
    pub async fn keep_policy(&self, hash: &str, policy: &Policy) -> Result<(), WriteError> {
        let kept = stored(keys::policy(hash), hash, policy)?;
        self.write(Write::put(kept).if_absent()).await.map(|_: Written| ())
    }

    /// Makes a policy the present one, after it was stored under its hash. A copy is kept in case the item is damaged.
    pub async fn set_policy(&self, hash: &str, policy: &Policy) -> Result<(), WriteError> {
        let places = [keys::present_policy(), keys::last_policy()];
        let writes = places.map(|key| stored(key, hash, policy).map(Write::put));
        self.transact(writes.into_iter().collect::<Result<_, _>>()?).await
    }

    /// The policy with this hash.
    pub async fn policy(&self, hash: &str) -> Result<FoundPolicy, ServiceError> {
        Ok(found(self.get(keys::policy(hash)).await?))
    }

    /// The present policy; `Nothing` until the shop sets one.
    pub async fn present_policy(&self) -> Result<FoundPolicy, ServiceError> {
        Ok(found(self.get(keys::present_policy()).await?))
    }

    /// The copy of the policy that was set last.
    pub async fn last_policy(&self) -> Result<FoundPolicy, ServiceError> {
        Ok(found(self.get(keys::last_policy()).await?))
    }
}

fn stored(key: Item, hash: &str, policy: &Policy) -> Result<Item, ServiceError> {
    item(key, "policy", &Stored { hash: hash.to_owned(), policy: policy.clone() })
}

fn found(item: Option<Item>) -> FoundPolicy {
    let Some(item) = item else { return FoundPolicy::Nothing };
    match value::<Stored>(item) {
        Err(failure) => FoundPolicy::Unreadable(failure.to_string()),
        Ok(stored) => match stored.policy.errors().list().first() {
            Some(error) => FoundPolicy::Unreadable(format!("{} {}", error.field, error.message)),
            None => FoundPolicy::Policy(Box::new(stored.policy)),
        },
    }
}
