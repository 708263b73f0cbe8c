//! What becomes of the labels of a file, or of a project on its way out: kept, renamed or skipped.
//!
//! Owns [`LabelMap`]. It must not know a store: which labels a project has is for the caller to say.

use crate::domain::record::{ArticleRecord, DecisionRecord};
use std::collections::{BTreeMap, BTreeSet};

/// New names by old ones; what is not named keeps its name.
///
/// ```
/// use barchasb::exchange::label_map::LabelMap;
/// let map: LabelMap = "PERSON=PER, MISC=".parse().unwrap();
/// assert_eq!((map.name_of("PERSON"), map.name_of("MISC"), map.name_of("LOC")), (Some("PER"), None, Some("LOC")));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelMap {
    fates: BTreeMap<String, Option<String>>,
    /// The labels that are kept, by their new names; `None` for all.
    kept: Option<BTreeSet<String>>,
}

/// Why a map of labels cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabelMapError {
    /// A part without `=`.
    #[error("{part:?} is no pair of labels; write FROM=TO, or FROM= to skip one")]
    NoPair {
        /// The part.
        part: String,
    },
    /// The file is no JSON object of names.
    #[error("this is no map of labels ({words}); write {{\"FROM\": \"TO\", \"OTHER\": null}}")]
    Json {
        /// The parser's words.
        words: String,
    },
}

impl LabelMap {
    /// A map that keeps these labels alone.
    pub fn only(names: impl IntoIterator<Item = String>) -> Self {
        Self { fates: BTreeMap::new(), kept: Some(names.into_iter().collect()) }
    }

    /// The same, with these labels alone, by the names that they get here.
    #[must_use]
    pub fn keeping(self, names: impl IntoIterator<Item = String>) -> Self {
        Self { kept: Some(names.into_iter().collect()), ..self }
    }

    /// The map in a JSON object: a name for a label, `null` to skip it.
    ///
    /// # Errors
    /// [`LabelMapError::Json`].
    pub fn from_json(json: &str) -> Result<Self, LabelMapError> {
        let fates = serde_json::from_str(json.trim_start_matches('\u{FEFF}'))
            .map_err(|error| LabelMapError::Json { words: error.to_string() })?;
        Ok(Self { fates, kept: None })
    }

    /// Gives a label another name; `None` skips it.
    pub fn set(&mut self, name: &str, fate: Option<String>) {
        self.fates.insert(name.to_owned(), fate);
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fates.is_empty() && self.kept.is_none()
    }

    /// What a label is called; `None` when it is skipped.
    #[must_use]
    pub fn name_of<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        let new = self.fates.get(name).map_or(Some(name), Option::as_deref)?;
        self.kept.as_ref().is_none_or(|kept| kept.contains(new)).then_some(new)
    }

    /// Renames and skips in a record; `skipped` counts by label what was taken out.
    pub fn apply(&self, record: &mut ArticleRecord, skipped: &mut BTreeMap<String, u64>) {
        if self.is_empty() {
            return;
        }
        let mut keeps = |label: &mut String| match self.name_of(label) {
            Some(name) => {
                if name != label.as_str() {
                    *label = name.to_owned();
                }
                true
            }
            None => {
                *skipped.entry(label.clone()).or_default() += 1;
                false
            }
        };
        for layer in &mut record.layers {
            layer.mentions.retain_mut(|mention| keeps(&mut mention.label));
        }
        let decisions = record.layers.iter_mut().flat_map(|layer| &mut layer.decisions);
        for list in decisions.flat_map(DecisionRecord::lists_mut) {
            list.retain_mut(|key| match self.name_of(&key.label).map(str::to_owned) {
                Some(name) => {
                    key.label = name;
                    true
                }
                None => false,
            });
        }
        for prediction in &mut record.predictions {
            prediction.mentions.retain_mut(|mention| keeps(&mut mention.label));
        }
    }
}

impl std::str::FromStr for LabelMap {
    type Err = LabelMapError;

    fn from_str(text: &str) -> Result<Self, LabelMapError> {
        let mut map = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (from, to) = part.split_once('=').ok_or_else(|| LabelMapError::NoPair { part: part.to_owned() })?;
            let to = to.trim();
            map.set(from.trim(), (!to.is_empty()).then(|| to.to_owned()));
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mention::Origin;
    use crate::domain::offset::Span;
    use crate::domain::record::{KeyRecord, LayerRecord, MentionRecord, ReadingRecord, RulingRecord};

    fn check(map: &LabelMap, expected: &[&str], expected_skipped: &[(&str, u64)]) {
        let mention = |label: &str| MentionRecord {
            span: Span::from_chars(0, 1),
            label: label.into(),
            note: None,
            origin: Origin::Import,
        };
        let mentions = ["PERSON", "MISC", "LOC", "MISC"].map(mention).to_vec();
        let key = |mention: &MentionRecord| KeyRecord { span: mention.span, label: mention.label.clone() };
        let decision = DecisionRecord {
            span: Span::from_chars(0, 1),
            readings: vec![ReadingRecord { annotator: "z".into(), mentions: mentions.iter().map(key).collect() }],
            ruling: RulingRecord::Nothing,
            gold: mentions.iter().map(key).collect(),
            reason: None,
            question: None,
        };
        let layers = vec![LayerRecord { mentions, decisions: vec![decision], ..LayerRecord::default() }];
        let mut record = ArticleRecord { text: "a".into(), layers, ..ArticleRecord::default() };
        let mut skipped = BTreeMap::new();
        map.apply(&mut record, &mut skipped);
        let labels: Vec<&str> = record.layers[0].mentions.iter().map(|m| m.label.as_str()).collect();
        assert_eq!(labels, expected);
        for list in record.layers[0].decisions[0].lists_mut() {
            assert_eq!(list.iter().map(|key| key.label.as_str()).collect::<Vec<_>>(), expected);
        }
        assert_eq!(skipped, expected_skipped.iter().map(|(l, n)| ((*l).to_owned(), *n)).collect());
    }

    #[test]
    fn labels_are_renamed_and_skipped() {
        check(&LabelMap::default(), &["PERSON", "MISC", "LOC", "MISC"], &[]);
        check(&"PERSON=PER,MISC=".parse().unwrap(), &["PER", "LOC"], &[("MISC", 2)]);
        check(
            &LabelMap::from_json(r#"{"PERSON": "PER", "LOC": null}"#).unwrap(),
            &["PER", "MISC", "MISC"],
            &[("LOC", 1)],
        );
        check(&LabelMap::only(["LOC".to_owned()]), &["LOC"], &[("PERSON", 1), ("MISC", 2)]);
        let renamed: LabelMap = "PERSON=PER".parse().unwrap();
        check(&renamed.keeping(["PER".to_owned()]), &["PER"], &[("LOC", 1), ("MISC", 2)]);
    }

    #[test]
    fn what_is_no_map_is_said() {
        assert_eq!(
            "PER".parse::<LabelMap>().unwrap_err().to_string(),
            "\"PER\" is no pair of labels; write FROM=TO, or FROM= to skip one"
        );
        assert!(LabelMap::from_json("[1]").unwrap_err().to_string().starts_with("this is no map of labels ("));
    }
}
