//! The label editor: the label set changed in place, a row for each label, and below them those out of use.
//!
//! Owns what is typed and which row is unfolded. It must not decide what is allowed: the label set says, and the session.

use crate::domain::article::Direction;
use crate::domain::label::{Label, LabelId};
use crate::session::command::{Command, Dialog, LabelCommand, Step};
use crate::session::state::{OpenProject, State};
use crate::ui::form::{self, Ask, Cells, Filled, Picture, in_cell};
use crate::ui::galley::Wrap;
use crate::ui::kit::Kit;
use crate::ui::label_draft::{LabelDraft, Part};
use crate::ui::modal::{self, Card, Dismiss, Shown};
use crate::ui::theme::{LABEL_COLOURS, mixed, space};
use crate::words::message::Message;
use egui::{Align, Context, CornerRadius, Frame, Id, Margin, Stroke, Ui, vec2};
use std::collections::HashMap;

/// The label editor.
#[derive(Debug, Default)]
pub struct LabelEditor {
    drafts: HashMap<LabelId, LabelDraft>,
    /// The label whose details are shown.
    unfolded: Option<LabelId>,
    /// Into which label the unfolded one is to be merged.
    merge: Merge,
    /// The label that was just made: it is brought into view, with the keyboard in its title.
    made: Option<LabelId>,
    /// Whether the details have changed their size and are to come into view.
    reveal: bool,
}

/// How far a merge has been said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Merge {
    #[default]
    No,
    Choosing,
    Into(LabelId),
}

const NAME_WIDTH: f32 = 104.0;
const KEYS_WIDTH: f32 = 72.0;
const COUNT_WIDTH: f32 = 64.0;
/// Below this width a row has its fields alone; the rest stands in the details.
const NARROW: f32 = 560.0;
const BUTTON: f32 = 24.0;
const ROW: f32 = 40.0;
const DETAILS_MARGIN: f32 = 12.0;

