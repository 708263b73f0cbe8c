//! The tokens a file brought, kept with the article, so that formats of tokens get the same ones back.
//!
//! Owns how a segmentation stands in [`Carried`]: `[[start, end, start, end, …], …]`, a list of code points for every sentence. It must
//! not know any format.

use crate::domain::offset::Span;
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
