//! Review: what several annotators say of the open article, and how it stands in the gold layer.
//!
//! Owns what can be read off it: cases, disputes, versions and the blind order. It must not change a layer: `reviewing` does.

use crate::analysis::adjudicate::{Case, Standing, cases, unanimous};
use crate::analysis::align::Kind;
pub use crate::analysis::ending::waits;
use crate::analysis::merged_labels::brought_up;
use crate::domain::article::TextHash;
use crate::domain::decision::GOLD;
use crate::domain::edit::Operation;
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::layer::{Annotator, AnnotatorId, Layer, Status};
pub use crate::domain::mention::shown_keys;
use crate::domain::mention::{Mention, MentionKey, MentionSet};
use crate::domain::offset::{CharOffset, Span};
use crate::domain::seeded::Seeded;
use crate::session::command::Step;
use crate::store::review::LayerOf;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashSet;

/// What is done in a project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// A person labels.
    #[default]
    Label,
    /// A person decides what of others' labelling is gold.
    Review,
}

/// How a person reviews: kept in the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewSetting {
    /// Whether the annotators' names are shown.
    pub names: bool,
    /// Whether annotators who are not done with an article take part.
    pub unfinished: bool,
}

/// Someone who labelled the article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Who.
    pub annotator: Annotator,
    /// How far they are.
    pub status: Status,
    /// Whether what they say is compared.
    pub takes_part: bool,
    /// Their mentions, in order, with the labels that show.
    mentions: Vec<MentionKey>,
}

/// One of the distinct readings of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Who says so: places in [`Review::readers`], in the order of their letters.
    pub readers: Vec<usize>,
    /// Their letters, 0 for the first.
    pub letters: Vec<usize>,
    /// The place of the reading in the readings of the case.
    pub reading: usize,
    /// What they say; nothing is a reading too.
    pub mentions: Vec<MentionKey>,
}

/// Which disputes the side list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DisputeFilter {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// With a mention of this label in a reading or in gold.
    pub label: Option<LabelId>,
    /// In which this annotator says something else than gold has, or than another one while it is open.
    pub annotator: Option<AnnotatorId>,
    /// Still to be decided, or decided.
    pub open: Option<bool>,
}

/// What is asked about the current dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// What is to be asked about it, as it is put aside.
    Question,
    /// Why it is decided so.
    Reason,
}

/// What annotators say of the open article.
#[derive(Clone, Debug)]
pub struct Review {
    /// Who labelled the article, by name.
    pub readers: Vec<Reader>,
    /// What those say who take part, and how it stands, in order of place.
    pub cases: Vec<Case>,
    /// The place in `cases` of the dispute that keys act on.
    pub current: Option<usize>,
    /// What all say and the gold layer lacks: it comes in with the first decision.
    pub lacking: MentionSet,
    /// What is asked of the person.
    pub prompt: Option<Prompt>,
    /// The reason of the next decision.
    pub reason: Option<String>,
    /// What gives the gold layer the labels that show, where it has older ones: it comes with the first decision too.
    pub(crate) renewal: Vec<Operation>,
    /// The gold layer after that, where it differs.
    renewed: Option<Layer>,
    /// Of those who take part, their places in `readers`.
    taking: Vec<usize>,
    /// The places in `cases` of the disputes, the versions of each, and the mentions that the gold layer has for them: what every frame
    /// shows is made once for each change.
    disputes: Vec<usize>,
    versions: Vec<Vec<Version>>,
    disputed_gold: HashSet<MentionKey>,
    waiting: Vec<CharOffset>,
    setting: ReviewSetting,
    seed: u64,
}

/// Who of these layers' annotators takes part: those who are done, or all when `unfinished` ones are compared too. Labels are those that
/// show.
#[must_use]
pub fn readers(layers: Vec<LayerOf>, labels: &LabelSet, unfinished: bool) -> Vec<Reader> {
    let mut readers: Vec<Reader> = layers
        .into_iter()
        .filter(|of| of.annotator.name != GOLD)
        .map(|LayerOf { annotator, layer }| {
            let status = layer.status;
            let mentions = shown_keys(layer.mentions.iter().map(Mention::key), labels);
            Reader { annotator, status, takes_part: status.takes_part(unfinished), mentions }
        })
        .collect();
    readers.sort_by(|a, b| a.annotator.name.cmp(&b.annotator.name));
    readers
}

/// The cases of those readers who take part.
#[must_use]
pub fn cases_of(readers: &[Reader], gold: &Layer) -> Vec<Case> {
    let taking = readers.iter().filter(|reader| reader.takes_part);
    let layers: Vec<(AnnotatorId, Vec<MentionKey>)> =
        taking.map(|reader| (reader.annotator.id, reader.mentions.clone())).collect();
    cases(&layers, gold)
}

