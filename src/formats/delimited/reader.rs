//! Tables of comma- or tab-separated values: an article with spans a row.
//!
//! Owns their rows and the reader. The first record names the columns, in any order: text, id, spans (a list of spans as in the program's
//! own JSON), annotator, status, meta, offset_unit; all others go to the article's meta. It must not judge spans: that is done where
//! the program's own JSON is read.

use crate::domain::record::ArticleRecord;
use crate::formats::decoding::{Mark, as_u64};
use crate::formats::delimited::cell::text_from_cell;
use crate::formats::delimited::input::{NotUtf16, RecordTooLong, TableInput, delimiter_of};
use crate::formats::delimited::writer::{COLUMNS, DelimitedWriter};
use crate::formats::files::{Sink, Source};
use crate::formats::finding::{Finding, JsonFault};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{
    Columns, Container, FormatFacts, ReadOptions, RecordReader, RecordWriter, Unit, WriteOptions,
};
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{HEAD_BYTES, Likeness, Sniff};
use crate::formats::training_article::{ArticleShaper, UnitProof};
use crate::formats::training_record::{RawArticle, SpanJson};
use serde_json::value::RawValue;
use std::io::{self, Read, Seek, SeekFrom};

/// What a table holds.
const HOLDS: &[Held] = &[
    Held::Overlap,
    Held::Nesting,
    Held::Note,
    Held::Status,
    Held::Annotator,
    Held::SecondLayer,
    Held::Meta,
    Held::Name,
    Held::WhiteSpace,
    Held::Character,
    Held::TokenEdge,
    Held::EmptyArticle,
];

/// The row of comma-separated values.
pub static CSV: FormatFacts = FormatFacts {
    name: "csv",
    title: "a table of comma-separated values, an article with spans a row",
    endings: &["csv"],
    container: Container::File,
    unit: Unit::Chosen,
    holds: HOLDS,
    lines: false,
    columns: true,
    reader: Some(read),
    writer: Some(|sink, options| write(sink, b',', options)),
    detect: |sniff| detect(sniff, &CSV),
    companions: None,
};

/// The row of tab-separated values.
pub static TSV: FormatFacts = FormatFacts {
    name: "tsv",
    title: "a table of tab-separated values, an article with spans a row",
    endings: &["tsv", "tab"],
    container: Container::File,
    unit: Unit::Chosen,
    holds: HOLDS,
    lines: false,
    columns: true,
    reader: Some(read),
    writer: Some(|sink, options| write(sink, b'\t', options)),
    detect: |sniff| detect(sniff, &TSV),
    companions: None,
};

fn read(source: Source, options: &ReadOptions) -> Result<Box<dyn RecordReader>, FormatError> {
    Ok(Box::new(DelimitedReader::new(source.one("csv")?, options)?))
}

fn write(sink: Sink, delimiter: u8, options: &WriteOptions) -> Result<Box<dyn RecordWriter>, FormatError> {
    Ok(Box::new(DelimitedWriter::new(sink.one("csv")?, delimiter, options.unit)))
}

/// Likely by the ending when a column of the first record is a text, else perhaps: other formats have these endings too.
fn detect(sniff: &Sniff, facts: &FormatFacts) -> Likeness {
    if sniff.is_folder() || !facts.endings.contains(&sniff.ending().as_str()) {
        return Likeness::No;
    }
    let head = decoded_head(&sniff.head);
    let mut table = csv::ReaderBuilder::new().delimiter(delimiter_of(&head)).from_reader(head.as_bytes());
    let names = table.headers().map(|names| names.iter().map(str::to_owned).collect::<Vec<_>>()).unwrap_or_default();
    if column(&names, None, TEXT_NAMES).is_some() { Likeness::Likely } else { Likeness::Maybe }
}

