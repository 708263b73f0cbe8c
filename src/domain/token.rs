//! Words, numbers and symbols of a text: where they begin and end.
//!
//! Owns the word rule. It looks only near the place asked for: a look-up costs the distance to its answer, whatever the
//! length of the text. It must not know of selections ([`snap`](crate::domain::snap) does) nor of what words mean.
//!
//! The rule, on grapheme clusters: a word is letters and digits with their marks, ZWNJ, ZWJ and tatweel. `٫ ٬ . , / :`
//! belong to it between two digits; every other punctuation breaks it. Invisible format characters (bidi marks, soft
//! hyphen) inside a word do not break it, as the letters around them still join on the screen and folding drops them; at
//! its edges they stay outside, and so does a ZWNJ after the last letter.

use crate::domain::grapheme::{boundary_at_or_after, boundary_at_or_before, boundary_before, char_after, cluster_end};
use crate::domain::offset::{ByteOffset, ByteSpan, CharOffset, Span};
use unicode_normalization::char::is_combining_mark;

/// Zero width non-joiner: half a space, inside Persian words (نیم‌فاصله).
pub(crate) const ZWNJ: char = '\u{200C}';
/// The same as it stands in UTF-8.
const ZWNJ_BYTES: [u8; 3] = [0xE2, 0x80, 0x8C];
/// Zero width joiner.
const ZWJ: char = '\u{200D}';

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, perhaps with digits: `گروهک‌های`, `F16`.
    Word,
    /// Digits and their separators alone: `۱۳۹۷/۱۰/۲۹`, `8:47`.
    Number,
    /// One grapheme cluster of anything else that can be seen: a punctuation mark, an emoji, a currency sign.
    Symbol,
}

/// A token of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    /// The bytes it covers: whole grapheme clusters, but for a ZWNJ left off the end.
    pub span: ByteSpan,
    /// What it is.
    pub kind: TokenKind,
}

/// What a grapheme cluster is to the word rule, by its first code point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Letter,
    Digit,
    /// Joins two digits.
    Separator,
    /// Invisible, joins two letters: bidi marks and their like, and joiners and marks that have no base.
    Format,
    /// White space and controls.
    Space,
    /// Any other punctuation.
    Punctuation,
    /// Emoji, currency, arrows: what is neither word nor punctuation.
    Symbol,
}

impl Class {
    fn is_core(self) -> bool {
        matches!(self, Self::Letter | Self::Digit)
    }
}

/// One grapheme cluster.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cluster {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) class: Class,
}

/// How many code points [`COMMON`] has: those of one or two bytes.
const COMMON_LEN: usize = 0x800;

/// The class of the letters, digits, spaces and punctuation that most text is made of. None of them joins a neighbour of this table, nor a
/// ZWNJ before it, so that a cluster of them is told without looking for marks.
static COMMON: [Option<Class>; COMMON_LEN] = {
    let mut table = [None; COMMON_LEN];
    let mut code = 0;
    while code < COMMON_LEN {
        #[expect(clippy::indexing_slicing, reason = "the loop stops at the length; evaluated at compile time")]
        {
            table[code] = common_class(code as u32);
        }
        code += 1;
    }
    table
};

const fn common_class(code: u32) -> Option<Class> {
    match code {
        0x20 | 0x0A | 0xA0 => Some(Class::Space),
        0x2C | 0x2E | 0x2F | 0x3A | 0x66B | 0x66C => Some(Class::Separator),
        0x41..=0x5A | 0x61..=0x7A | 0x620..=0x64A | 0x671..=0x6D3 => Some(Class::Letter),
        0x30..=0x39 | 0x660..=0x669 | 0x6F0..=0x6F9 => Some(Class::Digit),
        0x21..=0x7E | 0xAB | 0xBB | 0x60C | 0x61B | 0x61F => Some(Class::Punctuation),
        _ => None,
    }
}

/// The class of the code point that begins at a byte and where it ends, if it is a common one.
#[inline]
fn common_from(bytes: &[u8], at: usize) -> Option<(Class, usize)> {
    let lead = *bytes.get(at)?;
    let (code, end) = if lead < 0x80 {
        (usize::from(lead), at + 1)
    } else if lead < 0xE0 {
        let next = *bytes.get(at + 1)?;
        (usize::from(lead & 0x1F) << 6 | usize::from(next & 0x3F), at + 2)
    } else {
        return None;
    };
    COMMON.get(code).copied().flatten().map(|class| (class, end))
}

