//! The shape of a task of Label Studio, and what is kept of it.
//!
//! Owns what is made of the JSON of a task: where its text stands, its annotations, predictions and results. It must not judge offsets,
//! and knows no unit.

use crate::formats::finding::{SpanFault, cut};
use crate::formats::json::object::{JsonObject, Members, name_from_json, text_from_json};
use crate::formats::json_meta::merge;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A task as it stands in the file.
#[derive(Debug, Default)]
pub(crate) struct RawTask<'a> {
    pub(crate) id: Option<String>,
    pub(crate) text: Option<String>,
    /// What else stands in `data`, an object as text.
    pub(crate) meta: String,
    pub(crate) annotations: Vec<RawAnnotation<'a>>,
    pub(crate) predictions: Vec<RawAnnotation<'a>>,
    /// What stands among the annotations and is no object.
    pub(crate) unreadable: Vec<&'a RawValue>,
    /// What must be a list and is none, with its key.
    pub(crate) no_lists: Vec<(String, &'a RawValue)>,
    /// How many predictions are numbers alone, as exports have them.
    pub(crate) prediction_numbers: usize,
    /// What else stands in the task.
    pub(crate) rest: Members,
    pub(crate) doubles: Vec<String>,
}

/// An annotation or a prediction.
#[derive(Debug)]
pub(crate) struct RawAnnotation<'a> {
    /// Its whole JSON text.
    pub(crate) json: &'a RawValue,
    /// What stands in it besides its results.
    pub(crate) members: JsonObject<'a>,
    pub(crate) results: Vec<&'a RawValue>,
}

impl<'a> RawTask<'a> {
    /// The task that an object says. The text stands under `text_key`; without it, under the key that results name (`"source": "$text"`),
    /// under `text`, under the name that results point to, or in the only string of `data`.
    pub(crate) fn from_object(mut object: JsonObject<'a>, text_key: Option<&str>) -> Self {
        let mut task = Self { doubles: std::mem::take(&mut object.doubles), ..Self::default() };
        task.id = object.take("id").and_then(name_from_json);
        let mut no_lists = Vec::new();
        let mut list = |key: &str| -> (Vec<RawAnnotation<'a>>, Vec<&'a RawValue>) {
            let values = take_list(&mut object, key, &mut no_lists);
            let (mut found, mut others) = (Vec::new(), Vec::new());
            for json in values {
                match serde_json::from_str::<JsonObject<'a>>(json.get()) {
                    Ok(members) => found.push(RawAnnotation::from_members(json, members, &mut no_lists)),
                    Err(_) => others.push(json),
                }
            }
            (found, others)
        };
        let (mut annotations, mut unreadable) = list("annotations");
        // Before version 1.0.
        let (completions, others) = list("completions");
        annotations.extend(completions);
        unreadable.extend(others);
        let (predictions, numbers) = list("predictions");
        (task.unreadable, task.prediction_numbers) = (unreadable, numbers.len());
        task.no_lists = no_lists;
        let members = annotations.iter_mut().map(|annotation| &mut annotation.members);
        task.doubles.extend(members.flat_map(|members| std::mem::take(&mut members.doubles)));
        task.annotations = annotations;
        task.predictions = predictions;
        let data = object.take("data").and_then(|data| serde_json::from_str::<JsonObject<'a>>(data.get()).ok());
        if let Some(mut data) = data {
            task.doubles.append(&mut data.doubles);
            let key = task.text_key(&data, text_key);
            task.text = key.and_then(|key| data.take(&key)).and_then(text_from_json);
            task.meta = merge(None, &data.into_owned().0);
        }
        task.rest = object.into_owned();
        task
    }

