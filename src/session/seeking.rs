//! Seeking: the next article that waits for an adjudicator.
//!
//! Owns what such an article is, and the way to it. It reads the store through the contract alone, and changes no layer.

use crate::analysis::merged_labels::brought_up;
use crate::domain::article::ArticleId;
use crate::domain::decision::GOLD;
use crate::domain::label::LabelSet;
use crate::domain::layer::Status;
use crate::session::effect::{Effect, Target};
use crate::session::review::{cases_of, readers, waits};
use crate::session::state::State;
use crate::session::walking;
use crate::store::contract::{Filter, Result, Store as _};
use crate::store::review::{LayerOf, Review as _, Reviewed};
use crate::store::sqlite::SqliteStore;
use crate::words::message::Message;
use std::ops::ControlFlow;

/// What the job is called while it is told how far it is.
pub const JOB: &str = "job-disputes";

/// Which article is sought.
#[derive(Clone, Debug, PartialEq)]
pub struct Seek {
    /// The article from which on; it is never found itself.
    pub from: Option<ArticleId>,
    /// The list in which it must stand.
    pub filter: Filter,
    /// The project's labels.
    pub labels: LabelSet,
    /// Whether annotators who are not done with an article take part.
    pub unfinished: bool,
}

/// Seeks the next article that waits.
pub fn next(state: &mut State, effects: &mut Vec<Effect>) {
    let unfinished = state.settings.review.unfinished;
    let Some(project) = &mut state.project else { return };
    let Some(filter) = project.filter() else { return };
    let number = project.next_asked();
    project.seeking = Some(number);
    let seek = Seek { from: project.open_id(), filter, labels: project.labels.clone(), unfinished };
    // What was just decided must be on the disk: it is read there.
    project.when_saved(Effect::SeekDispute { number, seek: Box::new(seek) }, effects);
}

/// Takes in what was found.
pub fn found(state: &mut State, number: u64, article: Option<ArticleId>, effects: &mut Vec<Effect>) {
    let Some(project) = state.project.as_mut().filter(|project| project.seeking == Some(number)) else { return };
    project.seeking = None;
    let filter = project.filter();
    state.job.take_if(|job| job.what == JOB);
    match (article, filter) {
        (Some(article), Some(filter)) => {
            effects.push(Effect::Load { target: Target::Article(article), filter });
            if let Some(project) = &mut state.project {
                // A key must not act on the article that is leaving.
                project.walking = true;
            }
        }
        _ => {
            state.say(Message::new("review-all-done"));
            if let Some(project) = &mut state.project {
                walking::renew_list(project, effects);
            }
        }
    }
}

/// Seeks no more: a person stopped it.
pub fn stop(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    if let Some(number) = project.seeking {
        // Whatever is asked of the finder next gives up what it is looking for.
        let id = project.next_asked();
        effects.push(Effect::Find { id, query: None });
        given_up(state, number);
    }
}

/// The search was given up: the open article stays.
pub fn given_up(state: &mut State, number: u64) {
    if let Some(project) = state.project.as_mut().filter(|project| project.seeking == Some(number)) {
        project.seeking = None;
        project.walking = false;
        state.job.take_if(|job| job.what == JOB);
    }
}

/// Whether an article of which these are all the layers waits: a dispute does, or what one annotator says has not been accepted.
#[must_use]
pub fn is_waiting(layers: Vec<LayerOf>, labels: &LabelSet, unfinished: bool) -> bool {
    let gold = layers.iter().find(|of| of.annotator.name == GOLD).map(|of| of.layer.clone()).unwrap_or_default();
    let readers = readers(layers, labels, unfinished);
    let taking = readers.iter().filter(|reader| reader.takes_part).count();
    let is_ended = matches!(gold.status, Status::Done | Status::Flagged);
    (taking == 1 && !is_ended) || cases_of(&readers, &brought_up(&gold, labels).1).iter().any(waits)
}

/// The next article that waits, in the order of import, behind the one from which on, then from the beginning. `keep_on` is asked before
/// each article; the outer `None` when it says no.
///
/// # Errors
/// [`StoreError`](crate::store::contract::StoreError) when the project cannot be read.
pub fn seek(
    store: &mut SqliteStore,
    seek: &Seek,
    keep_on: &mut dyn FnMut() -> bool,
) -> Result<Option<Option<ArticleId>>> {
    let everything = Filter { order: seek.filter.order, ..Filter::of(seek.filter.annotator) };
    let is_filtered = seek.filter != everything;
    let mut after = seek.from;
    let mut is_round = seek.from.is_none();
    loop {
        let mut candidate = None;
        let mut is_stopped = false;
        let mut is_over = false;
        store.each_reviewed(after, &mut |Reviewed { article, layers }| {
            if is_round && Some(article.id()) == seek.from {
                is_over = true;
                return ControlFlow::Break(());
            }
            if !keep_on() {
                is_stopped = true;
                return ControlFlow::Break(());
            }
            if is_waiting(layers, &seek.labels, seek.unfinished) {
                candidate = Some(article.id());
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        match candidate {
            _ if is_stopped => return Ok(None),
            Some(article) if !is_filtered || store.place(&seek.filter, article)?.is_some() => {
                return Ok(Some(Some(article)));
            }
            Some(article) => after = Some(article),
            None if is_round || is_over => return Ok(Some(None)),
            None => (after, is_round) = (None, true),
        }
    }
}
