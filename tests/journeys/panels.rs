//! The panels around the article: found by name, pressed, typed in, and their commands carried out.

use crate::canvas::Canvas;
use crate::picture::assert_picture;
use crate::project;
use barchasb::domain::article::{Article, Direction};
use barchasb::domain::label::{Label, LabelId};
use barchasb::domain::layer::Status;
use barchasb::domain::mention::{Mention, MentionKey, MentionSet};
use barchasb::domain::offset::Span;
use barchasb::session::command::{
    Command, Dialog, ExportCommand, MarkCommand, ProjectCommand, SelectCommand, ViewCommand, WalkCommand,
};
use barchasb::session::mention_list::MentionList;
use barchasb::session::settings::Theme;
use barchasb::session::state::{Attention, Job, List, PAGE_ROWS, State};
use barchasb::session::{saving, update};
use barchasb::store::contract::StatusFilter;
use barchasb::ui::article_list::ArticleList;
use barchasb::ui::galley::Bridge;
use barchasb::ui::kit::Kit;
use barchasb::ui::mention_panel::MentionPanel;
use barchasb::ui::palette_bar::PaletteBar;
use barchasb::ui::status_bar::{self, StatusBar};
use barchasb::ui::theme::{Palette, space};
use barchasb::ui::toasts::Toasts;
use barchasb::ui::top_bar::{self, TopBar};
use barchasb::words::language::Language;
use barchasb::words::locale::Locale;
use barchasb::words::message::Message;
use egui::{CornerRadius, Key, Modifiers, Rect, Role, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

const SHORTCUTS: [(&str, &str); 4] =
    [("done-next", "Ctrl Enter"), ("undo", "Ctrl Z"), ("redo", "Ctrl Shift Z"), ("next", "Ctrl PgDn")];

/// As a window system sends it: egui calls Ctrl the command key everywhere but on a Mac.
const CTRL: Modifiers = Modifiers { command: true, ..Modifiers::CTRL };

/// The panels around an empty paper.
struct Window {
    bridge: Option<Bridge>,
    state: State,
    top: TopBar,
    articles: ArticleList,
    mentions: MentionPanel,
    palette: PaletteBar,
    status: StatusBar,
    toasts: Toasts,
    pane_hover: Option<MentionKey>,
    commands: Vec<Command>,
    /// Whether commands change the state at once.
    lives: bool,
}

impl Window {
    fn new(state: State) -> Self {
        Self {
            bridge: None,
            state,
            top: TopBar::default(),
            articles: ArticleList::default(),
            mentions: MentionPanel::default(),
            palette: PaletteBar::default(),
            status: StatusBar::default(),
            toasts: Toasts::default(),
            pane_hover: None,
            commands: Vec::new(),
            lives: false,
        }
    }

    fn show(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let bridge = self.bridge.get_or_insert_with(|| Bridge::new(&ctx, false)).clone();
        let locale = Locale::new(self.state.settings.language);
        let palette = Palette::of(self.state.settings.theme);
        ctx.set_visuals(palette.visuals());
        ctx.all_styles_mut(|style| style.interaction.selectable_labels = false);
        let kit = Kit { bridge: &bridge, palette, locale: &locale };
        let all = ui.max_rect();
        let commands = &mut Vec::new();
        let (state, line) = (&self.state, Stroke::new(1.0, palette.line));

        let top = all.with_max_y(all.top() + top_bar::HEIGHT);
        let bottom = all.with_min_y(all.bottom() - status_bar::HEIGHT);
        let middle = Rect::from_x_y_ranges(all.x_range(), top.bottom()..=bottom.top());
        let wide = all.width() >= space::FOLD_WIDTH;
        let (first, last) = if wide { (space::ARTICLES_WIDTH, space::MENTIONS_WIDTH) } else { (0.0, 0.0) };
        let (left, right) = if kit.rtl() { (last, first) } else { (first, last) };
        let left = middle.with_max_x(middle.left() + left);
        let right = middle.with_min_x(middle.right() - right);
        let centre = Rect::from_min_max(pos2(left.right(), middle.top()), pos2(right.left(), middle.bottom()));
        let (articles, mentions) = if kit.rtl() { (right, left) } else { (left, right) };

        ui.painter().rect_filled(all, CornerRadius::ZERO, palette.window);
        for rect in [top, bottom] {
            ui.painter().rect(rect, CornerRadius::ZERO, palette.paper, line, StrokeKind::Inside);
        }
        let child = |ui: &mut Ui, rect: Rect| {
            ui.new_child(UiBuilder::new().max_rect(rect).id_salt((rect.left() as i32, rect.top() as i32)))
        };
        self.top.show(&mut child(ui, top), &kit, state, &SHORTCUTS, commands);
        self.status.show(&mut child(ui, bottom), &kit, state, &SHORTCUTS, commands);
        if wide {
            for x in [left.right(), right.left()] {
                ui.painter().vline(x, middle.y_range(), line);
            }
            self.articles.show(&mut child(ui, articles), &kit, state, commands);
            self.mentions.show(&mut child(ui, mentions), &kit, state, &SHORTCUTS, self.pane_hover, commands);
        }
        let paper = centre.shrink2(vec2((centre.width() - space::PAPER_WIDTH).max(40.0) / 2.0, 14.0));
        let mut above = child(ui, paper);
        self.palette.show(&mut above, &kit, state, commands);
        let paper = paper.with_min_y(above.min_rect().bottom() + 10.0).with_max_y(middle.bottom() + 20.0);
        ui.painter_at(middle).rect(paper, CornerRadius::same(14), palette.paper, line, StrokeKind::Inside);
        self.toasts.show(&child(ui, centre), &kit, state, None, commands);

        self.state.attention = None;
        if self.lives {
            for command in commands.iter().cloned() {
                let _effects = update::command(&mut self.state, command);
            }
        }
        self.commands.append(commands);
    }
}

fn harness(size: [f32; 2], scale: f32, state: State) -> (Harness<'static, Window>, Canvas) {
    let canvas = Canvas::default();
    let harness = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(scale)
        .renderer(canvas.clone())
        .build_ui_state(|ui, window: &mut Window| window.show(ui), Window::new(state));
    (harness, canvas)
}

/// The panels with a state, at work: commands change the state at once.
fn window(state: State) -> Harness<'static, Window> {
    let mut harness = harness([1300.0, 700.0], 1.0, state).0;
    harness.state_mut().lives = true;
    harness.run_steps(3);
    harness
}

