//! A layer's mentions on the tokens of its article, as formats of tokens write them.
//!
//! Owns what is said of mentions that cannot stand as they are. It must not know how tags are written.

use crate::domain::offset::TokenSpan;
use crate::domain::projection::{Align, Nesting, columned, tokens_from_span};
use crate::domain::record::MentionRecord;
use crate::domain::segmentation::Segmentation;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::problem::{Place, Problem};

/// How many columns of tags are written at most, and always where columns are asked for: rows must be alike through the whole file.
pub const MAX_DEPTH: usize = 4;

/// Mentions by their tokens with their labels, column by column, those of a column in order and without a shared token. What is left out
/// or moved is added to `problems`.
///
/// ```
/// use barchasb::domain::projection::{Align, Nesting};
/// use barchasb::domain::record::MentionRecord;
/// use barchasb::domain::segmentation::Segmentation;
/// use barchasb::domain::{mention::Origin, offset::Span};
/// use barchasb::formats::tokens::mentions::token_mentions;
/// let mention = |a, b| MentionRecord { span: Span::from_chars(a, b), label: "PER".into(), note: None, origin: Origin::Import };
/// let cut = Segmentation::of_text("علی رضایی رفت");
/// let (mentions, mut problems) = ([mention(0, 9), mention(0, 2)], Vec::new());
/// let columns = token_mentions(&cut, &mentions, Align::Expand, Nesting::Outermost, &mut problems);
/// assert_eq!(columns[0].len(), 1);
/// assert_eq!(problems[0].to_string(), "PER at 0..2 was left out: this format cannot hold nested mentions");
/// ```
#[must_use]
pub fn token_mentions<'a>(
    cut: &Segmentation,
    mentions: &'a [MentionRecord],
    align: Align,
    nesting: Nesting,
    problems: &mut Vec<Problem>,
) -> Vec<Vec<(TokenSpan, &'a str)>> {
    let left_out = |mention: &MentionRecord, what| {
        let finding = Foreign::MentionNotHeld { label: mention.label.clone(), span: mention.span, what };
        Problem::foreign(Place::default(), finding)
    };
    let mut on_tokens: Vec<(&MentionRecord, bool)> = Vec::with_capacity(mentions.len());
    let mut spans: Vec<TokenSpan> = Vec::with_capacity(mentions.len());
    for mention in mentions {
        match tokens_from_span(cut, mention.span, align) {
            Some((tokens, moved)) => {
                on_tokens.push((mention, moved));
                spans.push(tokens);
            }
            None => problems.push(left_out(mention, Held::TokenEdge)),
        }
    }
    let mut parted = columned(&spans, nesting);
    // Deeper ones than there are columns.
    parted.left_out.extend(parted.columns.iter().skip(MAX_DEPTH).flatten());
    parted.columns.truncate(MAX_DEPTH);
    let columns: Vec<Vec<(TokenSpan, &str)>> = parted
        .columns
        .iter()
        .map(|column| {
            let tagged = |index: &usize| Some((*spans.get(*index)?, on_tokens.get(*index)?.0.label.as_str()));
            column.iter().filter_map(tagged).collect()
        })
        .collect();
    for index in &parted.left_out {
        let (Some((mention, _)), Some(span)) = (on_tokens.get(*index), spans.get(*index)) else { continue };
        let is_nested = |other: &TokenSpan| span.contains_span(*other) || other.contains_span(*span);
        let is_held = |(other, _): &(TokenSpan, &str)| is_nested(other);
        let what = if columns.iter().flatten().any(is_held) { Held::Nesting } else { Held::Overlap };
        problems.push(left_out(mention, what));
    }
    for index in parted.columns.iter().flatten() {
        let (Some((mention, true)), Some(tokens)) = (on_tokens.get(*index), spans.get(*index)) else { continue };
        let Some(to) = cut.span_from_tokens(*tokens) else { continue };
        let moved = Foreign::MentionMoved { label: mention.label.clone(), from: mention.span, to };
        problems.push(Problem::foreign(Place::default(), moved));
    }
    columns
}
