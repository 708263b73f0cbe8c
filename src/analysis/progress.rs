//! Progress: what was finished and marked, by day and annotator.
//!
//! Owns the sums. It must not know a clock or a time zone: days are given. Memory grows with the days on which someone worked.

use crate::domain::layer::AnnotatorId;
use std::collections::{BTreeMap, BTreeSet};

/// A day of the calendar where the person is, counted from 1970-01-01, which is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// What one annotator did on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayCount {
    /// How many articles became done.
    pub done: u64,
    /// How many more mentions there were; negative when more were taken away than made.
    pub mentions: i64,
}

/// The sums of all days.
///
/// ```
/// use barchasb::analysis::progress::{Day, Progress};
/// use barchasb::domain::layer::AnnotatorId;
/// let sara = AnnotatorId(uuid::Uuid::nil());
/// let mut progress = Progress::default();
/// progress.add(Day(3), sara, true, 5);
/// progress.add(Day(5), sara, true, 2);
/// assert_eq!(progress.done_by(sara), [(Day(3), 1), (Day(5), 2)]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    by_day: BTreeMap<(Day, AnnotatorId), DayCount>,
}

impl Progress {
    /// Counts an act: whether it finished an article, and how many more mentions it left.
    pub fn add(&mut self, day: Day, annotator: AnnotatorId, done: bool, mentions: i64) {
        if !done && mentions == 0 {
            return;
        }
        let count = self.by_day.entry((day, annotator)).or_default();
        count.done += u64::from(done);
        count.mentions = count.mentions.saturating_add(mentions);
    }

    /// The sums, by day, then annotator.
    pub fn iter(&self) -> impl Iterator<Item = (Day, AnnotatorId, DayCount)> + '_ {
        self.by_day.iter().map(|((day, annotator), count)| (*day, *annotator, *count))
    }

    /// The first and the last day on which something was done; `None` when nothing was.
    #[must_use]
    pub fn days(&self) -> Option<(Day, Day)> {
        let ((first, _), _) = self.by_day.first_key_value()?;
        let ((last, _), _) = self.by_day.last_key_value()?;
        Some((*first, *last))
    }

    /// Who did something.
    #[must_use]
    pub fn annotators(&self) -> BTreeSet<AnnotatorId> {
        self.by_day.keys().map(|(_, annotator)| *annotator).collect()
    }

    /// How many articles an annotator had finished at the end of each day on which one was.
    #[must_use]
    pub fn done_by(&self, annotator: AnnotatorId) -> Vec<(Day, u64)> {
        let mut sum = 0;
        self.iter()
            .filter(|(_, who, count)| *who == annotator && count.done > 0)
            .map(|(day, _, count)| {
                sum += count.done;
                (day, sum)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn check(acts: &[(i32, u128, bool, i64)], expected: &[(i32, u128, u64, i64)]) {
        let mut progress = Progress::default();
        for (day, annotator, done, mentions) in acts {
            progress.add(Day(*day), AnnotatorId(Uuid::from_u128(*annotator)), *done, *mentions);
        }
        let found: Vec<_> =
            progress.iter().map(|(day, who, count)| (day.0, who.0.as_u128(), count.done, count.mentions)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn acts_are_summed_by_day_and_annotator() {
        check(&[], &[]);
        check(&[(1, 1, false, 0)], &[]);
        check(
            &[(2, 1, false, 3), (1, 2, true, 1), (2, 1, true, -1), (1, 1, false, 4)],
            &[(1, 1, 0, 4), (1, 2, 1, 1), (2, 1, 1, 2)],
        );
    }
}
