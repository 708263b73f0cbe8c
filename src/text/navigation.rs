//! Moving a caret through an article, from paragraph to paragraph.
//!
//! Owns the step from one paragraph into the next; within one it is [`caret`]'s work. It must not
//! scroll: the caller does, with [`Document::scroll_to`]. A paragraph that is not laid out yet is laid out for the step.

use crate::text::caret::{self, Caret, Side};
use crate::text::document::Document;
use crate::text::engine::{Engine, Paragraph};
use crate::text::geometry;
use crate::text::paragraphs::ParagraphNumber;

impl Document {
    /// The caret one grapheme cluster to a side as seen, on into the next paragraph; `None` at the article's edge.
    pub fn caret_beside(&mut self, engine: &mut Engine, caret: Caret, side: Side) -> Option<Caret> {
        let number = self.paragraph_of_caret(caret);
        let local = self.local(number, caret);
        let paragraph = self.laid_out(engine, number)?;
        if let Some(moved) = caret::caret_beside(paragraph, local, side) {
            return Some(self.global(number, moved));
        }
        let forward = caret::is_forward(paragraph, side);
        let next = self.neighbour(number, forward)?;
        let span = self.paragraphs.span(next);
        let entered = if forward { Caret::before(span.start) } else { Caret::after(span.end) };
        if entered.at != caret.at {
            return Some(entered);
        }
        // The two pieces of a long line share the position between them.
        let local = self.local(next, entered);
        let paragraph = self.laid_out(engine, next)?;
        caret::caret_beside(paragraph, local, side).map(|moved| self.global(next, moved)).or(Some(entered))
    }

    /// The caret on the line below (`down`) or above, nearest to `x`, on into the next paragraph; `None` at the
    /// article's edge.
    pub fn caret_on_next_line(&mut self, engine: &mut Engine, caret: Caret, x: f32, down: bool) -> Option<Caret> {
        let number = self.paragraph_of_caret(caret);
        let local = self.local(number, caret);
        let paragraph = self.laid_out(engine, number)?;
        if let Some(moved) = caret::caret_on_next_line(paragraph, local, x, down) {
            return Some(self.global(number, moved));
        }
        let next = self.neighbour(number, down)?;
        let paragraph = self.laid_out(engine, next)?;
        let line = if down { 0 } else { geometry::line_count(paragraph).saturating_sub(1) };
        let moved = caret::caret_on_line(paragraph, line, x);
        Some(self.global(next, moved))
    }

    /// The x of a caret in the text column, wherever it is: what moving up and down keeps.
    pub fn x_from_caret(&mut self, engine: &mut Engine, caret: Caret) -> f32 {
        let number = self.paragraph_of_caret(caret);
        let local = self.local(number, caret);
        self.laid_out(engine, number).map_or(0.0, |paragraph| caret::caret_rect(paragraph, local).left)
    }

    /// The caret at the start of its line in reading order.
    pub fn line_start(&mut self, engine: &mut Engine, caret: Caret) -> Caret {
        self.on_own_line(engine, caret, caret::line_start)
    }

    /// The caret at the end of its line in reading order.
    pub fn line_end(&mut self, engine: &mut Engine, caret: Caret) -> Caret {
        self.on_own_line(engine, caret, caret::line_end)
    }

    fn on_own_line(&mut self, engine: &mut Engine, caret: Caret, go: fn(&Paragraph, Caret) -> Caret) -> Caret {
        let number = self.paragraph_of_caret(caret);
        let local = self.local(number, caret);
        match self.laid_out(engine, number) {
            Some(paragraph) => {
                let moved = go(paragraph, local);
                self.global(number, moved)
            }
            None => caret,
        }
    }

    fn neighbour(&self, number: ParagraphNumber, forward: bool) -> Option<ParagraphNumber> {
        if forward { Some(number.next()).filter(|&next| next <= self.paragraphs.last()) } else { number.previous() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::offset::ByteOffset;
    use crate::text::hard_lines::{HARD_LINES, style};

    /// Walks from one end to the other and gives the positions.
    fn walk(text: &str, side: Side, from: Caret) -> Vec<usize> {
        let mut engine = Engine::new(false);
        let mut document = Document::new(text.into(), style(160.0));
        let mut visited = vec![from.at.get()];
        let mut caret = from;
        while let Some(next) = document.caret_beside(&mut engine, caret, side) {
            visited.push(next.at.get());
            caret = next;
            assert!(visited.len() <= 2 * text.len() + 2, "{text:?} does not end");
        }
        visited
    }

    #[test]
    fn the_walk_goes_on_into_the_next_paragraph() {
        assert_eq!(walk("اب\r\n\nج", Side::Left, Caret::default()), [0, 2, 4, 7, 9]);
        assert_eq!(walk("اب\r\n\nج", Side::Right, Caret::after(ByteOffset::new(9))), [9, 7, 4, 2, 0]);
        let text = HARD_LINES.join("\n");
        let there = walk(&text, Side::Left, Caret::default());
        assert_eq!(there.last(), Some(&text.len()), "{there:?}");
    }

    #[test]
    fn pieces_of_a_long_line_are_walked_without_a_stop() {
        let text = "آ".repeat(6000);
        let there = walk(&text, Side::Left, Caret::before(ByteOffset::new(8180)));
        assert!(there.windows(2).all(|pair| pair[1] == pair[0] + 2), "every step is a letter");
        assert_eq!(there.last(), Some(&text.len()));
        let back = walk(&text, Side::Right, Caret::after(ByteOffset::new(8204)));
        assert!(back.windows(2).all(|pair| pair[1] + 2 == pair[0]), "every step is a letter");
    }

    #[test]
    fn up_and_down_keep_x_across_paragraphs() {
        let text = "واژه واژه واژه واژه واژه واژه واژه\n\nنو\nواژه واژه واژه واژه واژه";
        let mut engine = Engine::new(false);
        let mut document = Document::new(text.into(), style(100.0));
        let mut caret = Caret::default();
        let x = document.x_from_caret(&mut engine, caret);
        let mut down = vec![caret];
        while let Some(next) = document.caret_on_next_line(&mut engine, caret, x, true) {
            down.push(next);
            caret = next;
        }
        let mut up = vec![caret];
        while let Some(next) = document.caret_on_next_line(&mut engine, caret, x, false) {
            up.push(next);
            caret = next;
        }
        up.reverse();
        assert_eq!(down, up);
        assert!(down.len() >= 5, "{down:?}");
        let (start, end) = (document.line_start(&mut engine, down[1]), document.line_end(&mut engine, down[1]));
        assert!(start.at <= down[1].at && down[1].at < end.at);
    }
}
