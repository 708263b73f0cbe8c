//! Mentions of Web Annotations: from an annotation's bodies and target to mentions, and what else it says.
//!
//! Owns [`mentions_from`] and [`KeptWeb`], what is carried with a layer. It must not know files.

use crate::domain::mention::Origin;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{Carried, MentionRecord};
use crate::formats::decoding::as_u64;
use crate::formats::finding::SpanFault;
use crate::formats::foreign::Held;
use crate::formats::held_counts::HeldCounts;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::web::document::{each, id_of};
use crate::formats::web::kept_ids::KeptIds;
use crate::formats::web::selector::Selection;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The name of the format in what is carried.
pub(crate) const W3C: &str = "w3c";

/// Keys of an annotation that are read, or written anew.
const KNOWN: [&str; 10] =
    ["@context", "id", "@id", "type", "@type", "creator", "motivation", "body", "bodyValue", "target"];

/// What an annotation turned out to be.
pub(crate) enum WebMention {
    /// A mention, or several with other labels.
    Taken {
        /// The mentions, all at one place.
        mentions: Vec<MentionRecord>,
        /// Its IRI.
        id: Option<String>,
        /// What else it says.
        more: More,
    },
    /// No mention: it is kept whole.
    Kept(Held),
}

/// What an annotation says besides label, note and place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct More {
    /// Bodies of other kinds.
    pub(crate) bodies: Vec<Value>,
    /// Other keys.
    pub(crate) keys: Map<String, Value>,
}

/// What is carried with a layer.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct KeptWeb {
    /// The IRIs of mentions.
    pub(crate) ids: KeptIds,
    /// What else they say, by their IRI.
    pub(crate) more: Vec<(String, More)>,
    /// Annotations that are no mentions.
    pub(crate) whole: Vec<Value>,
    /// What of it was counted.
    #[serde(skip)]
    pub(crate) counts: HeldCounts,
}

impl KeptWeb {
    /// Keeps what belongs to a mention.
    pub(crate) fn keep(&mut self, id: Option<String>, mention: &MentionRecord, more: More) {
        let count = as_u64(more.bodies.len() + more.keys.len());
        let id = id.or_else(|| (count > 0).then(|| format!("urn:barchasb:kept:{}", self.more.len() + 1)));
        let Some(id) = id else { return };
        self.ids.keep(&id, mention);
        if count > 0 {
            self.counts.add(Held::Attribute, count);
            self.more.push((id, more));
        }
    }

    /// Keeps an annotation that is no mention.
    pub(crate) fn keep_whole(&mut self, what: Held, annotation: &Value) {
        self.counts.add(what, 1);
        self.whole.push(annotation.clone());
    }

    /// What is carried; `None` when nothing refers to the mentions' IRIs or says more of them.
    pub(crate) fn carried(&self) -> Option<Carried> {
        let data = serde_json::to_string(self).ok()?;
        let is_needed = !self.more.is_empty() || !self.whole.is_empty();
        is_needed.then(|| Carried { format: W3C.to_owned(), data })
    }
}

/// What an annotation that is not taken is.
pub(crate) fn kind_of_whole(annotation: &Value) -> Held {
    let targets = each(annotation.get("target"));
    let is_whole = |target: &Value| target.get("selector").is_none();
    match targets {
        [_, _, ..] if targets.iter().all(is_whole) => Held::Relation,
        [_, _, ..] => Held::Discontinuous,
        [target] if is_whole(target) && has_motivation(annotation, "linking") => Held::Relation,
        _ => Held::OtherAnnotation,
    }
}

/// The mentions of an annotation: it has one target with a selector that is understood, and a tag. Tags are bodies with the purpose
/// `tagging` or `classifying` (or no purpose, on an annotation with such a motivation or none); the first comment or description is
/// the note.
///
/// # Errors
/// The [`SpanFault`] when its place is not in the text.
pub(crate) fn mentions_from(
    annotation: &Value,
    text: &str,
    map: &OffsetMap,
    unit: OffsetUnit,
) -> Result<WebMention, SpanFault> {
    let whole = || Ok(WebMention::Kept(kind_of_whole(annotation)));
    let [target] = each(annotation.get("target")) else { return whole() };
    let Some(selection) = target.get("selector").and_then(Selection::from_json) else { return whole() };
    let (mut labels, mut note, mut more) = (Vec::new(), None, More::default());
    for body in each(annotation.get("body")).iter().chain(annotation.get("bodyValue")) {
        let value = body.get("value").and_then(Value::as_str);
        let named = value.or_else(|| body.get("source").and_then(id_of)).or_else(|| id_of(body)).unwrap_or_default();
        match purpose(annotation, body) {
            Purpose::Label if !named.trim().is_empty() => labels.push(named.to_owned()),
            Purpose::Note if note.is_none() && value.or(body.as_str()).is_some_and(|note| !note.is_empty()) => {
                note = Some(value.or(body.as_str()).unwrap_or_default().to_owned());
            }
            _ => more.bodies.push(body.clone()),
        }
    }
    let Some(first) = labels.first() else { return whole() };
    let span = selection.resolve(text, map, unit, first)?;
    for (key, value) in annotation.as_object().into_iter().flatten() {
        if !KNOWN.contains(&key.as_str()) {
            more.keys.insert(key.clone(), value.clone());
        }
    }
    let mut mentions = Vec::new();
    for label in labels {
        mentions.push(MentionRecord { span, label, note: note.take(), origin: Origin::Import });
    }
    Ok(WebMention::Taken { mentions, id: id_of(annotation).map(str::to_owned), more })
}

/// What a body is for.
enum Purpose {
    Label,
    Note,
    Other,
}

fn purpose(annotation: &Value, body: &Value) -> Purpose {
    let own: Vec<&str> = each(body.get("purpose")).iter().filter_map(Value::as_str).collect();
    let says = |name: &str| if own.is_empty() { has_motivation(annotation, name) } else { own.contains(&name) };
    if says("tagging") || says("classifying") {
        Purpose::Label
    } else if says("commenting") || says("describing") {
        Purpose::Note
    } else if own.is_empty() && annotation.get("motivation").is_none() && body.get("value").is_some() {
        Purpose::Label
    } else {
        Purpose::Other
    }
}

fn has_motivation(annotation: &Value, name: &str) -> bool {
    each(annotation.get("motivation"))
        .iter()
        .filter_map(Value::as_str)
        .any(|other| other.trim_start_matches("oa:") == name)
}
