//! Whether articles may be given out before the whole file has proven the unit of its offsets.
//!
//! Owns [`UnitWatch`]. It must not prove a unit: that takes the whole file, and is done when the watch is in doubt.

use crate::domain::offset_map::OffsetMap;
use crate::formats::offset_unit::{OffsetUnit, surface_fits};
use crate::formats::training_article::unit_of;
use crate::formats::training_record::{RawArticle, SpanJson};

/// Watches the articles of a file as they are given out in the unit each declares.
///
/// A file proves another unit only when every mention fits in it. So an article may be given out at once as long as each unit either
/// is ruled out by a mention before, or reads every mention so far as it is declared: whatever the rest of the file proves, what was
/// given out is right.
///
/// ```
/// use barchasb::domain::offset_map::OffsetMap;
/// use barchasb::formats::training_unit::UnitWatch;
/// let mut is_in_doubt = |json: &str| {
///     let article = serde_json::from_str(json).unwrap();
///     UnitWatch::new(None).doubts(&article, &OffsetMap::new(article.text.as_deref().unwrap()))
/// };
/// assert!(!is_in_doubt(r#"{"text": "علی", "spans": [{"start": 0, "end": 3, "label": "PER", "text": "علی"}]}"#));
/// // Byte 2 begins «ل» and would do as well.
/// assert!(is_in_doubt(r#"{"text": "علی", "spans": [{"start": 0, "end": 2, "label": "PER"}]}"#));
/// ```
#[derive(Debug)]
pub struct UnitWatch {
    asked: Option<OffsetUnit>,
    /// Per unit of [`OffsetUnit::ALL`].
    units: [Seen; 4],
}

/// What the mentions so far say of a unit.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// A mention does not fit in it.
    ruled_out: bool,
    /// It reads a mention otherwise than it is declared.
    differs: bool,
}

impl UnitWatch {
    /// A watch of a file; `asked` is the unit that the caller says it counts in.
    #[must_use]
    pub fn new(asked: Option<OffsetUnit>) -> Self {
        Self { asked, units: [Seen::default(); 4] }
    }

    /// Takes an article in; whether the whole file must be looked at before it is given out. `map` is that of its text.
    pub fn doubts(&mut self, article: &RawArticle, map: &OffsetMap) -> bool {
        let Some(text) = article.text.as_deref() else { return false };
        let declared = self.asked.unwrap_or_else(|| unit_of(article));
        // No other unit can be proven any more.
        if OffsetUnit::ALL
            .into_iter()
            .zip(&self.units)
            .all(|(unit, s)| s.ruled_out || counts_alike(map, unit, declared))
        {
            return false;
        }
        for span in article.spans.iter().filter_map(SpanJson::sound) {
            let fits = |unit: OffsetUnit| {
                let span_there = unit.span_from_units(map, span.start, span.end);
                span_there.filter(|there| surface_fits(map, text, *there, span.text.as_deref()))
            };
            let Some(read) = fits(declared) else { return true };
            for (unit, seen) in OffsetUnit::ALL.into_iter().zip(&mut self.units) {
                if seen.ruled_out || counts_alike(map, unit, declared) {
                    continue;
                }
                match fits(unit) {
                    None => seen.ruled_out = true,
                    Some(other) => seen.differs |= other != read,
                }
            }
        }
        self.units.iter().any(|seen| seen.differs && !seen.ruled_out)
    }
}

/// Whether two units count every position of a text alike.
fn counts_alike(map: &OffsetMap, one: OffsetUnit, other: OffsetUnit) -> bool {
    let chars = map.len_chars().get();
    let counts_chars = |unit| match unit {
        OffsetUnit::CodePoint => true,
        OffsetUnit::Utf16 => map.len_utf16().get() == chars,
        OffsetUnit::Byte => map.len_bytes().get() == chars,
        OffsetUnit::Grapheme => map.len_graphemes().get() == chars,
    };
    one == other || (counts_chars(one) && counts_chars(other))
}
