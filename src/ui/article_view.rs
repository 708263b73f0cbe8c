//! The article pane: the paper, the text with its mentions, the pointer on it and the caret's way over lines.
//!
//! Owns the layout of the open article and what the pointer is doing. It must not change a mention: it says what was meant.

use crate::domain::article::{Article, ArticleId};
use crate::domain::mention::MentionKey;
use crate::domain::offset::{ByteOffset, ByteSpan, CharOffset, Span};
use crate::domain::snap;
use crate::session::acts::Act;
use crate::session::command::{Command, Edge, MarkCommand, SelectCommand, SuggestCommand, ViewCommand};
use crate::session::review::Review;
use crate::session::review_command::ReviewCommand;
use crate::session::state::{Attention, OpenArticle, OpenProject, State};
use crate::text::caret::Caret;
use crate::text::document::{Document, DocumentStyle};
use crate::text::geometry::RectPx;
use crate::text::scroll::Anchor;
use crate::ui::article_paint::{self, Canvas, Held, Standing};
use crate::ui::kit::Kit;
use crate::ui::label_menu::LabelMenu;
use crate::ui::screen_reader::tell_text;
use crate::ui::scroll_bar::{self, Tick};
use crate::ui::suggestion_words;
use crate::ui::theme::{size, space};
use egui::{CornerRadius, CursorIcon, Id, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};
use std::collections::HashMap;

/// From the top of the paper to the first line.
const TOP_MARGIN: f32 = 20.0;
/// How near the pointer must be to an edge of a mention to take hold of it, sideways: the dot of the edge and a little more.
const EDGE_REACH: f32 = 8.0;
/// The same beyond the top and bottom of the line: the dot stands out there.
const EDGE_REACH_Y: f32 = 5.0;
/// How much of the text stays around a place that is brought into view.
const REVEAL_MARGIN: f32 = 72.0;

/// What the pressed pointer is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Press {
    /// It went down here and may become a click or a drag.
    Text { from: Span },
    /// It drags an edge of a mention or suggestion.
    Edge { held: Held, edge: Edge, span: Span },
}

/// What the pane holds beside the state.
#[derive(Default)]
pub struct ArticleView {
    document: Option<(ArticleId, Document)>,
    anchors: HashMap<ArticleId, Anchor>,
    press: Option<Press>,
    menu: LabelMenu,
    /// The x that moving over lines keeps, and the caret it belongs to.
    column: Option<(CharOffset, f32)>,
    /// The mention under the pointer.
    pub hovered: Option<MentionKey>,
    /// The span of the suggestion under the pointer.
    hovered_suggestion: Option<Span>,
    /// The rows on the screen that are being worked on: floating messages keep off them.
    pub busy_rows: Option<egui::Rangef>,
    view_height_px: f32,
    /// Where the column was drawn last.
    drawn: Option<Column>,
}

/// Where the text column stands on the screen.
#[derive(Clone, Copy, Debug)]
struct Column {
    origin: Pos2,
    width: f32,
    height: f32,
    pixels_per_point: f32,
}

impl Column {
    fn px_from_point(self, at: Pos2) -> (f32, f32) {
        let moved = (at - self.origin) * self.pixels_per_point;
        (moved.x, moved.y)
    }

    fn rect_from_px(self, px: RectPx) -> Rect {
        let point = |x, y| self.origin + vec2(x, y) / self.pixels_per_point;
        Rect::from_min_max(point(px.left, px.top), point(px.right, px.bottom))
    }
}