impl LabelEditor {
    /// Shows it while the state has it.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let (Some(Dialog::Labels), Some(project)) = (&state.dialog, &state.project) else { return };
        let card = Card { name: "labels", title: &kit.words("labels-title"), width: 760.0, dismiss: Dismiss::Escape };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            self.follow(project, shown);
            heads(ui, kit);
            modal::scroll(shown.room - 88.0).show(ui, |ui| {
                kit.column(ui, |ui| {
                    self.active(ui, kit, project, shown, commands);
                    out_of_use(ui, kit, project, commands);
                });
            });
            modal::buttons(ui, kit, |ui| {
                if kit.main_button(ui, &kit.words("labels-new"), true).clicked() {
                    commands.push(Command::Label(LabelCommand::New));
                }
            });
        });
    }

    /// Keeps a draft for each label in use, and notices one that was just made.
    fn follow(&mut self, project: &OpenProject, shown: Shown) {
        if shown.is_new() {
            *self = Self::default();
        }
        for label in project.labels.active() {
            let known = self.drafts.contains_key(&label.id);
            self.drafts.entry(label.id).or_insert_with(|| LabelDraft::new(label)).follow(label);
            if !known && !shown.is_new() {
                self.made = Some(label.id);
                self.unfold(Some(label.id));
            }
        }
        let is_active = |id: &LabelId| project.labels.get(*id).is_some_and(Label::is_active);
        self.drafts.retain(|id, _| is_active(id));
        if !self.unfolded.is_some_and(|id| is_active(&id)) {
            self.unfold(None);
        }
    }

    fn unfold(&mut self, label: Option<LabelId>) {
        self.unfolded = label;
        self.say_merge(Merge::No);
    }

    fn say_merge(&mut self, merge: Merge) {
        self.merge = merge;
        self.reveal = true;
    }

    fn active(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, shown: Shown, commands: &mut Vec<Command>) {
        let count = project.labels.active().count();
        if count == 0 {
            kit.text(ui, &kit.words("labels-empty"), kit.soft());
        }
        for (place, label) in project.labels.active().enumerate() {
            let is_made = self.made == Some(label.id);
            let focus = is_made || (place == 0 && shown.gives_focus());
            let row = self.row(ui, kit, project, label, (place, count), focus, commands);
            let unfolded = self.unfolded == Some(label.id);
            if unfolded {
                self.details(ui, kit, project, label, commands);
            }
            if is_made {
                ui.scroll_to_rect(row.expand2(vec2(0.0, 160.0)), Some(Align::Center));
                self.made = None;
            }
        }
    }

    /// One label in a line; its rectangle.
    #[expect(clippy::too_many_arguments, reason = "a row is drawn in one go from all that stands in it")]
    fn row(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        project: &OpenProject,
        label: &Label,
        (place, count): (usize, usize),
        takes_focus: bool,
        commands: &mut Vec<Command>,
    ) -> egui::Rect {
        let mut cells = Cells::row(ui, kit, ROW);
        let row = cells.rest();
        let named = |message: Message| kit.locale.message(&message.text("label", &label.title));
        let colour = kit.palette.label_ink(label.colour);
        let swatch = in_cell(ui, kit, cells.first(BUTTON), |ui| {
            form::swatch(ui, kit, colour, &named(Message::new("labels-colour-of")), false)
        });
        let is_unfolded = self.unfolded == Some(label.id);
        let picture = if is_unfolded { Picture::Fold } else { Picture::Unfold };
        let more = in_cell(ui, kit, cells.last(BUTTON), |ui| {
            form::picture_button(ui, kit, picture, &named(Message::new("labels-more")), true)
        });
        if row.width() >= NARROW {
            let down = cells.last(BUTTON);
            let up = cells.last(BUTTON);
            in_cell(ui, kit, up, |ui| mover(ui, kit, label, Step::Back, place > 0, commands));
            in_cell(ui, kit, down, |ui| mover(ui, kit, label, Step::Forward, place + 1 < count, commands));
            let cell = cells.last(COUNT_WIDTH);
            let mentions = kit.locale.number(count_of(project, label));
            let galley = kit.galley(ui, &mentions, kit.soft(), Direction::Auto, Wrap::Truncate(cell.width()));
            let at = egui::Rect::from_center_size(cell.center(), galley.size());
            ui.painter().galley(at.min, galley, kit.palette.soft_ink);
        }
        let keys = cells.last(KEYS_WIDTH);
        let name = cells.last(NAME_WIDTH);
        for (part, cell) in [(Part::Title, cells.rest()), (Part::Name, name), (Part::Keys, keys)] {
            let takes_focus = takes_focus && part == Part::Title;
            in_cell(ui, kit, cell, |ui| self.field(ui, kit, project, label, part, takes_focus, commands));
        }
        if more.clicked() || swatch.clicked() {
            self.unfold((!is_unfolded).then_some(label.id));
        }
        self.refusal(ui, kit, project, label, &[Part::Title, Part::Name, Part::Keys]);
        row
    }

    /// A field of a label; what it holds counts when it is left.
    #[expect(clippy::too_many_arguments, reason = "as for the row")]
    fn field(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        project: &OpenProject,
        label: &Label,
        part: Part,
        takes_focus: bool,
        commands: &mut Vec<Command>,
    ) {
        let (words, direction) = match part {
            Part::Title => ("labels-field-title", Direction::Auto),
            Part::Name => ("labels-field-name", Direction::LeftToRight),
            Part::Keys => ("labels-field-keys", Direction::LeftToRight),
            Part::Hex => ("labels-field-hex", Direction::LeftToRight),
            Part::Guideline => ("labels-field-guideline", Direction::Auto),
        };
        let name = format!("{} «{}»", kit.words(words), label.title);
        let hint = if part == Part::Guideline { kit.words("labels-guideline-hint") } else { String::new() };
        let Some(draft) = self.drafts.get_mut(&label.id) else { return };
        let ask = Ask {
            hint: &hint,
            direction,
            lines: if part == Part::Guideline { 2 } else { 1 },
            fault: draft.refused == Some(part),
            takes_focus,
            is_cell: part != Part::Guideline,
            ..Ask::new(&name)
        };
        let id = Id::unique(("label", label.id.0, part));
        let Filled { left, .. } = draft.entry(part).show(ui, kit, id, &ask);
        if !left {
            return;
        }
        if let Some(changed) = draft.leave(part, label) {
            draft.refused = project.labels.fault(&changed).map(|_| part);
            // A refused change goes to the session too: it says why.
            commands.push(Command::Label(LabelCommand::Change(changed)));
        }
    }

    /// Why what stands in one of these fields is refused, as long as it is.
    fn refusal(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, label: &Label, parts: &[Part]) {
        let Some(draft) = self.drafts.get_mut(&label.id) else { return };
        let Some(part) = draft.refused.filter(|part| parts.contains(part)) else { return };
        let text = draft.entry(part).text();
        let words = match part.put(label, &text).map(|changed| project.labels.fault(&changed)) {
            None => kit.words("labels-hex-wrong"),
            Some(Some(fault)) => kit.locale.message(&Message::from(&fault)),
            // Typed right by now; it counts when the field is left.
            Some(None) => {
                draft.refused = None;
                return;
            }
        };
        kit.row(ui, |ui| {
            if part != Part::Hex {
                // Under the fields, not under the swatch.
                ui.add_space(BUTTON);
            }
            form::fault(ui, kit, &words);
        });
    }

    /// Colour, guideline, merging and taking out of use.
    fn details(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        project: &OpenProject,
        label: &Label,
        commands: &mut Vec<Command>,
    ) {
        let frame = Frame::new()
            .fill(kit.palette.window)
            .corner_radius(CornerRadius::same(space::ROW_RADIUS))
            .inner_margin(Margin::same(DETAILS_MARGIN as i8));
        let shown = frame.show(ui, |ui| {
            kit.column(ui, |ui| {
                form::caption(ui, kit, &kit.words("labels-field-colour"));
                self.colours(ui, kit, project, label, commands);
                self.refusal(ui, kit, project, label, &[Part::Hex]);
                form::caption(ui, kit, &kit.words("labels-field-guideline"));
                self.field(ui, kit, project, label, Part::Guideline, false, commands);
                ui.add_space(4.0);
                match self.merge {
                    Merge::No => self.ways_out(ui, kit, project, label, commands),
                    Merge::Choosing => self.choose_target(ui, kit, project, label),
                    Merge::Into(into) => self.confirm(ui, kit, project, label, into, commands),
                }
            });
        });
        if std::mem::take(&mut self.reveal) {
            ui.scroll_to_rect(shown.response.rect, None);
        }
        ui.add_space(4.0);
    }

    fn colours(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        project: &OpenProject,
        label: &Label,
        commands: &mut Vec<Command>,
    ) {
        const PER_LINE: usize = LABEL_COLOURS.len() / 2;
        let field = form::FIELD_HEIGHT;
        let mut cells = Cells::row(ui, kit, BUTTON * 2.0 + 4.0);
        let mut hex = cells.last(NAME_WIDTH);
        hex = egui::Rect::from_center_size(hex.center(), vec2(hex.width(), field));
        in_cell(ui, kit, hex, |ui| self.field(ui, kit, project, label, Part::Hex, false, commands));
        let place = cells.rest();
        let step = ((place.width() - BUTTON) / (PER_LINE as f32 - 1.0)).min(BUTTON + 8.0);
        for (n, colour) in LABEL_COLOURS.into_iter().enumerate() {
            let (x, y) = ((n % PER_LINE) as f32 * step, (n / PER_LINE) as f32 * (BUTTON + 4.0));
            let left = if kit.rtl() { place.right() - x - BUTTON } else { place.left() + x };
            let at = egui::Rect::from_min_size(egui::pos2(left, place.top() + y), vec2(BUTTON, BUTTON));
            let shade = kit.palette.label_ink(colour);
            let chosen = label.colour == colour;
            let pressed = in_cell(ui, kit, at, |ui| form::swatch(ui, kit, shade, &colour.hex(), chosen)).clicked();
            if pressed && !chosen {
                commands.push(Command::Label(LabelCommand::Change(Label { colour, ..label.clone() })));
            }
        }
    }

    fn ways_out(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        project: &OpenProject,
        label: &Label,
        commands: &mut Vec<Command>,
    ) {
        let is_narrow = ui.available_width() + 2.0 * DETAILS_MARGIN < NARROW;
        kit.row(ui, |ui| {
            let others = project.labels.active().any(|other| other.id != label.id);
            if others && kit.button(ui, &kit.words("labels-merge")).clicked() {
                self.say_merge(Merge::Choosing);
            }
            if kit.button(ui, &kit.words("labels-delete")).clicked() {
                commands.push(Command::Label(LabelCommand::Delete(label.id)));
            }
            if ui.available_width() < 160.0 || !is_narrow {
                return;
            }
            kit.row_end(ui, |ui| {
                for step in [Step::Forward, Step::Back] {
                    mover(ui, kit, label, step, true, commands);
                }
                kit.line(ui, &kit.locale.number(count_of(project, label)), kit.soft(), COUNT_WIDTH);
            });
        });
    }

    fn choose_target(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, label: &Label) {
        let words = kit.locale.message(&Message::new("labels-merge-into").text("from", &label.title));
        kit.text(ui, &words, kit.plain());
        kit.wrapped_row(ui, |ui| {
            for other in project.labels.active().filter(|other| other.id != label.id) {
                if kit.chip(ui, &other.title, false).clicked() {
                    self.say_merge(Merge::Into(other.id));
                }
            }
            if kit.bare_button(ui, &kit.words("cancel"), true).clicked() {
                self.say_merge(Merge::No);
            }
        });
    }

    fn confirm(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        project: &OpenProject,
        label: &Label,
        into: LabelId,
        commands: &mut Vec<Command>,
    ) {
        let Some(target) = project.labels.get(into).filter(|target| target.is_active()) else {
            self.say_merge(Merge::Choosing);
            return;
        };
        let message = Message::new("labels-merge-confirm")
            .number("count", count_of(project, label))
            .text("from", &label.title)
            .text("into", &target.title);
        kit.text(ui, &kit.locale.message(&message), kit.plain());
        kit.row(ui, |ui| {
            if kit.main_button(ui, &kit.words("labels-merge-do"), true).clicked() {
                commands.push(Command::Label(LabelCommand::Merge { from: label.id, into }));
                self.unfold(None);
            }
            if kit.button(ui, &kit.words("cancel")).clicked() {
                self.say_merge(Merge::No);
            }
        });
    }
}

