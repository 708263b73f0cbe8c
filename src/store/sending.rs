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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decision::{Decision, GOLD, Reading, Ruling};
    use crate::domain::edit::Operation;
    use crate::domain::layer::Status;
    use crate::domain::mention::Mention;
    use crate::domain::offset::Span;
    use crate::domain::record::{ArticleRecord, Carried};
    use crate::domain::suggestion::{Confidence, Engine, Outcome, Reason, Suggestion};
    use crate::store::contract::{Filter, Saved, Selection, Store};
    use crate::store::knowledge::Knowledge;
    use crate::store::mirror::{Mirror, MirrorRule, MirrorWhen, MirroredFile};
    use crate::store::review::Review;
    use crate::store::sqlite::SqliteStore;
    use crate::store::sqlite::fixture::{LayerSketch, empty_project, record};
    use std::ops::ControlFlow;
    use tempfile::TempDir;

    const NOTE: &str = "SECRET-NOTE-OF-REZA";
    const MODEL: &str = "SECRET-MODEL";
    const CARRIED: &str = "SECRET-CARRIED";
    const SARA_NOTE: &str = "NOTE-OF-SARA";

    /// Four articles; Sara labelled 1 and 3, Reza 3 and 4, gold decided 3; engines have learned and said something everywhere.
    fn project() -> (TempDir, SqliteStore) {
        let (dir, mut store) = empty_project();
        let sara: LayerSketch<'_> = ("سارا", Status::Done, &[(0, 3, "PER"), (7, 12, "LOC")]);
        let reza: LayerSketch<'_> = ("رضا", Status::InProgress, &[(7, 12, "ORG")]);
        let text = |n: usize| format!("علی به تهران رفت {n}");
        let mut records = vec![
            record("a", &text(1), &[sara]),
            record("b", &text(2), &[]),
            record("c", &text(3), &[sara, reza]),
            record("d", &text(4), &[reza]),
        ];
        for layer in records.iter_mut().flat_map(|record| &mut record.layers) {
            let is_reza = layer.annotator.as_deref() == Some("رضا");
            layer.mentions[0].note = Some(if is_reza { NOTE } else { SARA_NOTE }.to_owned());
            if is_reza {
                layer.carried.push(Carried { format: "brat".into(), data: CARRIED.into() });
            }
        }
        store.import(&mut records.clone().into_iter(), "x").unwrap();
        store
            .import_predictions(
                &mut [record("d", &text(4), &[("مدل", Status::New, &[(0, 3, "PER"), (7, 12, "LOC")])])].into_iter(),
                "m",
            )
            .unwrap();
        store.set_model("tagger", MODEL.as_bytes()).unwrap();
        let (sara, reza) = (store.annotator("سارا").unwrap().id, store.annotator("رضا").unwrap().id);
        let gold = store.annotator(GOLD).unwrap().id;
        store.annotator("تازه‌وارد").unwrap();
        let label = store.labels().unwrap().by_name("PER").unwrap().id;
        for name in ["a", "b", "c", "d"] {
            let article = store.article_by_name(name).unwrap().unwrap();
            let said = Suggestion {
                span: Span::from_chars(0, 3),
                label,
                engine: Engine::Lexicon,
                confidence: Confidence::ONE,
                reason: Reason::Labelled { times: 7, against: 0 },
            };
            store.keep_suggestions(&[(article, vec![said])]).unwrap();
            let outcome =
                Outcome { engine: Engine::Lexicon, label, confidence: Confidence::ONE, shown: None, right: true };
            store.set_outcomes(article, reza, &[outcome]).unwrap();
        }
        let article = store.article_by_name("c").unwrap().unwrap();
        let decision = Decision {
            span: Span::from_chars(0, 3),
            readings: [sara, reza].map(|annotator| Reading { annotator, mentions: Vec::new() }).to_vec(),
            ruling: Ruling::Taken(sara),
            gold: Vec::new(),
            reason: None,
            question: None,
        };
        let add = Operation::Add(Mention::new(Span::from_chars(0, 3), label));
        let operations = vec![add, Operation::Decide(Box::new(decision))];
        store.save(gold, &[Saved::Layer { article, base: Default::default(), operations }]).unwrap();
        store.set_mirror_rule(Some(&MirrorRule { folder: "SECRET-FOLDER".into(), when: MirrorWhen::Save })).unwrap();
        let version = store.layer(article, sara).unwrap().version;
        store.set_mirrored(&[MirroredFile { article, annotator: sara, version, sha256: "x".into() }]).unwrap();
        while !store.index_some().unwrap() {}
        (dir, store)
    }

    fn exported(store: &SqliteStore) -> Vec<ArticleRecord> {
        let mut all = Vec::new();
        store
            .export(&Selection::default(), &mut |record| {
                all.push(record);
                ControlFlow::Continue(())
            })
            .unwrap();
        all
    }

    /// Sends `what`, looks that the copy is sound and that the project is as it was, and compares articles with layers.
    fn check(what: &Sending, expected: &[(&str, &[&str])]) -> (TempDir, SqliteStore, Vec<u8>) {
        let (dir, store) = project();
        let before = exported(&store);
        let to = dir.path().join("copy.barchasb");
        let count = store.send(&to, what).unwrap();
        assert_eq!(exported(&store), before);
        let bytes = std::fs::read(&to).unwrap();
        let names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(names.iter().all(|name| !name.to_string_lossy().contains(".part-")), "{names:?}");
        let mut copy = SqliteStore::open(&to).unwrap();
        let faults = copy.check(&mut |_, _| ControlFlow::Continue(())).unwrap();
        assert!(faults.is_empty(), "{what:?}: {faults:?}");
        let found = exported(&copy);
        let names: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|r| (r.name.as_deref().unwrap(), r.layers.iter().filter_map(|l| l.annotator.as_deref()).collect()))
            .collect();
        let expected: Vec<(&str, Vec<&str>)> = expected.iter().map(|(name, by)| (*name, by.to_vec())).collect();
        assert_eq!(names, expected, "{what:?}");
        let layers = || found.iter().flat_map(|record| &record.layers);
        let mentions: usize = layers().map(|layer| layer.mentions.len()).sum();
        assert_eq!(
            (count.articles, count.layers, count.mentions),
            (found.len() as u64, layers().count() as u64, mentions as u64)
        );
        assert_eq!(copy.label_counts().unwrap().iter().map(|(_, n)| n).sum::<u64>(), mentions as u64);
        // What goes is as it was, and is found by its words.
        for record in &found {
            let was = before.iter().find(|other| other.name == record.name).unwrap();
            assert!(record.text == was.text && record.layers.iter().all(|layer| was.layers.contains(layer)));
        }
        while !copy.index_some().unwrap() {}
        let nobody = copy.annotator("نو").unwrap().id;
        let filter = Filter { search: "تهران".into(), ..Filter::of(nobody) };
        assert_eq!(copy.page(&filter, 0, 9).unwrap().total, found.len() as u64);
        assert_eq!((copy.mirror_folder().unwrap(), copy.mirrored().unwrap().len()), (None, 0));
        assert!(!holds(&bytes, "SECRET-FOLDER"));
        (dir, copy, bytes)
    }

    fn holds(bytes: &[u8], words: &str) -> bool {
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    }

    fn names(all: &[&str]) -> Option<Vec<String>> {
        Some(all.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn everything_can_go() {
        let all: &[(&str, &[&str])] = &[("a", &["سارا"]), ("b", &[]), ("c", &["gold", "رضا", "سارا"]), ("d", &["رضا"])];
        let (_dir, copy, bytes) = check(&Sending::default(), all);
        assert!([NOTE, SARA_NOTE, MODEL, CARRIED].iter().all(|words| holds(&bytes, words)));
        assert_eq!(copy.outcomes().unwrap().len(), 4);
    }

    #[test]
    fn articles_keep_their_order_and_get_new_places() {
        let what = Sending { articles: names(&["d", "b", "d"]), ..Sending::default() };
        let (_dir, copy, bytes) = check(&what, &[("b", &[]), ("d", &["رضا"])]);
        assert!(holds(&bytes, NOTE) && !holds(&bytes, SARA_NOTE) && !holds(&bytes, MODEL));
        let first: Vec<i64> = vec![1, 2];
        let mut statement = copy.connection().prepare("SELECT position FROM article ORDER BY name").unwrap();
        assert_eq!(statement.query_map([], |r| r.get(0)).unwrap().map(|p| p.unwrap()).collect::<Vec<i64>>(), first);
        let d = copy.article(copy.article_by_name("d").unwrap().unwrap()).unwrap();
        assert_eq!(copy.predictions(&d).unwrap().len(), 2);
        assert_eq!(copy.suggestions(&d).unwrap().len(), 2, "those of engines are not among them");
        check(&Sending { articles: names(&[]), ..Sending::default() }, &[]);
    }

    #[test]
    fn a_copy_without_layers_tells_nothing_of_them() {
        let what = Sending { layers: false, ..Sending::default() };
        let (_dir, copy, bytes) = check(&what, &[("a", &[]), ("b", &[]), ("c", &[]), ("d", &[])]);
        for words in [NOTE, SARA_NOTE, MODEL, CARRIED, "سارا", "رضا", "labelled"] {
            assert!(!holds(&bytes, words), "{words}");
        }
        assert_eq!((copy.outcomes().unwrap(), copy.model("tagger").unwrap()), (Vec::new(), None));
        let d = copy.article(copy.article_by_name("d").unwrap().unwrap()).unwrap();
        assert_eq!(copy.predictions(&d).unwrap().len(), 2, "what was imported is nobody's layer");
        let mut acts = 0;
        copy.acts(&mut |_| {
            acts += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(acts, 0);
    }

    #[test]
    fn the_layers_of_some_annotators_can_go_alone() {
        let what = Sending { annotators: names(&["سارا"]), ..Sending::default() };
        let (_dir, copy, bytes) = check(&what, &[("a", &["سارا"]), ("b", &[]), ("c", &["سارا"]), ("d", &[])]);
        assert!(holds(&bytes, SARA_NOTE) && ![NOTE, MODEL, CARRIED, "رضا"].iter().any(|words| holds(&bytes, words)));
        assert_eq!(copy.annotators().unwrap().len(), 2);
        // The gold layer's decisions name those whose readings it saw.
        let what = Sending { annotators: names(&[GOLD]), articles: names(&["c"]), ..Sending::default() };
        let (_dir, _copy, bytes) = check(&what, &[("c", &[GOLD])]);
        assert!(holds(&bytes, "رضا") && !holds(&bytes, NOTE) && !holds(&bytes, "تازه‌وارد"));
    }

    #[test]
    fn what_cannot_be_sent_leaves_nothing() {
        let (dir, store) = project();
        let refused = |to: &str, what: &Sending| store.send(&dir.path().join(to), what).unwrap_err();
        std::fs::write(dir.path().join("mine.barchasb"), "mine").unwrap();
        assert!(matches!(refused("mine.barchasb", &Sending::default()), StoreError::AlreadyThere { .. }));
        let own = store.project().unwrap().path;
        assert!(matches!(store.send(&own, &Sending::default()), Err(StoreError::AlreadyThere { .. })));
        let unknown = Sending { articles: names(&["a", "z"]), ..Sending::default() };
        let error = refused("new.barchasb", &unknown);
        assert!(matches!(&error, StoreError::NotFound { what: Sought::ArticleNamed(name) } if name == "z"), "{error}");
        let unknown = Sending { annotators: names(&["کسی"]), ..Sending::default() };
        assert!(matches!(refused("new.barchasb", &unknown), StoreError::NotFound { .. }));
        assert!(store.send(&dir.path().join("no folder/x.barchasb"), &Sending::default()).is_err());
        // A file that the trimming cannot read: the copy that was begun goes away again.
        store.connection().execute_batch("DROP TABLE merged").unwrap();
        assert!(
            store.send(&dir.path().join("new.barchasb"), &Sending { layers: false, ..Sending::default() }).is_err()
        );
        assert_eq!(std::fs::read(dir.path().join("mine.barchasb")).unwrap(), b"mine");
        let mut left: Vec<String> = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| !name.starts_with("p.barchasb"))
            .collect();
        left.sort();
        assert_eq!(left, ["mine.barchasb"]);
    }
}
