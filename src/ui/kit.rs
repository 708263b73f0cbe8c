//! The kit: what every panel draws with — text, buttons, chips, keys, rows — in one look and both directions.
//!
//! Owns the bits that panels share. It must not know the state: what a press means is said by the panel that drew it.

use crate::domain::article::Direction;
use crate::text::engine::Align as TextAlign;
use crate::ui::galley::{Bridge, GalleyStyle, Wrap};
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{Palette, mixed, size, space};
use crate::words::locale::Locale;
use egui::{
    Align, Color32, CornerRadius, Galley, Layout, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, vec2,
};
use std::sync::Arc;

/// What panels draw with.
#[derive(Clone, Copy)]
pub struct Kit<'a> {
    /// The window's text.
    pub bridge: &'a Bridge,
    /// The colours.
    pub palette: Palette,
    /// The words.
    pub locale: &'a Locale,
}

/// What can be done with which keys: an id of the locale files, and the keys as they stand on the keyboard.
pub type Shortcuts<'a> = &'a [(&'static str, &'a str)];

/// The keys for an id.
#[must_use]
pub fn keys_of<'a>(shortcuts: Shortcuts<'a>, id: &str) -> Option<&'a str> {
    shortcuts.iter().find(|(what, _)| *what == id).map(|(_, keys)| *keys)
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Size in points.
    pub size: f32,
    /// Weight, 100 to 900.
    pub weight: f32,
    /// Colour.
    pub colour: Color32,
}

