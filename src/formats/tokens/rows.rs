//! Rows of tokens put together to articles.
//!
//! Owns how the text is had from rows: the one that the file carries, or the tokens joined by single spaces. It must not know a format;
//! [`sentences`](super::sentences) makes the rows that are put together to the letter.

use crate::domain::article::check_text;
use crate::domain::layer::Status;
use crate::domain::mention::Origin;
use crate::domain::offset::{MAX_TEXT_BYTES, Span, TokenSpan};
use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use crate::formats::decoding::{as_u64, oddities};
use crate::formats::finding::{Finding, cut};
use crate::formats::foreign::Foreign;
use crate::formats::problem::{Place, Problem};
use crate::formats::tokens::kept::other_tokens;
use crate::formats::unsaid_status::unsaid_status;
use std::borrow::Cow;
use std::num::NonZeroUsize;

/// A row of a file.
#[derive(Clone, Debug, Default)]
pub struct TokenRow<'a> {
    /// The tokens.
    pub tokens: Vec<&'a str>,
    /// The stretch of text they stand in, where the file carries it.
    pub text: Option<&'a str>,
    /// The id of the article, or of the row where that is all there is.
    pub name: Option<Cow<'a, str>>,
    /// Which row of its article it is, from 0; `None` when the file does not say.
    pub sentence: Option<u64>,
    /// Who labelled.
    pub annotator: Option<&'a str>,
    /// The name of the status.
    pub status: Option<&'a str>,
    /// The article's metadata: a JSON object, or empty.
    pub meta: String,
    /// The mentions with their labels, by tokens of the row.
    pub mentions: Vec<(TokenSpan, String)>,
    /// Where it stands.
    pub place: Place,
    /// The file of a folder it stands in.
    pub file: Option<&'a str>,
}

/// An article whose rows are coming in.
#[derive(Debug, Default)]
struct Open {
    text: String,
    chars: usize,
    sentences: Vec<Vec<Span>>,
    mentions: Vec<MentionRecord>,
    name: Option<String>,
    annotator: Option<String>,
    status: Option<Status>,
    meta: String,
    next_sentence: Option<u64>,
    rows: usize,
    place: Place,
    file: Option<String>,
}

/// Puts rows together, one article at a time.
///
/// ```
/// use barchasb::formats::tokens::rows::{RowArticles, TokenRow};
/// let mut articles = RowArticles::new(None);
/// let mut problems = Vec::new();
/// let row = TokenRow { tokens: vec!["علی", "آمد", "."], ..TokenRow::default() };
/// assert!(articles.add(&row, &mut problems).is_none(), "another row may follow");
/// assert_eq!(articles.finish(&mut problems).unwrap().text, "علی آمد .");
/// assert!(problems[0].to_string().contains("rebuilt"));
/// ```
#[derive(Debug)]
pub struct RowArticles {
    open: Option<Open>,
    /// How many rows make an article where the file does not say.
    sentences: Option<NonZeroUsize>,
    is_rebuilt_said: bool,
    is_grouping_said: bool,
    /// Whether the file says that its tokens are those of our own rule.
    has_own_tokens: bool,
}

impl RowArticles {
    /// Rows of a file that does not say where an article begins are an article each, or so many together.
    #[must_use]
    pub fn new(sentences: Option<NonZeroUsize>) -> Self {
        Self { open: None, sentences, is_rebuilt_said: false, is_grouping_said: false, has_own_tokens: false }
    }

    /// Whether the file says that the tokens of rows with a text are those of our own rule, so that they need not be kept.
    pub fn set_own_tokens(&mut self, are_own: bool) {
        self.has_own_tokens = are_own;
    }

    /// Takes a row in; gives the article before it when a new one begins here.
    #[must_use]
    pub fn add(&mut self, row: &TokenRow<'_>, problems: &mut Vec<Problem>) -> Option<ArticleRecord> {
        let spans = row_spans(row, problems)?;
        let before =
            if self.open.as_ref().is_some_and(|open| self.goes_on(open, row)) { None } else { self.finish(problems) };
        if row.text.is_none() && !std::mem::replace(&mut self.is_rebuilt_said, true) {
            problems.push(in_file(Problem::foreign(row.place, Foreign::Rebuilt), row.file));
        }
        let groups = self.sentences.filter(|sentences| row.sentence.is_none() && sentences.get() > 1);
        if let Some(sentences) = groups.filter(|_| !self.is_grouping_said) {
            self.is_grouping_said = true;
            problems.push(Problem::foreign(Place::default(), Foreign::Grouped { sentences: as_u64(sentences.get()) }));
        }
        let open = self.open.get_or_insert_with(|| Open::of_row(row, problems));
        open.add(row, &spans);
        before
    }

