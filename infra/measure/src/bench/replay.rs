//! Replays recorded calls with bare clients: without the SDK, the functions or any code of the shop.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use futures::future::try_join_all;

use super::cpu;
use super::record::Call;
use crate::shop::CLIENTS;

/// Endpoints that calls go to: of DynamoDB, and of the other services.
#[derive(Debug)]
pub struct Endpoints {
    pub dynamodb: String,
    pub services: String,
}

/// A call to be sent again, and whether it succeeded when it was recorded.
#[derive(Debug)]
pub struct Again {
    request: HttpRequest,
    succeeded: bool,
}

/// What sending again came to.
#[derive(Clone, Copy, Debug)]
pub struct Replayed {
    /// From the first call to the last answer.
    pub took: Duration,
    /// What the process used in that time.
    pub cpu: Option<Duration>,
    /// Calls whose answer was a success where the recorded one was none, or the other way round.
    pub errors: usize,
}

/// The calls by order, each order's in the order in which they were sent: those of its placing, and those that follow from
/// it. A call that names no order goes with the one that its invocation named last; where it named none, with any.
pub fn by_order(
    calls: Vec<Call>,
    orders: &[String],
    from: &Endpoints,
    to: &Endpoints,
) -> Result<Vec<Vec<Again>>, String> {
    let places: HashMap<&str, usize> = orders.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let mut of_invocation: BTreeMap<u64, Vec<Call>> = BTreeMap::new();
    for call in calls {
        of_invocation.entry(call.invocation).or_default().push(call);
    }
    let mut sorted: Vec<Vec<Again>> = orders.iter().map(|_| Vec::new()).collect();
    let mut anyone = 0;
    for calls in of_invocation.into_values() {
        let named: Vec<Option<usize>> = calls.iter().map(|call| order_in(call, &places)).collect();
        let mut at = named.iter().flatten().copied().next().unwrap_or_else(|| {
            anyone += 1;
            anyone % orders.len().max(1)
        });
        for (call, named) in calls.into_iter().zip(named) {
            at = named.unwrap_or(at);
            let succeeded = (200..300).contains(&call.status);
            let again = Again { request: redirected(&call.request, from, to)?, succeeded };
            sorted.get_mut(at).ok_or("there are no orders")?.push(again);
        }
    }
    Ok(sorted)
}

/// The first of these orders that a call names.
fn order_in(call: &Call, orders: &HashMap<&str, usize>) -> Option<usize> {
    let body = String::from_utf8_lossy(call.request.body().bytes()?);
    let words = body.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    words.into_iter().find_map(|word| orders.get(word).copied())
}

/// The call at other endpoints; queues are named by their endpoint in the body, too.
fn redirected(call: &HttpRequest, from: &Endpoints, to: &Endpoints) -> Result<HttpRequest, String> {
    let body = String::from_utf8_lossy(call.body().bytes().ok_or("a body was a stream")?);
    let body = body.replace(&from.services, &to.services);
    let uri = call.uri().replace(&from.services, &to.services).replace(&from.dynamodb, &to.dynamodb);
    let length = body.len().to_string();
    let mut again = HttpRequest::new(SdkBody::from(body));
    again.set_method(call.method()).map_err(|error| error.to_string())?;
    again.set_uri(uri).map_err(|error| error.to_string())?;
    for (name, value) in call.headers() {
        let value = if name == "content-length" { length.clone() } else { value.to_owned() };
        again.headers_mut().try_append(name.to_owned(), value).map_err(|error| error.to_string())?;
    }
    Ok(again)
}

/// Sends them again by 16 clients; each takes the next order's calls when it is done with one's.
pub async fn replay(orders: Vec<Vec<Again>>) -> Result<Replayed, String> {
    let orders = Arc::new(Mutex::new(orders.into_iter()));
    let errors = Arc::new(AtomicUsize::new(0));
    let (start, used) = (Instant::now(), cpu::used());
    let clients = (0..CLIENTS).map(|_| {
        let (orders, errors) = (Arc::clone(&orders), Arc::clone(&errors));
        let connector = aws::http_connector::plain_connector();
        tokio::spawn(async move {
            let next = || orders.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some(calls) = next() {
                for Again { request, succeeded } in calls {
                    if send(&connector, request).await != succeeded {
                        errors.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
        })
    });
    try_join_all(clients).await.map_err(|error| error.to_string())?;
    let took = start.elapsed();
    let cpu = cpu::since(used);
    Ok(Replayed { took, cpu, errors: errors.load(Ordering::Relaxed) })
}

/// Whether a call succeeds; its answer is read to the end.
async fn send(connector: &SharedHttpConnector, request: HttpRequest) -> bool {
    let Ok(answer) = connector.call(request).await else { return false };
    let success = answer.status().is_success();
    ByteStream::new(answer.into_body()).collect().await.is_ok() && success
}
