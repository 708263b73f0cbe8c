//! The search through the project, in the place of the article: what is looked for, the hits, and what is done with them.
//!
//! Owns the field, where the list stands, and who gets a key here. It must not search, nor keep a hit.

use crate::domain::article::{ArticleId, Direction};
use crate::domain::label::LabelId;
use crate::domain::offset::Span;
use crate::session::acts::Act;
use crate::session::chord::{Chord, Held};
use crate::session::command::{Command, FindAct, FindCommand, FindQuery, MarkCommand, ViewCommand};
use crate::session::finding::Find;
use crate::session::state::{Attention, OpenProject, State};
use crate::store::hits::{Labelled, Pattern};
use crate::text::engine::Align as TextAlign;
use crate::text::field::Field;
use crate::text::field_edit::{FieldEdit, FieldStyle};
use crate::ui::field::TextFieldWidget;
use crate::ui::find_acts::{FindActs, check_line, label_menu};
use crate::ui::find_lines::{Line, Lines};
use crate::ui::find_rows::{HitRow, Pressed, Stand, heading, hit_row};
use crate::ui::galley::{GalleyStyle, Wrap};
use crate::ui::icons::{self, Icon};
use crate::ui::keyboard::TableName as _;
use crate::ui::kit::{Kit, Look, Shortcuts};
use crate::ui::long_list::LongList;
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::{size, space};
use crate::words::message::Message;
use egui::{
    Align, CornerRadius, Event, EventFilter, FocusDirection, Id, Key, Layout, Popup, Rect, Role, Sense, Stroke,
    StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use std::collections::HashMap;
use std::path::PathBuf;

/// The room of the lens in the field, in points.
const ICON_ROOM: f32 = 20.0;
/// A page up or down leaves so much of the list in view, in points.
const PAGE_OVERLAP: f64 = 64.0;

/// What can be done while the list of hits has the keyboard, with its keys.
pub const KEYS: Shortcuts<'static> = &[
    ("find-key-label", "A–Z"),
    ("find-key-toggle", "Space"),
    ("find-select-all", "Ctrl A"),
    ("find-key-show", "Enter"),
    ("find-key-close", "Esc"),
];

/// The ways in which something can stand in a text, with their words.
const PATTERNS: [(Pattern, &str); 3] =
    [(Pattern::Whole, "find-whole"), (Pattern::Prefix, "find-prefix"), (Pattern::Regex, "find-regex")];

/// The panel.
pub struct FindPanel {
    field: Field,
    list: LongList,
    lines: Lines,
    acts: FindActs,
    /// Of which project and search the lines are.
    lines_of: Option<(PathBuf, u64)>,
    /// What was looked for when the list was drawn last.
    drawn_for: FindQuery,
    /// The line that the keys move from.
    current: u64,
    /// What that line is.
    current_key: Option<(ArticleId, Option<Span>)>,
    /// Whether something else than the field and the list had the keyboard: egui takes it away at Escape before anything is drawn.
    elsewhere: bool,
    /// How high the view of the list was, in points.
    view_height: f64,
    /// The lines in view, laid out.
    laid_out: HashMap<u64, HitRow>,
    /// Pixels per point that they were laid out for.
    scale: f32,
}

impl Default for FindPanel {
    fn default() -> Self {
        let style = FieldStyle {
            size_px: size::LEAD,
            weight: 400.0,
            line_height: 1.5,
            direction: Direction::Auto,
            width_px: 400.0,
        };
        Self {
            field: Field::new(true, style),
            list: LongList::default(),
            lines: Lines::default(),
            acts: FindActs::default(),
            lines_of: None,
            drawn_for: FindQuery::default(),
            current: 0,
            current_key: None,
            elsewhere: false,
            view_height: 0.0,
            laid_out: HashMap::new(),
            scale: 0.0,
        }
    }
}

/// The id of the field, to give it the keyboard.
#[must_use]
pub fn field_id() -> Id {
    Id::unique("search through the project")
}

