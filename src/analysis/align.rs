//! Alignment: what several layers say of the same places of one text, and how they differ there.
//!
//! Owns clusters and the kinds of difference. It must not judge who is right: that is `adjudicate`'s business. Labels are compared by
//! identity; who aligns has merged labels resolved before.

use crate::analysis::matching::{
    Group, Statement, Voice, WINDOW, components, groups, hull, statements, voices, weight,
};
use crate::domain::label::LabelId;
use crate::domain::mention::MentionKey;
use crate::domain::offset::Span;
use std::cmp::Reverse;

/// What several layers say of one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// From the first to the last character of any reading.
    pub span: Span,
    /// What each layer says, in the order in which the layers were given: mentions in order, none for nothing.
    pub readings: Vec<Vec<MentionKey>>,
    /// How the readings differ.
    pub differences: Differences,
}

/// How readings of one place differ; all false when they agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Differences {
    /// Readings that say something say it of other spans.
    pub boundary: bool,
    /// Readings that say something use other labels.
    pub label: bool,
    /// Some say something and some nothing.
    pub missed: bool,
    /// Some reading has more than one mention.
    pub split: bool,
}

/// The kind of a difference, for lists and filters: the gravest thing to say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// All say the same.
    Agreed,
    /// Other boundaries, the same label.
    Boundary,
    /// The same boundaries, other labels.
    Label,
    /// Other boundaries and other labels.
    Both,
    /// Some say nothing.
    Missed,
    /// One mention of one is several of another.
    Split,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Agreed, Self::Boundary, Self::Label, Self::Both, Self::Missed, Self::Split];

    /// The name in files and on the command line: `agreed`, `boundary`, `label`, `both`, `missed` or `split`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Boundary => "boundary",
            Self::Label => "label",
            Self::Both => "both",
            Self::Missed => "missed",
            Self::Split => "split",
        }
    }
}

impl Differences {
    /// The differences between readings.
    fn between(readings: &[Vec<MentionKey>]) -> Self {
        let mut told = readings.iter().filter(|reading| !reading.is_empty());
        let Some(first) = told.next() else { return Self::default() };
        let mut all = Self { missed: readings.iter().any(Vec::is_empty), split: first.len() > 1, ..Self::default() };
        for reading in told.filter(|reading| *reading != first) {
            all.split |= reading.len() > 1;
            all.boundary |= !reading.iter().map(|mention| mention.span).eq(first.iter().map(|mention| mention.span));
            all.label |= labels(reading) != labels(first);
        }
        all
    }

    /// The gravest of them: split, then missed, then both, then label or boundary.
    ///
    /// ```
    /// use barchasb::analysis::align::{Differences, Kind};
    /// let both = Differences { boundary: true, label: true, ..Differences::default() };
    /// assert_eq!(both.kind(), Kind::Both);
    /// assert_eq!(Differences { missed: true, ..both }.kind(), Kind::Missed);
    /// assert_eq!(Differences::default().kind(), Kind::Agreed);
    /// ```
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self { split: true, .. } => Kind::Split,
            Self { missed: true, .. } => Kind::Missed,
            Self { boundary: true, label: true, .. } => Kind::Both,
            Self { label: true, .. } => Kind::Label,
            Self { boundary: true, .. } => Kind::Boundary,
            Self { .. } => Kind::Agreed,
        }
    }
}

/// The labels of a reading, each once, in order.
fn labels(reading: &[MentionKey]) -> Vec<LabelId> {
    let mut labels: Vec<LabelId> = reading.iter().map(|mention| mention.label).collect();
    labels.sort_unstable();
    labels.dedup();
    labels
}

