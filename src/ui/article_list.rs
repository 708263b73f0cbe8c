//! The list of articles: filter, search, and a row for each article, of which only those in view are laid out.
//!
//! Owns where the list stands. It must not keep rows: those that are not here are asked for and leave a place meanwhile.

use crate::domain::article::{ArticleId, Direction};
use crate::domain::layer::Status;
use crate::session::command::{Command, ViewCommand, WalkCommand};
use crate::session::state::{Attention, List, OpenProject, PAGE_ROWS, State};
use crate::store::contract::{ArticleRow, StatusFilter};
use crate::text::field::Field;
use crate::text::field_edit::FieldStyle;
use crate::ui::field::TextFieldWidget;
use crate::ui::galley::{GalleyStyle, Wrap, is_truncated};
use crate::ui::icons::{self, Icon};
use crate::ui::kit::{Kit, Look};
use crate::ui::list_menu::{self, ListMenu};
use crate::ui::long_list::LongList;
use crate::ui::theme::{mixed, size, space};
use crate::words::message::Message;
use egui::{CornerRadius, Id, Key, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use std::ops::Range;

/// The room of the lens in the search field, in points.
const ICON_ROOM: f32 = 20.0;
/// The height of a row, in points: the same for all, so that every place is known without its row.
const ROW_HEIGHT: f32 = 58.0;
/// Rows that are not here yet show as grey lines after this time, in seconds.
const PATIENCE_SECONDS: f64 = 0.2;
/// The margin of the panel, in points.
const MARGIN: f32 = 12.0;

/// What the id of the search field is made from.
const SEARCH: &str = "search in the articles";

/// The filters, with their words.
const FILTERS: [(StatusFilter, &str); 4] = [
    (StatusFilter::All, "filter-all"),
    (StatusFilter::Remaining, "filter-remaining"),
    (StatusFilter::Only(Status::Done), "filter-done"),
    (StatusFilter::Only(Status::Flagged), "filter-flagged"),
];

/// The panel.
pub struct ArticleList {
    rows: LongList,
    /// The article that was open when the list was drawn last.
    open: Option<ArticleId>,
    /// The filter and search that the list was drawn with last.
    drawn_for: (StatusFilter, String),
    /// Since when the list has been waiting for its first page, in seconds of the window's clock.
    waiting_since: Option<f64>,
    field: Field,
    menu: ListMenu,
}

impl Default for ArticleList {
    fn default() -> Self {
        let style = FieldStyle {
            size_px: size::LIST,
            weight: 400.0,
            line_height: 1.5,
            direction: Direction::Auto,
            width_px: 240.0,
        };
        Self {
            rows: LongList::default(),
            open: None,
            drawn_for: Default::default(),
            waiting_since: None,
            field: Field::new(true, style),
            menu: ListMenu::default(),
        }
    }
}

impl ArticleList {
    /// Draws the panel in all the room there is.
    pub fn show(&mut self, ui: &mut Ui, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let Some(project) = &state.project else { return };
        let inner = ui.available_rect_before_wrap();
        let head = Rect::from_min_max(inner.min + vec2(MARGIN, 14.0), pos2(inner.right() - MARGIN, inner.bottom()));
        let mut top = ui.new_child(egui::UiBuilder::new().max_rect(head).id_salt("head"));
        top.spacing_mut().item_spacing = vec2(6.0, 10.0);
        kit.column(&mut top, |ui| {
            filters(ui, kit, project, commands);
            kit.row(ui, |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                self.search(ui, kit, state, project, commands);
                self.menu.show(ui, kit, project, commands);
            });
            list_menu::chips(ui, kit, project, commands);
        });
        let below = Rect::from_min_max(pos2(inner.left(), top.min_rect().bottom() + 8.0), inner.max);
        let mut list = ui.new_child(egui::UiBuilder::new().max_rect(below).id_salt("list"));
        self.list(&mut list, kit, project, commands);
        ui.allocate_rect(inner, Sense::hover());
    }

    fn list(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, commands: &mut Vec<Command>) {
        let list = &project.list;
        if !list.stale && (list.status, &list.search) != (self.drawn_for.0, &self.drawn_for.1) {
            self.drawn_for = (list.status, list.search.clone());
            self.rows.to_top();
        }
        let now = ui.input(|input| input.time);
        let waits = list.stale || list.total.is_none();
        let is_patient = waits && now - *self.waiting_since.get_or_insert(now) < PATIENCE_SECONDS;
        if !waits {
            self.waiting_since = None;
        } else if is_patient {
            ui.ctx().request_repaint_after_secs(PATIENCE_SECONDS as f32);
        }
        let count = match list.total {
            None if is_patient => return,
            Some(total) if is_patient || !waits => total,
            _ => PAGE_ROWS,
        };
        if count == 0 {
            // What is empty under the filter before says nothing of this one.
            if !waits {
                empty(ui, kit, list);
            }
            return;
        }
        let open = project.open_id();
        if self.open != open {
            self.open = open;
            if let Some(place) = project.open.as_ref().and_then(|open| open.place) {
                self.rows.reveal(row_top(place), row_top(place + 1));
            }
        }
        let height = row_top(count);
        let mut focused = None;
        let shown = self.rows.show(ui, kit, height, |ui, view| {
            let shown = view.rows(0.0, f64::from(ROW_HEIGHT), count);
            for place in shown.clone() {
                let rect = Rect::from_min_size(
                    pos2(view.rect.left(), view.y(row_top(place))),
                    vec2(view.rect.width(), ROW_HEIGHT),
                );
                let rect = if kit.rtl() {
                    rect.with_max_x(rect.right() - MARGIN)
                } else {
                    rect.with_min_x(rect.left() + MARGIN)
                };
                match list.row(place).filter(|_| is_patient || !waits) {
                    Some(row) if waits => {
                        // For a moment the rows of the filter before; they cannot be pressed under this one.
                        ui.scope(|ui| {
                            ui.disable();
                            article_row(ui, kit, rect, row, open == Some(row.id));
                        });
                    }
                    Some(row) => {
                        let response = article_row(ui, kit, rect, row, open == Some(row.id));
                        if response.clicked() {
                            commands.push(Command::Walk(WalkCommand::To(row.id)));
                        }
                        if response.gained_focus() {
                            focused = Some(place);
                        }
                    }
                    None => place_of_a_row(ui, kit, rect, place),
                }
            }
            shown
        });
        if let Some(place) = focused {
            self.rows.reveal(row_top(place), row_top(place + 1));
        }
        if !waits {
            ask_for(list, shown, commands);
        }
    }

    fn search(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        state: &State,
        project: &OpenProject,
        commands: &mut Vec<Command>,
    ) {
        let id = search_id();
        if state.attention == Some(Attention::Search) {
            ui.memory_mut(|memory| memory.request_focus(id));
            commands.push(Command::View(ViewCommand::Attended));
        }
        let has_focus = ui.memory(|memory| memory.has_focus(id));
        if !has_focus && self.field.text() != project.list.search {
            self.field.set_text(&project.list.search);
        }
        let words = kit.words("search-articles");
        let style = GalleyStyle { direction: kit.locale.direction(), ..GalleyStyle::new(size::LIST) };
        let width = ui.available_width() - list_menu::BUTTON_WIDTH - 4.0;
        // The lens or the button lies at the reading end, whatever the direction of the words typed.
        let (free_left, free_right) = if kit.rtl() { (ICON_ROOM, 0.0) } else { (0.0, ICON_ROOM) };
        let widget = TextFieldWidget::new(kit.bridge, &mut self.field, &words)
            .placeholder(&words)
            .style(style)
            .width(width)
            .free(free_left, free_right)
            .id(id);
        let response = ui.add(widget);
        if response.changed() {
            commands.push(Command::Walk(WalkCommand::SetSearch(self.field.text().into_owned())));
        }
        let is_entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if let Some(first) = project.list.row(0).filter(|_| is_entered) {
            commands.push(Command::Walk(WalkCommand::To(first.id)));
        }
        // egui takes the keyboard from a field at Escape before the field is drawn.
        let is_left_by_escape = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape));
        if self.field.text().is_empty() {
            lens(ui, kit, response.rect);
        } else if clear_button(ui, kit, response.rect).clicked() || is_left_by_escape {
            self.field.set_text("");
            commands.push(Command::Walk(WalkCommand::SetSearch(String::new())));
        }
    }
}

