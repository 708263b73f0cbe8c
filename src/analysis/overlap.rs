//! Mentions of two layers that overlap.
//!
//! Owns the walk over overlapping pairs and the largest one-to-one pairing of them. It must not know annotators or measures.

use crate::analysis::coded_layer::Stretch;

/// For every mention of `first`, the mentions of `second` that could overlap it: those from a place on, which end before the first that
/// begins after it. Both stand in order of their starts.
pub(crate) fn candidates<'a>(
    first: &'a [Stretch],
    second: &'a [Stretch],
) -> impl Iterator<Item = (usize, &'a Stretch, impl Iterator<Item = (usize, &'a Stretch)>)> {
    let mut from = 0;
    first.iter().enumerate().map(move |(at, mention)| {
        // What ended before this mention ends before all later ones too.
        while second.get(from).is_some_and(|other| other.end <= mention.start) {
            from += 1;
        }
        let reached = second.iter().enumerate().skip(from).take_while(|(_, other)| other.start < mention.end);
        (at, mention, reached.filter(|(_, other)| other.overlaps(*mention)))
    })
}

/// The largest number of pairs, one to one, in which the partners overlap and have the same label; each pair by the places of its partners.
///
/// Augmenting paths (Kuhn's form of the Hungarian method): few mentions overlap more than one of the other layer, so that this is
/// linear but for heaps of nested ones.
pub(crate) fn same_label_pairs(first: &[Stretch], second: &[Stretch]) -> Vec<(usize, usize)> {
    let mut edges: Vec<Vec<usize>> = Vec::with_capacity(first.len());
    for (_, mention, reached) in candidates(first, second) {
        edges.push(reached.filter(|(_, other)| other.label == mention.label).map(|(at, _)| at).collect());
    }
    let mut pairing =
        Pairing { edges: &edges, partner: vec![None; second.len()], visited: vec![usize::MAX; second.len()] };
    for at in 0..first.len() {
        pairing.place(at, at);
    }
    let mut pairs: Vec<(usize, usize)> =
        pairing.partner.iter().enumerate().filter_map(|(at, partner)| partner.map(|first| (first, at))).collect();
    pairs.sort_unstable();
    pairs
}

struct Pairing<'a> {
    edges: &'a [Vec<usize>],
    /// The partner of each of the second layer's mentions.
    partner: Vec<Option<usize>>,
    /// The last round in which each was tried.
    visited: Vec<usize>,
}

impl Pairing<'_> {
    /// Finds a partner for a mention of the first layer, moving others where they have another choice.
    fn place(&mut self, at: usize, round: usize) -> bool {
        let edges = self.edges;
        for &other in edges.get(at).into_iter().flatten() {
            match self.visited.get_mut(other) {
                Some(visited) if *visited != round => *visited = round,
                _ => continue,
            }
            let holder = self.partner.get(other).copied().flatten();
            if holder.is_none_or(|holder| self.place(holder, round)) {
                if let Some(partner) = self.partner.get_mut(other) {
                    *partner = Some(at);
                }
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::analysis::label_table::LabelNumber;
    use proptest::prelude::*;

    /// Stretches by start, end and label, put in order.
    pub(crate) fn stretches(list: &[(u32, u32, usize)]) -> Vec<Stretch> {
        let mut all: Vec<Stretch> = list
            .iter()
            .map(|(start, end, label)| Stretch { start: *start, end: *end, label: LabelNumber::new(*label) })
            .collect();
        all.sort_by_key(|stretch| stretch.rank());
        all.dedup();
        all
    }

    fn check(first: &[(u32, u32, usize)], second: &[(u32, u32, usize)], expected: &[(usize, usize)]) {
        assert_eq!(same_label_pairs(&stretches(first), &stretches(second)), expected);
    }

    #[test]
    fn one_goes_with_one() {
        check(&[(0, 2, 1), (2, 4, 1)], &[(0, 4, 1)], &[(0, 0)]);
        check(&[(0, 2, 1)], &[(0, 2, 2)], &[]);
        check(&[(0, 2, 1)], &[(2, 4, 1)], &[]);
        // The first has to leave its first choice to the second.
        check(&[(0, 9, 1), (1, 3, 1)], &[(2, 4, 1), (5, 9, 1)], &[(0, 1), (1, 0)]);
    }

    /// The largest number of pairs by trying everything.
    fn most_pairs(first: &[Stretch], second: &[Stretch], taken: u32) -> usize {
        let Some((head, rest)) = first.split_first() else { return 0 };
        let with_head = second
            .iter()
            .enumerate()
            .filter(|(at, other)| taken & (1 << at) == 0 && other.overlaps(*head) && other.label == head.label);
        let best = with_head.map(|(at, _)| 1 + most_pairs(rest, second, taken | 1 << at)).max();
        best.unwrap_or(0).max(most_pairs(rest, second, taken))
    }

    proptest! {
        #[test]
        fn no_pairing_is_larger(
            first in proptest::collection::vec((0u32..12, 1u32..6, 0usize..2), 0..7),
            second in proptest::collection::vec((0u32..12, 1u32..6, 0usize..2), 0..7),
        ) {
            let of = |list: &[(u32, u32, usize)]| {
                stretches(&list.iter().map(|(start, len, label)| (*start, start + len, *label)).collect::<Vec<_>>())
            };
            let (first, second) = (of(&first), of(&second));
            let pairs = same_label_pairs(&first, &second);
            prop_assert_eq!(pairs.len(), most_pairs(&first, &second, 0));
            for (a, b) in pairs {
                prop_assert!(first[a].overlaps(second[b]) && first[a].label == second[b].label);
            }
        }
    }
}
