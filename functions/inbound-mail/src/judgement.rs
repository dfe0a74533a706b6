//! Decides what an inbound message leads to: nothing, a cancelation, or a task for staff. Pure code. A doubtful message
//! becomes a task: a missed cancelation costs staff a minute, a false cancelation costs a customer the place in line.

use domain::identity::OrderId;
use domain::order::{Order, OrderStatus};
use thiserror::Error;

use crate::intent::{self, Unclear, Wish, Words, numbers_in};
use crate::machine::Machine;
use crate::message::ParsedMail;
use crate::own_words::OwnWords;
use crate::verdicts::Verdict;

/// Why a message is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// SES found spam or a virus.
    Unwanted,
    /// A machine wrote it.
    Machine(Machine),
    /// The order is already canceled.
    CanceledAlready,
}

/// Why a message goes to staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StaffReason {
    /// The message names no order, or more than one.
    #[error("it is not certain which order is meant")]
    WhichOrder,
    /// The order does not exist.
    #[error("there is no such order")]
    NoSuchOrder,
    /// The From address is not the customer's.
    #[error("it does not come from the order's own address")]
    Sender,
    /// The mail is not authenticated.
    #[error("nothing proves that its sender is who it says")]
    Unproven,
    /// The order is canceled, and the message asks for something more.
    #[error("the order is canceled already, and this says something else")]
    AfterCanceling,
    /// Some or all of the order has shipped.
    #[error("some of the order has shipped")]
    AfterShipping,
    /// The order is not placed yet, or was refused.
    #[error("the order has no place in line")]
    NotPlaced,
    /// The words do not clearly ask to cancel the whole order.
    #[error("{}", describe(*.0))]
    Wish(Unclear),
    /// The plain text and the HTML differ in meaning.
    #[error("its text and its HTML say different things")]
    TwoVersions,
    /// The message has content but no text.
    #[error("it holds no words but its subject, and something that is not read")]
    Unseen,
    /// The message exceeds the size limit.
    #[error("it is larger than what is read")]
    TooLarge,
}

fn describe(unclear: Unclear) -> &'static str {
    match unclear {
        Unclear::NoWords => "it holds no words",
        Unclear::TooLong => "it is longer than what is judged",
        Unclear::NotUnderstood => "not all of it is understood",
        Unclear::NoWish => "it asks for no cancelation",
        Unclear::WhatIsIt => "it asks to cancel something among quoted lines",
    }
}

/// What a message leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Nothing happens.
    Ignore(Ignored),
    /// The order is canceled.
    Cancel(OrderId),
    /// A task for staff is opened.
    Staff {
        /// The order that the message is about, if that is certain.
        order: Option<OrderId>,
        /// Whether the customer gets an answer, because the message comes from their address and may be theirs.
        from_customer: bool,
        /// The reason.
        reason: StaffReason,
    },
}

/// The result of the checks that need no order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstLook {
    /// The judgement is final.
    Judged(Judgement),
    /// The message is about this order, which must be read next.
    About(OrderId),
}

/// Checks a mail before any order is read. `reply` maps a reply address to its order. `ours` are the addresses that the
/// shop sends from.
pub fn first_look(letter: &ParsedMail, reply: impl Fn(&str) -> Option<OrderId>, ours: &[&str]) -> FirstLook {
    let ignore = |why| FirstLook::Judged(Judgement::Ignore(why));
    if [letter.verdicts.spam, letter.verdicts.virus].contains(&Verdict::Fail) {
        return ignore(Ignored::Unwanted);
    }
    if let Some(machine) = letter.machine {
        return ignore(Ignored::Machine(machine));
    }
    let from = letter.from.as_ref().map(|from| from.address.to_lowercase()).unwrap_or_default();
    if reply(&from).is_some() || ours.iter().any(|ours| ours.eq_ignore_ascii_case(&from)) {
        return ignore(Ignored::Machine(Machine::Loop));
    }
    match order_of(letter, reply) {
        Some(order) => FirstLook::About(order),
        None => {
            FirstLook::Judged(Judgement::Staff { order: None, from_customer: false, reason: StaffReason::WhichOrder })
        }
    }
}

/// The one order that a mail is about: the order of the reply address it was sent to, else the order that it names.
fn order_of(letter: &ParsedMail, reply: impl Fn(&str) -> Option<OrderId>) -> Option<OrderId> {
    let mut replied: Vec<OrderId> = letter.to.iter().filter_map(|to| reply(to)).collect();
    replied.dedup();
    let own = letter.versions.iter().map(|version| version.text.as_str()).chain([letter.subject.as_str()]);
    let quoted = letter.versions.iter().map(|version| version.quoted.as_str());
    let named = each(own.flat_map(numbers_in));
    let found = match (replied.as_slice(), named.is_empty()) {
        ([], false) => named,
        ([], true) => each(quoted.flat_map(numbers_in)),
        _ => replied,
    };
    <[OrderId; 1]>::try_from(found).ok().map(|[order]| order)
}

fn each(numbers: impl Iterator<Item = OrderId>) -> Vec<OrderId> {
    numbers.fold(Vec::new(), |mut each, number| {
        if !each.contains(&number) {
            each.push(number);
        }
        each
    })
}

