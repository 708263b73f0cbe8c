//! The text field: an egui widget around [`Field`], with Persian text, keyboard, mouse, clipboard and input method.
//!
//! Owns what is seen of a field: frame, selection, caret, placeholder, and what a screen reader is told. The text and its
//! editing belong to [`Field`]; what keys mean, to [`typing`](crate::ui::typing).

use crate::domain::article::Direction;
use crate::domain::offset::ByteSpan;
use crate::text::field::Field;
use crate::text::field_edit::{FieldEdit, FieldStyle};
use crate::text::geometry::RectPx;
use crate::ui::galley::{Bridge, GalleyStyle, Wrap};
use crate::ui::screen_reader::tell_text;
use crate::ui::typing::{Keystroke, keystroke_of};
use egui::emath::GuiRounding as _;
use egui::output::IMEOutput;
use egui::response::Flags;
use egui::{
    Color32, Event, EventFilter, IMEPurpose, Id, ImeEvent, NumExt as _, Painter, Pos2, Rangef, Rect, Response, Role,
    Sense, StrokeKind, Ui, Vec2, Widget, WidgetInfo, accesskit, pos2, vec2,
};

/// From the frame to the text, in points.
const MARGIN: Vec2 = vec2(10.0, 5.0);
/// A caret left alone for so many seconds stops blinking, and the window sleeps.
const BLINKS_FOR_S: f64 = 10.0;
/// A field without a width of its own takes what there is, up to this.
const WIDEST: f32 = 280.0;

/// A text field: `ui.add(TextFieldWidget::new(&bridge, &mut field, "نام"))`; the response's `changed()` tells of edits.
///
/// Enter in a single line takes the focus away, as in egui: `lost_focus()` with Enter pressed is a submission.
#[must_use = "add it to a Ui"]
pub struct TextFieldWidget<'a> {
    bridge: &'a Bridge,
    field: &'a mut Field,
    label: &'a str,
    placeholder: &'a str,
    style: GalleyStyle,
    width: Option<f32>,
    /// Room kept free inside the frame at the left and at the right.
    free: [f32; 2],
    rows: usize,
    id: Option<Id>,
}

/// Where a field is in this frame.
struct Place {
    id: Id,
    /// Inside the frame and its margin: the field's own rectangle.
    inner: Rect,
    pixels_per_point: f32,
}

impl<'a> TextFieldWidget<'a> {
    /// A field; `label` is its accessible name and is not shown. The [`Field`] itself is of one line or of several.
    pub fn new(bridge: &'a Bridge, field: &'a mut Field, label: &'a str) -> Self {
        Self {
            bridge,
            field,
            label,
            placeholder: "",
            style: GalleyStyle::new(14.0),
            width: None,
            free: [0.0; 2],
            rows: 1,
            id: None,
        }
    }

    /// What is shown while the field is empty.
    pub fn placeholder(mut self, placeholder: &'a str) -> Self {
        self.placeholder = placeholder;
        self
    }

    /// Size, weight, line height and colour ([`Color32::PLACEHOLDER`]: the theme's) of the text. The direction is that of
    /// a text without strong characters; `Auto` takes it from the side at which the `Ui` begins.
    pub fn style(mut self, style: GalleyStyle) -> Self {
        self.style = style;
        self
    }

    /// The width with its frame, in points.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Room that the text leaves free inside the frame at the left and at the right, in points: for a button that lies there.
    pub fn free(mut self, left: f32, right: f32) -> Self {
        self.free = [left, right];
        self
    }

    /// The height of a field of several lines while its text has fewer; it grows with its text.
    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    /// A fixed id, to move the focus here from elsewhere: `ctx.memory_mut(|memory| memory.request_focus(id))`.
    pub fn id(mut self, id: Id) -> Self {
        self.id = Some(id);
        self
    }

    fn field_style(&self, ui: &Ui, inner_width: f32) -> FieldStyle {
        let pixels_per_point = ui.ctx().pixels_per_point();
        let at_right = ui.layout().prefer_right_to_left();
        FieldStyle {
            size_px: self.style.size * pixels_per_point,
            weight: self.style.weight,
            line_height: self.style.line_height,
            direction: match self.style.direction {
                Direction::Auto if at_right => Direction::RightToLeft,
                Direction::Auto => Direction::LeftToRight,
                given => given,
            },
            width_px: inner_width * pixels_per_point,
        }
    }

