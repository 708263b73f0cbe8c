//! Label Studio JSON: reading tasks with annotations and predictions.
//!
//! Owns the row of the format and the reader. What becomes of an annotation is `annotation`'s.
//!
//! Every annotation is an annotator's layer; predictions are suggestions. The editor counts UTF-16 units, but programs that make
//! predictions often count code points: where the surfaces of a whole file prove another unit, it is used and said.

use crate::domain::offset_map::OffsetMap;
use crate::domain::record::ArticleRecord;
use crate::formats::decoding::{as_u64, checked_text};
use crate::formats::files::Source;
use crate::formats::finding::cut;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::json::object::{JsonObject, value_of_key};
use crate::formats::json_frame::Frame;
use crate::formats::label_studio::annotation::{TaskReading, carried_from};
use crate::formats::label_studio::config::config_companion;
use crate::formats::label_studio::frame_reader::FrameReader;
use crate::formats::label_studio::task::{RawAnnotation, RawResult, RawTask, Region, TaskAside};
use crate::formats::label_studio::unit::Counting;
use crate::formats::label_studio::writer::LabelStudioWriter;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use std::collections::HashSet;

/// The row of Label Studio's JSON.
pub static FACTS: FormatFacts = FormatFacts {
    name: "label-studio",
    title: "Label Studio JSON",
    endings: &["json"],
    container: Container::File,
    unit: Unit::Fixed(OffsetUnit::Utf16),
    holds: HOLDS,
    lines: false,
    columns: false,
    reader: Some(open),
    writer: Some(|sink, _| Ok(Box::new(LabelStudioWriter::new(sink.one("label-studio")?)))),
    detect,
    companions: Some(|options| config_companion(&options.labels)),
};

/// What Label Studio holds.
pub(crate) const HOLDS: &[Held] = &[
    Held::Overlap,
    Held::Nesting,
    Held::Relation,
    Held::Attribute,
    Held::OtherAnnotation,
    Held::Note,
    Held::Annotator,
    Held::SecondLayer,
    Held::Suggestion,
    Held::Meta,
    Held::Name,
];

/// Its keys tell: `data` with an object, and annotations or predictions, or results inside them.
fn detect(sniff: &Sniff) -> Likeness {
    let Some(json) = &sniff.json else { return Likeness::No };
    let lists = ["annotations", "completions", "predictions"];
    let has_data =
        json.has(&["data"]) && value_of_key(sniff.text(), "data").is_some_and(|value| value.starts_with('{'));
    let has_results = json.inner_keys.iter().any(|key| key == "result");
    match (json.has_any(&lists), has_data, has_results) {
        (true, true, _) | (true, _, true) => Likeness::Sure,
        (false, true, _) if json.is_array => Likeness::Likely,
        _ => Likeness::No,
    }
}

fn open(source: Source, options: &ReadOptions) -> Result<Box<dyn RecordReader>, FormatError> {
    let input = source.one("label-studio")?;
    let show = |frame: &Frame, text_key: Option<&str>, see: &mut dyn FnMut(&str, &Region)| {
        let Ok(object) = frame.parse::<JsonObject<'_>>() else { return };
        let task = RawTask::from_object(object, text_key);
        let Some(text) = &task.text else { return };
        let annotations = task.annotations.iter().filter(|annotation| !is_cancelled(annotation));
        for json in annotations.chain(&task.predictions).flat_map(|annotation| &annotation.results) {
            if let Ok(RawResult::Region(region)) = RawResult::from_json(json) {
                see(text, &region);
            }
        }
    };
    Ok(Box::new(FrameReader::new(input, options, show, record_from_frame)?))
}