/// Judges a mail about this order in its present state. `None`: no order has that number.
pub fn judge(letter: &ParsedMail, id: &OrderId, order: Option<&Order>) -> Judgement {
    let staff = |from_customer, reason| Judgement::Staff { order: order.map(|_| id.clone()), from_customer, reason };
    let Some(order) = order else { return staff(false, StaffReason::NoSuchOrder) };
    let Some(from) = &letter.from else { return staff(false, StaffReason::Sender) };
    if !same_address(&from.address, &order.customer.email) {
        return staff(false, StaffReason::Sender);
    }
    if !letter.verdicts.authenticate(&from.address) {
        // The mail may be the customer's unless DMARC failed. A forged mail gets no answer.
        return staff(letter.verdicts.dmarc != Verdict::Fail, StaffReason::Unproven);
    }
    if other_order(letter, id) {
        return staff(true, StaffReason::WhichOrder);
    }
    decided(order, wish_of(letter, order, &from.name)).unwrap_or_else(|reason| staff(true, reason))
}

/// A message of the contact form.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// The address that the sender typed.
    pub email: &'a str,
    /// The text of the message.
    pub message: &'a str,
    /// Whether the sender chose to cancel.
    pub cancel: bool,
}

/// Judges a message of the contact form. A sender who knows an order's number and address counts as its customer.
pub fn judge_form(form: &Form<'_>, id: &OrderId, order: Option<&Order>) -> Judgement {
    let staff = |from_customer, reason| Judgement::Staff { order: order.map(|_| id.clone()), from_customer, reason };
    let Some(order) = order else { return staff(false, StaffReason::NoSuchOrder) };
    if !same_address(form.email, &order.customer.email) {
        return staff(false, StaffReason::Sender);
    }
    if numbers_in(form.message).iter().any(|number| number != id) {
        return staff(true, StaffReason::WhichOrder);
    }
    let names = [order.customer.name.as_str(), order.customer.email.as_str()];
    let words = Words {
        subject: None,
        text: form.message,
        order: id,
        names: &names,
        lines: order.lines.len(),
        amid_quotes: false,
        intent: form.cancel,
    };
    let wish = match intent::judge(&words) {
        Wish::Cancel => Ok(()),
        Wish::Unclear(unclear) => Err(StaffReason::Wish(unclear)),
    };
    decided(order, wish).unwrap_or_else(|reason| staff(true, reason))
}

/// Combines the cancel intent with the order's status.
fn decided(order: &Order, wish: Result<(), StaffReason>) -> Result<Judgement, StaffReason> {
    match order.status() {
        OrderStatus::Canceled => {
            wish.map(|()| Judgement::Ignore(Ignored::CanceledAlready)).map_err(|_| StaffReason::AfterCanceling)
        }
        OrderStatus::Shipped | OrderStatus::PartlyShipped => Err(StaffReason::AfterShipping),
        OrderStatus::Placing | OrderStatus::Refused => Err(StaffReason::NotPlaced),
        OrderStatus::Ready | OrderStatus::Waiting => wish.map(|()| Judgement::Cancel(order.order_id.clone())),
    }
}

/// Only ASCII letters match without regard to case: some letters beyond ASCII have `i` or `k` as their lower case.
fn same_address(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// Whether the sender names another order.
fn other_order(letter: &ParsedMail, id: &OrderId) -> bool {
    let written = letter.versions.iter().flat_map(|version| [version.text.as_str(), version.below_dashes.as_str()]);
    let own = written.chain([letter.subject.as_str()]);
    own.flat_map(numbers_in).any(|number| number != *id)
}

/// Checks that every version of the text asks to cancel the whole order. Text below a `--` line can only speak against
/// it: a signature asks for nothing, but a sender may go on writing below it.
fn wish_of(letter: &ParsedMail, order: &Order, name: &str) -> Result<(), StaffReason> {
    if letter.unseen {
        return Err(StaffReason::Unseen);
    }
    let subject = (!letter.answers).then_some(letter.subject.as_str());
    let names = [name, order.customer.name.as_str(), order.customer.email.as_str()];
    let words = Words {
        subject: None,
        text: "",
        order: &order.order_id,
        names: &names,
        lines: order.lines.len(),
        amid_quotes: false,
        intent: false,
    };
    let wish = |version: &OwnWords| {
        let own = Words { subject, text: &version.text, amid_quotes: version.amid_quotes, ..words };
        match intent::judge(&own) {
            Wish::Cancel => intent::judge(&Words { text: &version.below_dashes, intent: true, ..words }),
            unclear => unclear,
        }
    };
    // An empty version does not contradict the other one.
    let worded = |version: &&OwnWords| !version.text.trim().is_empty();
    let mut versions: Vec<&OwnWords> = letter.versions.iter().filter(worded).collect();
    let nothing = OwnWords::default();
    versions.extend(versions.is_empty().then_some(&nothing));
    let wishes: Vec<Wish> = versions.into_iter().map(wish).collect();
    match wishes.as_slice() {
        all if all.iter().all(|wish| *wish == Wish::Cancel) => Ok(()),
        [Wish::Unclear(why)] | [Wish::Unclear(why), Wish::Unclear(_)] => Err(StaffReason::Wish(*why)),
        _ => Err(StaffReason::TwoVersions),
    }
}
