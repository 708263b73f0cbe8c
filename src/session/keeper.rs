//! The keeper: the thread that holds the open project, loads articles and saves actions in the order they were done.
//!
//! Owns the one writing connection for people's work. A save is told only when it is on the disk.

use crate::domain::article::ArticleId;
use crate::domain::decision::GOLD;
use crate::domain::label::Label;
use crate::domain::layer::{AnnotatorId, Layer, Rules, Status, TitleRule};
use crate::domain::record::ArticleRecord;
use crate::exchange::import::PROJECT_ENDING;
use crate::exchange::import::{ImportOptions, import_file};
use crate::formats::files::Source;
use crate::formats::format::{Format, ReadOptions, open_reader};
use crate::formats::problem::Problem;
use crate::formats::sample::SAMPLE_ANNOTATORS;
use crate::session::adviser::Request as Advised;
use crate::session::effect::{Effect, Event, Listed, Loaded, Make, Opened, Target};
use crate::session::finder::Wanted;
use crate::session::jobs::Job;
use crate::session::reader::Listing;
use crate::session::rescue::{self, BroughtBack};
use crate::session::telling::in_file;
use crate::session::worker::{Opening, Shared, failure};
use crate::store::contract::{Filter, Result, Saved, StatusFilter, Store, StoreError, Towards};
use crate::store::lock::ProjectLock;
use crate::store::review::{LayerOf, Review as _};
use crate::store::sqlite::SqliteStore;
use crate::store::sqlite::default_labels;
use crate::words::message::Message;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

/// An effect for the keeper.
#[derive(Debug)]
pub struct Request {
    /// The opening in which it was asked for.
    pub of: Option<Opening>,
    /// What is asked.
    pub effect: Effect,
}

/// How often the project file is looked at for changes by other programs.
const LOOK_OUTSIDE: Duration = Duration::from_secs(2);

struct Held {
    opening: Opening,
    store: SqliteStore,
    path: PathBuf,
    outside: u64,
    #[expect(dead_code, reason = "held for as long as the project is open")]
    lock: Option<ProjectLock>,
}

/// The threads that are told which project is open, and what happens to it. They end only with the program.
#[derive(Clone)]
pub struct Listeners {
    /// Reads lists.
    pub reader: Sender<Listing>,
    /// Does long jobs.
    pub jobs: Sender<Job>,
    /// Looks through texts.
    pub finder: Sender<Wanted>,
    /// Advises.
    pub adviser: Sender<Advised>,
}

/// The thread's memory.
pub struct Keeper {
    shared: Shared,
    listeners: Listeners,
    /// Where actions wait that could not be saved when the program ended.
    data: Option<PathBuf>,
    held: Option<Held>,
    /// How many openings there have been.
    openings: u64,
}

impl Keeper {
    /// A keeper without a project.
    #[must_use]
    pub fn new(shared: Shared, listeners: Listeners, data: Option<PathBuf>) -> Self {
        Self { shared, listeners, data, held: None, openings: 0 }
    }

