//! The mirror in the window: where it stands, what is told of it, and what a person decides.
//!
//! Owns its part of the state. It must not touch the folder: that is done by the thread of long jobs.

use crate::session::ask::Ask;
use crate::session::command::{Command, Dialog, ImportCommand, ViewCommand};
use crate::session::effect::{Effect, Target};
use crate::session::state::State;
use crate::session::{importing, walking};
use crate::words::message::Message;
use std::collections::BTreeMap;
use std::path::PathBuf;

pub use crate::exchange::mirror::DEFAULT_FOLDER;
pub use crate::exchange::mirror_changes::Change;
pub use crate::exchange::mirror_names::ENDING;
pub use crate::store::mirror::{MirrorRule, MirrorWhen};

/// How the mirror stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MirrorState {
    /// The rule; `None` when nothing is mirrored.
    pub rule: Option<MirrorRule>,
    /// Where the folder lies.
    pub root: PathBuf,
    /// The files that others have changed, by their names in the folder.
    pub changed: BTreeMap<String, Change>,
    /// How many files are gone.
    pub missing: u64,
    /// How many files were written since the project was opened.
    pub written: u64,
    /// Why it is not up to date.
    pub failure: Option<Message>,
}

/// What the thread has done with the mirror.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MirrorNews {
    /// How it stands now.
    pub state: MirrorState,
    /// What came of what was asked for.
    pub outcome: Option<Message>,
    /// Why files were not taken.
    pub refused: Vec<Message>,
    /// Whether layers of the project were changed.
    pub is_edited: bool,
}

/// What a person decides about the mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MirrorCommand {
    /// Where and when it is written from now on; `None` for not at all.
    Set(Option<MirrorRule>),
    /// To look into the changed files before anything is decided.
    LookInto,
    /// To take the changed files in: what differs becomes an edit of the layer.
    TakeTheirs,
    /// To replace the changed files by what the project has.
    KeepOurs,
    /// To make files again that are gone.
    Rewrite,
}

/// Does what the command says.
pub fn update(state: &mut State, command: MirrorCommand, effects: &mut Vec<Effect>) {
    let Some(project) = &state.project else { return };
    if command == MirrorCommand::LookInto {
        let mirror = &project.mirror;
        let paths = mirror.changed.keys().map(|name| mirror.root.join(name)).collect();
        return importing::update(state, ImportCommand::LookInto(paths), effects);
    }
    effects.push(Effect::Mirror(command));
}

/// Takes in what the thread has done. Nobody is interrupted: a strip says what others have changed, once.
pub fn news(state: &mut State, news: MirrorNews, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let MirrorNews { state: now, outcome, refused, is_edited } = news;
    let before = std::mem::replace(&mut project.mirror, now.clone());
    if is_edited {
        walking::renew_list(project, effects);
        effects.extend([Effect::CountLabels, Effect::ListAnnotators, Effect::ReadLabels]);
        effects.push(Effect::Advise(Ask::Relearn));
        if let (Some(article), Some(filter)) = (project.open_id(), project.filter()) {
            effects.push(Effect::Load { target: Target::Article(article), filter });
        }
    }
    if let Some(outcome) = outcome {
        state.say(outcome);
    }
    if let Some(failure) = now.failure.filter(|failure| before.failure.as_ref() != Some(failure)) {
        state.complain(Message::new("mirror-failed").part("reason", failure));
    }
    let is_new = now.changed.iter().any(|(name, change)| before.changed.get(name) != Some(change));
    if is_new && state.dialog != Some(Dialog::Mirror) {
        let show = Command::View(ViewCommand::Show(Dialog::Mirror));
        let message = Message::new("mirror-changed").number("count", now.changed.len() as u64);
        state.toast(message, false, Some((Message::new("show"), show)));
    }
    if !refused.is_empty() {
        state.dialog = Some(Dialog::Problems { title: "problems-mirror", problems: refused });
    }
}
