//! Where things stand in one laid-out [`Paragraph`]: rectangles of a span, carets, hit tests, and moving a caret.
//!
//! Owns the walk over lines and grapheme clusters in visual order. It must not know the paragraph's place in an article,
//! nor the text itself: moving by word is `domain::token`'s work. All positions are bytes of the paragraph's own text, all
//! lengths physical pixels from its top left corner.
//!
//! parley's own `Cursor` is not used for moving: it crosses from line to line as if every line ran left to right, so that
//! in a Persian paragraph the left arrow at a line's end would go back to the line above.

use crate::domain::offset::{ByteOffset, ByteSpan};
use crate::text::engine::Paragraph;
use parley::layout::BreakReason;
use parley::{Cluster, Line};

pub use parley::layout::Affinity;

/// Widths below this are rounding, not ink.
const SLIVER_PX: f32 = 0.01;

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

/// A caret: a place between two clusters, and to which of the two it holds.
///
/// At a change of direction and at a soft line break one byte position has two places on the screen; the affinity tells
/// which. `Downstream` holds to the cluster that follows in the text, `Upstream` to the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Caret {
    /// The position in the text.
    pub at: ByteOffset,
    /// The cluster it holds to.
    pub affinity: Affinity,
}

impl Caret {
    /// The caret before the cluster that starts at `at`.
    #[must_use]
    pub fn before(at: ByteOffset) -> Self {
        Self { at, affinity: Affinity::Downstream }
    }

    /// The caret after the cluster that ends at `at`.
    #[must_use]
    pub fn after(at: ByteOffset) -> Self {
        Self { at, affinity: Affinity::Upstream }
    }
}

/// Which way a caret moves on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// To the left whatever the text's direction.
    Left,
    /// To the right whatever the text's direction.
    Right,
}

/// A grapheme cluster on its line, in pixels.
#[derive(Clone, Copy, Debug)]
struct Placed {
    span: ByteSpan,
    left: f32,
    right: f32,
    right_to_left: bool,
    space: bool,
    hard_break: bool,
}

impl Placed {
    fn caret_at(self, side: Side) -> Caret {
        if (side == Side::Left) == self.right_to_left {
            // A caret after a line break would stand on the next line.
            if self.hard_break { Caret::before(self.span.start) } else { Caret::after(self.span.end) }
        } else {
            Caret::before(self.span.start)
        }
    }

    fn edge_px(self, affinity: Affinity) -> f32 {
        if (affinity == Affinity::Downstream) == self.right_to_left { self.right } else { self.left }
    }
}

