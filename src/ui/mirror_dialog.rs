//! The dialog of the mirror: where and when layers are written as files, and what others have changed there.
//!
//! Owns what is being typed about it. It must not write, take or replace a file: that is the session's work.

use crate::domain::article::Direction;
use crate::session::command::{Command, Dialog, ViewCommand};
use crate::session::mirroring::{Change, DEFAULT_FOLDER, ENDING, MirrorCommand, MirrorRule, MirrorState, MirrorWhen};
use crate::session::state::{OpenProject, State};
use crate::ui::choices;
use crate::ui::form::{self, Ask, Entry};
use crate::ui::galley::Wrap;
use crate::ui::kit::Kit;
use crate::ui::modal::{self, Card, Dismiss};
use crate::words::message::Message;
use egui::{Context, Id, Ui};

/// How many changed files are named.
const MAX_SHOWN: usize = 12;

/// The dialog of the mirror.
#[derive(Debug, Default)]
pub struct MirrorDialog {
    folder: Entry,
    when: Option<MirrorWhen>,
}

impl MirrorDialog {
    /// Shows it while the state has it.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let (Some(Dialog::Mirror), Some(project)) = (&state.dialog, &state.project) else { return };
        let card = Card { name: "mirror", title: &kit.words("mirror-title"), width: 600.0, dismiss: Dismiss::Escape };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            if shown.is_new() {
                self.take(project.mirror.rule.as_ref());
            }
            modal::scroll(shown.room - 60.0).show(ui, |ui| {
                kit.column(ui, |ui| {
                    self.rule(ui, kit, project, shown.gives_focus());
                    changes(ui, kit, &project.mirror, commands);
                });
            });
            self.end(ui, kit, project, commands);
        });
    }

    fn take(&mut self, rule: Option<&MirrorRule>) {
        let folder = rule.map_or_else(|| DEFAULT_FOLDER.into(), |rule| rule.folder.to_string_lossy());
        *self = Self { folder: Entry::line(&folder), when: rule.map(|rule| rule.when) };
    }

    fn rule(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, gives_focus: bool) {
        kit.text(ui, &kit.words("mirror-what"), kit.soft());
        ui.add_space(4.0);
        form::caption(ui, kit, &kit.words("mirror-when"));
        let ways =
            [(None, "mirror-never"), (Some(MirrorWhen::Done), "mirror-done"), (Some(MirrorWhen::Save), "mirror-save")];
        let ways = ways.map(|(when, words)| (when, kit.words(words)));
        kit.wrapped_row(ui, |ui| choices::chips(ui, kit, &ways, &mut self.when));
        ui.add_space(4.0);
        let name = kit.words("mirror-folder");
        form::caption(ui, kit, &name);
        let ask = Ask {
            hint: DEFAULT_FOLDER,
            direction: Direction::LeftToRight,
            takes_focus: gives_focus,
            ..Ask::new(&name)
        };
        self.folder.show(ui, kit, Id::unique("mirror-folder"), &ask);
        let folder = project.project.path.parent().map(|folder| folder.join(self.folder.text().trim()));
        left_to_right(ui, kit, &folder.unwrap_or_default().display().to_string());
        ui.add_space(4.0);
    }

    /// What is chosen; `None` for nothing to be mirrored.
    fn chosen(&self) -> Option<MirrorRule> {
        let folder = self.folder.text();
        let folder = Some(folder.trim()).filter(|folder| !folder.is_empty()).unwrap_or(DEFAULT_FOLDER);
        self.when.map(|when| MirrorRule { folder: folder.into(), when })
    }

    fn end(&self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, commands: &mut Vec<Command>) {
        modal::buttons(ui, kit, |ui| {
            if kit.main_button(ui, &kit.words("save"), true).clicked() || modal::entered(ui) {
                let chosen = self.chosen();
                if chosen != project.mirror.rule {
                    commands.push(Command::Mirror(MirrorCommand::Set(chosen)));
                }
                commands.push(Command::View(ViewCommand::Dismiss));
            }
        });
    }
}

/// What others have changed, and what can be done about it.
fn changes(ui: &mut Ui, kit: &Kit<'_>, mirror: &MirrorState, commands: &mut Vec<Command>) {
    if let Some(failure) = &mirror.failure {
        form::line(ui, kit);
        form::fault(ui, kit, &kit.locale.message(failure));
    }
    if !mirror.changed.is_empty() {
        form::line(ui, kit);
        let count = mirror.changed.len() as u64;
        kit.text(ui, &kit.locale.message(&Message::new("mirror-changed").number("count", count)), kit.strong());
        for (name, change) in mirror.changed.iter().take(MAX_SHOWN) {
            let id = match change {
                Change::Edited => "mirror-file-edited",
                Change::New => "mirror-file-new",
            };
            // All have the same ending, which would stand on the wrong side of a number in a Persian name.
            let name = name.strip_suffix(ENDING).and_then(|name| name.strip_suffix('.')).unwrap_or(name);
            kit.text(ui, &kit.locale.message(&Message::new(id).text("file", name)), kit.small());
        }
        if let Some(more) = mirror.changed.len().checked_sub(MAX_SHOWN).filter(|more| *more > 0) {
            let more = Message::new("problems-more").number("count", more as u64);
            kit.text(ui, &kit.locale.message(&more), kit.small());
        }
        kit.text(ui, &kit.words("mirror-choice"), kit.small());
        kit.wrapped_row(ui, |ui| {
            button(ui, kit, "mirror-look", MirrorCommand::LookInto, commands);
            button(ui, kit, "mirror-take", MirrorCommand::TakeTheirs, commands);
            if mirror.changed.values().any(|change| *change == Change::Edited) {
                button(ui, kit, "mirror-keep", MirrorCommand::KeepOurs, commands);
            }
        });
    }
    if mirror.missing > 0 {
        form::line(ui, kit);
        let missing = Message::new("mirror-missing").number("count", mirror.missing);
        kit.text(ui, &kit.locale.message(&missing), kit.plain());
        kit.row(ui, |ui| button(ui, kit, "mirror-rewrite", MirrorCommand::Rewrite, commands));
    }
}

fn button(ui: &mut Ui, kit: &Kit<'_>, words: &str, command: MirrorCommand, commands: &mut Vec<Command>) {
    if kit.button(ui, &kit.words(words)).clicked() {
        commands.push(Command::Mirror(command));
    }
}

fn left_to_right(ui: &mut Ui, kit: &Kit<'_>, path: &str) {
    let width = ui.available_width();
    let galley = kit.galley(ui, path, kit.small(), Direction::LeftToRight, Wrap::Wrap(width));
    ui.label(galley);
}
