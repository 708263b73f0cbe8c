//! The dialog of what is about to be decided in the whole project: the search for it, what it comes to, and the places.
//!
//! Owns how it shows. It must not decide anything: it asks for it, or lets it go.

use crate::domain::article::Direction;
use crate::session::command::{Command, ViewCommand};
use crate::session::review_command::ReviewCommand;
use crate::session::state::{Job, OpenProject, State};
use crate::session::sweep::{JOB, SweepKind, SweepPlace, SweepPlan};
use crate::ui::choices;
use crate::ui::form::{self, Cells, Picture, paint_picture};
use crate::ui::galley::{Wrap, is_truncated};
use crate::ui::kit::{Kit, Look};
use crate::ui::modal::{self, Card, Dismiss};
use crate::ui::review_words::{listed, name_words, shortened};
use crate::ui::suggestion_words::label_title;
use crate::words::message::Message;
use egui::{Context, Id, Rect, Role, Sense, Ui, WidgetInfo, vec2};

/// The height of a place, in points.
const ROW: f32 = 30.0;
/// The room of an article's name, in points.
const NAME: f32 = 150.0;
/// How much of the rest the text of a place has.
const SURFACE_PART: f32 = 0.5;
/// What stands around the list of places, in points.
const AROUND: f32 = 130.0;

/// The dialog.
#[derive(Debug, Default)]
pub struct SweepDialog;

impl SweepDialog {
    /// Shows it while something is about to be decided.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let Some(project) = &state.project else { return };
        let Some(sweep) = project.sweep.as_ref().filter(|_| state.dialog.is_none()) else { return };
        let title = match sweep.kind {
            SweepKind::Like(_) => "sweep-title-like",
            SweepKind::Strategy(_) => "sweep-title-strategy",
        };
        let card = Card { name: "sweep", title: &kit.words(title), width: 680.0, dismiss: Dismiss::Escape };
        let mut asked = Vec::new();
        modal::show(ctx, kit, &card, &mut asked, |ui, shown, asked| match &sweep.plan {
            None => looking(ui, kit, state.job.as_ref(), asked),
            Some(plan) => {
                found(ui, kit, project, plan, shown.room);
                end(ui, kit, !plan.acts.is_empty(), asked);
            }
        });
        // Leaving the dialog is letting go of what it is about.
        let drop = Command::Review(ReviewCommand::DropSweep);
        commands.extend(asked.into_iter().map(|command| match command {
            Command::View(ViewCommand::Dismiss) => drop.clone(),
            other => other,
        }));
    }
}

/// How far the search is, and the way to stop it.
fn looking(ui: &mut Ui, kit: &Kit<'_>, job: Option<&Job>, asked: &mut Vec<Command>) {
    let words = kit.words("sweep-looking");
    kit.text(ui, &words, kit.plain());
    ui.add_space(6.0);
    let job = job.filter(|job| job.what == JOB && job.total > 0);
    let share = job.map(|job| job.done as f32 / job.total as f32);
    let width = ui.available_width();
    choices::bar(ui, kit, &words, share, width);
    modal::buttons(ui, kit, |ui| {
        if kit.button(ui, &kit.words("cancel")).clicked() {
            asked.push(Command::View(ViewCommand::Dismiss));
        }
    });
}

/// What it comes to, and the first of the places.
fn found(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, plan: &SweepPlan, room: f32) {
    if plan.acts.is_empty() {
        kit.text(ui, &kit.words("sweep-nothing"), kit.plain());
    } else {
        let counts = Message::new("sweep-comes-to")
            .number("count", plan.cases)
            .number("agreed", plan.agreed)
            .number("finished", plan.finished);
        kit.text(ui, &kit.locale.message(&counts), kit.plain());
    }
    if plan.refused > 0 {
        let refused = Message::new("sweep-refused").number("count", plan.refused);
        form::fault(ui, kit, &kit.locale.message(&refused));
    }
    if plan.places.is_empty() {
        return;
    }
    ui.add_space(4.0);
    form::line(ui, kit);
    modal::scroll(room - AROUND).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (number, place) in plan.places.iter().enumerate() {
            place_row(ui, kit, project, (number, place));
        }
        if let Some(more) = plan.cases.checked_sub(plan.places.len()).filter(|more| *more > 0) {
            let words = kit.locale.message(&Message::new("sweep-more").number("count", more));
            ui.add_space(6.0);
            kit.column(ui, |ui| kit.text(ui, &words, kit.small()));
        }
    });
    form::line(ui, kit);
}

