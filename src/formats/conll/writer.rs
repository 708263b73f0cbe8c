//! Writing a token and its tags a line.
//!
//! Owns [`ConllWriter`] and its two styles. A token with white space in it is written as several, since seqeval's, spaCy's and most
//! other readers part columns at any white space; the text that is rebuilt is the same. A sentence that ends inside a mention goes on.

use crate::domain::offset::{Span, TokenSpan};
use crate::domain::projection::{Align, Nesting};
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::domain::segmentation::Segmentation;
use crate::domain::tag_scheme::{TagScheme, letters_from_spans};
use crate::formats::conll::columns::FurtherColumns;
use crate::formats::conll::layout::DOCSTART;
use crate::formats::conll::rows::CONLL;
use crate::formats::decoding::as_u64;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{RecordWriter, WriteOptions};
use crate::formats::losses::Holding;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::tokens::kept::{TOKENS, segmentation_of};
use crate::formats::tokens::mentions::{MAX_DEPTH, token_columns};
use std::collections::HashSet;
use std::io::Write;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Token, further columns where the first article carries some, tags; parted by tabs.
    Tokens,
    /// Token, two further columns, tags; parted by spaces, with `-DOCSTART-` before every article.
    Conll2003,
}

impl Style {
    fn separator(self) -> u8 {
        match self {
            Self::Tokens => b'\t',
            Self::Conll2003 => b' ',
        }
    }
}

/// How many bytes are gathered before they are written.
const GATHERED_BYTES: usize = 1 << 16;

/// The writer of the CoNLL family. It has no header and no end: files written by it can be joined.
pub struct ConllWriter {
    output: Box<dyn Write + Send>,
    style: Style,
    align: Align,
    nesting: Nesting,
    scheme: TagScheme,
    gathered: Vec<u8>,
    /// Whether rows are numbered, and how many further columns they have; told by the first article.
    rows: Option<(bool, usize)>,
    labels_said: HashSet<String>,
}

/// A letter and a label for every token, column by column.
type Tags<'a> = Vec<Vec<Option<(char, &'a str)>>>;

impl ConllWriter {
    /// A writer into `output`.
    #[must_use]
    pub fn new(output: Box<dyn Write + Send>, style: Style, options: &WriteOptions) -> Self {
        Self {
            output,
            style,
            align: options.align,
            nesting: options.nesting,
            scheme: options.scheme,
            gathered: Vec::with_capacity(2 * GATHERED_BYTES),
            rows: None,
            labels_said: HashSet::new(),
        }
    }

    /// Writes the rows of an article that has tokens.
    fn write_rows(
        &mut self,
        text: &str,
        cut: &Segmentation,
        columns: &[Vec<(TokenSpan, &str)>],
        further: &FurtherColumns,
    ) {
        let (is_numbered, further_count) = self.rows.unwrap_or_default();
        let mut values: Vec<_> = further.columns.iter().take(further_count).map(|column| column.split('\t')).collect();
        let len = cut.tokens().len();
        let tags: Tags<'_> = columns.iter().map(|spans| letters_from_spans(len, spans, self.scheme)).collect();
        let depth = if self.nesting == Nesting::Columns { MAX_DEPTH } else { 1 };
        let separator = self.style.separator();
        let mut comments = further.comments.iter().peekable();
        let mut number = 0_u64;
        for (index, sentence) in cut.sentences().iter().enumerate() {
            if index > 0 && !is_inside(columns, sentence.start.get()) {
                self.gathered.push(b'\n');
                number = 0;
            }
            while let Some((_, comment)) = comments.next_if(|(before, _)| *before <= index) {
                self.gathered.extend_from_slice(comment.as_bytes());
                self.gathered.push(b'\n');
            }
            for (at, token) in sentence.range().zip(cut.slice(*sentence)) {
                if is_numbered {
                    number += 1;
                    self.gathered.extend_from_slice(number.to_string().as_bytes());
                    self.gathered.push(separator);
                }
                self.gathered.extend_from_slice(token.bytes.slice(text).unwrap_or_default().as_bytes());
                for column in 0..further_count {
                    self.gathered.push(separator);
                    let value = values.get_mut(column).and_then(Iterator::next).filter(|value| !value.is_empty());
                    self.push_value(value);
                }
                for column in 0..depth {
                    self.gathered.push(separator);
                    match tags.get(column).and_then(|tags| tags.get(at).copied().flatten()) {
                        Some((letter, label)) => {
                            self.gathered.extend_from_slice(&[letter as u8, b'-']);
                            push_unbroken(&mut self.gathered, label);
                        }
                        None => self.gathered.push(b'O'),
                    }
                }
                self.gathered.push(b'\n');
            }
        }
        self.gathered.push(b'\n');
    }

