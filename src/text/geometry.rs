//! Where the text of one laid-out [`Paragraph`] stands: its lines, the rectangles of a span, the cluster under a point.
//!
//! Owns the walk over the grapheme clusters of a line in visual order; carets are in [`caret`](crate::text::caret). It must
//! not know the paragraph's place in an article. All positions are bytes of the paragraph's own text, all lengths physical
//! pixels from its top left corner.

use crate::domain::offset::{ByteOffset, ByteSpan};
use crate::text::engine::{Ink, Paragraph};
use parley::Line;
use parley::layout::BreakReason;

/// Widths below this are rounding, not ink.
pub(crate) const SLIVER_PX: f32 = 0.01;

/// An axis-aligned rectangle; y grows downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RectPx {
    /// The left edge.
    pub left: f32,
    /// The top edge.
    pub top: f32,
    /// The right edge.
    pub right: f32,
    /// The bottom edge.
    pub bottom: f32,
}

impl RectPx {
    /// The width in pixels.
    #[must_use]
    pub fn width(self) -> f32 {
        self.right - self.left
    }

    /// The height in pixels.
    #[must_use]
    pub fn height(self) -> f32 {
        self.bottom - self.top
    }

    /// The same rectangle moved.
    #[must_use]
    pub fn moved(self, dx: f32, dy: f32) -> Self {
        Self { left: self.left + dx, top: self.top + dy, right: self.right + dx, bottom: self.bottom + dy }
    }

    /// Whether a point lies inside; the right and bottom edges are outside.
    #[must_use]
    pub fn contains(self, x: f32, y: f32) -> bool {
        self.left <= x && x < self.right && self.top <= y && y < self.bottom
    }
}

/// A part of a span on one line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineRect {
    /// The full height of the line, so that rectangles of lines that follow each other touch.
    pub rect: RectPx,
    /// The line in its paragraph, from 0.
    pub line: usize,
    /// The top of the text box: the baseline less the font's ascent.
    pub text_top: f32,
    /// The bottom of the text box: the baseline and the font's descent.
    pub text_bottom: f32,
}

impl LineRect {
    /// The rectangle that hugs the text: from the font's ascent to its descent, without the line gap.
    #[must_use]
    pub fn text_box(self) -> RectPx {
        RectPx { top: self.text_top, bottom: self.text_bottom, ..self.rect }
    }

    /// The same part moved.
    #[must_use]
    pub fn moved(self, dx: f32, dy: f32) -> Self {
        Self {
            rect: self.rect.moved(dx, dy),
            text_top: self.text_top + dy,
            text_bottom: self.text_bottom + dy,
            line: self.line,
        }
    }
}

/// Where one line of a paragraph stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineBox {
    /// The text on it, spaces at the end and the line break included.
    pub span: ByteSpan,
    /// From the leftmost to the rightmost cluster, without the spaces at the end, in the line's full height.
    pub rect: RectPx,
    /// The baseline's y.
    pub baseline: f32,
    /// The baseline less the font's ascent.
    pub text_top: f32,
    /// The baseline and the font's descent.
    pub text_bottom: f32,
}

/// A grapheme cluster on its line, in pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    pub(crate) span: ByteSpan,
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) right_to_left: bool,
    space: bool,
    pub(crate) hard_break: bool,
}

/// The clusters of a line from left to right.
pub(crate) fn placed_clusters(paragraph: &Paragraph, line: &Line<'_, Ink>) -> Vec<Placed> {
    let metrics = line.metrics();
    let mut x = metrics.offset + metrics.inline_min_coord;
    let mut clusters = Vec::with_capacity(line.text_range().len() / 2);
    for run in line.runs() {
        let right_to_left = run.is_rtl();
        for cluster in run.visual_clusters() {
            let range = cluster.text_range();
            let left = x;
            x += cluster.advance();
            // parley lays out an empty text as a space, for its metrics.
            if range.start >= paragraph.text_len() {
                continue;
            }
            clusters.push(Placed {
                span: ByteSpan::from_bytes(range.start, range.end),
                left,
                right: x,
                right_to_left,
                space: cluster.is_space_or_nbsp(),
                hard_break: cluster.is_hard_line_break(),
            });
        }
    }
    clusters
}

