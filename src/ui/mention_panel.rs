//! The panel of mentions: per label the surfaces of the open article, below it suggestions and the note of the selected mention.
//!
//! Owns where the list stands and the note that is being written. It must not lose a typed note, nor give it to another mention.

use crate::domain::article::Direction;
use crate::domain::label::{Label, LabelId};
use crate::domain::mention::{Mention, MentionKey};
use crate::session::command::{Command, MarkCommand, SelectCommand, ViewCommand};
use crate::session::mention_list::SurfaceRow;
use crate::session::state::{Attention, OpenArticle, OpenProject, State};
use crate::ui::feedback_panel::FeedbackPanel;
use crate::ui::galley::{Wrap, is_truncated};
use crate::ui::icons::{self, Icon};
use crate::ui::kit::{Kit, Look, Shortcuts};
use crate::ui::long_list::{BAR_WIDTH, LongList, View};
use crate::ui::note_draft::NoteDrafts;
use crate::ui::suggestion_panel::SuggestionPanel;
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::{mixed, size};
use crate::words::message::Message;
use egui::{CornerRadius, Id, Rect, Response, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// The height of a surface's row, in points.
const ROW_HEIGHT: f64 = 25.0;
/// The height of a label's heading with the room above it, in points.
const HEADING_HEIGHT: f64 = 38.0;
/// The margin of the panel, in points.
const MARGIN: f32 = 16.0;
/// The note takes no more than this share of the panel's height.
const NOTE_SHARE: f32 = 0.5;

/// The panel.
#[derive(Default)]
pub struct MentionPanel {
    /// The label and surface under the pointer, for the article to point out.
    pub hovered: Option<(LabelId, Arc<str>)>,
    rows: LongList,
    notes: NoteDrafts,
    suggestions: SuggestionPanel,
    feedback: FeedbackPanel,
    /// The mention that was selected when the panel was drawn last.
    selected: Option<MentionKey>,
    /// The height of the note, as it was drawn last, in points.
    note_height: f32,
    /// The height of the list, as it was drawn last, in points.
    list_height: f32,
}

/// A label's part of the list.
struct Group<'a> {
    label: &'a Label,
    rows: &'a [SurfaceRow],
    count: usize,
    /// Where its heading starts in the content, in points.
    top: f64,
}

