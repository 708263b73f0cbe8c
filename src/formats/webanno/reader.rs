//! WebAnno TSV 3: a document a file, its tokens as rows and its layers as columns. What INCEpTION and WebAnno export and import.
//!
//! Owns its row and the reader. It must not repair a row or drop one in silence.
//!
//! Offsets are UTF-16 units of the whole document, which is rebuilt from sentences. Mentions are those of the layer of named entities, or
//! else of the first layer of spans that is not DKPro's own; a mention without a value gets the layer's name as its label.

use crate::domain::article::check_text;
use crate::domain::offset::Span;
use crate::domain::record::ArticleRecord;
use crate::domain::segmentation::Segmentation;
use crate::formats::decoding::{as_u64, decode, oddities};
use crate::formats::files::{Input, Source};
use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use crate::formats::tokens::kept::kept_tokens;
use crate::formats::webanno::body::{Rebuilt, Row, Sentence, sentences_from_lines};
use crate::formats::webanno::layer::layer_from_rows;
use crate::formats::webanno::schema::{HEAD, Schema, is_java_from_line};
use crate::formats::webanno::writer::WebannoTsvWriter;
use std::collections::BTreeMap;
use std::io::Read;

/// The row of WebAnno TSV.
pub static FACTS: FormatFacts = FormatFacts {
    name: "webanno-tsv",
    title: "WebAnno TSV 3.3 (INCEpTION), one article a file",
    endings: &["tsv"],
    container: Container::Article,
    unit: Unit::Fixed(OffsetUnit::Utf16),
    holds: HOLDS,
    lines: false,
    columns: false,
    reader: Some(|source: Source, options| {
        Ok(Box::new(WebannoTsvReader { input: Some(source.one("webanno-tsv")?), options: options.clone() }))
    }),
    writer: Some(|sink, _| Ok(Box::new(WebannoTsvWriter::new(sink.one("webanno-tsv")?)))),
    detect,
    companions: None,
};

/// What WebAnno TSV holds.
pub const HOLDS: &[Held] = &[
    Held::Overlap,
    Held::Nesting,
    Held::Relation,
    Held::Attribute,
    Held::OtherAnnotation,
    Held::TokenColumn,
    Held::TokenEdge,
    Held::EmptyArticle,
];

fn detect(sniff: &Sniff) -> Likeness {
    if sniff.text().starts_with(HEAD) { Likeness::Sure } else { Likeness::No }
}

/// The reader of a document. It reads the whole file at once: an article is one record.
///
/// ```
/// use barchasb::formats::files::Source;
/// use barchasb::formats::format::{Format, ReadOptions, open_reader};
/// let file = "#FORMAT=WebAnno TSV 3.3\n#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value\n\n\n\
///     #Text=😀 علی آمد\n1-1\t0-2\t😀\t_\t_\t\n1-2\t3-6\tعلی\t*\tPER\t\n1-3\t7-10\tآمد\t_\t_\t\n";
/// let mut reader = open_reader(Format::WEBANNO_TSV, Source::from_bytes(file), &ReadOptions::default()).unwrap();
/// let article = reader.next_record(&mut Vec::new()).unwrap().unwrap();
/// assert_eq!(article.text, "😀 علی آمد");
/// assert_eq!(article.layers[0].mentions[0].span.to_string(), "2..5");
/// ```
struct WebannoTsvReader {
    input: Option<Box<dyn Input>>,
    options: ReadOptions,
}

impl RecordReader for WebannoTsvReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        let Some(input) = self.input.take() else { return Ok(None) };
        let limit = self.options.limits.record_bytes;
        let mut bytes = Vec::new();
        input.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if as_u64(bytes.len()) > limit {
            return Err(FormatError::TooLong { limit });
        }
        let (file, found) = decode(bytes)?;
        let is_mark = |problem: &Problem| matches!(problem.finding, Finding::MarkTakenOff | Finding::ReadAs { .. });
        problems.extend(found.into_iter().filter(is_mark));
        if file.trim().is_empty() {
            return Err(FormatError::Empty);
        }
        let record = record_from_file(&file, &self.options, problems)?;
        let Err(error) = check_text(&record.text) else { return Ok(Some(record)) };
        problems.push(Problem::new(Place::default(), Finding::BadText(error)));
        Ok(None)
    }
}

