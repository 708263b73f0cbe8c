//! Lists of articles: a part of one, the next and the previous, and the place of one.
//!
//! Owns the places that the last filter let through, kept until something changes, so that 100,000 articles feel like 10.
//! It must not read texts.

use crate::domain::article::ArticleId;
use crate::domain::layer::Status;
use crate::store::articles;
use crate::store::contract::{ArticleRow, Filter, Page, Result, Towards};
use crate::store::database::{Database, count_from_sql};
use crate::store::narrowing;
use crate::store::ordering::{self, Counting, Disputes, Ranks};
use crate::store::reason::Damage;
use crate::store::search::{self, Query};
use std::sync::Arc;

/// The places a filter lets through.
enum Places {
    /// All of them as imported: 1 to this.
    All(i64),
    /// These, in the order of the list.
    Some(Box<[i64]>),
}

/// A list: its places in order, and what ranks them when they do not stand as imported.
struct Listed {
    places: Places,
    ranks: Option<Ranks>,
}

impl Listed {
    /// The list of `places`, which come as imported.
    fn new(places: Places, ranks: Option<Ranks>) -> Self {
        let Some(ranks) = ranks else { return Self { places, ranks: None } };
        let mut ordered: Box<[i64]> = match places {
            Places::All(count) => (1..=count).collect(),
            Places::Some(places) => places,
        };
        ordered.sort_by_cached_key(|place| (ranks.of(*place), *place));
        Self { places: Places::Some(ordered), ranks: Some(ranks) }
    }

    fn len(&self) -> u64 {
        match &self.places {
            Places::All(count) => count_from_sql(*count),
            Places::Some(places) => places.len() as u64,
        }
    }

    fn get(&self, index: u64) -> Option<i64> {
        match &self.places {
            Places::All(count) => i64::try_from(index).ok()?.checked_add(1).filter(|place| place <= count),
            Places::Some(places) => places.get(usize::try_from(index).ok()?).copied(),
        }
    }

    fn rank(&self, place: i64) -> (u64, i64) {
        (self.ranks.as_ref().map_or(0, |ranks| ranks.of(place)), place)
    }

    /// How many of the list's places come before `position`, which need not be among them.
    fn before(&self, position: i64) -> u64 {
        match &self.places {
            Places::All(count) => count_from_sql((position - 1).min(*count)),
            Places::Some(places) => places.partition_point(|place| self.rank(*place) < self.rank(position)) as u64,
        }
    }

    /// How many come before `position` or are it.
    fn upto(&self, position: i64) -> u64 {
        let before = self.before(position);
        if self.get(before) == Some(position) { before + 1 } else { before }
    }
}

/// What was found out for the last filter.
#[derive(Default)]
pub(super) struct ListCache {
    listed: Option<ListedFor>,
    found: Option<Found>,
    disputes: Disputes,
}

struct ListedFor {
    filter: Filter,
    state: State,
    listed: Arc<Listed>,
}

/// The answer to a search. Texts never change, so it only ever grows by the articles above `upto`.
struct Found {
    search: String,
    upto: i64,
    places: Vec<i64>,
    /// How often the words stand at the first of the places, as far as it was asked.
    counts: Vec<u64>,
}

/// What differs when a list may have changed: the project's revision and, where suggestions count, whether anyone wrote to the
/// file at all (other connections, or this one).
type State = (String, Option<(u64, u64)>);

fn state(db: Database<'_>, filter: &Filter) -> Result<State> {
    let at_all = filter.suggested || ordering::looks_at_suggestions(filter.order);
    let written = if at_all { Some((db.data_version()?, db.connection.total_changes())) } else { None };
    Ok((db.revision()?, written))
}