fn persian() -> State {
    project::state(Language::Persian, Theme::Light)
}

fn taken(harness: &mut Harness<'_, Window>) -> Vec<Command> {
    harness.run_steps(3);
    std::mem::take(&mut harness.state_mut().commands)
}

/// Clicks what has this label, and checks the commands that come of it.
#[track_caller]
fn check_click(harness: &mut Harness<'_, Window>, label: &str, expected: &[Command]) {
    taken(harness);
    harness.get_by_role_and_label(Role::Button, label).click();
    assert_eq!(taken(harness), expected, "{label}");
}

fn key_of(state: &State, surface: &str) -> MentionKey {
    let open = state.article().unwrap();
    open.layer.mentions.iter().find(|m| open.article.surface(m.span) == Some(surface)).unwrap().key()
}

fn note_of(harness: &Harness<'_, Window>, surface: &str) -> Option<String> {
    let open = harness.state().state.article().unwrap();
    let mention = open.layer.mentions.iter().find(|m| open.article.surface(m.span) == Some(surface)).unwrap();
    mention.note.as_deref().map(str::to_owned)
}

#[test]
fn filters_search_and_rows_ask_for_what_they_say() {
    let mut harness = window(persian());
    let filter = StatusFilter::Only(Status::Flagged);
    harness.get_by_role_and_label(Role::RadioButton, "نشان‌دار").click();
    assert_eq!(taken(&mut harness), [Command::Walk(WalkCommand::SetFilter(filter))]);

    harness.state_mut().state.project.as_mut().unwrap().list = project::list(40);
    let row = project::row(3);
    check_click(&mut harness, &row.title, &[Command::Walk(WalkCommand::To(row.id))]);

    harness.state_mut().state.attention = Some(Attention::Search);
    harness.step();
    harness.state_mut().state.attention = None;
    let attended = Command::View(ViewCommand::Attended);
    assert!(taken(&mut harness).contains(&attended), "the field is left as it was come to: once");
    harness.event(egui::Event::Text("وین".to_owned()));
    assert_eq!(taken(&mut harness), [Command::Walk(WalkCommand::SetSearch("وین".to_owned()))]);
    assert!(harness.query_by_label("پاک کردن جست‌وجو").is_some());
    harness.key_press(Key::Escape);
    assert_eq!(taken(&mut harness), [Command::Walk(WalkCommand::SetSearch(String::new()))]);
}

