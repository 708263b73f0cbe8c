//! The work of others, before it is brought in: which files, what would come of them, and what a person decides.
//!
//! Owns the way from picked files to a merge. It must not read a file: that is done by the thread of long jobs.

use crate::exchange::import::is_project;
use crate::exchange::label_map::LabelMap;
use crate::exchange::merge::{MergeOptions, Merged, MergedFrom};
use crate::exchange::realign::{Fate as Moved, Move};
use crate::session::command::{Dialog, MergeCommand};
use crate::session::effect::{Effect, Purpose, Target};
use crate::session::importing::{Fate, ImportChoice};
use crate::session::state::{Job, State};
use crate::session::telling::in_file;
use crate::session::{opening, saving};
use crate::words::message::Message;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many sentences are shown; the others are counted.
const SHOWN: usize = 10_000;

/// What a person decides about the work of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergeChoice {
    /// Whose the mentions of files are; blank for those whom the files name, else for the file's name.
    pub annotator: String,
    /// Whether articles that the project does not have are left.
    pub known_only: bool,
    /// Whether mentions are moved where the text differs.
    pub realign: bool,
    /// What becomes of labels; those that are not named keep their name.
    pub fates: BTreeMap<String, Fate>,
}

impl MergeChoice {
    /// The same for the exchange.
    #[must_use]
    pub fn options(&self, dry_run: bool) -> MergeOptions {
        let labels: LabelMap = ImportChoice { fates: self.fates.clone(), ..ImportChoice::default() }.options().labels;
        let annotator = self.annotator.trim();
        MergeOptions {
            annotator: (!annotator.is_empty()).then(|| annotator.to_owned()),
            status: None,
            known_only: self.known_only,
            realign: self.realign,
            labels,
            dry_run,
            ..MergeOptions::default()
        }
    }
}

/// What would come of one project or file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Whether it is a file that may not say whose its mentions are.
    pub is_file: bool,
    /// What of its articles.
    pub articles: Vec<Message>,
    /// What of its layers.
    pub layers: Vec<Message>,
    /// Whose layers, with how many each has.
    pub annotators: Vec<(String, u64)>,
}

/// What would come of a merge, in no language yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// By project and file.
    pub sources: Vec<Source>,
    /// The labels that the project does not have, by the names there, with how often each is there.
    pub labels: BTreeMap<String, u64>,
    /// What is not taken as it stands, and mentions that cannot be moved.
    pub conflicts: Vec<Message>,
    /// The mentions that are moved.
    pub moves: Vec<Message>,
    /// How many articles have another text.
    pub differing: u64,
    /// Whether anything would change.
    pub is_news: bool,
}

/// Files that may be brought in.
#[derive(Clone, Debug)]
pub struct Merging {
    /// The projects and files, as they were picked.
    pub paths: Vec<PathBuf>,
    /// What has been decided.
    pub choice: MergeChoice,
    /// The number of the look into them that was asked for last.
    pub number: u64,
    /// Articles seen by the look that is on its way; `None` when none is.
    pub seen: Option<u64>,
    /// What would come of it, or why nothing can.
    pub outlook: Option<Result<Arc<Outlook>, Message>>,
}

impl Merging {
    /// Whether there is anything that could be taken, as it is chosen now.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.seen.is_none() && matches!(&self.outlook, Some(Ok(outlook)) if outlook.is_news)
    }
}

impl Outlook {
    /// What would come of a merge that was tried.
    #[must_use]
    pub fn of(merged: &Merged, said: Vec<Message>) -> Self {
        let mut outlook = Self { conflicts: said, ..Self::default() };
        for from in &merged.sources {
            outlook.add(from);
        }
        for found in [&mut outlook.conflicts, &mut outlook.moves] {
            if let Some(more) = found.len().checked_sub(SHOWN).filter(|more| *more > 0) {
                found.truncate(SHOWN);
                found.push(Message::new("problems-more").number("count", more as u64));
            }
        }
        outlook
    }

