//! Folding: the view of a text on which names are compared.
//!
//! Owns which characters count as the same. It must not change any text that is stored; the way back to the raw text is
//! [`Folded`](crate::domain::fold_map::Folded)'s.
//!
//! - `ي ى` → `ی`; `ك` → `ک`; `ة ۀ` and `ه` + U+0654 → `ه`; `أ إ ٱ` → `ا`; `ؤ` → `و`. `آ` and `ئ` stay, and their decomposed
//!   forms become them.
//! - Arabic-Indic, Persian and ASCII digits become ASCII digits; letters become lower case (simple mapping).
//! - Tatweel, harakat and format characters, bidi marks included, are dropped.
//! - Presentation forms (and full-width forms) are taken apart by NFKC, then folded: `ﷺ` becomes eighteen characters.
//! - A run of white space, NBSP and line breaks included, becomes one space.
//! - ZWNJ becomes nothing or a space: [`Zwnj`].

use crate::domain::token::{ZWNJ, is_format, is_prepended};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// What a ZWNJ becomes. Trying both lets ناجا‌یی, ناجایی and ناجا یی meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Zwnj {
    /// It is dropped.
    #[default]
    Nothing,
    /// It counts as white space.
    Space,
}

/// `text` folded, ZWNJ as nothing, without a map back.
///
/// ```
/// use barchasb::domain::fold::folded;
/// assert_eq!(folded("ناجا\u{200C}يي"), "ناجایی");
/// assert_eq!(folded("سَردارِ\u{A0} ۲۹ ACM"), "سردار 29 acm");
/// ```
#[must_use]
pub fn folded(text: &str) -> String {
    folded_with(text, Zwnj::Nothing)
}

/// `text` folded without a map back.
#[must_use]
pub fn folded_with(text: &str, zwnj: Zwnj) -> String {
    fold_into(text, zwnj, &mut ())
}

/// How one stretch of raw bytes was folded, where the two differ in length or in the count of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Divergence {
    /// It became the given number of folded bytes.
    Became(usize),
    /// It was dropped and belongs to the character before it.
    Attached,
    /// It was dropped and belongs to nothing.
    Dropped,
}

/// Who wants to know where the raw and the folded text part.
pub(crate) trait Divergences {
    /// One raw character at `raw`, `raw_len` bytes long, whose folding begins at byte `folded` of the folded text.
    fn diverge(&mut self, raw: usize, raw_len: usize, folded: usize, how: Divergence);
}

/// Nobody.
impl Divergences for () {
    fn diverge(&mut self, _raw: usize, _raw_len: usize, _folded: usize, _how: Divergence) {}
}

/// What one character becomes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fold {
    /// One character.
    To(char),
    /// One space for the whole run.
    Space,
    /// Nothing; it belongs to the letter before it.
    Mark,
    /// Nothing.
    Format,
    Zwnj,
    /// What NFKC makes of it, folded again.
    Compatibility,
}

/// All characters of one and two bytes, so that most of a Persian text is one look-up a letter.
static TABLE: LazyLock<[Fold; 0x800]> =
    LazyLock::new(|| std::array::from_fn(|code| char::from_u32(code as u32).map_or(Fold::Format, fold_of)));

fn fold_of(c: char) -> Fold {
    match c {
        ZWNJ => Fold::Zwnj,
        'ي' | 'ى' => Fold::To('ی'),
        'ك' => Fold::To('ک'),
        'ة' | 'ۀ' => Fold::To('ه'),
        'أ' | 'إ' | 'ٱ' => Fold::To('ا'),
        'ؤ' => Fold::To('و'),
        '٠'..='٩' => digit(c, '٠'),
        '۰'..='۹' => digit(c, '۰'),
        '\u{640}' => Fold::Mark,
        c if is_arabic_mark(c) => Fold::Mark,
        '\u{200D}' => Fold::Format,
        c if is_format(c) || is_prepended(c) => Fold::Format,
        '\u{FB00}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{FF00}'..='\u{FFEF}' => Fold::Compatibility,
        c if c.is_whitespace() => Fold::Space,
        // The simple mapping: U+0130 alone has a longer one.
        c => Fold::To(c.to_lowercase().next().unwrap_or(c)),
    }
}

fn digit(c: char, zero: char) -> Fold {
    let value = u32::from(c).saturating_sub(u32::from(zero));
    Fold::To(char::from_digit(value, 10).unwrap_or(c))
}

/// Harakat, Quranic marks and the combining hamza and madda of the Arabic blocks.
fn is_arabic_mark(c: char) -> bool {
    matches!(c,
        '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E4}'
        | '\u{6E7}' | '\u{6E8}' | '\u{6EA}'..='\u{6ED}' | '\u{897}'..='\u{89F}' | '\u{8CA}'..='\u{8E1}'
        | '\u{8E3}'..='\u{8FF}')
}

/// What a folded letter and a mark that follows it make together, when that is a letter of its own. The length stays.
fn composed(letter: char, mark: char) -> Option<char> {
    match (letter, mark) {
        ('ا', '\u{653}') => Some('آ'),
        ('ی', '\u{654}') => Some('ئ'),
        _ => None,
    }
}

