//! What comes late, twice or not at all: answers of the worker that find another state than the one they were asked in.

use crate::desk::{Desk, LIMIT, total};
use barchasb::domain::layer::Status;
use barchasb::session::command::{Command, MarkCommand, ProjectCommand, WalkCommand};
use barchasb::session::driver::Session;
use barchasb::session::effect::{Effect, Event, Picked, Purpose};
use barchasb::session::settings::Settings;
use barchasb::session::state::State;
use barchasb::session::update;
use barchasb::store::contract::Store as _;
use barchasb::words::message::Message;
use std::path::{Path, PathBuf};

fn is_open(state: &State, path: &Path) -> bool {
    state.project.as_ref().is_some_and(|project| project.project.path == path)
}

#[test]
fn a_page_that_could_not_be_read_is_asked_for_again_but_not_for_ever() {
    let mut desk = Desk::new();
    let state = &mut desk.session.state;
    let filter = state.project.as_ref().unwrap().filter().unwrap();
    state.project.as_mut().unwrap().list.total = Some(900);
    let need = |state: &mut State| {
        let effects = update::command(state, Command::Walk(WalkCommand::NeedRows { first: 200, count: 1 }));
        effects.iter().filter(|effect| matches!(effect, Effect::Page { first: 200, .. })).count()
    };
    let fail = |state: &mut State| {
        let message = Message::new("error-inside");
        update::event(state, Event::PageFailed { filter: filter.clone(), first: 200, message });
    };
    for asked in [1, 1, 1, 0] {
        assert_eq!(need(state), asked);
        fail(state);
    }
    assert!(state.toasts.iter().any(|toast| toast.message.id == "error-inside"));
    // Somebody goes on: it is worth another try.
    update::command(state, Command::Walk(WalkCommand::Next));
    assert_eq!((need(state), need(state)), (1, 0));
}

#[test]
fn what_was_asked_in_one_project_reaches_no_other() {
    let mut desk = Desk::new();
    let other = desk.folder.path().join("دیگر.barchasb");
    let texts: Vec<PathBuf> = (0..30).map(|n| desk.write(&format!("{n}.txt"), &format!("خبر {n}"))).collect();
    // The import is still running when the other project is open, and ends there without a word.
    desk.give(ProjectCommand::Import(texts));
    desk.give(ProjectCommand::New(other.clone()));
    desk.wait("the other project is open", |state| is_open(state, &other));
    assert_eq!(desk.session.state.job, None);
    let text = desk.write("تنها.txt", "خبری تنها");
    desk.give(ProjectCommand::Import(vec![text]));
    desk.wait("this import has ended", |state| {
        state.job.is_none() && state.article().is_some() && total(state) == Some(1)
    });
    assert_eq!(desk.project().project.articles, 1);
    desk.give(ProjectCommand::Open(desk.project_path()));
    desk.wait("all is in the first one", |state| total(state) == Some(33));
}

#[test]
fn what_an_import_leads_to_is_not_asked_of_the_project_that_is_being_opened() {
    let mut desk = Desk::new();
    let state = &mut desk.session.state;
    let opened = update::command(state, Command::Project(ProjectCommand::Open("/other.barchasb".into())));
    assert!(matches!(opened[..], [Effect::Open { .. }]));
    // A dialog that is answered now is about the project that goes.
    for purpose in [Purpose::Import, Purpose::ImportFolder, Purpose::Export, Purpose::ExportFolder] {
        let effects = update::event(state, Event::Picked(Picked { purpose, paths: vec!["/a.txt".into()] }));
        assert_eq!((effects, &state.job), (vec![], &None));
    }
}

#[test]
fn a_stop_stops_the_job_that_runs_and_no_other() {
    let mut desk = Desk::new();
    let words = "واژه ".repeat(400);
    let many: Vec<PathBuf> = (0..200).map(|n| desk.write(&format!("{n}.txt"), &format!("{n} {words}"))).collect();
    let said = desk.session.state.toast_count;
    desk.give(ProjectCommand::Import(many));
    desk.give(ProjectCommand::StopJob);
    let text = desk.write("تنها.txt", "خبری تنها");
    desk.give(ProjectCommand::Import(vec![text]));
    desk.wait("both have ended", |state| state.toast_count == said + 2 && state.job.is_none());
    let articles = desk.project().project.articles;
    assert!(articles < 204, "the first was stopped");
    assert!(desk.read(|store| store.article_by_name("تنها").unwrap()).is_some(), "the second was not");
}

#[test]
fn another_annotator_gets_layers_of_their_own_and_no_conflicts() {
    let mut desk = Desk::new();
    for word in ["حسین", "تهران", "ملی"] {
        desk.drag(word);
        let label = desk.label("PER");
        desk.give(MarkCommand::Label(label));
    }
    // What is on its way belongs to who made it.
    desk.give(ProjectCommand::SetAnnotator("مینا".to_owned()));
    desk.give(Command::Undo);
    desk.wait("the other one's layer is open", |state| {
        state
            .project
            .as_ref()
            .is_some_and(|p| p.annotator.as_ref().is_some_and(|a| a.name == "مینا") && p.open.is_some())
    });
    assert_eq!((desk.on_disk()[0].1.len(), desk.mentions().len()), (3, 0));
    desk.drag("تهران");
    desk.mark("LOC");
    assert!(!desk.session.state.toasts.iter().any(|toast| toast.fault), "{:?}", desk.session.state.toasts);
    assert_eq!(desk.mentions(), [("تهران", "LOC", "")]);
}

#[test]
fn what_another_window_saved_and_was_seen_is_no_conflict() {
    let mut desk = Desk::new();
    desk.drag("تهران");
    desk.mark("LOC");
    let mut other = Session::quiet(Settings { annotator: "سارا".to_owned(), ..Settings::default() });
    other.command(Command::Project(ProjectCommand::Open(desk.project_path())));
    assert!(other.wait_until(LIMIT, |state| state.article().is_some()));
    other.command(Command::Walk(WalkCommand::SetStatus(Status::Done)));
    assert_eq!(other.finish().unwrap(), 0);
    desk.walk_to("بیرجند");
    desk.walk_to("اشتری");
    assert_eq!(desk.open().layer.status, Status::Done);
    desk.drag("حسین");
    desk.mark("PER");
    assert!(!desk.session.state.toasts.iter().any(|toast| toast.fault), "{:?}", desk.session.state.toasts);
    desk.assert_saved();
}
