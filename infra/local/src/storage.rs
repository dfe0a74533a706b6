//! Opens the template and the data of a stack, in memory or in a directory.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use jiff::SignedDuration;
use tokio::sync::RwLock;

use crate::backend::{Backend, Wakeups};
use crate::clock::Clock;
use crate::delivery::{CLOCK_OFFSET, position_of};
use crate::dynamodb::{self, Table};
use crate::options::{Options, TEMPLATE, local_parameters};
use crate::secrets::Secrets;
use crate::ses::MAILS_A_SECOND;
use crate::state::State;
use crate::template::{Template, TemplateError, TemplateInputs};

/// Why a stack did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The template cannot be read.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The port is not free.
    #[error("port {port} is not available ({source}): choose another with --port, or 0 for a free one")]
    Port {
        /// The port.
        port: u16,
        /// The reason that the port is not free.
        source: std::io::Error,
    },
    /// A file, a directory or a thread cannot be opened or started.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
    /// The directory of the data is in use, or was made for another template.
    #[error("{0}")]
    Data(String),
    /// The state cannot be opened.
    #[error("the state cannot be opened: {0}")]
    State(#[from] rusqlite::Error),
    /// The table cannot be opened.
    #[error("the table cannot be opened: {0}")]
    Table(String),
    /// The functions cannot be made.
    #[error("the functions cannot be made: {0}")]
    Functions(String),
}

/// Makes the directory if it does not exist, and locks it against a second stack.
pub(crate) fn claim(directory: &Path) -> Result<File, StartError> {
    let name = directory.display().to_string();
    fs::create_dir_all(directory).map_err(io(&name))?;
    let lock = File::create(directory.join("lock")).map_err(io(&name))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(_) => Err(StartError::Data(format!("{name} is in use by another local stack"))),
    }
}

pub(crate) fn open_backend(options: &Options, url: &str, services_url: &str) -> Result<Backend, StartError> {
    let text = match &options.template {
        None => TEMPLATE.to_owned(),
        Some(path) => fs::read_to_string(path).map_err(io(&path.display().to_string()))?,
    };
    let mut parameters = match &options.template {
        None => local_parameters(url, services_url, options.policy.as_deref()),
        Some(_) => BTreeMap::new(),
    };
    parameters.extend(options.parameters.clone());
    let inputs = TemplateInputs { parameters, services_url: services_url.to_owned() };
    let template = Template::read(&text, &inputs)?;
    let file = |name: &str| options.data.as_deref().map(|directory| directory.join(name));
    let state = State::open(file("local.db").as_deref())?;
    let path = file("table.db");
    check_table(&state, &template)?;
    let table = Table::open(&template.table, path.as_deref()).map_err(StartError::Table)?;
    if let Some(path) = &path {
        drop_delivered(&state, &template, path)?;
    }
    let offset = state.fact(CLOCK_OFFSET)?.and_then(|offset| offset.parse().ok()).unwrap_or(0);
    let clock = Clock::ahead_by(SignedDuration::from_micros(offset));
    let wakeups = Wakeups::new(&template);
    let secrets = Secrets::new(options.secrets.clone());
    let (state, gate) = (Arc::new(state), Arc::new(RwLock::new(())));
    let mail_rate = AtomicU64::new(MAILS_A_SECOND.to_bits());
    Ok(Backend { secrets, template, table, state, clock, wakeups, gate, mail_rate })
}

/// Refuses data whose table has other keys, other indexes or another stream.
fn check_table(state: &State, template: &Template) -> Result<(), StartError> {
    const SHAPE: &str = "shape of the table";
    let shape = format!("{:?}", template.table);
    match state.fact(SHAPE)? {
        Some(known) if known != shape => Err(StartError::Data(
            "the data was made for another table than the template's: use another directory".to_owned(),
        )),
        Some(_) => Ok(()),
        None => Ok(state.remember(SHAPE, &shape)?),
    }
}

/// Drops the stream's records that every function has processed.
fn drop_delivered(state: &State, template: &Template, path: &Path) -> Result<(), StartError> {
    let readers = template.functions.iter().filter(|function| !function.streams.is_empty());
    let mut oldest: Option<String> = None;
    for function in readers {
        let Some(position) = state.fact(&position_of(&function.name))? else { return Ok(()) };
        oldest = Some(oldest.map_or(position.clone(), |oldest| oldest.min(position)));
    }
    match oldest {
        Some(position) => dynamodb::drop_old_records(path, &position).map_err(StartError::Table),
        None => Ok(()),
    }
}

/// Adds the name of the file, port or thread to an error.
pub(crate) fn io(what: &str) -> impl FnOnce(std::io::Error) -> StartError {
    let what = what.to_owned();
    move |error| StartError::Io(what, error)
}
