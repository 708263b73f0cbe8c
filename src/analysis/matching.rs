//! Matching: which mentions of several layers mean the same, one of each layer at most.
//!
//! Owns how well two mentions match and in what order layers are matched. What is made of the matches is `align`'s business.
//!
//! Identical mentions always match. The rest is matched as well as possible: as many pairs as there can be; of these the ones with most
//! pairs of the same span; then most pairs of the same label; then the greatest sum of the overlaps (Jaccard: characters in common by
//! characters of either).

use crate::analysis::assignment::assignment;
use crate::domain::mention::MentionKey;
use crate::domain::offset::{CharOffset, Span};
use std::collections::BTreeMap;

/// Up to this many mentions on the shorter side the best matching is found; above it, each mention in order of place takes the best of the
/// first [`WINDOW`] that are free and overlap it.
const EXACT: usize = 16;

/// How many mentions or groups one looks at in a crowd.
pub(crate) const WINDOW: usize = 32;

/// That one layer has a mention. The layer is its place in the list of layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Voice {
    pub(crate) mention: MentionKey,
    pub(crate) layer: usize,
}

/// Every mention of every layer, once each, in order of the mentions.
pub(crate) fn voices(layers: &[&[MentionKey]]) -> Vec<Voice> {
    let mut voices = Vec::with_capacity(layers.iter().map(|mentions| mentions.len()).sum());
    for (layer, mentions) in layers.iter().enumerate() {
        voices.extend(mentions.iter().map(|mention| Voice { mention: *mention, layer }));
    }
    // Stable: the layers come sorted, and a merge of sorted runs is all that is left to do.
    voices.sort();
    voices.dedup();
    voices
}

/// A mention and all layers that have it: never empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement<'a> {
    pub(crate) mention: MentionKey,
    pub(crate) voices: &'a [Voice],
}

impl Statement<'_> {
    /// Whether this layer has it.
    pub(crate) fn has(&self, layer: usize) -> bool {
        self.voices.iter().any(|voice| voice.layer == layer)
    }

    /// Whether some layer has both.
    pub(crate) fn shares_layer(&self, other: &Self) -> bool {
        self.voices.iter().any(|voice| other.has(voice.layer))
    }

    fn span(&self) -> Span {
        self.mention.span
    }
}

/// The distinct mentions among `voices`, in order.
pub(crate) fn statements(voices: &[Voice]) -> impl Iterator<Item = Statement<'_>> {
    voices
        .chunk_by(|a, b| a.mention == b.mention)
        .filter_map(|voices| Some(Statement { mention: voices.first()?.mention, voices }))
}

/// The parts of sorted `statements` between which nothing overlaps.
pub(crate) fn components<'a, 's>(statements: &'s [Statement<'a>]) -> impl Iterator<Item = &'s [Statement<'a>]> {
    let mut reach = CharOffset::ZERO;
    statements.chunk_by(move |statement, next| {
        reach = reach.max(statement.span().end);
        next.span().start < reach
    })
}

/// Statements that match: no layer has two of them.
pub(crate) type Group<'a> = Vec<Statement<'a>>;

/// How well two mentions match, above 0; `None` when they do not overlap. Each part of the weight outdoes all lesser parts of as many
/// pairs as are ever weighed together.
pub(crate) fn weight(a: MentionKey, b: MentionKey) -> Option<i64> {
    const OVERLAP: usize = 1 << 10;
    const LABEL: i64 = 1 << 20;
    const SPAN: i64 = 1 << 30;
    const PAIR: i64 = 1 << 40;
    if !a.span.overlaps(b.span) {
        return None;
    }
    let common = a.span.end.min(b.span.end).get() - a.span.start.max(b.span.start).get();
    let either = a.span.union(b.span).len_chars();
    let overlap = i64::try_from(common * OVERLAP / either).unwrap_or(0);
    let bonus = |holds: bool, bonus: i64| if holds { bonus } else { 0 };
    Some(PAIR + bonus(a.span == b.span, SPAN) + bonus(a.label == b.label, LABEL) + overlap)
}