impl ArticleView {
    /// Draws the open article and says what the pointer meant. `outlined`: mentions to point out, as those of a hovered row.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        state: &State,
        outlined: &dyn Fn(&OpenArticle, MentionKey) -> bool,
        commands: &mut Vec<Command>,
    ) {
        let Some(project) = &state.project else { return };
        let Some(open) = &project.open else { return };
        let zoom = state.settings.zoom;
        let area = ui.available_rect_before_wrap();
        let paper_width = (space::PAPER_WIDTH * zoom.max(1.0)).min(area.width() - 24.0).max(120.0);
        let paper = Rect::from_min_max(
            pos2(area.center().x - paper_width / 2.0, area.top()),
            pos2(area.center().x + paper_width / 2.0, area.bottom()),
        );
        paint_paper(ui, kit, paper);
        let margin = space::PAPER_MARGIN.min(paper_width * 0.07);
        let column = Column {
            origin: paper.min + vec2(margin, TOP_MARGIN),
            width: paper_width - 2.0 * margin,
            height: (area.height() - TOP_MARGIN).max(1.0),
            pixels_per_point: ui.ctx().pixels_per_point(),
        };
        self.view_height_px = column.height * column.pixels_per_point;
        self.drawn = Some(column);
        self.prepare(kit, open, column, zoom);
        if let Some(Attention::Reveal(span)) = state.attention {
            self.reveal(kit, &open.article, span);
            commands.push(Command::View(ViewCommand::Attended));
        }
        let id = Id::unique("article-pane");
        let response = ui.interact(paper, id, Sense::click_and_drag());
        self.scroll(ui, kit, &response);
        let Some((_, document)) = &mut self.document else { return };
        kit.bridge.with_engine(|engine| document.visible(engine, self.view_height_px));
        self.pointer(ui, project, open, column, &response, commands);
        let Some((_, document)) = &self.document else { return };
        let painter = ui.painter_at(Rect::from_min_max(paper.min + vec2(1.0, 1.0), paper.max));
        let canvas = Canvas { ui, kit, painter: &painter, origin: column.origin, width: column.width, zoom };
        let hovered = self.hovered;
        let standing = Standing {
            threshold: state.settings.threshold,
            resized: match self.press {
                Some(Press::Edge { held, span, .. }) => Some((held, span)),
                _ => None,
            },
            marked: &|key| hovered == Some(key) || outlined(open, key),
            hovered: self.hovered_suggestion,
        };
        self.busy_rows = article_paint::paint(&canvas, document, project, open, &standing);
        accessible(ui, kit, &response, document, (project, open), column);
        self.scroll_bar(ui, kit, project, open, area, paper);
        let key = state.shortcuts.line("key-label-ask").and_then(|line| line.first_shown.as_deref());
        self.menu.show(ui.ctx(), kit, project, self.busy_rows, key, commands);
    }

    /// Where a span of the open article stands on the screen, in points, a rectangle for each line; nothing where it is not in view.
    #[must_use]
    pub fn rects_of(&self, open: &OpenArticle, span: Span) -> Vec<Rect> {
        let (Some((_, document)), Some(column)) = (&self.document, self.drawn) else { return Vec::new() };
        let Some(bytes) = open.article.bytes_from_span(span) else { return Vec::new() };
        document.rects_of(bytes).into_iter().map(|(_, line)| column.rect_from_px(line.rect)).collect()
    }

    /// Lays the article out anew when it is another one, or its style when that changed.
    fn prepare(&mut self, kit: &Kit<'_>, open: &OpenArticle, column: Column, zoom: f32) {
        let scale = column.pixels_per_point * zoom;
        let style = DocumentStyle {
            size_px: size::ARTICLE * scale,
            lead_size_px: size::LEAD * scale,
            weight: 400.0,
            line_height: space::ARTICLE_LINE_HEIGHT,
            direction: open.article.direction,
            width_px: column.width * column.pixels_per_point,
            paragraph_gap_px: 2.0 * scale,
            blank_gap_px: 7.0 * scale,
        };
        let id = open.article.id();
        match &mut self.document {
            Some((shown, document)) if *shown == id => {
                kit.bridge.with_engine(|engine| document.set_style(engine, style));
            }
            slot => {
                if let Some((old, document)) = slot.take() {
                    self.anchors.insert(old, document.anchor());
                }
                let mut document = Document::new(open.article.text().clone(), style);
                if let Some(anchor) = self.anchors.get(&id) {
                    document.set_anchor(*anchor);
                }
                *slot = Some((id, document));
                self.press = None;
                self.hovered = None;
                self.hovered_suggestion = None;
                self.column = None;
                self.menu.close();
            }
        }
    }

    fn reveal(&mut self, kit: &Kit<'_>, article: &Article, span: Span) {
        let Some((_, document)) = &mut self.document else { return };
        let Some(at) = article.offsets().byte_from_char(span.start) else { return };
        let height = self.view_height_px;
        kit.bridge.with_engine(|engine| document.scroll_to(engine, at, REVEAL_MARGIN.min(height / 4.0), height));
    }

    fn scroll(&mut self, ui: &Ui, kit: &Kit<'_>, response: &egui::Response) {
        let Some((_, document)) = &mut self.document else { return };
        let pixels_per_point = ui.ctx().pixels_per_point();
        let mut dy = 0.0;
        if response.contains_pointer() {
            dy -= ui.input(|input| input.smooth_scroll_delta().y);
        }
        // A drag beyond the edge pulls the text along.
        if self.press.is_some()
            && let Some(at) = response.interact_pointer_pos()
        {
            let rect = response.rect;
            let beyond = (at.y - rect.bottom() + 12.0).max(0.0) - (rect.top() + 12.0 - at.y).max(0.0);
            if beyond != 0.0 {
                dy += beyond.clamp(-40.0, 40.0) * 0.4;
                ui.ctx().request_repaint();
            }
        }
        if dy != 0.0 {
            let height = self.view_height_px;
            kit.bridge.with_engine(|engine| document.scroll_by(engine, dy * pixels_per_point, height));
        }
    }

    fn pointer(
        &mut self,
        ui: &Ui,
        project: &OpenProject,
        open: &OpenArticle,
        column: Column,
        response: &egui::Response,
        commands: &mut Vec<Command>,
    ) {
        let Some((_, document)) = &self.document else { return };
        let article = &open.article;
        let hover = response.hover_pos().filter(|_| response.contains_pointer());
        let edge = hover.and_then(|at| edge_at(document, open, column, at));
        let hovered = hover.and_then(|at| {
            let (x, y) = column.px_from_point(at);
            char_from_byte(article, document.cluster_at_point(x, y)?.start)
        });
        self.hovered = hovered.and_then(|at| open.layer.mentions.at(at).first().map(|mention| mention.key()));
        self.hovered_suggestion = hovered
            .filter(|_| self.hovered.is_none())
            .and_then(|at| open.advice.overlapping(Span::new(at, at.plus(1))).next().map(|found| found.span));
        if edge.is_some() || matches!(self.press, Some(Press::Edge { .. })) {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
        } else if hover.is_some() {
            ui.ctx().set_cursor_icon(CursorIcon::Text);
        }
        let Some(at) = response.interact_pointer_pos() else {
            self.press = None;
            return;
        };
        let (x, y) = column.px_from_point(at);
        let near = nearest_cluster(document, article, x, y);
        let under = document.cluster_at_point(x, y).and_then(|bytes| char_from_byte(article, bytes.start));
        let graphemes = ui.input(|input| input.modifiers.alt);
        if response.drag_started_by(egui::PointerButton::Primary) {
            self.menu.close();
            ui.memory_mut(|memory| memory.stop_text_input());
            let pressed = ui.input(|input| input.pointer.press_origin()).unwrap_or(at);
            let (x, y) = column.px_from_point(pressed);
            let from = nearest_cluster(document, article, x, y);
            self.press = Some(match edge_at(document, open, column, pressed) {
                Some((held, edge)) => Press::Edge { held, edge, span: held.span() },
                None => Press::Text { from },
            });
        }
        match &mut self.press {
            Some(Press::Text { from }) if response.dragged() => {
                let span = from.union(near);
                commands.push(Command::Select(SelectCommand::Drag { from: span.start, to: span.end, graphemes }));
            }
            Some(Press::Edge { held, edge, span }) => {
                let fixed = if *edge == Edge::Start { held.span().end } else { held.span().start };
                let reached = if near.start >= fixed { near.end } else { near.start };
                *span = snapped(article, Span::new(fixed, reached), graphemes).unwrap_or(*span);
            }
            _ => {}
        }
        if response.drag_stopped() {
            match self.press.take() {
                // The pointer may have moved on in the very frame in which it was released.
                Some(Press::Text { from }) => {
                    let span = from.union(near);
                    commands.push(Command::Select(SelectCommand::Drag { from: span.start, to: span.end, graphemes }));
                    match project.armed {
                        Some(label) if snapped(article, span, graphemes).is_some() => {
                            commands.push(Command::Mark(MarkCommand::Label(label)));
                        }
                        _ => self.menu.open_at(at),
                    }
                }
                Some(Press::Edge { held, span, .. }) => commands.push(match held {
                    Held::Mention(mention) => Command::Mark(MarkCommand::Resize { mention, span }),
                    Held::Suggestion(_) => Command::Suggest(SuggestCommand::Reshape(span)),
                }),
                None => {}
            }
        } else if response.double_clicked() {
            commands.push(Command::Select(SelectCommand::Word { at: under.unwrap_or(near.start) }));
            match project.armed {
                Some(label) => commands.push(Command::Mark(MarkCommand::Label(label))),
                None => self.menu.open_at(at),
            }
        } else if response.secondary_clicked() {
            ui.memory_mut(|memory| memory.stop_text_input());
            let place = under.unwrap_or(near.start);
            // What is selected stays so: the menu is for it.
            let chosen = open.selected.map(|key| key.span).or(open.target().filter(|_| open.selecting));
            if !chosen.is_some_and(|span| span.start <= place && place < span.end) {
                let is_mention = !open.layer.mentions.at(place).is_empty();
                commands.push(Command::Select(match is_mention {
                    true => SelectCommand::Click { at: place },
                    false => SelectCommand::Word { at: place },
                }));
            }
            self.menu.open_at(at);
        } else if response.clicked() {
            ui.memory_mut(|memory| memory.stop_text_input());
            self.menu.close();
            let dispute =
                open.review.as_ref().zip(under).and_then(|(review, at)| review.dispute_at(Span::new(at, at.plus(1))));
            commands.extend(dispute.map(|case| Command::Review(ReviewCommand::Choose(case))));
            commands.push(Command::Select(match under {
                Some(at) => SelectCommand::Click { at },
                None => SelectCommand::MoveTo { at: near.start, extend: false },
            }));
        }
    }

    fn scroll_bar(
        &mut self,
        ui: &mut Ui,
        kit: &Kit<'_>,
        project: &OpenProject,
        open: &OpenArticle,
        area: Rect,
        paper: Rect,
    ) {
        let Some((_, document)) = &mut self.document else { return };
        let height = self.view_height_px;
        let Some(fraction) = document.scroll_fraction(height) else { return };
        let x = if kit.rtl() { paper.left() - 11.0 } else { paper.right() + 3.0 };
        let rect = Rect::from_min_max(pos2(x, area.top() + 6.0), pos2(x + 8.0, area.bottom() - 6.0));
        let shown = (f64::from(height) / document.total_height_px().max(1.0)).min(1.0);
        let end = open.article.span().end;
        let open_disputes = open.review.as_deref().map_or(&[][..], Review::waiting_starts);
        let tick_at = |from: f64, to: f64| {
            let at = |part: f64| CharOffset::new((end.get() as f64 * part) as usize);
            let (from, to) = (at(from), at(to));
            let first = open_disputes.partition_point(|start| *start < from);
            if open_disputes.get(first).is_some_and(|start| *start < to) {
                return Some(Tick::Dispute(kit.palette.fault));
            }
            let mention = open.layer.mentions.after(from.minus(1))?;
            (mention.span.start < to).then_some(())?;
            project.label(mention.label).map(|label| Tick::Mention(kit.palette.label_ink(label.colour)))
        };
        if let Some(fraction) = scroll_bar::show(ui, kit, rect, fraction, shown, &tick_at) {
            kit.bridge.with_engine(|engine| document.scroll_to_fraction(engine, fraction, height));
        }
    }

    /// What a key means that only the pane can tell: which side is forward, where the next line is.
    pub fn act(&mut self, kit: &Kit<'_>, open: &OpenArticle, act: &Act, commands: &mut Vec<Command>) {
        use crate::session::command::Step;
        self.menu.close();
        let rtl = self.caret_is_rtl(open);
        let forward = |left: bool| if left == rtl { Step::Forward } else { Step::Back };
        match act {
            Act::Command(command) => commands.push(command.clone()),
            Act::Sideways { left, extend } => {
                commands.push(Command::Select(SelectCommand::Move { step: forward(*left), extend: *extend }));
            }
            Act::SidewaysMention { left, same_label: false } => {
                commands.push(Command::Select(SelectCommand::StepMention(forward(*left))));
            }
            Act::SidewaysMention { left, same_label: true } => {
                commands.push(Command::Select(SelectCommand::StepLabel { label: None, step: forward(*left) }));
            }
            Act::AskLabel(purpose) => {
                let span = open.selected.map(|key| key.span).or(open.target()).unwrap_or(open.focus);
                let beside = self
                    .rects_of(open, span)
                    .last()
                    .map(|line| if rtl { line.right_bottom() } else { line.left_bottom() });
                let middle = self.drawn.map(|column| column.origin + vec2(column.width, column.height) / 2.0);
                if let Some(at) = beside.or(middle) {
                    self.menu.ask(at, *purpose);
                }
            }
            Act::Lines { lines, extend } => {
                if let Some(at) = self.other_line(kit, open, *lines > 0) {
                    commands.push(Command::Select(SelectCommand::MoveTo { at, extend: *extend }));
                }
            }
            Act::Pages { pages } => {
                let dy = self.view_height_px * 0.88 * *pages as f32;
                let height = self.view_height_px;
                if let Some((_, document)) = &mut self.document {
                    kit.bridge.with_engine(|engine| document.scroll_by(engine, dy, height));
                }
            }
            Act::Ends { last } => {
                let at = if *last { open.article.span().end } else { CharOffset::ZERO };
                commands.push(Command::Select(SelectCommand::MoveTo { at, extend: false }));
            }
        }
    }

    /// Whether a label is being found by its name beside the selection.
    #[must_use]
    pub fn finds_label(&self, project: &OpenProject) -> bool {
        self.menu.finds(project)
    }

    fn caret_is_rtl(&self, open: &OpenArticle) -> bool {
        use crate::domain::article::Direction;
        let at = open.article.offsets().byte_from_char(open.caret());
        let shown = self.document.as_ref().zip(at).and_then(|((_, document), at)| {
            let shown = document.shown();
            shown.iter().find(|p| p.span.start <= at && at <= p.span.end).map(|p| p.paragraph.is_rtl())
        });
        shown.unwrap_or(open.article.direction != Direction::LeftToRight)
    }

    /// The place on the line below or above that is nearest to the middle of the caret's word.
    fn other_line(&mut self, kit: &Kit<'_>, open: &OpenArticle, down: bool) -> Option<CharOffset> {
        let (_, document) = self.document.as_mut()?;
        let offsets = open.article.offsets();
        let caret = Caret::before(offsets.byte_from_char(open.caret())?);
        let after = Caret::after(offsets.byte_from_char(open.focus.end)?);
        kit.bridge.with_engine(|engine| {
            let x = match self.column {
                Some((at, x)) if at == open.caret() => x,
                _ => f32::midpoint(document.x_from_caret(engine, caret), document.x_from_caret(engine, after)),
            };
            let moved = document.caret_on_next_line(engine, caret, x, down)?;
            let at = offsets.char_from_byte(moved.at)?;
            let word = crate::session::selecting::word_at(&open.article, at);
            self.column = Some((word.map_or(at, |word| word.start), x));
            Some(at)
        })
    }
}

