//! Adjudication: the operations on the gold layer by which a case is decided, put aside, reopened or corrected by hand.
//!
//! Owns what a decision changes. It applies nothing itself: what it gives is one step, for
//! [`apply_all`](crate::domain::edit::apply_all) in the order given, what is taken out first.

pub use crate::analysis::case::{Case, Standing, cases};
use crate::analysis::matching::weight;
pub use crate::analysis::strategy::{Plan, by_strategy, unanimous};
use crate::domain::decision::{Decision, Ruling};
use crate::domain::edit::Operation;
use crate::domain::label::LabelId;
use crate::domain::layer::Layer;
use crate::domain::mention::{Mention, MentionKey, Origin};
use crate::domain::offset::Span;
use std::cmp::Reverse;

/// What an adjudicator chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A reading, by its place in [`Case::readings`].
    Reading(usize),
    /// Nothing is to be labelled here.
    Nothing,
    /// These mentions.
    Mentions(Vec<MentionKey>),
    /// Not to decide yet; gold has nothing here until then.
    Aside {
        /// What is to be asked about it.
        question: Option<Box<str>>,
    },
}

/// What is settled of a case: all of a decision but what was seen.
pub(crate) struct Settlement {
    pub(crate) mentions: Vec<MentionKey>,
    pub(crate) ruling: Ruling,
    pub(crate) reason: Option<Box<str>>,
    pub(crate) question: Option<Box<str>>,
}

impl Settlement {
    /// The settlement that these mentions, in any order, stand: taken when somebody says so, nothing when they are none.
    fn of(case: &Case, mut mentions: Vec<MentionKey>, reason: Option<Box<str>>) -> Self {
        mentions.sort_unstable();
        mentions.dedup();
        let taken = case.readings.iter().find(|reading| reading.mentions == mentions);
        let ruling = match taken {
            _ if mentions.is_empty() => Ruling::Nothing,
            Some(reading) => Ruling::Taken(reading.annotator),
            None => Ruling::Edited,
        };
        Self { mentions, ruling, reason, question: None }
    }

    /// Where the mentions in the gold layer come from.
    fn origin(&self) -> Origin {
        match self.ruling {
            Ruling::Taken(_) => Origin::Taken,
            Ruling::Strategy(strategy) => Origin::Decided(strategy),
            Ruling::Nothing | Ruling::Edited | Ruling::Aside => Origin::Edited,
        }
    }

    /// The decision on the readings of `case`.
    fn decision(&self, case: &Case) -> Decision {
        Decision {
            span: case.cluster.span,
            readings: case.seen(),
            ruling: self.ruling,
            gold: self.mentions.clone(),
            reason: unless_blank(self.reason.clone()),
            question: unless_blank(self.question.clone()),
        }
    }
}

fn unless_blank(words: Option<Box<str>>) -> Option<Box<str>> {
    words.filter(|words| !words.trim().is_empty())
}

/// What settling a case takes out of the gold layer and what it puts in.
pub(crate) struct Exchange {
    /// `Undecide` and `Remove`.
    pub(crate) out: Vec<Operation>,
    /// `Replace` by the same mention of another origin, `Add` and `Decide`.
    pub(crate) into: Vec<Operation>,
}

impl Exchange {
    /// All of it, what goes out first.
    pub(crate) fn operations(mut self) -> Vec<Operation> {
        self.out.append(&mut self.into);
        self.out
    }

    /// The exchange by which `settlement` comes to stand for `case`.
    pub(crate) fn settling(case: &Case, settlement: &Settlement, gold: &Layer) -> Self {
        let (mut out, decide) = redeciding(case, settlement.decision(case), gold);
        let leaving = case.claimed(gold).filter(|mention| !settlement.mentions.contains(&mention.key()));
        out.extend(leaving.cloned().map(Operation::Remove));
        let origin = settlement.origin();
        let mut into = Vec::new();
        for key in &settlement.mentions {
            match gold.mentions.get(*key) {
                None => into.push(Operation::Add(Mention { origin, ..Mention::new(key.span, key.label) })),
                Some(from) if from.origin != origin && case.claims(*key) => into.push(with_origin(from, origin)),
                Some(_) => {}
            }
        }
        into.extend(decide);
        Self { out, into }
    }
}

fn with_origin(from: &Mention, origin: Origin) -> Operation {
    Operation::Replace { from: from.clone(), to: Mention { origin, ..from.clone() } }
}