    /// Does what is asked until nobody can ask any more, then lets the project go.
    pub fn run(mut self, requests: &Receiver<Request>) {
        loop {
            let wait = if self.held.is_some() { LOOK_OUTSIDE } else { Duration::from_secs(3600) };
            match requests.recv_timeout(wait) {
                Ok(Request { of, effect }) => {
                    let of_project = !matches!(effect, Effect::Open { .. } | Effect::Close);
                    // What was asked in another opening is about other articles.
                    if !of_project || of == self.held.as_ref().map(|held| held.opening) {
                        let shared = self.shared.clone();
                        shared.guarded(failure(&effect), || self.handle(effect));
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.look_outside(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.let_go();
    }

    fn handle(&mut self, effect: Effect) {
        match effect {
            Effect::Open { path, annotator, make, .. } => match self.open(&path, &annotator, make) {
                Ok((opening, opened)) => {
                    self.shared.tell_of(opening, Event::Opened(Box::new(opened)));
                    // Not before: what the check finds is of an opening that is known by then.
                    let _jobs = self.listeners.jobs.send(Job::Tend);
                }
                Err(message) => self.shared.tell(Event::OpenFailed(path, message)),
            },
            Effect::Close => {
                self.let_go();
                self.shared.tell(Event::Closed);
            }
            Effect::NameAnnotator(name) => self.answer(|held| Ok(Event::AnnotatorNamed(held.store.annotator(&name)?))),
            Effect::Load { target, filter } => self.load(target, &filter),
            Effect::Advise(ask) => {
                let Some(held) = &self.held else { return };
                let _adviser = self.listeners.adviser.send(Advised::Asked { of: held.opening, ask });
            }
            Effect::Save { annotator, parts } => self.save(annotator, parts),
            Effect::SetRules(rules) => self.answer(|held| {
                held.store.set_rules(rules)?;
                Ok(Event::RulesSet(rules))
            }),
            Effect::SetDirection(article, direction) => {
                let Some(held) = &mut self.held else { return };
                if let Err(error) = held.store.set_direction(article, direction) {
                    self.shared.tell(Event::Failed(Message::from(&error)));
                }
            }
            Effect::ReadLabels => self.answer(|held| Ok(Event::LabelsRead(held.store.labels()?))),
            Effect::ReadReasons => self.answer(|held| Ok(Event::ReasonsRead(held.store.reasons()?))),
            Effect::SetReasons(reasons) => self.answer(|held| {
                held.store.set_reasons(&reasons)?;
                Ok(Event::ReasonsRead(held.store.reasons()?))
            }),
            // The other effects are handed to other threads.
            Effect::Page { .. }
            | Effect::CountLabels
            | Effect::ListAnnotators
            | Effect::Import { .. }
            | Effect::Export { .. }
            | Effect::StopJob
            | Effect::Survey { .. }
            | Effect::LookIntoMerge { .. }
            | Effect::Merge { .. }
            | Effect::Rehearse { .. }
            | Effect::Overview { .. }
            | Effect::StopOverview
            | Effect::Keep(_)
            | Effect::StopLooking
            | Effect::Mirror(_)
            | Effect::FindSame { .. }
            | Effect::Find { .. }
            | Effect::Gather { .. }
            | Effect::SeekDispute { .. }
            | Effect::Sweep { .. }
            | Effect::SaveSettings(_)
            | Effect::Pick { .. }
            | Effect::TryExternal(_) => {}
        }
    }

    fn answer(&mut self, work: impl FnOnce(&mut Held) -> Result<Event>) {
        let Some(held) = &mut self.held else { return };
        let event = work(held).unwrap_or_else(|error| Event::Failed(Message::from(&error)));
        self.shared.tell(event);
    }

    fn load(&mut self, target: Target, filter: &Filter) {
        let Some(held) = &mut self.held else { return };
        let loaded = match load(&mut held.store, &target, filter) {
            Ok(Some(loaded)) => loaded,
            Ok(None) => return self.shared.tell(Event::NoArticle(target)),
            Err(error) => return self.shared.tell(Event::Failed(Message::from(&error))),
        };
        let (article, layer) = (loaded.article.clone(), loaded.layer.clone());
        let (of, annotator) = (held.opening, filter.annotator);
        // In this order: what the engines think of an article is of no use before it is open.
        self.shared.tell(Event::Loaded(Box::new(loaded)));
        let _adviser = self.listeners.adviser.send(Advised::Loaded { of, article, annotator, layer });
    }

    fn save(&mut self, annotator: AnnotatorId, parts: Vec<Saved>) {
        let Some(held) = &mut self.held else { return };
        let event = match held.store.save(annotator, &parts) {
            Ok(_versions) => {
                let _adviser = self.listeners.adviser.send(Advised::Saved { of: held.opening, annotator, parts });
                let _jobs = self.listeners.jobs.send(Job::Saved);
                Event::Saved
            }
            Err(StoreError::Conflict { article, .. }) => match conflicting(&held.store, article, annotator) {
                Ok(theirs) => Event::SaveConflict(Box::new(theirs)),
                Err(error) => Event::SaveFailed(Message::from(&error)),
            },
            Err(error @ (StoreError::Edit(_) | StoreError::Label(_) | StoreError::NotFound { .. })) => {
                Event::SaveRefused(Message::from(&error))
            }
            Err(error) => Event::SaveFailed(Message::from(&error)),
        };
        self.shared.tell(event);
    }

    fn open(&mut self, path: &Path, annotator: &str, make: Make) -> std::result::Result<(Opening, Opened), Message> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let (path, mut problems) = prepare(&path, annotator, make)?;
        let told = |error: StoreError| Message::from(&error);
        let mut store = SqliteStore::open(&path).map_err(told)?.sharing(&self.shared.changes);
        let named = if annotator.trim().is_empty() { None } else { Some(store.annotator(annotator).map_err(told)?) };
        let mut rescued: Option<BroughtBack> = None;
        for file in self.data.as_deref().map(|data| rescue::files_of(data, &path)).unwrap_or_default() {
            if let Some(aside) = rescue::set_aside_unreadable(&file) {
                problems.push(Message::new("rescue-unreadable").text("path", aside.display().to_string()));
            }
            if let Some(more) = rescue::bring_back(&mut store, &file).map_err(told)? {
                let all = rescued.get_or_insert_default();
                all.kept += more.kept;
                all.dropped += more.dropped;
            }
        }
        // A place that knows no locks must not keep anyone from working: versions guard the saves.
        let (lock, shared) = match ProjectLock::take(&path) {
            Ok(lock) => {
                let other = lock.is_none() && self.held.as_ref().is_none_or(|held| held.path != path);
                (lock, other)
            }
            Err(_) => (None, false),
        };
        let opened = Opened {
            project: store.project().map_err(told)?,
            labels: store.labels().map_err(told)?,
            annotator: named,
            shared,
            problems,
            rescued,
        };
        self.let_go();
        // The same project opened again: its lock was our own and is free now.
        let lock = lock.or_else(|| ProjectLock::take(&path).ok().flatten());
        let outside = store.outside_changes().unwrap_or_default();
        self.openings += 1;
        let opening = Opening(self.openings);
        self.held = Some(Held { opening, store, path: path.clone(), outside, lock });
        // These end only with the program.
        let _reader = self.listeners.reader.send(Listing::Open(opening, path.clone()));
        let _finder = self.listeners.finder.send(Wanted::Open(opening, path.clone()));
        let _adviser = self.listeners.adviser.send(Advised::Open(opening, path.clone()));
        let _jobs = self.listeners.jobs.send(Job::Open(opening, path));
        Ok((opening, opened))
    }

    fn let_go(&mut self) {
        if let Some(held) = self.held.take() {
            let _reader = self.listeners.reader.send(Listing::Close);
            let _finder = self.listeners.finder.send(Wanted::Close);
            let _adviser = self.listeners.adviser.send(Advised::Close);
            let _jobs = self.listeners.jobs.send(Job::Close(held.path.clone()));
        }
    }

    fn look_outside(&mut self) {
        let Some(held) = &mut self.held else { return };
        let Ok(now) = held.store.outside_changes() else { return };
        if now != held.outside {
            held.outside = now;
            self.shared.tell(Event::ChangedOutside);
        }
    }
}

/// Makes the project that is to be opened, where it has to be made; gives its path and what an import found.
fn prepare(path: &Path, annotator: &str, make: Make) -> std::result::Result<(PathBuf, Vec<Message>), Message> {
    let told = |error: StoreError| Message::from(&error);
    match make {
        Make::No => Ok((path.to_owned(), Vec::new())),
        Make::Empty => {
            make_folder(path)?;
            drop(SqliteStore::create(path, Rules::default(), default_labels()).map_err(told)?);
            Ok((path.to_owned(), Vec::new()))
        }
        Make::Sample => {
            if !path.exists() {
                make_folder(path)?;
                let rules = Rules { titles: TitleRule::Inside, ..Rules::default() };
                filled(path, rules, sample_labels(), |store| {
                    store.import(&mut sample_records(), "sample").map(|_| Vec::new()).map_err(told)
                })?;
            }
            Ok((path.to_owned(), Vec::new()))
        }
        Make::Beside => {
            let project = path.with_extension(PROJECT_ENDING);
            let mut problems = Vec::new();
            if !project.exists() {
                let options = ImportOptions::of(annotator);
                problems = filled(&project, Rules::default(), default_labels(), |store| {
                    let mut problems = Vec::new();
                    let mut said = |problem: &Problem| problems.push(in_file(path, problem));
                    let imported = import_file(store, path, &options, &mut said, &mut |_| ControlFlow::Continue(()))
                        .map_err(|error| Message::new("error-import").part("reason", &error))?;
                    problems.extend(imported.count.problems.iter().map(|problem| in_file(path, problem)));
                    problems.extend(imported.failures.iter().map(Message::from));
                    Ok(problems)
                })?;
            }
            Ok((project, problems))
        }
    }
}

/// The sample that the program carries, as two annotators labelled it; a test reads it without a problem.
fn sample_records() -> impl Iterator<Item = ArticleRecord> {
    let mut reader = open_reader(Format::JSON, Source::from_bytes(SAMPLE_ANNOTATORS), &ReadOptions::default()).ok();
    std::iter::from_fn(move || reader.as_mut()?.next_record(&mut Vec::new()).ok().flatten())
}

/// The default labels, with the guideline that the sample's rule on titles asks for.
fn sample_labels() -> Vec<Label> {
    let mut labels = default_labels();
    for label in labels.iter_mut().filter(|label| label.name == "PER") {
        "نام شخص همراه عنوانش: «سردار حسین اشتری» کامل. سمتِ تنها (فرمانده) بیرون می‌ماند."
            .clone_into(&mut label.guideline);
    }
    labels
}

/// Makes a project under a passing name, fills it, and gives it its own name when that went well: what a crash leaves
/// behind is never taken for a whole project.
fn filled(
    path: &Path,
    rules: Rules,
    labels: Vec<Label>,
    fill: impl FnOnce(&mut SqliteStore) -> std::result::Result<Vec<Message>, Message>,
) -> std::result::Result<Vec<Message>, Message> {
    let told = |error: StoreError| Message::from(&error);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let passing = path.with_file_name(format!(".{name}.making"));
    remove_project(&passing);
    let mut store = SqliteStore::create(&passing, rules, labels).map_err(told)?;
    let problems = fill(&mut store);
    // The last connection that closes brings the log into the file: it is whole in itself then.
    drop(store);
    let named = problems.and_then(|problems| {
        if path.exists() {
            return Err(told(StoreError::AlreadyThere { path: path.to_owned() }));
        }
        let failed = |error: std::io::Error| {
            Message::new("error-file").text("path", path.display().to_string()).part("reason", &error)
        };
        std::fs::rename(&passing, path).map_err(failed).map(|()| problems)
    });
    if named.is_err() {
        // Nothing of anyone's is in it: it was made a moment ago.
        remove_project(&passing);
    }
    named
}

fn remove_project(path: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        // Mostly there is none.
        let _gone = std::fs::remove_file(PathBuf::from(name));
    }
}

fn make_folder(path: &Path) -> std::result::Result<(), Message> {
    let Some(folder) = path.parent() else { return Ok(()) };
    std::fs::create_dir_all(folder)
        .map_err(|error| Message::new("error-file").text("path", folder.display().to_string()).part("reason", &error))
}

fn conflicting(store: &SqliteStore, article: ArticleId, annotator: AnnotatorId) -> Result<Loaded> {
    Ok(Loaded {
        article: store.article(article)?,
        layer: store.layer(article, annotator)?,
        listed: None,
        layers: Vec::new(),
    })
}

fn load(store: &mut SqliteStore, target: &Target, filter: &Filter) -> Result<Option<Loaded>> {
    let id = match target {
        Target::Article(id) => Some(*id),
        Target::Named(name) => {
            let named = match name {
                Some(name) => store.article_by_name(name)?,
                None => None,
            };
            match named {
                Some(id) => Some(id),
                None => store.neighbour(filter, None, Towards::Next)?,
            }
        }
        Target::Towards { from, towards, remaining: false } => store.neighbour(filter, *from, *towards)?,
        Target::Towards { from, towards, remaining: true } => {
            let status = match filter.status {
                StatusFilter::All | StatusFilter::Only(Status::Done) => StatusFilter::Remaining,
                chosen => chosen,
            };
            let remaining = Filter { status, ..filter.clone() };
            match store.neighbour(&remaining, *from, *towards)? {
                Some(id) => Some(id),
                None => store.neighbour(&remaining, None, *towards)?.filter(|id| Some(*id) != *from),
            }
        }
    };
    let Some(id) = id else { return Ok(None) };
    let article = store.article(id)?;
    let layer = store.layer(id, filter.annotator)?;
    let place = store.place(filter, id)?;
    let total = store.page(filter, 0, 0)?.total;
    let listed = Some(Listed { filter: filter.clone(), place, total });
    let layers = layers(store, &layer, id, filter.annotator)?;
    Ok(Some(Loaded { article, layer, listed, layers }))
}

/// In a review all layers of an article; else the gold one, when that and the annotator's own are done.
fn layers(store: &SqliteStore, own: &Layer, article: ArticleId, annotator: AnnotatorId) -> Result<Vec<LayerOf>> {
    let Some(gold) = store.annotators()?.into_iter().find(|annotator| annotator.name == GOLD) else {
        return Ok(Vec::new());
    };
    if gold.id == annotator {
        return store.layers_of(article);
    }
    if own.status != Status::Done {
        return Ok(Vec::new());
    }
    let layer = store.layer(article, gold.id)?;
    Ok(if layer.status == Status::Done { vec![LayerOf { annotator: gold, layer }] } else { Vec::new() })
}
