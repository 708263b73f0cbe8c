//! Glyphs: pictures of shaped glyphs by swash, kept in egui's own font atlas.
//!
//! Owns the fonts in use, the table of known glyphs and their places in the atlas. A glyph (font instance, glyph id,
//! quarter-pixel bin) is named by a private-use character, which egui's atlas asks us to draw: so widgets and articles
//! share one texture, and a mesh of glyphs is one draw call. It must not shape text nor know where a glyph is painted.
//!
//! egui throws its atlas away when it is nearly full, and when the theme, the fonts or the largest texture change. All
//! places are then void; [`GlyphAtlas::begin_pass`] notices.

use crate::text::engine::{Ink, VAZIRMATN, VAZIRMATN_FAMILY};
use egui::epaint::text::{FontPriority, Galley, GlyphBitmap, GlyphRasterizer, MAX_GLYPH_SIZE, RasterizedGlyph};
use egui::{Color32, ColorImage, FontData, FontDefinitions, FontFamily, FontId, Rect, Vec2, pos2, vec2};
use parley::{FontData as ParleyFont, Run};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use swash::scale::{Render, ScaleContext, Source, StrikeWith, image::Content};
use swash::zeno::{Angle, Transform, Vector};
use swash::{CacheKey, FontRef};

/// The first of the two private-use planes: U+F0000 to U+FFFFD.
const FIRST_PLANE: u32 = 0xF_0000;
/// The second: U+100000 to U+10FFFD.
const SECOND_PLANE: u32 = 0x10_0000;
/// How many characters a plane has; its last two are no characters.
const PLANE_LEN: u32 = 0xFFFE;
/// How many glyphs can be known at once. One more, and all are forgotten at the next pass.
const CAPACITY: u32 = 2 * PLANE_LEN;
/// A glyph is drawn at this many horizontal places within a pixel.
const BINS: f32 = 4.0;
/// Font sizes tell the generations apart; they are used again after so many, long after the atlas forgot them.
const GENERATIONS: u32 = 4096;

/// The number of a font instance: a font at one size, weight and slant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InstanceId(u32);

/// One picture: a glyph of a font instance at a quarter of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GlyphKey {
    instance: InstanceId,
    glyph: u16,
    bin: u8,
}

impl GlyphKey {
    /// The key of a glyph whose origin is at `x_px`, and the whole pixel to paint it at.
    #[must_use]
    pub fn at(instance: InstanceId, glyph: u16, x_px: f32) -> (Self, f32) {
        let quarters = (x_px * BINS).round();
        let bin = quarters.rem_euclid(BINS);
        (Self { instance, glyph, bin: bin as u8 }, (quarters - bin) / BINS)
    }
}

/// Where a glyph's picture is in the atlas, and how it sits at its origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The rectangle in the atlas, in texels.
    pub texels: Rect,
    /// From the origin (a whole pixel, on the baseline) to the top left corner, in pixels; down is positive.
    pub offset_px: Vec2,
    /// The size, in pixels.
    pub size_px: Vec2,
    /// The picture has its own colours (emoji) and must not be tinted.
    pub is_colour: bool,
}

/// A drawn glyph.
#[derive(Clone)]
struct Picture {
    image: ColorImage,
    offset_px: Vec2,
    is_colour: bool,
}

/// A font file's face; one swash cache key each, or swash's cache never hits.
struct Face {
    font: ParleyFont,
    offset: u32,
    key: CacheKey,
}

/// A face at one size, weight and slant.
struct Instance {
    face: usize,
    size_px: f32,
    /// Of the variation axes, 2.14 fixed point.
    coords: Vec<i16>,
    skew: Option<f32>,
    embolden: bool,
}

/// Pictures that egui's atlas has not fetched yet, by their private-use character.
type Waiting = Arc<Mutex<HashMap<char, Picture>>>;

/// Draws glyphs and knows their places in egui's atlas.
pub struct GlyphAtlas {
    faces: Vec<Face>,
    instances: Vec<Instance>,
    scale: ScaleContext,
    /// `None`: the glyph has no pixels (a space), and egui must never be asked for it.
    places: HashMap<GlyphKey, Option<Place>>,
    waiting: Waiting,
    generation: u32,
    named: u32,
    exhausted: bool,
    pixels_per_point: f32,
    seed: Option<Arc<Galley>>,
}