/// The first bytes of a table as text, as far as they can be read.
fn decoded_head(head: &[u8]) -> String {
    let mut bytes = Vec::new();
    if let Ok((mut input, _)) = TableInput::new(head, as_u64(HEAD_BYTES) * 2) {
        // A head that is cut inside a character gives what stands before it.
        let _ = input.read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The usual names of the text's column, the most telling first.
const TEXT_NAMES: &[&str] = &["text", "content", "body", "article", "sentence", "متن", "محتوا", "خبر"];
/// The usual names of the id's column.
const ID_NAMES: &[&str] = &["id", "name", "شناسه", "نام"];
/// The usual names of the mentions' column.
const MENTION_NAMES: &[&str] = &["spans", "entities", "mentions"];

/// The number of a column: the one asked for, or else the first usual name that is there, whatever its case and white space around it.
fn column(names: &[String], asked: Option<&str>, usual: &[&str]) -> Option<usize> {
    let find = |wanted: &str| {
        names
            .iter()
            .position(|name| name == wanted)
            .or_else(|| names.iter().position(|name| name.trim().to_lowercase() == wanted.trim().to_lowercase()))
    };
    asked.map_or_else(|| usual.iter().find_map(|name| find(name)), find)
}

/// Which column holds what; those of none of these go to the meta.
#[derive(Clone, Debug)]
struct Layout {
    names: Vec<String>,
    text: usize,
    id: Option<usize>,
    mentions: Option<usize>,
    annotator: Option<usize>,
    status: Option<usize>,
    meta: Option<usize>,
    unit: Option<usize>,
    /// Whether the header is ours: such a file holds apostrophes before formulas, and RFC 4180 alone.
    is_own: bool,
}

impl Layout {
    fn of_header(names: Vec<String>, columns: &Columns) -> Result<Self, FormatError> {
        let find = |asked: &Option<String>, usual: &[&str]| match (column(&names, asked.as_deref(), usual), asked) {
            (None, Some(name)) => Err(FormatError::NoColumn { name: name.clone(), there: names.clone() }),
            (found, _) => Ok(found),
        };
        let missing = || FormatError::NoColumn { name: "text".to_owned(), there: names.clone() };
        let text = find(&columns.text, TEXT_NAMES)?.ok_or_else(missing)?;
        // A column that was asked for is not another one too.
        let free = |found: Option<usize>| found.filter(|at| *at != text);
        let (id, mentions) = (find(&columns.id, ID_NAMES)?, find(&columns.mentions, MENTION_NAMES)?);
        let [annotator, status, meta, unit] =
            ["annotator", "status", "meta", "offset_unit"].map(|name| free(column(&names, None, &[name])));
        Ok(Self {
            text,
            id: free(id),
            mentions: free(mentions),
            annotator,
            status,
            meta,
            unit,
            is_own: is_own(&names),
            names,
        })
    }

    /// The article of a record before it is checked, and what is wrong with its cells.
    fn article(&self, cells: &csv::StringRecord, place: Place) -> (RawArticle, Vec<Problem>) {
        let mut article = RawArticle::default();
        let mut problems = Vec::new();
        for (at, cell) in cells.iter().enumerate() {
            let cell = if self.is_own { text_from_cell(cell) } else { cell };
            if at == self.text {
                article.text = Some(cell.to_owned());
                continue;
            }
            if cell.is_empty() {
                continue;
            }
            let at = Some(at);
            if at == self.id {
                article.id = Some(cell.to_owned()).filter(|id| !id.trim().is_empty());
            } else if at == self.mentions {
                match serde_json::from_str::<Vec<Box<RawValue>>>(cell) {
                    Ok(spans) => article.spans = spans.into_iter().map(SpanJson::Text).collect(),
                    Err(error) => {
                        let (JsonFault::Unfinished { words }
                        | JsonFault::Syntax { words }
                        | JsonFault::Shape { words }) = JsonFault::from(&error);
                        let words = format!("the spans of the record: {words}");
                        problems.push(Problem::foreign(place, Foreign::Unreadable { words }));
                    }
                }
            } else if at == self.annotator {
                article.annotator = Some(cell.to_owned()).filter(|name| !name.trim().is_empty());
            } else if at == self.status {
                article.status = Some(cell.to_owned());
            } else if at == self.unit {
                article.offset_unit = Some(cell.to_owned());
            } else if at == self.meta
                && let Ok(meta) = RawValue::from_string(cell.to_owned())
            {
                article.meta = Some(meta);
            } else {
                let name = at.and_then(|at| self.names.get(at)).cloned().unwrap_or_default();
                let value = serde_json::value::to_raw_value(cell);
                article.extra.extend(value.ok().map(|value| (name, value)));
            }
        }
        (article, problems)
    }
}

/// Whether a header is the one that is written here.
fn is_own(names: &[String]) -> bool {
    names == COLUMNS
}

/// As many bytes as show whether a header is ours.
const HEADER_BYTES: usize = 128;

/// The line at which the quotes of a tab-separated table are seen not to be those of RFC 4180: most programs write none into such tables.
/// `None` too for a table with our header.
fn literal_from(mut input: impl Read + Seek) -> Result<Option<u64>, FormatError> {
    input.seek(SeekFrom::Start(0))?;
    let (mut input, _) = TableInput::new(input, u64::MAX)?;
    input.watch(b'\t');
    let mut bytes = [0; 1 << 13];
    let mut first = Vec::new();
    // Bytes that are no text are said when the rows are read.
    while let Ok(count @ 1..) = input.read(&mut bytes) {
        if first.len() < HEADER_BYTES {
            first.extend_from_slice(bytes.get(..count).unwrap_or_default());
            let header = first.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let header = header.strip_suffix(b"\r").unwrap_or(header);
            if header == COLUMNS.join("\t").as_bytes() {
                return Ok(None);
            }
        }
        if let Some(line) = input.quotes().and_then(|quotes| quotes.next_fault_before(u64::MAX)) {
            return Ok(Some(line));
        }
    }
    Ok(input.quotes().filter(|quotes| quotes.is_open()).map(|quotes| quotes.line()))
}

/// The records of a table, one after another.
#[derive(Debug)]
struct Rows<R> {
    table: csv::Reader<TableInput<R>>,
    layout: Layout,
    cells: csv::ByteRecord,
    record: u64,
}

impl<R: Read + Seek> Rows<R> {
    /// The rows of `input` from its beginning, and what there is to say of the whole file.
    fn new(mut input: R, options: &ReadOptions) -> Result<(Self, Vec<Problem>), FormatError> {
        input.seek(SeekFrom::Start(0))?;
        let mut head = Vec::new();
        input.by_ref().take(as_u64(HEAD_BYTES)).read_to_end(&mut head)?;
        if head.is_empty() {
            return Err(FormatError::Empty);
        }
        let delimiter = delimiter_of(&decoded_head(&head));
        let literal = if delimiter == b'\t' { literal_from(&mut input)? } else { None };
        input.seek(SeekFrom::Start(0))?;
        let (mut input, mark) = TableInput::new(input, options.limits.record_bytes)?;
        let place = Place { file_byte: Some(0), ..Place::default() };
        let said = match mark {
            None => None,
            Some(Mark::Utf8) => Some(Finding::MarkTakenOff),
            Some(Mark::Utf32) => return Err(FormatError::OtherEncoding { found: Mark::Utf32.name() }),
            Some(other) => Some(Finding::ReadAs { encoding: other.name() }),
        };
        let mut said: Vec<Problem> = said.map(|finding| Problem::new(place, finding)).into_iter().collect();
        if let Some(line) = literal {
            let words = format!("the quotes of line {line} by RFC 4180: all quotes were taken as characters");
            let place = Place { line: Some(line), ..Place::default() };
            said.push(Problem::foreign(place, Foreign::Unreadable { words }));
        } else {
            input.watch(delimiter);
        }
        let mut builder = csv::ReaderBuilder::new();
        let mut table = builder.delimiter(delimiter).quoting(literal.is_none()).flexible(true).from_reader(input);
        let names = table.byte_headers().map_err(|error| fault(error, 1))?;
        let names = names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        let layout = Layout::of_header(names, &options.columns)?;
        Ok((Self { table, layout, cells: csv::ByteRecord::new(), record: 0 }, said))
    }
}

impl<R: Read> Rows<R> {
    /// The next row that can be read and its place.
    fn next_row(&mut self, problems: &mut Vec<Problem>) -> Result<Option<(RawArticle, Place)>, FormatError> {
        loop {
            self.table.get_mut().end_record();
            self.record += 1;
            let begins = self.table.position().line();
            let read = self.table.read_byte_record(&mut self.cells);
            // The parser has read ahead when it gives a record: the place is that of the record itself.
            let line = self.cells.position().map(csv::Position::line);
            let place = Place { record: Some(self.record), line, ..Place::default() };
            match read {
                Ok(true) => {}
                Ok(false) => {
                    if let Some(quotes) = self.table.get_mut().quotes().filter(|quotes| quotes.is_open()) {
                        let place = Place { line: Some(quotes.line()), ..Place::default() };
                        problems.push(Problem::foreign(place, Foreign::CutOff));
                    }
                    return Ok(None);
                }
                Err(error) => match inner(&error) {
                    // Where such a record ends is not known: most likely a quote is missing.
                    Some(RecordTooLong(limit)) => {
                        let limit = *limit;
                        let place = Place { line: Some(begins), ..place };
                        problems.push(Problem::new(place, Finding::RecordTooLong { limit }));
                        return Ok(None);
                    }
                    None => return Err(fault(error, self.table.position().line())),
                },
            }
            let after = self.table.position().line();
            let mut is_bad = false;
            if let Some(quotes) = self.table.get_mut().quotes() {
                // The last record may end without a line break.
                let before = after.max(line.unwrap_or_default() + 1);
                while let Some(line) = quotes.next_fault_before(before) {
                    let words = "there is something after a closing quote".to_owned();
                    let place = Place { record: Some(self.record), line: Some(line), ..Place::default() };
                    problems.push(Problem::foreign(place, Foreign::Unreadable { words }));
                    is_bad = true;
                }
            }
            if is_bad {
                continue;
            }
            let Ok(cells) = csv::StringRecord::from_byte_record(std::mem::take(&mut self.cells)) else {
                problems.push(Problem::new(place, Finding::RecordNotUtf8));
                continue;
            };
            let (found, expected) = (cells.len(), self.layout.names.len());
            if found != expected {
                let lost = Foreign::Columns { found: as_u64(found), expected: as_u64(expected) };
                problems.push(Problem::foreign(place, lost));
                continue;
            }
            let (article, said) = self.layout.article(&cells, place);
            problems.extend(said);
            return Ok(Some((article, place)));
        }
    }
}

/// What one of our own errors says, that went through the parser.
fn inner<E: std::error::Error + 'static>(error: &csv::Error) -> Option<&E> {
    let csv::ErrorKind::Io(error) = error.kind() else { return None };
    error.get_ref()?.downcast_ref()
}

fn fault(error: csv::Error, line: u64) -> FormatError {
    match (inner(&error), inner(&error)) {
        (Some(NotUtf16(file_byte)), _) => FormatError::NotUtf16 { file_byte: *file_byte, line },
        (_, Some(RecordTooLong(limit))) => FormatError::TooLong { limit: *limit },
        (None, None) => FormatError::Io(io::Error::from(error)),
    }
}

/// The reader of tables. Like the reader of the program's own JSON it goes over the file twice where there are spans, to prove the unit
/// they are counted in; memory holds one record.
///
/// ```
/// use barchasb::formats::delimited::reader::DelimitedReader;
/// use barchasb::formats::format::{ReadOptions, RecordReader};
/// use std::io::Cursor;
/// let file = Cursor::new("شناسه;متن;منبع\n7;\"علی\nآمد\";مهر\n");
/// let mut reader = DelimitedReader::new(file, &ReadOptions::default()).unwrap();
/// let article = reader.next_record(&mut Vec::new()).unwrap().unwrap();
/// assert_eq!((article.name.as_deref(), article.text.as_str()), (Some("7"), "علی\nآمد"));
/// assert_eq!(article.meta, "{\"منبع\":\"مهر\"}");
/// ```
#[derive(Debug)]
pub struct DelimitedReader<R> {
    rows: Rows<R>,
    shaper: ArticleShaper,
    /// What is said before the first record.
    said: Vec<Problem>,
}

impl<R: Read + Seek> DelimitedReader<R> {
    /// A reader of `input`.
    ///
    /// # Errors
    /// [`FormatError::NoColumn`] when there is no text; [`FormatError`] when the input cannot be read or is empty.
    pub fn new(mut input: R, options: &ReadOptions) -> Result<Self, FormatError> {
        let proven = prove_unit(&mut input, options)?;
        let (rows, mut said) = Rows::new(input, options)?;
        said.extend(proven.map(|unit| Problem::new(Place::default(), Finding::UnitProven(unit))));
        Ok(Self { rows, shaper: ArticleShaper::new(proven.or(options.unit)), said })
    }
}

impl<R: Read + Send> RecordReader for DelimitedReader<R> {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        problems.append(&mut self.said);
        while let Some((raw, place)) = self.rows.next_row(problems)? {
            match self.shaper.record_from_raw(place, raw, problems) {
                Ok(record) => return Ok(Some(record)),
                Err(problem) => problems.push(*problem),
            }
        }
        Ok(None)
    }
}

fn prove_unit(
    mut input: &mut (impl Read + Seek),
    options: &ReadOptions,
) -> Result<Option<crate::formats::offset_unit::OffsetUnit>, FormatError> {
    let mut proof = UnitProof::new(options.unit);
    while proof.needs_pass() {
        let (mut rows, _) = Rows::new(&mut input, options)?;
        // What is wrong is said when the records are given out.
        let mut unsaid = Vec::new();
        while !proof.is_settled() && rows.layout.mentions.is_some() {
            let Some((article, _)) = rows.next_row(&mut unsaid)? else { break };
            unsaid.clear();
            proof.add(&article);
        }
        proof.end_pass();
    }
    Ok(proof.unit())
}
