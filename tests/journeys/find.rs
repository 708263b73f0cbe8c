//! The search through the project: its panel with made hits, and the whole way over a real project.

use crate::canvas::Canvas;
use crate::desk::Desk;
use crate::keys::window;
use crate::picture::assert_picture;
use crate::project;
use crate::window::{CTRL, Window};
use barchasb::domain::article::ArticleId;
use barchasb::domain::layer::{Status, Version};
use barchasb::domain::mention::Mention;
use barchasb::domain::offset::Span;
use barchasb::session::command::{Command, FindAct, FindCommand, FindQuery, MarkCommand, WalkCommand};
use barchasb::session::effect::{Effect, Event, Target};
use barchasb::session::finding::Find;
use barchasb::session::settings::Theme;
use barchasb::session::state::State;
use barchasb::session::update;
use barchasb::store::contract::Store as _;
use barchasb::store::hits::{ArticleHits, Hit, Labelled, Pattern};
use barchasb::ui::find_panel::FindPanel;
use barchasb::ui::galley::Bridge;
use barchasb::ui::kit::Kit;
use barchasb::ui::theme::Palette;
use barchasb::words::language::Language;
use barchasb::words::locale::Locale;
use barchasb::words::message::Message;
use egui::{Frame, Key, Margin, Modifiers, Role, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use rusqlite::Connection;

/// A hit drawn as `before[hit]after`: the label of a mention of just it, and whether it has no suffix.
type Drawn = (&'static str, Option<&'static str>, bool);

const ARTICLES: [(&str, &[Drawn]); 4] = [
    (
        "افتتاح خط ۶ متروی تهران با حضور رئیس‌جمهور",
        &[
            ("افتتاح خط ۶ متروی [تهران] با حضور رئیس‌جمهور", Some("LOC"), true),
            ("به گزارش خبرنگار مهر، شهردار [تهران] صبح شنبه در نشست خبری گفت", None, true),
            ("زار خبرنگار حوزهٔ شهری، بیشتر ایستگاه‌های [تهران]ی‌ها با همین بودجه ساخته شد و آما", None, false),
        ],
    ),
    ("نشست وزیران اوپک در وین", &[("دانشگاه علوم پزشکی [تهران] (TUMS) در سال ۱۳۹۷", Some("ORG"), true)]),
    ("The mayor speaks", &[("The mayor of [تهران] said on Monday that", None, true)]),
    (
        "مراکز مشاوره در کلانتری‌ها گسترش می‌یابد و سال آینده به همهٔ استان‌های کشور و شهرهای بزرگ می‌رسد؛ طرح تازه",
        &[("در [تهران]، کرج و قم", None, true), ("از [تهران]", Some("LOC"), true)],
    ),
];

fn hits() -> Vec<ArticleHits> {
    let hit = |(place, (drawn, label, whole)): (usize, &Drawn)| {
        let (before, rest) = drawn.split_once('[').unwrap();
        let (surface, after) = rest.split_once(']').unwrap();
        let span = Span::from_chars(place * 100, place * 100 + 5);
        let mut mentions: Vec<Mention> =
            label.iter().map(|label| Mention::new(span, project::label_id(label))).collect();
        if *label == Some("ORG") {
            mentions.push(Mention::new(Span::from_chars(0, 200), project::label_id("FAC")));
        }
        Hit { span, whole: *whole, before: before.into(), surface: surface.into(), after: after.into(), mentions }
    };
    let article = |(place, (title, hits)): (u64, &(&str, &[Drawn]))| ArticleHits {
        article: project::article_id(place),
        title: (*title).to_owned(),
        status: if place == 2 { Status::Done } else { Status::InProgress },
        version: Version(1),
        hits: hits.iter().enumerate().map(hit).collect(),
        cut: false,
    };
    // Not the open article: its layer is in the state.
    (1..).zip(&ARTICLES).map(article).collect()
}

/// The panel alone, at work: commands change the state, and the finder is played.
struct Panel {
    bridge: Option<Bridge>,
    state: State,
    panel: FindPanel,
    commands: Vec<Command>,
    asked: Vec<(u64, FindQuery)>,
}

impl Panel {
    fn give(&mut self, command: Command) {
        for effect in update::command(&mut self.state, command) {
            if let Effect::Find { id, query: Some(_) } = effect {
                self.asked.push((id, self.find().query.clone()));
            }
        }
    }

    fn tell(&mut self, articles: Vec<ArticleHits>, complete: bool) {
        let (id, _) = self.asked.last().cloned().expect("a question");
        update::event(&mut self.state, Event::Found { id, articles, complete });
    }

    fn find(&self) -> &Find {
        self.state.project.as_ref().unwrap().find.as_ref().expect("an open search")
    }

    fn show(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let bridge = self.bridge.get_or_insert_with(|| Bridge::new(&ctx, false)).clone();
        let locale = Locale::new(self.state.settings.language);
        let palette = Palette::of(self.state.settings.theme);
        ctx.set_visuals(palette.visuals());
        ctx.all_styles_mut(|style| style.interaction.selectable_labels = false);
        let kit = Kit { bridge: &bridge, palette, locale: &locale };
        let mut commands = Vec::new();
        let frame = Frame::new().fill(palette.window).inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 0 });
        egui::CentralPanel::default().frame(frame).show(ui, |ui| {
            self.panel.show(ui, &kit, &self.state, &mut commands);
        });
        for command in commands {
            self.give(command.clone());
            self.commands.push(command);
        }
    }
}

