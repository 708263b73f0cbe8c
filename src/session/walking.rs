//! Walking: from article to article through the list, its filter and search, and the status of what is open.
//!
//! Owns the pages of the list that are here and the change of the open article. It must not read the store.

use crate::domain::article::ArticleId;
use crate::domain::edit::{Bounds, Operation};
use crate::domain::label::LabelSet;
use crate::domain::layer::{Layer, Status};
use crate::domain::offset::Span;
use crate::session::command::WalkCommand;
use crate::session::effect::{ArticlePlace, Effect, Loaded, Target};
use crate::session::finding;
use crate::session::marking;
use crate::session::mention_list::MentionList;
use crate::session::review::{Mode, Review};
use crate::session::review_command::ReviewCommand;
use crate::session::selecting::first_word;
use crate::session::state::{Attention, List, OpenArticle, OpenProject, PAGE_ROWS, PAGES_KEPT, State};
use crate::session::{feedback, reviewing};
use crate::store::contract::{Filter, Order, Page, Towards};
use crate::words::message::Message;

/// The seed of the first shuffle; the next ones count on from it, so that every shuffle can be had again.
const FIRST_SEED: u64 = 1;

/// Does what the command says.
pub fn update(state: &mut State, command: WalkCommand, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some(filter) = project.filter() else { return };
    let from = project.open_id();
    let towards = |towards, remaining| Target::Towards { from, towards, remaining };
    if !matches!(command, WalkCommand::NeedRows { .. }) {
        ask_again(&mut project.list);
    }
    if matches!(command, WalkCommand::To(_) | WalkCommand::Next | WalkCommand::Previous | WalkCommand::DoneNext) {
        // The article that comes takes the place of the search.
        finding::close(project, effects);
        // A person goes another way than to the next dispute.
        project.seeking = None;
    }
    match command {
        WalkCommand::To(id) => {
            if from != Some(id) {
                effects.push(Effect::Load { target: Target::Article(id), filter });
            }
        }
        WalkCommand::Next => effects.push(Effect::Load { target: towards(Towards::Next, false), filter }),
        WalkCommand::Previous => effects.push(Effect::Load { target: towards(Towards::Previous, false), filter }),
        WalkCommand::SetFilter(status) => choose(project, |list| &mut list.status, status, effects),
        WalkCommand::SetSearch(search) => choose(project, |list| &mut list.search, search, effects),
        WalkCommand::SetOrder(order) => choose(project, |list| &mut list.order, order, effects),
        WalkCommand::Shuffle => {
            let seed = match project.list.order {
                Order::Random(seed) => seed.wrapping_add(1),
                _ => FIRST_SEED,
            };
            choose(project, |list| &mut list.order, Order::Random(seed), effects);
        }
        WalkCommand::SetLabel(label) => choose(project, |list| &mut list.label, label, effects),
        WalkCommand::SetBegunBy(annotator) => choose(project, |list| &mut list.begun_by, annotator, effects),
        WalkCommand::SetSuggested(suggested) => choose(project, |list| &mut list.suggested, suggested, effects),
        WalkCommand::NeedRows { first, count } => need_rows(project, first, count, effects),
        WalkCommand::SetStatus(status) => set_status(state, status, effects),
        WalkCommand::DoneNext if project.mode == Mode::Review => {
            reviewing::update(state, ReviewCommand::AcceptAgreed, effects);
        }
        WalkCommand::DoneNext => {
            if project.open.as_ref().is_some_and(|o| o.layer.status != Status::Done) {
                set_status(state, Status::Done, effects);
            }
            effects.push(Effect::Load { target: towards(Towards::Next, true), filter });
        }
        WalkCommand::SetDirection(direction) => {
            if let Some(open) = &mut project.open {
                open.article.direction = direction;
                open.revision += 1;
                effects.push(Effect::SetDirection(open.article.id(), direction));
            }
        }
    }
}

fn set_status(state: &mut State, wanted: Status, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some(open) = &project.open else { return };
    let from = open.layer.status;
    let to = if from == wanted { Status::InProgress } else { wanted };
    if let Err(error) = marking::act(project, vec![Operation::SetStatus { from, to }], effects) {
        state.complain(Message::new("error-edit").part("reason", &error));
    }
}

/// Gives one of the list's choices another value.
fn choose<T: PartialEq>(
    project: &mut OpenProject,
    of: impl Fn(&mut List) -> &mut T,
    value: T,
    effects: &mut Vec<Effect>,
) {
    let chosen = of(&mut project.list);
    if *chosen != value {
        *chosen = value;
        start_list(project, effects);
    }
}

