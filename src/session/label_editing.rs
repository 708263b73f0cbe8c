//! Editing the label set: making, changing, ordering, retiring and merging labels.
//!
//! Owns the rule that no mention is ever touched by it: mentions hold ids, and a merge is a pointer from one label to another.

use crate::domain::edit::{Change, Step as HistoryStep};
use crate::domain::label::{Label, LabelId};
use crate::session::command::{Command, LabelCommand, Step};
use crate::session::effect::Effect;
use crate::session::mention_list::MentionList;
use crate::session::saving;
use crate::session::state::{OpenProject, State};
use crate::store::contract::Saved;
use crate::words::message::Message;
use uuid::Uuid;

/// Does what the command says.
pub fn update(state: &mut State, command: LabelCommand, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let undo = |id| Some((Message::new(id), Command::Undo));
    match command {
        LabelCommand::New => {
            let label = new_label(project);
            change(project, vec![label], effects);
        }
        LabelCommand::Change(label) => {
            if project.labels.get(label.id) == Some(&label) {
                return;
            }
            if let Some(fault) = project.labels.fault(&label) {
                state.complain(Message::from(&fault));
                return;
            }
            change(project, vec![label], effects);
        }
        LabelCommand::Delete(id) => {
            let Some(label) = project.labels.get(id).cloned() else { return };
            let title = label.title.clone();
            change(project, vec![Label { deleted: true, ..label }], effects);
            state.toast(Message::new("label-deleted").text("label", title), false, undo("undo"));
        }
        LabelCommand::Restore(id) => {
            let Some(label) = project.labels.get(id).cloned() else { return };
            let mut label = Label { deleted: false, merged_into: None, ..label };
            // Someone else may have its name or keys by now: it comes back under a free name, without the keys.
            if project.labels.fault(&label).is_some() {
                label.keys.clear();
                label.name = free_name(project, &label.name);
            }
            change(project, vec![label], effects);
        }
        LabelCommand::Merge { from, into } => {
            let reaches = project.labels.resolve(into).map(|l| l.id);
            let (Some(source), Some(target)) = (project.labels.get(from).cloned(), project.labels.get(into)) else {
                return;
            };
            if from == into || reaches == Some(from) {
                return;
            }
            let message =
                Message::new("label-merged").text("from", source.title.clone()).text("into", target.title.clone());
            change(project, vec![Label { merged_into: Some(into), ..source }], effects);
            state.toast(message, false, undo("undo"));
        }
        LabelCommand::Move { label, step } => move_label(project, label, step, effects),
    }
}

fn new_label(project: &OpenProject) -> Label {
    let order = project.labels.all().iter().map(|l| l.order).max().unwrap_or(0) + 1;
    let name = free_name(project, "NEW");
    Label {
        id: LabelId(Uuid::new_v4()),
        title: name.clone(),
        name,
        colour: project.labels.next_colour(),
        keys: String::new(),
        guideline: String::new(),
        order,
        deleted: false,
        merged_into: None,
    }
}

fn free_name(project: &OpenProject, wanted: &str) -> String {
    std::iter::once(wanted.to_owned())
        .chain((2..).map(|n| format!("{wanted}{n}")))
        .find(|name| project.labels.by_name(name).is_none())
        .unwrap_or_default()
}

fn move_label(project: &mut OpenProject, id: LabelId, step: Step, effects: &mut Vec<Effect>) {
    let order: Vec<LabelId> = project.labels.active().map(|l| l.id).collect();
    let Some(at) = order.iter().position(|l| *l == id) else { return };
    let other = match step {
        Step::Forward => Some(at + 1),
        Step::Back => at.checked_sub(1),
    };
    let Some(other) = other.and_then(|at| order.get(at)) else { return };
    let (Some(a), Some(b)) = (project.labels.get(id).cloned(), project.labels.get(*other).cloned()) else { return };
    // Equal orders (a damaged or imported set) are told apart first, so that the swap shows.
    let (low, high) =
        if a.order == b.order { (a.order, a.order + 1) } else { (a.order.min(b.order), a.order.max(b.order)) };
    let (a_order, b_order) = if step == Step::Forward { (high, low) } else { (low, high) };
    change(project, vec![Label { order: a_order, ..a }, Label { order: b_order, ..b }], effects);
}

/// Puts labels in as one step of the history and one action to save.
fn change(project: &mut OpenProject, labels: Vec<Label>, effects: &mut Vec<Effect>) {
    let changes = labels
        .iter()
        .map(|label| Change::Label {
            id: label.id,
            before: project.labels.get(label.id).cloned().map(Box::new),
            after: Some(Box::new(label.clone())),
        })
        .collect();
    project.history.record(HistoryStep { changes });
    project.saves.push(labels.iter().cloned().map(Saved::Label).collect());
    for label in labels {
        project.labels.put(label);
    }
    renew(project, effects);
    saving::pump(project, effects);
}

/// Renews what is derived from the label set.
pub fn renew(project: &mut OpenProject, effects: &mut Vec<Effect>) {
    let labels = &project.labels;
    project.armed = project.armed.filter(|id| labels.is_active(*id));
    project.last_label = project.last_label.filter(|id| labels.is_active(*id));
    // What it offers may be a label that is out of use now.
    project.same = None;
    if let Some(open) = &mut project.open {
        open.advice.renew_labels(&project.labels, &open.layer);
        open.list = MentionList::new(&open.article, &open.layer.mentions, &project.labels);
        if let Some(review) = &mut open.review {
            review.renew_labels(&project.labels, &open.layer);
        }
        open.revision += 1;
    }
    effects.push(Effect::CountLabels);
}
