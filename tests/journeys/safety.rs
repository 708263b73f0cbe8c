//! Nothing is lost: two windows on one project, a disk that refuses, a program that is killed, files that are no projects.

use crate::desk::{ARTICLES, Desk, LIMIT, hold, read_project, total};
use barchasb::domain::label::{Label, LabelId};
use barchasb::domain::layer::Status;
use barchasb::domain::mention::{Mention, MentionKey};
use barchasb::domain::offset::Span;
use barchasb::session::command::{
    Command, FindAct, FindCommand, FindQuery, LabelCommand, MarkCommand, ProjectCommand, SelectCommand, Step,
    WalkCommand,
};
use barchasb::session::driver::Session;
use barchasb::session::opening::start_command;
use barchasb::session::saving::SaveState;
use barchasb::session::settings::{self, Settings};
use barchasb::session::state::State;
use barchasb::store::contract::Store as _;
use barchasb::words::message::Message;
use rusqlite::Connection;
use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

/// A second window on the project of `desk`, by the same person.
fn second_window(desk: &Desk) -> Session {
    let mut session = Session::quiet(Settings { annotator: "سارا".to_owned(), ..Settings::default() });
    session.command(Command::Project(ProjectCommand::Open(desk.project_path())));
    assert!(session.wait_until(LIMIT, |state| state.article().is_some()));
    session
}

/// Labels a span in the second window and waits until it is on the disk.
fn label_there(session: &mut Session, span: Span, label: LabelId) {
    let (from, to) = (span.start, span.end);
    session.command(Command::Select(SelectCommand::Drag { from, to, graphemes: true }));
    session.command(Command::Mark(MarkCommand::Label(label)));
    assert!(session.wait_until(LIMIT, |state| saves(state) == Some(SaveState::Saved)));
}

fn mention_key(span: Span, label: LabelId) -> MentionKey {
    Mention::new(span, label).key()
}

fn saves(state: &State) -> Option<SaveState> {
    state.project.as_ref().map(|project| project.saves.state())
}

fn has_failed(state: &State) -> bool {
    matches!(saves(state), Some(SaveState::Failed(..)))
}

#[test]
fn what_is_labelled_during_an_import_is_saved_when_it_ends() {
    let mut desk = Desk::new();
    let lines: String = (0..3_000).map(|n| format!("{{\"text\":\"خبر شمارهٔ {n}\"}}\n")).collect();
    let file = desk.write("many.jsonl", &lines);
    desk.give(Command::Project(ProjectCommand::Import(vec![file])));
    desk.drag("تهران");
    desk.mark("LOC");
    // The import holds the file, so the action waits; it neither fails nor blocks.
    desk.wait("the import has ended", |state| state.job.is_none() && total(state) > Some(3_000));
    desk.wait("all is saved", |state| saves(state) == Some(SaveState::Saved));
    assert!(!desk.said("error-busy"));
    desk.assert_saved();
}

