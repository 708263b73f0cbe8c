//! Training: examples in, a tagger out.
//!
//! Owns which sentences are learned from, how often and in which order, and what is held out for the calibration. The same
//! seed and the same calls give the same tagger. It must not know how one sentence is learned.

use crate::suggest::calibration::{Calibration, Outcome};
use crate::suggest::seeded::Seeded;
use crate::suggest::suggester::Stop;
use crate::suggest::tagger::Tagger;
use crate::suggest::tagger_example::{Example, Tagged};
use crate::suggest::tagger_features::{Gazette, NoGazette, each_word, forms};
use crate::suggest::tagger_learner::{Known, Learner, Pace};
use crate::suggest::tagger_model::Index;
use crate::suggest::tags::TagSet;
use std::ops::Range;
use std::sync::Arc;

/// Learns from examples.
pub struct Trainer {
    random: Seeded,
    gazette: Arc<dyn Gazette>,
    tags: TagSet,
    index: Index,
    counts: Vec<u32>,
    sentences: Vec<Known>,
    /// How many sentences have been learned from.
    learned: usize,
    learner: Learner,
    outcomes: Vec<Outcome>,
    /// Pace
    pub pace: Pace,
}

impl Trainer {
    /// One that knows nothing. `seed` decides the order of sentences.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::with_gazette(seed, Arc::new(NoGazette))
    }

    /// One that knows nothing but what the gazette says.
    #[must_use]
    pub fn with_gazette(seed: u64, gazette: Arc<dyn Gazette>) -> Self {
        let tags = TagSet::default();
        Self {
            random: Seeded::new(seed),
            gazette,
            learner: Learner::new(&tags, Pace::default()),
            tags,
            index: Index::default(),
            counts: Vec::new(),
            sentences: Vec::new(),
            learned: 0,
            outcomes: Vec::new(),
            pace: Pace::default(),
        }
    }

    /// Takes in what an article teaches; it is learned by the next training or update.
    pub fn add(&mut self, example: &Example) {
        example.sentences.iter().filter(|sentence| !sentence.is_empty()).for_each(|s| self.add_sentence(s));
    }

    fn add_sentence(&mut self, sentence: &[Tagged]) {
        let words: Vec<&str> = sentence.iter().map(|tagged| &*tagged.word).collect();
        let mut known = Known { tags: sentence.iter().map(|t| self.tags.number(t.tag)).collect(), ..Known::default() };
        each_word(&forms(&words, &*self.gazette), |features| {
            for feature in features {
                let next = self.index.len() as u32;
                let row = *self.index.entry(*feature).or_insert(next);
                if row == next {
                    self.counts.push(0);
                }
                if let Some(count) = self.counts.get_mut(row as usize) {
                    *count += 1;
                }
                known.features.push(row);
            }
            known.ends.push(known.features.len() as u32);
        });
        self.sentences.push(known);
    }

    /// Learns everything anew. `progress` is told how much of the work is done, from 0 to 1. When `stop` is set it ends
    /// between two sentences, with what it has.
    pub fn train(&mut self, stop: &Stop, mut progress: impl FnMut(f32)) -> Tagger {
        let all: Vec<usize> = (0..self.sentences.len()).collect();
        let folds = folds(all.len());
        let work = (folds.len() + 1) as f32;
        self.outcomes.clear();
        for (done, fold) in folds.into_iter().enumerate() {
            let others = all.iter().copied().filter(|at| !fold.contains(at)).collect();
            self.learner = Learner::new(&self.tags, self.pace);
            self.learn(others, self.pace.passes, stop, |part| progress((done as f32 + part) / work));
            self.try_on(fold);
        }
        self.learner = Learner::new(&self.tags, self.pace);
        self.learn(all, self.pace.passes, stop, |part| progress((work - 1.0 + part) / work));
        self.learned = self.sentences.len();
        self.tagger()
    }

    /// Learns what was added since the last training or update, and goes over a sample of what is older once more.
    pub fn update(&mut self, stop: &Stop, mut progress: impl FnMut(f32)) -> Tagger {
        let new = self.learned..self.sentences.len();
        if self.learned > 0 {
            self.try_on(new.clone());
            let old = self.outcomes.len().saturating_sub(RECENT_OUTCOMES);
            self.outcomes.drain(..old);
        }
        let mut order: Vec<usize> = (0..self.learned).collect();
        self.random.shuffle(&mut order);
        order.truncate(self.pace.rehearsed);
        order.extend(new);
        self.learn(order, self.pace.update_passes, stop, &mut progress);
        self.learned = self.sentences.len();
        self.tagger()
    }

    fn learn(&mut self, mut order: Vec<usize>, passes: usize, stop: &Stop, mut progress: impl FnMut(f32)) {
        self.learner.widen(&self.tags, &self.counts, self.sentences.len());
        for pass in 0..passes {
            self.random.shuffle(&mut order);
            for sentence in order.iter().filter_map(|at| self.sentences.get(*at)) {
                if stop.is_set() {
                    return;
                }
                self.learner.learn(sentence);
            }
            progress((pass + 1) as f32 / passes as f32);
        }
    }

    /// Takes down what comes of the mentions that the learner finds in these sentences, which it has not seen.
    fn try_on(&mut self, sentences: Range<usize>) {
        for sentence in self.sentences.get(sentences).unwrap_or_default() {
            self.outcomes.extend(self.learner.outcomes(sentence));
        }
    }

    fn tagger(&self) -> Tagger {
        let model = self.learner.model(&self.tags, &self.index, Calibration::fit(&self.outcomes));
        Tagger::new(model.rounded(), Arc::clone(&self.gazette))
    }
}

/// How many of the latest outcomes decide the calibration after an update.
const RECENT_OUTCOMES: usize = 1_000;

/// The sentences that are held out in turn to see how far the learner can be believed: a fifth at a time, until some
/// hundred have been.
fn folds(sentences: usize) -> Vec<Range<usize>> {
    const FOLDS: usize = 5;
    const FOLD_SENTENCES: usize = 400;
    const ENOUGH_SENTENCES: usize = 300;
    let size = (sentences / FOLDS).min(FOLD_SENTENCES);
    if size == 0 {
        return Vec::new();
    }
    let count = ENOUGH_SENTENCES.div_ceil(size).min(FOLDS);
    (0..count).map(|fold| fold * (sentences / FOLDS)).map(|start| start..start + size).collect()
}
