//! POST /orders/{id}/shipments: records a parcel before it leaves the warehouse. After a 409, it must not leave.

use aws::table::WriteError;
use aws::{App, Metric};
use contract::caller::Caller;
use contract::shipment::ShipmentBody;
use contract::token::Scope;
use contract::{Code, Problem, answer, order, read};
use domain::identity::{OrderId, fingerprint};
use domain::order::Order;
use domain::policy::Policy;
use domain::shipment::{Shipment, ShipmentRequest, ship};
use lambda_http::{Body, Request, Response};
use use_cases::queries::order_now;
use use_cases::retry::Tries;

/// The most tries while other writes change the same order.
const TRIES: u32 = 12;

/// Records a shipment.
pub async fn handle(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::from_request(request).must_have(Scope::Stock)?;
    let id = read::order_id(request)?;
    let command = read::body::<ShipmentBody>(request)?.checked()?;
    let shipped = commit(app, &id, &command).await?;
    answer::json(200, &order::view(&order_now(app, &shipped).await?, true))
}

/// Commits the shipment under the order's version, so that either a concurrent cancel or the shipment wins.
async fn commit(app: &App, id: &OrderId, command: &ShipmentRequest) -> Result<Order, Problem> {
    let print = fingerprint(command);
    let mut tries = Tries::new(TRIES);
    loop {
        let stored = app.table.order(id).await?;
        let stored = stored.ok_or_else(|| Problem::new(Code::NotFound, "there is no such order"))?;
        let policy = app.policy_of(&stored.order).await?;
        let Some(departure) = ship(&stored.order, command, &print, &policy, app.clock.now())? else {
            return Ok(stored.order);
        };
        match app.table.ship(&departure, &stored.email_hash).await {
            Ok(()) => {
                promises(app, &policy, &departure.order, &departure.shipment);
                return Ok(departure.order);
            }
            Err(WriteError::Condition(failed)) if !failed.contains(&0) => {
                app.table
                    .open_shipped(&departure)
                    .await
                    .map_err(|error| Problem::from(use_cases::RetryableError::from(error)))?;
            }
            Err(error) => tries.after(error).await.map_err(Problem::from)?,
        }
    }
}

/// Counts the promises that the parcel keeps and breaks. Each line in the parcel counts once.
fn promises(app: &App, policy: &Policy, order: &Order, parcel: &Shipment) {
    tracing::info!(order_id = %order.order_id, "a parcel leaves");
    let day = policy.calendar.day_of(parcel.shipped_at);
    let lines = parcel.lines.iter().filter_map(|part| order.lines.get(part.line));
    for kept in lines.filter_map(|line| line.kept_by(day)) {
        app.measure(if kept { Metric::PromisesKept } else { Metric::PromisesBroken }, 1);
    }
}
