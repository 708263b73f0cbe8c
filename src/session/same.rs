//! Same mentions: after something was done to one mention, the offer to do it to all the same ones.
//!
//! Owns the offer and what accepting it does, here, from here on, or in the whole project. What counts as the same is the domain's rule.

use crate::domain::edit::Operation;
use crate::domain::label::LabelId;
use crate::domain::mention::Origin;
use crate::domain::name::Name;
use crate::domain::offset::Span;
use crate::session::ask::Ask;
use crate::session::bulk::{self, Act};
use crate::session::command::{Reach, SameCommand};
use crate::session::effect::{Effect, Elsewhere, SamePlace};
use crate::session::marking;
use crate::session::review::Mode;
use crate::session::state::{OpenProject, State};
use crate::store::hits::{ArticleHits, HitQuery, Labelled, Pattern};
use crate::words::message::Message;

/// What is said while the hits of the project are gathered.
const WORKING: &str = "same-working";

/// What was done to one mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It got this label.
    Labelled(LabelId),
    /// It was given another label.
    Relabelled {
        /// The label it had.
        from: LabelId,
        /// The label it has.
        to: LabelId,
    },
    /// It was removed; it had this label.
    Removed(LabelId),
}

impl Done {
    /// What an operation did to a mention, if it is something that can be done to the same ones.
    fn from_operation(operation: &Operation) -> Option<(Self, Span)> {
        match operation {
            Operation::Add(m) => Some((Self::Labelled(m.label), m.span)),
            Operation::Replace { from, to } if from.span == to.span && from.label != to.label => {
                Some((Self::Relabelled { from: from.label, to: to.label }, to.span))
            }
            Operation::Remove(m) => Some((Self::Removed(m.label), m.span)),
            _ => None,
        }
    }

    fn act(self) -> Act {
        match self {
            Self::Labelled(label) => Act::Label(label, Origin::Same),
            Self::Relabelled { from, to } => Act::Relabel { from: Some(from), to },
            Self::Removed(label) => Act::Remove(Some(label)),
        }
    }

    /// The label that mentions get by it.
    fn gives(self) -> Option<LabelId> {
        match self {
            Self::Labelled(label) | Self::Relabelled { to: label, .. } => Some(label),
            Self::Removed(_) => None,
        }
    }

    /// What must be true of the mentions at the same ones.
    fn labelled(self) -> Labelled {
        match self {
            Self::Labelled(_) => Labelled::Unlabelled,
            Self::Relabelled { from, .. } => Labelled::With(from),
            Self::Removed(label) => Labelled::With(label),
        }
    }
}

/// The offer to do to all the same mentions what was done to one.
#[derive(Clone, Debug, PartialEq)]
pub struct SameOffer {
    /// Its number.
    pub id: u64,
    /// What was done.
    pub done: Done,
    /// Where.
    pub span: Span,
    /// The text of the mention.
    pub surface: String,
    /// How often the name stands in other articles; `None` until counted.
    pub elsewhere: Option<Elsewhere>,
    /// The places in this article; `None` until looked for.
    places: Option<Vec<SamePlace>>,
}

/// How many places in the open article an offer reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HereCount {
    /// Whole ones.
    pub whole: usize,
    /// Whole ones from the mention on.
    pub onward: usize,
    /// Those with a suffix more.
    pub suffixed: usize,
}

impl SameOffer {
    /// Whether the open article was looked through.
    #[must_use]
    pub fn knows_here(&self) -> bool {
        self.places.is_some()
    }

