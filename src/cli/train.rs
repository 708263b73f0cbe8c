//! The command `train`: a tagger from the finished articles of a project, and how good it is.
//!
//! Owns what is said of a training. It must not know how a tagger learns.

use crate::cli::args::TrainArguments;
use crate::cli::corpus;
use crate::cli::report::{Outcome, Report, counted};
use crate::domain::article::{Article, ArticleId};
use crate::domain::label::LabelSet;
use crate::domain::record::ArticleRecord;
use crate::exchange::course::{Course, MODEL};
use crate::exchange::engines::Engines;
use crate::exchange::import::existing_project;
use crate::store::contract::Store;
use crate::store::knowledge::Knowledge as _;
use crate::store::sqlite::SqliteStore;
use crate::suggest::suggester::Stop;
use crate::suggest::tagger::Tagger;
use crate::suggest::tagger_evaluation::{Evaluation, Score, evaluate};
use crate::suggest::tagger_example::Example;
use crate::suggest::tagger_model::ModelError;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::time::Instant;
use uuid::Uuid;

/// How many sentences of a corpus of tagged lines are read as one article.
const SENTENCES: NonZeroUsize = NonZeroUsize::MIN.saturating_add(19);

/// Trains, keeps the model in the project and says how it went.
///
/// # Errors
/// Why the project or the file cannot be read, in a sentence.
pub fn run(arguments: &TrainArguments, report: &mut Report) -> Result<()> {
    let mut store = SqliteStore::open(&existing_project(&arguments.project))?;
    let of_project = || arguments.project.display().to_string();
    if let Some(error @ ModelError::Newer { .. }) = kept_model(&store)?.and_then(Result::err) {
        return Err(error).with_context(of_project);
    }
    report.begin_progress("layers read");
    let bar = report.bar();
    let mut course = Course::new();
    let mut teach = |article, annotator, example| {
        course.put((article, annotator), Some(example));
        bar.inc(1);
    };
    drop(Engines::study(&store, &mut teach, &mut || true)?);
    let sentences = course.sentences() as u64;
    let begun = Instant::now();
    let Some(tagger) = course.train(&mut || false) else {
        bail!("{}: nothing to learn from: no article is done", arguments.project.display());
    };
    let seconds = begun.elapsed().as_secs_f64();
    store.set_model(MODEL, &tagger.to_bytes())?;
    report.end_progress();
    let labels = store.labels()?;
    let mut lines = vec![format!(
        "{}: trained on {} in {seconds:.2} s",
        arguments.project.display(),
        counted(sentences, "sentence")
    )];
    let mut value = json!({
        "project": arguments.project.to_string_lossy(), "sentences": sentences, "seconds": seconds,
    });
    if let Some(file) = &arguments.evaluate {
        let records = corpus::read(file, SENTENCES, report)?;
        let examples = examples_from_records(&records, &labels, report)?;
        let evaluation = evaluate(&tagger, &examples, Default::default(), &Stop::default());
        lines.extend(lines_from(&evaluation, &labels));
        if let Some(object) = value.as_object_mut() {
            object.insert("evaluation".into(), value_from(&evaluation, &labels));
        }
    }
    report.result("train", &lines, value)?;
    Ok(())
}

/// The tagger that a project keeps; `None` when it keeps none.
///
/// # Errors
/// When the project cannot be read; what is wrong with the model is inside.
pub fn kept_model(store: &SqliteStore) -> Result<Option<std::result::Result<Tagger, ModelError>>> {
    Ok(store.model(MODEL)?.map(|bytes| Course::tagger_from_bytes(&bytes)))
}

/// What records teach, by their first layer. Mentions whose label the project has not are left out, and said.
fn examples_from_records(records: &[ArticleRecord], labels: &LabelSet, report: &mut Report) -> Result<Vec<Example>> {
    let mut examples = Vec::new();
    let mut unknown = std::collections::BTreeMap::<&str, u64>::new();
    for record in records {
        let id = ArticleId(Uuid::nil());
        let article = Article::new(id, String::new(), &record.text, String::new(), record.direction)
            .context("an article of the evaluation")?;
        let mentions = record.layers.iter().take(1).flat_map(|layer| &layer.mentions);
        let known = mentions.filter_map(|m| match labels.by_name(&m.label) {
            Some(label) => Some((m.span, label.id)),
            None => {
                *unknown.entry(&m.label).or_default() += 1;
                None
            }
        });
        examples.push(Example::new(&article, known));
    }
    for (label, count) in unknown {
        let mentions = counted(count, "mention");
        report.warning("label", &format!("the project has no label {label}: {mentions} left out of the evaluation"))?;
        report.worsen(Outcome::Problems);
    }
    Ok(examples)
}

/// A share in percent; a dash where it is not defined.
fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.1}", share * 100.0))
}

fn scores(evaluation: &Evaluation, labels: &LabelSet) -> Vec<(String, Score)> {
    let name = |id| labels.get(id).map_or_else(String::new, |label| label.name.clone());
    let each = evaluation.labels.iter().map(|(id, score)| (name(*id), *score));
    each.chain([("all".to_owned(), evaluation.total())]).collect()
}

fn lines_from(evaluation: &Evaluation, labels: &LabelSet) -> Vec<String> {
    let head = format!("{:<10}{:>10}{:>10}{:>10}{:>10}", "label", "P %", "R %", "F1 %", "mentions");
    let line = |(name, score): (String, Score)| {
        let [p, r, f] = [score.precision(), score.recall(), score.f1()].map(percent);
        format!("{name:<10}{p:>10}{r:>10}{f:>10}{:>10}", score.gold)
    };
    std::iter::once(head).chain(scores(evaluation, labels).into_iter().map(line)).collect()
}

fn value_from(evaluation: &Evaluation, labels: &LabelSet) -> Value {
    let value = |(name, score): (String, Score)| {
        json!({
            "label": name, "precision": score.precision(), "recall": score.recall(), "f1": score.f1(),
            "mentions": score.gold, "found": score.found, "right": score.right,
        })
    };
    scores(evaluation, labels).into_iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::default_labels;

    #[test]
    fn what_is_not_defined_is_a_dash_for_people_and_null_for_machines() {
        let labels = LabelSet::new(default_labels());
        let mut evaluation = Evaluation::default();
        let person = labels.by_name("PER").unwrap().id;
        evaluation.labels.insert(person, Score { right: 0, found: 0, gold: 2 });
        let lines = lines_from(&evaluation, &labels);
        assert_eq!(lines[1].split_whitespace().collect::<Vec<_>>(), ["PER", "–", "0.0", "0.0", "2"]);
        assert_eq!(value_from(&evaluation, &labels)[0]["precision"], Value::Null);
        assert_eq!(lines_from(&Evaluation::default(), &labels).len(), 2);
    }
}
