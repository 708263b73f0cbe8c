//! The names of mentions in the line gap, each below the start of its mention, none on another.
//!
//! Owns where a name stands. It must not paint anything else of a mention.

use crate::domain::article::Direction;
use crate::text::document::Document;
use crate::text::geometry::LineRect;
use crate::ui::article_paint::{Canvas, Drawn, is_rtl_at, lane_top};
use crate::ui::galley::Wrap;
use crate::ui::kit::Look;
use crate::ui::review_paint::Tag;
use crate::ui::theme::size;
use egui::{Rect, pos2, vec2};

/// The names under mentions that are painted already, so that none covers another.
#[derive(Default)]
pub(super) struct Names {
    taken: Vec<Rect>,
}

impl Names {
    /// Paints a mention's name below its start, moved along the line where another name stands.
    ///
    /// It hangs below the lowest underline there, so that it never covers one.
    pub(super) fn paint(&mut self, canvas: &Canvas<'_>, document: &Document, drawn: &Drawn<'_>, all: &[Drawn<'_>]) {
        let Some(first) = drawn.rects.first() else { return };
        let kit = canvas.kit;
        let is_chosen = drawn.dotted && drawn.emphasis == 2;
        let weight = if drawn.dotted && !is_chosen { 450.0 } else { 600.0 };
        let look = Look { size: size::MENTION_NAME * canvas.zoom.clamp(0.8, 1.6), weight, colour: drawn.colour };
        // With a number beside the title it is the interface that is read.
        let direction = if is_chosen { kit.locale.direction() } else { Direction::Auto };
        let galley = kit.galley(canvas.ui, &drawn.title, look, direction, Wrap::Truncate(120.0));
        let tag = drawn.dispute.as_ref().map(|look| Tag::new(canvas.ui, kit, canvas.zoom, look, galley.clone()));
        let wanted = tag.as_ref().map_or(galley.size(), |tag| tag.size);
        let rtl = is_rtl_at(document, first);
        let line = canvas.rect(first.text_box());
        // The name's own line box has space above its letters: it moves up by that, to hang close under the line.
        let left = if rtl { line.right() - wanted.x } else { line.left() };
        let lowest = all.iter().filter(|other| lies_over(canvas, other, first, left, left + wanted.x));
        let lane = lowest.map(|other| other.lane).max().unwrap_or(drawn.lane);
        let top = lane_top(canvas, first, lane) + 2.0 - wanted.y * 0.16;
        let at_start = Rect::from_min_size(pos2(left, top), wanted);
        let rect = match &tag {
            Some(_) => self.nearest(canvas, at_start, rtl),
            None => self.onward(at_start, rtl),
        };
        self.taken.push(rect);
        match tag {
            Some(tag) => tag.paint(canvas, rect, rtl, drawn.colour),
            None => {
                canvas.painter.galley(rect.min, galley, drawn.colour);
            }
        }
    }
}

impl Names {
    fn is_free(&self, rect: Rect) -> bool {
        !self.taken.iter().any(|taken| taken.shrink(1.0).intersects(rect))
    }

    /// The first free place along the line.
    fn onward(&self, mut rect: Rect, rtl: bool) -> Rect {
        let step = rect.width().max(8.0) * 0.25 + 2.0;
        for _ in 0..48 {
            if self.is_free(rect) {
                break;
            }
            rect = rect.translate(vec2(if rtl { -step } else { step }, 0.0));
        }
        rect
    }

    /// The free place that is nearest to the start, on either side: a long tag moved onward only would soon be another one's.
    fn nearest(&self, canvas: &Canvas<'_>, start: Rect, rtl: bool) -> Rect {
        const STEP: f32 = 4.0;
        let side = if rtl { -STEP } else { STEP };
        let (left, right) = (canvas.origin.x - 24.0, canvas.origin.x + canvas.width + 24.0);
        let places = (0..80).flat_map(|step| [step as f32 * side, step as f32 * -side]);
        let mut rects = places.map(|dx| start.translate(vec2(dx, 0.0)));
        rects
            .find(|rect| left <= rect.left() && rect.right() <= right && self.is_free(*rect))
            .unwrap_or_else(|| self.onward(start, rtl))
    }
}

/// Whether a mention has an underline between two x on the line of `part`.
fn lies_over(canvas: &Canvas<'_>, drawn: &Drawn<'_>, part: &LineRect, left: f32, right: f32) -> bool {
    drawn.rects.iter().any(|other| {
        let rect = canvas.rect(other.rect);
        (other.rect.top - part.rect.top).abs() < 0.5 && rect.left() < right && left < rect.right()
    })
}
