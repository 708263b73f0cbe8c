//! Cases: the places that an adjudicator decides, and how each stands in the gold layer.
//!
//! Owns what belongs to which case. How a case is decided is `adjudicate`'s business.

use crate::analysis::align::{Cluster, Differences, aligned};
use crate::domain::decision::{Decision, Reading};
use crate::domain::layer::{AnnotatorId, Layer};
use crate::domain::mention::{Mention, MentionKey, Origin};
use crate::domain::offset::Span;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A cluster and how it stands in the gold layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What the layers say.
    pub cluster: Cluster,
    /// The same with the annotators, in the order in which the layers were given.
    pub readings: Vec<Reading>,
    /// How it stands.
    pub standing: Standing,
    /// Decisions on other readings that concern this place: what was decided before the readings changed.
    pub earlier: Vec<Decision>,
    /// The mentions that are this case's alone to take out of the gold layer, sorted.
    claims: Vec<MentionKey>,
}

/// How a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All say so, and the gold layer has it or will have it.
    Agreed,
    /// It is decided.
    Decided(Decision),
    /// It is put aside.
    Aside(Decision),
    /// It has not been decided.
    Open,
    /// It was decided, but on other readings.
    Reopened(Decision),
}

impl Case {
    /// Whether it is still to be decided: open, reopened or put aside.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self.standing {
            Standing::Agreed | Standing::Decided(_) => false,
            Standing::Aside(_) | Standing::Open | Standing::Reopened(_) => true,
        }
    }

    /// The decision that [`Case::standing`] tells of.
    #[must_use]
    pub fn decision(&self) -> Option<&Decision> {
        match &self.standing {
            Standing::Agreed | Standing::Open => None,
            Standing::Decided(decision) | Standing::Aside(decision) | Standing::Reopened(decision) => Some(decision),
        }
    }

    /// What stands in `layer`, the gold layer, for this case, in order.
    #[must_use]
    pub fn gold(&self, layer: &Layer) -> Vec<MentionKey> {
        let listed = match &self.standing {
            Standing::Decided(decision) => decision.gold.as_slice(),
            _ => &[],
        };
        let keys: BTreeSet<MentionKey> = self.claims.iter().chain(listed).copied().collect();
        keys.into_iter().filter(|key| layer.mentions.get(*key).is_some()).collect()
    }

    /// The mentions of `gold` that are this case's alone, in order.
    pub(crate) fn claimed<'a>(&'a self, gold: &'a Layer) -> impl Iterator<Item = &'a Mention> {
        self.claims.iter().filter_map(|key| gold.mentions.get(*key))
    }

    /// Whether it is this case's alone to take `key` out of the gold layer.
    pub(crate) fn claims(&self, key: MentionKey) -> bool {
        self.claims.binary_search(&key).is_ok()
    }

    /// What all say; `None` when they differ.
    pub(crate) fn common_reading(&self) -> Option<&[MentionKey]> {
        let first = self.readings.first()?;
        let all = self.readings.iter().all(|reading| reading.mentions == first.mentions);
        all.then_some(first.mentions.as_slice())
    }

    /// The readings as a decision remembers them: by annotator.
    pub(crate) fn seen(&self) -> Vec<Reading> {
        by_annotator(&self.readings)
    }
}

fn by_annotator(readings: &[Reading]) -> Vec<Reading> {
    let mut readings = readings.to_vec();
    readings.sort_unstable();
    readings
}

/// The cases of one article, in order of place: what `layers` say, an annotator each and only those who take part, and how it stands in
/// `gold`.
///
/// A decision stands for the readings that it saw. One on other readings concerns each case that has a mention of it, else the case that
/// it overlaps most; when nobody says anything there any more and the gold layer still has what it left, a case without mentions tells
/// of it. Where all agree nothing is to be decided, unless the gold layer says otherwise.
///
/// ```
/// use barchasb::analysis::case::{Standing, cases};
/// use barchasb::domain::label::LabelId;
/// use barchasb::domain::layer::{AnnotatorId, Layer};
/// use barchasb::domain::mention::MentionKey;
/// use barchasb::domain::offset::Span;
/// use uuid::Uuid;
/// let mention = |start, end| MentionKey { span: Span::from_chars(start, end), label: LabelId(Uuid::from_u128(1)) };
/// let annotator = |n| AnnotatorId(Uuid::from_u128(n));
/// let layers = [(annotator(1), vec![mention(1, 3), mention(5, 8)]), (annotator(2), vec![mention(0, 3), mention(5, 8)])];
/// let standings: Vec<Standing> = cases(&layers, &Layer::default()).into_iter().map(|case| case.standing).collect();
/// assert_eq!(standings, [Standing::Open, Standing::Agreed]);
/// ```
#[must_use]
pub fn cases(layers: &[(AnnotatorId, Vec<MentionKey>)], gold: &Layer) -> Vec<Case> {
    let mentions: Vec<&[MentionKey]> = layers.iter().map(|(_, mentions)| mentions.as_slice()).collect();
    let annotators: Vec<AnnotatorId> = layers.iter().map(|(annotator, _)| *annotator).collect();
    let mut court = Court::new(aligned(&mentions), &annotators, gold);
    court.hear_earlier();
    court.hear_withdrawn();
    court.close()
}

