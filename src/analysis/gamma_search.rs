//! The best alignment of the mentions of three annotators or more.
//!
//! Owns the search through sets of mentions: a problem of partition, which is hard in general and easy where mentions stand in a text, for
//! only near ones can share a set. It must not know layers or chance.
//!
//! The mentions are covered from left to right: a state is what is covered, the next set is one that holds the first mention not yet covered.
//! States that cover the same are one, the cheaper. A price for every mention, so that no set costs less than its mentions' prices, says
//! what the rest costs at least; a first search that keeps few states says what the whole costs at most; between them little is left.

use crate::analysis::gamma_alignment::{Alignment, Unit, dissimilarity, least_by_pairs, pairs_of};
use rustc_hash::FxHashMap;

/// How many sets are looked at in one component.
const MOST_SETS: usize = 500_000;

/// How many states are kept in one component.
const MOST_STATES: usize = 200_000;

/// How many states the first search keeps at each mention.
const FIRST_WIDTH: usize = 32;

/// Costs closer than this are the same.
const TINY: f64 = 1e-9;

/// A set of mentions that could be in the best alignment.
struct Candidate {
    /// The places of its mentions in the component, in order.
    members: Vec<usize>,
    /// The same after the first, a bit each, the lowest for the one just after it.
    rest: u128,
    /// The sum over the pairs of annotators.
    cost: f64,
}

/// The best alignment of a component, whose mentions stand in order; with bounds alone when there are too many sets or states.
pub(crate) fn search(component: &[Unit], annotators: usize) -> Alignment {
    let (candidates, is_complete) = candidates(component, annotators);
    let prices = prices(component.len(), &candidates);
    let by_first = by_first(component.len(), &candidates, &prices);
    let floor: f64 = prices.iter().sum();
    let first = cover(&by_first, Limits { width: FIRST_WIDTH, most_states: MOST_STATES, dearest: f64::INFINITY });
    let second = match &first {
        Some(found) if found.was_cut && found.above > TINY => {
            let limits = Limits { width: usize::MAX, most_states: MOST_STATES, dearest: found.above };
            cover(&by_first, limits).filter(|second| !second.was_cut)
        }
        _ => None,
    };
    let is_proved = second.is_some() || first.as_ref().is_some_and(|found| !found.was_cut || found.above <= TINY);
    let Some(found) = second.or(first) else {
        return alone(component);
    };
    let pairs = pairs_of(annotators);
    let at_most = (floor + found.above) / pairs;
    let at_least = match (is_complete, is_proved) {
        (true, true) => at_most,
        (true, false) => (floor / pairs).max(least_by_pairs(component, annotators)).min(at_most),
        (false, _) => least_by_pairs(component, annotators).min(at_most),
    };
    let set = |index: &usize| {
        let members = candidates.get(*index).map(|candidate| candidate.members.as_slice()).unwrap_or_default();
        members.iter().filter_map(|at| component.get(*at).copied()).collect()
    };
    Alignment { sets: found.chosen.iter().map(set).collect(), at_least, at_most }
}

/// Every mention by itself.
fn alone(component: &[Unit]) -> Alignment {
    let sets: Vec<Vec<Unit>> = component.iter().map(|unit| vec![*unit]).collect();
    Alignment { at_least: 0.0, at_most: sets.len() as f64, sets }
}

/// The sets that could be in the best alignment, the single mentions first; and whether these are all.
///
/// A set is left out when taking one mention out of it, for a set of its own, costs no more.
fn candidates(component: &[Unit], annotators: usize) -> (Vec<Candidate>, bool) {
    let longest = component.iter().map(|unit| unit.end - unit.start).fold(0.0, f64::max);
    let mut growing = Growing { component, annotators, longest, looked_at: 0, all: Vec::new(), is_complete: true };
    for at in 0..component.len() {
        growing.keep(&[at], 0.0);
    }
    for at in 0..component.len() {
        growing.grow(&mut vec![at], 0.0);
    }
    (growing.all, growing.is_complete)
}

struct Growing<'a> {
    component: &'a [Unit],
    annotators: usize,
    /// The length of the longest mention.
    longest: f64,
    looked_at: usize,
    all: Vec<Candidate>,
    is_complete: bool,
}

