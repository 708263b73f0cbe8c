//! What a reader could not take, or a writer could not give, as it stood.
//!
//! Owns [`Problem`], its place in a file, and [`FormatError`]. It must not print and knows no path: the caller names the file.

use crate::formats::finding::Finding;
use crate::formats::foreign::Foreign;
use std::fmt;
use std::io;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Worth knowing; everything was taken as it stood.
    Note,
    /// Something was left out or taken in another way than it was written.
    Fault,
}

impl Severity {
    /// The name for machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Fault => "fault",
        }
    }
}

/// What a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// The bytes are not in the expected encoding, or a byte order mark was taken off.
    Encoding,
    /// NUL or another control character in a text.
    Control,
    /// A bidi embedding, override or isolate without its end, or an end without a beginning.
    Bidi,
    /// The file breaks the grammar of its format.
    Syntax,
    /// A field is missing or of another type than it must be.
    Shape,
    /// A text with nothing but white space.
    Empty,
    /// A mention that does not fit its text.
    Span,
    /// In what unit the file counts.
    Unit,
    /// A key this format does not know.
    UnknownKey,
    /// A name that stands in a list more than once.
    Name,
    /// A record passes a limit.
    Limit,
    /// One side cannot hold what the other has.
    NotHeld,
    /// The text or the articles had to be rebuilt.
    Rebuilt,
    /// A tag of a token.
    Tag,
    /// A label.
    Label,
    /// A file of a folder or an archive.
    File,
}

impl ProblemKind {
    /// The name for machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Encoding => "encoding",
            Self::Control => "control",
            Self::Bidi => "bidi",
            Self::Syntax => "syntax",
            Self::Shape => "shape",
            Self::Empty => "empty",
            Self::Span => "span",
            Self::Unit => "unit",
            Self::UnknownKey => "unknown_key",
            Self::Name => "name",
            Self::Limit => "limit",
            Self::NotHeld => "not_held",
            Self::Rebuilt => "rebuilt",
            Self::Tag => "tag",
            Self::Label => "label",
            Self::File => "file",
        }
    }
}

/// A place in a file, as far as it is known.
///
/// ```
/// use barchasb::formats::problem::Place;
/// let place = Place { record: Some(2), line: Some(7), ..Place::default() };
/// assert_eq!(place.to_string(), "record 2, line 7");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The record, from 1.
    pub record: Option<u64>,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column in bytes, from 1.
    pub column: Option<u64>,
    /// The byte of the file, from 0.
    pub file_byte: Option<u64>,
    /// The code point of the record's text, from 0.
    pub text_char: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("record", self.record),
            ("line", self.line),
            ("column", self.column),
            ("byte", self.file_byte),
            ("character", self.text_char),
        ];
        let mut first = true;
        for (name, number) in parts {
            let Some(number) = number else { continue };
            write!(f, "{}{name} {number}", if first { "" } else { ", " })?;
            first = false;
        }
        Ok(())
    }
}

/// One thing that was not as it should be, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file of a folder or an archive, with `/` between folders; `None` where there is one file alone.
    pub file: Option<Box<str>>,
    /// Where it stands.
    pub place: Place,
    /// What is wrong and what was done.
    pub finding: Finding,
}

impl Problem {
    /// What was found at a place.
    #[must_use]
    pub fn new(place: Place, finding: Finding) -> Self {
        Self { file: None, place, finding }
    }

    /// What was found in another program's file at a place.
    #[must_use]
    pub fn foreign(place: Place, finding: Foreign) -> Self {
        Self::new(place, Finding::Foreign(finding))
    }

    /// The same in one of several files.
    #[must_use]
    pub fn in_file(self, name: &str) -> Self {
        Self { file: Some(name.into()), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}: ")?;
        }
        if self.place == Place::default() { self.finding.fmt(f) } else { write!(f, "{}: {}", self.place, self.finding) }
    }
}

/// Why a file could not be read or written at all.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The system failed to read or write.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The bytes are not UTF-8, and no byte order mark says what they are.
    #[error("this is not UTF-8 text: the byte 0x{byte:02X} at byte {file_byte} (line {line}) cannot be read")]
    NotUtf8 {
        /// The bad byte.
        byte: u8,
        /// Where it stands, from 0.
        file_byte: u64,
        /// Its line, from 1.
        line: u64,
    },
    /// The byte order mark says UTF-16, but the rest is not.
    #[error("this is not UTF-16 text: the unit at byte {file_byte} (line {line}) cannot be read")]
    NotUtf16 {
        /// Where the bad unit stands, from 0.
        file_byte: u64,
        /// Its line, from 1.
        line: u64,
    },
    /// The file is in an encoding that this format does not allow.
    #[error("this file is in {found}; save it as UTF-8")]
    OtherEncoding {
        /// The encoding.
        found: &'static str,
    },
    /// There is nothing in the file but white space.
    #[error("the file is empty")]
    Empty,
    /// The text is too long for an article.
    #[error("the text is longer than {limit} bytes, the most an article can have")]
    TooLong {
        /// The limit.
        limit: u64,
    },
    /// The file is not of the format at all.
    #[error("this is not {expected}: it begins with {found:?} (line {line}, column {column})")]
    OtherFormat {
        /// The format that was expected.
        expected: &'static str,
        /// The first character that is not white space.
        found: char,
        /// Its line, from 1.
        line: u64,
        /// Its column in bytes, from 1.
        column: u64,
    },
    /// A format that can only be read.
    #[error("{format} files can be read but not written")]
    ReadOnlyFormat {
        /// The format.
        format: &'static str,
    },
    /// A format that can only be written.
    #[error("{format} files can be written but not read")]
    WriteOnlyFormat {
        /// The format.
        format: &'static str,
    },
    /// The file breaks its format so that nothing more can be read.
    #[error("this cannot be read as {format}: {words}{}", .line.map(|line| format!(" (line {line})")).unwrap_or_default())]
    Malformed {
        /// The format.
        format: &'static str,
        /// What is wrong.
        words: String,
        /// The line, from 1, where lines are known.
        line: Option<u64>,
    },
    /// XML with a document type or entities of its own, which could make a small file a huge one or read other files.
    #[error("this XML declares a document type or entities, which are not read")]
    Doctype,
    /// The format is that of a folder, and a file was given, or the other way round.
    #[error("{format} is the format of {}", if *.folder { "a folder; name the folder" } else { "a file; name the file" })]
    Container {
        /// The format.
        format: &'static str,
        /// Whether it wants a folder.
        folder: bool,
    },
    /// A table has no such column.
    #[error("there is no column {name:?}; there are {}", .there.join(", "))]
    NoColumn {
        /// The column that was asked for.
        name: String,
        /// Those that are there.
        there: Vec<String>,
    },
}
