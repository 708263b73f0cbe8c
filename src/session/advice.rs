//! Advice: the suggestions of the open article that are still open, and the one that is chosen.
//!
//! Owns what can be read off them. It must not decide one: that is an operation, made in `suggesting`.

use crate::domain::label::LabelSet;
use crate::domain::layer::Layer;
use crate::domain::offset::{CharOffset, Span};
use crate::domain::suggestion::Suggestion;
use crate::session::command::Step;
use crate::suggest::ranking::is_open;

/// The suggestions of the open article.
#[derive(Clone, Debug, Default)]
pub struct Advice {
    /// Those that the layer has not decided, in order of place; none overlaps another.
    open: Vec<Suggestion>,
    /// How many of those are shown with each percent from 0 to 100; empty when there is none.
    by_percent: Vec<usize>,
    /// The one that keys act on.
    chosen: Option<Chosen>,
}

/// A suggestion that keys act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The suggestion as it was made.
    pub suggestion: Suggestion,
    /// Its span with the edges as they were moved since.
    pub span: Span,
}

impl Advice {
    /// Takes what the engines think in the place of what they thought before. The chosen suggestion stays chosen if it is still there.
    pub fn take(&mut self, suggestions: Vec<Suggestion>, labels: &LabelSet, layer: &Layer) {
        self.open = suggestions;
        self.renew_labels(labels, layer);
    }

    /// Lets suggestions follow their labels: to the one a label was merged into; out of sight with one that is out of use.
    pub fn renew_labels(&mut self, labels: &LabelSet, layer: &Layer) {
        let follow = |suggestion: &mut Suggestion| {
            suggestion.label = labels.shown(suggestion.label);
            labels.is_active(suggestion.label)
        };
        self.open.retain_mut(follow);
        if let Some(chosen) = &mut self.chosen {
            follow(&mut chosen.suggestion);
        }
        self.renew(layer);
    }

    /// Drops what the layer decides by now.
    pub fn renew(&mut self, layer: &Layer) {
        self.open.retain(|suggestion| is_open(suggestion, layer));
        let stands = |chosen: &Chosen| {
            let was = &chosen.suggestion;
            self.open.iter().any(|now| (now.span, now.label) == (was.span, was.label))
        };
        self.chosen = self.chosen.take().filter(stands);
        self.count();
    }

    fn count(&mut self) {
        self.by_percent.clear();
        for suggestion in &self.open {
            self.by_percent.resize(101, 0);
            if let Some(count) = self.by_percent.get_mut(usize::from(suggestion.confidence.percent())) {
                *count += 1;
            }
        }
    }

    /// Those that are not decided, in order of place.
    #[must_use]
    pub fn open(&self) -> &[Suggestion] {
        &self.open
    }

    /// Those that reach a threshold, in percent.
    pub fn above(&self, threshold: u8) -> impl Iterator<Item = &Suggestion> {
        self.open.iter().filter(move |suggestion| suggestion.confidence.percent() >= threshold)
    }

    /// How many reach a threshold, in percent: as many as [`above`](Self::above) gives, without looking at each.
    #[must_use]
    pub fn count_above(&self, threshold: u8) -> usize {
        self.by_percent.iter().skip(usize::from(threshold)).sum()
    }

    /// The percents that any is shown with, each once.
    pub fn percents(&self) -> impl Iterator<Item = u8> {
        (0..).zip(&self.by_percent).filter(|(_, count)| **count > 0).map(|(percent, _)| percent)
    }

    /// Those that share a code point with `span`, in order.
    pub fn overlapping(&self, span: Span) -> impl Iterator<Item = &Suggestion> {
        let first = self.open.partition_point(|suggestion| suggestion.span.end <= span.start);
        self.open.iter().skip(first).take_while(move |suggestion| suggestion.span.start < span.end)
    }

    /// The one that keys act on.
    #[must_use]
    pub fn chosen(&self) -> Option<&Chosen> {
        self.chosen.as_ref()
    }

    /// Chooses the suggestion over a place; gives its span.
    pub fn choose_at(&mut self, at: CharOffset) -> Option<Span> {
        let found = self.overlapping(Span::new(at, at.plus(1))).next().cloned();
        self.choose(found)
    }

