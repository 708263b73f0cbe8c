//! The keyboard: key events become commands, read by the place of the key so that a Persian layout works.
//!
//! Owns who gets a key: a dialog, a text field, or the article. Which key means which act stands in `session::shortcut`.

use crate::session::acts::Act;
use crate::session::chord::{Chord, Held};
use crate::session::command::{Command, ViewCommand};
use crate::session::review::{Prompt, Review, waits};
use crate::session::review_command::ReviewCommand;
use crate::session::state::{Attention, State};
use crate::ui::article_list;
use crate::ui::article_view::ArticleView;
use crate::ui::kit::{Kit, Shortcuts, keys_of};
use crate::ui::label_menu;
use egui::{Context, Event, FocusDirection, Key, Modifiers};

/// Reads the keys of this frame.
pub fn read(ctx: &Context, kit: &Kit<'_>, state: &State, article: &mut ArticleView, commands: &mut Vec<Command>) {
    if state.dialog.is_some() || state.project.as_ref().is_some_and(|project| project.sweep.is_some()) {
        return;
    }
    // What has the keyboard, a text field or a button reached by Tab, keeps its plain keys; those with Ctrl or Alt still work.
    // So does a field that is about to get it: what is typed right after Ctrl+F must not label anything.
    let awaited = matches!(state.attention, Some(Attention::Search | Attention::Note | Attention::Find));
    let mut elsewhere = awaited || ctx.memory(|memory| memory.focused().is_some());
    if !elsewhere && state.article().is_some() {
        // Tab walks suggestions: egui must not give the keyboard to a button meanwhile.
        ctx.memory_mut(|memory| memory.move_focus(FocusDirection::None));
    }
    let keys: Vec<(Key, Modifiers)> = ctx.input(|input| {
        input
            .events
            .iter()
            .filter_map(|event| match event {
                Event::Key { key, physical_key, pressed: true, modifiers, .. } => {
                    Some((physical_key.unwrap_or(*key), *modifiers))
                }
                _ => None,
            })
            .collect()
    });
    let project = state.project.as_ref();
    for (key, modifiers) in keys {
        let held = Held { ctrl: modifiers.command, shift: modifiers.shift, alt: modifiers.alt };
        if elsewhere && (!(held.ctrl || held.alt) || is_editing_key(key)) && !matches!(key, Key::F1 | Key::F2) {
            continue;
        }
        let Some(chord) = Chord::of_key(key.name_for_table(), held) else { continue };
        if let Some(command) = reason_key(state, key, held) {
            commands.push(command);
            continue;
        }
        match state.shortcuts.act_of(chord, project.map(|project| project.mode), project.map(|project| &project.labels))
        {
            Some(act) => elsewhere |= perform(ctx, kit, state, article, act, commands),
            // No label has this key: it begins the name of one, where the menu that finds labels is open.
            None if chord.label_key().is_some() && project.is_some_and(|p| article.finds_label(p)) => {
                ctx.memory_mut(|memory| memory.request_focus(label_menu::field_id()));
                elsewhere = true;
            }
            None => {}
        }
    }
}

/// What a key means while the reason of a decision is asked for: a digit gives the reason of that number, 0 none, Enter the first.
fn reason_key(state: &State, key: Key, held: Held) -> Option<Command> {
    let project = state.project.as_ref().filter(|project| project.find.is_none() && !project.statistics.is_open)?;
    let review = project.open.as_ref()?.review.as_ref()?;
    if review.prompt != Some(Prompt::Reason) || held != Held::default() {
        return None;
    }
    const DIGITS: [Key; 10] =
        [Key::Num0, Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];
    let digit = if key == Key::Enter { 1 } else { DIGITS.iter().position(|digit| *digit == key)? };
    let offered = project.reasons_offered();
    let reason = match digit.checked_sub(1) {
        Some(place) => Some((*offered.get(place)?).to_owned()),
        None => None,
    };
    Some(Command::Review(ReviewCommand::Reason(reason)))
}