/// The cases while it is found out what belongs to which.
struct Court<'a> {
    annotators: &'a [AnnotatorId],
    gold: &'a Layer,
    cases: Vec<Case>,
    /// The decision on just the readings of each case.
    exact: Vec<Option<&'a Decision>>,
    /// The case that has a mention in its readings.
    readers: Vec<(MentionKey, usize)>,
    /// What standing decisions list, with the case.
    listed: BTreeSet<(MentionKey, usize)>,
    /// Mentions of the gold layer that belong to a case for another reason.
    taken_up: BTreeSet<(MentionKey, usize)>,
}

impl<'a> Court<'a> {
    fn new(clusters: Vec<Cluster>, annotators: &'a [AnnotatorId], gold: &'a Layer) -> Self {
        let mut court = Self {
            annotators,
            gold,
            cases: Vec::with_capacity(clusters.len()),
            exact: Vec::with_capacity(clusters.len()),
            readers: Vec::new(),
            listed: BTreeSet::new(),
            taken_up: BTreeSet::new(),
        };
        for cluster in clusters {
            court.open(cluster);
        }
        court.readers.sort_unstable();
        court.readers.dedup();
        court
    }

    /// Opens a case; its number.
    fn open(&mut self, cluster: Cluster) -> usize {
        let number = self.cases.len();
        let keys = cluster.readings.iter().flatten().map(|key| (*key, number));
        self.readers.extend(keys);
        let readings: Vec<Reading> = self
            .annotators
            .iter()
            .zip(&cluster.readings)
            .map(|(annotator, mentions)| Reading { annotator: *annotator, mentions: mentions.clone() })
            .collect();
        let decisions = &self.gold.decisions;
        let exact = if decisions.is_empty() { None } else { decisions.on(cluster.span, &by_annotator(&readings)) };
        self.listed.extend(exact.iter().flat_map(|decision| &decision.gold).map(|key| (*key, number)));
        self.exact.push(exact);
        self.cases.push(Case { cluster, readings, standing: Standing::Open, earlier: Vec::new(), claims: Vec::new() });
        number
    }

    /// Opens a case of a place of which nobody says anything, unless there is one; its number.
    fn open_empty(&mut self, span: Span) -> usize {
        let is_here = |case: &Case| case.cluster.span == span && case.cluster.readings.iter().all(Vec::is_empty);
        if let Some(number) = self.cases.iter().position(is_here) {
            return number;
        }
        let readings = vec![Vec::new(); self.annotators.len()];
        self.open(Cluster { span, readings, differences: Differences::default() })
    }

    /// The case that reads a mention.
    fn reader(&self, key: MentionKey) -> Option<usize> {
        let place = self.readers.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        self.readers.get(place).map(|(_, number)| *number)
    }

    /// Of the cases in which somebody says something the one that overlaps a span most.
    fn nearest(&self, span: Span) -> Option<usize> {
        let overlap = |case: &Case| {
            let other = case.cluster.span;
            let common = span.end.min(other.end).get() - span.start.max(other.start).get();
            common * 1024 / span.union(other).len_chars().max(1)
        };
        let told =
            self.cases.iter().enumerate().filter(|(_, case)| {
                case.cluster.span.overlaps(span) && !case.cluster.readings.iter().all(Vec::is_empty)
            });
        told.max_by_key(|(number, case)| (overlap(case), Reverse(*number))).map(|(number, _)| number)
    }

