//! The bridge from laid-out text to egui: any text as an `egui::Galley` for any widget, and paragraphs as one mesh.
//!
//! Owns the window's text engine, the glyphs and the cache of galleys. egui cannot set Persian: no text that a user
//! reads goes to egui as a `&str`, it goes through [`Bridge::galley`]. It must not know what the texts mean.

use crate::domain::article::Direction;
use crate::text::engine::{Align, Engine, Ink, Paragraph, TextStyle};
use crate::ui::glyphs::GlyphAtlas;
use crate::ui::rows::{GlyphMesh, described, galley_of};
use egui::emath::GuiRounding as _;
use egui::epaint::TextShape;
use egui::epaint::text::{ByteRange, ByteRangeExt as _, LayoutJob, LayoutSection, TextFormat};
use egui::{Color32, FontId, Galley, Painter, Pos2, Rangef, Vec2};
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::rc::Rc;
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation as _;

/// A galley that was not asked for in so many passes is dropped.
const GALLEY_LIFE_PASSES: u64 = 240;
/// How often old galleys are looked for.
const SWEEP_EVERY_PASSES: u64 = 60;
/// What stands for the cut rest of a text.
const ELLIPSIS: char = '…';
/// No readable text is narrower, in multiples of the font size, for each grapheme cluster: longer ones are cut unshaped.
const NARROWEST: f32 = 0.05;

/// What happens to a text that is wider than its place. Widths are in points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Wrap {
    /// One line for each line of the text, as wide as it needs.
    #[default]
    Extend,
    /// Broken into lines of at most this width.
    Wrap(f32),
    /// One line of at most this width, cut at its logical end, where `…` stands for the rest.
    Truncate(f32),
}

/// How a text is set in a galley.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GalleyStyle {
    /// The font size, in points.
    pub size: f32,
    /// The weight, 100 to 900.
    pub weight: f32,
    /// The line height as a multiple of the font size.
    pub line_height: f32,
    /// The colour; [`Color32::PLACEHOLDER`] leaves it to the widget (hovered, disabled, selected).
    pub colour: Color32,
    /// The base direction.
    pub direction: Direction,
    /// Where lines stand among themselves: a galley is as wide as its widest line.
    pub align: Align,
    /// What happens to a text wider than its place.
    pub wrap: Wrap,
}

impl GalleyStyle {
    /// Regular weight, coloured by the widget, direction by the text, one line; `size` is in points.
    #[must_use]
    pub fn new(size: f32) -> Self {
        Self {
            size,
            weight: 400.0,
            line_height: 1.5,
            colour: Color32::PLACEHOLDER,
            direction: Direction::Auto,
            align: Align::Start,
            wrap: Wrap::Extend,
        }
    }

    /// The style of a whole text at this scale.
    #[must_use]
    pub fn in_pixels(&self, pixels_per_point: f32) -> TextStyle {
        TextStyle {
            size_px: self.size * pixels_per_point,
            weight: self.weight,
            line_height: self.line_height,
            direction: self.direction,
        }
    }

