//! GET /orders/{id} and POST /orders/search: the present state of orders.

use aws::App;
use contract::caller::Caller;
use contract::search::SearchBody;
use contract::token::Scope;
use contract::{Code, Problem, answer, order, read};
use lambda_http::http::Method;
use lambda_http::{Body, Request, Response};
use serde_json::json;
use use_cases::queries::order_now;

/// The number of orders on one page of a search.
const PAGE: i32 = 20;

/// Returns one order, or the orders of one e-mail address.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    match *request.method() {
        Method::POST => search(app, request).await,
        _ => order_status(app, request).await,
    }
}

async fn order_status(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    let id = read::order_id(request)?;
    let caller = Caller::from_request(request);
    caller.must_have_order(&id)?;
    let stored = app.table.order(&id).await?;
    let stored = stored.ok_or_else(|| Problem::new(Code::NotFound, "there is no such order"))?;
    answer::json(200, &order::view(&order_now(app, &stored.order).await?, caller.is_shop()))
}

async fn search(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Orders)?;
    let search = read::body::<SearchBody>(request)?.checked()?;
    let hash = app.secrets.identity().await?.email_hash(&search.email);
    let found = app.table.by_email(&hash, search.after.as_ref(), PAGE).await?;
    let ids: Vec<_> = found.iter().map(|(_, id)| id.clone()).collect();
    let mut stored = app.table.orders(&ids).await?;
    stored.sort_by_key(|stored| ids.iter().position(|id| *id == stored.order.order_id));
    let mut orders = Vec::with_capacity(stored.len());
    for stored in &stored {
        orders.push(order::view(&order_now(app, &stored.order).await?, true));
    }
    let full = usize::try_from(PAGE).is_ok_and(|page| found.len() == page);
    let next = found.last().filter(|_| full).map(|(started, id)| format!("{started}#{id}"));
    answer::json(200, &json!({ "orders": orders, "next": next }))
}
