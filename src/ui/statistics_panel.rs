//! The statistics in the place of the article: a card for each topic, and what is kept of them as files.
//!
//! Owns the cards and the pictures drawn last. It must not count: the session has the overview.

use crate::analysis::picture::Picture;
use crate::domain::layer::AnnotatorId;
use crate::exchange::overview::Overview;
use crate::exchange::overview_pictures::{Goal, goal, picture};
use crate::exchange::topic::{Topic, pair_words};
use crate::session::command::Command;
use crate::session::state::State;
use crate::session::statistics::{KeptPart, ShownPlaces, StatisticsCommand, StatisticsPane};
use crate::ui::kit::{Kit, Look, Shortcuts};
use crate::ui::picture_paint;
use crate::ui::theme::{size, space};
use crate::words::language::Language;
use crate::words::message::Message;
use egui::{ColorImage, CornerRadius, Frame, Key, Margin, Modifiers, Rect, ScrollArea, Stroke, Ui, vec2};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

/// The cards at their widest, in points.
const CARD_WIDTH: f32 = 880.0;
/// Inside a card, from its edges.
const CARD_MARGIN: i8 = 20;

/// What can be done here, with its keys.
pub const KEYS: Shortcuts<'static> = &[("statistics-key-close", "Esc")];

/// What the pictures were drawn from.
type DrawnFrom = (usize, Language, Option<(AnnotatorId, AnnotatorId)>, u32);

/// The panel.
#[derive(Default)]
pub struct StatisticsPanel {
    drawn_from: Option<DrawnFrom>,
    pictures: Vec<(Topic, Picture)>,
    /// The places that were brought into view.
    revealed: Option<String>,
    /// The card that is to be kept as it stands on the screen, where it stands, and where the picture of the window comes.
    wanted: Option<(Topic, Rect, Receiver<Arc<ColorImage>>)>,
}

impl StatisticsPanel {
    /// Draws the panel in all the room there is.
    pub fn show(&mut self, ui: &mut Ui, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let Some(project) = &state.project else { return };
        let pane = &project.statistics;
        if state.dialog.is_none() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
            let given =
                if pane.places.is_some() { StatisticsCommand::ShowPlaces(None) } else { StatisticsCommand::Close };
            commands.push(Command::Statistics(given));
        }
        self.take_image(ui, commands);
        head(ui, kit, pane, commands);
        if let Some(problem) = &pane.problem {
            kit.text(ui, &kit.locale.message(problem), Look { colour: kit.palette.fault, ..kit.soft() });
        }
        if pane.places.is_none() {
            self.revealed = None;
        }
        let Some(overview) = &pane.overview else { return };
        let width = (ui.available_width() - 14.0).min(CARD_WIDTH);
        self.draw(kit, overview, pane.pair(), width - 2.0 * f32::from(CARD_MARGIN));
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 12.0;
            let indent = ((ui.available_width() - width) / 2.0).max(0.0);
            let room = ui.available_rect_before_wrap();
            let column = Rect::from_min_size(room.min + vec2(indent, 0.0), vec2(width, room.height()));
            ui.scope_builder(egui::UiBuilder::new().max_rect(column), |ui| {
                for place in 0..self.pictures.len() {
                    self.card(ui, kit, overview, pane, place, commands);
                }
                ui.add_space(16.0);
            });
        });
    }

    /// Draws the pictures anew when what they show has changed.
    fn draw(&mut self, kit: &Kit<'_>, overview: &Arc<Overview>, pair: Option<(AnnotatorId, AnnotatorId)>, width: f32) {
        let from = (Arc::as_ptr(overview) as usize, kit.locale.language(), pair, width as u32);
        if self.drawn_from == Some(from) {
            return;
        }
        self.drawn_from = Some(from);
        let drawn = |topic| (topic, picture(overview, kit.locale, topic, pair, width));
        self.pictures = Topic::ALL.map(drawn).into();
    }

    fn card(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        overview: &Overview,
        pane: &StatisticsPane,
        place: usize,
        commands: &mut Vec<Command>,
    ) {
        let Some((topic, drawn)) = self.pictures.get(place) else { return };
        let (topic, has_picture) = (*topic, !drawn.spots.is_empty());
        let frame = Frame::new()
            .fill(kit.palette.paper)
            .stroke(Stroke::new(1.0, kit.palette.line))
            .corner_radius(CornerRadius::same(space::PAPER_RADIUS))
            .inner_margin(Margin::same(CARD_MARGIN));
        let shown = frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            let wants_image = card_head(ui, kit, topic, pane.pair(), has_picture, commands);
            if has_picture {
                kit.column(ui, |ui| kit.text(ui, &kit.locale.message(&topic.remark(overview)), kit.small()));
            }
            if topic == Topic::Confusion {
                pairs(ui, kit, overview, pane, commands);
            }
            ui.add_space(4.0);
            if let Some(pressed) = picture_paint::show(ui, kit, drawn, &overview.labels) {
                follow(kit, overview, pane, topic, pressed, commands);
            }
            if let Some(shown) = pane.places.as_ref().filter(|shown| shown.topic == topic) {
                let rect = places(ui, kit, shown, commands);
                if self.revealed.as_ref() != Some(&shown.title) {
                    self.revealed = Some(shown.title.clone());
                    ui.scroll_to_rect(rect, None);
                }
            }
            wants_image
        });
        if shown.inner {
            let rect = shown.response.rect;
            if ui.clip_rect().expand(1.0).contains_rect(rect) {
                let (sender, receiver) = channel();
                self.wanted = Some((topic, rect, receiver));
                // Whoever asks again meanwhile does not wait for this one any more.
                ui.ctx().request_screenshot(move |image| drop(sender.send(image)));
            } else if rect.height() <= ui.clip_rect().height() {
                // It is brought into view; pressed again, it is all there.
                ui.scroll_to_rect(rect, None);
                commands.push(Command::Statistics(StatisticsCommand::Refuse(Message::new("statistics-image-again"))));
            } else {
                commands.push(Command::Statistics(StatisticsCommand::Refuse(Message::new("statistics-image-large"))));
            }
        }
    }

    /// Takes the picture of the window that was asked for, and cuts the card out.
    fn take_image(&mut self, ui: &Ui, commands: &mut Vec<Command>) {
        let Some((topic, rect, images)) = &self.wanted else { return };
        let Ok(image) = images.try_recv() else {
            ui.ctx().request_repaint();
            return;
        };
        let topic = *topic;
        let (size, rgba) = cut_out(&image, *rect, ui.pixels_per_point());
        self.wanted = None;
        commands.push(Command::Statistics(StatisticsCommand::Keep(KeptPart::Image { topic, size, rgba })));
    }
}

