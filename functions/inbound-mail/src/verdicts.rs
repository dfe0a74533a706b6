//! Reads the verdicts of SES about a mail, only from the headers that SES puts before the message.

/// The length of a message's beginning that is searched for SES's headers, in bytes.
const HEAD: usize = 64 << 10;

/// The result of one check of SES.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// The check passed.
    Pass,
    /// The check failed.
    Fail,
    /// The check is undecided, was not made or is missing.
    #[default]
    Unsure,
}

/// The verdicts of SES about a mail, and its delivery data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// The check for spam.
    pub spam: Verdict,
    /// The check for viruses.
    pub virus: Verdict,
    /// The DMARC check: whether the mail comes from the domain in From.
    pub dmarc: Verdict,
    /// The domain in From, as SES read it.
    pub from_domain: Option<String>,
    /// The address that SES received the mail for.
    pub delivered_for: Option<String>,
    /// Whether the envelope has no sender. A bounce has none.
    pub null_sender: bool,
}

impl Verdicts {
    /// Reads the block that SES put before the message. The block ends at the first header that SES does not write and
    /// at the first repeated header: from there on, the sender wrote the headers, and they prove nothing.
    pub fn parse(raw: &[u8]) -> Self {
        let head = String::from_utf8_lossy(raw.get(..raw.len().min(HEAD)).unwrap_or_default());
        if !ends_once(&head) {
            return Self::default();
        }
        let mut verdicts = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in headers(&head) {
            let name = name.to_ascii_lowercase();
            if seen.contains(&name) || !verdicts.take(&name, &value) {
                break;
            }
            seen.push(name);
        }
        // Without SES's own `Received` header, the message has no verdicts.
        if seen.iter().any(|name| name == "received") { verdicts } else { Self::default() }
    }

    /// Whether only the domain of this address can have sent the mail, and every check passed.
    pub fn authenticate(&self, from: &str) -> bool {
        let domain = from.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
        let passed = [self.spam, self.virus, self.dmarc].iter().all(|verdict| *verdict == Verdict::Pass);
        passed && domain.is_some() && domain == self.from_domain
    }

    /// Reads a header of SES; false if SES does not write it.
    fn take(&mut self, name: &str, value: &str) -> bool {
        match name {
            "return-path" => self.null_sender = value.trim() == "<>",
            "received" if value.contains(" by inbound-smtp.") && value.contains(".amazonaws.com") => {
                self.delivered_for = value.split(" for ").nth(1).and_then(|rest| rest.split(';').next()).map(address);
            }
            "x-ses-spam-verdict" => self.spam = verdict(value),
            "x-ses-virus-verdict" => self.virus = verdict(value),
            "received-spf" => {}
            "authentication-results" if value.trim_start().starts_with("amazonses.com") => self.take_results(value),
            _ => return false,
        }
        true
    }

    /// Reads the DMARC result. This header repeats the sender's envelope address and HELO name, and these may imitate a
    /// result. So the result counts only if it is the last part and the only one that mentions DMARC.
    fn take_results(&mut self, value: &str) {
        let results = value.trim_end().trim_end_matches(';');
        let last = results.rsplit(';').next().map(str::trim).and_then(|part| part.strip_prefix("dmarc="));
        let Some(result) = last.filter(|_| results.to_lowercase().matches("dmarc").count() == 1) else { return };
        let mut words = result.split_whitespace();
        self.dmarc = verdict(words.next().unwrap_or_default());
        self.from_domain = words.find_map(|word| word.strip_prefix("header.from=")).map(str::to_lowercase);
    }
}

/// Whether every program finds the end of the head at the same place. After half a line break, one program sees text
/// where another sees signed headers.
fn ends_once(head: &str) -> bool {
    let head = head.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n", "");
    !head.contains(['\r', '\n'])
}

fn address(text: &str) -> String {
    text.trim().trim_matches(['<', '>']).to_lowercase()
}

fn verdict(value: &str) -> Verdict {
    match value.trim().to_ascii_lowercase().as_str() {
        "pass" => Verdict::Pass,
        "fail" => Verdict::Fail,
        _ => Verdict::Unsure,
    }
}