/// What `layers` say of each place, in order of the places. Every mention of every layer is in exactly one cluster (a mention that a
/// layer has twice counts once), and the answer does not depend on the order of the layers, but for the order of the readings.
///
/// Identical mentions always match. The rest is matched one to one as well as possible: as many pairs as there can be; of these the
/// ones with most pairs of the same span; then most pairs of the same label; then the greatest sum of the overlaps (Jaccard: characters
/// in common by characters of either). One that finds no match joins the cluster that it overlaps, when it is apart from what its own
/// layer says there: so one mention against two of half its length is one place. What is left stands alone: missed by some.
///
/// ```
/// use barchasb::analysis::align::{Kind, align};
/// use barchasb::domain::label::LabelId;
/// use barchasb::domain::mention::MentionKey;
/// use barchasb::domain::offset::Span;
/// let mention = |start, end| MentionKey { span: Span::from_chars(start, end), label: LabelId(uuid::Uuid::from_u128(1)) };
/// let clusters = align(&[vec![mention(1, 3), mention(5, 8)], vec![mention(0, 3), mention(5, 8)]]);
/// let kinds: Vec<Kind> = clusters.iter().map(|cluster| cluster.differences.kind()).collect();
/// assert_eq!(kinds, [Kind::Boundary, Kind::Agreed]);
/// ```
#[must_use]
pub fn align(layers: &[Vec<MentionKey>]) -> Vec<Cluster> {
    let layers: Vec<&[MentionKey]> = layers.iter().map(Vec::as_slice).collect();
    aligned(&layers)
}

/// [`align`] for layers that lie anywhere.
pub(crate) fn aligned(layers: &[&[MentionKey]]) -> Vec<Cluster> {
    let voices = voices(layers);
    let (mut clusters, disputed) = agreed_and_disputed(&voices, layers.len(), |statement| {
        let readings = vec![vec![statement.mention]; layers.len()];
        Cluster { span: statement.mention.span, readings, differences: Differences::default() }
    });
    for component in components(&disputed) {
        let groups = with_parts(groups(component));
        clusters.extend(groups.into_iter().map(|group| cluster(group, layers.len())));
    }
    let first = |cluster: &Cluster| cluster.readings.iter().filter_map(|reading| reading.first()).min().copied();
    clusters.sort_by(|a, b| a.span.cmp(&b.span).then_with(|| first(a).cmp(&first(b))));
    clusters
}