#[test]
fn rows_of_the_filter_before_stay_a_moment_and_cannot_be_pressed() {
    let mut harness = window(persian());
    let title = project::row(3).title;
    harness.state_mut().state.project.as_mut().unwrap().list.stale = true;
    harness.step();
    assert!(harness.get_by_label(&title).accesskit_node().is_disabled());
    // A step is longer than the patience: from then on grey lines stand for what is to come.
    harness.step();
    assert!(harness.query_by_label(&title).is_none());
    assert_eq!(taken(&mut harness), [], "nothing is asked for by the place in the old list");
    harness.state_mut().state.project.as_mut().unwrap().list = project::list(40);
    check_click(&mut harness, &title, &[Command::Walk(WalkCommand::To(project::row(3).id))]);
}

#[test]
fn a_million_rows_cost_those_in_view_and_their_page_is_asked_for_once() {
    let mut state = persian();
    state.project.as_mut().unwrap().list = project::list(1_000_000);
    let mut harness = window(state);
    let rows = |harness: &Harness<'_, Window>| {
        (0..1000).filter(|place| harness.query_by_label(&project::row(*place).title).is_some()).count()
    };
    assert!((8..14).contains(&rows(&harness)), "{}", rows(&harness));
    taken(&mut harness);
    let open = harness.state_mut().state.project.as_mut().unwrap().open.as_mut().unwrap();
    open.place = Some(777_777);
    open.article = project::article(777_777);
    let asked = taken(&mut harness);
    assert_eq!(asked, [Command::Walk(WalkCommand::NeedRows { first: 777_700, count: PAGE_ROWS })]);
    assert_eq!(rows(&harness), 0);
    let rows = (0..PAGE_ROWS).map(|row| project::row(777_700 + row)).collect();
    harness.state_mut().state.project.as_mut().unwrap().list.pages.insert(777_700, rows);
    harness.run_steps(2);
    let title = project::row(777_777).title;
    let before = harness.get_by_label(&title).rect();
    assert!(before.bottom() <= 667.5, "the open article is in view: {before}");
    harness.run_steps(2);
    assert_eq!(harness.get_by_label(&title).rect(), before);
}

#[test]
fn the_wheel_scrolls_and_a_drag_on_the_bar_goes_to_the_end() {
    let mut state = persian();
    state.project.as_mut().unwrap().list = project::list(1_000_000);
    let mut harness = window(state);
    let title = project::row(5).title;
    let before = harness.get_by_label(&title).rect();
    harness.hover_at(before.center());
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, -58.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    });
    harness.run_steps(12);
    let moved = before.top() - harness.get_by_label(&title).rect().top();
    assert!((moved - 58.0).abs() < 1.0, "{moved}");
    let bar =
        harness.get_all_by_role(Role::ScrollBar).map(|bar| bar.rect()).max_by(|a, b| a.left().total_cmp(&b.left()));
    let bar = bar.unwrap();
    taken(&mut harness);
    harness.drag_at(pos2(bar.center().x, bar.top() + 10.0));
    harness.run_steps(2);
    harness.hover_at(pos2(bar.center().x, bar.bottom() + 50.0));
    harness.run_steps(2);
    harness.drop_at(pos2(bar.center().x, bar.bottom() + 50.0));
    let commands = taken(&mut harness);
    assert!(
        commands.contains(&Command::Walk(WalkCommand::NeedRows { first: 999_900, count: PAGE_ROWS })),
        "{commands:?}"
    );
}

