//! PubAnnotation JSON: writing.
//!
//! Owns the writer. It must not hold more than one record. One layer stands in the document itself, several in `tracks`; a note is an
//! attribute with the predicate `note`; what was carried is written back as far as what it refers to is still there.

use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::formats::decoding::as_u64;
use crate::formats::finding::Finding;
use crate::formats::format::RecordWriter;
use crate::formats::held_counts::HeldCounts;
use crate::formats::json::object::{JsonObject, Members, name_from_json};
use crate::formats::json::values_output::ValuesOutput;
use crate::formats::losses::Holding;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::web::pubannotation::{FACTS, KEPT, KeptParts, NOTE, Reference};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io::{self, Write};

/// The writer: a document for every record, in an array when there are several.
pub(crate) struct PubAnnotationWriter<W: Write> {
    output: ValuesOutput<W>,
    records: u64,
}

impl<W: Write> PubAnnotationWriter<W> {
    /// A writer into `output`.
    pub(crate) fn new(output: W) -> Self {
        Self { output: ValuesOutput::new(output), records: 0 }
    }
}

impl<W: Write + Send> RecordWriter for PubAnnotationWriter<W> {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        self.records += 1;
        let place = Place { record: Some(self.records), ..Place::default() };
        let carried = record.carried_for(FACTS.name).and_then(|data| serde_json::from_str::<JsonObject<'_>>(data).ok());
        let carried = carried.unwrap_or_default();
        let mut document = Members::default();
        put_source(&mut document, record.name.as_deref(), carried.get("divid").and_then(name_from_json));
        document.add("text", &record.text);
        let map = OffsetMap::new(&record.text);
        match record.layers.as_slice() {
            [] => {}
            [layer] => put_layer(&mut document, layer, &map, place, problems),
            layers => {
                let mut tracks = Vec::new();
                for layer in layers {
                    let mut track = Members::default();
                    put_layer(&mut track, layer, &map, place, problems);
                    tracks.extend(to_raw_value(&track));
                }
                document.add("tracks", &tracks);
            }
        }
        let own: HashSet<String> = document.0.iter().map(|(key, _)| key.clone()).collect();
        document.0.extend(carried.into_owned().0.into_iter().filter(|(key, _)| !own.contains(key)));
        problems.extend(Holding::of(&FACTS).losses(record, place));
        Ok(self.output.push(serde_json::to_vec(&document).map_err(io::Error::from)?)?)
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        Ok(self.output.finish()?)
    }
}

/// The name as `sourcedb` and `sourceid`: what stands before the first colon, and the rest without the division.
fn put_source(document: &mut Members, name: Option<&str>, division: Option<String>) {
    let Some(name) = name else { return };
    let (database, id) = match name.split_once(':') {
        Some((database, id)) if !database.trim().is_empty() && !id.trim().is_empty() => (Some(database), id),
        _ => (None, name),
    };
    let id = division.and_then(|division| id.strip_suffix(&format!("-{division}"))).unwrap_or(id);
    if let Some(database) = database {
        document.add("sourcedb", &database);
    }
    document.add("sourceid", &id);
}

