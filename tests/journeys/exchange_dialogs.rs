//! Journeys through the dialogs of import and export: found by name and role, pressed, typed in; what comes out is commands.

use crate::dialogs::{Window, check_picture, harness, key, open, press, state, type_over};
use barchasb::domain::label::LabelId;
use barchasb::domain::layer::{Annotator, AnnotatorId};
use barchasb::exchange::plan::Filing;
use barchasb::exchange::rehearsal::{Loss, Rehearsal};
use barchasb::exchange::survey::survey;
use barchasb::formats::foreign::Held;
use barchasb::formats::format::Format;
use barchasb::formats::offset_unit::OffsetUnit;
use barchasb::session::command::{Command, Dialog, ExportCommand, ImportCommand, ViewCommand};
use barchasb::session::exporting::{Counted, ExportChoice, Exporting};
use barchasb::session::importing::{Fate, ImportChoice, Importing};
use barchasb::session::settings::Theme;
use barchasb::session::state::State;
use barchasb::words::language::Language;
use barchasb::words::message::Message;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

const LINES: &str = r#"{"id":"اشتری","text":"سردار حسین اشتری در تهران گفت: نیروی انتظامی آماده است.\nاشتری روز شنبه ۲۹ دی ۱۳۹۷ به کتاب‌خانهٔ ملی رفت.","spans":[{"start":0,"end":16,"label":"PERSON","text":"سردار حسین اشتری"},{"start":20,"end":25,"label":"LOC","text":"تهران"},{"start":31,"end":44,"label":"ORG","text":"نیروی انتظامی"}],"annotator":"زهرا"}
{"id":"بیرجند","text":"رئیس دانشگاه بیرجند از پروژه‌های تازه گفت.","spans":[{"start":5,"end":19,"label":"ORG","text":"دانشگاه بیرجند"},{"start":13,"end":19,"label":"LOC","text":"بیرجند"}]}
{"id":"کوتاه","text":"خبری کوتاه","spans":[{"start":0,"end":40,"label":"MISC","text":"خبر"}]}
"#;

/// The dialog of an import over files that have been looked into.
fn importing(lines: &str) -> State {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news.jsonl");
    std::fs::write(&path, lines).unwrap();
    let choice = ImportChoice::of("سارا");
    let found = survey(&[path], &choice.options(), &mut |_| ControlFlow::Continue(()));
    let paths = vec![PathBuf::from("/home/maryam/news.jsonl")];
    let importing = Importing { paths, choice, number: 1, seen: None, survey: Some(Arc::new(found)), is_quiet: false };
    State { importing: Some(importing), ..state(Dialog::Import) }
}

/// What was decided last, of one command.
#[track_caller]
fn import_choice(commands: &[Command]) -> &ImportChoice {
    match commands {
        [Command::Import(ImportCommand::Choose(choice))] => choice,
        other => panic!("one choice, not {other:?}"),
    }
}

/// Opens the drop-down of this name and chooses a line of it.
fn choose(window: &mut Harness<'_, Window>, name: &str, line: &str) -> Vec<Command> {
    window.get_by_role_and_label(Role::ComboBox, name).click();
    window.run_steps(3);
    window.get_by_role_and_label(Role::MenuItemRadio, line).click();
    window.run_steps(3);
    std::mem::take(&mut window.state_mut().commands)
}

fn becomes(label: &str) -> String {
    format!("«\u{2068}{label}\u{2069}» می‌شود")
}

#[test]
fn a_label_of_a_file_gets_another_name_or_is_skipped() {
    let mut window = open(importing(LINES));
    let shown = |window: &Harness<'_, Window>, label: &str| {
        window.get_by_role_and_label(Role::ComboBox, &becomes(label)).accesskit_node().value().unwrap_or_default()
    };
    assert_eq!((shown(&window, "ORG"), shown(&window, "PERSON")), ("سازمان".to_owned(), "برچسب تازه".to_owned()));
    let commands = choose(&mut window, &becomes("PERSON"), "شخص");
    assert_eq!(import_choice(&commands).fate("PERSON"), &Fate::Into("PER".into()));
    let commands = choose(&mut window, &becomes("ORG"), "نادیده");
    assert_eq!(import_choice(&commands).fate("ORG"), &Fate::Skip);
}

