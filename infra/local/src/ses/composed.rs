//! Raw mails (RFC 5322): writes replies and automatic answers, and reads the addresses of a mail.

use crate::bus::instant;
use crate::state::{Mail, random_uuid};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The most bytes in one encoded word, so that a header's line stays short.
const ENCODED: usize = 42;

/// A raw mail and its envelope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComposedMail {
    /// The sender's address; empty if the sender wants no answer.
    pub sender: String,
    /// The recipient's address.
    pub recipient: String,
    /// The mail itself, with lines that end in CR LF.
    pub raw: Vec<u8>,
}

impl ComposedMail {
    /// Without a given sender or recipient, the envelope takes it from the mail's own headers. A mail without any CR
    /// gets one at the end of each line.
    pub fn new(raw: &[u8], sender: Option<String>, recipient: Option<String>) -> Self {
        let raw = if raw.contains(&b'\r') { raw.to_vec() } else { with_cr(raw) };
        let first = |name: &str| header(&raw, name).and_then(|value| addresses(&value).into_iter().next());
        Self {
            sender: sender.or_else(|| first("from")).unwrap_or_default(),
            recipient: recipient.or_else(|| first("to")).unwrap_or_default(),
            raw,
        }
    }

    /// A customer's reply to a mail of the shop. It goes to the mail's reply address and quotes the mail.
    pub fn reply(mail: &Mail, words: &str, now: i64) -> Self {
        let quoted: String = mail.text.lines().map(|line| format!("> {line}\n")).collect();
        let day = instant(now).strftime("%a, %b %-d, %Y at %-I:%M %p");
        let body = format!("{words}\n\nOn {day} {} wrote:\n\n{quoted}", mail.from);
        answer(mail, &subject("Re: ", &mail.subject), &[], &body, now)
    }

    /// The domain in the mail's `From`.
    pub(super) fn senders_domain(&self) -> String {
        let from = header(&self.raw, "from").map(|value| addresses(&value)).unwrap_or_default();
        from.first().and_then(|from| from.rsplit_once('@')).map(|(_, domain)| domain.to_owned()).unwrap_or_default()
    }
}

/// An out-of-office answer to a mail. Its empty envelope sender asks for no answer.
pub(super) fn automatic_answer(mail: &Mail, now: i64) -> ComposedMail {
    let headers = [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"), ("Precedence", "bulk")];
    let words = "I am out of the office and will read your message when I am back.\n";
    let composed = answer(mail, &subject("Automatic reply: ", &mail.subject), &headers, words, now);
    ComposedMail { sender: String::new(), ..composed }
}

fn answer(mail: &Mail, subject: &str, headers: &[(&str, &str)], body: &str, now: i64) -> ComposedMail {
    let reply_to = if mail.details.reply_to.is_empty() { &mail.from } else { &mail.details.reply_to };
    let recipient = addresses(reply_to).into_iter().next().unwrap_or_default();
    let domain = mail.to.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let about = format!("<{}@email.amazonses.com>", mail.details.message_id);
    let mut head = format!(
        "From: {}\nTo: {recipient}\nSubject: {}\nDate: {}\nMessage-ID: <{}@{domain}>\nIn-Reply-To: {about}\nReferences: {about}\n",
        one_line(&mail.to),
        encoded(subject),
        instant(now).strftime("%a, %d %b %Y %H:%M:%S +0000"),
        random_uuid(),
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\n"));
    }
    let kind = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n";
    let body = body.replace("\r\n", "\n").replace('\r', "\n");
    let raw = with_cr(format!("{head}{kind}\n{body}").as_bytes());
    ComposedMail { sender: mail.to.clone(), recipient, raw }
}

fn subject(prefix: &str, of: &str) -> String {
    format!("{prefix}{}", one_line(of.strip_prefix(prefix).unwrap_or(of)))
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

/// A header's text, in words of RFC 2047 where it has more than ASCII.
fn encoded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut words = vec![String::new()];
    for letter in text.chars() {
        match words.last_mut() {
            Some(word) if word.len() + letter.len_utf8() <= ENCODED => word.push(letter),
            _ => words.push(letter.to_string()),
        }
    }
    let words: Vec<String> = words.iter().map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word))).collect();
    words.join("\n ")
}

fn with_cr(raw: &[u8]) -> Vec<u8> {
    raw.split_inclusive(|byte| *byte == b'\n')
        .flat_map(|line| match line.strip_suffix(b"\n") {
            Some(line) => [line, b"\r\n".as_slice()].concat(),
            None => line.to_vec(),
        })
        .collect()
}

/// The unfolded value of the first header of this name.
fn header(raw: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(raw);
    let head = text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ").replace("\r\n\t", " ");
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(known, _)| known.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
}

/// The addresses in a header's value, without names and comments.
fn addresses(value: &str) -> Vec<String> {
    let parts = value.split([',', ' ', '<', '>', '"', ';', '(', ')']);
    parts.filter(|part| part.contains('@')).map(str::to_owned).collect()
}
