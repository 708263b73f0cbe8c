//! The worker: threads that run effects and answer with events, so that no frame ever waits.
//!
//! Owns the threads and which effect goes to which. It must not touch the state: events are all it gives.
//!
//! One thread keeps the project (loads and saves, in order); one reads lists; one does long jobs (import, export, the search
//! index, the check, backups); one does errands (settings, file dialogs). Each has a connection of its own.

use crate::session::effect::{Effect, Event};
use crate::session::errands::Errands;
use crate::session::jobs::{Job, Jobs};
use crate::session::keeper::{Keeper, Request};
use crate::session::message::Message;
use crate::session::reader::{Listing, Reader};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Called from a thread when there is an event: the window then draws a frame.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// What the threads share.
#[derive(Clone)]
pub struct Shared {
    events: Sender<Event>,
    wake: Arc<Mutex<Wake>>,
    /// Set to stop the long job that is running.
    pub stop: Arc<AtomicBool>,
    /// Set when a connection of ours has written beside the keeper's.
    pub wrote: Arc<AtomicBool>,
}

impl Shared {
    /// Tells the window.
    pub fn tell(&self, event: Event) {
        // When nobody listens any more the program is ending, and there is nobody to tell.
        let _ended = self.events.send(event);
        let wake = Arc::clone(&self.wake.lock().unwrap_or_else(PoisonError::into_inner));
        wake();
    }

    /// Runs work whose panic must not end the thread: it becomes a message.
    pub fn guarded(&self, work: impl FnOnce()) {
        if catch_unwind(AssertUnwindSafe(work)).is_err() {
            self.tell(Event::Failed(Message::new("error-inside")));
        }
    }
}

/// Where the worker may write.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The settings file; `None` keeps nothing.
    pub settings: Option<PathBuf>,
    /// The folder for what could not be saved; `None` keeps nothing.
    pub data: Option<PathBuf>,
}

/// The threads.
pub struct Worker {
    keeper: Option<Sender<Request>>,
    reader: Option<Sender<Listing>>,
    jobs: Option<Sender<Job>>,
    errands: Option<Sender<Effect>>,
    events: Receiver<Event>,
    shared: Shared,
    threads: Vec<JoinHandle<()>>,
}

impl Worker {
    /// Starts the threads. `wake` is called whenever an event waits.
    #[must_use]
    pub fn start(wake: Wake, places: Places) -> Self {
        let (events_in, events) = channel();
        let shared =
            Shared { events: events_in, wake: Arc::new(Mutex::new(wake)), stop: Arc::default(), wrote: Arc::default() };
        let (keeper, keeper_in) = channel();
        let (reader, reader_in) = channel();
        let (jobs, jobs_in) = channel();
        let (errands, errands_in) = channel();
        let mut threads = Vec::new();
        let start = |name: &str, run: Box<dyn FnOnce() + Send>| {
            std::thread::Builder::new().name(format!("barchasb-{name}")).spawn(run).ok()
        };
        let keeping = Keeper::new(shared.clone(), reader.clone(), jobs.clone(), places.data.clone());
        threads.extend(start("keeper", Box::new(move || keeping.run(&keeper_in))));
        let reading = Reader::new(shared.clone());
        threads.extend(start("reader", Box::new(move || reading.run(&reader_in))));
        let working = Jobs::new(shared.clone());
        threads.extend(start("jobs", Box::new(move || working.run(&jobs_in))));
        let running = Errands::new(shared.clone(), places);
        threads.extend(start("errands", Box::new(move || running.run(&errands_in))));
        Self {
            keeper: Some(keeper),
            reader: Some(reader),
            jobs: Some(jobs),
            errands: Some(errands),
            events,
            shared,
            threads,
        }
    }

    /// Changes what is called when an event waits.
    pub fn set_wake(&self, wake: Wake) {
        *self.shared.wake.lock().unwrap_or_else(PoisonError::into_inner) = wake;
    }

    /// Hands an effect to its thread.
    pub fn run(&self, effect: Effect) {
        let sent = match effect {
            Effect::Page { filter, first, count } => send(self.reader.as_ref(), Listing::Page { filter, first, count }),
            Effect::CountLabels => send(self.reader.as_ref(), Listing::CountLabels),
            Effect::Import { paths, annotator } => {
                self.shared.stop.store(false, Ordering::Relaxed);
                send(self.jobs.as_ref(), Job::Import { paths, annotator })
            }
            Effect::Export { path } => {
                self.shared.stop.store(false, Ordering::Relaxed);
                send(self.jobs.as_ref(), Job::Export { path })
            }
            Effect::StopJob => {
                self.shared.stop.store(true, Ordering::Relaxed);
                true
            }
            Effect::SaveSettings(_) | Effect::Pick { .. } => send(self.errands.as_ref(), effect),
            effect => send(self.keeper.as_ref(), Request(effect)),
        };
        if !sent {
            self.shared.tell(Event::Failed(Message::new("error-inside")));
        }
    }

    /// The next event, if one waits.
    pub fn try_next(&self) -> Option<Event> {
        self.events.try_recv().ok()
    }

    /// The next event, waited for.
    pub fn wait_next(&self, limit: Duration) -> Option<Event> {
        self.events.recv_timeout(limit).ok()
    }

    /// Ends the threads when all that was handed to them is done, the backup included.
    pub fn finish(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        // In this order: the keeper sends to the reader and to the jobs as it ends.
        self.keeper = None;
        self.reader = None;
        self.errands = None;
        self.jobs = None;
        for thread in self.threads.drain(..) {
            // A thread that panicked outside its guarded work has nothing left to do.
            let _ended = thread.join();
        }
    }
}

fn send<T>(to: Option<&Sender<T>>, what: T) -> bool {
    to.is_some_and(|to| to.send(what).is_ok())
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.finish();
    }
}