/// The panel just opened.
fn opened(language: Language, theme: Theme, size: [f32; 2]) -> (Harness<'static, Panel>, Canvas) {
    let mut panel = Panel {
        bridge: None,
        state: project::state(language, theme),
        panel: FindPanel::default(),
        commands: Vec::new(),
        asked: Vec::new(),
    };
    panel.give(Command::Find(FindCommand::Open));
    let canvas = Canvas::default();
    let mut harness = Harness::builder()
        .with_size(size)
        .renderer(canvas.clone())
        .build_ui_state(|ui, panel: &mut Panel| panel.show(ui), panel);
    harness.run_steps(3);
    (harness, canvas)
}

/// The panel with hits for «تهران».
fn searched(language: Language, theme: Theme, size: [f32; 2]) -> (Harness<'static, Panel>, Canvas) {
    let (mut harness, canvas) = opened(language, theme, size);
    harness.event(egui::Event::Text("تهران".to_owned()));
    harness.run_steps(2);
    harness.state_mut().tell(hits(), true);
    harness.run_steps(2);
    (harness, canvas)
}

fn english() -> Harness<'static, Panel> {
    searched(Language::English, Theme::Light, [900.0, 620.0]).0
}

fn press(harness: &mut Harness<'_, Panel>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(3);
}

fn click(harness: &mut Harness<'_, Panel>, role: Role, name: &str) {
    harness.get_by_role_and_label(role, name).click();
    harness.run_steps(3);
}

/// What was asked for since the last call.
fn taken(harness: &mut Harness<'_, Panel>) -> Vec<Command> {
    std::mem::take(&mut harness.state_mut().commands)
}

#[track_caller]
fn check_press(harness: &mut Harness<'_, Panel>, modifiers: Modifiers, key: Key, expected: &[FindCommand]) {
    taken(harness);
    press(harness, modifiers, key);
    let expected: Vec<Command> = expected.iter().cloned().map(Command::Find).collect();
    assert_eq!(taken(harness), expected, "{key:?}");
}

#[test]
fn the_field_has_the_keyboard_and_every_letter_is_looked_for() {
    let (mut harness, _) = opened(Language::English, Theme::Light, [900.0, 620.0]);
    assert!(harness.query_by_label("What are you looking for?").is_some());
    for letter in ["ت", "ه"] {
        harness.event(egui::Event::Text(letter.to_owned()));
        harness.run_steps(2);
    }
    let wanted: Vec<&str> = harness.state().asked.iter().map(|(_, query)| query.wanted.as_str()).collect();
    assert_eq!(wanted, ["ت", "ته"]);
    harness.state_mut().tell(Vec::new(), true);
    harness.run_steps(2);
    assert!(harness.query_by_label("Nothing was found.").is_some());
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.state().state.project.as_ref().unwrap().find.is_none());
}

