//! Commands: everything a person can ask of the program, in families.
//!
//! Owns their names. What they do stands in the family's file; which keys give them, in `shortcut`.

use crate::domain::article::{ArticleId, Direction};
use crate::domain::label::{Label, LabelId};
use crate::domain::layer::{AnnotatorId, Rules, Status};
use crate::domain::mention::MentionKey;
use crate::domain::offset::{CharOffset, Span};
use crate::domain::suggestion::Engine;
use crate::session::chord::Chord;
use crate::session::effect::Picked;
use crate::session::exporting::ExportChoice;
use crate::session::importing::ImportChoice;
use crate::session::merging::MergeChoice;
use crate::session::mirroring::MirrorCommand;
use crate::session::review_command::ReviewCommand;
use crate::session::settings::{ProgramSetting, Theme};
use crate::session::statistics::StatisticsCommand;
use crate::store::contract::{Order, StatusFilter};
use crate::store::hits::{Labelled, Pattern};
use crate::words::language::Language;
use crate::words::message::Message;
use std::path::PathBuf;
use uuid::Uuid;

/// Something a person asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// About project files.
    Project(ProjectCommand),
    /// About files that may be imported.
    Import(ImportCommand),
    /// About an export before it goes out.
    Export(ExportCommand),
    /// About which article is open.
    Walk(WalkCommand),
    /// About the caret, the selection and the selected mention.
    Select(SelectCommand),
    /// About mentions.
    Mark(MarkCommand),
    /// About the label set.
    Label(LabelCommand),
    /// About suggestions.
    Suggest(SuggestCommand),
    /// About all same mentions.
    Same(SameCommand),
    /// About looking through the whole project and acting on what is found.
    Find(FindCommand),
    /// About what the engines know.
    Learn(LearnCommand),
    /// About what is shown and how.
    View(ViewCommand),
    /// About the program that suggests mentions.
    External(ExternalCommand),
    /// About which keys acts have.
    Keys(KeyCommand),
    /// The work of others before it is brought in.
    Merge(MergeCommand),
    /// About the folder that mirrors the project.
    Mirror(MirrorCommand),
    /// About reviewing others' layers.
    Review(ReviewCommand),
    /// About the statistics of the project.
    Statistics(StatisticsCommand),
    /// Takes the last step back.
    Undo,
    /// Does the last step taken back again.
    Redo,
    /// Tries again to save what could not be saved.
    SaveAgain,
}

/// Project files.
#[derive(Clone, Debug, PartialEq)]
pub enum ProjectCommand {
    /// Asks where, then makes a project there.
    AskNew,
    /// Asks which, then opens it.
    AskOpen,
    /// Asks which files, then looks into them.
    AskImport,
    /// Asks which folder, then looks into it.
    AskImportFolder,
    /// Makes a project.
    New(PathBuf),
    /// Opens a project, or makes one beside a text file and imports it.
    Open(PathBuf),
    /// Copies the sample to the user's folder, if it is not there yet, and opens it.
    OpenSample,
    /// Back to the start screen.
    Close,
    /// Files dropped or named: projects are opened, others looked into for the open project.
    Take(Vec<PathBuf>),
    /// Imports files into the open project as they are, without a question.
    Import(Vec<PathBuf>),
    /// Exports the project as it was decided, or else everything in the format that the ending names.
    Export(PathBuf),
    /// Answers a file dialog of our own.
    Picked(Picked),
    /// Changes the rules.
    SetRules(Rules),
    /// Says who labels.
    SetAnnotator(String),
    /// Takes a project off the recent ones; the file stays.
    ForgetRecent(PathBuf),
    /// Stops the long job that is running.
    StopJob,
}

/// Files that may be imported.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportCommand {
    /// Looks into files and folders; what is to be decided is asked for.
    LookInto(Vec<PathBuf>),
    /// Decides; another way of reading looks into the files anew.
    Choose(Box<ImportChoice>),
    /// Stops looking into the files: what was seen so far stands.
    StopSurvey,
    /// Imports them as it was decided.
    Take,
}

/// The work of others before it is brought in.
#[derive(Clone, Debug, PartialEq)]
pub enum MergeCommand {
    /// Asks which projects and files, then looks into them.
    Ask,
    /// Looks into projects and files: what would come of them is shown.
    LookInto(Vec<PathBuf>),
    /// Decides; what would come of it is found anew.
    Choose(Box<MergeChoice>),
    /// Brings them in as it was decided.
    Take,
}

/// An export before it goes out.
#[derive(Clone, Debug, PartialEq)]
pub enum ExportCommand {
    /// Asks what is to go out and how.
    Ask,
    /// Decides; what it would come to is counted anew.
    Choose(Box<ExportChoice>),
    /// Stops counting.
    StopCounting,
    /// Asks where, then exports there.
    AskPlace,
}

