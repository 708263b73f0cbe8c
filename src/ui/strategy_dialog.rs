//! The dialog of strategies: what decides the open disputes of the whole project, each with what it means.
//!
//! Owns what is chosen until it is asked for. What it would decide is shown before anything is.

use crate::analysis::adjudicate::Plan;
use crate::domain::decision::{GOLD, Strategy};
use crate::domain::layer::AnnotatorId;
use crate::session::command::{Command, Dialog, ViewCommand};
use crate::session::review_command::ReviewCommand;
use crate::session::state::{OpenProject, State};
use crate::ui::choices::{self, Chosen};
use crate::ui::kit::Kit;
use crate::ui::modal::{self, Card, Dismiss};
use crate::ui::review_words::strategy_words;
use crate::ui::slider::Slider;
use crate::words::message::Message;
use egui::{Context, Ui};

/// The share that is asked for at first, in percent: two of three.
const SHARE: u8 = 67;
/// What stands around the strategies, in points.
const AROUND: f32 = 60.0;

/// The dialog.
#[derive(Debug)]
pub struct StrategyDialog {
    strategy: Strategy,
    /// In percent.
    share: u8,
    slider: Slider,
    annotator: Option<AnnotatorId>,
}

impl Default for StrategyDialog {
    fn default() -> Self {
        Self { strategy: Strategy::Majority, share: SHARE, slider: Slider::default(), annotator: None }
    }
}

impl StrategyDialog {
    /// Shows it while the state has it.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let (Some(Dialog::Strategy), Some(project)) = (&state.dialog, &state.project) else { return };
        let title = kit.words("strategy-title");
        let card = Card { name: "strategy", title: &title, width: 560.0, dismiss: Dismiss::Anywhere };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            modal::scroll(shown.room - AROUND).show(ui, |ui| {
                kit.column(ui, |ui| self.strategies(ui, kit, project));
            });
            let plan = self.plan();
            let entered = modal::entered(ui);
            modal::buttons(ui, kit, |ui| {
                let pressed = kit.main_button(ui, &kit.words("strategy-look"), plan.is_some()).clicked() || entered;
                if let Some(plan) = plan.filter(|_| pressed) {
                    commands.push(Command::View(ViewCommand::Dismiss));
                    commands.push(Command::Review(ReviewCommand::AskStrategy(plan)));
                }
                if kit.button(ui, &kit.words("cancel")).clicked() {
                    commands.push(Command::View(ViewCommand::Dismiss));
                }
            });
        });
    }

    fn strategies(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject) {
        for strategy in Strategy::ALL {
            let words = strategy_words(strategy);
            let what = kit.words(&format!("{words}-what"));
            if choices::explained(ui, kit, &kit.words(words), &what, strategy == self.strategy) {
                self.strategy = strategy;
            }
            if strategy != self.strategy {
                continue;
            }
            match strategy {
                Strategy::Threshold => self.share(ui, kit),
                Strategy::Annotator => self.annotator(ui, kit, project),
                _ => {}
            }
        }
    }

    fn share(&mut self, ui: &mut Ui, kit: &Kit<'_>) {
        let name = kit.words("strategy-share");
        let shown = self.slider.dragged().unwrap_or(self.share);
        let percent = kit.locale.message(&Message::new("zoom-percent").number("percent", shown));
        choices::row(ui, kit, &name, |ui| {
            kit.line(ui, &percent, kit.strong(), 48.0);
            if let Some(set) = self.slider.show(ui, kit, &name, self.share, [50, SHARE].into_iter()) {
                self.share = set;
            }
        });
    }

    fn annotator(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject) {
        let name = kit.words("strategy-whose");
        let others = || project.annotators.iter().filter(|annotator| annotator.name != GOLD);
        let known = others().find(|annotator| Some(annotator.id) == self.annotator);
        let words = known.map_or_else(|| kit.words("strategy-choose"), |annotator| annotator.name.clone());
        choices::row(ui, kit, &name, |ui| {
            let width = ui.available_width().min(280.0);
            let chosen = Chosen { name: &name, words: &words, colour: None, width };
            let pressed = choices::drop_down(ui, kit, &chosen, |ui| {
                let mut pressed = None;
                for annotator in others() {
                    let on = Some(annotator.id) == self.annotator;
                    if choices::line(ui, kit, &annotator.name, None, on) {
                        pressed = Some(annotator.id);
                    }
                }
                pressed
            });
            self.annotator = pressed.or(known.map(|annotator| annotator.id));
        });
    }

    /// What is asked for; `None` while it is not known whose readings are to stand.
    fn plan(&self) -> Option<Plan> {
        let annotator = self.annotator.filter(|_| self.strategy == Strategy::Annotator);
        if self.strategy == Strategy::Annotator && annotator.is_none() {
            return None;
        }
        // A share reaches a number of percent when it is that number once rounded: two of three reach 67 %.
        let threshold = (f64::from(self.share) - 0.5).max(0.0) / 100.0;
        Some(Plan { strategy: self.strategy, threshold, annotator })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(share: u8, votes: u32, of: u32, expected: bool) {
        let dialog = StrategyDialog { strategy: Strategy::Threshold, share, ..StrategyDialog::default() };
        assert_eq!(f64::from(votes) / f64::from(of) >= dialog.plan().unwrap().threshold, expected, "{votes}/{of}");
    }

    #[test]
    fn a_share_is_reached_when_it_is_so_many_percent_rounded() {
        check(67, 2, 3, true);
        check(67, 3, 5, false);
        check(50, 1, 2, true);
        check(51, 1, 2, false);
        check(34, 1, 3, false);
        check(100, 3, 3, true);
    }

    #[test]
    fn nobodys_readings_are_no_plan() {
        let dialog = StrategyDialog { strategy: Strategy::Annotator, ..StrategyDialog::default() };
        assert_eq!(dialog.plan(), None);
    }
}
