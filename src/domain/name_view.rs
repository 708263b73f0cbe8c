//! A text as names see it: its words folded, one behind the other, with the way back to the raw text.
//!
//! Owns the looking up of names in one text, made ready once for any number of them. It must not say when two names are the same:
//! [`name`](crate::domain::name) does.

use crate::domain::fold::folded;
use crate::domain::name::{Joint, JointAt, Name, Occurrence, SUFFIXES, Tier};
use crate::domain::offset::ByteSpan;
use crate::domain::token::{TokenKind, ZWNJ, tokens};

/// A token of the text: a word, a number or a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameWord {
    /// Its raw bytes.
    pub span: ByteSpan,
    /// What it is.
    pub kind: TokenKind,
    /// Where its folding begins in the key.
    start: u32,
    /// Where its folding ends in the key.
    end: u32,
}

impl NameWord {
    /// Whether it is no symbol.
    #[must_use]
    pub fn is_word(&self) -> bool {
        self.kind != TokenKind::Symbol
    }
}

/// A text made ready for looking up names.
///
/// ```
/// use barchasb::domain::name::{Name, Tier};
/// use barchasb::domain::name_view::NameView;
/// let view = NameView::new("ناجا (نیروی انتظامی) و نيروی\u{A0}انتظامی");
/// let found = |surface| view.occurrences(&Name::from_surface(surface).unwrap(), Tier::Whole).len();
/// assert_eq!((found("نیروی انتظامی"), found("ناجا"), found("نیرو")), (2, 1, 0));
/// ```
#[derive(Clone, Debug, Default)]
pub struct NameView {
    key: String,
    words: Vec<NameWord>,
    joints: Vec<JointAt>,
}

