//! Training: examples in, a tagger out.
//!
//! Owns which sentences are learned from, how often and in which order, and what is held out for the calibration. The same
//! seed and the same calls give the same tagger. It must not know how one sentence is learned.

use crate::domain::seeded::Seeded;
use crate::suggest::calibration::{Calibration, Outcome};
use crate::suggest::suggester::Stop;
use crate::suggest::tagger::Tagger;
use crate::suggest::tagger_example::{Example, Tagged};
use crate::suggest::tagger_features::{Gazette, NoGazette, each_word, forms, words_of};
use crate::suggest::tagger_learner::{Known, Learner};
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
    /// How many have shown what comes of mentions found in them.
    tried: usize,
    learner: Learner,
    /// How many articles were added.
    articles: usize,
    /// What came of mentions found in sentences before these were learned.
    outcomes: Vec<Outcome>,
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
        let (tags, random) = (TagSet::default(), Seeded::new(seed));
        Self {
            gazette,
            learner: Learner::new(&tags, random.clone()),
            random,
            tags,
            index: Index::default(),
            counts: Vec::new(),
            sentences: Vec::new(),
            learned: 0,
            tried: 0,
            articles: 0,
            outcomes: Vec::new(),
        }
    }

    /// Takes in what an article teaches; it is learned by the next training or update.
    pub fn add(&mut self, example: &Example) {
        example.sentences.iter().filter(|sentence| !sentence.is_empty()).for_each(|s| self.add_sentence(s));
        self.articles += 1;
    }

    fn add_sentence(&mut self, sentence: &[Tagged]) {
        let words: Vec<&str> = sentence.iter().map(|tagged| &*tagged.word).collect();
        let forms = forms(&words, &*self.gazette);
        let mut known = Known {
            article: self.articles,
            words: words_of(&forms).collect(),
            tags: sentence.iter().map(|tagged| self.tags.number(tagged.tag)).collect(),
            ..Known::default()
        };
        each_word(&forms, |features| {
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

    /// Learns everything anew. `progress` is told how much of the work is done, from 0 to 1, every few hundred sentences, and may
    /// set `stop`. When that is set it ends between two sentences and gives `None`: what is half learned helps nobody.
    pub fn train(&mut self, stop: &Stop, mut progress: impl FnMut(f32)) -> Option<Tagger> {
        let all: Vec<usize> = (0..self.sentences.len()).collect();
        let folds = folds(all.len());
        let work = (folds.len() + 1) as f32;
        (self.learned, self.tried) = (0, all.len());
        self.outcomes.clear();
        for (done, fold) in folds.into_iter().enumerate() {
            let others = all.iter().copied().filter(|at| !fold.contains(at)).collect();
            self.forget();
            self.learn(others, PASSES, stop, |part| progress((done as f32 + part) / work))?;
            self.try_on(fold);
        }
        self.forget();
        self.learn(all, PASSES, stop, |part| progress((work - 1.0 + part) / work))?;
        self.learned = self.sentences.len();
        Some(self.tagger())
    }

    /// Learns what was added since the last training or update, and goes over a sample of what is older once more.
    /// `progress` and `stop` are as for [`train`](Self::train); what an update that was stopped has left is new to the next.
    pub fn update(&mut self, stop: &Stop, mut progress: impl FnMut(f32)) -> Option<Tagger> {
        let new = self.learned..self.sentences.len();
        if self.learned > 0 {
            self.try_on(self.tried.max(new.start)..new.end);
            let old = self.outcomes.len().saturating_sub(RECENT_OUTCOMES);
            self.outcomes.drain(..old);
        }
        self.tried = new.end;
        let mut order: Vec<usize> = (0..self.learned).collect();
        self.random.shuffle(&mut order);
        order.truncate(REHEARSED);
        order.extend(new);
        self.learn(order, UPDATE_PASSES, stop, &mut progress)?;
        self.learned = self.sentences.len();
        Some(self.tagger())
    }

    /// Learns from these sentences. `None` when it was stopped.
    fn learn(
        &mut self,
        mut order: Vec<usize>,
        passes: usize,
        stop: &Stop,
        mut progress: impl FnMut(f32),
    ) -> Option<()> {
        self.learner.widen(&self.tags, &self.counts, self.sentences.len());
        let work = (passes * order.len()).max(1) as f32;
        let mut done = 0;
        for _ in 0..passes {
            self.random.shuffle(&mut order);
            for sentence in order.iter().filter_map(|at| self.sentences.get(*at)) {
                if stop.is_set() {
                    return None;
                }
                self.learner.learn(sentence);
                done += 1;
                if done % TOLD_EVERY == 0 {
                    progress(done as f32 / work);
                }
            }
        }
        progress(1.0);
        Some(())
    }

    /// Takes down what comes of the mentions that the learner finds in these sentences, which it has not seen.
    fn try_on(&mut self, sentences: Range<usize>) {
        let sentences = self.sentences.get(sentences).unwrap_or_default();
        for article in sentences.chunk_by(|a, b| a.article == b.article) {
            self.outcomes.extend(self.learner.outcomes(article));
        }
    }

    fn forget(&mut self) {
        self.learner = Learner::new(&self.tags, Seeded::new(self.random.next()));
    }

    fn tagger(&self) -> Tagger {
        let model = self.learner.model(&self.tags, &self.index, Calibration::fit(&self.outcomes));
        Tagger::new(model.rounded(), Arc::clone(&self.gazette))
    }
}

/// How often a training goes over all sentences.
const PASSES: usize = 10;
/// After how many sentences it is told how much is done.
const TOLD_EVERY: usize = 256;
/// How often an update goes over its sentences.
const UPDATE_PASSES: usize = 3;
/// How many older sentences an update goes over.
const REHEARSED: usize = 1_000;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::{Article, ArticleId, Direction};
    use crate::domain::label::LabelId;
    use crate::domain::offset::Span;
    use crate::domain::suggestion::Confidence;
    use crate::suggest::suggester::Suggester;
    use crate::suggest::tagger_evaluation::evaluate;
    use uuid::Uuid;

    const PERSON: LabelId = LabelId(Uuid::from_u128(1));
    const PLACE: LabelId = LabelId(Uuid::from_u128(2));

    fn article(text: &str) -> Article {
        Article::new(ArticleId(Uuid::nil()), "a".into(), text, String::new(), Direction::Auto).unwrap()
    }

    /// An article of made-up names: a person after a title, a place after a preposition.
    fn made(number: usize) -> (Article, Vec<(Span, LabelId)>) {
        let person = ["سارا کوهی", "رضا دریایی", "مینا نمونه", "کاوه جنگلی"][number % 4];
        let place = ["تهران", "قم", "اهواز"][number % 3];
        let text = format!("آقای {person} دیروز به شهر {place} رفت و گفت این کار خوب است. مردم در شهر {place} ماندند.");
        let span = |name: &str, after: usize| {
            let start = text[..text.match_indices(name).nth(after).unwrap().0].chars().count();
            Span::from_chars(start, start + name.chars().count())
        };
        let mentions = vec![(span(person, 0), PERSON), (span(place, 0), PLACE), (span(place, 1), PLACE)];
        (article(&text), mentions)
    }

    fn examples(numbers: Range<usize>) -> Vec<Example> {
        numbers.map(made).map(|(article, mentions)| Example::new(&article, mentions)).collect()
    }

    fn trainer(seed: u64, examples: &[Example]) -> Trainer {
        let mut trainer = Trainer::new(seed);
        examples.iter().for_each(|example| trainer.add(example));
        trainer
    }

    /// What a tagger finds: the text and its label.
    fn check(tagger: &Tagger, text: &str, expected: &[(&str, LabelId)]) {
        let article = article(text);
        let suggestions = tagger.suggest(&article, &Stop::default());
        let found: Vec<_> = suggestions.iter().map(|s| (article.surface(s.span).unwrap(), s.label)).collect();
        assert_eq!(found, expected, "{text}");
        assert!(suggestions.iter().all(|s| s.confidence > Confidence::new(0.5)), "{suggestions:?}");
    }

    #[test]
    fn names_are_learned_and_new_ones_are_found_by_their_surroundings() {
        let tagger = trainer(1, &examples(0..40)).train(&Stop::default(), |_| ()).unwrap();
        check(&tagger, "مردم در شهر قم ماندند.", &[("قم", PLACE)]);
        check(&tagger, "آقای بهمن سروی دیروز به شهر اهواز رفت", &[("بهمن سروی", PERSON), ("اهواز", PLACE)]);
        check(&tagger, "این کار خوب است.", &[]);
        assert_eq!(
            evaluate(&tagger, &examples(40..50), Confidence::default(), &Stop::default()).total().f1(),
            Some(1.0)
        );
    }

    #[test]
    fn an_update_learns_what_is_new_and_keeps_what_is_old() {
        let mut trainer = trainer(1, &examples(0..40));
        trainer.train(&Stop::default(), |_| ()).unwrap();
        let thing = LabelId(Uuid::from_u128(3));
        for _ in 0..6 {
            trainer.add(&Example::new(&article("پرواز اف۱۶ لغو شد."), [(Span::from_chars(6, 10), thing)]));
        }
        let tagger = trainer.update(&Stop::default(), |_| ()).unwrap();
        assert_eq!(tagger.labels(), [PERSON, PLACE, thing]);
        check(&tagger, "پرواز اف۱۶ لغو شد.", &[("اف۱۶", thing)]);
        check(&tagger, "مردم در شهر قم ماندند.", &[("قم", PLACE)]);
    }

    #[test]
    fn a_seed_has_one_tagger() {
        let bytes = |seed| {
            let mut trainer = trainer(seed, &examples(0..20));
            let trained = trainer.train(&Stop::default(), |_| ()).unwrap().to_bytes();
            examples(20..22).iter().for_each(|example| trainer.add(example));
            (trained, trainer.update(&Stop::default(), |_| ()).unwrap().to_bytes())
        };
        assert_eq!(bytes(7), bytes(7));
        assert_ne!(bytes(7), bytes(8));
    }

    #[test]
    fn a_tagger_read_from_bytes_suggests_the_same() {
        let tagger = trainer(1, &examples(0..30)).train(&Stop::default(), |_| ()).unwrap();
        let back = Tagger::from_bytes(&tagger.to_bytes(), Arc::new(NoGazette)).unwrap();
        let article = made(5).0;
        assert!(!tagger.suggest(&article, &Stop::default()).is_empty());
        assert_eq!(back.suggest(&article, &Stop::default()), tagger.suggest(&article, &Stop::default()));
    }

    #[test]
    fn it_stops_when_told_and_can_go_on() {
        let stop = Stop::default();
        stop.set();
        let mut trainer = trainer(1, &examples(0..20));
        let mut steps = 0;
        assert!(trainer.train(&stop, |_| steps += 1).is_none());
        assert!(trainer.update(&stop, |_| steps += 1).is_none());
        assert_eq!(steps, 0);
        let late = trainer.update(&Stop::default(), |_| ()).unwrap();
        assert!(!late.suggest(&made(0).0, &Stop::default()).is_empty());
        let mut parts = Vec::new();
        let tagger = trainer.train(&Stop::default(), |part| parts.push(part)).unwrap();
        assert!(parts.is_sorted() && parts.last() == Some(&1.0));
        assert!(!tagger.suggest(&made(0).0, &Stop::default()).is_empty());
        assert!(tagger.suggest(&made(0).0, &stop).is_empty());
    }

    #[test]
    fn whoever_is_told_of_the_progress_can_stop_it_inside_a_pass() {
        let mut trainer = trainer(1, &examples(0..TOLD_EVERY));
        let stop = Stop::default();
        let mut parts = Vec::new();
        let trained = trainer.train(&stop, |part| {
            parts.push(part);
            stop.set();
        });
        assert!(trained.is_none() && parts.len() == 1 && parts[0] < 0.1, "{parts:?}");
    }

    #[test]
    fn with_nothing_to_learn_there_is_nothing_to_find() {
        let mut trainer = Trainer::new(1);
        let tagger = trainer.train(&Stop::default(), |_| ()).unwrap();
        check(&tagger, "علی", &[]);
        trainer.add(&Example::new(&article("علی رفت"), []));
        check(&trainer.update(&Stop::default(), |_| ()).unwrap(), "علی", &[]);
    }

    #[test]
    fn a_tagger_goes_from_thread_to_thread() {
        fn shared<T: Send + Sync>() {}
        shared::<Tagger>();
        shared::<Trainer>();
    }
}
