//! Merging's part of the thread of long jobs: what would come of it, and the merge itself.
//!
//! Owns what is told of it. It must not decide anything.

use crate::exchange::merge::{Merged, merge};
use crate::formats::problem::{Problem, Severity};
use crate::session::merging::{MergeChoice, Outlook};
use crate::session::telling::in_file;
use crate::store::contract::Store as _;
use crate::store::merging::MergeCount;
use crate::store::sqlite::SqliteStore;
use crate::words::message::Message;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

type Progress<'a> = &'a mut dyn FnMut(u64) -> ControlFlow<()>;

fn run(
    store: &mut SqliteStore,
    paths: &[PathBuf],
    choice: &MergeChoice,
    dry_run: bool,
    progress: Progress<'_>,
) -> Result<(Merged, Vec<Message>), Message> {
    let project = store.project().map_err(|error| Message::from(&error))?.path;
    let mut said = Vec::new();
    let mut hear = |path: &Path, problem: &Problem| {
        // A note changes nothing of what comes.
        if problem.finding.severity() == Severity::Fault {
            said.push(in_file(path, problem));
        }
    };
    let merged = merge(store, &project, paths, &choice.options(dry_run), &mut hear, progress);
    Ok((merged.map_err(|error| Message::from(&error))?, said))
}

/// Finds what would come of a merge; `None` when it was stopped.
pub(super) fn look(
    store: &mut SqliteStore,
    paths: &[PathBuf],
    choice: &MergeChoice,
    progress: Progress<'_>,
) -> Result<Option<Arc<Outlook>>, Message> {
    let (merged, said) = run(store, paths, choice, true, progress)?;
    Ok((!merged.stopped).then(|| Arc::new(Outlook::of(&merged, said))))
}

/// Merges: what came of it, and how many articles there are now.
pub(super) fn take(
    store: &mut SqliteStore,
    paths: &[PathBuf],
    choice: &MergeChoice,
    progress: Progress<'_>,
) -> Result<(Message, u64), Message> {
    let (merged, _) = run(store, paths, choice, false, progress)?;
    let articles = store.project().map_or(0, |project| project.articles);
    if merged.stopped {
        return Ok((Message::new("merge-stopped"), articles));
    }
    let sum = |count: fn(&MergeCount) -> u64| merged.sources.iter().map(|from| count(&from.count)).sum::<u64>();
    let kept = sum(|count| count.kept);
    let message = Message::new(if kept > 0 { "merged-kept" } else { "merged" })
        .number("layers", sum(|count| count.taken + count.updated))
        .number("articles", sum(|count| count.new))
        .number("kept", kept);
    Ok((message, articles))
}
