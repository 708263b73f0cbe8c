//! Suggestions at the window: walked, accepted, corrected and rejected by keys and pointer, and the pill of same mentions.
//!
//! The real frame over a state of its own: no engine suggests anything that a test has not put there.

use crate::canvas::Canvas;
use crate::picture::assert_picture;
use crate::project;
use barchasb::domain::layer::{Annotator, AnnotatorId};
use barchasb::domain::mention::{Mention, Origin};
use barchasb::domain::offset::Span;
use barchasb::domain::suggestion::{Confidence, Engine, Outcome, Reason, Suggestion};
use barchasb::session::ask::{Knowledge, Training};
use barchasb::session::command::{Command, Dialog, MarkCommand, SelectCommand, SuggestCommand, ViewCommand};
use barchasb::session::driver::Session;
use barchasb::session::effect::{Elsewhere, Event, SamePlace};
use barchasb::session::settings::{Settings, Theme};
use barchasb::session::state::{OpenArticle, OpenProject, State};
use barchasb::session::update;
use barchasb::session::worker::Places;
use barchasb::store::contract::Order;
use barchasb::store::knowledge::NameListRow;
use barchasb::suggest::track_record::TrackRecord;
use barchasb::ui::app::App;
use barchasb::words::language::Language;
use egui::accesskit::{Role, Toggled};
use egui::{Key, Modifiers, Pos2, Rect, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::sync::Arc;
use uuid::Uuid;

/// As a window system sends it: egui calls Ctrl the command key everywhere but on a Mac.
const CTRL: Modifiers = Modifiers { command: true, ..Modifiers::CTRL };
const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..CTRL };
const SHIFT_ALT: Modifiers = Modifiers { alt: true, ..Modifiers::SHIFT };

/// What is suggested in the open article: the text, the label, the confidence in hundredths, and why.
fn suggested() -> Vec<Suggestion> {
    let of = |surface: &str, label: &str, hundredths: u32, engine, reason| Suggestion {
        span: span(surface, 0),
        label: project::label_id(label),
        engine,
        confidence: Confidence::new(f64::from(hundredths) / 100.0),
        reason,
    };
    vec![
        of("گروهکهای معاند", "ORG", 93, Engine::Lexicon, Reason::Labelled { times: 14, against: 2 }),
        of("فرمانده", "PER", 31, Engine::Tagger, Reason::Learned),
        of("خبرنگار", "ORG", 64, Engine::Gazetteer, Reason::Listed { list: "رسانه‌ها".into() }),
        of("پل ارتباطی", "FAC", 22, Engine::Import, Reason::Said { by: "spaCy".into() }),
    ]
}

/// The place of a text in the open article, the first one being 0.
fn span(surface: &str, nth: usize) -> Span {
    let (byte, _) = project::TEXT.match_indices(surface).nth(nth).expect("the article has it");
    let start = project::TEXT[..byte].chars().count();
    Span::from_chars(start, start + surface.chars().count())
}

fn state(language: Language, theme: Theme) -> State {
    let mut state = project::state(language, theme);
    let article = state.article().unwrap().article.id();
    update::event(&mut state, Event::Advised { article, annotator: project::ANNOTATOR, suggestions: suggested() });
    state
}

fn knowledge(right: usize, wrong: usize) -> Knowledge {
    let outcome = |right| Outcome {
        engine: Engine::Lexicon,
        label: project::label_id("ORG"),
        confidence: Confidence::new(0.9),
        shown: Some(Confidence::new(0.9)),
        right,
    };
    let outcomes = std::iter::repeat_n(outcome(true), right).chain(std::iter::repeat_n(outcome(false), wrong));
    Knowledge {
        training: Some(Training { sentences: 1240, seconds: 0.4 }),
        record: TrackRecord::from_outcomes(outcomes),
        ..Knowledge::default()
    }
}

fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

/// The window, as a person sits before it.
struct Window {
    harness: Harness<'static, Option<Box<App>>>,
    canvas: Canvas,
}

