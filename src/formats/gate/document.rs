//! A document of GATE: its text, annotation sets and the article that it is.
//!
//! Owns what GATE XML and bdocjs have in common. It must not know how either is written. Every type of annotation is a label but for
//! those that GATE's own processing makes of words ([`WORD_KINDS`]) and the set of the original markup.

use crate::domain::layer::Status;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{ArticleRecord, LayerRecord};
use crate::formats::decoding::check_article_text;
use crate::formats::file_span::FileSpan;
use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::format::ReadOptions;
use crate::formats::held_counts::HeldCounts;
use crate::formats::offset_unit::OffsetUnit;
use crate::formats::problem::{Place, Problem};
use crate::formats::tokens::kept::carried_tokens;

/// Types that are no labels: the tokeniser's, the sentence splitter's and the gazetteer's, and the paragraphs of a text.
pub const WORD_KINDS: [&str; 7] = ["Token", "Sentence", "SpaceToken", "Split", "Lookup", "paragraph", "DEFAULT_TOKEN"];

/// The set in which GATE keeps the tags of the file that a document was made from.
pub const MARKUP_SET: &str = "Original markups";

/// An annotation of a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GateAnnotation {
    /// Its type.
    pub kind: String,
    /// Where it starts and ends, in the document's unit; the name of a node that is not there otherwise.
    pub edges: Option<(u64, u64)>,
    /// How many features it has.
    pub features: u64,
}

/// A named set of annotations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GateSet {
    /// The name; empty for the default set.
    pub name: String,
    /// The annotations, in the order of the file.
    pub annotations: Vec<GateAnnotation>,
}

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GateDocument {
    /// The text.
    pub text: String,
    /// What it is called.
    pub name: Option<String>,
    /// The document's features as a JSON object; empty for none.
    pub meta: String,
    /// What its offsets count.
    pub unit: OffsetUnit,
    /// The sets, in the order in which they become layers.
    pub sets: Vec<GateSet>,
    /// How many relations it has.
    pub relations: u64,
}

impl GateDocument {
    /// The article: every set with a label's annotation is a layer, whose annotator is the set's name.
    ///
    /// # Errors
    /// The [`Problem`] when the text cannot be an article.
    pub fn record(
        self,
        place: Place,
        options: &ReadOptions,
        problems: &mut Vec<Problem>,
    ) -> Result<ArticleRecord, Box<Problem>> {
        check_article_text(&self.text, place, problems)?;
        let map = OffsetMap::new(&self.text);
        let (mut counts, mut number) = (HeldCounts::default(), 0);
        counts.add(Held::Relation, self.relations);
        let (mut tokens, mut sentences) = (Vec::new(), Vec::new());
        let mut layers = Vec::new();
        for set in self.sets {
            let mut layer = LayerRecord::default();
            for annotation in set.annotations {
                let spans = match annotation.kind.as_str() {
                    "Token" => Some(&mut tokens),
                    "Sentence" => Some(&mut sentences),
                    _ => None,
                };
                let placed = annotation.edges.and_then(|(start, end)| self.unit.span_from_units(&map, start, end));
                if let (Some(spans), Some(span)) = (spans, placed) {
                    spans.push(span);
                    continue;
                }
                if set.name == MARKUP_SET || WORD_KINDS.contains(&annotation.kind.as_str()) {
                    counts.add(Held::OtherAnnotation, 1);
                    continue;
                }
                number += 1;
                // A missing node is told by the reader that looked for it.
                let Some((start, end)) = annotation.edges else { continue };
                let span = FileSpan { start, end, unit: self.unit, label: &annotation.kind, surface: None };
                match span.placed(&self.text, &map) {
                    Ok(mention) => {
                        counts.add(Held::Attribute, annotation.features);
                        layer.mentions.push(mention);
                    }
                    Err(fault) => problems.push(Problem::new(place, Finding::SpanLeftOut { number, fault })),
                }
            }
            if !layer.mentions.is_empty() {
                layer.status = Status::InProgress;
                layer.annotator = Some(set.name).filter(|name| !name.trim().is_empty());
                layers.push(layer);
            }
        }
        let words = tokens.len() + sentences.len();
        let carried = carried_tokens(tokens, sentences);
        if carried.is_none() {
            counts.add(Held::OtherAnnotation, u64::try_from(words).unwrap_or(u64::MAX));
        }
        counts.say_not_taken(place, problems);
        let name = self.name.filter(|name| !name.trim().is_empty()).or_else(|| options.name.clone());
        let carried = carried.into_iter().collect();
        Ok(ArticleRecord { name, text: self.text, meta: self.meta, layers, carried, ..ArticleRecord::default() })
    }
}

/// What is said of an annotation whose node is not there.
#[must_use]
pub fn no_node(place: Place, id: &str) -> Problem {
    Problem::foreign(place, Foreign::NoSuchId { id: id.to_owned() })
}