/// What of the decisions goes and comes so that `decision` alone is left of a case's.
fn redeciding(case: &Case, decision: Decision, gold: &Layer) -> (Vec<Operation>, Option<Operation>) {
    let old = gold.decisions.on(decision.span, &decision.readings);
    let earlier =
        case.earlier.iter().filter(|earlier| gold.decisions.on(earlier.span, &earlier.readings) == Some(earlier));
    let going = old.into_iter().filter(|old| **old != decision).chain(earlier);
    let out = going.map(|old| Operation::Undecide(Box::new(old.clone()))).collect();
    let comes = old != Some(&decision);
    (out, comes.then(|| Operation::Decide(Box::new(decision))))
}

/// The operations that decide `case` so: the old decisions go, gold mentions that belong to the case go, the new ones and the new decision
/// come; empty when nothing would change, or when there is no such reading.
///
/// ```
/// use barchasb::analysis::adjudicate::{Choice, cases, decide};
/// use barchasb::domain::edit::{Bounds, apply_all};
/// use barchasb::domain::label::LabelId;
/// use barchasb::domain::layer::{AnnotatorId, Layer, Rules};
/// use barchasb::domain::mention::MentionKey;
/// use barchasb::domain::offset::{CharOffset, Span};
/// use uuid::Uuid;
/// let mention = |start, end| MentionKey { span: Span::from_chars(start, end), label: LabelId(Uuid::from_u128(1)) };
/// let annotator = |n| AnnotatorId(Uuid::from_u128(n));
/// let layers = [(annotator(1), vec![mention(1, 3)]), (annotator(2), vec![mention(0, 3)])];
/// let mut gold = Layer::default();
/// for case in cases(&layers, &gold) {
///     let operations = decide(&case, Choice::Reading(1), Some("boundary-rule".into()), &gold);
///     apply_all(&operations, &mut gold, Bounds { text_end: CharOffset::new(9), rules: Rules::default() })?;
/// }
/// assert_eq!(gold.mentions.iter().map(|mention| mention.key()).collect::<Vec<_>>(), [mention(0, 3)]);
/// assert!(cases(&layers, &gold).iter().all(|case| !case.is_open()));
/// # Ok::<(), barchasb::domain::edit::EditError>(())
/// ```
#[must_use]
pub fn decide(case: &Case, choice: Choice, reason: Option<Box<str>>, gold: &Layer) -> Vec<Operation> {
    let settlement = match choice {
        Choice::Reading(place) => match case.readings.get(place) {
            Some(reading) => Settlement::of(case, reading.mentions.clone(), reason),
            None => return Vec::new(),
        },
        Choice::Nothing => Settlement::of(case, Vec::new(), reason),
        Choice::Mentions(mentions) => Settlement::of(case, mentions, reason),
        Choice::Aside { question } => Settlement { mentions: Vec::new(), ruling: Ruling::Aside, reason, question },
    };
    Exchange::settling(case, &settlement, gold).operations()
}

/// The operations that take a decision back without undo: it goes with what it left in the gold layer, and what all say comes back. Empty
/// for a case that is neither decided nor put aside.
#[must_use]
pub fn reopen(case: &Case, gold: &Layer) -> Vec<Operation> {
    let (Standing::Decided(decision) | Standing::Aside(decision)) = &case.standing else { return Vec::new() };
    let common = case.common_reading().unwrap_or_default();
    let mut operations = vec![Operation::Undecide(Box::new(decision.clone()))];
    let leaving = case.claimed(gold).filter(|mention| !common.contains(&mention.key()));
    operations.extend(leaving.cloned().map(Operation::Remove));
    operations.extend(restoring(case, gold));
    operations
}

/// The operations that bring what all say, if they do, into the gold layer.
pub(crate) fn restoring(case: &Case, gold: &Layer) -> impl Iterator<Item = Operation> {
    let origin = Origin::Unanimous;
    let common = case.common_reading().unwrap_or_default();
    common
        .iter()
        .filter(|key| gold.mentions.get(**key).is_none())
        .map(move |key| Operation::Add(Mention { origin, ..Mention::new(key.span, key.label) }))
}

/// The operations that give a decision another reason, or none; empty for a case that is neither decided nor put aside.
#[must_use]
pub fn set_reason(case: &Case, reason: Option<Box<str>>) -> Vec<Operation> {
    let (Standing::Decided(old) | Standing::Aside(old)) = &case.standing else { return Vec::new() };
    let reason = unless_blank(reason);
    if old.reason == reason {
        return Vec::new();
    }
    let new = Decision { reason, ..old.clone() };
    vec![Operation::Undecide(Box::new(old.clone())), Operation::Decide(Box::new(new))]
}

