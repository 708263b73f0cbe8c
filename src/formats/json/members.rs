//! A JSON object as its members in order, each value as its text.
//!
//! Owns [`Members`], for formats that keep what they do not know. It must not understand a value.

use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;

/// The members of an object; a key that stands twice is a fault.
///
/// ```
/// use barchasb::formats::json::members::Members;
/// let mut members: Members = serde_json::from_str(r#"{"b": 1, "a": [2]}"#).unwrap();
/// assert_eq!(members.take::<Vec<u8>>("a").unwrap(), Some(vec![2]));
/// assert_eq!(members.rest()[0].0, "b");
/// assert!(serde_json::from_str::<Members>(r#"{"a": 1, "a": 2}"#).is_err());
/// ```
#[derive(Debug, Default)]
pub struct Members {
    members: Vec<(String, Box<RawValue>)>,
}

impl Members {
    /// Takes a member out; `None` when it is not there or `null`.
    ///
    /// # Errors
    /// When its value is of another shape.
    pub fn take<T: for<'a> Deserialize<'a>>(&mut self, key: &str) -> Result<Option<T>, serde_json::Error> {
        let Some(at) = self.members.iter().position(|(name, _)| name == key) else { return Ok(None) };
        let (_, value) = self.members.remove(at);
        serde_json::from_str(value.get())
    }

    /// The text of a string or number that is taken out; `None` for anything else and for what is blank.
    #[must_use]
    pub fn take_name(&mut self, key: &str) -> Option<String> {
        let name = self.peek_name(key);
        self.members.retain(|(other, _)| other != key || name.is_none());
        name
    }

    /// The text of a string or number that stays; `None` for anything else and for what is blank.
    #[must_use]
    pub fn peek_name(&self, key: &str) -> Option<String> {
        let (_, value) = self.members.iter().find(|(name, _)| name == key)?;
        let name = match serde_json::from_str(value.get()).ok()? {
            serde_json::Value::String(name) => name,
            serde_json::Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(name).filter(|name| !name.trim().is_empty())
    }

    /// What was not taken.
    #[must_use]
    pub fn rest(self) -> Vec<(String, Box<RawValue>)> {
        self.members
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let (mut members, mut names) = (Vec::new(), HashSet::new());
                while let Some(key) = map.next_key::<String>()? {
                    if !names.insert(key.clone()) {
                        return Err(A::Error::custom(format!("the key {key:?} stands twice")));
                    }
                    members.push((key, map.next_value()?));
                }
                Ok(Members { members })
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// An object that is written from members in their order.
#[derive(Debug, Default)]
pub struct MembersOut<'a>(pub Vec<(&'a str, Box<RawValue>)>);

impl<'a> MembersOut<'a> {
    /// Adds a member.
    pub fn put(&mut self, key: &'a str, value: &impl Serialize) {
        self.0.extend(serde_json::value::to_raw_value(value).ok().map(|value| (key, value)));
    }

    /// The object's bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let member = |(key, value): &(&str, Box<RawValue>)| format!("{}:{}", serde_json::json!(key), value.get());
        let members: Vec<String> = self.0.iter().map(member).collect();
        format!("{{{}}}", members.join(",")).into_bytes()
    }
}
