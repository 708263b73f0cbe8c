//! spaCy's DocBin (`.spacy`): writing articles as documents.
//!
//! Owns the writer. Every layer is a document of its own. Tokens are those the article's file brought, or our own; the white space between
//! them becomes words where it is not one space, so that the text of the document is the article's to the letter.
//!
//! Entities cannot share tokens. Of mentions that do, [`Nesting`] says which become entities; the
//! others go into the span group `sc`, where spaCy's span categoriser looks. The program's own `id`, `annotator`, `status` and `meta` go
//! into `user_data`. An article without a layer is written with all tags unknown.
//!
//! A DocBin says how long a column is before the column: the columns are packed as they come, and stand packed in memory until the end.

use crate::domain::offset::{Span, TokenSpan};
use crate::domain::projection::{Nesting, columned, tokens_from_span};
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::domain::segmentation::Segmentation;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{RecordWriter, WriteOptions};
use crate::formats::losses::Holding;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::spacy::bin_file::{ENT_IOB, ENT_TYPE, ORTH};
use crate::formats::spacy::bin_reader::FACTS;
use crate::formats::spacy::carried::{KeptDoc, KeptGroup, OwnData, PlacedSpan, SPANS_KEY, bytes_from_hex, push_groups};
use crate::formats::spacy::message_pack::{push_array, push_bin, push_bin_head, push_str};
use crate::formats::spacy::strings::StringIds;
use crate::formats::spacy::zlib_parts::{ZlibPart, join};
use crate::formats::tokens::kept::segmentation_of;
use crate::formats::tokens::spaced::SpacedWords;
use crate::formats::unsaid_status::unsaid_status;
use rustc_hash::FxHashSet;
use std::io::{self, Write};

/// The values of ENT_IOB.
const UNKNOWN: u64 = 0;
const INSIDE: u64 = 1;
const OUTSIDE: u64 = 2;
const BEGIN: u64 = 3;

/// The version that spaCy writes.
const VERSION: &str = "0.1";

/// The attributes of a row; spaCy makes the others from the words.
const ATTRS: [u64; 3] = [ORTH, ENT_IOB, ENT_TYPE];

/// The writer of a DocBin.
///
/// ```
/// use barchasb::domain::record::ArticleRecord;
/// use barchasb::formats::files::{MemoryFiles, Outputs, Source};
/// use barchasb::formats::format::{Format, ReadOptions, RecordWriter, WriteOptions, open_reader};
/// use barchasb::formats::spacy::bin_writer::SpacyBinWriter;
/// let mut files = MemoryFiles::default();
/// let mut writer = SpacyBinWriter::new(files.create("a.spacy").unwrap(), &WriteOptions::default());
/// writer.write(&ArticleRecord { text: "علی  آمد\r\n".into(), ..ArticleRecord::default() }, &mut Vec::new()).unwrap();
/// writer.finish().unwrap();
/// let source = Source::from_bytes(files.contents()["a.spacy"].clone());
/// let mut reader = open_reader(Format::SPACY, source, &ReadOptions::default()).unwrap();
/// assert_eq!(reader.next_record(&mut Vec::new()).unwrap().unwrap().text, "علی  آمد\r\n");
/// ```
pub struct SpacyBinWriter {
    output: Box<dyn Write + Send>,
    options: WriteOptions,
    strings: StringIds,
    columns: PackedColumns,
    documents: usize,
    records: u64,
    /// Room for the rows of one document.
    rows: Vec<[u64; 3]>,
    bytes: Vec<u8>,
}

#[derive(Default)]
struct PackedColumns {
    tokens: ZlibPart,
    spaces: ZlibPart,
    lengths: ZlibPart,
    cats: ZlibPart,
    flags: ZlibPart,
    span_groups: ZlibPart,
    user_data: ZlibPart,
}

/// An article whose words are known.
struct Placed<'a> {
    record: &'a ArticleRecord,
    cut: Segmentation,
    words: SpacedWords,
    kept: KeptDoc,
    place: Place,
}