#[test]
fn two_windows_save_the_same_article_and_both_changes_stand() {
    let mut desk = Desk::new();
    let mut other = second_window(&desk);
    assert!(other.state.toasts.iter().any(|toast| toast.message.id == "project-shared"));
    desk.drag("تهران");
    desk.mark("LOC");
    // The other one does not know of it yet, and labels the same and something else.
    let (tehran, police) = (desk.span("تهران"), desk.span("نیروی انتظامی"));
    label_there(&mut other, police, desk.label("ORG"));
    let told =
        |state: &State| state.toasts.iter().rfind(|t| t.message.id.starts_with("conflict")).map(|t| t.message.clone());
    // That the article is in progress was not asked for, and stands: nothing of anyone's has gone.
    assert_eq!(told(&other.state), Some(Message::new("conflict-both-stand")));
    let there = other.state.article().unwrap();
    assert_eq!(there.layer.mentions.iter().map(|mention| mention.span).collect::<Vec<_>>(), [tehran, police]);

    // Now this window is the late one, and its change is the other's: nothing doubles, nothing goes.
    desk.drag("نیروی انتظامی");
    desk.mark("ORG");
    assert_eq!(told(&desk.session.state), Some(Message::new("conflict-both-stand")));
    let expected = [("تهران", "LOC", ""), ("نیروی انتظامی", "ORG", "")];
    assert_eq!(desk.mentions(), expected);
    desk.assert_saved();

    // What the other one did to the same mention stands, and this one's does not: that is told.
    other.command(Command::Select(SelectCommand::Mention(mention_key(police, desk.label("ORG")))));
    other.command(Command::Mark(MarkCommand::Remove));
    assert!(other.wait_until(LIMIT, |state| saves(state) == Some(SaveState::Saved)));
    let mention = mention_key(police, desk.label("ORG"));
    desk.act(MarkCommand::Note { mention, note: "پلیس".into() });
    let merged = Message::new("conflict-merged").number("kept", 0).number("dropped", 1);
    assert_eq!(told(&desk.session.state), Some(merged));
    desk.drag("نیروی انتظامی");
    desk.mark("ORG");
    assert_eq!(other.finish().unwrap(), 0);
    desk.restart();
    assert_eq!(desk.mentions(), expected);
}

#[test]
fn an_act_on_many_articles_that_meets_another_windows_is_told_once_and_leaves_no_way_back() {
    let mut desk = Desk::new();
    desk.give(Command::Find(FindCommand::Open));
    desk.give(Command::Find(FindCommand::Set(FindQuery { wanted: "تهران".to_owned(), ..FindQuery::default() })));
    let is_found =
        |state: &State| state.project.as_ref().unwrap().find.as_ref().is_some_and(|find| find.complete && !find.stale);
    desk.wait("everything is found", is_found);
    let mut other = second_window(&desk);
    for (name, text) in &ARTICLES[..2] {
        let is_open = |state: &State| state.article().is_some_and(|open| open.article.name() == *name);
        if !is_open(&other.state) {
            other.command(Command::Walk(WalkCommand::Next));
            assert!(other.wait_until(LIMIT, is_open));
        }
        let (before, _) = text.split_once("تهران").unwrap();
        let start = before.chars().count();
        label_there(&mut other, Span::from_chars(start, start + 5), desk.label("LOC"));
    }
    assert_eq!(other.finish().unwrap(), 0);

    let there = desk.on_disk();
    let label = desk.label("LOC");
    desk.act(Command::Find(FindCommand::Act(FindAct::Label(label))));
    let toasts = &desk.session.state.toasts;
    let told: Vec<_> = toasts.iter().map(|toast| &toast.message).filter(|m| m.id.starts_with("conflict")).collect();
    assert_eq!(told, [&Message::new("conflict-merged").number("kept", 0).number("dropped", 2)]);
    assert!(toasts.iter().all(|toast| !matches!(toast.action, Some((_, Command::Undo)))), "{toasts:?}");
    assert_eq!((desk.project().history.depth(), desk.on_disk()), ((0, 0), there));
    desk.wait("the search is made again", is_found);
}

#[test]
fn a_label_that_another_window_made_first_is_told_and_blocks_nothing() {
    let mut desk = Desk::new();
    let mut other = second_window(&desk);
    let label = |id: u128, title: &str| Label {
        id: LabelId(uuid::Uuid::from_u128(id)),
        name: "LAW".into(),
        title: title.into(),
        keys: "w".into(),
        ..desk.named("PER").clone()
    };
    let (theirs, ours) = (label(1, "قانون"), label(2, "حقوق"));
    other.command(Command::Label(LabelCommand::Change(theirs.clone())));
    assert!(other.wait_until(LIMIT, |state| saves(state) == Some(SaveState::Saved)));
    assert_eq!(other.finish().unwrap(), 0);

    desk.give(LabelCommand::Change(ours.clone()));
    desk.drag("تهران");
    desk.mark("LOC");
    desk.wait("the label set is read again", |state| {
        state.project.as_ref().is_some_and(|project| project.labels.get(theirs.id).is_some())
    });
    assert!(desk.said("error-edit"));
    assert_eq!((desk.named("LAW"), desk.project().labels.get(ours.id)), (&theirs, None));
    desk.restart();
    assert_eq!(desk.mentions(), [("تهران", "LOC", "")]);
}

