//! Key caps: a way of pressing an act, each of its keys drawn as it stands on the keyboard.
//!
//! Owns their look in a row. It must not know what they do.

use crate::ui::form::{Picture, paint_picture};
use crate::ui::kit::Kit;
use egui::{CornerRadius, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

/// Shows ways of pressing something at the far end of a row, a stroke between two: keys of one way are parted by spaces.
/// How wide they are, in points.
pub fn at_end(ui: &mut Ui, kit: &Kit<'_>, ways: &[impl AsRef<str>]) -> f32 {
    kit.row_end(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let mut parts: Vec<Option<&str>> = Vec::new();
        for way in ways {
            if !parts.is_empty() {
                parts.push(None);
            }
            parts.extend(way.as_ref().split(' ').map(Some));
        }
        // The far end is filled from the end: in a left-to-right row the last key comes first.
        if !kit.rtl() {
            parts.reverse();
        }
        for part in parts {
            match part {
                Some(key) => cap(ui, kit, key),
                None => {
                    kit.text(ui, "/", kit.small());
                }
            }
        }
        ui.min_rect().width()
    })
}

/// One key; arrows are painted, for the interface's font has none.
fn cap(ui: &mut Ui, kit: &Kit<'_>, key: &str) {
    let arrow = match key {
        "↑" => Picture::Up,
        "↓" => Picture::Down,
        "←" => Picture::Left,
        "→" => Picture::Right,
        _ => {
            kit.key(ui, key);
            return;
        }
    };
    let palette = &kit.palette;
    let (rect, response) = ui.allocate_exact_size(vec2(22.0, 20.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, key));
    let stroke = Stroke::new(1.0, palette.line);
    ui.painter().rect(rect, CornerRadius::same(5), palette.raised, stroke, StrokeKind::Inside);
    paint_picture(ui.painter(), rect.center(), arrow, palette.soft_ink);
}
