//! Searching the texts: words folded by the domain, an index built in the background, and a scan of what it lacks.
//!
//! Owns what a word of a search is. Index and scan see the same words of an article, so the answer does not depend on how
//! far the index is; what a user types never reaches the index's own query language unquoted.

use crate::domain::fold::folded;
use crate::domain::token::ZWNJ;
use crate::store::articles;
use crate::store::contract::{Result, StoreError};
use crate::store::database::{At, Database, sql_count};
use crate::store::reason::Damage;
use std::ops::ControlFlow;

/// How many articles, and how many bytes of text, go into the index in one transaction.
pub(super) const INDEX_ARTICLES: usize = 2_000;
const INDEX_BYTES: usize = 16 << 20;

/// The setting that holds the place up to which the index reaches.
const INDEXED: &str = "search.indexed";

/// How many words one query of the index holds; more are asked for in turns.
const WORDS_PER_QUERY: usize = 16;

/// Signs that are no letters but fold to words: of ۵۰﷼, 50 is a word.
const WORD_SIGNS: [char; 2] = ['\u{FDFC}', '\u{FDFD}'];

/// The words of `text` once folded, parted at everything that is neither letter nor digit.
fn push_words(out: &mut String, text: &str) {
    for part in text.split_inclusive(WORD_SIGNS) {
        let (before, sign) = part.split_at(part.trim_end_matches(WORD_SIGNS).len());
        push_folded(out, before);
        push_folded(out, sign);
    }
}

fn push_folded(out: &mut String, text: &str) {
    for word in folded(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    // The index folds ASCII letters in any case; a scan must see the same.
    out.make_ascii_lowercase();
}

/// What stands in the index for an article: the words of its name and text, then the parts of words that hold a ZWNJ.
fn indexed_words(name: &str, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + name.len() + 1);
    push_words(&mut out, name);
    push_words(&mut out, text);
    if text.contains(ZWNJ) {
        let mut parts = String::new();
        for word in text.split_whitespace().filter(|word| word.contains(ZWNJ)) {
            parts.push_str(word);
            parts.push(' ');
        }
        push_words(&mut out, &parts.replace(ZWNJ, " "));
    }
    out
}

/// One word of a search: any of its spellings, each one or more words that stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    spellings: Vec<String>,
    prefix: bool,
}

impl Wanted {
    /// Its spellings as they stand between words that are parted by single spaces.
    fn needles(&self) -> impl Iterator<Item = String> {
        let after = if self.prefix { "" } else { " " };
        self.spellings.iter().map(move |spelling| format!(" {spelling}{after}"))
    }

    /// How often it stands among such words.
    fn count(&self, words: &str) -> u64 {
        let count = |needle: String| -> usize {
            // The space after one is the space before the next.
            let stands = |(at, _): &(usize, &str)| words.get(*at..).is_some_and(|rest| rest.starts_with(&needle));
            words.match_indices(needle.trim_end()).filter(stands).count()
        };
        self.needles().map(count).sum::<usize>() as u64
    }
}

/// What a search asks for; all of its words must stand in the article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    wanted: Vec<Wanted>,
}

impl Query {
    /// What the user's words ask for. Without a letter or digit in it, it asks for nothing and every article answers.
    pub(super) fn from_text(text: &str) -> Self {
        let mut wanted: Vec<Wanted> = text.split_whitespace().filter_map(wanted_from_word).collect();
        if let Some(last) = wanted.last_mut() {
            last.prefix = true;
        }
        Self { wanted }
    }

    /// Whether it asks for nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// The queries of the index whose answers must all be met. The words hold letters and digits alone, in quotes.
    fn expressions(&self) -> impl Iterator<Item = String> {
        self.wanted.chunks(WORDS_PER_QUERY).map(|words| {
            let word = |w: &Wanted| {
                let star = if w.prefix { " *" } else { "" };
                let spellings: Vec<String> = w.spellings.iter().map(|s| format!("\"{s}\"{star}")).collect();
                format!("({})", spellings.join(" OR "))
            };
            words.iter().map(word).collect::<Vec<_>>().join(" AND ")
        })
    }

    /// Whether an article of these indexed words answers, as the index would.
    fn is_met(&self, words: &str) -> bool {
        let padded = format!(" {words} ");
        self.wanted.iter().all(|w| w.needles().any(|needle| padded.contains(&needle)))
    }

