//! What the first bytes of a file, or the names in a folder, say of its format.
//!
//! Owns [`Sniff`], which detectors look at, and [`Likeness`], which they answer. It must not know any format.

use crate::formats::decoding::Mark;

/// How many first bytes a detector sees at most.
pub const HEAD_BYTES: usize = 64 << 10;

/// How sure a detector is; the surest wins, and among equals the first of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// It is not of this format.
    No,
    /// It might be: another kind of file with the same ending is as likely.
    Maybe,
    /// The ending of the name is one of this format, and nothing speaks against it.
    Likely,
    /// The content is that of this format and of no other.
    Sure,
}

/// What a detector sees of a file or a folder.
#[derive(Clone, Debug, Default)]
pub struct Sniff {
    /// The file's or folder's own name.
    pub name: String,
    /// The first bytes of the file, [`HEAD_BYTES`] at most; empty for a folder.
    pub head: Vec<u8>,
    /// The names in the folder or archive, with `/` between folders; empty for a file.
    pub names: Vec<String>,
    /// How the file's JSON begins; `None` when it is no JSON.
    pub json: Option<JsonHead>,
}

/// How a JSON file begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonHead {
    /// Whether the file begins with an array.
    pub is_array: bool,
    /// Whether the first line is a whole value and another follows it, or it fills all that is seen: JSON Lines.
    pub is_lines: bool,
    /// The keys of the first object, as far as they are seen; empty where the first value is no object.
    pub keys: Vec<String>,
    /// The keys of objects one level inside the first object (in arrays too), as far as they are seen.
    pub inner_keys: Vec<String>,
    /// Whether the array's first element is an array.
    pub is_nested_array: bool,
}

impl JsonHead {
    /// Whether the first object has all these keys.
    #[must_use]
    pub fn has(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.keys.iter().any(|k| k == key))
    }

    /// Whether the first object has one of these keys.
    #[must_use]
    pub fn has_any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.keys.iter().any(|k| k == key))
    }
}

impl Sniff {
    /// What is seen of a file.
    ///
    /// ```
    /// use barchasb::formats::sniff::Sniff;
    /// let seen = Sniff::of_file("news.json", br#"[{"text": "x", "spans": [{"start": 0"#);
    /// let json = seen.json.unwrap();
    /// assert!(json.is_array && json.has(&["text", "spans"]));
    /// assert_eq!(json.inner_keys, ["start"]);
    /// ```
    #[must_use]
    pub fn of_file(name: &str, head: &[u8]) -> Self {
        let head = head.get(..HEAD_BYTES).unwrap_or(head);
        Self { name: name.to_owned(), head: head.to_vec(), names: Vec::new(), json: json_head(head) }
    }

    /// What is seen of a folder or an archive.
    #[must_use]
    pub fn of_folder(name: &str, names: &[String]) -> Self {
        Self { name: name.to_owned(), names: names.to_vec(), ..Self::default() }
    }

    /// Whether this is a folder or an archive.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        !self.names.is_empty()
    }

    /// The ending of the name in small letters, without the dot.
    #[must_use]
    pub fn ending(&self) -> String {
        self.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The first bytes as text without a mark, up to the last whole line where there is one; empty when they are none.
    #[must_use]
    pub fn text(&self) -> &str {
        let bytes = self.head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.head);
        let text = match str::from_utf8(bytes) {
            Ok(text) => text,
            // A letter that the end of the head cuts is no fault.
            Err(error) if error.error_len().is_none() => {
                bytes.get(..error.valid_up_to()).and_then(|good| str::from_utf8(good).ok()).unwrap_or_default()
            }
            Err(_) => return "",
        };
        match text.rfind('\n') {
            Some(end) if self.head.len() >= HEAD_BYTES => text.get(..=end).unwrap_or(text),
            _ => text,
        }
    }
}

/// How deep objects are looked into.
const DEEPEST: usize = 64;

