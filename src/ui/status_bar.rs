//! The bar at the bottom: whether all is saved, where the selection is, the article's status, a long job, and keys.
//!
//! Owns what is left out when the window is narrow. It must not keep anything.

use crate::domain::layer::Status;
use crate::domain::suggestion::Suggestion;
use crate::session::command::{Command, ProjectCommand, WalkCommand};
use crate::session::saving::SaveState;
use crate::session::state::{Job, OpenArticle, OpenProject, State};
use crate::ui::choices;
use crate::ui::galley::{Wrap, is_truncated};
use crate::ui::icons;
use crate::ui::kit::{Kit, Look, Shortcuts};
use crate::ui::review_words;
use crate::ui::suggestion_words;
use crate::ui::theme::{mixed, size};
use crate::words::message::Message;
use egui::{Color32, CornerRadius, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

/// The height of the bar, in points.
pub const HEIGHT: f32 = 33.0;
/// The margin at both ends, in points.
const MARGIN: f32 = 20.0;

/// The bar.
#[derive(Debug, Default)]
pub struct StatusBar {}

impl StatusBar {
    /// Draws the bar in the width there is; `shortcuts` are told at the far end as far as they fit, the first ones first.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        state: &State,
        shortcuts: Shortcuts<'_>,
        commands: &mut Vec<Command>,
    ) {
        let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
        let inner = bar.shrink2(vec2(MARGIN.min(bar.width() / 20.0), 0.0));
        let layout = kit.reading_layout();
        let mut start = ui.new_child(UiBuilder::new().max_rect(inner).layout(layout).id_salt("start"));
        start.shrink_clip_rect(bar);
        start.spacing_mut().item_spacing.x = 14.0;
        let job_width = state.job.as_ref().map_or(0.0, |job| running_width(&start, kit, job));
        if let Some(project) = &state.project {
            saving(&mut start, kit, &project.saves.state(), commands);
            if let Some(open) = project.open.as_ref().filter(|_| project.find.is_none()) {
                let room = |ui: &Ui| ui.available_width() - job_width;
                if status_width(&start, kit) < room(&start) {
                    status(&mut start, kit, open, commands);
                }
                let room = room(&start);
                match open.advice.chosen() {
                    None if open.review.is_some() => count(&mut start, kit, open, room),
                    Some(chosen) => suggestion(&mut start, kit, project, &chosen.suggestion, room),
                    None => offsets(&mut start, kit, open, room),
                }
            }
        }
        if let Some(job) = &state.job {
            running(&mut start, kit, job, commands);
        }
        let used = start.min_rect();
        let rest = if kit.rtl() { inner.with_max_x(used.left()) } else { inner.with_min_x(used.right()) };
        hints(ui, kit, rest, shortcuts);
    }
}

fn saving(ui: &mut Ui, kit: &Kit<'_>, saves: &SaveState, commands: &mut Vec<Command>) {
    let palette = &kit.palette;
    let (colour, words) = match saves {
        SaveState::Saved => (palette.good, kit.words("saved")),
        SaveState::Saving => (palette.soft_ink, kit.words("saving")),
        SaveState::Failed(_, waiting) => {
            (palette.fault, kit.locale.message(&Message::new("save-failed").number("count", *waiting as u64)))
        }
    };
    let response = dotted(ui, kit, &words, colour);
    if let SaveState::Failed(message, _) = saves {
        kit.hint(response, &kit.locale.message(message));
        if link(ui, kit, &kit.words("save-again")).clicked() {
            commands.push(Command::SaveAgain);
        }
    }
}

/// Words behind a dot of their colour.
fn dotted(ui: &mut Ui, kit: &Kit<'_>, words: &str, colour: Color32) -> Response {
    let look = Look { size: size::SMALL, weight: 500.0, colour };
    let galley = kit.galley(ui, words, look, kit.locale.direction(), Wrap::Extend);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 17.0, galley.size().y), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    let dot = kit.start_aligned(rect, vec2(9.0, 9.0)).center();
    ui.painter().circle_filled(dot, 4.5, colour);
    ui.painter().galley(kit.end_aligned(rect, galley.size()).min, galley, colour);
    response
}

/// A small button with words in the accent.
fn link(ui: &mut Ui, kit: &Kit<'_>, words: &str) -> Response {
    let look = Look { size: size::SMALL, weight: 600.0, colour: kit.palette.accent };
    let galley = kit.galley(ui, words, look, kit.locale.direction(), Wrap::Extend);
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(12.0, 4.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
    let radius = CornerRadius::same(6);
    if response.hovered() {
        ui.painter().rect_filled(rect, radius, mixed(kit.palette.window, kit.palette.accent, 0.12));
    }
    kit.focus_ring(ui, &response, rect.shrink(2.0), radius);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, kit.palette.accent);
    response
}

/// The statuses that can be given, with their words.
const STATUSES: [(Status, &str); 2] = [(Status::Done, "status-done"), (Status::Flagged, "status-flagged")];

/// How wide the switches of the status are, in points.
fn status_width(ui: &Ui, kit: &Kit<'_>) -> f32 {
    let words = |id: &str| {
        let look = Look { weight: 600.0, ..kit.small() };
        kit.galley(ui, &kit.words(id), look, kit.locale.direction(), Wrap::Extend).size().x
    };
    STATUSES.iter().map(|(_, id)| words(id) + SWITCH_PAD + 4.0).sum()
}

/// Around the words of a switch, with its mark, in points.
const SWITCH_PAD: f32 = 31.0;

/// The status of the open article: two switches, whose mark and fill tell which is on.
fn status(ui: &mut Ui, kit: &Kit<'_>, open: &OpenArticle, commands: &mut Vec<Command>) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (status, words) in STATUSES {
            if switch(ui, kit, &kit.words(words), status, open.layer.status == status).clicked() {
                commands.push(Command::Walk(WalkCommand::SetStatus(status)));
            }
        }
    });
}

