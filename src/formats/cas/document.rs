//! A common analysis structure of UIMA: its views, their texts and annotations, and the articles that they are.
//!
//! Owns what XMI and CAS JSON have in common. It must not know how either is written. The types are those of DKPro Core; a view
//! without named entities gives every annotation that has a value or label, as projects with layers of their own write them.

use crate::domain::layer::Status;
use crate::domain::offset::Span;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::formats::decoding::{as_u64, check_article_text};
use crate::formats::file_span::FileSpan;
use crate::formats::finding::{Finding, SpanFault, cut};
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::ReadOptions;
use crate::formats::held_counts::HeldCounts;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{Place, Problem};
use crate::formats::tokens::kept::carried_tokens;
use std::collections::{HashMap, HashSet};

/// The name of the view that a file with one text has.
pub const FIRST_VIEW: &str = "_InitialView";

/// Kinds that have a value and are no mentions: the analyses of words.
const WORD_KINDS: [&str; 7] = ["Lemma", "Stem", "POS", "MorphologicalFeatures", "SurfaceForm", "Paragraph", "Heading"];

/// Features that every annotation has, or that say no more than which mention it is.
const PLAIN_FEATURES: [&str; 7] = ["begin", "end", "sofa", "@sofa", "value", "label", "order"];

/// A feature structure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    /// Its id in the file.
    pub id: Option<String>,
    /// Its type with its package, as `uima.tcas.Annotation`.
    pub kind: String,
    /// Features and their values as text, those that refer to others with their `@` where the file writes it.
    pub features: Vec<(String, String)>,
}

impl Structure {
    /// The value of a feature.
    #[must_use]
    pub fn feature(&self, name: &str) -> Option<&str> {
        self.features.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.feature(name)?.trim().parse().ok()
    }

    fn sofa(&self) -> Option<&str> {
        self.feature("sofa").or_else(|| self.feature("@sofa")).map(str::trim)
    }

    /// The type without its package.
    fn short_kind(&self) -> &str {
        self.kind.rsplit('.').next().unwrap_or_default()
    }

    fn is_relation(&self) -> bool {
        ["Governor", "@Governor", "Dependent", "@Dependent"].iter().any(|name| self.feature(name).is_some())
    }
}

/// A common analysis structure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cas {
    /// Everything in it, in the order of the file.
    pub structures: Vec<Structure>,
    /// The ids of what is indexed in the view of a sofa, by the sofa's id; a sofa without an entry has everything that names it.
    pub members: HashMap<String, HashSet<String>>,
    /// Every type of which the file says so, with the type that it specialises.
    pub parents: HashMap<String, String>,
}

impl Cas {
    /// Whether a type is a named entity: by its name, its package (`…ner.type.Person` of older files), or the types that it specialises.
    fn is_entity(&self, kind: &str) -> bool {
        let named = |kind: &str| kind.ends_with(".NamedEntity") || kind == "NamedEntity" || kind.contains(".ner.type.");
        let mut kind = kind;
        // No hierarchy is as deep; one that turns in a circle ends here too.
        for _ in 0..64 {
            match self.parents.get(kind) {
                _ if named(kind) => return true,
                Some(parent) => kind = parent,
                None => return false,
            }
        }
        false
    }

