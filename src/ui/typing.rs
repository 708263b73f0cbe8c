//! What the keyboard, the clipboard and the input method say to a text field.
//!
//! Owns the meaning of egui's events while a field has the focus, in one pure function. It must not edit anything.
//!
//! Keys come by their letter, or by their place on the keyboard when the layout writes other letters there (eframe sees
//! to it): Ctrl+Z works under a Persian layout, and stays where it is written under a Latin one.

use crate::domain::offset::ByteSpan;
use crate::text::caret::Side;
use crate::text::field_edit::{FieldEdit, Motion};
use egui::{Event, ImeEvent, Key, Modifiers};
use std::ops::Range;

/// What an event asks of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Keystroke {
    /// The field changes by itself.
    Edit(FieldEdit),
    /// The selection goes to the clipboard.
    Copy,
    /// The selection goes to the clipboard and out of the text.
    Cut,
    /// Enter in a single line: the text is as wanted.
    Submit,
}

/// What `event` asks of a field; `None` for nothing.
#[must_use]
pub fn keystroke_of(event: &Event, single_line: bool) -> Option<Keystroke> {
    match event {
        // Enter comes as a key too; its text is not typed twice.
        Event::Text(text) if text == "\n" || text == "\r" => None,
        Event::Text(text) => Some(Keystroke::Edit(FieldEdit::Insert(text.clone()))),
        Event::Paste(text) => Some(Keystroke::Edit(FieldEdit::Paste(text.clone()))),
        Event::Copy => Some(Keystroke::Copy),
        Event::Cut => Some(Keystroke::Cut),
        Event::Key { key, pressed: true, modifiers, .. } => keystroke_of_key(*key, *modifiers, single_line),
        Event::Ime(ImeEvent::Preedit { text, active_range_chars }) => Some(Keystroke::Edit(FieldEdit::Compose {
            text: text.clone(),
            selection: active_range_chars.clone().map(|range| span_of_chars(text, range)),
        })),
        Event::Ime(ImeEvent::Commit(text)) => Some(Keystroke::Edit(FieldEdit::CommitCompose(text.clone()))),
        _ => None,
    }
}

/// The bytes of a range of code points; an input method that counts beyond the end gets the end.
fn span_of_chars(text: &str, chars: Range<usize>) -> ByteSpan {
    let byte = |count| text.char_indices().nth(count).map_or(text.len(), |(byte, _)| byte);
    ByteSpan::from_bytes(byte(chars.start), byte(chars.end))
}

fn keystroke_of_key(key: Key, modifiers: Modifiers, single_line: bool) -> Option<Keystroke> {
    let by_word = modifiers.ctrl || modifiers.alt;
    let go = |motion| Some(Keystroke::Edit(FieldEdit::Move { motion, extend: modifiers.shift }));
    let edit = |edit| Some(Keystroke::Edit(edit));
    match key {
        Key::ArrowLeft => go(beside(Side::Left, by_word)),
        Key::ArrowRight => go(beside(Side::Right, by_word)),
        Key::ArrowUp if single_line || modifiers.mac_cmd => go(Motion::TextStart),
        Key::ArrowDown if single_line || modifiers.mac_cmd => go(Motion::TextEnd),
        Key::ArrowUp => go(Motion::Up),
        Key::ArrowDown => go(Motion::Down),
        Key::Home if modifiers.command => go(Motion::TextStart),
        Key::End if modifiers.command => go(Motion::TextEnd),
        Key::Home => go(Motion::LineStart),
        Key::End => go(Motion::LineEnd),
        Key::Backspace if by_word => edit(FieldEdit::BackspaceWord),
        Key::Delete if by_word => edit(FieldEdit::DeleteWord),
        Key::Backspace => edit(FieldEdit::Backspace),
        Key::Delete if modifiers.shift => Some(Keystroke::Cut),
        Key::Delete => edit(FieldEdit::Delete),
        Key::Enter if modifiers.command || modifiers.alt => None,
        Key::Enter if single_line => Some(Keystroke::Submit),
        Key::Enter => edit(FieldEdit::Insert("\n".to_owned())),
        Key::A if modifiers.command => edit(FieldEdit::SelectAll),
        Key::Y if modifiers.command => edit(FieldEdit::Redo),
        Key::Z if modifiers.command && modifiers.shift => edit(FieldEdit::Redo),
        Key::Z if modifiers.command => edit(FieldEdit::Undo),
        _ => None,
    }
}

