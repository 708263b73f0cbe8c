//! Opening: projects made, opened, left, filled and exported; who labels; what was dropped on the window.
//!
//! Owns the way from a path to an open project. It must not touch a file.

use crate::domain::decision::GOLD;
use crate::domain::layer::Annotator;
use crate::session::ask::Ask;
use crate::session::command::{
    Command, Dialog, ImportCommand, LearnCommand, MergeCommand, ProjectCommand, ViewCommand,
};
use crate::session::effect::{Effect, Make, Opened, Picked, Purpose, Target};
use crate::session::importing::ImportChoice;
use crate::session::rescue::BroughtBack;
use crate::session::review::Mode;
use crate::session::saving::{self, SaveState};
use crate::session::settings::Folders;
use crate::session::state::{Leaving, OpenProject, Past, State};
use crate::session::{exporting, finding, importing, learning, merging, seeking, sweep, sweeping, walking};
use crate::words::message::Message;
use std::path::{Path, PathBuf};

pub use crate::exchange::import::PROJECT_ENDING;
use crate::exchange::import::project_path;

/// Does what the command says.
pub fn update(state: &mut State, command: ProjectCommand, effects: &mut Vec<Effect>) {
    match command {
        ProjectCommand::AskNew => pick(Purpose::New, effects),
        ProjectCommand::AskOpen => pick(Purpose::Open, effects),
        ProjectCommand::AskImport if state.project.is_some() => pick(Purpose::Import, effects),
        ProjectCommand::AskImportFolder if state.project.is_some() => pick(Purpose::ImportFolder, effects),
        ProjectCommand::AskImport | ProjectCommand::AskImportFolder => {}
        ProjectCommand::New(path) => open(state, project_path(&path), Make::Empty, effects),
        ProjectCommand::Open(path) => {
            let make = if is_project(&path) || path.is_dir() { Make::No } else { Make::Beside };
            open(state, path, make, effects);
        }
        ProjectCommand::OpenSample => match Folders::of_user() {
            Some(folders) => open(state, folders.sample_project(), Make::Sample, effects),
            None => state.complain(Message::new("error-no-home")),
        },
        ProjectCommand::Close => {
            if state.project.is_some() {
                leave(state, Effect::Close, effects);
            }
        }
        ProjectCommand::Take(paths) => take(state, paths, effects),
        ProjectCommand::Import(paths) => {
            let choice = ImportChoice::of(&state.settings.annotator);
            importing::begin(state, paths, choice, false, effects);
        }
        ProjectCommand::Export(path) => exporting::begin(state, path, effects),
        ProjectCommand::Picked(picked) => picked_paths(state, picked, effects),
        ProjectCommand::SetRules(rules) => effects.push(Effect::SetRules(rules)),
        ProjectCommand::SetAnnotator(name) => name_annotator(state, &name, effects),
        ProjectCommand::ForgetRecent(path) => {
            state.settings.forget(&path);
            effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
        }
        // A survey without a dialog is a long job like others.
        ProjectCommand::StopJob if state.importing.as_ref().is_some_and(|importing| importing.is_quiet) => {
            effects.push(Effect::StopLooking)
        }
        ProjectCommand::StopJob if state.project.as_ref().is_some_and(|project| project.seeking.is_some()) => {
            seeking::stop(state, effects);
        }
        ProjectCommand::StopJob if state.job.as_ref().is_some_and(|job| job.what == sweep::JOB) => {
            sweeping::let_go(state, effects);
        }
        ProjectCommand::StopJob => effects.push(Effect::StopJob),
    }
}

/// Whether a path has the ending of a project file.
#[must_use]
pub fn is_project(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(PROJECT_ENDING))
}

fn pick(purpose: Purpose, effects: &mut Vec<Effect>) {
    effects.push(Effect::Pick { purpose, suggested: None });
}

fn open(state: &mut State, path: PathBuf, make: Make, effects: &mut Vec<Effect>) {
    let known = state.settings.recent.iter().find(|recent| recent.path == path);
    let article = known.and_then(|recent| recent.article.clone());
    let effect = Effect::Open { path, annotator: state.settings.annotator.clone(), make, article };
    leave(state, effect, effects);
}

