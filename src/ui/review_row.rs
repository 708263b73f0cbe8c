//! A row of the list of disputes: number, kind, and what each version says, with the characters marked in which they differ.
//!
//! Owns its layout. It must not keep anything.

use crate::analysis::adjudicate::{Case, Standing};
use crate::analysis::align::Kind;
use crate::analysis::difference::differing;
use crate::domain::article::Direction;
use crate::domain::decision::Ruling;
use crate::domain::offset::Span;
use crate::session::review::{Review, Version};
use crate::session::state::{OpenArticle, OpenProject};
use crate::ui::galley::{Wrap, is_truncated};
use crate::ui::kit::{Kit, Look};
use crate::ui::review_drawn::{letter_words, mark_of};
use crate::ui::review_paint::Mark;
use crate::ui::review_strip::{version_words, who_words};
use crate::ui::suggestion_words::label_title;
use crate::ui::theme::{mixed, size, space};
use egui::{Align2, CornerRadius, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// The height of a row without its versions, in points.
const HEAD: f64 = 38.0;
/// The height of a version, in points.
const LINE: f64 = 26.0;
/// The room of the disc with the number, in points.
const DISC: f32 = 20.0;
/// Around what a row holds, in points.
const PAD: f32 = 12.0;

/// The height of the row of a case with so many versions, in points.
#[must_use]
pub fn height(versions: usize, has_word: bool) -> f64 {
    HEAD + LINE * versions as f64 + if has_word { 22.0 } else { 4.0 }
}

/// What a row is asked.
pub enum Pressed {
    /// To be the current dispute.
    Row,
    /// To have this version taken.
    Version(usize),
}

/// The words for a kind of difference: an id of the locale files.
#[must_use]
pub fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Agreed => "kind-agreed",
        Kind::Boundary => "kind-boundary",
        Kind::Label => "kind-label",
        Kind::Both => "kind-both",
        Kind::Missed => "kind-missed",
        Kind::Split => "kind-split",
    }
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

/// A reason as it is read: known ones have words of their own, others are a person's.
#[must_use]
pub fn reason_words(kit: &Kit<'_>, reason: &str) -> String {
    match reason {
        "guideline-gap" => kit.words("reason-guideline-gap"),
        "slip" => kit.words("reason-slip"),
        "boundary-rule" => kit.words("reason-boundary-rule"),
        "ambiguous-text" => kit.words("reason-ambiguous-text"),
        "title-rule" => kit.words("reason-title-rule"),
        own => own.to_owned(),
    }
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
    let kind = kit.words(kind_words(case.cluster.differences.kind()));
    let surface = open.article.surface(case.cluster.span).unwrap_or_default();
    let aloud = format!("{} {kind} {surface}", kit.locale.number(number));
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, &aloud));
    let radius = CornerRadius::same(space::ROW_RADIUS);
    if chosen {
        let shadow = egui::Shadow { offset: [0, 2], blur: 10, spread: 0, color: palette.shadow };
        ui.painter().add(shadow.as_shape(rect, radius));
        ui.painter().rect(rect, radius, palette.paper, Stroke::new(1.0, palette.line), StrokeKind::Inside);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, radius, mixed(palette.window, palette.raised, 0.7));
    }
    kit.focus_ring(ui, &response, rect.shrink(2.0), radius);
    let mark = mark_of(case);
    disc(ui, kit, rect, number, mark);
    let inner = inner_of(kit, rect);
    let head = Rect::from_min_size(inner.min + vec2(0.0, 8.0), vec2(inner.width(), 24.0));
    let state = state_words(kit, project, review, case, mark);
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
    for (place, version) in versions.iter().enumerate() {
        let top = inner.top() + HEAD as f32 - 4.0 + place as f32 * LINE as f32;
        let line = Rect::from_min_size(pos2(inner.left(), top), vec2(inner.width(), LINE as f32));
        if version_line(ui, kit, (project, open, review), (at, place, version, &parts), line).clicked() {
            pressed = Some(Pressed::Version(place));
        }
    }
    if let Some(word) = noted(case) {
        let top = inner.top() + HEAD as f32 - 2.0 + versions.len() as f32 * LINE as f32;
        let line = Rect::from_min_size(pos2(inner.left(), top), vec2(inner.width(), 18.0));
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

/// How far the case is, in words; nothing while it is simply open.
fn state_words(kit: &Kit<'_>, project: &OpenProject, review: &Review, case: &Case, mark: Mark) -> Option<String> {
    match (mark, case.decision()) {
        (Mark::Open, _) => None,
        (Mark::Reopened, _) => Some(kit.words("review-reopened")),
        (Mark::Aside, _) => Some(kit.words("review-put-aside")),
        (Mark::Decided, Some(decision)) => Some(match decision.ruling {
            Ruling::Taken(annotator) if !review.is_blind() => {
                let known = project.annotators.iter().find(|known| known.id == annotator);
                known.map_or_else(|| kit.words("review-taken"), |known| known.name.clone())
            }
            Ruling::Taken(_) => kit.words("review-taken"),
            Ruling::Nothing => kit.words("review-nothing"),
            Ruling::Edited => kit.words("review-edited"),
            Ruling::Strategy(strategy) => kit.words(strategy_words(strategy)),
            Ruling::Aside => kit.words("review-put-aside"),
        }),
        (Mark::Decided, None) => None,
    }
}

/// The words for a strategy: an id of the locale files.
#[must_use]
pub fn strategy_words(strategy: crate::domain::decision::Strategy) -> &'static str {
    use crate::domain::decision::Strategy;
    match strategy {
        Strategy::Unanimous => "strategy-unanimous",
        Strategy::Majority => "strategy-majority",
        Strategy::Threshold => "strategy-threshold",
        Strategy::Annotator => "strategy-annotator",
        Strategy::Union => "strategy-union",
        Strategy::Intersection => "strategy-intersection",
    }
}

