//! MailEventsQueue: handles SES's reports about sent mails.

use lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let app = &aws::start::start().await?;
    run(service_fn(async move |event: LambdaEvent<_>| mail_events::handle(app, event.payload).await)).await
}
