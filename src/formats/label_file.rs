//! A label set as a JSON file: a list of `{"name", "title", "colour", "keys", "guideline"}`, of which `name` alone must be there.
//!
//! doccano's files of labels are taken as well: a list of `{"id", "text", "prefix_key", "suffix_key", "background_color", "text_color"}`.
//!
//! Owns reading one. It must not give identities: a label gets its id where it is put into a project.

use crate::domain::label::{Colour, DEFAULT_LABELS};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// One label of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelEntry {
    /// The name in files, as `PER`.
    pub name: String,
    /// The title on the screen; the name when the file gives none.
    pub title: String,
    /// The colour; one of the default set's in turn when the file gives none.
    pub colour: Colour,
    /// The keys, each of which gives this label.
    pub keys: String,
    /// What belongs under it.
    pub guideline: String,
}

/// Why a label file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabelFileError {
    /// It is not the JSON it should be.
    #[error("this is no list of labels: {reason} (line {line}, column {column})")]
    Json {
        /// The parser's word.
        reason: String,
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
    },
    /// A colour is not `#RRGGBB`.
    #[error("label {name}: {colour:?} is no colour; write it as #4C78A8")]
    Colour {
        /// The label.
        name: String,
        /// What stands there.
        colour: String,
    },
    /// The list has no label.
    #[error("the list of labels is empty")]
    Empty,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLabel {
    #[serde(alias = "text")]
    name: String,
    title: Option<String>,
    #[serde(alias = "color", alias = "background_color")]
    colour: Option<String>,
    #[serde(alias = "key", alias = "suffix_key")]
    keys: Option<String>,
    guideline: Option<String>,
    // What else doccano says of a label: its number stands in its own files alone, the colour of letters follows from that of the
    // ground, and labels here have no prefix.
    #[serde(rename = "id")]
    _id: Option<IgnoredAny>,
    #[serde(rename = "prefix_key")]
    _prefix_key: Option<IgnoredAny>,
    #[serde(rename = "text_color")]
    _text_colour: Option<IgnoredAny>,
    #[serde(rename = "task_type")]
    _task: Option<IgnoredAny>,
}

/// The labels of a file, in its order.
///
/// ```
/// use barchasb::formats::label_file::labels_from_json;
/// let labels = labels_from_json(r##"[{"name": "PER", "title": "شخص", "colour": "#4C78A8", "key": "p"}]"##.as_bytes()).unwrap();
/// assert_eq!((labels[0].name.as_str(), labels[0].keys.as_str()), ("PER", "p"));
/// ```
///
/// # Errors
/// [`LabelFileError`] with the place or the label.
pub fn labels_from_json(bytes: &[u8]) -> Result<Vec<LabelEntry>, LabelFileError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let raw: Vec<RawLabel> = serde_json::from_slice(bytes).map_err(|error| {
        let words = error.to_string();
        let reason = words.rsplit_once(" at line ").map_or(words.as_str(), |(reason, _)| reason).to_owned();
        LabelFileError::Json { reason, line: error.line(), column: error.column() }
    })?;
    if raw.is_empty() {
        return Err(LabelFileError::Empty);
    }
    raw.into_iter()
        .zip(DEFAULT_LABELS.iter().map(|label| label.colour).cycle())
        .map(|(label, next_colour)| {
            let name = label.name.trim().to_owned();
            let colour = match label.colour {
                None => next_colour,
                Some(text) => Colour::from_hex(text.trim())
                    .ok_or_else(|| LabelFileError::Colour { name: name.clone(), colour: text })?,
            };
            Ok(LabelEntry {
                title: label.title.filter(|t| !t.trim().is_empty()).unwrap_or_else(|| name.clone()),
                name,
                colour,
                keys: label.keys.unwrap_or_default().split_whitespace().collect(),
                guideline: label.guideline.unwrap_or_default(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: &str) {
        assert_eq!(labels_from_json(json.as_bytes()).unwrap_err().to_string(), expected);
    }

    #[test]
    fn a_name_is_enough() {
        let labels =
            labels_from_json("\u{feff}[{\"name\":\"A\"},{\"name\":\" B \",\"keys\":\"1 b\"}]".as_bytes()).unwrap();
        assert_eq!(labels[0].title, "A");
        assert_ne!(labels[0].colour, labels[1].colour);
        assert_eq!((labels[1].name.as_str(), labels[1].keys.as_str()), ("B", "1b"));
    }

    #[test]
    fn the_labels_of_doccano_are_taken() {
        let file = r##"[{"id":12,"text":"LOC","prefix_key":null,"suffix_key":"l","background_color":"#209cee",
            "text_color":"#ffffff","task_type":"Span"},{"text":"PER","suffix_key":null}]"##;
        let labels = labels_from_json(file.as_bytes()).unwrap();
        let [loc, per] = labels.as_slice() else { panic!("two labels: {labels:?}") };
        assert_eq!((loc.name.as_str(), loc.keys.as_str()), ("LOC", "l"));
        assert_eq!((loc.colour, per.name.as_str(), per.keys.as_str()), (Colour(0x209CEE), "PER", ""));
    }

    #[test]
    fn faults_are_said_with_their_place() {
        check("[]", "the list of labels is empty");
        check("{", "this is no list of labels: invalid type: map, expected a sequence (line 1, column 0)");
        check("[{\"title\":\"x\"}]", "this is no list of labels: missing field `name` (line 1, column 14)");
        check("[{\"name\":\"A\",\"colour\":\"blue\"}]", "label A: \"blue\" is no colour; write it as #4C78A8");
    }
}