#[test]
fn how_files_are_read_can_be_changed() {
    let mut window = open(importing(LINES));
    let commands = choose(&mut window, "قالب", "متن ساده");
    assert_eq!(import_choice(&commands).reading.format, Some(Format::TEXT));
    let commands = choose(&mut window, "واحد شمارش", "بایت");
    assert_eq!(import_choice(&commands).reading.unit, Some(OffsetUnit::Byte));
    window.get_by_role_and_label(Role::RadioButton, "پیشنهاد").click();
    window.run_steps(3);
    assert!(import_choice(&std::mem::take(&mut window.state_mut().commands)).as_suggestions);
}

#[test]
fn who_labelled_is_shown_and_who_did_is_asked_where_a_file_names_nobody() {
    let mut window = open(importing(LINES));
    assert!(window.query_by_label_contains("زهرا").is_some());
    type_over(&mut window, "برچسب‌زن", "حسن");
    let last = window.state().commands.last().cloned();
    assert_eq!(import_choice(&[last.unwrap()]).annotator, "حسن");
}

#[test]
fn enter_takes_the_files_and_escape_lets_them_go() {
    let mut window = open(importing(LINES));
    assert_eq!(key(&mut window, Key::Enter), vec![Command::Import(ImportCommand::Take)]);
    assert_eq!(press(&mut window, "وارد کن"), vec![Command::Import(ImportCommand::Take)]);
    assert_eq!(press(&mut window, "انصراف"), vec![Command::View(ViewCommand::Dismiss)]);
    // Esc closes what is open in the dialog first.
    window.get_by_role_and_label(Role::ComboBox, "قالب").click();
    window.run_steps(3);
    assert_eq!(key(&mut window, Key::Escape), Vec::new());
    assert_eq!(key(&mut window, Key::Escape), vec![Command::View(ViewCommand::Dismiss)]);
}

#[test]
fn a_drop_down_is_led_by_keys_and_gives_the_keyboard_back() {
    let mut window = open(importing(LINES));
    window.get_by_role_and_label(Role::ComboBox, &becomes("PERSON")).focus();
    window.run_steps(2);
    key(&mut window, Key::Enter);
    key(&mut window, Key::ArrowDown);
    key(&mut window, Key::ArrowDown);
    let commands = key(&mut window, Key::Enter);
    assert_eq!(import_choice(&commands).fate("PERSON"), &Fate::Skip);
    assert!(window.query_by_role(Role::MenuItemRadio).is_none(), "the choice closes it");
    assert!(window.get_by_role_and_label(Role::ComboBox, &becomes("PERSON")).accesskit_node().is_focused());
}

#[test]
fn all_problems_are_listed_and_escape_leads_back() {
    let mut window = open(importing(LINES));
    assert!(window.query_by_label("۱ ایراد").is_some());
    press(&mut window, "همه…");
    assert!(window.query_by_label("۱ مورد").is_some());
    assert!(window.query_by_label_contains("رکورد ۳، سطر ۳").is_some());
    assert_eq!(key(&mut window, Key::Escape), Vec::new());
    assert!(window.query_by_role_and_label(Role::ComboBox, "قالب").is_some());
}

#[test]
fn the_preview_tells_the_articles_as_they_will_stand() {
    let window = open(importing(LINES));
    let texts = window.query_all_by_label_contains("دانشگاه بیرجند از پروژه");
    assert_eq!(texts.count(), 1);
}

#[test]
fn while_files_are_read_nothing_can_be_taken_and_reading_can_be_stopped() {
    let mut state = importing(LINES);
    let importing = state.importing.as_mut().unwrap();
    (importing.survey, importing.seen) = (None, Some(12_000));
    let mut window = open(state);
    assert!(window.query_all_by_label("در حال خواندن: ۱۲٬۰۰۰ خبر").next().is_some());
    assert_eq!(key(&mut window, Key::Enter), Vec::new());
    assert_eq!(press(&mut window, "بس است"), vec![Command::Import(ImportCommand::StopSurvey)]);
}

#[test]
fn files_without_an_article_say_why() {
    let window = open(importing("{\"body\": \"سلام\"}\n"));
    assert!(window.query_by_label("در این پرونده‌ها خبری پیدا نشد.").is_some());
    assert!(window.query_by_label("ستون‌ها").is_some(), "the key of the text can be named");
    let mut window = window;
    assert_eq!(key(&mut window, Key::Enter), Vec::new());
}

