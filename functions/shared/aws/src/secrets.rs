//! The shop's secrets, read from Secrets Manager and kept for a few minutes, so that a rotation is noticed without a
//! deployment. While Secrets Manager can't be reached, what was read last goes on serving.

use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use domain::identity::IdentityKey;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::clock::Clock;
use crate::failure::Failure;
use crate::lazily::Lazily;

const SERVICE: &str = "Secrets Manager";
/// How long a secret is taken as it was read.
const KEPT: SignedDuration = SignedDuration::from_mins(5);
/// The least time between two readings: neither a forged token nor an outage makes more calls than this.
const PAUSE: SignedDuration = SignedDuration::from_secs(20);
/// How long one try of a reading may take.
pub(crate) const TRY_TIMEOUT: Duration = Duration::from_secs(2);
/// The fewest bytes of a key: what HMAC-SHA-256 asks for.
const SHORTEST_KEY: usize = 32;

/// The names (or ARNs) of a function's secrets; empty for one that it is not told of.
#[derive(Clone, Debug, Default)]
pub struct SecretNames {
    /// Signs and checks tokens. It may rotate: what it was before still checks.
    pub token: String,
    /// Behind order numbers and address hashes. It never rotates.
    pub identity: String,
    /// The payment provider's.
    pub payment: String,
}

/// The secrets of one function.
pub struct Secrets {
    client: Lazily<Client>,
    clock: Clock,
    token: Secret,
    previous_token: Secret,
    identity: Secret,
    payment: Secret,
}

impl Secrets {
    /// Reads nothing yet.
    pub(crate) fn new(client: Lazily<Client>, clock: Clock, names: &SecretNames) -> Self {
        Self {
            client,
            clock,
            token: Secret::new(&names.token, Stage::Current),
            previous_token: Secret::new(&names.token, Stage::Previous),
            identity: Secret::new(&names.identity, Stage::Current),
            payment: Secret::new(&names.payment, Stage::Current),
        }
    }

    /// Reads what the function was told of, one after the other over one connection, so that its first request need not
    /// wait for it. What fails here is read again when it is needed.
    pub async fn read_ahead(&self) {
        for secret in [&self.token, &self.identity, &self.payment] {
            if !secret.name.is_empty()
                && let Err(failure) = self.value(secret, KEPT).await
            {
                tracing::warn!(%failure, "a secret could not be read ahead");
                return;
            }
        }
    }

    /// The key that signs tokens.
    ///
    /// # Errors
    /// Where it can't be read, or is shorter than 32 bytes.
    pub async fn signing_key(&self) -> Result<String, Failure> {
        long_enough(self.value(&self.token, KEPT).await?)
    }

    /// The keys that a token may be signed with, the present one first.
    ///
    /// # Errors
    /// Where the present one can't be read.
    pub async fn checking_keys(&self) -> Result<Vec<String>, Failure> {
        self.keys(KEPT).await
    }

    /// The same, read again where they were not read just now: for a token that does not hold under the ones known.
    ///
    /// # Errors
    /// Where the present one can't be read.
    pub async fn checking_keys_anew(&self) -> Result<Vec<String>, Failure> {
        self.keys(PAUSE).await
    }

    async fn keys(&self, age: SignedDuration) -> Result<Vec<String>, Failure> {
        let (present, previous) = tokio::join!(self.value(&self.token, age), self.value(&self.previous_token, age));
        let mut keys = vec![long_enough(present?)?];
        keys.extend(previous?.and_then(|key| long_enough(Some(key)).ok()));
        Ok(keys)
    }

    /// The key behind order numbers and address hashes.
    ///
    /// # Errors
    /// Where it can't be read, or is too short.
    pub async fn identity(&self) -> Result<IdentityKey, Failure> {
        let key = long_enough(self.value(&self.identity, SignedDuration::MAX).await?)?;
        IdentityKey::new(key).map_err(|fault| Failure::broken(SERVICE, format!("the identity key {fault}")))
    }

    /// The payment provider's key.
    ///
    /// # Errors
    /// Where it can't be read.
    pub(crate) async fn payment_key(&self) -> Result<String, Failure> {
        self.value(&self.payment, KEPT).await?.ok_or_else(missing)
    }

    /// The same, read again where it was not read just now: for a key that the provider does not take.
    ///
    /// # Errors
    /// Where it can't be read.
    pub(crate) async fn payment_key_anew(&self) -> Result<String, Failure> {
        self.value(&self.payment, PAUSE).await?.ok_or_else(missing)
    }

    /// What the secret holds, no older than `age`; `None` where it has no such version.
    async fn value(&self, secret: &Secret, age: SignedDuration) -> Result<Option<String>, Failure> {
        if secret.name.is_empty() {
            return Err(Failure::broken("the environment", "this function is not told of the secret that it needs"));
        }
        let now = self.clock.now();
        // Held while it is read: those who want the same wait for one reading.
        let mut kept = secret.kept.lock().await;
        let fresh = |kept: &&Kept| kept.read_at >= earliest(now, age) || kept.tried_at >= earliest(now, PAUSE);
        if let Some(kept) = kept.as_ref().filter(fresh) {
            return Ok(kept.value.clone());
        }
        match (self.read(secret).await, kept.as_mut()) {
            (Ok(value), _) => {
                *kept = Some(Kept { read_at: now, tried_at: now, value: value.clone() });
                Ok(value)
            }
            (Err(failure), Some(kept)) if failure.passing() => {
                tracing::warn!(%failure, "a secret could not be read again; what was read before goes on serving");
                kept.tried_at = now;
                Ok(kept.value.clone())
            }
            (Err(failure), _) => Err(failure),
        }
    }

    async fn read(&self, secret: &Secret) -> Result<Option<String>, Failure> {
        let asked = self.client.get_secret_value().secret_id(&secret.name).version_stage(secret.stage.word());
        match asked.send().await {
            Ok(answer) => Ok(answer.secret_string),
            Err(error)
                if matches!(error.as_service_error(), Some(GetSecretValueError::ResourceNotFoundException(_))) =>
            {
                match secret.stage {
                    Stage::Previous => Ok(None),
                    Stage::Current => Err(Failure::broken(SERVICE, "there is no such secret, or it has no value")),
                }
            }
            Err(error) => Err(Failure::of(SERVICE, &error)),
        }
    }
}

fn earliest(now: Timestamp, age: SignedDuration) -> Timestamp {
    now.saturating_sub(age).unwrap_or(Timestamp::MIN)
}

fn missing() -> Failure {
    Failure::broken(SERVICE, "the secret has no text")
}

fn long_enough(key: Option<String>) -> Result<String, Failure> {
    let key = key.ok_or_else(missing)?;
    if key.len() < SHORTEST_KEY {
        return Err(Failure::broken(SERVICE, format!("a key has fewer than {SHORTEST_KEY} bytes")));
    }
    Ok(key)
}

/// Which version of a secret.
#[derive(Clone, Copy)]
enum Stage {
    Current,
    Previous,
}

impl Stage {
    fn word(self) -> &'static str {
        match self {
            Self::Current => "AWSCURRENT",
            Self::Previous => "AWSPREVIOUS",
        }
    }
}

struct Secret {
    name: String,
    stage: Stage,
    kept: Mutex<Option<Kept>>,
}

impl Secret {
    fn new(name: &str, stage: Stage) -> Self {
        Self { name: name.to_owned(), stage, kept: Mutex::new(None) }
    }
}

struct Kept {
    /// When it was read last.
    read_at: Timestamp,
    /// When somebody last tried to.
    tried_at: Timestamp,
    value: Option<String>,
}
