//! The CoNLL family: a token and its tags a line, a blank line after each sentence.
//!
//! Owns the reader of all variants; [`layout`](crate::formats::conll::layout) tells which it is. It must
//! not guess at the text the tokens came from: it is rebuilt by the rule of [`article`](crate::formats::conll::article), and said.
//!
//! Sources: the shared tasks of CoNLL-2002 and -2003 (Tjong Kim Sang), GermEval 2014, WNUT 2017.

use crate::domain::record::ArticleRecord;
use crate::domain::tag_scheme::{Tag, spans_from_tags};
use crate::formats::conll::article::TokenArticle;
use crate::formats::conll::columns::FurtherColumns;
use crate::formats::conll::layout::{DOCSTART, Fields, Layout};
use crate::formats::conll::lines::TextLines;
use crate::formats::conll::rows::CONLL;
use crate::formats::decoding::{as_u64, check_article_text};
use crate::formats::finding::{Finding, cut};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{ReadOptions, RecordReader};
use crate::formats::problem::{FormatError, Place, Problem};
use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Seek, SeekFrom};
use std::num::NonZeroUsize;
use std::ops::Range;

/// How many bytes of a file tell its layout.
const HEAD_BYTES: usize = 1 << 20;

/// How many sentences make an article, when neither file nor caller says.
const SENTENCES: NonZeroUsize = NonZeroUsize::new(20).unwrap();

/// The reader of the CoNLL family. It looks at the beginning first, to tell the layout; memory holds two articles.
///
/// ```
/// use barchasb::formats::conll::reader::ConllReader;
/// use barchasb::formats::format::{ReadOptions, RecordReader};
/// use std::io::Cursor;
/// let file = Cursor::new("علی|B_PER\nبه|O\nتهران|B_LOC\nرفت|O\n\nباران|O\nآمد|O\n");
/// let mut reader = ConllReader::new(file, &ReadOptions::default()).unwrap();
/// let mut problems = Vec::new();
/// let article = reader.next_record(&mut problems).unwrap().unwrap();
/// assert_eq!(article.text, "علی به تهران رفت\nباران آمد");
/// assert_eq!(article.layers[0].mentions[1].label, "LOC");
/// assert!(problems[0].to_string().contains("rebuilt"));
/// ```
#[derive(Debug)]
pub struct ConllReader<R> {
    lines: TextLines<R>,
    layout: Layout,
    name: Option<String>,
    sentences: NonZeroUsize,
    is_strict: bool,
    limit: u64,
    rows: Rows,
    article: TokenArticle,
    further: FurtherColumns,
    /// Whether lines are passed over until the article ends, which is too long.
    is_too_long: bool,
    /// The bytes of the lines that made the article so far.
    bytes: u64,
    record: u64,
    named: u64,
    ahead: Option<(ArticleRecord, Vec<Problem>)>,
    label_names: BTreeMap<i64, String>,
    numbers_said: HashSet<String>,
    /// What is said once, before the first article.
    notes: Vec<Problem>,
}

/// The rows of a sentence in the making.
#[derive(Debug, Default)]
struct Rows {
    text: String,
    /// The fields of all rows, in `text`.
    fields: Fields,
    lines: Vec<u64>,
    /// The fields of the row that is taken, kept to be filled again.
    taken: Fields,
}

impl<R: Read + Seek> ConllReader<R> {
    /// A reader of `input`, whose layout is told now.
    ///
    /// # Errors
    /// [`FormatError`] when the input cannot be read, is empty, or no line of its beginning holds a token and a tag.
    pub fn new(mut input: R, options: &ReadOptions) -> Result<Self, FormatError> {
        let layout = layout_of(&mut input, options)?;
        input.seek(SeekFrom::Start(0))?;
        let sentences = options.sentences.unwrap_or(SENTENCES);
        let mut notes = vec![Foreign::Rebuilt];
        if !layout.has_docstart {
            notes.push(Foreign::Grouped { sentences: as_u64(sentences.get()) });
        }
        let further = further_columns(&layout).len();
        if further > 0 {
            notes.push(Foreign::Carried { what: Held::TokenColumn, count: as_u64(further) });
        }
        Ok(Self {
            lines: TextLines::new(input, options.limits.record_bytes),
            sentences: if layout.block_is_article { NonZeroUsize::MIN } else { sentences },
            layout,
            name: options.name.clone(),
            is_strict: options.strict_tags,
            limit: options.limits.record_bytes,
            rows: Rows::default(),
            article: TokenArticle::default(),
            further: FurtherColumns::default(),
            is_too_long: false,
            bytes: 0,
            record: 0,
            named: 0,
            ahead: None,
            label_names: options.label_names.clone(),
            numbers_said: HashSet::new(),
            notes: notes.into_iter().map(|note| Problem::foreign(Place::default(), note)).collect(),
        })
    }
}

