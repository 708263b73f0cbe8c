//! The best alignment of the mentions of several annotators, as γ asks for it.
//!
//! Owns [`Unit`], the dissimilarity of two of them, and the best [`Alignment`]: every mention is in one set, a set has at most one mention
//! of each annotator, and the sum of the sets' disorders is the least. The search for more than two annotators is
//! [`gamma_search`](crate::analysis::gamma_search)'s. It must not know layers or chance.

use crate::analysis::cheapest::cheapest_assignment;
use crate::analysis::gamma_search::search;
use crate::analysis::label_table::LabelNumber;

/// A mention as γ sees it. Places are numbers, for those drawn at random are not whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Unit {
    pub(crate) annotator: usize,
    pub(crate) start: f64,
    pub(crate) end: f64,
    pub(crate) label: LabelNumber,
}

/// The dissimilarity of places: ((|Δstart| + |Δend|) / (both lengths))² (Mathet 2015, formula 3, with Δ∅ = 1).
pub(crate) fn positional(a: &Unit, b: &Unit) -> f64 {
    let distance = (a.start - b.start).abs() + (a.end - b.end).abs();
    let ratio = distance / (a.end - a.start + b.end - b.start);
    ratio * ratio
}

/// The dissimilarity of labels: 0 or 1.
pub(crate) fn categorical(a: &Unit, b: &Unit) -> f64 {
    f64::from(u8::from(a.label != b.label))
}

/// The combined dissimilarity with α = β = 1; a mention and nothing are at Δ∅ = 1.
pub(crate) fn dissimilarity(a: &Unit, b: &Unit) -> f64 {
    positional(a, b) + categorical(a, b)
}

/// How many pairs of annotators there are.
pub(crate) fn pairs_of(annotators: usize) -> f64 {
    (annotators * annotators.saturating_sub(1) / 2) as f64
}

/// An alignment and what is known of the best one. Disorders are sums over the sets, each divided by the number of pairs of annotators.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Alignment {
    /// The sets, every mention in one of them.
    pub(crate) sets: Vec<Vec<Unit>>,
    /// No alignment has a smaller disorder.
    pub(crate) at_least: f64,
    /// The disorder of these sets.
    pub(crate) at_most: f64,
}

/// Whether two disorders differ by no more than the rounding of their sums.
pub(crate) fn is_same(at_least: f64, at_most: f64) -> bool {
    at_most - at_least <= 1e-9 * at_most.max(1.0)
}

impl Alignment {
    /// Whether it is proved to be the best.
    pub(crate) fn is_exact(&self) -> bool {
        is_same(self.at_least, self.at_most)
    }

    /// The best alignment of the mentions of `annotators` annotators, in any order; none of them empty.
    pub(crate) fn best(mut units: Vec<Unit>, annotators: usize) -> Self {
        units.sort_by(|a, b| {
            (a.start.total_cmp(&b.start))
                .then(a.end.total_cmp(&b.end))
                .then(a.annotator.cmp(&b.annotator))
                .then(a.label.cmp(&b.label))
        });
        let mut all = Self::default();
        for component in components(units, pairs_of(annotators) + 1.0) {
            let part = match annotators {
                _ if component.len() == 1 => Self { sets: vec![component], at_least: 1.0, at_most: 1.0 },
                2 => of_two(&component),
                _ => search(&component, annotators),
            };
            all.at_least += part.at_least;
            all.at_most += part.at_most;
            all.sets.extend(part.sets);
        }
        all
    }
}

