//! How a file of the CoNLL family is laid out, told from its beginning.
//!
//! Owns [`Layout`]: what parts columns, which column is the token and which are tags, and how a line becomes fields. It must not make
//! articles. Told are: tab, `|` or spaces between columns; a first column that numbers tokens (GermEval); one or several columns of
//! tags at the end (NEMO, GermEval), with a column of phrase chunks (CoNLL-2000, -2003) left aside; a sentence a line with
//! `word|POS|TAG` for every token (spaCy); and whether `B` stands only between mentions that touch (IOB1).

use crate::domain::tag_scheme::{Tag, TagScheme};
use std::collections::HashMap;
use std::ops::Range;

/// What stands between articles.
pub const DOCSTART: &str = "-DOCSTART-";

/// The labels of phrase chunks: a column of nothing else is no column of mentions.
const CHUNKS: [&str; 16] =
    ["NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "AP", "NC", "PC", "VC", "NX"];

/// What parts the columns of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// One tab.
    Tab,
    /// `|`.
    Pipe,
    /// Spaces or tabs, any number.
    Space,
}

/// How the lines of a file are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// What parts columns.
    pub separator: Separator,
    /// How many columns there are.
    pub columns: usize,
    /// The column of the tokens.
    pub token: usize,
    /// The columns of tags.
    pub tags: Range<usize>,
    /// Whether a line is a sentence, its tokens parted by spaces.
    pub sentence_a_line: bool,
    /// Whether the file says where articles begin.
    pub has_docstart: bool,
    /// Whether a blank line ends an article, as in Label Studio's files, which begin with `-DOCSTART- -X- O`.
    pub block_is_article: bool,
    /// How tags are written; what matters is whether it is IOB1.
    pub scheme: TagScheme,
}

/// The fields of a line by their bytes.
pub type Fields = Vec<Range<usize>>;

impl Layout {
    /// The layout of a file that begins with these lines; `None` when they hold no tokens with tags. The second value says how many
    /// of a hundred lines fit it.
    ///
    /// ```
    /// use barchasb::formats::conll::layout::{Layout, Separator};
    /// let (layout, fit) = Layout::from_head(&["EU NNP I-NP I-ORG", "rejects VBZ I-VP O", ""]).unwrap();
    /// assert_eq!((layout.separator, layout.columns, layout.tags), (Separator::Space, 4, 3..4));
    /// assert_eq!(fit, 100);
    /// assert!(Layout::from_head(&["A line of text."]).is_none());
    /// ```
    #[must_use]
    pub fn from_head(lines: &[&str]) -> Option<(Self, usize)> {
        let rows: Vec<&str> =
            lines.iter().copied().filter(|line| !line.trim().is_empty() && !line.starts_with(DOCSTART)).collect();
        let has_docstart = lines.iter().any(|line| line.starts_with(DOCSTART));
        let inline = rows.iter().filter(|line| is_inline(line)).count();
        if inline * 10 > rows.len() * 9 {
            let pieces: Vec<&str> = rows.iter().flat_map(|line| line.split_ascii_whitespace()).collect();
            let (layout, fit) = Self::of_rows(&pieces, Separator::Pipe, None)?;
            return Some((Self { sentence_a_line: true, has_docstart, ..layout }, fit));
        }
        let score = |separator| rows.iter().filter(|line| ends_in_tag(line, separator)).count();
        let best = [Separator::Space, Separator::Pipe, Separator::Tab].into_iter().max_by_key(|s| score(*s))?;
        if score(best) == 0 {
            return None;
        }
        let (layout, fit) = Self::of_rows(&rows, best, Some(lines))?;
        let is_label_studio = lines.first().is_some_and(|line| line.trim_end() == "-DOCSTART- -X- O");
        let block_is_article = is_label_studio && layout.columns == 4;
        Some((Self { has_docstart, block_is_article, ..layout }, fit))
    }

    fn of_rows(rows: &[&str], separator: Separator, lines: Option<&[&str]>) -> Option<(Self, usize)> {
        let mut fields = Fields::new();
        let mut counts: HashMap<usize, usize> = HashMap::new();
        for row in rows {
            split(row, separator, &mut fields);
            if !row.starts_with('#') || fields.len() > 1 {
                *counts.entry(fields.len()).or_default() += 1;
            }
        }
        let columns = counts.into_iter().filter(|(n, _)| *n > 1).max_by_key(|(n, count)| (*count, usize::MAX - *n))?.0;
        let mut layout = Self {
            separator,
            columns,
            token: 0,
            tags: columns - 1..columns,
            sentence_a_line: false,
            has_docstart: false,
            block_is_article: false,
            scheme: TagScheme::Bio,
        };
        if columns > 2 && lines.is_some_and(|lines| layout.is_numbered(lines)) {
            layout.token = 1;
        }
        layout.tags = layout.tag_columns(rows)?;
        layout.scheme = layout.scheme_of(lines.unwrap_or(rows));
        let fitting = rows.iter().filter(|row| layout.fits(row, &mut fields)).count();
        let comments = rows.iter().filter(|row| row.starts_with('#') && !layout.fits(row, &mut fields)).count();
        let fit = 100 * fitting / (rows.len() - comments).max(1);
        Some((layout, fit))
    }

