//! Projection: mentions put onto tokens, for formats that tag tokens.
//!
//! Owns what becomes of a mention whose edges are not those of tokens ([`Align`]), and of mentions that share tokens ([`Nesting`]). It
//! must not know files or tags.

use crate::domain::offset::{Span, TokenSpan};
use crate::domain::segmentation::Segmentation;

/// What becomes of a mention that does not begin and end where tokens do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Align {
    /// It is left out.
    Strict,
    /// It covers the tokens that lie wholly inside it.
    Contract,
    /// It covers every token that it touches.
    #[default]
    Expand,
}

impl Align {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Expand, Self::Contract, Self::Strict];

    /// The name on the command line: `expand`, `contract` or `strict`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Contract => "contract",
            Self::Expand => "expand",
        }
    }
}

/// What becomes of mentions that share tokens where a token has one tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Nesting {
    /// The longest stay; the others are left out.
    #[default]
    Outermost,
    /// The shortest stay; the others are left out.
    Innermost,
    /// A column of tags for every depth; all stay.
    Columns,
}

impl Nesting {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Outermost, Self::Innermost, Self::Columns];

    /// The name on the command line: `outermost`, `innermost` or `columns`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Outermost => "outermost",
            Self::Innermost => "innermost",
            Self::Columns => "columns",
        }
    }
}

/// The tokens of a mention; `None` when it is to be left out: it covers no token, or its edges are not theirs and that is not allowed.
///
/// The second value says whether the edges moved.
///
/// ```
/// use barchasb::domain::offset::{Span, TokenSpan};
/// use barchasb::domain::projection::{Align, tokens_from_span};
/// use barchasb::domain::segmentation::Segmentation;
/// let cut = Segmentation::of_text("کتاب‌های علی");
/// let tokens = |span, align| tokens_from_span(&cut, span, align);
/// assert_eq!(tokens(Span::from_chars(0, 4), Align::Expand), Some((TokenSpan::from_tokens(0, 1), true)));
/// assert_eq!(tokens(Span::from_chars(0, 4), Align::Contract), None);
/// assert_eq!(tokens(Span::from_chars(9, 12), Align::Strict), Some((TokenSpan::from_tokens(1, 2), false)));
/// ```
#[must_use]
pub fn tokens_from_span(cut: &Segmentation, span: Span, align: Align) -> Option<(TokenSpan, bool)> {
    let touched = TokenSpan { start: cut.first_after(span.start), end: cut.first_from(span.end) };
    if touched.start >= touched.end {
        return None;
    }
    let tokens = match align {
        Align::Strict | Align::Expand => touched,
        Align::Contract => TokenSpan { start: cut.first_from(span.start), end: cut.first_after(span.end) },
    };
    let covered = (tokens.start < tokens.end).then(|| cut.span_from_tokens(tokens))??;
    let moved = covered != span;
    (align != Align::Strict || !moved).then_some((tokens, moved))
}

/// Mentions put into columns, so that those of one column share no token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columned {
    /// The mentions of each column, by their index in what was given, in the order of their tokens. One column at least.
    pub columns: Vec<Vec<usize>>,
    /// Those left out, by their index, in order.
    pub left_out: Vec<usize>,
}

/// Puts mentions, given by their tokens, into columns.
///
/// ```
/// use barchasb::domain::offset::TokenSpan;
/// use barchasb::domain::projection::{Nesting, columned};
/// let spans = [TokenSpan::from_tokens(0, 4), TokenSpan::from_tokens(1, 2), TokenSpan::from_tokens(6, 7)];
/// assert_eq!(columned(&spans, Nesting::Outermost).columns, [vec![0, 2]]);
/// assert_eq!(columned(&spans, Nesting::Innermost).left_out, [0]);
/// assert_eq!(columned(&spans, Nesting::Columns).columns, [vec![0, 2], vec![1]]);
/// ```
#[must_use]
pub fn columned(spans: &[TokenSpan], nesting: Nesting) -> Columned {
    let mut order: Vec<(usize, TokenSpan)> = spans.iter().copied().enumerate().collect();
    // Of two as long, the earlier stays.
    order.sort_by_key(|(_, span)| match nesting {
        Nesting::Outermost | Nesting::Columns => (usize::MAX - span.len_tokens(), span.start),
        Nesting::Innermost => (span.len_tokens(), span.start),
    });
    let mut columns: Vec<Vec<(usize, TokenSpan)>> = vec![Vec::new()];
    let mut left_out = Vec::new();
    for (index, span) in order {
        let fits = |column: &Vec<(usize, TokenSpan)>| {
            let at = column.partition_point(|(_, other)| other.start < span.start);
            let before = at.checked_sub(1).and_then(|at| column.get(at));
            let after = column.get(at);
            ![before, after].into_iter().flatten().any(|(_, other)| other.overlaps(span))
        };
        let free = columns.iter().position(fits);
        let column = match (free, nesting) {
            (Some(column), _) => column,
            (None, Nesting::Columns) => {
                columns.push(Vec::new());
                columns.len() - 1
            }
            (None, Nesting::Outermost | Nesting::Innermost) => {
                left_out.push(index);
                continue;
            }
        };
        if let Some(column) = columns.get_mut(column) {
            let at = column.partition_point(|(_, other)| other.start < span.start);
            column.insert(at, (index, span));
        }
    }
    left_out.sort_unstable();
    let columns = columns.into_iter().map(|column| column.into_iter().map(|(index, _)| index).collect()).collect();
    Columned { columns, left_out }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::offset::TokenOffset;

    #[test]
    fn edges_move_as_asked() {
        // Tokens: 0..4, 5..9, 9..10, 11..14
        let cut = Segmentation::of_text("abcd efgh, ijk");
        let check = |span: (usize, usize), expected: [Option<(usize, usize)>; 3]| {
            let found = Align::ALL.map(|align| tokens_from_span(&cut, Span::from_chars(span.0, span.1), align));
            let found = found.map(|found| found.map(|(tokens, _)| (tokens.start.get(), tokens.end.get())));
            assert_eq!(found, expected, "{span:?}");
        };
        check((0, 4), [Some((0, 1)); 3]);
        check((5, 10), [Some((1, 3)); 3]);
        check((2, 10), [Some((0, 3)), Some((1, 3)), None]);
        check((4, 11), [Some((1, 3)), Some((1, 3)), None]);
        check((4, 5), [None; 3]);
        check((6, 7), [Some((1, 2)), None, None]);
        check((0, 99), [Some((0, 4)), Some((0, 4)), None]);
    }

    #[test]
    fn crossing_and_same_tokens_are_parted() {
        let span = |a, b| TokenSpan { start: TokenOffset::new(a), end: TokenOffset::new(b) };
        let spans = [span(0, 2), span(1, 3), span(0, 2), span(3, 4)];
        assert_eq!(columned(&spans, Nesting::Outermost), Columned { columns: vec![vec![0, 3]], left_out: vec![1, 2] });
        let all = columned(&spans, Nesting::Columns);
        assert_eq!((all.columns, all.left_out), (vec![vec![0, 3], vec![2], vec![1]], vec![]));
        assert_eq!(columned(&[], Nesting::Columns).columns, [Vec::<usize>::new()]);
    }
}
