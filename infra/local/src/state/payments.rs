//! Payments, refunds, and answers saved under idempotency keys. `stripe` has the protocol.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::{State, random_id};

/// A payment to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayment {
    /// The amount in minor units.
    pub amount: i64,
    /// Three small letters.
    pub currency: String,
    /// `succeeded`, `requires_capture`, `requires_payment_method` or `processing`.
    pub status: String,
}

/// The outcome of a payment's capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptureOutcome {
    /// It takes the requested amount.
    Whole,
    /// It takes about half of the requested amount, and releases the rest.
    Part,
    /// It takes nothing yet. The payment is `processing`.
    Processing,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Its id, `pi_…`: the payment reference of an order.
    pub id: String,
    /// The amount in minor units.
    pub amount: i64,
    /// Three small letters.
    pub currency: String,
    /// `succeeded`, `requires_capture`, `requires_payment_method`, `processing` or `canceled`.
    pub status: String,
    /// The captured amount, in minor units.
    pub captured: i64,
    /// The refunded amount, in minor units.
    pub refunded: i64,
    /// When it was made, in seconds since 1970.
    pub created: i64,
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Its id, `re_…`.
    pub id: String,
    /// The payment's id.
    pub payment: String,
    /// The amount in minor units.
    pub amount: i64,
    /// Its metadata, a JSON object of texts.
    pub metadata: String,
    /// When it was made, in seconds since 1970.
    pub created: i64,
}

const PAYMENTS: &str = "SELECT id, amount, currency, status, captured,
    (SELECT COALESCE(SUM(amount), 0) FROM refunds WHERE payment = payments.id), created FROM payments";

impl State {
    /// Makes a payment and returns its id; `now` in seconds since 1970.
    pub fn add_payment(&self, payment: &NewPayment, now: i64) -> rusqlite::Result<String> {
        let NewPayment { amount, currency, status } = payment.clone();
        let captured = if status == "succeeded" { amount } else { 0 };
        let id = format!("pi_{}", random_id(24));
        let payment = Payment { id, amount, currency, status, captured, refunded: 0, created: now };
        self.take_over_payment(&payment)?;
        Ok(payment.id)
    }

    /// Stores a payment of another provider, as it is.
    pub fn take_over_payment(&self, payment: &Payment) -> rusqlite::Result<()> {
        let Payment { id, amount, currency, status, captured, created, refunded: _ } = payment;
        self.lock()
            .prepare_cached(
                "INSERT INTO payments (id, amount, currency, status, captured, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![id, amount, currency, status, captured, created])?;
        Ok(())
    }

    /// Stores a refund of another provider.
    pub fn take_over_refund(&self, refund: &Refund) -> rusqlite::Result<()> {
        self.with_payments(|payments| payments.add_refund(refund))
    }

    /// Sets the outcome of a payment's capture. The default is `Whole`.
    pub fn play_capture(&self, id: &str, outcome: CaptureOutcome) -> rusqlite::Result<()> {
        let word = match outcome {
            CaptureOutcome::Whole => "whole",
            CaptureOutcome::Part => "part",
            CaptureOutcome::Processing => "processing",
        };
        self.lock().execute("INSERT OR REPLACE INTO captures VALUES (?1, ?2)", params![id, word]).map(drop)
    }

    /// Captures all of a payment, as if the customer paid with another card or the provider finished a capture.
    pub fn mend_payment(&self, id: &str) -> rusqlite::Result<()> {
        self.with_payments(|payments| match payments.payment(id)? {
            Some(payment) => payments.change(id, "succeeded", payment.amount),
            None => Ok(()),
        })
    }

    /// Every payment, oldest first.
    pub fn payments(&self) -> rusqlite::Result<Vec<Payment>> {
        let connection = self.lock();
        connection.prepare_cached(&format!("{PAYMENTS} ORDER BY position"))?.query_map([], row_to_payment)?.collect()
    }

    /// Every refund, oldest first.
    pub fn refunds(&self) -> rusqlite::Result<Vec<Refund>> {
        let connection = self.lock();
        let mut statement = connection
            .prepare_cached("SELECT id, payment, amount, metadata, created FROM refunds ORDER BY position")?;
        statement.query_map([], row_to_refund)?.collect()
    }

    pub(crate) fn with_payments<T>(
        &self,
        work: impl FnOnce(&Payments<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.write(|tx| work(&Payments { tx }))
    }
}

/// Payments within one transaction.
pub(crate) struct Payments<'a> {
    tx: &'a Transaction<'a>,
}

impl Payments<'_> {
    pub(crate) fn payment(&self, id: &str) -> rusqlite::Result<Option<Payment>> {
        self.tx.prepare_cached(&format!("{PAYMENTS} WHERE id = ?1"))?.query_row([id], row_to_payment).optional()
    }

