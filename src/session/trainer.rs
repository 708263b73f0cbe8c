//! The trainer: the thread that brings the engines up and trains the tagger, both of which take long.
//!
//! Owns the examples of finished articles. It must not advise: what it makes goes to the adviser.

use crate::domain::article::ArticleId;
use crate::domain::layer::AnnotatorId;
use crate::exchange::course::{Course, MODEL};
use crate::exchange::engines::Engines;
use crate::session::adviser::Request;
use crate::session::ask::Training;
use crate::session::effect::Event;
use crate::session::worker::{Opening, Shared};
use crate::store::contract::{Result, StoreError};
use crate::store::knowledge::Knowledge as _;
use crate::store::sqlite::SqliteStore;
use crate::suggest::tagger_example::Example;
use crate::suggest::tagger_model::ModelError;
use crate::words::message::Message;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender, TryRecvError};
use std::time::{Duration, Instant};

/// Something for the trainer.
pub enum Lesson {
    /// To learn what this project keeps; the number is the study's.
    Study(Opening, u64, PathBuf),
    /// An annotator's layer was finished, or begun again (`None`).
    Finished {
        /// The opening it is of.
        of: Opening,
        /// The article.
        article: ArticleId,
        /// Whose layer.
        annotator: AnnotatorId,
        /// What it teaches.
        example: Option<Example>,
    },
    /// To train from the beginning.
    Anew(Opening),
    /// Whether the tagger is asked at all: one that is not need not be trained.
    Asked(bool),
    /// To tell the adviser when everything before is done.
    Settle(Opening),
    /// The project was let go.
    Close,
    /// The program ends.
    End,
}

/// The project that is learned from.
struct Held {
    opening: Opening,
    path: PathBuf,
    course: Course,
    /// Whether examples came since the last training.
    is_behind: bool,
    /// Seconds of all trainings.
    seconds: f64,
    /// Whether there is a model that is not on the disk.
    unsaved: Option<Vec<u8>>,
    /// Whether the model on the disk is of a newer program: it is left alone.
    is_newer: bool,
    saved: Instant,
}

/// How often a model is written at most, the end aside.
const SAVE_EVERY: Duration = Duration::from_secs(60);

/// The thread's memory.
pub struct Trainer {
    shared: Shared,
    held: Option<Held>,
    /// Whether the tagger is asked.
    is_asked: bool,
    waiting: VecDeque<Lesson>,
}

impl Trainer {
    /// A trainer without a project.
    #[must_use]
    pub fn new(shared: Shared) -> Self {
        Self { shared, held: None, is_asked: true, waiting: VecDeque::new() }
    }

    /// Learns what is asked until the program ends; what it makes goes to `adviser`.
    pub fn run(mut self, lessons: &Receiver<Lesson>, adviser: &Sender<Request>) {
        loop {
            let is_behind = self.is_behind();
            let lesson = match self.waiting.pop_front() {
                Some(lesson) => Ok(lesson),
                None if is_behind => lessons.try_recv(),
                None => lessons.recv().map_err(|_| TryRecvError::Disconnected),
            };
            let shared = self.shared.clone();
            let failure = || Event::Failed(Message::new("error-inside"));
            match lesson {
                Ok(Lesson::End) | Err(TryRecvError::Disconnected) => break,
                Ok(lesson) => shared.guarded(failure(), || self.learn(lesson, lessons, adviser)),
                Err(TryRecvError::Empty) => shared.guarded(failure(), || self.train(lessons, adviser)),
            }
        }
        self.let_go();
    }

    /// Whether there is something to train.
    fn is_behind(&self) -> bool {
        self.is_asked && self.held.as_ref().is_some_and(|held| held.is_behind)
    }

    /// Changes the course of an opening, so that there is something to train; nothing when that one has been left.
    fn change(&mut self, of: Opening, change: impl FnOnce(&mut Course)) {
        if let Some(held) = self.held.as_mut().filter(|held| held.opening == of) {
            change(&mut held.course);
            held.is_behind = true;
        }
    }

    fn learn(&mut self, lesson: Lesson, lessons: &Receiver<Lesson>, adviser: &Sender<Request>) {
        match lesson {
            Lesson::Study(opening, number, path) => {
                self.let_go();
                // Whatever becomes of it, a panic too, the adviser is told: it waits for it.
                let answer = Answer { adviser, of: opening, study: number, engines: None };
                if let Err(error) = self.study(opening, &path, lessons, adviser, answer) {
                    self.shared.tell_of(opening, Event::Failed(Message::from(&error)));
                }
            }
            Lesson::Finished { of, article, annotator, example } => {
                self.change(of, |course| course.put((article, annotator), example));
            }
            Lesson::Anew(of) => self.change(of, Course::begin_again),
            Lesson::Settle(of) => {
                if self.is_behind() {
                    self.train(lessons, adviser);
                }
                // Asked again: more lessons came while it was trained.
                if self.is_behind() {
                    self.waiting.push_back(Lesson::Settle(of));
                } else {
                    let _adviser = adviser.send(Request::TrainerIdle(of));
                }
            }
            Lesson::Asked(is_asked) => self.is_asked = is_asked,
            Lesson::Close => self.let_go(),
            Lesson::End => {}
        }
    }

