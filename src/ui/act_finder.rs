//! The finder of acts: everything that can be asked for in one list, found by a part of its name in either language.
//!
//! Owns what is typed, which line is chosen, and which were used last. It must not know what an act does, nor its keys.

use crate::domain::label::{Colour, LabelId};
use crate::session::acts::{self, Act, Entry as ActEntry, LabelUse};
use crate::session::command::{Command, Dialog, ProjectCommand, ViewCommand};
use crate::session::state::{OpenProject, State};
use crate::ui::form::{Ask, Cells, Entry, in_cell};
use crate::ui::fuzzy::{Fuzzy, Names};
use crate::ui::galley::Wrap;
use crate::ui::key_caps;
use crate::ui::kit::{Kit, Look};
use crate::ui::modal::{self, Card, Dismiss, Shown};
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::{mixed, space};
use crate::words::language::Language;
use crate::words::locale::Locale;
use crate::words::message::Message;
use egui::{Context, CornerRadius, Id, Key, Modifiers, Role, Sense, Ui, WidgetInfo, vec2};
use std::path::PathBuf;

/// The height of a line, in points.
const ROW: f32 = 34.0;
/// How many lines are in view where the window is high enough.
const ROWS: f32 = 11.0;
/// The group of acts that stands last while nothing is typed.
const CARET_GROUP: &str = "keys-caret";
/// So many lines that were used last stand first.
const REMEMBERED: usize = 12;

/// What a line asks for.
#[derive(Clone, Debug, PartialEq)]
enum Choice {
    Act(&'static ActEntry),
    Label(LabelUse, LabelId),
    Open(PathBuf),
}

impl Choice {
    fn act(&self) -> Act {
        match self {
            Self::Act(entry) => entry.act.clone(),
            Self::Label(purpose, label) => Act::Command(purpose.command(*label)),
            Self::Open(path) => Act::Command(Command::Project(ProjectCommand::Open(path.clone()))),
        }
    }
}

/// A line of the list, as it was when the finder opened.
#[derive(Debug)]
struct Line {
    choice: Choice,
    title: String,
    group: &'static str,
    /// The colour of the label that it is about.
    colour: Option<Colour>,
    keys: Vec<String>,
    names: Names,
    possible: bool,
}

/// The finder.
#[derive(Default)]
pub struct ActFinder {
    entry: Entry,
    fuzzy: Fuzzy,
    /// The words of the language that the window does not speak; made when the finder first opens.
    other: Option<Locale>,
    lines: Vec<Line>,
    /// The places of the lines that fit what is typed, the best first.
    found: Vec<usize>,
    chosen: usize,
    reveal: bool,
    used: Vec<Choice>,
}

impl std::fmt::Debug for ActFinder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ActFinder").field("entry", &self.entry).field("used", &self.used).finish_non_exhaustive()
    }
}

