//! Authorization (R27): no token, invalid tokens, and tokens for something else, on every route that takes one.

use contract::token::{Claims, sign};
use domain::identity::OrderId;

use crate::bodies::Route;
use crate::fixture::{Fixture, TOKEN_KEY};
use crate::row::{By, Row, run};

/// Every route that takes a token, with the scope that it requires.
fn routes() -> [(Row, &'static str); 19] {
    let to = |route, scope| (Row::to("", route), scope);
    let get = |path, scope| (Row::new("", "GET", path), scope);
    [
        to(Route::Policy, "policy"),
        get("/policy", "any"),
        to(Route::Put, "products"),
        to(Route::Place, "orders"),
        to(Route::Search, "orders"),
        to(Route::Cancel, "orders"),
        to(Route::Correct, "orders"),
        to(Route::Done, "orders"),
        get("/staff/tasks", "orders"),
        to(Route::Swap, "orders"),
        to(Route::Ship, "stock"),
        to(Route::Arrive, "stock"),
        to(Route::Adjust, "stock"),
        to(Route::Discontinue, "products"),
        to(Route::Expect, "stock"),
        get("/products/led/expected-receipts", "stock"),
        get("/orders/{waiting}", "orders"),
        get("/products/led/line", "stock"),
        get("/shipments/ready", "stock"),
    ]
}

fn named(row: &Row, what: &str) -> Row {
    Row { name: format!("{what}: {} {}", row.method, row.path).leak(), ..row.clone() }
}

fn shop(scope: &str) -> Claims {
    Claims { scope: Some(scope.to_owned()), order: None, exp: 4_000_000_000 }
}

fn bearer(claims: &Claims, key: &str) -> String {
    format!("Bearer {}", sign(claims, key))
}

/// A token with these texts as header and claims, and the given signature.
fn made_up(header: &str, claims: &str, signature: &str) -> String {
    format!("Bearer {}.{}.{signature}", base64url(header), base64url(claims))
}

fn base64url(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut encoded = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        let letters = (0..=three.len()).map(|at| char::from(LETTERS[(bits >> (18 - 6 * at) & 63) as usize]));
        encoded.extend(letters);
    }
    encoded
}

