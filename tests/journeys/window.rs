//! The whole window, from its first start on: the real frame over a real project, led by pointer and keys.

use crate::canvas::Canvas;
use crate::desk::{Desk, LIMIT, first_span, hold, total};
use barchasb::domain::layer::Status;
use barchasb::domain::mention::Mention;
use barchasb::domain::offset::Span;
use barchasb::session::command::{Command, Dialog, MarkCommand, ProjectCommand, WalkCommand};
use barchasb::session::driver::Session;
use barchasb::session::opening::start_command;
use barchasb::session::saving::SaveState;
use barchasb::session::settings::{self, Folders, Settings, Theme};
use barchasb::session::state::{OpenArticle, State};
use barchasb::session::worker::Places;
use barchasb::ui::app::App;
use barchasb::words::language::Language;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Rect, ViewportCommand, ViewportEvent, ViewportId, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::path::Path;
use std::process::Command as Process;
use std::sync::Arc;

/// As a window system sends it: egui calls Ctrl the command key everywhere but on a Mac.
pub const CTRL: Modifiers = Modifiers { command: true, ..Modifiers::CTRL };

/// Until the first frame a session alone, then the window with it.
pub enum Program {
    Starting(Option<Box<Session>>),
    Running(Box<App>),
}

impl Program {
    pub fn frame(&mut self, ui: &mut egui::Ui) {
        if let Self::Starting(session) = self {
            let session = session.take().expect("a session");
            *self = Self::Running(Box::new(App::new(ui.ctx(), *session, false)));
        }
        self.app_mut().frame(ui);
    }

    pub fn app(&self) -> &App {
        match self {
            Self::Running(app) => app,
            Self::Starting(_) => panic!("the window is not there yet"),
        }
    }

    pub fn app_mut(&mut self) -> &mut App {
        match self {
            Self::Running(app) => app,
            Self::Starting(_) => panic!("the window is not there yet"),
        }
    }
}

/// The window, as a person sits before it.
pub struct Window {
    pub harness: Harness<'static, Program>,
}

impl Window {
    /// The program as it starts with these settings and nothing named.
    pub fn start(settings: Settings, file: &Path) -> Self {
        Self::start_on(settings, file).0
    }

    /// The same, with what it is painted on.
    pub fn start_on(settings: Settings, file: &Path) -> (Self, Canvas) {
        let canvas = Canvas::default();
        let mut session =
            Session::new(settings, Places { settings: Some(file.to_owned()), data: None }, Arc::new(|| {}));
        let start = start_command(&session.state, Vec::new()).expect("something to open");
        session.command(start);
        let mut harness = Harness::builder()
            .with_size([1400.0, 880.0])
            .renderer(canvas.clone())
            .build_ui_state(|ui, program: &mut Program| program.frame(ui), Program::Starting(Some(Box::new(session))));
        harness.run_steps(3);
        (Self { harness }, canvas)
    }

    pub fn session(&mut self) -> &mut Session {
        self.harness.state_mut().app_mut().session()
    }

    pub fn state(&self) -> &State {
        self.harness.state().app().state()
    }

    pub fn open(&self) -> &OpenArticle {
        self.state().article().expect("an open article")
    }

    /// Waits until `until` holds, and draws what came.
    #[track_caller]
    pub fn wait(&mut self, what: &str, until: impl Fn(&State) -> bool) {
        let came = self.session().wait_until(LIMIT, until);
        assert!(came, "{what}: {:?}", self.state().toasts);
        self.harness.run_steps(4);
    }

    #[track_caller]
    pub fn wait_saved(&mut self) {
        self.wait("all is saved", |state| state.project.as_ref().unwrap().saves.state() == SaveState::Saved);
    }

    /// Waits until the article of this name is open.
    #[track_caller]
    pub fn wait_article(&mut self, name: &str) {
        self.wait(name, |state| state.article().is_some_and(|open| open.article.name() == name));
    }

    pub fn click(&mut self, role: Role, name: &str) {
        self.harness.get_by_role_and_label(role, name).click();
        self.harness.run_steps(4);
    }

