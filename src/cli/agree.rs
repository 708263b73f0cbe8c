//! The command `agree`: how far annotators agree, in a project or straight from two files.
//!
//! Owns what the arguments mean together. It must not count, nor lay out the result.

use crate::analysis::bootstrap::BootstrapSetting;
use crate::analysis::gamma::GammaSetting;
use crate::cli::agree_json::value_from;
use crate::cli::agree_table::{Shown, lines_from};
use crate::cli::args_review::{AgreeArguments, By};
use crate::cli::exchange_options::{label_map, read_options};
use crate::cli::report::Report;
use crate::domain::decision::GOLD;
use crate::exchange::agree::{AgreeError, Agreement, Measuring, TokensOf};
use crate::exchange::agree_files::agree_files;
use crate::exchange::agree_project::agree_project;
use crate::exchange::import::{ImportOptions, existing_project, is_project};
use crate::store::sqlite::SqliteStore;
use anyhow::{Result, bail};
use std::path::Path;

/// Measures agreement.
///
/// # Errors
/// Why it cannot be measured, in a sentence.
pub fn run(arguments: &AgreeArguments, report: &mut Report) -> Result<()> {
    match arguments.paths.as_slice() {
        [project] => of_project(&existing_project(project), arguments, report),
        [first, second] => of_files([first, second], arguments, report),
        _ => bail!("name a project or two files"),
    }
}

fn measuring(arguments: &AgreeArguments, tokens: TokensOf) -> Measuring {
    let seed = arguments.seed;
    let bootstrap =
        arguments.bootstrap.map(|draws| BootstrapSetting { seed, draws: draws.get(), ..Default::default() });
    Measuring {
        tokens: arguments.tokens.unwrap_or(tokens),
        bootstrap,
        gamma: arguments.gamma.then(|| GammaSetting { seed, ..GammaSetting::default() }),
        by_article: arguments.by.contains(&By::Article),
    }
}

fn of_project(project: &Path, arguments: &AgreeArguments, report: &mut Report) -> Result<()> {
    if project.is_file() && !is_project(project) {
        bail!("{}: this is no project; name two files to compare them", project.display());
    }
    let store = SqliteStore::open_read_only(project)?;
    report.begin_progress(&project.display().to_string());
    let bar = report.bar();
    let measuring = measuring(arguments, TokensOf::Ours);
    let agreement = agree_project(&store, &arguments.annotators, arguments.unfinished, measuring, &mut |articles| {
        bar.set_position(articles);
    });
    report.end_progress();
    let agreement = agreement.map_err(|error| match error {
        AgreeError::TooFew { .. } if !arguments.unfinished => {
            anyhow::anyhow!("{error}; --unfinished compares what was begun too")
        }
        error => error.into(),
    })?;
    let is_against_gold = arguments.annotators.iter().any(|name| name == GOLD);
    let title =
        if is_against_gold { format!("{}, against gold", project.display()) } else { project.display().to_string() };
    tell(&title, &agreement, arguments, report)
}

fn of_files(paths: [&std::path::PathBuf; 2], arguments: &AgreeArguments, report: &mut Report) -> Result<()> {
    if let Some(project) = paths.map(|path| existing_project(path)).iter().find(|path| is_project(path)) {
        bail!("{}: this is a project; it is compared alone, or merged with the other first", project.display());
    }
    if !arguments.annotators.is_empty() || arguments.unfinished {
        bail!("--annotators and --unfinished are of a project; two files are two annotators");
    }
    let options = ImportOptions {
        format: arguments.from,
        read: read_options(&arguments.reading, None)?,
        labels: label_map(&arguments.labels)?,
        ..ImportOptions::default()
    };
    let measuring = measuring(arguments, TokensOf::File);
    let mut gone = None;
    let found = agree_files(paths.map(|path| path.as_path()), &options, measuring, &mut |path, problem| {
        if gone.is_none() {
            gone = report.problem(path, problem).err();
        }
    });
    if let Some(error) = gone {
        return Err(error.into());
    }
    let found = found?;
    for parting in &found.partings {
        report.warning("not-compared", parting)?;
    }
    for failure in &found.failures {
        report.failure(&failure.to_string())?;
    }
    let [first, second] = paths;
    tell(&format!("{} and {}", first.display(), second.display()), &found.agreement, arguments, report)
}

fn tell(title: &str, agreement: &Agreement, arguments: &AgreeArguments, report: &mut Report) -> Result<()> {
    let shown = Shown { by_label: arguments.by.contains(&By::Label) };
    report.result("agree", &lines_from(title, agreement, shown), value_from(agreement))?;
    Ok(())
}
