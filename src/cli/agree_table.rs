//! Agreement as a table for people.
//!
//! Owns rows, columns and their words. It must not count.

use crate::analysis::agreement::{Meeting, PairCounts};
use crate::analysis::bootstrap::Interval;
use crate::analysis::label_table::LabelNumber;
use crate::analysis::undefined::{Undefined, Value};
use crate::cli::agree_measures::{counted_value, entities, kappas, mean, of_all, reason};
use crate::cli::report::counted;
use crate::exchange::agree::{Agreement, PairAgreement, TokensOf};
use std::collections::BTreeSet;

/// What is shown beside what always is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Agreement by label.
    pub by_label: bool,
}

/// The lines that tell everything; `title` says what was compared.
#[must_use]
pub fn lines_from(title: &str, agreement: &Agreement, shown: Shown) -> Vec<String> {
    let mut table = Table::default();
    let tokens = match agreement.measuring().tokens {
        TokensOf::Ours => "tokens of our own",
        TokensOf::File => "tokens of the files",
    };
    table.line(format!(
        "{title}: {} by {}, {} {tokens}",
        counted(agreement.article_count(), "common article"),
        counted(agreement.annotators().len() as u64, "annotator"),
        agreement.token_count()
    ));
    match agreement.pairs() {
        [pair] => one_pair(&mut table, agreement, pair),
        pairs => several_pairs(&mut table, agreement, pairs),
    }
    table.line(String::new());
    let all = of_all(agreement).into_iter().map(|(_, name, value)| vec![name.to_owned(), table.value(value)]).collect();
    table.rows(vec!["all annotators at once, tokens".to_owned(), String::new()], all);
    intervals(&mut table, agreement);
    let pooled = agreement.pooled();
    let labels: Vec<(&str, LabelNumber)> = agreement.labels().collect();
    if shown.by_label {
        by_label(&mut table, &pooled, &labels);
    }
    confusion(&mut table, &pooled, &labels);
    by_article(&mut table, agreement);
    table.finish()
}

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

fn one_pair(table: &mut Table, agreement: &Agreement, pair: &PairAgreement) {
    let (counts, [first, second]) = (&pair.counts, [pair.first, pair.second].map(|place| agreement.annotator(place)));
    let exact = counts.matched(Meeting::Exact);
    table.line(format!("{first} has {}, {second} {}", counted(exact.first, "mention"), exact.second));
    table.line(String::new());
    let of = |table: &mut Table, value| table.value(counted_value(counts, value));
    let mut rows = Vec::new();
    for (_, name, matched) in entities(counts) {
        let values = [matched.precision(), matched.recall(), matched.f1()].map(|value| of(table, value));
        rows.push(std::iter::once(name.to_owned()).chain(values).collect());
    }
    table.rows(words(["mentions", "precision", "recall", "F1"]), rows);
    table.line(String::new());
    let rows = kappas(counts).into_iter().map(|(_, name, value)| vec![name.to_owned(), table.value(value)]).collect();
    table.rows(words(["tokens", "Cohen's κ"]), rows);
}

fn several_pairs(table: &mut Table, agreement: &Agreement, pairs: &[PairAgreement]) {
    table.line(String::new());
    let values = |counts: &PairCounts| -> Vec<Value> {
        let f1 = entities(counts).into_iter().map(|(.., matched)| counted_value(counts, matched.f1()));
        f1.chain(kappas(counts).into_iter().map(|(.., value)| value)).collect()
    };
    let all: Vec<Vec<Value>> = pairs.iter().map(|pair| values(&pair.counts)).collect();
    let mut rows = Vec::new();
    for (pair, values) in pairs.iter().zip(&all) {
        let name = format!("{} and {}", agreement.annotator(pair.first), agreement.annotator(pair.second));
        let mut row = vec![name, pair.counts.articles().to_string()];
        row.extend(values.iter().map(|value| table.value(*value)));
        rows.push(row);
    }
    let mut row = words(["mean over pairs", ""]);
    for place in 0..all.first().map_or(0, Vec::len) {
        let column: Vec<Value> = all.iter().filter_map(|values| values.get(place).copied()).collect();
        row.push(table.value(mean(&column)));
    }
    rows.push(row);
    let head = [
        "pairs",
        "articles",
        "exact F1",
        "boundary",
        "label only",
        "relaxed",
        "tokens",
        "κ labels",
        "κ BIO",
        "κ BIOES",
        "κ labelled",
    ];
    table.rows(words(head), rows);
}

