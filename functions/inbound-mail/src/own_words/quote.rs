//! Finds the quoted lines of a mail: lines with `>`, and an earlier mail that extends to the end of the text. The shape
//! of the lines decides, so the search works in every language.

/// A forwarded mail without a line of dashes begins with one of these.
const FORWARDED: &str = "\
    begin forwarded message, anfang der weitergeleiteten, début du message réexpédié, début du message transféré, \
    inicio del mensaje reenviado, inizio messaggio inoltrato, início da mensagem reencaminhada, \
    begin doorgestuurd bericht";
/// Verbs of an attribution. An attribution is the line above a quote that says who wrote it and when.
const WROTE: &str = "\
    wrote, schrieb, écrit, escribió, ha scritto, escreveu, schreef, geschreven, napisał, yazdı, 写道, 寫道, пишет, \
    написал, skrev";
/// Titles above an earlier mail that need only two dashes around them.
const EARLIER: &str = "\
    original message, forwarded message, ursprüngliche nachricht, message d'origine, mensaje original, \
    messaggio originale, mensagem original, oorspronkelijk bericht";
/// First words of an attribution that does not begin with a date.
const BEGINS: &[&str] = &["on", "am", "le", "el", "il", "op", "em", "den", "den,", "dnia", "w", "pe", "a", "в"];
/// Names of days at the beginning of an attribution.
const DAYS: &[&str] = &[
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so", "lun", "mar", "mer",
    "jeu", "ven", "sam", "dim", "mié", "jue", "vie", "sáb", "dom", "gio", "sab", "seg", "ter", "qua", "qui", "sex",
    "ma", "wo", "vr", "za", "zo", "pon", "wt", "śr", "czw", "pt", "sob", "niedz", "пн", "вт", "ср", "чт", "пт", "сб",
    "вс", "tis", "ons", "tors", "fre", "lör", "sön",
];
/// Labels of the sender in the head of a quoted mail.
const FROM: &str = "\
    from, von, de, da, van, fra, från, od, от, от кого, lähettäjä, kimden, gönderen, 差出人, 发件人, 寄件者, 寄件人, 보낸 사람, \
    من, מאת, feladó, odesílatel, από, expéditeur, mittente, remitente, remetente, absender, afzender";
/// Labels of the date.
const SENT: &str = "\
    sent, date, gesendet, gesendet am, datum, envoyé, envoyé le, envoyé par, enviado, enviado el, enviada, \
    enviada em, enviado em, enviada el, fecha, data, inviato, data invio, verzonden, verzonden op, skickat, \
    sendt, dato, lähetetty, päivämäärä, wysłano, отправлено, дата, gönderildi, gönderme tarihi, tarih, 送信日時, 日時, \
    日付, 发送时间, 發送時間, 寄件日期, 日期, 傳送時間, 보낸 날짜, 날짜, تاريخ الإرسال, التاريخ, נשלח, תאריך, odesláno, elküldve, dátum, \
    ημερομηνία";
/// Labels of the recipient.
const TO: &str = "\
    to, an, à, para, a, aan, till, til, do, кому, vastaanottaja, kime, alıcı, 宛先, 收件人, 收件者, 받는 사람, إلى, אל, \
    címzett, komu, προς, empfänger, destinatario, destinataire, destinatário, cc, kopie, cópia, copia";
/// Labels of the subject.
const SUBJECT: &str = "\
    subject, betreff, objet, sujet, asunto, oggetto, assunto, onderwerp, ämne, emne, aihe, temat, тема, konu, \
    件名, 主题, 主旨, 主題, 제목, الموضوع, נושא, tárgy, předmět, θέμα";
/// Pronouns: a sentence with one of these is not an attribution.
const YOU: &[&str] = &[
    "you", "sie", "ihr", "du", "vous", "tu", "usted", "ustedes", "voi", "lei", "você", "vocês", "u", "jullie", "i",
    "ich", "je", "io", "yo", "eu", "ik",
];
/// The most lines of an attribution.
const ATTRIBUTION: usize = 3;
/// The fewest labeled lines of a head.
const HEAD: usize = 3;
/// The fewest lines of a head with a known label.
const KNOWN: usize = 2;

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
            if !followed && !closed(lines.get(at).copied().unwrap_or_default()) {
                continue;
            }
            mark(&mut quoted, (at + 1).saturating_sub(length), at);
            end = end.or((!followed).then_some(at));
        }
    }
    if let Some(end) = end {
        quoted.iter_mut().skip(end).for_each(|quoted| *quoted = true);
    }
    quoted
}

