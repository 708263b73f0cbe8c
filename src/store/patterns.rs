//! What is looked for, understood: a name or a regular expression, and where it stands in one text.
//!
//! Owns the limits of a regular expression and which articles of the search index a name can stand in at all. It must not read
//! the database.

use crate::domain::grapheme::{boundary_at_or_after, boundary_at_or_before};
use crate::domain::name::{Name, Tier, occurrences};
use crate::domain::offset::{ByteOffset, ByteSpan};
use crate::domain::token::ZWNJ;
use crate::store::hits::{BadQuery, HitQuery, Pattern};
use regex::{Regex, RegexBuilder};

/// How much memory a regular expression may take, in bytes, once understood; and how much while it looks.
const REGEX_BYTES: usize = 1 << 20;

/// How many places of one text are found: more of them nobody looks through, and they take memory.
pub(super) const MOST_PLACES: usize = 10_000;

/// How many parts of a name the index is asked for: with more of them no more articles are left out.
const ASKED_PARTS: usize = 8;

/// What is looked for.
#[derive(Debug)]
pub(super) enum Wanted {
    /// A name, and how surely a place must be it.
    Name(Name, Tier),
    /// A regular expression.
    Regex(Regex),
}

/// A place where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Its raw bytes.
    pub(super) span: ByteSpan,
    /// Whether it is there whole.
    pub(super) whole: bool,
}

/// The places of one text.
#[derive(Debug)]
pub(super) struct Places {
    /// The first ones, at most [`MOST_PLACES`].
    pub(super) all: Vec<Found>,
    /// Whether there are more.
    pub(super) cut: bool,
}

impl Places {
    fn first(found: impl Iterator<Item = Found>) -> Self {
        let mut all: Vec<Found> = found.take(MOST_PLACES + 1).collect();
        let cut = all.len() > MOST_PLACES;
        all.truncate(MOST_PLACES);
        Self { all, cut }
    }
}

impl Wanted {
    /// What a query looks for.
    ///
    /// # Errors
    /// [`BadQuery`] when nothing can be looked for.
    pub(super) fn from_query(query: &HitQuery) -> Result<Self, BadQuery> {
        let name =
            |least| Name::from_surface(&query.wanted).map(|name| Self::Name(name, least)).ok_or(BadQuery::Nothing);
        match query.pattern {
            Pattern::Whole if query.suffixed => name(Tier::Suffixed),
            Pattern::Whole => name(Tier::Whole),
            Pattern::Prefix => name(Tier::Prefix),
            Pattern::Regex => regex(&query.wanted).map(Self::Regex),
        }
    }

    /// Where it stands in a text, in order, no two overlapping, never empty and never cutting a letter from its marks.
    pub(super) fn find(&self, text: &str) -> Places {
        match self {
            Self::Name(name, least) => {
                let found = occurrences(text, name, *least).into_iter();
                Places::first(found.map(|o| Found { span: o.span, whole: o.tier == Tier::Whole }))
            }
            Self::Regex(regex) => {
                let matches = regex.find_iter(text).filter(|found| !found.is_empty());
                let mut end = ByteOffset::default();
                Places::first(matches.filter_map(|found| {
                    let span = whole_letters(text, found.start(), found.end());
                    (end <= span.start).then(|| {
                        end = span.end;
                        Found { span, whole: true }
                    })
                }))
            }
        }
    }

    /// The query of the search index that every article with the name answers; `None` where it could leave nothing out.
    pub(super) fn index_query(&self) -> Option<String> {
        match self {
            Self::Name(name, least) => Some(index_query(name, *least)).filter(|query| !query.is_empty()),
            Self::Regex(_) => None,
        }
    }
}

fn regex(pattern: &str) -> Result<Regex, BadQuery> {
    if pattern.is_empty() {
        return Err(BadQuery::Nothing);
    }
    let built = RegexBuilder::new(pattern)
        .multi_line(true)
        .crlf(true)
        .size_limit(REGEX_BYTES)
        .dfa_size_limit(REGEX_BYTES)
        .build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => BadQuery::TooLarge,
        error => BadQuery::Regex { words: last_line(&error.to_string()) },
    })
}

