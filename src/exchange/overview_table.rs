//! The tables of an overview: what stands in its CSV files and under the pictures of the report.
//!
//! Owns the columns. It must not draw. Names of columns are the same in every language; what is shown of them is words.

use crate::analysis::statistics::Statistics;
use crate::domain::label::LabelId;
use crate::domain::layer::{AnnotatorId, Status};
use crate::exchange::overview::Overview;
use crate::exchange::topic::{Topic, label_words, reason_words, said_labels};
use crate::formats::delimited::cell::cell_from_text;
use crate::words::locale::Locale;
use crate::words::time::iso_date;
use std::collections::BTreeSet;

/// How many rows of a list «most …» has.
pub const MOST_ROWS: usize = 100;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A whole number.
    Count(u64),
    /// A number that may be below zero.
    Change(i64),
    /// A measure from 0 to 1; `None` when it is undefined.
    Measure(Option<f64>),
    /// A length of time, in seconds.
    Seconds(u32),
    /// A day, from 1970-01-01 on.
    Day(i32),
}

impl Cell {
    /// As a person reads it.
    #[must_use]
    pub fn shown(&self, locale: &Locale) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => locale.number(*count),
            Self::Change(change) => locale.number(*change),
            Self::Measure(measure) => locale.decimal(measure.unwrap_or(f64::NAN), 3),
            Self::Seconds(seconds) => locale.length_of_time(*seconds),
            Self::Day(day) => locale.date(*day),
        }
    }

    /// As a program reads it: plain digits, seconds, ISO dates, nothing for what is undefined.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            // Marks that set words apart on a screen are none of a program's business.
            Self::Text(text) => cell_from_text(&text.replace(['\u{2068}', '\u{2069}'], "")).into_owned(),
            Self::Count(count) => count.to_string(),
            Self::Change(change) => change.to_string(),
            Self::Measure(measure) => measure.map(|measure| measure.to_string()).unwrap_or_default(),
            Self::Seconds(seconds) => seconds.to_string(),
            Self::Day(day) => iso_date(*day),
        }
    }
}

