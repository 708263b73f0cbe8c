//! Prodigy's JSON Lines: writing layers as answered tasks, and the names of labels as a file of patterns.
//!
//! Owns the writer and [`patterns`]. It must not hold more than one record. A span whose edges are not those of tokens is written
//! without `token_start` and `token_end`, so that nothing is moved.

use crate::domain::layer::Status;
use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
use crate::formats::decoding::as_u64;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Companion, RecordWriter, WriteOptions};
use crate::formats::json_meta::written;
use crate::formats::losses::Holding;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::prodigy::reader::{FACTS, KeptTask};
use crate::formats::tokens::kept::segmentation_of;
use crate::formats::tokens::spaced::SpacedWords;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::io::{self, BufWriter, Write};

/// The file of patterns that goes with a written one: a line for every name of a label; none when there are no names.
///
/// ```
/// use barchasb::formats::format::WriteOptions;
/// use barchasb::formats::prodigy::writer::patterns;
/// let names = vec![("تهران".to_owned(), "LOC".to_owned())];
/// let options = WriteOptions { names: names.into(), ..WriteOptions::default() };
/// let file = &patterns(&options)[0];
/// assert_eq!(file.ending, "patterns.jsonl");
/// assert_eq!(file.bytes, "{\"label\":\"LOC\",\"pattern\":\"تهران\"}\n".as_bytes());
/// ```
#[must_use]
pub fn patterns(options: &WriteOptions) -> Vec<Companion> {
    if options.names.is_empty() {
        return Vec::new();
    }
    let lines = options.names.iter().map(|(name, label)| format!("{}\n", json!({"label": label, "pattern": name})));
    vec![Companion { ending: "patterns.jsonl", bytes: lines.collect::<String>().into_bytes() }]
}

#[derive(Serialize)]
struct WrittenTask<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    text: &'a str,
    meta: &'a RawValue,
    tokens: &'a [WrittenToken<'a>],
    #[serde(skip_serializing_if = "Option::is_none")]
    spans: Option<Vec<Map<String, Value>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    _annotator_id: Option<&'a str>,
    #[serde(flatten)]
    keys: &'a Map<String, Value>,
}

#[derive(Serialize)]
struct WrittenToken<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    id: usize,
    ws: bool,
}

/// The writer of Prodigy's tasks, a layer a line.
pub struct ProdigyWriter {
    output: BufWriter<Box<dyn Write + Send>>,
    records: u64,
}

impl ProdigyWriter {
    /// A writer into `output`.
    #[must_use]
    pub fn new(output: Box<dyn Write + Send>) -> Self {
        Self { output: BufWriter::new(output), records: 0 }
    }