impl ActFinder {
    /// Shows it while the state has it; the act that was chosen.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) -> Option<Act> {
        if state.dialog != Some(Dialog::Acts) {
            return None;
        }
        let card = Card { name: "acts", title: &kit.words("acts"), width: 600.0, dismiss: Dismiss::Anywhere };
        let chosen = modal::show(ctx, kit, &card, commands, |ui, shown, _| {
            if shown.is_new() {
                self.begin(kit, state);
            }
            self.body(ui, kit, shown)
        })?;
        commands.push(Command::View(ViewCommand::Dismiss));
        self.used.retain(|used| *used != chosen);
        self.used.insert(0, chosen.clone());
        self.used.truncate(REMEMBERED);
        Some(chosen.act())
    }

    /// Makes the lines anew: labels, keys, and what can be done now are as they are.
    fn begin(&mut self, kit: &Kit<'_>, state: &State) {
        let language = match kit.locale.language() {
            Language::Persian => Language::English,
            Language::English => Language::Persian,
        };
        let other = match self.other.take() {
            Some(other) if other.language() == language => other,
            _ => Locale::new(language),
        };
        self.lines = lines(state, kit.locale, &other);
        self.other = Some(other);
        self.entry.set("");
        self.find();
    }

    /// Finds what fits; with nothing typed what was used last stands first, then what can be done now.
    fn find(&mut self) {
        let typed = self.entry.text();
        let is_empty = typed.trim().is_empty();
        let (lines, used) = (&self.lines, &self.used);
        self.found = self.fuzzy.places(&typed, lines.iter().map(|line| &line.names));
        if is_empty {
            self.found.sort_by_key(|place| {
                let line = lines.get(*place);
                let last_used = line.and_then(|line| used.iter().position(|used| *used == line.choice));
                let possible = line.is_some_and(|line| line.possible);
                // Nobody comes here to move the caret.
                let is_caret = line.is_some_and(|line| line.group == CARET_GROUP);
                (!possible, last_used.unwrap_or(usize::MAX), is_caret)
            });
        }
        self.chosen = 0;
        self.reveal = true;
    }

    fn body(&mut self, ui: &mut Ui, kit: &Kit<'_>, shown: Shown) -> Option<Choice> {
        let entered = self.take_keys(ui);
        let words = kit.words("acts-find");
        let ask = Ask { hint: &words, keeps_keys: true, takes_focus: shown.gives_focus(), ..Ask::new(&words) };
        if self.entry.show(ui, kit, Id::unique("acts field"), &ask).changed {
            self.find();
        }
        ui.add_space(4.0);
        let pressed = self.list(ui, kit, (shown.room - 60.0).min(ROW * ROWS));
        let place = pressed.or(entered.then_some(self.chosen))?;
        let line = self.line(place)?;
        line.possible.then(|| line.choice.clone())
    }

    fn line(&self, place: usize) -> Option<&Line> {
        self.lines.get(*self.found.get(place)?)
    }

    /// The arrows, pages, and Enter; whether Enter was pressed.
    fn take_keys(&mut self, ui: &Ui) -> bool {
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let last = self.found.len().saturating_sub(1);
        let before = self.chosen;
        for (key, by) in [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::PageDown, 10), (Key::PageUp, -10)] {
            if pressed(key) {
                self.chosen = self.chosen.saturating_add_signed(by).min(last);
            }
        }
        self.reveal |= self.chosen != before;
        pressed(Key::Enter)
    }

    /// The lines that fit; the place of the one that was pressed.
    fn list(&mut self, ui: &mut Ui, kit: &Kit<'_>, height: f32) -> Option<usize> {
        if self.found.is_empty() {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
            let line = rect.with_max_y(rect.top() + ROW).shrink2(vec2(12.0, 0.0));
            in_cell(ui, kit, line, |ui| kit.line(ui, &kit.words("acts-none"), kit.soft(), line.width()));
            return None;
        }
        let mut area = modal::scroll(height).auto_shrink([false, false]);
        if std::mem::take(&mut self.reveal) {
            // The chosen line in the middle; the area keeps to its ends.
            area = area.vertical_scroll_offset((self.chosen as f32 * ROW - height / 2.0 + ROW).max(0.0));
        }
        let mut pressed = None;
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            area.show_rows(ui, ROW, self.found.len(), |ui, rows| {
                for place in rows {
                    if let Some(line) = self.line(place)
                        && row(ui, kit, line, place == self.chosen)
                    {
                        pressed = Some(place);
                    }
                }
            });
        });
        pressed
    }
}

