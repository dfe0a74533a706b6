//! Incoming mail: its receipt rule, the headers that SES adds, the object that stores it, and S3's event about it.

use serde_json::{Value, json};

use super::composed::ComposedMail;
use crate::bus::{event, instant};
use crate::state::{Object, random_id};
use crate::template::{REGION, Template};

/// SES's verdict on one question about a mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// The check passed.
    #[default]
    Pass,
    /// The check failed.
    Fail,
    /// The check has no result, for example because there is no signature.
    Gray,
}

impl Verdict {
    /// Reads `pass`, `fail` or `gray`.
    pub fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "pass" => Some(Self::Pass),
            "fail" => Some(Self::Fail),
            "gray" => Some(Self::Gray),
            _ => None,
        }
    }

    /// The word in SES's own headers.
    fn of_scan(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Gray => "GRAY",
        }
    }

    /// The word in `Authentication-Results`.
    fn of_sender(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Gray => "none",
        }
    }
}

/// SES's verdicts on a mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// Whether the sending machine may send for the envelope's domain.
    pub spf: Verdict,
    /// Whether the domain's signature is valid.
    pub dkim: Verdict,
    /// Whether SPF or DKIM passed for the domain in `From`.
    pub dmarc: Verdict,
    /// Whether the mail is wanted.
    pub spam: Verdict,
    /// Whether the mail has no virus.
    pub virus: Verdict,
}

/// Reads the verdicts by name; an absent one is `pass`. An error names the first invalid verdict and says why.
pub fn verdicts(asked: impl Fn(&str) -> Option<String>) -> Result<Verdicts, (&'static str, &'static str)> {
    let verdict = |name: &'static str| match asked(name) {
        None => Ok(Verdict::default()),
        Some(said) => Verdict::named(&said).ok_or((name, "A verdict is pass, fail or gray.")),
    };
    Ok(Verdicts {
        spf: verdict("spf")?,
        dkim: verdict("dkim")?,
        dmarc: verdict("dmarc")?,
        spam: verdict("spam")?,
        virus: verdict("virus")?,
    })
}

/// A stored incoming mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The id that SES gave it.
    pub message_id: String,
    /// The object that stores it.
    pub object: Object,
}

/// Makes the object of an incoming mail by the first rule that takes its recipient; `now` in milliseconds since 1970.
pub fn keep(template: &Template, mail: &ComposedMail, verdicts: &Verdicts, now: i64) -> Option<Kept> {
    let rule = template.receipt_rules.iter().find(|rule| rule.takes(&mail.recipient))?;
    let message_id = random_id(40).to_ascii_lowercase();
    let mut body = head(mail, verdicts, &message_id, now).into_bytes();
    body.extend_from_slice(&mail.raw);
    let key = format!("{}{message_id}", rule.prefix);
    Some(Kept { object: Object { bucket: rule.bucket.clone(), key, body, put_at: now }, message_id })
}

/// The headers that SES puts before a mail.
fn head(mail: &ComposedMail, verdicts: &Verdicts, id: &str, now: i64) -> String {
    const IP: &str = "198.51.100.25";
    let ComposedMail { sender, recipient, .. } = mail;
    let from = mail.senders_domain();
    let domain = sender.rsplit_once('@').map_or(from.as_str(), |(_, domain)| domain);
    let (host, at) = (format!("mail.{domain}"), instant(now).strftime("%a, %d %b %Y %H:%M:%S +0000"));
    let envelope = format!("client-ip={IP}; envelope-from={sender}; helo={host};");
    let (spf, dkim, dmarc) = (verdicts.spf.of_sender(), verdicts.dkim.of_sender(), verdicts.dmarc.of_sender());
    let said = match verdicts.spf {
        Verdict::Pass => format!("domain of {domain} designates {IP} as permitted sender"),
        Verdict::Fail | Verdict::Gray => format!("{IP} is not known as a sender of {domain}"),
    };
    let lines = [
        format!("Return-Path: <{sender}>"),
        format!("Received: from {host} ({host} [{IP}])"),
        format!(" by inbound-smtp.{REGION}.amazonaws.com with SMTP id {id}"),
        format!(" for {recipient};"),
        format!(" {at}"),
        format!("X-SES-Spam-Verdict: {}", verdicts.spam.of_scan()),
        format!("X-SES-Virus-Verdict: {}", verdicts.virus.of_scan()),
        format!("Received-SPF: {spf} (spfCheck: {said}) {envelope}"),
        "Authentication-Results: amazonses.com;".to_owned(),
        format!(" spf={spf} (spfCheck: {domain}) {envelope}"),
        format!(" dkim={dkim} header.i=@{from};"),
        format!(" dmarc={dmarc} header.from={from};"),
    ];
    lines.map(|line| line.replace(['\r', '\n'], "") + "\r\n").concat()
}

/// S3's event about a new object; `None` if the bucket publishes no events.
pub fn stored_event(template: &Template, object: &Object, now: i64) -> Option<Value> {
    template.buckets.iter().find(|bucket| bucket.name == object.bucket && bucket.tells)?;
    let detail = json!({
        "version": "0",
        "bucket": { "name": object.bucket },
        "object": {
            "key": object.key, "size": object.body.len(), "etag": object.etag(),
            "sequencer": format!("{now:016X}"),
        },
        "request-id": random_id(16).to_ascii_uppercase(),
        "requester": "ses.amazonaws.com",
        "source-ip-address": "127.0.0.1",
        "reason": "PutObject",
    });
    Some(event("aws.s3", "Object Created", json!([format!("arn:aws:s3:::{}", object.bucket)]), detail, now))
}
