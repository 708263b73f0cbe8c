//! Suggestions: what an engine thinks is a mention, and what a person said of it.
//!
//! Owns their shape. How an engine comes to one is its own business; a suggestion is never a mention before a person accepts it.

use crate::domain::label::LabelId;
use crate::domain::offset::Span;
use std::cmp::Ordering;

/// What makes suggestions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Engine {
    /// What has been labelled in this project.
    Lexicon,
    /// Lists of names that were loaded.
    Gazetteer,
    /// What was learned from the project's own layers.
    Tagger,
    /// A program of the user's.
    External,
    /// Predictions that were imported.
    Import,
}

impl Engine {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Lexicon, Self::Gazetteer, Self::Tagger, Self::External, Self::Import];

    /// The name in files: `lexicon`, `gazetteer`, `tagger`, `external` or `import`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lexicon => "lexicon",
            Self::Gazetteer => "gazetteer",
            Self::Tagger => "tagger",
            Self::External => "external",
            Self::Import => "import",
        }
    }

    /// The engine with this name.
    ///
    /// ```
    /// use barchasb::domain::suggestion::Engine;
    /// assert_eq!(Engine::from_name("tagger"), Some(Engine::Tagger));
    /// assert_eq!(Engine::from_name("Tagger"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engine| engine.name() == name)
    }
}

/// How likely a suggestion is right, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Confidence(f32);

impl Confidence {
    /// Certain.
    pub const ONE: Self = Self(1.0);

    /// The confidence nearest to `value`: below 0 and not a number become 0, above 1 becomes 1.
    ///
    /// ```
    /// use barchasb::domain::suggestion::Confidence;
    /// assert_eq!(Confidence::new(1.5), Confidence::ONE);
    /// assert_eq!(Confidence::new(f64::NAN).get(), 0.0);
    /// ```
    #[must_use]
    pub fn new(value: f64) -> Self {
        if value.is_nan() { Self(0.0) } else { Self(value.clamp(0.0, 1.0) as f32) }
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> f64 {
        f64::from(self.0)
    }

    /// The nearest number of hundredths, from 0 to 100: what is shown, and so what is compared with a threshold.
    ///
    /// ```
    /// use barchasb::domain::suggestion::Confidence;
    /// assert_eq!(Confidence::new(0.999).percent(), 100);
    /// assert_eq!(Confidence::new(0.894).percent(), 89);
    /// ```
    #[must_use]
    pub fn percent(self) -> u8 {
        (self.get() * 100.0).round() as u8
    }
}

impl Eq for Confidence {}

impl PartialOrd for Confidence {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Confidence {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// Why an engine suggests, as a fact and not as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// This name was labelled so often with this label here, and rejected or left unlabelled so often.
    Labelled {
        /// How often it has the label.
        times: u32,
        /// How often it was rejected, or stands unlabelled in a finished article.
        against: u32,
    },
    /// It stands in a list of names.
    Listed {
        /// The list.
        list: Box<str>,
    },
    /// It looks like what was labelled so.
    Learned,
    /// A program or a file said so.
    Said {
        /// Which.
        by: Box<str>,
    },
}

/// What an engine thinks is a mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Where it would stand.
    pub span: Span,
    /// What it would be called.
    pub label: LabelId,
    /// What suggests it.
    pub engine: Engine,
    /// How likely it is right.
    pub confidence: Confidence,
    /// Why.
    pub reason: Reason,
}

/// A suggestion that an annotator has turned down: this span is not this label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rejection {
    /// Where it would have stood.
    pub span: Span,
    /// What it would have been called.
    pub label: LabelId,
    /// What had suggested it.
    pub engine: Engine,
}

/// What became of one suggestion of one engine that stood in an article when its annotator finished it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// What had suggested it.
    pub engine: Engine,
    /// What it would have been called.
    pub label: LabelId,
    /// The confidence the engine itself gave it.
    pub confidence: Confidence,
    /// The confidence with which it was shown; `None` when another was shown in its place.
    pub shown: Option<Confidence>,
    /// Whether a mention of just this span and label stood there in the end.
    pub right: bool,
}
