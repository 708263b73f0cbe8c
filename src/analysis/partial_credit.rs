//! Correct, incorrect, partial, missed and spurious mentions, as MUC-5 and SemEval-2013 count them and nervaluate does it.
//!
//! Owns [`PartialCredit`] and its four schemes. It must not know annotators.
//!
//! Counted as nervaluate 1.2.1 counts: the second annotator's mentions in order of place, each taking a mention of the first's that is
//! still free. So the counts depend on which annotator stands for the truth, and on the order where mentions nest. Overlap is that of
//! half-open stretches, of at least 1 % of the first annotator's mention; nervaluate takes ends as inclusive, so that ends given as they
//! are make it take mentions that touch for overlapping.

use crate::analysis::coded_layer::Stretch;
use crate::analysis::undefined::{Undefined, Value, harmonic_mean};
use std::ops::AddAssign;

/// What a mention of the second annotator must share with one of the first's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CreditScheme {
    /// Place and label; what only overlaps is incorrect.
    Strict,
    /// The place, whatever the label; what only overlaps is incorrect.
    Exact,
    /// The place, whatever the label; what only overlaps is partial and counts half.
    Partial,
    /// The label, with any overlap; the nearest of several is taken. What overlaps under another label is incorrect.
    Type,
}

impl CreditScheme {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Strict, Self::Exact, Self::Partial, Self::Type];

    /// The name in nervaluate: `strict`, `exact`, `partial` or `ent_type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Exact => "exact",
            Self::Partial => "partial",
            Self::Type => "ent_type",
        }
    }
}

/// The counts of one scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartialCredit {
    /// Mentions of the second annotator that are as the scheme asks.
    pub correct: u64,
    /// Those that overlap one of the first's, but not as the scheme asks.
    pub incorrect: u64,
    /// Those that overlap one of the first's and get half a credit.
    pub partial: u64,
    /// Mentions of the first annotator that were not taken.
    pub missed: u64,
    /// Mentions of the second annotator that found none to take.
    pub spurious: u64,
}

impl PartialCredit {
    fn credit(&self) -> f64 {
        self.correct as f64 + 0.5 * self.partial as f64
    }

    fn share_of(&self, others: u64) -> Value {
        let whole = self.correct + self.incorrect + self.partial + others;
        if whole == 0 { Err(Undefined::NoMentions) } else { Ok(self.credit() / whole as f64) }
    }

    /// The credit as a share of the second annotator's mentions.
    ///
    /// # Errors
    /// [`Undefined::NoMentions`] when the second annotator has none.
    ///
    /// ```
    /// use barchasb::analysis::partial_credit::PartialCredit;
    /// let counts = PartialCredit { correct: 2, partial: 2, missed: 1, ..PartialCredit::default() };
    /// assert_eq!((counts.precision(), counts.recall()), (Ok(0.75), Ok(0.6)));
    /// ```
    pub fn precision(&self) -> Value {
        self.share_of(self.spurious)
    }

    /// The credit as a share of the first annotator's mentions.
    ///
    /// # Errors
    /// [`Undefined::NoMentions`] when the first annotator has none.
    pub fn recall(&self) -> Value {
        self.share_of(self.missed)
    }

    /// The harmonic mean of both (F1).
    ///
    /// # Errors
    /// [`Undefined::NoMentions`] when neither annotator has any.
    pub fn f1(&self) -> Value {
        harmonic_mean(self.precision(), self.recall())
    }

    /// The counts of one article.
    pub(crate) fn of(first: &[Stretch], second: &[Stretch], scheme: CreditScheme, taken: &mut Vec<bool>) -> Self {
        let mut counts = Self::default();
        taken.clear();
        taken.resize(first.len(), false);
        let mut from = 0;
        for mention in second {
            while first.get(from).is_some_and(|other| other.end <= mention.start) {
                from += 1;
            }
            let reached = first.iter().enumerate().skip(from).take_while(|(_, other)| other.start < mention.end);
            let free = reached.filter(|(at, _)| taken.get(*at) == Some(&false));
            let found = choice(*mention, free, scheme);
            match found {
                None => counts.spurious += 1,
                Some((_, Meeting::Full)) => counts.correct += 1,
                Some((_, Meeting::Overlap)) if scheme == CreditScheme::Partial => counts.partial += 1,
                Some((_, Meeting::Overlap)) => counts.incorrect += 1,
            }
            if let Some(slot) = found.and_then(|(at, _)| taken.get_mut(at)) {
                *slot = true;
            }
        }
        counts.missed = taken.iter().filter(|taken| !**taken).count() as u64;
        counts
    }
}

