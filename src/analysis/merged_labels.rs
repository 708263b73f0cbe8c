//! Merged labels: a gold layer from before labels were merged, as it stands with those that show.
//!
//! Owns the operations that bring such a layer up. They come with the next step in it: looking at a layer changes nothing.

use crate::domain::decision::{Decision, Reading};
use crate::domain::edit::{Bounds, Operation, apply_all};
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::layer::{Layer, Rules};
use crate::domain::mention::{Mention, MentionKey, shown_keys};
use crate::domain::offset::CharOffset;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The operations that give a layer the labels that show, and the layer after them.
#[must_use]
pub fn brought_up<'a>(gold: &'a Layer, labels: &LabelSet) -> (Vec<Operation>, Cow<'a, Layer>) {
    if labels.all().iter().all(|label| label.merged_into.is_none()) {
        return (Vec::new(), Cow::Borrowed(gold));
    }
    let mut operations = decisions(gold, labels);
    operations.extend(mentions(gold, labels));
    if operations.is_empty() {
        return (operations, Cow::Borrowed(gold));
    }
    let mut layer = gold.clone();
    // Each mention stays where it is: no rule is broken that was not before.
    let free = Bounds { text_end: CharOffset::new(usize::MAX), rules: Rules { overlaps: true, ..Rules::default() } };
    match apply_all(&operations, &mut layer, free) {
        Ok(_) => (operations, Cow::Owned(layer)),
        Err(_) => (Vec::new(), Cow::Borrowed(gold)),
    }
}

fn mentions(gold: &Layer, labels: &LabelSet) -> Vec<Operation> {
    let shown = |mention: &Mention| MentionKey { span: mention.span, label: labels.shown(mention.label) };
    let old = || gold.mentions.iter().filter(|mention| shown(mention) != mention.key());
    let mut there: BTreeSet<MentionKey> = old().map(shown).filter(|key| gold.mentions.get(*key).is_some()).collect();
    old()
        .map(|mention| match there.insert(shown(mention)) {
            true => Operation::Replace { from: mention.clone(), to: with_shown(mention, labels) },
            false => Operation::Remove(mention.clone()),
        })
        .collect()
}

fn decisions(gold: &Layer, labels: &LabelSet) -> Vec<Operation> {
    let is_old = |label: LabelId| labels.shown(label) != label;
    let old: Vec<&Decision> = gold.decisions.iter().filter(|decision| decision.labels().any(is_old)).collect();
    let mut left = gold.decisions.clone();
    for decision in &old {
        left.remove(decision);
    }
    let mut operations: Vec<Operation> = old.iter().map(|old| Operation::Undecide(Box::new((*old).clone()))).collect();
    for decision in old {
        let new = resolved(decision, labels);
        // Of two that become one the first stays.
        if left.insert(new.clone()) {
            operations.push(Operation::Decide(Box::new(new)));
        }
    }
    operations
}

fn resolved(decision: &Decision, labels: &LabelSet) -> Decision {
    let reading = |reading: &Reading| Reading {
        annotator: reading.annotator,
        mentions: shown_keys(reading.mentions.iter().copied(), labels),
    };
    Decision {
        readings: decision.readings.iter().map(reading).collect(),
        gold: shown_keys(decision.gold.iter().copied(), labels),
        ..decision.clone()
    }
}

fn with_shown(mention: &Mention, labels: &LabelSet) -> Mention {
    Mention { label: labels.shown(mention.label), ..mention.clone() }
}

/// A change by hand, of the layer as it was brought up.
#[must_use]
pub fn on_shown(operation: &Operation, labels: &LabelSet) -> Operation {
    match operation {
        Operation::Add(mention) => Operation::Add(with_shown(mention, labels)),
        Operation::Remove(mention) => Operation::Remove(with_shown(mention, labels)),
        Operation::Replace { from, to } => {
            Operation::Replace { from: with_shown(from, labels), to: with_shown(to, labels) }
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decision::Ruling;
    use crate::domain::label::{Colour, Label};
    use crate::domain::layer::AnnotatorId;
    use crate::domain::mention::MentionSet;
    use crate::domain::offset::Span;
    use uuid::Uuid;

    fn label(number: u128) -> Label {
        Label {
            id: LabelId(Uuid::from_u128(number)),
            name: format!("L{number}"),
            title: String::new(),
            colour: Colour(0),
            keys: String::new(),
            guideline: String::new(),
            order: number as i64,
            deleted: false,
            merged_into: None,
        }
    }

    /// What mentions of these labels, all on one place, become when the first label was merged into the second.
    #[track_caller]
    fn check(before: &[usize], after: &[usize]) {
        let mut all: Vec<Label> = (1..=4).map(label).collect();
        let ids: Vec<LabelId> = all.iter().map(|label| label.id).collect();
        (all[0].deleted, all[0].merged_into) = (true, Some(ids[1]));
        let labels = LabelSet::new(all);
        let span = Span::from_chars(0, 5);
        let key = |place: &usize| MentionKey { span, label: ids[*place] };
        let mention = |place: &usize| Mention::new(span, ids[*place]);
        let annotator = AnnotatorId(Uuid::from_u128(1));
        let decision = |places: &[usize]| Decision {
            span,
            readings: vec![Reading { annotator, mentions: shown_keys(places.iter().map(key), &LabelSet::default()) }],
            ruling: Ruling::Taken(annotator),
            gold: shown_keys(places.iter().map(key), &LabelSet::default()),
            reason: None,
            question: None,
        };
        let layer = |places: &[usize]| Layer {
            mentions: MentionSet::from_mentions(places.iter().map(mention).collect()),
            decisions: [decision(places)].into_iter().collect(),
            ..Layer::default()
        };
        let old = layer(before);
        let (operations, new) = brought_up(&old, &labels);
        assert_eq!(*new, layer(after));
        assert_eq!(operations.is_empty(), before == after);
    }

    #[test]
    fn old_labels_become_those_that_show_and_two_that_become_one_are_one() {
        check(&[0], &[1]);
        check(&[1], &[1]);
        check(&[0, 1], &[1]);
        check(&[0, 2], &[1, 2]);
    }
}