/// Whether a line ends like an attribution: with an address in brackets or a verb of writing. An address and a time
/// before a colon are not enough, because a sender may write them, too.
fn closed(line: &str) -> bool {
    let said = line.trim_end_matches([':', '：', ' ', '\u{a0}']).to_lowercase();
    let bracketed = said.split_once(['<', '(', '[']).is_some_and(|(_, rest)| rest.contains('@'));
    bracketed || WROTE.split(", ").any(|verb| said.ends_with(verb))
}

/// Whether an attribution may begin with this line: with a date, or with a word that precedes one.
fn begins(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default().to_lowercase();
    let day = first.trim_end_matches([',', '.']);
    let named = day.len() < first.len() && DAYS.contains(&day);
    named || line.contains('<') || first.starts_with(|c: char| c.is_ascii_digit()) || BEGINS.contains(&first.as_str())
}

fn mark(quoted: &mut [bool], from: usize, to: usize) {
    quoted.iter_mut().take(to + 1).skip(from).for_each(|quoted| *quoted = true);
}

fn next_is_quoted(lines: &[&str], at: usize) -> bool {
    lines.iter().skip(at + 1).find(|line| !line.is_empty()).is_some_and(|line| line.starts_with('>'))
}

/// The number of lines of the attribution that ends with this line; `None` if none ends here.
fn attribution(lines: &[&str], at: usize) -> Option<usize> {
    lines.get(at).filter(|line| !line.starts_with('>') && line.ends_with([':', '：']))?;
    let length = (1..=ATTRIBUTION.min(at + 1)).find(|length| {
        let said = lines.get(at + 1 - length..=at).unwrap_or_default();
        let whole = said.iter().all(|line| !line.is_empty() && !line.starts_with('>'));
        whole
            && (*length == 1 || said.first().is_some_and(|line| begins(line)))
            && names_writer(&said.join(" "), lines, at)
    })?;
    let said = lines.get(at + 1 - length).copied().unwrap_or_default();
    // A program may break an attribution before its date.
    let begun = lines.get((at + 1).saturating_sub(length + 1)).filter(|_| length < ATTRIBUTION && at >= length);
    let begun = begun.is_some_and(|line| {
        begins(line)
            && !begins(said)
            && !line.is_empty()
            && line.len() > 20
            && digits(line) >= 2
            && line.ends_with(|c: char| c.is_alphanumeric() || c == ',')
    });
    Some(length + usize::from(begun))
}

/// Whether a line says who wrote a mail and when.
fn names_writer(said: &str, lines: &[&str], at: usize) -> bool {
    let address = said.contains('@');
    let time = said.split_whitespace().any(|word| word.contains(':') && digits(word) >= 3);
    let small = said.to_lowercase();
    let wrote = WROTE.split(", ").any(|verb| small.contains(verb));
    let dated = digits(said) >= 3 && (address || time);
    let quotes = next_is_quoted(lines, at);
    // "On 21 November at 6:40 you wrote:" is the sender's own sentence and no attribution.
    let ours = small.split(|c: char| !c.is_alphabetic()).any(|word| YOU.contains(&word));
    let unmarked = wrote && time && !ours && digits(said) >= 5 && begins(said) && stands_alone(lines, at);
    (dated && (quotes || (address && (wrote || time)))) || (wrote && quotes && stands_alone(lines, at)) || unmarked
}

/// Whether a line of 2 to 12 words begins a passage and is not the end of a broken line.
fn stands_alone(lines: &[&str], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| lines.get(before));
    let words = lines.get(at).map_or(0, |line| line.split_whitespace().count());
    before.is_none_or(|before| before.is_empty()) && (2..=12).contains(&words)
}

