//! The shape of a record of doccano, in all the forms it has had.
//!
//! Owns what is made of the JSON of a line: which key holds the text and which the mentions, and how one mention stands. It must not
//! judge offsets, and knows no unit.
//!
//! The forms are those of doccano's own exporter and importer (`backend/data_export`, `backend/data_import`): mentions in `annotations`
//! with numbers for labels (oldest), in `labels` (middle), in `label` (current), and in `entities` where a project has relations or
//! categories of texts.

use crate::formats::format::Columns;
use crate::formats::json::object::{JsonObject, Members, name_from_json, text_from_json};
use crate::formats::json_meta::merge;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;

/// A record as it stands in the file.
#[derive(Debug, Default)]
pub(crate) struct RawRecord<'a> {
    pub(crate) id: Option<String>,
    pub(crate) text: Option<String>,
    /// Each mention or category as its JSON text.
    pub(crate) entries: Vec<&'a RawValue>,
    /// `relations`, where the project has them.
    pub(crate) relations: Option<Vec<Box<RawValue>>>,
    /// `cats`, where the project has them.
    pub(crate) categories: Option<Vec<Box<RawValue>>>,
    pub(crate) comments: Vec<Box<RawValue>>,
    /// All that is known of the text, an object as text.
    pub(crate) meta: String,
    pub(crate) doubles: Vec<String>,
}

/// The usual keys of the mentions.
const MENTION_KEYS: [&str; 4] = ["label", "labels", "entities", "annotations"];

impl<'a> RawRecord<'a> {
    /// The record that an object says.
    pub(crate) fn from_object(mut object: JsonObject<'a>, columns: &Columns) -> Self {
        let doubles = std::mem::take(&mut object.doubles);
        let id = object.take(columns.id.as_deref().unwrap_or("id")).and_then(name_from_json);
        let text = match &columns.text {
            Some(key) => object.take(key),
            None => object.take("text").or_else(|| object.take("data")),
        };
        let mut list = |key: &str| {
            // A string or an object in such a place is no list of mentions and stays in the meta.
            let Some(value) = object.get(key) else {
                // Null says nothing.
                object.take(key);
                return None;
            };
            let list: Vec<&'a RawValue> = serde_json::from_str(value.get()).ok()?;
            object.take(key).map(|_| list)
        };
        let entries = match &columns.mentions {
            Some(key) => list(key).unwrap_or_default(),
            None => MENTION_KEYS.iter().filter_map(|key| list(key)).flatten().collect(),
        };
        let mut owned = |key: &str| list(key).map(|list| list.into_iter().map(ToOwned::to_owned).collect());
        let (relations, categories) = (owned("relations"), owned("cats"));
        let comments = owned("Comments").or_else(|| owned("comments")).unwrap_or_default();
        let meta = object.take("meta");
        if object.get("annotation_approver").is_none() {
            // Null says nothing.
            object.take("annotation_approver");
        }
        Self {
            id,
            text: text.and_then(text_from_json),
            entries,
            relations,
            categories,
            comments,
            meta: merge(meta, &object.into_owned().0),
            doubles,
        }
    }
}

/// The name of a label, or the number of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RawLabel {
    Name(String),
    Number(i64),
}

/// An entry of a list of mentions.
#[derive(Debug)]
pub(crate) enum Entry {
    /// A mention.
    Mention {
        /// Its identity, as relations name it.
        id: Option<Box<RawValue>>,
        start: u64,
        end: u64,
        label: RawLabel,
        /// Who made it, in the oldest form.
        user: Option<String>,
    },
    /// A category of the whole text.
    Category,
}

/// A string or a whole number.
struct Label(RawLabel);

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LabelVisitor;
        impl Visitor<'_> for LabelVisitor {
            type Value = Label;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a label's name or number")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Label, E> {
                Ok(Label(RawLabel::Name(text.to_owned())))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Label, E> {
                Ok(Label(RawLabel::Number(number)))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Label, E> {
                Ok(Label(i64::try_from(number).map_or(RawLabel::Name(number.to_string()), RawLabel::Number)))
            }
        }
        deserializer.deserialize_any(LabelVisitor)
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntryVisitor;
        impl<'de> Visitor<'de> for EntryVisitor {
            type Value = Entry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("[start, end, label] or an object")
            }

            fn visit_str<E: Error>(self, _: &str) -> Result<Entry, E> {
                Ok(Entry::Category)
            }

            fn visit_u64<E: Error>(self, _: u64) -> Result<Entry, E> {
                Ok(Entry::Category)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Entry, A::Error> {
                let missing = |at: usize| A::Error::invalid_length(at, &"[start, end, label]");
                let start = list.next_element()?.ok_or_else(|| missing(0))?;
                let end = list.next_element()?.ok_or_else(|| missing(1))?;
                let Label(label) = list.next_element()?.ok_or_else(|| missing(2))?;
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Entry::Mention { id: None, start, end, label, user: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
                let (mut id, mut start, mut end, mut label, mut user) = (None, None, None, None, None);
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "id" => id = Some(map.next_value::<Box<RawValue>>()?),
                        "start_offset" | "start" => start = Some(map.next_value()?),
                        "end_offset" | "end" => end = Some(map.next_value()?),
                        "label" => label = Some(map.next_value::<Label>()?.0),
                        "user" => user = name_from_json(&map.next_value::<Box<RawValue>>()?),
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                match (start, end) {
                    (Some(start), Some(end)) => {
                        let label = label.ok_or_else(|| A::Error::missing_field("label"))?;
                        Ok(Entry::Mention { id, start, end, label, user })
                    }
                    (None, None) if label.is_some() => Ok(Entry::Category),
                    (None, _) => Err(A::Error::missing_field("start_offset")),
                    (_, None) => Err(A::Error::missing_field("end_offset")),
                }
            }
        }
        deserializer.deserialize_any(EntryVisitor)
    }
}

/// What a layer carries for doccano.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Aside {
    /// The identities of mentions, which relations name: identity, start and end in code points, label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ids: Vec<(Box<RawValue>, usize, usize, String)>,
    /// The relations; `None` where the project has none at all, so that the other form is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) relations: Option<Vec<Box<RawValue>>>,
    /// The categories of the text; `None` where the project has none at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cats: Option<Vec<Box<RawValue>>>,
    /// The comments on the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) comments: Vec<Box<RawValue>>,
}

impl Aside {
    /// Whether there is nothing to keep.
    pub(crate) fn is_empty(&self) -> bool {
        self.relations.is_none() && self.cats.is_none() && self.comments.is_empty()
    }
}

/// The identities at both ends of a relation; `None` when it names none.
pub(crate) fn ends_of_relation(relation: &RawValue) -> Option<[String; 2]> {
    let object: JsonObject<'_> = serde_json::from_str(relation.get()).ok()?;
    let end = |key: &str| object.get(key).and_then(name_from_json);
    Some([end("from_id")?, end("to_id")?])
}

/// Keys that a record has besides those of its meta: a key of the meta that is one of these stands inside `meta`.
pub(crate) const OWN_KEYS: [&str; 12] = [
    "id",
    "text",
    "data",
    "label",
    "labels",
    "entities",
    "annotations",
    "relations",
    "cats",
    "Comments",
    "comments",
    "meta",
];

/// The meta as members of a record: those whose names are not its own, and the others.
pub(crate) fn members_from_meta(meta: &RawValue) -> (Members, Members) {
    let all: Members = serde_json::from_str(meta.get()).unwrap_or_default();
    let (inside, flat) = all.0.into_iter().partition(|(name, _)| OWN_KEYS.contains(&name.as_str()));
    (Members(flat), Members(inside))
}
