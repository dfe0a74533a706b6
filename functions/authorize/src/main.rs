//! HTTP API authorizer: who is asking, and what they may do.

use lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    let shop = &aws::start::start().await?;
    run(service_fn(async move |event: LambdaEvent<_>| authorize::handle(shop, event.payload).await)).await
}
