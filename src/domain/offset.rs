//! Positions in a text, one type per unit, and the half-open [`Span`].
//!
//! Owns the newtypes and their arithmetic. It must not look at a text: turning one unit into another is
//! [`OffsetMap`](crate::domain::offset_map::OffsetMap)'s work.

use std::fmt;

macro_rules! offset {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(u32);

        impl $name {
            /// The position before the first unit.
            pub const ZERO: Self = Self(0);

            /// A position from a count of units; counts beyond `u32::MAX` are held at `u32::MAX`
            /// (an article is refused long before: [`MAX_TEXT_BYTES`]).
            #[must_use]
            pub fn new(units: usize) -> Self {
                Self(u32::try_from(units).unwrap_or(u32::MAX))
            }

            /// The count of units before this position.
            #[must_use]
            pub fn get(self) -> usize {
                self.0 as usize
            }

            /// This position moved forward by `units`.
            #[must_use]
            pub fn plus(self, units: usize) -> Self {
                Self::new(self.get().saturating_add(units))
            }

            /// This position moved back by `units`, not beyond the start.
            #[must_use]
            pub fn minus(self, units: usize) -> Self {
                Self::new(self.get().saturating_sub(units))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

offset! {
    /// A position counted in UTF-8 bytes.
    ByteOffset
}
offset! {
    /// A position counted in Unicode code points: the unit in which every mention is stored.
    CharOffset
}
offset! {
    /// A position counted in UTF-16 code units, as JavaScript, Java and doccano count.
    Utf16Offset
}
offset! {
    /// A position counted in extended grapheme clusters (UAX #29): what a reader calls a letter.
    GraphemeOffset
}

offset! {
    /// A position counted in tokens of a text or a sentence.
    TokenOffset
}

/// A half-open range `[start, end)` of tokens.
///
/// ```
/// use barchasb::domain::offset::TokenSpan;
/// let span = TokenSpan::from_tokens(2, 5);
/// assert_eq!((span.len_tokens(), span.overlaps(TokenSpan::from_tokens(5, 6))), (3, false));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TokenSpan {
    /// The first token inside.
    pub start: TokenOffset,
    /// The first token after.
    pub end: TokenOffset,
}

impl TokenSpan {
    /// The span between two counts of tokens, in either order.
    #[must_use]
    pub fn from_tokens(a: usize, b: usize) -> Self {
        Self { start: TokenOffset::new(a.min(b)), end: TokenOffset::new(a.max(b)) }
    }

    /// How many tokens it covers.
    #[must_use]
    pub fn len_tokens(self) -> usize {
        self.end.get().saturating_sub(self.start.get())
    }

    /// Whether both share at least one token.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside (or is the same).
    #[must_use]
    pub fn contains_span(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The range of indices.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start.get()..self.end.get()
    }
}

impl fmt::Display for TokenSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// The longest text an article may have, in bytes (1 GiB): every offset fits its type with room to spare.
pub const MAX_TEXT_BYTES: usize = 1 << 30;

/// A half-open range `[start, end)` of code points.
///
/// ```
/// use barchasb::domain::offset::Span;
/// let span = Span::from_chars(3, 7);
/// assert_eq!(span.len_chars(), 4);
/// assert!(span.overlaps(Span::from_chars(6, 9)) && !span.overlaps(Span::from_chars(7, 9)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first code point inside.
    pub start: CharOffset,
    /// The first code point after.
    pub end: CharOffset,
}

impl Span {
    /// The span between two positions, in either order.
    #[must_use]
    pub fn new(a: CharOffset, b: CharOffset) -> Self {
        Self { start: a.min(b), end: a.max(b) }
    }

    /// The span between two counts of code points, in either order.
    #[must_use]
    pub fn from_chars(a: usize, b: usize) -> Self {
        Self::new(CharOffset::new(a), CharOffset::new(b))
    }

    /// The empty span at a position: a caret.
    #[must_use]
    pub fn empty_at(at: CharOffset) -> Self {
        Self { start: at, end: at }
    }

    /// How many code points it covers.
    #[must_use]
    pub fn len_chars(self) -> usize {
        self.end.get().saturating_sub(self.start.get())
    }

    /// Whether it covers nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Whether both share at least one code point.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside (or is the same).
    #[must_use]
    pub fn contains_span(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the code point after `at` lies inside.
    #[must_use]
    pub fn contains(self, at: CharOffset) -> bool {
        self.start <= at && at < self.end
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A half-open range `[start, end)` of bytes in one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ByteSpan {
    /// The first byte inside.
    pub start: ByteOffset,
    /// The first byte after.
    pub end: ByteOffset,
}

impl ByteSpan {
    /// The span between two byte positions, in either order.
    #[must_use]
    pub fn new(a: ByteOffset, b: ByteOffset) -> Self {
        Self { start: a.min(b), end: a.max(b) }
    }

    /// The span between two counts of bytes, in either order.
    #[must_use]
    pub fn from_bytes(a: usize, b: usize) -> Self {
        Self::new(ByteOffset::new(a), ByteOffset::new(b))
    }

    /// How many bytes it covers.
    #[must_use]
    pub fn len_bytes(self) -> usize {
        self.end.get().saturating_sub(self.start.get())
    }

    /// Whether it covers nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The range for slicing.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start.get()..self.end.get()
    }

    /// The part of `text` it covers; `None` when it passes the end or cuts a code point.
    #[must_use]
    pub fn slice(self, text: &str) -> Option<&str> {
        text.get(self.range())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: (usize, usize), b: (usize, usize), overlap: bool, contains: bool) {
        let (a, b) = (Span::from_chars(a.0, a.1), Span::from_chars(b.0, b.1));
        assert_eq!(a.overlaps(b), overlap, "{a} overlaps {b}");
        assert_eq!(b.overlaps(a), overlap, "{b} overlaps {a}");
        assert_eq!(a.contains_span(b), contains, "{a} contains {b}");
    }

    #[test]
    fn spans_are_half_open() {
        check((0, 3), (3, 5), false, false);
        check((0, 4), (3, 5), true, false);
        check((0, 5), (3, 5), true, true);
        check((2, 2), (2, 2), false, true);
        assert_eq!(Span::from_chars(5, 2), Span::from_chars(2, 5));
    }
}
