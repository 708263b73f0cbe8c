//! Strategies: what a rule decides of the cases that are open.
//!
//! Owns how readings are counted. It decides nothing that a person has decided or put aside.

use crate::analysis::adjudicate::{Exchange, Settlement, restoring};
use crate::analysis::case::{Case, Standing};
use crate::domain::decision::{Reading, Ruling, Strategy};
use crate::domain::edit::Operation;
use crate::domain::layer::{AnnotatorId, Layer};
use crate::domain::mention::{MentionKey, Origin};
use std::collections::BTreeSet;

/// A strategy and what it needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The strategy.
    pub strategy: Strategy,
    /// For [`Strategy::Threshold`]: the share of annotators that must say so, from 0 to 1.
    pub threshold: f64,
    /// For [`Strategy::Annotator`]: whose readings stand.
    pub annotator: Option<AnnotatorId>,
}

impl Plan {
    /// What is to stand for a case; `None` when the strategy cannot tell.
    fn choice(&self, case: &Case) -> Option<Vec<MentionKey>> {
        let readings = case.readings.as_slice();
        let votes = |reading: &Reading| readings.iter().filter(|other| other.mentions == reading.mentions).count();
        match self.strategy {
            Strategy::Unanimous => case.common_reading().map(<[_]>::to_vec),
            Strategy::Majority => readings
                .iter()
                .find(|reading| votes(reading) * 2 > readings.len())
                .map(|reading| reading.mentions.clone()),
            Strategy::Threshold => {
                let most = readings.iter().map(votes).max()?;
                let mut winners = readings.iter().filter(|reading| votes(reading) == most);
                let winner = winners.next()?;
                let is_tie = winners.any(|other| other.mentions != winner.mentions);
                // A share such as 2/3 is seldom written to the last digit.
                let is_enough = most as f64 + 1e-9 >= self.threshold * readings.len() as f64;
                (is_enough && !is_tie).then(|| winner.mentions.clone())
            }
            Strategy::Annotator => readings
                .iter()
                .find(|reading| Some(reading.annotator) == self.annotator)
                .map(|reading| reading.mentions.clone()),
            Strategy::Union => {
                let all: BTreeSet<MentionKey> =
                    readings.iter().flat_map(|reading| &reading.mentions).copied().collect();
                Some(all.into_iter().collect())
            }
            Strategy::Intersection => {
                let first = readings.first()?;
                let by_all = |key: &&MentionKey| readings.iter().all(|reading| reading.mentions.contains(key));
                Some(first.mentions.iter().filter(by_all).copied().collect())
            }
        }
    }
}

/// What all say and the gold layer lacks, for places without a decision; what all said once and nobody says any more goes. `cases` are all
/// of the article's.
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
/// let layers = [(annotator(1), vec![mention(1, 3), mention(5, 7)]), (annotator(2), vec![mention(0, 3), mention(5, 7)])];
/// let mut gold = Layer::default();
/// apply_all(&unanimous(&cases(&layers, &gold), &gold), &mut gold, bounds)?;
/// assert_eq!(gold.mentions.iter().map(Mention::key).collect::<Vec<_>>(), [mention(5, 7)]);
/// # Ok::<(), EditError>(())
/// ```
#[must_use]
pub fn unanimous(cases: &[Case], gold: &Layer) -> Vec<Operation> {
    accepting(cases, gold).operations()
}

fn accepting(cases: &[Case], gold: &Layer) -> Exchange {
    let (mut out, mut into) = (Vec::new(), Vec::new());
    for case in cases.iter().filter(|case| case.standing == Standing::Agreed) {
        let read = case.common_reading().unwrap_or_default();
        let withdrawn =
            case.claimed(gold).filter(|mention| mention.origin == Origin::Unanimous && !read.contains(&mention.key()));
        out.extend(withdrawn.cloned().map(Operation::Remove));
        into.extend(restoring(case, gold));
    }
    Exchange { out, into }
}

