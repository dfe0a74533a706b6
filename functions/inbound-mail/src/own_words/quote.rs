//! Which lines of a mail are not its sender's: quoted with `>`, or from a line on that begins an earlier mail. Told by
//! their shape, so that it holds in every language.

/// How programs begin what is forwarded, where no line of dashes does.
const FORWARDED: &[&str] = &[
    "begin forwarded message",
    "anfang der weitergeleiteten",
    "début du message réexpédié",
    "début du message transféré",
    "inicio del mensaje reenviado",
    "inizio messaggio inoltrato",
    "início da mensagem reencaminhada",
    "begin doorgestuurd bericht",
];
/// What an attribution says, where nothing quoted follows it.
const WROTE: &[&str] = &[
    "wrote",
    "schrieb",
    "écrit",
    "escribió",
    "ha scritto",
    "escreveu",
    "schreef",
    "geschreven",
    "napisał",
    "yazdı",
    "写道",
    "寫道",
    "пишет",
    "написал",
    "skrev",
];
/// How the head of an earlier mail begins: who wrote it.
const FROM: &[&str] = &["from", "von", "de", "da", "van", "expéditeur", "absender", "remitente", "mittente"];
/// What stands between few dashes above an earlier mail.
const EARLIER: &[&str] = &[
    "original message",
    "forwarded message",
    "ursprüngliche nachricht",
    "message d'origine",
    "mensaje original",
    "messaggio originale",
    "mensagem original",
    "oorspronkelijk bericht",
];
/// Lines that an attribution takes at most.
const ATTRIBUTION: usize = 3;
/// Lines from which on labels make the head of a mail.
const HEAD: usize = 3;

/// For each line, whether it is quoted.
pub(super) fn quoted(lines: &[&str]) -> Vec<bool> {
    let mut quoted: Vec<bool> = lines.iter().map(|line| line.starts_with('>')).collect();
    let cut =
        (0..lines.len()).find(|at| begins_earlier_mail(lines.get(*at..).unwrap_or_default())).unwrap_or(lines.len());
    quoted.iter_mut().skip(cut).for_each(|quoted| *quoted = true);
    let mut end = None;
    for at in 0..cut {
        if let Some(length) = attribution(lines, at) {
            let followed = next_is_quoted(lines, at);
            mark(&mut quoted, (at + 1).saturating_sub(length), at);
            end = end.or((!followed).then_some(at));
        }
    }
    if let Some(end) = end {
        quoted.iter_mut().skip(end).for_each(|quoted| *quoted = true);
    }
    quoted
}

fn mark(quoted: &mut [bool], from: usize, to: usize) {
    quoted.iter_mut().take(to + 1).skip(from).for_each(|quoted| *quoted = true);
}

fn next_is_quoted(lines: &[&str], at: usize) -> bool {
    lines.iter().skip(at + 1).find(|line| !line.is_empty()).is_some_and(|line| line.starts_with('>'))
}

/// How many lines, ending with this one, say who wrote what follows; none where they don't.
fn attribution(lines: &[&str], at: usize) -> Option<usize> {
    lines.get(at).filter(|line| !line.starts_with('>') && line.ends_with([':', '：']))?;
    let length = (1..=ATTRIBUTION.min(at + 1)).find(|length| {
        let said = lines.get(at + 1 - length..=at).unwrap_or_default();
        said.iter().all(|line| !line.is_empty() && !line.starts_with('>')) && names_writer(&said.join(" "), lines, at)
    })?;
    // A line that was broken before its date.
    let begun = lines.get((at + 1).saturating_sub(length + 1)).filter(|_| length < ATTRIBUTION && at >= length);
    let begins = begun.is_some_and(|line| {
        !line.is_empty()
            && line.len() > 20
            && digits(line) >= 2
            && line.ends_with(|c: char| c.is_alphanumeric() || c == ',')
    });
    Some(length + usize::from(begins))
}

/// Whether a line says who wrote, and when.
fn names_writer(said: &str, lines: &[&str], at: usize) -> bool {
    let address = said.contains('@');
    let time = said.split_whitespace().any(|word| word.contains(':') && digits(word) >= 3);
    let small = said.to_lowercase();
    let wrote = WROTE.iter().any(|verb| small.contains(verb));
    let dated = digits(said) >= 3 && (address || time);
    let quotes = next_is_quoted(lines, at);
    (dated && (quotes || (address && (wrote || time)))) || (quotes && wrote && stands_alone(lines, at))
}

