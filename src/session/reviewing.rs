//! Reviewing: deciding what of others' labelling is gold, key by key, and the way from dispute to dispute.
//!
//! Owns the way from a review command to operations on the gold layer: one interaction, one step. How a case is decided is `analysis`'
//! business; undo, saving and versions are those of all layers.

use crate::analysis::adjudicate::{
    Case, Choice, Standing, boundaries, decide, reopen, set_reason, unanimous, with_edit,
};
pub use crate::analysis::ending::finish;
use crate::analysis::merged_labels::on_shown;
use crate::domain::decision::GOLD;
use crate::domain::edit::{EditError, Operation, apply_all};
use crate::domain::label::LabelId;
use crate::domain::layer::Status;
use crate::domain::mention::{Mention, MentionKey};
use crate::domain::offset::Span;
use crate::session::command::{Command, Dialog, MarkCommand, SelectCommand, Step};
use crate::session::effect::Effect;
use crate::session::review::{Mode, Prompt, Review, ReviewSetting, cases_of, waits};
use crate::session::review_command::ReviewCommand;
use crate::session::selecting::next_from;
use crate::session::state::{Attention, OpenArticle, OpenProject, State};
use crate::session::sweep::Exemplar;
use crate::session::{marking, opening, review_reasons, seeking, sweeping};
use crate::words::message::Message;

/// Does what the command says.
pub fn update(state: &mut State, command: ReviewCommand, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let is_review = project.mode == Mode::Review;
    if matches!(command, ReviewCommand::Enter | ReviewCommand::Leave) {
        // The article takes the place of the statistics, also where it is the same mode again.
        project.statistics.is_open = false;
    }
    match command {
        ReviewCommand::Enter if !is_review => opening::hand_over(state, GOLD.to_owned(), effects),
        ReviewCommand::Leave if is_review => leave(state, effects),
        ReviewCommand::Enter | ReviewCommand::Leave => {}
        ReviewCommand::Unblind(names) => set(state, effects, |setting| setting.names = names),
        ReviewCommand::SwitchNames => set(state, effects, |setting| setting.names = !setting.names),
        ReviewCommand::CompareUnfinished(unfinished) => set(state, effects, |setting| setting.unfinished = unfinished),
        ReviewCommand::Filter(filter) => project.disputes = filter,
        ReviewCommand::EditReasons(edit) => review_reasons::edit(project, edit, effects),
        ReviewCommand::AskStrategy(plan) if is_review => sweeping::ask_strategy(state, plan, effects),
        ReviewCommand::AskLike if is_review => sweeping::ask_like(state, effects),
        ReviewCommand::ApplySweep if is_review => sweeping::apply(state, effects),
        ReviewCommand::DropSweep => sweeping::let_go(state, effects),
        command if is_review => on_article(state, command, effects),
        _ => {}
    }
}

/// Does what is about the open article.
fn on_article(state: &mut State, command: ReviewCommand, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some(review) = project.open.as_mut().and_then(|open| open.review.as_mut()) else { return };
    match command {
        ReviewCommand::Step(step) => walk(state, step, effects),
        ReviewCommand::Choose(case) => choose(state, case),
        ReviewCommand::Take(version) => {
            let reading = review.current.and_then(|case| Some(review.versions(case).get(version)?.reading));
            if let Some(reading) = reading {
                settle(state, Choice::Reading(reading), effects);
            }
        }
        ReviewCommand::Nothing => settle(state, Choice::Nothing, effects),
        ReviewCommand::CycleBoundary => cycle_boundary(state, effects),
        ReviewCommand::Retype(label) => retype(state, label, effects),
        ReviewCommand::Aside { question } => {
            let question = review_reasons::unless_blank(&question);
            settle(state, Choice::Aside { question }, effects);
        }
        ReviewCommand::AskQuestion => review.prompt = review.current.map(|_| Prompt::Question),
        ReviewCommand::AskReason => review.prompt = review.current.map(|_| Prompt::Reason),
        ReviewCommand::DropPrompt => review.prompt = None,
        ReviewCommand::Reason(reason) => give_reason(state, None, reason, effects),
        ReviewCommand::ReasonFor { case, reason } => give_reason(state, Some(case), reason, effects),
        ReviewCommand::Reopen(case) => take_back(state, case, effects),
        ReviewCommand::Accept => accept(state, effects),
        ReviewCommand::AcceptAgreed => accept_agreed(state, effects),
        _ => {}
    }
}

