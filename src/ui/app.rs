//! The window: places the panels, hands keys to commands, and runs the loop of session and frame.
//!
//! Owns the frame. It must not know what a command does, nor read or write a file.

use crate::session::command::{Command, FindCommand, ProjectCommand, ViewCommand, WalkCommand};
use crate::session::driver::Session;
use crate::session::opening;
use crate::session::saving::SaveState;
use crate::session::settings::{self, Folders, Settings};
use crate::session::state::State;
use crate::session::worker::Places as WorkerPlaces;
use crate::ui::article_list::ArticleList;
use crate::ui::article_view::ArticleView;
use crate::ui::dialogs::{Dialogs, Surroundings};
use crate::ui::empty_pane;
use crate::ui::find_panel::{self, FindPanel};
use crate::ui::galley::Bridge;
use crate::ui::keyboard;
use crate::ui::kit::{self, Kit};
use crate::ui::mention_panel::MentionPanel;
use crate::ui::palette_bar::PaletteBar;
use crate::ui::path_completion::Places;
use crate::ui::review_panel::ReviewPanel;
use crate::ui::review_strip;
use crate::ui::same_pill::SamePill;
use crate::ui::start_clock::StartClock;
use crate::ui::start_screen::StartScreen;
use crate::ui::statistics_panel::{self, StatisticsPanel};
use crate::ui::status_bar::{self, StatusBar};
use crate::ui::theme::{Palette, space};
use crate::ui::toasts::{self, Toasts};
use crate::ui::top_bar::{self, TopBar};
use crate::words::language::Language;
use crate::words::locale::Locale;
use crate::words::message::Message;
use egui::{CentralPanel, Frame, Margin, Panel, Ui, UiBuilder, ViewportCommand};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the window must have kept its size before it is remembered.
const SIZE_SETTLES: Duration = Duration::from_millis(800);

/// The window and all that it holds.
pub struct App {
    session: Session,
    bridge: Bridge,
    locale: Locale,
    /// What egui's own style was made for.
    styled: Option<(Palette, Language)>,
    panels: Panels,
    user_name: String,
    places: Places,
    resized: Option<([f32; 2], Instant)>,
    start_clock: Option<StartClock>,
    closing: Closing,
}

/// How the closing of the window stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closing {
    /// Nobody wants it closed.
    No,
    /// It closes as soon as everything is saved.
    WhenSaved,
    /// It was told that something could not be saved: the next time it closes all the same.
    Warned,
}

/// The panels, each with what it alone remembers.
#[derive(Default)]
struct Panels {
    start: StartScreen,
    top: TopBar,
    status: StatusBar,
    articles: ArticleList,
    palette: PaletteBar,
    article: ArticleView,
    mentions: MentionPanel,
    review: ReviewPanel,
    find: FindPanel,
    statistics: StatisticsPanel,
    same: SamePill,
    toasts: Toasts,
    dialogs: Dialogs,
    /// The side panel that is unfolded in a narrow window, where there is room for one beside the article.
    unfolded: Option<Side>,
}

/// A side panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Articles,
    Mentions,
}

impl App {
    /// The window's content on `ctx`, with a session and fonts; `system_fonts` for scripts that the embedded font lacks.
    #[must_use]
    pub fn new(ctx: &egui::Context, session: Session, system_fonts: bool) -> Self {
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let home = etcetera::home_dir().ok();
        let start = std::env::current_dir().ok().or_else(|| home.clone()).unwrap_or_default();
        let names = ["USER", "LOGNAME", "USERNAME"];
        Self {
            bridge: Bridge::new(ctx, system_fonts),
            locale: Locale::new(session.state.settings.language),
            session,
            styled: None,
            panels: Panels::default(),
            user_name: names.iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default(),
            places: Places { start, home },
            resized: None,
            start_clock: None,
            closing: Closing::No,
        }
    }

