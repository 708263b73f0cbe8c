//! The command `suggest`: what the engines think of every article that is not finished, kept in the project.
//!
//! Owns the walk over the articles. It must not decide a suggestion.

use crate::cli::args::SuggestArguments;
use crate::cli::import::annotator_name;
use crate::cli::report::{Report, counted};
use crate::cli::train::kept_model;
use crate::exchange::course::Course;
use crate::exchange::engines::Engines;
use crate::exchange::import::existing_project;
use crate::store::contract::{Filter, StatusFilter, Store};
use crate::store::knowledge::Knowledge as _;
use crate::store::sqlite::SqliteStore;
use crate::suggest::suggester::Stop;
use crate::suggest::tagger_model::ModelError;
use anyhow::{Context, Result};
use serde_json::json;
use std::sync::Arc;

/// How many articles are written in one transaction.
const ARTICLES_AT_A_TIME: u64 = 200;

/// Suggests for every unfinished article of an annotator.
///
/// # Errors
/// Why the project cannot be read or written, in a sentence.
pub fn run(arguments: &SuggestArguments, report: &mut Report) -> Result<()> {
    let mut store = SqliteStore::open(&existing_project(&arguments.project))?;
    let name = arguments.annotator.clone().unwrap_or_else(annotator_name);
    let annotator = store.annotator(&name)?.id;
    report.begin_progress("articles");
    let bar = report.bar();
    let mut course = Course::new();
    let mut teach = |article, annotator, example| course.put((article, annotator), Some(example));
    let mut engines = Engines::study(&store, &mut teach, &mut || true)?;
    let tagger = match kept_model(&store)? {
        Some(Ok(tagger)) => Some(tagger),
        Some(Err(error @ ModelError::Newer { .. })) => {
            return Err(error).with_context(|| arguments.project.display().to_string());
        }
        // One that is damaged is as good as none.
        Some(Err(_)) | None => course.train(&mut || false),
    };
    engines.load_names(&store)?;
    engines.set_tagger(tagger.map(Arc::new));
    let filter = Filter { status: StatusFilter::Remaining, ..Filter::of(annotator) };
    let (mut articles, mut suggestions, mut first) = (0, 0, 0);
    loop {
        let page = store.page(&filter, first, ARTICLES_AT_A_TIME)?;
        first += page.rows.len() as u64;
        let mut sets = Vec::with_capacity(page.rows.len());
        for row in &page.rows {
            let (article, layer) = (store.article(row.id)?, store.layer(row.id, annotator)?);
            let all = engines.suggest(&article, annotator, &store.predictions(&article)?, &Stop::default());
            let shown = engines.rank(&all, &layer);
            suggestions += shown.len() as u64;
            sets.push((row.id, shown));
            bar.inc(1);
        }
        store.keep_suggestions(&sets)?;
        articles += sets.len() as u64;
        if page.rows.is_empty() || first >= page.total {
            break;
        }
    }
    report.end_progress();
    let line = format!(
        "{}: {} for {} that {name} has not finished",
        arguments.project.display(),
        counted(suggestions, "suggestion"),
        counted(articles, "article")
    );
    let value = json!({
        "project": arguments.project.to_string_lossy(), "annotator": name, "articles": articles,
        "suggestions": suggestions,
    });
    report.result("suggest", &[line], value)?;
    Ok(())
}