    /// The label of an entity: its value, or its type where that says more.
    fn label<'a>(&self, entity: &'a Structure) -> &'a str {
        let value = ["value", "label"].iter().filter_map(|name| entity.feature(name)).find(|v| !v.trim().is_empty());
        let kind = entity.short_kind();
        value.unwrap_or(if kind == "NamedEntity" || !self.is_entity(&entity.kind) { "" } else { kind })
    }

    /// Whether it would be a mention in some view.
    fn is_mention(&self, structure: &Structure) -> bool {
        let is_word = WORD_KINDS.contains(&structure.short_kind());
        let is_named = self.is_entity(&structure.kind) || !is_word && !self.label(structure).trim().is_empty();
        is_named && structure.feature("begin").is_some()
    }

    /// The articles: one for every view with a text.
    pub fn records(&self, place: Place, options: &ReadOptions, problems: &mut Vec<Problem>) -> Vec<ArticleRecord> {
        let (sofas, others): (Vec<&Structure>, Vec<&Structure>) =
            self.structures.iter().partition(|structure| structure.kind == "uima.cas.Sofa");
        if sofas.is_empty() {
            problems.push(Problem::new(place, Finding::NoText));
        }
        let known: HashSet<&str> = sofas.iter().filter_map(|sofa| sofa.id.as_deref()).collect();
        let mut by_sofa: HashMap<&str, Vec<&Structure>> = HashMap::new();
        let mut counts = HeldCounts::default();
        let mut said = HashSet::new();
        for structure in others {
            let is_member = |members: &HashSet<String>| structure.id.as_ref().is_some_and(|id| members.contains(id));
            let sofa = structure.sofa().filter(|sofa| known.contains(sofa));
            match sofa.filter(|sofa| self.members.get(*sofa).is_none_or(is_member)) {
                Some(sofa) => by_sofa.entry(sofa).or_default().push(structure),
                None if self.is_mention(structure) => {
                    counts.add(Held::OtherAnnotation, 1);
                    if let Some(id) = structure.sofa().filter(|id| !known.contains(id) && said.insert(*id)) {
                        problems.push(Problem::foreign(place, Foreign::NoSuchId { id: cut(id) }));
                    }
                }
                None => {}
            }
        }
        counts.say_not_taken(place, problems);
        let mut records = Vec::new();
        for sofa in sofas {
            let number = place.record.unwrap_or(1) + as_u64(records.len());
            let annotations = sofa.id.as_deref().and_then(|id| by_sofa.remove(id)).unwrap_or_default();
            records.extend(self.view(sofa, annotations, Place { record: Some(number), ..place }, options, problems));
        }
        records
    }

    fn view(
        &self,
        sofa: &Structure,
        annotations: Vec<&Structure>,
        place: Place,
        options: &ReadOptions,
        problems: &mut Vec<Problem>,
    ) -> Option<ArticleRecord> {
        let Some(text) = sofa.feature("sofaString") else {
            problems.push(Problem::new(place, Finding::NoText));
            return None;
        };
        if let Err(problem) = check_article_text(text, place, problems) {
            problems.push(*problem);
            return None;
        }
        let mut view = View::new(text, options.unit.unwrap_or(OffsetUnit::Utf16), place);
        let has_entities = annotations.iter().any(|structure| self.is_entity(&structure.kind));
        for structure in annotations {
            let has_value = || !self.label(structure).is_empty() && !WORD_KINDS.contains(&structure.short_kind());
            match structure.short_kind() {
                "DocumentMetaData" | "DocumentAnnotation" => view.name_article(structure),
                "Token" => view.tokens.push(structure),
                "Sentence" => view.sentences.push(structure),
                _ if structure.is_relation() => view.counts.add(Held::Relation, 1),
                _ if self.is_entity(&structure.kind) => view.take(structure, self.label(structure), problems),
                _ if !has_entities && structure.feature("begin").is_some() && has_value() => {
                    view.take(structure, self.label(structure), problems);
                }
                _ => view.counts.add(Held::OtherAnnotation, 1),
            }
        }
        Some(view.finish(sofa.feature("sofaID").unwrap_or(FIRST_VIEW), options, problems))
    }
}

/// A view while its annotations are taken.
struct View<'a> {
    text: &'a str,
    map: OffsetMap,
    unit: OffsetUnit,
    place: Place,
    record: ArticleRecord,
    layer: LayerRecord,
    tokens: Vec<&'a Structure>,
    sentences: Vec<&'a Structure>,
    counts: HeldCounts,
    spans_seen: u64,
}

