//! Journeys of the mirror: a folder of files is kept up to date, and what others change there is offered and never taken unasked.

use crate::binary::{Folder, json};
use crate::desk::Desk;
use crate::dialogs::{check_picture, open, press};
use barchasb::domain::layer::Status;
use barchasb::exchange::mirror_changes::Change;
use barchasb::session::command::{Command, Dialog, ProjectCommand, ViewCommand, WalkCommand};
use barchasb::session::mirroring::{MirrorCommand, MirrorState};
use barchasb::session::settings::Theme;
use barchasb::session::state::State;
use barchasb::store::contract::Store as _;
use barchasb::store::mirror::{MirrorRule, MirrorWhen};
use barchasb::words::language::Language;
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const ZAHRA: &str = r#"{"id":"خبر/۱","text":"علی به تهران رفت","spans":[{"start":0,"end":3,"label":"PER","text":"علی"}],"annotator":"زهرا","status":"done"}
{"id":"b","text":"مریم آمد","spans":[{"start":0,"end":4,"label":"PER","text":"مریم"}],"annotator":"زهرا","status":"done"}
{"id":"b","text":"مریم آمد","spans":[],"annotator":"Sara","status":"done"}
{"id":"c","text":"تهران","spans":[{"start":0,"end":5,"label":"LOC","text":"تهران"}],"annotator":"زهرا","status":"in_progress"}
"#;

