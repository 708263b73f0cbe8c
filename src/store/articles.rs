//! The rows of articles and annotators, and the project's settings.
//!
//! Owns reading an article so that a text that is not the stored one is never shown. It must not know layers.

use crate::domain::article::{Article, ArticleId, Direction, check_text, title_from_text};
use crate::domain::layer::{Annotator, AnnotatorId, Rules, TitleRule};
use crate::domain::record::ArticleRecord;
use crate::store::contract::{Project, Result, StoreError};
use crate::store::database::{Database, count_from_sql, now_ms, sql_count};
use crate::store::fault::Untaken;
use crate::store::reason::{Damage, Sought};
use uuid::Uuid;

/// How long a title in the list may be.
const TITLE_CHARS: usize = 120;

/// How long the text and metadata of one article may be: SQLite holds 10⁹ bytes in a row.
const ROW_BYTES: usize = 990_000_000;

/// Why a record cannot be an article; `None` when it can.
pub(super) fn refusal(record: &ArticleRecord) -> Option<Untaken> {
    if let Err(error) = check_text(&record.text) {
        return Some(Untaken::BadText(error));
    }
    let bytes = record.text.len().saturating_add(record.meta.len());
    (bytes > ROW_BYTES).then_some(Untaken::TooLarge { limit: ROW_BYTES as u64 })
}

/// An article and its place in the order of import, from 1.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) position: i64,
    pub(super) article: Article,
}

/// An article's row before it is checked.
pub(super) struct ArticleRowText {
    pub(super) position: i64,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) chars: i64,
    pub(super) direction: String,
    pub(super) meta: String,
    pub(super) text: String,
}

impl ArticleRowText {
    pub(super) fn read(r: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            position: r.get(0)?,
            id: r.get(1)?,
            name: r.get(2)?,
            sha256: r.get(3)?,
            chars: r.get(4)?,
            direction: r.get(5)?,
            meta: r.get(6)?,
            text: r.get(7)?,
        })
    }

    /// The article, its hash checked.
    pub(super) fn into_placed(self, db: Database<'_>) -> Result<Placed> {
        let id = ArticleId(db.uuid(&self.id)?);
        let name = self.name.clone();
        let direction = direction_from_name(db, &self.direction)?;
        let article = Article::new(id, self.name, &self.text, self.meta, direction)
            .map_err(|error| db.damaged(Damage::BadText { article: name.clone(), error }))?;
        if article.hash().hex() != self.sha256 {
            return Err(db.damaged(Damage::OtherText { article: name }));
        }
        Ok(Placed { position: self.position, article })
    }
}

/// The article with this id.
pub(super) fn load(db: Database<'_>, id: ArticleId) -> Result<Placed> {
    const SQL: &str = "SELECT position, id, name, sha256, chars, direction, meta, text FROM article WHERE id = ?1";
    match db.row(SQL, [id.0.to_string()], ArticleRowText::read)? {
        Some(row) => row.into_placed(db),
        None => Err(not_found(id)),
    }
}

/// The row of the article at a place.
pub(super) fn row_at(db: Database<'_>, position: i64) -> Result<Option<ArticleRowText>> {
    const SQL: &str =
        "SELECT position, id, name, sha256, chars, direction, meta, text FROM article WHERE position = ?1";
    db.row(SQL, [position], ArticleRowText::read)
}

/// How the article at a place is read.
pub(super) fn direction(db: Database<'_>, position: i64) -> Result<Direction> {
    let name = db.row("SELECT direction FROM article WHERE position = ?1", [position], |r| r.get::<_, String>(0))?;
    direction_from_name(db, &name.unwrap_or_default())
}

fn direction_from_name(db: Database<'_>, name: &str) -> Result<Direction> {
    Direction::from_name(name).ok_or_else(|| db.damaged(Damage::Direction(name.to_owned())))
}

/// Writes the row of a new article, inside a transaction of the caller. `hash` is that of its text, in hexadecimal digits.
pub(super) fn put(db: Database<'_>, placed: &Placed, hash: &str) -> Result<()> {
    const SQL: &str = "INSERT INTO article (position, id, name, title, sha256, chars, direction, imported_at, meta, text) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let Placed { position, article } = placed;
    db.run(
        SQL,
        (
            position,
            article.id().0.to_string(),
            article.name(),
            title_from_text(article.text(), TITLE_CHARS),
            hash,
            sql_count(article.span().len_chars()),
            article.direction.name(),
            now_ms(),
            article.meta(),
            &**article.text(),
        ),
    )?;
    Ok(())
}

/// The place of an article.
pub(super) fn position(db: Database<'_>, id: ArticleId) -> Result<i64> {
    db.row("SELECT position FROM article WHERE id = ?1", [id.0.to_string()], |r| r.get(0))?.ok_or_else(|| not_found(id))
}

/// The id of the article with this name.
pub(super) fn id_by_name(db: Database<'_>, name: &str) -> Result<Option<ArticleId>> {
    let id = db.row("SELECT id FROM article WHERE name = ?1", [name], |r| r.get::<_, String>(0))?;
    id.map(|id| db.uuid(&id).map(ArticleId)).transpose()
}

/// How many articles there are: the places have no gaps.
pub(super) fn count(db: Database<'_>) -> Result<i64> {
    db.number("SELECT coalesce(max(position), 0) FROM article", [])
}

