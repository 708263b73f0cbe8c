//! Mentions as nested elements: a text cut into pieces, with what opens and closes between them.
//!
//! Owns the order of elements: a mention inside another is an element inside another, and of two that cross the one that began later
//! is cut where the other ends. It must not write markup.

use crate::domain::offset::{CharOffset, Span};

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A mention's element opens.
    Open(Opened),
    /// The innermost element closes.
    Close,
    /// A piece of the text.
    Text(Span),
}

/// An element that opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The mention, by its index in what was given.
    pub mention: usize,
    /// Whether the mention begins here, and is not one that was cut.
    pub is_first: bool,
    /// Whether the mention ends with this element.
    pub is_last: bool,
    /// How many elements stand inside one another in it.
    pub height: usize,
}

/// The marks of a text of `len` code points.
///
/// ```
/// use barchasb::domain::offset::{CharOffset, Span};
/// use barchasb::formats::html::marks::{Mark, marks};
/// // b stands inside a: <a>x<b>x</b>x</a>x
/// let spans = [Span::from_chars(0, 3), Span::from_chars(1, 2)];
/// let shape: String = marks(CharOffset::new(4), &spans).iter().map(|mark| match mark {
///     Mark::Open(opened) => if opened.mention == 0 { 'a' } else { 'b' },
///     Mark::Close => '/',
///     Mark::Text(_) => 'x',
/// }).collect();
/// assert_eq!(shape, "axbx/x/x");
/// ```
#[must_use]
pub fn marks(len: CharOffset, spans: &[Span]) -> Vec<Mark> {
    let mut order: Vec<(usize, Span)> = spans.iter().copied().enumerate().collect();
    order.retain(|(_, span)| !span.is_empty() && span.end <= len);
    order.sort_by_key(|(index, span)| (span.start, std::cmp::Reverse(span.end), *index));
    let mut edges: Vec<CharOffset> = order.iter().flat_map(|(_, span)| [span.start, span.end]).collect();
    edges.extend([CharOffset::ZERO, len]);
    edges.sort_unstable();
    edges.dedup();
    let mut builder = Builder::default();
    let mut waiting = order.into_iter().peekable();
    for (at, next) in edges.iter().zip(edges.iter().skip(1).map(Some).chain([None])) {
        builder.close_at(*at);
        while let Some((mention, span)) = waiting.next_if(|(_, span)| span.start == *at) {
            builder.open(mention, span.end, true);
        }
        if let Some(next) = next {
            builder.marks.push(Mark::Text(Span::new(*at, *next)));
        }
    }
    builder.marks
}

#[derive(Default)]
struct Builder {
    marks: Vec<Mark>,
    open: Vec<OpenElement>,
}

struct OpenElement {
    mention: usize,
    end: CharOffset,
    /// Where its opening stands among the marks.
    opening: usize,
    height: usize,
}

impl Builder {
    fn open(&mut self, mention: usize, end: CharOffset, is_first: bool) {
        self.open.push(OpenElement { mention, end, opening: self.marks.len(), height: 0 });
        self.marks.push(Mark::Open(Opened { mention, is_first, is_last: false, height: 0 }));
    }

    /// Closes what ends here; what stands inside it and goes on is cut and opened again.
    fn close_at(&mut self, at: CharOffset) {
        let Some(outermost) = self.open.iter().position(|element| element.end == at) else { return };
        let mut go_on = Vec::new();
        while self.open.len() > outermost {
            let Some(element) = self.open.pop() else { break };
            let ends = element.end == at;
            if let Some(Mark::Open(opened)) = self.marks.get_mut(element.opening) {
                (opened.is_last, opened.height) = (ends, element.height);
            }
            if let Some(outer) = self.open.last_mut() {
                outer.height = outer.height.max(element.height + 1);
            }
            self.marks.push(Mark::Close);
            if !ends {
                go_on.push((element.mention, element.end));
            }
        }
        go_on.into_iter().rev().for_each(|(mention, end)| self.open(mention, end, false));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[` and the mention where it begins, `(` where it goes on; `]` and `)` where it ends or is cut; the height behind a colon.
    fn check(len: usize, spans: &[(usize, usize)], expected: &str) {
        let spans: Vec<Span> = spans.iter().map(|(start, end)| Span::from_chars(*start, *end)).collect();
        let mut open = Vec::new();
        let mut shape = String::new();
        for mark in marks(CharOffset::new(len), &spans) {
            match mark {
                Mark::Open(opened) => {
                    open.push(opened.is_last);
                    let bracket = if opened.is_first { '[' } else { '(' };
                    shape.push_str(&format!("{bracket}{}:{} ", opened.mention, opened.height));
                }
                Mark::Close => shape.push(if open.pop().unwrap() { ']' } else { ')' }),
                Mark::Text(span) => shape.push_str(&"abcdefgh"[span.start.get()..span.end.get()]),
            }
        }
        assert_eq!(shape, expected);
        assert!(open.is_empty());
    }

    #[test]
    fn nested_and_crossing_mentions() {
        check(3, &[], "abc");
        check(4, &[(1, 2), (0, 3)], "[1:1 a[0:0 b]c]d");
        check(5, &[(0, 3), (1, 4)], "[0:1 a[1:0 bc)](1:0 d]e");
        check(3, &[(0, 2), (0, 2)], "[0:1 [1:0 ab]]c");
        check(4, &[(0, 2), (2, 4), (0, 4)], "[2:1 [0:0 ab][1:0 cd]]");
        check(3, &[(0, 9), (1, 1), (2, 3)], "ab[2:0 c]");
    }
}
