//! Journeys through the dialogs and the start screen: found by name and role, pressed, typed in; what comes out is commands.

use crate::canvas::Canvas;
use crate::picture::assert_picture;
use barchasb::domain::label::{DEFAULT_LABELS, Label, LabelId, LabelSet};
use barchasb::domain::layer::{Annotator, AnnotatorId, Rules, TitleRule};
use barchasb::exchange::import::ImportError;
use barchasb::formats::finding::{Finding, JsonFault, Misfit, SpanFault};
use barchasb::formats::offset_unit::OffsetUnit;
use barchasb::formats::problem::{Place, Problem};
use barchasb::session::command::{Command, Dialog, ExternalCommand, LabelCommand, ProjectCommand, Step, ViewCommand};
use barchasb::session::effect::{Picked, Purpose};
use barchasb::session::external_trial::{TrialState, Tried};
use barchasb::session::key_editing;
use barchasb::session::settings::{ProgramSetting, Recent, Theme};
use barchasb::session::state::{OpenProject, State};
use barchasb::session::telling::in_file;
use barchasb::store::contract::Project;
use barchasb::ui::dialogs::{Dialogs, Surroundings};
use barchasb::ui::galley::Bridge;
use barchasb::ui::kit::Kit;
use barchasb::ui::path_completion::Places;
use barchasb::ui::start_screen::StartScreen;
use barchasb::ui::theme::Palette;
use barchasb::words::language::Language;
use barchasb::words::locale::Locale;
use barchasb::words::message::Message;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The panels over one state, with the commands they gave.
pub struct Window {
    pub state: State,
    locale: Locale,
    bridge: Option<Bridge>,
    pub commands: Vec<Command>,
    start: StartScreen,
    dialogs: Dialogs,
    places: Places,
}

impl Window {
    fn new(state: State) -> Self {
        Self {
            locale: Locale::new(state.settings.language),
            state,
            bridge: None,
            commands: Vec::new(),
            start: StartScreen,
            dialogs: Dialogs::default(),
            places: Places::default(),
        }
    }

    fn show(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        let palette = Palette::of(self.state.settings.theme);
        ctx.set_visuals(palette.visuals());
        let bridge = self.bridge.get_or_insert_with(|| Bridge::new(&ctx, false));
        let kit = Kit { bridge, palette, locale: &self.locale };
        let (state, commands) = (&self.state, &mut self.commands);
        if state.project.is_none() {
            let frame = egui::Frame::new().fill(palette.window);
            egui::CentralPanel::default().frame(frame).show(ui, |ui| self.start.show(ui, &kit, state, commands));
        }
        let around = Surroundings { user_name: "maryam", places: &self.places };
        self.dialogs.show(&ctx, &kit, state, &around, commands);
    }
}

fn labels() -> LabelSet {
    let label = |(n, d): (u128, barchasb::domain::label::DefaultLabel)| Label {
        id: LabelId(Uuid::from_u128(n)),
        name: d.name.into(),
        title: d.title_fa.into(),
        colour: d.colour,
        keys: d.keys.into(),
        guideline: d.guideline_fa.into(),
        order: i64::try_from(n).unwrap(),
        deleted: !d.active,
        merged_into: None,
    };
    LabelSet::new((1..).zip(DEFAULT_LABELS).map(label).collect())
}

pub fn state(dialog: Dialog) -> State {
    let labels = labels();
    let counts = labels.active().zip([43, 1820, 12, 7, 1, 0, 9]).map(|(label, count)| (label.id, count)).collect();
    let project = Project {
        title: "اخبار انتظامی ۱۳۹۷".into(),
        path: PathBuf::from("/home/maryam/news/اخبار انتظامی ۱۳۹۷.barchasb"),
        rules: Rules { overlaps: true, titles: TitleRule::Outside },
        articles: 1240,
    };
    State {
        project: Some(OpenProject {
            label_counts: counts,
            annotator: Some(Annotator { id: AnnotatorId(Uuid::from_u128(1)), name: "مریم".into() }),
            ..OpenProject::new(project, labels)
        }),
        dialog: Some(dialog),
        ..State::default()
    }
}

