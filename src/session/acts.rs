//! Acts: everything that a key or the finder of acts can ask for, each with an id, a title and its first keys.
//!
//! Owns the one list. Which keys an act has now stands in `shortcut`; what it does, where its command does.

use crate::domain::article::Direction;
use crate::domain::layer::Status;
use crate::session::command::{
    Command, Dialog, Edge, ExportCommand, FindCommand, LearnCommand, MarkCommand, MergeCommand, ProjectCommand, Reach,
    SameCommand, SelectCommand, Step, SuggestCommand, ViewCommand, WalkCommand,
};
use crate::session::finding;
use crate::session::review::{Mode, waits};
use crate::session::review_command::ReviewCommand;
use crate::session::saving::SaveState;
use crate::session::state::{OpenProject, State};
use crate::session::statistics::StatisticsCommand;
use crate::store::contract::{Order, StatusFilter};
use std::sync::LazyLock;

/// What an act gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// A command.
    Command(Command),
    /// The caret to the word on the left or right on the screen; which is forward depends on the direction of the text.
    Sideways {
        /// Whether left.
        left: bool,
        /// Whether the selection grows.
        extend: bool,
    },
    /// The mention on the left or right on the screen.
    SidewaysMention {
        /// Whether left.
        left: bool,
        /// Whether only those count that have the label of the selected one, or else the armed or the last one.
        same_label: bool,
    },
    /// The caret to another line: the window knows lines.
    Lines {
        /// How many, down or (negative) up.
        lines: i32,
        /// Whether the selection grows.
        extend: bool,
    },
    /// The caret by a page.
    Pages {
        /// How many, down or (negative) up.
        pages: i32,
    },
    /// The caret to the first or last word.
    Ends {
        /// Whether to the last.
        last: bool,
    },
    /// A label is asked for by its name, beside what is selected.
    AskLabel(LabelUse),
}

/// What a label is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LabelUse {
    /// To label what is selected.
    #[default]
    Label,
    /// To give what is selected one label more.
    Also,
    /// To arm it.
    Arm,
    /// To go to its next mention.
    Jump,
}

impl LabelUse {
    /// The command for a label.
    #[must_use]
    pub fn command(self, label: crate::domain::label::LabelId) -> Command {
        match self {
            Self::Label => Command::Mark(MarkCommand::Label(label)),
            Self::Also => Command::Mark(MarkCommand::AlsoLabel(label)),
            Self::Arm => Command::Mark(MarkCommand::Arm(label)),
            Self::Jump => Command::Select(SelectCommand::StepLabel { label: Some(label), step: Step::Forward }),
        }
    }
}

/// Where an act can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Everywhere.
    Anywhere,
    /// With a project open.
    Project,
    /// In a review: there its keys win over those of the project's acts and of the labels.
    Review,
    /// On the start screen.
    Start,
}

impl Place {
    /// Whether it is here, a project being open in this mode or none.
    #[must_use]
    pub fn is_here(self, mode: Option<Mode>) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Project => mode.is_some(),
            Self::Review => mode == Some(Mode::Review),
            Self::Start => mode.is_none(),
        }
    }

    /// Whether there is a window in which both places are and neither wins over the other.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        let either = |place| self == place || other == place;
        self == other || (either(Self::Anywhere) && !either(Self::Review))
    }
}

/// One act.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name in the settings; never changed, never given to another act. Also its short title in the locale files.
    pub id: &'static str,
    /// What it is called in full: an id of the locale files.
    pub title: &'static str,
    /// Under which heading it stands: an id of the locale files.
    pub group: &'static str,
    /// The keys it has at first, as the settings write them, parted by spaces.
    pub keys: &'static str,
    /// Where it can be asked for.
    pub place: Place,
    /// What it gives.
    pub act: Act,
}

/// Every act; those of one group stand together.
#[must_use]
pub fn all() -> &'static [Entry] {
    static ALL: LazyLock<Vec<Entry>> = LazyLock::new(|| {
        [mentions(), suggestions(), review(), caret(), articles(), program()].into_iter().flatten().collect()
    });
    &ALL
}

/// The act of this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Entry> {
    all().iter().find(|entry| entry.id == id)
}

