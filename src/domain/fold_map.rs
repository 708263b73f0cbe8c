//! A folded text with the map back to the raw text.
//!
//! Owns the map, kept only where raw and folded lengths part. It must not know what counts as the same:
//! [`fold`](crate::domain::fold) does.

use crate::domain::fold::{Divergence, Divergences, Zwnj, fold_into};
use crate::domain::offset::{ByteOffset, ByteSpan};

/// A stretch of raw characters of one length that became folded stretches of one other length. After it, until the next,
/// raw and folded bytes go in step.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    raw: u32,
    folded: u32,
    raw_len: u16,
    /// Raw bytes a step; for what was dropped, 1 when it belongs to the character before it and else 0.
    raw_step: u8,
    /// Folded bytes a step; 0 when it was dropped.
    folded_step: u8,
}

const ATTACHED: u8 = 1;
const DROPPED: u8 = 0;

impl Stretch {
    fn raw_start(self) -> usize {
        self.raw as usize
    }

    fn raw_end(self) -> usize {
        self.raw_start() + usize::from(self.raw_len)
    }

    fn folded_start(self) -> usize {
        self.folded as usize
    }

    fn folded_end(self) -> usize {
        self.folded_start() + self.folded_after(usize::from(self.raw_len))
    }

    fn is_attached(self) -> bool {
        self.folded_step == 0 && self.raw_step == ATTACHED
    }

    /// The folded bytes of the steps that lie wholly within the first `raw_len` raw bytes.
    fn folded_after(self, raw_len: usize) -> usize {
        raw_len.checked_div(usize::from(self.raw_step)).unwrap_or(0) * usize::from(self.folded_step)
    }

    /// The folded bytes of the steps begun within the first `raw_len` raw bytes.
    fn folded_until(self, raw_len: usize) -> usize {
        self.folded_after(raw_len + usize::from(self.raw_step).saturating_sub(1))
    }

    /// The raw bytes of the steps that lie wholly within the first `folded_len` folded bytes.
    fn raw_after(self, folded_len: usize) -> usize {
        folded_len.checked_div(usize::from(self.folded_step)).unwrap_or(0) * usize::from(self.raw_step)
    }
}

impl Divergences for Vec<Stretch> {
    fn diverge(&mut self, raw: usize, raw_len: usize, folded: usize, how: Divergence) {
        let (raw_step, folded_step) = match how {
            // A character is at most 4 bytes, its folding at most 33 (U+FDFA).
            Divergence::Became(len) => (raw_len as u8, len as u8),
            Divergence::Attached => (ATTACHED, 0),
            Divergence::Dropped => (DROPPED, 0),
        };
        if let Some(last) = self.last_mut()
            && (last.raw_step, last.folded_step) == (raw_step, folded_step)
            && last.raw_end() == raw
            && let Some(longer) = last.raw_len.checked_add(raw_len as u16)
        {
            last.raw_len = longer;
        } else {
            let (raw, folded) = (ByteOffset::new(raw).get() as u32, ByteOffset::new(folded).get() as u32);
            self.push(Stretch { raw, folded, raw_len: raw_len as u16, raw_step, folded_step });
        }
    }
}

/// A folded text and the way back to the raw one.
///
/// ```
/// use barchasb::domain::{fold::Zwnj, fold_map::Folded, offset::ByteSpan};
/// let raw = "سردارِ\u{A0}ناجا";
/// let view = Folded::new(raw, Zwnj::Nothing);
/// assert_eq!(view.text(), "سردار ناجا");
/// let found = view.raw_from_folded(ByteSpan::from_bytes(0, 10));
/// assert_eq!(found.slice(raw), Some("سردارِ"));
/// ```
#[derive(Clone, Debug)]
pub struct Folded {
    text: String,
    raw_len: usize,
    stretches: Vec<Stretch>,
}

impl Folded {
    /// `raw` folded, with the map; twelve bytes for each place where the lengths part.
    #[must_use]
    pub fn new(raw: &str, zwnj: Zwnj) -> Self {
        let mut stretches = Vec::new();
        let mut text = fold_into(raw, zwnj, &mut stretches);
        text.shrink_to_fit();
        stretches.shrink_to_fit();
        Self { text, raw_len: raw.len(), stretches }
    }

    /// The folded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The raw bytes whose folding covers `folded`: whole raw characters, with the marks (harakat, tatweel) that follow the
    /// last one; ZWNJ and bidi marks at the edges stay outside. Ends inside a code point or beyond the text are rounded
    /// outward. An empty span gives the empty span before the character that stands there.
    #[must_use]
    pub fn raw_from_folded(&self, folded: ByteSpan) -> ByteSpan {
        let start = self.text.floor_char_boundary(folded.start.get());
        let end = self.text.ceil_char_boundary(folded.end.get());
        let raw_start = self.raw_start(start);
        let raw_end = if folded.is_empty() { raw_start } else { self.raw_end(end) };
        ByteSpan::from_bytes(raw_start, raw_end.max(raw_start))
    }

