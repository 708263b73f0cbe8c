//! Marking: labelling, relabelling, resizing, removing and noting mentions, and undo and redo of it all.
//!
//! Owns the way from a command to operations, history and the save queue: one interaction, one step, one transaction.

use crate::domain::article::Article;
use crate::domain::edit::{Change, EditError, Operation, Step as HistoryStep, apply_all};
use crate::domain::layer::Status;
use crate::domain::mention::{Mention, Origin};
use crate::domain::offset::Span;
use crate::domain::suggestion::Rejection;
use crate::session::command::{Command, Edge, MarkCommand, Step, SuggestCommand};
use crate::session::effect::{Effect, Target};
use crate::session::review::Mode;
use crate::session::saving;
use crate::session::selecting::{next_from, previous_from};
use crate::session::state::{Attention, OpenProject, State};
use crate::session::{finding, reviewing, same, suggesting};
use crate::store::contract::Saved;
use crate::words::message::Message;

/// Does what the command says.
pub fn update(state: &mut State, command: MarkCommand, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    if let MarkCommand::Arm(label) = command {
        project.armed = (project.armed != Some(label)).then_some(label);
        return;
    }
    // What a key gives again: the label of the last mention that got one here.
    let labels = matches!(command, MarkCommand::Label(_) | MarkCommand::AlsoLabel(_));
    if project.open.as_ref().is_some_and(|open| open.advice.chosen().is_some()) {
        let repeated = project.last_label.filter(|_| command == MarkCommand::Repeat);
        if let MarkCommand::Label(label) = command
            && project.labels.is_active(label)
        {
            project.last_label = Some(label);
        }
        match command {
            MarkCommand::Label(label) => return suggesting::accept(state, Some(label), effects),
            MarkCommand::Repeat if repeated.is_some() => return suggesting::accept(state, repeated, effects),
            MarkCommand::Remove => return suggesting::update(state, SuggestCommand::Reject, effects),
            MarkCommand::Nudge { edge, step } => return suggesting::nudge(project, edge, step),
            _ => {}
        }
    }
    let removing = matches!(command, MarkCommand::Remove);
    // A note can arrive after another mention was selected: that one stays selected.
    let noting = matches!(command, MarkCommand::Note { .. });
    let Some(operation) = operation(project, command) else { return };
    let operations = match project.mode {
        Mode::Label => with_rejection(project, &operation),
        Mode::Review => reviewing::with_case(project, &operation),
    };
    match act(project, operations, effects) {
        Ok(()) => {
            if let Some(given) = operation.result().filter(|_| labels) {
                project.last_label = Some(given.label);
            }
            if let Some(open) = &mut project.open
                && !noting
            {
                match operation.result().map(Mention::key) {
                    Some(key) => {
                        open.select_mention(key);
                    }
                    None => open.selected = None,
                }
            }
            same::offer(project, &operation, effects);
            if removing {
                state.toast(Message::new("mention-removed"), false, Some((Message::new("undo"), Command::Undo)));
            }
        }
        Err(error) => state.complain(Message::from(&error)),
    }
}

/// An operation with what goes with it: a suggestion that was accepted and is removed again is rejected.
fn with_rejection(project: &OpenProject, operation: &Operation) -> Vec<Operation> {
    let mut operations = vec![operation.clone()];
    if let Operation::Remove(Mention { span, label, origin: Origin::Accepted(engine), .. }) = operation
        && let Some(open) = &project.open
        && !open.layer.rejections.contains(*span, *label)
    {
        operations.push(Operation::Reject(Rejection { span: *span, label: *label, engine: *engine }));
    }
    operations
}

