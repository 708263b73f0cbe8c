//! What a layer keeps of a WebAnno TSV: its head, the cells of other layers, and the numbers and features of its mentions.
//!
//! Owns its shape in [`Carried`]. It must not know lines.

use crate::domain::record::{Carried, LayerRecord};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name under which it is carried: that of the format.
pub const WEBANNO_TSV: &str = "webanno-tsv";

/// What is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Kept {
    /// The declarations of the layers.
    pub head: Vec<String>,
    /// The ids of sentences, by the code point at which they begin.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sentences: BTreeMap<usize, String>,
    /// The cells of the other layers, where there are any. Those of the mentions' layer are `_`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<(KeptPlace, Vec<String>)>,
    /// Where the units are that cells refer to, by their ids.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub places: BTreeMap<String, KeptPlace>,
    /// The mentions, in the order of the file.
    pub mentions: Vec<KeptMention>,
}

/// Where a unit is: a token or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeptPlace {
    /// Where it begins, in code points.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Whether it is a part of a token.
    pub is_part: bool,
}

/// What a mention had besides place and label.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeptMention {
    /// Where it begins, in code points.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Its label.
    pub label: String,
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The unit at which it begins.
    pub first: KeptPlace,
    /// Its values, one for every column of the layer, as they stood.
    pub values: Vec<String>,
}

impl Kept {
    /// What a layer keeps; `None` when it keeps nothing, or what is no longer readable.
    pub fn of_layer(layer: &LayerRecord) -> Option<Self> {
        layer.carried_for(WEBANNO_TSV).and_then(|data| serde_json::from_str(data).ok())
    }

    /// As it is carried.
    pub fn carried(&self) -> Option<Carried> {
        Some(Carried { format: WEBANNO_TSV.to_owned(), data: serde_json::to_string(self).ok()? })
    }
}
