//! The settings of a function: names and endpoints, never a secret. Only this module reads the environment.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::policy::Policy;
use thiserror::Error;

use crate::secrets::SecretNames;

/// The project's own policies, by name (R28).
const POLICIES: [(&str, &str); 3] = [
    ("add-to-cart-backorder", include_str!("../../../../infra/policies/add-to-cart-backorder.toml")),
    ("bodybuilding", include_str!("../../../../infra/policies/bodybuilding.toml")),
    ("ledriven", include_str!("../../../../infra/policies/ledriven.toml")),
];

/// The settings of a function.
#[derive(Clone)]
pub struct Settings {
    /// The stack's name. It separates the metrics of two shops in one account.
    pub stack: String,
    /// The table's name.
    pub table: String,
    /// The URL of the queue of products to fill.
    pub fill_queue: String,
    /// The URL of the queue of mails to send.
    pub email_queue: String,
    /// The URL of the queue of products whose backlog ends.
    pub end_line_queue: String,
    /// The URL of the queue of refunds to pay.
    pub refund_queue: String,
    /// The URL of the queue of messages from the contact form.
    pub inbound_queue: String,
    /// The URL of the queue of stream records that failed permanently.
    pub record_dead_letters: String,
    /// The URLs of the dead-letter queues that this function measures, by their names in the template.
    pub dead_letters: BTreeMap<String, String>,
    /// The domain of reply addresses (R13).
    pub reply_domain: String,
    /// The configuration set of mails, which reports their delivery (R24).
    pub configuration_set: String,
    /// The most functions that send mails at once; each uses its share of the account's rate.
    pub mail_senders: u32,
    /// The bucket of inbound mails.
    pub inbound_mails: String,
    /// The URL of the shop's page for an order, without the fragment after `#`.
    pub status_url: String,
    /// The URL of the payment provider's API.
    pub stripe_url: String,
    /// The names of the function's secrets.
    pub secrets: SecretNames,
    /// The age at which a gap is closed.
    pub gap_grace: Duration,
    /// The policy in force until the shop sets one.
    pub first_policy: Policy,
}

/// Everything that is missing or wrong.
#[derive(Debug, Error)]
#[error("the environment is incomplete: {}; template.yaml has the variables of each function", .0.join("; "))]
pub struct SettingsError(pub Vec<String>);

impl Settings {
    /// Reads the variables of an environment. The error names everything that is missing or wrong.
    pub fn from_pairs(environment: &BTreeMap<String, String>) -> Result<Self, SettingsError> {
        let mut errors = Vec::new();
        let text = |name: &str| environment.get(name).cloned().unwrap_or_default();
        for name in ["STACK_NAME", "TABLE_NAME", "POLICY"] {
            if text(name).is_empty() {
                errors.push(format!("{name} is missing"));
            }
        }
        let grace = text("HOLE_GRACE_SECONDS");
        let gap_grace = if grace.is_empty() { Ok(60) } else { grace.parse::<u64>() };
        let gap_grace = gap_grace.map_err(|_| errors.push("HOLE_GRACE_SECONDS must be whole seconds".to_owned()));
        let senders = text("MAIL_SENDERS");
        let mail_senders = if senders.is_empty() { Ok(2) } else { senders.parse::<u32>() };
        let mail_senders = mail_senders.map_err(|_| errors.push("MAIL_SENDERS must be a whole number".to_owned()));
        let policy = policy(&text("POLICY")).map_err(|mut wrong| errors.append(&mut wrong));
        let (Ok(gap_grace), Ok(mail_senders), Ok(policy), true) = (gap_grace, mail_senders, policy, errors.is_empty())
        else {
            return Err(SettingsError(errors));
        };
        Ok(Self {
            stack: text("STACK_NAME"),
            table: text("TABLE_NAME"),
            fill_queue: text("FILL_QUEUE_URL"),
            email_queue: text("EMAIL_QUEUE_URL"),
            end_line_queue: text("END_LINE_QUEUE_URL"),
            refund_queue: text("REFUND_QUEUE_URL"),
            inbound_queue: text("INBOUND_QUEUE_URL"),
            record_dead_letters: text("RECORD_DEAD_LETTERS_URL"),
            dead_letters: dead_letters(environment),
            reply_domain: text("REPLY_DOMAIN").to_ascii_lowercase(),
            configuration_set: text("MAIL_CONFIGURATION"),
            mail_senders,
            inbound_mails: text("INBOUND_MAILS"),
            status_url: text("STATUS_URL"),
            stripe_url: text("STRIPE_URL"),
            secrets: SecretNames {
                token: text("TOKEN_SECRET"),
                identity: text("IDENTITY_SECRET"),
                payment: text("STRIPE_SECRET"),
            },
            gap_grace: Duration::from_secs(gap_grace),
            first_policy: policy,
        })
    }
}

/// The dead-letter queues by their names in the template: `EMAIL_DEAD_LETTERS_URL` is `EmailDeadLetters`.
fn dead_letters(environment: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let capital = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or_default();
        format!("{first}{}", rest.to_ascii_lowercase())
    };
    let named = environment.iter().filter_map(|(name, url)| Some((name.strip_suffix("_URL")?, url)));
    let named = named.filter(|(name, _)| name.ends_with("_DEAD_LETTERS"));
    named.map(|(name, url)| (name.split('_').map(capital).collect(), url.clone())).collect()
}

/// The environment of this process.
#[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
pub fn environment() -> BTreeMap<String, String> {
    std::env::vars().collect()
}

fn policy(name: &str) -> Result<Policy, Vec<String>> {
    let known = || POLICIES.map(|(name, _)| name).join(", ");
    let Some((_, text)) = POLICIES.iter().find(|(known, _)| *known == name) else {
        return Err(vec![format!("POLICY must be one of {}", known())]);
    };
    let policy: Policy = toml::from_str(text).map_err(|error| vec![format!("policy {name}: {error}")])?;
    let errors = policy.errors();
    let said = errors.list().iter().map(|error| format!("policy {name}: {}: {}", error.field, error.message));
    if errors.list().is_empty() { Ok(policy) } else { Err(said.collect()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_that_comes_with_the_project_may_be_used() {
        for (name, _) in POLICIES {
            assert!(policy(name).is_ok(), "{name}: {:?}", policy(name));
        }
    }

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let environment = [("HOLE_GRACE_SECONDS".to_owned(), "long".to_owned())].into();
        let error = Settings::from_pairs(&environment).map(|_| ()).unwrap_err();
        for name in ["STACK_NAME", "TABLE_NAME", "POLICY", "HOLE_GRACE_SECONDS"] {
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}
