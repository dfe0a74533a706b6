//! The template's guards (R27): authorizers, permissions, encryption, limits. Each exception is listed here with its
//! reason.

use std::collections::BTreeSet;

use serde_norway::Value as Yaml;

use crate::file;

/// Routes without an authorizer.
const OPEN_ROUTES: [(&str, &str); 2] = [
    ("GET /products/{sku}/availability", "the shop's product page asks it from every visitor's browser"),
    ("POST /contact", "a customer without the link at hand writes there; it answers alike whatever is written"),
];

/// Policy resources with a wildcard.
const WILDCARDS: [(&str, &str); 3] = [
    (":secret:${StripeSecret}-??????", "Secrets Manager adds six characters to a name; a policy must allow for them"),
    ("${InboundMails.Arn}/mails/*", "SES chooses the name of each mail that comes in"),
    (ANYTHING, "what tells the account's rate of mails, and nothing else, knows no narrower resource"),
];

/// The resource `*`, and the only action that a statement with this resource may have.
const ANYTHING: &str = "*";
const OF_THE_ACCOUNT: &str = "ses:GetAccount";

/// Maximum timeout of a function behind the API, in seconds. API Gateway gives up after 30 seconds.
const MAX_RESPONSE_TIME: i64 = 29;

#[derive(Clone)]
struct Resource {
    id: String,
    kind: String,
    properties: Yaml,
    whole: Yaml,
}

fn template() -> Yaml {
    serde_norway::from_str(&file("template.yaml")).unwrap()
}

fn resources() -> Vec<Resource> {
    resources_of(&template())
}

fn resources_of(template: &Yaml) -> Vec<Resource> {
    let resources = template.get("Resources").and_then(Yaml::as_mapping).unwrap();
    let read = |(id, whole): (&Yaml, &Yaml)| Resource {
        id: id.as_str().unwrap().to_owned(),
        kind: text(whole, "Type"),
        properties: whole.get("Properties").cloned().unwrap_or(Yaml::Null),
        whole: whole.clone(),
    };
    resources.iter().map(read).collect()
}

fn of_kind(kind: &str) -> Vec<Resource> {
    let found: Vec<_> = resources().into_iter().filter(|it| it.kind == kind).collect();
    assert!(!found.is_empty(), "the template has no {kind}");
    found
}

fn text(value: &Yaml, name: &str) -> String {
    value.get(name).and_then(Yaml::as_str).unwrap_or_default().to_owned()
}

fn number(value: &Yaml, name: &str) -> Option<i64> {
    value.get(name).and_then(Yaml::as_i64)
}

fn at<'a>(value: &'a Yaml, path: &str) -> Option<&'a Yaml> {
    path.split('.').try_fold(value, |value, name| value.get(name))
}

/// All events of all functions: function, event, type and properties.
fn events() -> Vec<(Resource, String, String, Yaml)> {
    let mut found = Vec::new();
    for function in of_kind("AWS::Serverless::Function") {
        let events = function.properties.get("Events").and_then(Yaml::as_mapping).cloned().unwrap_or_default();
        for (name, event) in events {
            let properties = event.get("Properties").cloned().unwrap();
            found.push((function.clone(), name.as_str().unwrap().to_owned(), text(&event, "Type"), properties));
        }
    }
    found
}

/// The functions that answer HTTP requests, including the authorizer.
pub fn served() -> BTreeSet<String> {
    let authorizers =
        of_kind("AWS::Serverless::HttpApi").iter().flat_map(|api| texts(&api.properties)).collect::<Vec<_>>();
    let routed = events().into_iter().filter(|(_, _, kind, _)| kind == "HttpApi").map(|(function, ..)| function);
    let authorizes = |it: &Resource| authorizers.iter().any(|text| text.split('.').next() == Some(it.id.as_str()));
    let functions = of_kind("AWS::Serverless::Function").into_iter().filter(authorizes).chain(routed);
    let name = |it: Resource| texts(it.properties.get("FunctionName").unwrap()).remove(0);
    functions.map(|it| name(it).replace("${AWS::StackName}-", "")).collect()
}

/// All texts below a value, including intrinsics.
fn texts(value: &Yaml) -> Vec<String> {
    match value {
        Yaml::String(text) => vec![text.clone()],
        Yaml::Sequence(list) => list.iter().flat_map(texts).collect(),
        Yaml::Mapping(map) => map.iter().flat_map(|(_, value)| texts(value)).collect(),
        Yaml::Tagged(tagged) => texts(&tagged.value),
        _ => Vec::new(),
    }
}

