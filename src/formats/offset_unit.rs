//! The units in which files count, and finding out which one a file really uses.
//!
//! Owns [`OffsetUnit`] and [`UnitEvidence`]. Inside the program every offset is a code point: only readers and writers use these.

use crate::domain::offset::{ByteOffset, CharOffset, GraphemeOffset, Span, Utf16Offset};
use crate::domain::offset_map::OffsetMap;

/// A unit in which a file counts positions in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum OffsetUnit {
    /// Unicode code points, as Python counts.
    #[default]
    CodePoint,
    /// UTF-16 code units, as JavaScript and Java count.
    Utf16,
    /// UTF-8 bytes, as Rust and Go count.
    Byte,
    /// Extended grapheme clusters (UAX #29), as Swift counts.
    Grapheme,
}

impl OffsetUnit {
    /// All of them; where two read a file alike, the earlier is named.
    pub const ALL: [Self; 4] = [Self::CodePoint, Self::Utf16, Self::Byte, Self::Grapheme];

    /// The name in files and on the command line: `codepoint`, `utf16`, `byte` or `grapheme`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CodePoint => "codepoint",
            Self::Utf16 => "utf16",
            Self::Byte => "byte",
            Self::Grapheme => "grapheme",
        }
    }

    /// The unit with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|u| u.name() == name)
    }

    /// The code points that `start..end`, counted in this unit, covers in the text of `map`; `None` when it is empty,
    /// turned round, passes the end, or cuts a code point or surrogate pair.
    ///
    /// ```
    /// use barchasb::domain::offset::Span;
    /// use barchasb::domain::offset_map::OffsetMap;
    /// use barchasb::formats::offset_unit::OffsetUnit;
    /// let map = OffsetMap::new("😀 تهران");
    /// assert_eq!(OffsetUnit::Utf16.span_from_units(&map, 3, 8), Some(Span::from_chars(2, 7)));
    /// assert_eq!(OffsetUnit::Byte.span_from_units(&map, 5, 15), Some(Span::from_chars(2, 7)));
    /// assert_eq!(OffsetUnit::Utf16.span_from_units(&map, 1, 8), None);
    /// ```
    #[must_use]
    pub fn span_from_units(self, map: &OffsetMap, start: u64, end: u64) -> Option<Span> {
        let (start, end) = (self.char_from_unit(map, start)?, self.char_from_unit(map, end)?);
        (start < end).then(|| Span::new(start, end))
    }

    fn char_from_unit(self, map: &OffsetMap, at: u64) -> Option<CharOffset> {
        // A position beyond u32 is beyond every text; it must not be held at the type's end.
        let at = usize::try_from(u32::try_from(at).ok()?).ok()?;
        match self {
            Self::CodePoint => Some(CharOffset::new(at)).filter(|at| *at <= map.len_chars()),
            Self::Utf16 => map.char_from_utf16(Utf16Offset::new(at)),
            Self::Byte => map.char_from_byte(ByteOffset::new(at)),
            Self::Grapheme => map.char_from_grapheme(GraphemeOffset::new(at)),
        }
    }

    /// Start and end of `span` counted in this unit; `None` when it passes the end or, for grapheme clusters, cuts one.
    #[must_use]
    pub fn units_from_span(self, map: &OffsetMap, span: Span) -> Option<(u64, u64)> {
        Some((self.unit_from_char(map, span.start)?, self.unit_from_char(map, span.end)?))
    }

    fn unit_from_char(self, map: &OffsetMap, at: CharOffset) -> Option<u64> {
        let units = match self {
            Self::CodePoint => (at <= map.len_chars()).then(|| at.get())?,
            Self::Utf16 => map.utf16_from_char(at)?.get(),
            Self::Byte => map.byte_from_char(at)?.get(),
            Self::Grapheme => map.is_grapheme_boundary(at).then(|| map.grapheme_from_char(at))??.get(),
        };
        u64::try_from(units).ok()
    }
}

/// Whether `span` fits: `surface`, where the file carries it, must stand there to the letter.
#[must_use]
pub fn surface_fits(map: &OffsetMap, text: &str, span: Span, surface: Option<&str>) -> bool {
    let slice = || text.get(map.byte_from_char(span.start)?.get()..map.byte_from_char(span.end)?.get());
    surface.is_none_or(|surface| slice() == Some(surface))
}

/// What the mentions of a whole file say about the unit it counts in.
#[derive(Clone, Debug)]
pub struct UnitEvidence {
    /// Per unit of [`OffsetUnit::ALL`]: whether every mention fits.
    fits: [bool; 4],
    /// Per pair of units: whether they read every mention alike.
    alike: [[bool; 4]; 4],
    /// How many mentions carry their surface; without one nothing is proven.
    surfaces: u64,
    mentions: u64,
}

