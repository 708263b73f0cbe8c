//! The dialog of an export: the formats with what each cannot hold, what goes out and how, and what it comes to.
//!
//! Owns how they are laid out. It must not count or write anything: the session rehearses every choice.

use crate::exchange::rehearsal::Rehearsal;
use crate::formats::format::Format;
use crate::session::command::{Command, Dialog, ExportCommand, ViewCommand};
use crate::session::exporting::{self, Counted, ExportChoice, Exporting};
use crate::session::state::{OpenProject, State};
use crate::ui::choices;
use crate::ui::export_options::ExportOptionsPane;
use crate::ui::form::{self, Cells};
use crate::ui::format_words;
use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look};
use crate::ui::modal::{self, Card, Dismiss, Shown};
use crate::ui::theme::{mixed, size, space};
use crate::words::message::Message;
use egui::{
    Context, CornerRadius, EventFilter, Id, Key, Modifiers, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2,
};

/// The width of the card, in points.
const WIDTH: f32 = 1000.0;
/// The width of the list of formats, in points.
const FORMATS_WIDTH: f32 = 360.0;
/// Below this width the columns stand one below the other.
const NARROW: f32 = 720.0;
/// The height of the columns at most, in points.
const HEIGHT: f32 = 560.0;
/// The height of what an export comes to, in points.
const OUTCOME: f32 = 96.0;
/// What stands below the columns: the outcome and the buttons.
const BELOW: f32 = OUTCOME + 72.0;

/// The dialog.
#[derive(Debug, Default)]
pub struct ExportDialog {
    options: ExportOptionsPane,
    /// Whether the chosen format is to come into view.
    reveals: bool,
}

impl ExportDialog {
    /// Shows it while the state has it.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let (Some(Dialog::Export), Some(exporting), Some(project)) = (&state.dialog, &state.exporting, &state.project)
        else {
            return;
        };
        let card = Card { name: "export", title: &kit.words("export-title"), width: WIDTH, dismiss: Dismiss::Escape };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            if shown.is_new() {
                self.options.open(kit, &exporting.choice);
                self.reveals = true;
            }
            self.body(ui, kit, exporting, project, shown, commands);
        });
    }

    fn body(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        exporting: &Exporting,
        project: &OpenProject,
        shown: Shown,
        commands: &mut Vec<Command>,
    ) {
        let mut choice = exporting.choice.clone();
        let height = (shown.room - BELOW).clamp(120.0, HEIGHT);
        let width = ui.available_width();
        if width < NARROW {
            modal::scroll(height).auto_shrink([false, false]).show(ui, |ui| {
                kit.column(ui, |ui| {
                    self.formats(ui, kit, &mut choice, 200.0);
                    form::line(ui, kit);
                    self.options.show(ui, kit, project, &mut choice);
                });
            });
        } else {
            let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
            let mut cells = Cells::of(rect, kit);
            let start = cells.first(FORMATS_WIDTH);
            cells.first(6.0);
            form::in_column(ui, kit, "formats", start, |ui| self.formats(ui, kit, &mut choice, height));
            form::in_column(ui, kit, "options", cells.rest(), |ui| {
                modal::scroll(height).auto_shrink([false, false]).id_salt("export-options").show(ui, |ui| {
                    kit.column(ui, |ui| {
                        // Beside the bar that scrolls.
                        ui.set_max_width(ui.available_width() - 6.0);
                        self.options.show(ui, kit, project, &mut choice);
                    });
                });
            });
        }
        form::line(ui, kit);
        outcome(ui, kit, exporting, commands);
        let is_sound = self.options.is_sound(&choice);
        if choice != exporting.choice {
            commands.push(Command::Export(ExportCommand::Choose(Box::new(choice.clone()))));
        }
        let ready = is_sound && comes_to_something(&exporting.counted);
        modal::buttons(ui, kit, |ui| {
            let quick = ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Enter));
            let words = kit.words(if choice.is_folder() { "export-to-folder" } else { "export-to-file" });
            let pressed = kit.main_button(ui, &words, ready).clicked();
            if kit.button(ui, &kit.words("cancel")).clicked() {
                commands.push(Command::View(ViewCommand::Dismiss));
            }
            if ready && (pressed || quick || modal::entered(ui)) {
                commands.push(Command::Export(ExportCommand::AskPlace));
            }
        });
    }

    /// The formats that can be written, in `height` points. The arrows go from one to the next.
    fn formats(&mut self, ui: &mut Ui, kit: &Kit<'_>, choice: &mut ExportChoice, height: f32) {
        let formats = exporting::writable();
        let reveals = std::mem::take(&mut self.reveals);
        modal::scroll(height).auto_shrink([false, false]).id_salt("export-formats").show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.set_max_width(ui.available_width() - 10.0);
            for (place, format) in formats.iter().enumerate() {
                let is_chosen = *format == choice.format;
                let pressed = format_row(ui, kit, *format, is_chosen, reveals && is_chosen);
                let step = match pressed {
                    Pressed::No => continue,
                    Pressed::This => place,
                    Pressed::Down => place + 1,
                    Pressed::Up => place.saturating_sub(1),
                };
                if let Some(format) = formats.get(step) {
                    choice.format = *format;
                    ui.memory_mut(|memory| memory.request_focus(row_id(*format)));
                    self.reveals = pressed != Pressed::This;
                    return;
                }
            }
        });
    }
}

