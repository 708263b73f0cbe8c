//! Trying a program: it is asked about the open article, and what came of that is shown.
//!
//! Owns the setting's commands and what a trial is told with. It must not keep the program: a trial ends it.

use crate::domain::article::Article;
use crate::domain::label::{LabelId, LabelSet};
use crate::session::ask::Ask;
use crate::session::command::ExternalCommand;
use crate::session::effect::Effect;
use crate::session::external::{External, ExternalError};
use crate::session::settings::ProgramSetting;
use crate::session::state::State;
use crate::suggest::suggester::Stop;
use crate::words::message::Message;

/// What a program is to be tried on.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The program.
    pub setting: ProgramSetting,
    /// The article.
    pub article: Article,
    /// The project's labels.
    pub labels: LabelSet,
}

impl PartialEq for Trial {
    /// An article's text never changes: its identity and hash say all.
    fn eq(&self, other: &Self) -> bool {
        let named = |trial: &Self| (trial.article.id(), trial.article.hash());
        self.setting == other.setting && self.labels == other.labels && named(self) == named(other)
    }
}

/// What came of a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// What was suggested, label and surface, in order of place; or why nothing was.
    pub found: Result<Vec<(LabelId, String)>, Message>,
    /// What of the answer was not taken.
    pub problems: Vec<Message>,
    /// The end of what the program wrote on its standard error.
    pub stderr: String,
}

impl Tried {
    /// A trial that failed before the program could say anything.
    #[must_use]
    pub fn lost(message: Message) -> Self {
        Self { found: Err(message), problems: Vec::new(), stderr: String::new() }
    }
}

/// How a trial stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrialState {
    /// The program is asked.
    Running,
    /// It is over.
    Done(Box<Tried>),
}

/// Does what the command says.
pub fn update(state: &mut State, command: ExternalCommand, effects: &mut Vec<Effect>) {
    match command {
        ExternalCommand::Set(setting) => {
            let setting = setting.filter(|setting| !setting.command.trim().is_empty());
            if state.settings.external != setting {
                effects.push(Effect::Advise(Ask::Program(setting.clone())));
                state.settings.external = setting;
                effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
            }
        }
        ExternalCommand::Try(setting) => {
            let open = state.project.as_ref().and_then(|project| Some((project, project.open.as_ref()?)));
            let Some((project, open)) = open else { return };
            let trial = Trial { setting, article: open.article.clone(), labels: project.labels.clone() };
            state.tried = Some(TrialState::Running);
            effects.push(Effect::TryExternal(Box::new(trial)));
        }
    }
}

/// Starts the program, asks it about the article and ends it; `None` when it was stopped.
#[must_use]
pub fn run(trial: &Trial, stop: &Stop) -> Option<Tried> {
    let mut external = External::start(trial.setting.clone());
    let answer = match external.suggest(&trial.article, &trial.labels, stop) {
        Err(ExternalError::Stopped) => return None,
        answer => answer,
    };
    let stderr = external.end();
    Some(match answer {
        Ok(answer) => {
            let surface = |span| trial.article.surface(span).unwrap_or_default().to_owned();
            let found = answer.suggestions.iter().map(|one| (one.label, surface(one.span))).collect();
            let problems = answer.problems.iter().map(|problem| Message::from(&problem.finding)).collect();
            Tried { found: Ok(found), problems, stderr }
        }
        Err(error) => Tried { stderr, ..Tried::lost(Message::from(&error)) },
    })
}
