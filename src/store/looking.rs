//! Looking for a name or a pattern in every text, with the annotator's mentions there.
//!
//! Owns which articles are read, in what turn, and what is shown around a hit. It must not say where a pattern stands: `patterns`
//! does. Layers are read only where something stands.

use crate::domain::article::Article;
use crate::domain::grapheme::{boundary_at_or_after, boundary_at_or_before};
use crate::domain::label::LabelId;
use crate::domain::layer::Layer;
use crate::domain::mention::Mention;
use crate::domain::offset::{ByteSpan, Span};
use crate::store::articles::{self, ArticleRowText};
use crate::store::contract::{Result, StoreError};
use crate::store::database::Database;
use crate::store::hits::{ArticleHits, Hit, HitQuery, Labelled};
use crate::store::layers::LayerRow;
use crate::store::narrowing::{self, Passing};
use crate::store::patterns::{Found, Places, Wanted};
use crate::store::{labels, search};
use std::ops::ControlFlow;

/// How many code points of its line are shown before and after a hit.
const CONTEXT_CHARS: usize = 40;

/// How many places the index is asked for at first, so that the first hits come soon; each time after it is asked for more.
const FIRST_PLACES: usize = 256;
const TIMES_MORE: usize = 8;

/// Shows the articles with hits, in the order of import, until the sink breaks. What is damaged has none.
pub(super) fn find_hits(
    db: Database<'_>,
    query: &HitQuery,
    sink: &mut dyn FnMut(Option<ArticleHits>) -> ControlFlow<()>,
) -> Result<()> {
    let Ok(wanted) = Wanted::from_query(query) else { return Ok(()) };
    let looking = Looking {
        db,
        annotator: query.annotator.0.to_string(),
        labelled: labelled(db, query.labelled)?,
        labelled_places: labelled_places(db, query)?,
        index_query: wanted.index_query(),
        wanted,
    };
    let (mut after, mut limit) = (0, FIRST_PLACES);
    while let Some((places, reached)) = looking.places(after, limit)? {
        let can_have = |place: &i64| looking.labelled_places.as_ref().is_none_or(|passing| passing.has(*place));
        for place in places.into_iter().filter(can_have) {
            if sink(looking.hits_at(place)?).is_break() {
                return Ok(());
            }
        }
        (after, limit) = (reached, limit.saturating_mul(TIMES_MORE));
    }
    Ok(())
}

/// What must be true of the mentions at a hit, with all the labels that show as the one asked for.
enum Needed {
    Nothing,
    With(Vec<LabelId>),
    Without(Vec<LabelId>),
    Unlabelled,
}

fn labelled(db: Database<'_>, labelled: Labelled) -> Result<Needed> {
    let set = labels::labels(db)?;
    Ok(match labelled {
        Labelled::Any => Needed::Nothing,
        Labelled::With(label) => Needed::With(labels::alike(&set, label)),
        Labelled::Without(label) => Needed::Without(labels::alike(&set, label)),
        Labelled::Unlabelled => Needed::Unlabelled,
    })
}

fn labelled_places(db: Database<'_>, query: &HitQuery) -> Result<Option<Passing>> {
    let Labelled::With(label) = query.labelled else { return Ok(None) };
    narrowing::with_label(db, query.annotator, label, articles::count(db)?).map(Some)
}

impl Needed {
    fn is_met(&self, span: Span, mentions: &[Mention]) -> bool {
        let mut labels = mentions.iter().filter(|mention| mention.span == span).map(|mention| mention.label);
        match self {
            Self::Nothing => true,
            Self::With(alike) => labels.any(|label| alike.contains(&label)),
            Self::Without(alike) => !labels.any(|label| alike.contains(&label)),
            Self::Unlabelled => labels.next().is_none(),
        }
    }
}

struct Looking<'a> {
    db: Database<'a>,
    annotator: String,
    labelled: Needed,
    /// The articles that have a mention of the label that a hit must have; `None` when it need not have one.
    labelled_places: Option<Passing>,
    index_query: Option<String>,
    wanted: Wanted,
}

