//! The caret in one laid-out [`Paragraph`]: where it is drawn, which one is nearest to a point, and how it moves.
//!
//! Owns the two places of a caret where directions mix, and moving by what is seen. It must not know the text: moving by
//! word is `domain::token`'s work. Units are those of [`geometry`](crate::text::geometry).
//!
//! parley's own `Cursor` is not used for moving: it crosses from line to line as if every line ran left to right, so that
//! in a wrapped Persian paragraph the left arrow stays for ever at the end of the first line.

use crate::domain::offset::ByteOffset;
use crate::text::engine::{Ink, Paragraph};
use crate::text::geometry::{Placed, RectPx, SLIVER_PX, line_from_y, placed_clusters};
use parley::{Cluster, Line};

pub use parley::layout::Affinity;

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
    let clusters = placed_clusters(paragraph, &paragraph.get(line)?);
    let gap = gap_from_caret(&clusters, caret).map_or(0, |(gap, _)| gap);
    Some(Stand { line, clusters, gap })
}

/// The caret's rectangle: no width, the full height of its line. In a paragraph without lines all is 0.
#[must_use]
pub fn caret_rect(paragraph: &Paragraph, caret: Caret) -> RectPx {
    let Some(line) = paragraph.get(line_from_caret(paragraph, caret)) else { return RectPx::default() };
    let metrics = line.metrics();
    let origin = metrics.offset + metrics.inline_min_coord;
    let start = if paragraph.is_rtl() { origin + metrics.advance } else { origin };
    let x = gap_from_caret(&placed_clusters(paragraph, &line), caret).map_or(start, |(_, x)| x);
    RectPx { left: x, top: metrics.block_min_coord, right: x, bottom: metrics.block_max_coord }
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
    let clusters = placed_clusters(paragraph, &line);
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

/// A caret that reached the end of a line stands at the start of the next when that is the same position.
fn settle(paragraph: &Paragraph, from: &Stand, moved: Caret, side: Side) -> Caret {
    let at_edge = match side {
        Side::Left => from.gap == 1,
        Side::Right => from.gap + 1 == from.clusters.len(),
    };
    if !at_edge || !is_forward(paragraph, side) {
        return moved;
    }
    let entered = next_line(paragraph, from.line, true).map(|(_, line)| entry(paragraph, &line, side).0);
    entered.filter(|entered| entered.at == moved.at).unwrap_or(moved)
}

fn cross_line(paragraph: &Paragraph, caret: Caret, line: usize, side: Side) -> Option<Caret> {
    let (_, reached) = next_line(paragraph, line, is_forward(paragraph, side))?;
    let (entered, beyond) = entry(paragraph, &reached, side);
    // The same position seen from the other line is no move.
    Some(if entered.at == caret.at { beyond } else { entered })
}

fn next_line(paragraph: &Paragraph, line: usize, forward: bool) -> Option<(usize, Line<'_, Ink>)> {
    let next = if forward { line.checked_add(1) } else { line.checked_sub(1) }?;
    Some((next, paragraph.get(next)?))
}

/// The carets before and after the first cluster that a caret moving to `side` meets on a line.
fn entry(paragraph: &Paragraph, line: &Line<'_, Ink>, side: Side) -> (Caret, Caret) {
    let clusters = placed_clusters(paragraph, line);
    let (first, near) = match side {
        Side::Left => (clusters.last(), Side::Right),
        Side::Right => (clusters.first(), Side::Left),
    };
    let empty = Caret::before(ByteOffset::new(line.text_range().start));
    first.map_or((empty, empty), |cluster| (cluster.caret_at(near), cluster.caret_at(side)))
}

/// The caret on the next (`down`) or the previous line, nearest to `x`; `None` at the paragraph's edge.
#[must_use]
pub fn caret_on_next_line(paragraph: &Paragraph, caret: Caret, x: f32, down: bool) -> Option<Caret> {
    let (next, _) = next_line(paragraph, line_from_caret(paragraph, caret), down)?;
    Some(caret_on_line(paragraph, next, x))
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
    // Parley lays an empty text out as a space, whose line ends beyond the text.
    if range.is_empty() || range.end > paragraph.text_len() {
        return Caret::before(ByteOffset::new(range.end.min(paragraph.text_len())));
    }
    let hard =
        Cluster::from_byte_index(paragraph, range.end.saturating_sub(1)).filter(|last| last.is_hard_line_break());
    match hard {
        Some(line_break) => Caret::before(ByteOffset::new(line_break.text_range().start)),
        None => Caret::after(ByteOffset::new(range.end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::Direction;
    use crate::domain::offset::ByteSpan;
    use crate::text::geometry::{line_count, rects};
    use crate::text::hard_lines::{WIDTH_PX, everywhere, lay_out, mid_y};
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation as _;

    /// Where each cluster's start is hit again, both from the caret before it and from the caret after it.
    #[test]
    fn a_hit_test_at_a_caret_gives_its_position() {
        everywhere(|text, paragraph| {
            for (at, grapheme) in text.grapheme_indices(true) {
                for caret in [Caret::before(ByteOffset::new(at)), Caret::after(ByteOffset::new(at + grapheme.len()))] {
                    let rect = caret_rect(paragraph, caret);
                    // At a change of direction two positions share a place: from the caret's own cluster it is exact.
                    let inward = rects(paragraph, ByteSpan::from_bytes(at, at + grapheme.len()));
                    let Some(inked) = inward.first() else { continue };
                    let nudge = if f32::midpoint(inked.rect.left, inked.rect.right) > rect.left { 0.05 } else { -0.05 };
                    let hit = caret_from_point(paragraph, rect.left + nudge, mid_y(rect));
                    assert_eq!(hit.at, caret.at, "{text:?} {caret:?} {rect:?} {inked:?}");
                }
            }
        });
    }

    #[test]
    fn a_walk_to_one_side_visits_every_cluster_once_and_comes_back() {
        everywhere(|text, paragraph| {
            for side in [Side::Left, Side::Right] {
                let mut caret = if is_forward(paragraph, side) {
                    Caret::before(ByteOffset::ZERO)
                } else {
                    Caret::after(ByteOffset::new(text.len()))
                };
                // The outermost place on the line, when the line starts with a run of the other direction.
                let back = if side == Side::Left { Side::Right } else { Side::Left };
                while let Some(further) = caret_beside(paragraph, caret, back) {
                    caret = further;
                }
                let mut steps = 0;
                let mut place = caret_rect(paragraph, caret);
                while let Some(next) = caret_beside(paragraph, caret, side) {
                    let rect = caret_rect(paragraph, next);
                    if rect.top == place.top {
                        let ordered =
                            if side == Side::Left { rect.left <= place.left } else { rect.left >= place.left };
                        assert!(ordered, "{text:?} {caret:?} to {next:?}");
                    } else {
                        assert_eq!(rect.top > place.top, is_forward(paragraph, side), "{text:?} {caret:?} to {next:?}");
                    }
                    (caret, place) = (next, rect);
                    steps += 1;
                    assert!(steps <= text.len() + paragraph.len(), "{text:?} does not end");
                }
                let clusters = text.graphemes(true).count();
                assert!(
                    steps >= clusters - 1 && steps <= clusters + paragraph.len(),
                    "{text:?} {side:?} {steps} of {clusters}, {} lines {}",
                    paragraph.len(),
                    paragraph.is_rtl()
                );
            }
        });
    }

    /// Draws the caret's places over the line in visual order: the byte position of each, from left to right.
    fn check_places(text: &str, direction: Direction, expected: &str) {
        let paragraph = lay_out(text, direction, None);
        let mut drawn = String::new();
        for cluster in placed_clusters(&paragraph, &paragraph.get(0).unwrap()) {
            let (left, right) = (cluster.caret_at(Side::Left), cluster.caret_at(Side::Right));
            drawn.push_str(&format!("{}[{}]{} ", left.at, cluster.span.slice(text).unwrap(), right.at));
        }
        assert_eq!(drawn.trim_end(), expected);
    }

    #[test]
    fn carets_drawn() {
        check_places("با (Ab)", Direction::RightToLeft, "9[)]8 6[A]7 7[b]8 6[(]5 5[ ]4 4[ا]2 2[ب]0");
        check_places("a ۱۲", Direction::LeftToRight, "0[a]1 1[ ]2 2[۱]4 4[۲]6");
        check_places("مُحَ", Direction::RightToLeft, "8[حَ]4 4[مُ]0");
    }

    #[test]
    fn a_hard_break_and_an_empty_text_have_places_for_the_caret() {
        let paragraph = lay_out("یک\nدو\n", Direction::RightToLeft, Some(WIDTH_PX));
        assert_eq!(line_count(&paragraph), 3);
        let lines: Vec<usize> =
            [0, 4, 5, 9, 10].map(|at| line_from_caret(&paragraph, Caret::before(ByteOffset::new(at)))).to_vec();
        assert_eq!(lines, [0, 0, 1, 1, 2]);
        assert_eq!(line_from_caret(&paragraph, Caret::after(ByteOffset::new(10))), 2);
        assert_eq!(line_end(&paragraph, Caret::default()), Caret::before(ByteOffset::new(4)));
        // A click right of, left of and below everything.
        assert_eq!(byte_from_point(&paragraph, -50.0, 5.0), ByteOffset::new(4));
        assert_eq!(byte_from_point(&paragraph, 500.0, 5.0), ByteOffset::new(0));
        assert_eq!(byte_from_point(&paragraph, 0.0, 5000.0), ByteOffset::new(10));
        let mut caret = Caret::default();
        let mut visited = vec![0];
        while let Some(next) = caret_beside(&paragraph, caret, Side::Left) {
            visited.push(next.at.get());
            caret = next;
        }
        assert_eq!(visited, [0, 2, 4, 5, 7, 9, 10]);

        for direction in [Direction::RightToLeft, Direction::LeftToRight] {
            let empty = lay_out("", direction, Some(WIDTH_PX));
            let rect = caret_rect(&empty, Caret::default());
            assert!(rect.height() > 0.0, "{rect:?}");
            assert_eq!(rect.left, if direction == Direction::RightToLeft { WIDTH_PX } else { 0.0 });
            assert_eq!(byte_from_point(&empty, 30.0, 3.0), ByteOffset::ZERO);
            assert_eq!(caret_beside(&empty, Caret::default(), Side::Left), None);
        }
    }

    #[test]
    fn moving_between_lines_keeps_x() {
        let text = "واژه ".repeat(40);
        let paragraph = lay_out(&text, Direction::RightToLeft, Some(WIDTH_PX));
        let mut caret = caret_on_line(&paragraph, 0, 60.0);
        let mut line = 0;
        while let Some(next) = caret_on_next_line(&paragraph, caret, 60.0, true) {
            line += 1;
            assert_eq!(line_from_caret(&paragraph, next), line);
            assert!((caret_rect(&paragraph, next).left - 60.0).abs() < 8.0 || line + 1 == paragraph.len());
            caret = next;
        }
        assert_eq!(line + 1, paragraph.len());
        assert_eq!(caret_on_next_line(&paragraph, Caret::default(), 60.0, false), None);
        let start = line_start(&paragraph, caret_on_line(&paragraph, 2, 60.0));
        let end = line_end(&paragraph, start);
        assert_eq!((line_from_caret(&paragraph, start), line_from_caret(&paragraph, end)), (2, 2));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn whatever_the_text_carets_stand_between_code_points_and_walks_end(
            text in "[ابلa1۲ (».\u{200C}\u{64E}👍🇮🇷\u{202E}\u{2067}\u{2069}\u{200F}\0\t\r\n\u{200B}\u{A0}]{0,40}",
            width_px in 20.0..200.0_f32,
            x in -30.0..220.0_f32,
            y in -30.0..200.0_f32,
        ) {
            let paragraph = lay_out(&text, Direction::RightToLeft, Some(width_px));
            let hit = caret_from_point(&paragraph, x, y);
            prop_assert!(text.is_char_boundary(hit.at.get()));
            for side in [Side::Left, Side::Right] {
                let mut caret = hit;
                let mut steps = 0;
                while let Some(next) = caret_beside(&paragraph, caret, side) {
                    prop_assert!(text.is_char_boundary(next.at.get()) && next.at.get() <= text.len());
                    caret = next;
                    steps += 1;
                    prop_assert!(steps <= 2 * text.len() + 2, "the walk goes round");
                }
            }
            for part in rects(&paragraph, ByteSpan::from_bytes(0, text.len())) {
                prop_assert!(part.rect.width() > 0.0 && part.line < paragraph.len());
            }
            prop_assert!(line_start(&paragraph, hit).at <= hit.at && hit.at <= line_end(&paragraph, hit).at);
        }
    }
}