pub fn harness(state: State, size: [f32; 2], scale: f32) -> (Harness<'static, Window>, Canvas) {
    let canvas = Canvas::default();
    let theme = if state.settings.theme == Theme::Dark { egui::Theme::Dark } else { egui::Theme::Light };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(scale)
        .with_theme(theme)
        .renderer(canvas.clone())
        .build_ui_state(|ui, window: &mut Window| window.show(ui), Window::new(state));
    harness.run_steps(3);
    harness.state_mut().commands.clear();
    (harness, canvas)
}

pub fn open(state: State) -> Harness<'static, Window> {
    harness(state, [1000.0, 760.0], 1.0).0
}

/// Presses the button of this name; what came of it.
pub fn press(harness: &mut Harness<'_, Window>, name: &str) -> Vec<Command> {
    harness.get_by_role_and_label(Role::Button, name).click();
    harness.run_steps(3);
    std::mem::take(&mut harness.state_mut().commands)
}

pub fn key(harness: &mut Harness<'_, Window>, key: Key) -> Vec<Command> {
    harness.key_press(key);
    harness.run_steps(3);
    std::mem::take(&mut harness.state_mut().commands)
}

fn problems() -> Dialog {
    let problem = |record: u64| {
        let place = Place { record: Some(record), line: Some(record), ..Place::default() };
        let misfit = Misfit::OtherSurface {
            named: "سردار حسین اشتری".into(), stands: "ردار حسین اشتری،".into()
        };
        let fault = SpanFault::Misfit { label: "PER".into(), start: 17, end: 33, unit: OffsetUnit::CodePoint, misfit };
        let findings = [
            Finding::SpanLeftOut { number: 2, fault },
            Finding::NoText,
            Finding::RecordJson(JsonFault::Syntax { words: "expected ident".into() }),
            Finding::UnknownKey { key: "url".into() },
        ];
        let finding = findings[record as usize % findings.len()].clone();
        in_file(Path::new("/home/maryam/news.jsonl"), &Problem::new(place, finding))
    };
    let missing = ImportError::Missing { path: "/home/maryam/old.jsonl".into() };
    let problems = std::iter::once(Message::from(&missing)).chain((1..=9_999).map(problem)).collect();
    Dialog::Problems { title: "problems-import", problems }
}

#[test]
fn the_start_screen_begins_in_three_ways_and_forgets() {
    let mut state = State::default();
    let path = PathBuf::from("/home/maryam/news.barchasb");
    state.settings.recent.push(Recent { path: path.clone(), article: None });
    let mut window = open(state);
    let project = |command| vec![Command::Project(command)];
    assert_eq!(press(&mut window, "طرح تازه"), project(ProjectCommand::AskNew));
    assert_eq!(press(&mut window, "گشودن"), project(ProjectCommand::AskOpen));
    assert_eq!(press(&mut window, "آزمودن با نمونه"), project(ProjectCommand::OpenSample));
    assert_eq!(press(&mut window, "news"), project(ProjectCommand::Open(path.clone())));
    assert_eq!(press(&mut window, "از فهرست بردار «news»"), project(ProjectCommand::ForgetRecent(path)));
    assert_eq!(press(&mut window, "English"), vec![Command::View(ViewCommand::SetLanguage(Language::English))]);
    assert_eq!(press(&mut window, "تیره"), vec![Command::View(ViewCommand::SetTheme(Theme::Dark))]);
}

#[test]
fn a_rule_counts_at_once() {
    let mut window = open(state(Dialog::Rules));
    window.get_by_role_and_label(Role::RadioButton, "هر واژه تنها در یک نمونه").click();
    window.run_steps(3);
    let rules = Rules { overlaps: false, titles: TitleRule::Outside };
    assert_eq!(window.state().commands, vec![Command::Project(ProjectCommand::SetRules(rules))]);
    window.state_mut().commands.clear();
    assert_eq!(key(&mut window, Key::Escape), vec![Command::View(ViewCommand::Dismiss)]);
}

