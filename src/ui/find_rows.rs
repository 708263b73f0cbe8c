//! The rows of the list of hits: the heading of an article, and a hit on its line with the labels that stand there.
//!
//! Owns the picture of a row and what a press on it means. It must not know which rows are in view.

use crate::domain::article::Direction;
use crate::domain::mention::Mention;
use crate::session::finding::Find;
use crate::session::state::OpenProject;
use crate::store::hits::{ArticleHits, Hit};
use crate::text::hit_line::{HitLine, Quote, Room};
use crate::ui::galley::{GalleyStyle, Wrap, is_truncated};
use crate::ui::icons::{self, Icon};
use crate::ui::kit::{Kit, Look};
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::{mixed, size, space};
use crate::words::message::Message;
use egui::{
    Color32, CornerRadius, Galley, Id, Painter, Rangef, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// The side of the square that tells whether something is selected, in points.
pub const CHECK_SIDE: f32 = 16.0;
/// From the edge of a row to what is in it, in points.
const MARGIN: f32 = 16.0;
/// From the square to what it stands for, in points.
const GAP: f32 = 12.0;
/// The part of a row's text that stands before the hit: hits stand below each other.
const BEFORE_SHARE: f32 = 0.4;
/// What is shown before a hit needs no more, in points.
const BEFORE_MOST: f32 = 290.0;
/// As many code points of a line as the store shows before and after a hit.
const CHARS_SHOWN: usize = 40;
/// No chip is wider, in points.
const CHIP_WIDTH: f32 = 96.0;
/// Room for one of them is always kept, so that rows with and without stand alike, in points.
const CHIPS_ROOM: f32 = 84.0;
/// More labels than this are told by their number.
const CHIPS_MOST: usize = 3;

/// How much of something is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Nothing.
    None,
    /// A part.
    Some,
    /// All.
    All,
}

impl Share {
    /// The share that `part` is of `all`.
    #[must_use]
    pub fn of(part: usize, all: usize) -> Self {
        match part {
            0 => Self::None,
            _ if part >= all => Self::All,
            _ => Self::Some,
        }
    }
}

/// What was done to a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pressed {
    /// Its square was pressed.
    pub toggled: bool,
    /// The row was pressed.
    pub shown: bool,
}

/// How a row stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// It is the first of all.
    pub is_first: bool,
    /// The list's cursor is on it.
    pub is_current: bool,
    /// The list has the keyboard.
    pub has_keyboard: bool,
    /// Something can be done with it.
    pub is_live: bool,
}

/// Paints the square for what is selected.
pub fn paint_check(painter: &Painter, kit: &Kit<'_>, rect: Rect, share: Share) {
    let palette = &kit.palette;
    let radius = CornerRadius::same(4);
    if share == Share::None {
        painter.rect_stroke(rect, radius, Stroke::new(1.3, palette.soft_ink), StrokeKind::Inside);
        return;
    }
    painter.rect_filled(rect, radius, palette.accent);
    if share == Share::All {
        icons::paint(painter, Icon::Check, rect.center(), palette.on_accent, kit.rtl());
    } else {
        let dash = Rect::from_center_size(rect.center(), vec2(8.0, 2.0));
        painter.rect_filled(dash, CornerRadius::ZERO, palette.on_accent);
    }
}

/// The square of a row, to be pressed.
fn check(ui: &Ui, kit: &Kit<'_>, row: Rect, id: Id, name: &str, share: Share, is_live: bool) -> Response {
    let inner = row.shrink2(vec2(MARGIN, 0.0));
    let square = kit.start_aligned(inner, vec2(CHECK_SIDE, CHECK_SIDE));
    let sense = if is_live { Sense::CLICK } else { Sense::hover() };
    let response = ui.interact(square.expand(7.0), id.with("check"), sense);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, is_live, share == Share::All, name));
    if response.hovered() && is_live {
        ui.painter().rect_filled(
            square.expand(3.0),
            CornerRadius::same(6),
            mixed(kit.palette.paper, kit.palette.ink, 0.08),
        );
    }
    paint_check(ui.painter(), kit, square, share);
    response
}

