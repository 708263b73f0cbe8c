//! A mention of a file put onto its text: offsets of the file's unit to code points, and every way in which that can fail.
//!
//! Owns [`FileSpan`] and the check. It must not repair a span.

use crate::domain::mention::Origin;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::MentionRecord;
use crate::formats::finding::{Misfit, SpanFault, cut};
use crate::formats::offset_unit::{OffsetUnit, surface_fits};

/// A span as a file gives it.
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

impl FileSpan<'_> {
    /// The mention, without a note.
    ///
    /// ```
    /// use barchasb::domain::offset_map::OffsetMap;
    /// use barchasb::formats::offset_unit::OffsetUnit;
    /// use barchasb::formats::placing::mention::FileSpan;
    /// let text = "😀 علی";
    /// let span = FileSpan { start: 3, end: 6, unit: OffsetUnit::Utf16, label: "PER", surface: Some("علی") };
    /// assert_eq!(span.placed(text, &OffsetMap::new(text)).unwrap().span.to_string(), "2..5");
    /// ```
    ///
    /// # Errors
    /// The [`SpanFault`]: no label, nothing covered, out of the text, or another surface.
    pub fn placed(self, text: &str, map: &OffsetMap) -> Result<MentionRecord, SpanFault> {
        let Self { start, end, unit, label, surface } = self;
        if label.trim().is_empty() {
            return Err(SpanFault::NoLabel { start, end, unit });
        }
        let refuse = |misfit| SpanFault::Misfit { label: label.to_owned(), start, end, unit, misfit };
        if start >= end {
            return Err(refuse(Misfit::Nothing));
        }
        let span = unit.span_from_units(map, start, end).ok_or_else(|| refuse(Misfit::OutOfText))?;
        if !surface_fits(map, text, span, surface) {
            let stands = map.bytes_from_span(span).and_then(|bytes| bytes.slice(text)).unwrap_or_default();
            return Err(refuse(Misfit::OtherSurface { named: cut(surface.unwrap_or_default()), stands: cut(stands) }));
        }
        Ok(MentionRecord { span, label: label.to_owned(), note: None, origin: Origin::Import })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told() {
        let text = "😀 علی";
        let check = |start, end, label, surface, expected: &str| {
            let span = FileSpan { start, end, unit: OffsetUnit::CodePoint, label, surface };
            assert_eq!(span.placed(text, &OffsetMap::new(text)).unwrap_err().to_string(), expected);
        };
        check(2, 5, " ", None, "the span at 2..5 (codepoint) has no label");
        check(2, 2, "PER", None, "PER at 2..2 (codepoint) covers nothing");
        check(2, 9, "PER", None, "PER at 2..9 (codepoint) passes the end of the text or cuts a character");
        check(2, 5, "PER", Some("x"), "PER at 2..5 (codepoint) should be \"x\" but the text there is \"علی\"");
    }
}
