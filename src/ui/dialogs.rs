//! The dialogs together: whichever the state has, over the window.
//!
//! Owns one panel of each kind. It must not know what any of them does.

use crate::session::command::{Command, Dialog};
use crate::session::state::State;
use crate::ui::annotator_dialog::AnnotatorDialog;
use crate::ui::keys_sheet::{KeyLine, KeysSheet};
use crate::ui::kit::Kit;
use crate::ui::label_editor::LabelEditor;
use crate::ui::names_dialog::NamesDialog;
use crate::ui::path_completion::Places;
use crate::ui::path_dialog::PathDialog;
use crate::ui::problems_dialog::ProblemsDialog;
use crate::ui::rules_dialog::RulesDialog;
use egui::Context;

/// The dialogs.
#[derive(Debug, Default)]
pub struct Dialogs {
    annotator: AnnotatorDialog,
    labels: LabelEditor,
    rules: RulesDialog,
    names: NamesDialog,
    keys: KeysSheet,
    path: PathDialog,
    problems: ProblemsDialog,
}

/// What the dialogs need of the world around the state.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The user's name on this machine: suggested to who labels.
    pub user_name: &'a str,
    /// Where typed paths start.
    pub places: &'a Places,
    /// The shortcuts.
    pub keys: &'a [KeyLine],
}

impl Dialogs {
    /// Shows the dialog that the state has, if any. While there is one, the window's shortcuts should rest.
    pub fn show(
        &mut self,
        ctx: &Context,
        kit: &Kit<'_>,
        state: &State,
        around: &Surroundings<'_>,
        commands: &mut Vec<Command>,
    ) {
        self.annotator.show(ctx, kit, state, around.user_name, commands);
        self.labels.show(ctx, kit, state, commands);
        self.rules.show(ctx, kit, state, commands);
        self.names.show(ctx, kit, state, commands);
        self.path.show(ctx, kit, state, around.places, commands);
        self.problems.show(ctx, kit, state, commands);
        if state.dialog == Some(Dialog::Keys) {
            self.keys.show(ctx, kit, around.keys, commands);
        }
    }
}