/// A place: its text, what would stand, and in which article.
fn place_row(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, (number, place): (usize, &SweepPlace)) {
    let palette = &kit.palette;
    let mut cells = Cells::row(ui, kit, ROW);
    let whole = cells.rest();
    let what = gold_words(project, place);
    let aloud = Message::new("sweep-place").text("surface", &place.surface).part("what", what.clone());
    let aloud = kit.locale.message(&aloud.text("article", &place.name));
    let response = ui.interact(whole, Id::unique("sweep-place").with(number), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &aloud));
    let name = cells.last(NAME.min(whole.width() * 0.25));
    let surface = cells.first(cells.rest().width() * SURFACE_PART);
    let arrow = cells.first(14.0);
    let stands = cells.rest();
    let ink = match place.gold.as_slice() {
        [(_, label)] => project.label(*label).map_or(palette.ink, |label| palette.label_ink(label.colour)),
        _ => palette.soft_ink,
    };
    let interface = kit.locale.direction();
    let list = Look { size: crate::ui::theme::size::LIST, weight: 450.0, colour: palette.ink };
    let mut cut = put(ui, kit, (surface, &place.surface), list, Direction::Auto);
    let picture = if kit.rtl() { Picture::Left } else { Picture::Right };
    paint_picture(ui.painter(), arrow.center(), picture, palette.soft_ink);
    cut |= put(ui, kit, (stands, &kit.locale.message(&what)), Look { colour: ink, ..list }, interface);
    let small = kit.galley(ui, &place.name, kit.small(), Direction::Auto, Wrap::Truncate(name.width()));
    cut |= is_truncated(&small);
    ui.painter().galley(kit.end_aligned(name, small.size()).min, small, palette.soft_ink);
    ui.painter().hline(whole.x_range(), whole.bottom(), egui::Stroke::new(1.0, palette.line.gamma_multiply(0.5)));
    if cut {
        kit.hint(response, &aloud);
    }
}

/// Paints words where reading starts in a cell; whether they were cut.
fn put(ui: &Ui, kit: &Kit<'_>, (cell, words): (Rect, &str), look: Look, direction: Direction) -> bool {
    let galley = kit.galley(ui, words, look, direction, Wrap::Truncate(cell.width().max(20.0)));
    let cut = is_truncated(&galley);
    ui.painter().galley(kit.start_aligned(cell, galley.size()).translate(vec2(0.0, 1.0)).min, galley, look.colour);
    cut
}

/// What would stand at a place: the label alone where the text is the place's.
fn gold_words(project: &OpenProject, place: &SweepPlace) -> Message {
    if place.aside {
        return Message::new("review-put-aside");
    }
    let one = |(surface, label): &(String, crate::domain::label::LabelId)| {
        let title = project.label(*label).map_or("?", label_title);
        match *surface == place.surface {
            true => name_words(title),
            false => Message::new("review-says").text("surface", shortened(surface)).text("label", title),
        }
    };
    listed(place.gold.iter().map(one)).unwrap_or_else(|| Message::new("sweep-place-nothing"))
}

/// The way to have it done, by Enter too, and the way out.
fn end(ui: &mut Ui, kit: &Kit<'_>, does_something: bool, asked: &mut Vec<Command>) {
    let entered = modal::entered(ui);
    modal::buttons(ui, kit, |ui| {
        if !does_something {
            if kit.main_button(ui, &kit.words("close"), true).clicked() || entered {
                asked.push(Command::View(ViewCommand::Dismiss));
            }
            return;
        }
        if kit.main_button(ui, &kit.words("sweep-apply"), true).clicked() || entered {
            asked.push(Command::Review(ReviewCommand::ApplySweep));
        }
        if kit.button(ui, &kit.words("cancel")).clicked() {
            asked.push(Command::View(ViewCommand::Dismiss));
        }
    });
}
