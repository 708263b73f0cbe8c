//! A colleague's work in the window: what would come is shown, decided and taken, and what is open is read anew.

use crate::desk::{Desk, total};
use crate::dialogs::{Window, check_picture, key, open, press, state};
use barchasb::domain::layer::{Rules, Status};
use barchasb::domain::mention::Origin;
use barchasb::domain::offset::Span;
use barchasb::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use barchasb::session::command::{Command, Dialog, MergeCommand, ViewCommand};
use barchasb::session::importing::Fate;
use barchasb::session::merging::{MergeChoice, Merging, Outlook};
use barchasb::session::saving::SaveState;
use barchasb::session::settings::Theme;
use barchasb::session::state::State;
use barchasb::store::contract::Store as _;
use barchasb::store::sqlite::{SqliteStore, default_labels};
use barchasb::words::language::Language;
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A mention by start, end and label.
type Sketch = (usize, usize, &'static str);

/// An article with one layer that is done.
fn article(name: &str, text: &str, annotator: &str, mentions: &[Sketch]) -> ArticleRecord {
    let mention = |(start, end, label): &Sketch| MentionRecord {
        span: Span::from_chars(*start, *end),
        label: (*label).to_owned(),
        note: None,
        origin: Origin::Hand,
    };
    let layer = LayerRecord {
        annotator: Some(annotator.to_owned()),
        status: Status::Done,
        mentions: mentions.iter().map(mention).collect(),
        ..LayerRecord::default()
    };
    ArticleRecord {
        name: Some(name.to_owned()),
        text: text.to_owned(),
        layers: vec![layer],
        ..ArticleRecord::default()
    }
}

/// A colleague's project of these articles.
fn project(path: &Path, articles: Vec<ArticleRecord>) {
    let mut store = SqliteStore::create(path, Rules::default(), default_labels()).unwrap();
    store.import(&mut articles.into_iter(), "x").unwrap();
}

const OURS: &str = "سردار حسین اشتری در تهران گفت: نیروی انتظامی آماده است.\nاشتری به کتاب‌خانهٔ ملی رفت.";

/// What زهرا has made of the first article of a desk, of one with another text, and of one that is not here.
fn of_zahra() -> Vec<ArticleRecord> {
    vec![
        article("نام دیگر", OURS, "زهرا", &[(6, 16, "PER"), (20, 25, "LOC")]),
        article("زلزله", "زلزله‌ای ۴٫۲ ریشتری تهران را لرزاند.", "زهرا", &[(9, 12, "DAT"), (20, 25, "LOC")]),
        article("تازه", "خبری تازه از یزد", "زهرا", &[(13, 16, "شهر")]),
    ]
}

fn look_into(desk: &mut Desk, path: PathBuf) {
    desk.give(Command::Merge(MergeCommand::LookInto(vec![path])));
    look(desk);
}

fn look(desk: &mut Desk) {
    desk.wait("what would come is shown", |state| state.merging.as_ref().is_some_and(|merging| merging.seen.is_none()));
}

fn outlook(state: &State) -> &Outlook {
    state.merging.as_ref().unwrap().outlook.as_ref().unwrap().as_ref().unwrap()
}

fn choose(desk: &mut Desk, change: impl FnOnce(&mut MergeChoice)) {
    let mut choice = desk.session.state.merging.as_ref().unwrap().choice.clone();
    change(&mut choice);
    desk.give(Command::Merge(MergeCommand::Choose(Box::new(choice))));
    look(desk);
}

#[test]
fn a_colleagues_work_is_looked_into_decided_and_taken() {
    let mut desk = Desk::new();
    desk.drag("تهران");
    desk.mark("LOC");
    let path = desk.folder.path().join("زهرا.barchasb");
    project(&path, of_zahra());
    look_into(&mut desk, path.clone());
    let found = outlook(&desk.session.state);
    assert_eq!((found.labels.get("شهر"), found.differing, found.conflicts.len()), (Some(&1), 1, 1));
    assert!(found.is_news && desk.session.state.dialog == Some(Dialog::Merge));
    assert_eq!(total(&desk.session.state), Some(3), "nothing was taken");
    choose(&mut desk, |choice| {
        choice.realign = true;
        choice.fates.insert("شهر".to_owned(), Fate::Into("LOC".to_owned()));
    });
    let found = outlook(&desk.session.state);
    assert_eq!(
        (found.labels.len(), found.moves.len(), found.conflicts.len()),
        (0, 1, 1),
        "one of two has other words here"
    );
    desk.give(Command::Merge(MergeCommand::Take));
    desk.wait("it has come in", |state| state.job.is_none() && total(state) == Some(4));
    assert!((desk.said("merged") || desk.said("merged-kept")) && desk.session.state.dialog.is_none());
    // Work goes on where it was.
    desk.drag("نیروی انتظامی");
    desk.mark("ORG");
    assert_eq!(desk.mentions(), [("تهران", "LOC", ""), ("نیروی انتظامی", "ORG", "")]);
    desk.assert_saved();
    let layers = desk.read(|store| store.statistics().unwrap().annotators);
    let zahra = layers.iter().find(|one| one.name == "زهرا").unwrap();
    assert_eq!((zahra.by_status[2], zahra.mentions), (3, 4));
    // Once more there is nothing new in it.
    look_into(&mut desk, path);
    choose(&mut desk, |choice| choice.fates = [("شهر".to_owned(), Fate::Into("LOC".to_owned()))].into());
    choose(&mut desk, |choice| choice.realign = true);
    assert!(!desk.session.state.merging.as_ref().unwrap().is_ready());
}

#[test]
fn the_open_layer_follows_what_was_taken_for_it() {
    let mut desk = Desk::new();
    let path = desk.folder.path().join("سارا.barchasb");
    project(&path, vec![article("نام دیگر", OURS, "سارا", &[(6, 16, "PER")])]);
    look_into(&mut desk, path);
    desk.give(Command::Merge(MergeCommand::Take));
    desk.wait("the open article has it", |state| {
        state.article().is_some_and(|open| open.layer.status == Status::Done && open.layer.mentions.len() == 1)
    });
    desk.drag("تهران");
    desk.mark("LOC");
    assert_eq!(desk.mentions(), [("حسین اشتری", "PER", ""), ("تهران", "LOC", "")]);
    desk.assert_saved();
}

#[test]
fn what_cannot_be_merged_is_said_and_closing_lets_it_go() {
    let mut desk = Desk::new();
    let bad = desk.folder.path().join("bad.barchasb");
    std::fs::write(&bad, "این پروژه نیست\n".repeat(99)).unwrap();
    look_into(&mut desk, bad);
    let merging = desk.session.state.merging.as_ref().unwrap();
    assert!(matches!(&merging.outlook, Some(Err(message)) if message.id == "error-not-a-project"));
    assert!(!merging.is_ready());
    let itself = desk.project_path();
    look_into(&mut desk, itself);
    let merging = desk.session.state.merging.as_ref().unwrap();
    assert!(matches!(&merging.outlook, Some(Err(message)) if message.id == "merge-itself"));
    desk.give(Command::View(ViewCommand::Dismiss));
    assert!(desk.session.state.merging.is_none());
    desk.drag("تهران");
    desk.mark("LOC");
    desk.wait("saving goes on", |state| state.project.as_ref().unwrap().saves.state() == SaveState::Saved);
}

/// The dialog over what would come of a colleague's project and a file.
fn dialog() -> State {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    project(
        &path("p.barchasb"),
        vec![
            article("اشتری", OURS, "زهرا", &[]),
            article("زلزله", "زلزله‌ای ۴٫۲ ریشتری کرمانشاه را لرزاند.", "سارا", &[]),
        ],
    );
    project(&path("زهرا.barchasb"), of_zahra());
    std::fs::write(path("rahimi.conll"), "یزد\tB-LOC\n").unwrap();
    let paths = vec![path("زهرا.barchasb"), path("rahimi.conll")];
    let choice = MergeChoice { realign: true, ..MergeChoice::default() };
    let mut store = SqliteStore::open(&path("p.barchasb")).unwrap();
    let merged = barchasb::exchange::merge::merge(
        &mut store,
        &path("p.barchasb"),
        &paths,
        &choice.options(true),
        &mut |_, _| {},
        &mut |_| std::ops::ControlFlow::Continue(()),
    );
    let outlook = Some(Ok(Arc::new(Outlook::of(&merged.unwrap(), Vec::new()))));
    State { merging: Some(Merging { paths, choice, number: 1, seen: None, outlook }), ..state(Dialog::Merge) }
}

fn tick(window: &mut Harness<'_, Window>, words: &str) -> Vec<Command> {
    window.get_by_role_and_label(Role::CheckBox, words).click();
    window.run_steps(3);
    std::mem::take(&mut window.state_mut().commands)
}

#[test]
fn what_is_pressed_is_decided() {
    let mut window = open(dialog());
    let commands = tick(&mut window, "خبرهایی که در این طرح نیست کنار بماند");
    let [Command::Merge(MergeCommand::Choose(choice))] = commands.as_slice() else { panic!("{commands:?}") };
    assert!(choice.known_only && choice.realign);
    assert_eq!(press(&mut window, "افزودن"), [Command::Merge(MergeCommand::Take)]);
    assert_eq!(press(&mut window, "انصراف"), [Command::View(ViewCommand::Dismiss)]);
    assert_eq!(key(&mut window, Key::Escape), [Command::View(ViewCommand::Dismiss)]);
}

#[test]
fn the_dialog_in_persian() {
    check_picture(dialog(), Language::Persian, Theme::Light, [860.0, 760.0], "dialog_merge_fa_light");
}

#[test]
fn the_dialog_in_english() {
    check_picture(dialog(), Language::English, Theme::Dark, [860.0, 760.0], "dialog_merge_en_dark");
}