#[test]
fn fifty_thousand_surfaces_cost_those_in_view() {
    let text: String = (0..50_000).map(|n| format!("نام{n} ")).collect();
    let article = Article::new(project::article_id(0), "a".into(), &text, String::new(), Direction::Auto).unwrap();
    let mut at = 0;
    let mentions = text.split_inclusive(' ').map(|word| {
        let len = word.chars().count();
        at += len;
        Mention::new(Span::from_chars(at - len, at - 1), project::label_id("PER"))
    });
    let mentions = MentionSet::from_mentions(mentions.collect());
    let mut state = persian();
    let open = state.project.as_mut().unwrap().open.as_mut().unwrap();
    open.list = MentionList::new(&article, &mentions, &project::labels());
    open.layer.mentions = mentions;
    open.article = article;
    project::select(&mut state, "نام40000");
    let mut harness = window(state);
    let node = harness.get_by_role_and_label(Role::Button, "نام40000");
    assert!(node.rect().bottom() < 620.0, "the selected mention is in view: {}", node.rect());
    let rows = harness.query_all_by_label_contains("نام").count();
    assert!((5..40).contains(&rows), "{rows}");
    node.hover();
    harness.run_steps(2);
    assert_eq!(harness.state().mentions.hovered, Some((project::label_id("PER"), "نام40000".into())));
}

#[test]
fn empty_lists_say_why() {
    let mut state = persian();
    state.project.as_mut().unwrap().list = List { total: Some(0), asked: vec![0], ..List::default() };
    let mut harness = window(state);
    let check = |harness: &mut Harness<'_, Window>, words: &str| {
        harness.run_steps(2);
        let words = Locale::new(Language::Persian).words(words);
        assert!(harness.query_by_label(&words).is_some(), "{words}");
    };
    check(&mut harness, "list-empty");
    harness.state_mut().state.project.as_mut().unwrap().list.status = StatusFilter::Remaining;
    check(&mut harness, "list-empty-filter");
    harness.state_mut().state.project.as_mut().unwrap().list.search = "x".to_owned();
    check(&mut harness, "search-none");
    harness.state_mut().state.project.as_mut().unwrap().open.as_mut().unwrap().list = Default::default();
    check(&mut harness, "mentions-empty");
}

#[test]
fn surfaces_select_the_next_place_and_point_at_each_other() {
    let mut harness = window(persian());
    let label = project::label_id("ORG");
    let surface = "پلیس".to_owned();
    check_click(&mut harness, "پلیس", &[Command::Select(SelectCommand::Surface { label, surface })]);
    let first = harness.state().state.article().unwrap().selected;
    assert!(first.is_some());
    assert_eq!(harness.state().mentions.hovered, Some((label, "پلیس".into())));
    harness.get_by_label("پلیس").click();
    harness.run_steps(3);
    assert_ne!(harness.state().state.article().unwrap().selected, first);
}

#[test]
fn a_note_goes_to_the_mention_it_was_begun_for() {
    let mut harness = window(persian());
    let write = |harness: &mut Harness<'_, Window>, surface: &str, note: &str| {
        let key = key_of(&harness.state().state, surface);
        let _effects = update::command(&mut harness.state_mut().state, Command::Select(SelectCommand::Mention(key)));
        let _effects = update::command(&mut harness.state_mut().state, Command::View(ViewCommand::FocusNote));
        harness.run_steps(3);
        harness.event(egui::Event::Text(note.to_owned()));
        harness.run_steps(2);
    };
    write(&mut harness, "مهر", "خبرگزاری ");
    assert_eq!(note_of(&harness, "مهر"), None, "it is being written");
    // Another mention is selected from outside, the field having the keyboard.
    write(&mut harness, "صبح شنبه", "روز");
    assert_eq!(note_of(&harness, "مهر").as_deref(), Some("خبرگزاری"));
    assert_eq!(harness.state().state.selected_mention().unwrap().key(), key_of(&harness.state().state, "صبح شنبه"));
    // The mention gets another label while its note is being written.
    let relabel = Command::Mark(MarkCommand::Label(project::label_id("DAT")));
    let _effects = update::command(&mut harness.state_mut().state, relabel);
    harness.run_steps(3);
    harness.key_press_modifiers(CTRL, Key::Enter);
    harness.run_steps(3);
    assert_eq!(note_of(&harness, "صبح شنبه").as_deref(), Some("روز"));
    assert_eq!(harness.state().state.selected_mention().unwrap().label, project::label_id("DAT"));
    // It is removed while its note is being written: the text waits for it to come back.
    write(&mut harness, "۱۰ ماه اخیر", "نسبی");
    let _effects = update::command(&mut harness.state_mut().state, Command::Mark(MarkCommand::Remove));
    harness.run_steps(3);
    let _effects = update::command(&mut harness.state_mut().state, Command::Undo);
    let _effects = update::command(&mut harness.state_mut().state, Command::Select(SelectCommand::Nothing));
    harness.run_steps(4);
    assert_eq!(note_of(&harness, "۱۰ ماه اخیر").as_deref(), Some("نسبی"));
    let notes = harness.state().state.article().unwrap().layer.mentions.iter().filter(|m| m.note.is_some()).count();
    assert_eq!(notes, 3);
}