fn record_from_file(
    file: &str,
    options: &ReadOptions,
    problems: &mut Vec<Problem>,
) -> Result<ArticleRecord, FormatError> {
    let lines = || file.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).zip(1..);
    let is_java = is_java_from_line(lines().next().map_or("", |(line, _)| line))?;
    let is_head = |line: &str| line.is_empty() || line.starts_with("#T_");
    let schema = Schema::from_lines(lines().skip(1).map(|(line, _)| line).take_while(|line| is_head(line)));
    let body = lines().skip(1).skip_while(|(line, _)| is_head(line)).map(|(line, number)| (number, line));
    let sentences = sentences_from_lines(body, is_java, schema.len_columns(), problems);
    let expected = options.unit.unwrap_or(OffsetUnit::Utf16);
    let mut units = vec![expected];
    units.extend([OffsetUnit::Utf16].into_iter().chain(OffsetUnit::ALL).filter(|unit| *unit != expected));
    let Some(rebuilt) = Rebuilt::of_sentences(&sentences, is_java, &units) else {
        let words = "the offsets of tokens do not go up".to_owned();
        return Err(FormatError::Malformed { format: "webanno-tsv", words, line: None });
    };
    if rebuilt.unit != expected {
        problems.push(Problem::new(Place::default(), Finding::UnitProven(rebuilt.unit)));
    }
    if rebuilt.is_guessed {
        problems.push(Problem::foreign(Place::default(), Foreign::Rebuilt));
    }
    problems.extend(oddities(&rebuilt.text, Place::default()));
    let rows = placed_rows(&sentences, &rebuilt, problems);
    let tokens = tokens_of(&sentences, &rows, &rebuilt.text);
    let ids = sentence_ids(&sentences, &rows);
    let mut layer = layer_from_rows(&schema, &rows, ids, rebuilt.unit, problems);
    layer.annotator = options.name.clone().filter(|_| options.named_by_annotator);
    let own = Segmentation::of_text(&rebuilt.text);
    let is_own = Segmentation::of_spans(&rebuilt.text, &tokens).is_none_or(|cut| cut == own);
    Ok(ArticleRecord {
        name: options.name.clone().filter(|_| !options.named_by_annotator),
        layers: vec![layer],
        carried: if is_own { Vec::new() } else { vec![kept_tokens(&tokens)] },
        text: rebuilt.text,
        ..ArticleRecord::default()
    })
}

/// The rows whose words stand where they should, with their places; the others are said.
fn placed_rows<'a>(
    sentences: &'a [Sentence<'a>],
    rebuilt: &Rebuilt,
    problems: &mut Vec<Problem>,
) -> Vec<(&'a Row<'a>, Span)> {
    let mut placed = Vec::with_capacity(rebuilt.spans.len());
    for (row, span) in sentences.iter().flat_map(|sentence| &sentence.rows).zip(&rebuilt.spans) {
        match span {
            Some(span) => placed.push((row, *span)),
            None => {
                let words = format!("{:?} does not stand at {}-{}", row.word, row.at.0, row.at.1);
                problems.push(Problem::foreign(row.place(), Foreign::Unreadable { words }));
            }
        }
    }
    placed
}

/// The tokens of each sentence. A row of nothing but white space is how a writer holds white space before the first word.
fn tokens_of(sentences: &[Sentence<'_>], rows: &[(&Row<'_>, Span)], text: &str) -> Vec<Vec<Span>> {
    let blank: Vec<bool> = text.chars().map(char::is_whitespace).collect();
    let is_blank = |span: Span| blank.get(span.start.get()..span.end.get()).is_some_and(|b| b.iter().all(|b| *b));
    let mut rows = rows.iter().peekable();
    let mut tokens = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        let last = sentence.rows.last().map_or(0, |row| row.line);
        let mut spans = Vec::new();
        while let Some((row, span)) = rows.next_if(|(row, _)| row.line <= last) {
            if !row.is_part() && !is_blank(*span) {
                spans.push(*span);
            }
        }
        tokens.push(spans);
    }
    tokens
}

