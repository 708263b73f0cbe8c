//! The gazetteer: names from lists that were loaded, each with a label.
//!
//! Owns the lists and the suggestions drawn from them. It must not read a file: entries come as text and label.
//!
//! A text is looked at as [`Zwnj::Nothing`] folds it and, when a ZWNJ is in it, as [`Zwnj::Space`] does; a name with a ZWNJ is known both
//! ways. A name under several labels suggests the one that most lists give, and nothing when labels tie.

use crate::domain::article::Article;
use crate::domain::fold::{Zwnj, folded_with};
use crate::domain::fold_map::Folded;
use crate::domain::label::LabelId;
use crate::domain::name::Name;
use crate::domain::offset::{ByteSpan, Span};
use crate::domain::snap::snap_to_words;
use crate::domain::suggestion::{Confidence, Engine, Reason, Suggestion};
use crate::suggest::name_matcher::{NameMatcher, leftmost_longest};
use crate::suggest::suggester::{Stop, Suggester};
use crate::suggest::word_trie::PathId;

/// That a list names a spelling with a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Listing {
    label: LabelId,
    list: u32,
}

/// What became of the entries of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Names that are now known with their label by this list.
    pub names: usize,
    /// Entries that said what this list had said before.
    pub duplicates: usize,
    /// Entries whose name has another label here or in another list.
    pub conflicts: usize,
    /// Entries without a word.
    pub blank: usize,
}

/// Lists of names.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    matcher: NameMatcher,
    /// By path of the matcher.
    listings: Vec<Vec<Listing>>,
    titles: Vec<Box<str>>,
}

impl Gazetteer {
    /// No lists.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a list in; `title` is what suggestions name.
    pub fn add_list<'a>(&mut self, title: &str, entries: impl IntoIterator<Item = (&'a str, LabelId)>) -> Loaded {
        let list = self.titles.len() as u32;
        self.titles.push(title.into());
        let mut loaded = Loaded::default();
        for (surface, label) in entries {
            self.add(surface, Listing { label, list }, &mut loaded);
        }
        loaded
    }

    fn add(&mut self, surface: &str, listing: Listing, loaded: &mut Loaded) {
        let words = snap_to_words(surface, ByteSpan::from_bytes(0, surface.len())).and_then(|span| span.slice(surface));
        let Some(words) = words else {
            loaded.blank += 1;
            return;
        };
        let joined = folded_with(words, Zwnj::Nothing);
        let apart = folded_with(words, Zwnj::Space);
        let Some(path) = self.matcher.add(&joined) else {
            loaded.blank += 1;
            return;
        };
        let known = self.listings_of(path);
        if known.contains(&listing) {
            loaded.duplicates += 1;
            return;
        }
        loaded.conflicts += usize::from(known.iter().any(|other| other.label != listing.label));
        loaded.names += 1;
        known.push(listing);
        if apart != joined
            && let Some(path) = self.matcher.add(&apart)
        {
            let known = self.listings_of(path);
            if !known.contains(&listing) {
                known.push(listing);
            }
        }
    }

    fn listings_of(&mut self, path: PathId) -> &mut Vec<Listing> {
        if path.index() >= self.listings.len() {
            self.listings.resize_with(path.index() + 1, Vec::new);
        }
        // The place was just made.
        #[expect(clippy::indexing_slicing, reason = "the line above makes the place")]
        &mut self.listings[path.index()]
    }

    /// The label that most lists give, and the first list that does; `None` when labels tie.
    fn decided(&self, path: PathId) -> Option<Listing> {
        let listings = self.listings.get(path.index())?;
        let count = |label: LabelId| listings.iter().filter(|listing| listing.label == label).count();
        let most = listings.iter().map(|listing| count(listing.label)).max()?;
        let best = listings.iter().find(|listing| count(listing.label) == most)?;
        let is_tie = listings.iter().any(|other| other.label != best.label && count(other.label) == most);
        (!is_tie).then_some(*best)
    }

    /// How many names there are in a folded text, each a whole word or several, the longest alone.
    #[must_use]
    pub fn count_in_folded(&self, folded: &str) -> usize {
        self.matcher.longest(folded).len()
    }

    /// Where names stand in a raw text.
    fn found(&self, text: &str) -> Vec<(ByteSpan, PathId)> {
        let mut all = Vec::new();
        let is_both = text.contains('\u{200C}');
        for zwnj in [Zwnj::Nothing, Zwnj::Space].into_iter().take(1 + usize::from(is_both)) {
            let view = Folded::new(text, zwnj);
            self.matcher.each(view.text(), |span, path| {
                let raw = view.raw_from_folded(ByteSpan::from_bytes(span.start, span.end));
                all.push((raw, path));
            });
        }
        if is_both {
            // Where a ZWNJ counted as space, the rest of the word may stand beside the name.
            all.retain(|(raw, _)| snap_to_words(text, *raw) == Some(*raw));
        }
        leftmost_longest(all, |(raw, _)| raw.range())
    }

    fn suggestion(&self, article: &Article, raw: ByteSpan, path: PathId) -> Option<Suggestion> {
        let Listing { label, list } = self.decided(path)?;
        let offsets = article.offsets();
        let span = Span::new(offsets.char_from_byte(raw.start)?, offsets.char_from_byte(raw.end)?);
        Some(Suggestion {
            span,
            label,
            engine: Engine::Gazetteer,
            confidence: confidence(raw.slice(article.text())?),
            reason: Reason::Listed { list: self.titles.get(list as usize)?.clone() },
        })
    }
}

