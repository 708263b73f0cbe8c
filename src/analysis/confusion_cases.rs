//! What one annotator says where another says something else, with cases to look at.
//!
//! Owns the cells. It must not align: pairs are given. Memory: the cells that were met, each with at most [`MOST_CASES`] places.

use crate::analysis::place::Place;
use crate::domain::label::LabelId;
use std::collections::BTreeMap;

/// How many places a cell keeps; those that come later are counted.
pub const MOST_CASES: usize = 50;

/// One cell: how often, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// How often it was met.
    pub count: u64,
    /// The first places, in the order in which they came.
    pub places: Vec<Place>,
}

/// The cells of one pair of annotators. `None` stands for nothing: the one has no mention where the other has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfusionCases {
    cells: BTreeMap<(Option<LabelId>, Option<LabelId>), Cell>,
}

impl ConfusionCases {
    /// Counts a pair of aligned mentions by what the first annotator says and what the second; `place` is asked for while places are kept.
    pub fn add(&mut self, first: Option<LabelId>, second: Option<LabelId>, place: impl FnOnce() -> Place) {
        let cell = self.cells.entry((first, second)).or_default();
        cell.count += 1;
        if cell.places.len() < MOST_CASES {
            cell.places.push(place());
        }
    }

    /// The cell of these labels; `None` when it was never met.
    #[must_use]
    pub fn get(&self, first: Option<LabelId>, second: Option<LabelId>) -> Option<&Cell> {
        self.cells.get(&(first, second))
    }

    /// How many pairs were counted, and how many of them agree on the label.
    #[must_use]
    pub fn totals(&self) -> (u64, u64) {
        let sum = |agreed: bool| {
            let cells = self.cells.iter().filter(|((first, second), _)| !agreed || first == second);
            cells.map(|(_, cell)| cell.count).sum()
        };
        (sum(false), sum(true))
    }

    /// Every label that is in some cell.
    #[must_use]
    pub fn labels(&self) -> Vec<LabelId> {
        let mut labels: Vec<LabelId> =
            self.cells.keys().flat_map(|(first, second)| [*first, *second]).flatten().collect();
        labels.sort_unstable();
        labels.dedup();
        labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::ArticleId;
    use crate::domain::offset::Span;
    use uuid::Uuid;

    fn check(pairs: &[(u128, u128)], expected: (u64, u64)) {
        let label = |n: u128| (n > 0).then(|| LabelId(Uuid::from_u128(n)));
        let mut cells = ConfusionCases::default();
        for (first, second) in pairs {
            let place = || Place { article: ArticleId(Uuid::nil()), span: Span::from_chars(0, 1), surface: "a".into() };
            cells.add(label(*first), label(*second), place);
        }
        assert_eq!(cells.totals(), expected);
        for (first, second) in pairs {
            let cell = cells.get(label(*first), label(*second)).unwrap();
            let count = pairs.iter().filter(|pair| **pair == (*first, *second)).count();
            assert_eq!((cell.count, cell.places.len()), (count as u64, count.min(MOST_CASES)));
        }
    }

    #[test]
    fn pairs_are_counted_and_the_first_are_kept() {
        check(&[], (0, 0));
        check(&[(1, 1), (1, 2), (1, 0), (0, 2), (1, 2)], (5, 1));
        check(&[(1, 2); 60], (60, 0));
    }
}
