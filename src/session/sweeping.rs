//! Sweeping: deciding in the whole project what a strategy decides, or what is like one decision.
//!
//! Owns the way from the question to one step of the history and one transaction. What is done in an article is planned by `sweep`.

use crate::analysis::adjudicate::Plan;
use crate::domain::edit::{Bounds, Operation};
use crate::session::bulk::{self, LayerAct};
use crate::session::command::Command;
use crate::session::effect::Effect;
use crate::session::review::waits;
use crate::session::seeking;
use crate::session::state::{OpenProject, State};
use crate::session::sweep::{Exemplar, JOB, Sweep, SweepKind, SweepPlan, SweepQuestion};
use crate::words::message::Message;

/// Looks for what a strategy would decide.
pub fn ask_strategy(state: &mut State, plan: Plan, effects: &mut Vec<Effect>) {
    ask(state, SweepKind::Strategy(plan), effects);
}

/// Looks for disputes like the current one, if it is decided, or else the one that was decided last.
pub fn ask_like(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(project) = &state.project else { return };
    let open = project.open.as_ref();
    let current = open.and_then(|open| {
        let case = open.review.as_ref()?.current_case().filter(|case| !waits(case))?;
        Exemplar::of(case, &open.article)
    });
    match current.or_else(|| project.exemplar.clone()) {
        Some(exemplar) => ask(state, SweepKind::Like(Box::new(exemplar)), effects),
        None => state.say(Message::new("review-nothing-decided")),
    }
}

fn ask(state: &mut State, kind: SweepKind, effects: &mut Vec<Effect>) {
    let unfinished = state.settings.review.unfinished;
    let Some(project) = &mut state.project else { return };
    let number = project.next_asked();
    project.sweep = Some(Sweep { number, kind: kind.clone(), plan: None });
    let question = SweepQuestion { kind, labels: project.labels.clone(), rules: project.project.rules, unfinished };
    project.when_saved(Effect::Sweep { number, question: Box::new(question) }, effects);
}

/// Takes in what was planned; `None` when it was given up.
pub fn planned(state: &mut State, number: u64, plan: Option<SweepPlan>) {
    let Some(project) = &mut state.project else { return };
    let Some(sweep) = project.sweep.as_mut().filter(|sweep| sweep.number == number) else { return };
    match plan {
        Some(plan) => sweep.plan = Some(plan),
        None => project.sweep = None,
    }
    state.job.take_if(|job| job.what == JOB);
}

/// Lets go of what is, or was, looked for.
pub fn let_go(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    if project.sweep.take().is_some_and(|sweep| sweep.plan.is_none()) {
        // Whatever is asked of the finder next gives up what it is looking for.
        let id = project.next_asked();
        effects.push(Effect::Find { id, query: None });
        state.job.take_if(|job| job.what == JOB);
    }
}

/// Whether how far a search is still matters: what comes late is of one that was let go.
#[must_use]
pub fn is_awaited(state: &State, what: &str) -> bool {
    let project = state.project.as_ref();
    match what {
        JOB => project.and_then(|project| project.sweep.as_ref()).is_some_and(|sweep| sweep.plan.is_none()),
        seeking::JOB => project.is_some_and(|project| project.seeking.is_some()),
        _ => true,
    }
}

/// Does what was planned, as one step.
pub fn apply(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some(Sweep { plan: Some(plan), .. }) = project.sweep.take_if(|sweep| sweep.plan.is_some()) else { return };
    let SweepPlan { acts, refused, .. } = plan;
    let mut left = refused;
    // An article that was changed since it was read is left as it is.
    let (fresh, stale): (Vec<LayerAct>, Vec<LayerAct>) = acts.into_iter().partition(|act| is_fresh(project, act));
    left += stale.len();
    let decisions = fresh.iter().flat_map(|act| &act.operations).filter(|o| matches!(o, Operation::Decide(_))).count();
    let articles = fresh.len();
    if articles == 0 {
        return state.say(Message::new("sweep-nothing"));
    }
    if let Err(error) = bulk::act(project, fresh, effects) {
        return state.complain(Message::from(&error));
    }
    let done = Message::new("sweep-done").number("count", decisions).number("articles", articles);
    let message = match left {
        0 => done,
        left => Message::new("sweep-done-and-left").part("done", done).number("left", left),
    };
    state.toast(message, false, Some((Message::new("undo"), Command::Undo)));
}

/// Whether a layer is still the one that an act was planned for.
fn is_fresh(project: &OpenProject, act: &LayerAct) -> bool {
    match project.open.as_ref().filter(|open| open.article.id() == act.article) {
        Some(open) => {
            let bounds = Bounds { text_end: open.article.span().end, rules: project.project.rules };
            let mut layer = open.layer.clone();
            open.layer.version == act.version
                && crate::domain::edit::apply_all(&act.operations, &mut layer, bounds).is_ok()
        }
        None => project.saves.version(act.article, act.version) == act.version,
    }
}
