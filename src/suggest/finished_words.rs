//! The words of finished articles: what stands there without a label is evidence against a name.
//!
//! Owns counting the occurrences of any path of words at any time, so that a name that gets known late counts all that came
//! before. It must not know labels: a word is covered by a mention or open. An article costs 4 bytes a word, and 4 for each
//! different word of it.

use crate::domain::article::ArticleId;
use crate::suggest::word_trie::WordId;
use rustc_hash::FxHashMap;
use std::mem;

/// A word and whether a mention covers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen(u32);

impl Seen {
    pub(crate) fn new(word: WordId, covered: bool) -> Self {
        Self(word.0 << 1 | u32::from(covered))
    }

    pub(crate) fn word(self) -> WordId {
        WordId(self.0 >> 1)
    }

    fn is_open(self) -> bool {
        self.0 & 1 == 0
    }
}

/// The words before and after a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Around {
    pub(crate) before: WordId,
    pub(crate) after: WordId,
}

impl Around {
    /// The words around `len` words from `start` on; [`WordId::NONE`] at the edges of the text.
    pub(crate) fn new(words: impl Fn(usize) -> Option<WordId>, start: usize, len: usize) -> Self {
        let edge = |at: Option<usize>| at.and_then(&words).unwrap_or(WordId::NONE);
        Self { before: edge(start.checked_sub(1)), after: edge(start.checked_add(len)) }
    }
}

/// A place in a finished article where a path of words stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) around: Around,
    /// Whether a mention touches it.
    pub(crate) is_covered: bool,
}

/// The words of one finished article under one layer.
#[derive(Clone, Debug)]
struct Finished {
    article: ArticleId,
    /// Empty when it was taken out.
    words: Box<[Seen]>,
}

/// The words of all finished articles.
#[derive(Clone, Debug, Default)]
pub(crate) struct FinishedWords {
    all: Vec<Finished>,
    by_article: FxHashMap<ArticleId, Vec<u32>>,
    /// By word: which of `all` hold it.
    holding: Vec<Vec<u32>>,
    /// By word: how often it stands open.
    open: Vec<u32>,
    taken_out: usize,
}

impl FinishedWords {
    /// Puts an article in.
    pub(crate) fn put(&mut self, article: ArticleId, words: Vec<Seen>) {
        let number = self.all.len() as u32;
        for seen in &words {
            let index = seen.word().0 as usize;
            if index >= self.open.len() {
                self.open.resize(index + 1, 0);
                self.holding.resize_with(index + 1, Vec::new);
            }
            if let Some(open) = self.open.get_mut(index) {
                *open += u32::from(seen.is_open());
            }
            if let Some(holding) = self.holding.get_mut(index).filter(|all| all.last() != Some(&number)) {
                holding.push(number);
            }
        }
        self.by_article.entry(article).or_default().push(number);
        self.all.push(Finished { article, words: words.into() });
    }

    /// Takes out what was put in with the same words; whether it was there.
    pub(crate) fn take(&mut self, article: ArticleId, words: &[Seen]) -> bool {
        let Some(numbers) = self.by_article.get_mut(&article) else { return false };
        let same = |number: &u32| self.all.get(*number as usize).is_some_and(|finished| *finished.words == *words);
        let Some(at) = numbers.iter().position(same) else { return false };
        let number = numbers.remove(at) as usize;
        if numbers.is_empty() {
            self.by_article.remove(&article);
        }
        if let Some(finished) = self.all.get_mut(number) {
            finished.words = Box::default();
        }
        for seen in words.iter().filter(|seen| seen.is_open()) {
            if let Some(open) = self.open.get_mut(seen.word().0 as usize) {
                *open = open.saturating_sub(1);
            }
        }
        self.taken_out += 1;
        self.tidy();
        true
    }

    /// Builds anew when a sixteenth of what is kept was taken out: the same article is often put in again, and a word holds every
    /// number that it ever had.
    fn tidy(&mut self) {
        const LEAST: usize = 256;
        if self.taken_out > LEAST.max(self.all.len() / 16) {
            for finished in mem::take(self).all.into_iter().filter(|finished| !finished.words.is_empty()) {
                self.put(finished.article, finished.words.into());
            }
        }
    }