fn count_of(project: &OpenProject, label: &Label) -> u64 {
    project.label_counts.get(&label.id).copied().unwrap_or(0)
}

/// The button that moves a label by one.
fn mover(ui: &mut Ui, kit: &Kit<'_>, label: &Label, step: Step, enabled: bool, commands: &mut Vec<Command>) {
    let (picture, message) = match step {
        Step::Back => (Picture::Up, Message::new("labels-up")),
        Step::Forward => (Picture::Down, Message::new("labels-down")),
    };
    let name = kit.locale.message(&message.text("label", &label.title));
    if form::picture_button(ui, kit, picture, &name, enabled).clicked() {
        commands.push(Command::Label(LabelCommand::Move { label: label.id, step }));
    }
}

/// The names of the columns.
fn heads(ui: &mut Ui, kit: &Kit<'_>) {
    let mut cells = Cells::row(ui, kit, 20.0);
    cells.first(BUTTON);
    // The list keeps room for its scroll bar, always at the right.
    let bar = ui.spacing().scroll.allocated_width();
    if !kit.rtl() {
        cells.last(bar - 8.0);
    }
    let is_wide = ui.available_width() - bar >= NARROW;
    for _ in 0..if is_wide { 3 } else { 1 } {
        cells.last(BUTTON);
    }
    let widths =
        [("labels-field-count", COUNT_WIDTH), ("labels-field-keys", KEYS_WIDTH), ("labels-field-name", NAME_WIDTH)];
    let widths = widths.into_iter().skip(if is_wide { 0 } else { 1 });
    for (words, width) in widths {
        let cell = cells.last(width);
        let galley = kit.galley(ui, &kit.words(words), kit.small(), kit.locale.direction(), Wrap::Truncate(width));
        let at = match words {
            "labels-field-count" => egui::Rect::from_center_size(cell.center(), galley.size()),
            _ => kit.start_aligned(cell, galley.size()),
        };
        ui.painter().galley(at.min, galley, kit.palette.soft_ink);
    }
    in_cell(ui, kit, cells.rest(), |ui| kit.line(ui, &kit.words("labels-field-title"), kit.small(), 200.0));
}