impl Growing<'_> {
    fn between(&self, a: usize, b: usize) -> f64 {
        match (self.component.get(a), self.component.get(b)) {
            (Some(a), Some(b)) => dissimilarity(a, b),
            _ => f64::INFINITY,
        }
    }

    /// Adds every later mention of another annotator that is near enough, one after the other. `inside` is the sum over the pairs so far.
    fn grow(&mut self, members: &mut Vec<usize>, inside: f64) {
        let (Some(first), Some(last)) = (members.first().copied(), members.last().copied()) else { return };
        if members.len() == self.annotators {
            return;
        }
        for next in last + 1..self.component.len() {
            if !self.is_complete || self.starts_too_far(first, next) {
                return;
            }
            let annotator = |at: usize| self.component.get(at).map(|unit| unit.annotator);
            if members.iter().any(|member| annotator(*member) == annotator(next)) {
                continue;
            }
            self.looked_at += 1;
            self.is_complete = self.looked_at < MOST_SETS;
            let more: f64 = members.iter().map(|member| self.between(*member, next)).sum();
            members.push(next);
            // Each mention that is still to come makes up for 1 at most.
            let to_come = (self.annotators - members.len()) as f64;
            if self.dearest_place(members) < pairs_of(self.annotators) + to_come {
                if self.dearest_place(members) < pairs_of(self.annotators) {
                    self.keep(members, inside + more);
                }
                self.grow(members, inside + more);
            }
            members.pop();
        }
    }

    /// Whether the mention `next`, and so all after it, starts too far from `first` to share a set with it, whatever its end.
    fn starts_too_far(&self, first: usize, next: usize) -> bool {
        let (Some(a), Some(b)) = (self.component.get(first), self.component.get(next)) else { return true };
        let limit = pairs_of(self.annotators) + self.annotators as f64 - 1.0;
        b.start - a.start > limit.sqrt() * (a.end - a.start + self.longest)
    }

    /// The most that any mention of a set costs more by being there: against standing alone, it saves the empty place of each pair.
    fn dearest_place(&self, members: &[usize]) -> f64 {
        let place = |at: &usize| {
            let others = members.iter().filter(|other| *other != at);
            others.map(|other| self.between(*at, *other) - 1.0).sum::<f64>()
        };
        members.iter().map(place).fold(f64::NEG_INFINITY, f64::max)
    }

    fn keep(&mut self, members: &[usize], inside: f64) {
        let mut rest = 0u128;
        let first = members.first().copied().unwrap_or(0);
        for at in members.iter().skip(1) {
            // A set wider than the bits cannot be searched.
            match u32::try_from(at - first - 1).ok().and_then(|bit| 1u128.checked_shl(bit)) {
                Some(bit) => rest |= bit,
                None => {
                    self.is_complete = false;
                    return;
                }
            }
        }
        let empty = pairs_of(self.annotators) - pairs_of(members.len());
        self.all.push(Candidate { members: members.to_vec(), rest, cost: inside + empty });
    }
}

/// A price for every mention, so that no set costs less than the sum of its mentions' prices (a solution of the dual problem).
///
/// At first every mention has the least share of any of its sets; then each is raised as far as its sets allow.
fn prices(count: usize, candidates: &[Candidate]) -> Vec<f64> {
    let mut prices = vec![f64::INFINITY; count];
    let mut sets_of: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (index, candidate) in candidates.iter().enumerate() {
        let share = candidate.cost / candidate.members.len().max(1) as f64;
        for at in &candidate.members {
            if let (Some(price), Some(sets)) = (prices.get_mut(*at), sets_of.get_mut(*at)) {
                *price = price.min(share);
                sets.push(index);
            }
        }
    }
    for at in 0..count {
        let slack = |index: &usize| candidates.get(*index).map(|candidate| left_over(candidate, &prices));
        let least = sets_of.get(at).into_iter().flatten().filter_map(slack).fold(f64::INFINITY, f64::min);
        if let Some(price) = prices.get_mut(at).filter(|_| least.is_finite()) {
            *price += least.max(0.0);
        }
    }
    prices
}

/// What a set costs above its mentions' prices.
fn left_over(candidate: &Candidate, prices: &[f64]) -> f64 {
    candidate.cost - candidate.members.iter().filter_map(|at| prices.get(*at)).sum::<f64>()
}