    /// The session, for tests that look at the state behind the window.
    pub fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    /// What the window shows.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.session.state
    }

    /// The article pane, for tests that point at its text.
    #[must_use]
    pub fn article_pane(&self) -> &ArticleView {
        &self.panels.article
    }

    /// One frame.
    pub fn frame(&mut self, ui: &mut Ui) {
        self.session.take_events();
        let ctx = ui.ctx().clone();
        self.guard_closing(&ctx);
        self.bridge.begin_frame(&ctx);
        let palette = Palette::of(self.session.state.settings.theme);
        self.restyle(&ctx, palette);
        let mut commands = Vec::new();
        self.note_size(&ctx, &mut commands);
        let kit = Kit { bridge: &self.bridge, palette, locale: &self.locale };
        let state = &self.session.state;
        keyboard::read(&ctx, &kit, state, &mut self.panels.article, &mut commands);
        let dropped = dropped_files(&ctx);
        if !dropped.is_empty() {
            commands.push(Command::Project(ProjectCommand::Take(dropped)));
        }
        if state.project.is_some() {
            self.panels.project(ui, &kit, state, &mut commands);
        } else {
            let fill = Frame::new().fill(palette.window).inner_margin(Margin::same(0));
            CentralPanel::default().frame(fill).show(ui, |ui| {
                self.panels.start.show(ui, &kit, state, &mut commands);
                self.panels.toasts.show(ui, &kit, state, None, &mut commands);
            });
        }
        let around = Surroundings { user_name: &self.user_name, places: &self.places };
        if let Some(act) = self.panels.dialogs.show(&ctx, &kit, state, &around, &mut commands) {
            keyboard::perform(&ctx, &kit, state, &mut self.panels.article, act, &mut commands);
        }
        if commands.iter().any(leaves_article) {
            let mut notes = Vec::new();
            self.panels.mentions.finish_note(state, &mut notes);
            commands.splice(0..0, notes);
        }
        for command in commands {
            self.session.command(command);
            ctx.request_repaint();
        }
    }

    /// The window is closed: hands over what is still being written, and waits until all is saved. How many actions could not be:
    /// they are kept and come back when the project is opened.
    ///
    /// # Errors
    /// The system's error when such actions could not even be kept.
    pub fn close(&mut self) -> std::io::Result<usize> {
        self.hand_over_notes();
        self.session.finish()
    }

    fn hand_over_notes(&mut self) {
        let mut commands = Vec::new();
        self.panels.mentions.finish_note(&self.session.state, &mut commands);
        for command in commands {
            self.session.command(command);
        }
    }

    /// Keeps the window open while something is not saved; when that fails it is told, and a second asking closes.
    fn guard_closing(&mut self, ctx: &egui::Context) {
        let is_asked = ctx.input(|input| input.viewport().close_requested());
        if is_asked && self.closing != Closing::Warned {
            self.hand_over_notes();
            self.session.command(Command::SaveAgain);
            self.closing = Closing::WhenSaved;
        }
        let saves = self.session.state.project.as_ref().map_or(SaveState::Saved, |project| project.saves.state());
        match (self.closing, saves) {
            (Closing::WhenSaved, SaveState::Saved) if !is_asked => ctx.send_viewport_cmd(ViewportCommand::Close),
            (Closing::WhenSaved, SaveState::Saving) if is_asked => ctx.send_viewport_cmd(ViewportCommand::CancelClose),
            (Closing::WhenSaved, SaveState::Failed(_, waiting)) => {
                self.closing = Closing::Warned;
                self.session.state.complain(Message::new("close-unsaved").number("count", waiting as u64));
            }
            (Closing::Warned, SaveState::Saved) => self.closing = Closing::No,
            _ => {}
        }
    }

    /// Remembers the window's size once it has settled.
    fn note_size(&mut self, ctx: &egui::Context, commands: &mut Vec<Command>) {
        let Some(size) = ctx.input(|input| input.viewport().inner_rect).map(|rect| [rect.width(), rect.height()])
        else {
            return;
        };
        if self.session.state.settings.window == Some(size) {
            self.resized = None;
            return;
        }
        match self.resized {
            Some((seen, since)) if seen == size => {
                if since.elapsed() >= SIZE_SETTLES {
                    commands.push(Command::View(ViewCommand::Resized(size)));
                }
            }
            _ => {
                self.resized = Some((size, Instant::now()));
                ctx.request_repaint_after(SIZE_SETTLES);
            }
        }
    }

    fn restyle(&mut self, ctx: &egui::Context, palette: Palette) {
        let language = self.session.state.settings.language;
        if self.styled == Some((palette, language)) {
            return;
        }
        self.styled = Some((palette, language));
        if self.locale.language() != language {
            self.locale = Locale::new(language);
        }
        let theme = if palette.dark { egui::Theme::Dark } else { egui::Theme::Light };
        ctx.set_theme(theme);
        ctx.set_visuals_of(theme, palette.visuals());
        ctx.all_styles_mut(|style| {
            style.interaction.selectable_labels = false;
            style.spacing.item_spacing = egui::vec2(8.0, 6.0);
            style.animation_time = 0.08;
        });
    }
}

