//! The sheet of keys: every shortcut, in groups, as it stands on the keyboard.
//!
//! Owns how they are laid out. It must not know what a key does: the table of shortcuts says.

use crate::session::command::{Command, ViewCommand};
use crate::ui::form::{Cells, Picture, in_cell, paint_picture};
use crate::ui::kit::{Kit, Look};
use crate::ui::modal::{self, Card, Dismiss};
use egui::{Context, CornerRadius, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

/// One line of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyLine {
    /// The group, an id of the locale files.
    pub group: &'static str,
    /// What the keys do, an id of the locale files.
    pub title: &'static str,
    /// The keys as shown; several ways stand apart by ` / `, keys pressed together by a space: `Ctrl Z`.
    pub keys: &'static str,
}

/// The sheet of keys.
#[derive(Debug, Default)]
pub struct KeysSheet;

/// The height of a line, in points.
const LINE: f32 = 28.0;

impl KeysSheet {
    /// Shows the sheet with these lines; those of one group stand together.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, lines: &[KeyLine], commands: &mut Vec<Command>) {
        let card = Card { name: "keys", title: &kit.words("keys-title"), width: 760.0, dismiss: Dismiss::Anywhere };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            kit.text(ui, &kit.words("keys-hint"), kit.soft());
            modal::scroll(shown.room - 40.0).show(ui, |ui| {
                let columns = if ui.available_width() >= 560.0 { 2 } else { 1 };
                groups(ui, kit, lines, columns);
            });
            if modal::entered(ui) {
                commands.push(Command::View(ViewCommand::Dismiss));
            }
        });
    }
}

/// The groups in columns of about one height, in reading order.
fn groups(ui: &mut Ui, kit: &Kit<'_>, lines: &[KeyLine], columns: usize) {
    let groups: Vec<&[KeyLine]> = lines.chunk_by(|a, b| a.group == b.group).collect();
    let height = |group: &[KeyLine]| (group.len() as f32 + 1.5) * LINE;
    let total: f32 = groups.iter().map(|group| height(group)).sum();
    let gap = 32.0;
    let width = (ui.available_width() - gap * (columns as f32 - 1.0)) / columns as f32;
    let mut cut: Vec<Vec<&[KeyLine]>> = vec![Vec::new()];
    let mut used = 0.0;
    for group in groups {
        // A group goes to the next column when more than half of it would stand below the average.
        let full = used + height(group) / 2.0 > total / columns as f32;
        if full && cut.len() < columns && cut.last().is_some_and(|column| !column.is_empty()) {
            cut.push(Vec::new());
            used = 0.0;
        }
        used += height(group);
        if let Some(column) = cut.last_mut() {
            column.push(group);
        }
    }
    let tallest = cut.iter().map(|column| column.iter().map(|g| height(g)).sum()).fold(0.0, f32::max);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), tallest), Sense::hover());
    for (place, column) in cut.into_iter().enumerate() {
        let offset = place as f32 * (width + gap);
        let left = if kit.rtl() { rect.right() - offset - width } else { rect.left() + offset };
        let place = Rect::from_min_size(egui::pos2(left, rect.top()), vec2(width, tallest));
        ui.scope_builder(egui::UiBuilder::new().max_rect(place), |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            kit.column(ui, |ui| {
                for group in column {
                    one_group(ui, kit, group);
                }
            });
        });
    }
}

fn one_group(ui: &mut Ui, kit: &Kit<'_>, lines: &[KeyLine]) {
    let Some(first) = lines.first() else { return };
    let mut head = Cells::row(ui, kit, LINE);
    let cell = head.first(head.rest().width());
    in_cell(ui, kit, cell, |ui| {
        kit.text(ui, &kit.words(first.group), Look { weight: 600.0, colour: kit.palette.accent, ..kit.soft() })
    });
    for line in lines {
        let cells = Cells::row(ui, kit, LINE);
        let keys_width = in_cell(ui, kit, cells.rest(), |ui| {
            kit.row_end(ui, |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                // The far end is filled from the end: in a left-to-right row the last key comes first.
                let mut parts: Vec<&str> = line.keys.split(' ').filter(|part| !part.is_empty()).collect();
                if !kit.rtl() {
                    parts.reverse();
                }
                for part in parts {
                    cap(ui, kit, part);
                }
                ui.min_rect().width()
            })
        });
        let mut cells = cells;
        let room = cells.rest().width() - keys_width - 16.0;
        let cell = cells.first(room.max(40.0));
        in_cell(ui, kit, cell, |ui| {
            kit.line(ui, &kit.words(line.title), Look { colour: kit.palette.ink, ..kit.soft() }, room)
        });
    }
    ui.add_space(LINE / 2.0);
}

/// One key; arrows are painted, for the interface's font has none.
fn cap(ui: &mut Ui, kit: &Kit<'_>, key: &str) {
    let arrow = match key {
        "↑" => Picture::Up,
        "↓" => Picture::Down,
        "←" => Picture::Left,
        "→" => Picture::Right,
        "/" => {
            kit.text(ui, key, kit.small());
            return;
        }
        _ => {
            kit.key(ui, key);
            return;
        }
    };
    let palette = &kit.palette;
    let (rect, response) = ui.allocate_exact_size(vec2(22.0, 20.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, key));
    let stroke = Stroke::new(1.0, palette.line);
    ui.painter().rect(rect, CornerRadius::same(5), palette.raised, stroke, StrokeKind::Inside);
    paint_picture(ui.painter(), rect.center(), arrow, palette.soft_ink);
}