/// What `make` makes of the mentions that all of `layers` layers have, and the others.
fn agreed_and_disputed<T>(
    voices: &[Voice],
    layers: usize,
    make: impl Fn(Statement<'_>) -> T,
) -> (Vec<T>, Vec<Statement<'_>>) {
    let mut agreed = Vec::with_capacity(voices.len() / layers.max(1));
    let mut disputed = Vec::new();
    for statement in statements(voices) {
        if statement.voices.len() == layers {
            agreed.push(make(statement));
        } else {
            disputed.push(statement);
        }
    }
    (agreed, disputed)
}

/// The groups after each statement that stands alone has joined the one of which it is a part, if there is one: of the first
/// [`WINDOW`] that it fits the best.
fn with_parts(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    if groups.len() < 2 {
        return groups;
    }
    let (joint, mut alone): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.len() > 1);
    alone.sort_by_key(|group| group.first().map(|statement| statement.mention));
    let mut wholes: Vec<(Span, Group<'_>)> = joint.into_iter().map(|group| (hull(&group), group)).collect();
    let mut apart = Vec::new();
    for group in alone {
        let Some(statement) = group.first() else { continue };
        let near = wholes.iter_mut().enumerate().filter(|(_, (span, _))| span.overlaps(statement.mention.span));
        let fits = near.filter_map(|(place, whole)| Some(((part_fit(statement, &whole.1)?, Reverse(place)), whole)));
        match fits.take(WINDOW).max_by_key(|(fit, _)| *fit) {
            Some((_, (span, whole))) => {
                *span = span.union(statement.mention.span);
                whole.extend(group);
            }
            None => apart.push(group),
        }
    }
    apart.extend(wholes.into_iter().map(|(_, group)| group));
    apart
}

/// How well a statement fits in as a part of a group; `None` when it overlaps nothing there or what its own layer says there.
fn part_fit(statement: &Statement<'_>, group: &Group<'_>) -> Option<i64> {
    let mut best = None;
    for member in group {
        let fit = weight(member.mention, statement.mention);
        if fit.is_some() && member.shares_layer(statement) {
            return None;
        }
        best = best.max(fit);
    }
    best
}

/// A cluster of a group.
fn cluster(mut group: Group<'_>, layers: usize) -> Cluster {
    group.sort_by_key(|statement| statement.mention);
    let mut readings = vec![Vec::new(); layers];
    for voice in group.iter().flat_map(|statement| statement.voices) {
        if let Some(reading) = readings.get_mut(voice.layer) {
            reading.push(voice.mention);
        }
    }
    Cluster { span: hull(&group), differences: Differences::between(&readings), readings }
}

/// The mentions of two layers one to one, matched as [`align`] matches them: in order of the first that either has, `None` where the
/// other has none.
///
/// ```
/// use barchasb::analysis::align::pairs;
/// use barchasb::domain::label::LabelId;
/// use barchasb::domain::mention::MentionKey;
/// use barchasb::domain::offset::Span;
/// let mention = |start, end| MentionKey { span: Span::from_chars(start, end), label: LabelId(uuid::Uuid::from_u128(1)) };
/// let (a, b) = (vec![mention(1, 3)], vec![mention(0, 3), mention(5, 8)]);
/// assert_eq!(pairs(&a, &b), [(Some(mention(1, 3)), Some(mention(0, 3))), (None, Some(mention(5, 8)))]);
/// ```
#[must_use]
pub fn pairs(a: &[MentionKey], b: &[MentionKey]) -> Vec<(Option<MentionKey>, Option<MentionKey>)> {
    let voices = voices(&[a, b]);
    let (mut pairs, disputed) =
        agreed_and_disputed(&voices, 2, |statement| (Some(statement.mention), Some(statement.mention)));
    for group in components(&disputed).flat_map(groups) {
        let of = |layer: usize| group.iter().find(|statement| statement.has(layer)).map(|statement| statement.mention);
        pairs.push((of(0), of(1)));
    }
    pairs.sort_by_key(|pair| pair.0.into_iter().chain(pair.1).min());
    pairs
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    const LABELS: [&str; 3] = ["LOC", "ORG", "PER"];

    pub(crate) fn mention(start: usize, end: usize, label: usize) -> MentionKey {
        MentionKey { span: Span::from_chars(start, end), label: LabelId(Uuid::from_u128(label as u128)) }
    }

    /// The layer that a line such as `PER 1..3, ORG 6..8` tells.
    pub(crate) fn layer(line: &str) -> Vec<MentionKey> {
        let mentions = line.split(", ").filter(|word| !word.is_empty()).map(|word| {
            let (label, span) = word.split_once(' ').expect("a label and a span");
            let (start, end) = span.split_once("..").expect("a start and an end");
            let label = LABELS.iter().position(|known| *known == label).expect("a known label");
            mention(start.parse().expect("a start"), end.parse().expect("an end"), label)
        });
        mentions.collect()
    }

    pub(crate) fn line(reading: &[MentionKey]) -> String {
        let word = |mention: &MentionKey| format!("{} {}", LABELS[mention.label.0.as_u128() as usize], mention.span);
        reading.iter().map(word).collect::<Vec<_>>().join(", ")
    }

    /// Aligns layers and compares the clusters as `kind: reading | reading`.
    fn check(layers: &[&str], expected: &[&str]) {
        let layers: Vec<Vec<MentionKey>> = layers.iter().map(|line| layer(line)).collect();
        let told = align(&layers).into_iter().map(|cluster| {
            let readings: Vec<String> = cluster.readings.iter().map(|reading| line(reading)).collect();
            format!("{}: {}", cluster.differences.kind().name(), readings.join(" | "))
        });
        assert_eq!(told.collect::<Vec<_>>(), expected, "{layers:?}");
    }

    #[test]
    fn two_layers_differ_in_every_way() {
        check(&["PER 1..3", "PER 0..3"], &["boundary: PER 1..3 | PER 0..3"]);
        check(&["ORG 4..5", "LOC 4..5"], &["label: ORG 4..5 | LOC 4..5"]);
        check(&["ORG 4..7", "LOC 5..7"], &["both: ORG 4..7 | LOC 5..7"]);
        check(&["PER 1..3", "PER 3..4"], &["missed: PER 1..3 | ", "missed:  | PER 3..4"]);
        check(&["ORG 6..8, ORG 8..10", "ORG 6..10"], &["split: ORG 6..8, ORG 8..10 | ORG 6..10"]);
        check(
            &["PER 0..5, LOC 8..9", "PER 3..8, LOC 8..9"],
            &["boundary: PER 0..5 | PER 3..8", "agreed: LOC 8..9 | LOC 8..9"],
        );
    }

    #[test]
    fn what_agrees_in_a_nest_or_a_stack_is_no_difference() {
        check(&["ORG 0..10, LOC 6..10", "ORG 0..10"], &["agreed: ORG 0..10 | ORG 0..10", "missed: LOC 6..10 | "]);
        check(&["ORG 3..5, PER 3..5", "PER 3..5"], &["missed: ORG 3..5 | ", "agreed: PER 3..5 | PER 3..5"]);
        check(
            &["ORG 0..10, LOC 6..10", "ORG 0..10, LOC 7..10"],
            &["agreed: ORG 0..10 | ORG 0..10", "boundary: LOC 6..10 | LOC 7..10"],
        );
        // Nested in each other: two pairs, not one and two left over.
        check(
            &["ORG 0..10, LOC 6..10", "ORG 0..5, ORG 6..10"],
            &["boundary: ORG 0..10 | ORG 0..5", "label: LOC 6..10 | ORG 6..10"],
        );
    }

    #[test]
    fn the_better_of_two_partners_is_taken() {
        check(&["ORG 0..4", "LOC 0..4, ORG 1..4"], &["label: ORG 0..4 | LOC 0..4", "missed:  | ORG 1..4"]);
        check(&["ORG 0..8", "LOC 0..7, ORG 3..8"], &["missed:  | LOC 0..7", "boundary: ORG 0..8 | ORG 3..8"]);
        check(&["ORG 0..8", "ORG 0..5, ORG 2..8"], &["missed:  | ORG 0..5", "boundary: ORG 0..8 | ORG 2..8"]);
        // Crossing: both are matched rather than the closer pair alone.
        check(
            &["PER 0..6, PER 4..10", "PER 5..12, PER 4..7"],
            &["boundary: PER 0..6 | PER 4..7", "boundary: PER 4..10 | PER 5..12"],
        );
    }

    #[test]
    fn three_layers_vote() {
        check(
            &[
                "PER 1..3, ORG 4..5, ORG 6..8, ORG 8..10, LOC 11..12",
                "PER 0..3, ORG 4..5, ORG 6..10, LOC 11..12",
                "PER 1..3, LOC 4..5, ORG 6..8, ORG 8..10",
            ],
            &[
                "boundary: PER 1..3 | PER 0..3 | PER 1..3",
                "label: ORG 4..5 | ORG 4..5 | LOC 4..5",
                "split: ORG 6..8, ORG 8..10 | ORG 6..10 | ORG 6..8, ORG 8..10",
                "missed: LOC 11..12 | LOC 11..12 | ",
            ],
        );
        check(&["PER 1..3", "", "PER 1..4"], &["missed: PER 1..3 |  | PER 1..4"]);
        check(&["PER 1..3, ORG 5..8"], &["agreed: PER 1..3", "agreed: ORG 5..8"]);
        check(&["", ""], &[]);
        check(&[], &[]);
    }

    #[test]
    fn a_crowd_is_matched_one_to_one() {
        let (short, long) = ((0..50).map(|n| mention(n, 100, 0)), (0..50).map(|n| mention(n, 101, 0)));
        let pairs = pairs(&short.collect::<Vec<_>>(), &long.collect::<Vec<_>>());
        assert_eq!(pairs.len(), 50);
        assert!(pairs.iter().all(|(a, b)| a.unwrap().span.start == b.unwrap().span.start), "{pairs:?}");
    }

    pub(crate) fn layers(most: usize, mentions: usize) -> impl Strategy<Value = Vec<Vec<MentionKey>>> {
        let mention =
            (0usize..24, 1usize..8, 0usize..3).prop_map(|(start, len, label)| mention(start, start + len, label));
        let layer = proptest::collection::btree_set(mention, 0..mentions).prop_map(|set| set.into_iter().collect());
        proptest::collection::vec(layer, 1..=most)
    }

    /// How many of `left` can be paired with overlapping ones of `right`.
    fn most_pairs(left: &[MentionKey], right: &mut Vec<MentionKey>) -> usize {
        let Some((first, rest)) = left.split_first() else { return 0 };
        let mut most = most_pairs(rest, right);
        for place in 0..right.len() {
            if right[place].span.overlaps(first.span) {
                let taken = right.remove(place);
                most = most.max(1 + most_pairs(rest, right));
                right.insert(place, taken);
            }
        }
        most
    }

    proptest! {
        #[test]
        fn every_mention_is_in_one_cluster(layers in layers(5, 45)) {
            let clusters = align(&layers);
            for (number, layer) in layers.iter().enumerate() {
                let mut told: Vec<MentionKey> = clusters.iter().flat_map(|cluster| &cluster.readings[number]).copied().collect();
                told.sort();
                prop_assert_eq!(&told, layer);
            }
            let mut places = BTreeSet::new();
            for cluster in &clusters {
                let all: Vec<MentionKey> = cluster.readings.iter().flatten().copied().collect();
                prop_assert_eq!(Some(cluster.span), all.iter().map(|mention| mention.span).reduce(Span::union));
                let distinct: BTreeSet<MentionKey> = all.into_iter().collect();
                prop_assert!(distinct.iter().all(|mention| places.insert(*mention)), "the same mention in two clusters");
                for reading in &cluster.readings {
                    prop_assert!(reading.windows(2).all(|two| !two[0].span.overlaps(two[1].span)), "one to one: {:?}", reading);
                }
                let agrees = cluster.readings.iter().all(|reading| *reading == cluster.readings[0]);
                prop_assert_eq!(cluster.differences.kind() == Kind::Agreed, agrees);
            }
            prop_assert!(clusters.is_sorted_by_key(|cluster| cluster.span));
        }

        #[test]
        fn the_order_of_layers_does_not_matter(layers in layers(5, 45), turn in 0usize..5, turned_over in any::<bool>()) {
            let mut order: Vec<usize> = (0..layers.len()).collect();
            order.rotate_left(turn % layers.len());
            if turned_over { order.reverse(); }
            let reordered: Vec<Vec<MentionKey>> = order.iter().map(|number| layers[*number].clone()).collect();
            let mut expected = align(&layers);
            for cluster in &mut expected {
                cluster.readings = order.iter().map(|number| cluster.readings[*number].clone()).collect();
            }
            prop_assert_eq!(align(&reordered), expected);
        }

        #[test]
        fn two_layers_are_matched_as_far_as_can_be(layers in layers(2, 7)) {
            let [a, b] = layers.as_slice() else { return Ok(()) };
            let pairs = pairs(a, b);
            let mut left: Vec<MentionKey> = pairs.iter().filter_map(|pair| pair.0).collect();
            left.sort();
            prop_assert_eq!(&left, a);
            let same = a.iter().filter(|mention| b.contains(mention)).count();
            prop_assert_eq!(pairs.iter().filter(|pair| pair.0 == pair.1).count(), same);
            let rest: Vec<MentionKey> = a.iter().filter(|mention| !b.contains(mention)).copied().collect();
            let mut others = b.iter().filter(|mention| !a.contains(mention)).copied().collect();
            let matched = pairs.iter().filter(|pair| pair.0.is_some() && pair.1.is_some()).count();
            prop_assert_eq!(matched, same + most_pairs(&rest, &mut others));
            let turned: Vec<_> = super::pairs(b, a).into_iter().map(|(b, a)| (a, b)).collect();
            prop_assert_eq!(turned, pairs);
        }

        #[test]
        fn a_change_reaches_no_further_than_what_overlaps(layers in layers(4, 6), changed in 0usize..4, new in (0usize..24, 1usize..8, 0usize..3)) {
            let new = mention(new.0, new.0 + new.1, new.2);
            let mut after = layers.clone();
            let layer = &mut after[changed % layers.len()];
            match layer.binary_search(&new) {
                Ok(place) => { layer.remove(place); }
                Err(place) => layer.insert(place, new),
            }
            let mut reach = new.span;
            let spans: Vec<Span> = layers.iter().flatten().map(|mention| mention.span).collect();
            while let Some(span) = spans.iter().find(|span| span.overlaps(reach) && !reach.contains_span(**span)) {
                reach = reach.union(*span);
            }
            let beyond = |layers: &[Vec<MentionKey>]| {
                align(layers).into_iter().filter(|cluster| !cluster.span.overlaps(reach)).collect::<Vec<_>>()
            };
            prop_assert_eq!(beyond(&layers), beyond(&after));
        }
    }
}
