//! The list of functions in functions/README.md must agree with the template.

use std::collections::BTreeMap;

use serde_norway::Value as Yaml;

use crate::file;

/// The triggers of each function in functions/README.md.
fn documented() -> BTreeMap<String, Vec<String>> {
    let text = file("functions/README.md");
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| function"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let mut triggers: Vec<String> = cells.get(2).unwrap().split("<br>").map(str::to_owned).collect();
        triggers.sort();
        ((*cells.get(1).unwrap()).to_owned(), triggers)
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_functions_is_the_templates() {
    let world = tests::World::new().await;
    let template = world.stack().template();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for function in &template.functions {
        let triggers = found.entry(function.name.clone()).or_default();
        triggers.extend(function.routes.iter().map(|route| format!("{} {}", route.method, route.path)));
        triggers.extend(function.streams.iter().map(|_| "stream".to_owned()));
        triggers.extend(function.queues.iter().map(|mapping| mapping.queue.clone()));
        let own = template.schedules.iter().filter(|schedule| schedule.function == function.name);
        triggers.extend(own.map(|schedule| schedule.name.clone()));
        triggers.sort();
    }
    let documented = documented();
    let names = |map: &BTreeMap<String, Vec<String>>| map.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&documented));
    for (function, triggers) in &documented {
        let routes = |list: &[String]| list.iter().filter(|it| it.contains(" /")).cloned().collect::<Vec<_>>();
        assert_eq!(routes(&found[function]), routes(triggers), "{function}");
        let count = if triggers == &["authorizer"] { 0 } else { triggers.len() };
        assert_eq!(found[function].len(), count, "{function}: {:?} and {triggers:?}", found[function]);
    }
}

/// EventBridge drops events that a queue's policy does not let it send; only a metric shows it.
#[test]
fn each_queue_that_a_rule_of_the_bus_names_lets_it_send() {
    let template: Yaml = serde_norway::from_str(&file("template.yaml")).unwrap();
    let resources = template.get("Resources").and_then(Yaml::as_mapping).unwrap();
    let of_type = |kind: &str| -> Vec<(String, String)> {
        let ours = resources.iter().filter(|(_, it)| it.get("Type").and_then(Yaml::as_str) == Some(kind));
        ours.map(|(id, it)| (id.as_str().unwrap().to_owned(), format!("{:?}", it.get("Properties")))).collect()
    };
    let policies = of_type("AWS::SQS::QueuePolicy");
    let rules = of_type("AWS::Events::Rule");
    assert!(!rules.is_empty(), "the rules were not found");
    for (rule, described) in rules {
        let queues: Vec<(String, String)> = of_type("AWS::SQS::Queue");
        let named = queues.iter().filter(|(queue, _)| described.contains(&format!("\"{queue}.Arn\"")));
        let mut count = 0;
        for (queue, _) in named {
            let lets = policies.iter().any(|(_, policy)| {
                [queue.as_str(), &rule].iter().all(|id| policy.contains(&format!("\"{id}.Arn\"")))
                    && policy.contains("events.amazonaws.com")
            });
            assert!(lets, "{queue} does not let {rule} send");
            count += 1;
        }
        assert_eq!(count, 2, "{rule} has a queue, and one of dead letters");
    }
}