/// The ids of sentences by where their first tokens begin.
fn sentence_ids(sentences: &[Sentence<'_>], rows: &[(&Row<'_>, Span)]) -> BTreeMap<usize, String> {
    let begin = |line: u64| {
        let at = rows.binary_search_by_key(&line, |(row, _)| row.line).ok()?;
        rows.get(at).map(|(_, span)| span.start.get())
    };
    let named = sentences.iter().filter_map(|sentence| Some((sentence.id.clone()?, sentence.rows.first()?.line)));
    named.filter_map(|(id, line)| Some((begin(line)?, id))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::Format;
    use crate::formats::trial::{read, said};

    const HEADER: &str = "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Name|value\n\n\n";

    /// The body of a file, the text and mentions it gives, and the problems.
    fn check(body: &str, text: &str, mentions: &[&str], problems: &[&str]) {
        let (records, found) = read(Format::WEBANNO_TSV, format!("{HEADER}{body}"), &ReadOptions::default()).unwrap();
        assert_eq!(records[0].text, text);
        assert_eq!(said(&records[0]), mentions);
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), problems);
    }

    #[test]
    fn the_offsets_are_those_of_the_document() {
        check(
            "#Text=😀 علی\r\n1-1\t0-2\t😀\t_\t\r\n1-2\t3-6\tعلی\tA[1]\t\r\n\r\n#Text=آمد\r\n2-1\t7-10\tآمد\tA[1]\t\r\n",
            "😀 علی\nآمد",
            &["A 2..9"],
            &[
                "the file has tokens and no whole text: the text was rebuilt from them, with spaces and line breaks where it says nothing",
            ],
        );
        check(
            "#Text=😀 a\n1-1\t0-1\t😀\t_\t\n1-2\t2-3\ta\tA\t\n",
            "😀 a",
            &["A 2..3"],
            &["the mentions fit their text only when offsets are counted as codepoint, so the file was read that way"],
        );
        check(
            "#Text=a b\n1-1\t0-1\ta\tA\t\n1-2\t2-3\tc\tA\t\n",
            "a b",
            &["A 0..1"],
            &["line 7: this cannot be read (\"c\" does not stand at 2-3); it was left out"],
        );
    }

    #[test]
    fn the_tokens_of_the_file_are_kept_where_they_are_not_our_own() {
        let file = format!("{HEADER}#Text=a b.\n1-1\t0-3\ta b\t_\t\n1-2\t3-4\t.\t_\t\n");
        let (records, _) = read(Format::WEBANNO_TSV, file, &ReadOptions::default()).unwrap();
        assert_eq!(records[0].carried[0].data, "[[0,3,3,4]]");
    }

    #[test]
    fn other_files_are_refused() {
        let refused = |file: &str| read(Format::WEBANNO_TSV, file, &ReadOptions::default()).unwrap_err().to_string();
        assert_eq!(refused(" \n"), "the file is empty");
        assert!(refused("# webanno.custom.Name | value\n").contains("before version 3 is not read"));
        assert!(
            refused(&format!("{HEADER}#Text=ab\n1-1\t0-2\tab\t_\n\n#Text=c\n2-1\t1-2\tc\t_\n"))
                .contains("do not go up")
        );
        let options = ReadOptions { name: Some("z".into()), named_by_annotator: true, ..ReadOptions::default() };
        let (records, _) = read(Format::WEBANNO_TSV, format!("{HEADER}#Text=a\n1-1\t0-1\ta\t_\n"), &options).unwrap();
        assert_eq!((records[0].name.as_deref(), records[0].layers[0].annotator.as_deref()), (None, Some("z")));
        assert_eq!(detect(&Sniff::of_file("x.tsv", HEADER.as_bytes())), Likeness::Sure);
        assert_eq!(detect(&Sniff::of_file("x.tsv", b"a\tb\n")), Likeness::No);
    }
}
