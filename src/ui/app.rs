//! The window: places the panels, hands keys to commands, and runs the loop of session and frame.
//!
//! Owns the frame. It must not know what a command does, nor read or write a file.

use crate::session::command::Command;
use crate::session::driver::Session;
use crate::session::message::Message;
use crate::session::opening;
use crate::session::settings::{self, Folders, Language, Settings};
use crate::session::worker::Places;
use crate::ui::article_view::ArticleView;
use crate::ui::galley::Bridge;
use crate::ui::keyboard;
use crate::ui::kit::Kit;
use crate::ui::locale::Locale;
use crate::ui::theme::Palette;
use egui::{CentralPanel, Frame, Margin};
use std::path::PathBuf;
use std::sync::Arc;

/// The window and all that it holds.
pub struct App {
    session: Session,
    bridge: Bridge,
    locale: Locale,
    /// What egui's own style was made for.
    styled: Option<(Palette, Language)>,
    article: ArticleView,
}

impl App {
    /// The window's content on `ctx`, with a session and fonts; `system_fonts` for scripts that the embedded font lacks.
    #[must_use]
    pub fn new(ctx: &egui::Context, session: Session, system_fonts: bool) -> Self {
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let locale = Locale::new(session.state.settings.language);
        Self { bridge: Bridge::new(ctx, system_fonts), session, locale, styled: None, article: ArticleView::default() }
    }

    /// The session, for tests that look at the state behind the window.
    pub fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    /// One frame.
    pub fn frame(&mut self, ui: &mut egui::Ui) {
        self.session.take_events();
        let ctx = ui.ctx().clone();
        self.bridge.begin_frame(&ctx);
        let palette = Palette::of(self.session.state.settings.theme);
        self.restyle(&ctx, palette);
        let mut commands = Vec::new();
        let kit = Kit { bridge: &self.bridge, palette, locale: &self.locale };
        let state = &self.session.state;
        keyboard::read(&ctx, &kit, state, &mut self.article, &mut commands);
        let dropped = dropped_files(&ctx);
        if !dropped.is_empty() {
            commands.push(Command::Project(crate::session::command::ProjectCommand::Take(dropped)));
        }
        let fill = Frame::new().fill(palette.window);
        CentralPanel::default().frame(fill.inner_margin(Margin::symmetric(12, 0))).show(ui, |ui| {
            self.article.show(ui, &kit, state, &|_, _| false, &mut commands);
        });
        for command in commands {
            self.session.command(command);
            ctx.request_repaint();
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

fn dropped_files(ctx: &egui::Context) -> Vec<PathBuf> {
    ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect())
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.frame(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        let unsaved = self.session.finish();
        if unsaved > 0 {
            tracing::error!(unsaved, "actions could not be saved");
        }
    }
}

/// Opens the window on what the program was started with and runs until it is closed.
///
/// # Errors
/// A sentence when there is no display or no way to draw on it.
pub fn run(paths: Vec<PathBuf>) -> anyhow::Result<()> {
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
    let mut session = Session::new(settings, Places { settings: file }, Arc::new(|| {}));
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
            Ok(Box::new(App::new(&creation.egui_ctx, session, true)))
        }),
    );
    made.map_err(|error| anyhow::anyhow!("the window could not be opened: {error}"))
}