impl Kit<'_> {
    /// What is read.
    #[must_use]
    pub fn plain(&self) -> Look {
        Look { size: size::INTERFACE, weight: 400.0, colour: self.palette.ink }
    }

    /// What is read first.
    #[must_use]
    pub fn strong(&self) -> Look {
        Look { size: size::INTERFACE, weight: 600.0, colour: self.palette.ink }
    }

    /// What is read in passing.
    #[must_use]
    pub fn soft(&self) -> Look {
        Look { size: size::LIST, weight: 400.0, colour: self.palette.soft_ink }
    }

    /// What is said beside.
    #[must_use]
    pub fn small(&self) -> Look {
        Look { size: size::SMALL, weight: 400.0, colour: self.palette.soft_ink }
    }

    /// The title of a dialog.
    #[must_use]
    pub fn title(&self) -> Look {
        Look { size: size::TITLE, weight: 700.0, colour: self.palette.ink }
    }

    /// Words by id.
    #[must_use]
    pub fn words(&self, id: &str) -> String {
        self.locale.words(id)
    }

    /// Whether the interface is read from right to left.
    #[must_use]
    pub fn rtl(&self) -> bool {
        self.locale.is_rtl()
    }

    /// A text set in a look. Interface texts take the language's direction; names and surfaces find their own (`Direction::Auto`).
    #[must_use]
    pub fn galley(&self, ui: &Ui, text: &str, look: Look, direction: Direction, wrap: Wrap) -> Arc<Galley> {
        let style = GalleyStyle {
            size: look.size,
            weight: look.weight,
            line_height: 1.5,
            colour: look.colour,
            direction,
            align: if self.rtl() == (direction != Direction::LeftToRight) { TextAlign::Start } else { TextAlign::End },
            wrap,
        };
        self.bridge.galley(ui.ctx(), text, &style)
    }

    /// Shows a text, wrapped at the width there is.
    pub fn text(&self, ui: &mut Ui, text: &str, look: Look) -> Response {
        let galley = self.galley(ui, text, look, self.locale.direction(), Wrap::Wrap(ui.available_width()));
        ui.label(galley)
    }

    /// Shows a text in one line, cut with … where it does not fit; the whole of it then stands in a tooltip.
    pub fn line(&self, ui: &mut Ui, text: &str, look: Look, width: f32) -> Response {
        let galley = self.galley(ui, text, look, Direction::Auto, Wrap::Truncate(width));
        let cut = crate::ui::galley::is_truncated(&galley);
        let response = ui.label(galley);
        if cut { self.hint(response, text) } else { response }
    }

    /// Puts a tooltip on a response. It is laid out when it shows.
    pub fn hint(&self, response: Response, text: &str) -> Response {
        self.hint_with(response, |ui| {
            ui.label(self.galley(ui, text, self.plain(), self.locale.direction(), Wrap::Wrap(360.0)));
        })
    }

    /// Puts a tooltip with anything in it on a response; none where a dialog lies over it.
    pub fn hint_with(&self, response: Response, add: impl FnOnce(&mut Ui)) -> Response {
        // egui keeps a tooltip open while the pointer rests, whatever opens above what it is about.
        let is_reached = response.ctx.memory(|memory| memory.allows_interaction(response.layer_id));
        if is_reached { response.on_hover_ui(add) } else { response }
    }

    /// Puts a tooltip with the keys that do the same on a response. It is laid out when it shows.
    pub fn hint_with_keys(&self, response: Response, text: &str, keys: &str) -> Response {
        self.hint_with(response, |ui| {
            let galley = self.galley(ui, text, self.plain(), self.locale.direction(), Wrap::Extend);
            ui.set_max_width(galley.size().x + self.key_width(ui, keys) + 8.0);
            ui.spacing_mut().item_spacing.x = 8.0;
            self.row(ui, |ui| {
                ui.label(galley);
                self.key(ui, keys);
            });
        })
    }

    /// A line of a menu, as wide as the menu, with its key.
    pub fn menu_line(&self, ui: &mut Ui, text: &str, keys: Option<&str>, enabled: bool) -> Response {
        let ink = if enabled { self.palette.ink } else { mixed(self.palette.paper, self.palette.ink, 0.45) };
        let galley = self.galley(ui, text, Look { colour: ink, ..self.soft() }, self.locale.direction(), Wrap::Extend);
        let sense = if enabled { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 30.0), sense);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, text));
        let radius = CornerRadius::same(6);
        if enabled && response.hovered() {
            ui.painter().rect_filled(rect, radius, self.palette.raised);
        }
        self.focus_ring(ui, &response, rect.shrink(2.0), radius);
        let inner = rect.shrink2(vec2(10.0, 0.0));
        ui.painter().galley(self.start_aligned(inner, galley.size()).min, galley, ink);
        if let Some(keys) = keys {
            let look = Look { size: 11.0, weight: 600.0, colour: self.palette.soft_ink };
            let cap = self.galley(ui, keys, look, Direction::LeftToRight, Wrap::Extend);
            let cap_rect = self.end_aligned(inner, vec2(cap.size().x + 12.0, 20.0));
            self.paint_key(ui, cap_rect, cap);
        }
        response
    }

    /// A line of a menu for what is on or off.
    pub fn menu_switch(&self, ui: &mut Ui, text: &str, on: bool) -> Response {
        let response = self.menu_line(ui, text, None, true);
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, text));
        if on {
            let at = self.end_aligned(response.rect.shrink2(vec2(12.0, 0.0)), vec2(12.0, 12.0)).center();
            icons::paint(ui.painter(), Icon::Check, at, self.palette.accent, self.rtl());
        }
        response
    }

    /// What the lines of a menu below it are about.
    pub fn menu_heading(&self, ui: &mut Ui, text: &str) {
        let look = Look { weight: 600.0, ..self.small() };
        let galley = self.galley(ui, text, look, self.locale.direction(), Wrap::Extend);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
        let place = self.start_aligned(rect.shrink2(vec2(10.0, 0.0)), galley.size());
        ui.painter().galley(place.min, galley, look.colour);
    }

    /// A line between the parts of a menu.
    pub fn menu_rule(&self, ui: &mut Ui) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 7.0), Sense::hover());
        ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, self.palette.line));
    }

    /// One beside the other from where reading starts.
    #[must_use]
    pub fn reading_layout(&self) -> Layout {
        if self.rtl() { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) }
    }

    /// One beside the other from where reading ends.
    #[must_use]
    pub fn ending_layout(&self) -> Layout {
        if self.rtl() { Layout::left_to_right(Align::Center) } else { Layout::right_to_left(Align::Center) }
    }

    /// A row in reading order: its first part stands where reading starts.
    pub fn row<R>(&self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
        let height = ui.spacing().interact_size.y;
        ui.allocate_ui_with_layout(vec2(ui.available_width(), height), self.reading_layout(), add).inner
    }

    /// The far end of a row: its first part stands where reading ends.
    pub fn row_end<R>(&self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
        ui.with_layout(self.ending_layout(), add).inner
    }

    /// A row in reading order that breaks where the width ends.
    pub fn wrapped_row<R>(&self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
        let width = ui.available_width();
        ui.allocate_ui_with_layout(vec2(width, 0.0), self.reading_layout().with_main_wrap(true), add).inner
    }

    /// A column whose parts stand at the side where reading starts.
    pub fn column<R>(&self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
        let align = if self.rtl() { Align::Max } else { Align::Min };
        ui.with_layout(Layout::top_down(align), add).inner
    }

    /// A button with words on it.
    pub fn button(&self, ui: &mut Ui, text: &str) -> Response {
        self.press(ui, text, None, Dress::Plain, true)
    }

    /// The button that does what the dialog is for.
    pub fn main_button(&self, ui: &mut Ui, text: &str, enabled: bool) -> Response {
        self.press(ui, text, None, Dress::Main, enabled)
    }

    /// A button that shows its key.
    pub fn key_button(&self, ui: &mut Ui, text: &str, key: &str, enabled: bool) -> Response {
        self.press(ui, text, Some(key), Dress::Bare, enabled)
    }

    /// A button without a frame until the pointer is on it.
    pub fn bare_button(&self, ui: &mut Ui, text: &str, enabled: bool) -> Response {
        self.press(ui, text, None, Dress::Bare, enabled)
    }

    /// A choice among several, round; the chosen one is filled.
    pub fn chip(&self, ui: &mut Ui, text: &str, chosen: bool) -> Response {
        self.press(ui, text, None, if chosen { Dress::Chosen } else { Dress::Chip }, true)
    }

    fn press(&self, ui: &mut Ui, text: &str, key: Option<&str>, dress: Dress, enabled: bool) -> Response {
        let palette = &self.palette;
        let (fill, ink, stroke) = match dress {
            Dress::Plain => (palette.raised, palette.ink, palette.line),
            Dress::Main => (palette.accent, palette.on_accent, palette.accent),
            Dress::Bare => (Color32::TRANSPARENT, palette.soft_ink, Color32::TRANSPARENT),
            Dress::Chip => (Color32::TRANSPARENT, palette.soft_ink, palette.line),
            Dress::Chosen => (palette.ink, palette.paper, palette.ink),
        };
        let ink = if enabled { ink } else { mixed(palette.window, ink, 0.45) };
        let font_size = match dress {
            Dress::Plain | Dress::Main => size::INTERFACE,
            Dress::Bare => size::LIST,
            Dress::Chip | Dress::Chosen => size::CARD,
        };
        let look = Look { size: font_size, weight: if dress == Dress::Main { 600.0 } else { 450.0 }, colour: ink };
        let galley = self.galley(ui, text, look, self.locale.direction(), Wrap::Extend);
        let cap = key.map(|key| {
            let look = Look { size: 11.0, weight: 600.0, colour: palette.soft_ink };
            self.galley(ui, key, look, Direction::LeftToRight, Wrap::Extend)
        });
        let pad = match dress {
            Dress::Bare => vec2(6.0, 3.0),
            Dress::Chip | Dress::Chosen => vec2(10.0, 3.5),
            Dress::Plain | Dress::Main => vec2(12.0, 5.0),
        };
        let cap_width = cap.as_ref().map_or(0.0, |cap| cap.size().x + 12.0 + 6.0);
        let wanted = vec2(galley.size().x + cap_width, galley.size().y) + pad * 2.0;
        let sense = if enabled { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(wanted, sense);
        response.widget_info(|| {
            if dress == Dress::Chosen || dress == Dress::Chip {
                WidgetInfo::selected(Role::RadioButton, enabled, dress == Dress::Chosen, text)
            } else {
                WidgetInfo::labeled(Role::Button, enabled, text)
            }
        });
        if ui.is_rect_visible(rect) {
            let hot = response.hovered() || response.is_pointer_button_down_on();
            let base = if fill == Color32::TRANSPARENT { palette.window } else { fill };
            let fill =
                if hot && enabled { mixed(base, palette.ink, if palette.dark { 0.10 } else { 0.07 }) } else { fill };
            let radius = if matches!(dress, Dress::Chip | Dress::Chosen) { 255 } else { space::CONTROL_RADIUS };
            let radius = CornerRadius::same(radius.min((rect.height() / 2.0) as u8));
            ui.painter().rect(rect, radius, fill, Stroke::new(1.0, stroke), StrokeKind::Inside);
            self.focus_ring(ui, &response, rect, radius);
            let inner = rect.shrink2(pad);
            // Letters without descenders look high in their line box: a point down, and they stand in the middle.
            let text_at = self.start_aligned(inner, galley.size()).translate(vec2(0.0, 1.0));
            ui.painter().galley(text_at.min, galley, ink);
            if let Some(cap) = cap {
                let cap_size = vec2(cap.size().x + 12.0, 20.0);
                let cap_rect = self.end_aligned(inner, cap_size);
                self.paint_key(ui, cap_rect, cap);
            }
        }
        response
    }

    /// A ring around what has the keyboard.
    pub fn focus_ring(&self, ui: &Ui, response: &Response, rect: Rect, radius: CornerRadius) {
        if response.has_focus() {
            ui.painter().rect_stroke(
                rect.expand(2.0),
                radius,
                Stroke::new(2.0, self.palette.accent),
                StrokeKind::Inside,
            );
        }
    }

    /// A key as it stands on the keyboard.
    pub fn key(&self, ui: &mut Ui, key: &str) -> Response {
        let look = Look { size: 11.0, weight: 600.0, colour: self.palette.soft_ink };
        let galley = self.galley(ui, key, look, Direction::LeftToRight, Wrap::Extend);
        // No narrower than a letter's: an apostrophe is a key, too.
        let (rect, response) = ui.allocate_exact_size(vec2((galley.size().x + 12.0).max(18.0), 20.0), Sense::hover());
        self.paint_key(ui, rect, galley);
        response
    }

    /// How wide a key is, in points.
    #[must_use]
    pub fn key_width(&self, ui: &Ui, key: &str) -> f32 {
        let look = Look { size: 11.0, weight: 600.0, colour: self.palette.soft_ink };
        self.galley(ui, key, look, Direction::LeftToRight, Wrap::Extend).size().x + 12.0
    }

    fn paint_key(&self, ui: &Ui, rect: Rect, galley: Arc<Galley>) {
        let fill = self.palette.raised;
        let stroke = Stroke::new(1.0, self.palette.line);
        ui.painter().rect(rect, CornerRadius::same(5), fill, stroke, StrokeKind::Inside);
        let at = rect.center() - galley.size() / 2.0;
        ui.painter().galley(at, galley, self.palette.soft_ink);
    }

    /// Where something of `wanted` size stands in `rect`, at the side where reading starts, in the middle of its height.
    #[must_use]
    pub fn start_aligned(&self, rect: Rect, wanted: Vec2) -> Rect {
        let x = if self.rtl() { rect.right() - wanted.x } else { rect.left() };
        Rect::from_min_size(egui::pos2(x, rect.center().y - wanted.y / 2.0), wanted)
    }

    /// Where something of `wanted` size stands in `rect`, at the side where reading ends, in the middle of its height.
    #[must_use]
    pub fn end_aligned(&self, rect: Rect, wanted: Vec2) -> Rect {
        let x = if self.rtl() { rect.left() } else { rect.right() - wanted.x };
        Rect::from_min_size(egui::pos2(x, rect.center().y - wanted.y / 2.0), wanted)
    }
}

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dress {
    Plain,
    Main,
    Bare,
    Chip,
    Chosen,
}