    /// How often its words stand in an article: each as often as with ZWNJ for nothing or for a space, whichever finds more.
    fn count(&self, name: &str, text: &str) -> u64 {
        let view = |text: &str| {
            let mut words = String::with_capacity(text.len() + name.len() + 2);
            push_words(&mut words, name);
            push_words(&mut words, text);
            format!(" {words} ")
        };
        let joined = view(text);
        let parted = text.contains(ZWNJ).then(|| view(&text.replace(ZWNJ, " ")));
        let count = |w: &Wanted| {
            let counts = [Some(&joined), parted.as_ref()].into_iter().flatten().map(|words| w.count(words));
            counts.max().unwrap_or_default()
        };
        self.wanted.iter().map(count).sum()
    }
}

/// How often the words of a search stand in the name and text of the article at a place.
pub(super) fn count_words(db: Database<'_>, query: &Query, place: i64) -> Result<u64> {
    const SQL: &str = "SELECT name, text FROM article WHERE position = ?1";
    let count = db.row(SQL, [place], |r| Ok(query.count(r.get_ref(0)?.as_str()?, r.get_ref(1)?.as_str()?)))?;
    Ok(count.unwrap_or_default())
}

fn wanted_from_word(word: &str) -> Option<Wanted> {
    let (mut joined, mut parted) = (String::new(), String::new());
    push_words(&mut joined, word);
    push_words(&mut parted, &word.replace(ZWNJ, " "));
    if joined.is_empty() {
        return None;
    }
    let spellings = if parted.is_empty() || parted == joined { vec![joined] } else { vec![joined, parted] };
    Some(Wanted { spellings, prefix: false })
}