/// The clusters of a line from left to right.
fn placed_clusters(line: &Line<'_, crate::text::engine::Ink>) -> Vec<Placed> {
    let metrics = line.metrics();
    let mut x = metrics.offset + metrics.inline_min_coord;
    let mut clusters = Vec::with_capacity(line.text_range().len() / 2);
    for run in line.runs() {
        let right_to_left = run.is_rtl();
        for cluster in run.visual_clusters() {
            let range = cluster.text_range();
            let left = x;
            x += cluster.advance();
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
fn ink_end(line: &Line<'_, crate::text::engine::Ink>, clusters: &[Placed]) -> ByteOffset {
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
    let clusters = placed_clusters(&line);
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
        let clusters = placed_clusters(&line);
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

/// The line a caret stands on.
#[must_use]
pub fn line_from_caret(paragraph: &Paragraph, caret: Caret) -> usize {
    let last = paragraph.len().saturating_sub(1);
    let at = caret.at.get();
    let holds_to = match caret.affinity {
        Affinity::Upstream if !follows_hard_break(paragraph, at) => at.saturating_sub(1),
        _ => at,
    };
    paragraph.lines().position(|line| line.text_range().contains(&holds_to)).unwrap_or(last)
}

fn follows_hard_break(paragraph: &Paragraph, at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|before| Cluster::from_byte_index(paragraph, before))
        .is_some_and(|cluster| cluster.is_hard_line_break())
}

/// A caret's line, the line's clusters, and the gap in which it stands: 0 is left of the first cluster.
struct Stand {
    line: usize,
    clusters: Vec<Placed>,
    gap: usize,
}

/// The gap of a caret among the clusters of its line; `None` on a line without clusters.
fn gap_from_caret(clusters: &[Placed], caret: Caret) -> Option<(usize, f32)> {
    let following = || {
        let found = clusters.iter().enumerate().find(|(_, c)| c.span.start <= caret.at && caret.at < c.span.end);
        found.map(|(i, c)| (i + usize::from(c.right_to_left), c.edge_px(Affinity::Downstream)))
    };
    let preceding = || {
        let found = clusters.iter().enumerate().find(|(_, c)| c.span.start < caret.at && caret.at <= c.span.end);
        found.map(|(i, c)| (i + usize::from(!c.right_to_left), c.edge_px(Affinity::Upstream)))
    };
    match caret.affinity {
        Affinity::Downstream => following().or_else(preceding),
        Affinity::Upstream => preceding().or_else(following),
    }
}

fn stand(paragraph: &Paragraph, caret: Caret) -> Option<Stand> {
    let line = line_from_caret(paragraph, caret);
    let clusters = placed_clusters(&paragraph.get(line)?);
    let gap = gap_from_caret(&clusters, caret).map_or(0, |(gap, _)| gap);
    Some(Stand { line, clusters, gap })
}

/// The caret's rectangle: no width, the full height of its line. In a paragraph without lines all is 0.
#[must_use]
pub fn caret_rect(paragraph: &Paragraph, caret: Caret) -> RectPx {
    let Some(line) = paragraph.get(line_from_caret(paragraph, caret)) else { return RectPx::default() };
    let metrics = line.metrics();
    let origin = metrics.offset + metrics.inline_min_coord;
    let x = gap_from_caret(&placed_clusters(&line), caret).map_or(origin, |(_, x)| x);
    RectPx { left: x, top: metrics.block_min_coord, right: x, bottom: metrics.block_max_coord }
}

/// The line at height `y`: the first above all, the last below all.
#[must_use]
pub fn line_from_y(paragraph: &Paragraph, y: f32) -> usize {
    let below = paragraph.lines().position(|line| y < line.metrics().block_max_coord);
    below.unwrap_or(paragraph.len().saturating_sub(1))
}

/// The caret nearest to a point: on the line at its height, at the nearest cluster edge.
#[must_use]
pub fn caret_from_point(paragraph: &Paragraph, x: f32, y: f32) -> Caret {
    caret_on_line(paragraph, line_from_y(paragraph, y), x)
}

/// The caret on line `line` nearest to `x`.
#[must_use]
pub fn caret_on_line(paragraph: &Paragraph, line: usize, x: f32) -> Caret {
    let Some(line) = paragraph.get(line) else { return Caret::default() };
    let clusters = placed_clusters(&line);
    let wide = |cluster: &&Placed| cluster.right - cluster.left > SLIVER_PX;
    let under = clusters.iter().filter(wide).find(|cluster| x < cluster.right);
    let Some(cluster) = under.or_else(|| clusters.iter().rfind(wide)).or_else(|| clusters.last()) else {
        return Caret::before(ByteOffset::new(line.text_range().start));
    };
    cluster.caret_at(if x <= f32::midpoint(cluster.left, cluster.right) { Side::Left } else { Side::Right })
}

/// The byte position nearest to a point.
#[must_use]
pub fn byte_from_point(paragraph: &Paragraph, x: f32, y: f32) -> ByteOffset {
    caret_from_point(paragraph, x, y).at
}

/// The grapheme cluster under a point; `None` beside the text.
#[must_use]
pub fn cluster_at_point(paragraph: &Paragraph, x: f32, y: f32) -> Option<ByteSpan> {
    let line = paragraph.lines().find(|line| {
        let metrics = line.metrics();
        metrics.block_min_coord <= y && y < metrics.block_max_coord
    })?;
    placed_clusters(&line).iter().find(|cluster| cluster.left <= x && x < cluster.right).map(|cluster| cluster.span)
}

/// The caret one grapheme cluster to a side as seen on the screen; `None` at the paragraph's edge.
///
/// At the end of a line it goes on where reading goes on: to the left of a Persian paragraph's line is the line below.
#[must_use]
pub fn caret_beside(paragraph: &Paragraph, caret: Caret, side: Side) -> Option<Caret> {
    let here = stand(paragraph, caret)?;
    let crossed = match side {
        Side::Left => here.gap.checked_sub(1),
        Side::Right => Some(here.gap),
    };
    if let Some(cluster) = crossed.and_then(|index| here.clusters.get(index)) {
        let moved = cluster.caret_at(side);
        if !cluster.hard_break {
            return Some(settle(paragraph, &here, moved, side));
        }
    }
    cross_line(paragraph, caret, here.line, side)
}

/// Whether moving to `side` is moving forward in a paragraph.
#[must_use]
pub fn is_forward(paragraph: &Paragraph, side: Side) -> bool {
    (side == Side::Left) == paragraph.is_rtl()
}

/// A caret that reached the end of a softly broken line stands at the start of the next.
fn settle(paragraph: &Paragraph, from: &Stand, moved: Caret, side: Side) -> Caret {
    let forward = is_forward(paragraph, side);
    let at_edge = match side {
        Side::Left => from.gap == 1,
        Side::Right => from.gap + 1 == from.clusters.len(),
    };
    let at_end = paragraph.get(from.line).is_some_and(|line| {
        let soft = matches!(line.break_reason(), BreakReason::Regular | BreakReason::Emergency);
        soft && moved.at.get() == line.text_range().end
    });
    if forward && at_edge && at_end { Caret::before(moved.at) } else { moved }
}

fn cross_line(paragraph: &Paragraph, caret: Caret, line: usize, side: Side) -> Option<Caret> {
    let forward = is_forward(paragraph, side);
    let next = if forward { line.checked_add(1) } else { line.checked_sub(1) }?;
    let reached = paragraph.get(next)?;
    let clusters = placed_clusters(&reached);
    let first = match side {
        Side::Left => clusters.last(),
        Side::Right => clusters.first(),
    };
    let Some(first) = first else { return Some(Caret::before(ByteOffset::new(reached.text_range().start))) };
    let entered = match side {
        Side::Left => first.caret_at(Side::Right),
        Side::Right => first.caret_at(Side::Left),
    };
    // The same position seen from the other line is no move.
    if entered.at == caret.at { Some(first.caret_at(side)) } else { Some(entered) }
}

/// The caret on the next (`down`) or the previous line, nearest to `x`; `None` at the paragraph's edge.
#[must_use]
pub fn caret_on_next_line(paragraph: &Paragraph, caret: Caret, x: f32, down: bool) -> Option<Caret> {
    let line = line_from_caret(paragraph, caret);
    let next = if down { line.checked_add(1) } else { line.checked_sub(1) }?;
    (next < paragraph.len()).then(|| caret_on_line(paragraph, next, x))
}

/// The caret at the start of its line in reading order.
#[must_use]
pub fn line_start(paragraph: &Paragraph, caret: Caret) -> Caret {
    let line = paragraph.get(line_from_caret(paragraph, caret));
    Caret::before(ByteOffset::new(line.map_or(0, |line| line.text_range().start)))
}

/// The caret at the end of its line in reading order: before its line break, after its spaces.
#[must_use]
pub fn line_end(paragraph: &Paragraph, caret: Caret) -> Caret {
    let Some(line) = paragraph.get(line_from_caret(paragraph, caret)) else { return caret };
    let range = line.text_range();
    if range.is_empty() {
        return Caret::before(ByteOffset::new(range.end));
    }
    let hard =
        Cluster::from_byte_index(paragraph, range.end.saturating_sub(1)).filter(|last| last.is_hard_line_break());
    match hard {
        Some(line_break) => Caret::before(ByteOffset::new(line_break.text_range().start)),
        None => Caret::after(ByteOffset::new(range.end)),
    }
}
