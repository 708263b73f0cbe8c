//! Parting articles into those to train on and those to test on, so that every part has its share of every label.
//!
//! Owns the draw: iterative stratification (K. Sechidis, G. Tsoumakas, I. Vlahavas, «On the Stratification of Multi-Label Data», ECML PKDD
//! 2011), which shares out the rarest label first. Articles of one text are kept together; where their algorithm 1 looks at one label to
//! choose a part, this looks at the mentions of all labels of an article, for in news the same articles have many of them. It must not
//! write anything, nor keep a text.

use crate::domain::record::ArticleRecord;
use crate::exchange::plan::Split;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Takes articles in, then draws. Of an article some hundred bytes are kept: the hash of its text and how many mentions of which labels it has.
///
/// ```
/// use barchasb::domain::record::ArticleRecord;
/// use barchasb::exchange::plan::Split;
/// use barchasb::exchange::split::Splitter;
/// let article = |text: &str| ArticleRecord { text: text.into(), ..ArticleRecord::default() };
/// let mut splitter = Splitter::new(Split::from_weights("50/50", 7).unwrap());
/// ["a", "b", "b"].iter().for_each(|text| splitter.add(&article(text)));
/// let parts = splitter.draw();
/// assert_eq!(parts.part_of("b"), parts.part_of("b"));
/// assert_ne!(parts.part_of("a"), parts.part_of("b"));
/// ```
#[derive(Clone, Debug)]
pub struct Splitter {
    split: Split,
    /// The place in `articles` by the key of the text.
    groups: FxHashMap<u128, u32>,
    /// How many articles each text has.
    articles: Vec<u32>,
    labels: FxHashMap<String, u32>,
    /// How many mentions of a label an article has, as (group, label, count).
    mentions: Vec<(u32, u32, u32)>,
}

/// In which part every article is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    seed: u64,
    /// Sorted.
    keys: Vec<u128>,
    parts: Vec<u8>,
}

impl Splitter {
    /// A draw without articles.
    #[must_use]
    pub fn new(split: Split) -> Self {
        Self {
            split,
            groups: FxHashMap::default(),
            articles: Vec::new(),
            labels: FxHashMap::default(),
            mentions: Vec::new(),
        }
    }

    /// Takes an article in.
    pub fn add(&mut self, record: &ArticleRecord) {
        let next = as_u32(self.articles.len());
        let group = *self.groups.entry(key_of(self.split.seed, &record.text)).or_insert(next);
        match self.articles.get_mut(group as usize) {
            Some(articles) => *articles += 1,
            None => self.articles.push(1),
        }
        let mut counts = BTreeMap::<&str, u32>::new();
        for mention in record.layers.iter().flat_map(|layer| &layer.mentions) {
            *counts.entry(&mention.label).or_default() += 1;
        }
        for (label, count) in counts {
            let next = as_u32(self.labels.len());
            let label = match self.labels.get(label) {
                Some(label) => *label,
                None => *self.labels.entry(label.to_owned()).or_insert(next),
            };
            self.mentions.push((group, label, count));
        }
    }

    /// Draws. The same articles and seed give the same parts, in whatever order the articles came.
    #[must_use]
    pub fn draw(self) -> Parts {
        let mut draw = Draw::new(&self);
        while let Some(label) = draw.rarest_label() {
            for group in draw.open_groups_with(label) {
                let part = draw.part_for(group);
                draw.assign(group, part);
            }
        }
        for group in 0..draw.keys.len() {
            if draw.parts.get(group).is_some_and(Option::is_none) {
                let part = draw.part_for(group);
                draw.assign(group, part);
            }
        }
        let parts = draw.parts.iter().map(|part| u8::try_from(part.unwrap_or(0)).unwrap_or(0)).collect();
        Parts { seed: self.split.seed, keys: draw.keys, parts }
    }
}

impl Parts {
    /// The part in which the articles of this text are, counted from 0; `None` when it was not among them.
    #[must_use]
    pub fn part_of(&self, text: &str) -> Option<usize> {
        let place = self.keys.binary_search(&key_of(self.seed, text)).ok()?;
        self.parts.get(place).map(|part| usize::from(*part))
    }
}

