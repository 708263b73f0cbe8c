//! A canvas in memory: paints egui's triangles without a GPU, the same on every machine.
//!
//! It follows egui's contract for painters: textures times vertex colours, premultiplied alpha, blending in gamma
//! space, clip rectangles, no culling. Painted by hand here because a software Vulkan differs from version to version.

use egui::epaint::textures::TexturesDelta;
use egui::epaint::{ClippedPrimitive, ImageData, Mesh, Primitive, Vertex};
use egui::{Color32, ColorImage, Rect, TextureId};
use egui_kittest::{Harness, TestRenderer};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The textures of a harness. Give a clone to `Harness::builder().renderer(…)`, then ask for [`Canvas::picture`].
#[derive(Clone, Default)]
pub struct Canvas {
    textures: Rc<RefCell<HashMap<TextureId, ColorImage>>>,
}

impl TestRenderer for Canvas {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        let mut textures = self.textures.borrow_mut();
        for (id, patches) in delta.set.drain() {
            for patch in patches {
                let ImageData::Color(image) = &patch.image;
                match patch.pos {
                    None => {
                        textures.insert(id, ColorImage::clone(image));
                    }
                    Some(corner) => copy(textures.get_mut(&id).expect("a patch for a known texture"), corner, image),
                }
            }
        }
        delta.free.clear();
    }
}

impl Canvas {
    /// What the harness' last frame looks like, in physical pixels.
    pub fn picture<State>(&self, harness: &Harness<'_, State>) -> ColorImage {
        let output = harness.output();
        let size = (harness.ctx.content_rect().size() * output.pixels_per_point).round();
        let mut picture = ColorImage::filled([size.x as usize, size.y as usize], Color32::TRANSPARENT);
        for ClippedPrimitive { clip_rect, primitive } in
            harness.ctx.tessellate(output.shapes.clone(), output.pixels_per_point)
        {
            let Primitive::Mesh(mesh) = primitive else { panic!("paint callbacks need a GPU") };
            let textures = self.textures.borrow();
            let texture = textures.get(&mesh.texture_id).expect("a mesh has a known texture");
            paint(&mut picture, &mesh, texture, clip_rect, output.pixels_per_point);
        }
        picture
    }
}

fn copy(texture: &mut ColorImage, corner: [usize; 2], patch: &ColorImage) {
    for y in 0..patch.height() {
        for x in 0..patch.width() {
            texture[(corner[0] + x, corner[1] + y)] = patch[(x, y)];
        }
    }
}

/// A vertex in pixels.
#[derive(Clone, Copy)]
struct Corner {
    x: f32,
    y: f32,
    u: f32,
    v: f32,
    colour: [f32; 4],
}

fn paint(picture: &mut ColorImage, mesh: &Mesh, texture: &ColorImage, clip: Rect, pixels_per_point: f32) {
    let corner = |&index: &u32| {
        let Vertex { pos, uv, color } = mesh.vertices[index as usize];
        let colour = color.to_array().map(f32::from);
        Corner { x: pos.x * pixels_per_point, y: pos.y * pixels_per_point, u: uv.x, v: uv.y, colour }
    };
    let bounds = |low: f32, high: f32, most: usize| {
        let end = (high * pixels_per_point).round().clamp(0.0, most as f32) as usize;
        ((low * pixels_per_point).round().max(0.0) as usize, end)
    };
    let (clip_x, clip_y) =
        (bounds(clip.min.x, clip.max.x, picture.width()), bounds(clip.min.y, clip.max.y, picture.height()));
    for triangle in mesh.indices.as_chunks::<3>().0 {
        fill(picture, triangle.each_ref().map(corner), texture, clip_x, clip_y);
    }
}

