//! The tokens a file brought, kept with the article, so that formats of tokens get the same ones back.
//!
//! Owns how a segmentation stands in [`Carried`]: `[[start, end, start, end, …], …]`, a list of code points for every sentence, and
//! putting tokens into sentences by their places. It must not know any format, and believes only tokens in order.

use crate::domain::offset::{Span, TokenSpan};
use crate::domain::record::{ArticleRecord, Carried};
use crate::domain::segmentation::Segmentation;

/// The name under which tokens are carried.
pub const TOKENS: &str = "tokens";

/// The tokens of a file, to be carried with their article.
///
/// ```
/// use barchasb::domain::offset::Span;
/// use barchasb::formats::tokens::kept::kept_tokens;
/// let kept = kept_tokens(&[vec![Span::from_chars(0, 2), Span::from_chars(3, 6)], vec![Span::from_chars(7, 8)]]);
/// assert_eq!(kept.data, "[[0,2,3,6],[7,8]]");
/// ```
#[must_use]
pub fn kept_tokens(sentences: &[Vec<Span>]) -> Carried {
    let numbers: Vec<Vec<usize>> = sentences
        .iter()
        .map(|sentence| sentence.iter().flat_map(|span| [span.start.get(), span.end.get()]).collect())
        .collect();
    Carried { format: TOKENS.to_owned(), data: serde_json::to_string(&numbers).unwrap_or_default() }
}

/// The tokens of a text, to be carried with it; `None` where our own rule finds the same ones in the same sentences.
#[must_use]
pub fn other_tokens(text: &str, sentences: &[Vec<Span>]) -> Option<Carried> {
    let own = Segmentation::of_text(text);
    let is_alike = |(sentence, spans): (&TokenSpan, &Vec<Span>)| {
        own.slice(*sentence).iter().map(|token| token.span).eq(spans.iter().copied())
    };
    let is_own = own.sentences().len() == sentences.len() && own.sentences().iter().zip(sentences).all(is_alike);
    (!is_own).then(|| kept_tokens(sentences))
}

/// The tokens to be carried; `None` when there are none, or one is empty or overlaps another.
///
/// A token belongs to the first sentence that ends after its start; those after the last sentence make one more.
///
/// ```
/// use barchasb::domain::offset::Span;
/// use barchasb::formats::tokens::kept::carried_tokens;
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

/// The tokens of an article: those its file brought, or else those of our own rule.
#[must_use]
pub fn segmentation_of(record: &ArticleRecord) -> Segmentation {
    let kept = record.carried_for(TOKENS).and_then(|data| serde_json::from_str::<Vec<Vec<usize>>>(data).ok());
    let spans = kept.map(|sentences| {
        let spans = |flat: &Vec<usize>| flat.as_chunks::<2>().0.iter().map(|[a, b]| Span::from_chars(*a, *b)).collect();
        sentences.iter().map(spans).collect::<Vec<_>>()
    });
    let kept = spans.and_then(|spans| Segmentation::of_spans(&record.text, &spans));
    kept.unwrap_or_else(|| Segmentation::of_text(&record.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_the_text_is_not_believed() {
        let check = |data: &str, expected: usize| {
            let carried = vec![Carried { format: TOKENS.into(), data: data.into() }];
            let record = ArticleRecord { text: "a b-c".into(), carried, ..ArticleRecord::default() };
            assert_eq!(segmentation_of(&record).tokens().len(), expected, "{data}");
        };
        check("[[0,1,2,5]]", 2);
        check("[[0,1,2,9]]", 4);
        check("no json", 4);
    }
}
