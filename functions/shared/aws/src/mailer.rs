//! The mailer: SES v2. It sends each mail in one call without retries. Callers wait for their turn with [`Pace`].

mod pace;
mod sender;

use std::sync::Arc;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::Config;
use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use thiserror::Error;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::lazily::Lazily;
use crate::service_error::ServiceError;
use crate::settings::Settings;
pub use pace::Pace;
use pace::Rate;

const SERVICE: &str = "the mailer";

/// A mail that is ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingMail {
    /// The shop's name: any text, which the mailer escapes.
    pub sender_name: String,
    /// The sender's address.
    pub sender: String,
    /// The address for replies (R13).
    pub reply_to: String,
    /// The recipient's address.
    pub to: String,
    /// The subject: one line.
    pub subject: String,
    /// The body in plain text.
    pub text: String,
    /// The body in HTML.
    pub html: String,
    /// The template's name, for delivery events (R24): letters, digits, `_` and `-`.
    pub kind: String,
    /// The order.
    pub order_id: String,
    /// Identifies the mail among the order's mails of this kind; see [`domain::mailing::MissedMail::tag`].
    pub tag: String,
    /// Whether this mail answers a mail of the customer.
    pub answers: bool,
}

/// Why the mailer did not accept a mail.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SendError {
    /// Too many mails a second. The same mail may be sent a moment later.
    #[error("the mailer takes no more mails this second: {0}")]
    TooFast(String),
    /// The outcome is unknown, so the mail may have been sent. The caller may send it again a moment later.
    #[error("the mailer is not available: {0}")]
    Unavailable(String),
    /// The mailer accepts no mail of this shop: the day's quota is used up, the account is paused, or the setup is
    /// wrong. The mail can be sent after the cause is gone.
    #[error("the mailer is closed to the shop: {0}")]
    Closed(String),
    /// The mailer refuses this mail. A repeat without a change would fail again.
    #[error("the mailer refuses the mail: {0}")]
    Refused(String),
}

/// The client of the mailer. Clones share the known rate of the account.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: Lazily<Client>,
    configuration_set: Option<String>,
    senders: u32,
    rate: Arc<Mutex<Option<Rate>>>,
}

impl Mailer {
    /// Makes a mailer from an SDK client.
    pub fn new(client: Lazily<Client>, settings: &Settings) -> Self {
        let configuration_set = Some(settings.configuration_set.clone()).filter(|name| !name.is_empty());
        Self { client, configuration_set, senders: settings.mail_senders, rate: Arc::default() }
    }

    /// Makes the pace of one sender, starting now. The account's rate is kept for 15 minutes.
    pub async fn pace(&self) -> Pace {
        // The lock is held during the call, so concurrent callers wait for one call.
        let mut known = self.rate.lock().await;
        let before = *known;
        let rate = match before.filter(|rate| rate.holds(Instant::now())) {
            Some(rate) => rate,
            None => *known.insert(self.ask(before).await),
        };
        Pace::new(rate.a_second, self.senders)
    }

    async fn ask(&self, before: Option<Rate>) -> Rate {
        match self.client.get_account().send().await {
            Ok(account) => {
                Rate::from_quota(account.send_quota.map_or(0.0, |quota| quota.max_send_rate), Instant::now())
            }
            Err(error) => {
                let failure = ServiceError::from_sdk(SERVICE, &error);
                let rate = Rate::assumed(before, Instant::now());
                tracing::warn!(%failure, a_second = rate.a_second, "the account's rate could not be read");
                rate
            }
        }
    }

    /// Sends a mail in one call and returns the mailer's id of the mail. A repeat sends the mail again.
    pub async fn send(&self, mail: &OutgoingMail) -> Result<String, SendError> {
        let unfit = |error: aws_sdk_sesv2::error::BuildError| SendError::Refused(error.to_string());
        let tag = |name: &str, value: &str| MessageTag::builder().name(name).value(value).build().map_err(unfit);
        let asked = self
            .client
            .send_email()
            .from_email_address(sender::mailbox(&mail.sender_name, &mail.sender))
            .reply_to_addresses(&mail.reply_to)
            .destination(Destination::builder().to_addresses(&mail.to).build())
            .content(EmailContent::builder().simple(message(mail).map_err(unfit)?).build())
            .set_configuration_set_name(self.configuration_set.clone())
            .email_tags(tag("kind", &mail.kind)?)
            .email_tags(tag("order_id", &mail.order_id)?)
            .email_tags(tag("mail", &mail.tag)?)
            .customize()
            // Each try needs a turn of its own, so the SDK does not retry.
            .config_override(Config::builder().retry_config(RetryConfig::disabled()));
        let sent = asked.send().await.map_err(|error| not_taken(&error))?;
        Ok(sent.message_id.unwrap_or_default())
    }
}

