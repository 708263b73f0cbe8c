//! The dialog of bringing a colleague's work in: what would come of each project and file, what differs, and what is to be decided.
//!
//! Owns what is being typed and which list is shown. It must not read a file: the session tries the merge and says what would come.

use crate::domain::article::Direction;
use crate::exchange::survey::Survey;
use crate::session::command::{Command, Dialog, MergeCommand, ViewCommand};
use crate::session::importing::ImportChoice;
use crate::session::merging::{MergeChoice, Merging, Outlook, Source};
use crate::session::state::{OpenProject, State};
use crate::ui::choices;
use crate::ui::form::{self, Ask, Entry};
use crate::ui::galley::Wrap;
use crate::ui::import_labels::ImportLabels;
use crate::ui::kit::{Kit, Look};
use crate::ui::modal::{self, Card, Dismiss};
use crate::ui::problems_dialog;
use crate::words::message::Message;
use egui::{Context, Id, Key, Modifiers, Ui};

/// The width of the card, in points.
const WIDTH: f32 = 760.0;
/// How many lines of a list are seen without scrolling.
const LINES: usize = 5;
/// The height of a line, in points.
const LINE: f32 = 28.0;
/// How many sources are seen without scrolling.
const SOURCES: f32 = 4.0;

/// The dialog.
#[derive(Debug, Default)]
pub struct MergeDialog {
    annotator: Entry,
    /// What the annotator was when it was decided last.
    decided: String,
    labels: ImportLabels,
    /// The labels that were new in any look, so that one which was given another name stays in sight.
    seen: Survey,
    /// The number of the look that is shown.
    number: u64,
    /// Which list is shown in the place of everything else.
    list: Option<List>,
}

/// A list of sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Conflicts,
    Moves,
}

