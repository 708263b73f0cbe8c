//! The ids that mentions have in a file, kept so that what refers to them can be written back.
//!
//! Owns [`KeptIds`]: which mention had which id, found again by span and label when mentions were edited in between. It must not know
//! what refers to an id.

use crate::domain::record::MentionRecord;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet, VecDeque};

/// Ids with the place and label of their mentions: `[["T1", 0, 3, "PER"], …]` in code points.
///
/// ```
/// use barchasb::domain::{mention::Origin, offset::Span, record::MentionRecord};
/// use barchasb::formats::web::kept_ids::KeptIds;
/// use std::collections::HashSet;
/// let at = |start, end| MentionRecord { span: Span::from_chars(start, end), label: "PER".into(), note: None, origin: Origin::Import };
/// let mut kept = KeptIds::default();
/// kept.keep("T7", &at(0, 3));
/// assert_eq!(kept.assigned(&[at(5, 6), at(0, 3)], "T", &HashSet::new()), ["T1", "T7"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeptIds {
    ids: Vec<(String, usize, usize, String)>,
}

impl KeptIds {
    /// Keeps the id of a mention.
    pub fn keep(&mut self, id: &str, mention: &MentionRecord) {
        let (start, end) = (mention.span.start.get(), mention.span.end.get());
        self.ids.push((id.to_owned(), start, end, mention.label.clone()));
    }

    /// All ids that were kept.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(|(id, ..)| id.as_str())
    }

    /// An id for each mention: its own, or `prefix` and the next number that makes one that neither was kept nor is in `taken`.
    #[must_use]
    pub fn assigned<'a>(&'a self, mentions: &'a [MentionRecord], prefix: &str, taken: &HashSet<String>) -> Vec<String> {
        let mut free: HashMap<(usize, usize, &str), VecDeque<&str>> = HashMap::new();
        for (id, start, end, label) in &self.ids {
            free.entry((*start, *end, label)).or_default().push_back(id);
        }
        let kept: HashSet<&str> = self.ids.iter().map(|(id, ..)| id.as_str()).collect();
        let mut number = 0_u64;
        let id = |mention: &'a MentionRecord| {
            let key = (mention.span.start.get(), mention.span.end.get(), mention.label.as_str());
            if let Some(id) = free.get_mut(&key).and_then(VecDeque::pop_front) {
                return id.to_owned();
            }
            loop {
                number += 1;
                let id = format!("{prefix}{number}");
                if !kept.contains(id.as_str()) && !taken.contains(&id) {
                    return id;
                }
            }
        };
        mentions.iter().map(id).collect()
    }
}
