//! doccano's file of labels: a list of `{"text", "prefix_key", "suffix_key", "background_color", "text_color"}`.
//!
//! Owns writing it beside an export and the numbers of labels in it. Reading names and colours is
//! [`label_file`](crate::formats::label_file)'s, which takes this shape as well as our own.

use crate::formats::format::{Companion, WrittenLabel};
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Serialize)]
struct WrittenDoccanoLabel<'a> {
    text: &'a str,
    prefix_key: Option<&'a str>,
    suffix_key: Option<char>,
    background_color: String,
    text_color: String,
}

/// The file of labels that belongs beside an export: none where there are no labels.
///
/// ```
/// use barchasb::domain::label::Colour;
/// use barchasb::formats::doccano::labels::labels_companion;
/// use barchasb::formats::format::WrittenLabel;
/// let label = WrittenLabel { name: "PER".into(), title: String::new(), colour: Colour(0x4C78A8), keys: "1p".into(), guideline: String::new() };
/// let file = &labels_companion(&[label])[0];
/// assert_eq!(file.ending, "labels.json");
/// assert!(String::from_utf8_lossy(&file.bytes).contains(r##""background_color": "#4C78A8""##));
/// ```
#[must_use]
pub fn labels_companion(labels: &[WrittenLabel]) -> Vec<Companion> {
    if labels.is_empty() {
        return Vec::new();
    }
    let mut taken = BTreeSet::new();
    let rows: Vec<WrittenDoccanoLabel<'_>> = labels
        .iter()
        .map(|label| WrittenDoccanoLabel {
            text: &label.name,
            prefix_key: None,
            // doccano takes one digit or small letter, each once.
            suffix_key: label
                .keys
                .chars()
                .map(|key| key.to_ascii_lowercase())
                .find(|key| (key.is_ascii_digit() || key.is_ascii_lowercase()) && taken.insert(*key)),
            background_color: label.colour.hex(),
            text_color: label.colour.letters().hex().to_ascii_lowercase(),
        })
        .collect();
    let mut bytes = serde_json::to_vec_pretty(&rows).unwrap_or_default();
    bytes.push(b'\n');
    vec![Companion { ending: "labels.json", bytes }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::label::Colour;
    use crate::formats::label_file::labels_from_json;

    fn label(name: &str, keys: &str, colour: u32) -> WrittenLabel {
        let (name, keys) = (name.to_owned(), keys.to_owned());
        WrittenLabel { name, title: String::new(), colour: Colour(colour), keys, guideline: String::new() }
    }

    #[test]
    fn what_is_written_is_read_as_labels() {
        let written = labels_companion(&[label("PER", "ش1P", 0x4C_78_A8), label("LOC", "1", 0xFF_FF_00)]);
        let bytes = &written[0].bytes;
        let read = labels_from_json(bytes).unwrap();
        let found: Vec<_> = read.iter().map(|l| (l.name.as_str(), l.keys.as_str(), l.colour)).collect();
        assert_eq!(found, [("PER", "1", Colour(0x4C_78_A8)), ("LOC", "", Colour(0xFF_FF_00))]);
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(text.matches("#ffffff").count() + text.matches("#000000").count(), 2, "{text}");
        assert_eq!(labels_companion(&[]), []);
    }
}
