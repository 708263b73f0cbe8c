//! Cases: the places that an adjudicator decides, and how each stands in the gold layer.
//!
//! Owns what belongs to which case. How a case is decided is `adjudicate`'s business.

use crate::analysis::align::{Cluster, Differences, aligned};
use crate::domain::decision::{Decision, Reading};
use crate::domain::layer::{AnnotatorId, Layer};
use crate::domain::mention::{Mention, MentionKey, Origin};
use crate::domain::offset::Span;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// A cluster and how it stands in the gold layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What the layers say.
    pub cluster: Cluster,
    /// The same with the annotators, in the order in which the layers were given.
    pub readings: Vec<Reading>,
    /// How it stands.
    pub standing: Standing,
    /// Decisions on other readings that concern this place: what was decided before the readings changed.
    pub earlier: Vec<Decision>,
    /// The mentions that are this case's alone to take out of the gold layer, sorted.
    claims: Vec<MentionKey>,
}

/// How a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All say so, and the gold layer has it or will have it.
    Agreed,
    /// It is decided.
    Decided(Decision),
    /// It is put aside.
    Aside(Decision),
    /// It has not been decided.
    Open,
    /// It was decided, but on other readings.
    Reopened(Decision),
}

impl Case {
    /// Whether it is still to be decided: open, reopened or put aside.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self.standing {
            Standing::Agreed | Standing::Decided(_) => false,
            Standing::Aside(_) | Standing::Open | Standing::Reopened(_) => true,
        }
    }

    /// The decision that [`Case::standing`] tells of.
    #[must_use]
    pub fn decision(&self) -> Option<&Decision> {
        match &self.standing {
            Standing::Agreed | Standing::Open => None,
            Standing::Decided(decision) | Standing::Aside(decision) | Standing::Reopened(decision) => Some(decision),
        }
    }

    /// What stands in `layer`, the gold layer, for this case, in order.
    #[must_use]
    pub fn gold(&self, layer: &Layer) -> Vec<MentionKey> {
        let listed = match &self.standing {
            Standing::Decided(decision) => decision.gold.as_slice(),
            _ => &[],
        };
        let keys: BTreeSet<MentionKey> = self.claims.iter().chain(listed).copied().collect();
        keys.into_iter().filter(|key| layer.mentions.get(*key).is_some()).collect()
    }

    /// The mentions of `gold` that are this case's alone, in order.
    pub(crate) fn claimed<'a>(&'a self, gold: &'a Layer) -> impl Iterator<Item = &'a Mention> {
        self.claims.iter().filter_map(|key| gold.mentions.get(*key))
    }

    /// Whether it is this case's alone to take `key` out of the gold layer.
    pub(crate) fn claims(&self, key: MentionKey) -> bool {
        self.claims.binary_search(&key).is_ok()
    }

    /// Whether somebody has `key` here.
    pub(crate) fn reads(&self, key: MentionKey) -> bool {
        self.readings.iter().any(|reading| reading.mentions.contains(&key))
    }

    /// What all say; `None` when they differ.
    pub(crate) fn common_reading(&self) -> Option<&[MentionKey]> {
        let first = self.readings.first()?;
        let all = self.readings.iter().all(|reading| reading.mentions == first.mentions);
        all.then_some(first.mentions.as_slice())
    }

    /// Whether nobody says anything: gold alone has, or had, something there.
    pub(crate) fn is_silent(&self) -> bool {
        self.readings.iter().all(|reading| reading.mentions.is_empty())
    }

    /// The readings as a decision remembers them: by annotator.
    pub(crate) fn seen(&self) -> Vec<Reading> {
        by_annotator(&self.readings)
    }
}

fn by_annotator(readings: &[Reading]) -> Vec<Reading> {
    let mut readings = readings.to_vec();
    readings.sort_unstable();
    readings
}

