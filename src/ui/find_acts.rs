//! What can be done with the hits that are selected: how many there are, the acts, and what an act would do before it is done.
//!
//! Owns the act that is being looked at and its preview, reckoned once for each selection. It must not do it: it asks for it.

use crate::domain::article::Direction;
use crate::domain::label::{Label, LabelId};
use crate::session::command::{Command, FindAct, FindCommand};
use crate::session::finding::{Find, Preview};
use crate::session::state::OpenProject;
use crate::ui::find_rows::{CHECK_SIDE, Share, paint_check};
use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look};
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::{size, space};
use crate::words::message::Message;
use egui::{
    Align, CornerRadius, Frame, Layout, Margin, Popup, Rect, Response, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo,
    vec2,
};

/// A search is told to go on only after this time, in seconds: most are done before.
const PATIENCE_SECONDS: f64 = 0.3;
/// The height of the bar, in points.
const BAR_HEIGHT: f32 = 34.0;
/// Below this width the acts stand in a line of their own, in points.
const ONE_LINE_WIDTH: f32 = 720.0;

/// The bar of acts.
#[derive(Debug, Default)]
pub struct FindActs {
    /// The act whose preview is open.
    pub act: Option<FindAct>,
    /// What it would do, and of which search and revision that was reckoned.
    reckoned: Option<(FindAct, u64, u64, Preview)>,
    /// Since when the search has been going on, in seconds of the window's clock.
    since: Option<f64>,
}

impl FindActs {
    /// Does the act that is looked at, and closes its preview; not before everything is found.
    pub fn confirm(&mut self, find: &Find, commands: &mut Vec<Command>) {
        if let Some(act) = self.act.take_if(|_| find.complete) {
            commands.push(Command::Find(FindCommand::Act(act)));
        }
    }

    /// Draws the counts with the acts, or the preview of one.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        project: &OpenProject,
        find: &Find,
        commands: &mut Vec<Command>,
    ) {
        if find.hits == 0 {
            self.act = None;
        }
        if ui.available_width() >= ONE_LINE_WIDTH {
            kit.row(ui, |ui| {
                ui.set_min_height(BAR_HEIGHT);
                self.counts(ui, kit, find, commands);
                kit.row_end(ui, |ui| self.acts(ui, kit, project, find));
            });
        } else {
            kit.row(ui, |ui| self.counts(ui, kit, find, commands));
            kit.row(ui, |ui| kit.row_end(ui, |ui| self.acts(ui, kit, project, find)));
        }
        if let Some(act) = self.act {
            // What comes while more is found would be reckoned again and again.
            let preview = find.complete.then(|| self.preview(project, find, act));
            self.preview_card(ui, kit, project, find, (act, preview), commands);
        }
    }

    /// What an act would do: reckoned again only when hits or selection have changed.
    fn preview(&mut self, project: &OpenProject, find: &Find, act: FindAct) -> Preview {
        let key = (act, find.id(), find.revision());
        match self.reckoned {
            Some((act, id, revision, preview)) if (act, id, revision) == key => preview,
            _ => {
                let preview = find.preview(project, act);
                self.reckoned = Some((key.0, key.1, key.2, preview));
                preview
            }
        }
    }

    fn counts(&mut self, ui: &mut Ui, kit: &Kit<'_>, find: &Find, commands: &mut Vec<Command>) {
        ui.spacing_mut().item_spacing.x = 10.0;
        let now = ui.input(|input| input.time);
        let is_going = !find.complete && now - *self.since.get_or_insert(now) >= PATIENCE_SECONDS;
        if find.complete {
            self.since = None;
        } else {
            ui.ctx().request_repaint_after_secs(PATIENCE_SECONDS as f32);
        }
        if find.hits > 0 {
            let share = Share::of(find.selected(), find.hits);
            let response = check(ui, kit, &kit.words("find-select-all"), share, !find.stale);
            if kit.hint_with_keys(response, &kit.words("find-select-all"), "Ctrl A").clicked() {
                commands.push(Command::Find(FindCommand::ToggleAll));
            }
            let places = Message::new("find-places").number("count", find.hits as u64);
            let counts = Message::new("find-counts")
                .part("places", places)
                .number("articles", find.articles.len() as u64)
                .number("selected", find.selected() as u64);
            said(ui, kit, &kit.locale.message(&counts), kit.plain());
        }
        if is_going {
            said(ui, kit, &kit.words("find-searching"), kit.small());
        } else if find.cut {
            let cut = kit.locale.message(&Message::new("find-cut").number("count", find.hits as u64));
            said(ui, kit, &cut, Look { colour: kit.palette.warning, ..kit.small() });
        }
    }

    /// The acts, from the far end on.
    fn acts(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, find: &Find) {
        ui.spacing_mut().item_spacing.x = 6.0;
        let can = find.selected() > 0 && !find.stale;
        if find.hits == 0 {
            return;
        }
        if act_button(ui, kit, "find-remove", can).clicked() {
            self.act = Some(FindAct::Remove);
        }
        let relabel = act_button(ui, kit, "find-relabel", can);
        let relabel = label_menu(&relabel, kit, project).map(FindAct::Relabel);
        let label = act_button(ui, kit, "find-label", can);
        let label = label_menu(&label, kit, project).map(FindAct::Label);
        if let Some(act) = relabel.or(label).filter(|_| can) {
            self.act = Some(act);
        }
    }

    fn preview_card(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        project: &OpenProject,
        find: &Find,
        (act, preview): (FindAct, Option<Preview>),
        commands: &mut Vec<Command>,
    ) {
        let label = match act {
            FindAct::Label(id) | FindAct::Relabel(id) => project.label(id),
            FindAct::Remove => None,
        };
        let colour = label.map_or(kit.palette.accent, |label| kit.palette.label_ink(label.colour));
        let frame = Frame::new()
            .fill(kit.palette.paper)
            .stroke(Stroke::new(1.5, colour))
            .corner_radius(CornerRadius::same(space::ROW_RADIUS))
            .inner_margin(Margin::symmetric(14, 9));
        frame.show(ui, |ui| {
            kit.row(ui, |ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let (does, stays) = match preview {
                    Some(preview) => sentences(kit, act, label, preview),
                    None => (kit.words("find-searching"), None),
                };
                let buttons = 250.0;
                let room = (ui.available_width() - buttons).max(120.0);
                let align = if kit.rtl() { Align::Max } else { Align::Min };
                ui.allocate_ui_with_layout(vec2(room, 0.0), Layout::top_down(align), |ui| {
                    ui.set_max_width(room);
                    ui.spacing_mut().item_spacing.y = 1.0;
                    kit.text(ui, &does, kit.strong());
                    if let Some(stays) = &stays {
                        kit.text(ui, stays, kit.small());
                    }
                });
                kit.row_end(ui, |ui| {
                    let words = kit.words(confirm_words(act));
                    kit.key(ui, "Enter");
                    let can = preview.is_some_and(|preview| preview.changes > 0);
                    if kit.main_button(ui, &words, can).clicked() {
                        self.confirm(find, commands);
                    }
                    if kit.key_button(ui, &kit.words("cancel"), "Esc", true).clicked() {
                        self.act = None;
                    }
                });
            });
        });
    }
}

