//! How far two annotators agree: counts that grow article by article, and the measures of them.
//!
//! Owns [`PairCounts`]. It must not know articles or whose layers these are. Everything counted is a whole number, so that counts of
//! parts, merged in any order, are the counts of the whole. Memory grows with the labels met, never with the articles.

use crate::analysis::coded_layer::{CodedLayer, Stretch};
use crate::analysis::confusion::Confusion;
use crate::analysis::fault::Fault;
use crate::analysis::label_table::LabelNumber;
use crate::analysis::matched::Matched;
use crate::analysis::overlap::{candidates, same_label_pairs};
use crate::analysis::partial_credit::{CreditScheme, PartialCredit};
use crate::analysis::undefined::{Undefined, Value};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The BIOES tag of a token: outside, or its place in a mention with some label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenTag {
    /// In no mention.
    Outside,
    /// The first token of a mention of several.
    Begin(LabelNumber),
    /// A token between the first and the last of a mention.
    Inside(LabelNumber),
    /// The last token of a mention of several.
    End(LabelNumber),
    /// The one token of a mention.
    Single(LabelNumber),
}

impl TokenTag {
    /// The label; `None` outside.
    #[must_use]
    pub fn label(self) -> Option<LabelNumber> {
        match self {
            Self::Outside => None,
            Self::Begin(label) | Self::Inside(label) | Self::End(label) | Self::Single(label) => Some(label),
        }
    }

    /// The tag in BIO, where every mention begins with B and goes on with I.
    ///
    /// ```
    /// use barchasb::analysis::agreement::TokenTag;
    /// assert_eq!(TokenTag::Outside.in_bio(), TokenTag::Outside);
    /// ```
    #[must_use]
    pub fn in_bio(self) -> Self {
        match self {
            Self::Single(label) => Self::Begin(label),
            Self::End(label) => Self::Inside(label),
            other => other,
        }
    }
}

/// What makes mentions of two annotators meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meeting {
    /// The same place and the same label: the F1 of seqeval and of conlleval.
    Exact,
    /// The same label and any overlap. Not one to one: a mention that covers two of the other annotator's meets both, so that an F1 of 1 can
    /// hide a merged mention.
    Relaxed,
    /// The same label and any overlap, one to one: the largest number of such pairs. What splits or merges shows here.
    LabelOnly,
    /// Each token of each mention by itself, the same token and label (bratiaa's F1 on tokens). Where mentions of one annotator overlap, the
    /// tokens they share count for each.
    Token,
}

impl Meeting {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Exact, Self::Relaxed, Self::LabelOnly, Self::Token];
}

/// The counts of one pair of annotators.
///
/// ```
/// use barchasb::analysis::agreement::{Meeting, PairCounts};
/// use barchasb::analysis::coded_layer::CodedLayer;
/// use barchasb::analysis::label_table::LabelTable;
/// use barchasb::domain::{label::LabelId, offset::TokenSpan};
/// let mut labels = LabelTable::default();
/// let mut layer = |mentions: &[(usize, usize)]| {
///     let mentions = mentions.iter().map(|(a, b)| (TokenSpan::from_tokens(*a, *b), LabelId(uuid::Uuid::nil())));
///     CodedLayer::from_token_mentions(mentions, 9, &mut labels)
/// };
/// let mut pair = PairCounts::default();
/// pair.add(&layer(&[(0, 2), (5, 6)])?, &layer(&[(1, 2), (5, 6)])?)?;
/// assert_eq!(pair.matched(Meeting::Exact).f1(), Ok(0.5));
/// assert_eq!(pair.boundary().f1(), Ok(0.5));
/// assert_eq!(pair.matched(Meeting::Relaxed).f1(), Ok(1.0));
/// # Ok::<(), barchasb::analysis::fault::Fault>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairCounts {
    articles: u64,
    by_label: BTreeMap<LabelNumber, LabelCounts>,
    boundary: Matched,
    /// As in [`CreditScheme::ALL`].
    credit: [PartialCredit; 4],
    tags: Confusion<TokenTag>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct LabelCounts {
    exact: Matched,
    relaxed: Matched,
    label_only: Matched,
    token: Matched,
}

