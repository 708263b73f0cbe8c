//! The adviser: the thread that asks the engines about the open article and keeps them abreast of what is saved.
//!
//! Owns the engines of the open project while it is open. It must not change a layer, nor make a frame or a save wait: what it is told
//! comes when it is on the disk, what it finds goes to the window as an event.

use crate::domain::article::{Article, ArticleId};
use crate::domain::edit::{Bounds, apply_all};
use crate::domain::layer::{AnnotatorId, Layer, Status};
use crate::domain::suggestion::{Confidence, Engine, Reason, Suggestion};
use crate::exchange::engines::{Engines, Stood};
use crate::exchange::names::load_names;
use crate::formats::problem::Problem;
use crate::session::effect::{Ask, Elsewhere, Event, Knowledge, Training};
use crate::session::message::Message;
use crate::session::outsider::Question;
use crate::session::telling::in_file;
use crate::session::trainer::Lesson;
use crate::session::worker::{Opening, Shared};
use crate::store::contract::{Result, Saved, Store};
use crate::store::hits::{HitQuery, Hits};
use crate::store::knowledge::Knowledge as _;
use crate::store::sqlite::SqliteStore;
use crate::suggest::suggester::Stop;
use crate::suggest::tagger::Tagger;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

/// Something for the adviser.
pub enum Request {
    /// From now on, this project.
    Open(Opening, PathBuf),
    /// From now on, none.
    Close,
    /// An article is open, with this layer.
    Loaded {
        /// The opening it is of.
        of: Opening,
        /// The article.
        article: Article,
        /// Whose layer.
        annotator: AnnotatorId,
        /// The layer as it is on the disk.
        layer: Layer,
    },
    /// An action is on the disk.
    Saved {
        /// The opening it is of.
        of: Opening,
        /// Whose layers.
        annotator: AnnotatorId,
        /// What was saved.
        parts: Vec<Saved>,
    },
    /// Something a person asked for.
    Asked {
        /// The opening in which it was asked for.
        of: Opening,
        /// What.
        ask: Ask,
    },
    /// The engines have learned what the project keeps.
    BroughtUp {
        /// The opening they are of.
        of: Opening,
        /// The engines.
        engines: Box<Engines>,
    },
    /// The tagger is being trained.
    Training(Opening),
    /// A tagger has been trained or read.
    Trained {
        /// The opening it is of.
        of: Opening,
        /// The tagger.
        tagger: Arc<Tagger>,
        /// What it was made from; `None` when it was read from the project.
        training: Option<Training>,
    },
    /// The trainer has done everything it was asked before.
    TrainerIdle(Opening),
    /// What the program of the user's suggests for an article.
    Said {
        /// The opening it is of.
        of: Opening,
        /// The article.
        article: ArticleId,
        /// The suggestions.
        suggestions: Vec<Suggestion>,
    },
    /// The tagger that the project keeps cannot be read, and why.
    ModelUnread(Opening, Message),
    /// The program ends.
    End,
}

/// The article that is open.
struct Current {
    article: Article,
    annotator: AnnotatorId,
    layer: Layer,
    /// What came with the article, and what the program of the user's said of it.
    predictions: Vec<Suggestion>,
    said: Vec<Suggestion>,
    /// Set when the program's answer is no longer wanted.
    unwanted: Arc<Stop>,
    stood: Stood,
    /// What was shown last.
    shown: Vec<Suggestion>,
}

/// The project that is open.
struct Held {
    opening: Opening,
    store: SqliteStore,
    engines: Engines,
    /// Whether the engines have learned what the project keeps; until then nothing is suggested.
    is_up: bool,
    /// What was saved before that.
    early: Vec<(AnnotatorId, Vec<Saved>)>,
    current: Option<Current>,
    knowledge: Knowledge,
}

/// The thread's memory.
pub struct Adviser {
    shared: Shared,
    trainer: Sender<Lesson>,
    outsider: Sender<Question>,
    held: Option<Held>,
}

impl Adviser {
    /// An adviser without a project.
    #[must_use]
    pub fn new(shared: Shared, trainer: Sender<Lesson>, outsider: Sender<Question>) -> Self {
        Self { shared, trainer, outsider, held: None }
    }

