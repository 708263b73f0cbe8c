//! From offsets of a file to a span of a text, checked against the surface that the file carries.
//!
//! Owns the check that readers of files with offsets share. It must not know any format, and repairs nothing.

use crate::domain::offset::Span;
use crate::domain::offset_map::OffsetMap;
use crate::formats::finding::{Misfit, SpanFault, cut};
use crate::formats::offset_unit::OffsetUnit;

/// A mention as a file says it.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Where it starts, in the unit of the file.
    pub start: u64,
    /// Where it ends, in the unit of the file.
    pub end: u64,
    /// The name of its label.
    pub label: &'a str,
    /// The surface, where the file carries it.
    pub surface: Option<&'a str>,
}

/// Where a mention stands, in code points, and whether its surface differs in white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Where.
    pub span: Span,
    /// Whether the surface is that of the text but for white space.
    pub is_loose: bool,
}

/// The span that a claim means.
///
/// ```
/// use barchasb::domain::offset_map::OffsetMap;
/// use barchasb::formats::offset_unit::OffsetUnit;
/// use barchasb::formats::placing::span::{Claim, placed_from_claim};
/// let text = "😀 علی آمد";
/// let claim = Claim { start: 3, end: 6, label: "PER", surface: Some("علی") };
/// let placed = placed_from_claim(text, &OffsetMap::new(text), OffsetUnit::Utf16, claim).unwrap();
/// assert_eq!(placed.span.to_string(), "2..5");
/// ```
///
/// # Errors
/// [`SpanFault`] when the label is blank, the span is empty or no place of the text, or another text stands there.
pub fn placed_from_claim(text: &str, map: &OffsetMap, unit: OffsetUnit, claim: Claim<'_>) -> Result<Placed, SpanFault> {
    let (start, end) = (claim.start, claim.end);
    if claim.label.trim().is_empty() {
        return Err(SpanFault::NoLabel { start, end, unit });
    }
    let refuse = |misfit| SpanFault::Misfit { label: claim.label.to_owned(), start, end, unit, misfit };
    if start >= end {
        return Err(refuse(Misfit::Nothing));
    }
    let span = unit.span_from_units(map, start, end).ok_or_else(|| refuse(Misfit::OutOfText))?;
    let stands = surface_of(text, map, span).ok_or_else(|| refuse(Misfit::OutOfText))?;
    match claim.surface {
        Some(named) if named != stands => {
            if differs_in_space(named, stands) {
                return Ok(Placed { span, is_loose: true });
            }
            Err(refuse(Misfit::OtherSurface { named: cut(named), stands: cut(stands) }))
        }
        _ => Ok(Placed { span, is_loose: false }),
    }
}

/// The text of a span; `None` when it passes the end.
#[must_use]
pub fn surface_of<'a>(text: &'a str, map: &OffsetMap, span: Span) -> Option<&'a str> {
    text.get(map.byte_from_char(span.start)?.get()..map.byte_from_char(span.end)?.get())
}

/// Whether two texts are the same once white space is taken out of both; a written `\n` is taken for a line feed.
///
/// ```
/// use barchasb::formats::placing::span::differs_in_space;
/// assert!(differs_in_space("علی  آمد", "علی\nآمد"));
/// assert!(differs_in_space("a\\nb", "a\nb"));
/// assert!(!differs_in_space("علی", "عل"));
/// ```
#[must_use]
pub fn differs_in_space(a: &str, b: &str) -> bool {
    let bare = |text: &str| text.replace("\\n", "\n").chars().filter(|c| !c.is_whitespace()).collect::<String>();
    bare(a) == bare(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(start: u64, end: u64, surface: Option<&str>, expected: &str) {
        let text = "😀 علی  آمد";
        let claim = Claim { start, end, label: "PER", surface };
        let found = placed_from_claim(text, &OffsetMap::new(text), OffsetUnit::Utf16, claim);
        let found = found.map_or_else(|fault| fault.to_string(), |p| format!("{} {}", p.span, p.is_loose));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_claim_is_believed_only_where_it_fits() {
        check(3, 6, None, "2..5 false");
        check(3, 11, Some("علی آمد"), "2..10 true");
        check(1, 6, None, "PER at 1..6 (utf16) passes the end of the text or cuts a character");
        check(6, 6, None, "PER at 6..6 (utf16) covers nothing");
        check(3, 6, Some("آمد"), "PER at 3..6 (utf16) should be \"آمد\" but the text there is \"علی\"");
    }
}
