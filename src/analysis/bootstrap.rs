//! How sure a measure is: the interval in which it lies when the articles are drawn again (Efron 1979, percentiles).
//!
//! Owns [`ArticleSample`] and [`Interval`].

use crate::analysis::undefined::Undefined;

/// The interval of a measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// In how many of the drawings the measure had a value.
    pub draws: usize,
}

/// An interval or the reason why there is none.
pub type IntervalValue = Result<Interval, Undefined>;
