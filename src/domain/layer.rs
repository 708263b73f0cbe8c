//! A layer: one annotator's mentions and status in one article, and the project's rules for it.
//!
//! Owns what must be true of a layer. Changing one is [`Operation`](crate::domain::edit::Operation)'s work alone.

use crate::domain::decision::Decisions;
use crate::domain::label::LabelId;
use crate::domain::mention::MentionSet;
use crate::domain::offset::Span;
use crate::domain::suggestion::{Engine, Rejection};
use std::collections::BTreeMap;
use std::fmt;
use uuid::Uuid;

/// The identity of an annotator inside a project.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnnotatorId(pub Uuid);

impl fmt::Debug for AnnotatorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnnotatorId({})", self.0)
    }
}

/// Someone who labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotator {
    /// The identity.
    pub id: AnnotatorId,
    /// The name, unique in the project.
    pub name: String,
}

/// How far an annotator is with an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Status {
    /// Nothing has been done.
    #[default]
    New,
    /// Something has been done.
    InProgress,
    /// The annotator says it is complete.
    Done,
    /// The annotator wants it looked at again.
    Flagged,
}

impl Status {
    /// All of them, in the order of work.
    pub const ALL: [Self; 4] = [Self::New, Self::InProgress, Self::Done, Self::Flagged];

    /// The name in files: `new`, `in_progress`, `done` or `flagged`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::InProgress => "in_progress",
            Self::Done => "done",
            Self::Flagged => "flagged",
        }
    }

    /// Whether a layer of this status is compared with others: a done one, or with `unfinished` any that was begun.
    #[must_use]
    pub fn takes_part(self, unfinished: bool) -> bool {
        self == Self::Done || (unfinished && self != Self::New)
    }

    /// The status with this name.
    ///
    /// ```
    /// use barchasb::domain::layer::Status;
    /// assert_eq!(Status::from_name("in_progress"), Some(Status::InProgress));
    /// assert_eq!(Status::from_name("Done"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// How often a layer was saved; 0 for one that never was. A save names the version it was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Version(pub u64);

impl Version {
    /// The version after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// One annotator's mentions in one article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// The version that was loaded or last saved.
    pub version: Version,
    /// How far the annotator is.
    pub status: Status,
    /// The mentions.
    pub mentions: MentionSet,
    /// The suggestions that were turned down.
    pub rejections: Rejections,
    /// What was decided of others' readings; in a gold layer alone.
    pub decisions: Decisions,
}

/// The suggestions that an annotator has turned down in one article, each once by span and label, in order of place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejections {
    engines: BTreeMap<(Span, LabelId), Engine>,
}

impl Rejections {
    /// Takes a rejection in; `false` (and nothing changed) when this span and label were rejected already.
    pub fn insert(&mut self, rejection: Rejection) -> bool {
        let Rejection { span, label, engine } = rejection;
        let is_new = !self.contains(span, label);
        if is_new {
            self.engines.insert((span, label), engine);
        }
        is_new
    }

    /// Takes a rejection out; `false` when it is not there as named.
    pub fn remove(&mut self, rejection: Rejection) -> bool {
        let key = (rejection.span, rejection.label);
        let stands = self.engines.get(&key) == Some(&rejection.engine);
        if stands {
            self.engines.remove(&key);
        }
        stands
    }

    /// Whether this span was said not to have this label.
    #[must_use]
    pub fn contains(&self, span: Span, label: LabelId) -> bool {
        self.engines.contains_key(&(span, label))
    }

    /// All of them, in order of place.
    pub fn iter(&self) -> impl Iterator<Item = Rejection> + '_ {
        self.engines.iter().map(|((span, label), engine)| Rejection { span: *span, label: *label, engine: *engine })
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.engines.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.engines.is_empty()
    }
}

impl FromIterator<Rejection> for Rejections {
    fn from_iter<T: IntoIterator<Item = Rejection>>(rejections: T) -> Self {
        let mut all = Self::default();
        for rejection in rejections {
            // Of two with the same span and label the first stays.
            all.insert(rejection);
        }
        all
    }
}

/// Whether a person's title belongs to the mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TitleRule {
    /// «سردار» stays outside, as in ARMAN, PEYMA and NSURL-2019.
    #[default]
    Outside,
    /// «سردار حسین اشتری» whole.
    Inside,
}

impl TitleRule {
    /// The name in the project file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::Inside => "inside",
        }
    }

    /// The rule with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Outside, Self::Inside].into_iter().find(|r| r.name() == name)
    }
}

/// What a project asks of every layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    /// Whether mentions may nest and overlap.
    pub overlaps: bool,
    /// Whether titles belong to the name.
    pub titles: TitleRule,
}

impl Default for Rules {
    fn default() -> Self {
        Self { overlaps: true, titles: TitleRule::Outside }
    }
}