fn record_from_frame(
    frame: &Frame,
    text_key: Option<&str>,
    counting: Counting,
    problems: &mut Vec<Problem>,
) -> Result<ArticleRecord, Box<Problem>> {
    let place = frame.place();
    let mut task = RawTask::from_object(frame.parse()?, text_key);
    let text = checked_text(task.text.take(), place, problems)?;
    problems.extend(task.doubles.drain(..).map(|key| Problem::foreign(place, Foreign::DoubleKey { key })));
    for json in &task.unreadable {
        let words = format!("an annotation that is no object: {}", cut(json.get()));
        problems.push(Problem::foreign(place, Foreign::Unreadable { words }));
    }

    for (key, json) in &task.no_lists {
        let words = format!("{key} must be a list: {}", cut(json.get()));
        problems.push(Problem::foreign(place, Foreign::Unreadable { words }));
    }
    let map = OffsetMap::new(&text);
    let mut reading = TaskReading { text: &text, map: &map, counting, place, problems };
    let mut aside = TaskAside { task: task.rest, cancelled: Vec::new() };
    let (mut layers, mut taken, mut kept) = (Vec::new(), HashSet::new(), aside.task.0.len());
    for annotation in task.annotations {
        if is_cancelled(&annotation) {
            reading.say(Foreign::NotAccepted { answer: "was_cancelled".to_owned() });
            aside.cancelled.push(annotation.json.to_owned());
            continue;
        }
        let (mut layer, members) = reading.layer_from_annotation(annotation);
        reading.name_apart(&mut layer, &mut taken);
        kept += members;
        layers.push(layer);
    }
    if task.prediction_numbers > 0 {
        let count = as_u64(task.prediction_numbers);
        reading.say(Foreign::NotTaken { what: Held::Suggestion, count });
    }
    let predictions = task.predictions.iter().map(|raw| reading.prediction_from_raw(raw)).collect();
    reading.say_carried(Held::Meta, kept);
    let is_empty = aside.task.is_empty() && aside.cancelled.is_empty();
    let carried = if is_empty { Vec::new() } else { vec![carried_from(FACTS.name, &aside)] };
    let (name, meta) = (task.id, task.meta);
    Ok(ArticleRecord { name, text, meta, layers, predictions, carried, ..ArticleRecord::default() })
}