/// The cluster that begins at a boundary, if it is a common code point, perhaps with a ZWNJ, and another or the end follows.
#[inline]
fn common_cluster(bytes: &[u8], start: usize) -> Option<Cluster> {
    let (class, mut end) = common_from(bytes, start)?;
    if class.is_core() && bytes.get(end..end + ZWNJ_BYTES.len()) == Some(&ZWNJ_BYTES) {
        end += ZWNJ_BYTES.len();
    }
    (end == bytes.len() || common_from(bytes, end).is_some()).then_some(Cluster { start, end, class })
}

/// The cluster that begins at a boundary; `None` at the end of the text.
#[inline]
pub(crate) fn cluster_from(text: &str, start: usize) -> Option<Cluster> {
    common_cluster(text.as_bytes(), start).or_else(|| rare_cluster(text, start))
}

#[cold]
fn rare_cluster(text: &str, start: usize) -> Option<Cluster> {
    let first = char_after(text, start)?;
    let end = cluster_end(text, start);
    let class = if is_prepended(first) {
        let base = text.get(start..end)?.chars().find(|c| !is_prepended(*c));
        base.map_or(Class::Symbol, class_of)
    } else {
        class_of(first)
    };
    Some(Cluster { start, end, class })
}

/// The cluster that ends at a boundary; `None` at the start of the text.
pub(crate) fn cluster_until(text: &str, end: usize) -> Option<Cluster> {
    (end > 0).then(|| boundary_before(text, end)).and_then(|start| cluster_from(text, start))
}

fn class_of(c: char) -> Class {
    match c {
        ' ' | '\n' | '\u{A0}' => Class::Space,
        '.' | ',' | '/' | ':' | '\u{66B}' | '\u{66C}' => Class::Separator,
        'a'..='z' | 'A'..='Z' | '\u{620}'..='\u{64A}' | '\u{671}'..='\u{6D3}' => Class::Letter,
        '0'..='9' | '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}' => Class::Digit,
        c if is_format(c) || c == ZWNJ || c == ZWJ || is_combining_mark(c) => Class::Format,
        c if c.is_whitespace() || c.is_control() => Class::Space,
        c if c.is_alphabetic() => Class::Letter,
        c if c.is_numeric() => Class::Digit,
        c if is_punctuation(c) => Class::Punctuation,
        _ => Class::Symbol,
    }
}

/// Signs that stand before what they govern and form one cluster with it, as U+0600 before a number.
pub(crate) fn is_prepended(c: char) -> bool {
    matches!(
        c,
        '\u{600}'..='\u{605}' | '\u{6DD}' | '\u{70F}' | '\u{890}' | '\u{891}' | '\u{8E2}' | '\u{110BD}' | '\u{110CD}'
    )
}

/// Format characters (general category Cf) that show nothing and join nothing: bidi marks, soft hyphen, BOM; not ZWNJ and
/// ZWJ, which shape words, and not the visible prepended signs.
pub(crate) fn is_format(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0001}' | '\u{E0020}'..='\u{E007F}')
}

/// Punctuation of the scripts met in Persian news; ASCII signs such as `+` and `$` count as punctuation here.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c,
            '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' | '\u{37E}' | '\u{387}' | '\u{55A}'..='\u{55F}' | '\u{589}' | '\u{58A}'
            | '\u{5BE}' | '\u{5F3}' | '\u{5F4}' | '\u{609}'..='\u{60D}' | '\u{61B}' | '\u{61D}'..='\u{61F}'
            | '\u{66A}' | '\u{66D}' | '\u{6D4}' | '\u{700}'..='\u{70D}' | '\u{964}' | '\u{965}'
            | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{2E00}'..='\u{2E5D}' | '\u{3001}'..='\u{3003}'
            | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301F}' | '\u{30FB}' | '\u{FD3E}' | '\u{FD3F}'
            | '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE6B}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}'
            | '\u{FF3B}'..='\u{FF3D}' | '\u{FF5B}'..='\u{FF65}')
}

/// A word in the making: its clusters end at `end`, and what was read tells whether digits alone were met.
#[derive(Clone, Copy, Debug)]
struct Run {
    end: usize,
    kind: TokenKind,
}