#[test]
fn the_button_of_the_note_removes_the_mention_and_keeps_what_was_typed() {
    let mut state = persian();
    project::select(&mut state, "مهر");
    let mention = key_of(&state, "مهر");
    state.attention = Some(Attention::Note);
    let mut harness = window(state);
    harness.state_mut().state.attention = None;
    harness.event(egui::Event::Text("x".to_owned()));
    harness.run_steps(2);
    let note = Command::Mark(MarkCommand::Note { mention, note: "x".to_owned() });
    check_click(&mut harness, "حذف نمونه", &[note, Command::Mark(MarkCommand::Remove)]);
}

#[test]
fn a_card_arms_its_label_or_labels_what_is_selected() {
    let mut harness = window(persian());
    let label = project::label_id("LOC");
    let card = |harness: &mut Harness<'_, Window>| {
        taken(harness);
        harness.get_by_label("مکان").click();
        taken(harness)
    };
    assert_eq!(card(&mut harness), [Command::Mark(MarkCommand::Arm(label))]);
    // A mention that is still selected must not be relabelled by arming a label for the next one.
    project::select(&mut harness.state_mut().state, "مهر");
    assert_eq!(card(&mut harness), [Command::Mark(MarkCommand::Arm(label))]);
    let open = harness.state_mut().state.project.as_mut().and_then(|project| project.open.as_mut()).unwrap();
    open.set_selection(open.focus);
    assert_eq!(card(&mut harness), [Command::Mark(MarkCommand::Label(label))]);
    check_click(&mut harness, "ویرایش برچسب‌ها", &[Command::View(ViewCommand::Show(Dialog::Labels))]);
}

#[test]
fn more_labels_than_two_rows_hold_stand_in_a_menu() {
    let mut state = persian();
    let project = state.project.as_mut().unwrap();
    let template = project.labels.all()[0].clone();
    for n in 0..40 {
        let (id, title) = (LabelId(uuid::Uuid::from_u128(500 + n)), format!("برچسب شمارهٔ {n}"));
        project.labels.put(Label {
            id,
            name: format!("L{n}"),
            title,
            keys: String::new(),
            order: 100,
            ..template.clone()
        });
    }
    let mut harness = window(state);
    assert!(harness.query_by_label("برچسب شمارهٔ 39").is_none());
    harness.get_by_label("برچسب‌های دیگر").click();
    harness.run_steps(3);
    let label = LabelId(uuid::Uuid::from_u128(520));
    harness.get_by_label("برچسب شمارهٔ 20").scroll_to_me();
    check_click(&mut harness, "برچسب شمارهٔ 20", &[Command::Mark(MarkCommand::Arm(label))]);

    // Opened, it has the keyboard: what is typed is a name, and Enter takes the first that fits.
    harness.get_by_label("برچسب‌های دیگر").click();
    harness.run_steps(4);
    harness.event(egui::Event::Text("شماره ۳۱".to_owned()));
    harness.run_steps(2);
    assert!(harness.query_by_label("برچسب شمارهٔ 20").is_none());
    harness.state_mut().commands.clear();
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    let label = LabelId(uuid::Uuid::from_u128(531));
    assert_eq!(harness.state().commands, [Command::Mark(MarkCommand::Arm(label))]);
}

#[test]
fn the_top_bar_walks_and_its_menu_takes_what_has_no_room() {
    let mut harness = window(project::state(Language::English, Theme::Light));
    assert!(harness.query_by_label("1 of 40").is_some());
    check_click(&mut harness, "Next", &[Command::Walk(WalkCommand::Next)]);
    check_click(&mut harness, "Larger", &[Command::View(ViewCommand::Zoom(1))]);
    check_click(&mut harness, "Dark", &[Command::View(ViewCommand::SetTheme(Theme::Dark))]);
    harness.set_size(vec2(330.0, 700.0));
    harness.run_steps(3);
    assert!(harness.query_by_label("Larger").is_none());
    harness.get_by_label("Menu").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Larger").is_some());
    check_click(&mut harness, "Export…", &[Command::Export(ExportCommand::Ask)]);
    assert!(harness.query_by_label("Larger").is_none(), "a choice closes the menu");
}

