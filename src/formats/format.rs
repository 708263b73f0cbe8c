//! The table of formats, how a file's format is told, and what every reader and writer does.
//!
//! Owns [`FORMATS`], [`Format`], [`RecordReader`] and [`RecordWriter`]. It knows no paths: a caller gives a name and bytes. A new format
//! is a file with its row and a line in the table; window, command line and README are made from it.

use crate::domain::label::Colour;
use crate::domain::projection::{Align, Nesting};
use crate::domain::record::ArticleRecord;
use crate::domain::tag_scheme::TagScheme;
use crate::formats::files::{Sink, Source};
use crate::formats::foreign::Held;
use crate::formats::json_frame::Limits;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use crate::formats::{
    brat, cas, conll, delimited, doccano, gate, gliner, html, hugging_face, label_studio, plain_text, prodigy, spacy,
    training_json, web, webanno,
};
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::num::NonZeroUsize;
use std::ops::Deref;
use std::sync::Arc;

/// All formats, in the order in which they are shown.
pub static FORMATS: &[Format] = &[
    Format::JSONL,
    Format::JSON,
    Format::TEXT,
    Format::BRAT,
    Format::WEBANNO_TSV,
    Format::DOCCANO,
    Format::LABEL_STUDIO,
    Format::LABEL_STUDIO_MIN,
    Format::SPACY,
    Format::SPACY_JSON,
    Format::SPACY_TUPLES,
    Format::PRODIGY,
    Format::CONLL,
    Format::CONLL_2003,
    Format::CONLLU,
    Format::CSV,
    Format::TSV,
    Format::HUGGING_FACE,
    Format::GLINER,
    Format::XMI,
    Format::CAS_JSON,
    Format::GATE,
    Format::BDOCJS,
    Format::PUBANNOTATION,
    Format::W3C,
    Format::HTML,
];

/// Opens a reader on a source.
pub type OpenReader = fn(Source, &ReadOptions) -> Result<Box<dyn RecordReader>, FormatError>;

/// Opens a writer on a sink.
pub type OpenWriter = fn(Sink, &WriteOptions) -> Result<Box<dyn RecordWriter>, FormatError>;

/// What there is to know about a format.
pub struct FormatFacts {
    /// The name on the command line, as `label-studio`; the words of the window are found by it.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// The endings of its files' names in small letters, the usual one first.
    pub endings: &'static [&'static str],
    /// What a file of it is.
    pub container: Container,
    /// What its mentions are counted in.
    pub unit: Unit,
    /// What it holds besides texts and mentions with labels.
    pub holds: &'static [Held],
    /// Whether its records are lines that can be read and written apart: a file cut at line ends is so many files.
    pub lines: bool,
    /// Whether its files are tables whose columns anybody may have named: then it helps to say which hold what.
    pub columns: bool,
    /// The reader.
    pub reader: Option<OpenReader>,
    /// The writer.
    pub writer: Option<OpenWriter>,
    /// How much a file or folder looks like this format.
    pub detect: fn(&Sniff) -> Likeness,
    /// Files that belong beside a written one, as a list of labels: the endings of their names and their bytes.
    pub companions: Option<fn(&WriteOptions) -> Vec<Companion>>,
}

/// What a file of a format is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// A file holds any number of articles.
    File,
    /// A file holds one article: a writer gets one record, and several articles become several files.
    Article,
    /// Files in a folder belong together: reader and writer get [`Source::Many`] and [`Sink::Many`], a single file as a folder with one.
    Folder,
    /// The same, and the writer names the files after the part of a split they hold, so that all parts stand in one folder.
    Dataset,
}

impl Container {
    /// Whether reader and writer get several files.
    #[must_use]
    pub fn is_folder(self) -> bool {
        matches!(self, Self::Folder | Self::Dataset)
    }
}

/// What a format counts positions in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// In what the caller asks for.
    Chosen,
    /// In this unit.
    Fixed(OffsetUnit),
    /// In tokens: mentions begin and end where tokens do, and [`Align`] and [`Nesting`] count.
    Tokens,
    /// It has no mentions.
    None,
}

/// A file that belongs beside another: `labels.json` beside `news.jsonl` stands as `news.labels.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// The ending that takes the place of the file's own, without the dot in front.
    pub ending: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A format of files: a row of the table.
