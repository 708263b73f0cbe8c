//! The pill of same mentions: after something was done to one mention, the offer to do it to the others, near the bottom of the paper.
//!
//! Owns its layout and what it has counted. It must not take the keyboard, cover the line that is being worked on where that can be,
//! nor go by time: it goes with Esc, with the next act, or when it is answered.

use crate::domain::article::title_from_text;
use crate::domain::label::LabelId;
use crate::session::command::{Command, Reach, SameCommand, ViewCommand};
use crate::session::same::{Done, HereCount, SameOffer};
use crate::session::state::{OpenProject, State};
use crate::ui::galley::Wrap;
use crate::ui::icons::{self, Icon};
use crate::ui::kit::{Kit, Look, Shortcuts, keys_of};
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::{mixed, size};
use crate::ui::toasts::top_of;
use crate::words::message::Message;
use egui::{Area, CornerRadius, Galley, Id, Order, Rangef, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// The pill is no wider, in points.
const WIDEST: f32 = 920.0;
/// Around what it holds, in points.
const PAD: Vec2 = vec2(16.0, 8.0);
/// The height of a row, in points.
const ROW: f32 = 28.0;
/// Between two rows and two parts of a row, in points.
const GAP: Vec2 = vec2(8.0, 4.0);
/// Around the words of a part that can be pressed, in points.
const PART_PAD: f32 = 9.0;
/// The side of the button that lets the offer go, in points.
const CLOSE: f32 = 24.0;
/// How many characters of a name are shown.
const SURFACE_CHARS: usize = 36;

/// What a count of the places here holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CountedFor {
    offer: u64,
    revision: u64,
    knows_here: bool,
    overlaps: bool,
}

/// The pill.
#[derive(Debug, Default)]
pub struct SamePill {
    /// Places are counted once for what they depend on, not in every frame.
    here: Option<(CountedFor, HereCount)>,
}

impl SamePill {
    /// Draws the pill over the room of `ui` without taking any of it, off the heights `avoid_y` where that can be. Gives its place.
    pub fn show(
        &mut self,
        ui: &Ui,
        kit: &Kit<'_>,
        state: &State,
        shortcuts: Shortcuts<'_>,
        avoid_y: Option<Rangef>,
        commands: &mut Vec<Command>,
    ) -> Option<Rect> {
        let project = state.project.as_ref()?;
        let offer = project.same.as_ref()?;
        let here = self.count(project, offer)?;
        if here == HereCount::default() && offer.elsewhere.is_none_or(|found| found.places == 0) {
            return None;
        }
        if matches!(offer.done, Done::Removed(_)) {
            // The pill tells of it, and has the way back.
            let told = state.toasts.iter().filter(|toast| toast.message.id == "mention-removed");
            commands.extend(told.map(|toast| Command::View(ViewCommand::ToastGone(toast.id))));
        }
        let over = ui.max_rect();
        let room = (over.width() - 32.0).clamp(160.0, WIDEST) - PAD.x * 2.0;
        let laid_out = LaidOut::new(ui, kit, project, (offer, here), shortcuts, room);
        let top = top_of(over.y_range(), laid_out.size.y, avoid_y);
        let rect = Rect::from_min_size(pos2(over.center().x - laid_out.size.x / 2.0, top), laid_out.size);
        laid_out.float(ui, kit, rect, commands);
        Some(rect)
    }

    fn count(&mut self, project: &OpenProject, offer: &SameOffer) -> Option<HereCount> {
        let wanted = CountedFor {
            offer: offer.id,
            revision: project.open.as_ref()?.revision,
            knows_here: offer.knows_here(),
            overlaps: project.project.rules.overlaps,
        };
        match self.here {
            Some((counted, here)) if counted == wanted => Some(here),
            _ => {
                let here = offer.here(project);
                self.here = Some((wanted, here));
                Some(here)
            }
        }
    }
}

