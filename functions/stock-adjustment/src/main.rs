//! POST /stock-adjustments.

use contract::call::answer;
use lambda_http::{run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let app = &aws::start::start().await?;
    run(service_fn(async move |request| answer(app, env!("CARGO_PKG_NAME"), request, stock_adjustment::handle).await))
        .await
}
