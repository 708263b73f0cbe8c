//! The theme: every colour, size and radius of the window, light and dark.
//!
//! Owns the design tokens; no colour is written anywhere else. It must not know what is drawn with them.

use crate::analysis::picture::Tint;
use crate::domain::label::{Colour, LabelSet};
use crate::session::settings::Theme as Choice;
use egui::{Color32, CornerRadius, Stroke, Visuals};
use std::sync::LazyLock;

/// Sizes of type, in points.
pub mod size {
    /// The article.
    pub const ARTICLE: f32 = 18.0;
    /// The lead lines of an article.
    pub const LEAD: f32 = 15.5;
    /// The interface.
    pub const INTERFACE: f32 = 14.0;
    /// Lists.
    pub const LIST: f32 = 13.5;
    /// Labels above the paper, and filters.
    pub const CARD: f32 = 12.5;
    /// What is said beside.
    pub const SMALL: f32 = 12.0;
    /// Label names under mentions.
    pub const MENTION_NAME: f32 = 9.5;
    /// The name of the program and titles of dialogs.
    pub const TITLE: f32 = 18.0;
    /// The name of the program on the start screen.
    pub const BRAND: f32 = 40.0;
}

/// Lengths, in points.
pub mod space {
    /// The grid.
    pub const UNIT: f32 = 4.0;
    /// The list of articles.
    pub const ARTICLES_WIDTH: f32 = 272.0;
    /// The list of mentions.
    pub const MENTIONS_WIDTH: f32 = 292.0;
    /// The paper at its widest.
    pub const PAPER_WIDTH: f32 = 760.0;
    /// From the edge of the paper to the text.
    pub const PAPER_MARGIN: f32 = 52.0;
    /// Below this width of the window the panels fold.
    pub const FOLD_WIDTH: f32 = 1000.0;
    /// Corners of the paper.
    pub const PAPER_RADIUS: u8 = 14;
    /// Corners of rows and cards.
    pub const ROW_RADIUS: u8 = 9;
    /// Corners of controls.
    pub const CONTROL_RADIUS: u8 = 8;
    /// Corners of mentions.
    pub const MENTION_RADIUS: u8 = 3;
    /// A dot of the line under a suggestion, and the same again to the next.
    pub const SUGGESTION_DOT: f32 = 2.0;
    /// The line height of the article, as a multiple of its size: room for lanes and names.
    pub const ARTICLE_LINE_HEIGHT: f32 = 2.2;
}

/// The colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// Whether it is the dark one.
    pub dark: bool,
    /// Behind everything.
    pub window: Color32,
    /// Under the article: the brightest (or calmest) surface.
    pub paper: Color32,
    /// Controls and rows under the pointer.
    pub raised: Color32,
    /// What is read.
    pub ink: Color32,
    /// What is read in passing.
    pub soft_ink: Color32,
    /// Hairlines.
    pub line: Color32,
    /// The one accent.
    pub accent: Color32,
    /// Text on the accent and on ink.
    pub on_accent: Color32,
    /// What went well.
    pub good: Color32,
    /// What needs a look.
    pub warning: Color32,
    /// What went wrong.
    pub fault: Color32,
    /// Under the selection.
    pub selection: Color32,
    /// Behind a dialog.
    pub veil: Color32,
    /// Under what floats.
    pub shadow: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// The light palette.
pub const LIGHT: Palette = Palette {
    dark: false,
    window: rgb(0xF6F4EF),
    paper: rgb(0xFFFEFB),
    raised: rgb(0xEFECE4),
    ink: rgb(0x22211E),
    soft_ink: rgb(0x6E6A62),
    line: rgb(0xE4E0D7),
    accent: rgb(0x1F6F6B),
    on_accent: rgb(0xFFFEFB),
    good: rgb(0x2F7D3A),
    warning: rgb(0xA85510),
    fault: rgb(0xB3262D),
    selection: rgb(0xCFE3E1),
    veil: Color32::from_black_alpha(70),
    shadow: Color32::from_black_alpha(28),
};

/// The dark palette.
pub const DARK: Palette = Palette {
    dark: true,
    window: rgb(0x17181B),
    paper: rgb(0x1D1F23),
    raised: rgb(0x26282D),
    ink: rgb(0xE7E4DC),
    soft_ink: rgb(0x9A968C),
    line: rgb(0x2C2E33),
    accent: rgb(0x6CC4BE),
    on_accent: rgb(0x17181B),
    good: rgb(0x86CB8C),
    warning: rgb(0xF2A766),
    fault: rgb(0xF08A8E),
    selection: rgb(0x24484A),
    veil: Color32::from_black_alpha(140),
    shadow: Color32::from_black_alpha(110),
};

