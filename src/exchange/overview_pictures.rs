//! The pictures of an overview: each topic as a chart in one language.
//!
//! Owns which chart shows what and what its marks lead to. It must not know how marks are drawn.

use crate::analysis::chart_bars::{Bar, BarChart, BarRow, bars};
use crate::analysis::chart_boxes::{BoxChart, BoxRow, boxes};
use crate::analysis::chart_frame::empty;
use crate::analysis::chart_heat::{HeatCell, HeatMap, heat_map};
use crate::analysis::chart_lines::{LineChart, Series, lines};
use crate::analysis::chart_stack::{StackChart, StackPart, StackRow, stack};
use crate::analysis::disputes::{DisputedArticle, DisputedSurface};
use crate::analysis::picture::{Picture, Tint};
use crate::analysis::place::Place;
use crate::analysis::progress::Day;
use crate::analysis::reason_places::ReasonCount;
use crate::domain::article::ArticleId;
use crate::domain::label::LabelId;
use crate::domain::layer::{Annotator, AnnotatorId, Status};
use crate::exchange::overview::Overview;
use crate::exchange::overview_table::{confused_labels, status_count};
use crate::exchange::topic::{Topic, label_words, pair_words, reason_words, said_labels};
use crate::words::locale::{Locale, isolated};
use crate::words::message::Message;

/// How many bars a list «most …» has.
const MOST_BARS: usize = 15;
/// The room of a date on the axis of time, and of what stands beside that axis, in pixels.
const DATE_PX: f32 = 130.0;
/// More annotators than this are summed in one bar for each label.
const MOST_COLUMNS: usize = 4;

/// What a mark of a picture leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Goal {
    /// The confusion of two annotators.
    Pair(AnnotatorId, AnnotatorId),
    /// Places to look at, of so many in all.
    Places {
        /// What they are.
        title: String,
        /// How many there are.
        count: u64,
        /// The first of them.
        places: Vec<Place>,
    },
    /// An article.
    Article(ArticleId),
}

/// The picture of a topic, `width_px` wide, in the language's direction. `pair` is whose confusion is shown.
#[must_use]
pub fn picture(
    overview: &Overview,
    locale: &Locale,
    topic: Topic,
    pair: Option<(AnnotatorId, AnnotatorId)>,
    width_px: f32,
) -> Picture {
    let told = locale.message(&topic.title());
    let drawn = match topic {
        Topic::Progress => progress(overview, locale, told, width_px),
        Topic::Status => status(overview, locale, told, width_px),
        Topic::Labels => labels(overview, locale, told, width_px),
        Topic::Agreement => agreement(overview, locale, told, width_px),
        Topic::Confusion => pair.and_then(|pair| confusion(overview, locale, pair, width_px)),
        Topic::Articles => articles(overview, locale, told, width_px),
        Topic::Surfaces => surfaces(overview, locale, told, width_px),
        Topic::Time => time(overview, locale, told, width_px),
        Topic::Reasons => reasons(overview, locale, told, width_px),
    };
    let drawn = drawn.unwrap_or_else(|| empty(&locale.message(&topic.nothing(overview)), width_px));
    if locale.is_rtl() { drawn.mirrored() } else { drawn }
}