/// The operation that a command comes to; `None` when there is nothing for it to act on.
fn operation(project: &OpenProject, command: MarkCommand) -> Option<Operation> {
    let open = project.open.as_ref()?;
    match command {
        MarkCommand::Label(label) => {
            if !project.labels.is_active(label) {
                return None;
            }
            let on_selection = || open.with_span(open.target()?);
            let standing = if open.selecting { on_selection() } else { open.selected_mention().or_else(on_selection) };
            match standing {
                Some(mention) if project.labels.shown(mention.label) == label => {
                    Some(Operation::Remove(mention.clone()))
                }
                Some(mention) => {
                    Some(Operation::Replace { from: mention.clone(), to: Mention { label, ..mention.clone() } })
                }
                None => Some(Operation::Add(Mention::new(open.target()?, label))),
            }
        }
        MarkCommand::AlsoLabel(label) => {
            let span = match open.advice.chosen() {
                Some(chosen) => chosen.span,
                None if open.selecting => open.target()?,
                None => open.selected.map(|mention| mention.span).or(open.target())?,
            };
            project.labels.is_active(label).then(|| Operation::Add(Mention::new(span, label)))
        }
        MarkCommand::Repeat => {
            let again = operation(project, MarkCommand::Label(project.last_label?))?;
            (!matches!(again, Operation::Remove(_))).then_some(again)
        }
        MarkCommand::Remove => Some(Operation::Remove(open.selected_mention()?.clone())),
        MarkCommand::Nudge { edge, step } => {
            let mention = open.selected_mention()?;
            let span = nudged(&open.article, mention.span, edge, step)?;
            Some(Operation::Replace { from: mention.clone(), to: Mention { span, ..mention.clone() } })
        }
        MarkCommand::Resize { mention, span } => {
            let mention = open.mention(mention)?;
            (span != mention.span && !span.is_empty())
                .then(|| Operation::Replace { from: mention.clone(), to: Mention { span, ..mention.clone() } })
        }
        MarkCommand::Note { mention, note } => {
            let mention = open.mention(mention)?;
            let note = (!note.trim().is_empty()).then(|| Box::from(note.trim()));
            (note != mention.note)
                .then(|| Operation::Replace { from: mention.clone(), to: Mention { note, ..mention.clone() } })
        }
        MarkCommand::Arm(_) => None,
    }
}

/// The span with one edge moved by a word; `None` when there is no word to move to.
#[must_use]
pub fn nudged(article: &Article, span: Span, edge: Edge, step: Step) -> Option<Span> {
    let moved = match (edge, step) {
        (Edge::End, Step::Forward) => Span { end: next_from(article, span.end)?.end, ..span },
        (Edge::Start, Step::Back) => Span { start: previous_from(article, span.start)?.start, ..span },
        (Edge::End, Step::Back) => {
            let last = previous_from(article, span.end)?;
            Span { end: previous_from(article, last.start)?.end, ..span }
        }
        (Edge::Start, Step::Forward) => {
            let first = next_from(article, span.start)?;
            Span { start: next_from(article, first.end)?.start, ..span }
        }
    };
    (moved.start < moved.end).then_some(moved)
}

/// Applies operations to the open layer as one step of the history and one action to save.
///
/// # Errors
/// [`EditError`]; nothing has changed then.
pub fn act(
    project: &mut OpenProject,
    mut operations: Vec<Operation>,
    effects: &mut Vec<Effect>,
) -> Result<(), EditError> {
    let Some(open) = &project.open else { return Ok(()) };
    let article = open.article.id();
    let sets_status = operations.iter().any(|o| matches!(o, Operation::SetStatus { .. }));
    if open.layer.status == Status::New && !sets_status {
        operations.push(Operation::SetStatus { from: Status::New, to: Status::InProgress });
    }
    let part = apply(project, &operations)?;
    // What was offered after the act before is past: a key must not do it by surprise.
    project.same = None;
    project.history.record(HistoryStep { changes: vec![Change::Layer { article, operations }] });
    project.saves.push(vec![part]);
    saving::pump(project, effects);
    Ok(())
}

