//! Layers: loading one checked against its text, and saving an action.
//!
//! Owns that a save is one transaction, made from the version that stands, with an event for every layer. Mentions change
//! only by [`apply_all`].

use crate::domain::article::{Article, ArticleId};
use crate::domain::edit::{Bounds, Operation, apply_all};
use crate::domain::label::LabelId;
use crate::domain::layer::{AnnotatorId, Layer, Rejections, Rules, Status, Version};
use crate::domain::mention::{Mention, MentionSet};
use crate::store::articles::{self, Placed};
use crate::store::contract::{Result, Saved, StoreError};
use crate::store::database::{Database, count_from_sql, now_ms, sql_count};
use crate::store::decisions::{decisions_from_json, json_from_decisions};
use crate::store::labels;
use crate::store::reason::{Damage, Sought};
use crate::store::spans::{json_from_mentions, json_from_operations, json_from_rejections, rows_from_json};
use std::collections::{HashMap, VecDeque};
use uuid::Uuid;

/// A layer with its article.
pub(super) struct Held {
    placed: Placed,
    annotator: AnnotatorId,
    layer: Layer,
}

/// The layers saved last, so that a long one is not read again for every action. A version names one content for good, so
/// a held layer of the version that stands is the layer that stands.
#[derive(Default)]
pub(super) struct HeldLayers {
    recent: VecDeque<Held>,
}

impl HeldLayers {
    const LIMIT: usize = 8;

    fn take(&mut self, article: ArticleId, annotator: AnnotatorId) -> Option<Held> {
        let at = self.recent.iter().position(|h| h.placed.article.id() == article && h.annotator == annotator)?;
        self.recent.remove(at)
    }

    fn keep(&mut self, held: Held) {
        self.recent.push_back(held);
        if self.recent.len() > Self::LIMIT {
            self.recent.pop_front();
        }
    }
}

/// A stored layer before it is checked.
pub(super) struct LayerRow {
    version: Version,
    status: String,
    spans: String,
    rejections: String,
    decisions: String,
}

impl LayerRow {
    /// The row whose version, status, spans and rejections stand in this order from a column on.
    pub(super) fn read(r: &rusqlite::Row<'_>, from: usize) -> rusqlite::Result<Self> {
        let version = Version(count_from_sql(r.get(from)?));
        let (status, spans) = (r.get(from + 1)?, r.get(from + 2)?);
        Ok(Self { version, status, spans, rejections: r.get(from + 3)?, decisions: r.get(from + 4)? })
    }

    /// The layer, checked against the text.
    pub(super) fn into_layer(self, db: Database<'_>, article: &Article) -> Result<Layer> {
        let mentions = mentions_from_json(db, &self.spans, article)?;
        let status = status_from_name(db, &self.status, article)?;
        let rejections = rejections_from_json(db, &self.rejections, article)?;
        let damaged = |flaw| db.damaged(Damage::Decisions { article: article.name().to_owned(), flaw });
        let decisions = decisions_from_json(&self.decisions, article.span().end).map_err(damaged)?;
        Ok(Layer { version: self.version, status, mentions, rejections, decisions })
    }
}

fn version(db: Database<'_>, position: i64, annotator: &str) -> Result<Version> {
    const SQL: &str = "SELECT version FROM layer WHERE article = ?1 AND annotator = ?2";
    Ok(Version(db.row(SQL, (position, annotator), |r| r.get(0))?.map_or(0, count_from_sql)))
}

/// The layer of an annotator in an article, checked against the text; an empty one of version 0 when there is none.
pub(super) fn load(db: Database<'_>, placed: &Placed, annotator: AnnotatorId) -> Result<Layer> {
    const SQL: &str =
        "SELECT version, status, spans, rejections, decisions FROM layer WHERE article = ?1 AND annotator = ?2";
    let row = db.row(SQL, (placed.position, annotator.0.to_string()), |r| LayerRow::read(r, 0))?;
    row.map_or_else(|| Ok(Layer::default()), |row| row.into_layer(db, &placed.article))
}