/// Begins the list anew, for another filter; what is here shows until its first page comes.
fn start_list(project: &mut OpenProject, effects: &mut Vec<Effect>) {
    project.list.stale = true;
    project.list.asked.clear();
    project.list.failed.clear();
    need_rows(project, 0, 1, effects);
}

/// Reads the list again; what is here shows until the new rows come.
pub fn renew_list(project: &mut OpenProject, effects: &mut Vec<Effect>) {
    let shown: Vec<u64> = project.list.pages.keys().copied().collect();
    project.list.asked.clear();
    project.list.failed.clear();
    need_rows(project, 0, 1, effects);
    for first in shown {
        need_rows(project, first, 1, effects);
    }
}

/// Asks for the pages that hold these rows and are not here or on their way.
pub fn need_rows(project: &mut OpenProject, first: u64, count: u64, effects: &mut Vec<Effect>) {
    let Some(filter) = project.filter() else { return };
    let first = first - first % PAGE_ROWS;
    let open = project.open_id();
    let end = first.saturating_add(count.max(1)).min(project.list.total.unwrap_or(u64::MAX).max(1));
    let mut page = first;
    while page < end {
        if !project.list.asked.contains(&page) {
            project.list.asked.push(page);
            effects.push(Effect::Page { filter: filter.clone(), first: page, count: PAGE_ROWS, open });
        }
        page += PAGE_ROWS;
    }
}

/// Lets what could not be read be asked for again.
fn ask_again(list: &mut List) {
    let failed = std::mem::take(&mut list.failed);
    list.asked.retain(|page| !failed.contains(page));
}

/// A page could not be read: while it is in view it is asked for again, a few times, and then only after something has happened.
pub fn page_failed(state: &mut State, filter: &Filter, first: u64, message: Message) {
    const TRIES: usize = 3;
    if let Some(project) = state.project.as_mut().filter(|project| project.filter().as_ref() == Some(filter)) {
        let list = &mut project.list;
        list.failed.push(first);
        if list.failed.iter().filter(|page| **page == first).count() < TRIES {
            list.asked.retain(|asked| *asked != first);
        }
    }
    state.complain(message);
}

/// Takes a page that was read, and the open article's place, unless it belongs to another list by now.
pub fn page_read(state: &mut State, filter: &Filter, page: Page, open: Option<ArticlePlace>) {
    let Some(project) = &mut state.project else { return };
    if project.filter().as_ref() != Some(filter) {
        return;
    }
    let open_row = project.open.as_ref().map(|o| (o.article.id(), o.layer.status, o.layer.mentions.len() as u64));
    if let (Some((id, place)), Some(shown)) = (open, &mut project.open)
        && shown.article.id() == id
    {
        shown.place = place;
    }
    let list = &mut project.list;
    ask_again(list);
    if std::mem::take(&mut list.stale) {
        list.pages.clear();
    }
    if list.total != Some(page.total) {
        list.total = Some(page.total);
        list.pages.retain(|first, _| *first < page.total);
    }
    let mut rows = page.rows;
    for row in &mut rows {
        // The open article may have changes that are not on the disk yet.
        if let Some((id, status, mentions)) = open_row
            && row.id == id
        {
            row.status = status;
            row.mentions = mentions;
        }
    }
    list.pages.insert(page.first, rows);
    while list.pages.len() > PAGES_KEPT {
        let furthest = list.pages.keys().copied().max_by_key(|first| first.abs_diff(page.first));
        if let Some(first) = furthest {
            list.pages.remove(&first);
            list.asked.retain(|asked| *asked != first);
        }
    }
}

/// Goes to an article, at a place in it where one is given.
pub fn go_to(state: &mut State, article: ArticleId, span: Option<Span>, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    if project.open_id() == Some(article) {
        if let (Some(open), Some(span)) = (&mut project.open, span) {
            state.attention = Some(Attention::Reveal(open.go_to(span)));
        }
    } else if let Some(filter) = project.filter() {
        project.arrival = span.map(|span| (article, span));
        effects.push(Effect::Load { target: Target::Article(article), filter });
    }
}