/// Gives the project back to the person who labels; asks who that is when it is not known.
fn leave(state: &mut State, effects: &mut Vec<Effect>) {
    let name = state.settings.annotator.trim().to_owned();
    if name.is_empty() || name == GOLD {
        state.dialog = Some(Dialog::Annotator);
    } else {
        opening::hand_over(state, name, effects);
    }
}

/// Reviews in another way from now on.
fn set(state: &mut State, effects: &mut Vec<Effect>, change: impl FnOnce(&mut ReviewSetting)) {
    change(&mut state.settings.review);
    effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
    let Some(project) = &mut state.project else { return };
    if !state.settings.review.names {
        // It would tell where one of them differs.
        project.disputes.annotator = None;
    }
    let Some(open) = &mut project.open else { return };
    if let Some(review) = &mut open.review {
        review.set(state.settings.review, &open.layer, &project.labels);
        open.revision += 1;
    }
}

/// The open article and what is reviewed in it.
fn reviewed(project: &OpenProject) -> Option<(&OpenArticle, &Review)> {
    let open = project.open.as_ref()?;
    Some((open, open.review.as_deref()?))
}

fn current(project: &OpenProject) -> Option<(&OpenArticle, &Review, &Case)> {
    let (open, review) = reviewed(project)?;
    Some((open, review, review.current_case()?))
}

/// Makes a dispute the current one, with the caret on it.
fn choose(state: &mut State, case: usize) {
    let open = state.project.as_mut().and_then(|project| project.open.as_mut());
    if let Some(span) = open.and_then(|open| open.choose_case(case)) {
        state.attention = Some(Attention::Reveal(span));
    }
}

impl OpenArticle {
    /// Makes a case the current one, with the caret on its first word; gives its span. What stands there alone is selected.
    pub fn choose_case(&mut self, case: usize) -> Option<Span> {
        let review = self.review.as_mut()?;
        let chosen = review.cases.get(case)?;
        let (span, stands) = (chosen.cluster.span, chosen.gold(review.gold(&self.layer)));
        review.current = Some(case);
        review.prompt = None;
        let first = next_from(&self.article, span.start).filter(|word| word.overlaps(span)).unwrap_or(span);
        (self.anchor, self.focus) = (first, first);
        self.selecting = false;
        self.selected = match stands.as_slice() {
            [only] => self.mention(*only).map(Mention::key),
            _ => None,
        };
        Some(span)
    }

    /// Goes to a place: the dispute there becomes the current one, or else the place is selected. Gives what is to come into view.
    pub fn go_to(&mut self, place: Span) -> Span {
        self.choose_case_at(place).unwrap_or_else(|| {
            self.set_selection(place);
            place
        })
    }

    /// Makes the dispute at a place the current one, if there is one; gives its span.
    pub fn choose_case_at(&mut self, place: Span) -> Option<Span> {
        let case = self.review.as_ref()?.dispute_at(place)?;
        self.choose_case(case)
    }
}

/// The operations of decisions in the order in which the rules allow them: what goes out, what is changed, what comes in.
#[must_use]
pub fn in_order(mut operations: Vec<Operation>) -> Vec<Operation> {
    operations.sort_by_key(|operation| match operation {
        Operation::Undecide(_) | Operation::Remove(_) => 0,
        Operation::Replace { .. } => 1,
        Operation::Add(_) => 2,
        _ => 3,
    });
    operations
}

/// What comes of a step.
enum Outcome {
    /// Disputes wait.
    Waiting,
    /// No dispute waits any more.
    Ended,
}