/// What a layer's mentions become.
#[derive(Default)]
struct Marks<'a> {
    entities: Vec<(TokenSpan, &'a str)>,
    /// For the group `sc`.
    others: Vec<(TokenSpan, &'a str)>,
}

impl SpacyBinWriter {
    /// A writer into `output`.
    #[must_use]
    pub fn new(output: Box<dyn Write + Send>, options: &WriteOptions) -> Self {
        Self {
            output,
            options: options.clone(),
            strings: StringIds::default(),
            columns: PackedColumns::default(),
            documents: 0,
            records: 0,
            rows: Vec::new(),
            bytes: Vec::new(),
        }
    }

    fn write_doc(
        &mut self,
        placed: &Placed<'_>,
        layer: Option<&LayerRecord>,
        problems: &mut Vec<Problem>,
    ) -> Result<(), FormatError> {
        let mut groups = layer
            .and_then(|layer| layer.carried_for(FACTS.name))
            .and_then(|data| serde_json::from_str::<Vec<KeptGroup>>(data).ok())
            .unwrap_or_default();
        let marks = self.marks(placed, layer, &groups, problems);
        if !marks.others.is_empty() && !groups.iter().any(is_sc) {
            let name = SPANS_KEY.to_owned();
            groups.push(KeptGroup { keys: vec![name.clone()], name, ..KeptGroup::default() });
        }
        self.write_rows(placed, if layer.is_some() { OUTSIDE } else { UNKNOWN }, &marks.entities)?;
        self.write_groups(placed, &groups, &marks, problems)?;

        self.bytes.clear();
        self.bytes.extend(bytes_from_hex(&placed.kept.cats).filter(|cats| !cats.is_empty()).unwrap_or(vec![0x80]));
        self.columns.cats.add(&self.bytes)?;

        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let own = OwnData {
            id: placed.record.name.clone(),
            annotator: layer.and_then(|layer| layer.annotator.clone()),
            status: layer
                .filter(|layer| layer.status != unsaid_status(&layer.mentions))
                .map(|layer| layer.status.name().to_owned()),
            meta: text(placed.record.meta.trim()).filter(|meta| meta != "{}"),
        };
        let others: Vec<(Vec<u8>, Vec<u8>)> = (placed.kept.user_data.iter())
            .filter_map(|(key, value)| Some((bytes_from_hex(key)?, bytes_from_hex(value)?)))
            .collect();
        let mut packed = Vec::new();
        own.push(&others, &mut packed);
        self.bytes.clear();
        push_bin(&mut self.bytes, &packed);
        self.columns.user_data.add(&self.bytes)?;

        self.bytes.clear();
        // A map of one pair: its key, and false.
        self.bytes.push(0x81);
        push_str(&mut self.bytes, "has_unknown_spaces");
        self.bytes.push(0xC2);
        self.columns.flags.add(&self.bytes)?;
        self.documents += 1;
        Ok(())
    }

    /// Which mentions become entities and which stand in the group `sc`.
    fn marks<'a>(
        &self,
        placed: &Placed<'_>,
        layer: Option<&'a LayerRecord>,
        groups: &[KeptGroup],
        problems: &mut Vec<Problem>,
    ) -> Marks<'a> {
        // Spans that the file had in the group alone stay there alone.
        let in_group = groups.iter().filter(|group| is_sc(group)).flat_map(|group| &group.spans);
        let alone: FxHashSet<(usize, usize, &str)> =
            in_group.filter(|s| !s.is_entity).map(|s| (s.start, s.end, s.label.as_str())).collect();
        let mut marks = Marks::default();
        let mut free = Vec::new();
        let mut taken = FxHashSet::default();
        for mention in layer.map_or(&[][..], |layer| &layer.mentions) {
            let (label, span) = (mention.label.as_str(), mention.span);
            let in_group_alone = alone.contains(&(span.start.get(), span.end.get(), label));
            let found = tokens_from_span(&placed.cut, span, self.options.align)
                .and_then(|(tokens, moved)| Some((placed.words.words_from_tokens(tokens)?, moved)));
            match found {
                None => {
                    let left_out = Foreign::MentionNotHeld { label: label.to_owned(), span, what: Held::TokenEdge };
                    problems.push(Problem::foreign(placed.place, left_out));
                    continue;
                }
                Some((words, moved)) => {
                    if moved && let Some(to) = placed.span(words) {
                        let moved = Foreign::MentionMoved { label: label.to_owned(), from: span, to };
                        problems.push(Problem::foreign(placed.place, moved));
                    }
                    let range = words.range();
                    if !taken.insert((range.start, range.end, label)) {
                        let twice = Foreign::MentionNotHeld { label: label.to_owned(), span, what: Held::Overlap };
                        problems.push(Problem::foreign(placed.place, twice));
                        continue;
                    }
                    if in_group_alone { marks.others.push((words, label)) } else { free.push((words, label)) }
                }
            }
        }
        let nesting = match self.options.nesting {
            Nesting::Innermost => Nesting::Innermost,
            Nesting::Outermost | Nesting::Columns => Nesting::Outermost,
        };
        let spans: Vec<TokenSpan> = free.iter().map(|(words, _)| *words).collect();
        let columned = columned(&spans, nesting);
        let taken = |indices: &[usize]| indices.iter().filter_map(|at| free.get(*at)).copied().collect::<Vec<_>>();
        marks.entities = columned.columns.first().map(|column| taken(column)).unwrap_or_default();
        marks.others.extend(taken(&columned.left_out));
        marks.others.sort_unstable_by_key(|(words, label)| (words.start, words.end, *label));
        marks
    }

    fn write_rows(
        &mut self,
        placed: &Placed<'_>,
        free: u64,
        entities: &[(TokenSpan, &str)],
    ) -> Result<(), FormatError> {
        let words = placed.words.all();
        self.rows.clear();
        self.bytes.clear();
        for word in words {
            let text = word.token.bytes.slice(&placed.record.text).unwrap_or_default();
            self.rows.push([self.strings.id(text), free, 0]);
            self.bytes.push(u8::from(word.has_space));
        }
        self.columns.spaces.add(&self.bytes)?;
        for (words, label) in entities {
            let label = self.strings.id(label);
            let rows = self.rows.get_mut(words.range()).unwrap_or_default();
            for (number, [_, iob, of_row]) in rows.iter_mut().enumerate() {
                *iob = if number == 0 { BEGIN } else { INSIDE };
                *of_row = label;
            }
        }
        self.bytes.clear();
        for row in &self.rows {
            self.bytes.extend_from_slice(row.map(u64::to_le_bytes).as_flattened());
        }
        let tokens = &mut self.columns.tokens;
        tokens.add(&self.bytes)?;
        if tokens.len_bytes() > u64::from(u32::MAX) {
            let words =
                "a DocBin holds at most 4 GiB of tokens (about 178 million); write the articles into several files";
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, words).into());
        }
        let length = u32::try_from(words.len()).unwrap_or(u32::MAX);
        Ok(self.columns.lengths.add(&length.to_le_bytes())?)
    }

    fn write_groups(
        &mut self,
        placed: &Placed<'_>,
        groups: &[KeptGroup],
        marks: &Marks<'_>,
        problems: &mut Vec<Problem>,
    ) -> Result<(), FormatError> {
        self.bytes.clear();
        if groups.is_empty() {
            // What spaCy writes for no group: an empty list.
            push_bin(&mut self.bytes, &[0x90]);
            return Ok(self.columns.span_groups.add(&self.bytes)?);
        }
        let mut lost = 0;
        let mut all = Vec::new();
        for group in groups {
            let mut spans = Vec::new();
            let mut of_sc: Vec<(TokenSpan, &str)> = if is_sc(group) { marks.others.clone() } else { Vec::new() };
            for kept in &group.spans {
                let span = Span::from_chars(kept.start, kept.end);
                let Some(tokens) = placed.words.words_from_span(span) else {
                    lost += 1;
                    continue;
                };
                let mark = (tokens, kept.label.as_str());
                // In `sc` stand mentions: one that was taken away is gone there too.
                if is_sc(group) && !marks.others.contains(&mark) && !marks.entities.contains(&mark) {
                    continue;
                }
                of_sc.retain(|other| *other != mark);
                let (label, kb_id, id) = (kept.label.as_str(), kept.kb_id.as_str(), kept.id.as_str());
                spans.push(PlacedSpan { tokens, span, label, kb_id, id });
            }
            for (tokens, label) in of_sc {
                let Some(span) = placed.span(tokens) else { continue };
                spans.push(PlacedSpan { tokens, span, label, kb_id: "", id: "" });
            }
            all.push((group, spans));
        }
        if lost > 0 {
            let lost = Foreign::CarriedLost { what: Held::OtherAnnotation, count: lost };
            problems.push(Problem::foreign(placed.place, lost));
        }
        push_groups(&all, &mut self.strings, &mut self.bytes);
        Ok(self.columns.span_groups.add(&self.bytes)?)
    }
}

