//! The table of formats, how a file's format is told, and what every reader and writer does.
//!
//! Owns [`Format`], [`RecordReader`] and [`RecordWriter`]. It knows no paths: a caller gives a file's name and bytes.

use crate::domain::record::ArticleRecord;
use crate::formats::json_frame::{Layout, Limits};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::plain_text::PlainTextReader;
use crate::formats::problem::{FormatError, Problem};
use crate::formats::training_json::TrainingJsonReader;
use crate::formats::training_json_writer::TrainingJsonWriter;
use std::io::{Read, Seek, Write};

/// A format of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// One article, nothing else.
    PlainText,
    /// The program's own JSON: an array of articles with spans.
    TrainingJson,
    /// The program's own JSON Lines: an article with spans a line.
    TrainingJsonl,
}

/// What there is to know about a format.
#[derive(Clone, Copy, Debug)]
pub struct FormatFacts {
    /// The format.
    pub format: Format,
    /// The name on the command line.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// The endings of its files' names, the usual one first.
    pub endings: &'static [&'static str],
    /// Whether it can be written.
    pub writes: bool,
}

/// All formats.
pub const FORMATS: [FormatFacts; 3] = [
    FormatFacts {
        format: Format::PlainText,
        name: "text",
        title: "plain text, one article a file",
        endings: &["txt", "text", "md"],
        writes: false,
    },
    FormatFacts {
        format: Format::TrainingJson,
        name: "json",
        title: "an array of articles with spans",
        endings: &["json"],
        writes: true,
    },
    FormatFacts {
        format: Format::TrainingJsonl,
        name: "jsonl",
        title: "one article with spans a line",
        endings: &["jsonl", "ndjson"],
        writes: true,
    },
];

impl Format {
    /// What there is to know about it.
    #[must_use]
    pub fn facts(self) -> FormatFacts {
        let [text, json, jsonl] = FORMATS;
        match self {
            Self::PlainText => text,
            Self::TrainingJson => json,
            Self::TrainingJsonl => jsonl,
        }
    }

    /// The format with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        FORMATS.into_iter().find(|f| f.name == name).map(|f| f.format)
    }

    /// The format of a file, by the ending of its name, or else by its first bytes (a few thousand are enough).
    ///
    /// ```
    /// use barchasb::formats::format::Format;
    /// assert_eq!(Format::detect("news.txt", b"[x]"), Format::PlainText);
    /// assert_eq!(Format::detect("news.JSONL", b""), Format::TrainingJsonl);
    /// assert_eq!(Format::detect("news", b"[ {\"text\": \"a\"} ]"), Format::TrainingJson);
    /// assert_eq!(Format::detect("news", b"{\"text\":\"a\"}\n{\"text\":\"b\"}\n"), Format::TrainingJsonl);
    /// assert_eq!(Format::detect("news", b"[1] A footnote."), Format::PlainText);
    /// ```
    #[must_use]
    pub fn detect(file_name: &str, head: &[u8]) -> Self {
        let ending = file_name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        let by_name = FORMATS.into_iter().find(|f| ending.as_deref().is_some_and(|e| f.endings.contains(&e)));
        by_name.map_or_else(|| Self::from_head(head), |f| f.format)
    }

    fn from_head(head: &[u8]) -> Self {
        let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
        let object =
            |bytes: &[u8]| bytes.strip_prefix(b"{").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\""));
        match head.strip_prefix(b"[") {
            Some(rest) if object(rest.trim_ascii_start()) => Self::TrainingJson,
            None if object(head) => {
                let first_line = head.split(|b| *b == b'\n').next().unwrap_or(head);
                let whole = serde_json::from_slice::<serde::de::IgnoredAny>(first_line).is_ok();
                // A line longer than the head is an article without line breaks: one a line.
                let long = first_line.len() == head.len();
                if whole || long { Self::TrainingJsonl } else { Self::TrainingJson }
            }
            _ => Self::PlainText,
        }
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
}

/// A reader of a file's records, one at a time.
pub trait RecordReader {
    /// The next article; `None` at the end. What could not be taken as it stood is added to `problems`, and reading goes on.
    ///
    /// # Errors
    /// [`FormatError`] when nothing more can be read; what was given before is good.
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError>;
}

/// A writer of records into a file.
pub trait RecordWriter {
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

/// A reader of `input`, which is read from its beginning, twice where offsets have to be proven first.
///
/// # Errors
/// [`FormatError`] when the input cannot be read or is not of the format.
pub fn open_reader<'a>(
    format: Format,
    input: impl Read + Seek + 'a,
    options: &ReadOptions,
) -> Result<Box<dyn RecordReader + 'a>, FormatError> {
    Ok(match format {
        Format::PlainText => Box::new(PlainTextReader::new(input, options)),
        Format::TrainingJson => Box::new(TrainingJsonReader::new(input, Layout::Values, options)?),
        Format::TrainingJsonl => Box::new(TrainingJsonReader::new(input, Layout::Lines, options)?),
    })
}

/// A writer into `output`, whose offsets are counted in `unit`.
///
/// # Errors
/// [`FormatError::ReadOnlyFormat`] when the format cannot be written.
pub fn open_writer<'a>(
    format: Format,
    output: impl Write + 'a,
    unit: OffsetUnit,
) -> Result<Box<dyn RecordWriter + 'a>, FormatError> {
    Ok(match format {
        Format::PlainText => return Err(FormatError::ReadOnlyFormat { format: format.facts().name }),
        Format::TrainingJson => Box::new(TrainingJsonWriter::new(output, Layout::Values, unit)),
        Format::TrainingJsonl => Box::new(TrainingJsonWriter::new(output, Layout::Lines, unit)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        for facts in FORMATS {
            assert_eq!(facts.format.facts().name, facts.name);
            assert_eq!(Format::from_name(facts.name), Some(facts.format));
            let written = open_writer(facts.format, Vec::new(), OffsetUnit::CodePoint);
            assert_eq!(written.is_ok(), facts.writes, "{}", facts.name);
        }
    }

    #[test]
    fn the_first_bytes_tell_what_a_name_does_not() {
        let check = |head: &str, expected| assert_eq!(Format::detect("export", head.as_bytes()), expected, "{head}");
        check("{\n \"text\": 1}", Format::TrainingJson);
        check("\u{feff}{\"text\": \"cut off", Format::TrainingJsonl);
        check("{curly} braces", Format::PlainText);
        check("", Format::PlainText);
        check("سلام", Format::PlainText);
    }
}
