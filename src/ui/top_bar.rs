//! The bar at the top: the project, the place among the articles, and what is always at hand.
//!
//! Owns what is left out when the window is narrow: that stands in the menu then. It must not keep anything.

use crate::domain::article::Direction;
use crate::session::command::{
    Command, Dialog, ExportCommand, FindCommand, MergeCommand, ProjectCommand, ViewCommand, WalkCommand,
};
use crate::session::review::Mode;
use crate::session::review_command::ReviewCommand;
use crate::session::settings::Theme;
use crate::session::state::{OpenProject, State};
use crate::session::statistics::StatisticsCommand;
use crate::ui::galley::Wrap;
use crate::ui::icons::{BUTTON_SIDE, Icon};
use crate::ui::kit::{Kit, Look, Shortcuts, keys_of};
use crate::ui::mode_switch::{self, WindowMode};
use crate::ui::theme::size;
use crate::words::language::Language;
use crate::words::message::Message;
use egui::{Layout, Popup, Rect, Response, Sense, Ui, UiBuilder, pos2, vec2};

/// The height of the bar, in points.
pub const HEIGHT: f32 = 51.0;
/// The margin at both ends, in points.
const MARGIN: f32 = 20.0;
/// A bar with less room than this beside the switch has the switch in its menu, in points.
const FOR_SWITCH: f32 = 620.0;
/// Between groups, in points.
const BETWEEN: f32 = 10.0;

/// The bar.
#[derive(Debug, Default)]
pub struct TopBar {}

/// A group of the bar. In the order in which they are given up when the window is narrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Zoom,
    Theme,
    Language,
    History,
    Find,
    Place,
    Walk,
    Menu,
}

/// The groups from where they start to the far end of the bar.
const IN_ORDER: [Group; 8] =
    [Group::Place, Group::Walk, Group::Find, Group::History, Group::Zoom, Group::Theme, Group::Language, Group::Menu];

/// The groups that can be given up, the first one first.
const GIVEN_UP: [Group; 7] =
    [Group::Zoom, Group::Theme, Group::Language, Group::History, Group::Find, Group::Place, Group::Walk];

impl TopBar {
    /// Draws the bar in the width there is; `shortcuts` tell the keys in tooltips and in the menu.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        state: &State,
        shortcuts: Shortcuts<'_>,
        commands: &mut Vec<Command>,
    ) {
        let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
        let inner = bar.shrink2(vec2(MARGIN.min(bar.width() / 30.0), 0.0));
        let brand = Look { size: size::TITLE, weight: 800.0, colour: kit.palette.accent };
        let brand = kit.galley(ui, &kit.words("app-name"), brand, kit.locale.direction(), Wrap::Extend);
        let brand_width = brand.size().x;
        let switch = if state.project.is_some() { mode_switch::width(ui, kit) } else { 0.0 };
        // Where the bar has too little room beside the switch, that stands in the menu.
        let fits = switch > 0.0 && inner.width() >= FOR_SWITCH + switch;
        let beside = if fits { switch + BETWEEN * 2.0 } else { 0.0 };
        let room = inner.width() - brand_width - beside;
        let hides_switch = switch > 0.0 && !fits;
        let (places, dropped) = groups(ui, kit, state, room - BETWEEN);
        let end_width: f32 = places.iter().map(|(_, width)| width + BETWEEN).sum();
        if fits {
            // In the middle, or as near to it as the groups allow.
            let aside = (end_width + BETWEEN + switch / 2.0 - inner.width() / 2.0).max(0.0);
            let middle = inner.center() + vec2(if kit.rtl() { aside } else { -aside }, 0.0);
            let rect = Rect::from_center_size(middle, vec2(switch, mode_switch::HEIGHT));
            let now = mode_of(state);
            if let Some(mode) = mode_switch::show(ui, kit, rect, now, shortcuts) {
                commands.extend(mode_command(now, mode));
            }
        }

        let layout = kit.reading_layout();
        let mut start = ui.new_child(UiBuilder::new().max_rect(inner).layout(layout).id_salt("start"));
        start.spacing_mut().item_spacing.x = BETWEEN * 2.0;
        start.label(brand);
        if let Some(project) = &state.project {
            let room = if fits {
                let before = (inner.width() - switch) / 2.0;
                before.min(inner.width() - end_width - BETWEEN - switch) - brand_width - BETWEEN * 3.0
            } else {
                inner.width() - brand_width - end_width - BETWEEN * 4.0
            };
            if room > 40.0 {
                kit.line(&mut start, &project.project.title, Look { size: size::INTERFACE, ..kit.soft() }, room);
            }
        }

        let mut x = end_width - BETWEEN;
        for (group, width) in places {
            let left = if kit.rtl() { inner.left() + x - width } else { inner.right() - x };
            let rect = Rect::from_min_size(pos2(left, bar.top()), vec2(width, bar.height()));
            let mut part = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout).id_salt(group as u8));
            part.spacing_mut().item_spacing.x = 0.0;
            let left_out = LeftOut { groups: &dropped, switch: hides_switch };
            show_group(&mut part, kit, state, group, left_out, shortcuts, commands);
            x -= width + BETWEEN;
        }
    }
}

