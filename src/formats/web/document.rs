//! Web Annotations and the texts they speak of, gathered from one JSON value.
//!
//! Owns which objects are texts, collections and annotations, and who made an annotation. It must not resolve a selector. Names are
//! those of the context <http://www.w3.org/ns/anno.jsonld>.

use crate::domain::article::Direction;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// A text that annotations speak of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceText<'a> {
    /// Its IRI.
    pub id: Option<&'a str>,
    /// The text.
    pub text: &'a str,
    /// What it is called.
    pub name: Option<&'a str>,
    /// How it is read.
    pub direction: Direction,
}

/// A collection of annotations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WebCollection {
    /// Who made them.
    pub creator: Option<String>,
    /// How many annotations were found in it.
    pub found: u64,
}

/// An annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct WebAnnotation<'a> {
    /// The object.
    pub json: &'a Value,
    /// Who made it, by its own word or that of its collection.
    pub creator: Option<String>,
    /// The collection, by its index.
    pub collection: Option<usize>,
}

impl<'a> WebAnnotation<'a> {
    /// The IRI of the text in which its target selects; `None` where it selects nothing.
    #[must_use]
    pub fn source(&self) -> Option<&'a str> {
        each(self.json.get("target")).first()?.get("source").and_then(id_of)
    }

    /// The IRI of what it is on.
    #[must_use]
    pub fn target(&self) -> Option<&'a str> {
        self.source().or_else(|| each(self.json.get("target")).first().and_then(id_of))
    }
}

/// What is in a JSON value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WebDocument<'a> {
    /// The texts, in order.
    pub texts: Vec<SourceText<'a>>,
    /// The collections, in order.
    pub collections: Vec<WebCollection>,
    /// The annotations, in order.
    pub annotations: Vec<WebAnnotation<'a>>,
    /// The IRIs of the texts: one that stands there twice is taken once.
    ids: HashSet<&'a str>,
}

impl<'a> WebDocument<'a> {
    /// Gathers from a value whose depth is bounded by its reader.
    ///
    /// ```
    /// use barchasb::formats::web::document::WebDocument;
    /// let json = serde_json::json!({"@graph": [{"id": "x:1", "type": "Text", "value": "abc"},
    ///     {"type": "AnnotationPage", "items": [{"type": "Annotation", "creator": "x:me", "target": "x:1"}]}]});
    /// let document = WebDocument::from_json(&json);
    /// assert_eq!((document.texts[0].text, document.annotations.len()), ("abc", 1));
    /// ```
    #[must_use]
    pub fn from_json(value: &'a Value) -> Self {
        let mut document = Self::default();
        document.gather(value, None);
        document
    }

    /// The annotations on each text, in the order of the texts, and those on none of them. One that names no text is on the only one.
    #[must_use]
    pub fn by_text(&self) -> (Vec<Vec<&WebAnnotation<'a>>>, Vec<&WebAnnotation<'a>>) {
        let only = (self.texts.len() == 1).then_some(0);
        let places: HashMap<&str, usize> =
            self.texts.iter().enumerate().filter_map(|(at, text)| Some((text.id?, at))).collect();
        let nameless = only.filter(|_| self.texts.iter().all(|text| text.id.is_none()));
        let (mut by_text, mut lost) = (vec![Vec::new(); self.texts.len()], Vec::new());
        for annotation in &self.annotations {
            let at = match annotation.source() {
                Some(id) => places.get(id).copied().or(nameless),
                // It is on a whole text, or on other annotations.
                None => annotation.target().and_then(|id| places.get(id).copied()).or(only),
            };
            match at.and_then(|at| by_text.get_mut(at)) {
                Some(annotations) => annotations.push(annotation),
                None => lost.push(annotation),
            }
        }
        (by_text, lost)
    }

    fn gather(&mut self, value: &'a Value, collection: Option<usize>) {
        if let Value::Array(all) = value {
            return all.iter().for_each(|value| self.gather(value, collection));
        }
        if let Some(graph) = value.get("@graph") {
            self.gather(graph, collection);
        }
        if has_type(value, "Annotation") {
            self.annotation(value, collection);
        } else if has_type(value, "AnnotationCollection")
            || value.get("items").is_some()
            || value.get("first").is_some()
        {
            let collection = match collection {
                Some(collection) => collection,
                None => {
                    self.collections.push(WebCollection { creator: creator_of(value), found: 0 });
                    self.collections.len() - 1
                }
            };
            for inside in ["first", "items", "next"].into_iter().filter_map(|key| value.get(key)) {
                self.gather(inside, Some(collection));
            }
        } else {
            self.text(value);
        }
    }

    fn annotation(&mut self, json: &'a Value, collection: Option<usize>) {
        let of_collection = collection.and_then(|at| self.collections.get_mut(at)).and_then(|collection| {
            collection.found += 1;
            collection.creator.clone()
        });
        self.annotations.push(WebAnnotation { json, creator: creator_of(json).or(of_collection), collection });
        if let Some(source) = json.get("target").and_then(|target| target.get("source")) {
            self.text(source);
        }
    }

    fn text(&mut self, value: &'a Value) {
        let Some(text) = value.get("value").and_then(Value::as_str) else { return };
        let id = id_of(value);
        if id.is_some_and(|id| !self.ids.insert(id)) {
            return;
        }
        let name = value.get("label").and_then(Value::as_str).filter(|name| !name.trim().is_empty());
        let direction = value.get("textDirection").and_then(Value::as_str).and_then(Direction::from_name);
        self.texts.push(SourceText { id, text, name, direction: direction.unwrap_or_default() });
    }
}

/// Whether a node has this type.
#[must_use]
pub fn has_type(node: &Value, name: &str) -> bool {
    let is = |value: &Value| value.as_str().is_some_and(|value| value.trim_start_matches("oa:") == name);
    match node.get("type").or_else(|| node.get("@type")) {
        Some(Value::Array(all)) => all.iter().any(is),
        Some(one) => is(one),
        None => false,
    }
}

/// The IRI of a node, or the one that stands for it.
#[must_use]
pub fn id_of(node: &Value) -> Option<&str> {
    node.as_str().or_else(|| node.get("id").or_else(|| node.get("@id"))?.as_str())
}

/// A value, or every value of a list.
#[must_use]
pub fn each(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(all)) => all,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}

/// The name of who made a node, or else the IRI.
fn creator_of(node: &Value) -> Option<String> {
    let creator = each(node.get("creator")).first()?;
    let named = ["name", "nickname"].into_iter().find_map(|key| creator.get(key)?.as_str());
    named.or_else(|| id_of(creator)).filter(|name| !name.trim().is_empty()).map(str::to_owned)
}
