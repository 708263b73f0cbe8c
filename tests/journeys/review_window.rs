//! The review as a person meets it: the window over a project in which two have labelled, led by keys and pointer.

use crate::canvas::Canvas;
use crate::court::{SAID, court};
use crate::desk::{Desk, LIMIT};
use crate::picture::assert_picture;
use crate::window::{CTRL, Window};
use barchasb::analysis::adjudicate::Standing;
use barchasb::domain::decision::Ruling;
use barchasb::domain::layer::Status;
use barchasb::formats::files::Source;
use barchasb::formats::format::{Format, ReadOptions, open_reader};
use barchasb::formats::sample::SAMPLE_ANNOTATORS;
use barchasb::session::command::{Command, Dialog, ProjectCommand, ViewCommand};
use barchasb::session::review::{Mode, Prompt, Review};
use barchasb::session::settings::{self, Settings, Theme};
use barchasb::session::state::State;
use barchasb::store::contract::Store as _;
use barchasb::store::sqlite::SqliteStore;
use barchasb::words::language::Language;
use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;

const NONE: Modifiers = Modifiers::NONE;

/// The window over a court in which the first six statements of [`SAID`] are done, as «سارا» left it.
fn window() -> (Window, Desk) {
    let mut desk = court(&SAID[..6]);
    desk.walk_to("یک");
    assert_eq!(desk.session.finish().unwrap(), 0);
    let (settings, _) = settings::load(&desk.settings_file());
    let mut window = Window::start(settings, &desk.settings_file());
    window.wait_article("یک");
    (window, desk)
}

fn is_reviewing(state: &State) -> bool {
    state.article().is_some_and(|open| open.review.is_some())
}

/// The same with the review begun by its key.
fn reviewing() -> (Window, Desk) {
    let (mut window, desk) = window();
    window.press(CTRL, Key::Num2);
    window.wait("the review has begun", is_reviewing);
    (window, desk)
}

fn review(window: &Window) -> &Review {
    window.open().review.as_deref().expect("a review")
}

fn current(window: &Window) -> &str {
    let span = review(window).current_case().expect("a current dispute").cluster.span;
    window.open().article.surface(span).unwrap()
}

/// Presses a key and waits until what came of it is saved and no article is on its way.
fn press(window: &mut Window, key: Key) {
    press_with(window, NONE, key);
}

fn press_with(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.press(modifiers, key);
    window.wait("nothing is on its way", |state| {
        let project = state.project.as_ref().unwrap();
        !project.walking && project.seeking.is_none()
    });
    window.wait_saved();
}

/// How each dispute of the open article was ruled, or nothing while it waits.
fn rulings(window: &Window) -> Vec<Option<Ruling>> {
    let review = review(window);
    let ruling = |at: usize| match &review.cases[at].standing {
        Standing::Decided(decision) | Standing::Aside(decision) => Some(decision.ruling),
        _ => None,
    };
    review.disputes().iter().copied().map(ruling).collect()
}

/// The key of the version of the current dispute that says just this.
fn key_of(window: &Window, surface: &str) -> Key {
    const DIGITS: [Key; 3] = [Key::Num1, Key::Num2, Key::Num3];
    let review = review(window);
    let versions = review.versions(review.current.unwrap());
    let says = |version: &barchasb::session::review::Version| {
        version.mentions.iter().any(|key| window.open().article.surface(key.span) == Some(surface))
    };
    DIGITS[versions.iter().position(says).expect("someone says so")]
}