/// The id of the list, which has the keyboard when nothing else here has it.
#[must_use]
pub fn list_id() -> Id {
    Id::unique("hits of the project")
}

impl FindPanel {
    /// Draws the panel in all the room there is, while a search is open.
    pub fn show(&mut self, ui: &mut Ui, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let Some(project) = &state.project else { return };
        let Some(find) = &project.find else { return };
        self.follow(project, find);
        if state.dialog.is_none() {
            self.take_keys(ui, state, find, commands);
        }
        ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
        self.head(ui, kit, state, find, commands);
        constraints(ui, kit, project, find, commands);
        if let Some(problem) = &find.problem {
            kit.text(ui, &kit.locale.message(problem), Look { colour: kit.palette.fault, ..kit.soft() });
        }
        if find.problem.is_none() && (find.hits > 0 || !find.complete) {
            self.acts.show(ui, kit, project, find, commands);
        }
        ui.add_space(2.0);
        self.paper(ui, kit, project, find, commands);
        let focused = ui.memory(|memory| memory.focused());
        self.elsewhere = focused.is_some_and(|id| id != list_id() && id != field_id());
        // Nothing has the keyboard: it is the list's.
        if state.dialog.is_none() && focused.is_none() {
            ui.memory_mut(|memory| memory.request_focus(list_id()));
        }
    }

    /// Keeps the lines up with the hits.
    fn follow(&mut self, project: &OpenProject, find: &Find) {
        let of = (&project.project.path, find.id());
        if self.lines_of.as_ref().is_none_or(|(path, id)| (path, *id) != of) {
            self.lines_of = Some((of.0.clone(), of.1));
            self.lines.clear();
            self.laid_out.clear();
            self.lines.extend(&find.articles);
            if self.drawn_for == find.query {
                let kept = self.current_key.and_then(|key| self.lines.find(find, key));
                self.current = kept.unwrap_or(self.current);
            } else {
                self.drawn_for = find.query.clone();
                self.list.to_top();
                self.acts.act = None;
                self.current = 1;
            }
        }
        self.lines.extend(&find.articles);
        self.current = self.current.min(self.lines.count().saturating_sub(1));
        self.current_key = self.lines.line(find, self.current).map(|line| line.key());
    }

    fn head(&mut self, ui: &mut Ui, kit: &Kit<'_>, state: &State, find: &Find, commands: &mut Vec<Command>) {
        let id = field_id();
        let has_focus = ui.memory(|memory| memory.has_focus(id));
        let is_called = state.attention == Some(Attention::Find);
        if (is_called || !has_focus) && self.field.text() != find.query.wanted {
            self.field.set_text(&find.query.wanted);
        }
        if is_called {
            ui.memory_mut(|memory| memory.request_focus(id));
            kit.bridge.with_engine(|engine| self.field.apply(engine, FieldEdit::SelectAll));
            commands.push(Command::View(ViewCommand::Attended));
        }
        kit.row(ui, |ui| {
            let close = kit.words("find-close");
            kit.row_end(ui, |ui| {
                if kit.key_button(ui, &close, "Esc", true).clicked() {
                    commands.push(Command::Find(FindCommand::Close));
                }
                let words = kit.words("find-field");
                let style = GalleyStyle { direction: kit.locale.direction(), ..GalleyStyle::new(size::LEAD) };
                let (free_left, free_right) = if kit.rtl() { (ICON_ROOM, 0.0) } else { (0.0, ICON_ROOM) };
                let widget = TextFieldWidget::new(kit.bridge, &mut self.field, &words)
                    .placeholder(&words)
                    .style(style)
                    .width(ui.available_width())
                    .free(free_left, free_right)
                    .id(id);
                let response = ui.add(widget);
                let at = kit.end_aligned(response.rect.shrink2(vec2(9.0, 0.0)), vec2(14.0, 14.0)).center();
                icons::paint(ui.painter(), Icon::Lens, at, kit.palette.soft_ink, kit.rtl());
                if response.changed() {
                    let wanted = self.field.text().into_owned();
                    set(find, commands, |query| query.wanted = wanted);
                }
            });
        });
    }