/// What a goal of a topic's picture means.
#[must_use]
pub fn goal(
    overview: &Overview,
    locale: &Locale,
    topic: Topic,
    pair: Option<(AnnotatorId, AnnotatorId)>,
    number: usize,
) -> Option<Goal> {
    match topic {
        Topic::Agreement => {
            let count = overview.annotators.len().max(1);
            let at = |place: usize| overview.annotators.get(place).map(|annotator| annotator.id);
            Some(Goal::Pair(at(number / count)?, at(number % count)?))
        }
        Topic::Confusion => {
            let pair = pair?;
            let labels = confused_labels(overview, pair);
            let (one, other) = (*labels.get(number / labels.len())?, *labels.get(number % labels.len())?);
            let (count, places) = overview.cases(pair, (one, other));
            let says = Message::new("confusion-cases")
                .text("first", overview.name(pair.0))
                .text("one", label_words(overview, locale, one))
                .text("second", overview.name(pair.1))
                .text("other", label_words(overview, locale, other));
            Some(Goal::Places { title: locale.message(&says), count, places: places.to_vec() })
        }
        Topic::Articles => {
            overview.statistics.disputes.articles().get(number).map(|found| Goal::Article(found.article))
        }
        Topic::Surfaces => {
            let found = *overview.statistics.disputes.surfaces(MOST_BARS).get(number)?;
            let places = vec![found.first.clone()];
            Some(Goal::Places { title: found.first.surface.to_string(), count: found.disputed, places })
        }
        Topic::Reasons => {
            let reasons = overview.statistics.reasons.reasons();
            let (reason, found) = reasons.get(number)?;
            let places = found.places.iter().map(|decided| decided.place.clone()).collect();
            Some(Goal::Places { title: reason_words(locale, *reason), count: found.count, places })
        }
        Topic::Progress | Topic::Status | Topic::Labels | Topic::Time => None,
    }
}

fn series_tint(place: usize) -> Tint {
    Tint::Series(u8::try_from(place % 6).unwrap_or(0))
}

fn progress(overview: &Overview, locale: &Locale, told: String, width_px: f32) -> Option<Picture> {
    let (first, last) = overview.statistics.progress.days()?;
    let series = overview.annotators.iter().enumerate().filter_map(|(place, annotator)| {
        let done = overview.statistics.progress.done_by(annotator.id);
        let point = |(day, count): &(Day, u64)| {
            let hint = Message::new("progress-point")
                .text("annotator", &annotator.name)
                .number("count", *count)
                .text("date", locale.date(day.0));
            (f64::from(day.0) + 1.0, *count as f64, locale.message(&hint))
        };
        let points: Vec<_> = done.iter().map(point).collect();
        (!points.is_empty()).then(|| Series { name: annotator.name.clone(), tint: series_tint(place), points })
    });
    let series: Vec<Series> = series.collect();
    if series.is_empty() {
        return None;
    }
    let count = (last.0 - first.0).max(0);
    // As many dates as there is room for, the last one always; each stands where its day ends.
    let room = (width_px / DATE_PX).max(2.0) as i32;
    let step = count / room + 1;
    let days = (0..=count / step).map(|at| last.0 - at * step).rev();
    let dates = days.map(|day| (f64::from(day) + 1.0, locale.day_and_month(day))).collect();
    let chart = LineChart { told, from: f64::from(first.0), to: f64::from(last.0) + 1.0, dates, series };
    Some(lines(&chart, width_px, &|value| locale.number(value as i64)))
}

fn status(overview: &Overview, locale: &Locale, told: String, width_px: f32) -> Option<Picture> {
    let parts = [
        (Status::Done, "status-done", Tint::Good),
        (Status::InProgress, "status-in-progress", Tint::Accent),
        (Status::Flagged, "status-flagged", Tint::Warning),
        (Status::New, "status-new", Tint::Ground),
    ];
    let rows: Vec<StackRow> = overview
        .annotators
        .iter()
        .map(|annotator| {
            let count = |(status, _, _): &(Status, &str, Tint)| {
                let count = status_count(overview, annotator.id, *status);
                (count, locale.number(count))
            };
            StackRow { name: annotator.name.clone(), values: parts.iter().map(count).collect() }
        })
        .collect();
    let parts = parts.map(|(_, id, tint)| StackPart { name: locale.words(id), tint });
    (!rows.is_empty()).then(|| stack(&StackChart { told, parts: parts.to_vec(), rows }, width_px))
}