/// How well a statement matches a group, by the member that it matches best; `None` when they do not overlap or a layer has both.
fn fit(statement: &Statement<'_>, group: &Group<'_>) -> Option<i64> {
    if group.iter().any(|member| member.shares_layer(statement)) {
        return None;
    }
    group.iter().filter_map(|member| weight(member.mention, statement.mention)).max()
}

/// The matches in one component, as groups. Layers are matched one after another, in the order of what they say here: so the answer
/// depends neither on the order in which they are given nor on what they say elsewhere.
pub(crate) fn groups<'a>(component: &[Statement<'a>]) -> Vec<Group<'a>> {
    // Nearly all places are as simple as this.
    match component {
        [alone] => return vec![vec![*alone]],
        [first, second] if !first.shares_layer(second) => return vec![component.to_vec()],
        _ => {}
    }
    let mut waiting = component.to_vec();
    let mut groups: Vec<Group<'a>> = Vec::new();
    for layer in layer_order(component) {
        let (arriving, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|statement| statement.has(layer));
        waiting = rest;
        let (mut open, closed): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| !group.iter().any(|member| member.has(layer)));
        groups = closed;
        let partners = partners(&arriving, &open);
        for (statement, partner) in arriving.into_iter().zip(partners) {
            match partner.and_then(|partner| open.get_mut(partner)) {
                Some(group) => group.push(statement),
                None => groups.push(vec![statement]),
            }
        }
        groups.append(&mut open);
    }
    groups
}

/// The layers that say something in a component, in the order of what they say. Two that say the same are as one.
fn layer_order(component: &[Statement<'_>]) -> Vec<usize> {
    let mut said: BTreeMap<usize, Vec<MentionKey>> = BTreeMap::new();
    for voice in component.iter().flat_map(|statement| statement.voices) {
        said.entry(voice.layer).or_default().push(voice.mention);
    }
    let mut order: Vec<(Vec<MentionKey>, usize)> = said.into_iter().map(|(layer, said)| (said, layer)).collect();
    order.sort();
    order.into_iter().map(|(_, layer)| layer).collect()
}

/// For each arriving statement the group that it joins, if any; no two join the same.
fn partners(arriving: &[Statement<'_>], groups: &[Group<'_>]) -> Vec<Option<usize>> {
    if arriving.len().min(groups.len()) > EXACT {
        return partners_in_a_crowd(arriving, groups);
    }
    let pairs =
        assignment(arriving.len(), groups.len(), |statement, group| fit(arriving.get(statement)?, groups.get(group)?));
    let mut partners = vec![None; arriving.len()];
    for (statement, group) in pairs {
        if let Some(partner) = partners.get_mut(statement) {
            *partner = Some(group);
        }
    }
    partners
}

/// The partners by the rule for many: see [`EXACT`].
fn partners_in_a_crowd(arriving: &[Statement<'_>], groups: &[Group<'_>]) -> Vec<Option<usize>> {
    let mut free: Vec<(Span, usize)> = groups.iter().map(|group| hull(group)).zip(0..).collect();
    // The first to start is the last in the list, where it is taken off.
    free.sort_unstable_by(|a, b| b.cmp(a));
    let mut seen: Vec<(Span, usize)> = Vec::with_capacity(WINDOW);
    let find = |statement: &Statement<'_>| {
        while seen.len() < WINDOW {
            let Some((span, group)) = free.pop_if(|(span, _)| span.start < statement.span().end) else { break };
            // What ends before this one starts ends before all later ones too.
            if span.end > statement.span().start {
                seen.push((span, group));
            }
        }
        let fits = seen.iter().enumerate().filter_map(|(place, (_, group))| {
            let fit = fit(statement, groups.get(*group)?)?;
            Some((fit, std::cmp::Reverse(place), *group))
        });
        let best = fits.max();
        if let Some((_, place, _)) = best {
            seen.remove(place.0);
        }
        free.extend(seen.drain(..).rev());
        best.map(|(_, _, group)| group)
    };
    arriving.iter().map(find).collect()
}

/// From the first to the last character of any of them.
pub(crate) fn hull(statements: &[Statement<'_>]) -> Span {
    statements.iter().map(Statement::span).reduce(Span::union).unwrap_or_default()
}
