//! The palette: the labels as small cards above the paper, each with its key.
//!
//! Owns how many cards fit; the rest stand in a menu. It must not decide what a label does to a text: it says which was pressed.

use crate::domain::article::Direction;
use crate::domain::label::Label;
use crate::session::command::{Command, Dialog, MarkCommand, ViewCommand};
use crate::session::state::{OpenProject, State};
use crate::ui::galley::Wrap;
use crate::ui::icons::{self, Icon};
use crate::ui::kit::{Kit, Look};
use crate::ui::label_finder::{Finding, Found, LabelFinder};
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::{mixed, size, space};
use crate::words::message::Message;
use egui::{
    CornerRadius, Galley, Id, Popup, PopupCloseBehavior, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// The height of a card, in points.
const CARD_HEIGHT: f32 = 28.0;
/// Between cards, in points.
const GAP: f32 = 5.0;
/// The square with the key, in points.
const KEY_SIDE: f32 = 19.0;
/// No more rows than this: the article needs the room.
const ROWS_MOST: usize = 2;
/// A card is no wider than its title's beginning of this width, in points.
const TITLE_WIDTH: f32 = 140.0;

/// The bar.
#[derive(Debug, Default)]
pub struct PaletteBar {
    /// Finds one of the labels that have no room.
    finder: LabelFinder,
    /// For how many passes the menu of labels has been open.
    passes_open: u64,
}

/// A card that is laid out.
struct Card<'a> {
    label: &'a Label,
    key: Arc<Galley>,
    title: Arc<Galley>,
    width: f32,
}

impl PaletteBar {
    /// Draws the bar as wide as there is room, as high as it needs.
    pub fn show(&mut self, ui: &mut Ui, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let Some(project) = &state.project else { return };
        let armed = project.armed;
        let cards: Vec<Card<'_>> =
            project.labels.active().map(|label| card(ui, kit, label, armed == Some(label.id))).collect();
        let room = ui.available_width();
        let places = places(&cards.iter().map(|card| card.width).collect::<Vec<_>>(), room);
        let rows = places.last().map_or(1, |place| place.row + 1);
        let height = rows as f32 * (CARD_HEIGHT + GAP) - GAP;
        let (bar, _) = ui.allocate_exact_size(vec2(room, height), Sense::hover());
        let at = |x: f32, row: usize, width: f32| {
            let x = if kit.rtl() { bar.right() - x - width } else { bar.left() + x };
            Rect::from_min_size(pos2(x, bar.top() + row as f32 * (CARD_HEIGHT + GAP)), vec2(width, CARD_HEIGHT))
        };
        for (card, place) in cards.iter().zip(&places) {
            let response = paint_card(ui, kit, at(place.x, place.row, card.width), card, armed == Some(card.label.id));
            let response = kit.hint_with(response, |ui| about(ui, kit, project, card.label));
            if response.clicked() {
                commands.push(press(project, card.label));
            }
        }
        let (end, row) = places
            .last()
            .map_or((0.0, 0), |last| (last.x + cards.get(places.len() - 1).map_or(0.0, |c| c.width) + GAP, last.row));
        let mut x = end;
        if places.len() < cards.len() {
            let rect = at(x, row, CARD_HEIGHT);
            let response = small_card(ui, kit, rect, Icon::More, &kit.words("palette-more"));
            if let Some(label) = self.more(&response, kit, project) {
                commands.push(press(project, label));
            }
            x += CARD_HEIGHT + GAP;
        }
        if small_card(ui, kit, at(x, row, CARD_HEIGHT), Icon::Pencil, &kit.words("labels-edit")).clicked() {
            commands.push(Command::View(ViewCommand::Show(Dialog::Labels)));
        }
    }
}