#[test]
fn a_dispute_is_a_key_in_the_window() {
    let (mut window, _desk) = window();
    assert!(window.harness.query_by_label("این اختلاف و آنچه با آن می‌شود کرد").is_none());
    window.press(CTRL, Key::Num2);
    window.wait("the review has begun", is_reviewing);
    assert!(window.harness.query_by_label("این اختلاف و آنچه با آن می‌شود کرد").is_some());
    assert!(window.harness.query_all_by_label("۲ اختلاف، ۰ تصمیم").count() >= 1);
    assert_eq!(current(&window), "سردار حسین اشتری");
    let key = key_of(&window, "حسین اشتری");
    press(&mut window, key);
    assert!(matches!(rulings(&window)[..], [Some(Ruling::Taken(_)), None]));
    assert_eq!(current(&window), "ناجا", "the next one is chosen by itself");
    assert!(window.harness.query_all_by_label("۲ اختلاف، ۱ تصمیم").count() >= 1);
    // One step back; then the same by another way.
    press_with(&mut window, CTRL, Key::Z);
    assert_eq!((rulings(&window), current(&window)), (vec![None, None], "سردار حسین اشتری"));
    press(&mut window, Key::Num0);
    assert_eq!(rulings(&window), [Some(Ruling::Nothing), None]);
    press_with(&mut window, Modifiers::SHIFT, Key::N);
    press(&mut window, Key::U);
    assert_eq!((rulings(&window), current(&window)), (vec![None, None], "سردار حسین اشتری"));
}

#[test]
fn a_dispute_is_put_aside_with_what_is_asked() {
    let (mut window, _desk) = reviewing();
    window.press(Modifiers::SHIFT, Key::Slash);
    assert_eq!(review(&window).prompt, Some(Prompt::Question));
    window.harness.run_steps(3);
    window.type_text("لقب هست یا نه؟");
    press(&mut window, Key::Enter);
    assert_eq!(rulings(&window), [Some(Ruling::Aside), None]);
    let question = review(&window).cases.iter().find_map(|case| case.decision()?.question.clone());
    assert_eq!(question.as_deref(), Some("لقب هست یا نه؟"));
    // What is asked can be let go: nothing is decided then.
    window.press(Modifiers::SHIFT, Key::Slash);
    window.harness.run_steps(3);
    window.type_text("؟");
    press(&mut window, Key::Escape);
    assert_eq!((review(&window).prompt, rulings(&window)), (None, vec![Some(Ruling::Aside), None]));
}

#[test]
fn a_reason_has_the_number_of_its_chip_while_it_is_asked_for() {
    let (mut window, _desk) = reviewing();
    window.wait("the reasons", |state| !state.project.as_ref().unwrap().reasons.is_empty());
    press(&mut window, Key::Num0);
    press_with(&mut window, Modifiers::SHIFT, Key::N);
    assert_eq!(current(&window), "سردار حسین اشتری");
    window.press(NONE, Key::R);
    assert!(window.harness.query_by_label("چرا؟ شماره را بزنید").is_some());
    let second = window.state().project.as_ref().unwrap().reasons_offered()[1].to_owned();
    press(&mut window, Key::Num2);
    let decision = review(&window).current_case().unwrap().decision().unwrap().clone();
    assert_eq!((decision.ruling, decision.reason.as_deref()), (Ruling::Nothing, Some(second.as_str())));
    assert_eq!(review(&window).prompt, None);
    window.press(NONE, Key::R);
    press(&mut window, Key::Escape);
    assert_eq!(review(&window).prompt, None, "let go");
    window.press(NONE, Key::R);
    press(&mut window, Key::Num0);
    assert_eq!(review(&window).current_case().unwrap().decision().unwrap().reason, None, "no reason after all");
}

#[test]
fn the_list_is_pressed_narrowed_and_names_are_shown() {
    let (mut window, _desk) = reviewing();
    // In a blind review no name is anywhere on the screen but that of who labelled among the articles' filters.
    assert!(window.harness.query_by_label_contains("\u{2068}رضا\u{2069}").is_none());
    window.press(NONE, Key::V);
    assert!(!review(&window).is_blind());
    let taken = "\u{2068}رضا\u{2069}: \u{2068}ناجا\u{2069}: \u{2068}تأسیسات\u{2069}";
    window.click(Role::Button, taken);
    window.wait_saved();
    assert!(matches!(rulings(&window)[..], [None, Some(Ruling::Taken(_))]), "the version that was pressed");
    window.click(Role::RadioButton, "تصمیم‌گرفته");
    assert!(window.harness.query_by_label(taken).is_some());
    assert!(window.harness.query_by_label_contains("\u{2068}سردار حسین اشتری\u{2069} (باز)").is_none());
    window.click(Role::RadioButton, "باز");
    assert!(window.harness.query_by_label(taken).is_none());
    window.click(Role::CheckBox, "نمایش نام‌ها");
    assert!(review(&window).is_blind());
}

