//! The keyboard: key events become commands, read by the place of the key so that a Persian layout works.
//!
//! Owns who gets a key: a dialog, a text field, or the article. Which key means what stands in `session::shortcut`.

use crate::session::command::{Command, ViewCommand};
use crate::session::shortcut::{self, Act, Held, Place, Shortcut};
use crate::session::state::{Attention, State};
use crate::ui::article_list;
use crate::ui::article_view::ArticleView;
use crate::ui::keys_sheet::KeyLine;
use crate::ui::kit::Kit;
use egui::{Context, Event, Key, Modifiers};
use std::sync::OnceLock;

/// The table, made once.
pub fn shortcuts() -> &'static [Shortcut] {
    static TABLE: OnceLock<Vec<Shortcut>> = OnceLock::new();
    TABLE.get_or_init(shortcut::table)
}

/// Reads the keys of this frame.
pub fn read(ctx: &Context, kit: &Kit<'_>, state: &State, article: &mut ArticleView, commands: &mut Vec<Command>) {
    if state.dialog.is_some() {
        return;
    }
    // What has the keyboard, a text field or a button reached by Tab, keeps its plain keys; those with Ctrl or Alt still work.
    // So does a field that is about to get it: what is typed right after Ctrl+F must not label anything.
    let awaited = matches!(state.attention, Some(Attention::Search | Attention::Note | Attention::Find));
    let mut elsewhere = awaited || ctx.memory(|memory| memory.focused().is_some());
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
    for (key, modifiers) in keys {
        let held = Held { ctrl: modifiers.command, shift: modifiers.shift, alt: modifiers.alt };
        if elsewhere && (!(held.ctrl || held.alt) || is_editing_key(key)) && !matches!(key, Key::F1 | Key::F2) {
            continue;
        }
        let project = state.project.as_ref();
        let labels = project.map(|project| &project.labels);
        let Some(act) = shortcut::act_of(shortcuts(), key.name_for_table(), held, project.is_some(), labels) else {
            continue;
        };
        match (project.and_then(|project| project.open.as_ref()), act) {
            (
                _,
                Act::Command(command @ (Command::View(_) | Command::Project(_) | Command::Walk(_) | Command::Find(_))),
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
            (Some(open), act) => article.act(kit, open, &act, commands),
            (None, Act::Command(command)) => commands.push(command),
            (None, _) => {}
        }
    }
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

trait TableName {
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

/// What the labels' keys do: which they are depends on the project, so the table of shortcuts has none of them.
const LABEL_KEYS: [KeyLine; 2] = [
    KeyLine { group: "keys-mentions", title: "key-label", keys: "A–Z / 0–9" },
    KeyLine { group: "keys-mentions", title: "key-also-label", keys: "Shift A–Z" },
];

/// The keys for the sheet, made once: every act with all its keys.
pub fn sheet() -> &'static [KeyLine] {
    static SHEET: OnceLock<Vec<KeyLine>> = OnceLock::new();
    SHEET.get_or_init(|| {
        let mut lines: Vec<(&'static str, &'static str, Vec<String>)> = Vec::new();
        for shortcut in shortcuts().iter().filter(|s| s.place != Place::Start) {
            if shortcut.group == LABEL_KEYS[0].group && !lines.iter().any(|(group, ..)| *group == shortcut.group) {
                lines.extend(LABEL_KEYS.map(|line| (line.group, line.title, vec![line.keys.to_owned()])));
            }
            let shown = shortcut.shown();
            match lines.iter_mut().find(|(group, title, _)| *group == shortcut.group && *title == shortcut.title) {
                // The plus sign has two keys, as keyboards differ; they are written alike.
                Some((.., keys)) if keys.contains(&shown) => {}
                Some((.., keys)) => keys.push(shown),
                None => lines.push((shortcut.group, shortcut.title, vec![shown])),
            }
        }
        lines.into_iter().map(|(group, title, keys)| KeyLine { group, title, keys: keys.join(" / ").leak() }).collect()
    })
}

/// The first key of every act, for tooltips and menus.
pub fn shortcut_keys() -> &'static [(&'static str, &'static str)] {
    static KEYS: OnceLock<Vec<(&'static str, &'static str)>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let mut keys: Vec<(&'static str, &'static str)> = Vec::new();
        for shortcut in shortcuts() {
            if !keys.iter().any(|(title, _)| *title == shortcut.title) {
                keys.push((shortcut.title, shortcut.shown().leak()));
            }
        }
        keys
    })
}

/// The keys that the bottom of the window reminds of.
#[must_use]
pub fn hints() -> Vec<(&'static str, &'static str)> {
    ["done-next", "undo", "remove", "key-note", "keys"]
        .into_iter()
        .filter_map(|id| shortcut_keys().iter().find(|(title, _)| *title == id).copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_names_each_way_once_and_the_labels_keys_first_among_the_mentions() {
        for line in sheet() {
            let mut ways: Vec<&str> = line.keys.split(" / ").collect();
            let all = ways.len();
            ways.sort_unstable();
            ways.dedup();
            assert_eq!(ways.len(), all, "{}: {}", line.title, line.keys);
        }
        let first = sheet().iter().find(|line| line.group == "keys-mentions");
        assert_eq!(first, Some(&LABEL_KEYS[0]));
    }

    #[test]
    fn every_key_of_the_table_is_a_key_of_the_window() {
        for shortcut in shortcuts() {
            let found = Key::ALL.iter().any(|key| key.name_for_table() == shortcut.key);
            assert!(found, "{} has the unknown key {}", shortcut.title, shortcut.key);
        }
    }
}
