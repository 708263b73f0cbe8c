//! The article's scroll bar, with a tick in its label's colour for every place that has a mention, and one for every open dispute.
//!
//! Owns its picture and its drag. It must not know what scrolls.

use crate::ui::kit::Kit;
use egui::{Color32, CornerRadius, Id, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

/// The shortest thumb that can be taken hold of.
const THUMB_LEAST: f32 = 28.0;

/// What is marked at a part of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// A mention, in its label's colour: a faint line across.
    Mention(Color32),
    /// An open dispute: a diamond that stands out on both sides.
    Dispute(Color32),
}

/// Half the diagonal of a dispute's diamond, in points.
const DIAMOND: f32 = 3.5;

/// Shows the bar; gives the fraction to go to when it was dragged or pressed. `tick_at` tells the tick for a part of the whole.
pub fn show(
    ui: &mut Ui,
    kit: &Kit<'_>,
    rect: Rect,
    fraction: f64,
    shown: f64,
    tick_at: &dyn Fn(f64, f64) -> Option<Tick>,
) -> Option<f64> {
    let response = ui.interact(rect.expand2(vec2(3.0, 0.0)), Id::unique("article-scroll-bar"), Sense::click_and_drag());
    let painter = ui.painter();
    let mut disputes = Vec::new();
    let rows = rect.height().max(1.0) as usize / 3;
    for row in 0..rows {
        let part = |row: usize| row as f64 / rows as f64;
        let top = rect.top() + 3.0 * row as f32;
        match tick_at(part(row), part(row + 1)) {
            Some(Tick::Mention(colour)) => {
                let tick = Rect::from_min_size(pos2(rect.left() + 1.0, top), vec2(rect.width() - 2.0, 2.0));
                painter.rect_filled(tick, CornerRadius::ZERO, colour.gamma_multiply(0.55));
            }
            Some(Tick::Dispute(colour)) => disputes.push((pos2(rect.center().x, top + 1.0), colour)),
            None => {}
        }
    }
    let height = (rect.height() * shown as f32).clamp(THUMB_LEAST.min(rect.height()), rect.height());
    let room = rect.height() - height;
    let top = rect.top() + room * fraction as f32;
    let thumb = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), height));
    let strength = if response.hovered() || response.dragged() { 0.45 } else { 0.22 };
    painter.rect_filled(thumb, CornerRadius::same(4), kit.palette.ink.gamma_multiply(strength));
    // Above the thumb: what is left to do is to be seen wherever it stands.
    for (at, colour) in disputes {
        let around = [vec2(0.0, -DIAMOND), vec2(DIAMOND, 0.0), vec2(0.0, DIAMOND), vec2(-DIAMOND, 0.0)];
        let diamond = around.map(|corner| at + corner).to_vec();
        painter.add(Shape::convex_polygon(diamond, colour, Stroke::new(1.0, kit.palette.window)));
    }
    if (response.dragged() || response.clicked() || response.drag_started()) && room > 0.0 {
        let at = response.interact_pointer_pos()?;
        return Some(f64::from((at.y - rect.top() - height / 2.0) / room).clamp(0.0, 1.0));
    }
    None
}
