//! UIMA CAS XMI: reading what UIMA, DKPro, WebAnno and INCEpTION write.
//!
//! Owns its row and the way from elements to a `Cas`. It must not judge what a type means. An element of the namespace
//! `http:///a/b.ecore` named `C` is a structure of type `a.b.C`; `cas:View` names the members of a view (UIMA References, chapter 7).

use crate::domain::record::ArticleRecord;
use crate::formats::cas::document::{Cas, Structure};
use crate::formats::files::{Input, Source};
use crate::formats::foreign::Held;
use crate::formats::format::{Container, FormatFacts, ReadOptions, RecordReader, Unit};
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{FormatError, Place, Problem};
use crate::formats::sniff::{Likeness, Sniff};
use crate::formats::xml_file::{Element, Markup, XmlReader, xml_head, xml_text};
use std::collections::VecDeque;

/// The row of CAS XMI.
pub static FACTS: FormatFacts = FormatFacts {
    name: "xmi",
    title: "UIMA CAS XMI",
    endings: &["xmi", "xml"],
    container: Container::File,
    unit: Unit::Fixed(OffsetUnit::Utf16),
    holds: &[Held::Overlap, Held::Nesting, Held::Meta, Held::Name],
    lines: false,
    columns: false,
    reader: Some(|source: Source, options| Ok(Box::new(XmiReader::new(source.one("xmi")?, options)))),
    writer: None,
    detect,
    companions: None,
};

/// The namespace of XMI.
const XMI: &str = "http://www.omg.org/XMI";

fn detect(sniff: &Sniff) -> Likeness {
    let text = xml_head(sniff);
    match (text.contains(XMI) && text.contains("http:///uima/"), sniff.ending().as_str()) {
        (true, _) => Likeness::Sure,
        (false, "xmi") if !sniff.is_folder() && (sniff.head.is_empty() || !text.is_empty()) => Likeness::Likely,
        _ => Likeness::No,
    }
}

/// The reader of a CAS. A file is one CAS, whose texts come after what refers to them, so it is read whole.
struct XmiReader {
    input: Option<Box<dyn Input>>,
    options: ReadOptions,
    ready: VecDeque<ArticleRecord>,
}

impl XmiReader {
    fn new(input: Box<dyn Input>, options: &ReadOptions) -> Self {
        Self { input: Some(input), options: options.clone(), ready: VecDeque::new() }
    }
}

impl RecordReader for XmiReader {
    fn next_record(&mut self, problems: &mut Vec<Problem>) -> Result<Option<ArticleRecord>, FormatError> {
        if let Some(input) = self.input.take() {
            let (text, found) = xml_text(input, self.options.limits, "xmi")?;
            problems.extend(found);
            let cas = cas_from_xml(&mut XmlReader::new(&text, self.options.limits, "xmi"))?;
            let place = Place { record: Some(1), ..Place::default() };
            self.ready.extend(cas.records(place, &self.options, problems));
        }
        Ok(self.ready.pop_front())
    }
}

fn cas_from_xml(reader: &mut XmlReader<'_>) -> Result<Cas, FormatError> {
    match reader.next_markup()? {
        Some(Markup::Open(root)) if root.name == "XMI" && root.namespace == XMI => {}
        _ => return Err(reader.malformed("it does not begin with an xmi:XMI element".into())),
    }
    let mut cas = Cas::default();
    while let Some(markup) = reader.next_markup()? {
        let Markup::Open(element) = markup else { continue };
        let children = children(reader)?;
        if element.name == "View" && element.namespace == "http:///uima/cas.ecore" {
            let members = element.attribute("members").unwrap_or_default().split_ascii_whitespace();
            if let Some(sofa) = element.attribute("sofa") {
                cas.members.entry(sofa.trim().to_owned()).or_default().extend(members.map(str::to_owned));
            }
        } else {
            cas.structures.push(structure(element, children));
        }
    }
    Ok(cas)
}