/// Applies operations as one step, with what all say and, when `ends` and nothing waits any more, with the end of the article.
fn act(
    project: &mut OpenProject,
    operations: Vec<Operation>,
    ends: bool,
    effects: &mut Vec<Effect>,
) -> Result<Outcome, EditError> {
    let bounds = project.bounds();
    let (Some((open, review)), Some(bounds)) = (reviewed(project), bounds) else { return Ok(Outcome::Waiting) };
    let gold = review.gold(&open.layer);
    let mut decided = operations;
    decided.extend(unanimous(&review.cases, gold));
    let decided = in_order(decided);
    let mut after = gold.clone();
    apply_all(&decided, &mut after, bounds)?;
    let mut all = review.renewal.clone();
    all.extend(decided);
    let left = cases_of(&review.readers, &after);
    let outcome = if left.iter().any(waits) { Outcome::Waiting } else { Outcome::Ended };
    if ends {
        all.extend(finish(&review.cases, &left, after.status));
    }
    if !all.is_empty() {
        marking::act(project, all, effects)?;
    }
    Ok(outcome)
}

/// Decides the current dispute and goes on to the next one, in this article or another.
fn settle(state: &mut State, choice: Choice, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some((place, operations)) = decided(project, choice) else { return };
    match act(project, operations, true, effects) {
        Ok(outcome) => {
            remember(project, place);
            on(state, place, outcome, effects);
        }
        Err(error) => state.complain(Message::from(&error)),
    }
}

/// The place of the current dispute, and the operations that decide it.
fn decided(project: &OpenProject, choice: Choice) -> Option<(Span, Vec<Operation>)> {
    let (open, review, case) = current(project)?;
    let standing = case.decision().filter(|_| !waits(case)).and_then(|decision| decision.reason.clone());
    let reason = review.reason.as_deref().map(Box::from).or(standing);
    Some((case.cluster.span, decide(case, choice, reason, review.gold(&open.layer))))
}

/// Remembers the decision at a place, to be made again elsewhere; its reason is offered first from now on.
fn remember(project: &mut OpenProject, place: Span) {
    let Some(open) = &mut project.open else { return };
    let Some(review) = &mut open.review else { return };
    let case = review.dispute_at(place).and_then(|case| review.cases.get(case));
    project.exemplar = case.and_then(|case| Exemplar::of(case, &open.article));
    if let Some(reason) = review.reason.take() {
        project.last_reason = Some(reason);
    }
}

/// Goes on after a decision at `place`.
fn on(state: &mut State, place: Span, outcome: Outcome, effects: &mut Vec<Effect>) {
    match outcome {
        Outcome::Ended => ended(state, effects),
        Outcome::Waiting => {
            let Some((_, review)) = state.project.as_ref().and_then(reviewed) else { return };
            if let Some(next) = review.next_waiting(place.start) {
                choose(state, next);
            }
        }
    }
}

/// The article is at its end: tells it, and goes on to the next one that waits.
fn ended(state: &mut State, effects: &mut Vec<Effect>) {
    let undo = Some((Message::new("undo"), Command::Undo));
    state.toast(Message::new("review-article-done"), false, undo);
    seeking::next(state, effects);
}

/// Takes the next choice of boundaries; the dispute stays the current one.
fn cycle_boundary(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some((open, review, case)) = current(project) else { return };
    // Where all have the same edges, there are none to choose between.
    if !(case.cluster.differences.boundary || case.cluster.differences.split) {
        return;
    }
    let choices = boundaries(case);
    let stands = case.gold(review.gold(&open.layer));
    let standing = if waits(case) { None } else { choices.iter().position(|choice| *choice == stands) };
    let next = standing.map_or(0, |at| (at + 1) % choices.len());
    let Some(choice) = choices.get(next).cloned() else { return };
    let Some((place, operations)) = decided(project, Choice::Mentions(choice)) else { return };
    match act(project, operations, false, effects) {
        Ok(_) => {
            remember(project, place);
            if let Some(span) = project.open.as_mut().and_then(|open| open.choose_case_at(place)) {
                state.attention = Some(Attention::Reveal(span));
            }
        }
        Err(error) => state.complain(Message::from(&error)),
    }
}

