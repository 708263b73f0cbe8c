//! Heat maps: a number in each cell of a table, and a colour behind it.
//!
//! Owns how cells stand. It must not know what is measured.

use crate::analysis::chart_frame::{GAP_PX, SMALL_PX, TEXT_PX, names_px, small, text};
use crate::analysis::picture::{Anchor, Area, Picture, Tint, Words, estimated_width_px};

/// The narrowest and the widest cell.
const CELL_PX: (f32, f32) = (34.0, 76.0);
/// The height of a cell.
const CELL_HEIGHT_PX: f32 = 32.0;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatCell {
    /// The colour behind the number.
    pub tint: Tint,
    /// The number in words of the language; empty for nothing.
    pub said: String,
    /// What is said when it is pointed at.
    pub hint: String,
    /// What it leads to.
    pub goal: Option<usize>,
}

/// A table of cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatMap {
    /// What it shows, for those who do not see it.
    pub told: String,
    /// What the rows are; empty for nothing.
    pub row_heading: String,
    /// What the columns are; empty for nothing.
    pub column_heading: String,
    /// The names of the rows.
    pub rows: Vec<String>,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The cells, row by row.
    pub cells: Vec<Vec<HeatCell>>,
}

/// The map, at most `width_px` wide, for reading from the left.
///
/// ```
/// use barchasb::analysis::chart_heat::{HeatCell, HeatMap, heat_map};
/// use barchasb::analysis::picture::Tint;
/// let cell = HeatCell { tint: Tint::Heat(0.5), said: "50".into(), hint: "50 %".into(), goal: Some(7) };
/// let map = HeatMap { rows: vec!["a".into()], columns: vec!["b".into()], cells: vec![vec![cell]], ..HeatMap::default() };
/// assert_eq!(heat_map(&map, 300.0).spots[0].goal, Some(7));
/// ```
#[must_use]
pub fn heat_map(map: &HeatMap, width_px: f32) -> Picture {
    let count = map.columns.len().max(1) as f32;
    let named = map.rows.iter().chain([&map.row_heading]).map(String::as_str);
    let names_px = names_px(named, width_px, 0.35) + GAP_PX;
    let widest = map.columns.iter().map(|name| estimated_width_px(name, SMALL_PX)).fold(0.0, f32::max) + GAP_PX;
    let room_px = ((width_px - names_px) / count).min(CELL_PX.1);
    let cell_px = widest.max(CELL_PX.0).min(room_px).max(room_px.min(CELL_PX.0));
    let heading_px = if map.column_heading.is_empty() { 0.0 } else { 22.0 };
    let head_px = heading_px + 22.0;
    let height_px = head_px + map.rows.len() as f32 * CELL_HEIGHT_PX;
    let mut picture = Picture::new((names_px + count * cell_px).min(width_px), height_px, map.told.clone());
    if heading_px > 0.0 {
        let most_px = picture.width_px - names_px;
        let words = small(names_px, heading_px / 2.0, Anchor::Start, most_px, map.column_heading.clone());
        picture.words(words);
    }
    if !map.row_heading.is_empty() {
        let words = small(0.0, head_px - 11.0, Anchor::Start, names_px - GAP_PX, map.row_heading.clone());
        picture.words(words);
    }
    for (place, name) in map.columns.iter().enumerate() {
        let left_px = names_px + place as f32 * cell_px;
        let words = small(left_px + cell_px / 2.0, head_px - 11.0, Anchor::Middle, cell_px - 4.0, name.clone());
        picture.words(Words { tint: Tint::Ink, ..words });
        if estimated_width_px(name, SMALL_PX) > cell_px - 4.0 {
            picture.spot(Area::new(left_px, heading_px, cell_px, 22.0), name.clone(), None);
        }
    }
    for (number, (name, cells)) in map.rows.iter().zip(&map.cells).enumerate() {
        let top_px = head_px + number as f32 * CELL_HEIGHT_PX;
        let middle_px = top_px + CELL_HEIGHT_PX / 2.0;
        picture.words(text(0.0, middle_px, Anchor::Start, names_px - GAP_PX, name.clone()));
        if estimated_width_px(name, TEXT_PX) > names_px - GAP_PX {
            picture.spot(Area::new(0.0, top_px, names_px, CELL_HEIGHT_PX), name.clone(), None);
        }
        for (place, cell) in cells.iter().enumerate() {
            let area = Area::new(names_px + place as f32 * cell_px, top_px, cell_px, CELL_HEIGHT_PX);
            let inner = Area::new(area.x_px + 1.0, area.y_px + 1.0, area.width_px - 2.0, area.height_px - 2.0);
            picture.rounded(inner, 3.0, cell.tint);
            if !cell.said.is_empty() {
                let middle = area.x_px + cell_px / 2.0;
                let words = text(middle, middle_px, Anchor::Middle, cell_px - 4.0, cell.said.clone());
                picture.words(Words { size_px: SMALL_PX + 0.5, ..words });
            }
            if !cell.hint.is_empty() {
                picture.spot(area, cell.hint.clone(), cell.goal);
            }
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many columns, with names of how many letters, in what width; how wide the picture is.
    fn check(columns: usize, letters: usize, width_px: f32, expected: i32) {
        let map = HeatMap {
            rows: vec!["ab".into()],
            columns: vec!["n".repeat(letters); columns],
            cells: vec![vec![
                HeatCell { tint: Tint::Heat(1.0), said: "1".into(), hint: "1".into(), goal: None };
                columns
            ]],
            ..HeatMap::default()
        };
        let picture = heat_map(&map, width_px);
        assert_eq!(picture.width_px.round() as i32, expected);
        assert!(picture.spots.iter().all(|spot| spot.area.x_px + spot.area.width_px <= width_px + 0.1));
    }

    #[test]
    fn cells_are_as_wide_as_their_names_where_there_is_room() {
        check(2, 1, 600.0, 30 + 68);
        check(2, 8, 600.0, 30 + 118);
        check(2, 80, 600.0, 30 + 152);
        check(12, 8, 300.0, 300);
    }
}
