//! The bridge from laid-out text to egui: any text as an `egui::Galley` for any widget, and paragraphs as one mesh.
//!
//! Owns the window's text engine, the glyphs and the cache of galleys. egui cannot set Persian: no text that a user
//! reads goes to egui as a `&str`, it goes through [`Bridge::galley`]. It must not know what the texts mean.

use crate::domain::article::Direction;
use crate::text::engine::{Align, Engine, Ink, Paragraph, TextStyle};
use crate::ui::glyphs::{GlyphAtlas, GlyphKey};
use egui::emath::GuiRounding as _;
use egui::epaint::text::{
    ByteRange, ByteRangeExt as _, Glyph, LayoutJob, LayoutSection, PlacedRow, Row, RowVisuals, TextFormat,
};
use egui::epaint::{Mesh, TextShape};
use egui::{Color32, FontId, Galley, Painter, Pos2, Rangef, Rect, Vec2, pos2, vec2};
use parley::{Line, PositionedLayoutItem};
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

/// The galley of a paragraph whose text is `shown`.
fn galley_of(
    ctx: &egui::Context,
    atlas: &mut GlyphAtlas,
    paragraph: &Paragraph,
    shown: &str,
    job: LayoutJob,
) -> Option<Galley> {
    let pixels_per_point = atlas.pixels_per_point();
    let colour = job.sections.first().map_or(Color32::PLACEHOLDER, |section| section.format.color);
    let mut galley = Galley::clone(atlas.seed()?);
    let seed_row = galley.rows.first()?.row.clone();
    let seed_glyph = *seed_row.glyphs.first()?;
    let (left_px, right_px) = extent_px(paragraph);

    let (mut rows, mut vertices, mut indices, mut mesh_bounds) = (Vec::new(), 0, 0, Rect::NOTHING);
    for line in paragraph.lines() {
        let metrics = line.metrics();
        let (top_px, bottom_px) = (metrics.block_min_coord.round(), metrics.block_max_coord.round());
        let corner_px = vec2(left_px, top_px);
        let mut mesh = GlyphMesh::default();
        mesh.add(ctx, atlas, &line, corner_px, |_| colour);

        let mut row = Row::clone(&seed_row);
        row.size = (vec2(right_px - left_px, bottom_px - top_px) / pixels_per_point).round_ui();
        let baseline = (metrics.baseline - top_px) / pixels_per_point;
        let mut glyph = seed_glyph;
        glyph.line_height = row.size.y;
        glyph.pos.y = baseline;
        (glyph.font_ascent, glyph.font_height) = (baseline, row.size.y);
        (glyph.font_face_ascent, glyph.font_face_height) = (baseline, row.size.y);
        let content = mesh.into_row(&mut row);
        let text = shown.get(line.text_range()).unwrap_or_default();
        let (text, ends_with_newline) = text.strip_suffix('\n').map_or((text, false), |text| (text, true));
        glyph.first_vertex = u32::try_from(row.visuals.glyph_vertex_range.end).unwrap_or(u32::MAX);
        row.glyphs = characters(&line, text, glyph, left_px, pixels_per_point);

        let pos = pos2(0.0, top_px / pixels_per_point);
        vertices += content.0;
        indices += content.1;
        mesh_bounds |= row.visuals.mesh_bounds.translate(pos.to_vec2());
        rows.push(PlacedRow { pos, row: Arc::new(row), ends_with_newline });
    }
    if let Some(last) = rows.last_mut() {
        last.ends_with_newline = false;
    }
    let size_px = vec2(right_px - left_px, paragraph.height().round());
    galley.job = Arc::new(job);
    galley.rows = rows;
    galley.elided = false;
    galley.rect = Rect::from_min_size(Pos2::ZERO, (size_px / pixels_per_point).round_ui());
    galley.mesh_bounds = mesh_bounds;
    (galley.num_vertices, galley.num_indices) = (vertices, indices);
    galley.pixels_per_point = pixels_per_point;
    Some(galley)
}

/// From the leftmost to the rightmost line end, whole pixels; spaces that hang at a line end are outside.
fn extent_px(paragraph: &Paragraph) -> (f32, f32) {
    let ends = paragraph.lines().map(|line| {
        let metrics = line.metrics();
        let hanging = metrics.hanging_advance;
        let (at_left, at_right) = if paragraph.is_rtl() { (hanging, 0.0) } else { (0.0, hanging) };
        (metrics.offset + at_left, metrics.offset + metrics.advance - at_right)
    });
    let (left, right) =
        ends.fold((f32::INFINITY, f32::NEG_INFINITY), |(left, right), (from, to)| (left.min(from), right.max(to)));
    if left <= right { (left.floor(), right.ceil()) } else { (0.0, 0.0) }
}