impl LabelCounts {
    fn get(&self, meeting: Meeting) -> Matched {
        match meeting {
            Meeting::Exact => self.exact,
            Meeting::Relaxed => self.relaxed,
            Meeting::LabelOnly => self.label_only,
            Meeting::Token => self.token,
        }
    }
}

impl PairCounts {
    /// The counts of one article alone.
    ///
    /// # Errors
    /// As [`PairCounts::add`].
    pub fn of_article(first: &CodedLayer, second: &CodedLayer) -> Result<Self, Fault> {
        let mut counts = Self::default();
        counts.add(first, second)?;
        Ok(counts)
    }

    /// Counts an article that both have done. The first annotator stands for the truth where that matters.
    ///
    /// # Errors
    /// [`Fault::TokensDiffer`], and nothing is counted, when the layers do not stand on the same tokens.
    pub fn add(&mut self, first: &CodedLayer, second: &CodedLayer) -> Result<(), Fault> {
        if first.tokens != second.tokens {
            return Err(Fault::TokensDiffer { first: first.token_count(), second: second.token_count() });
        }
        self.articles += 1;
        self.count_same(first, second);
        self.count_overlapping(&first.mentions, &second.mentions);
        let mut taken = Vec::with_capacity(first.mentions.len());
        for (counts, scheme) in self.credit.iter_mut().zip(CreditScheme::ALL) {
            *counts += PartialCredit::of(&first.mentions, &second.mentions, scheme, &mut taken);
        }
        self.count_tags(first, second);
        Ok(())
    }

    /// Takes the counts of other articles of the same pair in; both must have been counted with the same table of labels.
    pub fn merge(&mut self, other: &Self) {
        self.articles += other.articles;
        for (label, counts) in &other.by_label {
            let sum = self.by_label.entry(*label).or_default();
            sum.exact += counts.exact;
            sum.relaxed += counts.relaxed;
            sum.label_only += counts.label_only;
            sum.token += counts.token;
        }
        self.boundary += other.boundary;
        for (counts, other) in self.credit.iter_mut().zip(other.credit) {
            *counts += other;
        }
        self.tags.merge(&other.tags);
    }

    /// How many articles were counted.
    #[must_use]
    pub fn articles(&self) -> u64 {
        self.articles
    }