#[test]
fn r27_no_route_is_without_its_guard() {
    let api = of_kind("AWS::Serverless::HttpApi");
    let [api] = api.as_slice() else { panic!("there is one API") };
    let default = at(&api.properties, "Auth.DefaultAuthorizer").and_then(Yaml::as_str).unwrap();
    assert!(at(&api.properties, &format!("Auth.Authorizers.{default}.FunctionArn")).is_some());
    let mut open = Vec::new();
    for (function, name, kind, route) in events() {
        assert_ne!(kind, "Api", "{}.{name} is outside the guarded API", function.id);
        if kind != "HttpApi" {
            continue;
        }
        assert!(route.get("ApiId").is_some(), "{}.{name} would create another API without an authorizer", function.id);
        match at(&route, "Auth.Authorizer").and_then(Yaml::as_str) {
            None => {}
            Some("NONE") => open.push(format!("{} {}", text(&route, "Method"), text(&route, "Path"))),
            Some(other) => assert_eq!(other, default, "{}.{name}", function.id),
        }
        assert!(!texts(&route).iter().any(|it| it == "$default" || it.contains("{proxy+}")), "{}.{name}", function.id);
    }
    assert_eq!(open, OPEN_ROUTES.map(|(route, _)| route));
    for function in of_kind("AWS::Serverless::Function") {
        assert!(function.properties.get("FunctionUrlConfig").is_none(), "{} has a URL of its own", function.id);
    }
}

#[test]
fn r27_every_route_has_a_rate_and_those_that_cost_most_their_own() {
    let api = of_kind("AWS::Serverless::HttpApi").remove(0);
    let limited = |settings: &Yaml| {
        ["ThrottlingRateLimit", "ThrottlingBurstLimit"].iter().all(|limit| settings.get(limit).is_some())
    };
    assert!(api.properties.get("DefaultRouteSettings").is_some_and(limited));
    let own = api.properties.get("RouteSettings").and_then(Yaml::as_mapping).unwrap();
    let routes: Vec<String> = events()
        .iter()
        .filter(|(_, _, kind, _)| kind == "HttpApi")
        .map(|(_, _, _, route)| format!("{} {}", text(route, "Method"), text(route, "Path")))
        .collect();
    for (route, settings) in own {
        let route = route.as_str().unwrap();
        assert!(routes.iter().any(|it| it == route), "there is no route {route}");
        assert!(limited(settings), "{route}");
    }
    for route in ["POST /orders", "POST /orders/search"].into_iter().chain(OPEN_ROUTES.map(|(route, _)| route)) {
        assert!(own.contains_key(Yaml::from(route)), "{route} has no rate limit of its own");
    }
}

/// Whether a known wildcard allows this resource.
fn allows(known: &str, resource: &str) -> bool {
    resource == known || (known != ANYTHING && resource.ends_with(known))
}

#[test]
fn r27_no_policy_has_a_wildcard_without_a_reason() {
    let mut wild = Vec::new();
    for function in of_kind("AWS::Serverless::Function") {
        let id = &function.id;
        for name in ["Role", "PermissionsBoundary"] {
            assert!(function.properties.get(name).is_none(), "{id} has a role from elsewhere");
        }
        let policies = function.properties.get("Policies").and_then(Yaml::as_sequence).cloned().unwrap_or_default();
        for policy in &policies {
            let statements = policy.get("Statement").and_then(Yaml::as_sequence);
            for statement in statements.unwrap_or_else(|| panic!("{id}: a managed policy or a policy template")) {
                assert_eq!(text(statement, "Effect"), "Allow", "{id}");
                assert!(statement.get("NotAction").is_none() && statement.get("NotResource").is_none(), "{id}");
                let actions = texts(statement.get("Action").unwrap());
                assert!(actions.iter().all(|action| !action.contains(['*', '?'])), "{id}: {actions:?}");
                let resources = texts(statement.get("Resource").unwrap());
                let anything = resources.iter().any(|it| it == ANYTHING);
                assert!(!anything || actions == [OF_THE_ACCOUNT], "{id}: {actions:?} on all resources");
                wild.extend(resources.into_iter().filter(|it| it.contains(['*', '?'])));
            }
        }
    }
    for resource in &wild {
        assert!(WILDCARDS.iter().any(|(known, _)| allows(known, resource)), "{resource}: why?");
    }
    let used = |known: &str| wild.iter().any(|it| allows(known, it));
    assert!(WILDCARDS.iter().all(|(known, _)| used(known)), "an exception is unused");
    for resource in resources() {
        assert!(!resource.kind.starts_with("AWS::IAM::"), "{}: a policy belongs to its function", resource.id);
    }
}

#[test]
fn r27_everything_that_is_stored_is_encrypted() {
    let watching: Yaml = serde_norway::from_str(&file("infra/watching.yaml")).unwrap();
    for resource in resources().into_iter().chain(resources_of(&watching)) {
        let encrypted = match resource.kind.as_str() {
            "AWS::DynamoDB::Table" => {
                at(&resource.properties, "SSESpecification.SSEEnabled") == Some(&Yaml::from(true))
            }
            "AWS::SQS::Queue" => resource.properties.get("SqsManagedSseEnabled") == Some(&Yaml::from(true)),
            "AWS::SNS::Topic" => resource.properties.get("KmsMasterKeyId").is_some(),
            "AWS::S3::Bucket" => resource.properties.get("BucketEncryption").is_some(),
            // Secrets and logs are always encrypted with a key of the service.
            _ => true,
        };
        assert!(encrypted, "{} is not encrypted", resource.id);
    }
}