impl GlyphAtlas {
    /// Installs the rasteriser in `ctx`, replacing any other, and Vazirmatn as egui's own font.
    ///
    /// Call it before egui lays out a text: in the middle of a pass egui keeps the old fonts to its end.
    #[must_use]
    pub fn new(ctx: &egui::Context) -> Self {
        let waiting = Waiting::default();
        ctx.set_fonts(fonts_of_egui());
        ctx.set_glyph_rasterizers(vec![rasterizer(Arc::clone(&waiting))]);
        Self {
            faces: Vec::new(),
            instances: Vec::new(),
            scale: ScaleContext::new(),
            places: HashMap::new(),
            waiting,
            generation: 0,
            named: 0,
            exhausted: false,
            pixels_per_point: 0.0,
            seed: None,
        }
    }

    /// Must run in every pass before the first glyph is asked for. `true`: all earlier places are void.
    ///
    /// The sign is a galley of egui's own: egui keeps it from pass to pass, and drops it with its atlas.
    pub fn begin_pass(&mut self, ctx: &egui::Context) -> bool {
        let seed = ctx.fonts_mut(|fonts| fonts.layout_no_wrap(" ".to_owned(), FontId::monospace(8.0), Color32::WHITE));
        let pixels_per_point = ctx.pixels_per_point();
        let kept = self.seed.as_ref().is_some_and(|old| Arc::ptr_eq(old, &seed))
            && self.pixels_per_point.to_bits() == pixels_per_point.to_bits()
            && !self.exhausted;
        self.seed = Some(seed);
        self.pixels_per_point = pixels_per_point;
        if !kept {
            self.forget();
        }
        !kept
    }

    /// A galley of one space, to be filled: egui offers no way to make one from nothing. `None` before the first pass.
    #[must_use]
    pub fn seed(&self) -> Option<&Arc<Galley>> {
        self.seed.as_ref()
    }

    /// Physical pixels per point in this pass.
    #[must_use]
    pub fn pixels_per_point(&self) -> f32 {
        self.pixels_per_point
    }