/// Whether a line of several words begins a passage: it is not the end of one that was broken.
fn stands_alone(lines: &[&str], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| lines.get(before));
    let words = lines.get(at).map_or(0, |line| line.split_whitespace().count());
    before.is_none_or(|before| before.is_empty()) && (2..=12).contains(&words)
}

fn first_label(lines: &[&str]) -> Option<String> {
    let (label, _) = lines.first()?.split_once([':', '：'])?;
    Some(label.trim_matches(['*', ' ']).to_lowercase())
}

/// Whether a line holds a time of day or a year: the number of an order is neither.
fn tells_when(line: &str) -> bool {
    let year = |word: &str| word.len() == 4 && digits(word) == 4 && (word.starts_with("19") || word.starts_with("20"));
    let words = || line.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '/' | '(' | ')'));
    let clock = |word: &str| {
        word.split_once(':').is_some_and(|(hour, minute)| (1..=2).contains(&digits(hour)) && digits(minute) >= 2)
    };
    // Of a number that is written in groups, one group could be a year.
    let apart = |word: &str| !word.contains('-');
    words().any(clock) || (words().filter(|word| apart(word)).any(year) && words().count() > 2)
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// Whether an earlier mail begins here, to the end of the text.
fn begins_earlier_mail(lines: &[&str]) -> bool {
    let Some(first) = lines.first() else { return false };
    let small = first.to_lowercase();
    let rule = first.len() >= 10 && first.chars().all(|c| matches!(c, '_' | '-' | '*' | '='));
    if rule {
        // A rule alone parts a signature as well.
        return lines.get(1..).is_some_and(|rest| head(rest));
    }
    ruled(first) || run_on(first) || FORWARDED.iter().any(|start| small.starts_with(start)) || head(lines)
}

/// "-----Original Message-----": words between dashes.
fn ruled(line: &str) -> bool {
    let dashes = line.chars().take_while(|c| *c == '-').count();
    let words = line.trim_matches('-').trim();
    let known = EARLIER.iter().any(|known| words.to_lowercase().starts_with(known));
    dashes >= (if known { 2 } else { 4 }) && line.ends_with("--") && words.chars().any(char::is_alphabetic)
}

/// "On Sat, Nov 21, 2026 at 6:40, Shop<orders@shop.example> wrote:   Hello Ann": who wrote, and on the same line what.
fn run_on(line: &str) -> bool {
    let small = line.to_lowercase();
    let parted = WROTE.iter().find_map(|verb| small.split_once(&format!("{verb}:")));
    let said = parted.filter(|(_, what)| !what.trim().is_empty()).map(|(said, _)| said);
    let early = |said: &str| said.find(|c: char| c.is_ascii_digit()).is_some_and(|at| at <= 16);
    let time = |said: &str| said.split_whitespace().any(|word| word.contains(':') && digits(word) >= 3);
    said.is_some_and(|said| said.len() <= 160 && early(said) && said.contains('@') && time(said))
}

/// "From: … Sent: … To: …" in any language: labels line by line, an address and a date among them.
fn head(lines: &[&str]) -> bool {
    let labels: Vec<&&str> =
        lines.iter().filter(|line| !line.is_empty()).take_while(|line| labeled(line)).take(8).collect();
    let from = first_label(lines).is_some_and(|label| FROM.contains(&label.as_str()));
    let about = from || labels.iter().any(|line| line.contains('@') || line.contains('<'));
    let dated = labels.iter().any(|line| tells_when(line));
    labels.len() >= HEAD && about && dated
}

fn labeled(line: &str) -> bool {
    let line = line.trim_start_matches('*');
    let Some((label, value)) = line.split_once([':', '：']) else { return false };
    let words = label.trim_end_matches([' ', '*', '\u{a0}']);
    let plain = words.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.'));
    !words.is_empty() && words.chars().count() <= 20 && plain && !value.trim_matches([' ', '*']).is_empty()
}
