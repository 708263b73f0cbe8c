//! Changing a layer: operations that give their inverse, and the history of steps that undo and redo walk.
//!
//! Owns the only way to change a mention. It must not know when a step is saved or how it was asked for.

use crate::domain::article::ArticleId;
use crate::domain::decision::Decision;
use crate::domain::label::{Label, LabelId};
use crate::domain::layer::{Layer, Rules, Status};
use crate::domain::mention::{Mention, MentionKey};
use crate::domain::offset::CharOffset;
use crate::domain::suggestion::Rejection;

/// One change to a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Puts a mention in.
    Add(Mention),
    /// Takes a mention out; it must be there exactly as named.
    Remove(Mention),
    /// Puts one mention in another's place: a relabel, a resize, a note.
    Replace {
        /// What must be there.
        from: Mention,
        /// What takes its place.
        to: Mention,
    },
    /// Changes the status.
    SetStatus {
        /// What it must be.
        from: Status,
        /// What it becomes.
        to: Status,
    },
    /// Turns a suggestion down.
    Reject(Rejection),
    /// Takes a rejection back; it must be there exactly as named.
    Unreject(Rejection),
    /// Remembers what was decided of the readings of a place; no other decision may stand on the same readings.
    Decide(Box<Decision>),
    /// Forgets a decision; it must be there exactly as named.
    Undecide(Box<Decision>),
}

/// Why an operation was not applied; the layer is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// A mention with this span and label is there already.
    #[error("this span already has this label")]
    AlreadyThere(MentionKey),
    /// The mention named is not there (as named).
    #[error("the mention is no longer there")]
    NotThere(MentionKey),
    /// The project forbids overlaps and this would make one.
    #[error("the project allows no overlapping mentions")]
    Overlap(MentionKey),
    /// The span is empty or passes the end of the text.
    #[error("the span is empty or passes the end of the text")]
    OutOfText(MentionKey),
    /// The status is not what the operation saw.
    #[error("the status is no longer what it was")]
    StatusMoved,
    /// This suggestion was turned down already, or the rejection named is not there.
    #[error("the rejection is no longer what it was")]
    RejectionMoved,
    /// These readings were decided already, or the decision named is not there.
    #[error("the decision is no longer what it was")]
    DecisionMoved,
}

/// What a layer must keep to: the length of its text and the project's rules.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The length of the text.
    pub text_end: CharOffset,
    /// The project's rules.
    pub rules: Rules,
}

impl Operation {
    /// Applies this to `layer` and gives the operation that takes it back.
    ///
    /// ```
    /// use barchasb::domain::edit::{Bounds, Operation};
    /// use barchasb::domain::label::LabelId;
    /// use barchasb::domain::layer::{Layer, Rules};
    /// use barchasb::domain::mention::Mention;
    /// use barchasb::domain::offset::{CharOffset, Span};
    ///
    /// let bounds = Bounds { text_end: CharOffset::new(10), rules: Rules::default() };
    /// let mut layer = Layer::default();
    /// let add = Operation::Add(Mention::new(Span::from_chars(0, 3), LabelId(uuid::Uuid::from_u128(1))));
    /// let take_back = add.apply(&mut layer, bounds)?;
    /// assert_eq!(layer.mentions.len(), 1);
    /// assert!(add.apply(&mut layer, bounds).is_err(), "the same mention twice");
    /// assert_eq!(take_back.apply(&mut layer, bounds)?, add);
    /// assert!(layer.mentions.is_empty());
    /// # Ok::<(), barchasb::domain::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// [`EditError`] when the layer is not as the operation saw it or the rules forbid it; nothing has changed then.
    pub fn apply(&self, layer: &mut Layer, bounds: Bounds) -> Result<Self, EditError> {
        match self {
            Self::Add(mention) => {
                admit(layer, mention, None, bounds)?;
                layer.mentions.insert(mention.clone());
                Ok(Self::Remove(mention.clone()))
            }
            Self::Remove(mention) => {
                must_stand(layer, mention)?;
                layer.mentions.remove(mention.key());
                Ok(Self::Add(mention.clone()))
            }
            Self::Replace { from, to } => {
                must_stand(layer, from)?;
                admit(layer, to, Some(from.key()), bounds)?;
                layer.mentions.remove(from.key());
                layer.mentions.insert(to.clone());
                Ok(Self::Replace { from: to.clone(), to: from.clone() })
            }
            Self::SetStatus { from, to } => {
                if layer.status != *from {
                    return Err(EditError::StatusMoved);
                }
                layer.status = *to;
                Ok(Self::SetStatus { from: *to, to: *from })
            }
            Self::Reject(rejection) => {
                let span = rejection.span;
                if span.is_empty() || span.end > bounds.text_end {
                    return Err(EditError::OutOfText(MentionKey { span, label: rejection.label }));
                }
                let is_new = layer.rejections.insert(*rejection);
                if is_new { Ok(Self::Unreject(*rejection)) } else { Err(EditError::RejectionMoved) }
            }
            Self::Unreject(rejection) => {
                let stood = layer.rejections.remove(*rejection);
                if stood { Ok(Self::Reject(*rejection)) } else { Err(EditError::RejectionMoved) }
            }
            Self::Decide(decision) => {
                if decision.span.end > bounds.text_end {
                    return Err(EditError::DecisionMoved);
                }
                let is_new = layer.decisions.insert((**decision).clone());
                if is_new { Ok(Self::Undecide(decision.clone())) } else { Err(EditError::DecisionMoved) }
            }
            Self::Undecide(decision) => {
                let stood = layer.decisions.remove(decision);
                if stood { Ok(Self::Decide(decision.clone())) } else { Err(EditError::DecisionMoved) }
            }
        }
    }