#[test]
fn what_cannot_be_saved_waits_and_is_saved_later() {
    let mut desk = Desk::new();
    let before = desk.on_disk();
    let held = hold(&desk.project_path());
    for (surface, label) in [("حسین", "PER"), ("تهران", "LOC")] {
        desk.drag(surface);
        let label = desk.label(label);
        desk.give(MarkCommand::Label(label));
    }
    desk.wait("it is told that saving failed", has_failed);
    assert!(desk.said("error-busy"));
    assert!(matches!(saves(&desk.session.state), Some(SaveState::Failed(_, 2))));
    // Work goes on; the project is not let go, by whichever way, while something of it is not saved.
    desk.drag("ملی");
    let label = desk.label("ORG");
    desk.give(MarkCommand::Label(label));
    let expected = [("حسین", "PER", ""), ("تهران", "LOC", ""), ("ملی", "ORG", "")];
    desk.give(ProjectCommand::Close);
    desk.wait("saving is tried again and fails", |state| state.leaving.is_none() && has_failed(state));
    assert_eq!((desk.mentions(), desk.on_disk()), (expected.to_vec(), before));

    drop(held);
    desk.act(Command::SaveAgain);
    assert_eq!(desk.mentions(), expected);
    desk.assert_saved();
    desk.restart();
    assert_eq!(desk.mentions(), expected);
}

#[test]
fn closing_and_changing_the_project_wait_for_what_is_on_its_way() {
    let mut desk = Desk::new();
    let other = desk.folder.path().join("دیگر.barchasb");
    let ways = [ProjectCommand::Close, ProjectCommand::New(other.clone()), ProjectCommand::Open(other.clone())];
    for (way, words) in
        ways.into_iter().zip([["سردار", "حسین", "اشتری"], ["تهران", "نیروی", "آماده"], ["به", "ملی", "رفت"]])
    {
        for word in words {
            desk.drag(word);
            let label = desk.label("PER");
            desk.give(MarkCommand::Label(label));
        }
        let project = desk.project_path();
        desk.give(way);
        // What comes too late changes nothing.
        desk.give(Command::Undo);
        desk.wait("it has been left", |state| {
            state.leaving.is_none() && state.project.as_ref().is_none_or(|p| p.project.path != project)
        });
        let (_, mentions) = &desk.on_disk()[0];
        desk.give(ProjectCommand::Open(project.clone()));
        desk.wait("it is open again", |state| state.article().is_some_and(|open| open.article.name() == ARTICLES[0].0));
        assert_eq!(desk.open().layer.mentions.iter().collect::<Vec<_>>(), mentions.iter().collect::<Vec<_>>());
        for word in words {
            assert!(desk.mentions().contains(&(word, "PER", "")), "{word}");
        }
    }
}

/// In the child's environment: the project in which it labels.
const CHILD: &str = "BARCHASB_TEST_LABELS_IN";

/// Labels word after word in the open article and tells each one that is on the disk, until it is killed.
fn label_until_killed(project: &str) -> ! {
    let mut session = Session::quiet(Settings { annotator: "سارا".to_owned(), ..Settings::default() });
    session.command(Command::Project(ProjectCommand::Open(PathBuf::from(project))));
    assert!(session.wait_until(LIMIT, |state| state.article().is_some()));
    let label = session.state.project.as_ref().unwrap().labels.by_name("PER").unwrap().id;
    loop {
        let span = session.state.article().unwrap().focus;
        session.command(Command::Mark(MarkCommand::Label(label)));
        assert!(session.wait_until(LIMIT, |state| saves(state) == Some(SaveState::Saved)));
        // Not by `println`, which tests catch.
        let mut out = std::io::stdout().lock();
        writeln!(out, "saved {} {}", span.start.get(), span.end.get()).unwrap();
        out.flush().unwrap();
        session.command(Command::Select(SelectCommand::Move { step: Step::Forward, extend: false }));
    }
}

