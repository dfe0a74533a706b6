//! The mail endpoints below `/_local`: incoming mail, replies to mails of the inbox, and events of SES. `ses` does the work.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use serde_json::{Value, json};

use super::front::HttpState;
use super::local::{HandlerResult, broken, param, read};
use super::problem::{Problem, json_response};
use crate::bus::deliveries;
use crate::ses::{self, ComposedMail, Verdicts, verdicts};
use crate::state::Handover;

/// `POST /_local/mail`: receives a raw mail (RFC 5322). `from=` and `to=` replace the envelope from its headers. `spf=`, `dkim=`,
/// `dmarc=`, `spam=` and `virus=` set SES's verdicts (`pass`, `fail` or `gray`).
pub(super) async fn come_in(State(shop): State<Arc<HttpState>>, uri: Uri, body: Bytes) -> HandlerResult {
    let verdicts = verdicts(|name| param(&uri, name)).map_err(|(name, why)| Problem::invalid(name, why))?;
    if body.is_empty() {
        return Err(Problem::invalid("body", "The mail is empty. It needs headers at least."));
    }
    take_in(&shop, &ComposedMail::new(&body, param(&uri, "from"), param(&uri, "to")), &verdicts).await
}

/// `POST /_local/reply?message_id=…`: the customer replies to a mail in the inbox, with the body as text.
pub(super) async fn reply(State(shop): State<Arc<HttpState>>, uri: Uri, body: Bytes) -> HandlerResult {
    let id = param(&uri, "message_id").unwrap_or_default();
    let mail = shop.backend.state.mail(&id).map_err(broken)?;
    let mail = mail.ok_or_else(|| Problem::invalid("message_id", "No mail in the inbox has this id."))?;
    let composed = ComposedMail::reply(&mail, &String::from_utf8_lossy(&body), shop.backend.clock.now_millis());
    take_in(&shop, &composed, &Verdicts::default()).await
}

async fn take_in(shop: &HttpState, composed: &ComposedMail, verdicts: &Verdicts) -> HandlerResult {
    let _gate = shop.backend.gate.read().await;
    match ses::receive(&shop.backend, composed, verdicts).map_err(broken)? {
        Some((message_id, key)) => Ok(json_response(&json!({ "message_id": message_id, "key": key }))),
        None => Err(Problem::invalid("to", format!("No receipt rule takes mail to {:?}.", composed.recipient))),
    }
}

/// `POST /_local/mail-events`: an event of SES, with or without the envelope of the bus.
pub(super) async fn receive_event(State(shop): State<Arc<HttpState>>, body: Bytes) -> HandlerResult {
    let event: Value = read(&body)?;
    let now = shop.backend.clock.now_millis();
    let event = if event.get("detail-type").is_some() { event } else { ses::wrapped(event, now) };
    let _gate = shop.backend.gate.read().await;
    let messages = deliveries(&shop.backend.template, &event);
    if messages.is_empty() {
        return Err(Problem::invalid("body", "No rule of the template takes this event."));
    }
    let queues: Vec<&str> = messages.iter().map(|(queue, _)| queue.name.as_str()).collect();
    let answer = json_response(&json!({ "queues": queues }));
    shop.backend.hand_over(&Handover { messages, ..Handover::default() }, now).map_err(broken)?;
    Ok(answer)
}
