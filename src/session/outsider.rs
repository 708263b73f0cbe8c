//! The outsider: the thread that asks the program of the user's what it suggests.
//!
//! Owns that program while it runs. It must not keep anyone waiting: who asks about another article stops the question before.

use crate::domain::article::Article;
use crate::domain::label::LabelSet;
use crate::session::adviser::Request;
use crate::session::effect::Event;
use crate::session::external::{External, ExternalError};
use crate::session::settings::ProgramSetting;
use crate::session::worker::{Opening, Shared};
use crate::suggest::suggester::Stop;
use crate::words::message::Message;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

/// Something for the outsider.
pub enum Question {
    /// From now on, this program; the one before is ended.
    Program(Option<ProgramSetting>),
    /// What the program suggests for an article.
    Article {
        /// The opening it is of.
        of: Opening,
        /// The article.
        article: Article,
        /// The project's labels.
        labels: LabelSet,
        /// Set when the answer is no longer wanted.
        stop: Arc<Stop>,
    },
    /// The program ends.
    End,
}

/// The thread's memory.
pub struct Outsider {
    shared: Shared,
    external: Option<External>,
    /// What was told last: a fault that goes on is told once.
    told: Option<Message>,
}

impl Outsider {
    /// An outsider without a program.
    #[must_use]
    pub fn new(shared: Shared) -> Self {
        Self { shared, external: None, told: None }
    }

    /// Asks what is asked until the program ends; answers go to `adviser`.
    pub fn run(mut self, questions: &Receiver<Question>, adviser: &Sender<Request>) {
        let mut waiting = VecDeque::new();
        loop {
            waiting.extend(questions.try_iter());
            let Some(question) = waiting.pop_front().or_else(|| questions.recv().ok()) else { break };
            let shared = self.shared.clone();
            let failure = Event::Failed(Message::new("error-inside"));
            match question {
                Question::End => break,
                Question::Program(setting) => {
                    self.told = None;
                    self.external = setting.filter(|setting| setting.on).map(External::start);
                }
                Question::Article { stop, .. } if stop.is_set() => {}
                Question::Article { of, article, labels, stop } => {
                    shared.guarded(failure, || self.ask(of, &article, &labels, &stop, adviser));
                }
            }
        }
    }

    fn ask(&mut self, of: Opening, article: &Article, labels: &LabelSet, stop: &Stop, adviser: &Sender<Request>) {
        let Some(external) = &mut self.external else { return };
        let message = match external.suggest(article, labels, stop) {
            Ok(answer) => {
                let said = Request::Said { of, article: article.id(), suggestions: answer.suggestions };
                let _adviser = adviser.send(said);
                // What was not taken is shown when the program is tried; here only that there was something.
                match answer.problems.len() {
                    0 => {
                        self.told = None;
                        return;
                    }
                    _ => Message::new("external-problems"),
                }
            }
            Err(ExternalError::Stopped) => return,
            Err(error) => Message::from(&error),
        };
        if self.told.as_ref() != Some(&message) {
            self.shared.tell_of(of, Event::Failed(message.clone()));
            self.told = Some(message);
        }
    }
}