/// Looks through JSON that may be cut off anywhere.
fn json_head(head: &[u8]) -> Option<JsonHead> {
    if matches!(Mark::at_start(head), Some(Mark::Utf16Le | Mark::Utf16Be | Mark::Utf32)) {
        return None;
    }
    let bytes = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let mut found = JsonHead { is_array: bytes.starts_with(b"["), ..JsonHead::default() };
    if !found.is_array && !bytes.starts_with(b"{") {
        return None;
    }
    let mut inside: Vec<u8> = Vec::new();
    let mut objects = 0;
    let mut at = 0;
    let mut is_json = false;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => {
                if inside.len() >= DEEPEST {
                    break;
                }
                if found.is_array && inside.len() == 1 && *byte == b'[' {
                    (found.is_nested_array, is_json) = (true, true);
                }
                objects += usize::from(*byte == b'{');
                inside.push(*byte);
            }
            b'}' | b']' => {
                if inside.pop() != Some(if *byte == b'}' { b'{' } else { b'[' }) {
                    return None;
                }
                let first_is_done = if found.is_array { inside.len() == 1 } else { inside.is_empty() };
                if inside.is_empty() && found.is_array {
                    // Text may begin like an array: `[1] A footnote.`
                    is_json = bytes.get(at..).unwrap_or_default().trim_ascii().is_empty();
                    break;
                }
                if first_is_done {
                    is_json = true;
                    break;
                }
            }
            b'"' => {
                let Some(length) = string_end(bytes.get(at..).unwrap_or_default()) else { break };
                let text = bytes.get(at..at + length).unwrap_or_default();
                at += length + 1;
                let rest = bytes.get(at..).unwrap_or_default().trim_ascii_start();
                if rest.starts_with(b":") && inside.last() == Some(&b'{') {
                    is_json = true;
                    let depth = inside.iter().filter(|open| **open == b'{').count();
                    let key = String::from_utf8_lossy(text).into_owned();
                    match depth {
                        1 => found.keys.push(key),
                        2 if !found.inner_keys.contains(&key) => found.inner_keys.push(key),
                        _ => {}
                    }
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => {}
            // A number, true, false, null; anything else there is no JSON.
            b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E' | b'I' | b'N' => {
                // A bare word where a key must stand, or in an array of nothing else.
                let no_key_yet = inside.last() == Some(&b'{') && found.keys.is_empty() && !found.is_nested_array;
                if byte.is_ascii_alphabetic() && (no_key_yet || (objects == 0 && inside.len() < 2)) {
                    return None;
                }
            }
            _ => return None,
        }
    }
    let first_line = bytes.split(|b| *b == b'\n').next().unwrap_or(bytes);
    let rest = bytes.get(first_line.len()..).unwrap_or_default().trim_ascii_start();
    let whole = serde_json::from_slice::<serde::de::IgnoredAny>(first_line).is_ok();
    let fills = first_line.len() == bytes.len() && head.len() >= HEAD_BYTES;
    found.is_lines = !found.is_array && ((whole && rest.starts_with(b"{")) || fills);
    is_json.then_some(found)
}

/// Where a string ends whose opening quote was just passed; `None` when it is cut off.
fn string_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: &str, expected: Option<(&[&str], &[&str], bool)>) {
        let found = json_head(head.as_bytes());
        let found = found.as_ref().map(|json| {
            let words = |keys: &[String]| keys.to_vec();
            (words(&json.keys), words(&json.inner_keys), json.is_array)
        });
        let words = |keys: &[&str]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(found, expected.map(|(keys, inner, array)| (words(keys), words(inner), array)), "{head}");
    }

    #[test]
    fn keys_are_seen_even_when_cut_off() {
        check(r#"{"text": "a \" b", "label": [[0, 1, "X"]]}"#, Some((&["text", "label"], &[], false)));
        check(
            r#"[{"data": {"text": "x"}, "annotations": [{"result": [{"va"#,
            Some((&["data", "annotations"], &["text", "result"], true)),
        );
        check("[1] A footnote.", None);
        check("{curly} braces", None);
        check("[]", Some((&[], &[], true)));
        check("{} x", Some((&[], &[], false)));
        check("سلام", None);
        check("[[\"a\", {\"entities\": []}]]", Some((&["entities"], &[], true)));
    }

    #[test]
    fn lines_are_told_from_one_value() {
        let lines = |head: &str| json_head(head.as_bytes()).unwrap().is_lines;
        assert!(lines("{\"a\": 1}\n{\"a\": 2}\n"));
        assert!(!lines("{\"a\": 1}"));
        assert!(!lines("{\n\"a\": 1}"));
    }

    #[test]
    fn the_text_ends_at_a_whole_letter() {
        let head = "سلام".as_bytes();
        assert_eq!(Sniff::of_file("a", head.get(..7).unwrap()).text(), "سلا");
        assert_eq!(Sniff::of_file("a", b"\xFF\xFEx").text(), "");
    }
}