    /// How many glyphs with pixels are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.named as usize
    }

    /// No glyph is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.named == 0
    }

    /// The font instance of a run; `None` for a font that cannot be read.
    pub fn instance(&mut self, run: &Run<'_, Ink>) -> Option<InstanceId> {
        let face = self.face(run.font())?;
        let (size_px, synthesis) = (run.font_size(), run.synthesis());
        let coords = run.normalized_coords().iter().map(|coord| coord.to_bits());
        let (skew, embolden) = (synthesis.skew(), synthesis.embolden());
        let known = self.instances.iter().position(|known| {
            known.face == face
                && known.size_px.to_bits() == size_px.to_bits()
                && known.skew == skew
                && known.embolden == embolden
                && known.coords.iter().copied().eq(coords.clone())
        });
        let index = known.unwrap_or_else(|| {
            self.instances.push(Instance { face, size_px, coords: coords.collect(), skew, embolden });
            self.instances.len() - 1
        });
        u32::try_from(index).ok().map(InstanceId)
    }

    /// Where the glyph is in the atlas, drawing it first when it is new. `None`: it has no pixels, or no room this pass.
    pub fn place(&mut self, ctx: &egui::Context, key: GlyphKey) -> Option<Place> {
        if let Some(&place) = self.places.get(&key) {
            return place;
        }
        let Some(picture) = self.draw(key) else {
            self.places.insert(key, None);
            return None;
        };
        let Some(name) = private_use(self.named) else {
            self.exhausted = true;
            ctx.request_repaint();
            return None;
        };
        self.named += 1;
        let place = self.put(ctx, name, picture);
        self.places.insert(key, place);
        place
    }

    /// Forgets every glyph and instance. Names are given anew; a new generation keeps them apart from what egui may
    /// remember under the old ones.
    fn forget(&mut self) {
        self.places.clear();
        self.instances.clear();
        lock(&self.waiting).clear();
        self.named = 0;
        self.exhausted = false;
        self.generation = (self.generation + 1) % GENERATIONS;
    }

    /// Has egui fetch the picture into its atlas under the private-use character `name`.
    fn put(&self, ctx: &egui::Context, name: char, picture: Picture) -> Option<Place> {
        let (offset_px, is_colour) = (picture.offset_px, picture.is_colour);
        lock(&self.waiting).insert(name, picture);
        let font = FontId::monospace(8.0 + self.generation as f32 / GENERATIONS as f32);
        let galley = ctx.fonts_mut(|fonts| fonts.layout_no_wrap(name.to_string(), font, Color32::WHITE));
        let uv = galley.rows.first()?.glyphs.first()?.uv_rect;
        if uv.is_nothing() {
            return None;
        }
        let corner = |[x, y]: [u16; 2]| pos2(f32::from(x), f32::from(y));
        let texels = Rect::from_min_max(corner(uv.min), corner(uv.max));
        Some(Place { texels, offset_px, size_px: texels.size(), is_colour })
    }

    fn face(&mut self, font: &ParleyFont) -> Option<usize> {
        let same = |face: &Face| face.font.index == font.index && face.font.data.id() == font.data.id();
        if let Some(known) = self.faces.iter().position(same) {
            return Some(known);
        }
        let face = FontRef::from_index(font.data.as_ref(), usize::try_from(font.index).ok()?)?;
        self.faces.push(Face { font: font.clone(), offset: face.offset, key: face.key });
        Some(self.faces.len() - 1)
    }

    /// Draws a glyph; `None` when it has no pixels or more than the atlas takes.
    fn draw(&mut self, key: GlyphKey) -> Option<Picture> {
        let instance = self.instances.get(key.instance.0 as usize)?;
        let face = self.faces.get(instance.face)?;
        let font = FontRef { data: face.font.data.as_ref(), offset: face.offset, key: face.key };
        let mut scaler =
            self.scale.builder(font).size(instance.size_px).hint(false).normalized_coords(&instance.coords).build();
        let sources = [Source::ColorOutline(0), Source::ColorBitmap(StrikeWith::BestFit), Source::Outline];
        let mut render = Render::new(&sources);
        render.offset(Vector::new(f32::from(key.bin) / BINS, 0.0));
        if instance.embolden {
            render.embolden(instance.size_px / 24.0);
        }
        if let Some(degrees) = instance.skew {
            render.transform(Some(Transform::skew(Angle::from_degrees(degrees), Angle::ZERO)));
        }
        let drawn = render.render(&mut scaler, key.glyph)?;
        let size = [drawn.placement.width as usize, drawn.placement.height as usize];
        if size.iter().any(|&side| side == 0 || side > MAX_GLYPH_SIZE) {
            return None;
        }
        let (is_colour, pixels): (bool, Vec<Color32>) = match drawn.content {
            Content::Mask => (false, drawn.data.iter().map(|&alpha| Color32::from_white_alpha(alpha)).collect()),
            Content::Color => (
                true,
                drawn
                    .data
                    .as_chunks()
                    .0
                    .iter()
                    .map(|&[r, g, b, a]| Color32::from_rgba_unmultiplied(r, g, b, a))
                    .collect(),
            ),
            Content::SubpixelMask => return None,
        };
        (pixels.len() == size.iter().product::<usize>()).then(|| Picture {
            image: ColorImage::new(size, pixels),
            offset_px: vec2(drawn.placement.left as f32, -drawn.placement.top as f32),
            is_colour,
        })
    }
}

/// The private-use character with this number, up to [`CAPACITY`].
fn private_use(number: u32) -> Option<char> {
    match number {
        0..PLANE_LEN => char::from_u32(FIRST_PLANE + number),
        PLANE_LEN..CAPACITY => char::from_u32(SECOND_PLANE + number - PLANE_LEN),
        _ => None,
    }
}

/// The rasteriser hands over what waits. A private-use character nobody waits for is a clear pixel, never a lack of
/// glyph: egui draws a box for that, and its tests stop.
fn rasterizer(waiting: Waiting) -> GlyphRasterizer {
    let rasterize = move |request: &egui::epaint::text::GlyphRasterizerRequest<'_>| {
        let name = request.cluster.chars().next().filter(|name| u32::from(*name) >= FIRST_PLANE)?;
        let picture = lock(&waiting).remove(&name).unwrap_or_else(|| Picture {
            image: ColorImage::filled([1, 1], Color32::TRANSPARENT),
            offset_px: Vec2::ZERO,
            is_colour: false,
        });
        let bitmap = GlyphBitmap { image: picture.image, offset_px: picture.offset_px, is_color: picture.is_colour };
        Some(RasterizedGlyph { bitmap, advance_px: 0.0 })
    };
    GlyphRasterizer::new("barchasb::glyphs", rasterize).with_priority(FontPriority::Highest)
}

