//! Decisions: what an adjudicator made of the readings of a place, kept with the gold layer.
//!
//! Owns their shape and which of them a layer holds. How readings are found is `analysis`' business; a decision changes no mention
//! by itself: that is done by the operations that come with it.

use crate::domain::label::LabelId;
use crate::domain::layer::AnnotatorId;
use crate::domain::mention::MentionKey;
use crate::domain::offset::Span;
use std::collections::BTreeMap;

/// The name of the annotator whose layers are the gold: what was adjudicated.
pub const GOLD: &str = "gold";

/// What one annotator says of a place: the mentions there, in order; none when the annotator says that there is nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reading {
    /// Who says so.
    pub annotator: AnnotatorId,
    /// The mentions, in order of place.
    pub mentions: Vec<MentionKey>,
}

/// A rule that decides without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    /// What all say; the rest stays open.
    Unanimous,
    /// What more than half of them say; ties stay open.
    Majority,
    /// What at least a given share of them say.
    Threshold,
    /// What one named annotator says.
    Annotator,
    /// What anyone says.
    Union,
    /// What all say; the rest is nothing.
    Intersection,
}

impl Strategy {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Unanimous, Self::Majority, Self::Threshold, Self::Annotator, Self::Union, Self::Intersection];

    /// The name in files and on the command line: `unanimous`, `majority`, `threshold`, `annotator`, `union` or `intersection`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unanimous => "unanimous",
            Self::Majority => "majority",
            Self::Threshold => "threshold",
            Self::Annotator => "annotator",
            Self::Union => "union",
            Self::Intersection => "intersection",
        }
    }

    /// The strategy with this name.
    ///
    /// ```
    /// use barchasb::domain::decision::Strategy;
    /// assert_eq!(Strategy::from_name("majority"), Some(Strategy::Majority));
    /// assert_eq!(Strategy::from_name("most"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|strategy| strategy.name() == name)
    }
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ruling {
    /// The reading of this annotator (and of whoever says the same) stands.
    Taken(AnnotatorId),
    /// Nothing is to be labelled here.
    Nothing,
    /// What stands is no annotator's reading, or was changed by hand after it was taken.
    Edited,
    /// A strategy decided.
    Strategy(Strategy),
    /// It is put aside: not decided yet.
    Aside,
}

/// What an adjudicator made of the readings of one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decision {
    /// The place: from the first to the last character of any reading.
    pub span: Span,
    /// What was seen, by annotator; a place whose readings have changed since is open again.
    pub readings: Vec<Reading>,
    /// What was decided.
    pub ruling: Ruling,
    /// The mentions that this decision left in the gold layer, in order.
    pub gold: Vec<MentionKey>,
    /// Why, in a word from the project's list of reasons; never blank.
    pub reason: Option<Box<str>>,
    /// What is to be asked about it; never blank.
    pub question: Option<Box<str>>,
}

impl Decision {
    /// Whether it decides: one that was put aside does not.
    #[must_use]
    pub fn is_made(&self) -> bool {
        self.ruling != Ruling::Aside
    }

    /// The labels that it names, each as often as it stands in it.
    pub fn labels(&self) -> impl Iterator<Item = LabelId> + '_ {
        let seen = self.readings.iter().flat_map(|reading| &reading.mentions);
        seen.chain(&self.gold).map(|mention| mention.label)
    }
}

/// The decisions in one article: one for the same readings of the same place, in order of place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    by_place: BTreeMap<Span, Vec<Decision>>,
}

impl Decisions {
    /// Puts a decision in, unless one stands on the same readings; whether it is in.
    ///
    /// ```
    /// use barchasb::domain::decision::{Decision, Decisions, Ruling};
    /// use barchasb::domain::offset::Span;
    /// let span = Span::from_chars(0, 3);
    /// let decision = Decision { span, readings: vec![], ruling: Ruling::Nothing, gold: vec![], reason: None, question: None };
    /// let mut decisions = Decisions::default();
    /// assert!(decisions.insert(decision.clone()));
    /// assert!(!decisions.insert(Decision { ruling: Ruling::Aside, ..decision.clone() }));
    /// assert_eq!(decisions.on(span, &[]), Some(&decision));
    /// assert!(decisions.remove(&decision));
    /// assert!(decisions.is_empty());
    /// ```
    pub fn insert(&mut self, decision: Decision) -> bool {
        if self.on(decision.span, &decision.readings).is_some() {
            return false;
        }
        let here = self.by_place.entry(decision.span).or_default();
        let place = here.partition_point(|other| other.readings < decision.readings);
        here.insert(place, decision);
        true
    }

    /// Takes a decision out; whether it stood there exactly as named.
    pub fn remove(&mut self, decision: &Decision) -> bool {
        let Some(here) = self.by_place.get_mut(&decision.span) else { return false };
        let before = here.len();
        here.retain(|other| other != decision);
        let removed = here.len() < before;
        if here.is_empty() {
            self.by_place.remove(&decision.span);
        }
        removed
    }

    /// The decision on just these readings of a place.
    #[must_use]
    pub fn on(&self, span: Span, readings: &[Reading]) -> Option<&Decision> {
        self.by_place.get(&span)?.iter().find(|decision| decision.readings == readings)
    }

    /// The decisions on places that share a character with `span`, in order.
    pub fn overlapping(&self, span: Span) -> impl Iterator<Item = &Decision> {
        self.iter().filter(move |decision| decision.span.overlaps(span))
    }

    /// All of them, in order of place.
    pub fn iter(&self) -> impl Iterator<Item = &Decision> {
        self.by_place.values().flatten()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_place.values().map(Vec::len).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_place.is_empty()
    }
}

impl FromIterator<Decision> for Decisions {
    /// Of two on the same readings the first stays.
    fn from_iter<T: IntoIterator<Item = Decision>>(decisions: T) -> Self {
        let mut all = Self::default();
        for decision in decisions {
            all.insert(decision);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn decision(start: usize, end: usize, annotators: &[u128], ruling: Ruling) -> Decision {
        let span = Span::from_chars(start, end);
        let mention = MentionKey { span, label: LabelId(Uuid::from_u128(1)) };
        let reading = |n: &u128| Reading { annotator: AnnotatorId(Uuid::from_u128(*n)), mentions: vec![mention] };
        let readings = annotators.iter().map(reading).collect();
        Decision { span, readings, ruling, gold: vec![mention], reason: None, question: None }
    }

    fn check(decisions: &[Decision], span: (usize, usize), expected: &[(usize, usize)]) {
        let all: Decisions = decisions.iter().cloned().collect();
        let found: Vec<(usize, usize)> = all
            .overlapping(Span::from_chars(span.0, span.1))
            .map(|decision| (decision.span.start.get(), decision.span.end.get()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn decisions_are_found_by_place_and_stand_once_on_the_same_readings() {
        let all = [
            decision(8, 12, &[1, 2], Ruling::Nothing),
            decision(0, 5, &[1, 2], Ruling::Edited),
            decision(0, 5, &[1], Ruling::Aside),
            decision(0, 5, &[1, 2], Ruling::Nothing),
        ];
        check(&all, (0, 20), &[(0, 5), (0, 5), (8, 12)]);
        check(&all, (5, 8), &[]);
        let decisions: Decisions = all.iter().cloned().collect();
        let [_, edited, ..] = &all;
        assert_eq!(decisions.on(edited.span, &edited.readings), Some(edited));
        assert_eq!(decisions.len(), 3);
        assert_eq!(edited.labels().count(), 3);
        assert!(edited.is_made());
    }
}
