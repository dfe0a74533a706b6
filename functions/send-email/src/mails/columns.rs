//! Wraps a text body at 72 columns, so that the templates need not count characters.

const WIDTH: usize = 72;

/// Fills paragraphs to 72 columns (characters), with one blank line between paragraphs. Lines without an indent join
/// into a paragraph. An indented line stays separate and wraps under its own indent. Words stay whole, and so do links.
pub(super) fn columns(text: &str) -> String {
    let mut paper = Paper::default();
    for line in text.lines() {
        let words = line.trim();
        if words.is_empty() {
            paper.end_paragraph();
        } else if line.starts_with(' ') {
            paper.end_line();
            paper.indent = line.chars().take_while(|c| *c == ' ').count();
            paper.write(words);
            paper.end_line();
        } else {
            paper.write(words);
        }
    }
    paper.end_line();
    paper.done
}

#[derive(Default)]
struct Paper {
    done: String,
    line: String,
    indent: usize,
    /// Whether a blank line is due before the next line.
    blank_due: bool,
}

impl Paper {
    fn write(&mut self, words: &str) {
        for word in words.split_whitespace() {
            let filled = self.line.chars().count() + 1 + word.chars().count();
            if !self.line.is_empty() && filled > WIDTH {
                self.flush();
            }
            if self.line.is_empty() {
                self.line = " ".repeat(self.indent);
            } else {
                self.line.push(' ');
            }
            self.line.push_str(word);
        }
    }

    fn flush(&mut self) {
        if self.line.is_empty() {
            return;
        }
        if self.blank_due && !self.done.is_empty() {
            self.done.push('\n');
        }
        self.blank_due = false;
        self.done.push_str(&self.line);
        self.done.push('\n');
        self.line.clear();
    }

    fn end_line(&mut self) {
        self.flush();
        self.indent = 0;
    }

    fn end_paragraph(&mut self) {
        self.end_line();
        self.blank_due = true;
    }
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn lines_at_the_margin_run_together_and_are_filled() {
        let text = columns(&"word\n".repeat(20));
        let expected = format!("{}\n{}\n", ["word"; 14].join(" "), ["word"; 6].join(" "));
        assert_eq!(text, expected);
    }

    #[test]
    fn an_indented_line_stands_alone_and_goes_on_under_its_indent() {
        let long = format!("    {}", ["word"; 20].join(" "));
        let text = columns(&format!("head\n  two\n{long}\ntail"));
        let expected = format!("head\n  two\n    {}\n    {}\ntail\n", ["word"; 13].join(" "), ["word"; 7].join(" "));
        assert_eq!(text, expected);
    }

    #[test]
    fn blank_lines_at_the_ends_vanish_and_others_become_one() {
        assert_eq!(columns("\n\n a\n\n  \n\nb\n\n"), " a\n\nb\n");
    }

    #[test]
    fn a_link_is_never_broken() {
        let link = format!("https://shop.example/{}", "x".repeat(200));
        assert_eq!(columns(&format!("See\n  {link}\n")), format!("See\n  {link}\n"));
    }
}