#[test]
fn what_a_hit_must_be_is_chosen_and_looked_for_at_once() {
    let mut harness = english();
    let query = |harness: &Harness<'_, Panel>| harness.state().asked.last().unwrap().1.clone();
    click(&mut harness, Role::CheckBox, "Suffixes too");
    assert!(query(&harness).suffixed);
    click(&mut harness, Role::RadioButton, "Beginning of a word");
    assert_eq!(query(&harness).pattern, Pattern::Prefix);
    click(&mut harness, Role::RadioButton, "Without a label");
    assert_eq!(query(&harness).labelled, Labelled::Unlabelled);
    click(&mut harness, Role::RadioButton, "Not labelled…");
    click(&mut harness, Role::Button, "مکان");
    assert_eq!(query(&harness).labelled, Labelled::Without(project::label_id("LOC")));
    assert!(harness.query_by_label("Not labelled \u{2068}مکان\u{2069}").is_some());
}

#[test]
fn a_regular_expression_that_is_none_is_told_under_the_field() {
    let mut harness = english();
    let (id, _) = harness.state().asked.last().cloned().unwrap();
    let message = Message::new("query-regex").text("words", "unclosed group");
    update::event(&mut harness.state_mut().state, Event::FindFailed { id, message });
    harness.run_steps(2);
    assert!(harness.query_by_label_contains("unclosed group").is_some());
    assert!(harness.state().state.toasts.is_empty());
    assert!(harness.query_by_label("Remove the label").is_none());
}

#[test]
fn the_list_is_walked_and_its_hits_are_left_out_by_keys() {
    let mut harness = english();
    let article = project::article_id(1);
    let span = Span::from_chars(0, 5);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    check_press(&mut harness, Modifiers::NONE, Key::Space, &[FindCommand::Toggle { article, span }]);
    assert!(harness.query_by_label("7 places in 4 articles · 6 selected").is_some());
    press(&mut harness, Modifiers::NONE, Key::ArrowUp);
    check_press(&mut harness, Modifiers::NONE, Key::Space, &[FindCommand::ToggleArticle(article)]);
    check_press(&mut harness, CTRL, Key::A, &[FindCommand::ToggleAll]);
    assert!(harness.query_by_label("7 places in 4 articles · 0 selected").is_some());
    press(&mut harness, Modifiers::NONE, Key::End);
    let (article, span) = (project::article_id(4), Span::from_chars(100, 105));
    check_press(&mut harness, Modifiers::NONE, Key::Enter, &[FindCommand::Show { article, span }]);
    assert!(harness.state().state.project.as_ref().unwrap().find.is_none());
}

#[test]
fn a_press_on_a_square_leaves_out_and_on_a_row_shows() {
    let mut harness = english();
    taken(&mut harness);
    let article = project::article_id(3);
    harness.get_by_role_and_label(Role::CheckBox, "Select all in “\u{2068}The mayor speaks\u{2069}”").click();
    harness.run_steps(2);
    assert_eq!(taken(&mut harness), [Command::Find(FindCommand::ToggleArticle(article))]);
    click(&mut harness, Role::CheckBox, "Select all");
    assert_eq!(taken(&mut harness), [Command::Find(FindCommand::ToggleAll)]);
    click(&mut harness, Role::Button, "The mayor of تهران said on Monday that");
    let show = FindCommand::Show { article, span: Span::from_chars(0, 5) };
    assert_eq!(taken(&mut harness), [Command::Find(show)]);
}

#[test]
fn two_keys_label_all_that_is_selected() {
    let mut harness = english();
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    check_press(&mut harness, Modifiers::NONE, Key::L, &[]);
    let label = project::label_id("LOC");
    // One place has this label, and one another.
    assert!(harness.query_by_label("4 places get the label “\u{2068}مکان\u{2069}”, in 3 articles.").is_some());
    assert!(harness.query_by_label("3 selected places stay as they are.").is_some());
    check_press(&mut harness, Modifiers::NONE, Key::Escape, &[]);
    assert!(harness.query_by_label_contains("get the label").is_none());
    check_press(&mut harness, Modifiers::SHIFT, Key::L, &[]);
    assert!(harness.query_by_label_contains("1 mention becomes").is_some());
    check_press(&mut harness, Modifiers::NONE, Key::Delete, &[]);
    assert!(harness.query_by_label("3 mentions go, from 3 articles.").is_some());
    press(&mut harness, Modifiers::NONE, Key::L);
    check_press(&mut harness, Modifiers::NONE, Key::Enter, &[FindCommand::Act(FindAct::Label(label))]);
    let panel = harness.state();
    assert!(panel.state.toasts.iter().any(|toast| toast.message.id == "same-done" && toast.action.is_some()));
    assert!(harness.query_by_label_contains("get the label").is_none(), "the preview is closed");
}

