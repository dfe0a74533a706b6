//! The composition root. It starts and stops the parts of the stack.

use std::collections::BTreeMap;
use std::fs::File;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::serve::ListenerExt as _;
use dynoxide::Database;
use tokio::task::JoinHandle;

use crate::backend::Backend;
use crate::clock::Clock;
use crate::delivery::Delivery;
use crate::dynamodb::{Server, Table};
use crate::http::{self, Audit, HttpState, MakeToken};
use crate::invoke::Functions;
use crate::options::Options;
use crate::secrets::Secrets;
use crate::services;
use crate::state::State;
use crate::storage::{self, StartError, io};
use crate::template::Template;

/// The inputs of the functions: the addresses of the services, and the environment of each function.
#[derive(Clone, Debug)]
pub struct StackEndpoints {
    /// The address of the HTTP front, for example `http://127.0.0.1:9000`.
    pub url: String,
    /// The address of DynamoDB.
    pub dynamodb_url: String,
    /// The address of SQS, SES, S3 and Stripe.
    pub services_url: String,
    /// The environment of each function, by its name.
    pub environments: BTreeMap<String, BTreeMap<String, String>>,
    /// The table, for the audit.
    pub table: Table,
    /// Messages, mails, payments and refunds, for the audit.
    pub state: Arc<State>,
    /// The shop's clock, which the functions read.
    pub clock: Clock,
}

/// The parts of a stack that the caller provides.
pub struct Bindings {
    /// The functions.
    pub functions: Functions,
    /// Makes tokens for `/_local/token` and the page.
    pub token: MakeToken,
    /// Checks what is stored, for `/_local/audit`.
    pub audit: Audit,
}

/// A running stack. Dropping the stack stops it and loses no acknowledged data.
pub struct Stack {
    endpoints: StackEndpoints,
    backend: Arc<Backend>,
    shop: Arc<HttpState>,
    servers: Vec<JoinHandle<()>>,
    _table_server: Server,
    _data: Option<File>,
}

impl Stack {
    /// Starts a stack. It calls `connect` as soon as the services listen.
    pub async fn start<F>(options: Options, connect: impl FnOnce(StackEndpoints) -> F) -> Result<Self, StartError>
    where
        F: Future<Output = Result<Bindings, String>>,
    {
        let data = options.data.as_deref().map(storage::claim).transpose()?;
        let port = options.port;
        let [table_port, services_port] = options.inner_ports;
        let (front, of_services, of_table) = (listen(port)?, listen(services_port)?, listen(table_port)?);
        let (url, services_url, dynamodb_url) = (url(&front)?, url(&of_services)?, url(&of_table)?);
        let backend = Arc::new(storage::open_backend(&options, &url, &services_url)?);
        let endpoints = StackEndpoints {
            url,
            dynamodb_url,
            services_url,
            environments: backend.template.environments(),
            table: backend.table.clone(),
            state: Arc::clone(&backend.state),
            clock: backend.clock.clone(),
        };
        let table_server = Server::start(of_table, &backend.table).map_err(io("the table's server"))?;
        let mut servers = vec![serve(of_services, services::router(Arc::clone(&backend)))?];
        let bindings = connect(endpoints.clone()).await.map_err(StartError::Functions)?;
        let functions = Arc::new(bindings.functions);
        let delivery = Delivery::start(Arc::clone(&backend), Arc::clone(&functions), !options.silent_schedules);
        let shop = Arc::new(HttpState::new(Arc::clone(&backend), functions, delivery, bindings.token, bindings.audit));
        servers.push(serve(front, http::router(Arc::clone(&shop)))?);
        Ok(Self { endpoints, backend, shop, servers, _table_server: table_server, _data: data })
    }

    /// The inputs of the stack's functions.
    pub fn endpoints(&self) -> &StackEndpoints {
        &self.endpoints
    }

    /// The address of the HTTP front.
    pub fn url(&self) -> &str {
        &self.endpoints.url
    }

    /// The address of DynamoDB.
    pub fn dynamodb_url(&self) -> &str {
        &self.endpoints.dynamodb_url
    }

    /// The address of SQS, SES, S3 and Stripe.
    pub fn services_url(&self) -> &str {
        &self.endpoints.services_url
    }

    /// The delivery of events to the functions. It can pause, disturb and settle deliveries, and move the clock.
    pub fn delivery(&self) -> &Delivery {
        &self.shop.delivery
    }

    /// The table's database in this process.
    pub fn database(&self) -> &Database {
        self.backend.table.database()
    }

    /// Messages, mails, payments and refunds.
    pub fn state(&self) -> &State {
        &self.backend.state
    }

    /// The shop's clock. Moving it here fires no schedule; [`Delivery::advance`] does.
    pub fn clock(&self) -> &Clock {
        &self.backend.clock
    }

    /// The secrets.
    pub fn secrets(&self) -> &Secrets {
        &self.backend.secrets
    }

    /// Sets the sending rate that SES reports. The stack does not enforce it.
    pub fn set_mails_a_second(&self, rate: f64) {
        self.backend.mail_rate.store(rate.to_bits(), Ordering::SeqCst);
    }

    /// The template, with its parameters filled in.
    pub fn template(&self) -> &Template {
        &self.backend.template
    }

    /// Deletes all data and sets the clock back.
    pub async fn reset(&self) -> Result<(), String> {
        self.shop.delivery.empty().await
    }

    /// Stops at once, like the end of the process. Work in progress is delivered again after the next start.
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
        formatter.debug_struct("Stack").field("url", &self.url()).finish_non_exhaustive()
    }
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
    // This turns off Nagle's algorithm, which would delay small answers.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    Ok(tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "a server ended");
        }
    }))
}
