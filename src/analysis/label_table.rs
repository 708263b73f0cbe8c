//! Labels as small numbers, so that counting never compares identities.
//!
//! Owns [`LabelTable`] and [`LabelNumber`]. It must not know names.

use crate::domain::label::LabelId;
use std::collections::BTreeMap;

/// A label's place in a [`LabelTable`]. Numbers of different tables must not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelNumber(u32);

impl LabelNumber {
    /// The place as an index into what is kept per label.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// The labels met so far, in the order in which they were met.
///
/// One table serves a whole comparison: every layer, every pair, every article. A table made from all labels of a project beforehand
/// gives the same numbers to threads that count apart.
///
/// ```
/// use barchasb::analysis::label_table::LabelTable;
/// use barchasb::domain::label::LabelId;
/// let [per, org] = [1, 2].map(|n| LabelId(uuid::Uuid::from_u128(n)));
/// let mut labels = LabelTable::default();
/// let number = labels.number(org);
/// assert_eq!((labels.number(per).index(), labels.number(org)), (1, number));
/// assert_eq!(labels.id(number), Some(org));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelTable {
    numbers: BTreeMap<LabelId, LabelNumber>,
    ids: Vec<LabelId>,
}

impl LabelTable {
    /// The table that begins with these labels.
    #[must_use]
    pub fn from_labels(labels: impl IntoIterator<Item = LabelId>) -> Self {
        let mut table = Self::default();
        for label in labels {
            table.number(label);
        }
        table
    }

    /// The number of a label; a new one when it was not met before.
    pub fn number(&mut self, label: LabelId) -> LabelNumber {
        let next = LabelNumber::new(self.ids.len());
        let number = *self.numbers.entry(label).or_insert(next);
        if number == next {
            self.ids.push(label);
        }
        number
    }

    /// The label with this number.
    #[must_use]
    pub fn id(&self, number: LabelNumber) -> Option<LabelId> {
        self.ids.get(number.index()).copied()
    }

    /// How many labels were met.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether none was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Every label with its number, in order of the numbers.
    pub fn iter(&self) -> impl Iterator<Item = (LabelNumber, LabelId)> + '_ {
        self.ids.iter().enumerate().map(|(index, id)| (LabelNumber::new(index), *id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn check(met: &[u128], expected: &[usize]) {
        let mut table = LabelTable::default();
        let numbers: Vec<usize> = met.iter().map(|n| table.number(LabelId(Uuid::from_u128(*n))).index()).collect();
        assert_eq!(numbers, expected);
    }

    #[test]
    fn numbers_follow_the_order_of_meeting() {
        check(&[7, 3, 7, 9, 3], &[0, 1, 0, 2, 1]);
        let table = LabelTable::from_labels([5, 4].map(|n| LabelId(Uuid::from_u128(n))));
        let all: Vec<_> = table.iter().map(|(number, id)| (number.index(), id.0.as_u128())).collect();
        assert_eq!((all, table.len(), table.is_empty()), (vec![(0, 5), (1, 4)], 2, false));
    }
}
