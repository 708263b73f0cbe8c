//! The part of the end panel that is about suggestions: how many reach the threshold, the threshold, accepting all, what suggests.
//!
//! Owns when it shows at all and the slider. It must not decide a suggestion, nor count what is right: the track record does.

use crate::domain::suggestion::Engine;
use crate::session::advice::Advice;
use crate::session::ask::Knowledge;
use crate::session::command::{Command, Dialog, LearnCommand, SuggestCommand, ViewCommand};
use crate::session::settings::Settings;
use crate::session::state::{OpenProject, State};
use crate::ui::galley::Wrap;
use crate::ui::icons::{self, Icon};
use crate::ui::kit::{Kit, Look, Shortcuts, keys_of};
use crate::ui::slider::Slider;
use crate::ui::suggestion_words::engine_words;
use crate::words::message::Message;
use egui::{Popup, PopupCloseBehavior, Rect, Response, Sense, Ui, UiBuilder, pos2, vec2};

/// The width of the menu, in points.
const MENU_WIDTH: f32 = 232.0;

/// In less room than this (points) the threshold stays away, so that the list above keeps some.
const ROOMY: f32 = 400.0;

/// The part.
#[derive(Debug, Default)]
pub struct SuggestionPanel {
    slider: Slider,
    /// Its height as it was drawn last, in points.
    height: f32,
}

impl SuggestionPanel {
    /// Whether there is anything to show: a project without suggestions, lists or training has none of this.
    #[must_use]
    pub fn is_due(state: &State) -> bool {
        let Some(OpenProject { open: Some(open), knowledge, .. }) = &state.project else { return false };
        let knows = knowledge.training.is_some() || !knowledge.lists.is_empty();
        knows || !open.advice.open().is_empty() || !state.settings.silent.is_empty()
    }

    /// Draws the part at the bottom of `room`; gives the room that is left above it.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        state: &State,
        shortcuts: Shortcuts<'_>,
        room: Rect,
        commands: &mut Vec<Command>,
    ) -> Rect {
        let Some(project) = state.project.as_ref().filter(|_| Self::is_due(state)) else { return room };
        let Some(open) = &project.open else { return room };
        let rect = room.with_min_y(room.bottom() - self.height);
        let mut part = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("suggestions"));
        part.painter().hline(rect.x_range(), rect.top(), egui::Stroke::new(1.0, kit.palette.line));
        part.spacing_mut().item_spacing = vec2(6.0, 4.0);
        part.add_space(8.0);
        kit.column(&mut part, |ui| {
            head(ui, kit, state, project, commands);
            let all = open.advice.open().len();
            if all == 0 {
                kit.text(ui, &kit.words("suggestions-none"), kit.small());
            } else {
                let threshold = self.slider.dragged().unwrap_or(state.settings.threshold);
                let above = open.advice.count_above(threshold);
                counts(ui, kit, above, all - above);
                if room.height() >= ROOMY {
                    self.threshold(ui, kit, state, threshold, &open.advice, commands);
                    precision(ui, kit, &project.knowledge, threshold);
                }
                if above > 0 {
                    accept_all(ui, kit, above, shortcuts, commands);
                }
            }
            learning(ui, kit, &project.knowledge);
        });
        part.add_space(10.0);
        let height = part.min_rect().height().ceil();
        if (height - self.height).abs() > 0.5 {
            self.height = height;
            ui.ctx().request_discard("the part about suggestions has another height");
        }
        room.with_max_y(rect.top())
    }

    fn threshold(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        state: &State,
        threshold: u8,
        advice: &Advice,
        commands: &mut Vec<Command>,
    ) {
        let name = kit.words("suggestions-threshold");
        let percents = kit.locale.message(&Message::new("zoom-percent").number("percent", threshold));
        at_ends(ui, kit, &name, &percents);
        if let Some(threshold) = self.slider.show(ui, kit, &name, state.settings.threshold, advice.percents()) {
            commands.push(Command::Suggest(SuggestCommand::SetThreshold(threshold)));
        }
    }
}

/// How many suggestions reach the threshold, and how many do not.
fn counts(ui: &mut Ui, kit: &Kit<'_>, above: usize, below: usize) {
    let message = Message::new("suggestions-count").number("above", above as u64).number("below", below as u64);
    kit.text(ui, &kit.locale.message(&message), kit.small());
}

