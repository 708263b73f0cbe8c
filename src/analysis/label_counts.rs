//! How many mentions each annotator has of each label, and how far each has come.
//!
//! Owns the sums. It must not know names. Memory grows with labels times annotators.

use crate::domain::label::LabelId;
use crate::domain::layer::{AnnotatorId, Status};
use std::collections::BTreeMap;

/// Mentions by label and annotator.
///
/// ```
/// use barchasb::analysis::label_counts::LabelCounts;
/// use barchasb::domain::{label::LabelId, layer::AnnotatorId};
/// let (person, sara) = (LabelId(uuid::Uuid::nil()), AnnotatorId(uuid::Uuid::nil()));
/// let mut counts = LabelCounts::default();
/// counts.add(person, sara, 2);
/// assert_eq!((counts.get(person, sara), counts.of_label(person)), (2, 2));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelCounts {
    counts: BTreeMap<(LabelId, AnnotatorId), u64>,
}

impl LabelCounts {
    /// Counts so many more mentions.
    pub fn add(&mut self, label: LabelId, annotator: AnnotatorId, mentions: u64) {
        *self.counts.entry((label, annotator)).or_default() += mentions;
    }

    /// How many mentions of a label an annotator has.
    #[must_use]
    pub fn get(&self, label: LabelId, annotator: AnnotatorId) -> u64 {
        self.counts.get(&(label, annotator)).copied().unwrap_or(0)
    }

    /// How many mentions of a label all have.
    #[must_use]
    pub fn of_label(&self, label: LabelId) -> u64 {
        self.counts.iter().filter(|((of, _), _)| *of == label).map(|(_, count)| count).sum()
    }

    /// How many mentions there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }
}

/// How many articles of each annotator stand at each status. An article that an annotator never opened is in none of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusCounts {
    counts: BTreeMap<(AnnotatorId, &'static str), u64>,
}

impl StatusCounts {
    /// Counts an article.
    pub fn add(&mut self, annotator: AnnotatorId, status: Status) {
        *self.counts.entry((annotator, status.name())).or_default() += 1;
    }

    /// How many articles stand so.
    #[must_use]
    pub fn get(&self, annotator: AnnotatorId, status: Status) -> u64 {
        self.counts.get(&(annotator, status.name())).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn check(mentions: &[(u128, u128)], label: u128, expected: (u64, u64)) {
        let mut counts = LabelCounts::default();
        for (label, annotator) in mentions {
            counts.add(LabelId(Uuid::from_u128(*label)), AnnotatorId(Uuid::from_u128(*annotator)), 1);
        }
        assert_eq!((counts.of_label(LabelId(Uuid::from_u128(label))), counts.total()), expected);
    }

    #[test]
    fn mentions_are_counted_by_label_and_annotator() {
        check(&[], 1, (0, 0));
        check(&[(1, 1), (1, 2), (2, 1), (1, 1)], 1, (3, 4));
        let (sara, mut counts) = (AnnotatorId(Uuid::from_u128(1)), StatusCounts::default());
        counts.add(sara, Status::Done);
        assert_eq!((counts.get(sara, Status::Done), counts.get(sara, Status::New)), (1, 0));
    }
}
