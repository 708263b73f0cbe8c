//! The status of a layer whose file names none.
//!
//! Owns that rule alone.

use crate::domain::layer::Status;

/// In progress where there are mentions, new where there is none.
///
/// ```
/// use barchasb::domain::layer::Status;
/// use barchasb::formats::unsaid_status::unsaid_status;
/// assert_eq!(unsaid_status::<u8>(&[]), Status::New);
/// ```
#[must_use]
pub fn unsaid_status<T>(mentions: &[T]) -> Status {
    if mentions.is_empty() { Status::New } else { Status::InProgress }
}
