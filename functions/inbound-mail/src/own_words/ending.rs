//! What programs and companies add below somebody's words.

/// How the lines begin that programs add: "Sent from my iPhone".
const TAGLINES: &[&str] = &[
    "sent from",
    "sent with",
    "sent via",
    "sent using",
    "get outlook for",
    "download outlook",
    "yahoo mail",
    "von meinem",
    "von unterwegs",
    "gesendet von",
    "gesendet mit",
    "gesendet über",
    "diese nachricht wurde von",
    "outlook für",
    "holen sie sich outlook",
    "envoyé de",
    "envoyé depuis",
    "envoyé à partir",
    "télécharger outlook",
    "obtenir outlook",
    "enviado desde",
    "enviado con",
    "obtener outlook",
    "inviato da",
    "inviato con",
    "scarica outlook",
    "ottieni outlook",
    "enviado do meu",
    "enviado do",
    "enviado a partir",
    "enviado pelo",
    "obter o outlook",
    "obter outlook",
    "verzonden vanaf",
    "verstuurd vanaf",
    "verzonden met",
    "verstuurd met",
    "verzonden via",
    "outlook voor",
    "download outlook voor",
    "virenfrei",
    "virus-free",
    "libre de virus",
];
/// Words of the notices that companies add, in the languages that are read.
const CONFIDENTIAL: &[&str] = &[
    "confidential",
    "privileged",
    "intended recipient",
    "intended solely",
    "intended only for",
    "vertraulich",
    "bestimmten empfänger",
    "confidentiel",
    "destinataire",
    "confidencial",
    "destinatario",
    "destinatário",
    "riservat",
    "confidenziali",
    "vertrouwelijk",
    "geadresseerde",
    "before printing",
    "umwelt",
    "print this e-mail",
];
/// Characters from which on a passage with such a word is a notice.
const NOTICE: usize = 50;

/// Whether a program added this line.
pub(super) fn tagline(line: &str) -> bool {
    let line = line.to_lowercase();
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    line.len() <= 120 && TAGLINES.iter().any(|start| line.starts_with(start))
}

/// Whether a line only says that a picture stands here: "[cid:logo.png@01D9]", "[image: Logo]".
pub(super) fn picture(line: &str) -> bool {
    let inner = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or_default().to_lowercase();
    !inner.contains(['[', ']']) && ["cid:", "image:", "inline image"].iter().any(|start| inner.starts_with(start))
}

/// The lines up to a notice of confidentiality. What somebody adds below it, marked as a postscript, stays.
pub(super) fn without_disclaimer<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
    let notice = lines.iter().enumerate().skip(first + 1).find(|(at, line)| {
        let passage = lines
            .iter()
            .skip(*at)
            .take_while(|line| !line.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase();
        begins_passage(lines, *at)
            && !line.is_empty()
            && passage.len() >= NOTICE
            && CONFIDENTIAL.iter().any(|word| passage.contains(word))
    });
    let Some((at, _)) = notice else { return lines.to_vec() };
    let postscript = |line: &&&str| {
        ["p.s", "ps:", "ps ", "p. s", "nb", "n.b"].iter().any(|mark| line.to_lowercase().starts_with(mark))
    };
    lines.iter().take(at).chain(lines.iter().skip(at).skip_while(|line| !postscript(line))).copied().collect()
}

fn begins_passage(lines: &[&str], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| lines.get(before)).is_none_or(|before| before.is_empty())
}
