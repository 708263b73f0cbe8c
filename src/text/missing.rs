//! The grapheme clusters for which no font has a glyph, so that they can be shown as boxes and never hide in an article.
//!
//! Owns how they are found. It must not draw.

use crate::text::engine::Paragraph;
use crate::text::geometry::{RectPx, line_box};

/// Where the clusters without a glyph stand, each in its text box. Characters that leave no mark anyway are left out.
#[must_use]
pub fn missing_glyphs(paragraph: &Paragraph, text: &str) -> Vec<RectPx> {
    let mut found = Vec::new();
    for (number, line) in paragraph.lines().enumerate() {
        let metrics = line.metrics();
        let mut left = metrics.offset + metrics.inline_min_coord;
        for run in line.runs() {
            for cluster in run.visual_clusters() {
                let right = left + cluster.advance();
                let shown = text.get(cluster.text_range()).and_then(|text| text.chars().next());
                let leaves_a_mark = shown.is_some_and(|c| !c.is_whitespace() && !c.is_control());
                // Where the line stands is asked last: it is seldom needed, and costs as much as all the rest.
                if leaves_a_mark
                    && right > left
                    && cluster.glyphs().any(|glyph| glyph.id == 0)
                    && let Some(place) = line_box(paragraph, number)
                {
                    found.push(RectPx { left, top: place.text_top, right, bottom: place.text_bottom });
                }
                left = right;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::Direction;
    use crate::text::engine::{Align, Engine, TextStyle};

    fn check(text: &str, expected: usize) {
        let style = TextStyle { size_px: 16.0, weight: 400.0, line_height: 1.5, direction: Direction::Auto };
        let paragraph = Engine::new(false).paragraph(text, style, None, Align::Start);
        assert_eq!(missing_glyphs(&paragraph, text).len(), expected, "{text:?}");
    }

    #[test]
    fn what_the_fonts_lack_is_found() {
        check("سلام Apple ۱۳۹۷ می‌روم", 0);
        check("شهر 東京 و \u{1F30D}", 3);
        check("a\u{0}b\tc", 0);
    }
}