/// Which article is open.
#[derive(Clone, Debug, PartialEq)]
pub enum WalkCommand {
    /// Opens this article.
    To(ArticleId),
    /// Opens the next one in the list.
    Next,
    /// Opens the one before.
    Previous,
    /// The list is to show these.
    SetFilter(StatusFilter),
    /// The list is to show those that match.
    SetSearch(String),
    /// The list is to stand in this order, and «next» to follow it.
    SetOrder(Order),
    /// The list is to be shuffled, each time in another way.
    Shuffle,
    /// The list is to show only articles with this label.
    SetLabel(Option<LabelId>),
    /// The list is to show only articles that this annotator has begun.
    SetBegunBy(Option<AnnotatorId>),
    /// The list is to show only articles with suggestions.
    SetSuggested(bool),
    /// The list needs the rows from `first` on.
    NeedRows {
        /// The place of the first row.
        first: u64,
        /// How many.
        count: u64,
    },
    /// Sets the status of the open article; the status it has already takes it back to in progress.
    SetStatus(Status),
    /// Done, and on to the next one that remains.
    DoneNext,
    /// How the article is read.
    SetDirection(Direction),
}

/// A step of the caret in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// To the next word.
    Forward,
    /// To the word before.
    Back,
}

/// Caret, selection, selected mention.
#[derive(Clone, Debug, PartialEq)]
pub enum SelectCommand {
    /// The pointer was pressed and released here.
    Click {
        /// The code point under it.
        at: CharOffset,
    },
    /// The pointer goes over these code points.
    Drag {
        /// Where it was pressed.
        from: CharOffset,
        /// Where it is.
        to: CharOffset,
        /// Whether single grapheme clusters can be taken instead of words.
        graphemes: bool,
    },
    /// The word at a place, as a selection.
    Word {
        /// A code point of it.
        at: CharOffset,
    },
    /// The caret goes by a word.
    Move {
        /// Which way.
        step: Step,
        /// Whether the selection grows with it.
        extend: bool,
    },
    /// The caret goes to the word at a place (the line above or below: the window knows lines).
    MoveTo {
        /// A code point there.
        at: CharOffset,
        /// Whether the selection grows with it.
        extend: bool,
    },
    /// Selects a mention and shows it.
    Mention(MentionKey),
    /// Selects the next or previous mention.
    StepMention(Step),
    /// Selects the next or previous mention of a label, going round at the end.
    StepLabel {
        /// The label; `None` for that of the selected mention, or else the armed or the last one.
        label: Option<LabelId>,
        /// Which way.
        step: Step,
    },
    /// The caret goes to the first word of the next paragraph, or back to that of this one and then the one before.
    StepParagraph(Step),
    /// Selects the next mention of this label and surface.
    Surface {
        /// The label.
        label: LabelId,
        /// The text of the mentions.
        surface: String,
    },
    /// Lets go: of the selection, then of the selected mention, then of the armed label.
    Nothing,
}

/// Which edge of a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// Where it starts.
    Start,
    /// Where it ends.
    End,
}

/// Mentions.
#[derive(Clone, Debug, PartialEq)]
pub enum MarkCommand {
    /// A label key: labels the selection or the word at the caret; on a mention relabels it, with its own label removes it.
    Label(LabelId),
    /// Labels the span under the selection with one label more.
    AlsoLabel(LabelId),
    /// Labels the selection or the word at the caret with the label that was given last; takes none away.
    Repeat,
    /// Arms a label, so that a drag labels at once; the armed one is disarmed.
    Arm(LabelId),
    /// Removes the selected mention.
    Remove,
    /// Moves an edge of the selected mention by a word.
    Nudge {
        /// Which edge.
        edge: Edge,
        /// Which way.
        step: Step,
    },
    /// Gives a mention another span.
    Resize {
        /// Which mention.
        mention: MentionKey,
        /// The new span.
        span: Span,
    },
    /// Writes a note on a mention; blank takes it away.
    Note {
        /// Which mention.
        mention: MentionKey,
        /// The note.
        note: String,
    },
}

/// The label set.
#[derive(Clone, Debug, PartialEq)]
pub enum LabelCommand {
    /// Adds a label with a free name, colour and place.
    New,
    /// Changes a label.
    Change(Label),
    /// Takes a label out of use; its mentions keep it.
    Delete(LabelId),
    /// Takes it into use again (also out of a merge).
    Restore(LabelId),
    /// Gives the mentions of one label to another.
    Merge {
        /// The label that goes.
        from: LabelId,
        /// The label that stays.
        into: LabelId,
    },
    /// Moves a label in the order.
    Move {
        /// Which label.
        label: LabelId,
        /// Up (back) or down (forward).
        step: Step,
    },
}

/// Suggestions.
#[derive(Clone, Debug, PartialEq)]
pub enum SuggestCommand {
    /// Chooses the next or previous suggestion.
    Step(Step),
    /// Accepts the chosen suggestion and goes on to the next; with none chosen, does what the offer of same mentions says.
    Accept,
    /// Rejects the chosen suggestion, which is remembered, and goes on to the next.
    Reject,
    /// Moves the edges of the chosen suggestion, before it is decided.
    Reshape(Span),
    /// Accepts everything in this article that reaches the threshold.
    AcceptAll,
    /// Sets the threshold, in hundredths.
    SetThreshold(u8),
}