    /// Whether the first column counts the tokens of every sentence.
    fn is_numbered(&self, lines: &[&str]) -> bool {
        let mut fields = Fields::new();
        let (mut number, mut right, mut all) = (0_u64, 0_usize, 0_usize);
        for line in lines {
            if line.trim().is_empty() {
                number = 0;
            } else if self.fields(line, &mut fields).is_ok() {
                let said = fields.first().and_then(|range| line.get(range.clone())).and_then(|text| text.parse().ok());
                (number, all) = (number + 1, all + 1);
                right += usize::from(said == Some(number));
            }
        }
        all > 0 && right * 10 > all * 9
    }

    /// The last columns of tags that stand together.
    fn tag_columns(&self, rows: &[&str]) -> Option<Range<usize>> {
        let mut kinds = vec![ColumnKind::default(); self.columns];
        let mut fields = Fields::new();
        for row in rows.iter().filter(|row| self.fields(row, &mut Fields::new()).is_ok()) {
            if self.fields(row, &mut fields).is_err() {
                continue;
            }
            for (kind, range) in kinds.iter_mut().zip(&fields) {
                kind.add(row.get(range.clone()).unwrap_or_default().trim());
            }
        }
        let first = self.token + 1;
        let find = |is_tags: fn(&ColumnKind) -> bool| {
            let is = |column: &usize| kinds.get(*column).is_some_and(is_tags);
            let last = (first..self.columns).rev().find(is)?;
            let from = (first..=last).rev().take_while(is).last()?;
            Some(from..last + 1)
        };
        let all = find(ColumnKind::is_mentions);
        all.or_else(|| find(|kind| kind.is_tags()).map(|range| range.end - 1..range.end))
    }

    /// IOB1 when `B` stands, with few exceptions, only after a token of the same label.
    fn scheme_of(&self, lines: &[&str]) -> TagScheme {
        let mut fields = Fields::new();
        let (mut free_begins, mut bare_insides) = (0_usize, 0_usize);
        for column in self.tags.clone() {
            let mut before: Option<&str> = None;
            for line in lines {
                let tag = match self.fields(line, &mut fields) {
                    Ok(()) => fields.get(column).and_then(|range| Tag::from_text(line.get(range.clone())?.trim())),
                    Err(_) => None,
                };
                match tag {
                    Some(Tag::Begin(label)) => free_begins += usize::from(before != Some(label)),
                    Some(Tag::Inside(label)) => bare_insides += usize::from(before != Some(label)),
                    // Other letters are not those of IOB1.
                    Some(Tag::End(_) | Tag::Single(_)) => return TagScheme::Bioes,
                    Some(Tag::Outside) | None => {}
                }
                before = tag.and_then(Tag::label);
            }
        }
        if bare_insides > 10 * free_begins { TagScheme::Iob1 } else { TagScheme::Bio }
    }

    /// The fields of a line.
    ///
    /// # Errors
    /// How many there are, when they are not as many as there must be.
    pub fn fields(&self, line: &str, fields: &mut Fields) -> Result<(), usize> {
        split(line, self.separator, fields);
        let more = fields.len().saturating_sub(self.columns);
        if more > 0 && self.separator != Separator::Tab && (self.columns == 2 || self.separator == Separator::Pipe) {
            // The token has the separator in it: `آیت الله O`.
            let token = fields.first().map(|first| first.start).zip(fields.get(more).map(|last| last.end));
            fields.drain(..more);
            if let (Some((start, end)), Some(first)) = (token, fields.first_mut()) {
                *first = start..end;
            }
        }
        // Spaces around a token are of the row and not of the token.
        if let Some(token) = fields.get_mut(self.token) {
            let bytes = line.as_bytes();
            let is_space = |at: usize| bytes.get(at) == Some(&b' ');
            while token.start < token.end && is_space(token.end - 1) {
                token.end -= 1;
            }
            while token.start < token.end && is_space(token.start) {
                token.start += 1;
            }
        }
        let has_token = fields.get(self.token).is_some_and(|range| !range.is_empty());
        match fields.len() {
            found if found != self.columns => Err(found),
            found if !has_token => Err(found - 1),
            _ => Ok(()),
        }
    }

    /// Whether a line is a row with tags, and so no comment.
    pub fn fits(&self, line: &str, fields: &mut Fields) -> bool {
        self.fields(line, fields).is_ok()
            && self.tags.clone().all(|column| {
                let tag = fields.get(column).and_then(|range| line.get(range.clone()));
                tag.is_some_and(|tag| Tag::from_text(tag.trim()).is_some())
            })
    }
}

/// What stands in a column.
#[derive(Clone, Debug, Default)]
struct ColumnKind {
    mentions: usize,
    chunks: usize,
    outside: usize,
    other: usize,
}

