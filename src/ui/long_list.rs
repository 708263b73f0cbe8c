//! A long list: an exact place in content of any height, of which only what is in view is laid out.
//!
//! Owns the scrolling, in f64: a million rows are 58 million points high, where f32 knows only every fourth. It must not
//! know what the rows are.

use crate::ui::kit::Kit;
use crate::ui::theme::mixed;
use egui::{CornerRadius, Id, Rangef, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use std::ops::Range;

/// Room for the scroll bar at the side where reading ends, in points.
pub const BAR_WIDTH: f32 = 10.0;
/// A handle is no shorter, in points.
const SHORTEST_HANDLE: f32 = 28.0;

/// Where a list stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LongList {
    /// From the top of the content to the top of the view, in points.
    offset: f64,
    /// What is to come into view, from top to bottom, in points.
    wanted: Option<(f64, f64)>,
}

/// What is in view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Where rows stand: the view without the scroll bar.
    pub rect: Rect,
    offset: f64,
}

impl View {
    /// Where a height in the content (points) is on the screen.
    #[must_use]
    pub fn y(&self, content_y: f64) -> f32 {
        self.rect.top() + (content_y - self.offset) as f32
    }

    /// The heights of the content (points) that are in view.
    #[must_use]
    pub fn heights(&self) -> Range<f64> {
        self.offset..self.offset + f64::from(self.rect.height())
    }

    /// Which rows of one height (points) are in view, of a stack that starts at `top` in the content.
    #[must_use]
    pub fn rows(&self, top: f64, row_height: f64, count: u64) -> Range<u64> {
        let place = |y: f64| ((y / row_height).max(0.0)) as u64;
        let from = self.offset - top;
        let end = place((from + f64::from(self.rect.height())).max(0.0) + row_height).min(count);
        place(from.floor()).min(end)..end
    }
}

impl LongList {
    /// Back to the top.
    pub fn to_top(&mut self) {
        self.offset = 0.0;
        self.wanted = None;
    }

    /// Brings these heights of the content (points) into view, by the shortest way, when it is shown next.
    pub fn reveal(&mut self, top: f64, bottom: f64) {
        self.wanted = Some((top, bottom));
    }

    /// The offset that `height` of view and `content` allow, with what was wanted in view.
    fn settle(&mut self, height: f64, content: f64) {
        if let Some((top, bottom)) = self.wanted.take() {
            self.offset = self.offset.min(top).max(bottom - height);
        }
        self.offset = self.offset.clamp(0.0, (content - height).max(0.0));
    }

    /// Shows `content` points of height in all the room there is; `add` draws what is in view.
    pub fn show<R>(&mut self, ui: &mut Ui, kit: &Kit<'_>, content: f64, add: impl FnOnce(&mut Ui, View) -> R) -> R {
        let rect = ui.available_rect_before_wrap();
        let response = ui.allocate_rect(rect, Sense::hover());
        let height = f64::from(rect.height());
        if response.contains_pointer() {
            self.offset -= f64::from(ui.input(|input| input.smooth_scroll_delta().y));
        }
        self.settle(height, content);
        if content > height {
            self.bar(ui, kit, rect, response.id.with("bar"), content);
        }
        // Whole physical pixels: text that is scrolled stays sharp.
        let pixels = f64::from(ui.pixels_per_point());
        let offset = (self.offset * pixels).round() / pixels;
        let rows = Rect::from_x_y_ranges(rows_x(kit, rect), rect.y_range());
        let mut inner = ui.new_child(UiBuilder::new().max_rect(rows).id_salt("rows"));
        inner.shrink_clip_rect(rect);
        add(&mut inner, View { rect: rows, offset })
    }

    fn bar(&mut self, ui: &Ui, kit: &Kit<'_>, rect: Rect, id: Id, content: f64) {
        let groove = kit.end_aligned(rect, vec2(BAR_WIDTH, rect.height())).shrink2(vec2(2.0, 2.0));
        let height = f64::from(rect.height());
        let length = (groove.height() * (height / content) as f32).max(SHORTEST_HANDLE).min(groove.height());
        let way = f64::from(groove.height() - length);
        let beyond = content - height;
        let response = ui.interact(groove, id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::new(Role::ScrollBar));
        let handle_top = groove.top() + (self.offset / beyond * way) as f32;
        if response.dragged() && way > 0.0 {
            self.offset += f64::from(response.drag_delta().y) * beyond / way;
        } else if let Some(at) = response.interact_pointer_pos().filter(|_| response.clicked())
            && !Rangef::new(handle_top, handle_top + length).contains(at.y)
        {
            let centre = f64::from(at.y - groove.top() - length / 2.0);
            self.offset = centre / way.max(1.0) * beyond;
        }
        self.offset = self.offset.clamp(0.0, beyond);
        let top = groove.top() + (self.offset / beyond * way) as f32;
        let hot = response.hovered() || response.dragged();
        let width = if hot { groove.width() } else { 3.0 };
        let x = groove.center().x;
        let handle = Rect::from_min_max(pos2(x - width / 2.0, top), pos2(x + width / 2.0, top + length));
        let colour = mixed(kit.palette.window, kit.palette.soft_ink, if hot { 0.7 } else { 0.4 });
        ui.painter().rect_filled(handle, CornerRadius::same(3), colour);
    }
}

/// From side to side of the rows: the scroll bar stands beside them.
fn rows_x(kit: &Kit<'_>, rect: Rect) -> Rangef {
    if kit.rtl() {
        Rangef::new(rect.left() + BAR_WIDTH, rect.right())
    } else {
        Rangef::new(rect.left(), rect.right() - BAR_WIDTH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(offset: f64, count: u64, expected: Range<u64>) {
        let view = View { rect: Rect::from_min_size(pos2(0.0, 100.0), vec2(200.0, 580.0)), offset };
        assert_eq!(view.rows(0.0, 58.0, count), expected);
    }

    #[test]
    fn only_rows_in_view_are_laid_out() {
        check(0.0, 1_000_000, 0..11);
        check(29.0, 1_000_000, 0..11);
        check(58.0, 1_000_000, 1..12);
        check(57_999_420.0, 1_000_000, 999_990..1_000_000);
        check(0.0, 3, 0..3);
        check(0.0, 0, 0..0);
    }

    #[test]
    fn a_place_far_down_is_exact() {
        let view = View { rect: Rect::from_min_size(pos2(0.0, 100.0), vec2(200.0, 580.0)), offset: 57_999_000.5 };
        assert_eq!(view.y(57_999_001.0), 100.5);
    }

    #[test]
    fn revealing_goes_the_shortest_way() {
        let settled = |offset, wanted| {
            let mut list = LongList { offset, wanted: Some(wanted) };
            list.settle(100.0, 1000.0);
            list.offset
        };
        assert_eq!(settled(500.0, (520.0, 550.0)), 500.0);
        assert_eq!(settled(500.0, (400.0, 430.0)), 400.0);
        assert_eq!(settled(500.0, (700.0, 730.0)), 630.0);
        assert_eq!(settled(0.0, (990.0, 1020.0)), 900.0);
    }
}