#[test]
fn a_hit_whose_article_does_not_come_is_not_where_a_later_one_opens() {
    let (article, span) = (project::article_id(2), Span::from_chars(0, 5));
    for event in [Event::NoArticle(Target::Article(article)), Event::Failed(Message::new("error-inside"))] {
        let mut state = project::state(Language::English, Theme::Light);
        update::command(&mut state, Command::Find(FindCommand::Open));
        update::command(&mut state, Command::Find(FindCommand::Show { article, span }));
        assert_eq!(state.project.as_ref().unwrap().arrival, Some((article, span)));
        update::event(&mut state, event);
        assert_eq!(state.project.as_ref().unwrap().arrival, None);
    }
}

#[test]
fn a_preview_follows_the_selection_and_acts_are_offered_by_buttons() {
    let mut harness = english();
    click(&mut harness, Role::Button, "Label…");
    click(&mut harness, Role::Button, "مکان");
    assert!(harness.query_by_label_contains("4 places get the label").is_some());
    click(&mut harness, Role::CheckBox, "Select all in “\u{2068}The mayor speaks\u{2069}”");
    assert!(harness.query_by_label_contains("3 places get the label").is_some());
    taken(&mut harness);
    click(&mut harness, Role::Button, "Label");
    let label = project::label_id("LOC");
    assert_eq!(taken(&mut harness), [Command::Find(FindCommand::Act(FindAct::Label(label)))]);
}

#[test]
fn escape_leaves_what_has_the_keyboard_before_it_closes_the_search() {
    let mut harness = english();
    harness.get_by_role_and_label(Role::RadioButton, "Regular expression").focus();
    harness.run_steps(2);
    check_press(&mut harness, Modifiers::NONE, Key::Escape, &[]);
    check_press(&mut harness, Modifiers::NONE, Key::Escape, &[FindCommand::Close]);
}

#[test]
fn a_search_that_came_back_stands_where_it_was_left() {
    let (mut harness, _) = searched(Language::English, Theme::Light, [900.0, 360.0]);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::End);
    let last = |harness: &Harness<'_, Panel>| harness.query_by_label("از تهران").map(|row| row.rect());
    let before = last(&harness).expect("the last hit is in view");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert!(last(&harness).is_none());
    harness.state_mut().give(Command::Find(FindCommand::Open));
    harness.run_steps(3);
    assert_eq!(last(&harness), Some(before), "at once, with what was found before");
    harness.state_mut().tell(hits(), true);
    harness.run_steps(3);
    assert_eq!(last(&harness), Some(before));
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    let (article, span) = (project::article_id(4), Span::from_chars(100, 105));
    check_press(&mut harness, Modifiers::NONE, Key::Space, &[FindCommand::Toggle { article, span }]);
}

#[test]
fn of_fifty_thousand_hits_those_in_view_alone_are_drawn() {
    let (mut harness, _) = opened(Language::Persian, Theme::Light, [900.0, 620.0]);
    harness.event(egui::Event::Text("تهران".to_owned()));
    harness.run_steps(2);
    let many = |from: u64, to: u64| {
        let of = |place| ArticleHits { article: project::article_id(place), ..hits().swap_remove(0) };
        (from..to).map(of).collect::<Vec<_>>()
    };
    harness.state_mut().tell(many(1, 8_000), false);
    harness.run_steps(2);
    harness.state_mut().tell(many(8_000, 17_001), true);
    harness.run_steps(2);
    assert!(harness.query_by_label_contains("فقط ۵۱٬۰۰۰ جای نخست").is_some());
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::End);
    let drawn = harness.query_all_by_role(Role::CheckBox).count();
    assert!(drawn < 30, "{drawn} squares");
    let (article, span) = (project::article_id(17_000), Span::from_chars(200, 205));
    check_press(&mut harness, Modifiers::NONE, Key::Space, &[FindCommand::Toggle { article, span }]);
}

fn check_picture(language: Language, theme: Theme, size: [f32; 2], name: &str, act: Option<Key>) {
    let (mut harness, canvas) = searched(language, theme, size);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::Space);
    if let Some(key) = act {
        press(&mut harness, Modifiers::NONE, key);
    }
    assert_picture(name, &canvas.picture(&harness));
}

