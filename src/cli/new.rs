//! The command `new`: makes a project.
//!
//! Owns turning a label file into labels with identities. It must not write over anything.

use crate::cli::args::NewArguments;
use crate::cli::report::{Report, counted};
use crate::domain::label::{Label, LabelId, LabelSet};
use crate::domain::layer::Rules;
use crate::exchange::import::project_path;
use crate::formats::label_file::labels_from_json;
use crate::store::sqlite::{SqliteStore, default_labels};
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::fs;
use std::path::Path;
use uuid::Uuid;

/// Makes the project.
///
/// # Errors
/// What could not be read or made, in a sentence.
pub fn run(arguments: &NewArguments, report: &mut Report) -> Result<()> {
    let labels = arguments.labels.as_deref().map_or_else(|| Ok(default_labels()), labels_from_file)?;
    let active = u64::try_from(labels.iter().filter(|label| label.is_active()).count())?;
    let path = project_path(&arguments.project);
    SqliteStore::create(&path, Rules::default(), labels)?;
    let lines = [format!("{}: a new project with {}", path.display(), counted(active, "label"))];
    report.result("new", &lines, json!({"project": path.to_string_lossy(), "labels": active}))?;
    Ok(())
}

fn labels_from_file(path: &Path) -> Result<Vec<Label>> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let entries = labels_from_json(&bytes).with_context(|| path.display().to_string())?;
    let mut set = LabelSet::default();
    for (order, entry) in (0i64..).zip(entries) {
        let label = Label {
            id: LabelId(Uuid::now_v7()),
            name: entry.name,
            title: entry.title,
            colour: entry.colour,
            keys: entry.keys,
            guideline: entry.guideline,
            order,
            deleted: false,
            merged_into: None,
        };
        if let Some(fault) = set.fault(&label) {
            bail!("{}: label {} ({}): {fault}", path.display(), order + 1, label.name);
        }
        set.put(label);
    }
    Ok(set.all().to_vec())
}
