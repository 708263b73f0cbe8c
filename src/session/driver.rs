//! A session: the state and the worker together, as a window or a test holds them.
//!
//! Owns the loop command → state → effects → events → state. It must not decide anything itself.

use crate::session::command::Command;
use crate::session::effect::Effect;
use crate::session::saving::SaveState;
use crate::session::settings::Settings;
use crate::session::state::State;
use crate::session::update;
use crate::session::worker::{Places, Wake, Worker};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The state and the worker.
pub struct Session {
    /// What the window shows.
    pub state: State,
    worker: Worker,
}

impl Session {
    /// A session with these settings and no project.
    #[must_use]
    pub fn new(settings: Settings, places: Places, wake: Wake) -> Self {
        let state = State { settings, ..State::default() };
        Self { state, worker: Worker::start(wake, places) }
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

    /// Waits until everything is saved, and ends the threads; what could not be saved is given back as the number of actions.
    pub fn finish(&mut self) -> usize {
        const LIMIT: Duration = Duration::from_secs(30);
        self.command(Command::SaveAgain);
        let saves = |state: &State| state.project.as_ref().map(|project| project.saves.state());
        self.wait_until(LIMIT, |state| !matches!(saves(state), Some(SaveState::Saving)));
        let unsaved = match saves(&self.state) {
            Some(SaveState::Failed(_, waiting)) => waiting,
            _ => 0,
        };
        self.worker.finish();
        unsaved
    }
}
