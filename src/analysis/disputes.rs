//! Where annotators differ most: articles and surfaces.
//!
//! Owns both lists. It must not align: places are given, with what each annotator has there. Memory: a bounded list of articles, and at
//! most [`MOST_SURFACES`] surfaces; when there are more, the rarest go, and what is counted of a surface that comes back is then less
//! than it was ([`Disputes::is_exact`]).

use crate::analysis::place::Place;
use crate::domain::article::ArticleId;
use crate::domain::fold::folded;
use crate::domain::label::LabelId;
use crate::domain::layer::AnnotatorId;
use std::collections::{BTreeMap, HashMap};

/// How many articles are kept.
pub const MOST_ARTICLES: usize = 100;
/// How many surfaces are kept.
pub const MOST_SURFACES: usize = 50_000;

/// What one annotator has at a disputed place: a label, or nothing.
pub type Says = (AnnotatorId, Option<LabelId>);

/// An article with places on which not all agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputedArticle {
    /// The article.
    pub article: ArticleId,
    /// Its title.
    pub title: Box<str>,
    /// How many places annotators differ on.
    pub disputed: u64,
    /// How many places anyone marked.
    pub places: u64,
}

/// A name on which not all agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputedSurface {
    /// As it stood where it was first met.
    pub first: Place,
    /// At how many places annotators differ on it.
    pub disputed: u64,
    /// How often each annotator has each label there; `None` is nothing.
    pub says: BTreeMap<(Option<LabelId>, AnnotatorId), u64>,
}

impl DisputedSurface {
    /// How often each label was said, by whomever; the most frequent first.
    #[must_use]
    pub fn labels(&self) -> Vec<(Option<LabelId>, u64)> {
        let mut sums: BTreeMap<Option<LabelId>, u64> = BTreeMap::new();
        for ((label, _), count) in &self.says {
            *sums.entry(*label).or_default() += count;
        }
        let mut labels: Vec<_> = sums.into_iter().collect();
        // Of as many, a label before nothing.
        labels.sort_by_key(|(label, count)| (std::cmp::Reverse(*count), label.is_none(), *label));
        labels
    }
}

/// Both lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disputes {
    articles: Vec<DisputedArticle>,
    surfaces: HashMap<Box<str>, DisputedSurface>,
    most_surfaces: usize,
    is_exact: bool,
    disputed: u64,
    places: u64,
}

impl Default for Disputes {
    fn default() -> Self {
        Self {
            articles: Vec::new(),
            surfaces: HashMap::new(),
            most_surfaces: MOST_SURFACES,
            is_exact: true,
            disputed: 0,
            places: 0,
        }
    }
}

impl Disputes {
    /// Counts an article that several have done.
    pub fn add_article(&mut self, article: DisputedArticle) {
        self.disputed += article.disputed;
        self.places += article.places;
        if article.disputed == 0 {
            return;
        }
        // Those that came first stand before others with as many.
        let at = self.articles.partition_point(|other| other.disputed >= article.disputed);
        if at < MOST_ARTICLES {
            self.articles.insert(at, article);
            self.articles.truncate(MOST_ARTICLES);
        }
    }

    /// Counts a disputed place: the words of the whole place, and what each annotator has there.
    pub fn add_place(&mut self, place: Place, says: impl IntoIterator<Item = Says>) {
        let key: Box<str> = folded(&place.surface).into();
        if !self.surfaces.contains_key(&key) && self.surfaces.len() >= self.most_surfaces {
            self.drop_rarest();
        }
        let surface = self.surfaces.entry(key).or_insert_with(|| DisputedSurface {
            first: place,
            disputed: 0,
            says: BTreeMap::new(),
        });
        surface.disputed += 1;
        for (annotator, label) in says {
            *surface.says.entry((label, annotator)).or_default() += 1;
        }
    }

