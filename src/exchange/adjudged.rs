//! An article that is adjudicated without a person: who takes part in it, and how its gold layer comes to its end.
//!
//! Owns what a strategy from the command line and one from the window must do alike. What is decided between, its callers say.

use crate::analysis::adjudicate::{Case, cases};
use crate::analysis::ending::finish;
use crate::analysis::merged_labels::brought_up;
use crate::domain::decision::GOLD;
use crate::domain::edit::Operation;
use crate::domain::label::LabelSet;
use crate::domain::layer::{AnnotatorId, Layer, Status};
use crate::domain::mention::{Mention, MentionKey, shown_keys};
use crate::store::review::LayerOf;

/// An article before it is adjudicated.
pub struct Adjudged {
    /// The gold layer as it is kept.
    pub stored: Layer,
    /// The same with the labels that show.
    pub gold: Layer,
    /// The cases as they stand in it.
    pub cases: Vec<Case>,
    renewal: Vec<Operation>,
    readers: Vec<(AnnotatorId, Vec<MentionKey>)>,
}

impl Adjudged {
    /// The article of these layers; `None` when nobody takes part. With `unfinished` those do too who are not done.
    #[must_use]
    pub fn new(layers: &[LayerOf], labels: &LabelSet, unfinished: bool) -> Option<Self> {
        let stored = layers.iter().find(|of| of.annotator.name == GOLD).map(|of| of.layer.clone()).unwrap_or_default();
        let taking = layers.iter().filter(|of| of.annotator.name != GOLD && of.layer.status.takes_part(unfinished));
        let said = |layer: &Layer| shown_keys(layer.mentions.iter().map(Mention::key), labels);
        let readers: Vec<_> = taking.map(|of| (of.annotator.id, said(&of.layer))).collect();
        if readers.is_empty() {
            return None;
        }
        // Decisions from before labels were merged hold for the labels that show now.
        let (renewal, gold) = brought_up(&stored, labels);
        let gold = gold.into_owned();
        Some(Self { cases: cases(&readers, &gold), stored, gold, renewal, readers })
    }

    /// The cases as they stand in another gold layer.
    #[must_use]
    pub fn cases_in(&self, gold: &Layer) -> Vec<Case> {
        cases(&self.readers, gold)
    }

    /// What sets the status when nothing waits in the gold layer that came of it, and whether the article is done by that.
    #[must_use]
    pub fn ending(&self, left: &[Case], after: &Layer) -> (Option<Operation>, bool) {
        let ending = finish(&self.cases, left, after.status);
        let is_done = matches!(ending, Some(Operation::SetStatus { to: Status::Done, .. }));
        (ending, is_done)
    }

    /// What is to be saved for these operations: nothing for none.
    #[must_use]
    pub fn saved(self, operations: Vec<Operation>) -> Option<Vec<Operation>> {
        let changes = !operations.is_empty();
        changes.then(|| self.renewal.into_iter().chain(operations).collect())
    }
}