/// Whether the annotator passed the task over (`skipped` before version 1.0).
fn is_cancelled(annotation: &RawAnnotation<'_>) -> bool {
    annotation.is_true("was_cancelled") || annotation.is_true("skipped")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::LayerRecord;
    use crate::formats::format::Format;
    use crate::formats::trial::{self, said};

    fn read(file: &str) -> (Vec<ArticleRecord>, Vec<String>) {
        let (records, problems) = trial::read(Format::LABEL_STUDIO, file, &ReadOptions::default()).unwrap();
        (records, problems.iter().map(ToString::to_string).collect())
    }

    /// What the annotations of one task over a text give: each layer with its annotator, and the problems.
    fn check(text: &str, annotations: &str, layers: &[&str], problems: &[&str]) {
        let text = serde_json::to_string(text).unwrap();
        let (records, found) = read(&format!(r#"[{{"data":{{"text":{text}}},"annotations":[{annotations}]}}]"#));
        let layer = |layer: &LayerRecord| {
            let mentions: Vec<_> = layer.mentions.iter().map(|m| format!("{} {}", m.label, m.span)).collect();
            format!("{}: {}", layer.annotator.as_deref().unwrap_or("-"), mentions.join(", "))
        };
        assert_eq!(records[0].layers.iter().map(layer).collect::<Vec<_>>(), layers, "{annotations}");
        let at = |said: &&str| format!("record 1, line 1: {said}");
        assert_eq!(found, problems.iter().map(at).collect::<Vec<_>>(), "{annotations}");
    }

    fn region(start: u64, end: u64, surface: &str) -> String {
        format!(r#"{{"type":"labels","value":{{"start":{start},"end":{end},"text":"{surface}","labels":["X"]}}}}"#)
    }

    fn annotation(who: &str, results: &[String]) -> String {
        format!(r#"{{"completed_by":{who},"result":[{}]}}"#, results.join(","))
    }

    #[test]
    fn an_article_in_doubt_waits_for_the_whole_file() {
        let task = |text: &str, start: u64, end: u64, surface: &str| {
            let value = format!(r#"{{"start":{start},"end":{end},"text":"{surface}","labels":["X"]}}"#);
            let result = format!(r#"{{"type":"labels","value":{value}}}"#);
            format!(r#"{{"data":{{"text":"{text}"}},"annotations":[{{"result":[{result}]}}]}}"#)
        };
        // In the first, UTF-16 units and code points read alike; in the second, both fit and read otherwise.
        let (alike, doubtful) = (task("علی", 0, 3, "علی"), task("😀 ووو", 3, 4, "و"));
        let (in_utf16, in_chars) = (task("😀 علی", 3, 6, "علی"), task("😀 علی", 2, 5, "علی"));
        let check = |tasks: &[&String], expected: &[&str], said: &[&str]| {
            let tasks = tasks.iter().map(|task| task.as_str()).collect::<Vec<_>>();
            let (records, problems) = read(&format!("[{}]", tasks.join(",")));
            let spans = records.iter().flat_map(|r| &r.layers).flat_map(|l| &l.mentions).map(|m| m.span.to_string());
            assert_eq!(
                (spans.collect::<Vec<_>>(), problems),
                (expected.iter().map(ToString::to_string).collect(), said.iter().map(ToString::to_string).collect()),
                "{tasks:?}"
            );
        };
        let proven =
            "the mentions fit their text only when offsets are counted as codepoint, so the file was read that way";
        check(&[&alike, &doubtful, &in_utf16], &["0..3", "2..3", "2..5"], &[]);
        check(&[&alike, &doubtful, &in_chars], &["0..3", "3..4", "2..5"], &[proven]);
        check(&[&alike, &in_chars, &doubtful], &["0..3", "2..5", "3..4"], &[proven]);
    }

    #[test]
    fn what_must_be_a_list_and_is_none_is_said() {
        let said = |task: &str| read(&format!(r#"[{{"data":{{"text":"ab"}},{task}}}]"#)).1;
        let expected = |words: &str| vec![format!("record 1, line 1: this cannot be read ({words}); it was left out")];
        assert_eq!(said(r#""annotations":{"result":[]}"#), expected(r#"annotations must be a list: {"result":[]}"#));
        assert_eq!(said(r#""predictions":7"#), expected("predictions must be a list: 7"));
        assert_eq!(said(r#""annotations":[{"result":{"a":1}}]"#), expected(r#"result must be a list: {"a":1}"#));
        assert_eq!(said(r#""annotations":null,"predictions":[{"result":null}]"#), Vec::<String>::new());
    }

    const ONE_MEMBER: &str =
        "metadata of articles (1) are kept aside with the article and written back to this format alone";

    #[test]
    fn every_annotation_is_a_layer() {
        let one = annotation("3", &[region(0, 1, "a")]);
        let two = annotation(r#"{"id":4,"email":"z@b"}"#, &[]);
        let kept = ONE_MEMBER.replace("(1)", "(2)");
        check("ab", &format!("{one},{two}"), &["3: X 0..1", "z@b: "], &[&kept]);
        let again = "\"3\" labelled this article twice; the second layer was read as that of \"3 (2)\"";
        check("ab", &format!("{one},{one}"), &["3: X 0..1", "3 (2): X 0..1"], &[again, &kept]);
        let nobody = r#"{"result":[]}"#;
        let again =
            "someone without a name labelled this article twice; the second layer was read as that of \"annotation 2\"";
        check("ab", &format!("{nobody},{nobody}"), &["-: ", "annotation 2: "], &[again]);
    }

    #[test]
    fn a_cancelled_annotation_is_no_layer() {
        let cancelled =
            r#"{"was_cancelled":true,"result":[{"type":"labels","value":{"start":0,"end":9,"labels":["X"]}}]}"#;
        let said = "the answer is \"was_cancelled\": its mentions were not taken";
        check("ab", cancelled, &[], &[said]);
        let (records, _) = read(&format!(r#"{{"data":{{"text":"ab"}},"annotations":[{cancelled}]}}"#));
        let (files, _) =
            trial::written(Format::LABEL_STUDIO, &records, &crate::formats::format::WriteOptions::default());
        assert!(String::from_utf8_lossy(&files[trial::ONE]).contains(cancelled));
    }

    #[test]
    fn a_surface_may_differ_in_white_space_alone() {
        let results = [region(0, 4, "a b"), region(0, 4, "a\\\\nb"), region(0, 4, "ab c"), region(1, 99, "x")];
        check(
            "a\n\nbc",
            &annotation("null", &results),
            &["-: X 0..4, X 0..4"],
            &[
                "X at 0..4: the surface in the file differs from the text in white space; the offsets were believed",
                "X at 0..4: the surface in the file differs from the text in white space; the offsets were believed",
                "span 3 was left out: X at 0..4 (utf16) should be \"ab c\" but the text there is \"a\\n\\nb\"",
                "span 4 was left out: X at 1..99 (utf16) passes the end of the text or cuts a character",
            ],
        );
    }

    #[test]
    fn another_unit_is_used_where_the_file_proves_it() {
        let task = |start: u64, end: u64| {
            let annotation = annotation("null", &[region(start, end, "علی")]);
            read(&format!(r#"{{"data":{{"text":"😀 علی آمد"}},"annotations":[{annotation}]}}"#))
        };
        let (records, problems) = task(3, 6);
        assert_eq!((said(&records[0]), problems), (vec!["X 2..5".to_owned()], vec![]));
        let (records, problems) = task(2, 5);
        assert_eq!(said(&records[0]), ["X 2..5"]);
        let proven =
            "the mentions fit their text only when offsets are counted as codepoint, so the file was read that way";
        assert_eq!(problems, [proven]);
    }

    #[test]
    fn ends_that_are_the_last_character_are_told_by_the_surfaces() {
        let inclusive = annotation("null", &[region(3, 5, "علی"), region(7, 9, "آمد")]);
        let (records, problems) = read(&format!(r#"{{"data":{{"text":"😀 علی آمد"}},"completions":[{inclusive}]}}"#));
        assert_eq!(said(&records[0]), ["X 2..5", "X 6..9"]);
        let said =
            "the mentions fit their text only when their end is the last character, so the file was read that way";
        assert_eq!(problems, [said]);
    }

    #[test]
    fn predictions_are_suggestions() {
        let sure = r#"{"type":"labels","score":0.5,"value":{"start":0,"end":1,"labels":["A"]}}"#;
        let file = format!(
            r#"[{{"id":"t","data":{{"text":"ab","url":"u"}},"completions":[5],"predictions":[{{"model_version":"m","score":0.25,"id":1,"result":[{sure},{},{{"type":"choices","value":{{}}}}]}},7]}}]"#,
            region(1, 2, "b")
        );
        let (records, problems) = read(&file);
        let [prediction] = records[0].predictions.as_slice() else { panic!("one prediction: {records:?}") };
        let found: Vec<_> = prediction.mentions.iter().map(|m| (m.label.as_str(), m.confidence.get())).collect();
        assert_eq!((prediction.source.as_deref(), found), (Some("m"), vec![("A", 0.5), ("X", 0.25)]));
        assert_eq!((records[0].name.as_deref(), records[0].meta.as_str()), (Some("t"), r#"{"url":"u"}"#));
        let at = |said: &str| format!("record 1, line 1: {said}");
        assert_eq!(
            problems,
            [
                at("this cannot be read (an annotation that is no object: 5); it was left out"),
                at("suggestions (1) were not taken"),
                at("other annotations (1) were not taken"),
                at("metadata of articles (1) were not taken"),
            ]
        );
    }

    #[test]
    fn a_bad_task_does_not_touch_the_others() {
        let (records, problems) =
            read(r#"[{"data":{"text":" "}},{"data":{}},{"data":{"text":"a"}}, nope, {"data":{"text":"b"}}]"#);
        assert_eq!(records.iter().map(|record| record.text.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(problems.len(), 3, "{problems:?}");
        let (records, problems) =
            read(r#"{"id":1,"id":2,"data":{"text":"a","text":"b"},"annotations":[{"id":1,"id":2}]}"#);
        assert_eq!(records[0].text, "b");
        let doubles = problems.iter().filter(|said| said.contains("stands twice; the last one was taken"));
        assert_eq!(doubles.count(), 3, "{problems:?}");
    }

    #[test]
    fn its_files_are_known_by_their_content() {
        let check = |head: &str, expected: Likeness| {
            assert_eq!(detect(&Sniff::of_file("a.json", head.as_bytes())), expected, "{head}");
        };
        check(r#"[{"id": 1, "data": {"text": "a"}, "annotations": []}]"#, Likeness::Sure);
        check(r#"{"annotations": [{"id": "1001", "result": [{"#, Likeness::Sure);
        check(r#"[{"data": {"text": "a"}}]"#, Likeness::Likely);
        check(r#"{"data": "a", "annotations": []}"#, Likeness::No);
        check(r#"{"text": "a", "annotations": [{"start_offset": 1}]}"#, Likeness::No);
        check(r#"[{"text": "a", "spans": []}]"#, Likeness::No);
    }

    #[test]
    fn a_file_cut_anywhere_gives_its_good_part() {
        let task = format!(r#"{{"data":{{"text":"ab"}},"annotations":[{}]}}"#, annotation("3", &[region(0, 1, "a")]));
        let file = format!("[{task},{task}]");
        for cut in 1..file.len() {
            let head = file.as_bytes().get(..cut).unwrap();
            let (records, problems) = trial::read(Format::LABEL_STUDIO, head, &ReadOptions::default()).unwrap();
            let whole = [1 + task.len(), 2 + 2 * task.len()].iter().filter(|end| **end <= cut).count();
            assert_eq!(records.len(), whole, "{cut}");
            assert!(!problems.is_empty(), "{cut}");
        }
    }
}