/// What the preview says: what is done, and what is left as it is.
fn sentences(kit: &Kit<'_>, act: FindAct, label: Option<&Label>, preview: Preview) -> (String, Option<String>) {
    let id = match act {
        _ if preview.changes == 0 => "find-preview-nothing",
        FindAct::Label(_) => "find-preview-label",
        FindAct::Relabel(_) => "find-preview-relabel",
        FindAct::Remove => "find-preview-remove",
    };
    let does = Message::new(id)
        .text("label", label.map_or("", label_title))
        .number("count", preview.changes as u64)
        .number("articles", preview.articles as u64);
    let stays = Message::new("find-preview-idle").number("count", preview.idle as u64);
    (kit.locale.message(&does), (preview.idle > 0).then(|| kit.locale.message(&stays)))
}

fn confirm_words(act: FindAct) -> &'static str {
    match act {
        FindAct::Label(_) => "find-label-do",
        FindAct::Relabel(_) => "find-relabel-do",
        FindAct::Remove => "find-remove-do",
    }
}

fn act_button(ui: &mut Ui, kit: &Kit<'_>, words: &str, enabled: bool) -> Response {
    ui.add_enabled_ui(enabled, |ui| kit.button(ui, &kit.words(words))).inner
}

/// A menu of the labels in use under a button; the one that was chosen.
pub fn label_menu(response: &Response, kit: &Kit<'_>, project: &OpenProject) -> Option<LabelId> {
    let mut chosen = None;
    Popup::menu(response).width(220.0).show(|ui| {
        let most = ui.ctx().content_rect().height() * 0.6;
        ScrollArea::vertical().max_height(most).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            for label in project.labels.active() {
                let key = label.keys.chars().last().map(|key| key.to_uppercase().to_string());
                let line = kit.menu_line(ui, label_title(label), key.as_deref(), true);
                let bar = kit.start_aligned(line.rect.shrink2(vec2(2.0, 6.0)), vec2(3.0, line.rect.height() - 12.0));
                ui.painter().rect_filled(bar, CornerRadius::same(1), kit.palette.label_ink(label.colour));
                if line.clicked() {
                    chosen = Some(label.id);
                    ui.close();
                }
            }
        });
    });
    chosen
}

/// A line of words in a row.
fn said(ui: &mut Ui, kit: &Kit<'_>, words: &str, look: Look) {
    let galley = kit.galley(ui, words, look, kit.locale.direction(), Wrap::Extend);
    ui.label(galley);
}

/// A square for what is on, off or partly on.
pub fn check(ui: &mut Ui, kit: &Kit<'_>, name: &str, share: Share, enabled: bool) -> Response {
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(CHECK_SIDE + 4.0, CHECK_SIDE + 4.0), sense);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, share == Share::All, name));
    kit.focus_ring(ui, &response, rect, CornerRadius::same(5));
    paint_check(ui.painter(), kit, Rect::from_center_size(rect.center(), vec2(CHECK_SIDE, CHECK_SIDE)), share);
    response
}

/// A square with its words, both to be pressed.
pub fn check_line(ui: &mut Ui, kit: &Kit<'_>, words: &str, on: bool, enabled: bool) -> Response {
    let ink = if enabled { kit.palette.ink } else { kit.palette.soft_ink };
    let look = Look { size: size::CARD, weight: 450.0, colour: ink };
    let galley = kit.galley(ui, words, look, Direction::Auto, Wrap::Extend);
    let wanted = vec2(CHECK_SIDE + 8.0 + galley.size().x + 8.0, galley.size().y + 7.0);
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(wanted, sense);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, on, words));
    kit.focus_ring(ui, &response, rect, CornerRadius::same(5));
    let inner = rect.shrink2(vec2(4.0, 0.0));
    let square = kit.start_aligned(inner, vec2(CHECK_SIDE, CHECK_SIDE));
    let painter = ui.painter();
    paint_check(painter, kit, square, if on { Share::All } else { Share::None });
    painter.galley(kit.end_aligned(inner, galley.size()).translate(vec2(0.0, 1.0)).min, galley, ink);
    response
}
