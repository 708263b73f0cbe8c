//! The dialog that asks who labels: once for each project, and again when someone else sits down.
//!
//! Owns the question and why it is put. It must not make annotators: the store does.

use crate::session::command::{Command, Dialog, ProjectCommand, ViewCommand};
use crate::session::state::State;
use crate::ui::form::{self, Ask, Entry};
use crate::ui::kit::Kit;
use crate::ui::modal::{self, Card, Dismiss};
use egui::{Context, Id};

/// The dialog that asks who labels.
#[derive(Debug, Default)]
pub struct AnnotatorDialog {
    name: Entry,
}

impl AnnotatorDialog {
    /// Shows it while the state has it. `suggested` stands in the field when no name is known: the user's name on this machine.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, suggested: &str, commands: &mut Vec<Command>) {
        if state.dialog != Some(Dialog::Annotator) {
            return;
        }
        let known = state.project.as_ref().and_then(|project| project.annotator.as_ref());
        let dismiss = if state.project.is_some() && known.is_none() { Dismiss::Never } else { Dismiss::Escape };
        let card = Card { name: "annotator", title: &kit.words("annotator-title"), width: 440.0, dismiss };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            if shown.is_new() {
                let known = known.map(|annotator| annotator.name.as_str());
                let remembered = Some(state.settings.annotator.as_str()).filter(|name| !name.is_empty());
                self.name = Entry::line(known.or(remembered).unwrap_or(suggested));
            }
            kit.text(ui, &kit.words("annotator-why"), kit.soft());
            ui.add_space(8.0);
            form::caption(ui, kit, &kit.words("annotator-name"));
            let name = kit.words("annotator-name");
            let hint = kit.words("annotator-hint");
            let ask = Ask { hint: &hint, takes_focus: shown.gives_focus(), ..Ask::new(&name) };
            let filled = self.name.show(ui, kit, Id::unique("annotator-name"), &ask);
            let name = self.name.text().trim().to_owned();
            let ready = !name.is_empty();
            modal::buttons(ui, kit, |ui| {
                let words = kit.words(if dismiss == Dismiss::Never { "annotator-start" } else { "ok" });
                let begin = kit.main_button(ui, &words, ready).clicked();
                if ready && (begin || filled.entered || modal::entered(ui)) {
                    // The name that stands already needs no naming.
                    let same = known.is_some_and(|annotator| annotator.name == name);
                    commands.push(if same {
                        Command::View(ViewCommand::Dismiss)
                    } else {
                        Command::Project(ProjectCommand::SetAnnotator(name))
                    });
                }
                if dismiss == Dismiss::Never && kit.bare_button(ui, &kit.words("close-project"), true).clicked() {
                    commands.push(Command::View(ViewCommand::Dismiss));
                    commands.push(Command::Project(ProjectCommand::Close));
                }
            });
        });
    }
}