impl ColumnKind {
    fn add(&mut self, text: &str) {
        match proper_label(text) {
            Some(label) if CHUNKS.contains(&label) => self.chunks += 1,
            Some(_) => self.mentions += 1,
            None if text == "O" => self.outside += 1,
            None => self.other += 1,
        }
    }

    fn is_tags(&self) -> bool {
        let tags = self.mentions + self.chunks + self.outside;
        tags > 0 && self.other < tags
    }

    fn is_mentions(&self) -> bool {
        self.is_tags() && self.chunks <= self.mentions
    }
}

/// The label of a tag with a large letter.
fn proper_label(text: &str) -> Option<&str> {
    text.starts_with(|c: char| c.is_ascii_uppercase()).then(|| Tag::from_text(text)?.label())?
}

fn is_tag(text: &str) -> bool {
    text == "O" || proper_label(text).is_some()
}

/// Whether one of the columns after the first is a tag.
fn ends_in_tag(line: &str, separator: Separator) -> bool {
    let mut fields = Fields::new();
    split(line, separator, &mut fields);
    let text = |range: &Range<usize>| line.get(range.clone()).unwrap_or_default();
    fields.first().is_some_and(|first| !text(first).trim().is_empty())
        && fields.iter().skip(1).any(|range| is_tag(text(range).trim()))
}

/// Whether a line is a sentence of `word|TAG` or `word|POS|TAG`.
fn is_inline(line: &str) -> bool {
    let mut pieces = line.split_ascii_whitespace();
    let is_piece = |piece: &str| piece.rsplit_once('|').is_some_and(|(word, tag)| !word.is_empty() && is_tag(tag));
    line.contains(' ') && line.contains('|') && pieces.all(is_piece)
}

fn split(line: &str, separator: Separator, fields: &mut Fields) {
    fields.clear();
    let is_parting = |byte: u8| match separator {
        Separator::Tab => byte == b'\t',
        Separator::Pipe => byte == b'|',
        Separator::Space => byte == b' ' || byte == b'\t',
    };
    let mut start = 0;
    for (at, byte) in line.bytes().enumerate() {
        if is_parting(byte) {
            if separator != Separator::Space || at > start {
                fields.push(start..at);
            }
            start = at + 1;
        }
    }
    if separator != Separator::Space || start < line.len() {
        fields.push(start..line.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The separator, the number of columns, the token's, those of tags, and whether it is IOB1, of lines parted by `/`.
    fn check(head: &str, expected: Option<(Separator, usize, usize, Range<usize>, bool)>) {
        let lines: Vec<&str> = head.split('/').collect();
        let found = Layout::from_head(&lines).map(|(layout, _)| {
            let is_iob1 = layout.scheme == TagScheme::Iob1;
            (layout.separator, layout.columns, layout.token, layout.tags, is_iob1)
        });
        assert_eq!(found, expected, "{head}");
    }

    #[test]
    fn separators_and_columns() {
        use Separator::{Pipe, Space, Tab};
        check("علی|B_PER/آیت الله|O/| |O", Some((Pipe, 2, 0, 1..2, false)));
        check("علی\tB-PER/آیت الله\tO/\t", Some((Tab, 2, 0, 1..2, false)));
        check("a NNP I-NP I-ORG/b NN I-NP O/. . O O", Some((Space, 4, 0, 3..4, true)));
        check("-DOCSTART- -X- O/a -X- _ B-X/b -X- _ O", Some((Space, 4, 0, 3..4, false)));
        check("#\tsource/1\ta\tB-X\tO/2\tb\tO\tO//1\tc\tO\tB-Y", Some((Tab, 4, 1, 2..4, false)));
        check("a O O B-X/b B-Y O O/c O O O", Some((Space, 4, 0, 1..4, false)));
        check("a B-NP/b I-NP", Some((Space, 2, 0, 1..2, false)));
        check("a|NN|O b|VB|B-X/c|NN|O d|NN|O", Some((Pipe, 3, 0, 2..3, false)));
        check("One line of text./And another one.", None);
        check("", None);
    }

    #[test]
    fn iob1_is_told_by_where_b_stands() {
        let is_iob1 = |head: &str| {
            let lines: Vec<&str> = head.split('/').collect();
            Layout::from_head(&lines).unwrap().0.scheme == TagScheme::Iob1
        };
        assert!(is_iob1("a I-X/b I-X/c B-X/d O/e I-Y"));
        assert!(!is_iob1("a B-X/b I-X/c O/d I-X"));
        assert!(!is_iob1("a S-X/b B-X/c E-X/d O"));
        assert!(!is_iob1("a B-X/b B-X/c O"));
    }

    #[test]
    fn rows_are_told_from_comments() {
        let (layout, fit) = Layout::from_head(&["# id = 1", "#a\tO", "b\tB-X"]).unwrap();
        assert_eq!(fit, 100);
        let mut fields = Fields::new();
        let mut fits = |line: &str| layout.fits(line, &mut fields);
        assert_eq!([fits("# id = 1"), fits("#a\tO"), fits("#\tO"), fits("\tO")], [false, true, true, false]);
    }
}
