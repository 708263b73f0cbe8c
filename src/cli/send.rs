//! The command `send`: a copy of a project for a colleague.
//!
//! Owns which articles the words of the command line mean. It must not change the project.

use crate::cli::args_exchange::SendArguments;
use crate::cli::export::check_annotator;
use crate::cli::report::{Report, counted};
use crate::exchange::import::{existing_project, project_path};
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
fn articles_meant(store: &dyn Mirror, words: &str) -> Result<Vec<String>> {
    let parts: Vec<String> = match words.strip_prefix('@') {
        Some(file) => {
            let text = fs::read_to_string(file).with_context(|| file.to_owned())?;
            text.trim_start_matches('\u{FEFF}').lines().map(|line| line.trim().to_owned()).collect()
        }
        None => words.split(',').map(|part| part.trim().to_owned()).collect(),
    };
    let mut unseen: BTreeSet<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let ranges: Vec<(&str, RangeInclusive<u64>)> =
        unseen.iter().filter_map(|part| Some((*part, range_from(part)?))).collect();
    let (mut place, mut names) = (0, Vec::new());
    store.each_article_name(&mut |name| {
        place += 1;
        // Who has an article that is called as a range is means the article.
        let named = unseen.remove(name);
        if named || ranges.iter().any(|(_, range)| range.contains(&place)) {
            names.push(name.to_owned());
        }
    })?;
    for (words, range) in &ranges {
        if unseen.remove(words) && *range.end() > place {
            bail!("the articles {words}: the project has {}", counted(place, "article"));
        }
    }
    match unseen.first() {
        Some(name) => bail!("the project has no article {name}"),
        None => Ok(names),
    }
}

/// `1-200`: the first two hundred.
fn range_from(words: &str) -> Option<RangeInclusive<u64>> {
    let (first, last) = words.split_once('-')?;
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (1 <= first && first <= last).then(|| first..=last)
}
