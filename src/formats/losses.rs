//! What of an article a format cannot hold, by the row of that format.
//!
//! Owns the counting that writers of one file share. It must not know any format: what is held is told by the list of [`Held`], and
//! mentions are each writer's own.

use crate::domain::layer::Status;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::problem::{Place, Problem};
use crate::formats::tokens::kept::TOKENS;

/// What is left out when `record` is written in the format `name`, which holds `holds`.
///
/// ```
/// use barchasb::domain::record::ArticleRecord;
/// use barchasb::formats::losses::losses;
/// use barchasb::formats::problem::Place;
/// let article = ArticleRecord { name: Some("a1".into()), text: "x".into(), ..ArticleRecord::default() };
/// let said = losses(&article, "tsv", &[], Place::default());
/// assert_eq!(said[0].to_string(), "ids of articles (1) cannot be held in this format and were left out");
/// ```
#[must_use]
pub fn losses(record: &ArticleRecord, name: &str, holds: &[Held], place: Place) -> Vec<Problem> {
    let holds = |what: Held| holds.contains(&what);
    // Of layers that are not written, that they are not is all there is to say.
    let written = if holds(Held::SecondLayer) { record.layers.len() } else { 1 };
    let layers = || record.layers.iter().take(written);
    let notes = layers().flat_map(|layer| &layer.mentions).filter(|mention| mention.note.is_some()).count();
    // Whether something was done is told by the mentions.
    let statuses = layers().filter(|layer| matches!(layer.status, Status::Done | Status::Flagged)).count();
    let annotators = layers().filter(|layer| layer.annotator.is_some()).count();
    let suggestions = record.predictions.iter().map(|prediction| prediction.mentions.len()).sum();
    let carried = layers().flat_map(|layer| &layer.carried).chain(&record.carried);
    let others = carried.filter(|carried| carried.format != name && carried.format != TOKENS).count();
    let counts = [
        (Held::Note, notes),
        (Held::Status, statuses),
        (Held::Annotator, annotators),
        (Held::SecondLayer, record.layers.len().saturating_sub(1)),
        (Held::Suggestion, suggestions),
        (Held::Meta, usize::from(!matches!(record.meta.trim(), "" | "{}"))),
        (Held::Name, usize::from(record.name.is_some())),
    ];
    let lost = counts.into_iter().filter(|(what, count)| *count > 0 && !holds(*what));
    // What is carried for other formats is never held: no one else can read it.
    let others = (Held::OtherAnnotation, others);
    let said = |(what, count): (Held, usize)| {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        Problem::foreign(place, Foreign::NotHeld { what, count })
    };
    lost.chain(Some(others).filter(|(_, count)| *count > 0)).map(said).collect()
}

/// The status of a layer whose file names none.
#[must_use]
pub fn status_unsaid(layer: &LayerRecord) -> Status {
    if layer.mentions.is_empty() { Status::New } else { Status::InProgress }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::Carried;
    use crate::formats::trial::article;

    #[test]
    fn all_that_is_lost_is_counted() {
        let mut record = article("a1", "abc", &[(0, 1, "A")]);
        record.layers[0].annotator = Some("z".into());
        record.layers[0].status = Status::Done;
        record.layers[0].mentions[0].note = Some("?".into());
        record.layers.push(LayerRecord::default());
        record.meta = "{}".into();
        let carried = |format: &str| Carried { format: format.into(), data: String::new() };
        record.carried = vec![carried("brat"), carried("mine"), carried(TOKENS)];
        let said: Vec<String> = losses(&record, "mine", &[Held::Name], Place::default())
            .iter()
            .map(|problem| match &problem.finding {
                crate::formats::finding::Finding::Foreign(Foreign::NotHeld { what, count }) => {
                    format!("{what:?} {count}")
                }
                other => other.to_string(),
            })
            .collect();
        assert_eq!(said, ["Note 1", "Status 1", "Annotator 1", "SecondLayer 1", "OtherAnnotation 1"]);
    }
}