impl Window {
    fn new(state: State, size: [f32; 2]) -> Self {
        let canvas = Canvas::default();
        let mut state = Some(state);
        let frame = move |ui: &mut egui::Ui, app: &mut Option<Box<App>>| {
            let app = app.get_or_insert_with(|| {
                // A worker without a project: what is done stays in the state.
                let places = Places { settings: None, data: None };
                let mut session = Session::new(Settings::default(), places, Arc::new(|| {}));
                session.state = state.take().expect("a state");
                Box::new(App::new(ui.ctx(), session, false))
            });
            app.frame(ui);
        };
        let mut harness =
            Harness::builder().with_size(size).renderer(canvas.clone()).build_ui_state(frame, None::<Box<App>>);
        harness.run_steps(4);
        Self { harness, canvas }
    }

    fn open_window(language: Language) -> Self {
        Self::new(state(language, Theme::Light), [1400.0, 880.0])
    }

    fn state(&self) -> &State {
        self.harness.state().as_ref().unwrap().state()
    }

    fn project(&self) -> &OpenProject {
        self.state().project.as_ref().unwrap()
    }

    fn open(&self) -> &OpenArticle {
        self.state().article().unwrap()
    }

    fn state_mut(&mut self) -> &mut State {
        &mut self.harness.state_mut().as_mut().unwrap().session().state
    }

    fn give(&mut self, command: Command) {
        let _effects = update::command(self.state_mut(), command);
        self.harness.run_steps(3);
    }

    fn hear(&mut self, event: Event) {
        let _effects = update::event(self.state_mut(), event);
        self.harness.run_steps(3);
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_steps(3);
    }

    fn click(&mut self, name: &str) {
        self.harness.get_by_role_and_label(Role::Button, name).click();
        self.harness.run_steps(3);
    }

    fn has(&self, role: Role, name: &str) -> bool {
        self.harness.query_all_by_role_and_label(role, name).next().is_some()
    }

    /// What is read on the screen, without the marks that keep names apart from their sentence.
    fn labels(&self) -> Vec<String> {
        let texts = self.harness.query_all_by_role(Role::Label);
        texts.filter_map(|node| node.accesskit_node().value()).map(|text| plain(&text)).collect()
    }

    /// The text of the chosen suggestion, with its edges as they stand.
    fn chosen(&self) -> Option<&str> {
        self.open().article.surface(self.open().advice.chosen()?.span)
    }

    /// The mention with just this text: its label and where it comes from.
    fn mention(&self, surface: &str) -> Option<(&str, Origin)> {
        let is_it = |mention: &&Mention| self.open().article.surface(mention.span) == Some(surface);
        let mention = self.open().layer.mentions.iter().find(is_it)?;
        Some((&self.project().label(mention.label)?.name, mention.origin))
    }

    fn mentions_of(&self, surface: &str) -> usize {
        let is_it = |mention: &&Mention| self.open().article.surface(mention.span) == Some(surface);
        self.open().layer.mentions.iter().filter(is_it).count()
    }

    fn rect_of(&self, span: Span) -> Rect {
        let pane = self.harness.state().as_ref().unwrap().article_pane();
        *pane.rects_of(self.open(), span).first().expect("it is in view")
    }

    fn drag(&mut self, from: Pos2, to: Pos2) {
        self.harness.hover_at(from);
        self.harness.run_steps(2);
        self.harness.drag_at(from);
        self.harness.run_steps(2);
        for part in [0.4, 1.0] {
            self.harness.hover_at(from.lerp(to, part));
            self.harness.run_steps(1);
        }
        self.harness.drop_at(to);
        self.harness.run_steps(3);
    }

    /// Labels «مردم» where it stands first and lets these many others be found.
    fn label_people(&mut self, elsewhere: u64) {
        let at = span("مردم", 0).start;
        self.give(Command::Select(SelectCommand::Click { at }));
        self.give(Command::Mark(MarkCommand::Label(project::label_id("ORG"))));
        self.find(&[("مردم", 0, true), ("مردم", 1, true), ("اعتماد", 0, false)], elsewhere);
    }