impl Looking<'_> {
    /// The next places above `after` in which it can stand, about `limit` of them, and the place up to which they are all; `None`
    /// at the end. What the index does not reach is read as it is.
    fn places(&self, after: i64, limit: usize) -> Result<Option<(Vec<i64>, i64)>> {
        self.db.reading(|| {
            if let Some(query) = &self.index_query {
                let indexed = search::indexed(self.db)?;
                match search::answering(self.db, query, after, limit) {
                    Ok(places) if indexed > after => {
                        let all = places.len() < limit;
                        let last = places.last().copied().unwrap_or(after);
                        return Ok(Some((places, if all { last.max(indexed) } else { last })));
                    }
                    // As for a search of the list, a damaged index is no reason not to find.
                    Ok(_) | Err(StoreError::Damaged { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            let last = articles::count(self.db)?.min(after.saturating_add(FIRST_PLACES as i64));
            Ok((last > after).then(|| ((after + 1..=last).collect(), last)))
        })
    }

    /// The hits at a place. The texts never change, so the file is left alone while one is looked through.
    fn hits_at(&self, place: i64) -> Result<Option<ArticleHits>> {
        let Some(row) = articles::row_at(self.db, place)? else { return Ok(None) };
        let places = self.wanted.find(&row.text);
        if places.all.is_empty() {
            return Ok(None);
        }
        match self.article_hits(row, &places) {
            Err(StoreError::Damaged { .. }) => Ok(None),
            hits => hits,
        }
    }

    /// What was found in one article and has the mentions that it must have.
    fn article_hits(&self, row: ArticleRowText, places: &Places) -> Result<Option<ArticleHits>> {
        const SQL: &str = "SELECT a.title, l.version, l.status, l.spans, l.rejections, l.decisions FROM article a \
             LEFT JOIN layer l ON l.article = a.position AND l.annotator = ?1 WHERE a.position = ?2";
        let stored = self.db.row(SQL, (&self.annotator, row.position), |r| {
            let has_layer = r.get_ref(1)? != rusqlite::types::ValueRef::Null;
            Ok((r.get::<_, String>(0)?, if has_layer { Some(LayerRow::read(r, 1)?) } else { None }))
        })?;
        let Some((title, layer)) = stored else { return Ok(None) };
        let article = row.into_placed(self.db)?.article;
        let layer = layer.map_or_else(|| Ok(Layer::default()), |layer| layer.into_layer(self.db, &article))?;
        let hits: Vec<Hit> = places.all.iter().filter_map(|found| self.hit(&article, &layer, *found)).collect();
        let (article, status, version) = (article.id(), layer.status, layer.version);
        Ok((!hits.is_empty()).then_some(ArticleHits { article, title, status, version, hits, cut: places.cut }))
    }

    fn hit(&self, article: &Article, layer: &Layer, found: Found) -> Option<Hit> {
        let text = article.text();
        let span = article.offsets().span_from_bytes(found.span)?;
        let mentions: Vec<Mention> = layer.mentions.overlapping(span).cloned().collect();
        self.labelled.is_met(span, &mentions).then(|| Hit {
            span,
            whole: found.whole,
            before: before(text, found.span).into(),
            surface: found.span.slice(text).unwrap_or_default().into(),
            after: after(text, found.span).into(),
            mentions,
        })
    }
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The text before a hit on its line, from the beginning of a letter on.
fn before(text: &str, hit: ByteSpan) -> &str {
    let head = text.get(..hit.start.get()).unwrap_or_default();
    let line = head.chars().rev().take(CONTEXT_CHARS).take_while(|c| !ends_line(*c));
    let start = head.len() - line.map(char::len_utf8).sum::<usize>();
    text.get(boundary_at_or_after(text, start)..head.len()).unwrap_or_default()
}

/// The text after a hit on its line, up to the end of a letter.
fn after(text: &str, hit: ByteSpan) -> &str {
    let tail = text.get(hit.end.get()..).unwrap_or_default();
    let line = tail.chars().take(CONTEXT_CHARS).take_while(|c| !ends_line(*c));
    let end = hit.end.get() + line.map(char::len_utf8).sum::<usize>();
    text.get(hit.end.get()..boundary_at_or_before(text, end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::Direction;
    use crate::domain::grapheme::arbitrary;
    use crate::domain::label::Label;
    use crate::domain::layer::{AnnotatorId, Status, Version};
    use crate::domain::token::{TokenKind, tokens};
    use crate::store::contract::{Saved, Store};
    use crate::store::hits::{BadQuery, Hits, Pattern};
    use crate::store::patterns::MOST_PLACES;
    use crate::store::sqlite::SqliteStore;
    use crate::store::sqlite::fixture::{LayerSketch, empty_project, project_of, record};
    use proptest::prelude::*;

    fn query(annotator: AnnotatorId, wanted: &str, pattern: Pattern) -> HitQuery {
        HitQuery { annotator, wanted: wanted.to_owned(), pattern, suffixed: false, labelled: Labelled::Any }
    }

    fn all_hits(store: &SqliteStore, query: &HitQuery) -> Vec<ArticleHits> {
        let mut all = Vec::new();
        store
            .find_hits(query, &mut |hits| {
                all.extend(hits);
                ControlFlow::Continue(())
            })
            .unwrap();
        all
    }

    /// The hits in short: the article, and each surface with what is before and after it.
    fn in_short(all: &[ArticleHits]) -> Vec<String> {
        let short = |hit: &Hit| format!("{}[{}]{}", hit.before, hit.surface, hit.after);
        all.iter()
            .map(|a| format!("{}: {}", a.title, a.hits.iter().map(short).collect::<Vec<_>>().join(" | ")))
            .collect()
    }

    /// Looks while the index is not there, partly there, whole, damaged.
    fn check(texts: &[&str], wanted: &str, pattern: Pattern, expected: &[&str]) {
        let (_dir, mut store) = project_of(texts);
        let query = query(store.annotator("سارا").unwrap().id, wanted, pattern);
        while !store.index_few(1) {
            assert_eq!(in_short(&all_hits(&store, &query)), expected, "{wanted}: while the index is built");
        }
        assert_eq!(in_short(&all_hits(&store, &query)), expected, "{wanted}: by the index");
        let path = store.project().unwrap().path;
        rusqlite::Connection::open(&path).unwrap().execute("DELETE FROM search_data", []).unwrap();
        let spoilt = SqliteStore::open_read_only(&path).unwrap();
        assert_eq!(in_short(&all_hits(&spoilt, &query)), expected, "{wanted}: by a damaged index");
    }

    #[test]
    fn a_name_is_found_however_it_is_spelt() {
        let texts = ["ناجا یی", "ناجا\u{200C}يي، ناجایی", "ناجا", "نا\nجایی\nناجایی‌ها"];
        check(
            &texts,
            "ناجایی",
            Pattern::Whole,
            &["ناجا\u{200C}يي، ناجایی: [ناجا\u{200C}يي]، ناجایی | ناجا\u{200C}يي، [ناجایی]"],
        );
        let both = ["ناجا یی: [ناجا یی]", "ناجا\u{200C}يي، ناجایی: [ناجا\u{200C}يي]، ناجایی"];
        check(&texts, "ناجا یی", Pattern::Whole, &both);
        check(
            &texts,
            "ناج",
            Pattern::Prefix,
            &[
                "ناجا یی: [ناجا] یی",
                "ناجا\u{200C}يي، ناجایی: [ناجا\u{200C}يي]، ناجایی | ناجا\u{200C}يي، [ناجایی]",
                "ناجا: [ناجا]",
                "ناجایی‌ها: [ناجایی‌ها]",
            ],
        );
        check(&texts, "؟", Pattern::Whole, &[]);
    }

    #[test]
    fn a_pattern_is_found_with_its_line() {
        let long = format!("{} تهران {}\nدیگر", "م\u{64e}".repeat(40), "ن".repeat(50));
        let title = crate::domain::article::title_from_text(&long, 120);
        let shown = format!("{title}: {} [تهران] {}", "م\u{64e}".repeat(19), "ن".repeat(39));
        check(&[&long, "یک"], "ت.ران", Pattern::Regex, &[&shown]);
        check(&["یک دو\r\nسه چهار", "یک"], "^سه", Pattern::Regex, &["سه چهار: [سه] چهار"]);
        check(&["یک", "دو"], "(", Pattern::Regex, &[]);
    }

    #[test]
    fn the_tier_is_told_and_a_suffix_only_when_asked_for() {
        let (_dir, mut store) = project_of(&["پلیس و پلیس‌ها"]);
        let mut query = query(store.annotator("سارا").unwrap().id, "پلیس", Pattern::Whole);
        let tiers = |query: &HitQuery| -> Vec<bool> {
            all_hits(&store, query).iter().flat_map(|all| all.hits.iter().map(|hit| hit.whole)).collect()
        };
        assert_eq!(tiers(&query), [true]);
        query.suffixed = true;
        assert_eq!(tiers(&query), [true, false]);
        assert_eq!(store.understand(&query), Ok(()));
        assert_eq!(store.understand(&HitQuery { wanted: " ".into(), ..query }), Err(BadQuery::Nothing));
    }

    #[test]
    fn labels_at_a_hit_are_those_that_show() {
        let (_dir, mut store) = empty_project();
        let (town, facility): (&[_], &[_]) = (&[(7, 12, "LOC"), (0, 3, "PER")], &[(7, 12, "FAC")]);
        let layers = |status, mentions| -> [LayerSketch<'_>; 1] { [("سارا", status, mentions)] };
        let text = "علی به تهران رفت";
        let records = [
            record("town", text, &layers(Status::Done, town)),
            record("facility", text, &layers(Status::InProgress, facility)),
            record("wider", text, &layers(Status::Flagged, &[(4, 12, "LOC")])),
            record("none", text, &[]),
            record("damaged", text, &layers(Status::Done, town)),
        ];
        store.import(&mut records.into_iter(), "x").unwrap();
        store.connection().execute("UPDATE layer SET spans = 'x' WHERE article = 5", []).unwrap();
        let sara = store.annotator("سارا").unwrap().id;
        let set = store.labels().unwrap();
        let id = |name: &str| set.by_name(name).unwrap().id;
        let found = |store: &SqliteStore, labelled| -> Vec<(Status, Version, usize)> {
            let all = all_hits(store, &HitQuery { labelled, ..query(sara, "تهران", Pattern::Whole) });
            all.iter().map(|one| (one.status, one.version, one.hits[0].mentions.len())).collect()
        };
        let (town, facility) = ((Status::Done, Version(1), 1), (Status::InProgress, Version(1), 1));
        let (wider, none) = ((Status::Flagged, Version(1), 1), (Status::New, Version(0), 0));
        assert_eq!(found(&store, Labelled::Any), [town, facility, wider, none]);
        assert_eq!(found(&store, Labelled::With(id("LOC"))), [town]);
        assert_eq!(found(&store, Labelled::Without(id("LOC"))), [facility, wider, none]);
        assert_eq!(found(&store, Labelled::Unlabelled), [wider, none]);
        let merged = Label { merged_into: Some(id("LOC")), ..set.by_name("FAC").unwrap().clone() };
        store.save(sara, &[Saved::Label(merged)]).unwrap();
        assert_eq!(found(&store, Labelled::With(id("LOC"))), [town, facility]);
        assert_eq!(found(&store, Labelled::With(id("FAC"))), [town, facility]);
        assert_eq!(found(&store, Labelled::Without(id("LOC"))), [wider, none]);
    }

    #[test]
    fn a_long_search_can_be_stopped_whether_it_finds_or_not() {
        let texts: Vec<String> = (0..1_000).map(|n| format!("متن {n}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (_dir, mut store) = project_of(&texts);
        let annotator = store.annotator("سارا").unwrap().id;
        let calls = |store: &SqliteStore, wanted: &str, pattern, limit: usize| {
            let (mut calls, mut hits) = (0, 0);
            let mut sink = |found: Option<ArticleHits>| {
                (calls, hits) = (calls + 1, hits + usize::from(found.is_some()));
                if calls < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            };
            store.find_hits(&query(annotator, wanted, pattern), &mut sink).unwrap();
            (calls, hits)
        };
        for _ in 0..2 {
            assert_eq!(calls(&store, "متن", Pattern::Whole, 7), (7, 7));
            assert_eq!(calls(&store, "متن", Pattern::Whole, usize::MAX), (1_000, 1_000));
            assert_eq!(calls(&store, "z", Pattern::Regex, 3), (3, 0));
            assert_eq!(calls(&store, "999$", Pattern::Regex, usize::MAX), (1_000, 1), "after every text");
            store.index_some().unwrap();
        }
    }

    #[test]
    fn others_write_while_hits_are_shown_and_one_text_has_no_more_than_can_be_kept() {
        let long = "م ".repeat(MOST_PLACES + 1);
        let (_dir, mut store) = project_of(&["م", &long]);
        let query = query(store.annotator("سارا").unwrap().id, ".", Pattern::Regex);
        let mut other = SqliteStore::open(&store.project().unwrap().path).unwrap();
        let mut shown = Vec::new();
        let mut sink = |found: Option<ArticleHits>| {
            other.set_direction(other.article_by_name("a1").unwrap().unwrap(), Direction::LeftToRight).unwrap();
            shown.extend(found.map(|found| (found.hits.len(), found.cut)));
            ControlFlow::Continue(())
        };
        store.find_hits(&query, &mut sink).unwrap();
        assert_eq!(shown, [(1, false), (MOST_PLACES, true)]);
    }

    /// Whether a text is one, and its letters stand in words: a mark without its letter can be a letter to the index.
    fn is_plain(text: &str) -> bool {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        let words = tokens(text).filter(|token| token.kind != TokenKind::Symbol);
        letters(text) > 0 && letters(text) == words.filter_map(|word| word.span.slice(text)).map(letters).sum::<usize>()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_index_leaves_out_nothing(
            texts in proptest::collection::vec(arbitrary::text().prop_filter("no text to look in", |text| is_plain(text)), 1..12),
            cut in (0usize..12, 0usize..60, 1usize..30),
        ) {
            let (number, start, len) = cut;
            let wanted: String = texts[number % texts.len()].chars().skip(start).take(len).collect();
            let names: Vec<&str> = texts.iter().map(String::as_str).collect();
            let (_dir, mut store) = project_of(&names);
            let annotator = store.annotator("سارا").unwrap().id;
            let queries: Vec<HitQuery> = [(Pattern::Whole, false), (Pattern::Whole, true), (Pattern::Prefix, false)]
                .map(|(pattern, suffixed)| HitQuery { suffixed, ..query(annotator, &wanted, pattern) })
                .to_vec();
            let read: Vec<_> = queries.iter().map(|query| all_hits(&store, query)).collect();
            store.index_some().unwrap();
            for (query, read) in queries.iter().zip(&read) {
                prop_assert_eq!(&all_hits(&store, query), read);
                for hit in read.iter().flat_map(|all| &all.hits) {
                    prop_assert!(!hit.surface.is_empty());
                    let shown = [&hit.before, &hit.after].map(|part| part.chars().count());
                    prop_assert!(shown.iter().all(|chars| *chars <= CONTEXT_CHARS));
                }
            }
        }
    }
}
