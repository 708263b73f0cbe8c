//! A picture: a chart as a list of plain marks, for whoever draws it (a window, an SVG file).
//!
//! Owns the marks and mirroring. It must not know colours, only what a colour is for ([`Tint`]); nor words: they are given.
//!
//! Lengths are in pixels of a page at its natural size, from the top and from the left edge. Builders place marks as for reading from the
//! left; [`Picture::mirrored`] turns the whole for reading from the right.

use crate::domain::label::LabelId;

/// What a colour is for; which colour that is, the theme or a stylesheet says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tint {
    /// What is read.
    Ink,
    /// What is read in passing.
    Soft,
    /// Hairlines.
    Line,
    /// The ground, for gaps between marks.
    Paper,
    /// A quiet area behind marks.
    Ground,
    /// The one accent.
    Accent,
    /// A label's own colour.
    Label(LabelId),
    /// A colour of its own for each of several series, from 0.
    Series(u8),
    /// A heat from 0 to 1, faint enough that ink is read on it.
    Heat(f32),
    /// What went wrong, faint as [`Tint::Heat`].
    Fault(f32),
    /// What went well.
    Good,
    /// What needs a look.
    Warning,
}

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// As text.
    Regular,
    /// As a heading.
    Bold,
}

/// Which part of words stands at the given place, in the direction in which the picture is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Where they begin.
    Start,
    /// Their middle.
    Middle,
    /// Where they end.
    End,
}

/// A rectangle with edges along the axes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    /// The left edge.
    pub x_px: f32,
    /// The top.
    pub y_px: f32,
    /// From left to right.
    pub width_px: f32,
    /// From the top down.
    pub height_px: f32,
}

impl Area {
    /// The area from the left edge, the top, the width and the height, in pixels.
    #[must_use]
    pub fn new(x_px: f32, y_px: f32, width_px: f32, height_px: f32) -> Self {
        Self { x_px, y_px, width_px, height_px }
    }
}

/// Words in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// The place of the anchor, from the left.
    pub x_px: f32,
    /// The middle of the letters' height.
    pub y_px: f32,
    /// Which part of the words stands there.
    pub anchor: Anchor,
    /// The size of type.
    pub size_px: f32,
    /// How heavy.
    pub weight: Weight,
    /// What the colour is for.
    pub tint: Tint,
    /// How much room there is; what does not fit is cut with an ellipsis.
    pub most_px: f32,
    /// The words.
    pub text: String,
}

/// One mark.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A filled rectangle.
    Rect {
        /// Where.
        area: Area,
        /// The radius of its corners.
        radius_px: f32,
        /// What the colour is for.
        tint: Tint,
    },
    /// A line through points.
    Line {
        /// The points, from the left and the top.
        points: Vec<(f32, f32)>,
        /// How thick.
        width_px: f32,
        /// What the colour is for.
        tint: Tint,
    },
    /// A filled disc.
    Disc {
        /// The middle, from the left and the top.
        middle: (f32, f32),
        /// The radius.
        radius_px: f32,
        /// What the colour is for.
        tint: Tint,
    },
    /// Words.
    Words(Words),
}

/// An area that says more when it is pointed at, and may lead somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Where.
    pub area: Area,
    /// What it says.
    pub words: String,
    /// What it leads to: a number that its maker understands; `None` when nowhere.
    pub goal: Option<usize>,
}

/// A chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Its width.
    pub width_px: f32,
    /// Its height.
    pub height_px: f32,
    /// What it shows, for those who do not see it.
    pub told: String,
    /// What is drawn, in this order.
    pub marks: Vec<Mark>,
    /// What can be pointed at; later ones lie above earlier ones.
    pub spots: Vec<Spot>,
    /// Whether it is read from the right.
    pub is_rtl: bool,
}

impl Picture {
    /// An empty picture of this size.
    #[must_use]
    pub fn new(width_px: f32, height_px: f32, told: impl Into<String>) -> Self {
        Self { width_px, height_px, told: told.into(), ..Self::default() }
    }

    /// Draws a rectangle with sharp corners.
    pub fn rect(&mut self, area: Area, tint: Tint) {
        self.marks.push(Mark::Rect { area, radius_px: 0.0, tint });
    }

    /// Draws a rectangle with rounded corners.
    pub fn rounded(&mut self, area: Area, radius_px: f32, tint: Tint) {
        self.marks.push(Mark::Rect { area, radius_px, tint });
    }

    /// Draws a line between two points.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), width_px: f32, tint: Tint) {
        self.marks.push(Mark::Line { points: vec![from, to], width_px, tint });
    }

    /// Draws words.
    pub fn words(&mut self, words: Words) {
        self.marks.push(Mark::Words(words));
    }

    /// Lets an area say more, and lead somewhere.
    pub fn spot(&mut self, area: Area, words: impl Into<String>, goal: Option<usize>) {
        self.spots.push(Spot { area, words: words.into(), goal });
    }

    /// The picture as it is read from the right: everything stands on the other side, words keep their anchors.
    ///
    /// ```
    /// use barchasb::analysis::picture::{Area, Mark, Picture, Tint};
    /// let mut picture = Picture::new(100.0, 10.0, "a bar");
    /// picture.rect(Area::new(10.0, 0.0, 30.0, 10.0), Tint::Ink);
    /// let mirrored = picture.clone().mirrored();
    /// let rect = Mark::Rect { area: Area::new(60.0, 0.0, 30.0, 10.0), radius_px: 0.0, tint: Tint::Ink };
    /// assert_eq!(mirrored.marks, [rect]);
    /// assert_eq!(mirrored.mirrored(), picture);
    /// ```
    #[must_use]
    pub fn mirrored(mut self) -> Self {
        let width = self.width_px;
        let turn = |area: &mut Area| area.x_px = width - area.x_px - area.width_px;
        for mark in &mut self.marks {
            match mark {
                Mark::Rect { area, .. } => turn(area),
                Mark::Line { points, .. } => points.iter_mut().for_each(|point| point.0 = width - point.0),
                Mark::Disc { middle, .. } => middle.0 = width - middle.0,
                Mark::Words(words) => words.x_px = width - words.x_px,
            }
        }
        self.spots.iter_mut().for_each(|spot| turn(&mut spot.area));
        self.is_rtl = !self.is_rtl;
        self
    }
}

/// About how wide words are, in pixels: for leaving room before anyone has laid them out. Letters of Vazirmatn are some 0.55 of their
/// size wide on average; marks and joiners have no width.
#[must_use]
pub fn estimated_width_px(text: &str, size_px: f32) -> f32 {
    let letters = text.chars().filter(|c| !crate::domain::token::is_format(*c)).count();
    letters as f32 * size_px * 0.55
}