#[test]
fn ten_thousand_problems_are_listed_and_only_those_in_view_laid_out() {
    let mut window = open(state(problems()));
    assert!(window.query_by_label_contains("رکورد ۱، سطر ۱").is_some());
    assert!(window.query_all_by_label_contains("این رکورد متن ندارد؛ کنار گذاشته شد.").count() > 1);
    assert!(window.query_by_label_contains("رکورد ۹٬۰۰۰").is_none());
    press(&mut window, "رونوشت از همه");
    assert!(window.query_by_label("رونوشت برداشته شد").is_some());
    assert_eq!(key(&mut window, Key::Escape), vec![Command::View(ViewCommand::Dismiss)]);
}

#[test]
fn the_annotator_is_asked_and_cannot_be_passed_over() {
    let mut state = state(Dialog::Annotator);
    state.project.as_mut().unwrap().annotator = None;
    let mut window = open(state);
    assert_eq!(key(&mut window, Key::Escape), Vec::new());
    let named = vec![Command::Project(ProjectCommand::SetAnnotator("maryam".into()))];
    assert_eq!(press(&mut window, "آغاز"), named);
    let closed = press(&mut window, "بستن طرح");
    assert!(closed.contains(&Command::Project(ProjectCommand::Close)), "{closed:?}");
}

#[test]
fn enter_in_the_name_field_is_the_answer() {
    let mut state = state(Dialog::Annotator);
    state.project.as_mut().unwrap().annotator = None;
    let mut window = open(state);
    window.get_by_role(Role::TextInput).type_text(" رضایی");
    window.run_steps(2);
    let named = vec![Command::Project(ProjectCommand::SetAnnotator("maryam رضایی".into()))];
    assert_eq!(key(&mut window, Key::Enter), named);
}

#[test]
fn the_keys_stand_in_their_groups() {
    let mut window = open(state(Dialog::Keys));
    assert!(window.query_by_label("پایان‌یافته، و خبر بعدی").is_some());
    assert_eq!(key(&mut window, Key::Enter), vec![Command::View(ViewCommand::Dismiss)]);
}

/// A name as messages show it: set apart from the sentence around it.
fn of(words: &str, name: &str) -> String {
    format!("{words} «\u{2068}{name}\u{2069}»")
}

/// Puts the keyboard in the field of this name and types over what is there.
pub fn type_over(harness: &mut Harness<'_, Window>, name: &str, text: &str) {
    harness.get_by_role_and_label(Role::TextInput, name).focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers { command: true, ..Modifiers::CTRL }, Key::A);
    harness.get_by_role_and_label(Role::TextInput, name).type_text(text);
    harness.run_steps(2);
}

fn label(command: &[Command]) -> &Label {
    match command {
        [Command::Label(LabelCommand::Change(label))] => label,
        other => panic!("one change, not {other:?}"),
    }
}

#[test]
fn a_label_changes_when_its_field_is_left() {
    let mut window = open(state(Dialog::Labels));
    type_over(&mut window, "عنوان «شخص»", "کس");
    assert_eq!(window.state().commands, Vec::new());
    let commands = key(&mut window, Key::Enter);
    assert_eq!(label(&commands), &Label { title: "کس".into(), ..labels().all()[0].clone() });
    type_over(&mut window, "کلیدها «سازمان»", "س۲");
    let commands = key(&mut window, Key::Tab);
    assert_eq!(label(&commands).keys, "s2");
}

#[test]
fn a_refused_name_is_marked_and_its_reason_told() {
    let mut window = open(state(Dialog::Labels));
    type_over(&mut window, "نام در پرونده «شخص»", "org");
    let commands = key(&mut window, Key::Enter);
    assert_eq!(label(&commands).name, "org");
    assert!(window.query_by_label_contains("برچسب دیگری نامش").is_some());
    type_over(&mut window, "نام در پرونده «شخص»", "PERSON");
    assert!(window.query_by_label_contains("برچسب دیگری نامش").is_none());
}