    /// What is found of the offer that stands: places here and how many elsewhere.
    fn find(&mut self, places: &[(&str, usize, bool)], elsewhere: u64) {
        let id = self.project().same.as_ref().expect("an offer").id;
        let place =
            |(surface, nth, whole): &(&str, usize, bool)| SamePlace { span: span(surface, *nth), whole: *whole };
        self.hear(Event::SameHere { id, places: places.iter().map(place).collect() });
        self.hear(Event::SameElsewhere { id, found: Elsewhere { articles: elsewhere.min(87), places: elsewhere } });
    }
}

#[test]
fn tab_walks_enter_accepts_and_delete_rejects() {
    let mut window = Window::open_window(Language::Persian);
    let focused = |window: &Window| window.harness.ctx.memory(egui::Memory::focused);
    window.press(Modifiers::NONE, Key::Tab);
    assert_eq!((window.chosen(), focused(&window)), (Some("گروهکهای معاند"), None), "the article keeps the keyboard");
    window.press(Modifiers::NONE, Key::Tab);
    assert_eq!(window.chosen(), Some("فرمانده"));
    window.press(Modifiers::SHIFT, Key::Tab);
    assert_eq!((window.chosen(), focused(&window)), (Some("گروهکهای معاند"), None));

    window.press(Modifiers::NONE, Key::Enter);
    assert_eq!(window.mention("گروهکهای معاند"), Some(("ORG", Origin::Accepted(Engine::Lexicon))));
    assert_eq!(window.chosen(), Some("فرمانده"), "and on to the next");
    window.press(Modifiers::NONE, Key::Delete);
    assert_eq!((window.mention("فرمانده"), window.open().layer.rejections.len()), (None, 1));

    // An edge moved first, it is corrected.
    assert_eq!(window.chosen(), Some("خبرنگار"));
    window.press(Modifiers::SHIFT, Key::OpenBracket);
    assert_eq!(window.chosen(), Some("گزارش خبرنگار"));
    window.press(Modifiers::NONE, Key::Enter);
    assert_eq!(window.mention("گزارش خبرنگار"), Some(("ORG", Origin::Corrected(Engine::Gazetteer))));

    // Another label's key corrects it as well.
    assert_eq!(window.chosen(), Some("پل ارتباطی"));
    window.press(Modifiers::NONE, Key::L);
    assert_eq!(window.mention("پل ارتباطی"), Some(("LOC", Origin::Corrected(Engine::Import))));
    window.press(Modifiers::NONE, Key::Tab);
    assert!(window.state().toasts.iter().any(|toast| toast.message.id == "no-suggestions"));
}

#[test]
fn tab_goes_on_from_a_field_as_ever() {
    let mut window = Window::open_window(Language::Persian);
    window.press(CTRL, Key::F);
    let field = window.harness.ctx.memory(egui::Memory::focused);
    assert!(field.is_some());
    window.press(Modifiers::NONE, Key::Tab);
    let next = window.harness.ctx.memory(egui::Memory::focused);
    assert!(next.is_some() && next != field, "{next:?}");
    assert_eq!(window.chosen(), None);
    window.press(Modifiers::NONE, Key::Escape);
    window.press(Modifiers::NONE, Key::Tab);
    assert_eq!(window.chosen(), Some("گروهکهای معاند"));
}

#[track_caller]
fn check_told(language: Language, told: &str) {
    let mut window = Window::open_window(language);
    window.press(Modifiers::NONE, Key::Tab);
    assert!(window.labels().iter().any(|label| label == told), "{:?}", window.labels());
    let article = window.harness.get_by_role(Role::Document);
    let described = plain(&article.accesskit_node().description().unwrap());
    assert!(described.contains(told) && described.contains("گروهکهای معاند"), "{described}");
}

#[test]
fn the_chosen_one_is_told_with_its_reason() {
    check_told(Language::Persian, "سازمان — ۱۴ بار چنین برچسب خورده، ۲ بار نه · ۹۳٪ · واژه‌نامه");
    check_told(Language::English, "سازمان — labelled so 14 times, 2 times not · 93% · lexicon");
}