/// From a letter or digit, whose cluster ends at `end`, to the end of its word.
#[inline]
fn run_from(text: &str, mut end: usize, mut class: Class) -> Run {
    let mut all_digits = class == Class::Digit;
    loop {
        // Common letters and digits in a row, up to the last, of which it is not known yet that its cluster ends with it.
        let mut common = common_from(text.as_bytes(), end);
        while let Some((next, next_end)) = common.filter(|(class, _)| class.is_core()) {
            common = common_from(text.as_bytes(), next_end);
            if common.is_none() {
                break;
            }
            all_digits &= next == Class::Digit;
            (end, class) = (next_end, next);
        }
        // What commonly follows a word and is not of it.
        if let Some((Class::Space | Class::Punctuation, _)) = common {
            return Run { end, kind: if all_digits { TokenKind::Number } else { TokenKind::Word } };
        }
        let next = match cluster_from(text, end) {
            Some(next) if next.class == Class::Format => after_format(text, next).filter(|c| c.class.is_core()),
            Some(next) if next.class == Class::Separator && class == Class::Digit => {
                cluster_from(text, next.end).filter(|c| c.class == Class::Digit)
            }
            next => next.filter(|c| c.class.is_core()),
        };
        let Some(next) = next else {
            return Run { end, kind: if all_digits { TokenKind::Number } else { TokenKind::Word } };
        };
        all_digits &= next.class == Class::Digit;
        (end, class) = (next.end, next.class);
    }
}

/// From a letter or digit back to the start of its word.
fn run_start(text: &str, last: Cluster) -> usize {
    let mut first = last;
    loop {
        let before = match cluster_until(text, first.start) {
            Some(before) if before.class == Class::Format => before_format(text, before.start),
            Some(before) if before.class == Class::Separator && first.class == Class::Digit => {
                cluster_until(text, before.start).filter(|c| c.class == Class::Digit)
            }
            before => before,
        };
        match before.filter(|c| c.class.is_core()) {
            Some(before) => first = before,
            None => return first.start,
        }
    }
}

/// The first cluster from `cluster` on that is not a format character.
fn after_format(text: &str, mut cluster: Cluster) -> Option<Cluster> {
    while cluster.class == Class::Format {
        cluster = cluster_from(text, cluster.end)?;
    }
    Some(cluster)
}

/// The last cluster that ends at or before `end` and is not a format character.
fn before_format(text: &str, end: usize) -> Option<Cluster> {
    let mut cluster = cluster_until(text, end)?;
    while cluster.class == Class::Format {
        cluster = cluster_until(text, cluster.start)?;
    }
    Some(cluster)
}

/// A span without the ZWNJ at its end.
fn shed(text: &str, start: usize, end: usize) -> ByteSpan {
    let mut word = text.as_bytes().get(start..end).unwrap_or_default();
    while let Some(rest) = word.strip_suffix(&ZWNJ_BYTES) {
        word = rest;
    }
    ByteSpan::from_bytes(start, start + word.len())
}

/// The whole word around one of its letters or digits.
fn word_around(text: &str, core: Cluster) -> ByteSpan {
    shed(text, run_start(text, core), run_from(text, core.end, core.class).end)
}

/// The tokens of `text` in order. White space, controls and format characters are no tokens.
///
/// ```
/// use barchasb::domain::token::{TokenKind, tokens};
/// let text = "(ناجا) ۸:۴۷";
/// let found: Vec<_> = tokens(text).filter_map(|t| Some((t.span.slice(text)?, t.kind))).collect();
/// use TokenKind::{Number, Symbol, Word};
/// assert_eq!(found, [("(", Symbol), ("ناجا", Word), (")", Symbol), ("۸:۴۷", Number)]);
/// ```
pub fn tokens(text: &str) -> impl Iterator<Item = Token> {
    counted_tokens(text).map(|(token, _)| token)
}

