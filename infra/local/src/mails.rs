//! `cargo local mails`: writes a page with every pinned mail of `functions/send-email`, each in five views: light screen, dark
//! screen, a client that inverts colors, telephone, and plain text.

use std::fs;
use std::path::{Path, PathBuf};

use askama::Template;

const PINNED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../functions/send-email/src/mails/tests/pinned");
/// The page, relative to the working directory.
const GALLERY: &str = "target/mails/index.html";
/// The media query of the mails' dark styles. The gallery replaces it, so that its reader's own screen has no effect.
const ON_DARK: &str = "@media (prefers-color-scheme: dark)";

struct Pinned {
    name: String,
    subject: String,
    text: String,
    html: String,
}

impl Pinned {
    fn read(folder: &Path, name: &str) -> Result<Self, String> {
        let file = |end: &str| {
            let path = folder.join(format!("{name}.{end}"));
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        let mail = file("txt")?;
        let (subject, text) = mail.split_once("\n\n").ok_or_else(|| format!("{name}.txt has no subject"))?;
        let subject = subject.trim_start_matches("Subject: ").to_owned();
        Ok(Self { name: name.to_owned(), subject, text: text.to_owned(), html: file("html")? })
    }
}

/// Writes the gallery and prints its path.
pub fn run() -> Result<(), String> {
    let folder = PathBuf::from(PINNED);
    let entries = fs::read_dir(&folder).map_err(|error| format!("{PINNED}: {error}"))?;
    let named = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = named.filter_map(|file| file.strip_suffix(".html").map(str::to_owned)).collect();
    names.sort();
    let mails: Vec<Pinned> = names.iter().map(|name| Pinned::read(&folder, name)).collect::<Result<_, _>>()?;
    let gallery = Path::new(GALLERY);
    if let Some(folder) = gallery.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::write(gallery, page_of(&mails)?).map_err(|error| format!("{GALLERY}: {error}"))?;
    println!("{} mails in {GALLERY}; open it in a browser", mails.len());
    Ok(())
}

struct Framed<'a> {
    mail: &'a Pinned,
    light: String,
    dark: String,
    /// The length in characters. Mail clients cut off a subject in their list after 40 to 70 characters.
    subject_length: usize,
    /// The HTML's size in kB. Gmail cuts a mail off after 102 kB.
    size: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>The shop's mails</title>
<style>
  body { margin: 24px; font: 15px/1.5 system-ui, sans-serif; color: #1c2126; background: #e6eaee; }
  nav { columns: 3; margin: 0 0 24px; }
  nav a { display: block; }
  h2 { margin: 40px 0 0; }
  p { margin: 4px 0 12px; }
  .row { display: flex; gap: 16px; align-items: flex-start; overflow-x: auto; padding-bottom: 12px; }
  figure { margin: 0; flex: none; }
  figcaption { font-size: 13px; color: #56606a; }
  iframe { border: 0; width: 640px; height: 1150px; background: #fff; }
  iframe.narrow { width: 320px; }
  iframe.over { filter: invert(1) hue-rotate(180deg); }
  pre { margin: 0; padding: 16px; font-size: 13px; width: 640px; height: 1118px; box-sizing: border-box; overflow: auto; background: #fff; white-space: pre-wrap; overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>The shop's mails</h1>
<p>{{ mails.len() }} mails, as <code>functions/send-email</code> pins them.</p>
<nav>
{%- for framed in mails %}
<a href="#{{ framed.mail.name }}">{{ framed.mail.name }}</a>
{%- endfor %}
</nav>
{%- for framed in mails %}
<h2 id="{{ framed.mail.name }}">{{ framed.mail.name }}</h2>
<p><strong><bdi>{{ framed.mail.subject }}</bdi></strong> ({{ framed.subject_length }} characters; HTML of {{ framed.size }} kB)</p>
<div class="row">
<figure><figcaption>light</figcaption><iframe loading="lazy" sandbox title="{{ framed.mail.name }}, light" srcdoc="{{ framed.light }}"></iframe></figure>
<figure><figcaption>dark</figcaption><iframe loading="lazy" sandbox title="{{ framed.mail.name }}, dark" srcdoc="{{ framed.dark }}"></iframe></figure>
<figure><figcaption>narrow</figcaption><iframe loading="lazy" sandbox class="narrow" title="{{ framed.mail.name }}, narrow" srcdoc="{{ framed.light }}"></iframe></figure>
<figure><figcaption>turned over by the client</figcaption><iframe loading="lazy" sandbox class="over" title="{{ framed.mail.name }}, turned over" srcdoc="{{ framed.light }}"></iframe></figure>
<figure><figcaption>plain text</figcaption><pre dir="auto">{{ framed.mail.text }}</pre></figure>
</div>
{%- endfor %}
</body>
</html>
"##
)]
struct Gallery<'a> {
    mails: Vec<Framed<'a>>,
}

fn page_of(mails: &[Pinned]) -> Result<String, String> {
    let framed = mails.iter().map(|mail| Framed {
        mail,
        light: mail.html.replace(ON_DARK, "@media not all"),
        dark: mail.html.replace(ON_DARK, "@media all"),
        subject_length: mail.subject.chars().count(),
        size: format!("{}.{}", mail.html.len() / 1000, mail.html.len() % 1000 / 100),
    });
    Gallery { mails: framed.collect() }.render().map_err(|error| error.to_string())
}
