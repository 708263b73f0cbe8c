//! A desk: a session over a project in a folder of its own, driven by commands as the window drives it.

use barchasb::domain::article::Article;
use barchasb::domain::label::{Label, LabelId};
use barchasb::domain::layer::{Layer, Status};
use barchasb::domain::mention::{Mention, MentionKey};
use barchasb::domain::offset::{CharOffset, Span};
use barchasb::session::command::{
    Command, FindCommand, LearnCommand, MarkCommand, ProjectCommand, SameCommand, SelectCommand, SuggestCommand,
    WalkCommand,
};
use barchasb::session::driver::Session;
use barchasb::session::opening;
use barchasb::session::saving::SaveState;
use barchasb::session::settings::{self, Settings};
use barchasb::session::state::{OpenArticle, OpenProject, State};
use barchasb::session::worker::Places;
use barchasb::store::contract::Store as _;
use barchasb::store::sqlite::SqliteStore;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Longer than anything here takes, also on a machine that is busy: a test that waits so long has failed.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Three articles, by name.
pub const ARTICLES: [(&str, &str); 3] = [
    ("اشتری", "سردار حسین اشتری در تهران گفت: نیروی انتظامی آماده است.\nاشتری به کتاب‌خانهٔ ملی رفت."),
    ("بیرجند", "رئيس دانشگاه علوم پزشکي بيرجند از پروژه‌های تازه در تهران گفت."),
    ("زلزله", "زلزله‌ای ۴٫۲ ریشتری کرمانشاه را لرزاند."),
];

/// The desk.
pub struct Desk {
    pub folder: TempDir,
    pub session: Session,
}

impl Desk {
    /// A desk at which «سارا» has made a project and imported [`ARTICLES`], each from a file of its own.
    pub fn new() -> Self {
        Self::with(&ARTICLES)
    }

    /// A desk at which «سارا» has made a project and imported these articles, each from a file of its own.
    pub fn with(articles: &[(&str, &str)]) -> Self {
        let mut desk = Self::empty();
        desk.fill(articles);
        desk
    }

    /// Makes the project and imports these articles.
    pub fn fill(&mut self, articles: &[(&str, &str)]) {
        self.give(ProjectCommand::New(self.project_path()));
        self.wait("the project is open", |state| state.project.is_some());
        let files: Vec<PathBuf> =
            articles.iter().map(|(name, text)| self.write(&format!("{name}.txt"), text)).collect();
        self.give(ProjectCommand::Import(files));
        let count = articles.len() as u64;
        self.wait("the articles are in", |state| state.article().is_some() && total(state) == Some(count));
        assert!(self.said("imported"), "{:?}", self.session.state.toasts);
    }