fn paint_paper(ui: &Ui, kit: &Kit<'_>, paper: Rect) {
    let radius = CornerRadius { nw: space::PAPER_RADIUS, ne: space::PAPER_RADIUS, sw: 0, se: 0 };
    let clip = ui.clip_rect();
    let painter = ui.painter().with_clip_rect(clip.intersect(paper.expand(14.0)));
    let shadow = egui::Shadow { offset: [0, 2], blur: 12, spread: 0, color: kit.palette.shadow };
    painter.add(shadow.as_shape(paper, radius));
    painter.rect(paper, radius, kit.palette.paper, Stroke::new(1.0, kit.palette.line), StrokeKind::Inside);
}

fn char_from_byte(article: &Article, at: ByteOffset) -> Option<CharOffset> {
    article.offsets().char_from_byte(at)
}

/// The grapheme cluster under a point, or the one nearest to it on its line.
///
/// A caret alone would not do: at the right end of a number in a Persian line it can stand before or after the number.
fn nearest_cluster(document: &Document, article: &Article, x: f32, y: f32) -> Span {
    const INWARDS_PX: f32 = 0.75;
    let caret = document.caret_from_point(x, y);
    let beside = || {
        let rect = document.caret_rect(caret)?;
        let middle = f32::midpoint(rect.top, rect.bottom);
        let at = |dx| document.cluster_at_point(rect.left + dx, middle);
        at(-INWARDS_PX).or_else(|| at(INWARDS_PX))
    };
    let cluster = document.cluster_at_point(x, y).or_else(beside);
    cluster
        .and_then(|bytes| article.offsets().span_from_bytes(bytes))
        .or_else(|| char_from_byte(article, caret.at).map(Span::empty_at))
        .unwrap_or_default()
}

