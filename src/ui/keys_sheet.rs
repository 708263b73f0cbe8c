//! The sheet of keys: every act with its keys, in groups; a line that is pressed takes another key.
//!
//! Owns how they are laid out and the key that is being given. It must not know what a key does, nor decide who keeps it.

use crate::session::acts::Entry;
use crate::session::chord::{Chord, Held};
use crate::session::command::{Command, Dialog, KeyCommand, ViewCommand};
use crate::session::shortcut::{self, Line, Refusal, Table};
use crate::session::state::State;
use crate::ui::form::{self, Cells, in_cell};
use crate::ui::icons::{self, Icon};
use crate::ui::key_caps;
use crate::ui::keyboard::TableName as _;
use crate::ui::kit::{Kit, Look};
use crate::ui::modal::{self, Card, Dismiss};
use crate::ui::theme::{mixed, space};
use crate::words::message::Message;
use egui::{
    Context, CornerRadius, Event, EventFilter, Id, Key, Modifiers, Rect, Response, Role, Sense, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

/// The sheet of keys.
#[derive(Debug, Default)]
pub struct KeysSheet {
    giving: Option<Giving>,
}

/// A key that is being given.
#[derive(Clone, Debug)]
struct Giving {
    entry: &'static Entry,
    /// What was pressed and cannot simply be given.
    pressed: Option<Pressed>,
}

/// A key that was pressed and cannot simply be given.
#[derive(Clone, Debug)]
enum Pressed {
    /// Another act has it: it can be taken over.
    Taken(Chord, &'static Entry),
    /// It belongs to the labels or the window.
    Reserved(Chord),
}

/// The height of a line, in points.
const LINE: f32 = 28.0;
/// The side of the button that gives an act its first keys back, in points.
const RESET_SIDE: f32 = 20.0;
/// What stands below the list.
const FOOT: f32 = 44.0;

/// The keys of the labels, which are the labels' own: their group, their title, and how they are pressed.
const LABEL_LINES: [(&str, &str); 2] = [("key-label", "A–Z 0–9"), ("key-also-label", "Shift A–Z")];
/// The group in which they stand first.
const LABEL_GROUP: &str = "keys-mentions";

impl KeysSheet {
    /// Shows the sheet while the state has it.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        if state.dialog != Some(Dialog::Keys) {
            return;
        }
        let card = Card { name: "keys", title: &kit.words("keys-title"), width: 860.0, dismiss: Dismiss::Anywhere };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            if shown.is_new() {
                self.giving = None;
            }
            let was_giving = self.giving.is_some();
            self.take_keys(ui, &state.shortcuts, commands);
            kit.text(ui, &kit.words("keys-hint"), kit.soft());
            modal::scroll(shown.room - 40.0 - FOOT).show(ui, |ui| {
                let columns = if ui.available_width() >= 640.0 { 2 } else { 1 };
                self.groups(ui, kit, &state.shortcuts, columns, commands);
            });
            self.foot(ui, kit, state, commands);
            if !was_giving && self.giving.is_none() && modal::entered(ui) {
                commands.push(Command::View(ViewCommand::Dismiss));
            }
        });
    }

    /// The key that is pressed for the act that waits for one.
    fn take_keys(&mut self, ui: &Ui, table: &Table, commands: &mut Vec<Command>) {
        let Some(giving) = &mut self.giving else { return };
        if let Some(Pressed::Taken(..)) = giving.pressed {
            // The buttons below answer; Esc leaves the key where it is.
            if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
                self.end(ui);
            }
            return;
        }
        let Some((key, held)) = pressed_key(ui) else { return };
        if key == Key::Escape {
            self.end(ui);
            return;
        }
        let Some(chord) = Chord::of_key(key.name_for_table(), held) else { return };
        if shortcut::is_reserved(chord, giving.entry) {
            giving.pressed = Some(Pressed::Reserved(chord));
        } else if let Some(holder) = table.holder(chord, giving.entry) {
            giving.pressed = Some(Pressed::Taken(chord, holder));
        } else {
            self.give(ui, chord, commands);
        }
    }

    fn give(&mut self, ui: &Ui, chord: Chord, commands: &mut Vec<Command>) {
        if let Some(giving) = &self.giving {
            commands.push(Command::Keys(KeyCommand::Give { act: giving.entry.id, chord }));
        }
        self.end(ui);
    }

    /// Nothing waits for a key any more; the keyboard goes back to the line.
    fn end(&mut self, ui: &Ui) {
        if let Some(giving) = self.giving.take() {
            ui.memory_mut(|memory| memory.request_focus(line_id(giving.entry)));
        }
    }

    /// Below the list: how it is done, what stands in the way of the key that was pressed, and the way back for all.
    fn foot(&mut self, ui: &mut Ui, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), FOOT - 8.0), Sense::hover());
        let pressed = self.giving.as_ref().and_then(|giving| giving.pressed.clone());
        let mut cells = Cells::of(rect, kit);
        let buttons = in_cell(ui, kit, rect, |ui| {
            kit.row_end(ui, |ui| {
                if let Some(Pressed::Taken(chord, _)) = &pressed {
                    if kit.button(ui, &kit.words("keys-leave")).clicked() {
                        self.end(ui);
                    }
                    let take = kit.main_button(ui, &kit.words("keys-take"), true);
                    // The line had the keyboard until now.
                    let line = self.giving.as_ref().map(|giving| line_id(giving.entry));
                    if ui.memory(|memory| memory.focused().is_none() || memory.focused() == line) {
                        take.request_focus();
                    }
                    if take.clicked() {
                        self.give(ui, *chord, commands);
                    }
                } else if !state.settings.keys.is_empty() && kit.button(ui, &kit.words("keys-reset-all")).clicked() {
                    self.giving = None;
                    commands.push(Command::Keys(KeyCommand::ResetAll));
                }
                ui.min_rect().width()
            })
        });
        cells.last(buttons);
        let refusal = match &pressed {
            Some(Pressed::Taken(chord, holder)) => Some(Refusal::Taken(*chord, holder)),
            Some(Pressed::Reserved(chord)) => Some(Refusal::Reserved(*chord)),
            None => None,
        };
        let cell = cells.rest();
        in_cell(ui, kit, cell, |ui| match refusal {
            Some(refusal) => form::fault(ui, kit, &kit.locale.message(&Message::from(&refusal))),
            None => kit.text(ui, &kit.words("keys-how"), kit.small()),
        });
    }

    /// The groups in columns of about one height, in reading order.
    fn groups(&mut self, ui: &mut Ui, kit: &Kit<'_>, table: &Table, columns: usize, commands: &mut Vec<Command>) {
        let groups: Vec<&[Line]> = table.lines().chunk_by(|a, b| a.entry.group == b.entry.group).collect();
        let gap = 36.0;
        let width = (ui.available_width() - gap * (columns as f32 - 1.0)) / columns as f32;
        let cut = cut(&groups, columns);
        let tallest = cut.iter().map(|column| column.iter().map(|g| height(g)).sum()).fold(0.0, f32::max);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), tallest), Sense::hover());
        for (place, column) in cut.into_iter().enumerate() {
            let offset = place as f32 * (width + gap);
            let left = if kit.rtl() { rect.right() - offset - width } else { rect.left() + offset };
            let place = Rect::from_min_size(pos2(left, rect.top()), vec2(width, tallest));
            ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                kit.column(ui, |ui| {
                    for group in column {
                        self.one_group(ui, kit, group, commands);
                    }
                });
            });
        }
    }

    fn one_group(&mut self, ui: &mut Ui, kit: &Kit<'_>, lines: &[Line], commands: &mut Vec<Command>) {
        let Some(first) = lines.first() else { return };
        let mut head = Cells::row(ui, kit, LINE);
        let cell = head.first(head.rest().width());
        in_cell(ui, kit, cell, |ui| {
            kit.text(
                ui,
                &kit.words(first.entry.group),
                Look { weight: 600.0, colour: kit.palette.accent, ..kit.soft() },
            )
        });
        if first.entry.group == LABEL_GROUP {
            for (title, keys) in LABEL_LINES {
                let rect = Cells::row(ui, kit, LINE).rest();
                paint_line(ui, kit, rect, &kit.words(title), &[keys]);
            }
        }
        for line in lines {
            self.line(ui, kit, line, commands);
        }
        ui.add_space(LINE / 2.0);
    }

    /// The line of an act: pressed, it waits for another key.
    fn line(&mut self, ui: &mut Ui, kit: &Kit<'_>, line: &Line, commands: &mut Vec<Command>) {
        let entry = line.entry;
        let waits = self.giving.as_ref().is_some_and(|giving| giving.entry.id == entry.id);
        let row = Cells::row(ui, kit, LINE).rest();
        let title = kit.words(entry.title);
        let mut cells = Cells::of(row, kit);
        if line.is_changed && !waits && reset_button(ui, kit, cells.last(RESET_SIDE), entry, &title).clicked() {
            commands.push(Command::Keys(KeyCommand::Reset(entry.id)));
        }
        let rect = cells.rest();
        // While it waits, it keeps the keyboard and presses nothing: Enter and Space are keys like others then.
        let sense = if waits { Sense::focusable_noninteractive() } else { Sense::click() };
        let response = ui.interact(rect.expand2(vec2(6.0, 0.0)), line_id(entry), sense);
        let ways = line.ways();
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{title} {}", ways.join(" / "))));
        let radius = CornerRadius::same(space::CONTROL_RADIUS - 2);
        if waits {
            self.wait(ui, kit, &response, &title);
            return;
        }
        if response.hovered() {
            ui.painter().rect_filled(response.rect, radius, mixed(kit.palette.paper, kit.palette.raised, 0.7));
        }
        kit.focus_ring(ui, &response, response.rect.shrink(2.0), radius);
        if response.gained_focus() {
            ui.scroll_to_rect(response.rect, None);
        }
        paint_line(ui, kit, rect, &title, &ways);
        if response.clicked() {
            response.request_focus();
            self.giving = Some(Giving { entry, pressed: None });
        }
    }

    /// A line that waits for its key.
    fn wait(&mut self, ui: &mut Ui, kit: &Kit<'_>, response: &Response, title: &str) {
        let radius = CornerRadius::same(space::CONTROL_RADIUS - 2);
        ui.painter().rect_filled(response.rect, radius, kit.palette.selection);
        let inner = response.rect.shrink2(vec2(6.0, 0.0));
        let pressed = self.giving.as_ref().and_then(|giving| giving.pressed.as_ref());
        if let Some(Pressed::Taken(chord, _)) = pressed {
            paint_line(ui, kit, inner, title, &[chord.shown()]);
            return;
        }
        let words = kit.words("keys-press");
        let width = in_cell(ui, kit, inner, |ui| {
            let look = Look { weight: 600.0, colour: kit.palette.accent, ..kit.small() };
            kit.row_end(ui, |ui| kit.line(ui, &words, look, inner.width() / 2.0).rect.width())
        });
        paint_title(ui, kit, inner, title, width);
        if !response.has_focus() {
            response.request_focus();
        }
        let all = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, all));
    }
}