fn put_layer(document: &mut Members, layer: &LayerRecord, map: &OffsetMap, place: Place, problems: &mut Vec<Problem>) {
    let kept = layer.carried_for(FACTS.name).and_then(|data| serde_json::from_str::<KeptParts>(data).ok());
    let kept = kept.unwrap_or_default();
    if let Some(annotator) = &layer.annotator {
        document.add("project", annotator);
    }
    let reference = |json: &RawValue| serde_json::from_str::<Reference>(json.get()).unwrap_or_default();
    let all_kept = || kept.pieces.iter().chain(kept.parts.values().flatten());
    let mut taken: HashSet<String> = all_kept().filter_map(|json| reference(json).id).collect();
    let ids = kept.ids.assigned(&layer.mentions, "T", &taken);
    taken.extend(ids.iter().cloned());
    // What may be referred to: what is written.
    let mut there: HashSet<String> = kept.pieces.iter().filter_map(|json| reference(json).id).collect();
    let mut denotations = Vec::new();
    let mut notes = Vec::new();
    let mut note_number = 0_u64;
    for (mention, id) in layer.mentions.iter().zip(ids) {
        let Some((begin, end)) = OffsetUnit::CodePoint.units_from_span(map, mention.span) else {
            let (label, span, unit) = (mention.label.clone(), mention.span, OffsetUnit::CodePoint);
            problems.push(Problem::new(place, Finding::Uncountable { label, span, unit }));
            continue;
        };
        let denotation = json!({"id": id, "span": {"begin": begin, "end": end}, "obj": mention.label});
        denotations.extend(to_raw_value(&denotation));
        if let Some(note) = &mention.note {
            let note_id = loop {
                note_number += 1;
                let note_id = format!("A{note_number}");
                if !taken.contains(&note_id) {
                    break note_id;
                }
            };
            notes.extend(to_raw_value(&json!({"id": note_id, "subj": id, "pred": NOTE, "obj": note})));
        }
        there.insert(id);
    }
    denotations.extend(kept.pieces.iter().cloned());
    document.add("denotations", &denotations);
    let mut lost = HeldCounts::default();
    for (key, what) in KEPT {
        let mut written = if key == "attributes" { std::mem::take(&mut notes) } else { Vec::new() };
        let mut waiting: Vec<&Box<RawValue>> = kept.parts.get(key).into_iter().flatten().collect();
        // A relation may refer to another that stands after it.
        loop {
            let before = waiting.len();
            waiting.retain(|json| {
                let reference = reference(json);
                let stays = refers_to_what_is_there(key, &reference, &there);
                if stays {
                    there.extend(reference.id);
                    written.push((*json).clone());
                }
                !stays
            });
            if waiting.len() == before {
                break;
            }
        }
        lost.add(what, as_u64(waiting.len()));
        if !written.is_empty() {
            document.add(key, &written);
        }
    }
    lost.say_lost(place, problems);
}

