//! InboundQueue: reads customers' messages, cancels orders if the intent is certain, and gives the rest to staff (R13).

pub mod html;
pub mod intent;
pub mod judgement;
pub mod machine;
pub mod message;
pub mod own_words;
pub mod verdicts;

mod acting;
mod arrival;

use aws::{App, CorrelationId, ServiceError, messages};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use lambda_runtime::Error;
use use_cases::RetryableError;

use arrival::Arrival;

/// Handles each message: a stored mail or a message of the contact form. The queue delivers failed messages again.
pub async fn handle(app: &App, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let app = app.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let work =
        async |app: &App, message: &SqsMessage| handle_message(app, message.body.as_deref().unwrap_or_default()).await;
    let again = |message_id: &str, error: &RetryableError| {
        tracing::warn!(message_id, %error, "an inbound message will be tried again");
    };
    Ok(messages::each(&app, event, again, work).await)
}

async fn handle_message(app: &App, body: &str) -> Result<(), RetryableError> {
    let broken = |why: serde_json::Error| ServiceError::Broken { service: "the inbound queue", why: why.to_string() };
    match serde_json::from_str(body).map_err(broken)? {
        Arrival::Mail(stored) => acting::on_mail(app, &stored).await,
        Arrival::Form(message) => acting::on_form(app, &message).await,
    }
}
