//! The list of mentions beside an article: per label its surfaces with how often each stands, most frequent first.
//!
//! Owns an index that is changed with every operation, never built anew in a frame. It must not draw.

use crate::domain::article::Article;
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::mention::{Mention, MentionKey, MentionSet};
use crate::domain::offset::Span;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// One line of the list: a surface under its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurfaceRow {
    /// The text of the mentions.
    pub surface: Arc<str>,
    /// How many there are.
    pub count: usize,
}

/// The surfaces of one label.
#[derive(Clone, Debug, Default)]
struct Group {
    /// Sorted by count (most first), then by text.
    rows: Vec<SurfaceRow>,
    /// Where each surface stands, with the key of the mention.
    places: HashMap<Arc<str>, BTreeSet<(Span, LabelId)>>,
    mentions: usize,
}

/// The list.
#[derive(Clone, Debug, Default)]
pub struct MentionList {
    groups: HashMap<LabelId, Group>,
}

impl MentionList {
    /// The list of these mentions.
    #[must_use]
    pub fn new(article: &Article, mentions: &MentionSet, labels: &LabelSet) -> Self {
        let mut list = Self::default();
        for mention in mentions.iter() {
            let group = list.groups.entry(labels.shown(mention.label)).or_default();
            let surface: Arc<str> = Arc::from(article.surface(mention.span).unwrap_or_default());
            group.places.entry(surface).or_default().insert((mention.span, mention.label));
            group.mentions += 1;
        }
        for group in list.groups.values_mut() {
            group.rows = group
                .places
                .iter()
                .map(|(surface, places)| SurfaceRow { surface: Arc::clone(surface), count: places.len() })
                .collect();
            group.rows.sort_by(|a, b| rank(a).cmp(&rank(b)));
        }
        list
    }

    /// Takes a new mention into the list.
    pub fn insert(&mut self, article: &Article, mention: &Mention, labels: &LabelSet) {
        let group = self.groups.entry(labels.shown(mention.label)).or_default();
        let surface: Arc<str> = Arc::from(article.surface(mention.span).unwrap_or_default());
        let places = group.places.entry(Arc::clone(&surface)).or_default();
        let before = places.len();
        places.insert((mention.span, mention.label));
        let after = places.len();
        group.mentions += after - before;
        group.move_row(&surface, before, after);
    }

    /// Takes a mention out of the list.
    pub fn remove(&mut self, article: &Article, mention: &Mention, labels: &LabelSet) {
        let label = labels.shown(mention.label);
        let Some(group) = self.groups.get_mut(&label) else { return };
        let surface: Arc<str> = Arc::from(article.surface(mention.span).unwrap_or_default());
        let Some(places) = group.places.get_mut(&surface) else { return };
        let before = places.len();
        places.remove(&(mention.span, mention.label));
        let after = places.len();
        if after == 0 {
            group.places.remove(&surface);
        }
        group.mentions -= before - after;
        group.move_row(&surface, before, after);
        if group.mentions == 0 {
            self.groups.remove(&label);
        }
    }

    /// How many mentions a label has here.
    #[must_use]
    pub fn count(&self, label: LabelId) -> usize {
        self.groups.get(&label).map_or(0, |g| g.mentions)
    }

    /// How many mentions there are in all.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.values().map(|g| g.mentions).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The rows of a label, the most frequent first.
    #[must_use]
    pub fn rows(&self, label: LabelId) -> &[SurfaceRow] {
        self.groups.get(&label).map_or(&[], |g| &g.rows)
    }

    /// The labels that have rows, in the order of the label set.
    pub fn labels<'a>(&'a self, labels: &'a LabelSet) -> impl Iterator<Item = LabelId> + 'a {
        labels.all().iter().map(|l| l.id).filter(|id| self.groups.contains_key(id))
    }

