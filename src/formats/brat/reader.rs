//! brat standoff: a folder of texts and, beside each, the file of its annotations.
//!
//! Owns its row and the reader, which pairs files and names articles. Lines are `layer`'s work. It must not
//! hold more than one article.
//!
//! `news/1.txt` is an article named `news/1`, `news/1.ann` (or `.a1` and `.a2`) its annotations. A folder of our own writing may hold a
//! folder for every annotator: `annotation.conf` then says so in a remark, and `زهرا/1.txt` is the article `1` as زهرا labelled it.

use crate::domain::article::check_text;
use crate::domain::offset::MAX_TEXT_BYTES;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::formats::brat::layer::{AnnotationFile, layer_from_files};
use crate::formats::brat::line::{BratLine, line_from_text};
use crate::formats::brat::writer::{BY_ANNOTATOR, BratWriter, NO_ANNOTATOR};
use crate::formats::decoding::{as_u64, decode};
use crate::formats::file_name::name_from_path;
use crate::formats::files::{Files, Source};
use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use std::collections::{BTreeMap, HashSet, VecDeque};
use std::io::Read;

/// The row of brat standoff.
pub static FACTS: FormatFacts = FormatFacts {
    name: "brat",
    title: "brat standoff: a folder of .txt and .ann files",
    endings: &["ann", "a1", "a2"],
    container: Container::Folder,
    unit: Unit::Fixed(OffsetUnit::CodePoint),
    holds: HOLDS,
    lines: false,
    columns: false,
    reader: Some(|source: Source, options| Ok(Box::new(BratReader::new(source.many("brat")?, options)?))),
    writer: Some(|sink, options| Ok(Box::new(BratWriter::new(sink.many("brat")?, options)))),
    detect,
    companions: None,
};

/// What brat standoff holds. An annotator's name is kept only where an article has several layers.
pub const HOLDS: &[Held] = &[
    Held::Overlap,
    Held::Nesting,
    Held::Discontinuous,
    Held::Relation,
    Held::Attribute,
    Held::Event,
    Held::OtherAnnotation,
    Held::Note,
    Held::SecondLayer,
    Held::Name,
    Held::TokenEdge,
    Held::Line,
    Held::EmptyArticle,
];

/// The file that tells a folder's types.
pub const CONFIGURATION: &str = "annotation.conf";

/// The endings of files of annotations, in the order in which they are read.
const ANNOTATIONS: [&str; 3] = ["ann", "a1", "a2"];

/// How much of a configuration is looked at.
const CONFIGURATION_BYTES: u64 = 1 << 20;

fn detect(sniff: &Sniff) -> Likeness {
    if sniff.is_folder() {
        let names: HashSet<&str> = sniff.names.iter().map(String::as_str).collect();
        let annotated = || sniff.names.iter().filter_map(|name| parted(name)).filter(|(_, ending)| *ending != "txt");
        return match annotated().any(|(stem, _)| names.contains(format!("{stem}.txt").as_str())) {
            true => Likeness::Sure,
            false if annotated().next().is_some() => Likeness::Maybe,
            false => Likeness::No,
        };
    }
    if !FACTS.endings.contains(&sniff.ending().as_str()) {
        return Likeness::No;
    }
    let first = sniff.text().lines().next().unwrap_or_default();
    if matches!(line_from_text(first), BratLine::Unknown) { Likeness::Likely } else { Likeness::Sure }
}

/// A name of a file of brat's in its stem and its ending in small letters.
fn parted(name: &str) -> Option<(&str, &'static str)> {
    let (stem, ending) = name.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    let known = ANNOTATIONS.into_iter().chain(["txt"]).find(|known| *known == ending)?;
    Some((stem, known))
}

/// Whether a file is none of the data: hidden, a configuration, or what a system leaves behind.
fn is_aside(name: &str) -> bool {
    let is_hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
    is_hidden || name.to_ascii_lowercase().ends_with(".conf")
}

/// The files with one stem.
#[derive(Debug, Default)]
struct Pair {
    /// Whose folder they stand in, where folders are annotators'.
    annotator: Option<String>,
    text: Option<String>,
    annotations: BTreeMap<&'static str, String>,
}