/// The id of an act's line.
fn line_id(entry: &Entry) -> Id {
    Id::unique(("key of", entry.id))
}

/// The first key that is pressed; none of what is pressed or typed reaches anyone else.
fn pressed_key(ui: &Ui) -> Option<(Key, Held)> {
    let mut first = None;
    ui.input_mut(|input| {
        input.events.retain(|event| match event {
            Event::Key { key, physical_key, pressed: true, modifiers, .. } => {
                let held = Held { ctrl: modifiers.command, shift: modifiers.shift, alt: modifiers.alt };
                first.get_or_insert((physical_key.unwrap_or(*key), held));
                false
            }
            Event::Text(_) => false,
            _ => true,
        });
    });
    first
}

/// How high a group stands with its head and the gap below it.
fn height(group: &[Line]) -> f32 {
    let of_labels = group.first().is_some_and(|line| line.entry.group == LABEL_GROUP);
    let lines = group.len() + if of_labels { LABEL_LINES.len() } else { 0 };
    (lines as f32 + 1.5) * LINE
}

/// The groups parted into columns of about one height.
fn cut<'a>(groups: &[&'a [Line]], columns: usize) -> Vec<Vec<&'a [Line]>> {
    let total: f32 = groups.iter().map(|group| height(group)).sum();
    let mut cut: Vec<Vec<&[Line]>> = vec![Vec::new()];
    let mut used = 0.0;
    for group in groups {
        // A group goes to the next column when more than half of it would stand below the average.
        let full = used + height(group) / 2.0 > total / columns as f32;
        if full && cut.len() < columns && cut.last().is_some_and(|column| !column.is_empty()) {
            cut.push(Vec::new());
            used = 0.0;
        }
        used += height(group);
        if let Some(column) = cut.last_mut() {
            column.push(group);
        }
    }
    cut
}