    pub fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_steps(4);
    }

    /// Presses the key at the place of `physical` in a layout where it gives `key` and `text`.
    pub fn press_in_layout(&mut self, key: Key, physical: Key, text: &str) {
        let event = |pressed| Event::Key {
            key,
            physical_key: Some(physical),
            pressed,
            repeat: false,
            modifiers: Modifiers::NONE,
        };
        self.harness.event(event(true));
        self.harness.event(Event::Text(text.to_owned()));
        self.harness.event(event(false));
        self.harness.run_steps(4);
    }

    /// Presses the cross of the window; what the window answers to the system.
    pub fn ask_to_close(&mut self) -> Vec<ViewportCommand> {
        let root = self.harness.input_mut().viewports.entry(ViewportId::ROOT).or_default();
        root.events.push(ViewportEvent::Close);
        self.commands_of_a_frame()
    }

    /// What the window tells the system in one frame about being closed.
    pub fn commands_of_a_frame(&mut self) -> Vec<ViewportCommand> {
        self.harness.step();
        let told = &self.harness.output().viewport_output[&ViewportId::ROOT].commands;
        let closing =
            |command: &&ViewportCommand| matches!(command, ViewportCommand::Close | ViewportCommand::CancelClose);
        told.iter().filter(closing).cloned().collect()
    }

    pub fn type_text(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.harness.run_steps(2);
    }

    /// The first place of `surface` in the open article.
    pub fn span(&self, surface: &str) -> Span {
        first_span(&self.open().article, surface)
    }

    /// Drags over `surface`, from where it begins to where it ends, in Persian from right to left.
    pub fn drag(&mut self, surface: &str) {
        let span = self.span(surface);
        let rects: Vec<Rect> = self.harness.state().app().article_pane().rects_of(self.open(), span);
        let (first, last) = (rects.first().expect("it is in view"), rects.last().unwrap());
        let (from, to) = (pos2(first.right() - 2.0, first.center().y), pos2(last.left() + 2.0, last.center().y));
        self.harness.hover_at(from);
        self.harness.run_steps(2);
        self.harness.drag_at(from);
        self.harness.run_steps(2);
        for part in [0.3, 0.7, 1.0] {
            self.harness.hover_at(from.lerp(to, part));
            self.harness.run_steps(1);
        }
        self.harness.drop_at(to);
        self.harness.run_steps(3);
    }

    /// The mentions of the open article as surface, label and note.
    pub fn mentions(&self) -> Vec<(String, String, String)> {
        let project = self.state().project.as_ref().unwrap();
        let open = project.open.as_ref().unwrap();
        let shown = |mention: &Mention| {
            let surface = open.article.surface(mention.span).unwrap();
            let label = &project.label(mention.label).unwrap().name;
            (surface.to_owned(), label.clone(), mention.note.as_deref().unwrap_or("").to_owned())
        };
        open.layer.mentions.iter().map(shown).collect()
    }
}

pub fn mention(surface: &str, label: &str, note: &str) -> (String, String, String) {
    (surface.to_owned(), label.to_owned(), note.to_owned())
}

#[test]
fn the_window_stays_while_something_is_not_saved_and_goes_when_asked_again() {
    let mut desk = Desk::new();
    assert_eq!(desk.session.finish().unwrap(), 0);
    let (settings, _) = settings::load(&desk.settings_file());
    let mut window = Window::start(settings, &desk.settings_file());
    window.wait_article("اشتری");
    assert_eq!(window.ask_to_close(), []);

    let held = hold(&desk.project_path());
    let label = window.state().project.as_ref().unwrap().labels.by_name("PER").unwrap().id;
    window.session().command(Command::Mark(MarkCommand::Label(label)));
    assert_eq!(window.ask_to_close(), [ViewportCommand::CancelClose]);
    window.wait("it cannot be saved", |state| {
        matches!(state.project.as_ref().unwrap().saves.state(), SaveState::Failed(_, 1))
    });
    assert!(window.state().toasts.iter().any(|toast| toast.message.id == "close-unsaved"));
    assert_eq!(window.ask_to_close(), [], "asked once more, it goes");

    // What was saved after all is nothing to be warned of, and lets the window go by itself.
    drop(held);
    window.session().command(Command::SaveAgain);
    window.wait_saved();
    let held = hold(&desk.project_path());
    window.session().command(Command::Mark(MarkCommand::Label(label)));
    assert_eq!(window.ask_to_close(), [ViewportCommand::CancelClose]);
    drop(held);
    assert!(
        window
            .session()
            .wait_until(LIMIT, |state| { state.project.as_ref().unwrap().saves.state() == SaveState::Saved })
    );
    assert_eq!(window.commands_of_a_frame(), [ViewportCommand::Close]);
}