/// What is left of a row beside its square.
fn beside_check(kit: &Kit<'_>, row: Rect) -> Rect {
    let inner = row.shrink2(vec2(MARGIN, 0.0));
    if kit.rtl() {
        inner.with_max_x(inner.right() - CHECK_SIDE - GAP)
    } else {
        inner.with_min_x(inner.left() + CHECK_SIDE + GAP)
    }
}

/// Paints the ground of a row.
fn ground(ui: &Ui, kit: &Kit<'_>, row: Rect, response: &Response, stand: Stand) {
    let palette = &kit.palette;
    let card = row.shrink2(vec2(6.0, 1.0));
    let radius = CornerRadius::same(space::CONTROL_RADIUS - 1);
    let hot = response.hovered() && stand.is_live;
    if stand.is_current || hot {
        let part = if stand.is_current { 0.07 } else { 0.04 };
        ui.painter().rect_filled(card, radius, mixed(palette.paper, palette.ink, part));
    }
    if stand.is_current && stand.has_keyboard {
        ui.painter().rect_stroke(card, radius, Stroke::new(1.5, palette.accent), StrokeKind::Inside);
    }
}

/// The heading of an article, below a line unless it is the first.
pub fn heading(ui: &Ui, kit: &Kit<'_>, find: &Find, row: Rect, found: &ArticleHits, stand: Stand) -> Pressed {
    let palette = &kit.palette;
    let id = Id::unique("article with hits").with(found.article);
    let sense = if stand.is_live { Sense::CLICK } else { Sense::hover() };
    let response = ui.interact(row, id, sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, stand.is_live, &found.title));
    if !stand.is_first {
        ui.painter().hline(row.shrink2(vec2(MARGIN, 0.0)).x_range(), row.top() + 0.5, Stroke::new(1.0, palette.line));
    }
    ground(ui, kit, row, &response, stand);
    let share = Share::of(find.selected_in(found), found.hits.len());
    let name = kit.locale.message(&Message::new("find-select-article").text("title", &found.title));
    let square = check(ui, kit, row, id, &name, share, stand.is_live);

    let rest = beside_check(kit, row);
    let count = kit.locale.message(&Message::new("find-places").number("count", found.hits.len() as u64));
    let count = kit.galley(ui, &count, kit.small(), kit.locale.direction(), Wrap::Extend);
    let room = rest.width() - count.size().x - 20.0 - GAP;
    ui.painter().galley(kit.end_aligned(rest, count.size()).min, count, palette.soft_ink);
    let mark = kit.start_aligned(rest, vec2(9.0, 9.0)).center();
    icons::paint_status(ui.painter(), kit, found.status, mark);
    let texts = if kit.rtl() { rest.with_max_x(rest.right() - 20.0) } else { rest.with_min_x(rest.left() + 20.0) };
    let look = Look { weight: 650.0, size: size::LIST, colour: palette.ink };
    let title = kit.galley(ui, &found.title, look, Direction::Auto, Wrap::Truncate(room.max(24.0)));
    let cut = is_truncated(&title);
    ui.painter().galley(kit.start_aligned(texts, title.size()).min, title, palette.ink);
    let shown = response.clicked();
    if cut {
        kit.hint(response, &found.title);
    }
    Pressed { toggled: square.clicked(), shown }
}

/// A label beside a hit.
struct Chip {
    title: Arc<Galley>,
    ink: Color32,
    /// Whether its mention has just the span of the hit.
    is_here: bool,
}

/// The room before a hit in a text of this width, in points.
fn before_of(width: f32) -> f32 {
    (width * BEFORE_SHARE).min(BEFORE_MOST)
}