/// Whether it is known that nothing would go out.
fn comes_to_something(counted: &Counted) -> bool {
    match counted {
        Counted::Counting(_) => true,
        Counted::Done(rehearsal) => rehearsal.stopped || rehearsal.articles > 0,
        Counted::Failed(_) => false,
    }
}

/// What a row of the list of formats was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pressed {
    No,
    This,
    Down,
    Up,
}

fn row_id(format: Format) -> Id {
    Id::unique(("export-format", format.name))
}

/// A format: what it is called, what it is, what it cannot hold. The chosen one alone has the keyboard, as in a group of radio buttons.
fn format_row(ui: &mut Ui, kit: &Kit<'_>, format: Format, chosen: bool, reveal: bool) -> Pressed {
    let palette = &kit.palette;
    let pad = vec2(12.0, 6.0);
    let room = ui.available_width() - pad.x * 2.0;
    let title = format_words::title(kit.locale, format);
    let look = Look { size: size::LIST, weight: if chosen { 700.0 } else { 500.0 }, colour: palette.ink };
    let small = |colour| Look { size: size::SMALL, weight: 400.0, colour };
    let direction = kit.locale.direction();
    let lines = [
        kit.galley(ui, &title, look, direction, Wrap::Truncate(room)),
        kit.galley(ui, &format_words::what(kit.locale, format), small(palette.ink), direction, Wrap::Wrap(room)),
        kit.galley(ui, &format_words::lacks(kit.locale, format), small(palette.soft_ink), direction, Wrap::Wrap(room)),
    ];
    let height = lines.iter().map(|line| line.size().y).sum::<f32>() + pad.y * 2.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let id = row_id(format);
    let response = ui.interact(rect, id, if chosen { Sense::click() } else { Sense::CLICK });
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, &title));
    if reveal {
        ui.scroll_to_rect(rect, Some(egui::Align::Center));
    }
    let radius = CornerRadius::same(space::ROW_RADIUS);
    if chosen {
        let stroke = Stroke::new(1.5, palette.accent);
        ui.painter().rect(rect, radius, mixed(palette.paper, palette.accent, 0.08), stroke, StrokeKind::Inside);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, radius, palette.raised);
    }
    kit.focus_ring(ui, &response, rect.shrink(2.0), radius);
    let mut top = rect.top() + pad.y;
    for galley in lines {
        let place = Rect::from_min_size(egui::pos2(rect.left() + pad.x, top), vec2(room, galley.size().y));
        top += galley.size().y;
        ui.painter().galley(kit.start_aligned(place, galley.size()).min, galley, palette.ink);
    }
    if response.clicked() {
        return Pressed::This;
    }
    if !response.has_focus() {
        return Pressed::No;
    }
    let filter = EventFilter { tab: false, horizontal_arrows: false, vertical_arrows: true, escape: false };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    match (pressed(Key::ArrowDown), pressed(Key::ArrowUp)) {
        (true, _) => Pressed::Down,
        (_, true) => Pressed::Up,
        _ => Pressed::No,
    }
}

/// What the export comes to: how much goes out, and what is not held.
fn outcome(ui: &mut Ui, kit: &Kit<'_>, exporting: &Exporting, commands: &mut Vec<Command>) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), OUTCOME), Sense::hover());
    form::in_column(ui, kit, "outcome", rect, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        match &exporting.counted {
            Counted::Counting(records) => {
                let words = kit.locale.message(&Message::new("export-counting").number("count", *records));
                kit.row(ui, |ui| {
                    kit.line(ui, &words, kit.soft(), ui.available_width() - 260.0);
                    choices::bar(ui, kit, &words, None, 120.0);
                    if kit.bare_button(ui, &kit.words("export-stop-counting"), true).clicked() {
                        commands.push(Command::Export(ExportCommand::StopCounting));
                    }
                });
            }
            Counted::Failed(message) => drop(form::fault(ui, kit, &kit.locale.message(message))),
            Counted::Done(rehearsal) => counts(ui, kit, rehearsal),
        }
    });
}

fn counts(ui: &mut Ui, kit: &Kit<'_>, rehearsal: &Rehearsal) {
    let id = match (rehearsal.articles, rehearsal.stopped) {
        (_, true) => "export-counts-part",
        (0, false) => "export-counts-nothing",
        (_, false) => "export-counts",
    };
    let told = Message::new(id).number("articles", rehearsal.articles).number("mentions", rehearsal.mentions);
    kit.row(ui, |ui| kit.line(ui, &kit.locale.message(&told), kit.strong(), ui.available_width()));
    if rehearsal.losses.is_empty() {
        if !rehearsal.stopped && rehearsal.articles > 0 {
            let look = Look { colour: kit.palette.good, ..kit.soft() };
            kit.line(ui, &kit.words("export-loses-nothing"), look, ui.available_width());
        }
        return;
    }
    let look = Look { weight: 600.0, colour: kit.palette.warning, ..kit.small() };
    kit.line(ui, &kit.words("export-loses"), look, ui.available_width());
    modal::scroll(ui.available_height()).auto_shrink([false, false]).id_salt("export-losses").show(ui, |ui| {
        kit.column(ui, |ui| {
            for (loss, count) in &rehearsal.losses {
                let words = kit.locale.message(&format_words::loss_words(*loss, *count));
                kit.line(ui, &words, kit.soft(), ui.available_width() - 8.0);
            }
        });
    });
}
