//! Saving: the queue of actions on their way to the disk, and what happens when one does not arrive.
//!
//! Owns the order of saves (one at a time, each a transaction) and the putting of changes on top of someone else's. It must never
//! drop an action that is not on the disk without saying so.

use crate::domain::article::ArticleId;
use crate::domain::edit::{Bounds, History, Operation, apply_all};
use crate::domain::layer::{Layer, Status, Version};
use crate::session::command::Command;
use crate::session::effect::{Effect, Loaded, Target};
use crate::session::state::{OpenProject, State};
use crate::session::{finding, walking};
use crate::store::contract::Saved;
use crate::words::message::Message;
use std::collections::{HashMap, VecDeque};

/// The version each layer will have when the queue is empty.
pub type Versions = HashMap<ArticleId, Version>;

/// Actions that are not on the disk yet, the oldest first.
#[derive(Debug, Default)]
pub struct SaveQueue {
    waiting: VecDeque<Vec<Saved>>,
    in_flight: bool,
    trouble: Option<Message>,
    /// An import of ours holds the file, all of it or none: actions wait for its end, and the keeper stays free to load.
    held: bool,
    versions: Versions,
    /// What became of the changes that met someone else's, until it is told.
    met: Option<Met>,
}

/// What became of changes that met someone else's.
#[derive(Clone, Copy, Debug, Default)]
struct Met {
    kept: u64,
    dropped: u64,
}

/// How saving stands.
#[derive(Clone, Debug, PartialEq)]
pub enum SaveState {
    /// Everything is on the disk.
    Saved,
    /// Some actions are on their way.
    Saving,
    /// Saving failed; this many actions wait.
    Failed(Message, usize),
}

impl SaveQueue {
    /// How saving stands.
    #[must_use]
    pub fn state(&self) -> SaveState {
        match &self.trouble {
            Some(message) => SaveState::Failed(message.clone(), self.waiting.len()),
            None if self.waiting.is_empty() => SaveState::Saved,
            None => SaveState::Saving,
        }
    }

    /// The version a layer will have when all is saved; `known` when nothing of it was saved here since it was loaded.
    #[must_use]
    pub fn version(&self, article: ArticleId, known: Version) -> Version {
        self.versions.get(&article).copied().map_or(known, |version| version.max(known))
    }

    /// Takes the versions of another annotator's layers, whose they are from now on; gives those before.
    pub fn change_versions(&mut self, versions: Versions) -> Versions {
        std::mem::replace(&mut self.versions, versions)
    }

    /// The part that saves `operations`, made from the version that will stand by then.
    pub fn part(&mut self, article: ArticleId, known: Version, operations: Vec<Operation>) -> Saved {
        let base = self.version(article, known);
        self.versions.insert(article, base.next());
        Saved::Layer { article, base, operations }
    }

    /// The actions that are not on the disk, the oldest first.
    #[must_use]
    pub fn waiting(&self) -> Vec<Vec<Saved>> {
        self.waiting.iter().cloned().collect()
    }

    /// Queues one action.
    pub fn push(&mut self, parts: Vec<Saved>) {
        if !parts.is_empty() {
            self.waiting.push_back(parts);
        }
    }

    /// The operations on `article` that wait, made from `version` or later.
    fn waiting_for(&self, article: ArticleId, version: Version) -> impl Iterator<Item = &[Operation]> {
        self.waiting.iter().flatten().filter_map(move |part| match part {
            Saved::Layer { article: a, base, operations } if *a == article && *base >= version => {
                Some(operations.as_slice())
            }
            _ => None,
        })
    }

    /// Puts the waiting operations on a layer that was just loaded without them.
    pub fn catch_up(&self, article: ArticleId, layer: &mut Layer, bounds: Bounds) {
        let loaded = layer.version;
        for operations in self.waiting_for(article, loaded) {
            for operation in operations {
                // An operation that does not fit will come back as a conflict when its save is tried, and is told then.
                let _told_at_its_save = operation.apply(layer, bounds);
            }
            layer.version = layer.version.next();
        }
    }
}

/// Sends the oldest waiting action, if none is on its way.
pub fn pump(project: &mut OpenProject, effects: &mut Vec<Effect>) {
    let Some(annotator) = project.annotator.as_ref().map(|a| a.id) else { return };
    let saves = &mut project.saves;
    if saves.in_flight || saves.held || saves.trouble.is_some() {
        return;
    }
    if let Some(parts) = saves.waiting.front() {
        saves.in_flight = true;
        effects.push(Effect::Save { annotator, parts: parts.clone() });
    }
}

/// An import begins: what is done from now on is saved when it has ended.
pub fn hold(project: &mut OpenProject) {
    project.saves.held = true;
}

/// The import has ended, however: what waited is saved, and what failed meanwhile is tried again.
pub fn release(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    project.saves.held = false;
    again(state, effects);
}

/// The oldest action is on the disk.
pub fn saved(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    project.saves.in_flight = false;
    let Some(parts) = project.saves.waiting.pop_front() else { return };
    let status_moved = parts.iter().any(|part| {
        matches!(part, Saved::Layer { operations, .. }
            if operations.iter().any(|o| matches!(o, Operation::SetStatus { .. })))
    });
    if status_moved && project.list.status != crate::store::contract::StatusFilter::All {
        walking::renew_list(project, effects);
    }
    pump(project, effects);
    when_empty(state, effects);
}

