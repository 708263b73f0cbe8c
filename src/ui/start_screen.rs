//! The start screen: what the program is, the projects opened last, and the ways to begin.
//!
//! Owns the screen that shows while no project is open. It must not touch a file: whether a project is still there shows on opening.

use crate::domain::article::Direction;
use crate::session::command::{Command, ProjectCommand, ViewCommand};
use crate::session::settings::{Recent, Theme};
use crate::session::state::State;
use crate::ui::form::{self, Cells, Picture, in_cell};
use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look};
use crate::ui::theme::{mixed, size, space};
use crate::words::language::Language;
use crate::words::message::Message;
use egui::{
    CornerRadius, Rect, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, vec2,
};
use std::path::Path;

/// The start screen.
#[derive(Debug, Default)]
pub struct StartScreen;

/// The column in the middle.
const WIDTH: f32 = 600.0;
/// A card of a way to begin.
const CARD_HEIGHT: f32 = 76.0;
/// A row of the recent projects.
const ROW: f32 = 52.0;
/// Below this width the cards stand under one another.
const NARROW: f32 = 480.0;

impl StartScreen {
    /// Fills `ui` with the screen.
    pub fn show(&mut self, ui: &mut Ui, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let window = ui.max_rect();
        ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
        ui.spacing_mut().interact_size.y = 28.0;
        switches(ui, kit, state, commands);
        let width = WIDTH.min(window.width() - 48.0);
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            let top = (window.height() * 0.14 - 28.0).max(8.0);
            ui.add_space(top);
            let area = ui.available_rect_before_wrap();
            let left = area.center().x - width / 2.0;
            let column = Rect::from_min_size(egui::pos2(left, area.top()), vec2(width, f32::INFINITY));
            let used = ui.scope_builder(UiBuilder::new().max_rect(column), |ui| {
                kit.column(ui, |ui| column_of(ui, kit, state, commands));
            });
            ui.expand_to_include_rect(used.response.rect);
            ui.add_space(24.0);
        });
    }
}

/// Language and theme, in the corner where reading ends.
fn switches(ui: &mut Ui, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
    let (language, theme) = match (state.settings.language, state.settings.theme) {
        (Language::Persian, theme) => (Language::English, theme),
        (Language::English, theme) => (Language::Persian, theme),
    };
    let (theme, words) = match theme {
        Theme::Light => (Theme::Dark, kit.words("theme-dark")),
        Theme::Dark => (Theme::Light, kit.words("theme-light")),
    };
    let mut cells = Cells::row(ui, kit, 44.0);
    cells.first(4.0);
    cells.last(4.0);
    in_cell(ui, kit, cells.rest(), |ui| {
        kit.row_end(ui, |ui| {
            if kit.bare_button(ui, &kit.words("language-other"), true).clicked() {
                commands.push(Command::View(ViewCommand::SetLanguage(language)));
            }
            if kit.bare_button(ui, &words, true).clicked() {
                commands.push(Command::View(ViewCommand::SetTheme(theme)));
            }
        });
    });
}

fn column_of(ui: &mut Ui, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
    let name = Look { size: size::BRAND, weight: 800.0, colour: kit.palette.accent };
    kit.text(ui, &kit.words("app-name"), name);
    kit.text(ui, &kit.words("start-what"), Look { size: size::LEAD, ..kit.soft() });
    ui.add_space(20.0);
    ways(ui, kit, commands);
    ui.add_space(24.0);
    form::caption(ui, kit, &kit.words("start-recent"));
    if state.settings.recent.is_empty() {
        kit.text(ui, &kit.words("start-recent-none"), kit.soft());
    } else {
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            kit.column(ui, |ui| {
                for (place, recent) in state.settings.recent.iter().enumerate() {
                    recent_row(ui, kit, recent, place, commands);
                }
            });
        });
    }
    ui.add_space(16.0);
    let words = match &state.opening {
        Some(path) => kit.locale.message(&Message::new("start-opening").text("path", path.display().to_string())),
        None => kit.words("start-drop"),
    };
    kit.text(ui, &words, kit.small());
}

