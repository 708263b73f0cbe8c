//! The overview of a project: its statistics, with the names of those who are in them.
//!
//! Owns gathering, for the report and for the window. It must not draw or word anything. The project is read once, and its history once;
//! one article is in memory, and what [`Statistics`] keeps.

use crate::analysis::confusion_cases::Cell;
use crate::analysis::place::Place;
use crate::analysis::progress::Day;
use crate::analysis::statistics::{Acted, Pair, Share, Statistics};
use crate::domain::decision::{Decisions, GOLD};
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::layer::{Annotator, AnnotatorId, Status};
use crate::domain::mention::{Mention, MentionKey};
use crate::store::contract::{Project, Store, StoreError};
use crate::store::review::{Review, Reviewed};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::ops::ControlFlow;

/// Why there is no overview.
#[derive(Debug, thiserror::Error)]
pub enum OverviewError {
    /// The project cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The project has no annotator of that name.
    #[error("the project has no annotator {name}")]
    NoSuchAnnotator {
        /// The name.
        name: String,
    },
    /// The caller stopped it.
    #[error("this was stopped")]
    Stopped,
}

/// What to gather.
#[derive(Clone, Debug)]
pub struct OverviewWanted {
    /// Only these annotators, by name; all when empty.
    pub annotators: Vec<String>,
    /// Where a day begins and ends.
    pub time_zone: TimeZone,
}

impl Default for OverviewWanted {
    fn default() -> Self {
        Self { annotators: Vec::new(), time_zone: TimeZone::UTC }
    }
}

/// Statistics and names.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// The project.
    pub project: Project,
    /// Its labels.
    pub labels: LabelSet,
    /// Those who label, by name; not the adjudicated layer, and only those that were asked for.
    pub annotators: Vec<Annotator>,
    /// The sums.
    pub statistics: Statistics,
}

impl Overview {
    /// The name of an annotator; empty for one who is not in the overview.
    #[must_use]
    pub fn name(&self, annotator: AnnotatorId) -> &str {
        self.annotators.iter().find(|other| other.id == annotator).map_or("", |annotator| annotator.name.as_str())
    }

    /// The title of a label, or its name when it has none.
    #[must_use]
    pub fn label_title(&self, label: LabelId) -> &str {
        let Some(label) = self.labels.get(label) else { return "" };
        if label.title.is_empty() { &label.name } else { &label.title }
    }

    /// The labels that are in use or have mentions, in order.
    #[must_use]
    pub fn shown_labels(&self) -> Vec<LabelId> {
        let all = self.labels.all().iter();
        let shown = all.filter(|label| label.is_active() || self.statistics.labels.of_label(label.id) > 0);
        shown.map(|label| label.id).collect()
    }

    /// Every pair of annotators who have an article in common, in order of names; the pair as the first of them sees it.
    #[must_use]
    pub fn pairs(&self) -> Vec<(AnnotatorId, AnnotatorId)> {
        let ids: Vec<AnnotatorId> = self.annotators.iter().map(|annotator| annotator.id).collect();
        let mut pairs = Vec::new();
        for (place, first) in ids.iter().enumerate() {
            let others = ids.iter().skip(place + 1);
            pairs
                .extend(others.filter(|second| self.statistics.pair(*first, **second).is_some()).map(|s| (*first, *s)));
        }
        pairs
    }

    /// The places where `first` says one thing and `second` another, and how many there are in all.
    #[must_use]
    pub fn cases(
        &self,
        (first, second): (AnnotatorId, AnnotatorId),
        (one, other): (Option<LabelId>, Option<LabelId>),
    ) -> (u64, &[Place]) {
        let cell = self.statistics.pair(first, second).and_then(|(pair, turned)| cell(pair, turned, one, other));
        cell.map_or((0, &[]), |cell| (cell.count, &cell.places))
    }
}

/// The cell of a pair, whichever way round it was counted.
fn cell(pair: &Pair, turned: bool, one: Option<LabelId>, other: Option<LabelId>) -> Option<&Cell> {
    if turned { pair.cells.get(other, one) } else { pair.cells.get(one, other) }
}

