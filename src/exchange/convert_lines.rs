//! Converting a file of lines in pieces, by all processors, into lines or rows.
//!
//! Owns cutting at line ends, the pieces' way through the workers and back in order, and the places of their problems. What only the whole
//! file can tell, as the unit that its surfaces prove, is left to the caller: a piece in which that may matter ends the attempt.

use crate::domain::record::ArticleRecord;
use crate::exchange::convert::ConvertError;
use crate::exchange::counted::{CountedPart, Delivered};
use crate::exchange::delivery::{Delivery, DeliveryError};
use crate::exchange::plan::Plan;
use crate::formats::decoding::as_u64;
use crate::formats::files::{Sink, Source};
use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Format, ReadOptions, open_reader, open_writer};
use crate::formats::problem::{FormatError, Place, Problem, ProblemKind};
use crate::formats::problem_fold::ProblemFold;
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// How many problems are kept until it is known that the attempt holds; a file with more is converted the slower way.
const MOST_PROBLEMS: usize = 100_000;

/// How the work is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How many threads read and write pieces; fewer than two for none.
    pub workers: usize,
    /// How large a piece is, in bytes, up to the next line end.
    pub piece_bytes: usize,
}

impl Default for Pace {
    /// A worker for every processor, eight at most: the disk and one thread that writes cannot feed more. Pieces of 1 MiB.
    fn default() -> Self {
        Self { workers: thread::available_parallelism().map_or(1, |count| count.get().min(8)), piece_bytes: 1 << 20 }
    }
}

/// A conversion from lines to lines.
pub struct Lines<'a> {
    /// The format that is read.
    pub from: Format,
    /// What is written: one file.
    pub plan: &'a Plan,
    /// What the readers are told.
    pub read: &'a ReadOptions,
    /// How the work is shared.
    pub pace: Pace,
}

/// A piece of the file.
struct Piece {
    bytes: Vec<u8>,
}

/// What became of a piece.
struct Worked {
    lines: Vec<u8>,
    problems: Vec<(Side, Problem)>,
    count: Delivered,
    part: CountedPart,
    skipped: BTreeMap<String, u64>,
    before: Counts,
    /// Whether the whole file must be looked at.
    gives_up: bool,
}

/// Who found a problem.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Reading,
    Writing,
}

/// How much of the input a piece is.
#[derive(Clone, Copy, Default)]
struct Counts {
    bytes: u64,
    lines: u64,
    records: u64,
}

impl Counts {
    fn of(bytes: &[u8]) -> Self {
        let lines = line_feeds(bytes);
        let ends_within = bytes.last().is_some_and(|byte| *byte != b'\n');
        let mut records = lines + u64::from(ends_within);
        // A blank line begins the piece or follows a line feed, and has white space at its beginning: most pieces have none.
        let follows = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
        let may_be_blank = follows.fold(false, |found, (one, two)| found | ((*one == b'\n') & (*two <= b' ')));
        if may_be_blank || bytes.first().is_some_and(|byte| *byte <= b' ') {
            let is_record = |line: &&[u8]| !line.trim_ascii().is_empty();
            records = as_u64(bytes.split_inclusive(|byte| *byte == b'\n').filter(is_record).count());
        }
        Self { bytes: as_u64(bytes.len()), lines, records }
    }

    fn add(&mut self, other: Self) {
        self.bytes += other.bytes;
        self.lines += other.lines;
        self.records += other.records;
    }
}

/// How many lines end.
fn line_feeds(bytes: &[u8]) -> u64 {
    // Short stretches, whose counts fit a byte, are counted many bytes at a time.
    let ends = |stretch: &[u8]| stretch.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>();
    bytes.chunks(128).map(|stretch| u64::from(ends(stretch))).sum()
}