    /// Does what the keys of this frame mean here.
    fn take_keys(&mut self, ui: &Ui, state: &State, find: &Find, commands: &mut Vec<Command>) {
        let ctx = ui.ctx();
        if Popup::is_any_open(ctx) {
            return;
        }
        let (in_list, in_field) = ui.memory(|memory| (memory.has_focus(list_id()), memory.has_focus(field_id())));
        for (key, held) in keys_of_frame(ui) {
            match key {
                // Its keyboard comes back to the list.
                Key::Escape if self.elsewhere => {}
                Key::Escape if self.acts.act.is_some() => self.acts.act = None,
                Key::Escape => commands.push(Command::Find(FindCommand::Close)),
                Key::ArrowDown | Key::ArrowUp if in_field && !held.ctrl => ctx.memory_mut(|memory| {
                    // Not to what egui finds in that direction.
                    memory.move_focus(FocusDirection::None);
                    memory.request_focus(list_id());
                }),
                _ if in_list => self.list_key(key, held, state, find, commands),
                _ => {}
            }
        }
        if in_list {
            let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
            ctx.memory_mut(|memory| memory.set_focus_lock_filter(list_id(), filter));
        }
    }

    fn list_key(&mut self, key: Key, held: Held, state: &State, find: &Find, commands: &mut Vec<Command>) {
        let current = self.lines.line(find, self.current);
        match key {
            Key::ArrowDown => self.go_to(self.current.saturating_add(1)),
            Key::ArrowUp => self.go_to(self.current.saturating_sub(1)),
            Key::PageDown | Key::PageUp => {
                let by = (self.view_height - PAGE_OVERLAP).max(PAGE_OVERLAP);
                let by = if key == Key::PageUp { -by } else { by };
                let top = (self.lines.top(self.current) + by).max(0.0);
                self.go_to(self.lines.between(top..top + 1.0).start);
            }
            Key::Home => self.go_to(0),
            Key::End => self.go_to(u64::MAX),
            Key::A if held.ctrl => commands.push(Command::Find(FindCommand::ToggleAll)),
            Key::Enter if self.acts.act.is_some() => self.acts.confirm(find, commands),
            Key::Enter => commands.extend(current.map(show)),
            Key::Space => commands.extend(current.map(toggle)),
            _ => match Self::act_of_key(key, held, state) {
                Some(Command::Mark(MarkCommand::Label(label))) => self.propose(find, FindAct::Label(label)),
                Some(Command::Mark(MarkCommand::AlsoLabel(label))) => self.propose(find, FindAct::Relabel(label)),
                Some(Command::Mark(MarkCommand::Remove)) => self.propose(find, FindAct::Remove),
                // A list has no text that they could be meant for.
                Some(command @ (Command::Undo | Command::Redo)) => commands.push(command),
                _ => {}
            },
        }
    }

    /// What a key asks for in the article.
    fn act_of_key(key: Key, held: Held, state: &State) -> Option<Command> {
        let chord = Chord::of_key(key.name_for_table(), held)?;
        match state.shortcuts.act_of(
            chord,
            state.project.as_ref().map(|project| project.mode),
            state.project.as_ref().map(|project| &project.labels),
        )? {
            Act::Command(command) => Some(command),
            _ => None,
        }
    }

    /// Opens the preview of an act, unless there is nothing that it could be done to.
    fn propose(&mut self, find: &Find, act: FindAct) {
        if find.selected() > 0 && !find.stale {
            self.acts.act = Some(act);
        }
    }

    fn go_to(&mut self, line: u64) {
        self.current = line.min(self.lines.count().saturating_sub(1));
        self.list.reveal(self.lines.top(self.current), self.lines.top(self.current + 1));
    }