impl MentionPanel {
    /// Draws the panel in all the room there is; `pane_hover` is the mention under the pointer in the article.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        state: &State,
        shortcuts: Shortcuts<'_>,
        pane_hover: Option<MentionKey>,
        commands: &mut Vec<Command>,
    ) {
        self.hovered = None;
        self.notes.finish_others(state, commands);
        let Some(project) = &state.project else { return };
        let room = ui.available_rect_before_wrap();
        ui.allocate_rect(room, Sense::hover());
        let Some(open) = &project.open else { return };
        let title = Rect::from_min_max(room.min + vec2(MARGIN, 12.0), pos2(room.right() - MARGIN, room.top() + 36.0));
        let words = kit.galley(ui, &kit.words("mentions-title"), kit.soft(), kit.locale.direction(), Wrap::Extend);
        let place = kit.start_aligned(title, words.size());
        ui.put(place, egui::Label::new(words));

        let note_top = match open.selected_mention() {
            Some(mention) => {
                let most = room.height() * NOTE_SHARE;
                let height = self.note_height.clamp(0.0, most);
                let rect = Rect::from_min_max(pos2(room.left() + MARGIN, room.bottom() - height), room.max)
                    .with_max_x(room.right() - MARGIN);
                let mut below = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("note"));
                self.note(&mut below, kit, state, mention, most, commands);
                rect.top()
            }
            None => room.bottom(),
        };
        let above = title.with_min_y(title.bottom() + 2.0).with_max_y(note_top);
        let above = self.suggestions.show(ui, kit, state, shortcuts, above, commands);
        let above = self.feedback.show(ui, kit, (project, open), above, commands);
        let rect = Rect::from_x_y_ranges(room.x_range(), above.y_range());
        if self.list_height != rect.height() {
            // The list has another height: what is selected is to come into view again.
            self.list_height = rect.height();
            self.selected = None;
        }
        let mut list = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("list"));
        self.list(&mut list, kit, project, open, pane_hover, commands);
    }

    /// Hands over the note that is being written: before another article is opened, the project closed, the window shut.
    pub fn finish_note(&mut self, state: &State, commands: &mut Vec<Command>) {
        self.notes.finish(state, commands);
    }

    fn list(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        project: &OpenProject,
        open: &OpenArticle,
        pane_hover: Option<MentionKey>,
        commands: &mut Vec<Command>,
    ) {
        if open.list.is_empty() {
            let rect = ui.available_rect_before_wrap().shrink2(vec2(MARGIN, 12.0));
            let mut inner = ui.new_child(UiBuilder::new().max_rect(rect));
            kit.column(&mut inner, |ui| kit.text(ui, &kit.words("mentions-empty"), kit.soft()));
            return;
        }
        let (groups, height) = groups(project, open);
        let row_of = |key: MentionKey| {
            let label = project.label(key.label).map_or(key.label, |label| label.id);
            Some((label, open.article.surface(key.span)?))
        };
        let raised = [open.selected, pane_hover].map(|key| key.and_then(row_of));
        if self.selected != open.selected {
            self.selected = open.selected;
            if let Some((top, bottom)) = raised[0].and_then(|(label, surface)| heights_of(&groups, label, surface)) {
                self.rows.reveal(top, bottom);
            }
        }
        let mut focused = None;
        let hovered = &mut self.hovered;
        self.rows.show(ui, kit, height, |ui, view| {
            let x = if kit.rtl() {
                view.rect.with_max_x(view.rect.right() - MARGIN).with_min_x(view.rect.left() + MARGIN - BAR_WIDTH)
            } else {
                view.rect.with_min_x(view.rect.left() + MARGIN).with_max_x(view.rect.right() - MARGIN + BAR_WIDTH)
            };
            for group in &groups {
                heading(ui, kit, group, x, &view);
                let top = group.top + HEADING_HEIGHT;
                for place in view.rows(top, ROW_HEIGHT, group.rows.len() as u64) {
                    let Some(row) = usize::try_from(place).ok().and_then(|place| group.rows.get(place)) else { break };
                    let row_top = top + place as f64 * ROW_HEIGHT;
                    let rect = Rect::from_min_max(
                        pos2(x.left(), view.y(row_top)),
                        pos2(x.right(), view.y(row_top + ROW_HEIGHT)),
                    );
                    let label = group.label.id;
                    let this = Some((label, &*row.surface));
                    let response = surface_row(ui, kit, rect, row, label, raised[0] == this, raised[1] == this);
                    if response.hovered() {
                        *hovered = Some((label, Arc::clone(&row.surface)));
                    }
                    if response.gained_focus() {
                        focused = Some((row_top, row_top + ROW_HEIGHT));
                    }
                    if response.clicked() {
                        let surface = row.surface.to_string();
                        commands.push(Command::Select(SelectCommand::Surface { label, surface }));
                    }
                }
            }
        });
        if let Some((top, bottom)) = focused {
            self.rows.reveal(top, bottom);
        }
    }

    /// The note of the selected mention, with the guideline of its label and the way to remove it.
    fn note(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        state: &State,
        mention: &Mention,
        most: f32,
        commands: &mut Vec<Command>,
    ) {
        let Some(project) = &state.project else { return };
        let Some(open) = &project.open else { return };
        let label = project.label(mention.label);
        let surface = open.article.surface(mention.span).unwrap_or_default();
        let top = ui.max_rect().top();
        ui.painter().hline(ui.max_rect().x_range(), top, egui::Stroke::new(1.0, kit.palette.line));
        let shown = ScrollArea::vertical().max_height(most).auto_shrink([false, true]).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
            ui.add_space(10.0);
            kit.column(ui, |ui| {
                if note_head(ui, kit, surface) {
                    self.notes.finish(state, commands);
                    commands.push(Command::Mark(MarkCommand::Remove));
                }
                let wants_focus = state.attention == Some(Attention::Note);
                self.notes.field(ui, kit, open, mention, wants_focus, commands);
                if wants_focus {
                    commands.push(Command::View(ViewCommand::Attended));
                }
                if let Some(guideline) = label.map(|label| label.guideline.trim()).filter(|text| !text.is_empty()) {
                    let room = ui.available_width();
                    let galley = kit.galley(ui, guideline, kit.small(), Direction::Auto, Wrap::Wrap(room));
                    ui.label(galley);
                }
            });
            ui.add_space(12.0);
        });
        let height = shown.content_size.y.ceil();
        if (height - self.note_height).abs() > 0.5 {
            self.note_height = height;
            ui.ctx().request_discard("the note has another height");
        }
    }
}

/// The title of the note with the button that removes the mention; tells whether that was pressed.
fn note_head(ui: &mut Ui, kit: &Kit<'_>, surface: &str) -> bool {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), icons::BUTTON_SIDE), Sense::hover());
    let title = kit.locale.message(&Message::new("note-title").text("surface", short(surface)));
    let room = rect.width() - icons::BUTTON_SIDE - 6.0;
    let galley = kit.galley(ui, &title, kit.soft(), kit.locale.direction(), Wrap::Truncate(room));
    ui.put(kit.start_aligned(rect, galley.size()), egui::Label::new(galley));
    let button = kit.end_aligned(rect, vec2(icons::BUTTON_SIDE, icons::BUTTON_SIDE));
    let mut end = ui.new_child(UiBuilder::new().max_rect(button));
    kit.icon_button(&mut end, Icon::Bin, &kit.words("remove-mention"), None, true).clicked()
}

