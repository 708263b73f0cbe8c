//! The bytes of a spaCy DocBin: its columns, each read by itself, one document at a time.
//!
//! Owns [`BinFile`] and [`RawDoc`]. It must not know what the columns mean for an article.
//!
//! A DocBin is a zlib stream of one MessagePack map: `attrs`, `tokens` (a row of unsigned 64-bit numbers for every token, a number for
//! every attribute, low byte first), `spaces` (a byte for every token), `lengths` (how many tokens each document has, 32 bits, low byte
//! first), `strings`, and for every document a value in `cats`, `flags`, `span_groups` and `user_data`. The source is
//! `spacy/tokens/_serialize.py` of explosion/spaCy 3.8.
//!
//! One pass finds where the columns begin; then every column is unpacked by its own decoder. So memory holds the strings and one document,
//! whatever the file unpacks to: a small file that unpacks to a huge one costs time and no memory. The strings together, and what belongs
//! to one document in one column, may be [`Limits::record_bytes`] long.

use crate::formats::decoding::as_u64;
use crate::formats::files::Input;
use crate::formats::json_frame::Limits;
use crate::formats::problem::FormatError;
use crate::formats::shared_input::SharedInput;
use crate::formats::spacy::message_pack::{Head, Unpacker};
use crate::formats::spacy::strings::StringTable;
use flate2::read::ZlibDecoder;
use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};
use std::sync::{Arc, Mutex};

/// The number of the attribute that is a token's own string.
pub const ORTH: u64 = 65;
/// The number of the attribute that is a token's string in its usual spelling.
pub const NORM: u64 = 67;
/// The number of the attribute that says whether an entity begins, goes on or is not there.
pub const ENT_IOB: u64 = 77;
/// The number of the attribute that is an entity's label.
pub const ENT_TYPE: u64 = 78;
/// The number of the attribute that says whether a sentence begins.
pub const SENT_START: u64 = 80;

type Stream = Unpacker<BufReader<ZlibDecoder<SharedInput>>>;

fn stream(input: &Arc<Mutex<Box<dyn Input>>>) -> Stream {
    let shared = SharedInput { input: Arc::clone(input), at: 0 };
    Unpacker::new(BufReader::with_capacity(1 << 16, ZlibDecoder::new(shared)))
}

/// A value for every document.
enum Column {
    /// It is not in the file.
    Missing,
    /// All have the same value, as it is packed.
    Same(Vec<u8>),
    /// They are read one by one.
    Stream(Box<Stream>),
}

impl Column {
    fn next(&mut self, limit: u64) -> io::Result<Vec<u8>> {
        match self {
            Self::Missing => Ok(Vec::new()),
            Self::Same(value) => Ok(value.clone()),
            Self::Stream(stream) => stream.value(limit),
        }
    }
}

/// A document as it stands in the file.
#[derive(Debug, Default)]
pub struct RawDoc {
    /// The rows of its tokens, one after another: a number for every attribute of [`BinFile::attrs`]; `None` when it passes the limit.
    pub rows: Option<Vec<u64>>,
    /// For every token, whether a space follows it.
    pub spaces: Vec<bool>,
    /// How many tokens it has.
    pub tokens: u64,
    /// Its categories, as they are packed; empty for none.
    pub cats: Vec<u8>,
    /// Its flags, as they are packed; empty for none.
    pub flags: Vec<u8>,
    /// Its groups of spans, as they are packed; empty for none.
    pub span_groups: Vec<u8>,
    /// Its further data, as it is packed; empty for none.
    pub user_data: Vec<u8>,
}

/// A DocBin whose documents are given out one by one.
pub struct BinFile {
    attrs: Vec<u64>,
    strings: StringTable,
    lengths: Stream,
    tokens: Stream,
    spaces: Stream,
    cats: Column,
    flags: Column,
    span_groups: Column,
    user_data: Column,
    documents: u64,
    limits: Limits,
}

/// Where a column's bytes begin, and how many there are.
#[derive(Clone, Copy)]
struct Place {
    at: u64,
    bytes: u64,
}