    fn apply(&mut self, edit: FieldEdit) {
        let field = &mut *self.field;
        self.bridge.with_engine(|engine| field.apply(engine, edit));
    }

    fn press(&mut self, ui: &Ui, response: &Response, place: &Place) {
        let Some(pointer) = response.interact_pointer_pos() else { return };
        let Pos2 { x, y } = ((pointer - place.inner.min) * place.pixels_per_point).to_pos2();
        let extend = ui.input(|input| input.modifiers.shift);
        if response.triple_clicked() {
            self.apply(FieldEdit::SelectLineAt { x, y });
        } else if response.double_clicked() {
            self.apply(FieldEdit::SelectWordAt { x, y });
        } else if response.is_pointer_button_down_on() {
            if ui.input(|input| input.pointer.primary_pressed()) {
                self.apply(FieldEdit::PlaceAt { x, y, extend });
            } else if response.dragged() {
                self.apply(FieldEdit::DragTo { x, y });
            }
        }
        if response.is_pointer_button_down_on() || response.clicked() {
            response.request_focus();
        }
    }

    fn type_events(&mut self, ui: &Ui, place: &Place) {
        let single_line = self.field.is_single_line();
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: !single_line, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(place.id, filter));
        for event in ui.input(|input| input.filtered_events(&filter)) {
            if let Event::Ime(ImeEvent::DeleteSurrounding { before_chars, after_chars }) = event {
                self.delete_around(before_chars, after_chars);
            }
            match keystroke_of(&event, single_line) {
                Some(Keystroke::Edit(edit)) => self.edit(edit),
                Some(Keystroke::Copy) => self.copy(ui),
                Some(Keystroke::Cut) => {
                    self.copy(ui);
                    if self.field.selected_text().is_some() {
                        self.apply(FieldEdit::DeleteSelection);
                    }
                }
                Some(Keystroke::Submit) => {
                    ui.memory_mut(|memory| memory.surrender_focus(place.id));
                    break;
                }
                None => {}
            }
        }
    }

    fn edit(&mut self, edit: FieldEdit) {
        // Some systems report the end of a composition that never began: the selection must not fall to it.
        let ends_composing = match &edit {
            FieldEdit::Compose { text, .. } | FieldEdit::CommitCompose(text) => text.is_empty(),
            _ => false,
        };
        if !(ends_composing && self.field.compose_span().is_none()) {
            self.apply(edit);
        }
    }

    /// Deletes code points beside the selection, as an input method asks that corrects what was written.
    fn delete_around(&mut self, before_chars: usize, after_chars: usize) {
        let Some((before, after)) =
            around(self.field.shown_text(), self.field.selection().span(), before_chars, after_chars)
        else {
            return;
        };
        // The later one first, so that the earlier keeps its place.
        for span in [after, before] {
            if !span.is_empty() {
                self.apply(FieldEdit::Select(span));
                self.apply(FieldEdit::DeleteSelection);
            }
        }
    }

    fn copy(&self, ui: &Ui) {
        if let Some(text) = self.field.selected_text() {
            ui.copy_text(text.to_owned());
        }
    }

    /// What a screen reader asks to be written, with the focus or without.
    fn follow_screen_reader(&mut self, ui: &Ui, id: Id) {
        let value = |action| {
            ui.input(|input| {
                input.accesskit_action_requests(id, action).find_map(|request| match &request.data {
                    Some(accesskit::ActionData::Value(value)) => Some(value.to_string()),
                    _ => None,
                })
            })
        };
        if let Some(text) = value(accesskit::Action::SetValue) {
            self.apply(FieldEdit::SelectAll);
            self.apply(FieldEdit::Paste(text));
        }
        if let Some(text) = value(accesskit::Action::ReplaceSelectedText) {
            self.apply(FieldEdit::Paste(text));
        }
    }

    fn paint(&mut self, ui: &Ui, response: &Response, place: &Place) {
        let visuals = ui.visuals();
        let has_focus = response.has_focus();
        let widget = ui.style().interact(response);
        let stroke = if has_focus { visuals.selection.stroke } else { widget.bg_stroke };
        let fill = visuals.text_edit_bg_color();
        ui.painter().rect(response.rect, widget.corner_radius, fill, stroke, StrokeKind::Inside);

        let ctx = ui.ctx();
        // A caret at the edge must not be cut.
        let painter = ui.painter_at(place.inner.expand2(vec2(2.0, MARGIN.y)));
        if self.field.shown_text().is_empty() && !self.placeholder.is_empty() {
            self.paint_placeholder(ctx, &painter, place, visuals.weak_text_color());
        }
        let field = &mut *self.field;
        self.bridge.with_engine(|engine| {
            field.layout(engine);
        });
        let on_screen = |rect: RectPx| place.on_screen(rect);
        if has_focus {
            for rect in field.selection_rects() {
                painter.rect_filled(on_screen(rect.rect), 0.0, visuals.selection.bg_fill);
            }
        }
        let colour = if self.style.colour == Color32::PLACEHOLDER { visuals.text_color() } else { self.style.colour };
        let origin = place.origin(field);
        self.bridge.paint_paragraph(ctx, &painter, field.paragraph(), origin, Rangef::EVERYTHING, |_| colour);
        for rect in field.compose_rects() {
            let rect = on_screen(rect.rect);
            painter.hline(rect.x_range(), rect.bottom() - 2.0, (1.0, colour));
        }
    }

    fn paint_placeholder(&self, ctx: &egui::Context, painter: &Painter, place: &Place, colour: Color32) {
        let wrap = if self.field.is_single_line() {
            Wrap::Truncate(place.inner.width())
        } else {
            Wrap::Wrap(place.inner.width())
        };
        let style = GalleyStyle { wrap, direction: self.field.direction(), ..self.style };
        let galley = self.bridge.galley(ctx, self.placeholder, &style);
        let left = match self.field.direction() {
            Direction::RightToLeft => place.inner.right() - galley.size().x,
            Direction::LeftToRight | Direction::Auto => place.inner.left(),
        };
        painter.galley_with_override_text_color(pos2(left, place.inner.top()), galley, colour);
    }

    /// Paints the caret and tells the input method where it is. It blinks for a while after `touched_s`.
    fn paint_caret(&self, ui: &Ui, place: &Place, touched_s: f64) {
        let Some(caret) = self.field.caret_rect() else { return };
        let rect = place.on_screen(caret);
        let to_global = ui.ctx().layer_transform_to_global(ui.layer_id()).unwrap_or_default();
        if ui.memory(|memory| memory.owns_ime_events(place.id)) {
            ui.output_mut(|output| {
                output.ime = Some(IMEOutput {
                    purpose: IMEPurpose::Normal,
                    rect: to_global * place.inner,
                    cursor_rect: to_global * rect,
                    should_interrupt_composition: false,
                });
            });
        }
        let (now_s, window_has_focus) = ui.input(|input| (input.time, input.focused));
        let cursor = &ui.visuals().text_cursor;
        if !window_has_focus {
            return;
        }
        let idle_s = now_s - touched_s;
        if cursor.blink && idle_s < BLINKS_FOR_S {
            let (on_s, off_s) = (f64::from(cursor.on_duration), f64::from(cursor.off_duration));
            let phase_s = idle_s.rem_euclid((on_s + off_s).at_least(0.1));
            let until_s = if phase_s < on_s { on_s - phase_s } else { on_s + off_s - phase_s };
            ui.ctx().request_repaint_after_secs(until_s as f32);
            if phase_s >= on_s {
                return;
            }
        }
        let width = cursor.stroke.width.at_least(1.0 / place.pixels_per_point);
        // Between two letters, not on one of them.
        let line = Rect::from_x_y_ranges(rect.left() - width / 2.0..=rect.left() + width / 2.0, rect.y_range());
        let painter = ui.painter_at(place.inner.expand2(vec2(width + 1.0, MARGIN.y)));
        painter.rect_filled(line.round_to_pixels(place.pixels_per_point), 0.0, cursor.stroke.color);
    }
}

