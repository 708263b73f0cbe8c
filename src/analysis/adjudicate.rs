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
                Some(from) if from.origin != origin && (case.claims(*key) || case.reads(*key)) => {
                    into.push(with_origin(from, origin))
                }
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
///
/// ```
/// # use barchasb::analysis::adjudicate::*;
/// # use barchasb::domain::edit::{Bounds, EditError, Operation, apply_all};
/// # use barchasb::domain::label::LabelId;
/// # use barchasb::domain::layer::{AnnotatorId, Layer, Rules};
/// # use barchasb::domain::mention::{Mention, MentionKey};
/// # use barchasb::domain::offset::{CharOffset, Span};
/// # use uuid::Uuid;
/// # let bounds = Bounds { text_end: CharOffset::new(9), rules: Rules::default() };
/// # let mention = |start, end| MentionKey { span: Span::from_chars(start, end), label: LabelId(Uuid::from_u128(1)) };
/// # let annotator = |n| AnnotatorId(Uuid::from_u128(n));
/// let layers = [(annotator(1), vec![mention(1, 3)]), (annotator(2), vec![mention(0, 3)])];
/// let mut gold = Layer::default();
/// let operations = decide(&cases(&layers, &gold)[0], Choice::Reading(0), None, &gold);
/// apply_all(&operations, &mut gold, bounds)?;
/// let operations = reopen(&cases(&layers, &gold)[0], &gold);
/// apply_all(&operations, &mut gold, bounds)?;
/// assert_eq!(gold, Layer::default());
/// # Ok::<(), EditError>(())
/// ```
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
///
/// ```
/// # use barchasb::analysis::adjudicate::*;
/// # use barchasb::domain::edit::{Bounds, EditError, Operation, apply_all};
/// # use barchasb::domain::label::LabelId;
/// # use barchasb::domain::layer::{AnnotatorId, Layer, Rules};
/// # use barchasb::domain::mention::{Mention, MentionKey};
/// # use barchasb::domain::offset::{CharOffset, Span};
/// # use uuid::Uuid;
/// # let bounds = Bounds { text_end: CharOffset::new(9), rules: Rules::default() };
/// # let mention = |start, end| MentionKey { span: Span::from_chars(start, end), label: LabelId(Uuid::from_u128(1)) };
/// # let annotator = |n| AnnotatorId(Uuid::from_u128(n));
/// let layers = [(annotator(1), vec![mention(1, 3)]), (annotator(2), vec![mention(0, 3)])];
/// let mut gold = Layer::default();
/// let operations = decide(&cases(&layers, &gold)[0], Choice::Nothing, None, &gold);
/// apply_all(&operations, &mut gold, bounds)?;
/// let operations = set_reason(&cases(&layers, &gold)[0], Some("slip".into()));
/// apply_all(&operations, &mut gold, bounds)?;
/// assert_eq!(gold.decisions.iter().next().and_then(|decision| decision.reason.as_deref()), Some("slip"));
/// # Ok::<(), EditError>(())
/// ```
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
///
/// ```
/// # use barchasb::analysis::adjudicate::*;
/// # use barchasb::domain::edit::{Bounds, EditError, Operation, apply_all};
/// # use barchasb::domain::label::LabelId;
/// # use barchasb::domain::layer::{AnnotatorId, Layer, Rules};
/// # use barchasb::domain::mention::{Mention, MentionKey};
/// # use barchasb::domain::offset::{CharOffset, Span};
/// # use uuid::Uuid;
/// # let bounds = Bounds { text_end: CharOffset::new(9), rules: Rules::default() };
/// # let mention = |start, end| MentionKey { span: Span::from_chars(start, end), label: LabelId(Uuid::from_u128(1)) };
/// # let annotator = |n| AnnotatorId(Uuid::from_u128(n));
/// let layers = [(annotator(1), vec![mention(1, 3)]), (annotator(2), vec![mention(0, 3)])];
/// let gold = Layer::default();
/// let case = &cases(&layers, &gold)[0];
/// assert_eq!(boundaries(case), [vec![mention(0, 3)], vec![mention(1, 3)]]);
/// # Ok::<(), EditError>(())
/// ```
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
///
/// ```
/// # use barchasb::analysis::adjudicate::*;
/// # use barchasb::domain::edit::{Bounds, EditError, Operation, apply_all};
/// # use barchasb::domain::label::LabelId;
/// # use barchasb::domain::layer::{AnnotatorId, Layer, Rules};
/// # use barchasb::domain::mention::{Mention, MentionKey};
/// # use barchasb::domain::offset::{CharOffset, Span};
/// # use uuid::Uuid;
/// # let bounds = Bounds { text_end: CharOffset::new(9), rules: Rules::default() };
/// # let mention = |start, end| MentionKey { span: Span::from_chars(start, end), label: LabelId(Uuid::from_u128(1)) };
/// # let annotator = |n| AnnotatorId(Uuid::from_u128(n));
/// let layers = [(annotator(1), vec![mention(1, 3)])];
/// let mut gold = Layer::default();
/// apply_all(&unanimous(&cases(&layers, &gold), &gold), &mut gold, bounds)?;
/// let from = gold.mentions.iter().next().cloned().ok_or(EditError::StatusMoved)?;
/// let correction = Operation::Replace { from, to: Mention::new(Span::from_chars(0, 3), LabelId(Uuid::from_u128(1))) };
/// let mut step = vec![correction.clone()];
/// step.extend(with_edit(&cases(&layers, &gold), &correction, &gold));
/// apply_all(&step, &mut gold, bounds)?;
/// assert!(matches!(cases(&layers, &gold)[0].standing, Standing::Decided(_)));
/// # Ok::<(), EditError>(())
/// ```
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::align::tests::{layer, layers, line};
    use crate::analysis::case::tests::Desk;
    use crate::domain::decision::Strategy as Rule;
    use proptest::prelude::*;

    /// Decides the first case so, in a project without overlaps, and compares the gold layer and the ruling.
    fn check(layers: &[&str], choice: Choice, gold: &str, ruling: Ruling) {
        let mut desk = Desk { overlaps: false, ..Desk::new(layers) };
        let case = desk.case(0);
        let operations = decide(&case, choice.clone(), None, &desk.gold);
        desk.apply(&operations);
        assert_eq!(desk.told(), gold, "{layers:?}");
        let case = desk.case(0);
        assert_eq!(case.decision().map(|decision| decision.ruling), Some(ruling));
        assert_eq!(case.is_open(), ruling == Ruling::Aside);
        assert_eq!(line(&case.gold(&desk.gold)), line(&case.decision().unwrap().gold));
        assert!(decide(&case, choice, None, &desk.gold).is_empty(), "nothing is left to change");
        let operations = reopen(&case, &desk.gold);
        desk.apply(&operations);
        assert_eq!((desk.told().as_str(), desk.gold.decisions.len()), ("", 0), "as it was");
    }

    #[test]
    fn a_choice_becomes_a_ruling_and_gold() {
        let two = ["PER 1..3", "PER 0..3"];
        let [first, second] = [0, 1].map(|n| Ruling::Taken(Desk::annotator(n)));
        check(&two, Choice::Reading(1), "PER 0..3 taken", second);
        check(&two, Choice::Nothing, "", Ruling::Nothing);
        check(&two, Choice::Mentions(layer("PER 0..2")), "PER 0..2 edited", Ruling::Edited);
        check(&two, Choice::Mentions(layer("PER 1..3")), "PER 1..3 taken", first);
        check(&two, Choice::Mentions(Vec::new()), "", Ruling::Nothing);
        check(&two, Choice::Aside { question: Some("?".into()) }, "", Ruling::Aside);
        check(&["PER 1..3", ""], Choice::Reading(1), "", Ruling::Nothing);
        check(&["ORG 6..10", "ORG 8..10, ORG 6..8"], Choice::Reading(1), "ORG 6..8 taken, ORG 8..10 taken", second);
        let desk = Desk::new(&two);
        assert!(decide(&desk.case(0), Choice::Reading(2), None, &desk.gold).is_empty());
    }

    #[test]
    fn what_goes_out_goes_first() {
        let mut desk = Desk { overlaps: false, ..Desk::new(&["ORG 6..10", "ORG 6..8, ORG 8..10"]) };
        for (choice, gold) in
            [(1, "ORG 6..8 taken, ORG 8..10 taken"), (0, "ORG 6..10 taken"), (1, "ORG 6..8 taken, ORG 8..10 taken")]
        {
            let operations = decide(&desk.case(0), Choice::Reading(choice), None, &desk.gold);
            desk.apply(&operations);
            assert_eq!((desk.told().as_str(), desk.gold.decisions.len()), (gold, 1));
        }
    }

    #[test]
    fn a_reason_is_given_and_taken_back() {
        let mut desk = Desk::new(&["PER 1..3", "PER 0..3"]);
        assert!(set_reason(&desk.case(0), Some("slip".into())).is_empty(), "there is no decision");
        let operations = decide(&desk.case(0), Choice::Reading(0), Some(" ".into()), &desk.gold);
        desk.apply(&operations);
        assert_eq!(desk.case(0).decision().unwrap().reason, None, "a blank reason is none");
        for reason in [Some("slip".into()), None] {
            let operations = set_reason(&desk.case(0), reason.clone());
            desk.apply(&operations);
            assert_eq!(desk.case(0).decision().unwrap().reason, reason);
        }
        assert_eq!(desk.told(), "PER 1..3 taken");
    }

    #[test]
    fn boundaries_are_offered_once_each() {
        let offered = |layers: &[&str]| {
            boundaries(&Desk::new(layers).case(0)).iter().map(|choice| line(choice)).collect::<Vec<_>>()
        };
        assert_eq!(offered(&["PER 1..3", "PER 0..3"]), ["PER 0..3", "PER 1..3"]);
        assert_eq!(offered(&["PER 1..5", "ORG 0..3", "ORG 0..3"]), ["ORG 0..5", "ORG 1..3", "ORG 1..5", "ORG 0..3"]);
        assert_eq!(offered(&["ORG 6..8, ORG 8..10", "LOC 6..10"]), ["ORG 6..10", "ORG 6..8, ORG 8..10"]);
        assert_eq!(offered(&["LOC 4..6", "", "ORG 4..6"]), ["LOC 4..6"], "of two labels the first");
    }

    /// Changes gold by hand after all that agrees was accepted, and compares gold and how the cases stand.
    fn check_edit(layers: &[&str], operation: impl Fn(&Desk) -> Operation, gold: &str, standings: &[&str]) {
        let mut desk = Desk::new(layers);
        desk.accept();
        let operation = operation(&desk);
        let mut step = vec![operation.clone()];
        step.extend(with_edit(&desk.cases(), &operation, &desk.gold));
        desk.apply(&step);
        assert_eq!(desk.told(), gold);
        assert_eq!(desk.standings(), standings);
        assert!(unanimous(&desk.cases(), &desk.gold).is_empty(), "what was corrected does not come back");
    }

    #[test]
    fn an_edit_by_hand_decides_its_case() {
        let stands = |desk: &Desk, line: &str| desk.gold.mentions.get(layer(line)[0]).cloned().expect("stands");
        let new = |line: &str| Mention::new(layer(line)[0].span, layer(line)[0].label);
        let remove = |desk: &Desk| Operation::Remove(stands(desk, "PER 1..3"));
        let change = |desk: &Desk, to: &str| Operation::Replace { from: stands(desk, "PER 1..3"), to: new(to) };
        check_edit(&["PER 1..3"], remove, "", &["decided nothing"]);
        check_edit(&["PER 1..3"], |desk| change(desk, "PER 0..3"), "PER 0..3 edited", &["decided edited"]);
        let add = |line: &'static str| move |_: &Desk| Operation::Add(new(line));
        check_edit(&["PER 1..3", "PER 0..3"], add("PER 0..4"), "PER 0..4 edited", &["decided edited"]);
        check_edit(&["PER 1..3", "PER 0..3"], add("PER 0..3"), "PER 0..3 taken", &["decided taken"]);
        check_edit(&["ORG 0..9", "ORG 0..9"], add("LOC 5..9"), "ORG 0..9 unanimous, LOC 5..9 hand", &["agreed"]);
        check_edit(&["ORG 0..9", "ORG 1..9"], add("LOC 5..8"), "LOC 5..8 hand", &["open"]);
        check_edit(&["ORG 0..9"], add("LOC 15..18"), "ORG 0..9 unanimous, LOC 15..18 hand", &["agreed"]);
        let note = |desk: &Desk| {
            let from = stands(desk, "PER 1..3");
            Operation::Replace { to: Mention { note: Some("?".into()), ..from.clone() }, from }
        };
        check_edit(&["PER 1..3"], note, "PER 1..3 unanimous", &["agreed"]);
    }

    /// The choice that a number stands for.
    fn choice(case: &Case, number: usize) -> Choice {
        match number {
            0..3 => Choice::Reading(number % case.readings.len()),
            3 => Choice::Nothing,
            4 => Choice::Aside { question: None },
            _ => {
                boundaries(case).get(number - 5).map_or(Choice::Nothing, |mentions| Choice::Mentions(mentions.clone()))
            }
        }
    }

    /// Decides each case as `choices` tell, the cases in the order of `turn`.
    fn decide_all(desk: &mut Desk, choices: &[usize], turn: usize) {
        let count = desk.cases().len();
        for place in 0..count {
            let place = (place + turn) % count;
            let case = desk.case(place);
            let operations = decide(&case, choice(&case, choices[place % choices.len()]), None, &desk.gold);
            desk.apply(&operations);
        }
    }

    proptest! {
        #[test]
        fn deciding_undoing_and_redoing_in_any_order_gives_the_same_gold(
            layers in layers(3, 6),
            acts in proptest::collection::vec((0usize..4, 0usize..9, 0usize..8), 0..12),
            choices in proptest::collection::vec((0usize..8).prop_filter("decided", |choice| *choice != 4), 1..9),
            turn in 0usize..9,
        ) {
            let mut desk = Desk::of(layers.clone());
            let (mut done, mut undone): (Vec<Vec<Operation>>, Vec<Vec<Operation>>) = (Vec::new(), Vec::new());
            for (act, place, number) in acts {
                let cases = desk.cases();
                let Some(case) = cases.get(place % cases.len().max(1)) else { continue };
                let operations = match act {
                    0 => reopen(case, &desk.gold),
                    1 => { undone.extend(done.pop().map(|inverses| desk.apply(&inverses))); continue }
                    2 => { done.extend(undone.pop().map(|inverses| desk.apply(&inverses))); continue }
                    _ => decide(case, choice(case, number), None, &desk.gold),
                };
                done.push(desk.apply(&operations));
                undone.clear();
            }
            let after_acts = desk.gold.clone();
            let count = done.len();
            for _ in 0..count { undone.extend(done.pop().map(|inverses| desk.apply(&inverses))); }
            prop_assert_eq!(&desk.gold, &Layer::default());
            for _ in 0..count { done.extend(undone.pop().map(|inverses| desk.apply(&inverses))); }
            prop_assert_eq!(&desk.gold, &after_acts);

            let mut straight = Desk::of(layers);
            decide_all(&mut straight, &choices, 0);
            decide_all(&mut desk, &choices, turn);
            prop_assert!(desk.cases().iter().all(|case| !case.is_open()));
            prop_assert_eq!(&desk.gold.decisions, &straight.gold.decisions);
            prop_assert_eq!(desk.keys(), straight.keys());
        }

        #[test]
        fn whatever_changes_everything_can_be_decided_again(
            before in layers(3, 6),
            kept in proptest::collection::vec(any::<bool>(), 1..30),
            choices in proptest::collection::vec(0usize..8, 1..9),
            turn in 0usize..9,
        ) {
            // Afterwards each has some of what anyone had.
            let all: std::collections::BTreeSet<MentionKey> = before.iter().flatten().copied().collect();
            let mut is_kept = kept.iter().cycle();
            let mut some = || all.iter().copied().filter(|_| is_kept.next() == Some(&true)).collect::<Vec<_>>();
            let after: Vec<Vec<MentionKey>> = before.iter().map(|_| some()).collect();
            let mut desk = Desk::of(before);
            desk.accept();
            decide_all(&mut desk, &choices, turn);
            desk.read(after);
            let mut by_rule = desk.clone();
            let chosen: Vec<usize> = choices.iter().map(|choice| if *choice == 4 { 3 } else { *choice }).collect();
            // A silent case that is decided as nothing is gone: what is left is decided until nothing is.
            for _ in 0..desk.cases().len() {
                let Some(case) = desk.cases().into_iter().find(Case::is_open) else { break };
                let operations = decide(&case, choice(&case, chosen[0]), None, &desk.gold);
                desk.apply(&operations);
            }
            desk.accept();
            prop_assert!(desk.cases().iter().all(|case| !case.is_open()), "{:?}", desk.standings());
            for case in desk.cases() {
                let kept = match &case.standing { Standing::Decided(decision) => decision.gold.clone(), _ => case.common_reading().unwrap().to_vec() };
                prop_assert!(kept.iter().all(|key| desk.gold.mentions.get(*key).is_some()));
            }

            let plan = Plan { strategy: Rule::Union, threshold: 0.0, annotator: None };
            let operations = by_strategy(&plan, &by_rule.cases(), &by_rule.gold);
            by_rule.apply(&operations);
            prop_assert!(by_rule.cases().iter().all(|case| !case.is_open() || matches!(case.standing, Standing::Aside(_))));
            prop_assert!(unanimous(&by_rule.cases(), &by_rule.gold).is_empty());
        }
    }
}
