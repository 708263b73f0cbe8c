//! Lists of articles: a part of one, the next and the previous, and the place of one.
//!
//! Owns the places that the last filter let through, kept until something changes, so that 100,000 articles feel like 10.
//! It must not read texts.

use crate::domain::article::ArticleId;
use crate::domain::layer::Status;
use crate::store::articles;
use crate::store::contract::{ArticleRow, Filter, Page, Result, StatusFilter, Towards};
use crate::store::database::{Database, count_from_sql};
use crate::store::reason::Damage;
use crate::store::search::{self, Query};
use std::sync::Arc;

/// The places a filter lets through, in order.
enum Listed {
    /// All of them: 1 to this.
    All(i64),
    /// These.
    Some(Box<[i64]>),
}

impl Listed {
    fn len(&self) -> u64 {
        match self {
            Self::All(count) => count_from_sql(*count),
            Self::Some(places) => places.len() as u64,
        }
    }

    fn get(&self, index: u64) -> Option<i64> {
        match self {
            Self::All(count) => i64::try_from(index).ok()?.checked_add(1).filter(|place| place <= count),
            Self::Some(places) => places.get(usize::try_from(index).ok()?).copied(),
        }
    }

    /// How many of the list's places are below `position`.
    fn before(&self, position: i64) -> u64 {
        match self {
            Self::All(count) => count_from_sql((position - 1).min(*count)),
            Self::Some(places) => places.partition_point(|place| *place < position) as u64,
        }
    }
}

/// What was found out for the last filter.
#[derive(Default)]
pub(super) struct ListCache {
    listed: Option<ListedFor>,
    found: Option<Found>,
}

struct ListedFor {
    filter: Filter,
    state: (u64, u64),
    listed: Arc<Listed>,
}

/// The answer to a search. Texts never change, so it only ever grows by the articles above `upto`.
struct Found {
    search: String,
    upto: i64,
    places: Vec<i64>,
}

/// What differs when anyone wrote to the file: other connections, or this one.
fn state(db: Database<'_>) -> Result<(u64, u64)> {
    Ok((db.data_version()?, db.connection.total_changes()))
}

fn listed(db: Database<'_>, cache: &mut ListCache, filter: &Filter) -> Result<Arc<Listed>> {
    let state = state(db)?;
    if let Some(kept) = cache.listed.as_ref().filter(|kept| kept.state == state && kept.filter == *filter) {
        return Ok(Arc::clone(&kept.listed));
    }
    let count = articles::count(db)?;
    let query = Query::from_text(&filter.search);
    let listed = if query.is_empty() {
        match filter.status {
            StatusFilter::All => Listed::All(count),
            _ => Listed::Some(by_status(db, filter, count, 1..=count)?),
        }
    } else {
        let found = found(db, cache, &filter.search, &query, count)?;
        match filter.status {
            StatusFilter::All => Listed::Some(found.into()),
            _ => Listed::Some(by_status(db, filter, count, found.iter().copied())?),
        }
    };
    let listed = Arc::new(listed);
    cache.listed = Some(ListedFor { filter: filter.clone(), state, listed: Arc::clone(&listed) });
    Ok(listed)
}

fn found<'c>(db: Database<'_>, cache: &'c mut ListCache, search: &str, query: &Query, count: i64) -> Result<&'c [i64]> {
    let mut found = match cache.found.take() {
        Some(found) if found.search == search && found.upto <= count => found,
        _ => Found { search: search.to_owned(), upto: 0, places: Vec::new() },
    };
    if found.upto < count {
        found.places.extend(search::find(db, query, found.upto)?);
        found.upto = count;
    }
    Ok(&cache.found.insert(found).places)
}