/// A set in the list of its first mention.
struct Choice {
    candidate: usize,
    rest: u128,
    /// The cost above the prices.
    above: f64,
}

fn by_first(count: usize, candidates: &[Candidate], prices: &[f64]) -> Vec<Vec<Choice>> {
    let mut lists: Vec<Vec<Choice>> = std::iter::repeat_with(Vec::new).take(count).collect();
    for (index, candidate) in candidates.iter().enumerate() {
        let above = left_over(candidate, prices).max(0.0);
        if let Some(list) = candidate.members.first().and_then(|first| lists.get_mut(*first)) {
            list.push(Choice { candidate: index, rest: candidate.rest, above });
        }
    }
    lists
}

struct Limits {
    /// How many states are kept at each mention.
    width: usize,
    most_states: usize,
    /// States that cost more above the prices are dropped.
    dearest: f64,
}

struct Covering {
    chosen: Vec<usize>,
    /// The cost above the prices.
    above: f64,
    /// Whether states were dropped that could have been better.
    was_cut: bool,
}

/// A state: the mentions before some place are all covered.
#[derive(Clone, Copy)]
struct State {
    above: f64,
    /// The state before, and the set that was added; `None` at the start.
    before: Option<(usize, usize)>,
}

/// The cheapest covering; `None` when no state stays within the limits.
fn cover(by_first: &[Vec<Choice>], limits: Limits) -> Option<Covering> {
    // For each mention, the states in which it is the first not covered: by what is covered after it, the number of the state.
    let count = by_first.len();
    let mut open: Vec<FxHashMap<u128, usize>> = vec![FxHashMap::default(); count + 1];
    let mut states = vec![State { above: 0.0, before: None }];
    open.first_mut()?.insert(0, 0);
    let mut was_cut = false;
    for (at, choices) in by_first.iter().enumerate() {
        let mut here: Vec<(u128, usize)> = open.get_mut(at).map(std::mem::take)?.into_iter().collect();
        let above = |number: usize| states.get(number).map_or(f64::INFINITY, |state| state.above);
        here.sort_unstable_by(|a, b| above(a.1).total_cmp(&above(b.1)).then(a.0.cmp(&b.0)));
        if here.len() > limits.width {
            was_cut = true;
            here.truncate(limits.width);
        }
        for (covered, number) in here {
            let so_far = states.get(number)?.above;
            for choice in choices.iter().filter(|choice| choice.rest & covered == 0) {
                let above = so_far + choice.above;
                if above > limits.dearest + TINY {
                    continue;
                }
                // This mention and those covered just after it are passed.
                let covered = covered | choice.rest;
                let passed = covered.trailing_ones();
                let after = covered.checked_shr(passed + 1).unwrap_or(0);
                let slots = open.get_mut((at + 1 + passed as usize).min(count))?;
                let state = State { above, before: Some((number, choice.candidate)) };
                if let Some(known) = slots.get(&after).copied() {
                    let known = states.get_mut(known)?;
                    if above < known.above {
                        *known = state;
                    }
                } else if states.len() < limits.most_states {
                    slots.insert(after, states.len());
                    states.push(state);
                } else {
                    was_cut = true;
                }
            }
        }
    }
    let (_, end) = open.get(count)?.iter().next()?;
    let mut state = *states.get(*end)?;
    let (mut chosen, above) = (Vec::new(), state.above);
    while let Some((before, candidate)) = state.before {
        chosen.push(candidate);
        state = *states.get(before)?;
    }
    chosen.reverse();
    Some(Covering { chosen, above, was_cut })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::gamma_alignment::is_same;
    use crate::analysis::label_table::LabelNumber;
    use proptest::prelude::*;

    fn unit(annotator: usize, start: u32, len: u32, label: usize) -> Unit {
        let (start, end) = (f64::from(start), f64::from(start + len));
        Unit { annotator, start, end, label: LabelNumber::new(label) }
    }

    /// The disorder of one set: the mean over the pairs of annotators.
    fn disorder(set: &[Unit], annotators: usize) -> f64 {
        let mut sum = pairs_of(annotators) - pairs_of(set.len());
        for (at, one) in set.iter().enumerate() {
            sum += set.iter().skip(at + 1).map(|other| dissimilarity(one, other)).sum::<f64>();
        }
        sum / pairs_of(annotators)
    }

    /// The least disorder by trying every way to part the mentions into sets.
    fn least(rest: &[Unit], sets: &mut Vec<Vec<Unit>>, annotators: usize) -> f64 {
        let Some((unit, rest)) = rest.split_first() else {
            return sets.iter().map(|set| disorder(set, annotators)).sum();
        };
        let mut best = f64::INFINITY;
        for at in 0..sets.len() {
            if sets[at].iter().all(|other| other.annotator != unit.annotator) {
                sets[at].push(*unit);
                best = best.min(least(rest, sets, annotators));
                sets[at].pop();
            }
        }
        sets.push(vec![*unit]);
        best = best.min(least(rest, sets, annotators));
        sets.pop();
        best
    }

    fn check(units: &[Unit], annotators: usize, expected: f64) {
        let best = Alignment::best(units.to_vec(), annotators);
        assert!(best.is_exact() && is_same(expected, best.at_most), "{best:?} {expected}");
        assert!(is_same(expected, best.sets.iter().map(|set| disorder(set, annotators)).sum()));
    }

    #[test]
    fn small_ones_by_hand() {
        check(&[unit(0, 0, 4, 0), unit(1, 0, 4, 0), unit(2, 0, 4, 0)], 3, 0.0);
        check(&[unit(0, 0, 4, 0), unit(1, 0, 4, 0)], 3, 2.0 / 3.0);
        check(&[unit(0, 0, 4, 0), unit(1, 0, 4, 1), unit(2, 0, 4, 0)], 3, 2.0 / 3.0);
        check(&[unit(0, 0, 4, 0), unit(1, 90, 4, 0)], 2, 2.0);
        check(&[], 3, 0.0);
    }

    /// A list of names that touch almost, each annotator now and then a little off, with another label or without the name.
    fn list_of_names(names: u32, annotators: u32) -> Vec<Unit> {
        let mut units = Vec::new();
        for name in 0..names {
            for annotator in (0..annotators).filter(|annotator| (name * 7 + annotator * 3) % 11 != 0) {
                let off = u32::from((name + annotator) % 4 == 0);
                units.push(unit(
                    annotator as usize,
                    name * 12 + off,
                    10 - off,
                    usize::from((name + annotator) % 9 == 0),
                ));
            }
        }
        units
    }

    #[test]
    fn a_list_of_names_is_searched_to_the_end() {
        for (names, annotators) in [(60, 3), (30, 4), (20, 5)] {
            let best = Alignment::best(list_of_names(names, annotators), annotators as usize);
            assert!(best.is_exact(), "{names} names: {} {}", best.at_least, best.at_most);
        }
    }

    /// Mentions heaped upon each other without any order have bounds that hold, and the sets are whole.
    #[test]
    fn a_heap_has_bounds() {
        let units: Vec<Unit> =
            (0..240u32).map(|n| unit(n as usize % 6, n * 37 % 50, 5 + n % 23, n as usize % 5)).collect();
        let best = Alignment::best(units.clone(), 6);
        assert!(!best.is_exact());
        assert!(0.0 < best.at_least && best.at_least < best.at_most);
        assert_eq!(best.sets.iter().map(Vec::len).sum::<usize>(), units.len());
        assert!(is_same(best.at_most, best.sets.iter().map(|set| disorder(set, 6)).sum()));
    }

    fn units(annotators: usize, most: usize) -> impl Strategy<Value = Vec<Unit>> {
        let one = (0..annotators, 0u32..24, 1u32..7, 0usize..2);
        proptest::collection::vec(one, 0..most).prop_map(|list| {
            list.into_iter().map(|(annotator, start, len, label)| unit(annotator, start, len, label)).collect()
        })
    }

    proptest! {
        #[test]
        fn no_alignment_of_two_is_better(units in units(2, 9)) {
            check(&units, 2, least(&units, &mut Vec::new(), 2));
        }

        #[test]
        fn no_alignment_of_three_is_better(units in units(3, 9)) {
            check(&units, 3, least(&units, &mut Vec::new(), 3));
        }

        #[test]
        fn no_alignment_of_four_is_better(units in units(4, 9)) {
            check(&units, 4, least(&units, &mut Vec::new(), 4));
            prop_assert!(least_by_pairs(&units, 4) <= least(&units, &mut Vec::new(), 4) + TINY);
        }
    }
}