/// The cases of one article, in order of place: what `layers` say, an annotator each and only those who take part, and how it stands in
/// `gold`.
///
/// A decision stands for the readings that it saw. One on other readings concerns each case that has a mention of it, else the case that
/// it overlaps most; when nobody says anything there any more and the gold layer still has what it left, a case without mentions tells
/// of it. Where all agree nothing is to be decided, unless the gold layer says otherwise.
///
/// ```
/// use barchasb::analysis::case::{Standing, cases};
/// use barchasb::domain::label::LabelId;
/// use barchasb::domain::layer::{AnnotatorId, Layer};
/// use barchasb::domain::mention::MentionKey;
/// use barchasb::domain::offset::Span;
/// use uuid::Uuid;
/// let mention = |start, end| MentionKey { span: Span::from_chars(start, end), label: LabelId(Uuid::from_u128(1)) };
/// let annotator = |n| AnnotatorId(Uuid::from_u128(n));
/// let layers = [(annotator(1), vec![mention(1, 3), mention(5, 8)]), (annotator(2), vec![mention(0, 3), mention(5, 8)])];
/// let standings: Vec<Standing> = cases(&layers, &Layer::default()).into_iter().map(|case| case.standing).collect();
/// assert_eq!(standings, [Standing::Open, Standing::Agreed]);
/// ```
#[must_use]
pub fn cases(layers: &[(AnnotatorId, Vec<MentionKey>)], gold: &Layer) -> Vec<Case> {
    let mentions: Vec<&[MentionKey]> = layers.iter().map(|(_, mentions)| mentions.as_slice()).collect();
    let annotators: Vec<AnnotatorId> = layers.iter().map(|(annotator, _)| *annotator).collect();
    let mut court = Court::new(aligned(&mentions), &annotators, gold);
    court.hear_earlier();
    court.hear_withdrawn();
    court.close()
}

/// The cases while it is found out what belongs to which.
struct Court<'a> {
    annotators: &'a [AnnotatorId],
    gold: &'a Layer,
    cases: Vec<Case>,
    /// The decision on just the readings of each case.
    exact: Vec<Option<&'a Decision>>,
    /// The case that has a mention in its readings.
    readers: Vec<(MentionKey, usize)>,
    /// What standing decisions list, with the case.
    listed: BTreeSet<(MentionKey, usize)>,
    /// Mentions of the gold layer that belong to a case, by its number, for another reason.
    taken_up: BTreeSet<(usize, MentionKey)>,
}

impl<'a> Court<'a> {
    fn new(clusters: Vec<Cluster>, annotators: &'a [AnnotatorId], gold: &'a Layer) -> Self {
        let mut court = Self {
            annotators,
            gold,
            cases: Vec::with_capacity(clusters.len()),
            exact: Vec::with_capacity(clusters.len()),
            readers: Vec::new(),
            listed: BTreeSet::new(),
            taken_up: BTreeSet::new(),
        };
        for cluster in clusters {
            court.open(cluster);
        }
        court.readers.sort_unstable();
        court.readers.dedup();
        court
    }

    /// Opens a case; its number.
    fn open(&mut self, cluster: Cluster) -> usize {
        let number = self.cases.len();
        let keys = cluster.readings.iter().flatten().map(|key| (*key, number));
        self.readers.extend(keys);
        let readings: Vec<Reading> = self
            .annotators
            .iter()
            .zip(&cluster.readings)
            .map(|(annotator, mentions)| Reading { annotator: *annotator, mentions: mentions.clone() })
            .collect();
        let decisions = &self.gold.decisions;
        let exact = if decisions.is_empty() { None } else { decisions.on(cluster.span, &by_annotator(&readings)) };
        self.listed.extend(exact.iter().flat_map(|decision| &decision.gold).map(|key| (*key, number)));
        self.exact.push(exact);
        self.cases.push(Case { cluster, readings, standing: Standing::Open, earlier: Vec::new(), claims: Vec::new() });
        number
    }

    /// Opens a case of a place of which nobody says anything, unless there is one; its number.
    fn open_empty(&mut self, span: Span) -> usize {
        let is_here = |case: &Case| case.cluster.span == span && case.is_silent();
        if let Some(number) = self.cases.iter().position(is_here) {
            return number;
        }
        let readings = vec![Vec::new(); self.annotators.len()];
        self.open(Cluster { span, readings, differences: Differences::default() })
    }

