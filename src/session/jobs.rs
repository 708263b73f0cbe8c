//! Long jobs: import and export, what is looked into before them, the search index, the background check and backups.
//!
//! Owns the thread that does them one after the other. An import is one transaction, which saves wait for; what else is written is written
//! in small ones, so that saves get between.

use crate::exchange::export::export_file;
use crate::exchange::import::{Advance, import_files};
use crate::exchange::rehearsal::{Rehearsal, rehearse};
use crate::exchange::survey::survey;
use crate::formats::problem::Problem;
use crate::session::effect::Event;
use crate::session::exporting::ExportChoice;
use crate::session::importing::ImportChoice;
use crate::session::merge_job;
use crate::session::merging::MergeChoice;
use crate::session::mirror_job::MirrorJob;
use crate::session::mirroring::MirrorCommand;
use crate::session::statistics::Keep;
use crate::session::statistics_job;
use crate::session::telling::{in_file, in_project};
use crate::session::worker::{Opening, Shared};
use crate::store::contract::{Result, Store};
use crate::store::sqlite::SqliteStore;
use crate::words::message::Message;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

/// A long job.
#[derive(Clone, Debug)]
pub enum Job {
    /// From now on, this project.
    Open(Opening, PathBuf),
    /// The project is indexed and checked when there is nothing else to do.
    Tend,
    /// The project was let go: it gets a backup.
    Close(PathBuf),
    /// Something was saved.
    Saved,
    /// A person decided about the mirror.
    Mirror {
        /// The opening in which it was asked for.
        of: Opening,
        /// What was decided.
        command: MirrorCommand,
    },
    /// Files go in.
    Import {
        /// The opening in which it was asked for.
        of: Opening,
        /// The files.
        paths: Vec<PathBuf>,
        /// What was decided about them.
        choice: Box<ImportChoice>,
        /// Whether what is wrong with the files has been shown already.
        is_told: bool,
        /// Set to stop it.
        stop: Arc<AtomicBool>,
    },
    /// The work of others comes in, or it is found what would come of it.
    Merge {
        /// The opening in which it was asked for.
        of: Opening,
        /// The number of the look; `None` when it is meant.
        number: Option<u64>,
        /// The projects and files.
        paths: Vec<PathBuf>,
        /// What was decided about them.
        choice: Box<MergeChoice>,
        /// Set to stop it.
        stop: Arc<AtomicBool>,
    },
    /// The project goes out.
    Export {
        /// The opening in which it was asked for.
        of: Opening,
        /// To where.
        path: PathBuf,
        /// What was decided about it.
        choice: Box<ExportChoice>,
        /// Set to stop it.
        stop: Arc<AtomicBool>,
    },
    /// Files are read without being taken.
    Survey {
        /// The opening in which it was asked for.
        of: Opening,
        /// The number of the survey.
        number: u64,
        /// The files.
        paths: Vec<PathBuf>,
        /// How they are read.
        choice: Box<ImportChoice>,
        /// Set to stop it.
        stop: Arc<AtomicBool>,
    },
    /// The overview of the project is gathered.
    Overview {
        /// The opening in which it was asked for.
        of: Opening,
        /// The number of the asking.
        number: u64,
        /// Set to stop it.
        stop: Arc<AtomicBool>,
    },
    /// Something of an overview is written into a file.
    Keep(Box<Keep>),
    /// It is counted what an export would come to.
    Rehearse {
        /// The opening in which it was asked for.
        of: Opening,
        /// The number of the rehearsal.
        number: u64,
        /// What was decided about it.
        choice: Box<ExportChoice>,
        /// Set to stop it.
        stop: Arc<AtomicBool>,
    },
}

/// How long a choice must stand before it is counted what it comes to.
const CHOICE_SETTLES: Duration = Duration::from_millis(120);
/// How long the end of a project may wait for its mirror.
const MIRROR_AT_END: Duration = Duration::from_secs(2);
/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// The thread's memory.
pub struct Jobs {
    shared: Shared,
    project: Option<(Opening, PathBuf)>,
    /// The connection; made again when that failed.
    store: Option<SqliteStore>,
    /// A job that came while the project was checked.
    next: Option<Job>,
    indexed: bool,
    checked: bool,
    mirror: MirrorJob,
}

