//! What a project has, given out for another one to take in.
//!
//! Owns reading article after article on one unchanging view of the project. It must not know who takes it.

use crate::domain::label::LabelSet;
use crate::domain::layer::Version;
use crate::domain::record::ArticleRecord;
use crate::store::contract::{Result, Selection};
use crate::store::database::{At, Database, count_from_sql};
use crate::store::sqlite::SqliteStore;
use crate::store::{articles, exporting, labels};
use rusqlite::{Transaction, TransactionBehavior};

/// What a project or a file has of one article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Theirs {
    /// Which of the projects and files it is from, counted from 0.
    pub source: usize,
    /// The article with its layers.
    pub record: ArticleRecord,
    /// The version of each layer, in their order; 0 where a file counts none.
    pub versions: Vec<Version>,
}

/// The articles of a project, one after the other, as it was when this was made.
pub struct TheirArticles<'a> {
    db: Database<'a>,
    /// Ends with this, and with it the view.
    _view: Transaction<'a>,
    labels: LabelSet,
    position: i64,
    last: i64,
}

impl SqliteStore {
    /// Begins to give out its articles.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when it cannot be read.
    pub fn their_articles(&self) -> Result<TheirArticles<'_>> {
        let db = self.database();
        let view = Transaction::new_unchecked(db.connection, TransactionBehavior::Deferred).at(db.path)?;
        Ok(TheirArticles { db, _view: view, labels: labels::labels(db)?, position: 0, last: articles::count(db)? })
    }
}

impl TheirArticles<'_> {
    /// The labels of the project.
    #[must_use]
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// The next article with the versions of its layers, in their order; `None` behind the last one.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when it cannot be read.
    #[expect(clippy::should_implement_trait, reason = "it can fail, and is then asked no more")]
    pub fn next(&mut self) -> Result<Option<(ArticleRecord, Vec<Version>)>> {
        const SQL: &str = "SELECT l.version FROM layer l JOIN annotator n ON n.id = l.annotator \
             WHERE l.article = ?1 ORDER BY n.name";
        while self.position < self.last {
            self.position += 1;
            let record = exporting::record_at(self.db, self.position, &Selection::default(), &self.labels)?;
            let Some(record) = record else { continue };
            let versions = self.db.rows(SQL, [self.position], |r| Ok(Version(count_from_sql(r.get(0)?))))?;
            return Ok(Some((record, versions)));
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::layer::{Status, Version};
    use crate::store::contract::Store;
    use crate::store::sqlite::fixture::{empty_project, record};

    #[test]
    fn articles_come_with_the_versions_of_their_layers_as_they_were() {
        let (_dir, mut store) = empty_project();
        let records = [
            record("a", "علی رفت", &[("سارا", Status::Done, &[(0, 3, "PER")]), ("رضا", Status::New, &[])]),
            record("b", "متن", &[]),
        ];
        store.import(&mut records.into_iter(), "x").unwrap();
        let path = store.project().unwrap().path;
        let other = crate::store::sqlite::SqliteStore::open_read_only(&path).unwrap();
        let mut theirs = other.their_articles().unwrap();
        assert!(theirs.labels().by_name("PER").is_some());
        let (first, versions) = theirs.next().unwrap().unwrap();
        assert_eq!((first.name.as_deref(), first.layers.len(), versions), (Some("a"), 1, vec![Version(1)]));
        store.import(&mut [record("c", "تازه", &[])].into_iter(), "x").unwrap();
        assert_eq!(theirs.next().unwrap().unwrap().0.name.as_deref(), Some("b"));
        assert_eq!(theirs.next().unwrap(), None, "what came since is not of this view");
    }
}