    /// The case that reads a mention.
    fn reader(&self, key: MentionKey) -> Option<usize> {
        let place = self.readers.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        self.readers.get(place).map(|(_, number)| *number)
    }

    /// Of the cases in which somebody says something the one that overlaps a span most.
    fn nearest(&self, span: Span) -> Option<usize> {
        let overlap = |case: &Case| {
            let other = case.cluster.span;
            let common = span.end.min(other.end).get() - span.start.max(other.start).get();
            common * 1024 / span.union(other).len_chars().max(1)
        };
        let told =
            self.cases.iter().enumerate().filter(|(_, case)| case.cluster.span.overlaps(span) && !case.is_silent());
        told.max_by_key(|(number, case)| (overlap(case), Reverse(*number))).map(|(number, _)| number)
    }

    /// Gives each decision on other readings to the cases that it concerns.
    fn hear_earlier(&mut self) {
        let exact: BTreeSet<&Decision> = self.exact.iter().flatten().copied().collect();
        let gold = self.gold;
        for decision in gold.decisions.iter().filter(|decision| !exact.contains(decision)) {
            let stands = decision.gold.iter().any(|key| gold.mentions.get(*key).is_some());
            let said = decision.readings.iter().flat_map(|reading| &reading.mentions);
            let mut numbers: BTreeSet<usize> = said.chain(&decision.gold).filter_map(|key| self.reader(*key)).collect();
            let of_silence = decision.readings.iter().all(|reading| reading.mentions.is_empty());
            if numbers.is_empty() && !of_silence {
                numbers.extend(self.nearest(decision.span));
            }
            if numbers.is_empty() && stands {
                let number = self.open_empty(decision.span);
                if self.exact.get(number).is_some_and(|exact| *exact == Some(decision)) {
                    continue;
                }
                numbers.insert(number);
            }
            for number in numbers {
                let is_left = |key: &&MentionKey| self.reader(**key).is_none_or(|reader| reader == number);
                let left: Vec<(usize, MentionKey)> =
                    decision.gold.iter().filter(is_left).map(|key| (number, *key)).collect();
                self.taken_up.extend(left);
                if let Some(case) = self.cases.get_mut(number) {
                    case.earlier.push(decision.clone());
                }
            }
        }
    }

    /// Gives each mention that all once said and nobody says any more to the case that it overlaps most.
    fn hear_withdrawn(&mut self) {
        let gold = self.gold;
        let decided: BTreeSet<MentionKey> =
            gold.decisions.iter().flat_map(|decision| &decision.gold).copied().collect();
        for mention in gold.mentions.iter().filter(|mention| mention.origin == Origin::Unanimous) {
            let key = mention.key();
            if self.reader(key).is_some() || decided.contains(&key) {
                continue;
            }
            let number = self.nearest(key.span).unwrap_or_else(|| self.open_empty(key.span));
            self.taken_up.insert((number, key));
        }
    }

    /// Settles what each case may take out of the gold layer and how it stands.
    fn close(mut self) -> Vec<Case> {
        let claims: Vec<Vec<MentionKey>> = (0..self.cases.len()).map(|number| self.claims(number)).collect();
        let standings: Vec<Standing> =
            self.cases.iter().zip(&self.exact).map(|(case, exact)| self.standing(case, *exact)).collect();
        for ((case, claims), standing) in self.cases.iter_mut().zip(claims).zip(standings) {
            (case.claims, case.standing) = (claims, standing);
        }
        self.cases.sort_by_key(|case| case.cluster.span);
        self.cases
    }

