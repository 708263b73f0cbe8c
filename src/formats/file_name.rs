//! Names of articles and people as names of files, so that no name can leave its folder or clash with another.
//!
//! Owns the escape, its way back, and the choice of a free name. It must not touch a file system.
//!
//! What a file name cannot hold on some system is written as `%` and two hexadecimal digits for every byte of its UTF-8: separators,
//! control characters and those of bidi, what Windows forbids, its device names, dots and spaces at an edge, and `%` itself.

use crate::domain::article::TextHash;
use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization;

/// How many bytes of a name are kept; endings and numbers still fit in the 255 that file systems allow.
pub const MAX_STEM_BYTES: usize = 200;

/// What stands for the empty name. No other name is written so: `%` is always followed by digits.
const EMPTY: &str = "%";

/// What parts a shortened name from its hash.
const SHORTENED: &str = "%~";

/// Names that are devices on Windows, whatever ending they have.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// A name as the name of a file without ending: one component of a path, on every system.
///
/// ```
/// use barchasb::formats::file_name::{name_from_stem, stem_from_name};
/// assert_eq!(stem_from_name("خبر ۱"), "خبر ۱");
/// assert_eq!(stem_from_name("../a\\b"), "%2E.%2Fa%5Cb");
/// assert_eq!(stem_from_name("con.1"), "%63on.1");
/// assert_eq!(name_from_stem("%2E.%2Fa%5Cb").as_deref(), Some("../a\\b"));
/// ```
#[must_use]
pub fn stem_from_name(name: &str) -> String {
    if name.is_empty() {
        return EMPTY.to_owned();
    }
    let last = name.chars().count() - 1;
    let is_device = is_device(name);
    let mut stem = String::with_capacity(name.len());
    for (at, c) in name.chars().enumerate() {
        let at_edge = (at == 0 && (is_device || c == '.' || c == ' ')) || (at == last && (c == '.' || c == ' '));
        if at_edge || is_unsafe(c) {
            push_escaped(&mut stem, c);
        } else {
            stem.push(c);
        }
    }
    if stem.len() <= MAX_STEM_BYTES { stem } else { shortened(&stem, name) }
}

/// The name that was written as this stem; `None` when no name is written so, or a long one was cut.
///
/// ```
/// use barchasb::formats::file_name::name_from_stem;
/// assert_eq!(name_from_stem("a%2Fb").as_deref(), Some("a/b"));
/// assert_eq!(name_from_stem("100%20sure"), None, "a space needs no escape there");
/// ```
#[must_use]
pub fn name_from_stem(stem: &str) -> Option<String> {
    if stem == EMPTY {
        return Some(String::new());
    }
    let mut bytes = Vec::with_capacity(stem.len());
    let mut rest = stem;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let (digits, after) = after.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    bytes.extend_from_slice(rest.as_bytes());
    let name = String::from_utf8(bytes).ok()?;
    (stem_from_name(&name) == stem).then_some(name)
}

/// The name of a file that stands for an article: the name that was escaped, or what stands there.
#[must_use]
pub fn name_from_path(path: &str) -> String {
    let name = |part: &str| name_from_stem(part).unwrap_or_else(|| part.to_owned());
    path.split('/').map(name).collect::<Vec<_>>().join("/")
}

fn is_unsafe(c: char) -> bool {
    let is_bidi = matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let is_line = matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}');
    matches!(c, '%' | '/' | '\\' | '<' | '>' | ':' | '"' | '|' | '?' | '*') || c.is_control() || is_bidi || is_line
}

fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or(name).trim_end().to_lowercase();
    let is_numbered = |prefix: &str| {
        base.strip_prefix(prefix).is_some_and(|number| {
            let mut chars = number.chars();
            let first = chars.next().is_some_and(|c| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'));
            first && chars.next().is_none()
        })
    };
    DEVICES.contains(&base.as_str()) || is_numbered("com") || is_numbered("lpt")
}

fn push_escaped(stem: &mut String, c: char) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        stem.push('%');
        for digit in [byte >> 4, byte & 15] {
            stem.push(char::from_digit(u32::from(digit), 16).unwrap_or_default().to_ascii_uppercase());
        }
    }
}

