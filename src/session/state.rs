//! The state: all that the window shows, changed by `update` alone.
//!
//! Owns the shape and what can be read off it. It must not change itself, and holds nothing that only one panel needs.

use crate::domain::article::{Article, ArticleId};
use crate::domain::edit::{Bounds, History};
use crate::domain::label::{Label, LabelId, LabelSet};
use crate::domain::layer::{Annotator, AnnotatorId, Layer};
use crate::domain::mention::{Mention, MentionKey};
use crate::domain::offset::{CharOffset, Span};
use crate::session::advice::Advice;
use crate::session::ask::Knowledge;
use crate::session::command::{Command, Dialog};
use crate::session::effect::Effect;
use crate::session::exporting::Exporting;
use crate::session::external_trial::TrialState;
use crate::session::feedback::FeedbackLine;
use crate::session::finding::Find;
use crate::session::importing::Importing;
use crate::session::mention_list::MentionList;
use crate::session::merging::Merging;
use crate::session::mirroring::MirrorState;
use crate::session::review::{DisputeFilter, Mode, Review};
use crate::session::same::SameOffer;
use crate::session::saving::{SaveQueue, SaveState, Versions};
use crate::session::settings::Settings;
use crate::session::shortcut::Table;
use crate::session::statistics::StatisticsPane;
use crate::session::sweep::{Exemplar, Sweep};
use crate::store::contract::{ArticleRow, Filter, Order, Project, StatusFilter};
use crate::words::message::Message;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

/// All that the window shows.
#[derive(Debug, Default)]
pub struct State {
    /// What is remembered between runs.
    pub settings: Settings,
    /// The keys, as the settings have them.
    pub shortcuts: Table,
    /// The open project; without one the start screen shows.
    pub project: Option<OpenProject>,
    /// The project that is being opened.
    pub opening: Option<PathBuf>,
    /// The way out of the open project, from when it is asked for until it is gone or stays after all.
    pub leaving: Option<Leaving>,
    /// What lies over the window.
    pub dialog: Option<Dialog>,
    /// What has just been said, the oldest first.
    pub toasts: Vec<Toast>,
    /// How many toasts there have been.
    pub toast_count: u64,
    /// The long job that is running.
    pub job: Option<Job>,
    /// The files that may be imported, while it is decided.
    pub importing: Option<Importing>,
    /// The work of others that may be brought in, while it is decided.
    pub merging: Option<Merging>,
    /// The export that is being decided.
    pub exporting: Option<Exporting>,
    /// How often files were looked into or an export was counted.
    pub looks: u64,
    /// How the last trial of a program stands.
    pub tried: Option<TrialState>,
    /// What the window should bring into view or give the keyboard to, once.
    pub attention: Option<Attention>,
}

/// A project on its way out: closed, another one opened, or handed to another annotator. Nothing in it can be changed meanwhile.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaving {
    /// What closes it or hands it over.
    pub effect: Effect,
    /// Whether the worker has it: not before all is saved.
    pub sent: bool,
}

/// A short message that goes by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// Its number.
    pub id: u64,
    /// What it says.
    pub message: Message,
    /// Whether it tells of a fault: it then stays longer.
    pub fault: bool,
    /// What its button does.
    pub action: Option<(Message, Command)>,
}

/// A long job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// What it is, an id of the locale files.
    pub what: &'static str,
    /// How much is done.
    pub done: u64,
    /// Of how much; 0 when not known.
    pub total: u64,
}

/// What the window should look at, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// This part of the article.
    Reveal(Span),
    /// The search field.
    Search,
    /// The field of the search through the project.
    Find,
    /// The note of the selected mention.
    Note,
}

