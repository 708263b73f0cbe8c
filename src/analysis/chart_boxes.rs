//! Box plots: from the first to the third quartile a box, in it the median, beyond it the rest.
//!
//! Owns how boxes and the axis stand. It must not know what is measured.

use crate::analysis::chart_frame::{BAR_PX, GAP_PX, HEAD_PX, ROW_PX, SMALL_PX, names_px, small, text, ticks};
use crate::analysis::picture::{Anchor, Area, Picture, Tint, Weight, Words, estimated_width_px};

/// One box.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoxRow {
    /// Its name.
    pub name: String,
    /// The least, the lower quartile, the median, the upper quartile, the most.
    pub values: [f64; 5],
    /// The median in words of the language, written beside.
    pub said: String,
    /// What is said when it is pointed at.
    pub hint: String,
}

/// Boxes on one axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoxChart {
    /// What it shows, for those who do not see it.
    pub told: String,
    /// The unit of the axis, in words.
    pub unit: String,
    /// The rows.
    pub rows: Vec<BoxRow>,
}

/// How far the axis reaches: to one and a half boxes beyond the longest box (Tukey's fence), or to the end when that is nearer, so that one
/// long outlier does not make all boxes small.
fn reach(rows: &[BoxRow]) -> f64 {
    let fence = |[_, lower, _, upper, most]: [f64; 5]| (upper + 1.5 * (upper - lower).max(upper * 0.2)).min(most);
    rows.iter().map(|row| fence(row.values)).fold(0.0, f64::max)
}

/// The chart, `width_px` wide, for reading from the left; `say` writes the numbers of the axis.
#[must_use]
pub fn boxes(chart: &BoxChart, width_px: f32, say: &dyn Fn(f64) -> String) -> Picture {
    let foot_px = HEAD_PX;
    let height_px = chart.rows.len() as f32 * ROW_PX + foot_px;
    let mut picture = Picture::new(width_px, height_px, chart.told.clone());
    let names_px = names_px(chart.rows.iter().map(|row| row.name.as_str()), width_px, 0.3) + GAP_PX;
    let said = chart.rows.iter().map(|row| &row.said).chain([&chart.unit]);
    let said_px = said.map(|said| estimated_width_px(said, SMALL_PX)).fold(0.0, f32::max);
    let said_px = (said_px + 2.0 * GAP_PX).min(width_px * 0.3);
    let reach = reach(&chart.rows);
    let ticks = ticks(reach, 4);
    let end = ticks.last().copied().unwrap_or(1.0);
    let plot_px = (width_px - names_px - said_px).max(GAP_PX);
    let x = |value: f64| names_px + (value.min(end) / end) as f32 * plot_px;
    let bottom_px = height_px - foot_px;
    for tick in &ticks {
        picture.line((x(*tick), 0.0), (x(*tick), bottom_px), 1.0, Tint::Line);
        let anchor = if *tick == 0.0 { Anchor::Start } else { Anchor::Middle };
        picture.words(small(x(*tick), bottom_px + 12.0, anchor, plot_px / 3.0, say(*tick)));
    }
    let unit = small(names_px + plot_px + GAP_PX * 2.0, bottom_px + 12.0, Anchor::Start, said_px, chart.unit.clone());
    picture.words(unit);
    for (number, row) in chart.rows.iter().enumerate() {
        let top_px = number as f32 * ROW_PX;
        let middle_px = top_px + ROW_PX / 2.0;
        let [least, lower, median, upper, most] = row.values;
        picture.words(text(0.0, middle_px, Anchor::Start, names_px - GAP_PX, row.name.clone()));
        picture.line((x(least), middle_px), (x(most), middle_px), 1.5, Tint::Soft);
        let width = (x(upper) - x(lower)).max(2.0);
        let area = Area::new(x(lower), middle_px - BAR_PX / 2.0, width, BAR_PX);
        picture.rounded(area, 2.0, Tint::Paper);
        picture.rounded(area, 2.0, Tint::Heat(0.5));
        picture.line((x(median), middle_px - BAR_PX / 2.0), (x(median), middle_px + BAR_PX / 2.0), 2.5, Tint::Accent);
        let words = small(names_px + plot_px + GAP_PX * 2.0, middle_px, Anchor::Start, said_px, row.said.clone());
        picture.words(Words { tint: Tint::Ink, weight: Weight::Bold, ..words });
        picture.spot(Area::new(0.0, top_px, width_px, ROW_PX), row.hint.clone(), None);
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &[[f64; 5]], expected: f64) {
        let row = |values: &[f64; 5]| BoxRow { values: *values, ..BoxRow::default() };
        let rows: Vec<BoxRow> = rows.iter().map(row).collect();
        assert_eq!(reach(&rows), expected);
        let picture = boxes(&BoxChart { rows, ..BoxChart::default() }, 500.0, &|value| value.to_string());
        assert!(picture.spots.iter().all(|spot| spot.area.width_px <= 500.0));
    }

    #[test]
    fn the_axis_passes_over_outliers() {
        check(&[], 0.0);
        check(&[[0.0, 10.0, 15.0, 20.0, 25.0]], 25.0);
        check(&[[0.0, 10.0, 15.0, 20.0, 1000.0]], 35.0);
        check(&[[0.0, 10.0, 10.0, 10.0, 1000.0], [1.0, 1.0, 1.0, 1.0, 1.0]], 13.0);
    }
}
