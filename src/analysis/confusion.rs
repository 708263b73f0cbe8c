//! A confusion matrix of any categories, and Cohen's κ of it.
//!
//! Owns [`Confusion`]. It must not know what is counted: tokens with their labels or tags, or pairs of aligned mentions.

use crate::analysis::undefined::{Undefined, Value};
use std::collections::BTreeMap;

/// How often the first annotator says one category where the second says another. Memory: one cell for every pair that was met.
///
/// ```
/// use barchasb::analysis::confusion::Confusion;
/// // Pairs of aligned mentions: `None` where one annotator has nothing.
/// let pairs = [(Some("PER"), Some("PER")), (Some("ORG"), Some("LOC")), (Some("ORG"), None)];
/// let confusion: Confusion<Option<&str>> = pairs.into_iter().collect();
/// assert_eq!((confusion.total(), confusion.agreed(), confusion.get(Some("ORG"), None)), (3, 1, 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion<C> {
    cells: BTreeMap<(C, C), u64>,
}

impl<C> Default for Confusion<C> {
    fn default() -> Self {
        Self { cells: BTreeMap::new() }
    }
}

impl<C: Ord + Copy> Confusion<C> {
    /// Counts `count` more of which the first annotator says `first` and the second `second`.
    pub fn add(&mut self, first: C, second: C, count: u64) {
        if count > 0 {
            *self.cells.entry((first, second)).or_default() += count;
        }
    }

    /// Takes the counts of another matrix in.
    pub fn merge(&mut self, other: &Self) {
        for ((first, second), count) in &other.cells {
            self.add(*first, *second, *count);
        }
    }

    /// How often this pair was met.
    #[must_use]
    pub fn get(&self, first: C, second: C) -> u64 {
        self.cells.get(&(first, second)).copied().unwrap_or(0)
    }

    /// Every cell that is not 0, in order of the categories: the first annotator's, the second's, how often.
    pub fn cells(&self) -> impl Iterator<Item = (C, C, u64)> + '_ {
        self.cells.iter().map(|((first, second), count)| (*first, *second, *count))
    }

    /// How much was counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.cells.values().sum()
    }

    /// How often both said the same.
    #[must_use]
    pub fn agreed(&self) -> u64 {
        self.cells().filter(|(first, second, _)| first == second).map(|(_, _, count)| count).sum()
    }

    /// How often each category was said: by the first annotator, by the second.
    #[must_use]
    pub fn margins(&self) -> BTreeMap<C, (u64, u64)> {
        let mut margins: BTreeMap<C, (u64, u64)> = BTreeMap::new();
        for (first, second, count) in self.cells() {
            margins.entry(first).or_default().0 += count;
            margins.entry(second).or_default().1 += count;
        }
        margins
    }

    /// The same counts under other categories.
    #[must_use]
    pub fn mapped<D: Ord + Copy>(&self, category: impl Fn(C) -> D) -> Confusion<D> {
        let mut mapped = Confusion::default();
        for (first, second, count) in self.cells() {
            mapped.add(category(first), category(second), count);
        }
        mapped
    }

    /// The same counts without those where both said this category.
    #[must_use]
    pub fn without_both(&self, category: C) -> Self {
        let mut rest = self.clone();
        rest.cells.remove(&(category, category));
        rest
    }

    /// The share in which both said the same.
    ///
    /// # Errors
    /// [`Undefined::NoTokens`] when nothing was counted.
    pub fn observed_agreement(&self) -> Value {
        match self.total() {
            0 => Err(Undefined::NoTokens),
            total => Ok(self.agreed() as f64 / total as f64),
        }
    }

    /// κ = (Pₒ − Pₑ) / (1 − Pₑ), with Pₑ from the two annotators' own shares (Cohen 1960).
    ///
    /// # Errors
    /// [`Undefined::NoTokens`] when nothing was counted; [`Undefined::OneCategory`] when both said one and the same category throughout,
    /// for then Pₑ is 1.
    ///
    /// ```
    /// use barchasb::analysis::confusion::Confusion;
    /// use barchasb::analysis::undefined::Undefined;
    /// let mut confusion = Confusion::default();
    /// confusion.add('O', 'O', 6);
    /// assert_eq!(confusion.kappa(), Err(Undefined::OneCategory));
    /// confusion.add('P', 'P', 2);
    /// assert_eq!(confusion.kappa(), Ok(1.0));
    /// ```
    pub fn kappa(&self) -> Value {
        let by_chance: i128 = self.margins().values().map(|(a, b)| i128::from(*a) * i128::from(*b)).sum();
        kappa_of(self.total(), self.agreed(), by_chance)
    }
}

/// κ of whole numbers, so that nothing is lost before the one division: how much was counted, how much agreed, and the sum over the
/// categories of what the one annotator said times what the other said.
pub(crate) fn kappa_of(total: u64, agreed: u64, by_chance: i128) -> Value {
    let (total, agreed) = (i128::from(total), i128::from(agreed));
    let square = total * total;
    if total == 0 {
        Err(Undefined::NoTokens)
    } else if square == by_chance {
        Err(Undefined::OneCategory)
    } else {
        Ok((total * agreed - by_chance) as f64 / (square - by_chance) as f64)
    }
}

impl<C: Ord + Copy> FromIterator<(C, C)> for Confusion<C> {
    fn from_iter<T: IntoIterator<Item = (C, C)>>(pairs: T) -> Self {
        let mut confusion = Self::default();
        for (first, second) in pairs {
            confusion.add(first, second, 1);
        }
        confusion
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cells: &[(char, char, u64)], expected: Value) {
        let mut confusion = Confusion::default();
        let mut turned = Confusion::default();
        for (first, second, count) in cells {
            confusion.add(*first, *second, *count);
            turned.add(*second, *first, *count);
        }
        match (confusion.kappa(), expected) {
            (Ok(kappa), Ok(expected)) => assert!((kappa - expected).abs() < 1e-12, "{kappa} {expected}"),
            (found, expected) => assert_eq!(found, expected),
        }
        assert_eq!(confusion.kappa(), turned.kappa());
    }

    #[test]
    fn kappa_by_hand() {
        // Cohen's table of two annotators and two categories: Pₒ = 0.7, Pₑ = 0.5.
        check(&[('y', 'y', 20), ('y', 'n', 5), ('n', 'y', 10), ('n', 'n', 15)], Ok(0.4));
        check(&[('y', 'n', 3), ('n', 'y', 3)], Ok(-1.0));
        check(&[('y', 'n', 3)], Ok(0.0));
        check(&[('y', 'y', 3)], Err(Undefined::OneCategory));
        check(&[], Err(Undefined::NoTokens));
    }

    #[test]
    fn cells_are_kept_in_order_and_merged() {
        let mut confusion: Confusion<char> = [('b', 'a'), ('a', 'a'), ('b', 'a')].into_iter().collect();
        confusion.merge(&[('a', 'a')].into_iter().collect());
        assert_eq!(confusion.cells().collect::<Vec<_>>(), [('a', 'a', 2), ('b', 'a', 2)]);
        assert_eq!(confusion.margins().get(&'a'), Some(&(2, 4)));
        assert_eq!(confusion.without_both('a').total(), 2);
        assert_eq!(confusion.mapped(|_| 'c').cells().collect::<Vec<_>>(), [('c', 'c', 4)]);
        assert_eq!(confusion.observed_agreement(), Ok(0.5));
        assert_eq!(Confusion::<char>::default().observed_agreement(), Err(Undefined::NoTokens));
    }
}