#[test]
fn hits_in_persian_and_light() {
    check_picture(Language::Persian, Theme::Light, [960.0, 560.0], "find_fa_light", Some(Key::P));
}

#[test]
fn hits_in_english_and_dark_and_narrow() {
    check_picture(Language::English, Theme::Dark, [640.0, 560.0], "find_en_dark_narrow", None);
}

fn find(desk: &Desk) -> &Find {
    desk.project().find.as_ref().expect("an open search")
}

/// Looks for a name and waits until all of it is found: how many hits in how many articles.
fn search(desk: &mut Desk, wanted: &str) -> (usize, usize) {
    let query = FindQuery { wanted: wanted.to_owned(), ..FindQuery::default() };
    desk.give(Command::Find(FindCommand::Set(query)));
    settle(desk)
}

fn settle(desk: &mut Desk) -> (usize, usize) {
    desk.wait("everything is found", |state| {
        let find = state.project.as_ref().unwrap().find.as_ref().unwrap();
        find.complete && !find.stale
    });
    (find(desk).hits, find(desk).articles.len())
}

fn events(desk: &Desk) -> i64 {
    let connection = Connection::open(desk.project_path()).unwrap();
    connection.query_row("SELECT count(*) FROM event", [], |row| row.get(0)).unwrap()
}

/// The article of this name, and the place of a name in it.
fn place(desk: &Desk, name: &str, surface: &str) -> (ArticleId, Span) {
    let id = desk.read(|store| store.article_by_name(name).unwrap()).expect("an article of this name");
    let text = desk.read(|store| store.article(id).unwrap()).text().to_owned();
    let start = text[..text.find(surface).unwrap()].chars().count();
    (id, Span::from_chars(start, start + surface.chars().count()))
}

#[test]
fn what_is_found_is_labelled_as_one_step_with_its_events_and_taken_back_as_one() {
    let mut desk = Desk::new();
    desk.give(Command::Find(FindCommand::Open));
    assert_eq!(search(&mut desk, "تهران"), (2, 2));
    let (before, on_disk) = (events(&desk), desk.on_disk());
    let label = desk.label("LOC");
    desk.act(Command::Find(FindCommand::Act(FindAct::Label(label))));
    assert!(desk.said("same-done"));
    let added = |desk: &Desk| desk.on_disk().iter().map(|(_, mentions)| mentions.len()).collect::<Vec<_>>();
    assert_eq!(added(&desk), [1, 1, 0]);
    assert_eq!(events(&desk) - before, 2, "each of the two layers has its own");
    settle(&mut desk);
    let labels = |desk: &Desk| find(desk).articles.iter().map(|a| a.hits[0].mentions.len()).collect::<Vec<_>>();
    assert_eq!(labels(&desk), [1, 1], "the search shows what was done");

    desk.act(Command::Undo);
    assert_eq!(desk.on_disk(), on_disk);
    settle(&mut desk);
    assert_eq!(labels(&desk), [0, 0]);
    desk.act(Command::Redo);
    assert_eq!(added(&desk), [1, 1, 0]);
}

#[test]
fn nothing_is_done_with_hits_from_before_the_last_act() {
    let mut desk = Desk::new();
    desk.give(Command::Find(FindCommand::Open));
    search(&mut desk, "تهران");
    let before = desk.on_disk();
    let [loc, org] = ["LOC", "ORG"].map(|name| desk.label(name));
    let act = |act| Command::Find(FindCommand::Act(act));
    let added = |desk: &Desk| desk.on_disk().iter().map(|(_, mentions)| mentions.len()).collect::<Vec<_>>();
    // One upon the other, without a save between.
    desk.give(act(FindAct::Label(loc)));
    desk.give(act(FindAct::Label(org)));
    desk.give(act(FindAct::Remove));
    desk.wait_saved();
    assert_eq!(added(&desk), [1, 1, 0]);
    settle(&mut desk);
    desk.give(Command::Undo);
    desk.give(act(FindAct::Remove));
    desk.wait_saved();
    assert_eq!(desk.on_disk(), before);
    assert!(desk.session.state.toasts.iter().all(|toast| !toast.fault), "{:?}", desk.session.state.toasts);
    settle(&mut desk);
    desk.act(act(FindAct::Label(org)));
    assert_eq!(added(&desk), [1, 1, 0]);
}