#[test]
fn labels_move_merge_and_come_back() {
    let mut window = open(state(Dialog::Labels));
    let id = |n| LabelId(Uuid::from_u128(n));
    let command = |command| vec![Command::Label(command)];
    let moved = command(LabelCommand::Move { label: id(2), step: Step::Back });
    assert_eq!(press(&mut window, &of("بالا بردن", "سازمان")), moved);
    press(&mut window, &of("جزئیات", "سازمان"));
    press(&mut window, "ادغام در…");
    window.get_by_role_and_label(Role::RadioButton, "مکان").click();
    window.run_steps(3);
    assert!(window.query_by_label_contains("۱٬۸۲۰ نمونه").is_some());
    assert_eq!(press(&mut window, "ادغام کن"), command(LabelCommand::Merge { from: id(2), into: id(3) }));
    window.get_by_label("بازگردان «ملیت»").scroll_to_me();
    window.run_steps(8);
    assert_eq!(press(&mut window, "بازگردان «ملیت»"), command(LabelCommand::Restore(id(11))));
    assert_eq!(press(&mut window, "برچسب تازه"), command(LabelCommand::New));
}

#[test]
fn a_colour_is_pressed_or_typed() {
    let mut window = open(state(Dialog::Labels));
    window.get_by_label(&of("رنگ", "شخص")).click();
    window.run_steps(3);
    window.get_by_label("#E45756").click();
    window.run_steps(3);
    let commands = std::mem::take(&mut window.state_mut().commands);
    assert_eq!(label(&commands).colour.hex(), "#E45756");
    type_over(&mut window, "رنگ به شکل \u{200e}#RRGGBB «شخص»", "teal");
    assert_eq!(key(&mut window, Key::Enter), Vec::new());
    assert!(window.query_by_label_contains("شش رقم").is_some());
}

/// A folder with some files, and the dialog open in it, its listing read.
fn path_window(purpose: Purpose) -> (Harness<'static, Window>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("newsroom")).unwrap();
    for name in ["news-a.barchasb", "news-b.barchasb", "a.txt", "b.txt", "c.png", ".hidden"] {
        std::fs::write(folder.path().join(name), "").unwrap();
    }
    let (mut window, _) = harness(state(Dialog::Keys), [1000.0, 760.0], 1.0);
    window.state_mut().places = Places { start: folder.path().to_owned(), home: None };
    window.state_mut().state.dialog = Some(Dialog::Path(Picked { purpose, paths: Vec::new() }));
    window.run_steps(4);
    wait_for(&mut window, |window| window.query_by_label("a.txt").is_some());
    (window, folder)
}

/// Frames until the reading thread has answered.
fn wait_for(window: &mut Harness<'_, Window>, there: impl Fn(&Harness<'_, Window>) -> bool) {
    for _ in 0..2_000 {
        window.run_steps(1);
        if there(window) {
            return;
        }
        std::thread::yield_now();
    }
    panic!("the folder was not read");
}

fn typed(window: &mut Harness<'_, Window>, text: &str) {
    window.get_by_role(Role::TextInput).type_text(text);
    window.run_steps(2);
}

fn picked(purpose: Purpose, paths: &[PathBuf]) -> Vec<Command> {
    vec![Command::Project(ProjectCommand::Picked(Picked { purpose, paths: paths.to_vec() }))]
}

#[test]
fn tab_completes_a_path_and_enter_takes_it() {
    let (mut window, folder) = path_window(Purpose::Open);
    assert!(window.query_by_label(".hidden").is_none());
    typed(&mut window, "news-");
    assert!(window.query_by_label("a.txt").is_none());
    typed(&mut window, "b");
    key(&mut window, Key::Tab);
    let expected = picked(Purpose::Open, &[folder.path().join("news-b.barchasb")]);
    assert_eq!(key(&mut window, Key::Enter), expected);
}

#[test]
fn the_arrows_choose_and_enter_goes_into_a_folder() {
    let (mut window, folder) = path_window(Purpose::Export);
    key(&mut window, Key::ArrowDown);
    assert_eq!(key(&mut window, Key::Enter), Vec::new());
    typed(&mut window, "out.jsonl");
    wait_for(&mut window, |window| window.query_by_label("این پوشه خالی است.").is_some());
    let expected = picked(Purpose::Export, &[folder.path().join("newsroom/out.jsonl")]);
    assert_eq!(key(&mut window, Key::Enter), expected);
}

