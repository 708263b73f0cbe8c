//! What was written, counted: in all, and by part and label.
//!
//! Owns [`Delivered`] and [`CountedPart`]. A mention of which a writer says that it was left out is not counted.

use crate::domain::record::ArticleRecord;
use crate::formats::decoding::as_u64;
use crate::formats::finding::Finding;
use crate::formats::foreign::Foreign;
use crate::formats::problem::Problem;
use serde::Serialize;
use std::collections::BTreeMap;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Articles.
    pub articles: u64,
    /// Layers, and articles without one: as many objects as the program's own JSON has.
    pub records: u64,
    /// Mentions of all layers.
    pub mentions: u64,
    /// Files.
    pub files: u64,
}

impl Delivered {
    /// Counts a record, without the mentions of which these problems say that they were left out.
    pub fn add(&mut self, record: &ArticleRecord, problems: &[Problem]) {
        let mentions = as_u64(record.layers.iter().map(|layer| layer.mentions.len()).sum());
        self.articles += 1;
        self.records += as_u64(record.layers.len().max(1));
        self.mentions += mentions.saturating_sub(left_out(problems));
    }
}

/// What a part holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CountedPart {
    /// Its name.
    pub name: String,
    /// Articles.
    pub articles: u64,
    /// Mentions.
    pub mentions: u64,
    /// Mentions by label.
    pub labels: BTreeMap<String, u64>,
}

impl CountedPart {
    /// Counts a record, without the mentions of which these problems say that they were left out.
    pub fn add(&mut self, record: &ArticleRecord, problems: &[Problem]) {
        let mut labels = BTreeMap::<&str, u64>::new();
        for mention in record.layers.iter().flat_map(|layer| &layer.mentions) {
            *labels.entry(&mention.label).or_default() += 1;
        }
        for problem in problems {
            match &problem.finding {
                Finding::Uncountable { label, .. } | Finding::Foreign(Foreign::MentionNotHeld { label, .. }) => {
                    labels.get_mut(label.as_str()).into_iter().for_each(|count| *count = count.saturating_sub(1));
                }
                Finding::Foreign(Foreign::MentionsNotHeld { .. }) => labels.clear(),
                _ => {}
            }
        }
        self.articles += 1;
        labels.into_iter().filter(|(_, count)| *count > 0).for_each(|(label, count)| self.add_mentions(label, count));
    }

    /// Takes in what another holds.
    pub fn join(&mut self, other: &Self) {
        self.articles += other.articles;
        other.labels.iter().for_each(|(label, count)| self.add_mentions(label, *count));
    }

    fn add_mentions(&mut self, label: &str, count: u64) {
        self.mentions += count;
        match self.labels.get_mut(label) {
            Some(all) => *all += count,
            None => drop(self.labels.insert(label.to_owned(), count)),
        }
    }
}

/// How many mentions problems say were left out.
fn left_out(problems: &[Problem]) -> u64 {
    let count = |problem: &Problem| match &problem.finding {
        Finding::Uncountable { .. } | Finding::Foreign(Foreign::MentionNotHeld { .. }) => 1,
        Finding::Foreign(Foreign::MentionsNotHeld { count }) => *count,
        _ => 0,
    };
    problems.iter().map(count).sum()
}
