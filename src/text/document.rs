//! An article on the screen: paragraphs laid out when they come into view, and where everything in view stands.
//!
//! Owns the style, the heights, the cache of laid-out paragraphs and the queries. Scrolling is in
//! [`scroll`](crate::text::scroll), moving a caret in [`navigation`](crate::text::navigation). It must not know what is drawn, nor mentions: it gets spans and gives rectangles.
//!
//! Coordinates are physical pixels from the top left corner *of the view*: an article of 50 MB is millions of pixels high,
//! more than an `f32` can tell apart. x = 0 is the left edge of the text column, whose width the style gives.

use crate::domain::article::Direction;
use crate::domain::offset::{ByteOffset, ByteSpan};
use crate::text::caret::{self, Affinity, Caret};
use crate::text::controls::{InvisibleCharacter, invisible_characters};
use crate::text::engine::{Align, Engine, Paragraph, TextStyle, first_strong_direction, wrap};
use crate::text::geometry::{self, LineRect, RectPx};
use crate::text::heights::Heights;
use crate::text::layout_cache::LayoutCache;
use crate::text::paragraphs::{Gap, ParagraphNumber, Paragraphs};
use crate::text::scroll::Anchor;
use std::sync::Arc;

/// How much the kept paragraphs may take.
const CACHE_LIMIT_BYTES: usize = 8 << 20;

/// How an article is set. All lengths are physical pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DocumentStyle {
    /// The font size of the body.
    pub size_px: f32,
    /// The font size of the lead lines (date, kicker).
    pub lead_size_px: f32,
    /// The weight, 100 to 900.
    pub weight: f32,
    /// The line height as a multiple of the font size.
    pub line_height: f32,
    /// The base direction. `Auto` takes each line's first strong character, and the article's first for a line without.
    pub direction: Direction,
    /// The width of the text column.
    pub width_px: f32,
    /// The space between two lines of the text that follow each other directly.
    pub paragraph_gap_px: f32,
    /// The space where blank lines stand, however many they are.
    pub blank_gap_px: f32,
}

/// A paragraph in view.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// Which one it is.
    pub number: ParagraphNumber,
    /// The y of its top in the view; negative when it starts above.
    pub top_px: f32,
    /// Its layout; byte positions in it count from `span.start`.
    pub paragraph: &'a Paragraph,
    /// Its place in the article's text, without its line break.
    pub span: ByteSpan,
    /// Whether it is a lead line, to be inked softly.
    pub is_lead: bool,
}

/// A place where a paragraph of the last [`Document::visible`] stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) number: ParagraphNumber,
    pub(crate) top_px: f32,
    pub(crate) bottom_px: f32,
    /// Its place in the text: kept, because finding where it ends reads it.
    span: ByteSpan,
}

/// An article laid out lazily.
pub struct Document {
    pub(crate) paragraphs: Paragraphs,
    pub(crate) style: DocumentStyle,
    pub(crate) heights: Heights,
    pub(crate) anchor: Anchor,
    pub(crate) shown: Vec<Place>,
    cache: LayoutCache,
    /// How wide a byte of this text is on average in em, learnt from what was laid out.
    em_per_byte: f32,
    /// The direction of a line without strong characters.
    neutral_direction: Direction,
}

impl Document {
    /// An article at its top. Finds the paragraphs in one pass; lays out nothing.
    #[must_use]
    pub fn new(text: Arc<str>, style: DocumentStyle) -> Self {
        let paragraphs = Paragraphs::new(text);
        let em_per_byte = guessed_em_per_byte(paragraphs.text());
        let neutral_direction = first_strong_direction(paragraphs.text()).unwrap_or_default();
        let heights = Heights::default();
        let cache = LayoutCache::new(CACHE_LIMIT_BYTES);
        let anchor = Anchor::default();
        let mut document =
            Self { paragraphs, style, heights, anchor, shown: Vec::new(), cache, em_per_byte, neutral_direction };
        document.estimate_heights();
        document
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        self.paragraphs.text()
    }

    /// The index of paragraphs.
    #[must_use]
    pub fn paragraphs(&self) -> &Paragraphs {
        &self.paragraphs
    }

    /// The style it is set in.
    #[must_use]
    pub fn style(&self) -> DocumentStyle {
        self.style
    }

