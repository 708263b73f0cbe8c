//! Label Studio JSON: writing an array of tasks with annotations and predictions.
//!
//! Owns the writer. It must not hold more than one task.
//!
//! Label Studio refuses a file whose `completed_by` names no user it has, so that key is written only where it came from there; a name
//! that this program knows stands under `annotator`, which it passes over and our reader takes.

use crate::domain::layer::Status;
use crate::domain::offset::Span;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, LayerRecord, MentionRecord, PredictionRecord};
use crate::formats::decoding::as_u64;
use crate::formats::file_span::surface_of;
use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::RecordWriter;
use crate::formats::json::array_output::ArrayOutput;
use crate::formats::json::object::{Members, json_from_name};
use crate::formats::json_meta::written;
use crate::formats::label_studio::config::{FROM_NAME, TO_NAME};
use crate::formats::label_studio::reader::FACTS;
use crate::formats::label_studio::task::{KeptRegion, LayerAside, RawResult, TaskAside, annotator_from_completed_by};
use crate::formats::losses::Holding;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use std::collections::{HashMap, HashSet};
use std::io::Write;

/// The value of a result: where it stands and what it is called.
#[derive(Serialize)]
pub(crate) struct WrittenValue<'a> {
    start: u64,
    end: u64,
    text: &'a str,
    labels: &'a [&'a str],
}

/// The members of `data`: the text and the meta. A key of the meta that is `taken` has no place and is told.
pub(crate) fn data_from_record(
    record: &ArticleRecord,
    taken: &[&str],
    place: Place,
    problems: &mut Vec<Problem>,
) -> Members {
    let meta = written(&record.meta, place, problems);
    let mut data = Members::default();
    data.add(TO_NAME, &record.text);
    let meta: Members = serde_json::from_str(meta.get()).unwrap_or_default();
    let (lost, kept): (Vec<_>, Vec<_>) =
        meta.0.into_iter().partition(|(name, _)| name == TO_NAME || taken.contains(&name.as_str()));
    data.0.extend(kept);
    if !lost.is_empty() {
        let finding = Foreign::NotHeld { what: Held::Meta, count: as_u64(lost.len()) };
        problems.push(Problem::foreign(place, finding));
    }
    data
}

/// The value for a span; `None` (and said so) when the unit cannot say where it stands.
pub(crate) fn value_from_span<'a>(
    text: &'a str,
    map: &OffsetMap,
    span: Span,
    labels: &'a [&'a str],
    place: Place,
    problems: &mut Vec<Problem>,
) -> Option<WrittenValue<'a>> {
    let unit = OffsetUnit::Utf16;
    let place_in_text = unit.units_from_span(map, span).zip(surface_of(text, map, span));
    if place_in_text.is_none() {
        let label = labels.first().copied().unwrap_or_default().to_owned();
        problems.push(Problem::new(place, Finding::Uncountable { label, span, unit }));
    }
    place_in_text.map(|((start, end), text)| WrittenValue { start, end, text, labels })
}

/// The writer of Label Studio's JSON.
pub(crate) struct LabelStudioWriter<W: Write> {
    output: ArrayOutput<W>,
}

impl<W: Write> LabelStudioWriter<W> {
    /// A writer into `output`.
    pub(crate) fn new(output: W) -> Self {
        Self { output: ArrayOutput::new(output) }
    }
}

impl<W: Write + Send> RecordWriter for LabelStudioWriter<W> {
    fn write(&mut self, record: &ArticleRecord, problems: &mut Vec<Problem>) -> Result<(), FormatError> {
        let place = Place { record: Some(self.output.values + 1), ..Place::default() };
        problems.extend(Holding::of(&FACTS).losses(record, place));
        let aside: TaskAside =
            record.carried_for(FACTS.name).and_then(|data| serde_json::from_str(data).ok()).unwrap_or_default();
        let data = data_from_record(record, &[], place, problems);
        let map = OffsetMap::new(&record.text);
        let layers: Vec<(&LayerRecord, LayerAside)> = record.layers.iter().map(with_aside).collect();
        let mut task = TaskWriting { text: &record.text, map: &map, place, problems, taken: ids_of(&layers), next: 1 };
        let annotations: Vec<Members> = layers
            .iter()
            .filter(|(layer, _)| !is_untouched(layer))
            .map(|(layer, aside)| task.annotation_from_layer(layer, aside))
            .collect();
        let cancelled = aside.cancelled.iter().map(to_raw);
        let annotations: Vec<Box<RawValue>> = annotations.iter().map(to_raw).chain(cancelled).collect();
        let predictions: Vec<Members> =
            record.predictions.iter().map(|prediction| task.members_from_prediction(prediction)).collect();
        let mut object = Members::default();
        object.0.extend(record.name.as_deref().map(|name| ("id".to_owned(), json_from_name(name))));
        object.add("data", &data);
        object.add("annotations", &annotations);
        object.add("predictions", &predictions);
        let own = ["id", "data", "annotations", "completions", "predictions"];
        object.0.extend(aside.task.0.into_iter().filter(|(name, _)| !own.contains(&name.as_str())));
        self.output.write(&object)
    }

