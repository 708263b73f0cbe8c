//! What the keyboard and the input method say to a text field.
//!
//! Owns the meaning of egui's events while a field has the focus, in one pure function. It must not edit anything.
//!
//! Keys come by their letter, or by their place on the keyboard when the layout writes other letters there (eframe sees
//! to it): Ctrl+Z works under a Persian layout, and stays where it is written under a Latin one.

use egui::{Event, ImeEvent, Key, Modifiers};

/// How far a caret goes. Sides are those of the screen: ← goes left in every script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// A grapheme cluster to the left.
    Left,
    /// A grapheme cluster to the right.
    Right,
    /// A word to the left.
    WordLeft,
    /// A word to the right.
    WordRight,
    /// A line up.
    Up,
    /// A line down.
    Down,
    /// Where the line starts.
    LineStart,
    /// Where the line ends.
    LineEnd,
    /// Where the text starts.
    TextStart,
    /// Where the text ends.
    TextEnd,
}

/// What is deleted when nothing is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erase {
    /// Before the caret, in reading order.
    Before,
    /// After it.
    After,
    /// The rest of the word before it.
    WordBefore,
    /// The rest of the word after it.
    WordAfter,
}

/// Something to do in a text field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Text is typed or pasted over the selection.
    Insert(String),
    /// The selection is deleted, or else what the caret is at.
    Erase(Erase),
    /// The caret goes; with `extend` the selection goes with it.
    Move {
        /// How far.
        motion: Motion,
        /// Shift is held.
        extend: bool,
    },
    /// Everything is selected.
    SelectAll,
    /// The last change is taken back.
    Undo,
    /// The change taken back last is made again.
    Redo,
    /// The selection goes to the clipboard.
    Copy,
    /// The selection goes to the clipboard and out of the text.
    Cut,
    /// The input method shows text that is not final, with its caret or selection in characters.
    Compose {
        /// The text; empty ends the composition.
        text: String,
        /// The part being chosen.
        active: Option<(usize, usize)>,
    },
    /// The input method is done: this text stays.
    Commit(String),
    /// Enter in a field of one line: the text is as wanted, the focus goes.
    Submit,
}

/// What `event` means to a field; `None` for nothing. A field of one line takes line feeds as spaces.
#[must_use]
pub fn act_of(event: &Event, multi_line: bool) -> Option<Act> {
    match event {
        Event::Text(text) | Event::Paste(text) => insert(text, multi_line),
        Event::Copy => Some(Act::Copy),
        Event::Cut => Some(Act::Cut),
        Event::Key { key, pressed: true, modifiers, .. } => act_of_key(*key, *modifiers, multi_line),
        Event::Ime(ImeEvent::Preedit { text, active_range_chars }) => Some(Act::Compose {
            text: text.clone(),
            active: active_range_chars.as_ref().map(|range| (range.start, range.end)),
        }),
        Event::Ime(ImeEvent::Commit(text)) => Some(Act::Commit(text.clone())),
        _ => None,
    }
}