/// In the environment of the process that has a home of its own.
const HOME: &str = "BARCHASB_TEST_HOME";

/// Everything a first-time user meets. The program writes below the home folder, so it runs in a process with another one.
#[test]
fn the_first_day_at_the_window() {
    if std::env::var_os(HOME).is_some() {
        return first_day();
    }
    let home = tempfile::tempdir().unwrap();
    let ran = Process::new(std::env::current_exe().unwrap())
        .args(["--exact", "window::the_first_day_at_the_window", "--nocapture"])
        .env(HOME, home.path())
        .env("HOME", home.path())
        .env("USER", "zahra")
        .envs(["XDG_CONFIG_HOME", "XDG_DATA_HOME"].map(|name| (name, home.path())))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&ran.stderr));
}

fn first_day() {
    let folders = Folders::of_user().unwrap();
    let home = std::env::var_os(HOME).unwrap();
    assert!(folders.sample_project().starts_with(&home), "{folders:?}");
    let file = folders.settings_file();
    let mut window = Window::start(Settings::default(), &file);

    // The sample opens by itself, and asks for the name.
    window.wait("the name is asked for", |state| state.dialog == Some(Dialog::Annotator));
    window.type_text(" کریمی");
    window.click(Role::Button, "آغاز");
    window.wait("the article is open", |state| state.article().is_some());
    let project = window.state().project.as_ref().unwrap();
    assert_eq!(project.annotator.as_ref().unwrap().name, "zahra کریمی");
    assert_eq!(project.project.path, folders.sample_project());
    let sample = window.open().article.name().to_owned();
    let other = home_file(&home, "دیگر.txt", "خبر دیگر از تبریز\nتبریز امروز آفتابی است.");
    window.session().command(Command::Project(ProjectCommand::Import(vec![other])));
    window.wait("the other article is in", |state| total(state) == Some(2));

    label_by_pointer_and_keys(&mut window);
    search_and_come_back(&mut window);
    write_notes(&mut window, &sample);
    walk(&mut window, &sample);
    rest_on_a_button(&mut window);
    change_the_look(&mut window);

    // Closed while a note is being written: it is kept.
    window.drag("تبریز");
    window.press(Modifiers::NONE, Key::L);
    window.press(Modifiers::NONE, Key::F2);
    window.type_text("شهر");
    assert_eq!(window.harness.state_mut().app_mut().close().unwrap(), 0);
    let (settings, _) = settings::load(&file);
    let mut window = Window::start(settings, &file);
    window.wait_article("دیگر");
    assert_eq!(window.mentions(), [mention("تبریز", "LOC", "شهر")]);
    assert_eq!(window.state().settings.theme, Theme::Dark);
}

