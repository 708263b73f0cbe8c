//! The end of an adjudication: when nothing in an article waits any more, and what the gold layer's status is then.
//!
//! Owns [`waits`] and [`finish`]. It decides nothing and applies nothing.

use crate::analysis::case::{Case, Standing};
use crate::domain::edit::Operation;
use crate::domain::layer::Status;

/// Whether a case waits for a decision; one that was put aside does not.
///
/// ```
/// use barchasb::analysis::adjudicate::cases;
/// use barchasb::analysis::ending::waits;
/// use barchasb::domain::{label::LabelId, layer::{AnnotatorId, Layer}, mention::MentionKey, offset::Span};
/// use uuid::Uuid;
/// let mention = MentionKey { span: Span::from_chars(0, 3), label: LabelId(Uuid::nil()) };
/// let annotator = |n| AnnotatorId(Uuid::from_u128(n));
/// let layers = [(annotator(1), vec![mention]), (annotator(2), vec![])];
/// assert!(cases(&layers, &Layer::default()).iter().all(waits));
/// ```
#[must_use]
pub fn waits(case: &Case) -> bool {
    matches!(case.standing, Standing::Open | Standing::Reopened(_))
}

/// What ends an article in which no dispute waits: it is done, or flagged when something was put aside. A flag that a person set stays; one
/// that came with something put aside goes with it. `before` and `after` are the cases before and after the step.
///
/// ```
/// use barchasb::analysis::ending::finish;
/// use barchasb::domain::{edit::Operation, layer::Status};
/// let done = Operation::SetStatus { from: Status::New, to: Status::Done };
/// assert_eq!(finish(&[], &[], Status::New), Some(done));
/// assert_eq!(finish(&[], &[], Status::Done), None);
/// ```
#[must_use]
pub fn finish(before: &[Case], after: &[Case], status: Status) -> Option<Operation> {
    let has_aside = |cases: &[Case]| cases.iter().any(|case| matches!(case.standing, Standing::Aside(_)));
    let to = if has_aside(after) { Status::Flagged } else { Status::Done };
    let keeps_flag = status == Status::Flagged && !has_aside(before);
    let ends = !after.iter().any(waits) && status != to && !keeps_flag;
    ends.then_some(Operation::SetStatus { from: status, to })
}
