//! What charts have in common: sizes, the room for names, round numbers on an axis.
//!
//! Owns the measures. It must not draw a chart.

use crate::analysis::picture::{Anchor, Picture, Tint, Weight, Words, estimated_width_px};

/// Letters of names and numbers.
pub(crate) const TEXT_PX: f32 = 13.0;
/// Letters of axes and headings of columns.
pub(crate) const SMALL_PX: f32 = 11.5;
/// From one row to the next.
pub(crate) const ROW_PX: f32 = 30.0;
/// The height of a bar.
pub(crate) const BAR_PX: f32 = 16.0;
/// Between things that belong together.
pub(crate) const GAP_PX: f32 = 8.0;
/// The line of headings above rows.
pub(crate) const HEAD_PX: f32 = 26.0;

/// The room that a column of names takes: as wide as its widest, but no more than `part` of the picture.
pub(crate) fn names_px<'a>(names: impl IntoIterator<Item = &'a str>, width_px: f32, part: f32) -> f32 {
    let widest = names.into_iter().map(|name| estimated_width_px(name, TEXT_PX)).fold(0.0, f32::max);
    (widest + GAP_PX).min(width_px * part)
}

/// Words of the usual size in ink.
pub(crate) fn text(x_px: f32, y_px: f32, anchor: Anchor, most_px: f32, text: impl Into<String>) -> Words {
    let text = text.into();
    Words { x_px, y_px, anchor, size_px: TEXT_PX, weight: Weight::Regular, tint: Tint::Ink, most_px, text }
}

/// Small words in soft ink.
pub(crate) fn small(x_px: f32, y_px: f32, anchor: Anchor, most_px: f32, words: impl Into<String>) -> Words {
    Words { size_px: SMALL_PX, tint: Tint::Soft, ..text(x_px, y_px, anchor, most_px, words) }
}

/// A picture that says in words that there is nothing to draw.
#[must_use]
pub fn empty(words: &str, width_px: f32) -> Picture {
    let mut picture = Picture::new(width_px, ROW_PX, words);
    let said = Words { tint: Tint::Soft, ..text(0.0, ROW_PX / 2.0, Anchor::Start, width_px, words) };
    picture.words(said);
    picture
}

/// Round numbers from 0 to at least `most`, some `count` steps of 1, 2 or 5 times a power of ten, whole ones only.
///
/// ```
/// use barchasb::analysis::chart_frame::ticks;
/// assert_eq!(ticks(7.0, 4), [0.0, 2.0, 4.0, 6.0, 8.0]);
/// assert_eq!(ticks(0.0, 4), [0.0, 1.0]);
/// ```
#[must_use]
pub fn ticks(most: f64, count: u32) -> Vec<f64> {
    let rough = (most / f64::from(count.max(1))).max(1.0);
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|part| part * power).find(|step| *step >= rough);
    let step = step.unwrap_or(10.0 * power);
    let steps = (most / step).ceil().max(1.0) as u32;
    (0..=steps).map(|at| f64::from(at) * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(most: f64, count: u32, expected: &[f64]) {
        assert_eq!(ticks(most, count), expected, "{most}");
    }

    #[test]
    fn ticks_are_round() {
        check(1.0, 4, &[0.0, 1.0]);
        check(3.0, 4, &[0.0, 1.0, 2.0, 3.0]);
        check(10.0, 4, &[0.0, 5.0, 10.0]);
        check(12_345.0, 4, &[0.0, 5000.0, 10_000.0, 15_000.0]);
    }

    #[test]
    fn names_take_no_more_than_their_part() {
        assert!(names_px(["یک نام بسیار بسیار بسیار دراز"], 200.0, 0.4) <= 80.0);
        assert!(names_px(["مهر"], 600.0, 0.4) < 40.0);
        assert!(names_px([], 600.0, 0.4) > 0.0);
    }
}
