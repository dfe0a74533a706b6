//! The options of a stack, and the values of the template's parameters on one machine.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The project's template, built into the program.
pub const TEMPLATE: &str = include_str!("../../../template.yaml");

/// Seconds before a gap may be closed. One machine needs less than the template's minimum, which allows for a network.
const GAP_GRACE_SECONDS: &str = "3";

/// The options of a stack. The default is for tests: in memory, on free ports.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The port of the front; 0 takes a free one.
    pub port: u16,
    /// The ports of DynamoDB and of the other services; 0 takes a free one.
    pub inner_ports: [u16; 2],
    /// The directory for all data; `None` keeps the data in memory.
    pub data: Option<PathBuf>,
    /// A value of the template's parameter `Policy`; `None` takes the template's default.
    pub policy: Option<String>,
    /// Values of further parameters of the template.
    pub parameters: BTreeMap<String, String>,
    /// A template in place of [`TEMPLATE`].
    pub template: Option<PathBuf>,
    /// Values of secrets, by their ids in the template. Other secrets have a well-known value.
    pub secrets: BTreeMap<String, String>,
    /// Whether schedules fire only when the clock is moved, never in real time.
    pub silent_schedules: bool,
}

/// The values of the template's parameters on one machine.
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
