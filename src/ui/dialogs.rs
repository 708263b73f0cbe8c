//! The dialogs together: whichever the state has, over the window.
//!
//! Owns one panel of each kind. It must not know what any of them does.

use crate::session::acts::Act;
use crate::session::command::Command;
use crate::session::state::State;
use crate::ui::act_finder::ActFinder;
use crate::ui::annotator_dialog::AnnotatorDialog;
use crate::ui::export_dialog::ExportDialog;
use crate::ui::external_dialog::ExternalDialog;
use crate::ui::import_dialog::ImportDialog;
use crate::ui::keys_sheet::KeysSheet;
use crate::ui::kit::Kit;
use crate::ui::label_editor::LabelEditor;
use crate::ui::merge_dialog::MergeDialog;
use crate::ui::mirror_dialog::MirrorDialog;
use crate::ui::names_dialog::NamesDialog;
use crate::ui::path_completion::Places;
use crate::ui::path_dialog::PathDialog;
use crate::ui::problems_dialog::ProblemsDialog;
use crate::ui::reasons_dialog::ReasonsDialog;
use crate::ui::rules_dialog::RulesDialog;
use crate::ui::strategy_dialog::StrategyDialog;
use crate::ui::sweep_dialog::SweepDialog;
use egui::Context;

/// The dialogs.
#[derive(Debug, Default)]
pub struct Dialogs {
    annotator: AnnotatorDialog,
    labels: LabelEditor,
    rules: RulesDialog,
    names: NamesDialog,
    external: ExternalDialog,
    keys: KeysSheet,
    acts: ActFinder,
    import: ImportDialog,
    export: ExportDialog,
    merge: MergeDialog,
    mirror: MirrorDialog,
    path: PathDialog,
    problems: ProblemsDialog,
    strategy: StrategyDialog,
    reasons: ReasonsDialog,
    sweep: SweepDialog,
}

/// What the dialogs need of the world around the state.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The user's name on this machine: suggested to who labels.
    pub user_name: &'a str,
    /// Where typed paths start.
    pub places: &'a Places,
}

impl Dialogs {
    /// Shows the dialog that the state has, if any. While there is one, the window's shortcuts should rest. The act that was
    /// chosen by its name.
    pub fn show(
        &mut self,
        ctx: &Context,
        kit: &Kit<'_>,
        state: &State,
        around: &Surroundings<'_>,
        commands: &mut Vec<Command>,
    ) -> Option<Act> {
        self.annotator.show(ctx, kit, state, around.user_name, commands);
        self.labels.show(ctx, kit, state, commands);
        self.rules.show(ctx, kit, state, commands);
        self.names.show(ctx, kit, state, commands);
        self.external.show(ctx, kit, state, commands);
        self.import.show(ctx, kit, state, commands);
        self.export.show(ctx, kit, state, commands);
        self.merge.show(ctx, kit, state, commands);
        self.mirror.show(ctx, kit, state, commands);
        self.path.show(ctx, kit, state, around.places, commands);
        self.problems.show(ctx, kit, state, commands);
        self.strategy.show(ctx, kit, state, commands);
        self.reasons.show(ctx, kit, state, commands);
        self.sweep.show(ctx, kit, state, commands);
        self.keys.show(ctx, kit, state, commands);
        self.acts.show(ctx, kit, state, commands)
    }
}