    /// How often a word stands open.
    pub(crate) fn open(&self, word: WordId) -> u32 {
        self.open.get(word.0 as usize).copied().unwrap_or(0)
    }

    /// Every place where a path stands.
    pub(crate) fn each(&self, path: &[WordId], mut found: impl FnMut(Place)) {
        let holding = |word: &WordId| self.holding.get(word.0 as usize).map_or(&[][..], Vec::as_slice);
        let Some(rarest) = path.iter().map(holding).min_by_key(|holding| holding.len()) else { return };
        for finished in rarest.iter().filter_map(|number| self.all.get(*number as usize)) {
            for (start, window) in finished.words.windows(path.len()).enumerate() {
                if window.iter().zip(path).all(|(seen, word)| seen.word() == *word) {
                    found(place(&finished.words, start, path.len()));
                }
            }
        }
    }
}

/// The place of `len` words from `start` on.
pub(crate) fn place(words: &[Seen], start: usize, len: usize) -> Place {
    let is_covered = words.iter().skip(start).take(len).any(|seen| !seen.is_open());
    Place { around: Around::new(|at| words.get(at).map(|seen| seen.word()), start, len), is_covered }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// Capital letters are covered.
    fn seen(text: &str) -> Vec<Seen> {
        text.chars()
            .map(|c| Seen::new(WordId(u32::from(c.to_ascii_lowercase()) - 97), c.is_ascii_uppercase()))
            .collect()
    }

    fn check(finished: &FinishedWords, path: &str, expected: usize) {
        let path: Vec<WordId> = seen(path).iter().map(|seen| seen.word()).collect();
        let mut count = 0;
        finished.each(&path, |place| count += usize::from(!place.is_covered));
        assert_eq!(count, expected, "{path:?}");
    }

    #[test]
    fn open_occurrences_are_counted_and_what_was_taken_out_is_not() {
        let article = ArticleId(Uuid::nil());
        let mut finished = FinishedWords::default();
        finished.put(article, seen("abcABCab"));
        finished.put(article, seen("abCabc"));
        check(&finished, "ab", 4);
        check(&finished, "abc", 2);
        assert_eq!((finished.open(WordId(2)), finished.open(WordId(9))), (2, 0));
        assert!(finished.take(article, &seen("abcABCab")));
        assert!(!finished.take(article, &seen("abcABCab")));
        check(&finished, "ab", 2);
        check(&finished, "x", 0);
    }

    #[test]
    fn the_words_around() {
        let words = seen("aBc");
        let around = |before, after| Around { before, after };
        let first = Place { around: around(WordId::NONE, WordId(1)), is_covered: false };
        let last = Place { around: around(WordId(0), WordId::NONE), is_covered: true };
        assert_eq!((place(&words, 0, 1), place(&words, 1, 2)), (first, last));
    }

    #[test]
    fn tidying_loses_nothing() {
        let mut finished = FinishedWords::default();
        for number in 0..600 {
            finished.put(ArticleId(Uuid::from_u128(number)), seen("ab"));
        }
        for number in 0..500 {
            assert!(finished.take(ArticleId(Uuid::from_u128(number)), &seen("ab")));
        }
        check(&finished, "ab", 100);
        assert_eq!(finished.open(WordId(0)), 100);
        assert!(finished.all.len() < 400);
    }

    #[test]
    fn an_article_that_is_put_in_again_and_again_takes_no_more_room() {
        let mut finished = FinishedWords::default();
        let id = |number| ArticleId(Uuid::from_u128(number));
        (0..2_000).for_each(|number| finished.put(id(number), seen("ab")));
        for _ in 0..1_000 {
            assert!(finished.take(id(7), &seen("ab")));
            finished.put(id(7), seen("ab"));
        }
        check(&finished, "ab", 2_000);
        assert!(finished.all.len() < 2_300 && finished.holding[0].len() < 2_300, "{}", finished.all.len());
    }
}