/// The headers of a head, each unfolded to one line.
fn headers(head: &str) -> impl Iterator<Item = (String, String)> + '_ {
    let mut lines = head.lines().take_while(|line| !line.is_empty()).peekable();
    std::iter::from_fn(move || {
        let mut header = lines.next()?.to_owned();
        while let Some(more) = lines.next_if(|line| line.starts_with([' ', '\t'])) {
            header.push(' ');
            header.push_str(more.trim_start());
        }
        let (name, value) = header.split_once(':').unwrap_or((&header, ""));
        Some((name.trim().to_owned(), value.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SES: &str = "Return-Path: <ann@example.com>\r\n\
        Received: from m.example.com (m.example.com [198.51.100.1])\r\n by inbound-smtp.us-east-1.amazonaws.com with SMTP id x\r\n for reply+x@shop.example;\r\n Sat, 21 Nov 2026 17:36:36 +0000\r\n\
        X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: GRAY\r\n\
        Authentication-Results: amazonses.com;\r\n spf=pass (spfCheck: example.com) client-ip=198.51.100.1;\r\n dkim=fail header.i=@example.com;\r\n dmarc=pass header.from=Example.com;\r\n";

    #[test]
    fn r13_only_the_block_that_ses_wrote_counts() {
        let lies = "X-SES-Virus-Verdict: PASS\r\nFrom: ann@example.com\r\nX-SES-Spam-Verdict: FAIL\r\n\r\n";
        let read = Verdicts::parse(format!("{SES}{lies}").as_bytes());
        assert_eq!((read.spam, read.virus, read.dmarc), (Verdict::Pass, Verdict::Unsure, Verdict::Pass));
        assert_eq!(read.delivered_for.as_deref(), Some("reply+x@shop.example"));
        assert!(!read.authenticate("ann@example.com"), "the check for viruses is undecided");
        let clean = Verdicts::parse(SES.replace("GRAY", "PASS").as_bytes());
        assert!(clean.authenticate("ann@example.com") && !clean.authenticate("ann@example.net"));
        assert!(!clean.null_sender);
    }

    #[test]
    fn r13_what_a_sender_says_of_itself_is_no_result() {
        for lie in [
            "envelope-from=\"x; dmarc=pass header.from=example.com \"@evil.example; helo=evil.example;",
            "envelope-from=x@evil.example; helo=x;dmarc=pass header.from=example.com;",
        ] {
            for truth in ["dmarc=fail header.from=example.com;", "dmarc=none header.from=example.com;", "dkim=none;"] {
                let spf = SES
                    .replace("GRAY", "PASS")
                    .replace("client-ip=198.51.100.1;", &format!("client-ip=198.51.100.1; {lie}"));
                let read = Verdicts::parse(spf.replace("dmarc=pass header.from=Example.com;", truth).as_bytes());
                assert!(!read.authenticate("ann@example.com"), "{lie} {truth}");
            }
        }
    }

    #[test]
    fn r13_a_head_that_ends_in_two_places_proves_nothing() {
        let clean = SES.replace("GRAY", "PASS");
        for split in ["X: y\n\nPlease cancel my order.\nX: ", "X: y\r\rPlease cancel my order.\rX: "] {
            let read = Verdicts::parse(
                format!("{clean}From: ann@example.com\r\n{split}\r\nFrom: eve@example.com\r\n\r\nHi").as_bytes(),
            );
            assert!(!read.authenticate("ann@example.com"));
        }
        assert!(
            Verdicts::parse(format!("{clean}From: ann@example.com\r\n\r\na\nb").as_bytes())
                .authenticate("ann@example.com")
        );
    }

    #[test]
    fn r13_a_message_without_ses_s_block_is_not_authenticated() {
        let forged = "X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: PASS\r\nAuthentication-Results: amazonses.com; dmarc=pass header.from=example.com\r\n\r\n";
        assert_eq!(Verdicts::parse(forged.as_bytes()), Verdicts::default());
        let after = format!("From: ann@example.com\r\n{SES}\r\n");
        assert_eq!(Verdicts::parse(after.as_bytes()), Verdicts::default());
    }
}
