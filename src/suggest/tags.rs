//! The tags of words: outside of every mention, at the beginning of one, or inside of one.
//!
//! Owns the tags, the numbers they have in a model and what may follow what. It must not know weights or features.

use crate::domain::label::LabelId;
use std::ops::Range;

/// What a word is to the mentions around it (BIO).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tag {
    /// In no mention.
    #[default]
    Outside,
    /// The first word of a mention.
    Begin(LabelId),
    /// A further word of a mention.
    Inside(LabelId),
}

/// The most labels that a model can tell apart; what has a label beyond them is learned as outside.
pub(crate) const MAX_LABELS: usize = 100;

/// How many numbers are kept for one tag row: the tags, filled up so that whole vector registers are read.
const LANES: usize = 8;

/// The labels of a model in the order in which they were met. Tag 0 is outside, the label at `i` begins with tag `2 i + 1`
/// and goes on with tag `2 i + 2`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TagSet {
    labels: Vec<LabelId>,
}

impl TagSet {
    /// A set of these labels; those beyond [`MAX_LABELS`] are left out.
    pub(crate) fn new(mut labels: Vec<LabelId>) -> Self {
        labels.truncate(MAX_LABELS);
        Self { labels }
    }

    /// The labels.
    pub(crate) fn labels(&self) -> &[LabelId] {
        &self.labels
    }

    /// How many tags there are.
    pub(crate) fn len(&self) -> usize {
        2 * self.labels.len() + 1
    }

    /// How many numbers a row of tags takes.
    pub(crate) fn stride(&self) -> usize {
        self.len().next_multiple_of(LANES)
    }

    /// The number of `tag`, which is taken into the set when it is new and there is room.
    pub(crate) fn number(&mut self, tag: Tag) -> u16 {
        let (label, inside) = match tag {
            Tag::Outside => return 0,
            Tag::Begin(label) => (label, 0),
            Tag::Inside(label) => (label, 1),
        };
        let at = match self.labels.iter().position(|known| *known == label) {
            Some(at) => at,
            None if self.labels.len() == MAX_LABELS => return 0,
            None => {
                self.labels.push(label);
                self.labels.len() - 1
            }
        };
        u16::try_from(2 * at + 1 + inside).unwrap_or(0)
    }

    /// The label of the tag with this number; `None` outside.
    pub(crate) fn label(&self, number: u16) -> Option<LabelId> {
        self.labels.get(usize::from(number.checked_sub(1)?) / 2).copied()
    }
}

/// Whether the tag with this number goes on with a mention.
pub(crate) fn is_inside(number: u16) -> bool {
    number > 0 && number.is_multiple_of(2)
}

/// Whether the tag `next` may follow the tag `before`: a mention goes on only after its own beginning.
pub(crate) fn may_follow(before: u16, next: u16) -> bool {
    !is_inside(next) || before == next || before + 1 == next
}

/// A mention as a range of words, with the label's tag number at its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// The words.
    pub(crate) words: Range<usize>,
    /// The tag of the first.
    pub(crate) begin: u16,
}

/// The mentions that numbered tags spell, in order. An inside without a beginning opens one.
pub(crate) fn chunks(tags: &[u16]) -> Vec<Chunk> {
    let mut found: Vec<Chunk> = Vec::new();
    let mut open = false;
    for (at, tag) in tags.iter().copied().enumerate() {
        let begin = if is_inside(tag) { tag - 1 } else { tag };
        match found.last_mut() {
            Some(last) if open && is_inside(tag) && last.begin == begin => last.words.end = at + 1,
            _ if tag > 0 => found.push(Chunk { words: at..at + 1, begin }),
            _ => {}
        }
        open = tag > 0;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn check(tags: &[u16], expected: &[(usize, usize, u16)]) {
        let found: Vec<_> = chunks(tags).into_iter().map(|c| (c.words.start, c.words.end, c.begin)).collect();
        assert_eq!(found, expected, "{tags:?}");
    }

    #[test]
    fn tags_spell_mentions() {
        check(&[], &[]);
        check(&[0, 1, 2, 2, 0], &[(1, 4, 1)]);
        check(&[1, 1, 2, 3, 4], &[(0, 1, 1), (1, 3, 1), (3, 5, 3)]);
        check(&[2, 0, 2, 4], &[(0, 1, 1), (2, 3, 1), (3, 4, 3)]);
    }

    #[test]
    fn labels_have_numbers_and_numbers_have_labels() {
        let label = |n| LabelId(Uuid::from_u128(n));
        let mut tags = TagSet::default();
        let numbers = [Tag::Outside, Tag::Inside(label(7)), Tag::Begin(label(3)), Tag::Begin(label(7))];
        assert_eq!(numbers.map(|tag| tags.number(tag)), [0, 2, 3, 1]);
        assert_eq!(
            [0, 1, 2, 3, 4, 5].map(|n| tags.label(n)),
            [None, Some(label(7)), Some(label(7)), Some(label(3)), Some(label(3)), None]
        );
        assert_eq!((tags.len(), tags.stride()), (5, 8));
    }

    #[test]
    fn a_mention_goes_on_only_after_its_own_beginning() {
        let before_two: Vec<u16> = (0..5).filter(|before| may_follow(*before, 2)).collect();
        assert_eq!(before_two, [1, 2]);
        assert!((0..5).all(|before| may_follow(before, 0) && may_follow(before, 3)));
    }

    #[test]
    fn more_labels_than_a_model_holds_are_outside() {
        let mut tags = TagSet::new((0..MAX_LABELS as u128).map(|n| LabelId(Uuid::from_u128(n))).collect());
        assert_eq!(tags.number(Tag::Begin(LabelId(Uuid::from_u128(9_999)))), 0);
        assert_eq!(tags.labels().len(), MAX_LABELS);
    }
}
