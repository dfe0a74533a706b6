//! `POST /orders/{id}/cancel`: request checks and problems.

use std::collections::BTreeSet;

use aws::ServiceError;
use domain::cancel::{CancelError, CancelLine, CancelRequest};
use domain::field_error::FieldErrors;
use domain::names::CallerId;
use domain::placement::{MAX_LINES, MAX_UNITS};
use serde::Deserialize;
use use_cases::cancel::CancelOrderError;

use crate::placement::{quantity, words};
use crate::problem::{Code, Problem};

/// The request body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelBody {
    change_id: String,
    #[serde(default)]
    lines: Option<Vec<CancelLineBody>>,
    #[serde(default)]
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CancelLineBody {
    line: i64,
    #[serde(default)]
    quantity: Option<i64>,
}

impl CancelBody {
    /// The request, or all faults with their fields. `by_shop`: the shop sent the request, not the customer.
    pub fn checked(self, by_shop: bool) -> Result<CancelRequest, FieldErrors> {
        let mut errors = FieldErrors::default();
        let change_id = errors.take("change_id", change_id(self.change_id));
        if let Some(reason) = &self.reason {
            errors.take("reason", words(reason, 500));
        }
        let lines = self.lines.map(|lines| checked_lines(lines, &mut errors));
        let request = change_id.map(|change_id| CancelRequest { change_id, lines, reason: self.reason, by_shop });
        errors.or_else(request)
    }
}

/// Change ids that are reserved for the system.
const OWN: [&str; 2] = ["refused", "expired"];

pub(crate) fn change_id(text: String) -> Result<CallerId, String> {
    if OWN.contains(&text.as_str()) {
        Err("is an id that the system keeps for itself".to_owned())
    } else {
        CallerId::new(text)
    }
}

fn checked_lines(bodies: Vec<CancelLineBody>, errors: &mut FieldErrors) -> Vec<CancelLine> {
    if bodies.is_empty() || bodies.len() > MAX_LINES {
        errors.add("lines", format!("must name 1 to {MAX_LINES} lines; leave it out to cancel all"));
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for (at, body) in bodies.into_iter().enumerate() {
        let line = usize::try_from(body.line).ok().filter(|line| *line > 0).map(|line| line - 1);
        match line {
            Some(line) if seen.insert(line) => lines.push(CancelLine { line, quantity: body.quantity }),
            Some(_) => errors.add(format!("lines[{at}].line"), "is named twice"),
            None => errors.add(format!("lines[{at}].line"), "must be the number of a line, from 1"),
        }
        if let Some(units) = body.quantity {
            errors.take(&format!("lines[{at}].quantity"), quantity(units, MAX_UNITS));
        }
    }
    lines
}

impl From<CancelOrderError> for Problem {
    fn from(error: CancelOrderError) -> Self {
        let state = match error {
            CancelOrderError::UnknownOrder => return Self::new(Code::NotFound, "there is no such order"),
            CancelOrderError::Retryable(error) => return error.into(),
            CancelOrderError::State(state) => state,
        };
        let detail = state.to_string();
        match state {
            CancelError::IdReused => Self::field(Code::IdReused, "change_id", detail),
            CancelError::UnknownLine(at) => Self::field(Code::Invalid, format!("lines[{at}].line"), detail),
            CancelError::AlreadyShipped => Self::new(Code::AlreadyShipped, detail),
            CancelError::AlreadyCanceled => Self::new(Code::AlreadyCanceled, detail),
            CancelError::NotThatMany(at) => Self::field(Code::NotThatMany, format!("lines[{at}].quantity"), detail),
            CancelError::StillPlacing => Self::new(Code::TryAgain, detail),
            CancelError::TooManyChanges => Self::new(Code::TooManyChanges, detail),
            CancelError::Accounting(_) => ServiceError::Broken { service: "the table", why: detail }.into(),
        }
    }
}