    /// Whether a row belongs to the article that is open.
    fn goes_on(&self, open: &Open, row: &TokenRow<'_>) -> bool {
        let room = open.text.len().saturating_add(row_bytes(row)) <= MAX_TEXT_BYTES;
        let same = match row.sentence {
            Some(0) => false,
            Some(number) => {
                open.next_sentence == Some(number)
                    && open.name.as_deref() == row.name.as_deref()
                    && open.annotator.as_deref() == row.annotator
            }
            None => open.next_sentence.is_none() && self.sentences.is_some_and(|most| open.rows < most.get()),
        };
        room && same
    }

    /// The last article.
    #[must_use]
    pub fn finish(&mut self, problems: &mut Vec<Problem>) -> Option<ArticleRecord> {
        let open = self.open.take()?;
        let (place, file) = (open.place, open.file.clone());
        let file = file.as_deref();
        if let Err(error) = check_text(&open.text) {
            problems.push(in_file(Problem::new(place, Finding::BadText(error)), file));
            return None;
        }
        problems.extend(oddities(&open.text, place).into_iter().map(|problem| in_file(problem, file)));
        Some(open.record(self.has_own_tokens))
    }
}

impl Open {
    fn of_row(row: &TokenRow<'_>, problems: &mut Vec<Problem>) -> Self {
        let status = row.status.and_then(|name| {
            let status = Status::from_name(name);
            if status.is_none() {
                let read_as = unsaid_status(&row.mentions);
                let finding = Finding::UnknownStatus { name: cut(name), read_as };
                problems.push(in_file(Problem::new(row.place, finding), row.file));
            }
            status
        });
        Self {
            name: row.name.as_deref().map(str::to_owned),
            annotator: row.annotator.map(str::to_owned),
            status,
            meta: row.meta.clone(),
            place: row.place,
            file: row.file.map(str::to_owned),
            ..Self::default()
        }
    }

    /// Adds a row whose tokens stand at these places, in code points of its own text.
    fn add(&mut self, row: &TokenRow<'_>, spans: &[Span]) {
        // Rows of our own follow one another without anything between; others are lines.
        if self.rows > 0 && row.sentence.is_none() {
            self.push("\n");
        } else if self.rows > 0 && row.text.is_none() {
            self.push(" ");
        }
        let first = self.chars;
        match row.text {
            Some(text) => self.push(text),
            None => {
                for (at, token) in row.tokens.iter().enumerate() {
                    if at > 0 {
                        self.push(" ");
                    }
                    self.push(token);
                }
            }
        }
        let moved = |span: &Span| Span::from_chars(first + span.start.get(), first + span.end.get());
        for (tokens, label) in &row.mentions {
            let covered = spans.get(tokens.range()).unwrap_or_default();
            let (Some(start), Some(end)) = (covered.first(), covered.last()) else { continue };
            let span = moved(&Span::new(start.start, end.end));
            self.mentions.push(MentionRecord { span, label: label.clone(), note: None, origin: Origin::Import });
        }
        self.sentences.push(spans.iter().map(moved).collect());
        self.next_sentence = row.sentence.map(|number| number.saturating_add(1));
        self.rows += 1;
    }

    fn push(&mut self, piece: &str) {
        self.text.push_str(piece);
        self.chars += piece.chars().count();
    }

    fn record(mut self, has_own_tokens: bool) -> ArticleRecord {
        self.sentences.retain(|sentence| !sentence.is_empty());
        // Tokens that are those of our own rule are had again from the text.
        let carried = if has_own_tokens { None } else { other_tokens(&self.text, &self.sentences) };
        let carried = carried.into_iter().collect();
        let is_bare = self.annotator.is_none() && self.status.is_none() && self.mentions.is_empty();
        let status = self.status.unwrap_or(unsaid_status(&self.mentions));
        let layer =
            LayerRecord { annotator: self.annotator, status, mentions: self.mentions, ..LayerRecord::default() };
        ArticleRecord {
            name: self.name,
            text: self.text,
            meta: self.meta,
            layers: if is_bare { Vec::new() } else { vec![layer] },
            carried,
            ..ArticleRecord::default()
        }
    }
}

fn row_bytes(row: &TokenRow<'_>) -> usize {
    row.text.map_or_else(|| row.tokens.iter().map(|token| token.len() + 1).sum(), str::len)
}

