//! The dialog of an import: what the files are and hold, what is to be decided about them, and how they will look.
//!
//! Owns what is being typed and which page is shown. It must not read a file: the session's survey says what is in them.

use crate::exchange::survey::Survey;
use crate::formats::format::{FORMATS, Format};
use crate::formats::offset_unit::OffsetUnit;
use crate::session::command::{Command, Dialog, ImportCommand, ViewCommand};
use crate::session::importing::{self, ImportChoice, Importing};
use crate::session::state::{OpenProject, State};
use crate::session::telling::in_file;
use crate::ui::choices::{self, Chosen};
use crate::ui::form::{self, Ask, Cells, Entry};
use crate::ui::format_words;
use crate::ui::import_labels::{Becomes, ImportLabels};
use crate::ui::import_preview::ImportPreview;
use crate::ui::kit::{Kit, Look};
use crate::ui::modal::{self, Card, Dismiss, Shown};
use crate::ui::problems_dialog;
use crate::ui::theme::space;
use crate::words::message::Message;
use egui::{Context, CornerRadius, Id, Key, Modifiers, Rect, Stroke, StrokeKind, Ui, vec2};
use std::num::NonZeroUsize;

/// The width of the card, in points.
const WIDTH: f32 = 1080.0;
/// The width of the column of decisions, in points.
const DECISIONS: f32 = 440.0;
/// Below this width the columns stand one below the other.
const NARROW: f32 = 760.0;
/// The height of the columns at most, in points.
const HEIGHT: f32 = 660.0;
/// What stands above and below the columns: the summary and the buttons.
const AROUND: f32 = 98.0;
/// How many problems are shown beside the preview.
const SHOWN_PROBLEMS: usize = 2;
/// The width of a short field, in points.
const SHORT: f32 = 96.0;

/// The dialog.
#[derive(Debug, Default)]
pub struct ImportDialog {
    annotator: Entry,
    source: Entry,
    sentences: Entry,
    text_column: Entry,
    mentions_column: Entry,
    id_column: Entry,
    labels: ImportLabels,
    preview: ImportPreview,
    /// The problems of the survey of this number, in no language yet.
    problems: (u64, Vec<Message>),
    /// Whether all problems are listed in the place of everything else.
    lists_problems: bool,
    /// The number of the survey that is shown.
    number: u64,
}

