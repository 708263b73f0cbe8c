//! Tokens and sentences that a file gives as spans of the text, to be kept with the article.
//!
//! Owns putting tokens into sentences by their places. It must not know any format, and believes only tokens in order.

use crate::domain::offset::Span;
use crate::domain::record::Carried;
use crate::formats::tokens::kept::kept_tokens;

/// The tokens to be carried; `None` when there are none, or one is empty or overlaps another.
///
/// A token belongs to the first sentence that ends after its start; those after the last sentence make one more.
///
/// ```
/// use barchasb::domain::offset::Span;
/// use barchasb::formats::tokens::spans::carried_tokens;
/// let span = Span::from_chars;
/// let tokens = vec![span(0, 2), span(3, 6), span(7, 8)];
/// assert_eq!(carried_tokens(tokens.clone(), vec![span(0, 6), span(7, 8)]).unwrap().data, "[[0,2,3,6],[7,8]]");
/// assert_eq!(carried_tokens(tokens, vec![]).unwrap().data, "[[0,2,3,6,7,8]]");
/// assert!(carried_tokens(vec![span(0, 2), span(1, 3)], vec![]).is_none());
/// ```
#[must_use]
pub fn carried_tokens(mut tokens: Vec<Span>, mut sentences: Vec<Span>) -> Option<Carried> {
    tokens.sort_by_key(|span| (span.start, span.end));
    sentences.sort_by_key(|span| (span.start, span.end));
    let apart = tokens.iter().zip(tokens.iter().skip(1)).all(|(one, next)| one.end <= next.start);
    if tokens.is_empty() || !apart || tokens.iter().any(|span| span.is_empty()) {
        return None;
    }
    let mut cut: Vec<Vec<Span>> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    for sentence in sentences {
        let mut inside = Vec::new();
        while let Some(token) = tokens.next_if(|token| token.start < sentence.end) {
            inside.push(token);
        }
        cut.push(inside);
    }
    cut.push(tokens.collect());
    cut.retain(|sentence| !sentence.is_empty());
    Some(kept_tokens(&cut))
}