    fn finish(&mut self) -> Result<(), FormatError> {
        self.output.finish()
    }
}

fn to_raw(value: &impl Serialize) -> Box<RawValue> {
    to_raw_value(value).unwrap_or_default()
}

fn with_aside(layer: &LayerRecord) -> (&LayerRecord, LayerAside) {
    let aside = layer.carried_for(FACTS.name).and_then(|data| serde_json::from_str(data).ok());
    (layer, aside.unwrap_or_default())
}

/// Whether nothing was done: an annotation without results would say that there is nothing to label. One that came so stays.
fn is_untouched(layer: &LayerRecord) -> bool {
    layer.carried_for(FACTS.name).is_none() && layer.status == Status::New && layer.mentions.is_empty()
}

/// The identities that are taken.
fn ids_of(layers: &[(&LayerRecord, LayerAside)]) -> HashSet<String> {
    let regions = layers.iter().flat_map(|(_, aside)| &aside.regions).filter_map(|region| region.id.clone());
    let results =
        layers.iter().flat_map(|(_, aside)| &aside.results).filter_map(|json| match RawResult::from_json(json) {
            Ok(RawResult::Other(id)) => id,
            _ => None,
        });
    regions.chain(results).collect()
}

/// A task while it is written.
struct TaskWriting<'a> {
    text: &'a str,
    map: &'a OffsetMap,
    place: Place,
    problems: &'a mut Vec<Problem>,
    taken: HashSet<String>,
    next: u64,
}

impl TaskWriting<'_> {
    fn new_id(&mut self) -> String {
        loop {
            let id = format!("m{}", self.next);
            self.next += 1;
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }

    fn annotation_from_layer(&mut self, layer: &LayerRecord, aside: &LayerAside) -> Members {
        let (mut results, written, lost) = self.results_from_mentions(&layer.mentions, &aside.regions);
        self.lose(Held::Attribute, lost);
        let kept: HashSet<&str> = aside.regions.iter().filter_map(|region| region.id.as_deref()).collect();
        let mut there = written;
        let (mut lost, mut relations) = (0, Vec::new());
        for json in &aside.results {
            match RawResult::from_json(json) {
                Ok(RawResult::Relation(ends)) => relations.push((ends, json)),
                // A result of a region that is gone goes with it.
                Ok(RawResult::Other(Some(id))) if kept.contains(id.as_str()) && !there.contains(&id) => lost += 1,
                Ok(RawResult::Other(id)) => {
                    there.extend(id);
                    results.push(json.clone());
                }
                _ => results.push(json.clone()),
            }
        }
        self.lose(Held::OtherAnnotation, lost);
        let all = relations.len();
        let stands = |ends: &[String; 2]| ends.iter().all(|id| there.contains(id));
        let standing: Vec<Box<RawValue>> =
            relations.into_iter().filter(|(ends, _)| stands(ends)).map(|(_, json)| json.clone()).collect();
        self.lose(Held::Relation, all - standing.len());
        results.extend(standing);

        let mut annotation = aside.annotation.clone();
        let known = annotation.0.iter().find(|(name, _)| name == "completed_by");
        let known = known.and_then(|(_, value)| annotator_from_completed_by(value));
        if let Some(annotator) = layer.annotator.as_ref().filter(|annotator| known.as_ref() != Some(annotator)) {
            annotation.add("annotator", annotator);
        }
        for key in ["was_cancelled", "ground_truth"] {
            if !annotation.has(key) {
                annotation.add(key, &false);
            }
        }
        annotation.add("result", &results);
        annotation
    }

    /// The results of mentions, their identities, and how many kept regions with more to say are gone.
    fn results_from_mentions(
        &mut self,
        mentions: &[MentionRecord],
        regions: &[KeptRegion],
    ) -> (Vec<Box<RawValue>>, HashSet<String>, usize) {
        let (mut results, mut ids) = (Vec::with_capacity(mentions.len()), HashSet::new());
        let mut left: HashMap<Span, Vec<&KeptRegion>> = HashMap::new();
        for region in regions {
            left.entry(Span::from_chars(region.start, region.end)).or_default().push(region);
        }
        let mut done = HashSet::new();
        for (at, mention) in mentions.iter().enumerate() {
            if done.contains(&at) {
                continue;
            }
            let here = left.get_mut(&mention.span);
            let region = here.and_then(|here| {
                let at = here.iter().position(|region| region.labels.contains(&mention.label))?;
                Some(here.remove(at))
            });
            let mut labels = vec![mention.label.as_str()];
            // The other labels of the region, as far as they still stand there.
            for label in region.map_or(&[][..], |region| &region.labels).iter().filter(|label| **label != mention.label)
            {
                let later = mentions.iter().enumerate().skip(at + 1).find(|(other, found)| {
                    let is_same = found.span == mention.span && found.label == *label && found.note == mention.note;
                    is_same && !done.contains(other)
                });
                if let Some((other, _)) = later {
                    done.insert(other);
                    labels.push(label);
                }
            }
            let value = value_from_span(self.text, self.map, mention.span, &labels, self.place, self.problems);
            let Some(value) = value else { continue };
            let id = region.and_then(|region| region.id.clone()).unwrap_or_else(|| self.new_id());
            let extra = region.map(|region| region.extra.clone()).unwrap_or_default();
            results.push(to_raw(&result(&id, &value, mention.note.as_deref(), extra)));
            ids.insert(id);
        }
        (results, ids, left.values().flatten().filter(|region| !region.extra.is_empty()).count())
    }

    fn lose(&mut self, what: Held, count: usize) {
        if count > 0 {
            let finding = Foreign::CarriedLost { what, count: as_u64(count) };
            self.problems.push(Problem::foreign(self.place, finding));
        }
    }

    fn members_from_prediction(&mut self, prediction: &PredictionRecord) -> Members {
        let mut results = Vec::with_capacity(prediction.mentions.len());
        for mention in &prediction.mentions {
            let labels = [mention.label.as_str()];
            let value = value_from_span(self.text, self.map, mention.span, &labels, self.place, self.problems);
            let Some(value) = value else { continue };
            let mut score = Members::default();
            // As it is kept: in single precision, with the fewest digits that say it.
            score.add("score", &(mention.confidence.get() as f32));
            let id = self.new_id();
            results.push(result(&id, &value, None, score));
        }
        let mut members = Members::default();
        members.0.extend(prediction.source.as_deref().map(|source| ("model_version".to_owned(), to_raw(&source))));
        members.add("result", &results);
        members
    }
}