    fn text_key(&self, data: &JsonObject<'_>, asked: Option<&str>) -> Option<String> {
        if let Some(key) = asked {
            return Some(key.to_owned());
        }
        let is_text = |key: &str| data.get(key).is_some_and(|value| value.get().starts_with('"'));
        let results = self.annotations.iter().chain(&self.predictions).flat_map(|annotation| &annotation.results);
        let first = results.filter_map(|result| serde_json::from_str::<JsonObject<'_>>(result.get()).ok()).next();
        let said = |key: &str| first.as_ref().and_then(|result| result.get(key)).and_then(text_from_json);
        let source = said("source").map(|source| source.trim_start_matches('$').to_owned());
        let named = [source, Some("text".to_owned()), said("to_name")].into_iter().flatten().find(|key| is_text(key));
        let only = || {
            let mut strings = data.members.iter().filter(|(_, value)| value.get().starts_with('"'));
            strings.next().filter(|_| strings.next().is_none()).map(|(key, _)| key.clone())
        };
        named.or_else(only)
    }
}

/// The list under a key, empty where there is none; what is no list is put aside to be said.
fn take_list<'a>(
    object: &mut JsonObject<'a>,
    key: &str,
    no_lists: &mut Vec<(String, &'a RawValue)>,
) -> Vec<&'a RawValue> {
    let Some(value) = object.take(key).filter(|value| value.get() != "null") else { return Vec::new() };
    serde_json::from_str(value.get()).unwrap_or_else(|_| {
        no_lists.push((key.to_owned(), value));
        Vec::new()
    })
}

impl<'a> RawAnnotation<'a> {
    fn from_members(
        json: &'a RawValue,
        mut members: JsonObject<'a>,
        no_lists: &mut Vec<(String, &'a RawValue)>,
    ) -> Self {
        let results = take_list(&mut members, "result", no_lists);
        Self { json, members, results }
    }

    /// Whether a key is true.
    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.members.get(key).is_some_and(|value| value.get() == "true")
    }

    /// Who made it: a name that this program wrote, or the email, user name or number of `completed_by`.
    pub(crate) fn annotator(&self) -> Option<String> {
        let own = self.members.get("annotator").and_then(name_from_json);
        own.or_else(|| self.members.get("completed_by").and_then(annotator_from_completed_by))
    }
}

/// Who is meant by `completed_by`, which is a number, an email or an object.
pub(crate) fn annotator_from_completed_by(value: &RawValue) -> Option<String> {
    name_from_json(value).or_else(|| {
        let person: JsonObject<'_> = serde_json::from_str(value.get()).ok()?;
        ["email", "username", "id"].into_iter().find_map(|key| person.get(key).and_then(name_from_json))
    })
}

/// A result that labels a part of the text.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) id: Option<String>,
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) surface: Option<String>,
    pub(crate) labels: Vec<String>,
    pub(crate) note: Option<String>,
    pub(crate) score: Option<f64>,
    /// What else is said of it.
    pub(crate) extra: Members,
}

/// What a result is.
#[derive(Debug)]
pub(crate) enum RawResult {
    Region(Region),
    /// A relation between the results with these identities.
    Relation([String; 2]),
    /// A result of another kind, or a region without labels, with the identity of the region that it belongs to.
    Other(Option<String>),
}

/// Kinds of results that label texts.
const LABEL_KINDS: [&str; 4] = ["labels", "hypertextlabels", "htmllabels", "textlabels"];

