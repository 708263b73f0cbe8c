//! Snapping a selection: to whole words without what clings to their edges, or to whole grapheme clusters.
//!
//! Owns what a selection keeps and sheds. It looks only at the selection and the words at its edges, and must not know of
//! mentions.

use crate::domain::grapheme::{boundary_at_or_after, boundary_at_or_before, char_after};
use crate::domain::offset::{ByteOffset, ByteSpan};
use crate::domain::token::{
    Class, Cluster, cluster_from, cluster_until, next_word_before, previous_word_after, word_at,
};

/// The selection grown to whole words, with bidi marks, white space, ZWNJ, quotes and punctuation shed at its edges;
/// `None` when nothing is left. Words are taken by [`tokens`](crate::domain::token::tokens)' rule.
///
/// A percent or currency sign inside the selection stays beside a number (`۲۰٪`, `$5`). A selection without any word keeps
/// its emoji and other symbols. The ends are grapheme boundaries, but for a shed ZWNJ; ends inside a code point are
/// rounded outward.
///
/// ```
/// use barchasb::domain::{offset::ByteSpan, snap::snap_to_words};
/// let text = "«سردار (ناجا)»";
/// let snapped = snap_to_words(text, ByteSpan::from_bytes(13, 18));
/// assert_eq!(snapped.and_then(|span| span.slice(text)), Some("ناجا"));
/// ```
#[must_use]
pub fn snap_to_words(text: &str, selection: ByteSpan) -> Option<ByteSpan> {
    let (start, end) = outward(text, selection)?;
    let Some((first, last)) = edge_words(text, start, end) else {
        return symbols(text, start, end);
    };
    let amount_start = amount_sign_before(text, first, start).unwrap_or(first.start.get());
    let amount_end = amount_sign_after(text, last, end).unwrap_or(last.end.get());
    Some(ByteSpan::from_bytes(amount_start, amount_end))
}

/// The selection grown to whole grapheme clusters (a ZWNJ belongs to the one before it); `None` when it is empty.
///
/// ```
/// use barchasb::domain::{offset::ByteSpan, snap::snap_to_graphemes};
/// let text = "گُل";
/// let snapped = snap_to_graphemes(text, ByteSpan::from_bytes(2, 4));
/// assert_eq!(snapped.and_then(|span| span.slice(text)), Some("گُ"));
/// ```
#[must_use]
pub fn snap_to_graphemes(text: &str, selection: ByteSpan) -> Option<ByteSpan> {
    let (start, end) = outward(text, selection)?;
    Some(ByteSpan::from_bytes(boundary_at_or_before(text, start), boundary_at_or_after(text, end)))
}

/// The ends moved outward to code points; `None` for an empty selection.
fn outward(text: &str, selection: ByteSpan) -> Option<(usize, usize)> {
    let start = text.floor_char_boundary(selection.start.get());
    let end = text.ceil_char_boundary(selection.end.get());
    (!selection.is_empty() && start < end).then_some((start, end))
}

/// The first and the last word that share a byte with the selection.
fn edge_words(text: &str, start: usize, end: usize) -> Option<(ByteSpan, ByteSpan)> {
    let covering =
        |at: usize| word_at(text, ByteOffset::new(at)).filter(|word| word.start.get() <= at && at < word.end.get());
    let first = covering(start).or_else(|| next_word_before(text, start, end))?;
    let last = covering(text.floor_char_boundary(end.saturating_sub(1)))
        .or_else(|| previous_word_after(text, end, start))
        .unwrap_or(first);
    Some((first, last))
}

/// Where a sign of amount before a number begins, when only white space lies between and it is selected.
fn amount_sign_before(text: &str, word: ByteSpan, start: usize) -> Option<usize> {
    cluster_from(text, word.start.get()).filter(|c| c.class == Class::Digit)?;
    let mut at = word.start.get();
    while at > start {
        let cluster = cluster_until(text, at)?;
        if is_amount_sign(text, cluster) {
            return (cluster.end > start).then_some(cluster.start);
        }
        at = Some(cluster.start).filter(|_| cluster.class == Class::Space)?;
    }
    None
}

/// Where a sign of amount after a number ends, when only white space lies between and it is selected.
fn amount_sign_after(text: &str, word: ByteSpan, end: usize) -> Option<usize> {
    cluster_until(text, boundary_at_or_after(text, word.end.get())).filter(|c| c.class == Class::Digit)?;
    let mut at = boundary_at_or_after(text, word.end.get());
    while at < end {
        let cluster = cluster_from(text, at)?;
        if is_amount_sign(text, cluster) {
            return Some(cluster.end);
        }
        at = Some(cluster.end).filter(|_| cluster.class == Class::Space)?;
    }
    None
}

