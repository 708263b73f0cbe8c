//! The keyboard: every act is found by its name, has a key, and takes another one; labels are found by theirs.

use crate::desk::Desk;
use crate::window::{CTRL, Window, mention};
use barchasb::domain::label::{Colour, Label, LabelId};
use barchasb::session::acts;
use barchasb::session::command::{Dialog, LabelCommand};
use barchasb::session::settings::{self, Settings, Theme};
use barchasb::session::shortcut::Table;
use barchasb::words::language::Language;
use barchasb::words::locale::Locale;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use std::path::PathBuf;
use uuid::Uuid;

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const ALT: Modifiers = Modifiers::ALT;

/// A desk that has been left, and the window on its project, the first article open.
pub fn window(change: impl FnOnce(&mut Settings), labels: usize) -> (Window, Desk) {
    let mut desk = Desk::new();
    let present = desk.project().labels.active().count();
    for number in present..labels {
        desk.act(LabelCommand::Change(extra_label(number)));
    }
    assert_eq!(desk.session.finish().unwrap(), 0);
    let (mut settings, _) = settings::load(&desk.settings_file());
    change(&mut settings);
    let mut window = Window::start(settings, &desk.settings_file());
    window.wait_article("اشتری");
    (window, desk)
}

/// A label without a key of its own.
fn extra_label(number: usize) -> Label {
    let titles = ["قانون", "زبان", "بیماری", "جایزه"];
    Label {
        id: LabelId(Uuid::from_u128(1000 + number as u128)),
        name: format!("X{number}"),
        title: titles[number % titles.len()].to_owned(),
        colour: Colour(0x4C78A8),
        keys: String::new(),
        guideline: String::new(),
        order: 1000 + i64::try_from(number).unwrap(),
        deleted: false,
        merged_into: None,
    }
}

fn type_and_enter(window: &mut Window, text: &str) {
    window.type_text(text);
    window.press(NONE, Key::Enter);
}

fn ways(window: &Window, act: &str) -> Vec<String> {
    window.state().shortcuts.line(act).unwrap().ways()
}

#[test]
fn an_act_is_found_by_its_name_in_any_spelling_and_either_language() {
    let (mut window, _desk) = window(|_| {}, 0);
    window.press(CTRL, Key::K);
    assert_eq!(window.state().dialog, Some(Dialog::Acts));
    type_and_enter(&mut window, "روشن يا تيره");
    assert_eq!((window.state().dialog.clone(), window.state().settings.theme), (None, Theme::Dark));

    window.press(CTRL, Key::K);
    type_and_enter(&mut window, "other lang");
    assert_eq!(window.state().settings.language, Language::English);
    window.press(CTRL, Key::K);
    type_and_enter(&mut window, "قاعده");
    assert_eq!(window.state().dialog, Some(Dialog::Rules));
    window.press(NONE, Key::Escape);

    // What was used last stands first; what cannot be done now does nothing.
    window.press(CTRL, Key::K);
    window.press(NONE, Key::Enter);
    assert_eq!(window.state().dialog, Some(Dialog::Rules));
    window.press(NONE, Key::Escape);
    window.press(CTRL, Key::K);
    type_and_enter(&mut window, "redo");
    assert_eq!(window.state().dialog, Some(Dialog::Acts));
    window.press(NONE, Key::Escape);
    assert_eq!(window.state().dialog, None);
}

#[test]
fn the_finder_labels_arms_jumps_and_moves_the_caret() {
    let (mut window, _desk) = window(|_| {}, 0);
    window.drag("تهران");
    window.press(CTRL, Key::K);
    type_and_enter(&mut window, "برچسب مكان");
    window.wait_saved();
    assert_eq!(window.mentions(), [mention("تهران", "LOC", "")]);
    window.press(CTRL, Key::K);
    type_and_enter(&mut window, "آماده کن سازمان");
    let project = window.state().project.as_ref().unwrap();
    assert_eq!(project.armed.and_then(|label| project.label(label)).map(|label| label.name.as_str()), Some("ORG"));
    window.press(CTRL, Key::K);
    type_and_enter(&mut window, "به پایان خبر");
    assert_eq!(window.open().target(), Some(window.span("رفت")));
    window.press(CTRL, Key::K);
    window.type_text("LOC");
    window.harness.get_by_label_contains("برو به").click();
    window.harness.run_steps(4);
    assert_eq!(window.open().selected.map(|key| key.span), Some(window.span("تهران")));
}