impl RawResult {
    /// What a result says.
    ///
    /// # Errors
    /// [`SpanFault::Unreadable`] for a region without a place.
    pub(crate) fn from_json(json: &RawValue) -> Result<Self, SpanFault> {
        let Ok(mut object) = serde_json::from_str::<JsonObject<'_>>(json.get()) else { return Ok(Self::Other(None)) };
        let kind = object.take("type").and_then(text_from_json);
        let id = object.take("id").and_then(name_from_json);
        if kind.as_deref() == Some("relation") {
            let end = |key: &str| object.get(key).and_then(name_from_json);
            let ends = end("from_id").zip(end("to_id"));
            return Ok(ends.map_or(Self::Other(None), |(from, to)| Self::Relation([from, to])));
        }
        let value = object.take("value").and_then(|value| serde_json::from_str::<JsonObject<'_>>(value.get()).ok());
        let (Some(value), true) = (value, kind.as_deref().is_none_or(|kind| LABEL_KINDS.contains(&kind))) else {
            return Ok(Self::Other(id));
        };
        let Some(mut region) = region_from_value(&value)? else { return Ok(Self::Other(id)) };
        region.id = id;
        if let Some(meta) = object.take("meta") {
            (region.note, region.extra) = note_from_meta(meta);
        }
        for usual in ["from_name", "to_name", "source"] {
            object.take(usual);
        }
        region.score = object.get("score").and_then(|score| serde_json::from_str(score.get()).ok());
        let is_usual = |(name, value): &(String, &RawValue)| match name.as_str() {
            "origin" => value.get() == "\"manual\"",
            "readonly" | "hidden" | "locked" | "is_locked" => value.get() == "false",
            _ => value.get() == "null",
        };
        object.members.retain(|member| !is_usual(member));
        region.extra.0.extend(object.into_owned().0);
        Ok(Self::Region(region))
    }
}

/// The note in the meta of a region, and the rest of that meta.
fn note_from_meta(meta: &RawValue) -> (Option<String>, Members) {
    let mut kept = Members::default();
    let Ok(mut object) = serde_json::from_str::<JsonObject<'_>>(meta.get()) else {
        kept.add("meta", &meta);
        return (None, kept);
    };
    let text = object.get("text");
    let lines = text.and_then(|text| serde_json::from_str::<Vec<String>>(text.get()).ok());
    let note = lines.map(|lines| lines.join("\n")).or_else(|| text.and_then(text_from_json));
    if note.is_some() {
        object.take("text");
    }
    if !object.members.is_empty() {
        kept.add("meta", &object.into_owned());
    }
    (note.filter(|note| !note.is_empty()), kept)
}

/// The region that the value of a result says; `None` without labels.
///
/// # Errors
/// [`SpanFault::Unreadable`] when there are labels and no place.
pub(crate) fn region_from_value(value: &JsonObject<'_>) -> Result<Option<Region>, SpanFault> {
    let list = |key: &&str| value.get(key).and_then(|list| serde_json::from_str::<Vec<String>>(list.get()).ok());
    let Some(labels) = LABEL_KINDS.iter().find_map(list).filter(|labels| !labels.is_empty()) else { return Ok(None) };
    let surface = value.get("text").and_then(text_from_json);
    let number = |object: &JsonObject<'_>, key: &str| {
        object.get(key).and_then(|value| serde_json::from_str::<u64>(value.get()).ok())
    };
    let plain = number(value, "start").zip(number(value, "end"));
    let globals = || {
        let offsets: JsonObject<'_> = serde_json::from_str(value.get("globalOffsets")?.get()).ok()?;
        number(&offsets, "start").zip(number(&offsets, "end"))
    };
    // Texts of one text node alone count alike, whatever stands around.
    let is_one_node = ["start", "end"].iter().all(|key| {
        let path = value.get(key).and_then(text_from_json);
        path.is_some_and(|path| path.trim_start_matches('/') == "text()[1]")
    });
    let in_node = || number(value, "startOffset").zip(number(value, "endOffset")).filter(|_| is_one_node);
    let in_page = || globals().or_else(in_node).filter(|_| surface.is_some() || is_one_node);
    let Some((start, end)) = plain.or_else(in_page) else {
        let members: Vec<String> = value.members.iter().map(|(key, value)| format!("{key}: {}", value.get())).collect();
        let words = "a region without start and end that count in the text".to_owned();
        return Err(SpanFault::Unreadable { words, json: cut(&members.join(", ")) });
    };
    let extra = Members::default();
    Ok(Some(Region { id: None, start, end, surface, labels, note: None, score: None, extra }))
}

/// What a layer carries for Label Studio.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct LayerAside {
    /// Members of the annotation besides its results, as `completed_by` and `ground_truth`.
    #[serde(default, skip_serializing_if = "Members::is_empty")]
    pub(crate) annotation: Members,
    /// Regions that something refers to, or of which more is said than a mention holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) regions: Vec<KeptRegion>,
    /// Results that are no mentions, as relations and choices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) results: Vec<Box<RawValue>>,
}

