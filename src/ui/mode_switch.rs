//! The switch between labelling, review and statistics, in the middle of the top bar.
//!
//! Owns its look and width. It must not know what a mode does.

use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look, Shortcuts, keys_of};
use crate::ui::theme::{mixed, size, space};
use egui::{CornerRadius, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

/// The height of the switch, in points.
pub const HEIGHT: f32 = 34.0;
/// Around the words of a part, in points.
const PAD: f32 = 15.0;
/// Around the parts, in points.
const RIM: f32 = 3.0;

/// What the middle of the window is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WindowMode {
    /// Labelling.
    Label,
    /// Review.
    Review,
    /// Statistics.
    Statistics,
}

impl WindowMode {
    /// All of them, in the order in which they stand.
    pub const ALL: [Self; 3] = [Self::Label, Self::Review, Self::Statistics];

    /// The id of its act, which is also the id of its words.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Label => "mode-label",
            Self::Review => "mode-review",
            Self::Statistics => "mode-statistics",
        }
    }
}

/// How wide the switch is, in points.
#[must_use]
pub fn width(ui: &Ui, kit: &Kit<'_>) -> f32 {
    WindowMode::ALL.iter().map(|mode| part_width(ui, kit, *mode)).sum::<f32>() + RIM * 2.0
}

fn part_width(ui: &Ui, kit: &Kit<'_>, mode: WindowMode) -> f32 {
    let look = look(kit, true);
    let words = kit.galley(ui, &kit.words(mode.id()), look, kit.locale.direction(), Wrap::Extend);
    words.size().x.ceil() + PAD * 2.0
}

fn look(kit: &Kit<'_>, chosen: bool) -> Look {
    let colour = if chosen { kit.palette.ink } else { kit.palette.soft_ink };
    Look { size: size::LIST, weight: if chosen { 600.0 } else { 450.0 }, colour }
}

/// Draws the switch in `rect`; the mode that was pressed.
pub fn show(ui: &mut Ui, kit: &Kit<'_>, rect: Rect, now: WindowMode, shortcuts: Shortcuts<'_>) -> Option<WindowMode> {
    let palette = &kit.palette;
    ui.painter().rect_filled(rect, CornerRadius::same(space::ROW_RADIUS), palette.raised);
    let mut x = RIM;
    let mut pressed = None;
    for mode in WindowMode::ALL {
        let chosen = mode == now;
        let words = kit.words(mode.id());
        let width = part_width(ui, kit, mode);
        let left = if kit.rtl() { rect.right() - x - width } else { rect.left() + x };
        x += width;
        let part = Rect::from_min_size(pos2(left, rect.top() + RIM), vec2(width, rect.height() - RIM * 2.0));
        let response = ui.interact(part, ui.scope_id().with(mode.id()), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, &words));
        let radius = CornerRadius::same(space::CONTROL_RADIUS);
        if chosen {
            let shadow = egui::Shadow { offset: [0, 1], blur: 4, spread: 0, color: palette.shadow };
            ui.painter().add(shadow.as_shape(part, radius));
            ui.painter().rect_filled(part, radius, palette.paper);
        } else if response.hovered() {
            ui.painter().rect_filled(part, radius, mixed(palette.raised, palette.ink, 0.06));
        }
        kit.focus_ring(ui, &response, part.shrink(2.0), radius);
        let look = look(kit, chosen);
        let galley = kit.galley(ui, &words, look, kit.locale.direction(), Wrap::Extend);
        let at = part.center() - galley.size() / 2.0 + Vec2::new(0.0, 1.0);
        ui.painter().galley(at, galley, look.colour);
        if response.clicked() && !chosen {
            pressed = Some(mode);
        }
        let _told = match keys_of(shortcuts, mode.id()) {
            Some(keys) => kit.hint_with_keys(response, &words, keys),
            None => kit.hint(response, &words),
        };
    }
    pressed
}
