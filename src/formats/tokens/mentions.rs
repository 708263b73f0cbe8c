//! The mentions of a layer put onto the tokens of its article, with a word on each that moves or stays out.
//!
//! Owns what writers of tokens say of them. It must not know how tokens or tags are written; the rules of moving and nesting are those of
//! [`projection`](crate::domain::projection).

use crate::domain::offset::{Span, TokenSpan};
use crate::domain::projection::{Align, Nesting, columned, tokens_from_span};
use crate::domain::record::MentionRecord;
use crate::domain::segmentation::Segmentation;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::problem::{Place, Problem};

/// How many columns of tags are written at most, and always where columns are asked for: rows must be alike through the whole file.
pub const MAX_DEPTH: usize = 4;

/// A mention by its tokens.
pub type TokenMention<'a> = (TokenSpan, &'a MentionRecord);

/// A mention by its tokens, and the span of these where it is another than its own.
type Placed<'a> = (TokenMention<'a>, Option<Span>);

/// The mentions that fall on tokens, in the order of the layer, for formats in which they may share tokens.
///
/// ```
/// use barchasb::domain::mention::Origin;
/// use barchasb::domain::offset::Span;
/// use barchasb::domain::projection::Align;
/// use barchasb::domain::record::MentionRecord;
/// use barchasb::domain::segmentation::Segmentation;
/// use barchasb::formats::problem::Place;
/// use barchasb::formats::tokens::mentions::token_mentions;
/// let text = "کتاب‌های علی";
/// let mention = MentionRecord { span: Span::from_chars(0, 4), label: "X".into(), note: None, origin: Origin::Hand };
/// let (mentions, mut problems) = ([mention], Vec::new());
/// let found = token_mentions(&Segmentation::of_text(text), &mentions, Align::Expand, Place::default(), &mut problems);
/// assert_eq!(found[0].0.to_string(), "0..1");
/// assert_eq!(problems[0].to_string(), "X at 0..4 was written as 0..8, the nearest edges that the format can hold");
/// ```
#[must_use]
pub fn token_mentions<'a>(
    cut: &Segmentation,
    mentions: &'a [MentionRecord],
    align: Align,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<TokenMention<'a>> {
    let all = placed(cut, mentions, align, place, problems);
    all.iter().for_each(|one| say_moved(one, place, problems));
    all.into_iter().map(|(mention, _)| mention).collect()
}

/// The mentions that fall on tokens and share none, in the order of their tokens, for formats in which a token has one tag.
/// [`Nesting::Columns`] is [`Nesting::Outermost`] here.
#[must_use]
pub fn flat_token_mentions<'a>(
    cut: &Segmentation,
    mentions: &'a [MentionRecord],
    align: Align,
    nesting: Nesting,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<TokenMention<'a>> {
    let columns = columns(&placed(cut, mentions, align, place, problems), one_column(nesting), place, problems);
    columns.into_iter().next().unwrap_or_default()
}

/// The mentions that fall on tokens with their labels, column by column, those of a column in order and without a shared token.
///
/// ```
/// use barchasb::domain::projection::{Align, Nesting};
/// use barchasb::domain::record::MentionRecord;
/// use barchasb::domain::segmentation::Segmentation;
/// use barchasb::domain::{mention::Origin, offset::Span};
/// use barchasb::formats::problem::Place;
/// use barchasb::formats::tokens::mentions::token_columns;
/// let mention = |a, b| MentionRecord { span: Span::from_chars(a, b), label: "PER".into(), note: None, origin: Origin::Import };
/// let cut = Segmentation::of_text("علی رضایی رفت");
/// let (mentions, mut problems) = ([mention(0, 9), mention(0, 2)], Vec::new());
/// let columns = token_columns(&cut, &mentions, Align::Expand, Nesting::Outermost, Place::default(), &mut problems);
/// assert_eq!(columns[0].len(), 1);
/// assert_eq!(problems[0].to_string(), "PER at 0..2 was left out: this format cannot hold nested mentions");
/// ```
#[must_use]
pub fn token_columns<'a>(
    cut: &Segmentation,
    mentions: &'a [MentionRecord],
    align: Align,
    nesting: Nesting,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<Vec<(TokenSpan, &'a str)>> {
    let columns = columns(&placed(cut, mentions, align, place, problems), nesting, place, problems);
    let labelled = |(tokens, mention): TokenMention<'a>| (tokens, mention.label.as_str());
    columns.into_iter().map(|column| column.into_iter().map(labelled).collect()).collect()
}