/// Percent, per mille and currency signs.
fn is_amount_sign(text: &str, cluster: Cluster) -> bool {
    let sign = |c| matches!(c, '%' | '٪' | '‰' | '؉' | '$' | '¢'..='¥' | '؋' | '﷼' | '\u{20A0}'..='\u{20CF}');
    char_after(text, cluster.start).is_some_and(sign)
}

/// From the first to the last symbol of a selection that holds no word.
fn symbols(text: &str, start: usize, end: usize) -> Option<ByteSpan> {
    let (start, end) = (boundary_at_or_before(text, start), boundary_at_or_after(text, end));
    let mut found: Option<ByteSpan> = None;
    let mut at = start;
    while at < end {
        let cluster = cluster_from(text, at)?;
        if cluster.class == Class::Symbol {
            let first = found.map_or(cluster.start, |span| span.start.get());
            found = Some(ByteSpan::from_bytes(first, cluster.end));
        }
        at = cluster.end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::grapheme::{arbitrary, is_boundary};
    use proptest::prelude::*;

    /// `selected` stands between `[` and `]`.
    fn check(marked: &str, expected: Option<&str>) {
        let start = marked.find('[').unwrap();
        let end = marked.find(']').unwrap() - 1;
        let text = marked.replace(['[', ']'], "");
        let snapped = snap_to_words(&text, ByteSpan::from_bytes(start, end));
        assert_eq!(snapped.and_then(|span| span.slice(&text)), expected, "{marked:?}");
    }

    #[test]
    fn selections_grow_to_words() {
        check("به [گزا]رش خبرنگار", Some("گزارش"));
        check("نیر[وی ان]تظامی، گفت", Some("نیروی انتظامی"));
        check("گروهک\u{200C}[ها]ی", Some("گروهک\u{200C}های"));
        check("سال ۱۳۹۷/[۱]۰/۲۹", Some("۱۳۹۷/۱۰/۲۹"));
        check("علی.[ر]ضا", Some("رضا"));
        check("علی[.ر]ضا", Some("رضا"));
        check("ایران-عر[ا]ق", Some("عراق"));
    }

    #[test]
    fn edges_are_shed() {
        check("[(ناجا]) گفت", Some("ناجا"));
        check("گفت[: «مهر»، ]بود", Some("مهر"));
        check("[\u{200F}تهران\u{200E}]", Some("تهران"));
        check("[\u{A0}صبح شنبه\u{A0}]در", Some("صبح شنبه"));
        check("[کتاب\u{200C} ]", Some("کتاب"));
        check("[۱۳۹۷،] و", Some("۱۳۹۷"));
        check("علی [ )، «\n\u{A0}\u{200F}]حسن", None);
        check("علی [] حسن", None);
        check("[خوب😀]", Some("خوب"));
    }

    #[test]
    fn symbols_stay_when_alone_and_signs_beside_numbers() {
        check("خوب [«😀🇮🇷» ]بود", Some("😀🇮🇷"));
        check("حدود [۲۰٪،] از", Some("۲۰٪"));
        check("حدود [۲۰]٪ از", Some("۲۰"));
        check("حدود [$ 5] از", Some("$ 5"));
        check("[خوب٪]", Some("خوب"));
        check("[۳ € ]", Some("۳ €"));
    }

    #[test]
    fn graphemes_take_their_zwnj_and_marks() {
        let snap = |text: &'static str, a, b| {
            snap_to_graphemes(text, ByteSpan::from_bytes(a, b)).and_then(|span| span.slice(text))
        };
        assert_eq!(snap("نا\u{200C}یی", 2, 4), Some("ا\u{200C}"));
        assert_eq!(snap("گُل", 2, 4), Some("گُ"));
        assert_eq!(snap("a👍🏽b", 2, 3), Some("👍🏽"));
        assert_eq!(snap("گل", 2, 2), None);
        assert_eq!(snap("گل", 5, 9), None);
    }

    proptest! {
        #[test]
        fn snapping_twice_is_snapping_once(text in arbitrary::text(), a in 0usize..120, b in 0usize..120) {
            let selection = ByteSpan::from_bytes(a, b);
            if let Some(snapped) = snap_to_words(&text, selection) {
                prop_assert!(snapped.slice(&text).is_some_and(|part| !part.is_empty()));
                prop_assert!(is_boundary(&text, snapped.start));
                prop_assert_eq!(snap_to_words(&text, snapped), Some(snapped));
            }
            if let Some(snapped) = snap_to_graphemes(&text, selection) {
                prop_assert!(is_boundary(&text, snapped.start) && is_boundary(&text, snapped.end));
                prop_assert_eq!(snap_to_graphemes(&text, snapped), Some(snapped));
            }
        }

        #[test]
        fn every_token_that_is_a_word_stays_as_it_is(text in arbitrary::text()) {
            for token in crate::domain::token::tokens(&text) {
                if token.kind != crate::domain::token::TokenKind::Symbol {
                    prop_assert_eq!(snap_to_words(&text, token.span), Some(token.span));
                }
            }
        }
    }
}
