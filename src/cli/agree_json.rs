//! Agreement as a JSON object.
//!
//! Owns its keys. Every measure is a number, or `{"undefined": NAME, "why": WORDS}`. It must not count.

use crate::analysis::agreement::{Meeting, PairCounts};
use crate::analysis::bootstrap::{Interval, Intervals};
use crate::analysis::label_table::LabelNumber;
use crate::analysis::matched::Matched;
use crate::analysis::undefined::{Undefined, Value as Measured};
use crate::cli::agree_measures::{counted_value, entities, kappas, mean, of_all, reason};
use crate::exchange::agree::Agreement;
use serde_json::{Map, Value, json};

/// The whole result.
#[must_use]
pub fn value_from(agreement: &Agreement) -> Value {
    let measuring = agreement.measuring();
    let labels: Vec<(&str, LabelNumber)> = agreement.labels().collect();
    let pooled = agreement.pooled();
    let pairs: Vec<Value> = agreement
        .pairs()
        .iter()
        .map(|pair| {
            let mut object = of_counts(&pair.counts);
            let names = [pair.first, pair.second].map(|place| agreement.annotator(place));
            object.shift_insert(0, "annotators".into(), json!(names));
            object.insert("confusion".into(), confusion(&pair.counts, &labels));
            if let (Some(articles), Some(setting)) = (&pair.articles, measuring.bootstrap) {
                object.insert("intervals".into(), intervals(&articles.intervals(setting), setting.confidence));
            }
            Value::Object(object)
        })
        .collect();
    let mut all = Map::new();
    all.insert("annotators".into(), json!(agreement.annotators()));
    all.insert("tokens_of".into(), measuring.tokens.name().into());
    all.insert("articles".into(), agreement.article_count().into());
    all.insert("tokens".into(), agreement.token_count().into());
    all.insert("pairs".into(), pairs.into());
    all.insert("mean".into(), means(agreement).into());
    all.insert("pooled".into(), of_counts(&pooled).into());
    for (key, _, value) in of_all(agreement) {
        all.insert(key.into(), measured(value));
    }
    let of_label = |(name, number): &(&str, LabelNumber)| {
        let of = |meeting| matched(&pooled, pooled.matched_of(*number, meeting));
        let meetings = [Meeting::Exact, Meeting::LabelOnly, Meeting::Relaxed, Meeting::Token].map(of);
        let [exact, label_only, relaxed, token] = meetings;
        json!({"label": name, "exact": exact, "label_only": label_only, "relaxed": relaxed, "token": token})
    };
    all.insert("by_label".into(), labels.iter().map(of_label).collect::<Vec<_>>().into());
    all.insert("confusion".into(), confusion(&pooled, &labels));
    if measuring.by_article {
        let of_article = agreement.articles().iter().map(|article| {
            let mut object = of_counts(&article.counts);
            object.shift_insert(0, "article".into(), article.name.as_str().into());
            Value::Object(object)
        });
        all.insert("by_article".into(), of_article.collect::<Vec<_>>().into());
    }
    Value::Object(all)
}

fn measured(value: Measured) -> Value {
    value.map_or_else(undefined, Value::from)
}

fn undefined(why: Undefined) -> Value {
    let (name, words) = reason(why);
    json!({"undefined": name, "why": words})
}

fn matched(counts: &PairCounts, matched: Matched) -> Value {
    let [precision, recall, f1] =
        [matched.precision(), matched.recall(), matched.f1()].map(|value| measured(counted_value(counts, value)));
    json!({
        "first": matched.first, "second": matched.second, "first_met": matched.first_met, "second_met": matched.second_met,
        "precision": precision, "recall": recall, "f1": f1,
    })
}

fn of_counts(counts: &PairCounts) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("articles".into(), counts.articles().into());
    object.insert("tokens".into(), counts.tag_confusion().total().into());
    for (key, _, entities) in entities(counts) {
        object.insert(key.into(), matched(counts, entities));
    }
    for (key, _, value) in kappas(counts) {
        object.insert(key.into(), measured(value));
    }
    object
}

/// The mean over the pairs of F1 and of κ.
fn means(agreement: &Agreement) -> Map<String, Value> {
    let mut object = Map::new();
    let counts: Vec<&PairCounts> = agreement.pairs().iter().map(|pair| &pair.counts).collect();
    for (place, (key, ..)) in entities(&PairCounts::default()).into_iter().enumerate() {
        let of = |counts: &&PairCounts| {
            let f1 = entities(counts).get(place).map_or(Err(Undefined::NoMentions), |(.., matched)| matched.f1());
            counted_value(counts, f1)
        };
        object.insert(format!("{key}_f1"), measured(mean(&counts.iter().map(of).collect::<Vec<_>>())));
    }
    for (place, (key, ..)) in kappas(&PairCounts::default()).into_iter().enumerate() {
        let of =
            |counts: &&PairCounts| kappas(counts).get(place).map_or(Err(Undefined::NoTokens), |(.., value)| *value);
        object.insert(key.into(), measured(mean(&counts.iter().map(of).collect::<Vec<_>>())));
    }
    object
}

/// The cells that are not 0, in order of the labels' names: label or O of the first, of the second, and how many tokens.
fn confusion(counts: &PairCounts, labels: &[(&str, LabelNumber)]) -> Value {
    let confusion = counts.label_confusion();
    let named: Vec<(&str, Option<LabelNumber>)> =
        labels.iter().map(|(name, number)| (*name, Some(*number))).chain([("O", None)]).collect();
    let cells = named.iter().flat_map(|first| named.iter().map(move |second| (first, second)));
    let told = cells.filter_map(|((first, number), (second, other))| {
        let tokens = confusion.get(*number, *other);
        (tokens > 0).then(|| json!({"first": first, "second": second, "tokens": tokens}))
    });
    told.collect::<Vec<_>>().into()
}

fn intervals(intervals: &Intervals, confidence: f64) -> Value {
    let of = |interval: Result<Interval, Undefined>| {
        interval.map_or_else(
            undefined,
            |interval| json!({"low": interval.low, "high": interval.high, "defined_draws": interval.defined_draws}),
        )
    };
    json!({
        "confidence": confidence, "exact_f1": of(intervals.exact_f1), "boundary_f1": of(intervals.boundary_f1),
        "kappa_of_labels": of(intervals.kappa_of_labels), "kappa_of_bio_tags": of(intervals.kappa_of_bio_tags),
    })
}
