//! The bits of dialogs that hold something to fill in: fields with a name, faults below them, small picture buttons, columns.
//!
//! Owns their look. It must not know what is filled in.

use crate::domain::article::Direction;
use crate::domain::fold::folded;
use crate::domain::offset::ByteSpan;
use crate::text::field::Field;
use crate::text::field_edit::{FieldEdit, FieldStyle};
use crate::ui::field::TextFieldWidget;
use crate::ui::galley::GalleyStyle;
use crate::ui::kit::{Kit, Look};
use crate::ui::theme::{mixed, size, space};
use egui::{
    Color32, CornerRadius, EventFilter, Id, Key, Layout, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke,
    StrokeKind, Ui, UiBuilder, WidgetInfo, vec2,
};

/// The height of a field of one line, in points.
pub const FIELD_HEIGHT: f32 = 32.0;

/// What a field is told.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// What it is called by those who cannot see it.
    pub name: &'a str,
    /// What stands in it while it is empty.
    pub hint: &'a str,
    /// The direction of a text without letters; `Auto` is the interface's.
    pub direction: Direction,
    /// How many lines it shows at least, where it has several.
    pub lines: usize,
    /// Whether what it holds is refused.
    pub fault: bool,
    /// Whether Tab and the vertical arrows are the dialog's.
    pub keeps_keys: bool,
    /// Whether it asks for the keyboard.
    pub takes_focus: bool,
    /// Whether it shows the start of a long text while it is left alone, and selects all of it when Tab comes to it.
    pub is_cell: bool,
}

impl<'a> Ask<'a> {
    /// A field of this name.
    #[must_use]
    pub fn new(name: &'a str) -> Self {
        Self {
            name,
            hint: "",
            direction: Direction::Auto,
            lines: 1,
            fault: false,
            keeps_keys: false,
            takes_focus: false,
            is_cell: false,
        }
    }
}

/// What is being filled in: the text of a field between two passes.
pub struct Entry {
    field: Field,
    /// Whether it had the keyboard when it was last shown.
    had_focus: bool,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Entry").field(&self.field.text()).finish()
    }
}

impl Default for Entry {
    fn default() -> Self {
        Self::line("")
    }
}

impl Entry {
    /// One line.
    #[must_use]
    pub fn line(text: &str) -> Self {
        Self::new(true, text)
    }

    /// Several lines: Enter makes a new one.
    #[must_use]
    pub fn lines(text: &str) -> Self {
        Self::new(false, text)
    }

    fn new(single_line: bool, text: &str) -> Self {
        // The widget sets the true width and scale before anything is laid out.
        let style = FieldStyle {
            size_px: size::INTERFACE,
            weight: 400.0,
            line_height: 1.5,
            direction: Direction::Auto,
            width_px: 100.0,
        };
        let mut field = Field::new(single_line, style);
        field.set_text(text);
        Self { field, had_focus: false }
    }

    /// What it holds.
    #[must_use]
    pub fn text(&self) -> String {
        self.field.text().into_owned()
    }

    /// Puts another text in, the caret at its end; nothing happens where it is that text.
    pub fn set(&mut self, text: &str) {
        if self.field.text() != text {
            self.field.set_text(text);
        }
    }

    /// Shows the field as wide as its place.
    pub fn show(&mut self, ui: &mut Ui, kit: &Kit<'_>, id: Id, ask: &Ask<'_>) -> Filled {
        if ask.takes_focus && !ui.memory(|memory| memory.has_focus(id)) {
            ui.memory_mut(|memory| memory.request_focus(id));
        }
        if ask.is_cell {
            self.keep_start(ui, kit, id);
        }
        let look = kit.plain();
        let style = GalleyStyle {
            direction: ask.direction,
            weight: look.weight,
            colour: look.colour,
            ..GalleyStyle::new(look.size)
        };
        let width = ui.available_width();
        let single_line = self.field.is_single_line();
        let widget = TextFieldWidget::new(kit.bridge, &mut self.field, ask.name)
            .placeholder(ask.hint)
            .style(style)
            .width(width)
            .rows(ask.lines)
            .id(id);
        let response = ui.add(widget);
        if ask.keeps_keys && response.has_focus() {
            let filter = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: false };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        }
        if ask.fault {
            let radius = CornerRadius::same(space::CONTROL_RADIUS);
            let stroke = Stroke::new(1.5, kit.palette.fault);
            ui.painter().rect_stroke(response.rect, radius, stroke, StrokeKind::Inside);
        }
        let focused = response.has_focus();
        // egui tells of lost focus in two passes where a widget gives it up itself; being left is told once.
        let left = std::mem::replace(&mut self.had_focus, focused) && !focused;
        let entered = single_line && left && ui.input(|input| input.key_pressed(Key::Enter));
        Filled { changed: response.changed(), left, entered, focused }
    }
}

impl Entry {
    fn keep_start(&mut self, ui: &Ui, kit: &Kit<'_>, id: Id) {
        let has_focus = ui.memory(|memory| memory.has_focus(id));
        let by_pointer = ui.input(|input| input.pointer.any_down());
        let start = ByteSpan::from_bytes(0, 0);
        let edit = match (self.had_focus, has_focus) {
            (false, false) if self.field.selection().span() != start => FieldEdit::Select(start),
            (false, true) if !by_pointer => FieldEdit::SelectAll,
            _ => return,
        };
        kit.bridge.with_engine(|engine| self.field.apply(engine, edit));
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

/// Shows parts one below the other in a place, from its top; `name` tells it from other columns there.
pub fn in_column<R>(ui: &mut Ui, kit: &Kit<'_>, name: &'static str, place: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    let align = if kit.rtl() { egui::Align::Max } else { egui::Align::Min };
    add(&mut ui.new_child(UiBuilder::new().id_salt(name).max_rect(place).layout(Layout::top_down(align))))
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
    /// An arrow to the left.
    Left,
    /// An arrow to the right.
    Right,
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
    if enabled { kit.hint(response, name) } else { response }
}

/// Paints a picture of 10 points around a place.
pub fn paint_picture(painter: &Painter, at: Pos2, picture: Picture, colour: Color32) {
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
        Picture::Left => {
            line(&[(5.0, 0.0), (-5.0, 0.0)]);
            line(&[(-1.0, -4.0), (-5.0, 0.0), (-1.0, 4.0)]);
        }
        Picture::Right => {
            line(&[(-5.0, 0.0), (5.0, 0.0)]);
            line(&[(1.0, -4.0), (5.0, 0.0), (1.0, 4.0)]);
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

/// The number that was typed, in the digits of any language.
///
/// ```
/// use barchasb::ui::form::number;
/// assert_eq!((number(" ۱۲ "), number("7"), number("x")), (Some(12), Some(7), None));
/// ```
#[must_use]
pub fn number(typed: &str) -> Option<u64> {
    folded(typed.trim()).parse().ok()
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
