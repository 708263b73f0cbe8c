//! A row of the list of disputes: number, kind, and what each version says, with the characters marked in which they differ.
//!
//! Owns its layout. It must not keep anything.

use crate::analysis::adjudicate::{Case, Standing};
use crate::analysis::difference::differing;
use crate::domain::article::Direction;
use crate::domain::mention::MentionKey;
use crate::domain::offset::Span;
use crate::session::review::{Review, Version};
use crate::session::state::{OpenArticle, OpenProject};
use crate::ui::galley::{Wrap, is_truncated};
use crate::ui::kit::{Kit, Look};
use crate::ui::review_drawn::mark_of;
use crate::ui::review_paint::Mark;
use crate::ui::review_words::{Saying, case_words, letter_words, reason_words, state_words, version_words};
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::{mixed, size, space};
use crate::words::message::Message;
use egui::{Align2, CornerRadius, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// The height of a row without its versions, in points.
const HEAD: f64 = 38.0;
/// The height of a version, in points.
const LINE: f64 = 26.0;
/// The room of the disc with the number, in points.
const DISC: f32 = 20.0;
/// Around what a row holds, in points.
const PAD: f32 = 12.0;

/// The height of the row of a case with these versions, in points.
#[must_use]
pub fn height(versions: &[Version], has_word: bool) -> f64 {
    HEAD + LINE * versions.iter().map(lines_of).sum::<usize>() as f64 + if has_word { 22.0 } else { 4.0 }
}

/// How many lines a version has: one for each mention, and one to say that there is none.
fn lines_of(version: &Version) -> usize {
    version.mentions.len().max(1)
}

/// What a row is asked.
pub enum Pressed {
    /// To be the current dispute.
    Row,
    /// To have this version taken.
    Version(usize),
}

/// What was noted about a case: its reason or its question.
#[must_use]
pub fn noted<'a>(case: &'a Case) -> Option<&'a str> {
    let decision = match &case.standing {
        Standing::Decided(decision) | Standing::Aside(decision) => decision,
        _ => return None,
    };
    decision.question.as_deref().or(decision.reason.as_deref())
}

/// Draws the row of the case at `at` into `rect`.
pub fn show(
    ui: &mut Ui,
    kit: &Kit<'_>,
    (project, open, review): (&OpenProject, &OpenArticle, &Review),
    (number, at): (u64, usize),
    rect: Rect,
) -> Option<Pressed> {
    let case = review.cases.get(at)?;
    let palette = &kit.palette;
    let chosen = review.current == Some(at);
    let versions = review.versions(at);
    let id = Id::unique("dispute").with(at);
    let response = ui.interact(rect, id, Sense::click());
    let kind = kit.words(case_words(case));
    let surface = open.article.surface(case.cluster.span).unwrap_or_default();
    let mark = mark_of(case);
    let state = state_words(project, review, case, mark);
    let aloud = Message::new("review-row").number("number", number).part("kind", Message::new(case_words(case)));
    let aloud = aloud.text("surface", surface).part("state", state.clone().unwrap_or(Message::new("review-open")));
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, kit.locale.message(&aloud)));
    let radius = CornerRadius::same(space::ROW_RADIUS);
    if chosen {
        let shadow = egui::Shadow { offset: [0, 2], blur: 10, spread: 0, color: palette.shadow };
        ui.painter().add(shadow.as_shape(rect, radius));
        ui.painter().rect(rect, radius, palette.paper, Stroke::new(1.0, palette.line), StrokeKind::Inside);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, radius, mixed(palette.window, palette.raised, 0.7));
    }
    kit.focus_ring(ui, &response, rect.shrink(2.0), radius);
    disc(ui, kit, rect, number, mark);
    let inner = inner_of(kit, rect);
    let head = Rect::from_min_size(inner.min + vec2(0.0, 8.0), vec2(inner.width(), 24.0));
    let state = state.map(|words| kit.locale.message(&words));
    let state = state
        .map(|words| kit.galley(ui, &words, kit.small(), kit.locale.direction(), Wrap::Truncate(inner.width() * 0.6)));
    let kind = kit.galley(ui, &kind, kit.small(), kit.locale.direction(), Wrap::Truncate(inner.width() * 0.5));
    ui.painter().galley(kit.start_aligned(head, kind.size()).min, kind, palette.soft_ink);
    if let Some(state) = state {
        let ink = if mark == Mark::Reopened { palette.fault } else { palette.soft_ink };
        ui.painter().galley(kit.end_aligned(head, state.size()).min, state, ink);
    }
    let mut pressed = None;
    let parts = differing(&case.cluster.readings);
    let mut top = inner.top() + HEAD as f32 - 4.0;
    for (place, version) in versions.iter().enumerate() {
        let height = lines_of(version) as f32 * LINE as f32;
        let lines = Rect::from_min_size(pos2(inner.left(), top), vec2(inner.width(), height));
        if version_lines(ui, kit, (project, open, review), (at, place, version, &parts), lines).clicked() {
            pressed = Some(Pressed::Version(place));
        }
        top += height;
    }
    if let Some(word) = noted(case) {
        let line = Rect::from_min_size(pos2(inner.left(), top + 2.0), vec2(inner.width(), 18.0));
        let words = reason_words(kit, word);
        let galley = kit.galley(ui, &words, kit.small(), Direction::Auto, Wrap::Truncate(line.width()));
        ui.painter().galley(kit.start_aligned(line, galley.size()).min, galley, palette.soft_ink);
    }
    pressed.or(response.clicked().then_some(Pressed::Row))
}

