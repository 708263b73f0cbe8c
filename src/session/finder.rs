//! The finder: the thread that looks through texts for names and patterns, on a connection that cannot write.
//!
//! Owns nothing but that connection. What is asked anew gives up what was looked for before; it must not change a layer.

use crate::domain::article::{Article, ArticleId};
use crate::domain::name::{Name, Tier, occurrences};
use crate::session::effect::{Elsewhere, Event, SamePlace};
use crate::session::finding::HITS_KEPT;
use crate::session::seeking::{self, Seek};
use crate::session::selecting::span_from_bytes;
use crate::session::sweep::{self, SweepPlan, SweepQuestion};
use crate::session::worker::{Opening, Shared};
use crate::store::contract::{Result, Store};
use crate::store::hits::{ArticleHits, HitQuery, Hits};
use crate::store::review::{Review as _, Reviewed};
use crate::store::sqlite::SqliteStore;
use crate::words::message::Message;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

/// Something to find.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// From now on, this project.
    Open(Opening, PathBuf),
    /// From now on, none.
    Close,
    /// The same mentions: here, and how many elsewhere.
    Same {
        /// The opening in which it was asked for.
        of: Opening,
        /// The number of the offer.
        id: u64,
        /// The open article.
        article: ArticleId,
        /// The name.
        query: HitQuery,
    },
    /// Hits, told as they are found; `None` for nothing more.
    Hits {
        /// The opening in which it was asked for.
        of: Opening,
        /// The number of the search.
        id: u64,
        /// What for.
        query: Option<HitQuery>,
    },
    /// The next article that waits for an adjudicator.
    Dispute {
        /// The opening in which it was asked for.
        of: Opening,
        /// The number of the search.
        number: u64,
        /// What is sought.
        seek: Box<Seek>,
    },
    /// What is to be decided in the whole project.
    Sweep {
        /// The opening in which it was asked for.
        of: Opening,
        /// Its number.
        number: u64,
        /// What is to be decided.
        question: Box<SweepQuestion>,
    },
    /// All hits at once.
    Gather {
        /// The opening in which it was asked for.
        of: Opening,
        /// The number of the offer.
        id: u64,
        /// What for.
        query: HitQuery,
    },
}

/// How often hits are told while more are looked for.
const TELL_EVERY: Duration = Duration::from_millis(40);

/// The thread's memory.
pub struct Finder {
    shared: Shared,
    project: Option<(Opening, PathBuf)>,
    /// The connection; made again when that failed.
    store: Option<SqliteStore>,
    /// What came while something was looked for.
    waiting: VecDeque<Wanted>,
}

impl Finder {
    /// A finder without a project.
    #[must_use]
    pub fn new(shared: Shared) -> Self {
        Self { shared, project: None, store: None, waiting: VecDeque::new() }
    }

    /// Finds what is asked until nobody can ask any more.
    pub fn run(mut self, asked: &Receiver<Wanted>) {
        while let Some(wanted) = self.waiting.pop_front().or_else(|| asked.recv().ok()) {
            let shared = self.shared.clone();
            let failure = Event::Failed(Message::new("error-inside"));
            shared.guarded(failure, || self.find(wanted, asked));
        }
    }

    fn find(&mut self, wanted: Wanted, asked: &Receiver<Wanted>) {
        match wanted {
            Wanted::Open(opening, path) => {
                self.store = None;
                self.project = Some((opening, path));
            }
            Wanted::Close => {
                self.store = None;
                self.project = None;
            }
            Wanted::Same { of, id, article, query } => {
                self.answer(of, |finder, store| {
                    let places = here(&store.article(article)?, &query.wanted);
                    finder.shared.tell_of(of, Event::SameHere { id, places });
                    let found = finder.elsewhere(store, &query, article, asked)?;
                    Ok(found.map(|found| Event::SameElsewhere { id, found }))
                });
            }
            Wanted::Hits { query: None, .. } => {}
            Wanted::Hits { of, id, query: Some(query) } => {
                self.answer(of, |finder, store| match store.understand(&query) {
                    Ok(()) => finder.tell_hits(store, of, id, &query, asked),
                    Err(bad) => Ok(Some(Event::FindFailed { id, message: Message::from(&bad) })),
                });
            }
            Wanted::Dispute { of, number, seek } => {
                self.answer(of, |finder, store| finder.seek(store, of, number, &seek, asked));
            }
            Wanted::Sweep { of, number, question } => {
                self.answer(of, |finder, store| finder.sweep(store, of, number, &question, asked));
            }
            Wanted::Gather { of, id, query } => {
                self.answer(of, |finder, store| {
                    let mut articles = Vec::new();
                    let mut is_over = false;
                    store.find_hits(&query, &mut |found| {
                        articles.extend(found);
                        is_over = finder.shared.ending.load(Ordering::Relaxed);
                        if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                    })?;
                    Ok((!is_over).then_some(Event::Gathered { id, articles }))
                });
            }
        }
    }

