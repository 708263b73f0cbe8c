//! Feedback: what review made of an annotator's finished article, and why.
//!
//! Owns how an own layer and the gold one are laid beside each other. It must not change either, nor tell what others said.

use crate::analysis::align::align;
use crate::domain::decision::Decision;
use crate::domain::label::LabelSet;
use crate::domain::layer::{Layer, Status};
use crate::domain::mention::{Mention, MentionKey};
use crate::domain::offset::Span;
use crate::session::review::shown_keys;

/// One place that review changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackLine {
    /// What the annotator said.
    pub own: Vec<MentionKey>,
    /// What is gold.
    pub gold: Vec<MentionKey>,
    /// The place.
    pub span: Span,
    /// Why, if that was said.
    pub reason: Option<String>,
    /// What is still asked about it.
    pub question: Option<String>,
}

/// What differs between an annotator's layer and gold, in order of place; nothing before both are done.
#[must_use]
pub fn lines(own: &Layer, gold: &Layer, labels: &LabelSet) -> Vec<FeedbackLine> {
    if own.status != Status::Done || gold.status != Status::Done {
        return Vec::new();
    }
    let keys = |layer: &Layer| shown_keys(layer.mentions.iter().map(Mention::key), labels);
    let clusters = align(&[keys(own), keys(gold)]).into_iter();
    let line = clusters.filter_map(|cluster| {
        let mut readings = cluster.readings.into_iter();
        let (own, stands) = (readings.next()?, readings.next()?);
        (own != stands).then(|| {
            let decision = decision_on(&own, &stands, cluster.span, gold);
            let words = |words: &Option<Box<str>>| words.as_deref().map(str::to_owned);
            FeedbackLine {
                own,
                gold: stands,
                span: cluster.span,
                reason: decision.and_then(|decision| words(&decision.reason)),
                question: decision.and_then(|decision| words(&decision.question)),
            }
        })
    });
    line.collect()
}

/// The decision that a difference comes from: one that saw or left one of its mentions, or else the first at the place.
fn decision_on<'a>(own: &[MentionKey], stands: &[MentionKey], span: Span, gold: &'a Layer) -> Option<&'a Decision> {
    let tells = |decision: &&Decision| {
        let mut seen = decision.readings.iter().flat_map(|reading| &reading.mentions).chain(&decision.gold);
        seen.any(|key| own.contains(key) || stands.contains(key))
    };
    let here = || gold.decisions.overlapping(span);
    here().find(tells).or_else(|| here().next())
}