    /// The mention that stands when this has been applied.
    #[must_use]
    pub fn result(&self) -> Option<&Mention> {
        match self {
            Self::Add(m) | Self::Replace { to: m, .. } => Some(m),
            Self::Remove(_)
            | Self::SetStatus { .. }
            | Self::Reject(_)
            | Self::Unreject(_)
            | Self::Decide(_)
            | Self::Undecide(_) => None,
        }
    }

    /// The operation that takes this back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        match self {
            Self::Add(m) => Self::Remove(m.clone()),
            Self::Remove(m) => Self::Add(m.clone()),
            Self::Replace { from, to } => Self::Replace { from: to.clone(), to: from.clone() },
            Self::SetStatus { from, to } => Self::SetStatus { from: *to, to: *from },
            Self::Reject(rejection) => Self::Unreject(*rejection),
            Self::Unreject(rejection) => Self::Reject(*rejection),
            Self::Decide(decision) => Self::Undecide(decision.clone()),
            Self::Undecide(decision) => Self::Decide(decision.clone()),
        }
    }
}

fn must_stand(layer: &Layer, mention: &Mention) -> Result<(), EditError> {
    if layer.mentions.get(mention.key()) == Some(mention) { Ok(()) } else { Err(EditError::NotThere(mention.key())) }
}

/// Whether `mention` may stand in the layer once `leaving` has gone.
fn admit(layer: &Layer, mention: &Mention, leaving: Option<MentionKey>, bounds: Bounds) -> Result<(), EditError> {
    let key = mention.key();
    if mention.span.is_empty() || mention.span.end > bounds.text_end {
        return Err(EditError::OutOfText(key));
    }
    if leaving != Some(key) && layer.mentions.get(key).is_some() {
        return Err(EditError::AlreadyThere(key));
    }
    let in_the_way = |m: &&Mention| Some(m.key()) != leaving;
    if !bounds.rules.overlaps && layer.mentions.overlapping(mention.span).any(|m| in_the_way(&m)) {
        return Err(EditError::Overlap(key));
    }
    Ok(())
}

/// Applies `operations` in order, all or none, and gives the operations that take them back, in the order to apply them.
///
/// # Errors
/// The first [`EditError`]; the layer is then as it was.
pub fn apply_all(operations: &[Operation], layer: &mut Layer, bounds: Bounds) -> Result<Vec<Operation>, EditError> {
    let mut inverses = Vec::with_capacity(operations.len());
    for operation in operations {
        match operation.apply(layer, bounds) {
            Ok(inverse) => inverses.push(inverse),
            Err(error) => {
                for inverse in inverses.iter().rev() {
                    // Taking back what was just done can meet only the overlap rule, which must not stop it.
                    let free = Bounds { rules: Rules { overlaps: true, ..bounds.rules }, ..bounds };
                    let _taken_back = inverse.apply(layer, free);
                }
                return Err(error);
            }
        }
    }
    inverses.reverse();
    Ok(inverses)
}

