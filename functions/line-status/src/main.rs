//! GET /products/{sku}/line.

use lambda_http::{run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let app = &aws::start::start().await?;
    run(service_fn(async move |request| line_status::handle(app, request).await)).await
}