/// Asks for what an act means; whether the keyboard goes elsewhere with it.
pub fn perform(
    ctx: &Context,
    kit: &Kit<'_>,
    state: &State,
    article: &mut ArticleView,
    act: Act,
    commands: &mut Vec<Command>,
) -> bool {
    let open = state.article();
    let mut elsewhere = false;
    match act {
        Act::Command(
            command @ (Command::View(_) | Command::Project(_) | Command::Walk(_) | Command::Find(_) | Command::Keys(_)),
        ) => {
            match command {
                Command::View(ViewCommand::Show(_)) => {
                    ctx.memory_mut(|memory| memory.stop_text_input());
                    elsewhere = true;
                }
                Command::View(ViewCommand::FocusSearch) => {
                    // At once, so that the field gets the rest of what this frame brings.
                    ctx.memory_mut(|memory| memory.request_focus(article_list::search_id()));
                    elsewhere = true;
                }
                Command::View(ViewCommand::FocusNote) => elsewhere = true,
                _ => {}
            }
            commands.push(command);
        }
        act => {
            if let (Act::AskLabel(_), Some(_)) = (&act, open) {
                ctx.memory_mut(|memory| memory.request_focus(label_menu::field_id()));
                elsewhere = true;
            }
            match (open, act) {
                (Some(open), act) => article.act(kit, open, &act, commands),
                (None, Act::Command(command)) => commands.push(command),
                (None, _) => {}
            }
        }
    }
    elsewhere
}

/// Keys with which a text field edits even when Ctrl is held: undo, clipboard, all, words.
fn is_editing_key(key: Key) -> bool {
    matches!(
        key,
        Key::A
            | Key::C
            | Key::X
            | Key::V
            | Key::Z
            | Key::Y
            | Key::ArrowLeft
            | Key::ArrowRight
            | Key::ArrowUp
            | Key::ArrowDown
            | Key::Home
            | Key::End
            | Key::Backspace
            | Key::Delete
            | Key::Enter
    )
}

/// How the table of keys names a key of the window.
pub trait TableName {
    /// The name by which the table of shortcuts knows a key.
    fn name_for_table(self) -> &'static str;
}

impl TableName for Key {
    fn name_for_table(self) -> &'static str {
        match self {
            Self::ArrowLeft => "ArrowLeft",
            Self::ArrowRight => "ArrowRight",
            Self::ArrowUp => "ArrowUp",
            Self::ArrowDown => "ArrowDown",
            Self::OpenBracket | Self::OpenCurlyBracket => "OpenBracket",
            Self::CloseBracket | Self::CloseCurlyBracket => "CloseBracket",
            Self::Questionmark => "Slash",
            Self::Num0 => "Num0",
            Self::Num1 => "Num1",
            Self::Num2 => "Num2",
            Self::Num3 => "Num3",
            Self::Num4 => "Num4",
            Self::Num5 => "Num5",
            Self::Num6 => "Num6",
            Self::Num7 => "Num7",
            Self::Num8 => "Num8",
            Self::Num9 => "Num9",
            other => other.name(),
        }
    }
}

/// The keys that the bottom of the window reminds of, of those in the table, by what can be done now.
#[must_use]
pub fn hints<'a>(state: &State, keys: Shortcuts<'a>) -> Vec<(&'static str, &'a str)> {
    let advice = state.article().map(|open| &open.advice);
    if let Some(review) = state.article().and_then(|open| open.review.as_deref()) {
        return review_hints(review, keys);
    }
    let last: &[&str] = match advice {
        Some(advice) if advice.chosen().is_some() => &["remove", "suggestion-accept", "suggestion-next"],
        Some(advice) if !advice.open().is_empty() => &["remove", "suggestion-next", "keys"],
        _ => &["remove", "key-note", "keys"],
    };
    let is_chosen = advice.is_some_and(|advice| advice.chosen().is_some());
    let told = |id| if is_chosen && id == "remove" { "suggestion-reject" } else { id };
    let all = ["acts", "done-next", "undo"].iter().chain(last);
    all.filter_map(|id| Some((told(*id), keys_of(keys, id)?))).collect()
}

/// The same in a review.
fn review_hints<'a>(review: &Review, keys: Shortcuts<'a>) -> Vec<(&'static str, &'a str)> {
    let told: &[(&str, &str)] = match review.current_case() {
        Some(case) if !waits(case) => &[
            ("hint-next", "review-next"),
            ("hint-reopen", "review-reopen"),
            ("undo", "undo"),
            ("hint-like", "review-like"),
            ("keys", "keys"),
        ],
        Some(_) => &[
            ("hint-next", "review-next"),
            ("hint-boundary", "review-boundary"),
            ("undo", "undo"),
            ("hint-reason", "review-reason"),
            ("keys", "keys"),
        ],
        None => &[("hint-accept", "review-accept-agreed"), ("undo", "undo"), ("keys", "keys")],
    };
    told.iter().filter_map(|(words, id)| Some((*words, keys_of(keys, id)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::shortcut::Table;

    #[test]
    fn every_key_of_the_table_is_a_key_of_the_window() {
        for line in Table::default().lines() {
            for chord in &line.chords {
                let found = Key::ALL.iter().any(|key| key.name_for_table() == chord.key);
                assert!(found, "{} has the unknown key {}", line.entry.id, chord.key);
            }
        }
    }
}