/// A version: its letters (or names), what it says, its label.
fn version_line(
    ui: &mut Ui,
    kit: &Kit<'_>,
    (project, open, review): (&OpenProject, &OpenArticle, &Review),
    (at, place, version, parts): (usize, usize, &Version, &[Span]),
    line: Rect,
) -> Response {
    let palette = &kit.palette;
    let response = ui.interact(line, Id::unique("dispute-version").with((at, place)), Sense::click());
    let said = version_words(kit, project, open, &version.mentions);
    let names: Vec<String> = version
        .readers
        .iter()
        .zip(&version.letters)
        .map(|(reader, letter)| who_words(kit, review, *reader, *letter))
        .collect();
    let aloud = format!("{}: {said}", names.join(&kit.words("list-comma")));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &aloud));
    if response.hovered() {
        ui.painter().rect_filled(
            line.expand2(vec2(4.0, 0.0)),
            CornerRadius::same(6),
            mixed(palette.window, palette.ink, 0.06),
        );
    }
    let mut x = 0.0;
    let side = |x: f32, width: f32| if kit.rtl() { line.right() - x - width } else { line.left() + x };
    for letter in &version.letters {
        let look = Look { size: size::MENTION_NAME, weight: 600.0, colour: palette.soft_ink };
        let words = kit.galley(ui, &letter_words(kit, *letter), look, kit.locale.direction(), Wrap::Extend);
        let width = (words.size().x + 10.0).max(20.0);
        let chip = Rect::from_center_size(pos2(side(x, width) + width / 2.0, line.center().y), vec2(width, 18.0));
        ui.painter().rect(
            chip,
            CornerRadius::same(4),
            palette.paper,
            Stroke::new(1.0, palette.line),
            StrokeKind::Inside,
        );
        ui.painter().galley(chip.center() - words.size() / 2.0 + vec2(0.0, 0.5), words, palette.soft_ink);
        x += width + 4.0;
    }
    x += 4.0;
    let label = version.mentions.first().and_then(|key| project.label(project.labels.shown(key.label)));
    let title = label.filter(|_| version.mentions.len() == 1).map(|label| {
        let look = Look { size: size::SMALL, weight: 500.0, colour: palette.label_ink(label.colour) };
        kit.galley(ui, label_title(label), look, Direction::Auto, Wrap::Truncate(80.0))
    });
    let title_width = title.as_ref().map_or(0.0, |title| title.size().x + 10.0);
    let room = (line.width() - x - title_width).max(24.0);
    let words = match version.mentions.as_slice() {
        [] => "—".to_owned(),
        [one] => open.article.surface(one.span).unwrap_or_default().to_owned(),
        _ => said.clone(),
    };
    let look = Look { size: size::LIST, weight: 450.0, colour: palette.ink };
    let galley = kit.galley(ui, &words, look, Direction::Auto, Wrap::Truncate(room));
    let cut = is_truncated(&galley);
    let at = pos2(side(x, galley.size().x), line.center().y - galley.size().y / 2.0 + 0.5);
    let width = galley.size().x;
    ui.painter().galley(at, galley, palette.ink);
    if let Some(title) = title {
        let at = kit.end_aligned(line, title.size()).min;
        let ink = label.map_or(palette.soft_ink, |label| palette.label_ink(label.colour));
        ui.painter().galley(at, title, ink);
    }
    // A line under the words where this version has characters that another one has not, or has them otherwise.
    let differs = version.mentions.iter().any(|key| parts.iter().any(|part| part.overlaps(key.span)));
    if differs && version.mentions.len() == 1 {
        let y = line.bottom() - 3.0;
        let ink = label.map_or(palette.soft_ink, |label| palette.label_ink(label.colour));
        ui.painter().hline(at.x..=at.x + width, y, Stroke::new(1.5, ink.gamma_multiply(0.6)));
    }
    if cut { kit.hint(response, &said) } else { response }
}
