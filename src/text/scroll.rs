//! Scrolling an article: the anchor, and everything that moves it.
//!
//! Owns where the view stands. The anchor names a paragraph and not a y, so that the text in view holds still when
//! estimated heights above it are corrected. It must not draw, and it knows no scroll bar: it gives and takes a fraction.

use crate::domain::offset::ByteOffset;
use crate::text::caret::{self, Caret};
use crate::text::document::Document;
use crate::text::engine::Engine;
use crate::text::geometry;
use crate::text::paragraphs::ParagraphNumber;

/// A move longer than this many views goes by the heights that are known and does not lay out all it passes.
const JUMP_VIEWS: f32 = 3.0;

/// Where the top of the view stands.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Anchor {
    /// The paragraph at the top of the view.
    pub paragraph: ParagraphNumber,
    /// How far the view's top is below that paragraph's top, the space above the paragraph counted as its own.
    pub offset_px: f32,
}

/// The line at the top of the view, told so that it can be found again at another width.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TopLine {
    caret: Caret,
    /// How far the view's top is below the line's top, as a part of the line's height; `None` in the space above it.
    part: Option<f32>,
}

impl Document {
    /// Where the view stands.
    #[must_use]
    pub fn anchor(&self) -> Anchor {
        self.anchor
    }

    /// Puts the view back where it stood, as when an article is opened again. The next frame corrects what does not fit.
    pub fn set_anchor(&mut self, anchor: Anchor) {
        self.anchor = Anchor { paragraph: anchor.paragraph.min(self.paragraphs.last()), ..anchor };
    }

    /// Moves the view down by `dy_px` (up when negative), not past either end.
    pub fn scroll_by(&mut self, engine: &mut Engine, dy_px: f32, viewport_height_px: f32) {
        if dy_px.abs() > JUMP_VIEWS * viewport_height_px {
            let y = self.y_from_anchor() + f64::from(dy_px);
            self.jump_to_y(engine, y);
        } else {
            self.anchor.offset_px += dy_px;
        }
        self.settle(engine, viewport_height_px);
    }

    /// Moves the view to a part of the way: 0 is the top, 1 the end.
    pub fn scroll_to_fraction(&mut self, engine: &mut Engine, fraction: f64, viewport_height_px: f32) {
        let fraction = fraction.clamp(0.0, 1.0);
        if fraction >= 1.0 {
            self.anchor = Anchor { paragraph: self.paragraphs.last(), offset_px: f32::MAX };
        } else {
            self.jump_to_y(engine, fraction * self.scroll_room_px(viewport_height_px).max(0.0));
        }
        self.settle(engine, viewport_height_px);
    }

    /// How far the view has gone, from 0 to 1; `None` when all is in view. Partly estimated.
    #[must_use]
    pub fn scroll_fraction(&self, viewport_height_px: f32) -> Option<f64> {
        let room = self.scroll_room_px(viewport_height_px);
        (room > 0.0).then(|| (self.y_from_anchor() / room).clamp(0.0, 1.0))
    }

    /// Moves the view as little as needed until the line that holds `at` is in it, at least `margin_px` from its edges.
    ///
    /// What is more than a view away is put at a third of the view.
    pub fn scroll_to(&mut self, engine: &mut Engine, at: ByteOffset, margin_px: f32, viewport_height_px: f32) {
        let number = self.paragraph_of(at);
        self.lay_out(engine, number);
        let local = self.local(number, Caret::before(at));
        let gap_px = self.gap_px(number);
        let Some(line) = self.laid_out(engine, number).map(|paragraph| caret::caret_rect(paragraph, local)) else {
            return;
        };
        let (top, bottom) = (gap_px + line.top, gap_px + line.bottom);
        // A margin of half the view would leave no place for the line.
        let margin_px = margin_px.min((viewport_height_px - line.height()).max(0.0) / 2.0);
        match self.y_in_view(engine, number, viewport_height_px) {
            Some(y) if y + top < margin_px => self.anchor.offset_px += y + top - margin_px,
            Some(y) if y + bottom > viewport_height_px - margin_px => {
                self.anchor.offset_px += y + bottom - (viewport_height_px - margin_px);
            }
            Some(_) => {}
            None => self.anchor = Anchor { paragraph: number, offset_px: top - viewport_height_px / 3.0 },
        }
        self.settle(engine, viewport_height_px);
    }

    /// Brings the anchor into its paragraph and the view into the article, laying out what it passes.
    pub(crate) fn settle(&mut self, engine: &mut Engine, viewport_height_px: f32) {
        self.anchor.paragraph = self.anchor.paragraph.min(self.paragraphs.last());
        self.walk_up(engine);
        loop {
            let height_px = self.lay_out(engine, self.anchor.paragraph);
            if self.anchor.offset_px < height_px {
                break;
            }
            if self.anchor.paragraph == self.paragraphs.last() {
                self.anchor.offset_px = height_px;
                break;
            }
            self.anchor.offset_px -= height_px;
            self.anchor.paragraph = self.anchor.paragraph.next();
        }
        let mut number = self.anchor.paragraph;
        let mut bottom_px = -self.anchor.offset_px;
        while bottom_px < viewport_height_px {
            if number > self.paragraphs.last() {
                self.anchor.offset_px -= viewport_height_px - bottom_px;
                self.walk_up(engine);
                break;
            }
            bottom_px += self.lay_out(engine, number);
            number = number.next();
        }
    }

