//! Writing brat standoff: a text, its annotations, and the configuration that lists the types.
//!
//! Owns the writer. Names never become paths unescaped; ids that annotations had are given back. It must not hold more than one article
//! besides the names of files and types.

use crate::domain::offset::Span;
use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use crate::formats::brat::kept::KeptLines;
use crate::formats::brat::layer::held;
use crate::formats::brat::line::{NOTE_TYPE, id_of, line_from_text, orphans, type_from_label};
use crate::formats::brat::reader::{CONFIGURATION, FACTS};
use crate::formats::brat::text::{BratText, Newlines};
use crate::formats::brat::types::Types;
use crate::formats::file_name::{TakenNames, name_from_stem};
use crate::formats::files::Outputs;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{RecordWriter, WriteOptions, WrittenLabel};
use crate::formats::losses::Holding;
use crate::formats::problem::{FormatError, Place, Problem};
use std::collections::HashSet;
use std::sync::Arc;

/// The remark that says that every folder is an annotator's.
pub const BY_ANNOTATOR: &str = "# Every folder here holds what one annotator marked.";

/// How the folder of a layer begins whose annotator has no name; no escaped name is written so.
pub const NO_ANNOTATOR: &str = "%none";

/// The writer of a folder of brat's.
///
/// ```
/// use barchasb::domain::mention::Origin;
/// use barchasb::domain::offset::Span;
/// use barchasb::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
/// use barchasb::formats::brat::writer::BratWriter;
/// use barchasb::formats::files::MemoryFiles;
/// use barchasb::formats::format::{RecordWriter, WriteOptions};
/// let mention = MentionRecord { span: Span::from_chars(5, 8), label: "PER".into(), note: None, origin: Origin::Hand };
/// let layer = LayerRecord { mentions: vec![mention], ..LayerRecord::default() };
/// let article = ArticleRecord { name: Some("../1".into()), text: "a\r\nb علی".into(), layers: vec![layer], ..ArticleRecord::default() };
/// let files = MemoryFiles::default();
/// let mut writer = BratWriter::new(Box::new(files.clone()), &WriteOptions::default());
/// writer.write(&article, &mut Vec::new()).unwrap();
/// assert_eq!(files.contents()["%2E.%2F1.ann"], "T1\tPER 4 7\tعلی\n".as_bytes());
/// ```
pub struct BratWriter {
    outputs: Box<dyn Outputs>,
    labels: Arc<[WrittenLabel]>,
    types: Types,
    names: TakenNames,
    /// Labels that stand under another name, said once.
    said: HashSet<String>,
    by_annotator: bool,
    records: u64,
}

impl BratWriter {
    /// A writer into `outputs`.
    #[must_use]
    pub fn new(outputs: Box<dyn Outputs>, options: &WriteOptions) -> Self {
        let labels = Arc::clone(&options.labels);
        let mut types = Types::default();
        for label in labels.iter() {
            types.add_entity(&type_from_label(&label.name));
        }
        let names = TakenNames::default();
        Self { outputs, labels, types, names, said: HashSet::new(), by_annotator: false, records: 0 }
    }

    fn write_file(&mut self, name: &str, parts: &[&str]) -> Result<(), FormatError> {
        let mut file = self.outputs.create(name)?;
        for part in parts {
            file.write_all(part.as_bytes())?;
        }
        Ok(file.flush()?)
    }

    /// The stem of an article's files.
    fn stem_of(&mut self, record: &ArticleRecord, place: Place, problems: &mut Vec<Problem>) -> String {
        let Some(name) = &record.name else { return self.names.stem_for(&format!("article-{}", self.records)) };
        let stem = self.names.stem_for(name);
        if name_from_stem(&stem).as_ref() != Some(name) {
            problems.push(Problem::foreign(place, Foreign::NotHeld { what: Held::Name, count: 1 }));
        }
        stem
    }

