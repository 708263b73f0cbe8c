//! Sweeps: what a strategy, or one decision made again, would decide in the whole project.
//!
//! Owns how disputes are known to be alike and what is planned for one article. It reads no store and changes no layer.

use crate::analysis::adjudicate::{Case, Choice, Plan, Standing, by_strategy, decide, unanimous};
use crate::domain::article::{Article, ArticleId};
use crate::domain::decision::Ruling;
use crate::domain::edit::{Bounds, Operation, apply_all};
use crate::domain::fold::folded;
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::layer::{Layer, Rules};
use crate::domain::mention::{MentionKey, Origin};
use crate::domain::offset::Span;
use crate::exchange::adjudged::Adjudged;
use crate::session::bulk::LayerAct;
use crate::session::review::waits;
use crate::session::reviewing::in_order;
use crate::store::review::LayerOf;
use std::collections::BTreeSet;

/// What the job is called while it is told how far it is.
pub const JOB: &str = "job-sweep";

/// How many places a preview shows.
const PLACES_SHOWN: usize = 200;

/// What is done in the whole project.
#[derive(Clone, Debug, PartialEq)]
pub enum SweepKind {
    /// All disputes like one are decided as it was.
    Like(Box<Exemplar>),
    /// A strategy decides.
    Strategy(Plan),
}

/// Something that is to be done in the whole project, while it is looked for, and then until it is done or let go.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// Its number.
    pub number: u64,
    /// What.
    pub kind: SweepKind,
    /// What it comes to; `None` until all of it is known.
    pub plan: Option<SweepPlan>,
}

/// What a sweep needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepQuestion {
    /// What is to be done.
    pub kind: SweepKind,
    /// The project's labels.
    pub labels: LabelSet,
    /// The project's rules.
    pub rules: Rules,
    /// Whether annotators who are not done with an article take part.
    pub unfinished: bool,
}

/// What a sweep comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SweepPlan {
    /// Disputes that it decides.
    pub cases: usize,
    /// Mentions that all say and that come into the gold layer with it.
    pub agreed: usize,
    /// Articles that are done by it.
    pub finished: usize,
    /// Articles that it cannot change: the project's rules forbid what would stand there.
    pub refused: usize,
    /// The first of the places that it decides.
    pub places: Vec<SweepPlace>,
    /// What it does to each gold layer, in order of import.
    pub acts: Vec<LayerAct>,
}

/// A place that a sweep decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepPlace {
    /// The article.
    pub article: ArticleId,
    /// Its name.
    pub name: String,
    /// Where.
    pub span: Span,
    /// The text there.
    pub surface: String,
    /// What would stand: text and label.
    pub gold: Vec<(String, LabelId)>,
    /// Whether it would be put aside.
    pub aside: bool,
}

/// Mentions, relative to the beginning of their case: start, length, label.
type Shape = Vec<(usize, usize, LabelId)>;

/// By what disputes are known to be alike: the folded text of the place, and what the annotators say there, whoever says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    surface: String,
    readings: BTreeSet<Shape>,
}

/// A dispute that was decided, as an example for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemplar {
    /// The text of its place.
    pub surface: String,
    likeness: Likeness,
    outcome: Outcome,
    reason: Option<Box<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Stands(Shape),
    Aside(Option<Box<str>>),
}

fn shape(mentions: &[MentionKey], place: Span) -> Option<Shape> {
    let relative = |key: &MentionKey| {
        Some((key.span.start.get().checked_sub(place.start.get())?, key.span.len_chars(), key.label))
    };
    mentions.iter().map(relative).collect()
}

fn placed(shape: &Shape, place: Span) -> Vec<MentionKey> {
    let key = |(start, len, label): &(usize, usize, LabelId)| {
        let start = place.start.plus(*start);
        MentionKey { span: Span::new(start, start.plus(*len)), label: *label }
    };
    shape.iter().map(key).collect()
}

fn likeness(case: &Case, article: &Article) -> Option<Likeness> {
    let place = case.cluster.span;
    let surface = folded(article.surface(place)?);
    let readings = case.readings.iter().map(|reading| shape(&reading.mentions, place)).collect::<Option<_>>()?;
    Some(Likeness { surface, readings })
}

