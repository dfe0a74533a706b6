//! Parses a mail: sender, recipients, the sender's own words, and the verdicts of SES.

use encoding_rs::WINDOWS_1252;
use mail_parser::{Address, HeaderName, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use crate::html;
use crate::machine::{Machine, machine};
use crate::own_words::{OwnWords, own_words};
use crate::verdicts::Verdicts;

/// The largest mail that is read, in bytes.
pub const MAX_BYTES: u64 = 30 << 20;
/// The largest text or HTML part that is read, in bytes.
const MAX_TEXT_LEN: usize = 1 << 20;
/// The most parts of a mail that is read.
const MAX_PARTS: usize = 2_000;
/// Prefixes of a replied or forwarded subject, without the colon.
const ANSWERS: &[&str] = &[
    "re", "aw", "antw", "antwort", "sv", "r", "res", "rif", "ref", "tr", "fw", "fwd", "wg", "i", "rv", "enc", "doorst",
    "vs", "odp", "回复", "答复", "返信", "ynt", "rép", "re^2",
];

/// The sender that the From header names, not yet authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The address.
    pub address: String,
    /// The display name.
    pub name: String,
}

/// One version of the text: the plain text or the visible HTML.
pub type Version = OwnWords;

/// A parsed mail.
#[derive(Clone, Debug)]
pub struct ParsedMail {
    /// The sender, if From names exactly one.
    pub from: Option<Sender>,
    /// The recipient addresses in lower case, each once.
    pub to: Vec<String>,
    /// The Message-ID that the sender's program set.
    pub message_id: Option<String>,
    /// The subject.
    pub subject: String,
    /// Whether the subject has the prefix of a reply or of a forwarded mail.
    pub answers: bool,
    /// The versions of the text: none without text, two with both plain text and HTML.
    pub versions: Vec<Version>,
    /// Whether the mail has content but no text: it is encrypted, a picture or another mail.
    pub unseen: bool,
    /// Why the mail counts as written by a machine; `None` for a person's mail.
    pub machine: Option<Machine>,
    /// The verdicts of SES.
    pub verdicts: Verdicts,
}

/// Why a mail cannot be parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The bytes are not a mail.
    #[error("it is not a mail")]
    NoMail,
    /// The mail exceeds a limit of text or parts.
    #[error("it has more text or parts than are read")]
    TooLong,
}

impl ParsedMail {
    /// Parses a mail as SES stored it. After an error not even the sender is known.
    pub fn read(raw: &[u8]) -> Result<Self, ParseError> {
        let verdicts = Verdicts::parse(raw);
        let message = MessageParser::default().parse(raw).ok_or(ParseError::NoMail)?;
        if message.parts.len() > MAX_PARTS {
            return Err(ParseError::TooLong);
        }
        let from = sender(&message);
        let address = from.as_ref().map(|from| from.address.as_str());
        let subject = message.subject().unwrap_or_default().trim().to_owned();
        let versions = versions(&message)?;
        Ok(Self {
            to: recipients(&message, &verdicts),
            message_id: message.message_id().map(str::to_owned),
            answers: answers(&subject),
            unseen: versions.is_empty() && message.parts.iter().any(holds_something),
            versions,
            machine: machine(&message, address, verdicts.null_sender),
            from,
            subject,
            verdicts,
        })
    }

    /// The first version that is not empty.
    pub fn text(&self) -> &str {
        self.versions.iter().map(|version| version.text.trim()).find(|text| !text.is_empty()).unwrap_or_default()
    }
}

fn holds_something(part: &MessagePart<'_>) -> bool {
    !matches!(part.body, PartType::Multipart(_)) && !part.is_empty()
}

fn sender(message: &Message<'_>) -> Option<Sender> {
    let mut from = message.headers().iter().filter(|header| header.name == HeaderName::From);
    let (Some(header), None) = (from.next(), from.next()) else { return None };
    let Some(Address::List(named)) = header.value.as_address() else { return None };
    let [only] = named.as_slice() else { return None };
    let address = only.address.as_deref()?.trim().to_owned();
    // An address with a second "@" or a blank is ambiguous.
    let plain = address.matches('@').count() == 1
        && !address.contains(|c: char| c.is_whitespace() || matches!(c, ',' | '<' | '>'));
    plain.then(|| Sender { address, name: only.name.as_deref().unwrap_or_default().to_owned() })
}