    /// The folded bytes of the raw characters that `raw` touches; empty when all of them were dropped. Ends beyond the
    /// text are held at its end.
    #[must_use]
    pub fn folded_from_raw(&self, raw: ByteSpan) -> ByteSpan {
        let (start, end) = (raw.start.get().min(self.raw_len), raw.end.get().min(self.raw_len));
        let folded_start = self.text.floor_char_boundary(self.folded_start(start));
        let folded_end = if raw.is_empty() { folded_start } else { self.text.ceil_char_boundary(self.folded_end(end)) };
        ByteSpan::from_bytes(folded_start, folded_end.max(folded_start))
    }

    /// The memory it takes, in bytes, itself aside.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.text.capacity() + self.stretches.capacity() * size_of::<Stretch>()
    }

    /// The last of the stretches counted, with its number.
    fn stretch_before(&self, count: usize) -> Option<(usize, Stretch)> {
        let number = count.checked_sub(1)?;
        self.stretches.get(number).map(|stretch| (number, *stretch))
    }

    /// Where the raw character that gave the folded byte at `at` begins.
    fn raw_start(&self, at: usize) -> usize {
        match self.stretch_before(self.stretches.partition_point(|s| s.folded_start() <= at)) {
            None => at,
            Some((_, s)) if at < s.folded_end() => s.raw_start() + s.raw_after(at - s.folded_start()),
            Some((_, s)) => s.raw_end() + at - s.folded_end(),
        }
    }

    /// Where the raw character that gave the folded byte before `at` ends, its marks included.
    fn raw_end(&self, at: usize) -> usize {
        let Some(last) = at.checked_sub(1) else {
            return 0;
        };
        let count = self.stretches.partition_point(|s| s.folded_start() <= last);
        let mut end = match self.stretch_before(count) {
            None => at,
            Some((_, s)) if last < s.folded_end() => {
                s.raw_start() + s.raw_after(last - s.folded_start()) + usize::from(s.raw_step)
            }
            Some((_, s)) => s.raw_end() + at - s.folded_end(),
        };
        for mark in self.stretches.iter().skip(count).take_while(|s| s.is_attached()) {
            if mark.raw_start() != end {
                break;
            }
            end = mark.raw_end();
        }
        end
    }

    /// Where the folding of the raw character at `at` begins.
    fn folded_start(&self, at: usize) -> usize {
        match self.stretch_before(self.stretches.partition_point(|s| s.raw_start() <= at)) {
            None => at,
            Some((_, s)) if at < s.raw_end() => s.folded_start() + s.folded_after(at - s.raw_start()),
            Some((_, s)) => s.folded_end() + at - s.raw_end(),
        }
    }

    /// Where the folding of the raw character before `at` ends.
    fn folded_end(&self, at: usize) -> usize {
        match self.stretch_before(self.stretches.partition_point(|s| s.raw_start() < at)) {
            None => at,
            Some((_, s)) if at < s.raw_end() => s.folded_start() + s.folded_until(at - s.raw_start()),
            Some((_, s)) => s.folded_end() + at - s.raw_end(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fold::folded_with;
    use crate::domain::grapheme::arbitrary;
    use proptest::prelude::*;

    /// Where `needle` stands in the folded view, the raw text must be `expected`.
    fn check(raw: &str, zwnj: Zwnj, needle: &str, expected: &str) {
        let view = Folded::new(raw, zwnj);
        let at = view.text().find(needle).unwrap();
        let folded = ByteSpan::from_bytes(at, at + needle.len());
        let found = view.raw_from_folded(folded);
        assert_eq!(found.slice(raw), Some(expected), "{needle:?} in {raw:?}");
        let back = view.folded_from_raw(found);
        assert!(back.start <= folded.start && folded.end <= back.end, "{needle:?} in {raw:?}: {back:?}");
    }

    #[test]
    fn matches_find_their_raw_text() {
        check("در ۲۹ دی ۱۳۹۷، گفت", Zwnj::Nothing, "29 دی 1397", "۲۹ دی ۱۳۹۷");
        check("در ۲۹ دی ۱۳۹۷، گفت", Zwnj::Nothing, "39", "۳۹");
        check("سال\u{A0}\u{A0} ابتدایی", Zwnj::Nothing, "سال ابتدایی", "سال\u{A0}\u{A0} ابتدایی");
        check("ناجا\u{200C}یی", Zwnj::Nothing, "ناجا", "ناجا");
        check("ناجا\u{200C}یی", Zwnj::Nothing, "یی", "یی");
        check("ناجا\u{200C}یی", Zwnj::Space, "ناجا یی", "ناجا\u{200C}یی");
        check("به \u{200F}تهـــرانِ\u{200E} بزرگ", Zwnj::Nothing, "تهران", "تهـــرانِ");
        check("مُحَمَّدٌ رسول", Zwnj::Nothing, "م", "مُ");
        check("محمد ﷺ گفت", Zwnj::Nothing, "الله", "ﷺ");
        check("محمد ﷺ گفت", Zwnj::Nothing, "گفت", "گفت");
        check("خانه\u{654} ما", Zwnj::Nothing, "خانه", "خانه\u{654}");
        check("ا\u{653}ب", Zwnj::Nothing, "آب", "ا\u{653}ب");
        check("ABC ﬃx", Zwnj::Nothing, "x", "x");
    }

    #[test]
    fn raw_spans_go_to_the_folded_view() {
        let raw = "۱۲\u{200C}ﷺب";
        let view = Folded::new(raw, Zwnj::Nothing);
        let folded = |a, b| view.folded_from_raw(ByteSpan::from_bytes(a, b));
        assert_eq!((folded(0, 2), folded(2, 4)), (ByteSpan::from_bytes(0, 1), ByteSpan::from_bytes(1, 2)));
        assert_eq!((folded(4, 7), folded(1, 3)), (ByteSpan::from_bytes(2, 2), ByteSpan::from_bytes(0, 2)));
        assert_eq!((folded(8, 9), folded(10, 99)), (ByteSpan::from_bytes(2, 35), ByteSpan::from_bytes(35, 37)));
        let empty = Folded::new("", Zwnj::Nothing);
        assert_eq!(empty.raw_from_folded(ByteSpan::from_bytes(0, 9)), ByteSpan::from_bytes(0, 0));
    }

    #[test]
    fn the_map_is_smaller_than_the_text() {
        let raw = "پلیس\u{A0}تهران در ۲۹ دی ۱۳۹۷ از نیم\u{200C}راه بازگشت و چیزی به خبرنگاران نگفت. ".repeat(100);
        let view = Folded::new(&raw, Zwnj::Nothing);
        let map_bytes = view.heap_bytes() - view.text.capacity();
        assert!(map_bytes < raw.len(), "{map_bytes} for {}", raw.len());
    }

    #[test]
    fn long_runs_keep_their_places() {
        let raw = format!("{}ب{}پ", "۱".repeat(40_000), "\u{64E}".repeat(40_000));
        check(&raw, Zwnj::Nothing, "پ", "پ");
        let view = Folded::new(&raw, Zwnj::Nothing);
        let found = view.raw_from_folded(ByteSpan::from_bytes(39_999, 40_002));
        assert_eq!((found.start.get(), found.end.get()), (79_998, raw.len() - 2));
        assert!(view.stretches.len() < 6);
    }

    proptest! {
        #[test]
        fn a_raw_range_folds_to_what_it_was_found_for(text in arbitrary::text(), space in any::<bool>()) {
            let zwnj = if space { Zwnj::Space } else { Zwnj::Nothing };
            let view = Folded::new(&text, zwnj);
            prop_assert_eq!(view.text(), &folded_with(&text, zwnj));
            let places: Vec<usize> = view.text().char_indices().map(|(at, _)| at).chain([view.text().len()]).collect();
            for (number, start) in places.iter().enumerate() {
                for end in &places[number + 1..] {
                    let folded = ByteSpan::from_bytes(*start, *end);
                    let raw = view.raw_from_folded(folded);
                    let again = folded_with(raw.slice(&text).unwrap(), zwnj);
                    let wanted = folded.slice(view.text()).unwrap();
                    // One raw character that became several cannot be halved: more is covered then, never less.
                    let several = raw.slice(&text).unwrap().chars().any(|c| ('\u{FB00}'..'\u{FFF0}').contains(&c));
                    prop_assert!(again == wanted || several && again.contains(wanted), "{:?}: {:?} for {:?}", raw, again, wanted);
                    let back = view.folded_from_raw(raw);
                    prop_assert!(back.start <= folded.start && folded.end <= back.end);
                    prop_assert!(several || back == folded);
                }
            }
        }

        #[test]
        fn any_span_of_bytes_lands_on_characters(text in arbitrary::text(), a in 0usize..140, b in 0usize..140) {
            let view = Folded::new(&text, Zwnj::Nothing);
            let span = ByteSpan::from_bytes(a, b);
            prop_assert!(view.raw_from_folded(span).slice(&text).is_some());
            prop_assert!(view.folded_from_raw(span).slice(view.text()).is_some());
        }
    }
}