impl Review {
    /// The review of an article of which these are all the layers.
    #[must_use]
    pub fn new(layers: Vec<LayerOf>, labels: &LabelSet, setting: ReviewSetting, hash: TextHash, gold: &Layer) -> Self {
        let mut review = Self {
            readers: readers(layers, labels, setting.unfinished),
            cases: Vec::new(),
            current: None,
            lacking: MentionSet::default(),
            prompt: None,
            reason: None,
            renewal: Vec::new(),
            renewed: None,
            taking: Vec::new(),
            disputes: Vec::new(),
            versions: Vec::new(),
            disputed_gold: HashSet::new(),
            waiting: Vec::new(),
            setting,
            seed: seed_from_hash(hash),
        };
        review.renew(gold, labels);
        review.current = review.cases.iter().position(waits);
        review
    }

    /// Compares by another setting.
    pub fn set(&mut self, setting: ReviewSetting, gold: &Layer, labels: &LabelSet) {
        self.setting = setting;
        for reader in &mut self.readers {
            reader.takes_part = reader.status.takes_part(setting.unfinished);
        }
        self.renew(gold, labels);
    }

    /// Takes the labels that show now.
    pub fn renew_labels(&mut self, labels: &LabelSet, gold: &Layer) {
        for reader in &mut self.readers {
            reader.mentions = shown_keys(reader.mentions.iter().copied(), labels);
        }
        self.renew(gold, labels);
    }

    /// Takes in what became of the gold layer; the current dispute stays the one at its place.
    pub fn renew(&mut self, gold: &Layer, labels: &LabelSet) {
        let place = self.current_case().map(|case| case.cluster.span);
        self.taking = (0..).zip(&self.readers).filter(|(_, reader)| reader.takes_part).map(|(at, _)| at).collect();
        let (renewal, gold) = brought_up(gold, labels);
        self.cases = cases_of(&self.readers, &gold);
        let lacking = unanimous(&self.cases, &gold).into_iter().filter_map(|operation| match operation {
            Operation::Add(mention) => Some(mention),
            _ => None,
        });
        self.lacking = MentionSet::from_mentions(lacking.collect());
        self.disputes = (0..).zip(&self.cases).filter(|(_, case)| is_dispute(case)).map(|(at, _)| at).collect();
        self.versions = self.disputes.iter().map(|at| self.versions_of(*at)).collect();
        let disputed = self.disputes.iter().filter_map(|at| self.cases.get(*at));
        self.disputed_gold = disputed.flat_map(|case| case.gold(&gold)).collect();
        self.waiting = self.cases.iter().filter(|case| waits(case)).map(|case| case.cluster.span.start).collect();
        self.renewed = match gold {
            Cow::Borrowed(_) => None,
            Cow::Owned(layer) => Some(layer),
        };
        self.renewal = renewal;
        self.current = place.and_then(|span| self.dispute_at(span));
    }

    /// The gold layer on which decisions are made: `layer`, with the labels that show.
    #[must_use]
    pub fn gold<'a>(&'a self, layer: &'a Layer) -> &'a Layer {
        self.renewed.as_ref().unwrap_or(layer)
    }

    /// The dispute that keys act on.
    #[must_use]
    pub fn current_case(&self) -> Option<&Case> {
        self.cases.get(self.current?)
    }

    /// Whether the annotators' names are hidden and their order is shuffled.
    #[must_use]
    pub fn is_blind(&self) -> bool {
        !self.setting.names
    }

    /// How many annotators take part.
    #[must_use]
    pub fn taking_part(&self) -> usize {
        self.taking.len()
    }

    /// The places in `cases` of those that are or were in dispute, in order; their number on the screen is 1 more than their place here.
    #[must_use]
    pub fn disputes(&self) -> &[usize] {
        &self.disputes
    }

    /// The mentions of the gold layer that belong to disputes.
    #[must_use]
    pub fn disputed_gold(&self) -> &HashSet<MentionKey> {
        &self.disputed_gold
    }

    /// Where the disputes start that wait for a decision, in order.
    #[must_use]
    pub fn waiting_starts(&self) -> &[CharOffset] {
        &self.waiting
    }

    /// How many disputes wait for a decision.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Whether something was put aside.
    #[must_use]
    pub fn has_aside(&self) -> bool {
        self.cases.iter().any(|case| matches!(case.standing, Standing::Aside(_)))
    }

    /// The dispute at a place: the one of this span, or else the first that shares a character with it.
    #[must_use]
    pub fn dispute_at(&self, span: Span) -> Option<usize> {
        let disputes = || (0..).zip(&self.cases).filter(|(_, case)| is_dispute(case));
        let exact = disputes().find(|(_, case)| case.cluster.span == span);
        exact.or_else(|| disputes().find(|(_, case)| case.cluster.span.overlaps(span))).map(|(at, _)| at)
    }