    /// The labels that at least one annotator used, in order of their numbers.
    pub fn labels(&self) -> impl Iterator<Item = LabelNumber> + '_ {
        self.by_label.keys().copied()
    }

    /// How many mentions (or tokens) meet, over all labels.
    #[must_use]
    pub fn matched(&self, meeting: Meeting) -> Matched {
        let mut sum = Matched::default();
        for counts in self.by_label.values() {
            sum += counts.get(meeting);
        }
        sum
    }

    /// The same for one label.
    #[must_use]
    pub fn matched_of(&self, label: LabelNumber, meeting: Meeting) -> Matched {
        self.by_label.get(&label).map(|counts| counts.get(meeting)).unwrap_or_default()
    }

    /// How many mentions have the same place, whatever their labels; of several with one place as many meet as both have there.
    #[must_use]
    pub fn boundary(&self) -> Matched {
        self.boundary
    }

    /// The counts with partial credit.
    #[must_use]
    pub fn credit(&self, scheme: CreditScheme) -> PartialCredit {
        self.credit.get(scheme as usize).copied().unwrap_or_default()
    }

    /// The confusion of the tokens' BIOES tags.
    #[must_use]
    pub fn tag_confusion(&self) -> &Confusion<TokenTag> {
        &self.tags
    }

    /// The confusion of the tokens' labels; `None` is O, in no mention.
    #[must_use]
    pub fn label_confusion(&self) -> Confusion<Option<LabelNumber>> {
        self.tags.mapped(TokenTag::label)
    }

    /// Cohen's κ over the tokens' BIO tags, O among them. Stricter than that over labels: a boundary costs a tag.
    ///
    /// # Errors
    /// [`Undefined::NoCommonArticle`], [`Undefined::NoTokens`], [`Undefined::OneCategory`].
    pub fn kappa_of_bio_tags(&self) -> Value {
        self.measured(self.tags.mapped(TokenTag::in_bio).kappa())
    }

    /// Cohen's κ over the tokens' BIOES tags (BMES, BILOU), O among them: what comes out where the tags of such a file are compared as they are.
    ///
    /// # Errors
    /// As [`PairCounts::kappa_of_bio_tags`].
    pub fn kappa_of_bioes_tags(&self) -> Value {
        self.measured(self.tags.kappa())
    }

    /// Cohen's κ over the tokens' labels, O among them.
    ///
    /// # Errors
    /// As [`PairCounts::kappa_of_bio_tags`].
    pub fn kappa_of_labels(&self) -> Value {
        self.measured(self.label_confusion().kappa())
    }

    /// Cohen's κ over the labels of those tokens that at least one annotator labelled; O is a category where the other did not.
    ///
    /// # Errors
    /// As [`PairCounts::kappa_of_bio_tags`], and [`Undefined::NothingLabelled`].
    pub fn kappa_of_labelled(&self) -> Value {
        let all = self.label_confusion();
        let labelled = all.without_both(None);
        if labelled.total() == 0 && all.total() > 0 {
            return Err(Undefined::NothingLabelled);
        }
        self.measured(labelled.kappa())
    }

    fn measured(&self, value: Value) -> Value {
        if self.articles == 0 { Err(Undefined::NoCommonArticle) } else { value }
    }

    fn of_label(&mut self, label: LabelNumber) -> &mut LabelCounts {
        self.by_label.entry(label).or_default()
    }

    fn count_same(&mut self, first: &CodedLayer, second: &CodedLayer) {
        for_both(
            &first.mentions,
            &second.mentions,
            |mention| mention.rank(),
            |mention, sides| {
                self.of_label(mention.label).exact.count(sides);
            },
        );
        for_both(
            &first.token_labels,
            &second.token_labels,
            |token| *token,
            |(_, label), sides| {
                self.of_label(*label).token.count(sides);
            },
        );
        let place = |mention: &Stretch| (mention.rank().0, mention.rank().1);
        for_both(&first.mentions, &second.mentions, place, |_, sides| self.boundary.count(sides));
    }

    fn count_overlapping(&mut self, first: &[Stretch], second: &[Stretch]) {
        for (_, mention, mut reached) in candidates(first, second) {
            let counts = self.of_label(mention.label);
            counts.relaxed.first += 1;
            counts.relaxed.first_met += u64::from(reached.any(|(_, other)| other.label == mention.label));
            counts.label_only.first += 1;
        }
        for (_, mention, mut reached) in candidates(second, first) {
            let counts = self.of_label(mention.label);
            counts.relaxed.second += 1;
            counts.relaxed.second_met += u64::from(reached.any(|(_, other)| other.label == mention.label));
            counts.label_only.second += 1;
        }
        for (at, _) in same_label_pairs(first, second) {
            if let Some(mention) = first.get(at) {
                let counts = &mut self.of_label(mention.label).label_only;
                counts.first_met += 1;
                counts.second_met += 1;
            }
        }
    }

    /// Walks both layers' runs of equal tags at once.
    fn count_tags(&mut self, first: &CodedLayer, second: &CodedLayer) {
        let (mut firsts, mut seconds) = (tag_runs(first), tag_runs(second));
        let (mut a, mut b) = (firsts.next(), seconds.next());
        let mut at = 0;
        while let (Some((a_end, a_tag)), Some((b_end, b_tag))) = (a, b) {
            let end = a_end.min(b_end);
            self.tags.add(a_tag, b_tag, u64::from(end - at));
            at = end;
            if a_end == end {
                a = firsts.next();
            }
            if b_end == end {
                b = seconds.next();
            }
        }
    }
}

/// Whose a thing is that was met in one walk over both layers.
#[derive(Clone, Copy)]
enum Sides {
    First,
    Second,
    Both,
}

impl Matched {
    fn count(&mut self, sides: Sides) {
        let (first, second) = match sides {
            Sides::First => (1, 0),
            Sides::Second => (0, 1),
            Sides::Both => (1, 1),
        };
        self.first += first;
        self.second += second;
        self.first_met += first * second;
        self.second_met += first * second;
    }
}