/// A part of a step: what it did to one layer or one label, told forwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Operations on the acting annotator's layer of one article, in order.
    Layer {
        /// The article.
        article: ArticleId,
        /// What was applied.
        operations: Vec<Operation>,
    },
    /// A label made (`before` is `None`) or changed.
    Label {
        /// Whose label.
        id: LabelId,
        /// What it was.
        before: Option<Box<Label>>,
        /// What it became; `None` when it was never made.
        after: Option<Box<Label>>,
    },
}

impl Change {
    /// The change that takes this back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        match self {
            Self::Layer { article, operations } => {
                Self::Layer { article: *article, operations: operations.iter().rev().map(Operation::inverse).collect() }
            }
            Self::Label { id, before, after } => Self::Label { id: *id, before: after.clone(), after: before.clone() },
        }
    }
}

/// What undo takes back at once: one interaction, however many articles it reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its parts, in the order they were done.
    pub changes: Vec<Change>,
}

impl Step {
    /// What it did to the layer of `article`, in order; nothing for `None`.
    pub fn operations_on(&self, article: Option<ArticleId>) -> impl Iterator<Item = &Operation> {
        let of_article =
            move |change: &&Change| matches!(change, Change::Layer { article: a, .. } if Some(*a) == article);
        self.changes.iter().filter(of_article).flat_map(|change| match change {
            Change::Layer { operations, .. } => operations.as_slice(),
            Change::Label { .. } => &[],
        })
    }

    /// The step that takes this back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self { changes: self.changes.iter().rev().map(Change::inverse).collect() }
    }
}

/// The steps done and undone, without limit and across articles.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
}

impl History {
    /// Records a step; what had been undone is forgotten.
    pub fn record(&mut self, step: Step) {
        self.done.push(step);
        self.undone.clear();
    }

    /// The step that undo would take back.
    #[must_use]
    pub fn next_undo(&self) -> Option<&Step> {
        self.done.last()
    }

    /// The step that redo would do again.
    #[must_use]
    pub fn next_redo(&self) -> Option<&Step> {
        self.undone.last()
    }

    /// Moves the last step done to the undone; call it once its inverse has been applied.
    pub fn mark_undone(&mut self) {
        self.undone.extend(self.done.pop());
    }

    /// Moves the last step undone back to the done; call it once it has been applied.
    pub fn mark_redone(&mut self) {
        self.done.extend(self.undone.pop());
    }

    /// How many steps can be undone and redone.
    #[must_use]
    pub fn depth(&self) -> (usize, usize) {
        (self.done.len(), self.undone.len())
    }

    /// Drops the steps that touch a label: the label set was changed from outside and they no longer fit.
    pub fn forget_labels(&mut self) {
        let touches = |s: &Step| s.changes.iter().any(|c| matches!(c, Change::Label { .. }));
        self.done.retain(|s| !touches(s));
        self.undone.retain(|s| !touches(s));
    }

