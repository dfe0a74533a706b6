//! `cargo local mails`: a page with every mail that is pinned in `functions/send-email`, as its readers see it: on a light
//! screen, on a dark one, where a client turns the colors over by itself, on a telephone, and as plain text.

mod page;

use std::fs;
use std::path::{Path, PathBuf};

/// Where the mails are pinned.
const PINNED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../functions/send-email/src/mails/tests/pinned");
/// Where the page is written, from where the command is called.
const GALLERY: &str = "target/mails/index.html";
/// What the mails ask for on a dark screen.
const ON_DARK: &str = "@media (prefers-color-scheme: dark)";

/// A mail as it is pinned.
struct Pinned {
    name: String,
    subject: String,
    text: String,
    html: String,
}

impl Pinned {
    /// Reads the mail of that name.
    fn read(folder: &Path, name: &str) -> Result<Self, String> {
        let file = |end: &str| {
            let path = folder.join(format!("{name}.{end}"));
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        let letter = file("txt")?;
        let (subject, text) = letter.split_once("\n\n").ok_or_else(|| format!("{name}.txt has no subject"))?;
        let subject = subject.trim_start_matches("Subject: ").to_owned();
        Ok(Self { name: name.to_owned(), subject, text: text.to_owned(), html: file("html")? })
    }

    /// The page as it looks on a light screen, whatever the screen on which the gallery is looked at.
    fn light(&self) -> String {
        self.html.replace(ON_DARK, "@media not all")
    }

    /// The page as it looks on a dark screen.
    fn dark(&self) -> String {
        self.html.replace(ON_DARK, "@media all")
    }
}

/// Writes the gallery and says where it is.
///
/// # Errors
/// What could not be read or written, as text.
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
    fs::write(gallery, page::of(&mails)?).map_err(|error| format!("{GALLERY}: {error}"))?;
    println!("{} mails in {GALLERY}; open it in a browser", mails.len());
    Ok(())
}