impl Jobs {
    /// Jobs without a project.
    #[must_use]
    pub fn new(shared: Shared) -> Self {
        Self {
            shared,
            project: None,
            store: None,
            next: None,
            indexed: true,
            checked: true,
            mirror: MirrorJob::default(),
        }
    }

    /// Does what is asked until nobody can ask any more; in between, indexes and checks.
    pub fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let idle = self.indexed && self.checked;
            let job = match self.next.take() {
                Some(job) => Ok(job),
                None if idle => self.recv(jobs),
                None => jobs.try_recv(),
            };
            let shared = self.shared.clone();
            match job {
                Ok(job) => shared.guarded(failure(&job), || self.work(job)),
                Err(TryRecvError::Empty) if self.mirror.is_due() => {
                    let failure = Event::Failed(Message::new("error-inside"));
                    shared.guarded(failure, || self.mirror(jobs));
                }
                Err(TryRecvError::Empty) if !self.indexed => {
                    let failure = Event::Failed(Message::new("error-inside"));
                    shared.guarded(failure, || self.index());
                }
                Err(TryRecvError::Empty) if !self.checked => {
                    let failure = Event::Failed(Message::new("error-inside"));
                    shared.guarded(failure, || self.check(jobs));
                }
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => break,
            }
        }
    }

    fn work(&mut self, job: Job) {
        match job {
            Job::Open(opening, path) => {
                self.store = None;
                self.project = Some((opening, path));
            }
            Job::Tend => {
                self.indexed = false;
                self.checked = false;
                self.mirror.open();
            }
            Job::Saved => self.mirror.saved(),
            Job::Mirror { of, command } => {
                let shared = self.shared.clone();
                let mut mirror = std::mem::take(&mut self.mirror);
                match self.store_of(of) {
                    Ok(store) => shared.tell_of(of, Event::Mirrored(Box::new(mirror.decide(store, command)))),
                    Err(message) => shared.tell_of(of, Event::Failed(message)),
                }
                self.mirror = mirror;
            }
            Job::Overview { of, number, stop } => {
                let shared = self.shared.clone();
                let outcome = self.store_of(of).and_then(|store| {
                    let mut ticker = Ticker::new(&shared, of, &stop, Tick::Overview(number));
                    statistics_job::overview(store, &mut |articles| ticker.tick(articles, 0))
                });
                self.shared.tell_of(of, Event::Overview { number, outcome });
            }
            // That a file is written or not is told in whichever project.
            Job::Keep(keep) => self.shared.tell(Event::Kept(statistics_job::keep(&keep))),
            Job::Close(path) => {
                self.end_mirror();
                self.store = None;
                self.project = None;
                self.indexed = true;
                self.checked = true;
                let kept = SqliteStore::open(&path).and_then(|mut store| store.backup());
                if let Err(error) = kept {
                    self.shared.tell(Event::Failed(Message::from(&error)));
                }
            }
            Job::Import { of, paths, choice, is_told, stop } => {
                let event = self.import(of, &paths, &choice, is_told, &stop).unwrap_or_else(Event::JobFailed);
                self.shared.tell_of(of, event);
            }
            Job::Merge { of, number, paths, choice, stop } => {
                let event = self.merge(of, number, &paths, &choice, &stop);
                self.shared.tell_of(of, event);
            }
            // That a file is written or not is told in whichever project.
            Job::Export { of, path, choice, stop } => {
                let event = self.export(of, &path, &choice, &stop).unwrap_or_else(Event::JobFailed);
                self.shared.tell(event);
            }
            Job::Survey { of, number, paths, choice, stop } => self.survey(of, number, &paths, &choice, &stop),
            Job::Rehearse { of, number, choice, stop } => {
                let outcome = match settles(&stop) {
                    true => self.rehearse(of, number, &choice, &stop),
                    false => Ok(Arc::new(Rehearsal { stopped: true, ..Rehearsal::default() })),
                };
                self.shared.tell_of(of, Event::Counted { number, outcome });
            }
        }
    }

    /// The connection to the open project, and which opening that is of; `None` without one.
    fn store(&mut self) -> Result<Option<(Opening, &mut SqliteStore)>> {
        let Some((opening, path)) = &self.project else { return Ok(None) };
        if self.store.is_none() {
            self.store = Some(SqliteStore::open(path)?.sharing(&self.shared.changes));
        }
        Ok(self.store.as_mut().map(|store| (*opening, store)))
    }

    /// The connection for a job that was asked for in an opening.
    fn store_of(&mut self, of: Opening) -> std::result::Result<&mut SqliteStore, Message> {
        match self.store() {
            Ok(Some((opening, store))) if opening == of => Ok(store),
            Ok(_) => Err(Message::new("error-inside")),
            Err(error) => Err(Message::from(&error)),
        }
    }

    fn import(
        &mut self,
        of: Opening,
        paths: &[PathBuf],
        choice: &ImportChoice,
        is_told: bool,
        stop: &AtomicBool,
    ) -> std::result::Result<Event, Message> {
        let shared = self.shared.clone();
        let store = self.store_of(of)?;
        let options = choice.options();
        let mut problems = Told::default();
        let mut ticker = Ticker::new(&shared, of, stop, Tick::Job("job-import"));
        let many = paths.len() as u64;
        // Of one file it is not known how many articles it has; of many, how many files are done.
        let mut progress = |advance: Advance| {
            if many > 1 { ticker.tick(advance.files, many) } else { ticker.tick(advance.articles, 0) }
        };
        let mut said = |path: &Path, problem: &Problem| {
            if !is_told {
                problems.push(in_file(path, problem));
            }
        };
        let imported =
            import_files(store, paths, &options, &mut said, &mut progress).map_err(|error| Message::from(&error))?;
        imported.count.problems.iter().for_each(|problem| problems.push(in_project(problem)));
        imported.failures.iter().for_each(|failure| problems.push(Message::from(failure)));
        let message = if imported.stopped {
            Message::new("import-stopped")
        } else {
            Message::new("imported")
                .number("articles", imported.count.articles)
                .number("known", imported.count.known)
                .number("mentions", imported.count.mentions)
        };
        let articles = store.project().map_or(0, |project| project.articles);
        self.indexed = false;
        self.mirror.saved();
        Ok(Event::Imported { message, problems: problems.into_messages(), articles })
    }

    fn merge(
        &mut self,
        of: Opening,
        number: Option<u64>,
        paths: &[PathBuf],
        choice: &MergeChoice,
        stop: &AtomicBool,
    ) -> Event {
        let shared = self.shared.clone();
        let mut ticker = Ticker::new(&shared, of, stop, number.map_or(Tick::Job("job-merge"), Tick::Merge));
        let mut progress = |articles| ticker.tick(articles, 0);
        match number {
            Some(number) => {
                let outcome = self.store_of(of).and_then(|store| merge_job::look(store, paths, choice, &mut progress));
                Event::MergeLooked { number, outcome }
            }
            None => {
                let taken = self.store_of(of).and_then(|store| merge_job::take(store, paths, choice, &mut progress));
                self.indexed = false;
                self.mirror.saved();
                taken.map_or_else(Event::JobFailed, |(message, articles)| Event::Merged { message, articles })
            }
        }
    }

    fn export(
        &mut self,
        of: Opening,
        path: &Path,
        choice: &ExportChoice,
        stop: &AtomicBool,
    ) -> std::result::Result<Event, Message> {
        let shared = self.shared.clone();
        let store = self.store_of(of)?;
        let options = choice.options();
        let total = store.project().map_or(0, |project| project.articles);
        let mut ticker = Ticker::new(&shared, of, stop, Tick::Job("job-export"));
        let mut problems = Told::default();
        let mut said = |problem: &Problem| problems.push(in_file(path, problem));
        let mut progress = |done: u64| ticker.tick(done.min(total), total);
        let exported = export_file(store, path, &options, &mut said, &mut progress)
            .map_err(|error| Message::new("error-export").part("reason", &error))?;
        let message = Message::new("exported")
            .number("records", exported.records)
            .number("mentions", exported.mentions)
            .text("path", path.display().to_string());
        Ok(Event::Exported { message, problems: problems.into_messages() })
    }

    /// Reads files without taking them.
    fn survey(&self, of: Opening, number: u64, paths: &[PathBuf], choice: &ImportChoice, stop: &AtomicBool) {
        let mut ticker = Ticker::new(&self.shared, of, stop, Tick::Survey(number));
        let survey = survey(paths, &choice.options(), &mut |articles| ticker.tick(articles, 0));
        self.shared.tell_of(of, Event::Surveyed { number, survey: Arc::new(survey) });
    }

    /// Counts what an export would come to.
    fn rehearse(
        &mut self,
        of: Opening,
        number: u64,
        choice: &ExportChoice,
        stop: &AtomicBool,
    ) -> std::result::Result<Arc<Rehearsal>, Message> {
        let shared = self.shared.clone();
        let store = self.store_of(of)?;
        let mut ticker = Ticker::new(&shared, of, stop, Tick::Rehearsal(number));
        let found = rehearse(store, &choice.options(), &mut |records| ticker.tick(records, 0));
        found.map(Arc::new).map_err(|error| Message::from(&error))
    }

    /// Waits for a job, or until the mirror has something to do.
    fn recv(&self, jobs: &Receiver<Job>) -> std::result::Result<Job, TryRecvError> {
        match self.mirror.wait() {
            None => jobs.recv().map_err(|_| TryRecvError::Disconnected),
            Some(wait) => jobs.recv_timeout(wait).map_err(|error| match error {
                RecvTimeoutError::Timeout => TryRecvError::Empty,
                RecvTimeoutError::Disconnected => TryRecvError::Disconnected,
            }),
        }
    }

    /// Brings the mirror up to date, unless a job comes: then it goes on after that one.
    fn mirror(&mut self, jobs: &Receiver<Job>) {
        let (mut next, mut is_saved) = (None, false);
        let mut keep = || match jobs.try_recv() {
            Err(TryRecvError::Empty) => true,
            Ok(Job::Saved) => {
                is_saved = true;
                true
            }
            job => {
                next = job.ok();
                false
            }
        };
        let mut mirror = std::mem::take(&mut self.mirror);
        if let Ok(Some((of, store))) = self.store() {
            let news = mirror.run(store, &mut keep);
            if let Some(news) = news {
                self.shared.tell_of(of, Event::Mirrored(Box::new(news)));
            }
        } else {
            mirror = MirrorJob::default();
        }
        if is_saved {
            mirror.saved();
        }
        self.mirror = mirror;
        self.next = next;
    }

    /// Writes what was saved a moment ago to the mirror, before the project is let go.
    fn end_mirror(&mut self) {
        let mut mirror = std::mem::take(&mut self.mirror);
        let begun = Instant::now();
        if let Ok(Some((_, store))) = self.store()
            && mirror.wait().is_some()
        {
            // What is left is written when the project is opened again.
            let _nobody_listens = mirror.run(store, &mut || begun.elapsed() < MIRROR_AT_END);
        }
    }

    fn index(&mut self) {
        // Whatever comes of it but more to do: a search scans what is not indexed, so nothing is lost by leaving it for the next time.
        self.indexed = true;
        let Ok(Some((of, store))) = self.store() else { return };
        let Ok(done) = store.index_some() else { return };
        self.indexed = done;
        if done {
            self.shared.tell_of(of, Event::Indexed);
        }
    }

    /// Checks the project, unless a job comes: then it is done over after that one.
    fn check(&mut self, jobs: &Receiver<Job>) {
        self.checked = true;
        let (mut next, mut mirror) = (None, std::mem::take(&mut self.mirror));
        let mut progress = |_: u64, _: u64| match jobs.try_recv() {
            Err(TryRecvError::Empty) => ControlFlow::Continue(()),
            // A save is no reason to begin again.
            Ok(Job::Saved) => {
                mirror.saved();
                ControlFlow::Continue(())
            }
            job => {
                next = job.ok();
                ControlFlow::Break(())
            }
        };
        let (of, found) = match self.store() {
            Ok(Some((of, store))) => (Some(of), store.check(&mut progress)),
            Ok(None) => return,
            Err(error) => (None, Err(error)),
        };
        self.mirror = mirror;
        if next.is_some() {
            self.checked = false;
            self.next = next;
            return;
        }
        match (of, found) {
            (Some(of), Ok(faults)) => self.shared.tell_of(of, Event::Checked(faults)),
            (_, Err(error)) => self.shared.tell(Event::Failed(Message::from(&error))),
            (None, Ok(_)) => {}
        }
    }
}

