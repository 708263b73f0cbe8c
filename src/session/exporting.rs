//! Exporting: what a person decides about an export, what it would come to, and the way to where it goes.
//!
//! Owns the choice and its counts. It must not write a file: rehearsal and export are made by the thread of long jobs.

use crate::domain::layer::Status;
use crate::domain::projection::{Align, Nesting};
use crate::domain::tag_scheme::TagScheme;
use crate::exchange::export::{ExportOptions, default_place};
use crate::exchange::label_map::LabelMap;
use crate::exchange::plan::{Filing, Plan, Split};
use crate::exchange::rehearsal::Rehearsal;
use crate::formats::format::{FORMATS, Format, WriteOptions};
use crate::formats::offset_unit::OffsetUnit;
use crate::session::command::{Dialog, ExportCommand};
use crate::session::effect::{Effect, Picked, Purpose};
use crate::session::exchange_setting::ExportSetting;
use crate::session::state::{Job, State};
use crate::store::contract::Selection;
use crate::words::message::Message;
use std::collections::BTreeSet;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::sync::Arc;

/// What a person decides about an export.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportChoice {
    /// The format.
    pub format: Format,
    /// Whose layers; `None` for everybody's.
    pub annotator: Option<String>,
    /// Whether only what is finished goes out.
    pub only_done: bool,
    /// The names of the labels that go out; `None` for all.
    pub labels: Option<BTreeSet<String>>,
    /// The unit of offsets, where the format leaves the choice.
    pub unit: OffsetUnit,
    /// What becomes of edges inside tokens.
    pub align: Align,
    /// What becomes of nested mentions.
    pub nesting: Nesting,
    /// How tags are written.
    pub scheme: TagScheme,
    /// The weights of the parts, as `80/10/10`; `None` for one whole.
    pub split: Option<String>,
    /// What the draw of the parts begins with.
    pub seed: u64,
    /// How articles are laid into files.
    pub files: Filing,
    /// Whether articles without mentions go out.
    pub bare: bool,
    /// Whether a card is written beside.
    pub card: bool,
}

impl ExportChoice {
    /// Everything, in a format.
    #[must_use]
    pub fn of(format: Format) -> Self {
        Self {
            format,
            annotator: None,
            only_done: false,
            labels: None,
            unit: OffsetUnit::default(),
            align: Align::default(),
            nesting: Nesting::default(),
            scheme: TagScheme::default(),
            split: None,
            seed: 0,
            files: Filing::One,
            bare: true,
            card: false,
        }
    }

    /// What was chosen last; what there is no more is as at first.
    #[must_use]
    pub fn remembered(setting: &ExportSetting) -> Self {
        let format = Format::from_name(&setting.format).filter(|format| format.writer.is_some());
        let files = match setting.files.as_str() {
            "articles" => Filing::Articles,
            "shards" => NonZeroU64::new(setting.shard).map_or(Filing::One, Filing::Shards),
            _ => Filing::One,
        };
        Self {
            only_done: setting.only_done,
            unit: OffsetUnit::from_name(&setting.unit).unwrap_or_default(),
            align: Align::ALL.into_iter().find(|align| align.name() == setting.align).unwrap_or_default(),
            nesting: Nesting::ALL.into_iter().find(|nesting| nesting.name() == setting.nesting).unwrap_or_default(),
            scheme: TagScheme::from_name(&setting.scheme).unwrap_or_default(),
            split: setting.split.clone().filter(|weights| Split::from_weights(weights, 0).is_ok()),
            seed: setting.seed,
            files,
            bare: setting.bare,
            card: setting.card,
            ..Self::of(format.unwrap_or(Format::JSONL))
        }
    }

    /// The same for the settings: what belongs to no project.
    #[must_use]
    pub fn setting(&self) -> ExportSetting {
        let (files, shard) = match self.files {
            Filing::One => ("one", 0),
            Filing::Articles => ("articles", 0),
            Filing::Shards(count) => ("shards", count.get()),
        };
        ExportSetting {
            format: self.format.name.to_owned(),
            only_done: self.only_done,
            unit: self.unit.name().to_owned(),
            align: self.align.name().to_owned(),
            nesting: self.nesting.name().to_owned(),
            scheme: self.scheme.name().to_owned(),
            split: self.split.clone(),
            seed: self.seed,
            files: files.to_owned(),
            shard,
            bare: self.bare,
            card: self.card,
        }
    }