fn paint_line(ui: &mut Ui, kit: &Kit<'_>, rect: Rect, title: &str, ways: &[impl AsRef<str>]) {
    let width = in_cell(ui, kit, rect, |ui| key_caps::at_end(ui, kit, ways));
    paint_title(ui, kit, rect, title, width);
}

/// The title of a line whose far end is taken for `taken` points.
fn paint_title(ui: &mut Ui, kit: &Kit<'_>, rect: Rect, title: &str, taken: f32) {
    let room = (rect.width() - taken - 16.0).max(40.0);
    let cell = Cells::of(rect, kit).first(room);
    in_cell(ui, kit, cell, |ui| kit.line(ui, title, Look { colour: kit.palette.ink, ..kit.soft() }, room));
}

/// The button that gives an act its first keys back.
fn reset_button(ui: &Ui, kit: &Kit<'_>, cell: Rect, entry: &Entry, title: &str) -> Response {
    let rect = Rect::from_center_size(cell.center(), vec2(RESET_SIDE, RESET_SIDE));
    let response = ui.interact(rect, line_id(entry).with("reset"), Sense::click());
    let name = kit.locale.message(&Message::new("keys-reset").text("act", title));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let radius = CornerRadius::same(space::CONTROL_RADIUS - 2);
    if response.hovered() {
        ui.painter().rect_filled(rect, radius, kit.palette.raised);
    }
    kit.focus_ring(ui, &response, rect, radius);
    icons::paint(ui.painter(), Icon::Undo, rect.center(), kit.palette.accent, kit.rtl());
    kit.hint(response, &name)
}
