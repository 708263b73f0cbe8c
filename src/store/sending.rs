//! A copy of a project for a colleague, with only what is to go.
//!
//! Owns what goes and that nothing else can be read in the copy. It must not change the project that is sent.

use crate::store::contract::{Result, StoreError};
use crate::store::database::{At, Database, count_from_sql};
use crate::store::decisions::annotators_in;
use crate::store::reason::Sought;
use crate::store::{articles, backup, hardening, mirror, search};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// What of a project goes into a copy for a colleague.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// The names of the articles that go; `None` for all. They keep the order of import.
    pub articles: Option<Vec<String>>,
    /// Whether layers go; without them nothing goes that was learned from them either, so that the colleague works blind.
    pub layers: bool,
    /// The names of the annotators whose layers go; `None` for all.
    pub annotators: Option<Vec<String>>,
}

impl Default for Sending {
    /// Everything.
    fn default() -> Self {
        Self { articles: None, layers: true, annotators: None }
    }
}

/// What a copy holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SendCount {
    /// Articles.
    pub articles: u64,
    /// Layers.
    pub layers: u64,
    /// Mentions in the layers.
    pub mentions: u64,
}

/// The tables whose rows belong to an article, before the articles themselves.
const OF_ARTICLES: [&str; 8] =
    ["layer_label", "suggestion", "outcome", "carried", "mirror", "merged", "event", "layer"];

/// The tables whose rows belong to a layer.
const OF_LAYERS: [&str; 6] = ["layer_label", "carried", "mirror", "merged", "event", "layer"];

/// Writes the copy: whole at first, under a name of its own; then what is not to go is taken out; and what is left is written anew as the
/// copy, for a row that was taken out can still be read in its file.
pub(super) fn send(db: Database<'_>, to: &Path, what: &Sending) -> Result<SendCount> {
    let to = std::path::absolute(to).at(to)?;
    if to.symlink_metadata().is_ok() {
        return Err(StoreError::AlreadyThere { path: to });
    }
    // Articles and annotators are never taken out of a project, so what is found here is there in the copy as well.
    let chosen = Chosen::find(db, what)?;
    let part = |ending: &str| backup::beside(&to, &format!(".part-{}{ending}", Uuid::now_v7().simple()));
    let (whole, trimmed) = (part("-whole"), part(""));
    let outcome = backup::write_copy(db, &whole).and_then(|()| {
        let count = trim(&whole, &trimmed, &chosen)?;
        backup::move_into_place(&trimmed, &to)?;
        Ok(count)
    });
    for path in [&whole, &backup::beside(&whole, "-journal"), &trimmed] {
        // What was begun is of no use; that it cannot be removed is less than what is being told.
        let _removed = std::fs::remove_file(path);
    }
    outcome
}

/// What goes, by places and ids.
struct Chosen {
    /// The places of the articles; `None` for all.
    articles: Option<BTreeSet<i64>>,
    /// The ids of the annotators whose layers go; `None` for all.
    annotators: Option<Vec<String>>,
}

impl Chosen {
    fn find(db: Database<'_>, what: &Sending) -> Result<Self> {
        let position = |name: &String| {
            let found = db.row("SELECT position FROM article WHERE name = ?1", [name], |r| r.get::<_, i64>(0))?;
            found.ok_or_else(|| StoreError::NotFound { what: Sought::ArticleNamed(name.clone()) })
        };
        let annotator = |name: &String| match articles::annotator_by_name(db, name)? {
            Some(annotator) => Ok(annotator.id.0.to_string()),
            None => Err(StoreError::NotFound { what: Sought::AnnotatorNamed(name.clone()) }),
        };
        let articles = what.articles.as_ref().map(|names| names.iter().map(position).collect::<Result<_>>());
        let annotators = match (&what.annotators, what.layers) {
            (_, false) => Some(Vec::new()),
            (None, true) => None,
            (Some(names), true) => Some(names.iter().map(annotator).collect::<Result<_>>()?),
        };
        Ok(Self { articles: articles.transpose()?, annotators })
    }
}

