//! `cargo local`: serves the shop until Ctrl-C. It first prints the address, the policy and where the data is kept.

use std::fs;
use std::path::{Path, PathBuf};

use aws::settings::Settings;
use contract::policy_file;
use domain::policy::Policy;
use local::client::Client;
use local::{Options, Stack, functions, watched};

/// The file with the environment for functions in other processes.
const ENVIRONMENT: &str = "target/functions.env";

#[derive(Debug, Default)]
pub struct Request {
    /// The options of the stack. They can name a policy of the template.
    pub options: Options,
    pub policy_file: Option<PathBuf>,
    /// The address of functions in other processes; `None` runs the functions in this process.
    pub functions: Option<String>,
}

impl Request {
    /// The value of `--policy` is a file if it has a dot or a slash, else the name of a policy of the template.
    pub fn set_policy(&mut self, value: String) {
        if value.contains(['.', '/', '\\']) {
            self.policy_file = Some(value.into());
        } else {
            self.options.policy = Some(value);
        }
    }
}

/// An error names the file and says why the file cannot be read, or lists the problem of each field, one a line.
fn read_policy(file: &Path) -> Result<Policy, String> {
    let name = file.display();
    let text = fs::read_to_string(file).map_err(|error| format!("the policy's file {name} cannot be read: {error}"))?;
    policy_file::read(&text)
        .map_err(|faults| format!("{name} is not a policy:\n{faults}\nSee infra/policies/reference.toml."))
}

pub async fn run(request: Request) -> Result<(), String> {
    let policy = request.policy_file.as_deref().map(read_policy).transpose()?;
    let stack = start(&request, policy.clone()).await?;
    print!("{}", greeting(&request, stack.url(), &policy_in_force(&request, &stack, policy).await?));
    tokio::signal::ctrl_c().await.map_err(|error| error.to_string())?;
    stack.shutdown().await;
    Ok(())
}

async fn start(request: &Request, policy: Option<Policy>) -> Result<Stack, String> {
    let mut options = request.options.clone();
    let stack = match &request.functions {
        None => Stack::start(options, |endpoints| functions::wire_with_policy(endpoints, policy)).await,
        Some(_) if policy.is_some() => {
            return Err("--functions takes a policy by name only: set your own with PUT /policy".to_owned());
        }
        Some(address) => {
            // Running functions must find the stack at the same ports after it starts again.
            if options.port > 0 {
                options.inner_ports = [options.port.saturating_add(2), options.port.saturating_add(3)];
            }
            Stack::start(options, |endpoints| watched::connect(endpoints, address, Path::new(ENVIRONMENT))).await
        }
    };
    stack.map_err(|error| error.to_string())
}

/// The policy in force and its source. A data directory may have one that was set with `PUT /policy`.
async fn policy_in_force(request: &Request, stack: &Stack, given: Option<Policy>) -> Result<String, String> {
    let environment = stack.template().environments().remove("policy").unwrap_or_default();
    let name = environment.get("POLICY").cloned().unwrap_or_default();
    let source = match &request.policy_file {
        Some(file) => file.display().to_string(),
        None => format!("infra/policies/{name}.toml"),
    };
    if request.functions.is_some() {
        // The functions may not run yet, so the shop cannot answer.
        return Ok(format!("{source}, or what was set with PUT /policy"));
    }
    let given = match given {
        Some(policy) => policy,
        None => Settings::from_pairs(&environment).map_err(|error| error.to_string())?.first_policy,
    };
    let answer = Client::new(stack.url()).with_scopes("policy").await?.get("/policy").await?;
    if answer.status != 200 {
        return Err(format!("GET /policy: {} {}", answer.status, answer.body));
    }
    let shop = answer.text("/policy/shop_name");
    let was_set = answer.text("/hash") != given.hash();
    Ok(if was_set { format!("{shop}, set before with PUT /policy") } else { format!("{shop}, from {source}") })
}