/// The columns that are neither number, token nor tag.
fn further_columns(layout: &Layout) -> Vec<usize> {
    (layout.token + 1..layout.columns).filter(|column| !layout.tags.contains(column)).collect()
}

fn layout_of<R: Read>(input: &mut R, options: &ReadOptions) -> Result<Layout, FormatError> {
    let mut lines = TextLines::new(input, options.limits.record_bytes);
    let (mut head, mut bytes, mut problems) = (Vec::new(), 0, Vec::new());
    while bytes < HEAD_BYTES && lines.next_line(&mut problems)? {
        bytes += lines.line().len() + 1;
        head.push(lines.line().to_owned());
    }
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    // Lines that could not be read are the likelier reason.
    let refuse = |line| lines.not_utf8().unwrap_or_else(|| no_tokens(line));
    let first = (1..).zip(&head).find(|(_, line)| !line.trim().is_empty());
    let Some((line, _)) = first.filter(|_| lines.number() > 0) else {
        return Err(if problems.is_empty() { FormatError::Empty } else { refuse(None) });
    };
    Layout::from_head(&head).map(|(layout, _)| layout).ok_or_else(|| refuse(Some(line)))
}

fn no_tokens(line: Option<u64>) -> FormatError {
    let words = "its lines do not hold a token and a tag".to_owned();
    FormatError::Malformed { format: CONLL.name, words, line }
}

impl<R: Read> ConllReader<R> {
    /// The next article and what is said of it.
    fn read_article(&mut self) -> Result<Option<(ArticleRecord, Vec<Problem>)>, FormatError> {
        let mut problems = std::mem::take(&mut self.notes);
        loop {
            let goes_on = self.lines.next_line(&mut problems)?;
            let is_end = if goes_on {
                self.take_line(&mut problems)
            } else {
                self.end_sentence(&mut problems);
                true
            };
            if is_end && let Some(record) = self.end_article(&mut problems) {
                return Ok(Some((record, problems)));
            }
            if !goes_on {
                self.notes = problems;
                return Ok(None);
            }
        }
    }

    /// Takes a line; true when an article ends with it or before it.
    fn take_line(&mut self, problems: &mut Vec<Problem>) -> bool {
        let line = self.lines.line();
        if line.trim().is_empty() {
            return self.end_sentence(problems);
        }
        if line.starts_with(DOCSTART) {
            self.end_sentence(problems);
            return true;
        }
        if self.is_too_long {
            return false;
        }
        if self.layout.sentence_a_line {
            for piece in line.split_ascii_whitespace() {
                self.rows.take(piece, self.lines.number(), &self.layout, problems);
            }
            return self.end_sentence(problems);
        }
        if line.starts_with('#') && !self.layout.fits(line, &mut Fields::new()) {
            self.further.comments.push((self.article.sentence_count(), line.to_owned()));
        } else {
            self.rows.take(line, self.lines.number(), &self.layout, problems);
        }
        self.bytes += as_u64(line.len());
        if self.bytes > self.limit {
            self.is_too_long = true;
            self.bytes = 0;
            problems.push(Problem::new(self.lines.place(), Finding::RecordTooLong { limit: self.limit }));
            self.rows.clear();
            self.article = TokenArticle::default();
            self.further = FurtherColumns::default();
        }
        false
    }

    /// Ends the sentence; true when the article has all its sentences.
    fn end_sentence(&mut self, problems: &mut Vec<Problem>) -> bool {
        let by_count = !self.layout.has_docstart || self.layout.block_is_article;
        if self.is_too_long {
            self.is_too_long = !by_count;
            return false;
        }
        if self.rows.lines.is_empty() {
            return false;
        }
        self.article.begin_sentence();
        for row in 0..self.rows.lines.len() {
            self.article.push_token(self.rows.field(row, self.layout.token, &self.layout));
        }
        for (at, column) in further_columns(&self.layout).into_iter().enumerate() {
            if self.further.columns.len() == at {
                self.further.columns.push(String::new());
            }
            let Some(values) = self.further.columns.get_mut(at) else { continue };
            for row in 0..self.rows.lines.len() {
                if !values.is_empty() {
                    values.push('\t');
                }
                values.push_str(self.rows.field(row, column, &self.layout));
            }
        }
        for column in self.layout.tags.clone() {
            self.take_tags(column, problems);
        }
        self.rows.clear();
        by_count && self.article.sentence_count() >= self.sentences.get()
    }

