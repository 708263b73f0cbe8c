//! Painting an article: selection, mentions in lanes, their names in the line gap, the text, what is invisible.
//!
//! Owns the picture of what is in view. It must not lay text out nor answer the pointer.

use crate::domain::article::{Article, Direction};
use crate::domain::mention::{Mention, MentionKey};
use crate::domain::offset::{ByteSpan, Span};
use crate::domain::suggestion::Suggestion;
use crate::session::state::{OpenArticle, OpenProject};
use crate::text::document::Document;
use crate::text::geometry::{LineRect, RectPx};
use crate::text::missing::missing_glyphs;
use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look};
use crate::ui::mention_names::Names;
use crate::ui::review_drawn;
use crate::ui::review_paint::{self, DisputeLook};
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::space;
use crate::words::message::Message;
use egui::emath::GuiRounding as _;
use egui::{Color32, CornerRadius, Painter, Pos2, Rangef, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};
use std::borrow::Cow;
use std::ops::Range;

/// From the text box to the first underline, and from one lane to the next, in points.
const LANE_FIRST: f32 = 0.5;
const LANE_STEP: f32 = 4.0;
/// How many lanes are told apart; deeper nesting shares the last one.
const LANES: usize = 4;
/// The tint of a mention, as a part of its colour: at rest, under the pointer, selected.
const TINT: [f32; 3] = [0.15, 0.22, 0.28];

/// The dashes around the chosen suggestion, in points: a solid outline is a mention's.
const DASH: f32 = 4.0;

/// What is painted on.
#[derive(Clone, Copy)]
pub struct Canvas<'a> {
    /// The ui of the pane.
    pub ui: &'a Ui,
    /// Colours and text.
    pub kit: &'a Kit<'a>,
    /// The painter, clipped to the paper.
    pub painter: &'a Painter,
    /// The top left corner of the text column.
    pub origin: Pos2,
    /// The width of the text column, in points.
    pub width: f32,
    /// The article's magnification.
    pub zoom: f32,
}

impl Canvas<'_> {
    pub(super) fn point(&self, x_px: f32, y_px: f32) -> Pos2 {
        self.origin + vec2(x_px, y_px) / self.ui.ctx().pixels_per_point()
    }

    pub(super) fn rect(&self, px: RectPx) -> Rect {
        Rect::from_min_max(self.point(px.left, px.top), self.point(px.right, px.bottom))
    }
}

/// What has edges that can be taken hold of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Held {
    /// The selected mention.
    Mention(MentionKey),
    /// The chosen suggestion, with its edges as they stand.
    Suggestion(Span),
}

impl Held {
    /// What of an article can be taken hold of now.
    #[must_use]
    pub fn of(open: &OpenArticle) -> Option<Self> {
        let chosen = open.advice.chosen().map(|chosen| Self::Suggestion(chosen.span));
        chosen.or(open.selected.map(Self::Mention))
    }

    /// Where it stands.
    #[must_use]
    pub fn span(self) -> Span {
        match self {
            Self::Mention(key) => key.span,
            Self::Suggestion(span) => span,
        }
    }
}

/// How what is painted stands out.
pub struct Standing<'a> {
    /// From which percent on a suggestion is painted in full.
    pub threshold: u8,
    /// What has an edge that is being dragged, with its span meanwhile.
    pub resized: Option<(Held, Span)>,
    /// Whether a mention is pointed out.
    pub marked: &'a dyn Fn(MentionKey) -> bool,
    /// The span of the suggestion under the pointer.
    pub hovered: Option<Span>,
}

/// A mention, suggestion or dispute in view: its rectangles, its lane, how it stands out.
pub(super) struct Drawn<'a> {
    pub(super) span: Span,
    pub(super) rects: Vec<LineRect>,
    pub(super) lane: usize,
    pub(super) colour: Color32,
    pub(super) title: Cow<'a, str>,
    pub(super) emphasis: usize,
    /// A suggestion's line is dotted, and without a tint until it is pointed at or chosen.
    pub(super) dotted: bool,
    pub(super) has_note: bool,
    /// What it shows as a dispute.
    pub(super) dispute: Option<DisputeLook>,
}

