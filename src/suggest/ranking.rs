//! Ranking: of what several engines suggest, what is shown.
//!
//! Owns the choice among suggestions that meet or overlap. It must not know how an engine came to one.

use crate::domain::label::LabelId;
use crate::domain::layer::Layer;
use crate::domain::offset::Span;
use crate::domain::suggestion::{Confidence, Suggestion};
use crate::suggest::track_record::TrackRecord;
use std::collections::{HashMap, HashSet};

/// What is less likely than this is never shown.
pub const FLOOR: f64 = 0.25;

/// How much of a further engine's say counts when engines agree: they have learned from the same layers and are no independent witnesses.
const AGREEMENT: f64 = 0.5;

/// What is to be shown of these suggestions for a layer, in order of place, none overlapping another: what the layer has not decided,
/// with the confidence that the engines' records give it. Where two overlap, the likelier one stays, length counting for a part:
/// a longer name that is nearly as likely as the shorter one in it wins.
#[must_use]
pub fn ranked(all: &[Suggestion], record: &TrackRecord, layer: &Layer) -> Vec<Suggestion> {
    let mut met: HashMap<(Span, LabelId), Vec<(f64, &Suggestion)>> = HashMap::new();
    for suggestion in all.iter().filter(|suggestion| is_open(suggestion, layer)) {
        let worth = record.worth(suggestion.engine, suggestion.label, suggestion.confidence).get();
        met.entry((suggestion.span, suggestion.label)).or_default().push((worth, suggestion));
    }
    let mut chosen: Vec<Suggestion> = met.into_values().filter_map(joined).collect();
    chosen.retain(|suggestion| suggestion.confidence.get() >= FLOOR);
    chosen.sort_by(|a, b| value(b).total_cmp(&value(a)).then_with(|| place(a).cmp(&place(b))));
    let mut shown: std::collections::BTreeMap<Span, Suggestion> = std::collections::BTreeMap::new();
    for suggestion in chosen {
        // Those shown do not overlap each other, so only the nearest on each side can be in the way.
        let before = shown.range(..=suggestion.span).next_back().map(|(span, _)| *span);
        let after = shown.range(suggestion.span..).next().map(|(span, _)| *span);
        if ![before, after].into_iter().flatten().any(|span| span.overlaps(suggestion.span)) {
            shown.insert(suggestion.span, suggestion);
        }
    }
    shown.into_values().collect()
}

/// Whether a layer has not decided a suggestion: it was not rejected, and no mention stands in its way.
#[must_use]
pub fn is_open(suggestion: &Suggestion, layer: &Layer) -> bool {
    !layer.rejections.contains(suggestion.span, suggestion.label)
        && layer.mentions.overlapping(suggestion.span).next().is_none()
}

/// What decides where two overlap.
fn value(suggestion: &Suggestion) -> f64 {
    suggestion.confidence.get() * (suggestion.span.len_chars() as f64).sqrt()
}

fn place(suggestion: &Suggestion) -> (Span, LabelId) {
    (suggestion.span, suggestion.label)
}

/// One suggestion of several that say the same: the likeliest one's words, made likelier by the others.
fn joined(mut same: Vec<(f64, &Suggestion)>) -> Option<Suggestion> {
    same.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.engine.cmp(&y.engine)));
    // An engine's own word counts once, though it may have been kept from before as well.
    let mut heard = HashSet::new();
    same.retain(|(_, suggestion)| heard.insert(suggestion.engine));
    let (best, first) = *same.first()?;
    let further: f64 = same.iter().skip(1).map(|(worth, _)| log_odds(*worth).max(0.0) * AGREEMENT).sum();
    let confidence = Confidence::new(1.0 / (1.0 + (-log_odds(best) - further).exp()));
    Some(Suggestion { confidence, ..first.clone() })
}

fn log_odds(likely: f64) -> f64 {
    const SURE: f64 = 0.999;
    let likely = likely.clamp(1.0 - SURE, SURE);
    (likely / (1.0 - likely)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mention::Mention;
    use crate::domain::suggestion::{Engine, Reason, Rejection};
    use uuid::Uuid;

    fn label(n: u128) -> LabelId {
        LabelId(Uuid::from_u128(n))
    }

    fn suggestion((start, end, n): (usize, usize, u128), engine: Engine, confidence: f64) -> Suggestion {
        let (span, confidence) = (Span::from_chars(start, end), Confidence::new(confidence));
        Suggestion { span, label: label(n), engine, confidence, reason: Reason::Learned }
    }

    fn check(all: &[Suggestion], layer: &Layer, expected: &[(usize, usize, u128)]) -> Vec<Suggestion> {
        let shown = ranked(all, &TrackRecord::default(), layer);
        let found: Vec<_> = shown.iter().map(|s| (s.span.start.get(), s.span.end.get(), s.label.0.as_u128())).collect();
        assert_eq!(found, expected);
        shown
    }

    #[test]
    fn the_likelier_and_the_longer_win() {
        use Engine::{Lexicon, Tagger};
        let (city, university) = ((8, 13, 3), (0, 13, 2));
        let layer = Layer::default();
        check(&[suggestion(city, Lexicon, 0.9), suggestion(university, Tagger, 0.8)], &layer, &[university]);
        check(&[suggestion(city, Lexicon, 0.9), suggestion(university, Tagger, 0.4)], &layer, &[city]);
        check(
            &[suggestion((0, 5, 1), Lexicon, 0.9), suggestion((5, 9, 1), Tagger, 0.3)],
            &layer,
            &[(0, 5, 1), (5, 9, 1)],
        );
        check(&[suggestion(city, Lexicon, 0.2)], &layer, &[]);
    }

    #[test]
    fn what_is_decided_is_not_shown_and_frees_what_it_hid() {
        use Engine::{Lexicon, Tagger};
        let all = [suggestion((8, 13, 3), Lexicon, 0.9), suggestion((0, 13, 2), Tagger, 0.9)];
        let mut layer = Layer::default();
        layer.rejections.insert(Rejection { span: Span::from_chars(0, 13), label: label(2), engine: Tagger });
        check(&all, &layer, &[(8, 13, 3)]);
        layer.mentions.insert(Mention::new(Span::from_chars(10, 20), label(1)));
        check(&all, &layer, &[]);
    }

    #[test]
    fn engines_that_agree_are_surer_together() {
        let all = [suggestion((0, 5, 1), Engine::Lexicon, 0.7), suggestion((0, 5, 1), Engine::Tagger, 0.6)];
        let shown = check(&all, &Layer::default(), &[(0, 5, 1)]);
        assert!(shown[0].confidence > Confidence::new(0.7) && shown[0].engine == Engine::Lexicon, "{shown:?}");
    }
}