/// What the bar has no room for, and the menu has therefore.
#[derive(Clone, Copy)]
struct LeftOut<'a> {
    groups: &'a [Group],
    /// Whether the switch between modes is among it.
    switch: bool,
}

/// What the middle of the window is for now.
fn mode_of(state: &State) -> WindowMode {
    match &state.project {
        Some(project) if project.statistics.is_open => WindowMode::Statistics,
        Some(project) if project.mode == Mode::Review => WindowMode::Review,
        _ => WindowMode::Label,
    }
}

/// What leads from one mode to another; nothing where it is that one already.
fn mode_command(from: WindowMode, to: WindowMode) -> Option<Command> {
    match (from, to) {
        _ if from == to => None,
        (_, WindowMode::Label) => Some(Command::Review(ReviewCommand::Leave)),
        (_, WindowMode::Review) => Some(Command::Review(ReviewCommand::Enter)),
        (_, WindowMode::Statistics) => Some(Command::Statistics(StatisticsCommand::Switch)),
    }
}

/// The groups that fit in `room` points with their widths, in order, and those that do not.
fn groups(ui: &Ui, kit: &Kit<'_>, state: &State, room: f32) -> (Vec<(Group, f32)>, Vec<Group>) {
    let mut places: Vec<(Group, f32)> =
        IN_ORDER.into_iter().map(|group| (group, width_of(ui, kit, state, group))).filter(|g| g.1 > 0.0).collect();
    let mut dropped = Vec::new();
    for group in GIVEN_UP {
        if places.iter().map(|(_, width)| width + BETWEEN).sum::<f32>() <= room {
            break;
        }
        places.retain(|(other, _)| *other != group);
        dropped.push(group);
    }
    (places, dropped)
}

/// The width of a group, in points; 0 when it has nothing to show.
fn width_of(ui: &Ui, kit: &Kit<'_>, state: &State, group: Group) -> f32 {
    let words = |text: &str, look| kit.galley(ui, text, look, kit.locale.direction(), Wrap::Extend).size().x;
    match (group, &state.project) {
        (Group::Place, Some(project)) => place_words(kit, project).map_or(0.0, |text| words(&text, kit.soft()).ceil()),
        (Group::Walk | Group::History, Some(_)) => BUTTON_SIDE * 2.0,
        (Group::Find, Some(_)) => BUTTON_SIDE,
        (Group::Zoom, Some(project)) if project.open.is_some() => BUTTON_SIDE * 2.0 + ZOOM_WIDTH,
        (Group::Place | Group::Walk | Group::Find | Group::History | Group::Zoom, _) => 0.0,
        (Group::Theme | Group::Menu, _) => BUTTON_SIDE,
        (Group::Language, _) => words(&kit.words("language-other"), Look { weight: 450.0, ..kit.soft() }).ceil() + 12.0,
    }
}

/// The words that show or hide the list of articles.
const SHOW_ARTICLES: &str = "panel-articles";
/// The words that show or hide the list of mentions.
const SHOW_MENTIONS: &str = "panel-mentions";

/// The room for the magnification, in points: it changes and moves nothing.
const ZOOM_WIDTH: f32 = 52.0;

/// "12 of 40 articles", or how many there are when the open one is not among those listed.
fn place_words(kit: &Kit<'_>, project: &OpenProject) -> Option<String> {
    let total = project.list.total?;
    let place = project.open.as_ref().and_then(|open| open.place).filter(|place| *place < total);
    Some(kit.locale.message(&match place {
        Some(place) => Message::new("article-place").number("place", place + 1).number("total", total),
        None => Message::new("articles-count").number("count", total),
    }))
}

