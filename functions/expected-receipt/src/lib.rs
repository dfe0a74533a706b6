//! PUT /products/{sku}/expected-receipts/{id} and GET /products/{sku}/expected-receipts: what a supplier has announced.
//! It changes estimates (R17, R19), never the stock.

use std::convert::Infallible;

use aws::Shop;
use aws::table::Unwritten;
use contract::call::Call;
use contract::caller::Caller;
use contract::expected::{ExpectedBody, view};
use contract::token::Scope;
use contract::{Code, Problem, answer, read};
use domain::expected::{ExpectedReceipt, MOST_EXPECTED};
use jiff::civil::Date;
use lambda_http::http::Method;
use lambda_http::{Body, Request, RequestExt, Response};
use serde_json::{Value, json};
use use_cases::retry::Tries;

/// Puts or withdraws an expected receipt, or lists a product's.
///
/// # Errors
/// Never; problems are answers.
pub async fn handle(shop: &Shop, request: Request) -> Result<Response<Body>, Infallible> {
    let call = Call::of(shop, env!("CARGO_PKG_NAME"), &request);
    Ok(match *request.method() {
        Method::PUT => call.answer(put(&call.shop, &request)).await,
        _ => call.answer(list(&call.shop, &request)).await,
    })
}

async fn put(shop: &Shop, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::of(request).must_have(Scope::Stock)?;
    let (sku, today) = (read::sku(request)?, today(shop).await?);
    let id = request.path_parameters().first("id").unwrap_or_default().to_owned();
    let receipt = read::body::<ExpectedBody>(request)?.checked(sku, &id, today)?;
    product(shop, &receipt.sku).await?;
    let expected = shop.table.expected(&receipt.sku).await?;
    let new = receipt.quantity > 0 && !expected.iter().any(|it| it.receipt_id == receipt.receipt_id);
    // A few that are put at the same instant may go past it: it keeps an estimate cheap, nothing else depends on it.
    if new && expected.len() >= MOST_EXPECTED {
        let detail = format!("{MOST_EXPECTED} receipts are expected of this product already");
        return Err(Problem::new(Code::TooManyExpected, detail));
    }
    write(shop, &receipt).await?;
    answer::json(200, &view(&receipt, today))
}

async fn write(shop: &Shop, receipt: &ExpectedReceipt) -> Result<(), Problem> {
    let mut tries = Tries::of(14);
    loop {
        match shop.table.expect(receipt).await {
            Ok(()) => return Ok(()),
            Err(Unwritten::Condition(_)) => {
                return Err(Problem::field(Code::IdReused, "id", "its goods were received already"));
            }
            Err(unwritten) => tries.after(unwritten).await?,
        }
    }
}

async fn list(shop: &Shop, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::of(request).must_have(Scope::Stock)?;
    let (sku, today) = (read::sku(request)?, today(shop).await?);
    product(shop, &sku).await?;
    let expected = shop.table.expected(&sku).await?;
    let expected: Vec<Value> = expected.iter().map(|receipt| view(receipt, today)).collect();
    answer::json(200, &json!({ "expected_receipts": expected }))
}

/// The shop's day.
async fn today(shop: &Shop) -> Result<Date, Problem> {
    Ok(shop.policy().await?.calendar.day_of(shop.clock.now()))
}

async fn product(shop: &Shop, sku: &domain::names::Sku) -> Result<(), Problem> {
    let unknown = || Problem::new(Code::NotFound, "there is no such product");
    shop.table.product(sku).await?.map(drop).ok_or_else(unknown)
}