/// What one pass over the file finds.
#[derive(Default)]
struct Found {
    attrs: Vec<u64>,
    strings: StringTable,
    bins: BTreeMap<&'static str, Place>,
    /// Where the values of a list begin, how many there are, and the value when it is the same for all.
    lists: BTreeMap<&'static str, (u64, u64, Option<Vec<u8>>)>,
    /// All tokens that `lengths` counts.
    tokens: u64,
}

fn malformed(words: impl Into<String>) -> FormatError {
    FormatError::Malformed { format: "spaCy DocBin", words: words.into(), line: None }
}

/// Errors of the bytes are faults of the format, all others those of the system.
fn format_error(error: io::Error) -> FormatError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => malformed("the file ends before it should; it may have been cut off"),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => malformed(error.to_string()),
        _ => error.into(),
    }
}

impl BinFile {
    /// Finds the columns of `input` and reads its strings.
    ///
    /// # Errors
    /// [`FormatError::Malformed`] when it is no DocBin, columns do not fit one another, or the strings pass the limit.
    pub fn open(input: Box<dyn Input>, limits: Limits) -> Result<Self, FormatError> {
        let input = Arc::new(Mutex::new(input));
        let found = find(&mut stream(&input), limits).map_err(format_error)?;
        let bin = |name: &str| found.bins.get(name).copied().ok_or_else(|| malformed(format!("{name} is missing")));
        let (tokens, spaces, lengths) = (bin("tokens")?, bin("spaces")?, bin("lengths")?);
        let (width, documents) = (as_u64(found.attrs.len()) * 8, lengths.bytes / 4);
        if !found.attrs.contains(&ORTH) {
            return Err(malformed("attrs does not hold the words"));
        }
        if found.tokens.checked_mul(width) != Some(tokens.bytes)
            || found.tokens != spaces.bytes
            || lengths.bytes % 4 != 0
        {
            return Err(malformed("tokens, spaces and lengths do not fit one another"));
        }
        let at = |at: u64| -> Result<Stream, FormatError> {
            let mut stream = stream(&input);
            stream.skip(at).map_err(format_error)?;
            Ok(stream)
        };
        let column = |name: &str| match found.lists.get(name) {
            None => Ok(Column::Missing),
            Some((_, count, _)) if *count != documents => {
                Err(malformed(format!("{name} has not a value for every document")))
            }
            Some((_, _, Some(value))) => Ok(Column::Same(value.clone())),
            Some((start, _, None)) => Ok(Column::Stream(Box::new(at(*start)?))),
        };
        Ok(Self {
            lengths: at(lengths.at)?,
            tokens: at(tokens.at)?,
            spaces: at(spaces.at)?,
            cats: column("cats")?,
            flags: column("flags")?,
            span_groups: column("span_groups")?,
            user_data: column("user_data")?,
            attrs: found.attrs,
            strings: found.strings,
            documents,
            limits,
        })
    }

    /// The numbers of the attributes, in the order of a row.
    #[must_use]
    pub fn attrs(&self) -> &[u64] {
        &self.attrs
    }

    /// The strings.
    #[must_use]
    pub fn strings(&self) -> &StringTable {
        &self.strings
    }

    /// How large a document may be.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The next document; `None` at the end.
    ///
    /// # Errors
    /// [`FormatError`] when it cannot be read.
    pub fn next_doc(&mut self) -> Result<Option<RawDoc>, FormatError> {
        if self.documents == 0 {
            return Ok(None);
        }
        self.documents -= 1;
        self.read_doc().map(Some).map_err(format_error)
    }

    fn read_doc(&mut self) -> io::Result<RawDoc> {
        let limit = self.limits.record_bytes;
        let mut length = [0; 4];
        self.lengths.fill(&mut length)?;
        let tokens = u64::from(u32::from_le_bytes(length));
        let bytes = tokens.saturating_mul(as_u64(self.attrs.len()) * 8);
        let mut doc = RawDoc { tokens, ..RawDoc::default() };
        if bytes > limit {
            self.tokens.skip(bytes)?;
            self.spaces.skip(tokens)?;
        } else {
            let rows = self.tokens.bytes(bytes, limit)?;
            doc.rows = Some(rows.as_chunks::<8>().0.iter().map(|number| u64::from_le_bytes(*number)).collect());
            doc.spaces = self.spaces.bytes(tokens, limit)?.into_iter().map(|space| space != 0).collect();
        }
        doc.cats = self.cats.next(limit)?;
        doc.flags = self.flags.next(limit)?;
        doc.span_groups = self.span_groups.next(limit)?;
        doc.user_data = self.user_data.next(limit)?;
        Ok(doc)
    }
}