/// The span snapped as a selection is.
fn snapped(article: &Article, span: Span, graphemes: bool) -> Option<Span> {
    let bytes = article.bytes_from_span(span)?;
    let snapped: ByteSpan = if graphemes {
        snap::snap_to_graphemes(article.text(), bytes)?
    } else {
        snap::snap_to_words(article.text(), bytes)?
    };
    article.offsets().span_from_bytes(snapped)
}

/// The edge of the selected mention or chosen suggestion that the pointer can take hold of: the nearer one, where it is narrow.
fn edge_at(document: &Document, open: &OpenArticle, column: Column, at: Pos2) -> Option<(Held, Edge)> {
    let held = Held::of(open)?;
    let (x, y) = column.px_from_point(at);
    let [reach, reach_y] = [EDGE_REACH, EDGE_REACH_Y].map(|points| points * column.pixels_per_point);
    let ends = article_paint::ends(document, open, held.span())?;
    [(ends.start, Edge::Start), (ends.end, Edge::End)]
        .into_iter()
        .map(|((edge_x, rows), edge)| ((x - edge_x).abs(), rows, edge))
        .filter(|(away, rows, _)| *away <= reach && (rows.start - reach_y..rows.end + reach_y).contains(&y))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(.., edge)| (held, edge))
}

