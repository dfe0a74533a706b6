//! Parses a page as a mail client does: elements, texts and colors. The parser supports only the HTML and CSS that the
//! mails use; anything else fails the test.

use std::collections::BTreeMap;

/// The CSS properties and values of each class.
type Rules = BTreeMap<String, Vec<(String, String)>>;

pub struct Page {
    /// The elements in the order of their opening tags.
    pub elements: Vec<Element>,
    /// The rules for a dark screen.
    pub dark: Rules,
    /// The same rules for Outlook.
    pub outlook: Rules,
}

#[derive(Debug)]
pub struct Element {
    /// The element's index in the page.
    pub at: usize,
    parent: Option<usize>,
    pub tag: String,
    pub attributes: Vec<(String, String)>,
    /// The element's own text, without the text of inner elements.
    pub words: String,
    /// The text of the element and of all inner elements.
    pub text: String,
    pub shown: bool,
    pub light: Colors,
    /// The element's colors on a dark screen.
    pub dark: Colors,
}

/// Text and background color, as 0xRRGGBB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Colors {
    pub ink: u32,
    pub paper: u32,
}

impl Element {
    /// The value of an attribute; empty if it is missing.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

impl Page {
    pub fn read(html: &str) -> Self {
        let html = without(html, "<!--[if mso]>", "<![endif]-->").replacen("<!DOCTYPE html>\n", "", 1);
        let (asked, outlook) = html.split_once("</style>").unwrap();
        let (dark, outlook) = (rules(asked.split_once("@media").unwrap().1), rules(outlook));
        assert!(html.contains("@media (prefers-color-scheme: dark)"));
        let mut page = Self { elements: Vec::new(), dark, outlook };
        let (mut open, mut rest): (Vec<usize>, &str) = (Vec::new(), &html);
        while let Some((words, tag)) = rest.split_once('<') {
            page.say(&open, words);
            let (tag, after) = tag.split_once('>').unwrap();
            rest = after;
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(page.elements[open.pop().unwrap()].tag, name, "tags cross"),
                None => page.open(tag, &mut open),
            }
        }
        assert!(open.is_empty() && rest.trim().is_empty(), "{open:?}");
        page
    }

    fn say(&mut self, open: &[usize], words: &str) {
        let words = words.replace("&#60;", "<").replace("&#62;", ">");
        if let Some(last) = open.last() {
            self.elements[*last].words += &words;
        }
        open.iter().for_each(|at| self.elements[*at].text += &words);
    }

    fn open(&mut self, tag: &str, open: &mut Vec<usize>) {
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let attributes = attributes.split("\" ").filter(|it| !it.is_empty()).map(|it| {
            let (name, value) = it.split_once("=\"").unwrap();
            (name.to_owned(), value.trim_end_matches('"').to_owned())
        });
        let (at, parent) = (self.elements.len(), open.last().copied());
        let blank = Colors { ink: 0x00_0000, paper: 0xff_ffff };
        let above = parent.map(|at| &self.elements[at]);
        let hides = matches!(name, "head" | "style" | "title");
        let mut element = Element {
            at,
            parent,
            tag: name.to_owned(),
            attributes: attributes.collect(),
            words: String::new(),
            text: String::new(),
            shown: above.is_none_or(|it| it.shown) && !hides,
            light: above.map_or(blank, |it| it.light),
            dark: above.map_or(blank, |it| it.dark),
        };
        let style = declarations(element.attribute("style"));
        element.shown &= !style.contains(&("display".to_owned(), "none".to_owned()));
        element.light.paint(&style);
        element.dark.paint(&style);
        for class in element.attribute("class").to_owned().split_whitespace() {
            element.dark.paint(self.dark.get(class).unwrap_or_else(|| panic!("no dark color for {class}")));
        }
        if !matches!(name, "meta" | "br") {
            open.push(at);
        }
        self.elements.push(element);
    }

    pub fn all(&self, tag: &str) -> impl Iterator<Item = &Element> {
        self.elements.iter().filter(move |it| it.tag == tag)
    }

    /// The elements inside an element, at any depth.
    pub fn within(&self, outer: &Element) -> impl Iterator<Item = &Element> {
        self.elements.iter().filter(move |it| self.above(it).any(|at| at == outer.at))
    }

    fn above(&self, inner: &Element) -> impl Iterator<Item = usize> {
        std::iter::successors(inner.parent, |at| self.elements[*at].parent)
    }

    /// The index of the nearest element with this tag: `inner` itself or an element around it.
    pub fn nearest(&self, inner: &Element, tag: &str) -> Option<usize> {
        std::iter::once(inner.at).chain(self.above(inner)).find(|at| self.elements[*at].tag == tag)
    }
}

impl Colors {
    fn paint(&mut self, rules: &[(String, String)]) {
        for (property, value) in rules {
            let color = || u32::from_str_radix(value.strip_prefix('#').unwrap(), 16).unwrap();
            match property.as_str() {
                "color" => self.ink = color(),
                "background-color" => self.paper = color(),
                _ => {}
            }
        }
    }

    /// The colors in a client that darkens light pages itself: each color keeps its hue, and its lightness is inverted.
    pub fn turned_over(self) -> Self {
        Self { ink: turned_over(self.ink), paper: turned_over(self.paper) }
    }
}

fn channels(color: u32) -> [f64; 3] {
    [16, 8, 0].map(|shift| f64::from((color >> shift) & 0xff) / 255.0)
}

/// The HSL lightness L becomes 1 - L, which moves all channels by the same amount.
fn turned_over(color: u32) -> u32 {
    let [red, green, blue] = channels(color);
    let moved = 1.0 - (red.max(green).max(blue) + red.min(green).min(blue));
    [red, green, blue].iter().fold(0, |whole, channel| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
        let byte = ((channel + moved).clamp(0.0, 1.0) * 255.0).round() as u32;
        (whole << 8) | byte
    })
}

/// The contrast of two colors by WCAG 2, from 1 to 21.
pub fn contrast(one: u32, other: u32) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(color: u32) -> f64 {
    let linear =
        |channel: f64| if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) };
    let [red, green, blue] = channels(color).map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Removes the text between two marks.
fn without(text: &str, from: &str, to: &str) -> String {
    let mut parts = text.split(from);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once(to).unwrap().1)
}

fn rules(sheet: &str) -> Rules {
    let mut rules = Rules::new();
    for line in sheet.lines().filter(|line| line.contains(" { ") && line.trim_end().ends_with("; }")) {
        let (selector, body) = line.split_once(" { ").unwrap();
        let class = selector.rsplit_once('.').unwrap().1.trim();
        let body = body.trim_end().trim_end_matches('}').replace(" !important", "");
        rules.entry(class.to_owned()).or_default().extend(declarations(&body));
    }
    rules.values_mut().for_each(|rule| rule.sort());
    rules
}

fn declarations(style: &str) -> Vec<(String, String)> {
    let parts = style.split(';').filter_map(|part| part.split_once(':'));
    parts.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}
