//! The whole stack, started and stopped: the composition root. Each part stands in its own file.

use std::collections::BTreeMap;
use std::fs::File;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::serve::ListenerExt as _;
use dynoxide::Database;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::data::{self, StartError, io};
use crate::delivery::Delivery;
use crate::dynamodb::{Server, Table};
use crate::ground::Ground;
use crate::http::{self, Audit, MakeToken, Shop};
use crate::invoke::Functions;
use crate::secrets::Secrets;
use crate::services;
use crate::state::State;
use crate::template::Template;

/// The project's template, built in: the program needs no path to it.
pub const TEMPLATE: &str = include_str!("../../../template.yaml");

/// The grace of a hole on one machine, in seconds: shorter than the template allows where calls cross a network.
const HOLE_GRACE_SECONDS: &str = "3";

/// How a stack is started. The default is for tests: in memory, on free ports.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The port of the front; 0 takes a free one.
    pub port: u16,
    /// The ports of DynamoDB and of the other services; 0 takes a free one.
    pub inner_ports: [u16; 2],
    /// The directory that everything is kept in; in memory where it is `None`.
    pub data: Option<PathBuf>,
    /// The shop's policy, a value of the template's parameter `Policy`; its default where it is `None`.
    pub policy: Option<String>,
    /// Values of further parameters of the template.
    pub parameters: BTreeMap<String, String>,
    /// A template in place of [`TEMPLATE`].
    pub template: Option<PathBuf>,
    /// What secrets hold, by their ids in the template, in place of values that everybody knows.
    pub secrets: BTreeMap<String, String>,
    /// Whether schedules stay silent in real time. They fire all the same when the clock is moved.
    pub silent_schedules: bool,
}

/// What the functions find around them: everything that is needed to make them.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Where the front listens, for example `http://127.0.0.1:9000`.
    pub url: String,
    /// The endpoint of DynamoDB.
    pub dynamodb_url: String,
    /// The endpoint of SQS, of SES, of S3 and of Stripe.
    pub services_url: String,
    /// The environment of each function, by its name, filled in from the template.
    pub environments: BTreeMap<String, BTreeMap<String, String>>,
    /// The table, for an audit of what is stored.
    pub table: Table,
    /// Messages, mails, payments and refunds, for an audit.
    pub state: Arc<State>,
    /// The shop's clock: what functions take for now.
    pub clock: Clock,
}

/// What the stack must be given: the functions, and what knows their store and their tokens.
pub struct Wiring {
    /// The functions.
    pub functions: Functions,
    /// Makes tokens for `/_local/token` and the page.
    pub token: MakeToken,
    /// Checks what is stored, for `/_local/audit`.
    pub audit: Audit,
}

/// A running stack. Dropping it stops it; nothing that was acknowledged is lost either way.
pub struct Stack {
    url: String,
    dynamodb_url: String,
    services_url: String,
    ground: Arc<Ground>,
    shop: Arc<Shop>,
    servers: Vec<JoinHandle<()>>,
    _table_server: Server,
    _data: Option<File>,
}

impl Stack {
    /// Starts a stack. `wire` makes the functions, once it is known what is around them.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start<F>(options: Options, wire: impl FnOnce(Surroundings) -> F) -> Result<Self, StartError>
    where
        F: Future<Output = Result<Wiring, String>>,
    {
        let data = options.data.as_deref().map(data::claim).transpose()?;
        let port = options.port;
        let [table_port, services_port] = options.inner_ports;
        let (front, of_services, of_table) = (listen(port)?, listen(services_port)?, listen(table_port)?);
        let (url, services_url, dynamodb_url) = (url(&front)?, url(&of_services)?, url(&of_table)?);
        let ground = Arc::new(data::lay_ground(&options, &url, &services_url)?);
        let surroundings = Surroundings {
            url: url.clone(),
            dynamodb_url: dynamodb_url.clone(),
            services_url: services_url.clone(),
            environments: ground.template.environments(),
            table: ground.table.clone(),
            state: Arc::clone(&ground.state),
            clock: ground.clock.clone(),
        };
        let table_server = Server::start(of_table, &ground.table).map_err(io("the table's server"))?;
        let mut servers = vec![serve(of_services, services::router(Arc::clone(&ground)))?];
        let wiring = wire(surroundings).await.map_err(StartError::Functions)?;
        let functions = Arc::new(wiring.functions);
        let delivery = Delivery::start(Arc::clone(&ground), Arc::clone(&functions), !options.silent_schedules);
        let shop = Arc::new(Shop::new(Arc::clone(&ground), functions, delivery, wiring.token, wiring.audit));
        servers.push(serve(front, http::router(Arc::clone(&shop)))?);
        Ok(Self { url, dynamodb_url, services_url, ground, shop, servers, _table_server: table_server, _data: data })
    }

