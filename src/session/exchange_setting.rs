//! What is remembered of imports and exports between runs: the choices that were made last, by name.
//!
//! Owns their shape in the settings file. Names that there are no more, and values of another shape, count as not written.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

/// How many renamed labels are remembered.
const RENAMED_LIMIT: usize = 500;

/// The last import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportSetting {
    /// Whether mentions became suggestions.
    #[serde(deserialize_with = "or_default")]
    pub as_suggestions: bool,
    /// How many sentences made an article.
    #[serde(deserialize_with = "or_default")]
    pub sentences: Option<NonZeroUsize>,
    /// Labels of files by the name that they got.
    #[serde(deserialize_with = "or_default")]
    pub renamed: BTreeMap<String, String>,
}

impl ImportSetting {
    /// Keeps the settings file small.
    pub fn forget_old(&mut self) {
        while self.renamed.len() > RENAMED_LIMIT {
            self.renamed.pop_first();
        }
    }
}

/// The last export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportSetting {
    /// The name of the format.
    #[serde(deserialize_with = "or_default")]
    pub format: String,
    /// Whether only what was finished went out.
    #[serde(deserialize_with = "or_default")]
    pub only_done: bool,
    /// The name of the unit of offsets.
    #[serde(deserialize_with = "or_default")]
    pub unit: String,
    /// The name of what became of edges inside tokens.
    #[serde(deserialize_with = "or_default")]
    pub align: String,
    /// The name of what became of nested mentions.
    #[serde(deserialize_with = "or_default")]
    pub nesting: String,
    /// The name of the tag scheme.
    #[serde(deserialize_with = "or_default")]
    pub scheme: String,
    /// The weights of the parts.
    #[serde(deserialize_with = "or_default")]
    pub split: Option<String>,
    /// What their draw began with.
    #[serde(deserialize_with = "or_default")]
    pub seed: u64,
    /// `one`, `shards` or `articles`.
    #[serde(deserialize_with = "or_default")]
    pub files: String,
    /// How many articles a shard had.
    #[serde(deserialize_with = "or_default")]
    pub shard: u64,
    /// Whether articles without mentions went out.
    #[serde(deserialize_with = "or_true")]
    pub bare: bool,
    /// Whether a card was written.
    #[serde(deserialize_with = "or_default")]
    pub card: bool,
}

impl Default for ExportSetting {
    fn default() -> Self {
        Self {
            format: String::new(),
            only_done: false,
            unit: String::new(),
            align: String::new(),
            nesting: String::new(),
            scheme: String::new(),
            split: None,
            seed: 0,
            files: String::new(),
            shard: 0,
            bare: true,
            card: false,
        }
    }
}

/// Reads a value, or its default from whatever else stands there.
///
/// # Errors
/// Only where the file is no JSON.
pub fn or_default<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(deserializer: D) -> Result<T, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

fn or_true<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(value.as_bool().unwrap_or(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_another_shape_count_as_not_written() {
        let read: ExportSetting =
            serde_json::from_str(r#"{"format": 7, "seed": -1, "bare": "no", "card": true, "old": 1}"#).unwrap();
        assert_eq!(read, ExportSetting { card: true, ..ExportSetting::default() });
        let read: ImportSetting = serde_json::from_str(r#"{"sentences": 0, "renamed": [1]}"#).unwrap();
        assert_eq!(read, ImportSetting::default());
    }

    #[test]
    fn not_every_label_is_remembered_for_ever() {
        let renamed = (0..600).map(|n| (n.to_string(), "PER".to_owned())).collect();
        let mut setting = ImportSetting { renamed, ..ImportSetting::default() };
        setting.forget_old();
        assert_eq!(setting.renamed.len(), RENAMED_LIMIT);
    }
}