/// Paints what is in view; gives the rows being worked on.
pub fn paint(
    canvas: &Canvas<'_>,
    document: &Document,
    project: &OpenProject,
    open: &OpenArticle,
    standing: &Standing<'_>,
) -> Option<Rangef> {
    let palette = &canvas.kit.palette;
    let mentions = in_view(canvas, document, project, open, standing);
    let selection = open.target().filter(|_| open.selecting).map(|span| rects(document, &open.article, span));
    for part in selection.iter().flatten() {
        let rect = canvas.rect(part.text_box()).expand2(vec2(1.0, 0.0));
        canvas.painter.rect_filled(rect, CornerRadius::same(space::MENTION_RADIUS), palette.selection);
    }
    for drawn in mentions.iter().filter(|drawn| !drawn.dotted || drawn.emphasis > 0 || drawn.dispute.is_some()) {
        paint_tint(canvas, drawn);
    }
    let mut busy = selection.as_deref().map(rows);
    // Below the text: an outline must not hide the comma beside it.
    for drawn in mentions.iter().filter(|drawn| drawn.emphasis == 2) {
        paint_outline(canvas, document, drawn);
        busy = Some(rows(&drawn.rects));
    }
    paint_text(canvas, document);
    let mut names = Names::default();
    for drawn in &mentions {
        paint_underlines(canvas, document, drawn);
    }
    for drawn in &mentions {
        names.paint(canvas, document, drawn, &mentions);
    }
    if !open.selecting && Held::of(open).is_none() {
        let word = rects(document, &open.article, open.focus);
        // The current dispute has a frame of its own: one around its first word would be one too many.
        let current = open.review.as_deref().and_then(|review| review.current_case());
        let framed = current.is_some_and(|case| case.cluster.span.overlaps(open.focus));
        for part in word.iter().filter(|_| !framed) {
            let rect = canvas.rect(part.text_box()).expand2(vec2(2.0, -1.0));
            let stroke = Stroke::new(1.5, palette.accent.gamma_multiply(0.75));
            canvas.painter.rect_stroke(rect, CornerRadius::same(5), stroke, StrokeKind::Inside);
        }
        busy = busy.or((!word.is_empty()).then(|| rows(&word)));
    }
    paint_invisible(canvas, document);
    busy.map(|rows| Rangef::new(canvas.point(0.0, rows.min).y, canvas.point(0.0, rows.max).y))
}

/// A mention of a text that is in no project yet.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// Where it stands.
    pub span: Span,
    /// Its label's colour, as it can be read on the paper.
    pub colour: Color32,
    /// Its label's name.
    pub title: &'a str,
    /// Whether it is a suggestion.
    pub dotted: bool,
}

/// Paints a text with mentions, as an article is painted, without anything to work on.
pub fn paint_marks(canvas: &Canvas<'_>, document: &Document, article: &Article, marks: &[Mark<'_>]) {
    let drawn = |mark: &Mark<'_>| Drawn {
        span: mark.span,
        rects: rects(document, article, mark.span),
        lane: 0,
        colour: mark.colour,
        title: mark.title.to_owned().into(),
        emphasis: 0,
        dotted: mark.dotted,
        has_note: false,
        dispute: None,
    };
    let mut drawn: Vec<Drawn<'_>> = marks.iter().map(drawn).collect();
    assign_lanes(&mut drawn);
    for mark in drawn.iter().filter(|mark| !mark.dotted) {
        paint_tint(canvas, mark);
    }
    paint_text(canvas, document);
    let mut names = Names::default();
    for mark in &drawn {
        paint_underlines(canvas, document, mark);
    }
    for mark in &drawn {
        names.paint(canvas, document, mark, &drawn);
    }
}

fn rows(rects: &[LineRect]) -> Rangef {
    rects.iter().fold(Rangef::new(f32::INFINITY, f32::NEG_INFINITY), |rows, part| {
        Rangef::new(rows.min.min(part.rect.top), rows.max.max(part.rect.bottom))
    })
}

fn rects(document: &Document, article: &Article, span: Span) -> Vec<LineRect> {
    let Some(bytes) = article.bytes_from_span(span) else { return Vec::new() };
    document.rects_of(bytes).into_iter().map(|(_, rect)| rect).collect()
}

/// Where a mention's two edges stand: x and rows of the first and the last line, in pixels of the view.
pub struct Ends {
    /// The edge where it starts.
    pub start: (f32, Range<f32>),
    /// The edge where it ends.
    pub end: (f32, Range<f32>),
}