    /// Sets it anew and keeps the line at the top of the view in its place.
    ///
    /// When only the width changed, what is laid out is wrapped again and not shaped again.
    pub fn set_style(&mut self, engine: &mut Engine, style: DocumentStyle) {
        if style == self.style {
            return;
        }
        let top_line = self.line_at_anchor(engine);
        if (DocumentStyle { width_px: self.style.width_px, ..style }) != self.style {
            self.cache.clear();
        }
        self.style = style;
        self.shown.clear();
        self.estimate_heights();
        self.restore_line(engine, top_line);
    }

    /// Whether a paragraph is one of the short lines above the body: a date, a kicker.
    #[must_use]
    pub fn is_lead(&self, number: ParagraphNumber) -> bool {
        self.paragraphs.is_lead(number)
    }

    /// The paragraph that holds a byte.
    #[must_use]
    pub fn paragraph_of(&self, at: ByteOffset) -> ParagraphNumber {
        self.paragraphs.from_byte(at)
    }

    /// A paragraph's text without its line break.
    #[must_use]
    pub fn text_of(&self, number: ParagraphNumber) -> &str {
        self.paragraphs.text_of(number)
    }

    /// The height of the whole article, partly estimated.
    #[must_use]
    pub fn total_height_px(&self) -> f64 {
        self.heights.total_px()
    }

    /// What the kept layouts take, as reckoned from their texts.
    #[must_use]
    pub fn layout_bytes(&self) -> usize {
        self.cache.cost_bytes()
    }