fn switch(ui: &mut Ui, kit: &Kit<'_>, words: &str, status: Status, on: bool) -> Response {
    let palette = &kit.palette;
    let look = Look {
        size: size::SMALL,
        weight: if on { 600.0 } else { 400.0 },
        colour: if on { palette.ink } else { palette.soft_ink },
    };
    let galley = kit.galley(ui, words, look, kit.locale.direction(), Wrap::Extend);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + SWITCH_PAD, 24.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, words));
    let radius = CornerRadius::same(6);
    if on {
        ui.painter().rect_filled(rect, radius, palette.raised);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, radius, mixed(palette.window, palette.ink, 0.05));
    }
    kit.focus_ring(ui, &response, rect.shrink(2.0), radius);
    let inner = rect.shrink2(vec2(8.0, 0.0));
    let mark = kit.start_aligned(inner, vec2(9.0, 9.0)).center();
    if on {
        icons::paint_status(ui.painter(), kit, status, mark);
    } else {
        icons::paint_status_outline(ui.painter(), kit, status, mark);
    }
    ui.painter().galley(kit.end_aligned(inner, galley.size()).min, galley, look.colour);
    response
}

/// The code points that are selected: from the first one on, up to the one after the last.
fn offsets(ui: &mut Ui, kit: &Kit<'_>, open: &OpenArticle, room: f32) {
    let span = if open.selecting { open.target() } else { open.selected.map(|key| key.span).or(open.target()) };
    let Some(span) = span else { return };
    let message =
        Message::new("offsets-span").number("start", span.start.get() as u64).number("end", span.end.get() as u64);
    let galley = kit.galley(ui, &kit.locale.message(&message), kit.small(), kit.locale.direction(), Wrap::Extend);
    if galley.size().x < room {
        ui.label(galley);
    }
}

/// How many disputes there are, and how many of them are decided.
fn count(ui: &mut Ui, kit: &Kit<'_>, open: &OpenArticle, room: f32) {
    let Some(review) = open.review.as_deref().filter(|review| !review.disputes().is_empty()) else { return };
    let words = kit.locale.message(&review_words::count_words(review));
    let galley = kit.galley(ui, &words, kit.small(), kit.locale.direction(), Wrap::Extend);
    if galley.size().x < room {
        ui.label(galley);
    }
}

/// The chosen suggestion: its label, why it is made, how likely it is. A screen reader tells it as it changes.
fn suggestion(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, chosen: &Suggestion, room: f32) {
    let words = kit.locale.message(&suggestion_words::told(project, chosen));
    let look = Look { weight: 500.0, colour: kit.palette.ink, ..kit.small() };
    let galley = kit.galley(ui, &words, look, kit.locale.direction(), Wrap::Truncate(room.max(40.0)));
    let colour = project.label(chosen.label).map_or(kit.palette.soft_ink, |label| kit.palette.label_ink(label.colour));
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(16.0, 0.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
    let square = kit.start_aligned(rect, vec2(10.0, 10.0));
    ui.painter().rect_filled(square, CornerRadius::same(3), colour);
    let cut = is_truncated(&galley);
    ui.painter().galley(kit.end_aligned(rect, galley.size()).min, galley, look.colour);
    if cut {
        kit.hint(response, &words);
    }
}

/// The width of the bar of a job, in points.
const JOB_WIDTH: f32 = 120.0;

/// How wide a job is with the way to stop it, in points.
fn running_width(ui: &Ui, kit: &Kit<'_>, job: &Job) -> f32 {
    let words = |id: &str| kit.galley(ui, &kit.words(id), kit.small(), kit.locale.direction(), Wrap::Extend).size().x;
    words(job.what) + JOB_WIDTH + words("cancel") + 12.0 + 14.0 * 3.0
}

/// A long job: what it is, how far it is, and the way to stop it.
fn running(ui: &mut Ui, kit: &Kit<'_>, job: &Job, commands: &mut Vec<Command>) {
    let words = kit.words(job.what);
    let galley = kit.galley(ui, &words, kit.small(), kit.locale.direction(), Wrap::Extend);
    ui.label(galley);
    let share = (job.total > 0).then(|| job.done as f32 / job.total as f32);
    choices::bar(ui, kit, &words, share, JOB_WIDTH);
    if link(ui, kit, &kit.words("cancel")).clicked() {
        commands.push(Command::Project(ProjectCommand::StopJob));
    }
}

/// Keys at the far end of the bar, as many as fit.
fn hints(ui: &mut Ui, kit: &Kit<'_>, rest: Rect, shortcuts: Shortcuts<'_>) {
    const BETWEEN: f32 = 18.0;
    let mut room = rest.width() - BETWEEN;
    let mut fitting = Vec::new();
    for (words, keys) in shortcuts {
        let words = kit.galley(ui, &kit.words(words), kit.small(), kit.locale.direction(), Wrap::Extend);
        let width = words.size().x + kit.key_width(ui, keys) + 6.0;
        if width > room {
            break;
        }
        room -= width + BETWEEN;
        fitting.push((words, keys));
    }
    let layout = kit.ending_layout();
    let mut end = ui.new_child(UiBuilder::new().max_rect(rest).layout(layout).id_salt("hints"));
    end.spacing_mut().item_spacing.x = 6.0;
    // At the far end the first part drawn stands last: the words of a hint before its key.
    for (place, (words, keys)) in fitting.into_iter().enumerate() {
        if place > 0 {
            end.add_space(BETWEEN - 6.0);
        }
        end.label(words);
        kit.key(&mut end, keys);
    }
}