/// Lets the open project go by `effect` as soon as everything in it is saved; what failed before is tried again.
fn leave(state: &mut State, effect: Effect, effects: &mut Vec<Effect>) {
    if state.leaving.as_ref().is_some_and(|leaving| leaving.sent) {
        // The worker is at it: what comes of it will be seen in a moment.
        return;
    }
    state.opening = match &effect {
        Effect::Open { path, .. } => Some(path.clone()),
        _ => None,
    };
    state.leaving = Some(Leaving { effect, sent: false });
    saving::again(state, effects);
    depart(state, effects);
}

/// Sends off what lets the project go, once everything is saved; when saving failed, the project stays.
pub fn depart(state: &mut State, effects: &mut Vec<Effect>) {
    let saves = state.project.as_ref().map_or(SaveState::Saved, |project| project.saves.state());
    let Some(leaving) = state.leaving.as_mut().filter(|leaving| !leaving.sent) else { return };
    match saves {
        // What was asked for in the whole project is done first.
        SaveState::Saved if state.project.as_ref().is_some_and(|project| !project.gathering.is_empty()) => {}
        SaveState::Saved => {
            leaving.sent = true;
            effects.push(leaving.effect.clone());
        }
        SaveState::Saving => {}
        SaveState::Failed(..) => stay(state),
    }
}

/// The project stays open after all.
pub fn stay(state: &mut State) {
    state.leaving = None;
    state.opening = None;
}

