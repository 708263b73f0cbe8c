//! Cells that a spreadsheet would take for a formula, made harmless and made whole again.
//!
//! Owns the rule: a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return (OWASP, "CSV Injection"), with or without
//! apostrophes in front, gets one apostrophe more when it is written, and loses one when it is read. So every cell comes back as it was,
//! and no other cell is touched. It must not know columns.

use std::borrow::Cow;

/// The cell as it is written.
///
/// ```
/// use barchasb::formats::delimited::cell::{cell_from_text, text_from_cell};
/// assert_eq!(cell_from_text("=1+1"), "'=1+1");
/// assert_eq!(text_from_cell("'=1+1"), "=1+1");
/// assert_eq!(cell_from_text("'tis"), "'tis");
/// ```
#[must_use]
pub fn cell_from_text(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text of a cell that was read.
#[must_use]
pub fn text_from_cell(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_alone_are_touched() {
        let check = |text: &str, cell: &str| {
            assert_eq!(cell_from_text(text), cell);
            assert_eq!(text_from_cell(cell), text);
        };
        check("=A1", "'=A1");
        check("'=A1", "''=A1");
        check("-3", "'-3");
        check("@x", "'@x");
        check("\tx", "'\tx");
        check("\r\nx", "'\r\nx");
        check("", "");
        check("'", "'");
        check("'quoted'", "'quoted'");
        check("a=1", "a=1");
        // What another program made harmless comes back too.
        assert_eq!(text_from_cell("'+98"), "+98");
    }

    proptest! {
        #[test]
        fn every_cell_comes_back(text in "['=+@\\-\ta]{0,6}") {
            let cell = cell_from_text(&text);
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
            prop_assert_eq!(text_from_cell(&cell), text.as_str());
        }
    }
}
