//! Rows: the lines of a laid-out paragraph as egui's rows of glyphs.
//!
//! Owns how a `Galley` is filled by hand: meshes for the eye, characters for egui's cursors and for screen readers. egui
//! counts on one character entry for each code point, in logical order. It must not shape, wrap or cache.

use crate::text::engine::{Ink, Paragraph};
use crate::ui::glyphs::{GlyphAtlas, GlyphKey};
use egui::emath::GuiRounding as _;
use egui::epaint::Mesh;
use egui::epaint::text::{Glyph, LayoutJob, PlacedRow, Row, RowVisuals};
use egui::{Color32, Galley, Pos2, Rect, Vec2, pos2, vec2};
use parley::{Line, PositionedLayoutItem};
use std::sync::Arc;

/// The galley of a paragraph whose text is `shown`. `None` before the first pass.
pub(crate) fn galley_of(
    ctx: &egui::Context,
    atlas: &mut GlyphAtlas,
    paragraph: &Paragraph,
    shown: &str,
    job: LayoutJob,
) -> Option<Galley> {
    let pixels_per_point = atlas.pixels_per_point();
    let colour = job.sections.first().map_or(Color32::PLACEHOLDER, |section| section.format.color);
    let mut galley = described(&atlas.seed()?.clone(), pixels_per_point, paragraph, shown)?;
    let (left_px, _) = extent_px(paragraph);
    for (placed, line) in galley.rows.iter_mut().zip(paragraph.lines()) {
        let mut mesh = GlyphMesh::default();
        mesh.add(ctx, atlas, &line, vec2(left_px, line.metrics().block_min_coord.round()), |_| colour);
        let row = Arc::make_mut(&mut placed.row);
        let (vertices, indices) = mesh.into_row(row);
        galley.num_vertices += vertices;
        galley.num_indices += indices;
        galley.mesh_bounds |= row.visuals.mesh_bounds.translate(placed.pos.to_vec2());
        // egui recolours the vertices between two characters when a label's text is selected: here it has none to find.
        let beyond = u32::try_from(row.visuals.glyph_vertex_range.end).unwrap_or(u32::MAX);
        row.glyphs.iter_mut().for_each(|glyph| glyph.first_vertex = beyond);
    }
    galley.job = Arc::new(job);
    Some(galley)
}

/// A galley that knows where the characters of a paragraph are and paints nothing.
pub(crate) fn described(
    seed: &Arc<Galley>,
    pixels_per_point: f32,
    paragraph: &Paragraph,
    shown: &str,
) -> Option<Galley> {
    let mut galley = Galley::clone(seed);
    let mut row = Row::clone(&galley.rows.first()?.row);
    let mut glyph = *row.glyphs.first()?;
    row.visuals = RowVisuals::default();
    let (left_px, right_px) = extent_px(paragraph);
    let lines = paragraph.lines().map(|line| {
        let metrics = line.metrics();
        let (top_px, bottom_px) = (metrics.block_min_coord.round(), metrics.block_max_coord.round());
        let baseline = (metrics.baseline - top_px) / pixels_per_point;
        row.size = (vec2(right_px - left_px, bottom_px - top_px) / pixels_per_point).round_ui();
        (glyph.pos.y, glyph.line_height) = (baseline, row.size.y);
        (glyph.font_ascent, glyph.font_height) = (baseline, row.size.y);
        (glyph.font_face_ascent, glyph.font_face_height) = (baseline, row.size.y);
        let text = shown.get(line.text_range()).unwrap_or_default();
        let (text, ends_with_newline) = text.strip_suffix('\n').map_or((text, false), |text| (text, true));
        row.glyphs = characters(&line, text, glyph, left_px, pixels_per_point);
        let pos = pos2(0.0, top_px / pixels_per_point);
        PlacedRow { pos, row: Arc::new(row.clone()), ends_with_newline }
    });
    galley.rows = lines.collect();
    if let Some(last) = galley.rows.last_mut() {
        last.ends_with_newline = false;
    }
    let size_px = vec2(right_px - left_px, paragraph.height().round());
    galley.rect = Rect::from_min_size(Pos2::ZERO, (size_px / pixels_per_point).round_ui());
    (galley.num_vertices, galley.num_indices, galley.mesh_bounds) = (0, 0, Rect::NOTHING);
    galley.pixels_per_point = pixels_per_point;
    galley.elided = false;
    Some(galley)
}

/// From the leftmost to the rightmost line end, whole pixels; spaces that hang at a line end are outside.
pub(crate) fn extent_px(paragraph: &Paragraph) -> (f32, f32) {
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
pub(crate) struct GlyphMesh {
    tinted: Mesh,
    coloured: Mesh,
}

impl GlyphMesh {
    /// Adds the glyphs of a line, `corner_px` of the paragraph coming to the zero point.
    pub(crate) fn add(
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
    pub(crate) fn into_galley(self, seed: Option<&Arc<Galley>>, pixels_per_point: f32) -> Option<Galley> {
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
