//! The engines of one project: brought up from what the project keeps, kept abreast of its layers, and asked together.
//!
//! Owns what each engine learns from and when. Training the tagger takes long and is left to the caller's thread: examples go
//! out, a tagger comes in. It must not know a window, nor run a thread.

use crate::domain::article::{Article, ArticleId};
use crate::domain::label::{LabelId, LabelSet};
use crate::domain::layer::{AnnotatorId, Layer, Status, Version};
use crate::domain::offset::Span;
use crate::domain::suggestion::{Engine, Outcome, Rejection, Suggestion};
use crate::store::contract::{Result, Store};
use crate::store::knowledge::{Knowledge, Studied};
use crate::suggest::gazetteer::Gazetteer;
use crate::suggest::lexicon::{Lesson, Lexicon};
use crate::suggest::ranking::{is_open, ranked};
use crate::suggest::suggester::{Stop, Suggester};
use crate::suggest::tagger::Tagger;
use crate::suggest::tagger_example::Example;
use crate::suggest::track_record::TrackRecord;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;

/// What a layer was when it was learned: what has to be unlearned when it changes.
#[derive(Clone, Debug, Default)]
struct Learned {
    version: Version,
    mentions: Box<[(Span, LabelId)]>,
    rejections: Box<[Rejection]>,
    finished: bool,
}

impl Learned {
    fn new(layer: &Layer, labels: &LabelSet) -> Self {
        let shown = |id| labels.shown(id);
        Self {
            version: layer.version,
            mentions: layer.mentions.iter().map(|m| (m.span, shown(m.label))).collect(),
            rejections: layer.rejections.iter().map(|r| Rejection { label: shown(r.label), ..r }).collect(),
            finished: layer.status == Status::Done,
        }
    }

    fn lesson<'a>(&'a self, article: &'a Article) -> Lesson<'a> {
        Lesson { article, mentions: &self.mentions, rejections: &self.rejections, finished: self.finished }
    }
}

/// A suggestion of one engine with what it was worth when it was first offered.
type Offers = BTreeMap<(Engine, Span, LabelId), Outcome>;

/// The engines of one project.
pub struct Engines {
    labels: LabelSet,
    lexicon: Lexicon,
    gazetteer: Option<Gazetteer>,
    tagger: Option<Arc<Tagger>>,
    record: TrackRecord,
    learned: HashMap<(ArticleId, AnnotatorId), Learned>,
    /// Who has saved something in an article.
    annotators: HashMap<ArticleId, Vec<AnnotatorId>>,
    /// The engines that are not asked.
    silent: Vec<Engine>,
}

impl Engines {
    /// Engines that know nothing but the label set.
    #[must_use]
    pub fn new(labels: LabelSet) -> Self {
        Self {
            labels,
            lexicon: Lexicon::new(),
            gazetteer: None,
            tagger: None,
            record: TrackRecord::default(),
            learned: HashMap::new(),
            annotators: HashMap::new(),
            silent: Vec::new(),
        }
    }