impl AddAssign for PartialCredit {
    fn add_assign(&mut self, other: Self) {
        self.correct += other.correct;
        self.incorrect += other.incorrect;
        self.partial += other.partial;
        self.missed += other.missed;
        self.spurious += other.spurious;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Meeting {
    /// As the scheme asks.
    Full,
    /// Only some overlap.
    Overlap,
}

/// The mention that `mention` takes among those still free: one that meets it fully (the first, and for [`CreditScheme::Type`] the
/// nearest), else the first that overlaps.
fn choice<'a>(
    mention: Stretch,
    free: impl Iterator<Item = (usize, &'a Stretch)>,
    scheme: CreditScheme,
) -> Option<(usize, Meeting)> {
    let mut overlapping = None;
    let mut nearest: Option<(u32, usize)> = None;
    for (at, other) in free {
        let overlap = mention.end.min(other.end).saturating_sub(mention.start.max(other.start));
        let overlaps = overlap > 0 && u64::from(overlap) * 100 >= u64::from(other.len());
        let same_label = mention.label == other.label;
        let full = match scheme {
            CreditScheme::Strict => mention.same_place(*other) && same_label,
            CreditScheme::Exact | CreditScheme::Partial => mention.same_place(*other),
            CreditScheme::Type => overlaps && same_label,
        };
        let distance = mention.start.abs_diff(other.start) + mention.end.abs_diff(other.end);
        if full && scheme != CreditScheme::Type {
            return Some((at, Meeting::Full));
        } else if full {
            nearest = nearest.filter(|(least, _)| *least <= distance).or(Some((distance, at)));
        } else if overlaps && overlapping.is_none() {
            overlapping = Some((at, Meeting::Overlap));
        }
    }
    nearest.map(|(_, at)| (at, Meeting::Full)).or(overlapping)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::overlap::tests::stretches;

    /// Correct, incorrect, partial, missed, spurious of each scheme in the order of `ALL`.
    fn check(first: &[(u32, u32, usize)], second: &[(u32, u32, usize)], expected: [[u64; 5]; 4]) {
        let (first, second) = (stretches(first), stretches(second));
        for (scheme, expected) in CreditScheme::ALL.into_iter().zip(expected) {
            let counts = PartialCredit::of(&first, &second, scheme, &mut Vec::new());
            let found = [counts.correct, counts.incorrect, counts.partial, counts.missed, counts.spurious];
            assert_eq!(found, expected, "{}", scheme.name());
        }
    }

    #[test]
    fn every_way_of_meeting() {
        check(&[(0, 2, 1)], &[(0, 2, 1)], [[1, 0, 0, 0, 0]; 4]);
        check(&[(0, 2, 1)], &[(0, 2, 2)], [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [0, 1, 0, 0, 0]]);
        check(&[(0, 2, 1)], &[(1, 3, 1)], [[0, 1, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [1, 0, 0, 0, 0]]);
        check(&[(0, 2, 1)], &[(2, 3, 1)], [[0, 0, 0, 1, 1]; 4]);
        // Of two the nearer is taken by its type; in order of place by the others.
        check(
            &[(0, 9, 1), (4, 9, 1)],
            &[(4, 8, 1)],
            [[0, 1, 0, 1, 0], [0, 1, 0, 1, 0], [0, 0, 1, 1, 0], [1, 0, 0, 1, 0]],
        );
    }

    #[test]
    fn an_overlap_below_a_hundredth_is_none() {
        check(&[(0, 101, 1)], &[(100, 110, 1)], [[0, 0, 0, 1, 1]; 4]);
        check(&[(0, 100, 1)], &[(99, 110, 1)], [[0, 1, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [1, 0, 0, 0, 0]]);
    }

    #[test]
    fn none_has_no_value() {
        let none = Err(Undefined::NoMentions);
        let counts = PartialCredit::default();
        assert_eq!([counts.precision(), counts.recall(), counts.f1()], [none; 3]);
        let counts = PartialCredit { spurious: 2, ..counts };
        assert_eq!([counts.precision(), counts.recall(), counts.f1()], [Ok(0.0), none, Ok(0.0)]);
    }
}
