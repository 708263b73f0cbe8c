//! Editing a text field: what each [`FieldEdit`] does to its text and selection.
//!
//! Owns the editing rules. It must not draw, nor know keys or the clipboard.

use crate::domain::offset::{ByteOffset, ByteSpan};
use crate::text::caret::{self, Caret, Side};
use crate::text::engine::Engine;
use crate::text::field::Field;
use crate::text::field_edit::{FieldEdit, Motion};
use crate::text::field_history::{Change, ChangeKind, FieldHistory, Selection, replace};
use crate::text::geometry;
use crate::text::words;

/// By what a drag extends the selection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Grain {
    Cluster,
    Word(ByteSpan),
    Line(ByteSpan),
}

impl Field {
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
        let text = self.cleaned(text).into_owned();
        if text.is_empty() {
            let composing = self.compose.is_some();
            self.clear_compose();
            return composing;
        }
        if self.compose.is_none() && !self.selection.span().is_empty() {
            self.replace(self.selection.span(), "", ChangeKind::Whole);
        }
        self.clear_compose();
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
}

/// A selection from the start of a span to its end.
fn selection_of(span: ByteSpan) -> Selection {
    let focus = if span.is_empty() { Caret::before(span.end) } else { Caret::after(span.end) };
    Selection { anchor: Caret::before(span.start), focus }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::Direction;
    use crate::text::field_edit::FieldStyle;
    use proptest::prelude::*;

    fn style() -> FieldStyle {
        FieldStyle {
            size_px: 16.0,
            weight: 400.0,
            line_height: 1.5,
            direction: Direction::RightToLeft,
            width_px: 150.0,
        }
    }

    /// The text with `|` at the caret and `[` at the selection's other end.
    fn drawn(field: &Field) -> String {
        let Selection { anchor, focus } = field.selection();
        let mut marks = vec![(focus.at.get(), '|')];
        if anchor.at != focus.at {
            marks.push((anchor.at.get(), '['));
        }
        marks.sort_unstable();
        let mut text = field.shown_text().to_owned();
        for (at, mark) in marks.into_iter().rev() {
            text.insert(at, mark);
        }
        text
    }

    fn moved(motion: Motion) -> FieldEdit {
        FieldEdit::Move { motion, extend: false }
    }

    fn extended(motion: Motion) -> FieldEdit {
        FieldEdit::Move { motion, extend: true }
    }

    fn insert(text: &str) -> FieldEdit {
        FieldEdit::Insert(text.to_owned())
    }

    fn check_in(single_line: bool, start: &str, edits: &[FieldEdit], expected: &str) {
        let mut engine = Engine::new(false);
        let mut field = Field::new(single_line, style());
        field.set_text(start);
        for edit in edits {
            field.apply(&mut engine, edit.clone());
        }
        assert_eq!(drawn(&field), expected, "{start:?} {edits:?}");
    }

    fn check(start: &str, edits: &[FieldEdit], expected: &str) {
        check_in(true, start, edits, expected);
    }

    const LEFT: Motion = Motion::Side(Side::Left);
    const RIGHT: Motion = Motion::Side(Side::Right);

    #[test]
    fn text_is_typed_pasted_and_deleted() {
        check("", &[insert("علی")], "علی|");
        check("علی", &[moved(Motion::TextStart), FieldEdit::Delete], "|لی");
        check("علی رضا", &[FieldEdit::BackspaceWord], "علی |");
        check("علی رضا", &[moved(Motion::TextStart), FieldEdit::DeleteWord], "|رضا");
        check("علی رضا", &[FieldEdit::SelectAll, insert("x")], "x|");
        check("علی", &[FieldEdit::Paste("الف\r\nب\nج".to_owned())], "علیالف ب ج|");
        check_in(false, "علی", &[FieldEdit::Paste("\r\nب\rج".to_owned())], "علی\nب\nج|");
        check("علی", &[FieldEdit::DeleteSelection], "علی|");
        check("علی", &[extended(RIGHT), extended(RIGHT), FieldEdit::DeleteSelection], "ع|");
    }

    #[test]
    fn backspace_takes_a_mark_but_a_whole_emoji() {
        check("مُ", &[FieldEdit::Backspace], "م|");
        check("می‌ر", &[FieldEdit::Backspace, FieldEdit::Backspace], "می|");
        check("a👨‍👩‍👧", &[FieldEdit::Backspace], "a|");
        check("a🇮🇷", &[FieldEdit::Backspace], "a|");
        check("مُ", &[moved(Motion::TextStart), FieldEdit::Delete], "|");
        check("", &[FieldEdit::Backspace, FieldEdit::Delete, FieldEdit::BackspaceWord, FieldEdit::DeleteWord], "|");
    }

    #[test]
    fn the_caret_moves_as_seen() {
        check("علی", &[moved(RIGHT)], "عل|ی");
        check("علی", &[moved(LEFT)], "علی|");
        check("abc", &[moved(LEFT)], "ab|c");
        check("علی رضا", &[moved(Motion::WordSide(Side::Right))], "علی |رضا");
        check("علی رضا", &[moved(Motion::TextStart), moved(Motion::WordSide(Side::Left))], "علی |رضا");
        check(
            "می‌روم خانه",
            &[moved(Motion::WordSide(Side::Right)), moved(Motion::WordSide(Side::Right))],
            "|می‌روم خانه",
        );
        check("علی", &[extended(RIGHT), extended(RIGHT)], "ع|لی[");
        check("علی رضا", &[extended(Motion::LineStart), moved(LEFT)], "علی رضا|");
        check("علی رضا", &[extended(Motion::LineStart), moved(RIGHT)], "|علی رضا");
        check("علی رضا", &[moved(Motion::LineStart), extended(Motion::TextEnd)], "[علی رضا|");
        check("علی", &[moved(Motion::Up)], "|علی");
        check_in(false, "علی\nرضا\nو", &[moved(Motion::Up), moved(Motion::Up)], "ع|لی\nرضا\nو");
        check_in(false, "علی\nرضا", &[moved(Motion::Up), moved(Motion::LineEnd)], "علی|\nرضا");
        check_in(false, "علی\n", &[insert("ر")], "علی\nر|");
        for single_line in [true, false] {
            check_in(single_line, "", &[moved(Motion::LineEnd), insert("ر")], "ر|");
            check_in(single_line, "علی", &[FieldEdit::SelectAll, FieldEdit::Delete, moved(Motion::LineEnd)], "|");
        }
    }

    #[test]
    fn points_select_by_cluster_word_and_line() {
        let word = FieldEdit::SelectWordAt { x: 140.0, y: 5.0 };
        check("می‌روم خانه", std::slice::from_ref(&word), "[می‌روم| خانه");
        check("می‌روم خانه", &[word, FieldEdit::DragTo { x: -50.0, y: 5.0 }], "[می‌روم خانه|");
        check("می‌روم خانه", &[FieldEdit::SelectLineAt { x: 10.0, y: 5.0 }], "[می‌روم خانه|");
        check("علی", &[FieldEdit::PlaceAt { x: 149.0, y: 5.0, extend: false }], "|علی");
        check("علی", &[FieldEdit::PlaceAt { x: 149.0, y: 5.0, extend: true }], "|علی[");
        check("علی", &[FieldEdit::PlaceAt { x: 2.0, y: 50.0, extend: false }], "علی|");
        check_in(false, "یک\nدو\nسه", &[FieldEdit::SelectLineAt { x: 140.0, y: 30.0 }], "یک\n[دو|\nسه");
        check("علی", &[FieldEdit::Select(ByteSpan::from_bytes(1, 4))], "علی|");
        check("علی", &[FieldEdit::Select(ByteSpan::from_bytes(2, 4))], "ع[ل|ی");
    }

    #[test]
    fn undo_and_redo_go_word_by_word() {
        let typed = || ["ع", "ل", "ی", " ", "ر", "ض", "ا"].map(insert).to_vec();
        let then = |mut edits: Vec<FieldEdit>, more: &[FieldEdit]| {
            edits.extend_from_slice(more);
            edits
        };
        check("", &then(typed(), &[FieldEdit::Undo]), "علی |");
        check("", &then(typed(), &[FieldEdit::Undo, FieldEdit::Undo, FieldEdit::Undo]), "|");
        check("", &then(typed(), &[FieldEdit::Undo, FieldEdit::Redo]), "علی رضا|");
        check("", &then(typed(), &[FieldEdit::Undo, insert("x"), FieldEdit::Redo]), "علی x|");
        check("", &then(typed(), &[FieldEdit::Backspace, FieldEdit::Backspace, FieldEdit::Undo]), "علی رضا|");
        check("علی", &[FieldEdit::SelectAll, insert("x"), FieldEdit::Undo], "[علی|");
        check("علی", &[moved(RIGHT), FieldEdit::Delete, moved(RIGHT), FieldEdit::Delete, FieldEdit::Undo], "ع|ل");
    }

    fn compose(text: &str, selection: Option<(usize, usize)>) -> FieldEdit {
        FieldEdit::Compose { text: text.to_owned(), selection: selection.map(|(a, b)| ByteSpan::from_bytes(a, b)) }
    }

    #[test]
    fn an_input_method_composes_and_commits() {
        check("ab", &[compose("に", Some((3, 3))), compose("にほ", Some((3, 6)))], "abに[ほ|");
        check("ab", &[compose("に", None), FieldEdit::CommitCompose("日".to_owned())], "ab日|");
        check("ab", &[compose("に", None), FieldEdit::ClearCompose], "ab|");
        check("ab", &[compose("に", None), compose("", None), insert("c")], "abc|");
        check("ab", &[FieldEdit::SelectAll, compose("に", None), FieldEdit::CommitCompose("日".to_owned())], "日|");
        check("ab", &[compose("に", None), FieldEdit::CommitCompose("日".to_owned()), FieldEdit::Undo], "ab|");
        // Nothing to compose takes nothing: an input method sends it whenever it loses the keyboard.
        for single_line in [true, false] {
            let empty = [FieldEdit::SelectAll, compose("", None)];
            check_in(single_line, "ab", &empty, "[ab|");
            check_in(single_line, "ab", &[&empty[..], &[moved(Motion::LineEnd)]].concat(), "ab|");
        }
        let mut engine = Engine::new(false);
        let mut field = Field::new(true, style());
        field.set_text("ab");
        field.apply(&mut engine, compose("に", None));
        assert_eq!((field.text().as_ref(), field.shown_text()), ("ab", "abに"));
        assert!(field.caret_rect().is_none() && field.compose_rects().len() == 1);
        assert!(field.apply(&mut engine, moved(LEFT)));
        assert!(field.caret_rect().is_some() && field.compose_rects().is_empty());
    }

    #[test]
    fn a_single_line_keeps_its_caret_in_view() {
        for word in ["واژه ", "word "] {
            let mut engine = Engine::new(false);
            let mut field = Field::new(true, style());
            let mut steps: Vec<FieldEdit> = (0..20).map(|_| insert(word)).collect();
            steps.extend((0..120).map(|_| moved(if word.starts_with('w') { LEFT } else { RIGHT })));
            steps.extend((0..15).map(|_| FieldEdit::DeleteWord));
            for step in steps {
                field.apply(&mut engine, step);
                let x = field.caret_rect().unwrap().left;
                assert!((-0.1..=150.1).contains(&x), "{word} {x} {}", drawn(&field));
            }
            // With room to spare it stands at the side where reading starts.
            let caret = field.caret_rect().unwrap().left;
            assert!(if word.starts_with('w') { caret < 3.0 } else { caret > 145.0 }, "{caret}");
        }
    }

    #[test]
    fn the_direction_follows_the_text_and_else_the_interface() {
        let mut field = Field::new(true, style());
        for (text, expected) in [
            ("", Direction::RightToLeft),
            ("12", Direction::RightToLeft),
            ("Apple", Direction::LeftToRight),
            ("- علی", Direction::RightToLeft),
        ] {
            field.set_text(text);
            assert_eq!(field.direction(), expected, "{text}");
        }
    }

    fn any_edit() -> impl Strategy<Value = FieldEdit> {
        let motion = prop::sample::select(vec![
            LEFT,
            RIGHT,
            Motion::WordSide(Side::Left),
            Motion::WordSide(Side::Right),
            Motion::Up,
            Motion::Down,
            Motion::LineStart,
            Motion::LineEnd,
            Motion::TextStart,
            Motion::TextEnd,
        ]);
        prop_oneof![
            4 => "[ابپ ab1\u{200C}\u{64F}👍\n(]{1,4}".prop_map(FieldEdit::Insert),
            1 => "[ا b\n]{0,6}".prop_map(FieldEdit::Paste),
            3 => (motion, any::<bool>()).prop_map(|(motion, extend)| FieldEdit::Move { motion, extend }),
            2 => prop::sample::select(vec![
                FieldEdit::Backspace,
                FieldEdit::Delete,
                FieldEdit::BackspaceWord,
                FieldEdit::DeleteWord,
                FieldEdit::DeleteSelection,
                FieldEdit::SelectAll,
            ]),
            1 => (-20.0..200.0_f32, -5.0..90.0_f32).prop_map(|(x, y)| FieldEdit::PlaceAt { x, y, extend: false }),
            1 => (-20.0..200.0_f32, -5.0..90.0_f32).prop_map(|(x, y)| FieldEdit::SelectWordAt { x, y }),
            1 => (-20.0..200.0_f32, -5.0..90.0_f32).prop_map(|(x, y)| FieldEdit::DragTo { x, y }),
            1 => "[にほ]{0,3}".prop_map(|text| FieldEdit::Compose { text, selection: None }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn undoing_all_gives_the_start_and_redoing_all_the_end(
            single_line in any::<bool>(),
            edits in prop::collection::vec(any_edit(), 1..40),
        ) {
            let mut engine = Engine::new(false);
            let mut field = Field::new(single_line, style());
            field.set_text("آغاز (start)");
            for edit in edits {
                field.apply(&mut engine, edit);
                let span = field.selection().span();
                prop_assert!(span.slice(field.shown_text()).is_some());
            }
            field.apply(&mut engine, FieldEdit::ClearCompose);
            let end = field.shown_text().to_owned();
            prop_assert!(!single_line || !end.contains('\n'));
            while field.apply(&mut engine, FieldEdit::Undo) {}
            prop_assert_eq!(field.shown_text(), "آغاز (start)");
            while field.apply(&mut engine, FieldEdit::Redo) {}
            prop_assert_eq!(field.shown_text(), end);
        }
    }
}