    fn add(&mut self, from: &MergedFrom) {
        let count = &from.count;
        let told = |counts: &[(u64, &'static str)]| -> Vec<Message> {
            let some = counts.iter().filter(|(count, _)| *count > 0);
            some.map(|(count, id)| Message::new(id).number("count", *count)).collect()
        };
        let name = name_of(&from.path);
        self.sources.push(Source {
            is_file: !is_project(&from.path),
            articles: told(&[
                (count.met, "merge-articles-met"),
                (count.new, "merge-articles-new"),
                (count.left, "merge-articles-left"),
                (count.differing, "merge-articles-differing"),
            ]),
            layers: told(&[
                (count.taken, "merge-layers-taken"),
                (count.updated, "merge-layers-updated"),
                (count.same, "merge-layers-same"),
                (count.earlier, "merge-layers-earlier"),
                (count.kept, "merge-layers-kept"),
            ]),
            annotators: from.annotators.iter().map(|(name, layers)| (name.clone(), *layers)).collect(),
            name: name.clone(),
        });
        self.differing += count.differing;
        self.is_news |= count.new + count.taken + count.updated > 0 || !count.labels.is_empty();
        for label in &count.labels {
            // By the name there: what it is called here was decided by a person.
            *self.labels.entry(label.clone()).or_default() += from.labels.get(label).copied().unwrap_or(0);
        }
        let here = |what: Message| {
            let place = Message::new("place-file").text("file", name.clone());
            Message::new("found-at").part("place", place).part("what", what)
        };
        self.conflicts.extend(count.problems.iter().map(|problem| in_file(&from.path, problem)));
        for realigned in &from.realigned {
            for one in &realigned.moves {
                let words = moved(&realigned.article, one);
                if one.fate() == Moved::Moved { self.moves.push(words) } else { self.conflicts.push(here(words)) }
            }
        }
    }
}

/// What became of a mention whose text differs.
fn moved(article: &str, one: &Move) -> Message {
    let id = match one.fate() {
        Moved::Moved if one.from == one.to => "merge-move-stays",
        Moved::Moved => "merge-move",
        Moved::Changed => "merge-move-changed",
        Moved::Collapsed => "merge-move-gone",
    };
    let words = Message::new(id)
        .text("article", article)
        .text("label", one.label.clone())
        .text("before", one.before.clone())
        .text("after", one.after.clone())
        .span(one.from);
    words.number("to-start", one.to.start.get() as u64).number("to-end", one.to.end.get() as u64)
}

/// The name of a file, or the title of a project.
fn name_of(path: &Path) -> String {
    let name = if is_project(path) { path.file_stem() } else { path.file_name() };
    name.map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Does what the command says.
pub fn update(state: &mut State, command: MergeCommand, effects: &mut Vec<Effect>) {
    match command {
        MergeCommand::Ask => {
            if state.project.is_some() && state.leaving.is_none() {
                effects.push(Effect::Pick { purpose: Purpose::Merge, suggested: None });
            }
        }
        MergeCommand::LookInto(paths) => look_into(state, paths, effects),
        MergeCommand::Choose(choice) => {
            if let Some(merging) = &mut state.merging
                && merging.choice != *choice
            {
                merging.choice = *choice;
                look(state, effects);
            }
        }
        MergeCommand::Take => {
            if state.merging.as_ref().is_some_and(Merging::is_ready) {
                take(state, effects);
            }
        }
    }
}

fn look_into(state: &mut State, paths: Vec<PathBuf>, effects: &mut Vec<Effect>) {
    if state.project.is_none() || state.leaving.is_some() || paths.is_empty() {
        return;
    }
    let choice = MergeChoice::default();
    state.merging = Some(Merging { paths, choice, number: 0, seen: None, outlook: None });
    state.dialog = Some(Dialog::Merge);
    look(state, effects);
}

/// Tries what would come of it. It is undone at its end, and saves wait for that as they do for the merge itself.
fn look(state: &mut State, effects: &mut Vec<Effect>) {
    state.looks += 1;
    let Some(merging) = &mut state.merging else { return };
    merging.number = state.looks;
    merging.seen = Some(0);
    let (paths, choice) = (merging.paths.clone(), Box::new(merging.choice.clone()));
    effects.push(Effect::Merge { number: Some(merging.number), paths, choice });
    if let Some(project) = &mut state.project {
        saving::hold(project);
    }
}

/// A look is on its way.
pub fn looking(state: &mut State, number: u64, articles: u64) {
    if let Some(merging) = state.merging.as_mut().filter(|merging| merging.number == number) {
        merging.seen = Some(articles);
    }
}

/// A look has ended; `None` when it was stopped.
pub fn looked(
    state: &mut State,
    number: u64,
    outcome: Result<Option<Arc<Outlook>>, Message>,
    effects: &mut Vec<Effect>,
) {
    match state.merging.as_mut() {
        // Another one follows, for which saves go on waiting.
        Some(merging) if merging.number != number => return,
        Some(merging) => {
            merging.seen = None;
            merging.outlook = outcome.transpose();
        }
        None => {}
    }
    // A merge that was begun holds the project itself.
    if state.job.is_none() {
        saving::release(state, effects);
    }
}

fn take(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(merging) = state.merging.take() else { return };
    if state.dialog == Some(Dialog::Merge) {
        state.dialog = None;
    }
    state.job = Some(Job { what: "job-merge", done: 0, total: 0 });
    if let Some(project) = &mut state.project {
        saving::hold(project);
    }
    effects.push(Effect::Merge { number: None, paths: merging.paths, choice: Box::new(merging.choice) });
}

/// A merge has ended: what it changed is read anew, the open article too. What it did not take has been shown before.
pub fn merged(state: &mut State, message: Message, articles: u64, effects: &mut Vec<Effect>) {
    opening::imported(state, message, Vec::new(), articles, effects);
    let Some(project) = &state.project else { return };
    if let (Some(article), Some(filter)) = (project.open_id(), project.filter()) {
        effects.push(Effect::Load { target: Target::Article(article), filter });
    }
}

/// Lets the files go when their dialog was closed or the project has gone.
pub fn tidy(state: &mut State, effects: &mut Vec<Effect>) {
    if state.merging.is_some() && (state.project.is_none() || state.dialog != Some(Dialog::Merge)) {
        state.merging = None;
        effects.push(Effect::StopLooking);
    }
}
