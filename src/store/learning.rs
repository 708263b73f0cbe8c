//! What engines learn from, and what they have learned: layers with their texts, outcomes, models.
//!
//! Owns that learning goes on where something is damaged: what cannot be read is left out and is for the check to tell. It must
//! not know what an engine does with it.

use crate::domain::article::ArticleId;
use crate::domain::label::LabelId;
use crate::domain::layer::AnnotatorId;
use crate::domain::suggestion::{Confidence, Engine, Outcome};
use crate::store::articles::{self, Placed};
use crate::store::contract::{Result, StoreError};
use crate::store::database::{Database, now_ms};
use crate::store::knowledge::Studied;
use crate::store::layers;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::ControlFlow;
use uuid::Uuid;

/// For how many layers it is asked at a time where they are.
const LAYERS_AT_A_TIME: i64 = 1_024;

/// Shows every layer that was saved with its text, in the order of import, until the sink breaks. One layer and one text are held
/// at a time, and the file is left alone while they are looked at.
pub(super) fn study(db: Database<'_>, sink: &mut dyn FnMut(Studied) -> ControlFlow<()>) -> Result<()> {
    let mut after = (0, String::new());
    // The place that was read last, and what stands there when it is sound.
    let mut last: (i64, Option<Placed>) = (0, None);
    loop {
        let layers = layers_after(db, &after)?;
        let Some(end) = layers.last() else { return Ok(()) };
        after = end.clone();
        for (position, annotator) in layers {
            if last.0 != position {
                last = (position, article_at(db, position)?);
            }
            let Some(placed) = &last.1 else { continue };
            let annotator = AnnotatorId(db.uuid(&annotator)?);
            let Some(layer) = sound(layers::load(db, placed, annotator))? else { continue };
            let article = placed.article.clone();
            if sink(Studied { article, annotator, layer }).is_break() {
                return Ok(());
            }
        }
    }
}

/// Where the next layers are: the place of the article, and whose.
fn layers_after(db: Database<'_>, after: &(i64, String)) -> Result<Vec<(i64, String)>> {
    const SQL: &str = "SELECT article, annotator FROM layer WHERE (article, annotator) > (?1, ?2) \
         ORDER BY article, annotator LIMIT ?3";
    db.rows(SQL, (after.0, &after.1, LAYERS_AT_A_TIME), |r| Ok((r.get(0)?, r.get(1)?)))
}

fn article_at(db: Database<'_>, position: i64) -> Result<Option<Placed>> {
    let Some(row) = articles::row_at(db, position)? else { return Ok(None) };
    sound(row.into_placed(db))
}

