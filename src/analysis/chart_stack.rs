//! Stacked bars: how a whole divides, a row for each whole, all of one length.
//!
//! Owns how the parts stand. It must not know what is counted.

use crate::analysis::chart_frame::{BAR_PX, GAP_PX, HEAD_PX, ROW_PX, SMALL_PX, names_px, small, text};
use crate::analysis::picture::{Anchor, Area, Picture, Tint, Weight, Words, estimated_width_px};

/// What the parts of all rows are.
#[derive(Clone, Debug, PartialEq)]
pub struct StackPart {
    /// Its name; it stands once, above, in its own colour.
    pub name: String,
    /// The colour.
    pub tint: Tint,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StackRow {
    /// Its name.
    pub name: String,
    /// How much of it each part is, and how that is written.
    pub values: Vec<(u64, String)>,
}

/// Rows of stacked bars.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StackChart {
    /// What it shows, for those who do not see it.
    pub told: String,
    /// The parts.
    pub parts: Vec<StackPart>,
    /// The rows.
    pub rows: Vec<StackRow>,
}

/// The chart, `width_px` wide, for reading from the left.
#[must_use]
pub fn stack(chart: &StackChart, width_px: f32) -> Picture {
    let mut picture = Picture::new(width_px, HEAD_PX + chart.rows.len() as f32 * ROW_PX, chart.told.clone());
    let names_px = names_px(chart.rows.iter().map(|row| row.name.as_str()), width_px, 0.3) + GAP_PX;
    let bar_px = width_px - names_px;
    let mut x_px = names_px;
    for part in &chart.parts {
        let key_px = estimated_width_px(&part.name, SMALL_PX) + 2.0 * GAP_PX;
        if x_px + key_px > width_px && x_px > names_px {
            break;
        }
        picture.rounded(Area::new(x_px, HEAD_PX / 2.0 - 6.0, 8.0, 8.0), 2.0, part.tint);
        let words = small(x_px + 13.0, HEAD_PX / 2.0 - 2.0, Anchor::Start, key_px, part.name.clone());
        picture.words(Words { tint: Tint::Ink, ..words });
        x_px += key_px + 13.0;
    }
    for (number, row) in chart.rows.iter().enumerate() {
        let top_px = HEAD_PX + number as f32 * ROW_PX;
        let middle_px = top_px + ROW_PX / 2.0;
        picture.words(text(0.0, middle_px, Anchor::Start, names_px - GAP_PX, row.name.clone()));
        let whole: u64 = row.values.iter().map(|(value, _)| value).sum();
        let mut x_px = names_px;
        for (part, (value, said)) in chart.parts.iter().zip(&row.values).filter(|(_, (value, _))| *value > 0) {
            let length_px = (*value as f64 / whole.max(1) as f64) as f32 * bar_px;
            let area = Area::new(x_px, middle_px - BAR_PX / 2.0, (length_px - 1.0).max(1.0), BAR_PX);
            picture.rounded(area, 2.0, part.tint);
            if estimated_width_px(said, SMALL_PX) + GAP_PX < length_px {
                let words = small(x_px + 5.0, middle_px, Anchor::Start, length_px, said.clone());
                let tint = if part.tint == Tint::Ground { Tint::Ink } else { Tint::Paper };
                picture.words(Words { tint, weight: Weight::Bold, ..words });
            }
            picture.spot(Area::new(x_px, top_px, length_px, ROW_PX), format!("{}: {said}", part.name), None);
            x_px += length_px;
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::picture::Mark;

    /// The values of a row; the widths of its parts, rounded, the gap of a pixel left out.
    fn check(values: &[u64], expected: &[i32]) {
        let part = StackPart { name: "a".into(), tint: Tint::Good };
        let values: Vec<(u64, String)> = values.iter().map(|value| (*value, value.to_string())).collect();
        let chart = StackChart {
            parts: vec![part; values.len()],
            rows: vec![StackRow { name: String::new(), values }],
            ..StackChart::default()
        };
        let picture = stack(&chart, 416.0);
        let bars = picture.marks.iter().filter_map(|mark| match mark {
            Mark::Rect { area, .. } if area.height_px == BAR_PX => Some((area.width_px + 1.0).round() as i32),
            _ => None,
        });
        assert_eq!(bars.collect::<Vec<i32>>(), expected);
    }

    #[test]
    fn parts_fill_the_bar() {
        check(&[], &[]);
        check(&[0, 0], &[]);
        check(&[1, 3], &[100, 300]);
        check(&[1, 0, 1], &[200, 200]);
        check(&[1, 1_000_000], &[2, 400]);
    }
}