fn message(mail: &OutgoingMail) -> Result<Message, aws_sdk_sesv2::error::BuildError> {
    let part = |data: &str| Content::builder().data(data).charset("UTF-8").build();
    let header = |name: &str, value: &str| MessageHeader::builder().name(name).value(value).build();
    // RFC 3834: mail programs send no automatic answer to such a mail. Exchange has its own header for this.
    let automatic = header("Auto-Submitted", if mail.answers { "auto-replied" } else { "auto-generated" })?;
    Ok(Message::builder()
        .subject(part(&mail.subject)?)
        .body(Body::builder().text(part(&mail.text)?).html(part(&mail.html)?).build())
        .headers(automatic)
        .headers(header("X-Auto-Response-Suppress", "All")?)
        .build())
}

fn not_taken<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> SendError {
    let SdkError::ServiceError(context) = error else {
        return match error {
            SdkError::ConstructionFailure(_) => SendError::Refused("the request could not be made".to_owned()),
            other => SendError::Unavailable(ServiceError::from_sdk(SERVICE, other).to_string()),
        };
    };
    let code = context.err().code().unwrap_or("unknown").to_owned();
    // The message may contain an address, so it is not logged.
    let said = context.err().message().unwrap_or_default();
    match code.as_str() {
        "TooManyRequestsException" | "ThrottlingException" | "Throttling" if said.contains("Daily") => {
            SendError::Closed("the day's quota is used up".to_owned())
        }
        "TooManyRequestsException" | "ThrottlingException" | "Throttling" => SendError::TooFast(code),
        // The unverified address is the shop's or, in the sandbox, the customer's.
        "MessageRejected" if said.contains("not verified") => {
            SendError::Closed("an address is not verified".to_owned())
        }
        "MessageRejected" | "BadRequestException" => SendError::Refused(code),
        "AccountSuspendedException"
        | "SendingPausedException"
        | "MailFromDomainNotVerifiedException"
        | "LimitExceededException"
        | "NotFoundException"
        | "AccessDeniedException"
        | "UnrecognizedClientException" => SendError::Closed(code),
        _ => SendError::Unavailable(code),
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::error::metadata::ErrorMetadata;

    use super::*;

    fn heard(code: &str, message: &str) -> SendError {
        let error = ErrorMetadata::builder().code(code).message(message).build();
        not_taken(&SdkError::service_error(error, ()))
    }

    #[test]
    fn what_is_the_mails_own_fault_is_told_from_what_concerns_the_account_and_what_passes() {
        let too_fast = heard("TooManyRequestsException", "Maximum sending rate exceeded.");
        assert!(matches!(too_fast, SendError::TooFast(_)), "{too_fast}");
        for (code, message) in [
            ("TooManyRequestsException", "Daily message quota exceeded."),
            ("LimitExceededException", ""),
            ("AccountSuspendedException", ""),
            ("SendingPausedException", ""),
            ("MailFromDomainNotVerifiedException", ""),
            ("NotFoundException", "Configuration set <x> does not exist."),
            ("AccessDeniedException", ""),
            ("MessageRejected", "Email address is not verified. The following identities failed: ann@example.com"),
        ] {
            let closed = heard(code, message);
            assert!(matches!(closed, SendError::Closed(_)), "{code}: {closed}");
            assert!(!closed.to_string().contains('@'), "no address goes into the log: {closed}");
        }
        for code in ["MessageRejected", "BadRequestException"] {
            assert!(matches!(heard(code, "Invalid domain name"), SendError::Refused(_)), "{code}");
        }
        for code in ["InternalFailure", "ServiceUnavailable", "unheard of"] {
            assert!(matches!(heard(code, ""), SendError::Unavailable(_)), "{code}");
        }
    }
}
