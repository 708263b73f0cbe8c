//! The rows of a WebAnno TSV that is written: tokens, the parts of them that mentions need, and the ids of both.
//!
//! Owns which units a mention covers. It must not know cells.

use crate::domain::offset::{CharOffset, Span};
use crate::domain::record::ArticleRecord;
use crate::formats::tokens::kept::segmentation_of;
use crate::formats::webanno::kept::KeptPlace;
use std::collections::{BTreeMap, BTreeSet};

/// A token by its index, or a part of it by its code points. Sorted as the rows stand.
pub type Unit = (usize, Option<(usize, usize)>);

/// The tokens of a document and the sentences they make, which together hold the whole text.
#[derive(Debug)]
pub struct Units {
    tokens: Vec<Span>,
    /// The index of each sentence's first token.
    sentences: Vec<usize>,
    /// All units that are written.
    used: BTreeSet<Unit>,
}

impl Units {
    /// The tokens of an article. White space before the first is made one, since a sentence begins where its first token does and nothing
    /// can be written before it.
    pub fn of_record(record: &ArticleRecord) -> Self {
        let cut = segmentation_of(record);
        let mut tokens: Vec<Span> = cut.tokens().iter().map(|token| token.span).collect();
        let mut firsts: Vec<usize> = cut.sentences().iter().map(|sentence| sentence.start.get()).collect();
        let begin = tokens.first().map_or_else(|| record.text.chars().count(), |token| token.start.get());
        if begin > 0 {
            tokens.insert(0, Span::from_chars(0, begin));
            firsts.iter_mut().skip(1).for_each(|first| *first += 1);
            if firsts.is_empty() {
                firsts.push(0);
            }
        }
        let used = (0..tokens.len()).map(|at| (at, None)).collect();
        let mut units = Self { tokens, sentences: firsts, used };
        units.stretch(record);
        units
    }

    /// Makes tokens longer by signs that no token has, as a ZWNJ behind a word, where a mention begins or ends with them.
    fn stretch(&mut self, record: &ArticleRecord) {
        let chars: Vec<char> = record.text.chars().collect();
        let is_joined = |start: CharOffset, end: CharOffset| {
            chars.get(start.get()..end.get()).is_some_and(|between| !between.iter().any(|c| c.is_whitespace()))
        };
        for mention in record.layers.iter().take(1).flat_map(|layer| &layer.mentions) {
            let span = mention.span;
            let first = self.tokens.partition_point(|token| token.end <= span.start);
            let before = first.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(CharOffset::ZERO, |t| t.end);
            if let Some(token) = self.tokens.get_mut(first).filter(|token| token.start < span.end) {
                let start = span.start.max(before);
                if start < token.start && is_joined(start, token.start) {
                    token.start = start;
                }
            }
            let past = self.tokens.partition_point(|token| token.start < span.end);
            let last = past.checked_sub(1).and_then(|at| self.tokens.get_mut(at));
            if let Some(token) = last.filter(|token| token.end > span.start && token.end < span.end)
                && is_joined(token.end, span.end)
            {
                token.end = span.end;
            }
        }
    }

    /// Where each sentence begins, in code points.
    pub fn sentence_starts(&self) -> impl Iterator<Item = usize> {
        self.sentences.iter().map(|first| self.tokens.get(*first).map_or(0, |token| token.start.get()))
    }

    /// The code points of a unit.
    pub fn span(&self, unit: Unit) -> Option<Span> {
        match unit.1 {
            Some((start, end)) => Some(Span::from_chars(start, end)),
            None => self.tokens.get(unit.0).copied(),
        }
    }