    pub(crate) fn change(&self, id: &str, status: &str, captured: i64) -> rusqlite::Result<()> {
        let mut statement = self.tx.prepare_cached("UPDATE payments SET status = ?2, captured = ?3 WHERE id = ?1")?;
        statement.execute(params![id, status, captured]).map(drop)
    }

    pub(crate) fn capture_outcome(&self, id: &str) -> rusqlite::Result<CaptureOutcome> {
        let mut statement = self.tx.prepare_cached("SELECT outcome FROM captures WHERE payment = ?1")?;
        let word: Option<String> = statement.query_row([id], |row| row.get(0)).optional()?;
        Ok(match word.as_deref() {
            Some("part") => CaptureOutcome::Part,
            Some("processing") => CaptureOutcome::Processing,
            _ => CaptureOutcome::Whole,
        })
    }

    pub(crate) fn add_refund(&self, refund: &Refund) -> rusqlite::Result<()> {
        let Refund { id, payment, amount, metadata, created } = refund;
        let mut statement = self.tx.prepare_cached(
            "INSERT INTO refunds (id, payment, amount, metadata, created) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        statement.execute(params![id, payment, amount, metadata, created]).map(drop)
    }

    /// Up to `most` refunds of a payment, or of all, newest first, after the refund with the id `after`.
    pub(crate) fn refunds(&self, payment: Option<&str>, after: &str, most: i64) -> rusqlite::Result<Vec<Refund>> {
        let mut statement = self.tx.prepare_cached(
            "SELECT id, payment, amount, metadata, created FROM refunds WHERE (?1 IS NULL OR payment = ?1)
             AND position < COALESCE((SELECT position FROM refunds WHERE id = ?2), 9223372036854775807)
             ORDER BY position DESC LIMIT ?3",
        )?;
        statement.query_map(params![payment, after, most], row_to_refund)?.collect()
    }

    /// The saved request, status and body of an idempotency key. Deletes answers from before `since`.
    pub(crate) fn answer(&self, key: &str, since: i64) -> rusqlite::Result<Option<(String, u16, String)>> {
        self.tx.prepare_cached("DELETE FROM answers WHERE created < ?1")?.execute([since])?;
        let mut statement = self.tx.prepare_cached("SELECT request, status, body FROM answers WHERE key = ?1")?;
        statement.query_row([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
    }

    pub(crate) fn keep_answer(
        &self,
        key: &str,
        request: &str,
        status: u16,
        body: &str,
        now: i64,
    ) -> rusqlite::Result<()> {
        let mut statement = self.tx.prepare_cached("INSERT INTO answers VALUES (?1, ?2, ?3, ?4, ?5)")?;
        statement.execute(params![key, request, status, body, now]).map(drop)
    }
}

fn row_to_payment(row: &Row<'_>) -> rusqlite::Result<Payment> {
    Ok(Payment {
        id: row.get(0)?,
        amount: row.get(1)?,
        currency: row.get(2)?,
        status: row.get(3)?,
        captured: row.get(4)?,
        refunded: row.get(5)?,
        created: row.get(6)?,
    })
}

fn row_to_refund(row: &Row<'_>) -> rusqlite::Result<Refund> {
    Ok(Refund {
        id: row.get(0)?,
        payment: row.get(1)?,
        amount: row.get(2)?,
        metadata: row.get(3)?,
        created: row.get(4)?,
    })
}