    /// Reads what the project keeps: engines for the adviser, examples for the course, and the tagger that was kept.
    fn study(
        &mut self,
        opening: Opening,
        path: &Path,
        lessons: &Receiver<Lesson>,
        adviser: &Sender<Request>,
        mut answer: Answer<'_>,
    ) -> Result<()> {
        let store = SqliteStore::open_read_only(path)?;
        let mut course = Course::new();
        let shared = self.shared.clone();
        let mut goes_on = || {
            self.waiting.extend(lessons.try_recv().ok());
            !is_left(&self.waiting, &shared)
        };
        let engines =
            Engines::study(&store, &mut |article, by, example| course.put((article, by), Some(example)), &mut goes_on)?;
        if !goes_on() {
            return Ok(());
        }
        answer.engines = Some(Box::new(engines));
        drop(answer);
        let mut is_newer = false;
        let mut is_behind = !course.is_empty();
        if let Some(bytes) = store.model(MODEL)? {
            match Course::tagger_from_bytes(&bytes) {
                Ok(tagger) => {
                    let tagger = Arc::new(tagger);
                    let _adviser = adviser.send(Request::Trained { of: opening, tagger, training: None });
                    // What it was made from is learned again with the next article that is finished.
                    is_behind = false;
                }
                Err(error) => {
                    is_newer = matches!(error, ModelError::Newer { .. });
                    let _adviser = adviser.send(Request::ModelUnread(opening, Message::from(&error)));
                }
            }
        }
        let path = path.to_owned();
        let (seconds, unsaved, saved) = (0.0, None, Instant::now());
        self.held = Some(Held { opening, path, course, is_behind, seconds, unsaved, is_newer, saved });
        Ok(())
    }

    /// Trains with everything that came, and stops early when something comes that cannot wait.
    fn train(&mut self, lessons: &Receiver<Lesson>, adviser: &Sender<Request>) {
        // What came while others were learned is one training.
        while let Ok(lesson) = lessons.try_recv() {
            match lesson {
                Lesson::Finished { of, article, annotator, example } => {
                    self.change(of, |course| course.put((article, annotator), example));
                }
                other => self.waiting.push_back(other),
            }
        }
        let Some(held) = &mut self.held else { return };
        held.is_behind = false;
        if held.course.is_empty() {
            return;
        }
        let _adviser = adviser.send(Request::Training(held.opening, true));
        let begun = Instant::now();
        let waiting = &mut self.waiting;
        let shared = &self.shared;
        let tagger = held.course.train(&mut || {
            waiting.extend(lessons.try_recv().ok());
            is_left(waiting, shared)
        });
        let Some(tagger) = tagger else {
            let _adviser = adviser.send(Request::Training(held.opening, false));
            return;
        };
        held.seconds += begun.elapsed().as_secs_f64();
        held.unsaved = Some(tagger.to_bytes());
        let training = Training { sentences: held.course.sentences() as u64, seconds: held.seconds };
        let message = Request::Trained { of: held.opening, tagger: Arc::new(tagger), training: Some(training) };
        let _adviser = adviser.send(message);
        if held.saved.elapsed() >= SAVE_EVERY {
            held.save(&self.shared);
        }
    }

    fn let_go(&mut self) {
        if let Some(mut held) = self.held.take() {
            held.save(&self.shared);
        }
    }
}

/// Whether something waits that leaves the project, so that nothing more needs to be learned of it.
fn is_left(waiting: &VecDeque<Lesson>, shared: &Shared) -> bool {
    let leaves = |lesson: &Lesson| matches!(lesson, Lesson::Close | Lesson::Study(..) | Lesson::End);
    waiting.iter().any(leaves) || shared.ending.load(Ordering::Relaxed)
}

impl Held {
    /// Keeps the model in the project.
    fn save(&mut self, shared: &Shared) {
        self.saved = Instant::now();
        let Some(bytes) = self.unsaved.as_ref().filter(|_| !self.is_newer) else { return };
        let store = SqliteStore::open(&self.path).map(|store| store.sharing(&shared.changes));
        let kept = store.and_then(|mut store| store.set_model(MODEL, bytes));
        match kept {
            Ok(()) => self.unsaved = None,
            // It is tried again with the next one, and at the end.
            Err(StoreError::Busy { .. }) => {}
            Err(error) => {
                // It can be trained again; that the project cannot be written is told by the saves as well.
                shared.tell_of(self.opening, Event::Failed(Message::from(&error)));
            }
        }
    }
}

/// The answer to a study, sent when it is let go of.
struct Answer<'a> {
    adviser: &'a Sender<Request>,
    of: Opening,
    study: u64,
    engines: Option<Box<Engines>>,
}

impl Drop for Answer<'_> {
    fn drop(&mut self) {
        let (of, study, engines) = (self.of, self.study, self.engines.take());
        // Nobody waits for it when the program ends.
        let _adviser = self.adviser.send(Request::BroughtUp { of, study, engines });
    }
}
