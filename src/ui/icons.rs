//! Icons: small pictures drawn with lines, and the buttons that bear them.
//!
//! Owns their shapes; no icon is a character of a font. It must not know what a button does.

use crate::domain::layer::Status;
use crate::ui::kit::Kit;
use crate::ui::theme::{mixed, space};
use egui::{
    Color32, CornerRadius, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};
use std::f32::consts::{PI, TAU};

/// A small picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// On, in reading direction.
    Next,
    /// Back, in reading direction.
    Previous,
    /// Takes back.
    Undo,
    /// Does again.
    Redo,
    /// Larger.
    Plus,
    /// Smaller.
    Minus,
    /// Light.
    Sun,
    /// Dark.
    Moon,
    /// A menu.
    Menu,
    /// More of the same.
    More,
    /// Change.
    Pencil,
    /// It went wrong.
    Cross,
    /// Away with it.
    Bin,
    /// It is on.
    Check,
    /// Search.
    Lens,
    /// Order and filters.
    Sift,
}

/// The side of a button that bears an icon alone, in points.
pub const BUTTON_SIDE: f32 = 30.0;

/// Paints an icon 16 points wide around `centre`; those with a direction turn with the reading direction.
pub fn paint(painter: &Painter, icon: Icon, centre: Pos2, colour: Color32, rtl: bool) {
    let turn = if rtl { -1.0 } else { 1.0 };
    let directed = move |x: f32, y: f32| centre + vec2(x * turn, y);
    let straight = move |x: f32, y: f32| centre + vec2(x, y);
    let stroke = Stroke::new(1.5, colour);
    let line = |points: Vec<Pos2>| {
        painter.add(Shape::line(points, stroke));
    };
    match icon {
        Icon::Next => line(vec![directed(-2.0, -4.5), directed(2.5, 0.0), directed(-2.0, 4.5)]),
        Icon::Previous => line(vec![directed(2.0, -4.5), directed(-2.5, 0.0), directed(2.0, 4.5)]),
        Icon::Undo | Icon::Redo => {
            let side = if icon == Icon::Undo { 1.0 } else { -1.0 };
            let at = |x: f32, y: f32| directed(x * side, y);
            let mut arc = vec![at(-5.0, -2.0), at(1.5, -2.0)];
            arc.extend((1..=12).map(|step| {
                let angle = -PI / 2.0 + PI * step as f32 / 12.0;
                at(1.5 + 3.5 * angle.cos(), 1.5 + 3.5 * angle.sin())
            }));
            arc.push(at(-2.0, 5.0));
            line(arc);
            line(vec![at(-2.0, -5.0), at(-5.0, -2.0), at(-2.0, 1.0)]);
        }
        Icon::Plus => {
            line(vec![straight(-4.5, 0.0), straight(4.5, 0.0)]);
            line(vec![straight(0.0, -4.5), straight(0.0, 4.5)]);
        }
        Icon::Minus => line(vec![straight(-4.5, 0.0), straight(4.5, 0.0)]),
        Icon::Sun => {
            painter.circle_stroke(centre, 3.0, stroke);
            for ray in 0..8 {
                let way = egui::Vec2::angled(TAU * ray as f32 / 8.0);
                line(vec![centre + way * 5.2, centre + way * 7.0]);
            }
        }
        Icon::Moon => line(crescent(centre)),
        Icon::Menu => {
            for y in [-4.0, 0.0, 4.0] {
                line(vec![straight(-5.5, y), straight(5.5, y)]);
            }
        }
        Icon::More => {
            for x in [-4.5, 0.0, 4.5] {
                painter.circle_filled(straight(x, 0.0), 1.4, colour);
            }
        }
        Icon::Pencil => {
            let outline = [(-5.0, 5.0), (-4.2, 1.8), (2.4, -4.8), (4.8, -2.4), (-1.8, 4.2), (-5.0, 5.0)];
            line(outline.iter().map(|(x, y)| directed(*x, *y)).collect());
            line(vec![directed(0.6, -3.0), directed(3.0, -0.6)]);
        }
        Icon::Cross => {
            line(vec![straight(-3.5, -3.5), straight(3.5, 3.5)]);
            line(vec![straight(-3.5, 3.5), straight(3.5, -3.5)]);
        }
        Icon::Bin => {
            line(vec![straight(-5.5, -3.5), straight(5.5, -3.5)]);
            line(vec![straight(-1.8, -5.5), straight(1.8, -5.5)]);
            let body = [(-4.2, -3.5), (-3.6, 5.5), (3.6, 5.5), (4.2, -3.5)];
            line(body.iter().map(|(x, y)| straight(*x, *y)).collect());
            line(vec![straight(-1.2, -1.0), straight(-1.2, 3.0)]);
            line(vec![straight(1.2, -1.0), straight(1.2, 3.0)]);
        }
        Icon::Check => line(vec![straight(-4.0, 0.5), straight(-1.0, 3.5), straight(4.5, -3.0)]),
        Icon::Sift => {
            for (y, half) in [(-4.0, 5.5), (0.0, 3.5), (4.0, 1.5)] {
                line(vec![straight(-half, y), straight(half, y)]);
            }
        }
        Icon::Lens => {
            painter.circle_stroke(directed(-1.0, -1.0), 4.0, stroke);
            line(vec![directed(1.9, 1.9), directed(5.0, 5.0)]);
        }
    }
}

