//! Coverage: which characters a font can show by itself.
//!
//! Owns a bit for each character of the Basic Multilingual Plane. It must not choose a font.

use crate::domain::bitmap::Bitmap;
use swash::FontRef;

/// How many characters are told apart; those beyond (emoji, rare scripts) count as not shown.
const CHARACTERS: usize = 0x1_0000;

/// The characters that a font has glyphs for, and those that need none.
#[derive(Clone, Debug)]
pub(crate) struct Coverage(Bitmap);

impl Coverage {
    /// The characters that the font file `data` shows; none when it cannot be read.
    #[must_use]
    pub fn of_font(data: &[u8]) -> Self {
        let mut shown = Bitmap::builder(CHARACTERS);
        if let Some(font) = FontRef::from_index(data, 0) {
            font.charmap().enumerate(|character, glyph| {
                if glyph != 0 {
                    shown.set(character as usize);
                }
            });
        }
        (0..CHARACTERS).filter(|&code| u32::try_from(code).is_ok_and(needs_no_glyph)).for_each(|code| shown.set(code));
        Self(shown.build())
    }

    /// Whether every character of `text` is shown.
    #[must_use]
    pub fn shows(&self, text: &str) -> bool {
        text.chars().all(|c| self.0.contains(c as usize))
    }
}

/// Controls, and the format characters that change their neighbours and leave no mark: joiners, bidi controls, the byte
/// order mark. Not the variation selectors, which ask for an emoji font.
fn needs_no_glyph(code: u32) -> bool {
    matches!(code, 0..=0x1F | 0x7F..=0x9F | 0xAD | 0x61C | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::engine::VAZIRMATN;

    #[test]
    fn news_is_shown_and_other_scripts_are_not() {
        let coverage = Coverage::of_font(VAZIRMATN);
        let check = |text: &str, expected: bool| assert_eq!(coverage.shows(text), expected, "{text:?}");
        check("", true);
        check("به گزارش «مهر»، می\u{200C}تواند ۲۰٪ (Mehr News, 1,250)؛\u{A0}مؤثرِ ۲۰\u{200F}؟\r\n\t", true);
        check("漢字", false);
        check("سلام 👍", false);
        check("ناجا\u{FE0F}", false);
        assert!(!Coverage::of_font(b"not a font").shows("a"));
    }
}
