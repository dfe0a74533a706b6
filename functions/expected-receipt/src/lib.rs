//! PUT /products/{sku}/expected-receipts/{id} and GET /products/{sku}/expected-receipts: goods that a supplier
//! announced. They change estimates (R17, R19), never the stock.

use aws::App;
use aws::table::WriteError;
use contract::caller::Caller;
use contract::expected::{ExpectedBody, view};
use contract::token::Scope;
use contract::{Code, Problem, answer, read};
use domain::expected::{ExpectedReceipt, MAX_EXPECTED};
use jiff::civil::Date;
use lambda_http::http::Method;
use lambda_http::{Body, Request, RequestExt, Response};
use serde_json::{Value, json};
use use_cases::retry::Tries;

/// The most tries while other writes change the same receipt.
const TRIES: u32 = 14;

/// Puts or withdraws an expected receipt, or lists the expected receipts of a product.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    match *request.method() {
        Method::PUT => put(app, request).await,
        _ => list(app, request).await,
    }
}

async fn put(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Stock)?;
    let (sku, today) = (read::sku(request)?, today(app).await?);
    let id = request.path_parameters().first("id").unwrap_or_default().to_owned();
    let receipt = read::body::<ExpectedBody>(request)?.checked(sku, &id, today)?;
    product(app, &receipt.sku).await?;
    let expected = app.table.expected(&receipt.sku).await?;
    let new = receipt.quantity > 0 && !expected.iter().any(|it| it.receipt_id == receipt.receipt_id);
    // Concurrent calls may exceed the limit a little. It only keeps estimates cheap.
    if new && expected.len() >= MAX_EXPECTED {
        let detail = format!("{MAX_EXPECTED} receipts are expected of this product already");
        return Err(Problem::new(Code::TooManyExpected, detail));
    }
    write(app, &receipt).await?;
    answer::json(200, &view(&receipt, today))
}

async fn write(app: &App, receipt: &ExpectedReceipt) -> Result<(), Problem> {
    let mut tries = Tries::new(TRIES);
    loop {
        match app.table.expect(receipt).await {
            Ok(()) => return Ok(()),
            Err(WriteError::Condition(_)) => {
                return Err(Problem::field(Code::IdReused, "id", "its goods were received already"));
            }
            Err(error) => tries.after(error).await?,
        }
    }
}

async fn list(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Stock)?;
    let (sku, today) = (read::sku(request)?, today(app).await?);
    product(app, &sku).await?;
    let expected = app.table.expected(&sku).await?;
    let expected: Vec<Value> = expected.iter().map(|receipt| view(receipt, today)).collect();
    answer::json(200, &json!({ "expected_receipts": expected }))
}

/// Today in the shop's time zone.
async fn today(app: &App) -> Result<Date, Problem> {
    Ok(app.policy().await?.calendar.day_of(app.clock.now()))
}

async fn product(app: &App, sku: &domain::names::Sku) -> Result<(), Problem> {
    let unknown = || Problem::new(Code::NotFound, "there is no such product");
    app.table.product(sku).await?.map(drop).ok_or_else(unknown)
}
