//! `POST /orders`: takes the payment and a place in line for each item.

use std::collections::BTreeMap;
use std::convert::Infallible;

use aws::{Metric, Shop};
use contract::call::Call;
use contract::caller::Caller;
use contract::placement::PlacementBody;
use contract::token::Scope;
use contract::{Code, Problem, answer, availability, order, read};
use domain::fault::Faults;
use domain::order::{Order, Refusal};
use domain::placement::Draw;
use lambda_http::{Body, Request, Response};
use use_cases::payment::PaymentError;
use use_cases::place_order::{PlaceError, place};
use use_cases::queries::{availability_without, order_now, order_placed};

/// Places an order, or answers what became of it before. A problem is an answer too.
pub async fn handle(shop: &Shop, request: Request) -> Result<Response<Body>, Infallible> {
    let call = Call::of(shop, env!("CARGO_PKG_NAME"), &request);
    let response = call.answer(place_order(&call.shop, &request)).await;
    call.shop.measure(Metric::PlacementsUnfinished, i64::from(response.status() == Code::TryAgain.status()));
    Ok(response)
}

async fn place_order(shop: &Shop, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::of(request).must_have(Scope::Orders)?;
    let placement = read::body::<PlacementBody>(request)?.checked()?;
    match place(shop, &placement).await {
        Ok(placed) if placed.new => answer::json(201, &order::view(&order_placed(shop, &placed.order).await?, true)),
        Ok(placed) => answer::json(200, &order::view(&order_now(shop, &placed.order).await?, true)),
        Err(PlaceError::Refused(order, sealed)) => Err(refused(shop, &order, &sealed).await),
        Err(error) => Err(problem(error)),
    }
}

/// A refusal, with the present availability of each product. The tickets in `sealed` were drawn for this order and are
/// closed: their units count as for sale.
async fn refused(shop: &Shop, order: &Order, sealed: &BTreeMap<usize, Draw>) -> Problem {
    let (code, detail) = match order.refusal {
        Some(Refusal::OnBackorder) => (Code::OnBackorder, "an item is on backorder; nothing was bought"),
        Some(Refusal::BacklogFull) => {
            (Code::BacklogFull, "as many wait for an item as the shop allows; nothing was bought")
        }
        Some(Refusal::PhoneBackorder) => {
            (Code::PhoneBackorder, "an item is on backorder, and backorders are placed in the web shop only")
        }
        Some(Refusal::LimitReached) => {
            (Code::LimitReached, "the customer has as many of an item as the shop allows; nothing was bought")
        }
        Some(Refusal::PaymentDeclined) => return problem(PlaceError::Payment(PaymentError::Declined)),
        Some(Refusal::SoldOut) | None => (Code::SoldOut, "an item is sold out; nothing was bought"),
    };
    let policy = match shop.policy_of(order).await {
        Ok(policy) => policy,
        Err(failure) => return failure.into(),
    };
    let mut found = Vec::new();
    for (at, line) in order.lines.iter().enumerate() {
        let own = sealed.get(&at).map(|draw| draw.ticket);
        match availability_without(shop, &policy, (&line.sku, line.quantity), own).await {
            Ok(Some(product)) => found.push(availability::availability(&product, &policy)),
            Ok(None) => {}
            Err(failure) => tracing::warn!(%failure, "a refusal goes out without its availability"),
        }
    }
    Problem::new(code, detail).with("availability", found).with("order_id", &order.order_id)
}

fn problem(error: PlaceError) -> Problem {
    let detail = error.to_string();
    match error {
        PlaceError::UnknownSkus(lines) => {
            let mut faults = Faults::default();
            lines.iter().for_each(|at| faults.add(format!("lines[{at}].sku"), "there is no such product"));
            Problem { errors: faults.list().to_vec(), ..Problem::new(Code::NotFound, detail) }
        }
        PlaceError::TooManyUnits(lines, most) => {
            let mut faults = Faults::default();
            lines.iter().for_each(|at| faults.add(format!("lines[{at}].quantity"), format!("must be at most {most}")));
            faults.into()
        }
        PlaceError::LimitReached(_) => Problem::new(Code::LimitReached, detail),
        PlaceError::Payment(error) => Problem::field(Code::from(&error), "payment_reference", detail),
        PlaceError::IdReused => Problem::field(Code::IdReused, "payment_reference", detail),
        PlaceError::Refused(..) => Problem::new(Code::SoldOut, detail),
        PlaceError::NotYet => Problem::new(Code::TryAgain, "the order is not placed yet; repeat the request"),
        PlaceError::Trouble(trouble) => trouble.into(),
    }
}
