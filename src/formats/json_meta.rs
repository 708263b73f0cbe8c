//! An article's meta: a JSON object kept as text, so that key order, big numbers and escapes stay as they were written.
//!
//! Owns compacting and merging of such objects. It must not understand what is inside.

use crate::formats::finding::Finding;
use crate::formats::problem::{Place, Problem};
use serde_json::value::RawValue;
use std::collections::HashSet;

/// A JSON text without the white space between its tokens; strings stay as they are, so it fits on one line.
///
/// ```
/// use barchasb::formats::json_meta::compact;
/// assert_eq!(compact("{ \"a b\" :\n [1, 2] }"), r#"{"a b":[1,2]}"#);
/// ```
#[must_use]
pub fn compact(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in json.chars() {
        if in_string {
            (in_string, escaped) = match c {
                _ if escaped => (true, false),
                '\\' => (true, true),
                other => (other != '"', false),
            };
        } else if matches!(c, ' ' | '\t' | '\r' | '\n') {
            continue;
        } else {
            in_string = c == '"';
        }
        out.push(c);
    }
    out
}

/// The meta of an article from the `meta` of its record and the keys of the record that no one knows: an object as text,
/// empty when there is nothing in it.
///
/// A `meta` that is no object is kept under the key `meta`. A name that is taken gets underscores until it is free.
#[must_use]
pub fn merge(meta: Option<&RawValue>, extra: &[(String, Box<RawValue>)]) -> String {
    let mut members = Vec::new();
    let mut names = HashSet::new();
    if let Some(meta) = meta.map(|m| compact(m.get())).filter(|m| m != "null") {
        match meta.strip_prefix('{').and_then(|m| m.strip_suffix('}')) {
            Some(inner) => {
                names = names_of(&meta);
                if !inner.is_empty() {
                    members.push(inner.to_owned());
                }
            }
            None => {
                names.insert("meta".to_owned());
                members.push(format!("\"meta\":{meta}"));
            }
        }
    }
    for (name, value) in extra {
        let mut name = name.clone();
        while !names.insert(name.clone()) {
            name.push('_');
        }
        members.push(format!("{}:{}", serde_json::Value::String(name), compact(value.get())));
    }
    if members.is_empty() { String::new() } else { format!("{{{}}}", members.join(",")) }
}

fn names_of(object: &str) -> HashSet<String> {
    serde_json::from_str::<std::collections::HashMap<String, &RawValue>>(object)
        .map(|members| members.into_keys().collect())
        .unwrap_or_default()
}

/// The meta of a record as it is written: an object on one line, `{}` for none; a text that is no JSON object is kept in the
/// key `meta`, and that is said.
pub fn written(meta: &str, place: Place, problems: &mut Vec<Problem>) -> Box<RawValue> {
    let object = RawValue::from_string(compact(meta)).ok().filter(|m| m.get().starts_with('{'));
    let sound = object.is_some() || meta.trim().is_empty();
    if !sound {
        problems.push(Problem::new(place, Finding::MetaNotObject));
    }
    object.unwrap_or_else(|| {
        let text = if sound {
            "{}".to_owned()
        } else {
            format!("{{\"meta\":{}}}", serde_json::Value::String(meta.to_owned()))
        };
        RawValue::from_string(text).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(meta: Option<&str>, extra: &[(&str, &str)], expected: &str) {
        let raw = |s: &str| RawValue::from_string(s.to_owned()).unwrap();
        let extra: Vec<_> = extra.iter().map(|(name, value)| ((*name).to_owned(), raw(value))).collect();
        assert_eq!(merge(meta.map(raw).as_deref(), &extra), expected);
    }

    #[test]
    fn nothing_of_a_meta_is_lost() {
        check(None, &[], "");
        check(Some("{}"), &[], "");
        check(Some("null"), &[], "");
        check(Some("{ \"z\": 1e400, \"a\": \"\\u06a9 x\" }"), &[], r#"{"z":1e400,"a":"\u06a9 x"}"#);
        check(Some("[1, 2]"), &[], r#"{"meta":[1,2]}"#);
        check(
            None,
            &[("url", "\"x\""), ("n", "12345678901234567890123")],
            r#"{"url":"x","n":12345678901234567890123}"#,
        );
        check(Some(r#"{"url":1,"url_":2}"#), &[("url", "3")], r#"{"url":1,"url_":2,"url__":3}"#);
    }

    #[test]
    fn meta_is_written_on_one_line() {
        let check = |meta: &str, expected: &str, sound: bool| {
            let mut problems = Vec::new();
            let value = written(meta, Place::default(), &mut problems);
            assert_eq!((value.get(), problems.is_empty()), (expected, sound));
        };
        check("", "{}", true);
        check("{\n \"a\": \"b\\n c\"\n}", r#"{"a":"b\n c"}"#, true);
        check("not json", r#"{"meta":"not json"}"#, false);
        check("[1]", r#"{"meta":"[1]"}"#, false);
    }
}
