//! Bulk: one act on many articles, as one step of the history and one transaction.
//!
//! Owns the way from hits to operations on layers that are not open. It must not look for hits.

use crate::domain::article::ArticleId;
use crate::domain::edit::{Change, EditError, Operation, Step};
use crate::domain::label::LabelId;
use crate::domain::layer::{Rules, Status, Version};
use crate::domain::mention::{Mention, Origin};
use crate::domain::offset::Span;
use crate::session::command::Command;
use crate::session::effect::Effect;
use crate::session::finding;
use crate::session::marking;
use crate::session::saving;
use crate::session::state::{OpenProject, State};
use crate::store::hits::ArticleHits;
use crate::words::message::Message;

/// What is done at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A mention of this label, of this origin, where the rules and what stands allow one.
    Label(LabelId, Origin),
    /// The mentions of just this span, of one label (or any), get this label.
    Relabel {
        /// The label they have; `None` for any.
        from: Option<LabelId>,
        /// The label they get.
        to: LabelId,
    },
    /// The mentions of just this span, of one label (or any), go.
    Remove(Option<LabelId>),
}

/// What an act does to one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerAct {
    /// The article.
    pub article: ArticleId,
    /// The version that the operations are made from.
    pub version: Version,
    /// The status of the layer.
    pub status: Status,
    /// The operations; never none.
    pub operations: Vec<Operation>,
}

/// What an act does to several layers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acts {
    /// What it does to each.
    pub layers: Vec<LayerAct>,
    /// How many articles are left as they are: what was found there is older than what was done there since.
    pub left: usize,
}

impl Acts {
    /// How many mentions are made, changed or removed.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.layers.iter().map(|act| act.operations.len()).sum()
    }
}

/// What `act` comes to at `span`, beside these mentions that share a character with it. Labels are compared as they show.
pub fn operations_at<'a>(
    act: Act,
    span: Span,
    mentions: impl Iterator<Item = &'a Mention> + Clone,
    rules: Rules,
    shown: impl Fn(LabelId) -> LabelId,
) -> Vec<Operation> {
    let here = mentions.clone().filter(|mention| mention.span == span);
    match act {
        Act::Label(label, origin) => {
            let mut others = mentions;
            // With overlaps allowed a name may stand in another's, but not in one of its own label: that says it already.
            let is_taken = |m: &Mention| !rules.overlaps || m.span == span || shown(m.label) == label;
            let free = !others.any(is_taken);
            free.then(|| Operation::Add(Mention { origin, ..Mention::new(span, label) })).into_iter().collect()
        }
        Act::Relabel { from, to } => here
            .filter(|m| from.is_none_or(|from| shown(m.label) == from) && shown(m.label) != to)
            .map(|m| Operation::Replace { from: m.clone(), to: Mention { label: to, ..m.clone() } })
            .collect(),
        Act::Remove(label) => here
            .filter(|m| label.is_none_or(|label| shown(m.label) == label))
            .map(|m| Operation::Remove(m.clone()))
            .collect(),
    }
}

/// What `act` comes to at places of one layer, which is changed place by place: two labelled places may meet.
pub fn on_places(
    act: Act,
    places: impl Iterator<Item = (Span, Vec<Mention>)>,
    rules: Rules,
    shown: impl Fn(LabelId) -> LabelId,
) -> Vec<Operation> {
    let mut last = Span::default();
    let mut operations = Vec::new();
    for (span, mentions) in places {
        let meets = !rules.overlaps && matches!(act, Act::Label(..)) && !last.is_empty() && span.overlaps(last);
        let here = if meets { Vec::new() } else { operations_at(act, span, mentions.iter(), rules, &shown) };
        if !here.is_empty() {
            last = span;
        }
        operations.extend(here);
    }
    operations
}

/// What `act` does to the layers of these articles at their hits, as far as `wanted` says.
#[must_use]
pub fn on_hits(
    project: &OpenProject,
    act: Act,
    articles: &[ArticleHits],
    wanted: impl Fn(ArticleId, Span) -> bool,
) -> Acts {
    let shown = |id| project.labels.shown(id);
    let rules = project.project.rules;
    let mut acts = Acts::default();
    for found in articles {
        let (article, mut version, mut status) = (found.article, found.version, found.status);
        // The open layer may hold what is not on the disk yet.
        let open = project.open.as_ref().filter(|open| open.article.id() == article);
        if let Some(open) = open {
            (version, status) = (open.layer.version, open.layer.status);
        }
        let places = found.hits.iter().filter(|hit| wanted(article, hit.span)).map(|hit| {
            let mentions = match open {
                Some(open) => open.layer.mentions.overlapping(hit.span).cloned().collect(),
                None => hit.mentions.clone(),
            };
            (hit.span, mentions)
        });
        let operations = on_places(act, places, rules, shown);
        if operations.is_empty() {
            continue;
        }
        if open.is_none() && project.saves.version(article, version) != version {
            acts.left += 1;
        } else {
            acts.layers.push(LayerAct { article, version, status, operations });
        }
    }
    acts
}