/// An open project.
#[derive(Debug)]
pub struct OpenProject {
    /// What it is.
    pub project: Project,
    /// Its labels.
    pub labels: LabelSet,
    /// Mentions of all annotators per label, merged labels with those they went to.
    pub label_counts: BTreeMap<LabelId, u64>,
    /// Who labels; `None` until asked.
    pub annotator: Option<Annotator>,
    /// Who has labelled in the project, by name.
    pub annotators: Vec<Annotator>,
    /// The list of articles.
    pub list: List,
    /// The open article.
    pub open: Option<OpenArticle>,
    /// The label that a drag gives at once.
    pub armed: Option<LabelId>,
    /// The label that was given last.
    pub last_label: Option<LabelId>,
    /// The steps that can be undone.
    pub history: History,
    /// What is not on the disk yet.
    pub saves: SaveQueue,
    /// Whether another article is on its way.
    pub walking: bool,
    /// Whether the mentions per label are to be counted again once all is saved.
    pub recount: bool,
    /// How many faults the background check found; `None` while it runs.
    pub faults: Option<usize>,
    /// What the engines know.
    pub knowledge: Knowledge,
    /// What can be done to all same mentions, after something was done to one.
    pub same: Option<SameOffer>,
    /// What is to be done in the whole project, while its hits are gathered.
    pub gathering: Vec<SameOffer>,
    /// The search through the project, while it is open.
    pub find: Option<Find>,
    /// That search as it was left, to be opened again.
    pub find_left: Option<Find>,
    /// The statistics of it.
    pub statistics: StatisticsPane,
    /// How many offers and searches there have been.
    pub asked: u64,
    /// Whether lists and counts are to be read again once all is saved: what was done reaches articles that are not open.
    pub renew_when_saved: bool,
    /// Where to go in an article that is on its way.
    pub arrival: Option<(ArticleId, Span)>,
    /// How often the engines told that everything was done.
    pub settled: u64,
    /// The folder that mirrors it.
    pub mirror: MirrorState,
    /// What is done in it.
    pub mode: Mode,
    /// What other annotators did here since the project was opened, the gold layer's too: it comes back with them.
    pub pasts: BTreeMap<AnnotatorId, Past>,
    /// Why something was decided: the project's list.
    pub reasons: Vec<String>,
    /// The reason that was given last.
    pub last_reason: Option<String>,
    /// Which disputes the side list shows.
    pub disputes: DisputeFilter,
    /// The number of the search for the next article that waits for an adjudicator, while it lasts.
    pub seeking: Option<u64>,
    /// The dispute that was decided last, as an example for others.
    pub exemplar: Option<Exemplar>,
    /// What is about to be decided in the whole project.
    pub sweep: Option<Sweep>,
    /// What is asked as soon as all is saved: it is read from the disk.
    pub waiting: Vec<Effect>,
}

/// What an annotator did here since the project was opened.
#[derive(Debug, Default)]
pub struct Past {
    /// The steps that can be undone.
    pub history: History,
    /// The versions of the layers that were saved.
    pub versions: Versions,
}

/// The list of articles, read from the store in pages.
#[derive(Debug, Default)]
pub struct List {
    /// Which by status.
    pub status: StatusFilter,
    /// Which by words.
    pub search: String,
    /// Which by label.
    pub label: Option<LabelId>,
    /// Which by who has begun them.
    pub begun_by: Option<AnnotatorId>,
    /// Whether only those with suggestions.
    pub suggested: bool,
    /// In which order.
    pub order: Order,
    /// How many there are; `None` before the first page came.
    pub total: Option<u64>,
    /// The pages that are here, by the place of their first row.
    pub pages: BTreeMap<u64, Vec<ArticleRow>>,
    /// The pages that were asked for.
    pub asked: Vec<u64>,
    /// Those of them that could not be read, as often as that happened.
    pub failed: Vec<u64>,
    /// Whether what is here belongs to the filter and search before these: it shows until the first page of the new list comes.
    pub stale: bool,
}

/// How many rows a page of the list has.
pub const PAGE_ROWS: u64 = 100;

/// How many pages are kept.
pub const PAGES_KEPT: usize = 12;

impl List {
    /// The row at a place, if its page is here.
    #[must_use]
    pub fn row(&self, place: u64) -> Option<&ArticleRow> {
        let first = place - place % PAGE_ROWS;
        self.pages.get(&first)?.get(usize::try_from(place - first).ok()?)
    }
}

/// The open article.
#[derive(Debug)]
pub struct OpenArticle {
    /// The article.
    pub article: Article,
    /// The annotator's layer.
    pub layer: Layer,
    /// The mentions by label and surface.
    pub list: MentionList,
    /// Its place in the list that is shown; `None` when the filter leaves it out.
    pub place: Option<u64>,
    /// The word or span at which the selection began.
    pub anchor: Span,
    /// The word or span at the caret.
    pub focus: Span,
    /// Whether anchor to focus is a selection, not only the caret's word.
    pub selecting: bool,
    /// The selected mention.
    pub selected: Option<MentionKey>,
    /// What the engines suggest here.
    pub advice: Advice,
    /// What others say of it, in a review.
    pub review: Option<Box<Review>>,
    /// What review made of it, where the annotator is done with it and review is too.
    pub feedback: Vec<FeedbackLine>,
    /// Counts the changes of the layer and of the labels: what is derived from them is renewed when it differs.
    pub revision: u64,
}

impl OpenArticle {
    /// What is selected: the selection, or the word at the caret; `None` when there is neither.
    #[must_use]
    pub fn target(&self) -> Option<Span> {
        let span = if self.selecting { self.anchor.union(self.focus) } else { self.focus };
        (!span.is_empty()).then_some(span)
    }

