//! Somebody overwrites the policy with nonsense. Running and new processes continue with the last good one.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use tests::World;

use crate::day::{client, table};

async fn overwrite(world: &World, attributes: &[(&str, AttributeValue)]) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let mut put = client(world).put_item().table_name(table(world)).item("pk", text("POLICY")).item("sk", text("NOW"));
    for (name, value) in attributes {
        put = put.item(*name, value.clone());
    }
    put.send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_where_the_stored_policy_is_none_the_last_good_one_goes_on_serving() {
    let world = World::new().await.selling(&["led"]).await;
    let mut policy = world.shop.get("/policy").await.unwrap().body["policy"].clone();
    policy["button"]["on_backorder"] = json!("Wait for it");
    policy["limits"] = json!({ "units_per_order": 2 });
    assert_eq!(world.shop.put("/policy", &policy).await.unwrap().status, 200);
    assert_eq!(world.availability("led").await.text("/button"), "Wait for it");
    let later = [("entity", "policy"), ("hash", "x")].map(|(name, text)| (name, AttributeValue::S(text.to_owned())));
    let schema = ("schema", AttributeValue::N("2".to_owned()));
    let nonsense = ("policy", AttributeValue::M([("shop_name".to_owned(), AttributeValue::Bool(true))].into()));
    for attributes in [vec![], later.to_vec(), [later.to_vec(), vec![schema]].concat(), vec![nonsense]] {
        overwrite(&world, &attributes).await;
        world.advance("PT31S").await;
        // This function has read the policy before. The placing function reads it for the first time.
        assert_eq!(world.availability("led").await.text("/button"), "Wait for it", "{attributes:?}");
        assert_eq!(world.order("led", 3).place().await.status, 422, "{attributes:?}");
        assert_eq!(world.order("led", 2).place().await.status, 201, "{attributes:?}");
        assert_eq!(world.shop.get("/policy").await.unwrap().body["policy"], policy);
    }
    assert_eq!(world.shop.put("/policy", &policy).await.unwrap().status, 200, "setting the policy again repairs it");
    world.settle_and_assert_sound().await;
}