#[test]
fn a_new_project_never_takes_the_place_of_a_file() {
    let (mut window, folder) = path_window(Purpose::New);
    typed(&mut window, "news-a");
    assert_eq!(key(&mut window, Key::Enter), Vec::new());
    assert!(window.query_by_label("پرونده‌ای با این نام هست؛ نام دیگری بگذارید.").is_some());
    typed(&mut window, "2");
    assert_eq!(key(&mut window, Key::Enter), picked(Purpose::New, &[folder.path().join("news-a2")]));
}

#[test]
fn stars_and_marks_take_several_files() {
    let (mut window, folder) = path_window(Purpose::Import);
    typed(&mut window, "*.txt");
    let both = picked(Purpose::Import, &[folder.path().join("a.txt"), folder.path().join("b.txt")]);
    assert_eq!(key(&mut window, Key::Enter), both);
    let (mut window, folder) = path_window(Purpose::Import);
    for _ in 0..2 {
        key(&mut window, Key::ArrowDown);
    }
    key(&mut window, Key::Space);
    key(&mut window, Key::ArrowDown);
    key(&mut window, Key::Space);
    let both = picked(Purpose::Import, &[folder.path().join("a.txt"), folder.path().join("b.txt")]);
    assert_eq!(press(&mut window, "وارد کردن ۲ پرونده"), both);
}

#[test]
fn tab_stays_inside_a_dialog() {
    let mut window = open(state(Dialog::Annotator));
    for _ in 0..12 {
        window.key_press(Key::Tab);
        window.run_steps(2);
        let focused = window.ctx.memory(|memory| memory.focused());
        assert!(focused.is_some(), "the keyboard is somewhere in the dialog");
    }
}

#[test]
fn leaving_the_editor_keeps_what_was_typed() {
    for leave in ["Esc", "بستن"] {
        let mut window = open(state(Dialog::Labels));
        type_over(&mut window, "عنوان «شخص»", "کس");
        let commands = if leave == "Esc" { key(&mut window, Key::Escape) } else { press(&mut window, leave) };
        assert_eq!(label(&commands[..1]).title, "کس", "{leave}");
        assert_eq!(commands.last(), Some(&Command::View(ViewCommand::Dismiss)), "{leave}");
    }
}

#[test]
fn a_new_label_comes_unfolded_with_the_keyboard_in_its_title() {
    let mut window = open(state(Dialog::Labels));
    let project = window.state_mut().state.project.as_mut().unwrap();
    let like = project.labels.all()[0].clone();
    let new = Label { id: LabelId(Uuid::from_u128(99)), name: "NEW".into(), title: "NEW".into(), order: 99, ..like };
    project.labels.put(Label { keys: String::new(), guideline: String::new(), ..new });
    window.run_steps(4);
    window.get_by_role_and_label(Role::TextInput, "عنوان «NEW»").type_text("رنگ");
    window.run_steps(2);
    assert_eq!(label(&key(&mut window, Key::Enter)).title, "رنگ");
    assert!(window.query_by_label("راهنما «NEW»").is_some());
}

/// The dialog of the suggesting program over an open article.
fn external() -> State {
    State { dialog: Some(Dialog::External), ..crate::project::state(Language::Persian, Theme::Light) }
}

#[test]
fn a_suggesting_program_is_set_and_forgotten() {
    let mut window = open(external());
    type_over(&mut window, "خط فرمان", "python3 ~/dates.py");
    type_over(&mut window, "بیشترین ثانیه برای هر خبر", "۲۰");
    window.get_by_role_and_label(Role::CheckBox, "از آن پیشنهاد خواسته شود").click();
    window.run_steps(3);
    let setting = ProgramSetting { command: "python3 ~/dates.py".into(), seconds: 20, on: false };
    let set = |setting| vec![Command::External(ExternalCommand::Set(setting)), Command::View(ViewCommand::Dismiss)];
    assert_eq!(press(&mut window, "ذخیره"), set(Some(setting.clone())));
    type_over(&mut window, "بیشترین ثانیه برای هر خبر", "0");
    assert!(window.query_by_label_contains("عددی از ۱ تا ۶۰۰").is_some());
    assert_eq!(press(&mut window, "ذخیره"), Vec::new());
    let mut state = external();
    state.settings.external = Some(setting);
    assert_eq!(press(&mut open(state), "حذف"), set(None));
}

