//! The page of the gallery.

use askama::Template;

use super::Pinned;

/// A mail in its frames.
struct Framed<'a> {
    mail: &'a Pinned,
    light: String,
    dark: String,
    /// In characters; a list of mails cuts a subject off after 40 to 70.
    subject_length: usize,
    /// Of the HTML, in kB; Gmail shows 102.
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

/// The page of these mails.
///
/// # Errors
/// Where the template fails, as text.
pub(super) fn of(mails: &[Pinned]) -> Result<String, String> {
    let framed = mails.iter().map(|mail| Framed {
        mail,
        light: mail.light(),
        dark: mail.dark(),
        subject_length: mail.subject.chars().count(),
        size: format!("{}.{}", mail.html.len() / 1000, mail.html.len() % 1000 / 100),
    });
    Gallery { mails: framed.collect() }.render().map_err(|error| error.to_string())
}
