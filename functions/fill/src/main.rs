//! Gives arrived units to the tickets of a product, the oldest first.

use lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let app = &aws::start::start().await?;
    run(service_fn(async move |event: LambdaEvent<_>| fill::handle(app, event.payload).await)).await
}