    /// Does `work` with the connection to the project of an opening, and tells what comes of it; nothing when that one has been left.
    fn answer(&mut self, of: Opening, work: impl FnOnce(&mut Self, &mut SqliteStore) -> Result<Option<Event>>) {
        let Some((_, path)) = self.project.as_ref().filter(|(opening, _)| *opening == of) else { return };
        let store = match self.store.take() {
            Some(store) => Ok(store),
            None => SqliteStore::open_read_only(path),
        };
        let outcome = store.and_then(|mut store| {
            let outcome = work(self, &mut store);
            self.store = Some(store);
            outcome
        });
        let event = outcome.unwrap_or_else(|error| Some(Event::Failed(Message::from(&error))));
        if let Some(event) = event {
            self.shared.tell_of(of, event);
        }
    }

    /// Whether to give up what is looked for: something else was asked, or the program ends.
    fn is_overtaken(&mut self, asked: &Receiver<Wanted>) -> bool {
        match asked.try_recv() {
            Ok(wanted) => self.waiting.push_back(wanted),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return true,
        }
        !self.waiting.is_empty() || self.shared.ending.load(Ordering::Relaxed)
    }

    /// The next article that waits, or that the search was given up.
    fn seek(
        &mut self,
        store: &mut SqliteStore,
        of: Opening,
        number: u64,
        seek: &Seek,
        asked: &Receiver<Wanted>,
    ) -> Result<Option<Event>> {
        let mut progress = LongSearch::new(self.shared.clone(), of, seeking::JOB);
        let found = seeking::seek(store, seek, &mut || {
            progress.tell();
            !self.is_overtaken(asked)
        })?;
        Ok(Some(match found {
            Some(article) => Event::DisputeFound { number, article },
            None => Event::DisputeGivenUp { number },
        }))
    }

    /// What is to be decided in the whole project.
    fn sweep(
        &mut self,
        store: &SqliteStore,
        of: Opening,
        number: u64,
        question: &SweepQuestion,
        asked: &Receiver<Wanted>,
    ) -> Result<Option<Event>> {
        let mut progress = LongSearch::new(self.shared.clone(), of, sweep::JOB);
        let mut plan = SweepPlan::default();
        let mut overtaken = false;
        store.each_reviewed(None, &mut |Reviewed { article, layers }| {
            question.take_in(&article, layers, &mut plan);
            progress.tell();
            overtaken = self.is_overtaken(asked);
            if overtaken { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(Some(Event::Swept { number, plan: (!overtaken).then(|| Box::new(plan)) }))
    }

    /// How often a name stands in other articles; `None` when something else was asked meanwhile.
    fn elsewhere(
        &mut self,
        store: &SqliteStore,
        query: &HitQuery,
        but: ArticleId,
        asked: &Receiver<Wanted>,
    ) -> Result<Option<Elsewhere>> {
        let mut count = Elsewhere::default();
        let mut overtaken = false;
        store.find_hits(query, &mut |found| {
            if let Some(found) = found.filter(|found| found.article != but) {
                count.articles += 1;
                count.places += found.hits.len() as u64;
            }
            overtaken = self.is_overtaken(asked);
            if overtaken { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok((!overtaken).then_some(count))
    }

    /// Tells hits as they are found; the event given is the last.
    fn tell_hits(
        &mut self,
        store: &SqliteStore,
        of: Opening,
        id: u64,
        query: &HitQuery,
        asked: &Receiver<Wanted>,
    ) -> Result<Option<Event>> {
        let (mut articles, mut hits) = (Vec::<ArticleHits>::new(), 0);
        // The first ones at once: a person waits for them.
        let mut told: Option<Instant> = None;
        let mut overtaken = false;
        store.find_hits(query, &mut |found| {
            hits += found.as_ref().map_or(0, |found| found.hits.len());
            articles.extend(found);
            let is_time = told.is_none_or(|at| at.elapsed() >= TELL_EVERY);
            if is_time && !articles.is_empty() {
                told = Some(Instant::now());
                let articles = std::mem::take(&mut articles);
                self.shared.tell_of(of, Event::Found { id, articles, complete: false });
            }
            overtaken = self.is_overtaken(asked);
            if overtaken || hits >= HITS_KEPT { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok((!overtaken).then_some(Event::Found { id, articles, complete: true }))
    }
}

/// A search through the project that tells how far it is when it takes long.
struct LongSearch {
    shared: Shared,
    of: Opening,
    what: &'static str,
    articles: u64,
    told: Instant,
}

impl LongSearch {
    /// How long it is silent.
    const SILENCE: Duration = Duration::from_millis(200);

    fn new(shared: Shared, of: Opening, what: &'static str) -> Self {
        Self { shared, of, what, articles: 0, told: Instant::now() }
    }

    /// One article more.
    fn tell(&mut self) {
        self.articles += 1;
        if self.told.elapsed() >= Self::SILENCE {
            self.told = Instant::now();
            let (what, done) = (self.what, self.articles);
            self.shared.tell_of(self.of, Event::Progress { what, done, total: 0 });
        }
    }
}

/// The places of a name in an article.
fn here(article: &Article, surface: &str) -> Vec<SamePlace> {
    let Some(name) = Name::from_surface(surface) else { return Vec::new() };
    let found = occurrences(article.text(), &name, Tier::Suffixed).into_iter();
    found
        .filter_map(|occurrence| {
            let span = span_from_bytes(article, occurrence.span)?;
            Some(SamePlace { span, whole: occurrence.tier == Tier::Whole })
        })
        .collect()
}