    /// Does what is asked until nobody can ask any more.
    pub fn run(mut self, requests: &Receiver<Request>) {
        while let Ok(request) = requests.recv() {
            if matches!(request, Request::End) {
                break;
            }
            let shared = self.shared.clone();
            shared.guarded(Event::Failed(Message::new("error-inside")), || self.handle(request));
        }
        self.let_go();
    }

    fn handle(&mut self, request: Request) {
        match request {
            Request::Open(opening, path) => self.open(opening, &path),
            Request::Close => self.let_go(),
            Request::Loaded { of, article, annotator, layer } => {
                let outsider = self.outsider.clone();
                self.with(of, |shared, held| held.load(shared, &outsider, article, annotator, layer));
            }
            Request::Said { of, article, suggestions } => self.with(of, |shared, held| {
                let Some(current) = held.current.as_mut().filter(|c| c.article.id() == article) else { return Ok(()) };
                current.said = suggestions;
                held.advise(shared)
            }),
            Request::Saved { of, annotator, parts } => {
                let trainer = self.trainer.clone();
                self.with(of, |shared, held| held.saved(shared, &trainer, annotator, parts));
            }
            Request::Asked { of, ask } => self.asked(of, ask),
            Request::BroughtUp { of, engines } => {
                let trainer = self.trainer.clone();
                self.with(of, |shared, held| held.brought_up(shared, &trainer, *engines));
            }
            Request::Training(of) => self.with(of, |shared, held| {
                held.knowledge.is_training = true;
                held.tell(shared);
                Ok(())
            }),
            Request::Trained { of, tagger, training } => self.with(of, |shared, held| {
                held.engines.set_tagger(Some(tagger));
                held.knowledge.is_training = false;
                held.knowledge.training = training.or(held.knowledge.training);
                held.tell(shared);
                held.advise_if_idle(shared)
            }),
            Request::TrainerIdle(of) => self.shared.tell_of(of, Event::Settled),
            Request::ModelUnread(of, message) => self.shared.tell_of(of, Event::Failed(message)),
            Request::End => {}
        }
    }

    /// Does `work` on the project of an opening; nothing when that one has been left. What fails is told once.
    fn with(&mut self, of: Opening, work: impl FnOnce(&Shared, &mut Held) -> Result<()>) {
        let Some(held) = self.held.as_mut().filter(|held| held.opening == of) else { return };
        if let Err(error) = work(&self.shared, held) {
            self.shared.tell_of(of, Event::Failed(Message::from(&error)));
        }
    }

    fn open(&mut self, opening: Opening, path: &Path) {
        self.let_go();
        let opened = SqliteStore::open(path).and_then(|store| Ok((store.labels()?, store)));
        match opened {
            Ok((labels, store)) => {
                self.held = Some(Held {
                    opening,
                    store,
                    engines: Engines::new(labels),
                    is_up: false,
                    early: Vec::new(),
                    current: None,
                    knowledge: Knowledge::default(),
                });
                self.with(opening, |_, held| held.engines.load_names(&held.store));
                // It ends only with the program.
                let _trainer = self.trainer.send(Lesson::Study(opening, path.to_owned()));
            }
            Err(error) => self.shared.tell_of(opening, Event::Failed(Message::from(&error))),
        }
    }

    fn let_go(&mut self) {
        if let Some(mut held) = self.held.take() {
            // What engines say can be said again: a place that cannot be written is told by the saves.
            let _kept = held.keep_current();
            let _trainer = self.trainer.send(Lesson::Close);
        }
    }

    fn asked(&mut self, of: Opening, ask: Ask) {
        let trainer = self.trainer.clone();
        match ask {
            Ask::Settle => {
                let _trainer = trainer.send(Lesson::Settle(of));
            }
            Ask::Train => {
                let _trainer = trainer.send(Lesson::Anew(of));
            }
            Ask::Program(setting) => {
                let _outsider = self.outsider.send(Question::Program(setting));
                // The article that is open is asked about again when it is opened the next time.
            }
            Ask::Silence(silent) => self.with(of, |shared, held| {
                held.engines.silence(silent);
                held.advise(shared)
            }),
            Ask::LoadNames { path, label } => self.with(of, |shared, held| {
                let mut problems = Vec::new();
                let mut said = |problem: &Problem| problems.push(in_file(&path, problem));
                let outcome = match load_names(&mut held.store, &path, label, &mut said) {
                    Ok(loaded) => {
                        Ok(Message::new("names-loaded").number("count", loaded.names).text("title", loaded.title))
                    }
                    Err(error) => Err(Message::from(&error)),
                };
                shared.tell_of(held.opening, Event::NamesLoaded { outcome, problems });
                held.names_changed(shared)
            }),
            Ask::DropNames(list) => self.with(of, |shared, held| {
                held.store.drop_name_list(list)?;
                held.names_changed(shared)
            }),
            Ask::SuggestName { query, label, but } => self.with(of, |shared, held| {
                let found = held.suggest_name(&query, label, but)?;
                shared.tell_of(held.opening, Event::SuggestedElsewhere(found));
                Ok(())
            }),
            Ask::Relearn => {
                self.with(of, |_, held| {
                    held.is_up = false;
                    Ok(())
                });
                let path = self.held.as_ref().and_then(|held| held.store.project().ok()).map(|project| project.path);
                let _trainer = path.map(|path| trainer.send(Lesson::Study(of, path)));
            }
        }
    }
}

