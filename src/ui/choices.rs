//! The bits of dialogs in which something is chosen: drop-downs, ticks, coloured chips, rows with a caption, a bar of progress.
//!
//! Owns their look and their keys. It must not know what is chosen.

use crate::domain::article::Direction;
use crate::ui::form::{self, Cells, Picture, paint_picture};
use crate::ui::galley::Wrap;
use crate::ui::icons::{self, Icon};
use crate::ui::kit::{Kit, Look};
use crate::ui::theme::{mixed, size, space};
use egui::{
    Color32, CornerRadius, Popup, PopupCloseBehavior, Rect, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

/// The height of a row of a dialog, in points.
pub const ROW: f32 = 32.0;
/// The width of the captions before such rows, in points.
pub const CAPTION: f32 = 124.0;
/// The height of a line of a drop-down, in points.
const LINE: f32 = 28.0;
/// How high a drop-down may be, in points.
const MENU_HEIGHT: f32 = 320.0;

/// A row with its caption where reading starts and what is chosen beside it.
pub fn row<R>(ui: &mut Ui, kit: &Kit<'_>, caption: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    let mut cells = Cells::row(ui, kit, ROW);
    let cell = cells.first(CAPTION);
    form::in_cell(ui, kit, cell, |ui| kit.line(ui, caption, kit.small(), cell.width()));
    form::in_cell(ui, kit, cells.rest(), |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        add(ui)
    })
}

/// What is chosen in a drop-down, as its button shows it.
#[derive(Clone, Copy, Debug)]
pub struct Chosen<'a> {
    /// What is being chosen, for those who cannot see it.
    pub name: &'a str,
    /// What is chosen.
    pub words: &'a str,
    /// Its colour, where it has one.
    pub colour: Option<Color32>,
    /// The width of the button, in points.
    pub width: f32,
}

/// A button that shows what is chosen; pressed, it opens lines to choose from. `lines` draws them with [`line()`] and gives what was
/// pressed.
pub fn drop_down<T>(
    ui: &mut Ui,
    kit: &Kit<'_>,
    chosen: &Chosen<'_>,
    lines: impl FnOnce(&mut Ui) -> Option<T>,
) -> Option<T> {
    let palette = &kit.palette;
    let (rect, response) = ui.allocate_exact_size(vec2(chosen.width, LINE), Sense::click());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(chosen.words.to_owned()),
        ..WidgetInfo::labeled(Role::ComboBox, true, chosen.name)
    });
    let radius = CornerRadius::same(space::CONTROL_RADIUS);
    let fill = if response.hovered() { mixed(palette.raised, palette.ink, 0.06) } else { palette.raised };
    ui.painter().rect(rect, radius, fill, Stroke::new(1.0, palette.line), StrokeKind::Inside);
    kit.focus_ring(ui, &response, rect, radius);
    let mut cells = Cells::of(rect.shrink2(vec2(10.0, 0.0)), kit);
    let sign = cells.last(10.0);
    paint_picture(ui.painter(), sign.center(), Picture::Unfold, palette.soft_ink);
    if let Some(colour) = chosen.colour {
        paint_dot(ui, cells.first(10.0), colour);
    }
    let look = Look { size: size::LIST, ..kit.plain() };
    let room = cells.rest();
    let galley = kit.galley(ui, chosen.words, look, Direction::Auto, Wrap::Truncate(room.width()));
    ui.painter().galley(kit.start_aligned(room, galley.size()).translate(vec2(0.0, 1.0)).min, galley, look.colour);
    Popup::menu(&response)
        .width(chosen.width.max(200.0))
        .close_behavior(PopupCloseBehavior::CloseOnClick)
        .show(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            let most = MENU_HEIGHT.min(ui.ctx().content_rect().height() * 0.6);
            let pressed = ScrollArea::vertical().max_height(most).min_scrolled_height(most).show(ui, lines).inner;
            if pressed.is_some() {
                // By a key too, which then goes on with the button.
                ui.close();
                if ui.memory(|memory| memory.focused().is_some()) {
                    ui.memory_mut(|memory| memory.request_focus(response.id));
                }
            }
            pressed
        })
        .and_then(|shown| shown.inner)
}

/// A line of a drop-down; whether it was pressed.
pub fn line(ui: &mut Ui, kit: &Kit<'_>, words: &str, colour: Option<Color32>, on: bool) -> bool {
    let palette = &kit.palette;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, on, words));
    let radius = CornerRadius::same(6);
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, radius, palette.raised);
    }
    kit.focus_ring(ui, &response, rect.shrink(2.0), radius);
    let mut cells = Cells::of(rect.shrink2(vec2(10.0, 0.0)), kit);
    let sign = cells.last(12.0);
    if on {
        icons::paint(ui.painter(), Icon::Check, sign.center(), palette.accent, kit.rtl());
    }
    if let Some(colour) = colour {
        paint_dot(ui, cells.first(10.0), colour);
    }
    let look = Look { size: size::LIST, ..kit.plain() };
    let room = cells.rest();
    let galley = kit.galley(ui, words, look, Direction::Auto, Wrap::Truncate(room.width()));
    ui.painter().galley(kit.start_aligned(room, galley.size()).translate(vec2(0.0, 1.0)).min, galley, look.colour);
    response.clicked()
}

/// A label's colour before its name.
fn paint_dot(ui: &Ui, cell: Rect, colour: Color32) {
    let square = Rect::from_center_size(cell.center(), vec2(10.0, 10.0));
    ui.painter().rect_filled(square, CornerRadius::same(3), colour);
}

