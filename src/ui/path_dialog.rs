//! The path dialog: our own file dialog, for desktops that have none. One field, and below it what completes it.
//!
//! Owns the field, the chosen row and the marked files. It must not read a folder in a frame: a thread does.

use crate::domain::article::Direction;
use crate::session::command::{Command, Dialog, ProjectCommand, ViewCommand};
use crate::session::effect::{Picked, Purpose};
use crate::session::state::State;
use crate::ui::folder_reader::{FolderEntry, FolderFault, FolderReader, Listing};
use crate::ui::form::{self, Ask, Cells, Entry};
use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look};
use crate::ui::modal::{self, Card, Dismiss};
use crate::ui::path_completion::{self as completion, Places, Verdict};
use crate::ui::theme::{mixed, space};
use crate::words::message::Message;
use egui::{Context, CornerRadius, Id, Key, Modifiers, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{MAIN_SEPARATOR, PathBuf};

/// The path dialog.
#[derive(Debug, Default)]
pub struct PathDialog {
    entry: Entry,
    reader: Option<FolderReader>,
    /// The folder that was asked for last.
    asked: Option<PathBuf>,
    listing: Option<Listing>,
    /// Places in the listing that fit what is typed.
    matches: Vec<usize>,
    /// The place in `matches` that the arrows are at.
    chosen: Option<usize>,
    /// Whether the chosen row is to come into view.
    reveal: bool,
    marked: BTreeSet<PathBuf>,
}

/// The height of a row, in points.
const ROW: f32 = 28.0;

impl PathDialog {
    /// Shows it while the state has it. `places`: where relative paths and `~` lie.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, places: &Places, commands: &mut Vec<Command>) {
        let Some(Dialog::Path(picked)) = &state.dialog else {
            // The thread ends with the dialog.
            self.reader = None;
            return;
        };
        let purpose = picked.purpose;
        let title = kit.words(match purpose {
            Purpose::New => "path-title-new",
            Purpose::Open => "path-title-open",
            Purpose::Import => "path-title-import",
            Purpose::Merge => "path-title-merge",
            Purpose::ImportFolder => "path-title-import-folder",
            Purpose::Export => "path-title-export",
            Purpose::ExportFolder => "path-title-export-folder",
            Purpose::Names(_) => "path-title-names",
        });
        let card = Card { name: "path", title: &title, width: 600.0, dismiss: Dismiss::Escape };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            if shown.is_new() {
                self.open(picked, places);
            }
            self.follow(ctx, places);
            let id = Id::unique("path-field");
            let mut accepted = ui.memory(|memory| memory.has_focus(id)) && self.take_keys(ui, purpose);
            let name = kit.words("path-field");
            let ask = Ask {
                direction: Direction::LeftToRight,
                keeps_keys: true,
                takes_focus: shown.gives_focus(),
                ..Ask::new(&name)
            };
            if self.entry.show(ui, kit, id, &ask).changed {
                self.chosen = None;
                self.follow(ctx, places);
            }
            let height = (shown.room - 168.0).clamp(ROW * 3.0, ROW * 11.0);
            accepted |= self.list(ui, kit, purpose, height);
            let verdict = self.verdict(purpose, places);
            self.note(ui, kit, purpose, &verdict);
            modal::buttons(ui, kit, |ui| {
                let words = self.main_words(kit, purpose, &verdict);
                let ready = matches!(verdict, Verdict::Take(..) | Verdict::GoInto(_));
                let pressed = kit.main_button(ui, &words, ready).clicked();
                if kit.button(ui, &kit.words("cancel")).clicked() {
                    commands.push(Command::View(ViewCommand::Dismiss));
                }
                if takes_several(purpose)
                    && let Some(folder) = self.listed().filter(|listing| listing.fault.is_none())
                    && kit.bare_button(ui, &kit.words("path-whole-folder"), true).clicked()
                {
                    let picked = Picked { purpose, paths: vec![folder.folder.clone()] };
                    commands.push(Command::Project(ProjectCommand::Picked(picked)));
                }
                if pressed || accepted || modal::entered(ui) {
                    self.accept(purpose, verdict, commands);
                    ui.memory_mut(|memory| memory.request_focus(id));
                }
            });
        });
    }

    fn open(&mut self, picked: &Picked, places: &Places) {
        let text = match picked.paths.first() {
            Some(suggested) => places.start.join(suggested).display().to_string(),
            None => format!("{}{MAIN_SEPARATOR}", places.start.display().to_string().trim_end_matches(MAIN_SEPARATOR)),
        };
        *self = Self { entry: Entry::line(&text), ..Self::default() };
    }

    /// Asks for the folder of what is typed, takes what has come, and finds what fits.
    fn follow(&mut self, ctx: &Context, places: &Places) {
        let text = self.entry.text();
        let (folder, name) = completion::cut(&text);
        let folder = places.path(folder);
        if self.reader.is_none() {
            let ctx = ctx.clone();
            self.reader = FolderReader::new(move || ctx.request_repaint()).ok();
            self.asked = None;
        }
        let Some(reader) = &self.reader else { return };
        if self.asked.as_ref() != Some(&folder) {
            reader.ask(folder.clone());
            self.asked = Some(folder);
        }
        if let Some(listing) = reader.newest() {
            self.listing = Some(listing);
        }
        let entries = self.listed().map_or(&[][..], |listing| &listing.entries);
        let fits = |(_, entry): &(usize, &FolderEntry)| completion::is_shown(&entry.name, name);
        self.matches = entries.iter().enumerate().filter(fits).map(|(place, _)| place).collect();
        self.chosen = self.chosen.filter(|chosen| *chosen < self.matches.len());
    }

    /// The listing, when it is of the folder that is typed.
    fn listed(&self) -> Option<&Listing> {
        self.listing.as_ref().filter(|listing| Some(&listing.folder) == self.asked.as_ref())
    }

    fn matched(&self, place: usize) -> Option<&FolderEntry> {
        self.listed()?.entries.get(*self.matches.get(place)?)
    }

    fn verdict(&self, purpose: Purpose, places: &Places) -> Verdict {
        if !self.marked.is_empty() {
            return Verdict::Take(self.marked.iter().cloned().collect(), None);
        }
        completion::verdict(purpose, &self.entry.text(), places, self.listed())
    }

    /// Tab, the arrows, Space on a chosen row, and Enter; whether Enter accepts what is typed.
    fn take_keys(&mut self, ui: &Ui, purpose: Purpose) -> bool {
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if pressed(Key::Tab) && !self.complete() {
            ui.memory_mut(|memory| memory.move_focus(egui::FocusDirection::Next));
        }
        let last = self.matches.len().checked_sub(1);
        if pressed(Key::ArrowDown) {
            self.choose(last.map(|last| self.chosen.map_or(0, |chosen| (chosen + 1).min(last))));
        }
        if pressed(Key::ArrowUp) {
            self.choose(self.chosen.and_then(|chosen| chosen.checked_sub(1)));
        }
        if takes_several(purpose)
            && let Some(chosen) = self.chosen
            && pressed(Key::Space)
        {
            // The typed space that comes with the key belongs to the mark.
            ui.input_mut(|input| input.events.retain(|event| *event != egui::Event::Text(" ".to_owned())));
            self.mark(chosen);
        }
        if !pressed(Key::Enter) {
            return false;
        }
        match self.chosen.take() {
            Some(chosen) => self.fill_in(chosen),
            None => true,
        }
    }

    fn choose(&mut self, chosen: Option<usize>) {
        self.chosen = chosen;
        self.reveal = true;
    }

    /// Completes what is typed as far as all that fit agree, and past the separator of a folder that is alone; whether that added anything.
    fn complete(&mut self) -> bool {
        let text = self.entry.text();
        let (folder, name) = completion::cut(&text);
        let only = (self.matches.len() == 1).then(|| self.matched(0)).flatten();
        let completed = match only {
            Some(entry) if entry.is_folder => Some(format!("{folder}{}{MAIN_SEPARATOR}", entry.name)),
            _ if completion::is_pattern(name) => None,
            _ => {
                let names = (0..self.matches.len()).filter_map(|place| self.matched(place)).map(|e| e.name.as_str());
                completion::completion(name, names).map(|name| format!("{folder}{name}"))
            }
        };
        let Some(completed) = completed else { return false };
        self.entry.set(&completed);
        self.chosen = None;
        true
    }

    /// Puts an entry in the field: a folder with its separator; whether it is a file, and so can be accepted.
    fn fill_in(&mut self, place: usize) -> bool {
        let Some(entry) = self.matched(place) else { return false };
        let text = self.entry.text();
        let (folder, _) = completion::cut(&text);
        let is_file = !entry.is_folder;
        let text = match entry.is_folder {
            true => format!("{folder}{}{MAIN_SEPARATOR}", entry.name),
            false => format!("{folder}{}", entry.name),
        };
        self.entry.set(&text);
        self.chosen = None;
        is_file
    }

    fn mark(&mut self, place: usize) {
        let Some(listing) = self.listed() else { return };
        let Some(entry) = self.matched(place).filter(|entry| !entry.is_folder) else { return };
        let path = listing.folder.join(&entry.os_name);
        if !self.marked.remove(&path) {
            self.marked.insert(path);
        }
    }

    fn accept(&mut self, purpose: Purpose, verdict: Verdict, commands: &mut Vec<Command>) {
        match verdict {
            Verdict::Take(paths, _) => {
                let picked = Picked { purpose, paths };
                commands.push(Command::Project(ProjectCommand::Picked(picked)));
            }
            Verdict::GoInto(text) => self.entry.set(&text),
            Verdict::Wait | Verdict::Refuse(_) => {}
        }
    }

    /// The rows that fit; whether one of them was accepted.
    fn list(&mut self, ui: &mut Ui, kit: &Kit<'_>, purpose: Purpose, height: f32) -> bool {
        let words = match self.listed() {
            None => Some(kit.words("path-reading")),
            Some(Listing { fault: Some(FolderFault::Unreadable(reason)), .. }) => {
                Some(kit.locale.message(&Message::new("path-unreadable").part("reason", reason.clone())))
            }
            Some(Listing { fault: Some(FolderFault::Missing), .. }) => Some(String::new()),
            Some(listing) if self.matches.is_empty() => {
                Some(kit.words(if listing.entries.is_empty() { "path-empty" } else { "path-nothing" }))
            }
            Some(_) => None,
        };
        if let Some(words) = words {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
            let line = Rect::from_min_size(rect.min, vec2(rect.width(), ROW)).shrink2(vec2(12.0, 0.0));
            form::in_cell(ui, kit, line, |ui| kit.line(ui, &words, kit.soft(), line.width()));
            return false;
        }
        let mut accepted = false;
        let mut area = modal::scroll(height).auto_shrink([false, false]);
        if let Some(chosen) = self.chosen.filter(|_| std::mem::take(&mut self.reveal)) {
            // The chosen row in the middle; the area keeps to its ends.
            area = area.vertical_scroll_offset((chosen as f32 * ROW - height / 2.0).max(0.0));
        }
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            area.show_rows(ui, ROW, self.matches.len(), |ui, rows| accepted = self.rows(ui, kit, purpose, rows));
        });
        accepted
    }

    fn rows(&mut self, ui: &mut Ui, kit: &Kit<'_>, purpose: Purpose, rows: Range<usize>) -> bool {
        let mut accepted = false;
        for place in rows {
            let Some(entry) = self.matched(place) else { continue };
            let is_marked = self.listed().is_some_and(|l| self.marked.contains(&l.folder.join(&entry.os_name)));
            let is_chosen = self.chosen == Some(place);
            let response = row(ui, kit, entry, completion::is_fitting(purpose, &entry.name), is_chosen, is_marked);
            let is_folder = entry.is_folder;
            let marks = takes_several(purpose) && ui.input(|input| input.modifiers.command);
            if response.double_clicked() && !is_folder {
                accepted = self.fill_in(place);
            } else if response.clicked() && marks {
                self.mark(place);
            } else if response.clicked() {
                self.fill_in(place);
                break;
            }
        }
        accepted
    }

    /// What is to be said of the typed path, or how the keys work.
    fn note(&self, ui: &mut Ui, kit: &Kit<'_>, purpose: Purpose, verdict: &Verdict) {
        match verdict {
            Verdict::Take(_, Some(note)) => {
                kit.text(ui, &kit.words(note), Look { colour: kit.palette.warning, ..kit.small() });
            }
            // That nothing has been typed yet is no fault.
            Verdict::Refuse(Some(needed @ "path-name-needed")) => {
                kit.text(ui, &kit.words(needed), kit.small());
            }
            // While something still completes the name, it is not wrong yet.
            Verdict::Refuse(Some(reason)) if self.matches.is_empty() || purpose == Purpose::New => {
                form::fault(ui, kit, &kit.words(reason));
            }
            _ => {
                let id = if takes_several(purpose) { "path-hint-import" } else { "path-hint" };
                kit.text(ui, &kit.words(id), kit.small());
            }
        }
    }

    fn main_words(&self, kit: &Kit<'_>, purpose: Purpose, verdict: &Verdict) -> String {
        let id = match (purpose, verdict) {
            (Purpose::New, _) => "path-new",
            (Purpose::Open, _) => "path-open",
            (Purpose::Export, Verdict::Take(_, Some("path-exists-export"))) => "path-replace",
            (Purpose::Export | Purpose::ExportFolder, _) => "path-export",
            (Purpose::Import | Purpose::Merge, Verdict::Take(paths, _))
                if paths.len() > 1 || !self.marked.is_empty() =>
            {
                let count = u64::try_from(paths.len()).unwrap_or(u64::MAX);
                return kit.locale.message(&Message::new("path-import-count").number("count", count));
            }
            (Purpose::Names(_), _) => "path-load",
            (Purpose::Merge, _) => "merge-look",
            (Purpose::Import | Purpose::ImportFolder, _) => "path-import",
        };
        kit.words(id)
    }
}