/// The id of the search field, to give it the keyboard.
#[must_use]
pub fn search_id() -> Id {
    Id::unique(SEARCH)
}

fn row_top(place: u64) -> f64 {
    place as f64 * f64::from(ROW_HEIGHT)
}

fn filters(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, commands: &mut Vec<Command>) {
    kit.wrapped_row(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        for (filter, words) in FILTERS {
            let chosen = project.list.status == filter;
            if kit.chip(ui, &kit.words(words), chosen).clicked() && !chosen {
                commands.push(Command::Walk(WalkCommand::SetFilter(filter)));
            }
        }
    });
}

/// Asks for the pages of the rows in view that are not here and were not asked for.
fn ask_for(list: &List, shown: Range<u64>, commands: &mut Vec<Command>) {
    let mut first = shown.start - shown.start % PAGE_ROWS;
    while first < shown.end {
        if !list.asked.contains(&first) {
            commands.push(Command::Walk(WalkCommand::NeedRows { first, count: PAGE_ROWS }));
        }
        first += PAGE_ROWS;
    }
}

fn article_row(ui: &Ui, kit: &Kit<'_>, rect: Rect, row: &ArticleRow, is_open: bool) -> egui::Response {
    let response = ui.interact(rect.shrink2(vec2(0.0, 1.0)), Id::unique("article").with(row.id), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_open, &row.title));
    let count = kit.locale.message(&Message::new("mentions-count").number("count", row.mentions));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_description(format!("{} · {} · {count}", kit.words(status_words(row.status)), row.name));
    });
    let palette = &kit.palette;
    let card = rect.shrink2(vec2(0.0, 1.0));
    let radius = CornerRadius::same(space::ROW_RADIUS);
    if is_open {
        let shadow = egui::Shadow { offset: [0, 2], blur: 8, spread: 0, color: palette.shadow };
        ui.painter().add(shadow.as_shape(card.shrink(1.0), radius));
        ui.painter().rect(card, radius, palette.paper, Stroke::new(1.0, palette.line), StrokeKind::Inside);
    } else if response.hovered() {
        ui.painter().rect_filled(card, radius, palette.raised);
    }
    kit.focus_ring(ui, &response, card.shrink(2.0), radius);

    let padded = card.shrink2(vec2(14.0, 0.0));
    let mark = kit.start_aligned(padded, vec2(9.0, 9.0)).center();
    icons::paint_status(ui.painter(), kit, row.status, pos2(mark.x, card.top() + 19.0));
    let texts =
        if kit.rtl() { padded.with_max_x(padded.right() - 20.0) } else { padded.with_min_x(padded.left() + 20.0) };
    let upper = Rect::from_min_max(pos2(texts.left(), card.top() + 7.0), pos2(texts.right(), card.top() + 31.0));
    let lower = Rect::from_min_max(pos2(texts.left(), card.top() + 31.0), pos2(texts.right(), card.bottom() - 6.0));
    let look = Look { weight: if is_open { 650.0 } else { 550.0 }, colour: palette.ink, ..kit.soft() };
    let title = kit.galley(ui, &row.title, look, Direction::Auto, Wrap::Truncate(upper.width()));
    let cut = is_truncated(&title);
    ui.painter().galley(kit.start_aligned(upper, title.size()).min, title, palette.ink);

    let small = kit.small();
    let mut room = lower.width();
    if row.mentions > 0 || row.status != Status::New {
        let count = kit.galley(ui, &count, small, kit.locale.direction(), Wrap::Extend);
        room -= count.size().x + 12.0;
        ui.painter().galley(kit.end_aligned(lower, count.size()).min, count, small.colour);
    }
    let name = kit.galley(ui, &row.name, small, Direction::Auto, Wrap::Truncate(room.max(24.0)));
    ui.painter().galley(kit.start_aligned(lower, name.size()).min, name, small.colour);
    if cut { kit.hint(response, &row.title) } else { response }
}

