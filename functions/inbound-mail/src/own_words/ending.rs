//! Detects the lines that programs and companies add below a sender's words.

/// Lines that programs add begin with one of these: "Sent from my iPhone".
const TAGLINES: &str = "\
    sent from, sent with, sent via, sent using, get outlook for, download outlook, yahoo mail, von meinem iphone, \
    von meinem ipad, von meinem mac, von meinem samsung, von meinem galaxy, von meinem huawei, von meinem xiaomi, \
    von meinem android, von meinem handy, von meinem smartphone, von meinem mobil, von meinem telefon, \
    von meinem tablet, von unterwegs, gesendet von, gesendet mit, gesendet über, diese nachricht wurde von, \
    outlook für, holen sie sich outlook, envoyé de, envoyé depuis, envoyé à partir, télécharger outlook, \
    obtenir outlook, enviado desde, enviado con, obtener outlook, inviato da, inviato con, scarica outlook, \
    ottieni outlook, enviado do meu, enviado do, enviado a partir, enviado pelo, obter o outlook, obter outlook, \
    verzonden vanaf, verstuurd vanaf, verzonden met, verstuurd met, verzonden via, outlook voor, \
    download outlook voor, virenfrei, virus-free, libre de virus";
/// Words of confidentiality notices, in the supported languages.
const CONFIDENTIAL: &[&str] = &[
    "confidential",
    "vertraulich",
    "confidentiel",
    "destinataire",
    "confidencial",
    "destinatario",
    "destinatário",
    "riservat",
    "confidenziali",
    "vertrouwelijk",
];
/// Phrases that occur only in confidentiality notices.
const PLAIN: &[&str] = &[
    "privileged",
    "intended recipient",
    "intended solely",
    "intended only for",
    "bestimmten empfänger",
    "geadresseerde",
];
/// A word of `CONFIDENTIAL` counts only beside one of these words, because a secret gift has a recipient, too.
const ABOUT: &[&str] = &[
    "message",
    "e-mail",
    "email",
    "mail ",
    "communication",
    "transmission",
    "disclos",
    "nachricht",
    "courriel",
    "mensaje",
    "correo",
    "messaggio",
    "mensagem",
    "correio",
    "bericht",
];
/// Phrases of requests not to print a mail.
const PRINT: &[&str] = &["before printing", "print this e-mail", "umwelt"];
/// The fewest bytes of a notice.
const NOTICE: usize = 50;

/// Whether a program added this line.
pub(super) fn tagline(line: &str) -> bool {
    let line = line.to_lowercase();
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    line.len() <= 120 && !line.contains('?') && TAGLINES.split(", ").any(|start| line.starts_with(start))
}

/// Whether a line is only the placeholder of a picture: "[cid:logo.png@01D9]", "[image: Logo]".
pub(super) fn picture(line: &str) -> bool {
    let inner = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or_default().to_lowercase();
    !inner.contains(['[', ']']) && ["cid:", "image:", "inline image"].iter().any(|start| inner.starts_with(start))
}

/// Removes a confidentiality notice and all that follows it, except a marked postscript.
pub(super) fn without_disclaimer<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
    let begin = |(at, line): &(usize, &&str)| begins_passage(lines, *at) && !line.is_empty();
    let found = lines.iter().enumerate().skip(first + 1).filter(begin).find(|(at, _)| {
        let passage = lines
            .iter()
            .skip(*at)
            .take_while(|line| !line.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase();
        passage.len() >= NOTICE && notice(&passage)
    });
    let Some((at, _)) = found else { return lines.to_vec() };
    let postscript = |line: &&&str| {
        ["p.s", "ps:", "ps ", "p. s", "nb", "n.b"].iter().any(|mark| line.to_lowercase().starts_with(mark))
    };
    lines.iter().take(at).chain(lines.iter().skip(at).skip_while(|line| !postscript(line))).copied().collect()
}

/// Whether a passage is a company's notice and not the sender's own words about a gift or the environment.
fn notice(passage: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| passage.contains(word));
    has(PLAIN)
        || (has(CONFIDENTIAL) && has(ABOUT))
        || (has(PRINT) && (passage.contains("print") || passage.contains("druck")))
}

fn begins_passage(lines: &[&str], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| lines.get(before)).is_none_or(|before| before.is_empty())
}
