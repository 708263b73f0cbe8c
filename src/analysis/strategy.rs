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