impl Held {
    /// An article is open.
    fn load(
        &mut self,
        shared: &Shared,
        outsider: &Sender<Question>,
        article: Article,
        annotator: AnnotatorId,
        layer: Layer,
    ) -> Result<()> {
        let same = |current: &Current| current.article.id() == article.id() && current.annotator == annotator;
        if let Some(current) = self.current.as_mut().filter(|current| same(current)) {
            current.layer = layer;
            return self.advise(shared);
        }
        self.keep_current()?;
        let (unwanted, labels) = (Arc::new(Stop::default()), self.store.labels()?);
        let stop = Arc::clone(&unwanted);
        let _outsider = outsider.send(Question::Article { of: self.opening, article: article.clone(), labels, stop });
        // A row that is damaged is for the check to tell: the article is labelled all the same.
        let predictions = self.store.predictions(&article).unwrap_or_default();
        let (said, stood, shown) = (Vec::new(), Stood::default(), Vec::new());
        self.current = Some(Current { article, annotator, layer, predictions, said, unwanted, stood, shown });
        self.advise(shared)
    }

    /// Tells what the engines think of the open article, by its layer as it is on the disk.
    fn advise(&mut self, shared: &Shared) -> Result<()> {
        let Some(current) = self.current.as_mut().filter(|_| self.is_up) else { return Ok(()) };
        let Current { article, annotator, layer, predictions, said, stood, shown, .. } = current;
        let outside: Vec<Suggestion> = predictions.iter().chain(&*said).cloned().collect();
        let all = self.engines.suggest(article, *annotator, &outside, &Stop::default());
        let suggestions = self.engines.rank(&all, layer);
        if layer.status != Status::Done {
            stood.offer(&all, &suggestions, layer);
        }
        shown.clone_from(&suggestions);
        shared.tell_of(self.opening, Event::Advised { article: article.id(), annotator: *annotator, suggestions });
        Ok(())
    }

    /// Advises with a new tagger, unless there is advice already: what a person looks at does not change by itself.
    fn advise_if_idle(&mut self, shared: &Shared) -> Result<()> {
        if self.current.as_ref().is_some_and(|current| current.shown.is_empty()) {
            self.advise(shared)?;
        }
        Ok(())
    }

    /// An action is on the disk: the engines learn it, and think again about the open article if it is of that.
    fn saved(
        &mut self,
        shared: &Shared,
        trainer: &Sender<Lesson>,
        annotator: AnnotatorId,
        parts: Vec<Saved>,
    ) -> Result<()> {
        if parts.iter().any(|part| !matches!(part, Saved::Layer { .. })) {
            // Labels were changed, merged perhaps: everything is learned again.
            self.is_up = false;
            let path = self.store.project()?.path;
            let _trainer = trainer.send(Lesson::Study(self.opening, path));
        }
        if !self.is_up {
            self.early.push((annotator, parts));
            return Ok(());
        }
        let mut is_open = false;
        for part in parts {
            let Saved::Layer { article, base, operations } = part else { continue };
            let known = self.engines.version(article, annotator);
            if known.is_some_and(|known| known > base) {
                continue;
            }
            let current = self.current.as_mut().filter(|c| c.article.id() == article && c.annotator == annotator);
            let was_done = match current {
                Some(current) => {
                    is_open = true;
                    let was_done = current.layer.status == Status::Done;
                    let bounds = Bounds { text_end: current.article.span().end, rules: self.store.project()?.rules };
                    if current.layer.version != base || apply_all(&operations, &mut current.layer, bounds).is_err() {
                        current.layer = self.store.layer(article, annotator)?;
                    } else {
                        current.layer.version = base.next();
                    }
                    let (article, layer) = (current.article.clone(), current.layer.clone());
                    self.engines.learn(&article, annotator, &layer);
                    let is_done = layer.status == Status::Done;
                    if is_done && !was_done {
                        self.finish()?;
                    }
                    (was_done, is_done, article)
                }
                None => {
                    let (article, layer) = (self.store.article(article)?, self.store.layer(article, annotator)?);
                    self.engines.learn(&article, annotator, &layer);
                    (false, layer.status == Status::Done, article)
                }
            };
            let (was_done, is_done, article) = was_done;
            if is_done || was_done {
                let example = is_done.then(|| self.engines.example(&article, annotator));
                let _trainer =
                    trainer.send(Lesson::Finished { of: self.opening, article: article.id(), annotator, example });
            }
        }
        if is_open { self.advise(shared) } else { Ok(()) }
    }