fn intervals(table: &mut Table, agreement: &Agreement) {
    let Some(setting) = agreement.measuring().bootstrap else { return };
    table.line(String::new());
    let mut rows = Vec::new();
    for pair in agreement.pairs() {
        let Some(found) = pair.articles.as_ref().map(|articles| articles.intervals(setting)) else { continue };
        let name = format!("{} and {}", agreement.annotator(pair.first), agreement.annotator(pair.second));
        let mut row = vec![name];
        for interval in [found.exact_f1, found.boundary_f1, found.kappa_of_labels, found.kappa_of_bio_tags] {
            row.push(table.interval(interval));
        }
        rows.push(row);
    }
    let head = format!("{} % of {} draws of the articles", setting.confidence * 100.0, setting.draws);
    table.rows(vec![head, "exact F1".into(), "boundary".into(), "κ labels".into(), "κ BIO".into()], rows);
}

fn by_label(table: &mut Table, pooled: &PairCounts, labels: &[(&str, LabelNumber)]) {
    table.line(String::new());
    let mut rows = Vec::new();
    for (name, number) in labels {
        let exact = pooled.matched_of(*number, Meeting::Exact);
        let mut row = vec![(*name).to_owned(), exact.first.to_string(), exact.second.to_string()];
        for value in [exact.precision(), exact.recall(), exact.f1()] {
            row.push(table.value(value));
        }
        for meeting in [Meeting::LabelOnly, Meeting::Relaxed, Meeting::Token] {
            row.push(table.value(pooled.matched_of(*number, meeting).f1()));
        }
        rows.push(row);
    }
    let head = ["labels", "first", "second", "precision", "recall", "exact F1", "label only", "relaxed", "tokens"];
    table.rows(words(head), rows);
}

/// How many tokens the first of a pair gives one label and the second another, over all pairs.
fn confusion(table: &mut Table, pooled: &PairCounts, labels: &[(&str, LabelNumber)]) {
    let confusion = pooled.label_confusion();
    if confusion.total() == 0 {
        return;
    }
    let numbers: Vec<(&str, Option<LabelNumber>)> =
        labels.iter().map(|(name, number)| (*name, Some(*number))).chain([("O", None)]).collect();
    table.line(String::new());
    let row = |(name, first): &(&str, Option<LabelNumber>)| {
        let cells = numbers.iter().map(|(_, second)| confusion.get(*first, *second).to_string());
        std::iter::once((*name).to_owned()).chain(cells).collect()
    };
    let rows = numbers.iter().map(row).collect();
    let head = std::iter::once("tokens: first ↓ second →").chain(numbers.iter().map(|(name, _)| *name));
    table.rows(head.map(str::to_owned).collect(), rows);
}

fn by_article(table: &mut Table, agreement: &Agreement) {
    if !agreement.measuring().by_article {
        return;
    }
    table.line(String::new());
    let mut rows = Vec::new();
    for article in agreement.articles() {
        let counts = &article.counts;
        let mut row = vec![article.name.clone()];
        let values = [counts.matched(Meeting::Exact).f1(), counts.boundary().f1(), counts.kappa_of_labels()];
        for value in values {
            row.push(table.value(value));
        }
        rows.push(row);
    }
    table.rows(words(["articles", "exact F1", "boundary", "κ labels"]), rows);
}

/// Lines of aligned columns; why values are missing is told below them all.
#[derive(Debug, Default)]
struct Table {
    lines: Vec<String>,
    undefined: BTreeSet<Undefined>,
}

impl Table {
    fn line(&mut self, line: String) {
        self.lines.push(line);
    }

    /// A value in four digits, or a dash.
    fn value(&mut self, value: Value) -> String {
        match value {
            Ok(value) => format!("{value:.4}"),
            Err(reason) => self.dash(reason),
        }
    }

    fn interval(&mut self, interval: Result<Interval, Undefined>) -> String {
        match interval {
            Ok(Interval { low, high, .. }) => format!("{low:.4} to {high:.4}"),
            Err(reason) => self.dash(reason),
        }
    }

    fn dash(&mut self, why: Undefined) -> String {
        self.undefined.insert(why);
        format!("– {}", reason(why).0)
    }

    /// Rows below a head: the first column to the left, the others to the right.
    fn rows(&mut self, head: Vec<String>, rows: Vec<Vec<String>>) {
        let all: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
        let columns = all.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            all.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &all {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("  {cell:>width$}"),
            });
            self.lines.push(cells.collect::<String>().trim_end().to_owned());
        }
    }

    fn finish(mut self) -> Vec<String> {
        if !self.undefined.is_empty() {
            self.lines.push(String::new());
        }
        for undefined in self.undefined {
            let (name, words) = reason(undefined);
            self.lines.push(format!("– {name}: {words}"));
        }
        self.lines
    }
}