fn insert(text: &str, multi_line: bool) -> Option<Act> {
    // Enter comes as a key too; its text is not typed twice.
    if text.is_empty() || text == "\n" || text == "\r" {
        return None;
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    Some(Act::Insert(if multi_line { lines } else { lines.replace('\n', " ") }))
}

fn act_of_key(key: Key, modifiers: Modifiers, multi_line: bool) -> Option<Act> {
    let by_word = modifiers.ctrl || modifiers.alt;
    let to_edge = modifiers.mac_cmd;
    let go = |motion| Some(Act::Move { motion, extend: modifiers.shift });
    match key {
        Key::ArrowLeft if by_word => go(Motion::WordLeft),
        Key::ArrowRight if by_word => go(Motion::WordRight),
        Key::ArrowLeft => go(Motion::Left),
        Key::ArrowRight => go(Motion::Right),
        Key::ArrowUp if multi_line && !to_edge => go(Motion::Up),
        Key::ArrowDown if multi_line && !to_edge => go(Motion::Down),
        Key::ArrowUp => go(Motion::TextStart),
        Key::ArrowDown => go(Motion::TextEnd),
        Key::Home if modifiers.command => go(Motion::TextStart),
        Key::End if modifiers.command => go(Motion::TextEnd),
        Key::Home => go(Motion::LineStart),
        Key::End => go(Motion::LineEnd),
        Key::Backspace if by_word => Some(Act::Erase(Erase::WordBefore)),
        Key::Delete if by_word => Some(Act::Erase(Erase::WordAfter)),
        Key::Backspace => Some(Act::Erase(Erase::Before)),
        Key::Delete if modifiers.shift => Some(Act::Cut),
        Key::Delete => Some(Act::Erase(Erase::After)),
        Key::Enter if modifiers.command || modifiers.alt => None,
        Key::Enter if multi_line => Some(Act::Insert("\n".to_owned())),
        Key::Enter => Some(Act::Submit),
        Key::A if modifiers.command => Some(Act::SelectAll),
        Key::Y if modifiers.command => Some(Act::Redo),
        Key::Z if modifiers.command && modifiers.shift => Some(Act::Redo),
        Key::Z if modifiers.command => Some(Act::Undo),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIFT_CTRL: Modifiers = Modifiers { shift: true, ..Modifiers::CTRL };

    fn pressed(key: Key, modifiers: Modifiers) -> Event {
        // egui sets `command` with Ctrl everywhere but on a Mac.
        let modifiers = Modifiers { command: modifiers.ctrl, ..modifiers };
        Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
    }

    fn check(event: &Event, expected: Option<Act>) {
        assert_eq!(act_of(event, false), expected, "{event:?}");
    }

    #[test]
    fn keys_move_and_extend() {
        let go = |motion, extend| Some(Act::Move { motion, extend });
        check(&pressed(Key::ArrowLeft, Modifiers::NONE), go(Motion::Left, false));
        check(&pressed(Key::ArrowLeft, Modifiers::SHIFT), go(Motion::Left, true));
        check(&pressed(Key::ArrowRight, SHIFT_CTRL), go(Motion::WordRight, true));
        check(&pressed(Key::Home, Modifiers::NONE), go(Motion::LineStart, false));
        check(&pressed(Key::End, Modifiers::CTRL), go(Motion::TextEnd, false));
        check(&pressed(Key::ArrowUp, Modifiers::NONE), go(Motion::TextStart, false));
        assert_eq!(act_of(&pressed(Key::ArrowUp, Modifiers::NONE), true), go(Motion::Up, false));
    }

    #[test]
    fn shortcuts_need_their_modifier() {
        check(&pressed(Key::Z, Modifiers::CTRL), Some(Act::Undo));
        check(&pressed(Key::Z, SHIFT_CTRL), Some(Act::Redo));
        check(&pressed(Key::A, Modifiers::NONE), None);
        check(&pressed(Key::A, Modifiers::CTRL), Some(Act::SelectAll));
        check(&pressed(Key::Y, Modifiers::CTRL), Some(Act::Redo));
        check(&pressed(Key::Enter, Modifiers::NONE), Some(Act::Submit));
        check(&pressed(Key::Enter, Modifiers::CTRL), None);
    }

    #[test]
    fn typed_and_pasted_lines_become_spaces_in_one_line() {
        check(&Event::Text("س".to_owned()), Some(Act::Insert("س".to_owned())));
        check(&Event::Text("\n".to_owned()), None);
        check(&Event::Paste("یک\r\nدو".to_owned()), Some(Act::Insert("یک دو".to_owned())));
        assert_eq!(act_of(&Event::Paste("یک\r\nدو".to_owned()), true), Some(Act::Insert("یک\nدو".to_owned())));
        assert_eq!(act_of(&pressed(Key::Enter, Modifiers::NONE), true), Some(Act::Insert("\n".to_owned())));
    }

    #[test]
    fn the_input_method_composes_and_commits() {
        let preedit = Event::Ime(ImeEvent::Preedit { text: "かな".to_owned(), active_range_chars: Some(0..1) });
        check(&preedit, Some(Act::Compose { text: "かな".to_owned(), active: Some((0, 1)) }));
        check(&Event::Ime(ImeEvent::Commit("仮名".to_owned())), Some(Act::Commit("仮名".to_owned())));
    }
}