/// The pixels of `rect` (in points) in a picture of the window.
fn cut_out(image: &ColorImage, rect: Rect, pixels_per_point: f32) -> ([u32; 2], Arc<[u8]>) {
    let [width, height] = image.size;
    let pixel = |points: f32, most: usize| ((points * pixels_per_point).round().max(0.0) as usize).min(most);
    let (left, right) = (pixel(rect.left(), width), pixel(rect.right(), width));
    let (top, bottom) = (pixel(rect.top(), height), pixel(rect.bottom(), height));
    let rows = (top..bottom).filter_map(|row| image.pixels.get(row * width + left..row * width + right));
    let rgba: Vec<u8> = rows.flatten().flat_map(|pixel| pixel.to_srgba_unmultiplied()).collect();
    let size = [right.saturating_sub(left), bottom.saturating_sub(top)];
    (size.map(|length| u32::try_from(length).unwrap_or(0)), rgba.into())
}

fn head(ui: &mut Ui, kit: &Kit<'_>, pane: &StatisticsPane, commands: &mut Vec<Command>) {
    let mut give = |command| commands.push(Command::Statistics(command));
    kit.row(ui, |ui| {
        ui.label(kit.galley(
            ui,
            &kit.words("mode-statistics"),
            kit.title(),
            kit.locale.direction(),
            crate::ui::galley::Wrap::Extend,
        ));
        let told = match (pane.reading, pane.is_stale) {
            (Some(articles), _) => Some(Message::new("statistics-reading").number("articles", articles)),
            (None, true) => Some(Message::new("statistics-stale")),
            (None, false) => None,
        };
        if let Some(told) = told {
            kit.line(ui, &kit.locale.message(&told), kit.soft(), ui.available_width() * 0.5);
        }
        kit.row_end(ui, |ui| {
            if pane.reading.is_some() {
                if kit.button(ui, &kit.words("cancel")).clicked() {
                    give(StatisticsCommand::Stop);
                }
                return;
            }
            if pane.overview.is_some() && kit.button(ui, &kit.words("statistics-page")).clicked() {
                give(StatisticsCommand::Keep(KeptPart::Page));
            }
            let is_due = pane.is_stale || pane.overview.is_none();
            if is_due && kit.main_button(ui, &kit.words("statistics-renew"), true).clicked() {
                give(StatisticsCommand::Renew);
            }
        });
    });
    ui.add_space(6.0);
}