impl ImportDialog {
    /// Shows it while the state has it.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let (Some(Dialog::Import), Some(importing), Some(project)) = (&state.dialog, &state.importing, &state.project)
        else {
            return;
        };
        let title = kit.words(if self.lists_problems { "problems-import" } else { "import-title" });
        // From the list of problems Esc leads back.
        let dismiss = if self.lists_problems { Dismiss::Never } else { Dismiss::Escape };
        let card = Card { name: "import", title: &title, width: WIDTH, dismiss };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            if shown.is_new() {
                self.open(kit, &importing.choice);
            }
            self.take(importing, project);
            if self.lists_problems {
                self.list(ui, kit, importing, shown);
            } else {
                self.body(ui, kit, importing, project, shown, commands);
            }
        });
    }

    fn open(&mut self, kit: &Kit<'_>, choice: &ImportChoice) {
        let sentences = choice.reading.sentences.map(|count| kit.locale.number(count.get() as u64));
        *self = Self {
            annotator: Entry::line(&choice.annotator),
            source: Entry::line(&choice.source),
            sentences: Entry::line(&sentences.unwrap_or_default()),
            ..Self::default()
        };
    }

    /// Takes in a survey that has come.
    fn take(&mut self, importing: &Importing, project: &OpenProject) {
        let Some(survey) = importing.survey.as_deref() else { return };
        if importing.current().is_some() {
            self.number = importing.number;
        }
        self.labels.take(self.number, survey, &importing.choice, &project.labels);
        self.preview.take(self.number, &survey.first);
        if self.problems.0 != self.number {
            let failures = survey.failures.iter().map(Message::from);
            let problems = survey.problems.iter().map(|(path, problem)| in_file(path, problem));
            let hidden = (survey.faults + survey.notes).saturating_sub(survey.problems.len() as u64);
            let more = (hidden > 0).then(|| Message::new("problems-more").number("count", hidden));
            self.problems = (self.number, failures.chain(problems).chain(more).collect());
        }
    }

    fn list(&mut self, ui: &mut Ui, kit: &Kit<'_>, importing: &Importing, shown: Shown) {
        let count = importing.survey.as_deref().map_or(0, |s| s.faults + s.notes + s.failures.len() as u64);
        let words = kit.locale.message(&Message::new("problems-count").number("count", count));
        kit.line(ui, &words, kit.soft(), ui.available_width());
        problems_dialog::rows(ui, kit, &self.problems.1, shown.room - 100.0);
        modal::buttons(ui, kit, |ui| {
            let escaped = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
            if kit.main_button(ui, &kit.words("back"), true).clicked() || escaped || modal::entered(ui) {
                self.lists_problems = false;
            }
        });
    }

    fn body(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        importing: &Importing,
        project: &OpenProject,
        shown: Shown,
        commands: &mut Vec<Command>,
    ) {
        summary(ui, kit, importing, commands);
        form::line(ui, kit);
        let mut choice = importing.choice.clone();
        let height = (shown.room - AROUND).clamp(140.0, HEIGHT);
        let width = ui.available_width();
        if width < NARROW {
            modal::scroll(height).auto_shrink([false, false]).show(ui, |ui| {
                kit.column(ui, |ui| {
                    self.decisions(ui, kit, importing, project, &mut choice, 220.0);
                    form::line(ui, kit);
                    self.outlook(ui, kit, importing, 260.0);
                });
            });
        } else {
            let (rect, _) = ui.allocate_exact_size(vec2(width, height), egui::Sense::hover());
            let mut cells = Cells::of(rect, kit);
            let start = cells.first(DECISIONS);
            cells.first(6.0);
            form::in_column(ui, kit, "decisions", start, |ui| {
                self.decisions(ui, kit, importing, project, &mut choice, height)
            });
            form::in_column(ui, kit, "outlook", cells.rest(), |ui| self.outlook(ui, kit, importing, height));
        }
        if choice != importing.choice {
            commands.push(Command::Import(ImportCommand::Choose(Box::new(choice))));
        }
        let ready = importing.is_ready();
        modal::buttons(ui, kit, |ui| {
            let quick = ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Enter));
            let pressed = kit.main_button(ui, &kit.words("import-take"), ready).clicked();
            if kit.button(ui, &kit.words("cancel")).clicked() {
                commands.push(Command::View(ViewCommand::Dismiss));
            }
            if ready && (pressed || quick || modal::entered(ui)) {
                commands.push(Command::Import(ImportCommand::Take));
            }
        });
    }

    /// What can be decided: how the files are read, whose the mentions are, and what becomes of labels, in `height` points.
    fn decisions(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        importing: &Importing,
        project: &OpenProject,
        choice: &mut ImportChoice,
        height: f32,
    ) {
        let top = ui.cursor().top();
        ui.spacing_mut().item_spacing.y = 4.0;
        let survey = importing.survey.as_deref();
        choices::row(ui, kit, &kit.words("import-format"), |ui| format_menu(ui, kit, survey, choice));
        let Some(survey) = survey else { return };
        if let Some(encoding) = survey.encoding {
            choices::row(ui, kit, &kit.words("import-encoding"), |ui| {
                kit.line(ui, encoding, kit.plain(), ui.available_width());
            });
        }
        if importing::asks_unit(survey) && survey.mentions + survey.suggestions + survey.faults > 0 {
            choices::row(ui, kit, &kit.words("import-unit"), |ui| unit_menu(ui, kit, survey, choice));
        }
        if importing::asks_sentences(survey) {
            self.sentences_row(ui, kit, choice);
        }
        if importing::asks_columns(survey) {
            self.columns_row(ui, kit, choice);
        }
        if survey.mentions > 0 {
            choices::row(ui, kit, &kit.words("import-become"), |ui| {
                let ways = [(false, kit.words("import-become-layers")), (true, kit.words("import-become-suggestions"))];
                choices::chips(ui, kit, &ways, &mut choice.as_suggestions);
            });
            self.whose_row(ui, kit, survey, choice);
        }
        if !self.labels.is_empty() {
            ui.add_space(2.0);
            form::line(ui, kit);
            form::caption(ui, kit, &kit.words("import-labels"));
            let room = (top + height - ui.cursor().top()).max(102.0);
            self.labels.show(ui, kit, &project.labels, choice, room);
        }
    }

    fn sentences_row(&mut self, ui: &mut Ui, kit: &Kit<'_>, choice: &mut ImportChoice) {
        let name = kit.words("import-sentences");
        let typed = self.sentences.text();
        let count = form::number(&typed).and_then(|count| usize::try_from(count).ok()).and_then(NonZeroUsize::new);
        let is_fault = !typed.trim().is_empty() && count.is_none();
        choices::row(ui, kit, &name, |ui| {
            let filled = short_field(ui, kit, SHORT, |ui| {
                let hint = kit.words("import-sentences-hint");
                let ask = Ask { fault: is_fault, hint: &hint, ..Ask::new(&name) };
                self.sentences.show(ui, kit, Id::unique("import-sentences"), &ask)
            });
            kit.line(ui, &kit.words("import-sentences-what"), kit.small(), ui.available_width());
            if filled.left && !is_fault {
                choice.reading.sentences = count;
            }
        });
    }

    fn columns_row(&mut self, ui: &mut Ui, kit: &Kit<'_>, choice: &mut ImportChoice) {
        let fields = [
            ("import-column-text", &mut self.text_column, &mut choice.reading.columns.text),
            ("import-column-mentions", &mut self.mentions_column, &mut choice.reading.columns.mentions),
            ("import-column-id", &mut self.id_column, &mut choice.reading.columns.id),
        ];
        choices::row(ui, kit, &kit.words("import-columns"), |ui| {
            let width = ((ui.available_width() - 12.0) / 3.0).max(40.0);
            for (name, entry, chosen) in fields {
                let hint = kit.words(name);
                let filled = short_field(ui, kit, width, |ui| {
                    entry.show(ui, kit, Id::unique(name), &Ask { hint: &hint, ..Ask::new(&hint) })
                });
                if filled.left {
                    let typed = entry.text().trim().to_owned();
                    *chosen = (!typed.is_empty()).then_some(typed);
                }
            }
        });
    }

    /// Whose the layers or suggestions are: who is named by the files, and who gets what names nobody.
    fn whose_row(&mut self, ui: &mut Ui, kit: &Kit<'_>, survey: &Survey, choice: &mut ImportChoice) {
        if choice.as_suggestions {
            let name = kit.words("import-source");
            choices::row(ui, kit, &name, |ui| {
                let hint = kit.words("import-source-hint");
                let ask = Ask { hint: &hint, ..Ask::new(&name) };
                if self.source.show(ui, kit, Id::unique("import-source"), &ask).changed {
                    choice.source = self.source.text();
                }
            });
            return;
        }
        if importing::asks_annotator(survey) {
            let name = kit.words("import-annotator");
            choices::row(ui, kit, &name, |ui| {
                let fault = self.annotator.text().trim().is_empty();
                let ask = Ask { fault, ..Ask::new(&name) };
                if self.annotator.show(ui, kit, Id::unique("import-annotator"), &ask).changed {
                    choice.annotator = self.annotator.text();
                }
            });
        }
        let named: Vec<String> = survey
            .annotators
            .iter()
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, layers)| {
                kit.locale.message(&Message::new("import-named").text("name", name).number("count", *layers))
            })
            .collect();
        if !named.is_empty() {
            choices::row(ui, kit, &kit.words("import-annotators"), |ui| {
                let joined = named.join(" · ");
                kit.line(ui, &joined, kit.soft(), ui.available_width());
            });
        }
    }

    /// How the first articles will look, and what is wrong with the files, in `height` points.
    fn outlook(&mut self, ui: &mut Ui, kit: &Kit<'_>, importing: &Importing, height: f32) {
        let Some(survey) = importing.survey.as_deref() else { return };
        ui.spacing_mut().item_spacing.y = 4.0;
        let problems = self.problems.1.len().min(SHOWN_PROBLEMS);
        let below = if problems == 0 { 0.0 } else { 34.0 + 24.0 * problems as f32 };
        let (width, height) = (ui.available_width(), (height - below).max(80.0));
        let (rect, _) = ui.allocate_exact_size(vec2(width, height), egui::Sense::hover());
        let radius = CornerRadius::same(space::ROW_RADIUS);
        ui.painter().rect_stroke(rect, radius, Stroke::new(1.0, kit.palette.line), StrokeKind::Inside);
        let inside = rect.shrink2(vec2(2.0, 2.0));
        form::in_column(ui, kit, "preview", inside, |ui| {
            ui.shrink_clip_rect(inside);
            if self.preview.is_empty() {
                ui.add_space(16.0);
                let words = kit.words(if survey.articles == 0 { "import-nothing" } else { "import-no-preview" });
                form::in_cell(ui, kit, Rect::from_min_size(ui.cursor().min, inside.size()).shrink(12.0), |ui| {
                    kit.line(ui, &words, kit.soft(), inside.width() - 24.0);
                });
                return;
            }
            let labels = &self.labels;
            let palette = kit.palette;
            let shade = |label: &str| labels.becomes(label).and_then(|becomes: &Becomes| becomes.shade(&palette));
            let as_suggestions = importing.choice.as_suggestions;
            modal::scroll(inside.height()).auto_shrink([false, false]).show(ui, |ui| {
                self.preview.show(ui, kit, &shade, as_suggestions);
            });
        });
        if problems > 0 {
            self.problems_in_short(ui, kit, survey);
        }
    }

    fn problems_in_short(&mut self, ui: &mut Ui, kit: &Kit<'_>, survey: &Survey) {
        let faults = survey.faults + survey.failures.len() as u64;
        let id = match (faults, survey.notes) {
            (_, 0) => "import-faults",
            (0, _) => "import-notes",
            _ => "import-faults-and-notes",
        };
        let words = kit.locale.message(&Message::new(id).number("faults", faults).number("notes", survey.notes));
        let colour = if faults > 0 { kit.palette.fault } else { kit.palette.soft_ink };
        kit.row(ui, |ui| {
            kit.line(ui, &words, Look { weight: 600.0, colour, ..kit.small() }, ui.available_width() - 120.0);
            if kit.row_end(ui, |ui| kit.bare_button(ui, &kit.words("import-all-problems"), true)).clicked() {
                self.lists_problems = true;
            }
        });
        for problem in self.problems.1.iter().take(SHOWN_PROBLEMS) {
            let width = ui.available_width();
            kit.line(ui, &kit.locale.message(problem), kit.small(), width);
        }
    }
}