    /// Goes to the paragraphs above until the offset is not negative; stops at the top.
    fn walk_up(&mut self, engine: &mut Engine) {
        while self.anchor.offset_px < 0.0 {
            match self.anchor.paragraph.previous() {
                Some(previous) => {
                    self.anchor.paragraph = previous;
                    self.anchor.offset_px += self.lay_out(engine, previous);
                }
                None => self.anchor.offset_px = 0.0,
            }
        }
    }

    fn jump_to_y(&mut self, engine: &mut Engine, y: f64) {
        let y = y.clamp(0.0, self.heights.total_px());
        let index = self.heights.index_from_y(y);
        let estimated_px = self.heights.height_px(index);
        let offset_px = (y - self.heights.y_from_index(index)) as f32;
        let paragraph = ParagraphNumber::new(index);
        // The same part of the paragraph, when its height turns out to be another.
        let actual_px = self.lay_out(engine, paragraph);
        let ratio = if estimated_px > 0.0 { actual_px / estimated_px } else { 1.0 };
        self.anchor = Anchor { paragraph, offset_px: offset_px * ratio };
    }

    fn y_from_anchor(&self) -> f64 {
        self.heights.y_from_index(self.anchor.paragraph.get()) + f64::from(self.anchor.offset_px)
    }

    fn scroll_room_px(&self, viewport_height_px: f32) -> f64 {
        self.heights.total_px() - f64::from(viewport_height_px)
    }

    /// Where a paragraph's top is in the view, when it is not more than a view away from it.
    fn y_in_view(&mut self, engine: &mut Engine, number: ParagraphNumber, viewport_height_px: f32) -> Option<f32> {
        let mut at = self.anchor.paragraph;
        let mut y = -self.anchor.offset_px;
        while at < number && y < 2.0 * viewport_height_px {
            y += self.lay_out(engine, at);
            at = at.next();
        }
        while at > number && y > -viewport_height_px {
            at = at.previous()?;
            y -= self.lay_out(engine, at);
        }
        (at == number).then_some(y)
    }

    /// The line at the top of the view.
    pub(crate) fn line_at_anchor(&mut self, engine: &mut Engine) -> TopLine {
        let Anchor { paragraph: number, offset_px } = self.anchor;
        let start = self.paragraphs.span(number).start;
        let y = offset_px - self.gap_px(number);
        let line = self.laid_out(engine, number).and_then(|paragraph| {
            let line = geometry::line_from_y(paragraph, y);
            geometry::line_box(paragraph, line)
        });
        match line {
            Some(line) if y >= 0.0 => TopLine {
                caret: Caret::before(start.plus(line.span.start.get())),
                part: Some((y - line.rect.top) / line.rect.height().max(1.0)),
            },
            _ => TopLine { caret: Caret::before(start), part: None },
        }
    }

