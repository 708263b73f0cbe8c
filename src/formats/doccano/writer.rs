//! doccano JSONL: writing it in its current form, a record a line.
//!
//! Owns the writer. Records look like those of doccano's exporter: `label` with triples; `entities` and `relations` where the article
//! came with relations, `entities` and `cats` where it came with categories. It must not hold more than one record.

use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::formats::decoding::as_u64;
use crate::formats::doccano::reader::FACTS;
use crate::formats::doccano::record::{Aside, ends_of_relation, members_from_meta};
use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::RecordWriter;
use crate::formats::json::object::{Members, json_from_name, name_from_json};
use crate::formats::json_meta::written;
use crate::formats::losses::Holding;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::io::{self, BufWriter, Write};

/// The writer of doccano's JSONL. Of an article's layers the first is written: doccano holds one a file.
pub(crate) struct DoccanoWriter<W: Write> {
    output: BufWriter<W>,
    records: u64,
}

/// A mention in the unit of doccano.
struct Written<'a> {
    start: u64,
    end: u64,
    label: &'a str,
    /// Where it stands, in code points.
    chars: (usize, usize),
}

#[derive(Serialize)]
struct Entity<'a> {
    id: Box<RawValue>,
    label: &'a str,
    start_offset: u64,
    end_offset: u64,
}

impl<W: Write> DoccanoWriter<W> {
    /// A writer into `output`.
    pub(crate) fn new(output: W) -> Self {
        Self { output: BufWriter::new(output), records: 0 }
    }
}

impl<W: Write + Send> RecordWriter for DoccanoWriter<W> {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        self.records += 1;
        let place = Place { record: Some(self.records), ..Place::default() };
        problems.extend(Holding::of(&FACTS).losses(record, place));
        let layer = record.layers.first();
        let aside = layer.and_then(|layer| layer.carried_for(FACTS.name)).map(serde_json::from_str::<Aside>);
        let aside = aside.and_then(Result::ok).unwrap_or_default();
        let meta = written(&record.meta, place, problems);
        let (flat, inside) = members_from_meta(&meta);
        let mut object = Members::default();
        object.0.extend(record.name.as_deref().map(|name| ("id".to_owned(), json_from_name(name))));
        object.add("text", &record.text);
        object.0.extend(flat.0);
        if !inside.is_empty() {
            object.add("meta", &inside);
        }
        let mentions = written_mentions(&record.text, layer, place, problems);
        let triples = || mentions.iter().map(|m| (m.start, m.end, m.label)).collect::<Vec<_>>();
        match (&aside.relations, &aside.cats) {
            (Some(relations), _) => {
                let entities = entities_from_mentions(&mentions, &aside);
                let relations = relations_that_stand(relations, &entities, place, problems);
                object.add("entities", &entities);
                object.add("relations", &relations);
            }
            (None, Some(_)) => object.add("entities", &triples()),
            (None, None) => object.add("label", &triples()),
        }
        if let Some(categories) = &aside.cats {
            object.add("cats", categories);
        }
        object.add("Comments", &aside.comments);
        serde_json::to_writer(&mut self.output, &object).map_err(io::Error::from)?;
        Ok(self.output.write_all(b"\n")?)
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        Ok(self.output.flush()?)
    }
}

fn written_mentions<'a>(
    text: &str,
    layer: Option<&'a LayerRecord>,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<Written<'a>> {
    let mentions = layer.map_or(&[][..], |layer| &layer.mentions);
    if mentions.is_empty() {
        return Vec::new();
    }
    let map = OffsetMap::new(text);
    let unit = OffsetUnit::Utf16;
    let mut found = Vec::with_capacity(mentions.len());
    for mention in mentions {
        match unit.units_from_span(&map, mention.span) {
            Some((start, end)) => {
                let chars = (mention.span.start.get(), mention.span.end.get());
                found.push(Written { start, end, label: &mention.label, chars });
            }
            None => {
                let (label, span) = (mention.label.clone(), mention.span);
                problems.push(Problem::new(place, Finding::Uncountable { label, span, unit }));
            }
        }
    }
    found
}

/// Mentions with the identities that they came with; new ones get numbers that no other has.
fn entities_from_mentions<'a>(mentions: &[Written<'a>], aside: &Aside) -> Vec<Entity<'a>> {
    let mut came: HashMap<(usize, usize, &str), VecDeque<&RawValue>> = HashMap::new();
    for (id, start, end, label) in &aside.ids {
        came.entry((*start, *end, label)).or_default().push_back(id);
    }
    let highest = aside.ids.iter().filter_map(|(id, ..)| id.get().parse::<i64>().ok()).max().unwrap_or(-1);
    let mut next = highest.saturating_add(1);
    let entity = |mention: &Written<'a>| {
        let (start, end) = mention.chars;
        let known = came.get_mut(&(start, end, mention.label)).and_then(VecDeque::pop_front);
        let id = known.map(ToOwned::to_owned).unwrap_or_else(|| {
            next = next.saturating_add(1);
            json_from_name(&(next - 1).to_string())
        });
        Entity { id, label: mention.label, start_offset: mention.start, end_offset: mention.end }
    };
    mentions.iter().map(entity).collect()
}