/// How many of those above the threshold were right so far, where enough was decided.
fn precision(ui: &mut Ui, kit: &Kit<'_>, knowledge: &Knowledge, threshold: u8) {
    let message = match knowledge.record.precision_above(threshold) {
        Some(part) => Message::new("precision-known").number("right", (part * 100.0).round() as u64),
        None => Message::new("precision-unknown"),
    };
    kit.text(ui, &kit.locale.message(&message), kit.small());
}

/// The button that accepts everything above the threshold, with its key.
fn accept_all(ui: &mut Ui, kit: &Kit<'_>, count: usize, shortcuts: Shortcuts<'_>, commands: &mut Vec<Command>) {
    ui.add_space(2.0);
    kit.row(ui, |ui| {
        let words = kit.locale.message(&Message::new("accept-all-count").number("count", count as u64));
        if kit.button(ui, &words).clicked() {
            commands.push(Command::Suggest(SuggestCommand::AcceptAll));
        }
        if let Some(keys) = keys_of(shortcuts, "accept-all") {
            kit.key(ui, keys);
        }
    });
}

/// Words where reading starts and others where it ends, in one line.
fn at_ends(ui: &mut Ui, kit: &Kit<'_>, first: &str, last: &str) {
    let look = kit.small();
    let [first, last] = [first, last].map(|text| kit.galley(ui, text, look, kit.locale.direction(), Wrap::Extend));
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), first.size().y), Sense::hover());
    ui.painter().galley(kit.start_aligned(rect, first.size()).min, first, look.colour);
    ui.painter().galley(kit.end_aligned(rect, last.size()).min, last, look.colour);
}

/// The title with the menu beside it.
fn head(ui: &mut Ui, kit: &Kit<'_>, state: &State, project: &OpenProject, commands: &mut Vec<Command>) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), icons::BUTTON_SIDE), Sense::hover());
    let galley = kit.galley(ui, &kit.words("suggestions"), kit.soft(), kit.locale.direction(), Wrap::Extend);
    ui.put(kit.start_aligned(rect, galley.size()), egui::Label::new(galley));
    let place = kit.end_aligned(rect, vec2(icons::BUTTON_SIDE, icons::BUTTON_SIDE));
    let mut end = ui.new_child(UiBuilder::new().max_rect(place));
    let button = kit.icon_button(&mut end, Icon::More, &kit.words("suggestions-more"), None, true);
    menu(&button, kit, &state.settings, project, commands);
}

/// What suggests, and what it learns from.
fn menu(button: &Response, kit: &Kit<'_>, settings: &Settings, project: &OpenProject, commands: &mut Vec<Command>) {
    let behaviour = PopupCloseBehavior::CloseOnClickOutside;
    Popup::menu(button).width(MENU_WIDTH).close_behavior(behaviour).show(|ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        kit.menu_heading(ui, &kit.words("engines"));
        let silent = settings.silent_engines();
        for engine in Engine::ALL {
            let on = !silent.contains(&engine);
            if kit.menu_switch(ui, &kit.words(engine_words(engine)), on).clicked() {
                commands.push(Command::Learn(LearnCommand::Switch { engine, on: !on }));
            }
        }
        kit.menu_rule(ui);
        let acts = [
            ("names", true, Command::View(ViewCommand::Show(Dialog::Names))),
            ("learn-again", !project.knowledge.is_training, Command::Learn(LearnCommand::Train)),
        ];
        for (words, enabled, command) in acts {
            if kit.menu_line(ui, &kit.words(words), None, enabled).clicked() {
                commands.push(command);
                ui.close();
            }
        }
    });
}

/// What the tagger has learned, in passing; nothing before the first training.
fn learning(ui: &mut Ui, kit: &Kit<'_>, knowledge: &Knowledge) {
    let message = match knowledge.training {
        _ if knowledge.is_training => Message::new("learning-now"),
        Some(training) => Message::new("learned-from").number("count", training.sentences),
        None => return,
    };
    let look = Look { colour: kit.palette.soft_ink, ..kit.small() };
    let galley = kit.galley(
        ui,
        &kit.locale.message(&message),
        look,
        kit.locale.direction(),
        Wrap::Truncate(ui.available_width()),
    );
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), galley.size().y + 4.0), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, galley.text()));
    let dot = kit.start_aligned(rect, vec2(9.0, 9.0)).center();
    let colour = if knowledge.is_training { kit.palette.warning } else { kit.palette.good };
    ui.painter().circle_filled(dot, 3.0, colour);
    let x = if kit.rtl() { rect.right() - 14.0 - galley.size().x } else { rect.left() + 14.0 };
    ui.painter().galley(pos2(x, rect.center().y - galley.size().y / 2.0), galley, look.colour);
}
