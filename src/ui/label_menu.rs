//! The label menu: the labels beside the pointer, after a drag without an armed one.
//!
//! Owns where it is and when it goes. It never takes the keyboard: a label's key works while it is open.

use crate::domain::article::Direction;
use crate::session::command::{Command, MarkCommand};
use crate::session::state::OpenProject;
use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look};
use crate::ui::theme::{mixed, size, space};
use egui::{Area, Context, CornerRadius, Frame, Id, Margin, Order, Pos2, Role, Sense, Stroke, StrokeKind, Ui};
use egui::{Rangef, Rect, Response, WidgetInfo, pos2, vec2};

/// How many labels stand in a column.
const COLUMN_ROWS: usize = 6;
/// The width of one label.
const ROW_WIDTH: f32 = 132.0;
/// The height of one label.
const ROW_HEIGHT: f32 = 28.0;
/// Between the menu and what is selected.
const GAP: f32 = 4.0;
/// Between the menu and the pointer, where it cannot keep off what is selected.
const CLEARANCE: f32 = 18.0;

/// The menu.
#[derive(Clone, Debug, Default)]
pub struct LabelMenu {
    at: Option<Pos2>,
    /// Whether it was opened in this very frame, in which the selection is still the old one.
    is_new: bool,
}

impl LabelMenu {
    /// Opens it beside a place on the screen.
    pub fn open_at(&mut self, at: Pos2) {
        self.at = Some(at);
        self.is_new = true;
    }

    /// Closes it.
    pub fn close(&mut self) {
        self.at = None;
    }

    /// Whether it is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.at.is_some()
    }

    /// Shows it while something is selected, off the heights `avoid_y` of what is selected where that can be.
    pub fn show(
        &mut self,
        ctx: &Context,
        kit: &Kit<'_>,
        project: &OpenProject,
        avoid_y: Option<Rangef>,
        commands: &mut Vec<Command>,
    ) {
        let Some(at) = self.at else { return };
        // A press that belongs to the opening, where a slow frame brought both, must not close it.
        if std::mem::take(&mut self.is_new) {
            ctx.request_repaint();
            return;
        }
        let Some(open) = &project.open else { return };
        if !open.selecting && open.selected.is_none() {
            self.at = None;
            return;
        }
        let rows = project.labels.active().count();
        let columns = rows.div_ceil(COLUMN_ROWS).clamp(1, 3);
        let width = ROW_WIDTH * columns as f32 + 16.0;
        let height = ROW_HEIGHT * rows.div_ceil(columns) as f32 + 16.0;
        let left = if kit.rtl() { at.x - width } else { at.x };
        let window = ctx.content_rect().shrink(4.0);
        let top = top_of(window.y_range(), height, at.y, avoid_y);
        let area = Area::new(Id::unique("label-menu"))
            .order(Order::Foreground)
            .fixed_pos(pos2(left, top))
            .constrain_to(window)
            .show(ctx, |ui| {
                let shadow = egui::Shadow { offset: [0, 4], blur: 16, spread: 0, color: kit.palette.shadow };
                Frame::new()
                    .fill(kit.palette.paper)
                    .stroke(Stroke::new(1.0, kit.palette.line))
                    .corner_radius(CornerRadius::same(space::ROW_RADIUS))
                    .shadow(shadow)
                    .inner_margin(Margin::same(8))
                    .show(ui, |ui| rows_of(ui, kit, project, columns, commands))
                    .inner
            });
        let pressed_elsewhere = ctx.input(|input| input.pointer.any_pressed()) && !area.response.contains_pointer();
        if area.inner || pressed_elsewhere {
            self.at = None;
        }
    }
}

/// Where the menu starts, from the top: on the pointer's side of what is selected, or on the other if there is no room.
fn top_of(window: Rangef, height: f32, pointer_y: f32, avoid_y: Option<Rangef>) -> f32 {
    let rows = avoid_y.unwrap_or(Rangef::new(pointer_y - CLEARANCE, pointer_y + CLEARANCE));
    let (above, below) = (rows.min - GAP - height, rows.max + GAP);
    let (fits_above, fits_below) = (above >= window.min, below + height <= window.max);
    let prefers_above = pointer_y < rows.center() - CLEARANCE;
    match (fits_above, fits_below) {
        (true, _) if prefers_above => above,
        (_, true) => below,
        (true, false) => above,
        (false, false) => pointer_y + CLEARANCE,
    }
}