/// The reader of a folder of brat's.
///
/// ```
/// use barchasb::formats::brat::reader::BratReader;
/// use barchasb::formats::files::MemoryFiles;
/// use barchasb::formats::format::{ReadOptions, RecordReader};
/// let files = MemoryFiles::new([("news/1.txt", "علی\r\nآمد"), ("news/1.ann", "T1\tPER 0 3\tعلی\nT2\tACT 4 7\tآمد\n")]);
/// let mut reader = BratReader::new(Box::new(files), &ReadOptions::default()).unwrap();
/// let article = reader.next_record(&mut Vec::new()).unwrap().unwrap();
/// assert_eq!(article.name.as_deref(), Some("news/1"));
/// assert_eq!(article.layers[0].mentions[1].span.to_string(), "5..8");
/// ```
pub struct BratReader {
    files: Box<dyn Files>,
    /// The pairs of each article that are not read yet, by its stem.
    waiting: VecDeque<(String, Vec<Pair>)>,
    ready: VecDeque<ArticleRecord>,
    /// Files that are left out and why, to be said at the beginning.
    left_out: Vec<(String, &'static str)>,
    unit: Option<OffsetUnit>,
    file_bytes: u64,
}

impl BratReader {
    /// A reader of `files`.
    ///
    /// # Errors
    /// [`FormatError::Io`] when the configuration cannot be read.
    pub fn new(files: Box<dyn Files>, options: &ReadOptions) -> Result<Self, FormatError> {
        let by_annotator = is_by_annotator(files.as_ref())?;
        let mut pairs: BTreeMap<String, Pair> = BTreeMap::new();
        let mut left_out = Vec::new();
        for name in files.names() {
            if is_aside(name) {
                continue;
            }
            let Some((stem, ending)) = parted(name) else {
                left_out.push((name.clone(), "it is no .txt, .ann, .a1 or .a2"));
                continue;
            };
            let pair = pairs.entry(stem.to_owned()).or_default();
            let other = match ending {
                "txt" => pair.text.replace(name.clone()),
                ending => pair.annotations.insert(ending, name.clone()),
            };
            left_out.extend(other.map(|other| (other, "another file has this name but for the case of its ending")));
        }
        let mut articles: BTreeMap<String, Vec<Pair>> = BTreeMap::new();
        for (stem, mut pair) in pairs {
            let (annotator, stem) = match stem.split_once('/') {
                Some((folder, stem)) if by_annotator => (Some(folder), stem),
                _ => (None, stem.as_str()),
            };
            pair.annotator = annotator.filter(|folder| !folder.starts_with(NO_ANNOTATOR)).map(name_from_path);
            articles.entry(stem.to_owned()).or_default().push(pair);
        }
        let waiting = articles.into_iter().collect();
        let (unit, file_bytes) = (options.unit, options.limits.record_bytes.min(as_u64(MAX_TEXT_BYTES)));
        Ok(Self { files, waiting, ready: VecDeque::new(), left_out, unit, file_bytes })
    }

    /// The text of a file without its mark, and whether it had one; `None` when it is no text, which is said.
    fn read(&self, name: &str, problems: &mut Vec<Problem>) -> Result<Option<(String, bool)>, FormatError> {
        let mut bytes = Vec::new();
        self.files.open(name)?.take(self.file_bytes.saturating_add(4)).read_to_end(&mut bytes)?;
        if as_u64(bytes.len()) > self.file_bytes {
            let finding = Finding::RecordTooLong { limit: self.file_bytes };
            problems.push(Problem::new(Place::default(), finding).in_file(name));
            return Ok(None);
        }
        match decode(bytes) {
            Ok((text, found)) => {
                let marked = found.iter().any(|problem| problem.finding == Finding::MarkTakenOff);
                problems.extend(found.into_iter().map(|problem| problem.in_file(name)));
                Ok(Some((text, marked)))
            }
            Err(error) => {
                let finding = Foreign::FileLeftOut { name: name.to_owned(), words: error.to_string() };
                problems.push(Problem::foreign(Place::default(), finding));
                Ok(None)
            }
        }
    }

    /// An article's text and one layer; `None` when it has no text.
    fn read_pair(
        &self,
        pair: Pair,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<(String, Option<LayerRecord>)>, FormatError> {
        let missing = |name: &str, problems: &mut Vec<Problem>, of: &str, to: &str| {
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            let finding = Foreign::NoPartner { name: format!("{stem}.{to}") };
            problems.push(Problem::foreign(Place::default(), finding).in_file(of));
        };
        let Some(name) = &pair.text else {
            for name in pair.annotations.values().take(1) {
                missing(name, problems, name, "txt");
            }
            return Ok(None);
        };
        let Some((text, marked)) = self.read(name, problems)? else { return Ok(None) };
        if let Err(error) = check_text(&text) {
            problems.push(Problem::new(Place::default(), Finding::BadText(error)).in_file(name));
            return Ok(None);
        }
        let mut files = Vec::new();
        for name in pair.annotations.values() {
            if let Some((text, _)) = self.read(name, problems)? {
                files.push(AnnotationFile { name: name.clone(), text });
            }
        }
        if pair.annotations.is_empty() {
            missing(name, problems, name, "ann");
            return Ok(Some((text, None)));
        }
        let mut layer = layer_from_files(&text, marked, &files, self.unit, problems);
        layer.annotator = pair.annotator;
        // An empty file is how brat says that nobody has begun.
        let is_bare = layer.annotator.is_none() && layer.mentions.is_empty() && layer.carried.is_empty();
        Ok(Some((text, (!is_bare).then_some(layer))))
    }
}

impl RecordReader for BratReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        for (name, words) in std::mem::take(&mut self.left_out) {
            let words = words.to_owned();
            problems.push(Problem::foreign(Place::default(), Foreign::FileLeftOut { name, words }));
        }
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Ok(Some(record));
            }
            let Some((stem, pairs)) = self.waiting.pop_front() else { return Ok(None) };
            for pair in pairs {
                let Some((text, layer)) = self.read_pair(pair, problems)? else { continue };
                // Layers of one text are one article's; a folder may hold another text of that name.
                match self.ready.iter_mut().find(|record| record.text == text) {
                    Some(record) => record.layers.extend(layer),
                    None => self.ready.push_back(ArticleRecord {
                        name: Some(name_from_path(&stem)),
                        text,
                        layers: layer.into_iter().collect(),
                        ..ArticleRecord::default()
                    }),
                }
            }
        }
    }
}