impl Suggester for Gazetteer {
    fn engine(&self) -> Engine {
        Engine::Gazetteer
    }

    fn suggest(&self, article: &Article, stop: &Stop) -> Vec<Suggestion> {
        let found = self.found(article.text()).into_iter().take_while(|_| !stop.is_set());
        found.filter_map(|(raw, path)| self.suggestion(article, raw, path)).collect()
    }
}

/// A list says nothing of how often its names are something else: several words seldom are, a word of two letters mostly is.
fn confidence(surface: &str) -> Confidence {
    let spelling = Name::from_surface(surface).map(|name| name.spelling()).unwrap_or_default();
    Confidence::new(match (spelling.contains(' '), spelling.chars().count()) {
        (true, _) => 0.8,
        (false, 0..=2) => 0.3,
        (false, _) => 0.6,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::{ArticleId, Direction};
    use uuid::Uuid;

    const PER: LabelId = LabelId(Uuid::from_u128(1));
    const ORG: LabelId = LabelId(Uuid::from_u128(2));

    fn gazetteer(lists: &[&[(&str, LabelId)]]) -> (Gazetteer, Vec<Loaded>) {
        let mut gazetteer = Gazetteer::new();
        let loaded = lists.iter().map(|list| gazetteer.add_list("فهرست", list.iter().copied())).collect();
        (gazetteer, loaded)
    }

    fn check(lists: &[&[(&str, LabelId)]], text: &str, expected: &[(&str, LabelId)]) {
        let (gazetteer, _) = gazetteer(lists);
        let article = Article::new(ArticleId(Uuid::nil()), "a".into(), text, String::new(), Direction::Auto).unwrap();
        let suggestions = gazetteer.suggest(&article, &Stop::default());
        let found: Vec<_> =
            suggestions.iter().map(|found| (article.surface(found.span).unwrap(), found.label)).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn names_are_found_however_they_are_spelt() {
        let list: &[_] = &[("علی\u{200C}اکبر", PER), ("نيروي انتظامی", ORG), ("راه", ORG)];
        check(&[list], "علی اکبر، «علیاکبر»", &[("علی اکبر", PER), ("علیاکبر", PER)]);
        check(&[list], "نیم\u{200C}راه نیروی\u{200C}انتظامی", &[("نیروی\u{200C}انتظامی", ORG)]);
        check(&[list], "علی\u{200C}اکبر و راهِ", &[("علی\u{200C}اکبر", PER), ("راهِ", ORG)]);
    }

    #[test]
    fn labels_that_conflict_go_by_the_lists() {
        check(&[&[("مهر", PER)], &[("مهر", ORG)]], "مهر", &[]);
        check(&[&[("مهر", PER)], &[("مهر", ORG)], &[("مهر", ORG)]], "مهر", &[("مهر", ORG)]);
    }

    #[test]
    fn what_became_of_the_entries() {
        let (_, loaded) = gazetteer(&[
            &[("مهر", PER), (" مهر ", PER), ("مهر", ORG), (" ،", ORG), ("", ORG)],
            &[("مهر", PER), ("ناجا", ORG)],
        ]);
        assert_eq!(loaded[0], Loaded { names: 2, duplicates: 1, conflicts: 1, blank: 2 });
        assert_eq!(loaded[1], Loaded { names: 2, duplicates: 0, conflicts: 1, blank: 0 });
    }
}