/// Whether a line contains a time of day or a year. An order number counts as neither.
fn tells_when(line: &str) -> bool {
    let year = |word: &str| word.len() == 4 && digits(word) == 4 && (word.starts_with("19") || word.starts_with("20"));
    let words = || line.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '/' | '(' | ')'));
    let clock = |word: &str| {
        word.split_once(':').is_some_and(|(hour, minute)| (1..=2).contains(&digits(hour)) && digits(minute) >= 2)
    };
    // One group of an order number could look like a year.
    let apart = |word: &str| !word.contains('-');
    words().any(clock) || (words().filter(|word| apart(word)).any(year) && words().count() > 2)
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// Whether an earlier mail begins here. An earlier mail extends to the end of the text.
fn begins_earlier_mail(lines: &[&str]) -> bool {
    let Some(first) = lines.first() else { return false };
    let small = first.to_lowercase();
    let rule = first.len() >= 10 && first.chars().all(|c| matches!(c, '_' | '-' | '*' | '='));
    if rule {
        // A rule may also precede a signature, so a head must follow.
        return lines.get(1..).is_some_and(head);
    }
    ruled(first, lines) || run_on(first) || FORWARDED.split(", ").any(|start| small.starts_with(start)) || head(lines)
}

/// Whether a line has words between dashes: "-----Original Message-----".
fn ruled(line: &str, lines: &[&str]) -> bool {
    let dashes = line.chars().take_while(|c| *c == '-').count();
    let words = line.trim_matches('-').trim();
    let known = EARLIER.split(", ").any(|known| words.to_lowercase().starts_with(known));
    let headed = || lines.iter().skip(1).find(|line| !line.is_empty()).is_some_and(|line| label(line).is_some());
    let worded = line.ends_with("--") && words.chars().any(char::is_alphabetic);
    worded && ((known && dashes >= 2) || (dashes >= 4 && (headed() || words.contains('@') || digits(words) > 3)))
}

/// An attribution with quote on one line: "On Sat, Nov 21, 2026 at 6:40, Shop<orders@shop.example> wrote:   Hello Ann".
fn run_on(line: &str) -> bool {
    let small = line.to_lowercase();
    let parted = WROTE.split(", ").find_map(|verb| small.split_once(&format!("{verb}:")));
    let said = parted.filter(|(_, what)| !what.trim().is_empty()).map(|(said, _)| said);
    let early = |said: &str| said.find(|c: char| c.is_ascii_digit()).is_some_and(|at| at <= 16);
    let time = |said: &str| said.split_whitespace().any(|word| word.contains(':') && digits(word) >= 3);
    said.is_some_and(|said| said.len() <= 160 && early(said) && said.contains('@') && time(said))
}

/// Whether a head begins here: "From: … Sent: … To: …", one label a line up to a blank line. The first label is known
/// and occurs once; sender, address and date must follow. So a sender's list of name, address and date is no head.
fn head(lines: &[&str]) -> bool {
    let Some(first) = lines.first().and_then(|line| label(line)) else { return false };
    let labels: Vec<&&str> = lines.iter().take_while(|line| labeled(line)).take(8).collect();
    let known: Vec<Label> = labels.iter().filter_map(|line| label(line)).collect();
    let once = known.iter().filter(|label| **label == first).count() == 1;
    let about = labels.iter().any(|line| line.contains('@') || line.contains('<')) || labels.len() > HEAD;
    let dated = labels.iter().any(|line| tells_when(line));
    labels.len() >= HEAD && known.len() >= KNOWN && once && about && dated && known.contains(&Label::From)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    From,
    Sent,
    To,
    Subject,
}

/// The label of a line, if it is a known one.
fn label(line: &str) -> Option<Label> {
    let said = line.split([':', '：']).next().filter(|_| labeled(line))?;
    let said = said.trim_matches([' ', '*', '\u{a0}']).to_lowercase();
    let kinds = [(FROM, Label::From), (SENT, Label::Sent), (TO, Label::To), (SUBJECT, Label::Subject)];
    kinds.into_iter().find(|(known, _)| known.split(", ").any(|known| known == said)).map(|(_, label)| label)
}

fn labeled(line: &str) -> bool {
    let line = line.trim_start_matches('*');
    let Some((label, value)) = line.split_once([':', '：']) else { return false };
    let words = label.trim_end_matches([' ', '*', '\u{a0}']);
    let plain = words.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.'));
    !words.is_empty() && words.chars().count() <= 20 && plain && !value.trim_matches([' ', '*']).is_empty()
}