#[derive(Clone, Copy)]
pub struct Format(&'static FormatFacts);

impl Format {
    /// A token and its tag a line.
    pub const CONLL: Self = Self(&conll::rows::CONLL);
    /// CoNLL-2003, four columns.
    pub const CONLL_2003: Self = Self(&conll::rows::CONLL_2003);
    /// CoNLL-U of Universal Dependencies.
    pub const CONLLU: Self = Self(&conll::conllu_reader::FACTS);
    /// Plain text, one article a file.
    pub const TEXT: Self = Self(&plain_text::FACTS);
    /// The program's own JSON: an array of articles with spans.
    pub const JSON: Self = Self(&training_json::JSON);
    /// The program's own JSON Lines: an article with spans a line.
    pub const JSONL: Self = Self(&training_json::JSONL);

    /// brat standoff: a folder of texts and annotations.
    pub const BRAT: Self = Self(&brat::reader::FACTS);

    /// WebAnno TSV 3, one article a file.
    pub const WEBANNO_TSV: Self = Self(&webanno::reader::FACTS);
    /// doccano JSONL.
    pub const DOCCANO: Self = Self(&doccano::reader::FACTS);
    /// Label Studio JSON.
    pub const LABEL_STUDIO: Self = Self(&label_studio::reader::FACTS);
    /// Label Studio JSON_MIN.
    pub const LABEL_STUDIO_MIN: Self = Self(&label_studio::min_reader::FACTS);
    /// spaCy's DocBin.
    pub const SPACY: Self = Self(&spacy::bin_reader::FACTS);
    /// spaCy's JSON of version 2.
    pub const SPACY_JSON: Self = Self(&spacy::json_reader::FACTS);
    /// spaCy's training tuples.
    pub const SPACY_TUPLES: Self = Self(&spacy::tuples::FACTS);
    /// Prodigy's JSON Lines.
    pub const PRODIGY: Self = Self(&prodigy::reader::FACTS);
    /// A table of comma-separated values, an article with spans a row.
    pub const CSV: Self = Self(&delimited::reader::CSV);
    /// A table of tab-separated values, an article with spans a row.
    pub const TSV: Self = Self(&delimited::reader::TSV);
    /// A dataset folder of Hugging Face: Parquet files with a sentence a row.
    pub const HUGGING_FACE: Self = Self(&hugging_face::reader::FACTS);
    /// The training data of GLiNER.
    pub const GLINER: Self = Self(&gliner::reader::FACTS);
    /// UIMA CAS XMI.
    pub const XMI: Self = Self(&cas::xmi::FACTS);
    /// UIMA CAS JSON.
    pub const CAS_JSON: Self = Self(&cas::json::FACTS);
    /// GATE XML.
    pub const GATE: Self = Self(&gate::xml::FACTS);
    /// GATE's bdoc in JSON.
    pub const BDOCJS: Self = Self(&gate::bdocjs::FACTS);
    /// PubAnnotation JSON.
    pub const PUBANNOTATION: Self = Self(&web::pubannotation::FACTS);
    /// Web Annotations of the W3C.
    pub const W3C: Self = Self(&web::annotation::FACTS);
    /// A page to show an article to people.
    pub const HTML: Self = Self(&html::page::FACTS);

    /// A row of the table.
    #[must_use]
    pub const fn new(facts: &'static FormatFacts) -> Self {
        Self(facts)
    }

    /// The format with this name.
    ///
    /// ```
    /// use barchasb::formats::format::Format;
    /// assert_eq!(Format::from_name("jsonl"), Some(Format::JSONL));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        FORMATS.iter().copied().find(|format| format.name == name)
    }

    /// The format of a file or folder that can be read; `None` for a folder of files that stand for themselves.
    ///
    /// ```
    /// use barchasb::formats::format::Format;
    /// use barchasb::formats::sniff::Sniff;
    /// let detect = |name: &str, head: &str| Format::detect(&Sniff::of_file(name, head.as_bytes()));
    /// assert_eq!(detect("news.txt", "[x]"), Some(Format::TEXT));
    /// assert_eq!(detect("news.JSONL", ""), Some(Format::JSONL));
    /// assert_eq!(detect("news", "[ {\"text\": \"a\"} ]"), Some(Format::JSON));
    /// assert_eq!(detect("news", "{\"text\":\"a\"}\n{\"text\":\"b\"}\n"), Some(Format::JSONL));
    /// assert_eq!(detect("news", "[1] A footnote."), Some(Format::TEXT));
    /// ```
    #[must_use]
    pub fn detect(sniff: &Sniff) -> Option<Self> {
        let likeness = |format: &Self| if format.reader.is_some() { (format.detect)(sniff) } else { Likeness::No };
        let best = FORMATS.iter().map(|format| (likeness(format), *format)).rev().max_by_key(|(likeness, _)| *likeness);
        let found = best.filter(|(likeness, _)| *likeness > Likeness::No).map(|(_, format)| format);
        if sniff.is_folder() { found } else { found.or(Some(Self::TEXT)) }
    }

    /// The format that a file of this name would be written in, by its ending; the first of the table where several share it.
    #[must_use]
    pub fn for_writing(file_name: &str) -> Option<Self> {
        let name = file_name.to_ascii_lowercase();
        let fits = |format: &Self, longest: bool| {
            format.writer.is_some()
                && format.endings.iter().any(|ending| {
                    ending.contains('.') == longest && name.strip_suffix(ending).is_some_and(|rest| rest.ends_with('.'))
                })
        };
        let find = |longest| FORMATS.iter().copied().find(|format| fits(format, longest));
        find(true).or_else(|| find(false))
    }

    /// The usual ending of its files' names.
    #[must_use]
    pub fn ending(self) -> &'static str {
        self.endings.first().copied().unwrap_or_default()
    }

    /// Whether it holds this.
    #[must_use]
    pub fn holds(self, what: Held) -> bool {
        self.holds.contains(&what)
    }
}