fn show_group(
    ui: &mut Ui,
    kit: &Kit<'_>,
    state: &State,
    group: Group,
    left_out: LeftOut<'_>,
    shortcuts: Shortcuts<'_>,
    commands: &mut Vec<Command>,
) {
    let icon = |ui: &mut Ui, icon, id: &str, enabled, command: Command, commands: &mut Vec<Command>| {
        if kit.icon_button(ui, icon, &kit.words(id), keys_of(shortcuts, id), enabled).clicked() {
            commands.push(command);
        }
    };
    match group {
        Group::Place => {
            if let Some(text) = state.project.as_ref().and_then(|project| place_words(kit, project)) {
                let galley = kit.galley(ui, &text, kit.soft(), kit.locale.direction(), Wrap::Extend);
                ui.label(galley);
            }
        }
        Group::Walk => {
            icon(ui, Icon::Previous, "previous", true, Command::Walk(WalkCommand::Previous), commands);
            icon(ui, Icon::Next, "next", true, Command::Walk(WalkCommand::Next), commands);
        }
        Group::History => {
            let history = state.project.as_ref().map(|project| &project.history);
            let (back, on) = (
                history.is_some_and(|history| history.next_undo().is_some()),
                history.is_some_and(|history| history.next_redo().is_some()),
            );
            icon(ui, Icon::Undo, "undo", back, Command::Undo, commands);
            icon(ui, Icon::Redo, "redo", on, Command::Redo, commands);
        }
        Group::Find => icon(ui, Icon::Lens, "find-open", true, Command::Find(FindCommand::Open), commands),
        Group::Zoom => {
            icon(ui, Icon::Minus, "zoom-out", true, Command::View(ViewCommand::Zoom(-1)), commands);
            if zoom(ui, kit, state.settings.zoom).clicked() {
                commands.push(Command::View(ViewCommand::ZoomReset));
            }
            icon(ui, Icon::Plus, "zoom-in", true, Command::View(ViewCommand::Zoom(1)), commands);
        }
        Group::Theme => {
            let (picture, words, theme) = other_theme(state);
            icon(ui, picture, words, true, Command::View(ViewCommand::SetTheme(theme)), commands);
        }
        Group::Language => {
            if kit.bare_button(ui, &kit.words("language-other"), true).clicked() {
                commands.push(Command::View(ViewCommand::SetLanguage(other_language(state))));
            }
        }
        Group::Menu => {
            let response = kit.icon_button(ui, Icon::Menu, &kit.words("menu"), None, true);
            menu(&response, kit, state, left_out, shortcuts, commands);
        }
    }
}

fn other_theme(state: &State) -> (Icon, &'static str, Theme) {
    match state.settings.theme {
        Theme::Light => (Icon::Moon, "theme-dark", Theme::Dark),
        Theme::Dark => (Icon::Sun, "theme-light", Theme::Light),
    }
}

fn other_language(state: &State) -> Language {
    match state.settings.language {
        Language::Persian => Language::English,
        Language::English => Language::Persian,
    }
}

/// The magnification of the article; pressed, it goes back to its own size.
fn zoom(ui: &mut Ui, kit: &Kit<'_>, zoom: f32) -> Response {
    let percent = Message::new("zoom-percent").number("percent", (zoom * 100.0).round().max(0.0) as u64);
    let text = kit.locale.message(&percent);
    let (rect, _) = ui.allocate_exact_size(vec2(ZOOM_WIDTH, BUTTON_SIDE), Sense::hover());
    let layout = Layout::centered_and_justified(egui::Direction::LeftToRight);
    let mut inner = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
    let response = kit.bare_button(&mut inner, &text, true);
    kit.hint(response, &kit.words("zoom"))
}