/// The relations both of whose mentions are still there.
fn relations_that_stand<'a>(
    relations: &'a [Box<RawValue>],
    entities: &[Entity<'_>],
    place: Place,
    problems: &mut Vec<Problem>,
) -> Vec<&'a RawValue> {
    let ids: BTreeSet<String> = entities.iter().filter_map(|entity| name_from_json(&entity.id)).collect();
    let stands =
        |relation: &&RawValue| ends_of_relation(relation).is_some_and(|ends| ends.iter().all(|id| ids.contains(id)));
    let standing: Vec<&RawValue> = relations.iter().map(AsRef::as_ref).filter(stands).collect();
    let count = as_u64(relations.len() - standing.len());
    if count > 0 {
        problems.push(Problem::foreign(place, Foreign::CarriedLost { what: Held::Relation, count }));
    }
    standing
}

#[cfg(test)]
mod tests {
    use crate::formats::format::{Format, ReadOptions, WriteOptions};
    use crate::formats::trial::{self, ONE, article, articles, mention, round_trip, said};
    use proptest::prelude::*;

    /// What one article is written as, and what is said.
    fn check(record: &crate::domain::record::ArticleRecord, expected: &str, problems: &[&str]) {
        let (files, found) = trial::written(Format::DOCCANO, std::slice::from_ref(record), &WriteOptions::default());
        assert_eq!(String::from_utf8(files[ONE].clone()).unwrap(), format!("{expected}\n"));
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), problems);
    }

    #[test]
    fn a_record_is_as_doccano_exports_it() {
        let mut record = article("17", "😀 علی", &[(2, 5, "PER"), (0, 1, "EMO")]);
        record.meta = r#"{"url":"u","label":1,"meta":2}"#.into();
        record.layers[0].mentions[0].note = Some("?".into());
        check(
            &record,
            r#"{"id":17,"text":"😀 علی","url":"u","meta":{"label":1,"meta":2},"label":[[3,6,"PER"],[0,2,"EMO"]],"Comments":[]}"#,
            &["record 1: notes (1) cannot be held in this format and were left out"],
        );
        let (records, _) = round_trip(Format::DOCCANO, &[record]);
        assert_eq!(records[0].meta, r#"{"label":1,"meta":2,"url":"u"}"#);
    }

    fn read(file: &str) -> (crate::domain::record::ArticleRecord, Vec<String>) {
        let (mut records, problems) = trial::read(Format::DOCCANO, file, &ReadOptions::default()).unwrap();
        (records.remove(0), problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn relations_are_written_back_while_their_mentions_stand() {
        let file = concat!(
            r#"{"id":1,"text":"علی تهران","entities":[{"id":40,"label":"PER","start_offset":0,"end_offset":3},"#,
            r#"{"id":41,"label":"LOC","start_offset":4,"end_offset":9}],"#,
            r#""relations":[{"id":7,"from_id":40,"to_id":41,"type":"in"}],"Comments":[{"id":3,"comment":"!"}]}"#
        );
        let (mut record, problems) = read(file);
        let kept = |what: &str| {
            format!(
                "record 1, line 1: {what} (1) are kept aside with the article and written back to this format alone"
            )
        };
        assert_eq!(problems, [kept("relations"), kept("notes")]);
        check(&record, file, &[]);
        record.layers[0].mentions.push(mention(0, 2, "X"));
        record.layers[0].mentions.remove(1);
        check(
            &record,
            concat!(
                r#"{"id":1,"text":"علی تهران","entities":[{"id":40,"label":"PER","start_offset":0,"end_offset":3},"#,
                r#"{"id":42,"label":"X","start_offset":0,"end_offset":2}],"relations":[],"Comments":[{"id":3,"comment":"!"}]}"#
            ),
            &["record 1: relations (1) speak of mentions that are no longer there and were left out"],
        );
    }

    #[test]
    fn relations_to_nothing_are_told() {
        let file = r#"{"text":"a","entities":[{"id":1,"label":"X","start_offset":0,"end_offset":9}],"relations":[{"from_id":1,"to_id":1,"type":"x"},{}]}"#;
        let (record, problems) = read(file);
        assert_eq!(said(&record), Vec::<String>::new());
        assert_eq!(problems.len(), 3);
        assert!(problems[1].contains("\"1\" is referred to and not there"), "{problems:?}");
        assert!(problems[2].contains("a relation without from_id and to_id: {}"), "{problems:?}");
    }

    #[test]
    fn categories_are_written_back() {
        let file = r#"{"text":"a","entities":[[0,1,"X"]],"cats":["pos"],"Comments":[]}"#;
        check(&read(file).0, file, &[]);
        let file = r#"{"text":"a","entities":[],"cats":["pos"],"Comments":[]}"#;
        check(&read(r#"{"text":"a","label":["pos"]}"#).0, file, &[]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn what_is_written_is_read(records in articles()) {
            let (found, problems) = round_trip(Format::DOCCANO, &records);
            prop_assert_eq!(found.len(), records.len());
            for (found, record) in found.iter().zip(&records) {
                prop_assert_eq!(&found.text, &record.text);
                prop_assert_eq!(&found.name, &record.name);
                prop_assert_eq!(said(found), said(record));
            }
            // Emoji make it unsure what a file without surfaces counts; nothing else is to be said.
            prop_assert!(problems.iter().all(|said| said.contains("proves its unit")), "{:?}", problems);
        }
    }
}
