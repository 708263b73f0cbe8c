//! Lines over time: sums that grow, one line for each series, each named where it ends.
//!
//! Owns how lines and axes stand. It must not know what is counted, nor a calendar: dates are given as words.

use crate::analysis::chart_frame::{GAP_PX, SMALL_PX, TEXT_PX, small, text, ticks};
use crate::analysis::picture::{Anchor, Area, Mark, Picture, Tint, Weight, Words, estimated_width_px};

/// The height of the plot.
const PLOT_PX: f32 = 190.0;
/// Above the plot: room for half a line of letters.
const TOP_PX: f32 = 12.0;
/// Below the plot: dates.
const FOOT_PX: f32 = 26.0;
/// The least distance of two names at the ends of lines.
const NAME_PX: f32 = 17.0;

/// One line: it starts from 0 and rises at each point, by steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// The colour.
    pub tint: Tint,
    /// Place on the axis of time and value, in order of time, with what is said of it when it is pointed at.
    pub points: Vec<(f64, f64, String)>,
}

/// Lines over one axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineChart {
    /// What it shows, for those who do not see it.
    pub told: String,
    /// The first and the last place on the axis of time.
    pub from: f64,
    /// The last place on the axis of time.
    pub to: f64,
    /// Where dates stand, and their words.
    pub dates: Vec<(f64, String)>,
    /// The lines.
    pub series: Vec<Series>,
}

/// The chart, `width_px` wide, for reading from the left; `say` writes the numbers of the axis.
#[must_use]
pub fn lines(chart: &LineChart, width_px: f32, say: &dyn Fn(f64) -> String) -> Picture {
    let mut picture = Picture::new(width_px, TOP_PX + PLOT_PX + FOOT_PX, chart.told.clone());
    let most = chart.series.iter().flat_map(|series| &series.points).map(|point| point.1).fold(0.0, f64::max);
    let ticks = ticks(most, 4);
    let top = ticks.last().copied().unwrap_or(1.0);
    let axis_px = ticks.iter().map(|tick| estimated_width_px(&say(*tick), SMALL_PX)).fold(0.0, f32::max) + GAP_PX;
    let end_px = chart.series.iter().map(|series| estimated_width_px(&series.name, TEXT_PX)).fold(0.0, f32::max);
    let end_px = (end_px + 2.0 * GAP_PX).min(width_px * 0.32);
    let (left_px, right_px) = (axis_px, width_px - end_px);
    let x = |at: f64| left_px + ((at - chart.from) / (chart.to - chart.from).max(1.0)) as f32 * (right_px - left_px);
    let y = |value: f64| TOP_PX + PLOT_PX - (value / top) as f32 * PLOT_PX;
    for tick in &ticks {
        picture.line((left_px, y(*tick)), (right_px, y(*tick)), 1.0, Tint::Line);
        picture.words(small(axis_px - GAP_PX, y(*tick), Anchor::End, axis_px, say(*tick)));
    }
    put_dates(&mut picture, chart, &x, right_px);
    let mut ends: Vec<(f32, &Series)> = Vec::new();
    for series in &chart.series {
        let mut points = vec![(x(chart.from), y(0.0))];
        let mut last = 0.0;
        for (at, value, _) in &series.points {
            points.push((x(*at), y(last)));
            points.push((x(*at), y(*value)));
            last = *value;
        }
        points.push((x(chart.to), y(last)));
        picture.marks.push(Mark::Line { points, width_px: 2.0, tint: series.tint });
        for (at, value, hint) in &series.points {
            let middle = (x(*at), y(*value));
            picture.marks.push(Mark::Disc { middle, radius_px: 2.5, tint: series.tint });
            picture.spot(Area::new(middle.0 - 8.0, middle.1 - 8.0, 16.0, 16.0), hint.clone(), None);
        }
        ends.push((y(last), series));
    }
    put_names(&mut picture, ends, right_px, end_px);
    picture
}

fn put_dates(picture: &mut Picture, chart: &LineChart, x: &dyn Fn(f64) -> f32, right_px: f32) {
    let y_px = TOP_PX + PLOT_PX;
    let mut free_px = f32::MIN;
    for (at, words) in &chart.dates {
        let half_px = estimated_width_px(words, SMALL_PX) / 2.0;
        // The first and the last stay inside the picture; one that would touch the one before it is left out.
        let middle_px = x(*at).max(half_px).min(right_px.max(picture.width_px - half_px));
        if middle_px - half_px < free_px {
            continue;
        }
        free_px = middle_px + half_px + GAP_PX;
        picture.line((x(*at), y_px), (x(*at), y_px + 4.0), 1.0, Tint::Soft);
        picture.words(small(middle_px, y_px + 15.0, Anchor::Middle, 2.0 * half_px + GAP_PX, words.clone()));
    }
}

/// The names beside the ends of their lines, pushed apart where lines end close together.
fn put_names(picture: &mut Picture, mut ends: Vec<(f32, &Series)>, right_px: f32, end_px: f32) {
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut least_px = f32::MIN;
    let mut placed: Vec<(f32, &Series)> = Vec::new();
    for (y_px, series) in ends {
        least_px = y_px.max(least_px + NAME_PX);
        placed.push((least_px, series));
    }
    // What was pushed below the axis moves up again, and with it what is in its way.
    let mut most_px = TOP_PX + PLOT_PX;
    for (y_px, _) in placed.iter_mut().rev() {
        *y_px = y_px.min(most_px);
        most_px = *y_px - NAME_PX;
    }
    for (y_px, series) in placed {
        let words = text(right_px + GAP_PX, y_px, Anchor::Start, end_px - GAP_PX, series.name.clone());
        picture.words(Words { tint: series.tint, weight: Weight::Bold, ..words });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last values of lines; where their names stand.
    fn check(last: &[f64], expected: &[i32]) {
        let series = last.iter().map(|value| Series {
            name: "نام".into(),
            tint: Tint::Accent,
            points: vec![(1.0, *value, String::new())],
        });
        let chart = LineChart { from: 0.0, to: 2.0, series: series.collect(), ..LineChart::default() };
        let picture = lines(&chart, 500.0, &|value| value.to_string());
        let names = picture.marks.iter().filter_map(|mark| match mark {
            Mark::Words(words) if words.weight == Weight::Bold => Some(words.y_px.round() as i32),
            _ => None,
        });
        assert_eq!(names.collect::<Vec<i32>>(), expected);
    }

    #[test]
    fn names_stand_at_the_ends_and_never_on_each_other() {
        check(&[], &[]);
        check(&[10.0], &[12]);
        check(&[10.0, 10.0, 10.0], &[12, 29, 46]);
        check(&[0.0, 0.0, 10.0], &[12, 185, 202]);
    }

    #[test]
    fn dates_that_would_touch_are_left_out() {
        let dates = vec![(0.0, "۱ فروردین".to_owned()), (1.0, "۲ فروردین".into()), (100.0, "۹ تیر".into())];
        let chart = LineChart { from: 0.0, to: 100.0, dates, ..LineChart::default() };
        let picture = lines(&chart, 400.0, &|value| value.to_string());
        let said = picture.marks.iter().filter(|mark| matches!(mark, Mark::Words(w) if w.anchor == Anchor::Middle));
        assert_eq!(said.count(), 2);
    }
}
