//! The suggestions that are kept for articles: imported predictions, and what the program's engines said last.
//!
//! Owns their wording `{"s":start,"e":end,"l":"label id","t":"surface","g":"engine","c":confidence,"w":reason}` and what a list is
//! ordered by. It must not suggest anything, nor touch a layer: a damaged row spoils suggestions alone.

use crate::domain::article::{Article, ArticleId};
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::offset::Span;
use crate::domain::suggestion::{Confidence, Engine, Reason, Suggestion};
use crate::store::articles::{self, Placed};
use crate::store::contract::{Result, StoreError};
use crate::store::database::{Database, now_ms, sql_count};
use crate::store::labels;
use crate::store::reason::{Damage, MentionFlaw};
use crate::store::spans::{checked_place, json_list, push_place};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashSet;

/// Where the suggestions of a row came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// From files.
    Import,
    /// From the program's engines.
    Engines,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Engines => "engines",
        }
    }
}

/// A stored suggestion before it is checked against its text.
#[derive(Deserialize)]
struct SuggestionRow<'a> {
    #[serde(rename = "s")]
    start: u32,
    #[serde(rename = "e")]
    end: u32,
    #[serde(rename = "l", borrow)]
    label: Cow<'a, str>,
    #[serde(rename = "t", borrow)]
    surface: Cow<'a, str>,
    #[serde(rename = "g", borrow)]
    engine: Cow<'a, str>,
    #[serde(rename = "c")]
    confidence: f64,
    #[serde(rename = "w", borrow)]
    reason: StoredReason<'a>,
}

/// A reason as it is worded: `{"labelled":[times,against]}`, `{"listed":"list"}`, `"learned"` or `{"said":"by"}`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoredReason<'a> {
    Labelled(u32, u32),
    #[serde(borrow)]
    Listed(Cow<'a, str>),
    Learned,
    #[serde(borrow)]
    Said(Cow<'a, str>),
}

impl<'a> From<&'a Reason> for StoredReason<'a> {
    fn from(reason: &'a Reason) -> Self {
        match reason {
            Reason::Labelled { times, against } => Self::Labelled(*times, *against),
            Reason::Listed { list } => Self::Listed(Cow::Borrowed(list)),
            Reason::Learned => Self::Learned,
            Reason::Said { by } => Self::Said(Cow::Borrowed(by)),
        }
    }
}

impl From<StoredReason<'_>> for Reason {
    fn from(stored: StoredReason<'_>) -> Self {
        match stored {
            StoredReason::Labelled(times, against) => Self::Labelled { times, against },
            StoredReason::Listed(list) => Self::Listed { list: list.into() },
            StoredReason::Learned => Self::Learned,
            StoredReason::Said(by) => Self::Said { by: by.into() },
        }
    }
}

impl SuggestionRow<'_> {
    /// The suggestion, when it fits the text; else what is wrong.
    fn into_suggestion(self, article: &Article) -> std::result::Result<Suggestion, MentionFlaw> {
        let (span, label) = checked_place(article, (self.start, self.end), &self.label, &self.surface)?;
        let engine = Engine::from_name(&self.engine)
            .ok_or_else(|| MentionFlaw::Origin { span, origin: self.engine.into_owned() })?;
        Ok(Suggestion { span, label, engine, confidence: Confidence::new(self.confidence), reason: self.reason.into() })
    }
}

/// The suggestions that a row's JSON says, each checked against the text.
pub(super) fn suggestions_from_json(
    json: &str,
    article: &Article,
) -> std::result::Result<Vec<Suggestion>, MentionFlaw> {
    let rows: Vec<SuggestionRow<'_>> =
        serde_json::from_str(json).map_err(|error| MentionFlaw::Unreadable { words: error.to_string() })?;
    rows.into_iter().map(|row| row.into_suggestion(article)).collect()
}

