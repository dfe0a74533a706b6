//! PUT and GET /policy: the shop's policy. It is checked as a whole; a faulty policy changes nothing (R26, R28).

use aws::App;
use contract::caller::Caller;
use contract::token::Scope;
use contract::{Problem, answer, policy};
use domain::policy::Policy;
use lambda_http::http::Method;
use lambda_http::{Body, Request, Response};
use serde_json::json;
use use_cases::policy::set_policy;

/// Sets the shop's policy, or returns the present policy.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    match *request.method() {
        Method::PUT => set(app, request).await,
        _ => show(app, request).await,
    }
}

async fn set(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Policy)?;
    let policy = policy::body(request)?;
    set_policy(app, &policy).await?;
    shown(&policy)
}

async fn show(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_be_shop()?;
    shown(&*app.policy_anew().await?)
}

fn shown(policy: &Policy) -> Result<Response<Body>, Problem> {
    answer::json(200, &json!({ "hash": policy.hash(), "policy": policy }))
}
