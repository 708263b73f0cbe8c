//! The text engine: fonts, and turning a paragraph of text into a laid-out [`Paragraph`] by parley.
//!
//! Owns the font collection and the scratch memory of shaping. It must not know what is drawn with the result, nor egui.
//! All lengths here are physical pixels: sizes are multiplied by the scale before they come in.
//!
//! The system's fonts are found by the first text that the embedded font cannot show: asking for them costs a start tens of
//! milliseconds, more where many are installed, and most windows never need one.

use crate::domain::article::Direction;
use crate::domain::offset::ByteSpan;
use crate::text::coverage::Coverage;
use fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::{
    Alignment, AlignmentOptions, BaseDirection, FontContext, FontFamily, FontFamilyName, FontWeight, GenericFamily,
    Layout, LayoutContext, LineHeight, OverflowWrap, StyleProperty,
};
use std::borrow::Cow;
use std::sync::Arc;

/// Vazirmatn, the variable font (weights 100 to 900), by Saber Rastikerdar and contributors; `fonts/OFL.txt` is its licence.
pub const VAZIRMATN: &[u8] = include_bytes!("../../fonts/Vazirmatn[wght].ttf");

/// The family name of [`VAZIRMATN`].
pub const VAZIRMATN_FAMILY: &str = "Vazirmatn";

/// A style number: who draws decides what colour it means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ink(pub u16);

/// How a paragraph is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextStyle {
    /// The font size.
    pub size_px: f32,
    /// The weight, 100 to 900.
    pub weight: f32,
    /// The line height as a multiple of the font size.
    pub line_height: f32,
    /// The base direction; `Auto` takes the first strong character.
    pub direction: Direction,
}

/// Where the lines of a paragraph stand in its width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Align {
    /// At the side where reading starts: right for Persian.
    #[default]
    Start,
    /// In the middle.
    Middle,
    /// At the side where reading ends.
    End,
    /// At the left whatever the direction: for a text whose place the caller finds.
    Left,
}

/// A part of a paragraph in a weight of its own.
///
/// It begins and ends where letters do not join: those of two weights are shaped apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Emphasis {
    /// Which part.
    pub span: ByteSpan,
    /// Its weight, 100 to 900.
    pub weight: f32,
}

/// A laid-out paragraph. Byte positions in it are relative to its own text.
pub type Paragraph = Layout<Ink>;

/// Fonts and the scratch memory of shaping. One is enough for a window; it is not shared between threads.
pub struct Engine {
    fonts: FontContext,
    /// The embedded font: one blob, so that every layout names it the same.
    vazirmatn: Blob<u8>,
    scratch: LayoutContext<Ink>,
    families: Vec<FontFamilyName<'static>>,
    /// What the embedded font shows, as long as the system's fonts are wanted and not loaded.
    embedded: Option<Coverage>,
}

impl Engine {
    /// An engine with the embedded font first and, when `system_fonts`, the system's behind it for other scripts.
    ///
    /// Tests leave the system's out, so that they look the same everywhere.
    #[must_use]
    pub fn new(system_fonts: bool) -> Self {
        let blob: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(VAZIRMATN);
        let vazirmatn = Blob::new(blob);
        Self {
            fonts: font_context(&vazirmatn, false),
            vazirmatn,
            scratch: LayoutContext::new(),
            families: vec![
                FontFamilyName::Named(Cow::Borrowed(VAZIRMATN_FAMILY)),
                FontFamilyName::Generic(GenericFamily::SansSerif),
                FontFamilyName::Generic(GenericFamily::Emoji),
            ],
            embedded: system_fonts.then(|| Coverage::of_font(VAZIRMATN)),
        }
    }

    /// Shapes `text` in one style and breaks it at `width_px` (`None`: one line).
    pub fn paragraph(&mut self, text: &str, style: TextStyle, width_px: Option<f32>, align: Align) -> Paragraph {
        let mut paragraph = Layout::new();
        self.shape_into(&mut paragraph, text, style);
        wrap(&mut paragraph, width_px, align);
        paragraph
    }

    /// Shapes `text` into one line from the left, a part of it in another weight.
    pub fn emphasised(&mut self, text: &str, style: TextStyle, emphasis: Emphasis) -> Paragraph {
        let mut paragraph = Layout::new();
        self.shape(&mut paragraph, text, style, Some(emphasis));
        wrap(&mut paragraph, None, Align::Left);
        paragraph
    }

    /// Shapes `text` into `paragraph`, whose memory is used again; [`wrap`] must follow.
    ///
    /// A tab is shaped as a space, for fonts have no glyph for it and would show a box. Both are one byte long, so positions
    /// in the paragraph are those of `text`.
    pub fn shape_into(&mut self, paragraph: &mut Paragraph, text: &str, style: TextStyle) {
        self.shape(paragraph, text, style, None);
    }