impl Panels {
    /// The window with a project open.
    fn project(&mut self, ui: &mut Ui, kit: &Kit<'_>, state: &State, commands: &mut Vec<Command>) {
        let keys = state.shortcuts.first_keys();
        let palette = &kit.palette;
        let finding = is_finding(state);
        let counting = !finding && has_statistics(state);
        let bar = Frame::new().fill(palette.paper);
        let side = Frame::new().fill(palette.window);
        Panel::top("top-bar").frame(bar).exact_size(top_bar::HEIGHT).show_separator_line(true).show(ui, |ui| {
            self.top.show(ui, kit, state, &keys, commands);
        });
        Panel::bottom("status-bar").frame(bar).exact_size(status_bar::HEIGHT).show_separator_line(true).show(
            ui,
            |ui| {
                let hints = match (finding, counting) {
                    (true, _) => find_panel::KEYS.to_vec(),
                    (false, true) => statistics_panel::KEYS.to_vec(),
                    (false, false) => keyboard::hints(state, &keys),
                };
                self.status.show(ui, kit, state, &hints, commands);
            },
        );
        let roomy = ui.available_width() >= space::FOLD_WIDTH;
        if !roomy {
            self.unfold(commands);
        }
        let shown = |side, wanted| if roomy { wanted } else { self.unfolded == Some(side) };
        let articles_shown = shown(Side::Articles, state.settings.articles_panel);
        // What is asked in a review is asked there.
        let asks = state.article().and_then(|open| open.review.as_ref()).is_some_and(|review| review.prompt.is_some());
        let mentions_shown = (shown(Side::Mentions, state.settings.mentions_panel) || asks) && !finding && !counting;
        if articles_shown {
            let panel = if kit.rtl() { Panel::right("articles-rtl") } else { Panel::left("articles-ltr") };
            panel.frame(side).default_size(space::ARTICLES_WIDTH).size_range(180.0..=420.0).show(ui, |ui| {
                self.articles.show(ui, kit, state, commands);
            });
        }
        if mentions_shown {
            let panel = if kit.rtl() { Panel::left("mentions-rtl") } else { Panel::right("mentions-ltr") };
            panel.frame(side).default_size(space::MENTIONS_WIDTH).size_range(200.0..=460.0).show(ui, |ui| {
                if state.article().is_some_and(|open| open.review.is_some()) {
                    self.review.show(ui, kit, state, &keys, commands);
                } else {
                    self.mentions.show(ui, kit, state, &keys, self.article.hovered, commands);
                }
            });
        }
        let middle = side.inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 0 });
        CentralPanel::default().frame(middle).show(ui, |ui| {
            if finding || counting {
                if finding {
                    self.find.show(ui, kit, state, commands);
                } else {
                    self.statistics.show(ui, kit, state, commands);
                }
                self.toasts.show(ui, kit, state, None, commands);
                return;
            }
            self.palette.show(ui, kit, state, commands);
            ui.add_space(8.0);
            let over = self.mentions.hovered.clone().filter(|_| mentions_shown);
            let outlined = |open: &crate::session::state::OpenArticle, key: crate::domain::mention::MentionKey| {
                over.as_ref().is_some_and(|(label, surface)| {
                    let shown = state.project.as_ref().and_then(|project| project.label(key.label));
                    shown.is_some_and(|shown| shown.id == *label) && open.article.surface(key.span) == Some(&**surface)
                })
            };
            match &state.project {
                Some(project) if project.open.is_none() && empty_pane::is_due(&project.list) => {
                    let keys = kit::keys_of(&keys, "import").unwrap_or_default();
                    empty_pane::show(ui, kit, keys, commands);
                }
                _ => self.article.show(ui, kit, state, &outlined, commands),
            }
            let busy = self.article.busy_rows;
            let strip = review_strip::show(ui, kit, state, &keys, busy, commands);
            let pill = strip.or_else(|| self.same.show(ui, kit, state, &keys, busy, commands));
            // Toasts pile up above the pill.
            let over =
                pill.map_or(ui.max_rect(), |pill| ui.max_rect().with_max_y(pill.top() + toasts::BELOW - toasts::GAP));
            let above = ui.new_child(UiBuilder::new().max_rect(over).id_salt("toasts"));
            self.toasts.show(&above, kit, state, busy, commands);
        });
    }
}