/// The colours a label is offered: far apart in hue, and then in lightness. Any other can be typed.
pub const LABEL_COLOURS: [Colour; 24] = [
    Colour(0x4C78A8),
    Colour(0x72B7B2),
    Colour(0x2F8480),
    Colour(0x54A24B),
    Colour(0x8CA252),
    Colour(0xB79A20),
    Colour(0xF58518),
    Colour(0xE45756),
    Colour(0xD67195),
    Colour(0xB279A2),
    Colour(0x9D755D),
    Colour(0x79706E),
    Colour(0x1F4E99),
    Colour(0x3AA0D8),
    Colour(0x17615C),
    Colour(0x1F7A3D),
    Colour(0x5E7A1F),
    Colour(0x8C6D1F),
    Colour(0xC2501A),
    Colour(0xA61E2B),
    Colour(0xC2307F),
    Colour(0x7B4173),
    Colour(0x6A51A3),
    Colour(0x4A4A4A),
];

/// The colours of series in pictures, in light and in dark: each is read on its paper.
const SERIES: [[Color32; 6]; 2] = [
    [rgb(0x1F6F6B), rgb(0xA64B1A), rgb(0x4C5FA8), rgb(0x8A3F7F), rgb(0x5E7316), rgb(0x6E6A62)],
    [rgb(0x6CC4BE), rgb(0xF0A37A), rgb(0x9FB0F2), rgb(0xDDA0D3), rgb(0xBFD370), rgb(0x9A968C)],
];

/// The least contrast of text on the paper (WCAG 2.2, success criterion 1.4.3).
pub const TEXT_CONTRAST: f32 = 4.5;

impl Palette {
    /// The palette of a choice.
    #[must_use]
    pub fn of(choice: Choice) -> Self {
        match choice {
            Choice::Light => LIGHT,
            Choice::Dark => DARK,
        }
    }

    /// The other theme's colours: for what stands on ink.
    #[must_use]
    pub fn inverse(&self) -> Self {
        if self.dark { LIGHT } else { DARK }
    }

    /// The shade of a label's colour that can be read on the paper.
    #[must_use]
    pub fn label_ink(&self, colour: Colour) -> Color32 {
        readable_on(rgb(colour.0), self.paper)
    }

    /// The shade of a label's colour for a suggestion: fainter than a mention's, and fainter still below the threshold.
    #[must_use]
    pub fn suggestion_ink(&self, colour: Colour, reaches: bool) -> Color32 {
        mixed(self.paper, self.label_ink(colour), if reaches { 0.82 } else { 0.5 })
    }

    /// A label's tint under a mention: `part` of its colour over the paper.
    #[must_use]
    pub fn label_tint(&self, colour: Colour, part: f32) -> Color32 {
        mixed(self.paper, self.label_ink(colour), part)
    }

    /// What a colour of a picture is here. Heat stays so faint that ink is read on it.
    #[must_use]
    pub fn tint(&self, tint: Tint, labels: &LabelSet) -> Color32 {
        let heat =
            |colour, part: f32, most: f32| mixed(self.paper, colour, 0.04 + (most - 0.04) * part.clamp(0.0, 1.0));
        match tint {
            Tint::Ink => self.ink,
            Tint::Soft => self.soft_ink,
            Tint::Line => self.line,
            Tint::Paper => self.paper,
            Tint::Ground => self.raised,
            Tint::Accent => self.accent,
            Tint::Good => self.good,
            Tint::Warning => self.warning,
            Tint::Label(id) => labels.get(id).map_or(self.soft_ink, |label| self.label_ink(label.colour)),
            Tint::Series(place) => {
                let [light, dark] = &SERIES;
                let series = if self.dark { dark } else { light };
                series.get(usize::from(place) % series.len()).copied().unwrap_or(self.ink)
            }
            Tint::Heat(part) => heat(self.accent, part, if self.dark { 0.43 } else { 0.72 }),
            Tint::Fault(part) => heat(self.fault, part, if self.dark { 0.40 } else { 0.48 }),
        }
    }

