//! Alignment: what several layers say of the same places of one text, and how they differ there.
//!
//! Owns clusters and the kinds of difference. It must not judge who is right: that is `adjudicate`'s business. Labels are compared by
//! identity; who aligns has merged labels resolved before.

use crate::analysis::matching::{Group, Statement, Voice, components, groups, hull, statements, voices, weight};
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

/// The groups after each statement that stands alone has joined the one of which it is a part, if there is one.
fn with_parts(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    let (mut joint, mut alone): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.len() > 1);
    alone.sort_by_key(|group| group.first().map(|statement| statement.mention));
    let mut apart = Vec::new();
    for group in alone {
        let Some(statement) = group.first() else { continue };
        let fits = joint.iter_mut().enumerate().filter_map(|(place, group)| {
            let fit = part_fit(statement, group)?;
            Some(((fit, Reverse(place)), group))
        });
        match fits.max_by_key(|(fit, _)| *fit) {
            Some((_, whole)) => whole.extend(group),
            None => apart.push(group),
        }
    }
    joint.append(&mut apart);
    joint
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