/// One entry for each character of a line, in logical order, at the place of its cluster: egui and screen readers ask
/// for them; nothing is painted from them.
fn characters(line: &Line<'_, Ink>, text: &str, like: Glyph, left_px: f32, pixels_per_point: f32) -> Vec<Glyph> {
    let mut clusters = Vec::new();
    let mut x_px = line.metrics().offset - left_px;
    for run in line.runs() {
        for cluster in run.visual_clusters() {
            clusters.push((cluster.text_range().start, x_px, cluster.advance()));
            x_px += cluster.advance();
        }
    }
    clusters.sort_by_key(|&(start, ..)| start);
    let start = line.text_range().start;
    let mut clusters = clusters.into_iter().peekable();
    let (mut at_px, mut pending_px) = (0.0, 0.0);
    let glyph = |(index, chr)| {
        while let Some((_, x_px, advance_px)) = clusters.next_if(|&(cluster, ..)| cluster <= start + index) {
            (at_px, pending_px) = (x_px, advance_px);
        }
        let mut glyph = like;
        glyph.chr = chr;
        glyph.pos.x = at_px / pixels_per_point;
        // The first character of a cluster has its width, the others (marks) none.
        glyph.advance_width = std::mem::take(&mut pending_px) / pixels_per_point;
        glyph.is_color = false;
        glyph.uv_rect = Default::default();
        glyph
    };
    text.char_indices().map(glyph).collect()
}

/// Rectangles of glyphs. Those with colours of their own stand behind the others, out of reach of egui's tinting.
#[derive(Default)]
struct GlyphMesh {
    tinted: Mesh,
    coloured: Mesh,
}

impl GlyphMesh {
    /// Adds the glyphs of a line, `corner_px` of the paragraph coming to the zero point.
    fn add(
        &mut self,
        ctx: &egui::Context,
        atlas: &mut GlyphAtlas,
        line: &Line<'_, Ink>,
        corner_px: Vec2,
        colour_of: impl Fn(Ink) -> Color32,
    ) {
        let pixels_per_point = atlas.pixels_per_point();
        for item in line.items() {
            let PositionedLayoutItem::GlyphRun(run) = item else { continue };
            let Some(instance) = atlas.instance(run.run()) else { continue };
            let colour = colour_of(run.style().brush);
            for glyph in run.positioned_glyphs() {
                let Ok(id) = u16::try_from(glyph.id) else { continue };
                let (key, x_px) = GlyphKey::at(instance, id, glyph.x - corner_px.x);
                let Some(place) = atlas.place(ctx, key) else { continue };
                let origin_px = vec2(x_px, (glyph.y - corner_px.y).round());
                let min = (origin_px + place.offset_px) / pixels_per_point;
                let rect = Rect::from_min_size(min.to_pos2(), place.size_px / pixels_per_point);
                let (mesh, colour) =
                    if place.is_colour { (&mut self.coloured, Color32::WHITE) } else { (&mut self.tinted, colour) };
                mesh.add_rect_with_uv(rect, place.texels, colour);
            }
        }
    }

    /// Puts the mesh in a row; gives the numbers of vertices and indices.
    fn into_row(self, row: &mut Row) -> (usize, usize) {
        let mut mesh = self.tinted;
        let tinted = mesh.vertices.len();
        mesh.append(self.coloured);
        let counts = (mesh.vertices.len(), mesh.indices.len());
        row.visuals =
            RowVisuals { mesh_bounds: mesh.calc_bounds(), mesh, glyph_index_start: 0, glyph_vertex_range: 0..tinted };
        counts
    }

    /// A galley of one row without characters: only egui's tessellator knows the atlas' final size in this frame, so
    /// a plain mesh would point beside its glyphs whenever the atlas grows.
    fn into_galley(self, seed: Option<&Arc<Galley>>, pixels_per_point: f32) -> Option<Galley> {
        if self.tinted.is_empty() && self.coloured.is_empty() {
            return None;
        }
        let mut galley = Galley::clone(seed?);
        let mut row = Row::clone(&galley.rows.first()?.row);
        row.glyphs.clear();
        (galley.num_vertices, galley.num_indices) = self.into_row(&mut row);
        galley.mesh_bounds = row.visuals.mesh_bounds;
        row.size = galley.mesh_bounds.size();
        galley.rect = galley.mesh_bounds;
        galley.pixels_per_point = pixels_per_point;
        galley.rows = vec![PlacedRow { pos: Pos2::ZERO, row: Arc::new(row), ends_with_newline: false }];
        Some(galley)
    }
}