    /// A desk with nothing on it, whose settings are kept in its folder.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { annotator: "سارا".to_owned(), ..Settings::default() };
        Self { session: session(&folder, settings), folder }
    }

    pub fn project_path(&self) -> PathBuf {
        self.folder.path().join("کار.barchasb")
    }

    pub fn settings_file(&self) -> PathBuf {
        settings_file(&self.folder)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Gives a command.
    pub fn give(&mut self, command: impl Into<Asked>) {
        self.session.command(command.into().0);
    }

    /// Gives a command and waits until everything is on the disk.
    pub fn act(&mut self, command: impl Into<Asked>) {
        self.give(command);
        self.wait_saved();
    }

    pub fn wait_saved(&mut self) {
        self.wait("all is saved", |state| state.project.as_ref().unwrap().saves.state() == SaveState::Saved);
    }

    /// Waits until `until` holds.
    #[track_caller]
    pub fn wait(&mut self, what: &str, until: impl Fn(&State) -> bool) {
        let came = self.session.wait_until(LIMIT, until);
        assert!(came, "{what}: {:?} {:?}", self.session.state.toasts, self.session.state.dialog);
    }

    /// Ends the program as closing the window does, and starts it again as its settings say.
    pub fn restart(&mut self) {
        assert_eq!(self.session.finish().unwrap(), 0, "nothing is left unsaved");
        let (settings, kept) = settings::load(&self.settings_file());
        assert_eq!(kept, None);
        self.session = session(&self.folder, settings);
        let start = opening::start_command(&self.session.state, Vec::new()).expect("a project to open again");
        self.session.command(start);
        self.wait("the project is open again", |state| state.article().is_some());
    }

    /// Waits until everything is saved and learned, and the engines have told what they think.
    #[track_caller]
    pub fn settle(&mut self) {
        assert!(self.session.settle(LIMIT), "settled: {:?}", self.session.state.toasts);
        self.wait("the same mentions are counted", |state| {
            state.project.as_ref().unwrap().same.as_ref().is_none_or(|offer| offer.is_counted())
        });
    }

    /// The open suggestions of the open article: surface and label.
    pub fn suggestions(&self) -> Vec<(&str, &str)> {
        let open = self.open();
        let shown = open.advice.open().iter();
        shown.map(|s| (open.article.surface(s.span).unwrap(), self.name_of(s.label))).collect()
    }

    fn name_of(&self, label: LabelId) -> &str {
        &self.project().labels.get(label).expect("a known label").name
    }

    /// How often these words stand in the operations of the project's history.
    pub fn history_says(&self, words: &str) -> usize {
        let connection = Connection::open(self.project_path()).unwrap();
        let mut events = connection.prepare("SELECT operations FROM event ORDER BY id").unwrap();
        let operations = events.query_map([], |row| row.get::<_, String>(0)).unwrap();
        operations.map(|one| one.unwrap().matches(words).count()).sum()
    }

    /// Goes to the article of this name.
    pub fn walk_to(&mut self, name: &str) {
        let id = self.read(|store| store.article_by_name(name).unwrap()).expect("an article of this name");
        self.give(WalkCommand::To(id));
        self.wait("the article is open", |state| state.article().is_some_and(|open| open.article.id() == id));
    }

    pub fn project(&self) -> &OpenProject {
        self.session.state.project.as_ref().expect("an open project")
    }

    pub fn open(&self) -> &OpenArticle {
        self.session.state.article().expect("an open article")
    }

    pub fn label(&self, name: &str) -> LabelId {
        self.named(name).id
    }

    /// The label of this name, in use or not.
    pub fn named(&self, name: &str) -> &Label {
        self.project().labels.all().iter().find(|label| label.name == name).expect("a label of this name")
    }

    /// Where `surface` stands first in the open article.
    pub fn span(&self, surface: &str) -> Span {
        first_span(&self.open().article, surface)
    }

    /// Drags from inside the first letters of `surface` to inside its last ones.
    pub fn drag(&mut self, surface: &str) {
        let span = self.span(surface);
        let inside = usize::from(span.len_chars() > 2);
        let (from, to) = (CharOffset::new(span.start.get() + inside), CharOffset::new(span.end.get() - inside));
        self.give(SelectCommand::Drag { from, to, graphemes: false });
    }

    pub fn click(&mut self, surface: &str) {
        let at = self.span(surface).start;
        self.give(SelectCommand::Click { at });
    }

    pub fn mark(&mut self, label: &str) {
        let label = self.label(label);
        self.act(MarkCommand::Label(label));
    }

    pub fn selected(&self) -> MentionKey {
        self.open().selected.expect("a selected mention")
    }

    /// The mentions of the open article: surface, label, note.
    pub fn mentions(&self) -> Vec<(&str, &str, &str)> {
        let open = self.open();
        open.layer.mentions.iter().map(|mention| self.shown(mention)).collect()
    }

    fn shown<'a>(&'a self, mention: &'a Mention) -> (&'a str, &'a str, &'a str) {
        let label = self.project().labels.get(mention.label).expect("a known label");
        (self.open().article.surface(mention.span).unwrap(), &label.name, mention.note.as_deref().unwrap_or(""))
    }

    /// Whether a toast with this id stands.
    pub fn said(&self, id: &str) -> bool {
        self.session.state.toasts.iter().any(|toast| toast.message.id == id)
    }

    /// Reads the project file by a connection of its own.
    pub fn read<R>(&self, read: impl FnOnce(&SqliteStore) -> R) -> R {
        read_project(&self.project_path(), read)
    }

    /// Copies the project as it stands on the disk.
    pub fn copy_project(&self, to: &Path) {
        SqliteStore::open(&self.project_path()).unwrap().copy_to(to).unwrap();
    }

    /// What stands on the disk: of every article «سارا»'s status and mentions.
    pub fn on_disk(&self) -> Vec<(Status, Vec<Mention>)> {
        self.read(|store| {
            let annotator = store.annotators().unwrap().into_iter().find(|a| a.name == "سارا").unwrap().id;
            let layer = |name: &str| store.layer(store.article_by_name(name).unwrap().unwrap(), annotator).unwrap();
            ARTICLES.iter().map(|(name, _)| standing(&layer(name))).collect()
        })
    }

    /// Compares the open article with what stands on the disk.
    #[track_caller]
    pub fn assert_saved(&self) {
        let place = ARTICLES.iter().position(|(name, _)| *name == self.open().article.name()).unwrap();
        assert_eq!(standing(&self.open().layer), self.on_disk()[place]);
    }
}

/// Where `surface` stands first in an article.
#[track_caller]
pub fn first_span(article: &Article, surface: &str) -> Span {
    let text = article.text();
    let byte = text.find(surface).expect("the article has it");
    let start = text[..byte].chars().count();
    Span::from_chars(start, start + surface.chars().count())
}

fn standing(layer: &Layer) -> (Status, Vec<Mention>) {
    (layer.status, layer.mentions.iter().cloned().collect())
}

/// Reads a project file by a connection of its own.
pub fn read_project<R>(path: &Path, read: impl FnOnce(&SqliteStore) -> R) -> R {
    read(&SqliteStore::open_read_only(path).unwrap())
}

/// Keeps everyone else from writing to a project until it is dropped.
pub fn hold(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

/// How many articles the list shows, once it is read.
pub fn total(state: &State) -> Option<u64> {
    let list = &state.project.as_ref()?.list;
    list.total.filter(|_| !list.stale)
}

fn session(folder: &TempDir, settings: Settings) -> Session {
    Session::new(
        settings,
        Places { settings: Some(settings_file(folder)), data: Some(folder.path().join("data")) },
        Arc::new(|| {}),
    )
}

fn settings_file(folder: &TempDir) -> PathBuf {
    folder.path().join("settings.json")
}

/// A command, also from its family alone.
pub struct Asked(Command);

macro_rules! asked_from {
    ($($family:ident($command:path)),*) => {
        $(impl From<$command> for Asked {
            fn from(command: $command) -> Self {
                Self(Command::$family(command))
            }
        })*
    };
}

asked_from!(
    Project(ProjectCommand),
    Walk(WalkCommand),
    Select(SelectCommand),
    Mark(MarkCommand),
    Label(barchasb::session::command::LabelCommand),
    Suggest(SuggestCommand),
    Same(SameCommand),
    Find(FindCommand),
    Learn(LearnCommand),
    Review(barchasb::session::review_command::ReviewCommand)
);

impl From<Command> for Asked {
    fn from(command: Command) -> Self {
        Self(command)
    }
}
