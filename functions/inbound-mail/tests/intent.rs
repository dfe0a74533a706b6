//! Tests the cancel-intent reader (R13): clear cancel intents, and words that must never count as one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::identity::OrderId;
use inbound_mail::intent::{Unclear, Wish, Words, judge};
use proptest::prelude::*;

fn order() -> OrderId {
    OrderId::parse("7K3M-9Q2X-WT4P-ABC4").unwrap()
}

/// A message of Ann Lee about her order of two lines.
fn said(text: &str) -> Wish {
    told(text, None, false, false)
}

fn told(text: &str, subject: Option<&str>, amid_quotes: bool, intent: bool) -> Wish {
    judge(&Words { subject, text, order: &order(), names: &["Ann Lee"], lines: 2, amid_quotes, intent })
}

/// Clear cancel intents.
const CLEAR: &[&str] = &[
    "Please cancel my order.",
    "Hi team,\n\nI'd like to cancel order #7K3M-9Q2X-WT4P-ABC4 please. I no longer need it.\n\nBest,\nAnn",
    "Could you cancel this for me? I found it cheaper elsewhere. Thanks in advance!",
    "cancel everything and refund me asap",
    "I've decided to cancel my order because it would not be here before our move.",
    "We need to cancel our order, sorry for the inconvenience. When will I get my money back?",
    "Hello, I want my order to be cancelled. Please confirm by email. Kind regards, A. Lee",
    "I can't wait that long. Please cancel and refund my card.",
    "Dear Sir or Madam,\n\nI hereby request the cancellation of order number 7K3M 9Q2X WT4P ABC4.\n\nYours faithfully,\nAnn Lee\n12 Mill Lane\nSpringfield",
    "Cancel it. Now. I am fed up with waiting.",
    "Yes please cancel my order. My son bought one in town.",
    "Please cancel both items.",
    "Bitte stornieren Sie meine Bestellung, ich brauche sie nicht mehr. Vielen Dank im Voraus!\n\nMit freundlichen Grüßen\nAnn Lee",
    "Hallo,\n\nhiermit möchte ich meine Bestellung 7K3M-9Q2X-WT4P-ABC4 stornieren, weil ich inzwischen etwas anderes gefunden habe.\n\nViele Grüße\nAnn",
    "Könnten Sie bitte die komplette Bestellung stornieren und mir das Geld zurücküberweisen?",
    "Das dauert mir zu lange. Ich bitte um Stornierung der Bestellung.",
    "Moechte gerne meine Bestellung stornieren. Danke",
    "Bonjour, je souhaite annuler ma commande car c'est trop long. Merci de me rembourser. Cordialement, Ann Lee",
    "Merci d’annuler ma commande, je n’en ai plus besoin.",
    "Pourriez-vous annuler toute la commande s’il vous plaît ? Merci d’avance.",
    "Je vous demande d'annuler la commande n° 7K3M-9Q2X-WT4P-ABC4 et de me rembourser.",
    "Hola, quisiera cancelar mi pedido porque ya no lo necesito. Gracias, Ann",
    "¿Podrían cancelar mi pedido, por favor? Un saludo, Ann Lee",
    "Solicito la cancelación del pedido 7K3M-9Q2X-WT4P-ABC4 y la devolución del dinero.",
    "Anulen todo el pedido. Estoy harta de esperar.",
    "Buongiorno, vorrei annullare il mio ordine perché non mi serve più. Grazie mille",
    "Annullate l'ordine per favore, è troppo tardi per me. Cordiali saluti\nAnn Lee",
    "Potreste cancellare l’intero ordine e rimborsarmi?",
    "Bom dia, gostaria de cancelar o meu pedido. Já não preciso dele. Obrigada",
    "Cancelem a minha encomenda, por favor, e devolvam-me o dinheiro.",
    "Podem cancelar o pedido 7K3M-9Q2X-WT4P-ABC4?",
    "Goedemorgen, ik wil mijn bestelling graag annuleren omdat het te lang duurt. Met vriendelijke groet, Ann",
    "Kunt u de hele bestelling annuleren en het geld terugstorten?",
    "Ik heb het niet meer nodig. Annuleer mijn bestelling alstublieft.",
];

