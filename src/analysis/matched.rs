//! How many mentions of two layers meet: precision, recall and F1.
//!
//! Owns [`Matched`]. It must not know what meeting means: the measure that counts says that.

use crate::analysis::undefined::{Undefined, Value, harmonic_mean, ratio};
use std::ops::AddAssign;

/// How many mentions (or labelled tokens) two annotators have, and how many of each meet one of the other's.
///
/// The first annotator stands for the truth: precision is of the second's, recall of the first's. F1 is the same either way.
///
/// ```
/// use barchasb::analysis::matched::Matched;
/// let counts = Matched { first: 5, second: 4, first_met: 2, second_met: 2 };
/// assert_eq!((counts.precision(), counts.recall()), (Ok(0.5), Ok(0.4)));
/// assert!((counts.f1().unwrap() - 4.0 / 9.0).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// The first annotator's.
    pub first: u64,
    /// The second annotator's.
    pub second: u64,
    /// Those of the first that meet one of the second's.
    pub first_met: u64,
    /// Those of the second that meet one of the first's.
    pub second_met: u64,
}

impl Matched {
    /// The share of the second annotator's that meet one of the first's.
    ///
    /// # Errors
    /// [`Undefined::NoMentions`] when the second annotator has none.
    pub fn precision(&self) -> Value {
        ratio(self.second_met, self.second, Undefined::NoMentions)
    }

    /// The share of the first annotator's that meet one of the second's.
    ///
    /// # Errors
    /// [`Undefined::NoMentions`] when the first annotator has none.
    pub fn recall(&self) -> Value {
        ratio(self.first_met, self.first, Undefined::NoMentions)
    }

    /// The harmonic mean of both (F1); 0 when one annotator alone has none.
    ///
    /// # Errors
    /// [`Undefined::NoMentions`] when neither annotator has any.
    pub fn f1(&self) -> Value {
        harmonic_mean(self.precision(), self.recall())
    }

    /// The counts of as many articles like this one.
    pub(crate) fn times(self, times: u64) -> Self {
        let Self { first, second, first_met, second_met } = self;
        Self {
            first: first * times,
            second: second * times,
            first_met: first_met * times,
            second_met: second_met * times,
        }
    }
}

impl AddAssign for Matched {
    fn add_assign(&mut self, other: Self) {
        self.first += other.first;
        self.second += other.second;
        self.first_met += other.first_met;
        self.second_met += other.second_met;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(counts: [u64; 4], expected: [Value; 3]) {
        let [first, second, first_met, second_met] = counts;
        let counts = Matched { first, second, first_met, second_met };
        assert_eq!([counts.precision(), counts.recall(), counts.f1()], expected);
    }

    #[test]
    fn what_is_missing_is_said() {
        let none = Err(Undefined::NoMentions);
        check([2, 4, 1, 2], [Ok(0.5), Ok(0.5), Ok(0.5)]);
        check([2, 2, 0, 0], [Ok(0.0); 3]);
        check([2, 0, 0, 0], [none, Ok(0.0), Ok(0.0)]);
        check([0, 3, 0, 0], [Ok(0.0), none, Ok(0.0)]);
        check([0; 4], [none; 3]);
    }
}
