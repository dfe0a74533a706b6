//! A shop deployed to a ministack of its own on this machine: the real programs behind the real template, with the front of
//! the embedded stack before it, so that the same scenarios run against either.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use local::client::Client;
use local::state::State;
use local::template::{Circumstances, Template};
use local::{Clock, Provider, TEMPLATE, local_parameters};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::aws::Aws;
use crate::deploy::{self, Resources};
use crate::faults::Faults;
use crate::front;
use crate::process::{Process, free_port, root, workplace};

/// How a shop is deployed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The shop's policy.
    pub policy: String,
    /// The functions' names.
    pub functions: Vec<String>,
    /// Whether faults can be put between the functions and what they call.
    pub faulty: bool,
}

/// A deployed shop. Dropping it ends everything that it runs on.
#[derive(Debug)]
pub struct Deployment {
    /// Where the front listens.
    pub url: String,
    /// AWS's APIs, without faults.
    pub aws: Aws,
    /// The HTTP API, without faults, and the name by which it is called.
    pub api: (Client, String),
    /// The template, filled in.
    pub template: Template,
    /// The stack's resources.
    pub resources: Resources,
    /// What signs tokens.
    pub token_key: String,
    /// The payment provider's stand-in; its memory also keeps the mails.
    pub provider: Provider,
    /// What stands between the functions and what they call, where that was planned.
    pub faults: Option<Faults>,
    /// How many probes were sent through the stream.
    pub probes: AtomicU64,
    ministack: Process,
}

/// What serves a deployment's front; it stops when it is dropped.
#[derive(Debug)]
pub struct Served(Vec<JoinHandle<()>>);

impl Drop for Served {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

impl Deployment {
    /// Starts ministack, deploys, and serves the front on a free port.
    ///
    /// # Errors
    /// What could not be started or deployed.
    pub async fn start(plan: &Plan) -> Result<(Arc<Self>, Served), String> {
        let (front, services) = (listen()?, listen()?);
        let (url, services_url) = (url(&front)?, url(&services)?);
        let port = free_port()?.to_string();
        let (machine, log) = (format!("http://127.0.0.1:{port}"), format!("{}-{port}", plan.policy));
        let faults = if plan.faulty { Some(Faults::start(&machine, &services_url).await?) } else { None };
        let told = match &faults {
            Some(faults) => [&faults.aws, &faults.others],
            None => [&machine, &services_url],
        };
        let mut ministack = start_ministack(&port, &machine, told, &log)?;
        ministack.answers(&machine, "/_ministack/health").await?;
        let aws = Aws::new(&machine);
        let Deployed { template, resources, token_key } = deploy(&aws, plan, &url, told[1]).await?;
        let api = deploy::make_routes(&aws, &template, &resources).await?;
        let api = (Client::new(&machine), format!("{api}.execute-api.localhost:{port}"));
        let state = State::open(None).map_err(|error| error.to_string())?;
        let provider = Provider { state: Arc::new(state), clock: Clock::default() };
        let probes = AtomicU64::new(0);
        let shop =
            Arc::new(Self { url, aws, api, template, resources, token_key, provider, faults, probes, ministack });
        let served = vec![serve(front, front::router(&shop))?, serve(services, front::services(&shop))?];
        Ok((shop, Served(served)))
    }

    /// The physical name of a resource; empty where there is none.
    pub fn physical(&self, logical: &str) -> &str {
        self.resources.get(logical).map_or("", String::as_str)
    }

    /// Invokes a function by its name, for example `reconcile`.
    ///
    /// # Errors
    /// The text of the error that the invocation ended with.
    pub async fn invoke(&self, function: &str, event: &Value) -> Result<Value, String> {
        let logical = self.template.function(function).map(|it| it.logical_id.clone()).unwrap_or_default();
        self.aws.invoke(self.physical(&logical), event).await
    }

    /// Every item of the table, as DynamoDB's JSON has it.
    ///
    /// # Errors
    /// What AWS said.
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

    /// The process group that ministack and the functions' processes are in.
    pub fn group(&self) -> u32 {
        self.ministack.group()
    }
}

/// What was deployed.
struct Deployed {
    template: Template,
    resources: Resources,
    token_key: String,
}

/// Makes the stack, and what the template expects to find.
async fn deploy(aws: &Aws, plan: &Plan, url: &str, others_url: &str) -> Result<Deployed, String> {
    deploy::make_secrets(aws).await?;
    let identity = mail_identity(&plan.policy)?;
    aws.rest("ses", "POST", "/v2/email/identities", &json!({ "EmailIdentity": identity })).await?;
    let mut parameters = local_parameters(url, others_url, Some(&plan.policy));
    parameters.insert("MailIdentity".to_owned(), identity.to_owned());
    parameters.remove("HoleGraceSeconds"); // what is deployed keeps the template's
    let circumstances = Circumstances { parameters: parameters.clone(), services_url: others_url.to_owned() };
    let template = Template::read(TEMPLATE, &circumstances).map_err(|error| error.to_string())?;
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

/// The identity that a shop is deployed with. Fails where it does not cover the policy's sender: SES would refuse each mail.
fn mail_identity(policy: &str) -> Result<&'static str, String> {
    let path = root().join("infra/policies").join(format!("{policy}.toml"));
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let sender = text.lines().find_map(|line| line.strip_prefix("sender = ")).unwrap_or_default().trim_matches('"');
    let known = MAIL_IDENTITIES.into_iter().find(|(name, _)| *name == policy).map(|(_, identity)| identity);
    let identity = known.ok_or_else(|| format!("no MailIdentity is known for the policy {policy}"))?;
    let covered = sender.split_once('@').is_some_and(|(_, domain)| domain == identity);
    covered.then_some(identity).ok_or_else(|| format!("MailIdentity={identity} does not cover the sender {sender:?}"))
}

fn start_ministack(port: &str, own: &str, [aws, others]: [&String; 2], log: &str) -> Result<Process, String> {
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

fn listen() -> Result<TcpListener, String> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    listener
        .and_then(|it| it.set_nonblocking(true).map(|()| it))
        .map_err(|error| format!("there is no free port: {error}"))
}

fn url(listener: &TcpListener) -> Result<String, String> {
    listener.local_addr().map(|address| format!("http://{address}")).map_err(|error| error.to_string())
}

fn serve(listener: TcpListener, router: axum::Router) -> Result<JoinHandle<()>, String> {
    let listener = tokio::net::TcpListener::from_std(listener).map_err(|error| error.to_string())?;
    Ok(tokio::spawn(async move { drop(axum::serve(listener, router).await) }))
}