fn beside(side: Side, by_word: bool) -> Motion {
    if by_word { Motion::WordSide(side) } else { Motion::Side(side) }
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

    fn check(event: &Event, expected: Option<Keystroke>) {
        assert_eq!(keystroke_of(event, true), expected, "{event:?}");
    }

    fn check_edit(event: &Event, expected: FieldEdit) {
        check(event, Some(Keystroke::Edit(expected)));
    }

    #[test]
    fn keys_move_and_extend() {
        let go = |motion, extend| FieldEdit::Move { motion, extend };
        check_edit(&pressed(Key::ArrowLeft, Modifiers::NONE), go(Motion::Side(Side::Left), false));
        check_edit(&pressed(Key::ArrowLeft, Modifiers::SHIFT), go(Motion::Side(Side::Left), true));
        check_edit(&pressed(Key::ArrowRight, SHIFT_CTRL), go(Motion::WordSide(Side::Right), true));
        check_edit(&pressed(Key::Home, Modifiers::NONE), go(Motion::LineStart, false));
        check_edit(&pressed(Key::End, Modifiers::CTRL), go(Motion::TextEnd, false));
        check_edit(&pressed(Key::ArrowUp, Modifiers::NONE), go(Motion::TextStart, false));
        let up = keystroke_of(&pressed(Key::ArrowUp, Modifiers::NONE), false);
        assert_eq!(up, Some(Keystroke::Edit(go(Motion::Up, false))));
    }

    #[test]
    fn shortcuts_need_their_modifier() {
        check_edit(&pressed(Key::Z, Modifiers::CTRL), FieldEdit::Undo);
        check_edit(&pressed(Key::Z, SHIFT_CTRL), FieldEdit::Redo);
        check_edit(&pressed(Key::Y, Modifiers::CTRL), FieldEdit::Redo);
        check_edit(&pressed(Key::A, Modifiers::CTRL), FieldEdit::SelectAll);
        check(&pressed(Key::A, Modifiers::NONE), None);
        check(&pressed(Key::Delete, Modifiers::SHIFT), Some(Keystroke::Cut));
        check(&Event::Copy, Some(Keystroke::Copy));
    }

    #[test]
    fn enter_submits_one_line_and_breaks_several() {
        check(&pressed(Key::Enter, Modifiers::NONE), Some(Keystroke::Submit));
        check(&pressed(Key::Enter, Modifiers::CTRL), None);
        check(&Event::Text("\n".to_owned()), None);
        let line_break = keystroke_of(&pressed(Key::Enter, Modifiers::NONE), false);
        assert_eq!(line_break, Some(Keystroke::Edit(FieldEdit::Insert("\n".to_owned()))));
    }

    #[test]
    fn the_input_method_counts_characters() {
        let preedit =
            |active_range_chars| Event::Ime(ImeEvent::Preedit { text: "かな".to_owned(), active_range_chars });
        let compose = |selection| FieldEdit::Compose { text: "かな".to_owned(), selection };
        check_edit(&preedit(Some(1..2)), compose(Some(ByteSpan::from_bytes(3, 6))));
        check_edit(&preedit(Some(0..9)), compose(Some(ByteSpan::from_bytes(0, 6))));
        check_edit(&preedit(None), compose(None));
        check_edit(&Event::Ime(ImeEvent::Commit("仮名".to_owned())), FieldEdit::CommitCompose("仮名".to_owned()));
    }
}
