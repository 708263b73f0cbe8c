//! Toasts: what has just been said, in strips that float near the bottom of the paper and go by themselves.
//!
//! Owns how long each stays. It must not take the keyboard, nor cover the line that is being worked on.

use crate::session::command::{Command, ViewCommand};
use crate::session::state::{State, Toast};
use crate::ui::galley::Wrap;
use crate::ui::icons::{self, Icon};
use crate::ui::kit::{Kit, Look};
use crate::ui::theme::{mixed, readable_on, size};
use egui::{
    Area, CornerRadius, Galley, Id, Order, Pos2, Rangef, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// How long a toast stays, in seconds.
const STAY_SECONDS: f64 = 4.0;
/// How long one stays that tells of a fault or can be answered, in seconds.
const STAY_LONG_SECONDS: f64 = 8.0;
/// How long it takes to come, in seconds.
const COMING_SECONDS: f64 = 0.14;
/// Between strips, and from the bottom of the paper, in points.
pub const GAP: f32 = 8.0;
/// From the bottom edge, in points.
pub const BELOW: f32 = 22.0;
/// A strip is no wider, in points.
const WIDEST: f32 = 640.0;
/// Around the words of a strip, in points.
const PAD: egui::Vec2 = vec2(18.0, 9.0);

/// The strips that are shown.
#[derive(Debug, Default)]
pub struct Toasts {
    shown: Vec<Shown>,
    /// When the strips were drawn last, in seconds of the window's clock.
    drawn: f64,
    /// Whether the pointer was over one then.
    held: bool,
}

/// How a toast stands in time.
#[derive(Clone, Copy, Debug)]
struct Shown {
    id: u64,
    /// Since it came, in seconds.
    age: f64,
    /// Until it goes, in seconds.
    left: f64,
}

impl Toasts {
    /// Draws the strips over the room of `ui` without taking any of it, off the heights `avoid_y` where that can be.
    pub fn show(
        &mut self,
        ui: &Ui,
        kit: &Kit<'_>,
        state: &State,
        avoid_y: Option<Rangef>,
        commands: &mut Vec<Command>,
    ) {
        let now = ui.input(|input| input.time);
        self.pass_time(&state.toasts, now);
        if state.toasts.is_empty() {
            self.held = false;
            return;
        }
        let over = ui.max_rect();
        let room = (over.width() - 32.0).clamp(120.0, WIDEST);
        let strips: Vec<Strip<'_>> = state.toasts.iter().map(|toast| strip(ui, kit, toast, room)).collect();
        let height = strips.iter().map(|strip| strip.height + GAP).sum::<f32>() - GAP;
        let mut top = top_of(over.y_range(), height, avoid_y);
        self.held = false;
        for strip in &strips {
            let Some(shown) = self.shown.iter().find(|shown| shown.id == strip.toast.id) else { continue };
            let come = (shown.age / COMING_SECONDS).clamp(0.0, 1.0) as f32;
            if come < 1.0 {
                ui.ctx().request_repaint();
            }
            let at = pos2(over.center().x - strip.width / 2.0, top + (1.0 - come) * 6.0);
            self.held |= float(ui, kit, strip, at, come, commands);
            top += strip.height + GAP;
        }
        for gone in self.shown.iter().filter(|shown| shown.left <= 0.0) {
            commands.push(Command::View(ViewCommand::ToastGone(gone.id)));
        }
        if !self.held
            && let Some(next) = self.shown.iter().map(|shown| shown.left).min_by(f64::total_cmp)
        {
            ui.ctx().request_repaint_after_secs(next.max(0.0) as f32 + 0.01);
        }
    }

    /// Lets the time since the last drawing pass for all strips, unless the pointer was over one.
    fn pass_time(&mut self, toasts: &[Toast], now: f64) {
        let passed = (now - self.drawn).max(0.0);
        self.drawn = now;
        self.shown.retain(|shown| toasts.iter().any(|toast| toast.id == shown.id));
        for shown in &mut self.shown {
            shown.age += passed;
            if !self.held {
                shown.left -= passed;
            }
        }
        for toast in toasts {
            if !self.shown.iter().any(|shown| shown.id == toast.id) {
                let long = toast.fault || toast.action.is_some();
                let left = if long { STAY_LONG_SECONDS } else { STAY_SECONDS };
                self.shown.push(Shown { id: toast.id, age: 0.0, left });
            }
        }
    }
}

/// Where what floats starts, from the top (points): near the bottom of `over`, or above `avoid_y` if it would cover that.
#[must_use]
pub fn top_of(over: Rangef, height: f32, avoid_y: Option<Rangef>) -> f32 {
    let usual = over.max - BELOW - height;
    match avoid_y {
        Some(avoid) if usual < avoid.max + GAP && avoid.min - GAP < usual + height => {
            let higher = avoid.min - GAP * 2.0 - height;
            if higher >= over.min + GAP { higher } else { usual }
        }
        _ => usual,
    }
}

/// A strip that is laid out.
struct Strip<'a> {
    toast: &'a Toast,
    words: Arc<Galley>,
    action: Option<(String, Arc<Galley>)>,
    width: f32,
    height: f32,
}