fn labels(overview: &Overview, locale: &Locale, told: String, width_px: f32) -> Option<Picture> {
    let counts = &overview.statistics.labels;
    if counts.total() == 0 {
        return None;
    }
    let few = overview.annotators.len() <= MOST_COLUMNS && width_px > 150.0 * overview.annotators.len() as f32;
    let columns: Vec<String> = if few {
        overview.annotators.iter().map(|annotator| annotator.name.clone()).collect()
    } else {
        vec![locale.words("all-annotators")]
    };
    let bar = |label: LabelId, who: &str, count: u64| {
        let hint = Message::new("label-count").text("label", overview.label_title(label)).text("annotator", who);
        let hint = locale.message(&hint.number("count", count));
        Bar { value: count as f64, said: locale.number(count), hint }
    };
    let rows = overview.shown_labels().into_iter().map(|label| BarRow {
        name: overview.label_title(label).to_owned(),
        tint: Tint::Label(label),
        bars: if few {
            let of = |a: &Annotator| bar(label, &a.name, counts.get(label, a.id));
            overview.annotators.iter().map(of).collect()
        } else {
            vec![bar(label, &locale.words("all-annotators"), counts.of_label(label))]
        },
        goal: None,
    });
    Some(bars(&BarChart { told, columns, rows: rows.collect(), names_part: 0.3 }, width_px))
}

fn agreement(overview: &Overview, locale: &Locale, told: String, width_px: f32) -> Option<Picture> {
    if overview.pairs().is_empty() {
        return None;
    }
    let names: Vec<String> = overview.annotators.iter().map(|annotator| annotator.name.clone()).collect();
    let count = names.len();
    let cell = |row: usize, column: usize| {
        let none = HeatCell { tint: Tint::Ground, said: String::new(), hint: String::new(), goal: None };
        let (Some(one), Some(other)) = (overview.annotators.get(row), overview.annotators.get(column)) else {
            return none;
        };
        if row == column {
            return none;
        }
        let both = pair_words(overview, locale, (one.id, other.id));
        match (overview.statistics.exact_f1(one.id, other.id), overview.statistics.pair(one.id, other.id)) {
            (Ok(f1), Some((pair, _))) => {
                let said = locale.decimal(f1, 2);
                let hint = Message::new("agreement-cell").text("pair", both).text("f1", locale.decimal(f1, 3));
                let hint = locale.message(&hint.number("articles", pair.articles));
                HeatCell { tint: Tint::Heat(f1 as f32), said, hint, goal: Some(row * count + column) }
            }
            (_, pair) => {
                let why = if pair.is_some() { "agreement-no-mentions" } else { "agreement-no-article" };
                let hint = locale.message(&Message::new(why).text("pair", both));
                HeatCell { said: "–".to_owned(), hint, ..none }
            }
        }
    };
    let cells = (0..count).map(|row| (0..count).map(|column| cell(row, column)).collect()).collect();
    let map = HeatMap { told, rows: names.clone(), columns: names, cells, ..HeatMap::default() };
    Some(heat_map(&map, width_px))
}

fn confusion(overview: &Overview, locale: &Locale, pair: (AnnotatorId, AnnotatorId), width_px: f32) -> Option<Picture> {
    let labels = confused_labels(overview, pair);
    overview.statistics.pair(pair.0, pair.1)?;
    if labels.len() < 2 {
        return None;
    }
    let names: Vec<String> = labels.iter().map(|label| label_words(overview, locale, *label)).collect();
    let count = |one, other| overview.cases(pair, (one, other)).0;
    // The share of its row: what the first annotator calls so, the second calls that.
    let rows = labels.iter().enumerate().map(|(row, one)| {
        let all: u64 = labels.iter().map(|other| count(*one, *other)).sum();
        let cells = labels.iter().enumerate().map(|(column, other)| {
            let count = count(*one, *other);
            let share = (count as f64 / all.max(1) as f64) as f32;
            // What differs is what is looked for: it has the colour of faults, from the first case on.
            let tint = match count {
                0 => Tint::Ground,
                _ if one == other => Tint::Heat(share),
                _ => Tint::Fault(0.25 + 0.75 * share),
            };
            let hint = Message::new("confusion-cell")
                .text("first", overview.name(pair.0))
                .text("one", label_words(overview, locale, *one))
                .text("second", overview.name(pair.1))
                .text("other", label_words(overview, locale, *other))
                .number("count", count);
            let said = if count == 0 { String::new() } else { locale.number(count) };
            let hint = if count == 0 { String::new() } else { locale.message(&hint) };
            HeatCell { tint, said, hint, goal: (count > 0).then_some(row * labels.len() + column) }
        });
        cells.collect()
    });
    let map = HeatMap {
        told: pair_words(overview, locale, pair),
        row_heading: overview.name(pair.0).to_owned(),
        column_heading: locale.message(&Message::new("confusion-columns").text("annotator", overview.name(pair.1))),
        cells: rows.collect(),
        rows: names.clone(),
        columns: names,
    };
    Some(heat_map(&map, width_px))
}

