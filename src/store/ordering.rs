//! In which order a list stands.
//!
//! Owns the rank of every article in each [`Order`]. It must not read texts, save for the words of a search that finds few articles.

use crate::domain::label::{LabelId, LabelSet};
use crate::domain::layer::Status;
use crate::store::contract::{Order, Result};
use crate::store::database::Database;
use crate::store::search::{self, Query};
use crate::store::{labels, suggestions};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How many articles a search may find for its words to be counted; with more found the order is that of import. It is what a list
/// shows at once when the texts have some kilobytes.
const COUNTED_ARTICLES: usize = 5_000;

/// What ranks the articles of a project: the smaller first, ties in the order of import.
pub(super) struct Ranks {
    by_place: Vec<u64>,
}

impl Ranks {
    /// All articles up to a place, ranked alike and behind whatever [`set`](Self::set) ranks.
    fn last(count: i64) -> Self {
        Self { by_place: vec![u64::MAX; index(count).saturating_add(1)] }
    }

    fn set(&mut self, place: i64, rank: u64) {
        if let Some(kept) = self.by_place.get_mut(index(place)) {
            *kept = rank;
        }
    }

    /// The rank of the article at a place.
    pub(super) fn of(&self, place: i64) -> u64 {
        self.by_place.get(index(place)).copied().unwrap_or(u64::MAX)
    }
}

fn index(place: i64) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// Whether an order looks at what engines keep, which is no change of the project.
pub(super) fn looks_at_suggestions(order: Order) -> bool {
    matches!(order, Order::MostSuggested | Order::LeastCertain)
}

/// What a search found, and how often its words stand at the first of the places: it is counted once, for texts never change.
pub(super) struct Counting<'a> {
    pub(super) query: &'a Query,
    pub(super) places: &'a [i64],
    pub(super) counts: &'a mut Vec<u64>,
}

/// The ranks of the articles up to place `count`; `None` when they stand as imported. `found` is what the search found.
pub(super) fn ranks(
    db: Database<'_>,
    disputes: &mut Disputes,
    order: Order,
    count: i64,
    found: Option<Counting<'_>>,
) -> Result<Option<Ranks>> {
    Ok(match (order, found) {
        (Order::Imported, _) | (Order::BestMatch, None) => None,
        (Order::BestMatch, Some(found)) if found.places.len() > COUNTED_ARTICLES => None,
        (Order::BestMatch, Some(found)) => Some(by_words(db, found, count)?),
        (Order::MostSuggested, _) => Some(by_suggestions(db, count, |suggestions, _| suggestions)?),
        // To the thousandth: what is added up in another order is not another doubt.
        (Order::LeastCertain, _) => {
            Some(by_suggestions(db, count, |_, doubt| (doubt.max(0.0) * 1_000.0).round() as u64)?)
        }
        (Order::MostDisputed, _) => Some(disputes.ranks(db, count)?),
        (Order::Random(seed), _) => Some(shuffled(db, seed, count)?),
    })
}

fn by_words(db: Database<'_>, found: Counting<'_>, count: i64) -> Result<Ranks> {
    for place in found.places.iter().skip(found.counts.len()) {
        found.counts.push(search::count_words(db, found.query, *place)?);
    }
    let mut ranks = Ranks::last(count);
    found.places.iter().zip(found.counts).for_each(|(place, times)| ranks.set(*place, most_first(*times)));
    Ok(ranks)
}

fn by_suggestions(db: Database<'_>, count: i64, much: impl Fn(u64, f64) -> u64) -> Result<Ranks> {
    let mut ranks = Ranks::last(count);
    suggestions::each_open(db, |place, suggestions, doubt| ranks.set(place, most_first(much(suggestions, doubt))))?;
    Ok(ranks)
}

/// The rank of what comes the earlier the more there is; of nothing it is the last.
fn most_first(much: u64) -> u64 {
    !much
}

fn shuffled(db: Database<'_>, seed: u64, count: i64) -> Result<Ranks> {
    let mut ranks = Ranks::last(count);
    db.rows("SELECT position, id FROM article", [], |r| {
        ranks.set(r.get(0)?, hash(seed, r.get_ref(1)?.as_bytes()?));
        Ok(())
    })?;
    Ok(ranks)
}

/// FNV-1a of an article's identity, begun with the seed and mixed at the end as splitmix64 does: articles that are added later
/// come between the others without moving them.
fn hash(seed: u64, id: &[u8]) -> u64 {
    let begun = 0xCBF2_9CE4_8422_2325 ^ mixed(seed);
    mixed(id.iter().fold(begun, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3)))
}