#[test]
fn a_click_chooses_and_a_drag_moves_an_edge() {
    let mut window = Window::open_window(Language::Persian);
    let rect = window.rect_of(span("خبرنگار", 0));
    window.harness.hover_at(rect.center());
    window.harness.run_steps(1);
    window.harness.drag_at(rect.center());
    window.harness.drop_at(rect.center());
    window.harness.run_steps(3);
    assert_eq!(window.chosen(), Some("خبرنگار"));
    let word = window.rect_of(span("گزارش", 0));
    window.drag(pos2(rect.right(), rect.center().y), word.center());
    assert_eq!(window.chosen(), Some("گزارش خبرنگار"));
    assert_eq!(window.mention("گزارش خبرنگار"), None, "nothing is decided by that");
    window.press(Modifiers::NONE, Key::Escape);
    assert_eq!(window.chosen(), None);
}

#[test]
fn everything_above_the_threshold_is_accepted_at_once() {
    let mut window = Window::open_window(Language::Persian);
    assert!(window.has(Role::Button, "پذیرش همه (۲)"));
    window.press(CTRL_SHIFT, Key::A);
    assert_eq!(window.mention("گروهکهای معاند"), Some(("ORG", Origin::Accepted(Engine::Lexicon))));
    assert_eq!(window.mention("خبرنگار"), Some(("ORG", Origin::Accepted(Engine::Gazetteer))));
    assert_eq!(window.open().advice.open().len(), 2);
    // The one of the toast stands last.
    window.harness.query_all_by_role_and_label(Role::Button, "واگرد").last().unwrap().click();
    window.harness.run_steps(3);
    assert_eq!((window.mention("خبرنگار"), window.mention("گروهکهای معاند")), (None, None));

    window.give(Command::Suggest(SuggestCommand::SetThreshold(90)));
    window.hear(Event::Advised {
        article: project::article_id(0),
        annotator: project::ANNOTATOR,
        suggestions: suggested(),
    });
    window.click("پذیرش همه (۱)");
    assert_eq!((window.mention("خبرنگار"), window.mention("گروهکهای معاند").is_some()), (None, true));
}

#[test]
fn the_slider_sets_the_threshold_by_keys_and_pointer() {
    for (language, up, down) in
        [(Language::Persian, Key::ArrowLeft, Key::ArrowRight), (Language::English, Key::ArrowRight, Key::ArrowLeft)]
    {
        let mut window = Window::open_window(language);
        window.harness.get_by_role(Role::Slider).focus();
        window.harness.run_steps(2);
        window.press(Modifiers::NONE, up);
        assert_eq!(window.state().settings.threshold, 55, "{language:?}");
        window.press(Modifiers::NONE, down);
        window.press(Modifiers::NONE, down);
        assert_eq!(window.state().settings.threshold, 45, "{language:?}");
        let rect = window.harness.get_by_role(Role::Slider).rect();
        let at = |share: f32| {
            let share = if language == Language::Persian { 1.0 - share } else { share };
            pos2(rect.left() + 7.0 + (rect.width() - 14.0) * share, rect.center().y)
        };
        window.drag(at(0.45), at(0.8));
        assert_eq!(window.state().settings.threshold, 80, "{language:?}");
    }
}

#[test]
fn what_to_expect_above_the_threshold_comes_from_what_was_decided() {
    let mut window = Window::open_window(Language::Persian);
    let unknown = "برای سنجش درستی هنوز داوری کافی نیست.";
    assert!(window.has(Role::Label, unknown));
    window.hear(Event::Learned(Box::new(knowledge(45, 5))));
    assert!(!window.has(Role::Label, unknown));
    assert!(window.has(Role::Label, "از هر ۱۰۰ پیشنهاد بالای آستانه ۹۰ تا درست بوده."));
    assert!(window.has(Role::Label, "از ۱٬۲۴۰ جمله آموخته"));
    window.hear(Event::Learned(Box::new(Knowledge { is_training: true, ..knowledge(45, 5) })));
    assert!(window.has(Role::Label, "در حال آموختن…"));
}

#[test]
fn what_was_thought_of_the_layer_of_another_annotator_comes_too_late() {
    let mut state = project::state(Language::Persian, Theme::Light);
    let article = project::article_id(0);
    for (annotator, expected) in [(AnnotatorId(Uuid::from_u128(8)), 0), (project::ANNOTATOR, 4)] {
        update::event(&mut state, Event::Advised { article, annotator, suggestions: suggested() });
        assert_eq!(state.article().unwrap().advice.open().len(), expected);
    }
}

