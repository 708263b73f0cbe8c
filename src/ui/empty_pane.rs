//! The middle of the window while the project has no article: what to do first, and a button for it.
//!
//! Owns these words alone. It must not show while the list is still being read, nor where a filter hides the articles.

use crate::session::command::{Command, ProjectCommand};
use crate::session::state::List;
use crate::store::contract::StatusFilter;
use crate::ui::kit::{Kit, Look};
use crate::ui::theme::size;
use egui::{Align, Layout, Ui, UiBuilder, vec2};

/// The width of the words, in points.
const WIDTH: f32 = 360.0;

/// Whether the project has no article at all.
#[must_use]
pub fn is_due(list: &List) -> bool {
    list.total == Some(0) && !list.stale && list.status == StatusFilter::All && list.search.is_empty()
}

/// Shows it over the room of `ui`.
pub fn show(ui: &mut Ui, kit: &Kit<'_>, keys: &str, commands: &mut Vec<Command>) {
    let room = ui.available_rect_before_wrap();
    let width = WIDTH.min(room.width());
    let top = (room.height() * 0.3 - 40.0).max(8.0);
    let rect = egui::Rect::from_min_size(
        egui::pos2(room.center().x - width / 2.0, room.top() + top),
        vec2(width, room.height() - top),
    );
    let layout = Layout::top_down(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), |ui| {
        kit.text(ui, &kit.words("project-empty"), Look { size: size::LEAD, ..kit.soft() });
        ui.add_space(12.0);
        let button = kit.main_button(ui, &kit.words("import"), true);
        if kit.hint_with_keys(button, &kit.words("import"), keys).clicked() {
            commands.push(Command::Project(ProjectCommand::AskImport));
        }
    });
}
