//! The dialog of lists of names: those that are loaded, the way to load one more and to take one away.
//!
//! Owns which label names without one get. It must not read a file.

use crate::domain::label::LabelId;
use crate::session::command::{Command, Dialog, LearnCommand, ViewCommand};
use crate::session::state::{OpenProject, State};
use crate::ui::form::{self, Picture};
use crate::ui::kit::Kit;
use crate::ui::modal::{self, Card, Dismiss};
use crate::ui::suggestion_words::label_title;
use crate::words::message::Message;
use egui::{Context, Ui, vec2};

/// The height of a row, in points.
const ROW: f32 = 36.0;

/// The dialog.
#[derive(Debug, Default)]
pub struct NamesDialog {
    /// The label of names without one; `None` leaves them out.
    label: Option<LabelId>,
}

impl NamesDialog {
    /// Shows it while the state has it.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let (Some(Dialog::Names), Some(project)) = (&state.dialog, &state.project) else { return };
        let card = Card { name: "names", title: &kit.words("names-title"), width: 560.0, dismiss: Dismiss::Anywhere };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            kit.text(ui, &kit.words("names-what"), kit.small());
            ui.add_space(4.0);
            form::line(ui, kit);
            if project.knowledge.lists.is_empty() {
                ui.add_space(12.0);
                kit.text(ui, &kit.words("names-empty"), kit.soft());
                ui.add_space(12.0);
            } else {
                modal::scroll(shown.room - 240.0).show(ui, |ui| lists(ui, kit, project, commands));
            }
            form::line(ui, kit);
            ui.add_space(4.0);
            self.load(ui, kit, project, commands);
            if modal::entered(ui) {
                commands.push(Command::View(ViewCommand::Dismiss));
            }
        });
    }

    /// The label for names without one, and the way to a file.
    fn load(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, commands: &mut Vec<Command>) {
        form::caption(ui, kit, &kit.words("names-label"));
        let chosen = self.label.and_then(|id| project.label(id)).filter(|label| label.is_active());
        kit.wrapped_row(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
            if kit.chip(ui, &kit.words("names-label-none"), chosen.is_none()).clicked() {
                self.label = None;
            }
            for label in project.labels.active() {
                let is_chosen = chosen.is_some_and(|chosen| chosen.id == label.id);
                if kit.chip(ui, label_title(label), is_chosen).clicked() {
                    self.label = Some(label.id);
                }
            }
        });
        modal::buttons(ui, kit, |ui| {
            if kit.main_button(ui, &kit.words("names-load"), true).clicked() {
                commands.push(Command::Learn(LearnCommand::AskNames(chosen.map(|label| label.id))));
            }
        });
    }
}

/// The lists that are loaded: title, how many names, the way to take one away.
fn lists(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    for list in &project.knowledge.lists {
        let mut cells = form::Cells::row(ui, kit, ROW);
        let (bin, count) = (cells.last(28.0), cells.last(110.0));
        form::in_cell(ui, kit, cells.rest(), |ui| kit.line(ui, &list.title, kit.plain(), ui.available_width()));
        let names = kit.locale.message(&Message::new("names-count").number("count", list.names));
        form::in_cell(ui, kit, count, |ui| {
            kit.row_end(ui, |ui| kit.line(ui, &names, kit.small(), ui.available_width()));
        });
        let drop = kit.locale.message(&Message::new("names-drop").text("title", &list.title));
        let pressed =
            form::in_cell(ui, kit, bin, |ui| form::picture_button(ui, kit, Picture::Cross, &drop, true)).clicked();
        if pressed {
            commands.push(Command::Learn(LearnCommand::DropNames(list.id)));
        }
    }
}
