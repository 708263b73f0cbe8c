//! Importing: files that were looked into and not taken yet, and what a person decides about them.
//!
//! Owns the way from picked files to an import. It must not read a file: the survey is made by the thread of long jobs.

use crate::exchange::import::ImportOptions;
use crate::exchange::label_map::LabelMap;
use crate::exchange::survey::Survey;
use crate::formats::finding::Finding;
use crate::formats::format::{Columns, Format, ReadOptions, Unit};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::FormatError;
use crate::session::command::{Dialog, ImportCommand};
use crate::session::effect::Effect;
use crate::session::saving;
use crate::session::settings::Settings;
use crate::session::state::{Job, OpenProject, State};
use crate::words::message::Message;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What becomes of a label of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// It keeps its name: the project's label of that name, or a new one.
    #[default]
    Same,
    /// Its mentions get the label of this name.
    Into(String),
    /// Its mentions are left out.
    Skip,
}

/// How files are read: another choice is another survey.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The format; `None` as it is told by the files.
    pub format: Option<Format>,
    /// The unit of offsets; `None` as the files say.
    pub unit: Option<OffsetUnit>,
    /// How many sentences make an article, where the file does not say where one begins.
    pub sentences: Option<NonZeroUsize>,
    /// Which columns or keys hold what.
    pub columns: Columns,
}

/// What a person decides about an import.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportChoice {
    /// How the files are read.
    pub reading: Reading,
    /// Whose layers, where a file names nobody.
    pub annotator: String,
    /// Whether the mentions become suggestions and no layers.
    pub as_suggestions: bool,
    /// Who suggests, where they do; blank for the file itself.
    pub source: String,
    /// What becomes of labels; those that are not named keep their name.
    pub fates: BTreeMap<String, Fate>,
}

impl ImportChoice {
    /// Everything as the files say; this annotator gets the layers that name nobody.
    #[must_use]
    pub fn of(annotator: &str) -> Self {
        Self { annotator: annotator.to_owned(), ..Self::default() }
    }

    /// What was chosen last, as far as it can be meant for other files.
    #[must_use]
    pub fn remembered(settings: &Settings) -> Self {
        let reading = Reading { sentences: settings.import.sentences, ..Reading::default() };
        Self { reading, as_suggestions: settings.import.as_suggestions, ..Self::of(&settings.annotator) }
    }

    /// What becomes of a label.
    #[must_use]
    pub fn fate(&self, label: &str) -> &Fate {
        self.fates.get(label).unwrap_or(&Fate::Same)
    }

    /// The same for the importer.
    #[must_use]
    pub fn options(&self) -> ImportOptions {
        let Reading { format, unit, sentences, columns } = self.reading.clone();
        let mut labels = LabelMap::default();
        for (label, fate) in &self.fates {
            match fate {
                Fate::Same => {}
                Fate::Into(name) => labels.set(label, Some(name.clone())),
                Fate::Skip => labels.set(label, None),
            }
        }
        let named = if self.as_suggestions { &self.source } else { &self.annotator };
        ImportOptions {
            as_suggestions: self.as_suggestions,
            format,
            read: ReadOptions { unit, sentences, columns, ..ReadOptions::default() },
            labels,
            ..ImportOptions::of(named.trim())
        }
    }
}

/// Files that may be imported.
#[derive(Clone, Debug)]
pub struct Importing {
    /// The files and folders, as they were picked.
    pub paths: Vec<PathBuf>,
    /// What has been decided.
    pub choice: ImportChoice,
    /// The number of the survey that was asked for last.
    pub number: u64,
    /// Articles seen by the survey that is being made; `None` when none is.
    pub seen: Option<u64>,
    /// The last survey that came.
    pub survey: Option<Arc<Survey>>,
    /// Whether there may be nothing to decide: the dialog shows only when there is.
    pub is_quiet: bool,
}

impl Importing {
    /// The survey, when it is of what is chosen now.
    #[must_use]
    pub fn current(&self) -> Option<&Survey> {
        self.survey.as_deref().filter(|_| self.seen.is_none())
    }

    /// Whether there is anything that could be taken.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.current().is_some_and(|survey| survey.articles > 0)
    }
}

/// Whether the offsets of these files could be counted in another unit than was found.
#[must_use]
pub fn asks_unit(survey: &Survey) -> bool {
    let has_offsets = |format: Format| matches!(format.unit, Unit::Chosen | Unit::Fixed(_));
    survey.formats.iter().any(|(format, _)| has_offsets(*format))
}