    /// Lays out what is in view and says where it stands, from top to bottom. Call it once a frame before the queries.
    pub fn visible(&mut self, engine: &mut Engine, viewport_height_px: f32) -> Vec<Shown<'_>> {
        self.cache.begin_frame();
        self.settle(engine, viewport_height_px);
        self.shown.clear();
        let mut number = self.anchor.paragraph;
        let mut y = -self.anchor.offset_px;
        while y < viewport_height_px && number <= self.paragraphs.last() {
            let height_px = self.lay_out(engine, number);
            let top_px = y + self.gap_px(number);
            y += height_px;
            self.shown.push(Place { number, top_px, bottom_px: y, span: self.paragraphs.span(number) });
            number = number.next();
        }
        self.shown()
    }

    /// What the last [`visible`](Self::visible) gave, without laying out anything.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown<'_>> {
        let shown = |place: &Place| {
            Some(Shown {
                number: place.number,
                top_px: place.top_px,
                paragraph: self.cache.get(place.number)?,
                span: place.span,
                is_lead: self.is_lead(place.number),
            })
        };
        self.shown.iter().filter_map(shown).collect()
    }

    /// The bytes of the text from the first to the last paragraph in view; empty before the first frame.
    #[must_use]
    pub fn visible_span(&self) -> ByteSpan {
        match (self.shown.first(), self.shown.last()) {
            (Some(first), Some(last)) => ByteSpan::new(first.span.start, last.span.end),
            _ => ByteSpan::default(),
        }
    }

    /// The rectangles of a span as far as it is in view, each with its paragraph.
    #[must_use]
    pub fn rects_of(&self, span: ByteSpan) -> Vec<(ParagraphNumber, LineRect)> {
        let mut out = Vec::new();
        for place in &self.shown {
            let start = span.start.max(place.span.start);
            let end = span.end.min(place.span.end);
            if start < end
                && let Some(paragraph) = self.cache.get(place.number)
            {
                let local = ByteSpan::new(local_offset(place.span, start), local_offset(place.span, end));
                let rects = geometry::rects(paragraph, local);
                out.extend(rects.into_iter().map(|rect| (place.number, rect.moved(0.0, place.top_px))));
            }
        }
        out
    }

    /// The caret nearest to a point: in the paragraph at its height, or the nearest one in view.
    #[must_use]
    pub fn caret_from_point(&self, x: f32, y: f32) -> Caret {
        let place = self.shown.iter().find(|place| y < place.bottom_px).or(self.shown.last());
        let Some((place, paragraph)) = place.and_then(|place| Some((place, self.cache.get(place.number)?))) else {
            return Caret::before(self.paragraphs.span(self.anchor.paragraph).start);
        };
        self.global(place.number, caret::caret_from_point(paragraph, x, y - place.top_px))
    }

    /// The byte position nearest to a point.
    #[must_use]
    pub fn byte_from_point(&self, x: f32, y: f32) -> ByteOffset {
        self.caret_from_point(x, y).at
    }

    /// The grapheme cluster under a point; `None` beside the text.
    #[must_use]
    pub fn cluster_at_point(&self, x: f32, y: f32) -> Option<ByteSpan> {
        let place = self.shown.iter().find(|place| place.top_px <= y && y < place.bottom_px)?;
        let cluster = geometry::cluster_at_point(self.cache.get(place.number)?, x, y - place.top_px)?;
        let start = self.paragraphs.span(place.number).start;
        Some(ByteSpan::new(start.plus(cluster.start.get()), start.plus(cluster.end.get())))
    }

    /// The caret's rectangle, without width; `None` when its paragraph is not in view.
    #[must_use]
    pub fn caret_rect(&self, caret: Caret) -> Option<RectPx> {
        let number = self.paragraph_of_caret(caret);
        let place = self.shown.iter().find(|place| place.number == number)?;
        let rect = caret::caret_rect(self.cache.get(number)?, self.local(number, caret));
        Some(rect.moved(0.0, place.top_px))
    }

    /// The characters of a paragraph that leave no mark, in view coordinates; none when it is not in view.
    #[must_use]
    pub fn invisible_characters(&self, number: ParagraphNumber) -> Vec<InvisibleCharacter> {
        let place = self.shown.iter().find(|place| place.number == number);
        let Some((place, paragraph)) = place.and_then(|place| Some((place, self.cache.get(number)?))) else {
            return Vec::new();
        };
        let start = self.paragraphs.span(number).start;
        let mut found = invisible_characters(paragraph, self.text_of(number));
        for character in &mut found {
            character.rect = character.rect.moved(0.0, place.top_px);
            character.span =
                ByteSpan::new(start.plus(character.span.start.get()), start.plus(character.span.end.get()));
        }
        found
    }

    /// The paragraph on which a caret is drawn: between two pieces of a long line the affinity tells.
    pub(crate) fn paragraph_of_caret(&self, caret: Caret) -> ParagraphNumber {
        let number = self.paragraphs.from_byte(caret.at);
        match number.previous() {
            Some(previous) if caret.affinity == Affinity::Upstream => {
                let ends_here = self.paragraphs.span(previous).end == caret.at;
                if ends_here { previous } else { number }
            }
            _ => number,
        }
    }

    pub(crate) fn local(&self, number: ParagraphNumber, caret: Caret) -> Caret {
        let span = self.paragraphs.span(number);
        // A position in the blank lines below a paragraph is drawn at its end.
        if caret.at > span.end {
            Caret::after(local_offset(span, span.end))
        } else {
            Caret { at: local_offset(span, caret.at), ..caret }
        }
    }

    pub(crate) fn global(&self, number: ParagraphNumber, caret: Caret) -> Caret {
        Caret { at: self.paragraphs.span(number).start.plus(caret.at.get()), ..caret }
    }

    /// The space above a paragraph, part of its height.
    pub(crate) fn gap_px(&self, number: ParagraphNumber) -> f32 {
        match self.paragraphs.gap_before(number) {
            Gap::None => 0.0,
            Gap::Line => self.style.paragraph_gap_px,
            Gap::Blank => self.style.blank_gap_px,
        }
    }

    fn text_style(&self, number: ParagraphNumber) -> TextStyle {
        let style = self.style;
        TextStyle {
            size_px: if self.is_lead(number) { style.lead_size_px } else { style.size_px },
            weight: style.weight,
            line_height: style.line_height,
            direction: self.direction_of(number),
        }
    }

    /// A paragraph's base direction; all pieces of a long line share that of the first.
    fn direction_of(&self, number: ParagraphNumber) -> Direction {
        if self.style.direction != Direction::Auto {
            return self.style.direction;
        }
        let mut first = number;
        while self.paragraphs.gap_before(first) == Gap::None
            && let Some(previous) = first.previous()
        {
            first = previous;
        }
        first_strong_direction(self.text_of(first)).unwrap_or(self.neutral_direction)
    }

    /// The layout of a paragraph, made when it is not there.
    pub(crate) fn laid_out(&mut self, engine: &mut Engine, number: ParagraphNumber) -> Option<&Paragraph> {
        self.lay_out(engine, number);
        self.cache.get(number)
    }

    /// Makes sure that a paragraph is laid out at the present width, corrects its height and returns it, gap included.
    pub(crate) fn lay_out(&mut self, engine: &mut Engine, number: ParagraphNumber) -> f32 {
        let width_px = self.style.width_px;
        let text_height_px = match self.cache.touch(number) {
            Some((paragraph, wrapped_px)) => {
                if *wrapped_px != width_px {
                    wrap(paragraph, Some(width_px), Align::Start);
                    *wrapped_px = width_px;
                }
                paragraph.height()
            }
            None => self.shape(engine, number),
        };
        let height_px = self.gap_px(number) + text_height_px.max(1.0);
        self.heights.set_px(number.get(), height_px);
        self.heights.height_px(number.get())
    }

    fn shape(&mut self, engine: &mut Engine, number: ParagraphNumber) -> f32 {
        let width_px = self.style.width_px;
        let style = self.text_style(number);
        let mut paragraph = self.cache.take_spare();
        let text = self.paragraphs.text_of(number);
        engine.shape_into(&mut paragraph, text, style);
        wrap(&mut paragraph, Some(width_px), Align::Start);
        let text_bytes = text.len();
        let height_px = paragraph.height();
        self.learn_width(paragraph.len(), text_bytes, style.size_px);
        self.cache.insert(number, paragraph, width_px, text_bytes);
        height_px
    }

    /// Moves the average width a little towards a paragraph of several lines.
    fn learn_width(&mut self, lines: usize, text_bytes: usize, size_px: f32) {
        const WEIGHT: f32 = 0.05;
        if lines >= 3 && text_bytes > 0 && size_px > 0.0 {
            // The last line is half full on average.
            let width_em = (lines as f32 - 0.5) * self.style.width_px / size_px;
            self.em_per_byte += WEIGHT * (width_em / text_bytes as f32 - self.em_per_byte);
        }
    }

    fn estimate_heights(&mut self) {
        let numbers = (0..self.paragraphs.count()).map(ParagraphNumber::new);
        let heights = numbers.map(|number| self.estimated_height_px(number));
        self.heights = Heights::from_heights_px(heights);
    }

    fn estimated_height_px(&self, number: ParagraphNumber) -> f32 {
        let style = self.style;
        let size_px = if self.is_lead(number) { style.lead_size_px } else { style.size_px };
        let bytes = self.paragraphs.len_bytes_with_break(number) as f32;
        let lines = (bytes * self.em_per_byte * size_px / style.width_px.max(1.0)).ceil().max(1.0);
        self.gap_px(number) + lines * (size_px * style.line_height).round().max(1.0)
    }
}

