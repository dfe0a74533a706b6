//! POST /orders: takes the payment and draws a ticket for each order line.

use std::collections::BTreeMap;

use aws::{App, Metric};
use contract::caller::Caller;
use contract::placement::PlacementBody;
use contract::token::Scope;
use contract::{Code, Problem, answer, availability, order, read};
use domain::field_error::FieldErrors;
use domain::order::{Order, RefusalReason};
use domain::placement::Draw;
use lambda_http::{Body, Request, Response};
use use_cases::payment::PaymentError;
use use_cases::place_order::{PlaceError, place};
use use_cases::queries::{availability_without, order_now, order_placed};

/// Places an order. A repeat returns the outcome of the first call.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    let mut unfinished = Unfinished { app, placements: 1 };
    let outcome = place_order(app, request).await;
    let again = matches!(&outcome, Err(problem) if problem.code == Code::TryAgain);
    unfinished.placements = i64::from(again);
    outcome
}

/// Measures at its end whether the placement is unfinished. It is, if the deadline of the call ends it.
struct Unfinished<'a> {
    app: &'a App,
    placements: i64,
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        self.app.measure(Metric::PlacementsUnfinished, self.placements);
    }
}

async fn place_order(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Orders)?;
    let placement = read::body::<PlacementBody>(request)?.checked()?;
    match place(app, &placement).await {
        Ok(placed) if placed.new => answer::json(201, &order::view(&order_placed(app, &placed.order).await?, true)),
        Ok(placed) => answer::json(200, &order::view(&order_now(app, &placed.order).await?, true)),
        Err(PlaceError::Refused(order, closed)) => Err(refused(app, &order, &closed).await),
        Err(error) => Err(problem(error)),
    }
}

/// Builds the refusal, with the present availability of each product. `closed` holds the order's closed draws. The
/// units of these draws count as for sale.
async fn refused(app: &App, order: &Order, closed: &BTreeMap<usize, Draw>) -> Problem {
    let (code, detail) = match order.refusal {
        Some(RefusalReason::OnBackorder) => (Code::OnBackorder, "an item is on backorder; nothing was bought"),
        Some(RefusalReason::BacklogFull) => {
            (Code::BacklogFull, "as many wait for an item as the shop allows; nothing was bought")
        }
        Some(RefusalReason::PhoneBackorder) => {
            (Code::PhoneBackorder, "an item is on backorder, and backorders are placed in the web shop only")
        }
        Some(RefusalReason::LimitReached) => {
            (Code::LimitReached, "the customer has as many of an item as the shop allows; nothing was bought")
        }
        Some(RefusalReason::PaymentDeclined) => return problem(PlaceError::Payment(PaymentError::Declined)),
        Some(RefusalReason::SoldOut) | None => (Code::SoldOut, "an item is sold out; nothing was bought"),
    };
    let policy = match app.policy_of(order).await {
        Ok(policy) => policy,
        Err(failure) => return failure.into(),
    };
    let mut found = Vec::new();
    for (at, line) in order.lines.iter().enumerate() {
        let own = closed.get(&at).map(|draw| draw.ticket);
        match availability_without(app, &policy, &line.sku, line.quantity, own).await {
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
            let mut errors = FieldErrors::default();
            lines.iter().for_each(|at| errors.add(format!("lines[{at}].sku"), "there is no such product"));
            Problem { errors: errors.list().to_vec(), ..Problem::new(Code::NotFound, detail) }
        }
        PlaceError::TooManyUnits(lines, most) => {
            let mut errors = FieldErrors::default();
            lines.iter().for_each(|at| errors.add(format!("lines[{at}].quantity"), format!("must be at most {most}")));
            errors.into()
        }
        PlaceError::LimitReached(_) => Problem::new(Code::LimitReached, detail),
        PlaceError::Payment(error) => Problem::field(Code::from(&error), "payment_reference", detail),
        PlaceError::IdReused => Problem::field(Code::IdReused, "payment_reference", detail),
        PlaceError::Refused(..) => Problem::new(Code::SoldOut, detail),
        PlaceError::NotYet => Problem::new(Code::TryAgain, "the order is not placed yet; repeat the request"),
        PlaceError::Retryable(error) => error.into(),
    }
}
