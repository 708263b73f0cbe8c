//! How fast the program's own JSON Lines are read and written, in megabytes of file a second.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made stops")]

#[path = "support/articles.rs"]
mod articles;

use articles::record;
use barchasb::domain::record::ArticleRecord;
use barchasb::formats::format::{Format, ReadOptions, open_reader, open_writer};
use barchasb::formats::offset_unit::OffsetUnit;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::io::Cursor;

fn written(records: &[ArticleRecord]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut writer = open_writer(Format::TrainingJsonl, &mut file, OffsetUnit::CodePoint).unwrap();
    for record in records {
        writer.write(record, &mut Vec::new()).unwrap();
    }
    writer.finish().unwrap();
    drop(writer);
    file
}

fn read(file: &[u8]) -> usize {
    let options = ReadOptions::default();
    let mut reader = open_reader(Format::TrainingJsonl, Cursor::new(file), &options).unwrap();
    std::iter::from_fn(|| reader.next_record(&mut Vec::new()).unwrap()).count()
}

fn formats(criterion: &mut Criterion) {
    // Short articles with many mentions, as news comes; and one that is a book.
    let news: Vec<ArticleRecord> = (0..1_000).map(|number| record(&format!("n{number}"), 4_000, 20)).collect();
    let book = vec![record("book", 4_000_000, 20_000)];
    for (name, records) in [("1,000 articles", news), ("an article of 4 MB", book)] {
        let file = written(&records);
        let mut group = criterion.benchmark_group(format!("JSON Lines of {name}"));
        group.sample_size(20).throughput(Throughput::Bytes(file.len() as u64));
        group.bench_function("read", |b| b.iter(|| read(&file)));
        group.bench_function("write", |b| b.iter(|| written(&records)));
        group.finish();
    }
}

criterion_group!(benches, formats);
criterion_main!(benches);