/// Shows the labels in columns; whether one was chosen.
fn rows_of(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, columns: usize, commands: &mut Vec<Command>) -> bool {
    let current = project.open.as_ref().and_then(|open| open.selected_mention()).map(|m| m.label);
    let current = current.and_then(|id| project.label(id)).map(|label| label.id);
    let labels: Vec<_> = project.labels.active().collect();
    let per_column = labels.len().div_ceil(columns);
    let size = vec2(ROW_WIDTH * columns as f32, ROW_HEIGHT * per_column as f32);
    let (area, _) = ui.allocate_exact_size(size, Sense::hover());
    let mut chosen = false;
    for (place, label) in labels.into_iter().enumerate() {
        let (column, row) = (place / per_column.max(1), place % per_column.max(1));
        let column = if kit.rtl() { columns - 1 - column } else { column };
        let min = area.min + vec2(ROW_WIDTH * column as f32, ROW_HEIGHT * row as f32);
        let rect = Rect::from_min_size(min, vec2(ROW_WIDTH, ROW_HEIGHT)).shrink(1.0);
        let response = ui.interact(rect, ui.scope_id().with(label.id), Sense::click());
        let title = if label.title.is_empty() { &label.name } else { &label.title };
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, title));
        paint_row(ui, kit, rect, &response, title, &label.keys, label.colour, current == Some(label.id));
        if response.clicked() {
            commands.push(Command::Mark(MarkCommand::Label(label.id)));
            chosen = true;
        }
    }
    chosen
}

#[expect(clippy::too_many_arguments, reason = "one row's look; a struct of it would be built and read once")]
fn paint_row(
    ui: &Ui,
    kit: &Kit<'_>,
    rect: Rect,
    response: &Response,
    title: &str,
    keys: &str,
    colour: crate::domain::label::Colour,
    current: bool,
) {
    let palette = &kit.palette;
    let ink = palette.label_ink(colour);
    let radius = CornerRadius::same(space::CONTROL_RADIUS);
    if response.hovered() {
        ui.painter().rect_filled(rect, radius, mixed(palette.paper, palette.ink, 0.06));
    }
    if current {
        ui.painter().rect_stroke(rect, radius, Stroke::new(1.5, ink), StrokeKind::Inside);
    }
    let inner = rect.shrink2(vec2(6.0, 2.0));
    let cap = kit.start_aligned(inner, vec2(18.0, 18.0));
    ui.painter().rect_filled(cap, CornerRadius::same(4), palette.label_tint(colour, 0.18));
    let key: String = keys.chars().next_back().into_iter().flat_map(char::to_uppercase).collect();
    let look = Look { size: 11.0, weight: 700.0, colour: ink };
    let galley = kit.galley(ui, &key, look, Direction::LeftToRight, Wrap::Extend);
    ui.painter().galley(cap.center() - galley.size() / 2.0, galley, ink);
    let look = Look { size: size::LIST, weight: 450.0, colour: palette.ink };
    let galley = kit.galley(ui, title, look, Direction::Auto, Wrap::Truncate(inner.width() - 26.0));
    let rest = if kit.rtl() {
        Rect::from_min_max(inner.min, pos2(cap.left() - 8.0, inner.bottom()))
    } else {
        Rect::from_min_max(pos2(cap.right() + 8.0, inner.top()), inner.max)
    };
    let place = kit.start_aligned(rest, galley.size());
    ui.painter().galley(place.min, galley, palette.ink);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pointer_y: f32, rows: Option<(f32, f32)>, top: f32) {
        let rows = rows.map(|(min, max)| Rangef::new(min, max));
        assert_eq!(top_of(Rangef::new(0.0, 800.0), 160.0, pointer_y, rows), top);
    }

    #[test]
    fn the_menu_keeps_off_what_is_selected() {
        check(320.0, Some((300.0, 340.0)), 344.0);
        check(720.0, Some((700.0, 740.0)), 536.0);
        check(310.0, Some((300.0, 420.0)), 136.0);
        check(60.0, Some((40.0, 160.0)), 164.0);
        check(300.0, Some((10.0, 790.0)), 318.0);
        check(300.0, None, 322.0);
    }
}
