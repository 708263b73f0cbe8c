//! Converting a file of lines in pieces, by all processors.
//!
//! Owns cutting at line ends, the pieces' way through the workers and back in order, and the places of their problems. What only the whole
//! file can tell, as the unit that its surfaces prove, is left to the caller: a piece in which that may matter ends the attempt.

use crate::exchange::convert::ConvertError;
use crate::exchange::counted::{CountedPart, Delivered};
use crate::exchange::delivery::{Delivery, DeliveryError};
use crate::exchange::plan::Plan;
use crate::formats::files::{Sink, Source};
use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Format, ReadOptions, open_reader, open_writer};
use crate::formats::problem::{FormatError, Place, Problem, ProblemKind};
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
    /// A worker for every processor, eight at most: the disk and one thread that writes cannot feed more. Pieces of 4 MiB.
    fn default() -> Self {
        Self { workers: thread::available_parallelism().map_or(1, |count| count.get().min(8)), piece_bytes: 4 << 20 }
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
        let mut counts = Self { bytes: as_u64(bytes.len()), ..Self::default() };
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            counts.lines += u64::from(line.ends_with(b"\n"));
            counts.records += u64::from(!line.trim_ascii().is_empty());
        }
        counts
    }

    fn add(&mut self, other: Self) {
        self.bytes += other.bytes;
        self.lines += other.lines;
        self.records += other.records;
    }
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
        worked.gives_up |=
            worked.problems.iter().any(|(side, problem)| *side == Side::Reading && is_of_the_whole(problem));
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
            told.add(Problem { place, ..problem });
        }
        delivery.write_lines(&worked.lines, worked.count, &worked.part, &worked.skipped)?;
        written += as_u64(worked.lines.iter().filter(|byte| **byte == b'\n').count());
        before.add(worked.before);
    }
    Ok(true)
}

/// Whether a problem says that mentions were counted in a unit that the whole file must prove.
fn is_of_the_whole(problem: &Problem) -> bool {
    matches!(problem.finding.kind(), ProblemKind::Span | ProblemKind::Unit)
}

/// The problems of all pieces as one file's: what is said once of a file is said once, and what is counted is added up.
#[derive(Default)]
struct Told {
    problems: Vec<Problem>,
    once: HashSet<String>,
    counted: Vec<Foreign>,
}

impl Told {
    fn add(&mut self, problem: Problem) {
        let is_of_file = problem.place == Place::default();
        if let (true, Finding::Foreign(foreign)) = (is_of_file, &problem.finding)
            && counted(foreign).is_some()
        {
            let same =
                self.counted.iter_mut().find(|known| counted(known).map(|of| of.0) == counted(foreign).map(|of| of.0));
            match same {
                Some(known) => add_count(known, counted(foreign).map_or(0, |of| of.1)),
                None => self.counted.push(foreign.clone()),
            }
            return;
        }
        let is_once = is_of_file || problem.finding.kind() == ProblemKind::UnknownKey;
        if !is_once || self.once.insert(problem.finding.to_string()) {
            self.problems.push(problem);
        }
    }

    fn tell(self, said: &mut dyn FnMut(&Problem)) {
        let counted = self.counted.into_iter().map(|foreign| Problem::foreign(Place::default(), foreign));
        self.problems.into_iter().chain(counted).for_each(|problem| said(&problem));
    }
}

/// What a finding counts: which finding of what, and how many.
fn counted(foreign: &Foreign) -> Option<((u8, Option<Held>), u64)> {
    match foreign {
        Foreign::Carried { what, count } => Some(((0, Some(*what)), *count)),
        Foreign::NotTaken { what, count } => Some(((1, Some(*what)), *count)),
        Foreign::NotHeld { what, count } => Some(((2, Some(*what)), *count)),
        Foreign::CarriedLost { what, count } => Some(((3, Some(*what)), *count)),
        Foreign::MentionsNotHeld { count } => Some(((4, None), *count)),
        Foreign::UnknownTags { count } => Some(((5, None), *count)),
        _ => None,
    }
}

fn add_count(foreign: &mut Foreign, more: u64) {
    if let Foreign::Carried { count, .. }
    | Foreign::NotTaken { count, .. }
    | Foreign::NotHeld { count, .. }
    | Foreign::CarriedLost { count, .. }
    | Foreign::MentionsNotHeld { count }
    | Foreign::UnknownTags { count } = foreign
    {
        *count += more;
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

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
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