/// Every line: the acts, the labels in use for each of their uses, and the projects opened last.
fn lines(state: &State, here: &Locale, other: &Locale) -> Vec<Line> {
    let line = |choice, message: &Message, also: &str, group, keys, possible| {
        let (title, foreign) = (here.message(message), other.message(message));
        let names = Names::new([format!("{title} {also}").as_str(), format!("{foreign} {also}").as_str()]);
        Line { choice, title, group, colour: None, keys, names, possible }
    };
    let mut lines: Vec<Line> = state
        .shortcuts
        .lines()
        .iter()
        .filter(|shortcut| shortcut.entry.act != Act::Command(Command::View(ViewCommand::Show(Dialog::Acts))))
        .map(|shortcut| {
            let entry = shortcut.entry;
            let possible = acts::is_possible(state, entry);
            line(Choice::Act(entry), &Message::new(entry.title), "", entry.group, shortcut.ways(), possible)
        })
        .collect();
    if let Some(project) = &state.project {
        for (purpose, title) in LABEL_LINES {
            for label in project.labels.active() {
                let message = Message::new(title).text("label", label_title(label));
                let (keys, possible) = (label_keys(purpose, &label.keys), label_possible(project, purpose, label.id));
                let choice = Choice::Label(purpose, label.id);
                let line = line(choice, &message, &label.name, "labels-title", keys, possible);
                lines.push(Line { colour: Some(label.colour), ..line });
            }
        }
    }
    for recent in &state.settings.recent {
        let name = recent.path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let message = Message::new("act-open").text("project", name);
        lines.push(line(Choice::Open(recent.path.clone()), &message, "", "start-recent", Vec::new(), true));
    }
    lines
}

/// What can be done with each label, and how that is called.
const LABEL_LINES: [(LabelUse, &str); 4] = [
    (LabelUse::Label, "act-label"),
    (LabelUse::Jump, "act-label-jump"),
    (LabelUse::Arm, "act-label-arm"),
    (LabelUse::Also, "act-label-also"),
];

fn label_keys(purpose: LabelUse, keys: &str) -> Vec<String> {
    let held = match purpose {
        LabelUse::Label => "",
        LabelUse::Also => "Shift ",
        LabelUse::Arm | LabelUse::Jump => return Vec::new(),
    };
    keys.chars().map(|key| format!("{held}{}", key.to_uppercase())).collect()
}

fn label_possible(project: &OpenProject, purpose: LabelUse, label: LabelId) -> bool {
    let Some(open) = &project.open else { return false };
    match purpose {
        LabelUse::Label | LabelUse::Also => open.target().is_some() || open.selected.is_some(),
        LabelUse::Arm => true,
        LabelUse::Jump => open.list.count(label) > 0,
    }
}

/// A line; whether it was pressed. It takes no keyboard: the field has it.
fn row(ui: &mut Ui, kit: &Kit<'_>, line: &Line, chosen: bool) -> bool {
    let palette = &kit.palette;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, line.possible, chosen, &line.title));
    let radius = CornerRadius::same(space::CONTROL_RADIUS);
    if chosen {
        ui.painter().rect_filled(rect, radius, palette.selection);
    } else if response.hovered() && line.possible {
        ui.painter().rect_filled(rect, radius, palette.raised);
    }
    let ground = if chosen { palette.selection } else { palette.paper };
    let faint = |colour| if line.possible { colour } else { mixed(ground, colour, 0.45) };
    let inner = rect.shrink2(vec2(12.0, 0.0));
    let keys_width = in_cell(ui, kit, inner, |ui| key_caps::at_end(ui, kit, &line.keys));
    let mut cells = Cells::of(inner, kit);
    if keys_width > 0.0 {
        cells.last(keys_width);
    }
    let look = Look { colour: faint(palette.ink), weight: 450.0, ..kit.plain() };
    let room = cells.rest().width();
    let title = kit.galley(ui, &line.title, look, kit.locale.direction(), Wrap::Truncate(room));
    let (width, title_rect) = (title.size().x, cells.first(title.size().x));
    ui.painter().galley(kit.start_aligned(title_rect, title.size()).min, title, look.colour);
    let about = line.colour.map_or(palette.soft_ink, |colour| palette.label_ink(colour));
    let look = Look { colour: faint(about), ..kit.small() };
    let group = kit.galley(ui, &kit.words(line.group), look, kit.locale.direction(), Wrap::Extend);
    if width + group.size().x + 16.0 < room {
        ui.painter().galley(kit.start_aligned(cells.rest(), group.size()).min, group, look.colour);
    }
    response.clicked()
}