/// Words that are easily mistaken for a cancel intent.
const NOT_CLEAR: &[&str] = &[
    "Please don't cancel my order.",
    "Do not, under any circumstances, cancel my order.",
    "I don't want to wait and cancel my order.",
    "I wanted to cancel my order. I changed my mind.",
    "Please cancel my order, no wait, keep it.",
    "Please cancel my order if it hasn't shipped by Friday.",
    "Unless it ships today cancel my order.",
    "Cancel my order and order the white one instead.",
    "Please cancel my order for the lamp.",
    "Please cancel only the strips.",
    "Please cancel half of my order.",
    "Please cancel all but the lamp.",
    "Can I cancel my order?",
    "How do I cancel my order?",
    "Cancel my order?",
    "Did you cancel my order?",
    "Please cancel my order. Just kidding!",
    "My husband says: please cancel my order. I disagree.",
    "If I were you I would cancel my order.",
    "I will cancel my order should this happen again.",
    "Please cancel my orders.",
    "Please cancel my order and my newsletter.",
    "Please cancel my subscription.",
    "Please cancel my order from your competitor.",
    "Nobody asked you to cancel my order.",
    "Please cancel my order.\n\nAnn\n\nPS: on second thought, keep it.",
    "Please cancel my order 😉",
    "Please confirm my order.",
    "Please send it now.",
    "You canceled my order!",
    "Bitte stornieren Sie meine Bestellung nicht.",
    "Dauert es zu lange, stornieren Sie bitte meine Bestellung.",
    "Muss ich meine Bestellung stornieren",
    "Falls die Lampe nicht bis Freitag kommt, stornieren Sie bitte.",
    "Bitte stornieren Sie nur die Lampe.",
    "Ich möchte nicht warten und stornieren.",
    "Kann ich meine Bestellung noch stornieren?",
    "Stornieren Sie meine Bestellung?",
    "Nicht stornieren bitte",
    "N’annulez pas ma commande.",
    "Annulez ma commande si elle n’arrive pas lundi.",
    "Annulez la lampe seulement.",
    "Comment annuler ma commande ?",
    "Je ne veux pas annuler ma commande.",
    "No quiero cancelar mi pedido.",
    "Cancelen mi pedido no, por favor.",
    "Si tarda mucho, cancelen mi pedido.",
    "¿Puedo cancelar mi pedido?",
    "Ya no quiero cancelar mi pedido.",
    "Non annullate l'ordine.",
    "Se non arriva venerdì annullate il mio ordine.",
    "Vorrei annullare parte dell'ordine.",
    "Não cancelem o meu pedido.",
    "Se demorar muito, cancelem o pedido.",
    "Cancelem apenas a luminária.",
    "Duurt het te lang, annuleer dan mijn bestelling.",
    "Annuleer mijn bestelling niet.",
    "Hoe kan ik mijn bestelling annuleren?",
    "Anuluj moje zamówienie, proszę.",
    "P\u{336}l\u{336}ease cancel my order. Ship it.",
    "\u{202e}.redro ym lecnac esaelp",
    "Please cancel order 72GY-RVDB-1Y5J-Z58G.",
    "Please cancel order 7K3M-9Q3X-WT4P-ABC4.",
];

