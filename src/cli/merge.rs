//! The command `merge`: the work of others into a project.
//!
//! Owns what is said of each project and file. It must not take a part of them: the exchange takes all or nothing.

use crate::cli::args_merge::MergeArguments;
use crate::cli::exchange_options::{label_map, read_options};
use crate::cli::report::{Report, counted};
use crate::exchange::import::existing_project;
use crate::exchange::merge::{MergeOptions, MergedFrom, Realigned, merge};
use crate::exchange::realign::{Fate, Move};
use crate::formats::problem::Problem;
use crate::store::merging::MergeCount;
use crate::store::sqlite::SqliteStore;
use anyhow::Result;
use serde_json::{Value, json};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Brings the work of others in, or says what would come of it.
///
/// # Errors
/// What could not be read or written, in a sentence; nothing was taken then.
pub fn run(arguments: &MergeArguments, report: &mut Report) -> Result<()> {
    let project = existing_project(&arguments.project);
    let mut store = SqliteStore::open(&project)?;
    let options = MergeOptions {
        annotator: arguments.annotator.as_deref().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned),
        status: arguments.status,
        format: arguments.format,
        read: read_options(&arguments.reading, arguments.offsets)?,
        labels: label_map(&arguments.labels)?,
        known_only: arguments.known_only,
        take_earlier: arguments.take_earlier,
        realign: arguments.realign,
        dry_run: arguments.dry_run,
    };
    let others: Vec<PathBuf> = arguments.others.iter().map(|other| existing_project(other)).collect();
    report.begin_progress(&arguments.project.display().to_string());
    let bar = report.bar();
    let mut problems: Vec<(PathBuf, Problem)> = Vec::new();
    let mut said = |file: &Path, problem: &Problem| problems.push((file.to_path_buf(), problem.clone()));
    let merged = merge(&mut store, &project, &others, &options, &mut said, &mut |articles| {
        bar.set_position(articles);
        ControlFlow::Continue(())
    });
    report.end_progress();
    for (file, problem) in &problems {
        report.problem(file, problem)?;
    }
    let sources = merged?.sources;
    for from in &sources {
        say(report, from)?;
    }
    let lines: Vec<String> = sources.iter().flat_map(|from| lines(from, options.dry_run)).collect();
    let value = json!({
        "project": arguments.project.to_string_lossy(), "dry_run": options.dry_run,
        "others": sources.iter().map(value).collect::<Vec<_>>(),
    });
    report.result("merge", &lines, value)?;
    Ok(())
}

/// Says what was not taken as it stood, and every mention that was moved.
fn say(report: &mut Report, from: &MergedFrom) -> Result<()> {
    let path = from.path.display();
    for problem in &from.count.problems {
        report.warning("project", &format!("{path}: {problem}"))?;
    }
    report.end_of_file(&from.path)?;
    for Realigned { article, moves } in &from.realigned {
        for one in moves {
            let sentence = format!("{path}: {article}: {}", moved_words(one));
            match one.fate() {
                Fate::Moved => report.fact(&sentence, &moved_value(from, article, one))?,
                fate => report.warning(fate.name(), &sentence)?,
            }
        }
    }
    report.end_of_file(&from.path)?;
    Ok(())
}

fn moved_words(one: &Move) -> String {
    let place = format!("{} {} «{}»", one.label, one.from, one.before);
    match one.fate() {
        Fate::Moved if one.from == one.to => format!("{place} stays where it is"),
        Fate::Moved => format!("{place} is now at {} «{}»", one.to, one.after),
        Fate::Changed => format!("{place} reads «{}» at {} now; it was not taken", one.after, one.to),
        Fate::Collapsed => format!("{place} is gone from the text; it was not taken"),
    }
}

fn moved_value(from: &MergedFrom, article: &str, one: &Move) -> Value {
    json!({
        "type": "moved", "file": from.path.to_string_lossy(), "article": article, "annotator": one.annotator, "label": one.label,
        "from": [one.from.start.get(), one.from.end.get()], "to": [one.to.start.get(), one.to.end.get()],
        "before": one.before, "after": one.after,
    })
}

fn lines(from: &MergedFrom, dry_run: bool) -> Vec<String> {
    let MergeCount { met, new, differing, left, taken, updated, same, earlier, kept, mentions, labels, .. } =
        &from.count;
    let (new_words, done) = if dry_run { ("would come in", "would be ") } else { ("came in", "") };
    let mut lines = vec![format!(
        "{}: {} met, {new} {new_words}, {differing} with another text",
        from.path.display(),
        counted(*met, "article"),
    )];
    lines.push(format!(
        "  {} {done}taken, {updated} {done}updated, {same} the same, {earlier} earlier, {kept} kept as ours are; {}",
        counted(*taken, "layer"),
        counted(*mentions, "new mention"),
    ));
    if *left > 0 {
        lines.push(format!("  {} that this project does not have left out", counted(*left, "article")));
    }
    if !labels.is_empty() {
        lines.push(format!("  new labels: {}", labels.join(", ")));
    }
    lines
}

fn value(from: &MergedFrom) -> Value {
    let count = &from.count;
    json!({
        "file": from.path.to_string_lossy(),
        "articles": {"met": count.met, "new": count.new, "differing": count.differing, "left": count.left},
        "layers": {
            "taken": count.taken, "updated": count.updated, "same": count.same, "earlier": count.earlier, "kept": count.kept,
        },
        "mentions": count.mentions, "labels": count.labels, "annotators": from.annotators,
        "problems": count.problems.len(),
    })
}