#[test]
fn no_width_clips_the_bars() {
    let mut harness = window(project::state(Language::English, Theme::Light));
    for width in [1300.0, 1000.0, 800.0, 620.0, 480.0, 380.0, 320.0] {
        harness.set_size(vec2(width, 700.0));
        harness.run_steps(3);
        for label in ["Barchasb", "Menu", "Saved", "Done"] {
            let rect = harness.query_all_by_label(label).last().unwrap().rect();
            assert!(rect.left() >= 0.0 && rect.right() <= width, "{label} at {width}: {rect}");
        }
    }
}

#[test]
fn a_job_can_be_stopped_however_narrow_the_window() {
    let mut state = project::state(Language::English, Theme::Light);
    state.job = Some(Job { what: "job-import", done: 1, total: 2 });
    let mut harness = window(state);
    harness.set_size(vec2(400.0, 700.0));
    harness.run_steps(3);
    let rect = harness.get_by_label("Cancel").rect();
    assert!(rect.right() <= 400.0, "{rect}");
}

#[test]
fn the_status_bar_tells_how_saving_stands_and_stops_jobs() {
    let mut state = project::state(Language::English, Theme::Light);
    state.job = Some(Job { what: "job-import", done: 0, total: 0 });
    let mut harness = window(state);
    check_click(&mut harness, "Cancel", &[Command::Project(ProjectCommand::StopJob)]);
    harness.get_by_role_and_label(Role::CheckBox, "Done").click();
    assert_eq!(taken(&mut harness), [Command::Walk(WalkCommand::SetStatus(Status::Done))]);
    assert!(harness.query_by_label("Saving…").is_some());
    saving::failed(&mut harness.state_mut().state, Message::new("error-no-name"), &mut Vec::new());
    harness.state_mut().state.toasts.clear();
    harness.run_steps(3);
    assert!(harness.query_by_label("Not saved: 1 waiting").is_some());
    check_click(&mut harness, "Try again", &[Command::SaveAgain]);
}

#[test]
fn toasts_answer_and_go_by_themselves_without_taking_the_keyboard() {
    let mut state = project::state(Language::English, Theme::Light);
    state.attention = Some(Attention::Search);
    state.say(Message::new("all-done"));
    state.toast(Message::new("mention-removed"), false, Some((Message::new("undo"), Command::Undo)));
    let mut harness = window(state);
    assert!(harness.get_by_label("Search the articles").is_focused());
    let second = harness.input().predicted_dt;
    let steps = |seconds: f32| (seconds / second).ceil() as usize;
    harness.run_steps(steps(4.5));
    assert!(harness.query_by_label("Everything in this list is done.").is_none());
    assert!(harness.query_by_label("Mention removed.").is_some());
    assert!(harness.get_by_label("Search the articles").is_focused());
    harness.query_all_by_label("Undo").last().unwrap().click();
    let commands = taken(&mut harness);
    assert!(commands.contains(&Command::Undo), "{commands:?}");
    assert!(harness.query_by_label("Mention removed.").is_none());
}

fn check_picture(language: Language, theme: Theme, size: [f32; 2], name: &str) {
    let mut state = project::state(language, theme);
    project::select(&mut state, "ناجا");
    state.project.as_mut().unwrap().armed = Some(project::label_id("ORG"));
    state.toast(Message::new("mention-removed"), false, Some((Message::new("undo"), Command::Undo)));
    let (mut harness, canvas) = harness(size, 1.0, state);
    harness.run_steps(4);
    assert_picture(name, &canvas.picture(&harness));
}

#[test]
fn panels_in_persian_and_light() {
    check_picture(Language::Persian, Theme::Light, [1200.0, 560.0], "panels_fa_light");
}

#[test]
fn panels_in_english_and_dark_and_narrow() {
    check_picture(Language::English, Theme::Dark, [420.0, 300.0], "panels_en_dark_narrow");
}