#[test]
fn r13_a_clear_wish_is_understood_in_every_language() {
    let missed: Vec<_> = CLEAR.iter().filter(|text| said(text) != Wish::Cancel).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn r13_what_is_not_clear_is_left_to_a_person() {
    let falsely: Vec<_> = NOT_CLEAR.iter().filter(|text| said(text) == Wish::Cancel).collect();
    assert!(falsely.is_empty(), "{falsely:#?}");
}

#[test]
fn r13_a_subject_speaks_where_the_text_is_silent_and_never_against_it() {
    assert_eq!(told("", Some("Cancel order 7K3M-9Q2X-WT4P-ABC4"), false, false), Wish::Cancel);
    assert_eq!(told("Ann Lee\n+1 555 0100", Some("please cancel my order"), false, false), Wish::Cancel);
    assert_eq!(told("Thank you!", Some("Hello"), false, false), Wish::Unclear(Unclear::NoWish));
    for (text, subject) in [
        ("Sorry, wrong mail! I want to keep it.", "Cancel my order"),
        ("Please cancel my order.", "Do not cancel"),
        ("", "Can I cancel?"),
        ("What does that mean?", "Cancel my order"),
    ] {
        assert_ne!(told(text, Some(subject), false, false), Wish::Cancel, "{subject}: {text}");
    }
}

#[test]
fn r13_it_among_quoted_lines_may_be_one_of_them() {
    assert_eq!(told("cancel it please", None, false, false), Wish::Cancel);
    assert_eq!(told("cancel it please", None, true, false), Wish::Unclear(Unclear::WhatIsIt));
    assert_eq!(told("Please cancel the whole order.", None, true, false), Wish::Cancel);
}

#[test]
fn r13_a_form_s_choice_is_the_wish_unless_its_words_speak_against_it() {
    for text in ["", "Thank you!", "Found one next door.", "My budget got cut, the dog ate the rest of the sofa money."]
    {
        let against = text.contains("rest");
        assert_eq!(told(text, None, false, true) == Wish::Cancel, !against, "{text}");
    }
    for text in [
        "Only the lamp.",
        "If it does not ship today.",
        "Do not cancel!",
        "Is that possible?",
        "Nur die Lampe",
        "seulement la lampe",
        "not yet",
    ] {
        assert_ne!(told(text, None, false, true), Wish::Cancel, "{text}");
    }
}

#[test]
fn r13_more_than_is_read_is_left_to_a_person() {
    assert_eq!(said(&"Please cancel my order. ".repeat(1_000)), Wish::Unclear(Unclear::TooLong));
    assert_eq!(said(&"a ".repeat(2_900)), Wish::Unclear(Unclear::NotUnderstood));
    assert_eq!(said(""), Wish::Unclear(Unclear::NoWords));
}

/// Phrases that reverse a cancel intent when they come before or after it.
const BEFORE: &[&str] = &[
    "Do not ",
    "Don't ",
    "Never ",
    "If it is late, ",
    "Unless it ships, ",
    "Why not ",
    "Nicht ",
    "Falls nicht, ",
    "Ne pas ",
    "Si no, ",
    "Non ",
    "Não ",
    "Niet ",
    "Should I ",
];
const BEHIND: &[&str] = &[
    " Not!",
    " not",
    " if it is late",
    " unless it ships today",
    " - only the lamp",
    " Or not.",
    " But keep the lamp.",
    " nicht",
    " pas",
    " jamais",
    " niet",
    " except the strips",
    " Forget it!",
];

/// The shortest cancel intents.
const SHORT: &[&str] = &[
    "please cancel my order",
    "I want to cancel my order",
    "cancel everything",
    "could you cancel my order",
    "bitte stornieren Sie meine Bestellung",
    "ich möchte meine Bestellung stornieren",
    "annulez ma commande",
    "je souhaite annuler ma commande",
    "cancelen mi pedido",
    "quiero cancelar mi pedido",
    "annullate il mio ordine",
    "vorrei annullare il mio ordine",
    "cancelem o meu pedido",
    "quero cancelar o meu pedido",
    "annuleer mijn bestelling",
    "ik wil mijn bestelling annuleren",
];

proptest! {
    #[test]
    fn r13_no_clear_wish_stays_one_when_it_is_turned_around(at in 0..SHORT.len(), before in 0..BEFORE.len(), behind in 0..BEHIND.len()) {
        let text = SHORT.get(at).copied().unwrap_or_default();
        prop_assert_eq!(said(text), Wish::Cancel, "{}", text);
        let (before, behind) = (BEFORE.get(before).copied().unwrap_or_default(), BEHIND.get(behind).copied().unwrap_or_default());
        for turned in [format!("{before}{text}"), format!("{text}{behind}"), format!("{before}{text}.\n{text}")] {
            prop_assert_ne!(said(&turned), Wish::Cancel, "{}", turned);
        }
    }

    #[test]
    fn r13_any_text_is_judged_and_nonsense_is_no_wish(text in "\\PC{0,400}") {
        prop_assert_ne!(said(&text), Wish::Cancel);
    }
}