impl Placed<'_> {
    fn span(&self, words: TokenSpan) -> Option<Span> {
        let words = self.words.all().get(words.range())?;
        Some(Span::new(words.first()?.token.span.start, words.last()?.token.span.end))
    }
}

fn is_sc(group: &KeptGroup) -> bool {
    group.keys.iter().any(|key| key == SPANS_KEY)
}

impl RecordWriter for SpacyBinWriter {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        self.records += 1;
        let place = Place { record: Some(self.records), ..Place::default() };
        problems.extend(Holding::of(&FACTS).losses(record, place));
        let cut = segmentation_of(record);
        let words = SpacedWords::of_text(&record.text, &cut);
        let kept = record.carried_for(FACTS.name).and_then(|data| serde_json::from_str(data).ok()).unwrap_or_default();
        let placed = Placed { record, cut, words, kept, place };
        if record.layers.is_empty() {
            return self.write_doc(&placed, None, problems);
        }
        record.layers.iter().try_for_each(|layer| self.write_doc(&placed, Some(layer), problems))
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        let columns = std::mem::take(&mut self.columns);
        let count = self.documents;
        // Each column stands after its key and the head of its value.
        let head = |key: &str, push: &dyn Fn(&mut Vec<u8>)| {
            let mut bytes = Vec::new();
            push_str(&mut bytes, key);
            push(&mut bytes);
            bytes
        };
        let bin = |key: &str, part: ZlibPart| -> io::Result<[ZlibPart; 2]> {
            let length = usize::try_from(part.len_bytes()).unwrap_or(usize::MAX);
            Ok([ZlibPart::of_bytes(&head(key, &|out| push_bin_head(out, length)))?, part])
        };
        let list = |key: &str, part: ZlibPart| -> io::Result<[ZlibPart; 2]> {
            Ok([ZlibPart::of_bytes(&head(key, &|out| push_array(out, count)))?, part])
        };
        // A map of ten pairs.
        let mut start = vec![0x8A];
        push_str(&mut start, "version");
        push_str(&mut start, VERSION);
        push_str(&mut start, "attrs");
        push_array(&mut start, ATTRS.len());
        start.extend(ATTRS.map(|attr| u8::try_from(attr).unwrap_or_default()));
        let strings = self.strings.sorted();
        let mut list_of_strings = head("strings", &|out| push_array(out, strings.len()));
        strings.iter().for_each(|string| push_str(&mut list_of_strings, string));
        let mut parts = vec![ZlibPart::of_bytes(&start)?];
        parts.extend(bin("tokens", columns.tokens)?);
        parts.extend(bin("spaces", columns.spaces)?);
        parts.extend(bin("lengths", columns.lengths)?);
        parts.push(ZlibPart::of_bytes(&list_of_strings)?);
        parts.extend(list("cats", columns.cats)?);
        parts.extend(list("flags", columns.flags)?);
        parts.extend(list("span_groups", columns.span_groups)?);
        parts.extend(list("user_data", columns.user_data)?);
        join(parts, &mut self.output)?;
        Ok(self.output.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Status;
    use crate::formats::format::{Format, ReadOptions};
    use crate::formats::problem::Severity;
    use crate::formats::trial::{ONE, article, articles, read, round_trip, said, written};
    use proptest::prelude::*;

    /// Mentions written, those read back, and what was said.
    fn check(text: &str, mentions: &[(usize, usize, &str)], expected: &[&str], problems: &[&str]) {
        let (records, found) = round_trip(Format::SPACY, &[article("a1", text, mentions)]);
        assert_eq!(records[0].text, text);
        assert_eq!(records[0].name.as_deref(), Some("a1"));
        assert_eq!(said(&records[0]), expected, "{text:?}");
        assert_eq!(found, problems, "{text:?}");
    }

    #[test]
    fn mentions_stand_on_whole_words_and_overlaps_in_the_group() {
        check("علی در تهران", &[(0, 3, "PER"), (7, 12, "LOC")], &["PER 0..3", "LOC 7..12"], &[]);
        check("a b c", &[(0, 3, "X"), (2, 5, "Y"), (0, 3, "Z")], &["X 0..3", "Z 0..3", "Y 2..5"], &[]);
        check(
            "کتاب‌ها  😀",
            &[(0, 4, "A"), (7, 9, "B"), (9, 10, "C")],
            &["A 0..7", "C 9..10"],
            &[
                "record 1: A at 0..4 was written as 0..7, the nearest edges that the format can hold",
                "record 1: B at 7..9 was left out: this format cannot hold edges inside a token",
            ],
        );
    }

    #[test]
    fn two_mentions_of_the_same_tokens_and_label_are_one() {
        let told = [
            "record 1: X at 0..2 was written as 0..4, the nearest edges that the format can hold",
            "record 1: X at 0..2 was left out: this format cannot hold overlapping mentions",
        ];
        check("کتاب ها", &[(0, 4, "X"), (0, 2, "X")], &["X 0..4"], &told);
    }

    #[test]
    fn the_content_says_the_format() {
        use crate::formats::sniff::Sniff;
        let (files, _) = written(Format::SPACY, &[article("a", "b", &[])], &WriteOptions::default());
        assert_eq!(Format::detect(&Sniff::of_file("export.bin", &files[ONE])), Some(Format::SPACY));
        let mut zlib = Vec::new();
        join([ZlibPart::of_bytes(b"another file").unwrap()], &mut zlib).unwrap();
        assert_eq!(Format::detect(&Sniff::of_file("export", &zlib)), Some(Format::TEXT));
    }

    #[test]
    fn layers_come_back_with_annotator_status_and_meta() {
        let mut record = article("خبر", "a b", &[(0, 1, "PERSON")]);
        record.meta = r#"{"z":1e400}"#.into();
        record.layers[0].annotator = Some("زهرا".into());
        record.layers[0].status = Status::Done;
        let mut second = record.layers[0].clone();
        (second.annotator, second.mentions) = (Some("علی".into()), Vec::new());
        record.layers.push(second);
        let bare = ArticleRecord { text: "c".into(), ..ArticleRecord::default() };
        let (read, found) = round_trip(Format::SPACY, &[record.clone(), bare]);
        assert_eq!(found, [""; 0]);
        assert_eq!(read.len(), 3);
        for (read, layer) in read.iter().zip(&record.layers) {
            assert_eq!((&read.meta, &read.layers[0]), (&record.meta, layer));
        }
        assert_eq!(read[2].layers, []);
    }

    #[test]
    fn what_was_kept_aside_is_written_back() {
        let mut record = article("a", "a b c", &[(0, 1, "X")]);
        let cats = KeptDoc { cats: "81a16101".into(), user_data: vec![("a16b".into(), "9301c0c3".into())] };
        let keep = |data| vec![crate::domain::record::Carried { format: "spacy".into(), data }];
        record.carried = keep(serde_json::to_string(&cats).unwrap());
        let group = r#"[{"keys":["other"],"name":"n","attrs":"80","spans":[{"start":2,"end":5,"label":"Q","kb_id":"k"}]},
            {"keys":["sc"],"name":"sc","attrs":"80","spans":[{"start":0,"end":1,"label":"X"},{"start":4,"end":5,"label":"GONE"}]}]"#;
        record.layers[0].carried = keep(group.into());
        let (read, found) = round_trip(Format::SPACY, &[record.clone()]);
        assert_eq!(read[0].carried_for("spacy"), record.carried_for("spacy"));
        let kept: Vec<KeptGroup> = serde_json::from_str(read[0].layers[0].carried_for("spacy").unwrap()).unwrap();
        assert_eq!(kept[0], serde_json::from_str::<Vec<KeptGroup>>(group).unwrap()[0]);
        assert_eq!(kept[1].spans.len(), 1, "the mention GONE is no longer there");
        assert_eq!(said(&read[0]), ["X 0..1"]);
        assert_eq!(
            found,
            [
                "record 1: categories of texts (1) are kept aside with the article and written back to this format alone",
                "record 1: metadata of articles (1) are kept aside with the article and written back to this format alone",
                "record 1: other annotations (1) are kept aside with the article and written back to this format alone",
            ]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_was_written_is_read_back(records in articles()) {
            // Mentions are put onto tokens first; from then on nothing changes.
            let (first, _) = round_trip(Format::SPACY, &records);
            let (second, found) = written(Format::SPACY, &first, &WriteOptions::default());
            prop_assert!(found.is_empty(), "{:?}", found);
            let (second, found) = read(Format::SPACY, second[ONE].clone(), &ReadOptions::default()).unwrap();
            prop_assert!(found.iter().all(|problem| problem.finding.severity() == Severity::Note), "{:?}", found);
            prop_assert_eq!(&second, &first);
            for (read, record) in first.iter().zip(&records) {
                prop_assert_eq!((&read.text, &read.name), (&record.text, &record.name));
                let cut = Segmentation::of_text(&record.text);
                let mut expected: Vec<String> = record.layers[0].mentions.iter()
                    .filter_map(|m| tokens_from_span(&cut, m.span, Default::default()).map(|(tokens, _)| (m, tokens)))
                    .map(|(m, tokens)| format!("{} {}", m.label, cut.span_from_tokens(tokens).unwrap()))
                    .collect();
                expected.sort();
                expected.dedup();
                let mut found = said(read);
                found.sort();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