#[test]
fn the_last_label_is_repeated_and_never_taken_away() {
    let (mut window, _desk) = window(|_| {}, 0);
    window.press(NONE, Key::Period);
    assert_eq!(window.mentions(), [], "nothing was given yet");
    window.drag("سردار حسین اشتری");
    window.press(NONE, Key::P);
    window.wait_saved();
    window.drag("تهران");
    window.press(NONE, Key::Period);
    window.wait_saved();
    window.press(NONE, Key::Period);
    let both = [mention("سردار حسین اشتری", "PER", ""), mention("تهران", "PER", "")];
    assert_eq!(window.mentions(), both);

    // From mention to mention of a label, going round; on the left of a Persian line is what comes next.
    window.drag("نیروی انتظامی");
    window.press(NONE, Key::O);
    window.wait_saved();
    let organisation = window.open().selected;
    window.press(ALT, Key::ArrowLeft);
    assert_eq!(window.open().selected, organisation, "the only one");
    window.press(CTRL, Key::ArrowRight);
    window.press(ALT, Key::ArrowRight);
    assert_eq!(window.open().selected.map(|key| key.span), Some(window.span("سردار حسین اشتری")));
    window.press(ALT, Key::ArrowRight);
    assert_eq!(window.open().selected.map(|key| key.span), Some(window.span("تهران")));
}

#[test]
fn the_caret_goes_by_paragraphs() {
    let (mut window, _desk) = window(|_| {}, 0);
    let caret = |window: &Window| window.open().target();
    window.press(CTRL, Key::ArrowDown);
    let second = caret(&window);
    assert!(second > Some(window.span("آماده است")));
    window.press(NONE, Key::ArrowLeft);
    window.press(CTRL, Key::ArrowDown);
    assert!(caret(&window) > second, "there is no paragraph after it");
    window.press(CTRL, Key::ArrowUp);
    assert_eq!(caret(&window), second, "first to the beginning of its own");
    window.press(CTRL, Key::ArrowUp);
    assert_eq!(caret(&window), Some(window.span("سردار")));
    window.press(CTRL, Key::ArrowUp);
    assert_eq!(caret(&window), Some(window.span("سردار")));
}

#[test]
fn of_fourteen_labels_one_is_found_by_typing() {
    let (mut window, _desk) = window(|_| {}, 14);
    assert_eq!(window.state().project.as_ref().unwrap().labels.active().count(), 14);
    window.press(NONE, Key::Semicolon);
    type_and_enter(&mut window, "بيماري");
    window.wait_saved();
    assert_eq!(window.mentions(), [mention("سردار", "X10", "")]);

    // The menu after a drag leaves the keys of labels alone; a letter that is no label's begins a name.
    window.drag("تهران");
    window.press(NONE, Key::L);
    window.wait_saved();
    assert_eq!(window.mentions()[1], mention("تهران", "LOC", ""));
    window.drag("نیروی انتظامی");
    window.harness.event(Event::Key {
        key: Key::J,
        physical_key: Some(Key::J),
        pressed: true,
        repeat: false,
        modifiers: NONE,
    });
    window.harness.event(Event::Text("ج".to_owned()));
    window.harness.run_steps(4);
    type_and_enter(&mut window, "ایزه");
    window.wait_saved();
    assert_eq!(window.mentions()[2], mention("نیروی انتظامی", "X11", ""));

    // Esc leaves it without a label, and leaves the selection.
    window.drag("کتاب‌خانهٔ ملی");
    window.press(NONE, Key::Semicolon);
    window.press(NONE, Key::ArrowDown);
    window.press(NONE, Key::Escape);
    assert!(window.open().selecting);
    assert_eq!(window.mentions().len(), 3);
    window.press(SHIFT, Key::Semicolon);
    type_and_enter(&mut window, "org");
    window.wait_saved();
    assert_eq!(window.mentions().last(), Some(&mention("کتاب‌خانهٔ ملی", "ORG", "")));
    window.press(NONE, Key::Quote);
    type_and_enter(&mut window, "مكان");
    assert_eq!(window.open().selected.map(|key| key.span), Some(window.span("تهران")));
}