/// Values of `Authorization` that never authorize.
fn that_do_not_hold(order: &str) -> Vec<(&'static str, String)> {
    let order = OrderId::parse(order).unwrap();
    let all = "orders stock products";
    let claims = r#"{"scope":"orders stock products","exp":4000000000}"#;
    let good = bearer(&shop(all), TOKEN_KEY);
    let (head, signature) = good.rsplit_once('.').unwrap();
    let header = head.split_once('.').unwrap().0.to_owned();
    vec![
        ("an empty header", String::new()),
        ("no scheme", good.replace("Bearer ", "")),
        ("another scheme", good.replace("Bearer ", "Basic ")),
        ("no token", "Bearer ".to_owned()),
        ("a garbled token", "Bearer not.a.token".to_owned()),
        ("half a token", head.to_owned()),
        ("two tokens", format!("{good},{good}")),
        ("a token with a letter more", format!("{good}A")),
        ("a token in another script", "Bearer тайна".to_owned()),
        ("a very long token", format!("Bearer {}", "a.".repeat(4_000))),
        ("an expired token", bearer(&Claims { exp: 1_000_000_000, ..shop(all) }, TOKEN_KEY)),
        ("a token of 1970", bearer(&Claims { exp: 0, ..shop(all) }, TOKEN_KEY)),
        ("another shop's token", bearer(&shop(all), "another shop's key")),
        ("a token signed with the word none", made_up(r#"{"alg":"none","typ":"JWT"}"#, claims, "")),
        ("a token signed with None", made_up(r#"{"alg":"None"}"#, claims, signature)),
        ("a token of another algorithm", made_up(r#"{"alg":"HS512","typ":"JWT"}"#, claims, signature)),
        ("a token of a public key", made_up(r#"{"alg":"RS256","typ":"JWT"}"#, claims, signature)),
        (
            "other claims under a good signature",
            format!("{header}.{}.{signature}", base64url(r#"{"scope":"orders","exp":1}"#)),
        ),
        ("a token without an end", made_up(r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"scope":"orders"}"#, signature)),
        ("a token that says nothing", bearer(&Claims { scope: None, order: None, exp: 4_000_000_000 }, TOKEN_KEY)),
        ("a token of a shop and a customer", bearer(&Claims { order: Some(order.clone()), ..shop(all) }, TOKEN_KEY)),
        (
            "a customer's expired token",
            bearer(&Claims { scope: None, order: Some(order), exp: 1_000_000_000 }, TOKEN_KEY),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_without_a_token_that_holds_nothing_is_read_or_changed() {
    let fixture = Fixture::new().await;
    let mut rows: Vec<Row> = Vec::new();
    let routes = routes();
    rows.extend(routes.iter().map(|(row, _)| named(row, "nobody").by(By::Nobody)));
    for (what, header) in that_do_not_hold(&fixture.names["waiting"]) {
        rows.extend(routes.iter().map(|(row, _)| named(row, what).by(By::Header(header.clone()))));
    }
    let rows: Vec<Row> = rows.into_iter().map(|row| row.is(401, "unauthenticated", &[])).collect();
    run(&fixture, &rows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn these_are_all_the_routes_that_take_a_token() {
    let fixture = Fixture::new().await;
    let functions = &fixture.world.stack().template().functions;
    let guarded = functions.iter().flat_map(|function| &function.routes).filter(|route| route.authorizer.is_some());
    let fits = |route: &local::template::Route, row: &Row| {
        let (template, path) = (route.path.split('/'), row.path.split('/'));
        let same = |(part, given): (&str, &str)| part == given || part.starts_with('{');
        route.method == row.method && template.clone().count() == path.clone().count() && template.zip(path).all(same)
    };
    let routes = routes();
    let mut count = 0;
    for route in guarded {
        assert!(routes.iter().any(|(row, _)| fits(route, row)), "no request tries {} {}", route.method, route.path);
        count += 1;
    }
    assert_eq!(count, routes.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_a_token_for_something_else_is_not_enough() {
    let fixture = Fixture::new().await;
    let mut rows: Vec<Row> = Vec::new();
    for (row, scope) in routes() {
        if scope == "any" {
            rows.push(named(&row, "a customer").by(By::Customer("ready")));
            continue;
        }
        let (one, other) = match scope {
            "orders" => ("stock", "stock products"),
            "stock" => ("orders", "orders products"),
            "policy" => ("orders", "orders stock products"),
            _ => ("orders", "orders stock policy"),
        };
        rows.push(named(&row, "another scope").by(By::Scopes(one)));
        rows.push(named(&row, "all other scopes").by(By::Scopes(other)));
        rows.push(named(&row, "another order's customer").by(By::Customer("canceled")));
        let words = shop("orders,stock,products Orders order stocks product *");
        rows.push(named(&row, "scopes that look alike").by(By::Header(bearer(&words, TOKEN_KEY))));
        rows.push(named(&row, "no scopes").by(By::Header(bearer(&shop(""), TOKEN_KEY))));
        if !["{waiting}", "{swapping}"].iter().any(|own| row.path.contains(own)) {
            rows.push(named(&row, "a customer").by(By::Customer("ready")));
        }
    }
    let rows: Vec<Row> = rows.into_iter().map(|row| row.is(403, "forbidden", &[])).collect();
    run(&fixture, &rows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tokens_made_up_here_would_hold_if_they_were_good() {
    let fixture = Fixture::new().await;
    for (scope, path) in [("orders", "/orders/{waiting}"), ("stock", "/products/led/line")] {
        let token = bearer(&shop(scope), TOKEN_KEY);
        let headers = [("authorization", token.as_str())];
        let client = fixture.world.shop.without_token();
        let answer = client.send("GET", &fixture.fill(path), &headers, Vec::new()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let claims = shop("orders");
    let header = sign(&claims, TOKEN_KEY).split_once('.').unwrap().0.to_owned();
    assert_eq!(base64url(r#"{"typ":"JWT","alg":"HS256"}"#), header, "the claims made here are encoded correctly");
    let customer = fixture.world.shop.as_customer(&fixture.names["waiting"]).await.unwrap();
    let answer = customer.get(&fixture.fill("/orders/{waiting}")).await.unwrap();
    assert_eq!((answer.status, answer.body.pointer("/lines/0/ticket")), (200, None), "a customer sees no ticket");
}