impl PaletteBar {
    /// The menu of all labels, of which one is found by typing; which was chosen.
    fn more<'a>(&mut self, button: &Response, kit: &Kit<'_>, project: &'a OpenProject) -> Option<&'a Label> {
        let mut chosen = None;
        let popup = Popup::menu(button).width(220.0).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let shown = popup.show(|ui| {
            if self.passes_open == 0 {
                self.finder.clear();
            }
            let finding = Finding {
                field: button.id.with("field"),
                // The first pass only measures: what has the keyboard after it was not shown.
                takes_focus: self.passes_open < 2,
                height: ui.ctx().content_rect().height() * 0.5,
                current: project.armed,
                key: None,
            };
            let found = self.finder.show(ui, kit, project, &finding);
            if let Found::Label(label) = found {
                chosen = project.labels.get(label);
            }
            if found != Found::Nothing {
                ui.close();
            }
        });
        self.passes_open = if shown.is_some() { self.passes_open + 1 } else { 0 };
        chosen
    }
}

/// What pressing a card asks for: with a selection, to label it; else to arm the label for the drags that follow.
///
/// A selected mention is left alone: the one labelled last stays selected, and arming another label must not relabel it.
fn press(project: &OpenProject, label: &Label) -> Command {
    let selected = project.open.as_ref().is_some_and(|open| open.selecting);
    Command::Mark(if selected { MarkCommand::Label(label.id) } else { MarkCommand::Arm(label.id) })
}

/// Where a card stands: points from where reading starts, and its row.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    x: f32,
    row: usize,
}

/// The places of as many cards of these widths as fit in the rows there may be, with the buttons after them.
fn places(widths: &[f32], room: f32) -> Vec<Place> {
    let button = CARD_HEIGHT + GAP;
    let mut places: Vec<Place> = Vec::with_capacity(widths.len());
    let (mut x, mut row) = (0.0, 0);
    for width in widths {
        if x > 0.0 && x + width > room {
            if row + 1 == ROWS_MOST {
                break;
            }
            (x, row) = (0.0, row + 1);
        }
        places.push(Place { x, row });
        x += width + GAP;
    }
    // The buttons stand after the last card: one to edit, one more when cards are left over.
    while let (Some(last), Some(width)) = (places.last(), places.len().checked_sub(1).and_then(|at| widths.get(at))) {
        let buttons = if places.len() < widths.len() { button * 2.0 } else { button };
        let fits = last.x + width + buttons <= room;
        if fits || places.len() == 1 {
            break;
        }
        places.pop();
    }
    places
}

fn card<'a>(ui: &Ui, kit: &Kit<'_>, label: &'a Label, armed: bool) -> Card<'a> {
    let ink = kit.palette.label_ink(label.colour);
    let key = label.keys.chars().last().map_or_else(String::new, |key| key.to_uppercase().to_string());
    let look = Look { size: 11.5, weight: 700.0, colour: ink };
    let key = kit.galley(ui, &key, look, Direction::LeftToRight, Wrap::Extend);
    let look = Look { size: size::CARD, weight: if armed { 700.0 } else { 500.0 }, colour: kit.palette.ink };
    let title = kit.galley(ui, label_title(label), look, Direction::Auto, Wrap::Truncate(TITLE_WIDTH));
    // The width of the bold title, so that arming moves nothing.
    let bold = kit.galley(
        ui,
        label_title(label),
        Look { weight: 700.0, ..look },
        Direction::Auto,
        Wrap::Truncate(TITLE_WIDTH),
    );
    let width = 4.0 + KEY_SIDE + 6.0 + bold.size().x.ceil() + 8.0;
    Card { label, key, title, width }
}