/// What was done, and to what.
fn done_words(project: &OpenProject, offer: &SameOffer) -> Message {
    let title = |id: LabelId| project.label(id).map_or("?", label_title);
    let (id, label) = match offer.done {
        Done::Labelled(label) => ("same-labelled", label),
        Done::Relabelled { to, .. } => ("same-relabelled", to),
        Done::Removed(label) => ("same-removed", label),
    };
    let mut message = Message::new(id).text("label", title(label));
    if let Done::Relabelled { from, .. } = offer.done {
        message = message.text("from", title(from));
    }
    message.text("surface", title_from_text(&offer.surface, SURFACE_CHARS))
}

/// How many others there are.
fn count_words(offer: &SameOffer, here: HereCount) -> Message {
    let here = match here.whole {
        0 => Message::new("same-none-here"),
        count => Message::new("same-count-here").number("count", count as u64),
    };
    let elsewhere = match offer.elsewhere {
        None => Some(Message::new("same-counting")),
        Some(found) if found.places > 0 => Some(Message::new("same-count-elsewhere").number("count", found.places)),
        Some(_) => None,
    };
    match elsewhere {
        Some(elsewhere) => Message::new("places").part("first", here).part("second", elsewhere),
        None => here,
    }
}

/// Something that can be pressed.
struct Part<'a> {
    words: String,
    keys: Option<&'a str>,
    command: Command,
}

/// What can be done to the others: only what would reach any.
fn parts<'a>(
    kit: &Kit<'_>,
    project: &OpenProject,
    (offer, here): (&SameOffer, HereCount),
    shortcuts: Shortcuts<'a>,
) -> Vec<Part<'a>> {
    let apply = |reach, suffixed| Command::Same(SameCommand::Apply { reach, suffixed });
    let part = |id: &str, keys, command| Part { words: kit.words(id), keys: keys_of(shortcuts, keys), command };
    let mut parts = Vec::new();
    if here.whole > 0 {
        let mut part = part("same-here", "suggestion-accept", apply(Reach::Here, false));
        if project.open.as_ref().is_some_and(|open| open.advice.chosen().is_some()) {
            // The key then accepts the chosen suggestion.
            part.keys = None;
        }
        parts.push(part);
    }
    if here.onward > 0 && here.onward < here.whole {
        parts.push(part("same-onward", "same-onward", apply(Reach::Onward, false)));
    }
    if offer.elsewhere.is_some_and(|found| found.places > 0) {
        if matches!(offer.done, Done::Labelled(_)) {
            parts.push(part("same-suggest", "same-suggest", apply(Reach::Suggest, false)));
        }
        parts.push(part("same-project", "same-project", apply(Reach::Project, false)));
    }
    if here.suffixed > 0 {
        let words = kit.locale.message(&Message::new("same-add-suffixed").number("count", here.suffixed as u64));
        parts.push(Part { words, ..part("same-suffixed", "same-suffixed", apply(Reach::Here, true)) });
    }
    if matches!(offer.done, Done::Removed(_)) {
        parts.push(part("undo", "undo", Command::Undo));
    }
    parts
}

/// A part that is laid out: its words and its key.
struct PartBox<'a> {
    part: Part<'a>,
    words: Arc<Galley>,
    cap: Option<Arc<Galley>>,
    /// From where reading starts, and from the top of the pill's inside.
    at: Vec2,
    width: f32,
}

/// The pill, laid out.
struct LaidOut<'a> {
    /// What is read first and what beside it, each with its place.
    texts: [(Arc<Galley>, Vec2); 2],
    boxes: Vec<PartBox<'a>>,
    size: Vec2,
    aloud: String,
}

