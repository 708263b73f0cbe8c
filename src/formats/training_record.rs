//! The shape of a record of the program's own JSON, as it is parsed.
//!
//! Owns what serde makes of the bytes: keys in any order, unknown ones kept. It must not judge what they mean.

use crate::formats::finding::Finding;
use crate::formats::finding::{JsonFault, SpanFault, cut};
use crate::formats::format::Columns;
use crate::formats::json_frame::Frame;
use crate::formats::problem::{Place, Problem};
use crate::formats::training_decision::RawDecision;
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// An article of a file before it is checked.
///
/// ```
/// use barchasb::formats::training_record::{RawArticle, RawSpan};
/// let json = r#"{"text": "علی آمد", "id": 7, "source": "مهر", "spans": [{"start": 0, "end": 3, "label": "PER"}]}"#;
/// let article: RawArticle = serde_json::from_str(json).unwrap();
/// assert_eq!(article.id.as_deref(), Some("7"));
/// assert_eq!(article.extra[0].0, "source");
/// let span: RawSpan = article.spans.into_iter().next().unwrap().read().unwrap();
/// assert_eq!((span.start, span.end), (0, 3));
/// ```
#[derive(Debug, Default)]
pub struct RawArticle {
    /// `id`; a whole number becomes its digits.
    pub id: Option<String>,
    /// `text`.
    pub text: Option<String>,
    /// `spans`.
    pub spans: Vec<SpanJson>,
    /// `annotator`; a whole number becomes its digits, a blank name none.
    pub annotator: Option<String>,
    /// `status`.
    pub status: Option<String>,
    /// `meta`, as its JSON text.
    pub meta: Option<Box<RawValue>>,
    /// `offset_unit`.
    pub offset_unit: Option<String>,
    /// Every other key with its JSON text, in the order of the file.
    pub extra: Vec<(String, Box<RawValue>)>,
}

/// `carried`: what files of other formats said that this program does not hold, by the format's name.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawCarried {
    /// What belongs to the article.
    pub article: BTreeMap<String, String>,
    /// What belongs to the layer.
    pub layer: BTreeMap<String, String>,
}

/// A span as it was found.
#[derive(Debug)]
pub enum SpanJson {
    /// It has the shape of a span.
    Sound(RawSpan),
    /// It was not looked at yet, or is none.
    Text(Box<RawValue>),
}

impl SpanJson {
    /// The span.
    ///
    /// # Errors
    /// [`SpanFault::Unreadable`] when it is none.
    pub fn read(self) -> Result<RawSpan, SpanFault> {
        match self {
            Self::Sound(span) => Ok(span),
            Self::Text(json) => serde_json::from_str(json.get()).map_err(|error| match JsonFault::from(&error) {
                JsonFault::Unfinished { words } | JsonFault::Syntax { words } | JsonFault::Shape { words } => {
                    SpanFault::Unreadable { words, json: cut(json.get()) }
                }
            }),
        }
    }

    /// Its text, where it was not looked at yet.
    fn into_text(self) -> Option<Box<RawValue>> {
        match self {
            Self::Sound(_) => None,
            Self::Text(json) => Some(json),
        }
    }

    /// The span without taking it out; `None` when it is none.
    #[must_use]
    pub fn sound(&self) -> Option<Cow<'_, RawSpan>> {
        match self {
            Self::Sound(span) => Some(Cow::Borrowed(span)),
            Self::Text(json) => serde_json::from_str(json.get()).ok().map(Cow::Owned),
        }
    }
}

impl From<RawSpan> for SpanJson {
    fn from(span: RawSpan) -> Self {
        Self::Sound(span)
    }
}

impl From<Box<RawValue>> for SpanJson {
    fn from(json: Box<RawValue>) -> Self {
        Self::Text(json)
    }
}

/// A span of a file before it is checked.
#[derive(Clone, Debug, Default)]
pub struct RawSpan {
    /// `start`, in the unit of the file.
    pub start: u64,
    /// `end`, in the unit of the file.
    pub end: u64,
    /// `label`.
    pub label: String,
    /// `text`: the surface.
    pub text: Option<String>,
    /// `note`.
    pub note: Option<String>,
    /// The names of all other keys.
    pub unknown: Vec<String>,
}

impl RawArticle {
    /// The article of a frame, with the keys that `columns` names.
    ///
    /// Everything is parsed in one go, which fails where one span is none; then the spans are kept as their text first.
    ///
    /// # Errors
    /// The [`Problem`] when it is no article.
    pub fn from_frame(frame: &Frame, columns: &Columns) -> Result<Self, Box<Problem>> {
        let spans_are_spans = columns.mentions.is_none();
        if spans_are_spans && let Ok(SoundArticle(article)) = frame.parse() {
            return article.placed_columns(columns, frame.place());
        }
        frame.parse::<Self>()?.placed_columns(columns, frame.place())
    }

    /// Takes out what is carried; a value of another shape stays a key like others.
    pub fn take_carried(&mut self) -> RawCarried {
        self.take_known("carried").unwrap_or_default()
    }

