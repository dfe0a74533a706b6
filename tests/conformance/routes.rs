//! The routes by which `cargo lambda watch` finds a function must agree with the template.

use std::collections::BTreeSet;

use toml::Value;

use crate::file;

/// The routes of `cargo lambda watch` in the root Cargo.toml, each as `POST /orders place-order`.
fn watched() -> BTreeSet<String> {
    let manifest: Value = toml::from_str(&file("Cargo.toml")).unwrap();
    let router = ["workspace", "metadata", "lambda", "watch", "router"];
    let router = router.iter().try_fold(&manifest, |at, name| at.get(name)).and_then(Value::as_table).unwrap();
    let text = |route: &Value, name: &str| route.get(name).and_then(Value::as_str).unwrap().to_owned();
    let route = |path: &String, route: &Value| format!("{} {path} {}", text(route, "method"), text(route, "function"));
    router.iter().flat_map(|(path, routes)| routes.as_array().unwrap().iter().map(move |it| route(path, it))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn cargo_lambda_watch_has_the_templates_routes() {
    let world = tests::World::new().await;
    let functions = &world.stack().template().functions;
    let routes = functions.iter().flat_map(|function| function.routes.iter().map(move |route| (function, route)));
    let routes = routes.map(|(function, route)| format!("{} {} {}", route.method, route.path, function.name));
    assert_eq!(watched(), routes.collect());
}