    /// Puts a line back at the top of the view.
    pub(crate) fn restore_line(&mut self, engine: &mut Engine, top: TopLine) {
        let number = self.paragraph_of(top.caret.at);
        let local = self.local(number, top.caret);
        let gap_px = self.gap_px(number);
        let line = self.laid_out(engine, number).map(|paragraph| caret::caret_rect(paragraph, local));
        let offset_px = match (top.part, line) {
            (Some(part), Some(line)) => gap_px + line.top + part * line.height(),
            _ => self.anchor.offset_px.min(gap_px),
        };
        self.anchor = Anchor { paragraph: number, offset_px };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::document::DocumentStyle;
    use crate::text::hard_lines::{HARD_LINES, style};
    use proptest::prelude::*;

    const VIEW_PX: f32 = 250.0;

    fn article(paragraphs: usize) -> String {
        let lines = (0..paragraphs).map(|count| {
            let line = HARD_LINES[count % HARD_LINES.len()];
            format!("{} {count}", line.repeat(1 + count % 5))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn open(paragraphs: usize) -> (Engine, Document) {
        (Engine::new(false), Document::new(article(paragraphs).into(), style(200.0)))
    }

    /// The paragraphs in view and their tops.
    fn view(engine: &mut Engine, document: &mut Document) -> Vec<(ParagraphNumber, f32)> {
        document.visible(engine, VIEW_PX).iter().map(|shown| (shown.number, shown.top_px)).collect()
    }

    #[test]
    fn both_ends_stop_the_view() {
        let (mut engine, mut document) = open(60);
        document.scroll_by(&mut engine, -1000.0, VIEW_PX);
        assert_eq!(document.anchor(), Anchor::default());
        assert_eq!(document.scroll_fraction(VIEW_PX), Some(0.0));
        document.scroll_to_fraction(&mut engine, 1.0, VIEW_PX);
        let end = view(&mut engine, &mut document);
        assert_eq!(end.last().map(|place| place.0), Some(document.paragraphs().last()));
        assert_eq!(document.shown.last().map(|place| place.bottom_px), Some(VIEW_PX));
        assert!(document.scroll_fraction(VIEW_PX).unwrap() > 0.999);
        document.scroll_by(&mut engine, 5000.0, VIEW_PX);
        assert_eq!(view(&mut engine, &mut document), end);
    }

    #[test]
    fn a_short_article_does_not_scroll() {
        let (mut engine, mut document) = (Engine::new(false), Document::new("یک\nدو".into(), style(200.0)));
        document.scroll_by(&mut engine, 40.0, VIEW_PX);
        assert_eq!(document.anchor(), Anchor::default());
        assert_eq!(document.scroll_fraction(VIEW_PX), None);
        document.scroll_to_fraction(&mut engine, 1.0, VIEW_PX);
        document.set_anchor(Anchor { paragraph: ParagraphNumber::new(99), offset_px: 3.0 });
        document.visible(&mut engine, VIEW_PX);
        assert_eq!(document.anchor(), Anchor::default());
    }

    #[test]
    fn small_steps_move_the_text_by_just_that() {
        let (mut engine, mut document) = open(80);
        document.scroll_to_fraction(&mut engine, 0.6, VIEW_PX);
        let mut before = view(&mut engine, &mut document);
        for dy in [7.0, 40.0, -13.0, -120.0, 90.0, -333.0] {
            document.scroll_by(&mut engine, dy, VIEW_PX);
            let after = view(&mut engine, &mut document);
            for (number, top) in &after {
                if let Some((_, old)) = before.iter().find(|(other, _)| other == number) {
                    assert!((old - top - dy).abs() < 0.01, "{number:?} {dy}");
                }
            }
            before = after;
        }
    }

    #[test]
    fn a_line_is_revealed_with_as_little_as_possible() {
        let (mut engine, mut document) = open(120);
        let text = document.text().clone();
        for at in (0..text.len()).step_by(397).chain([text.len(), 0]) {
            let at = ByteOffset::new(text.floor_char_boundary(at));
            document.scroll_to(&mut engine, at, 20.0, VIEW_PX);
            view(&mut engine, &mut document);
            let rect = document.caret_rect(Caret::before(at)).unwrap();
            let (anchor, near_end) = (document.anchor(), document.scroll_fraction(VIEW_PX).unwrap());
            assert!(rect.top >= 19.9 || near_end < 0.01, "{at} {rect:?}");
            assert!(rect.bottom <= VIEW_PX - 19.9 || near_end > 0.99, "{at} {rect:?}");
            document.scroll_to(&mut engine, at, 20.0, VIEW_PX);
            assert_eq!(document.anchor(), anchor, "what is in view does not move");
        }
    }

    #[test]
    fn the_top_line_stays_when_width_and_size_change() {
        let (mut engine, mut document) = open(120);
        document.scroll_to_fraction(&mut engine, 0.5, VIEW_PX);
        document.scroll_by(&mut engine, 40.0, VIEW_PX);
        view(&mut engine, &mut document);
        let top_byte = document.byte_from_point(199.0, 1.0);
        for width_px in [320.0, 90.0, 150.0] {
            for size_px in [16.0, 22.0] {
                document.set_style(&mut engine, DocumentStyle { size_px, ..style(width_px) });
                view(&mut engine, &mut document);
                let rect = document.caret_rect(Caret::before(top_byte)).unwrap();
                assert!(rect.top <= 1.0 && rect.bottom > 0.0, "{width_px} {size_px} {rect:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_view_holds_still_while_heights_are_corrected(fraction in 0.0..1.0_f64, others in prop::collection::vec(0_usize..200, 1..12)) {
            let (mut engine, mut document) = open(200);
            document.scroll_to_fraction(&mut engine, fraction, VIEW_PX);
            let before = view(&mut engine, &mut document);
            for other in others {
                document.lay_out(&mut engine, ParagraphNumber::new(other));
            }
            prop_assert_eq!(view(&mut engine, &mut document), before);
        }

        #[test]
        fn any_scrolling_leaves_a_full_view(moves in prop::collection::vec((0_u8..3, -3000.0..3000.0_f32), 1..12)) {
            let (mut engine, mut document) = open(90);
            for (kind, amount) in moves {
                match kind {
                    0 => document.scroll_by(&mut engine, amount, VIEW_PX),
                    1 => document.scroll_to_fraction(&mut engine, f64::from(amount.abs()) / 3000.0, VIEW_PX),
                    _ => document.scroll_to(&mut engine, ByteOffset::new(amount.abs() as usize * 3), 10.0, VIEW_PX),
                }
                document.visible(&mut engine, VIEW_PX);
                let (first, last) = (document.shown[0], document.shown[document.shown.len() - 1]);
                prop_assert!(first.top_px <= 20.0 && last.bottom_px >= VIEW_PX - 0.01, "{:?} {:?}", first, last);
                prop_assert!(document.shown.windows(2).all(|pair| pair[0].bottom_px <= pair[1].top_px));
            }
        }
    }
}