/// A folder with `p.barchasb`, which mirrors its layers that are done.
fn mirrored() -> Folder {
    let folder = Folder::new();
    folder.write("zahra.jsonl", ZAHRA.as_bytes());
    assert_eq!(folder.run(&["new", "p"]).code, 0);
    assert_eq!(folder.run(&["import", "p.barchasb", "zahra.jsonl"]).code, 0);
    let ran = folder.run(&["mirror", "p.barchasb", "--on", "done"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    folder
}

/// Every file under a folder with its content.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                all.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    all
}

fn replace(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn the_same_project_gives_the_same_files() {
    let (one, two) = (mirrored(), mirrored());
    let found = files(&one.path("annotations"));
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(names, ["Sara/b.json", "زهرا/b.json", "زهرا/خبر%2F۱.json"]);
    assert!(found["Sara/b.json"].starts_with("[\n  {\n    \"id\": \"b\",\n"));
    assert_eq!(found, files(&two.path("annotations")));
    let ran = one.run(&["mirror", "p.barchasb", "--json"]);
    assert_eq!((ran.code, json(&ran.out)["written"].as_u64()), (0, Some(0)), "nothing is due");
    let ran = one.run(&["mirror", "p.barchasb", "--on", "save", "--json"]);
    assert_eq!((ran.code, json(&ran.out)["written"].as_u64()), (0, Some(1)));
    let ran = one.run(&["mirror", "p.barchasb", "--off"]);
    assert_eq!((ran.code, files(&one.path("annotations")).len()), (0, 4), "the files stay");
    assert_eq!(one.run(&["mirror", "p.barchasb"]).code, 2, "nothing is mirrored");
}

#[test]
fn the_folder_is_remembered_and_a_bad_one_is_not() {
    let folder = mirrored();
    assert_eq!(folder.run(&["mirror", "p", "--folder", "gold"]).code, 0);
    assert_eq!(folder.run(&["mirror", "p", "--off"]).code, 0);
    fs::remove_dir_all(folder.path("annotations")).unwrap();
    for bad in ["zahra.jsonl", "p.barchasb", "zahra.jsonl/in"] {
        let ran = folder.run(&["mirror", "p", "--folder", bad]);
        assert_eq!(ran.code, 2, "{bad}: {}", ran.err);
        assert!(ran.err.contains("cannot be written"), "{bad}: {}", ran.err);
        assert_eq!(folder.run(&["mirror", "p"]).code, 2, "{bad}: nothing is mirrored");
    }
    assert_eq!(folder.run(&["mirror", "p", "--on", "save"]).code, 0);
    assert_eq!((files(&folder.path("gold")).len(), folder.path("annotations").exists()), (4, false));
}

#[test]
fn a_file_that_others_changed_is_said_and_taken_or_replaced_when_asked() {
    let folder = mirrored();
    let file = folder.path("annotations/زهرا/b.json");
    let ours = fs::read_to_string(&file).unwrap();
    let change = || replace(&file, "\"PER\"", "\"ORG\"");
    change();
    let ran = folder.run(&["mirror", "p.barchasb"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("b.json: was changed by others"), "{}", ran.err);
    assert_ne!(fs::read_to_string(&file).unwrap(), ours);
    assert_eq!(folder.run(&["mirror", "p.barchasb", "--keep-ours"]).code, 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), ours);
    change();
    let ran = folder.run(&["mirror", "p.barchasb", "--take-theirs", "--json"]);
    assert_eq!((ran.code, json(ran.out.lines().last().unwrap())["taken"].as_u64()), (0, Some(1)), "{ran:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), ours.replace("PER", "ORG"));
    assert_eq!(folder.run(&["check", "p.barchasb"]).code, 0);
    assert_eq!(folder.run(&["mirror", "p.barchasb"]).code, 0);
}

#[test]
fn a_file_that_cannot_be_taken_stays_and_so_does_the_layer() {
    let folder = mirrored();
    let file = folder.path("annotations/زهرا/b.json");
    for (from, to) in
        [("مریم آمد", "مریم رفت"), ("\"end\": 4", "\"end\": 40"), ("\"id\": \"b\"", "\"id\": \"c\""), ("[", "?")]
    {
        let ours = fs::read_to_string(&file).unwrap();
        replace(&file, from, to);
        let theirs = fs::read_to_string(&file).unwrap();
        let ran = folder.run(&["mirror", "p.barchasb", "--take-theirs"]);
        assert_eq!((ran.code, fs::read_to_string(&file).unwrap()), (1, theirs), "{from}: {}", ran.err);
        assert!(ran.err.contains("not taken"), "{from}: {}", ran.err);
        assert_eq!(folder.run(&["mirror", "p.barchasb", "--keep-ours"]).code, 0, "{from}");
        assert_eq!(fs::read_to_string(&file).unwrap(), ours, "{from}");
    }
}

#[test]
fn what_a_colleague_adds_is_offered_and_what_is_no_mirror_is_left_alone() {
    let folder = mirrored();
    let theirs = files(&folder.path("annotations"))["زهرا/b.json"].replace("زهرا", "رضا");
    fs::create_dir_all(folder.path("annotations/رضا")).unwrap();
    fs::create_dir_all(folder.path("annotations/dataset")).unwrap();
    folder.write("annotations/رضا/b.json", theirs.as_bytes());
    folder.write("annotations/dataset/train.json", theirs.as_bytes());
    folder.write("annotations/README.md", b"x");
    let ran = folder.run(&["mirror", "p.barchasb", "--json"]);
    let said = json(ran.out.lines().last().unwrap());
    assert_eq!((ran.code, &said["changed"]), (1, &serde_json::json!([{"file": "رضا/b.json", "change": "new"}])));
    assert_eq!(folder.run(&["mirror", "p.barchasb", "--take-theirs"]).code, 0);
    assert_eq!(folder.read("annotations/رضا/b.json"), theirs, "to the byte");
    assert!(folder.run(&["stats", "p.barchasb"]).out.contains("annotator رضا: 1 mention"));
}

#[test]
fn two_projects_may_share_a_folder() {
    let folder = mirrored();
    let text = r#"{"id":"b","text":"متن دیگر","spans":[],"annotator":"رضا","status":"done"}
{"id":"x","text":"متن","spans":[],"annotator":"زهرا","status":"done"}
"#;
    folder.write("other.jsonl", text.as_bytes());
    folder.run(&["new", "q"]);
    folder.run(&["import", "q", "other.jsonl"]);
    assert_eq!(folder.run(&["mirror", "q", "--on", "done"]).code, 0);
    let ran = folder.run(&["mirror", "p", "--take-theirs", "--json"]);
    let said = json(ran.out.lines().last().unwrap());
    assert_eq!((ran.code, &said["taken"]), (0, &0.into()), "{ran:?}");
    assert_eq!(said["elsewhere"], serde_json::json!(["رضا/b.json", "زهرا/x.json"]));
    let ran = folder.run(&["import", "p", "annotations/زهرا/x.json"]);
    assert!(ran.out.contains("1 new article"), "{ran:?}");
}

#[test]
fn a_folder_or_file_that_is_gone_is_said_and_made_again_when_asked() {
    let folder = mirrored();
    let before = files(&folder.path("annotations"));
    fs::remove_file(folder.path("annotations/Sara/b.json")).unwrap();
    let ran = folder.run(&["mirror", "p.barchasb"]);
    assert_eq!((ran.code, folder.path("annotations/Sara/b.json").exists()), (1, false), "{}", ran.err);
    assert_eq!(folder.run(&["mirror", "p.barchasb", "--rewrite"]).code, 0);
    fs::remove_dir_all(folder.path("annotations")).unwrap();
    let ran = folder.run(&["mirror", "p.barchasb"]);
    assert_eq!((ran.code, folder.path("annotations").exists()), (2, false));
    assert!(ran.err.contains("is gone"), "{}", ran.err);
    assert_eq!(folder.run(&["mirror", "p.barchasb", "--rewrite"]).code, 0);
    assert_eq!(files(&folder.path("annotations")), before);
}

#[cfg(unix)]
#[test]
fn a_link_is_never_followed() {
    let folder = mirrored();
    let file = folder.path("annotations/زهرا/b.json");
    fs::remove_file(&file).unwrap();
    folder.write("elsewhere", b"of others");
    std::os::unix::fs::symlink(folder.path("elsewhere"), &file).unwrap();
    let ran = folder.run(&["mirror", "p.barchasb", "--rewrite"]);
    assert_eq!((ran.code, folder.read("elsewhere").as_str()), (1, "of others"), "{}", ran.err);
}

const FOLDER: &str = "آینه";

fn rule(when: MirrorWhen) -> Option<MirrorRule> {
    Some(MirrorRule { folder: FOLDER.into(), when })
}

fn mirror(state: &State) -> &MirrorState {
    &state.project.as_ref().unwrap().mirror
}

fn root(desk: &Desk) -> PathBuf {
    desk.folder.path().join(FOLDER)
}

/// A desk whose project is mirrored at every end of an article, or at every save.
fn desk(when: MirrorWhen) -> Desk {
    let mut desk = Desk::new();
    desk.give(Command::Mirror(MirrorCommand::Set(rule(when))));
    desk.wait("the mirror is set", |state| mirror(state).rule == rule(when));
    desk
}

fn wait_file(desk: &mut Desk, name: &str, words: &str) -> String {
    let path = root(desk).join(name);
    desk.wait(name, |_| fs::read_to_string(&path).is_ok_and(|text| text.contains(words)));
    fs::read_to_string(path).unwrap()
}

#[test]
fn an_article_that_is_done_appears_and_an_edit_changes_its_file_alone() {
    let mut desk = desk(MirrorWhen::Done);
    desk.walk_to("اشتری");
    desk.act(WalkCommand::SetStatus(Status::Done));
    wait_file(&mut desk, "سارا/اشتری.json", "\"done\"");
    desk.walk_to("بیرجند");
    desk.act(WalkCommand::SetStatus(Status::Done));
    wait_file(&mut desk, "سارا/بیرجند.json", "\"done\"");
    let before = files(&root(&desk));
    assert_eq!(before.len(), 2);
    desk.drag("دانشگاه علوم پزشکي");
    desk.mark("ORG");
    desk.wait_saved();
    wait_file(&mut desk, "سارا/بیرجند.json", "ORG");
    let after = files(&root(&desk));
    let changed: Vec<&str> = before.keys().filter(|name| before[*name] != after[*name]).map(String::as_str).collect();
    assert_eq!(changed, ["سارا/بیرجند.json"]);
}

#[test]
fn what_was_saved_just_before_the_end_is_written() {
    let mut desk = desk(MirrorWhen::Save);
    desk.walk_to("زلزله");
    desk.act(WalkCommand::SetStatus(Status::Flagged));
    desk.restart();
    assert!(files(&root(&desk))["سارا/زلزله.json"].contains("\"flagged\""));
    desk.wait("the mirror is known", |state| mirror(state).rule.is_some());
    assert!(mirror(&desk.session.state).changed.is_empty());
}

#[test]
fn what_others_change_is_told_calmly_and_taken_when_asked() {
    let mut desk = desk(MirrorWhen::Done);
    desk.walk_to("زلزله");
    desk.drag("کرمانشاه");
    desk.mark("LOC");
    desk.wait_saved();
    desk.act(WalkCommand::SetStatus(Status::Done));
    let ours = wait_file(&mut desk, "سارا/زلزله.json", "LOC");
    let file = root(&desk).join("سارا/زلزله.json");
    let pulled = ours.replace("LOC", "EVE");
    fs::write(&file, &pulled).unwrap();
    desk.restart();
    desk.wait("it is told", |state| state.toasts.iter().any(|toast| toast.message.id == "mirror-changed"));
    let toast = desk.session.state.toasts.iter().find(|toast| toast.message.id == "mirror-changed").unwrap();
    let show = Command::View(ViewCommand::Show(Dialog::Mirror));
    assert_eq!((toast.fault, toast.action.as_ref().map(|(_, command)| command)), (false, Some(&show)));
    assert_eq!(desk.session.state.dialog, None, "nobody is interrupted");
    let changed = BTreeMap::from([("سارا/زلزله.json".to_owned(), Change::Edited)]);
    assert_eq!(mirror(&desk.session.state).changed, changed);
    // The layer changes here as well: the file is still not replaced.
    desk.walk_to("زلزله");
    desk.act(WalkCommand::SetStatus(Status::Flagged));
    desk.act(WalkCommand::SetStatus(Status::Done));
    desk.give(ProjectCommand::Close);
    desk.wait("the project is closed", |state| state.project.is_none());
    assert_eq!(fs::read_to_string(&file).unwrap(), pulled);
    desk.give(ProjectCommand::Open(desk.project_path()));
    desk.wait("it is told again", |state| state.project.is_some() && mirror(state).changed == changed);
    desk.give(Command::Mirror(MirrorCommand::LookInto));
    assert_eq!(desk.session.state.dialog, Some(Dialog::Import), "it can be looked into");
    desk.give(Command::View(ViewCommand::Dismiss));
    desk.walk_to("زلزله");
    desk.give(Command::Mirror(MirrorCommand::TakeTheirs));
    desk.wait("it is taken", |state| mirror(state).changed.is_empty());
    let eve = desk.label("EVE");
    desk.wait("it shows", |state| {
        state.article().is_some_and(|open| open.layer.mentions.iter().any(|m| m.label == eve))
    });
    assert_eq!(desk.history_says(r#""op":"import""#), 0, "it is an edit of the layer");
    assert_eq!(fs::read_to_string(&file).unwrap(), pulled);
    assert!(desk.read(|store| store.check(&mut |_, _| std::ops::ControlFlow::Continue(())).unwrap()).is_empty());
}

#[test]
fn a_folder_that_cannot_be_written_is_told_once_and_saving_goes_on() {
    let mut desk = Desk::new();
    desk.give(Command::Mirror(MirrorCommand::Set(rule(MirrorWhen::Save))));
    desk.wait("it is set", |state| mirror(state).rule.is_some());
    // A file stands by now where the folder is to be: nothing can be written there, whoever runs this.
    fs::write(root(&desk), "x").unwrap();
    desk.walk_to("زلزله");
    desk.act(WalkCommand::SetStatus(Status::Done));
    desk.wait("it is told", |state| mirror(state).failure.is_some());
    desk.wait_saved();
    fs::remove_file(root(&desk)).unwrap();
    desk.act(WalkCommand::SetStatus(Status::Flagged));
    wait_file(&mut desk, "سارا/زلزله.json", "flagged");
    desk.wait("it is well again", |state| mirror(state).failure.is_none());
}

/// The dialog of a project whose mirror has two changed files and one that is gone.
fn dialog() -> State {
    let mut state = crate::project::state(Language::Persian, Theme::Light);
    state.dialog = Some(Dialog::Mirror);
    let changed = [("رضا/خبر ۲.json", Change::New), ("زهرا/خبر ۱.json", Change::Edited)];
    let changed = changed.into_iter().map(|(name, change)| (name.to_owned(), change)).collect();
    let mirror = MirrorState {
        rule: rule(MirrorWhen::Done),
        root: "/home/maryam/آینه".into(),
        changed,
        missing: 1,
        ..MirrorState::default()
    };
    state.project.as_mut().unwrap().mirror = mirror;
    state
}

#[test]
fn every_button_of_the_dialog_asks_for_what_it_says() {
    let mut window = open(dialog());
    let asked = |command| vec![Command::Mirror(command)];
    assert_eq!(press(&mut window, "نگاهی به آن‌ها…"), asked(MirrorCommand::LookInto));
    assert_eq!(press(&mut window, "وارد کن"), asked(MirrorCommand::TakeTheirs));
    assert_eq!(press(&mut window, "نسخهٔ طرح را برگردان"), asked(MirrorCommand::KeepOurs));
    assert_eq!(press(&mut window, "از نو بساز"), asked(MirrorCommand::Rewrite));
    let dismiss = Command::View(ViewCommand::Dismiss);
    assert_eq!(press(&mut window, "ذخیره"), std::slice::from_ref(&dismiss), "nothing was chosen anew");
    window.get_by_role_and_label(Role::RadioButton, "با هر ذخیره").click();
    window.run_steps(3);
    let set = Command::Mirror(MirrorCommand::Set(rule(MirrorWhen::Save)));
    assert_eq!(press(&mut window, "ذخیره"), [set, dismiss]);
}

#[test]
fn the_mirror_in_persian() {
    check_picture(dialog(), Language::Persian, Theme::Light, [660.0, 640.0], "dialog_mirror_fa_light");
}