#[test]
fn all_like_one_decision_are_decided_after_a_look() {
    let (mut window, _desk) = reviewing();
    let at = review(&window).disputes()[1];
    window.press(NONE, Key::N);
    assert_eq!(review(&window).current, Some(at));
    let org = window.state().project.as_ref().unwrap().labels.by_name("ORG").unwrap().id;
    let versions = review(&window).versions(at);
    let place = versions.iter().position(|version| version.mentions[0].label == org).unwrap();
    press(&mut window, [Key::Num1, Key::Num2][place]);
    window.press(NONE, Key::L);
    window.wait("the plan", |state| {
        state.project.as_ref().unwrap().sweep.as_ref().is_some_and(|sweep| sweep.plan.is_some())
    });
    let place = "\u{2068}ناجا\u{2069}: \u{2068}سازمان\u{2069} (\u{2068}سه\u{2069})";
    assert!(window.harness.query_by_label(place).is_some(), "text, what would stand, article");
    // Keys that decide in the article mean nothing here.
    let depth = window.state().project.as_ref().unwrap().history.depth();
    press(&mut window, Key::Num0);
    assert_eq!(window.state().project.as_ref().unwrap().history.depth(), depth);
    window.press(NONE, Key::Escape);
    assert!(window.state().project.as_ref().unwrap().sweep.is_none());
    window.press(NONE, Key::L);
    window.wait("the plan", |state| {
        state.project.as_ref().unwrap().sweep.as_ref().is_some_and(|sweep| sweep.plan.is_some())
    });
    press(&mut window, Key::Enter);
    let project = window.state().project.as_ref().unwrap();
    assert!(project.sweep.is_none());
    assert!(window.state().toasts.iter().any(|toast| toast.message.id == "sweep-done"));
}

#[test]
fn a_strategy_is_chosen_seen_and_applied() {
    let (mut window, _desk) = reviewing();
    window.session().command(Command::View(ViewCommand::Show(Dialog::Strategy)));
    window.harness.run_steps(4);
    window.click(Role::RadioButton, "یک برچسب‌زن");
    let look = "نشان بده چه تصمیم می‌گیرد";
    window.click(Role::Button, look);
    assert_eq!(window.state().dialog, Some(Dialog::Strategy), "whose is not said yet");
    window.click(Role::ComboBox, "گفتهٔ");
    assert!(window.harness.query_by_role_and_label(Role::MenuItemRadio, "gold").is_none(), "gold is nobody's reading");
    window.click(Role::MenuItemRadio, "رضا");
    window.click(Role::Button, look);
    window.wait("the plan", |state| {
        state.project.as_ref().unwrap().sweep.as_ref().is_some_and(|sweep| sweep.plan.is_some())
    });
    assert_eq!(window.state().dialog, None);
    window.click(Role::Button, "همه را تصمیم بگیر");
    window.wait_saved();
    assert_eq!(review(&window).waiting(), 0);
    assert!(rulings(&window).iter().all(|ruling| matches!(ruling, Some(Ruling::Strategy(_)))));
}

#[test]
fn reasons_are_added_worded_ordered_and_taken_off() {
    let (mut window, _desk) = reviewing();
    window.wait("the reasons", |state| !state.project.as_ref().unwrap().reasons.is_empty());
    let reasons = |window: &Window| window.state().project.as_ref().unwrap().reasons.clone();
    let before = reasons(&window);
    window.click(Role::Button, "ویرایش دلیل‌ها");
    window.harness.run_steps(3);
    window.type_text("نام تازه");
    window.press(NONE, Key::Enter);
    window.harness.run_steps(3);
    assert_eq!(reasons(&window), [before.clone(), vec!["نام تازه".to_owned()]].concat());
    window.click(Role::Button, "بردن «\u{2068}نام تازه\u{2069}» بالاتر");
    assert_eq!(reasons(&window)[before.len() - 1], "نام تازه");
    window.click(Role::Button, "برداشتن «\u{2068}لغزش\u{2069}» از فهرست");
    assert!(!reasons(&window).contains(&"slip".to_owned()));
    window.click(Role::TextInput, "عبارت «\u{2068}نام تازه\u{2069}»");
    window.press(CTRL, Key::A);
    window.type_text("نو");
    window.press(NONE, Key::Enter);
    window.harness.run_steps(3);
    assert!(reasons(&window).contains(&"نو".to_owned()) && !reasons(&window).contains(&"نام تازه".to_owned()));
    window.press(NONE, Key::Escape);
    assert_eq!(window.state().dialog, None);
}

