//! The shop's functions in this process: the same handlers that run on Lambda, by their names in the template, with events and
//! answers in Lambda's JSON and the environment that the template gives each. An error is a text that names what is missing.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use aws::settings::Settings;
use aws::{Shop, account};
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use contract::token::{Claims, Scope, sign};
use domain::identity::OrderId;
use domain::policy::Policy;
use jiff::SignedDuration;
use lambda_http::request::LambdaRequest;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::http::TokenFor;
use crate::invoke::Functions;
use crate::processes;
use crate::stack::{Surroundings, Wiring};

/// Which connector carries the calls of a function, by its name.
pub type Wires = dyn Fn(&str) -> SharedHttpConnector + Send + Sync;

/// Makes the functions for what is around them, over one plain connector.
pub async fn wire(around: Surroundings) -> Result<Wiring, String> {
    wire_with_policy(around, None).await
}

/// Makes the functions as [`wire`] does. The policy, where there is one, takes the place of the template's: it holds until
/// the shop sets another with `PUT /policy`.
///
/// # Errors
/// What is missing, as text.
pub async fn wire_with_policy(around: Surroundings, policy: Option<Policy>) -> Result<Wiring, String> {
    let connector = aws::wire::plain_connector();
    Ok(wiring(&around, shops(&around, &move |_| connector.clone(), policy.as_ref())?))
}

/// Makes the functions for what is around them, each over the connector that `wires` gives it.
pub fn wire_over(around: &Surroundings, wires: &Wires) -> Result<Wiring, String> {
    Ok(wiring(around, shops(around, wires, None)?))
}

fn wiring(around: &Surroundings, shops: BTreeMap<String, Shop>) -> Wiring {
    let shops = Arc::new(shops);
    let (keys, clock) = (Arc::clone(&shops), around.clock.clone());
    let books = around.clone();
    Wiring {
        functions: Functions::new(move |name, event| {
            let (shops, name) = (Arc::clone(&shops), name.to_owned());
            Box::pin(async move {
                let shop = shops.get(&name).ok_or_else(|| format!("the template has no function {name}"))?;
                invoke(shop, &name, event).await
            })
        }),
        token: Box::new(move |whom| {
            let keys = Arc::clone(&keys);
            let end = clock.now().saturating_add(SignedDuration::from_hours(24 * 3650)).unwrap_or(jiff::Timestamp::MAX);
            Box::pin(async move {
                let shop = keys.get("authorize").ok_or("the template has no function authorize")?;
                let key = shop.secrets.signing_key().await.map_err(|failure| failure.to_string())?;
                token(whom, end.as_second(), &key)
            })
        }),
        audit: Box::new(move || {
            let books = books.clone();
            Box::pin(async move { crate::audit::audit(&books) })
        }),
    }
}

/// A shop for each function, told what the template tells it.
fn shops(around: &Surroundings, wires: &Wires, policy: Option<&Policy>) -> Result<BTreeMap<String, Shop>, String> {
    let make = |(name, environment): (&String, &BTreeMap<String, String>)| {
        let mut settings = Settings::from_pairs(environment).map_err(|error| format!("{name}: {error}"))?;
        if let Some(policy) = policy {
            settings.first_policy = policy.clone();
        }
        let account = account::of(&processes::environment(around, name)).map_err(|error| format!("{name}: {error}"))?;
        let shop = Shop::new(settings, around.clock.shop_clock(), &account, &wires(name));
        Ok((name.clone(), shop))
    };
    around.environments.iter().map(make).collect()
}

fn token(whom: TokenFor, exp: i64, key: &str) -> Result<String, String> {
    let claims = match whom {
        TokenFor::Shop(scopes) => {
            let known = Scope::ALL.map(Scope::word);
            if let Some(unknown) = scopes.iter().find(|scope| !known.contains(&scope.as_str())) {
                return Err(format!("there is no scope {unknown}; there are {}", known.join(", ")));
            }
            Claims { scope: Some(scopes.join(" ")), order: None, exp }
        }
        TokenFor::Customer(order) => {
            Claims { scope: None, order: Some(OrderId::parse(&order).map_err(|why| format!("order {why}"))?), exp }
        }
    };
    Ok(sign(&claims, key))
}