/// A position of the article in a paragraph's own bytes.
pub(crate) fn local_offset(span: ByteSpan, at: ByteOffset) -> ByteOffset {
    at.minus(span.start.get())
}

/// A first guess from the text's beginning: a Latin letter is about half an em in one byte, a Persian one in two.
fn guessed_em_per_byte(text: &str) -> f32 {
    const SAMPLE_BYTES: usize = 4 << 10;
    const EM_PER_CHAR: f32 = 0.48;
    let sample = text.get(..text.floor_char_boundary(SAMPLE_BYTES)).unwrap_or_default();
    if sample.is_empty() { EM_PER_CHAR } else { EM_PER_CHAR * sample.chars().count() as f32 / sample.len() as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::hard_lines::{HARD_LINES, style};

    const VIEW_PX: f32 = 300.0;

    fn open(text: &str) -> (Engine, Document) {
        let mut engine = Engine::new(false);
        let mut document = Document::new(text.into(), style(200.0));
        document.visible(&mut engine, VIEW_PX);
        (engine, document)
    }

    fn tops(document: &Document) -> Vec<f32> {
        document.shown().iter().map(|shown| shown.top_px).collect()
    }

    #[test]
    fn what_is_in_view_is_stacked_with_its_gaps() {
        let (_, document) = open("یک\nدو\n\n\nسه");
        let line_px = 32.0;
        assert_eq!(tops(&document), [0.0, line_px + 6.0, 2.0 * line_px + 6.0 + 14.0]);
        assert_eq!(f64::from(3.0 * line_px + 20.0), document.total_height_px());
        assert_eq!(document.visible_span(), ByteSpan::from_bytes(0, document.text().len()));
    }

    #[test]
    fn only_what_is_in_view_is_laid_out() {
        let text = "واژه واژه واژه\n".repeat(20_000);
        let (mut engine, mut document) = open(&text);
        assert!(document.shown().len() < 12);
        let first = document.layout_bytes();
        for step in 0..50 {
            document.scroll_to_fraction(&mut engine, f64::from(step) / 50.0, VIEW_PX);
            document.visible(&mut engine, VIEW_PX);
        }
        assert!(document.layout_bytes() < 60 * first);
    }

    #[test]
    fn kept_layouts_are_bounded_and_those_in_view_stay() {
        let (mut engine, mut document) = open(&format!("{}\n", "واژه ".repeat(700)).repeat(150));
        for _ in 0..150 {
            document.scroll_by(&mut engine, 2.0 * VIEW_PX, VIEW_PX);
            let shown = document.visible(&mut engine, VIEW_PX).len();
            assert!(shown > 0 && document.shown().len() == shown);
            assert!(document.layout_bytes() <= CACHE_LIMIT_BYTES);
        }
    }

    #[test]
    fn points_rectangles_and_carets_agree_across_paragraphs() {
        let text = HARD_LINES.join("\n\n");
        let (mut engine, mut document) = open(&text);
        document.scroll_by(&mut engine, 130.0, VIEW_PX);
        document.visible(&mut engine, VIEW_PX);
        let visible = document.visible_span();
        assert!(visible.start > ByteOffset::ZERO && visible.end.get() < text.len());
        for (number, part) in document.rects_of(ByteSpan::from_bytes(0, text.len())) {
            let (x, y) =
                (f32::midpoint(part.rect.left, part.rect.right), f32::midpoint(part.rect.top, part.rect.bottom));
            let at = document.byte_from_point(x, y);
            assert_eq!(document.paragraph_of(at), number);
            let cluster = document.cluster_at_point(x, y).unwrap();
            assert!(cluster.start <= at && at <= cluster.end);
            let own = document.rects_of(cluster);
            assert!(own.iter().any(|(_, part)| part.rect.contains(x, y)), "{cluster:?}");
            let caret = document.caret_rect(document.caret_from_point(x, y)).unwrap();
            assert!(caret.top == part.rect.top && (caret.left - x).abs() < 40.0);
        }
        // Beside and outside of everything, a point still has its nearest place.
        let outside = document.byte_from_point(-100.0, 10_000.0);
        assert_eq!(document.paragraph_of(outside), document.paragraph_of(visible.end));
        assert_eq!(document.cluster_at_point(-100.0, 10.0), None);
    }

    #[test]
    fn an_unbalanced_bidi_control_stays_in_its_paragraph_and_is_shown() {
        let plain = "علی به تهران (Tehran) رفت.";
        let (_, clean) = open(&format!("بد abc\n{plain}"));
        let (_, document) = open(&format!("بد \u{202E}\u{2066}abc\n{plain}"));
        let places = |document: &Document| {
            let span = document.shown()[1].span;
            let rects = document.rects_of(span);
            rects.into_iter().map(|(_, part)| (part.rect.left, part.rect.right)).collect::<Vec<_>>()
        };
        assert_eq!(places(&clean), places(&document));
        let found = document.invisible_characters(ParagraphNumber::new(0));
        assert_eq!(found.iter().map(|c| c.name).collect::<Vec<_>>(), ["RLO", "LRI"]);
        assert_eq!(found[0].span, ByteSpan::from_bytes(5, 8));
        assert_eq!(document.invisible_characters(ParagraphNumber::new(1)), []);
    }

    #[test]
    fn lines_without_letters_and_pieces_of_a_line_take_a_direction() {
        let long = format!("{} {}", "واژه ".repeat(1000), "word ".repeat(2000));
        let text = format!("متن\n***\nApple\n{long}");
        let auto = DocumentStyle { direction: Direction::Auto, ..style(200.0) };
        let document = Document::new(text.as_str().into(), auto);
        let directions: Vec<Direction> =
            (0..document.paragraphs.count()).map(|count| document.direction_of(ParagraphNumber::new(count))).collect();
        let (right, left) = (Direction::RightToLeft, Direction::LeftToRight);
        assert_eq!(directions, [right, right, left, right, right, right]);
    }
}
