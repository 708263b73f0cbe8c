//! An editable text field: its text, selection, compose text and history, and where all of it stands.
//!
//! Owns the state and its layout; the rules are in [`editing`](crate::text::editing). Drawing and the keys that lead to a
//! [`FieldEdit`](crate::text::field_edit::FieldEdit) are the caller's, so that all of it runs without a window. It must not know the clipboard: the caller takes
//! [`Field::selected_text`] and gives [`FieldEdit::Paste`](crate::text::field_edit::FieldEdit::Paste).
//!
//! Coordinates are physical pixels from the top left corner of the field. The field does not use parley's `PlainEditor`:
//! its caret cannot pass a line end of a wrapped Persian text (see [`caret`]).

use crate::domain::article::Direction;
use crate::domain::offset::{ByteOffset, ByteSpan};
use crate::text::caret::{self, Caret};
use crate::text::editing::Grain;
use crate::text::engine::{Align, Engine, Paragraph, TextStyle, first_strong_direction, wrap};
use crate::text::field_edit::FieldStyle;
use crate::text::field_history::{FieldHistory, Selection};
use crate::text::geometry::{self, LineRect, RectPx};
use std::borrow::Cow;

/// The room a caret takes beside the text.
const CARET_ROOM_PX: f32 = 2.0;

/// A text field's state.
pub struct Field {
    pub(crate) single_line: bool,
    pub(crate) style: FieldStyle,
    pub(crate) text: String,
    pub(crate) selection: Selection,
    pub(crate) grain: Grain,
    /// The x that moving up and down keeps.
    pub(crate) goal_x: Option<f32>,
    pub(crate) compose: Option<ByteSpan>,
    pub(crate) shows_caret: bool,
    pub(crate) history: FieldHistory,
    pub(crate) layout: Paragraph,
    pub(crate) is_stale: bool,
    /// The layout's x at the field's left edge.
    pub(crate) scroll_px: f32,
}

impl Field {
    /// An empty field, of one line or of several.
    #[must_use]
    pub fn new(single_line: bool, style: FieldStyle) -> Self {
        Self {
            single_line,
            style,
            text: String::new(),
            selection: Selection::default(),
            grain: Grain::Cluster,
            goal_x: None,
            compose: None,
            shows_caret: true,
            history: FieldHistory::default(),
            layout: Paragraph::new(),
            is_stale: true,
            scroll_px: 0.0,
        }
    }

    /// Replaces everything from outside: the caret goes to the end, and the history starts anew.
    pub fn set_text(&mut self, text: &str) {
        self.text = self.cleaned(text).into_owned();
        self.selection = Selection::caret(Caret::after(ByteOffset::new(self.text.len())));
        self.history = FieldHistory::default();
        self.compose = None;
        self.shows_caret = true;
        self.grain = Grain::Cluster;
        self.goal_x = None;
        self.is_stale = true;
    }

    /// Sets it in another style or width.
    pub fn set_style(&mut self, style: FieldStyle) {
        if style != self.style {
            self.style = style;
            self.is_stale = true;
        }
    }

    /// The style it is set in.
    #[must_use]
    pub fn style(&self) -> FieldStyle {
        self.style
    }

