//! POST /orders/{id}/lines/{n}/swap: a waiting item for a similar one (R14).

use std::convert::Infallible;

use aws::Shop;
use contract::call::Call;
use contract::caller::Caller;
use contract::swap::SwapBody;
use contract::{Problem, answer, availability, order, read};
use domain::names::Sku;
use domain::order::Order;
use domain::swap::SwapRefusal;
use lambda_http::{Body, Request, Response};
use use_cases::queries::{self, order_now};
use use_cases::swap_line::{SwapFault, swap};

/// Swaps a line, or answers what became of this very swap before.
pub async fn handle(shop: &Shop, request: Request) -> Result<Response<Body>, Infallible> {
    let call = Call::of(shop, env!("CARGO_PKG_NAME"), &request);
    Ok(call.answer(swap_line(&call.shop, &request)).await)
}

async fn swap_line(shop: &Shop, request: &Request) -> Result<Response<Body>, Problem> {
    let id = read::order_id(request)?;
    let caller = Caller::of(request);
    caller.must_have_order(&id)?;
    let command = read::body::<SwapBody>(request)?.checked(read::line(request)?)?;
    match swap(shop, &id, &command).await {
        Ok(swapped) => answer::json(200, &order::view(&order_now(shop, &swapped).await?, caller.is_shop())),
        Err(SwapFault::Refused(order, refusal)) => Err(refused(shop, &order, &command.sku, refusal).await),
        Err(fault) => Err(fault.into()),
    }
}

/// A refusal, with how the product could be had now.
async fn refused(shop: &Shop, order: &Order, sku: &Sku, refusal: SwapRefusal) -> Problem {
    let wanted = order.changes.values().filter_map(|change| change.swap.as_ref()).find(|swap| swap.sku == *sku);
    let units = wanted.map_or(1, |swap| swap.units);
    let found = async {
        let policy = shop.policy_of(order).await?;
        let found = queries::availability(shop, &policy, sku, units).await?;
        Ok::<_, aws::Failure>(found.map(|product| availability::availability(&product, &policy)))
    };
    let found = found.await.unwrap_or_else(|failure| {
        tracing::warn!(%failure, "a refusal goes out without its availability");
        None
    });
    let problem = Problem::from(SwapFault::Refused(Box::new(order.clone()), refusal));
    problem.with("availability", found.into_iter().collect::<Vec<_>>())
}
