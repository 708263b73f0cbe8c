//! A project in one SQLite file: making it, opening it, and the store's contract kept by it.
//!
//! Owns the connection. What each method does stands in the file named after it; a file is believed only after
//! `hardening` has looked at it.

use crate::domain::article::{Article, ArticleId, Direction};
use crate::domain::label::{Label, LabelId, LabelSet};
use crate::domain::layer::{Annotator, AnnotatorId, Layer, Rules, Version};
use crate::domain::record::ArticleRecord;
use crate::domain::suggestion::{Outcome, Suggestion};
use crate::store::articles::Placed;
use crate::store::changes::Changes;
use crate::store::contract::{
    Filter, ImportCount, Page, Progress, Project, Result, Saved, Selection, Statistics, Store, StoreError, Taking,
    Towards,
};
use crate::store::database::{At, Database};
use crate::store::fault::Fault;
use crate::store::hardening::{self, APPLICATION_ID};
use crate::store::hits::{ArticleHits, BadQuery, HitQuery, Hits};
use crate::store::knowledge::{Knowledge, NameList, NameListRow, Studied};
pub use crate::store::labels::default_labels;
use crate::store::layers::{self, HeldLayers};
use crate::store::listing::{self, ListCache};
use crate::store::migration::{self, STEPS};
use crate::store::patterns::Wanted;
use crate::store::reason::Unwritable;
use crate::store::{
    articles, backup, checking, exporting, importing, labels, learning, looking, name_lists, search, statistics,
    suggestions,
};
use rusqlite::{Connection, OpenFlags};
use std::cell::RefCell;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A project file that is open.
///
/// One program may hold several: one that writes and, for lists and reading, one that was opened read-only.
pub struct SqliteStore {
    path: PathBuf,
    connection: Connection,
    /// The layers saved last.
    held: HeldLayers,
    /// What is known of the last list.
    lists: ListCache,
    /// The article read last: it and its layer are asked for one after the other.
    read_last: RefCell<Option<Placed>>,
    /// What is known of changes, perhaps with other connections.
    changes: Changes,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").field("path", &self.path).finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Makes a project at `path` with these rules and labels and opens it. A failed making leaves no file.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] when there is a file, [`StoreError::Label`] when two labels clash, or when the place
    /// cannot be written.
    pub fn create(path: &Path, rules: Rules, labels: Vec<Label>) -> Result<Self> {
        let path = std::path::absolute(path).at(path)?;
        if path.symlink_metadata().is_ok() {
            return Err(StoreError::AlreadyThere { path });
        }
        let part = backup::beside(&path, &format!(".part-{}", Uuid::now_v7().simple()));
        let made = write_new(&part, rules, labels).and_then(|()| backup::move_into_place(&part, &path));
        if let Err(error) = made {
            // What was begun is of no use; that it cannot be removed is less than what is being told.
            let _removed = std::fs::remove_file(&part);
            return Err(error);
        }
        Self::open(&path)
    }

    /// Opens the project at `path` for reading and writing; an older one is brought up to date after a backup.
    ///
    /// # Errors
    /// What the file is instead, or [`StoreError::ReadOnly`] when it cannot be written.
    pub fn open(path: &Path) -> Result<Self> {
        let path = std::path::absolute(path).at(path)?;
        hardening::check_place(&path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags).at(&path)?;
        let db = Database { connection: &connection, path: &path, changes: None };
        if connection.is_readonly("main").at(&path)? {
            return Err(StoreError::ReadOnly { path: path.clone(), reason: Unwritable::Protected });
        }
        hardening::harden(db)?;
        let version = hardening::identify(db, STEPS)?;
        hardening::trust(db)?;
        migration::migrate(db, version, STEPS)?;
        Ok(Self::from_connection(path, connection))
    }

    /// Opens the project at `path` for reading alone, also where nothing can be written (a CD, a protected folder).
    ///
    /// # Errors
    /// What the file is instead; [`StoreError::ReadOnly`] for an older project, which only [`Self::open`] can bring up to
    /// date, and for one in a protected place whose last session did not end.
    pub fn open_read_only(path: &Path) -> Result<Self> {
        let path = std::path::absolute(path).at(path)?;
        hardening::check_place(&path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags).at(&path)?;
        match Self::from_reading(&path, connection) {
            Err(StoreError::ReadOnly { .. }) if !has_log(&path) => Self::open_immutable(&path),
            opened => opened,
        }
    }