    /// Gives each decision on other readings to the cases that it concerns.
    fn hear_earlier(&mut self) {
        let exact: BTreeSet<&Decision> = self.exact.iter().flatten().copied().collect();
        let gold = self.gold;
        for decision in gold.decisions.iter().filter(|decision| !exact.contains(decision)) {
            let stands = decision.gold.iter().any(|key| gold.mentions.get(*key).is_some());
            let said = decision.readings.iter().flat_map(|reading| &reading.mentions);
            let mut numbers: BTreeSet<usize> = said.chain(&decision.gold).filter_map(|key| self.reader(*key)).collect();
            let of_silence = decision.readings.iter().all(|reading| reading.mentions.is_empty());
            if numbers.is_empty() && !of_silence {
                numbers.extend(self.nearest(decision.span));
            }
            if numbers.is_empty() && stands {
                let number = self.open_empty(decision.span);
                if self.exact.get(number).is_some_and(|exact| *exact == Some(decision)) {
                    continue;
                }
                numbers.insert(number);
            }
            for number in numbers {
                let is_left = |key: &&MentionKey| self.reader(**key).is_none_or(|reader| reader == number);
                let left: Vec<(MentionKey, usize)> =
                    decision.gold.iter().filter(is_left).map(|key| (*key, number)).collect();
                self.taken_up.extend(left);
                if let Some(case) = self.cases.get_mut(number) {
                    case.earlier.push(decision.clone());
                }
            }
        }
    }

    /// Gives each mention that all once said and nobody says any more to the case that it overlaps most.
    fn hear_withdrawn(&mut self) {
        let gold = self.gold;
        let decided: BTreeSet<MentionKey> =
            gold.decisions.iter().flat_map(|decision| &decision.gold).copied().collect();
        for mention in gold.mentions.iter().filter(|mention| mention.origin == Origin::Unanimous) {
            let key = mention.key();
            if self.reader(key).is_some() || decided.contains(&key) {
                continue;
            }
            let number = self.nearest(key.span).unwrap_or_else(|| self.open_empty(key.span));
            self.taken_up.insert((key, number));
        }
    }

    /// Settles what each case may take out of the gold layer and how it stands.
    fn close(mut self) -> Vec<Case> {
        let mut claims: BTreeMap<usize, BTreeSet<MentionKey>> = BTreeMap::new();
        for (key, number) in self.readers.iter().chain(&self.listed).chain(&self.taken_up) {
            let listed_elsewhere = self.listed.range((*key, 0)..=(*key, usize::MAX)).any(|(_, other)| other != number);
            if !listed_elsewhere {
                claims.entry(*number).or_default().insert(*key);
            }
        }
        let claimed: BTreeSet<MentionKey> = claims.values().flatten().copied().collect();
        let is_free = |mention: &Mention| {
            let key = mention.key();
            !claimed.contains(&key) && self.listed.range((key, 0)..=(key, usize::MAX)).next().is_none()
        };
        let read = |key: MentionKey| self.reader(key).is_some();
        let mut standings = Vec::with_capacity(self.cases.len());
        for (case, exact) in self.cases.iter().zip(&self.exact) {
            standings.push(standing(case, *exact, self.gold, &is_free, &read));
        }
        for (number, (case, standing)) in self.cases.iter_mut().zip(standings).enumerate() {
            case.standing = standing;
            case.claims = claims.remove(&number).into_iter().flatten().collect();
        }
        self.cases.sort_by_key(|case| case.cluster.span);
        self.cases
    }
}

/// How a case stands, from the decision on its readings, its earlier ones and the gold layer. `is_free` tells whether a gold mention
/// belongs to no case, `is_read` whether somebody has a mention.
fn standing(
    case: &Case,
    exact: Option<&Decision>,
    gold: &Layer,
    is_free: &dyn Fn(&Mention) -> bool,
    is_read: &dyn Fn(MentionKey) -> bool,
) -> Standing {
    // A silence that was decided once says nothing of what was decided since and is left over now.
    let is_left_over = !case.earlier.is_empty() && case.readings.iter().all(|reading| reading.mentions.is_empty());
    if let Some(decision) = exact.filter(|_| !is_left_over) {
        return if decision.is_made() {
            Standing::Decided(decision.clone())
        } else {
            Standing::Aside(decision.clone())
        };
    }
    let made = case.earlier.iter().find(|decision| decision.is_made());
    if let Some(common) = case.common_reading() {
        let stands = |key: &MentionKey| gold.mentions.get(*key).is_some();
        let has_all = common.iter().all(stands);
        let speaks_against =
            |decision: &Decision| !has_all || decision.gold.iter().any(|key| stands(key) && !is_read(*key));
        match case.earlier.iter().find(|decision| decision.is_made() && speaks_against(decision)) {
            Some(decision) => return Standing::Reopened(decision.clone()),
            None if has_all => return Standing::Agreed,
            None if !gold.mentions.overlapping(case.cluster.span).any(is_free) => return Standing::Agreed,
            None => return Standing::Open,
        }
    }
    match made.or(case.earlier.first()) {
        Some(decision) => Standing::Reopened(decision.clone()),
        None => Standing::Open,
    }
}
