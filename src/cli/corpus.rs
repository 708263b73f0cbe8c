//! Labelled corpora as files: what `simulate` plays and `train --evaluate` measures on.
//!
//! Owns which reader a file gets. It must not know what is done with the articles.

use crate::cli::report::Report;
use crate::domain::record::ArticleRecord;
use crate::formats::files::Source;
use crate::formats::format::{Format, ReadOptions, open_reader};
use crate::formats::sniff::Sniff;
use crate::formats::tagged_lines::articles_from_tagged_lines;
use anyhow::{Context, Result, ensure};
use std::fs::{self, File};
use std::num::NonZeroUsize;
use std::path::Path;

/// The articles of a corpus: training JSON by its ending, else a token and its tag a line, so many sentences an article. What is wrong in
/// it is said.
///
/// # Errors
/// When it cannot be read, or holds nothing.
pub fn read(corpus: &Path, sentences: NonZeroUsize, report: &mut Report) -> Result<Vec<ArticleRecord>> {
    let of_file = || corpus.display().to_string();
    let name = corpus.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut problems = Vec::new();
    let detected = Format::detect(&Sniff::of_file(&name, b"")).filter(|format| *format != Format::TEXT);
    let articles = match detected {
        None => {
            let text = fs::read_to_string(corpus).with_context(of_file)?;
            let (articles, found) = articles_from_tagged_lines(&text, sentences);
            problems = found;
            articles
        }
        Some(format) => {
            let file = Source::One(Box::new(File::open(corpus).with_context(of_file)?));
            let mut reader = open_reader(format, file, &ReadOptions::default()).with_context(of_file)?;
            let mut articles = Vec::new();
            while let Some(record) = reader.next_record(&mut problems).with_context(of_file)? {
                articles.push(record);
            }
            articles
        }
    };
    for problem in &problems {
        report.problem(corpus, problem)?;
    }
    report.end_of_file(corpus)?;
    ensure!(!articles.is_empty(), "{}: there is no article in it", corpus.display());
    Ok(articles)
}