fn articles(overview: &Overview, locale: &Locale, told: String, width_px: f32) -> Option<Picture> {
    let row = |(place, article): (usize, &DisputedArticle)| {
        let hint = Message::new("disputed-article").number("disputed", article.disputed);
        let said = locale.message(&hint.number("places", article.places));
        let bar =
            Bar { value: article.disputed as f64, hint: format!("{} — {said}", isolated(&article.title)), said };
        BarRow { name: article.title.to_string(), tint: Tint::Fault(1.0), bars: vec![bar], goal: Some(place) }
    };
    let rows: Vec<BarRow> =
        overview.statistics.disputes.articles().iter().take(MOST_BARS).enumerate().map(row).collect();
    list(told, rows, 0.5, width_px)
}

fn surfaces(overview: &Overview, locale: &Locale, told: String, width_px: f32) -> Option<Picture> {
    let row = |(place, surface): (usize, &DisputedSurface)| {
        let labels = said_labels(overview, locale, &surface.labels());
        let said = format!("{} — {labels}", locale.number(surface.disputed));
        let bar = Bar {
            value: surface.disputed as f64,
            hint: format!("{}: {labels}", isolated(&surface.first.surface)),
            said,
        };
        BarRow { name: surface.first.surface.to_string(), tint: Tint::Fault(1.0), bars: vec![bar], goal: Some(place) }
    };
    let rows: Vec<BarRow> = overview.statistics.disputes.surfaces(MOST_BARS).into_iter().enumerate().map(row).collect();
    list(told, rows, 0.3, width_px)
}

fn list(told: String, rows: Vec<BarRow>, names_part: f32, width_px: f32) -> Option<Picture> {
    let chart = BarChart { told, columns: vec![String::new()], rows, names_part };
    (!chart.rows.is_empty()).then(|| bars(&chart, width_px))
}

fn time(overview: &Overview, locale: &Locale, told: String, width_px: f32) -> Option<Picture> {
    let rows = overview.annotators.iter().filter_map(|annotator| {
        let times = overview.statistics.times.quartiles(annotator.id)?;
        let all = [times.least_s, times.lower_s, times.median_s, times.upper_s, times.most_s];
        let said = |seconds: u32| locale.length_of_time(seconds);
        let hint = Message::new("time-row")
            .text("annotator", &annotator.name)
            .text("median", said(times.median_s))
            .text("lower", said(times.lower_s))
            .text("upper", said(times.upper_s))
            .text("least", said(times.least_s))
            .text("most", said(times.most_s))
            .number("articles", times.articles);
        Some(BoxRow {
            name: annotator.name.clone(),
            // The axis counts minutes, so that its steps are round.
            values: all.map(|seconds| f64::from(seconds) / 60.0),
            said: said(times.median_s),
            hint: locale.message(&hint),
        })
    });
    let rows: Vec<BoxRow> = rows.collect();
    let chart = BoxChart { told, unit: locale.words("time-unit"), rows };
    (!chart.rows.is_empty()).then(|| boxes(&chart, width_px, &|minutes| locale.length_of_time((minutes * 60.0) as u32)))
}

fn reasons(overview: &Overview, locale: &Locale, told: String, width_px: f32) -> Option<Picture> {
    let reasons = overview.statistics.reasons.reasons();
    let row = |(place, (reason, count)): (usize, &(Option<&str>, &ReasonCount))| {
        let name = reason_words(locale, *reason);
        let said = locale.number(count.count);
        let bar = Bar { value: count.count as f64, hint: format!("{name}: {said}"), said };
        let tint = if reason.is_some() { Tint::Accent } else { Tint::Line };
        BarRow { name, tint, bars: vec![bar], goal: Some(place) }
    };
    list(told, reasons.iter().enumerate().map(row).collect(), 0.4, width_px)
}