/// What a status is called.
fn status_words(status: Status) -> &'static str {
    match status {
        Status::New => "status-new",
        Status::InProgress => "status-in-progress",
        Status::Done => "status-done",
        Status::Flagged => "status-flagged",
    }
}

/// Grey lines where a row will stand.
fn place_of_a_row(ui: &Ui, kit: &Kit<'_>, rect: Rect, place: u64) {
    let colour = mixed(kit.palette.window, kit.palette.line, 0.7);
    let inner = rect.shrink2(vec2(14.0, 0.0));
    let inner = if kit.rtl() { inner.with_max_x(inner.right() - 20.0) } else { inner.with_min_x(inner.left() + 20.0) };
    // Lengths differ as those of headlines do.
    let share = 0.6 + 0.08 * (place % 5) as f32;
    for (y, width, height) in [(20.0, inner.width() * share, 9.0), (41.0, inner.width() * 0.35, 7.0)] {
        let line = Rect::from_min_max(
            pos2(inner.left(), rect.top() + y - height / 2.0),
            pos2(inner.right(), rect.top() + y + height / 2.0),
        );
        ui.painter().rect_filled(kit.start_aligned(line, vec2(width, height)), CornerRadius::same(4), colour);
    }
}

/// Says why there is no row.
fn empty(ui: &mut Ui, kit: &Kit<'_>, list: &List) {
    let words = if !list.search.is_empty() {
        "search-none"
    } else if list_menu::leaves_out(list) {
        "list-empty-chosen"
    } else if list.status != StatusFilter::All {
        "list-empty-filter"
    } else {
        "list-empty"
    };
    let rect = ui.available_rect_before_wrap().shrink2(vec2(MARGIN + 12.0, 28.0));
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(rect));
    kit.column(&mut ui, |ui| {
        kit.text(ui, &kit.words(words), Look { size: size::LIST, ..kit.soft() });
    });
}

/// The button that empties the search field, at its far end.
fn clear_button(ui: &Ui, kit: &Kit<'_>, rect: Rect) -> egui::Response {
    let place = kit.end_aligned(rect.shrink2(vec2(3.0, 0.0)), vec2(24.0, 24.0));
    let response = ui.interact(place, Id::unique("empty the search"), Sense::click());
    let name = kit.words("search-clear");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    // What is typed runs under it: it has a ground of its own.
    let fill = if response.hovered() { kit.palette.raised } else { kit.palette.paper };
    ui.painter().rect_filled(place, CornerRadius::same(6), fill);
    kit.focus_ring(ui, &response, place.shrink(2.0), CornerRadius::same(6));
    icons::paint(ui.painter(), Icon::Cross, place.center(), kit.palette.soft_ink, kit.rtl());
    kit.hint(response, &name)
}

/// The lens that stands at the far end of the empty search field.
fn lens(ui: &Ui, kit: &Kit<'_>, rect: Rect) {
    let at = kit.end_aligned(rect.shrink2(vec2(10.0, 0.0)), vec2(14.0, 14.0)).center();
    icons::paint(ui.painter(), Icon::Lens, at, kit.palette.soft_ink, kit.rtl());
}