#[test]
fn who_labelled_sees_what_review_changed_and_why() {
    let (mut window, _desk) = reviewing();
    window.wait("the reasons", |state| !state.project.as_ref().unwrap().reasons.is_empty());
    // «رضا» says «سردار حسین اشتری» and that «ناجا» is a place that was built: both are taken, against «سارا».
    window.press(NONE, Key::R);
    press(&mut window, Key::Num1);
    let key = key_of(&window, "سردار حسین اشتری");
    press(&mut window, key);
    let versions = review(&window).versions(review(&window).current.unwrap());
    let fac = window.state().project.as_ref().unwrap().labels.by_name("FAC").unwrap().id;
    let place = versions.iter().position(|version| version.mentions[0].label == fac).unwrap();
    press(&mut window, [Key::Num1, Key::Num2][place]);
    window.wait_article("سه");
    window.press(CTRL, Key::Num1);
    window.wait("«سارا» labels again", |state| {
        state.project.as_ref().unwrap().mode == Mode::Label && state.article().is_some()
    });
    assert!(window.open().feedback.is_empty(), "this one is not reviewed yet");
    assert!(window.harness.query_by_label_contains("بازبینی").is_some());
    let first = window.state().project.as_ref().unwrap().list.row(0).unwrap().id;
    window.session().command(Command::Walk(barchasb::session::command::WalkCommand::To(first)));
    window.wait_article("یک");
    assert_eq!(window.open().feedback.len(), 2);
    assert!(window.harness.query_by_label("بازبینی ۲ جا را عوض کرد").is_some());
    let change = "\u{2068}ناجا\u{2069}: \u{2068}سازمان\u{2069} ← \u{2068}ناجا\u{2069}: \u{2068}تأسیسات\u{2069}";
    window.click(Role::Button, change);
    let selected = window.open().selected.expect("the place is selected");
    assert_eq!(window.open().article.surface(selected.span), Some("ناجا"));
    let reasoned = window.harness.query_by_label_contains("کاستی راهنما");
    assert!(reasoned.is_some(), "the reason is told");
}

#[test]
fn a_drag_with_an_armed_label_edits_gold_as_it_does_in_labelling() {
    let (mut window, _desk) = reviewing();
    let per = window.state().project.as_ref().unwrap().labels.by_name("PER").unwrap().id;
    window.session().state.project.as_mut().unwrap().armed = Some(per);
    window.harness.run_steps(2);
    window.drag("آماده است");
    window.wait_saved();
    assert!(
        window.mentions().iter().any(|(surface, label, _)| (surface.as_str(), label.as_str()) == ("آماده است", "PER"))
    );
    assert_eq!(rulings(&window), [None, None], "it belongs to no dispute");
    // Over a dispute it decides it.
    window.drag("حسین");
    window.wait_saved();
    assert_eq!(rulings(&window)[0], Some(Ruling::Edited), "{:?}", window.mentions());
}

#[test]
fn without_room_the_way_to_the_review_stands_in_the_menu() {
    let (mut window, _desk) = window();
    window.harness.set_size(vec2(640.0, 700.0));
    window.harness.run_steps(4);
    assert!(window.harness.query_by_role_and_label(Role::RadioButton, "بازبینی").is_none());
    window.click(Role::Button, "فهرست");
    window.click(Role::Button, "بازبینی");
    window.wait("the review has begun", is_reviewing);
}