/// Boundary choices for a case, each once, in the order in which a key cycles them: from the first to the last character of any reading;
/// what all who say something have in common; then the boundaries of each reading. All with the label that most use; of equals the one
/// that is read first.
#[must_use]
pub fn boundaries(case: &Case) -> Vec<Vec<MentionKey>> {
    let told: Vec<&[MentionKey]> = case
        .readings
        .iter()
        .map(|reading| reading.mentions.as_slice())
        .filter(|mentions| !mentions.is_empty())
        .collect();
    let Some(label) = most_used_label(&told) else { return Vec::new() };
    let hull = |mentions: &[MentionKey]| mentions.iter().map(|mention| mention.span).reduce(Span::union);
    let hulls: Vec<Span> = told.iter().filter_map(|mentions| hull(mentions)).collect();
    let start = hulls.iter().map(|span| span.start).max().unwrap_or_default();
    let end = hulls.iter().map(|span| span.end).min().unwrap_or_default();
    let union = hulls.iter().copied().reduce(Span::union).map(|span| vec![span]);
    let intersection = (start < end).then(|| vec![Span::new(start, end)]);
    let of_each = told.iter().map(|mentions| mentions.iter().map(|mention| mention.span).collect());
    let mut choices: Vec<Vec<MentionKey>> = Vec::new();
    for spans in union.into_iter().chain(intersection).chain(of_each) {
        let choice: Vec<MentionKey> = spans.into_iter().map(|span| MentionKey { span, label }).collect();
        if !choices.contains(&choice) {
            choices.push(choice);
        }
    }
    choices
}

/// The label that most of the readings use.
fn most_used_label(readings: &[&[MentionKey]]) -> Option<LabelId> {
    let users = |label: LabelId| {
        readings.iter().filter(|mentions| mentions.iter().any(|mention| mention.label == label)).count()
    };
    let labels = readings.iter().flat_map(|mentions| mentions.iter()).map(|mention| mention.label);
    // Of equals `max_by_key` gives the last.
    labels.rev().max_by_key(|label| users(*label))
}

/// The operations that go with a change of the gold layer by hand, after it and in the same step, so that the case to which the mention
/// belongs counts as decided; empty when it belongs to none. `cases` and `gold` are from before `operation`.
///
/// A mention belongs to the case that reads it or has it in the gold layer. A new one that nobody reads belongs to a case that is not
/// agreed, when it overlaps a reading there, has its span or its label, and is apart from what the gold layer has for that case.
#[must_use]
pub fn with_edit(cases: &[Case], operation: &Operation, gold: &Layer) -> Vec<Operation> {
    let (leaves, comes) = match operation {
        Operation::Add(mention) => (None, Some(mention)),
        Operation::Remove(mention) => (Some(mention.key()), None),
        Operation::Replace { from, to } if from.key() != to.key() => (Some(from.key()), Some(to)),
        _ => return Vec::new(),
    };
    let owner = |key: MentionKey| cases.iter().find(|case| case.gold(gold).contains(&key) || case.claims(key));
    let case = leaves.and_then(owner).or_else(|| comes.and_then(|mention| owner(mention.key())));
    let Some(case) = case.or_else(|| comes.and_then(|mention| nearest(cases, mention.key(), gold))) else {
        return Vec::new();
    };
    let mut stands = case.gold(gold);
    stands.retain(|key| Some(*key) != leaves);
    stands.extend(comes.map(Mention::key));
    let reason = case.decision().and_then(|decision| decision.reason.clone());
    let settlement = Settlement::of(case, stands, reason);
    let (mut operations, decide) = redeciding(case, settlement.decision(case), gold);
    let origin = settlement.origin();
    operations.extend(comes.filter(|mention| mention.origin != origin).map(|mention| with_origin(mention, origin)));
    operations.extend(decide);
    operations
}

/// The case that a new mention, which nobody reads, is about.
fn nearest<'a>(cases: &'a [Case], key: MentionKey, gold: &Layer) -> Option<&'a Case> {
    let alike = |read: &MentionKey| read.span == key.span || read.label == key.label;
    let fits = cases.iter().enumerate().filter_map(|(place, case)| {
        let is_apart = !case.gold(gold).iter().any(|other| other.span.overlaps(key.span));
        let read = case.cluster.readings.iter().flatten().filter(|read| alike(read));
        let fit = read.filter_map(|read| weight(*read, key)).max()?;
        (is_apart && case.standing != Standing::Agreed).then_some(((fit, Reverse(place)), case))
    });
    fits.max_by_key(|(fit, _)| *fit).map(|(_, case)| case)
}
