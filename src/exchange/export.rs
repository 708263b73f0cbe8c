//! From a project into a file.
//!
//! Owns feeding a writer from the store and putting the file in its place. It must not print or know a window.

use crate::domain::record::ArticleRecord;
use crate::exchange::counted::Delivered;
use crate::exchange::delivery::{Delivery, DeliveryError, Target};
use crate::exchange::label_map::LabelMap;
use crate::exchange::plan::Plan;
use crate::exchange::split::{Parts, Splitter};
use crate::formats::format::{Format, WrittenLabel};
use crate::formats::problem::Problem;
use crate::formats::problem_fold::ProblemFold;
use crate::store::contract::{Selection, Store, StoreError};
use crate::store::knowledge::Knowledge;
use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The folder, relative to where the program was started, in which an export goes that is given no other place.
pub const DEFAULT_FOLDER: &str = "annotations";

/// How a project is exported.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// Which layers.
    pub selection: Selection,
    /// What is written.
    pub plan: Plan,
}

/// Why a project was not exported; what stood at the target stands.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The records could not be delivered.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    /// The project cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The caller stopped it.
    #[error("the export was stopped; nothing was written")]
    Stopped,
}

/// What was written.
pub type Exported = Delivered;

/// Where a project's export goes when no place is given: `annotations/TITLE.ENDING`.
#[must_use]
pub fn default_target(title: &str, format: Format) -> PathBuf {
    Path::new(DEFAULT_FOLDER).join(format!("{title}.{}", format.ending()))
}

/// Where an export by this plan goes when no place is given: a file as [`default_target`] names it, or a folder without an ending.
#[must_use]
pub fn default_place(title: &str, plan: &Plan) -> PathBuf {
    if plan.is_folder() { Path::new(DEFAULT_FOLDER).join(title) } else { default_target(title, plan.format) }
}

