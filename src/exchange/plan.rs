//! What is written when records leave: format, labels, parts, files.
//!
//! Owns [`Plan`], which a project's export and a conversion of files share. It must not write anything.

use crate::domain::record::ArticleRecord;
use crate::exchange::label_map::LabelMap;
use crate::formats::format::{Container, Format, WriteOptions};
use std::collections::BTreeMap;
use std::num::NonZeroU64;

/// How records are written.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The format.
    pub format: Format,
    /// What its writer is told. The labels are filled in by the exporter.
    pub write: WriteOptions,
    /// Labels that are renamed or left out.
    pub labels: LabelMap,
    /// Whether articles without mentions are written.
    pub bare: bool,
    /// Parts to train and test on; `None` for one whole.
    pub split: Option<Split>,
    /// How articles are laid into files.
    pub files: Filing,
    /// Whether a card is written beside: `dataset.json` and `README.md`.
    pub card: bool,
}

/// How articles are laid into files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Filing {
    /// One file, or one for each part.
    #[default]
    One,
    /// A new file after so many articles.
    Shards(NonZeroU64),
    /// A file for every article.
    Articles,
}

/// How articles are parted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The parts by name with their weights, as `train` 80, `dev` 10, `test` 10.
    pub parts: Vec<(String, u32)>,
    /// What the draw begins with: the same seed gives the same parts.
    pub seed: u64,
}

/// Why a split cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no split; write two or three weights, as 80/10/10 for train, dev and test")]
pub struct SplitError {
    /// What stands there.
    pub text: String,
}

impl Split {
    /// The split that `80/20` (train, test) or `80/10/10` (train, dev, test) names.
    ///
    /// ```
    /// use barchasb::exchange::plan::Split;
    /// let split = Split::from_weights("80/10/10", 7).unwrap();
    /// assert_eq!(split.parts[1], ("dev".to_owned(), 10));
    /// assert!(Split::from_weights("80/0", 7).is_err());
    /// ```
    ///
    /// # Errors
    /// [`SplitError`] for anything else, or a weight of nothing.
    pub fn from_weights(text: &str, seed: u64) -> Result<Self, SplitError> {
        let fail = || SplitError { text: text.to_owned() };
        let weights: Option<Vec<u32>> =
            text.split('/').map(|weight| weight.trim().parse().ok().filter(|weight| *weight > 0)).collect();
        let weights = weights.ok_or_else(fail)?;
        let names: &[&str] = match weights.len() {
            2 => &["train", "test"],
            3 => &["train", "dev", "test"],
            _ => return Err(fail()),
        };
        Ok(Self { parts: names.iter().map(ToString::to_string).zip(weights).collect(), seed })
    }
}

impl Plan {
    /// Everything into one file of a format.
    #[must_use]
    pub fn of(format: Format) -> Self {
        Self {
            format,
            write: WriteOptions::default(),
            labels: LabelMap::default(),
            bare: true,
            split: None,
            files: Filing::One,
            card: false,
        }
    }

    /// Makes a record what is written of it; `false` when it is left out. `skipped` counts by label the mentions that are taken out.
    pub fn admits(&self, record: &mut ArticleRecord, skipped: &mut BTreeMap<String, u64>) -> bool {
        self.labels.apply(record, skipped);
        self.bare || record.layers.iter().any(|layer| !layer.mentions.is_empty())
    }

    /// Whether several files are written, however few articles there are.
    #[must_use]
    pub fn is_several(&self) -> bool {
        self.split.is_some() || self.card || self.files != Filing::One || self.format.container.is_folder()
    }

    /// Whether more than one file may be written, so that the target is a folder.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.is_several() || self.format.container == Container::Article
    }
}
