//! The worker: threads that run effects and answer with events, so that no frame ever waits.
//!
//! Owns the threads and which effect goes to which, and lets nothing from one opening of a project reach another: what was asked in
//! one is not done in the next, what comes of it late is not given. It must not touch the state: events are all it gives.
//!
//! One thread keeps the project (loads and saves, in order); one reads lists; one looks through texts; one does long jobs (import,
//! export, the search index, the check, backups); one does errands (settings, file dialogs, trials); one advises, one trains, one
//! asks the user's program. Those that touch the project have a connection of their own to it.

use crate::session::adviser::{Adviser, Request as Advised};
use crate::session::ask::Ask;
use crate::session::effect::{Effect, Event};
use crate::session::errands::Errands;
use crate::session::external_trial::Tried;
use crate::session::finder::{Finder, Wanted};
use crate::session::jobs::{Job, Jobs};
use crate::session::keeper::{Keeper, Listeners, Request};
use crate::session::outsider::{Outsider, Question};
use crate::session::reader::{Listing, Reader};
use crate::session::trainer::{Lesson, Trainer};
use crate::store::changes::Changes;
use crate::words::message::Message;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Called from a thread when there is an event: the window then draws a frame.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The number of an opening: each time a project is opened, also the same one, it is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening(pub u64);

/// An event, and the opening it is of; `None` for what is of no project or cannot be late.
#[derive(Debug)]
struct Told {
    opening: Option<Opening>,
    event: Event,
}

/// What the threads share.
#[derive(Clone)]
pub struct Shared {
    events: Sender<Told>,
    wake: Arc<Mutex<Wake>>,
    /// Set when the program ends: no long job goes on then.
    pub ending: Arc<AtomicBool>,
    /// What the threads' connections have changed: none of it comes from outside for the others.
    pub changes: Changes,
}

impl Shared {
    /// Tells the window.
    pub fn tell(&self, event: Event) {
        self.send(Told { opening: None, event });
    }

    /// Tells the window what is of this opening: it is dropped when another one has come since.
    pub fn tell_of(&self, opening: Opening, event: Event) {
        self.send(Told { opening: Some(opening), event });
    }

    fn send(&self, told: Told) {
        // When nobody listens any more the program is ending, and there is nobody to tell.
        let _ended = self.events.send(told);
        let wake = Arc::clone(&self.wake.lock().unwrap_or_else(PoisonError::into_inner));
        wake();
    }

    /// Runs work whose panic must not end the thread: `failure` is told then, so that nobody waits for an answer for ever.
    pub fn guarded(&self, failure: Event, work: impl FnOnce()) {
        if catch_unwind(AssertUnwindSafe(work)).is_err() {
            self.tell(failure);
        }
    }
}

