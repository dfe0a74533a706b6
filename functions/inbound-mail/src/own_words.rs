//! Separates a sender's own words from quotes, earlier mails, forwarded mails, signatures and disclaimers.

mod ending;
mod quote;

/// A text, separated into the sender's own words and quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnWords {
    /// The sender's own words.
    pub text: String,
    /// The text below a `--` line: a signature, or more of the sender's own words.
    pub below_dashes: String,
    /// Quoted and forwarded text.
    pub quoted: String,
    /// Whether own words come between quoted lines or below a few of them. "It" may then refer to a quoted line.
    pub amid_quotes: bool,
}

/// A quote of at least this many lines above the own words counts as a whole mail, not as single answered lines.
const WHOLE_MAIL: usize = 6;

/// Separates the sender's own words from quotes (lines that begin with `>`) and signatures.
pub fn own_words(text: &str) -> OwnWords {
    // Programs put marks of text direction around addresses and at the ends of lines.
    let mark =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202c}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let lines: Vec<&str> = text.lines().map(|line| line.trim_matches(|c: char| c.is_whitespace() || mark(c))).collect();
    let quoted = quote::quoted(&lines);
    let mut own: Vec<&str> = Vec::new();
    let mut below: Vec<&str> = Vec::new();
    let mut rest: Vec<&str> = Vec::new();
    let mut signed = false;
    let mut passages = Passages::default();
    for (line, quoted) in lines.iter().zip(quoted) {
        // A signature ends at the next quote.
        signed = !quoted && (signed || *line == "--");
        if quoted {
            rest.push(line.trim_start_matches(['>', ' ']));
        } else if !ending::tagline(line) && !ending::picture(line) && !drawn(line) {
            if signed { below.push(line) } else { own.push(line) }
        }
        passages.see(line, quoted, signed);
    }
    let own = ending::without_disclaimer(&own);
    // The `--` line stays until here: a disclaimer is never the first line of a text.
    let below = ending::without_disclaimer(&below);
    let below: Vec<&str> = below.into_iter().filter(|line| *line != "--").collect();
    OwnWords {
        text: own.join("\n"),
        below_dashes: below.join("\n").trim().to_owned(),
        quoted: rest.join("\n"),
        amid_quotes: passages.amid,
    }
}

/// Whether a line is a rule of underscores. Programs put such a rule above a quote.
fn drawn(line: &str) -> bool {
    line.len() >= 8 && line.chars().all(|c| c == '_')
}

/// Tracks the position of own words among quotes.
#[derive(Default)]
struct Passages {
    before: usize,
    own: bool,
    below: bool,
    amid: bool,
}

impl Passages {
    fn see(&mut self, line: &str, quoted: bool, signed: bool) {
        let empty = line.trim_start_matches(['>', ' ']).is_empty();
        match (empty, quoted) {
            (true, _) => {}
            // The own words are below one quote and above this one.
            (false, true) => {
                self.amid |= self.own && self.below;
                self.before += 1;
            }
            (false, false) if !signed && !ending::tagline(line) => {
                self.own = true;
                self.below |= self.before > 0;
                self.amid |= self.before > 0 && self.before < WHOLE_MAIL;
            }
            (false, false) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r13_quotes_of_every_client_are_set_aside() {
        for quote in [
            "On Fri, Nov 20, 2026 at 9:12 AM Shop <orders@shop.example> wrote:\n\n> cancel",
            "On Fri, Nov 20, 2026 at 9:12 AM Shop <orders@shop.example>\nwrote:\n> cancel",
            "Am Fr., 20. Nov. 2026 um 09:12 Uhr schrieb Shop\n<orders@shop.example>:\n\n> cancel",
            "Le ven. 20 nov. 2026 à 09:12, Shop <orders@shop.example> a\nécrit :\n\n> cancel",
            "El vie, 20 nov 2026 a las 09:12, Shop (<orders@shop.example>) escribió:\n> cancel",
            "Il 21/11/2026 06:40, Shop ha scritto:\n> cancel",
            "Op 21-11-2026 om 06:40 schreef Shop:\n> cancel",
            "Em ter., 1 de dez. de 2026 às 14:03, Shop <orders@shop.example> escreveu:\n> cancel",
            "2026年11月20日(金) 09:12 Shop <orders@shop.example>:\n> cancel",
            "________________________________\nFrom: Shop <orders@shop.example>\nSent: Friday, November 20, 2026 9:12 AM\nTo: Ann <ann@example.com>\nSubject: x\n\ncancel",
            "Von: Shop <orders@shop.example>\nGesendet: Freitag, 20. November 2026 09:12\nAn: Ann <ann@example.com>\nBetreff: x\n\ncancel",
            "-----Original Message-----\nFrom: Shop\n\ncancel",
            "---------- Forwarded message ---------\nFrom: Bob\ncancel",
            "Begin forwarded message:\n\ncancel",
            "On Fri, Nov 20, 2026 at 9:12 AM Shop <orders@shop.example> wrote:\ncancel",
            "Sent from my iPhone\n\n> On Nov 20, 2026, at 9:12 AM, Shop <orders@shop.example> wrote:\n> cancel",
            "-- \nAnn Lee\nfree to cancel\n\nOn Fri, Nov 20, 2026 at 9:12 AM Shop <orders@shop.example> wrote:\n\n> cancel",
        ] {
            let read = own_words(&format!("When does it ship?\n\n{quote}\n"));
            assert_eq!(read.text.trim(), "When does it ship?", "{quote}");
            assert!(!read.amid_quotes, "{quote}");
        }
    }

    #[test]
    fn r13_words_between_quotes_are_known_to_stand_there() {
        let read =
            own_words("On Nov 20, 2026, Shop <orders@shop.example> wrote:\n> 1 x lamp\n\ncancel this\n\n> 2 x strip");
        assert_eq!((read.text.trim(), read.amid_quotes), ("cancel this", true));
        assert!(own_words("> 1 x lamp\n\ncancel this").amid_quotes);
        let whole = "> a\n".repeat(WHOLE_MAIL) + "\ncancel it";
        assert!(!own_words(&whole).amid_quotes);
        assert!(!own_words(&format!("cancel it\n{whole}").replace("\ncancel it", "")).amid_quotes);
    }
}
