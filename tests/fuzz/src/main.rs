//! One reader, named by the variable `BARCHASB_FORMAT`, against whatever libFuzzer makes up.
//!
//! Owns what must hold for any bytes: no panic, an end, and mentions that stand in their text; and that what was read can be written
//! without a panic. `run` beside this crate builds and starts it for every format.

#![no_main]

use barchasb::domain::offset_map::OffsetMap;
use barchasb::domain::record::ArticleRecord;
use barchasb::formats::files::{MemoryFiles, Sink, Source};
use barchasb::formats::format::{Container, Format, ReadOptions, WriteOptions, open_reader, open_writer};
use barchasb::formats::json_frame::Limits;
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static FORMAT: LazyLock<Format> = LazyLock::new(|| {
    // The library that reads Parquet panics on some damaged files and its calls are guarded: a panic is a fault only when it comes out of
    // the reader, where libFuzzer's own wrapper ends the run. Its hook would end it at once.
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
    let name = std::env::var("BARCHASB_FORMAT").unwrap_or_default();
    let format = Format::from_name(&name).filter(|format| format.reader.is_some());
    format.unwrap_or_else(|| {
        eprintln!("BARCHASB_FORMAT must name a format that can be read; it is {name:?}");
        std::process::exit(2)
    })
});

/// Parts the bytes of a folder: a line `=== NAME` begins a file.
const FILE_MARK: &str = "=== ";

/// More records than this say nothing new.
const MAX_RECORDS: usize = 50;

fuzz_target!(|bytes: &[u8]| {
    let options = ReadOptions {
        name: Some("a".to_owned()),
        limits: Limits { record_bytes: 1 << 20, depth: 64 },
        ..ReadOptions::default()
    };
    let records = read(source_from_bytes(bytes), &options);
    for record in &records {
        check(record);
    }
    if FORMAT.writer.is_some() && FORMAT.container != Container::Article && !records.is_empty() {
        write(&records);
    }
});

fn source_from_bytes(bytes: &[u8]) -> Source {
    if !FORMAT.container.is_folder() {
        return Source::from_bytes(bytes);
    }
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut name = format!("a.{}", FORMAT.ending());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(FILE_MARK.as_bytes()) {
            Some(rest) => name = String::from_utf8_lossy(rest).trim().to_owned(),
            None => files.entry(name.clone()).or_default().extend_from_slice(line),
        }
    }
    Source::Many(Box::new(MemoryFiles::from_contents(files)))
}

fn read(source: Source, options: &ReadOptions) -> Vec<ArticleRecord> {
    let Ok(mut reader) = open_reader(*FORMAT, source, options) else { return Vec::new() };
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    while let Ok(Some(record)) = reader.next_record(&mut problems) {
        problems.clear();
        records.push(record);
        if records.len() >= MAX_RECORDS {
            break;
        }
    }
    records
}

fn check(record: &ArticleRecord) {
    assert!(!record.text.trim().is_empty(), "a blank text is no article");
    let end = OffsetMap::new(&record.text).len_chars();
    let mentions = record.layers.iter().flat_map(|layer| &layer.mentions).map(|m| (m.span, &m.label));
    let said = record.predictions.iter().flat_map(|said| &said.mentions).map(|m| (m.span, &m.label));
    for (span, label) in mentions.chain(said) {
        assert!(!span.is_empty() && span.end <= end, "{label} at {span} in {end} code points");
    }
}

fn write(records: &[ArticleRecord]) {
    use barchasb::formats::files::Outputs;
    let mut files = MemoryFiles::default();
    let sink = match FORMAT.container {
        Container::Folder | Container::Dataset => Sink::Many(Box::new(files.clone())),
        Container::File | Container::Article => match files.create("file") {
            Ok(file) => Sink::One(file),
            Err(_) => return,
        },
    };
    let Ok(mut writer) = open_writer(*FORMAT, sink, &WriteOptions::default()) else { return };
    let mut problems = Vec::new();
    for record in records {
        if writer.write(record, &mut problems).is_err() {
            return;
        }
    }
    let _written = writer.finish();
}
