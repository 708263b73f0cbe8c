//! Evaluation: how well a tagger finds the mentions of examples whose mentions are known.
//!
//! Owns the counts and the measures made of them (exact spans with their labels). It must not know how a tagger works.

use crate::domain::label::LabelId;
use crate::domain::suggestion::Confidence;
use crate::suggest::suggester::Stop;
use crate::suggest::tagger::{Found, Tagger};
use crate::suggest::tagger_example::{Example, Tagged};
use crate::suggest::tags::{Chunk, TagSet, chunks};
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// How many mentions were found and how many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Found, and right in span and label.
    pub right: u32,
    /// Found.
    pub found: u32,
    /// There.
    pub gold: u32,
}

impl Score {
    /// The share of the found that is right; `None` when none was found.
    #[must_use]
    pub fn precision(self) -> Option<f64> {
        share(self.right, self.found)
    }

    /// The share of what is there that was found; `None` when none is there.
    #[must_use]
    pub fn recall(self) -> Option<f64> {
        share(self.right, self.gold)
    }

    /// F1: the harmonic mean of both, `2 · right / (found + gold)`; `None` when nothing was found and nothing is there.
    #[must_use]
    pub fn f1(self) -> Option<f64> {
        share(2 * self.right, self.found + self.gold)
    }
}

fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.found += other.found;
        self.gold += other.gold;
    }
}

/// How well a tagger did, label by label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// For every label that was found or is there.
    pub labels: BTreeMap<LabelId, Score>,
}

impl Evaluation {
    /// Counts one sentence.
    fn add(&mut self, sentence: &[Tagged], found: impl Iterator<Item = Found>) {
        let gold = mentions(sentence);
        for (.., label) in &gold {
            self.labels.entry(*label).or_default().gold += 1;
        }
        for found in found {
            let score = self.labels.entry(found.label).or_default();
            score.found += 1;
            score.right += u32::from(gold.contains(&(found.words.start, found.words.end, found.label)));
        }
    }

    /// All labels together.
    #[must_use]
    pub fn total(&self) -> Score {
        let mut total = Score::default();
        self.labels.values().for_each(|score| total += *score);
        total
    }
}

/// Tags the examples, each as one article, and compares with mentions of at least this confidence. When `stop` is set it
/// ends early.
#[must_use]
pub fn evaluate(tagger: &Tagger, examples: &[Example], least: Confidence, stop: &Stop) -> Evaluation {
    let mut evaluation = Evaluation::default();
    for example in examples {
        let words: Vec<Vec<&str>> = example.sentences.iter().map(|s| s.iter().map(|t| &*t.word).collect()).collect();
        for (sentence, found) in example.sentences.iter().zip(tagger.tag(&words, stop)) {
            evaluation.add(sentence, found.into_iter().filter(|found| found.confidence >= least));
        }
    }
    evaluation
}

/// The mentions that the tags of a sentence spell: first word, word after the last, label.
fn mentions(sentence: &[Tagged]) -> Vec<(usize, usize, LabelId)> {
    let mut tags = TagSet::default();
    let numbers: Vec<u16> = sentence.iter().map(|tagged| tags.number(tagged.tag)).collect();
    let with_label = |chunk: Chunk| Some((chunk.words.start, chunk.words.end, tags.label(chunk.begin)?));
    chunks(&numbers).into_iter().filter_map(with_label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suggest::tags::Tag;
    use uuid::Uuid;

    fn check(score: (u32, u32, u32), expected: [Option<f64>; 3]) {
        let score = Score { right: score.0, found: score.1, gold: score.2 };
        assert_eq!([score.precision(), score.recall(), score.f1()], expected);
    }

    #[test]
    fn what_cannot_be_measured_has_no_number() {
        check((1, 2, 4), [Some(0.5), Some(0.25), Some(1.0 / 3.0)]);
        check((0, 0, 4), [None, Some(0.0), Some(0.0)]);
        check((0, 3, 0), [Some(0.0), None, Some(0.0)]);
        check((0, 0, 0), [None, None, None]);
    }

    #[test]
    fn spans_and_labels_must_both_be_right() {
        let label = |n| LabelId(Uuid::from_u128(n));
        let tagged = |tag| Tagged { word: "x".into(), tag };
        let sentence = [Tag::Begin(label(1)), Tag::Inside(label(1)), Tag::Outside, Tag::Begin(label(2))].map(tagged);
        let found = |start, end, n| Found { words: start..end, label: label(n), confidence: Confidence::ONE };
        let mut evaluation = Evaluation::default();
        evaluation.add(&sentence, [found(0, 2, 1), found(2, 3, 1), found(3, 4, 1)].into_iter());
        assert_eq!(evaluation.labels[&label(1)], Score { right: 1, found: 3, gold: 1 });
        assert_eq!(evaluation.total(), Score { right: 1, found: 3, gold: 2 });
    }
}