    /// The selected mention as it stands.
    #[must_use]
    pub fn selected_mention(&self) -> Option<&Mention> {
        self.mention(self.selected?)
    }

    /// A mention as it stands; in a review also one that all say and that comes into the gold layer with the first decision.
    #[must_use]
    pub fn mention(&self, key: MentionKey) -> Option<&Mention> {
        self.layer.mentions.get(key).or_else(|| self.review.as_ref()?.lacking.get(key))
    }

    /// Where the caret is.
    #[must_use]
    pub fn caret(&self) -> CharOffset {
        self.focus.start
    }
}

impl State {
    /// The open article, if there is one.
    #[must_use]
    pub fn article(&self) -> Option<&OpenArticle> {
        self.project.as_ref()?.open.as_ref()
    }

    /// The selected mention, if there is one.
    #[must_use]
    pub fn selected_mention(&self) -> Option<&Mention> {
        self.article()?.selected_mention()
    }

    /// Says something.
    pub fn say(&mut self, message: Message) {
        self.toast(message, false, None);
    }

    /// Says that something went wrong.
    pub fn complain(&mut self, message: Message) {
        self.toast(message, true, None);
    }

    /// Says something that can be answered with a button.
    pub fn toast(&mut self, message: Message, fault: bool, action: Option<(Message, Command)>) {
        const SHOWN_AT_ONCE: usize = 3;
        self.toasts.retain(|t| t.message != message);
        if self.toasts.len() >= SHOWN_AT_ONCE {
            self.toasts.remove(0);
        }
        self.toast_count += 1;
        self.toasts.push(Toast { id: self.toast_count, message, fault, action });
    }
}

impl OpenProject {
    /// A project as it is opened: nobody labels yet, nothing is open, nothing is listed.
    #[must_use]
    pub fn new(project: Project, labels: LabelSet) -> Self {
        Self {
            project,
            labels,
            label_counts: BTreeMap::new(),
            annotator: None,
            annotators: Vec::new(),
            list: List::default(),
            open: None,
            armed: None,
            last_label: None,
            history: History::default(),
            saves: SaveQueue::default(),
            walking: false,
            recount: false,
            faults: None,
            knowledge: Knowledge::default(),
            same: None,
            gathering: Vec::new(),
            find: None,
            find_left: None,
            statistics: StatisticsPane::default(),
            asked: 0,
            renew_when_saved: false,
            arrival: None,
            settled: 0,
            mirror: MirrorState::default(),
            mode: Mode::default(),
            pasts: BTreeMap::new(),
            reasons: Vec::new(),
            last_reason: None,
            disputes: DisputeFilter::default(),
            seeking: None,
            exemplar: None,
            sweep: None,
            waiting: Vec::new(),
        }
    }

    /// Asks for something that is read from the disk, as soon as all is there; at once when it cannot be brought there.
    pub fn when_saved(&mut self, effect: Effect, effects: &mut Vec<Effect>) {
        match self.saves.state() {
            SaveState::Saving => self.waiting.push(effect),
            SaveState::Saved | SaveState::Failed(..) => effects.push(effect),
        }
    }

    /// A number for one more offer or search.
    pub fn next_asked(&mut self) -> u64 {
        self.asked += 1;
        self.asked
    }

    /// The list's filter; `None` until the annotator has a name.
    #[must_use]
    pub fn filter(&self) -> Option<Filter> {
        let annotator = self.annotator.as_ref()?.id;
        let List { status, label, begun_by, suggested, order, ref search, .. } = self.list;
        Some(Filter { annotator, status, search: search.clone(), label, begun_by, suggested, order })
    }

    /// What layers of the open article must keep to.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        Some(Bounds { text_end: self.open.as_ref()?.article.span().end, rules: self.project.rules })
    }

    /// The label that shows for this id.
    #[must_use]
    pub fn label(&self, id: LabelId) -> Option<&Label> {
        self.labels.resolve(id)
    }

    /// The open article's id.
    #[must_use]
    pub fn open_id(&self) -> Option<ArticleId> {
        self.open.as_ref().map(|o| o.article.id())
    }

    /// Takes counts per stored label id, adding merged labels to those they went to.
    pub fn take_label_counts(&mut self, counts: &[(LabelId, u64)]) {
        let mut shown: HashMap<LabelId, u64> = HashMap::new();
        for (id, count) in counts {
            *shown.entry(self.labels.shown(*id)).or_default() += count;
        }
        self.label_counts = shown.into_iter().collect();
    }
}