    /// Engines that have learned what a project keeps, lists of names and the tagger aside. `finished` is shown what each finished layer
    /// teaches a tagger; `goes_on` can stop it: what was not read then is not known.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when the project cannot be read.
    pub fn study<S: Store + Knowledge>(
        store: &S,
        finished: &mut dyn FnMut(ArticleId, AnnotatorId, Example),
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Result<Self> {
        let mut engines = Self::new(store.labels()?);
        engines.record = TrackRecord::from_outcomes(store.outcomes()?);
        store.study(&mut |Studied { article, annotator, layer }| {
            engines.learn(&article, annotator, &layer);
            if layer.status == Status::Done {
                finished(article.id(), annotator, engines.example(&article, annotator));
            }
            if goes_on() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(engines)
    }

    /// Reads the lists of names again.
    ///
    /// # Errors
    /// [`StoreError`](crate::store::contract::StoreError) when the project cannot be read.
    pub fn load_names<S: Knowledge>(&mut self, store: &S) -> Result<()> {
        let mut gazetteer = Gazetteer::new();
        let rows = store.name_lists()?;
        for row in &rows {
            if let Some(list) = store.name_list(row.id)? {
                gazetteer.add_list(&list.title, list.names.iter().map(|(name, label)| (&**name, *label)));
            }
        }
        self.gazetteer = (!rows.is_empty()).then_some(gazetteer);
        Ok(())
    }

    /// Puts another tagger in the place of the one before.
    pub fn set_tagger(&mut self, tagger: Option<Arc<Tagger>>) {
        self.tagger = tagger;
    }

    /// Takes over from the engines before what is not learned from layers: lists of names, the tagger, who is silent.
    pub fn take_over(&mut self, before: &mut Self) {
        self.gazetteer = before.gazetteer.take();
        self.tagger = before.tagger.take();
        self.silent = std::mem::take(&mut before.silent);
    }

    /// Which engines are not asked.
    pub fn silence(&mut self, silent: Vec<Engine>) {
        self.silent = silent;
    }

    /// What became of suggestions so far.
    #[must_use]
    pub fn record(&self) -> &TrackRecord {
        &self.record
    }

    /// Takes outcomes of an article that was just finished into the record.
    pub fn remember(&mut self, outcomes: &[Outcome]) {
        outcomes.iter().for_each(|outcome| self.record.add(outcome));
    }

    /// The version of a layer that was learned; `None` when nothing of it was.
    #[must_use]
    pub fn version(&self, article: ArticleId, annotator: AnnotatorId) -> Option<Version> {
        self.learned.get(&(article, annotator)).map(|learned| learned.version)
    }

    /// Learns a layer, in the place of what it was before.
    pub fn learn(&mut self, article: &Article, annotator: AnnotatorId, layer: &Layer) {
        let learned = Learned::new(layer, &self.labels);
        if let Some(before) = self.learned.remove(&(article.id(), annotator)) {
            self.lexicon.unlearn(&before.lesson(article));
        } else {
            self.annotators.entry(article.id()).or_default().push(annotator);
        }
        self.lexicon.learn(&learned.lesson(article));
        self.learned.insert((article.id(), annotator), learned);
    }

    /// Whether a layer was finished when it was learned.
    #[must_use]
    pub fn is_finished(&self, article: ArticleId, annotator: AnnotatorId) -> bool {
        self.learned.get(&(article, annotator)).is_some_and(|learned| learned.finished)
    }

    /// Takes another label set; `false`, and nothing has changed, when what was learned does not fit it: a label was merged, parted,
    /// made or taken away, and the layers have to be learned again.
    pub fn take_labels(&mut self, labels: &LabelSet) -> bool {
        let shown = |set: &LabelSet| set.all().iter().map(|l| (l.id, set.shown(l.id))).collect::<BTreeMap<_, _>>();
        let fits = self.learned.is_empty() || shown(&self.labels) == shown(labels);
        if fits {
            self.labels = labels.clone();
        }
        fits
    }

    /// What a layer that was learned teaches a tagger.
    #[must_use]
    pub fn example(&self, article: &Article, annotator: AnnotatorId) -> Example {
        let learned = self.learned.get(&(article.id(), annotator));
        Example::new(article, learned.iter().flat_map(|learned| learned.mentions.iter().copied()))
    }

    /// What each engine thinks of an article, for an annotator: what others have labelled in this very article is kept from the lexicon
    /// meanwhile, and the tagger, which may know it by heart, is not asked when another one has finished it: nobody is led by a
    /// colleague's layer. `predictions` were imported with the article.
    pub fn suggest(
        &mut self,
        article: &Article,
        annotator: AnnotatorId,
        predictions: &[Suggestion],
        stop: &Stop,
    ) -> Vec<Suggestion> {
        let others: Vec<Learned> = self
            .annotators
            .get(&article.id())
            .into_iter()
            .flatten()
            .filter(|other| **other != annotator)
            .filter_map(|other| self.learned.get(&(article.id(), *other)).cloned())
            .collect();
        others.iter().for_each(|other| self.lexicon.unlearn(&other.lesson(article)));
        let by_heart = others.iter().any(|other| other.finished);
        let mut all = predictions.to_vec();
        let engines: [Option<&dyn Suggester>; 3] = [
            Some(&self.lexicon),
            self.gazetteer.as_ref().map(|gazetteer| gazetteer as &dyn Suggester),
            self.tagger.as_deref().filter(|_| !by_heart).map(|tagger| tagger as &dyn Suggester),
        ];
        for engine in engines.into_iter().flatten().filter(|engine| !self.silent.contains(&engine.engine())) {
            all.extend(engine.suggest(article, stop));
        }
        others.iter().for_each(|other| self.lexicon.learn(&other.lesson(article)));
        self.labelled_now(all)
    }

    /// Suggestions with the labels as they show now; those of labels out of use are left out.
    fn labelled_now(&self, mut all: Vec<Suggestion>) -> Vec<Suggestion> {
        all.retain_mut(|suggestion| match self.labels.resolve(suggestion.label).filter(|label| label.is_active()) {
            Some(label) => {
                suggestion.label = label.id;
                !self.silent.contains(&suggestion.engine)
            }
            None => false,
        });
        all
    }

    /// Of what engines suggest, what is to be shown for a layer.
    #[must_use]
    pub fn rank(&self, all: &[Suggestion], layer: &Layer) -> Vec<Suggestion> {
        ranked(all, &self.record, layer)
    }
}

/// The suggestions that stood in an article while it was open, for telling in the end which were right.
#[derive(Clone, Debug, Default)]
pub struct Stood {
    offers: Offers,
}

impl Stood {
    /// Takes in what was suggested and what of it was shown, for a layer as it stands. The first word of each counts, and a place is
    /// shown once, whichever engine leads there later.
    pub fn offer(&mut self, all: &[Suggestion], shown: &[Suggestion], layer: &Layer) {
        let shown: HashMap<_, _> = shown.iter().map(|s| ((s.engine, s.span, s.label), s.confidence)).collect();
        for suggestion in all.iter().filter(|suggestion| is_open(suggestion, layer)) {
            let Suggestion { span, label, engine, confidence, .. } = *suggestion;
            let was_shown =
                Engine::ALL.iter().any(|e| self.offers.get(&(*e, span, label)).is_some_and(|o| o.shown.is_some()));
            let shown = shown.get(&(engine, span, label)).filter(|_| !was_shown).copied();
            let outcome = Outcome { engine, label, confidence, shown, right: false };
            self.offers.entry((engine, span, label)).or_insert(outcome);
        }
    }

    /// What became of each, by the layer in the end.
    #[must_use]
    pub fn outcomes(&self, layer: &Layer, labels: &LabelSet) -> Vec<Outcome> {
        let is_right = |span, label| layer.mentions.with_span(span).any(|mention| labels.shown(mention.label) == label);
        self.offers
            .iter()
            .map(|((_, span, label), offer)| Outcome { right: is_right(*span, *label), ..*offer })
            .collect()
    }

    /// Forgets everything: another article is open.
    pub fn clear(&mut self) {
        self.offers.clear();
    }
}