    fn push_value(&mut self, value: Option<&str>) {
        match (value, self.style) {
            (Some(value), Style::Tokens) => self.gathered.extend_from_slice(value.as_bytes()),
            (Some(value), Style::Conll2003) => push_unbroken(&mut self.gathered, value),
            (None, Style::Tokens) => self.gathered.push(b'_'),
            (None, Style::Conll2003) => self.gathered.extend_from_slice(b"-X-"),
        }
    }

    fn say_labels(&mut self, layer: Option<&LayerRecord>, problems: &mut Vec<Problem>) {
        for mention in layer.into_iter().flat_map(|layer| &layer.mentions) {
            if mention.label.contains(char::is_whitespace) && self.labels_said.insert(mention.label.clone()) {
                problems.push(Problem::foreign(Place::default(), Foreign::NotHeld { what: Held::Character, count: 1 }));
            }
        }
    }
}

impl RecordWriter for ConllWriter {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        let further = FurtherColumns::of_record(record).unwrap_or_default();
        let rows = match self.style {
            Style::Tokens => (further.numbered, further.columns.len()),
            Style::Conll2003 => (false, 2),
        };
        let (_, further_count) = *self.rows.get_or_insert(rows);
        let cut = segmentation_of(record);
        let (cut, further) = if record.carried_for(TOKENS).is_some() {
            without_white_space(&record.text, cut, further)
        } else {
            (cut, further)
        };
        let layer = record.layers.first();
        let mentions = layer.map(|layer| layer.mentions.as_slice()).unwrap_or_default();
        let columns = token_columns(&cut, mentions, self.align, self.nesting, Place::default(), problems);
        let is_lost = |column: &&String| column.split('\t').count() != cut.tokens().len();
        let lost_columns = further.columns.iter().filter(is_lost).count();
        let further = if lost_columns > 0 { FurtherColumns { columns: Vec::new(), ..further } } else { further };
        // Both rows carry under one name.
        problems.extend(Holding::of(&CONLL).losses(record, Place::default()));
        self.say_labels(layer, problems);
        let mut lost = |what, count: usize| {
            if count > 0 {
                problems.push(Problem::foreign(Place::default(), Foreign::NotHeld { what, count: as_u64(count) }));
            }
        };
        lost(Held::TokenColumn, lost_columns + further.columns.len().saturating_sub(further_count));
        if cut.tokens().is_empty() {
            lost(Held::EmptyArticle, 1);
            return Ok(());
        }
        lost(Held::WhiteSpace, lost_spaces(&record.text, &cut, &columns));
        if self.style == Style::Conll2003 {
            let depth = if self.nesting == Nesting::Columns { MAX_DEPTH } else { 1 };
            self.gathered.extend_from_slice(DOCSTART.as_bytes());
            // To the letter what spaCy's converter looks for where there is one column of tags.
            self.gathered.extend_from_slice(b" -X- O");
            self.gathered.extend(b" O".iter().cycle().take(2 * depth));
            self.gathered.extend_from_slice(b"\n\n");
        }
        self.write_rows(&record.text, &cut, &columns, &further);
        if self.gathered.len() >= GATHERED_BYTES {
            self.output.write_all(&self.gathered)?;
            self.gathered.clear();
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        self.output.write_all(&self.gathered)?;
        self.gathered.clear();
        Ok(self.output.flush()?)
    }
}

/// How many stretches of white space are not those by which the text is rebuilt.
fn lost_spaces(text: &str, cut: &Segmentation, columns: &[Vec<(TokenSpan, &str)>]) -> usize {
    let mut lost = 0;
    let mut end = 0;
    for (index, sentence) in cut.sentences().iter().enumerate() {
        let is_new = index > 0 && !is_inside(columns, sentence.start.get());
        for (at, token) in cut.slice(*sentence).iter().enumerate() {
            let expected: &[u8] = match (index, at) {
                (0, 0) => b"",
                (_, 0) if is_new => b"\n",
                _ => b" ",
            };
            let start = token.bytes.start.get();
            // Compared by the only byte there may be: what is equal is of one length.
            let between = text.as_bytes().get(end..start).unwrap_or_default();
            lost += usize::from(between.len() != expected.len() || between.first() != expected.first());
            end = token.bytes.end.get();
        }
    }
    lost + usize::from(end < text.len())
}

