//! The tags of mails: each tag follows SES's rules and leads back to its subject (R24).

use domain::mailing::MissedMail;
use domain::names::CallerId;
use proptest::prelude::*;

proptest! {
    #[test]
    fn r24_a_tag_leads_back_to_its_mail(subject in any::<String>(), address in any::<u32>()) {
        let tag = MissedMail::tag(&subject, address);
        let mail = MissedMail { kind: "changed".to_owned(), subject, address };
        prop_assert_eq!(MissedMail::of_tag("changed", &tag), Some(mail));
    }

    #[test]
    fn r24_the_mailer_takes_every_tag_that_an_order_can_lead_to(id in "[A-Za-z0-9_.-]{1,64}", address in any::<u32>()) {
        let letter = CallerId::of_letter(&id);
        let lost = format!("lost:{}:{}-{}", usize::MAX, i64::MIN, i64::MAX);
        for subject in [id.as_str(), letter.as_str(), "2026-11-22", "0", "expired", &lost] {
            let tag = MissedMail::tag(subject, address);
            let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            prop_assert!((1..=256).contains(&tag.len()) && tag.chars().all(allowed), "{}", tag);
        }
    }

    #[test]
    fn r24_a_tag_of_somebody_elses_is_no_mail_of_ours_or_the_one_that_it_is_the_tag_of(tag in "[0-9a-f_-]{0,40}") {
        if let Some(mail) = MissedMail::of_tag("changed", &tag) {
            let ours = MissedMail::tag(&mail.subject, mail.address);
            prop_assert_eq!(MissedMail::of_tag("changed", &ours).unwrap(), mail);
        }
    }
}
