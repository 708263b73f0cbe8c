//! Bars: a number for each row, in one or several columns side by side on one scale.
//!
//! Owns how bars stand. It must not know what is counted.

use crate::analysis::chart_frame::{BAR_PX, GAP_PX, HEAD_PX, ROW_PX, SMALL_PX, TEXT_PX, names_px, small, text};
use crate::analysis::picture::{Anchor, Area, Picture, Tint, estimated_width_px};

/// One number: how long its bar is and what is said of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    /// The number.
    pub value: f64,
    /// The number in words of the language, written at the bar's end.
    pub said: String,
    /// What is said when it is pointed at.
    pub hint: String,
}

/// A row: its name and a bar for each column.
#[derive(Clone, Debug, PartialEq)]
pub struct BarRow {
    /// Its name.
    pub name: String,
    /// The colour of its bars.
    pub tint: Tint,
    /// A bar for each column.
    pub bars: Vec<Bar>,
    /// What the row leads to.
    pub goal: Option<usize>,
}

/// Rows of bars.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BarChart {
    /// What it shows, for those who do not see it.
    pub told: String,
    /// The headings of the columns; none above a single column without a name.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<BarRow>,
    /// How much of the width names may take, from 0 to 1.
    pub names_part: f32,
}

/// The chart, `width_px` wide, for reading from the left.
///
/// ```
/// use barchasb::analysis::chart_bars::{Bar, BarChart, BarRow, bars};
/// use barchasb::analysis::picture::Tint;
/// let bar = Bar { value: 3.0, said: "3".into(), hint: "3 mentions".into() };
/// let row = BarRow { name: "Person".into(), tint: Tint::Accent, bars: vec![bar], goal: None };
/// let chart = BarChart { told: "Mentions".into(), columns: vec![String::new()], rows: vec![row], names_part: 0.3 };
/// assert_eq!(bars(&chart, 400.0).spots[0].words, "3 mentions");
/// ```
#[must_use]
pub fn bars(chart: &BarChart, width_px: f32) -> Picture {
    let count = chart.columns.len().max(1);
    let head_px = if chart.columns.iter().any(|column| !column.is_empty()) { HEAD_PX } else { 0.0 };
    let mut picture = Picture::new(width_px, head_px + chart.rows.len() as f32 * ROW_PX, chart.told.clone());
    let names_px = names_px(chart.rows.iter().map(|row| row.name.as_str()), width_px, chart.names_part) + GAP_PX;
    let column_px = (width_px - names_px) / count as f32;
    let all = || chart.rows.iter().flat_map(|row| &row.bars);
    let number_px = all().map(|bar| estimated_width_px(&bar.said, SMALL_PX)).fold(0.0, f32::max) + GAP_PX;
    // The longest bar leaves room for its number, and every column for the next one.
    let bar_px = (column_px - number_px - 2.0 * GAP_PX).max(GAP_PX);
    let most = all().map(|bar| bar.value).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    for (place, column) in chart.columns.iter().enumerate().filter(|(_, column)| !column.is_empty()) {
        let x_px = names_px + place as f32 * column_px;
        picture.words(small(x_px, head_px / 2.0 - 2.0, Anchor::Start, column_px - GAP_PX, column.clone()));
    }
    for place in 0..count {
        let x_px = names_px + place as f32 * column_px - 0.5;
        picture.line((x_px, head_px), (x_px, picture.height_px), 1.0, Tint::Line);
    }
    for (number, row) in chart.rows.iter().enumerate() {
        let top_px = head_px + number as f32 * ROW_PX;
        let middle_px = top_px + ROW_PX / 2.0;
        picture.words(text(0.0, middle_px, Anchor::Start, names_px - GAP_PX, row.name.clone()));
        for (place, bar) in row.bars.iter().enumerate() {
            let x_px = names_px + place as f32 * column_px;
            let length_px = (bar.value.max(0.0) / most) as f32 * bar_px;
            let drawn_px = if bar.value > 0.0 { length_px.max(2.0) } else { 0.0 };
            picture.rounded(Area::new(x_px, middle_px - BAR_PX / 2.0, drawn_px, BAR_PX), 2.0, row.tint);
            let mut said = small(x_px + drawn_px + 6.0, middle_px, Anchor::Start, number_px + GAP_PX, bar.said.clone());
            said.tint = if bar.value > 0.0 { Tint::Ink } else { Tint::Soft };
            picture.words(said);
            picture.spot(Area::new(x_px, top_px, column_px, ROW_PX), bar.hint.clone(), row.goal);
        }
        if row.goal.is_some() || estimated_width_px(&row.name, TEXT_PX) > names_px - GAP_PX {
            picture.spot(Area::new(0.0, top_px, names_px, ROW_PX), row.name.clone(), row.goal);
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::picture::Mark;

    /// The values of each row; the lengths of the bars, rounded.
    fn check(rows: &[&[f64]], expected: &[i32]) {
        let bar = |value: &f64| Bar { value: *value, said: value.to_string(), hint: String::new() };
        let rows = rows.iter().map(|values| BarRow {
            name: "نام".into(),
            tint: Tint::Accent,
            bars: values.iter().map(bar).collect(),
            goal: None,
        });
        let rows: Vec<BarRow> = rows.collect();
        let columns = vec!["a".into(); rows.first().map_or(1, |row| row.bars.len())];
        let picture = bars(&BarChart { told: String::new(), columns, rows, names_part: 0.3 }, 400.0);
        let mut lengths = Vec::new();
        for mark in &picture.marks {
            if let Mark::Rect { area, .. } = mark {
                assert!(area.x_px >= 0.0 && area.x_px + area.width_px <= 400.0);
                lengths.push(area.width_px.round() as i32);
            }
        }
        assert_eq!(lengths, expected);
    }

    #[test]
    fn bars_share_one_scale() {
        check(&[], &[]);
        check(&[&[4.0], &[2.0], &[0.0]], &[332, 166, 0]);
        check(&[&[10.0, 5.0], &[0.01, 0.0]], &[132, 66, 2, 0]);
    }
}
