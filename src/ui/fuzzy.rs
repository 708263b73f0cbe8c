//! Finding by a part of a name: which of several texts fit what is typed, best first.
//!
//! Owns the comparison: on folded texts, so that ي finds ی, letters may be left out, and words stand in any order. It must
//! not know what is looked for.

use crate::domain::fold::folded;
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32String};
use std::cmp::Reverse;

/// The names of one thing, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(Vec<Utf32String>);

impl Names {
    /// The names of a thing: any of them finds it.
    #[must_use]
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self(names.into_iter().map(|name| Utf32String::from(folded(name))).collect())
    }
}

/// Compares what is typed with names.
pub struct Fuzzy {
    matcher: Matcher,
}

impl std::fmt::Debug for Fuzzy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fuzzy")
    }
}

impl Default for Fuzzy {
    fn default() -> Self {
        let mut config = Config::DEFAULT;
        config.prefer_prefix = true;
        Self { matcher: Matcher::new(config) }
    }
}

impl Fuzzy {
    /// The places of those that fit `typed`, the best first and among equals in their order; all of them when nothing is typed.
    pub fn places<'a>(&mut self, typed: &str, all: impl IntoIterator<Item = &'a Names>) -> Vec<usize> {
        let typed = folded(typed);
        let pattern = Pattern::new(&typed, CaseMatching::Respect, Normalization::Never, AtomKind::Fuzzy);
        let mut scored: Vec<(Reverse<u32>, usize)> = Vec::new();
        for (place, names) in all.into_iter().enumerate() {
            let score = |name: &Utf32String| pattern.score(name.slice(..), &mut self.matcher);
            if let Some(best) = names.0.iter().filter_map(score).max() {
                scored.push((Reverse(best), place));
            }
        }
        scored.sort_unstable();
        scored.into_iter().map(|(_, place)| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THINGS: [&[&str]; 4] =
        [&["ویرایش برچسب‌ها", "Edit labels"], &["یادداشت بر نمونه", "Note"], &["کلیدها", "Keys"], &["جست‌وجو", "Search"]];

    fn check(typed: &str, expected: &[usize]) {
        let names: Vec<Names> = THINGS.iter().map(|names| Names::new(names.iter().copied())).collect();
        assert_eq!(Fuzzy::default().places(typed, &names), expected, "{typed}");
    }

    #[test]
    fn any_name_finds_in_any_spelling() {
        check("", &[0, 1, 2, 3]);
        check("  ", &[0, 1, 2, 3]);
        check("يادداشت", &[1]);
        check("كليدها", &[2]);
        check("جستجو", &[3]);
        check("edlab", &[0]);
        check("LABELS edit", &[0]);
        check("برچسب ویرایش", &[0]);
        check("؟", &[]);
    }
}
