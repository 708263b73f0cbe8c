//! Suggesting: walking suggestions, accepting, correcting and rejecting them, one by one or all above a threshold.
//!
//! Owns the way from a decision to operations. It must not make a suggestion, nor count one as a mention before it is accepted.

use crate::domain::article::ArticleId;
use crate::domain::edit::Operation;
use crate::domain::label::LabelId;
use crate::domain::layer::AnnotatorId;
use crate::domain::mention::{Mention, Origin};
use crate::domain::offset::{CharOffset, Span};
use crate::domain::suggestion::{Rejection, Suggestion};
use crate::session::advice::Chosen;
use crate::session::command::{Command, Edge, Reach, SameCommand, Step, SuggestCommand};
use crate::session::effect::Effect;
use crate::session::marking::{self, nudged};
use crate::session::review::Mode;
use crate::session::same;
use crate::session::state::{Attention, OpenProject, State};
use crate::words::message::Message;

/// Does what the command says.
pub fn update(state: &mut State, command: SuggestCommand, effects: &mut Vec<Effect>) {
    match command {
        SuggestCommand::Step(step) => walk(state, step),
        SuggestCommand::Accept if chosen(state).is_some() => accept(state, None, effects),
        SuggestCommand::Accept => {
            same::update(state, SameCommand::Apply { reach: Reach::Here, suffixed: false }, effects);
        }
        SuggestCommand::Reject => reject(state, effects),
        SuggestCommand::Reshape(span) => {
            if let Some(open) = open(state).filter(|_| !span.is_empty()) {
                open.advice.reshape(span);
            }
        }
        SuggestCommand::AcceptAll => accept_all(state, effects),
        SuggestCommand::SetThreshold(threshold) => {
            state.settings.threshold = threshold.min(100);
            effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
        }
    }
}

fn open(state: &mut State) -> Option<&mut crate::session::state::OpenArticle> {
    state.project.as_mut()?.open.as_mut()
}

/// The suggestion that keys act on.
#[must_use]
pub fn chosen(state: &State) -> Option<&Chosen> {
    state.article()?.advice.chosen()
}

fn walk(state: &mut State, step: Step) {
    let Some(open) = open(state) else { return };
    let from = match (open.advice.chosen(), step) {
        // From the next place on, so that the chosen one is not found again.
        (Some(chosen), Step::Forward) => chosen.suggestion.span.start.plus(1),
        (Some(chosen), Step::Back) => chosen.suggestion.span.start,
        (None, _) => open.caret(),
    };
    match open.step_to(from, step) {
        Some(span) => state.attention = Some(Attention::Reveal(span)),
        None => state.say(Message::new("no-suggestions")),
    }
}

/// What a decision on the chosen suggestion comes to: accepted as it is, or, with another label or moved edges, corrected.
fn operations(chosen: &Chosen, label: Option<LabelId>) -> Vec<Operation> {
    let Chosen { suggestion, span } = chosen;
    let label = label.unwrap_or(suggestion.label);
    let mention = Mention::new(*span, label);
    if (*span, label) == (suggestion.span, suggestion.label) {
        return vec![Operation::Add(Mention { origin: Origin::Accepted(suggestion.engine), ..mention })];
    }
    let corrected = Mention { origin: Origin::Corrected(suggestion.engine), ..mention };
    vec![Operation::Reject(rejection(suggestion)), Operation::Add(corrected)]
}

fn rejection(suggestion: &Suggestion) -> Rejection {
    let Suggestion { span, label, engine, .. } = *suggestion;
    Rejection { span, label, engine }
}

/// Accepts the chosen suggestion, with another label when one is given, and chooses the next. A label out of use is not given.
pub fn accept(state: &mut State, label: Option<LabelId>, effects: &mut Vec<Effect>) {
    let Some(chosen) = chosen(state).cloned() else { return };
    let given = label.unwrap_or(chosen.suggestion.label);
    if state.project.as_ref().is_none_or(|project| !project.labels.is_active(given)) {
        return;
    }
    decide(state, operations(&chosen, label), chosen.span.end, effects);
}

fn reject(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(chosen) = chosen(state).cloned() else { return };
    decide(state, vec![Operation::Reject(rejection(&chosen.suggestion))], chosen.suggestion.span.end, effects);
}

/// Acts on a decision and goes on to the next suggestion after `end`; at the last one the caret stays there.
fn decide(state: &mut State, operations: Vec<Operation>, end: CharOffset, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    if let Err(error) = marking::act(project, operations, effects) {
        state.complain(Message::from(&error));
        return;
    }
    let Some(open) = &mut project.open else { return };
    if open.advice.open().iter().any(|suggestion| suggestion.span.start >= end)
        && let Some(span) = open.step_to(end, Step::Forward)
    {
        state.attention = Some(Attention::Reveal(span));
    }
}

fn accept_all(state: &mut State, effects: &mut Vec<Effect>) {
    let threshold = state.settings.threshold;
    let Some(project) = &mut state.project else { return };
    let Some(open) = &project.open else { return };
    let accepted = open.advice.above(threshold).map(|suggestion| {
        let origin = Origin::Accepted(suggestion.engine);
        Operation::Add(Mention { origin, ..Mention::new(suggestion.span, suggestion.label) })
    });
    let operations: Vec<Operation> = accepted.collect();
    let count = operations.len();
    if count == 0 {
        state.say(Message::new("no-suggestions-above"));
        return;
    }
    match marking::act(project, operations, effects) {
        Ok(()) => {
            let message = Message::new("accepted-all").number("count", count as u64);
            state.toast(message, false, Some((Message::new("undo"), Command::Undo)));
        }
        Err(error) => state.complain(Message::from(&error)),
    }
}

/// Moves an edge of the chosen suggestion by a word, before it is decided.
pub fn nudge(project: &mut OpenProject, edge: Edge, step: Step) {
    let span = |project: &OpenProject| -> Option<Span> {
        let open = project.open.as_ref()?;
        nudged(&open.article, open.advice.chosen()?.span, edge, step)
    };
    if let Some(span) = span(project)
        && let Some(open) = &mut project.open
    {
        open.advice.reshape(span);
    }
}

/// Takes in what the engines think of an article for an annotator, if both are still at work here.
pub fn advised(project: &mut OpenProject, article: ArticleId, annotator: AnnotatorId, suggestions: Vec<Suggestion>) {
    // A review shows what people said.
    let is_of_now = project.mode == Mode::Label && project.annotator.as_ref().is_some_and(|now| now.id == annotator);
    // What comes late may be about the layer of another annotator, or another article.
    if let Some(open) = project.open.as_mut().filter(|open| is_of_now && open.article.id() == article) {
        open.advice.take(suggestions, &project.labels, &open.layer);
    }
}