#[test]
fn without_suggestions_nothing_of_this_takes_room() {
    let mut window = Window::new(project::state(Language::Persian, Theme::Light), [1400.0, 880.0]);
    assert!(!window.has(Role::Label, "پیشنهادها") && window.harness.query_by_role(Role::Slider).is_none());
    window.hear(Event::Advised {
        article: project::article_id(0),
        annotator: project::ANNOTATOR,
        suggestions: suggested(),
    });
    assert!(window.has(Role::Label, "پیشنهادها") && window.harness.query_by_role(Role::Slider).is_some());
    // An engine that was silenced can be let speak again where it was silenced.
    window.click("دربارهٔ پیشنهادها");
    window.harness.get_by_role_and_label(Role::CheckBox, "واژه‌نامه").click();
    window.harness.run_steps(2);
    assert_eq!(window.state().settings.silent, ["lexicon"]);
    window.harness.get_by_role_and_label(Role::CheckBox, "واژه‌نامه").click();
    window.harness.run_steps(2);
    assert!(window.state().settings.silent.is_empty());
}

#[test]
fn the_pill_does_to_the_others_what_was_done_to_one() {
    let pill = "همین‌جا";
    // By key and by pointer: how many of the two are labelled then, and whether the rest is waited for; the pill goes.
    let by_key = |key: (Modifiers, Key), mentions: usize, waits: bool| {
        let mut window = Window::open_window(Language::Persian);
        window.label_people(212);
        assert!(window.has(Role::Button, pill), "{key:?}");
        window.press(key.0, key.1);
        assert_eq!((window.mentions_of("مردم"), window.has(Role::Button, pill)), (mentions, false), "{key:?}");
        let told = window.state().toasts.iter().any(|toast| toast.message.id == "same-working");
        assert_eq!(told, waits, "{key:?}");
    };
    by_key((Modifiers::NONE, Key::Enter), 2, false);
    by_key((Modifiers::SHIFT, Key::Enter), 2, false);
    by_key((Modifiers::ALT, Key::Enter), 2, false);
    by_key((SHIFT_ALT, Key::Enter), 2, false);
    by_key((Modifiers::NONE, Key::Escape), 1, false);
    by_key((CTRL_SHIFT, Key::Enter), 1, true);

    for (button, mentions) in [("همین‌جا", 2), ("بقیه پیشنهاد", 2), ("با پسوند (۱)", 2), ("بستن", 1)]
    {
        let mut window = Window::open_window(Language::Persian);
        window.label_people(212);
        window.click(button);
        assert_eq!((window.mentions_of("مردم"), window.has(Role::Button, pill)), (mentions, false), "{button}");
    }
}

#[test]
fn the_pill_goes_with_the_next_act_and_yields_its_key_to_a_chosen_suggestion() {
    let mut window = Window::open_window(Language::Persian);
    window.label_people(212);
    window.press(Modifiers::NONE, Key::Tab);
    assert_eq!(window.chosen(), Some("خبرنگار"));
    assert!(window.has(Role::Button, "همین‌جا"), "to look on is no act");
    window.press(Modifiers::NONE, Key::Enter);
    assert_eq!((window.mention("خبرنگار").is_some(), window.mentions_of("مردم")), (true, 1));
    assert!(!window.has(Role::Button, "همین‌جا") && window.project().same.is_none());
}

/// What is told of an act in a language.
#[track_caller]
fn check_pill(language: Language, act: impl FnOnce(&mut Window), told: &str) {
    let mut window = Window::open_window(language);
    act(&mut window);
    assert!(window.labels().iter().any(|label| label == told), "{:?}", window.labels());
}

/// Selects «ناجا» where it stands first, does something to it, and lets two others be found.
fn on_police(window: &mut Window, act: MarkCommand) {
    window.give(Command::Select(SelectCommand::Click { at: span("ناجا", 0).start }));
    window.give(Command::Mark(act));
    window.find(&[("ناجا", 0, true), ("ناجا", 1, true), ("ناجا", 2, true)], 0);
}