    /// egui's own look, for what it draws itself.
    #[must_use]
    pub fn visuals(&self) -> Visuals {
        let mut visuals = if self.dark { Visuals::dark() } else { Visuals::light() };
        visuals.panel_fill = self.window;
        visuals.window_fill = self.paper;
        visuals.extreme_bg_color = self.paper;
        visuals.faint_bg_color = self.raised;
        visuals.window_stroke = Stroke::new(1.0, self.line);
        visuals.override_text_color = None;
        visuals.hyperlink_color = self.accent;
        visuals.selection.bg_fill = self.selection;
        visuals.selection.stroke = Stroke::new(1.5, self.accent);
        let radius = CornerRadius::same(space::CONTROL_RADIUS);
        let widgets = &mut visuals.widgets;
        for (widget, fill) in [
            (&mut widgets.noninteractive, self.window),
            (&mut widgets.inactive, self.raised),
            (&mut widgets.hovered, mixed(self.raised, self.ink, 0.06)),
            (&mut widgets.active, mixed(self.raised, self.ink, 0.12)),
            (&mut widgets.open, self.raised),
        ] {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = Stroke::new(1.0, self.line);
            widget.fg_stroke = Stroke::new(1.0, self.ink);
            widget.corner_radius = radius;
            widget.expansion = 0.0;
        }
        visuals.window_corner_radius = CornerRadius::same(space::PAPER_RADIUS);
        visuals.menu_corner_radius = CornerRadius::same(space::ROW_RADIUS);
        visuals
    }
}

/// `part` of `over` on `under`, both opaque.
#[must_use]
pub fn mixed(under: Color32, over: Color32, part: f32) -> Color32 {
    let mix = |u: u8, o: u8| (f32::from(u) + (f32::from(o) - f32::from(u)) * part).round() as u8;
    Color32::from_rgb(mix(under.r(), over.r()), mix(under.g(), over.g()), mix(under.b(), over.b()))
}

/// The contrast of two opaque colours, 1 to 21 (WCAG 2.2, relative luminance).
#[must_use]
pub fn contrast(a: Color32, b: Color32) -> f32 {
    contrast_of_luminances(luminance(a), luminance(b))
}

fn contrast_of_luminances(a: f32, b: f32) -> f32 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The relative luminance of WCAG 2.2. Every tick of a scroll bar asks for some: the powers are taken once.
fn luminance(colour: Color32) -> f32 {
    static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
        std::array::from_fn(|value| {
            let value = value as f32 / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    });
    let channel = |value: u8| LINEAR.get(usize::from(value)).copied().unwrap_or_default();
    0.2126 * channel(colour.r()) + 0.7152 * channel(colour.g()) + 0.0722 * channel(colour.b())
}

/// `colour` darkened or lightened, away from `surface`, as little as gives [`TEXT_CONTRAST`].
#[must_use]
pub fn readable_on(colour: Color32, surface: Color32) -> Color32 {
    let goal = if contrast(surface, Color32::BLACK) > contrast(surface, Color32::WHITE) {
        Color32::BLACK
    } else {
        Color32::WHITE
    };
    let ground = luminance(surface);
    let steps = 64_u8;
    (0..=steps)
        .map(|step| mixed(colour, goal, f32::from(step) / f32::from(steps)))
        .find(|shade| contrast_of_luminances(luminance(*shade), ground) >= TEXT_CONTRAST)
        .unwrap_or(goal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::label::DEFAULT_LABELS;

    fn check(text: Color32, surface: Color32) {
        let found = contrast(text, surface);
        assert!(found >= TEXT_CONTRAST - 0.01, "{text:?} on {surface:?}: {found}");
    }

    #[test]
    fn everything_that_is_read_can_be_read() {
        for palette in [LIGHT, DARK] {
            for surface in [palette.window, palette.paper] {
                for text in
                    [palette.ink, palette.soft_ink, palette.accent, palette.good, palette.warning, palette.fault]
                {
                    check(text, surface);
                }
            }
            for step in 0..=10_u8 {
                let part = f32::from(step) / 10.0;
                for tint in [Tint::Heat(part), Tint::Fault(part)] {
                    check(palette.ink, palette.tint(tint, &LabelSet::default()));
                }
            }
            for place in 0..6 {
                check(palette.tint(Tint::Series(place), &LabelSet::default()), palette.paper);
            }
            check(palette.on_accent, palette.accent);
            check(palette.paper, palette.ink);
            for colour in DEFAULT_LABELS.map(|label| label.colour).into_iter().chain(LABEL_COLOURS) {
                check(palette.label_ink(colour), palette.paper);
                check(palette.ink, palette.label_tint(colour, 0.28));
            }
        }
    }
}
