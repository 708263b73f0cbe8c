//! The shape of a record of the program's own JSON, as it is parsed.
//!
//! Owns what serde makes of the bytes: keys in any order, unknown ones kept. It must not judge what they mean.

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
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

/// Text, or a whole number as its digits.
struct Name(String);

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
fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
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
        deserializer.deserialize_map(SpanVisitor)
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