/// What is told when a job came to nothing by a fault of the program.
fn failure(job: &Job) -> Event {
    let message = Message::new("error-inside");
    match job {
        Job::Import { .. } | Job::Export { .. } | Job::Merge { number: None, .. } => Event::JobFailed(message),
        Job::Merge { number: Some(number), .. } => Event::MergeLooked { number: *number, outcome: Err(message) },
        Job::Survey { number, .. } => Event::SurveyFailed { number: *number, message },
        Job::Overview { number, .. } => Event::Overview { number: *number, outcome: Err(message) },
        Job::Keep(_) => Event::Kept(Err(message)),
        Job::Rehearse { number, .. } => Event::Counted { number: *number, outcome: Err(message) },
        Job::Open(..) | Job::Tend | Job::Close(_) | Job::Saved | Job::Mirror { .. } => Event::Failed(message),
    }
}

/// Waits for a moment; `false` when what is waited for was given up meanwhile, because something else is wanted.
fn settles(stop: &AtomicBool) -> bool {
    const STEP: Duration = Duration::from_millis(10);
    let begun = Instant::now();
    while begun.elapsed() < CHOICE_SETTLES && !stop.load(Ordering::Relaxed) {
        std::thread::sleep(STEP);
    }
    !stop.load(Ordering::Relaxed)
}