/// A field of this width in a row.
fn short_field<R>(ui: &mut Ui, kit: &Kit<'_>, width: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    let (rect, _) = ui.allocate_exact_size(vec2(width, form::FIELD_HEIGHT), egui::Sense::hover());
    form::in_cell(ui, kit, rect, add)
}

/// Which files, and how much is in them or how far they have been read.
fn summary(ui: &mut Ui, kit: &Kit<'_>, importing: &Importing, commands: &mut Vec<Command>) {
    let names: Vec<String> = importing
        .paths
        .iter()
        .map(|path| path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned()))
        .take(50)
        .collect();
    let files = match importing.paths.len() {
        1 => names.concat(),
        count => {
            let count = Message::new("import-files").number("count", count as u64);
            format!("{}: {}", kit.locale.message(&count), names.join("، "))
        }
    };
    kit.row(ui, |ui| {
        let width = ui.available_width();
        kit.line(ui, &files, kit.strong(), width * 0.42);
        kit.row_end(ui, |ui| match (importing.seen, importing.survey.as_deref()) {
            (Some(articles), _) => {
                if kit.bare_button(ui, &kit.words("import-stop-reading"), true).clicked() {
                    commands.push(Command::Import(ImportCommand::StopSurvey));
                }
                let words = kit.locale.message(&Message::new("import-reading").number("count", articles));
                choices::bar(ui, kit, &words, None, 120.0);
                kit.line(ui, &words, kit.soft(), ui.available_width());
            }
            (None, Some(survey)) => counts(ui, kit, survey),
            (None, None) => {}
        });
    });
}