/// An act whose short title is its title in full.
fn entry(group: &'static str, id: &'static str, keys: &'static str, act: Act) -> Entry {
    Entry { id, title: id, group, keys, place: Place::Project, act }
}

fn caret() -> Vec<Entry> {
    let entry = |id, keys, act| entry("keys-caret", id, keys, act);
    let word = |left, extend| Act::Sideways { left, extend };
    let line = |lines, extend| Act::Lines { lines, extend };
    let mention = |left, same_label| Act::SidewaysMention { left, same_label };
    let select = |command| Act::Command(Command::Select(command));
    vec![
        entry("key-word-left", "Left", word(true, false)),
        entry("key-word-right", "Right", word(false, false)),
        entry("key-extend-left", "Shift+Left", word(true, true)),
        entry("key-extend-right", "Shift+Right", word(false, true)),
        entry("key-line-up", "Up", line(-1, false)),
        entry("key-line-down", "Down", line(1, false)),
        entry("key-extend-up", "Shift+Up", line(-1, true)),
        entry("key-extend-down", "Shift+Down", line(1, true)),
        entry("key-mention-left", "Ctrl+Left", mention(true, false)),
        entry("key-mention-right", "Ctrl+Right", mention(false, false)),
        entry("key-same-label-left", "Alt+Left", mention(true, true)),
        entry("key-same-label-right", "Alt+Right", mention(false, true)),
        entry("key-label-jump", "'", Act::AskLabel(LabelUse::Jump)),
        entry("key-paragraph-up", "Ctrl+Up", select(SelectCommand::StepParagraph(Step::Back))),
        entry("key-paragraph-down", "Ctrl+Down", select(SelectCommand::StepParagraph(Step::Forward))),
        entry("key-page-up", "PageUp", Act::Pages { pages: -1 }),
        entry("key-page-down", "PageDown", Act::Pages { pages: 1 }),
        entry("key-first", "Ctrl+Home", Act::Ends { last: false }),
        entry("key-last", "Ctrl+End", Act::Ends { last: true }),
        entry("key-let-go", "Esc", select(SelectCommand::Nothing)),
    ]
}

fn mentions() -> Vec<Entry> {
    let entry = |id, keys, act| entry("keys-mentions", id, keys, act);
    let mark = |command| Act::Command(Command::Mark(command));
    let nudge = |edge, step| mark(MarkCommand::Nudge { edge, step });
    vec![
        entry("key-label-ask", ";", Act::AskLabel(LabelUse::Label)),
        entry("key-label-also", "Shift+;", Act::AskLabel(LabelUse::Also)),
        entry("key-label-arm", ",", Act::AskLabel(LabelUse::Arm)),
        // As in vi: the last change once more. On a Persian layout the place gives the same sign.
        entry("key-repeat", ".", mark(MarkCommand::Repeat)),
        entry("key-end-forward", "]", nudge(Edge::End, Step::Forward)),
        entry("key-end-back", "[", nudge(Edge::End, Step::Back)),
        entry("key-start-forward", "Shift+]", nudge(Edge::Start, Step::Forward)),
        entry("key-start-back", "Shift+[", nudge(Edge::Start, Step::Back)),
        Entry { title: "remove-mention", ..entry("remove", "Delete Backspace", mark(MarkCommand::Remove)) },
        entry("key-note", "F2", Act::Command(Command::View(ViewCommand::FocusNote))),
        entry("undo", "Ctrl+Z", Act::Command(Command::Undo)),
        entry("redo", "Ctrl+Shift+Z Ctrl+Y", Act::Command(Command::Redo)),
    ]
}

fn suggestions() -> Vec<Entry> {
    let entry = |id, keys, act| entry("keys-suggestions", id, keys, act);
    let suggest = |command| Act::Command(Command::Suggest(command));
    let same = |reach, suffixed| Act::Command(Command::Same(SameCommand::Apply { reach, suffixed }));
    let titled = |title, entry: Entry| Entry { title, ..entry };
    vec![
        entry("suggestion-next", "Tab", suggest(SuggestCommand::Step(Step::Forward))),
        entry("suggestion-previous", "Shift+Tab", suggest(SuggestCommand::Step(Step::Back))),
        titled("key-suggestion-accept", entry("suggestion-accept", "Enter", suggest(SuggestCommand::Accept))),
        titled("key-accept-all", entry("accept-all", "Ctrl+Shift+A", suggest(SuggestCommand::AcceptAll))),
        titled("key-same-onward", entry("same-onward", "Shift+Enter", same(Reach::Onward, false))),
        titled("key-same-suggest", entry("same-suggest", "Alt+Enter", same(Reach::Suggest, false))),
        titled("key-same-project", entry("same-project", "Ctrl+Shift+Enter", same(Reach::Project, false))),
        titled("key-same-suffixed", entry("same-suffixed", "Alt+Shift+Enter", same(Reach::Here, true))),
    ]
}

