//! The words in which a text field is told what to do and how to look.
//!
//! Owns the edits, the motions and the style; [`Field`](crate::text::field::Field) carries them out. It must not know keys.

use crate::domain::article::Direction;
use crate::domain::offset::ByteSpan;
use crate::text::caret::Side;

/// How a field is set. All lengths are physical pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldStyle {
    /// The font size.
    pub size_px: f32,
    /// The weight, 100 to 900.
    pub weight: f32,
    /// The line height as a multiple of the font size.
    pub line_height: f32,
    /// The interface's direction: that of an empty field and of a text without strong characters.
    pub direction: Direction,
    /// The width of the field. A field of several lines is wrapped at it, one of a single line scrolls in it.
    pub width_px: f32,
}

/// Where a caret goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One grapheme cluster as seen.
    Side(Side),
    /// One word towards a side.
    WordSide(Side),
    /// A line up; on the first to the text's start.
    Up,
    /// A line down; on the last to the text's end.
    Down,
    /// The start of the line in reading order.
    LineStart,
    /// The end of the line in reading order.
    LineEnd,
    /// The start of the text.
    TextStart,
    /// The end of the text.
    TextEnd,
}

/// Everything that can be done to a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldEdit {
    /// Typed text in the place of the selection. In a single line, line breaks become spaces.
    Insert(String),
    /// Pasted text in the place of the selection: a step of its own in the history.
    Paste(String),
    /// Deletes the selection, or the code point before the caret (an emoji as a whole).
    Backspace,
    /// Deletes the selection, or the grapheme cluster after the caret.
    Delete,
    /// Deletes the selection, or back to the start of a word.
    BackspaceWord,
    /// Deletes the selection, or up to the start of the next word.
    DeleteWord,
    /// Deletes the selection, as cutting does.
    DeleteSelection,
    /// Moves the caret; `extend` keeps the selection's other end.
    Move {
        /// Where to.
        motion: Motion,
        /// Whether the selection grows.
        extend: bool,
    },
    /// Puts the caret nearest to a point: a press, or a press with shift.
    PlaceAt {
        /// From the field's left edge.
        x: f32,
        /// From the field's top edge.
        y: f32,
        /// Whether the selection grows.
        extend: bool,
    },
    /// Selects the word at a point: a double press.
    SelectWordAt {
        /// From the field's left edge.
        x: f32,
        /// From the field's top edge.
        y: f32,
    },
    /// Selects the hard line at a point: a triple press.
    SelectLineAt {
        /// From the field's left edge.
        x: f32,
        /// From the field's top edge.
        y: f32,
    },
    /// The pointer was dragged to a point: extends by clusters, words or lines, as the press began.
    DragTo {
        /// From the field's left edge.
        x: f32,
        /// From the field's top edge.
        y: f32,
    },
    /// Selects a span; ends that cut a code point change nothing.
    Select(ByteSpan),
    /// Selects everything.
    SelectAll,
    /// Takes the last step back.
    Undo,
    /// Makes the step taken back last again.
    Redo,
    /// Shows an input method's unfinished text in the place of the selection, with its caret; empty ends composing.
    Compose {
        /// The unfinished text.
        text: String,
        /// The input method's selection in it; `None` hides the caret.
        selection: Option<ByteSpan>,
    },
    /// Puts an input method's finished text in the place of the unfinished.
    CommitCompose(String),
    /// Drops the unfinished text.
    ClearCompose,
}
