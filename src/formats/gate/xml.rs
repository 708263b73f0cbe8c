//! GATE XML: reading documents that GATE saved.
//!
//! Owns its row and the way from elements to a `GateDocument`. It must not judge what a type means. Annotations name nodes, and a
//! node is where it stands in the text: its id is a name, whatever number it is (GATE User Guide, section 5.5.2).

use crate::domain::record::ArticleRecord;
use crate::formats::decoding::as_u64;
use crate::formats::files::{Input, Source};
use crate::formats::foreign::Held;
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::gate::document::{GateAnnotation, GateDocument, GateSet, no_node};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use crate::formats::xml_file::{Element, Markup, XmlReader, xml_head, xml_text};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The row of GATE XML.
pub static FACTS: FormatFacts = FormatFacts {
    name: "gate",
    title: "GATE XML, one document a file",
    endings: &["xml"],
    container: Container::Article,
    unit: Unit::Fixed(OffsetUnit::Utf16),
    holds: &[Held::Overlap, Held::Nesting, Held::Annotator, Held::SecondLayer, Held::Meta],
    lines: false,
    columns: false,
    reader: Some(|source: Source, options| {
        Ok(Box::new(GateReader { input: Some(source.one("gate")?), options: options.clone() }))
    }),
    writer: None,
    detect: |sniff: &Sniff| {
        if xml_head(sniff).contains("<GateDocument") { Likeness::Sure } else { Likeness::No }
    },
    companions: None,
};

/// The reader of one document, which is read whole.
struct GateReader {
    input: Option<Box<dyn Input>>,
    options: ReadOptions,
}

impl RecordReader for GateReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        let Some(input) = self.input.take() else { return Ok(None) };
        let (text, found) = xml_text(input, self.options.limits, "gate")?;
        problems.extend(found);
        let mut parts = Parts::default();
        parts.read(&mut XmlReader::new(&text, self.options.limits, "gate"))?;
        let place = Place { record: Some(1), ..Place::default() };
        match parts.document(place, problems).record(place, &self.options, problems) {
            Ok(record) => Ok(Some(record)),
            Err(problem) => {
                problems.push(*problem);
                Ok(None)
            }
        }
    }
}

/// What the elements of a file say, as far as they are read.
#[derive(Default)]
struct Parts {
    text: String,
    /// How many code points of the text are read.
    chars: u64,
    /// Where each node stands, in code points.
    nodes: HashMap<String, u64>,
    sets: Vec<(String, Vec<RawAnnotation>)>,
    features: Map<String, Value>,
    relations: u64,
}

/// An annotation by the names of its nodes.
struct RawAnnotation {
    kind: String,
    nodes: [String; 2],
    features: u64,
}

/// A feature of the document while it is read.
#[derive(Default)]
struct RawFeature {
    name: String,
    value: String,
    class: String,
}

impl Parts {
    fn read(&mut self, reader: &mut XmlReader<'_>) -> Result<(), FormatError> {
        let mut open: Vec<String> = Vec::new();
        let mut feature = RawFeature::default();
        while let Some(markup) = reader.next_markup()? {
            match markup {
                Markup::Open(element) => {
                    if open.is_empty() && element.name != "GateDocument" {
                        return Err(reader.malformed("it does not begin with a GateDocument element".into()));
                    }
                    self.open(&element, &mut feature, open.iter().any(|name| name == "GateDocumentFeatures"));
                    open.push(element.name);
                }
                Markup::Text(text) => match open.last().map(String::as_str) {
                    Some("TextWithNodes") => {
                        self.chars += as_u64(text.chars().count());
                        self.text.push_str(&text);
                    }
                    Some("Name") => feature.name.push_str(&text),
                    Some("Value") => feature.value.push_str(&text),
                    _ => {}
                },
                Markup::Close => {
                    let closed = open.pop().unwrap_or_default();
                    if closed == "Feature" && open.iter().any(|name| name == "GateDocumentFeatures") {
                        let value = value_of_feature(&feature);
                        self.features.insert(std::mem::take(&mut feature.name), value);
                    }
                }
            }
        }
        Ok(())
    }

    fn open(&mut self, element: &Element, feature: &mut RawFeature, in_document: bool) {
        let owned = |name| element.attribute(name).unwrap_or_default().to_owned();
        match element.name.as_str() {
            "Node" => {
                self.nodes.entry(owned("id")).or_insert(self.chars);
            }
            "AnnotationSet" => self.sets.push((owned("Name"), Vec::new())),
            "Annotation" => {
                let nodes = [owned("StartNode"), owned("EndNode")];
                if let Some((_, annotations)) = self.sets.last_mut() {
                    annotations.push(RawAnnotation { kind: owned("Type"), nodes, features: 0 });
                }
            }
            "Feature" if in_document => *feature = RawFeature::default(),
            "Feature" => {
                if let Some(last) = self.sets.last_mut().and_then(|(_, annotations)| annotations.last_mut()) {
                    last.features += 1;
                }
            }
            "Value" => feature.class = owned("className"),
            "Relation" => self.relations += 1,
            _ => {}
        }
    }

