//! Working time: how long articles took, from the acts of those who labelled them.
//!
//! Owns the rule and the sums. It must not know a clock: the times of acts are given, in their order.
//!
//! The rule: the time between two acts of one annotator, one after the other, goes to the article of the later one (so what is read
//! before the first mention of an article counts); more than [`LONGEST_GAP_MS`] is a pause and goes to none. An article's time is full
//! when it becomes done; one that is opened and finished again counts a second time. Articles of which less than half a
//! second is known (imported ones) do not count. Memory: a number for each article that is begun and not done, and the times, in whole seconds, with how often they came.

use crate::domain::article::ArticleId;
use crate::domain::layer::AnnotatorId;
use std::collections::{BTreeMap, HashMap};

/// The longest time between two acts that is no pause: five minutes.
pub const LONGEST_GAP_MS: i64 = 5 * 60 * 1000;

/// The quartiles of times, in seconds: by the nearest rank, so that each is a time that some article took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quartiles {
    /// How many articles.
    pub articles: u64,
    /// The shortest.
    pub least_s: u32,
    /// A quarter took no longer.
    pub lower_s: u32,
    /// The median.
    pub median_s: u32,
    /// Three quarters took no longer.
    pub upper_s: u32,
    /// The longest.
    pub most_s: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Share {
    last_ms: Option<i64>,
    /// What is known of articles that are not done.
    open_ms: HashMap<ArticleId, i64>,
    /// How many articles took so many seconds.
    finished: BTreeMap<u32, u64>,
}

/// The times of all annotators.
///
/// ```
/// use barchasb::analysis::working_time::WorkingTimes;
/// use barchasb::domain::{article::ArticleId, layer::AnnotatorId};
/// let (sara, article) = (AnnotatorId(uuid::Uuid::nil()), ArticleId(uuid::Uuid::nil()));
/// let mut times = WorkingTimes::default();
/// for (at_ms, done) in [(0, false), (20_000, false), (30_000, true)] {
///     times.add(sara, article, at_ms, done);
/// }
/// assert_eq!(times.quartiles(sara).map(|q| q.median_s), Some(30));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingTimes {
    shares: BTreeMap<AnnotatorId, Share>,
}

impl WorkingTimes {
    /// Counts an act, at so many milliseconds; the acts of an annotator come in order of time.
    pub fn add(&mut self, annotator: AnnotatorId, article: ArticleId, at_ms: i64, done: bool) {
        let share = self.shares.entry(annotator).or_default();
        let gap_ms = share.last_ms.map_or(0, |last| at_ms.saturating_sub(last));
        share.last_ms = Some(at_ms);
        if (1..=LONGEST_GAP_MS).contains(&gap_ms) {
            *share.open_ms.entry(article).or_default() += gap_ms;
        }
        if done && let Some(ms) = share.open_ms.remove(&article) {
            // Half a second and more is a second.
            let seconds = u32::try_from(ms.saturating_add(500) / 1000).unwrap_or(u32::MAX);
            if seconds > 0 {
                *share.finished.entry(seconds).or_default() += 1;
            }
        }
    }

    /// Those of whom a time is known.
    pub fn annotators(&self) -> impl Iterator<Item = AnnotatorId> + '_ {
        self.shares.iter().filter(|(_, share)| !share.finished.is_empty()).map(|(annotator, _)| *annotator)
    }

    /// The quartiles of an annotator's times; `None` when no time is known.
    #[must_use]
    pub fn quartiles(&self, annotator: AnnotatorId) -> Option<Quartiles> {
        let finished = &self.shares.get(&annotator)?.finished;
        let (least_s, _) = finished.first_key_value()?;
        let (most_s, _) = finished.last_key_value()?;
        let articles: u64 = finished.values().sum();
        let at = |part: u64| {
            // The nearest rank: ⌈part · n / 4⌉, from 1.
            let rank = (part * articles).div_ceil(4).max(1);
            let mut passed = 0;
            finished.iter().find(|(_, count)| {
                passed += **count;
                passed >= rank
            })
        };
        let second = |part: u64| at(part).map_or(*most_s, |(seconds, _)| *seconds);
        Some(Quartiles {
            articles,
            least_s: *least_s,
            lower_s: second(1),
            median_s: second(2),
            upper_s: second(3),
            most_s: *most_s,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// The acts of one annotator: article, second, whether it is done.
    fn check(acts: &[(u128, i64, bool)], expected: Option<[u32; 6]>) {
        let annotator = AnnotatorId(Uuid::from_u128(1));
        let mut times = WorkingTimes::default();
        for (article, second, done) in acts {
            times.add(annotator, ArticleId(Uuid::from_u128(*article)), second * 1000, *done);
        }
        let found = times
            .quartiles(annotator)
            .map(|q| [q.articles.try_into().unwrap(), q.least_s, q.lower_s, q.median_s, q.upper_s, q.most_s]);
        assert_eq!(found, expected);
    }

    #[test]
    fn pauses_do_not_count_and_reading_does() {
        check(&[], None);
        // Nothing is known of what was before the first act.
        check(&[(1, 0, true)], None);
        check(&[(1, 0, false), (1, 300, true)], Some([1, 300, 300, 300, 300, 300]));
        check(&[(1, 0, false), (1, 301, true)], None);
        check(&[(1, 0, false), (1, 10, false), (1, 1000, false), (1, 1010, true)], Some([1, 20, 20, 20, 20, 20]));
        // From the end of the first article to the first act in the second.
        check(&[(1, 0, false), (1, 10, true), (2, 50, true)], Some([2, 10, 10, 10, 40, 40]));
        // Another article between, and then back.
        check(&[(1, 0, false), (2, 5, false), (1, 7, true)], Some([1, 2, 2, 2, 2, 2]));
        // An article that is never done is not known.
        check(&[(1, 0, false), (1, 10, false)], None);
    }

    #[test]
    fn quartiles_are_times_that_were_taken() {
        let mut acts = vec![(0, 0, false)];
        let mut at = 0;
        for article in 1..=8 {
            at += article;
            acts.push((article as u128, at, true));
        }
        check(&acts, Some([8, 1, 2, 4, 6, 8]));
    }
}
