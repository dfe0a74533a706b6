//! Decides which styles hide text. A doubtful style counts as hiding: the message goes to staff and is never misread.

use std::collections::HashSet;

/// Colors that look the same as a white background.
const PAPER: &str = "\
    white, #fff, #ffffff, #fefefe, #fdfdfd, #fcfcfc, #fafafa, transparent, rgb(255,255,255), rgba(255,255,255,1), \
    snow, ivory, ghostwhite, whitesmoke, #ffff, #ffffffff";
/// The most bytes of style sheets that are read. If there are more, everything counts as hidden.
const MAX_RULES_LEN: usize = 200_000;

/// Whether these declarations hide the text they apply to.
pub(super) fn hides(declarations: &str) -> bool {
    let declarations = without_comments(declarations);
    let declared: Vec<(String, String)> = declarations.split(';').filter_map(declaration).collect();
    let background = declared
        .iter()
        .find(|(name, _)| name == "background-color" || name == "background")
        .map(|(_, value)| value.as_str());
    declared.iter().any(|(name, value)| match name.as_str() {
        "color" => {
            let paper = || PAPER.split(", ").any(|paper| paper == value);
            background.map_or_else(paper, |background| background == value)
                || (value.starts_with("rgba(") && value.ends_with(",0)"))
        }
        _ => hiding(name, value),
    })
}

fn hiding(name: &str, value: &str) -> bool {
    let number = || value.trim_end_matches(|c: char| c.is_alphabetic() || c == '%').parse::<f32>();
    let tiny = |limit: f32| number().is_ok_and(|number| number <= limit);
    match name {
        "display" => value == "none",
        "visibility" => value != "visible" && value != "inherit",
        "font-size" => tiny(if value.ends_with("em") { 0.2 } else { 3.0 }),
        "opacity" => tiny(0.2),
        "height" | "max-height" | "width" | "max-width" => tiny(2.0),
        "text-indent" | "left" | "top" | "right" | "bottom" | "margin-left" | "margin-top" | "margin" => {
            number().is_ok_and(|number| number <= -100.0)
        }
        "text-decoration" | "text-decoration-line" => value.contains("line-through"),
        "mso-hide" => value == "all",
        "unicode-bidi" | "transform" | "clip" | "clip-path" | "filter" | "content" => {
            value != "none" && value != "normal" && value != "auto"
        }
        "font" => value.starts_with('0'),
        _ => false,
    }
}

fn declaration(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once(':')?;
    let value: String = value.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    Some((name.trim().to_lowercase(), value.trim_end_matches("!important").to_owned()))
}

fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept + rest
}

/// The elements, classes and ids that a mail's style sheets hide.
#[derive(Default)]
pub(super) struct Sheet {
    names: HashSet<String>,
    everything: bool,
}

impl Sheet {
    pub(super) fn parse(html: &str) -> Self {
        let small = html.to_ascii_lowercase();
        let mut sheet = Self::default();
        let mut read = 0;
        for part in small.split("<style").skip(1) {
            let rules = part.split_once('>').map_or("", |(_, rules)| rules);
            let rules = rules.split("</style").next().unwrap_or_default();
            read += rules.len();
            sheet.take(rules);
        }
        sheet.everything |= read > MAX_RULES_LEN || small.contains("@import");
        sheet
    }

    /// Whether an element of this name, with these classes and ids, is hidden.
    pub(super) fn hides(&self, name: &str, marks: &str) -> bool {
        self.everything || self.names.contains(name) || marks.split_whitespace().any(|mark| self.names.contains(mark))
    }

    fn take(&mut self, rules: &str) {
        let rules = without_comments(rules);
        for rule in rules.split('}').take(MAX_RULES_LEN) {
            let Some((selectors, declarations)) = rule.rsplit_once('{') else { continue };
            if !hides(declarations) {
                continue;
            }
            let selectors = selectors.rsplit('{').next().unwrap_or_default();
            self.everything |= selectors.contains(['*', '[']);
            // A rule hides the last part of each selector. "div p.x" hides p.x, so both "p" and "x" count as hidden.
            let last = selectors.split(',').filter_map(|chain| chain.split_whitespace().last());
            self.names.extend(
                last.flat_map(|last| last.split(['.', '#', ':', '>', '+', '~']))
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned),
            );
        }
    }
}