/// Does what waits until nothing is left to be saved.
fn when_empty(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(project) = state.project.as_mut().filter(|project| project.saves.waiting.is_empty()) else { return };
    if std::mem::take(&mut project.renew_when_saved) {
        project.recount = true;
        walking::renew_list(project, effects);
        finding::renew(project, effects);
    }
    if std::mem::take(&mut project.recount) {
        effects.push(Effect::CountLabels);
    }
    effects.append(&mut project.waiting);
    if let Some(Met { kept, dropped }) = project.saves.met.take() {
        state.complain(match dropped {
            0 => Message::new("conflict-both-stand"),
            _ => Message::new("conflict-merged").number("kept", kept).number("dropped", dropped),
        });
    }
}

/// Lets steps go that no longer fit. A button that was to undo one of them would undo another by now: it goes with them.
fn forget(state: &mut State, forget: impl FnOnce(&mut History)) {
    let Some(project) = &mut state.project else { return };
    let before = project.history.depth();
    forget(&mut project.history);
    if project.history.depth() != before {
        state.toasts.retain(|toast| !matches!(toast.action, Some((_, Command::Undo))));
    }
}

/// The oldest action did not reach the disk; it waits.
pub fn failed(state: &mut State, message: Message, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    project.saves.in_flight = false;
    project.saves.trouble = Some(message.clone());
    // It may last: what stands on the disk has to do.
    effects.append(&mut project.waiting);
    state.toast(message, true, Some((Message::new("save-again"), Command::SaveAgain)));
}

/// The oldest action can never reach the disk: it is given up, and what stands is read again.
pub fn refused(state: &mut State, message: Message, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    project.saves.in_flight = false;
    let mut refused = Vec::new();
    for part in project.saves.waiting.pop_front().unwrap_or_default() {
        if let Saved::Layer { article, .. } = part {
            project.saves.versions.remove(&article);
            refused.push(article);
            if let Some(filter) = project.filter().filter(|_| project.open_id() == Some(article)) {
                effects.push(Effect::Load { target: Target::Article(article), filter });
            }
        }
    }
    effects.push(Effect::ReadLabels);
    effects.push(Effect::CountLabels);
    pump(project, effects);
    forget(state, |history| {
        refused.into_iter().for_each(|article| history.forget_article(article));
        history.forget_labels();
    });
    when_empty(state, effects);
    state.complain(message);
}

/// Tries again what failed.
pub fn again(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    project.saves.trouble = None;
    pump(project, effects);
}

/// Someone else saved the layer first: puts every waiting operation that still fits on what stands now.
pub fn conflict(state: &mut State, theirs: &Loaded, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let article = theirs.article.id();
    let bounds = Bounds { text_end: theirs.article.span().end, rules: project.project.rules };
    let mut layer = theirs.layer.clone();
    let Met { mut kept, mut dropped } = project.saves.met.unwrap_or_default();
    project.saves.in_flight = false;
    for parts in &mut project.saves.waiting {
        parts.retain_mut(|part| {
            let Saved::Layer { article: a, base, operations } = part else { return true };
            if *a != article {
                return true;
            }
            let is_alone = operations.len() == 1;
            // A decision stands with all that comes with it, or not at all.
            let is_decision = operations.iter().any(|o| matches!(o, Operation::Decide(_) | Operation::Undecide(_)));
            let fits_whole = !is_decision || apply_all(operations, &mut layer.clone(), bounds).is_ok();
            operations.retain(|operation| {
                let fits = fits_whole && operation.apply(&mut layer, bounds).is_ok();
                if fits && is_own(operation, is_alone) {
                    kept += 1;
                } else if !fits && is_lost(operation, is_alone, &layer) {
                    dropped += 1;
                }
                fits
            });
            *base = layer.version;
            if !operations.is_empty() {
                layer.version = layer.version.next();
            }
            !operations.is_empty()
        });
    }
    project.saves.waiting.retain(|parts| !parts.is_empty());
    project.saves.versions.insert(article, layer.version);
    project.saves.met = Some(Met { kept, dropped });
    if project.open_id() == Some(article) {
        walking::replace_layer(project, layer);
    }
    // What was dropped had been counted already.
    project.recount = true;
    pump(project, effects);
    forget(state, |history| history.forget_article(article));
    when_empty(state, effects);
}

/// Whether a person asked for this: the first mention of a new article takes it to «in progress» by itself.
fn is_own(operation: &Operation, is_alone: bool) -> bool {
    is_alone || !matches!(operation, Operation::SetStatus { from: Status::New, to: Status::InProgress })
}

/// Whether something of a person's is lost with an operation that does not fit `layer`: not when it stands there already.
fn is_lost(operation: &Operation, is_alone: bool, layer: &Layer) -> bool {
    let stands = match operation {
        Operation::Add(mention) | Operation::Replace { to: mention, .. } => {
            layer.mentions.get(mention.key()) == Some(mention)
        }
        Operation::Remove(mention) => layer.mentions.get(mention.key()).is_none(),
        Operation::SetStatus { to, .. } => layer.status == *to,
        Operation::Reject(rejection) => layer.rejections.contains(rejection.span, rejection.label),
        Operation::Unreject(rejection) => !layer.rejections.contains(rejection.span, rejection.label),
        Operation::Decide(decision) => layer.decisions.on(decision.span, &decision.readings) == Some(decision),
        Operation::Undecide(decision) => layer.decisions.on(decision.span, &decision.readings).is_none(),
    };
    is_own(operation, is_alone) && !stands
}
