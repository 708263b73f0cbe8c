//! Where the readings of one place part: which of its characters not all of them treat alike.
//!
//! Owns that rule alone. What a difference is called stands in `align`.

use crate::domain::label::LabelId;
use crate::domain::mention::MentionKey;
use crate::domain::offset::{CharOffset, Span};

/// The stretches in which some reading has other labels than another one, in order, none touching the next.
///
/// ```
/// use barchasb::analysis::difference::differing;
/// use barchasb::domain::label::LabelId;
/// use barchasb::domain::mention::MentionKey;
/// use barchasb::domain::offset::Span;
/// let name = |start, end| MentionKey { span: Span::from_chars(start, end), label: LabelId(uuid::Uuid::nil()) };
/// // «سردار اشتری» against «اشتری»: they part in the title.
/// assert_eq!(differing(&[vec![name(0, 11)], vec![name(6, 11)]]), [Span::from_chars(0, 6)]);
/// assert_eq!(differing(&[vec![name(0, 11)], vec![]]), [Span::from_chars(0, 11)]);
/// ```
#[must_use]
pub fn differing(readings: &[Vec<MentionKey>]) -> Vec<Span> {
    let mut edges: Vec<CharOffset> =
        readings.iter().flatten().flat_map(|mention| [mention.span.start, mention.span.end]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut found: Vec<Span> = Vec::new();
    for (start, end) in edges.iter().zip(edges.iter().skip(1)) {
        let stretch = Span::new(*start, *end);
        let mut labels = readings.iter().map(|reading| labels_over(reading, stretch));
        let first = labels.next().unwrap_or_default();
        if labels.all(|others| others == first) {
            continue;
        }
        match found.last_mut().filter(|last| last.end == stretch.start) {
            Some(last) => last.end = stretch.end,
            None => found.push(stretch),
        }
    }
    found
}

/// The labels of the mentions that cover a stretch, in order.
fn labels_over(reading: &[MentionKey], stretch: Span) -> Vec<LabelId> {
    let covering = reading.iter().filter(|mention| mention.span.contains_span(stretch));
    let mut labels: Vec<LabelId> = covering.map(|mention| mention.label).collect();
    labels.sort_unstable();
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn check(readings: &[&[(usize, usize, u128)]], expected: &[(usize, usize)]) {
        let reading = |mentions: &&[(usize, usize, u128)]| {
            let key = |(start, end, label): &(usize, usize, u128)| MentionKey {
                span: Span::from_chars(*start, *end),
                label: LabelId(Uuid::from_u128(*label)),
            };
            mentions.iter().map(key).collect()
        };
        let readings: Vec<Vec<MentionKey>> = readings.iter().map(reading).collect();
        let expected: Vec<Span> = expected.iter().map(|(start, end)| Span::from_chars(*start, *end)).collect();
        assert_eq!(differing(&readings), expected);
    }

    #[test]
    fn readings_part_where_labels_or_edges_do() {
        check(&[&[(0, 4, 1)], &[(0, 4, 2)]], &[(0, 4)]);
        check(&[&[(2, 6, 1)], &[(0, 8, 1)]], &[(0, 2), (6, 8)]);
        check(&[&[(0, 3, 1), (4, 9, 1)], &[(0, 9, 1)]], &[(3, 4)]);
        check(&[&[(0, 3, 1), (3, 9, 2)], &[(0, 3, 1)], &[(0, 3, 1)]], &[(3, 9)]);
        check(&[&[(0, 4, 1), (0, 4, 2)], &[(0, 4, 2), (0, 4, 1)]], &[]);
        check(&[&[(0, 4, 1)]], &[]);
        check(&[], &[]);
    }
}