    /// Takes out the decisions of a review; a value of another shape stays a key like others.
    pub fn take_decisions(&mut self) -> Vec<RawDecision> {
        self.take_known("decisions").unwrap_or_default()
    }

    /// The value of a further key, taken out when it has the shape that is known of it.
    fn take_known<T: serde::de::DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        let at = self.extra.iter().position(|(name, _)| name == key)?;
        let value = self.extra.get(at).and_then(|(_, json)| serde_json::from_str(json.get()).ok())?;
        self.extra.remove(at);
        Some(value)
    }

    fn placed_columns(self, columns: &Columns, place: Place) -> Result<Self, Box<Problem>> {
        self.with_columns(columns).map_err(|fault| Box::new(Problem::new(place, Finding::RecordJson(fault))))
    }

    /// The same with the keys that `columns` names in place of `text`, `id` and `spans`; these are then keys like others.
    ///
    /// ```
    /// use barchasb::formats::format::Columns;
    /// use barchasb::formats::training_record::RawArticle;
    /// let columns = Columns { text: Some("body".into()), ..Columns::default() };
    /// let article: RawArticle = serde_json::from_str(r#"{"body": "علی آمد", "text": "خلاصه"}"#).unwrap();
    /// let article = article.with_columns(&columns).unwrap();
    /// assert_eq!(article.text.as_deref(), Some("علی آمد"));
    /// assert_eq!(article.extra[0].1.get(), "\"خلاصه\"");
    /// ```
    ///
    /// # Errors
    /// [`JsonFault`] when a key holds something else than a text, an id or a list.
    pub fn with_columns(mut self, columns: &Columns) -> Result<Self, JsonFault> {
        let json = |error: serde_json::Error| JsonFault::from(&error);
        if let Some(key) = columns.text.as_deref().filter(|key| *key != "text") {
            let found = self.take(key)?;
            if let Some(text) = std::mem::take(&mut self.text) {
                self.extra.push(("text".to_owned(), serde_json::value::to_raw_value(&text).map_err(json)?));
            }
            self.text = found;
        }
        if let Some(key) = columns.id.as_deref().filter(|key| *key != "id") {
            let found = self.take::<Option<Name>>(key)?.flatten();
            if let Some(id) = std::mem::take(&mut self.id) {
                self.extra.push(("id".to_owned(), serde_json::value::to_raw_value(&id).map_err(json)?));
            }
            self.id = found.map(|name| name.0).filter(|name| !name.trim().is_empty());
        }
        if let Some(key) = columns.mentions.as_deref().filter(|key| *key != "spans") {
            let found = self.take::<Option<Vec<Box<RawValue>>>>(key)?.flatten();
            let found = found.unwrap_or_default().into_iter().map(SpanJson::Text).collect();
            let spans = std::mem::replace(&mut self.spans, found);
            let spans: Vec<Box<RawValue>> = spans.into_iter().filter_map(SpanJson::into_text).collect();
            if !spans.is_empty() {
                self.extra.push(("spans".to_owned(), serde_json::value::to_raw_value(&spans).map_err(json)?));
            }
        }
        Ok(self)
    }

    /// The value of a further key, taken out.
    fn take<T: serde::de::DeserializeOwned>(&mut self, key: &str) -> Result<Option<T>, JsonFault> {
        let Some(at) = self.extra.iter().position(|(name, _)| name == key) else { return Ok(None) };
        let (_, value) = self.extra.remove(at);
        serde_json::from_str(value.get()).map(Some).map_err(|error| match JsonFault::from(&error) {
            JsonFault::Shape { words } => JsonFault::Shape { words: format!("the key {key:?}: {words}") },
            other => other,
        })
    }
}

/// Text, or a whole number as its digits.
pub(crate) struct Name(pub(crate) String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl Visitor<'_> for NameVisitor {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a whole number")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Name, E> {
                Ok(Name(text.to_owned()))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Name, E> {
                Ok(Name(number.to_string()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Name, E> {
                Ok(Name(number.to_string()))
            }
        }
        deserializer.deserialize_any(NameVisitor)
    }
}

/// Takes the value of a key that may stand once.
pub(crate) fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    map: &mut A,
    key: &'static str,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(A::Error::duplicate_field(key));
    }
    *slot = map.next_value()?;
    Ok(())
}

/// The keys of an article.
enum ArticleKey {
    Id,
    Text,
    Spans,
    Annotator,
    Status,
    Meta,
    OffsetUnit,
    Other(String),
}

impl<'de> Deserialize<'de> for ArticleKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let known = |key: &str| {
            Some(match key {
                "id" => Self::Id,
                "text" => Self::Text,
                "spans" => Self::Spans,
                "annotator" => Self::Annotator,
                "status" => Self::Status,
                "meta" => Self::Meta,
                "offset_unit" => Self::OffsetUnit,
                _ => return None,
            })
        };
        deserializer.deserialize_str(KeyVisitor(known, Self::Other))
    }
}

/// The keys of a span.
enum SpanKey {
    Start,
    End,
    Label,
    Text,
    Note,
    Other(String),
}