/// What stands for a text in the draw: different seeds put texts in different orders.
fn key_of(seed: u64, text: &str) -> u128 {
    let hash = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(text).finalize();
    hash.iter().take(16).fold(0, |key, byte| key << 8 | u128::from(*byte))
}

fn as_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A draw that is going on. Groups are counted in the order of their keys, labels in that of their names.
struct Draw {
    keys: Vec<u128>,
    articles: Vec<i64>,
    /// Of every group the labels with their mentions.
    mentions: Vec<Vec<(usize, i64)>>,
    /// Of every label the groups with their mentions, most first.
    groups: Vec<Vec<(usize, i64)>>,
    /// Of every label how many groups are open.
    open: Vec<usize>,
    /// Of every label what each part still wants: mentions times the sum of the weights, so that it stays whole.
    wants: Vec<Vec<i64>>,
    /// Of every label the mentions that each part should have.
    shares: Vec<Vec<f64>>,
    /// How many articles each part still wants.
    room: Vec<i64>,
    /// The sum of the weights.
    whole: i64,
    parts: Vec<Option<usize>>,
}

impl Draw {
    fn new(splitter: &Splitter) -> Self {
        let mut order: Vec<(u128, u32)> = splitter.groups.iter().map(|(key, group)| (*key, *group)).collect();
        order.sort_unstable();
        let mut place_of = vec![0; order.len()];
        for (place, (_, group)) in order.iter().enumerate() {
            if let Some(slot) = place_of.get_mut(*group as usize) {
                *slot = place;
            }
        }
        let articles: Vec<i64> = order
            .iter()
            .map(|(_, group)| splitter.articles.get(*group as usize).copied().map_or(0, i64::from))
            .collect();
        let mut names: Vec<(&String, u32)> = splitter.labels.iter().map(|(name, label)| (name, *label)).collect();
        names.sort_unstable();
        let mut label_of = vec![0; names.len()];
        for (place, (_, label)) in names.iter().enumerate() {
            if let Some(slot) = label_of.get_mut(*label as usize) {
                *slot = place;
            }
        }
        let mut counts = BTreeMap::<(usize, usize), i64>::new();
        for (group, label, count) in &splitter.mentions {
            let place = place_of.get(*group as usize).copied().unwrap_or_default();
            let label = label_of.get(*label as usize).copied().unwrap_or_default();
            *counts.entry((place, label)).or_default() += i64::from(*count);
        }
        let mut mentions = vec![Vec::new(); order.len()];
        let mut groups = vec![Vec::new(); names.len()];
        for ((group, label), count) in counts {
            mentions.get_mut(group).into_iter().for_each(|of| of.push((label, count)));
            groups.get_mut(label).into_iter().for_each(|of| of.push((group, count)));
        }
        // The largest first: the small ones that come after even out what they leave uneven.
        groups.iter_mut().for_each(|of| of.sort_by_key(|(group, count)| (-count, *group)));
        let weights: Vec<i64> = splitter.split.parts.iter().map(|(_, weight)| i64::from(*weight)).collect();
        let total = |of: &Vec<(usize, i64)>| of.iter().map(|(_, count)| count).sum::<i64>();
        let whole: i64 = weights.iter().sum();
        let wants: Vec<Vec<i64>> =
            groups.iter().map(|of| weights.iter().map(|weight| weight * total(of)).collect()).collect();
        Self {
            keys: order.iter().map(|(key, _)| *key).collect(),
            open: groups.iter().map(Vec::len).collect(),
            shares: wants.iter().map(|wants| wants.iter().map(|want| *want as f64 / whole as f64).collect()).collect(),
            wants,
            room: sizes(articles.iter().sum(), &weights),
            whole,
            parts: vec![None; order.len()],
            articles,
            mentions,
            groups,
        }
    }

    /// The label of which the fewest open groups have any: where a share is hardest to meet.
    fn rarest_label(&self) -> Option<usize> {
        self.open
            .iter()
            .enumerate()
            .filter(|(_, open)| **open > 0)
            .min_by_key(|(_, open)| **open)
            .map(|(label, _)| label)
    }

    fn open_groups_with(&self, label: usize) -> Vec<usize> {
        let is_open = |group: &usize| self.parts.get(*group).is_some_and(Option::is_none);
        self.groups.get(label).into_iter().flatten().map(|(group, _)| *group).filter(is_open).collect()
    }