fn mixed(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// How many mentions of each article are disputed, kept by the versions of its layers: after a save one article is counted anew.
///
/// A mention is disputed when not all who labelled the article have one of this span and label. Who has labelled it: those who say it
/// is done, and those who have a mention in it.
#[derive(Default)]
pub(super) struct Disputes {
    merged: HashMap<LabelId, LabelId>,
    counted: HashMap<i64, Counted>,
}

struct Counted {
    layers: u64,
    disputed: u64,
}

impl Disputes {
    fn ranks(&mut self, db: Database<'_>, count: i64) -> Result<Ranks> {
        let merged = merged(&labels::labels(db)?);
        if merged != self.merged {
            *self = Self { merged, counted: HashMap::new() };
        }
        let mut ranks = Ranks::last(count);
        for (place, layers) in shared(db)? {
            let known = self.counted.get(&place).filter(|counted| counted.layers == layers).map(|c| c.disputed);
            let disputed = match known {
                Some(disputed) => disputed,
                None => disputed(db, place, &self.merged)?,
            };
            self.counted.insert(place, Counted { layers, disputed });
            ranks.set(place, most_first(disputed));
        }
        Ok(ranks)
    }
}

/// Where the labels that were merged went.
fn merged(set: &LabelSet) -> HashMap<LabelId, LabelId> {
    let went = set.all().iter().map(|label| (label.id, set.shown(label.id)));
    went.filter(|(from, to)| from != to).collect()
}

/// The articles that two or more have labelled, with a number for the versions of their layers.
fn shared(db: Database<'_>) -> Result<Vec<(i64, u64)>> {
    const SQL: &str =
        "SELECT article, annotator, version FROM layer WHERE status = ?1 OR mentions > 0 ORDER BY article, annotator";
    let mut all: Vec<(i64, u64, u32)> = Vec::new();
    db.rows(SQL, [Status::Done.name()], |r| {
        let (place, version) = (r.get(0)?, r.get::<_, i64>(2)?);
        let layer = hash(version.unsigned_abs(), r.get_ref(1)?.as_bytes()?);
        match all.last_mut() {
            Some((last, layers, number)) if *last == place => {
                (*layers, *number) = (layers.wrapping_add(layer), *number + 1)
            }
            _ => all.push((place, layer, 1)),
        }
        Ok(())
    })?;
    Ok(all.into_iter().filter(|(_, _, number)| *number > 1).map(|(place, layers, _)| (place, layers)).collect())
}

/// What tells one mention from another in the file.
#[derive(Deserialize)]
struct KeyRow<'a> {
    s: u32,
    e: u32,
    #[serde(borrow)]
    l: Cow<'a, str>,
}

/// How many mentions not all who labelled the article at a place have. A layer that cannot be read has none.
fn disputed(db: Database<'_>, place: i64, merged: &HashMap<LabelId, LabelId>) -> Result<u64> {
    const SQL: &str = "SELECT spans FROM layer WHERE article = ?1 AND (status = ?2 OR mentions > 0)";
    let mut having: HashMap<(u32, u32, LabelId), usize> = HashMap::new();
    let layers = db.rows(SQL, (place, Status::Done.name()), |r| {
        let rows: Vec<KeyRow<'_>> = serde_json::from_str(r.get_ref(0)?.as_str()?).unwrap_or_default();
        let keys: HashSet<_> = rows.iter().filter_map(|row| Some((row.s, row.e, shown(&row.l, merged)?))).collect();
        keys.into_iter().for_each(|key| *having.entry(key).or_default() += 1);
        Ok(())
    })?;
    Ok(having.values().filter(|number| **number < layers.len()).count() as u64)
}