    /// Whether everything that it tells is known.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        self.places.is_some() && self.elsewhere.is_some()
    }

    /// The operations in the open article.
    fn operations(&self, project: &OpenProject, onward: bool, suffixed: bool) -> Vec<Operation> {
        let Some(open) = &project.open else { return Vec::new() };
        let shown = |id| project.labels.shown(id);
        let reached = |place: &&SamePlace| {
            place.span != self.span && (suffixed || place.whole) && (!onward || place.span.start > self.span.start)
        };
        let places = self.places.iter().flatten().filter(reached);
        let places = places.map(|place| (place.span, open.layer.mentions.overlapping(place.span).cloned().collect()));
        bulk::on_places(self.done.act(), places, project.project.rules, shown)
    }

    /// The places in the open article that [`Reach::Here`] reaches, as the layer stands.
    #[must_use]
    pub fn spans_here(&self, project: &OpenProject) -> Vec<Span> {
        let span = |operation: &Operation| Done::from_operation(operation).map(|(_, span)| span);
        self.operations(project, false, false).iter().filter_map(span).collect()
    }

    /// How many places in the open article it reaches, as the layer stands.
    #[must_use]
    pub fn here(&self, project: &OpenProject) -> HereCount {
        let count = |onward, suffixed| self.operations(project, onward, suffixed).len();
        let whole = count(false, false);
        HereCount { whole, onward: count(true, false), suffixed: count(false, true) - whole }
    }

    /// What is looked for in the project.
    fn query(&self, project: &OpenProject, suffixed: bool) -> Option<HitQuery> {
        Some(HitQuery {
            annotator: project.annotator.as_ref()?.id,
            wanted: self.surface.clone(),
            pattern: Pattern::Whole,
            suffixed,
            labelled: self.done.labelled(),
        })
    }
}

/// Offers to do to all the same mentions what `operation` did to one.
pub fn offer(project: &mut OpenProject, operation: &Operation, effects: &mut Vec<Effect>) {
    project.same = None;
    if project.mode == Mode::Review {
        // Other disputes are decided alike by a sweep, which knows what was said there.
        return;
    }
    let Some((done, span)) = Done::from_operation(operation) else { return };
    let Some(open) = &project.open else { return };
    let article = open.article.id();
    let Some(surface) = open.article.surface(span).map(str::to_owned) else { return };
    if Name::from_surface(&surface).is_none() {
        return;
    }
    let id = project.next_asked();
    let offer = SameOffer { id, done, span, surface, elsewhere: None, places: None };
    if let Some(query) = offer.query(project, false) {
        effects.push(Effect::FindSame { id, article, query });
        project.same = Some(offer);
    }
}

/// Does what the command says.
pub fn update(state: &mut State, command: SameCommand, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    match command {
        SameCommand::Dismiss => project.same = None,
        SameCommand::Apply { reach, suffixed } => match reach {
            Reach::Here | Reach::Onward => here(state, reach == Reach::Onward, suffixed, effects),
            Reach::Suggest => suggest(state, suffixed, effects),
            Reach::Project => gather(state, suffixed, effects),
        },
    }
}

/// Does it in the open article.
fn here(state: &mut State, onward: bool, suffixed: bool, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some(offer) = project.same.take() else { return };
    let operations = offer.operations(project, onward, suffixed);
    let count = operations.len();
    if count == 0 {
        return;
    }
    match marking::act(project, operations, effects) {
        Ok(()) => bulk::tell(state, count, 1, 0),
        Err(error) => state.complain(Message::from(&error)),
    }
}

/// Does it in the open article, and lets the others have suggestions.
fn suggest(state: &mut State, suffixed: bool, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some(offer) = project.same.clone() else { return };
    if let (Done::Labelled(label), Some(query), Some(but)) =
        (offer.done, offer.query(project, suffixed), project.open_id())
    {
        effects.push(Effect::Advise(Ask::SuggestName { query, label, but }));
    }
    here(state, false, suffixed, effects);
}

/// Takes in the places of the open article.
pub fn here_found(project: &mut OpenProject, id: u64, places: Vec<SamePlace>) {
    if let Some(offer) = project.same.as_mut().filter(|offer| offer.id == id) {
        offer.places = Some(places);
    }
    drop_idle(project);
}

