//! InboundQueue: reads what customers write, cancels where that is sure, and hands the rest to staff.

use lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let app = &aws::start::start().await?;
    run(service_fn(async move |event: LambdaEvent<_>| inbound_mail::handle(app, event.payload).await)).await
}
