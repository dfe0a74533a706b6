//! The `From` header: the shop's name and address. SES accepts only ASCII, so RFC 2047 encodes other characters.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The most characters of a name. Mail programs show fewer.
const MAX_LEN: usize = 64;
/// The most bytes in one encoded word, which then has at most 75 characters.
const WORD: usize = 45;

/// `"The Shop" <orders@shop.example>`; only the address if the cleaned name is empty.
pub(super) fn mailbox(name: &str, address: &str) -> String {
    let spaced: String = name.chars().map(|c| if hides(c) { ' ' } else { c }).collect();
    let name: String = spaced.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_LEN).collect();
    let name = name.trim_end();
    if name.is_empty() {
        return address.to_owned();
    }
    // A name that looks like an encoded word is encoded, so that it arrives unchanged.
    if name.is_ascii() && !name.contains("=?") {
        let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
        return format!("\"{quoted}\" <{address}>");
    }
    format!("{} <{address}>", words(name).join(" "))
}

/// Whether a character is a control character or changes the direction of the text.
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The encoded words of a name. No character is split between two words.
fn words(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for letter in name.chars() {
        match parts.last_mut() {
            Some(part) if part.len() + letter.len_utf8() <= WORD => part.push(letter),
            _ => parts.push(letter.to_string()),
        }
    }
    parts.iter().map(|part| format!("=?UTF-8?B?{}?=", STANDARD.encode(part))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "orders@shop.example";

    #[test]
    fn a_name_stands_in_quotes_before_the_address() {
        assert_eq!(mailbox("LEDRIVEN", ADDRESS), "\"LEDRIVEN\" <orders@shop.example>");
        assert_eq!(mailbox("Lee, Ann & Sons", ADDRESS), "\"Lee, Ann & Sons\" <orders@shop.example>");
        assert_eq!(mailbox(" \r\n\u{202E}", ADDRESS), ADDRESS);
    }

    #[test]
    fn no_name_adds_a_header_or_another_address() {
        assert_eq!(
            mailbox("Shop\" <eve@example.net>, \"\\\r\nBcc: all@example.net", ADDRESS),
            "\"Shop\\\" <eve@example.net>, \\\"\\\\ Bcc: all@example.net\" <orders@shop.example>"
        );
        assert_eq!(
            mailbox("=?UTF-8?B?RXZl?=", ADDRESS),
            format!("=?UTF-8?B?{}?= <{ADDRESS}>", STANDARD.encode("=?UTF-8?B?RXZl?="))
        );
    }

    #[test]
    fn letters_beyond_ascii_come_as_encoded_words_that_read_the_same() {
        for name in ["Söhne & Töchter", "שרה", "👩‍👩‍👧 ".repeat(40).as_str(), "é".repeat(10_000).as_str()]
        {
            let whole = mailbox(name, ADDRESS);
            assert!(whole.is_ascii() && whole.ends_with(" <orders@shop.example>"), "{whole}");
            let mut read = String::new();
            for word in whole.trim_end_matches(" <orders@shop.example>").split(' ') {
                assert!(word.len() <= 75, "{word}");
                let bytes = word.strip_prefix("=?UTF-8?B?").and_then(|word| word.strip_suffix("?=")).unwrap();
                read += &String::from_utf8(STANDARD.decode(bytes).unwrap()).unwrap();
            }
            assert_eq!(read, name.chars().take(MAX_LEN).collect::<String>().trim_end());
        }
    }
}