    fn write_task(
        &mut self,
        record: &ArticleRecord,
        layer: Option<&LayerRecord>,
        (words, tokens): (&SpacedWords, &[WrittenToken<'_>]),
        meta: &RawValue,
        problems: &mut Vec<Problem>,
    ) -> Result<(), FormatError> {
        // A task that no one had accepted is kept with the article: a layer made since then answers it.
        let kept = layer.and_then(|layer| layer.carried_for(FACTS.name)).or(record.carried_for(FACTS.name));
        let mut kept: KeptTask = kept.and_then(|data| serde_json::from_str(data).ok()).unwrap_or_default();
        if layer.is_some() {
            ["answer", "spans"].iter().for_each(|key| drop(kept.keys.shift_remove(*key)));
        }
        let annotator = layer.and_then(|layer| layer.annotator.as_deref());
        let is_told = |key: &str| annotator.is_some() && kept.keys.get(key).and_then(Value::as_str) == annotator;
        let is_told = is_told("_annotator_id") || (is_told("_session_id") && !kept.keys.contains_key("_annotator_id"));
        if layer.is_some() && !is_told {
            // Another annotator than the one the file named.
            kept.keys.shift_remove("_annotator_id");
            if annotator.is_none() {
                kept.keys.retain(|key, value| key != "_session_id" || !value.is_string());
            }
        }
        let lost = layer.map_or(0, |layer| lose_relations(&mut kept, layer));
        if lost > 0 {
            let place = Place { record: Some(self.records), ..Place::default() };
            problems.push(Problem::foreign(place, Foreign::CarriedLost { what: Held::Relation, count: lost }));
        }
        let spans = layer.map(|layer| layer.mentions.iter().map(|mention| span(mention, words, &kept)).collect());
        let task = WrittenTask {
            id: record.name.as_deref(),
            text: &record.text,
            meta,
            tokens,
            spans,
            answer: layer.map(|_| "accept"),
            status: layer.map(|layer| layer.status).filter(|status| *status != Status::Done).map(Status::name),
            _annotator_id: annotator.filter(|_| !is_told),
            keys: &kept.keys,
        };
        serde_json::to_writer(&mut self.output, &task).map_err(io::Error::from)?;
        Ok(self.output.write_all(b"\n")?)
    }
}

fn span(mention: &MentionRecord, words: &SpacedWords, kept: &KeptTask) -> Map<String, Value> {
    let (start, end) = (mention.span.start.get(), mention.span.end.get());
    let mut span = Map::new();
    span.insert("start".to_owned(), start.into());
    span.insert("end".to_owned(), end.into());
    if let Some(tokens) = words.words_from_span(mention.span) {
        span.insert("token_start".to_owned(), tokens.start.get().into());
        // The last token, not the one after it.
        span.insert("token_end".to_owned(), tokens.end.minus(1).get().into());
    }
    span.insert("label".to_owned(), mention.label.as_str().into());
    if let Some(note) = &mention.note {
        span.insert("note".to_owned(), note.as_str().into());
    }
    let further = kept.spans.iter().find(|kept| (kept.start, kept.end, &kept.label) == (start, end, &mention.label));
    span.extend(further.map(|kept| kept.keys.clone()).unwrap_or_default());
    span
}

/// Takes out the relations whose ends are no mentions any more; how many they were.
fn lose_relations(kept: &mut KeptTask, layer: &LayerRecord) -> u64 {
    let Some(Value::Array(relations)) = kept.keys.get_mut("relations") else { return 0 };
    let stands = |relation: &Value, end: &str| {
        // An end that names no span is a token, and tokens do not go.
        let Some(span) = relation.get(end) else { return true };
        let at = |key: &str| span.get(key).and_then(Value::as_u64);
        let is_it = |mention: &MentionRecord| {
            at("start") == Some(as_u64(mention.span.start.get())) && at("end") == Some(as_u64(mention.span.end.get()))
        };
        // A token that is no mention carries no label.
        span.get("label").is_none_or(Value::is_null) || layer.mentions.iter().any(is_it)
    };
    let before = relations.len();
    relations.retain(|relation| stands(relation, "head_span") && stands(relation, "child_span"));
    as_u64(before - relations.len())
}

impl RecordWriter for ProdigyWriter {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        self.records += 1;
        let place = Place { record: Some(self.records), ..Place::default() };
        problems.extend(Holding::of(&FACTS).losses(record, place));
        let meta = written(&record.meta, place, problems);
        let words = SpacedWords::of_text(&record.text, &segmentation_of(record));
        let tokens: Vec<WrittenToken<'_>> = (words.all().iter().enumerate())
            .map(|(id, word)| WrittenToken {
                text: word.token.bytes.slice(&record.text).unwrap_or_default(),
                start: word.token.span.start.get(),
                end: word.token.span.end.get(),
                id,
                ws: word.has_space,
            })
            .collect();
        if record.layers.is_empty() {
            return self.write_task(record, None, (&words, &tokens), &meta, problems);
        }
        let mut layers = record.layers.iter();
        layers.try_for_each(|layer| self.write_task(record, Some(layer), (&words, &tokens), &meta, problems))
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        Ok(self.output.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::{Format, ReadOptions};
    use crate::formats::trial::{ONE, articles, read, round_trip, said, written};
    use proptest::prelude::*;

    fn check(file: &str, mentions: &[&str], problems: &[&str]) {
        let (records, found) = read(Format::PRODIGY, file, &ReadOptions::default()).unwrap();
        assert_eq!(records.iter().flat_map(said).collect::<Vec<_>>(), mentions, "{file}");
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), problems, "{file}");
        // What was read is written, and read again as it was.
        let (again, _) = round_trip(Format::PRODIGY, &records);
        for (again, record) in again.iter().zip(&records) {
            assert_eq!(
                (&again.layers, &again.text, &again.meta),
                (&record.layers, &record.text, &record.meta),
                "{file}"
            );
            assert_eq!(again.carried_for("prodigy"), record.carried_for("prodigy"), "{file}");
        }
    }

    #[test]
    fn answers_say_what_is_taken() {
        let row = |rest: &str| {
            format!(
                r#"{{"text":"😀 علی آمد","spans":[{{"start":2,"end":5,"label":"PER","token_start":1,"token_end":1,"source":"m"}}]{rest}}}"#
            )
        };
        let attribute =
            "record 1, line 1: attributes (1) are kept aside with the article and written back to this format alone";
        check(
            &row(
                r#","answer":"accept","_task_hash":-5,"meta":{"b":12345678901234567890123,"a":[1e400]},"_session_id":"d-زهرا""#,
            ),
            &["PER 2..5"],
            &[attribute],
        );
        check(&row(""), &["PER 2..5"], &[attribute]);
        check(
            &row(r#","answer":"reject","_annotator_id":"x""#),
            &[],
            &["record 1, line 1: the answer is \"reject\": its mentions were not taken"],
        );
        check(
            r#"{"text":"ab","spans":[{"start":0,"end":1},{"start":1,"end":2,"label":"L","text":"x"},{"start":1,"end":9,"label":"L"}]}"#,
            &[],
            &[
                "record 1, line 1: span 1 was left out: missing field `label` in \"{\\\"start\\\":0,\\\"end\\\":1}\"",
                "record 1, line 1: span 2 was left out: L at 1..2 (codepoint) should be \"x\" but the text there is \"b\"",
                "record 1, line 1: span 3 was left out: L at 1..9 (codepoint) passes the end of the text or cuts a character",
            ],
        );
    }

    #[test]
    fn an_id_that_is_no_name_is_said() {
        check(r#"{"id":[1],"text":"a"}"#, &[], &["record 1, line 1: ids of articles (1) were not taken"]);
        check(r#"{"id":null,"text":"a"}"#, &[], &[]);
    }

    #[test]
    fn tokens_prove_the_unit() {
        let file = r#"{"text":"😀 علی","tokens":[{"text":"😀","start":0,"end":2,"id":0},{"text":"علی","start":3,"end":6,"id":1}],"spans":[{"start":3,"end":6,"label":"PER"}],"answer":"accept"}"#;
        check(
            file,
            &["PER 2..5"],
            &["the mentions fit their text only when offsets are counted as utf16, so the file was read that way"],
        );
    }

    #[test]
    fn the_content_says_the_format() {
        use crate::formats::sniff::Sniff;
        let check = |head: &str, expected: Format| {
            assert_eq!(Format::detect(&Sniff::of_file("a.jsonl", head.as_bytes())), Some(expected), "{head}");
        };
        check(r#"{"text":"a","_input_hash":1}"#, Format::PRODIGY);
        check(r#"{"text":"a","spans":[{"token_end":1}],"answer":"accept"}"#, Format::PRODIGY);
        check(r#"{"text":"a","tokens":[],"spans":[{"start":1,"token_end":1}]}"#, Format::PRODIGY);
        check(r#"{"text":"a","spans":[{"start":1}]}"#, Format::JSONL);
    }

    #[test]
    fn a_layer_answers_what_was_rejected() {
        let file = r#"{"text":"a b","spans":[{"start":0,"end":1,"label":"X"}],"answer":"reject","_input_hash":7}"#;
        let (mut records, _) = read(Format::PRODIGY, file, &ReadOptions::default()).unwrap();
        assert_eq!(records[0].layers, []);
        records[0].layers = crate::formats::trial::article("", "", &[(2, 3, "Y")]).layers;
        let (files, _) = written(Format::PRODIGY, &records, &WriteOptions::default());
        let row: Value = serde_json::from_slice(&files[ONE]).unwrap();
        assert_eq!(
            (&row["answer"], &row["_input_hash"], &row["spans"][0]["label"]),
            (&"accept".into(), &7.into(), &"Y".into())
        );
        assert_eq!(String::from_utf8_lossy(&files[ONE]).matches("\"answer\"").count(), 1);
    }

    #[test]
    fn relations_go_with_their_mentions() {
        let file = r#"{"text":"a b","spans":[{"start":0,"end":1,"label":"X"},{"start":2,"end":3,"label":"Y"}],"relations":[{"head":0,"child":1,"label":"R","head_span":{"start":0,"end":1,"label":"X"},"child_span":{"start":2,"end":3,"label":"Y"}}],"answer":"accept"}"#;
        let (mut records, _) = read(Format::PRODIGY, file, &ReadOptions::default()).unwrap();
        records[0].layers[0].mentions.pop();
        let (files, found) = written(Format::PRODIGY, &records, &WriteOptions::default());
        assert!(String::from_utf8_lossy(&files[ONE]).contains("\"relations\":[]"));
        let lost = "record 1: relations (1) speak of mentions that are no longer there and were left out";
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), [lost]);
    }

    #[test]
    fn a_row_looks_like_prodigys() {
        let record = crate::formats::trial::article("a", "علی  آمد", &[(0, 3, "PER"), (1, 3, "X")]);
        let (files, _) = written(Format::PRODIGY, &[record], &WriteOptions::default());
        let expected = concat!(
            r#"{"id":"a","text":"علی  آمد","meta":{},"tokens":[{"text":"علی","start":0,"end":3,"id":0,"ws":true},"#,
            r#"{"text":" ","start":4,"end":5,"id":1,"ws":false},{"text":"آمد","start":5,"end":8,"id":2,"ws":false}],"#,
            r#""spans":[{"start":0,"end":3,"token_start":0,"token_end":0,"label":"PER"},{"start":1,"end":3,"label":"X"}],"#,
            r#""answer":"accept","status":"in_progress"}"#,
            "\n"
        );
        assert_eq!(String::from_utf8_lossy(&files[ONE]), expected);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_was_written_is_read_back(records in articles()) {
            let (read, found) = round_trip(Format::PRODIGY, &records);
            prop_assert!(found.is_empty(), "{:?}", found);
            for (read, record) in read.iter().zip(&records) {
                prop_assert_eq!((&read.text, &read.name, &read.layers), (&record.text, &record.name, &record.layers));
            }
        }
    }
}