    /// What is a case's alone: what it reads, what its decision lists and what it took up, but for what decisions of others list.
    fn claims(&self, number: usize) -> Vec<MentionKey> {
        let Some(case) = self.cases.get(number) else { return Vec::new() };
        let exact = self.exact.get(number).copied().flatten();
        let taken_up = self.taken_up.iter().filter(|(other, _)| *other == number).map(|(_, key)| key);
        let read = case.cluster.readings.iter().flatten();
        let mut claims: Vec<MentionKey> =
            read.chain(exact.iter().flat_map(|decision| &decision.gold)).chain(taken_up).copied().collect();
        claims.retain(|key| self.listing(*key).all(|other| other == number));
        claims.sort_unstable();
        claims.dedup();
        claims
    }

    /// The cases whose decisions list a mention.
    fn listing(&self, key: MentionKey) -> impl Iterator<Item = usize> {
        self.listed.range((key, 0)..=(key, usize::MAX)).map(|(_, number)| *number)
    }

    /// Whether a mention of the gold layer belongs to no case.
    fn is_free(&self, key: MentionKey) -> bool {
        self.reader(key).is_none()
            && self.listing(key).next().is_none()
            && !self.taken_up.iter().any(|(_, other)| *other == key)
    }

    /// How a case stands, from the decision on its readings, its earlier ones and the gold layer.
    fn standing(&self, case: &Case, exact: Option<&Decision>) -> Standing {
        // A silence that was decided once says nothing of what was decided since and is left over now.
        let is_left_over = !case.earlier.is_empty() && case.is_silent();
        if let Some(decision) = exact.filter(|_| !is_left_over) {
            let decision = decision.clone();
            return if decision.is_made() { Standing::Decided(decision) } else { Standing::Aside(decision) };
        }
        if let Some(common) = case.common_reading() {
            return self.standing_of_common(case, common);
        }
        match case.earlier.iter().find(|decision| decision.is_made()).or(case.earlier.first()) {
            Some(decision) => Standing::Reopened(decision.clone()),
            None => Standing::Open,
        }
    }

