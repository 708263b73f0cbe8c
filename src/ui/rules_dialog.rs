//! The dialog of rules: what the project asks of every layer, each rule with an example, and what the project holds.
//!
//! Owns how the rules are explained. It must not enforce them: that is the work of operations.

use crate::domain::article::Direction;
use crate::domain::layer::{Rules, TitleRule};
use crate::session::command::{Command, Dialog, ProjectCommand, ViewCommand};
use crate::session::state::{OpenProject, State};
use crate::ui::form;
use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look};
use crate::ui::modal::{self, Card, Dismiss};
use crate::ui::theme::{mixed, space};
use crate::words::message::Message;
use egui::{Context, CornerRadius, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

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
            if choice(ui, kit, &kit.words(title), &kit.words(what), rule == rules) && rule != rules {
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

/// One of several ways, with its explanation; whether it was pressed.
fn choice(ui: &mut Ui, kit: &Kit<'_>, title: &str, what: &str, chosen: bool) -> bool {
    const DOT: f32 = 16.0;
    let palette = &kit.palette;
    let pad = vec2(12.0, 8.0);
    let room = ui.available_width() - pad.x * 2.0 - DOT - 12.0;
    let look = Look { weight: if chosen { 600.0 } else { 450.0 }, ..kit.plain() };
    let title_galley = kit.galley(ui, title, look, kit.locale.direction(), Wrap::Wrap(room));
    let what_galley = kit.galley(ui, what, kit.small(), kit.locale.direction(), Wrap::Wrap(room));
    let height = title_galley.size().y + what_galley.size().y + pad.y * 2.0;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, title));
    let radius = CornerRadius::same(space::ROW_RADIUS);
    let ground = if response.hovered() { mixed(palette.paper, palette.raised, 0.6) } else { palette.paper };
    let edge = if chosen { palette.accent } else { palette.line };
    ui.painter().rect(rect, radius, ground, Stroke::new(if chosen { 1.5 } else { 1.0 }, edge), StrokeKind::Inside);
    kit.focus_ring(ui, &response, rect.shrink(2.0), radius);
    let inside = rect.shrink2(pad);
    let dot = if kit.rtl() { inside.right() - DOT / 2.0 } else { inside.left() + DOT / 2.0 };
    let centre = egui::pos2(dot, inside.top() + title_galley.size().y / 2.0);
    let ring = Stroke::new(1.5, if chosen { palette.accent } else { palette.soft_ink });
    ui.painter().circle_stroke(centre, DOT / 2.0 - 1.0, ring);
    if chosen {
        ui.painter().circle_filled(centre, 4.0, palette.accent);
    }
    let mut top = inside.top();
    for galley in [title_galley, what_galley] {
        let size = galley.size();
        let x = if kit.rtl() { inside.right() - DOT - 12.0 - size.x } else { inside.left() + DOT + 12.0 };
        ui.painter().galley(egui::pos2(x, top), galley, palette.ink);
        top += size.y;
    }
    response.clicked()
}
