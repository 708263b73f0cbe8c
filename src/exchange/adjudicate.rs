//! Adjudication of a whole project by a strategy, without a window.
//!
//! Owns the walk through the articles and what came of it. What is decided in an article is `analysis`' business; it ends as it would in
//! the window. A hundred articles are saved at a time, and an article never in parts: whatever stops it, the project is sound, and the
//! next run goes on where this one stopped.

use crate::analysis::adjudicate::{Case, Plan, by_strategy};
use crate::analysis::ending::waits;
use crate::domain::decision::GOLD;
use crate::domain::edit::{Bounds, Operation, apply_all};
use crate::domain::label::LabelSet;
use crate::domain::layer::Rules;
use crate::domain::mention::Origin;
use crate::exchange::adjudged::Adjudged;
use crate::store::contract::{Saved, Store, StoreError};
use crate::store::review::{Review, Reviewed};
use std::ops::ControlFlow;

/// How many articles are read, and then saved in one transaction.
const BATCH: usize = 100;

/// How a project is adjudicated.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjudication {
    /// The strategy.
    pub plan: Plan,
    /// Whether annotators who are not done with an article take part in it.
    pub unfinished: bool,
    /// Whether nothing is written.
    pub dry_run: bool,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Adjudicated {
    /// Articles in which at least one annotator takes part.
    pub articles: u64,
    /// Of these, those whose gold layer was changed.
    pub changed: u64,
    /// Of these, those that came to be done.
    pub done: u64,
    /// Of these, those that the rules of the project do not allow to be so.
    pub refused: u64,
    /// Disputes that the strategy decided.
    pub decided: u64,
    /// Mentions that all say and that came into the gold layer.
    pub agreed: u64,
    /// Disputes that are left open: ties, or below the threshold.
    pub open: u64,
    /// Disputes that were put aside before, and so wait for a person.
    pub aside: u64,
}