impl<'a> LaidOut<'a> {
    fn new(
        ui: &Ui,
        kit: &Kit<'_>,
        project: &OpenProject,
        (offer, here): (&SameOffer, HereCount),
        shortcuts: Shortcuts<'a>,
        room: f32,
    ) -> Self {
        let palette = &kit.palette;
        let (done, counts) = (done_words(project, offer), count_words(offer, here));
        let [done_line, counts_line] = [&done, &counts].map(|message| kit.locale.message(message));
        let aloud = kit.locale.message(&Message::new("same-aloud").part("done", done).part("counts", counts));
        let text = |words: &str, weight, colour, room: f32| {
            let look = Look { size: size::LIST, weight, colour };
            kit.galley(ui, words, look, kit.locale.direction(), Wrap::Truncate(room.max(60.0)))
        };
        let first = text(&done_line, 650.0, palette.paper, room - CLOSE - GAP.x);
        let second = text(&counts_line, 450.0, mixed(palette.ink, palette.paper, 0.78), room);
        let mut flow = Flow { room, at: Vec2::ZERO, widest: 0.0 };
        let first_at = flow.place(first.size().x + 4.0, 0.0);
        let second_at = flow.place(second.size().x + 6.0, if flow.at.y > 0.0 { 0.0 } else { CLOSE });
        let mut boxes: Vec<PartBox<'a>> = parts(kit, project, (offer, here), shortcuts)
            .into_iter()
            .map(|part| {
                let words = text(&part.words, 600.0, palette.paper, room);
                let cap = part.keys.map(|keys| {
                    let look = Look { size: 11.0, weight: 600.0, colour: mixed(palette.ink, palette.paper, 0.85) };
                    kit.galley(ui, keys, look, crate::domain::article::Direction::LeftToRight, Wrap::Extend)
                });
                let width = words.size().x + PART_PAD * 2.0 + cap.as_ref().map_or(0.0, |cap| cap.size().x + 16.0);
                PartBox { part, words, cap, at: Vec2::ZERO, width }
            })
            .collect();
        // All in one row, or what can be pressed in rows of its own.
        let all: f32 = boxes.iter().map(|part| part.width + GAP.x).sum();
        if flow.at.x + all + CLOSE > room {
            flow.next_row();
        }
        for part in &mut boxes {
            part.at = flow.place(part.width, 0.0);
        }
        let texts_wide = if boxes.first().is_some_and(|part| part.at.y > second_at.y) { 0.0 } else { all };
        let widest = flow.widest.max(second_at.x + second.size().x + texts_wide + CLOSE + GAP.x).min(room);
        let size = vec2(widest, flow.at.y + ROW) + PAD * 2.0;
        Self { texts: [(first, first_at), (second, second_at)], boxes, size, aloud }
    }

    fn float(&self, ui: &Ui, kit: &Kit<'_>, rect: Rect, commands: &mut Vec<Command>) {
        let palette = kit.palette;
        let area = Area::new(Id::unique("same pill")).order(Order::Foreground).fixed_pos(rect.min).fade_in(false);
        area.show(ui.ctx(), |ui| {
            let (_, response) = ui.allocate_exact_size(rect.size(), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &self.aloud));
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
            let radius = CornerRadius::same(10);
            let shadow = egui::Shadow { offset: [0, 6], blur: 20, spread: 0, color: palette.shadow };
            ui.painter().add(shadow.as_shape(rect, radius));
            ui.painter().rect_filled(rect, radius, palette.ink);
            let inner = rect.shrink2(PAD);
            let placed = |at: Vec2, wanted: Vec2| {
                let x = if kit.rtl() { inner.right() - at.x - wanted.x } else { inner.left() + at.x };
                Rect::from_min_size(pos2(x, inner.top() + at.y + (ROW - wanted.y) / 2.0), wanted)
            };
            for (galley, at) in &self.texts {
                ui.painter().galley(placed(*at, galley.size()).min, Arc::clone(galley), palette.paper);
            }
            for part in &self.boxes {
                if press(ui, kit, placed(part.at, vec2(part.width, 24.0)), part) {
                    commands.push(part.part.command.clone());
                }
            }
            let corner = kit.end_aligned(inner.with_max_y(inner.top() + ROW), vec2(CLOSE, CLOSE));
            if close(ui, kit, corner.translate(vec2(if kit.rtl() { -6.0 } else { 6.0 }, 0.0))) {
                commands.push(Command::Same(SameCommand::Dismiss));
            }
        });
    }
}