fn refers_to_what_is_there(key: &str, reference: &Reference, there: &HashSet<String>) -> bool {
    let is_there = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).is_some_and(|id| there.contains(id));
    match key {
        "relations" => is_there(&reference.subj) && is_there(&reference.obj),
        "attributes" => is_there(&reference.subj),
        "modifications" => is_there(&reference.obj),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Status;
    use crate::formats::format::{Format, ReadOptions, WriteOptions};
    use crate::formats::sniff::Sniff;
    use crate::formats::trial::{ONE, article, articles, mention, read, round_trip, said, written};
    use crate::formats::unsaid_status::unsaid_status;
    use proptest::prelude::*;

    fn rewritten(json: &str, edit: impl Fn(&mut ArticleRecord)) -> (String, Vec<String>) {
        let (mut records, mut told) = read(Format::PUBANNOTATION, json, &ReadOptions::default()).unwrap();
        records.iter_mut().for_each(edit);
        let (files, more) = written(Format::PUBANNOTATION, &records, &WriteOptions::default());
        told.extend(more);
        (String::from_utf8(files[ONE].clone()).unwrap(), told.iter().map(ToString::to_string).collect())
    }

    const KEPT_ALL: &str = concat!(
        r#"{"sourcedb":"PMC","sourceid":"12","text":"😀 IL-2 and IL-4","project":"p","#,
        r#""denotations":[{"id":"T3","span":{"begin":2,"end":6},"obj":"Protein"},{"id":"T1","span":{"begin":11,"end":15},"obj":"Protein"},"#,
        r#"{"id":"T2","span":[{"begin":2,"end":5},{"begin":14,"end":15}],"obj":"Protein"}],"#,
        r#""relations":[{"id":"R1","pred":"coref","subj":"T3","obj":"T2"},{"id":"R2","pred":"x","subj":"R1","obj":"T1"}],"#,
        r#""attributes":[{"id":"A2","subj":"T3","pred":"note","obj":"یادداشت"},{"id":"A1","subj":"T1","pred":"certain","obj":true}],"#,
        r#""modifications":[{"id":"M1","pred":"Negation","obj":"R2"}],"divid":4,"target":"http://x"}"#,
        "\n"
    );

    #[test]
    fn what_is_carried_is_written_back() {
        let (file, told) = rewritten(KEPT_ALL, |_| {});
        assert_eq!(file, KEPT_ALL);
        let kept = |what: &str| {
            format!("record 1, line 1: {what} are kept aside with the article and written back to this format alone")
        };
        let expected =
            ["mentions in several pieces (1)", "relations (2)", "attributes (2)", "metadata of articles (2)"];
        assert_eq!(told, expected.map(kept));
        let (records, _) = read(Format::PUBANNOTATION, KEPT_ALL, &ReadOptions::default()).unwrap();
        assert_eq!(records[0].name.as_deref(), Some("PMC:12-4"));
        assert_eq!(records[0].layers[0].annotator.as_deref(), Some("p"));
    }

    #[test]
    fn what_refers_to_a_mention_that_is_gone_is_said() {
        let (file, told) = rewritten(KEPT_ALL, |record| {
            record.layers[0].mentions.remove(0);
            record.layers[0].mentions.push(mention(7, 10, "Other"));
        });
        assert!(file.contains(r#"{"id":"T4","span":{"begin":7,"end":10},"obj":"Other"}"#), "{file}");
        assert!(!file.contains("relations") && !file.contains("modifications") && file.contains("certain"), "{file}");
        let lost =
            |what: &str| format!("record 1: {what} speak of mentions that are no longer there and were left out");
        assert_eq!(told[4..], [lost("relations (2)"), lost("attributes (1)")]);
    }

    #[test]
    fn ids_that_stand_twice_or_nowhere_are_said() {
        let json = r#"{"text":"abc","denotations":[{"id":"T1","span":{"begin":0,"end":1},"obj":"X"},
            {"id":"T1","span":{"begin":1,"end":2},"obj":"Y"}],
            "relations":[{"id":"R1","pred":"p","subj":"T1","obj":"T9"},{"id":"R2","pred":"p","subj":"T1","obj":"T1"}]}"#;
        let (records, told) = read(Format::PUBANNOTATION, json, &ReadOptions::default()).unwrap();
        assert_eq!(said(&records[0]), ["X 0..1"]);
        let expected = [
            r#"record 1, line 1: the id "T1" stands twice; the second was left out"#,
            r#"record 1, line 1: "T9" is referred to and not there; what refers to it was left out"#,
            "record 1, line 1: relations (1) are kept aside with the article and written back to this format alone",
        ];
        assert_eq!(told.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn tracks_are_layers_and_bad_denotations_are_told() {
        let json = r#"[{"text":"abc","tracks":[{"project":"a","denotations":[{"span":{"begin":0,"end":1},"obj":"X"}]},
            {"project":"b","denotations":[]}]}, {"text":"abc"}, {"text":" "}, {"id":1},
            {"text":"x","denotations":[{"span":{"begin":0,"end":2},"obj":"X"},{"span":[{"begin":0,"end":1}],"obj":7},{}]}]"#;
        let (records, told) = read(Format::PUBANNOTATION, json, &ReadOptions::default()).unwrap();
        assert_eq!(records.iter().map(|record| record.layers.len()).collect::<Vec<_>>(), [2, 0, 1]);
        assert_eq!(records.iter().flat_map(said).collect::<Vec<_>>(), ["X 0..1", "7 0..1"]);
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 4, "{told:?}");
        assert!(told[3].contains("span 3 was left out: missing field"), "{told:?}");
        assert_eq!(Format::detect(&Sniff::of_file("x.json", json.as_bytes())), Some(Format::PUBANNOTATION));
    }

    #[test]
    fn what_is_not_held_is_said() {
        let mut record = article("a", "abc", &[(0, 1, "X")]);
        record.meta = r#"{"a":1}"#.into();
        record.layers[0].status = Status::Done;
        let (_, told) = round_trip(Format::PUBANNOTATION, &[record]);
        let not_held = |what: &str| format!("record 1: {what} cannot be held in this format and were left out");
        assert_eq!(told, [not_held("the status of layers (1)"), not_held("metadata of articles (1)")]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_written_is_read_as_it_was(mut records in articles()) {
            for record in &mut records {
                let mut second = record.layers[0].clone();
                second.annotator = Some("زهرا".into());
                if let Some(first) = second.mentions.first_mut() {
                    first.note = Some("\"note\"\n".into());
                }
                record.layers.push(second);
                for layer in &mut record.layers {
                    layer.status = unsaid_status(&layer.mentions);
                }
            }
            let (read, told) = round_trip(Format::PUBANNOTATION, &records);
            prop_assert_eq!(read, records);
            prop_assert!(told.iter().all(|word| word.contains("bidi")), "{:?}", told);
        }
    }
}
