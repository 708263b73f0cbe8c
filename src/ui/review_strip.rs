//! The strip of the current dispute, near the bottom of the paper: its versions with their keys, and what else can be done.
//!
//! Owns its layout. It must not cover the line that is being worked on where that can be, nor take the keyboard.

use crate::session::command::Command;
use crate::session::review::Review;
use crate::session::review_command::ReviewCommand;
use crate::session::state::{OpenArticle, OpenProject, State};
use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look, Shortcuts, keys_of};
use crate::ui::review_words::{Saying, shortened, version_words};
use crate::ui::theme::{mixed, size};
use crate::ui::toasts::top_of;
use crate::words::message::Message;
use egui::{Area, CornerRadius, Galley, Id, Order, Rangef, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// The strip is no wider, in points.
const WIDEST: f32 = 900.0;
/// Around what it holds, in points.
const PAD: Vec2 = vec2(14.0, 8.0);
/// The height of a row, in points.
const ROW: f32 = 28.0;
/// Between two rows and two parts of a row, in points.
const GAP: Vec2 = vec2(8.0, 4.0);
/// Around the words of a part that can be pressed, in points.
const PART_PAD: f32 = 8.0;
/// No version has more keys than there are digits.
const VERSIONS: usize = 9;

/// A part of the strip.
struct Part {
    words: String,
    key: Option<String>,
    command: Option<Command>,
    /// Whether it is what reading starts with.
    strong: bool,
}

/// Draws the strip over the room of `ui` without taking any of it, off the heights `avoid_y` where that can be. Gives its place.
pub fn show(
    ui: &Ui,
    kit: &Kit<'_>,
    state: &State,
    shortcuts: Shortcuts<'_>,
    avoid_y: Option<Rangef>,
    commands: &mut Vec<Command>,
) -> Option<Rect> {
    let project = state.project.as_ref()?;
    let open = project.open.as_ref()?;
    let review = open.review.as_deref()?;
    let at = review.current?;
    let parts = parts(kit, project, open, review, at, shortcuts)?;
    let over = ui.max_rect();
    let room = (over.width() - 32.0).clamp(160.0, WIDEST) - PAD.x * 2.0;
    let inverse = kit.palette.inverse();
    let laid_out = lay_out(ui, kit, &parts, room);
    let top = top_of(over.y_range(), laid_out.size.y, avoid_y);
    let rect = Rect::from_min_size(pos2(over.center().x - laid_out.size.x / 2.0, top), laid_out.size);
    Area::new(Id::unique("review-strip")).order(Order::Middle).fixed_pos(rect.min).constrain(false).show(
        ui.ctx(),
        |ui| {
            let (_, whole) = ui.allocate_exact_size(rect.size(), Sense::hover());
            whole.widget_info(|| WidgetInfo::labeled(Role::Group, true, kit.words("review-strip")));
            let shadow = egui::Shadow { offset: [0, 4], blur: 18, spread: 0, color: kit.palette.shadow };
            let radius = CornerRadius::same(10);
            ui.painter().add(shadow.as_shape(rect, radius));
            ui.painter().rect_filled(rect, radius, inverse.paper);
            let inner = rect.shrink2(PAD);
            for (place, (part, set)) in parts.iter().zip(&laid_out.parts).enumerate() {
                let left = if kit.rtl() { inner.right() - set.at.x - set.size.x } else { inner.left() + set.at.x };
                let rect = Rect::from_min_size(pos2(left, inner.top() + set.at.y), set.size);
                if show_part(ui, kit, (place, part), set, rect) {
                    commands.extend(part.command.clone());
                }
            }
        },
    );
    Some(rect)
}

fn show_part(ui: &mut Ui, kit: &Kit<'_>, (place, part): (usize, &Part), set: &PartBox, rect: Rect) -> bool {
    let inverse = kit.palette.inverse();
    let mut clicked = false;
    let ink = if part.strong { inverse.ink } else { inverse.soft_ink };
    if part.command.is_some() {
        let response = ui.interact(rect, Id::unique("review-strip").with(place), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &part.words));
        if response.hovered() {
            ui.painter().rect_filled(rect, CornerRadius::same(6), mixed(inverse.paper, inverse.ink, 0.12));
        }
        kit.focus_ring(ui, &response, rect.shrink(2.0), CornerRadius::same(6));
        clicked = response.clicked();
    }
    let pad = if part.command.is_some() { PART_PAD } else { 0.0 };
    let mut x = pad;
    let side = |x: f32, width: f32| if kit.rtl() { rect.right() - x - width } else { rect.left() + x };
    if let Some(cap) = &set.cap {
        let width = cap.size().x + 12.0;
        let place = Rect::from_center_size(pos2(side(x, width) + width / 2.0, rect.center().y), vec2(width, 20.0));
        ui.painter().rect_filled(place, CornerRadius::same(4), mixed(inverse.paper, inverse.ink, 0.16));
        ui.painter().galley(place.center() - cap.size() / 2.0 + vec2(0.0, 0.5), Arc::clone(cap), inverse.ink);
        x += width + 6.0;
    }
    let at = pos2(side(x, set.words.size().x), rect.center().y - set.words.size().y / 2.0 + 1.0);
    ui.painter().galley(at, Arc::clone(&set.words), ink);
    clicked
}

