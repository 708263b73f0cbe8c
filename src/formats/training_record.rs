//! The shape of a record of the program's own JSON, as it is parsed.
//!
//! Owns what serde makes of the bytes: keys in any order, unknown ones kept. It must not judge what they mean.

use crate::formats::finding::JsonFault;
use crate::formats::format::Columns;
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// An article of a file before it is checked.
///
/// ```
/// use barchasb::formats::training_record::{RawArticle, RawSpan};
/// let json = r#"{"text": "علی آمد", "id": 7, "source": "مهر", "spans": [{"start": 0, "end": 3, "label": "PER"}]}"#;
/// let article: RawArticle = serde_json::from_str(json).unwrap();
/// assert_eq!(article.id.as_deref(), Some("7"));
/// assert_eq!(article.extra[0].0, "source");
/// let span: RawSpan = serde_json::from_str(article.spans[0].get()).unwrap();
/// assert_eq!((span.start, span.end), (0, 3));
/// ```
#[derive(Debug, Default)]
pub struct RawArticle {
    /// `id`; a whole number becomes its digits.
    pub id: Option<String>,
    /// `text`.
    pub text: Option<String>,
    /// `spans`, each as its JSON text.
    pub spans: Vec<Box<RawValue>>,
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

/// A span of a file before it is checked.
#[derive(Debug, Default)]
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
            let spans = std::mem::replace(&mut self.spans, found.unwrap_or_default());
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

impl<'de> Deserialize<'de> for RawArticle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ArticleVisitor;
        impl<'de> Visitor<'de> for ArticleVisitor {
            type Value = RawArticle;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with a text")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawArticle, A::Error> {
                let mut article = RawArticle::default();
                let (mut id, mut annotator, mut spans) = (None::<Name>, None::<Name>, None::<Vec<Box<RawValue>>>);
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "id" => once(&mut id, &mut map, "id")?,
                        "text" => once(&mut article.text, &mut map, "text")?,
                        "spans" => once(&mut spans, &mut map, "spans")?,
                        "annotator" => once(&mut annotator, &mut map, "annotator")?,
                        "status" => once(&mut article.status, &mut map, "status")?,
                        "meta" => once(&mut article.meta, &mut map, "meta")?,
                        "offset_unit" => once(&mut article.offset_unit, &mut map, "offset_unit")?,
                        _ => article.extra.push((key, map.next_value()?)),
                    }
                }
                let named = |name: Option<Name>| name.map(|n| n.0).filter(|n| !n.trim().is_empty());
                article.id = named(id);
                article.annotator = named(annotator);
                article.spans = spans.unwrap_or_default();
                Ok(article)
            }
        }
        deserializer.deserialize_map(ArticleVisitor)
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
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "start" => once(&mut start, &mut map, "start")?,
                        "end" => once(&mut end, &mut map, "end")?,
                        "label" => once(&mut label, &mut map, "label")?,
                        "text" => once(&mut span.text, &mut map, "text")?,
                        "note" => once(&mut span.note, &mut map, "note")?,
                        _ => {
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