    fn take_tags(&mut self, column: usize, problems: &mut Vec<Problem>) {
        let rows = &self.rows;
        let place = |row: usize| Place { line: rows.lines.get(row).copied(), ..Place::default() };
        let text = |row: usize| rows.field(row, column, &self.layout).trim();
        let mut tags: Vec<Tag<'_>> = Vec::with_capacity(rows.lines.len());
        for row in 0..rows.lines.len() {
            tags.push(Tag::from_text(text(row)).unwrap_or_else(|| {
                problems.push(Problem::foreign(place(row), Foreign::BadTag { tag: cut(text(row)) }));
                Tag::Outside
            }));
        }
        for span in spans_from_tags(&tags, self.layout.scheme) {
            let row = span.tokens.start.get();
            if span.is_orphan {
                let tag = cut(text(row));
                let finding =
                    if self.is_strict { Foreign::OrphanLeftOut { tag } } else { Foreign::OrphanTaken { tag } };
                problems.push(Problem::foreign(place(row), finding));
            }
            if span.is_orphan && self.is_strict {
                continue;
            }
            // Older files of doccano have the numbers of labels.
            let number = span.label.parse::<i64>().ok();
            let label = number.and_then(|number| self.label_names.get(&number)).map_or(span.label, String::as_str);
            if number.is_some() && label == span.label && self.numbers_said.insert(label.to_owned()) {
                let number = cut(label);
                problems.push(Problem::foreign(place(row), Foreign::LabelNumber { number }));
            }
            self.article.push_mention(span.tokens, label);
        }
    }

    /// The article whose sentences are read; `None` when there is none, or it cannot be one.
    fn end_article(&mut self, problems: &mut Vec<Problem>) -> Option<ArticleRecord> {
        (self.is_too_long, self.bytes) = (false, 0);
        if self.article.is_empty() {
            return None;
        }
        self.record += 1;
        let place = Place { record: Some(self.record), ..Place::default() };
        let further = std::mem::take(&mut self.further);
        let mut record = std::mem::take(&mut self.article).finish(None);
        if let Err(problem) = check_article_text(&record.text, place, problems) {
            problems.push(*problem);
            return None;
        }
        if !further.comments.is_empty() {
            let count = as_u64(further.comments.len());
            problems.push(Problem::foreign(place, Foreign::Carried { what: Held::Line, count }));
        }
        record.carried.extend(FurtherColumns { numbered: self.layout.token > 0, ..further }.carried());
        Some(record)
    }
}

impl<R: Read + Send> RecordReader for ConllReader<R> {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        let this = match self.ahead.take() {
            Some(article) => Some(article),
            None => self.read_article()?,
        };
        let Some((mut record, said)) = this else {
            problems.append(&mut self.notes);
            return Ok(None);
        };
        problems.extend(said);
        // Whether an article is the only one is known when the next has been looked for.
        self.ahead = self.read_article()?;
        self.named += 1;
        record.name = match &self.name {
            Some(name) if self.named > 1 || self.ahead.is_some() => Some(format!("{name}-{}", self.named)),
            name => name.clone(),
        };
        Ok(Some(record))
    }
}

impl Rows {
    fn take(&mut self, line: &str, number: u64, layout: &Layout, problems: &mut Vec<Problem>) {
        match layout.fields(line, &mut self.taken) {
            Ok(()) => {
                let base = self.text.len();
                self.text.push_str(line);
                self.fields.extend(self.taken.iter().map(|field| base + field.start..base + field.end));
                self.lines.push(number);
            }
            Err(found) => {
                let finding = Foreign::Columns { found: as_u64(found), expected: as_u64(layout.columns) };
                problems.push(Problem::foreign(Place { line: Some(number), ..Place::default() }, finding));
            }
        }
    }

    fn field(&self, row: usize, column: usize, layout: &Layout) -> &str {
        let range: Option<&Range<usize>> = self.fields.get(row * layout.columns + column);
        range.and_then(|range| self.text.get(range.clone())).unwrap_or_default()
    }

