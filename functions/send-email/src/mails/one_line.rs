//! Makes outside text safe for a mail: one line, without characters that hide or reverse text. Templates escape HTML.

use std::fmt;

/// The longest subject in characters.
const SUBJECT_LIMIT: usize = 150;
/// The longest name or reason in characters. The contract refuses longer ones; this limit bounds a mail's size anyway.
const NAME_LIMIT: usize = 200;

/// One line of text, such as a name, a SKU or a link. Invariant: the text contains no control character (so no CR, LF,
/// tab or NUL, and no second header in a subject), no line separator, no mark that overrides the direction of text, and
/// no blank at either end. Letters of every script and emoji stay unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OneLine(String);

impl OneLine {
    /// Replaces each run of blanks and forbidden characters with one space.
    pub fn new(text: &str) -> Self {
        let spaced: String = text.chars().map(|c| if is_forbidden(c) { ' ' } else { c }).collect();
        Self(spaced.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Does the same as `new` for a name or a reason, and cuts the text to 200 characters.
    pub fn short(text: &str) -> Self {
        // This bounds the work: at most ten input characters are read for each character that can stay.
        let head: String = text.chars().take(NAME_LIMIT * 10).collect();
        Self(cut(Self::new(&head).0, NAME_LIMIT))
    }

    pub(super) fn subject(text: &str) -> String {
        cut(Self::new(text).0, SUBJECT_LIMIT)
    }

    /// Whether no text is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Cuts a line to `limit` characters. A cut line ends in `…`.
fn cut(line: String, limit: usize) -> String {
    if line.chars().count() <= limit {
        return line;
    }
    let kept: String = line.chars().take(limit - 1).collect();
    format!("{}…", kept.trim_end())
}

impl From<&str> for OneLine {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for OneLine {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl fmt::Display for OneLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Forbids control characters, line or paragraph separators, direction and byte order marks; allows emoji joiners.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::OneLine;

    #[test]
    fn line_breaks_and_control_characters_become_one_space() {
        let line = OneLine::new("  Ann\r\nBcc: eve@example.net\u{0}\t\u{85}\u{1b}\u{7f}x\u{2028}y ");
        assert_eq!(line.to_string(), "Ann Bcc: eve@example.net x y");
    }

    #[test]
    fn marks_that_turn_the_direction_of_text_are_taken_out() {
        assert_eq!(OneLine::new("gnp\u{202E}.exe\u{2066}a").to_string(), "gnp .exe a");
    }

    #[test]
    fn letters_of_every_script_and_joined_emoji_stay() {
        for name in ["שרה לוי", "ليلى", "Zoë O'Neill-Łukasz", "李小龍", "👩‍👩‍👧 & Co"] {
            assert_eq!(OneLine::new(name).to_string(), name);
        }
    }

    #[test]
    fn a_name_that_is_too_long_is_cut() {
        assert_eq!(OneLine::short(&"é".repeat(10_000)).to_string(), format!("{}…", "é".repeat(199)));
        assert_eq!(OneLine::short(&"é".repeat(200)).to_string(), "é".repeat(200));
        assert_eq!(OneLine::short(&format!("Ann{}", "\r\n".repeat(10_000))).to_string(), "Ann");
    }

    #[test]
    fn a_subject_that_is_too_long_is_cut_between_characters() {
        let subject = OneLine::subject(&"é".repeat(200));
        assert_eq!(subject.chars().count(), 150);
        assert!(subject.ends_with("é…"));
        assert_eq!(OneLine::subject(&"é".repeat(150)), "é".repeat(150));
    }
}
