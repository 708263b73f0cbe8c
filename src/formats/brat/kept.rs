//! What a layer keeps of brat's files: the ids its mentions had, and the lines that are no mention.
//!
//! Owns its shape in [`Carried`]. It must not know texts or files.

use crate::domain::record::{Carried, LayerRecord, MentionRecord};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};

/// The name under which it is carried: that of the format.
pub const BRAT: &str = "brat";

/// Ids and lines of a layer.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct KeptLines {
    /// The ids of mentions, in the order of the file.
    pub mentions: Vec<KeptMention>,
    /// Lines that are no mention and no note of one, as they stood.
    pub lines: Vec<String>,
}

/// The ids of a mention, found again by its place and label.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeptMention {
    /// Where it begins, in code points.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Its label.
    pub label: String,
    /// Its id, as `T1`.
    pub id: String,
    /// The id of its note, as `#1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl KeptLines {
    /// What a layer keeps; nothing when it keeps none, or what is no longer readable.
    pub fn of_layer(layer: &LayerRecord) -> Self {
        layer.carried_for(BRAT).and_then(|data| serde_json::from_str(data).ok()).unwrap_or_default()
    }

    /// As it is carried; `None` when a writer would choose the same ids anyway and there is no line.
    pub fn carried(&self) -> Option<Carried> {
        let mut notes = 0;
        let is_plain = self.mentions.iter().enumerate().all(|(at, mention)| {
            notes += usize::from(mention.note.is_some());
            mention.id == format!("T{}", at + 1) && mention.note.as_ref().is_none_or(|id| *id == format!("#{notes}"))
        });
        if is_plain && self.lines.is_empty() {
            return None;
        }
        Some(Carried { format: BRAT.to_owned(), data: serde_json::to_string(self).ok()? })
    }

    /// The ids by place and label, to be taken one by one.
    pub fn by_mention(&self) -> KeptIds<'_> {
        let mut ids: HashMap<_, VecDeque<&KeptMention>> = HashMap::new();
        for kept in &self.mentions {
            ids.entry((kept.start, kept.end, kept.label.as_str())).or_default().push_back(kept);
        }
        KeptIds { ids }
    }
}

/// Ids that are not taken yet.
pub struct KeptIds<'a> {
    ids: HashMap<(usize, usize, &'a str), VecDeque<&'a KeptMention>>,
}

impl<'a> KeptIds<'a> {
    /// The ids that this mention had.
    pub fn take(&mut self, mention: &'a MentionRecord) -> Option<&'a KeptMention> {
        let key = (mention.span.start.get(), mention.span.end.get(), mention.label.as_str());
        self.ids.get_mut(&key)?.pop_front()
    }
}