/// Rows that are filled from where reading starts.
struct Flow {
    room: f32,
    /// Where the next part goes.
    at: Vec2,
    widest: f32,
}

impl Flow {
    /// The place of a part of this width, with `beside` left free after it, in this row or the next.
    fn place(&mut self, width: f32, beside: f32) -> Vec2 {
        if self.at.x > 0.0 && self.at.x + width + beside > self.room {
            self.next_row();
        }
        let at = self.at;
        self.widest = self.widest.max(at.x + width);
        self.at.x += width + GAP.x;
        at
    }

    fn next_row(&mut self) {
        self.at = vec2(0.0, self.at.y + ROW + GAP.y);
    }
}

/// A part with its key; whether it was pressed.
fn press(ui: &Ui, kit: &Kit<'_>, rect: Rect, part: &PartBox<'_>) -> bool {
    let palette = &kit.palette;
    let response = ui.interact(rect, ui.scope_id().with(&part.part.words), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &part.part.words));
    let ground = |share| mixed(palette.ink, palette.paper, share);
    let radius = CornerRadius::same(6);
    ui.painter().rect_filled(rect, radius, ground(if response.hovered() { 0.24 } else { 0.12 }));
    kit.focus_ring(ui, &response, rect, radius);
    let inner = rect.shrink2(vec2(PART_PAD, 0.0));
    let words = kit.start_aligned(inner, part.words.size());
    ui.painter().galley(words.min, Arc::clone(&part.words), palette.paper);
    if let Some(cap) = &part.cap {
        let place = kit.end_aligned(inner.expand2(vec2(4.0, 0.0)), vec2(cap.size().x + 10.0, 18.0));
        ui.painter().rect_filled(place, CornerRadius::same(4), ground(0.26));
        ui.painter().galley(place.center() - cap.size() / 2.0, Arc::clone(cap), palette.paper);
    }
    response.clicked()
}

/// The cross that lets the offer go; whether it was pressed.
fn close(ui: &Ui, kit: &Kit<'_>, rect: Rect) -> bool {
    let palette = &kit.palette;
    let response = ui.interact(rect, ui.scope_id().with("close"), Sense::click());
    let name = kit.words("close");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let radius = CornerRadius::same(6);
    if response.hovered() {
        ui.painter().rect_filled(rect, radius, mixed(palette.ink, palette.paper, 0.2));
    }
    kit.focus_ring(ui, &response, rect, radius);
    let colour = mixed(palette.ink, palette.paper, if response.hovered() { 1.0 } else { 0.6 });
    icons::paint(ui.painter(), Icon::Cross, rect.center(), colour, kit.rtl());
    response.clicked()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where parts of these widths stand in a room of 100 points: x, and the row.
    #[track_caller]
    fn check(widths: &[f32], expected: &[(f32, usize)]) {
        let mut flow = Flow { room: 100.0, at: Vec2::ZERO, widest: 0.0 };
        let places = widths.iter().map(|width| flow.place(*width, 0.0));
        let rows = places.map(|at| (at.x, (at.y / (ROW + GAP.y)).round() as usize)).collect::<Vec<_>>();
        assert_eq!(rows, expected);
        assert!(flow.widest <= widths.iter().copied().fold(100.0, f32::max));
    }

    #[test]
    fn parts_that_do_not_fit_go_to_the_next_row() {
        check(&[40.0, 40.0, 40.0], &[(0.0, 0), (48.0, 0), (0.0, 1)]);
        check(&[120.0, 10.0], &[(0.0, 0), (0.0, 1)]);
        check(&[46.0, 46.0], &[(0.0, 0), (54.0, 0)]);
        check(&[46.0, 47.0], &[(0.0, 0), (0.0, 1)]);
    }
}