/// The room of words: after the disc, before the end.
fn inner_of(kit: &Kit<'_>, rect: Rect) -> Rect {
    let (start, end) = (PAD + DISC + 10.0, PAD);
    let (left, right) = if kit.rtl() { (end, start) } else { (start, end) };
    Rect::from_min_max(rect.min + vec2(left, 2.0), rect.max - vec2(right, 2.0))
}

fn disc(ui: &Ui, kit: &Kit<'_>, rect: Rect, number: u64, mark: Mark) {
    let palette = &kit.palette;
    let x = if kit.rtl() { rect.right() - PAD - DISC / 2.0 } else { rect.left() + PAD + DISC / 2.0 };
    let centre = pos2(x, rect.top() + 22.0);
    let (fill, ink) = match mark {
        Mark::Open => (palette.ink, palette.paper),
        Mark::Aside => (palette.warning, palette.paper),
        Mark::Reopened => (palette.window, palette.fault),
        Mark::Decided => (palette.window, palette.soft_ink),
    };
    ui.painter().circle(centre, DISC / 2.0, fill, Stroke::new(1.0, if mark == Mark::Open { fill } else { ink }));
    let look = Look { size: size::SMALL, weight: 700.0, colour: ink };
    let words = kit.galley(ui, &kit.locale.number(number as i64), look, kit.locale.direction(), Wrap::Extend);
    let at = Align2::CENTER_CENTER.anchor_size(centre + vec2(0.0, 0.5), words.size()).min;
    ui.painter().galley(at, words, ink);
}

