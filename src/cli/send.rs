//! The command `send`: a copy of a project for a colleague.
//!
//! Owns which articles the words of the command line mean. It must not change the project.

use crate::cli::args_exchange::SendArguments;
use crate::cli::export::check_annotator;
use crate::cli::report::{Report, counted};
use crate::exchange::import::{existing_project, project_path};
use crate::store::contract::Store;
use crate::store::mirror::Mirror;
use crate::store::review::Review;
use crate::store::sending::Sending;
use crate::store::sqlite::SqliteStore;
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;

/// Writes the copy.
///
/// # Errors
/// What could not be read or written, in a sentence.
pub fn run(arguments: &SendArguments, report: &mut Report) -> Result<()> {
    let store = SqliteStore::open_read_only(&existing_project(&arguments.project))?;
    for name in &arguments.annotators {
        check_annotator(&store, name)?;
    }
    let articles = arguments.articles.as_deref().map(|words| articles_meant(&store, words)).transpose()?;
    let annotators = (!arguments.annotators.is_empty()).then(|| arguments.annotators.clone());
    let what = Sending { articles, layers: !arguments.without_layers, annotators };
    let to = project_path(&arguments.output);
    let count = store.send(&to, &what)?;
    let line = format!(
        "{}: {}, {}, {}",
        to.display(),
        counted(count.articles, "article"),
        counted(count.layers, "layer"),
        counted(count.mentions, "mention")
    );
    let value = json!({
        "project": arguments.project.to_string_lossy(), "copy": to.to_string_lossy(),
        "articles": count.articles, "layers": count.layers, "mentions": count.mentions,
    });
    report.result("send", &[line], value)?;
    Ok(())
}

/// The names of the articles that the words mean, in the order of import.
fn articles_meant(store: &SqliteStore, words: &str) -> Result<Vec<String>> {
    let parts: Vec<String> = match words.strip_prefix('@') {
        Some(file) => {
            let text = fs::read_to_string(file).with_context(|| file.to_owned())?;
            text.trim_start_matches('\u{FEFF}').lines().map(|line| line.trim().to_owned()).collect()
        }
        None => words.split(',').map(|part| part.trim().to_owned()).collect(),
    };
    let (mut named, mut ranges) = (BTreeSet::new(), Vec::new());
    for part in parts.iter().filter(|part| !part.is_empty()) {
        // Who has an article that is called as a range is means the article.
        if store.article_by_name(part)?.is_some() {
            named.insert(part.as_str());
        } else if let Some(range) = range_from(part) {
            ranges.push(range);
        } else {
            bail!("the project has no article {part}");
        }
    }
    let (mut place, mut names) = (0, Vec::new());
    store.each_article_name(&mut |name| {
        place += 1;
        if named.contains(name) || ranges.iter().any(|range| range.contains(&place)) {
            names.push(name.to_owned());
        }
    })?;
    match ranges.iter().find(|range| *range.end() > place) {
        Some(range) => {
            bail!("the articles {}-{}: the project has {}", range.start(), range.end(), counted(place, "article"))
        }
        None => Ok(names),
    }
}

/// `1-200`: the first two hundred.
fn range_from(words: &str) -> Option<RangeInclusive<u64>> {
    let (first, last) = words.split_once('-')?;
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (1 <= first && first <= last).then_some(first..=last)
}
