//! The label menu: the labels beside the pointer after a drag without an armed one, or beside the caret when asked for by a key.
//!
//! Owns where it is and when it goes. Few labels stand in columns and leave the keyboard to their keys; of many, or asked for
//! by a key, one is found by typing.

use crate::session::acts::LabelUse;
use crate::session::command::Command;
use crate::session::state::OpenProject;
use crate::ui::kit::Kit;
use crate::ui::label_finder::{self, Finding, Found, LabelFinder, ROW_HEIGHT, SEEN_AT_ONCE};
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::space;
use egui::{Area, Context, CornerRadius, Frame, Id, Margin, Order, Pos2, Role, Sense, Stroke, Ui};
use egui::{Rangef, Rect, WidgetInfo, pos2, vec2};

/// How many labels stand in a column.
const COLUMN_ROWS: usize = 6;
/// The width of one label.
const ROW_WIDTH: f32 = 132.0;
/// The width of the menu in which a label is found by typing.
const FINDER_WIDTH: f32 = 232.0;
/// How high its rows may be together.
const FINDER_ROWS: f32 = ROW_HEIGHT * 9.0;
/// What stands above its rows: the field.
const FINDER_HEAD: f32 = 40.0;
/// Inside the frame, on each side.
const MARGIN: f32 = 8.0;
/// Between the menu and what is selected.
const GAP: f32 = 4.0;
/// Between the menu and the pointer, where it cannot keep off what is selected.
const CLEARANCE: f32 = 18.0;

/// The menu.
#[derive(Debug, Default)]
pub struct LabelMenu {
    at: Option<Pos2>,
    /// Whether it was opened in this very frame, in which the selection is still the old one.
    is_new: bool,
    /// Whether a key asked for it: it then has the keyboard, and a word at the caret is enough.
    is_asked: bool,
    /// How many passes its field still asks for the keyboard.
    takes_focus: u8,
    purpose: LabelUse,
    finder: LabelFinder,
}

/// The id of the field in which a label's name is typed, to give it the keyboard.
#[must_use]
pub fn field_id() -> Id {
    Id::unique("a label by its name")
}

impl LabelMenu {
    /// Opens it beside a place on the screen, to label what is selected.
    pub fn open_at(&mut self, at: Pos2) {
        self.open(at, LabelUse::Label, false);
    }

    /// Opens it beside a place on the screen, its field with the keyboard.
    pub fn ask(&mut self, at: Pos2, purpose: LabelUse) {
        self.open(at, purpose, true);
        self.takes_focus = 2;
    }

    fn open(&mut self, at: Pos2, purpose: LabelUse, is_asked: bool) {
        self.at = Some(at);
        self.is_new = true;
        self.is_asked = is_asked;
        self.takes_focus = 0;
        self.purpose = purpose;
        self.finder.clear();
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

    /// Shows it while something is selected, off the heights `avoid_y` of what is selected where that can be. `key`: the one
    /// that asks for a label by its name.
    pub fn show(
        &mut self,
        ctx: &Context,
        kit: &Kit<'_>,
        project: &OpenProject,
        avoid_y: Option<Rangef>,
        key: Option<&str>,
        commands: &mut Vec<Command>,
    ) {
        let Some(at) = self.at else { return };
        // A press that belongs to the opening, where a slow frame brought both, must not close it.
        if std::mem::take(&mut self.is_new) {
            ctx.request_repaint();
            return;
        }
        let Some(open) = &project.open else { return };
        if !self.is_asked && !open.selecting && open.selected.is_none() {
            self.at = None;
            return;
        }
        let count = project.labels.active().count();
        let finds = self.finds(project);
        let columns = count.div_ceil(COLUMN_ROWS).clamp(1, 3);
        let inside = match finds {
            true => vec2(FINDER_WIDTH, FINDER_HEAD + FINDER_ROWS.min(ROW_HEIGHT * count as f32)),
            false => vec2(ROW_WIDTH * columns as f32, ROW_HEIGHT * count.div_ceil(columns) as f32),
        };
        let size = inside + vec2(MARGIN, MARGIN) * 2.0;
        let left = if kit.rtl() { at.x - size.x } else { at.x };
        let window = ctx.content_rect().shrink(4.0);
        let top = top_of(window.y_range(), size.y, at.y, avoid_y);
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
                    .inner_margin(Margin::same(MARGIN as i8))
                    .show(
                        ui,
                        |ui| if finds { self.find(ui, kit, project, key) } else { rows_of(ui, kit, project, columns) },
                    )
                    .inner
            });
        let pressed_elsewhere = ctx.input(|input| input.pointer.any_pressed()) && !area.response.contains_pointer();
        if let Found::Label(label) = area.inner {
            commands.push(self.purpose.command(label));
        }
        if area.inner != Found::Nothing || pressed_elsewhere {
            self.close();
        }
    }

    /// Whether a label is found by typing, in what is shown.
    #[must_use]
    pub fn finds(&self, project: &OpenProject) -> bool {
        self.is_open() && (self.is_asked || project.labels.active().count() > SEEN_AT_ONCE)
    }

    fn find(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, key: Option<&str>) -> Found {
        ui.set_width(FINDER_WIDTH);
        let finding = Finding {
            field: field_id(),
            takes_focus: self.takes_focus > 0,
            height: FINDER_ROWS,
            current: current_label(project).filter(|_| self.purpose == LabelUse::Label),
            key,
        };
        self.takes_focus = self.takes_focus.saturating_sub(1);
        self.finder.show(ui, kit, project, &finding)
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

/// The label of the selected mention.
fn current_label(project: &OpenProject) -> Option<crate::domain::label::LabelId> {
    let mention = project.open.as_ref()?.selected_mention()?;
    project.label(mention.label).map(|label| label.id)
}

/// Shows the labels in columns, and which was pressed.
fn rows_of(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, columns: usize) -> Found {
    let current = current_label(project);
    let labels: Vec<_> = project.labels.active().collect();
    let per_column = labels.len().div_ceil(columns);
    let size = vec2(ROW_WIDTH * columns as f32, ROW_HEIGHT * per_column as f32);
    let (area, _) = ui.allocate_exact_size(size, Sense::hover());
    let mut found = Found::Nothing;
    for (place, label) in labels.into_iter().enumerate() {
        let (column, row) = (place / per_column.max(1), place % per_column.max(1));
        let column = if kit.rtl() { columns - 1 - column } else { column };
        let min = area.min + vec2(ROW_WIDTH * column as f32, ROW_HEIGHT * row as f32);
        let rect = Rect::from_min_size(min, vec2(ROW_WIDTH, ROW_HEIGHT)).shrink(1.0);
        let response = ui.interact(rect, ui.scope_id().with(label.id), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label_title(label)));
        label_finder::paint_row(ui, kit, rect, &response, label, false, current == Some(label.id));
        if response.clicked() {
            found = Found::Label(label.id);
        }
    }
    found
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
