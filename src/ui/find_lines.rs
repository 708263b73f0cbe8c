//! The lines of the list of hits: a heading for each article and a line for each hit, of which only those in view are looked at.
//!
//! Owns which line is what and where it stands, kept up as hits come: an index of one number for each article. It must not draw.

use crate::domain::article::ArticleId;
use crate::domain::offset::Span;
use crate::session::finding::Find;
use crate::store::hits::{ArticleHits, Hit};
use std::ops::Range;

/// The height of a heading, in points.
pub const HEADING_HEIGHT: f64 = 40.0;
/// The height of a hit, in points.
pub const HIT_HEIGHT: f64 = 32.0;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Line<'a> {
    /// The heading of an article.
    Heading(&'a ArticleHits),
    /// A hit in an article.
    Hit(&'a ArticleHits, &'a Hit),
}

impl Line<'_> {
    /// Which one it is, in any list: the article, and the hit's place unless it is a heading.
    #[must_use]
    pub fn key(&self) -> (ArticleId, Option<Span>) {
        match self {
            Self::Heading(found) => (found.article, None),
            Self::Hit(found, hit) => (found.article, Some(hit.span)),
        }
    }
}

/// The index.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// The line of every article's heading.
    headings: Vec<u64>,
    /// How many lines there are.
    count: u64,
}

impl Lines {
    /// Forgets all: other hits have come.
    pub fn clear(&mut self) {
        self.headings.clear();
        self.count = 0;
    }

    /// Takes in the articles that have been added.
    pub fn extend(&mut self, articles: &[ArticleHits]) {
        for found in articles.iter().skip(self.headings.len()) {
            self.headings.push(self.count);
            self.count += 1 + found.hits.len() as u64;
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How high all of them are, in points.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.top(self.count)
    }

    /// From the first line's top to that of another, in points.
    #[must_use]
    pub fn top(&self, line: u64) -> f64 {
        let headings = self.headings.partition_point(|heading| *heading < line) as u64;
        headings as f64 * HEADING_HEIGHT + line.saturating_sub(headings) as f64 * HIT_HEIGHT
    }

    /// The lines that touch these heights.
    #[must_use]
    pub fn between(&self, heights: Range<f64>) -> Range<u64> {
        let first = self.first_with(|line| self.top(line + 1) > heights.start);
        let end = self.first_with(|line| self.top(line) >= heights.end);
        first..end.max(first)
    }

    /// The first line of which something holds that holds of all after it; the count when there is none.
    fn first_with(&self, holds: impl Fn(u64) -> bool) -> u64 {
        let (mut first, mut end) = (0, self.count);
        while first < end {
            let middle = first.midpoint(end);
            if holds(middle) {
                end = middle;
            } else {
                first = middle + 1;
            }
        }
        first
    }

    /// What a line is.
    #[must_use]
    pub fn line<'a>(&self, find: &'a Find, line: u64) -> Option<Line<'a>> {
        let article = self.headings.partition_point(|heading| *heading <= line).checked_sub(1)?;
        let found = find.articles.get(article)?;
        match line.checked_sub(self.headings.get(article)? + 1) {
            None => Some(Line::Heading(found)),
            Some(hit) => Some(Line::Hit(found, found.hits.get(usize::try_from(hit).ok()?)?)),
        }
    }

    /// Where a line that was in another list is in this one; looks at every article.
    #[must_use]
    pub fn find(&self, find: &Find, (article, span): (ArticleId, Option<Span>)) -> Option<u64> {
        let place = find.articles.iter().position(|found| found.article == article)?;
        let heading = *self.headings.get(place)?;
        let Some(span) = span else { return Some(heading) };
        let hit = find.articles.get(place)?.hits.iter().position(|hit| hit.span == span)?;
        Some(heading + 1 + hit as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::{Status, Version};
    use uuid::Uuid;

    fn found(n: u128, hits: usize) -> ArticleHits {
        let hit = |start| Hit {
            span: Span::from_chars(start, start + 1),
            whole: true,
            before: "".into(),
            surface: "ب".into(),
            after: "".into(),
            mentions: Vec::new(),
        };
        ArticleHits {
            article: ArticleId(Uuid::from_u128(n)),
            title: String::new(),
            status: Status::New,
            version: Version(0),
            hits: (0..hits).map(hit).collect(),
            cut: false,
        }
    }

    fn lines() -> (Find, Lines) {
        let mut find = Find::default();
        find.articles = vec![found(1, 2), found(2, 1), found(3, 3)];
        let mut lines = Lines::default();
        // In two parts, as they come.
        lines.extend(&find.articles[..1]);
        lines.extend(&find.articles);
        (find, lines)
    }

    #[test]
    fn every_line_is_found_and_is_what_it_is() {
        let (find, lines) = lines();
        let all: Vec<_> = (0..lines.count()).map(|line| lines.line(&find, line).unwrap().key()).collect();
        let starts: Vec<_> = all.iter().map(|(_, span)| span.map(|span| span.start.get())).collect();
        assert_eq!(starts, [None, Some(0), Some(1), None, Some(0), None, Some(0), Some(1), Some(2)]);
        for (line, key) in all.into_iter().enumerate() {
            assert_eq!(lines.find(&find, key), Some(line as u64));
        }
        assert_eq!(lines.line(&find, lines.count()), None);
    }

    fn check(heights: Range<f64>, expected: Range<u64>) {
        let (_, lines) = lines();
        assert_eq!(lines.between(heights.clone()), expected, "{heights:?}");
    }

    #[test]
    fn the_lines_in_view_are_those_that_touch_it() {
        let (_, lines) = lines();
        assert_eq!(lines.height(), 3.0 * HEADING_HEIGHT + 6.0 * HIT_HEIGHT);
        check(0.0..40.0, 0..1);
        check(39.0..41.0, 0..2);
        check(40.0..104.0, 1..3);
        check(104.0..1000.0, 3..9);
        check(1000.0..2000.0, 9..9);
    }
}
