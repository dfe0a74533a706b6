//! Renders a mail's subject, text and HTML from the view of an order. `templates/<mail>/` has the wording, and
//! `templates/words/` has shared sentences; both are compiled in. Other code selects the mail and recipient and sends.

mod columns;
mod one_line;
#[cfg(test)]
mod tests;
mod view;

use askama::Template;

use columns::columns;
pub use one_line::OneLine;
pub use view::{
    CancelationView, Cause, ChangeView, Delivery, ItemView, LineView, LossView, MailView, MessageView, Promises,
    Replies, ShipWindow, ShipmentView,
};

/// The kind of a mail, with the data that only this kind shows.
#[derive(Clone, Debug)]
pub enum MailKind {
    /// The order is placed and paid.
    OrderConfirmation,
    /// Something in the order is on backorder.
    BackorderNotice,
    /// A parcel is on its way.
    Shipped(ShipmentView),
    /// The order changed, and some of it is still to ship.
    Changed(ChangeView),
    /// Assigned units were lost. The order keeps its place in line.
    Lost(LossView),
    /// The rest of the order is canceled, and money goes back.
    Canceled(CancelationView),
    /// A person will read the customer's message.
    MessageReceived(MessageView),
}

impl MailKind {
    /// The kind's folder in `templates/`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OrderConfirmation => "order-confirmation",
            Self::BackorderNotice => "backorder-notice",
            Self::Shipped(_) => "shipped",
            Self::Changed(_) => "changed",
            Self::Lost(_) => "lost",
            Self::Canceled(_) => "canceled",
            Self::MessageReceived(_) => "message-received",
        }
    }
}

/// A rendered mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// One line of at most 150 characters without control characters, not yet encoded for a header.
    pub subject: String,
    /// The body as plain text, in 72 columns.
    pub text: String,
    /// The body as a complete HTML page.
    pub html: String,
}

/// A template failed to render. A retry with the same view fails too.
#[derive(Debug, thiserror::Error)]
#[error("the mail {kind} cannot be rendered")]
pub struct RenderError {
    kind: &'static str,
    source: askama::Error,
}

/// Renders a mail about an order.
pub fn render(kind: &MailKind, order: &MailView) -> Result<Mail, RenderError> {
    match kind {
        MailKind::OrderConfirmation => order_confirmation(order),
        MailKind::BackorderNotice => backorder_notice(order),
        MailKind::Shipped(shipment) => shipped(order, shipment),
        MailKind::Changed(change) => changed(order, change),
        MailKind::Lost(loss) => lost(order, loss),
        MailKind::Canceled(cancelation) => canceled(order, cancelation),
        MailKind::MessageReceived(message) => message_received(order, message),
    }
    .map_err(|source| RenderError { kind: kind.name(), source })
}

mod filters {
    use jiff::civil::Date;

    /// A day in words: `5 January 2027`.
    #[askama::filter_fn]
    pub(super) fn day(date: &Date, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(super::view::day(*date))
    }
}

/// Defines the function that renders a mail's three templates.
macro_rules! mail {
    ($mail:ident, $subject:tt, $text:tt, $html:tt $(, $part:ident: $of:ty)?) => {
        fn $mail(order: &MailView $(, $part: &$of)?) -> askama::Result<Mail> {
            #[derive(Template)]
            #[template(path = $subject)]
            struct Subject<'a> {
                order: &'a MailView,
                $($part: &'a $of,)?
            }
            #[derive(Template)]
            #[template(path = $text)]
            struct Text<'a> {
                order: &'a MailView,
                $($part: &'a $of,)?
            }
            #[derive(Template)]
            #[template(path = $html)]
            struct Html<'a> {
                order: &'a MailView,
                $($part: &'a $of,)?
            }
            Ok(Mail {
                subject: OneLine::subject(&Subject { order $(, $part)? }.render()?),
                text: columns(&Text { order $(, $part)? }.render()?),
                html: Html { order $(, $part)? }.render()?,
            })
        }
    };
}

mail!(
    order_confirmation,
    "order-confirmation/subject.txt",
    "order-confirmation/body.txt",
    "order-confirmation/body.html"
);
mail!(backorder_notice, "backorder-notice/subject.txt", "backorder-notice/body.txt", "backorder-notice/body.html");
mail!(shipped, "shipped/subject.txt", "shipped/body.txt", "shipped/body.html", shipment: ShipmentView);
mail!(lost, "lost/subject.txt", "lost/body.txt", "lost/body.html", loss: LossView);
mail!(changed, "changed/subject.txt", "changed/body.txt", "changed/body.html", change: ChangeView);
mail!(canceled, "canceled/subject.txt", "canceled/body.txt", "canceled/body.html", cancelation: CancelationView);
mail!(
    message_received,
    "message-received/subject.txt",
    "message-received/body.txt",
    "message-received/body.html",
    message: MessageView
);