/// A version: its letters, and in a line each what it says, with the label.
fn version_lines(
    ui: &mut Ui,
    kit: &Kit<'_>,
    (project, open, review): (&OpenProject, &OpenArticle, &Review),
    (at, place, version, parts): (usize, usize, &Version, &[Span]),
    rect: Rect,
) -> Response {
    let palette = &kit.palette;
    let response = ui.interact(rect, Id::unique("dispute-version").with((at, place)), Sense::click());
    let said = version_words(kit.locale, (project, &open.article, review), Saying::Both, version);
    let said = kit.locale.message(&said);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &said));
    let radius = CornerRadius::same(6);
    let around = rect.expand2(vec2(4.0, 0.0));
    if response.hovered() {
        ui.painter().rect_filled(around, radius, mixed(palette.window, palette.ink, 0.06));
    }
    kit.focus_ring(ui, &response, around.shrink(2.0), radius);
    let first = rect.with_max_y(rect.top() + LINE as f32);
    let letters = letters(ui, kit, &version.letters, first);
    let mut cut = false;
    for row in 0..lines_of(version) {
        let line = first.translate(vec2(0.0, row as f32 * LINE as f32));
        let line =
            if kit.rtl() { line.with_max_x(line.right() - letters) } else { line.with_min_x(line.left() + letters) };
        cut |= match version.mentions.get(row) {
            Some(key) => mention_line(ui, kit, (project, open), *key, parts, line),
            None => {
                let dash = kit.galley(ui, "—", kit.soft(), kit.locale.direction(), Wrap::Extend);
                ui.painter().galley(kit.start_aligned(line, dash.size()).min, dash, palette.soft_ink);
                false
            }
        };
    }
    if cut { kit.hint(response, &said) } else { response }
}

/// The letters of those who say it, from where reading starts; the width that they take, in points.
fn letters(ui: &Ui, kit: &Kit<'_>, letters: &[usize], line: Rect) -> f32 {
    let palette = &kit.palette;
    let mut x = 0.0;
    for letter in letters {
        let look = Look { size: size::MENTION_NAME, weight: 600.0, colour: palette.soft_ink };
        let words = kit.galley(ui, &letter_words(kit.locale, *letter), look, kit.locale.direction(), Wrap::Extend);
        let width = (words.size().x + 10.0).max(20.0);
        let left = if kit.rtl() { line.right() - x - width } else { line.left() + x };
        let chip = Rect::from_center_size(pos2(left + width / 2.0, line.center().y), vec2(width, 18.0));
        let stroke = Stroke::new(1.0, palette.line);
        ui.painter().rect(chip, CornerRadius::same(4), palette.paper, stroke, StrokeKind::Inside);
        ui.painter().galley(chip.center() - words.size() / 2.0 + vec2(0.0, 0.5), words, palette.soft_ink);
        x += width + 4.0;
    }
    x + 4.0
}

/// A mention that a version has: its text, marked where readings differ there, and its label; whether the text was cut.
fn mention_line(
    ui: &Ui,
    kit: &Kit<'_>,
    (project, open): (&OpenProject, &OpenArticle),
    key: MentionKey,
    parts: &[Span],
    line: Rect,
) -> bool {
    let palette = &kit.palette;
    let label = project.label(project.labels.shown(key.label));
    let ink = label.map_or(palette.soft_ink, |label| palette.label_ink(label.colour));
    let look = Look { size: size::SMALL, weight: 500.0, colour: ink };
    let title = label.map_or("?", label_title);
    let title = kit.galley(ui, title, look, Direction::Auto, Wrap::Truncate(80.0));
    let room = (line.width() - title.size().x - 10.0).max(24.0);
    let surface = open.article.surface(key.span).unwrap_or_default();
    let look = Look { size: size::LIST, weight: 450.0, colour: palette.ink };
    let galley = kit.galley(ui, surface, look, Direction::Auto, Wrap::Truncate(room));
    let place = kit.start_aligned(line, galley.size()).translate(vec2(0.0, 0.5));
    let cut = is_truncated(&galley);
    ui.painter().galley(place.min, galley, palette.ink);
    ui.painter().galley(kit.end_aligned(line, title.size()).min, title, ink);
    // A line under the words where others have not these characters, or have them otherwise.
    if parts.iter().any(|part| part.overlaps(key.span)) {
        let stroke = Stroke::new(1.5, ink.gamma_multiply(0.6));
        ui.painter().hline(place.x_range(), line.bottom() - 3.0, stroke);
    }
    cut
}
