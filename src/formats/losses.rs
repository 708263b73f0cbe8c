//! What of an article is lost when it is written in a format, counted by the row of that format.
//!
//! Owns the one rule that every writer goes by. It must not know any format: what is held is told by the row. What becomes of a single
//! mention is each writer's own, and so is what lies in a format's own way of writing (white space, columns, characters).

use crate::domain::layer::Status;
use crate::domain::record::ArticleRecord;
use crate::formats::decoding::as_u64;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, Unit};
use crate::formats::problem::{Place, Problem};
use crate::formats::tokens::kept::TOKENS;

/// Which layers of an article a writer writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrittenLayers {
    /// None: the format has no mentions.
    None,
    /// The first alone.
    First,
    /// All, whether it is told whose they are or not.
    All,
}

/// How a format takes an article: what decides what is lost.
#[derive(Clone, Copy, Debug)]
pub struct Holding<'a> {
    /// The name under which the format carries what it keeps.
    pub name: &'a str,
    /// What it holds.
    pub holds: &'a [Held],
    /// Which layers are written.
    pub layers: WrittenLayers,
    /// Whether an article's id is the name of its file.
    pub is_file_named: bool,
}

impl Holding<'static> {
    /// That of a row of the table: all layers are written where a second one is held, and the first where mentions are.
    #[must_use]
    pub fn of(facts: &FormatFacts) -> Self {
        let layers = match facts.unit {
            Unit::None => WrittenLayers::None,
            _ if facts.holds.contains(&Held::SecondLayer) => WrittenLayers::All,
            _ => WrittenLayers::First,
        };
        let is_file_named = facts.container == Container::Article;
        Self { name: facts.name, holds: facts.holds, layers, is_file_named }
    }
}

impl Holding<'_> {
    /// What is lost of `record`, each kind once with its count.
    ///
    /// Of a layer that is not written, that it is not is all there is to say. A status is lost where it says more than mentions do (done
    /// or flagged). What is carried for other formats is never held, for no one else can read it; tokens are not counted, since they can
    /// be had again from the text.
    ///
    /// ```
    /// use barchasb::domain::record::ArticleRecord;
    /// use barchasb::formats::format::Format;
    /// use barchasb::formats::losses::Holding;
    /// use barchasb::formats::problem::Place;
    /// let article = ArticleRecord { name: Some("a1".into()), text: "x".into(), ..ArticleRecord::default() };
    /// let said = Holding::of(&Format::CONLL).losses(&article, Place::default());
    /// assert_eq!(said[0].to_string(), "ids of articles (1) cannot be held in this format and were left out");
    /// assert!(Holding::of(&Format::TEXT).losses(&article, Place::default()).is_empty(), "the file has the name");
    /// ```
    #[must_use]
    pub fn losses(&self, record: &ArticleRecord, place: Place) -> Vec<Problem> {
        let written = match self.layers {
            WrittenLayers::None => 0,
            WrittenLayers::First => 1,
            WrittenLayers::All => record.layers.len(),
        };
        let layers = || record.layers.iter().take(written);
        let mentions = || layers().flat_map(|layer| &layer.mentions);
        // Without mentions at all, it is said of them and not of layers.
        let second = if written == 0 { 0 } else { record.layers.len().saturating_sub(written) };
        let holds_name = self.is_file_named || record.name.is_none();
        let counts = [
            (Held::Note, mentions().filter(|mention| mention.note.is_some()).count()),
            (Held::Status, layers().filter(|layer| matches!(layer.status, Status::Done | Status::Flagged)).count()),
            (Held::Annotator, layers().filter(|layer| layer.annotator.is_some()).count()),
            (Held::SecondLayer, second),
            (Held::Decision, layers().map(|layer| layer.decisions.len()).sum()),
            (Held::Suggestion, record.predictions.iter().map(|prediction| prediction.mentions.len()).sum()),
            (Held::Meta, usize::from(!matches!(record.meta.trim(), "" | "{}"))),
            (Held::Name, usize::from(!holds_name)),
        ];
        let carried = layers().flat_map(|layer| &layer.carried).chain(&record.carried);
        let others = carried.filter(|carried| carried.format != self.name && carried.format != TOKENS).count();
        let lost = counts.into_iter().filter(|(what, _)| !self.holds.contains(what));
        lost.chain([(Held::OtherAnnotation, others)])
            .filter(|(_, count)| *count > 0)
            .map(|(what, count)| Problem::foreign(place, Foreign::NotHeld { what, count: as_u64(count) }))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::offset::Span;
    use crate::domain::record::{Carried, DecisionRecord, LayerRecord, RulingRecord};
    use crate::formats::finding::Finding;
    use crate::formats::trial::article;

    fn check(holds: &[Held], layers: WrittenLayers, is_file_named: bool, expected: &[(Held, u64)]) {
        let mut record = article("a1", "abc", &[(0, 1, "A"), (1, 2, "A")]);
        record.layers[0].annotator = Some("z".into());
        record.layers[0].status = Status::Done;
        record.layers[0].mentions[0].note = Some("?".into());
        record.layers[0].decisions = vec![DecisionRecord {
            span: Span::from_chars(0, 1),
            readings: Vec::new(),
            ruling: RulingRecord::Nothing,
            gold: Vec::new(),
            reason: None,
            question: None,
        }];
        record.layers.push(record.layers[0].clone());
        record.layers.push(LayerRecord { status: Status::InProgress, ..LayerRecord::default() });
        record.meta = "{}".into();
        let carried = |format: &str| Carried { format: format.into(), data: String::new() };
        record.carried = vec![carried("brat"), carried("mine"), carried(TOKENS)];
        let said: Vec<(Held, u64)> = Holding { name: "mine", holds, layers, is_file_named }
            .losses(&record, Place::default())
            .iter()
            .map(|problem| match &problem.finding {
                Finding::Foreign(Foreign::NotHeld { what, count }) => (*what, *count),
                other => panic!("{other}"),
            })
            .collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn all_that_is_lost_is_counted_once() {
        let (other, decision) = ((Held::OtherAnnotation, 1), (Held::Decision, 1));
        let first = [(Held::Note, 1), (Held::Status, 1), (Held::Annotator, 1), (Held::SecondLayer, 2), decision, other];
        check(&[Held::Name], WrittenLayers::First, false, &first);
        let all = [(Held::Note, 2), (Held::Status, 2), (Held::Annotator, 2), (Held::Decision, 2), other];
        check(&[], WrittenLayers::All, true, &all);
        check(&[Held::OtherAnnotation], WrittenLayers::None, false, &[(Held::Name, 1), other]);
    }
}
