//! The dialog of problems: what an import or a check found, a sentence each, to read and to copy.
//!
//! Owns how they are listed; ten thousand cost no more than those in view, which alone are put into words. It must not know what the sentences say.

use crate::domain::article::Direction;
use crate::session::command::{Command, Dialog, ViewCommand};
use crate::session::state::State;
use crate::ui::galley::Wrap;
use crate::ui::kit::Kit;
use crate::ui::modal::{self, Card, Dismiss};
use crate::words::message::Message;
use egui::{Context, Ui, vec2};
use std::ops::Range;

/// The dialog of problems.
#[derive(Debug, Default)]
pub struct ProblemsDialog {
    /// Whether the sentences went to the clipboard.
    copied: bool,
}

/// The height of a row, in points.
const ROW: f32 = 28.0;

impl ProblemsDialog {
    /// Shows it while the state has it.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let Some(Dialog::Problems { title, problems }) = &state.dialog else { return };
        let card = Card { name: "problems", title: &kit.words(title), width: 760.0, dismiss: Dismiss::Anywhere };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            self.copied &= !shown.is_new();
            let count = u64::try_from(problems.len()).unwrap_or(u64::MAX);
            kit.row(ui, |ui| {
                let words = kit.locale.message(&Message::new("problems-count").number("count", count));
                kit.line(ui, &words, kit.soft(), ui.available_width() - 200.0);
                let words = kit.words(if self.copied { "problems-copied" } else { "problems-copy" });
                if kit.row_end(ui, |ui| kit.button(ui, &words)).clicked() {
                    let sentences: Vec<String> = problems.iter().map(|problem| kit.locale.message(problem)).collect();
                    ctx.copy_text(sentences.join("\n"));
                    self.copied = true;
                }
            });
            rows(ui, kit, problems, shown.room - 48.0);
            if modal::entered(ui) {
                commands.push(Command::View(ViewCommand::Dismiss));
            }
        });
    }
}

/// The problems, a row each, in at most `height` points.
pub fn rows(ui: &mut Ui, kit: &Kit<'_>, problems: &[Message], height: f32) {
    ui.spacing_mut().item_spacing.y = 0.0;
    modal::scroll(height).show_rows(ui, ROW, problems.len(), |ui, rows| list(ui, kit, problems, rows));
}

/// The rows in view: the number where reading starts, then the sentence in its own direction, whole in a tooltip.
fn list(ui: &mut Ui, kit: &Kit<'_>, problems: &[Message], rows: Range<usize>) {
    let digits = kit.locale.number(problems.len() as u64);
    let number_width = kit.galley(ui, &digits, kit.small(), kit.locale.direction(), Wrap::Extend).size().x;
    for (place, problem) in problems.iter().enumerate().skip(rows.start).take(rows.len()) {
        ui.allocate_ui(vec2(ui.available_width(), ROW), |ui| {
            kit.row(ui, |ui| {
                let number = kit.locale.number(place as u64 + 1);
                let galley = kit.galley(ui, &number, kit.small(), Direction::Auto, Wrap::Extend);
                let (cell, _) = ui.allocate_exact_size(vec2(number_width, ROW), egui::Sense::hover());
                let at = kit.end_aligned(cell, galley.size());
                ui.painter().galley(at.min, galley, kit.palette.soft_ink);
                ui.add_space(4.0);
                let width = ui.available_width() - 8.0;
                kit.line(ui, &kit.locale.message(problem), kit.plain(), width);
            });
        });
    }
}
