//! The authorizer of the HTTP API.

use lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let app = &aws::start::start_with(None).await?;
    run(service_fn(async move |event: LambdaEvent<_>| authorize::handle(app, event.payload).await)).await
}