#[test]
fn what_was_left_out_stays_so_and_another_label_or_none_reaches_the_rest() {
    let mut desk = Desk::new();
    desk.give(Command::Find(FindCommand::Open));
    search(&mut desk, "تهران");
    let label = desk.label("LOC");
    desk.act(Command::Find(FindCommand::Act(FindAct::Label(label))));
    settle(&mut desk);
    let (article, span) = place(&desk, "بیرجند", "تهران");
    desk.give(Command::Find(FindCommand::Toggle { article, span }));
    let other = desk.label("ORG");
    desk.act(Command::Find(FindCommand::Act(FindAct::Relabel(other))));
    settle(&mut desk);
    assert!(!find(&desk).is_selected(article, span));
    let labels: Vec<_> = desk.on_disk().iter().flat_map(|(_, m)| m.iter().map(|m| m.label)).collect();
    assert_eq!(labels, [other, label]);
    desk.act(Command::Find(FindCommand::Act(FindAct::Remove)));
    let labels: Vec<_> = desk.on_disk().iter().flat_map(|(_, m)| m.iter().map(|m| m.label)).collect();
    assert_eq!(labels, [label]);
}

#[test]
fn a_hit_is_shown_in_its_article_and_the_search_comes_back() {
    let mut desk = Desk::new();
    desk.give(Command::Find(FindCommand::Open));
    search(&mut desk, "تهران");
    let (article, span) = place(&desk, "بیرجند", "تهران");
    desk.give(Command::Find(FindCommand::Show { article, span }));
    desk.wait("the article is open", |state| state.article().is_some_and(|open| open.article.id() == article));
    assert_eq!(desk.open().target(), Some(span));
    assert!(desk.project().find.is_none());
    desk.give(Command::Find(FindCommand::Open));
    assert_eq!(settle(&mut desk), (2, 2));
    assert_eq!(find(&desk).query.wanted, "تهران");
    desk.give(Command::Find(FindCommand::Close));
    desk.drag("بيرجند");
    desk.give(Command::Find(FindCommand::Open));
    assert_eq!(settle(&mut desk), (1, 1), "what is selected is a new question");
    assert_eq!(find(&desk).query.wanted, "بيرجند");
}

#[test]
fn nothing_reaches_the_article_behind_the_search() {
    let mut desk = Desk::new();
    desk.drag("تهران");
    desk.give(Command::Find(FindCommand::Open));
    settle(&mut desk);
    let label = desk.label("LOC");
    desk.act(MarkCommand::Label(label));
    desk.act(WalkCommand::SetStatus(Status::Done));
    assert_eq!((desk.mentions().len(), desk.open().layer.status), (0, Status::New));
    desk.give(WalkCommand::Next);
    desk.wait("the next article", |state| state.article().is_some_and(|open| open.article.name() == "بیرجند"));
    assert!(desk.project().find.is_none(), "an article that is opened takes the place of the search");
}

/// Waits until the window's search has found everything.
fn wait_found(window: &mut Window) {
    window.wait("everything is found", |state| {
        state.project.as_ref().unwrap().find.as_ref().is_some_and(|find| find.complete && !find.stale)
    });
}

#[test]
fn in_the_window_all_is_found_labelled_and_taken_back_by_keys() {
    let (mut window, desk) = window(|settings| settings.language = Language::English, 0);
    window.press(Modifiers { shift: true, ..CTRL }, Key::F);
    let field = "A name, a beginning or a regular expression";
    assert!(window.harness.get_by_role_and_label(Role::TextInput, field).is_focused());
    // A label's key is a letter here.
    window.type_text("اشتری");
    wait_found(&mut window);
    assert!(window.harness.query_by_label("2 places in 1 article · 2 selected").is_some());
    window.press(Modifiers::NONE, Key::ArrowDown);
    window.press(Modifiers::NONE, Key::P);
    window.press(Modifiers::NONE, Key::Enter);
    window.wait_saved();
    wait_found(&mut window);
    assert_eq!(window.mentions().len(), 2);
    window.press(CTRL, Key::Z);
    window.wait_saved();
    assert_eq!(window.mentions(), []);
    window.press(Modifiers::NONE, Key::Escape);
    assert!(window.state().project.as_ref().unwrap().find.is_none());
    drop(desk);
}