/// Where the inked text of a line ends: before the spaces at a soft break, and before whatever hangs out of the line.
///
/// The spaces are told by kind and not by parley's hanging advance alone, because a space between two Latin words at the end
/// of a Persian line stands inside the line (parley leaves out rule L1 of UAX #9) and does not hang.
fn ink_end(line: &Line<'_, Ink>, clusters: &[Placed]) -> ByteOffset {
    let soft = matches!(line.break_reason(), BreakReason::Regular | BreakReason::Emergency);
    let mut end = ByteOffset::new(line.text_range().end);
    let mut hanging_px = line.metrics().hanging_advance;
    while let Some(last) = clusters.iter().find(|cluster| cluster.span.end == end) {
        let width = last.right - last.left;
        let hangs = hanging_px > SLIVER_PX && width <= hanging_px + SLIVER_PX;
        if !(hangs || last.hard_break || (soft && last.space)) {
            break;
        }
        hanging_px -= width;
        end = last.span.start;
    }
    end
}

/// The font's ascent and descent around the baseline: the same for all lines, whatever fonts stand in.
fn text_edges(paragraph: &Paragraph, baseline: f32) -> (f32, f32) {
    match paragraph.root_span_metrics() {
        Some(metrics) => (baseline - metrics.ascent, baseline + metrics.descent),
        None => (baseline, baseline),
    }
}

/// How many lines the paragraph has.
#[must_use]
pub fn line_count(paragraph: &Paragraph) -> usize {
    paragraph.len()
}

/// Where line `line` stands; `None` past the last.
#[must_use]
pub fn line_box(paragraph: &Paragraph, line: usize) -> Option<LineBox> {
    let line = paragraph.get(line)?;
    let clusters = placed_clusters(paragraph, &line);
    let end = ink_end(&line, &clusters);
    let metrics = line.metrics();
    let origin = metrics.offset + metrics.inline_min_coord;
    let inked = || clusters.iter().filter(|cluster| cluster.span.start < end);
    let left = inked().map(|cluster| cluster.left).reduce(f32::min).unwrap_or(origin);
    let right = inked().map(|cluster| cluster.right).reduce(f32::max).unwrap_or(origin);
    let (text_top, text_bottom) = text_edges(paragraph, metrics.baseline);
    let range = line.text_range();
    Some(LineBox {
        span: ByteSpan::from_bytes(range.start, range.end),
        rect: RectPx { left, top: metrics.block_min_coord, right, bottom: metrics.block_max_coord },
        baseline: metrics.baseline,
        text_top,
        text_bottom,
    })
}

/// The leftmost and the rightmost x of a line, the spaces at its end included; (0, 0) past the last line.
#[must_use]
pub fn line_extent(paragraph: &Paragraph, line: usize) -> (f32, f32) {
    paragraph.get(line).map_or((0.0, 0.0), |line| {
        let metrics = line.metrics();
        let left = metrics.offset + metrics.inline_min_coord;
        (left, left + metrics.advance)
    })
}

/// The rectangles of a span, line by line and from left to right in each.
///
/// There may be several on a line where directions mix. Neighbours are merged; a cluster cut by the span counts whole; the
/// spaces at a line's end are left out, and so is whatever has no width.
#[must_use]
pub fn rects(paragraph: &Paragraph, span: ByteSpan) -> Vec<LineRect> {
    let mut out: Vec<LineRect> = Vec::new();
    if span.is_empty() {
        return out;
    }
    for (index, line) in paragraph.lines().enumerate() {
        let range = line.text_range();
        if range.end <= span.start.get() {
            continue;
        }
        if range.start >= span.end.get() {
            break;
        }
        let clusters = placed_clusters(paragraph, &line);
        let end = ink_end(&line, &clusters).min(span.end);
        let metrics = line.metrics();
        let (text_top, text_bottom) = text_edges(paragraph, metrics.baseline);
        for cluster in clusters.iter().filter(|c| c.span.start < end && c.span.end > span.start) {
            if cluster.right - cluster.left <= SLIVER_PX {
                continue;
            }
            match out.last_mut() {
                Some(last) if last.line == index && cluster.left - last.rect.right <= SLIVER_PX => {
                    last.rect.right = cluster.right;
                }
                _ => out.push(LineRect {
                    rect: RectPx {
                        left: cluster.left,
                        top: metrics.block_min_coord,
                        right: cluster.right,
                        bottom: metrics.block_max_coord,
                    },
                    line: index,
                    text_top,
                    text_bottom,
                }),
            }
        }
    }
    out
}

