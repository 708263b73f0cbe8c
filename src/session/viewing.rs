//! Viewing: language, theme, zoom, panels and dialogs.
//!
//! Owns what is remembered of them. Colours, words and layout are the window's.

use crate::session::command::ViewCommand;
use crate::session::effect::Effect;
use crate::session::exporting;
use crate::session::settings::Theme;
use crate::session::state::{Attention, State};
use crate::words::language::Language;

/// The smallest and largest magnification of the article.
pub const ZOOM_RANGE: std::ops::RangeInclusive<f32> = 0.6..=3.0;

/// Does what the command says.
pub fn update(state: &mut State, command: ViewCommand, effects: &mut Vec<Effect>) {
    let before = state.settings.clone();
    match command {
        ViewCommand::SetLanguage(language) => state.settings.language = language,
        ViewCommand::SetTheme(theme) => state.settings.theme = theme,
        ViewCommand::SwitchLanguage => {
            state.settings.language = match state.settings.language {
                Language::Persian => Language::English,
                Language::English => Language::Persian,
            };
        }
        ViewCommand::SwitchTheme => {
            state.settings.theme = match state.settings.theme {
                Theme::Light => Theme::Dark,
                Theme::Dark => Theme::Light,
            };
        }
        ViewCommand::Zoom(steps) => {
            let zoom = (state.settings.zoom * 10.0).round() / 10.0 + steps as f32 / 10.0;
            state.settings.zoom = zoom.clamp(*ZOOM_RANGE.start(), *ZOOM_RANGE.end());
        }
        ViewCommand::ZoomReset => state.settings.zoom = 1.0,
        ViewCommand::ToggleArticles => state.settings.articles_panel = !state.settings.articles_panel,
        ViewCommand::ToggleMentions => state.settings.mentions_panel = !state.settings.mentions_panel,
        ViewCommand::Show(dialog) => state.dialog = Some(dialog),
        ViewCommand::Dismiss => {
            // Without a place it is still to be decided what goes out.
            if !(exporting::asks_place(state.dialog.as_ref()) && exporting::resume(state, effects)) {
                state.dialog = None;
            }
        }
        ViewCommand::Attended => state.attention = None,
        ViewCommand::ToastGone(id) => state.toasts.retain(|toast| toast.id != id),
        ViewCommand::Resized(size) => state.settings.window = Some(size),
        ViewCommand::FocusSearch => {
            state.settings.articles_panel = true;
            state.attention = Some(Attention::Search);
        }
        ViewCommand::FocusNote => {
            if state.selected_mention().is_some() {
                state.settings.mentions_panel = true;
                state.attention = Some(Attention::Note);
            }
        }
    }
    if state.settings != before {
        effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
    }
}
