//! InboundQueue: reads customers' messages, cancels an order if the intent is certain, and passes the rest to staff.

use lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let app = &aws::start::start().await?;
    run(service_fn(async move |event: LambdaEvent<_>| inbound_mail::handle(app, event.payload).await)).await
}
