//! A layer from an annotation of a task of Label Studio, and suggestions from a prediction.
//!
//! Owns how a result becomes a mention and what of an annotation is kept aside. It must not read files, nor repair a span or drop one in
//! silence.

use crate::domain::mention::Origin;
use crate::domain::offset_map::OffsetMap;
use crate::domain::record::{Carried, LayerRecord, MentionRecord, PredictedMention, PredictionRecord};
use crate::domain::suggestion::Confidence;
use crate::formats::decoding::as_u64;
use crate::formats::file_span::FileSpan;
use crate::formats::finding::Finding;
use crate::formats::foreign::{Foreign, Held};
use crate::formats::json::object::name_from_json;
use crate::formats::label_studio::reader::FACTS;
use crate::formats::label_studio::task::{KeptRegion, LayerAside, RawAnnotation, RawResult, Region};
use crate::formats::label_studio::unit::Counting;
use crate::formats::problem::{Place, Problem};
use crate::formats::unsaid_status::unsaid_status;
use std::collections::HashSet;

/// What is kept aside for a format.
pub(crate) fn carried_from(format: &str, aside: &impl serde::Serialize) -> Carried {
    Carried { format: format.to_owned(), data: serde_json::to_string(aside).unwrap_or_default() }
}

/// A task while it is read.
pub(crate) struct TaskReading<'a> {
    pub(crate) text: &'a str,
    pub(crate) map: &'a OffsetMap,
    pub(crate) counting: Counting,
    pub(crate) place: Place,
    pub(crate) problems: &'a mut Vec<Problem>,
}

