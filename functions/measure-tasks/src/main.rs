//! Every five minutes: opens tasks for dead letters, and measures the open tasks.

use lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let app = &aws::start::start().await?;
    run(service_fn(async move |event: LambdaEvent<_>| measure_tasks::handle(app, event.payload).await)).await
}