#[test]
fn the_pill_tells_what_was_done_in_both_languages() {
    let label = |window: &mut Window| window.label_people(212);
    check_pill(Language::Persian, label, "«مردم» برچسب «سازمان» گرفت. ۱ جای دیگر همین‌جا، ۲۱۲ جا در خبرهای دیگر");
    check_pill(Language::English, label, "“مردم” is now سازمان. 1 more place here, 212 in other articles");
    let relabel = |window: &mut Window| on_police(window, MarkCommand::Label(project::label_id("FAC")));
    check_pill(Language::Persian, relabel, "برچسب «ناجا» از «سازمان» به «تأسیسات» عوض شد. ۲ جای دیگر همین‌جا");
    check_pill(Language::English, relabel, "“ناجا” changed from سازمان to تأسیسات. 2 more places here");
    let remove = |window: &mut Window| on_police(window, MarkCommand::Remove);
    check_pill(Language::Persian, remove, "برچسب «سازمان» از «ناجا» برداشته شد. ۲ جای دیگر همین‌جا");
    check_pill(Language::English, remove, "سازمان was taken off “ناجا”. 2 more places here");
}

#[test]
fn the_pill_of_a_removal_takes_the_place_of_its_toast_and_has_the_way_back() {
    let mut window = Window::open_window(Language::Persian);
    on_police(&mut window, MarkCommand::Remove);
    assert_eq!((window.mentions_of("ناجا"), window.state().toasts.len()), (2, 0));
    window.harness.get_by_role_and_label(Role::Button, "همین‌جا");
    let undo = window.harness.query_all_by_role_and_label(Role::Button, "واگرد").last().unwrap().rect();
    assert!(undo.top() > 600.0, "the one of the pill, not of the bar: {undo}");
    window.press(CTRL, Key::Z);
    assert_eq!((window.mentions_of("ناجا"), window.project().same.is_some()), (3, false));
}

#[test]
fn toasts_pile_up_above_the_pill_and_both_keep_off_the_line_being_worked_on() {
    let mut window = Window::new(state(Language::Persian, Theme::Light), [1100.0, 560.0]);
    window.label_people(212);
    window.state_mut().complain(barchasb::words::message::Message::new("refused-overlap"));
    window.harness.run_steps(8);
    let pill = window.harness.get_by_role_and_label(Role::Button, "همین‌جا").rect();
    let toast = window.harness.get_by_role(Role::Alert).rect();
    assert!(toast.bottom() < pill.top(), "{toast} {pill}");
    let line = window.rect_of(span("مردم", 0));
    for over in [pill, toast] {
        assert!(!over.y_range().intersects(line.y_range()), "{over} covers {line}");
    }
}

#[test]
fn lists_of_names_are_shown_loaded_with_a_label_and_dropped() {
    let mut window = Window::open_window(Language::Persian);
    window.give(Command::View(ViewCommand::Show(Dialog::Names)));
    assert!(window.has(Role::Label, "هنوز فهرستی بار نشده است."));
    let list = NameListRow { id: Uuid::from_u128(9), title: "شهرها.csv".to_owned(), names: 1340 };
    window.hear(Event::Learned(Box::new(Knowledge { lists: vec![list], ..Knowledge::default() })));
    assert!(window.has(Role::Label, "۱٬۳۴۰ نام") && !window.has(Role::Label, "هنوز فهرستی بار نشده است."));
    let chosen = |window: &Window, name: &str| {
        let chip = window.harness.query_all_by_role_and_label(Role::RadioButton, name).next().unwrap();
        chip.accesskit_node().toggled() == Some(Toggled::True)
    };
    assert!(chosen(&window, "کنار گذاشته شوند"));
    window.harness.get_by_role_and_label(Role::RadioButton, "مکان").click();
    window.harness.run_steps(3);
    assert!(chosen(&window, "مکان") && !chosen(&window, "کنار گذاشته شوند"));
    window.press(Modifiers::NONE, Key::Escape);
    assert_eq!(window.state().dialog, None);
}

