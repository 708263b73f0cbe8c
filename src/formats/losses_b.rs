//! What a record has that a format does not hold, whoever writes it.
//!
//! Owns [`not_held`] and [`why_left_out`]. It must not know mentions' places: what becomes of one mention is the writer's own matter.

use crate::domain::layer::Status;
use crate::domain::offset::TokenSpan;
use crate::domain::record::ArticleRecord;
use crate::formats::decoding::as_u64;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::problem::{Place, Problem};

/// What of notes, status, annotators, suggestions, metadata and the id a record has, and a format that holds `held` has no place for.
///
/// ```
/// use barchasb::domain::record::ArticleRecord;
/// use barchasb::formats::foreign::Held;
/// use barchasb::formats::losses_b::not_held;
/// use barchasb::formats::problem::Place;
/// let record = ArticleRecord { meta: r#"{"a":1}"#.into(), ..ArticleRecord::default() };
/// assert_eq!(not_held(&record, &[], Place::default()).len(), 1);
/// assert!(not_held(&record, &[Held::Meta], Place::default()).is_empty());
/// ```
#[must_use]
pub fn not_held(record: &ArticleRecord, held: &[Held], place: Place) -> Vec<Problem> {
    let layers = &record.layers;
    // A layer's status says nothing where it is what a reader takes for granted.
    let has_status = |status: Status| !matches!(status, Status::New | Status::InProgress);
    let counts = [
        (Held::Note, layers.iter().flat_map(|layer| &layer.mentions).filter(|mention| mention.note.is_some()).count()),
        (Held::Status, layers.iter().filter(|layer| has_status(layer.status)).count()),
        (Held::Annotator, layers.iter().filter(|layer| layer.annotator.is_some()).count()),
        (Held::Suggestion, record.predictions.iter().map(|prediction| prediction.mentions.len()).sum()),
        (Held::Meta, usize::from(!matches!(record.meta.trim(), "" | "{}"))),
        (Held::Name, usize::from(record.name.is_some())),
    ];
    counts
        .into_iter()
        .filter(|(what, count)| *count > 0 && !held.contains(what))
        .map(|(what, count)| Problem::foreign(place, Foreign::NotHeld { what, count: as_u64(count) }))
        .collect()
}

/// Why a mention that shares code points or tokens with others is left out where none may: it stands in another or holds one, or else
/// they cross or are the same. The numbers are what `all` counts in.
#[must_use]
pub fn why_left_out(all: &[TokenSpan], one: TokenSpan) -> Held {
    let nested = |other: &TokenSpan| *other != one && (other.contains_span(one) || one.contains_span(*other));
    if all.iter().any(nested) { Held::Nesting } else { Held::Overlap }
}
