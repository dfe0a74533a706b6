//! The known differences between ministack and AWS. `cargo deployed` proves nothing about them. Where the suite
//! compensates for a difference, the entry says how.

/// Each difference and its consequence here.
pub const GAPS: &[(&str, &str)] = &[
    (
        "routes of SAM's HttpApi events",
        "ministack does not read the API's OpenAPI body; the suite creates the routes from the template",
    ),
    ("CORS of the HTTP API", "not applied to these routes; no scenario needs it"),
    ("IAM", "not enforced; tests/conformance compares each function's permissions with its calls"),
    ("an error of a function behind the API", "a 502 with the error's text; AWS answers 500 without the text"),
    (
        "batchItemFailures of a stream",
        "not read, so records would be lost; launch.py makes ministack deliver the whole batch again",
    ),
    ("retries and bisecting of a stream", "a failed batch is delivered again as a whole, without a limit"),
    ("a FIFO queue's groups", "one batch of a queue is processed at a time, whatever its groups"),
    ("fractions of capacity", "a GetItem always consumes 0.5; `cargo measure bench` measures the units"),
    ("delivery events", "not sent; the suite sends them to the queue that the rule names, as the embedded stack does"),
    ("incoming mail", "not received; the suite puts it into the bucket, and the deployed rule reports it"),
    ("the tags of a mail", "not shown; the suite records the mails with their tags before they reach SES"),
    ("the scheduler's retries and dead letters", "do not happen; the runs each minute do"),
    ("throttling, conflicts and limits of DynamoDB", "do not happen on their own; the chaos run injects them"),
    (
        "the functions' clock",
        "the machine's; moving the clock changes the time in a schedule's event, not a function's current time",
    ),
];

pub fn print() {
    println!("\nWhere ministack falls short of AWS:");
    for (what, means) in GAPS {
        println!("  {what}: {means}");
    }
}
