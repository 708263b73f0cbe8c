//! The track record: how far each engine can be believed, by what became of its suggestions here.
//!
//! Owns the weight of an engine for a label, and the precision to expect above a threshold. It must not know where outcomes are kept.
//!
//! An engine's confidences are sorted into ten bins. In a bin of which *r* of *n* were right, a confidence *c* becomes
//! (*r* + *k·c*) / (*n* + *k*): with few outcomes the engine is believed, with many its record is. A label's bin is drawn the same way
//! to the engine's bin over all labels, so that a rare label is judged by the company it keeps.

use crate::domain::label::LabelId;
use crate::domain::suggestion::{Confidence, Engine, Outcome};
use std::collections::HashMap;

/// How many bins the confidences fall into.
const BINS: usize = 10;

/// How many outcomes weigh as much as what was believed before them.
const PRIOR: f64 = 12.0;

/// With fewer outcomes no precision is told.
const TELLING: u32 = 20;

/// How often suggestions of some confidence were right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    right: u32,
    all: u32,
}

impl Tally {
    fn count(&mut self, right: bool) {
        self.all += 1;
        self.right += u32::from(right);
    }

    /// What to believe after these outcomes of what was believed before.
    fn drawn_from(self, believed: f64) -> f64 {
        (f64::from(self.right) + PRIOR * believed) / (f64::from(self.all) + PRIOR)
    }
}

/// What became of the suggestions of a project.
#[derive(Clone, Debug, Default)]
pub struct TrackRecord {
    engines: HashMap<Engine, [Tally; BINS]>,
    labels: HashMap<(Engine, LabelId), [Tally; BINS]>,
    /// By the percent shown.
    shown: Vec<Tally>,
}

fn bin(confidence: Confidence) -> usize {
    usize::from(confidence.percent()) * BINS / PERCENTS
}

/// How many percents there are, from 0 to 100.
const PERCENTS: usize = 101;

impl TrackRecord {
    /// The record of these outcomes.
    #[must_use]
    pub fn from_outcomes(outcomes: impl IntoIterator<Item = Outcome>) -> Self {
        let mut record = Self::default();
        for outcome in outcomes {
            record.add(&outcome);
        }
        record
    }

    /// Takes one more outcome in.
    pub fn add(&mut self, outcome: &Outcome) {
        let Outcome { engine, label, confidence, shown, right } = *outcome;
        let at = bin(confidence);
        let tallies = [self.engines.entry(engine).or_default(), self.labels.entry((engine, label)).or_default()];
        for tally in tallies.into_iter().filter_map(|bins| bins.get_mut(at)) {
            tally.count(right);
        }
        if let Some(shown) = shown {
            self.shown.resize(PERCENTS, Tally::default());
            if let Some(tally) = self.shown.get_mut(usize::from(shown.percent())) {
                tally.count(right);
            }
        }
    }

    /// What an engine's confidence is worth here, for a label.
    ///
    /// ```
    /// use barchasb::domain::{label::LabelId, suggestion::{Confidence, Engine, Outcome}};
    /// use barchasb::suggest::track_record::TrackRecord;
    /// let label = LabelId(uuid::Uuid::from_u128(1));
    /// let wrong = Outcome { engine: Engine::External, label, confidence: Confidence::new(0.9), shown: None, right: false };
    /// let record = TrackRecord::from_outcomes([wrong; 30]);
    /// assert!(record.worth(Engine::External, label, Confidence::new(0.9)) < Confidence::new(0.2));
    /// assert_eq!(record.worth(Engine::Lexicon, label, Confidence::new(0.9)), Confidence::new(0.9));
    /// ```
    #[must_use]
    pub fn worth(&self, engine: Engine, label: LabelId, confidence: Confidence) -> Confidence {
        let at = bin(confidence);
        let tally = |bins: Option<&[Tally; BINS]>| bins.and_then(|bins| bins.get(at)).copied().unwrap_or_default();
        let of_engine = tally(self.engines.get(&engine)).drawn_from(confidence.get());
        Confidence::new(tally(self.labels.get(&(engine, label))).drawn_from(of_engine))
    }

    /// Which part of what was shown with `threshold` percent or more was right; `None` when too little was decided to tell.
    #[must_use]
    pub fn precision_above(&self, threshold: u8) -> Option<f64> {
        let above = self.shown.iter().skip(usize::from(threshold));
        let sum = above
            .fold(Tally::default(), |sum, tally| Tally { right: sum.right + tally.right, all: sum.all + tally.all });
        (sum.all >= TELLING).then(|| f64::from(sum.right) / f64::from(sum.all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const LABEL: LabelId = LabelId(Uuid::from_u128(1));

    fn outcomes(confidence: f64, right: usize, wrong: usize) -> impl Iterator<Item = Outcome> {
        let confidence = Confidence::new(confidence);
        let of =
            move |right| Outcome { engine: Engine::Tagger, label: LABEL, confidence, shown: Some(confidence), right };
        std::iter::repeat_n(of(true), right).chain(std::iter::repeat_n(of(false), wrong))
    }

    /// The worth of 0.95 after so many right and wrong ones, in hundredths.
    fn check(right: usize, wrong: usize, label: LabelId, expected: std::ops::RangeInclusive<u8>) {
        let record = TrackRecord::from_outcomes(outcomes(0.95, right, wrong));
        let worth = record.worth(Engine::Tagger, label, Confidence::new(0.95)).percent();
        assert!(expected.contains(&worth), "{right}/{wrong}: {worth}");
    }

    #[test]
    fn a_record_outweighs_what_an_engine_says_of_itself() {
        check(0, 0, LABEL, 95..=95);
        check(300, 0, LABEL, 99..=100);
        check(150, 150, LABEL, 50..=52);
        check(1, 1, LABEL, 80..=94);
        let stranger = LabelId(Uuid::from_u128(2));
        check(150, 150, stranger, 50..=54);
    }

    #[test]
    fn precision_is_told_above_a_threshold_when_enough_was_decided() {
        let record = TrackRecord::from_outcomes(outcomes(0.9, 18, 2).chain(outcomes(0.4, 5, 15)));
        assert_eq!(record.precision_above(50), Some(0.9));
        assert_eq!(record.precision_above(0), Some(23.0 / 40.0));
        assert_eq!(record.precision_above(95), None);
    }
}
