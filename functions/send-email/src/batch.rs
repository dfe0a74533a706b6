//! Reads the data for a batch of mails: the mails already sent, orders, products and suppressed addresses. No other
//! invocation sends these mails meanwhile: the queue gives one order's messages to one reader at a time.

use std::collections::{BTreeMap, BTreeSet};

use aws::queues::EmailMessage;
use aws::table::StoredOrder;
use aws::{App, Metric, ServiceError};
use domain::identity::OrderId;
use domain::mailing::{DeliveryOutcome, MissedMail, Undelivered};
use domain::names::Sku;
use domain::order::Order;
use domain::product::Product;
use use_cases::RetryableError;
use use_cases::undeliverable::undelivered;

#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) sent: BTreeSet<EmailMessage>,
    /// The orders of the unsent mails.
    orders: BTreeMap<OrderId, StoredOrder>,
    /// Suppressed addresses, by their hashes.
    suppressed: BTreeMap<String, Undelivered>,
    products: Vec<Product>,
}

impl Batch {
    pub(crate) async fn read<'a>(
        app: &App,
        mails: impl Iterator<Item = &'a EmailMessage>,
    ) -> Result<Self, ServiceError> {
        let mails: Vec<&EmailMessage> = mails.collect::<BTreeSet<_>>().into_iter().collect();
        let named: Vec<_> =
            mails.iter().map(|it| (&it.order_id, it.kind.as_str(), it.subject.as_str(), it.address)).collect();
        let sent = app.table.mails_sent(&named).await?;
        let (sent, open): (Vec<_>, Vec<_>) = mails.into_iter().zip(sent).partition(|(_, sent)| *sent);
        let ids: BTreeSet<_> = open.into_iter().map(|(mail, _)| mail.order_id.clone()).collect();
        let orders = app.table.orders(&ids.into_iter().collect::<Vec<_>>()).await?;
        let orders: BTreeMap<_, _> = orders.into_iter().map(|it| (it.order.order_id.clone(), it)).collect();
        let lines = orders.values().flat_map(|stored| &stored.order.lines);
        let skus: Vec<Sku> = lines.map(|line| line.sku.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        let hashes: BTreeSet<&String> = orders.values().map(|stored| &stored.email_hash).collect();
        let hashes: Vec<String> = hashes.into_iter().cloned().collect();
        let read = futures::future::try_join(app.table.products_of(&skus), app.table.suppressed(&hashes));
        let (mut products, suppressed) = read.await?;
        let offered = offered(&products);
        if !offered.is_empty() {
            products.extend(app.table.products_of(&offered).await?);
        }
        Ok(Self { sent: sent.into_iter().map(|(mail, _)| mail.clone()).collect(), orders, suppressed, products })
    }

    pub(crate) fn order(&self, mail: &EmailMessage) -> Result<&Order, ServiceError> {
        let stored = self.orders.get(&mail.order_id).map(|stored| &stored.order);
        stored.ok_or_else(|| crate::broken(format!("there is no order {}", mail.order_id)))
    }

    /// The reason why the order's address takes no mail; `None` if the address takes mail.
    fn takes_none(&self, mail: &EmailMessage) -> Option<Undelivered> {
        let stored = self.orders.get(&mail.order_id)?;
        let known = stored.order.mailing.undeliverable.map(|it| it.reason);
        known.or_else(|| self.suppressed.get(&stored.email_hash).copied())
    }

    /// The products of an order, and the products offered in place of its discontinued products.
    pub(crate) fn products_of(&self, order: &Order) -> Vec<Product> {
        let ordered = |product: &&Product| order.lines.iter().any(|line| line.sku == product.sku);
        let own: Vec<Product> = self.products.iter().filter(ordered).cloned().collect();
        let offered = offered(&own);
        let others = self.products.iter().filter(|product| offered.contains(&product.sku)).cloned();
        own.iter().cloned().chain(others).collect()
    }
}

/// Withholds a mail to an address that takes no mail (R24); false if the mail may be sent. The order notes a withheld
/// mail as missed, and a corrected address gets this mail. A repeat is safe.
pub(crate) async fn withheld(app: &App, batch: &Batch, message: &EmailMessage) -> Result<bool, RetryableError> {
    let Some(reason) = batch.takes_none(message) else { return Ok(false) };
    let address = batch.order(message)?.mailing.address;
    let EmailMessage { order_id, kind, subject, .. } = message.clone();
    let missed = MissedMail { kind, subject, address };
    app.measure(Metric::MailsMissed, 1);
    undelivered(app, &order_id, &missed, DeliveryOutcome::Withheld(reason)).await?;
    tracing::info!(%order_id, kind = missed.kind, "a mail is withheld because its address takes none");
    Ok(true)
}

/// The products offered in place of discontinued products.
fn offered(products: &[Product]) -> Vec<Sku> {
    let ended = products.iter().filter(|product| product.discontinued_at.is_some());
    let similar: BTreeSet<&Sku> = ended.flat_map(|product| &product.similar).collect();
    let known = |sku: &Sku| products.iter().any(|product| product.sku == *sku);
    similar.into_iter().filter(|sku| !known(sku)).cloned().collect()
}