    /// The units of a mention, in order, and the code points they cover: white space at its edges cannot be held. `None` when it covers
    /// nothing else.
    pub fn of_mention(&mut self, span: Span) -> Option<(Span, Vec<Unit>)> {
        let first = self.tokens.partition_point(|token| token.end <= span.start);
        let past = self.tokens.partition_point(|token| token.start < span.end);
        let last = past.checked_sub(1).filter(|last| *last >= first)?;
        let (head, tail) = (*self.tokens.get(first)?, *self.tokens.get(last)?);
        let (start, end) = (span.start.max(head.start), span.end.min(tail.end));
        let part = |at: usize, token: Span| {
            let (start, end) = (start.max(token.start), end.min(token.end));
            (at, (start > token.start || end < token.end).then_some((start.get(), end.get())))
        };
        let mut units: Vec<Unit> = vec![part(first, head)];
        if last > first {
            units.extend((first + 1..last).map(|at| (at, None)));
            units.push(part(last, tail));
        }
        self.used.extend(&units);
        Some((Span::new(start, end), units))
    }

    /// The unit at a place that was kept; `None` when no token is there.
    pub fn of_place(&mut self, place: KeptPlace) -> Option<Unit> {
        let span = Span::from_chars(place.start, place.end);
        let at = self.tokens.partition_point(|token| token.start.get() <= place.start).checked_sub(1)?;
        let fits = |at: &usize| self.tokens.get(*at).is_some_and(|token| token.contains_span(span));
        // An empty part may stand at the end of the token before.
        let at = [Some(at), at.checked_sub(1)].into_iter().flatten().find(fits)?;
        let unit = if place.is_part { (at, Some((place.start, place.end))) } else { (at, None) };
        if self.span(unit) != Some(span) {
            return None;
        }
        self.used.insert(unit);
        Some(unit)
    }

    /// All units with their ids, sentence by sentence.
    pub fn numbered(&self) -> Vec<Vec<(Unit, String)>> {
        let mut all: Vec<Vec<(Unit, String)>> = Vec::with_capacity(self.sentences.len());
        let mut firsts = self.sentences.iter().copied().peekable();
        let (mut begin, mut part) = (0, 0);
        for unit in &self.used {
            if let Some(first) = firsts.next_if(|first| *first <= unit.0) {
                begin = first;
                all.push(Vec::new());
            }
            part = if unit.1.is_some() { part + 1 } else { 0 };
            let token = format!("{}-{}", all.len(), unit.0 - begin + 1);
            let id = if part > 0 { format!("{token}.{part}") } else { token };
            if let Some(sentence) = all.last_mut() {
                sentence.push((*unit, id));
            }
        }
        all
    }

    /// The ids by unit.
    pub fn ids(&self) -> BTreeMap<Unit, String> {
        self.numbered().into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::trial::article;

    #[test]
    fn a_mention_covers_tokens_and_parts() {
        let mut units = Units::of_record(&article("a", " abc def. ghi", &[]));
        let mut check = |span: (usize, usize), expected: Option<(&str, &[Unit])>| {
            let found = units.of_mention(Span::from_chars(span.0, span.1));
            let found = found.as_ref().map(|(span, units)| (span.to_string(), units.as_slice()));
            assert_eq!(found, expected.map(|(span, units)| (span.to_owned(), units)), "{span:?}");
        };
        check((1, 4), Some(("1..4", &[(1, None)])));
        check((2, 3), Some(("2..3", &[(1, Some((2, 3)))])));
        check((3, 9), Some(("3..9", &[(1, Some((3, 4))), (2, None), (3, None)])));
        check((4, 6), Some(("5..6", &[(2, Some((5, 6)))])));
        check((4, 5), None);
        check((0, 4), Some(("0..4", &[(0, None), (1, None)])));
        let ids: Vec<String> = units.numbered().into_iter().flatten().map(|(_, id)| id).collect();
        let mut stretched = Units::of_record(&article("a", "علی\u{200c} رفت", &[(0, 4, "X")]));
        assert_eq!(stretched.of_mention(Span::from_chars(0, 4)), Some((Span::from_chars(0, 4), vec![(0, None)])));
        assert_eq!(ids, ["1-1", "1-2", "1-2.1", "1-2.2", "1-3", "1-3.1", "1-4", "2-1"]);
    }
}
