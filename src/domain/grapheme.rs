//! Where extended grapheme clusters (UAX #29) begin and end, found near a place without walking the whole text.
//!
//! Owns a table of the characters whose pairs need no thought; everything rarer is asked of `unicode-segmentation`.
//! It must not know of words.

use crate::domain::offset::ByteOffset;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// What a code point does at a cluster boundary, as far as a pair of neighbours can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joining {
    /// `Grapheme_Cluster_Break=Other` and not pictographic: starts a cluster, unless a rare one reaches over to it.
    Plain,
    /// Never joins with anything (CR and LF aside, which have their own names).
    Control,
    /// Carriage return.
    Cr,
    /// Line feed.
    Lf,
    /// Always joins what stands before it, unless that is a control.
    Extend,
    /// Ask the segmenter.
    Rare,
}

const TABLE_LEN: usize = 0x800;

static TABLE: [Joining; TABLE_LEN] = {
    let mut table = [Joining::Rare; TABLE_LEN];
    let mut code = 0;
    while code < TABLE_LEN {
        #[expect(clippy::indexing_slicing, reason = "the loop stops at the length; evaluated at compile time")]
        {
            table[code] = two_byte_joining(code as u32);
        }
        code += 1;
    }
    table
};

const fn two_byte_joining(code: u32) -> Joining {
    match code {
        0x0D => Joining::Cr,
        0x0A => Joining::Lf,
        0x00..=0x1F | 0x7F..=0x9F | 0xAD | 0x61C => Joining::Control,
        0xA9 | 0xAE => Joining::Rare,
        0x20..=0x2FF | 0x370..=0x377 | 0x37A..=0x37F | 0x384..=0x482 | 0x48A..=0x52F => Joining::Plain,
        0x5D0..=0x5EA | 0x5EF..=0x5F4 => Joining::Plain,
        0x606..=0x60F | 0x61B | 0x61D..=0x64A | 0x660..=0x66F | 0x671..=0x6D5 => Joining::Plain,
        0x6DE | 0x6E5 | 0x6E6 | 0x6E9 | 0x6EE..=0x70D => Joining::Plain,
        0x300..=0x36F | 0x610..=0x61A | 0x64B..=0x65F | 0x670 | 0x6D6..=0x6DC => Joining::Extend,
        0x6DF..=0x6E4 | 0x6E7 | 0x6E8 | 0x6EA..=0x6ED => Joining::Extend,
        _ => Joining::Rare,
    }
}

/// The class of a code point: a table for U+0000–U+07FF, ranges for the rest.
#[inline]
pub(crate) fn joining(c: char) -> Joining {
    match TABLE.get(c as usize) {
        Some(joining) => *joining,
        None => wide_joining(c),
    }
}

fn wide_joining(c: char) -> Joining {
    match c {
        '\u{200C}' | '\u{200D}' => Joining::Extend,
        '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => {
            Joining::Control
        }
        '\u{1E00}'..='\u{1F15}' | '\u{2000}'..='\u{200A}' | '\u{2010}'..='\u{2027}' => Joining::Plain,
        '\u{202F}'..='\u{203B}' | '\u{20A0}'..='\u{20BF}' => Joining::Plain,
        '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FF}' => Joining::Plain,
        '\u{4E00}'..='\u{9FFF}' | '\u{FB50}'..='\u{FDCE}' | '\u{FDF0}'..='\u{FDFF}' => Joining::Plain,
        '\u{FE70}'..='\u{FE74}' | '\u{FE76}'..='\u{FEFC}' => Joining::Plain,
        _ => Joining::Rare,
    }
}

/// Whether a cluster boundary lies between two neighbours; `None` when the pair alone does not tell.
#[inline]
pub(crate) fn pair_breaks(before: Joining, after: Joining) -> Option<bool> {
    match (before, after) {
        (Joining::Rare, _) | (_, Joining::Rare) => None,
        (Joining::Cr, Joining::Lf) => Some(false),
        (Joining::Control | Joining::Cr | Joining::Lf, _) => Some(true),
        (_, after) => Some(after != Joining::Extend),
    }
}

/// How many bytes are looked at together by [`plain_run`].
pub(crate) const PLAIN_STEP: usize = 16;