fn spawn_labeller(project: &Path) -> Child {
    std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "safety::what_was_told_saved_survives_a_kill", "--nocapture"])
        .env(CHILD, project)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn what_was_told_saved_survives_a_kill() {
    if let Ok(project) = std::env::var(CHILD) {
        label_until_killed(&project);
    }
    // Each child is killed while it labels on: in the middle of a save, or just after one.
    for kill_after in [1, 6, 20] {
        let mut desk = Desk::empty();
        let words: String = (0..2_000).map(|n| format!("واژه{n} ")).collect();
        let text = desk.write("کار.txt", &words);
        desk.give(ProjectCommand::Open(text));
        desk.wait("the project beside the text is open", |state| state.article().is_some());
        assert_eq!(desk.session.finish().unwrap(), 0);

        let mut child = spawn_labeller(&desk.project_path());
        let mut told = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let Some((_, span)) = line.split_once("saved ") else { continue };
            let (start, end) = span.split_once(' ').unwrap();
            told.push(Span::from_chars(start.parse().unwrap(), end.parse().unwrap()));
            if told.len() == kill_after {
                child.kill().unwrap();
            }
        }
        assert!(!child.wait().unwrap().success() && told.len() >= kill_after);

        desk.restart();
        let standing: Vec<Span> = desk.open().layer.mentions.iter().map(|mention| mention.span).collect();
        // One more may be there: saved, but not told any more.
        assert!(standing.starts_with(&told) && standing.len() <= told.len() + 1, "{told:?} {standing:?}");
        assert_eq!(desk.read(|store| store.check(&mut |_, _| ControlFlow::Continue(())).unwrap()), []);
    }
}

#[test]
fn closing_keeps_a_backup_and_no_more_than_five() {
    let mut desk = Desk::new();
    let folder = desk.folder.path().join("کار.backups");
    let backups = |folder: &Path| std::fs::read_dir(folder).map_or(0, Iterator::count);
    assert_eq!(backups(&folder), 0);
    for (round, word) in ["سردار", "حسین", "در", "تهران", "گفت", "نیروی", "آماده"].into_iter().enumerate()
    {
        desk.drag(word);
        desk.mark("PER");
        desk.restart();
        assert_eq!(backups(&folder), (round + 1).min(5));
    }
    desk.restart();
    assert_eq!(backups(&folder), 5, "nothing has changed since");
    let mut newest: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    newest.sort();
    let whole = read_project(newest.last().unwrap(), |store| {
        assert_eq!(store.check(&mut |_, _| ControlFlow::Continue(())).unwrap(), []);
        store.statistics().unwrap()
    });
    assert_eq!(whole, desk.read(|store| store.statistics().unwrap()));
}