/// Opens an article that was loaded, with what is not on the disk yet put on top.
pub fn loaded(state: &mut State, loaded: Loaded, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Loaded { article, mut layer, listed, layers } = loaded;
    let current = project.filter();
    let listed = listed.filter(|listed| Some(&listed.filter) == current.as_ref());
    let bounds = Bounds { text_end: article.span().end, rules: project.project.rules };
    project.saves.catch_up(article.id(), &mut layer, bounds);
    let same = project.open.as_ref().filter(|open| open.article.id() == article.id());
    let (anchor, focus) = same.map_or_else(|| (first_word(&article), first_word(&article)), |o| (o.anchor, o.focus));
    let revision = project.open.as_ref().map_or(0, |open| open.revision) + 1;
    let is_new = same.is_none();
    // What was the current dispute stays it.
    let reviewed = same.and_then(|open| {
        let review = open.review.as_ref()?;
        Some((review.current_case()?.cluster.span, review.prompt, review.reason.clone()))
    });
    // The engines will tell; until then what they said of this article still holds.
    let advice = project.open.take_if(|_| !is_new).map(|open| open.advice).unwrap_or_default();
    if is_new {
        project.same = None;
    }
    let list = MentionList::new(&article, &layer.mentions, &project.labels);
    let (review, feedback) = match project.mode {
        Mode::Review => {
            let mut review = Review::new(layers, &project.labels, state.settings.review, article.hash(), &layer);
            if let Some((place, prompt, reason)) = reviewed {
                let stays = review.dispute_at(place);
                review.current = stays.or(review.current);
                if stays.is_some() {
                    // What is being typed is about it.
                    (review.prompt, review.reason) = (prompt, reason);
                }
            }
            (Some(Box::new(review)), Vec::new())
        }
        Mode::Label => {
            (None, layers.first().map_or_else(Vec::new, |gold| feedback::lines(&layer, &gold.layer, &project.labels)))
        }
    };
    let name = article.name().to_owned();
    if project.list.total.is_none() {
        project.list.total = listed.as_ref().map(|listed| listed.total);
    }
    let place = listed.as_ref().and_then(|listed| listed.place);
    project.open = Some(OpenArticle {
        article,
        layer,
        list,
        place,
        anchor,
        focus,
        selecting: false,
        selected: None,
        advice,
        review,
        feedback,
        revision,
    });
    let mut reveal = is_new.then_some(focus);
    if let Some(open) = &mut project.open {
        open.advice.renew(&open.layer);
        if let Some((_, span)) = project.arrival.take_if(|(article, _)| *article == open.article.id()) {
            reveal = Some(open.go_to(span));
        } else if is_new && let Some(case) = open.review.as_ref().and_then(|review| review.current) {
            reveal = open.choose_case(case).or(reveal);
        }
    }
    if listed.is_none() {
        // The list has become another one since it was looked for: its place is told with the rows.
        renew_list(project, effects);
    }
    if let Some(span) = reveal {
        state.attention = Some(Attention::Reveal(span));
    }
    let path = project.project.path.clone();
    if let Some(recent) = state.settings.recent.iter_mut().find(|recent| recent.path == path)
        && recent.article.as_ref() != Some(&name)
    {
        recent.article = Some(name);
        effects.push(Effect::SaveSettings(Box::new(state.settings.clone())));
    }
}

impl OpenArticle {
    /// Renews what is derived from the layer in a review, and lets go of what review made of one that is not done any more.
    pub fn renew_review(&mut self, labels: &LabelSet) {
        if let Some(review) = &mut self.review {
            review.renew(&self.layer, labels);
        }
        if self.layer.status != Status::Done {
            self.feedback.clear();
        }
    }
}

/// Reads all layers of the article in review again: others may have changed theirs.
pub fn renew_review(project: &OpenProject, effects: &mut Vec<Effect>) {
    let article = project.open.as_ref().filter(|open| open.review.is_some()).map(|open| open.article.id());
    if let (Some(article), Some(filter)) = (article, project.filter()) {
        effects.push(Effect::Load { target: Target::Article(article), filter });
    }
}

/// Shows another layer of the open article: it was changed from outside.
pub fn replace_layer(project: &mut OpenProject, layer: Layer) {
    if let Some(open) = &mut project.open {
        open.list = MentionList::new(&open.article, &layer.mentions, &project.labels);
        open.layer = layer;
        open.selected = open.selected.filter(|key| open.layer.mentions.get(*key).is_some());
        open.advice.renew(&open.layer);
        open.renew_review(&project.labels);
        open.revision += 1;
    }
}
