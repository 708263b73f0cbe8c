//! A text in the numbers of known words, with what else each word could be.
//!
//! Owns the parts of a word with a ZWNJ and its stems without a suffix. It must not know any name.

use crate::domain::article::ArticleId;
use crate::domain::name::SUFFIXES;
use crate::domain::name_view::NameView;
use crate::suggest::word_trie::{WordId, Words};
use rustc_hash::FxHashMap;

/// A text's words by number, with what else each could be.
pub(crate) struct Text {
    pub(crate) article: ArticleId,
    pub(crate) words: Vec<WordId>,
    /// By number of the word: how long it is.
    pub(crate) letters: Vec<usize>,
    /// By number of the word: the parts between its ZWNJ.
    parts: FxHashMap<usize, Vec<WordId>>,
    /// By number of the word: what it is without a suffix.
    stems: Vec<(usize, WordId)>,
}

impl Text {
    pub(crate) fn new(known: &Words, article: ArticleId, view: &NameView) -> Self {
        let words = known.get_all(view);
        let letters = view.words().iter().map(|word| view.word_key(word).chars().count()).collect();
        let mut text = Self { article, words, letters, parts: FxHashMap::default(), stems: Vec::new() };
        for (number, word) in view.words().iter().enumerate().filter(|(_, word)| word.is_word()) {
            let parts: Vec<WordId> = view.parts(word).map(|part| known.get(part)).collect();
            if parts.len() > 1 {
                text.parts.insert(number, parts);
            }
            let key = view.word_key(word);
            let stems = SUFFIXES.iter().filter_map(|suffix| key.strip_suffix(suffix));
            let stems = stems.filter(|stem| stem.chars().nth(1).is_some()).map(|stem| known.get(stem));
            text.stems.extend(stems.filter(|stem| *stem != WordId::NONE).map(|stem| (number, stem)));
        }
        text
    }

    pub(crate) fn parts_of(&self, word: usize) -> Option<&[WordId]> {
        if self.parts.is_empty() { None } else { self.parts.get(&word).map(Vec::as_slice) }
    }

    pub(crate) fn stems_of(&self, word: usize) -> impl Iterator<Item = &WordId> {
        let from = self.stems.partition_point(|(number, _)| *number < word);
        self.stems.iter().skip(from).take_while(move |(number, _)| *number == word).map(|(_, stem)| stem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn check(text: &str, parts: &[u32], stems: &[u32]) {
        let mut words = Words::default();
        for word in ["پلیس", "نیم", "راه", "پلیسها"] {
            words.add(word);
        }
        let text = Text::new(&words, ArticleId(Uuid::nil()), &NameView::new(text));
        let numbers = |ids: &mut dyn Iterator<Item = &WordId>| ids.map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(numbers(&mut text.parts_of(0).unwrap_or_default().iter()), parts);
        assert_eq!(numbers(&mut text.stems_of(0)), stems);
    }

    #[test]
    fn parts_and_stems() {
        check("نیم\u{200C}راه", &[1, 2], &[]);
        check("پلیس\u{200C}های", &[0, WordId::NONE.0], &[0, 3]);
        check("پلیسی", &[], &[0]);
        check("پلیس", &[], &[]);
    }
}