impl Deref for Format {
    type Target = FormatFacts;

    fn deref(&self) -> &FormatFacts {
        self.0
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

impl Hash for Format {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// What a reader is told about a file.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The name for an article whose file gives none: the file's own, without the ending.
    pub name: Option<String>,
    /// The unit the file counts in, whatever it says itself; `None` to believe the file.
    pub unit: Option<OffsetUnit>,
    /// How large a record may be.
    pub limits: Limits,
    /// Whether the file is one of an archive in which every file is one annotator's, named as the annotator is.
    pub named_by_annotator: bool,
    /// Which columns or keys hold what.
    pub columns: Columns,
    /// How many sentences make an article where the file does not say where one begins.
    pub sentences: Option<NonZeroUsize>,
    /// Whether a tag that goes on with nothing is left out instead of taken as a beginning.
    pub strict_tags: bool,
    /// The names of labels that the file numbers, as a label file of doccano gives them.
    pub label_names: BTreeMap<i64, String>,
}

/// Which columns of a table, or keys of JSON objects, hold what. Blank for the usual names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The text.
    pub text: Option<String>,
    /// The article's id.
    pub id: Option<String>,
    /// The mentions.
    pub mentions: Option<String>,
}

/// What a writer is told.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// The unit of offsets, where the format leaves the choice.
    pub unit: OffsetUnit,
    /// What becomes of mentions that do not begin and end where tokens do.
    pub align: Align,
    /// What becomes of nested mentions where a token has one tag.
    pub nesting: Nesting,
    /// How tags are written, where the format leaves the choice.
    pub scheme: TagScheme,
    /// The labels in their order; more may come with the records.
    pub labels: Arc<[WrittenLabel]>,
    /// Names that belong to labels, as (name, label), for formats with lists of patterns.
    pub names: Arc<[(String, String)]>,
    /// The part of a dataset that is written, as `test`, for formats whose files are named after it; `None` for `train`.
    pub split: Option<String>,
}

/// A label as files of other programs describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenLabel {
    /// The name in files, as `PER`.
    pub name: String,
    /// The title on the screen.
    pub title: String,
    /// The colour.
    pub colour: Colour,
    /// The keys.
    pub keys: String,
    /// What belongs under it.
    pub guideline: String,
}

impl WrittenLabel {
    /// A label of which nothing is known but its name.
    #[must_use]
    pub fn named(name: String, colour: Colour) -> Self {
        Self { title: name.clone(), name, colour, keys: String::new(), guideline: String::new() }
    }
}

/// A reader of a file's records, one at a time.
pub trait RecordReader: Send {
    /// The next article; `None` at the end. What could not be taken as it stood is added to `problems`, and reading goes on.
    ///
    /// # Errors
    /// [`FormatError`] when nothing more can be read; what was given before is good.
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError>;

    /// The unit in which the file turned out to count, where that was open; `None` when the format fixes it or has no offsets.
    fn unit(&self) -> Option<OffsetUnit> {
        None
    }
}

/// A writer of records into a file.
pub trait RecordWriter: Send {
    /// Writes an article with its layers. What the format cannot hold is added to `problems`.
    ///
    /// # Errors
    /// [`FormatError`] when the file cannot be written.
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError>;

    /// Writes the end and flushes. A file without it is not complete.
    ///
    /// # Errors
    /// [`FormatError`] when the file cannot be written.
    fn finish(&mut self) -> Result<(), FormatError>;
}

/// A reader of `source`.
///
/// # Errors
/// [`FormatError`] when it cannot be read or is not of the format.
pub fn open_reader(
    format: Format,
    source: Source,
    options: &ReadOptions,
) -> Result<Box<dyn RecordReader>, FormatError> {
    let open = format.reader.ok_or(FormatError::WriteOnlyFormat { format: format.0.name })?;
    open(source, options)
}

/// A writer into `sink`.
///
/// # Errors
/// [`FormatError::ReadOnlyFormat`] when the format cannot be written.
pub fn open_writer(format: Format, sink: Sink, options: &WriteOptions) -> Result<Box<dyn RecordWriter>, FormatError> {
    let open = format.writer.ok_or(FormatError::ReadOnlyFormat { format: format.0.name })?;
    open(sink, options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_table_is_whole() {
        let mut names = HashSet::new();
        for format in FORMATS {
            assert_eq!(Format::from_name(format.name), Some(*format));
            assert!(names.insert(format.name), "{} stands once", format.name);
            assert!(format.reader.is_some() || format.writer.is_some(), "{}", format.name);
            assert!(!format.endings.is_empty() && !format.title.is_empty(), "{}", format.name);
        }
    }

    #[test]
    fn the_first_bytes_tell_what_a_name_does_not() {
        let check = |head: &str, expected| {
            assert_eq!(Format::detect(&Sniff::of_file("export", head.as_bytes())), Some(expected), "{head}");
        };
        check("{\n \"text\": 1}", Format::JSON);
        check("{curly} braces", Format::TEXT);
        check("", Format::TEXT);
        check("سلام", Format::TEXT);
    }
}