/// Takes what stands, or else what most say, with this label.
fn retype(state: &mut State, label: LabelId, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    if !project.labels.is_active(label) {
        return;
    }
    let Some((open, review, case)) = current(project) else { return };
    let mut mentions = if waits(case) { Vec::new() } else { case.gold(review.gold(&open.layer)) };
    if mentions.is_empty() {
        mentions = most_read(case);
    }
    if !mentions.is_empty() {
        let mentions = mentions.into_iter().map(|key| MentionKey { label, ..key }).collect();
        project.last_label = Some(label);
        settle(state, Choice::Mentions(mentions), effects);
    }
}

/// The reading of most who say something; of equals the first.
fn most_read(case: &Case) -> Vec<MentionKey> {
    let readings = &case.cluster.readings;
    let votes = |reading: &Vec<MentionKey>| readings.iter().filter(|other| *other == reading).count();
    // Of equals `max_by_key` gives the last.
    readings
        .iter()
        .rev()
        .filter(|reading| !reading.is_empty())
        .max_by_key(|reading| votes(reading))
        .cloned()
        .unwrap_or_default()
}

/// Accepts what stands at the current dispute, and goes on.
fn accept(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(project) = &state.project else { return };
    let Some((open, review, case)) = current(project) else { return accept_agreed(state, effects) };
    let stands = case.gold(review.gold(&open.layer));
    match &case.standing {
        Standing::Reopened(_) => settle(state, Choice::Mentions(stands), effects),
        Standing::Open if !stands.is_empty() => settle(state, Choice::Mentions(stands), effects),
        _ => forward(state, effects),
    }
}

/// On to the next dispute that waits after the current one; when none waits, the article is at its end.
fn forward(state: &mut State, effects: &mut Vec<Effect>) {
    let Some((_, review)) = state.project.as_ref().and_then(reviewed) else { return };
    let after = |at: &usize| review.current.is_none_or(|current| *at > current);
    let waiting: Vec<usize> =
        review.disputes().iter().copied().filter(|at| review.cases.get(*at).is_some_and(waits)).collect();
    match waiting.iter().find(|at| after(at)).or_else(|| waiting.first().filter(|at| Some(**at) != review.current)) {
        Some(next) => choose(state, *next),
        None if waiting.is_empty() => accept_agreed(state, effects),
        None => seeking::next(state, effects),
    }
}

/// What all say is gold and the article is done, unless a dispute waits; on to the next one.
fn accept_agreed(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some((open, review)) = reviewed(project) else { return };
    if let Some(waiting) = review.next_waiting(open.caret()) {
        choose(state, waiting);
        return state.say(Message::new("review-still-open"));
    }
    if review.taking_part() == 0 {
        state.say(Message::new("review-nobody"));
        return seeking::next(state, effects);
    }
    let before = project.history.depth();
    match act(project, Vec::new(), true, effects) {
        Ok(_) if project.history.depth() == before => seeking::next(state, effects),
        Ok(_) => ended(state, effects),
        Err(error) => state.complain(Message::from(&error)),
    }
}

/// The next or previous dispute; past the last one, the next article that waits. One in which all has been decided is done then.
fn walk(state: &mut State, step: Step, effects: &mut Vec<Effect>) {
    let Some((open, review)) = state.project.as_ref().and_then(reviewed) else { return };
    match (review.beside(open.caret(), step), step) {
        (Some(case), _) => choose(state, case),
        (None, Step::Back) => state.say(Message::new("review-first-dispute")),
        (None, Step::Forward) if review.waiting() == 0 && !review.disputes().is_empty() => {
            accept_agreed(state, effects)
        }
        (None, Step::Forward) => seeking::next(state, effects),
    }
}