/// The labels that are deleted or merged, and where the merged ones went.
fn out_of_use(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, commands: &mut Vec<Command>) {
    let mut labels = project.labels.all().iter().filter(|label| !label.is_active()).peekable();
    if labels.peek().is_none() {
        return;
    }
    ui.add_space(8.0);
    form::line(ui, kit);
    ui.add_space(4.0);
    form::caption(ui, kit, &kit.words("labels-out"));
    for label in labels {
        let mut cells = Cells::row(ui, kit, 32.0);
        let square = egui::Rect::from_center_size(cells.first(BUTTON).center(), vec2(16.0, 16.0));
        let colour = mixed(kit.palette.paper, kit.palette.label_ink(label.colour), 0.6);
        let stroke = Stroke::new(1.5, colour);
        ui.painter().rect_stroke(square, CornerRadius::same(5), stroke, egui::StrokeKind::Inside);
        let restore = in_cell(ui, kit, cells.rest(), |ui| {
            kit.row_end(ui, |ui| {
                // Each button says which label it restores to those who cannot see its row.
                let response = kit.bare_button(ui, &kit.words("labels-restore"), true);
                let name = format!("{} «{}»", kit.words("labels-restore"), label.title);
                ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name));
                response
            })
        });
        let target = label.merged_into.and_then(|_| project.labels.resolve(label.id));
        let fate = match target {
            Some(into) => kit.locale.message(&Message::new("labels-out-merged").text("into", &into.title)),
            None => kit.words("labels-out-deleted"),
        };
        let room = (cells.rest().width() - restore.rect.width() - 24.0).max(40.0);
        in_cell(ui, kit, cells.rest(), |ui| {
            kit.line(ui, &label.title, kit.plain(), room / 2.0);
            kit.line(ui, &fate, kit.small(), room / 2.0);
        });
        if restore.clicked() {
            commands.push(Command::Label(LabelCommand::Restore(label.id)));
        }
    }
}
