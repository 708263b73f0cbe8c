//! The dialog of the program that suggests mentions: what runs it, how long it may take, and a trial on the open article.
//!
//! Owns what is being typed about it. It must not run anything: that is the session's work.

use crate::domain::article::Direction;
use crate::domain::fold::folded;
use crate::session::command::{Command, Dialog, ExternalCommand, ViewCommand};
use crate::session::external_trial::{TrialState, Tried};
use crate::session::settings::ProgramSetting;
use crate::session::state::State;
use crate::ui::form::{self, Ask, Cells, Entry, FIELD_HEIGHT};
use crate::ui::galley::Wrap;
use crate::ui::kit::Kit;
use crate::ui::modal::{self, Card, Dismiss};
use crate::ui::suggestion_words::label_title;
use crate::words::message::Message;
use egui::{Context, Id, Ui};

/// How many suggestions and problems of a trial are shown.
const MAX_SHOWN: usize = 30;
/// The width of the field of seconds, in points.
const SECONDS_WIDTH: f32 = 90.0;

/// The dialog of the program that suggests mentions.
#[derive(Debug, Default)]
pub struct ExternalDialog {
    command: Entry,
    seconds: Entry,
    on: bool,
    /// Whether a trial was begun here: one from before is of no interest.
    is_tried: bool,
}

impl ExternalDialog {
    /// Shows it while the state has it.
    pub fn show(&mut self, ctx: &Context, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        if state.dialog != Some(Dialog::External) {
            return;
        }
        let card = Card { name: "external", title: &kit.words("external"), width: 640.0, dismiss: Dismiss::Escape };
        modal::show(ctx, kit, &card, commands, |ui, shown, commands| {
            if shown.is_new() {
                self.take(kit, &state.settings.external.clone().unwrap_or_default());
            }
            modal::scroll(shown.room - 60.0).show(ui, |ui| {
                kit.column(ui, |ui| self.body(ui, kit, state, shown.gives_focus(), commands));
            });
            self.end(ui, kit, state, commands);
        });
    }

    fn take(&mut self, kit: &Kit<'_>, setting: &ProgramSetting) {
        *self = Self {
            command: Entry::line(&setting.command),
            seconds: Entry::line(&kit.locale.number(setting.seconds)),
            on: setting.on,
            is_tried: false,
        };
    }

    /// What stands in the fields; `None` when the seconds are no number in their range.
    fn setting(&self) -> Option<ProgramSetting> {
        let seconds = folded(self.seconds.text().trim()).parse().ok()?;
        let command = self.command.text().trim().to_owned();
        ProgramSetting::SECONDS.contains(&seconds).then_some(ProgramSetting { command, seconds, on: self.on })
    }

    fn body(&mut self, ui: &mut Ui, kit: &Kit<'_>, state: &State, gives_focus: bool, commands: &mut Vec<Command>) {
        kit.text(ui, &kit.words("external-what"), kit.soft());
        ui.add_space(4.0);
        let name = kit.words("external-command");
        form::caption(ui, kit, &name);
        let ask = Ask {
            hint: "python3 ~/dates.py",
            direction: Direction::LeftToRight,
            takes_focus: gives_focus,
            ..Ask::new(&name)
        };
        self.command.show(ui, kit, Id::unique("external-command"), &ask);
        let name = kit.words("external-seconds");
        form::caption(ui, kit, &name);
        let fault = self.setting().is_none();
        let mut row = Cells::row(ui, kit, FIELD_HEIGHT);
        form::in_cell(ui, kit, row.first(SECONDS_WIDTH), |ui| {
            let ask = Ask { fault, ..Ask::new(&name) };
            self.seconds.show(ui, kit, Id::unique("external-seconds"), &ask);
        });
        if fault {
            let (least, most) = ProgramSetting::SECONDS.into_inner();
            let words = Message::new("external-seconds-wrong").number("least", least).number("most", most);
            form::fault(ui, kit, &kit.locale.message(&words));
        }
        self.on ^= kit.menu_switch(ui, &kit.words("external-on"), self.on).clicked();
        ui.add_space(4.0);
        form::line(ui, kit);
        self.trial(ui, kit, state, commands);
    }

    /// The button that tries the program, and what came of it.
    fn trial(&mut self, ui: &mut Ui, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let tried = state.tried.as_ref().filter(|_| self.is_tried);
        let is_running = tried == Some(&TrialState::Running);
        let setting = self.setting().filter(|setting| !setting.command.is_empty());
        let setting = setting.filter(|_| state.article().is_some() && !is_running);
        kit.row(ui, |ui| {
            let words = kit.words(if is_running { "external-trying" } else { "external-try" });
            match setting {
                Some(setting) => {
                    if kit.button(ui, &words).clicked() {
                        self.is_tried = true;
                        commands.push(Command::External(ExternalCommand::Try(setting)));
                    }
                }
                None => drop(kit.bare_button(ui, &words, false)),
            }
            if state.article().is_none() {
                kit.text(ui, &kit.words("external-no-article"), kit.small());
            }
        });
        if let Some(TrialState::Done(tried)) = tried {
            outcome(ui, kit, state, tried);
        }
    }

    fn end(&self, ui: &mut Ui, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let setting = self.setting();
        modal::buttons(ui, kit, |ui| {
            let pressed = kit.main_button(ui, &kit.words("save"), setting.is_some()).clicked() || modal::entered(ui);
            if let Some(setting) = setting.filter(|_| pressed) {
                commands.push(Command::External(ExternalCommand::Set(Some(setting))));
                commands.push(Command::View(ViewCommand::Dismiss));
            }
            if state.settings.external.is_some() && kit.bare_button(ui, &kit.words("remove"), true).clicked() {
                commands.push(Command::External(ExternalCommand::Set(None)));
                commands.push(Command::View(ViewCommand::Dismiss));
            }
        });
    }
}

/// What came of a trial: the suggestions or why there are none, what was not taken, and the standard error.
fn outcome(ui: &mut Ui, kit: &Kit<'_>, state: &State, tried: &Tried) {
    match &tried.found {
        Ok(found) => {
            let count = Message::new("external-found").number("count", found.len() as u64);
            kit.text(ui, &kit.locale.message(&count), kit.strong());
            let labels = state.project.as_ref().map(|project| &project.labels);
            for (label, surface) in found.iter().take(MAX_SHOWN) {
                let title = labels.and_then(|labels| labels.resolve(*label)).map_or("?", label_title);
                let line = Message::new("external-mention").text("label", title).text("surface", surface);
                kit.line(ui, &kit.locale.message(&line), kit.plain(), ui.available_width());
            }
            more(ui, kit, found.len());
        }
        Err(message) => drop(form::fault(ui, kit, &kit.locale.message(message))),
    }
    for problem in tried.problems.iter().take(MAX_SHOWN) {
        let problem = Message::new("found").part("what", problem.clone());
        form::fault(ui, kit, &kit.locale.message(&problem));
    }
    more(ui, kit, tried.problems.len());
    if !tried.stderr.trim().is_empty() {
        form::caption(ui, kit, &kit.words("external-stderr"));
        let width = ui.available_width();
        let galley = kit.galley(ui, tried.stderr.trim_end(), kit.small(), Direction::LeftToRight, Wrap::Wrap(width));
        ui.label(galley);
    }
}

/// How many were not shown.
fn more(ui: &mut Ui, kit: &Kit<'_>, count: usize) {
    if let Some(hidden @ 1..) = count.checked_sub(MAX_SHOWN) {
        let words = Message::new("problems-more").number("count", hidden as u64);
        kit.text(ui, &kit.locale.message(&words), kit.small());
    }
}
