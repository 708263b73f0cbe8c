//! What a project holds, told from indexes and counts alone.
//!
//! Owns the sums. It must not read texts or spans.

use crate::domain::layer::Status;
use crate::store::contract::{AnnotatorStatistics, Result, Statistics};
use crate::store::database::{Database, count_from_sql};
use crate::store::{articles, labels};
use std::collections::HashMap;

/// The statistics of the whole project, on one unchanging view of it.
pub(super) fn statistics(db: Database<'_>) -> Result<Statistics> {
    db.reading(|| {
        let articles = count_from_sql(articles::count(db)?);
        let chars = count_from_sql(db.number("SELECT coalesce(sum(chars), 0) FROM article", [])?);
        Ok(Statistics { articles, chars, annotators: annotators(db, articles)?, labels: label_counts(db)? })
    })
}

fn annotators(db: Database<'_>, articles: u64) -> Result<Vec<AnnotatorStatistics>> {
    const SQL: &str = "SELECT status, count(*), sum(mentions) FROM layer WHERE annotator = ?1 GROUP BY status";
    let mut all = Vec::new();
    for annotator in articles::annotators(db)? {
        let mut share = AnnotatorStatistics { name: annotator.name, ..AnnotatorStatistics::default() };
        let rows = db.rows(SQL, [annotator.id.0.to_string()], |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?, r.get::<_, i64>(2)?))
        })?;
        let mut layers = 0;
        for (status, count, mentions) in rows {
            let count = count_from_sql(count);
            layers += count;
            share.mentions += count_from_sql(mentions);
            let place = Status::ALL.iter().position(|s| s.name() == status);
            if let Some(sum) = place.and_then(|place| share.by_status.get_mut(place)) {
                *sum += count;
            }
        }
        let [new, ..] = &mut share.by_status;
        *new += articles.saturating_sub(layers);
        all.push(share);
    }
    Ok(all)
}

/// Per label in use or with mentions, merges followed, in the order of the set.
fn label_counts(db: Database<'_>) -> Result<Vec<(String, u64)>> {
    let set = labels::labels(db)?;
    let mut by_shown: HashMap<_, u64> = HashMap::new();
    for (id, count) in labels::counts(db)? {
        *by_shown.entry(set.shown(id)).or_default() += count;
    }
    let counted = set.all().iter().map(|label| (label, by_shown.get(&label.id).copied().unwrap_or(0)));
    Ok(counted.filter(|(label, n)| label.is_active() || *n > 0).map(|(label, n)| (label.name.clone(), n)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::Store;
    use crate::store::sqlite::fixture::{empty_project, record};

    fn check(label: &str, expected: Option<u64>, statistics: &Statistics) {
        assert_eq!(statistics.labels.iter().find(|(name, _)| name == label).map(|(_, n)| *n), expected, "{label}");
    }

    #[test]
    fn sums_are_those_of_the_layers() {
        let (_dir, mut store) = empty_project();
        let records = [
            record("a", "علی به تهران رفت", &[("سارا", Status::Done, &[(0, 3, "PER"), (7, 12, "LOC")])]),
            record("b", "تهران", &[("سارا", Status::Flagged, &[(0, 5, "LOC")]), ("رضا", Status::Done, &[])]),
            record("c", "متن", &[]),
        ];
        store.import(&mut records.into_iter(), "x").unwrap();
        let statistics = store.statistics().unwrap();
        assert_eq!((statistics.articles, statistics.chars), (3, 24));
        let shares: Vec<_> = statistics.annotators.iter().map(|a| (a.name.as_str(), a.by_status, a.mentions)).collect();
        assert_eq!(shares, [("رضا", [2, 0, 1, 0], 0), ("سارا", [1, 0, 1, 1], 3)]);
        check("LOC", Some(2), &statistics);
        check("ORG", Some(0), &statistics);
        check("NAT", None, &statistics);
    }
}