/// Whether these files are of tokens and do not say where articles begin.
#[must_use]
pub fn asks_sentences(survey: &Survey) -> bool {
    survey.formats.iter().any(|(format, _)| format.unit == Unit::Tokens)
}

/// Whether it helps to say which columns or keys hold what: files are tables, or the text was not found.
#[must_use]
pub fn asks_columns(survey: &Survey) -> bool {
    let is_table = |(format, _): &(Format, u64)| format.columns;
    let lacks_column = survey.failures.iter().any(|failure| {
        matches!(failure, crate::exchange::import::ImportError::Format { source: FormatError::NoColumn { .. }, .. })
    });
    let lacks_text = || survey.problems.iter().any(|(_, problem)| matches!(problem.finding, Finding::NoText));
    survey.formats.iter().any(is_table) || lacks_column || lacks_text()
}

/// Whether mentions of the files name no annotator.
#[must_use]
pub fn asks_annotator(survey: &Survey) -> bool {
    survey.annotators.contains_key("")
}

/// Does what the command says.
pub fn update(state: &mut State, command: ImportCommand, effects: &mut Vec<Effect>) {
    match command {
        ImportCommand::LookInto(paths) => look_into(state, paths, effects),
        ImportCommand::Choose(choice) => choose(state, *choice, effects),
        ImportCommand::StopSurvey => effects.push(Effect::StopLooking),
        ImportCommand::Take => {
            if state.importing.as_ref().is_some_and(Importing::is_ready) {
                take(state, effects);
            }
        }
    }
}

/// Looks into files before they are imported. Files that are plain text by their names are taken without a question, if that is what
/// they are and nothing is wrong with them.
fn look_into(state: &mut State, paths: Vec<PathBuf>, effects: &mut Vec<Effect>) {
    if state.project.is_none() || state.leaving.is_some() || paths.is_empty() {
        return;
    }
    let is_quiet = paths.iter().all(|path| is_text_by_name(path));
    let choice = ImportChoice::remembered(&state.settings);
    state.importing = Some(Importing { paths, choice, number: 0, seen: None, survey: None, is_quiet });
    if is_quiet {
        state.job = Some(Job { what: "job-survey", done: 0, total: 0 });
    } else {
        state.dialog = Some(Dialog::Import);
    }
    survey(state, effects);
}

fn is_text_by_name(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    ending.is_some_and(|ending| Format::TEXT.endings.contains(&ending.as_str()))
}

fn survey(state: &mut State, effects: &mut Vec<Effect>) {
    state.looks += 1;
    let Some(importing) = &mut state.importing else { return };
    importing.number = state.looks;
    importing.seen = Some(0);
    let choice = Box::new(importing.choice.clone());
    effects.push(Effect::Survey { number: importing.number, paths: importing.paths.clone(), choice });
}

fn choose(state: &mut State, choice: ImportChoice, effects: &mut Vec<Effect>) {
    let Some(importing) = &mut state.importing else { return };
    let is_read_anew = importing.choice.reading != choice.reading;
    importing.choice = choice;
    if is_read_anew {
        survey(state, effects);
    }
}

/// A survey is on its way.
pub fn surveying(state: &mut State, number: u64, articles: u64) {
    let Some(importing) = state.importing.as_mut().filter(|importing| importing.number == number) else { return };
    importing.seen = Some(articles);
    if importing.is_quiet {
        state.job = Some(Job { what: "job-survey", done: articles, total: 0 });
    }
}

/// A survey has been made.
pub fn surveyed(state: &mut State, number: u64, survey: Arc<Survey>, effects: &mut Vec<Effect>) {
    let Some(importing) = state.importing.as_mut().filter(|importing| importing.number == number) else { return };
    importing.seen = None;
    if let Some(project) = &state.project {
        recall_fates(importing, &survey, &state.settings, project);
    }
    let (stopped, is_plain) = (survey.stopped, is_plain(&survey));
    importing.survey = Some(survey);
    if !importing.is_quiet {
        return;
    }
    state.job = None;
    if stopped {
        state.importing = None;
    } else if is_plain {
        take(state, effects);
    } else {
        importing.is_quiet = false;
        state.dialog = Some(Dialog::Import);
    }
}