impl MergeDialog {
    /// Shows it while the state has it.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let (Some(Dialog::Merge), Some(merging), Some(project)) = (&state.dialog, &state.merging, &state.project)
        else {
            return;
        };
        let title = kit.words(match self.list {
            None => "merge-title",
            Some(List::Conflicts) => "merge-conflicts-title",
            Some(List::Moves) => "merge-moves-title",
        });
        // From a list Esc leads back.
        let dismiss = if self.list.is_some() { Dismiss::Never } else { Dismiss::Escape };
        let card = Card { name: "merge", title: &title, width: WIDTH, dismiss };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            if shown.is_new() {
                *self = Self { annotator: Entry::line(&merging.choice.annotator), ..Self::default() };
            }
            let outlook = match &merging.outlook {
                Some(Ok(outlook)) => Some(outlook.as_ref()),
                _ => None,
            };
            self.take(merging, outlook, project);
            match (self.list, outlook) {
                (Some(list), Some(outlook)) => self.whole(ui, kit, list, outlook, shown.room),
                _ => self.body(ui, kit, merging, outlook, project, shown.room, commands),
            }
        });
    }

    /// Takes in a look that has ended.
    fn take(&mut self, merging: &Merging, outlook: Option<&Outlook>, project: &OpenProject) {
        let Some(outlook) = outlook else { return };
        if merging.seen.is_none() {
            self.number = merging.number;
            self.seen.labels.extend(outlook.labels.iter().map(|(name, count)| (name.clone(), *count)));
        }
        let fates = ImportChoice { fates: merging.choice.fates.clone(), ..ImportChoice::default() };
        self.labels.take(self.number, &self.seen, &fates, &project.labels);
    }

    fn whole(&mut self, ui: &mut Ui, kit: &Kit<'_>, list: List, outlook: &Outlook, room: f32) {
        let sentences = match list {
            List::Conflicts => &outlook.conflicts,
            List::Moves => &outlook.moves,
        };
        problems_dialog::rows(ui, kit, sentences, room - 60.0);
        modal::buttons(ui, kit, |ui| {
            let escaped = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
            if kit.main_button(ui, &kit.words("back"), true).clicked() || escaped || modal::entered(ui) {
                self.list = None;
            }
        });
    }

    #[expect(clippy::too_many_arguments, reason = "what a dialog's body is told")]
    fn body(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        merging: &Merging,
        outlook: Option<&Outlook>,
        project: &OpenProject,
        room: f32,
        commands: &mut Vec<Command>,
    ) {
        let mut choice = merging.choice.clone();
        modal::scroll(room - 60.0).show(ui, |ui| {
            kit.column(ui, |ui| {
                kit.text(ui, &kit.words("merge-what"), kit.soft());
                reading(ui, kit, merging);
                if let Some(Err(reason)) = &merging.outlook {
                    form::fault(ui, kit, &kit.locale.message(reason));
                }
                let Some(outlook) = outlook else { return };
                modal::scroll(SOURCES * 76.0).id_salt("sources").show(ui, |ui| {
                    kit.column(ui, |ui| {
                        ui.spacing_mut().item_spacing.y = 3.0;
                        outlook.sources.iter().for_each(|one| source(ui, kit, one));
                    });
                });
                form::line(ui, kit);
                self.decisions(ui, kit, outlook, &mut choice);
                if !self.labels.is_empty() {
                    form::line(ui, kit);
                    form::caption(ui, kit, &kit.words("merge-labels"));
                    let mut fates = ImportChoice { fates: choice.fates.clone(), ..ImportChoice::default() };
                    if self.labels.show(ui, kit, &project.labels, &mut fates, 136.0) {
                        choice.fates = fates.fates;
                    }
                }
                self.lists(ui, kit, outlook);
            });
        });
        if choice != merging.choice {
            commands.push(Command::Merge(MergeCommand::Choose(Box::new(choice))));
        }
        let ready = merging.is_ready();
        modal::buttons(ui, kit, |ui| {
            let quick = ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Enter));
            let pressed = kit.main_button(ui, &kit.words("merge-take"), ready).clicked();
            if kit.button(ui, &kit.words("cancel")).clicked() {
                commands.push(Command::View(ViewCommand::Dismiss));
            }
            if merging.seen.is_none() && outlook.is_some_and(|outlook| !outlook.is_news) {
                kit.line(ui, &kit.words("merge-nothing"), kit.soft(), ui.available_width());
            }
            if ready && (pressed || quick || modal::entered(ui)) {
                commands.push(Command::Merge(MergeCommand::Take));
            }
        });
    }

    fn decisions(&mut self, ui: &mut Ui, kit: &Kit<'_>, outlook: &Outlook, choice: &mut MergeChoice) {
        if outlook.sources.iter().any(|one| one.is_file) {
            let name = kit.words("merge-annotator");
            choices::row(ui, kit, &name, |ui| {
                let hint = kit.words("merge-annotator-hint");
                let ask = Ask { hint: &hint, ..Ask::new(&name) };
                let filled = self.annotator.show(ui, kit, Id::unique("merge-annotator"), &ask);
                // Another look is taken when the field is left, not at each letter.
                if filled.left && self.annotator.text() != self.decided {
                    self.decided = self.annotator.text();
                    choice.annotator.clone_from(&self.decided);
                }
            });
        }
        if choices::tick(ui, kit, &kit.words("merge-known-only"), choice.known_only) {
            choice.known_only = !choice.known_only;
        }
        if outlook.differing > 0 {
            let words = Message::new("merge-realign").number("count", outlook.differing);
            if choices::tick(ui, kit, &kit.locale.message(&words), choice.realign) {
                choice.realign = !choice.realign;
            }
        }
    }

    /// What is not taken as it stands, and what is moved: the first lines of each, and all in the place of everything else.
    fn lists(&mut self, ui: &mut Ui, kit: &Kit<'_>, outlook: &Outlook) {
        let lists = [
            (List::Conflicts, &outlook.conflicts, "merge-conflicts", kit.palette.fault),
            (List::Moves, &outlook.moves, "merge-moves", kit.palette.ink),
        ];
        for (list, sentences, id, colour) in lists {
            if sentences.is_empty() {
                continue;
            }
            form::line(ui, kit);
            let words = kit.locale.message(&Message::new(id).number("count", sentences.len() as u64));
            kit.row(ui, |ui| {
                kit.line(ui, &words, Look { weight: 600.0, colour, ..kit.small() }, ui.available_width() - 120.0);
                let is_long = sentences.len() > LINES;
                if is_long
                    && kit.row_end(ui, |ui| kit.bare_button(ui, &kit.words("import-all-problems"), true)).clicked()
                {
                    self.list = Some(list);
                }
            });
            for sentence in sentences.iter().take(LINES) {
                let width = ui.available_width();
                kit.line(ui, &kit.locale.message(sentence), kit.small(), width);
            }
        }
    }
}

/// How far the look is that is on its way.
fn reading(ui: &mut Ui, kit: &Kit<'_>, merging: &Merging) {
    let Some(articles) = merging.seen else { return };
    kit.row(ui, |ui| {
        let words = kit.locale.message(&Message::new("import-reading").number("count", articles));
        choices::bar(ui, kit, &words, None, 120.0);
        kit.line(ui, &words, kit.soft(), ui.available_width());
    });
}

/// What would come of one project or file.
fn source(ui: &mut Ui, kit: &Kit<'_>, one: &Source) {
    kit.row(ui, |ui| {
        ui.set_min_height(LINE);
        let width = ui.available_width();
        let galley = kit.galley(ui, &one.name, kit.strong(), Direction::Auto, Wrap::Truncate(width * 0.5));
        ui.label(galley);
        let named = one.annotators.iter().map(|(name, layers)| {
            kit.locale.message(&Message::new("import-named").text("name", name).number("count", *layers))
        });
        let named = named.collect::<Vec<_>>().join(" · ");
        kit.row_end(ui, |ui| kit.line(ui, &named, kit.small(), ui.available_width()));
    });
    for parts in [&one.articles, &one.layers] {
        if !parts.is_empty() {
            let words = parts.iter().map(|part| kit.locale.message(part)).collect::<Vec<_>>().join(" · ");
            kit.text(ui, &words, kit.soft());
        }
    }
    ui.add_space(4.0);
}
