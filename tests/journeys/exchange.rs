//! Journeys of importing and exporting: files are looked into, decided about and taken; an export is chosen, counted and written.

use crate::desk::Desk;
use barchasb::domain::projection::Align;
use barchasb::exchange::plan::Filing;
use barchasb::formats::format::Format;
use barchasb::formats::offset_unit::OffsetUnit;
use barchasb::session::command::{
    Command, Dialog, ExportCommand, ImportCommand, MarkCommand, ProjectCommand, ViewCommand, WalkCommand,
};
use barchasb::session::effect::{Event, Picked, Purpose};
use barchasb::session::exporting::{Counted, ExportChoice};
use barchasb::session::importing::{Fate, ImportChoice, Importing};
use barchasb::session::state::State;
use barchasb::session::update;
use barchasb::store::contract::Store as _;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;

const LINES: &str = r#"{"id":"الف","text":"علی به تهران رفت","spans":[{"start":0,"end":3,"label":"PERSON","text":"علی"},{"start":7,"end":12,"label":"LOC","text":"تهران"}]}
{"id":"ب","text":"مریم آمد","spans":[{"start":0,"end":4,"label":"PERSON","text":"مریم"},{"start":5,"end":8,"label":"MISC","text":"آمد"}],"annotator":"زهرا"}
{"id":"پ","text":"خراب","spans":[{"start":0,"end":9,"label":"LOC","text":"نه"}]}
"#;

fn importing(desk: &Desk) -> &Importing {
    desk.session.state.importing.as_ref().expect("files that may be imported")
}

fn choose_import(desk: &mut Desk, change: impl Fn(&mut ImportChoice)) {
    let mut choice = importing(desk).choice.clone();
    change(&mut choice);
    desk.give(Command::Import(ImportCommand::Choose(Box::new(choice))));
}

fn surveyed(state: &State) -> bool {
    state.importing.as_ref().is_some_and(|importing| importing.current().is_some())
}

/// A desk at which the three lines have been looked into.
fn looked() -> (Desk, PathBuf) {
    let mut desk = Desk::new();
    let file = desk.write("news.jsonl", LINES);
    desk.give(ProjectCommand::Take(vec![file.clone()]));
    assert_eq!(desk.session.state.dialog, Some(Dialog::Import));
    desk.wait("the file has been looked into", surveyed);
    (desk, file)
}

#[test]
fn files_are_looked_into_and_taken_as_it_was_decided() {
    let (mut desk, _) = looked();
    let survey = importing(&desk).current().unwrap();
    assert_eq!((survey.articles, survey.mentions, survey.faults), (3, 4, 1));
    assert_eq!(survey.labels.keys().collect::<Vec<_>>(), ["LOC", "MISC", "PERSON"]);
    assert_eq!(desk.project().project.articles, 3, "nothing is taken yet");
    choose_import(&mut desk, |choice| {
        choice.fates.insert("PERSON".into(), Fate::Into("PER".into()));
        choice.fates.insert("MISC".into(), Fate::Skip);
        choice.annotator = "حسن".into();
    });
    desk.give(Command::Import(ImportCommand::Take));
    assert_eq!((&desk.session.state.dialog, desk.session.state.importing.is_none()), (&None, true));
    desk.wait("it is imported", |state| {
        state.toasts.iter().any(|toast| toast.message.id == "imported" && toast.id > 1)
    });
    // What was wrong with the file was shown before.
    assert_eq!(desk.session.state.dialog, None);
    let counts = desk.read(|store| store.statistics().unwrap().labels);
    let count = |name: &str| counts.iter().find(|(label, _)| label == name).map_or(0, |(_, count)| *count);
    assert_eq!((count("PER"), count("LOC"), count("PERSON"), count("MISC")), (2, 1, 0, 0));
    let names: Vec<String> = desk.read(|store| store.annotators().unwrap().into_iter().map(|a| a.name).collect());
    assert!(["حسن", "زهرا"].iter().all(|name| names.iter().any(|known| known == name)), "{names:?}");
    assert_eq!(desk.session.state.settings.import.renamed.get("PERSON").map(String::as_str), Some("PER"));
}