/// The mentions that stay where two may not share a place, in their order. The numbers are what the caller counts in, tokens or not.
/// [`Nesting::Columns`] is [`Nesting::Outermost`] here.
#[must_use]
pub fn flat<'a>(
    mentions: &[TokenMention<'a>],
    nesting: Nesting,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<TokenMention<'a>> {
    let unmoved: Vec<Placed<'a>> = mentions.iter().map(|mention| (*mention, None)).collect();
    columns(&unmoved, one_column(nesting), place, problems).into_iter().next().unwrap_or_default()
}

/// The nesting where there is one column alone.
fn one_column(nesting: Nesting) -> Nesting {
    if nesting == Nesting::Columns { Nesting::Outermost } else { nesting }
}

/// The mentions by their tokens; those that fall on none are said.
fn placed<'a>(
    cut: &Segmentation,
    mentions: &'a [MentionRecord],
    align: Align,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<Placed<'a>> {
    let mut all = Vec::with_capacity(mentions.len());
    for mention in mentions {
        match tokens_from_span(cut, mention.span, align) {
            Some((tokens, moved)) => {
                all.push(((tokens, mention), cut.span_from_tokens(tokens).filter(|_| moved)));
            }
            None => problems.push(left_out(mention, Held::TokenEdge, place)),
        }
    }
    all
}

/// The mentions column by column. Those that stay out are said, and then those that stay and moved.
fn columns<'a>(
    all: &[Placed<'a>],
    nesting: Nesting,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<Vec<TokenMention<'a>>> {
    let spans: Vec<TokenSpan> = all.iter().map(|((tokens, _), _)| *tokens).collect();
    let mut parted = columned(&spans, nesting);
    // Deeper ones than there are columns.
    parted.left_out.extend(parted.columns.iter().skip(MAX_DEPTH).flatten());
    parted.columns.truncate(MAX_DEPTH);
    let mention = |at: &usize| all.get(*at).map(|(mention, _)| *mention);
    let columns: Vec<Vec<TokenMention<'a>>> =
        parted.columns.iter().map(|column| column.iter().filter_map(mention).collect()).collect();
    for (tokens, mention) in parted.left_out.iter().filter_map(mention) {
        let nested = |other: TokenSpan| other != tokens && (other.contains_span(tokens) || tokens.contains_span(other));
        let is_nested = columns.iter().flatten().any(|(other, _)| nested(*other));
        problems.push(left_out(mention, if is_nested { Held::Nesting } else { Held::Overlap }, place));
    }
    for one in parted.columns.iter().flatten().filter_map(|at| all.get(*at)) {
        say_moved(one, place, problems);
    }
    columns
}

fn say_moved(((_, mention), to): &Placed<'_>, place: Place, problems: &mut Vec<Problem>) {
    let Some(to) = *to else { return };
    let moved = Foreign::MentionMoved { label: mention.label.clone(), from: mention.span, to };
    problems.push(Problem::foreign(place, moved));
}

fn left_out(mention: &MentionRecord, what: Held, place: Place) -> Problem {
    Problem::foreign(place, Foreign::MentionNotHeld { label: mention.label.clone(), span: mention.span, what })
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
            let flat = flat_token_mentions(&cut, &mentions, align, nesting, Place::default(), &mut problems);
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
        let same = "B at 0..2 was left out: this format cannot hold overlapping mentions";
        check(&[(0, 2, "A"), (0, 2, "B")], Align::Expand, Nesting::Outermost, &["A 0..1"], &[same]);
        let edge = "A at 0..4 was left out: this format cannot hold edges inside a token";
        check(&[(0, 4, "A"), (6, 8, "B")], Align::Strict, Nesting::Outermost, &["B 2..3"], &[edge]);
        let moved = "A at 0..4 was written as 0..5, the nearest edges that the format can hold";
        check(
            &[(0, 4, "A"), (3, 4, "B")],
            Align::Expand,
            Nesting::Outermost,
            &["A 0..2"],
            &[&lost("B at 3..4"), moved],
        );
    }
}