/// The dialog of an export, counted.
fn exporting(choice: ExportChoice, counted: Counted) -> State {
    let exporting = Exporting { choice, number: 1, counted, is_placed: false };
    let mut state = State { exporting: Some(exporting), ..state(Dialog::Export) };
    let annotator = |n, name: &str| Annotator { id: AnnotatorId(Uuid::from_u128(n)), name: name.into() };
    state.project.as_mut().unwrap().annotators = vec![annotator(1, "مریم"), annotator(2, "زهرا")];
    state
}

fn rehearsed() -> Counted {
    let losses = vec![(Loss::LeftOut(Held::Note), 12), (Loss::Mention(Held::Nesting), 3), (Loss::Moved, 1)];
    Counted::Done(Arc::new(Rehearsal { articles: 1_240, mentions: 5_321, losses, ..Rehearsal::default() }))
}

#[track_caller]
fn export_choice(commands: &[Command]) -> &ExportChoice {
    match commands {
        [.., Command::Export(ExportCommand::Choose(choice))] => choice,
        other => panic!("a choice, not {other:?}"),
    }
}

/// Presses what has this role and name; what came of it.
fn press_role(window: &mut Harness<'_, Window>, role: Role, name: &str) -> Vec<Command> {
    window.get_by_role_and_label(role, name).click();
    window.run_steps(3);
    std::mem::take(&mut window.state_mut().commands)
}

#[test]
fn an_export_is_decided_part_by_part() {
    let mut window = open(exporting(ExportChoice::of(Format::JSONL), rehearsed()));
    let commands = press_role(&mut window, Role::RadioButton, "JSON");
    assert_eq!(export_choice(&commands).format, Format::JSON);
    let commands = choose(&mut window, "لایه‌های", "زهرا");
    assert_eq!(export_choice(&commands).annotator.as_deref(), Some("زهرا"));
    let commands = press_role(&mut window, Role::RadioButton, "تنها پایان‌یافته");
    assert!(export_choice(&commands).only_done);
    let commands = press_role(&mut window, Role::CheckBox, "شخص");
    let labels = export_choice(&commands).labels.as_ref().unwrap();
    assert!(!labels.contains("PER") && labels.contains("ORG"));
    let commands = press_role(&mut window, Role::RadioButton, "بایت");
    assert_eq!(export_choice(&commands).unit, OffsetUnit::Byte);
    let commands = press_role(&mut window, Role::RadioButton, "هر خبر یک پرونده");
    assert_eq!(export_choice(&commands).files, Filing::Articles);
    let commands = press_role(&mut window, Role::CheckBox, "خبرهای بی‌نمونه هم بیایند");
    assert!(!export_choice(&commands).bare);
    let commands = press_role(&mut window, Role::RadioButton, "۸۰ · ۱۰ · ۱۰");
    assert_eq!(export_choice(&commands).split.as_deref(), Some("80/10/10"));
}

#[test]
fn what_an_export_comes_to_is_told_and_enter_goes_on() {
    let mut window = open(exporting(ExportChoice::of(Format::JSONL), rehearsed()));
    for words in [
        "۱٬۲۴۰ خبر با ۵٬۳۲۱ نمونه بیرون می‌رود.",
        "یادداشت‌ها: ۱۲",
        "نمونه‌هایی که کنار می‌روند، چون قالب این را نگه نمی‌دارد (نمونه‌های تودرتو): ۳",
        "نمونه‌هایی که مرزشان به مرز واژه‌ها می‌رود: ۱",
    ] {
        assert!(window.query_by_label(words).is_some(), "{words}");
    }
    assert_eq!(key(&mut window, Key::Enter), vec![Command::Export(ExportCommand::AskPlace)]);
    assert_eq!(press(&mut window, "نوشتن در پرونده…"), vec![Command::Export(ExportCommand::AskPlace)]);
    assert_eq!(key(&mut window, Key::Escape), vec![Command::View(ViewCommand::Dismiss)]);
}