#[test]
fn renamed_labels_are_remembered_and_skipped_ones_are_not() {
    let (mut desk, file) = looked();
    choose_import(&mut desk, |choice| {
        choice.fates.insert("PERSON".into(), Fate::Into("PER".into()));
        choice.fates.insert("MISC".into(), Fate::Skip);
    });
    desk.give(Command::Import(ImportCommand::Take));
    desk.give(Command::Import(ImportCommand::LookInto(vec![file])));
    desk.wait("the file has been looked into again", surveyed);
    let choice = &importing(&desk).choice;
    assert_eq!((choice.fate("PERSON"), choice.fate("MISC")), (&Fate::Into("PER".into()), &Fate::Same));
}

#[test]
fn another_way_of_reading_looks_into_the_files_anew() {
    let (mut desk, _) = looked();
    let before = importing(&desk).number;
    choose_import(&mut desk, |choice| choice.as_suggestions = true);
    assert_eq!(importing(&desk).number, before, "what becomes of mentions changes nothing in the file");
    choose_import(&mut desk, |choice| choice.reading.unit = Some(OffsetUnit::Byte));
    assert!(importing(&desk).current().is_none() && !importing(&desk).is_ready());
    desk.wait("the file has been looked into again", surveyed);
    let survey = importing(&desk).current().unwrap();
    assert_eq!((survey.articles, survey.mentions), (3, 0), "none stands where bytes say");
    choose_import(&mut desk, |choice| choice.reading.format = Some(Format::TEXT));
    desk.wait("the file has been looked into as text", surveyed);
    assert_eq!(importing(&desk).current().unwrap().formats, [(Format::TEXT, 1)]);
}

#[test]
fn mentions_become_suggestions_when_that_is_wanted() {
    let (mut desk, _) = looked();
    choose_import(&mut desk, |choice| choice.as_suggestions = true);
    desk.give(Command::Import(ImportCommand::Take));
    desk.wait("it is imported", |state| state.project.as_ref().is_some_and(|p| p.project.articles == 6));
    desk.walk_to("ب");
    desk.settle();
    assert!(desk.mentions().is_empty());
    assert!(desk.suggestions().contains(&("مریم", "PERSON")), "{:?}", desk.suggestions());
    assert!(desk.session.state.settings.import.as_suggestions, "it is remembered");
}

#[test]
fn plain_text_is_taken_without_a_question() {
    let mut desk = Desk::new();
    let texts = ["یک.txt", "دو.md"].map(|name| desk.write(name, &format!("خبر {name}"))).to_vec();
    desk.give(ProjectCommand::Take(texts));
    assert_eq!(desk.session.state.dialog, None);
    desk.wait("the texts are in", |state| state.project.as_ref().is_some_and(|p| p.project.articles == 5));
    assert_eq!(desk.session.state.dialog, None);
    // What only looks like text by its name is asked about.
    let lines = desk.write("سه.txt", LINES);
    let bad = desk.write("چهار.txt", "   ");
    desk.give(ProjectCommand::Take(vec![lines, bad]));
    desk.wait("it is asked", |state| state.dialog == Some(Dialog::Import));
    assert_eq!(desk.session.state.job, None);
}

#[test]
fn a_closed_dialog_lets_the_files_go() {
    let (mut desk, _) = looked();
    desk.give(Command::View(ViewCommand::Dismiss));
    assert!(desk.session.state.importing.is_none());
    desk.give(Command::Import(ImportCommand::Take));
    assert_eq!(desk.session.state.job, None, "there is nothing to take");
}

fn choose_export(desk: &mut Desk, change: impl Fn(&mut ExportChoice)) {
    let mut choice = desk.session.state.exporting.as_ref().unwrap().choice.clone();
    change(&mut choice);
    desk.give(Command::Export(ExportCommand::Choose(Box::new(choice))));
}

/// Articles, mentions and how much is lost, once they are counted.
#[track_caller]
fn counted(desk: &mut Desk) -> (u64, u64, usize) {
    desk.wait("it is counted", |state| {
        state.exporting.as_ref().is_some_and(|exporting| matches!(exporting.counted, Counted::Done(_)))
    });
    match &desk.session.state.exporting.as_ref().unwrap().counted {
        Counted::Done(found) => (found.articles, found.mentions, found.losses.len()),
        other => panic!("counted, not {other:?}"),
    }
}