/// The three ways to begin, side by side where there is room.
fn ways(ui: &mut Ui, kit: &Kit<'_>, commands: &mut Vec<Command>) {
    let ways = [
        ("start-new", "start-new-what", "Ctrl N", ProjectCommand::AskNew),
        ("start-open", "start-open-what", "Ctrl O", ProjectCommand::AskOpen),
        ("start-sample", "start-sample-what", "Ctrl T", ProjectCommand::OpenSample),
    ];
    let width = ui.available_width();
    let narrow = width < NARROW;
    let gap = 12.0;
    let height = CARD_HEIGHT;
    let (card, whole) = if narrow { (width, height * 3.0 + gap * 2.0) } else { ((width - gap * 2.0) / 3.0, height) };
    let (rect, _) = ui.allocate_exact_size(vec2(width, whole), Sense::hover());
    for (place, (title, what, key, command)) in ways.into_iter().enumerate() {
        let step = place as f32;
        let offset = if narrow { vec2(0.0, step * (height + gap)) } else { vec2(step * (card + gap), 0.0) };
        let left = if kit.rtl() { rect.right() - offset.x - card } else { rect.left() + offset.x };
        let place = Rect::from_min_size(egui::pos2(left, rect.top() + offset.y), vec2(card, height));
        if way(ui, kit, place, title, what, key).clicked() {
            commands.push(Command::Project(command));
        }
    }
}

/// A card: the title and its key, and what it does.
fn way(ui: &mut Ui, kit: &Kit<'_>, rect: Rect, title: &str, what: &str, key: &str) -> Response {
    let palette = &kit.palette;
    let response = ui.interact(rect, ui.scope_id().with(title), Sense::click());
    let title = kit.words(title);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &title));
    let hot = response.hovered() || response.has_focus();
    let radius = CornerRadius::same(space::ROW_RADIUS + 3);
    let stroke = Stroke::new(1.0, if hot { mixed(palette.line, palette.accent, 0.6) } else { palette.line });
    ui.painter().rect(rect, radius, palette.paper, stroke, StrokeKind::Inside);
    kit.focus_ring(ui, &response, rect, radius);
    let inside = rect.shrink2(vec2(16.0, 12.0));
    let key_galley = kit.galley(ui, key, kit.small(), Direction::LeftToRight, Wrap::Extend);
    let head = Rect::from_min_size(inside.min, vec2(inside.width(), 24.0));
    let title_room = head.width() - key_galley.size().x - 20.0;
    let title = kit.galley(ui, &title, kit.strong(), kit.locale.direction(), Wrap::Truncate(title_room));
    let at = kit.start_aligned(head, title.size());
    ui.painter().galley(at.min, title, palette.ink);
    in_cell(ui, kit, head, |ui| kit.row_end(ui, |ui| kit.key(ui, key)));
    let what = kit.galley(ui, &kit.words(what), kit.small(), kit.locale.direction(), Wrap::Truncate(inside.width()));
    let below = Rect::from_min_max(egui::pos2(inside.left(), head.bottom() + 4.0), inside.max);
    let at = kit.start_aligned(below, what.size());
    ui.painter().galley(egui::pos2(at.min.x, below.top()), what, palette.soft_ink);
    response
}

fn recent_row(ui: &mut Ui, kit: &Kit<'_>, recent: &Recent, place: usize, commands: &mut Vec<Command>) {
    let palette = &kit.palette;
    let title = title_of(&recent.path);
    let (outer, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    // The row's inside stands in line with the words above it; its ground reaches a little further.
    let rect = outer.expand2(vec2(12.0, 0.0));
    let response = ui.interact(rect, ui.scope_id().with(("recent", place)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &title));
    let radius = CornerRadius::same(space::ROW_RADIUS);
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, radius, palette.raised);
    }
    kit.focus_ring(ui, &response, rect.shrink(2.0), radius);
    let mut cells = Cells::of(outer, kit);
    let forget = in_cell(ui, kit, cells.last(24.0), |ui| {
        let name = format!("{} «{title}»", kit.words("start-forget"));
        form::picture_button(ui, kit, Picture::Cross, &name, true)
    });
    let text = cells.rest();
    let upper = Rect::from_min_size(text.min + vec2(0.0, 6.0), vec2(text.width(), 20.0));
    let lower = upper.translate(vec2(0.0, 21.0));
    let folder = recent.path.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
    let look = Look { weight: 550.0, ..kit.plain() };
    for (line, text, look, direction) in
        [(upper, title.as_str(), look, Direction::Auto), (lower, folder.as_str(), kit.small(), Direction::LeftToRight)]
    {
        let galley = kit.galley(ui, text, look, direction, Wrap::Truncate(line.width()));
        ui.painter().galley(kit.start_aligned(line, galley.size()).min, galley, look.colour);
    }
    if forget.clicked() {
        commands.push(Command::Project(ProjectCommand::ForgetRecent(recent.path.clone())));
    } else if response.clicked() {
        commands.push(Command::Project(ProjectCommand::Open(recent.path.clone())));
    }
}

fn title_of(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