fn take(state: &mut State, paths: Vec<PathBuf>, effects: &mut Vec<Effect>) {
    let (projects, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.into_iter().partition(|path| is_project(path));
    match (projects.into_iter().next(), state.project.is_some()) {
        (Some(project), _) => open(state, project, Make::No, effects),
        (None, true) => importing::update(state, ImportCommand::LookInto(files), effects),
        (None, false) => {
            if let Some(first) = files.into_iter().next() {
                update(state, ProjectCommand::Open(first), effects);
            }
        }
    }
}

fn picked_paths(state: &mut State, picked: Picked, effects: &mut Vec<Effect>) {
    if matches!(state.dialog, Some(Dialog::Path(_))) {
        state.dialog = None;
    }
    let Some(first) = picked.paths.first().cloned() else {
        if matches!(picked.purpose, Purpose::Export | Purpose::ExportFolder) {
            exporting::resume(state, effects);
        }
        return;
    };
    let command = match picked.purpose {
        Purpose::New => ProjectCommand::New(first),
        Purpose::Open => ProjectCommand::Open(first),
        Purpose::Import | Purpose::ImportFolder => {
            return importing::update(state, ImportCommand::LookInto(picked.paths), effects);
        }
        Purpose::Merge => return merging::update(state, MergeCommand::LookInto(picked.paths), effects),
        Purpose::Export | Purpose::ExportFolder => ProjectCommand::Export(first),
        Purpose::Names(label) => {
            return learning::update(state, LearnCommand::LoadNames { path: first, label }, effects);
        }
    };
    update(state, command, effects);
}

/// Hands the project to another annotator as soon as everything in it is saved; the settings keep the person's name.
pub fn hand_over(state: &mut State, name: String, effects: &mut Vec<Effect>) {
    leave(state, Effect::NameAnnotator(name), effects);
}

fn name_annotator(state: &mut State, name: &str, effects: &mut Vec<Effect>) {
    let name = name.trim();
    if name.is_empty() {
        state.complain(Message::new("error-no-name"));
        return;
    }
    if name == GOLD {
        state.complain(Message::new("error-gold-name"));
        return;
    }
    state.dialog = None;
    state.settings.annotator = name.to_owned();
    effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
    if state.project.is_some() {
        // What waits is saved as who made it: the layers are left as a project is.
        leave(state, Effect::NameAnnotator(name.to_owned()), effects);
    }
}

/// A project is open: shows it, and asks who labels if that is not known.
pub fn opened(state: &mut State, opened: Opened, effects: &mut Vec<Effect>) {
    let Opened { project, labels, annotator, shared, problems, rescued } = opened;
    let path = project.path.clone();
    let article = state.settings.recent.iter().find(|r| r.path == path).and_then(|r| r.article.clone());
    state.settings.remember(&path);
    effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
    stay(state);
    // What can be answered was about the project before; a fault told at the start, as of the settings, has not been read yet.
    state.toasts.retain(|toast| toast.fault && toast.action.is_none());
    effects.push(Effect::Advise(Ask::Silence(state.settings.silent_engines())));
    effects.push(Effect::Advise(Ask::Program(state.settings.external.clone())));
    // A job of the project before goes on, but tells nothing here.
    state.job = None;
    (state.importing, state.exporting) = (None, None);
    state.project = Some(OpenProject::new(project, labels));
    match annotator {
        Some(annotator) => annotator_named(state, annotator, article, effects),
        None => state.dialog = Some(Dialog::Annotator),
    }
    if let Some(BroughtBack { kept, dropped }) = rescued {
        state.say(Message::new("brought-back").number("kept", kept).number("dropped", dropped));
    }
    if shared {
        state.complain(Message::new("project-shared"));
    }
    if !problems.is_empty() {
        state.dialog = Some(Dialog::Problems { title: "problems-import", problems });
    }
}

/// Who labels is known: opens the article and the list.
pub fn annotator_named(state: &mut State, annotator: Annotator, article: Option<String>, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let article = article.or_else(|| project.open.as_ref().map(|o| o.article.name().to_owned()));
    project.mode = if annotator.name == GOLD { Mode::Review } else { Mode::Label };
    let past = project.pasts.remove(&annotator.id).unwrap_or_default();
    let before = project.annotator.replace(annotator);
    let history = std::mem::replace(&mut project.history, past.history);
    let versions = project.saves.change_versions(past.versions);
    if let Some(before) = before {
        project.pasts.insert(before.id, Past { history, versions });
    }
    project.open = None;
    (project.same, project.sweep, project.seeking, project.exemplar) = (None, None, None, None);
    project.waiting.clear();
    finding::start_anew(project, effects);
    project.list.pages.clear();
    project.list.asked.clear();
    project.list.failed.clear();
    project.list.total = None;
    if let Some(filter) = project.filter() {
        effects.push(Effect::Load { target: Target::Named(article), filter });
    }
    walking::need_rows(project, 0, 1, effects);
    effects.push(Effect::CountLabels);
    effects.push(Effect::ListAnnotators);
    effects.push(Effect::ReadReasons);
    saving::pump(project, effects);
    // What a button would undo is another annotator's now.
    state.toasts.retain(|toast| !matches!(toast.action, Some((_, Command::Undo))));
}

/// An import has ended.
pub fn imported(state: &mut State, message: Message, problems: Vec<Message>, articles: u64, effects: &mut Vec<Effect>) {
    state.job = None;
    saving::release(state, effects);
    if problems.is_empty() {
        state.say(message);
    } else {
        state.toast(message, true, None);
        state.dialog = Some(Dialog::Problems { title: "problems-import", problems });
    }
    let Some(project) = &mut state.project else { return };
    project.project.articles = articles;
    effects.push(Effect::Advise(Ask::Relearn));
    walking::renew_list(project, effects);
    finding::renew(project, effects);
    effects.push(Effect::CountLabels);
    effects.push(Effect::ListAnnotators);
    effects.push(Effect::ReadLabels);
    if project.open.is_none()
        && let Some(filter) = project.filter()
    {
        effects.push(Effect::Load { target: Target::Named(None), filter });
    }
    walking::renew_review(project, effects);
}

/// A file was exported: says so; what it could not hold was counted before, and is shown when that is asked for.
pub fn exported(state: &mut State, message: Message, problems: Vec<Message>) {
    state.job = None;
    if problems.is_empty() {
        return state.say(message);
    }
    let dialog = Dialog::Problems { title: "problems-export", problems };
    let show = Command::View(ViewCommand::Show(dialog));
    state.toast(message, false, Some((Message::new("export-show-problems"), show)));
}

/// The desktop has no file dialog: our own path field takes its place.
pub fn no_dialog(state: &mut State, purpose: Purpose) {
    let suggested = match purpose {
        Purpose::Export | Purpose::ExportFolder => exporting::suggested(state),
        _ => Vec::new(),
    };
    state.dialog = Some(Dialog::Path(Picked { purpose, paths: suggested }));
}

/// The command that opens what the program was started with.
#[must_use]
pub fn start_command(state: &State, paths: Vec<PathBuf>) -> Option<Command> {
    let project = if !paths.is_empty() {
        ProjectCommand::Take(paths)
    } else if let Some(recent) = state.settings.recent.first() {
        if !state.settings.reopen {
            return None;
        }
        ProjectCommand::Open(recent.path.clone())
    } else {
        ProjectCommand::OpenSample
    };
    Some(Command::Project(project))
}