/// What a screen reader gets: the chosen suggestion or the selection as the pane's description, and every paragraph in view with its lines as text
/// runs in their real direction.
fn accessible(
    ui: &Ui,
    kit: &Kit<'_>,
    pane: &egui::Response,
    document: &Document,
    (project, open): (&OpenProject, &OpenArticle),
    column: Column,
) {
    use egui::accesskit::Role;
    let ctx = ui.ctx();
    let listening = ctx.accesskit_node_builder(pane.id, |node| {
        node.set_role(Role::Document);
        node.set_label(open.article.name().to_owned());
        let visible = document.visible_span().slice(open.article.text()).unwrap_or_default();
        node.set_value(visible.to_owned());
        let chosen = suggestion_words::chosen_aloud(kit.locale, project, open);
        let target = || open.target().and_then(|span| open.article.surface(span)).map(str::to_owned);
        if let Some(described) = chosen.or_else(target) {
            node.set_description(described);
        }
    });
    if listening.is_none() {
        return;
    }
    for shown in document.shown() {
        let id = pane.id.with(("paragraph", shown.number.get()));
        let origin = column.origin + vec2(0.0, shown.top_px / column.pixels_per_point);
        let height = shown.paragraph.height() / column.pixels_per_point;
        // Only by being a widget does it become the pane's neighbour in the tree; it senses nothing.
        ui.interact(Rect::from_min_size(origin, vec2(column.width, height)), id, Sense::empty());
        ctx.accesskit_node_builder(id, |node| node.set_role(Role::Paragraph));
        let text = document.text_of(shown.number);
        tell_text(ctx, kit.bridge, id, (shown.paragraph, text), None, origin);
    }
}