#[test]
fn parts_that_cannot_be_meant_keep_the_export_back() {
    let choice = ExportChoice { split: Some("70/30".into()), seed: 7, ..ExportChoice::of(Format::JSONL) };
    let mut window = open(exporting(choice, rehearsed()));
    assert!(window.query_by_role_and_label(Role::Button, "نوشتن در پوشه…").is_some());
    type_over(&mut window, "بذر قرعه", "۱۲");
    window.run_steps(2);
    assert_eq!(export_choice(&std::mem::take(&mut window.state_mut().commands)).seed, 12);
    type_over(&mut window, "وزن بخش‌ها", "70/0");
    window.state_mut().commands.clear();
    let enter = Modifiers { command: true, ..Modifiers::CTRL };
    window.key_press_modifiers(enter, Key::Enter);
    window.run_steps(3);
    assert!(!window.state().commands.contains(&Command::Export(ExportCommand::AskPlace)));
    type_over(&mut window, "وزن بخش‌ها", "60/20/20");
    window.run_steps(2);
    assert_eq!(export_choice(&window.state().commands).split.as_deref(), Some("60/20/20"));
}

#[test]
fn the_arrows_go_from_one_format_to_the_next() {
    let mut window = open(exporting(ExportChoice::of(Format::JSONL), rehearsed()));
    window.get_by_role_and_label(Role::RadioButton, "JSON Lines").focus();
    window.run_steps(2);
    window.state_mut().commands.clear();
    let commands = key(&mut window, Key::ArrowDown);
    assert_ne!(export_choice(&commands).format, Format::JSONL);
}

#[test]
fn an_empty_or_refused_export_is_not_written() {
    let nothing = Counted::Done(Arc::new(Rehearsal::default()));
    for counted in [nothing, Counted::Failed(Message::new("fault-read-only-format"))] {
        let mut window = open(exporting(ExportChoice::of(Format::JSONL), counted));
        assert_eq!(key(&mut window, Key::Enter), Vec::new());
    }
    let mut window = open(exporting(ExportChoice::of(Format::JSONL), Counted::Counting(40)));
    assert_eq!(press(&mut window, "بس است"), vec![Command::Export(ExportCommand::StopCounting)]);
}

#[test]
fn labels_out_of_use_are_chosen_only_while_they_have_mentions() {
    let mut state = exporting(ExportChoice::of(Format::JSONL), rehearsed());
    let project = state.project.as_mut().unwrap();
    let unused: Vec<LabelId> = project.labels.all().iter().filter(|l| !l.is_active()).map(|l| l.id).collect();
    project.label_counts.insert(unused[0], 4);
    let window = open(state);
    let chip = |name: &str| window.query_by_role_and_label(Role::CheckBox, name).is_some();
    let project = window.state().state.project.as_ref().unwrap();
    let title = |id: &LabelId| project.labels.get(*id).unwrap().title.clone();
    assert_eq!((chip(&title(&unused[0])), chip(&title(&unused[1]))), (true, false));
}

#[test]
fn both_fit_a_small_window() {
    for size in [[1280.0, 720.0], [1000.0, 640.0], [640.0, 480.0]] {
        for state in [importing(LINES), exporting(ExportChoice::of(Format::JSONL), rehearsed())] {
            let (window, _) = harness(state, size, 1.0);
            let button = window.get_by_role_and_label(Role::Button, "انصراف").rect();
            assert!(button.bottom() < size[1] - 24.0 && button.left() > 24.0, "{size:?}: {button}");
        }
    }
}

#[test]
fn the_import_in_persian() {
    let size = [1180.0, 700.0];
    check_picture(importing(LINES), Language::Persian, Theme::Light, size, "dialog_import_fa_light");
}

#[test]
fn the_import_in_english() {
    let size = [1180.0, 700.0];
    check_picture(importing(LINES), Language::English, Theme::Dark, size, "dialog_import_en_dark");
}

#[test]
fn the_export_in_persian() {
    let state = exporting(ExportChoice::of(Format::JSONL), rehearsed());
    check_picture(state, Language::Persian, Theme::Light, [1100.0, 700.0], "dialog_export_fa_light");
}

#[test]
fn the_export_in_english() {
    let choice = ExportChoice { split: Some("70/30".into()), card: true, ..ExportChoice::of(Format::JSON) };
    let state = exporting(choice, rehearsed());
    check_picture(state, Language::English, Theme::Dark, [1100.0, 700.0], "dialog_export_en_dark");
}
