//! Drawing a picture in the window: marks become shapes, words are laid out as every other text.
//!
//! Owns the way from marks to shapes, and what is said of a spot. It must not know what a picture shows.

use crate::analysis::picture::{Anchor, Area, Mark, Picture, Weight, Words};
use crate::domain::label::LabelSet;
use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look};
use egui::{CornerRadius, CursorIcon, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

/// Shows a picture in the next room there is, at the side where reading starts; the goal of the spot that was pressed.
pub fn show(ui: &mut Ui, kit: &Kit<'_>, picture: &Picture, labels: &LabelSet) -> Option<usize> {
    let size = vec2(picture.width_px, picture.height_px);
    let (room, response) = ui.allocate_exact_size(vec2(ui.available_width().max(size.x), size.y), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &picture.told));
    let origin = kit.start_aligned(room, size).min;
    let seen = ui.clip_rect();
    if !seen.intersects(room) {
        return None;
    }
    for mark in &picture.marks {
        paint(ui, kit, mark, labels, origin, picture.is_rtl);
    }
    let pointer = ui.input(|input| input.pointer.hover_pos());
    let mut pressed = None;
    for (number, spot) in picture.spots.iter().enumerate() {
        let rect = placed(spot.area, origin);
        let is_under_pointer = pointer.is_some_and(|at| rect.contains(at));
        if !rect.intersects(seen) || (spot.goal.is_none() && !is_under_pointer) {
            continue;
        }
        let sense = if spot.goal.is_some() { Sense::click() } else { Sense::hover() };
        let response = ui.interact(rect, response.id.with(number), sense);
        if spot.goal.is_some() {
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spot.words));
            kit.focus_ring(ui, &response, rect.shrink(2.0), CornerRadius::same(3));
        }
        if response.clicked() {
            pressed = spot.goal;
        }
        let response = if spot.goal.is_some() { response.on_hover_cursor(CursorIcon::PointingHand) } else { response };
        if !spot.words.is_empty() {
            if response.hovered() && spot.goal.is_some() {
                let stroke = Stroke::new(1.0, kit.palette.soft_ink);
                ui.painter().rect_stroke(rect.shrink(1.0), CornerRadius::same(3), stroke, egui::StrokeKind::Inside);
            }
            let _told = kit.hint(response, &spot.words);
        }
    }
    pressed
}

fn placed(area: Area, origin: Pos2) -> Rect {
    Rect::from_min_size(pos2(origin.x + area.x_px, origin.y + area.y_px), vec2(area.width_px, area.height_px))
}

fn paint(ui: &Ui, kit: &Kit<'_>, mark: &Mark, labels: &LabelSet, origin: Pos2, is_rtl: bool) {
    let colour = |tint| kit.palette.tint(tint, labels);
    let at = |(x, y): (f32, f32)| pos2(origin.x + x, origin.y + y);
    match mark {
        Mark::Rect { area, radius_px, tint } => {
            let radius = CornerRadius::same(radius_px.round() as u8);
            ui.painter().rect_filled(placed(*area, origin), radius, colour(*tint));
        }
        Mark::Line { points, width_px, tint } => {
            let points = points.iter().map(|point| at(*point)).collect();
            ui.painter().add(Shape::line(points, Stroke::new(*width_px, colour(*tint))));
        }
        Mark::Disc { middle, radius_px, tint } => {
            ui.painter().circle_filled(at(*middle), *radius_px, colour(*tint));
        }
        Mark::Words(words) => paint_words(ui, kit, words, labels, origin, is_rtl),
    }
}

fn paint_words(ui: &Ui, kit: &Kit<'_>, words: &Words, labels: &LabelSet, origin: Pos2, is_rtl: bool) {
    let middle_y = origin.y + words.y_px;
    if words.text.is_empty() || !ui.clip_rect().y_range().expand(words.size_px).contains(middle_y) {
        return;
    }
    let weight = if words.weight == Weight::Bold { 650.0 } else { 400.0 };
    let look = Look { size: words.size_px, weight, colour: kit.palette.tint(words.tint, labels) };
    let direction = kit.locale.direction();
    let mut galley = kit.galley(ui, &words.text, look, direction, Wrap::Extend);
    if galley.size().x > words.most_px {
        galley = kit.galley(ui, &words.text, look, direction, Wrap::Truncate(words.most_px));
    }
    let size = galley.size();
    let x = origin.x + words.x_px;
    let left = match (words.anchor, is_rtl) {
        (Anchor::Middle, _) => x - size.x / 2.0,
        (Anchor::Start, false) | (Anchor::End, true) => x,
        (Anchor::Start, true) | (Anchor::End, false) => x - size.x,
    };
    ui.painter().galley(pos2(left, middle_y - size.y / 2.0), galley, look.colour);
}
