//! What a record has that a format cannot hold, counted, so that a writer says it.
//!
//! Owns the counting. It must not know a format: the caller says what its format holds. Mentions are not counted here.

use crate::domain::record::ArticleRecord;
use crate::formats::decoding::as_u64;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::problem::{Place, Problem};
use crate::formats::tokens::kept::TOKENS;

/// Says what of a record a format leaves out that holds only `holds`. Further things that the record carries for other formats are
/// [`Held::OtherAnnotation`]; `own` is the name of the format, whose own things the caller writes back itself.
///
/// ```
/// use barchasb::domain::record::ArticleRecord;
/// use barchasb::formats::foreign::Held;
/// use barchasb::formats::losses_d::say_not_held;
/// use barchasb::formats::problem::Place;
/// let record = ArticleRecord { text: "علی".into(), meta: "{\"a\":1}".into(), ..ArticleRecord::default() };
/// let mut problems = Vec::new();
/// say_not_held(&record, &[Held::Name], "gliner", Place::default(), &mut problems);
/// assert_eq!(problems[0].to_string(), "metadata of articles (1) cannot be held in this format and were left out");
/// ```
pub fn say_not_held(record: &ArticleRecord, holds: &[Held], own: &str, place: Place, problems: &mut Vec<Problem>) {
    let mentions = || record.layers.iter().flat_map(|layer| &layer.mentions);
    let carried = record.carried.iter().chain(record.layers.iter().flat_map(|layer| &layer.carried));
    let has_meta = !matches!(record.meta.trim(), "" | "{}");
    let counts = [
        (Held::Note, mentions().filter(|mention| mention.note.is_some()).count()),
        (Held::Annotator, record.layers.iter().filter(|layer| layer.annotator.is_some()).count()),
        (Held::SecondLayer, record.layers.len().saturating_sub(1)),
        (Held::Suggestion, record.predictions.iter().map(|prediction| prediction.mentions.len()).sum()),
        (Held::Meta, usize::from(has_meta)),
        (Held::OtherAnnotation, carried.filter(|carried| carried.format != own && carried.format != TOKENS).count()),
    ];
    for (what, count) in counts {
        if count > 0 && !holds.contains(&what) {
            problems.push(Problem::foreign(place, Foreign::NotHeld { what, count: as_u64(count) }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::{Carried, LayerRecord};
    use crate::formats::trial::article;

    #[test]
    fn everything_besides_the_mentions_is_counted() {
        let mut record = article("a", "علی آمد", &[(0, 3, "PER")]);
        record.layers.push(LayerRecord { annotator: Some("زهرا".into()), ..LayerRecord::default() });
        record.carried.push(Carried { format: "brat".into(), data: "[]".into() });
        record.carried.push(Carried { format: TOKENS.into(), data: "[]".into() });
        let check = |holds: &[Held], own: &str, expected: &[Held]| {
            let mut problems = Vec::new();
            say_not_held(&record, holds, own, Place::default(), &mut problems);
            let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let expected: Vec<String> = expected
                .iter()
                .map(|what| format!("{} (1) cannot be held in this format and were left out", what.name()))
                .collect();
            assert_eq!(found, expected);
        };
        check(&[], "brat", &[Held::Annotator, Held::SecondLayer]);
        check(&[Held::Annotator, Held::SecondLayer], "csv", &[Held::OtherAnnotation]);
    }
}