impl Exemplar {
    /// The example that a decided case sets; `None` when it is not decided, or by something outside its place.
    #[must_use]
    pub fn of(case: &Case, article: &Article) -> Option<Self> {
        let (Standing::Decided(decision) | Standing::Aside(decision)) = &case.standing else { return None };
        let outcome = match decision.ruling {
            Ruling::Aside => Outcome::Aside(decision.question.clone()),
            _ => Outcome::Stands(shape(&decision.gold, case.cluster.span)?),
        };
        let surface = article.surface(case.cluster.span)?.to_owned();
        Some(Self { surface, likeness: likeness(case, article)?, outcome, reason: decision.reason.clone() })
    }

    /// What is chosen for a case that is like it and waits; `None` for any other.
    fn choice(&self, case: &Case, article: &Article) -> Option<Choice> {
        if !waits(case) || likeness(case, article).as_ref() != Some(&self.likeness) {
            return None;
        }
        Some(match &self.outcome {
            Outcome::Stands(shape) => Choice::Mentions(placed(shape, case.cluster.span)),
            Outcome::Aside(question) => Choice::Aside { question: question.clone() },
        })
    }
}

impl SweepQuestion {
    /// Adds to `plan` what is to be done in an article of which these are all the layers.
    pub fn take_in(&self, article: &Article, layers: Vec<LayerOf>, plan: &mut SweepPlan) {
        let Some(adjudged) = Adjudged::new(&layers, &self.labels, self.unfinished) else { return };
        let bounds = Bounds { text_end: article.span().end, rules: self.rules };
        let Some((mut operations, after)) = self.operations(article, &adjudged.cases, &adjudged.gold, bounds) else {
            plan.refused += 1;
            return;
        };
        // A dispute that was found nowhere leaves the article as it is; a strategy also ends where all agree.
        if !operations.is_empty() || matches!(self.kind, SweepKind::Strategy(_)) {
            let (ending, is_done) = adjudged.ending(&adjudged.cases_in(&after), &after);
            plan.finished += usize::from(is_done);
            operations.extend(ending);
        }
        // What was decided before the labels were merged is not decided by this.
        tell(article, &operations, plan);
        let (version, status) = (adjudged.stored.version, adjudged.stored.status);
        if let Some(operations) = adjudged.saved(operations) {
            plan.acts.push(LayerAct { article: article.id(), version, status, operations });
        }
    }

    /// The operations in one article, and the gold layer after them; `None` when the rules forbid them.
    fn operations(
        &self,
        article: &Article,
        cases: &[Case],
        gold: &Layer,
        bounds: Bounds,
    ) -> Option<(Vec<Operation>, Layer)> {
        let mut after = gold.clone();
        let operations = match &self.kind {
            SweepKind::Strategy(plan) => {
                let operations = by_strategy(plan, cases, gold);
                apply_all(&operations, &mut after, bounds).ok()?;
                operations
            }
            SweepKind::Like(exemplar) => {
                let mut operations = Vec::new();
                for case in cases {
                    let Some(choice) = exemplar.choice(case, article) else { continue };
                    let here = in_order(decide(case, choice, exemplar.reason.clone(), &after));
                    apply_all(&here, &mut after, bounds).ok()?;
                    operations.extend(here);
                }
                if !operations.is_empty() {
                    let agreed = in_order(unanimous(cases, &after));
                    apply_all(&agreed, &mut after, bounds).ok()?;
                    operations.extend(agreed);
                }
                operations
            }
        };
        Some((operations, after))
    }
}

/// Counts and shows what is to be done in an article.
fn tell(article: &Article, operations: &[Operation], plan: &mut SweepPlan) {
    for operation in operations {
        match operation {
            Operation::Decide(decision) => {
                plan.cases += 1;
                if plan.places.len() < PLACES_SHOWN {
                    let text = |span| article.surface(span).unwrap_or_default().to_owned();
                    let gold = decision.gold.iter().map(|key| (text(key.span), key.label)).collect();
                    let (span, surface) = (decision.span, text(decision.span));
                    let name = article.name().to_owned();
                    let aside = decision.ruling == Ruling::Aside;
                    plan.places.push(SweepPlace { article: article.id(), name, span, surface, gold, aside });
                }
            }
            Operation::Add(mention) if mention.origin == Origin::Unanimous => plan.agreed += 1,
            _ => {}
        }
    }
}
