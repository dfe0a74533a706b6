//! Two microburst proxies that inject faults: one in front of DynamoDB and SQS, one in front of SES and the payment
//! provider. The chaos run chooses the faults.

use serde_json::Value;

use local::client::Client;

use crate::process::{Process, free_port};

/// The two proxies. Dropping this value ends both proxies.
#[derive(Debug)]
pub struct Faults {
    /// The URL of the proxy for DynamoDB and SQS.
    pub aws: String,
    /// The URL of the proxy for SES and the payment provider.
    pub others: String,
    _proxies: [Process; 2],
}

impl Faults {
    pub async fn start(aws: &str, others: &str) -> Result<Self, String> {
        let (first, second) = (proxy(aws, "aws").await?, proxy(others, "others").await?);
        Ok(Self { aws: first.0, others: second.0, _proxies: [first.1, second.1] })
    }

    /// Replaces the rules of both proxies.
    pub async fn set(&self, aws: &Value, others: &Value) -> Result<(), String> {
        for (url, rules) in [(&self.aws, aws), (&self.others, others)] {
            let answer = Client::new(url).post("/_microburst/rules", rules).await?;
            if answer.status >= 300 {
                return Err(format!("microburst refuses {rules}: {}", answer.body));
            }
        }
        Ok(())
    }

    /// Returns all faults that fired since the last call.
    pub async fn drain_fired(&self) -> Result<Vec<Value>, String> {
        let mut fired = Vec::new();
        for url in [&self.aws, &self.others] {
            let client = Client::new(url);
            let response = client.get("/_microburst/fired").await?.body;
            client.send("DELETE", "/_microburst/fired", &[], Vec::new()).await?;
            fired.extend(response.as_array().into_iter().flatten().cloned());
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
