//! The lines that break naive text code, for the tests of this layer.
//!
//! Owns the lines and their layout with the fonts of the repository alone. It must not reach the program itself.

use crate::domain::article::Direction;
use crate::text::document::DocumentStyle;
use crate::text::engine::{Align, Engine, Paragraph, TextStyle};
use crate::text::geometry::RectPx;

/// A narrow column.
pub(crate) const WIDTH_PX: f32 = 180.0;

/// The lines.
pub(crate) const HARD_LINES: [&str; 16] = [
    "علی (رئیس) به تهران رفت (دیروز).",
    "شرکت Apple Inc. در بازار نزدک",
    "تاریخ ۱۳۹۷/۱۰/۲۹ ساعت ۸:۴۷",
    "نشانی https://www.mehrnews.com/news/4516776?lang=fa است",
    "گفت: «او گفت «نه» و رفت»",
    "مُحَمَّدٌ رَسُولُ اللهِ",
    "یہ ٹھیک ہے، ڈاکٹر صاحب",
    "שלום עולם (בית) 2024",
    "خانواده 👨‍👩‍👧‍👦 و پرچم 🇮🇷🇩🇪 و 👍🏽",
    "می‌روم کتاب‌خانه‌ها را ببینم",
    "السلام علیکم لا إله إلا",
    "Latin only, with (parentheses) and 12.5%",
    "۲۰٪ از ۱٬۲۰۰ نفر -۵ درجه",
    "العدد 123 abc ۴۵۶ (x)",
    "واژه واژه واژه واژه واژه واژه United States of America واژه واژه واژه",
    "  فاصله در آغاز و پایان  ",
];

/// One line laid out with the fonts of the repository alone.
pub(crate) fn lay_out(text: &str, direction: Direction, width_px: Option<f32>) -> Paragraph {
    let style = TextStyle { size_px: 16.0, weight: 400.0, line_height: 1.8, direction };
    Engine::new(false).paragraph(text, style, width_px, Align::Start)
}

/// Runs a test on each line in each direction at several widths.
pub(crate) fn everywhere(test: impl Fn(&str, &Paragraph)) {
    for text in HARD_LINES {
        for direction in [Direction::RightToLeft, Direction::LeftToRight, Direction::Auto] {
            for width_px in [None, Some(WIDTH_PX), Some(60.0)] {
                test(text, &lay_out(text, direction, width_px));
            }
        }
    }
}

/// The height at which a rectangle is hit.
pub(crate) fn mid_y(rect: RectPx) -> f32 {
    f32::midpoint(rect.top, rect.bottom)
}

/// An article's style in a column of `width_px`.
pub(crate) fn style(width_px: f32) -> DocumentStyle {
    DocumentStyle {
        size_px: 16.0,
        lead_size_px: 13.0,
        weight: 400.0,
        line_height: 2.0,
        direction: Direction::RightToLeft,
        width_px,
        paragraph_gap_px: 6.0,
        blank_gap_px: 14.0,
    }
}
