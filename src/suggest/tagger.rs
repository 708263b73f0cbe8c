//! The tagger: the engine that has learned from the project's own layers.
//!
//! Owns how an article becomes suggestions by a model. A tagger never changes and is shared between threads; another one
//! takes its place after a training. It must not know how its model was trained.

use crate::domain::article::Article;
use crate::domain::label::LabelId;
use crate::domain::offset::ByteSpan;
use crate::domain::suggestion::{Confidence, Engine, Reason, Suggestion};
use crate::suggest::chain::Transitions;
use crate::suggest::suggester::{Stop, Suggester};
use crate::suggest::tagger_example::words;
use crate::suggest::tagger_features::{Gazette, forms, words_of};
use crate::suggest::tagger_model::{Model, ModelError};
use crate::suggest::tagger_reading::{Scored, read};
use crate::suggest::tags::Chunk;
use std::ops::Range;
use std::sync::Arc;

/// A mention that the tagger finds among given words.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The words, by number.
    pub words: Range<usize>,
    /// What it would be called.
    pub label: LabelId,
    /// How likely it is right.
    pub confidence: Confidence,
}

/// How many sentences are read together at most, so that a huge article does not take memory for all of its words at once.
const PART_SENTENCES: usize = 200;

/// A trained tagger.
pub struct Tagger {
    model: Model,
    chain: Transitions,
    gazette: Arc<dyn Gazette>,
}

impl Tagger {
    pub(crate) fn new(model: Model, gazette: Arc<dyn Gazette>) -> Self {
        Self { chain: model.transitions(), model, gazette }
    }

    /// The labels it knows.
    #[must_use]
    pub fn labels(&self) -> &[LabelId] {
        self.model.tags.labels()
    }

    /// The bytes of its model.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.model.to_bytes()
    }

    /// The tagger whose model these bytes are. The gazette is the one it was trained with.
    ///
    /// # Errors
    /// [`ModelError`] when they are something else, newer, cut off or changed.
    pub fn from_bytes(bytes: &[u8], gazette: Arc<dyn Gazette>) -> Result<Self, ModelError> {
        Ok(Self::new(Model::from_bytes(bytes)?, gazette))
    }

    /// The mentions in an article of given words, sentence by sentence. When `stop` is set it ends early, with what it has.
    #[must_use]
    pub fn tag(&self, sentences: &[Vec<&str>], stop: &Stop) -> Vec<Vec<Found>> {
        let found = |(chunk, probability): (Chunk, f64)| {
            let confidence = Confidence::new(self.model.calibration.apply(probability));
            Some(Found { words: chunk.words, label: self.model.tags.label(chunk.begin)?, confidence })
        };
        let parts = sentences.chunks(PART_SENTENCES).take_while(|_| !stop.is_set());
        let read = parts.flat_map(|part| read(&self.chain, part.iter().map(|words| self.score(words)).collect()));
        read.map(|sentence| sentence.into_iter().filter_map(found).collect()).collect()
    }

    fn score(&self, words: &[&str]) -> Scored {
        let forms = forms(words, &*self.gazette);
        let mut scored = Scored { words: words_of(&forms).collect(), ..Scored::default() };
        self.model.score(&forms, &mut scored.scores);
        scored
    }
}

impl Suggester for Tagger {
    fn engine(&self) -> Engine {
        Engine::Tagger
    }

    fn suggest(&self, article: &Article, stop: &Stop) -> Vec<Suggestion> {
        let places: Vec<Vec<ByteSpan>> = words(article).collect();
        let surface = |span: &ByteSpan| span.slice(article.text()).unwrap_or_default();
        let sentences: Vec<Vec<&str>> = places.iter().map(|words| words.iter().map(surface).collect()).collect();
        let suggestion = |places: &[ByteSpan], found: Found| {
            let words = places.get(found.words)?;
            let bytes = ByteSpan::new(words.first()?.start, words.last()?.end);
            Some(Suggestion {
                span: article.offsets().span_from_bytes(bytes)?,
                label: found.label,
                engine: Engine::Tagger,
                confidence: found.confidence,
                reason: Reason::Learned,
            })
        };
        let found = self.tag(&sentences, stop);
        let in_sentence = |(places, found): (&Vec<ByteSpan>, Vec<Found>)| {
            found.into_iter().map(|found| suggestion(places, found)).collect::<Vec<_>>()
        };
        places.iter().zip(found).flat_map(in_sentence).flatten().collect()
    }
}
