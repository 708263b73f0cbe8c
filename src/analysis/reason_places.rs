//! Why adjudicators decided as they did, and where: the list of what a guideline does not say yet.
//!
//! Owns the sums by reason. It must not know which reasons there are. Memory: a reason with at most [`MOST_PLACES`] places each.

use crate::analysis::place::Place;
use std::collections::BTreeMap;

/// How many places a reason keeps; those that come later are counted.
pub const MOST_PLACES: usize = 200;

/// A decision that gave a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonedPlace {
    /// Where.
    pub place: Place,
    /// The question that was put beside it, when it was put aside with one.
    pub question: Option<Box<str>>,
}

/// One reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReasonCount {
    /// How many decisions gave it.
    pub count: u64,
    /// The first places, in the order in which they came.
    pub places: Vec<ReasonedPlace>,
}

/// Decisions by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReasonPlaces {
    by_reason: BTreeMap<Option<Box<str>>, ReasonCount>,
}

impl ReasonPlaces {
    /// Counts a decision with its reason, `None` when none was given; `place` is asked for while places are kept.
    pub fn add(&mut self, reason: Option<&str>, place: impl FnOnce() -> ReasonedPlace) {
        let count = self.by_reason.entry(reason.map(Into::into)).or_default();
        count.count += 1;
        if count.places.len() < MOST_PLACES {
            count.places.push(place());
        }
    }

    /// The reasons, the most frequent first, then by their words; decisions without one stand last.
    #[must_use]
    pub fn reasons(&self) -> Vec<(Option<&str>, &ReasonCount)> {
        let mut all: Vec<_> = self.by_reason.iter().map(|(reason, count)| (reason.as_deref(), count)).collect();
        all.sort_by_key(|(reason, count)| (reason.is_none(), std::cmp::Reverse(count.count), *reason));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::ArticleId;
    use crate::domain::offset::Span;
    use uuid::Uuid;

    fn check(reasons: &[&str], expected: &[(Option<&str>, u64)]) {
        let mut places = ReasonPlaces::default();
        for reason in reasons {
            let place = Place { article: ArticleId(Uuid::nil()), span: Span::from_chars(0, 1), surface: "a".into() };
            places.add(Some(*reason).filter(|r| !r.is_empty()), || ReasonedPlace { place, question: None });
        }
        let found: Vec<_> = places.reasons().into_iter().map(|(reason, count)| (reason, count.count)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_most_frequent_reason_stands_first() {
        check(&[], &[]);
        check(
            &["slip", "", "gap", "", "", "gap", "b"],
            &[(Some("gap"), 2), (Some("b"), 1), (Some("slip"), 1), (None, 3)],
        );
    }
}