/// Adjudicates the project. `progress` gets the number of articles so far and can stop it between two batches.
///
/// # Errors
/// [`StoreError`]; batches that were saved before stand.
pub fn adjudicate<S: Store + Review>(
    store: &mut S,
    how: &Adjudication,
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Adjudicated, StoreError> {
    let (labels, rules) = (store.labels()?, store.project()?.rules);
    let mut adjudicated = Adjudicated::default();
    let mut gold = None;
    let mut after = None;
    loop {
        let (mut batch, mut read) = (Vec::new(), 0);
        store.each_reviewed(after, &mut |reviewed| {
            read += 1;
            after = Some(reviewed.article.id());
            batch.extend(act(&reviewed, how, &labels, rules, &mut adjudicated));
            if read < BATCH { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        if !batch.is_empty() && !how.dry_run {
            let annotator = match gold {
                Some(annotator) => annotator,
                None => *gold.insert(store.annotator(GOLD)?.id),
            };
            store.save(annotator, &batch)?;
        }
        if read < BATCH || progress(adjudicated.articles).is_break() {
            return Ok(adjudicated);
        }
    }
}

/// What is to be done in an article; `None` when it stays as it is.
fn act(
    reviewed: &Reviewed,
    how: &Adjudication,
    labels: &LabelSet,
    rules: Rules,
    adjudicated: &mut Adjudicated,
) -> Option<Saved> {
    let adjudged = Adjudged::new(&reviewed.layers, labels, how.unfinished)?;
    adjudicated.articles += 1;
    let mut operations = by_strategy(&how.plan, &adjudged.cases, &adjudged.gold);
    let mut after = adjudged.gold.clone();
    let bounds = Bounds { text_end: reviewed.article.span().end, rules };
    if apply_all(&operations, &mut after, bounds).is_err() {
        adjudicated.refused += 1;
        leave(&adjudged.cases, adjudicated);
        return None;
    }
    let left = adjudged.cases_in(&after);
    leave(&left, adjudicated);
    let (ending, is_done) = adjudged.ending(&left, &after);
    adjudicated.done += u64::from(is_done);
    operations.extend(ending);
    for operation in &operations {
        match operation {
            Operation::Decide(_) => adjudicated.decided += 1,
            Operation::Add(mention) if mention.origin == Origin::Unanimous => adjudicated.agreed += 1,
            _ => {}
        }
    }
    let (article, base) = (reviewed.article.id(), adjudged.stored.version);
    let operations = adjudged.saved(operations)?;
    adjudicated.changed += 1;
    Some(Saved::Layer { article, base, operations })
}

/// Counts what is left of the cases.
fn leave(left: &[Case], adjudicated: &mut Adjudicated) {
    adjudicated.open += left.iter().filter(|case| waits(case)).count() as u64;
    adjudicated.aside += left.iter().filter(|case| !waits(case) && case.is_open()).count() as u64;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decision::Strategy;
    use crate::domain::layer::Status;
    use crate::domain::offset::Span;
    use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
    use crate::store::sqlite::{SqliteStore, default_labels};

    type Said = &'static [(usize, usize, &'static str)];

    /// A project of `articles` articles alike, labelled by so many annotators, all done.
    fn project(articles: usize, said: &[Said], rules: Rules) -> (tempfile::TempDir, SqliteStore) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = SqliteStore::create(&folder.path().join("p.barchasb"), rules, default_labels()).unwrap();
        let layer = |(number, said): (usize, &Said)| {
            let mentions = said.iter().map(|(start, end, label)| MentionRecord {
                span: Span::from_chars(*start, *end),
                label: (*label).into(),
                note: None,
                origin: Origin::Import,
            });
            let annotator = Some(format!("r{number}"));
            LayerRecord { annotator, status: Status::Done, mentions: mentions.collect(), ..LayerRecord::default() }
        };
        let record = |number: usize| ArticleRecord {
            name: Some(number.to_string()),
            text: format!("سردار حسین اشتری در تهران گفت {number}"),
            layers: said.iter().enumerate().map(layer).collect(),
            ..ArticleRecord::default()
        };
        store.import(&mut (0..articles).map(record), "x").unwrap();
        (folder, store)
    }

    fn how(strategy: Strategy) -> Adjudication {
        Adjudication { plan: Plan { strategy, threshold: 0.6, annotator: None }, unfinished: false, dry_run: false }
    }

    fn run(store: &mut SqliteStore, how: &Adjudication) -> Adjudicated {
        adjudicate(store, how, &mut |_| ControlFlow::Continue(())).unwrap()
    }

    /// What comes of one article: decided, agreed, left open, done; a second run changes nothing, and a dry run tells the same.
    fn check(said: &[Said], strategy: Strategy, expected: (u64, u64, u64, u64)) {
        let (_folder, mut store) = project(1, said, Rules::default());
        let dry = run(&mut store, &Adjudication { dry_run: true, ..how(strategy) });
        assert_eq!(store.annotators().unwrap().len(), said.len(), "a dry run makes nobody");
        let found = run(&mut store, &how(strategy));
        assert_eq!((found.decided, found.agreed, found.open, found.done), expected, "{strategy:?}");
        assert_eq!(dry, found);
        let again = run(&mut store, &how(strategy));
        assert_eq!((again.changed, again.decided, again.agreed, again.done, again.open), (0, 0, 0, 0, found.open));
    }

    const TITLED: Said = &[(0, 16, "PER"), (20, 25, "LOC")];
    const PLAIN: Said = &[(6, 16, "PER"), (20, 25, "LOC")];

    #[test]
    fn strategies_decide_what_they_can() {
        check(&[TITLED, PLAIN], Strategy::Majority, (0, 1, 1, 0));
        check(&[TITLED, PLAIN], Strategy::Unanimous, (0, 1, 1, 0));
        check(&[TITLED, PLAIN, PLAIN], Strategy::Majority, (1, 1, 0, 1));
        check(&[TITLED, PLAIN, PLAIN], Strategy::Threshold, (1, 1, 0, 1));
        check(&[TITLED, PLAIN], Strategy::Intersection, (1, 1, 0, 1));
        check(&[TITLED, TITLED], Strategy::Unanimous, (0, 2, 0, 1));
        check(&[&[], &[]], Strategy::Majority, (0, 0, 0, 1));
    }

    #[test]
    fn what_the_rules_forbid_is_left_alone() {
        let (_folder, mut store) = project(1, &[TITLED, PLAIN], Rules { overlaps: false, ..Rules::default() });
        let found = run(&mut store, &how(Strategy::Union));
        assert_eq!((found.refused, found.changed, found.decided, found.open), (1, 0, 0, 1));
    }

    #[test]
    fn what_was_decided_stays_when_labels_are_merged() {
        const WIDE: Said = &[(0, 16, "PER"), (17, 25, "LOC")];
        let (_folder, mut store) = project(1, &[WIDE, TITLED], Rules::default());
        assert_eq!(run(&mut store, &how(Strategy::Union)).decided, 1);
        let set = store.labels().unwrap();
        let organisation = set.by_name("ORG").unwrap().id;
        let mut place = set.by_name("LOC").unwrap().clone();
        place.merged_into = Some(organisation);
        let gold = store.annotator(GOLD).unwrap().id;
        store.save(gold, &[Saved::Label(place)]).unwrap();
        let again = run(&mut store, &how(Strategy::Intersection));
        assert_eq!((again.decided, again.open), (0, 0), "a decision holds for the labels that show");
    }

    #[test]
    fn a_run_that_was_stopped_is_gone_on_with() {
        let (_folder, mut store) = project(2 * BATCH + 5, &[TITLED, PLAIN, PLAIN], Rules::default());
        let plan = how(Strategy::Majority);
        let stopped = adjudicate(&mut store, &plan, &mut |_| ControlFlow::Break(())).unwrap();
        assert_eq!((stopped.articles, stopped.done), (BATCH as u64, BATCH as u64));
        assert!(store.check(&mut |_, _| ControlFlow::Continue(())).unwrap().is_empty());
        let rest = run(&mut store, &plan);
        assert_eq!((rest.articles, rest.changed, rest.done), (205, 105, 105));
        assert_eq!(run(&mut store, &plan).changed, 0);
    }
}
