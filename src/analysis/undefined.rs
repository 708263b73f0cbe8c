//! A number, or the reason why there is none.
//!
//! Owns [`Undefined`] and the few quotients that every measure is made of. It must not word a reason: that is the work of those who show it.

/// Why a measure has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Undefined {
    /// No article was measured: the annotators have none in common.
    NoCommonArticle,
    /// Fewer than two annotators.
    OneAnnotator,
    /// The articles have no tokens (for a continuum: no length).
    NoTokens,
    /// Nothing was marked by those whom the measure asks.
    NoMentions,
    /// Everything fell into one category, so that chance alone explains the agreement.
    OneCategory,
    /// No token is labelled by anyone, and the measure asks for those that are.
    NothingLabelled,
    /// No mention of one annotator was aligned with one of another.
    NothingAligned,
    /// The mentions stand so densely that the best alignment was not searched to the end.
    TooDense,
    /// Chance never disagrees, so that there is nothing to compare with.
    NoChance,
    /// A single article: drawn again it is always the same.
    OneArticle,
    /// Too few of the articles drawn again had a value.
    TooFewDraws,
}

/// A number or the reason why it is undefined. Never NaN.
pub type Value = Result<f64, Undefined>;

/// `part / whole`, or `reason` when `whole` is 0.
pub(crate) fn ratio(part: u64, whole: u64, reason: Undefined) -> Value {
    if whole == 0 { Err(reason) } else { Ok(part as f64 / whole as f64) }
}

/// The harmonic mean of precision and recall: 0 when both are 0, or when one of them is 0 and the other undefined; undefined when both are.
pub(crate) fn harmonic_mean(precision: Value, recall: Value) -> Value {
    match (precision, recall) {
        (Err(reason), Err(_)) => Err(reason),
        (Ok(p), Ok(r)) if p + r > 0.0 => Ok(2.0 * p * r / (p + r)),
        _ => Ok(0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(precision: Value, recall: Value, expected: Value) {
        assert_eq!(harmonic_mean(precision, recall), expected);
    }

    #[test]
    fn one_side_without_mentions_gives_nought_and_both_give_none() {
        let none = Err(Undefined::NoMentions);
        check(Ok(0.5), Ok(0.5), Ok(0.5));
        check(Ok(0.0), Ok(0.0), Ok(0.0));
        check(none, Ok(0.0), Ok(0.0));
        check(Ok(0.0), none, Ok(0.0));
        check(none, none, none);
        assert_eq!(ratio(1, 4, Undefined::NoTokens), Ok(0.25));
        assert_eq!(ratio(0, 0, Undefined::NoTokens), Err(Undefined::NoTokens));
    }
}
