//! The tagger: the engine that has learned from the project's own layers.
//!
//! Owns how an article becomes suggestions by a model. A tagger never changes and is shared between threads; another one
//! takes its place after a training. It must not know how its model was trained.

use crate::domain::article::Article;
use crate::domain::label::LabelId;
use crate::domain::offset::ByteSpan;
use crate::domain::suggestion::{Confidence, Engine, Reason, Suggestion};
use crate::suggest::chain::{Grid, Lattice, Transitions};
use crate::suggest::suggester::{Stop, Suggester};
use crate::suggest::tagger_example::words;
use crate::suggest::tagger_features::{Gazette, forms};
use crate::suggest::tagger_model::{Model, ModelError};
use crate::suggest::tags::chunks;
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

/// A trained tagger.
pub struct Tagger {
    model: Model,
    chain: Transitions,
    gazette: Arc<dyn Gazette>,
}

/// What tagging needs besides the model, kept between sentences for its memory.
#[derive(Default)]
struct Desk {
    scores: Grid,
    lattice: Lattice,
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

    /// The mentions in one sentence of given words, in order.
    #[must_use]
    pub fn tag(&self, words: &[&str]) -> Vec<Found> {
        self.tag_with(words, &mut Desk::default())
    }

    fn tag_with(&self, words: &[&str], desk: &mut Desk) -> Vec<Found> {
        self.model.score(&forms(words, &*self.gazette), &mut desk.scores);
        let chunks = chunks(&self.chain.best(&desk.scores));
        if chunks.is_empty() {
            return Vec::new();
        }
        desk.lattice.run(&self.chain, &desk.scores);
        let found = |chunk| {
            let probability = self.model.calibration.apply(desk.lattice.mention(&self.chain, &chunk));
            let label = self.model.tags.label(chunk.begin)?;
            Some(Found { words: chunk.words, label, confidence: Confidence::new(probability) })
        };
        chunks.into_iter().filter_map(found).collect()
    }
}

impl Suggester for Tagger {
    fn engine(&self) -> Engine {
        Engine::Tagger
    }

    fn suggest(&self, article: &Article, stop: &Stop) -> Vec<Suggestion> {
        let mut desk = Desk::default();
        let mut suggestions = Vec::new();
        for sentence in words(article).take_while(|_| !stop.is_set()) {
            let text = |span: &ByteSpan| span.slice(article.text()).unwrap_or_default();
            let found = self.tag_with(&sentence.iter().map(text).collect::<Vec<_>>(), &mut desk);
            suggestions.extend(found.into_iter().filter_map(|found| {
                let bytes =
                    ByteSpan::new(sentence.get(found.words.start)?.start, sentence.get(found.words.end - 1)?.end);
                Some(Suggestion {
                    span: article.offsets().span_from_bytes(bytes)?,
                    label: found.label,
                    engine: Engine::Tagger,
                    confidence: found.confidence,
                    reason: Reason::Learned,
                })
            }));
        }
        suggestions
    }
}