fn find<R: Read>(bin: &mut Unpacker<R>, limits: Limits) -> io::Result<Found> {
    let mut found = Found::default();
    for _ in 0..bin.map()? {
        let key = bin.text(limits.record_bytes)?;
        match key.as_str() {
            "attrs" => found.attrs = attrs(bin)?,
            "strings" => found.strings = strings(bin, limits.record_bytes)?,
            "tokens" => drop(found.bins.insert("tokens", passed_bin(bin)?)),
            "spaces" => drop(found.bins.insert("spaces", passed_bin(bin)?)),
            "lengths" => {
                let place = bin_place(bin)?;
                found.tokens = 0;
                for _ in 0..place.bytes / 4 {
                    let mut length = [0; 4];
                    bin.fill(&mut length)?;
                    found.tokens += u64::from(u32::from_le_bytes(length));
                }
                bin.skip(place.bytes % 4)?;
                found.bins.insert("lengths", place);
            }
            "cats" => drop(found.lists.insert("cats", passed_list(bin, limits.record_bytes)?)),
            "flags" => drop(found.lists.insert("flags", passed_list(bin, limits.record_bytes)?)),
            "span_groups" => drop(found.lists.insert("span_groups", passed_list(bin, limits.record_bytes)?)),
            "user_data" => drop(found.lists.insert("user_data", passed_list(bin, limits.record_bytes)?)),
            _ => bin.skip_value()?,
        }
    }
    // The end of the stream holds its checksum, which is looked at here alone.
    if !bin.is_at_end()? {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "something follows the map"));
    }
    Ok(found)
}

fn attrs<R: Read>(bin: &mut Unpacker<R>) -> io::Result<Vec<u64>> {
    /// spaCy has 457 symbols, and a row is held for every token.
    const MOST: u64 = 1_000;
    let count = bin.array()?;
    if count == 0 || count > MOST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("there are {count} attributes")));
    }
    (0..count)
        .map(|_| match bin.head()? {
            Head::Int(number) => Ok(u64::try_from(number).unwrap_or(u64::MAX)),
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "an attribute is no number")),
        })
        .collect()
}

fn strings<R: Read>(bin: &mut Unpacker<R>, limit: u64) -> io::Result<StringTable> {
    /// What a string costs besides its bytes.
    const FIXED: u64 = 32;
    let mut table = StringTable::default();
    let mut left = limit;
    for _ in 0..bin.array()? {
        let string = bin.text(left)?;
        left = left.checked_sub(as_u64(string.len()) + FIXED).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, format!("its strings are longer than {limit} bytes"))
        })?;
        table.add(&string);
    }
    Ok(table)
}

fn bin_place<R: Read>(bin: &mut Unpacker<R>) -> io::Result<Place> {
    match bin.head()? {
        Head::Bin(bytes) => Ok(Place { at: bin.at(), bytes }),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "a column is not bytes")),
    }
}

fn passed_bin<R: Read>(bin: &mut Unpacker<R>) -> io::Result<Place> {
    let place = bin_place(bin)?;
    bin.skip(place.bytes)?;
    Ok(place)
}

fn passed_list<R: Read>(bin: &mut Unpacker<R>, limit: u64) -> io::Result<(u64, u64, Option<Vec<u8>>)> {
    let count = bin.array()?;
    let at = bin.at();
    let mut same = None;
    for number in 0..count {
        let value = bin.value(limit)?;
        if number == 0 {
            same = Some(value);
        } else if same.as_ref() != Some(&value) {
            same = None;
        }
    }
    Ok((at, count, same))
}