    fn annotations(
        &mut self,
        text: &BratText,
        layer: &LayerRecord,
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> String {
        let kept = KeptLines::of_layer(layer);
        let mut kept_ids = kept.by_mention();
        let known: Vec<_> = layer.mentions.iter().map(|mention| kept_ids.take(mention)).collect();
        let mut free = FreeIds::of_kept(&kept);
        let mut there = Vec::new();
        let (mut bounds, mut notes, mut changed_notes) = (String::new(), String::new(), 0);
        for (mention, known) in layer.mentions.iter().zip(known) {
            let Some((span, places, surface)) = pieces_of(text, mention) else {
                let (label, span, what) = (mention.label.clone(), mention.span, Held::WhiteSpace);
                problems.push(Problem::foreign(place, Foreign::MentionNotHeld { label, span, what }));
                continue;
            };
            if span != mention.span {
                let (label, from, to) = (mention.label.clone(), mention.span, span);
                problems.push(Problem::foreign(place, Foreign::MentionMoved { label, from, to }));
            }
            let kind = type_from_label(&mention.label);
            self.say_renamed(&mention.label, &kind, place, problems);
            let id = known.map_or_else(|| free.next_bound(), |known| known.id.clone());
            bounds.push_str(&format!("{id}\t{kind} {places}\t{surface}\n"));
            if let Some(note) = &mention.note {
                let note_id = known.and_then(|known| known.note.clone()).unwrap_or_else(|| free.next_note());
                let line = note.replace(['\r', '\n'], " ");
                changed_notes += u64::from(line != *note);
                notes.push_str(&format!("{note_id}\t{NOTE_TYPE} {id}\t{line}\n"));
            }
            there.push(id);
        }
        if changed_notes > 0 {
            let finding = Foreign::NotHeld { what: Held::Character, count: changed_notes };
            problems.push(Problem::foreign(place, finding));
        }
        let there: HashSet<&str> = there.iter().map(String::as_str).collect();
        let lines = self.kept_lines(&kept, &there, place, problems);
        format!("{bounds}{lines}{notes}")
    }

    /// The kept lines that still speak of something.
    fn kept_lines(
        &mut self,
        kept: &KeptLines,
        there: &HashSet<&str>,
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> String {
        let lines: Vec<&str> = kept.lines.iter().map(String::as_str).collect();
        let orphans: HashSet<usize> = orphans(&lines, there).into_iter().map(|(at, _)| at).collect();
        let mut lost: Vec<(Held, u64)> = Vec::new();
        let mut written = String::new();
        for (at, line) in lines.iter().enumerate() {
            let says = line_from_text(line);
            if !orphans.contains(&at) {
                self.types.add_line(&says);
                written.push_str(line);
                written.push('\n');
            } else if let Some(what) = held(&says) {
                match lost.iter_mut().find(|(held, _)| *held == what) {
                    Some((_, count)) => *count += 1,
                    None => lost.push((what, 1)),
                }
            }
        }
        let gone = |(what, count)| Problem::foreign(place, Foreign::CarriedLost { what, count });
        problems.extend(lost.into_iter().map(gone));
        written
    }

    fn say_renamed(&mut self, label: &str, kind: &str, place: Place, problems: &mut Vec<Problem>) {
        self.types.add_entity(kind);
        if label != kind && self.said.insert(label.to_owned()) {
            let finding = Foreign::LabelRenamed { label: label.to_owned(), written: kind.to_owned() };
            problems.push(Problem::foreign(place, finding));
        }
    }
}

impl RecordWriter for BratWriter {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        self.records += 1;
        let place = Place { record: Some(self.records), ..Place::default() };
        let by_annotator = record.layers.len() > 1;
        self.by_annotator |= by_annotator;
        let mut holds = FACTS.holds.to_vec();
        holds.extend(by_annotator.then_some(Held::Annotator));
        problems.extend(Holding { holds: &holds, ..Holding::of(&FACTS) }.losses(record, place));
        let stem = self.stem_of(record, place, problems);
        // Reading takes one mark off, so a text that begins with one gets another.
        let marked = record.text.starts_with('\u{FEFF}');
        let mark = if marked { "\u{FEFF}" } else { "" };
        let text = BratText::new(&record.text, Newlines::Universal, marked);
        let mut folders = TakenNames::default();
        if record.layers.is_empty() {
            self.write_file(&format!("{stem}.txt"), &[mark, &record.text])?;
            self.write_file(&format!("{stem}.ann"), &[])?;
        }
        for (number, layer) in record.layers.iter().enumerate() {
            let folder = layer.annotator.as_deref().map(|name| folders.stem_for(name));
            let folder = folder.unwrap_or_else(|| format!("{NO_ANNOTATOR}{}", number + 1));
            let path = if by_annotator { format!("{folder}/{stem}") } else { stem.clone() };
            let annotations = self.annotations(&text, layer, place, problems);
            self.write_file(&format!("{path}.txt"), &[mark, &record.text])?;
            self.write_file(&format!("{path}.ann"), &[&annotations])?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        let remark = if self.by_annotator { format!("{BY_ANNOTATOR}\n") } else { String::new() };
        let configuration = self.types.configuration();
        self.write_file(CONFIGURATION, &[&remark, &configuration])?;
        let looks = self.types.looks(&self.labels);
        self.write_file("visual.conf", &[&looks])
    }
}

/// A mention without the newlines at its edges, which brat cannot hold; its pieces, cut at newlines as brat cuts them; and their texts
/// joined by spaces. `None` when there is nothing but newlines.
fn pieces_of(text: &BratText, mention: &MentionRecord) -> Option<(Span, String, String)> {
    // An edge inside a CRLF stands beside one of its two characters, so it is taken off too.
    let counted = text.counted_around(mention.span);
    let mut pieces: Vec<(usize, usize, &str)> = Vec::new();
    let mut at = counted.start.get();
    for line in text.slice(counted).split('\n') {
        let end = at + line.chars().count();
        if !line.is_empty() {
            pieces.push((at, end, line));
        }
        at = end + 1;
    }
    let counted = Span::from_chars(pieces.first()?.0, pieces.last()?.1);
    let surface: Vec<&str> = pieces.iter().map(|(_, _, line)| *line).collect();
    let places: Vec<String> = pieces.iter().map(|(start, end, _)| format!("{start} {end}")).collect();
    Some((text.real_from_counted(counted)?, places.join(";"), surface.join(" ")))
}

/// Numbers of ids from here on are not counted on.
const HUGE: u64 = 1 << 32;

/// Ids that neither mentions nor lines have.
struct FreeIds {
    bound: u64,
    note: u64,
}

impl FreeIds {
    fn of_kept(kept: &KeptLines) -> Self {
        let of_mentions = kept.mentions.iter().flat_map(|kept| [Some(kept.id.as_str()), kept.note.as_deref()]);
        let of_lines = kept.lines.iter().map(|line| Some(id_of(line)));
        let mut free = Self { bound: 0, note: 0 };
        for id in of_mentions.chain(of_lines).flatten() {
            // The next number after a huge one might be taken; after the others there is always a free one.
            let number =
                |prefix| id.strip_prefix(prefix).and_then(|n: &str| n.parse::<u64>().ok()).filter(|n| *n < HUGE);
            free.bound = free.bound.max(number('T').unwrap_or(0));
            free.note = free.note.max(number('#').unwrap_or(0));
        }
        free
    }

    fn next_bound(&mut self) -> String {
        self.bound += 1;
        format!("T{}", self.bound)
    }

    fn next_note(&mut self) -> String {
        self.note += 1;
        format!("#{}", self.note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Status;
    use crate::formats::format::{Format, ReadOptions};
    use crate::formats::trial::{article, articles, mention, read_files, round_trip, said, written};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn text_of(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
        String::from_utf8(files[name].clone()).unwrap()
    }

    /// An article, the lines of its annotations, and what is said.
    fn check(record: &ArticleRecord, expected: &str, problems: &[&str]) {
        let (files, found) = written(Format::BRAT, std::slice::from_ref(record), &WriteOptions::default());
        assert_eq!(text_of(&files, "a.ann"), expected);
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), problems);
    }

    #[test]
    fn newlines_cut_a_mention() {
        let text = "a\r\n\r\nb c\n\n";
        let moved = |from: &str, to: &str| {
            format!("record 1: X at {from} was written as {to}, the nearest edges that the format can hold")
        };
        check(
            &article("a", text, &[(0, 6, "X"), (5, 8, "geo loc"), (7, 10, "X"), (0, 2, "X"), (1, 5, "X")]),
            "T1\tX 0 1;3 4\ta b\nT2\tgeo_x20_loc 3 6\tb c\nT3\tX 5 6\tc\nT4\tX 0 1\ta\n",
            &[
                "record 1: the label \"geo loc\" stands in the file as \"geo_x20_loc\", since names hold no such characters there",
                &moved("7..10", "7..8"),
                &moved("0..2", "0..1"),
                "record 1: X at 1..5 was left out: this format cannot hold white space other than one space",
            ],
        );
    }

    #[test]
    fn kept_lines_come_back_with_their_ids() {
        let annotations = "T3\tX 0 1\ta\n#9\tAnnotatorNotes T3\tn\nT5\tY 2 3\tb\nR1\tOf A:T3 B:T5\nA1\tNeg T3\n?\n";
        let files = BTreeMap::from([("a.txt".into(), b"a b c".to_vec()), ("a.ann".into(), annotations.into())]);
        let (mut records, _) = read_files(Format::BRAT, files, &ReadOptions::default()).unwrap();
        let whole = "T3\tX 0 1\ta\nT5\tY 2 3\tb\nR1\tOf A:T3 B:T5\nA1\tNeg T3\n?\n#9\tAnnotatorNotes T3\tn\n";
        check(&records[0], whole, &[]);
        let layer = &mut records[0].layers[0];
        layer.mentions[1] = mention(4, 5, "Y");
        layer.mentions[1].note = Some("x\ny".into());
        check(
            &records[0],
            "T3\tX 0 1\ta\nT6\tY 4 5\tc\nA1\tNeg T3\n?\n#9\tAnnotatorNotes T3\tn\n#10\tAnnotatorNotes T6\tx y\n",
            &[
                "record 1: characters (1) cannot be held in this format and were left out",
                "record 1: relations (1) speak of mentions that are no longer there and were left out",
            ],
        );
    }

    #[test]
    fn every_annotator_has_a_folder() {
        let mut both = article("news/1", "a b", &[(0, 1, "X")]);
        both.layers[0].annotator = Some("../z".into());
        both.layers.push(LayerRecord { annotator: Some("علی".into()), ..LayerRecord::default() });
        both.layers.push(article("", "", &[(2, 3, "X")]).layers.remove(0));
        let one = article("b", "a b", &[(0, 1, "X")]);
        let (files, _) = written(Format::BRAT, &[both.clone(), one.clone()], &WriteOptions::default());
        let names: Vec<&str> = files.keys().map(String::as_str).filter(|name| name.ends_with("ann")).collect();
        assert_eq!(names, ["%2E.%2Fz/news%2F1.ann", "%none3/news%2F1.ann", "b.ann", "علی/news%2F1.ann"]);
        let (read, said) = round_trip(Format::BRAT, &[both.clone(), one.clone()]);
        assert!(said.is_empty(), "{said:?}");
        both.layers.swap(1, 2);
        assert_eq!(read, [one, both]);
    }

    #[test]
    fn a_mark_that_is_text_stays() {
        let record = article("a", "\u{feff}ab", &[(0, 1, "X"), (1, 3, "X")]);
        let (files, _) = written(Format::BRAT, std::slice::from_ref(&record), &WriteOptions::default());
        assert_eq!(text_of(&files, "a.ann"), "T1\tX 1 2\t\u{feff}\nT2\tX 2 4\tab\n");
        let (read, found) = round_trip(Format::BRAT, std::slice::from_ref(&record));
        assert_eq!(read, [record]);
        assert_eq!(found, ["a.txt: byte 0: a UTF-8 byte order mark was taken off"]);
    }

    #[test]
    fn names_do_not_clash() {
        let mut done = article("A", "a", &[]);
        done.layers[0].status = Status::Done;
        let (files, found) = written(Format::BRAT, &[article("a", "a", &[]), done], &WriteOptions::default());
        assert_eq!(
            files.keys().collect::<Vec<_>>(),
            ["A~2.ann", "A~2.txt", "a.ann", "a.txt", "annotation.conf", "visual.conf"]
        );
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "record 2: the status of layers (1) cannot be held in this format and were left out",
                "record 2: ids of articles (1) cannot be held in this format and were left out",
            ]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_was_written_is_read_back(records in articles()) {
            let (read, found) = round_trip(Format::BRAT, &records);
            prop_assert_eq!(read.len(), records.len());
            for (record, read) in records.iter().zip(&read) {
                prop_assert_eq!((&record.name, &record.text), (&read.name, &read.text));
                let chars: Vec<char> = record.text.chars().collect();
                let is_newline = |at: usize| matches!(chars[at], '\r' | '\n');
                let held: Vec<String> = record.layers[0].mentions.iter().filter_map(|mention| {
                    let (mut start, mut end) = (mention.span.start.get(), mention.span.end.get());
                    while start < end && is_newline(start) { start += 1; }
                    while start < end && is_newline(end - 1) { end -= 1; }
                    (start < end).then(|| format!("{} {start}..{end}", mention.label))
                }).collect();
                prop_assert_eq!(said(read), held);
            }
            prop_assert!(found.iter().all(|said| said.contains(" was written as ") || said.contains("white space")), "{:?}", found);
        }
    }
}