    /// The open article was finished: what stood in it is judged, for the weight of each engine.
    fn finish(&mut self) -> Result<()> {
        let labels = self.store.labels()?;
        let Some(current) = &mut self.current else { return Ok(()) };
        let outcomes = current.stood.outcomes(&current.layer, &labels);
        current.stood.clear();
        if !outcomes.is_empty() {
            self.engines.remember(&outcomes);
            self.store.set_outcomes(current.article.id(), current.annotator, &outcomes)?;
        }
        self.knowledge.record = self.engines.record().clone();
        Ok(())
    }

    fn brought_up(&mut self, shared: &Shared, trainer: &Sender<Lesson>, engines: Engines) -> Result<()> {
        let mut before = std::mem::replace(&mut self.engines, engines);
        self.engines.take_over(&mut before);
        self.is_up = true;
        for (annotator, parts) in std::mem::take(&mut self.early) {
            let layers = parts.into_iter().filter(|part| matches!(part, Saved::Layer { .. })).collect();
            self.saved(shared, trainer, annotator, layers)?;
        }
        self.knowledge.record = self.engines.record().clone();
        self.knowledge.lists = self.store.name_lists()?;
        self.tell(shared);
        self.advise(shared)
    }

    fn names_changed(&mut self, shared: &Shared) -> Result<()> {
        self.engines.load_names(&self.store)?;
        self.knowledge.lists = self.store.name_lists()?;
        self.tell(shared);
        self.advise(shared)
    }

    fn tell(&self, shared: &Shared) {
        shared.tell_of(self.opening, Event::Learned(Box::new(self.knowledge.clone())));
    }

    /// Keeps what is still open in the article that is left, for the order of the list.
    fn keep_current(&mut self) -> Result<()> {
        let Some(current) = self.current.take() else { return Ok(()) };
        current.unwanted.set();
        if !self.is_up {
            return Ok(());
        }
        let left = self.engines.rank(&current.shown, &current.layer);
        self.store.keep_suggestions(&[(current.article.id(), left)])
    }

    /// Suggests a name in every other article in which it stands unlabelled.
    fn suggest_name(
        &mut self,
        query: &HitQuery,
        label: crate::domain::label::LabelId,
        but: ArticleId,
    ) -> Result<Elsewhere> {
        let mut articles = Vec::new();
        self.store.find_hits(query, &mut |found| {
            articles.extend(found.filter(|found| found.article != but));
            ControlFlow::Continue(())
        })?;
        let mut count = Elsewhere::default();
        for found in articles {
            let article = self.store.article(found.article)?;
            let layer = self.store.layer(found.article, query.annotator)?;
            let mut all = self.store.suggestions(&article)?;
            let confidence = Confidence::new(SAME_NAME);
            all.extend(found.hits.iter().map(|hit| {
                let reason = Reason::Labelled { times: 1, against: 0 };
                Suggestion { span: hit.span, label, engine: Engine::Lexicon, confidence, reason }
            }));
            let shown = self.engines.rank(&all, &layer);
            count.articles += 1;
            count.places += found.hits.len() as u64;
            self.store.keep_suggestions(&[(found.article, shown)])?;
        }
        Ok(count)
    }
}

/// How likely a name is what the same name was just said to be: «label once, suggest everywhere» was right in 88 of 100 cases over a corpus
/// of news (PEYMA).
const SAME_NAME: f64 = 0.88;