/// The dialog after a trial with this outcome.
fn after_trial(tried: Tried) -> Harness<'static, Window> {
    let mut window = open(external());
    type_over(&mut window, "خط فرمان", "dates");
    let setting = ProgramSetting { command: "dates".into(), ..ProgramSetting::default() };
    let commands = press(&mut window, "روی خبر باز امتحان کن");
    assert_eq!(commands, vec![Command::External(ExternalCommand::Try(setting))]);
    window.state_mut().state.tried = Some(TrialState::Running);
    window.run_steps(2);
    assert_eq!(press(&mut window, "در حال پرسیدن…"), Vec::new());
    window.state_mut().state.tried = Some(TrialState::Done(Box::new(tried)));
    window.run_steps(4);
    window
}

#[test]
fn a_trial_is_told_in_the_dialog() {
    let found = vec![(crate::project::label_id("DAT"), "۲۹ دی ۱۳۹۷".to_owned()); 40];
    let finding = Finding::TooManySpans { limit: 100_000 };
    let tried = Tried { found: Ok(found), problems: vec![Message::from(&finding)], stderr: "loaded\n".into() };
    let window = after_trial(tried);
    for words in [
        "۴۰ پیشنهاد",
        "\u{2068}تاریخ\u{2069}: \u{2068}۲۹ دی ۱۳۹۷\u{2069}",
        "و ۱۰ مورد دیگر",
        "بیش از ۱۰۰٬۰۰۰ بازه",
        "loaded",
    ] {
        assert!(window.query_all_by_label_contains(words).next().is_some(), "{words}");
    }
    let window = after_trial(Tried::lost(Message::new("external-closed")));
    assert!(window.query_by_label_contains("خروجی‌اش را بست").is_some());
}

#[test]
fn the_suggesting_program_in_persian() {
    let mut state = external();
    state.settings.external =
        Some(ProgramSetting { command: "python3 ~/dates.py".into(), ..ProgramSetting::default() });
    let size = [740.0, 520.0];
    check_picture(state, Language::Persian, Theme::Light, size, "dialog_external_fa_light");
}

/// Holds what a window looks like against the kept picture.
pub fn check_picture(mut state: State, language: Language, theme: Theme, size: [f32; 2], name: &str) {
    state.settings.language = language;
    state.settings.theme = theme;
    let (mut window, canvas) = harness(state, size, 1.0);
    // Past the opening of the card.
    window.run_steps(6);
    assert_picture(name, &canvas.picture(&window));
}

#[test]
fn the_rules_in_persian() {
    check_picture(state(Dialog::Rules), Language::Persian, Theme::Light, [660.0, 600.0], "dialog_rules_fa_light");
}

#[test]
fn the_problems_in_persian() {
    check_picture(state(problems()), Language::Persian, Theme::Light, [840.0, 520.0], "dialog_problems_fa_light");
}

#[test]
fn the_start_screen_in_english() {
    let mut state = State::default();
    state.settings.recent.push(Recent { path: "/home/maryam/news/گزارش.barchasb".into(), article: None });
    check_picture(state, Language::English, Theme::Dark, [660.0, 480.0], "start_en_dark");
}

#[test]
fn the_finder_of_acts_in_persian() {
    check_picture(state(Dialog::Acts), Language::Persian, Theme::Light, [760.0, 600.0], "dialog_acts_fa_light");
}

#[test]
fn the_finder_of_acts_in_english() {
    check_picture(state(Dialog::Acts), Language::English, Theme::Dark, [760.0, 600.0], "dialog_acts_en_dark");
}

#[test]
fn the_keys_in_persian() {
    let mut state = state(Dialog::Keys);
    state.settings.keys.insert("key-mention-left".into(), vec!["Alt+Shift+M".into()]);
    key_editing::take_settings(&mut state);
    check_picture(state, Language::Persian, Theme::Light, [960.0, 760.0], "dialog_keys_fa_light");
}

#[test]
fn the_keys_in_english() {
    check_picture(state(Dialog::Keys), Language::English, Theme::Dark, [960.0, 760.0], "dialog_keys_en_dark");
}