    fn shape(&mut self, paragraph: &mut Paragraph, text: &str, style: TextStyle, emphasis: Option<Emphasis>) {
        let shaped: Cow<'_, str> = if text.contains('\t') { text.replace('\t', " ").into() } else { text.into() };
        let text = shaped.as_ref();
        if self.embedded.as_ref().is_some_and(|embedded| !embedded.shows(text)) {
            self.fonts = font_context(&self.vazirmatn, true);
            self.embedded = None;
        }
        let mut builder = self.scratch.ranged_builder(&mut self.fonts, text, 1.0, true);
        builder.set_base_direction(base_direction(style.direction));
        builder.push_default(StyleProperty::FontFamily(FontFamily::from(&self.families[..])));
        builder.push_default(StyleProperty::FontSize(style.size_px));
        builder.push_default(StyleProperty::FontWeight(FontWeight::new(style.weight)));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(style.line_height)));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        if let Some(Emphasis { span, weight }) = emphasis {
            builder.push(StyleProperty::FontWeight(FontWeight::new(weight)), span.range());
        }
        builder.build_into(paragraph, text);
    }
}

/// Fonts to choose from. Made anew rather than added to, because a collection remembers where it found nothing.
fn font_context(vazirmatn: &Blob<u8>, system_fonts: bool) -> FontContext {
    let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts });
    collection.register_fonts(vazirmatn.clone(), None);
    FontContext { collection, source_cache: SourceCache::default() }
}

/// Breaks a shaped paragraph into lines again: after a change of width only this is needed.
pub fn wrap(paragraph: &mut Paragraph, width_px: Option<f32>, align: Align) {
    paragraph.break_all_lines(width_px);
    let alignment = match align {
        Align::Start => Alignment::Start,
        Align::Middle => Alignment::Center,
        Align::End => Alignment::End,
        Align::Left => Alignment::Left,
    };
    paragraph.align(alignment, AlignmentOptions::default());
}

/// Our direction in parley's words.
#[must_use]
pub fn base_direction(direction: Direction) -> BaseDirection {
    match direction {
        Direction::Auto => BaseDirection::Auto,
        Direction::RightToLeft => BaseDirection::Rtl,
        Direction::LeftToRight => BaseDirection::Ltr,
    }
}

/// The direction of the first strong character of `text` (rules P2 and P3 of UAX #9); `None` when it has none.
///
/// Right to left are the Hebrew, Arabic and further blocks from U+0590 to U+08FF, their presentation forms, and the
/// right-to-left scripts of the supplementary plane; left to right is every other letter.
#[must_use]
pub fn first_strong_direction(text: &str) -> Option<Direction> {
    text.chars().find_map(|c| match c {
        '\u{200E}' => Some(Direction::LeftToRight),
        '\u{200F}' | '\u{61C}' => Some(Direction::RightToLeft),
        c if !c.is_alphabetic() => None,
        '\u{590}'..='\u{8FF}'
        | '\u{FB1D}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}'
        | '\u{10800}'..='\u{10FFF}'
        | '\u{1E800}'..='\u{1EFFF}' => Some(Direction::RightToLeft),
        _ => Some(Direction::LeftToRight),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, direction: Direction, right_to_left: bool, one_line: bool) {
        let style = TextStyle { size_px: 16.0, weight: 400.0, line_height: 1.5, direction };
        let paragraph = Engine::new(false).paragraph(text, style, Some(200.0), Align::Start);
        assert_eq!(paragraph.is_rtl(), right_to_left, "{text}");
        assert_eq!(paragraph.len() == 1, one_line, "{text}");
    }

    #[test]
    fn direction_is_forced_or_found_and_lines_wrap() {
        check("سلام", Direction::Auto, true, true);
        check("Apple", Direction::Auto, false, true);
        check("Apple", Direction::RightToLeft, true, true);
        check("سلام", Direction::LeftToRight, false, true);
        check("۱۳۹۷ سلام", Direction::Auto, true, true);
        check(&"واژه ".repeat(40), Direction::RightToLeft, true, false);
        check(&"ب".repeat(400), Direction::RightToLeft, true, false);
    }

    #[test]
    fn the_systems_fonts_are_found_by_the_first_text_that_needs_them() {
        let style = TextStyle { size_px: 16.0, weight: 400.0, line_height: 1.5, direction: Direction::Auto };
        let mut engine = Engine::new(true);
        engine.paragraph("به گزارش خبرنگار مهر (Mehr News)", style, None, Align::Start);
        assert!(engine.embedded.is_some());
        engine.paragraph("漢字", style, None, Align::Start);
        assert!(engine.embedded.is_none());
    }

    #[test]
    fn a_tab_shows_no_box() {
        let style = TextStyle { size_px: 16.0, weight: 400.0, line_height: 1.5, direction: Direction::RightToLeft };
        let paragraph = Engine::new(false).paragraph("سلام\tدنیا", style, None, Align::Start);
        assert_eq!(paragraph.text_len(), "سلام\tدنیا".len());
        for run in paragraph.lines().flat_map(|line| line.runs()) {
            let mut glyphs = run.clusters().flat_map(|cluster| cluster.glyphs());
            assert!(glyphs.all(|glyph| glyph.id != 0));
        }
    }
}
