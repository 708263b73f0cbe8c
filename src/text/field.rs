//! An editable text field: its text, selection, compose text and history, and where all of it stands.
//!
//! Owns the editing rules; drawing and the keys that lead to a [`FieldEdit`] are the caller's, so that all of it runs
//! without a window. It must not know the clipboard: the caller takes [`Field::selected_text`] and gives [`FieldEdit::Paste`].
//!
//! Coordinates are physical pixels from the top left corner of the field. The field does not use parley's `PlainEditor`:
//! its caret walks against the reading direction at the line ends of a Persian text (see [`caret`](crate::text::caret)).

use crate::domain::article::Direction;
use crate::domain::offset::{ByteOffset, ByteSpan};
use crate::text::caret::{self, Caret, Side};
use crate::text::engine::{Align, Engine, Paragraph, TextStyle, first_strong_direction, wrap};
use crate::text::field_history::{Change, ChangeKind, FieldHistory, Selection, replace};
use crate::text::geometry::{self, LineRect, RectPx};
use crate::text::words;
use std::borrow::Cow;

/// The room a caret takes beside the text.
const CARET_ROOM_PX: f32 = 2.0;

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

/// By what a drag extends the selection.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Grain {
    Cluster,
    Word(ByteSpan),
    Line(ByteSpan),
}

/// A text field's state.
pub struct Field {
    single_line: bool,
    style: FieldStyle,
    text: String,
    selection: Selection,
    grain: Grain,
    /// The x that moving up and down keeps.
    goal_x: Option<f32>,
    compose: Option<ByteSpan>,
    shows_caret: bool,
    history: FieldHistory,
    layout: Paragraph,
    is_stale: bool,
    /// The layout's x at the field's left edge.
    scroll_px: f32,
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

    /// Does one edit; tells whether the shown text changed.
    pub fn apply(&mut self, engine: &mut Engine, edit: FieldEdit) -> bool {
        // Whatever is done beside composing drops what is unfinished, as pressing elsewhere does.
        let dropped =
            self.compose.is_some() && !matches!(edit, FieldEdit::Compose { .. } | FieldEdit::CommitCompose(_));
        if dropped {
            self.clear_compose();
        }
        self.refresh(engine);
        let keeps_goal = matches!(edit, FieldEdit::Move { motion: Motion::Up | Motion::Down, .. });
        let changed = match edit {
            FieldEdit::Insert(text) => self.insert(&text, ChangeKind::Typing),
            FieldEdit::Paste(text) => self.insert(&text, ChangeKind::Whole),
            FieldEdit::Backspace => self.delete(words::backspace_start(&self.text, self.selection.focus.at)),
            FieldEdit::Delete => self.delete(words::next_grapheme(&self.text, self.selection.focus.at)),
            FieldEdit::BackspaceWord => self.delete(words::word_start_before(&self.text, self.selection.focus.at)),
            FieldEdit::DeleteWord => self.delete(words::word_start_after(&self.text, self.selection.focus.at)),
            FieldEdit::DeleteSelection => self.delete(self.selection.focus.at),
            FieldEdit::Undo => self.travel(FieldHistory::undo),
            FieldEdit::Redo => self.travel(FieldHistory::redo),
            FieldEdit::Compose { text, selection } => self.compose(&text, selection),
            FieldEdit::CommitCompose(text) => {
                self.clear_compose();
                self.insert(&text, ChangeKind::Typing)
            }
            FieldEdit::ClearCompose => false,
            FieldEdit::Move { motion, extend } => self.select(|field| field.moved(motion, extend)),
            FieldEdit::PlaceAt { x, y, extend } => {
                self.grain = Grain::Cluster;
                self.select(|field| field.extended(field.caret_from_point(x, y), extend))
            }
            FieldEdit::SelectWordAt { x, y } => {
                let span = self.word_at_point(x, y);
                self.grain = Grain::Word(span);
                self.select(|_| selection_of(span))
            }
            FieldEdit::SelectLineAt { x, y } => {
                let span = words::hard_line_at(&self.text, self.caret_from_point(x, y).at);
                self.grain = Grain::Line(span);
                self.select(|_| selection_of(span))
            }
            FieldEdit::DragTo { x, y } => self.select(|field| field.dragged(x, y)),
            FieldEdit::Select(span) => self
                .select(|field| if span.slice(&field.text).is_some() { selection_of(span) } else { field.selection }),
            FieldEdit::SelectAll => self.select(|field| selection_of(ByteSpan::from_bytes(0, field.text.len()))),
        };
        if !keeps_goal {
            self.goal_x = None;
        }
        self.refresh(engine);
        self.scroll_to_caret();
        changed || dropped
    }