impl<'de> Deserialize<'de> for SpanKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let known = |key: &str| {
            Some(match key {
                "start" => Self::Start,
                "end" => Self::End,
                "label" => Self::Label,
                "text" => Self::Text,
                "note" => Self::Note,
                _ => return None,
            })
        };
        deserializer.deserialize_str(KeyVisitor(known, Self::Other))
    }
}

/// Tells a key without keeping its text, where it is known.
struct KeyVisitor<F, O>(F, O);

impl<K, F: FnOnce(&str) -> Option<K>, O: FnOnce(String) -> K> Visitor<'_> for KeyVisitor<F, O> {
    type Value = K;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<K, E> {
        Ok((self.0)(key).unwrap_or_else(|| (self.1)(key.to_owned())))
    }
}

/// An article of which every span is one.
struct SoundArticle(RawArticle);

impl<'de> Deserialize<'de> for SoundArticle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ArticleVisitor::<RawSpan>(PhantomData)).map(Self)
    }
}

impl<'de> Deserialize<'de> for RawArticle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ArticleVisitor::<Box<RawValue>>(PhantomData))
    }
}

/// Takes an article in whose spans are parsed as `S`.
struct ArticleVisitor<S>(PhantomData<S>);

impl<'de, S: Deserialize<'de> + Into<SpanJson>> Visitor<'de> for ArticleVisitor<S> {
    type Value = RawArticle;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a text")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawArticle, A::Error> {
        let mut article = RawArticle::default();
        let (mut id, mut annotator, mut spans) = (None::<Name>, None::<Name>, None::<Vec<S>>);
        while let Some(key) = map.next_key::<ArticleKey>()? {
            match key {
                ArticleKey::Id => once(&mut id, &mut map, "id")?,
                ArticleKey::Text => once(&mut article.text, &mut map, "text")?,
                ArticleKey::Spans => once(&mut spans, &mut map, "spans")?,
                ArticleKey::Annotator => once(&mut annotator, &mut map, "annotator")?,
                ArticleKey::Status => once(&mut article.status, &mut map, "status")?,
                ArticleKey::Meta => once(&mut article.meta, &mut map, "meta")?,
                ArticleKey::OffsetUnit => once(&mut article.offset_unit, &mut map, "offset_unit")?,
                ArticleKey::Other(key) => article.extra.push((key, map.next_value()?)),
            }
        }
        let named = |name: Option<Name>| name.map(|n| n.0).filter(|n| !n.trim().is_empty());
        article.id = named(id);
        article.annotator = named(annotator);
        article.spans = spans.unwrap_or_default().into_iter().map(Into::into).collect();
        Ok(article)
    }
}

impl<'de> Deserialize<'de> for RawSpan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SpanVisitor;
        impl<'de> Visitor<'de> for SpanVisitor {
            type Value = RawSpan;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with start, end and label")
            }

            /// `[start, end, label]`, as other programs write it.
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawSpan, A::Error> {
                let missing = A::Error::missing_field;
                let start = seq.next_element()?.ok_or_else(|| missing("start"))?;
                let end = seq.next_element()?.ok_or_else(|| missing("end"))?;
                let label = seq.next_element()?.ok_or_else(|| missing("label"))?;
                Ok(RawSpan { start, end, label, ..RawSpan::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawSpan, A::Error> {
                let (mut start, mut end, mut label) = (None, None, None);
                let mut span = RawSpan::default();
                while let Some(key) = map.next_key::<SpanKey>()? {
                    match key {
                        SpanKey::Start => once(&mut start, &mut map, "start")?,
                        SpanKey::End => once(&mut end, &mut map, "end")?,
                        SpanKey::Label => once(&mut label, &mut map, "label")?,
                        SpanKey::Text => once(&mut span.text, &mut map, "text")?,
                        SpanKey::Note => once(&mut span.note, &mut map, "note")?,
                        SpanKey::Other(key) => {
                            map.next_value::<IgnoredAny>()?;
                            span.unknown.push(key);
                        }
                    }
                }
                let missing = A::Error::missing_field;
                span.start = start.ok_or_else(|| missing("start"))?;
                span.end = end.ok_or_else(|| missing("end"))?;
                span.label = label.ok_or_else(|| missing("label"))?;
                Ok(span)
            }
        }
        deserializer.deserialize_any(SpanVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Result<(), &str>) {
        let found = serde_json::from_str::<RawArticle>(json).map(drop).map_err(|e| e.to_string());
        assert_eq!(found, expected.map_err(str::to_owned), "{json}");
    }

    #[test]
    fn a_key_stands_once() {
        check(r#"{"text":"a","meta":null,"id":null}"#, Ok(()));
        check(r#"{"text":"a","text":"b"}"#, Err("duplicate field `text` at line 1 column 18"));
        check(
            r#"{"id":1.5}"#,
            Err("invalid type: floating point `1.5`, expected a string or a whole number at line 1 column 9"),
        );
        check("[1]", Err("invalid type: sequence, expected an object with a text at line 1 column 0"));
    }
}
