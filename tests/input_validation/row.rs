//! A row is one case of this test: a bad request and its expected answer. The test sends each row, and checks that the
//! answer is a well-formed problem and that the shop's state is unchanged.

use std::collections::BTreeSet;

use local::client::ApiResponse;
use serde_json::{Value, json};

use crate::bodies::Route;
use crate::fixture::Fixture;

#[derive(Clone, Debug)]
pub enum By {
    Shop,
    Nobody,
    Scopes(&'static str),
    /// The customer of an order, by its name in the test shop.
    Customer(&'static str),
    Header(String),
}

#[derive(Clone, Debug)]
pub struct Row {
    pub name: &'static str,
    pub method: &'static str,
    pub path: String,
    pub by: By,
    pub headers: Vec<(&'static str, &'static str)>,
    pub body: Vec<u8>,
    pub status: u16,
    pub code: &'static str,
    /// The expected bad fields, in the order of the answer.
    pub fields: Vec<&'static str>,
}

impl Row {
    /// A request without a body, by a shop with every scope.
    pub fn new(name: &'static str, method: &'static str, path: &str) -> Self {
        let path = path.to_owned();
        let (by, headers, body) = (By::Shop, Vec::new(), Vec::new());
        Self { name, method, path, by, headers, body, status: 0, code: "", fields: Vec::new() }
    }

    pub fn to(name: &'static str, route: Route) -> Self {
        Self::new(name, route.method(), route.path()).json(&route.body())
    }

    pub fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string())
    }

    pub fn bytes(mut self, media: &'static str, body: impl Into<Vec<u8>>) -> Self {
        self.headers = vec![("content-type", media)];
        self.body = body.into();
        self
    }

    /// The same request by another client.
    pub fn by(self, by: By) -> Self {
        Self { by, ..self }
    }

    pub fn is(self, status: u16, code: &'static str, fields: &[&'static str]) -> Self {
        Self { status, code, fields: fields.to_vec(), ..self }
    }

    async fn send(&self, fixture: &Fixture) -> ApiResponse {
        let shop = &fixture.world.shop;
        let mut headers = self.headers.clone();
        let client = match &self.by {
            By::Shop => shop.clone(),
            By::Nobody => shop.without_token(),
            By::Scopes(scopes) => shop.with_scopes(scopes).await.unwrap(),
            By::Customer(order) => shop.as_customer(&fixture.names[order]).await.unwrap(),
            By::Header(value) => {
                headers.push(("authorization", value));
                shop.without_token()
            }
        };
        let body = match std::str::from_utf8(&self.body) {
            Ok(text) if text.len() < 65_536 => fixture.fill(text).into_bytes(),
            _ => self.body.clone(),
        };
        client.send(self.method, &fixture.fill(&self.path), &headers, body).await.unwrap_or_else(|error| {
            panic!("{}: {error}", self.name);
        })
    }

    fn check(&self, answer: &ApiResponse) {
        let name = self.name;
        assert_eq!((answer.status, answer.code()), (self.status, self.code), "{name}: {}", answer.body);
        assert_problem(name, answer);
        let errors = answer.body.get("errors").and_then(Value::as_array).cloned().unwrap_or_default();
        let fields: Vec<&str> = errors.iter().filter_map(|fault| fault["field"].as_str()).collect();
        assert_eq!(fields, self.fields, "{name}: {}", answer.body);
    }
}

/// Asserts that an answer is a problem as the contract defines it, without personal data.
pub fn assert_problem(name: &str, answer: &ApiResponse) {
    let body = &answer.body;
    assert_eq!(answer.header("content-type"), "application/problem+json", "{name}: {body}");
    assert_eq!(body["status"], json!(answer.status), "{name}");
    for member in ["type", "title", "detail", "code"] {
        assert!(!answer.text(&format!("/{member}")).is_empty(), "{name}: no {member} in {body}");
    }
    for fault in body.get("errors").and_then(Value::as_array).into_iter().flatten() {
        let said = |member: &str| fault[member].as_str().is_some_and(|text| !text.is_empty() && text.len() <= 300);
        assert!(said("field") && said("message"), "{name}: {body}");
    }
    let known = contract::Code::ALL.iter().any(|code| code.word() == answer.code() && code.status() == answer.status);
    // The local front answers 405 for a wrong method; API Gateway answers 404.
    assert!(known || answer.status == 405, "{name}: {body} has no code of the closed list");
    let text = body.to_string();
    assert!(!text.contains('@') && !text.contains("eyJ"), "{name} repeats an address or a token: {body}");
}

/// Sends every row. The shop's state must be unchanged after each.
pub async fn run(fixture: &Fixture, rows: &[Row]) {
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), rows.len(), "the names of rows are unique");
    let before = fixture.memory();
    for row in rows {
        fixture.world.tap().clear();
        row.check(&row.send(fixture).await);
        fixture.assert_only_read(row.name, matches!(row.status, 404 | 409));
        assert_eq!(fixture.memory(), before, "{} changed something", row.name);
    }
    fixture.world.settle().await;
    assert_eq!(fixture.memory(), before, "the shop changed later");
    fixture.world.assert_sound().await;
    println!("{} bad requests", rows.len());
}
