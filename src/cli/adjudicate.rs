//! The command `adjudicate`: gold by a strategy, in the whole project.
//!
//! Owns what the arguments may be together, and what is said. It must not decide anything.

use crate::analysis::adjudicate::Plan;
use crate::cli::args_review::AdjudicateArguments;
use crate::cli::export::check_annotator;
use crate::cli::report::{Report, counted};
use crate::domain::decision::{GOLD, Strategy};
use crate::exchange::adjudicate::{Adjudicated, Adjudication, adjudicate};
use crate::exchange::import::existing_project;
use crate::store::contract::Store;
use crate::store::sqlite::SqliteStore;
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::ops::ControlFlow;

/// Adjudicates the project.
///
/// # Errors
/// What was wrong with the arguments or the project, in a sentence.
pub fn run(arguments: &AdjudicateArguments, report: &mut Report) -> Result<()> {
    let project = existing_project(&arguments.project);
    if !(arguments.threshold > 0.0 && arguments.threshold <= 1.0) {
        bail!("the threshold {} is no share; write one above 0 and at most 1, as 0.6", arguments.threshold);
    }
    let mut store =
        if arguments.dry_run { SqliteStore::open_read_only(&project)? } else { SqliteStore::open(&project)? };
    let how =
        Adjudication { plan: plan(arguments, &store)?, unfinished: arguments.unfinished, dry_run: arguments.dry_run };
    report.begin_progress(&project.display().to_string());
    let bar = report.bar();
    let found = adjudicate(&mut store, &how, &mut |articles| {
        bar.set_position(articles);
        ControlFlow::Continue(())
    });
    report.end_progress();
    let found = found?;
    if found.articles == 0 {
        let hint = if arguments.unfinished { "" } else { "; --unfinished takes those who have begun too" };
        report.warning("nothing-to-adjudicate", &format!("no annotator is done with an article{hint}"))?;
    }
    if found.refused > 0 {
        let sentence = format!("{}: the project's rules forbid overlaps", counted(found.refused, "article"));
        report.warning("refused", &format!("left as it was: {sentence}"))?;
    }
    let value = json!({
        "project": project.to_string_lossy(), "strategy": arguments.strategy.name(), "dry_run": arguments.dry_run,
        "articles": found.articles, "changed": found.changed, "done": found.done, "refused": found.refused,
        "decided": found.decided, "agreed": found.agreed, "open": found.open, "aside": found.aside,
    });
    report.result("adjudicate", &lines(&project.display().to_string(), &found, arguments.dry_run), value)?;
    Ok(())
}

fn plan(arguments: &AdjudicateArguments, store: &dyn Store) -> Result<Plan> {
    let is_one_annotator = arguments.strategy == Strategy::Annotator;
    let annotator = match &arguments.annotator {
        Some(_) if !is_one_annotator => bail!("--annotator belongs to --strategy annotator"),
        None if is_one_annotator => bail!("whose mentions stand? Name them with --annotator"),
        Some(name) if name == GOLD => bail!("gold is what comes of it; name an annotator"),
        Some(name) => {
            check_annotator(store, name)?;
            let all = store.annotators()?;
            let found = all.into_iter().find(|annotator| annotator.name == *name);
            Some(found.map(|annotator| annotator.id).context("the annotator is gone")?)
        }
        None => None,
    };
    Ok(Plan { strategy: arguments.strategy, threshold: arguments.threshold, annotator })
}

fn lines(project: &str, found: &Adjudicated, dry_run: bool) -> Vec<String> {
    let would = if dry_run { "would be " } else { "" };
    let mut first =
        vec![format!("{} {would}decided", counted(found.decided, "dispute")), format!("{} left open", found.open)];
    first.extend((found.aside > 0).then(|| format!("{} put aside before", found.aside)));
    vec![
        format!("{project}: {}", first.join(", ")),
        format!(
            "{} that all say {}gold; {} of {} {}done",
            counted(found.agreed, "mention"),
            if dry_run { "would become " } else { "became " },
            found.done,
            counted(found.articles, "article"),
            if dry_run { "would become " } else { "became " },
        ),
    ]
}