fn recipients(message: &Message<'_>, verdicts: &Verdicts) -> Vec<String> {
    let named = [message.to(), message.cc()]
        .into_iter()
        .flatten()
        .flat_map(Address::iter)
        .filter_map(|one| one.address.as_deref());
    let traced = message
        .headers_raw()
        .filter(|(name, _)| name.eq_ignore_ascii_case("delivered-to") || name.eq_ignore_ascii_case("x-original-to"));
    let traced = traced.map(|(_, value)| value.trim().trim_matches(['<', '>']));
    let all = verdicts.delivered_for.as_deref().into_iter().chain(named).chain(traced).map(str::to_lowercase).take(100);
    all.fold(Vec::new(), |mut each, address| {
        if !each.contains(&address) {
            each.push(address);
        }
        each
    })
}

fn answers(subject: &str) -> bool {
    // Companies mark mails from outside: "[EXT] Re: …".
    let subject =
        subject.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(subject, |(_, rest)| rest.trim());
    let begin = subject.split([':', '：']).next().filter(|begin| begin.len() < subject.len()).unwrap_or_default();
    let begin = begin.trim().trim_end_matches(|c: char| c == ']' || c == '[' || c.is_ascii_digit()).to_lowercase();
    ANSWERS.contains(&begin.as_str())
}

fn versions(message: &Message<'_>) -> Result<Vec<Version>, ParseError> {
    let plain: Vec<String> = message.text_bodies().filter_map(text_of).collect();
    let has_html = message.html_bodies().any(|part| matches!(part.body, PartType::Html(_)));
    let long = message
        .html_bodies()
        .chain(message.text_bodies())
        .any(|part| part.text_contents().is_some_and(|text| text.len() > MAX_TEXT_LEN));
    if long {
        return Err(ParseError::TooLong);
    }
    let shown: Vec<String> = match has_html {
        true => message.html_bodies().filter_map(shown).collect(),
        false => Vec::new(),
    };
    let written = [plain.join("\n\n"), shown.join("\n\n")].into_iter().zip([!plain.is_empty(), has_html]);
    Ok(written.filter(|(_, there)| *there).map(|(text, _)| own_words(&text)).collect())
}

fn text_of(part: &MessagePart<'_>) -> Option<String> {
    match &part.body {
        PartType::Text(text) => Some(unfolded(mended(text, part), part)),
        _ => None,
    }
}

/// Joins the lines that the sender's program folded (`format=flowed`, RFC 3676). A line that ends in a blank continues
/// in the next line if both have the same quote depth.
fn unfolded(text: String, part: &MessagePart<'_>) -> String {
    let said = |name: &str, value: &str| {
        part.content_type().and_then(|kind| kind.attribute(name)).is_some_and(|found| found.eq_ignore_ascii_case(value))
    };
    if !said("format", "flowed") {
        return text;
    }
    let depth = |line: &str| line.chars().take_while(|c| *c == '>').count();
    let mut whole = String::with_capacity(text.len());
    let mut before: Option<(usize, bool)> = None;
    for line in text.lines() {
        let deep = depth(line);
        let goes_on = line.ends_with(' ') && line != "-- ";
        match before {
            Some((same, true)) if same == deep => whole.push_str(line.trim_start_matches('>').trim_start()),
            Some(_) => {
                whole.push('\n');
                whole.push_str(line);
            }
            None => whole.push_str(line),
        }
        if goes_on && said("delsp", "yes") {
            whole.pop();
        }
        before = Some((deep, goes_on));
    }
    whole
}

fn shown(part: &MessagePart<'_>) -> Option<String> {
    match &part.body {
        PartType::Html(page) => Some(html::seen(&mended(page, part))),
        _ => text_of(part),
    }
}

/// Repairs UTF-8 text without a declared charset. The parser read the text as Latin-1, so each byte became a character.
fn mended(text: &str, part: &MessagePart<'_>) -> String {
    let charset = part.content_type().and_then(|kind| kind.attribute("charset"));
    let latin = ["us-ascii", "iso-8859-1", "windows-1252"];
    let latin = charset.is_none_or(|charset| latin.iter().any(|latin| charset.eq_ignore_ascii_case(latin)));
    let (bytes, _, lost) = WINDOWS_1252.encode(text);
    match std::str::from_utf8(&bytes) {
        Ok(meant) if latin && !lost => meant.to_owned(),
        _ => text.to_owned(),
    }
}