    /// Drops the steps that touch `article`: its layer was changed from outside and they no longer fit.
    pub fn forget_article(&mut self, article: ArticleId) {
        let touches =
            |s: &Step| s.changes.iter().any(|c| matches!(c, Change::Layer { article: a, .. } if *a == article));
        self.done.retain(|s| !touches(s));
        self.undone.retain(|s| !touches(s));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::offset::Span;
    use crate::domain::suggestion::Engine;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn mention(start: usize, end: usize, label: u128) -> Mention {
        Mention::new(Span::from_chars(start, end), LabelId(Uuid::from_u128(label)))
    }

    fn bounds(overlaps: bool) -> Bounds {
        Bounds { text_end: CharOffset::new(100), rules: Rules { overlaps, ..Rules::default() } }
    }

    /// Applies `operations` one by one to an empty layer and compares what stands then.
    fn check(overlaps: bool, operations: &[Operation], expected: Result<&[(usize, usize)], EditError>) {
        let mut layer = Layer::default();
        let result = apply_all(operations, &mut layer, bounds(overlaps));
        let spans: Vec<(usize, usize)> =
            layer.mentions.iter().map(|m| (m.span.start.get(), m.span.end.get())).collect();
        match expected {
            Ok(expected) => {
                let inverses = result.expect("applies");
                assert_eq!(spans, expected);
                apply_all(&inverses, &mut layer, bounds(overlaps)).expect("takes back");
            }
            Err(error) => assert_eq!(result, Err(error)),
        }
        assert_eq!(layer, Layer::default(), "all or nothing, and back to where it was");
    }

    #[test]
    fn operations_are_checked_and_taken_back() {
        let (a, b) = (mention(0, 5, 1), mention(3, 8, 1));
        check(true, &[Operation::Add(a.clone()), Operation::Add(b.clone())], Ok(&[(0, 5), (3, 8)]));
        check(false, &[Operation::Add(a.clone()), Operation::Add(b.clone())], Err(EditError::Overlap(b.key())));
        check(
            false,
            &[Operation::Add(a.clone()), Operation::Replace { from: a.clone(), to: b.clone() }],
            Ok(&[(3, 8)]),
        );
        check(true, &[Operation::Add(a.clone()), Operation::Add(a.clone())], Err(EditError::AlreadyThere(a.key())));
        check(true, &[Operation::Remove(a.clone())], Err(EditError::NotThere(a.key())));
        check(true, &[Operation::Add(mention(99, 101, 1))], Err(EditError::OutOfText(mention(99, 101, 1).key())));
        check(true, &[Operation::Add(mention(9, 9, 1))], Err(EditError::OutOfText(mention(9, 9, 1).key())));
        let rejection = Rejection { span: a.span, label: a.label, engine: Engine::Tagger };
        check(true, &[Operation::Reject(rejection), Operation::Add(a.clone())], Ok(&[(0, 5)]));
        check(true, &[Operation::Reject(rejection), Operation::Reject(rejection)], Err(EditError::RejectionMoved));
        let other = Rejection { engine: Engine::Lexicon, ..rejection };
        check(true, &[Operation::Reject(rejection), Operation::Unreject(other)], Err(EditError::RejectionMoved));
        check(true, &[Operation::SetStatus { from: Status::Done, to: Status::New }], Err(EditError::StatusMoved));
    }

    #[test]
    fn recording_forgets_what_was_undone() {
        let article = ArticleId(Uuid::nil());
        let step = |m| Step { changes: vec![Change::Layer { article, operations: vec![Operation::Add(m)] }] };
        let mut history = History::default();
        history.record(step(mention(0, 1, 1)));
        history.record(step(mention(1, 2, 1)));
        history.mark_undone();
        assert_eq!(history.depth(), (1, 1));
        history.mark_redone();
        history.mark_undone();
        history.record(step(mention(2, 3, 1)));
        assert_eq!(history.depth(), (2, 0));
        history.forget_article(article);
        assert_eq!(history.depth(), (0, 0));
    }

    proptest! {
        #[test]
        fn undoing_every_step_gives_the_first_layer(
            steps in proptest::collection::vec((0usize..60, 1usize..30, 0u128..3, 0u8..6), 1..80),
        ) {
            let mut layer = Layer::default();
            let mut trail = Vec::new();
            for (start, len, label, kind) in steps {
                let m = mention(start, start + len, label);
                let first = layer.mentions.iter().next().cloned();
                let operation = match (kind, first) {
                    (0, Some(first)) => Operation::Remove(first),
                    (1, Some(first)) => Operation::Replace { from: first, to: m },
                    (2, _) => Operation::SetStatus { from: layer.status, to: Status::Done },
                    (4, _) => Operation::Reject(Rejection { span: m.span, label: m.label, engine: Engine::Tagger }),
                    (5, _) => match layer.rejections.iter().next() {
                        Some(first) => Operation::Unreject(first),
                        None => Operation::Add(m),
                    },
                    _ => Operation::Add(m),
                };
                let before = layer.clone();
                match operation.apply(&mut layer, bounds(true)) {
                    Ok(inverse) => { prop_assert_eq!(&inverse, &operation.inverse()); trail.push((inverse, before)); }
                    Err(_) => prop_assert_eq!(&layer, &before),
                }
            }
            while let Some((inverse, before)) = trail.pop() {
                prop_assert!(inverse.apply(&mut layer, bounds(true)).is_ok());
                prop_assert_eq!(&layer, &before);
            }
        }
    }
}