/// Parts the units, which stand in order, so that no set of the best alignment has units of two parts.
///
/// A set that could be cut in two for no more than what a set costs is not needed. So in every set that is, at least one pair across
/// any cut is less dissimilar than `limit`, the number of pairs of annotators and 1: the units of such a set hang together by such pairs.
fn components(units: Vec<Unit>, limit: f64) -> Vec<Vec<Unit>> {
    let longest = units.iter().map(|unit| unit.end - unit.start).fold(0.0, f64::max);
    let mut groups = Groups::new(units.len());
    for (at, unit) in units.iter().enumerate() {
        // Beyond this a start alone is too far away, whatever the end.
        let reach = limit.sqrt() * (unit.end - unit.start + longest);
        for (other_at, other) in units.iter().enumerate().skip(at + 1) {
            if other.start - unit.start > reach {
                break;
            }
            if other.annotator != unit.annotator && dissimilarity(unit, other) < limit {
                groups.join(at, other_at);
            }
        }
    }
    let mut parts: Vec<Vec<Unit>> = Vec::new();
    let mut part_of = vec![None; units.len()];
    for (at, unit) in units.into_iter().enumerate() {
        let root = groups.root(at);
        let Some(part) = part_of.get_mut(root) else { continue };
        let part = *part.get_or_insert_with(|| {
            parts.push(Vec::new());
            parts.len() - 1
        });
        if let Some(part) = parts.get_mut(part) {
            part.push(unit);
        }
    }
    parts
}

/// Which units hang together: each points to another of its group, and one of each group to itself.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while let Some(next) = self.0.get(at).copied().filter(|next| *next != at) {
            // Halving the way keeps it short.
            let after = self.0.get(next).copied().unwrap_or(next);
            if let Some(slot) = self.0.get_mut(at) {
                *slot = after;
            }
            at = after;
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(slot) = self.0.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}

/// Two annotators: an assignment problem. A mention without partner costs 1.
fn of_two(component: &[Unit]) -> Alignment {
    let (first, second): (Vec<Unit>, Vec<Unit>) = component.iter().partition(|unit| unit.annotator == 0);
    let mut alignment = Alignment::default();
    let mut is_paired = vec![false; first.len()];
    for (unit, partner) in second.iter().zip(partners(&first, &second)) {
        let mut set = vec![*unit];
        let mut cost = 1.0;
        if let Some((at, partner)) = partner {
            cost = dissimilarity(partner, unit);
            set.insert(0, *partner);
            is_paired.get_mut(at).into_iter().for_each(|paired| *paired = true);
        }
        alignment.at_most += cost;
        alignment.sets.push(set);
    }
    for (unit, _) in first.iter().zip(is_paired).filter(|(_, paired)| !paired) {
        alignment.at_most += 1.0;
        alignment.sets.push(vec![*unit]);
    }
    alignment.at_least = alignment.at_most;
    alignment
}

/// For each of `second` its partner among `first` and its place there, so that the sum of the dissimilarities, and 1 for each without a
/// partner, is the least.
fn partners<'a>(first: &'a [Unit], second: &[Unit]) -> Vec<Option<(usize, &'a Unit)>> {
    // Every one of the first may also have a column that stands for no partner; that of another costs as much.
    let columns = second.len() + first.len();
    let cost = |row: usize, column: usize| match (first.get(row), second.get(column)) {
        // One without a partner on the other side is saved.
        (Some(a), Some(b)) => dissimilarity(a, b) - 1.0,
        _ => 1.0,
    };
    let holders = cheapest_assignment(first.len(), columns, cost);
    let of_row = |row: usize| first.get(row).map(|unit| (row, unit));
    holders.into_iter().take(second.len()).map(|row| row.and_then(of_row)).collect()
}

/// What the pairs of annotators cost at least, each aligned by itself: no alignment of all has a smaller disorder.
pub(crate) fn least_by_pairs(component: &[Unit], annotators: usize) -> f64 {
    let by_annotator: Vec<Vec<Unit>> = (0..annotators)
        .map(|annotator| component.iter().copied().filter(|unit| unit.annotator == annotator).collect())
        .collect();
    let mut sum = 0.0;
    for (at, first) in by_annotator.iter().enumerate() {
        for second in by_annotator.iter().skip(at + 1) {
            let mut alone = first.len();
            for (unit, partner) in second.iter().zip(partners(first, second)) {
                sum += partner.map_or(1.0, |(_, partner)| dissimilarity(partner, unit));
                alone -= usize::from(partner.is_some());
            }
            sum += alone as f64;
        }
    }
    sum / pairs_of(annotators)
}