/// A desk with two mentions, asked what is to be exported.
fn asked() -> Desk {
    let mut desk = Desk::new();
    desk.drag("سردار حسین اشتری");
    desk.mark("PER");
    desk.drag("تهران");
    desk.mark("LOC");
    desk.act(WalkCommand::SetStatus(barchasb::domain::layer::Status::Done));
    desk.give(Command::Export(ExportCommand::Ask));
    desk
}

#[test]
fn every_choice_is_counted_before_anything_is_written() {
    let mut desk = asked();
    assert_eq!(counted(&mut desk), (3, 2, 0));
    choose_export(&mut desk, |choice| choice.bare = false);
    assert_eq!(counted(&mut desk), (1, 2, 0));
    choose_export(&mut desk, |choice| choice.labels = Some(BTreeSet::from(["LOC".to_owned()])));
    assert_eq!(counted(&mut desk), (1, 1, 0));
    choose_export(&mut desk, |choice| choice.annotator = Some("سارا".into()));
    assert_eq!(counted(&mut desk), (1, 1, 0));
    choose_export(&mut desk, |choice| choice.labels = Some(BTreeSet::new()));
    assert_eq!(counted(&mut desk), (0, 0, 0));
    choose_export(&mut desk, |choice| choice.annotator = Some("کسی دیگر".into()));
    desk.wait("there is nobody of this name", |state| {
        state.exporting.as_ref().is_some_and(|exporting| matches!(exporting.counted, Counted::Failed(_)))
    });
    desk.give(Command::Export(ExportCommand::StopCounting));
    desk.give(Command::View(ViewCommand::Dismiss));
    assert!(desk.session.state.exporting.is_none());
}

#[test]
fn the_export_goes_where_it_is_told_and_the_choice_is_remembered() {
    let mut desk = asked();
    choose_export(&mut desk, |choice| {
        choice.format = Format::JSON;
        choice.unit = OffsetUnit::Utf16;
        choice.align = Align::Strict;
    });
    desk.give(Command::Export(ExportCommand::AskPlace));
    assert_eq!(desk.session.state.dialog, None);
    let path = desk.folder.path().join("out.json");
    let picked = Picked { purpose: Purpose::Export, paths: vec![path.clone()] };
    desk.give(ProjectCommand::Picked(picked));
    desk.wait("it is exported", |state| state.toasts.iter().any(|toast| toast.message.id == "exported"));
    let written: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!((written.as_array().unwrap().len(), &written[0]["offset_unit"]), (3, &Value::from("utf16")));
    desk.give(Command::Export(ExportCommand::Ask));
    let choice = &desk.session.state.exporting.as_ref().unwrap().choice;
    assert_eq!((choice.format, choice.unit, choice.align), (Format::JSON, OffsetUnit::Utf16, Align::Strict));
}

#[test]
fn without_a_place_it_is_still_to_be_decided() {
    let mut desk = asked();
    choose_export(&mut desk, |choice| choice.files = Filing::Articles);
    desk.give(Command::Export(ExportCommand::AskPlace));
    // The desktop's dialog was closed, or there is none and ours was.
    for answer in [0, 1] {
        let state = &mut desk.session.state;
        let purpose = Purpose::ExportFolder;
        if answer == 0 {
            update::event(state, Event::Picked(Picked { purpose, paths: Vec::new() }));
        } else {
            update::event(state, Event::NoDialog(purpose));
            let Some(Dialog::Path(picked)) = &state.dialog else { panic!("a path is asked for") };
            assert_eq!(picked.paths, [PathBuf::from("annotations/کار")]);
            update::command(state, Command::View(ViewCommand::Dismiss));
        }
        assert_eq!(state.dialog, Some(Dialog::Export));
        let exporting = state.exporting.as_mut().unwrap();
        assert_eq!((exporting.is_placed, exporting.choice.files), (false, Filing::Articles));
        exporting.is_placed = answer == 0;
    }
}

#[test]
fn marking_goes_on_while_files_are_looked_into() {
    let mut desk = Desk::new();
    let file = desk.write("news.jsonl", &LINES.repeat(500));
    desk.give(Command::Import(ImportCommand::LookInto(vec![file])));
    desk.drag("تهران");
    let label = desk.label("LOC");
    desk.act(MarkCommand::Label(label));
    desk.wait("the file has been looked into", surveyed);
    assert_eq!(importing(&desk).current().unwrap().articles, 1_500);
    desk.assert_saved();
}