/// The table is plain data, whole between two calls: a lock that a panic left behind is as good as any.
fn lock(waiting: &Waiting) -> MutexGuard<'_, HashMap<char, Picture>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Vazirmatn for both of egui's families: egui has no font of its own here, and measures by one.
fn fonts_of_egui() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    fonts.font_data.insert(VAZIRMATN_FAMILY.to_owned(), Arc::new(FontData::from_static(VAZIRMATN)));
    for family in [FontFamily::Proportional, FontFamily::Monospace] {
        fonts.families.insert(family, vec![VAZIRMATN_FAMILY.to_owned()]);
    }
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::Direction;
    use crate::text::engine::{Align, Engine, TextStyle};

    #[test]
    fn bins_are_quarters_and_round_to_the_nearest() {
        let check = |x_px: f32, bin: u8, whole_px: f32| {
            let (key, found_px) = GlyphKey::at(InstanceId(0), 1, x_px);
            assert_eq!((key.bin, found_px), (bin, whole_px), "{x_px}");
        };
        check(0.0, 0, 0.0);
        check(7.25, 1, 7.0);
        check(7.9, 0, 8.0);
        check(7.6, 2, 7.0);
        check(-0.25, 3, -1.0);
        check(-3.0, 0, -3.0);
    }

    #[test]
    fn names_are_private_use_characters_until_there_are_none() {
        assert_eq!(private_use(0), Some('\u{F0000}'));
        assert_eq!(private_use(PLANE_LEN - 1), Some('\u{FFFFD}'));
        assert_eq!(private_use(PLANE_LEN), Some('\u{100000}'));
        assert_eq!(private_use(CAPACITY - 1), Some('\u{10FFFD}'));
        assert_eq!(private_use(CAPACITY), None);
    }

    /// The places of the glyphs of `text`, asked for in one pass.
    fn places((atlas, engine): &mut (GlyphAtlas, Engine), ctx: &egui::Context, text: &str) -> Vec<Option<Place>> {
        let style = TextStyle { size_px: 16.0, weight: 400.0, line_height: 1.5, direction: Direction::RightToLeft };
        let paragraph = engine.paragraph(text, style, None, Align::Start);
        let mut places = Vec::new();
        for item in paragraph.lines().flat_map(|line| line.items()) {
            let parley::PositionedLayoutItem::GlyphRun(run) = item else { continue };
            let instance = atlas.instance(run.run()).unwrap();
            let glyphs: Vec<_> = run.positioned_glyphs().collect();
            places.extend(
                glyphs
                    .iter()
                    .map(|glyph| atlas.place(ctx, GlyphKey::at(instance, u16::try_from(glyph.id).unwrap(), glyph.x).0)),
            );
        }
        places
    }

    fn in_passes(count: usize, mut work: impl FnMut(&egui::Context, &mut (GlyphAtlas, Engine), usize)) {
        let ctx = egui::Context::default();
        let mut window = (GlyphAtlas::new(&ctx), Engine::new(false));
        for pass in 0..count {
            let mut output = ctx.run_ui(egui::RawInput::default(), |ui| work(ui.ctx(), &mut window, pass));
            output.textures_delta.clear();
        }
    }

    #[test]
    fn a_glyph_is_drawn_once_and_a_space_never() {
        in_passes(3, |ctx, window, pass| {
            assert_eq!(window.0.begin_pass(ctx), pass == 0);
            let places = places(window, ctx, "بب ب");
            assert_eq!(places.iter().filter(|place| place.is_some()).count(), 3);
            assert!(window.0.len() <= 3);
            assert!(places.iter().flatten().all(|place| place.size_px.min_elem() >= 1.0 && !place.is_colour));
        });
    }

    #[test]
    fn when_names_run_out_all_are_given_anew_in_the_next_pass() {
        in_passes(3, |ctx, window, pass| {
            let was_reset = window.0.begin_pass(ctx);
            let found = places(window, ctx, "ب").iter().flatten().count();
            match pass {
                0 => {
                    assert_eq!(found, 1);
                    window.0.named = CAPACITY;
                    assert_eq!(places(window, ctx, "ج"), [None]);
                    assert_eq!(places(window, ctx, "ب").iter().flatten().count(), 1);
                }
                1 => assert_eq!((was_reset, found, window.0.len()), (true, 1, 1)),
                _ => assert!(!was_reset),
            }
        });
    }

    #[test]
    fn a_second_atlas_takes_over() {
        in_passes(2, |ctx, window, pass| {
            let mut second = (GlyphAtlas::new(ctx), Engine::new(false));
            second.0.begin_pass(ctx);
            window.0.begin_pass(ctx);
            if pass == 1 {
                let found = places(&mut second, ctx, "ب");
                assert!(found.iter().flatten().all(|place| place.size_px.max_elem() > 1.0), "{found:?}");
            }
        });
    }
}