/// A survey came to nothing by a fault of the program.
pub fn survey_failed(state: &mut State, number: u64, message: Message) {
    if state.importing.as_ref().is_some_and(|importing| importing.number == number) {
        close(state);
        state.job = None;
        state.complain(message);
    }
}

/// Whether there is nothing to decide: every file is plain text, and nothing is wrong with any of them.
fn is_plain(survey: &Survey) -> bool {
    survey.formats.iter().all(|(format, _)| *format == Format::TEXT) && survey.faults == 0 && survey.failures.is_empty()
}

/// Labels that were given another name before get it again, where the project has neither their own nor lacks the other.
fn recall_fates(importing: &mut Importing, survey: &Survey, settings: &Settings, project: &OpenProject) {
    for label in survey.labels.keys() {
        if importing.choice.fates.contains_key(label) || project.labels.by_name(label).is_some() {
            continue;
        }
        if let Some(name) = settings.import.renamed.get(label)
            && project.labels.by_name(name).is_some()
        {
            importing.choice.fates.insert(label.clone(), Fate::Into(name.clone()));
        }
    }
}

/// Takes the files in as it was decided.
fn take(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(importing) = state.importing.take() else { return };
    if state.dialog == Some(Dialog::Import) {
        state.dialog = None;
    }
    let Importing { paths, choice, is_quiet, survey, .. } = importing;
    let is_told = !is_quiet && survey.is_some_and(|survey| !survey.stopped);
    if !is_quiet {
        remember(state, &choice, effects);
    }
    begin(state, paths, choice, is_told, effects);
}

/// Imports files. `is_told`: what is wrong with them has been shown.
pub fn begin(state: &mut State, paths: Vec<PathBuf>, choice: ImportChoice, is_told: bool, effects: &mut Vec<Effect>) {
    if state.project.is_none() || state.leaving.is_some() || paths.is_empty() {
        return;
    }
    state.job = Some(Job { what: "job-import", done: 0, total: 0 });
    if let Some(project) = &mut state.project {
        saving::hold(project);
    }
    effects.push(Effect::Import { paths, choice: Box::new(choice), is_told });
}

fn remember(state: &mut State, choice: &ImportChoice, effects: &mut Vec<Effect>) {
    let before = state.settings.import.clone();
    let setting = &mut state.settings.import;
    setting.as_suggestions = choice.as_suggestions;
    setting.sentences = choice.reading.sentences;
    for (label, fate) in &choice.fates {
        match fate {
            Fate::Into(name) => drop(setting.renamed.insert(label.clone(), name.clone())),
            // What was skipped once is not skipped unasked.
            Fate::Same | Fate::Skip => drop(setting.renamed.remove(label)),
        }
    }
    setting.forget_old();
    if state.settings.import != before {
        effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
    }
}

fn close(state: &mut State) {
    state.importing = None;
    if state.dialog == Some(Dialog::Import) {
        state.dialog = None;
    }
}

/// Lets the files go when their dialog was closed or the project has gone.
pub fn tidy(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(importing) = &state.importing else { return };
    let is_shown = importing.is_quiet || state.dialog == Some(Dialog::Import);
    if state.project.is_none() || !is_shown {
        state.importing = None;
        effects.push(Effect::StopLooking);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_decided_is_what_the_importer_is_told() {
        let fates = [("PERSON", Fate::Into("PER".into())), ("MISC", Fate::Skip), ("LOC", Fate::Same)];
        let choice = ImportChoice {
            fates: fates.into_iter().map(|(label, fate)| (label.to_owned(), fate)).collect(),
            source: " m ".into(),
            ..ImportChoice::of("سارا")
        };
        let options = choice.options();
        assert_eq!((options.annotator.as_str(), options.as_suggestions), ("سارا", false));
        let name = |label| options.labels.name_of(label);
        assert_eq!((name("PERSON"), name("MISC"), name("LOC")), (Some("PER"), None, Some("LOC")));
        let options = ImportChoice { as_suggestions: true, ..choice }.options();
        assert_eq!((options.annotator.as_str(), options.as_suggestions), ("m", true));
    }

    #[test]
    fn only_what_is_text_by_its_name_may_be_taken_unasked() {
        assert!(is_text_by_name(Path::new("/a/خبر.TXT")));
        assert!(!is_text_by_name(Path::new("/a/news.jsonl")) && !is_text_by_name(Path::new("/a/news")));
    }
}