impl NameView {
    /// `text` cut into tokens and folded.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut view = Self { key: String::with_capacity(text.len()), ..Self::default() };
        for token in tokens(text) {
            let start = view.key.len() as u32;
            view.push(token.span.slice(text).unwrap_or_default());
            let end = view.key.len() as u32;
            // A tatweel by itself is nothing.
            if start < end {
                view.words.push(NameWord { span: token.span, kind: token.kind, start, end });
            }
        }
        view
    }

    /// Adds the folding of one token.
    fn push(&mut self, raw: &str) {
        let mut joint = Joint::Space;
        for piece in raw.split(ZWNJ) {
            // Some presentation forms are several words.
            for word in folded(piece).split(' ').filter(|word| !word.is_empty()) {
                self.push_word(word, joint);
                joint = Joint::Space;
            }
            joint = Joint::Zwnj;
        }
    }

    /// Adds folded letters after a joint, which counts between letters and digits alone.
    fn push_word(&mut self, word: &str, joint: Joint) {
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if is_letter(self.key.chars().next_back()) && is_letter(word.chars().next()) {
            self.joints.push((self.key.len() as u32, joint));
        }
        self.key.push_str(word);
    }

    /// The folded text without spaces and ZWNJ: every [`Name::key`] that stands in the text is a part of it.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn joints(&self) -> &[JointAt] {
        &self.joints
    }

    /// Its tokens in order, symbols too.
    #[must_use]
    pub fn words(&self) -> &[NameWord] {
        &self.words
    }

    /// The key of one token of [`words`](Self::words): its folding.
    #[must_use]
    pub fn word_key(&self, word: &NameWord) -> &str {
        self.key_between(word, word)
    }

    /// The key of the tokens from `first` to `last`, both included.
    #[must_use]
    pub fn key_between(&self, first: &NameWord, last: &NameWord) -> &str {
        self.key.get(first.start as usize..last.end as usize).unwrap_or_default()
    }

    /// The name that the tokens from `first` to `last` make.
    #[must_use]
    pub fn name_between(&self, first: &NameWord, last: &NameWord) -> Name {
        let inside = self.joints_between(first.start, last.end);
        Name::from_parts(
            self.key_between(first, last),
            inside.iter().map(|(at, joint)| (at - first.start, *joint)).collect(),
        )
    }

    /// Whether the tokens from `first` to `last`, whose key is the name's, are joined as the name is.
    #[must_use]
    pub fn fits_between(&self, name: &Name, first: &NameWord, last: &NameWord) -> bool {
        name.fits(self.joints_between(first.start, last.end), first.start)
    }

    /// The joints after byte `start` and before byte `end` of the key.
    fn joints_between(&self, start: u32, end: u32) -> &[JointAt] {
        let from = self.joints.partition_point(|(at, _)| *at <= start);
        let until = self.joints.partition_point(|(at, _)| *at < end);
        self.joints.get(from..until).unwrap_or_default()
    }

    /// The keys between which a ZWNJ or a space stands inside one token: ناجا and یی of ناجا‌یی.
    pub fn parts(&self, word: &NameWord) -> impl Iterator<Item = &str> {
        let inside = self.joints_between(word.start, word.end).iter().map(|(at, _)| *at);
        let mut start = word.start;
        inside.chain([word.end]).map(move |end| {
            let part = self.key.get(start as usize..end as usize).unwrap_or_default();
            start = end;
            part
        })
    }

    /// The numbers of the tokens that share a raw byte with `span`, as a range of [`words`](Self::words).
    #[must_use]
    pub fn words_touched(&self, span: ByteSpan) -> std::ops::Range<usize> {
        let from = self.words.partition_point(|word| word.span.end <= span.start);
        let until = self.words.partition_point(|word| word.span.start < span.end);
        from..until.max(from)
    }

    /// The numbers of the tokens that lie wholly inside the raw bytes of `span`, as a range of [`words`](Self::words).
    #[must_use]
    pub fn words_inside(&self, span: ByteSpan) -> std::ops::Range<usize> {
        let from = self.words.partition_point(|word| word.span.start < span.start);
        let until = self.words.partition_point(|word| word.span.end <= span.end);
        from..until.max(from)
    }

    /// Where `name` stands, in order, no two overlapping, each with the surest tier it fits, none less sure than `least`.
    #[must_use]
    pub fn occurrences(&self, name: &Name, least: Tier) -> Vec<Occurrence> {
        let mut found: Vec<Occurrence> = Vec::new();
        let mut from = 0;
        while let Some(at) = self.key.get(from..).and_then(|rest| rest.find(name.key())) {
            let start = from + at;
            let next = start + self.key.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            let place = self.occurrence_at(start as u32, name).filter(|(place, _)| place.tier <= least);
            from = place.map_or(next, |(_, end)| end as usize);
            found.extend(place.map(|(place, _)| place));
        }
        found
    }

    /// The occurrence of a name whose key stands at byte `start` of ours, and the byte at which its last word ends.
    fn occurrence_at(&self, start: u32, name: &Name) -> Option<(Occurrence, u32)> {
        let first = self.words.get(self.words.binary_search_by_key(&start, |word| word.start).ok()?)?;
        let end = start + name.key().len() as u32;
        let last = self.words.get(self.words.partition_point(|word| word.end < end))?;
        if !self.fits_between(name, first, last) {
            return None;
        }
        let tier = if last.end == end { Tier::Whole } else { self.longer_tier(end, last, name) };
        Some((Occurrence { span: ByteSpan::new(first.span.start, last.span.end), tier }, last.end))
    }

    /// The tier of a name after which its last word goes on.
    fn longer_tier(&self, end: u32, last: &NameWord, name: &Name) -> Tier {
        let rest = self.key.get(end as usize..last.end as usize).unwrap_or_default();
        let is_one = self.joints_between(end, last.end).is_empty();
        if is_one && name.takes_suffix() && SUFFIXES.contains(&rest) { Tier::Suffixed } else { Tier::Prefix }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grapheme::arbitrary;
    use proptest::prelude::*;

    fn check(text: &str, key: &str, words: &[&str]) {
        let view = NameView::new(text);
        assert_eq!(view.key(), key);
        assert_eq!(view.words().iter().map(|word| view.word_key(word)).collect::<Vec<_>>(), words);
    }

    #[test]
    fn words_are_folded_one_behind_the_other() {
        check("پليس، نیم\u{200C}راه", "پلیس،نیمراه", &["پلیس", "،", "نیمراه"]);
        check("محمد ﷺ ۸:۴۷", "محمدصلیاللهعلیهوسلم8:47", &["محمد", "صلیاللهعلیهوسلم", "8:47"]);
    }

    #[test]
    fn parts_are_names() {
        let view = NameView::new("به نیم\u{200C}راه تهران، رفت");
        let words = view.words();
        let name = view.name_between(&words[1], &words[2]);
        assert_eq!(Some(&name), Name::from_surface("نیم\u{200C}راه تهران").as_ref());
        assert_eq!(view.words_inside(ByteSpan::new(words[1].span.start, words[3].span.end)), 1..4);
        assert_eq!(view.words_inside(ByteSpan::from_bytes(1, 9)), 1..1);
        assert_eq!(view.words_touched(ByteSpan::from_bytes(1, 9)), 0..2);
        assert_eq!(view.parts(&words[1]).collect::<Vec<_>>(), ["نیم", "راه"]);
        assert_eq!(view.parts(&words[0]).collect::<Vec<_>>(), ["به"]);
    }

    proptest! {
        #[test]
        fn every_part_of_a_text_is_found_in_it(text in arbitrary::text()) {
            let view = NameView::new(&text);
            for (number, first) in view.words().iter().enumerate() {
                for last in &view.words()[number..] {
                    let name = view.name_between(first, last);
                    prop_assert!(view.fits_between(&name, first, last));
                    prop_assert!(!view.occurrences(&name, Tier::Whole).is_empty());
                }
            }
        }
    }
}