/// The elements inside the one that was opened, with their texts, up to its end: features with several values.
fn children(reader: &mut XmlReader<'_>) -> Result<Vec<(String, String)>, FormatError> {
    let mut children: Vec<(String, String)> = Vec::new();
    let mut depth = 1_u64;
    while depth > 0 {
        match reader.next_markup()? {
            Some(Markup::Open(child)) => {
                depth += 1;
                children.push((child.name, String::new()));
            }
            Some(Markup::Text(text)) if depth > 1 => {
                if let Some((_, value)) = children.last_mut() {
                    value.push_str(&text);
                }
            }
            Some(Markup::Text(_)) => {}
            Some(Markup::Close) => depth -= 1,
            None => break,
        }
    }
    Ok(children)
}

fn structure(element: Element, children: Vec<(String, String)>) -> Structure {
    let id = element.attribute("xmi:id").map(|id| id.trim().to_owned());
    let package = element.namespace.strip_prefix("http:///").and_then(|rest| rest.strip_suffix(".ecore"));
    let kind = match package.unwrap_or_default() {
        "" | "uima/noNamespace" => element.name,
        package => format!("{}.{}", package.replace('/', "."), element.name),
    };
    let mut features = element.attributes;
    features.extend(children);
    Structure { id, kind, features }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::offset_map::OffsetMap;
    use crate::domain::record::MentionRecord;
    use crate::formats::format::Format;
    use crate::formats::tokens::kept::TOKENS;
    use crate::formats::trial::{articles, read, said};
    use proptest::prelude::*;

    const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?><xmi:XMI xmlns:xmi="http://www.omg.org/XMI"
        xmlns:cas="http:///uima/cas.ecore" xmlns:ner="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore"
        xmlns:seg="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore"
        xmlns:meta="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore"
        xmlns:custom="http:///webanno/custom.ecore" xmi:version="2.0"><cas:NULL xmi:id="0"/>"#;

    fn read_body(body: &str) -> (Vec<ArticleRecord>, Vec<String>) {
        let options = ReadOptions { name: Some("file".into()), ..ReadOptions::default() };
        let (records, problems) = read(Format::XMI, format!("{HEAD}{body}</xmi:XMI>"), &options).unwrap();
        (records, problems.iter().map(ToString::to_string).collect())
    }

    fn check(body: &str, mentions: &[&str], problems: &[&str]) {
        let (records, told) = read_body(body);
        assert_eq!(records.iter().flat_map(said).collect::<Vec<_>>(), mentions, "{body}");
        assert_eq!(told, problems, "{body}");
    }

    #[test]
    fn entities_tokens_and_name_are_taken() {
        let body = r#"<meta:DocumentMetaData xmi:id="1" sofa="2" begin="0" end="9" documentTitle="خبر" language="fa"/>
            <seg:Token xmi:id="3" sofa="2" begin="0" end="2"/><seg:Token xmi:id="4" sofa="2" begin="3" end="6"/>
            <seg:Sentence xmi:id="5" sofa="2" begin="0" end="6"/>
            <ner:NamedEntity xmi:id="6" sofa="2" begin="3" end="6" value="PER"/>
            <ner:Location xmi:id="7" sofa="2" begin="0" end="6" identifier="Q1"/>
            <ner:NamedEntity xmi:id="8" sofa="2" begin="3" end="6"/>
            <ner:NamedEntity xmi:id="9" sofa="2" begin="1" end="6" value="PER"/>
            <ner:NamedEntity xmi:id="99" sofa="2" begin="0" end="6" value="NOT INDEXED"/>
            <custom:Thing xmi:id="10" sofa="2" begin="0" end="2" value="x"><list>a</list><list>b</list></custom:Thing>
            <custom:Rel xmi:id="11" sofa="2" begin="0" end="2" Governor="6" Dependent="7"/>
            <cas:Sofa xmi:id="2" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="😀 علی&#13;&#10;&amp;"/>
            <cas:View sofa="2" members="1 3 4 5 6 7 8 9 10 11"/>"#;
        let told = [
            "record 1: other annotations (1) were not taken",
            "record 1: span 3 was left out: the span at 3..6 (utf16) has no label",
            "record 1: span 4 was left out: PER at 1..6 (utf16) passes the end of the text or cuts a character",
            "record 1: attributes (1) were not taken",
            "record 1: other annotations (1) were not taken",
            "record 1: relations (1) were not taken",
        ];
        check(body, &["PER 2..5", "Location 0..5"], &told);
        let (records, _) = read_body(body);
        let article = &records[0];
        assert_eq!((article.name.as_deref(), article.text.as_str()), (Some("خبر"), "😀 علی\r\n&"));
        assert_eq!(article.meta, r#"{"language":"fa"}"#);
        assert_eq!(article.carried_for(TOKENS), Some("[[0,1,2,5]]"));
    }

    #[test]
    fn ids_are_names_and_what_has_no_text_is_said() {
        let body = r#"<ner:NamedEntity xmi:id="e1" sofa="s" begin="0" end="1" value="A"/>
            <ner:NamedEntity xmi:id="e2" sofa="x" begin="0" end="1" value="B"/>
            <ner:NamedEntity xmi:id="e3" sofa="x" begin="0" end="1" value="C"/>
            <ner:NamedEntity xmi:id="e4" begin="0" end="1" value="D"/>
            <cas:Sofa xmi:id="s" sofaNum="1" sofaID="_InitialView" sofaString="ab"/>
            <cas:View sofa="s" members="e1"/>"#;
        let told = [
            "record 1: \"x\" is referred to and not there; what refers to it was left out",
            "record 1: other annotations (3) were not taken",
        ];
        check(body, &["A 0..1"], &told);
    }

    #[test]
    fn a_layer_of_ones_own_stands_for_entities_and_views_are_articles() {
        let body = r#"<custom:Span xmi:id="3" sofa="1" begin="0" end="1" value="A"/>
            <custom:Span xmi:id="4" sofa="2" begin="1" end="2" label="B"/>
            <custom:Span xmi:id="5" sofa="2" begin="1" end="2"/>
            <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" sofaString="ab"/>
            <cas:Sofa xmi:id="2" sofaNum="2" sofaID="other" sofaString="cd"/>
            <cas:Sofa xmi:id="6" sofaNum="3" sofaID="bare" sofaURI="file:x"/>"#;
        let told =
            ["record 2: other annotations (1) were not taken", "record 3: the record has no text and was left out"];
        check(body, &["A 0..1", "B 1..2"], &told);
        let names: Vec<_> = read_body(body).0.into_iter().map(|article| article.name.unwrap()).collect();
        assert_eq!(names, ["file", "file/other"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_a_writer_of_uima_writes_is_read(records in articles()) {
            for record in &records {
                let map = OffsetMap::new(&record.text);
                let entity = |mention: &MentionRecord| {
                    let (begin, end) = OffsetUnit::Utf16.units_from_span(&map, mention.span).unwrap();
                    format!(r#"<ner:NamedEntity sofa="1" begin="{begin}" end="{end}" value="{}"/>"#, mention.label)
                };
                let entities: String = record.layers[0].mentions.iter().map(entity).collect();
                let text: String = record.text.chars().map(|c| format!("&#x{:x};", u32::from(c))).collect();
                let sofa = format!(r#"<cas:Sofa xmi:id="1" sofaID="_InitialView" sofaString="{text}"/>"#);
                let (read, told) = read_body(&format!("{entities}{sofa}"));
                prop_assert_eq!((&read[0].text, said(&read[0])), (&record.text, said(record)));
                prop_assert_eq!(told, Vec::<String>::new());
            }
        }
    }

    #[test]
    fn what_is_no_cas_is_refused() {
        let refused = |xml: &str| read(Format::XMI, xml, &ReadOptions::default()).unwrap_err().to_string();
        assert!(refused("<a/>").contains("does not begin with an xmi:XMI element"));
        assert!(refused("<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>").contains("document type"));
        assert_eq!(refused(""), "the file is empty");
    }

    #[test]
    fn detected_by_its_namespaces() {
        assert_eq!(Format::detect(&Sniff::of_file("a.xml", HEAD.as_bytes())), Some(Format::XMI));
        let long = format!("<?xml version='1.0'?>\n{}{}", &HEAD[38..].replace('\n', " "), "<x/>".repeat(30_000));
        assert_eq!(Format::detect(&Sniff::of_file("a.xml", long.as_bytes())), Some(Format::XMI));
        assert_eq!(Format::detect(&Sniff::of_file("a.txt", b"<p>http:///uima/</p>")), Some(Format::TEXT));
    }
}