    /// The mention of this label and surface that follows `after` in the text, the first one at the end.
    #[must_use]
    pub fn next_place(&self, label: LabelId, surface: &str, after: Option<MentionKey>) -> Option<MentionKey> {
        let places = self.groups.get(&label)?.places.get(surface)?;
        let from = after.map(|key| (key.span, key.label));
        let next =
            from.and_then(|from| places.range((std::ops::Bound::Excluded(from), std::ops::Bound::Unbounded)).next());
        let (span, label) = *next.or_else(|| places.first())?;
        Some(MentionKey { span, label })
    }
}

fn rank(row: &SurfaceRow) -> (Reverse<usize>, &str) {
    (Reverse(row.count), &row.surface)
}

impl Group {
    /// Moves the row of `surface` to where its new count puts it.
    fn move_row(&mut self, surface: &Arc<str>, before: usize, after: usize) {
        if before == after {
            return;
        }
        let find = |rows: &[SurfaceRow], count| rows.binary_search_by(|row| rank(row).cmp(&(Reverse(count), surface)));
        if before > 0
            && let Ok(at) = find(&self.rows, before)
        {
            self.rows.remove(at);
        }
        if after > 0
            && let Err(at) = find(&self.rows, after)
        {
            self.rows.insert(at, SurfaceRow { surface: Arc::clone(surface), count: after });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::{ArticleId, Direction};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn article() -> Article {
        let text = "ناجا و پلیس و ناجا و پلیس و ناجا";
        Article::new(ArticleId(Uuid::nil()), "a".into(), text, String::new(), Direction::Auto).unwrap()
    }

    fn mention(start: usize, len: usize, label: u128) -> Mention {
        Mention::new(Span::from_chars(start, start + len), LabelId(Uuid::from_u128(label)))
    }

    fn check(list: &MentionList, label: u128, expected: &[(&str, usize)]) {
        let rows: Vec<(&str, usize)> =
            list.rows(LabelId(Uuid::from_u128(label))).iter().map(|r| (&*r.surface, r.count)).collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn the_most_frequent_stands_first_and_places_go_round() {
        let (article, labels) = (article(), LabelSet::default());
        let mut list = MentionList::default();
        for m in [mention(7, 4, 1), mention(0, 4, 1), mention(14, 4, 1)] {
            list.insert(&article, &m, &labels);
        }
        check(&list, 1, &[("ناجا", 2), ("پلیس", 1)]);
        let label = LabelId(Uuid::from_u128(1));
        let first = list.next_place(label, "ناجا", None).unwrap();
        let second = list.next_place(label, "ناجا", Some(first)).unwrap();
        assert_eq!((first.span.start.get(), second.span.start.get()), (0, 14));
        assert_eq!(list.next_place(label, "ناجا", Some(second)), Some(first));
        list.remove(&article, &mention(0, 4, 1), &labels);
        list.remove(&article, &mention(14, 4, 1), &labels);
        check(&list, 1, &[("پلیس", 1)]);
    }

    proptest! {
        #[test]
        fn changing_it_gives_what_building_it_gives(
            ops in proptest::collection::vec((0usize..26, 1usize..6, 0u128..3, any::<bool>()), 0..120),
        ) {
            let (article, labels) = (article(), LabelSet::default());
            let (mut list, mut set) = (MentionList::default(), MentionSet::default());
            for (start, len, label, insert) in ops {
                let m = mention(start, len, label);
                if insert {
                    set.insert(m.clone());
                    list.insert(&article, &m, &labels);
                } else {
                    set.remove(m.key());
                    list.remove(&article, &m, &labels);
                }
            }
            let fresh = MentionList::new(&article, &set, &labels);
            prop_assert_eq!(list.len(), set.len());
            for label in 0..3 {
                let label = LabelId(Uuid::from_u128(label));
                prop_assert_eq!(list.rows(label), fresh.rows(label));
                prop_assert_eq!(list.count(label), fresh.count(label));
            }
        }
    }
}