/// The status a stored name means.
pub(super) fn status_from_name(db: Database<'_>, name: &str, article: &Article) -> Result<Status> {
    Status::from_name(name)
        .ok_or_else(|| db.damaged(Damage::Status { article: article.name().to_owned(), status: name.to_owned() }))
}

/// The stored mentions, each checked against the text.
pub(super) fn mentions_from_json(db: Database<'_>, json: &str, article: &Article) -> Result<MentionSet> {
    let damaged = |flaw| db.damaged(Damage::Mentions { article: article.name().to_owned(), flaw });
    let rows = rows_from_json(json).map_err(damaged)?;
    let mentions = rows.into_iter().map(|r| r.into_mention(article).map_err(damaged));
    Ok(MentionSet::from_mentions(mentions.collect::<Result<_>>()?))
}

/// The stored rejections, each checked against the text.
fn rejections_from_json(db: Database<'_>, json: &str, article: &Article) -> Result<Rejections> {
    let damaged = |flaw| db.damaged(Damage::Mentions { article: article.name().to_owned(), flaw });
    let rows = rows_from_json(json).map_err(damaged)?;
    rows.into_iter().map(|r| r.into_rejection(article).map_err(damaged)).collect()
}

/// What an action does to one layer.
struct LayerPart<'a> {
    article: ArticleId,
    base: Version,
    operations: Vec<&'a Operation>,
}

/// The layers of an action, each once: parts of one article are one change of its layer.
fn layer_parts(parts: &[Saved]) -> Result<Vec<LayerPart<'_>>> {
    let mut places: HashMap<ArticleId, usize> = HashMap::new();
    let mut layers: Vec<LayerPart<'_>> = Vec::new();
    for part in parts {
        let Saved::Layer { article, base, operations } = part else { continue };
        let place = *places.entry(*article).or_insert(layers.len());
        match layers.get_mut(place) {
            Some(layer) if layer.base == *base => layer.operations.extend(operations),
            Some(layer) => {
                return Err(StoreError::Conflict { article: *article, expected: *base, found: layer.base });
            }
            None => {
                layers.push(LayerPart { article: *article, base: *base, operations: operations.iter().collect() });
            }
        }
    }
    Ok(layers)
}

/// Saves an action; `held` follows only when it is on the disk.
pub(super) fn save(
    db: Database<'_>,
    held: &mut HeldLayers,
    annotator: AnnotatorId,
    parts: &[Saved],
) -> Result<Vec<(ArticleId, Version)>> {
    let saved = db.writing(|| save_within(db, held, annotator, parts))?;
    let versions = saved.iter().map(|saved| (saved.placed.article.id(), saved.layer.version)).collect();
    let mut fresh = HeldLayers::default();
    saved.into_iter().for_each(|saved| fresh.keep(saved));
    fresh.recent.into_iter().for_each(|saved| held.keep(saved));
    Ok(versions)
}

/// Saves an action inside a transaction of the caller; the layers as they then stand.
fn save_within(db: Database<'_>, held: &mut HeldLayers, annotator: AnnotatorId, parts: &[Saved]) -> Result<Vec<Held>> {
    let layers = layer_parts(parts)?;
    let mut changes = Vec::new();
    let rules = articles::rules(db)?;
    if !layers.is_empty() {
        articles::must_be_known(db, annotator)?;
    }
    let saved = layers
        .iter()
        .map(|part| save_layer(db, held, annotator, part, rules, &mut changes))
        .collect::<Result<Vec<_>>>()?;
    save_labels(db, annotator, parts, &changes)?;
    db.mark_changed()?;
    Ok(saved)
}

/// Changes one layer inside a transaction of the caller, as a save of the annotator's would.
pub(super) fn change(db: Database<'_>, annotator: AnnotatorId, part: Saved) -> Result<()> {
    save_within(db, &mut HeldLayers::default(), annotator, &[part]).map(drop)
}

