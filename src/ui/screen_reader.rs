//! What a screen reader is told of an editable text: its lines as text runs, where their characters are, the caret.
//!
//! egui 0.37 tells this for its own widgets alone and calls every text left to right; here the direction is the
//! paragraph's. Positions count along the direction, as AccessKit defines them: from the right in Persian.

use crate::domain::offset::ByteOffset;
use crate::text::engine::Paragraph;
use crate::text::field_history::Selection;
use crate::ui::galley::Bridge;
use crate::ui::rows::extent_px;
use egui::emath::TSTransform;
use egui::text::{CCursor, CCursorRange, CharIndex};
use egui::text_selection::accesskit_text::update_accesskit_for_text_widget;
use egui::{Id, Pos2, accesskit, vec2};

/// egui cuts a line into runs of so many characters; the number is its own and not public.
const CHARS_PER_RUN: usize = 255;

/// Tells the text runs of the widget `id`: `text`, laid out as `paragraph` with its left top corner at `origin` (points).
pub fn tell_text(
    ctx: &egui::Context,
    bridge: &Bridge,
    id: Id,
    (paragraph, text): (&Paragraph, &str),
    selection: Option<Selection>,
    origin: Pos2,
) {
    if ctx.accesskit_node_builder(id, |_| ()).is_none() {
        return;
    }
    let Some(galley) = bridge.described(ctx, paragraph, text) else { return };
    let index = |at: ByteOffset| CharIndex(text.get(..at.get()).unwrap_or_default().chars().count());
    let range = selection.map(|selection| CCursorRange {
        primary: CCursor::new(index(selection.focus.at)),
        secondary: CCursor::new(index(selection.anchor.at)),
        h_pos: None,
    });
    let left = extent_px(paragraph).0 / galley.pixels_per_point;
    let place = TSTransform::from_translation(origin.to_vec2() + vec2(left, 0.0));
    update_accesskit_for_text_widget(ctx, id, range, place, &galley);
    if !paragraph.is_rtl() {
        return;
    }
    for (row_index, row) in galley.rows.iter().enumerate() {
        for (run_index, glyphs) in row.glyphs.chunks(CHARS_PER_RUN).enumerate() {
            let start = glyphs.first().map_or(0.0, |glyph| glyph.max_x());
            let mut positions: Vec<f32> = glyphs.iter().map(|glyph| start - glyph.max_x()).collect();
            if row.ends_with_newline && (run_index + 1) * CHARS_PER_RUN > row.glyphs.len() {
                positions.push(start - glyphs.last().map_or(0.0, |glyph| glyph.pos.x));
            }
            ctx.accesskit_node_builder(id.with(row_index).with(run_index), |node| {
                node.set_text_direction(accesskit::TextDirection::RightToLeft);
                node.set_character_positions(positions);
            });
        }
    }
}