#[test]
fn a_file_that_is_no_project_leaves_the_open_one_as_it_is() {
    let mut desk = Desk::new();
    desk.drag("تهران");
    desk.mark("LOC");
    let bad = desk.folder.path().join("bad.barchasb");
    type Spoil<'a> = &'a dyn Fn(&Path);
    let spoil: [(&str, &str, Spoil<'_>); 4] = [
        ("there is none", "error-missing", &|_| {}),
        ("of another program", "error-not-a-project", &|bad| {
            std::fs::write(bad, "این پروژه نیست\n".repeat(99)).unwrap()
        }),
        ("cut in half", "error-damaged", &|bad| {
            let whole = std::fs::read(desk_copy(bad)).unwrap();
            std::fs::write(bad, &whole[..whole.len() / 2]).unwrap();
        }),
        ("of a newer program", "error-newer", &|bad| {
            std::fs::copy(desk_copy(bad), bad).unwrap();
            Connection::open(bad).unwrap().pragma_update(None, "user_version", 999).unwrap();
        }),
    ];
    desk.copy_project(&desk_copy(&bad));
    for (what, id, spoil) in spoil {
        spoil(&bad);
        let bytes = std::fs::read(&bad).ok();
        desk.give(ProjectCommand::Open(bad.clone()));
        desk.wait(what, |state| state.toasts.iter().any(|toast| toast.message.id == id && toast.fault));
        assert_eq!(desk.project().project.path, desk.project_path(), "{what}");
        assert_eq!(desk.session.state.opening, None);
        assert_eq!(std::fs::read(&bad).ok(), bytes, "{what}: the file is as it was");
        assert!(desk.session.state.settings.recent.iter().all(|recent| recent.path != bad));
    }
    desk.drag("حسین");
    desk.mark("PER");
    desk.restart();
    assert_eq!(desk.mentions(), [("حسین", "PER", ""), ("تهران", "LOC", "")]);
}

/// Where a sound copy lies for a test that spoils one.
fn desk_copy(bad: &Path) -> PathBuf {
    bad.with_file_name("sound.barchasb")
}

#[test]
fn dropped_files_are_imported_and_dropped_projects_opened() {
    let mut desk = Desk::new();
    let text = desk.write("تازه.txt", "خبری تازه از تبریز");
    desk.give(ProjectCommand::Take(vec![text.clone()]));
    desk.wait("it is imported", |state| total(state) == Some(4));
    let other = desk.folder.path().join("دیگر.barchasb");
    desk.copy_project(&other);
    desk.give(ProjectCommand::Take(vec![text.clone(), other.clone()]));
    desk.wait("the project is open", |state| state.project.as_ref().is_some_and(|p| p.project.path == other));

    // With no project open a text gets one of its own, beside it.
    let mut empty = Desk::empty();
    let text = empty.write("خبر.txt", "خبری از شیراز");
    empty.give(ProjectCommand::Take(vec![text.clone()]));
    empty.wait("its article is open", |state| state.article().is_some_and(|open| open.article.name() == "خبر"));
    assert_eq!(empty.project().project.path, text.with_extension("barchasb"));
    // A second time it is not imported again.
    empty.give(ProjectCommand::Close);
    empty.wait("it is closed", |state| state.project.is_none());
    empty.give(ProjectCommand::Take(vec![text]));
    empty.wait("it is open again", |state| total(state) == Some(1));
}

#[test]
fn the_settings_bring_back_the_project_and_the_article() {
    let mut desk = Desk::new();
    desk.walk_to("بیرجند");
    desk.act(WalkCommand::SetStatus(Status::Flagged));
    desk.restart();
    assert_eq!((desk.open().article.name(), desk.open().layer.status), ("بیرجند", Status::Flagged));
    // A project that was closed is not opened by itself; asked for, it opens where the reader was.
    desk.give(ProjectCommand::Close);
    desk.wait("it is closed", |state| state.project.is_none());
    desk.session.finish().unwrap();
    let (settings, kept) = settings::load(&desk.settings_file());
    assert_eq!((kept, settings.reopen), (None, false));
    let state = State { settings, ..State::default() };
    assert_eq!(start_command(&state, Vec::new()), None);
    assert_eq!(state.settings.recent[0].article.as_deref(), Some("بیرجند"));
    // Settings that cannot be understood are kept aside, and the program starts.
    std::fs::write(desk.settings_file(), "{").unwrap();
    let (settings, kept) = settings::load(&desk.settings_file());
    assert_eq!(settings, Settings::default());
    assert_eq!(std::fs::read_to_string(kept.unwrap()).unwrap(), "{");
}
