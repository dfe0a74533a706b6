//! The known differences between ministack and AWS. `cargo deployed` proves nothing about them. Where the suite
//! compensates for a difference, the entry says how.

/// Each difference and its consequence here.
pub const GAPS: &[(&str, &str)] = &[
    (
        "routes of SAM's HttpApi events",
        "they stand in the API's OpenAPI body, which is not read: the suite makes them from the template",
    ),
    ("CORS of the HTTP API", "not applied to routes made so: no scenario asks for it"),
    ("IAM", "not enforced: tests/conformance holds each function's permissions to its calls"),
    (
        "an error of a function behind the API",
        "is a 502 with the error's text; AWS answers 500 and keeps the text to itself",
    ),
    (
        "batchItemFailures of a stream",
        "are not read, the records would be lost: launch.py mends that, with the whole batch coming again",
    ),
    ("retries and bisecting of a stream", "a batch that fails comes again for ever, whole"),
    ("a FIFO queue's groups", "one batch of a queue is worked on at a time, whatever its groups"),
    ("fractions of capacity", "a GetItem always consumes 0.5: units are measured by `cargo measure bench`"),
    (
        "what becomes of a mail",
        "is not told: the suite tells it, as the embedded stack does, to the queue that the rule names",
    ),
    ("mail that comes in", "is not taken: the suite puts it into the bucket, and the deployed rule tells of that"),
    ("the tags of a mail", "are not shown: mails are noted, with tags, on their way to SES"),
    ("the scheduler's retries and dead letters", "are not made; its runs each minute are"),
    ("throttling, conflicts and limits of DynamoDB", "do not happen by themselves: the chaos run brings them"),
    (
        "the functions' clock",
        "is the machine's: moving the clock moves what schedules are told, not what a function takes for now",
    ),
];

/// Prints them.
pub fn print() {
    println!("\nWhere ministack falls short of AWS:");
    for (what, means) in GAPS {
        println!("  {what}: {means}");
    }
}