/// Remembers how an article is read.
pub(super) fn set_direction(db: Database<'_>, id: ArticleId, direction: Direction) -> Result<()> {
    db.writing(|| {
        let changed =
            db.run("UPDATE article SET direction = ?2 WHERE id = ?1", [&id.0.to_string(), direction.name()])?;
        if changed == 0 { Err(not_found(id)) } else { db.mark_changed() }
    })
}

fn not_found(id: ArticleId) -> StoreError {
    StoreError::NotFound { what: Sought::Article(id) }
}

/// What the project is.
pub(super) fn project(db: Database<'_>) -> Result<Project> {
    let title = db.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Project { title, path: db.path.to_path_buf(), rules: rules(db)?, articles: count_from_sql(count(db)?) })
}

const OVERLAPS: &str = "rules.overlaps";
const TITLES: &str = "rules.titles";

/// The project's rules; a rule that was never set is the default one.
pub(super) fn rules(db: Database<'_>) -> Result<Rules> {
    let mut rules = Rules::default();
    if let Some(overlaps) = db.setting(OVERLAPS)? {
        rules.overlaps = match overlaps.as_str() {
            "allowed" => true,
            "forbidden" => false,
            other => return Err(db.damaged(Damage::OverlapRule(other.to_owned()))),
        };
    }
    if let Some(titles) = db.setting(TITLES)? {
        rules.titles = TitleRule::from_name(&titles).ok_or_else(|| db.damaged(Damage::TitleRule(titles)))?;
    }
    Ok(rules)
}

/// Writes the rules, inside a transaction of the caller.
pub(super) fn put_rules(db: Database<'_>, rules: Rules) -> Result<()> {
    db.set_setting(OVERLAPS, if rules.overlaps { "allowed" } else { "forbidden" })?;
    db.set_setting(TITLES, rules.titles.name())
}

/// All annotators, by name.
pub(super) fn annotators(db: Database<'_>) -> Result<Vec<Annotator>> {
    db.rows("SELECT id, name FROM annotator ORDER BY name", [], |r| Ok((r.get::<_, String>(0)?, r.get(1)?)))?
        .into_iter()
        .map(|(id, name)| Ok(Annotator { id: AnnotatorId(db.uuid(&id)?), name }))
        .collect()
}

/// The annotator of this name, if there is one.
pub(super) fn annotator_by_name(db: Database<'_>, name: &str) -> Result<Option<Annotator>> {
    let name = name.trim();
    let found = db.row("SELECT id FROM annotator WHERE name = ?1", [name], |r| r.get::<_, String>(0))?;
    found.map(|id| Ok(Annotator { id: AnnotatorId(db.uuid(&id)?), name: name.to_owned() })).transpose()
}

/// Refuses an annotator that the project does not have.
pub(super) fn must_be_known(db: Database<'_>, annotator: AnnotatorId) -> Result<()> {
    let found = db.row("SELECT 1 FROM annotator WHERE id = ?1", [annotator.0.to_string()], |_| Ok(()))?;
    found.ok_or(StoreError::NotFound { what: Sought::Annotator(annotator) })
}

/// The annotator of this name, made inside a transaction of the caller, who marks the change, when there is none.
pub(super) fn annotator_or_new(db: Database<'_>, name: &str) -> Result<Annotator> {
    let name = name.trim();
    if name.is_empty() {
        return Err(StoreError::NoName);
    }
    if let Some(annotator) = annotator_by_name(db, name)? {
        return Ok(annotator);
    }
    let annotator = Annotator { id: AnnotatorId(Uuid::now_v7()), name: name.to_owned() };
    db.run("INSERT INTO annotator (id, name) VALUES (?1, ?2)", [&annotator.id.0.to_string(), name])?;
    Ok(annotator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::Store;
    use crate::store::sqlite::fixture::project_of;

    #[test]
    fn a_text_that_was_changed_from_outside_is_never_shown() {
        let (_dir, store) = project_of(&["علی به تهران رفت"]);
        let id = store.article_by_name("a1").unwrap().unwrap();
        assert_eq!(&**store.article(id).unwrap().text(), "علی به تهران رفت");
        store.connection().execute("UPDATE article SET text = 'علی به شیراز رفت'", []).unwrap();
        let path = store.project().unwrap().path;
        let again = crate::store::sqlite::SqliteStore::open_read_only(&path).unwrap();
        assert!(matches!(again.article(id), Err(StoreError::Damaged { .. })));
        assert!(matches!(again.article(ArticleId(Uuid::nil())), Err(StoreError::NotFound { .. })));
    }

    #[test]
    fn rules_annotators_and_directions_are_kept() {
        let (_dir, mut store) = project_of(&["متن"]);
        let rules = Rules { overlaps: false, titles: TitleRule::Inside };
        store.set_rules(rules).unwrap();
        assert_eq!(store.project().unwrap().rules, rules);
        let sara = store.annotator("  سارا ").unwrap();
        assert_eq!(store.annotator("سارا").unwrap(), sara);
        assert!(matches!(store.annotator(" "), Err(StoreError::NoName)));
        let id = store.article_by_name("a1").unwrap().unwrap();
        store.set_direction(id, Direction::LeftToRight).unwrap();
        assert_eq!(store.article(id).unwrap().direction, Direction::LeftToRight);
        assert!(store.annotators().unwrap().contains(&sara));
    }
}
