//! The finder of labels: a field above a list of labels, of which those stay that fit what is typed.
//!
//! Owns what is typed and which row is chosen. It must not know what the label is for.

use crate::domain::article::Direction;
use crate::domain::label::{Label, LabelId};
use crate::session::state::OpenProject;
use crate::ui::form::{Ask, Entry, in_cell};
use crate::ui::fuzzy::{Fuzzy, Names};
use crate::ui::galley::Wrap;
use crate::ui::key_caps;
use crate::ui::kit::{Kit, Look};
use crate::ui::modal;
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::{mixed, size, space};
use egui::{
    CornerRadius, EventFilter, Id, Key, Modifiers, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

/// The height of one label, in points.
pub const ROW_HEIGHT: f32 = 28.0;
/// More labels than this are found by typing: they have no digit each.
pub const SEEN_AT_ONCE: usize = 10;

/// What the finder is told.
#[derive(Clone, Copy, Debug)]
pub struct Finding<'a> {
    /// The field's id.
    pub field: Id,
    /// Whether the field asks for the keyboard.
    pub takes_focus: bool,
    /// The height that the rows may take, in points.
    pub height: f32,
    /// The label that stands already.
    pub current: Option<LabelId>,
    /// The key that leads to the field, where it does not have the keyboard.
    pub key: Option<&'a str>,
}

/// What came of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It goes on.
    Nothing,
    /// This one was chosen.
    Label(LabelId),
    /// It was left by Esc.
    Left,
}

/// The finder.
#[derive(Debug, Default)]
pub struct LabelFinder {
    entry: Entry,
    fuzzy: Fuzzy,
    chosen: usize,
}

impl LabelFinder {
    /// Begins anew.
    pub fn clear(&mut self) {
        self.entry.set("");
        self.chosen = 0;
    }

    /// Shows the labels in use that fit, in all the width there is.
    pub fn show(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, finding: &Finding<'_>) -> Found {
        kit.column(ui, |ui| self.field_and_rows(ui, kit, project, finding))
    }

    fn field_and_rows(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, finding: &Finding<'_>) -> Found {
        let typed = self.entry.text();
        let all: Vec<&Label> = project.labels.active().collect();
        let names: Vec<Names> = all.iter().map(|label| Names::new([label_title(label), label.name.as_str()])).collect();
        let labels: Vec<&Label> =
            self.fuzzy.places(&typed, &names).into_iter().filter_map(|place| all.get(place).copied()).collect();
        let has_focus = ui.memory(|memory| memory.has_focus(finding.field));
        let before = self.chosen;
        if has_focus {
            let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
            if pressed(Key::Escape) {
                ui.memory_mut(|memory| memory.surrender_focus(finding.field));
                return Found::Left;
            }
            self.chosen += usize::from(pressed(Key::ArrowDown));
            self.chosen = self.chosen.saturating_sub(usize::from(pressed(Key::ArrowUp)));
            if pressed(Key::Enter)
                && let Some(label) = labels.get(self.chosen)
            {
                ui.memory_mut(|memory| memory.surrender_focus(finding.field));
                return Found::Label(label.id);
            }
        }
        self.chosen = self.chosen.min(labels.len().saturating_sub(1));
        let words = kit.words("label-find");
        let ask = Ask { hint: &words, takes_focus: finding.takes_focus, ..Ask::new(&words) };
        let shown = ui.scope(|ui| self.entry.show(ui, kit, finding.field, &ask));
        let filled = shown.inner;
        if let Some(key) = finding.key.filter(|_| !filled.focused && self.entry.text().is_empty()) {
            in_cell(ui, kit, shown.response.rect.shrink2(vec2(8.0, 0.0)), |ui| key_caps::at_end(ui, kit, &[key]));
        }
        if filled.changed {
            self.chosen = 0;
        }
        if filled.focused {
            let filter = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(finding.field, filter));
        }
        ui.add_space(6.0);
        self.rows(ui, kit, &labels, finding, before != self.chosen, filled.focused)
    }

    fn rows(
        &self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        labels: &[&Label],
        finding: &Finding<'_>,
        moved: bool,
        typing: bool,
    ) -> Found {
        if labels.is_empty() {
            kit.text(ui, &kit.words("label-none"), kit.soft());
            return Found::Nothing;
        }
        let mut found = Found::Nothing;
        ui.spacing_mut().item_spacing.y = 0.0;
        modal::scroll(finding.height.min(ROW_HEIGHT * labels.len() as f32)).show(ui, |ui| {
            for (place, label) in labels.iter().enumerate() {
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::CLICK);
                let is_chosen = typing && place == self.chosen;
                if is_chosen && moved {
                    ui.scroll_to_rect(rect, None);
                }
                if ui.is_rect_visible(rect) {
                    paint_row(
                        ui,
                        kit,
                        rect.shrink(1.0),
                        &response,
                        label,
                        is_chosen,
                        finding.current == Some(label.id),
                    );
                }
                let title = label_title(label);
                response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, title));
                if response.clicked() {
                    found = Found::Label(label.id);
                }
            }
        });
        found
    }
}

/// Paints a label with its key in a row. `chosen`: Enter takes it; `current`: it stands already.
pub fn paint_row(ui: &Ui, kit: &Kit<'_>, rect: Rect, response: &Response, label: &Label, chosen: bool, current: bool) {
    let palette = &kit.palette;
    let ink = palette.label_ink(label.colour);
    let radius = CornerRadius::same(space::CONTROL_RADIUS);
    if chosen {
        ui.painter().rect_filled(rect, radius, palette.selection);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, radius, mixed(palette.paper, palette.ink, 0.06));
    }
    if current {
        ui.painter().rect_stroke(rect, radius, Stroke::new(1.5, ink), StrokeKind::Inside);
    }
    let inner = rect.shrink2(vec2(6.0, 2.0));
    let cap = kit.start_aligned(inner, vec2(18.0, 18.0));
    ui.painter().rect_filled(cap, CornerRadius::same(4), palette.label_tint(label.colour, 0.18));
    let key: String = label.keys.chars().next_back().into_iter().flat_map(char::to_uppercase).collect();
    let look = Look { size: 11.0, weight: 700.0, colour: ink };
    let galley = kit.galley(ui, &key, look, Direction::LeftToRight, Wrap::Extend);
    ui.painter().galley(cap.center() - galley.size() / 2.0, galley, ink);
    let look = Look { size: size::LIST, weight: 450.0, colour: palette.ink };
    let galley = kit.galley(ui, label_title(label), look, Direction::Auto, Wrap::Truncate(inner.width() - 26.0));
    let rest = if kit.rtl() {
        Rect::from_min_max(inner.min, pos2(cap.left() - 8.0, inner.bottom()))
    } else {
        Rect::from_min_max(pos2(cap.right() + 8.0, inner.top()), inner.max)
    };
    let place = kit.start_aligned(rest, galley.size());
    ui.painter().galley(place.min, galley, palette.ink);
}
