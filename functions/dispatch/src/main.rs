//! Reads the table's stream and sends the messages that follow from each change.

use lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let app = &aws::start::start_with(Some("SQS")).await?;
    run(service_fn(async move |event: LambdaEvent<_>| dispatch::handle(app, event.payload).await)).await
}