/// Gathers the overview of a project. `progress` hears how many articles were read.
///
/// # Errors
/// [`OverviewError`].
pub fn gather<S: Store + Review + ?Sized>(
    store: &S,
    wanted: &OverviewWanted,
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Overview, OverviewError> {
    let mut annotators = store.annotators()?;
    if let Some(name) = wanted.annotators.iter().find(|name| !annotators.iter().any(|known| known.name == **name)) {
        return Err(OverviewError::NoSuchAnnotator { name: name.clone() });
    }
    let is_asked_for = |name: &str| wanted.annotators.is_empty() || wanted.annotators.iter().any(|asked| asked == name);
    annotators.retain(|annotator| annotator.name != GOLD && is_asked_for(&annotator.name));
    annotators.sort_by(|a, b| a.name.cmp(&b.name));
    let mut overview =
        Overview { project: store.project()?, labels: store.labels()?, annotators, statistics: Statistics::default() };
    let (mut read, mut stopped) = (0, false);
    store.each_reviewed(None, &mut |reviewed| {
        overview.add(&reviewed);
        read += 1;
        let flow = progress(read);
        stopped |= flow.is_break();
        flow
    })?;
    store.acts(&mut |act| {
        if stopped {
            return ControlFlow::Break(());
        }
        if overview.annotators.iter().any(|annotator| annotator.id == act.annotator) {
            overview.statistics.add_act(Acted {
                article: act.article,
                annotator: act.annotator,
                at_ms: act.at_ms,
                day: day_of(act.at_ms, &wanted.time_zone),
                done: act.done,
                mentions: act.mentions,
            });
        }
        let flow = progress(read);
        stopped |= flow.is_break();
        flow
    })?;
    if stopped {
        return Err(OverviewError::Stopped);
    }
    // Who has nothing to show (an annotator is made when a window opens) is in no picture.
    let has_begun: Vec<AnnotatorId> = overview.begun();
    let is_shown = |annotator: &Annotator| has_begun.contains(&annotator.id) || !wanted.annotators.is_empty();
    overview.annotators.retain(is_shown);
    Ok(overview)
}

impl Overview {
    fn add(&mut self, reviewed: &Reviewed) {
        let mut shares = Vec::with_capacity(reviewed.layers.len());
        let mut decisions = &Decisions::default();
        for layer in &reviewed.layers {
            if layer.annotator.name == GOLD {
                decisions = &layer.layer.decisions;
            } else if self.annotators.iter().any(|annotator| annotator.id == layer.annotator.id) {
                let shown = |mention: &Mention| MentionKey { label: self.labels.shown(mention.label), ..mention.key() };
                let mut mentions: Vec<MentionKey> = layer.layer.mentions.iter().map(shown).collect();
                // Merged labels can make two mentions one.
                mentions.sort_unstable();
                mentions.dedup();
                shares.push(Share { annotator: layer.annotator.id, status: layer.layer.status, mentions });
            }
        }
        self.statistics.add_article(&reviewed.article, &shares, decisions);
    }

    fn begun(&self) -> Vec<AnnotatorId> {
        let statuses = &self.statistics.statuses;
        let has_layer = |id: AnnotatorId| Status::ALL.into_iter().any(|status| statuses.get(id, status) > 0);
        self.annotators.iter().map(|annotator| annotator.id).filter(|id| has_layer(*id)).collect()
    }
}

/// The day of a moment there; the last day that can be named for one that is beyond all calendars.
fn day_of(at_ms: i64, time_zone: &TimeZone) -> Day {
    let moment = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::MAX);
    let offset_s = i64::from(time_zone.to_offset(moment).seconds());
    let days = moment.as_second().saturating_add(offset_s).div_euclid(24 * 60 * 60);
    Day(i32::try_from(days).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(at: &str, zone: &str, expected: i32) {
        let at: Timestamp = at.parse().unwrap();
        let time_zone = TimeZone::fixed(jiff::tz::Offset::from_seconds(zone.parse::<i32>().unwrap() * 60).unwrap());
        assert_eq!(day_of(at.as_millisecond(), &time_zone), Day(expected));
    }

    #[test]
    fn a_day_is_that_of_the_place() {
        check("1970-01-01T00:00:00Z", "0", 0);
        check("1970-01-01T20:29:59Z", "210", 0);
        check("1970-01-01T20:30:00Z", "210", 1);
        check("1970-01-01T00:00:00Z", "-60", -1);
        check("2026-11-24T18:00:00Z", "0", 20_781);
    }
}
