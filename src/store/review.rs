//! What reviewing needs of a project: the layers of an article beside each other, the history, the reasons, a copy to send.
//!
//! Owns the trait [`Review`], its words, and reading layers together. It must not compare or decide anything.

use crate::domain::article::{Article, ArticleId};
use crate::domain::layer::{Annotator, AnnotatorId, Layer, Status};
use crate::store::articles::{self, Placed};
use crate::store::contract::Result;
use crate::store::database::{At, Database};
use crate::store::layers::LayerRow;
use crate::store::reason::Damage;
use crate::store::sending::{self, SendCount, Sending};
use crate::store::sqlite::SqliteStore;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

/// A layer and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerOf {
    /// Whose.
    pub annotator: Annotator,
    /// The layer.
    pub layer: Layer,
}

/// An article with all its layers.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// The article.
    pub article: Article,
    /// Its layers, by the annotator's name; the gold layer is among them.
    pub layers: Vec<LayerOf>,
}

/// Something that an annotator did to a layer: one save, or that the layer was imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// The article.
    pub article: ArticleId,
    /// Who did it.
    pub annotator: AnnotatorId,
    /// When, in milliseconds since 1970, UTC.
    pub at_ms: i64,
    /// Whether the status became [`Status::Done`] by it, or came so with an import.
    pub done: bool,
    /// How many more mentions there are than before; below zero for fewer, 0 for an import, which is no work done here.
    pub mentions: i64,
}

/// The reasons for a decision that every project knows, by their ids; the words for them are the program's.
pub const REASONS: [&str; 5] = ["guideline-gap", "slip", "boundary-rule", "ambiguous-text", "title-rule"];

/// A place whose layers can be reviewed.
pub trait Review {
    /// Every layer of an article that was ever saved, by the annotator's name; the gold layer is among them.
    ///
    /// # Errors
    /// [`StoreError::NotFound`](crate::store::contract::StoreError::NotFound) for an unknown article,
    /// [`StoreError::Damaged`](crate::store::contract::StoreError::Damaged) when one does not fit the text.
    fn layers_of(&self, article: ArticleId) -> Result<Vec<LayerOf>>;

    /// Shows every article that has a layer, with all its layers, in the order of import, behind `after` or from the first, until the
    /// sink breaks: on one unchanging view of the project, one article in memory at a time. Others may write meanwhile.
    ///
    /// # Errors
    /// As [`layers_of`](Self::layers_of).
    fn each_reviewed(&self, after: Option<ArticleId>, sink: &mut dyn FnMut(Reviewed) -> ControlFlow<()>) -> Result<()>;

    /// Shows what was done to layers, in the order of time, until the sink breaks. Of what cannot be read only that something was
    /// done is told.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when it cannot be read.
    fn acts(&self, sink: &mut dyn FnMut(Act) -> ControlFlow<()>) -> Result<()>;

    /// The project's reasons for a decision, in the order of the list: ids of [`REASONS`], anything else is a person's own words.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when they cannot be read.
    fn reasons(&self) -> Result<Vec<String>>;

    /// Sets the reasons; blank ones are left out, and a second one of the same words. Decisions keep those they have.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when they cannot be written.
    fn set_reasons(&mut self, reasons: &[String]) -> Result<()>;

    /// Writes a copy for a colleague to `to`, which must not exist; it is on the disk, whole, or not there at all. What is not to go
    /// can nowhere be read in it.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`](crate::store::contract::StoreError::AlreadyThere),
    /// [`StoreError::NotFound`](crate::store::contract::StoreError::NotFound) for a name that is not in the project, or when it
    /// cannot be written.
    fn send(&self, to: &Path, what: &Sending) -> Result<SendCount>;
}

impl Review for SqliteStore {
    fn layers_of(&self, article: ArticleId) -> Result<Vec<LayerOf>> {
        let db = self.database();
        db.reading(|| layers_at(db, &articles::load(db, article)?, &annotators(db)?))
    }

    fn each_reviewed(&self, after: Option<ArticleId>, sink: &mut dyn FnMut(Reviewed) -> ControlFlow<()>) -> Result<()> {
        each_reviewed(self.database(), after, sink)
    }

    fn acts(&self, sink: &mut dyn FnMut(Act) -> ControlFlow<()>) -> Result<()> {
        acts(self.database(), sink)
    }

    fn reasons(&self) -> Result<Vec<String>> {
        reasons(self.database())
    }