fn json_from_suggestions(suggestions: &[&Suggestion], article: &Article) -> String {
    json_list(suggestions.iter(), 1_024, |out, suggestion| {
        push_place(out, suggestion.span, suggestion.label, article);
        // A number and a reason always have a JSON form.
        let confidence = serde_json::to_string(&suggestion.confidence.get()).unwrap_or_default();
        let reason = serde_json::to_string(&StoredReason::from(&suggestion.reason)).unwrap_or_default();
        out.push_str(&format!(r#","g":"{}","c":{confidence},"w":{reason}}}"#, suggestion.engine.name()));
    })
}

/// How unsure a suggestion is, from 0 (confidence 0 or 1) to 1 (confidence one half): 1 − |2c − 1|.
fn doubt(confidence: Confidence) -> f64 {
    1.0 - (2.0 * confidence.get() - 1.0).abs()
}

/// The suggestions of one kind kept for an article. Those of a label that was taken back since are not among them.
pub(super) fn of_kind(db: Database<'_>, placed: &Placed, kind: Kind, set: &LabelSet) -> Result<Vec<Suggestion>> {
    const SQL: &str = "SELECT spans FROM suggestion WHERE article = ?1 AND kind = ?2";
    let Some(json) = db.row(SQL, (placed.position, kind.name()), |r| r.get::<_, String>(0))? else {
        return Ok(Vec::new());
    };
    let mut suggestions = suggestions_from_json(&json, &placed.article)
        .map_err(|flaw| db.damaged(Damage::Suggestions { article: placed.article.name().to_owned(), flaw }))?;
    suggestions.retain(|suggestion| set.get(suggestion.label).is_some());
    Ok(suggestions)
}

/// The suggestions kept for an article: by start, the longer first; of those of one span the imported ones first.
pub(super) fn suggestions(db: Database<'_>, article: &Article) -> Result<Vec<Suggestion>> {
    db.reading(|| {
        let (placed, set) = (placed(db, article)?, labels::labels(db)?);
        let mut all = of_kind(db, &placed, Kind::Import, &set)?;
        all.extend(of_kind(db, &placed, Kind::Engines, &set)?);
        all.sort_by_key(|suggestion| (suggestion.span.start, Reverse(suggestion.span.end)));
        Ok(all)
    })
}

/// The predictions that were imported for an article, in order of place.
pub(super) fn predictions(db: Database<'_>, article: &Article) -> Result<Vec<Suggestion>> {
    db.reading(|| of_kind(db, &placed(db, article)?, Kind::Import, &labels::labels(db)?))
}

fn placed(db: Database<'_>, article: &Article) -> Result<Placed> {
    Ok(Placed { position: articles::position(db, article.id())?, article: article.clone() })
}

/// Shows the place of every article of which something is kept, how many suggestions are open there and the sum of their doubts:
/// what the engines left when they were asked last, or where they never were, all that was imported.
pub(super) fn each_open(db: Database<'_>, mut show: impl FnMut(i64, u64, f64)) -> Result<()> {
    // Only where both kinds stand the rows themselves are read; all else is in the index.
    const SQL: &str = "SELECT article, suggestions, doubt FROM suggestion GROUP BY article HAVING count(*) = 1 UNION ALL \
         SELECT article, suggestions, doubt FROM suggestion WHERE kind = ?1 AND article IN \
         (SELECT article FROM suggestion GROUP BY article HAVING count(*) > 1)";
    db.rows(SQL, [Kind::Engines.name()], |r| {
        show(r.get(0)?, r.get::<_, i64>(1)?.max(0).unsigned_abs(), r.get(2)?);
        Ok(())
    })?;
    Ok(())
}

/// Keeps what the engines say of articles, in the place of what they said before; one transaction. Imported predictions among it
/// are counted and not written once more. Of nothing a row is kept as well: it says that nothing is open.
pub(super) fn keep(db: Database<'_>, sets: &[(ArticleId, Vec<Suggestion>)]) -> Result<()> {
    db.writing(|| {
        for (id, suggestions) in sets {
            put(db, &articles::load(db, *id)?, Kind::Engines, &suggestions.iter().collect::<Vec<_>>())?;
        }
        Ok(())
    })
}

/// Adds predictions to those of articles; one transaction.
pub(super) fn add(db: Database<'_>, sets: &[(ArticleId, Vec<Suggestion>)]) -> Result<()> {
    db.writing(|| {
        let set = labels::labels(db)?;
        for (id, suggestions) in sets {
            let placed = articles::load(db, *id)?;
            let mut all = of_kind(db, &placed, Kind::Import, &set)?;
            for new in suggestions {
                if !all.iter().any(|old| (old.span, old.label, old.engine) == (new.span, new.label, new.engine)) {
                    all.push(new.clone());
                }
            }
            put(db, &placed, Kind::Import, &all.iter().collect::<Vec<_>>())?;
            forget_engines(db, &placed)?;
        }
        Ok(())
    })
}

/// Forgets what the engines said of an article, inside a transaction of the caller: they chose among other predictions.
pub(super) fn forget_engines(db: Database<'_>, placed: &Placed) -> Result<()> {
    const SQL: &str = "DELETE FROM suggestion WHERE article = ?1 AND kind = ?2";
    db.run(SQL, (placed.position, Kind::Engines.name())).map(|_| ())
}

/// Writes the suggestions of one kind for an article, inside a transaction of the caller; what does not fit the text is left out.
pub(super) fn put(db: Database<'_>, placed: &Placed, kind: Kind, suggestions: &[&Suggestion]) -> Result<()> {
    const SQL: &str = "INSERT INTO suggestion (article, kind, suggestions, doubt, spans, made_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (article, kind) DO UPDATE SET suggestions = excluded.suggestions, \
         doubt = excluded.doubt, spans = excluded.spans, made_at = excluded.made_at";
    let article = &placed.article;
    let fits = |s: &&&Suggestion| !s.span.is_empty() && s.span.end <= article.span().end;
    let mut kept: Vec<&Suggestion> = suggestions.iter().filter(fits).copied().collect();
    kept.sort_by_key(|s| (s.span.start, Reverse(s.span.end)));
    let doubt: f64 = kept.iter().map(|s| doubt(s.confidence)).sum();
    let count = sql_count(kept.len());
    kept.retain(|s| kind == Kind::Import || s.engine != Engine::Import);
    let json = json_from_suggestions(&kept, article);
    db.run(SQL, (placed.position, kind.name(), count, doubt, json, now_ms()))?;
    Ok(())
}

/// A prediction before it is kept.
pub(super) type Said = (Span, LabelId, Confidence);

/// Keeps what a source says of an article, inside a transaction of the caller: in the place of what it said before, or beside it when this
/// import has spoken of the article already (`is_first` is false). How many are new.
pub(super) fn put_said(
    db: Database<'_>,
    placed: &Placed,
    labels: &LabelSet,
    by: String,
    new: Vec<Said>,
    is_first: bool,
) -> Result<u64> {
    let standing = match of_kind(db, placed, Kind::Import, labels) {
        Ok(standing) => standing,
        // What cannot be read is of no use to anybody; the file may bring it again.
        Err(StoreError::Damaged { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    let reason = Reason::Said { by: by.into() };
    let (before, mut all): (Vec<_>, Vec<_>) = standing.into_iter().partition(|s| s.reason == reason);
    let before: Vec<Said> = before.iter().map(|s| (s.span, s.label, s.confidence)).collect();
    let mut said = if is_first { Vec::new() } else { before.clone() };
    let known: HashSet<(Span, LabelId)> = said.iter().map(|(span, label, _)| (*span, *label)).collect();
    said.extend(new.into_iter().filter(|(span, label, _)| !known.contains(&(*span, *label))));
    let more = (said.len() - known.len()) as u64;
    if said == before {
        return Ok(more);
    }
    let engine = Engine::Import;
    let said = said.into_iter();
    all.extend(said.map(|(span, label, confidence)| Suggestion {
        span,
        label,
        engine,
        confidence,
        reason: reason.clone(),
    }));
    forget_engines(db, placed)?;
    put(db, placed, Kind::Import, &all.iter().collect::<Vec<_>>())?;
    Ok(more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::label::Label;
    use crate::domain::label::LabelId;
    use crate::domain::layer::Status;
    use crate::domain::mention::Origin;
    use crate::domain::offset::Span;
    use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
    use crate::store::contract::{Filter, Order, Saved, Store, StoreError};
    use crate::store::knowledge::Knowledge;
    use crate::store::sqlite::SqliteStore;
    use crate::store::sqlite::fixture::{project_of, record};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn suggestion(start: usize, end: usize, label: LabelId, confidence: f64, reason: Reason) -> Suggestion {
        let span = Span::from_chars(start, end);
        Suggestion { span, label, engine: Engine::Lexicon, confidence: Confidence::new(confidence), reason }
    }

    fn label(store: &SqliteStore, name: &str) -> LabelId {
        store.labels().unwrap().by_name(name).unwrap().id
    }

    #[test]
    fn an_article_that_comes_twice_keeps_the_predictions_of_both() {
        const TEXT: &str = "علی به تهران رفت";
        let (_dir, mut store) = project_of(&[]);
        let others = (0..10).map(|n| record(&format!("n{n}"), "متن", &[]));
        let part = |mentions| record("a", TEXT, &[("m", Status::Done, mentions)]);
        let mut records = [part(&[(0, 3, "PER")])].into_iter().chain(others).chain([part(&[(7, 12, "LOC")])]);
        assert_eq!(store.import_predictions(&mut records, "m").unwrap().mentions, 2);
        let article = store.article(store.article_by_name("a").unwrap().unwrap()).unwrap();
        assert_eq!(store.predictions(&article).unwrap().len(), 2);
    }

    /// What a row worded like this gives of «علی» in «علی به تهران».
    fn check(json: &str, expected: std::result::Result<usize, &str>) {
        let (_dir, mut store) = project_of(&["علی به تهران"]);
        let (id, per) = (store.article_by_name("a1").unwrap().unwrap(), label(&store, "PER"));
        store.keep_suggestions(&[(id, Vec::new())]).unwrap();
        let json = json.replace("PER", &per.0.to_string());
        store.connection().execute("UPDATE suggestion SET spans = ?1", [&json]).unwrap();
        let article = store.article(id).unwrap();
        let found = store.suggestions(&article).map(|all| all.len());
        match (found, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{json}"),
            (Err(StoreError::Damaged { reason: Damage::Suggestions { flaw, .. }, .. }), Err(kind)) => {
                assert_eq!(flaw.kind(), kind, "{json}");
            }
            other => panic!("{json}: {other:?}"),
        }
        let annotator = store.annotators().unwrap().first().map(|a| a.id);
        assert!(annotator.is_none_or(|annotator| store.layer(id, annotator).is_ok()), "the layer is not concerned");
    }

    #[test]
    fn what_does_not_fit_the_text_is_named() {
        let row = |place: &str, rest: &str| format!(r#"[{{{place},{rest}}}]"#);
        let ali = r#""s":0,"e":3,"l":"PER","t":"علی""#;
        let rest = r#""g":"tagger","c":0.5,"w":"learned""#;
        check("[]", Ok(0));
        check(&row(ali, rest), Ok(1));
        check(&row(&ali.replace("علی", "علي"), rest), Err("surface"));
        check(&row(&ali.replace("\"e\":3", "\"e\":99"), rest), Err("span"));
        check(&row(&ali.replace("PER", "per"), rest), Err("label"));
        check(&row(&ali.replace("PER", &Uuid::nil().to_string()), rest), Ok(0));
        check(&row(ali, &rest.replace("tagger", "oracle")), Err("span"));
        check(&row(ali, &rest.replace("learned", "guessed")), Err("span"));
        check("{", Err("span"));
    }

    #[test]
    fn engines_replace_what_they_said_and_the_place_tells_the_order() {
        let (_dir, mut store) = project_of(&["علی به تهران", "متن"]);
        let id = store.article_by_name("a1").unwrap().unwrap();
        let (per, loc) = (label(&store, "PER"), label(&store, "LOC"));
        let first = suggestion(0, 3, per, 0.9, Reason::Learned);
        store.keep_suggestions(&[(id, vec![suggestion(7, 12, loc, 0.5, Reason::Learned), first.clone()])]).unwrap();
        let article = store.article(id).unwrap();
        let all = store.suggestions(&article).unwrap();
        assert_eq!(all.iter().map(|s| s.span.start.get()).collect::<Vec<_>>(), [0, 7]);
        let imported = Suggestion { engine: Engine::Import, ..first.clone() };
        let beyond = suggestion(9, 99, per, 0.9, Reason::Learned);
        store.keep_suggestions(&[(id, vec![first.clone(), imported, beyond])]).unwrap();
        assert_eq!(store.suggestions(&article).unwrap(), [first]);
        assert_eq!(store.predictions(&article).unwrap(), []);
        let nobody = ArticleId(Uuid::nil());
        assert!(matches!(store.keep_suggestions(&[(nobody, vec![])]), Err(StoreError::NotFound { .. })));
    }

    #[test]
    fn imported_predictions_are_open_until_the_engines_say_what_is() {
        let (_dir, mut store) = project_of(&["علی به تهران", "متن", "علی"]);
        let sara = store.annotator("سارا").unwrap().id;
        let per = label(&store, "PER");
        let predict = |store: &mut SqliteStore, name: &str, ends: &[usize]| {
            let span = |end: &usize| MentionRecord {
                span: Span::from_chars(0, *end),
                label: "PER".into(),
                note: None,
                origin: Origin::Import,
            };
            let layer = LayerRecord { mentions: ends.iter().map(span).collect(), ..LayerRecord::default() };
            let text = if name == "a1" { "علی به تهران" } else { "علی" };
            let record = ArticleRecord {
                name: Some(name.to_owned()),
                text: text.into(),
                layers: vec![layer],
                ..ArticleRecord::default()
            };
            store.import_predictions(&mut [record].into_iter(), "m").unwrap();
        };
        let listed = |store: &mut SqliteStore, suggested, order| -> Vec<String> {
            let filter = Filter { suggested, order, ..Filter::of(sara) };
            store.page(&filter, 0, 9).unwrap().rows.into_iter().map(|row| row.name).collect()
        };
        let most = Order::MostSuggested;
        predict(&mut store, "a1", &[3]);
        predict(&mut store, "a3", &[3, 2]);
        assert_eq!(listed(&mut store, true, Order::Imported), ["a1", "a3"]);
        assert_eq!(listed(&mut store, false, most), ["a3", "a1", "a2"]);
        let ids = ["a1", "a3"].map(|name| store.article_by_name(name).unwrap().unwrap());
        let own = suggestion(0, 3, per, 0.5, Reason::Learned);
        let open = Suggestion { engine: Engine::Import, ..own.clone() };
        store.keep_suggestions(&[(ids[0], vec![own, open.clone()]), (ids[1], vec![open])]).unwrap();
        assert_eq!(listed(&mut store, false, most), ["a1", "a3", "a2"], "imported ones are counted with the others");
        assert_eq!(listed(&mut store, false, Order::LeastCertain), ["a1", "a3", "a2"]);
        store.keep_suggestions(&[(ids[1], vec![])]).unwrap();
        assert_eq!(listed(&mut store, true, most), ["a1"]);
        predict(&mut store, "a3", &[3, 2]);
        assert_eq!(listed(&mut store, true, most), ["a1"], "what was said before is done");
        predict(&mut store, "a3", &[2, 3, 1]);
        assert_eq!(listed(&mut store, true, most), ["a3", "a1"]);
    }

    #[test]
    fn a_label_that_was_taken_back_takes_its_suggestions_along() {
        let (_dir, mut store) = project_of(&["علی به تهران"]);
        let id = store.article_by_name("a1").unwrap().unwrap();
        let per = store.labels().unwrap().by_name("PER").unwrap().clone();
        let made = Label { id: LabelId(Uuid::from_u128(9)), name: "NEW".into(), keys: String::new(), ..per };
        let annotator = store.annotator("سارا").unwrap().id;
        store.save(annotator, &[Saved::Label(made.clone())]).unwrap();
        store.keep_suggestions(&[(id, vec![suggestion(0, 3, made.id, 0.9, Reason::Learned)])]).unwrap();
        store.save(annotator, &[Saved::LabelForgotten(made.id)]).unwrap();
        assert_eq!(store.suggestions(&store.article(id).unwrap()).unwrap(), []);
    }

    fn reason() -> impl Strategy<Value = Reason> {
        let text = "[a-z\"\\\\\u{200c}علی😀\n]{0,6}";
        prop_oneof![
            any::<(u32, u32)>().prop_map(|(times, against)| Reason::Labelled { times, against }),
            text.prop_map(|list| Reason::Listed { list: list.into() }),
            Just(Reason::Learned),
            text.prop_map(|by| Reason::Said { by: by.into() }),
        ]
    }

    proptest! {
        #[test]
        fn suggestions_come_back_as_they_went(
            text in "[a-z\"\\\\\u{200c}علی😀\u{a0}\n]{8,40}x",
            places in proptest::collection::vec((0usize..6, 1usize..4, any::<u128>(), 0f64..=1.0, reason(), 0usize..5), 0..9),
        ) {
            use crate::domain::article::Direction;
            let article = Article::new(ArticleId(Uuid::nil()), "a".into(), &text, String::new(), Direction::Auto).unwrap();
            let all: Vec<Suggestion> = places.into_iter().map(|(start, len, label, confidence, reason, engine)| {
                let engine = Engine::ALL[engine];
                Suggestion { engine, ..suggestion(start, (start + len).min(9), LabelId(Uuid::from_u128(label)), confidence, reason) }
            }).collect();
            let json = json_from_suggestions(&all.iter().collect::<Vec<_>>(), &article);
            prop_assert_eq!(suggestions_from_json(&json, &article).unwrap(), all);
        }
    }
}
