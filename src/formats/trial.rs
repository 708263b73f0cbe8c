//! What tests of formats share: writing to memory, reading back, and records of every awkward kind.
//!
//! Owns nothing that ships.

use crate::domain::layer::Status;
use crate::domain::mention::Origin;
use crate::domain::offset::Span;
use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use crate::formats::files::{MemoryFiles, Sink, Source};
use crate::formats::format::{Container, Format, ReadOptions, WriteOptions, open_reader, open_writer};
use crate::formats::problem::{FormatError, Problem};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The name of the one file of a format that is made of one.
pub(crate) const ONE: &str = "file";

/// Writes records; the files by name ([`ONE`] for a single one), and what was said.
pub(crate) fn written(
    format: Format,
    records: &[ArticleRecord],
    options: &WriteOptions,
) -> (BTreeMap<String, Vec<u8>>, Vec<Problem>) {
    use crate::formats::files::Outputs;
    let mut files = MemoryFiles::default();
    let mut problems = Vec::new();
    let sink = match format.container {
        Container::Folder | Container::Dataset => Sink::Many(Box::new(files.clone())),
        Container::File | Container::Article => Sink::One(files.create(ONE).unwrap()),
    };
    let mut writer = open_writer(format, sink, options).unwrap();
    for record in records {
        writer.write(record, &mut problems).unwrap();
    }
    writer.finish().unwrap();
    drop(writer);
    (files.contents(), problems)
}

/// Reads every record of a file's bytes.
pub(crate) fn read(
    format: Format,
    bytes: impl Into<Vec<u8>>,
    options: &ReadOptions,
) -> Result<(Vec<ArticleRecord>, Vec<Problem>), FormatError> {
    match format.container {
        Container::Folder | Container::Dataset => {
            read_files(format, BTreeMap::from([(ONE.to_owned(), bytes.into())]), options)
        }
        Container::File | Container::Article => read_source(format, Source::from_bytes(bytes), options),
    }
}

/// Reads every record of files.
pub(crate) fn read_files(
    format: Format,
    files: BTreeMap<String, Vec<u8>>,
    options: &ReadOptions,
) -> Result<(Vec<ArticleRecord>, Vec<Problem>), FormatError> {
    read_source(format, Source::Many(Box::new(MemoryFiles::from_contents(files))), options)
}

fn read_source(
    format: Format,
    source: Source,
    options: &ReadOptions,
) -> Result<(Vec<ArticleRecord>, Vec<Problem>), FormatError> {
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    let mut reader = open_reader(format, source, options)?;
    while let Some(record) = reader.next_record(&mut problems)? {
        records.push(record);
    }
    Ok((records, problems))
}

/// Writes records and reads them back: what was read, and what was said while writing and while reading.
pub(crate) fn round_trip(format: Format, records: &[ArticleRecord]) -> (Vec<ArticleRecord>, Vec<String>) {
    let (files, written) = written(format, records, &WriteOptions::default());
    let options = ReadOptions { name: Some("a1".into()), ..ReadOptions::default() };
    let read = match format.container {
        Container::Folder | Container::Dataset => read_files(format, files, &options),
        Container::File | Container::Article => read(format, files[ONE].clone(), &options),
    };
    let (records, read) = read.unwrap();
    (records, written.iter().chain(&read).map(ToString::to_string).collect())
}

/// A mention of a test.
pub(crate) fn mention(start: usize, end: usize, label: &str) -> MentionRecord {
    MentionRecord { span: Span::from_chars(start, end), label: label.into(), note: None, origin: Origin::Import }
}

/// An article of a test with one layer without a name, in progress.
pub(crate) fn article(name: &str, text: &str, mentions: &[(usize, usize, &str)]) -> ArticleRecord {
    let mentions = mentions.iter().map(|(start, end, label)| mention(*start, *end, label)).collect();
    let layer = LayerRecord { status: Status::InProgress, mentions, ..LayerRecord::default() };
    ArticleRecord { name: Some(name.into()), text: text.into(), layers: vec![layer], ..ArticleRecord::default() }
}

/// Every mention as `label start..end`, layer by layer.
pub(crate) fn said(record: &ArticleRecord) -> Vec<String> {
    record.layers.iter().flat_map(|layer| &layer.mentions).map(|m| format!("{} {}", m.label, m.span)).collect()
}

/// Pieces that texts are made of: emoji, ZWNJ, NBSP, CRLF, combining marks, quotes, markup, controls of bidi.
const PIECES: [&str; 24] = [
    "علی",
    "تهران",
    "می\u{200c}رود",
    "😀",
    "👩\u{200d}👩\u{200d}👧",
    "e\u{301}",
    "مُحَمَّد",
    " ",
    " ",
    " ",
    "\u{a0}",
    "\r\n",
    "\n",
    "،",
    "«",
    "»",
    "\"",
    "\\",
    "<b>&amp;",
    "\t",
    "\u{200f}",
    "۱۳۹۷/۱۰/۲۹",
    "=1+1",
    "A|B_C",
];

/// Texts of such pieces, never blank.
pub(crate) fn texts() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&PIECES[..]), 1..25)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("not blank", |text| !text.trim().is_empty())
}

/// Articles with such texts and mentions anywhere in them, on whole code points, with overlaps; their names are `a1`, `a2` …
pub(crate) fn articles() -> impl Strategy<Value = Vec<ArticleRecord>> {
    let labels = proptest::sample::select(&["PER", "LOC", "ORG"][..]);
    let mentions =
        proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), labels), 0..6);
    proptest::collection::vec((texts(), mentions), 1..4).prop_map(|articles| {
        (1..).zip(articles).map(|(number, (text, mentions))| drawn_article(number, &text, &mentions)).collect()
    })
}

/// Two places in a text, in any order, and a label.
type Drawn = (prop::sample::Index, prop::sample::Index, &'static str);

fn drawn_article(number: usize, text: &str, mentions: &[Drawn]) -> ArticleRecord {
    let chars = text.chars().count();
    let mut mentions: Vec<(usize, usize, &str)> = mentions
        .iter()
        .map(|(a, b, label)| (a.index(chars + 1), b.index(chars + 1), *label))
        .map(|(a, b, label)| (a.min(b), a.max(b), label))
        .filter(|(a, b, _)| a < b)
        .collect();
    mentions.sort_unstable();
    mentions.dedup();
    article(&format!("a{number}"), text, &mentions)
}