fn save_layer(
    db: Database<'_>,
    held: &mut HeldLayers,
    annotator: AnnotatorId,
    part: &LayerPart<'_>,
    rules: Rules,
    changes: &mut Vec<LabelChange>,
) -> Result<Held> {
    let annotator_text = annotator.0.to_string();
    let kept = held.take(part.article, annotator);
    let position = match &kept {
        Some(kept) => kept.placed.position,
        None => articles::position(db, part.article)?,
    };
    let found = version(db, position, &annotator_text)?;
    if found != part.base {
        return Err(StoreError::Conflict { article: part.article, expected: part.base, found });
    }
    let mut saved = match kept {
        Some(kept) if kept.layer.version == found => kept,
        _ => {
            let placed = articles::load(db, part.article)?;
            let layer = load(db, &placed, annotator)?;
            Held { placed, annotator, layer }
        }
    };
    let article = &saved.placed.article;
    let operations: Vec<Operation> = part.operations.iter().map(|o| (*o).clone()).collect();
    apply_all(&operations, &mut saved.layer, Bounds { text_end: article.span().end, rules })?;
    saved.layer.version = found.next();
    changes.extend(label_changes(position, &operations, &saved.layer));
    put(db, position, &annotator_text, &saved.layer, article)?;
    put_event(db, Uuid::now_v7(), position, &annotator_text, found, &json_from_operations(operations.iter(), article))?;
    Ok(saved)
}

/// Writes a layer's row, inside a transaction of the caller.
pub(super) fn put(db: Database<'_>, position: i64, annotator: &str, layer: &Layer, article: &Article) -> Result<()> {
    const SQL: &str = "INSERT INTO layer (article, annotator, version, status, mentions, spans, rejections, \
         decisions) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (article, annotator) DO UPDATE SET \
         version = excluded.version, status = excluded.status, mentions = excluded.mentions, spans = excluded.spans, \
         rejections = excluded.rejections, decisions = excluded.decisions";
    db.run(
        SQL,
        (
            position,
            annotator,
            i64::try_from(layer.version.0).unwrap_or(i64::MAX),
            layer.status.name(),
            sql_count(layer.mentions.len()),
            json_from_mentions(layer.mentions.iter(), article),
            json_from_rejections(layer.rejections.iter(), article),
            json_from_decisions(&layer.decisions),
        ),
    )?;
    Ok(())
}

/// Appends an event, inside a transaction of the caller.
pub(super) fn put_event(
    db: Database<'_>,
    id: Uuid,
    position: i64,
    annotator: &str,
    base: Version,
    operations: &str,
) -> Result<()> {
    const SQL: &str =
        "INSERT INTO event (id, article, annotator, base_version, operations, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let base = i64::try_from(base.0).unwrap_or(i64::MAX);
    db.run(SQL, (id.to_string(), position, annotator, base, operations, now_ms()))?;
    Ok(())
}

/// What a save did to the mentions of one label in one layer.
struct LabelChange {
    position: i64,
    label: LabelId,
    /// How many more there are than before.
    more: i64,
    /// How many there are.
    now: i64,
}

fn label_changes(position: i64, operations: &[Operation], layer: &Layer) -> Vec<LabelChange> {
    let mut changes: HashMap<LabelId, LabelChange> = HashMap::new();
    let mut count = |mention: &Mention, more: i64| {
        let label = mention.label;
        changes.entry(label).or_insert(LabelChange { position, label, more: 0, now: 0 }).more += more;
    };
    for operation in operations {
        match operation {
            Operation::Add(mention) => count(mention, 1),
            Operation::Remove(mention) => count(mention, -1),
            Operation::Replace { from, to } => {
                count(from, -1);
                count(to, 1);
            }
            Operation::SetStatus { .. }
            | Operation::Reject(_)
            | Operation::Unreject(_)
            | Operation::Decide(_)
            | Operation::Undecide(_) => {}
        }
    }
    if !changes.is_empty() {
        for mention in layer.mentions.iter() {
            if let Some(change) = changes.get_mut(&mention.label) {
                change.now += 1;
            }
        }
    }
    changes.into_values().collect()
}