/// What a job found, to be read by a person: the first are kept, the others counted.
#[derive(Default)]
struct Told {
    messages: Vec<Message>,
    more: u64,
}

impl Told {
    /// How many are kept.
    const LIMIT: usize = 10_000;

    fn push(&mut self, message: Message) {
        if self.messages.len() < Self::LIMIT {
            self.messages.push(message);
        } else {
            self.more += 1;
        }
    }

    fn into_messages(mut self) -> Vec<Message> {
        if self.more > 0 {
            self.messages.push(Message::new("problems-more").number("count", self.more));
        }
        self.messages
    }
}

/// What progress is told of.
#[derive(Clone, Copy, Debug)]
enum Tick {
    /// A job of this name, an id of the locale files.
    Job(&'static str),
    /// The survey of this number.
    Survey(u64),
    /// The rehearsal of this number.
    Rehearsal(u64),
    /// The look of this number into a merge.
    Merge(u64),
    /// The overview of this number.
    Overview(u64),
}

/// Tells progress, not too often, and whether to stop.
struct Ticker<'a> {
    shared: &'a Shared,
    of: Opening,
    stop: &'a AtomicBool,
    what: Tick,
    told: Instant,
}

impl<'a> Ticker<'a> {
    fn new(shared: &'a Shared, of: Opening, stop: &'a AtomicBool, what: Tick) -> Self {
        Self { shared, of, stop, what, told: Instant::now() }
    }

    fn tick(&mut self, done: u64, total: u64) -> ControlFlow<()> {
        if self.told.elapsed() >= TELL_EVERY {
            self.told = Instant::now();
            let event = match self.what {
                Tick::Job(what) => Event::Progress { what, done, total },
                Tick::Survey(number) => Event::Surveying { number, articles: done },
                Tick::Overview(number) => Event::Overviewing { number, articles: done },
                Tick::Rehearsal(number) => Event::Counting { number, records: done },
                Tick::Merge(number) => Event::MergeLooking { number, articles: done },
            };
            self.shared.tell_of(self.of, event);
        }
        let stops = self.stop.load(Ordering::Relaxed) || self.shared.ending.load(Ordering::Relaxed);
        if stops { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