/// A surface, short enough for a title.
fn short(surface: &str) -> String {
    crate::domain::article::title_from_text(surface, 40)
}

/// The parts of the list in the order of the labels, and the height of all, in points.
fn groups<'a>(project: &'a OpenProject, open: &'a OpenArticle) -> (Vec<Group<'a>>, f64) {
    let mut top = 0.0;
    let groups = open
        .list
        .labels(&project.labels)
        .filter_map(|id| {
            let rows = open.list.rows(id);
            let group = Group { label: project.labels.get(id)?, rows, count: open.list.count(id), top };
            top += HEADING_HEIGHT + rows.len() as f64 * ROW_HEIGHT;
            Some(group)
        })
        .collect();
    (groups, top + ROW_HEIGHT)
}

/// From where to where a row stands in the content; a first row with its heading.
fn heights_of(groups: &[Group<'_>], label: LabelId, surface: &str) -> Option<(f64, f64)> {
    let group = groups.iter().find(|group| group.label.id == label)?;
    let place = group.rows.iter().position(|row| &*row.surface == surface)?;
    let top = group.top + HEADING_HEIGHT + place as f64 * ROW_HEIGHT;
    Some((if place == 0 { group.top } else { top }, top + ROW_HEIGHT))
}

/// The heading of a label: its colour, its title, how many mentions.
fn heading(ui: &mut Ui, kit: &Kit<'_>, group: &Group<'_>, x: Rect, view: &View) {
    let top = view.y(group.top) + (HEADING_HEIGHT - 26.0) as f32;
    let rect = Rect::from_min_max(pos2(x.left(), top), pos2(x.right(), top + 26.0));
    if rect.bottom() < view.rect.top() || rect.top() > view.rect.bottom() {
        return;
    }
    let square = kit.start_aligned(rect, vec2(10.0, 10.0));
    ui.painter().rect_filled(square, CornerRadius::same(3), kit.palette.label_ink(group.label.colour));
    let count = kit.locale.number(group.count as i64);
    let count = kit.galley(ui, &count, kit.soft(), kit.locale.direction(), Wrap::Extend);
    let inner = inner_of(kit, rect);
    let room = inner.width() - count.size().x - 12.0;
    let title = label_title(group.label);
    let look = Look { size: size::LIST, weight: 700.0, colour: kit.palette.ink };
    let title = kit.galley(ui, title, look, Direction::Auto, Wrap::Truncate(room));
    let response = ui.interact(rect, Id::unique("heading").with(group.label.id), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, title.text()));
    ui.painter().galley(kit.start_aligned(inner, title.size()).min, title, look.colour);
    ui.painter().galley(kit.end_aligned(inner, count.size()).min, count, kit.palette.soft_ink);
}

/// The room of words in a row: after the colour, before the end.
fn inner_of(kit: &Kit<'_>, rect: Rect) -> Rect {
    let (start, end) = (18.0, 10.0);
    if kit.rtl() {
        rect.with_max_x(rect.right() - start).with_min_x(rect.left() + end)
    } else {
        rect.with_min_x(rect.left() + start).with_max_x(rect.right() - end)
    }
}

fn surface_row(
    ui: &Ui,
    kit: &Kit<'_>,
    rect: Rect,
    row: &SurfaceRow,
    label: LabelId,
    selected: bool,
    pointed_at: bool,
) -> Response {
    let id = Id::unique("surface").with(label).with(&*row.surface);
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &*row.surface));
    let palette = &kit.palette;
    let radius = CornerRadius::same(7);
    let fill = if selected {
        Some(palette.raised)
    } else if pointed_at || response.hovered() {
        Some(mixed(palette.window, palette.raised, 0.7))
    } else {
        None
    };
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, radius, fill);
    }
    kit.focus_ring(ui, &response, rect.shrink(2.0), radius);
    let inner = inner_of(kit, rect);
    let mut room = inner.width();
    if row.count > 1 {
        let times = kit.locale.message(&Message::new("mentions-times").number("count", row.count as u64));
        let times = kit.galley(ui, &times, kit.small(), kit.locale.direction(), Wrap::Extend);
        room -= times.size().x + 10.0;
        ui.painter().galley(kit.end_aligned(inner, times.size()).min, times, palette.soft_ink);
    }
    let look = Look { size: size::LIST, weight: if selected { 650.0 } else { 400.0 }, colour: palette.ink };
    let galley = kit.galley(ui, &row.surface, look, Direction::Auto, Wrap::Truncate(room.max(20.0)));
    let cut = is_truncated(&galley);
    ui.painter().galley(kit.start_aligned(inner, galley.size()).min, galley, palette.ink);
    if cut { kit.hint(response, &row.surface) } else { response }
}