    /// The layout, up to date. Draw it moved by [`offset_px`](Self::offset_px).
    pub fn layout(&mut self, engine: &mut Engine) -> &Paragraph {
        self.refresh(engine);
        self.scroll_to_caret();
        &self.layout
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

    fn refresh(&mut self, engine: &mut Engine) {
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
    fn scroll_to_caret(&mut self) {
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

    fn insert(&mut self, text: &str, kind: ChangeKind) -> bool {
        let text = self.cleaned(text).into_owned();
        if text.is_empty() && self.selection.span().is_empty() {
            return false;
        }
        self.replace(self.selection.span(), &text, kind);
        true
    }

    /// Deletes the selection, or what is between the caret and `other` when nothing is selected.
    fn delete(&mut self, other: ByteOffset) -> bool {
        let selected = self.selection.span();
        let (span, kind) = if selected.is_empty() {
            (ByteSpan::new(self.selection.focus.at, other), ChangeKind::Deleting)
        } else {
            (selected, ChangeKind::Whole)
        };
        if span.is_empty() {
            return false;
        }
        self.replace(span, "", kind);
        true
    }

    fn replace(&mut self, span: ByteSpan, with: &str, kind: ChangeKind) {
        let removed = span.slice(&self.text).unwrap_or_default().to_owned();
        let before = self.selection;
        replace(&mut self.text, span, with);
        self.selection = Selection::caret(self.typing_caret(span.start.plus(with.len())));
        self.grain = Grain::Cluster;
        self.is_stale = true;
        let inserted = with.to_owned();
        self.history.record(Change { at: span.start, removed, inserted, before, after: self.selection, kind });
    }

    /// The caret after typing: it holds to what was typed, and never stands inside a grapheme cluster.
    fn typing_caret(&self, at: ByteOffset) -> Caret {
        let at = words::grapheme_boundary_at_or_after(&self.text, at);
        if at == ByteOffset::ZERO { Caret::before(at) } else { Caret::after(at) }
    }

    fn travel(&mut self, step: fn(&mut FieldHistory, &mut String) -> Option<Selection>) -> bool {
        let Some(selection) = step(&mut self.history, &mut self.text) else { return false };
        self.selection = selection;
        self.grain = Grain::Cluster;
        self.is_stale = true;
        true
    }

    fn compose(&mut self, text: &str, selection: Option<ByteSpan>) -> bool {
        if self.compose.is_none() && !self.selection.span().is_empty() {
            self.replace(self.selection.span(), "", ChangeKind::Whole);
        }
        self.clear_compose();
        let text = self.cleaned(text).into_owned();
        if text.is_empty() {
            return true;
        }
        let start = self.selection.focus.at;
        replace(&mut self.text, ByteSpan::new(start, start), &text);
        self.compose = Some(ByteSpan::new(start, start.plus(text.len())));
        self.shows_caret = selection.is_some();
        let inner = selection.filter(|span| span.slice(&text).is_some()).unwrap_or_default();
        self.selection = Selection {
            anchor: Caret::before(start.plus(inner.start.get())),
            focus: self.typing_caret(start.plus(inner.end.get())),
        };
        self.is_stale = true;
        true
    }

    fn clear_compose(&mut self) {
        if let Some(span) = self.compose.take() {
            replace(&mut self.text, span, "");
            self.selection = Selection::caret(self.typing_caret(span.start));
            self.shows_caret = true;
            self.is_stale = true;
        }
    }

    /// Changes the selection alone, which ends a step of typing.
    fn select(&mut self, selection: impl FnOnce(&mut Self) -> Selection) -> bool {
        self.selection = selection(self);
        self.history.seal();
        false
    }

    fn extended(&self, focus: Caret, extend: bool) -> Selection {
        if extend { Selection { focus, ..self.selection } } else { Selection::caret(focus) }
    }

    fn moved(&mut self, motion: Motion, extend: bool) -> Selection {
        self.grain = Grain::Cluster;
        let focus = self.selection.focus;
        let layout = &self.layout;
        let end = Caret::after(ByteOffset::new(self.text.len()));
        let moved = match motion {
            Motion::Side(side) if !extend && !self.selection.span().is_empty() => self.edge(side),
            Motion::Side(side) => caret::caret_beside(layout, focus, side).unwrap_or(focus),
            Motion::WordSide(side) if caret::is_forward(layout, side) => {
                Caret::before(words::word_start_after(&self.text, focus.at))
            }
            Motion::WordSide(_) => Caret::before(words::word_start_before(&self.text, focus.at)),
            Motion::Up | Motion::Down => {
                let x = self.goal_x.unwrap_or_else(|| caret::caret_rect(layout, focus).left);
                let down = motion == Motion::Down;
                let beyond = if down { end } else { Caret::default() };
                let moved = caret::caret_on_next_line(layout, focus, x, down).unwrap_or(beyond);
                self.goal_x = Some(x);
                moved
            }
            Motion::LineStart => caret::line_start(layout, focus),
            Motion::LineEnd => caret::line_end(layout, focus),
            Motion::TextStart => Caret::default(),
            Motion::TextEnd => end,
        };
        self.extended(moved, extend)
    }

    /// The end of the selection that is further to a side: on another line, the one where reading goes to that side.
    fn edge(&self, side: Side) -> Caret {
        let Selection { anchor, focus } = self.selection;
        let (a, b) = (caret::caret_rect(&self.layout, anchor), caret::caret_rect(&self.layout, focus));
        let anchor_is_further = if a.top == b.top {
            (a.left < b.left) == (side == Side::Left)
        } else {
            (a.top > b.top) == caret::is_forward(&self.layout, side)
        };
        if anchor_is_further { anchor } else { focus }
    }

    fn caret_from_point(&self, x: f32, y: f32) -> Caret {
        caret::caret_from_point(&self.layout, x - self.offset_px(), y)
    }

    fn word_at_point(&self, x: f32, y: f32) -> ByteSpan {
        let cluster = geometry::cluster_at_point(&self.layout, x - self.offset_px(), y);
        words::segment_at(&self.text, cluster.map_or_else(|| self.caret_from_point(x, y).at, |cluster| cluster.start))
    }

    fn dragged(&mut self, x: f32, y: f32) -> Selection {
        let (base, reached) = match self.grain {
            Grain::Cluster => return self.extended(self.caret_from_point(x, y), true),
            Grain::Word(base) => (base, self.word_at_point(x, y)),
            Grain::Line(base) => (base, words::hard_line_at(&self.text, self.caret_from_point(x, y).at)),
        };
        if reached.start < base.start {
            Selection { anchor: Caret::after(base.end), focus: Caret::before(reached.start) }
        } else {
            Selection { anchor: Caret::before(base.start), focus: Caret::after(reached.end.max(base.end)) }
        }
    }

    /// The text as the field may hold it.
    fn cleaned<'a>(&self, text: &'a str) -> Cow<'a, str> {
        const BREAKS: [char; 6] = ['\n', '\r', '\u{B}', '\u{85}', '\u{2028}', '\u{2029}'];
        if !text.contains(BREAKS) {
            return Cow::Borrowed(text);
        }
        let line_break = if self.single_line { " " } else { "\n" };
        Cow::Owned(text.replace("\r\n", "\n").replace(BREAKS, line_break))
    }
}

/// A selection from the start of a span to its end.
fn selection_of(span: ByteSpan) -> Selection {
    let focus = if span.is_empty() { Caret::before(span.end) } else { Caret::after(span.end) };
    Selection { anchor: Caret::before(span.start), focus }
}
