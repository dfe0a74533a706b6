//! The shop's secrets, read from Secrets Manager and kept for five minutes: a rotation needs no deployment. While
//! Secrets Manager fails, the last values stay in use.

use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use domain::identity::IdentityKey;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::clock::Clock;
use crate::lazily::Lazily;
use crate::service_error::ServiceError;

const SERVICE: &str = "Secrets Manager";
/// How long a value is used after it was read.
const KEPT: SignedDuration = SignedDuration::from_mins(5);
/// The least time between two reads of a secret whose value is known. A read that failed for good does not count. The
/// pause bounds the calls that forged tokens, refused payment keys and outages cause.
const PAUSE: SignedDuration = SignedDuration::from_secs(20);
/// The timeout of one try of a read.
pub(crate) const TRY_TIMEOUT: Duration = Duration::from_secs(2);
/// The fewest bytes of a key, as HMAC-SHA-256 requires.
const MIN_KEY_LEN: usize = 32;

/// The names or ARNs of a function's secrets; empty for unused secrets.
#[derive(Clone, Debug, Default)]
pub struct SecretNames {
    /// The key that signs and verifies tokens. It may rotate: the previous key still verifies.
    pub token: String,
    /// The key that hashes order numbers and addresses. It never rotates.
    pub identity: String,
    /// The payment provider's key.
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

    /// Reads all secrets over one connection before the first request. After a failure, the first use reads the secret.
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

    /// The key that signs tokens. A key shorter than 32 bytes is an error.
    pub async fn signing_key(&self) -> Result<String, ServiceError> {
        long_enough(self.value(&self.token, KEPT).await?)
    }

    /// The keys that verify a token, the present one first.
    pub async fn checking_keys(&self) -> Result<Vec<String>, ServiceError> {
        self.keys(KEPT).await
    }

    /// The keys that verify a token, read at most 20 seconds ago: for a token that the known keys do not verify.
    pub async fn checking_keys_anew(&self) -> Result<Vec<String>, ServiceError> {
        self.keys(PAUSE).await
    }

    async fn keys(&self, age: SignedDuration) -> Result<Vec<String>, ServiceError> {
        let (present, previous) = tokio::join!(self.value(&self.token, age), self.value(&self.previous_token, age));
        let mut keys = vec![long_enough(present?)?];
        keys.extend(previous?.and_then(|key| long_enough(Some(key)).ok()));
        Ok(keys)
    }

    /// The key that hashes order numbers and addresses.
    pub async fn identity(&self) -> Result<IdentityKey, ServiceError> {
        let key = long_enough(self.value(&self.identity, SignedDuration::MAX).await?)?;
        IdentityKey::new(key).map_err(|error| ServiceError::broken(SERVICE, format!("the identity key {error}")))
    }

    pub(crate) async fn payment_key(&self) -> Result<String, ServiceError> {
        self.value(&self.payment, KEPT).await?.ok_or_else(missing)
    }

    /// The payment provider's key, read at most 20 seconds ago: for use after the provider refused the known key.
    pub(crate) async fn payment_key_anew(&self) -> Result<String, ServiceError> {
        self.value(&self.payment, PAUSE).await?.ok_or_else(missing)
    }

    /// The value of a secret, no older than `age`; `None` if the secret has no such version.
    async fn value(&self, secret: &Secret, age: SignedDuration) -> Result<Option<String>, ServiceError> {
        if secret.name.is_empty() {
            return Err(ServiceError::broken("the environment", "it does not name a secret that this function needs"));
        }
        let now = self.clock.now();
        // The lock is held during the read, so concurrent callers wait for one read.
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
                tracing::warn!(%failure, "a secret could not be read again; the last value stays in use");
                kept.tried_at = now;
                Ok(kept.value.clone())
            }
            (Err(failure), _) => Err(failure),
        }
    }

    async fn read(&self, secret: &Secret) -> Result<Option<String>, ServiceError> {
        let asked = self.client.get_secret_value().secret_id(&secret.name).version_stage(secret.stage.word());
        match asked.send().await {
            Ok(answer) => Ok(answer.secret_string),
            Err(error)
                if matches!(error.as_service_error(), Some(GetSecretValueError::ResourceNotFoundException(_))) =>
            {
                match secret.stage {
                    Stage::Previous => Ok(None),
                    Stage::Current => Err(ServiceError::broken(SERVICE, "there is no such secret, or it has no value")),
                }
            }
            Err(error) => Err(ServiceError::from_sdk(SERVICE, &error)),
        }
    }
}

fn earliest(now: Timestamp, age: SignedDuration) -> Timestamp {
    now.saturating_sub(age).unwrap_or(Timestamp::MIN)
}

fn missing() -> ServiceError {
    ServiceError::broken(SERVICE, "the secret has no text")
}

fn long_enough(key: Option<String>) -> Result<String, ServiceError> {
    let key = key.ok_or_else(missing)?;
    if key.len() < MIN_KEY_LEN {
        return Err(ServiceError::broken(SERVICE, format!("a key has fewer than {MIN_KEY_LEN} bytes")));
    }
    Ok(key)
}

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
    read_at: Timestamp,
    /// The last read that succeeded, or failed in a way that may pass.
    tried_at: Timestamp,
    value: Option<String>,
}