/// Applies acts on layers as one step of the history and one action to save.
///
/// # Errors
/// [`EditError`] when the open layer forbids it; nothing has changed then.
pub fn act(project: &mut OpenProject, mut acts: Vec<LayerAct>, effects: &mut Vec<Effect>) -> Result<(), EditError> {
    let open = project.open_id();
    // First what can be refused.
    acts.sort_by_key(|act| Some(act.article) != open);
    let (mut parts, mut changes) = (Vec::new(), Vec::new());
    for LayerAct { article, version, status, mut operations } in acts {
        let sets_status = operations.iter().any(|operation| matches!(operation, Operation::SetStatus { .. }));
        if status == Status::New && !sets_status {
            operations.push(Operation::SetStatus { from: Status::New, to: Status::InProgress });
        }
        parts.push(if Some(article) == open {
            marking::apply(project, &operations)?
        } else {
            project.saves.part(article, version, operations.clone())
        });
        changes.push(Change::Layer { article, operations });
    }
    if changes.is_empty() {
        return Ok(());
    }
    project.history.record(Step { changes });
    project.saves.push(parts);
    project.renew_when_saved = true;
    finding::outdate(project);
    saving::pump(project, effects);
    Ok(())
}

/// Applies acts on layers, and tells what came of it.
pub fn act_and_tell(state: &mut State, acts: Acts, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let (changes, articles, left) = (acts.changes(), acts.layers.len(), acts.left);
    match act(project, acts.layers, effects) {
        Ok(()) => tell(state, changes, articles, left),
        Err(error) => state.complain(Message::from(&error)),
    }
}

/// Tells how many mentions of how many articles changed, with a way back, and how many articles were left as they are.
pub fn tell(state: &mut State, changes: usize, articles: usize, left: usize) {
    let left = (left > 0).then(|| Message::new("same-left").number("count", left));
    if changes == 0 {
        return state.say(left.unwrap_or_else(|| Message::new("find-nothing-to-do")));
    }
    let done = Message::new("same-done").number("count", changes).number("articles", articles);
    let message = match left {
        Some(left) => Message::new("same-done-and-left").part("done", done).part("left", left),
        None => done,
    };
    state.toast(message, false, Some((Message::new("undo"), Command::Undo)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::label::LabelSet;
    use crate::store::contract::Project;
    use crate::store::hits::Hit;
    use uuid::Uuid;

    const LABEL: LabelId = LabelId(Uuid::from_u128(1));

    /// An article with a labelled hit, as it was found with this version.
    fn found(n: u128, version: u64) -> ArticleHits {
        let span = Span::from_chars(0, 5);
        let [before, surface, after] = ["", "تهران", " گفت"].map(Box::from);
        ArticleHits {
            article: ArticleId(Uuid::from_u128(n)),
            title: String::new(),
            status: Status::InProgress,
            version: Version(version),
            hits: vec![Hit { span, whole: true, before, surface, after, mentions: vec![Mention::new(span, LABEL)] }],
            cut: false,
        }
    }

    /// What an act comes to in two articles, the first of which was changed here from version 1 on: articles, and those left.
    fn check(versions: [u64; 2], act: Act, expected: (usize, usize)) {
        let project = Project { title: String::new(), path: "".into(), rules: Rules::default(), articles: 2 };
        let mut project = OpenProject::new(project, LabelSet::default());
        let [first, second] = versions;
        let hits = [found(1, first), found(2, second)];
        project.saves.part(ArticleId(Uuid::from_u128(1)), Version(1), Vec::new());
        let acts = on_hits(&project, act, &hits, |_, _| true);
        assert_eq!((acts.layers.len(), acts.left), expected, "{versions:?}");
    }

    #[test]
    fn what_was_changed_since_it_was_found_is_left_as_it_is() {
        check([1, 1], Act::Remove(None), (1, 1));
        check([2, 1], Act::Remove(None), (2, 0));
        check([1, 1], Act::Label(LABEL, Origin::Same), (0, 0));
    }
}