impl<'a> View<'a> {
    fn new(text: &'a str, unit: OffsetUnit, place: Place) -> Self {
        Self {
            text,
            map: OffsetMap::new(text),
            unit,
            place,
            record: ArticleRecord { text: text.to_owned(), ..ArticleRecord::default() },
            layer: LayerRecord::default(),
            tokens: Vec::new(),
            sentences: Vec::new(),
            counts: HeldCounts::default(),
            spans_seen: 0,
        }
    }

    fn name_article(&mut self, document: &Structure) {
        let named = ["documentTitle", "documentId"].iter().filter_map(|name| document.feature(name));
        if let Some(name) = named.into_iter().find(|name| !name.trim().is_empty()) {
            self.record.name = Some(name.to_owned());
        }
        let known = |name: &&str| !document.feature(name).unwrap_or_default().trim().is_empty();
        let mut meta = serde_json::Map::new();
        for name in ["language", "documentUri", "collectionId"].into_iter().filter(known) {
            let value = document.feature(name).unwrap_or_default();
            if value != "x-unspecified" {
                meta.insert(name.to_owned(), value.into());
            }
        }
        if !meta.is_empty() && self.record.meta.is_empty() {
            self.record.meta = serde_json::Value::Object(meta).to_string();
        }
    }

    fn take(&mut self, structure: &Structure, label: &str, problems: &mut Vec<Problem>) {
        self.spans_seen += 1;
        let placed = match structure.number("begin").zip(structure.number("end")) {
            Some((start, end)) => {
                FileSpan { start, end, unit: self.unit, label, surface: None }.placed(self.text, &self.map)
            }
            None => {
                let edge = |name| structure.feature(name).unwrap_or("?");
                let json = cut(&format!("{} {}..{}", structure.short_kind(), edge("begin"), edge("end")));
                Err(SpanFault::Unreadable { words: "begin and end must be numbers".into(), json })
            }
        };
        match placed {
            Ok(mention) => {
                let more = |(name, value): &&(String, String)| {
                    !PLAIN_FEATURES.contains(&name.as_str()) && !name.starts_with("xmi:") && !value.is_empty()
                };
                self.counts.add(Held::Attribute, as_u64(structure.features.iter().filter(more).count()));
                self.layer.mentions.push(mention);
            }
            Err(fault) => {
                problems.push(Problem::new(self.place, Finding::SpanLeftOut { number: self.spans_seen, fault }));
            }
        }
    }

    fn spans(&self, structures: &[&Structure]) -> Option<Vec<Span>> {
        let span = |structure: &&Structure| {
            self.unit.span_from_units(&self.map, structure.number("begin")?, structure.number("end")?)
        };
        structures.iter().map(span).collect()
    }

    fn finish(mut self, view: &str, options: &ReadOptions, problems: &mut Vec<Problem>) -> ArticleRecord {
        let kept = self.spans(&self.tokens).zip(self.spans(&self.sentences));
        match kept.and_then(|(tokens, sentences)| carried_tokens(tokens, sentences)) {
            Some(kept) => self.record.carried.push(kept),
            None => self.counts.add(Held::OtherAnnotation, as_u64(self.tokens.len() + self.sentences.len())),
        }
        self.counts.say_not_taken(self.place, problems);
        if options.named_by_annotator {
            self.layer.annotator.clone_from(&options.name);
        } else if self.record.name.is_none() {
            self.record.name.clone_from(&options.name);
        }
        // Every view of a file is a text of its own.
        if view != FIRST_VIEW {
            self.record.name = self.record.name.map(|name| format!("{name}/{view}"));
        }
        if !self.layer.mentions.is_empty() {
            self.layer.status = Status::InProgress;
        }
        if !self.layer.mentions.is_empty() || self.layer.annotator.is_some() {
            self.record.layers.push(self.layer);
        }
        self.record
    }
}