fn review() -> Vec<Entry> {
    let entry = |id, keys, command| Entry {
        place: Place::Review,
        ..entry("keys-review", id, keys, Act::Command(Command::Review(command)))
    };
    let in_project = |entry: Entry| Entry { place: Place::Project, ..entry };
    let take = |id, keys, version| entry(id, keys, ReviewCommand::Take(version));
    vec![
        in_project(entry("mode-label", "Ctrl+1", ReviewCommand::Leave)),
        in_project(entry("mode-review", "Ctrl+2", ReviewCommand::Enter)),
        take("review-take-1", "1", 0),
        take("review-take-2", "2", 1),
        take("review-take-3", "3", 2),
        take("review-take-4", "4", 3),
        take("review-take-5", "5", 4),
        take("review-take-6", "6", 5),
        take("review-take-7", "7", 6),
        take("review-take-8", "8", 7),
        take("review-take-9", "9", 8),
        entry("review-nothing", "0", ReviewCommand::Nothing),
        entry("review-boundary", "B", ReviewCommand::CycleBoundary),
        entry("review-accept", "Enter", ReviewCommand::Accept),
        entry("review-accept-agreed", "Ctrl+Enter", ReviewCommand::AcceptAgreed),
        entry("review-next", "N Tab", ReviewCommand::Step(Step::Forward)),
        entry("review-previous", "Shift+N Shift+Tab", ReviewCommand::Step(Step::Back)),
        entry("review-aside", "Shift+/", ReviewCommand::AskQuestion),
        entry("review-reason", "R", ReviewCommand::AskReason),
        entry("review-reopen", "U", ReviewCommand::Reopen(None)),
        entry("review-names", "V", ReviewCommand::SwitchNames),
        entry("review-like", "L", ReviewCommand::AskLike),
    ]
}

fn articles() -> Vec<Entry> {
    let entry = |id, keys, act| entry("keys-articles", id, keys, act);
    let walk = |command| Act::Command(Command::Walk(command));
    let status = |status| walk(WalkCommand::SetStatus(status));
    let filter = |status| walk(WalkCommand::SetFilter(status));
    let direction = |direction| walk(WalkCommand::SetDirection(direction));
    vec![
        Entry { title: "key-done-next", ..entry("done-next", "Ctrl+Enter", walk(WalkCommand::DoneNext)) },
        entry("key-done", "Ctrl+D", status(Status::Done)),
        Entry { title: "key-flag", ..entry("flag", "Ctrl+G", status(Status::Flagged)) },
        Entry { title: "key-next", ..entry("next", "Alt+Down Ctrl+PageDown", walk(WalkCommand::Next)) },
        Entry { title: "key-previous", ..entry("previous", "Alt+Up Ctrl+PageUp", walk(WalkCommand::Previous)) },
        entry("find-open", "Ctrl+Shift+F", Act::Command(Command::Find(FindCommand::Open))),
        entry("mode-statistics", "Ctrl+3 F4", Act::Command(Command::Statistics(StatisticsCommand::Switch))),
        entry("search-articles", "Ctrl+F", Act::Command(Command::View(ViewCommand::FocusSearch))),
        entry("search-clear", "Alt+F", walk(WalkCommand::SetSearch(String::new()))),
        entry("key-filter-all", "Alt+1", filter(StatusFilter::All)),
        entry("key-filter-remaining", "Alt+2", filter(StatusFilter::Remaining)),
        entry("key-filter-done", "Alt+3", filter(StatusFilter::Only(Status::Done))),
        entry("key-filter-flagged", "Alt+4", filter(StatusFilter::Only(Status::Flagged))),
        entry("key-order-imported", "Alt+5", walk(WalkCommand::SetOrder(Order::Imported))),
        entry("key-order-suggested", "Alt+6", walk(WalkCommand::SetOrder(Order::MostSuggested))),
        entry("key-order-uncertain", "Alt+7", walk(WalkCommand::SetOrder(Order::LeastCertain))),
        entry("key-order-disputed", "Alt+8", walk(WalkCommand::SetOrder(Order::MostDisputed))),
        entry("key-order-shuffle", "Alt+9", walk(WalkCommand::Shuffle)),
        entry("key-order-best", "Alt+0", walk(WalkCommand::SetOrder(Order::BestMatch))),
        entry("key-only-suggested", "Alt+S", walk(WalkCommand::SetSuggested(true))),
        entry("key-not-only-suggested", "Alt+Shift+S", walk(WalkCommand::SetSuggested(false))),
        Entry { title: "key-direction-auto", ..entry("direction-auto", "Alt+A", direction(Direction::Auto)) },
        Entry { title: "key-direction-rtl", ..entry("direction-rtl", "Alt+R", direction(Direction::RightToLeft)) },
        Entry { title: "key-direction-ltr", ..entry("direction-ltr", "Alt+E", direction(Direction::LeftToRight)) },
    ]
}