fn counts(ui: &mut Ui, kit: &Kit<'_>, survey: &Survey) {
    let mut parts = vec![Message::new("articles-count").number("count", survey.articles)];
    parts.push(Message::new("mentions-count").number("count", survey.mentions));
    if survey.suggestions > 0 {
        parts.push(Message::new("import-suggestions").number("count", survey.suggestions));
    }
    if survey.stopped {
        parts.push(Message::new("import-part"));
    }
    let words = parts.iter().map(|part| kit.locale.message(part)).collect::<Vec<_>>().join(" · ");
    let look = if survey.stopped { Look { colour: kit.palette.warning, ..kit.soft() } } else { kit.soft() };
    kit.line(ui, &words, look, ui.available_width());
}

/// The format, as it is told by the files or as it is to be read.
fn format_menu(ui: &mut Ui, kit: &Kit<'_>, survey: Option<&Survey>, choice: &mut ImportChoice) {
    let title = |format: Format| format_words::title(kit.locale, format);
    let told = match survey.map(|survey| survey.formats.as_slice()) {
        Some([(format, _)]) if choice.reading.format.is_none() => title(*format),
        Some(several @ [_, _, ..]) if choice.reading.format.is_none() => {
            let named = |(format, count): &(Format, u64)| format!("{} {}", kit.locale.number(*count), title(*format));
            several.iter().map(named).collect::<Vec<_>>().join(" · ")
        }
        _ => String::new(),
    };
    let as_told = match told.is_empty() {
        true => kit.words("import-as-told"),
        false => kit.locale.message(&Message::new("import-as-told-named").text("format", &told)),
    };
    let words = choice.reading.format.map_or_else(|| as_told.clone(), title);
    let name = kit.words("import-format");
    let chosen = Chosen { name: &name, words: &words, colour: None, width: ui.available_width() };
    let pressed = choices::drop_down(ui, kit, &chosen, |ui| {
        let mut pressed = None;
        if choices::line(ui, kit, &as_told, None, choice.reading.format.is_none()) {
            pressed = Some(None);
        }
        kit.menu_rule(ui);
        for format in FORMATS.iter().copied().filter(|format| format.reader.is_some()) {
            if choices::line(ui, kit, &title(format), None, choice.reading.format == Some(format)) {
                pressed = Some(Some(format));
            }
        }
        pressed
    });
    if let Some(format) = pressed {
        choice.reading.format = format;
    }
}