/// Walks two lists in order of `key`, which both are sorted by, and says for each thing whose it is; equal ones are met one to one.
fn for_both<T, K: Ord>(first: &[T], second: &[T], key: impl Fn(&T) -> K, mut found: impl FnMut(&T, Sides)) {
    let (mut firsts, mut seconds) = (first.iter().peekable(), second.iter().peekable());
    loop {
        let order = match (firsts.peek(), seconds.peek()) {
            (Some(a), Some(b)) => key(a).cmp(&key(b)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return,
        };
        let (next, sides) = match order {
            Ordering::Less => (firsts.next(), Sides::First),
            Ordering::Greater => (seconds.next(), Sides::Second),
            Ordering::Equal => {
                seconds.next();
                (firsts.next(), Sides::Both)
            }
        };
        if let Some(next) = next {
            found(next, sides);
        }
    }
}

/// The runs of equal BIOES tags in order, each by its end and its tag; together they cover all tokens.
fn tag_runs(layer: &CodedLayer) -> impl Iterator<Item = (u32, TokenTag)> + '_ {
    let mut at = 0;
    let runs = layer.projected.iter().flat_map(move |mention| {
        let Stretch { start, end, label } = *mention;
        let gap = (start > at).then_some((start, TokenTag::Outside));
        at = end;
        let [first, inside, last] = match mention.len() {
            1 => [Some((end, TokenTag::Single(label))), None, None],
            2 => [Some((start + 1, TokenTag::Begin(label))), None, Some((end, TokenTag::End(label)))],
            _ => [
                Some((start + 1, TokenTag::Begin(label))),
                Some((end - 1, TokenTag::Inside(label))),
                Some((end, TokenTag::End(label))),
            ],
        };
        [gap, first, inside, last].into_iter().flatten()
    });
    let last = layer.projected.last().map_or(0, |mention| mention.end);
    runs.chain((layer.tokens > last).then_some((layer.tokens, TokenTag::Outside)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::label_table::LabelTable;
    use crate::domain::label::LabelId;
    use crate::domain::offset::TokenSpan;
    use uuid::Uuid;

    /// A layer of 10 tokens by start, end and label.
    fn layer(mentions: &[(usize, usize, u128)]) -> CodedLayer {
        let mut labels = LabelTable::from_labels((0..4).map(|n| LabelId(Uuid::from_u128(n))));
        let places = mentions
            .iter()
            .map(|(start, end, label)| (TokenSpan::from_tokens(*start, *end), LabelId(Uuid::from_u128(*label))));
        CodedLayer::from_token_mentions(places, 10, &mut labels).unwrap()
    }

    fn pair(first: &[(usize, usize, u128)], second: &[(usize, usize, u128)]) -> PairCounts {
        PairCounts::of_article(&layer(first), &layer(second)).unwrap()
    }

    /// How many of the first and of the second meet, for each way of meeting.
    fn check(first: &[(usize, usize, u128)], second: &[(usize, usize, u128)], expected: [(u64, u64); 4]) {
        let pair = pair(first, second);
        let found = Meeting::ALL.map(|meeting| (pair.matched(meeting).first_met, pair.matched(meeting).second_met));
        assert_eq!(found, expected);
    }

    #[test]
    fn ways_of_meeting_differ() {
        check(&[(0, 2, 1)], &[(0, 2, 1)], [(1, 1), (1, 1), (1, 1), (2, 2)]);
        check(&[(0, 2, 1)], &[(0, 2, 2)], [(0, 0); 4]);
        check(&[(0, 2, 1)], &[(1, 3, 1)], [(0, 0), (1, 1), (1, 1), (1, 1)]);
        check(&[(0, 2, 1), (2, 4, 1)], &[(0, 4, 1)], [(0, 0), (2, 1), (1, 1), (4, 4)]);
        check(&[(0, 2, 1)], &[(2, 4, 1)], [(0, 0); 4]);
        // A nested mention counts its tokens again.
        check(&[(0, 3, 1), (1, 2, 1)], &[(0, 3, 1)], [(1, 1), (2, 1), (1, 1), (3, 3)]);
        check(&[(0, 3, 1), (1, 2, 1)], &[(0, 3, 1), (1, 2, 1)], [(2, 2), (2, 2), (2, 2), (4, 4)]);
    }

    #[test]
    fn labels_have_counts_of_their_own() {
        let pair = pair(&[(0, 2, 1), (3, 5, 2), (6, 7, 2)], &[(0, 2, 1), (3, 5, 3)]);
        let numbers: Vec<usize> = pair.labels().map(LabelNumber::index).collect();
        assert_eq!(numbers, [1, 2, 3]);
        let of = |label| pair.matched_of(LabelNumber::new(label), Meeting::Exact).f1();
        assert_eq!([of(0), of(1), of(2), of(3)], [Err(Undefined::NoMentions), Ok(1.0), Ok(0.0), Ok(0.0)]);
        // One place of three and two, whatever the label: two meet.
        assert_eq!(pair.boundary(), Matched { first: 3, second: 2, first_met: 2, second_met: 2 });
        let cells: Vec<(Option<usize>, Option<usize>, u64)> = pair
            .label_confusion()
            .cells()
            .map(|(a, b, count)| (a.map(LabelNumber::index), b.map(LabelNumber::index), count))
            .collect();
        let expected = [(None, None, 5), (Some(1), Some(1), 2), (Some(2), None, 1), (Some(2), Some(3), 2)];
        assert_eq!(cells, expected);
    }

    #[test]
    fn tags_are_those_of_the_schemes() {
        // B I E S O… against B E O S O…, of ten tokens.
        let pair = pair(&[(0, 3, 1), (3, 4, 1)], &[(0, 2, 1), (3, 4, 1)]);
        let tags: Vec<(TokenTag, TokenTag, u64)> = pair.tag_confusion().cells().collect();
        let one = LabelNumber::new(1);
        let (begin, inside) = (TokenTag::Begin(one), TokenTag::Inside(one));
        let (end, single) = (TokenTag::End(one), TokenTag::Single(one));
        let outside = TokenTag::Outside;
        let expected =
            [(outside, outside, 6), (begin, begin, 1), (inside, end, 1), (end, outside, 1), (single, single, 1)];
        assert_eq!(tags, expected);
        // BIO: 9 of 10 agree; by chance 6·7 + 2·2 + 2·1. BIOES: 8 of 10; by chance 6·7 + 1·1 + 1·0 + 1·1 + 1·1.
        assert_eq!(pair.kappa_of_bio_tags(), Ok((90.0 - 48.0) / (100.0 - 48.0)));
        assert_eq!(pair.kappa_of_bioes_tags(), Ok((80.0 - 45.0) / (100.0 - 45.0)));
    }

    #[test]
    fn stacked_mentions_meet_as_often_as_both_stand() {
        let pair = pair(&[(0, 2, 1), (0, 2, 2), (0, 2, 3)], &[(0, 2, 2), (0, 2, 3)]);
        assert_eq!(pair.boundary(), Matched { first: 3, second: 2, first_met: 2, second_met: 2 });
        assert_eq!(pair.matched(Meeting::Exact).f1(), Ok(0.8));
    }

    #[test]
    fn what_is_undefined_says_why() {
        let kappas = |pair: &PairCounts| [pair.kappa_of_labels(), pair.kappa_of_bio_tags(), pair.kappa_of_labelled()];
        let none = PairCounts::default();
        assert_eq!(kappas(&none), [Err(Undefined::NoCommonArticle); 3]);
        assert_eq!(none.matched(Meeting::Exact).f1(), Err(Undefined::NoMentions));
        let no_tokens = PairCounts::of_article(&CodedLayer::default(), &CodedLayer::default()).unwrap();
        assert_eq!(kappas(&no_tokens), [Err(Undefined::NoTokens); 3]);
        let nothing_marked = pair(&[], &[]);
        let one = Err(Undefined::OneCategory);
        assert_eq!(kappas(&nothing_marked), [one, one, Err(Undefined::NothingLabelled)]);
        assert_eq!(nothing_marked.credit(CreditScheme::Strict).f1(), Err(Undefined::NoMentions));
        // One label alone: what is labelled has one category, and all of the text has two.
        assert_eq!(kappas(&pair(&[(0, 1, 1)], &[(0, 1, 1)])), [Ok(1.0), Ok(1.0), one]);
        let all = [(0, 10, 1)];
        assert_eq!(kappas(&pair(&all, &all)), [one, Ok(1.0), one]);
    }

    #[test]
    fn other_tokens_are_refused_and_nothing_is_counted() {
        let mut counts = PairCounts::default();
        let fault = counts.add(&layer(&[(0, 1, 1)]), &CodedLayer::default());
        assert_eq!(fault, Err(Fault::TokensDiffer { first: 10, second: 0 }));
        assert_eq!(counts, PairCounts::default());
    }
}
