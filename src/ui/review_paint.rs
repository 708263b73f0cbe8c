//! Painting disputes: stripes where readings differ, and in the line gap the number, the label and whose readings there are.
//!
//! Owns how a dispute looks. It must not know what a decision is: it gets colours, places and letters.

use crate::text::geometry::LineRect;
use crate::ui::article_paint::{Canvas, Drawn};
use crate::ui::galley::Wrap;
use crate::ui::kit::{Kit, Look};
use crate::ui::theme::{size, space};
use egui::{Color32, CornerRadius, Galley, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};
use std::sync::Arc;

/// The tint under a whole dispute, as a part of its first colour.
const TINT: f32 = 0.08;
/// The same of what is decided: as any mention has it.
const DECIDED_TINT: f32 = 0.15;
/// The width of a stripe, in points; the gap beside it is as wide.
const STRIPE: f32 = 5.0;
/// How much of their colour stripes have.
const STRIPE_PART: f32 = 0.30;
/// The side of the disc with the number, in points at the article's own size.
const DISC: f32 = 15.0;
/// Between the parts of a tag, in points.
const GAP: f32 = 3.0;

/// How far a dispute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nobody has decided it.
    Open,
    /// It was decided, but on other readings.
    Reopened,
    /// It was put aside.
    Aside,
    /// It is decided.
    Decided,
}

/// How a dispute looks.
#[derive(Clone, Debug)]
pub(super) struct DisputeLook {
    /// Its number, in the language's digits.
    pub(super) number: String,
    /// The colours of its labels, each once; never none.
    pub(super) colours: Vec<Color32>,
    /// Where readings differ.
    pub(super) differing: Vec<LineRect>,
    /// The letters of those who read it alike, version by version.
    pub(super) letters: Vec<String>,
    /// How far it is.
    pub(super) mark: Mark,
    /// Whether keys act on it.
    pub(super) chosen: bool,
}

/// Paints the ground of a dispute: a faint tint under the whole, stripes where readings differ.
pub(super) fn paint_stripes(canvas: &Canvas<'_>, drawn: &Drawn<'_>, dispute: &DisputeLook) {
    let rects = &drawn.rects;
    let grounded = |line: &LineRect| canvas.rect(line.text_box()).expand2(vec2(1.5, 0.0));
    let radius = CornerRadius { nw: space::MENTION_RADIUS, ne: space::MENTION_RADIUS, sw: 0, se: 0 };
    let tint = if dispute.mark == Mark::Decided { DECIDED_TINT } else { TINT };
    for line in rects.iter().filter(|_| !drawn.dotted) {
        canvas.painter.rect_filled(grounded(line), radius, drawn.colour.gamma_multiply(tint));
    }
    if dispute.mark != Mark::Decided {
        for line in &dispute.differing {
            paint_striped(canvas, grounded(line), &dispute.colours);
        }
    }
    // What is selected has an outline of its own.
    if dispute.chosen && drawn.emphasis < 2 {
        let stroke = Stroke::new(2.0, canvas.kit.palette.ink);
        for line in rects {
            let rect = grounded(line).expand2(vec2(2.0, 2.0));
            canvas.painter.rect_stroke(rect, CornerRadius::same(space::MENTION_RADIUS + 2), stroke, StrokeKind::Inside);
        }
    }
}

/// Diagonal stripes over a rectangle, in the colours in turn.
fn paint_striped(canvas: &Canvas<'_>, rect: Rect, colours: &[Color32]) {
    let painter = canvas.painter.with_clip_rect(canvas.painter.clip_rect().intersect(rect));
    // The stripes of all rectangles are parts of the same ones, so that those of a wrapped dispute match.
    let first = ((rect.left() - rect.height()) / (STRIPE * 2.0)).floor() as i64;
    let last = (rect.right() / (STRIPE * 2.0)).ceil() as i64;
    for (place, colour) in (first..=last).zip(colours.iter().cycle()) {
        let foot = place as f32 * STRIPE * 2.0;
        let head = foot + rect.height();
        let stripe = vec![
            pos2(foot, rect.bottom()),
            pos2(foot + STRIPE, rect.bottom()),
            pos2(head + STRIPE, rect.top()),
            pos2(head, rect.top()),
        ];
        painter.add(Shape::convex_polygon(stripe, colour.gamma_multiply(STRIPE_PART), Stroke::NONE));
    }
}