impl Default for UnitEvidence {
    fn default() -> Self {
        Self { fits: [true; 4], alike: [[true; 4]; 4], surfaces: 0, mentions: 0 }
    }
}

impl UnitEvidence {
    /// Takes one mention in.
    pub fn add(&mut self, map: &OffsetMap, text: &str, start: u64, end: u64, surface: Option<&str>) {
        let spans = OffsetUnit::ALL
            .map(|unit| unit.span_from_units(map, start, end).filter(|span| surface_fits(map, text, *span, surface)));
        for ((fits, row), span) in self.fits.iter_mut().zip(&mut self.alike).zip(spans) {
            *fits &= span.is_some();
            for (alike, other) in row.iter_mut().zip(spans) {
                *alike &= span == other;
            }
        }
        self.surfaces += u64::from(surface.is_some());
        self.mentions += 1;
    }

    /// Whether no unit is left in which all mentions fit.
    #[must_use]
    pub fn is_hopeless(&self) -> bool {
        self.fits == [false; 4]
    }

    /// Whether any mention was taken in.
    #[must_use]
    pub fn has_mentions(&self) -> bool {
        self.mentions > 0
    }

    /// Whether a unit may still be proven and would read some mention so far otherwise than `declared`.
    #[must_use]
    pub fn may_differ(&self, declared: OffsetUnit) -> bool {
        let alike_to_declared = OffsetUnit::ALL.into_iter().zip(self.alike).find(|(unit, _)| *unit == declared);
        let Some((_, alike)) = alike_to_declared else { return true };
        self.fits.iter().zip(alike).any(|(fits, alike)| *fits && !alike)
    }

    /// Whether every mention so far fits when it is counted in a unit.
    #[must_use]
    pub fn fits(&self, unit: OffsetUnit) -> bool {
        OffsetUnit::ALL.into_iter().zip(self.fits).any(|(other, fits)| other == unit && fits)
    }

    /// The one unit in which all mentions fit; `None` when there is none, or several that read the file differently.
    #[must_use]
    pub fn only_unit(&self) -> Option<OffsetUnit> {
        if self.surfaces == 0 { None } else { self.unit_left() }
    }

    /// The one unit in which the offsets of all mentions are places of their texts, whether surfaces say so or not; `None` when there
    /// is none, or several that read the file differently.
    #[must_use]
    pub fn unit_left(&self) -> Option<OffsetUnit> {
        let fitting = || OffsetUnit::ALL.into_iter().zip(self.fits).zip(self.alike).filter(|((_, fits), _)| *fits);
        let ((unit, _), alike) = fitting().next()?;
        let all_alike = self.fits.iter().zip(alike).all(|(fits, alike)| !fits || alike);
        all_alike.then_some(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spans over one text, and the unit they prove.
    fn check(text: &str, spans: &[(u64, u64, &str)], expected: Option<OffsetUnit>) {
        let map = OffsetMap::new(text);
        let mut evidence = UnitEvidence::default();
        for (start, end, surface) in spans {
            evidence.add(&map, text, *start, *end, Some(surface));
        }
        assert_eq!(evidence.only_unit(), expected, "{spans:?} in {text:?}");
    }

    #[test]
    fn the_unit_in_which_all_mentions_fit_is_found() {
        let text = "😀 تهران و ناجا";
        check(text, &[(2, 7, "تهران")], Some(OffsetUnit::CodePoint));
        check(text, &[(3, 8, "تهران"), (11, 15, "ناجا")], Some(OffsetUnit::Utf16));
        check(text, &[(5, 15, "تهران")], Some(OffsetUnit::Byte));
        check("e\u{301} ab", &[(2, 4, "ab")], Some(OffsetUnit::Grapheme));
        check(text, &[(3, 8, "تهران"), (2, 7, "تهران")], None);
        check(text, &[], None);
        // Two units that read alike are no doubt; two that read differently are.
        check("تهران", &[(0, 5, "تهران")], Some(OffsetUnit::CodePoint));
        check("بب", &[(1, 2, "ب")], Some(OffsetUnit::CodePoint));
        check("😀aaa", &[(2, 3, "a")], None);
    }

    #[test]
    fn impossible_positions_fit_nowhere() {
        let map = OffsetMap::new("ab");
        for unit in OffsetUnit::ALL {
            assert_eq!(unit.span_from_units(&map, 1, 1), None);
            assert_eq!(unit.span_from_units(&map, 2, 1), None);
            assert_eq!(unit.span_from_units(&map, 0, 3), None);
            assert_eq!(unit.span_from_units(&map, 0, u64::MAX), None);
            assert_eq!(OffsetUnit::from_name(unit.name()), Some(unit));
        }
    }
}
