//! The account of a function: region, credentials and endpoints from Lambda's environment. The crate `aws-config` also
//! searches files and other services, and that takes half of a start.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_types::SdkConfig;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::settings::SettingsError;

/// The variable with the endpoint of all services. With a service's name appended: the endpoint of that service.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";

/// Reads the account from an environment. The error names everything that is missing.
pub fn sdk_config(environment: &BTreeMap<String, String>) -> Result<SdkConfig, SettingsError> {
    let mut missing = Vec::new();
    let mut text = |name: &str| {
        let value = environment.get(name).filter(|value| !value.is_empty()).cloned();
        value.unwrap_or_else(|| {
            missing.push(format!("{name} is missing"));
            String::new()
        })
    };
    let (region, id, key) = (text("AWS_REGION"), text("AWS_ACCESS_KEY_ID"), text("AWS_SECRET_ACCESS_KEY"));
    if !missing.is_empty() {
        return Err(SettingsError(missing));
    }
    let session = environment.get("AWS_SESSION_TOKEN").cloned();
    // The credentials stay valid for longer than Lambda keeps a process.
    let credentials = Credentials::new(id, key, session, None, "environment");
    let endpoints = environment.iter().filter(|(name, _)| name.starts_with(ENDPOINT));
    let endpoints = endpoints.map(|(name, url)| (name.clone(), url.clone())).collect();
    Ok(SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .service_config(Endpoints(endpoints))
        .build())
}

/// The endpoint of a service: the configured one, else AWS's own in this region.
pub fn endpoint(environment: &BTreeMap<String, String>, service: &str) -> String {
    let region = environment.get("AWS_REGION").map_or("us-east-1", String::as_str);
    let value = configured_endpoint(environment, service).cloned();
    value.unwrap_or_else(|| format!("https://{}.{region}.amazonaws.com", service.to_ascii_lowercase()))
}

fn configured_endpoint<'a>(environment: &'a BTreeMap<String, String>, service: &str) -> Option<&'a String> {
    let own = format!("{ENDPOINT}_{}", service.replace(' ', "_").to_ascii_uppercase());
    environment.get(&own).or_else(|| environment.get(ENDPOINT))
}

#[derive(Debug)]
struct Endpoints(BTreeMap<String, String>);

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        configured_endpoint(&self.0, key.service_id()).filter(|_| key.env() == ENDPOINT).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(value: &[(&str, &str)]) -> BTreeMap<String, String> {
        let account = [("AWS_REGION", "eu-west-1"), ("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "key")];
        account.iter().chain(value).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_service_has_its_own_endpoint_or_that_of_all_or_that_of_aws() {
        assert_eq!(endpoint(&environment(&[]), "DynamoDB"), "https://dynamodb.eu-west-1.amazonaws.com");
        let value = environment(&[(ENDPOINT, "http://all"), ("AWS_ENDPOINT_URL_DYNAMODB", "http://table")]);
        assert_eq!(endpoint(&value, "DynamoDB"), "http://table");
        assert_eq!(endpoint(&value, "SQS"), "http://all");
    }

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let error = sdk_config(&BTreeMap::new()).map(|_| ()).unwrap_err();
        for name in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}
