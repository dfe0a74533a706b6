//! Each function has a real event, which a developer can invoke by hand. The function's handler understands the event.

use serde_json::Value;
use tests::World;

use crate::file;

#[tokio::test(flavor = "multi_thread")]
async fn every_function_understands_its_event() {
    let world = World::new().await.selling(&["led-strip"]).await;
    for function in &world.stack().template().functions {
        let event: Value = serde_json::from_str(&file(&format!("events/{}.json", function.name))).unwrap();
        let answer = world.invoke(&function.name, event).await;
        let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", function.name));
        let status = answer.get("statusCode").and_then(Value::as_u64).unwrap_or(200);
        let unknown_order =
            matches!(function.name.as_str(), "order-status" | "cancel" | "correct-address" | "shipment" | "swap");
        let expected = if unknown_order || function.name == "place-order" { 404 } else { status };
        assert_eq!(status, expected, "{}: {answer}", function.name);
        assert!(status < 500, "{}: {answer}", function.name);
        let failed = answer.get("batchItemFailures").and_then(Value::as_array).map_or(0, Vec::len);
        let without_order = matches!(function.name.as_str(), "refund" | "send-email");
        assert_eq!(failed, usize::from(without_order), "{}: {answer}", function.name);
    }
}

#[test]
fn every_event_belongs_to_a_function() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../events");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let function = name.strip_suffix(".json").unwrap_or_else(|| panic!("{name} is not an event"));
        assert!(file("template.yaml").contains(&format!("Binary: {function}}}")), "no function for {name}");
    }
}
