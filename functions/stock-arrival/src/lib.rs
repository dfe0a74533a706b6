//! POST /stock-arrivals: receives goods and publishes the units for sale at once. The fill assigns the units later.

use aws::App;
use aws::table::WriteError;
use contract::caller::Caller;
use contract::stock::ArrivalBody;
use contract::token::Scope;
use contract::{Code, Problem, answer, read};
use domain::adjustment::Receipt;
use lambda_http::{Body, Request, Response};
use use_cases::publish::publish;
use use_cases::retry::Tries;

/// The most tries while other writes change the same stock.
const TRIES: u32 = 14;

/// Receives goods.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Stock)?;
    let receipt = read::body::<ArrivalBody>(request)?.checked()?;
    let new = receive(app, &receipt).await?;
    publish(app, &receipt.sku).await?;
    answer::json(if new { 202 } else { 200 }, &receipt)
}

/// Stores the receipt and its units. False: this receipt was stored before.
async fn receive(app: &App, receipt: &Receipt) -> Result<bool, Problem> {
    let mut tries = Tries::new(TRIES);
    loop {
        match app.table.receive_stock(receipt, app.clock.now()).await {
            Ok(()) => return Ok(true),
            Err(WriteError::Condition(failed)) if failed.contains(&0) => {
                return match app.table.receipt(receipt.receipt_id.as_str()).await? {
                    Some(known) if known == *receipt => Ok(false),
                    _ => Err(Problem::field(Code::IdReused, "receipt_id", "was used for another receipt")),
                };
            }
            Err(WriteError::Condition(_)) => {
                return Err(Problem::field(Code::NotFound, "sku", "there is no such product"));
            }
            Err(error) => tries.after(error).await?,
        }
    }
}
