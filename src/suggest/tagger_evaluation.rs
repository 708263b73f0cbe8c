//! Evaluation: how well a tagger finds the mentions of examples whose mentions are known.
//!
//! Owns the counts and the measures made of them (exact spans with their labels). It must not know how a tagger works.

use crate::domain::label::LabelId;
use crate::suggest::suggester::Stop;
use crate::suggest::tagger::Tagger;
use crate::suggest::tagger_example::{Example, Tagged};
use crate::suggest::tags::{TagSet, chunks};
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
    /// All labels together.
    #[must_use]
    pub fn total(&self) -> Score {
        let mut total = Score::default();
        self.labels.values().for_each(|score| total += *score);
        total
    }
}

/// Tags the examples and compares, from mentions of at least this confidence. When `stop` is set it ends early.
#[must_use]
pub fn evaluate(tagger: &Tagger, examples: &[Example], least: f64, stop: &Stop) -> Evaluation {
    let mut evaluation = Evaluation::default();
    let sentences = examples.iter().flat_map(|example| &example.sentences);
    for sentence in sentences.take_while(|_| !stop.is_set()) {
        add_sentence(&mut evaluation, tagger, sentence, least);
    }
    evaluation
}

/// The mentions that the tags of a sentence spell: first word, word after the last, label.
fn mentions(sentence: &[Tagged]) -> Vec<(usize, usize, LabelId)> {
    let mut tags = TagSet::default();
    let numbers: Vec<u16> = sentence.iter().map(|tagged| tags.number(tagged.tag)).collect();
    let with_label =
        |chunk: crate::suggest::tags::Chunk| Some((chunk.words.start, chunk.words.end, tags.label(chunk.begin)?));
    chunks(&numbers).into_iter().filter_map(with_label).collect()
}

fn add_sentence(evaluation: &mut Evaluation, tagger: &Tagger, sentence: &[Tagged], least: f64) {
    let gold = mentions(sentence);
    for (.., label) in &gold {
        evaluation.labels.entry(*label).or_default().gold += 1;
    }
    let words: Vec<&str> = sentence.iter().map(|tagged| &*tagged.word).collect();
    for found in tagger.tag(&words).into_iter().filter(|found| found.confidence.get() >= least) {
        let score = evaluation.labels.entry(found.label).or_default();
        score.found += 1;
        score.right += u32::from(gold.contains(&(found.words.start, found.words.end, found.label)));
    }
}
