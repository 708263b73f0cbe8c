//! The undo and redo stacks of a text field.
//!
//! Owns the changes and when two become one step: letters of one word typed in a row, and deletions in a row. It must not
//! know layout; it changes a `String` and says where the caret was.

use crate::domain::offset::{ByteOffset, ByteSpan};
use crate::text::caret::Caret;

/// A selection: where it started and where the caret is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The end that stays when the selection is extended.
    pub anchor: Caret,
    /// The caret.
    pub focus: Caret,
}

impl Selection {
    /// A caret that selects nothing.
    #[must_use]
    pub fn caret(at: Caret) -> Self {
        Self { anchor: at, focus: at }
    }

    /// The bytes between both ends.
    #[must_use]
    pub fn span(self) -> ByteSpan {
        ByteSpan::new(self.anchor.at, self.focus.at)
    }
}

/// How a change came about, which tells what it may be joined with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    /// Typed, letter by letter.
    Typing,
    /// Deleted by backspace or delete.
    Deleting,
    /// Anything else: a step of its own.
    Whole,
}

/// One text taken out at a position and another put there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) at: ByteOffset,
    pub(crate) removed: String,
    pub(crate) inserted: String,
    pub(crate) before: Selection,
    pub(crate) after: Selection,
    pub(crate) kind: ChangeKind,
}

impl Change {
    fn removed_span(&self) -> ByteSpan {
        ByteSpan::new(self.at, self.at.plus(self.removed.len()))
    }

    fn inserted_span(&self) -> ByteSpan {
        ByteSpan::new(self.at, self.at.plus(self.inserted.len()))
    }

    /// Takes `next` in when both are one step; gives it back otherwise.
    fn join(&mut self, next: Self) -> Option<Self> {
        match (self.kind, next.kind) {
            (ChangeKind::Typing, ChangeKind::Typing)
                if self.inserted_span().end == next.at && next.removed.is_empty() =>
            {
                let new_word =
                    self.inserted.ends_with(char::is_whitespace) && !next.inserted.starts_with(char::is_whitespace);
                if new_word {
                    return Some(next);
                }
                self.inserted.push_str(&next.inserted);
            }
            (ChangeKind::Deleting, ChangeKind::Deleting) if next.removed_span().end == self.at => {
                self.removed.insert_str(0, &next.removed);
                self.at = next.at;
            }
            (ChangeKind::Deleting, ChangeKind::Deleting) if next.at == self.at => self.removed.push_str(&next.removed),
            _ => return Some(next),
        }
        self.after = next.after;
        None
    }
}

/// What was done and what was undone.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldHistory {
    done: Vec<Change>,
    undone: Vec<Change>,
    /// Whether the next change is a step of its own whatever it is.
    sealed: bool,
}

impl FieldHistory {
    /// Records a change that was made; what was undone is gone.
    pub(crate) fn record(&mut self, change: Change) {
        self.undone.clear();
        let joined = if self.sealed { Some(change) } else { self.join(change) };
        self.done.extend(joined);
        self.sealed = false;
    }

    fn join(&mut self, change: Change) -> Option<Change> {
        match self.done.last_mut() {
            Some(last) => last.join(change),
            None => Some(change),
        }
    }

    /// Ends the step: the caret moved.
    pub(crate) fn seal(&mut self) {
        self.sealed = true;
    }

    /// Takes the last step back in `text` and gives the selection before it; `None` when there is none.
    pub(crate) fn undo(&mut self, text: &mut String) -> Option<Selection> {
        let change = self.done.pop()?;
        replace(text, change.inserted_span(), &change.removed);
        let before = change.before;
        self.undone.push(change);
        self.sealed = true;
        Some(before)
    }

    /// Makes the step undone last again and gives the selection after it; `None` when there is none.
    pub(crate) fn redo(&mut self, text: &mut String) -> Option<Selection> {
        let change = self.undone.pop()?;
        replace(text, change.removed_span(), &change.inserted);
        let after = change.after;
        self.done.push(change);
        self.sealed = true;
        Some(after)
    }

    /// Whether there is a step to take back.
    pub(crate) fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether there is a step to make again.
    pub(crate) fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }
}

/// Puts `with` in the place of `span`; a span that cuts a code point changes nothing.
pub(crate) fn replace(text: &mut String, span: ByteSpan, with: &str) {
    if span.slice(text).is_some() {
        text.replace_range(span.range(), with);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Types each string with a caret at its end, then undoes step by step.
    fn check(typed: &[&str], undone: &[&str]) {
        let mut text = String::new();
        let mut history = FieldHistory::default();
        for insertion in typed {
            let at = ByteOffset::new(text.len());
            text.push_str(insertion);
            let (before, after) = (Caret::before(at), Caret::before(ByteOffset::new(text.len())));
            history.record(Change {
                at,
                removed: String::new(),
                inserted: (*insertion).to_owned(),
                before: Selection::caret(before),
                after: Selection::caret(after),
                kind: ChangeKind::Typing,
            });
        }
        let whole = text.clone();
        let mut seen = Vec::new();
        while let Some(selection) = history.undo(&mut text) {
            assert_eq!(selection.focus.at.get(), text.len());
            seen.push(text.clone());
        }
        assert_eq!(seen, undone);
        while history.redo(&mut text).is_some() {}
        assert_eq!(text, whole);
    }

    #[test]
    fn typing_is_undone_word_by_word() {
        check(&["ع", "ل", "ی", " ", "ر", "ف", "ت"], &["علی ", ""]);
        check(&["a"], &[""]);
        check(&[], &[]);
    }
}