/// Paints the pixels whose centre is inside; a centre on an edge two triangles share belongs to one of them.
fn fill(
    picture: &mut ColorImage,
    mut corners: [Corner; 3],
    texture: &ColorImage,
    x: (usize, usize),
    y: (usize, usize),
) {
    let edge =
        |from: Corner, to: Corner, x: f32, y: f32| (to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x);
    if edge(corners[0], corners[1], corners[2].x, corners[2].y) < 0.0 {
        corners.swap(1, 2);
    }
    let [a, b, c] = corners;
    let area = edge(a, b, c.x, c.y);
    if area <= 0.0 {
        return;
    }
    let is_top_left = |from: Corner, to: Corner| to.y < from.y || (to.y == from.y && to.x > from.x);
    let inside = |weight: f32, from: Corner, to: Corner| weight > 0.0 || (weight == 0.0 && is_top_left(from, to));
    let span = |values: [f32; 3], (from, to): (usize, usize)| {
        let low = values.into_iter().fold(f32::INFINITY, f32::min).floor().max(0.0) as usize;
        let high = values.into_iter().fold(f32::NEG_INFINITY, f32::max).ceil().max(0.0) as usize;
        low.max(from)..high.min(to)
    };
    for row in span([a.y, b.y, c.y], y) {
        for column in span([a.x, b.x, c.x], x) {
            let (at_x, at_y) = (column as f32 + 0.5, row as f32 + 0.5);
            let weights = [edge(b, c, at_x, at_y), edge(c, a, at_x, at_y), edge(a, b, at_x, at_y)];
            if !(inside(weights[0], b, c) && inside(weights[1], c, a) && inside(weights[2], a, b)) {
                continue;
            }
            let mix =
                |values: [f32; 3]| (values[0] * weights[0] + values[1] * weights[1] + values[2] * weights[2]) / area;
            let texel = sample(texture, mix([a.u, b.u, c.u]), mix([a.v, b.v, c.v]));
            let source: [f32; 4] = std::array::from_fn(|channel| {
                mix([a.colour[channel], b.colour[channel], c.colour[channel]]) * texel[channel] / 255.0
            });
            let below = picture[(column, row)].to_array();
            let blended = std::array::from_fn(|channel| {
                (source[channel] + f32::from(below[channel]) * (1.0 - source[3] / 255.0)).round() as u8
            });
            let [r, g, b, a] = blended;
            picture[(column, row)] = Color32::from_rgba_premultiplied(r, g, b, a);
        }
    }
}

/// The texture's colour, linear between its four nearest texels, 0 to 255 for each channel.
fn sample(texture: &ColorImage, u: f32, v: f32) -> [f32; 4] {
    let (x, y) = (u * texture.width() as f32 - 0.5, v * texture.height() as f32 - 0.5);
    let texel = |x: f32, y: f32| {
        let clamp = |value: f32, side: usize| (value.max(0.0) as usize).min(side - 1);
        texture[(clamp(x, texture.width()), clamp(y, texture.height()))].to_array().map(f32::from)
    };
    let (left, top) = (x.floor(), y.floor());
    let (right_share, bottom_share) = (x - left, y - top);
    let corners = [texel(left, top), texel(left + 1.0, top), texel(left, top + 1.0), texel(left + 1.0, top + 1.0)];
    std::array::from_fn(|channel| {
        let [nw, ne, sw, se] = corners.map(|corner| corner[channel]);
        let upper = nw + (ne - nw) * right_share;
        let lower = sw + (se - sw) * right_share;
        upper + (lower - upper) * bottom_share
    })
}

#[test]
fn a_rectangle_is_filled_once_and_clipped() {
    let mut picture = ColorImage::filled([6, 4], Color32::BLACK);
    let mut mesh = Mesh::default();
    let half_white = Color32::from_rgba_premultiplied(128, 128, 128, 128);
    mesh.add_colored_rect(Rect::from_min_max(egui::pos2(1.0, 1.0), egui::pos2(4.0, 3.0)), half_white);
    let texture = ColorImage::filled([2, 2], Color32::WHITE);
    paint(&mut picture, &mesh, &texture, Rect::from_min_max(egui::pos2(0.0, 0.0), egui::pos2(3.0, 4.0)), 1.0);
    let rows: Vec<String> = (0..4)
        .map(|y| {
            (0..6)
                .map(|x| match picture[(x, y)].r() {
                    0 => '.',
                    128 => '#',
                    _ => '?',
                })
                .collect()
        })
        .collect();
    assert_eq!(rows, ["......", ".##...", ".##...", "......"]);
}