/// The edges of a span that is in view.
#[must_use]
pub fn ends(document: &Document, open: &OpenArticle, span: Span) -> Option<Ends> {
    let parts = rects(document, &open.article, span);
    let (first, last) = (parts.first()?, parts.last()?);
    let bytes = open.article.bytes_from_span(span)?;
    let rtl = is_rtl(document, bytes);
    let rows = |part: &LineRect| part.text_top..part.text_bottom;
    let (start, end) = if rtl { (first.rect.right, last.rect.left) } else { (first.rect.left, last.rect.right) };
    Some(Ends { start: (start, rows(first)), end: (end, rows(last)) })
}

fn is_rtl(document: &Document, bytes: ByteSpan) -> bool {
    let shown = document.shown();
    shown.iter().find(|p| bytes.start < p.span.end && p.span.start < bytes.end).is_none_or(|p| p.paragraph.is_rtl())
}

/// The mentions and open suggestions in view with their lanes: the innermost nearest to the text.
fn in_view<'a>(
    canvas: &Canvas<'_>,
    document: &Document,
    project: &'a OpenProject,
    open: &'a OpenArticle,
    standing: &Standing<'_>,
) -> Vec<Drawn<'a>> {
    let bytes = document.visible_span();
    let offsets = open.article.offsets();
    let Some(visible) = offsets.span_from_bytes(bytes) else { return Vec::new() };
    let placed = |span, drawn| Drawn { span, rects: rects(document, &open.article, span), ..drawn };
    let review = open.review.as_deref();
    // What belongs to a dispute shows with it.
    let is_disputed = |key: MentionKey| {
        let shown = MentionKey { label: project.labels.shown(key.label), ..key };
        review.is_some_and(|review| review.disputed_gold().contains(&shown))
    };
    let standing_free = open.layer.mentions.overlapping(visible).filter(|mention| !is_disputed(mention.key()));
    let lacking = review.into_iter().flat_map(|review| review.lacking.overlapping(visible));
    let mentions = standing_free.chain(lacking).map(|mention| {
        let held = Held::Mention(mention.key());
        let span = standing.resized.filter(|(of, _)| *of == held).map_or(mention.span, |(_, span)| span);
        placed(span, drawn_mention(canvas, project, open, mention, standing))
    });
    let suggestions = open.advice.overlapping(visible).map(|suggestion| {
        let chosen = open.advice.chosen().filter(|chosen| chosen.suggestion.span == suggestion.span);
        let dragged = standing.resized.filter(|(of, _)| matches!(of, Held::Suggestion(_))).map(|(_, span)| span);
        let span = chosen.map_or(suggestion.span, |chosen| dragged.unwrap_or(chosen.span));
        placed(span, drawn_suggestion(canvas, project, suggestion, chosen.is_some(), standing))
    });
    let mut drawn: Vec<Drawn<'a>> = mentions.chain(suggestions).collect();
    if let Some(review) = review {
        let rects_of = |span| rects(document, &open.article, span);
        let scene = review_drawn::Scene { project, open, review, standing, rects_of: &rects_of };
        drawn.extend(scene.disputes(canvas, visible));
    }
    assign_lanes(&mut drawn);
    drawn
}

/// How a mention looks, before it has a place.
fn drawn_mention<'a>(
    canvas: &Canvas<'_>,
    project: &'a OpenProject,
    open: &OpenArticle,
    mention: &Mention,
    standing: &Standing<'_>,
) -> Drawn<'a> {
    let key = mention.key();
    let label = project.label(mention.label);
    Drawn {
        span: mention.span,
        rects: Vec::new(),
        lane: 0,
        colour: label.map_or(canvas.kit.palette.soft_ink, |l| canvas.kit.palette.label_ink(l.colour)),
        title: label.map_or("?", label_title).into(),
        emphasis: if open.selected == Some(key) { 2 } else { usize::from((standing.marked)(key)) },
        dotted: false,
        has_note: mention.note.is_some(),
        dispute: None,
    }
}

/// How a suggestion looks, before it has a place. The chosen one tells how likely it is and has its label's full colour.
fn drawn_suggestion<'a>(
    canvas: &Canvas<'_>,
    project: &'a OpenProject,
    suggestion: &Suggestion,
    chosen: bool,
    standing: &Standing<'_>,
) -> Drawn<'a> {
    let Kit { palette, locale, .. } = canvas.kit;
    let label = project.label(suggestion.label);
    let title = label.map_or("?", label_title);
    let reaches = suggestion.confidence.percent() >= standing.threshold;
    let named =
        || Message::new("suggestion-named").text("label", title).number("percent", suggestion.confidence.percent());
    Drawn {
        span: suggestion.span,
        rects: Vec::new(),
        lane: 0,
        colour: match label {
            Some(label) if chosen => palette.label_ink(label.colour),
            Some(label) => palette.suggestion_ink(label.colour, reaches),
            None => palette.soft_ink,
        },
        title: if chosen { locale.message(&named()).into() } else { title.into() },
        emphasis: if chosen { 2 } else { usize::from(standing.hovered == Some(suggestion.span)) },
        dotted: true,
        has_note: false,
        dispute: None,
    }
}