/// A row of the list. It takes no keyboard: the field has it.
fn row(ui: &mut Ui, kit: &Kit<'_>, entry: &FolderEntry, fits: bool, chosen: bool, marked: bool) -> egui::Response {
    let palette = &kit.palette;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen || marked, &entry.name));
    let radius = CornerRadius::same(space::CONTROL_RADIUS);
    if chosen {
        ui.painter().rect_filled(rect, radius, palette.selection);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, radius, palette.raised);
    }
    let mut cells = Cells::of(rect.shrink2(vec2(12.0, 0.0)), kit);
    let picture = cells.first(16.0);
    let colour = if fits { palette.accent } else { mixed(palette.paper, palette.soft_ink, 0.7) };
    if entry.is_folder {
        let at = Rect::from_center_size(picture.center(), vec2(14.0, 10.0));
        let tab = [at.left_top(), pos2(at.left() + 5.0, at.top()), pos2(at.left() + 6.5, at.top() + 2.0)];
        let rest = [pos2(at.right(), at.top() + 2.0), at.right_bottom(), at.left_bottom()];
        let points = tab.into_iter().chain(rest).collect();
        ui.painter().add(Shape::closed_line(points, Stroke::new(1.2, palette.soft_ink)));
    } else {
        ui.painter().circle_filled(picture.center(), 3.0, colour);
    }
    if marked {
        let at = cells.last(16.0).center();
        let tick = [at + vec2(-5.0, 0.0), at + vec2(-1.5, 4.0), at + vec2(5.0, -4.0)];
        ui.painter().add(Shape::line(tick.to_vec(), Stroke::new(2.0, palette.accent)));
    }
    let line = cells.rest();
    let ink = if fits || entry.is_folder { palette.ink } else { palette.soft_ink };
    let look = Look { weight: if fits { 600.0 } else { 400.0 }, colour: ink, ..kit.soft() };
    let galley = kit.galley(ui, &entry.name, look, Direction::Auto, Wrap::Truncate(line.width()));
    ui.painter().galley(kit.start_aligned(line, galley.size()).min, galley, ink);
    response
}

/// Whether several files can be taken at once.
fn takes_several(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::Import | Purpose::Merge)
}
