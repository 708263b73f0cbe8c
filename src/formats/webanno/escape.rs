//! How WebAnno TSV writes texts and values inside its lines and cells.
//!
//! Owns the escapes and the signs that part what stands in one cell. It must not know columns.
//!
//! <https://inception-project.github.io/releases/36.0/docs/user-guide.html#sect_webannotsv>

/// A piece of text as it stands after `#Text=`. It holds no line feed: every line of a sentence has its own `#Text=`.
pub fn escape_text(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => line.push_str("\\\\"),
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\u{8}' => line.push_str("\\b"),
            '\u{C}' => line.push_str("\\f"),
            c if c < ' ' && c != '\u{B}' => line.extend(['\\', c]),
            c => line.push(c),
        }
    }
    line
}

/// The text that was escaped. Up to version 3.1 the escapes were those of Java, with `\u0020` and quotes.
pub fn unescape_text(line: &str, is_java: bool) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let mut chars = after.chars();
        let read = match chars.next() {
            Some('t') => Some('\t'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{C}'),
            Some('\\') => Some('\\'),
            Some(c) if c < ' ' => Some(c),
            Some(c @ ('"' | '\'' | '/')) if is_java => Some(c),
            Some('u') if is_java => {
                if let Some((c, after)) = java_code(after) {
                    text.push(c);
                    rest = after;
                    continue;
                }
                None
            }
            _ => None,
        };
        // What is no escape stands for itself.
        match read {
            Some(c) => {
                text.push(c);
                rest = chars.as_str();
            }
            None => {
                text.push('\\');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

/// A character written as `u` and four digits, or two such for a surrogate pair, and what follows.
fn java_code(text: &str) -> Option<(char, &str)> {
    let unit = |text: &str| u16::from_str_radix(text.get(..4)?, 16).ok();
    let (digits, rest) = text.strip_prefix('u')?.split_at_checked(4)?;
    let first = unit(digits)?;
    if let Some(c) = char::from_u32(u32::from(first)) {
        return Some((c, rest));
    }
    let (digits, rest) = rest.strip_prefix("\\u")?.split_at_checked(4)?;
    Some((char::decode_utf16([first, unit(digits)?]).next()?.ok()?, rest))
}

/// A value as it stands in a cell.
pub fn escape_value(value: &str) -> String {
    let mut cell = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | '[' | ']' | '|' | '_' | ';' | '*' => cell.extend(['\\', c]),
            '\t' => cell.push_str("\\t"),
            '\n' => cell.push_str("\\n"),
            '\r' => cell.push_str("\\r"),
            '-' if chars.next_if_eq(&'>').is_some() => cell.push_str("\\->"),
            c => cell.push(c),
        }
    }
    cell
}

/// The value that was escaped.
pub fn unescape_value(cell: &str) -> String {
    let mut value = String::with_capacity(cell.len());
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        match chars.next() {
            Some('t') => value.push('\t'),
            Some('n') => value.push('\n'),
            Some('r') => value.push('\r'),
            Some(c @ ('\\' | '[' | ']' | '|' | '_' | ';' | '*')) => value.push(c),
            Some('-') if chars.as_str().starts_with('>') => value.push('-'),
            Some(other) => value.extend(['\\', other]),
            None => value.push('\\'),
        }
    }
    value
}

/// What a sign parts in a cell, where it is not escaped.
pub fn parted(cell: &str, sign: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, c) in cell.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == sign {
            parts.push(cell.get(start..at).unwrap_or_default());
            start = at + sign.len_utf8();
        }
    }
    parts.push(cell.get(start..).unwrap_or_default());
    parts
}

/// A value without the number in brackets behind it, and what stands in the brackets.
pub fn without_number(value: &str) -> (&str, Option<&str>) {
    let is_open = |before: &str| before.chars().rev().take_while(|c| *c == '\\').count() % 2 == 0;
    let inner = value.strip_suffix(']').filter(|rest| is_open(rest)).and_then(|rest| rest.rsplit_once('['));
    match inner {
        Some((before, number)) if is_open(before) => (before, Some(number)),
        _ => (value, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_are_those_of_the_tool() {
        assert_eq!(escape_text("a\tb\\\r\u{1}\u{B}"), "a\\tb\\\\\\r\\\u{1}\u{B}");
        assert_eq!(escape_value("a_b->c|[d];*-"), "a\\_b\\->c\\|\\[d\\]\\;\\*-");
        assert_eq!(unescape_text("\\u0633\\ud83d\\ude00 \\\"x\\q", true), "س😀 \"x\\q");
        assert_eq!(unescape_text("\\u0633", false), "\\u0633");
    }

    #[test]
    fn cells_are_parted_where_nothing_is_escaped() {
        assert_eq!(parted("a\\|b|c\\\\|d", '|'), ["a\\|b", "c\\\\", "d"]);
        assert_eq!(without_number("PER[12]"), ("PER", Some("12")));
        assert_eq!(without_number("PER\\[12\\]"), ("PER\\[12\\]", None));
        assert_eq!(without_number("a\\\\[3]"), ("a\\\\", Some("3")));
        assert_eq!(without_number("*"), ("*", None));
    }

    proptest! {
        #[test]
        fn what_was_escaped_comes_back(text in "(\\PC|[\\\\|_*\\[\\];>\\-\\t\\r\\n\u{1}\u{b}\u{8}]){0,12}") {
            prop_assert_eq!(unescape_text(&escape_text(&text), false), text.as_str());
            let cell = format!("{}[7]", escape_value(&text));
            prop_assert_eq!(parted(&cell, '|').len(), 1);
            let (value, number) = without_number(&cell);
            prop_assert_eq!((unescape_value(value), number), (text, Some("7")));
            prop_assert!(!cell.contains(['\t', '\n', '\r']));
        }
    }
}