fn paint_card(ui: &Ui, kit: &Kit<'_>, rect: Rect, card: &Card<'_>, armed: bool) -> Response {
    let response = ui.interact(rect, Id::unique("label card").with(card.label.id), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, armed, label_title(card.label)));
    let palette = &kit.palette;
    let ink = palette.label_ink(card.label.colour);
    let radius = CornerRadius::same(space::CONTROL_RADIUS);
    let fill = if response.hovered() { mixed(palette.paper, palette.ink, 0.05) } else { palette.paper };
    if armed {
        let halo = mixed(palette.window, ink, 0.25);
        ui.painter().rect_stroke(rect, radius, Stroke::new(2.0, halo), StrokeKind::Outside);
    }
    let stroke = if armed { Stroke::new(1.5, ink) } else { Stroke::new(1.0, palette.line) };
    ui.painter().rect(rect, radius, fill, stroke, StrokeKind::Inside);
    kit.focus_ring(ui, &response, rect, radius);
    let square = kit.start_aligned(rect.shrink2(vec2(4.0, 0.0)), vec2(KEY_SIDE, KEY_SIDE));
    ui.painter().rect_filled(square, CornerRadius::same(5), palette.label_tint(card.label.colour, 0.18));
    ui.painter().galley(square.center() - card.key.size() / 2.0, Arc::clone(&card.key), ink);
    let after = if kit.rtl() { rect.with_max_x(square.left() - 6.0) } else { rect.with_min_x(square.right() + 6.0) };
    ui.painter().galley(kit.start_aligned(after, card.title.size()).min, Arc::clone(&card.title), palette.ink);
    response
}

/// A square card with an icon.
fn small_card(ui: &Ui, kit: &Kit<'_>, rect: Rect, icon: Icon, name: &str) -> Response {
    let response = ui.interact(rect, ui.scope_id().with(name), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let radius = CornerRadius::same(space::CONTROL_RADIUS);
    if response.hovered() {
        let fill = mixed(kit.palette.window, kit.palette.ink, 0.07);
        ui.painter().rect_filled(rect, radius, fill);
    }
    kit.focus_ring(ui, &response, rect, radius);
    icons::paint(ui.painter(), icon, rect.center(), kit.palette.soft_ink, kit.rtl());
    kit.hint(response, name)
}

/// The tooltip of a label: its name, its keys, its guideline, and how often it stands here and in the project.
fn about(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, label: &Label) {
    ui.set_max_width(300.0);
    ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
    kit.column(ui, |ui| {
        kit.row(ui, |ui| {
            let name = if label_title(label) == label.name {
                label.name.clone()
            } else {
                format!("{} · {}", label_title(label), label.name)
            };
            let galley = kit.galley(ui, &name, kit.strong(), kit.locale.direction(), Wrap::Extend);
            ui.label(galley);
            for key in label.keys.chars().rev() {
                kit.key(ui, &key.to_uppercase().to_string());
            }
        });
        if !label.guideline.trim().is_empty() {
            let galley = kit.galley(ui, &label.guideline, kit.soft(), Direction::Auto, Wrap::Wrap(280.0));
            ui.label(galley);
        }
        let here = project.open.as_ref().map_or(0, |open| open.list.count(label.id)) as u64;
        let all = project.label_counts.get(&label.id).copied().unwrap_or(0);
        let counts = kit.locale.message(&Message::new("label-counts").number("here", here).number("all", all));
        let galley = kit.galley(ui, &counts, kit.small(), kit.locale.direction(), Wrap::Extend);
        ui.label(galley);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(widths: &[f32], room: f32, expected: &[(f32, usize)]) {
        let places: Vec<_> = places(widths, room).iter().map(|place| (place.x, place.row)).collect();
        assert_eq!(places, expected);
    }

    #[test]
    fn cards_break_into_two_rows_and_leave_room_for_the_buttons() {
        check(&[], 400.0, &[]);
        check(&[100.0, 100.0], 400.0, &[(0.0, 0), (105.0, 0)]);
        check(&[100.0, 100.0, 100.0], 250.0, &[(0.0, 0), (105.0, 0), (0.0, 1)]);
        check(&[100.0; 9], 250.0, &[(0.0, 0), (105.0, 0), (0.0, 1)]);
        check(&[300.0, 300.0], 100.0, &[(0.0, 0)]);
    }
}
