//! The shop's policies. The present policy is read again every half minute, so a change needs no deployment. An order's
//! policy never changes. While the table fails or has no valid policy, the last good policy stays in use.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex as Sync, OnceLock, PoisonError};

use domain::policy::Policy;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::service_error::ServiceError;
use crate::table::{FoundPolicy, Table, WriteError};

/// How long the present policy is used after it was read.
pub const KEPT: SignedDuration = SignedDuration::from_secs(30);
/// The wait after a failed read.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// The policies that a function knows.
pub struct Policies {
    /// The policy in force until the shop sets one.
    first: Arc<Policy>,
    first_hash: OnceLock<String>,
    present: Mutex<Option<Present>>,
    /// Policies read from the table, by hash; `None` if the stored policy is missing or unreadable.
    known: Sync<BTreeMap<String, Option<Arc<Policy>>>>,
    /// The hashes of policies that this process has stored in the table.
    kept: Sync<BTreeSet<String>>,
}

struct Present {
    policy: Arc<Policy>,
    /// From this instant on, the policy is read again.
    until: Timestamp,
}

impl Policies {
    pub(crate) fn new(first: Policy) -> Self {
        Self {
            first: Arc::new(first),
            first_hash: OnceLock::new(),
            present: Mutex::new(None),
            known: Sync::default(),
            kept: Sync::default(),
        }
    }

    /// The present policy, at most half a minute old; with `anew`, read now.
    pub(crate) async fn present(&self, table: &Table, now: Timestamp, anew: bool) -> Result<Arc<Policy>, ServiceError> {
        let after = |span| now.saturating_add(span).unwrap_or(Timestamp::MAX);
        // The lock is held during the read, so concurrent callers wait for one read.
        let mut present = self.present.lock().await;
        // A clock that moves back must not prolong the policy's use.
        let fresh = |it: &&Present| !anew && now < it.until && it.until <= after(KEPT);
        if let Some(known) = present.as_ref().filter(fresh) {
            return Ok(Arc::clone(&known.policy));
        }
        let (policy, until) = match (self.read_present(table, present.as_ref()).await, present.as_ref()) {
            (Ok(policy), _) => (policy, after(KEPT)),
            (Err(failure), Some(known)) if failure.passing() => {
                tracing::warn!(%failure, "the policy could not be read again; the last one read stays in use");
                (Arc::clone(&known.policy), after(PAUSE))
            }
            (Err(failure), _) => return Err(failure),
        };
        *present = Some(Present { policy: Arc::clone(&policy), until });
        Ok(policy)
    }

    /// The present policy in the table, or the last good policy if the stored item is not a valid policy.
    async fn read_present(&self, table: &Table, before: Option<&Present>) -> Result<Arc<Policy>, ServiceError> {
        let why = match table.present_policy().await? {
            FoundPolicy::Policy(policy) => return Ok(Arc::from(policy)),
            FoundPolicy::Nothing => return Ok(Arc::clone(&self.first)),
            FoundPolicy::Unreadable(why) => why,
        };
        tracing::error!(why, "the present policy in the table is not valid; the last good one stays in use");
        // The table's copy comes first: the policy that this process read may be older.
        Ok(match table.last_policy().await? {
            FoundPolicy::Policy(policy) => Arc::from(policy),
            FoundPolicy::Nothing | FoundPolicy::Unreadable(_) => {
                Arc::clone(before.map_or(&self.first, |before| &before.policy))
            }
        })
    }

    /// The policy with this hash, or the present policy if the stored item is missing or unreadable.
    pub(crate) async fn by_hash(&self, table: &Table, hash: &str, now: Timestamp) -> Result<Arc<Policy>, ServiceError> {
        if hash == self.first_hash() {
            return Ok(Arc::clone(&self.first));
        }
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned();
        let policy = match known {
            Some(policy) => policy,
            None => self.read(table, hash).await?,
        };
        match policy {
            Some(policy) => Ok(policy),
            None => self.present(table, now, false).await,
        }
    }

    async fn read(&self, table: &Table, hash: &str) -> Result<Option<Arc<Policy>>, ServiceError> {
        let policy = match table.policy(hash).await? {
            FoundPolicy::Policy(policy) => Some(Arc::from(policy)),
            FoundPolicy::Nothing => {
                tracing::warn!(policy = hash, "orders have a policy that was never stored; the present one applies");
                None
            }
            FoundPolicy::Unreadable(why) => {
                tracing::error!(policy = hash, why, "orders have an unreadable policy; the present one applies");
                None
            }
        };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(hash.to_owned(), policy.clone());
        Ok(policy)
    }

    /// Stores a policy before an order refers to it, once in each process.
    pub(crate) async fn keep(&self, table: &Table, policy: &Policy) -> Result<(), WriteError> {
        let hash = policy.hash();
        if self.kept.lock().unwrap_or_else(PoisonError::into_inner).contains(&hash) {
            return Ok(());
        }
        // Many processes start at once, and most find the policy stored. Reads do not contend; writes would.
        if !matches!(table.policy(&hash).await?, FoundPolicy::Policy(_)) {
            table.keep_policy(&hash, policy).await?;
        }
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(hash);
        Ok(())
    }

    fn first_hash(&self) -> &str {
        self.first_hash.get_or_init(|| self.first.hash())
    }
}