/// The spans of so many code points before and after `selected`, as far as there are.
fn around(text: &str, selected: ByteSpan, before_chars: usize, after_chars: usize) -> Option<(ByteSpan, ByteSpan)> {
    let (start, end) = (selected.start.get(), selected.end.get());
    let len = |chars: usize, mut text: std::str::Chars<'_>, backwards: bool| {
        (0..chars)
            .map_while(|_| if backwards { text.next_back() } else { text.next() })
            .map(char::len_utf8)
            .sum::<usize>()
    };
    let before = len(before_chars, text.get(..start)?.chars(), true);
    let after = len(after_chars, text.get(end..)?.chars(), false);
    Some((ByteSpan::from_bytes(start - before, start), ByteSpan::from_bytes(end, end + after)))
}

impl Place {
    /// Where the layout's zero point is on the screen.
    fn origin(&self, field: &Field) -> Pos2 {
        self.inner.min + vec2(field.offset_px() / self.pixels_per_point, 0.0)
    }

    fn on_screen(&self, rect: RectPx) -> Rect {
        let corner = |x: f32, y: f32| self.inner.min + vec2(x, y) / self.pixels_per_point;
        Rect::from_min_max(corner(rect.left, rect.top), corner(rect.right, rect.bottom))
    }
}

impl Widget for TextFieldWidget<'_> {
    fn ui(mut self, ui: &mut Ui) -> Response {
        let pixels_per_point = ui.ctx().pixels_per_point();
        let [free_left, free_right] = self.free;
        let width = self.width.unwrap_or_else(|| ui.available_width().at_most(WIDEST)).at_least(4.0 * MARGIN.x);
        self.field.set_style(self.field_style(ui, width - 2.0 * MARGIN.x - free_left - free_right));
        let field = &mut *self.field;
        self.bridge.with_engine(|engine| {
            field.layout(engine);
        });
        let row = self.style.size * self.style.line_height;
        let height = (field.height_px() / pixels_per_point).at_least(row * self.rows as f32);
        let size = (vec2(width, height) + vec2(0.0, 2.0 * MARGIN.y)).round_ui();
        let id = self.id.unwrap_or_else(|| ui.next_auto_id());
        let (_, rect) = ui.allocate_space(size);
        let mut response = ui.interact(rect, id, Sense::click_and_drag());
        // Space and Enter are typed here, they press nothing.
        response.flags -= Flags::FAKE_PRIMARY_CLICKED;
        let mut inner = rect.shrink2(MARGIN);
        inner.min.x += free_left;
        inner.max.x -= free_right;
        let inner = inner.round_to_pixels(pixels_per_point);
        let place = Place { id, inner, pixels_per_point };

        let before = (self.field.text().into_owned(), self.field.selection(), self.field.compose_span());
        if ui.is_enabled() {
            self.follow_screen_reader(ui, id);
            self.press(ui, &response, &place);
            if response.has_focus() {
                self.type_events(ui, &place);
            }
            if response.hovered() {
                ui.set_cursor_icon(egui::CursorIcon::Text);
            }
        }
        let after = (self.field.text().into_owned(), self.field.selection(), self.field.compose_span());
        if after.0 != before.0 {
            response.mark_changed();
        }
        if ui.is_rect_visible(rect) {
            self.paint(ui, &response, &place);
        }
        if response.has_focus() {
            let touched_s = if after != before || response.gained_focus() {
                let now_s = ui.input(|input| input.time);
                ui.data_mut(|data| data.insert_temp(id, now_s));
                now_s
            } else {
                ui.data(|data| data.get_temp(id)).unwrap_or_default()
            };
            self.paint_caret(ui, &place, touched_s);
            if after != before
                && let Some(caret) = self.field.caret_rect()
            {
                ui.scroll_to_rect(place.on_screen(caret), None);
            }
        }
        let (enabled, label, placeholder) = (ui.is_enabled(), self.label, self.placeholder);
        response.widget_info(|| WidgetInfo {
            label: Some(label.to_owned()),
            ..WidgetInfo::text_edit(enabled, &before.0, &after.0, placeholder)
        });
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_role(if self.field.is_single_line() { Role::TextInput } else { Role::MultilineTextInput });
            node.add_action(accesskit::Action::SetValue);
            node.add_action(accesskit::Action::ReplaceSelectedText);
        });
        let shown = (self.field.paragraph(), self.field.shown_text());
        let selection = response.has_focus().then(|| self.field.selection());
        tell_text(ui.ctx(), self.bridge, id, shown, selection, place.origin(self.field));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, selected: (usize, usize), chars: (usize, usize), expected: (&str, &str)) {
        let (before, after) = around(text, ByteSpan::from_bytes(selected.0, selected.1), chars.0, chars.1).unwrap();
        assert_eq!((before.slice(text).unwrap(), after.slice(text).unwrap()), expected);
    }

    #[test]
    fn characters_around_the_selection_are_counted_in_code_points() {
        check("سلام دنیا", (8, 8), (2, 1), ("ام", " "));
        check("سلام", (2, 4), (9, 9), ("س", "ام"));
        check("سلام", (4, 4), (0, 0), ("", ""));
    }
}