/// A region that is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptRegion {
    pub(crate) id: Option<String>,
    /// Where it starts, in code points.
    pub(crate) start: usize,
    /// Where it ends, in code points.
    pub(crate) end: usize,
    pub(crate) labels: Vec<String>,
    #[serde(default, skip_serializing_if = "Members::is_empty")]
    pub(crate) extra: Members,
}

/// What an article carries for Label Studio.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct TaskAside {
    /// Members of the task that no one knows here.
    #[serde(default, skip_serializing_if = "Members::is_empty")]
    pub(crate) task: Members,
    /// Annotations that were cancelled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) cancelled: Vec<Box<RawValue>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a result is taken for.
    fn check(json: &str, expected: &str) {
        let raw = RawValue::from_string(json.to_owned()).unwrap();
        let found = match RawResult::from_json(&raw) {
            Ok(RawResult::Region(r)) => {
                let extra = serde_json::to_string(&r.extra).unwrap();
                format!("{:?} {}..{} {:?} {} {:?} {extra}", r.id, r.start, r.end, r.surface, r.labels.join("+"), r.note)
            }
            Ok(other) => format!("{other:?}"),
            Err(fault) => fault.to_string(),
        };
        assert_eq!(found, expected, "{json}");
    }

    #[test]
    fn regions_are_told_from_other_results() {
        check(
            r#"{"id":"r","type":"labels","origin":"manual","value":{"start":0,"end":1,"text":"a","labels":["A","B"]},"meta":{"text":["x","y"]}}"#,
            r#"Some("r") 0..1 Some("a") A+B Some("x\ny") {}"#,
        );
        check(
            r#"{"type":"labels","origin":"prediction","value":{"start":0,"end":1,"labels":["A"]},"meta":{"text":["x"],"k":1}}"#,
            r#"None 0..1 None A Some("x") {"meta":{"k":1},"origin":"prediction"}"#,
        );
        check(
            r#"{"type":"hypertextlabels","value":{"start":"/p[1]/text()[1]","end":"/p[1]/text()[1]","startOffset":3,"endOffset":4,"text":"a","globalOffsets":{"start":8,"end":9},"hypertextlabels":["A"]}}"#,
            r#"None 8..9 Some("a") A None {}"#,
        );
        check(
            r#"{"type":"labels","value":{"start":"/text()[1]","end":"/text()[1]","startOffset":3,"endOffset":4,"labels":["A"]}}"#,
            "None 3..4 None A None {}",
        );
        check(
            r#"{"type":"labels","value":{"start":"/p[1]","end":"/p[1]","startOffset":3,"endOffset":4,"labels":["A"]}}"#,
            r#"a region without start and end that count in the text in "start: \"/p[1]\", end: \"/p[1]\", startOffset: 3, endOffset: 4, …""#,
        );
        check(r#"{"id":"r","type":"labels","value":{"start":0,"end":1}}"#, r#"Other(Some("r"))"#);
        check(r#"{"id":"r","type":"choices","value":{"choices":["x"]}}"#, r#"Other(Some("r"))"#);
        check(r#"{"type":"relation","from_id":"a","to_id":"b"}"#, r#"Relation(["a", "b"])"#);
        check("7", "Other(None)");
    }

    #[test]
    fn the_text_is_found_in_the_data() {
        let check = |task: &str, expected: Option<&str>| {
            let object = serde_json::from_str(task).unwrap();
            assert_eq!(RawTask::from_object(object, None).text.as_deref(), expected, "{task}");
        };
        check(r#"{"data":{"text":"a","title":"b"}}"#, Some("a"));
        check(r#"{"data":{"body":"a","n":1}}"#, Some("a"));
        check(r#"{"data":{"body":"a","title":"b"}}"#, None);
        check(r#"{"data":{"body":"a","title":"b"},"annotations":[{"result":[{"to_name":"body"}]}]}"#, Some("a"));
        check(r#"{"data":{"text":"a","x":"b"},"predictions":[{"result":[{"source":"$x"}]}]}"#, Some("b"));
    }
}
