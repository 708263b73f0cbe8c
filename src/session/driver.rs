//! A session: the state and the worker together, as a window or a test holds them.
//!
//! Owns the loop command → state → effects → events → state. It must not decide anything itself.

use crate::session::ask::Ask;
use crate::session::command::Command;
use crate::session::effect::Effect;
use crate::session::key_editing;
use crate::session::rescue::{self, Rescue};
use crate::session::saving::SaveState;
use crate::session::settings::Settings;
use crate::session::state::{OpenProject, State};
use crate::session::update;
use crate::session::worker::{Places, Wake, Worker};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The state and the worker.
pub struct Session {
    /// What the window shows.
    pub state: State,
    worker: Worker,
    data: Option<PathBuf>,
    /// Where the end of the program kept what could not be saved: asked to end again, it is kept there again.
    rescued_to: Option<PathBuf>,
}

impl Session {
    /// A session with these settings and no project.
    #[must_use]
    pub fn new(settings: Settings, places: Places, wake: Wake) -> Self {
        let mut state = State { settings, ..State::default() };
        key_editing::take_settings(&mut state);
        Self { state, data: places.data.clone(), rescued_to: None, worker: Worker::start(wake, places) }
    }

    /// A session that wakes nobody: for tests and measurements.
    #[must_use]
    pub fn quiet(settings: Settings) -> Self {
        Self::new(settings, Places::default(), Arc::new(|| {}))
    }

    /// Changes what is called when an event waits.
    pub fn set_wake(&self, wake: Wake) {
        self.worker.set_wake(wake);
    }

    /// Does what a person asked for.
    pub fn command(&mut self, command: Command) {
        tracing::debug!(?command);
        let effects = update::command(&mut self.state, command);
        self.hand_over(effects);
    }

    /// Takes in every event that waits; whether there was one.
    pub fn take_events(&mut self) -> bool {
        let mut any = false;
        while let Some(event) = self.worker.try_next() {
            any = true;
            let effects = update::event(&mut self.state, event);
            self.hand_over(effects);
        }
        any
    }

    fn hand_over(&self, effects: Vec<Effect>) {
        for effect in effects {
            self.worker.run(effect);
        }
    }

    /// Waits until `until` holds of the state, taking in events; `false` when it did not within `limit`.
    pub fn wait_until(&mut self, limit: Duration, until: impl Fn(&State) -> bool) -> bool {
        let end = Instant::now() + limit;
        self.take_events();
        while !until(&self.state) {
            let Some(left) = end.checked_duration_since(Instant::now()) else { return false };
            if let Some(event) = self.worker.wait_next(left) {
                let effects = update::event(&mut self.state, event);
                self.hand_over(effects);
            }
        }
        true
    }

    /// Waits until everything is saved, and the engines have learned it and told what they think; `false` when that took longer than
    /// `limit`. In between a person goes on at once: this is for those who need the same outcome every time.
    pub fn settle(&mut self, limit: Duration) -> bool {
        let saved = |state: &State| state.project.as_ref().is_none_or(|p| p.saves.state() == SaveState::Saved);
        if !self.wait_until(limit, saved) {
            return false;
        }
        let settled = |state: &State| state.project.as_ref().map(|project| project.settled);
        let before = settled(&self.state);
        self.hand_over(vec![Effect::Advise(Ask::Settle)]);
        self.wait_until(limit, |state| settled(state) != before)
    }

    /// Waits until everything is saved, and ends the threads. Gives the number of actions that could not be saved: they are kept
    /// in a rescue file and brought back when the project is opened again.
    ///
    /// # Errors
    /// The system's error when there are such actions and not even the rescue file can be written.
    pub fn finish(&mut self) -> std::io::Result<usize> {
        const LIMIT: Duration = Duration::from_secs(30);
        self.command(Command::SaveAgain);
        let is_busy =
            |project: &OpenProject| project.saves.state() == SaveState::Saving || !project.gathering.is_empty();
        self.wait_until(LIMIT, |state| !state.project.as_ref().is_some_and(is_busy));
        let rescued = self.rescue();
        self.worker.finish();
        rescued
    }

    fn rescue(&mut self) -> std::io::Result<usize> {
        let Some(project) = &self.state.project else { return Ok(0) };
        let actions = project.saves.waiting();
        let Some(annotator) = project.annotator.as_ref().map(|a| a.id).filter(|_| !actions.is_empty()) else {
            return Ok(0);
        };
        let Some(data) = &self.data else {
            return Err(std::io::Error::other("there is no folder for unsaved actions"));
        };
        let waiting = actions.len();
        let free = || rescue::free_file(data, &project.project.path);
        rescue::write(self.rescued_to.get_or_insert_with(free), &Rescue { annotator, actions })?;
        Ok(waiting)
    }
}