/// What a strategy decides: the unanimous, then a decision for each case that is open or reopened and that it can decide; ties stay open,
/// and so does what was put aside, which waits for a person. `cases` are all of the article's.
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
/// # use barchasb::domain::decision::Strategy;
/// let layers = [1, 2, 3].map(|n| (annotator(n), if n == 1 { vec![mention(0, 3)] } else { vec![mention(1, 3)] }));
/// let mut gold = Layer::default();
/// let plan = Plan { strategy: Strategy::Majority, threshold: 0.5, annotator: None };
/// apply_all(&by_strategy(&plan, &cases(&layers, &gold), &gold), &mut gold, bounds)?;
/// assert_eq!(gold.mentions.iter().map(Mention::key).collect::<Vec<_>>(), [mention(1, 3)]);
/// # Ok::<(), EditError>(())
/// ```
#[must_use]
pub fn by_strategy(plan: &Plan, cases: &[Case], gold: &Layer) -> Vec<Operation> {
    let mut all = accepting(cases, gold);
    let open = cases.iter().filter(|case| matches!(case.standing, Standing::Open | Standing::Reopened(_)));
    for case in open {
        let Some(mentions) = plan.choice(case) else { continue };
        let ruling = Ruling::Strategy(plan.strategy);
        let settlement = Settlement { mentions, ruling, reason: None, question: None };
        let mut exchange = Exchange::settling(case, &settlement, gold);
        // An earlier decision may concern several cases; it goes once.
        exchange.out.retain(|operation| !all.out.contains(operation));
        all.out.append(&mut exchange.out);
        all.into.append(&mut exchange.into);
    }
    all.operations()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::case::tests::Desk;

    /// What a strategy makes of some layers: the gold layer, and how many cases are open still.
    fn check(plan: &Plan, layers: &[&str], gold: &str, open: usize) {
        let mut desk = Desk::new(layers);
        let operations = by_strategy(plan, &desk.cases(), &desk.gold);
        desk.apply(&operations);
        assert_eq!(desk.told(), gold, "{plan:?} {layers:?}");
        assert_eq!(desk.cases().iter().filter(|case| case.is_open()).count(), open, "{plan:?} {layers:?}");
        assert!(by_strategy(plan, &desk.cases(), &desk.gold).is_empty(), "nothing is decided twice");
    }

    fn plan(strategy: Strategy) -> Plan {
        Plan { strategy, threshold: 0.5, annotator: None }
    }

    #[test]
    fn each_strategy_decides_what_it_can() {
        let three = ["PER 1..3, LOC 5..7, ORG 9..11", "PER 0..3, LOC 5..7, ORG 9..11", "PER 1..3, ORG 9..12"];
        let two = ["PER 1..3", "PER 0..3"];
        check(&plan(Strategy::Unanimous), &["LOC 5..7, PER 9..12", "LOC 5..7, PER 9..13"], "LOC 5..7 unanimous", 1);
        let majority = "PER 1..3 decided:majority, LOC 5..7 decided:majority, ORG 9..11 decided:majority";
        check(&plan(Strategy::Majority), &three, majority, 0);
        check(&plan(Strategy::Majority), &two, "", 1);
        check(&plan(Strategy::Majority), &["PER 1..3", "", ""], "", 0);
        check(&plan(Strategy::Union), &two, "PER 0..3 decided:union, PER 1..3 decided:union", 0);
        check(&plan(Strategy::Intersection), &["PER 1..3, LOC 5..6", "PER 0..3, LOC 5..6"], "LOC 5..6 unanimous", 0);
    }

    #[test]
    fn a_threshold_is_a_share() {
        let three = ["PER 1..3", "PER 0..3", "PER 1..3"];
        let at = |threshold| Plan { strategy: Strategy::Threshold, threshold, annotator: None };
        check(&at(2.0 / 3.0), &three, "PER 1..3 decided:threshold", 0);
        check(&at(0.7), &three, "", 1);
        check(&at(0.5), &["PER 1..3", "PER 0..3"], "", 1);
        check(&at(0.0), &["PER 1..3", "PER 0..3", "LOC 1..3"], "", 1);
    }

    #[test]
    fn an_annotator_wins_who_takes_part() {
        let by = |annotator| Plan { strategy: Strategy::Annotator, threshold: 0.0, annotator };
        let layers = ["PER 1..3, LOC 6..8", "PER 0..3"];
        check(&by(Some(Desk::annotator(1))), &layers, "PER 0..3 decided:annotator", 0);
        check(&by(Some(Desk::annotator(2))), &layers, "", 2);
        check(&by(None), &layers, "", 2);
    }

    #[test]
    fn what_a_person_decided_or_put_aside_stays() {
        use crate::analysis::adjudicate::{Choice, decide};
        let mut desk = Desk::new(&["PER 1..3, LOC 6..8, ORG 9..12", "PER 0..3"]);
        for (number, choice) in [(0, Choice::Reading(1)), (1, Choice::Aside { question: Some("?".into()) })] {
            let operations = decide(&desk.case(number), choice, None, &desk.gold);
            desk.apply(&operations);
        }
        let operations = by_strategy(&plan(Strategy::Union), &desk.cases(), &desk.gold);
        desk.apply(&operations);
        assert_eq!(desk.told(), "PER 0..3 taken, ORG 9..12 decided:union");
        assert_eq!(desk.standings(), ["decided taken", "aside", "decided union"]);
    }
}