    /// Where the front listens, for example `http://127.0.0.1:9000`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The endpoint of DynamoDB.
    #[must_use]
    pub fn dynamodb_url(&self) -> &str {
        &self.dynamodb_url
    }

    /// The endpoint of SQS, of SES, of S3 and of Stripe.
    #[must_use]
    pub fn services_url(&self) -> &str {
        &self.services_url
    }

    /// What feeds the functions: to pause, to disturb, to settle, to move the clock.
    #[must_use]
    pub fn delivery(&self) -> &Delivery {
        &self.shop.delivery
    }

    /// The table's store, in process.
    #[must_use]
    pub fn database(&self) -> &Database {
        self.ground.table.database()
    }

    /// Messages, mails, payments and refunds.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.ground.state
    }

    /// The shop's clock. Moving it here fires nothing: that is [`Delivery::advance`].
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.ground.clock
    }

    /// The secrets.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.ground.secrets
    }

    /// Lets SES say that the account may send so many mails a second. Nothing is refused for going beyond it.
    pub fn set_mails_a_second(&self, rate: f64) {
        self.ground.mail_rate.store(rate.to_bits(), Ordering::SeqCst);
    }

    /// The template, filled in.
    #[must_use]
    pub fn template(&self) -> &Template {
        &self.ground.template
    }

    /// Empties everything and sets the clock back.
    ///
    /// # Errors
    /// What could not be emptied, as text.
    pub async fn reset(&self) -> Result<(), String> {
        self.shop.delivery.empty().await
    }

    /// Stops at once, as the end of the process would: what was being worked on comes again at the next start.
    pub async fn shutdown(mut self) {
        self.shop.delivery.stop();
        for server in self.servers.drain(..) {
            server.abort();
            let _ = server.await;
        }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.shop.delivery.stop();
        for server in &self.servers {
            server.abort();
        }
    }
}

impl std::fmt::Debug for Stack {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Stack").field("url", &self.url).finish_non_exhaustive()
    }
}

/// The values that one machine gives to the template's parameters.
#[must_use]
pub fn local_parameters(url: &str, services_url: &str, policy: Option<&str>) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::from([
        ("HoleGraceSeconds".to_owned(), HOLE_GRACE_SECONDS.to_owned()),
        ("MailIdentity".to_owned(), "shop.example".to_owned()),
        ("ReplyDomain".to_owned(), "reply.shop.example".to_owned()),
        ("ShopOrigin".to_owned(), url.to_owned()),
        ("StatusUrl".to_owned(), format!("{url}/order")),
        ("StripeUrl".to_owned(), services_url.to_owned()),
    ]);
    if let Some(policy) = policy {
        parameters.insert("Policy".to_owned(), policy.to_owned());
    }
    parameters
}

fn listen(port: u16) -> Result<TcpListener, StartError> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let listener = listener.and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
    listener.map_err(|source| StartError::Port { port, source })
}

fn url(listener: &TcpListener) -> Result<String, StartError> {
    listener.local_addr().map(|address| format!("http://{address}")).map_err(io("a port"))
}

fn serve(listener: TcpListener, router: axum::Router) -> Result<JoinHandle<()>, StartError> {
    let listener = tokio::net::TcpListener::from_std(listener).map_err(io("a port"))?;
    // A small answer must not wait for more to come.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    Ok(tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "a server ended");
        }
    }))
}
