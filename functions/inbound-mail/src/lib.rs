//! InboundQueue: reads what customers write, cancels where that is sure, and hands the rest to staff (R13).

pub mod html;
pub mod intent;
pub mod judgement;
pub mod letter;
pub mod machine;
pub mod own_words;
pub mod verdicts;

mod acting;
mod arrival;

use aws::{CorrelationId, Failure, Shop, messages};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use lambda_runtime::Error;
use use_cases::Trouble;

use arrival::Arrival;

/// Handles each message: a mail that was stored, or a message of the contact form. Those that fail come again.
pub async fn handle(shop: &Shop, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let shop = shop.invoked(env!("CARGO_PKG_NAME"), CorrelationId::new());
    let one = async |shop: &Shop, message: &SqsMessage| one(shop, message.body.as_deref().unwrap_or_default()).await;
    let again = |message_id: &str, trouble: &Trouble| {
        tracing::warn!(message_id, %trouble, "what somebody wrote will be read again");
    };
    Ok(messages::each(&shop, event, again, one).await)
}

async fn one(shop: &Shop, body: &str) -> Result<(), Trouble> {
    let broken = |why: serde_json::Error| Failure::Broken { service: "the inbound queue", why: why.to_string() };
    match serde_json::from_str(body).map_err(broken)? {
        Arrival::Mail(stored) => acting::on_mail(shop, &stored).await,
        Arrival::Form(message) => acting::on_form(shop, &message).await,
    }
}