/// How many bytes from a code point on are such of which the bytes alone tell that they are [`Joining::Plain`]: letters, digits and
/// punctuation of the Latin and Arabic scripts. Whole code points, and whole steps: fewer bytes are left to the caller.
pub(crate) fn plain_run(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(step) = bytes.get(at..).and_then(<[u8]>::first_chunk::<{ PLAIN_STEP + 1 }>) {
        let [first, rest @ ..] = step;
        // Without a branch, all are compared at once.
        let odd =
            step.iter().zip(rest).fold(!is_plain_pair(0, *first), |odd, (one, two)| odd | !is_plain_pair(*one, *two));
        if odd {
            break;
        }
        // The last belongs to the code point before it, or begins one that the next step tells.
        at += PLAIN_STEP + usize::from(step[PLAIN_STEP] & 0xC0 == 0x80);
    }
    at - from
}

/// Whether the second of two neighbouring bytes is a plain code point, begins one, or ends one; the first is looked at before.
#[inline]
fn is_plain_pair(one: u8, two: u8) -> bool {
    let within = |byte: u8, first: u8, last: u8| byte.wrapping_sub(first) <= last - first;
    let is_ascii = within(two, b' ', b'~');
    // U+0080 to U+02FF and U+0600 to U+06FF, of which some are not plain.
    let begins = within(two, 0xC2, 0xCB) | within(two, 0xD8, 0xDB);
    let joins = (one == 0xC2) & ((two < 0xA0) | (two == 0xA9) | (two == 0xAD) | (two == 0xAE))
        | (one == 0xD8) & ((two < 0x86) | within(two, 0x90, 0x9A) | (two == 0x9C))
        | (one == 0xD9) & (within(two, 0x8B, 0x9F) | (two == 0xB0))
        | (one == 0xDB) & within(two, 0x96, 0xAD);
    is_ascii | begins | within(two, 0x80, 0xBF) & !joins
}