/// What was read, or nothing when it is damaged.
fn sound<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(StoreError::Damaged { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// An outcome as it is worded: `{"g":"engine","l":"label id","c":confidence,"p":confidence shown,"r":right}`; `p` is left out when
/// it was not shown.
#[derive(Serialize, Deserialize)]
struct OutcomeRow<'a> {
    #[serde(rename = "g", borrow)]
    engine: Cow<'a, str>,
    #[serde(rename = "l")]
    label: Uuid,
    #[serde(rename = "c")]
    confidence: f64,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    shown: Option<f64>,
    #[serde(rename = "r")]
    right: bool,
}

/// The outcomes that a row's JSON says, or the parser's words.
pub(super) fn outcomes_from_json(json: &str) -> std::result::Result<Vec<Outcome>, String> {
    let rows: Vec<OutcomeRow<'_>> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let outcome = |row: OutcomeRow<'_>| {
        let engine = Engine::from_name(&row.engine).ok_or_else(|| row.engine.into_owned())?;
        let confidence = Confidence::new(row.confidence);
        let shown = row.shown.map(Confidence::new);
        Ok(Outcome { engine, label: LabelId(row.label), confidence, shown, right: row.right })
    };
    rows.into_iter().map(outcome).collect()
}

fn json_from_outcomes(outcomes: &[Outcome]) -> String {
    let row = |outcome: &Outcome| OutcomeRow {
        engine: outcome.engine.name().into(),
        label: outcome.label.0,
        confidence: outcome.confidence.get(),
        shown: outcome.shown.map(Confidence::get),
        right: outcome.right,
    };
    // Numbers and names always have a JSON form.
    serde_json::to_string(&outcomes.iter().map(row).collect::<Vec<_>>()).unwrap_or_else(|_| "[]".into())
}

/// The outcomes in all finished articles, in the order of import.
pub(super) fn outcomes(db: Database<'_>) -> Result<Vec<Outcome>> {
    let rows = db.rows("SELECT fates FROM outcome ORDER BY article, annotator", [], |r| {
        Ok(outcomes_from_json(r.get_ref(0)?.as_str()?))
    })?;
    Ok(rows.into_iter().flatten().flatten().collect())
}

/// Keeps the outcomes of an article that its annotator has finished, in the place of those before.
pub(super) fn set_outcomes(
    db: Database<'_>,
    article: ArticleId,
    annotator: AnnotatorId,
    outcomes: &[Outcome],
) -> Result<()> {
    const SQL: &str = "INSERT INTO outcome (article, annotator, fates) VALUES (?1, ?2, ?3) \
         ON CONFLICT (article, annotator) DO UPDATE SET fates = excluded.fates";
    db.writing(|| {
        let position = articles::position(db, article)?;
        articles::must_be_known(db, annotator)?;
        db.run(SQL, (position, annotator.0.to_string(), json_from_outcomes(outcomes))).map(|_| ())
    })
}

/// How many bytes of a model are read: what is longer was written by no engine of the program.
const MODEL_BYTES: i64 = 256 << 20;

/// What an engine has learned, as it wrote it.
pub(super) fn model(db: Database<'_>, name: &str) -> Result<Option<Vec<u8>>> {
    model_within(db, name, MODEL_BYTES)
}

fn model_within(db: Database<'_>, name: &str, bytes: i64) -> Result<Option<Vec<u8>>> {
    db.row("SELECT body FROM model WHERE name = ?1 AND length(body) <= ?2", (name, bytes), |r| r.get(0))
}

/// Keeps what an engine has learned.
pub(super) fn set_model(db: Database<'_>, name: &str, body: &[u8]) -> Result<()> {
    const SQL: &str = "INSERT INTO model (name, body, made_at) VALUES (?1, ?2, ?3) \
         ON CONFLICT (name) DO UPDATE SET body = excluded.body, made_at = excluded.made_at";
    db.writing(|| db.run(SQL, (name, body, now_ms())).map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Status;
    use crate::store::contract::{Filter, Store};
    use crate::store::knowledge::Knowledge;
    use crate::store::sqlite::SqliteStore;
    use crate::store::sqlite::fixture::{LayerSketch, empty_project, project_of, record};
    use proptest::prelude::*;

    fn studied(store: &SqliteStore, limit: usize) -> Vec<(String, AnnotatorId, Status, usize)> {
        let mut all = Vec::new();
        store
            .study(&mut |one| {
                all.push((one.article.name().to_owned(), one.annotator, one.layer.status, one.layer.mentions.len()));
                if all.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })
            .unwrap();
        all
    }

    #[test]
    fn every_layer_is_shown_in_the_order_of_import() {
        let (_dir, mut store) = empty_project();
        let both: &[LayerSketch<'_>] =
            &[("سارا", Status::Done, &[(0, 3, "PER")]), ("رضا", Status::InProgress, &[(0, 3, "PER"), (7, 12, "LOC")])];
        let layers = |n: usize| if n.is_multiple_of(3) { &[][..] } else { both };
        let mut records = (0..2_000).map(|n| record(&format!("n{n}"), "علی به تهران رفت", layers(n)));
        store.import(&mut records, "x").unwrap();
        let all = studied(&store, usize::MAX);
        let names: Vec<String> =
            (0..2_000).filter(|n| n % 3 > 0).flat_map(|n| [format!("n{n}"), format!("n{n}")]).collect();
        assert_eq!(all.iter().map(|one| one.0.clone()).collect::<Vec<_>>(), names);
        let (sara, reza) = (store.annotator("سارا").unwrap().id, store.annotator("رضا").unwrap().id);
        let mut first: Vec<_> = all[..2].iter().map(|one| (one.1, one.2, one.3)).collect();
        first.sort_by_key(|one| one.2);
        assert_eq!(first, [(sara, Status::Done, 1), (reza, Status::InProgress, 2)]);
        assert_eq!(studied(&store, 70), all[..70]);
        store.connection().execute("UPDATE layer SET spans = 'x' WHERE article = 2", []).unwrap();
        store.connection().execute("UPDATE article SET text = 'دیگر' WHERE position = 3", []).unwrap();
        assert_eq!(studied(&store, usize::MAX), all[4..], "what is damaged is left out");
    }

    #[test]
    fn others_write_while_layers_are_shown() {
        let (_dir, mut store) = empty_project();
        let layers: &[LayerSketch<'_>] = &[("سارا", Status::Done, &[])];
        store.import(&mut [record("a", "متن", layers)].into_iter(), "x").unwrap();
        let mut other = SqliteStore::open(&store.project().unwrap().path).unwrap();
        let mut shown = 0;
        store
            .study(&mut |_| {
                shown += 1;
                other.annotator("رضا").unwrap();
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(shown, 1);
    }

    fn check(engine: &str, expected: bool) {
        let json = format!(r#"[{{"g":"{engine}","l":"{}","c":0.5,"r":true}}]"#, Uuid::nil());
        assert_eq!(outcomes_from_json(&json).is_ok(), expected, "{json}");
    }

    #[test]
    fn outcomes_are_kept_by_article_and_annotator() {
        check("lexicon", true);
        check("oracle", false);
        let (_dir, mut store) = project_of(&["متن", "متن دیگر"]);
        let sara = store.annotator("سارا").unwrap().id;
        let articles = ["a1", "a2"].map(|name| store.article_by_name(name).unwrap().unwrap());
        let label = store.labels().unwrap().all()[0].id;
        let outcome = |confidence, right| Outcome {
            engine: Engine::Tagger,
            label,
            confidence: Confidence::new(confidence),
            shown: None,
            right,
        };
        let (good, bad) = (outcome(0.9, true), outcome(0.3, false));
        store.set_outcomes(articles[1], sara, &[good]).unwrap();
        store.set_outcomes(articles[0], sara, &[good, bad]).unwrap();
        store.set_outcomes(articles[0], sara, &[bad, bad]).unwrap();
        assert_eq!(store.outcomes().unwrap(), [bad, bad, good]);
        store.connection().execute("UPDATE outcome SET fates = '{' WHERE article = 1", []).unwrap();
        assert_eq!(store.outcomes().unwrap(), [good], "what is damaged is left out");
        let nobody = AnnotatorId(Uuid::nil());
        assert!(matches!(store.set_outcomes(articles[0], nobody, &[]), Err(StoreError::NotFound { .. })));
        assert!(matches!(store.set_outcomes(ArticleId(Uuid::nil()), sara, &[]), Err(StoreError::NotFound { .. })));
    }

    #[test]
    fn models_are_kept_by_name() {
        let (_dir, mut store) = project_of(&[]);
        assert_eq!(store.model("tagger").unwrap(), None);
        store.set_model("tagger", b"\0one").unwrap();
        store.set_model("tagger", b"two").unwrap();
        store.set_model("else", b"").unwrap();
        assert_eq!(store.model("tagger").unwrap().as_deref(), Some(&b"two"[..]));
        assert_eq!(store.model("else").unwrap().as_deref(), Some(&b""[..]));
        let path = store.project().unwrap().path;
        let db = Database { connection: store.connection(), path: &path, changes: None };
        let read = |bytes| model_within(db, "tagger", bytes).unwrap().is_some();
        assert_eq!((read(3), read(2)), (true, false), "what is too long is not read");
    }

    #[test]
    fn what_engines_write_is_no_change_of_the_project() {
        let (_dir, mut store) = project_of(&["متن"]);
        let sara = store.annotator("سارا").unwrap().id;
        let id = store.article_by_name("a1").unwrap().unwrap();
        let mut other = SqliteStore::open(&store.project().unwrap().path).unwrap();
        let seen = store.outside_changes().unwrap();
        store.backup().unwrap().expect("is made");
        other.set_model("tagger", b"x").unwrap();
        other.keep_suggestions(&[(id, vec![])]).unwrap();
        other.set_outcomes(id, sara, &[]).unwrap();
        assert_eq!((store.outside_changes().unwrap(), store.backup().unwrap()), (seen, None));
        other.annotator("رضا").unwrap();
        let changed = store.outside_changes().unwrap();
        assert_ne!(changed, seen);
        store.annotator("خودم").unwrap();
        other.set_model("tagger", b"y").unwrap();
        assert_eq!(store.outside_changes().unwrap(), changed, "what one writes oneself comes from nowhere else");
        // An own change does not hide another's that came just before it.
        other.annotator("پنهان").unwrap();
        store.annotator("آشکار").unwrap();
        let changed = store.outside_changes().unwrap();
        assert_ne!(changed, seen + 1);
        let mut own = SqliteStore::open(&store.project().unwrap().path).unwrap().sharing(&store.changes());
        own.annotator("همین پنجره").unwrap();
        assert_eq!(store.outside_changes().unwrap(), changed, "connections that belong together are one");
        assert_eq!(store.page(&Filter::of(sara), 0, 9).unwrap().total, 1);
        assert!(store.backup().unwrap().is_some());
    }

    proptest! {
        #[test]
        fn outcomes_come_back_as_they_went(
            all in proptest::collection::vec(
                (0usize..5, any::<u128>(), 0f64..=1.0, proptest::option::of(0f64..=1.0), any::<bool>()), 0..9),
        ) {
            let all: Vec<Outcome> = all.into_iter().map(|(engine, label, confidence, shown, right)| Outcome {
                engine: Engine::ALL[engine],
                label: LabelId(Uuid::from_u128(label)),
                confidence: Confidence::new(confidence),
                shown: shown.map(Confidence::new),
                right,
            }).collect();
            prop_assert_eq!(outcomes_from_json(&json_from_outcomes(&all)).unwrap(), all);
        }
    }
}