    /// Chooses the first one that starts at or after `from`, or the last one before it; round the ends. Gives its span.
    pub fn step(&mut self, from: CharOffset, step: Step) -> Option<Span> {
        let found = match step {
            Step::Forward => {
                let next = self.open.partition_point(|suggestion| suggestion.span.start < from);
                self.open.get(next).or_else(|| self.open.first())
            }
            Step::Back => {
                let next = self.open.partition_point(|suggestion| suggestion.span.start < from);
                next.checked_sub(1).and_then(|last| self.open.get(last)).or_else(|| self.open.last())
            }
        };
        self.choose(found.cloned())
    }

    fn choose(&mut self, found: Option<Suggestion>) -> Option<Span> {
        self.chosen = found.map(|suggestion| Chosen { span: suggestion.span, suggestion });
        self.chosen.as_ref().map(|chosen| chosen.span)
    }

    /// Lets the chosen one go; whether there was one.
    pub fn let_go(&mut self) -> bool {
        self.chosen.take().is_some()
    }

    /// Moves the edges of the chosen one.
    pub fn reshape(&mut self, span: Span) {
        if let Some(chosen) = &mut self.chosen {
            chosen.span = span;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::label::LabelId;
    use crate::domain::mention::Mention;
    use crate::domain::suggestion::{Confidence, Engine, Reason, Rejection};
    use uuid::Uuid;

    const LABEL: LabelId = LabelId(Uuid::from_u128(1));

    fn advice(spans: &[(usize, usize)]) -> Advice {
        let of = |(start, end): &(usize, usize)| Suggestion {
            span: Span::from_chars(*start, *end),
            label: LABEL,
            engine: Engine::Lexicon,
            confidence: Confidence::new(0.5 + *start as f64 / 100.0),
            reason: Reason::Learned,
        };
        let mut advice = Advice { open: spans.iter().map(of).collect(), ..Advice::default() };
        advice.renew(&Layer::default());
        advice
    }

    fn check(advice: &mut Advice, from: usize, step: Step, expected: Option<usize>) {
        let span = advice.step(CharOffset::new(from), step);
        assert_eq!(span.map(|span| span.start.get()), expected, "from {from}");
    }

    #[test]
    fn steps_go_in_reading_order_and_round_the_ends() {
        let mut advice = advice(&[(0, 3), (10, 15), (20, 22)]);
        check(&mut advice, 1, Step::Forward, Some(10));
        check(&mut advice, 11, Step::Forward, Some(20));
        check(&mut advice, 21, Step::Forward, Some(0));
        check(&mut advice, 0, Step::Back, Some(20));
        check(&mut advice, 20, Step::Back, Some(10));
        assert_eq!(advice.choose_at(CharOffset::new(12)), Some(Span::from_chars(10, 15)));
        assert_eq!(advice.choose_at(CharOffset::new(15)), None);
        check(&mut Advice::default(), 0, Step::Forward, None);
    }

    #[track_caller]
    fn check_above(advice: &Advice, threshold: u8, expected: usize) {
        assert_eq!(advice.above(threshold).count(), expected);
        assert_eq!(advice.count_above(threshold), expected);
    }

    #[test]
    fn what_shows_as_much_as_the_threshold_reaches_it() {
        let mut advice = advice(&[(0, 3), (10, 15), (11, 12), (20, 22)]);
        for (suggestion, confidence) in advice.open.iter_mut().zip([0.999, 0.896, 0.904, 0.884]) {
            suggestion.confidence = Confidence::new(confidence);
        }
        advice.renew(&Layer::default());
        check_above(&advice, 100, 1);
        check_above(&advice, 90, 3);
        check_above(&advice, 88, 4);
        check_above(&advice, 0, 4);
        assert_eq!(advice.percents().collect::<Vec<_>>(), [88, 90, 100]);
        check_above(&Advice::default(), 0, 0);
    }

    #[test]
    fn what_the_layer_decides_goes_and_takes_the_choice_with_it() {
        let mut advice = advice(&[(0, 3), (10, 15), (20, 22)]);
        check(&mut advice, 10, Step::Forward, Some(10));
        let mut layer = Layer::default();
        layer.mentions.insert(Mention::new(Span::from_chars(2, 4), LABEL));
        advice.renew(&layer);
        assert_eq!((advice.open().len(), advice.chosen().is_some()), (2, true));
        layer.rejections.insert(Rejection { span: Span::from_chars(10, 15), label: LABEL, engine: Engine::Lexicon });
        advice.renew(&layer);
        assert_eq!((advice.open().len(), advice.chosen()), (1, None));
        check_above(&advice, 0, 1);
    }
}