/// Exports into a file or a folder by the plan; what is written is whole under its name or not there. Folders are made when missing.
///
/// # Errors
/// [`ExportError`]; what stood there is untouched.
pub fn export_file<S: Store + Knowledge>(
    store: &S,
    target: &Path,
    options: &ExportOptions,
    said: &mut dyn FnMut(&Problem),
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Exported, ExportError> {
    ProblemFold::over(said, |said| deliver(store, Target::Path(target), options, said, progress))
}

/// Exports into any output, which gets one file.
///
/// # Errors
/// [`ExportError`]; the output then holds a part.
pub fn export_to<S: Store + Knowledge>(
    store: &S,
    output: Box<dyn Write + Send>,
    options: &ExportOptions,
    said: &mut dyn FnMut(&Problem),
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Exported, ExportError> {
    ProblemFold::over(said, |said| deliver(store, Target::Output(output), options, said, progress))
}

fn deliver<S: Store + Knowledge>(
    store: &S,
    target: Target<'_>,
    options: &ExportOptions,
    said: &mut dyn FnMut(&Problem),
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Exported, ExportError> {
    let mut plan = options.plan.clone();
    if plan.write.labels.is_empty() {
        plan.write.labels = written_labels(store, &plan.labels)?.into();
    }
    if plan.write.names.is_empty() && plan.format.companions.is_some() {
        plan.write.names = written_names(store, &plan.labels)?.into();
    }
    let split = plan.split.clone();
    // What cannot be written is told before the articles are read, which takes a while.
    let mut delivery = Delivery::begin(target, plan)?;
    let parts = match split {
        None => None,
        Some(split) => {
            let mut splitter = Splitter::new(split);
            each_record(store, &options.selection, &mut |mut record| {
                if progress(0).is_break() {
                    return Err(ExportError::Stopped);
                }
                if options.plan.admits(&mut record, &mut BTreeMap::new()) {
                    splitter.add(&record);
                }
                Ok(())
            })?;
            Some(splitter.draw())
        }
    };
    each_record(store, &options.selection, &mut |record| {
        if progress(delivery.count().records).is_break() {
            return Err(ExportError::Stopped);
        }
        let part = part_of(parts.as_ref(), &record);
        Ok(delivery.write(record, part, said)?)
    })?;
    Ok(delivery.finish(said)?)
}

/// The part of a record. One that came in after the draw belongs to the first.
#[must_use]
pub fn part_of(parts: Option<&Parts>, record: &ArticleRecord) -> usize {
    parts.and_then(|parts| parts.part_of(&record.text)).unwrap_or(0)
}

fn each_record(
    store: &dyn Store,
    selection: &Selection,
    act: &mut dyn FnMut(ArticleRecord) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let mut outcome = Ok(());
    store.export(selection, &mut |record| {
        outcome = act(record);
        if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    outcome
}

/// The labels of a project in use, as they are called on their way out.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn written_labels(store: &dyn Store, map: &LabelMap) -> Result<Vec<WrittenLabel>, StoreError> {
    let mut seen = HashSet::new();
    let labels = store.labels()?;
    let written = labels.active().filter_map(|label| {
        let name = map.name_of(&label.name)?.to_owned();
        seen.insert(name.clone()).then(|| WrittenLabel {
            name,
            title: label.title.clone(),
            colour: label.colour,
            keys: label.keys.clone(),
            guideline: label.guideline.clone(),
        })
    });
    Ok(written.collect())
}

/// The names of the project's lists with their labels as they are called on their way out, each pair once, in the order of the lists. Names
/// of labels that are not in use or are skipped stay behind.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
fn written_names<S: Store + Knowledge>(store: &S, map: &LabelMap) -> Result<Vec<(String, String)>, StoreError> {
    let labels = store.labels()?;
    let (mut seen, mut written) = (HashSet::new(), Vec::new());
    for row in store.name_lists()? {
        let Some(list) = store.name_list(row.id)? else { continue };
        for (name, id) in &list.names {
            let Some(label) = labels.resolve(*id).filter(|label| label.is_active()) else { continue };
            let Some(label) = map.name_of(&label.name) else { continue };
            let pair = (name.to_string(), label.to_owned());
            if seen.insert(pair.clone()) {
                written.push(pair);
            }
        }
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_go_to_annotations() {
        assert_eq!(default_target("خبر", Format::JSONL), Path::new("annotations/خبر.jsonl"));
        assert_eq!(default_target("a.b", Format::JSON), Path::new("annotations/a.b.json"));
        let plan = Plan { card: true, ..Plan::of(Format::JSON) };
        assert_eq!(default_place("a.b", &plan), Path::new("annotations/a.b"));
    }

    #[test]
    fn names_of_the_project_go_beside_as_patterns() {
        use crate::store::knowledge::NameList;
        use crate::store::sqlite::{SqliteStore, default_labels};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.barchasb");
        let mut store = SqliteStore::create(&path, crate::domain::layer::Rules::default(), default_labels()).unwrap();
        let per = store.labels().unwrap().by_name("PER").unwrap().id;
        let names = vec![("حسین اشتری".into(), per), ("حسین اشتری".into(), per)];
        store.put_name_list(&NameList { id: uuid::Uuid::now_v7(), title: "n".into(), names }).unwrap();
        let record = ArticleRecord { text: "متن".into(), ..ArticleRecord::default() };
        store.import(&mut [record].into_iter(), "x").unwrap();
        let plan = Plan { labels: "PER=PERSON".parse().unwrap(), ..Plan::of(Format::PRODIGY) };
        let options = ExportOptions { selection: Selection::default(), plan };
        let target = folder.path().join("out.jsonl");
        export_file(&store, &target, &options, &mut |_| (), &mut |_| ControlFlow::Continue(())).unwrap();
        let patterns = std::fs::read_to_string(folder.path().join("out.patterns.jsonl")).unwrap();
        assert_eq!(patterns, "{\"label\":\"PERSON\",\"pattern\":\"حسین اشتری\"}\n");
    }
}