/// What is told when an effect was lost on its way, by a fault of the program.
#[must_use]
pub fn failure(effect: &Effect) -> Event {
    let message = Message::new("error-inside");
    match effect {
        Effect::Open { path, .. } => Event::OpenFailed(path.clone(), message),
        // All was saved before it.
        Effect::Close => Event::Closed,
        Effect::Save { .. } => Event::SaveFailed(message),
        Effect::Page { filter, first, .. } => Event::PageFailed { filter: filter.clone(), first: *first, message },
        Effect::Import { .. } | Effect::Export { .. } | Effect::Merge { number: None, .. } => Event::JobFailed(message),
        Effect::Merge { number: Some(number), .. } => Event::MergeLooked { number: *number, outcome: Err(message) },
        Effect::Survey { number, .. } => Event::SurveyFailed { number: *number, message },
        Effect::Overview { number } => Event::Overview { number: *number, outcome: Err(message) },
        Effect::Keep(_) => Event::Kept(Err(message)),
        Effect::Rehearse { number, .. } => Event::Counted { number: *number, outcome: Err(message) },
        Effect::TryExternal(_) => Event::ExternalTried(Box::new(Tried::lost(message))),
        _ => Event::Failed(message),
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
    finder: Option<Sender<Wanted>>,
    adviser: Sender<Advised>,
    trainer: Sender<Lesson>,
    outsider: Sender<Question>,
    events: Receiver<Told>,
    /// The opening whose events are given, from when it was given itself.
    opening: Cell<Option<Opening>>,
    /// What stops the survey or rehearsal that was asked for last.
    look: RefCell<Weak<AtomicBool>>,
    /// What stops the overview that was asked for last.
    overview: RefCell<Weak<AtomicBool>>,
    /// What stops the imports and exports that have not ended, the oldest first.
    stops: RefCell<VecDeque<Weak<AtomicBool>>>,
    shared: Shared,
    threads: Vec<JoinHandle<()>>,
    advising: Option<JoinHandle<()>>,
    training: Option<JoinHandle<()>>,
    asking: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the threads. `wake` is called whenever an event waits.
    #[must_use]
    pub fn start(wake: Wake, places: Places) -> Self {
        let (events_in, events) = channel();
        let shared = Shared {
            events: events_in,
            wake: Arc::new(Mutex::new(wake)),
            ending: Arc::default(),
            changes: Changes::default(),
        };
        let (keeper, keeper_in) = channel();
        let (reader, reader_in) = channel();
        let (jobs, jobs_in) = channel();
        let (errands, errands_in) = channel();
        let (finder, finder_in) = channel();
        let (adviser, adviser_in) = channel();
        let (trainer, trainer_in) = channel();
        let (outsider, outsider_in) = channel();
        let mut threads = Vec::new();
        let start = |name: &str, run: Box<dyn FnOnce() + Send>| {
            std::thread::Builder::new().name(format!("barchasb-{name}")).spawn(run).ok()
        };
        let listeners =
            Listeners { reader: reader.clone(), jobs: jobs.clone(), finder: finder.clone(), adviser: adviser.clone() };
        let keeping = Keeper::new(shared.clone(), listeners, places.data.clone());
        threads.extend(start("keeper", Box::new(move || keeping.run(&keeper_in))));
        let reading = Reader::new(shared.clone());
        threads.extend(start("reader", Box::new(move || reading.run(&reader_in))));
        let working = Jobs::new(shared.clone());
        threads.extend(start("jobs", Box::new(move || working.run(&jobs_in))));
        let running = Errands::new(shared.clone(), places);
        threads.extend(start("errands", Box::new(move || running.run(&errands_in))));
        let finding = Finder::new(shared.clone());
        threads.extend(start("finder", Box::new(move || finding.run(&finder_in))));
        let advice = Adviser::new(shared.clone(), trainer.clone(), outsider.clone());
        let advising = start("adviser", Box::new(move || advice.run(&adviser_in)));
        let (course, advised) = (Trainer::new(shared.clone()), adviser.clone());
        let training = start("trainer", Box::new(move || course.run(&trainer_in, &advised)));
        let (outside, advised) = (Outsider::new(shared.clone()), adviser.clone());
        let asking = start("outsider", Box::new(move || outside.run(&outsider_in, &advised)));
        Self {
            keeper: Some(keeper),
            reader: Some(reader),
            jobs: Some(jobs),
            errands: Some(errands),
            finder: Some(finder),
            adviser,
            trainer,
            outsider,
            events,
            opening: Cell::default(),
            look: RefCell::default(),
            overview: RefCell::default(),
            stops: RefCell::default(),
            shared,
            threads,
            advising,
            training,
            asking,
        }
    }

    /// Changes what is called when an event waits.
    pub fn set_wake(&self, wake: Wake) {
        *self.shared.wake.lock().unwrap_or_else(PoisonError::into_inner) = wake;
    }

    /// Hands an effect to its thread.
    pub fn run(&self, effect: Effect) {
        let lost = failure(&effect);
        let opening = self.opening.get();
        let sent = match effect {
            Effect::Page { filter, first, count, open } => {
                self.list(|of| Listing::Page { of, filter, first, count, open })
            }
            Effect::CountLabels => self.list(|of| Listing::CountLabels { of }),
            Effect::ListAnnotators => self.list(|of| Listing::ListAnnotators { of }),
            Effect::Import { paths, choice, is_told } => {
                let stop = self.stop_of_next();
                opening.is_some_and(|of| send(self.jobs.as_ref(), Job::Import { of, paths, choice, is_told, stop }))
            }
            Effect::Export { path, choice } => {
                let stop = self.stop_of_next();
                opening.is_some_and(|of| send(self.jobs.as_ref(), Job::Export { of, path, choice, stop }))
            }
            Effect::Survey { number, paths, choice } => {
                let stop = self.stop_of_look();
                opening.is_some_and(|of| send(self.jobs.as_ref(), Job::Survey { of, number, paths, choice, stop }))
            }
            Effect::Merge { number, paths, choice } => {
                let stop = if number.is_some() { self.stop_of_look() } else { self.stop_of_next() };
                opening.is_some_and(|of| send(self.jobs.as_ref(), Job::Merge { of, number, paths, choice, stop }))
            }
            Effect::Rehearse { number, choice } => {
                let stop = self.stop_of_look();
                opening.is_some_and(|of| send(self.jobs.as_ref(), Job::Rehearse { of, number, choice, stop }))
            }
            Effect::Overview { number } => {
                let stop = self.stop_of_overview();
                opening.is_some_and(|of| send(self.jobs.as_ref(), Job::Overview { of, number, stop }))
            }
            Effect::StopOverview => {
                let _next = self.stop_of_overview();
                true
            }
            Effect::Keep(keep) => send(self.jobs.as_ref(), Job::Keep(keep)),
            Effect::Mirror(command) => opening.is_some_and(|of| send(self.jobs.as_ref(), Job::Mirror { of, command })),
            Effect::StopLooking => {
                self.stop_looking();
                true
            }
            Effect::StopJob => {
                // They are done in order: the oldest that has not ended is the one that runs.
                if let Some(stop) = self.stops.borrow().iter().find_map(Weak::upgrade) {
                    stop.store(true, Ordering::Relaxed);
                }
                true
            }
            Effect::FindSame { id, article, query } => self.find(|of| Wanted::Same { of, id, article, query }),
            Effect::Find { id, query } => self.find(|of| Wanted::Hits { of, id, query }),
            Effect::Gather { id, query } => self.find(|of| Wanted::Gather { of, id, query }),
            Effect::SeekDispute { number, seek } => self.find(|of| Wanted::Dispute { of, number, seek }),
            Effect::Sweep { number, question } => self.find(|of| Wanted::Sweep { of, number, question }),
            // Behind what the keeper was asked before, which it hands on.
            Effect::Advise(ask) if ask != Ask::Settle => {
                opening.is_none_or(|of| self.adviser.send(Advised::Asked { of, ask }).is_ok())
            }
            Effect::SaveSettings(_) | Effect::Pick { .. } | Effect::TryExternal(_) => {
                send(self.errands.as_ref(), effect)
            }
            effect => send(self.keeper.as_ref(), Request { of: opening, effect }),
        };
        if !sent {
            self.shared.tell(lost);
        }
    }

    fn list(&self, listing: impl FnOnce(Opening) -> Listing) -> bool {
        self.opening.get().is_none_or(|of| send(self.reader.as_ref(), listing(of)))
    }

    fn find(&self, wanted: impl FnOnce(Opening) -> Wanted) -> bool {
        self.opening.get().is_none_or(|of| send(self.finder.as_ref(), wanted(of)))
    }

    fn stop_of_next(&self) -> Arc<AtomicBool> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut stops = self.stops.borrow_mut();
        stops.retain(|stop| stop.strong_count() > 0);
        stops.push_back(Arc::downgrade(&stop));
        stop
    }

    /// Gives up the survey or rehearsal before; what stops the next.
    fn stop_of_look(&self) -> Arc<AtomicBool> {
        self.stop_looking();
        let stop = Arc::new(AtomicBool::new(false));
        *self.look.borrow_mut() = Arc::downgrade(&stop);
        stop
    }

    /// Gives up the overview before; what stops the next.
    fn stop_of_overview(&self) -> Arc<AtomicBool> {
        let stop = Arc::new(AtomicBool::new(false));
        let before = self.overview.replace(Arc::downgrade(&stop));
        if let Some(before) = before.upgrade() {
            before.store(true, Ordering::Relaxed);
        }
        stop
    }

    fn stop_looking(&self) {
        if let Some(stop) = self.look.borrow().upgrade() {
            stop.store(true, Ordering::Relaxed);
        }
    }

    /// The next event, if one waits.
    pub fn try_next(&self) -> Option<Event> {
        std::iter::from_fn(|| self.events.try_recv().ok()).find_map(|told| self.given(told))
    }

    /// The next event, waited for.
    pub fn wait_next(&self, limit: Duration) -> Option<Event> {
        let end = Instant::now() + limit;
        let wait = || self.events.recv_timeout(end.saturating_duration_since(Instant::now())).ok();
        std::iter::from_fn(wait).find_map(|told| self.given(told))
    }

    /// The event, unless it is of an opening that has been left.
    fn given(&self, told: Told) -> Option<Event> {
        let current = self.opening.get();
        match &told.event {
            Event::Opened(_) => self.opening.set(told.opening),
            Event::Closed => self.opening.set(None),
            // The same project may be open again: then it has changed behind this opening's back.
            Event::Imported { .. } | Event::Merged { .. } if told.opening.is_some_and(|of| Some(of) != current) => {
                return current.map(|_| Event::ChangedOutside);
            }
            _ if told.opening.is_some_and(|of| Some(of) != current) => return None,
            _ => {}
        }
        Some(told.event)
    }

    /// Ends the threads when all that was handed to them is done, the backup included.
    pub fn finish(&mut self) {
        self.shared.ending.store(true, Ordering::Relaxed);
        // In this order: the keeper sends to the reader, the jobs, the finder and the adviser as it ends.
        self.keeper = None;
        self.reader = None;
        self.errands = None;
        self.finder = None;
        self.jobs = None;
        // A thread that panicked outside its guarded work has nothing left to do.
        for thread in self.threads.drain(..) {
            let _ended = thread.join();
        }
        // These three send to each other, so that no end of a channel tells them: first the one that lets the project go.
        let _told = self.adviser.send(Advised::End);
        let _ended = self.advising.take().map(JoinHandle::join);
        let _told = self.trainer.send(Lesson::End);
        let _ended = self.training.take().map(JoinHandle::join);
        let _told = self.outsider.send(Question::End);
        let _ended = self.asking.take().map(JoinHandle::join);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::Format;
    use crate::session::effect::Make;
    use crate::session::exporting::ExportChoice;

    #[test]
    fn whoever_waits_for_an_answer_gets_one() {
        let worker = Worker::start(Arc::new(|| {}), Places::default());
        let limit = Duration::from_secs(60);
        // No project is open: the window must not show a job that nobody does.
        let choice = Box::new(ExportChoice::of(Format::JSONL));
        worker.run(Effect::Export { path: "/a.jsonl".into(), choice });
        assert!(matches!(worker.wait_next(limit), Some(Event::JobFailed(_))));
        let opening = Effect::Open { path: "/a".into(), annotator: String::new(), make: Make::No, article: None };
        worker.shared.guarded(failure(&opening), || panic!("a fault of the program"));
        assert!(matches!(worker.wait_next(limit), Some(Event::OpenFailed(..))));
    }
}
