//! The dialog of reasons: the project's list of why something is decided so, to be added to, worded, ordered and shortened.
//!
//! Owns what is being typed. Decisions keep the reasons that they have.

use crate::session::command::{Command, Dialog, Step, ViewCommand};
use crate::session::review_command::{ReasonEdit, ReviewCommand};
use crate::session::state::{OpenProject, State};
use crate::ui::form::{self, Ask, Cells, Entry, Filled, Picture};
use crate::ui::kit::Kit;
use crate::ui::modal::{self, Card, Dismiss};
use crate::ui::review_words::reason_words;
use crate::words::language::Language;
use crate::words::message::Message;
use egui::{Context, Id, Ui};

/// The height of a row, in points.
const ROW: f32 = 40.0;
/// The width of a picture button, in points.
const BUTTON: f32 = 26.0;
/// What stands around the list, in points.
const AROUND: f32 = 190.0;

/// The dialog.
#[derive(Debug, Default)]
pub struct ReasonsDialog {
    /// The reasons as the project has them, each with the field of its wording.
    rows: Vec<(String, Entry)>,
    /// The language in which the known ones are worded in the fields.
    language: Option<Language>,
    new: Entry,
}

impl ReasonsDialog {
    /// Shows it while the state has it. A change counts at once.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let (Some(Dialog::Reasons), Some(project)) = (&state.dialog, &state.project) else { return };
        let title = kit.words("reasons");
        let card = Card { name: "reasons", title: &title, width: 520.0, dismiss: Dismiss::Escape };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            if shown.is_new() {
                *self = Self::default();
            }
            self.renew(kit, project);
            kit.text(ui, &kit.words("reasons-what"), kit.small());
            ui.add_space(4.0);
            form::line(ui, kit);
            let mut edits = Vec::new();
            modal::scroll(shown.room - AROUND).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                self.list(ui, kit, &mut edits);
            });
            form::line(ui, kit);
            ui.add_space(4.0);
            self.add(ui, kit, shown.gives_focus(), &mut edits);
            commands.extend(edits.into_iter().map(|edit| Command::Review(ReviewCommand::EditReasons(edit))));
            if modal::entered(ui) {
                commands.push(Command::View(ViewCommand::Dismiss));
            }
        });
    }

    /// Takes over the project's list when it is another one than that shown.
    fn renew(&mut self, kit: &Kit<'_>, project: &OpenProject) {
        let language = Some(kit.locale.language());
        let is_same = self.rows.iter().map(|(reason, _)| reason).eq(&project.reasons) && self.language == language;
        if !is_same {
            let row = |reason: &String| (reason.clone(), Entry::line(&reason_words(kit, reason)));
            self.rows = project.reasons.iter().map(row).collect();
            self.language = language;
        }
    }

    fn list(&mut self, ui: &mut Ui, kit: &Kit<'_>, edits: &mut Vec<ReasonEdit>) {
        let all: Vec<String> = self.rows.iter().map(|(reason, _)| reason_words(kit, reason)).collect();
        let last = self.rows.len().saturating_sub(1);
        for (place, (reason, entry)) in self.rows.iter_mut().enumerate() {
            let shown = reason_words(kit, reason);
            let told = |id| kit.locale.message(&Message::new(id).text("reason", &shown));
            let mut cells = Cells::row(ui, kit, ROW);
            let buttons = [
                (Picture::Cross, "reasons-remove-one", true, ReasonEdit::Remove(reason.clone())),
                (
                    Picture::Down,
                    "reasons-down-one",
                    place < last,
                    ReasonEdit::Move { reason: reason.clone(), step: Step::Forward },
                ),
                (
                    Picture::Up,
                    "reasons-up-one",
                    place > 0,
                    ReasonEdit::Move { reason: reason.clone(), step: Step::Back },
                ),
            ];
            for (picture, words, enabled, edit) in buttons {
                let cell = cells.last(BUTTON);
                let button =
                    form::in_cell(ui, kit, cell, |ui| form::picture_button(ui, kit, picture, &told(words), enabled));
                if button.clicked() {
                    edits.push(edit);
                }
            }
            let typed = entry.text().trim().to_owned();
            let is_taken = all.iter().enumerate().any(|(other, words)| other != place && *words == typed);
            let name = told("reasons-wording");
            let ask = Ask { fault: is_taken, is_cell: true, ..Ask::new(&name) };
            let id = Id::unique("reason").with(place);
            let filled: Filled = form::in_cell(ui, kit, cells.rest(), |ui| entry.show(ui, kit, id, &ask));
            if !filled.left || typed == shown {
                continue;
            }
            if typed.is_empty() || is_taken {
                entry.set(&shown);
            } else {
                edits.push(ReasonEdit::Rename { from: reason.clone(), to: typed });
            }
        }
    }

    /// The field of one more, and the button that adds it.
    fn add(&mut self, ui: &mut Ui, kit: &Kit<'_>, takes_focus: bool, edits: &mut Vec<ReasonEdit>) {
        let name = kit.words("reasons-new");
        let words = kit.words("reasons-add");
        let id = Id::unique("new-reason");
        let mut cells = Cells::row(ui, kit, ROW);
        let typed = self.new.text().trim().to_owned();
        let is_taken = self.rows.iter().any(|(reason, _)| reason_words(kit, reason) == typed);
        let button = cells.last(110.0);
        let ask = Ask { hint: &name, takes_focus, fault: is_taken, ..Ask::new(&name) };
        let filled = form::in_cell(ui, kit, cells.rest(), |ui| self.new.show(ui, kit, id, &ask));
        let can = !typed.is_empty() && !is_taken;
        let pressed = form::in_cell(ui, kit, button, |ui| kit.row_end(ui, |ui| kit.main_button(ui, &words, can)));
        if can && (pressed.clicked() || filled.entered) {
            edits.push(ReasonEdit::Add(typed));
            self.new = Entry::line("");
            ui.memory_mut(|memory| memory.request_focus(id));
        }
    }
}