    /// The next dispute that waits, from the current one on or, with none current, from `caret` on; then those before it.
    #[must_use]
    pub fn next_waiting(&self, caret: CharOffset) -> Option<usize> {
        let from = self.from(caret);
        let waiting = || (0..).zip(&self.cases).filter(|(_, case)| waits(case)).map(|(at, _)| at);
        waiting().find(|at| *at >= from).or_else(|| waiting().next())
    }

    /// The next or previous dispute, decided or not.
    #[must_use]
    pub fn beside(&self, caret: CharOffset, step: Step) -> Option<usize> {
        let disputes = self.disputes.iter().copied();
        match (self.current, step) {
            (Some(current), Step::Forward) => disputes.clone().find(|at| *at > current),
            (None, Step::Forward) => disputes.clone().find(|at| *at >= self.from(caret)),
            (_, Step::Back) => disputes.rev().find(|at| *at < self.from(caret)),
        }
    }

    fn from(&self, caret: CharOffset) -> usize {
        self.current.unwrap_or_else(|| self.cases.partition_point(|case| case.cluster.span.end <= caret))
    }

    /// Those who take part, as places in `readers`, in the order of their letters in this case.
    fn order(&self, case: usize) -> Vec<usize> {
        let mut order = self.taking.clone();
        if let (true, Some(case)) = (self.is_blind(), self.cases.get(case)) {
            let Span { start, end } = case.cluster.span;
            let place = (start.get() as u64).rotate_left(32) ^ end.get() as u64;
            Seeded::new(self.seed ^ place).shuffle(&mut order);
        }
        order
    }

    /// The letter of a reader in a case: 0 for the first. In a blind review the letters are dealt anew for every case.
    #[must_use]
    pub fn letter(&self, case: usize, reader: usize) -> usize {
        self.order(case).iter().position(|other| *other == reader).unwrap_or(reader)
    }

    /// The distinct readings of a dispute, in the order of the keys from 1 on; none for a case that is no dispute.
    #[must_use]
    pub fn versions(&self, case: usize) -> &[Version] {
        let place = self.disputes.binary_search(&case).ok();
        place.and_then(|place| self.versions.get(place)).map_or(&[], Vec::as_slice)
    }

    fn versions_of(&self, case: usize) -> Vec<Version> {
        let mut versions: Vec<Version> = Vec::new();
        let Some(readings) = self.cases.get(case).map(|case| &case.readings) else { return versions };
        for (letter, reader) in self.order(case).into_iter().enumerate() {
            let Some(place) = self.taking.iter().position(|other| *other == reader) else { continue };
            let Some(reading) = readings.get(place) else { continue };
            match versions.iter_mut().find(|version| version.mentions == reading.mentions) {
                Some(version) => {
                    version.readers.push(reader);
                    version.letters.push(letter);
                }
                None => versions.push(Version {
                    readers: vec![reader],
                    letters: vec![letter],
                    reading: place,
                    mentions: reading.mentions.clone(),
                }),
            }
        }
        versions
    }

    /// The disputes that the side list shows.
    #[must_use]
    pub fn shown(&self, filter: &DisputeFilter, gold: &Layer) -> Vec<usize> {
        let mut disputes = self.disputes.clone();
        let gold = self.gold(gold);
        disputes.retain(|at| self.cases.get(*at).is_some_and(|case| filter.fits(case, gold)));
        disputes
    }
}

impl DisputeFilter {
    fn fits(&self, case: &Case, gold: &Layer) -> bool {
        let stands = case.gold(gold);
        let mut labels = case.cluster.readings.iter().flatten().chain(&stands).map(|key| key.label);
        let differs = |annotator: AnnotatorId| {
            let own = case.readings.iter().find(|reading| reading.annotator == annotator);
            own.is_some_and(|own| match case.is_open() {
                true => case.readings.iter().any(|other| other.mentions != own.mentions),
                false => own.mentions != stands,
            })
        };
        self.kind.is_none_or(|kind| case.cluster.differences.kind() == kind)
            && self.label.is_none_or(|label| labels.any(|other| other == label))
            && self.annotator.is_none_or(differs)
            && self.open.is_none_or(|open| case.is_open() == open)
    }
}

/// Whether a case is or was in dispute.
fn is_dispute(case: &Case) -> bool {
    case.standing != Standing::Agreed
}

fn seed_from_hash(hash: TextHash) -> u64 {
    hash.0.iter().take(8).fold(0, |seed, byte| (seed << 8) | u64::from(*byte))
}