/// The unit of offsets, as the files say or as they are to be counted.
fn unit_menu(ui: &mut Ui, kit: &Kit<'_>, survey: &Survey, choice: &mut ImportChoice) {
    let title = |unit: OffsetUnit| kit.locale.message(&Message::from(unit));
    let as_told = match survey.unit.filter(|_| choice.reading.unit.is_none()) {
        Some(unit) => kit.locale.message(&Message::new("import-as-told-named").part("format", unit)),
        None => kit.words("import-as-told"),
    };
    let words = choice.reading.unit.map_or_else(|| as_told.clone(), title);
    let name = kit.words("import-unit");
    let chosen = Chosen { name: &name, words: &words, colour: None, width: ui.available_width() };
    let pressed = choices::drop_down(ui, kit, &chosen, |ui| {
        let mut pressed = None;
        if choices::line(ui, kit, &as_told, None, choice.reading.unit.is_none()) {
            pressed = Some(None);
        }
        kit.menu_rule(ui);
        for unit in OffsetUnit::ALL {
            if choices::line(ui, kit, &title(unit), None, choice.reading.unit == Some(unit)) {
                pressed = Some(Some(unit));
            }
        }
        pressed
    });
    if let Some(unit) = pressed {
        choice.reading.unit = unit;
    }
}