/// Folds `text` and tells `map` where the lengths part.
pub(crate) fn fold_into(text: &str, zwnj: Zwnj, map: &mut impl Divergences) -> String {
    let table = &*TABLE;
    let mut folding = Folding { out: String::with_capacity(text.len()), last: '\0', open: false, map };
    // Raw bytes from here on stay as they are and are copied at once.
    let mut pending = 0;
    for (at, c) in text.char_indices() {
        let fold = table.get(c as usize).copied().unwrap_or_else(|| fold_of(c));
        let to = match fold {
            Fold::To(to) => Some(to),
            Fold::Space => Some(' ').filter(|_| folding.last != ' '),
            _ => None,
        };
        if to == Some(c) {
            (folding.last, folding.open) = (c, true);
            continue;
        }
        folding.out.push_str(text.get(pending..at).unwrap_or_default());
        pending = at + c.len_utf8();
        match fold {
            Fold::To(to) => folding.push(at, c, to),
            Fold::Space => folding.space(at, c),
            Fold::Zwnj if zwnj == Zwnj::Space => folding.space(at, c),
            Fold::Mark => folding.mark(at, c),
            Fold::Format | Fold::Zwnj => folding.drop_free(at, c),
            Fold::Compatibility => folding.expand(at, c),
        }
    }
    folding.out.push_str(text.get(pending..).unwrap_or_default());
    folding.out
}

/// A folded text in the making.
struct Folding<'a, M> {
    out: String,
    /// The last folded character.
    last: char,
    /// Whether a mark that comes now belongs to `last`.
    open: bool,
    map: &'a mut M,
}

impl<M: Divergences> Folding<'_, M> {
    fn push(&mut self, at: usize, raw: char, to: char) {
        if raw.len_utf8() != to.len_utf8() {
            self.map.diverge(at, raw.len_utf8(), self.out.len(), Divergence::Became(to.len_utf8()));
        }
        self.out.push(to);
        (self.last, self.open) = (to, true);
    }

    fn space(&mut self, at: usize, raw: char) {
        if self.last == ' ' {
            self.drop_attached(at, raw);
        } else {
            self.push(at, raw, ' ');
        }
    }

    fn mark(&mut self, at: usize, raw: char) {
        if let Some(letter) = composed(self.last, raw).filter(|_| self.open) {
            self.out.pop();
            self.out.push(letter);
            self.last = letter;
        }
        self.drop_attached(at, raw);
    }

    fn drop_attached(&mut self, at: usize, raw: char) {
        let how = if self.open { Divergence::Attached } else { Divergence::Dropped };
        self.map.diverge(at, raw.len_utf8(), self.out.len(), how);
    }

    fn drop_free(&mut self, at: usize, raw: char) {
        self.map.diverge(at, raw.len_utf8(), self.out.len(), Divergence::Dropped);
        self.open = false;
    }

    fn expand(&mut self, at: usize, raw: char) {
        let begin = self.out.len();
        let mut parts = 0;
        for part in raw.nfkc() {
            match fold_of(part) {
                Fold::To(to) => self.append(&mut parts, to),
                // The forms of a mark alone are spelt with a space before it, which is none.
                Fold::Space if parts > 0 && self.last != ' ' => self.append(&mut parts, ' '),
                Fold::Compatibility => self.append(&mut parts, part),
                Fold::Space | Fold::Mark | Fold::Format | Fold::Zwnj => {}
            }
        }
        let len = self.out.len() - begin;
        if parts == 0 {
            self.drop_attached(at, raw);
        } else {
            self.open = true;
            if parts > 1 || len != raw.len_utf8() {
                self.map.diverge(at, raw.len_utf8(), begin, Divergence::Became(len));
            }
        }
    }

    fn append(&mut self, parts: &mut usize, to: char) {
        self.out.push(to);
        self.last = to;
        *parts += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grapheme::arbitrary;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(folded(text), expected, "{text:?}");
    }

    #[test]
    fn letters_that_are_one() {
        check("علي موسى كرمان", "علی موسی کرمان");
        check("مدرسة خانۀ خانه\u{654}", "مدرسه خانه خانه");
        check("أحمد إيران ٱلله مؤمن", "احمد ایران الله مومن");
        check("آب مسئول", "آب مسئول");
        check("ا\u{653}ب مسی\u{654}ول مو\u{654}من ا\u{654}حمد ا\u{655}یران", "آب مسئول مومن احمد ایران");
        check("Mehr NEWS É İ", "mehr news é i");
    }

    #[test]
    fn digits_are_one() {
        check("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ 0123456789", "0123456789 0123456789 0123456789");
    }

    #[test]
    fn what_is_dropped() {
        check("مُحَمَّدٌ تهـــران رحمٰن", "محمد تهران رحمن");
        check("\u{FEFF}\u{200F}تهران\u{200E} \u{202B}قم\u{202C} نیم\u{AD}راه\u{200D}", "تهران قم نیمراه");
    }

    #[test]
    fn presentation_forms() {
        check("ﺗﻬﺮﺍﻥ ﻼ ﷲ ﷼ ﻙ ﹰ ﹱ Ａ１", "تهران لا الله ریال ک a1");
        assert_eq!(folded("ﷺ").chars().count(), 18);
        check("ﷺ", "صلی الله علیه وسلم");
    }

    #[test]
    fn white_space_is_one_space() {
        check("نیروی\u{A0} \t\u{200F} انتظامی\r\nناجا", "نیروی انتظامی ناجا");
        check(" \u{64E} ب ", " ب ");
    }

    #[test]
    fn zwnj_is_tried_both_ways() {
        check("ناجا\u{200C}یی", "ناجایی");
        assert_eq!(folded_with("ناجا\u{200C}\u{200C} یی", Zwnj::Space), "ناجا یی");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in arbitrary::text()) {
            for zwnj in [Zwnj::Nothing, Zwnj::Space] {
                let once = folded_with(&text, zwnj);
                prop_assert_eq!(folded_with(&once, zwnj), once);
            }
        }

        #[test]
        fn no_raw_variant_is_left(text in arbitrary::text()) {
            let once = folded(&text);
            prop_assert!(!once.contains("  "));
            prop_assert!(once.chars().all(|c| fold_of(c) == Fold::To(c) || c == ' ' || fold_of(c) == Fold::Compatibility));
        }
    }
}