/// What is drawn of a hit, laid out for a width.
pub struct HitRow {
    line: HitLine,
    width: f32,
}

impl HitRow {
    /// Whether it can be drawn in this width, in points.
    #[must_use]
    pub fn fits(&self, width: f32) -> bool {
        (self.width - width).abs() < 0.5
    }

    fn new(kit: &Kit<'_>, hit: &Hit, width: f32, pixels_per_point: f32) -> Self {
        let style = GalleyStyle { direction: kit.locale.direction(), ..GalleyStyle::new(size::INTERFACE) };
        let width_px = width * pixels_per_point;
        let room = Room { width_px, before_px: before_of(width) * pixels_per_point };
        let quote = Quote { before: &hit.before, hit: &hit.surface, after: &hit.after, chars_shown: CHARS_SHOWN };
        let style = style.in_pixels(pixels_per_point);
        let line = kit.bridge.with_engine(|engine| HitLine::new(engine, quote, style, 700.0, room));
        Self { line, width }
    }
}

/// A hit; `laid_out` is kept from frame to frame.
pub fn hit_row(
    ui: &Ui,
    kit: &Kit<'_>,
    project: &OpenProject,
    row: Rect,
    (found, hit, is_selected): (&ArticleHits, &Hit, bool),
    laid_out: &mut Option<HitRow>,
    stand: Stand,
) -> Pressed {
    let id = Id::unique("hit").with((found.article, hit.span));
    let sense = if stand.is_live { Sense::CLICK } else { Sense::hover() };
    let response = ui.interact(row, id, sense);
    let said = || format!("{}{}{}", hit.before, hit.surface, hit.after);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, stand.is_live, said()));
    ground(ui, kit, row, &response, stand);
    let name = kit.locale.message(&Message::new("find-select").text("surface", &*hit.surface));
    let share = if is_selected { Share::All } else { Share::None };
    let square = check(ui, kit, row, id, &name, share, stand.is_live);

    let rest = beside_check(kit, row);
    let chips = chips(ui, kit, project, hit);
    let chips_width = paint_chips(ui, kit, rest, &chips);
    // The hit stands at one place in every row, whatever stands at the end.
    let width = (rest.width() - chips_width.max(CHIPS_ROOM)).max(80.0);
    let pixels_per_point = ui.ctx().pixels_per_point();
    let drawn = match laid_out.take() {
        Some(drawn) if drawn.fits(width) => drawn,
        _ => HitRow::new(kit, hit, width, pixels_per_point),
    };
    let texts = kit.start_aligned(rest, vec2(width, rest.height()));
    let label = hit.mentions.iter().find(|m| m.span == hit.span).and_then(|m| project.label(m.label));
    let tint = match label {
        Some(label) => kit.palette.label_tint(label.colour, 0.28),
        None => mixed(kit.palette.paper, kit.palette.ink, 0.09),
    };
    let ink = label.map_or(kit.palette.soft_ink, |label| kit.palette.label_ink(label.colour));
    paint_line(ui, kit, texts, &drawn.line, HitLook { tint, ink, is_selected, is_whole: hit.whole });
    *laid_out = Some(drawn);
    Pressed { toggled: square.clicked(), shown: response.clicked() }
}

/// How a hit on its line looks.
#[derive(Clone, Copy)]
struct HitLook {
    tint: Color32,
    ink: Color32,
    is_selected: bool,
    is_whole: bool,
}