    fn set_reasons(&mut self, reasons: &[String]) -> Result<()> {
        set_reasons(self.database(), reasons)
    }

    fn send(&self, to: &Path, what: &Sending) -> Result<SendCount> {
        sending::send(self.database(), to, what)
    }
}

/// The annotators by id as it is stored, so that a name is read once and not for every layer.
type Annotators = HashMap<String, Annotator>;

fn annotators(db: Database<'_>) -> Result<Annotators> {
    let all = articles::annotators(db)?.into_iter();
    Ok(all.map(|annotator| (annotator.id.0.to_string(), annotator)).collect())
}

/// All layers of one article, by the annotator's name.
fn layers_at(db: Database<'_>, placed: &Placed, annotators: &Annotators) -> Result<Vec<LayerOf>> {
    const SQL: &str = "SELECT annotator, version, status, spans, rejections, decisions FROM layer WHERE article = ?1";
    let rows = db.rows(SQL, [placed.position], |r| Ok((r.get::<_, String>(0)?, LayerRow::read(r, 1)?)))?;
    let layer = |(id, row): (String, LayerRow)| {
        let annotator = annotators.get(&id).ok_or_else(|| db.damaged(Damage::Identity(id)))?.clone();
        Ok(LayerOf { annotator, layer: row.into_layer(db, &placed.article)? })
    };
    let mut layers = rows.into_iter().map(layer).collect::<Result<Vec<_>>>()?;
    layers.sort_by(|one, other| one.annotator.name.cmp(&other.annotator.name));
    Ok(layers)
}

fn each_reviewed(
    db: Database<'_>,
    after: Option<ArticleId>,
    sink: &mut dyn FnMut(Reviewed) -> ControlFlow<()>,
) -> Result<()> {
    const NEXT: &str = "SELECT min(article) FROM layer WHERE article > ?1";
    db.reading(|| {
        let annotators = annotators(db)?;
        let mut position = after.map_or(Ok(0), |article| articles::position(db, article))?;
        while let Some(next) = db.row(NEXT, [position], |r| r.get::<_, Option<i64>>(0))?.flatten() {
            position = next;
            let row = articles::row_at(db, position)?.ok_or_else(|| db.damaged(Damage::NoArticle(position)))?;
            let placed = row.into_placed(db)?;
            let layers = layers_at(db, &placed, &annotators)?;
            if sink(Reviewed { article: placed.article, layers }).is_break() {
                break;
            }
        }
        Ok(())
    })
}

/// An operation of an event, as far as an [`Act`] tells of it: `to` is a status, or the mention that replaces another.
#[derive(Deserialize)]
struct EventOperation<'a> {
    #[serde(borrow)]
    op: Cow<'a, str>,
    #[serde(default, borrow)]
    to: Option<&'a RawValue>,
    #[serde(default, borrow)]
    status: Option<Cow<'a, str>>,
}

/// Whether the status became done by the operations of an event, and how many more mentions there are.
fn told_by(operations: &str) -> (bool, i64) {
    let operations: Vec<EventOperation<'_>> = serde_json::from_str(operations).unwrap_or_default();
    let (mut done, mut mentions) = (false, 0);
    for operation in operations {
        match &*operation.op {
            "add" => mentions += 1,
            "remove" => mentions -= 1,
            "status" => done = operation.to.is_some_and(|to| to.get().trim_matches('"') == Status::Done.name()),
            "import" => done = operation.status.as_deref() == Some(Status::Done.name()),
            _ => {}
        }
    }
    (done, mentions)
}

fn acts(db: Database<'_>, sink: &mut dyn FnMut(Act) -> ControlFlow<()>) -> Result<()> {
    // An event's id begins with its time, so the order of ids is that of time, and an index stands for it.
    const SQL: &str = "SELECT a.id, e.annotator, e.at, e.operations FROM event e \
         JOIN article a ON a.position = e.article ORDER BY e.id";
    db.reading(|| {
        let mut statement = db.connection.prepare_cached(SQL).at(db.path)?;
        let mut rows = statement.query([]).at(db.path)?;
        while let Some(row) = rows.next().at(db.path)? {
            let text = |column| row.get_ref(column).and_then(|value| Ok(value.as_str()?)).at(db.path);
            let (done, mentions) = told_by(text(3)?);
            let article = ArticleId(db.uuid(text(0)?)?);
            let annotator = AnnotatorId(db.uuid(text(1)?)?);
            let at_ms = row.get(2).at(db.path)?;
            if sink(Act { article, annotator, at_ms, done, mentions }).is_break() {
                break;
            }
        }
        Ok(())
    })
}