/// One of a few choices in a row; the chosen one is filled. Whether another one was pressed.
pub fn chips<T: Copy + PartialEq>(ui: &mut Ui, kit: &Kit<'_>, choices: &[(T, String)], chosen: &mut T) -> bool {
    let before = *chosen;
    for (choice, words) in choices {
        if kit.chip(ui, words, *choice == before).clicked() {
            *chosen = *choice;
        }
    }
    *chosen != before
}

/// Something that is so or not, with its words; whether it was turned.
pub fn tick(ui: &mut Ui, kit: &Kit<'_>, words: &str, on: bool) -> bool {
    const BOX: f32 = 16.0;
    let palette = &kit.palette;
    let room = ui.available_width() - BOX - 8.0;
    let galley = kit.galley(ui, words, kit.soft(), kit.locale.direction(), Wrap::Wrap(room));
    let wanted = vec2(BOX + 8.0 + galley.size().x, galley.size().y.max(24.0));
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, words));
    let mut cells = Cells::of(rect, kit);
    let square = Rect::from_center_size(cells.first(BOX).center(), vec2(BOX, BOX));
    let radius = CornerRadius::same(4);
    let (fill, edge) = match (on, response.hovered()) {
        (true, _) => (palette.accent, palette.accent),
        (false, true) => (palette.raised, palette.soft_ink),
        (false, false) => (palette.paper, mixed(palette.line, palette.soft_ink, 0.5)),
    };
    ui.painter().rect(square, radius, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    if on {
        let at = square.center();
        let sign = [at + vec2(-4.0, 0.0), at + vec2(-1.0, 3.5), at + vec2(4.0, -3.5)];
        ui.painter().add(egui::Shape::line(sign.to_vec(), Stroke::new(1.8, palette.on_accent)));
    }
    kit.focus_ring(ui, &response, square.expand(1.0), radius);
    let place = kit.start_aligned(cells.rest(), galley.size());
    ui.painter().galley(place.min, galley, palette.ink);
    response.clicked()
}

/// A label that is in or out, as a chip in its colour.
pub fn label_chip(ui: &mut Ui, kit: &Kit<'_>, words: &str, colour: Color32, tint: Color32, on: bool) -> Response {
    let palette = &kit.palette;
    let ink = if on { palette.ink } else { palette.soft_ink };
    let look = Look { size: size::CARD, weight: if on { 500.0 } else { 400.0 }, colour: ink };
    let galley = kit.galley(ui, words, look, Direction::Auto, Wrap::Truncate(180.0));
    let wanted = vec2(galley.size().x + 10.0 + 6.0 + 20.0, 26.0);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, words));
    let radius = CornerRadius::same(13);
    let fill = if on { tint } else { palette.paper };
    let edge = match (on, response.hovered()) {
        (true, _) => colour,
        (false, true) => palette.soft_ink,
        (false, false) => palette.line,
    };
    ui.painter().rect(rect, radius, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    kit.focus_ring(ui, &response, rect, radius);
    let mut cells = Cells::of(rect.shrink2(vec2(10.0, 0.0)), kit);
    let dot = cells.first(10.0);
    if on {
        paint_dot(ui, dot, colour);
    } else {
        let square = Rect::from_center_size(dot.center(), vec2(10.0, 10.0));
        ui.painter().rect_stroke(square, CornerRadius::same(3), Stroke::new(1.0, colour), StrokeKind::Inside);
    }
    let gap = if kit.rtl() { 2.0 } else { -2.0 };
    let place = kit.start_aligned(cells.rest().translate(vec2(gap, 1.0)), galley.size());
    ui.painter().galley(place.min, galley, ink);
    response
}

/// One of several ways, with its explanation; whether it was pressed.
pub fn explained(ui: &mut Ui, kit: &Kit<'_>, title: &str, what: &str, chosen: bool) -> bool {
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
    let centre = pos2(dot, inside.top() + title_galley.size().y / 2.0);
    let ring = Stroke::new(1.5, if chosen { palette.accent } else { palette.soft_ink });
    ui.painter().circle_stroke(centre, DOT / 2.0 - 1.0, ring);
    if chosen {
        ui.painter().circle_filled(centre, 4.0, palette.accent);
    }
    let mut top = inside.top();
    for galley in [title_galley, what_galley] {
        let size = galley.size();
        let x = if kit.rtl() { inside.right() - DOT - 12.0 - size.x } else { inside.left() + DOT + 12.0 };
        ui.painter().galley(pos2(x, top), galley, palette.ink);
        top += size.y;
    }
    response.clicked()
}

/// A bar of how far something is; a part wanders while it is not known how much there is to do.
pub fn bar(ui: &mut Ui, kit: &Kit<'_>, words: &str, share: Option<f32>, width: f32) {
    const PART: f32 = 30.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, 6.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, words));
    let radius = CornerRadius::same(3);
    ui.painter().rect_filled(rect, radius, kit.palette.line);
    let filled = match share {
        Some(share) => kit.start_aligned(rect, vec2(rect.width() * share.clamp(0.0, 1.0), rect.height())),
        None => {
            ui.ctx().request_repaint_after_secs(0.05);
            let at = (ui.input(|input| input.time) * 0.6).fract() as f32;
            Rect::from_min_size(pos2(rect.left() + at * (rect.width() - PART), rect.top()), vec2(PART, rect.height()))
        }
    };
    ui.painter().rect_filled(filled, radius, kit.palette.accent);
}
