//! A survey of files before they are imported: what they are, what they hold, and what is wrong with them.
//!
//! Owns reading without taking. It must not touch a store; nothing of a file is kept but what a person is shown.

use crate::domain::record::ArticleRecord;
use crate::exchange::import::{ImportError, ImportOptions, Reading};
use crate::formats::finding::Finding;
use crate::formats::format::Format;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{Problem, Severity};
use crate::formats::problem_fold::ProblemFold;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// How many of the first articles are shown.
const SHOWN_ARTICLES: usize = 10;
/// How many problems are named; the others are counted.
const NAMED_PROBLEMS: usize = 500;

/// What files hold.
#[derive(Debug, Default)]
pub struct Survey {
    /// The formats with how many files are of each, in the order of the files.
    pub formats: Vec<(Format, u64)>,
    /// The encoding, where a byte order mark says another one than UTF-8.
    pub encoding: Option<&'static str>,
    /// The unit in which the first file with offsets turned out to count.
    pub unit: Option<OffsetUnit>,
    /// Articles.
    pub articles: u64,
    /// Mentions in layers.
    pub mentions: u64,
    /// Mentions that models suggest.
    pub suggestions: u64,
    /// Layers by the name of their annotator; blank for those without one.
    pub annotators: BTreeMap<String, u64>,
    /// Mentions and suggestions by the name of their label, before any renaming.
    pub labels: BTreeMap<String, u64>,
    /// The first articles, as they would be taken.
    pub first: Vec<ArticleRecord>,
    /// The first problems, with the file each is of.
    pub problems: Vec<(PathBuf, Problem)>,
    /// How many faults there are, named or not.
    pub faults: u64,
    /// How many notes there are, named or not.
    pub notes: u64,
    /// Files that could not be read, or not to their end.
    pub failures: Vec<ImportError>,
    /// Whether the caller stopped it: what is counted is then a part.
    pub stopped: bool,
}

/// Reads files to their end and counts. `progress` gets the number of articles so far and can stop.
///
/// The labels are not renamed by the options' map: the survey is what the map is made from.
pub fn survey(paths: &[PathBuf], options: &ImportOptions, progress: &mut dyn FnMut(u64) -> ControlFlow<()>) -> Survey {
    let mut found = Survey::default();
    for path in paths {
        if found.stopped {
            break;
        }
        match Reading::open(path, options) {
            Ok(reading) => found.take(path, reading, progress),
            Err(error) => found.failures.push(error),
        }
    }
    found
}

impl Survey {
    fn take(&mut self, path: &std::path::Path, mut reading: Reading, progress: &mut dyn FnMut(u64) -> ControlFlow<()>) {
        let mut fold = ProblemFold::default();
        loop {
            if progress(self.articles).is_break() {
                self.stopped = true;
                break;
            }
            let mut said = |problem: &Problem| {
                if let Some(problem) = fold.add(problem.clone()) {
                    self.hear(path, &problem);
                }
            };
            let Some(record) = reading.next(&mut said) else { break };
            self.count(record);
        }
        fold.finish().iter().for_each(|problem| self.hear(path, problem));
        for format in reading.formats() {
            match self.formats.iter_mut().find(|(known, _)| known == format) {
                Some((_, count)) => *count += 1,
                None => self.formats.push((*format, 1)),
            }
        }
        self.unit = self.unit.or(reading.unit());
        self.failures.extend(reading.into_failures());
    }

    fn hear(&mut self, path: &std::path::Path, problem: &Problem) {
        if let Finding::ReadAs { encoding } = problem.finding {
            self.encoding = self.encoding.or(Some(encoding));
        }
        match problem.finding.severity() {
            Severity::Note => self.notes += 1,
            Severity::Fault => self.faults += 1,
        }
        if self.problems.len() < NAMED_PROBLEMS {
            self.problems.push((path.to_path_buf(), problem.clone()));
        }
    }

    fn count(&mut self, record: ArticleRecord) {
        self.articles += 1;
        for layer in &record.layers {
            *self.annotators.entry(layer.annotator.clone().unwrap_or_default()).or_default() += 1;
            self.mentions += u64::try_from(layer.mentions.len()).unwrap_or(u64::MAX);
        }
        let mentions = record.layers.iter().flat_map(|layer| &layer.mentions).map(|mention| &mention.label);
        let predicted = record.predictions.iter().flat_map(|said| &said.mentions).map(|mention| &mention.label);
        for label in mentions.chain(predicted.clone()) {
            match self.labels.get_mut(label) {
                Some(count) => *count += 1,
                None => drop(self.labels.insert(label.clone(), 1)),
            }
        }
        self.suggestions += u64::try_from(predicted.count()).unwrap_or(u64::MAX);
        if self.first.len() < SHOWN_ARTICLES {
            self.first.push(record);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_counted_and_nothing_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.jsonl");
        let span = |label: &str, end: u64| format!(r#"{{"start":0,"end":{end},"label":"{label}","text":"علی"}}"#);
        let lines = format!(
            "{{\"text\":\"علی آمد\",\"spans\":[{},{}],\"annotator\":\"زهرا\"}}\n{{\"text\":\"رفت\"}}\n{{}}\n",
            span("PER", 3),
            span("LOC", 4)
        );
        std::fs::write(&file, lines).unwrap();
        let paths = [file, folder.path().join("none.jsonl")];
        let found = survey(&paths, &ImportOptions::of("x"), &mut |_| ControlFlow::Continue(()));
        assert_eq!((found.articles, found.mentions, found.faults, found.notes), (2, 1, 2, 0));
        assert_eq!(found.formats, [(Format::JSONL, 1)]);
        assert_eq!(found.labels, BTreeMap::from([("PER".to_owned(), 1)]));
        assert_eq!(found.annotators, BTreeMap::from([("زهرا".to_owned(), 1)]));
        assert_eq!((found.first.len(), found.problems.len(), found.failures.len()), (2, 2, 1));

        let stopped = survey(&paths, &ImportOptions::of("x"), &mut |_| ControlFlow::Break(()));
        assert!(stopped.stopped && stopped.articles == 0);
    }
}