/// The sample, as the program carries it, in a review.
fn sample(language: Language, theme: Theme, names: bool) -> (Window, Canvas, Desk) {
    let mut desk = Desk::empty();
    desk.give(ProjectCommand::New(desk.project_path()));
    desk.wait("the project is open", |state| state.project.is_some());
    assert_eq!(desk.session.finish().unwrap(), 0);
    let source = Source::from_bytes(SAMPLE_ANNOTATORS);
    let mut reader = open_reader(Format::JSON, source, &ReadOptions::default()).unwrap();
    let mut records = std::iter::from_fn(|| reader.next_record(&mut Vec::new()).unwrap());
    SqliteStore::open(&desk.project_path()).unwrap().import(&mut records, "?").unwrap();
    let (kept, _) = settings::load(&desk.settings_file());
    let review = settings::Settings::default().review;
    let review = barchasb::session::review::ReviewSetting { names, ..review };
    let settings = Settings { language, theme, review, ..kept };
    let (mut window, canvas) = Window::start_on(settings, &desk.settings_file());
    window.wait("the article is open", |state| state.article().is_some());
    window.press(CTRL, Key::Num2);
    window.wait("the review has begun", is_reviewing);
    window.wait("the reasons", |state| !state.project.as_ref().unwrap().reasons.is_empty());
    (window, canvas, desk)
}

/// Ten thousand such decisions are a day's work: none may take more than its key.
#[test]
fn the_disputes_of_the_sample_take_a_key_each_and_agreement_takes_none() {
    let (mut window, _canvas, _desk) = sample(Language::Persian, Theme::Light, false);
    let disputes = review(&window).disputes().len();
    let agreed = review(&window).cases.len() - disputes;
    assert_eq!((disputes, review(&window).waiting()), (13, 13));
    assert!(agreed > 20, "{agreed}");
    let mut keys = 0;
    while review(&window).waiting() > 0 && keys < 100 {
        press(&mut window, Key::Num1);
        keys += 1;
    }
    assert_eq!(keys, 13);
    let open = window.open();
    assert_eq!(open.layer.status, Status::Done);
    assert!(open.layer.mentions.iter().count() >= agreed, "what all say is gold without a key");
    assert!(window.state().toasts.iter().any(|toast| toast.message.id == "review-article-done"));
    assert_eq!(window.state().project.as_ref().unwrap().history.depth().0, 13);
}

fn check_picture(language: Language, theme: Theme, names: bool, size: [f32; 2], keys: &[Key], name: &str) {
    let (mut window, canvas, _desk) = sample(language, theme, names);
    window.harness.set_size(size.into());
    for key in keys {
        press(&mut window, *key);
    }
    // Neither toasts nor the time of saving are to be in the picture.
    window.session().state.toasts.clear();
    window.harness.run_steps(6);
    assert!(window.session().settle(LIMIT));
    window.harness.run_steps(3);
    assert_picture(name, &canvas.picture(&window.harness));
}

#[test]
fn the_review_in_persian_and_light() {
    check_picture(
        Language::Persian,
        Theme::Light,
        false,
        [1400.0, 880.0],
        &[Key::Num1, Key::Num0, Key::Num2],
        "review_fa_light",
    );
}

#[test]
fn the_review_in_english_and_dark_with_names() {
    check_picture(
        Language::English,
        Theme::Dark,
        true,
        [1400.0, 880.0],
        &[Key::N, Key::N, Key::N, Key::N],
        "review_en_dark",
    );
}

#[test]
fn the_review_in_a_narrow_window() {
    check_picture(Language::Persian, Theme::Light, false, [760.0, 640.0], &[Key::R], "review_fa_light_narrow");
}

#[test]
fn keys_decide_nothing_while_the_statistics_hide_the_article() {
    let (mut window, _desk) = reviewing();
    let waiting = review(&window).waiting();
    window.press(CTRL, Key::Num3);
    window.wait("the statistics are there", |state| {
        state.project.as_ref().is_some_and(|project| project.statistics.overview.is_some())
    });
    for key in [Key::Num0, Key::Num1, Key::B, Key::U, Key::Enter, Key::P] {
        press(&mut window, key);
    }
    assert_eq!(review(&window).waiting(), waiting);
    window.press(CTRL, Key::Num2);
    window
        .wait("the article is back", |state| state.project.as_ref().is_some_and(|project| !project.statistics.is_open));
    press(&mut window, Key::Num1);
    assert_eq!(review(&window).waiting(), waiting - 1);
}