/// The line at height `y`: the first above all, the last below all.
#[must_use]
pub fn line_from_y(paragraph: &Paragraph, y: f32) -> usize {
    let below = paragraph.lines().position(|line| y < line.metrics().block_max_coord);
    below.unwrap_or(paragraph.len().saturating_sub(1))
}

/// The grapheme cluster under a point; `None` beside the text.
#[must_use]
pub fn cluster_at_point(paragraph: &Paragraph, x: f32, y: f32) -> Option<ByteSpan> {
    let line = paragraph.lines().find(|line| {
        let metrics = line.metrics();
        metrics.block_min_coord <= y && y < metrics.block_max_coord
    })?;
    placed_clusters(paragraph, &line)
        .iter()
        .find(|cluster| cluster.left <= x && x < cluster.right)
        .map(|cluster| cluster.span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::Direction;
    use crate::text::hard_lines::{everywhere, lay_out, mid_y};
    use unicode_segmentation::UnicodeSegmentation as _;

    #[test]
    fn rectangles_cover_every_cluster_but_spaces_and_stay_in_the_column() {
        everywhere(|text, paragraph| {
            let whole = rects(paragraph, ByteSpan::from_bytes(0, text.len()));
            for (at, grapheme) in text.grapheme_indices(true) {
                let own = rects(paragraph, ByteSpan::from_bytes(at, at + grapheme.len()));
                assert!(grapheme.trim().is_empty() || own.len() == 1, "{text:?} {grapheme:?} {own:?}");
                for part in own {
                    let (x, y) = (f32::midpoint(part.rect.left, part.rect.right), mid_y(part.rect));
                    assert!(whole.iter().any(|all| all.rect.contains(x, y)), "{text:?} {grapheme:?}");
                    assert_eq!(cluster_at_point(paragraph, x, y), Some(ByteSpan::from_bytes(at, at + grapheme.len())));
                    assert!(part.rect.top <= part.text_top && part.text_bottom <= part.rect.bottom);
                }
            }
            for pair in whole.windows(2) {
                let same_line = pair[0].line == pair[1].line;
                assert!(!same_line || pair[0].rect.right < pair[1].rect.left, "not merged: {text:?}");
            }
        });
    }

    #[test]
    fn spaces_at_a_line_end_are_outside_the_rectangles() {
        for text in [
            "واژه    واژه    واژه    واژه    واژه    واژه",
            "واژه United States of America with two spaces",
            "word    word    word    word    word",
        ] {
            let paragraph = lay_out(text, Direction::Auto, Some(90.0));
            assert!(paragraph.len() > 1);
            for part in rects(&paragraph, ByteSpan::from_bytes(0, text.len())) {
                let line = line_box(&paragraph, part.line).unwrap();
                // parley lets a space between Latin words push the line out of a Persian column by its width.
                let slack = if text.contains("United") { 5.0 } else { 0.1 };
                assert!(part.rect.left >= -slack && part.rect.right <= 90.1, "{text:?} {part:?}");
                assert!(part.rect.left >= line.rect.left - 0.1 && part.rect.right <= line.rect.right + 0.1);
                let surface = line.span.slice(text).unwrap();
                let trailing = surface.len() - surface.trim_end().len();
                let end = line.span.end.get();
                if part.line + 1 < paragraph.len() && trailing > 0 {
                    assert_eq!(rects(&paragraph, ByteSpan::from_bytes(end - trailing, end)), [], "{text:?}");
                }
            }
        }
    }

    #[test]
    fn digits_stand_from_left_to_right_inside_persian() {
        let text = "سال ۱۳۹۷ بود";
        let paragraph = lay_out(text, Direction::RightToLeft, None);
        let at = text.find('۱').unwrap();
        let lefts: Vec<f32> =
            (0..4).map(|i| rects(&paragraph, ByteSpan::from_bytes(at + 2 * i, at + 2 * i + 2))[0].rect.left).collect();
        assert!(lefts.is_sorted(), "{lefts:?}");
        let word = rects(&paragraph, ByteSpan::from_bytes(0, 6))[0].rect;
        assert!(word.left > lefts[3], "the first word stands right of the number");
    }
}