/// The text at the start. Its first line has the address.
fn greeting(request: &Request, url: &str, policy: &str) -> String {
    let data = match &request.options.data {
        None => "in memory: all of it is gone when this ends (--data DIR keeps it)".to_owned(),
        Some(directory) => format!("kept in {}", directory.display()),
    };
    let functions = match &request.functions {
        None => String::new(),
        Some(address) => format!("  functions  invoked at {address}, with the environment in {ENVIRONMENT}\n"),
    };
    format!(
        "The shop listens on {url}\n  \
           page       {url}/ shows products, lines, parcels, staff list, inbox and payments\n  \
           policy     {policy} (--policy NAME or FILE takes another)\n  \
           data       {data}\n\
         {functions}  \
           next       paste \"Try it by hand\" of README.md into another terminal; Ctrl-C ends the shop\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODYBUILDING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/bodybuilding.toml");

    fn request(policy: &str) -> Request {
        let mut request = Request::default();
        request.set_policy(policy.to_owned());
        request
    }

    #[test]
    fn the_first_line_has_the_address_and_the_rest_says_what_becomes_of_the_data() {
        let said =
            greeting(&request("ledriven"), "http://127.0.0.1:9000", "LEDRIVEN, from infra/policies/ledriven.toml");
        assert!(said.lines().next().unwrap().ends_with("http://127.0.0.1:9000"), "{said}");
        for words in ["http://127.0.0.1:9000/ shows", "policy     LEDRIVEN", "gone when this ends"] {
            assert!(said.contains(words), "{words} is not in {said}");
        }
        let options = Options { data: Some("shop".into()), ..Options::default() };
        let said = greeting(&Request { options, ..Request::default() }, "http://127.0.0.1:9000", "");
        assert!(said.contains("kept in shop") && !said.contains("gone"), "{said}");
    }

    #[tokio::test]
    async fn r28_a_policys_file_holds_from_the_start_and_after_a_reset() {
        let file = std::env::temp_dir().join(format!("own-shop-{}.toml", std::process::id()));
        let text = std::fs::read_to_string(BODYBUILDING).unwrap().replace("\"Bodybuilding\"", "\"Ann's Lamps\"");
        std::fs::write(&file, text).unwrap();
        let request = request(&file.display().to_string());
        let policy = read_policy(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        let stack = start(&request, Some(policy.clone())).await.unwrap();
        let expected = format!("Ann's Lamps, from {}", file.display());
        assert_eq!(policy_in_force(&request, &stack, Some(policy.clone())).await.unwrap(), expected);
        stack.reset().await.unwrap();
        assert_eq!(policy_in_force(&request, &stack, Some(policy)).await.unwrap(), expected);
        stack.shutdown().await;
    }

    #[tokio::test]
    async fn r28_a_name_is_one_of_the_templates_policies() {
        let known = request("bodybuilding");
        let stack = start(&known, None).await.unwrap();
        let said = policy_in_force(&known, &stack, None).await.unwrap();
        assert_eq!(said, "Bodybuilding, from infra/policies/bodybuilding.toml");
        stack.shutdown().await;
        let error = start(&request("bodybilding"), None).await.unwrap_err();
        assert!(error.contains("bodybilding") && error.contains("ledriven"), "{error}");
    }

    #[tokio::test]
    async fn r28_a_policys_file_that_is_missing_or_wrong_starts_nothing() {
        let missing = run(request("no-such-shop.toml")).await.unwrap_err();
        assert!(missing.contains("no-such-shop.toml cannot be read"), "{missing}");
        let file = std::env::temp_dir().join(format!("wrong-shop-{}.toml", std::process::id()));
        let text = std::fs::read_to_string(BODYBUILDING).unwrap().replace("expiry_days = 30", "expiry_days = 0");
        std::fs::write(&file, text).unwrap();
        let wrong = run(request(&file.display().to_string())).await.unwrap_err();
        std::fs::remove_file(&file).unwrap();
        assert!(wrong.contains("expiry_days: must be"), "{wrong}");
    }
}
