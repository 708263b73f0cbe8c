//! The part of the end panel that tells an annotator what review changed of theirs, and why.
//!
//! Owns its height and how a change reads. It must not decide whether there is feedback, nor change a layer.

use crate::session::command::{Command, SelectCommand};
use crate::session::feedback::FeedbackLine;
use crate::session::state::{OpenArticle, OpenProject};
use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look};
use crate::ui::modal;
use crate::ui::review_words::{Saying, reading_words, reason_words};
use crate::ui::theme::{mixed, size, space};
use crate::words::message::Message;
use egui::{CornerRadius, Id, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// The part takes no more than this share of the room.
const SHARE: f32 = 0.45;
/// Around the words of a change, in points.
const PAD: egui::Vec2 = vec2(8.0, 5.0);
/// The title with the room around it, in points.
const HEAD: f32 = 34.0;

/// The part.
#[derive(Debug, Default)]
pub struct FeedbackPanel {
    /// The height of its list as it was drawn last, in points.
    height: f32,
}

impl FeedbackPanel {
    /// Draws the part at the bottom of `room` where there is feedback; gives the room that is left above it.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        (project, open): (&OpenProject, &OpenArticle),
        room: Rect,
        commands: &mut Vec<Command>,
    ) -> Rect {
        if open.feedback.is_empty() {
            return room;
        }
        let most = room.height() * SHARE;
        let rect = room.with_min_y(room.bottom() - (self.height + HEAD).min(most));
        let mut part = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("feedback"));
        part.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, kit.palette.line));
        part.add_space(8.0);
        let title = Message::new("feedback-count").number("count", open.feedback.len());
        kit.column(&mut part, |ui| kit.line(ui, &kit.locale.message(&title), kit.soft(), ui.available_width()));
        let list = modal::scroll((most - HEAD).max(0.0)).show(&mut part, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            for (place, line) in open.feedback.iter().enumerate() {
                if change(ui, kit, (project, open), (place, line)) {
                    // The place is chosen as a pointer does it: the mention there, or else its word.
                    commands.push(Command::Select(SelectCommand::MoveTo { at: line.span.start, extend: false }));
                    if let Some(own) = line.own.first() {
                        commands.push(Command::Select(SelectCommand::Mention(*own)));
                    }
                }
            }
        });
        let height = list.content_size.y.ceil() + 6.0;
        if (height - self.height).abs() > 0.5 {
            self.height = height;
            ui.ctx().request_discard("the feedback has another height");
        }
        room.with_max_y(rect.top())
    }
}

/// A change: what was said, what is gold, and why; whether it was pressed.
fn change(
    ui: &mut Ui,
    kit: &Kit<'_>,
    (project, open): (&OpenProject, &OpenArticle),
    (place, line): (usize, &FeedbackLine),
) -> bool {
    let palette = &kit.palette;
    let said = |mentions: &[_]| reading_words(&project.labels, &open.article, Saying::Both, mentions);
    let message = Message::new("feedback-change").part("own", said(&line.own)).part("gold", said(&line.gold));
    let words = kit.locale.message(&message);
    let why = line.question.clone().or_else(|| line.reason.as_deref().map(|reason| reason_words(kit, reason)));
    let room = ui.available_width() - PAD.x * 2.0;
    let look = Look { size: size::LIST, weight: 450.0, colour: palette.ink };
    let change = kit.galley(ui, &words, look, kit.locale.direction(), Wrap::Wrap(room));
    let why_galley = why.as_ref().map(|why| {
        let direction = crate::domain::article::Direction::Auto;
        kit.galley(ui, why, kit.small(), direction, Wrap::Wrap(room))
    });
    let below = why_galley.as_ref().map_or(0.0, |why| why.size().y);
    let size = vec2(ui.available_width(), change.size().y + below + PAD.y * 2.0);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let response = ui.interact(rect, Id::unique("feedback").with(place), Sense::click());
    let aloud = match &why {
        Some(why) => format!("{words} {why}"),
        None => words,
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &aloud));
    let radius = CornerRadius::same(space::CONTROL_RADIUS);
    if response.hovered() {
        ui.painter().rect_filled(rect, radius, mixed(palette.window, palette.raised, 0.7));
    }
    kit.focus_ring(ui, &response, rect.shrink(2.0), radius);
    let inner = rect.shrink2(PAD);
    let mut top = inner.top();
    for (galley, ink) in std::iter::once((change, palette.ink)).chain(why_galley.map(|why| (why, palette.soft_ink))) {
        let left = if kit.rtl() { inner.right() - galley.size().x } else { inner.left() };
        let height = galley.size().y;
        ui.painter().galley(pos2(left, top), galley, ink);
        top += height;
    }
    response.clicked()
}