    /// Opens a project that nothing can change: without the side files that readers share with a writer.
    fn open_immutable(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(immutable_uri(path), flags).at(path)?;
        Self::from_reading(path, connection)
    }

    fn from_reading(path: &Path, connection: Connection) -> Result<Self> {
        let db = Database { connection: &connection, path, changes: None };
        hardening::harden(db)?;
        let version = hardening::identify(db, STEPS)?;
        if version < migration::newest(STEPS) {
            return Err(StoreError::ReadOnly { path: path.to_path_buf(), reason: Unwritable::Older });
        }
        connection.pragma_update(None, "query_only", true).at(path)?;
        Ok(Self::from_connection(path.to_path_buf(), connection))
    }

    fn from_connection(path: PathBuf, connection: Connection) -> Self {
        let (held, lists, read_last) = (HeldLayers::default(), ListCache::default(), RefCell::new(None));
        Self { path, connection, held, lists, read_last, changes: Changes::default() }
    }

    /// Counts as its own the changes of all connections that share `changes`: none of them comes from outside for another.
    #[must_use]
    pub fn sharing(mut self, changes: &Changes) -> Self {
        self.changes = changes.clone();
        self
    }

    /// What it knows of changes, to be shared with other connections.
    #[must_use]
    pub fn changes(&self) -> Changes {
        self.changes.clone()
    }

    /// Empties the search index; [`Store::index_some`] then builds it anew. Searches stay right meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn rebuild_search(&mut self) -> Result<()> {
        search::forget_index(self.database())
    }

    pub(super) fn database(&self) -> Database<'_> {
        Database { connection: &self.connection, path: &self.path, changes: Some(&self.changes) }
    }

    /// The connection, for tests that spoil a project.
    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Puts a few articles into the search index, for tests of one that is half built.
    #[cfg(test)]
    pub(super) fn index_few(&mut self, limit: usize) -> bool {
        search::index_some(self.database(), limit).unwrap()
    }

    fn placed(&self, id: ArticleId) -> Result<Placed> {
        let db = self.database();
        let kept = self.read_last.borrow().clone().filter(|placed| placed.article.id() == id);
        if let Some(mut placed) = kept {
            // The one thing that can have changed.
            placed.article.direction = articles::direction(db, placed.position)?;
            return Ok(placed);
        }
        let placed = articles::load(db, id)?;
        self.read_last.replace(Some(placed.clone()));
        Ok(placed)
    }
}

/// How large a page of a new project's file is. Two articles of news or three layers fill one well, where a smaller page holds one of
/// them and is half empty; a larger one would make every save write more.
const PAGE_BYTES: u32 = 8 << 10;

/// Writes a whole new project to a file of its own, ready to be given its name.
fn write_new(path: &Path, rules: Rules, labels: Vec<Label>) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    if !folder.is_dir() {
        return Err(StoreError::Missing { path: folder.to_path_buf() });
    }
    let connection = Connection::open(path).at(path)?;
    let db = Database { connection: &connection, path, changes: None };
    connection.pragma_update(None, "page_size", PAGE_BYTES).at(path)?;
    connection.pragma_update(None, "synchronous", "FULL").at(path)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID).at(path)?;
    migration::run_steps(db, STEPS)?;
    db.writing(|| {
        articles::put_rules(db, rules)?;
        let ids: Vec<LabelId> = labels.iter().map(|label| label.id).collect();
        labels.iter().try_for_each(|label| labels::put(db, label))?;
        labels::check_put(&LabelSet::new(labels), &ids)?;
        db.mark_changed()
    })?;
    connection.close().map_err(|(_, error)| error).at(path)
}

/// Whether a write-ahead log stands beside the project that holds what the project itself does not.
fn has_log(path: &Path) -> bool {
    std::fs::metadata(backup::beside(path, "-wal")).is_ok_and(|log| log.len() > 0)
}

