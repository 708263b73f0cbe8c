//! The bits of dialogs that hold something to fill in: fields with a name, faults below them, small picture buttons, columns.
//!
//! Owns their look. It must not know what is filled in.

use crate::domain::article::Direction;
use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look};
use crate::ui::theme::{mixed, size, space};
use egui::{
    Color32, CornerRadius, Id, Key, Layout, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};

/// The height of a field of one line, in points.
pub const FIELD_HEIGHT: f32 = 32.0;

/// What a field is told.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// What it is called by those who cannot see it.
    pub name: &'a str,
    /// What stands in it while it is empty.
    pub hint: &'a str,
    /// How what is typed reads.
    pub direction: Direction,
    /// How many lines it shows; with more than one, Enter makes a new line.
    pub lines: usize,
    /// Whether what it holds is refused.
    pub fault: bool,
    /// Whether the field keeps Tab and the vertical arrows for the dialog.
    pub keeps_keys: bool,
    /// Whether the caret goes to the end of the text.
    pub caret_to_end: bool,
    /// Whether it asks for the keyboard.
    pub takes_focus: bool,
}

impl<'a> Field<'a> {
    /// A field of one line, of this name and direction.
    #[must_use]
    pub fn new(name: &'a str, direction: Direction) -> Self {
        Self {
            name,
            hint: "",
            direction,
            lines: 1,
            fault: false,
            keeps_keys: false,
            caret_to_end: false,
            takes_focus: false,
        }
    }
}

/// What happened in a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The text changed.
    pub changed: bool,
    /// The field was left, by Enter too: what it holds is meant.
    pub left: bool,
    /// Enter was pressed in it.
    pub entered: bool,
    /// It has the keyboard.
    pub focused: bool,
}

/// Places along a row, in reading order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cells {
    rect: Rect,
    rtl: bool,
}

/// Between two cells, in points.
const CELL_GAP: f32 = 8.0;

impl Cells {
    /// Takes a row of this height.
    pub fn row(ui: &mut Ui, kit: &Kit<'_>, height: f32) -> Self {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        Self { rect, rtl: kit.rtl() }
    }

    /// Cells in a place that is there already.
    #[must_use]
    pub fn of(rect: Rect, kit: &Kit<'_>) -> Self {
        Self { rect, rtl: kit.rtl() }
    }

    /// The next cell where reading starts.
    pub fn first(&mut self, width: f32) -> Rect {
        self.take(width, self.rtl)
    }

    /// The next cell where reading ends.
    pub fn last(&mut self, width: f32) -> Rect {
        self.take(width, !self.rtl)
    }

    /// What is left.
    #[must_use]
    pub fn rest(&self) -> Rect {
        self.rect
    }

    fn take(&mut self, width: f32, right: bool) -> Rect {
        let mut cell = self.rect;
        if right {
            cell.min.x = cell.max.x - width;
            self.rect.max.x = cell.min.x - CELL_GAP;
        } else {
            cell.max.x = cell.min.x + width;
            self.rect.min.x = cell.max.x + CELL_GAP;
        }
        cell
    }
}

/// Shows parts in a cell, from where reading starts, in the middle of its height.
pub fn in_cell<R>(ui: &mut Ui, kit: &Kit<'_>, cell: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    let layout =
        if kit.rtl() { Layout::right_to_left(egui::Align::Center) } else { Layout::left_to_right(egui::Align::Center) };
    // A child that takes no room: the row has it already.
    add(&mut ui.new_child(UiBuilder::new().max_rect(cell).layout(layout)))
}

/// What a small button shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// An arrow up.
    Up,
    /// An arrow down.
    Down,
    /// Opens what is below.
    Unfold,
    /// Closes what is below.
    Fold,
    /// Takes away.
    Cross,
}

/// A small button with a picture; `name` is what it does.
pub fn picture_button(ui: &mut Ui, kit: &Kit<'_>, picture: Picture, name: &str, enabled: bool) -> Response {
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(24.0, 24.0), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    let palette = &kit.palette;
    let radius = CornerRadius::same(space::CONTROL_RADIUS - 2);
    let hot = enabled && (response.hovered() || response.has_focus());
    if hot {
        ui.painter().rect_filled(rect, radius, palette.raised);
    }
    let colour = match (enabled, hot) {
        (false, _) => mixed(palette.paper, palette.soft_ink, 0.35),
        (true, false) => palette.soft_ink,
        (true, true) => palette.ink,
    };
    paint_picture(ui.painter(), rect.center(), picture, colour);
    kit.focus_ring(ui, &response, rect.shrink(2.0), radius);
    if enabled { kit.hint(ui, response, name) } else { response }
}