/// A result: a region with its labels, its note in its meta.
fn result(id: &str, value: &WrittenValue<'_>, note: Option<&str>, mut extra: Members) -> Members {
    let mut result = Members::default();
    result.add("id", &id);
    result.add("from_name", &FROM_NAME);
    result.add("to_name", &TO_NAME);
    result.add("type", &"labels");
    if !extra.has("origin") {
        result.add("origin", &"manual");
    }
    result.add("value", value);
    if let Some(note) = note {
        let mut meta = Members::default();
        meta.add("text", &[note]);
        if let Some(at) = extra.0.iter().position(|(name, _)| name == "meta") {
            let (_, more) = extra.0.remove(at);
            meta.0.extend(serde_json::from_str::<Members>(more.get()).unwrap_or_default().0);
        }
        result.add("meta", &meta);
    }
    result.0.extend(extra.0);
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::PredictedMention;
    use crate::domain::suggestion::Confidence;
    use crate::formats::format::{Format, ReadOptions, WriteOptions};
    use crate::formats::trial::{self, ONE, article, articles, mention, round_trip, said};
    use proptest::prelude::*;

    /// What one article is written as, and what is said.
    fn check(record: &ArticleRecord, expected: &str, problems: &[&str]) {
        let (files, found) =
            trial::written(Format::LABEL_STUDIO, std::slice::from_ref(record), &WriteOptions::default());
        assert_eq!(String::from_utf8(files[ONE].clone()).unwrap(), format!("[\n{expected}\n]\n"));
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), problems);
    }

    #[test]
    fn a_task_is_as_label_studio_takes_it() {
        let mut record = article("17", "😀 علی", &[(2, 5, "PER")]);
        record.meta = r#"{"url":"u","text":1}"#.into();
        record.layers[0].mentions[0].note = Some("?".into());
        record.layers[0].annotator = Some("زهرا".into());
        let suggested =
            PredictedMention { span: Span::from_chars(0, 1), label: "EMO".into(), confidence: Confidence::new(0.9) };
        record.predictions = vec![PredictionRecord { source: Some("m".into()), mentions: vec![suggested] }];
        check(
            &record,
            concat!(
                r#"{"id":17,"data":{"text":"😀 علی","url":"u"},"annotations":[{"annotator":"زهرا","was_cancelled":false,"#,
                r#""ground_truth":false,"result":[{"id":"m1","from_name":"label","to_name":"text","type":"labels","origin":"manual","#,
                r#""value":{"start":3,"end":6,"text":"علی","labels":["PER"]},"meta":{"text":["?"]}}]}],"#,
                r#""predictions":[{"model_version":"m","result":[{"id":"m2","from_name":"label","to_name":"text","type":"labels","#,
                r#""origin":"manual","value":{"start":0,"end":2,"text":"😀","labels":["EMO"]},"score":0.9}]}]}"#
            ),
            &["record 1: metadata of articles (1) cannot be held in this format and were left out"],
        );
        record.meta = String::new();
        let (found, problems) = round_trip(Format::LABEL_STUDIO, std::slice::from_ref(&record));
        assert_eq!((found, problems), (vec![record], vec![]));
    }

    /// A task of an annotation, as it comes from Label Studio.
    fn task(results: &[&str]) -> String {
        format!(
            r#"{{"id":1,"data":{{"text":"علی تهران"}},"annotations":[{{"id":9,"completed_by":{{"id":3,"email":"a@b"}},"ground_truth":true,"was_cancelled":false,"result":[{}]}}],"predictions":[],"inner_id":4}}"#,
            results.join(",")
        )
    }

    fn region(id: &str, start: u64, end: u64, surface: &str, labels: &str, more: &str) -> String {
        format!(
            r#"{{"id":"{id}","from_name":"label","to_name":"text","type":"labels","origin":"manual","value":{{"start":{start},"end":{end},"text":"{surface}","labels":[{labels}]}}{more}}}"#
        )
    }

    #[test]
    fn what_is_kept_aside_is_written_back_while_its_mentions_stand() {
        let ali = region("r1", 0, 3, "علی", r#""PER","HERO""#, "");
        let tehran = region("r2", 4, 9, "تهران", r#""LOC""#, r#","score":0.25"#);
        let choice = r#"{"id":"r2","type":"choices","from_name":"kind","to_name":"text","value":{"start":4,"end":9,"choices":["city"]}}"#;
        let relation = r#"{"from_id":"r1","to_id":"r2","type":"relation","direction":"right","labels":["in"]}"#;
        let file = task(&[&ali, &tehran, choice, relation]);
        let (mut records, problems) =
            trial::read(Format::LABEL_STUDIO, file.as_str(), &ReadOptions::default()).unwrap();
        let kept: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let names: Vec<&str> =
            kept.iter().filter_map(|said| said.split(": ").nth(1)?.split(" are kept").next()).collect();
        assert_eq!(names, ["other annotations (1)", "attributes (1)", "relations (1)", "metadata of articles (4)"]);
        let mut record = records.remove(0);
        assert_eq!(said(&record), ["PER 0..3", "HERO 0..3", "LOC 4..9"]);

        let written = |results: &[&str]| {
            let file = task(results).replace(r#""was_cancelled":false,"#, "");
            file.replace(r#""result":"#, r#""was_cancelled":false,"result":"#)
        };
        check(&record, &written(&[&ali, &tehran, choice, relation]), &[]);
        record.layers[0].mentions.pop();
        record.layers[0].mentions.push(mention(0, 2, "X"));
        let lost =
            |what: &str| format!("record 1: {what} (1) speak of mentions that are no longer there and were left out");
        check(
            &record,
            &written(&[&ali, &region("m1", 0, 2, "عل", r#""X""#, "")]),
            &[&lost("attributes"), &lost("other annotations"), &lost("relations")],
        );
    }

    #[test]
    fn a_layer_in_which_nothing_was_done_is_no_annotation() {
        let mut record = article("a", "x", &[]);
        record.layers[0].status = Status::New;
        check(&record, r#"{"id":"a","data":{"text":"x"},"annotations":[],"predictions":[]}"#, &[]);
        let annotation = r#"{"was_cancelled":false,"ground_truth":false,"result":[]}"#;
        let task = format!(r#"{{"id":"a","data":{{"text":"x"}},"annotations":[{annotation}],"predictions":[]}}"#);
        let (records, _) = trial::read(Format::LABEL_STUDIO, task.as_str(), &ReadOptions::default()).unwrap();
        check(&records[0], &task, &[]);
        let (files, _) = trial::written(Format::LABEL_STUDIO, &[], &WriteOptions::default());
        assert_eq!(files[ONE], b"[]\n");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn what_is_written_is_read(records in articles()) {
            for format in [Format::LABEL_STUDIO, Format::LABEL_STUDIO_MIN] {
                let (found, problems) = round_trip(format, &records);
                prop_assert_eq!(problems, Vec::<String>::new());
                prop_assert_eq!(found.len(), records.len());
                for (found, record) in found.iter().zip(&records) {
                    prop_assert_eq!((&found.text, &found.name), (&record.text, &record.name));
                    prop_assert_eq!(said(found), said(record));
                }
            }
        }
    }
}
