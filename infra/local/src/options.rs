//! How a stack is started, and what one machine gives to the template's parameters.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The project's template, built into the program.
pub const TEMPLATE: &str = include_str!("../../../template.yaml");

/// The grace of a gap on one machine, in seconds: shorter than the template allows where calls cross a network.
const GAP_GRACE_SECONDS: &str = "3";

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

/// The values that one machine gives to the template's parameters.
#[must_use]
pub fn local_parameters(url: &str, services_url: &str, policy: Option<&str>) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::from([
        ("HoleGraceSeconds".to_owned(), GAP_GRACE_SECONDS.to_owned()),
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