/// The beginning of a stem that is too long, with a hash of the whole name.
fn shortened(stem: &str, name: &str) -> String {
    let hash = TextHash::from_text(name).hex();
    let hash = hash.get(..16).unwrap_or(&hash);
    let mut cut = (MAX_STEM_BYTES - SHORTENED.len() - hash.len()).min(stem.len());
    while !stem.is_char_boundary(cut) {
        cut -= 1;
    }
    let mut start = stem.get(..cut).unwrap_or_default();
    // An escape that is cut in two is left out whole.
    if let Some(sign) = start.rfind('%').filter(|sign| sign + 3 > start.len()) {
        start = start.get(..sign).unwrap_or_default();
    }
    format!("{start}{SHORTENED}{hash}")
}

/// A name as the name of a file when another name has the same file: told apart by a hash of the name alone, so that it is the same
/// whatever else there is. No name is written so by [`stem_from_name`] unless it is too long.
///
/// ```
/// use barchasb::formats::file_name::stem_apart;
/// assert_eq!(stem_apart("a"), "a%~ca978112ca1bbdca");
/// ```
#[must_use]
pub fn stem_apart(name: &str) -> String {
    let stem = stem_from_name(name);
    if stem.contains(SHORTENED) { stem } else { shortened(&stem, name) }
}

/// What two stems have alike that are one file where the file system folds case or normal forms.
#[must_use]
pub fn folded_stem(stem: &str) -> String {
    stem.nfc().collect::<String>().to_lowercase()
}

/// The names that are taken in a folder: none is given twice, even where the file system folds case or normal forms.
///
/// ```
/// use barchasb::formats::file_name::TakenNames;
/// let mut taken = TakenNames::default();
/// assert_eq!(taken.stem_for("a"), "a");
/// assert_eq!(taken.stem_for("A"), "A~2");
/// assert_eq!(taken.stem_for("a"), "a~3");
/// ```
#[derive(Clone, Debug, Default)]
pub struct TakenNames {
    taken: HashSet<String>,
}

impl TakenNames {
    /// The stem of a file for this name that no file has yet.
    pub fn stem_for(&mut self, name: &str) -> String {
        let stem = stem_from_name(name);
        let mut free = stem.clone();
        let mut number: u64 = 1;
        while !self.taken.insert(folded_stem(&free)) {
            number += 1;
            free = format!("{stem}~{number}");
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(name: &str, expected: &str) {
        assert_eq!(stem_from_name(name), expected);
        assert_eq!(name_from_stem(expected).as_deref(), Some(name));
    }

    #[test]
    fn no_name_leaves_its_folder() {
        check("", "%");
        check(".", "%2E");
        check("..", "%2E%2E");
        check("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd");
        check("C:\\x", "C%3A%5Cx");
        check("a.", "a%2E");
        check(" a ", "%20a%20");
        check("NUL", "%4EUL");
        check("com1.txt", "%63om1.txt");
        check("com12", "com12");
        check("a\u{202e}b\n\0", "a%E2%80%AEb%0A%00");
        check("می\u{200c}رود ۱۰۰٪", "می\u{200c}رود ۱۰۰٪");
        check("100%", "100%25");
    }

    #[test]
    fn what_no_name_gives_is_no_escape() {
        for stem in ["a%2", "a%zz", "a%FF", "%61", "a%2f", "a%+1"] {
            assert_eq!(name_from_stem(stem), None, "{stem}");
        }
        assert_eq!(name_from_path("sub%20x/b%2Fc"), "sub%20x/b/c");
    }

    #[test]
    fn long_names_stay_apart() {
        let long = |end: &str| stem_from_name(&format!("{}{end}", "خبر/".repeat(60)));
        assert!(long("a").len() <= MAX_STEM_BYTES);
        assert_ne!(long("a"), long("b"));
        assert_eq!(name_from_stem(&long("a")), None);
    }

    proptest! {
        #[test]
        fn a_name_comes_back(name in any::<String>()) {
            let stem = stem_from_name(&name);
            prop_assert!(!stem.is_empty() && stem.len() <= MAX_STEM_BYTES);
            prop_assert!(!stem.contains(['/', '\\', '\0', ':']) && stem != "." && stem != "..");
            match name_from_stem(&stem) {
                Some(back) => prop_assert_eq!(back, name),
                None => prop_assert!(stem.contains(SHORTENED)),
            }
        }
    }
}
