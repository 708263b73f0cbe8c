//! The command `mirror`: a folder of files is kept up to date with a project.
//!
//! Owns in which order it is done and what is said of it. It must not take or replace a file unasked.

use crate::cli::args_exchange::MirrorArguments;
use crate::cli::report::{Report, counted};
use crate::exchange::import::existing_project;
use crate::exchange::mirror::{self, DEFAULT_FOLDER, MirrorFolder, Mirrored, Writing, write};
use crate::exchange::mirror_changes::{Change, Changes, Resolved, changes, keep_ours, take_theirs};
use crate::store::mirror::{Mirror, MirrorRule};
use crate::store::sqlite::SqliteStore;
use anyhow::Result;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Sets the rule, writes what is to be written, and says what others have changed.
///
/// # Errors
/// What could not be read or written, in a sentence.
pub fn run(arguments: &MirrorArguments, report: &mut Report) -> Result<()> {
    let mut store = SqliteStore::open(&existing_project(&arguments.project))?;
    let project = arguments.project.display();
    if arguments.off {
        store.set_mirror_rule(None)?;
        let value = json!({"project": arguments.project.to_string_lossy(), "folder": null});
        report.result("mirror", &[format!("{project}: nothing is mirrored any more")], value)?;
        return Ok(());
    }
    set_rule(&mut store, arguments)?;
    let mut folder = MirrorFolder::of(&store)?;
    let writing = if arguments.rewrite { Writing::Rewrite } else { Writing::Due };
    let mut mirrored = write(&mut store, &folder, writing, &mut None, &mut || true)?;
    let mut found = changes(&mut store, &folder, &mut || true)?;
    let resolved = resolve(&mut store, &mut folder, arguments, &found)?;
    if resolved.taken + resolved.replaced > 0 {
        let more = write(&mut store, &folder, Writing::Due, &mut None, &mut || true)?;
        mirrored = Mirrored { written: mirrored.written + more.written, ..more };
        found = changes(&mut store, &folder, &mut || true)?;
    }
    // What stands in the way of a file and is none is not found among the files.
    for name in mirrored.held_back {
        found.changed.entry(name).or_insert(Change::Edited);
    }
    say(report, &folder, &found, &resolved)?;
    let mut lines =
        vec![format!("{project}: {} written to {}", counted(mirrored.written, "file"), folder.root.display())];
    for (count, what) in [(resolved.taken, "taken in"), (resolved.replaced, "replaced")] {
        if count > 0 {
            lines.push(format!("{} {what}", counted(count, "changed file")));
        }
    }
    if !found.elsewhere.is_empty() {
        let count = counted(found.elsewhere.len().try_into()?, "file");
        lines.push(format!("{count} of articles that this project does not have; `barchasb import` takes them"));
    }
    let value = json!({
        "project": arguments.project.to_string_lossy(), "folder": folder.root.to_string_lossy(),
        "written": mirrored.written, "taken": resolved.taken, "replaced": resolved.replaced,
        "changed": changed_value(&found), "missing": found.missing,
        "elsewhere": found.elsewhere,
    });
    report.result("mirror", &lines, value)?;
    Ok(())
}

fn set_rule(store: &mut SqliteStore, arguments: &MirrorArguments) -> Result<()> {
    if arguments.folder.is_none() && arguments.on.is_none() {
        return Ok(());
    }
    let before = store.mirror_rule()?;
    let rule = MirrorRule {
        folder: arguments.folder.clone().or(store.mirror_folder()?).unwrap_or_else(|| PathBuf::from(DEFAULT_FOLDER)),
        when: arguments.on.or(before.as_ref().map(|rule| rule.when)).unwrap_or_default(),
    };
    if before.as_ref() != Some(&rule) {
        mirror::set_rule(store, &rule)?;
    }
    Ok(())
}

fn resolve(
    store: &mut SqliteStore,
    folder: &mut MirrorFolder,
    arguments: &MirrorArguments,
    found: &Changes,
) -> Result<Resolved> {
    let names: Vec<String> = found.changed.keys().cloned().collect();
    Ok(match (arguments.take_theirs, arguments.keep_ours) {
        (true, _) => take_theirs(store, folder, &names)?,
        (_, true) => keep_ours(store, folder, &names)?,
        _ => Resolved::default(),
    })
}

fn say(report: &mut Report, folder: &MirrorFolder, found: &Changes, resolved: &Resolved) -> Result<()> {
    for (name, refusal) in &resolved.refused {
        report.warning("refused", &format!("{}: not taken: {refusal}", folder.path_of(name).display()))?;
    }
    for (name, change) in &found.changed {
        let words = match change {
            Change::Edited => "was changed by others; it was left as it is",
            Change::New => "is of a layer that the project does not have; it was not taken",
        };
        report.warning(change.name(), &format!("{}: {words}", folder.path_of(name).display()))?;
    }
    for name in &found.missing {
        report.warning("missing", &format!("{}: is gone; --rewrite makes it again", folder.path_of(name).display()))?;
    }
    report.end_of_file(&folder.root)?;
    Ok(())
}

fn changed_value(found: &Changes) -> Vec<Value> {
    found.changed.iter().map(|(name, change)| json!({"file": name, "change": change.name()})).collect()
}