    /// Of the parts with room the one that comes nearest to its shares by this group; then the one that wants articles most; then by lot,
    /// which is the key.
    fn part_for(&self, group: usize) -> usize {
        let lot = self.keys.get(group).copied().unwrap_or_default();
        let count = self.room.len().max(1);
        let first = usize::try_from(lot % count as u128).unwrap_or_default();
        let room = |part: usize| self.room.get(part).copied().unwrap_or_default();
        let in_turn = (0..count).map(|place| (first + place) % count).filter(|part| room(*part) > 0);
        let nearer = |a: &usize, b: &usize| {
            let (a_off, b_off) = (self.distance_added(group, *a), self.distance_added(group, *b));
            a_off.total_cmp(&b_off).then(room(*b).cmp(&room(*a)))
        };
        in_turn.min_by(nearer).unwrap_or(0)
    }

    /// What a group adds to the distance (χ²) between the mentions that a part has of every label and those that it should have.
    fn distance_added(&self, group: usize, part: usize) -> f64 {
        let labels = self.mentions.get(group).into_iter().flatten();
        let added = labels.map(|(label, count)| {
            let should_have = self.shares.get(*label).and_then(|shares| shares.get(part)).copied().unwrap_or(1.0);
            let wants = self.wants.get(*label).and_then(|wants| wants.get(part)).copied().unwrap_or_default();
            let (count, wants) = (*count as f64, wants as f64 / self.whole as f64);
            (count * count - 2.0 * count * wants) / should_have
        });
        added.sum()
    }

    fn assign(&mut self, group: usize, part: usize) {
        if let Some(slot) = self.parts.get_mut(group) {
            *slot = Some(part);
        }
        if let (Some(room), Some(articles)) = (self.room.get_mut(part), self.articles.get(group)) {
            *room -= articles;
        }
        for (label, count) in self.mentions.get(group).into_iter().flatten() {
            if let Some(open) = self.open.get_mut(*label) {
                *open -= 1;
            }
            if let Some(wants) = self.wants.get_mut(*label).and_then(|wants| wants.get_mut(part)) {
                *wants -= count * self.whole;
            }
        }
    }
}

