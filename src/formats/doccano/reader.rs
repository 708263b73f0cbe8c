//! doccano JSONL: reading its exports, oldest to current, a record a line.
//!
//! Owns the row of the format and the reader. It must not repair a span or drop one in silence.
//!
//! doccano's editor counts UTF-16 units, or grapheme clusters where a project says so, and files that programs made for its import
//! often count code points; no surface stands beside a mention. So the whole file is looked at first: when some mention is no place
//! of its text in UTF-16 and just one other unit fits them all, that unit is proven. When UTF-16 fits but code points would read some
//! mention elsewhere, that is said with their number, and the caller may name the unit.

use crate::domain::mention::Origin;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, Carried, LayerRecord, MentionRecord};
use crate::formats::decoding::{as_u64, checked_text};
use crate::formats::doccano::labels::labels_companion;
use crate::formats::doccano::record::{Aside, Entry, RawLabel, RawRecord, ends_of_relation};
use crate::formats::doccano::writer::DoccanoWriter;
use crate::formats::file_span::FileSpan;
use crate::formats::files::{Input, Source};
use crate::formats::finding::{Finding, JsonFault, SpanFault, cut};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::json::object::{JsonObject, name_from_json, value_of_key};
use crate::formats::json_frame::{Frame, Frames, Layout};
use crate::formats::offset_unit::{OffsetUnit, UnitEvidence};
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use crate::formats::unsaid_status::unsaid_status;
use serde_json::value::RawValue;
use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom};

/// The row of doccano.
pub static FACTS: FormatFacts = FormatFacts {
    name: "doccano",
    title: "doccano JSONL",
    endings: &["jsonl"],
    container: Container::File,
    unit: Unit::Fixed(OffsetUnit::Utf16),
    holds: HOLDS,
    // The unit is proven by the file as a whole.
    lines: false,
    columns: false,
    reader: Some(open),
    writer: Some(|sink, _| Ok(Box::new(DoccanoWriter::new(sink.one("doccano")?)))),
    detect,
    companions: Some(|options| labels_companion(&options.labels)),
};

/// What doccano holds. Its comments belong to texts, not to mentions, so notes are none of them.
pub(crate) const HOLDS: &[Held] =
    &[Held::Overlap, Held::Nesting, Held::Relation, Held::Category, Held::Meta, Held::Name];

/// How many numbers of labels are named one by one.
const MAX_NUMBERS_SAID: usize = 1_000;

/// Its keys tell: mentions as triples under `label` or `labels`, or as objects with `start_offset`.
fn detect(sniff: &Sniff) -> Likeness {
    let Some(json) = &sniff.json else { return Likeness::No };
    let is_text =
        |key: &str| json.has(&[key]) && value_of_key(sniff.text(), key).is_some_and(|value| value.starts_with('"'));
    if json.has_any(&["spans", "tokens"]) || !(is_text("text") || is_text("data")) {
        return Likeness::No;
    }
    let is_triples = |key: &str| {
        let value = value_of_key(sniff.text(), key).and_then(|value| value.strip_prefix('[')).map(str::trim_start);
        json.has(&[key]) && value.is_some_and(|value| value.starts_with(['[', ']']))
    };
    let has_offsets = json.inner_keys.iter().any(|key| key == "start_offset");
    let is_project = json.has_any(&["relations", "cats"]) && is_triples("entities");
    let is_old = json.has(&["annotations", "annotation_approver"]);
    if is_triples("label") || is_triples("labels") || has_offsets || is_project || is_old {
        return Likeness::Sure;
    }
    if json.has_any(&["Comments", "annotation_approver"]) { Likeness::Likely } else { Likeness::No }
}

fn open(source: Source, options: &ReadOptions) -> Result<Box<dyn RecordReader>, FormatError> {
    let mut input = source.one("doccano")?;
    let layout = layout_of(&mut input)?;
    let notes = match options.unit {
        Some(unit) => (unit, None),
        None => prove_unit(&mut input, layout, options)?,
    };
    input.seek(SeekFrom::Start(0))?;
    let named = options.name.as_deref().filter(|name| options.named_by_annotator && *name != "all");
    Ok(Box::new(DoccanoReader {
        frames: Frames::new(input, layout, options.limits),
        unit: notes.0,
        unit_note: notes.1,
        annotator: named.map(str::to_owned),
        options: options.clone(),
        numbers_said: BTreeSet::new(),
    }))
}

