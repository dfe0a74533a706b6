//! Faults between the functions and what they call: microburst before DynamoDB and SQS, and a second one before SES and the
//! payment provider. Which faults there are, and when, is the storm's.

use serde_json::Value;

use local::client::Client;

use crate::process::{Process, free_port};

/// The two proxies. Dropping them ends them.
#[derive(Debug)]
pub struct Faults {
    /// Where DynamoDB and SQS are reached.
    pub aws: String,
    /// Where SES and the payment provider are reached.
    pub others: String,
    _proxies: [Process; 2],
}

impl Faults {
    /// Starts both, without a rule.
    ///
    /// # Errors
    /// Why they could not be started.
    pub async fn start(aws: &str, others: &str) -> Result<Self, String> {
        let (first, second) = (proxy(aws, "aws").await?, proxy(others, "others").await?);
        Ok(Self { aws: first.0, others: second.0, _proxies: [first.1, second.1] })
    }

    /// From now on these rules alone count, before DynamoDB and SQS, and before SES and the payment provider.
    ///
    /// # Errors
    /// What the proxy said.
    pub async fn set(&self, aws: &Value, others: &Value) -> Result<(), String> {
        for (url, rules) in [(&self.aws, aws), (&self.others, others)] {
            let answer = Client::new(url).post("/_microburst/rules", rules).await?;
            if answer.status >= 300 {
                return Err(format!("microburst refuses {rules}: {}", answer.body));
            }
        }
        Ok(())
    }

    /// Every fault since this was last asked.
    ///
    /// # Errors
    /// What the proxy said.
    pub async fn drain_fired(&self) -> Result<Vec<Value>, String> {
        let mut fired = Vec::new();
        for url in [&self.aws, &self.others] {
            let client = Client::new(url);
            let told = client.get("/_microburst/fired").await?.body;
            client.send("DELETE", "/_microburst/fired", &[], Vec::new()).await?;
            fired.extend(told.as_array().into_iter().flatten().cloned());
        }
        Ok(fired)
    }
}

async fn proxy(upstream: &str, name: &str) -> Result<(String, Process), String> {
    let port = free_port()?.to_string();
    let url = format!("http://127.0.0.1:{port}");
    let arguments = ["--upstream", upstream, "--host", "127.0.0.1", "--port", &port, "--no-resign"];
    let mut process = Process::start("microburst", &arguments, &[], &format!("microburst-{name}.log"))?;
    process.answers(&url, "/_microburst/rules").await?;
    Ok((url, process))
}
