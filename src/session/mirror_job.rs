//! The mirror's part of the thread of long jobs: the folder is brought up to date a moment after a save.
//!
//! Owns when that is and what is told of it. It must never keep a save waiting, nor take or replace a file unasked.

use crate::exchange::mirror::{MirrorError, MirrorFolder, Writing, set_rule, write};
use crate::exchange::mirror_changes::{Change, Refusal, Resolved, changes, keep_ours, take_theirs};
use crate::session::mirroring::{MirrorCommand, MirrorNews, MirrorState};
use crate::session::telling::in_file;
use crate::store::mirror::{Mirror, MirrorPlace};
use crate::store::sqlite::SqliteStore;
use crate::words::message::Message;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long after a save the folder is written: what follows at once is written with it.
const SETTLES: Duration = Duration::from_secs(1);
/// The folder is looked through again after a save when this much time has gone by.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// But looking through it takes no more than this share of the time: one in so many.
const LOOK_SHARE: u32 = 20;

/// The thread's memory of the mirror.
#[derive(Debug, Default)]
pub struct MirrorJob {
    /// When the folder is to be brought up to date.
    wanted: Option<Instant>,
    /// Whether it is to be looked through then, whenever that was done last.
    looks: bool,
    /// When it may be looked through again.
    look_after: Option<Instant>,
    folder: MirrorFolder,
    /// Where writing goes on that was stopped.
    pass: Option<MirrorPlace>,
    /// How many files were written.
    written: u64,
    /// What was told last.
    told: Option<MirrorState>,
}

impl MirrorJob {
    /// The project was opened: the folder is written and looked through.
    pub fn open(&mut self) {
        *self = Self { wanted: Some(Instant::now()), looks: true, ..Self::default() };
    }

    /// Something was saved.
    pub fn saved(&mut self) {
        self.wanted.get_or_insert_with(|| Instant::now() + SETTLES);
    }

    /// How long until there is something to do; `None` when nothing is.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        self.wanted.map(|wanted| wanted.saturating_duration_since(Instant::now()))
    }

    /// Whether there is something to do now.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.wait().is_some_and(|wait| wait.is_zero())
    }

    /// Brings the folder up to date; `keep` can stop it, and it goes on the next time. What is to be told, if it is new.
    pub fn run(&mut self, store: &mut SqliteStore, keep: &mut dyn FnMut() -> bool) -> Option<MirrorNews> {
        self.wanted = None;
        let mut state = MirrorState::default();
        match self.bring_up(store, &mut state, keep) {
            Ok(()) | Err(MirrorError::NoRule) => {}
            Err(error) => {
                self.pass = None;
                state.failure = Some(Message::from(&error));
            }
        }
        let is_new = self.told.as_ref() != Some(&state);
        self.told = Some(state.clone());
        is_new.then(|| MirrorNews { state, ..MirrorNews::default() })
    }

    fn bring_up(
        &mut self,
        store: &mut SqliteStore,
        state: &mut MirrorState,
        keep: &mut dyn FnMut() -> bool,
    ) -> Result<(), MirrorError> {
        state.rule = store.mirror_rule()?;
        self.folder.renew(store)?;
        state.root.clone_from(&self.folder.root);
        let before = self.told.as_ref().filter(|told| told.root == state.root);
        if let Some(before) = before {
            state.changed.clone_from(&before.changed);
            state.missing = before.missing;
            state.written = before.written;
        }
        let mirrored = write(store, &self.folder, Writing::Due, &mut self.pass, keep)?;
        self.written += mirrored.written;
        state.written = self.written;
        let is_held_back = !mirrored.held_back.is_empty();
        if mirrored.stopped {
            self.wanted = Some(Instant::now());
        }
        let is_open = !state.changed.is_empty() || state.missing > 0 || is_held_back;
        let is_time = self.look_after.is_none_or(|after| after <= Instant::now());
        if !mirrored.stopped && (self.looks || is_open || is_time) {
            self.look(store, state, keep)?;
        }
        for name in mirrored.held_back {
            state.changed.entry(name).or_insert(Change::Edited);
        }
        Ok(())
    }

    fn look(
        &mut self,
        store: &mut SqliteStore,
        state: &mut MirrorState,
        keep: &mut dyn FnMut() -> bool,
    ) -> Result<(), MirrorError> {
        let begun = Instant::now();
        let found = changes(store, &self.folder, keep)?;
        self.looks = found.stopped;
        if found.stopped {
            self.wanted = Some(Instant::now());
            return Ok(());
        }
        self.look_after = Some(Instant::now() + LOOK_EVERY.max(begun.elapsed() * LOOK_SHARE));
        state.changed = found.changed;
        state.missing = found.missing.len() as u64;
        Ok(())
    }

    /// Does what a person decided, and brings the folder up to date.
    pub fn decide(&mut self, store: &mut SqliteStore, command: MirrorCommand) -> MirrorNews {
        let mut news = MirrorNews::default();
        if let Err(error) = self.resolve(store, command, &mut news) {
            news.outcome = None;
            news.refused = vec![Message::from(&error)];
        }
        self.looks = true;
        self.told = None;
        let state = self.run(store, &mut || true).map(|news| news.state).unwrap_or_default();
        MirrorNews { state, ..news }
    }

    fn changed(&self, store: &mut SqliteStore) -> Result<Vec<String>, MirrorError> {
        Ok(changes(store, &self.folder, &mut || true)?.changed.into_keys().collect())
    }

    fn resolve(
        &mut self,
        store: &mut SqliteStore,
        command: MirrorCommand,
        news: &mut MirrorNews,
    ) -> Result<(), MirrorError> {
        if let MirrorCommand::Set(rule) = &command {
            match rule {
                Some(rule) => set_rule(store, rule)?,
                None => store.set_mirror_rule(None)?,
            }
            self.pass = None;
            let id = if rule.is_some() { "mirror-on" } else { "mirror-off" };
            news.outcome = Some(Message::new(id));
            return Ok(());
        }
        self.folder.renew(store)?;
        match command {
            MirrorCommand::TakeTheirs => {
                let names = self.changed(store)?;
                let Resolved { taken, refused, .. } = take_theirs(store, &mut self.folder, &names)?;
                news.is_edited = true;
                news.outcome = Some(Message::new("mirror-taken").number("count", taken));
                news.refused = refused.iter().map(|(name, refusal)| told(name, refusal)).collect();
            }
            MirrorCommand::KeepOurs => {
                let names = self.changed(store)?;
                let Resolved { replaced, .. } = keep_ours(store, &self.folder, &names)?;
                news.outcome = Some(Message::new("mirror-replaced").number("count", replaced));
            }
            MirrorCommand::Rewrite => {
                let mirrored = write(store, &self.folder, Writing::Rewrite, &mut None, &mut || true)?;
                news.outcome = Some(Message::new("mirror-rewritten").number("count", mirrored.written));
            }
            // Nothing is done for these here.
            MirrorCommand::Set(_) | MirrorCommand::LookInto => {}
        }
        Ok(())
    }
}

fn told(name: &str, refusal: &Refusal) -> Message {
    match refusal {
        Refusal::Problem(problem) => in_file(Path::new(name), problem.as_ref()),
        Refusal::Untaken(problem) => in_file(Path::new(name), problem),
        refusal => Message::new("error-file").text("path", name).part("reason", refusal),
    }
}