/// Whether a mention begins before a token and ends after its beginning.
pub(crate) fn is_inside(columns: &[Vec<(TokenSpan, &str)>], token: usize) -> bool {
    columns.iter().any(|spans| {
        let before = spans.partition_point(|(span, _)| span.start.get() < token);
        let last = before.checked_sub(1).and_then(|last| spans.get(last));
        last.is_some_and(|(span, _)| span.end.get() > token)
    })
}

/// The same tokens, but for those with white space in them, which are cut there; the columns with a value for each piece.
fn without_white_space(text: &str, cut: Segmentation, further: FurtherColumns) -> (Segmentation, FurtherColumns) {
    let is_broken = |word: Option<&str>| word.is_some_and(|word| word.contains(char::is_whitespace));
    if !cut.tokens().iter().any(|token| is_broken(token.bytes.slice(text))) {
        return (cut, further);
    }
    let mut counts: Vec<usize> = Vec::with_capacity(cut.tokens().len());
    let mut sentences: Vec<Vec<Span>> = Vec::with_capacity(cut.sentences().len());
    for sentence in cut.sentences() {
        let mut spans = Vec::new();
        for token in cut.slice(*sentence) {
            let before = spans.len();
            let mut start = None;
            let mut at = token.span.start.get();
            for c in token.bytes.slice(text).unwrap_or_default().chars() {
                if c.is_whitespace() {
                    spans.extend(start.take().map(|start| Span::from_chars(start, at)));
                } else if start.is_none() {
                    start = Some(at);
                }
                at += 1;
            }
            spans.extend(start.map(|start| Span::from_chars(start, at)));
            counts.push(spans.len() - before);
        }
        sentences.push(spans);
    }
    let repeat = |column: &String| {
        let values = column.split('\t').zip(&counts).flat_map(|(value, count)| std::iter::repeat_n(value, *count));
        values.collect::<Vec<_>>().join("\t")
    };
    let columns = further.columns.iter().map(repeat).collect();
    let Some(pieces) = Segmentation::of_spans(text, &sentences) else { return (cut, further) };
    (pieces, FurtherColumns { columns, ..further })
}