/// How far an act on same mentions reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// The open article.
    Here,
    /// The open article from the mention on.
    Onward,
    /// The open article, and the others get suggestions.
    Suggest,
    /// The whole project.
    Project,
}

/// All same mentions: what is done to them is what was just done to one.
#[derive(Clone, Debug, PartialEq)]
pub enum SameCommand {
    /// Does it to the others.
    Apply {
        /// How far.
        reach: Reach,
        /// Whether also to those with a suffix more, which are less certain.
        suffixed: bool,
    },
    /// Lets the offer go.
    Dismiss,
}

/// Looking through the whole project.
#[derive(Clone, Debug, PartialEq)]
pub enum FindCommand {
    /// Opens the search; what is selected in the article is looked for.
    Open,
    /// Closes it.
    Close,
    /// Looks for something.
    Set(FindQuery),
    /// Takes a hit into the selection or out of it.
    Toggle {
        /// The article.
        article: ArticleId,
        /// The place.
        span: Span,
    },
    /// Takes all hits of an article into the selection, or out of it when all are in.
    ToggleArticle(ArticleId),
    /// Takes all hits into the selection, or out of it when all are in.
    ToggleAll,
    /// Does something to the selected hits, as one step.
    Act(FindAct),
    /// Opens the article at a hit.
    Show {
        /// The article.
        article: ArticleId,
        /// The place.
        span: Span,
    },
}

/// What is looked for through the project, but for whose layers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindQuery {
    /// The name or the regular expression.
    pub wanted: String,
    /// How it must stand.
    pub pattern: Pattern,
    /// Whether the last word may have a suffix.
    pub suffixed: bool,
    /// What must be true of the mentions there.
    pub labelled: Labelled,
}

/// What is done to selected hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindAct {
    /// A mention of this label where none has just this span, and nothing forbids it.
    Label(LabelId),
    /// This label for the mentions that have just this span.
    Relabel(LabelId),
    /// The mentions that have just this span go.
    Remove,
}

/// What the engines know.
#[derive(Clone, Debug, PartialEq)]
pub enum LearnCommand {
    /// Asks for a file of names; names without a label in it get this one.
    AskNames(Option<LabelId>),
    /// Loads a file of names.
    LoadNames {
        /// The file.
        path: PathBuf,
        /// The label for names without one.
        label: Option<LabelId>,
    },
    /// Drops a list of names.
    DropNames(Uuid),
    /// Trains the tagger anew.
    Train,
    /// Lets an engine be asked or not.
    Switch {
        /// Which.
        engine: Engine,
        /// Whether it is asked.
        on: bool,
    },
}

/// The program that suggests mentions. Only the window gives these: nothing that comes with a project does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExternalCommand {
    /// Remembers it; `None` forgets it.
    Set(Option<ProgramSetting>),
    /// Asks it about the open article, to see whether it works.
    Try(ProgramSetting),
}

/// A window of the program that lies over the article.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Dialog {
    /// Who labels?
    Annotator,
    /// The label set.
    Labels,
    /// The project's rules.
    Rules,
    /// The keys.
    Keys,
    /// The finder of acts.
    Acts,
    /// The lists of names.
    Names,
    /// The program that suggests mentions.
    External,
    /// What is about to be imported.
    Import,
    /// What is about to be exported.
    Export,
    /// The work of others that is about to be brought in.
    Merge,
    /// The folder that mirrors the project.
    Mirror,
    /// A strategy for the whole project.
    Strategy,
    /// The list of reasons.
    Reasons,
    /// A path, where the desktop has no file dialog.
    Path(Picked),
    /// What an import or a check found.
    Problems {
        /// The title, an id of the locale files.
        title: &'static str,
        /// What was found, in no language yet.
        problems: Vec<Message>,
    },
}

/// Which keys acts have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyCommand {
    /// Gives an act a key in place of all its keys; the act that has it loses it.
    Give {
        /// The act's id.
        act: &'static str,
        /// The key.
        chord: Chord,
    },
    /// Gives an act its first keys back.
    Reset(&'static str),
    /// Gives every act its first keys back.
    ResetAll,
}

/// What is shown and how.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewCommand {
    /// The language of the interface.
    SetLanguage(Language),
    /// Light or dark.
    SetTheme(Theme),
    /// The other language of the interface.
    SwitchLanguage,
    /// From light to dark, or back.
    SwitchTheme,
    /// The article larger or smaller, in steps.
    Zoom(i32),
    /// The article in its own size.
    ZoomReset,
    /// Shows or hides the list of articles.
    ToggleArticles,
    /// Shows or hides the list of mentions.
    ToggleMentions,
    /// Opens a dialog.
    Show(Dialog),
    /// Closes the dialog.
    Dismiss,
    /// The window has looked where it should.
    Attended,
    /// A toast has been seen.
    ToastGone(u64),
    /// The window has this size now.
    Resized([f32; 2]),
    /// Puts the keyboard in the search field.
    FocusSearch,
    /// Puts the keyboard in the note of the selected mention.
    FocusNote,
}