#[test]
fn the_list_is_ordered_and_sifted_and_chips_take_it_back() {
    let mut window = Window::open_window(Language::Persian);
    let annotator = Annotator { id: AnnotatorId(Uuid::from_u128(8)), name: "زهرا".to_owned() };
    let id = annotator.id;
    window.hear(Event::AnnotatorsListed(vec![annotator]));
    let chosen = |window: &Window| {
        let list = &window.project().list;
        (list.order, list.label, list.begun_by, list.suggested)
    };
    let choose = |window: &mut Window, names: &[&str]| {
        window.click("ترتیب و گزینش");
        for name in names {
            window.harness.get_by_role_and_label(Role::CheckBox, name).click();
            window.harness.run_steps(3);
        }
        window.press(Modifiers::NONE, Key::Escape);
    };
    choose(&mut window, &["تصادفی"]);
    let Order::Random(seed) = chosen(&window).0 else { panic!("{:?}", chosen(&window)) };
    window.click("ترتیب و گزینش");
    window.click("دوباره بُر بزن");
    window.press(Modifiers::NONE, Key::Escape);
    assert!(matches!(chosen(&window).0, Order::Random(other) if other != seed));
    choose(&mut window, &["نامطمئن‌ترین پیشنهادها", "دارای پیشنهاد"]);
    choose(&mut window, &["دارای برچسب…", "مکان"]);
    choose(&mut window, &["آغازشده به دست…", "زهرا"]);
    let place = project::label_id("LOC");
    assert_eq!(chosen(&window), (Order::LeastCertain, Some(place), Some(id), true));

    let chips: Vec<String> = window
        .harness
        .query_all_by_role(Role::Button)
        .filter_map(|node| node.accesskit_node().label())
        .filter(|label| label.starts_with("برداشتن «"))
        .collect();
    assert_eq!(chips.len(), 4, "{chips:?}");
    for chip in chips {
        window.click(&chip);
    }
    assert_eq!(chosen(&window), (Order::Imported, None, None, false));
}

/// A picture of the window with a state.
fn check_picture(window: &mut Window, name: &str) {
    window.harness.run_steps(12);
    assert_picture(name, &window.canvas.picture(&window.harness));
}

fn pictured(language: Language, theme: Theme, size: [f32; 2]) -> Window {
    let mut window = Window::new(state(language, theme), size);
    window.hear(Event::Learned(Box::new(knowledge(45, 5))));
    window
}

#[test]
fn suggestions_in_persian_and_light() {
    let mut window = pictured(Language::Persian, Theme::Light, [1280.0, 760.0]);
    window.press(Modifiers::NONE, Key::Tab);
    check_picture(&mut window, "suggestions_fa_light");
}

#[test]
fn suggestions_in_english_and_dark() {
    let mut window = pictured(Language::English, Theme::Dark, [1280.0, 760.0]);
    window.press(Modifiers::SHIFT, Key::Tab);
    window.press(Modifiers::SHIFT, Key::Tab);
    check_picture(&mut window, "suggestions_en_dark");
}

#[test]
fn the_pill_in_persian_and_dark() {
    let mut window = pictured(Language::Persian, Theme::Dark, [1280.0, 620.0]);
    window.label_people(212);
    check_picture(&mut window, "same_pill_fa_dark");
}

#[test]
fn the_pill_in_english_and_light_and_narrow() {
    let mut window = pictured(Language::English, Theme::Light, [760.0, 620.0]);
    on_police(&mut window, MarkCommand::Remove);
    check_picture(&mut window, "same_pill_en_light_narrow");
}

#[test]
fn the_names_and_the_chips_in_persian_and_light() {
    let mut window = pictured(Language::Persian, Theme::Light, [1100.0, 620.0]);
    let list = |id, title: &str, names| NameListRow { id: Uuid::from_u128(id), title: title.to_owned(), names };
    let lists = vec![list(1, "شهرها.csv", 1340), list(2, "organisations-2019.jsonl", 88_120)];
    window.hear(Event::Learned(Box::new(Knowledge { lists, ..knowledge(45, 5) })));
    let list = &mut window.state_mut().project.as_mut().unwrap().list;
    (list.order, list.label, list.suggested) = (Order::Random(4), Some(project::label_id("LOC")), true);
    window.give(Command::View(ViewCommand::Show(Dialog::Names)));
    check_picture(&mut window, "dialog_names_fa_light");
}
