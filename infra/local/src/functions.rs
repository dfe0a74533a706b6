//! Runs the shop's functions in this process: the same handlers as on Lambda, by their names in the template, with Lambda's JSON
//! and the environment from the template. An error is a text that names what is missing.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws::settings::Settings;
use aws::{App, account};
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use contract::Problem;
use contract::call::answer;
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
use crate::stack::{Bindings, StackEndpoints};

/// Gives the connector for the calls of the function with this name.
pub type Connectors = dyn Fn(&str) -> SharedHttpConnector + Send + Sync;

/// Connects the functions to the stack, all over one plain connector.
pub async fn connect(endpoints: StackEndpoints) -> Result<Bindings, String> {
    wire_with_policy(endpoints, None).await
}

/// As [`connect`]. The given policy replaces the template's until the shop sets another with `PUT /policy`.
pub async fn wire_with_policy(endpoints: StackEndpoints, policy: Option<Policy>) -> Result<Bindings, String> {
    let connector = aws::http_connector::plain_connector();
    Ok(bindings(&endpoints, apps(&endpoints, &move |_| connector.clone(), policy.as_ref())?))
}

/// As [`connect`], but each function uses the connector that `connectors` returns for its name.
pub fn connect_with(endpoints: &StackEndpoints, connectors: &Connectors) -> Result<Bindings, String> {
    Ok(bindings(endpoints, apps(endpoints, connectors, None)?))
}

fn bindings(endpoints: &StackEndpoints, apps: BTreeMap<String, App>) -> Bindings {
    let apps = Arc::new(apps);
    let (keys, clock) = (Arc::clone(&apps), endpoints.clock.clone());
    let endpoints = endpoints.clone();
    Bindings {
        functions: Functions::new(move |name, event| {
            let (apps, name) = (Arc::clone(&apps), name.to_owned());
            Box::pin(async move {
                let app = apps.get(&name).ok_or_else(|| format!("the template has no function {name}"))?;
                invoke(app, &name, event).await
            })
        }),
        token: Box::new(move |subject| {
            let keys = Arc::clone(&keys);
            let end = clock.now().saturating_add(SignedDuration::from_hours(24 * 3650)).unwrap_or(jiff::Timestamp::MAX);
            Box::pin(async move {
                let app = keys.get("authorize").ok_or("the template has no function authorize")?;
                let key = app.secrets.signing_key().await.map_err(|failure| failure.to_string())?;
                token(subject, end.as_second(), &key)
            })
        }),
        audit: Box::new(move || {
            let endpoints = endpoints.clone();
            Box::pin(async move { crate::audit::audit(&endpoints) })
        }),
    }
}

/// An app for each function, with the settings from its environment in the template.
fn apps(
    endpoints: &StackEndpoints,
    connectors: &Connectors,
    policy: Option<&Policy>,
) -> Result<BTreeMap<String, App>, String> {
    let make = |(name, environment): (&String, &BTreeMap<String, String>)| {
        let mut settings = Settings::from_pairs(environment).map_err(|error| format!("{name}: {error}"))?;
        if let Some(policy) = policy {
            settings.first_policy = policy.clone();
        }
        let account = account::sdk_config(&processes::environment(endpoints, name))
            .map_err(|error| format!("{name}: {error}"))?;
        let app = App::new(settings, endpoints.clock.shop_clock(), &account, &connectors(name));
        Ok((name.clone(), app))
    };
    endpoints.environments.iter().map(make).collect()
}

fn token(subject: TokenFor, exp: i64, key: &str) -> Result<String, String> {
    let claims = match subject {
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

async fn invoke(app: &App, name: &str, event: Value) -> Result<Value, String> {
    match name {
        "authorize" => reacted(authorize::handle(app, event).await),
        "availability" => http(app, "availability", event, availability::handle).await,
        "cancel" => http(app, "cancel", event, cancel::handle).await,
        "contact" => http(app, "contact", event, contact::handle).await,
        "correct-address" => http(app, "correct-address", event, correct_address::handle).await,
        "daily-expiry" => reacted(daily_expiry::handle(app, read(event)?).await),
        "dispatch" => reacted(dispatch::handle(app, event).await),
        "end-line" => reacted(end_line::handle(app, read(event)?).await),
        "expected-receipt" => http(app, "expected-receipt", event, expected_receipt::handle).await,
        "fill" => reacted(fill::handle(app, read(event)?).await),
        "inbound-mail" => reacted(inbound_mail::handle(app, read(event)?).await),
        "line-status" => http(app, "line-status", event, line_status::handle).await,
        "mail-events" => reacted(mail_events::handle(app, read(event)?).await),
        "measure-lines" => reacted(measure_lines::handle(app, event).await),
        "measure-tasks" => reacted(measure_tasks::handle(app, event).await),
        "order-status" => http(app, "order-status", event, order_status::handle).await,
        "place-order" => http(app, "place-order", event, place_order::handle).await,
        "policy" => http(app, "policy", event, policy::handle).await,
        "product" => http(app, "product", event, product::handle).await,
        "ready-shipments" => http(app, "ready-shipments", event, ready_shipments::handle).await,
        "reconcile" => reacted(reconcile::handle(app, read(event)?).await),
        "refund" => reacted(refund::handle(app, read(event)?).await),
        "send-email" => reacted(send_email::handle(app, read(event)?).await),
        "shipment" => http(app, "shipment", event, shipment::handle).await,
        "staff-tasks" => http(app, "staff-tasks", event, staff_tasks::handle).await,
        "stock-adjustment" => http(app, "stock-adjustment", event, stock_adjustment::handle).await,
        "stock-arrival" => http(app, "stock-arrival", event, stock_arrival::handle).await,
        "swap" => http(app, "swap", event, swap::handle).await,
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

async fn http(
    app: &App,
    name: &'static str,
    event: Value,
    handler: impl AsyncFnOnce(&App, &Request) -> Result<Response<Body>, Problem>,
) -> Result<Value, String> {
    let request: LambdaRequest = read(event)?;
    let Ok(response) = answer(app, name, request.into(), handler).await;
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
    let status = response.status().as_u16();
    Ok(json!({ "statusCode": status, "headers": headers, "body": body, "isBase64Encoded": false }))
}