/// The URI by which SQLite opens a file as one that never changes.
fn immutable_uri(path: &Path) -> String {
    let mut uri = String::from("file:");
    if cfg!(windows) {
        uri.push_str("///");
    }
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'/' | b'.' | b'-' | b'_' | b':' => uri.push(char::from(*byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri.push_str("?immutable=1");
    uri
}

impl Store for SqliteStore {
    fn project(&self) -> Result<Project> {
        articles::project(self.database())
    }

    fn set_rules(&mut self, rules: Rules) -> Result<()> {
        let db = self.database();
        db.writing(|| articles::put_rules(db, rules).and_then(|()| db.mark_changed()))
    }

    fn labels(&self) -> Result<LabelSet> {
        labels::labels(self.database())
    }

    fn label_counts(&self) -> Result<Vec<(LabelId, u64)>> {
        labels::counts(self.database())
    }

    fn annotators(&self) -> Result<Vec<Annotator>> {
        articles::annotators(self.database())
    }

    fn annotator(&mut self, name: &str) -> Result<Annotator> {
        let db = self.database();
        match articles::annotator_by_name(db, name)? {
            Some(annotator) => Ok(annotator),
            None => db.writing(|| {
                db.mark_changed()?;
                articles::annotator_or_new(db, name)
            }),
        }
    }

    fn article(&self, id: ArticleId) -> Result<Article> {
        Ok(self.placed(id)?.article)
    }

    fn article_by_name(&self, name: &str) -> Result<Option<ArticleId>> {
        articles::id_by_name(self.database(), name)
    }

    fn layer(&self, article: ArticleId, annotator: AnnotatorId) -> Result<Layer> {
        layers::load(self.database(), &self.placed(article)?, annotator)
    }

    fn save(&mut self, annotator: AnnotatorId, parts: &[Saved]) -> Result<Vec<(ArticleId, Version)>> {
        let db = Database { connection: &self.connection, path: &self.path, changes: Some(&self.changes) };
        layers::save(db, &mut self.held, annotator, parts)
    }

    fn set_direction(&mut self, article: ArticleId, direction: Direction) -> Result<()> {
        articles::set_direction(self.database(), article, direction)
    }

    fn page(&mut self, filter: &Filter, first: u64, count: u64) -> Result<Page> {
        let db = Database { connection: &self.connection, path: &self.path, changes: Some(&self.changes) };
        listing::page(db, &mut self.lists, filter, first, count)
    }

    fn neighbour(&mut self, filter: &Filter, from: Option<ArticleId>, towards: Towards) -> Result<Option<ArticleId>> {
        let db = Database { connection: &self.connection, path: &self.path, changes: Some(&self.changes) };
        listing::neighbour(db, &mut self.lists, filter, from, towards)
    }

    fn place(&mut self, filter: &Filter, article: ArticleId) -> Result<Option<u64>> {
        let db = Database { connection: &self.connection, path: &self.path, changes: Some(&self.changes) };
        listing::place(db, &mut self.lists, filter, article)
    }

    fn take_in(
        &mut self,
        records: &mut dyn Iterator<Item = ArticleRecord>,
        taking: Taking<'_>,
        keep: &mut dyn FnMut() -> bool,
    ) -> Result<ImportCount> {
        importing::import(self.database(), records, taking, keep)
    }

    fn export(&self, selection: &Selection, sink: &mut dyn FnMut(ArticleRecord) -> ControlFlow<()>) -> Result<()> {
        exporting::export(self.database(), selection, sink)
    }

    fn statistics(&self) -> Result<Statistics> {
        statistics::statistics(self.database())
    }

    fn check(&self, progress: Progress<'_>) -> Result<Vec<Fault>> {
        checking::check(self.database(), progress)
    }

    fn index_some(&mut self) -> Result<bool> {
        search::index_some(self.database(), search::INDEX_ARTICLES)
    }

    fn copy_to(&self, path: &Path) -> Result<()> {
        backup::copy_to(self.database(), path)
    }

    fn backup(&mut self) -> Result<Option<PathBuf>> {
        backup::keep(self.database())
    }

    fn outside_changes(&self) -> Result<u64> {
        self.database().outside_changes()
    }
}

impl Knowledge for SqliteStore {
    fn study(&self, sink: &mut dyn FnMut(Studied) -> ControlFlow<()>) -> Result<()> {
        learning::study(self.database(), sink)
    }

    fn suggestions(&self, article: &Article) -> Result<Vec<Suggestion>> {
        suggestions::suggestions(self.database(), article)
    }

    fn predictions(&self, article: &Article) -> Result<Vec<Suggestion>> {
        suggestions::predictions(self.database(), article)
    }

    fn keep_suggestions(&mut self, sets: &[(ArticleId, Vec<Suggestion>)]) -> Result<()> {
        suggestions::keep(self.database(), sets)
    }

    fn add_predictions(&mut self, sets: &[(ArticleId, Vec<Suggestion>)]) -> Result<()> {
        suggestions::add(self.database(), sets)
    }

    fn outcomes(&self) -> Result<Vec<Outcome>> {
        learning::outcomes(self.database())
    }

    fn set_outcomes(&mut self, article: ArticleId, annotator: AnnotatorId, outcomes: &[Outcome]) -> Result<()> {
        learning::set_outcomes(self.database(), article, annotator, outcomes)
    }

    fn model(&self, name: &str) -> Result<Option<Vec<u8>>> {
        learning::model(self.database(), name)
    }

    fn set_model(&mut self, name: &str, body: &[u8]) -> Result<()> {
        learning::set_model(self.database(), name, body)
    }

    fn name_lists(&self) -> Result<Vec<NameListRow>> {
        name_lists::rows(self.database())
    }

    fn name_list(&self, id: Uuid) -> Result<Option<NameList>> {
        name_lists::load(self.database(), id)
    }

    fn put_name_list(&mut self, list: &NameList) -> Result<()> {
        name_lists::put(self.database(), list)
    }

    fn drop_name_list(&mut self, id: Uuid) -> Result<()> {
        name_lists::drop(self.database(), id)
    }
}

impl Hits for SqliteStore {
    fn understand(&self, query: &HitQuery) -> std::result::Result<(), BadQuery> {
        Wanted::from_query(query).map(|_| ())
    }

    fn find_hits(&self, query: &HitQuery, sink: &mut dyn FnMut(Option<ArticleHits>) -> ControlFlow<()>) -> Result<()> {
        looking::find_hits(self.database(), query, sink)
    }
}

/// Projects for the store's tests.
#[cfg(test)]
pub(super) mod fixture {
    use super::*;
    use crate::domain::layer::Status;
    use crate::domain::mention::Origin;
    use crate::domain::offset::Span;
    use crate::domain::record::{LayerRecord, MentionRecord};
    use tempfile::TempDir;

    /// A project without articles.
    pub(in crate::store) fn empty_project() -> (TempDir, SqliteStore) {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::create(&dir.path().join("p.barchasb"), Rules::default(), default_labels()).unwrap();
        (dir, store)
    }

    /// A project of these texts, named a1, a2, …
    pub(in crate::store) fn project_of(texts: &[&str]) -> (TempDir, SqliteStore) {
        let (dir, mut store) = empty_project();
        let mut records = (1..).zip(texts).map(|(n, text)| record(&format!("a{n}"), text, &[]));
        store.import(&mut records, "کسی").unwrap();
        (dir, store)
    }

    /// A layer in short: annotator, status, and mentions by start, end and label.
    pub(in crate::store) type LayerSketch<'a> = (&'a str, Status, &'a [(usize, usize, &'a str)]);

    /// A record with these layers.
    pub(in crate::store) fn record(name: &str, text: &str, layers: &[LayerSketch<'_>]) -> ArticleRecord {
        let mention = |(start, end, label): &(usize, usize, &str)| MentionRecord {
            span: Span::from_chars(*start, *end),
            label: (*label).to_owned(),
            note: None,
            origin: Origin::Import,
        };
        let layers = layers.iter().map(|(annotator, status, mentions)| LayerRecord {
            annotator: Some((*annotator).to_owned()),
            status: *status,
            mentions: mentions.iter().map(mention).collect(),
            ..LayerRecord::default()
        });
        ArticleRecord {
            name: Some(name.to_owned()),
            text: text.to_owned(),
            layers: layers.collect(),
            ..Default::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fixture::project_of;
    use super::*;
    use crate::store::contract::StatusFilter;

    #[test]
    fn a_project_is_never_made_over_a_file_nor_left_half_made() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.barchasb");
        std::fs::write(&path, "mine").unwrap();
        let over = SqliteStore::create(&path, Rules::default(), default_labels());
        assert!(matches!(over, Err(StoreError::AlreadyThere { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
        let mut clash = default_labels();
        clash.extend(default_labels());
        let failed = SqliteStore::create(&dir.path().join("b.barchasb"), Rules::default(), clash);
        assert!(matches!(failed, Err(StoreError::Label(_))));
        let nowhere = SqliteStore::create(&dir.path().join("no/c.barchasb"), Rules::default(), default_labels());
        assert!(matches!(nowhere, Err(StoreError::Missing { .. })));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_open_project_promises_that_saves_are_on_the_disk() {
        let (_dir, store) = project_of(&[]);
        let pragma =
            |name: &str| -> i64 { store.connection.query_row(&format!("PRAGMA {name}"), [], |r| r.get(0)).unwrap() };
        assert_eq!((pragma("synchronous"), pragma("foreign_keys"), pragma("trusted_schema")), (2, 1, 0));
        let mode: String = store.connection.query_row("PRAGMA journal_mode", [], |r| r.get(0)).unwrap();
        assert_eq!(mode, "wal");
        let defensive = rusqlite::config::DbConfig::SQLITE_DBCONFIG_DEFENSIVE;
        assert!(store.connection.db_config(defensive).unwrap());
    }

    /// Everything that reads works on `store`, and everything that writes is refused.
    fn check_reads_only(mut store: SqliteStore) {
        let id = store.article_by_name("a1").unwrap().unwrap();
        let annotator = store.annotators().unwrap()[0].id;
        let filter = Filter { status: StatusFilter::Remaining, search: "تهران".into(), ..Filter::of(annotator) };
        assert_eq!(store.page(&filter, 0, 9).unwrap().total, 1);
        assert_eq!(store.layer(id, annotator).unwrap(), Layer::default());
        assert!(store.check(&mut |_, _| ControlFlow::Continue(())).unwrap().is_empty());
        let part = Saved::Layer { article: id, base: Version(0), operations: Vec::new() };
        let refused = [
            store.save(annotator, &[part]).map(|_| ()),
            store.set_rules(Rules::default()),
            store.annotator("نو").map(|_| ()),
            store.set_direction(id, Direction::Auto),
            store.index_some().map(|_| ()),
        ];
        for outcome in refused {
            assert!(matches!(outcome, Err(StoreError::ReadOnly { .. })), "{outcome:?}");
        }
    }

    #[test]
    fn a_project_can_be_read_where_nothing_can_be_written() {
        let (dir, mut store) = project_of(&["علی به تهران رفت"]);
        store.annotator("سارا").unwrap();
        let path = store.project().unwrap().path;
        check_reads_only(SqliteStore::open_read_only(&path).unwrap());
        drop(store);
        assert!(!has_log(&path));
        check_reads_only(SqliteStore::open_immutable(&path).unwrap());
        // The same by the folder's own protection, where it holds (not for a superuser).
        let protect = |readonly: bool| {
            for place in [path.as_path(), dir.path()] {
                let mut permissions = std::fs::metadata(place).unwrap().permissions();
                #[cfg(unix)]
                {
                    use std::os::unix::fs::PermissionsExt as _;
                    let bits = if readonly { 0o555 } else { 0o755 };
                    permissions.set_mode(bits);
                }
                #[cfg(not(unix))]
                permissions.set_readonly(readonly);
                std::fs::set_permissions(place, permissions).unwrap();
            }
        };
        protect(true);
        let holds = std::fs::write(dir.path().join("probe"), "").is_err();
        let opened = (SqliteStore::open_read_only(&path), SqliteStore::open(&path).map(|_| ()));
        protect(false);
        check_reads_only(opened.0.unwrap());
        assert_eq!(matches!(opened.1, Err(StoreError::ReadOnly { .. })), holds);
    }

    #[test]
    fn a_path_of_any_letters_can_be_read_as_unchanging() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("پروژه ٪100% a?b#c&d.barchasb");
        drop(SqliteStore::create(&path, Rules::default(), default_labels()).unwrap());
        let store = SqliteStore::open_immutable(&path).unwrap();
        assert_eq!(store.project().unwrap().title, "پروژه ٪100% a?b#c&d");
        assert_eq!(store.labels().unwrap().all().len(), default_labels().len());
    }
}
