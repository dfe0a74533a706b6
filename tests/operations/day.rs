//! A day that leaves orders in every state, and the raw items of the table.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::client::http::http_client_fn;
use serde_json::{Value, json};
use tests::World;

/// The orders of the day, by their final state.
pub struct Orders {
    pub shipped: String,
    pub canceled: String,
    pub ready: String,
    pub in_part: String,
    pub waiting: String,
}

/// Plays the day: one order shipped, one canceled, one ready, one with a part of its units, one waiting.
pub async fn day(world: &World) -> Orders {
    world.product("led").await;
    world.product_with("bar", json!({ "backlog_limit": 50, "lead_time_days": { "min": 7, "max": 14 } })).await;
    let shipped = world.order("led", 1).placed().await;
    let canceled = world.order("led", 2).paid("requires_capture").placed().await;
    let ready = world.order_of(&[("led", 1), ("bar", 1)]).placed().await;
    let in_part = world.order("led", 3).placed().await;
    let waiting = world.order_of(&[("led", 2), ("bar", 4)]).placed().await;
    world.settle().await;
    assert_eq!(world.cancel(&canceled).await.status, 200);
    assert_eq!(world.arrive("led", 4).await.status, 202);
    assert_eq!(world.arrive_at("bar", "west", 1).await.status, 202);
    world.settle().await;
    assert_eq!(world.ship(&shipped, "east").await.status, 200);
    world.settle().await;
    Orders { shipped, canceled, ready, in_part, waiting }
}

pub fn client(world: &World) -> Client {
    let connector = aws::http_connector::plain_connector();
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "tests"))
        .endpoint_url(world.stack().dynamodb_url())
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .build();
    Client::from_conf(config)
}

pub fn table(world: &World) -> String {
    world.stack().template().table.name.clone()
}

/// The order as the API shows it, without fields that are signed anew for each read.
pub async fn look(world: &World, order: &str) -> Value {
    let mut seen = world.look(order).await.body;
    seen.as_object_mut().unwrap().remove("status_url");
    seen
}

/// Gives an order another schema version.
pub async fn of_schema(world: &World, order: &str, schema: i64) {
    let update = client(world)
        .update_item()
        .table_name(table(world))
        .key("pk", AttributeValue::S(format!("ORDER#{order}")))
        .key("sk", AttributeValue::S("ORDER".to_owned()))
        .update_expression("SET #schema = :schema")
        .expression_attribute_names("#schema", "schema")
        .expression_attribute_values(":schema", AttributeValue::N(schema.to_string()));
    update.send().await.unwrap();
}
