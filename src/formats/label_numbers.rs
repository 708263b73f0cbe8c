//! The names of labels that a file numbers, from a file of its own.
//!
//! Owns the shapes that are read: a JSON object of names by number, a list of names from 0, or a label file of doccano, whose labels have an
//! `id`. It must not know a path.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Why a file of label names cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabelNumbersError {
    /// It is of none of the shapes.
    #[error(
        "this names no labels ({words}); write {{\"1\": \"PER\"}}, [\"O\", \"B-PER\"] or [{{\"id\": 1, \"text\": \"PER\"}}]"
    )]
    Shape {
        /// The parser's words.
        words: String,
    },
    /// A key of the object is no number.
    #[error("{key:?} is no number of a label")]
    NoNumber {
        /// The key.
        key: String,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Shape {
    ByNumber(BTreeMap<String, String>),
    Names(Vec<String>),
    Labels(Vec<Numbered>),
}

#[derive(Deserialize)]
struct Numbered {
    id: i64,
    #[serde(alias = "name", alias = "label")]
    text: String,
}

/// The names by number.
///
/// ```
/// use barchasb::formats::label_numbers::label_names_from_json;
/// let names = label_names_from_json(r#"[{"id": 7, "text": "PER", "suffix_key": "p"}]"#).unwrap();
/// assert_eq!(names[&7], "PER");
/// assert_eq!(label_names_from_json(r#"["O", "B-PER"]"#).unwrap()[&1], "B-PER");
/// assert_eq!(label_names_from_json(r#"{"3": "LOC"}"#).unwrap()[&3], "LOC");
/// assert!(label_names_from_json(r#"{"three": "LOC"}"#).is_err());
/// ```
///
/// # Errors
/// [`LabelNumbersError`].
pub fn label_names_from_json(json: &str) -> Result<BTreeMap<i64, String>, LabelNumbersError> {
    let shape = serde_json::from_str(json.trim_start_matches('\u{FEFF}'))
        .map_err(|error| LabelNumbersError::Shape { words: error.to_string() })?;
    match shape {
        Shape::Names(names) => Ok((0..).zip(names).collect()),
        Shape::Labels(labels) => Ok(labels.into_iter().map(|label| (label.id, label.text)).collect()),
        Shape::ByNumber(names) => names
            .into_iter()
            .map(|(key, name)| match key.trim().parse() {
                Ok(number) => Ok((number, name)),
                Err(_) => Err(LabelNumbersError::NoNumber { key }),
            })
            .collect(),
    }
}
