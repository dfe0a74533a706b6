//! Replays recorded calls with bare HTTP clients, without the SDK, the functions or any other code of the shop.

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

/// The endpoints of DynamoDB and of the other services.
#[derive(Debug)]
pub struct Endpoints {
    pub dynamodb: String,
    pub services: String,
}

/// A call to replay, and whether the recorded call succeeded.
#[derive(Debug)]
pub struct Again {
    request: HttpRequest,
    succeeded: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Replayed {
    /// The time from the first call to the last answer.
    pub took: Duration,
    /// The processor time of the process in that time.
    pub cpu: Option<Duration>,
    /// Calls that succeeded although the recorded call failed, or failed although it succeeded.
    pub errors: usize,
}

/// Groups calls by order, in the sequence of sending. A call that names no order belongs to the order that its invocation named
/// last. The calls of an invocation that names no order are spread over all orders.
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

fn order_in(call: &Call, orders: &HashMap<&str, usize>) -> Option<usize> {
    let body = String::from_utf8_lossy(call.request.body().bytes()?);
    let words = body.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    words.into_iter().find_map(|word| orders.get(word).copied())
}

/// Redirects a call to other endpoints. A queue's URL in the body contains an endpoint, too.
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

/// Replays the calls with 16 concurrent clients. Each client replays all calls of one order, then those of the next.
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

/// Sends a call and reads its whole answer; returns whether it succeeded.
async fn send(connector: &SharedHttpConnector, request: HttpRequest) -> bool {
    let Ok(answer) = connector.call(request).await else { return false };
    let success = answer.status().is_success();
    ByteStream::new(answer.into_body()).collect().await.is_ok() && success
}
