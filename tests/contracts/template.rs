//! The list of functions for people, held to the template.

use std::collections::BTreeMap;

use crate::file;

/// The triggers of each function by functions/README.md.
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
