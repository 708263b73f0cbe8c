//! A layer made ready for counting: its mentions with numbered labels, and their projection onto tokens.
//!
//! Owns [`CodedLayer`]. It must not know annotators or measures.
//!
//! Measures over mentions (F1, γ) see every mention. Measures that give a token one label (κ, Fleiss, α, u-α on tokens) see the
//! projection: a mention covers each token that it touches, and of mentions that share a token the longest in tokens stays (of two as
//! long the earlier, then the one with the smaller label number), the same rule as [`Nesting::Outermost`](crate::domain::projection::Nesting).

use crate::analysis::fault::Fault;
use crate::analysis::label_table::{LabelNumber, LabelTable};
use crate::domain::label::LabelId;
use crate::domain::mention::MentionKey;
use crate::domain::offset::{Span, TokenSpan};
use std::cmp::Reverse;

/// A labelled half-open stretch, in whatever unit its article is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) label: LabelNumber,
}

impl Stretch {
    fn new(start: usize, end: usize, label: LabelNumber) -> Self {
        let short = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        Self { start: short(start), end: short(end), label }
    }

    pub(crate) fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    pub(crate) fn same_place(self, other: Self) -> bool {
        self.start == other.start && self.end == other.end
    }

    /// By start, the longer first, then by label: as the mentions of a layer stand.
    pub(crate) fn rank(self) -> (u32, Reverse<u32>, LabelNumber) {
        (self.start, Reverse(self.end), self.label)
    }
}

/// One annotator's mentions in one article, made ready for counting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodedLayer {
    /// Every mention once, in order of [`Stretch::rank`].
    pub(crate) mentions: Vec<Stretch>,
    /// The tokens of the mentions that were projected: in order, none sharing a token with another.
    pub(crate) projected: Vec<Stretch>,
    /// Every token of every mention with its label, in order; as often as mentions of that label cover it.
    pub(crate) token_labels: Vec<(u32, LabelNumber)>,
    pub(crate) tokens: u32,
}

impl CodedLayer {
    /// A layer on a text. `tokens` are the places of the article's tokens, in order, in code points; mentions that are given twice count once.
    ///
    /// A mention that covers no token (of white space alone) counts as a mention, but not for the measures on tokens. An empty one is none.
    ///
    /// ```
    /// use barchasb::analysis::coded_layer::CodedLayer;
    /// use barchasb::analysis::label_table::LabelTable;
    /// use barchasb::domain::{label::LabelId, mention::MentionKey, offset::Span, segmentation::Segmentation};
    /// let cut = Segmentation::of_text("حسین اشتری آمد");
    /// let tokens: Vec<Span> = cut.tokens().iter().map(|token| token.span).collect();
    /// let name = MentionKey { span: Span::from_chars(0, 10), label: LabelId(uuid::Uuid::nil()) };
    /// let layer = CodedLayer::from_mentions([name], &tokens, &mut LabelTable::default());
    /// assert_eq!((layer.mention_count(), layer.token_count(), layer.labelled_token_count()), (1, 3, 2));
    /// ```
    #[must_use]
    pub fn from_mentions(
        mentions: impl IntoIterator<Item = MentionKey>,
        tokens: &[Span],
        labels: &mut LabelTable,
    ) -> Self {
        let mentions = mentions.into_iter().map(|mention| {
            let (start, end) = (mention.span.start.get(), mention.span.end.get());
            Stretch::new(start, end, labels.number(mention.label))
        });
        let mentions = in_order(mentions.collect());
        let mut on_tokens = Vec::with_capacity(mentions.len());
        let mut first = 0;
        for mention in &mentions {
            // Mentions stand in order of their starts: the first token of one is never before that of the one before it.
            let ends_before = |token: &Span| token.end.get() <= mention.start as usize;
            while tokens.get(first).is_some_and(ends_before) {
                first += 1;
            }
            let rest = tokens.get(first..).unwrap_or_default();
            let count = rest.iter().take_while(|token| token.start.get() < mention.end as usize).count();
            if count > 0 {
                on_tokens.push(Stretch::new(first, first + count, mention.label));
            }
        }
        Self::with_tokens(mentions, on_tokens, tokens.len())
    }