/// Takes out of the file at `whole` what is not to go, and writes the rest to `trimmed`.
fn trim(whole: &PathBuf, trimmed: &Path, chosen: &Chosen) -> Result<SendCount> {
    let connection = Connection::open(whole).at(whole)?;
    let db = Database { connection: &connection, path: whole, changes: None };
    hardening::harden(db)?;
    // The file is of no use until it is written anew, and that is brought to the disk. Places change in many tables, one by one.
    connection.pragma_update(None, "synchronous", "OFF").at(whole)?;
    connection.pragma_update(None, "foreign_keys", false).at(whole)?;
    db.writing(|| {
        // What a folder on this machine holds is nobody else's business.
        db.run("DELETE FROM mirror", [])?;
        mirror::forget_rule(db)?;
        if let Some(ids) = &chosen.annotators {
            keep_annotators(db, ids)?;
        }
        if let Some(positions) = &chosen.articles {
            keep_articles(db, positions)?;
        }
        if chosen.articles.is_some() || chosen.annotators.is_some() {
            forget_learned(db)?;
            count_labels(db)?;
        }
        db.mark_changed()
    })?;
    if chosen.articles.is_some() {
        search::forget_index(db)?;
    }
    backup::write_copy(db, trimmed)?;
    const COUNT: &str = "SELECT count(*), coalesce(sum(mentions), 0) FROM layer";
    let (layers, mentions) = db.row(COUNT, [], |r| Ok((r.get(0)?, r.get(1)?)))?.unwrap_or_default();
    let articles = count_from_sql(articles::count(db)?);
    Ok(SendCount { articles, layers: count_from_sql(layers), mentions: count_from_sql(mentions) })
}

/// Takes out the layers of all but these annotators, and the annotators of whom nothing is left.
fn keep_annotators(db: Database<'_>, ids: &[String]) -> Result<()> {
    let ids = serde_json::Value::from(ids).to_string();
    const OTHERS: &str = "annotator <> '' AND annotator NOT IN (SELECT value FROM json_each(?1))";
    for table in OF_LAYERS {
        db.run(&format!("DELETE FROM {table} WHERE {OTHERS}"), [&ids])?;
    }
    let mut named = BTreeSet::new();
    db.rows("SELECT decisions FROM layer WHERE decisions <> '[]'", [], |r| {
        named.extend(annotators_in(r.get_ref(0)?.as_str()?));
        Ok(())
    })?;
    let named = serde_json::Value::from_iter(named.iter().map(|id| id.0.to_string())).to_string();
    const UNNAMED: &str = "DELETE FROM annotator WHERE id NOT IN (SELECT value FROM json_each(?1)) \
         AND id NOT IN (SELECT value FROM json_each(?2))";
    db.run(UNNAMED, [&ids, &named]).map(drop)
}

/// Takes out all articles but those at these places, which become 1, 2, 3 …
fn keep_articles(db: Database<'_>, positions: &BTreeSet<i64>) -> Result<()> {
    db.run("CREATE TEMP TABLE moved (before INTEGER PRIMARY KEY, after INTEGER NOT NULL)", [])?;
    for (after, before) in (1i64..).zip(positions) {
        db.run("INSERT INTO moved (before, after) VALUES (?1, ?2)", [before, &after])?;
    }
    for (table, column) in OF_ARTICLES.iter().map(|table| (*table, "article")).chain([("article", "position")]) {
        db.run(&format!("DELETE FROM {table} WHERE {column} NOT IN (SELECT before FROM moved)"), [])?;
        // Through numbers below zero, so that no row comes where another still stands.
        let moving = format!(
            "UPDATE {table} SET {column} = -(SELECT after FROM moved WHERE before = {column}) \
             WHERE {column} IN (SELECT before FROM moved WHERE before <> after)"
        );
        db.run(&moving, [])?;
        db.run(&format!("UPDATE {table} SET {column} = -{column} WHERE {column} < 0"), [])?;
    }
    db.run("DROP TABLE moved", []).map(drop)
}

/// Takes out what the program has made of layers: it tells of those that do not go.
fn forget_learned(db: Database<'_>) -> Result<()> {
    db.run("DELETE FROM model", [])?;
    db.run("DELETE FROM outcome", [])?;
    db.run("DELETE FROM suggestion WHERE kind <> 'import'", []).map(drop)
}

/// Counts the mentions of labels anew.
fn count_labels(db: Database<'_>) -> Result<()> {
    const SQL: &str = "INSERT INTO label_count (annotator, label, mentions) \
         SELECT annotator, label, sum(mentions) FROM layer_label GROUP BY annotator, label";
    db.run("DELETE FROM label_count", [])?;
    db.run(SQL, []).map(drop)
}