    fn drop_rarest(&mut self) {
        let mut all: Vec<(u64, Box<str>)> =
            self.surfaces.iter().map(|(key, surface)| (surface.disputed, key.clone())).collect();
        all.sort_unstable();
        // A tenth at a time, so that not every new surface has all of them looked through.
        for (_, key) in all.iter().take(self.most_surfaces / 10 + 1) {
            self.surfaces.remove(key);
        }
        self.is_exact = false;
    }

    /// The articles with the most disputed places, the most first, at most [`MOST_ARTICLES`].
    #[must_use]
    pub fn articles(&self) -> &[DisputedArticle] {
        &self.articles
    }

    /// The surfaces that are disputed most, at most `count`; ties in the order of the folded words.
    #[must_use]
    pub fn surfaces(&self, count: usize) -> Vec<&DisputedSurface> {
        let mut all: Vec<(&Box<str>, &DisputedSurface)> = self.surfaces.iter().collect();
        all.sort_by(|(a_key, a), (b_key, b)| b.disputed.cmp(&a.disputed).then_with(|| a_key.cmp(b_key)));
        all.into_iter().take(count).map(|(_, surface)| surface).collect()
    }

    /// Whether every count of a surface is right: no surface had to go for want of room.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// Of the places anyone marked in articles that several have done: those that are disputed, and all.
    #[must_use]
    pub fn totals(&self) -> (u64, u64) {
        (self.disputed, self.places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::offset::Span;
    use uuid::Uuid;

    fn place(surface: &str) -> Place {
        Place { article: ArticleId(Uuid::nil()), span: Span::from_chars(0, 1), surface: surface.into() }
    }

    fn check(surfaces: &[&str], most: usize, expected: &[(&str, u64)]) -> Disputes {
        let mut disputes = Disputes { most_surfaces: most, ..Disputes::default() };
        for surface in surfaces {
            disputes.add_place(place(surface), []);
        }
        let found: Vec<(&str, u64)> =
            disputes.surfaces(3).into_iter().map(|s| (&*s.first.surface, s.disputed)).collect();
        assert_eq!(found, expected);
        disputes
    }

    #[test]
    fn surfaces_meet_folded_and_the_rarest_go() {
        check(&[], 9, &[]);
        let found = check(&["علي", "تهران", "علی", "ناجا", "بم"], 9, &[("علي", 2), ("بم", 1), ("تهران", 1)]);
        assert!(found.is_exact());
        let found = check(&["a", "b", "a", "c", "c"], 2, &[("a", 2), ("c", 2)]);
        assert!(!found.is_exact());
    }

    #[test]
    fn what_was_said_is_summed() {
        let (sara, ali) = (AnnotatorId(Uuid::from_u128(1)), AnnotatorId(Uuid::from_u128(2)));
        let (person, body) = (LabelId(Uuid::from_u128(1)), LabelId(Uuid::from_u128(2)));
        let mut disputes = Disputes::default();
        disputes.add_place(place("مهر"), [(sara, Some(body)), (ali, None)]);
        disputes.add_place(place("مهر"), [(sara, Some(body)), (ali, Some(person))]);
        let surfaces = disputes.surfaces(9);
        assert_eq!(surfaces[0].labels(), [(Some(body), 2), (Some(person), 1), (None, 1)]);
    }

    #[test]
    fn the_most_disputed_articles_are_kept() {
        let mut disputes = Disputes::default();
        for number in 0..300_u64 {
            disputes.add_article(DisputedArticle {
                article: ArticleId(Uuid::from_u128(number.into())),
                title: "".into(),
                disputed: number % 150,
                places: 150,
            });
        }
        let kept: Vec<(u128, u64)> =
            disputes.articles().iter().map(|a| (a.article.0.as_u128(), a.disputed)).take(3).collect();
        assert_eq!(kept, [(149, 149), (299, 149), (148, 148)]);
        assert_eq!(disputes.articles().len(), MOST_ARTICLES);
        assert_eq!(disputes.totals(), (2 * (0..150).sum::<u64>(), 45_000));
    }
}