fn program() -> Vec<Entry> {
    let entry = |id, keys, act| entry("keys-program", id, keys, act);
    let anywhere = |id, keys, act| Entry { place: Place::Anywhere, ..entry(id, keys, act) };
    let project = |command| Act::Command(Command::Project(command));
    let view = |command| Act::Command(Command::View(command));
    let show = |dialog| view(ViewCommand::Show(dialog));
    vec![
        anywhere("acts", "Ctrl+K", show(Dialog::Acts)),
        anywhere("keys", "Shift+/ F1", show(Dialog::Keys)),
        anywhere("key-new", "Ctrl+N", project(ProjectCommand::AskNew)),
        anywhere("key-open", "Ctrl+O", project(ProjectCommand::AskOpen)),
        Entry { place: Place::Start, ..entry("key-sample", "Ctrl+T", project(ProjectCommand::OpenSample)) },
        entry("import", "Ctrl+I", project(ProjectCommand::AskImport)),
        entry("import-folder", "Ctrl+Shift+I", project(ProjectCommand::AskImportFolder)),
        entry("merge", "Alt+Shift+I", Act::Command(Command::Merge(MergeCommand::Ask))),
        entry("export", "Ctrl+E", Act::Command(Command::Export(ExportCommand::Ask))),
        entry("labels-edit", "Ctrl+L", show(Dialog::Labels)),
        entry("rules", "Ctrl+R", show(Dialog::Rules)),
        Entry { title: "names-title", ..entry("names", "Alt+N", show(Dialog::Names)) },
        entry("key-external", "Alt+P", show(Dialog::External)),
        Entry { title: "mirror-title", ..entry("mirror", "Alt+M", show(Dialog::Mirror)) },
        entry("key-train", "Alt+Shift+T", Act::Command(Command::Learn(LearnCommand::Train))),
        Entry { title: "annotator-title", ..entry("annotator", "Ctrl+U", show(Dialog::Annotator)) },
        Entry { title: "key-save-again", ..entry("save-again", "Ctrl+S", Act::Command(Command::SaveAgain)) },
        entry("key-stop-job", "Ctrl+J", project(ProjectCommand::StopJob)),
        entry("close-project", "Ctrl+W", project(ProjectCommand::Close)),
        Entry { title: "key-panel-articles", ..entry("panel-articles", "Ctrl+B", view(ViewCommand::ToggleArticles)) },
        Entry { title: "key-panel-mentions", ..entry("panel-mentions", "Ctrl+M", view(ViewCommand::ToggleMentions)) },
        Entry { title: "key-zoom-in", ..entry("zoom-in", "Ctrl++ Ctrl+= Ctrl+Shift+=", view(ViewCommand::Zoom(1))) },
        Entry { title: "key-zoom-out", ..entry("zoom-out", "Ctrl+-", view(ViewCommand::Zoom(-1))) },
        entry("key-zoom-reset", "Ctrl+0", view(ViewCommand::ZoomReset)),
        anywhere("key-language", "Alt+L", view(ViewCommand::SwitchLanguage)),
        anywhere("key-theme", "Alt+T", view(ViewCommand::SwitchTheme)),
    ]
}