/// Applies operations to the open layer and what is derived from it, and gives the part to save.
///
/// # Errors
/// [`EditError`]; nothing has changed then.
pub fn apply(project: &mut OpenProject, operations: &[Operation]) -> Result<Saved, EditError> {
    let bounds = project.bounds();
    let (Some(open), Some(bounds)) = (&mut project.open, bounds) else { return Err(EditError::StatusMoved) };
    let known = open.layer.version;
    apply_all(operations, &mut open.layer, bounds)?;
    for operation in operations {
        let (gone, come) = match operation {
            Operation::Add(m) => (None, Some(m)),
            Operation::Remove(m) => (Some(m), None),
            Operation::Replace { from, to } => (Some(from), Some(to)),
            Operation::SetStatus { .. }
            | Operation::Reject(_)
            | Operation::Unreject(_)
            | Operation::Decide(_)
            | Operation::Undecide(_) => (None, None),
        };
        if let Some(mention) = gone {
            open.list.remove(&open.article, mention, &project.labels);
            let count = project.label_counts.entry(project.labels.shown(mention.label)).or_default();
            *count = count.saturating_sub(1);
        }
        if let Some(mention) = come {
            open.list.insert(&open.article, mention, &project.labels);
            *project.label_counts.entry(project.labels.shown(mention.label)).or_default() += 1;
        }
    }
    let article = open.article.id();
    let part = project.saves.part(article, known, operations.to_vec());
    open.layer.version = project.saves.version(article, known);
    open.revision += 1;
    open.advice.renew(&open.layer);
    open.renew_review(&project.labels);
    let (status, mentions) = (open.layer.status, open.layer.mentions.len() as u64);
    for row in project.list.pages.values_mut().flatten().filter(|row| row.id == article) {
        row.status = status;
        row.mentions = mentions;
    }
    Ok(part)
}

/// Takes the last step back.
pub fn undo(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some(step) = project.history.next_undo().map(HistoryStep::inverse) else {
        state.say(Message::new("nothing-to-undo"));
        return;
    };
    if replay(state, &step, effects)
        && let Some(project) = &mut state.project
    {
        project.history.mark_undone();
        // A button that was to undo this step would undo another by now.
        state.toasts.retain(|toast| !matches!(toast.action, Some((_, Command::Undo))));
    }
}

/// Does the last step taken back again.
pub fn redo(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some(step) = project.history.next_redo().cloned() else {
        state.say(Message::new("nothing-to-redo"));
        return;
    };
    if replay(state, &step, effects)
        && let Some(project) = &mut state.project
    {
        project.history.mark_redone();
    }
}

/// Applies a step of the history, in whichever articles it reaches, as one action to save. `false` when it no longer fits.
fn replay(state: &mut State, step: &HistoryStep, effects: &mut Vec<Effect>) -> bool {
    let Some(project) = &mut state.project else { return false };
    let mut parts = Vec::new();
    // First what can be refused, as one: a step is taken back or done again as a whole or not at all.
    let here: Vec<Operation> = step.operations_on(project.open_id()).cloned().collect();
    let touched = here.iter().rev().find_map(|o| o.result().map(Mention::key));
    if !here.is_empty() {
        match apply(project, &here) {
            Ok(part) => parts.push(part),
            Err(error) => {
                state.complain(Message::from(&error));
                return false;
            }
        }
    }
    let mut elsewhere = Vec::new();
    let mut labels_changed = false;
    for change in &step.changes {
        match change {
            Change::Layer { article, .. } if project.open_id() == Some(*article) => {}
            Change::Layer { article, operations } => {
                let part = project.saves.part(*article, Default::default(), operations.clone());
                parts.push(part);
                elsewhere.push(*article);
            }
            Change::Label { id, after, .. } => {
                labels_changed = true;
                match after {
                    Some(label) => {
                        project.labels.put((**label).clone());
                        parts.push(Saved::Label((**label).clone()));
                    }
                    None => {
                        project.labels.forget(*id);
                        parts.push(Saved::LabelForgotten(*id));
                    }
                }
            }
        }
    }
    project.saves.push(parts);
    saving::pump(project, effects);
    if labels_changed {
        crate::session::label_editing::renew(project, effects);
    }
    project.same = None;
    project.renew_when_saved |= !elsewhere.is_empty() || project.find.is_some();
    finding::outdate(project);
    let decided_here = reviewing::place_of(here.iter());
    if let Some(place) = decided_here {
        reviewing::follow(project, place);
    }
    // A step in one other article is shown there; one that reaches many leaves the reader where he is.
    if let ([article], true, Some(filter)) = (elsewhere.as_slice(), here.is_empty(), project.filter()) {
        project.arrival = reviewing::place_of(step.operations_on(Some(*article))).map(|place| (*article, place));
        effects.push(Effect::Load { target: Target::Article(*article), filter });
    }
    if let Some(open) = &mut project.open {
        let reveal = match touched {
            Some(key) => open.select_mention(key),
            None => {
                open.selected = open.selected.filter(|key| open.mention(*key).is_some());
                None
            }
        };
        state.attention = reveal.or(decided_here).map(Attention::Reveal).or(state.attention);
    }
    true
}
