//! Turns a mail's HTML into the text lines that readers see. Quoted lines begin with `>`; a mark replaces hidden text.

mod style;

use html5gum::Tokenizer;
use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};

use style::{Sheet, hides};

/// Replaces text that is hidden or struck through. The reader understands no text that contains this mark.
pub const HIDDEN: char = '\u{fffc}';
/// The deepest nesting of elements that is tracked. Deeper text counts as hidden.
const MAX_DEPTH: usize = 400;
/// Elements without an end tag.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements whose content is not text of the mail.
const NO_TEXT: &[&str] = &[
    "head", "title", "script", "style", "template", "svg", "math", "object", "iframe", "audio", "video", "canvas",
    "map",
];
/// Elements whose content only some mail programs show.
const PERHAPS: &[&str] = &["noscript", "select", "textarea"];
/// Elements that start a new line.
const BLOCKS: &str = "\
    p, div, li, ul, ol, dl, dt, dd, tr, table, blockquote, h1, h2, h3, h4, h5, h6, hr, section, article, header, \
    footer, pre, center, form, fieldset, address, main, aside, body";
/// Classes and ids that mail programs give to quotes.
const QUOTES: &[&str] =
    &["gmail_attr", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra"];
/// Classes and ids that mail programs give to signatures.
const SIGNATURES: &[&str] = &[
    "gmail_signature",
    "moz-signature",
    "ms-outlook-mobile-signature",
    "protonmail_signature_block",
    "yahoo-signature",
];
/// Classes and ids of dividers. Everything after a divider is quoted.
const DIVIDERS: &[&str] = &["divrplyfwdmsg", "appendonsend", "stopspelling", "outlookmessageheader"];
/// The line that marks a divider for `own_words`.
const DIVIDER: &str = "-----Original Message-----";

struct Open {
    name: String,
    quote: bool,
    hidden: bool,
    silent: bool,
}

/// The visible lines of a page.
pub fn seen(html: &str) -> String {
    let mut page = Page { sheet: Sheet::parse(html), ..Page::default() };
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, emitter) {
        // Tokenizing a string cannot fail.
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => page.open(&tag),
            Token::EndTag(tag) => page.close(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => page.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    page.end_line();
    page.text
}

#[derive(Default)]
struct Page {
    sheet: Sheet,
    text: String,
    line: String,
    open: Vec<Open>,
    beyond: usize,
}

impl Page {
    fn open(&mut self, tag: &StartTag<()>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let value = |of: &str| {
            let found = tag.attributes.iter().find(|(name, _)| name.as_slice() == of.as_bytes());
            found.map(|(_, value)| String::from_utf8_lossy(value).to_lowercase())
        };
        let marks = [value("class"), value("id")].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let marked = |with: &[&str]| marks.split_whitespace().any(|mark| with.contains(&mark.trim_start_matches("x_")));
        self.begin_line(&name);
        if marked(DIVIDERS) {
            self.text.push_str(DIVIDER);
            self.text.push('\n');
        }
        if VOID.contains(&name.as_str()) {
            return;
        }
        if self.open.len() >= MAX_DEPTH {
            self.beyond += 1;
            return;
        }
        let struck_through = matches!(name.as_str(), "s" | "strike" | "del" | "bdo");
        let hidden = struck_through
            || PERHAPS.contains(&name.as_str())
            || tag.attributes.contains_key(b"hidden".as_slice())
            || value("style").is_some_and(|style| hides(&style))
            || value("color").is_some_and(|color| hides(&format!("color:{color}")))
            || self.sheet.hides(&name, &marks);
        let quote = name == "blockquote" || marked(QUOTES);
        let silent = NO_TEXT.contains(&name.as_str()) || marked(SIGNATURES);
        self.open.push(Open { name, quote, hidden, silent });
    }

    fn close(&mut self, name: &str) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(at) = self.open.iter().rposition(|open| open.name == name) {
            self.begin_line(name);
            self.open.truncate(at);
        }
        if name == "p" || name == "blockquote" {
            self.text.push('\n');
        }
    }

    fn begin_line(&mut self, name: &str) {
        if name == "br" || (BLOCKS.split(", ").any(|block| block == name) && !self.line.trim().is_empty()) {
            self.end_line();
        } else if matches!(name, "td" | "th") {
            self.line.push(' ');
        }
    }

    fn end_line(&mut self) {
        let line: Vec<&str> = self.line.split_whitespace().collect();
        let line = line.join(" ");
        self.line.clear();
        let depth = self.open.iter().filter(|open| open.quote).count();
        if depth > 0 {
            self.text.push_str(&">".repeat(depth.min(8)));
            self.text.push(' ');
        }
        self.text.push_str(&line);
        self.text.push('\n');
    }

    fn text(&mut self, text: &str) {
        if self.open.iter().any(|open| open.silent) {
            return;
        }
        let hidden = self.beyond > 0 || self.open.iter().any(|open| open.hidden);
        if !hidden {
            self.line.push_str(text);
        } else if text.chars().any(char::is_alphanumeric) {
            self.line.push(HIDDEN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(html: &str) -> String {
        seen(html).split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" / ")
    }

    #[test]
    fn r13_what_the_eye_does_not_see_is_marked() {
        for hidden in [
            r#"<p style="color:#ffffff;background-color:#ffffff">cancel</p>"#,
            r#"<p hidden>cancel</p>"#,
            r#"<span STYLE="color:red; DISPLAY : none !important">cancel</span>"#,
            r#"<p style="font-size:0;line-height:0">cancel</p>"#,
            r#"<div style="visibility:hidden">cancel</div>"#,
            r#"<div style="display/* */:none"><b>cancel</b></div>"#,
            r#"<style>.pre{display:none}</style><div class="pre">cancel</div>"#,
            r#"<style>@media screen { div p#x, .q { max-height: 0px } }</style><p id="x">cancel</p>"#,
            r#"<s>cancel</s>"#,
            r#"<font color="white">cancel</font>"#,
            r#"<span style="opacity:0.01">cancel</span>"#,
            r#"<span style="position:absolute;left:-9999px">cancel</span>"#,
            r#"<span style="direction:rtl;unicode-bidi:bidi-override">lecnac</span>"#,
        ] {
            assert_eq!(line(&format!("<div>Hello</div>{hidden}")), format!("Hello / {HIDDEN}"), "{hidden}");
        }
        assert_eq!(line("Hello<!-- cancel --><script>cancel</script><title>cancel</title>"), "Hello");
        assert_eq!(line(r#"<span style="display:none"> &nbsp; </span>Hello"#), "Hello");
        assert_eq!(line("Hello<textarea>only the lamp</textarea>"), format!("Hello{HIDDEN}"));
        assert_eq!(line("Hello<noscript>only the lamp</noscript>"), format!("Hello{HIDDEN}"));
    }

    #[test]
    fn r13_what_the_eye_sees_is_read() {
        assert_eq!(
            line("<p>Please&nbsp;<b>c&#97;ncel</b> my&#32;order.</p><p>Thanks &amp; regards<br>Ann</p>"),
            "Please cancel my order. / Thanks & regards / Ann"
        );
        assert_eq!(
            line("<div>Own</div><blockquote><p>quoted</p><blockquote>twice</blockquote></blockquote>below"),
            "Own / > quoted / >> twice / below"
        );
    }

    #[test]
    fn a_page_that_never_ends_is_read_in_time() {
        let deep = "<div>".repeat(200_000) + "cancel";
        assert!(line(&deep).contains(HIDDEN));
        let wide = "<p>a</p>".repeat(100_000);
        assert!(!line(&wide).contains(HIDDEN));
    }
}