/// Invokes a function by its name.
async fn invoke(shop: &Shop, name: &str, event: Value) -> Result<Value, String> {
    match name {
        "authorize" => reacted(authorize::handle(shop, event).await),
        "availability" => http(event, async |request| availability::handle(shop, request).await).await,
        "cancel" => http(event, async |request| cancel::handle(shop, request).await).await,
        "contact" => http(event, async |request| contact::handle(shop, request).await).await,
        "correct-address" => http(event, async |request| correct_address::handle(shop, request).await).await,
        "daily-expiry" => reacted(daily_expiry::handle(shop, read(event)?).await),
        "dispatch" => reacted(dispatch::handle(shop, event).await),
        "end-line" => reacted(end_line::handle(shop, read(event)?).await),
        "expected-receipt" => http(event, async |request| expected_receipt::handle(shop, request).await).await,
        "fill" => reacted(fill::handle(shop, read(event)?).await),
        "inbound-mail" => reacted(inbound_mail::handle(shop, read(event)?).await),
        "line-status" => http(event, async |request| line_status::handle(shop, request).await).await,
        "mail-events" => reacted(mail_events::handle(shop, read(event)?).await),
        "measure-lines" => reacted(measure_lines::handle(shop, event).await),
        "measure-tasks" => reacted(measure_tasks::handle(shop, event).await),
        "order-status" => http(event, async |request| order_status::handle(shop, request).await).await,
        "place-order" => http(event, async |request| place_order::handle(shop, request).await).await,
        "policy" => http(event, async |request| policy::handle(shop, request).await).await,
        "product" => http(event, async |request| product::handle(shop, request).await).await,
        "ready-shipments" => http(event, async |request| ready_shipments::handle(shop, request).await).await,
        "reconcile" => reacted(reconcile::handle(shop, read(event)?).await),
        "refund" => reacted(refund::handle(shop, read(event)?).await),
        "send-email" => reacted(send_email::handle(shop, read(event)?).await),
        "shipment" => http(event, async |request| shipment::handle(shop, request).await).await,
        "staff-tasks" => http(event, async |request| staff_tasks::handle(shop, request).await).await,
        "stock-adjustment" => http(event, async |request| stock_adjustment::handle(shop, request).await).await,
        "stock-arrival" => http(event, async |request| stock_arrival::handle(shop, request).await).await,
        "swap" => http(event, async |request| swap::handle(shop, request).await).await,
        other => Err(format!("{other} is not linked into the local stack")),
    }
}

fn read<T: DeserializeOwned>(event: Value) -> Result<T, String> {
    serde_json::from_value(event).map_err(|error| format!("the event cannot be read: {error}"))
}

fn reacted<T: Serialize, E: std::fmt::Display>(outcome: Result<T, E>) -> Result<Value, String> {
    let answer = outcome.map_err(|error| error.to_string())?;
    serde_json::to_value(answer).map_err(|error| error.to_string())
}

/// Invokes a handler of the HTTP API as the gateway does.
async fn http<F, R>(event: Value, handler: F) -> Result<Value, String>
where
    F: FnOnce(Request) -> R,
    R: Future<Output = Result<Response<Body>, std::convert::Infallible>>,
{
    let request: LambdaRequest = read(event)?;
    let Ok(response) = handler(request.into()).await;
    let headers: BTreeMap<_, _> = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let body = match response.body() {
        Body::Text(text) => text.clone(),
        Body::Binary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        _ => String::new(),
    };
    Ok(json!({
        "statusCode": response.status().as_u16(),
        "headers": headers,
        "body": body,
        "isBase64Encoded": false,
    }))
}