/// Older versions exported an array, too.
fn layout_of(input: &mut (impl Read + Seek)) -> Result<Layout, FormatError> {
    let mut head = [0; 64];
    let length = input.read(&mut head)?;
    input.seek(SeekFrom::Start(0))?;
    let head = head.get(..length).unwrap_or_default();
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    Ok(if head.starts_with(b"[") { Layout::Values } else { Layout::Lines })
}

/// The unit of the file, and what is to be said of it.
fn prove_unit(
    input: &mut (impl Read + Seek),
    layout: Layout,
    options: &ReadOptions,
) -> Result<(OffsetUnit, Option<Problem>), FormatError> {
    let mut frames = Frames::new(input, layout, options.limits);
    let mut evidence = UnitEvidence::default();
    let (mut fits, mut unsure) = (true, 0);
    // What is wrong is said when the records are given out.
    let mut unsaid = Vec::new();
    while let Some(frame) = frames.next_frame(&mut unsaid)? {
        unsaid.clear();
        let Ok(object) = frame.parse::<JsonObject<'_>>() else { continue };
        let raw = RawRecord::from_object(object, &options.columns);
        let Some(text) = raw.text.as_deref().filter(|_| !raw.entries.is_empty()) else { continue };
        let map = OffsetMap::new(text);
        for entry in &raw.entries {
            let Ok(Entry::Mention { start, end, .. }) = serde_json::from_str(entry.get()) else { continue };
            evidence.add(&map, text, start, end, None);
            let utf16 = OffsetUnit::Utf16.span_from_units(&map, start, end);
            fits &= utf16.is_some();
            let chars = OffsetUnit::CodePoint.span_from_units(&map, start, end);
            unsure += u64::from(utf16.is_some() && chars.is_some() && utf16 != chars);
        }
    }
    let note = |finding| Some(Problem::new(Place::default(), finding));
    if !fits {
        let proven = evidence.unit_left().filter(|unit| *unit != OffsetUnit::Utf16);
        if let Some(unit) = proven {
            return Ok((unit, note(Finding::UnitProven(unit))));
        }
    }
    let assumed = Foreign::UnitAssumed { unit: OffsetUnit::Utf16, count: unsure };
    Ok((OffsetUnit::Utf16, note(Finding::Foreign(assumed)).filter(|_| unsure > 0)))
}

/// The reader of doccano's JSONL; memory holds one record at a time.
struct DoccanoReader {
    frames: Frames<Box<dyn Input>>,
    unit: OffsetUnit,
    /// A word on the unit, to be said before the first record.
    unit_note: Option<Problem>,
    /// Whose file this is.
    annotator: Option<String>,
    options: ReadOptions,
    numbers_said: BTreeSet<i64>,
}

impl RecordReader for DoccanoReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        problems.extend(self.unit_note.take());
        while let Some(frame) = self.frames.next_frame(problems)? {
            match self.record_from_frame(&frame, problems) {
                Ok(record) => return Ok(Some(record)),
                Err(problem) => problems.push(*problem),
            }
        }
        Ok(None)
    }
}

impl DoccanoReader {
    fn record_from_frame(&mut self, frame: &Frame, problems: &mut Vec<Problem>) -> Result<ArticleRecord, Box<Problem>> {
        let place = frame.place();
        let mut raw = RawRecord::from_object(frame.parse()?, &self.options.columns);
        let text = checked_text(raw.text.take(), place, problems)?;
        problems.extend(raw.doubles.drain(..).map(|key| Problem::foreign(place, Foreign::DoubleKey { key })));
        let map = OffsetMap::new(&text);
        let mut layers = Layers { layers: Vec::new(), file_annotator: self.annotator.clone() };
        if self.annotator.is_some() {
            layers.change(None, |_| ());
        }
        let mut aside = Aside { relations: raw.relations.take(), cats: raw.categories.take(), ..Aside::default() };
        for (number, json) in (1..).zip(&raw.entries) {
            match self.mention_from_entry(json, &text, &map, place, problems) {
                Ok(Some(Taken { mention, id, user })) => {
                    let (start, end) = (mention.span.start.get(), mention.span.end.get());
                    aside.ids.extend(id.map(|id| (id, start, end, mention.label.clone())));
                    layers.change(user, |layer| layer.mentions.push(mention));
                }
                Ok(None) => aside.cats.get_or_insert_default().push((*json).to_owned()),
                Err(fault) => problems.push(Problem::new(place, Finding::SpanLeftOut { number, fault })),
            }
        }
        aside.comments = raw.comments;
        if !aside.is_empty() {
            let carried = carried_from_aside(aside, place, problems);
            layers.change(None, |layer| layer.carried.push(carried));
        }
        for layer in &mut layers.layers {
            layer.status = unsaid_status(&layer.mentions);
        }
        Ok(ArticleRecord { name: raw.id, text, meta: raw.meta, layers: layers.layers, ..ArticleRecord::default() })
    }