fn strip<'a>(ui: &Ui, kit: &Kit<'_>, toast: &'a Toast, room: f32) -> Strip<'a> {
    let palette = &kit.palette;
    let action = toast.action.as_ref().map(|(message, _)| {
        let words = kit.locale.message(message);
        let colour = readable_on(palette.inverse().accent, palette.ink);
        let look = Look { size: size::LIST, weight: 650.0, colour };
        let galley = kit.galley(ui, &words, look, kit.locale.direction(), Wrap::Extend);
        (words, galley)
    });
    let beside =
        action.as_ref().map_or(0.0, |(_, galley)| galley.size().x + 34.0) + if toast.fault { FAULT_WIDTH } else { 0.0 };
    let look = Look { size: size::LIST, weight: 450.0, colour: palette.paper };
    let most = (room - PAD.x * 2.0 - beside).max(80.0);
    let words = kit.galley(ui, &kit.locale.message(&toast.message), look, kit.locale.direction(), Wrap::Wrap(most));
    let width = (words.size().x + beside + PAD.x * 2.0).ceil();
    let height = (words.size().y + PAD.y * 2.0).max(40.0).ceil();
    Strip { toast, words, action, width, height }
}

/// The room for the mark of a fault, in points.
const FAULT_WIDTH: f32 = 26.0;

/// Draws a strip at a place; `come` is how much of it has come, 0 to 1. Tells whether the pointer is over it.
fn float(ui: &Ui, kit: &Kit<'_>, strip: &Strip<'_>, at: Pos2, come: f32, commands: &mut Vec<Command>) -> bool {
    let palette = kit.palette;
    let rect = Rect::from_min_size(at, vec2(strip.width, strip.height));
    let area =
        Area::new(Id::unique("toast").with(strip.toast.id)).order(Order::Foreground).fixed_pos(at).fade_in(false);
    let response = area.show(ui.ctx(), |ui| {
        ui.multiply_opacity(come);
        let (_, response) = ui.allocate_exact_size(rect.size(), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Alert, true, strip.words.text()));
        let radius = CornerRadius::same(10);
        let shadow = egui::Shadow { offset: [0, 6], blur: 20, spread: 0, color: palette.shadow };
        ui.painter().add(shadow.as_shape(rect, radius));
        ui.painter().rect_filled(rect, radius, palette.ink);
        let mut inner = rect.shrink2(PAD);
        if strip.toast.fault {
            let mark = kit.start_aligned(inner, vec2(16.0, 16.0));
            let colour = readable_on(palette.inverse().fault, palette.ink);
            ui.painter().circle_filled(mark.center(), 8.0, colour);
            icons::paint(ui.painter(), Icon::Cross, mark.center(), palette.ink, kit.rtl());
            inner = if kit.rtl() {
                inner.with_max_x(inner.right() - FAULT_WIDTH)
            } else {
                inner.with_min_x(inner.left() + FAULT_WIDTH)
            };
        }
        let words = kit.start_aligned(inner, strip.words.size());
        ui.painter().galley(words.min, Arc::clone(&strip.words), palette.paper);
        if let (Some((name, galley)), Some((_, command))) = (&strip.action, &strip.toast.action)
            && answer(ui, kit, kit.end_aligned(inner, galley.size()), name, galley).clicked()
        {
            commands.push(command.clone());
            commands.push(Command::View(ViewCommand::ToastGone(strip.toast.id)));
        }
    });
    ui.ctx().move_to_top(response.response.layer_id);
    ui.input(|input| input.pointer.hover_pos()).is_some_and(|pointer| rect.contains(pointer))
}

/// The button of a strip.
fn answer(ui: &Ui, kit: &Kit<'_>, place: Rect, name: &str, galley: &Arc<Galley>) -> Response {
    let rect = place.expand2(vec2(10.0, 4.0));
    let response = ui.interact(rect, ui.scope_id().with("answer"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let share = if response.hovered() { 0.22 } else { 0.12 };
    let fill = mixed(kit.palette.ink, kit.palette.paper, share);
    ui.painter().rect_filled(rect, CornerRadius::same(6), fill);
    kit.focus_ring(ui, &response, rect, CornerRadius::same(6));
    ui.painter().galley(place.min, Arc::clone(galley), kit.palette.paper);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::message::Message;

    fn toast(id: u64, fault: bool) -> Toast {
        Toast { id, message: Message::new("saved"), fault, action: None }
    }

    #[test]
    fn strips_keep_off_the_line_being_worked_on() {
        let over = Rangef::new(100.0, 800.0);
        assert_eq!(top_of(over, 40.0, None), 738.0);
        assert_eq!(top_of(over, 40.0, Some(Rangef::new(300.0, 340.0))), 738.0);
        assert_eq!(top_of(over, 40.0, Some(Rangef::new(740.0, 770.0))), 684.0);
        assert_eq!(top_of(Rangef::new(700.0, 800.0), 40.0, Some(Rangef::new(740.0, 770.0))), 738.0, "no room above");
    }

    #[test]
    fn a_fault_stays_longer_and_the_pointer_holds_all() {
        let mut toasts = Toasts::default();
        let said = [toast(1, false), toast(2, true)];
        let left = |toasts: &Toasts| toasts.shown.iter().map(|shown| shown.left).collect::<Vec<_>>();
        toasts.pass_time(&said, 10.0);
        toasts.pass_time(&said, 13.0);
        assert_eq!(left(&toasts), [1.0, 5.0]);
        toasts.held = true;
        toasts.pass_time(&said, 100.0);
        assert_eq!(left(&toasts), [1.0, 5.0]);
        toasts.held = false;
        toasts.pass_time(&said[1..], 101.0);
        assert_eq!(left(&toasts), [4.0]);
    }
}