    /// All of it as numbers that can be hashed and compared.
    fn bits(&self) -> StyleBits {
        let (wrap, width) = match self.wrap {
            Wrap::Extend => (0, 0.0),
            Wrap::Wrap(width) => (1, width),
            Wrap::Truncate(width) => (2, width),
        };
        StyleBits {
            numbers: [self.size, self.weight, self.line_height, width].map(f32::to_bits),
            colour: self.colour,
            direction: self.direction,
            align: self.align,
            wrap,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct StyleBits {
    numbers: [u32; 4],
    colour: Color32,
    direction: Direction,
    align: Align,
    wrap: u8,
}

struct Cached {
    galley: Arc<Galley>,
    style: StyleBits,
    used: u64,
}

struct Inner {
    engine: Engine,
    atlas: GlyphAtlas,
    /// By the hash of text and style, both checked on a hit.
    galleys: HashMap<u64, Cached>,
    hasher: RandomState,
    /// egui's number of the pass that was begun last.
    pass: Option<u64>,
    next_sweep: u64,
}

/// A handle on the window's text: clone it freely, it stays on one thread.
#[derive(Clone)]
pub struct Bridge(Rc<RefCell<Inner>>);

impl Bridge {
    /// Installs the glyphs in `ctx`: one bridge for a context, made before egui lays out a text. `system_fonts`: other scripts and emoji from the system.
    #[must_use]
    pub fn new(ctx: &egui::Context, system_fonts: bool) -> Self {
        Self(Rc::new(RefCell::new(Inner {
            engine: Engine::new(system_fonts),
            atlas: GlyphAtlas::new(ctx),
            galleys: HashMap::new(),
            hasher: RandomState::new(),
            pass: None,
            next_sweep: SWEEP_EVERY_PASSES,
        })))
    }

    /// Notices a reset atlas and drops galleys unused for long. The first call on the bridge in a pass does it too.
    pub fn begin_frame(&self, ctx: &egui::Context) {
        self.0.borrow_mut().begin_pass(ctx);
    }

    /// `text` laid out for any widget: `ui.button(bridge.galley(ctx, "برچسب", &style))`. Its accessible name is `text`.
    ///
    /// Widgets may select text in a label by egui's left-to-right rules: switch `interaction.selectable_labels` off.
    #[must_use]
    pub fn galley(&self, ctx: &egui::Context, text: &str, style: &GalleyStyle) -> Arc<Galley> {
        let inner = &mut *self.0.borrow_mut();
        let pass = inner.begin_pass(ctx);
        let bits = style.bits();
        let hash = inner.hasher.hash_one((text, bits));
        if let Some(cached) = inner.galleys.get_mut(&hash)
            && cached.style == bits
            && cached.galley.job.text == text
        {
            cached.used = pass;
            return Arc::clone(&cached.galley);
        }
        let galley = inner.set(ctx, text, style);
        inner.galleys.insert(hash, Cached { galley: Arc::clone(&galley), style: bits, used: pass });
        galley
    }

    /// Paints the glyphs of the lines of `paragraph` that touch `clip_rows` (`y` on the screen, points) as one mesh.
    ///
    /// The paragraph is in physical pixels; its top left corner comes to `origin` (points), moved to a whole pixel.
    pub fn paint_paragraph(
        &self,
        ctx: &egui::Context,
        painter: &Painter,
        paragraph: &Paragraph,
        origin: Pos2,
        clip_rows: Rangef,
        colour_of: impl Fn(Ink) -> Color32,
    ) {
        let inner = &mut *self.0.borrow_mut();
        inner.begin_pass(ctx);
        let pixels_per_point = inner.atlas.pixels_per_point();
        let origin = origin.round_to_pixels(pixels_per_point);
        let mut glyphs = GlyphMesh::default();
        for line in paragraph.lines() {
            let metrics = line.metrics();
            let top = origin.y + metrics.content_block_min_coord.min(metrics.block_min_coord) / pixels_per_point;
            let bottom = origin.y + metrics.content_block_max_coord.max(metrics.block_max_coord) / pixels_per_point;
            if top > clip_rows.max {
                break;
            }
            if bottom >= clip_rows.min {
                glyphs.add(ctx, &mut inner.atlas, &line, Vec2::ZERO, &colour_of);
            }
        }
        if let Some(galley) = glyphs.into_galley(inner.atlas.seed(), pixels_per_point) {
            painter.add(TextShape::new(origin, Arc::new(galley), Color32::WHITE));
        }
    }

    /// A galley of the characters of `paragraph`, whose text is `text`, with nothing to paint: for screen readers.
    #[must_use]
    pub fn described(&self, ctx: &egui::Context, paragraph: &Paragraph, text: &str) -> Option<Galley> {
        let inner = &mut *self.0.borrow_mut();
        inner.begin_pass(ctx);
        described(inner.atlas.seed()?, inner.atlas.pixels_per_point(), paragraph, text)
    }

    /// Lends the text engine. `work` must not call the bridge.
    pub fn with_engine<R>(&self, work: impl FnOnce(&mut Engine) -> R) -> R {
        work(&mut self.0.borrow_mut().engine)
    }
}

/// Did [`Wrap::Truncate`] cut the text? Then the whole of it belongs in a tooltip.
///
/// Not `galley.elided`: egui would answer that with a tooltip that it lays out itself.
#[must_use]
pub fn is_truncated(galley: &Galley) -> bool {
    galley.job.wrap.max_rows == 1
}

impl Inner {
    /// Begins the pass unless it has begun; gives its number.
    fn begin_pass(&mut self, ctx: &egui::Context) -> u64 {
        let pass = ctx.cumulative_pass_nr();
        if self.pass != Some(pass) {
            self.pass = Some(pass);
            if self.atlas.begin_pass(ctx) {
                self.galleys.clear();
            }
            if pass >= self.next_sweep {
                self.next_sweep = pass + SWEEP_EVERY_PASSES;
                self.galleys.retain(|_, cached| cached.used + GALLEY_LIFE_PASSES > pass);
            }
        }
        pass
    }

    fn set(&mut self, ctx: &egui::Context, text: &str, style: &GalleyStyle) -> Arc<Galley> {
        let pixels_per_point = self.atlas.pixels_per_point();
        let text_style = style.in_pixels(pixels_per_point);
        let width_px = |width: f32| (width * pixels_per_point).max(1.0);
        let (paragraph, cut) = match style.wrap {
            Wrap::Extend => (self.engine.paragraph(text, text_style, None, style.align), None),
            Wrap::Wrap(width) => (self.engine.paragraph(text, text_style, Some(width_px(width)), style.align), None),
            Wrap::Truncate(width) => {
                let cut = truncate(&mut self.engine, text, text_style, width_px(width));
                (cut.paragraph, Some((cut.shown, cut.is_cut)))
            }
        };
        let job = job_of(text, style, cut.as_ref().is_some_and(|(_, is_cut)| *is_cut));
        let shown = cut.as_ref().map_or(text, |(shown, _)| shown);
        let galley = galley_of(ctx, &mut self.atlas, &paragraph, shown, job);
        galley.map_or_else(|| ctx.fonts_mut(|fonts| fonts.layout_job(LayoutJob::default())), Arc::new)
    }
}

/// A text made one line.
struct OneLine {
    paragraph: Paragraph,
    shown: String,
    is_cut: bool,
}

/// `text` as one line; when that does not fit, the longest beginning that does with its ellipsis.
fn truncate(engine: &mut Engine, text: &str, mut style: TextStyle, width_px: f32) -> OneLine {
    let line: String = text.chars().map(|c| if c.is_whitespace() && c != '\u{A0}' { ' ' } else { c }).collect();
    let most = (width_px / (style.size_px * NARROWEST).max(0.1)) as usize + 16;
    let ends: Vec<usize> = line.grapheme_indices(true).map(|(start, _)| start).take(most).collect();
    let is_whole = line.graphemes(true).nth(most).is_none();
    let head = if is_whole { line.as_str() } else { ends.last().and_then(|&end| line.get(..end)).unwrap_or_default() };
    let whole = engine.paragraph(head, style, None, Align::Start);
    if is_whole && whole.width() <= width_px {
        return OneLine { paragraph: whole, shown: line, is_cut: false };
    }
    // The rest must not change the direction: a cut text reads the same way as the whole.
    style.direction = if whole.is_rtl() { Direction::RightToLeft } else { Direction::LeftToRight };
    let mut cut_at = |count: usize| {
        let head = ends.get(count).and_then(|&end| line.get(..end)).unwrap_or_default();
        let shown = format!("{}{ELLIPSIS}", head.trim_end());
        let paragraph = engine.paragraph(&shown, style, None, Align::Start);
        (shown, paragraph)
    };
    // Binary search: `fits` clusters fit (none always does), `beyond` do not.
    let (mut fits, mut beyond) = (0, ends.len());
    while beyond - fits > 1 {
        let middle = fits.midpoint(beyond);
        if cut_at(middle).1.width() <= width_px {
            fits = middle;
        } else {
            beyond = middle;
        }
    }
    let (shown, paragraph) = cut_at(fits);
    OneLine { paragraph, shown, is_cut: true }
}

fn job_of(text: &str, style: &GalleyStyle, was_cut: bool) -> LayoutJob {
    let mut job = LayoutJob {
        text: text.to_owned(),
        sections: vec![LayoutSection {
            leading_space: 0.0,
            byte_range: ByteRange::full(text),
            format: TextFormat::simple(FontId::proportional(style.size), style.colour),
        }],
        ..LayoutJob::default()
    };
    if was_cut {
        job.wrap.max_rows = 1;
    }
    job
}
