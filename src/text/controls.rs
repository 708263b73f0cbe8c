//! The characters that are there and leave no mark: bidi controls, zero-width spaces, control characters.
//!
//! Owns which they are and what a reader calls them, so that they can be shown and never hide in an article. It must not
//! change a text: what is shown is drawn beside it. The zero-width (non-)joiners are left out, for they are spelling:
//! the first stands in every Persian article, the second inside emoji.

use crate::domain::offset::ByteSpan;
use crate::text::caret::{Caret, caret_rect};
use crate::text::engine::Paragraph;
use crate::text::geometry::RectPx;

/// An invisible character of a paragraph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InvisibleCharacter {
    /// Its bytes.
    pub span: ByteSpan,
    /// Its usual abbreviation, as in the Unicode code charts: `RLO`, `NUL`, `ZWSP`.
    pub name: &'static str,
    /// Where it stands; mostly without width, in the full height of its line.
    pub rect: RectPx,
}

/// The abbreviation of an invisible character; `None` for every other, spaces, tab and line feed included.
///
/// Names as in the Unicode code charts and ISO 6429.
#[must_use]
pub fn invisible_name(c: char) -> Option<&'static str> {
    const C0: [&str; 32] = [
        "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI", "DLE",
        "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
    ];
    const C1: [&str; 32] = [
        "PAD", "HOP", "BPH", "NBH", "IND", "NEL", "SSA", "ESA", "HTS", "HTJ", "VTS", "PLD", "PLU", "RI", "SS2", "SS3",
        "DCS", "PU1", "PU2", "STS", "CCH", "MW", "SPA", "EPA", "SOS", "SGC", "SCI", "CSI", "ST", "OSC", "PM", "APC",
    ];
    let code = c as usize;
    Some(match c {
        '\t' | '\n' => return None,
        '\0'..='\u{1F}' => C0.get(code)?,
        '\u{7F}' => "DEL",
        '\u{80}'..='\u{9F}' => C1.get(code.checked_sub(0x80)?)?,
        '\u{AD}' => "SHY",
        '\u{61C}' => "ALM",
        '\u{180E}' => "MVS",
        '\u{200B}' => "ZWSP",
        '\u{200E}' => "LRM",
        '\u{200F}' => "RLM",
        '\u{2028}' => "LSEP",
        '\u{2029}' => "PSEP",
        '\u{202A}' => "LRE",
        '\u{202B}' => "RLE",
        '\u{202C}' => "PDF",
        '\u{202D}' => "LRO",
        '\u{202E}' => "RLO",
        '\u{2060}' => "WJ",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        '\u{FEFF}' => "BOM",
        '\u{FFF9}' => "IAA",
        '\u{FFFA}' => "IAS",
        '\u{FFFB}' => "IAT",
        '\u{E0000}'..='\u{E007F}' => "TAG",
        _ => return None,
    })
}

/// The invisible characters of a laid-out paragraph in the order of its `text`.
#[must_use]
pub fn invisible_characters(paragraph: &Paragraph, text: &str) -> Vec<InvisibleCharacter> {
    text.char_indices()
        .filter_map(|(at, c)| {
            let name = invisible_name(c)?;
            let span = ByteSpan::from_bytes(at, at + c.len_utf8());
            let before = caret_rect(paragraph, Caret::before(span.start));
            let after = caret_rect(paragraph, Caret::after(span.end));
            // A line break's far side is on the next line.
            let far = if after.top == before.top { after.left } else { before.left };
            let rect = RectPx { left: before.left.min(far), right: before.left.max(far), ..before };
            Some(InvisibleCharacter { span, name, rect })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::Direction;
    use crate::text::engine::{Align, Engine, TextStyle};

    fn check(text: &str, expected: &[(&str, usize)]) {
        let style = TextStyle { size_px: 16.0, weight: 400.0, line_height: 1.5, direction: Direction::RightToLeft };
        let paragraph = Engine::new(false).paragraph(text, style, Some(400.0), Align::Start);
        let found = invisible_characters(&paragraph, text);
        let named: Vec<(&str, usize)> = found.iter().map(|c| (c.name, c.span.start.get())).collect();
        assert_eq!(named, expected, "{text:?}");
        for character in found {
            let rect = character.rect;
            assert!(rect.height() > 0.0 && rect.left >= -0.1 && rect.right <= 400.1, "{text:?} {character:?}");
        }
    }

    #[test]
    fn invisible_characters_are_named_and_placed() {
        check("می‌روم به خانه\tو", &[]);
        check("الف\u{202E}abc", &[("RLO", 6)]);
        check("\0a\u{200B}b\u{200F}", &[("NUL", 0), ("ZWSP", 2), ("RLM", 6)]);
        check("\u{2067}\u{2069}", &[("RLI", 0), ("PDI", 3)]);
        check("سلام\u{FEFF} و\u{AD} \u{7F}\u{85}", &[("BOM", 8), ("SHY", 14), ("DEL", 17), ("NEL", 18)]);
        check("یک\rدو", &[("CR", 4)]);
        check("👨‍👩‍👧", &[]);
    }
}