fn shown(label: &str, merged: &HashMap<LabelId, LabelId>) -> Option<LabelId> {
    let label = LabelId(Uuid::try_parse(label).ok()?);
    Some(merged.get(&label).copied().unwrap_or(label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::{Filter, Saved, Store};
    use crate::store::sqlite::SqliteStore;
    use crate::store::sqlite::fixture::{LayerSketch, empty_project, record};

    /// The names in an order.
    fn check(store: &mut SqliteStore, order: Order, search: &str, expected: &[&str]) {
        let annotator = store.annotator("سارا").unwrap().id;
        let filter = Filter { order, search: search.to_owned(), ..Filter::of(annotator) };
        let names: Vec<String> = store.page(&filter, 0, 99).unwrap().rows.into_iter().map(|row| row.name).collect();
        assert_eq!(names, expected, "{order:?} {search:?}");
    }

    #[test]
    fn annotators_dispute_what_not_all_have() {
        let (_dir, mut store) = empty_project();
        let text = "علی به تهران رفت";
        let layers = |mentions: [Option<&'static [Sketch]>; 3]| -> Vec<LayerSketch<'static>> {
            let names = ["سارا", "رضا", "زهرا"].into_iter().zip(mentions);
            names.filter_map(|(name, mentions)| Some((name, Status::InProgress, mentions?))).collect()
        };
        let done_without: &[LayerSketch<'_>] = &[("سارا", Status::InProgress, ALL), ("رضا", Status::Done, &[])];
        let begun_without: &[LayerSketch<'_>] = &[("سارا", Status::InProgress, ALL), ("رضا", Status::InProgress, &[])];
        let records = [
            record("agreed", text, &layers([Some(ALL), Some(ALL), None])),
            record("alone", text, &layers([Some(ALL), None, None])),
            record("begun", text, begun_without),
            record("town", text, &layers([Some(ALL), Some(AS_FACILITY), Some(ALL)])),
            record("done", text, done_without),
            record("less", text, &layers([Some(ALL), Some(&[(0, 3, "PER")]), None])),
        ];
        store.import(&mut records.into_iter(), "x").unwrap();
        check(&mut store, Order::MostDisputed, "", &["town", "done", "less", "agreed", "alone", "begun"]);
        let set = store.labels().unwrap();
        let mut merged = set.by_name("FAC").unwrap().clone();
        merged.merged_into = Some(set.by_name("LOC").unwrap().id);
        let sara = store.annotator("سارا").unwrap().id;
        store.save(sara, &[Saved::Label(merged)]).unwrap();
        check(&mut store, Order::MostDisputed, "", &["done", "less", "agreed", "alone", "begun", "town"]);
    }

    type Sketch = (usize, usize, &'static str);
    const ALL: &[Sketch] = &[(0, 3, "PER"), (7, 12, "LOC")];
    const AS_FACILITY: &[Sketch] = &[(0, 3, "PER"), (7, 12, "FAC")];

    #[test]
    fn the_words_of_a_search_are_counted_alike_by_the_index_and_without_it() {
        let (_dir, mut store) = empty_project();
        let texts = ["تهران", "تهران و تهرانی‌ها و کرج", "کرج تهران تهران تهران کرج", "کرج"];
        let mut records = (1..).zip(texts).map(|(n, text)| record(&format!("a{n}"), text, &[]));
        store.import(&mut records, "x").unwrap();
        for _ in 0..texts.len() {
            check(&mut store, Order::BestMatch, "تهران", &["a3", "a2", "a1"]);
            check(&mut store, Order::BestMatch, "تهران کرج", &["a3", "a2"]);
            check(&mut store, Order::BestMatch, "ها", &["a2"]);
            check(&mut store, Order::BestMatch, "", &["a1", "a2", "a3", "a4"]);
            store.index_few(1);
            store = SqliteStore::open(&store.project().unwrap().path).unwrap();
        }
    }

    #[test]
    fn the_words_of_a_text_are_counted_once() {
        let (_dir, mut store) = empty_project();
        let texts = ["تهران", "تهران تهران"];
        let import = |store: &mut SqliteStore, from: usize, texts: &[&str]| {
            let mut records = (from..).zip(texts).map(|(n, text)| record(&format!("a{n}"), text, &[]));
            store.import(&mut records, "x").unwrap();
        };
        import(&mut store, 1, &texts);
        check(&mut store, Order::BestMatch, "تهران", &["a2", "a1"]);
        store.connection().execute("UPDATE article SET text = 'تهران تهران تهران' WHERE position = 1", []).unwrap();
        import(&mut store, 3, &["تهران تهران تهران"]);
        check(&mut store, Order::BestMatch, "تهران", &["a3", "a2", "a1"]);
    }

    #[test]
    fn a_shuffled_list_keeps_its_order_when_articles_are_added() {
        let (_dir, mut store) = empty_project();
        let annotator = store.annotator("سارا").unwrap().id;
        let import = |store: &mut SqliteStore, from: usize| {
            let mut records = (from..from + 40).map(|n| record(&format!("n{n}"), &format!("متن {n}"), &[]));
            store.import(&mut records, "x").unwrap();
        };
        let names = |store: &mut SqliteStore, seed| -> Vec<String> {
            let filter = Filter { order: Order::Random(seed), ..Filter::of(annotator) };
            store.page(&filter, 0, 99).unwrap().rows.into_iter().map(|row| row.name).collect()
        };
        import(&mut store, 0);
        let (one, two) = (names(&mut store, 1), names(&mut store, 2));
        let mut sorted = one.clone();
        sorted.sort_by_key(|name| name[1..].parse::<usize>().unwrap());
        assert_eq!(sorted, (0..40).map(|n| format!("n{n}")).collect::<Vec<_>>());
        assert!(one != two && one != sorted);
        import(&mut store, 40);
        let mut later = names(&mut store, 1);
        later.retain(|name| one.contains(name));
        assert_eq!(later, one);
    }
}