/// Whether the folder's configuration says that every folder is an annotator's.
fn is_by_annotator(files: &dyn Files) -> Result<bool, FormatError> {
    if !files.names().iter().any(|name| name == CONFIGURATION) {
        return Ok(false);
    }
    let mut bytes = Vec::new();
    files.open(CONFIGURATION)?.take(CONFIGURATION_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).lines().any(|line| line == BY_ANNOTATOR))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::Format;
    use crate::formats::trial::{read_files, said};

    /// Files, the articles with their mentions, and the problems.
    fn check(files: &[(&str, &str)], articles: &[(&str, &[&str])], problems: &[&str]) {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
        let (records, found) = read_files(Format::BRAT, files, &ReadOptions::default()).unwrap();
        let read: Vec<_> = records.iter().map(|r| (r.name.clone().unwrap(), said(r))).collect();
        let expected: Vec<_> = articles
            .iter()
            .map(|(name, mentions)| ((*name).to_owned(), mentions.iter().map(ToString::to_string).collect::<Vec<_>>()))
            .collect();
        assert_eq!(read, expected);
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), problems);
    }

    #[test]
    fn files_are_paired_by_their_stems() {
        check(
            &[
                ("a-b.ann", "T1\tX 0 1\tb"),
                ("a.ann", "T1\tX 0 1\ta"),
                ("a.b.txt", "c"),
                ("a.b.ann", ""),
                ("a-b.txt", "b"),
                ("a.txt", "a"),
                ("sub/a.TXT", "ab"),
                ("sub/a.a1", "T1\tX 0 1\ta"),
                ("sub/a.a2", "T2\tX 1 2\tb\nE1\tX:T1"),
                ("sub/annotation.conf", "[entities]"),
                (".stats_cache", "x"),
            ],
            &[("a", &["X 0..1"]), ("a-b", &["X 0..1"]), ("a.b", &[]), ("sub/a", &["X 0..1", "X 1..2"])],
            &["sub/a.a2: events (1) are kept aside with the article and written back to this format alone"],
        );
        check(
            &[("a.TXT", "b"), ("a.txt", "a"), ("b.ann", ""), ("c.pdf", ""), ("d.txt", " \n"), ("d.ann", "")],
            &[("a", &[])],
            &[
                "the file \"a.TXT\" was left out: another file has this name but for the case of its ending",
                "the file \"c.pdf\" was left out: it is no .txt, .ann, .a1 or .a2",
                "a.txt: the file \"a.ann\" that belongs to this one is missing",
                "b.ann: the file \"b.txt\" that belongs to this one is missing",
                "d.txt: the text is empty; the record was left out",
            ],
        );
    }

    #[test]
    fn a_bad_file_does_not_touch_the_others() {
        let files = BTreeMap::from([
            ("a.txt".to_owned(), b"\xFF".to_vec()),
            ("a.ann".to_owned(), Vec::new()),
            ("b.txt".to_owned(), b"\xEF\xBB\xBFab".to_vec()),
            ("b.ann".to_owned(), b"T1\tX 1 2\ta\nT2\tX 2 3\tb".to_vec()),
        ]);
        let (records, problems) = read_files(Format::BRAT, files, &ReadOptions::default()).unwrap();
        assert_eq!(said(&records[0]), ["X 0..1", "X 1..2"]);
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            [
                "the file \"a.txt\" was left out: this is not UTF-8 text: the byte 0xFF at byte 0 (line 1) cannot be read",
                "b.txt: byte 0: a UTF-8 byte order mark was taken off",
            ]
        );
    }

    #[test]
    fn a_folder_is_known_by_its_pairs() {
        let check = |names: &[&str], expected| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            assert_eq!(detect(&Sniff::of_folder("f", &names)), expected, "{names:?}");
        };
        check(&["a/b.ann", "a/b.txt"], Likeness::Sure);
        check(&["b.ann", "c.txt"], Likeness::Maybe);
        check(&["b.txt"], Likeness::No);
        let file = |name: &str, head: &str| detect(&Sniff::of_file(name, head.as_bytes()));
        assert_eq!(file("a.ann", "T1\tPER 0 1\ta\n"), Likeness::Sure);
        assert_eq!(file("a.ann", ""), Likeness::Likely);
        assert_eq!(file("a.txt", "T1\tPER 0 1\ta\n"), Likeness::No);
    }
}