#[test]
fn r27_no_secret_stands_in_an_environment() {
    let template = template();
    let globals = at(&template, "Globals.Function.Environment.Variables").cloned().unwrap();
    let own = of_kind("AWS::Serverless::Function").into_iter().filter_map(|it| {
        at(&it.properties, "Environment.Variables").map(|variables| (it.id.clone(), variables.clone()))
    });
    for (id, variables) in own.chain([("Globals".to_owned(), globals)]) {
        for (name, value) in variables.as_mapping().unwrap() {
            let name = name.as_str().unwrap();
            let value = texts(value).join(" ");
            assert!(!value.contains("resolve:"), "{id}.{name} is a secret");
            let secretive = ["KEY", "TOKEN", "PASSWORD", "SECRET", "CREDENTIAL"].iter().any(|it| name.contains(it));
            assert!(!secretive || name.ends_with("_SECRET"), "{id}.{name}: a secret, or the place of one?");
        }
    }
    let parameters = template.get("Parameters").and_then(Yaml::as_mapping).unwrap();
    assert!(parameters.iter().all(|(_, it)| it.get("NoEcho").is_none()), "a secret must not be a parameter");
    assert!(!file("template.yaml").contains("{{resolve:"), "the stack must not contain a secret's value");
}

#[test]
fn r27_batches_and_times_are_bounded() {
    let template = template();
    let usual = at(&template, "Globals.Function.Timeout").and_then(Yaml::as_i64).unwrap();
    let timeout = |function: &Resource| number(&function.properties, "Timeout").unwrap_or(usual);
    for (function, name, kind, event) in events() {
        let whole = format!("{}.{name}", function.id);
        match kind.as_str() {
            "SQS" | "DynamoDB" => {
                assert!(number(&event, "BatchSize").is_some_and(|it| it <= 100), "{whole}");
                assert!(texts(&event).iter().any(|it| it == "ReportBatchItemFailures"), "{whole}");
            }
            "HttpApi" => {
                let deadline = i64::try_from(contract::call::DEADLINE.as_secs()).unwrap();
                assert!((deadline + 2..=MAX_RESPONSE_TIME).contains(&timeout(&function)), "{whole}");
            }
            "ScheduleV2" => assert!(event.get("DeadLetterConfig").is_some(), "{whole}"),
            other => panic!("{whole}: is a {other} guarded?"),
        }
        if kind != "SQS" {
            continue;
        }
        let queue = texts(event.get("Queue").unwrap()).join("").replace(".Arn", "");
        let queue = resources().into_iter().find(|it| it.id == queue).unwrap();
        let hidden = number(&queue.properties, "VisibilityTimeout").unwrap();
        assert!(hidden >= 3 * timeout(&function), "{whole}: a message would become visible while it is processed");
        assert!(at(&queue.properties, "RedrivePolicy.deadLetterTargetArn").is_some(), "{whole}");
    }
}

#[test]
fn a_new_version_that_fails_goes_back() {
    let template = template();
    let all = at(&template, "Globals.Function.DeploymentPreference").unwrap();
    assert!(all.get("Enabled").is_some() && all.get("Type").is_some());
    let watching = file("infra/watching.yaml");
    let rings = |alarms: &Yaml| texts(alarms.get("Alarms").unwrap()).remove(0).replace("${AWS::StackName}-", "");
    let watched = |alarm: &str| watching.contains(&format!("AlarmName: !Sub \"${{Stack}}-{alarm}\""));
    assert!(rings(all) == "api-errors" && watched("api-errors"));
    for function in of_kind("AWS::Serverless::Function") {
        let name = texts(function.properties.get("FunctionName").unwrap()).remove(0).replace("${AWS::StackName}-", "");
        let own = function.properties.get("DeploymentPreference").unwrap();
        assert_eq!(rings(own), format!("{name}-errors"), "{}", function.id);
        assert!(watched(&format!("{name}-errors")), "no alarm covers {name}");
    }
}

#[test]
fn what_cannot_be_made_again_outlives_the_stack() {
    for (id, kind) in [("Table", "AWS::DynamoDB::Table"), ("IdentityKey", "AWS::SecretsManager::Secret")] {
        let resource = of_kind(kind).into_iter().find(|it| it.id == id).unwrap();
        assert_eq!(text(&resource.whole, "DeletionPolicy"), "RetainExceptOnCreate", "{id}");
        assert_eq!(text(&resource.whole, "UpdateReplacePolicy"), "Retain", "{id}");
    }
    let table = of_kind("AWS::DynamoDB::Table").remove(0).properties;
    assert!(table.get("DeletionProtectionEnabled").is_some());
    assert_eq!(at(&table, "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"), Some(&Yaml::from(true)));
}

#[test]
fn a_release_ends_a_call_whose_arithmetic_overflows() {
    let manifest: toml::Value = toml::from_str(&file("Cargo.toml")).unwrap();
    let release = manifest.get("profile").and_then(|profiles| profiles.get("release")).unwrap();
    assert_eq!(release.get("overflow-checks").and_then(toml::Value::as_bool), Some(true));
}