/// Those of `places` (in order, up to `count`) that the annotator's layers let through. An article without a layer is new.
fn by_status(db: Database<'_>, filter: &Filter, count: i64, places: impl Iterator<Item = i64>) -> Result<Box<[i64]>> {
    const SQL: &str = "SELECT article FROM layer WHERE annotator = ?1 AND status = ?2";
    let wanted = |status: Status| match filter.status {
        StatusFilter::All => true,
        StatusFilter::Remaining => matches!(status, Status::New | Status::InProgress),
        StatusFilter::Only(only) => status == only,
    };
    let index = |place: i64| usize::try_from(place).unwrap_or(usize::MAX);
    // Articles without a layer stand on the side of `New`, so the layers of the other side are what tells.
    let new_passes = wanted(Status::New);
    let mut told = vec![false; index(count).saturating_add(1)];
    let annotator = filter.annotator.0.to_string();
    for status in Status::ALL.into_iter().filter(|status| wanted(*status) != new_passes) {
        db.rows(SQL, [&annotator, status.name()], |r| {
            if let Some(told) = told.get_mut(index(r.get(0)?)) {
                *told = true;
            }
            Ok(())
        })?;
    }
    let is_told = |place: i64| told.get(index(place)).copied().unwrap_or(false);
    Ok(places.filter(|place| is_told(*place) != new_passes).collect())
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
            (Some(position), Towards::Next) => Some(listed.before(position + 1)),
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
    use crate::domain::layer::Version;
    use crate::store::contract::{Saved, Store};
    use crate::store::sqlite::SqliteStore;
    use crate::store::sqlite::fixture::project_of;

    /// One article as a plain list knows it.
    struct Plain {
        id: ArticleId,
        name: String,
        text: String,
        status: Status,
    }

    fn check(store: &mut SqliteStore, plain: &[Plain], filter: &Filter) {
        let word = filter.search.trim();
        let passes = |p: &&Plain| {
            let by_status = match filter.status {
                StatusFilter::All => true,
                StatusFilter::Remaining => matches!(p.status, Status::New | Status::InProgress),
                StatusFilter::Only(only) => p.status == only,
            };
            by_status && (word.is_empty() || p.text.split(' ').any(|w| w.starts_with(word)))
        };
        let expected: Vec<&Plain> = plain.iter().filter(passes).collect();
        let total = expected.len() as u64;
        for first in [0, 1, total / 2, total.saturating_sub(3), total, total + 5] {
            let page = store.page(filter, first, 7).unwrap();
            let slice: Vec<&str> =
                expected.iter().skip(usize::try_from(first).unwrap()).take(7).map(|p| p.name.as_str()).collect();
            assert_eq!(page.rows.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), slice, "{filter:?} at {first}");
            assert_eq!((page.total, page.first), (total, first.min(total)));
            assert!(page.rows.iter().all(|r| plain.iter().any(|p| p.id == r.id && p.status == r.status)));
        }
        assert_eq!(store.neighbour(filter, None, Towards::Next).unwrap(), expected.first().map(|p| p.id));
        assert_eq!(store.neighbour(filter, None, Towards::Previous).unwrap(), expected.last().map(|p| p.id));
        for (at, p) in plain.iter().enumerate().step_by(137) {
            let place = expected.iter().position(|e| e.id == p.id).map(|i| i as u64);
            assert_eq!(store.place(filter, p.id).unwrap(), place);
            let next = plain.iter().skip(at + 1).find(passes).map(|p| p.id);
            assert_eq!(store.neighbour(filter, Some(p.id), Towards::Next).unwrap(), next);
            let previous = plain.iter().take(at).rev().find(passes).map(|p| p.id);
            assert_eq!(store.neighbour(filter, Some(p.id), Towards::Previous).unwrap(), previous);
        }
    }

    #[test]
    fn every_list_is_the_plain_list_while_it_changes() {
        let texts: Vec<String> = (0..2_000).map(|n| format!("متن w{} v{}", n % 13, n % 5)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (_dir, mut writer) = project_of(&texts);
        let sara = writer.annotator("سارا").unwrap().id;
        let path = writer.project().unwrap().path;
        let mut reader = SqliteStore::open_read_only(&path).unwrap();
        let mut plain: Vec<Plain> = texts
            .iter()
            .enumerate()
            .map(|(n, text)| {
                let name = format!("a{}", n + 1);
                let id = writer.article_by_name(&name).unwrap().unwrap();
                Plain { id, name, text: (*text).to_owned(), status: Status::New }
            })
            .collect();
        let mut versions = vec![Version::default(); plain.len()];
        for round in 0..3usize {
            let mut parts = Vec::new();
            for at in (round..plain.len()).step_by(7 + round) {
                let (from, to) = (plain[at].status, Status::ALL[(at + round) % 4]);
                let operations = vec![Operation::SetStatus { from, to }];
                parts.push(Saved::Layer { article: plain[at].id, base: versions[at], operations });
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