    /// A layer on a stream of `token_count` tokens without any text: its mentions are measured in tokens.
    ///
    /// # Errors
    /// [`Fault::PastTheEnd`] when a mention passes the last token.
    ///
    /// ```
    /// use barchasb::analysis::coded_layer::CodedLayer;
    /// use barchasb::analysis::label_table::LabelTable;
    /// use barchasb::domain::{label::LabelId, offset::TokenSpan};
    /// let place = (TokenSpan::from_tokens(1, 3), LabelId(uuid::Uuid::nil()));
    /// let mut labels = LabelTable::default();
    /// assert_eq!(CodedLayer::from_token_mentions([place], 3, &mut labels)?.labelled_token_count(), 2);
    /// assert!(CodedLayer::from_token_mentions([place], 2, &mut labels).is_err());
    /// # Ok::<(), barchasb::analysis::fault::Fault>(())
    /// ```
    pub fn from_token_mentions(
        mentions: impl IntoIterator<Item = (TokenSpan, LabelId)>,
        token_count: usize,
        labels: &mut LabelTable,
    ) -> Result<Self, Fault> {
        let mut coded = Vec::new();
        for (tokens, label) in mentions {
            if tokens.end.get() > token_count {
                return Err(Fault::PastTheEnd { end: tokens.end.get(), tokens: token_count });
            }
            coded.push(Stretch::new(tokens.start.get(), tokens.end.get(), labels.number(label)));
        }
        let coded = in_order(coded);
        Ok(Self::with_tokens(coded.clone(), coded, token_count))
    }

    fn with_tokens(mentions: Vec<Stretch>, on_tokens: Vec<Stretch>, token_count: usize) -> Self {
        let mut token_labels: Vec<(u32, LabelNumber)> = on_tokens
            .iter()
            .flat_map(|mention| (mention.start..mention.end).map(|token| (token, mention.label)))
            .collect();
        if !token_labels.is_sorted() {
            token_labels.sort_unstable();
        }
        let tokens = u32::try_from(token_count).unwrap_or(u32::MAX);
        Self { mentions, projected: outermost(on_tokens), token_labels, tokens }
    }

    /// How many mentions there are.
    #[must_use]
    pub fn mention_count(&self) -> usize {
        self.mentions.len()
    }

    /// How many tokens the article has.
    #[must_use]
    pub fn token_count(&self) -> usize {
        self.tokens as usize
    }

    /// How many tokens have a label.
    #[must_use]
    pub fn labelled_token_count(&self) -> usize {
        self.projected.iter().map(|mention| mention.len() as usize).sum()
    }
}

/// The mentions in order, each once, without empty ones.
fn in_order(mut mentions: Vec<Stretch>) -> Vec<Stretch> {
    mentions.retain(|mention| mention.start < mention.end);
    if !mentions.is_sorted_by_key(|mention| mention.rank()) {
        mentions.sort_unstable_by_key(|mention| mention.rank());
    }
    mentions.dedup();
    mentions
}

