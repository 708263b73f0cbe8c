//! The measures of agreement by name, and the reasons why one has no value in words.
//!
//! Owns the names that tables and JSON share. It must not lay anything out.

use crate::analysis::agreement::{Meeting, PairCounts};
use crate::analysis::matched::Matched;
use crate::analysis::undefined::{Undefined, Value};
use crate::exchange::agree::Agreement;

/// A measure: its name in JSON, its name for people, and what it is of.
pub type Measure<T> = (&'static str, &'static str, T);

/// How many entities meet, in every sense of meeting.
#[must_use]
pub fn entities(counts: &PairCounts) -> [Measure<Matched>; 5] {
    [
        ("exact", "exact", counts.matched(Meeting::Exact)),
        ("boundary", "boundary", counts.boundary()),
        ("label_only", "label only", counts.matched(Meeting::LabelOnly)),
        ("relaxed", "relaxed", counts.matched(Meeting::Relaxed)),
        ("token", "tokens", counts.matched(Meeting::Token)),
    ]
}

/// Cohen's κ over every kind of category of tokens.
pub fn kappas(counts: &PairCounts) -> [Measure<Value>; 4] {
    [
        ("kappa_of_labels", "κ over labels", counts.kappa_of_labels()),
        ("kappa_of_bio_tags", "κ over BIO tags", counts.kappa_of_bio_tags()),
        ("kappa_of_bioes_tags", "κ over BIOES tags", counts.kappa_of_bioes_tags()),
        ("kappa_of_labelled", "κ over labels, labelled tokens", counts.kappa_of_labelled()),
    ]
}

/// What is measured of all annotators at once.
#[must_use]
pub fn of_all(agreement: &Agreement) -> Vec<Measure<Value>> {
    let continuum = agreement.continuum();
    let mut all = vec![
        ("fleiss_kappa", "Fleiss' κ", continuum.fleiss_kappa()),
        ("alpha", "Krippendorff's α", continuum.alpha()),
        ("unitized_alpha", "Krippendorff's u-α", continuum.unitized_alpha()),
    ];
    if let Some(gamma) = agreement.gamma() {
        let observed = gamma.observed().and_then(|disorder| disorder.exact());
        all.extend([
            ("gamma", "γ", gamma.gamma()),
            ("gamma_cat", "γ-cat", gamma.gamma_cat()),
            ("gamma_observed_disorder", "observed disorder of γ", observed),
            ("gamma_expected_disorder", "expected disorder of γ", gamma.expected()),
        ]);
    }
    all
}

/// The value of a measure of these counts, or that there was nothing to count.
pub fn counted_value(counts: &PairCounts, value: Value) -> Value {
    if counts.articles() == 0 { Err(Undefined::NoCommonArticle) } else { value }
}

/// The mean of a measure over the pairs that have it.
///
/// # Errors
/// The reason of the first pair when none has.
pub fn mean(values: &[Value]) -> Value {
    let defined: Vec<f64> = values.iter().filter_map(|value| value.ok()).collect();
    match values.first() {
        _ if !defined.is_empty() => Ok(defined.iter().sum::<f64>() / defined.len() as f64),
        Some(Err(reason)) => Err(*reason),
        _ => Err(Undefined::OneAnnotator),
    }
}

/// Why a measure has no value: a name for programs and words for people.
#[must_use]
pub fn reason(undefined: Undefined) -> (&'static str, &'static str) {
    match undefined {
        Undefined::NoCommonArticle => ("no-common-article", "no article is done by both"),
        Undefined::OneAnnotator => ("one-annotator", "there is one annotator alone"),
        Undefined::NoTokens => ("no-tokens", "the articles have no tokens"),
        Undefined::NoMentions => ("no-mentions", "there is no mention"),
        Undefined::OneCategory => ("one-category", "all tokens are of one category, so chance explains everything"),
        Undefined::NothingLabelled => ("nothing-labelled", "no token is labelled"),
        Undefined::NothingAligned => ("nothing-aligned", "no mention is aligned with another"),
        Undefined::TooDense => ("too-dense", "the mentions stand too densely to find the best alignment"),
        Undefined::NoChance => ("no-chance", "chance never disagrees"),
        Undefined::OneArticle => ("one-article", "a single article cannot be drawn again"),
        Undefined::TooFewDraws => ("too-few-draws", "too few draws have a value"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[Value], expected: Value) {
        assert_eq!(mean(values), expected);
    }

    #[test]
    fn the_mean_is_of_what_is_defined() {
        let none = Err(Undefined::NoMentions);
        check(&[Ok(0.5), none, Ok(1.0)], Ok(0.75));
        check(&[none, Err(Undefined::OneCategory)], none);
        check(&[], Err(Undefined::OneAnnotator));
    }
}