    /// The same for the exporter.
    #[must_use]
    pub fn options(&self) -> ExportOptions {
        let write = WriteOptions {
            unit: self.unit,
            align: self.align,
            nesting: self.nesting,
            scheme: self.scheme,
            ..WriteOptions::default()
        };
        let plan = Plan {
            write,
            labels: self.labels.clone().map_or_else(LabelMap::default, LabelMap::only),
            bare: self.bare,
            split: self.split.as_deref().and_then(|weights| Split::from_weights(weights, self.seed).ok()),
            files: self.files,
            card: self.card,
            ..Plan::of(self.format)
        };
        let status = self.only_done.then_some(Status::Done);
        ExportOptions { selection: Selection { annotator: self.annotator.clone(), status }, plan }
    }

    /// Whether a folder is written and no file.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.options().plan.is_folder()
    }

    /// Where it goes when no other place is given.
    #[must_use]
    pub fn target(&self, title: &str) -> PathBuf {
        default_place(title, &self.options().plan)
    }
}

/// The formats that can be written, in the order of the table.
#[must_use]
pub fn writable() -> Vec<Format> {
    FORMATS.iter().copied().filter(|format| format.writer.is_some()).collect()
}

/// What an export would come to, as far as it is known.
#[derive(Clone, Debug)]
pub enum Counted {
    /// It is being counted: records so far.
    Counting(u64),
    /// It has been counted.
    Done(Arc<Rehearsal>),
    /// It cannot be.
    Failed(Message),
}

/// An export that is being decided.
#[derive(Clone, Debug)]
pub struct Exporting {
    /// What has been decided.
    pub choice: ExportChoice,
    /// The number of the rehearsal that was asked for last.
    pub number: u64,
    /// What it would come to.
    pub counted: Counted,
    /// Whether the place is being asked for.
    pub is_placed: bool,
}

/// Does what the command says.
pub fn update(state: &mut State, command: ExportCommand, effects: &mut Vec<Effect>) {
    match command {
        ExportCommand::Ask => ask(state, effects),
        ExportCommand::Choose(choice) => {
            let Some(exporting) = state.exporting.as_mut().filter(|exporting| exporting.choice != *choice) else {
                return;
            };
            exporting.choice = *choice;
            rehearse(state, effects);
        }
        ExportCommand::StopCounting => effects.push(Effect::StopLooking),
        ExportCommand::AskPlace => ask_place(state, effects),
    }
}

fn ask(state: &mut State, effects: &mut Vec<Effect>) {
    if state.project.is_none() || state.leaving.is_some() {
        return;
    }
    let choice = ExportChoice::remembered(&state.settings.export);
    state.exporting = Some(Exporting { choice, number: 0, counted: Counted::Counting(0), is_placed: false });
    state.dialog = Some(Dialog::Export);
    rehearse(state, effects);
}

fn rehearse(state: &mut State, effects: &mut Vec<Effect>) {
    state.looks += 1;
    let Some(exporting) = &mut state.exporting else { return };
    exporting.number = state.looks;
    exporting.counted = Counted::Counting(0);
    effects.push(Effect::Rehearse { number: exporting.number, choice: Box::new(exporting.choice.clone()) });
}

/// A rehearsal is on its way.
pub fn counting(state: &mut State, number: u64, records: u64) {
    if let Some(exporting) = state.exporting.as_mut().filter(|exporting| exporting.number == number) {
        exporting.counted = Counted::Counting(records);
    }
}

/// A rehearsal has ended.
pub fn counted(state: &mut State, number: u64, outcome: Result<Arc<Rehearsal>, Message>) {
    if let Some(exporting) = state.exporting.as_mut().filter(|exporting| exporting.number == number) {
        exporting.counted = match outcome {
            Ok(rehearsal) => Counted::Done(rehearsal),
            Err(message) => Counted::Failed(message),
        };
    }
}

