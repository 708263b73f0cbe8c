//! Bulk: one act on many articles, as one step of the history and one transaction.
//!
//! Owns the way from hits to operations on layers that are not open. It must not look for hits.

use crate::domain::article::ArticleId;
use crate::domain::edit::{Change, EditError, Operation, Step};
use crate::domain::label::LabelId;
use crate::domain::layer::{Rules, Status, Version};
use crate::domain::mention::{Mention, Origin};
use crate::domain::offset::Span;
use crate::session::effect::Effect;
use crate::session::marking;
use crate::session::saving;
use crate::session::state::OpenProject;
use crate::store::hits::ArticleHits;

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
) -> Vec<LayerAct> {
    let shown = |id| project.labels.shown(id);
    let rules = project.project.rules;
    let of_article = |found: &ArticleHits| {
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
        (!operations.is_empty()).then_some(LayerAct { article, version, status, operations })
    };
    articles.iter().filter_map(of_article).collect()
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
        if status == Status::New {
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
    saving::pump(project, effects);
    Ok(())
}