#[test]
fn a_key_is_recorded_used_kept_and_reset() {
    let (mut window, desk) = window(|_| {}, 0);
    let title = "یادداشت بر نمونه F2";
    window.press(SHIFT, Key::Slash);
    window.harness.get_by_role_and_label(Role::Button, title).focus();
    window.harness.run_steps(3);
    window.press(NONE, Key::Enter);
    assert!(window.harness.query_by_label_contains("کلید تازه را بزن").is_some());
    // Labels keep their letters; what another act has is told with its name.
    window.press(NONE, Key::N);
    assert!(window.harness.query_by_label_contains("نمی‌توان داد").is_some());
    window.press(CTRL, Key::G);
    assert!(window.harness.query_by_label_contains("از آنِ «نشان‌دار، یا بی‌نشان»").is_some());
    window.click(Role::Button, "بگذار بماند");
    assert_eq!((ways(&window, "key-note"), ways(&window, "flag")), (vec!["F2".into()], vec!["Ctrl G".into()]));

    // By the keyboard alone: the line has it again; Enter, then the key, and Enter takes it over.
    window.press(NONE, Key::Enter);
    window.press(CTRL, Key::G);
    window.press(NONE, Key::Enter);
    assert_eq!((ways(&window, "key-note"), ways(&window, "flag")), (vec!["Ctrl G".to_owned()], Vec::new()));
    window.press(NONE, Key::Enter);
    window.press(NONE, Key::F6);
    assert_eq!(ways(&window, "key-note"), ["F6"]);
    window.press(NONE, Key::Enter);
    window.press(NONE, Key::Escape);
    assert_eq!(window.state().dialog, Some(Dialog::Keys), "Esc left the recording alone");
    window.press(NONE, Key::Escape);
    assert_eq!(window.state().dialog, None);

    // The new key works at once and is remembered.
    window.drag("تهران");
    window.press(NONE, Key::L);
    window.wait_saved();
    window.press(NONE, Key::F6);
    window.type_text("پایتخت");
    window.press(CTRL, Key::Enter);
    window.wait_saved();
    assert_eq!(window.mentions(), [mention("تهران", "LOC", "پایتخت")]);
    assert_eq!(window.harness.state_mut().app_mut().close().unwrap(), 0);
    let (kept, _) = settings::load(&desk.settings_file());
    assert_eq!(kept.keys.get("key-note"), Some(&vec!["F6".to_owned()]));

    let mut window = Window::start(kept, &desk.settings_file());
    window.wait_article("اشتری");
    assert_eq!(ways(&window, "key-note"), ["F6"]);
    window.press(NONE, Key::F1);
    window.click(Role::Button, "کلید آغازین «\u{2068}یادداشت بر نمونه\u{2069}»");
    assert_eq!(ways(&window, "key-note"), ["F2"]);
    assert_eq!(ways(&window, "flag"), Vec::<String>::new());
    window.click(Role::Button, "همه به کلیدهای آغازین");
    assert_eq!(ways(&window, "flag"), ["Ctrl G"]);
    assert!(window.state().settings.keys.is_empty());
}

#[test]
fn bad_keys_in_the_settings_are_told_and_the_others_count() {
    let keys = |settings: &mut Settings| {
        settings.keys.insert("export".into(), vec!["Ctrl+I".into()]);
        settings.keys.insert("import".into(), vec!["Ctrl+Shift+Y".into()]);
        settings.keys.insert("nowhere".into(), vec!["F5".into()]);
        settings.keys.insert("undo".into(), vec!["Bogus".into()]);
    };
    let (window, _desk) = window(keys, 0);
    assert_eq!(ways(&window, "export"), ["Ctrl I"], "the other act has given it up");
    assert_eq!(ways(&window, "import"), ["Ctrl Shift Y"]);
    assert_eq!(ways(&window, "undo"), ["Ctrl Z"]);
    let said: Vec<&str> = window.state().toasts.iter().map(|toast| toast.message.id).collect();
    assert_eq!(said, ["keys-refused"], "the opening of the project has not wiped it away");
}

/// What README says of the keys: a row for every act, in the order of the table.
fn readme_rows() -> String {
    let english = Locale::new(Language::English);
    let mut rows = String::new();
    let table = Table::default();
    for group in table.lines().chunk_by(|a, b| a.entry.group == b.entry.group) {
        let head = group[0].entry.group;
        rows += &format!("| **{}** | |\n", english.words(head));
        if head == "keys-mentions" {
            rows += &format!("| a label's key | {} |\n", english.words("key-label"));
            rows += &format!("| Shift and a label's key | {} |\n", english.words("key-also-label"));
        }
        for line in group {
            let ways: Vec<String> = line.ways().iter().map(|way| format!("`{}`", way.replace(' ', "+"))).collect();
            rows += &format!("| {} | {} |\n", ways.join(" "), english.words(line.entry.title));
        }
    }
    rows
}

#[test]
fn readme_tells_the_keys_that_there_are() {
    let readme = std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let rows = readme_rows();
    assert!(readme.contains(&rows), "the table of keys in README.md should be:\n{rows}");
}

#[test]
fn every_act_is_named_in_both_languages() {
    for language in [Language::Persian, Language::English] {
        let locale = Locale::new(language);
        for entry in acts::all() {
            for id in [entry.title, entry.group] {
                assert_ne!(locale.words(id), id, "{}", entry.id);
            }
        }
    }
}
