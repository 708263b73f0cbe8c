//! How fast each format is written and read, in megabytes of its own files a second: the same articles in all of them.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made stops")]

#[path = "support/articles.rs"]
mod articles;

use articles::record;
use barchasb::domain::record::ArticleRecord;
use barchasb::formats::files::{MemoryFiles, Outputs as _, Sink, Source};
use barchasb::formats::format::{Container, FORMATS, Format, ReadOptions, WriteOptions, open_reader, open_writer};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::time::Duration;

/// The name of the file of a format that is made of one.
const ONE: &str = "file";

/// The files of these articles.
fn written(format: Format, records: &[ArticleRecord]) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    let sink = match format.container {
        Container::Folder | Container::Dataset => Sink::Many(Box::new(files.clone())),
        Container::File | Container::Article => Sink::One(files.create(ONE).unwrap()),
    };
    let mut writer = open_writer(format, sink, &WriteOptions::default()).unwrap();
    let mut problems = Vec::new();
    for record in records {
        writer.write(record, &mut problems).unwrap();
        problems.clear();
    }
    writer.finish().unwrap();
    drop(writer);
    files
}

/// What a reader of these files is given.
fn source(format: Format, files: &MemoryFiles) -> Source {
    let mut contents = files.contents();
    match format.container {
        Container::Folder | Container::Dataset => Source::Many(Box::new(MemoryFiles::from_contents(contents))),
        Container::File | Container::Article => Source::from_bytes(contents.remove(ONE).unwrap()),
    }
}

fn read(format: Format, source: Source) -> usize {
    let mut reader = open_reader(format, source, &ReadOptions::default()).unwrap();
    let mut problems = Vec::new();
    let next = || {
        problems.clear();
        reader.next_record(&mut problems).unwrap()
    };
    std::iter::from_fn(next).count()
}

fn formats(criterion: &mut Criterion) {
    // Short articles with many mentions, as news comes; and one of their size together, where a file holds one.
    let news: Vec<ArticleRecord> = (0..100).map(|number| record(&format!("n{number}"), 3_000, 20)).collect();
    let book = vec![record("book", 300_000, 2_000)];
    for format in FORMATS.iter().copied().filter(|format| format.reader.is_some() && format.writer.is_some()) {
        let records = if format.container == Container::Article { &book } else { &news };
        let files = written(format, records);
        let bytes: usize = files.contents().values().map(Vec::len).sum();
        let mut group = criterion.benchmark_group(format.name);
        group.sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(500));
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function("write", |b| b.iter(|| written(format, records)));
        let given = || source(format, &files);
        group.bench_function("read", |b| b.iter_batched(given, |source| read(format, source), BatchSize::LargeInput));
        group.finish();
    }
}

criterion_group!(benches, formats);
criterion_main!(benches);