fn paint_picture(painter: &Painter, at: Pos2, picture: Picture, colour: Color32) {
    let stroke = Stroke::new(1.5, colour);
    let line = |points: &[(f32, f32)]| {
        painter.add(Shape::line(points.iter().map(|(x, y)| at + vec2(*x, *y)).collect(), stroke));
    };
    match picture {
        Picture::Up => {
            line(&[(0.0, 5.0), (0.0, -5.0)]);
            line(&[(-4.0, -1.0), (0.0, -5.0), (4.0, -1.0)]);
        }
        Picture::Down => {
            line(&[(0.0, -5.0), (0.0, 5.0)]);
            line(&[(-4.0, 1.0), (0.0, 5.0), (4.0, 1.0)]);
        }
        Picture::Unfold => line(&[(-4.0, -2.0), (0.0, 2.0), (4.0, -2.0)]),
        Picture::Fold => line(&[(-4.0, 2.0), (0.0, -2.0), (4.0, 2.0)]),
        Picture::Cross => {
            line(&[(-4.0, -4.0), (4.0, 4.0)]);
            line(&[(-4.0, 4.0), (4.0, -4.0)]);
        }
    }
}

/// A colour to press.
pub fn swatch(ui: &mut Ui, kit: &Kit<'_>, colour: Color32, name: &str, chosen: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(24.0, 24.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, name));
    let square = rect.shrink(if response.hovered() { 2.0 } else { 3.0 });
    ui.painter().rect_filled(square, CornerRadius::same(5), colour);
    if chosen {
        let stroke = Stroke::new(2.0, kit.palette.ink);
        ui.painter().rect_stroke(rect, CornerRadius::same(7), stroke, StrokeKind::Inside);
    }
    kit.focus_ring(ui, &response, rect.shrink(1.0), CornerRadius::same(7));
    response
}

/// The small words above a field or a group.
pub fn caption(ui: &mut Ui, kit: &Kit<'_>, words: &str) -> Response {
    kit.text(ui, words, Look { weight: 600.0, ..kit.small() })
}

/// What is wrong with a field, below it.
pub fn fault(ui: &mut Ui, kit: &Kit<'_>, words: &str) -> Response {
    kit.text(ui, words, Look { size: size::SMALL, weight: 450.0, colour: kit.palette.fault })
}

/// A hairline across.
pub fn line(ui: &mut Ui, kit: &Kit<'_>) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, kit.palette.line);
}

/// A field as wide as its place.
pub fn field(ui: &mut Ui, kit: &Kit<'_>, id: Id, value: &mut String, field: &Field<'_>) -> Filled {
    let palette = &kit.palette;
    let look = kit.plain();
    let width = ui.available_width();
    let inner = width - 2.0 * 10.0;
    let wrap = |room: f32| if field.lines > 1 { Wrap::Wrap(room) } else { Wrap::Extend };
    let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, room: f32| {
        kit.galley(ui, text.as_str(), look, field.direction, wrap(room))
    };
    let mut edit = if field.lines > 1 { egui::TextEdit::multiline(value) } else { egui::TextEdit::singleline(value) }
        .id(id)
        .layouter(&mut layouter)
        .desired_width(inner)
        .desired_rows(field.lines)
        .margin(egui::Margin::symmetric(10, 5))
        .lock_focus(field.keeps_keys)
        .background_color(palette.window);
    if (kit.rtl() && field.direction == Direction::Auto) || field.direction == Direction::RightToLeft {
        edit = edit.align(egui::Align2::RIGHT_TOP);
    }
    let mut output = edit.show(ui);
    let response = output.response.response.clone();
    if field.caret_to_end {
        let end = egui::text::CCursor::new(value.chars().count());
        output.state.cursor.set_char_range(Some(egui::text::CCursorRange::one(end)));
        output.state.store(ui.ctx(), id);
    }
    if field.takes_focus && !response.has_focus() {
        response.request_focus();
    }
    ui.ctx().accesskit_node_builder(id, |node| node.set_label(field.name));
    if value.is_empty() && !field.hint.is_empty() {
        let hint = kit.galley(
            ui,
            field.hint,
            Look { colour: palette.soft_ink, ..look },
            field.direction,
            Wrap::Truncate(inner),
        );
        let place = response.rect.shrink2(vec2(10.0, 5.0));
        let x = if kit.rtl() { place.right() - hint.size().x } else { place.left() };
        ui.painter().galley(pos2(x, place.top()), hint, palette.soft_ink);
    }
    let colour = if field.fault { palette.fault } else { palette.line };
    let radius = CornerRadius::same(space::CONTROL_RADIUS);
    ui.painter().rect_stroke(response.rect, radius, Stroke::new(1.0, colour), StrokeKind::Inside);
    kit.focus_ring(ui, &response, response.rect.shrink(1.0), radius);
    let entered = field.lines == 1 && response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    Filled { changed: response.changed(), left: response.lost_focus(), entered, focused: response.has_focus() }
}
