//! The mentions of a layer put onto tokens, with a word on each that moves or stays out.
//!
//! Owns what a writer of tokens says of them. The rules of moving and nesting are those of [`projection`](crate::domain::projection).

use crate::domain::offset::TokenSpan;
use crate::domain::projection::{Align, Nesting, columned, tokens_from_span};
use crate::domain::record::MentionRecord;
use crate::domain::segmentation::Segmentation;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::problem::{Place, Problem};

/// A mention by its tokens.
pub type TokenMention<'a> = (TokenSpan, &'a MentionRecord);

/// The mentions that fall on tokens, in the order of the layer.
///
/// ```
/// use barchasb::domain::mention::Origin;
/// use barchasb::domain::offset::Span;
/// use barchasb::domain::projection::Align;
/// use barchasb::domain::record::MentionRecord;
/// use barchasb::domain::segmentation::Segmentation;
/// use barchasb::formats::problem::Place;
/// use barchasb::formats::tokens::flat::token_flat;
/// let text = "کتاب‌های علی";
/// let mention = MentionRecord { span: Span::from_chars(0, 4), label: "X".into(), note: None, origin: Origin::Hand };
/// let mut problems = Vec::new();
/// let mentions = [mention];
/// let found = token_flat(&Segmentation::of_text(text), &mentions, Align::Expand, Place::default(), &mut problems);
/// assert_eq!(found[0].0.to_string(), "0..1");
/// assert_eq!(problems[0].to_string(), "X at 0..4 was written as 0..8, the nearest edges that the format can hold");
/// ```
#[must_use]
pub fn token_flat<'a>(
    cut: &Segmentation,
    mentions: &'a [MentionRecord],
    align: Align,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<TokenMention<'a>> {
    let mut all = Vec::with_capacity(mentions.len());
    for mention in mentions {
        let label = || mention.label.clone();
        let Some((tokens, moved)) = tokens_from_span(cut, mention.span, align) else {
            let lost = Foreign::MentionNotHeld { label: label(), span: mention.span, what: Held::TokenEdge };
            problems.push(Problem::foreign(place, lost));
            continue;
        };
        if let Some(to) = cut.span_from_tokens(tokens).filter(|_| moved) {
            let moved = Foreign::MentionMoved { label: label(), from: mention.span, to };
            problems.push(Problem::foreign(place, moved));
        }
        all.push((tokens, mention));
    }
    all
}

/// The mentions that stay where a token is in one of them at most, in the order of their tokens. [`Nesting::Columns`], where there is one
/// column alone, is [`Nesting::Outermost`].
#[must_use]
pub fn flat<'a>(
    mentions: &[TokenMention<'a>],
    nesting: Nesting,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<TokenMention<'a>> {
    let spans: Vec<TokenSpan> = mentions.iter().map(|(tokens, _)| *tokens).collect();
    let nesting = if nesting == Nesting::Columns { Nesting::Outermost } else { nesting };
    let found = columned(&spans, nesting);
    let column = found.columns.first().map(Vec::as_slice).unwrap_or_default();
    let stay: Vec<TokenMention<'a>> = column.iter().filter_map(|at| mentions.get(*at).copied()).collect();
    for (tokens, mention) in found.left_out.iter().filter_map(|at| mentions.get(*at)) {
        let nested =
            |other: TokenSpan| other != *tokens && (other.contains_span(*tokens) || tokens.contains_span(other));
        let what = if stay.iter().any(|(other, _)| nested(*other)) { Held::Nesting } else { Held::Overlap };
        let lost = Foreign::MentionNotHeld { label: mention.label.clone(), span: mention.span, what };
        problems.push(Problem::foreign(place, lost));
    }
    stay
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::trial::mention;

    #[test]
    fn what_does_not_fit_is_said() {
        let check = |mentions: &[(usize, usize, &str)], align, nesting, expected: &[&str], said: &[&str]| {
            let cut = Segmentation::of_text("ab cd ef");
            let mentions: Vec<MentionRecord> = mentions.iter().map(|(a, b, label)| mention(*a, *b, label)).collect();
            let mut problems = Vec::new();
            let all = token_flat(&cut, &mentions, align, Place::default(), &mut problems);
            let flat = flat(&all, nesting, Place::default(), &mut problems);
            let found: Vec<String> = flat.iter().map(|(tokens, m)| format!("{} {tokens}", m.label)).collect();
            assert_eq!(found, expected);
            assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), said);
        };
        let nested = &[(0, 5, "A"), (3, 5, "B")];
        let lost = |what: &str| format!("{what} was left out: this format cannot hold nested mentions");
        check(nested, Align::Expand, Nesting::Outermost, &["A 0..2"], &[&lost("B at 3..5")]);
        check(nested, Align::Expand, Nesting::Columns, &["A 0..2"], &[&lost("B at 3..5")]);
        check(nested, Align::Expand, Nesting::Innermost, &["B 1..2"], &[&lost("A at 0..5")]);
        let crossing = "B at 3..8 was left out: this format cannot hold overlapping mentions";
        check(&[(0, 5, "A"), (3, 8, "B")], Align::Expand, Nesting::Outermost, &["A 0..2"], &[crossing]);
        let edge = "A at 0..4 was left out: this format cannot hold edges inside a token";
        check(&[(0, 4, "A"), (6, 8, "B")], Align::Strict, Nesting::Outermost, &["B 2..3"], &[edge]);
    }
}