/// What stands in the line gap below the start of a dispute: its number, the name of its label, and letters.
pub(super) struct Tag<'a> {
    dispute: &'a DisputeLook,
    number: Arc<Galley>,
    name: Arc<Galley>,
    letters: Vec<Arc<Galley>>,
    disc: f32,
    /// How much room it takes, in points.
    pub(super) size: Vec2,
}

impl<'a> Tag<'a> {
    /// Lays a tag out; `name` is the label's name as it stands under any mention.
    pub(super) fn new(ui: &Ui, kit: &Kit<'_>, zoom: f32, dispute: &'a DisputeLook, name: Arc<Galley>) -> Self {
        let zoom = zoom.clamp(0.8, 1.6);
        let palette = &kit.palette;
        let (_, ink) = disc_colours(kit, dispute.mark);
        let look = Look { size: size::MENTION_NAME * zoom, weight: 700.0, colour: ink };
        let words = match dispute.mark {
            Mark::Aside => format!("{}؟", dispute.number),
            _ => dispute.number.clone(),
        };
        let words = if kit.rtl() { words } else { words.replace('؟', "?") };
        let number = kit.galley(ui, &words, look, kit.locale.direction(), Wrap::Extend);
        let letter_look = Look { size: size::MENTION_NAME * zoom, weight: 600.0, colour: palette.soft_ink };
        let letters: Vec<_> = match dispute.mark {
            // Who said what matters no more: the text is to be calm there.
            Mark::Decided => Vec::new(),
            _ => dispute
                .letters
                .iter()
                .map(|letter| kit.galley(ui, letter, letter_look, kit.locale.direction(), Wrap::Extend))
                .collect(),
        };
        let disc = (DISC * zoom).max(number.size().x + 6.0);
        let chips: f32 = letters.iter().map(|letter| letter.size().x + 6.0 + GAP).sum();
        let size = vec2(disc + GAP + name.size().x + GAP + chips, name.size().y);
        Self { dispute, number, name, letters, disc, size }
    }

    /// Paints the tag into `rect`, from where reading starts.
    pub(super) fn paint(&self, canvas: &Canvas<'_>, rect: Rect, rtl: bool, name_ink: Color32) {
        let kit = canvas.kit;
        let mut x = 0.0;
        // Where a part `width` wide stands, `x` from where reading starts.
        let place = |x: f32, width: f32| if rtl { rect.right() - x - width } else { rect.left() + x };
        let middle = rect.center().y + 1.0;
        let (fill, ink) = disc_colours(kit, self.dispute.mark);
        let side = (DISC * canvas.zoom.clamp(0.8, 1.6)).min(rect.height());
        let disc = Rect::from_center_size(pos2(place(x, self.disc) + self.disc / 2.0, middle), vec2(self.disc, side));
        canvas.painter.rect_filled(disc, CornerRadius::same((side / 2.0) as u8), fill);
        if matches!(self.dispute.mark, Mark::Decided | Mark::Reopened) {
            let stroke = Stroke::new(1.0, ink);
            canvas.painter.rect_stroke(disc, CornerRadius::same((side / 2.0) as u8), stroke, StrokeKind::Inside);
        }
        centred(canvas, &self.number, disc.center(), ink);
        x += self.disc + GAP;
        let name_at = pos2(place(x, self.name.size().x), rect.top());
        canvas.painter.galley(name_at, Arc::clone(&self.name), name_ink);
        x += self.name.size().x + GAP;
        for letter in &self.letters {
            let width = letter.size().x + 6.0;
            let chip = Rect::from_center_size(pos2(place(x, width) + width / 2.0, middle), vec2(width, side));
            let (radius, stroke) = (CornerRadius::same(3), Stroke::new(1.0, kit.palette.line));
            canvas.painter.rect(chip, radius, kit.palette.paper, stroke, StrokeKind::Inside);
            centred(canvas, letter, chip.center(), kit.palette.soft_ink);
            x += width + GAP;
        }
    }
}

/// The colours of the disc: its ground and the number on it.
fn disc_colours(kit: &Kit<'_>, mark: Mark) -> (Color32, Color32) {
    let palette = &kit.palette;
    match mark {
        Mark::Open => (palette.ink, palette.paper),
        Mark::Reopened => (palette.paper, palette.fault),
        Mark::Aside => (palette.warning, palette.paper),
        Mark::Decided => (palette.paper, palette.soft_ink),
    }
}

fn centred(canvas: &Canvas<'_>, galley: &Arc<Galley>, middle: Pos2, ink: Color32) {
    let at = middle - galley.size() / 2.0 + vec2(0.0, 0.5);
    canvas.painter.galley(at, Arc::clone(galley), ink);
}
