//! POST /orders/{id}/lines/{n}/swap: swaps an order line for a similar product (R14).

use aws::App;
use contract::caller::Caller;
use contract::swap::SwapBody;
use contract::{Problem, answer, availability, order, read};
use domain::names::Sku;
use domain::order::Order;
use domain::swap::SwapRefusalReason;
use lambda_http::{Body, Request, Response};
use use_cases::queries::{self, order_now};
use use_cases::swap_line::{SwapLineError, swap};

/// Swaps a line. A repeat returns the outcome of the first call.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    let id = read::order_id(request)?;
    let caller = Caller::from_request(request);
    caller.must_have_order(&id)?;
    let command = read::body::<SwapBody>(request)?.checked(read::line(request)?)?;
    match swap(app, &id, &command).await {
        Ok(swapped) => answer::json(200, &order::view(&order_now(app, &swapped).await?, caller.is_shop())),
        Err(SwapLineError::Refused(order, refusal)) => Err(refused(app, &order, &command.sku, refusal).await),
        Err(error) => Err(error.into()),
    }
}

/// Builds the refusal of a swap, with the present availability of the new product.
async fn refused(app: &App, order: &Order, sku: &Sku, refusal: SwapRefusalReason) -> Problem {
    let wanted = order.changes.values().filter_map(|change| change.swap.as_ref()).find(|swap| swap.sku == *sku);
    let units = wanted.map_or(1, |swap| swap.units);
    let found = async {
        let policy = app.policy_of(order).await?;
        let found = queries::availability(app, &policy, sku, units).await?;
        Ok::<_, aws::ServiceError>(found.map(|product| availability::availability(&product, &policy)))
    };
    let found = found.await.unwrap_or_else(|failure| {
        tracing::warn!(%failure, "a refusal goes out without its availability");
        None
    });
    let problem = Problem::from(SwapLineError::Refused(Box::new(order.clone()), refusal));
    problem.with("availability", found.into_iter().collect::<Vec<_>>())
}