impl Lines<'_> {
    /// Converts a file; `None` when it has to be read as a whole, and nothing was written or said then.
    ///
    /// # Errors
    /// [`ConvertError`] when the target cannot be written, or the caller stops it.
    pub fn convert(
        &self,
        mut file: &File,
        target: &Path,
        said: &mut dyn FnMut(&Problem),
        progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Option<Delivered>, ConvertError> {
        let size = file.metadata().map(|metadata| metadata.len()).unwrap_or_default();
        if self.pace.workers < 2 || size <= as_u64(self.pace.piece_bytes) {
            return Ok(None);
        }
        let mut delivery = Delivery::begin_lines(target, self.plan.clone())?;
        let mut told = Told::default();
        let outcome = thread::scope(|scope| {
            // Every worker has its own way in and out, and pieces go round: what comes back is in order, and little waits.
            let (mut ways_in, mut ways_out) = (Vec::new(), Vec::new());
            for _ in 0..self.pace.workers {
                let (way_in, pieces) = sync_channel::<Piece>(1);
                let (way_out, worked) = sync_channel::<Worked>(1);
                scope.spawn(move || {
                    for piece in pieces {
                        if way_out.send(self.work(piece.bytes)).is_err() {
                            break;
                        }
                    }
                });
                ways_in.push(way_in);
                ways_out.push(worked);
            }
            let cutter = scope.spawn(move || self.cut(file, &ways_in));
            let gathered = gather(ways_out, &mut delivery, &mut told, progress);
            let cut = cutter.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into()));
            gathered.map(|whole| whole && cut.unwrap_or(false))
        })?;
        if !outcome || delivery.count().articles == 0 {
            drop(delivery);
            // The reader of the whole begins at the beginning.
            let rewound = file.seek(SeekFrom::Start(0));
            return rewound.map(|_| None).map_err(|error| DeliveryError::Format(error.into()).into());
        }
        told.tell(said);
        Ok(Some(delivery.finish(said)?))
    }

    /// Cuts the file and hands the pieces round; `false` when a line is longer than a record may be.
    fn cut(&self, mut file: &File, ways_in: &[SyncSender<Piece>]) -> io::Result<bool> {
        file.seek(SeekFrom::Start(0))?;
        let most = usize::try_from(self.read.limits.record_bytes).unwrap_or(usize::MAX);
        let mut rest = Vec::new();
        for way_in in ways_in.iter().cycle() {
            let mut bytes = std::mem::take(&mut rest);
            let mut searched = 0;
            let end = loop {
                let wanted = self.pace.piece_bytes;
                let read = Read::by_ref(&mut file).take(as_u64(wanted)).read_to_end(&mut bytes)?;
                if read == 0 {
                    break bytes.len();
                }
                let new = bytes.get(searched..).unwrap_or_default();
                if let Some(end) = new.iter().rposition(|byte| *byte == b'\n') {
                    break searched + end + 1;
                }
                searched = bytes.len();
                if searched > most {
                    return Ok(false);
                }
            };
            if bytes.is_empty() {
                break;
            }
            rest = bytes.split_off(end);
            // A worker that is gone has nobody to work for.
            if way_in.send(Piece { bytes }).is_err() {
                break;
            }
        }
        Ok(true)
    }

    /// Reads and writes a piece with the readers and writers that the whole file would have.
    fn work(&self, bytes: Vec<u8>) -> Worked {
        let mut worked = Worked {
            lines: Vec::new(),
            problems: Vec::new(),
            count: Delivered::default(),
            part: CountedPart::default(),
            skipped: BTreeMap::new(),
            before: Counts::of(&bytes),
            gives_up: false,
        };
        if worked.before.records > 0 && self.work_through(bytes, &mut worked).is_err() {
            worked.gives_up = true;
        }
        worked.gives_up |= worked.problems.iter().any(|(side, problem)| match side {
            Side::Reading => is_of_the_whole(problem),
            // Rows of tokens say so once of a label, however many pieces it is in.
            Side::Writing => !self.plan.format.lines && is_of_a_label(problem),
        });
        worked
    }

    fn work_through(&self, bytes: Vec<u8>, worked: &mut Worked) -> Result<(), FormatError> {
        let lines = SharedBytes::default();
        let mut reader = open_reader(self.from, Source::from_bytes(bytes), self.read)?;
        let mut writer = open_writer(self.plan.format, Sink::One(Box::new(lines.clone())), &self.plan.write)?;
        let mut found = Vec::new();
        loop {
            let next = reader.next_record(&mut found)?;
            worked.problems.extend(found.drain(..).map(|problem| (Side::Reading, problem)));
            let Some(mut record) = next else { break };
            worked.gives_up |= !self.plan.format.lines && carries_for(&record, self.plan.format);
            if self.plan.admits(&mut record, &mut worked.skipped) {
                writer.write(&record, &mut found)?;
                worked.count.add(&record, &found);
                worked.part.add(&record, &found);
                worked.problems.extend(found.drain(..).map(|problem| (Side::Writing, problem)));
            }
        }
        writer.finish()?;
        worked.lines = lines.take();
        Ok(())
    }
}

