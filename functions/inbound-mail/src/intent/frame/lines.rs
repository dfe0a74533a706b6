//! The kinds of lines that surround the message of a letter.

use super::super::story;
use super::super::text::plain;

/// The beginnings of a letter.
pub(super) const GREETINGS: &[&str] = &[
    "hi",
    "hello",
    "hey",
    "dear",
    "good",
    "greetings",
    "to whom",
    "hallo",
    "guten",
    "liebe",
    "lieber",
    "liebes",
    "sehr geehrte",
    "moin",
    "servus",
    "bonjour",
    "bonsoir",
    "madame",
    "monsieur",
    "cher",
    "chere",
    "chers",
    "salut",
    "hola",
    "buenos",
    "buenas",
    "estimado",
    "estimados",
    "estimada",
    "estimadas",
    "muy senores",
    "ciao",
    "buongiorno",
    "buonasera",
    "salve",
    "gentile",
    "gentili",
    "egregi",
    "spettabile",
    "spett",
    "ola",
    "bom dia",
    "boa",
    "prezado",
    "prezados",
    "prezada",
    "caro",
    "caros",
    "cara",
    "exmos",
    "exmo",
    "beste",
    "geachte",
    "goedemorgen",
    "goedemiddag",
    "goedenavond",
    "goedendag",
    "dag",
];
/// The endings of a letter.
pub(super) const ENDINGS: &[&str] = &[
    "regards",
    "kind regards",
    "best",
    "warm regards",
    "many thanks",
    "thanks",
    "thank you",
    "thx",
    "xoxo",
    "xx",
    "xxx",
    "cheers",
    "sincerely",
    "yours",
    "with regards",
    "all the best",
    "respectfully",
    "mit freundlichen",
    "mit besten",
    "freundliche",
    "beste",
    "viele",
    "liebe",
    "herzliche",
    "vielen dank",
    "danke",
    "gruss",
    "grusse",
    "mfg",
    "lg",
    "vg",
    "cordialement",
    "bien",
    "salutations",
    "sinceres",
    "meilleures",
    "merci",
    "saludos",
    "un saludo",
    "cordialmente",
    "atentamente",
    "atte",
    "gracias",
    "muchas gracias",
    "cordiali",
    "distinti",
    "saluti",
    "un saluto",
    "grazie",
    "atenciosamente",
    "att",
    "cumprimentos",
    "com os melhores",
    "melhores",
    "obrigado",
    "obrigada",
    "abracos",
    "met vriendelijke",
    "groet",
    "groeten",
    "vriendelijke",
    "hartelijke",
    "mvg",
    "bedankt",
    "alvast",
    "dank",
];

/// Whether a line is a letterhead's reference to the order: "Re: order number …, Desk lamp".
pub(super) fn reference(line: &str) -> bool {
    let about = [
        "re:",
        "ref:",
        "reference:",
        "subject:",
        "betreff:",
        "betr.:",
        "betrifft:",
        "objet :",
        "objet:",
        "asunto:",
        "oggetto:",
        "assunto:",
        "betreft:",
    ];
    let speaks = plain(line).split(|c: char| !c.is_alphanumeric()).any(story::weighs);
    about.iter().any(|mark| line.to_lowercase().starts_with(mark)) && line.contains("@number") && !speaks
}

/// Whether a line has a web address or a phone number, and no punctuation that ends a sentence.
pub(super) fn contact(line: &str) -> bool {
    let begins = ["www.", "http://", "https://", "tel", "phone", "mobil", "fax", "t:", "m:", "t +", "m +", "+"]
        .iter()
        .any(|start| line.to_lowercase().starts_with(start));
    let web = ["www.", "http://", "https://"].iter().any(|start| line.to_lowercase().starts_with(start));
    let number = line.chars().filter(char::is_ascii_digit).count() >= 5;
    let speaks = plain(line).split(|c: char| !c.is_alphanumeric()).any(story::weighs);
    // The "no" in a label such as "Tel. no.: …" does not count against a wish.
    let few = line.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count() <= 2;
    begins && (web || (number && (few || !speaks))) && !line.ends_with(['!', '?', '.'])
}

/// Whether a line begins with one of these words or phrases.
pub(super) fn begins(line: &str, with: &[&str]) -> bool {
    let line = plain(line);
    with.iter().any(|start| line.strip_prefix(start).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// Whether a line is only an ending: "Kind regards," and a few more words.
pub(super) fn begins_with_ending(line: &str) -> bool {
    begins(line, ENDINGS) && line.split_whitespace().count() <= 5
}
