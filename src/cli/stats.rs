//! The command `stats`: counts of a project.
//!
//! Owns how counts are laid out. It must not count.

use crate::cli::args::StatsArguments;
use crate::cli::report::{Report, counted};
use crate::domain::layer::Status;
use crate::exchange::import::existing_project;
use crate::store::contract::{Statistics, Store};
use crate::store::sqlite::SqliteStore;
use anyhow::Result;
use serde_json::{Map, Value, json};

/// Says the counts.
///
/// # Errors
/// Why the project cannot be read, in a sentence.
pub fn run(arguments: &StatsArguments, report: &mut Report) -> Result<()> {
    let store = SqliteStore::open_read_only(&existing_project(&arguments.project))?;
    let statistics = store.statistics()?;
    let mut value = value_from(&statistics);
    if let Some(object) = value.as_object_mut() {
        object.shift_insert(0, "project".into(), arguments.project.to_string_lossy().into());
    }
    let mut lines = vec![format!(
        "{}: {}, {}",
        arguments.project.display(),
        counted(statistics.articles, "article"),
        counted(statistics.chars, "character")
    )];
    lines.extend(lines_from(&statistics));
    report.result("stats", &lines, value)?;
    Ok(())
}

fn lines_from(statistics: &Statistics) -> Vec<String> {
    let annotators = statistics.annotators.iter().map(|annotator| {
        let by_status: Vec<String> = Status::ALL
            .into_iter()
            .zip(annotator.by_status)
            .filter(|(_, count)| *count > 0)
            .map(|(status, count)| format!("{count} {}", status.name()))
            .collect();
        format!("annotator {}: {}; {}", annotator.name, counted(annotator.mentions, "mention"), by_status.join(", "))
    });
    let labels =
        statistics.labels.iter().map(|(label, count)| format!("label {label}: {}", counted(*count, "mention")));
    annotators.chain(labels).collect()
}

fn value_from(statistics: &Statistics) -> Value {
    let annotators: Vec<Value> = statistics
        .annotators
        .iter()
        .map(|annotator| {
            let by_status: Map<String, Value> = Status::ALL
                .into_iter()
                .zip(annotator.by_status)
                .map(|(status, count)| (status.name().to_owned(), count.into()))
                .collect();
            json!({"name": annotator.name, "mentions": annotator.mentions, "by_status": by_status})
        })
        .collect();
    let labels: Vec<Value> =
        statistics.labels.iter().map(|(label, count)| json!({"name": label, "mentions": count})).collect();
    json!({
        "articles": statistics.articles, "characters": statistics.chars, "annotators": annotators, "labels": labels,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::AnnotatorStatistics;

    #[test]
    fn counts_are_laid_out_for_people_and_machines() {
        let zahra = AnnotatorStatistics { name: "زهرا".into(), by_status: [3, 0, 2, 0], mentions: 1 };
        let statistics = Statistics { articles: 5, chars: 9, annotators: vec![zahra], labels: vec![("PER".into(), 1)] };
        assert_eq!(lines_from(&statistics), ["annotator زهرا: 1 mention; 3 new, 2 done", "label PER: 1 mention"]);
        let value = value_from(&statistics);
        assert_eq!(value["annotators"][0]["by_status"]["done"], 2);
        assert_eq!(value["labels"][0]["mentions"], 1);
    }
}
