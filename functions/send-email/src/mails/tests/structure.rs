//! Checks the structure of the HTML pages for screen readers, for Outlook with Word's engine, for Gmail and for dark
//! screens. The tests compute the colors of each text as a client does, and the contrast of these colors.

mod page;

use std::collections::BTreeSet;

use page::{Colors, Element, Page};

use super::samples;

/// Gmail shows only the first 102 KB of a page.
const GMAIL_CLIPS: usize = 102_000;
/// The minimum contrast that WCAG level AA requires for text.
const READABLE: f64 = 4.5;

fn every_page(mut look: impl FnMut(&str, &Page)) {
    for sample in samples::every_sample() {
        look(&sample.name, &Page::read(&sample.mail().html));
    }
}

#[test]
fn no_mail_is_longer_than_is_shown() {
    for sample in samples::every_sample() {
        let mail = sample.mail();
        assert!(mail.html.len() < GMAIL_CLIPS, "{}: {} bytes", sample.name, mail.html.len());
        assert!(mail.text.len() < GMAIL_CLIPS / 2, "{}: {} bytes", sample.name, mail.text.len());
    }
}

#[test]
fn a_page_says_its_language_and_its_title() {
    every_page(|name, page| {
        let html = page.all("html").next().unwrap();
        assert_eq!((html.attribute("lang"), html.attribute("dir")), ("en", "ltr"), "{name}");
        // Mail clients drop everything outside the body.
        let article = page.elements.iter().find(|it| it.attribute("role") == "article").unwrap();
        assert_eq!((article.tag.as_str(), article.attribute("lang")), ("div", "en"), "{name}");
        assert!(!page.all("title").next().unwrap().text.trim().is_empty(), "{name}");
    });
}

#[test]
fn headings_follow_each_other() {
    every_page(|name, page| {
        let tags = page.elements.iter().map(|it| it.tag.as_str());
        let headings: Vec<_> = tags.filter(|tag| tag.starts_with('h') && tag.len() == 2 && *tag != "hr").collect();
        assert_eq!(headings.first(), Some(&"h1"), "{name}");
        assert!(headings.iter().skip(1).all(|tag| *tag == "h2"), "{name}: {headings:?}");
    });
}

#[test]
fn a_table_is_for_layout_or_has_headers() {
    every_page(|name, page| {
        for table in page.all("table") {
            let headers: Vec<&Element> = page.within(table).filter(|it| it.tag == "th").collect();
            let own = |it: &&Element| page.nearest(it, "table") == Some(table.at);
            match table.attribute("role") {
                "presentation" => assert!(!headers.iter().any(own), "{name}: headers in a layout"),
                "" => {
                    assert!(!headers.is_empty() && headers.iter().all(|it| !it.attribute("scope").is_empty()), "{name}")
                }
                other => panic!("{name}: {other}"),
            }
        }
    });
}

#[test]
fn a_link_says_where_it_leads() {
    every_page(|name, page| {
        let links: Vec<&Element> = page.all("a").collect();
        assert_eq!(links.len(), 1, "{name}: one link");
        for link in links {
            assert!(link.attribute("href").starts_with("https://"), "{name}");
            assert!(link.text.starts_with("See order "), "{name}: {}", link.text);
        }
    });
}

#[test]
fn nothing_is_fetched_or_run_and_nothing_is_said_by_a_picture() {
    every_page(|name, page| {
        for element in &page.elements {
            let tag = element.tag.as_str();
            let plain =
                ["html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "th", "p", "h1", "h2"];
            let inline = ["ul", "li", "a", "strong", "span", "bdi", "br"];
            assert!(plain.contains(&tag) || inline.contains(&tag), "{name}: {tag}");
            let known = |(attribute, _): &(String, String)| {
                let layout =
                    ["align", "valign", "bgcolor", "width", "cellpadding", "cellspacing", "border", "style", "class"];
                let meaning =
                    ["lang", "dir", "role", "aria-roledescription", "scope", "href", "charset", "name", "content"];
                layout.contains(&attribute.as_str()) || meaning.contains(&attribute.as_str()) || attribute == "xmlns:o"
            };
            assert!(element.attributes.iter().all(known), "{name}: {:?}", element.attributes);
        }
    });
}

/// Word's engine does not support the properties in `unknown`, and a table in Word does not inherit its font.
#[test]
fn outlook_is_asked_for_nothing_that_it_does_not_know() {
    every_page(|name, page| {
        for element in &page.elements {
            let style = element.attribute("style");
            let unknown =
                ["float", "flex", "grid", "position", "background-image", "url(", "calc(", "rgba(", "em;", "rem"];
            assert!(!unknown.iter().any(|it| style.contains(it)), "{name}: {style}");
            if matches!(element.tag.as_str(), "p" | "ul" | "li" | "h1" | "h2") {
                let padded = style.contains("padding:") && !style.contains("padding:0");
                assert!(!padded, "{name}: Word pads cells only: {style}");
            }
            let colored = style.contains("background-color:");
            let tables = element.tag == "body" || element.tag == "table" || element.tag == "td";
            assert!(!colored || (tables && !element.attribute("bgcolor").is_empty()), "{name}: {style}");
            if !element.words.trim().is_empty()
                && let Some(cell) = page.nearest(element, "td").max(page.nearest(element, "th"))
            {
                let tables =
                    [&page.elements[cell], element].map(|it| it.attribute("style").contains("font-family:Arial"));
                assert!(tables.contains(&true), "{name}: {}", element.words);
            }
        }
    });
}

#[test]
fn every_text_can_be_read_in_light_in_dark_and_where_a_client_turns_colors_over() {
    let mut pairs = BTreeSet::new();
    every_page(|_, page| {
        for element in page.elements.iter().filter(|it| !it.words.trim().is_empty() && it.shown) {
            let turned_over = element.light.turned_over();
            pairs.extend([("light", element.light), ("dark", element.dark), ("turned over", turned_over)]);
        }
    });
    for (look, Colors { ink, paper }) in pairs {
        let contrast = page::contrast(ink, paper);
        println!("{look}: {ink:06x} on {paper:06x}: {contrast:.1}");
        assert!(contrast >= READABLE, "{look}: {ink:06x} on {paper:06x} has a contrast of {contrast:.2}");
    }
}

/// Outlook on the web and on phones uses its own marks for a dark screen instead of the media query.
#[test]
fn outlook_is_told_the_same_colors_for_the_dark() {
    every_page(|name, page| {
        let [asked, tables] = [&page.dark, &page.outlook].map(|rules| {
            let colors = |(class, rule): (&String, &Vec<(String, String)>)| {
                let rule: Vec<_> = rule.iter().filter(|(property, _)| property != "border-color").cloned().collect();
                (!rule.is_empty()).then(|| (class.clone(), rule))
            };
            rules.iter().filter_map(colors).collect::<Vec<_>>()
        });
        assert!(asked.len() > 4 && asked == tables, "{name}: {asked:?} {tables:?}");
    });
}