/// The tokens of `text`, each with the code points that it covers.
#[inline]
pub(crate) fn counted_tokens(text: &str) -> impl Iterator<Item = (Token, Span)> {
    let bytes = text.as_bytes();
    // What was passed, in bytes and in code points.
    let (mut at, mut chars) = (0, 0);
    std::iter::from_fn(move || {
        loop {
            // A space before a common letter, as before most words.
            if bytes.get(at) == Some(&b' ') && common_from(bytes, at + 1).is_some() {
                (at, chars) = (at + 1, chars + 1);
            }
            let start = at;
            if let Some(word) = plain_word(bytes, start) {
                let counted = Span { start: CharOffset::new(chars), end: CharOffset::new(chars + word.chars) };
                (at, chars) = (word.end, chars + word.chars);
                let span = ByteSpan { start: ByteOffset::new(start), end: ByteOffset::new(at) };
                return Some((Token { span, kind: word.kind }, counted));
            }
            let cluster = cluster_from(text, start)?;
            let run = match cluster.class {
                Class::Letter | Class::Digit => run_from(text, cluster.end, cluster.class),
                _ => Run { end: cluster.end, kind: TokenKind::Symbol },
            };
            let first = chars;
            at = run.end;
            chars += char_count(bytes.get(start..at).unwrap_or_default());
            if !matches!(cluster.class, Class::Space | Class::Format) {
                let span = shed(text, start, at);
                let shed_chars = (at - span.end.get()) / ZWNJ_BYTES.len();
                return Some((Token { span, kind: run.kind }, Span::from_chars(first, chars - shed_chars)));
            }
        }
    })
}

/// A word of common letters and digits alone.
struct PlainWord {
    end: usize,
    chars: usize,
    kind: TokenKind,
}

/// The word or number that begins at a byte, where common letters and digits alone are met from there to what commonly follows a word.
#[inline]
fn plain_word(bytes: &[u8], start: usize) -> Option<PlainWord> {
    let (mut end, mut chars, mut digits) = (start, 0, 0);
    let mut last = Class::Digit;
    loop {
        match common_from(bytes, end) {
            Some((class, next)) if class.is_core() => {
                (end, last) = (next, class);
                chars += 1;
                digits += usize::from(class == Class::Digit);
            }
            Some((Class::Space | Class::Punctuation, _)) => break,
            Some((Class::Separator, _)) if last == Class::Letter => break,
            None if end == bytes.len() => break,
            _ => return None,
        }
    }
    let kind = if digits == chars { TokenKind::Number } else { TokenKind::Word };
    (chars > 0).then_some(PlainWord { end, chars, kind })
}

/// How many code points UTF-8 has.
pub(crate) fn char_count(bytes: &[u8]) -> usize {
    const LOW_BITS: u64 = u64::from_ne_bytes([1; 8]);
    // A code point has one byte that is not `10xxxxxx`. Words are short: eight bytes at once are faster than what is made for long texts.
    let (eights, rest) = bytes.as_chunks::<8>();
    let mut continuing = 0;
    for eight in eights {
        let bits = u64::from_ne_bytes(*eight);
        continuing += ((bits >> 7) & !(bits >> 6) & LOW_BITS).count_ones() as usize;
    }
    for byte in rest {
        continuing += usize::from(byte & 0xC0 == 0x80);
    }
    bytes.len() - continuing
}

/// The word or number that covers `at` or, failing that, ends there; invisible characters between its last letter and
/// `at` do not count. A place inside a code point or beyond the end is rounded down.
///
/// ```
/// use barchasb::domain::{offset::ByteOffset, token::word_at};
/// let text = "نیروی انتظامی، گفت";
/// let word = |at| word_at(text, ByteOffset::new(at)).and_then(|span| span.slice(text));
/// assert_eq!((word(4), word(10), word(11)), (Some("نیروی"), Some("نیروی"), Some("انتظامی")));
/// ```
#[must_use]
pub fn word_at(text: &str, at: ByteOffset) -> Option<ByteSpan> {
    let at = text.floor_char_boundary(at.get());
    let start = boundary_at_or_before(text, at);
    if let Some(core) = cluster_from(text, start).filter(|c| c.class.is_core()) {
        return Some(word_around(text, core));
    }
    let word = word_around(text, before_format(text, start).filter(|c| c.class.is_core())?);
    // Inside an emoji or a line break, the word before does not end at `at`, unless it goes on beyond.
    (start == at || word.end.get() > at).then_some(word)
}

/// The first word or number that starts at or after `at`, across punctuation, spaces and line breaks.
///
/// ```
/// use barchasb::domain::{offset::ByteOffset, token::next_word};
/// let text = "مهر،\n(ناجا)";
/// assert_eq!(next_word(text, ByteOffset::new(1)).and_then(|span| span.slice(text)), Some("ناجا"));
/// ```
#[must_use]
pub fn next_word(text: &str, at: ByteOffset) -> Option<ByteSpan> {
    next_word_before(text, at.get(), text.len())
}

