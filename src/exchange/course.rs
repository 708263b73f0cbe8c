//! A course: the finished articles of a project as examples, and the taggers trained from them, one after the other.
//!
//! Owns which examples count and when training begins from the start. It must not run a thread, nor keep a tagger.

use crate::domain::article::ArticleId;
use crate::domain::layer::AnnotatorId;
use crate::suggest::suggester::Stop;
use crate::suggest::tagger::Tagger;
use crate::suggest::tagger_example::Example;
use crate::suggest::tagger_features::NoGazette;
use crate::suggest::tagger_model::ModelError;
use crate::suggest::tagger_training::Trainer;
use std::collections::HashMap;
use std::sync::Arc;

/// The order of sentences in training; any number would do, the same one gives the same tagger.
const SEED: u64 = 1;

/// The name under which a project keeps the tagger's model.
pub const MODEL: &str = "tagger";

/// By how much the sentences must have grown since the last training from the start for another one.
const GROWTH: f64 = 1.5;

/// How many sentences are learned from at most, the newest ones: some 300 bytes a word are kept of each while it trains.
const MOST_SENTENCES: usize = 40_000;

/// Whose layer of which article.
pub type Whose = (ArticleId, AnnotatorId);

/// The examples, and the trainer that has learned some of them.
pub struct Course {
    /// In the order in which they came, so that the same work gives the same tagger; `None` for one that counts no more.
    examples: Vec<(Whose, Option<Example>)>,
    places: HashMap<Whose, usize>,
    /// How many sentences they have.
    sentences: usize,
    trainer: Trainer,
    /// What the trainer has not been given yet.
    new: Vec<usize>,
    /// How many sentences there were at the last training from the start; `None` when that is due.
    begun_with: Option<usize>,
}

impl Course {
    /// A course without examples.
    #[must_use]
    pub fn new() -> Self {
        Self {
            examples: Vec::new(),
            places: HashMap::new(),
            sentences: 0,
            trainer: Trainer::new(SEED),
            new: Vec::new(),
            begun_with: None,
        }
    }

    /// The tagger of a kept model.
    ///
    /// # Errors
    /// [`ModelError`] when it is something else, newer, cut off or changed.
    pub fn tagger_from_bytes(bytes: &[u8]) -> Result<Tagger, ModelError> {
        Tagger::from_bytes(bytes, Arc::new(NoGazette))
    }

    /// What a layer teaches now; `None` when it is not finished any more.
    pub fn put(&mut self, whose: Whose, example: Option<Example>) {
        let place = *self.places.entry(whose).or_insert(self.examples.len());
        let known = match self.examples.get_mut(place) {
            None => {
                self.examples.push((whose, None));
                self.new.push(place);
                false
            }
            Some((_, before)) if *before == example => return,
            Some(_) => true,
        };
        let Some((_, slot)) = self.examples.get_mut(place) else { return };
        let count = |example: &Option<Example>| example.as_ref().map_or(0, |example| example.sentences.len());
        self.sentences = self.sentences + count(&example) - count(slot);
        *slot = example;
        if known {
            self.begin_again();
        }
        if self.sentences > MOST_SENTENCES {
            self.forget_oldest();
        }
    }

    /// Forgets the oldest examples, and some more than it must, so that it is not done for each article that comes. The newest stays,
    /// however long it is.
    fn forget_oldest(&mut self) {
        let older = self.examples.len().saturating_sub(1);
        for (_, slot) in self.examples.iter_mut().take(older) {
            if self.sentences <= MOST_SENTENCES / 5 * 4 {
                break;
            }
            self.sentences -= slot.take().map_or(0, |example| example.sentences.len());
        }
        self.begin_again();
    }

    fn all(&self) -> impl Iterator<Item = &Example> {
        self.examples.iter().filter_map(|(_, example)| example.as_ref())
    }

    /// The next training begins from the start.
    pub fn begin_again(&mut self) {
        self.begun_with = None;
    }

    /// Whether there is nothing to learn from.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// How many sentences there are.
    #[must_use]
    pub fn sentences(&self) -> usize {
        self.sentences
    }

    /// A tagger that has learned all examples. `None` when there are none, or `is_over` said to stop before it was made: the next
    /// training then begins from the start.
    pub fn train(&mut self, is_over: &mut dyn FnMut() -> bool) -> Option<Tagger> {
        if self.is_empty() {
            return None;
        }
        let stop = Stop::default();
        let mut progress = |_| {
            if is_over() {
                stop.set();
            }
        };
        let sentences = self.sentences();
        let grown = self.begun_with.is_none_or(|before| sentences as f64 > before as f64 * GROWTH);
        let tagger = if grown {
            self.trainer = Trainer::new(SEED);
            let Self { examples, trainer, .. } = self;
            examples.iter().filter_map(|(_, example)| example.as_ref()).for_each(|example| trainer.add(example));
            self.begun_with = Some(sentences);
            self.trainer.train(&stop, &mut progress)
        } else {
            let Self { examples, trainer, new, .. } = self;
            let new = new.iter().filter_map(|place| examples.get(*place)?.1.as_ref());
            new.for_each(|example| trainer.add(example));
            self.trainer.update(&stop, &mut progress)
        };
        self.new.clear();
        if tagger.is_none() {
            self.begin_again();
        }
        tagger
    }
}

impl Default for Course {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn example(sentences: usize) -> Example {
        Example { sentences: vec![Vec::new(); sentences] }
    }

    /// What remains of examples with so many sentences each, in the order in which they came.
    fn check(sentences: &[usize], expected: &[usize]) {
        let mut course = Course::new();
        for (number, sentences) in (0..).zip(sentences) {
            let whose = (ArticleId(Uuid::from_u128(number)), AnnotatorId(Uuid::nil()));
            course.put(whose, Some(example(*sentences)));
        }
        assert_eq!(course.all().map(|example| example.sentences.len()).collect::<Vec<_>>(), expected);
        assert_eq!(course.sentences(), expected.iter().sum::<usize>());
    }

    #[test]
    fn the_oldest_are_forgotten_and_the_newest_stays() {
        check(&[3, 5], &[3, 5]);
        check(&[10_000, 10_000, 10_000, 10_000], &[10_000; 4]);
        check(&[10_000, 10_000, 10_000, 10_000, 1], &[10_000, 10_000, 10_000, 1]);
        check(&[5, 50_000], &[50_000]);
        check(&[50_000], &[50_000]);
    }

    #[test]
    fn what_an_article_taught_before_is_replaced_or_taken_back() {
        let whose = (ArticleId(Uuid::nil()), AnnotatorId(Uuid::nil()));
        let mut course = Course::new();
        course.put(whose, Some(example(3)));
        course.put(whose, Some(example(2)));
        assert_eq!(course.sentences(), 2);
        course.put(whose, None);
        assert!(course.is_empty());
        assert_eq!(course.sentences(), 0);
        assert!(course.train(&mut || false).is_none());
    }
}