fn ask_place(state: &mut State, effects: &mut Vec<Effect>) {
    let (Some(exporting), Some(project)) = (&mut state.exporting, &state.project) else { return };
    exporting.is_placed = true;
    let purpose = if exporting.choice.is_folder() { Purpose::ExportFolder } else { Purpose::Export };
    effects.push(Effect::StopLooking);
    effects.push(Effect::Pick { purpose, suggested: Some(exporting.choice.target(&project.project.title)) });
    state.settings.export = exporting.choice.setting();
    effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
    state.dialog = None;
}

/// The place that our own dialog suggests for the export that is being decided, or for one that is not.
#[must_use]
pub fn suggested(state: &State) -> Vec<PathBuf> {
    let Some(project) = &state.project else { return Vec::new() };
    let choice = state.exporting.as_ref().map(|exporting| exporting.choice.clone());
    vec![choice.unwrap_or_else(|| ExportChoice::of(Format::JSONL)).target(&project.project.title)]
}

/// The place is known: exports there as it was decided, or else everything in the format of the ending.
pub fn begin(state: &mut State, path: PathBuf, effects: &mut Vec<Effect>) {
    let decided = state.exporting.take().map(|exporting| exporting.choice);
    if state.project.is_none() || state.leaving.is_some() {
        return;
    }
    let choice = decided.unwrap_or_else(|| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        ExportChoice::of(Format::for_writing(&name).unwrap_or(Format::JSONL))
    });
    state.job = Some(Job { what: "job-export", done: 0, total: 0 });
    effects.push(Effect::Export { path, choice: Box::new(choice) });
}

/// No place was named: back to what was being decided. Whether there was something.
pub fn resume(state: &mut State, effects: &mut Vec<Effect>) -> bool {
    let Some(exporting) = state.exporting.as_mut().filter(|exporting| exporting.is_placed) else { return false };
    exporting.is_placed = false;
    state.dialog = Some(Dialog::Export);
    if matches!(exporting.counted, Counted::Counting(_)) {
        rehearse(state, effects);
    }
    true
}

/// Lets the choice go when its dialog was closed or the project has gone; when only the place was not named, the dialog comes back.
pub fn tidy(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(exporting) = &state.exporting else { return };
    let is_shown = exporting.is_placed || state.dialog == Some(Dialog::Export);
    if state.project.is_none() || !is_shown {
        state.exporting = None;
        effects.push(Effect::StopLooking);
    }
}

/// Whether a dialog asks for the place of an export.
#[must_use]
pub fn asks_place(dialog: Option<&Dialog>) -> bool {
    matches!(dialog, Some(Dialog::Path(Picked { purpose: Purpose::Export | Purpose::ExportFolder, .. })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_comes_back_as_it_was_but_for_what_belongs_to_a_project() {
        let choice = ExportChoice {
            annotator: Some("زهرا".into()),
            labels: Some(BTreeSet::from(["PER".to_owned()])),
            unit: OffsetUnit::Utf16,
            align: Align::Contract,
            nesting: Nesting::Columns,
            scheme: TagScheme::Bilou,
            split: Some("80/10/10".into()),
            seed: 7,
            files: Filing::Shards(NonZeroU64::new(1000).unwrap()),
            bare: false,
            card: true,
            only_done: true,
            ..ExportChoice::of(Format::JSON)
        };
        let expected = ExportChoice { annotator: None, labels: None, ..choice.clone() };
        assert_eq!(ExportChoice::remembered(&choice.setting()), expected);
    }

    #[test]
    fn what_is_not_known_any_more_is_as_at_first() {
        let setting = ExportSetting {
            format: "gone".into(),
            unit: "ell".into(),
            split: Some("0/0".into()),
            files: "shards".into(),
            ..ExportSetting::default()
        };
        assert_eq!(ExportChoice::remembered(&setting), ExportChoice::of(Format::JSONL));
    }

    #[test]
    fn the_target_is_a_file_or_a_folder() {
        let choice = ExportChoice::of(Format::JSONL);
        assert_eq!(choice.target("خبر"), PathBuf::from("annotations/خبر.jsonl"));
        let parted = ExportChoice { split: Some("80/20".into()), ..choice };
        assert_eq!(parted.target("خبر"), PathBuf::from("annotations/خبر"));
        let options = parted.options();
        assert_eq!(options.plan.split.map(|split| split.parts.len()), Some(2));
    }
}