    fn clear(&mut self) {
        self.text.clear();
        self.fields.clear();
        self.lines.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::Format;
    use crate::formats::trial::read;

    /// The articles as their texts and mentions, and what is said but for what is said of every file.
    fn check_with(file: &str, options: &ReadOptions, expected: &[(&str, &[(&str, &str)])], said: &[&str]) {
        let (articles, problems) = read(Format::CONLL, file, options).unwrap();
        let surface = |article: &ArticleRecord, span: crate::domain::offset::Span| -> String {
            article.text.chars().skip(span.start.get()).take(span.len_chars()).collect()
        };
        let found: Vec<(&str, Vec<(String, &str)>)> = articles
            .iter()
            .map(|article| {
                let mentions = &article.layers[0].mentions;
                let pairs = mentions.iter().map(|m| (surface(article, m.span), m.label.as_str())).collect();
                (article.text.as_str(), pairs)
            })
            .collect();
        let expected: Vec<(&str, Vec<(String, &str)>)> = expected
            .iter()
            .map(|(text, pairs)| (*text, pairs.iter().map(|(word, label)| ((*word).to_owned(), *label)).collect()))
            .collect();
        assert_eq!(found, expected);
        let usual = [Foreign::Rebuilt, Foreign::Grouped { sentences: 20 }].map(|note| note.to_string());
        let found: Vec<String> =
            problems.iter().map(ToString::to_string).filter(|said| !usual.contains(said)).collect();
        assert_eq!(found, said);
    }

    fn check(file: &str, expected: &[(&str, &[(&str, &str)])], said: &[&str]) {
        check_with(file, &ReadOptions::default(), expected, said);
    }

    #[test]
    fn the_variants_are_read() {
        check("آیت الله|B_PER\nعلی|I_PER\n\nرفت|O\n", &[("آیت الله علی\nرفت", &[("آیت الله علی", "PER")])], &[]);
        check("a\tO\r\nb\tS-X\r\n\t\r\nc\tB-Y\nd\tE-Y", &[("a b\nc d", &[("b", "X"), ("c d", "Y")])], &[]);
        check("a|N|B-X b|N|O\nc|V|O d|N|B-Y\n", &[("a b\nc d", &[("a", "X"), ("d", "Y")])], &[COLUMN]);
        check("#\thttp://x\n1\ta\tB-X\tB-Y\n2\tb\tI-X\tO\n", &[("a b", &[("a b", "X"), ("a", "Y")])], &[LINE]);
        check(
            "\u{200c}a\u{200c} I-X\nb I-X\nc B-X\n",
            &[("\u{200c}a\u{200c} b c", &[("\u{200c}a\u{200c} b", "X"), ("c", "X")])],
            &[],
        );
    }

    const COLUMN: &str =
        "further columns of tokens (1) are kept aside with the article and written back to this format alone";
    const LINE: &str =
        "record 1: lines of an unknown kind (1) are kept aside with the article and written back to this format alone";

    #[test]
    fn articles_end_where_the_file_or_the_caller_says() {
        let file = "-DOCSTART- -X- -X- O\n\na N I-NP B-X\nb N O O\n\nc N O O\n\n-DOCSTART- -X- -X- O\n\nd N O B-Y\n";
        let columns = COLUMN.replace("(1)", "(2)");
        check(file, &[("a b\nc", &[("a", "X")]), ("d", &[("d", "Y")])], &[&columns]);
        check(
            "-DOCSTART- -X- O\na -X- _ B-X\nb -X- _ O\n\nc -X- _ O\n",
            &[("a b", &[("a", "X")]), ("c", &[])],
            &[&columns],
        );
        let options = ReadOptions { sentences: NonZeroUsize::new(2), name: Some("n".into()), ..ReadOptions::default() };
        let (articles, problems) = read(Format::CONLL, "a B-X\n\nb O\n\nc O\n\nd O\n\ne O", &options).unwrap();
        let names: Vec<_> = articles.iter().map(|a| (a.name.as_deref().unwrap(), a.text.as_str())).collect();
        assert_eq!(names, [("n-1", "a\nb"), ("n-2", "c\nd"), ("n-3", "e")]);
        assert_eq!(problems[1].to_string(), Foreign::Grouped { sentences: 2 }.to_string());
        let (articles, _) = read(Format::CONLL, "a B-X\n", &options).unwrap();
        assert_eq!(articles[0].name.as_deref(), Some("n"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let orphan = "line 2: the tag \"I-X\" goes on with a mention that did not begin; it was taken as its beginning";
        check("a B-Y\nb I-X\nc O\n", &[("a b c", &[("a", "Y"), ("b", "X")])], &[orphan]);
        let strict = ReadOptions { strict_tags: true, ..ReadOptions::default() };
        let left_out = "line 2: the tag \"I-X\" goes on with a mention that did not begin; it was left out";
        check_with("a B-Y\nb I-X\nc O\n", &strict, &[("a b c", &[("a", "Y")])], &[left_out]);
        let said = [
            "line 2: this row has 1 columns instead of 2; it was left out",
            "line 3: this row has 1 columns instead of 2; it was left out",
            "line 4: \"Q-X\" is no tag; it was read as O",
        ];
        check("a|B_PER\nb\n|O\nc|Q-X\nd|O\n", &[("a c d", &[("a", "PER")])], &said);
        let error = |file: &str| read(Format::CONLL, file, &ReadOptions::default()).unwrap_err().to_string();
        assert_eq!(error("\n \n"), "the file is empty");
        assert_eq!(
            error("A text.\n"),
            "this cannot be read as conll: its lines do not hold a token and a tag (line 1)"
        );
        let bytes = read(Format::CONLL, b"ab\n\nc\xE1\tO\n", &ReadOptions::default()).unwrap_err().to_string();
        assert_eq!(bytes, "this is not UTF-8 text: the byte 0xE1 at byte 5 (line 3) cannot be read");
    }

    #[test]
    fn numbers_of_labels_get_their_names() {
        let label_names = BTreeMap::from([(12, "LOC".to_owned())]);
        let options = ReadOptions { label_names, ..ReadOptions::default() };
        let said = "line 2: the label 13 is a number without a name; it was taken as the name";
        check_with(
            "a B-12\nb B-13\nc B-13\n",
            &options,
            &[("a b c", &[("a", "LOC"), ("b", "13"), ("c", "13")])],
            &[said],
        );
    }

    #[test]
    fn annotators_and_dashes_of_universal_ner_are_further_columns() {
        let file = "# sent_id = 1\n# text = a b\n1\ta\tB-PER\t-\tann\n2\tb\tO\t-\tann\n";
        let columns = COLUMN.replace("(1)", "(2)");
        check(file, &[("a b", &[("a", "PER")])], &[&columns, &LINE.replace("(1)", "(2)")]);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        /// Nothing that a file holds stops the program, and it is read to its end.
        #[test]
        fn any_bytes_are_read_to_the_end(
            lines in proptest::collection::vec(
                proptest::sample::select(&[
                    "a B-X", "b\tI-X", "c|O", "", "\t", "-DOCSTART- -X- O", "1\ta\tB-X\tO", "# x", "#", "a|N|O b|N|B-X", " ", "\u{a0} O",
                    "1\ta\t_\t_\t_\t_\t_\t_\t_\tNER=B-X", "1-2\ta\t_\t_\t_\t_\t_\t_\t_\t_", "|O", "é B-é", "x -X- _ I-Y", "\u{feff}",
                ][..]),
                0..12,
            ),
            tail in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..6),
            limit in 1_u64..60,
        ) {
            let bytes: Vec<u8> = lines.join("\n").into_bytes().into_iter().chain(tail).collect();
            let mut options = ReadOptions::default();
            options.limits.record_bytes = limit;
            for format in [Format::CONLL, Format::CONLLU] {
                if let Ok((articles, _)) = read(format, bytes.clone(), &options) {
                    for m in articles.iter().flat_map(|a| a.layers[0].mentions.iter().map(move |m| (m, a.text.chars().count()))) {
                        proptest::prop_assert!(m.0.span.end.get() <= m.1 && !m.0.span.is_empty());
                    }
                }
            }
        }
    }

    #[test]
    fn an_article_that_is_too_long_is_left_out() {
        let mut options = ReadOptions { sentences: NonZeroUsize::new(1), ..ReadOptions::default() };
        options.limits.record_bytes = 20;
        let too_long = "line 4: the record is longer than 20 bytes and was left out";
        let rows = "aaaaa B-X\n".repeat(4);
        let (articles, problems) = read(Format::CONLL, format!("b O\n{rows}\nc O\n"), &options).unwrap();
        assert_eq!(articles.iter().map(|a| a.text.as_str()).collect::<Vec<_>>(), ["c"]);
        assert!(problems.iter().any(|p| p.to_string() == too_long.replace('4', "3")), "{problems:?}");
    }
}
