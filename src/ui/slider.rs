//! The slider: a number from 0 to 100 on a track that runs in reading direction.
//!
//! Owns how it is dragged and stepped. It must not know what the number is for.

use crate::ui::kit::Kit;
use crate::ui::theme::mixed;
use egui::accesskit::Action;
use egui::{CornerRadius, EventFilter, Id, Key, Modifiers, Rect, Sense, Ui, Vec2, WidgetInfo, vec2};

/// The height of the slider, in points.
const HEIGHT: f32 = 20.0;
/// The radius of the handle, in points.
const HANDLE: f32 = 7.0;
/// By how much a key moves the handle.
const STEP: i32 = 5;

/// A number that is being set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slider {
    /// What the handle shows while it is dragged.
    dragged: Option<u8>,
}

impl Slider {
    /// What the handle shows while it is dragged; `None` at rest.
    #[must_use]
    pub fn dragged(&self) -> Option<u8> {
        self.dragged
    }

    /// Shows the slider as wide as its place, with a tick at each of `marks`; the number it was set to, once it is let go.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        name: &str,
        value: u8,
        marks: impl Iterator<Item = u8>,
    ) -> Option<u8> {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
        let id = Id::unique("slider").with(name);
        let response = ui.interact(rect, id, Sense::click_and_drag());
        let track = Rect::from_center_size(rect.center(), vec2(rect.width() - HANDLE * 2.0, 4.0));
        let mut set = None;
        if let Some(pointer) = response.interact_pointer_pos() {
            let along = ((pointer.x - track.left()) / track.width().max(1.0)).clamp(0.0, 1.0);
            let share = if kit.rtl() { 1.0 - along } else { along };
            let pointed = (share * 100.0).round() as u8;
            if response.dragged() {
                self.dragged = Some(pointed);
            } else if response.clicked() {
                set = Some(pointed);
            }
        }
        if response.drag_stopped() {
            set = self.dragged;
        }
        if !response.dragged() {
            self.dragged = None;
        }
        if response.has_focus() {
            let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        }
        let steps = steps(ui, kit, id, response.has_focus());
        if steps != 0 {
            set = u8::try_from((i32::from(value) + steps * STEP).clamp(0, 100)).ok();
        }
        let shown = set.or(self.dragged).unwrap_or(value);
        response.widget_info(|| WidgetInfo::slider(true, f64::from(shown), name));
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_min_numeric_value(0.0);
            node.set_max_numeric_value(100.0);
            node.add_action(Action::Increment);
            node.add_action(Action::Decrement);
        });
        self.paint(ui, kit, &response, track, shown, marks);
        set.filter(|set| *set != value)
    }

    fn paint(
        self,
        ui: &Ui,
        kit: &Kit<'_>,
        response: &egui::Response,
        track: Rect,
        value: u8,
        marks: impl Iterator<Item = u8>,
    ) {
        let palette = &kit.palette;
        let at = |value: u8| {
            let along = track.width() * f32::from(value.min(100)) / 100.0;
            if kit.rtl() { track.right() - along } else { track.left() + along }
        };
        let radius = CornerRadius::same(2);
        ui.painter().rect_filled(track, radius, mixed(palette.window, palette.ink, 0.14));
        // What reaches the threshold lies after the handle.
        let end = if kit.rtl() { track.left() } else { track.right() };
        let reached = Rect::from_x_y_ranges(at(value).min(end)..=at(value).max(end), track.y_range());
        ui.painter().rect_filled(reached, radius, palette.accent);
        for mark in marks {
            let colour = if mark >= value { palette.accent } else { palette.soft_ink };
            let tick = Rect::from_center_size(egui::pos2(at(mark), track.top() - 4.5), Vec2::new(1.5, 4.0));
            ui.painter().rect_filled(tick, CornerRadius::ZERO, colour);
        }
        let centre = egui::pos2(at(value), track.center().y);
        let hot = response.hovered() || response.dragged() || response.has_focus();
        ui.painter().circle(centre, HANDLE, palette.paper, egui::Stroke::new(2.0, palette.accent));
        ui.painter().circle_filled(centre, if hot { 4.0 } else { 3.0 }, palette.accent);
        let around = Rect::from_center_size(centre, Vec2::splat(HANDLE * 2.0 + 2.0));
        kit.focus_ring(ui, response, around, CornerRadius::same(8));
    }
}

/// How many steps up (or, negative, down) keys and a screen reader ask for.
fn steps(ui: &Ui, kit: &Kit<'_>, id: Id, has_focus: bool) -> i32 {
    let asked = ui.input(|input| {
        let count = |action| i32::try_from(input.num_accesskit_action_requests(id, action)).unwrap_or_default();
        count(Action::Increment) - count(Action::Decrement)
    });
    if !has_focus {
        return asked;
    }
    let (up, down) = if kit.rtl() { (Key::ArrowLeft, Key::ArrowRight) } else { (Key::ArrowRight, Key::ArrowLeft) };
    let pressed = |key| i32::from(ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)));
    asked + pressed(up) - pressed(down)
}
