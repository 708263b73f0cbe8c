//! What is left out of a selection of hits: all are selected at first, and a person takes some away.
//!
//! Owns that set, counted as it changes. It must not know what is done with the selection.

use crate::domain::article::ArticleId;
use crate::domain::offset::Span;
use crate::store::hits::ArticleHits;
use std::collections::{HashMap, HashSet};

/// The hits that are not selected.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    by_article: HashMap<ArticleId, HashSet<Span>>,
    count: usize,
}

impl LeftOut {
    /// Whether a hit is left out.
    #[must_use]
    pub fn has(&self, article: ArticleId, span: Span) -> bool {
        self.by_article.get(&article).is_some_and(|spans| spans.contains(&span))
    }

    /// How many hits are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many hits of an article are.
    #[must_use]
    pub fn count_in(&self, article: ArticleId) -> usize {
        self.by_article.get(&article).map_or(0, HashSet::len)
    }

    /// Leaves a hit out, or takes it in again.
    pub fn set(&mut self, article: ArticleId, span: Span, left_out: bool) {
        let spans = self.by_article.entry(article).or_default();
        let has_changed = if left_out { spans.insert(span) } else { spans.remove(&span) };
        match (has_changed, left_out) {
            (true, true) => self.count += 1,
            (true, false) => self.count -= 1,
            (false, _) => {}
        }
    }

    /// Forgets what is no hit any more.
    pub fn keep_only(&mut self, articles: &[ArticleHits]) {
        let before = std::mem::take(self);
        for found in articles {
            for hit in found.hits.iter().filter(|hit| before.has(found.article, hit.span)) {
                self.set(found.article, hit.span, true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn check(steps: &[(u128, usize, bool)], expected: usize) {
        let mut left_out = LeftOut::default();
        for (article, start, out) in steps {
            left_out.set(ArticleId(Uuid::from_u128(*article)), Span::from_chars(*start, start + 1), *out);
        }
        assert_eq!(left_out.count(), expected, "{steps:?}");
        let by_article: usize = (0..9).map(|n| left_out.count_in(ArticleId(Uuid::from_u128(n)))).sum();
        assert_eq!(by_article, expected, "{steps:?}");
    }

    #[test]
    fn each_hit_counts_once() {
        check(&[], 0);
        check(&[(1, 0, true), (1, 0, true), (2, 0, true)], 2);
        check(&[(1, 0, true), (1, 0, false), (1, 0, false)], 0);
        check(&[(1, 3, false), (1, 4, true)], 1);
    }
}