    /// The text without what an input method has not finished.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self.compose {
            Some(span) => {
                let before = self.text.get(..span.start.get()).unwrap_or_default();
                Cow::Owned(format!("{before}{}", self.text.get(span.end.get()..).unwrap_or_default()))
            }
            None => Cow::Borrowed(&self.text),
        }
    }

    /// The text as shown, the unfinished part included; all byte positions count in it.
    #[must_use]
    pub fn shown_text(&self) -> &str {
        &self.text
    }

    /// The selection in the shown text.
    #[must_use]
    pub fn selection(&self) -> Selection {
        self.selection
    }

    /// The selected text; `None` when nothing is selected.
    #[must_use]
    pub fn selected_text(&self) -> Option<&str> {
        self.selection.span().slice(&self.text).filter(|text| !text.is_empty())
    }

    /// The unfinished part of an input method; `None` when it is not composing.
    #[must_use]
    pub fn compose_span(&self) -> Option<ByteSpan> {
        self.compose
    }

    /// Whether there is a step to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.history.can_undo()
    }

    /// Whether there is a step to make again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// The direction it is set in: that of its first strong character, else the interface's.
    #[must_use]
    pub fn direction(&self) -> Direction {
        first_strong_direction(&self.text).unwrap_or(self.style.direction)
    }

    /// The layout, up to date. Draw it moved by [`offset_px`](Self::offset_px).
    pub fn layout(&mut self, engine: &mut Engine) -> &Paragraph {
        self.refresh(engine);
        self.scroll_to_caret();
        &self.layout
    }

    /// The layout as of the last [`layout`](Self::layout), for drawing.
    #[must_use]
    pub fn paragraph(&self) -> &Paragraph {
        &self.layout
    }

    /// Whether it is of one line.
    #[must_use]
    pub fn is_single_line(&self) -> bool {
        self.single_line
    }

    /// How far right of the field's left edge the layout's x = 0 is.
    #[must_use]
    pub fn offset_px(&self) -> f32 {
        -self.scroll_px
    }

    /// The height of all lines as last laid out.
    #[must_use]
    pub fn height_px(&self) -> f32 {
        self.layout.height()
    }

    /// The caret without width; `None` while an input method hides it. As of the last [`layout`](Self::layout).
    #[must_use]
    pub fn caret_rect(&self) -> Option<RectPx> {
        let rect = caret::caret_rect(&self.layout, self.selection.focus);
        self.shows_caret.then(|| rect.moved(self.offset_px(), 0.0))
    }

    /// The rectangles of the selection. As of the last [`layout`](Self::layout).
    #[must_use]
    pub fn selection_rects(&self) -> Vec<LineRect> {
        self.rects(self.selection.span())
    }

    /// The rectangles of the unfinished text, to be underlined. As of the last [`layout`](Self::layout).
    #[must_use]
    pub fn compose_rects(&self) -> Vec<LineRect> {
        self.compose.map(|span| self.rects(span)).unwrap_or_default()
    }

    fn rects(&self, span: ByteSpan) -> Vec<LineRect> {
        let rects = geometry::rects(&self.layout, span);
        rects.into_iter().map(|rect| rect.moved(self.offset_px(), 0.0)).collect()
    }

    pub(crate) fn refresh(&mut self, engine: &mut Engine) {
        if !self.is_stale {
            return;
        }
        let style = TextStyle {
            size_px: self.style.size_px,
            weight: self.style.weight,
            line_height: self.style.line_height,
            direction: self.direction(),
        };
        engine.shape_into(&mut self.layout, &self.text, style);
        let width_px = (!self.single_line).then_some(self.style.width_px - CARET_ROOM_PX);
        wrap(&mut self.layout, width_px, Align::Start);
        self.is_stale = false;
    }

    /// Keeps a single line's caret in the field; a line with room to spare stands at the side where reading starts.
    pub(crate) fn scroll_to_caret(&mut self) {
        if !self.single_line {
            self.scroll_px = 0.0;
            return;
        }
        let room_px = self.style.width_px - CARET_ROOM_PX;
        let (left, right) = geometry::line_extent(&self.layout, 0);
        let at_start = if self.layout.is_rtl() { right - room_px } else { left };
        if right - left <= room_px {
            self.scroll_px = at_start;
            return;
        }
        let x = caret::caret_rect(&self.layout, self.selection.focus).left;
        self.scroll_px = self.scroll_px.clamp(x - room_px, x).clamp(left, right - room_px);
    }

    /// The text as the field may hold it.
    pub(crate) fn cleaned<'a>(&self, text: &'a str) -> Cow<'a, str> {
        const BREAKS: [char; 6] = ['\n', '\r', '\u{B}', '\u{85}', '\u{2028}', '\u{2029}'];
        if !text.contains(BREAKS) {
            return Cow::Borrowed(text);
        }
        let line_break = if self.single_line { " " } else { "\n" };
        Cow::Owned(text.replace("\r\n", "\n").replace(BREAKS, line_break))
    }
}