impl TaskReading<'_> {
    /// Says something of the task.
    pub(crate) fn say(&mut self, finding: Foreign) {
        self.problems.push(Problem::foreign(self.place, finding));
    }

    /// Says that so much was kept aside, when there is any.
    pub(crate) fn say_carried(&mut self, what: Held, count: usize) {
        if count > 0 {
            self.say(Foreign::Carried { what, count: as_u64(count) });
        }
    }

    /// Says that one was neither taken nor kept.
    pub(crate) fn say_not_taken(&mut self, what: Held) {
        self.say(Foreign::NotTaken { what, count: 1 });
    }

    /// A layer, and how many members of its annotation are kept aside.
    pub(crate) fn layer_from_annotation(&mut self, annotation: RawAnnotation<'_>) -> (LayerRecord, usize) {
        let annotator = annotation.annotator();
        let mut aside = LayerAside::default();
        let (mut regions, mut relations, mut attributes) = (Vec::new(), Vec::new(), 0);
        // What relations and results of regions refer to, and what is there.
        let (mut referred, mut present) = (HashSet::new(), HashSet::new());
        for (number, json) in (1..).zip(annotation.results) {
            match RawResult::from_json(json) {
                Ok(RawResult::Region(region)) => regions.push((number, region)),
                Ok(RawResult::Relation(ends)) => {
                    referred.extend(ends.clone());
                    relations.push((ends, json));
                }
                Ok(RawResult::Other(id)) => {
                    present.extend(id.clone());
                    referred.extend(id);
                    aside.results.push(json.to_owned());
                }
                Err(fault) => self.problems.push(Problem::new(self.place, Finding::SpanLeftOut { number, fault })),
            }
        }
        self.say_carried(Held::OtherAnnotation, aside.results.len());
        for (_, region) in &regions {
            let parent = region.extra.0.iter().find(|(key, _)| key == "parentID");
            referred.extend(parent.and_then(|(_, id)| name_from_json(id)));
        }
        let mut mentions = Vec::new();
        for (number, region) in regions {
            let labelled = self.mentions_from_region(number, &region);
            let Some(span) = labelled.first().map(|mention| mention.span) else { continue };
            present.extend(region.id.clone());
            let is_referred = region.id.as_ref().is_some_and(|id| referred.contains(id));
            attributes += usize::from(!region.extra.is_empty());
            if is_referred || !region.extra.is_empty() || labelled.len() > 1 {
                let (start, end) = (span.start.get(), span.end.get());
                let labels = labelled.iter().map(|mention| mention.label.clone()).collect();
                aside.regions.push(KeptRegion { id: region.id, start, end, labels, extra: region.extra });
            }
            mentions.extend(labelled);
        }
        self.say_carried(Held::Attribute, attributes);
        let mut kept = 0;
        for (ends, json) in relations {
            if let Some(id) = ends.into_iter().find(|id| !present.contains(id)) {
                self.say(Foreign::NoSuchId { id });
            } else {
                aside.results.push(json.to_owned());
                kept += 1;
            }
        }
        self.say_carried(Held::Relation, kept);
        let mut members = annotation.members;
        members.members.retain(|(name, value)| {
            let says_nothing = matches!(name.as_str(), "was_cancelled" | "ground_truth") && value.get() == "false";
            name != "annotator" && !says_nothing && value.get() != "null"
        });
        let count = members.members.len();
        aside.annotation = members.into_owned();
        // That there is an annotation without mentions says something: it is kept though there is nothing in it.
        let is_bare = aside.annotation.is_empty() && aside.regions.is_empty() && aside.results.is_empty();
        let is_empty = is_bare && !mentions.is_empty();
        let carried = if is_empty { Vec::new() } else { vec![carried_from(FACTS.name, &aside)] };
        let mut layer = LayerRecord { annotator, mentions, carried, ..LayerRecord::default() };
        layer.status = unsaid_status(&layer.mentions);
        (layer, count)
    }

    /// A mention for each label of a region.
    pub(crate) fn mentions_from_region(&mut self, number: u64, region: &Region) -> Vec<MentionRecord> {
        let mut mentions = Vec::with_capacity(region.labels.len());
        for label in &region.labels {
            let (start, surface) = (region.start, region.surface.as_deref());
            let end = region.end.saturating_add(u64::from(self.counting.ends_inclusive));
            match (FileSpan { start, end, label, surface, unit: self.counting.unit })
                .loosely_placed(self.text, self.map)
            {
                Ok(placed) => {
                    let (span, label) = (placed.span, label.clone());
                    if placed.is_loose {
                        self.say(Foreign::LooseSurface { label: label.clone(), span });
                    }
                    mentions.push(MentionRecord { span, label, note: region.note.clone(), origin: Origin::Import });
                }
                Err(fault) => self.problems.push(Problem::new(self.place, Finding::SpanLeftOut { number, fault })),
            }
        }
        mentions
    }

    pub(crate) fn prediction_from_raw(&mut self, raw: &RawAnnotation<'_>) -> PredictionRecord {
        let score = raw.members.get("score").and_then(|score| serde_json::from_str::<f64>(score.get()).ok());
        let mut prediction = PredictionRecord {
            source: raw.members.get("model_version").and_then(name_from_json),
            mentions: Vec::new(),
        };
        let mut others = 0;
        for (number, json) in (1..).zip(&raw.results) {
            match RawResult::from_json(json) {
                Ok(RawResult::Region(region)) => {
                    // A model that does not say how sure it is stands by what it says.
                    let confidence = region.score.or(score).map_or(Confidence::ONE, Confidence::new);
                    let mentions = self.mentions_from_region(number, &region).into_iter();
                    prediction.mentions.extend(mentions.map(|mention| PredictedMention {
                        span: mention.span,
                        label: mention.label,
                        confidence,
                    }));
                }
                Ok(_) => others += 1,
                Err(fault) => self.problems.push(Problem::new(self.place, Finding::SpanLeftOut { number, fault })),
            }
        }
        let members = raw.members.members.iter().filter(|(name, value)| {
            !matches!(name.as_str(), "model_version" | "score" | "result") && value.get() != "null"
        });
        for (what, count) in [(Held::OtherAnnotation, others), (Held::Meta, members.count())] {
            if count > 0 {
                self.say(Foreign::NotTaken { what, count: as_u64(count) });
            }
        }
        prediction
    }

    /// Gives the layer another name where its annotator has one already; `taken` gets the name it has then.
    pub(crate) fn name_apart(&mut self, layer: &mut LayerRecord, taken: &mut HashSet<Option<String>>) {
        if taken.insert(layer.annotator.clone()) {
            return;
        }
        let numbered = |number: usize| match &layer.annotator {
            Some(name) => format!("{name} ({number})"),
            None => format!("annotation {number}"),
        };
        let free = (2..).map(numbered).find(|name| taken.insert(Some(name.clone())));
        if let Some(read_as) = free {
            let annotator = layer.annotator.replace(read_as.clone());
            self.say(Foreign::SameAnnotator { annotator, read_as });
        }
    }
}