/// The outline of a moon: a circle without another one.
fn crescent(centre: Pos2) -> Vec<Pos2> {
    let (radius, bite, bite_radius) = (5.5, centre + vec2(2.6, -2.6), 4.4);
    let around = |middle: Pos2, radius: f32, from: f32| {
        (0..=48).map(move |step| middle + radius * egui::Vec2::angled(from + TAU * step as f32 / 48.0))
    };
    let mut outline: Vec<Pos2> =
        around(centre, radius, -PI / 4.0).filter(|point| point.distance(bite) > bite_radius).collect();
    let inner: Vec<Pos2> = around(bite, bite_radius, -PI / 4.0).filter(|p| p.distance(centre) < radius).collect();
    outline.extend(inner.into_iter().rev());
    outline.extend(outline.first().copied());
    outline
}

/// Paints the outline of a status' mark around `centre`: it can be given.
pub fn paint_status_outline(painter: &Painter, kit: &Kit<'_>, status: Status, centre: Pos2) {
    let stroke = Stroke::new(1.3, kit.palette.soft_ink);
    if status == Status::Flagged {
        let rect = Rect::from_center_size(centre, vec2(8.5, 8.5));
        painter.rect_stroke(rect, CornerRadius::same(2), stroke, StrokeKind::Middle);
    } else {
        painter.circle_stroke(centre, 4.2, stroke);
    }
}

/// Paints the mark of a status around `centre`: its shape and its colour both tell.
pub fn paint_status(painter: &Painter, kit: &Kit<'_>, status: Status, centre: Pos2) {
    let palette = &kit.palette;
    match status {
        Status::New => {
            painter.circle_stroke(centre, 4.0, Stroke::new(1.3, palette.soft_ink));
        }
        Status::InProgress => {
            painter.circle_stroke(centre, 4.0, Stroke::new(1.3, palette.accent));
            let from = if kit.rtl() { -PI / 2.0 } else { PI / 2.0 };
            let half = (0..=12).map(|step| centre + 4.0 * egui::Vec2::angled(from + PI * step as f32 / 12.0)).collect();
            painter.add(Shape::convex_polygon(half, palette.accent, Stroke::NONE));
        }
        Status::Done => {
            painter.circle_filled(centre, 4.6, palette.good);
        }
        Status::Flagged => {
            painter.rect_filled(Rect::from_center_size(centre, vec2(8.5, 8.5)), CornerRadius::same(2), palette.warning);
        }
    }
}

impl Kit<'_> {
    /// A button with an icon alone; its name, and its keys if it has any, stand in the tooltip.
    pub fn icon_button(&self, ui: &mut Ui, icon: Icon, name: &str, keys: Option<&str>, enabled: bool) -> Response {
        let sense = if enabled { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(vec2(BUTTON_SIDE, BUTTON_SIDE), sense);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
        let palette = &self.palette;
        let hot = enabled && (response.hovered() || response.is_pointer_button_down_on());
        let radius = CornerRadius::same(space::CONTROL_RADIUS);
        if hot {
            let fill = mixed(palette.window, palette.ink, if palette.dark { 0.10 } else { 0.07 });
            ui.painter().rect(rect, radius, fill, Stroke::NONE, StrokeKind::Inside);
        }
        self.focus_ring(ui, &response, rect.shrink(2.0), radius);
        let colour = match (enabled, hot) {
            (false, _) => mixed(palette.window, palette.soft_ink, 0.45),
            (true, false) => palette.soft_ink,
            (true, true) => palette.ink,
        };
        paint(ui.painter(), icon, pos2(rect.center().x, rect.center().y), colour, self.rtl());
        match keys {
            Some(keys) => self.hint_with_keys(response, name, keys),
            None => self.hint(response, name),
        }
    }
}
