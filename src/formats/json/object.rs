//! JSON objects whose keys are not all known: members in the order of the file, each with its JSON text.
//!
//! Owns reading them without copying values, writing them again, and the few conversions of values that readers of other programs'
//! JSON share. It must not know any format.

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use std::collections::HashMap;
use std::fmt;

/// Up to how many members an object is looked through for one of a name.
const FEW: usize = 16;

/// An object as it stands in a file; values borrow from its bytes.
///
/// ```
/// use barchasb::formats::json::object::JsonObject;
/// let mut object: JsonObject = serde_json::from_str(r#"{"text": "علی", "n": 1e400, "x": null}"#).unwrap();
/// assert_eq!(object.take("text").unwrap().get(), "\"علی\"");
/// assert!(object.take("x").is_none(), "null is as good as nothing");
/// assert_eq!(object.members[0].0, "n");
/// ```
#[derive(Debug, Default)]
pub struct JsonObject<'a> {
    /// The members, in the order of the file; of two with one name the last alone, in the place of the first.
    pub members: Vec<(String, &'a RawValue)>,
    /// The names that stand more than once.
    pub doubles: Vec<String>,
}

impl<'a> JsonObject<'a> {
    /// The value of a key, taken out; `None` where it is missing or null.
    pub fn take(&mut self, key: &str) -> Option<&'a RawValue> {
        let at = self.members.iter().position(|(name, _)| name == key)?;
        Some(self.members.remove(at).1).filter(|value| value.get() != "null")
    }

    /// The value of a key; `None` where it is missing or null.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a RawValue> {
        let (_, value) = self.members.iter().find(|(name, _)| name == key)?;
        Some(*value).filter(|value| value.get() != "null")
    }

    /// The value of a key, taken out and understood; `None` where it is missing or null.
    ///
    /// # Errors
    /// When it is of another shape.
    pub fn take_as<T: Deserialize<'a>>(&mut self, key: &str) -> Result<Option<T>, serde_json::Error> {
        self.take(key).map(|value| serde_json::from_str(value.get())).transpose()
    }

    /// The name that a key holds, taken out; what is no name stays.
    pub fn take_name(&mut self, key: &str) -> Option<String> {
        let name = name_from_json(self.get(key)?)?;
        self.take(key);
        Some(name)
    }

    /// The members that are left, with values of their own.
    #[must_use]
    pub fn into_owned(self) -> Members {
        Members(self.members.into_iter().map(|(name, value)| (name, value.to_owned())).collect())
    }
}

impl<'de> Deserialize<'de> for JsonObject<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;
        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = JsonObject<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonObject<'de>, A::Error> {
                let mut object = JsonObject::default();
                // Objects of records have few keys, which are looked through; a map is for those that have many.
                let mut seen: HashMap<String, usize> = HashMap::new();
                while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                    let count = object.members.len();
                    let at = if count < FEW {
                        object.members.iter().position(|(other, _)| *other == name).unwrap_or(count)
                    } else {
                        if seen.is_empty() {
                            seen =
                                (object.members.iter().enumerate()).map(|(at, (name, _))| (name.clone(), at)).collect();
                        }
                        *seen.entry(name.clone()).or_insert(count)
                    };
                    match object.members.get_mut(at) {
                        Some(before) => {
                            before.1 = value;
                            object.doubles.push(name);
                        }
                        None => object.members.push((name, value)),
                    }
                }
                Ok(object)
            }
        }
        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// Members of an object to be written, or kept.
#[derive(Clone, Debug, Default)]
pub struct Members(pub Vec<(String, Box<RawValue>)>);

impl Members {
    /// Adds a member. A value that cannot be written as JSON becomes null; those of this program always can.
    pub fn add(&mut self, name: impl Into<String>, value: &impl Serialize) {
        self.0.push((name.into(), to_raw_value(value).unwrap_or_default()));
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is one of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(other, _)| other == name)
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        JsonObject::deserialize(deserializer).map(JsonObject::into_owned)
    }
}

/// The text of a JSON string; `None` for any other value.
///
/// ```
/// use barchasb::formats::json::object::text_from_json;
/// let raw = |json: &str| serde_json::value::RawValue::from_string(json.to_owned()).unwrap();
/// assert_eq!(text_from_json(&raw(r#""a\nb""#)).as_deref(), Some("a\nb"));
/// assert_eq!(text_from_json(&raw("1")), None);
/// ```
#[must_use]
pub fn text_from_json(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// A name that is a string or a number; `None` when it is blank or anything else.
///
/// ```
/// use barchasb::formats::json::object::name_from_json;
/// let raw = |json: &str| serde_json::value::RawValue::from_string(json.to_owned()).unwrap();
/// assert_eq!(name_from_json(&raw("17")).as_deref(), Some("17"));
/// assert_eq!(name_from_json(&raw(r#""a1""#)).as_deref(), Some("a1"));
/// assert_eq!(name_from_json(&raw("[]")), None);
/// ```
#[must_use]
pub fn name_from_json(value: &RawValue) -> Option<String> {
    let is_number = value.get().starts_with(|c: char| c == '-' || c.is_ascii_digit());
    let name = if is_number { Some(value.get().to_owned()) } else { text_from_json(value) };
    name.filter(|name| !name.trim().is_empty())
}

/// A name as JSON: a number where it is a whole number as numbers are written, else a string.
///
/// ```
/// use barchasb::formats::json::object::json_from_name;
/// assert_eq!(json_from_name("17").get(), "17");
/// assert_eq!(json_from_name("017").get(), "\"017\"");
/// ```
#[must_use]
pub fn json_from_name(name: &str) -> Box<RawValue> {
    let number = name.parse::<i64>().ok().filter(|number| number.to_string() == name);
    number.map_or_else(|| to_raw_value(name), |number| to_raw_value(&number)).unwrap_or_default()
}

/// What follows a key in the first bytes of a JSON file, from the first byte of its value.
///
/// ```
/// use barchasb::formats::json::object::value_of_key;
/// assert_eq!(value_of_key(r#"{"text": "label", "label" : [[0,"#, "label"), Some("[[0,"));
/// ```
#[must_use]
pub fn value_of_key<'a>(head: &'a str, key: &str) -> Option<&'a str> {
    let quoted = format!("\"{key}\"");
    head.match_indices(&quoted).find_map(|(at, _)| {
        let rest = head.get(at + quoted.len()..)?.trim_start();
        rest.strip_prefix(':').map(str::trim_start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_two_members_counts_and_the_name_is_told() {
        let object: JsonObject<'_> = serde_json::from_str(r#"{"a": 1, "b": 2, "a": 3}"#).unwrap();
        assert_eq!(object.doubles, ["a"]);
        assert_eq!(serde_json::to_string(&object.into_owned()).unwrap(), r#"{"a":3,"b":2}"#);
        // Of objects with many members too.
        let many = (0..3 * FEW).map(|number| format!(r#""{}":{number}"#, number % (FEW + 2))).collect::<Vec<_>>();
        let many = format!("{{{}}}", many.join(","));
        let object: JsonObject<'_> = serde_json::from_str(&many).unwrap();
        assert_eq!((object.members.len(), object.doubles.len()), (FEW + 2, 2 * FEW - 2));
        assert_eq!(object.get("1").unwrap().get(), (2 * FEW + 5).to_string());
    }
}