/// The shortest mentions first: each takes the lane nearest to the text that no overlapping one has.
fn assign_lanes(drawn: &mut [Drawn<'_>]) {
    let mut order: Vec<usize> = (0..drawn.len()).collect();
    order.sort_by_key(|at| drawn.get(*at).map_or(0, |d| d.span.len_chars()));
    let mut taken: Vec<(Span, usize)> = Vec::with_capacity(drawn.len());
    for at in order {
        let Some(this) = drawn.get_mut(at) else { continue };
        let mut used = [false; LANES];
        for (span, lane) in &taken {
            if span.overlaps(this.span)
                && let Some(slot) = used.get_mut(*lane)
            {
                *slot = true;
            }
        }
        this.lane = used.iter().position(|used| !used).unwrap_or(LANES - 1);
        taken.push((this.span, this.lane));
    }
}

fn paint_tint(canvas: &Canvas<'_>, drawn: &Drawn<'_>) {
    let part = TINT.get(drawn.emphasis).copied().unwrap_or_default();
    if let Some(dispute) = &drawn.dispute {
        return review_paint::paint_stripes(canvas, drawn, dispute);
    }
    for line in &drawn.rects {
        let rect = canvas.rect(line.text_box()).expand2(vec2(1.5, 0.0));
        let radius = CornerRadius { nw: space::MENTION_RADIUS, ne: space::MENTION_RADIUS, sw: 0, se: 0 };
        canvas.painter.rect_filled(rect, radius, drawn.colour.gamma_multiply(part));
    }
}

pub(super) fn lane_top(canvas: &Canvas<'_>, line: &LineRect, lane: usize) -> f32 {
    canvas.point(0.0, line.text_bottom).y + LANE_FIRST + lane as f32 * LANE_STEP
}

fn paint_underlines(canvas: &Canvas<'_>, document: &Document, drawn: &Drawn<'_>) {
    for line in &drawn.rects {
        let rect = canvas.rect(line.text_box()).expand2(vec2(1.5, 0.0));
        let top = lane_top(canvas, line, drawn.lane);
        let line = Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), top + 2.0));
        if drawn.dotted && drawn.emphasis == 2 {
            // Its dashed outline is there already.
        } else if drawn.dotted {
            paint_dots(canvas.painter, line, drawn.colour);
        } else {
            canvas.painter.rect_filled(line, CornerRadius::ZERO, drawn.colour);
        }
    }
    if drawn.has_note
        && let Some(last) = drawn.rects.last()
    {
        // A note shows as a folded corner where the mention ends.
        let rect = canvas.rect(last.text_box()).expand2(vec2(1.5, 0.0));
        let (corner, inwards) =
            if is_rtl_at(document, last) { (rect.left_top(), 7.0) } else { (rect.right_top(), -7.0) };
        let fold = vec![corner, corner + vec2(inwards, 0.0), corner + vec2(0.0, 7.0)];
        canvas.painter.add(Shape::convex_polygon(fold, drawn.colour, Stroke::NONE));
    }
}

/// A dotted line: whole dots at even steps of whole pixels, with the room that is left shared out between both ends.
fn paint_dots(painter: &Painter, line: Rect, colour: Color32) {
    const DOT: f32 = space::SUGGESTION_DOT;
    let pixels_per_point = painter.pixels_per_point();
    let step = (DOT * 2.0).round_to_pixels(pixels_per_point).max(DOT);
    let gaps = ((line.width() - DOT) / step).floor().max(0.0);
    let left = (line.left() + (line.width() - DOT - gaps * step) / 2.0).round_to_pixels(pixels_per_point);
    let top = line.top().round_to_pixels(pixels_per_point);
    for place in 0..=gaps as usize {
        let dot = Rect::from_min_size(pos2(left + place as f32 * step, top), vec2(DOT, DOT));
        painter.rect_filled(dot, CornerRadius::same(1), colour);
    }
}