fn listed(db: Database<'_>, cache: &mut ListCache, filter: &Filter) -> Result<Arc<Listed>> {
    let state = state(db, filter)?;
    if let Some(kept) = cache.listed.as_ref().filter(|kept| kept.state == state && kept.filter == *filter) {
        return Ok(Arc::clone(&kept.listed));
    }
    let count = articles::count(db)?;
    let query = Query::from_text(&filter.search);
    let found = if query.is_empty() { None } else { Some(found(db, &mut cache.found, &filter.search, &query, count)?) };
    let passing = narrowing::passing(db, filter, count)?;
    let places = match (&found, passing) {
        (None, None) => Places::All(count),
        (Some(found), None) => Places::Some(found.places.clone().into()),
        (None, Some(passing)) => Places::Some((1..=count).filter(|place| passing.has(*place)).collect()),
        (Some(found), Some(passing)) => {
            Places::Some(found.places.iter().copied().filter(|place| passing.has(*place)).collect())
        }
    };
    let found = found.map(|found| Counting { query: &query, places: &found.places, counts: &mut found.counts });
    let ranks = ordering::ranks(db, &mut cache.disputes, filter.order, count, found)?;
    let listed = Arc::new(Listed::new(places, ranks));
    cache.listed = Some(ListedFor { filter: filter.clone(), state, listed: Arc::clone(&listed) });
    Ok(listed)
}

fn found<'c>(
    db: Database<'_>,
    kept: &'c mut Option<Found>,
    search: &str,
    query: &Query,
    count: i64,
) -> Result<&'c mut Found> {
    let mut found = match kept.take() {
        Some(found) if found.search == search && found.upto <= count => found,
        _ => Found { search: search.to_owned(), upto: 0, places: Vec::new(), counts: Vec::new() },
    };
    if found.upto < count {
        found.places.extend(search::find(db, query, found.upto)?);
        found.upto = count;
    }
    Ok(kept.insert(found))
}

fn row(db: Database<'_>, annotator: &str, position: i64) -> Result<ArticleRow> {
    const SQL: &str = "SELECT a.id, a.name, a.title, l.status, coalesce(l.mentions, 0) FROM article a \
         LEFT JOIN layer l ON l.article = a.position AND l.annotator = ?1 WHERE a.position = ?2";
    let read = db.row(SQL, (annotator, position), |r| {
        let texts: (String, String, String) = (r.get(0)?, r.get(1)?, r.get(2)?);
        Ok((texts, r.get::<_, Option<String>>(3)?, r.get::<_, i64>(4)?))
    })?;
    let ((id, name, title), status, mentions) = read.ok_or_else(|| db.damaged(Damage::NoArticle(position)))?;
    let status = match status {
        None => Status::New,
        Some(text) => Status::from_name(&text)
            .ok_or_else(|| db.damaged(Damage::Status { article: name.clone(), status: text }))?,
    };
    Ok(ArticleRow { id: ArticleId(db.uuid(&id)?), name, title, status, mentions: count_from_sql(mentions) })
}

/// A part of the list.
pub(super) fn page(db: Database<'_>, cache: &mut ListCache, filter: &Filter, first: u64, count: u64) -> Result<Page> {
    db.reading(|| {
        let listed = listed(db, cache, filter)?;
        let annotator = filter.annotator.0.to_string();
        let first = first.min(listed.len());
        let places = (first..first.saturating_add(count)).map_while(|index| listed.get(index));
        let rows = places.map(|position| row(db, &annotator, position)).collect::<Result<_>>()?;
        Ok(Page { total: listed.len(), first, rows })
    })
}

/// The nearest article of the list before or after another one, or the first or last.
pub(super) fn neighbour(
    db: Database<'_>,
    cache: &mut ListCache,
    filter: &Filter,
    from: Option<ArticleId>,
    towards: Towards,
) -> Result<Option<ArticleId>> {
    db.reading(|| {
        let from = from.map(|id| articles::position(db, id)).transpose()?;
        let listed = listed(db, cache, filter)?;
        let index = match (from, towards) {
            (None, Towards::Next) => Some(0),
            (None, Towards::Previous) => listed.len().checked_sub(1),
            (Some(position), Towards::Next) => Some(listed.upto(position)),
            (Some(position), Towards::Previous) => listed.before(position).checked_sub(1),
        };
        let Some(position) = index.and_then(|index| listed.get(index)) else { return Ok(None) };
        let id = db.row("SELECT id FROM article WHERE position = ?1", [position], |r| r.get::<_, String>(0))?;
        id.map(|id| db.uuid(&id).map(ArticleId)).transpose()
    })
}