/// The reason alone: the parser draws the pattern above it.
fn last_line(words: &str) -> String {
    let line = words.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or(words);
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// The bytes grown to whole grapheme clusters; an end before a ZWNJ cuts nothing.
fn whole_letters(text: &str, start: usize, end: usize) -> ByteSpan {
    let cuts = !text.get(end..).is_some_and(|rest| rest.starts_with(ZWNJ));
    let end = if cuts { boundary_at_or_after(text, end) } else { end };
    ByteSpan::from_bytes(boundary_at_or_before(text, start), end)
}

/// What the index has of any text with the name. Between two letters of a name can stand white space in one text and a ZWNJ in
/// another; the index has the words as they are without ZWNJ, so each part of a name begins a word, or goes on after parts before it.
fn index_query(name: &Name, least: Tier) -> String {
    let stretches = stretches(name);
    let last = stretches.len().saturating_sub(1);
    let asked = stretches.iter().enumerate().flat_map(|(number, parts)| {
        // A mark after the last part ends its word, and so does the end of a name that has no more to it.
        let ends = move |at: usize| at + 1 == parts.len() && (number < last || least == Tier::Whole);
        (0..parts.len()).map(move |at| {
            let star = if ends(at) { "" } else { " *" };
            let begun = (0..=at).filter_map(|from| parts.get(from..=at));
            let words: Vec<String> = begun.map(|parts| format!("\"{}\"{star}", parts.concat())).collect();
            format!("({})", words.join(" OR "))
        })
    });
    asked.take(ASKED_PARTS).collect::<Vec<_>>().join(" AND ")
}

/// The letters and digits of a name: in stretches, between which marks stand, each in the [parts](Name::parts) it can fall into.
fn stretches(name: &Name) -> Vec<Vec<&str>> {
    let mut stretches = vec![Vec::new()];
    for part in name.parts() {
        for (number, letters) in part.split(|c: char| !c.is_alphanumeric()).enumerate() {
            if number > 0 {
                stretches.push(Vec::new());
            }
            if let Some(stretch) = stretches.last_mut().filter(|_| !letters.is_empty()) {
                stretch.push(letters);
            }
        }
    }
    stretches.retain(|stretch| !stretch.is_empty());
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(wanted: &str, pattern: Pattern, suffixed: bool) -> HitQuery {
        let annotator = crate::domain::layer::AnnotatorId(uuid::Uuid::nil());
        HitQuery { annotator, wanted: wanted.to_owned(), pattern, suffixed, labelled: Default::default() }
    }

    fn check(pattern: &str, text: &str, expected: &[&str]) {
        let wanted = Wanted::from_query(&query(pattern, Pattern::Regex, false)).unwrap();
        let found: Vec<&str> = wanted.find(text).all.iter().map(|found| found.span.slice(text).unwrap()).collect();
        assert_eq!(found, expected, "{pattern}");
    }

    #[test]
    fn a_regular_expression_is_matched_as_typed() {
        check("ت.ران", "تهران، تبران", &["تهران", "تبران"]);
        check("^.*$", "یک\r\nدو\n\nسه", &["یک", "دو", "سه"]);
        check("x*", "axxb", &["xx"]);
        check("[۰-۹]+", "سال ۱۳۹۷ و 1397", &["۱۳۹۷"]);
        check("tehran", "Tehran tehran", &["tehran"]);
        check("(?i)tehran", "Tehran tehran", &["Tehran", "tehran"]);
        check("کتاب", "کتاب\u{200C}ها", &["کتاب"]);
        check("م", "مُحمد", &["مُ", "م"]);
        check("\u{64f}|ح", "مُحمد", &["مُ", "ح"]);
        check("م|\u{64f}", "مُ", &["مُ"]);
    }

    #[test]
    fn what_cannot_be_looked_for_is_told() {
        let bad = |wanted: &str, pattern| Wanted::from_query(&query(wanted, pattern, false)).unwrap_err();
        assert_eq!(bad(" «» ", Pattern::Whole), BadQuery::Nothing);
        assert_eq!(bad("", Pattern::Prefix), BadQuery::Nothing);
        assert_eq!(bad("", Pattern::Regex), BadQuery::Nothing);
        assert_eq!(bad("(a", Pattern::Regex), BadQuery::Regex { words: "unclosed group".into() });
        assert_eq!(bad("\\w{500}{500}", Pattern::Regex), BadQuery::TooLarge);
        assert_eq!(bad("\\w{30}", Pattern::Regex), BadQuery::TooLarge);
        assert!(matches!(bad("(a)\\1", Pattern::Regex), BadQuery::Regex { .. }));
    }

    #[test]
    fn the_index_is_asked_for_what_a_name_can_fall_into() {
        let asked = |wanted: &str, pattern| Wanted::from_query(&query(wanted, pattern, false)).unwrap().index_query();
        let expect = |words: &str| Some(words.to_owned());
        assert_eq!(asked("تهران", Pattern::Whole), expect("(\"تهران\")"));
        assert_eq!(asked("تهر", Pattern::Prefix), expect("(\"تهر\" *)"));
        assert_eq!(asked("ab\u{200C}c", Pattern::Whole), expect("(\"ab\" *) AND (\"abc\" OR \"c\")"));
        assert_eq!(asked("8:47", Pattern::Whole), expect("(\"8\") AND (\"47\")"));
        assert_eq!(asked("😀", Pattern::Whole), None);
        assert_eq!(asked(&"a ".repeat(1_000_000), Pattern::Whole).unwrap().matches("AND").count(), ASKED_PARTS - 1);
        assert_eq!(asked("ت", Pattern::Regex), None);
    }
}
