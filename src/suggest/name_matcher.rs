//! The matcher: any number of names looked up in a folded text at once.
//!
//! Owns one automaton whose letters are words: a text is read once, each word is looked up once, and every name that is under way takes
//! one step. Whole words come by themselves, and no name is lost because a longer one was not there. It must not know what a name
//! stands for.
//!
//! Automata over bytes or characters (`aho-corasick`, `daachorse`) were measured beside it: they stop inside every word that contains a
//! name, and were two to seven times slower.

use crate::suggest::word_trie::{Node, PathId, WordId, WordTrie, Words};
use std::ops::Range;

/// Names made ready for being looked up.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameMatcher {
    words: Words,
    trie: WordTrie,
    /// By word: where it leads as the first of a name.
    first: Vec<Option<Node>>,
}

impl NameMatcher {
    /// The number of a name, given now when it is new; `None` when no word is in it.
    pub(crate) fn add(&mut self, folded: &str) -> Option<PathId> {
        let words: Vec<WordId> = spans(folded).filter_map(|span| folded.get(span)).map(|w| self.words.add(w)).collect();
        let first = *words.first()?;
        let (path, _) = self.trie.add(words.into_iter());
        let index = first.0 as usize;
        if index >= self.first.len() {
            self.first.resize(index + 1, None);
        }
        if let Some(node) = self.first.get_mut(index) {
            *node = self.trie.step(WordTrie::ROOT, first);
        }
        Some(path)
    }

    /// Every name in a folded text, overlapping ones too: its bytes and its number, by their ends.
    pub(crate) fn each(&self, folded: &str, mut found: impl FnMut(Range<usize>, PathId)) {
        let mut under_way: Vec<(usize, Node)> = Vec::new();
        for span in spans(folded) {
            let word = folded.get(span.clone()).map_or(WordId::NONE, |word| self.words.get(word));
            if word == WordId::NONE {
                under_way.clear();
                continue;
            }
            under_way.retain_mut(|(_, node)| self.trie.step(*node, word).map(|next| *node = next).is_some());
            under_way.extend(self.first.get(word.0 as usize).copied().flatten().map(|node| (span.start, node)));
            for (start, node) in &under_way {
                if let Some(path) = self.trie.end(*node) {
                    found(*start..span.end, path);
                }
            }
        }
    }

    /// The names of a folded text, none overlapping another: the first, and of those that begin together the longest.
    #[must_use]
    pub(crate) fn longest(&self, folded: &str) -> Vec<(Range<usize>, PathId)> {
        let mut all = Vec::new();
        self.each(folded, |span, path| all.push((span, path)));
        leftmost_longest(all, |(span, _)| span.clone())
    }
}

/// Of these the first, and of those that begin together the longest, none overlapping another.
pub(crate) fn leftmost_longest<T>(mut all: Vec<T>, span: impl Fn(&T) -> Range<usize>) -> Vec<T> {
    all.sort_by_key(|one| (span(one).start, std::cmp::Reverse(span(one).end)));
    let mut end = 0;
    all.retain(|one| {
        let span = span(one);
        let free = span.start >= end;
        end = if free { span.end } else { end };
        free
    });
    all
}

/// What a folded character is to a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// Joins two digits.
    Separator,
    Space,
    Symbol,
}

fn class(c: char) -> Class {
    match c {
        ' ' => Class::Space,
        'ا'..='غ' | 'ف'..='و' | 'آ' | 'ئ' | 'ء' | 'ی' | 'پ' | 'چ' | 'ژ' | 'ک' | 'گ' | 'a'..='z' => {
            Class::Letter
        }
        '0'..='9' => Class::Digit,
        '.' | ',' | '/' | ':' | '\u{66B}' | '\u{66C}' => Class::Separator,
        '\u{300}'..='\u{36F}' => Class::Letter,
        c if c.is_alphabetic() => Class::Letter,
        c if c.is_numeric() => Class::Digit,
        c if c.is_whitespace() || c.is_control() => Class::Space,
        _ => Class::Symbol,
    }
}

/// The words, numbers and signs of a folded text: the rule of [`tokens`](crate::domain::token::tokens) on what folding leaves.
fn spans(folded: &str) -> impl Iterator<Item = Range<usize>> {
    let mut chars = folded.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = chars.find(|(_, c)| class(*c) != Class::Space)?;
        let mut end = start + first.len_utf8();
        let mut last = class(first);
        if !matches!(last, Class::Letter | Class::Digit) {
            return Some(start..end);
        }
        while let Some((at, c)) = chars.peek().copied() {
            let next = match class(c) {
                Class::Separator if last == Class::Digit => {
                    let after = folded.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
                    after.map(class).filter(|after| *after == Class::Digit).map(|_| Class::Separator)
                }
                class => Some(class).filter(|class| matches!(class, Class::Letter | Class::Digit)),
            };
            let Some(next) = next else { break };
            chars.next();
            (last, end) = (next, at + c.len_utf8());
        }
        Some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fold::folded;
    use crate::domain::grapheme::arbitrary;
    use crate::domain::token::tokens;
    use proptest::prelude::*;

    fn check(names: &[&str], text: &str, expected: &[&str]) {
        let mut matcher = NameMatcher::default();
        for name in names {
            matcher.add(name);
        }
        let found: Vec<&str> = matcher.longest(text).into_iter().map(|(span, _)| &text[span]).collect();
        assert_eq!(found, expected, "{names:?} in {text:?}");
    }

    #[test]
    fn whole_words_and_the_longest() {
        check(&["ناجا", "نیروی انتظامی", "نیروی"], "نیروی انتظامی (ناجا) ناجایی", &["نیروی انتظامی", "ناجا"]);
        check(&["ایران-عراق", "عراق"], "ایران - عراق، ایران عراق", &["ایران - عراق", "عراق"]);
        check(&["10", "8:47"], "10.5 10 8:47 8:4", &["10", "8:47"]);
        check(&[""], "نه", &[]);
    }

    #[test]
    fn a_longer_name_that_is_not_there_costs_no_shorter_one() {
        check(&["دانشگاه تهران شمال", "تهران", "دانشگاه"], "دانشگاه تهران شمالی", &["دانشگاه", "تهران"]);
        check(&["الف ب ج", "ب ج د", "ج"], "الف ب ج د", &["الف ب ج"]);
    }

    proptest! {
        #[test]
        fn the_words_are_those_of_the_word_rule(text in "[آ-غف-ی a-z0-9٫/.:،«»(٪\\-]{0,40}") {
            let text = folded(&text);
            let expected: Vec<Range<usize>> = tokens(&text).map(|token| token.span.range()).collect();
            prop_assert_eq!(spans(&text).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn no_text_stops_it(text in arbitrary::text()) {
            prop_assert!(spans(&text).all(|span| text.get(span).is_some()));
        }
    }
}