/// Those that stay when no two may overlap: the longest first, of two as long the earlier; in order of place.
pub(crate) fn outermost(stretches: Vec<Stretch>) -> Vec<Stretch> {
    let apart = stretches.windows(2).all(|pair| matches!(pair, [a, b] if a.end <= b.start));
    if apart {
        return stretches;
    }
    let mut by_length = stretches;
    by_length.sort_unstable_by_key(|stretch| (Reverse(stretch.len()), stretch.start, stretch.label));
    let mut stay: Vec<Stretch> = Vec::with_capacity(by_length.len());
    for stretch in by_length {
        let at = stay.partition_point(|other| other.start < stretch.start);
        let before = at.checked_sub(1).and_then(|at| stay.get(at));
        if ![before, stay.get(at)].into_iter().flatten().any(|other| other.overlaps(stretch)) {
            stay.insert(at, stretch);
        }
    }
    stay
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::projection::{Align, Nesting, columned, tokens_from_span};
    use crate::domain::segmentation::Segmentation;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn mention(start: usize, end: usize, label: u128) -> MentionKey {
        MentionKey { span: Span::from_chars(start, end), label: LabelId(Uuid::from_u128(label)) }
    }

    fn places(stretches: &[Stretch]) -> Vec<(u32, u32)> {
        stretches.iter().map(|stretch| (stretch.start, stretch.end)).collect()
    }

    /// Tokens of the text: 0..2, 3..5, 6..8.
    fn check(mentions: &[(usize, usize)], projected: &[(u32, u32)], labelled: usize) {
        let tokens = [(0, 2), (3, 5), (6, 8)].map(|(a, b)| Span::from_chars(a, b));
        let mentions = mentions.iter().map(|(a, b)| mention(*a, *b, 1));
        let layer = CodedLayer::from_mentions(mentions, &tokens, &mut LabelTable::default());
        assert_eq!(places(&layer.projected), projected);
        assert_eq!(layer.token_labels.len(), labelled);
    }

    #[test]
    fn mentions_cover_the_tokens_they_touch_and_the_longest_stays() {
        check(&[(0, 2), (6, 8)], &[(0, 1), (2, 3)], 2);
        check(&[(1, 4)], &[(0, 2)], 2);
        check(&[(2, 3)], &[], 0);
        check(&[(3, 3)], &[], 0);
        check(&[(0, 2), (0, 5), (3, 8)], &[(0, 2)], 5);
        check(&[(6, 8), (0, 2), (6, 8)], &[(0, 1), (2, 3)], 2);
        check(&[(0, 99)], &[(0, 3)], 3);
    }

    #[test]
    fn a_stream_of_tokens_needs_no_text() {
        let mut labels = LabelTable::default();
        let label = LabelId(Uuid::from_u128(1));
        let of = |spans: &[(usize, usize)], labels: &mut LabelTable| {
            let mentions = spans.iter().map(|(a, b)| (TokenSpan::from_tokens(*a, *b), label));
            CodedLayer::from_token_mentions(mentions, 5, labels)
        };
        assert_eq!(places(&of(&[(3, 5), (0, 2)], &mut labels).unwrap().mentions), [(0, 2), (3, 5)]);
        assert_eq!(of(&[(4, 6)], &mut labels), Err(Fault::PastTheEnd { end: 6, tokens: 5 }));
    }

    proptest! {
        #[test]
        fn the_projection_is_that_of_the_exports(
            mentions in proptest::collection::vec((0usize..30, 1usize..9, 0u128..3), 0..12),
        ) {
            let cut = Segmentation::of_text("ab cde, f gh (ijk) lmn op. qrs");
            let tokens: Vec<Span> = cut.tokens().iter().map(|token| token.span).collect();
            let keys = mentions.iter().map(|(start, len, label)| mention(*start, start + len, *label));
            let layer = CodedLayer::from_mentions(keys, &tokens, &mut LabelTable::default());
            let on_tokens: Vec<TokenSpan> = layer
                .mentions
                .iter()
                .filter_map(|m| {
                    let span = Span::from_chars(m.start as usize, m.end as usize);
                    tokens_from_span(&cut, span, Align::Expand).map(|(tokens, _)| tokens)
                })
                .collect();
            let column = &columned(&on_tokens, Nesting::Outermost).columns[0];
            let expected: Vec<(u32, u32)> = column
                .iter()
                .map(|index| (on_tokens[*index].start.get() as u32, on_tokens[*index].end.get() as u32))
                .collect();
            prop_assert_eq!(places(&layer.projected), expected);
        }
    }
}