/// The place of an article in the list.
pub(super) fn place(
    db: Database<'_>,
    cache: &mut ListCache,
    filter: &Filter,
    article: ArticleId,
) -> Result<Option<u64>> {
    db.reading(|| {
        let position = articles::position(db, article)?;
        let listed = listed(db, cache, filter)?;
        let index = listed.before(position);
        Ok((listed.get(index) == Some(position)).then_some(index))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::edit::Operation;
    use crate::domain::label::{Label, LabelId};
    use crate::domain::layer::Version;
    use crate::domain::mention::Mention;
    use crate::domain::offset::Span;
    use crate::domain::suggestion::{Confidence, Engine, Reason, Suggestion};
    use crate::store::contract::{Order, Saved, StatusFilter, Store};
    use crate::store::knowledge::Knowledge;
    use crate::store::sqlite::SqliteStore;
    use crate::store::sqlite::fixture::project_of;
    use proptest::prelude::*;
    use std::collections::HashSet;

    /// One article as a plain list knows it.
    #[derive(Default)]
    struct Plain {
        id: Option<ArticleId>,
        name: String,
        text: String,
        status: Status,
        /// The labels of the annotator's mentions, as they show.
        labels: Vec<LabelId>,
        begun: bool,
        /// The confidences of what is suggested.
        suggested: Vec<f64>,
        disputed: usize,
    }

    impl Plain {
        fn passes(&self, filter: &Filter) -> bool {
            let by_status = match filter.status {
                StatusFilter::All => true,
                StatusFilter::Remaining => matches!(self.status, Status::New | Status::InProgress),
                StatusFilter::Only(only) => self.status == only,
            };
            let word = filter.search.trim();
            by_status
                && (word.is_empty() || self.words(word) > 0)
                && filter.label.is_none_or(|label| self.labels.contains(&label))
                && (filter.begun_by.is_none() || self.begun)
                && (!filter.suggested || !self.suggested.is_empty())
        }

        fn words(&self, word: &str) -> usize {
            self.text.split(' ').filter(|w| w.starts_with(word)).count()
        }

        /// What comes first, in thousandths.
        fn much(&self, filter: &Filter) -> i64 {
            let doubt = |c: &f64| 1.0 - (2.0 * c - 1.0).abs();
            match filter.order {
                Order::Imported | Order::Random(_) => 0,
                Order::MostSuggested => self.suggested.len() as i64,
                Order::LeastCertain => (self.suggested.iter().map(doubt).sum::<f64>() * 1_000.0).round() as i64,
                Order::MostDisputed => self.disputed as i64,
                Order::BestMatch if filter.search.is_empty() => 0,
                Order::BestMatch => self.words(&filter.search) as i64,
            }
        }
    }

    fn check(store: &mut SqliteStore, plain: &[Plain], filter: &Filter) {
        // How the shuffled list stands is another test's: here it must be the same wherever it is asked for.
        let shuffled: Vec<ArticleId> = match filter.order {
            Order::Random(_) => {
                let all = Filter { order: filter.order, ..Filter::of(filter.annotator) };
                store.page(&all, 0, u64::MAX).unwrap().rows.iter().map(|row| row.id).collect()
            }
            _ => Vec::new(),
        };
        let place_of = |p: &Plain| shuffled.iter().position(|id| Some(*id) == p.id);
        let mut ordered: Vec<&Plain> = plain.iter().collect();
        ordered.sort_by_key(|p| (place_of(p), -p.much(filter)));
        let expected: Vec<&Plain> = ordered.iter().copied().filter(|p| p.passes(filter)).collect();
        let total = expected.len() as u64;
        for first in [0, 1, total / 2, total.saturating_sub(3), total, total + 5] {
            let page = store.page(filter, first, 7).unwrap();
            let slice: Vec<&str> =
                expected.iter().skip(usize::try_from(first).unwrap()).take(7).map(|p| p.name.as_str()).collect();
            assert_eq!(page.rows.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), slice, "{filter:?} at {first}");
            assert_eq!((page.total, page.first), (total, first.min(total)));
            assert!(page.rows.iter().all(|r| plain.iter().any(|p| p.id == Some(r.id) && p.status == r.status)));
        }
        assert_eq!(store.neighbour(filter, None, Towards::Next).unwrap(), expected.first().and_then(|p| p.id));
        assert_eq!(store.neighbour(filter, None, Towards::Previous).unwrap(), expected.last().and_then(|p| p.id));
        for (at, p) in ordered.iter().enumerate().step_by(plain.len().div_ceil(15)) {
            let id = p.id.unwrap();
            let place = expected.iter().position(|e| e.id == p.id).map(|i| i as u64);
            assert_eq!(store.place(filter, id).unwrap(), place);
            if filter.order == Order::BestMatch && !p.passes(filter) {
                // What the search does not find is not counted.
                continue;
            }
            let next = ordered.iter().skip(at + 1).find(|p| p.passes(filter)).and_then(|p| p.id);
            assert_eq!(store.neighbour(filter, Some(id), Towards::Next).unwrap(), next, "{filter:?}");
            let previous = ordered.iter().take(at).rev().find(|p| p.passes(filter)).and_then(|p| p.id);
            assert_eq!(store.neighbour(filter, Some(id), Towards::Previous).unwrap(), previous, "{filter:?}");
        }
    }

    /// A project of these texts and the plain list of it.
    fn plain_project(texts: &[&str]) -> (tempfile::TempDir, SqliteStore, Vec<Plain>) {
        let (dir, store) = project_of(texts);
        let plain = (1..).zip(texts).map(|(n, text)| {
            let name = format!("a{n}");
            Plain { id: store.article_by_name(&name).unwrap(), name, text: (*text).to_owned(), ..Plain::default() }
        });
        let plain = plain.collect();
        (dir, store, plain)
    }

    /// What is done to one article, at random.
    #[derive(Clone, Debug)]
    struct Doing {
        status: usize,
        own: Vec<usize>,
        other: Option<Vec<usize>>,
        suggested: Vec<u8>,
    }

    fn doing() -> impl Strategy<Value = Doing> {
        let labels = || proptest::collection::vec(0usize..3, 0..4);
        let suggested = proptest::collection::vec(0u8..=100, 0..3);
        (0usize..4, labels(), proptest::option::of(labels()), suggested)
            .prop_map(|(status, own, other, suggested)| Doing { status, own, other, suggested })
    }

    /// Mentions of these labels at the first letters of a text, one a letter.
    fn mentions(labels: &[usize], ids: &[LabelId]) -> Vec<Mention> {
        let mention = |(at, label): (usize, &usize)| Mention::new(Span::from_chars(at, at + 1), ids[*label]);
        labels.iter().enumerate().map(mention).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        #[test]
        fn every_order_and_filter_is_the_plain_list(all in proptest::collection::vec(doing(), 30..60)) {
            let texts: Vec<String> = (0..all.len()).map(|n| format!("abcd {} w{}", "w1 ".repeat(n % 4), n % 3)).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let (_dir, mut store, mut plain) = plain_project(&texts);
            let (sara, reza) = (store.annotator("سارا").unwrap().id, store.annotator("رضا").unwrap().id);
            let set = store.labels().unwrap();
            // The last of the three was merged into the one before it.
            let merged = Label { merged_into: Some(set.by_name("LOC").unwrap().id), ..set.by_name("FAC").unwrap().clone() };
            let ids = ["PER", "LOC", "FAC"].map(|name| set.by_name(name).unwrap().id);
            store.save(sara, &[Saved::Label(merged)]).unwrap();
            for (p, doing) in plain.iter_mut().zip(&all) {
                let article = p.id.unwrap();
                let shown = |label: usize| ids[label.min(1)];
                let mut save = |annotator, labels: &[usize], to: Status| {
                    let mut operations: Vec<Operation> = mentions(labels, &ids).into_iter().map(Operation::Add).collect();
                    operations.push(Operation::SetStatus { from: Status::New, to });
                    store.save(annotator, &[Saved::Layer { article, base: Version(0), operations }]).unwrap();
                };
                p.status = Status::ALL[doing.status];
                save(sara, &doing.own, p.status);
                p.labels = doing.own.iter().map(|label| shown(*label)).collect();
                p.begun = p.status != Status::New || !doing.own.is_empty();
                if let Some(other) = &doing.other {
                    save(reza, other, Status::Done);
                    let keys = |labels: &[usize]| -> HashSet<(usize, LabelId)> {
                        labels.iter().enumerate().map(|(at, label)| (at, shown(*label))).collect()
                    };
                    if p.status == Status::Done || !doing.own.is_empty() {
                        p.disputed = keys(&doing.own).symmetric_difference(&keys(other)).count();
                    }
                }
                let suggestions: Vec<Suggestion> = doing.suggested.iter().zip(0..).map(|(percent, at)| Suggestion {
                    span: Span::from_chars(at, at + 1),
                    label: ids[0],
                    engine: Engine::Lexicon,
                    confidence: Confidence::new(f64::from(*percent) / 100.0),
                    reason: Reason::Learned,
                }).collect();
                p.suggested = doing.suggested.iter().map(|percent| f64::from(*percent) / 100.0).collect();
                store.keep_suggestions(&[(article, suggestions)]).unwrap();
            }
            let orders = [
                Order::Imported, Order::MostSuggested, Order::LeastCertain, Order::MostDisputed, Order::Random(7), Order::BestMatch,
            ];
            let base = Filter::of(sara);
            let filters = [
                base.clone(),
                Filter { label: Some(ids[1]), ..base.clone() },
                Filter { label: Some(ids[0]), status: StatusFilter::Remaining, ..base.clone() },
                Filter { begun_by: Some(sara), ..base.clone() },
                Filter { suggested: true, search: "w1".into(), ..base.clone() },
                Filter { search: "w".into(), status: StatusFilter::Only(Status::Done), begun_by: Some(sara), ..base },
            ];
            for order in orders {
                for filter in &filters {
                    check(&mut store, &plain, &Filter { order, ..filter.clone() });
                }
            }
        }
    }

    #[test]
    fn a_list_of_suggestions_follows_what_others_keep() {
        let (_dir, mut store, plain) = plain_project(&["یک", "دو"]);
        let path = store.project().unwrap().path;
        let mut reader = SqliteStore::open_read_only(&path).unwrap();
        let filter = Filter { suggested: true, ..Filter::of(store.annotator("سارا").unwrap().id) };
        assert_eq!(reader.page(&filter, 0, 9).unwrap().total, 0);
        let suggestion = Suggestion {
            span: Span::from_chars(0, 1),
            label: store.labels().unwrap().all()[0].id,
            engine: Engine::Tagger,
            confidence: Confidence::ONE,
            reason: Reason::Learned,
        };
        store.keep_suggestions(&[(plain[1].id.unwrap(), vec![suggestion])]).unwrap();
        assert_eq!(reader.page(&filter, 0, 9).unwrap().rows[0].name, "a2");
        assert_eq!(store.page(&filter, 0, 9).unwrap().total, 1);
        store.keep_suggestions(&[(plain[1].id.unwrap(), vec![])]).unwrap();
        assert_eq!((reader.page(&filter, 0, 9).unwrap().total, store.page(&filter, 0, 9).unwrap().total), (0, 0));
    }

    #[test]
    fn every_list_is_the_plain_list_while_it_changes() {
        let texts: Vec<String> = (0..2_000).map(|n| format!("متن w{} v{}", n % 13, n % 5)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (_dir, mut writer, mut plain) = plain_project(&texts);
        let sara = writer.annotator("سارا").unwrap().id;
        let path = writer.project().unwrap().path;
        let mut reader = SqliteStore::open_read_only(&path).unwrap();
        let mut versions = vec![Version::default(); plain.len()];
        for round in 0..3usize {
            let mut parts = Vec::new();
            for at in (round..plain.len()).step_by(7 + round) {
                let (from, to) = (plain[at].status, Status::ALL[(at + round) % 4]);
                let operations = vec![Operation::SetStatus { from, to }];
                parts.push(Saved::Layer { article: plain[at].id.unwrap(), base: versions[at], operations });
                versions[at] = versions[at].next();
                plain[at].status = to;
            }
            writer.save(sara, &parts).unwrap();
            for search in ["", "w1", "w12", "nothing"] {
                let statuses = Status::ALL.map(StatusFilter::Only).into_iter();
                for status in statuses.chain([StatusFilter::All, StatusFilter::Remaining]) {
                    let filter = Filter { status, search: search.to_owned(), ..Filter::of(sara) };
                    check(&mut reader, &plain, &filter);
                }
            }
            assert!(!writer.index_few(300 + round), "the index is built in parts");
            reader = SqliteStore::open_read_only(&path).unwrap();
        }
        let filter = Filter { status: StatusFilter::Remaining, search: "w1".into(), ..Filter::of(sara) };
        check(&mut writer, &plain, &filter);
    }
}