/// The first word that starts at or after `at` and before `limit`; nothing beyond `limit` is searched.
pub(crate) fn next_word_before(text: &str, at: usize, limit: usize) -> Option<ByteSpan> {
    let mut at = boundary_at_or_after(text, at.min(text.len()));
    while at < limit {
        let cluster = cluster_from(text, at)?;
        if !cluster.class.is_core() {
            at = cluster.end;
        } else if run_start(text, cluster) < cluster.start {
            at = run_from(text, cluster.end, cluster.class).end;
        } else {
            return Some(shed(text, cluster.start, run_from(text, cluster.end, cluster.class).end));
        }
    }
    None
}

/// The last word or number that ends at or before `at`, across punctuation, spaces and line breaks.
///
/// ```
/// use barchasb::domain::{offset::ByteOffset, token::previous_word};
/// let text = "مهر،\n(ناجا)";
/// assert_eq!(previous_word(text, ByteOffset::new(12)).and_then(|span| span.slice(text)), Some("مهر"));
/// ```
#[must_use]
pub fn previous_word(text: &str, at: ByteOffset) -> Option<ByteSpan> {
    previous_word_after(text, at.get(), 0)
}

/// The last word that ends at or before `at` and after `limit`; nothing before `limit` is searched.
pub(crate) fn previous_word_after(text: &str, at: usize, limit: usize) -> Option<ByteSpan> {
    let at = text.floor_char_boundary(at.min(text.len()));
    // Its last cluster may reach over `at` by a ZWNJ that the word sheds.
    let mut end = boundary_at_or_after(text, at);
    while end > limit {
        let cluster = cluster_until(text, end)?;
        end = cluster.start;
        if cluster.class.is_core() {
            let word = word_around(text, cluster);
            if word.end.get() <= at {
                return (word.end.get() > limit).then_some(word);
            }
            end = word.start.get();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grapheme::{arbitrary, is_boundary};
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<ByteSpan> {
        tokens(text).filter(|token| token.kind != TokenKind::Symbol).map(|token| token.span).collect()
    }

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = tokens(text).filter_map(|token| token.span.slice(text)).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn the_rows_of_the_word_rule() {
        check("گروهک\u{200C}های ناجا\u{200C}یی", &["گروهک\u{200C}های", "ناجا\u{200C}یی"]);
        check("تهران\u{A0}بزرگ", &["تهران", "بزرگ"]);
        check("(ناجا) «مهر»", &["(", "ناجا", ")", "«", "مهر", "»"]);
        check("۱۳۹۷، گفت", &["۱۳۹۷", "،", "گفت"]);
        check("علی.رضا ایران:تهران", &["علی", ".", "رضا", "ایران", ":", "تهران"]);
        check("ایران-عراق و/یا", &["ایران", "-", "عراق", "و", "/", "یا"]);
        check("\u{200F}تهران\u{200E} ", &["تهران"]);
        check("۱۳۹۷/۱۰/۲۹ ۸:۴۷ 3.14 ۱٬۲۰۰٫۵", &["۱۳۹۷/۱۰/۲۹", "۸:۴۷", "3.14", "۱٬۲۰۰٫۵"]);
        check("۲۹. ۵/ ۱..۲ بند۳/الف", &["۲۹", ".", "۵", "/", "۱", ".", ".", "۲", "بند۳", "/", "الف"]);
        check("کتاب\u{200C} \u{200C}خانه", &["کتاب", "خانه"]);
        check("تهـــران مُحَمَّد ۀ", &["تهـــران", "مُحَمَّد", "ۀ"]);
        check("خوب👩\u{200D}👩\u{200D}👧🇮🇷بد", &["خوب", "👩\u{200D}👩\u{200D}👧", "🇮🇷", "بد"]);
        check("نیم\u{AD}راه \u{2067}قم\u{2069}", &["نیم\u{AD}راه", "قم"]);
        check("\u{600}۱۲ 1\u{FE0F}\u{20E3}", &["\u{600}۱۲", "1\u{FE0F}\u{20E3}"]);
    }

    #[test]
    fn kinds() {
        let kinds = |text| tokens(text).map(|token| token.kind).collect::<Vec<_>>();
        assert_eq!(kinds("F16 ۸:۴۷ ۲۲بهمن"), [TokenKind::Word, TokenKind::Number, TokenKind::Word]);
        assert_eq!(kinds("😀!\u{200E} \n"), [TokenKind::Symbol, TokenKind::Symbol]);
    }

    #[test]
    fn words_near_a_place() {
        let text = "تهران\u{200E}،\n۱۳۹۷/۱۰ قم\u{200C}";
        let near = |found: Option<ByteSpan>| found.and_then(|span| span.slice(text));
        let at = |bytes| near(word_at(text, ByteOffset::new(bytes)));
        assert_eq!([at(0), at(3), at(10), at(13)], [Some("تهران"); 4]);
        assert_eq!([at(14), at(15), at(16)], [Some("تهران"), None, Some("۱۳۹۷/۱۰")]);
        assert_eq!([at(24), at(25), at(29)], [Some("۱۳۹۷/۱۰"); 3]);
        assert_eq!([at(35), at(99)], [Some("قم"); 2]);
        assert_eq!(near(next_word(text, ByteOffset::new(1))), Some("۱۳۹۷/۱۰"));
        assert_eq!(near(next_word(text, ByteOffset::new(18))), Some("قم"));
        assert_eq!(near(next_word(text, ByteOffset::new(31))), None);
        assert_eq!(near(previous_word(text, ByteOffset::new(34))), Some("قم"));
        assert_eq!(near(previous_word(text, ByteOffset::new(33))), Some("۱۳۹۷/۱۰"));
        assert_eq!(near(previous_word(text, ByteOffset::new(9))), None);
    }

    /// A cluster told by the table is the one that the segmenter finds, whatever stands beside it.
    #[test]
    fn common_clusters_are_those_of_the_segmenter() {
        let neighbours = [
            "", "a", "ب", "۱", "\n", "\r", "\u{200C}", "\u{200D}", "\u{301}", "\u{64E}", "\u{600}", "\u{903}", "👩",
            "🇮",
        ];
        for c in (0..0x800_u32).filter_map(char::from_u32) {
            for (first, second) in neighbours.iter().flat_map(|a| neighbours.iter().map(move |b| (a, b))) {
                let text = format!("{c}{first}{second}");
                if let Some(found) = common_cluster(text.as_bytes(), 0) {
                    let rare = rare_cluster(&text, 0).unwrap();
                    assert_eq!((found.start, found.end, found.class), (rare.start, rare.end, rare.class), "{text:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn walking_either_way_meets_the_same_words(text in arbitrary::text()) {
            let expected = words(&text);
            let mut forward: Vec<ByteSpan> = Vec::new();
            while let Some(word) = next_word(&text, forward.last().map_or(ByteOffset::ZERO, |word| word.end)) {
                forward.push(word);
            }
            prop_assert_eq!(&forward, &expected);
            let mut back: Vec<ByteSpan> = Vec::new();
            while let Some(word) = previous_word(&text, back.last().map_or(ByteOffset::new(text.len()), |w| w.start)) {
                back.push(word);
            }
            back.reverse();
            prop_assert_eq!(&back, &expected);
        }

        #[test]
        fn every_place_finds_its_word(text in arbitrary::text()) {
            let words = words(&text);
            for at in (0..text.len() + 2).map(ByteOffset::new) {
                if let Some(word) = words.iter().find(|word| word.start <= at && at < word.end) {
                    prop_assert_eq!(word_at(&text, at), Some(*word), "at {}", at);
                }
                if let Some(word) = word_at(&text, at) {
                    prop_assert!(words.contains(&word));
                }
                let next = words.iter().find(|word| word.start >= at).copied();
                prop_assert_eq!(next_word(&text, at), next, "after {}", at);
                let previous = words.iter().rev().find(|word| word.end <= at).copied();
                prop_assert_eq!(previous_word(&text, at), previous, "before {}", at);
            }
        }

        #[test]
        fn tokens_are_whole_clusters_in_order(text in arbitrary::text()) {
            let mut end = ByteOffset::ZERO;
            for (token, counted) in counted_tokens(&text) {
                let chars = |at: ByteOffset| text[..at.get()].chars().count();
                prop_assert_eq!(counted, Span::from_chars(chars(token.span.start), chars(token.span.end)));
                prop_assert!(end <= token.span.start && !token.span.is_empty());
                prop_assert!(is_boundary(&text, token.span.start));
                end = token.span.end;
                let rest = &text[end.get()..];
                let with_zwnj = ByteOffset::new(end.get() + rest.len() - rest.trim_start_matches(ZWNJ).len());
                prop_assert!(is_boundary(&text, end) || is_boundary(&text, with_zwnj));
            }
        }
    }
}