/// Whether a text holds these tokens one after another.
///
/// ```
/// use barchasb::formats::tokens::rows::is_found;
/// assert!(is_found(&["علی", "،"], "علی، آمد"));
/// assert!(!is_found(&["،", "علی"], "علی، آمد"));
/// ```
#[must_use]
pub fn is_found(tokens: &[&str], text: &str) -> bool {
    let mut rest = text;
    tokens.iter().all(|token| match place_of(token, rest).and_then(|at| rest.get(at + token.len()..)) {
        Some(after) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// Where a token first stands in a text, in bytes: as a rule at once or after a space.
fn place_of(token: &str, text: &str) -> Option<usize> {
    if text.starts_with(token) {
        return Some(0);
    }
    let after_space = text.strip_prefix(' ').is_some_and(|rest| rest.starts_with(token));
    if after_space { Some(1) } else { text.find(token) }
}

/// Where the tokens of a row stand, in code points of its text; `None`, with a word on it, when they do not stand in it.
fn row_spans(row: &TokenRow<'_>, problems: &mut Vec<Problem>) -> Option<Vec<Span>> {
    let mut spans = Vec::with_capacity(row.tokens.len());
    let (mut byte, mut chars) = (0, 0);
    for token in &row.tokens {
        let gap = match row.text {
            None => usize::from(chars > 0 || !spans.is_empty()),
            Some(text) => {
                let rest = text.get(byte..).unwrap_or_default();
                let Some(at) = place_of(token, rest) else {
                    let words = format!("the text does not hold the token {:?} where it should", cut(token));
                    problems.push(in_file(Problem::foreign(row.place, Foreign::Unreadable { words }), row.file));
                    return None;
                };
                byte += at + token.len();
                rest.get(..at).unwrap_or_default().chars().count()
            }
        };
        let start = chars + gap;
        chars = start + token.chars().count();
        spans.push(Span::from_chars(start, chars));
    }
    if spans.iter().any(|span| span.is_empty()) {
        let words = "there is an empty token".to_owned();
        problems.push(in_file(Problem::foreign(row.place, Foreign::Unreadable { words }), row.file));
        return None;
    }
    Some(spans)
}

/// The problem in the file of this name, where there are several.
pub(crate) fn in_file(problem: Problem, file: Option<&str>) -> Problem {
    match file {
        Some(file) => problem.in_file(file),
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tokens::kept::TOKENS;
    use crate::formats::trial::said;

    fn read(rows: &[TokenRow<'_>], sentences: Option<usize>) -> (Vec<ArticleRecord>, Vec<String>) {
        let mut articles = RowArticles::new(sentences.and_then(NonZeroUsize::new));
        let (mut problems, mut records) = (Vec::new(), Vec::new());
        for row in rows {
            records.extend(articles.add(row, &mut problems));
        }
        records.extend(articles.finish(&mut problems));
        (records, problems.iter().map(ToString::to_string).collect())
    }

    fn row<'a>(tokens: &[&'a str], text: Option<&'a str>, sentence: Option<u64>) -> TokenRow<'a> {
        let mentions = vec![(TokenSpan::from_tokens(0, 2), "A".to_owned())];
        TokenRow { tokens: tokens.to_vec(), text, sentence, name: Some("n".into()), mentions, ..TokenRow::default() }
    }

    #[test]
    fn rows_are_put_together_as_the_file_says() {
        let check = |rows: &[TokenRow<'_>], sentences, expected: &[(&str, &[&str])], problems: &[&str]| {
            let (records, found) = read(rows, sentences);
            let records: Vec<(&str, Vec<String>)> = records.iter().map(|r| (r.text.as_str(), said(r))).collect();
            let expected: Vec<_> =
                expected.iter().map(|(t, m)| (*t, m.iter().map(|m| (*m).into()).collect())).collect();
            assert_eq!((records, found), (expected, problems.iter().map(|p| (*p).into()).collect()));
        };
        let own = [
            row(&["a", "b"], Some("a\r\nb "), Some(0)),
            row(&["c", "d"], Some("c d"), Some(1)),
            row(&["e", "f"], Some("ef"), Some(0)),
        ];
        check(&own, Some(9), &[("a\r\nb c d", &["A 0..4", "A 5..8"]), ("ef", &["A 0..2"])], &[]);
        let bare = [row(&["a", "b"], None, None), row(&["c", "d"], None, None), row(&["e", "f"], None, None)];
        let rebuilt = Foreign::Rebuilt.to_string();
        check(&bare, None, &[("a b", &["A 0..3"]), ("c d", &["A 0..3"]), ("e f", &["A 0..3"])], &[&rebuilt]);
        let grouped = Foreign::Grouped { sentences: 2 }.to_string();
        check(&bare, Some(2), &[("a b\nc d", &["A 0..3", "A 4..7"]), ("e f", &["A 0..3"])], &[&rebuilt, &grouped]);
        let lost = "this cannot be read (the text does not hold the token \"b\" where it should); it was left out";
        check(&[row(&["a", "b"], Some("ba"), None)], None, &[], &[lost]);
        let empty = "this cannot be read (there is an empty token); it was left out";
        check(&[row(&["a", ""], None, None)], None, &[], &[empty]);
        check(&[TokenRow::default()], None, &[], &[&rebuilt, "the text is empty; the record was left out"]);
    }

    #[test]
    fn tokens_of_another_rule_are_kept() {
        let (records, _) = read(&[row(&["a b", "c"], None, None)], None);
        assert_eq!(records[0].carried_for(TOKENS), Some("[[0,3,4,5]]"));
        let (records, _) = read(&[row(&["ab", "c"], None, None)], None);
        assert_eq!(records[0].carried_for(TOKENS), None);
    }
}