/// Takes in how often the name stands elsewhere.
pub fn elsewhere_found(project: &mut OpenProject, id: u64, found: Elsewhere) {
    if let Some(offer) = project.same.as_mut().filter(|offer| offer.id == id) {
        offer.elsewhere = Some(found);
    }
    drop_idle(project);
}

/// Lets an offer go that reaches nothing.
fn drop_idle(project: &mut OpenProject) {
    let idle = project.same.as_ref().is_some_and(|offer| {
        offer.is_counted()
            && offer.elsewhere.is_some_and(|found| found.places == 0)
            && offer.here(project) == HereCount::default()
    });
    if idle {
        project.same = None;
    }
}

/// Asks for the hits of the whole project. What comes next may let go of every offer, but not of this one.
fn gather(state: &mut State, suffixed: bool, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some(offer) = project.same.take() else { return };
    if let Some(query) = offer.query(project, suffixed) {
        effects.push(Effect::Gather { id: offer.id, query });
        project.gathering.push(offer);
        state.say(Message::new(WORKING));
    }
}

/// Does it in the whole project, at the hits that were gathered.
pub fn gathered(state: &mut State, id: u64, articles: &[ArticleHits], effects: &mut Vec<Effect>) {
    let is_left = state.leaving.as_ref().is_some_and(|leaving| leaving.sent);
    let Some(project) = &mut state.project else { return };
    let Some(at) = project.gathering.iter().position(|offer| offer.id == id) else { return };
    let offer = project.gathering.remove(at);
    state.toasts.retain(|toast| toast.message.id != WORKING);
    if is_left || offer.done.gives().is_some_and(|label| !project.labels.is_active(label)) {
        return state.complain(Message::new("same-not-done"));
    }
    let acts = bulk::on_hits(project, offer.done.act(), articles, |_, _| true);
    bulk::act_and_tell(state, acts, effects);
}

/// Something failed, the gathering perhaps: what waits for it is given up, and that is told.
pub fn give_up(state: &mut State) {
    let Some(project) = &mut state.project else { return };
    if !std::mem::take(&mut project.gathering).is_empty() {
        state.toasts.retain(|toast| toast.message.id != WORKING);
        state.complain(Message::new("same-not-done"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layer::Rules;
    use crate::domain::mention::Mention;
    use uuid::Uuid;

    fn label(n: u128) -> LabelId {
        LabelId(Uuid::from_u128(n))
    }

    fn mention(start: usize, end: usize, n: u128) -> Mention {
        Mention::new(Span::from_chars(start, end), label(n))
    }

    /// What an act comes to at 5..8 beside these mentions: how many operations.
    fn check(act: Act, beside: &[Mention], overlaps: bool, expected: usize) {
        let rules = Rules { overlaps, ..Rules::default() };
        let span = Span::from_chars(5, 8);
        let operations = bulk::operations_at(act, span, beside.iter(), rules, |id| id);
        assert_eq!(operations.len(), expected, "{act:?} beside {beside:?}");
    }

    #[test]
    fn a_name_is_labelled_where_nothing_forbids_it() {
        let act = Act::Label(label(1), Origin::Same);
        check(act, &[], true, 1);
        check(act, &[mention(5, 8, 2)], true, 0);
        check(act, &[mention(0, 8, 2)], true, 1);
        check(act, &[mention(0, 8, 2)], false, 0);
        check(act, &[mention(0, 8, 1)], true, 0);
    }

    #[test]
    fn only_the_same_label_is_changed_or_removed() {
        check(Act::Remove(Some(label(1))), &[mention(5, 8, 1), mention(5, 8, 2), mention(4, 8, 1)], true, 1);
        check(Act::Remove(None), &[mention(5, 8, 1), mention(5, 8, 2)], true, 2);
        let relabel = Act::Relabel { from: Some(label(1)), to: label(3) };
        check(relabel, &[mention(5, 8, 1), mention(5, 8, 2), mention(5, 8, 3)], true, 1);
        check(Act::Relabel { from: None, to: label(3) }, &[mention(5, 8, 1), mention(5, 8, 3)], true, 1);
    }
}
