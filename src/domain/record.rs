//! Records: articles, layers and labels as they travel between files and the store, by name instead of by id.
//!
//! Owns the shape that formats read and write and the store takes in and gives out. It must not parse anything.

use crate::domain::article::Direction;
use crate::domain::decision::Strategy;
use crate::domain::layer::Status;
use crate::domain::mention::Origin;
use crate::domain::offset::Span;
use crate::domain::suggestion::Confidence;

/// A mention by the name of its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MentionRecord {
    /// Where it stands, in code points.
    pub span: Span,
    /// The name of its label, as `PER`.
    pub label: String,
    /// The annotator's note; never empty.
    pub note: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

/// One annotator's layer by the annotator's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerRecord {
    /// The annotator; `None` when the file names none (the importer then names one).
    pub annotator: Option<String>,
    /// How far the annotator is.
    pub status: Status,
    /// The mentions, in the order of the file.
    pub mentions: Vec<MentionRecord>,
    /// What was decided of others' readings; in a gold layer alone. A record without any says nothing of them.
    pub decisions: Vec<DecisionRecord>,
    /// What came with them that a layer does not hold, as relations.
    pub carried: Vec<Carried>,
}

/// A mention as a decision names it: its place and the name of its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// Where it stands, in code points.
    pub span: Span,
    /// The name of its label.
    pub label: String,
}

/// What one annotator says of a place, by names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingRecord {
    /// The annotator.
    pub annotator: String,
    /// The mentions, in order of place; none when there is nothing.
    pub mentions: Vec<KeyRecord>,
}

/// What was decided, by names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RulingRecord {
    /// The reading of this annotator stands.
    Taken(String),
    /// Nothing is to be labelled here.
    Nothing,
    /// What stands is no annotator's reading.
    Edited,
    /// A strategy decided.
    Strategy(Strategy),
    /// It is put aside.
    Aside,
}

/// A [`Decision`](crate::domain::decision::Decision) by the names of annotators and labels.
///
/// ```
/// use barchasb::domain::offset::Span;
/// use barchasb::domain::record::{DecisionRecord, KeyRecord, LayerRecord, ReadingRecord, RulingRecord};
/// let span = Span::from_chars(0, 3);
/// let mentions = vec![KeyRecord { span, label: "PER".into() }];
/// let readings = vec![ReadingRecord { annotator: "زهرا".into(), mentions }];
/// let decision = DecisionRecord { span, readings, ruling: RulingRecord::Nothing, gold: vec![], reason: None, question: None };
/// let layer = LayerRecord { annotator: Some("gold".into()), decisions: vec![decision], ..LayerRecord::default() };
/// assert_eq!(layer.decisions[0].readings[0].annotator, "زهرا");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionRecord {
    /// The place, in code points.
    pub span: Span,
    /// What was seen.
    pub readings: Vec<ReadingRecord>,
    /// What was decided.
    pub ruling: RulingRecord,
    /// The mentions that it left in the gold layer.
    pub gold: Vec<KeyRecord>,
    /// Why; never blank.
    pub reason: Option<String>,
    /// What is to be asked about it; never blank.
    pub question: Option<String>,
}

impl DecisionRecord {
    /// The mentions that it names, to be changed: what was seen, and what it left.
    pub fn lists_mut(&mut self) -> impl Iterator<Item = &mut Vec<KeyRecord>> {
        self.readings.iter_mut().map(|reading| &mut reading.mentions).chain([&mut self.gold])
    }
}

/// What a file of another format says that this program does not hold: kept as it is, and written back to that format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The name of the format that understands it.
    pub format: String,
    /// What it says, as the format words it; JSON as a rule.
    pub data: String,
}

/// A mention that a model suggests.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictedMention {
    /// Where it stands, in code points.
    pub span: Span,
    /// The name of its label.
    pub label: String,
    /// How sure the model is.
    pub confidence: Confidence,
}

/// What one model suggests in an article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PredictionRecord {
    /// The model; `None` when the file names none.
    pub source: Option<String>,
    /// The mentions, in the order of the file.
    pub mentions: Vec<PredictedMention>,
}

/// One article with the layers that came with it.
///
/// ```
/// use barchasb::domain::layer::Status;
/// use barchasb::domain::mention::Origin;
/// use barchasb::domain::offset::Span;
/// use barchasb::domain::record::{ArticleRecord, LayerRecord, MentionRecord};
/// let mention = MentionRecord { span: Span::from_chars(0, 3), label: "PER".into(), note: None, origin: Origin::Import };
/// let layer = LayerRecord { annotator: Some("زهرا".into()), status: Status::Done, mentions: vec![mention], ..LayerRecord::default() };
/// let article = ArticleRecord { text: "علی آمد".into(), layers: vec![layer], ..ArticleRecord::default() };
/// assert!(article.name.is_none(), "the importer makes one");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArticleRecord {
    /// Its id in files; `None` when the file gives none (the importer then makes one).
    pub name: Option<String>,
    /// The text, byte for byte.
    pub text: String,
    /// A JSON object as text; empty for none.
    pub meta: String,
    /// How it is read.
    pub direction: Direction,
    /// The layers; none for a bare text.
    pub layers: Vec<LayerRecord>,
    /// What models suggest.
    pub predictions: Vec<PredictionRecord>,
    /// What came with the article, whoever labelled it, that this program does not hold, as further columns of its tokens.
    pub carried: Vec<Carried>,
}

impl ArticleRecord {
    /// What it carries for the format of this name.
    #[must_use]
    pub fn carried_for(&self, format: &str) -> Option<&str> {
        self.carried.iter().find(|carried| carried.format == format).map(|carried| carried.data.as_str())
    }
}

impl LayerRecord {
    /// What it carries for the format of this name.
    #[must_use]
    pub fn carried_for(&self, format: &str) -> Option<&str> {
        self.carried.iter().find(|carried| carried.format == format).map(|carried| carried.data.as_str())
    }
}