/// Paints the line of a hit so that the hit begins at its place in `texts`.
fn paint_line(ui: &Ui, kit: &Kit<'_>, texts: Rect, line: &HitLine, look: HitLook) {
    let pixels_per_point = ui.ctx().pixels_per_point();
    // Its own side is the one where it begins to be read, whichever that is for the window.
    let before = before_of(texts.width());
    let start = if line.paragraph.is_rtl() { texts.right() - before } else { texts.left() + before };
    let origin = pos2(
        start - line.start_px() / pixels_per_point,
        texts.center().y - line.paragraph.height() / pixels_per_point / 2.0,
    );
    let painter = ui.painter_at(texts.expand2(vec2(4.0, 0.0)));
    for part in line.rects() {
        let px = part.text_box();
        let corner = |x: f32, y: f32| origin + vec2(x, y) / pixels_per_point;
        let rect = Rect::from_min_max(corner(px.left, px.top), corner(px.right, px.bottom)).expand2(vec2(2.0, 0.0));
        let radius = CornerRadius::same(space::MENTION_RADIUS + 1);
        painter.rect_filled(rect, radius, look.tint);
        if !look.is_whole {
            dotted_border(&painter, rect, look.ink);
        }
    }
    let palette = &kit.palette;
    let ink = if look.is_selected { palette.ink } else { palette.soft_ink };
    kit.bridge.paint_paragraph(ui.ctx(), &painter, &line.paragraph, origin, Rangef::EVERYTHING, |_| ink);
}

fn dotted_border(painter: &Painter, rect: Rect, colour: Color32) {
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    painter.extend(Shape::dashed_line(&corners, Stroke::new(1.0, colour), 2.0, 2.0));
}

/// The labels of the mentions at a hit, those of just its span first.
fn chips(ui: &Ui, kit: &Kit<'_>, project: &OpenProject, hit: &Hit) -> Vec<Chip> {
    let mut mentions: Vec<&Mention> = hit.mentions.iter().collect();
    mentions.sort_by_key(|mention| mention.span != hit.span);
    let more = mentions.len().saturating_sub(CHIPS_MOST);
    let chip = |mention: &Mention| {
        let label = project.label(mention.label);
        let title = label.map_or("?", label_title);
        let ink = label.map_or(kit.palette.soft_ink, |label| kit.palette.label_ink(label.colour));
        chip_of(ui, kit, title, ink, mention.span == hit.span)
    };
    let mut chips: Vec<Chip> = mentions.into_iter().take(CHIPS_MOST).map(chip).collect();
    if more > 0 {
        let words = kit.locale.message(&Message::new("find-more-labels").number("count", more as u64));
        chips.push(chip_of(ui, kit, &words, kit.palette.soft_ink, false));
    }
    chips
}

fn chip_of(ui: &Ui, kit: &Kit<'_>, title: &str, ink: Color32, is_here: bool) -> Chip {
    let look = Look { size: 11.5, weight: if is_here { 600.0 } else { 450.0 }, colour: ink };
    Chip { title: kit.galley(ui, title, look, Direction::Auto, Wrap::Truncate(CHIP_WIDTH)), ink, is_here }
}

/// Paints chips at the far end of a row; how much room they take.
fn paint_chips(ui: &Ui, kit: &Kit<'_>, rest: Rect, chips: &[Chip]) -> f32 {
    let mut taken = 0.0;
    for chip in chips.iter().rev() {
        let wanted = chip.title.size() + vec2(14.0, 2.0);
        let left = if kit.rtl() { rest.left() + taken } else { rest.right() - taken - wanted.x };
        let rect = Rect::from_min_size(pos2(left, rest.center().y - wanted.y / 2.0), wanted);
        let radius = CornerRadius::same((wanted.y / 2.0) as u8);
        if chip.is_here {
            ui.painter().rect_filled(rect, radius, mixed(kit.palette.paper, chip.ink, 0.14));
        } else {
            ui.painter().rect_stroke(rect, radius, Stroke::new(1.0, kit.palette.line), StrokeKind::Inside);
        }
        let at = rect.center() - chip.title.size() / 2.0 + vec2(0.0, 0.5);
        ui.painter().galley(at, Arc::clone(&chip.title), chip.ink);
        taken += wanted.x + 6.0;
    }
    if chips.is_empty() { 0.0 } else { taken + 6.0 }
}