    /// The mention of an entry; `None` for a category.
    fn mention_from_entry(
        &mut self,
        json: &RawValue,
        text: &str,
        map: &OffsetMap,
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<Taken>, SpanFault> {
        let entry = serde_json::from_str(json.get()).map_err(|error| match JsonFault::from(&error) {
            JsonFault::Unfinished { words } | JsonFault::Syntax { words } | JsonFault::Shape { words } => {
                SpanFault::Unreadable { words, json: cut(json.get()) }
            }
        })?;
        let Entry::Mention { id, start, end, label, user } = entry else { return Ok(None) };
        let label = match label {
            RawLabel::Name(name) => name,
            RawLabel::Number(number) => self.name_of_label(number, place, problems),
        };
        let placed =
            FileSpan { start, end, label: &label, surface: None, unit: self.unit }.loosely_placed(text, map)?;
        let mention = MentionRecord { span: placed.span, label, note: None, origin: Origin::Import };
        Ok(Some(Taken { mention, id, user }))
    }

    fn name_of_label(&mut self, number: i64, place: Place, problems: &mut Vec<Problem>) -> String {
        if let Some(name) = self.options.label_names.get(&number) {
            return name.clone();
        }
        if self.numbers_said.len() < MAX_NUMBERS_SAID && self.numbers_said.insert(number) {
            problems.push(Problem::foreign(place, Foreign::LabelNumber { number: number.to_string() }));
        }
        number.to_string()
    }
}

/// A mention that was taken, with its identity and who made it.
struct Taken {
    mention: MentionRecord,
    id: Option<Box<RawValue>>,
    user: Option<String>,
}

/// The layers of a record, in the order in which they are first seen.
struct Layers {
    layers: Vec<LayerRecord>,
    file_annotator: Option<String>,
}

impl Layers {
    /// Changes the layer of this annotator, or that of the file's annotator where the record names none.
    fn change(&mut self, user: Option<String>, change: impl FnOnce(&mut LayerRecord)) {
        let annotator = user.or_else(|| self.file_annotator.clone());
        if let Some(layer) = self.layers.iter_mut().find(|layer| layer.annotator == annotator) {
            change(layer);
        } else {
            let mut layer = LayerRecord { annotator, ..LayerRecord::default() };
            change(&mut layer);
            self.layers.push(layer);
        }
    }
}

/// What is kept, once relations whose ends are not there are told and left out.
fn carried_from_aside(mut aside: Aside, place: Place, problems: &mut Vec<Problem>) -> Carried {
    let ids: BTreeSet<String> = aside.ids.iter().filter_map(|(id, ..)| name_from_json(id)).collect();
    if let Some(relations) = &mut aside.relations {
        relations.retain(|relation| {
            let Some(ends) = ends_of_relation(relation) else {
                let words = format!("a relation without from_id and to_id: {}", cut(relation.get()));
                problems.push(Problem::foreign(place, Foreign::Unreadable { words }));
                return false;
            };
            let gone = ends.into_iter().find(|id| !ids.contains(id));
            let stays = gone.is_none();
            problems.extend(gone.map(|id| Problem::foreign(place, Foreign::NoSuchId { id })));
            stays
        });
    }
    let count = |list: &Option<Vec<Box<RawValue>>>| list.as_ref().map_or(0, Vec::len);
    let kept = [
        (Held::Relation, count(&aside.relations)),
        (Held::Category, count(&aside.cats)),
        (Held::Note, aside.comments.len()),
    ];
    for (what, count) in kept.into_iter().filter(|(_, count)| *count > 0) {
        problems.push(Problem::foreign(place, Foreign::Carried { what, count: as_u64(count) }));
    }
    Carried { format: FACTS.name.to_owned(), data: serde_json::to_string(&aside).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::Format;
    use crate::formats::trial::{self, said};

    fn read(file: &str, options: &ReadOptions) -> (Vec<ArticleRecord>, Vec<String>) {
        let (records, problems) = trial::read(Format::DOCCANO, file, options).unwrap();
        (records, problems.iter().map(ToString::to_string).collect())
    }

    /// What a file gives: per article its mentions, and the problems.
    fn check(file: &str, mentions: &[&[&str]], problems: &[&str]) {
        let (records, found) = read(file, &ReadOptions::default());
        assert_eq!(records.iter().map(said).collect::<Vec<_>>(), mentions, "{file}");
        assert_eq!(found, problems, "{file}");
    }

    #[test]
    fn every_form_is_read() {
        check(r#"{"id":1,"text":"علی آمد","label":[[0,3,"PER"]],"Comments":[]}"#, &[&["PER 0..3"]], &[]);
        check(r#"{"id":1,"text":null,"data":"علی آمد","label":[[0,3,"PER"]]}"#, &[&["PER 0..3"]], &[]);
        check(r#"{"text":"علی","meta":{},"annotation_approver":null,"labels":[[0,3,"PER"]]}"#, &[&["PER 0..3"]], &[]);
        check(r#"[{"text":"علی","labels":[[0,3,"PER"]]}]"#, &[&["PER 0..3"]], &[]);
        check(r#"{"text":"a","entities":[{"id":4,"label":"X","start_offset":0,"end_offset":1}]}"#, &[&["X 0..1"]], &[]);
        check(
            "{\"text\":\"a\",\"label\":[[0,1,\"X\"]]}\n\n{\"label\":[[0,1,\"X\"]]}\n{\"text\":\"b\",\"label\":[]}",
            &[&["X 0..1"], &[]],
            &["record 2, line 3: the record has no text and was left out"],
        );
    }

    #[test]
    fn the_oldest_form_has_numbers_for_labels_and_several_users() {
        let annotation =
            |label: i64, user: u64| format!(r#"{{"label":{label},"start_offset":0,"end_offset":1,"user":{user}}}"#);
        let all = [annotation(12, 1), annotation(13, 2), annotation(12, 2)].join(",");
        let file =
            format!(r#"{{"id":7,"text":"ab","annotations":[{all}],"meta":{{"x":1}},"annotation_approver":null}}"#);
        let options = ReadOptions { label_names: [(12, "LOC".to_owned())].into(), ..ReadOptions::default() };
        let (records, problems) = read(&file, &options);
        assert_eq!(said(&records[0]), ["LOC 0..1", "13 0..1", "LOC 0..1"]);
        let users: Vec<_> = records[0].layers.iter().map(|layer| layer.annotator.as_deref().unwrap()).collect();
        assert_eq!(users, ["1", "2"]);
        assert_eq!((records[0].name.as_deref(), records[0].meta.as_str()), (Some("7"), r#"{"x":1}"#));
        let said = "record 1, line 1: the label 13 is a number without a name; it was taken as the name";
        assert_eq!(problems, [said]);
    }

    #[test]
    fn a_bad_entry_is_said_and_the_others_stay() {
        let at = |what: &str| format!("record 1, line 1: {what}");
        check(
            r#"{"text":"ab","label":[[0,1,"X"],[1,9,"X"],[-1,1,"X"],[0,1],[0,1,""],[1,2,"Y"]],"text":"ab"}"#,
            &[&["X 0..1", "Y 1..2"]],
            &[
                &at("the key \"text\" stands twice; the last one was taken"),
                &at("span 2 was left out: X at 1..9 (utf16) passes the end of the text or cuts a character"),
                &at("span 3 was left out: invalid value: integer `-1`, expected u64 in \"[-1,1,\\\"X\\\"]\""),
                &at("span 4 was left out: invalid length 2, expected [start, end, label] in \"[0,1]\""),
                &at("span 5 was left out: the span at 0..1 (utf16) has no label"),
            ],
        );
    }

    #[test]
    fn the_unit_is_that_of_the_editor_unless_the_file_proves_another() {
        let line = |start: u64, end: u64| format!(r#"{{"text":"😀😀 علی","label":[[{start},{end},"PER"]]}}"#);
        let assumed = "nothing in the file proves its unit: it was read as utf16; mentions (1) would stand elsewhere in another unit";
        // Past the end in code points: there is no doubt.
        check(&line(5, 8), &[&["PER 3..6"]], &[]);
        // Both fit, and read differently.
        check(&line(4, 5), &[&["PER 2..3"]], &[assumed]);
        // A span that fits nowhere proves nothing.
        let left_out = "record 2, line 2: span 1 was left out: PER at 20..30 (utf16) passes the end of the text or cuts a character";
        check(&format!("{}\n{}", line(4, 5), line(20, 30)), &[&["PER 2..3"], &[]], &[assumed, left_out]);
        // In UTF-16, and in bytes, the edge cuts an emoji; code points and grapheme clusters read alike.
        let proven =
            "the mentions fit their text only when offsets are counted as codepoint, so the file was read that way";
        check(&line(3, 6), &[&["PER 3..6"]], &[proven]);
        let options = ReadOptions { unit: Some(OffsetUnit::Grapheme), ..ReadOptions::default() };
        let (records, problems) = read(r#"{"text":"e\u0301 علی","label":[[2,5,"PER"]]}"#, &options);
        assert_eq!((said(&records[0]), problems), (vec!["PER 3..6".to_owned()], vec![]));
    }

    #[test]
    fn a_file_of_an_archive_is_its_annotators() {
        let name = |name: &str, named_by_annotator| {
            let options = ReadOptions { name: Some(name.into()), named_by_annotator, ..ReadOptions::default() };
            let (records, _) = read(r#"{"text":"a","label":[]}"#, &options);
            records[0].layers.first().and_then(|layer| layer.annotator.clone())
        };
        assert_eq!(name("زهرا", true).as_deref(), Some("زهرا"));
        assert_eq!(name("all", true), None);
        assert_eq!(name("زهرا", false), None);
    }

    #[test]
    fn keys_that_no_one_knows_are_the_meta() {
        let file = r#"{"id":"a1","text":"x","url":"u","meta":{"b":1},"label":"pos","Comments":null,"cats":null}"#;
        let (records, _) = read(file, &ReadOptions::default());
        assert_eq!(records[0].meta, r#"{"b":1,"url":"u","label":"pos"}"#);
        let columns = crate::formats::format::Columns {
            text: Some("body".into()),
            mentions: Some("ents".into()),
            ..Default::default()
        };
        let options = ReadOptions { columns, ..ReadOptions::default() };
        let (records, _) = read(r#"{"body":"x","ents":[[0,1,"X"]],"text":1}"#, &options);
        assert_eq!((said(&records[0]), records[0].meta.as_str()), (vec!["X 0..1".to_owned()], r#"{"text":1}"#));
    }

    #[test]
    fn its_files_are_known_by_their_content() {
        let check = |head: &str, expected: Likeness| {
            assert_eq!(detect(&Sniff::of_file("a.jsonl", head.as_bytes())), expected, "{head}");
        };
        check(r#"{"id": 1, "text": "a", "label": [ [0, 1, "X"]], "Comments": []}"#, Likeness::Sure);
        check(r#"{"text": "a", "labels": []}"#, Likeness::Sure);
        check(r#"{"text": "a", "annotations": [{"label": 1, "start_offset": 0}], "meta": {}}"#, Likeness::Sure);
        check(r#"{"text": "a", "entities": [], "relations": []}"#, Likeness::Sure);
        check(r#"{"text": "a", "label": "X", "spans": [], "answer": "accept"}"#, Likeness::No);
        check(r#"{"text": "a", "spans": []}"#, Likeness::No);
        check(r#"{"text": "a", "entities": [{"start": 1, "end": 2, "type": "X"}], "relations": []}"#, Likeness::No);
        check(r#"{"data": {"text": "a"}, "annotations": [], "meta": {}}"#, Likeness::No);
        check("سلام", Likeness::No);
    }

    #[test]
    fn a_file_cut_anywhere_gives_its_good_part() {
        let file = "{\"text\":\"علی\",\"label\":[[0,3,\"PER\"]]}\n{\"text\":\"b\",\"entities\":[{\"id\":1,\"label\":\"X\",\"start_offset\":0,\"end_offset\":1}],\"relations\":[]}";
        let first = file.find('\n').unwrap();
        for cut in 1..file.len() {
            let head = file.as_bytes().get(..cut).unwrap();
            let (records, problems) = trial::read(Format::DOCCANO, head, &ReadOptions::default()).unwrap();
            assert_eq!(
                (records.len(), problems.len()),
                if cut < first {
                    (0, 1)
                } else if cut < first + 2 {
                    (1, 0)
                } else {
                    (1, 1)
                },
                "{cut}"
            );
        }
    }
}