/// Whether an act can do something now.
#[must_use]
pub fn is_possible(state: &State, entry: &Entry) -> bool {
    if !entry.place.is_here(state.project.as_ref().map(|project| project.mode)) {
        return false;
    }
    let Some(project) = &state.project else { return true };
    if (project.find.is_some() || project.statistics.is_open)
        && !matches!(&entry.act, Act::Command(command) if finding::allows(command))
    {
        return false;
    }
    let has_mention = state.selected_mention().is_some();
    let has_suggestion = state.article().is_some_and(|open| open.advice.chosen().is_some());
    let has_target = state.article().is_some_and(|open| open.target().is_some());
    match &entry.act {
        Act::Command(Command::Project(ProjectCommand::StopJob)) => state.job.is_some(),
        Act::Command(Command::View(ViewCommand::FocusNote)) => has_mention,
        Act::Command(Command::Walk(WalkCommand::SetSearch(_) | WalkCommand::SetOrder(Order::BestMatch))) => {
            !project.list.search.trim().is_empty()
        }
        Act::Command(Command::Walk(WalkCommand::SetSuggested(only))) => project.list.suggested != *only,
        Act::Command(Command::Walk(WalkCommand::SetStatus(_) | WalkCommand::SetDirection(_))) => project.open.is_some(),
        Act::Command(
            Command::Project(_)
            | Command::Export(_)
            | Command::View(_)
            | Command::Walk(_)
            | Command::Find(_)
            | Command::Statistics(_)
            | Command::Keys(_),
        ) => true,
        Act::Command(Command::Mark(MarkCommand::Repeat)) => project.last_label.is_some() && has_target,
        Act::Command(Command::Mark(_)) => has_mention || has_suggestion,
        Act::Command(Command::Suggest(SuggestCommand::Accept)) => has_suggestion || project.same.is_some(),
        Act::Command(Command::Suggest(_)) => state.article().is_some_and(|open| !open.advice.open().is_empty()),
        Act::Command(Command::Same(_)) => project.same.is_some(),
        Act::Command(Command::Review(command)) => can_review(project, command),
        Act::Command(Command::Undo) => project.history.next_undo().is_some(),
        Act::Command(Command::Redo) => project.history.next_redo().is_some(),
        Act::Command(Command::SaveAgain) => matches!(project.saves.state(), SaveState::Failed(..)),
        Act::AskLabel(LabelUse::Label | LabelUse::Also) => has_target || has_mention,
        _ => project.open.is_some(),
    }
}

/// Whether a command means something in the review now.
fn can_review(project: &OpenProject, command: &ReviewCommand) -> bool {
    let review = project.open.as_ref().and_then(|open| open.review.as_ref());
    let case = review.and_then(|review| review.current_case());
    match command {
        ReviewCommand::Enter => project.mode == Mode::Label,
        ReviewCommand::Leave => project.mode == Mode::Review,
        ReviewCommand::Take(version) => {
            review.and_then(|review| Some(review.versions(review.current?).len() > *version)).unwrap_or_default()
        }
        ReviewCommand::CycleBoundary => case.is_some_and(|case| {
            let differences = case.cluster.differences;
            differences.boundary || differences.split
        }),
        ReviewCommand::Nothing | ReviewCommand::AskQuestion | ReviewCommand::AskReason => case.is_some(),
        ReviewCommand::Reopen(_) => case.is_some_and(|case| !waits(case)),
        ReviewCommand::AskLike => project.exemplar.is_some() || case.is_some_and(|case| !waits(case)),
        ReviewCommand::SwitchNames => true,
        _ => review.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_act_has_an_id_a_title_and_a_command_of_its_own() {
        let mut seen = HashSet::new();
        for (place, entry) in all().iter().enumerate() {
            assert!(seen.insert(("id", entry.id)) && seen.insert(("title", entry.title)), "{} stands twice", entry.id);
            assert!(all().iter().skip(place + 1).all(|other| other.act != entry.act), "{} is done twice", entry.id);
        }
        assert_eq!(all().chunk_by(|a, b| a.group == b.group).count(), 6, "the groups stand together");
    }
}