/// Rows under named columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The names of the columns; what a person reads are the words of `column-NAME`.
    pub columns: Vec<&'static str>,
    /// The rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// The table as CSV (RFC 4180): a line of names, then the rows. Nothing that a person wrote is taken for a formula.
    ///
    /// ```
    /// use barchasb::exchange::overview_table::{Cell, Table};
    /// let table = Table { columns: vec!["name", "count"], rows: vec![vec![Cell::Text("a, \"b\"".into()), Cell::Count(2)]] };
    /// assert_eq!(table.csv(), "name,count\r\n\"a, \"\"b\"\"\",2\r\n");
    /// ```
    #[must_use]
    pub fn csv(&self) -> String {
        let line = |cells: Vec<String>| {
            let quoted: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            quoted.join(",") + "\r\n"
        };
        let mut csv = line(self.columns.iter().map(|name| (*name).to_owned()).collect());
        csv.extend(self.rows.iter().map(|row| line(row.iter().map(Cell::plain).collect())));
        csv
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// The table of a topic.
#[must_use]
pub fn table(overview: &Overview, locale: &Locale, topic: Topic) -> Table {
    match topic {
        Topic::Progress => progress(overview),
        Topic::Status => status(overview),
        Topic::Labels => labels(overview),
        Topic::Agreement => agreement(overview),
        Topic::Confusion => confusion(overview, locale),
        Topic::Articles => articles(overview),
        Topic::Surfaces => surfaces(overview, locale),
        Topic::Time => time(overview),
        Topic::Reasons => reasons(overview, locale),
    }
}

fn named(overview: &Overview, annotator: AnnotatorId) -> Cell {
    Cell::Text(overview.name(annotator).to_owned())
}

fn progress(overview: &Overview) -> Table {
    let rows = overview.statistics.progress.iter().map(|(day, annotator, count)| {
        vec![Cell::Day(day.0), named(overview, annotator), Cell::Count(count.done), Cell::Change(count.mentions)]
    });
    Table { columns: vec!["day", "annotator", "done", "mentions"], rows: rows.collect() }
}

/// How many articles of an annotator stand so; those that were never opened are new.
pub(super) fn status_count(overview: &Overview, annotator: AnnotatorId, status: Status) -> u64 {
    let Statistics { statuses, .. } = &overview.statistics;
    let count = |status: Status| statuses.get(annotator, status);
    match status {
        Status::New => {
            let begun: u64 = [Status::InProgress, Status::Done, Status::Flagged].into_iter().map(count).sum();
            overview.project.articles.saturating_sub(begun)
        }
        other => count(other),
    }
}

fn status(overview: &Overview) -> Table {
    let rows = overview.annotators.iter().map(|annotator| {
        let counts = Status::ALL.into_iter().map(|status| Cell::Count(status_count(overview, annotator.id, status)));
        [Cell::Text(annotator.name.clone())].into_iter().chain(counts).collect()
    });
    Table { columns: vec!["annotator", "new", "in_progress", "done", "flagged"], rows: rows.collect() }
}

fn labels(overview: &Overview) -> Table {
    let mut table = Table { columns: vec!["label", "annotator", "mentions"], rows: Vec::new() };
    for label in overview.shown_labels() {
        for annotator in &overview.annotators {
            let count = overview.statistics.labels.get(label, annotator.id);
            let label = Cell::Text(overview.label_title(label).to_owned());
            table.rows.push(vec![label, Cell::Text(annotator.name.clone()), Cell::Count(count)]);
        }
    }
    table
}

fn agreement(overview: &Overview) -> Table {
    let rows = overview.pairs().into_iter().filter_map(|(first, second)| {
        let (pair, turned) = overview.statistics.pair(first, second)?;
        let (one, other) =
            if turned { (pair.exact.second, pair.exact.first) } else { (pair.exact.first, pair.exact.second) };
        Some(vec![
            named(overview, first),
            named(overview, second),
            Cell::Count(pair.articles),
            Cell::Count(one),
            Cell::Count(other),
            Cell::Count(pair.exact.first_met),
            Cell::Measure(pair.exact.f1().ok()),
        ])
    });
    let columns = vec!["first", "second", "articles", "first_mentions", "second_mentions", "same", "f1"];
    Table { columns, rows: rows.collect() }
}

/// The labels of a confusion: those that are met between the two, in the order of the set, and then nothing.
pub(super) fn confused_labels(
    overview: &Overview,
    (first, second): (AnnotatorId, AnnotatorId),
) -> Vec<Option<LabelId>> {
    let met = overview.statistics.pair(first, second).map(|(pair, _)| pair.cells.labels()).unwrap_or_default();
    let in_order = overview.labels.all().iter().map(|label| label.id).filter(|label| met.contains(label));
    in_order.map(Some).chain([None]).collect()
}

fn confusion(overview: &Overview, locale: &Locale) -> Table {
    let mut table =
        Table { columns: vec!["first", "second", "first_label", "second_label", "count"], rows: Vec::new() };
    for pair in overview.pairs() {
        let labels = confused_labels(overview, pair);
        for one in &labels {
            for other in &labels {
                let (count, _) = overview.cases(pair, (*one, *other));
                if count > 0 {
                    table.rows.push(vec![
                        named(overview, pair.0),
                        named(overview, pair.1),
                        Cell::Text(label_words(overview, locale, *one)),
                        Cell::Text(label_words(overview, locale, *other)),
                        Cell::Count(count),
                    ]);
                }
            }
        }
    }
    table
}

fn articles(overview: &Overview) -> Table {
    let rows = overview.statistics.disputes.articles().iter().map(|article| {
        vec![Cell::Text(article.title.to_string()), Cell::Count(article.disputed), Cell::Count(article.places)]
    });
    Table { columns: vec!["article", "disputed", "places"], rows: rows.collect() }
}

fn surfaces(overview: &Overview, locale: &Locale) -> Table {
    let rows = overview.statistics.disputes.surfaces(MOST_ROWS).into_iter().map(|surface| {
        let said = said_labels(overview, locale, &surface.labels());
        let who = surface.says.keys().map(|(_, annotator)| *annotator).collect::<BTreeSet<_>>();
        let who: Vec<&str> =
            overview.annotators.iter().filter(|a| who.contains(&a.id)).map(|a| a.name.as_str()).collect();
        vec![
            Cell::Text(surface.first.surface.to_string()),
            Cell::Count(surface.disputed),
            Cell::Text(said),
            Cell::Text(who.join(" · ")),
        ]
    });
    Table { columns: vec!["surface", "disputed", "labels", "annotators"], rows: rows.collect() }
}

fn time(overview: &Overview) -> Table {
    let rows = overview.annotators.iter().filter_map(|annotator| {
        let times = overview.statistics.times.quartiles(annotator.id)?;
        let seconds = [times.least_s, times.lower_s, times.median_s, times.upper_s, times.most_s].map(Cell::Seconds);
        let named = [Cell::Text(annotator.name.clone()), Cell::Count(times.articles)];
        Some(named.into_iter().chain(seconds).collect())
    });
    let columns = vec!["annotator", "articles", "least", "lower_quartile", "median", "upper_quartile", "most"];
    Table { columns, rows: rows.collect() }
}

fn reasons(overview: &Overview, locale: &Locale) -> Table {
    let mut table = Table { columns: vec!["reason", "surface", "start", "end", "question"], rows: Vec::new() };
    for (reason, count) in overview.statistics.reasons.reasons() {
        for decided in &count.places {
            let span = decided.place.span;
            table.rows.push(vec![
                Cell::Text(reason_words(locale, reason)),
                Cell::Text(decided.place.surface.to_string()),
                Cell::Count(span.start.get() as u64),
                Cell::Count(span.end.get() as u64),
                Cell::Text(decided.question.as_deref().unwrap_or_default().to_owned()),
            ]);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::language::Language;

    fn check(cell: Cell, shown: &str, plain: &str) {
        assert_eq!(cell.shown(&Locale::new(Language::Persian)).replace(['\u{2068}', '\u{2069}'], ""), shown);
        assert_eq!(cell.plain(), plain);
    }

    #[test]
    fn cells_are_for_people_and_for_programs() {
        check(Cell::Count(1234), "۱٬۲۳۴", "1234");
        check(Cell::Measure(Some(0.5)), "۰٫۵۰۰", "0.5");
        check(Cell::Measure(None), "–", "");
        check(Cell::Seconds(75), "۱:۱۵", "75");
        check(Cell::Day(20_781), "۳ آذر ۱۴۰۵", "2026-11-24");
        check(Cell::Text("=1+1".into()), "=1+1", "'=1+1");
    }
}