impl Panels {
    /// In a narrow window the side panels are folded: asking for one unfolds it and folds the other.
    fn unfold(&mut self, commands: &mut Vec<Command>) {
        commands.retain(|command| {
            let side = match command {
                Command::View(ViewCommand::ToggleArticles) => Side::Articles,
                Command::View(ViewCommand::ToggleMentions) => Side::Mentions,
                Command::View(ViewCommand::FocusSearch) => {
                    self.unfolded = Some(Side::Articles);
                    return true;
                }
                Command::View(ViewCommand::FocusNote) => {
                    self.unfolded = Some(Side::Mentions);
                    return true;
                }
                _ => return true,
            };
            self.unfolded = (self.unfolded != Some(side)).then_some(side);
            false
        });
    }
}

/// Whether the search through the project lies in the place of the article.
/// Whether the statistics stand in the place of the article.
fn has_statistics(state: &State) -> bool {
    state.project.as_ref().is_some_and(|project| project.statistics.is_open)
}

fn is_finding(state: &State) -> bool {
    state.project.as_ref().is_some_and(|project| project.find.is_some())
}

/// Whether a command may open another article or let the project go: what is being written must be on its way before.
fn leaves_article(command: &Command) -> bool {
    match command {
        Command::Project(_) => true,
        Command::Walk(WalkCommand::NeedRows { .. } | WalkCommand::SetFilter(_) | WalkCommand::SetSearch(_)) => false,
        Command::Walk(_) | Command::Find(FindCommand::Open) => true,
        _ => false,
    }
}

fn dropped_files(ctx: &egui::Context) -> Vec<PathBuf> {
    ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect())
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        if let Some(clock) = &mut self.start_clock {
            clock.before_frame(ctx, self.session.state.article().is_some());
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.frame(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        match self.close() {
            Ok(0) => {}
            Ok(unsaved) => {
                tracing::warn!(unsaved, "actions could not be saved; they come back when the project is opened");
            }
            Err(error) => tracing::error!(%error, "actions could not be saved anywhere"),
        }
    }
}

/// Opens the window on what the program was started with and runs until it is closed. `began`: when that start was.
///
/// # Errors
/// [`WindowError`] when there is no display or no way to draw on it.
pub fn run(paths: Vec<PathBuf>, began: Instant) -> Result<(), WindowError> {
    if !has_display() {
        return Err(WindowError::NoDisplay);
    }
    let folders = Folders::of_user();
    let file = folders.as_ref().map(Folders::settings_file);
    let (settings, kept) = file.as_deref().map_or_else(|| (Settings::default(), None), settings::load);
    let size = settings.window.unwrap_or([1400.0, 880.0]);
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("برچسب")
            .with_app_id("barchasb")
            .with_inner_size(size)
            .with_min_inner_size([520.0, 360.0])
            .with_drag_and_drop(true),
        renderer: eframe::Renderer::Glow,
        ..eframe::NativeOptions::default()
    };
    let mut session = Session::new(
        settings,
        WorkerPlaces { settings: file, data: folders.map(|folders| folders.data) },
        Arc::new(|| {}),
    );
    if let Some(kept) = kept {
        session.state.complain(Message::new("settings-kept").text("path", kept.display().to_string()));
    }
    // The project is read while the window is made.
    if let Some(command) = opening::start_command(&session.state, paths) {
        session.command(command);
    }
    let made = eframe::run_native(
        "barchasb",
        options,
        Box::new(move |creation| {
            let ctx = creation.egui_ctx.clone();
            session.set_wake(Arc::new(move || ctx.request_repaint()));
            let app = App::new(&creation.egui_ctx, session, true);
            Ok(Box::new(App { start_clock: Some(StartClock::new(began)), ..app }))
        }),
    );
    made.map_err(|error| {
        // winit's words begin with a place in its own source; the reason stands last.
        let error = error.to_string();
        let reason = error.rsplit(": ").next().unwrap_or(&error).trim_end_matches('.').to_owned();
        WindowError::NotOpened { reason }
    })
}

/// Why there is no window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// There is nothing to open one on.
    #[error("there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set). {WITHOUT_WINDOW}")]
    NoDisplay,
    /// The display or its driver refused.
    #[error("the window could not be opened ({reason}). {WITHOUT_WINDOW}")]
    NotOpened {
        /// The words of the window system.
        reason: String,
    },
}

/// What to do where no window can be.
const WITHOUT_WINDOW: &str =
    "The commands work without a window: new, import, export, stats, check; see `barchasb --help`.";

/// Whether there is anything to open a window on. Elsewhere than under X11 and Wayland there always is.
fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(all(unix, not(target_os = "macos"))) || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].into_iter().any(set)
}