/// The places, in order and above `after`, of the articles that answer.
pub(super) fn find(db: Database<'_>, query: &Query, after: i64) -> Result<Vec<i64>> {
    let (mut found, scanned_from) = match find_indexed(db, query, after) {
        Ok(found) => (found, indexed(db)?.max(after)),
        // The texts are what counts: a damaged index is a fault for the check to tell and no reason not to find.
        Err(StoreError::Damaged { .. }) => (Vec::new(), after),
        Err(error) => return Err(error),
    };
    for_each_text(db, scanned_from, |position, name, text| {
        if query.is_met(&indexed_words(name, text)) {
            found.push(position);
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

fn find_indexed(db: Database<'_>, query: &Query, after: i64) -> Result<Vec<i64>> {
    const SQL: &str = "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid > ?2 ORDER BY rowid";
    let mut found: Option<Vec<i64>> = None;
    for expression in query.expressions() {
        let places = db.rows(SQL, (expression, after), |r| r.get::<_, i64>(0))?;
        found = Some(match found {
            None => places,
            Some(earlier) => earlier.into_iter().filter(|p| places.binary_search(p).is_ok()).collect(),
        });
    }
    Ok(found.unwrap_or_default())
}

/// The first places, in order, above `after` and at most `limit` of them, of the articles that answer one query of the index. Its
/// words hold letters and digits alone, in quotes.
pub(super) fn answering(db: Database<'_>, expression: &str, after: i64, limit: usize) -> Result<Vec<i64>> {
    const SQL: &str = "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid > ?2 ORDER BY rowid LIMIT ?3";
    db.rows(SQL, (expression, after, sql_count(limit)), |r| r.get(0))
}

/// The place up to which the index reaches.
pub(super) fn indexed(db: Database<'_>) -> Result<i64> {
    let Some(place) = db.setting(INDEXED)? else { return Ok(0) };
    place.parse().map_err(|_| db.damaged(Damage::SearchPlace(place.clone())))
}

/// Shows the name and text of every article above a place, in order, without copying them.
fn for_each_text(db: Database<'_>, after: i64, mut show: impl FnMut(i64, &str, &str) -> ControlFlow<()>) -> Result<()> {
    const SQL: &str = "SELECT position, name, text FROM article WHERE position > ?1 ORDER BY position";
    let mut statement = db.connection.prepare_cached(SQL).at(db.path)?;
    let mut rows = statement.query([after]).at(db.path)?;
    while let Some(row) = rows.next().at(db.path)? {
        let text = |column: usize| {
            row.get_ref(column).at(db.path)?.as_str().map_err(|error| db.damaged(Damage::Database(error.to_string())))
        };
        if show(row.get(0).at(db.path)?, text(1)?, text(2)?).is_break() {
            break;
        }
    }
    Ok(())
}

/// Puts the next articles, at most `limit`, into the index in one transaction; `true` when none is missing.
pub(super) fn index_some(db: Database<'_>, limit: usize) -> Result<bool> {
    let reached = indexed(db)?;
    if reached >= articles::count(db)? {
        return Ok(true);
    }
    db.writing(|| {
        // Another connection may have been at it meanwhile.
        let reached = indexed(db)?;
        let mut documents: Vec<(i64, String)> = Vec::new();
        let mut bytes = 0;
        for_each_text(db, reached, |position, name, text| {
            bytes += text.len();
            documents.push((position, indexed_words(name, text)));
            let full = documents.len() >= limit || bytes >= INDEX_BYTES;
            if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        for (position, words) in &documents {
            db.run("INSERT INTO search (rowid, words) VALUES (?1, ?2)", (position, words))?;
        }
        let reached = documents.last().map_or(reached, |(position, _)| *position);
        db.set_setting(INDEXED, &reached.to_string())?;
        Ok(reached >= articles::count(db)?)
    })
}

/// Empties the index, so that [`index_some`] builds it anew.
pub(super) fn forget_index(db: Database<'_>) -> Result<()> {
    db.writing(|| {
        db.run("INSERT INTO search (search) VALUES ('delete-all')", [])?;
        db.set_setting(INDEXED, "0")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::{Filter, Store};
    use crate::store::sqlite::fixture::project_of;

    const TEXTS: [&str; 8] = [
        "گروهک‌های معاند",
        "علي و كاظم به تهران\u{a0}بزرگ رفتند",
        "ناجا یی",
        "تهرانسر؛ ایران-عراق",
        "AND \"OR\" NEAR(a b) -x* ^y (Tehran)",
        "ناجا‌یی را دید",
        "می‌رود",
        "به ۵۰﷼ رسید",
    ];

    /// Searches before, while and after the index is built; the answer must be the same.
    fn check(search: &str, expected: &[&str]) {
        let (_dir, mut store) = project_of(&TEXTS);
        let annotator = store.annotator("سارا").unwrap().id;
        let filter = Filter { search: search.to_owned(), ..Filter::of(annotator) };
        let names = |page: crate::store::contract::Page| page.rows.into_iter().map(|r| r.name).collect::<Vec<_>>();
        assert_eq!(names(store.page(&filter, 0, 100).unwrap()), expected, "{search}: by a scan");
        assert!(store.index_some().unwrap());
        let path = store.project().unwrap().path;
        let mut reader = crate::store::sqlite::SqliteStore::open_read_only(&path).unwrap();
        assert_eq!(names(reader.page(&filter, 0, 100).unwrap()), expected, "{search}: by the index");
        assert_eq!(reader.check(&mut |_, _| ControlFlow::Continue(())).unwrap(), [], "the index is sound");
        store.connection().execute("UPDATE search_data SET block = x'00'", []).expect_err("is defended");
        let stranger = rusqlite::Connection::open(&path).unwrap();
        stranger.execute("DELETE FROM search_data", []).unwrap();
        let mut spoilt = crate::store::sqlite::SqliteStore::open_read_only(&path).unwrap();
        assert_eq!(names(spoilt.page(&filter, 0, 100).unwrap()), expected, "{search}: by a damaged index");
        store.rebuild_search().unwrap();
        assert_eq!(names(store.page(&filter, 0, 100).unwrap()), expected, "{search}: while rebuilt");
    }

    #[test]
    fn folded_forms_meet() {
        check("گروهکهای", &["a1"]);
        check("گروهک‌های", &["a1"]);
        check("گروهک", &["a1"]);
        check("های", &["a1"]);
        check("علی", &["a2"]);
        check("کاظم علي", &["a2"]);
        check("تهران", &["a2", "a4"]);
        check("تهران بزرگ", &["a2"]);
        check("تهران\u{a0}بزرگ", &["a2"]);
        check("ناجا‌یی", &["a3", "a6"]);
        check("ناجا یی", &["a3", "a6"]);
        check("ناجایی", &["a6"]);
        check("میرود", &["a7"]);
        check("ریال", &["a8"]);
        check("۵۰ ريال", &["a8"]);
    }

    #[test]
    fn all_words_must_stand_and_only_the_last_is_a_prefix() {
        check("تهرا", &["a2", "a4"]);
        check("تهرا بزرگ", &[]);
        check("بزرگ تهرا", &["a2"]);
        check("ایران-عراق", &["a4"]);
        check("a4", &["a4"]);
        check("", &["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"]);
        check("؟ «»", &["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"]);
    }

    #[test]
    fn what_is_typed_is_never_syntax() {
        check("\"", &["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"]);
        check("AND", &["a5"]);
        check("\"or\" near(", &["a5"]);
        check("tehran) OR تهران", &[]);
        check("words:tehran", &[]);
        check("-x", &["a5"]);
        check("zzz* OR a", &[]);
        check("NOT", &[]);
        check(&"and or near ".repeat(40), &["a5"]);
    }
}