/// The code point that begins at `at`.
#[inline]
pub(crate) fn char_after(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// The code point that ends at `at`.
pub(crate) fn char_before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// Whether a cluster boundary lies at a byte; both ends of the text are boundaries, the inside of a code point is not.
///
/// ```
/// use barchasb::domain::{grapheme::is_boundary, offset::ByteOffset};
/// assert!(!is_boundary("👍🏽", ByteOffset::new(4)) && is_boundary("👍🏽", ByteOffset::new(8)));
/// ```
#[must_use]
pub fn is_boundary(text: &str, at: ByteOffset) -> bool {
    breaks_at(text, at.get())
}

fn breaks_at(text: &str, at: usize) -> bool {
    if !text.is_char_boundary(at) {
        return false;
    }
    let (Some(before), Some(after)) = (char_before(text, at), char_after(text, at)) else {
        return true;
    };
    pair_breaks(joining(before), joining(after))
        .unwrap_or_else(|| GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(true))
}

/// The end of the cluster that begins at `start`, which must be a boundary; the end of the text stays where it is.
pub(crate) fn cluster_end(text: &str, start: usize) -> usize {
    let Some(rest) = text.get(start..) else {
        return text.len();
    };
    let mut chars = rest.chars();
    let Some(first) = chars.next() else {
        return text.len();
    };
    let (mut end, mut before) = (start + first.len_utf8(), joining(first));
    for c in chars {
        let after = joining(c);
        match pair_breaks(before, after) {
            Some(true) => break,
            Some(false) => (end, before) = (end + c.len_utf8(), after),
            None => return rest.graphemes(true).next().map_or(text.len(), |cluster| start + cluster.len()),
        }
    }
    end
}

/// The last boundary before `at`; 0 stays 0. `at` must be a boundary of code points.
pub(crate) fn boundary_before(text: &str, at: usize) -> usize {
    let Some(rest) = text.get(..at) else {
        return 0;
    };
    let mut chars = rest.chars().rev();
    let Some(last) = chars.next() else {
        return 0;
    };
    let (mut start, mut after) = (at - last.len_utf8(), joining(last));
    for c in chars {
        let before = joining(c);
        match pair_breaks(before, after) {
            Some(true) => break,
            Some(false) => (start, after) = (start - c.len_utf8(), before),
            None => {
                return GraphemeCursor::new(at, text.len(), true).prev_boundary(text, 0).ok().flatten().unwrap_or(0);
            }
        }
    }
    start
}

/// The last boundary at or before `at`, which may lie inside a code point or beyond the end.
pub(crate) fn boundary_at_or_before(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    if breaks_at(text, at) { at } else { boundary_before(text, at) }
}

/// The first boundary at or after `at`, which may lie inside a code point or beyond the end.
pub(crate) fn boundary_at_or_after(text: &str, at: usize) -> usize {
    let at = text.ceil_char_boundary(at);
    if breaks_at(text, at) { at } else { cluster_end(text, boundary_before(text, at)) }
}

/// Strings rich in what clusters are made of, for the property tests of every file that cares.
#[cfg(test)]
pub(crate) mod arbitrary {
    use proptest::prelude::*;

    const CHARS: &str = "\u{200C}\u{200C}\u{200D}👩👩\u{1F3FD}❤\u{FE0F}🇮🇷\u{E0067}\u{E007F}\u{20E3}\u{64E}\u{651}\u{654}\u{653}\u{670}\r\n\n\r \u{A0}\
        \t\u{600}\u{6DD}\u{640}ابپهیيكةۀآئؤ۱۲3.4,:/٫٬،؛»«()-_!٪$€\u{200E}\u{200F}\u{202B}\u{FEFF}\u{AD}aZéİ\u{301}가각กำकषत्\u{94D}ि\u{903}ﷺﻼ﷼ﹰﬃＡ中\u{0}😀";

    /// Up to forty of them in any order.
    pub(crate) fn text() -> impl Strategy<Value = String> {
        let chars: Vec<char> = CHARS.chars().collect();
        let one = prop_oneof![8 => proptest::sample::select(chars), 1 => any::<char>()];
        proptest::collection::vec(one, 0..40).prop_map(|chars| chars.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn expected(text: &str) -> Vec<usize> {
        text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect()
    }

    fn check(text: &str) {
        let expected = expected(text);
        for at in 0..=text.len() {
            assert_eq!(is_boundary(text, ByteOffset::new(at)), expected.binary_search(&at).is_ok(), "{text:?} at {at}");
            let before = expected.iter().rev().find(|b| **b <= at).copied();
            assert_eq!(Some(boundary_at_or_before(text, at)), before, "{text:?} at or before {at}");
            let after = expected.iter().find(|b| **b >= at).copied();
            assert_eq!(Some(boundary_at_or_after(text, at)), after, "{text:?} at or after {at}");
        }
    }

    /// What bytes tell to be plain is so, and agrees with the class of every code point.
    #[test]
    fn runs_of_plain_code_points_are_plain() {
        for c in (0..=0xFFFFu32).filter_map(char::from_u32) {
            for (before, after) in [("", "آ"), ("a", "b"), ("سa", "é")] {
                let text = format!("{before}{c}{after}{}", "آ".repeat(PLAIN_STEP));
                let run = plain_run(text.as_bytes(), 0);
                assert!(text.is_char_boundary(run));
                assert!(text[..run].chars().all(|c| joining(c) == Joining::Plain), "{text:?}");
            }
            let is_usual = matches!(c, ' '..='~' | 'آ'..='ي' | 'پ' | '،' | '؛' | '؟' | 'ک' | 'گ' | 'چ' | 'ژ' | 'ی' | '۰'..='۹' | '«' | '»');
            assert!(!is_usual || plain_run(format!("{c}{}", "a".repeat(PLAIN_STEP)).as_bytes(), 0) > 0, "{c:?}");
        }
    }

    /// The class of every code point must agree with what the segmenter does beside all kinds of neighbours.
    #[test]
    fn the_table_agrees_with_the_segmenter() {
        let neighbours =
            ["a", "\u{301}", "ᄀ", "ᅡ", "ᆨ", "가", "🇮", "😀\u{200D}", "😀", "क\u{94D}", "क", "\u{903}", "\u{600}"];
        for c in (0..=0xFFFFu32).filter_map(char::from_u32).filter(|c| joining(*c) != Joining::Rare) {
            for neighbour in neighbours {
                let (before, after) = (format!("{neighbour}{c}"), format!("{c}{neighbour}"));
                let class = joining(c);
                let control = matches!(class, Joining::Control | Joining::Cr | Joining::Lf);
                let reaches = neighbour == "\u{600}" && !control;
                let joins_before = class == Joining::Extend || reaches;
                let at = neighbour.len();
                assert_eq!(!expected(&before).contains(&at), joins_before, "{before:?}");
                let takes_after = !control && matches!(neighbour, "\u{301}" | "\u{903}");
                assert_eq!(!expected(&after).contains(&c.len_utf8()), takes_after, "{after:?}");
            }
        }
    }

    #[test]
    fn hard_clusters() {
        for text in [
            "",
            "ا",
            "\r\n",
            "نا\u{200C}",
            "\u{600}۱۲",
            "🇮🇷🇮🇷🇮",
            "👩\u{200D}👩\u{200D}👩",
            "क\u{94D}षि",
            "گُل",
            "\u{64E}",
            "\n\u{200C}",
        ] {
            check(text);
        }
    }

    proptest! {
        #[test]
        fn boundaries_are_those_of_uax_29(text in arbitrary::text()) {
            check(&text);
        }
    }
}