    /// The paper with the hits, or what there is to say where there are none.
    fn paper(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, find: &Find, commands: &mut Vec<Command>) {
        let palette = &kit.palette;
        let rect = ui.available_rect_before_wrap();
        let radius = CornerRadius { nw: space::PAPER_RADIUS, ne: space::PAPER_RADIUS, sw: 0, se: 0 };
        let stroke = Stroke::new(1.0, palette.line);
        let paper = rect.with_max_y(rect.bottom() + 2.0);
        ui.painter_at(rect).rect(paper, radius, palette.paper, stroke, StrokeKind::Inside);
        let response = ui.interact(rect, list_id(), Sense::click());
        let name = kit.words("find-list");
        response.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, &name));
        let said = self.lines.line(find, self.current).map(|line| match line {
            Line::Heading(found) => found.title.clone(),
            Line::Hit(_, hit) => format!("{}{}{}", hit.before, hit.surface, hit.after),
        });
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(said.unwrap_or_default()));
        if self.lines.count() == 0 {
            empty(ui, kit, find, rect);
        } else {
            let rows = rect.shrink2(vec2(1.0, 0.0)).with_min_y(rect.top() + 8.0);
            let mut inner = ui.new_child(UiBuilder::new().max_rect(rows).id_salt("hits"));
            self.rows(&mut inner, kit, project, find, commands);
        }
        ui.allocate_rect(rect, Sense::hover());
    }

    fn rows(&mut self, ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, find: &Find, commands: &mut Vec<Command>) {
        self.view_height = f64::from(ui.available_height());
        let scale = ui.ctx().pixels_per_point();
        if self.scale != scale {
            self.scale = scale;
            self.laid_out.clear();
        }
        let has_keyboard = ui.memory(|memory| memory.has_focus(list_id()));
        let (lines, current, laid_out) = (&self.lines, self.current, &mut self.laid_out);
        let pressed = self.list.show(ui, kit, lines.height() + 12.0, |ui, view| {
            let shown = lines.between(view.heights());
            laid_out.retain(|line, _| shown.contains(line));
            let mut pressed = None;
            for at in shown {
                let Some(line) = lines.line(find, at) else { break };
                let (top, bottom) = (view.y(lines.top(at)), view.y(lines.top(at + 1)));
                let row = Rect::from_min_max(pos2(view.rect.left(), top), pos2(view.rect.right(), bottom));
                let stand = Stand { is_first: at == 0, is_current: at == current, has_keyboard, is_live: !find.stale };
                let Pressed { toggled, shown } = match line {
                    Line::Heading(found) => heading(ui, kit, find, row, found, stand),
                    Line::Hit(found, hit) => {
                        let mut drawn = laid_out.remove(&at);
                        let hit = (found, hit, find.is_selected(found.article, hit.span));
                        let pressed = hit_row(ui, kit, project, row, hit, &mut drawn, stand);
                        laid_out.extend(drawn.map(|drawn| (at, drawn)));
                        pressed
                    }
                };
                if toggled {
                    pressed = Some((at, toggle(line)));
                } else if shown {
                    pressed = Some((at, show(line)));
                }
            }
            pressed
        });
        if let Some((line, command)) = pressed {
            self.current = line;
            ui.memory_mut(|memory| memory.request_focus(list_id()));
            commands.push(command);
        }
    }
}

/// Shows a hit, or the first one of an article, in the article.
fn show(line: Line<'_>) -> Command {
    let (article, span) = match line {
        Line::Heading(found) => (found.article, found.hits.first().map_or(Span::default(), |hit| hit.span)),
        Line::Hit(found, hit) => (found.article, hit.span),
    };
    Command::Find(FindCommand::Show { article, span })
}

/// Takes a line into the selection or out of it.
fn toggle(line: Line<'_>) -> Command {
    Command::Find(match line {
        Line::Heading(found) => FindCommand::ToggleArticle(found.article),
        Line::Hit(found, hit) => FindCommand::Toggle { article: found.article, span: hit.span },
    })
}