/// The title of a card, and what it can be kept as; whether it is to be kept as it stands on the screen.
fn card_head(
    ui: &mut Ui,
    kit: &Kit<'_>,
    topic: Topic,
    pair: Option<(AnnotatorId, AnnotatorId)>,
    has_picture: bool,
    commands: &mut Vec<Command>,
) -> bool {
    let mut wants_image = false;
    kit.row(ui, |ui| {
        let title = Look { size: size::LEAD, ..kit.strong() };
        let most = (ui.available_width() - if has_picture { 170.0 } else { 0.0 }).max(60.0);
        kit.line(ui, &kit.locale.message(&topic.title()), title, most);
        if !has_picture {
            return;
        }
        kit.row_end(ui, |ui| {
            let mut keep = |part| commands.push(Command::Statistics(StatisticsCommand::Keep(part)));
            let offer = |ui: &mut Ui, words: &str, hint: &str| {
                let button = kit.bare_button(ui, words, true);
                kit.hint(button, &kit.words(hint)).clicked()
            };
            // What stands last is drawn first here.
            if offer(ui, "PNG", "statistics-png") {
                wants_image = true;
            }
            if offer(ui, "SVG", "statistics-svg") {
                keep(KeptPart::Picture(topic, pair.filter(|_| topic == Topic::Confusion)));
            }
            if offer(ui, "CSV", "statistics-csv") {
                keep(KeptPart::Table(topic));
            }
        });
    });
    wants_image
}

/// The pairs of annotators, to choose whose confusion is shown.
fn pairs(ui: &mut Ui, kit: &Kit<'_>, overview: &Overview, pane: &StatisticsPane, commands: &mut Vec<Command>) {
    let pairs = overview.pairs();
    if pairs.is_empty() {
        return;
    }
    let chosen = pane.pair();
    kit.wrapped_row(ui, |ui| {
        for pair in pairs {
            let is_chosen = chosen == Some(pair) || chosen == Some((pair.1, pair.0));
            if kit.chip(ui, &pair_words(overview, kit.locale, pair), is_chosen).clicked() {
                commands.push(Command::Statistics(StatisticsCommand::ChoosePair(pair.0, pair.1)));
            }
        }
    });
}

/// Goes where a press on a picture leads.
fn follow(
    kit: &Kit<'_>,
    overview: &Overview,
    pane: &StatisticsPane,
    topic: Topic,
    pressed: usize,
    commands: &mut Vec<Command>,
) {
    let command = match goal(overview, kit.locale, topic, pane.pair(), pressed) {
        None => return,
        Some(Goal::Pair(first, second)) => StatisticsCommand::ChoosePair(first, second),
        Some(Goal::Article(article)) => StatisticsCommand::OpenArticle { article, span: None },
        Some(Goal::Places { title, count, places }) => {
            let shown = ShownPlaces { topic, title, count, places };
            let is_shown = pane.places.as_ref() == Some(&shown);
            StatisticsCommand::ShowPlaces((!is_shown).then(|| Box::new(shown)))
        }
    };
    commands.push(Command::Statistics(command));
}

/// The places that were asked for, and where they stand.
fn places(ui: &mut Ui, kit: &Kit<'_>, shown: &ShownPlaces, commands: &mut Vec<Command>) -> Rect {
    let top = ui.cursor().top();
    ui.add_space(6.0);
    kit.column(ui, |ui| kit.text(ui, &shown.title, Look { size: size::LIST, ..kit.strong() }));
    kit.wrapped_row(ui, |ui| {
        for place in &shown.places {
            if kit.chip(ui, &place.surface, false).clicked() {
                let (article, span) = (place.article, Some(place.span));
                commands.push(Command::Statistics(StatisticsCommand::OpenArticle { article, span }));
            }
        }
    });
    let more = shown.count.saturating_sub(shown.places.len() as u64);
    if more > 0 {
        let more = Message::new("statistics-more-places").number("count", more);
        kit.column(ui, |ui| kit.text(ui, &kit.locale.message(&more), kit.small()));
    }
    ui.min_rect().with_min_y(top)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Color32, pos2};

    fn check(rect: Rect, scale: f32, expected: ([u32; 2], usize)) {
        let image = ColorImage::filled([10, 8], Color32::WHITE);
        let (size, rgba) = cut_out(&image, rect, scale);
        assert_eq!((size, rgba.len()), expected);
    }

    #[test]
    fn a_card_is_cut_out_of_the_window() {
        check(Rect::from_min_max(pos2(1.0, 2.0), pos2(4.0, 4.0)), 1.0, ([3, 2], 24));
        check(Rect::from_min_max(pos2(1.0, 1.0), pos2(2.0, 2.0)), 2.0, ([2, 2], 16));
        check(Rect::from_min_max(pos2(-5.0, 6.0), pos2(50.0, 50.0)), 1.0, ([10, 2], 80));
    }
}