fn paint_outline(canvas: &Canvas<'_>, document: &Document, drawn: &Drawn<'_>) {
    let outline = |line: &LineRect| canvas.rect(line.text_box()).expand2(vec2(3.0, 1.5));
    let stroke = Stroke::new(2.0, drawn.colour);
    for line in &drawn.rects {
        if drawn.dotted {
            let edge = outline(line).shrink(1.0);
            let around = [edge.left_top(), edge.right_top(), edge.right_bottom(), edge.left_bottom(), edge.left_top()];
            canvas.painter.extend(Shape::dashed_line(&around, stroke, DASH, DASH * 0.7));
        } else {
            let radius = CornerRadius::same(space::MENTION_RADIUS + 2);
            canvas.painter.rect_stroke(outline(line), radius, stroke, StrokeKind::Inside);
        }
    }
    // Handles where an edge can be taken hold of: at the top, where they hide no letter.
    let (Some(first), Some(last)) = (drawn.rects.first(), drawn.rects.last()) else { return };
    let rtl = is_rtl_at(document, first);
    for (line, at_right) in [(first, rtl), (last, !rtl)] {
        let rect = outline(line);
        let corner = if at_right { rect.right_top() + vec2(-1.0, 1.0) } else { rect.left_top() + vec2(1.0, 1.0) };
        canvas.painter.circle_filled(corner, 3.5, drawn.colour);
    }
}

/// Whether the paragraph on whose line a part stands is read from right to left.
pub(super) fn is_rtl_at(document: &Document, part: &LineRect) -> bool {
    let shown = document.shown();
    let above = shown.iter().rev().find(|shown| shown.top_px <= part.rect.top + 0.5);
    above.is_none_or(|shown| shown.paragraph.is_rtl())
}

fn paint_text(canvas: &Canvas<'_>, document: &Document) {
    let clip = canvas.painter.clip_rect();
    let palette = &canvas.kit.palette;
    for shown in document.shown() {
        let colour = if shown.is_lead { palette.soft_ink } else { palette.ink };
        let origin = canvas.point(0.0, shown.top_px);
        canvas.kit.bridge.paint_paragraph(
            canvas.ui.ctx(),
            canvas.painter,
            shown.paragraph,
            origin,
            Rangef::new(clip.top(), clip.bottom()),
            |_| colour,
        );
        let text = document.text_of(shown.number);
        for missing in missing_glyphs(shown.paragraph, text) {
            let rect = canvas.rect(missing.moved(0.0, shown.top_px)).shrink2(vec2(1.0, 5.0));
            let stroke = Stroke::new(1.0, palette.warning);
            canvas.painter.rect_stroke(rect, CornerRadius::same(2), stroke, StrokeKind::Inside);
        }
    }
}

/// Small boxes with the names of characters that leave no mark.
fn paint_invisible(canvas: &Canvas<'_>, document: &Document) {
    let kit = canvas.kit;
    let mut taken: Vec<Rect> = Vec::new();
    let numbers: Vec<_> = document.shown().iter().map(|shown| shown.number).collect();
    for number in numbers {
        for character in document.invisible_characters(number) {
            let look = Look { size: 8.0, weight: 600.0, colour: kit.palette.warning };
            let galley = kit.galley(canvas.ui, character.name, look, Direction::LeftToRight, Wrap::Extend);
            let place = canvas.rect(character.rect);
            let mut rect = Rect::from_center_size(
                pos2(place.center().x, place.top() + galley.size().y / 2.0 + 1.0),
                galley.size() + vec2(6.0, 0.0),
            );
            // Neighbours stand beside each other, not on each other.
            while let Some(other) = taken.iter().find(|other| other.shrink(0.5).intersects(rect)) {
                rect = rect.translate(vec2(other.left() - rect.right(), 0.0));
            }
            taken.push(rect);
            let stroke = Stroke::new(1.0, kit.palette.warning);
            canvas.painter.rect(rect, CornerRadius::same(3), kit.palette.paper, stroke, StrokeKind::Inside);
            canvas.painter.galley(rect.min + vec2(3.0, 0.0), galley, kit.palette.warning);
            let foot = place.center().x.clamp(rect.left(), rect.right());
            let tick = [pos2(foot, rect.bottom()), pos2(place.center().x, place.bottom() - 6.0)];
            canvas.painter.line_segment(tick, Stroke::new(1.0, kit.palette.warning.gamma_multiply(0.5)));
        }
    }
}
