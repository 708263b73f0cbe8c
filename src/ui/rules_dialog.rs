//! The dialog of rules: what the project asks of every layer, each rule with an example, and what the project holds.
//!
//! Owns how the rules are explained. It must not enforce them: that is the work of operations.

use crate::domain::article::Direction;
use crate::domain::layer::{Rules, TitleRule};
use crate::session::command::{Command, Dialog, ProjectCommand, ViewCommand};
use crate::session::state::{OpenProject, State};
use crate::ui::choices;
use crate::ui::form;
use crate::ui::galley::Wrap;
use crate::ui::kit::Kit;
use crate::ui::modal::{self, Card, Dismiss};
use crate::words::message::Message;
use egui::{Context, Ui};

/// The dialog of rules.
#[derive(Debug, Default)]
pub struct RulesDialog;

impl RulesDialog {
    /// Shows it while the state has it. A choice counts at once.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let (Some(Dialog::Rules), Some(project)) = (&state.dialog, &state.project) else { return };
        let card = Card { name: "rules", title: &kit.words("rules"), width: 560.0, dismiss: Dismiss::Anywhere };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            modal::scroll(shown.room).show(ui, |ui| {
                kit.column(ui, |ui| body(ui, kit, project, commands));
            });
            if modal::entered(ui) {
                commands.push(Command::View(ViewCommand::Dismiss));
            }
        });
    }
}

fn body(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, commands: &mut Vec<Command>) {
    let rules = project.project.rules;
    let choices = [
        (
            "rules-overlaps",
            [
                ("rules-overlaps-yes", "rules-overlaps-yes-what", Rules { overlaps: true, ..rules }),
                ("rules-overlaps-no", "rules-overlaps-no-what", Rules { overlaps: false, ..rules }),
            ],
        ),
        (
            "rules-titles",
            [
                ("rules-titles-outside", "rules-titles-outside-what", Rules { titles: TitleRule::Outside, ..rules }),
                ("rules-titles-inside", "rules-titles-inside-what", Rules { titles: TitleRule::Inside, ..rules }),
            ],
        ),
    ];
    for (group, ways) in choices {
        form::caption(ui, kit, &kit.words(group));
        for (title, what, rule) in ways {
            if choices::explained(ui, kit, &kit.words(title), &kit.words(what), rule == rules) && rule != rules {
                commands.push(Command::Project(ProjectCommand::SetRules(rule)));
            }
        }
        ui.add_space(4.0);
    }
    kit.text(ui, &kit.words("rules-titles-hint"), kit.small());
    ui.add_space(4.0);
    form::line(ui, kit);
    ui.add_space(4.0);
    form::caption(ui, kit, &format!("{} «{}»", kit.words("rules-project"), project.project.title));
    let path = project.project.path.display().to_string();
    let width = ui.available_width();
    let galley = kit.galley(ui, &path, kit.small(), Direction::LeftToRight, Wrap::Wrap(width));
    ui.label(galley);
    let labels = u64::try_from(project.labels.active().count()).unwrap_or(u64::MAX);
    let counts = [
        Message::new("articles-count").number("count", project.project.articles),
        Message::new("rules-labels").number("count", labels),
        Message::new("rules-mentions").number("count", project.label_counts.values().sum::<u64>()),
    ];
    kit.text(ui, &counts.map(|message| kit.locale.message(&message)).join(" · "), kit.small());
}
