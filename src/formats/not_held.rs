//! What a record has and the format it is written in does not hold, counted.
//!
//! Owns the sentences about whole records. What becomes of single mentions is each writer's own.

use crate::domain::layer::Status;
use crate::domain::record::ArticleRecord;
use crate::formats::decoding::as_u64;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::problem::{Place, Problem};

/// What of a record is not among `holds`, as problems at `place`. `layers` is how many of its layers are written.
///
/// ```
/// use barchasb::domain::record::ArticleRecord;
/// use barchasb::formats::not_held::not_held;
/// use barchasb::formats::problem::Place;
/// let record = ArticleRecord { meta: r#"{"a":1}"#.into(), ..ArticleRecord::default() };
/// let said = not_held(&[], &record, 1, Place::default());
/// assert_eq!(said[0].to_string(), "metadata of articles (1) cannot be held in this format and were left out");
/// ```
#[must_use]
pub fn not_held(holds: &[Held], record: &ArticleRecord, layers: usize, place: Place) -> Vec<Problem> {
    let written = || record.layers.iter().take(layers);
    let count = |what: Held| match what {
        Held::Meta => usize::from(!matches!(record.meta.trim(), "" | "{}")),
        Held::Suggestion => record.predictions.iter().map(|prediction| prediction.mentions.len()).sum(),
        Held::SecondLayer => record.layers.len().saturating_sub(layers),
        Held::Status => written().filter(|layer| matches!(layer.status, Status::Done | Status::Flagged)).count(),
        Held::Annotator => written().filter(|layer| layer.annotator.is_some()).count(),
        Held::Note => written().flat_map(|layer| &layer.mentions).filter(|mention| mention.note.is_some()).count(),
        _ => 0,
    };
    let lost = Held::ALL.into_iter().filter(|what| !holds.contains(what)).map(|what| (what, count(what)));
    lost.filter(|(_, count)| *count > 0)
        .map(|(what, count)| Problem::foreign(place, Foreign::NotHeld { what, count: as_u64(count) }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::trial::article;

    #[test]
    fn everything_lost_is_counted() {
        let mut record = article("a", "text", &[(0, 1, "X"), (1, 2, "X")]);
        record.layers[0].annotator = Some("z".into());
        record.layers[0].status = Status::Done;
        record.layers[0].mentions[0].note = Some("n".into());
        record.layers.push(record.layers[0].clone());
        let check = |holds: &[Held], layers, expected: &[(Held, u64)]| {
            let said: Vec<String> =
                not_held(holds, &record, layers, Place::default()).iter().map(ToString::to_string).collect();
            let expected: Vec<String> = expected
                .iter()
                .map(|(what, count)| Foreign::NotHeld { what: *what, count: *count }.to_string())
                .collect();
            assert_eq!(said, expected);
        };
        check(&[], 1, &[(Held::Note, 1), (Held::Status, 1), (Held::Annotator, 1), (Held::SecondLayer, 1)]);
        check(&[Held::Status, Held::Annotator], 2, &[(Held::Note, 2)]);
    }
}
