//! The names of the files in which layers are mirrored.
//!
//! Owns that every layer has one file, the same whenever it is written. It must not touch a folder.

use crate::formats::file_name::{folded_stem, stem_apart, stem_from_name};
use crate::store::contract::{Result, Store};
use crate::store::mirror::Mirror;
use std::collections::HashSet;

/// The ending of the files.
pub const ENDING: &str = "json";

/// The names of files: `ANNOTATOR/ARTICLE.json`. Of names that would be one file where the file system folds case or normal forms, the
/// one that was in the project first has its own; the others are told apart by their hash. As nothing leaves a project and no name in
/// it changes, a file's name does not change either.
#[derive(Clone, Debug, Default)]
pub struct MirrorNames {
    articles: HashSet<String>,
    annotators: HashSet<String>,
    /// How many names were looked through.
    seen: (u64, usize),
}

impl MirrorNames {
    /// Looks through the names of a project, unless that was done and none is new.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when they cannot be read.
    pub fn renew<S: Store + Mirror + ?Sized>(&mut self, store: &S) -> Result<()> {
        let mut annotators = store.annotators()?;
        let seen = (store.project()?.articles, annotators.len());
        if seen == self.seen {
            return Ok(());
        }
        // Their ids say who came first.
        annotators.sort_by_key(|annotator| annotator.id.0);
        let mut later = Later::default();
        annotators.iter().for_each(|annotator| later.see(&annotator.name));
        self.annotators = later.names;
        let mut later = Later::default();
        store.each_article_name(&mut |name| later.see(name))?;
        self.articles = later.names;
        self.seen = seen;
        Ok(())
    }

    /// The file of a layer, with `/` between its folder and it.
    #[must_use]
    pub fn file_of(&self, annotator: &str, article: &str) -> String {
        format!("{}/{}.{ENDING}", stem(&self.annotators, annotator), stem(&self.articles, article))
    }
}

/// What two names of files have alike that are one file where the file system folds names.
#[must_use]
pub fn folded_file(name: &str) -> String {
    folded_stem(name)
}

fn stem(later: &HashSet<String>, name: &str) -> String {
    if later.contains(name) { stem_apart(name) } else { stem_from_name(name) }
}

/// The names whose file an earlier one has.
#[derive(Default)]
struct Later {
    taken: HashSet<String>,
    names: HashSet<String>,
}

impl Later {
    fn see(&mut self, name: &str) {
        if !self.taken.insert(folded_stem(&stem_from_name(name))) {
            self.names.insert(name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Rules;
    use crate::domain::record::ArticleRecord;
    use crate::store::sqlite::{SqliteStore, default_labels};

    #[test]
    fn names_that_fold_alike_have_files_of_their_own_for_good() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.barchasb");
        let mut store = SqliteStore::create(&path, Rules::default(), default_labels()).unwrap();
        let mut import = |names: &[&str]| {
            let record = |name: &&str| ArticleRecord {
                name: Some((*name).to_owned()),
                text: (*name).to_owned(),
                ..ArticleRecord::default()
            };
            store.import(&mut names.iter().map(record), "x").unwrap();
            store.annotator("x").unwrap();
            let mut found = MirrorNames::default();
            found.renew(&store).unwrap();
            found
        };
        let before = import(&["b", "A", "../c"]);
        let after = import(&["a", "B"]);
        assert_eq!(after.file_of("x", "../c"), "x/%2E.%2Fc.json");
        for name in ["b", "A"] {
            assert_eq!(before.file_of("x", name), format!("x/{name}.json"));
            assert_eq!(after.file_of("x", name), before.file_of("x", name));
        }
        assert_eq!(after.file_of("x", "a"), "x/a%~ca978112ca1bbdca.json");
        assert_ne!(folded_file(&after.file_of("x", "a")), folded_file(&after.file_of("x", "A")));
    }
}