    fn document(self, place: Place, problems: &mut Vec<Problem>) -> GateDocument {
        let nodes = &self.nodes;
        let mut annotation = |raw: RawAnnotation| {
            let [start, end] = raw.nodes.each_ref().map(|id| nodes.get(id).copied());
            let missing = raw.nodes.iter().zip([start, end]).find(|(_, at)| at.is_none());
            problems.extend(missing.map(|(id, _)| no_node(place, id)));
            GateAnnotation { kind: raw.kind, edges: start.zip(end), features: raw.features }
        };
        let mut sets = Vec::new();
        for (name, annotations) in self.sets {
            sets.push(GateSet { name, annotations: annotations.into_iter().map(&mut annotation).collect() });
        }
        let meta = if self.features.is_empty() { String::new() } else { Value::Object(self.features).to_string() };
        let (text, relations) = (self.text, self.relations);
        GateDocument { text, name: None, meta, unit: OffsetUnit::CodePoint, sets, relations }
    }
}

/// Numbers and truth values as such; what Java wrote of other objects stays its text.
fn value_of_feature(feature: &RawFeature) -> Value {
    let text = || Value::String(feature.value.clone());
    match feature.class.as_str() {
        "java.lang.Integer" | "java.lang.Long" | "java.lang.Float" | "java.lang.Double" | "java.lang.Boolean" => {
            let value = serde_json::from_str::<Value>(&feature.value).ok();
            value.filter(|value| value.is_number() || value.is_boolean()).unwrap_or_else(text)
        }
        _ => text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::format::Format;
    use crate::formats::tokens::kept::TOKENS;
    use crate::formats::trial::{read, said};

    fn read_document(body: &str) -> (Vec<ArticleRecord>, Vec<String>) {
        let options = ReadOptions { name: Some("file".into()), ..ReadOptions::default() };
        let xml = format!("<?xml version='1.0' encoding='UTF-8'?>\n<GateDocument version=\"3\">{body}</GateDocument>");
        let (records, problems) = read(Format::GATE, xml, &options).unwrap();
        (records, problems.iter().map(ToString::to_string).collect())
    }

    fn check(body: &str, mentions: &[&str], problems: &[&str]) {
        let (records, told) = read_document(body);
        assert_eq!(records.iter().flat_map(said).collect::<Vec<_>>(), mentions, "{body}");
        assert_eq!(told, problems, "{body}");
    }

    /// 😀 is two units, so the names of the nodes are not code points; two stand at one place.
    const BODY: &str = r#"<GateDocumentFeatures><Feature><Name className="java.lang.String">n</Name>
        <Value className="java.lang.Integer">7</Value></Feature></GateDocumentFeatures>
        <TextWithNodes><Node id="0"/>😀<Node id="2" /> &lt;<Node id="4"></Node><Node id="40"/><![CDATA[علی]]><Node id="7"/></TextWithNodes>
        <AnnotationSet><Annotation Id="1" Type="Person" StartNode="4" EndNode="7"><Feature><Name>g</Name><Value>m</Value></Feature></Annotation>
        <Annotation Id="2" Type="Token" StartNode="0" EndNode="2"/><Annotation Id="3" Type="Token" StartNode="40" EndNode="7"/>
        <Annotation Id="4" Type="Lookup" StartNode="40" EndNode="7"/><Annotation Id="5" Type="Zero" StartNode="4" EndNode="40"/>
        <Annotation Id="6" Type="Lost" StartNode="4" EndNode="99"/></AnnotationSet>
        <AnnotationSet Name="Key"><Annotation Id="7" Type="Location" StartNode="0" EndNode="7"/></AnnotationSet>
        <AnnotationSet Name="Original markups"><Annotation Id="8" Type="b" StartNode="0" EndNode="7"/></AnnotationSet>"#;

    #[test]
    fn sets_are_layers_and_nodes_are_places() {
        let told = [
            "record 1: \"99\" is referred to and not there; what refers to it was left out",
            "record 1: span 2 was left out: Zero at 3..3 (codepoint) covers nothing",
            "record 1: attributes (1) were not taken",
            "record 1: other annotations (2) were not taken",
        ];
        check(BODY, &["Person 3..6", "Location 0..6"], &told);
        let article = &read_document(BODY).0[0];
        assert_eq!((article.text.as_str(), article.name.as_deref()), ("😀 <علی", Some("file")));
        assert_eq!(article.meta, r#"{"n":7}"#);
        assert_eq!(article.carried_for(TOKENS), Some("[[0,1,3,6]]"));
        let annotators: Vec<_> = article.layers.iter().map(|layer| layer.annotator.as_deref()).collect();
        assert_eq!(annotators, [None, Some("Key")]);
    }

    #[test]
    fn a_document_without_text_is_said() {
        check("<TextWithNodes> </TextWithNodes>", &[], &["record 1: the text is empty; the record was left out"]);
        let refused = |xml: &str| read(Format::GATE, xml, &ReadOptions::default()).unwrap_err().to_string();
        assert!(refused("<html/>").contains("does not begin with a GateDocument"));
        assert!(refused("<GateDocument><TextWithNodes>").contains("ends before"));
    }
}