    /// How a case stands on which all agree: it is agreed unless gold has something else there.
    fn standing_of_common(&self, case: &Case, common: &[MentionKey]) -> Standing {
        let stands = |key: &MentionKey| self.gold.mentions.get(*key).is_some();
        let has_all = common.iter().all(stands);
        let is_other = |key: &MentionKey| stands(key) && self.reader(*key).is_none();
        let speaks_against =
            |decision: &&Decision| decision.is_made() && (!has_all || decision.gold.iter().any(is_other));
        if let Some(decision) = case.earlier.iter().find(speaks_against) {
            return Standing::Reopened(decision.clone());
        }
        let mut here = self.gold.mentions.overlapping(case.cluster.span);
        if has_all || !here.any(|mention| self.is_free(mention.key())) { Standing::Agreed } else { Standing::Open }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::analysis::adjudicate::{Choice, Plan, by_strategy, decide, unanimous};
    use crate::analysis::align::tests::{layer, line};
    use crate::domain::decision::{Ruling, Strategy};
    use crate::domain::edit::{Bounds, Operation, apply_all};
    use crate::domain::layer::Rules;
    use crate::domain::offset::CharOffset;
    use uuid::Uuid;

    /// Some layers and the gold layer in the making.
    #[derive(Clone)]
    pub(crate) struct Desk {
        pub(crate) layers: Vec<(AnnotatorId, Vec<MentionKey>)>,
        pub(crate) gold: Layer,
        pub(crate) overlaps: bool,
    }

    impl Desk {
        pub(crate) fn annotator(number: usize) -> AnnotatorId {
            // Not in the order of the numbers: readings are remembered by annotator, not as they come.
            AnnotatorId(Uuid::from_u128(100 - number as u128))
        }

        pub(crate) fn of(layers: Vec<Vec<MentionKey>>) -> Self {
            let mut desk = Self { layers: Vec::new(), gold: Layer::default(), overlaps: true };
            desk.read(layers);
            desk
        }

        pub(crate) fn new(lines: &[&str]) -> Self {
            let mut layers: Vec<Vec<MentionKey>> = lines.iter().map(|line| layer(line)).collect();
            layers.iter_mut().for_each(|layer| layer.sort());
            Self::of(layers)
        }

        /// Puts other layers in the place of these.
        pub(crate) fn read(&mut self, layers: Vec<Vec<MentionKey>>) {
            self.layers = (0..).map(Self::annotator).zip(layers).collect();
        }

        pub(crate) fn cases(&self) -> Vec<Case> {
            cases(&self.layers, &self.gold)
        }

        pub(crate) fn case(&self, number: usize) -> Case {
            self.cases()[number].clone()
        }

        /// Applies operations; gives those that take them back.
        pub(crate) fn apply(&mut self, operations: &[Operation]) -> Vec<Operation> {
            let rules = Rules { overlaps: self.overlaps, ..Rules::default() };
            let bounds = Bounds { text_end: CharOffset::new(100), rules };
            apply_all(operations, &mut self.gold, bounds).expect("operations apply in the order given")
        }

        pub(crate) fn accept(&mut self) {
            let operations = unanimous(&self.cases(), &self.gold);
            self.apply(&operations);
        }

        fn decide(&mut self, number: usize, choice: Choice) {
            let operations = decide(&self.case(number), choice, None, &self.gold);
            self.apply(&operations);
        }

        pub(crate) fn keys(&self) -> Vec<MentionKey> {
            self.gold.mentions.iter().map(Mention::key).collect()
        }

        /// The gold layer as `PER 1..3 taken, …`.
        pub(crate) fn told(&self) -> String {
            let words = self
                .gold
                .mentions
                .iter()
                .map(|mention| format!("{} {}", line(&[mention.key()]), mention.origin.name()));
            words.collect::<Vec<_>>().join(", ")
        }

        pub(crate) fn standings(&self) -> Vec<String> {
            let ruling = |decision: &Decision| match decision.ruling {
                Ruling::Taken(_) => "taken",
                Ruling::Nothing => "nothing",
                Ruling::Edited => "edited",
                Ruling::Strategy(strategy) => strategy.name(),
                Ruling::Aside => "aside",
            };
            let word = |case: Case| match case.standing {
                Standing::Agreed => "agreed".to_owned(),
                Standing::Open => "open".to_owned(),
                Standing::Aside(_) => "aside".to_owned(),
                Standing::Decided(decision) => format!("decided {}", ruling(&decision)),
                Standing::Reopened(decision) => format!("reopened {}", ruling(&decision)),
            };
            self.cases().into_iter().map(word).collect()
        }
    }

    /// Accepts what agrees, decides the other cases by these choices, then lets the layers change, and compares how the cases stand.
    fn check(before: &[&str], choices: &[Choice], after: &[&str], standings: &[&str]) -> Desk {
        let mut desk = Desk::new(before);
        desk.accept();
        for choice in choices {
            let open = desk.cases().iter().position(Case::is_open).expect("an open case");
            desk.decide(open, choice.clone());
        }
        desk.read(Desk::new(after).layers.into_iter().map(|(_, mentions)| mentions).collect());
        assert_eq!(desk.standings(), standings, "{before:?} {after:?}");
        desk
    }

    /// Decides all that is open as nothing, accepts the rest and compares the gold layer.
    fn check_rest(mut desk: Desk, gold: &str) {
        while let Some(open) = desk.cases().iter().position(Case::is_open) {
            desk.decide(open, Choice::Nothing);
        }
        desk.accept();
        assert_eq!(desk.told(), gold);
    }

    #[test]
    fn a_changed_reading_reopens_its_own_case_alone() {
        let before = ["PER 1..3, ORG 10..20, LOC 16..20, LOC 30..33", "PER 0..3, ORG 11..20, LOC 15..20, LOC 30..33"];
        let choices = [Choice::Reading(0), Choice::Nothing, Choice::Reading(1)];
        check(&before, &choices, &before, &["decided taken", "decided nothing", "decided taken", "agreed"]);
        let after = ["PER 1..3, ORG 10..21, LOC 16..20, LOC 30..33", before[1]];
        check(&before, &choices, &after, &["decided taken", "reopened nothing", "decided taken", "agreed"]);
        let after = ["PER 1..4, ORG 10..20, LOC 16..20, LOC 30..34", before[1]];
        let desk = check(&before, &choices, &after, &["reopened taken", "decided nothing", "decided taken", "open"]);
        check_rest(desk, "LOC 15..20 taken");
    }

    #[test]
    fn agreement_after_a_decision_is_heard_against_it() {
        let two = ["PER 1..3", "PER 0..3"];
        check(&two, &[Choice::Reading(0)], &["PER 1..3", "PER 1..3"], &["agreed"]);
        let desk = check(&two, &[Choice::Reading(1)], &["PER 1..3", "PER 1..3"], &["reopened taken"]);
        check_rest(desk, "");
        check(&two, &[Choice::Nothing], &["PER 1..3", "PER 1..3"], &["reopened nothing"]);
        check(&two, &[Choice::Aside { question: None }], &["PER 1..3", "PER 1..3"], &["agreed"]);
        // One decision on a whole, of which two places have come: it goes once.
        let split = ["ORG 6..10", "ORG 6..8, ORG 8..10"];
        let desk = check(&split, &[Choice::Reading(0)], &[split[1], split[1]], &["reopened taken", "reopened taken"]);
        let mut first = desk.clone();
        first.decide(0, Choice::Reading(0));
        assert_eq!(first.standings(), ["decided taken", "agreed"]);
        check_rest(first, "ORG 6..8 taken, ORG 8..10 unanimous");
        let plan = Plan { strategy: Strategy::Union, threshold: 0.0, annotator: None };
        let mut by_rule = desk;
        let operations = by_strategy(&plan, &by_rule.cases(), &by_rule.gold);
        by_rule.apply(&operations);
        assert_eq!(by_rule.told(), "ORG 6..8 decided:union, ORG 8..10 decided:union");
    }

    #[test]
    fn what_a_decision_lists_is_taken_out_with_it_alone() {
        let mut desk = Desk::new(&["ORG 0..10, LOC 5..8", "ORG 0..9"]);
        desk.decide(0, Choice::Mentions(layer("ORG 0..10, LOC 5..8")));
        desk.decide(1, Choice::Nothing);
        assert_eq!(desk.told(), "ORG 0..10 edited, LOC 5..8 edited");
        desk.decide(1, Choice::Reading(0));
        desk.decide(0, Choice::Reading(0));
        assert_eq!(desk.told(), "ORG 0..10 taken, LOC 5..8 taken");
        desk.decide(1, Choice::Nothing);
        assert_eq!(desk.told(), "ORG 0..10 taken");
    }

    #[test]
    fn what_is_withdrawn_does_not_stay() {
        let two = ["PER 1..3", "PER 0..3"];
        let desk = check(&two, &[Choice::Reading(0)], &["", ""], &["reopened taken"]);
        assert!(desk.case(0).is_silent());
        check_rest(desk, "");
        check(&two, &[Choice::Nothing], &["", ""], &[]);
        let agreed = ["PER 1..3", "PER 1..3"];
        check_rest(check(&agreed, &[], &["", ""], &["agreed"]), "");
        check_rest(check(&agreed, &[], &["PER 1..4", "PER 1..4"], &["agreed"]), "PER 1..4 unanimous");
        check_rest(check(&agreed, &[], &two, &["open"]), "");
        check_rest(check(&agreed, &[], &["PER 0..3", "PER 1..4"], &["open"]), "");
    }

    #[test]
    fn gold_of_another_source_is_asked_about() {
        let mut desk = Desk::new(&["PER 1..3", "PER 1..3"]);
        desk.gold.mentions.insert(Mention::new(Span::from_chars(0, 3), layer("PER 1..3")[0].label));
        assert_eq!(desk.standings(), ["open"]);
        desk.decide(0, Choice::Reading(0));
        assert_eq!(
            (desk.told().as_str(), desk.standings()),
            ("PER 0..3 hand, PER 1..3 taken", vec!["decided taken".to_owned()])
        );
    }
}