/// How many of `all` articles each part gets: whole numbers that add up, by the largest remainders.
fn sizes(all: i64, weights: &[i64]) -> Vec<i64> {
    let whole: i64 = weights.iter().sum::<i64>().max(1);
    let mut sizes: Vec<i64> = weights.iter().map(|weight| all * weight / whole).collect();
    let mut by_remainder: Vec<(i64, usize)> =
        weights.iter().enumerate().map(|(part, weight)| (-(all * weight % whole), part)).collect();
    by_remainder.sort_unstable();
    let rest = all - sizes.iter().sum::<i64>();
    for (_, part) in by_remainder.iter().take(usize::try_from(rest).unwrap_or_default()) {
        if let Some(size) = sizes.get_mut(*part) {
            *size += 1;
        }
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mention::Origin;
    use crate::domain::offset::Span;
    use crate::domain::record::{LayerRecord, MentionRecord};
    use proptest::prelude::*;

    fn article(text: &str, labels: &[&str]) -> ArticleRecord {
        let mention = |label: &&str| MentionRecord {
            span: Span::from_chars(0, 1),
            label: (*label).to_owned(),
            note: None,
            origin: Origin::Import,
        };
        let layer = LayerRecord { mentions: labels.iter().map(mention).collect(), ..LayerRecord::default() };
        ArticleRecord { text: text.into(), layers: vec![layer], ..ArticleRecord::default() }
    }

    fn drawn(articles: &[ArticleRecord], split: &Split) -> Vec<usize> {
        let mut splitter = Splitter::new(split.clone());
        articles.iter().for_each(|article| splitter.add(article));
        let parts = splitter.draw();
        assert_eq!(parts.part_of("not among them"), None);
        articles.iter().map(|article| parts.part_of(&article.text).unwrap()).collect()
    }

    fn count(drawn: &[usize], part: usize) -> i64 {
        drawn.iter().filter(|of| **of == part).count() as i64
    }

    #[test]
    fn sizes_add_up() {
        assert_eq!(sizes(10, &[80, 10, 10]), [8, 1, 1]);
        assert_eq!(sizes(11, &[80, 10, 10]), [9, 1, 1]);
        assert_eq!(sizes(2, &[80, 10, 10]), [2, 0, 0]);
        assert_eq!(sizes(0, &[1, 1]), [0, 0]);
    }

    #[test]
    fn a_rare_label_is_in_every_part_that_can_have_it() {
        let split = Split::from_weights("50/25/25", 3).unwrap();
        let rare: Vec<ArticleRecord> = (0..4).map(|n| article(&format!("rare {n}"), &["RARE", "PER"])).collect();
        let usual = (0..96).map(|n| article(&format!("usual {n}"), &["PER"]));
        let articles: Vec<ArticleRecord> = rare.into_iter().chain(usual).collect();
        let drawn = drawn(&articles, &split);
        assert_eq!([0, 1, 2].map(|part| count(&drawn[..4], part)), [2, 1, 1]);
        assert_eq!([0, 1, 2].map(|part| count(&drawn, part)), [50, 25, 25]);
    }

    #[test]
    fn another_seed_gives_other_parts() {
        let articles: Vec<ArticleRecord> = (0..50).map(|n| article(&n.to_string(), &["PER"])).collect();
        let with = |seed| drawn(&articles, &Split::from_weights("50/50", seed).unwrap());
        assert_eq!(with(1), with(1));
        assert_ne!(with(1), with(2));
    }

    fn articles() -> impl Strategy<Value = Vec<ArticleRecord>> {
        let labels = proptest::collection::vec(proptest::sample::select(&["PER", "LOC", "ORG", "EVE"][..]), 0..6);
        proptest::collection::vec((0..200_u32, labels), 1..250)
            .prop_map(|articles| articles.iter().map(|(text, labels)| article(&text.to_string(), labels)).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn parts_are_disjoint_whole_and_of_their_size(articles in articles(), seed: u64) {
            let split = Split::from_weights("80/10/10", seed).unwrap();
            let found = drawn(&articles, &split);
            let mut groups = BTreeMap::<&str, (usize, i64)>::new();
            for (article, part) in articles.iter().zip(&found) {
                let (of, count) = groups.entry(&article.text).or_insert((*part, 0));
                prop_assert_eq!(&*of, part, "no text stands in two parts");
                *count += 1;
            }
            let largest = groups.values().map(|(_, count)| *count).max().unwrap();
            let wanted = sizes(articles.len() as i64, &[80, 10, 10]);
            for (part, wanted) in wanted.iter().enumerate() {
                let size = count(&found, part);
                prop_assert!(size < wanted + largest, "part {} has {} of {}", part, size, wanted);
                prop_assert!(size >= wanted - 2 * (largest - 1), "part {} has {} of {}", part, size, wanted);
            }
        }

        #[test]
        fn the_order_of_the_articles_does_not_count(articles in articles(), seed: u64) {
            let split = Split::from_weights("70/30", seed).unwrap();
            let forward = drawn(&articles, &split);
            let turned: Vec<ArticleRecord> = articles.iter().rev().cloned().collect();
            let mut backward = drawn(&turned, &split);
            backward.reverse();
            prop_assert_eq!(forward, backward);
        }

        #[test]
        fn every_label_has_its_share_in_every_part(seed: u64, counts in proptest::collection::vec(0..4_usize, 400 * 3)) {
            let articles: Vec<ArticleRecord> = counts
                .chunks(3)
                .enumerate()
                .map(|(n, counts)| {
                    let labels = ["PER", "LOC", "ORG"].iter().zip(counts).flat_map(|(label, n)| vec![*label; *n]);
                    article(&n.to_string(), &labels.collect::<Vec<_>>())
                })
                .collect();
            let found = drawn(&articles, &Split::from_weights("80/10/10", seed).unwrap());
            for label in ["PER", "LOC", "ORG"] {
                let mut by_part = [0.0; 3];
                for (article, part) in articles.iter().zip(&found) {
                    by_part[*part] += article.layers[0].mentions.iter().filter(|m| m.label == label).count() as f64;
                }
                let all: f64 = by_part.iter().sum();
                for (mentions, share) in by_part.iter().zip([0.8, 0.1, 0.1]) {
                    prop_assert!((mentions / all - share).abs() < 0.03, "{}: {:?}", label, by_part);
                }
            }
        }
    }
}