/// Writes the labels of an action. They are checked when all are written: a swap of two names passes through a clash.
fn save_labels(db: Database<'_>, annotator: AnnotatorId, parts: &[Saved], changes: &[LabelChange]) -> Result<()> {
    let mut put_ids = Vec::new();
    for part in parts {
        if let Saved::Label(label) = part {
            labels::put(db, label)?;
            put_ids.push(label.id);
        }
    }
    let set = labels::labels(db)?;
    labels::check_put(&set, &put_ids)?;
    let mut counts: HashMap<LabelId, i64> = HashMap::new();
    for change in changes {
        if set.get(change.label).is_some() {
            *counts.entry(change.label).or_default() += change.more;
            labels::set_layer_count(db, annotator, change.position, change.label, change.now)?;
        } else if change.now > 0 && change.more > 0 {
            return Err(StoreError::NotFound { what: Sought::Label(change.label) });
        }
        // Else a mention of an unknown label (a damaged file) was taken out; it was never counted.
    }
    labels::add_counts(db, annotator, &counts)?;
    for part in parts {
        if let Saved::LabelForgotten(id) = part {
            labels::forget(db, *id)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::label::{Label, LabelFault};
    use crate::domain::offset::Span;
    use crate::store::contract::Store;
    use crate::store::sqlite::SqliteStore;
    use crate::store::sqlite::fixture::project_of;
    use tempfile::TempDir;

    const TEXTS: [&str; 2] = ["علی به تهران رفت", "😀 تهران بزرگ است"];

    struct Desk {
        _dir: TempDir,
        store: SqliteStore,
        sara: AnnotatorId,
        articles: Vec<ArticleId>,
        per: LabelId,
        loc: LabelId,
    }

    fn desk() -> Desk {
        let (_dir, mut store) = project_of(&TEXTS);
        let sara = store.annotator("سارا").unwrap().id;
        let articles = ["a1", "a2"].map(|name| store.article_by_name(name).unwrap().unwrap()).to_vec();
        let set = store.labels().unwrap();
        let id = |name| set.by_name(name).unwrap().id;
        Desk { _dir, sara, articles, per: id("PER"), loc: id("LOC"), store }
    }

    impl Desk {
        fn layer_part(&self, article: usize, base: u64, operations: Vec<Operation>) -> Saved {
            Saved::Layer { article: self.articles[article], base: Version(base), operations }
        }

        fn stored(&self, article: usize) -> Layer {
            self.store.layer(self.articles[article], self.sara).unwrap()
        }

        fn events(&self) -> i64 {
            self.store.connection().query_row("SELECT count(*) FROM event", [], |r| r.get(0)).unwrap()
        }
    }

    fn add(start: usize, end: usize, label: LabelId) -> Operation {
        Operation::Add(Mention::new(Span::from_chars(start, end), label))
    }

    fn spans(layer: &Layer) -> Vec<(usize, usize)> {
        layer.mentions.iter().map(|m| (m.span.start.get(), m.span.end.get())).collect()
    }

    /// Saves `parts` on a desk where «علی» is marked already (version 1), and looks that a refusal leaves nothing.
    fn check(parts: impl Fn(&Desk) -> Vec<Saved>, expected: fn(&StoreError) -> bool) {
        let mut desk = desk();
        let first = desk.layer_part(0, 0, vec![add(0, 3, desk.per)]);
        desk.store.save(desk.sara, &[first]).unwrap();
        let before = (desk.stored(0), desk.stored(1), desk.store.labels().unwrap(), desk.events());
        let counts = desk.store.label_counts().unwrap();
        let error = desk.store.save(desk.sara, &parts(&desk)).expect_err("is refused");
        assert!(expected(&error), "{error:?}");
        assert_eq!((desk.stored(0), desk.stored(1), desk.store.labels().unwrap(), desk.events()), before);
        assert_eq!(desk.store.label_counts().unwrap(), counts);
        let next = desk.layer_part(0, 1, vec![add(7, 12, desk.loc)]);
        desk.store.save(desk.sara, &[next]).expect("the next save stands on what is stored");
    }

    #[test]
    fn an_action_is_saved_whole_or_not_at_all() {
        let good = |d: &Desk| d.layer_part(1, 0, vec![add(2, 7, d.loc)]);
        check(|d| vec![good(d), d.layer_part(0, 0, vec![])], |e| matches!(e, StoreError::Conflict { .. }));
        check(|d| vec![good(d), d.layer_part(0, 7, vec![])], |e| matches!(e, StoreError::Conflict { .. }));
        let twice = |d: &Desk| vec![good(d), d.layer_part(0, 1, vec![add(7, 12, d.loc), add(0, 3, d.per)])];
        check(twice, |e| matches!(e, StoreError::Edit(_)));
        check(|d| vec![good(d), d.layer_part(0, 1, vec![add(0, 99, d.per)])], |e| matches!(e, StoreError::Edit(_)));
        let unknown = LabelId(Uuid::from_u128(7));
        check(
            move |d| vec![good(d), d.layer_part(0, 1, vec![add(7, 12, unknown)])],
            |e| matches!(e, StoreError::NotFound { .. }),
        );
        check(|d| vec![good(d), Saved::LabelForgotten(d.per)], |e| matches!(e, StoreError::Failed { .. }));
        check(
            |d| {
                let set = d.store.labels().unwrap();
                vec![good(d), Saved::Label(Label { name: "loc".into(), ..set.get(d.per).unwrap().clone() })]
            },
            |e| matches!(e, StoreError::Label(LabelFault::NameTaken(_))),
        );
    }

    #[test]
    fn what_was_saved_is_there_and_every_save_left_an_event() {
        let mut desk = desk();
        assert_eq!(desk.stored(0), Layer::default());
        let noted =
            Mention { note: Some("یادداشت \"او\"".into()), ..Mention::new(Span::from_chars(7, 12), desk.loc) };
        let parts = [
            desk.layer_part(0, 0, vec![add(0, 3, desk.per), Operation::Add(noted.clone())]),
            desk.layer_part(1, 0, vec![add(2, 7, desk.loc)]),
        ];
        let versions = desk.store.save(desk.sara, &parts).unwrap();
        assert_eq!(versions, [(desk.articles[0], Version(1)), (desk.articles[1], Version(1))]);
        let done = Operation::SetStatus { from: Status::New, to: Status::Done };
        let relabelled = Operation::Replace { from: noted.clone(), to: Mention { label: desk.per, ..noted } };
        let parts = [desk.layer_part(0, 1, vec![relabelled]), desk.layer_part(0, 1, vec![done])];
        assert_eq!(desk.store.save(desk.sara, &parts).unwrap(), [(desk.articles[0], Version(2))]);
        let layer = desk.stored(0);
        assert_eq!((layer.version, layer.status, spans(&layer)), (Version(2), Status::Done, vec![(0, 3), (7, 12)]));
        assert_eq!(desk.events(), 3);
        let mut counts = desk.store.label_counts().unwrap();
        counts.sort_by_key(|(_, n)| *n);
        assert_eq!(counts, [(desk.loc, 1), (desk.per, 2)]);
        // The files as a crash at this moment would leave them: every save that returned is in them.
        let path = desk.store.project().unwrap().path;
        let crashed = path.with_file_name("crashed.barchasb");
        for ending in ["", "-wal"] {
            let from = path.with_file_name(format!("p.barchasb{ending}"));
            std::fs::copy(from, path.with_file_name(format!("crashed.barchasb{ending}"))).unwrap();
        }
        desk.store = SqliteStore::open(&crashed).unwrap();
        assert_eq!((desk.stored(0), desk.events()), (layer, 3));
        assert_eq!(spans(&desk.stored(1)), [(2, 7)]);
    }

    #[test]
    fn the_second_of_two_writers_is_told_and_never_overwrites() {
        let mut desk = desk();
        let path = desk.store.project().unwrap().path;
        let mut other = SqliteStore::open(&path).unwrap();
        let seen = other.outside_changes().unwrap();
        let mine = desk.layer_part(0, 0, vec![add(0, 3, desk.per)]);
        desk.store.save(desk.sara, &[mine]).unwrap();
        assert_ne!(other.outside_changes().unwrap(), seen);
        let theirs = desk.layer_part(0, 0, vec![add(7, 12, desk.loc)]);
        let conflict = other.save(desk.sara, &[theirs]).unwrap_err();
        assert!(matches!(conflict, StoreError::Conflict { expected: Version(0), found: Version(1), .. }));
        let theirs = desk.layer_part(0, 1, vec![add(7, 12, desk.loc)]);
        other.save(desk.sara, &[theirs]).unwrap();
        // The first writer still holds version 1 in memory; it must neither save from it nor lose what came between.
        let stale = desk.layer_part(0, 1, vec![]);
        assert!(matches!(desk.store.save(desk.sara, &[stale]), Err(StoreError::Conflict { .. })));
        let next = desk.layer_part(0, 2, vec![add(13, 16, desk.per)]);
        desk.store.save(desk.sara, &[next]).unwrap();
        assert_eq!(spans(&desk.stored(0)), [(0, 3), (7, 12), (13, 16)]);
    }

    #[test]
    fn a_writer_that_waits_too_long_is_told_and_can_save_later() {
        let mut desk = desk();
        let other = rusqlite::Connection::open(desk.store.project().unwrap().path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        desk.store.connection().busy_timeout(std::time::Duration::ZERO).unwrap();
        let parts = [desk.layer_part(0, 0, vec![add(0, 3, desk.per)])];
        assert!(matches!(desk.store.save(desk.sara, &parts), Err(StoreError::Busy { .. })));
        assert_eq!(desk.stored(0), Layer::default(), "reading goes on");
        other.execute_batch("ROLLBACK").unwrap();
        desk.store.save(desk.sara, &parts).unwrap();
    }

    #[test]
    fn overlaps_are_refused_where_the_rules_forbid_them() {
        let mut desk = desk();
        desk.store.set_rules(Rules { overlaps: false, ..Rules::default() }).unwrap();
        let parts = [desk.layer_part(0, 0, vec![add(0, 3, desk.per), add(0, 6, desk.per)])];
        assert!(matches!(desk.store.save(desk.sara, &parts), Err(StoreError::Edit(_))));
        assert_eq!(desk.stored(0), Layer::default());
        desk.store.set_rules(Rules::default()).unwrap();
        desk.store.save(desk.sara, &parts).unwrap();
        assert_eq!(spans(&desk.stored(0)), [(0, 6), (0, 3)]);
    }

    #[test]
    fn labels_are_deleted_softly_merged_and_only_unused_ones_forgotten() {
        let mut desk = desk();
        let parts = [desk.layer_part(0, 0, vec![add(0, 3, desk.per)])];
        desk.store.save(desk.sara, &parts).unwrap();
        let per = desk.store.labels().unwrap().get(desk.per).unwrap().clone();
        let made = Label { id: LabelId(Uuid::from_u128(9)), name: "NEW".into(), keys: String::new(), ..per.clone() };
        let gone = Label { deleted: true, ..per.clone() };
        desk.store.save(desk.sara, &[Saved::Label(made.clone()), Saved::Label(gone.clone())]).unwrap();
        let set = desk.store.labels().unwrap();
        assert_eq!((set.get(made.id), set.get(desk.per)), (Some(&made), Some(&gone)));
        assert_eq!(desk.store.label_counts().unwrap(), [(desk.per, 1)]);
        let merged = Label { merged_into: Some(made.id), ..per };
        desk.store.save(desk.sara, &[Saved::Label(merged)]).unwrap();
        assert_eq!(desk.store.label_counts().unwrap(), [(desk.per, 1)], "mentions keep their id");
        let statistics = desk.store.statistics().unwrap();
        assert!(statistics.labels.contains(&("NEW".into(), 1)));
        let unused = LabelId(Uuid::from_u128(10));
        let spare = Label { id: unused, name: "SPARE".into(), ..made };
        desk.store.save(desk.sara, &[Saved::Label(spare)]).unwrap();
        desk.store.save(desk.sara, &[Saved::LabelForgotten(unused)]).unwrap();
        assert_eq!(desk.store.labels().unwrap().get(unused), None);
    }

    #[test]
    fn what_each_layer_has_of_a_label_is_counted_with_every_save() {
        let mut desk = desk();
        let counted = |desk: &Desk| -> Vec<(i64, String, i64)> {
            let sql =
                "SELECT c.article, l.name, c.mentions FROM layer_label c JOIN label l ON l.id = c.label ORDER BY 1, 2";
            desk.store.database().rows(sql, [], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap()
        };
        let of = |article: i64, name: &str, n: i64| (article, name.to_owned(), n);
        let (per, loc) = (desk.per, desk.loc);
        let both = [
            desk.layer_part(0, 0, vec![add(0, 3, per), add(4, 6, per), add(7, 12, loc)]),
            desk.layer_part(1, 0, vec![add(2, 7, loc)]),
        ];
        desk.store.save(desk.sara, &both).unwrap();
        assert_eq!(counted(&desk), [of(1, "LOC", 1), of(1, "PER", 2), of(2, "LOC", 1)]);
        let from = Mention::new(Span::from_chars(7, 12), loc);
        let to = Mention { label: per, ..from.clone() };
        let relabelled = desk.layer_part(0, 1, vec![Operation::Replace { from, to: to.clone() }]);
        let gone = desk.layer_part(1, 1, vec![Operation::Remove(Mention::new(Span::from_chars(2, 7), loc))]);
        desk.store.save(desk.sara, &[relabelled, gone]).unwrap();
        assert_eq!(counted(&desk), [of(1, "PER", 3)]);
        let refused = [desk.layer_part(0, 2, vec![Operation::Remove(to), add(0, 99, per)])];
        assert!(desk.store.save(desk.sara, &refused).is_err());
        assert_eq!(counted(&desk), [of(1, "PER", 3)]);
        assert_eq!(desk.store.check(&mut |_, _| std::ops::ControlFlow::Continue(())).unwrap(), []);
    }

    #[test]
    fn a_span_that_no_longer_fits_its_text_is_damage_with_its_place() {
        let mut desk = desk();
        let parts = [desk.layer_part(0, 0, vec![add(7, 12, desk.loc)])];
        desk.store.save(desk.sara, &parts).unwrap();
        desk.store.connection().execute("UPDATE layer SET spans = replace(spans, 'تهران', 'شیراز')", []).unwrap();
        let error = desk.store.layer(desk.articles[0], desk.sara).unwrap_err();
        assert!(matches!(&error, StoreError::Damaged { reason: Damage::Mentions { article, flaw }, .. }
                if article == "a1" && flaw.to_string().contains("7..12")));
    }

    #[test]
    fn a_full_disk_loses_the_action_alone() {
        let mut desk = desk();
        let first = desk.layer_part(0, 0, vec![add(0, 3, desk.per)]);
        desk.store.save(desk.sara, &[first]).unwrap();
        let pages: i64 = desk.store.connection().query_row("PRAGMA page_count", [], |r| r.get(0)).unwrap();
        let limit = |desk: &Desk, pages: i64| {
            desk.store.connection().query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
        };
        limit(&desk, pages);
        let note: Box<str> = "ن".repeat(100_000).into();
        let long = Mention { note: Some(note), ..Mention::new(Span::from_chars(7, 12), desk.loc) };
        let part = [desk.layer_part(0, 1, vec![Operation::Add(long)])];
        assert!(matches!(desk.store.save(desk.sara, &part), Err(StoreError::Full { .. })));
        assert_eq!(spans(&desk.stored(0)), [(0, 3)]);
        limit(&desk, 1 << 30);
        desk.store.save(desk.sara, &part).unwrap();
        assert_eq!(spans(&desk.stored(0)), [(0, 3), (7, 12)]);
    }
}