fn home_file(home: &std::ffi::OsStr, name: &str, text: &str) -> std::path::PathBuf {
    let path = Path::new(home).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

const COMMANDER: &str = "سردار حسین اشتری";

fn label_by_pointer_and_keys(window: &mut Window) {
    window.drag(COMMANDER);
    let span = window.span(COMMANDER);
    assert_eq!((window.open().selecting, window.open().target()), (true, Some(span)));
    // A key is known by its place: here it gives another Latin letter, there a Persian one.
    window.press_in_layout(Key::L, Key::P, "ل");
    window.wait_saved();
    assert_eq!(window.mentions(), [mention(COMMANDER, "PER", "")]);
    window.press_in_layout(Key::P, Key::P, "ح");
    window.wait_saved();
    assert_eq!(window.mentions(), [], "the same key again removes it");
    window.press(CTRL, Key::Z);
    window.wait_saved();
    assert_eq!(window.mentions(), [mention(COMMANDER, "PER", "")]);

    // Esc lets go; the row in the list selects it again.
    window.press(Modifiers::NONE, Key::Escape);
    window.press(Modifiers::NONE, Key::Escape);
    assert_eq!((window.open().selected, window.open().selecting), (None, false));
    window.click(Role::Button, COMMANDER);
    assert_eq!(window.open().selected.map(|key| key.span), Some(span));
    assert_eq!(window.mentions(), [mention(COMMANDER, "PER", "")]);
}

/// Esc leaves the search, and what is pressed then is for the article again.
fn search_and_come_back(window: &mut Window) {
    let span = window.span(COMMANDER);
    window.press(CTRL, Key::F);
    window.type_text("نیست");
    window.press(Modifiers::NONE, Key::Escape);
    assert_eq!(window.state().project.as_ref().map(|project| project.list.search.as_str()), Some(""));
    assert_eq!(window.state().attention, None);
    window.click(Role::Button, COMMANDER);
    window.press(Modifiers::NONE, Key::F2);
    window.press(Modifiers::NONE, Key::Escape);
    window.press(Modifiers::NONE, Key::Escape);
    assert_eq!(window.state().attention, None);
    window.click(Role::Button, COMMANDER);
    assert_eq!(window.open().selected.map(|key| key.span), Some(span));
}

fn write_notes(window: &mut Window, sample: &str) {
    window.press(Modifiers::NONE, Key::F2);
    window.type_text("فرمانده");
    // In the note Ctrl+Enter means that the note is finished, and nothing else.
    window.press(CTRL, Key::Enter);
    window.wait_saved();
    assert_eq!(window.mentions(), [mention(COMMANDER, "PER", "فرمانده")]);
    assert_eq!((window.open().article.name(), window.open().layer.status), (sample, Status::InProgress));

    // Gone to the next article with a note unfinished: it stands when one comes back.
    window.press(Modifiers::NONE, Key::F2);
    window.type_text(" ناجا");
    window.press(CTRL, Key::PageDown);
    window.wait_article("دیگر");
    window.wait_saved();
    window.press(CTRL, Key::Z);
    window.wait_saved();
    window.wait_article(sample);
    assert_eq!(window.mentions(), [mention(COMMANDER, "PER", "فرمانده")], "it was a step of its own");
    window.press(CTRL, Key::Y);
    window.wait_saved();
    assert_eq!(window.mentions(), [mention(COMMANDER, "PER", "فرمانده ناجا")]);
}

fn walk(window: &mut Window, sample: &str) {
    window.press(Modifiers::NONE, Key::Escape);
    window.press(CTRL, Key::Enter);
    window.wait_article("دیگر");
    window.session().command(Command::Walk(WalkCommand::Previous));
    window.wait_article(sample);
    assert_eq!(window.open().layer.status, Status::Done);
    window.press(Modifiers::ALT, Key::ArrowDown);
    window.wait_article("دیگر");
}

/// A tooltip goes when a dialog opens above what it is about, though the pointer rests.
fn rest_on_a_button(window: &mut Window) {
    let hints = |window: &Window| window.harness.query_all_by_role_and_label(Role::Label, "تیره").count();
    window.harness.get_by_role_and_label(Role::Button, "تیره").hover();
    window.harness.run_steps(8);
    assert_eq!(hints(window), 1);
    window.press(Modifiers::NONE, Key::F1);
    assert_eq!((window.state().dialog.clone(), hints(window)), (Some(Dialog::Keys), 0));
    window.press(Modifiers::NONE, Key::Escape);
    assert_eq!(window.state().dialog, None);
}

fn change_the_look(window: &mut Window) {
    window.click(Role::Button, "تیره");
    assert_eq!(window.state().settings.theme, Theme::Dark);
    assert!(window.harness.ctx.theme() == egui::Theme::Dark);
    window.click(Role::Button, "English");
    assert_eq!(window.state().settings.language, Language::English);
    assert!(window.harness.query_by_role_and_label(Role::Button, "Light").is_some(), "the words are English");
    window.click(Role::Button, "فارسی");
    assert_eq!(window.state().settings.language, Language::Persian);
}
