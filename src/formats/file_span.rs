//! A span of a file put onto its text: offsets of the file's unit to code points, checked against the surface that the file carries.
//!
//! Owns [`FileSpan`], the check, and every way in which it can fail. It must not know any format, and repairs nothing.

use crate::domain::mention::Origin;
use crate::domain::offset::Span;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::MentionRecord;
use crate::formats::finding::{Misfit, SpanFault, cut};
use crate::formats::offset_unit::OffsetUnit;

/// A mention as a file says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileSpan<'a> {
    /// Where it starts, in `unit`.
    pub start: u64,
    /// Where it ends, in `unit`.
    pub end: u64,
    /// What is counted.
    pub unit: OffsetUnit,
    /// The label's name.
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

impl FileSpan<'_> {
    /// The mention, without a note; its surface must stand there to the letter.
    ///
    /// ```
    /// use barchasb::domain::offset_map::OffsetMap;
    /// use barchasb::formats::file_span::FileSpan;
    /// use barchasb::formats::offset_unit::OffsetUnit;
    /// let text = "😀 علی";
    /// let span = FileSpan { start: 3, end: 6, unit: OffsetUnit::Utf16, label: "PER", surface: Some("علی") };
    /// assert_eq!(span.placed(text, &OffsetMap::new(text)).unwrap().span.to_string(), "2..5");
    /// ```
    ///
    /// # Errors
    /// The [`SpanFault`]: no label, nothing covered, out of the text, or another surface.
    pub fn placed(self, text: &str, map: &OffsetMap) -> Result<MentionRecord, SpanFault> {
        let Placed { span, is_loose } = self.loosely_placed(text, map)?;
        if is_loose {
            return Err(self.other_surface(surface_of(text, map, span).unwrap_or_default()));
        }
        Ok(MentionRecord { span, label: self.label.to_owned(), note: None, origin: Origin::Import })
    }

    /// Where it stands; its surface may differ in white space from what stands there.
    ///
    /// # Errors
    /// The [`SpanFault`]: no label, nothing covered, out of the text, or another surface.
    pub fn loosely_placed(self, text: &str, map: &OffsetMap) -> Result<Placed, SpanFault> {
        let Self { start, end, unit, label, surface } = self;
        if label.trim().is_empty() {
            return Err(SpanFault::NoLabel { start, end, unit });
        }
        if start >= end {
            return Err(self.misfit(Misfit::Nothing));
        }
        let span = unit.span_from_units(map, start, end).ok_or_else(|| self.misfit(Misfit::OutOfText))?;
        let stands = surface_of(text, map, span).ok_or_else(|| self.misfit(Misfit::OutOfText))?;
        let is_loose = surface.is_some_and(|named| named != stands);
        if is_loose && !surface.is_some_and(|named| differs_in_space(named, stands)) {
            return Err(self.other_surface(stands));
        }
        Ok(Placed { span, is_loose })
    }

    fn misfit(self, misfit: Misfit) -> SpanFault {
        SpanFault::Misfit { label: self.label.to_owned(), start: self.start, end: self.end, unit: self.unit, misfit }
    }

    fn other_surface(self, stands: &str) -> SpanFault {
        self.misfit(Misfit::OtherSurface { named: cut(self.surface.unwrap_or_default()), stands: cut(stands) })
    }
}

/// The text of a span; `None` when it passes the end.
#[must_use]
pub fn surface_of<'a>(text: &'a str, map: &OffsetMap, span: Span) -> Option<&'a str> {
    map.bytes_from_span(span)?.slice(text)
}

/// Whether two texts are the same once white space is taken out of both; a written `\n` is taken for a line feed.
///
/// ```
/// use barchasb::formats::file_span::differs_in_space;
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

    #[test]
    fn every_fault_is_told() {
        let text = "😀 علی";
        let check = |start, end, label, surface, expected: &str| {
            let span = FileSpan { start, end, unit: OffsetUnit::CodePoint, label, surface };
            let map = OffsetMap::new(text);
            assert_eq!(span.placed(text, &map).unwrap_err().to_string(), expected);
            assert_eq!(span.loosely_placed(text, &map).unwrap_err().to_string(), expected);
        };
        check(2, 5, " ", None, "the span at 2..5 (codepoint) has no label");
        check(2, 2, "PER", None, "PER at 2..2 (codepoint) covers nothing");
        check(2, 9, "PER", None, "PER at 2..9 (codepoint) passes the end of the text or cuts a character");
        check(2, 5, "PER", Some("x"), "PER at 2..5 (codepoint) should be \"x\" but the text there is \"علی\"");
    }

    #[test]
    fn white_space_may_differ_where_it_is_allowed() {
        let text = "😀 علی  آمد";
        let map = OffsetMap::new(text);
        let check = |start, end, surface, expected: &str, is_placed| {
            let span = FileSpan { start, end, unit: OffsetUnit::Utf16, label: "PER", surface };
            let found = span.loosely_placed(text, &map);
            let found = found.map_or_else(|fault| fault.to_string(), |p| format!("{} {}", p.span, p.is_loose));
            assert_eq!((found.as_str(), span.placed(text, &map).is_ok()), (expected, is_placed));
        };
        check(3, 6, None, "2..5 false", true);
        check(3, 11, Some("علی آمد"), "2..10 true", false);
        check(1, 6, None, "PER at 1..6 (utf16) passes the end of the text or cuts a character", false);
    }
}
