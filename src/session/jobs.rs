//! Long jobs: import, export, the search index, the background check and backups.
//!
//! Owns the thread that does them one after the other, each in small transactions, so that saves get between.

use crate::exchange::export::{ExportOptions, export_file};
use crate::exchange::import::{ImportOptions, import_file};
use crate::formats::format::Format;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::Problem;
use crate::session::effect::Event;
use crate::session::message::Message;
use crate::session::telling::in_file;
use crate::session::worker::Shared;
use crate::store::contract::{Selection, Store};
use crate::store::sqlite::SqliteStore;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

/// A long job.
#[derive(Clone, Debug)]
pub enum Job {
    /// From now on, this project: it is indexed and checked.
    Open(PathBuf),
    /// The project was let go: it gets a backup.
    Close(PathBuf),
    /// Files go in.
    Import {
        /// The files.
        paths: Vec<PathBuf>,
        /// Whose layers, where a file names none.
        annotator: String,
    },
    /// The project goes out.
    Export {
        /// To where.
        path: PathBuf,
    },
}

/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// The thread's memory.
pub struct Jobs {
    shared: Shared,
    store: Option<SqliteStore>,
    indexed: bool,
    checked: bool,
}

impl Jobs {
    /// Jobs without a project.
    #[must_use]
    pub fn new(shared: Shared) -> Self {
        Self { shared, store: None, indexed: true, checked: true }
    }

    /// Does what is asked until nobody can ask any more; in between, indexes and checks.
    pub fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let idle = self.indexed && self.checked;
            let job = if idle { jobs.recv().map_err(|_| TryRecvError::Disconnected) } else { jobs.try_recv() };
            let shared = self.shared.clone();
            match job {
                Ok(job) => shared.guarded(|| self.work(job)),
                Err(TryRecvError::Empty) if !self.indexed => shared.guarded(|| self.index()),
                Err(TryRecvError::Empty) => shared.guarded(|| self.check()),
                Err(TryRecvError::Disconnected) => break,
            }
        }
    }

    fn work(&mut self, job: Job) {
        match job {
            Job::Open(path) => match SqliteStore::open(&path) {
                Ok(store) => {
                    self.store = Some(store);
                    self.indexed = false;
                    self.checked = false;
                }
                Err(error) => self.shared.tell(Event::Failed(Message::from(&error))),
            },
            Job::Close(path) => {
                self.store = None;
                self.indexed = true;
                self.checked = true;
                let kept = SqliteStore::open(&path).and_then(|mut store| store.backup());
                if let Err(error) = kept {
                    self.shared.tell(Event::Failed(Message::from(&error)));
                }
            }
            Job::Import { paths, annotator } => self.import(&paths, &annotator),
            Job::Export { path } => self.export(&path),
        }
    }

    fn import(&mut self, paths: &[PathBuf], annotator: &str) {
        let Some(store) = &mut self.store else { return };
        let options = ImportOptions { annotator: annotator.to_owned(), format: None, unit: None };
        let (mut articles, mut known, mut mentions) = (0, 0, 0);
        let mut problems = Vec::new();
        let mut ticker = Ticker::new(&self.shared, "job-import");
        for (done, path) in (0_u64..).zip(paths) {
            let many = paths.len() as u64;
            let mut said = |problem: &Problem| problems.push(in_file(path, problem));
            // Of one file it is not known how many articles it has; of many, how many files are done.
            let mut progress =
                |articles: u64| if many > 1 { ticker.tick(done, many) } else { ticker.tick(articles, 0) };
            match import_file(store, path, &options, &mut said, &mut progress) {
                Ok(imported) => {
                    articles += imported.count.articles;
                    known += imported.count.known;
                    mentions += imported.count.mentions;
                    problems.extend(imported.count.problems.iter().map(|problem| in_file(path, problem)));
                    problems.extend(imported.failure.iter().map(Message::from));
                    if imported.stopped {
                        break;
                    }
                }
                Err(error) => problems.push(Message::from(&error)),
            }
        }
        self.shared.wrote.store(true, Ordering::Relaxed);
        self.indexed = false;
        let message =
            Message::new("imported").number("articles", articles).number("known", known).number("mentions", mentions);
        let articles = store.project().map_or(0, |project| project.articles);
        self.shared.tell(Event::Imported { message, problems, articles });
    }

    fn export(&mut self, path: &Path) {
        let Some(store) = &self.store else { return };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let format = match Format::detect(&name, b"") {
            Format::PlainText => Format::TrainingJsonl,
            format => format,
        };
        let options = ExportOptions { format, unit: OffsetUnit::CodePoint, selection: Selection::default() };
        let total = store.project().map_or(0, |project| project.articles);
        let mut ticker = Ticker::new(&self.shared, "job-export");
        let mut problems = Vec::new();
        let mut said = |problem: &Problem| problems.push(in_file(path, problem));
        let mut progress = |done: u64| ticker.tick(done.min(total), total);
        let event = match export_file(store, path, &options, &mut said, &mut progress) {
            Ok(exported) => Event::Exported {
                message: Message::new("exported")
                    .number("articles", exported.records)
                    .number("mentions", exported.mentions)
                    .text("path", path.display().to_string()),
                problems,
            },
            Err(error) => Event::JobFailed(Message::new("error-export").part("reason", &error)),
        };
        self.shared.tell(event);
    }

    fn index(&mut self) {
        let Some(store) = &mut self.store else { return };
        match store.index_some() {
            Ok(done) => {
                self.shared.wrote.store(true, Ordering::Relaxed);
                self.indexed = done;
                if done {
                    self.shared.tell(Event::Indexed);
                }
            }
            // A search scans what is not indexed, so nothing is lost by leaving it for the next time.
            Err(_) => self.indexed = true,
        }
    }

    fn check(&mut self) {
        self.checked = true;
        let Some(store) = &self.store else { return };
        let stop = &self.shared.stop;
        stop.store(false, Ordering::Relaxed);
        let mut progress = |_: u64, _: u64| {
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        match store.check(&mut progress) {
            Ok(faults) => self.shared.tell(Event::Checked(faults)),
            Err(error) => self.shared.tell(Event::Failed(Message::from(&error))),
        }
    }
}

/// Tells progress, not too often, and whether to stop.
struct Ticker<'a> {
    shared: &'a Shared,
    what: &'static str,
    told: Instant,
}

impl<'a> Ticker<'a> {
    fn new(shared: &'a Shared, what: &'static str) -> Self {
        Self { shared, what, told: Instant::now() }
    }

    fn tick(&mut self, done: u64, total: u64) -> ControlFlow<()> {
        if self.told.elapsed() >= TELL_EVERY {
            self.told = Instant::now();
            self.shared.tell(Event::Progress { what: self.what, done, total });
        }
        if self.shared.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