/// What the menu holds: the words and the command of each line; `None` draws a line between.
fn menu_lines(state: &State, left_out: LeftOut<'_>) -> Vec<Option<(&'static str, Command)>> {
    let show = |dialog| Command::View(ViewCommand::Show(dialog));
    let dropped = left_out.groups;
    let mut lines = Vec::new();
    if left_out.switch {
        let now = mode_of(state);
        let modes = WindowMode::ALL.into_iter();
        lines.extend(modes.filter_map(|mode| Some(Some((mode.id(), mode_command(now, mode)?)))));
        lines.push(None);
    }
    if state.project.is_some() {
        lines.extend([
            Some(("import", Command::Project(ProjectCommand::AskImport))),
            Some(("import-folder", Command::Project(ProjectCommand::AskImportFolder))),
            Some(("merge", Command::Merge(MergeCommand::Ask))),
            Some(("export", Command::Export(ExportCommand::Ask))),
            None,
            Some(("labels-edit", show(Dialog::Labels))),
            Some(("rules", show(Dialog::Rules))),
            Some(("names", show(Dialog::Names))),
            Some(("annotator", show(Dialog::Annotator))),
            Some(("external", show(Dialog::External))),
            Some(("mirror", show(Dialog::Mirror))),
            None,
        ]);
        if dropped.contains(&Group::Walk) {
            lines.push(Some(("previous", Command::Walk(WalkCommand::Previous))));
            lines.push(Some(("next", Command::Walk(WalkCommand::Next))));
        }
        if dropped.contains(&Group::Find) {
            lines.push(Some(("find-open", Command::Find(FindCommand::Open))));
        }
        if dropped.contains(&Group::History) {
            lines.push(Some(("undo", Command::Undo)));
            lines.push(Some(("redo", Command::Redo)));
        }
        if dropped.contains(&Group::Zoom) {
            lines.push(Some(("zoom-in", Command::View(ViewCommand::Zoom(1)))));
            lines.push(Some(("zoom-out", Command::View(ViewCommand::Zoom(-1)))));
        }
        if state.article().is_some() {
            let direction = |direction| Command::Walk(WalkCommand::SetDirection(direction));
            if !matches!(lines.last(), Some(None)) {
                lines.push(None);
            }
            lines.extend(DIRECTIONS.map(|(to, words)| Some((words, direction(to)))));
            lines.push(None);
        }
        lines.push(Some((SHOW_ARTICLES, Command::View(ViewCommand::ToggleArticles))));
        lines.push(Some((SHOW_MENTIONS, Command::View(ViewCommand::ToggleMentions))));
    }
    if dropped.contains(&Group::Theme) {
        let (_, words, theme) = other_theme(state);
        lines.push(Some((words, Command::View(ViewCommand::SetTheme(theme)))));
    }
    if dropped.contains(&Group::Language) {
        lines.push(Some(("language-other", Command::View(ViewCommand::SetLanguage(other_language(state))))));
    }
    lines.push(Some(("acts", show(Dialog::Acts))));
    lines.push(Some(("keys", show(Dialog::Keys))));
    if state.project.is_some() {
        lines.extend([None, Some(("close-project", Command::Project(ProjectCommand::Close)))]);
    }
    lines
}

/// The directions in which the open article can be read, with their words.
const DIRECTIONS: [(Direction, &str); 3] = [
    (Direction::Auto, "direction-auto"),
    (Direction::RightToLeft, "direction-rtl"),
    (Direction::LeftToRight, "direction-ltr"),
];

/// Whether the open article is read in the direction that a line of the menu names; `None` for other lines.
fn direction_on(state: &State, words: &str) -> Option<bool> {
    let (direction, _) = DIRECTIONS.into_iter().find(|(_, id)| *id == words)?;
    Some(state.article()?.article.direction == direction)
}

fn menu(
    response: &Response,
    kit: &Kit<'_>,
    state: &State,
    left_out: LeftOut<'_>,
    shortcuts: Shortcuts<'_>,
    commands: &mut Vec<Command>,
) {
    Popup::menu(response).width(232.0).show(|ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        for line in menu_lines(state, left_out) {
            match line {
                Some((words, command)) => {
                    let text = kit.words(words);
                    let response = match words {
                        SHOW_ARTICLES => kit.menu_switch(ui, &text, state.settings.articles_panel),
                        SHOW_MENTIONS => kit.menu_switch(ui, &text, state.settings.mentions_panel),
                        _ => match direction_on(state, words) {
                            Some(on) => kit.menu_switch(ui, &text, on),
                            None => kit.menu_line(ui, &text, keys_of(shortcuts, words), true),
                        },
                    };
                    if response.clicked() {
                        commands.push(command);
                        ui.close();
                    }
                }
                None => kit.menu_rule(ui),
            }
        }
    });
}