const REASONS_KEY: &str = "review.reasons";

fn reasons(db: Database<'_>) -> Result<Vec<String>> {
    let stored = db.setting(REASONS_KEY)?.and_then(|json| serde_json::from_str(&json).ok());
    // What was never set, and what a newer program words in another way, is the list that everyone knows.
    Ok(stored.unwrap_or_else(|| REASONS.map(str::to_owned).to_vec()))
}

fn set_reasons(db: Database<'_>, reasons: &[String]) -> Result<()> {
    let mut all: Vec<&str> = Vec::new();
    for reason in reasons.iter().map(|reason| reason.trim()) {
        if !reason.is_empty() && !all.contains(&reason) {
            all.push(reason);
        }
    }
    let json = serde_json::Value::from(all).to_string();
    db.writing(|| db.set_setting(REASONS_KEY, &json).and_then(|()| db.mark_changed()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decision::{Decision, Decisions, GOLD, Ruling};
    use crate::domain::edit::Operation;
    use crate::domain::mention::Mention;
    use crate::domain::offset::Span;
    use crate::store::contract::{Saved, Store, StoreError};
    use crate::store::sqlite::fixture::{LayerSketch, empty_project, project_of, record};
    use uuid::Uuid;

    const TEXT: &str = "علی به تهران رفت";

    fn reviewed(store: &SqliteStore, after: Option<ArticleId>, limit: usize) -> Vec<(String, Vec<(String, usize)>)> {
        let mut all = Vec::new();
        store
            .each_reviewed(after, &mut |one| {
                let layers = one.layers.iter().map(|of| (of.annotator.name.clone(), of.layer.mentions.len()));
                all.push((one.article.name().to_owned(), layers.collect()));
                if all.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })
            .unwrap();
        all
    }

    #[test]
    fn articles_are_shown_with_all_their_layers() {
        let (_dir, mut store) = empty_project();
        let one: &[LayerSketch<'_>] = &[("سارا", Status::Done, &[(0, 3, "PER")])];
        let two: &[LayerSketch<'_>] =
            &[("سارا", Status::Done, &[(0, 3, "PER")]), ("رضا", Status::New, &[(0, 6, "ORG"), (7, 12, "LOC")])];
        let records = [record("a", TEXT, two), record("b", "متن", &[]), record("c", TEXT, one), record("d", TEXT, two)];
        store.import(&mut records.into_iter(), "x").unwrap();
        let layers =
            |names: &[(&str, usize)]| names.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect::<Vec<_>>();
        let (both, sara) = (layers(&[("رضا", 2), ("سارا", 1)]), layers(&[("سارا", 1)]));
        let all = [("a".to_owned(), both.clone()), ("c".to_owned(), sara), ("d".to_owned(), both)];
        assert_eq!(reviewed(&store, None, 9), all);
        assert_eq!(reviewed(&store, None, 2), all[..2]);
        let id = |name: &str| store.article_by_name(name).unwrap().unwrap();
        assert_eq!(reviewed(&store, Some(id("a")), 9), all[1..]);
        assert_eq!(reviewed(&store, Some(id("b")), 9), all[1..], "one without a layer is a place as well");
        assert_eq!(reviewed(&store, Some(id("d")), 9), []);
        let names: Vec<String> = store.layers_of(id("d")).unwrap().into_iter().map(|of| of.annotator.name).collect();
        assert_eq!(names, ["رضا", "سارا"]);
        assert_eq!(store.layers_of(id("b")).unwrap(), []);
        let nowhere = ArticleId(Uuid::nil());
        assert!(matches!(store.layers_of(nowhere), Err(StoreError::NotFound { .. })));
        let told = store.each_reviewed(Some(nowhere), &mut |_| ControlFlow::Continue(()));
        assert!(matches!(told, Err(StoreError::NotFound { .. })));
    }

    #[test]
    fn a_review_sees_the_project_as_it_was_when_it_began() {
        let (_dir, mut store) = empty_project();
        let one: &[LayerSketch<'_>] = &[("سارا", Status::Done, &[])];
        store.import(&mut [record("a", TEXT, one), record("b", TEXT, one)].into_iter(), "x").unwrap();
        let mut other = SqliteStore::open(&store.project().unwrap().path).unwrap();
        let mut shown = Vec::new();
        store
            .each_reviewed(None, &mut |one| {
                shown.push(one.layers.len());
                let article = other.article_by_name("b").unwrap().unwrap();
                let reza = other.annotator("رضا").unwrap().id;
                let base = other.layer(article, reza).unwrap().version;
                other.save(reza, &[Saved::Layer { article, base, operations: Vec::new() }]).unwrap();
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(shown, [1, 1]);
        assert_eq!(reviewed(&store, None, 9)[1].1.len(), 2, "and as it is now the next time");
    }

    #[test]
    fn a_gold_layer_comes_with_its_decisions() {
        let (_dir, mut store) = project_of(&[TEXT]);
        let article = store.article_by_name("a1").unwrap().unwrap();
        let gold = store.annotator(GOLD).unwrap().id;
        let decision = Decision {
            span: Span::from_chars(0, 3),
            readings: Vec::new(),
            ruling: Ruling::Nothing,
            gold: Vec::new(),
            reason: Some("slip".into()),
            question: None,
        };
        let operations = vec![Operation::Decide(Box::new(decision.clone()))];
        store.save(gold, &[Saved::Layer { article, base: Default::default(), operations }]).unwrap();
        let layers = store.layers_of(article).unwrap();
        assert_eq!(layers[0].layer.decisions, Decisions::from_iter([decision]));
    }

    fn check(operations: &str, expected: (bool, i64)) {
        assert_eq!(told_by(operations), expected, "{operations}");
    }

    #[test]
    fn an_act_is_told_from_its_operations() {
        check("[]", (false, 0));
        check(
            r#"[{"op":"add","mention":{"s":0}},{"op":"add"},{"op":"remove"},{"op":"replace","from":{},"to":{}}]"#,
            (false, 1),
        );
        check(r#"[{"op":"status","from":"new","to":"done"}]"#, (true, 0));
        check(r#"[{"op":"status","from":"done","to":"flagged"}]"#, (false, 0));
        check(r#"[{"op":"status","from":"new","to":"done"},{"op":"status","from":"done","to":"flagged"}]"#, (false, 0));
        check(r#"[{"op":"import","status":"done","mentions":7}]"#, (true, 0));
        check(r#"[{"op":"import","status":"new","mentions":7}]"#, (false, 0));
        check(r#"[{"op":"reject","suggestion":{}},{"op":"decide","decision":{}}]"#, (false, 0));
        check("[{", (false, 0));
    }

    #[test]
    fn acts_come_in_the_order_of_time() {
        let (_dir, mut store) = empty_project();
        let one: &[LayerSketch<'_>] = &[("سارا", Status::Done, &[(0, 3, "PER")])];
        store.import(&mut [record("a", TEXT, one), record("b", TEXT, &[])].into_iter(), "x").unwrap();
        let articles = ["a", "b"].map(|name| store.article_by_name(name).unwrap().unwrap());
        let (sara, reza) = (store.annotator("سارا").unwrap().id, store.annotator("رضا").unwrap().id);
        let label = store.labels().unwrap().by_name("LOC").unwrap().id;
        let add = Operation::Add(Mention::new(Span::from_chars(7, 12), label));
        let done = Operation::SetStatus { from: Status::New, to: Status::Done };
        let operations = vec![add, done];
        store.save(reza, &[Saved::Layer { article: articles[1], base: Default::default(), operations }]).unwrap();
        let mut all = Vec::new();
        store
            .acts(&mut |act| {
                all.push(act);
                ControlFlow::Continue(())
            })
            .unwrap();
        let told: Vec<_> = all.iter().map(|act| (act.article, act.annotator, act.done, act.mentions)).collect();
        assert_eq!(told, [(articles[0], sara, true, 0), (articles[1], reza, true, 1)]);
        assert!(all[0].at_ms > 0 && all[0].at_ms <= all[1].at_ms);
        let mut first = 0;
        store
            .acts(&mut |_| {
                first += 1;
                ControlFlow::Break(())
            })
            .unwrap();
        assert_eq!(first, 1);
    }

    #[test]
    fn reasons_are_a_list_of_the_project() {
        let (_dir, mut store) = empty_project();
        assert_eq!(store.reasons().unwrap(), REASONS);
        store.set_reasons(&["slip".into(), " نام خیابان ".into(), "".into(), "slip".into()]).unwrap();
        assert_eq!(store.reasons().unwrap(), ["slip", "نام خیابان"]);
        store.set_reasons(&[]).unwrap();
        assert_eq!(store.reasons().unwrap(), [""; 0], "an empty list is one");
    }
}