/// What the strip says and offers; `None` when the dispute is gone.
fn parts(
    kit: &Kit<'_>,
    project: &OpenProject,
    open: &OpenArticle,
    review: &Review,
    at: usize,
    shortcuts: Shortcuts<'_>,
) -> Option<Vec<Part>> {
    let case = review.cases.get(at)?;
    let number = review.disputes().iter().position(|other| *other == at)? as u64 + 1;
    let surface = open.article.surface(case.cluster.span).unwrap_or_default();
    let head = Message::new("review-strip-head").number("number", number).text("surface", shortened(surface));
    let mut parts = vec![Part { words: kit.locale.message(&head), key: None, command: None, strong: false }];
    let versions = review.versions(at);
    let saying = Saying::of(case);
    for (place, version) in versions.iter().take(VERSIONS).enumerate() {
        parts.push(Part {
            words: kit.locale.message(&version_words(kit.locale, (project, &open.article, review), saying, version)),
            key: Some(kit.locale.number(place as u64 + 1)),
            command: Some(Command::Review(ReviewCommand::Take(place))),
            strong: true,
        });
    }
    let offer = |words: &'static str, act: &'static str, command| {
        let keys = keys_of(shortcuts, act)?;
        Some(Part {
            words: kit.words(words),
            key: Some(keys.to_owned()),
            command: Some(Command::Review(command)),
            strong: false,
        })
    };
    if !versions.iter().any(|version| version.mentions.is_empty()) {
        parts.extend(offer("strip-nothing", "review-nothing", ReviewCommand::Nothing));
    }
    if case.cluster.differences.boundary || case.cluster.differences.split {
        parts.extend(offer("strip-boundary", "review-boundary", ReviewCommand::CycleBoundary));
    }
    parts.extend(offer("strip-aside", "review-aside", ReviewCommand::AskQuestion));
    Some(parts)
}

struct PartBox {
    words: Arc<Galley>,
    cap: Option<Arc<Galley>>,
    at: Vec2,
    size: Vec2,
}

struct LaidOut {
    parts: Vec<PartBox>,
    size: Vec2,
}

/// Lays parts out in rows no wider than `room`.
fn lay_out(ui: &Ui, kit: &Kit<'_>, parts: &[Part], room: f32) -> LaidOut {
    let inverse = kit.palette.inverse();
    let mut at = Vec2::ZERO;
    let mut widest = 0.0_f32;
    let mut boxes = Vec::with_capacity(parts.len());
    for part in parts {
        let ink = if part.strong { inverse.ink } else { inverse.soft_ink };
        let look = Look { size: size::LIST, weight: if part.strong { 550.0 } else { 400.0 }, colour: ink };
        let cap_look = Look { size: 11.0, weight: 600.0, colour: inverse.ink };
        let direction = kit.locale.direction();
        let cap = part.key.as_ref().map(|key| kit.galley(ui, key, cap_look, direction, Wrap::Extend));
        let pad = if part.command.is_some() { PART_PAD * 2.0 } else { 0.0 };
        let cap_width = cap.as_ref().map_or(0.0, |cap| cap.size().x + 18.0);
        let words = kit.galley(ui, &part.words, look, direction, Wrap::Truncate((room - pad - cap_width).max(40.0)));
        let width = words.size().x + cap_width + pad;
        if at.x > 0.0 && at.x + width > room {
            at = vec2(0.0, at.y + ROW + GAP.y);
        }
        boxes.push(PartBox { words, cap, at, size: vec2(width, ROW) });
        at.x += width;
        widest = widest.max(at.x);
        at.x += GAP.x;
    }
    LaidOut { parts: boxes, size: vec2(widest, at.y + ROW) + PAD * 2.0 }
}