/// Gives a decision a reason, or keeps it for the one to come.
fn give_reason(state: &mut State, case: Option<usize>, reason: Option<String>, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some(open) = &mut project.open else { return };
    let Some(review) = &mut open.review else { return };
    let reason = reason.as_deref().and_then(review_reasons::unless_blank);
    review.prompt = None;
    if let Some(reason) = &reason {
        project.last_reason = Some(reason.to_string());
    }
    let Some(chosen) = case.or(review.current).and_then(|case| review.cases.get(case)) else { return };
    if waits(chosen) {
        review.reason = reason.map(String::from);
        return;
    }
    let place = chosen.cluster.span;
    let given = set_reason(chosen, reason);
    if given.is_empty() {
        return;
    }
    let operations = review.renewal.iter().cloned().chain(given).collect();
    match marking::act(project, operations, effects) {
        Ok(()) => remember(project, place),
        Err(error) => state.complain(Message::from(&error)),
    }
}

/// Takes a decision back; the article is no longer at its end.
fn take_back(state: &mut State, case: Option<usize>, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some((open, review)) = reviewed(project) else { return };
    let Some(case) = case.or(review.current).and_then(|case| review.cases.get(case)) else { return };
    let place = case.cluster.span;
    let reopened = in_order(reopen(case, review.gold(&open.layer)));
    if reopened.is_empty() {
        return;
    }
    let mut operations: Vec<Operation> = review.renewal.iter().cloned().chain(reopened).collect();
    let from = open.layer.status;
    if matches!(from, Status::Done | Status::Flagged) {
        operations.push(Operation::SetStatus { from, to: Status::InProgress });
    }
    if let Err(error) = marking::act(project, operations, effects) {
        return state.complain(Message::from(&error));
    }
    let chosen = project.open.as_mut().and_then(|open| open.choose_case_at(place));
    state.attention = chosen.map(Attention::Reveal).or(state.attention);
}

/// What a change by hand of the gold layer comes to: what all say, if the layer lacks it, the change, and what it decides.
#[must_use]
pub fn with_case(project: &OpenProject, operation: &Operation) -> Vec<Operation> {
    let (Some((open, review)), Some(bounds)) = (reviewed(project), project.bounds()) else {
        return vec![operation.clone()];
    };
    let change = on_shown(operation, &project.labels);
    let mut gold = review.gold(&open.layer).clone();
    let mut operations = review.renewal.clone();
    let agreed = in_order(unanimous(&review.cases, &gold));
    let decides = if !agreed.is_empty() && apply_all(&agreed, &mut gold, bounds).is_ok() {
        operations.extend(agreed);
        with_edit(&cases_of(&review.readers, &gold), &change, &gold)
    } else {
        with_edit(&review.cases, &change, &gold)
    };
    operations.push(change);
    operations.extend(decides);
    operations
}

/// The command that a label key means in a review: with the caret in the current dispute and nothing else selected, that one is retyped.
#[must_use]
pub fn label_key(state: &State, command: &Command) -> Option<ReviewCommand> {
    let Command::Mark(MarkCommand::Label(label)) = command else { return None };
    let (open, _, case) = current(state.project.as_ref()?)?;
    let is_here = !open.selecting && case.cluster.span.contains(open.caret());
    is_here.then_some(ReviewCommand::Retype(*label))
}

/// After a click or a step of undo: the dispute there becomes the current one.
pub fn follow(project: &mut OpenProject, place: Span) {
    let Some(review) = project.open.as_mut().and_then(|open| open.review.as_mut()) else { return };
    if let Some(case) = review.dispute_at(place) {
        review.current = Some(case);
    }
}

/// Where a step decided something in an article: the first place.
#[must_use]
pub fn place_of<'a>(mut operations: impl Iterator<Item = &'a Operation>) -> Option<Span> {
    operations.find_map(|operation| match operation {
        Operation::Decide(decision) | Operation::Undecide(decision) => Some(decision.span),
        _ => None,
    })
}

/// The place that a selection is about.
#[must_use]
pub fn clicked(command: &SelectCommand) -> Option<Span> {
    match command {
        SelectCommand::Click { at } => Some(Span::new(*at, at.plus(1))),
        _ => None,
    }
}