/// The keys that were pressed, by their place on the keyboard.
fn keys_of_frame(ui: &Ui) -> Vec<(Key, Held)> {
    ui.input(|input| {
        let key = |event: &Event| match event {
            Event::Key { key, physical_key, pressed: true, modifiers, .. } => {
                let held = Held { ctrl: modifiers.command, shift: modifiers.shift, alt: modifiers.alt };
                Some((physical_key.unwrap_or(*key), held)).filter(|_| !held.alt)
            }
            _ => None,
        };
        input.events.iter().filter_map(key).collect()
    })
}

/// Looks for the same with something changed.
fn set(find: &Find, commands: &mut Vec<Command>, change: impl FnOnce(&mut FindQuery)) {
    let mut query = find.query.clone();
    change(&mut query);
    commands.push(Command::Find(FindCommand::Set(query)));
}

/// How it must stand in the text, and what must be true of the labels there.
fn constraints(ui: &mut Ui, kit: &Kit<'_>, project: &OpenProject, find: &Find, commands: &mut Vec<Command>) {
    let query = &find.query;
    kit.wrapped_row(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        for (pattern, words) in PATTERNS {
            if kit.chip(ui, &kit.words(words), query.pattern == pattern).clicked() {
                set(find, commands, |query| query.pattern = pattern);
            }
        }
        ui.add_space(6.0);
        let is_whole = query.pattern == Pattern::Whole;
        let suffixed = check_line(ui, kit, &kit.words("find-suffixed"), query.suffixed && is_whole, is_whole);
        if kit.hint(suffixed, &kit.words("find-suffixed-what")).clicked() {
            set(find, commands, |query| query.suffixed = !query.suffixed);
        }
        ui.add_space(14.0);
        for (labelled, words) in [(Labelled::Any, "find-any"), (Labelled::Unlabelled, "find-unlabelled")] {
            if kit.chip(ui, &kit.words(words), query.labelled == labelled).clicked() {
                set(find, commands, |query| query.labelled = labelled);
            }
        }
        let with: fn(LabelId) -> Labelled = Labelled::With;
        for ([of_any, of_label], make) in
            [(["find-with", "find-with-label"], with), (["find-without", "find-without-label"], Labelled::Without)]
        {
            let chosen = match query.labelled {
                Labelled::With(id) | Labelled::Without(id) if make(id) == query.labelled => project.label(id),
                _ => None,
            };
            let words = chosen
                .map_or_else(|| Message::new(of_any), |label| Message::new(of_label).text("label", label_title(label)));
            let text = kit.locale.message(&words);
            let chip = kit.chip(ui, &text, chosen.is_some());
            if let Some(label) = label_menu(&chip, kit, project) {
                set(find, commands, |query| query.labelled = make(label));
            }
        }
    });
}

/// Says why there is no hit.
fn empty(ui: &mut Ui, kit: &Kit<'_>, find: &Find, rect: Rect) {
    let words = if find.query.wanted.trim().is_empty() {
        ["find-empty", "find-empty-what"]
    } else if find.problem.is_some() {
        ["find-problem", "find-problem-what"]
    } else if find.complete {
        ["find-none", "find-none-what"]
    } else {
        return;
    };
    let width = 420.0_f32.min(rect.width() - 40.0);
    let top = rect.top() + (rect.height() * 0.28 - 30.0).max(12.0);
    let place = Rect::from_min_size(pos2(rect.center().x - width / 2.0, top), vec2(width, rect.height()));
    let mut inner = ui.new_child(UiBuilder::new().max_rect(place).layout(Layout::top_down(Align::Center)));
    let [title, what] = words.map(|id| kit.words(id));
    centred(&mut inner, kit, &title, Look { size: size::LEAD, ..kit.strong() });
    centred(&mut inner, kit, &what, kit.soft());
}

/// A text whose lines stand in the middle.
fn centred(ui: &mut Ui, kit: &Kit<'_>, text: &str, look: Look) {
    let style = GalleyStyle {
        weight: look.weight,
        colour: look.colour,
        direction: kit.locale.direction(),
        align: TextAlign::Middle,
        wrap: Wrap::Wrap(ui.available_width()),
        ..GalleyStyle::new(look.size)
    };
    ui.label(kit.bridge.galley(ui.ctx(), text, &style));
}
