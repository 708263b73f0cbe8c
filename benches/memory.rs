//! How much memory large things take, each measured in a process of its own (Linux: read from `/proc`).
//!
//! The aims: an open article takes no more than 12 bytes for each byte of its text, the window's own left out; and reading
//! and writing a file takes the same whatever the file's size.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot be made stops"
)]

#[path = "support/articles.rs"]
mod articles;

use articles::{BYTES_PER_MENTION, Window, opened, project, record};
use barchasb::domain::record::ArticleRecord;
use barchasb::formats::files::{Sink, Source};
use barchasb::formats::format::{Format, ReadOptions, WriteOptions, open_reader, open_writer};
use std::fs::File;
use std::path::Path;
use std::process::Command;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["open", path] => open(Path::new(path)),
        ["read", path] => read(Path::new(path)),
        ["write", path, articles] => write(Path::new(path), articles.parse().unwrap()),
        _ => all(),
    }
}

/// Each part in a new process, so that none finds memory that another left.
fn all() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let part = |arguments: &[&str]| {
        let output = Command::new(std::env::current_exe().unwrap()).args(arguments).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let window = |bytes: usize, mentions: usize| -> Vec<u64> {
        let path = path(&format!("{mentions}.barchasb"));
        project(Path::new(&path), [record("a", bytes, mentions)]);
        part(&["open", &path]).split_whitespace().map(|figure| figure.parse().unwrap()).collect()
    };
    let small = window(1_000, 5);
    println!("the window on a small article: {} MB", small[0] >> 20);
    for mentions in [5_000, 50_000] {
        let bytes = mentions * BYTES_PER_MENTION;
        let large = window(bytes, mentions);
        let per_byte = |figure: usize| (large[figure] - small[figure]) as f64 / bytes as f64;
        let (megabytes, held, peak) = (bytes / 1_000_000, per_byte(0), per_byte(1));
        println!("an article of {megabytes} MB: {held:.1} bytes more for each byte of text, {peak:.1} at the peak");
    }
    for articles in [1_500, 15_000] {
        let path = path(&format!("{articles}.jsonl"));
        print!("{}{}", part(&["write", &path, &articles.to_string()]), part(&["read", &path]));
    }
}

/// The window on the first article, scrolled: prints what is resident then, and what was at the peak.
fn open(path: &Path) {
    let mut window = Window::new(opened(path));
    window.settle();
    (0..200).for_each(|_| drop(window.frame(Window::wheel(200.0))));
    println!("{} {}", resident("VmRSS"), resident("VmHWM"));
}

fn read(path: &Path) {
    let before = resident("VmHWM");
    let file = File::open(path).unwrap();
    let bytes = file.metadata().unwrap().len();
    let mut reader = open_reader(Format::JSONL, Source::One(Box::new(file)), &ReadOptions::default()).unwrap();
    let count = std::iter::from_fn(|| reader.next_record(&mut Vec::new()).unwrap()).count();
    println!(
        "{count} articles read, {} MB of file: {} kB at the peak",
        bytes >> 20,
        (resident("VmHWM") - before) >> 10
    );
}

fn write(path: &Path, articles: usize) {
    let records = |number: usize| -> ArticleRecord { record(&format!("n{number}"), 4_000, 20) };
    drop(records(0));
    let before = resident("VmHWM");
    let mut writer =
        open_writer(Format::JSONL, Sink::One(Box::new(File::create(path).unwrap())), &WriteOptions::default()).unwrap();
    for number in 0..articles {
        writer.write(&records(number), &mut Vec::new()).unwrap();
    }
    writer.finish().unwrap();
    println!("{articles} articles written: {} kB at the peak", (resident("VmHWM") - before) >> 10);
}

/// A line of `/proc/self/status`, in bytes; 0 where there is no such file.
fn resident(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) << 10
}