/// Takes the pieces in their order and writes them; `false` when one gave up.
fn gather(
    ways_out: Vec<Receiver<Worked>>,
    delivery: &mut Delivery,
    told: &mut Told,
    progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<bool, ConvertError> {
    let (mut before, mut written) = (Counts::default(), 0);
    for way_out in ways_out.iter().cycle() {
        // The first that has nothing to give is the one whose turn the end of the file would have been.
        let Ok(worked) = way_out.recv() else { break };
        if worked.gives_up || told.problems.len() > MOST_PROBLEMS {
            return Ok(false);
        }
        if progress(delivery.count().articles).is_break() {
            return Err(ConvertError::Stopped);
        }
        for (side, problem) in worked.problems {
            let place = problem.place;
            let place = match side {
                Side::Reading => Place {
                    record: place.record.map(|record| record + before.records),
                    line: place.line.map(|line| line + before.lines),
                    file_byte: place.file_byte.map(|byte| byte + before.bytes),
                    ..place
                },
                Side::Writing => Place { record: place.record.map(|record| record + written), ..place },
            };
            told.add(side, Problem { place, ..problem });
        }
        delivery.write_lines(&worked.lines, worked.count, &worked.part, &worked.skipped)?;
        written += line_feeds(&worked.lines);
        before.add(worked.before);
    }
    Ok(true)
}

/// Whether a problem says that mentions were counted in a unit that the whole file must prove.
fn is_of_the_whole(problem: &Problem) -> bool {
    matches!(problem.finding.kind(), ProblemKind::Span | ProblemKind::Unit)
}

/// Whether an article or a layer of it carries something for a format.
fn carries_for(record: &ArticleRecord, format: Format) -> bool {
    record.carried_for(format.name).is_some()
        || record.layers.iter().any(|layer| layer.carried_for(format.name).is_some())
}

/// Whether a problem says that a label cannot be written as it is.
fn is_of_a_label(problem: &Problem) -> bool {
    matches!(problem.finding, Finding::Foreign(Foreign::NotHeld { what: Held::Character, .. }))
}

/// Whether files of a format that are written apart can be joined: lines, and rows of tokens, which have neither head nor end.
///
/// What columns such rows have is told by the first article that carries some: then the file is converted whole.
#[must_use]
pub fn can_be_joined(from: Format, to: Format) -> bool {
    to.lines || (from == Format::JSONL && [Format::CONLL, Format::CONLL_2003].contains(&to))
}

/// The problems of all pieces as one file's: what is said once of a file is said once, and what is counted is added up.
#[derive(Default)]
struct Told {
    problems: Vec<Problem>,
    once: HashSet<String>,
    fold: ProblemFold,
}

impl Told {
    fn add(&mut self, side: Side, problem: Problem) {
        let Some(problem) = self.fold.add(problem) else { return };
        let is_of_file = side == Side::Reading && problem.place == Place::default();
        let is_once = is_of_file || problem.finding.kind() == ProblemKind::UnknownKey;
        if !is_once || self.once.insert(problem.finding.to_string()) {
            self.problems.push(problem);
        }
    }

    fn tell(mut self, said: &mut dyn FnMut(&Problem)) {
        self.problems.iter().chain(&self.fold.finish()).for_each(said);
    }
}

/// Bytes that a writer fills and a worker takes.
#[derive(Clone, Default)]
struct SharedBytes(Arc<Mutex<Vec<u8>>>);

impl SharedBytes {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for SharedBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::convert::{ConvertOptions, convert};
    use crate::exchange::delivery::Target;
    use crate::exchange::import::ImportOptions;
    use crate::formats::offset_unit::OffsetUnit;
    use proptest::prelude::*;

    /// The bytes, what was said, and what was counted, or why not.
    fn converted(file: &str, plan: &Plan, pace: Pace) -> (Option<Vec<u8>>, Vec<String>, Result<Delivered, String>) {
        let folder = tempfile::tempdir().unwrap();
        let (input, output) = (folder.path().join("in.jsonl"), folder.path().join("out.jsonl"));
        std::fs::write(&input, file).unwrap();
        let options = ConvertOptions { read: ImportOptions::of(""), plan: plan.clone(), pace };
        let mut said = Vec::new();
        let mut say = |problem: &Problem| said.push(problem.to_string());
        let done = convert(&input, Target::Path(&output), &options, &mut say, &mut |_| ControlFlow::Continue(()));
        let done =
            done.map(|done| done.delivered).map_err(|error| error.to_string().replace(&*input.to_string_lossy(), "in"));
        (std::fs::read(&output).ok(), said, done)
    }

    fn plan(unit: OffsetUnit) -> Plan {
        let mut plan = Plan::of(Format::JSONL);
        plan.write.unit = unit;
        plan.labels = "SKIPPED=".parse().unwrap();
        plan
    }

    /// That pieces give what the whole gives.
    fn check(file: &str, unit: OffsetUnit, piece_bytes: usize) {
        let whole = converted(file, &plan(unit), Pace { workers: 1, piece_bytes });
        assert_eq!(converted(file, &plan(unit), Pace { workers: 3, piece_bytes }), whole, "{file}");
    }

    const LINES: [&str; 10] = [
        r#"{"id":"1","text":"علی آمد","spans":[{"start":0,"end":3,"label":"PER","text":"علی"}]}"#,
        r#"{"id":"2","text":"علی آمد","spans":[{"start":0,"end":3,"label":"SKIPPED"}],"annotator":"زهرا"}"#,
        r#"{"text":"رفت","source":"مهر"}"#,
        "{\"text\":\"e\u{301}x\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"CUT\"}]}",
        r#"{"text":"a","meta":[1],"spans":[{"start":0,"end":1,"label":"PER","odd":1}]}"#,
        "",
        "  \r",
        "{bad",
        "{}",
        r#"{"text":"b\u0000","status":"strange"}"#,
    ];
    /// Its unit is UTF-16, which a file proves by it.
    const UTF16: &str = r#"{"text":"😀 علی","spans":[{"start":3,"end":6,"label":"PER","text":"علی"}]}"#;
    const MISFIT: &str = r#"{"text":"علی","spans":[{"start":0,"end":9,"label":"PER"}]}"#;

    #[test]
    fn places_are_those_of_the_whole_file() {
        let file = [&LINES[..], &LINES[..], &LINES[..]].concat().join("\n");
        check(&file, OffsetUnit::CodePoint, 100);
        check(&file, OffsetUnit::Grapheme, 1);
        check(&format!("\u{feff}{file}\n"), OffsetUnit::Byte, 300);
        check("\n\n \n", OffsetUnit::CodePoint, 1);
        let said = converted(&file, &plan(OffsetUnit::Grapheme), Pace { workers: 3, piece_bytes: 50 }).1;
        assert!(said.iter().any(|said| said.starts_with("record 14, line 18, column")), "{said:?}");
    }

    #[test]
    fn rows_of_tokens_can_be_joined() {
        let check = |lines: &[&str]| {
            let file = lines.repeat(5).join("\n");
            for format in [Format::CONLL, Format::CONLL_2003] {
                let uncounted = |(bytes, mut said, done): (Option<Vec<u8>>, Vec<String>, _)| {
                    said.retain(|said| !said.contains("cannot be held"));
                    (bytes, said, done)
                };
                let whole = converted(&file, &Plan::of(format), Pace { workers: 1, piece_bytes: 90 });
                let pieces = converted(&file, &Plan::of(format), Pace { workers: 3, piece_bytes: 90 });
                assert_eq!(uncounted(pieces), uncounted(whole), "{file}");
            }
        };
        check(&LINES);
        check(&[
            r#"{"text":"علی آمد. رفت","spans":[{"start":0,"end":3,"label":"A B"},{"start":1,"end":6,"label":"X"}]}"#,
        ]);
    }

    #[test]
    fn articles_that_carry_columns_are_converted_whole() {
        use crate::formats::trial::{ONE, read, written};
        let rows = "Ali NNP I-NP B-PER\ncame VBD I-VP O\n";
        let (records, _) = read(Format::CONLL, rows, &ReadOptions::default()).unwrap();
        let (files, _) = written(Format::JSONL, &records, &crate::formats::format::WriteOptions::default());
        let carrying = String::from_utf8(files[ONE].clone()).unwrap();
        assert!(carrying.contains(r#""carried":{"article":{"conll":"#), "{carrying}");
        let file = format!("{}\n{}", [LINES[0]; 5].join("\n"), carrying.repeat(5));
        let with = |workers| converted(&file, &Plan::of(Format::CONLL), Pace { workers, piece_bytes: 90 });
        assert_eq!(with(3), with(1));
    }

    #[test]
    fn a_unit_is_proven_by_the_whole_file() {
        let usual = [LINES[0]; 20].join("\n");
        check(&format!("{usual}\n{UTF16}\n{usual}"), OffsetUnit::CodePoint, 200);
        check(&format!("{usual}\n{UTF16}\n{MISFIT}"), OffsetUnit::CodePoint, 200);
        let (bytes, said, _) = converted(
            &format!("{usual}\n{UTF16}\n"),
            &plan(OffsetUnit::CodePoint),
            Pace { workers: 2, piece_bytes: 200 },
        );
        assert!(said[0].contains("utf16"), "{said:?}");
        assert!(String::from_utf8(bytes.unwrap()).unwrap().contains(r#""start":2,"end":5"#));
    }

    #[test]
    fn it_can_be_stopped_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (input, output) = (folder.path().join("in.jsonl"), folder.path().join("out.jsonl"));
        std::fs::write(&input, [LINES[0]; 50].join("\n")).unwrap();
        for workers in [1, 2] {
            let pace = Pace { workers, piece_bytes: 200 };
            let options = ConvertOptions { read: ImportOptions::of(""), plan: plan(OffsetUnit::CodePoint), pace };
            let mut progress = |done| if done > 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            let done = convert(&input, Target::Path(&output), &options, &mut |_| (), &mut progress);
            assert!(matches!(done, Err(ConvertError::Stopped)));
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn pieces_give_what_the_whole_gives(
            lines in proptest::collection::vec(0..LINES.len() * 4, 0..40),
            odd in proptest::option::of(proptest::sample::select(&[UTF16, MISFIT][..])),
            piece_bytes in 1..800_usize,
            ends in any::<bool>(),
        ) {
            let mut lines: Vec<&str> = lines.iter().map(|line| LINES.get(*line).copied().unwrap_or(LINES[0])).collect();
            lines.extend(odd);
            let file = lines.join("\n") + if ends { "\n" } else { "" };
            check(&file, OffsetUnit::Grapheme, piece_bytes);
        }
    }
}
