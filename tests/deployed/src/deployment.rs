//! A shop deployed to its own ministack on this machine: the real programs and the real template. It has the same front
//! as the embedded stack, so the same scenarios run against both.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use local::client::Client;
use local::state::State;
use local::template::{Template, TemplateInputs};
use local::{Clock, Provider, TEMPLATE, local_parameters};
use serde_json::{Value, json};

use crate::aws::Aws;
use crate::deploy::{self, Resources};
use crate::faults::Faults;
use crate::process::{Process, free_port, root, workplace};

#[derive(Clone, Debug)]
pub struct Plan {
    pub policy: String,
    pub functions: Vec<String>,
    /// Whether fault proxies stand between the functions and the services that they call.
    pub faulty: bool,
}

/// A deployed shop. Dropping it ends all its processes.
#[derive(Debug)]
pub struct Deployment {
    pub url: String,
    /// A client for AWS's APIs that no fault reaches.
    pub aws: Aws,
    /// A client for the HTTP API that no fault reaches, and the API's host name.
    pub api: (Client, String),
    pub template: Template,
    pub resources: Resources,
    pub token_key: String,
    /// The stand-in for the payment provider. Its state also keeps the mails.
    pub provider: Provider,
    /// The fault proxies, if the plan asks for them.
    pub faults: Option<Faults>,
    /// Number of probes sent through the stream so far.
    pub probes: AtomicU64,
    ministack: Process,
}

impl Deployment {
    /// Starts ministack and deploys. The caller serves the front at `url` and the services beside AWS at
    /// `services_url`.
    pub async fn start(plan: &Plan, url: String, services_url: &str) -> Result<Self, String> {
        let port = free_port()?.to_string();
        let (machine, log) = (format!("http://127.0.0.1:{port}"), format!("{}-{port}", plan.policy));
        let faults = if plan.faulty { Some(Faults::start(&machine, services_url).await?) } else { None };
        let endpoints = match &faults {
            Some(faults) => [faults.aws.as_str(), faults.others.as_str()],
            None => [machine.as_str(), services_url],
        };
        let mut ministack = start_ministack(&port, &machine, endpoints, &log)?;
        ministack.answers(&machine, "/_ministack/health").await?;
        let aws = Aws::new(&machine);
        let Deployed { template, resources, token_key } = deploy(&aws, plan, &url, endpoints[1]).await?;
        let api = deploy::make_routes(&aws, &template, &resources).await?;
        let api = (Client::new(&machine), format!("{api}.execute-api.localhost:{port}"));
        let state = State::open(None).map_err(|error| error.to_string())?;
        let provider = Provider { state: Arc::new(state), clock: Clock::default() };
        let probes = AtomicU64::new(0);
        Ok(Self { url, aws, api, template, resources, token_key, provider, faults, probes, ministack })
    }

    /// The physical name of a resource; empty if there is none.
    pub fn physical(&self, logical: &str) -> &str {
        self.resources.get(logical).map_or("", String::as_str)
    }

    /// Invokes a function by its name, for example `reconcile`. The error is the text that the invocation ended with.
    pub async fn invoke(&self, function: &str, event: &Value) -> Result<Value, String> {
        let logical = self.template.function(function).map(|it| it.logical_id.clone()).unwrap_or_default();
        self.aws.invoke(self.physical(&logical), event).await
    }

    /// All items of the table, in DynamoDB's JSON.
    pub async fn items(&self) -> Result<Vec<Value>, String> {
        let (mut items, mut from) = (Vec::new(), None);
        loop {
            let mut scan = json!({ "TableName": self.physical("Table"), "ConsistentRead": true });
            if let (Some(from), Some(scan)) = (from.take(), scan.as_object_mut()) {
                scan.insert("ExclusiveStartKey".to_owned(), from);
            }
            let mut page = self.aws.call("dynamodb", "Scan", &scan).await?;
            items.extend(page.get_mut("Items").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default());
            from = page.get("LastEvaluatedKey").cloned();
            if from.is_none() {
                return Ok(items);
            }
        }
    }

    /// The process group of ministack and the functions' processes.
    pub fn group(&self) -> u32 {
        self.ministack.group()
    }
}

struct Deployed {
    template: Template,
    resources: Resources,
    token_key: String,
}

/// Creates the stack and the resources that the template expects to exist.
async fn deploy(aws: &Aws, plan: &Plan, url: &str, others_url: &str) -> Result<Deployed, String> {
    deploy::make_secrets(aws).await?;
    let identity = mail_identity(&plan.policy)?;
    aws.rest("ses", "POST", "/v2/email/identities", &json!({ "EmailIdentity": identity })).await?;
    let mut parameters = local_parameters(url, others_url, Some(&plan.policy));
    parameters.insert("MailIdentity".to_owned(), identity.to_owned());
    parameters.remove("HoleGraceSeconds"); // the deployed stack keeps the template's value
    let inputs = TemplateInputs { parameters: parameters.clone(), services_url: others_url.to_owned() };
    let template = Template::read(TEMPLATE, &inputs).map_err(|error| error.to_string())?;
    let resources = deploy::make_stack(aws, &plan.functions, &parameters).await?;
    let token_key = deploy::token_key(aws, &resources).await?;
    Ok(Deployed { template, resources, token_key })
}

/// The domain that each shop verifies at SES and names as `MailIdentity`, in step 1 and step 4 of `infra/deploying.md`.
const MAIL_IDENTITIES: [(&str, &str); 3] = [
    ("ledriven", "ledriven.example"),
    ("add-to-cart-backorder", "add-to-cart.example"),
    ("bodybuilding", "bodybuilding.example"),
];

/// The shop's identity. Fails if the identity does not cover the policy's sender, because SES would refuse each mail.
fn mail_identity(policy: &str) -> Result<&'static str, String> {
    let path = root().join("infra/policies").join(format!("{policy}.toml"));
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let sender = text.lines().find_map(|line| line.strip_prefix("sender = ")).unwrap_or_default().trim_matches('"');
    let known = MAIL_IDENTITIES.into_iter().find(|(name, _)| *name == policy).map(|(_, identity)| identity);
    let identity = known.ok_or_else(|| format!("no MailIdentity is known for the policy {policy}"))?;
    let covered = sender.split_once('@').is_some_and(|(_, domain)| domain == identity);
    covered.then_some(identity).ok_or_else(|| format!("MailIdentity={identity} does not cover the sender {sender:?}"))
}

fn start_ministack(port: &str, own: &str, [aws, others]: [&str; 2], log: &str) -> Result<Process, String> {
    let temporary = workplace().join(format!("tmp-{port}"));
    std::fs::create_dir_all(&temporary).map_err(|error| format!("{}: {error}", temporary.display()))?;
    let temporary = temporary.display().to_string();
    let environment = [
        ("BIND_HOST", "127.0.0.1"),
        ("GATEWAY_PORT", port),
        ("TMPDIR", temporary.as_str()),
        ("AWS_ENDPOINT_URL", own),
        ("AWS_ENDPOINT_URL_DYNAMODB", aws),
        ("AWS_ENDPOINT_URL_SQS", aws),
        ("AWS_ENDPOINT_URL_SESV2", others),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ];
    Process::start("ministack", &[], &environment, &format!("{log}.log"))
}