/// Adds a text with `_` for every white space.
fn push_unbroken(gathered: &mut Vec<u8>, text: &str) {
    if !text.contains(char::is_whitespace) {
        return gathered.extend_from_slice(text.as_bytes());
    }
    gathered.extend_from_slice(text.replace(char::is_whitespace, "_").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::{Format, ReadOptions};
    use crate::formats::trial::{ONE, article, articles, read, said, written};
    use proptest::prelude::*;
    use std::num::NonZeroUsize;

    fn check(format: Format, records: &[ArticleRecord], options: &WriteOptions, expected: &str, losses: &[&str]) {
        let (files, problems) = written(format, records, options);
        assert_eq!(String::from_utf8(files[ONE].clone()).unwrap(), expected);
        // Ids are lost for every article, which goes without saying in the cases.
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let (ids, said): (Vec<_>, Vec<_>) = said.into_iter().partition(|said| said.starts_with("ids of articles (1)"));
        assert_eq!((ids.len(), said), (records.len(), losses.iter().map(|loss| (*loss).to_owned()).collect()));
    }

    #[test]
    fn the_two_styles() {
        let records =
            [article("a", "علی رضایی رفت\nباران", &[(0, 9, "PER")]), article("b", "قم، شهر", &[(0, 2, "LOC")])];
        let spaces = "white space other than one space (1) cannot be held in this format and were left out";
        let options = WriteOptions::default();
        let tokens = "علی\tB-PER\nرضایی\tI-PER\nرفت\tO\n\nباران\tO\n\nقم\tB-LOC\n،\tO\nشهر\tO\n\n";
        check(Format::CONLL, &records, &options, tokens, &[spaces]);
        let four = "-DOCSTART- -X- O O\n\nقم -X- -X- S-LOC\n، -X- -X- O\nشهر -X- -X- O\n\n";
        let options = WriteOptions { scheme: TagScheme::Bioes, ..options };
        check(Format::CONLL_2003, &records[1..], &options, four, &[spaces]);
    }

    #[test]
    fn nested_mentions_and_edges_inside_tokens() {
        let records = [article("a", "دانشگاه تهران", &[(0, 13, "ORG"), (8, 11, "LOC")])];
        let moved = "LOC at 8..11 was written as 8..13, the nearest edges that the format can hold";
        let options = WriteOptions { nesting: Nesting::Columns, ..WriteOptions::default() };
        let columns = "دانشگاه\tB-ORG\tO\tO\tO\nتهران\tI-ORG\tB-LOC\tO\tO\n\n";
        check(Format::CONLL, &records, &options, columns, &[moved]);
        let nested = "LOC at 8..11 was left out: this format cannot hold nested mentions";
        check(Format::CONLL, &records, &WriteOptions::default(), "دانشگاه\tB-ORG\nتهران\tI-ORG\n\n", &[nested]);
        let edges = "LOC at 8..11 was left out: this format cannot hold edges inside a token";
        let options = WriteOptions { align: Align::Strict, ..WriteOptions::default() };
        check(Format::CONLL, &records, &options, "دانشگاه\tB-ORG\nتهران\tI-ORG\n\n", &[edges]);
    }

    #[test]
    fn a_sentence_goes_on_to_the_end_of_a_mention() {
        let spaces = "white space other than one space (1) cannot be held in this format and were left out";
        let records = [article("a", "شرکت ب. آسیا رفت\nاو", &[(0, 12, "ORG")])];
        let rows = "شرکت\tB-ORG\nب\tI-ORG\n.\tI-ORG\nآسیا\tI-ORG\nرفت\tO\n\nاو\tO\n\n";
        check(Format::CONLL, &records, &WriteOptions::default(), rows, &[spaces]);
    }

    /// What is read and written again is the same file.
    fn same_again(format: Format, file: &str, expected: &str) {
        let options = ReadOptions { sentences: NonZeroUsize::new(9), ..ReadOptions::default() };
        let (records, _) = read(format, file, &options).unwrap();
        let (files, _) = written(format, &records, &WriteOptions::default());
        assert_eq!(String::from_utf8(files[ONE].clone()).unwrap(), expected);
    }

    #[test]
    fn further_columns_and_comments_are_written_back() {
        let four = "-DOCSTART- -X- O O\n\nU.N. NNP B-NP B-ORG\nofficial NN I-NP O\n\n. . O O\n\n";
        same_again(Format::CONLL_2003, four, four);
        let numbered = "# id 1\n1\ta.b\tB-X\n2\tb\tO\n\n# id 2\n1\tc\tO\n\n";
        same_again(Format::CONLL, numbered, numbered);
        let tabs = "a.b\tN\tB-X\nb\t_\tO\n\n";
        same_again(Format::CONLL, tabs, tabs);
        // A token with white space becomes several.
        same_again(Format::CONLL, "آیت الله\tN\tB-X\nعلی\tN\tI-X\n", "آیت\tN\tB-X\nالله\tN\tI-X\nعلی\tN\tI-X\n\n");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Read back are the mentions at the same tokens, and written again the same bytes.
        #[test]
        fn what_is_written_is_read_as_it_was(records in articles()) {
            for (format, nesting) in [(Format::CONLL, Nesting::Columns), (Format::CONLL_2003, Nesting::Columns), (Format::CONLL, Nesting::Innermost)] {
                let options = WriteOptions { nesting, ..WriteOptions::default() };
                let (files, problems) = written(format, &records[..1], &options);
                let has_tokens = !files[ONE].is_empty();
                let left_out = problems.iter().filter(|p| p.to_string().contains("was left out")).count();
                let reading = ReadOptions { sentences: NonZeroUsize::new(1000), ..ReadOptions::default() };
                let back = read(format, files[ONE].clone(), &reading);
                if !has_tokens {
                    prop_assert!(back.is_err());
                    continue;
                }
                let (back, _) = back.unwrap();
                prop_assert_eq!(back.len(), 1);
                prop_assert_eq!(said(&back[0]).len() + left_out, records[0].layers[0].mentions.len());
                let (again, problems) = written(format, &back, &options);
                prop_assert!(problems.iter().all(|p| !p.to_string().contains("left out") ), "{:?}", problems);
                prop_assert_eq!(&again[ONE], &files[ONE]);
            }
        }
    }
}
