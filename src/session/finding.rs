//! Finding: the search through the whole project, what of it is selected, and what is done there.
//!
//! Owns the hits that are here and the selection. It must not read a text: the finder thread does.

use crate::domain::article::ArticleId;
use crate::domain::mention::Origin;
use crate::domain::offset::Span;
use crate::session::bulk::{self, Act, LayerAct};
use crate::session::command::{Command, FindAct, FindCommand, FindQuery};
use crate::session::effect::{Effect, Target};
use crate::session::message::Message;
use crate::session::state::{Attention, OpenProject, State};
use crate::store::hits::{ArticleHits, HitQuery};
use std::collections::HashSet;

/// How many hits are kept; what is beyond is told, and can be reached by narrowing the search.
pub const HITS_KEPT: usize = 50_000;

/// The search through the project.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// What is looked for.
    pub query: FindQuery,
    /// The hits so far, by article.
    pub articles: Vec<ArticleHits>,
    /// How many hits those are.
    pub hits: usize,
    /// Whether there are no more.
    pub complete: bool,
    /// Whether there are more than are kept.
    pub cut: bool,
    /// Why nothing can be looked for.
    pub problem: Option<Message>,
    /// The number of the search.
    id: u64,
    /// The hits that are not selected: all are at first.
    left_out: HashSet<(ArticleId, Span)>,
}

/// What an act on the selected hits would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Articles that would change.
    pub articles: usize,
    /// Mentions that would be made, changed or removed.
    pub changes: usize,
    /// Selected hits at which nothing would be done.
    pub idle: usize,
}

impl Find {
    /// Whether a hit is selected.
    #[must_use]
    pub fn is_selected(&self, article: ArticleId, span: Span) -> bool {
        !self.left_out.contains(&(article, span))
    }

    /// How many hits are selected.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.hits.saturating_sub(self.left_out.len())
    }

    fn toggle(&mut self, key: (ArticleId, Span)) {
        if !self.left_out.remove(&key) {
            self.left_out.insert(key);
        }
    }

    fn toggle_article(&mut self, article: ArticleId) {
        let Some(found) = self.articles.iter().find(|found| found.article == article) else { return };
        let keys: Vec<_> = found.hits.iter().map(|hit| (article, hit.span)).collect();
        let all_in = keys.iter().all(|key| !self.left_out.contains(key));
        for key in keys {
            if all_in {
                self.left_out.insert(key);
            } else {
                self.left_out.remove(&key);
            }
        }
    }

    fn toggle_all(&mut self) {
        if self.left_out.is_empty() {
            let keys = self.articles.iter().flat_map(|a| a.hits.iter().map(|hit| (a.article, hit.span)));
            self.left_out = keys.collect();
        } else {
            self.left_out.clear();
        }
    }

    /// What an act on the selected hits would do to each layer.
    fn acts(&self, project: &OpenProject, act: FindAct) -> Vec<LayerAct> {
        bulk::on_hits(project, bulk_act(act), &self.articles, |article, span| self.is_selected(article, span))
    }

    /// What an act on the selected hits would do.
    #[must_use]
    pub fn preview(&self, project: &OpenProject, act: FindAct) -> Preview {
        let acts = self.acts(project, act);
        let changes = acts.iter().map(|act| act.operations.len()).sum();
        Preview { articles: acts.len(), changes, idle: self.selected().saturating_sub(changes) }
    }
}

fn bulk_act(act: FindAct) -> Act {
    match act {
        FindAct::Label(label) => Act::Label(label, Origin::Same),
        FindAct::Relabel(to) => Act::Relabel { from: None, to },
        FindAct::Remove => Act::Remove(None),
    }
}

/// Does what the command says.
pub fn update(state: &mut State, command: FindCommand, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    match command {
        FindCommand::Open => open(project, effects),
        FindCommand::Close => {
            project.find = None;
            let id = project.next_asked();
            effects.push(Effect::Find { id, query: None });
        }
        FindCommand::Set(query) => look_for(project, query, effects),
        FindCommand::Toggle { article, span } => with(project, |find| find.toggle((article, span))),
        FindCommand::ToggleArticle(article) => with(project, |find| find.toggle_article(article)),
        FindCommand::ToggleAll => with(project, Find::toggle_all),
        FindCommand::Act(act) => do_act(state, act, effects),
        FindCommand::Show { article, span } => show(state, article, span, effects),
    }
}

fn with(project: &mut OpenProject, change: impl FnOnce(&mut Find)) {
    if let Some(find) = &mut project.find {
        change(find);
    }
}

/// Opens the search for what is selected, or as it was left.
fn open(project: &mut OpenProject, effects: &mut Vec<Effect>) {
    let selected = project.open.as_ref().and_then(|open| {
        let span = open.selected.map(|key| key.span).or_else(|| open.target().filter(|_| open.selecting))?;
        open.article.surface(span).map(str::to_owned)
    });
    let before = project.find.as_ref().map(|find| find.query.clone()).unwrap_or_default();
    let query = match selected {
        Some(wanted) => FindQuery { wanted, ..FindQuery::default() },
        None => before,
    };
    look_for(project, query, effects);
}

fn look_for(project: &mut OpenProject, query: FindQuery, effects: &mut Vec<Effect>) {
    let Some(annotator) = project.annotator.as_ref().map(|a| a.id) else { return };
    let id = project.next_asked();
    let FindQuery { wanted, pattern, suffixed, labelled } = query.clone();
    let is_blank = wanted.trim().is_empty();
    project.find = Some(Find { query, id, complete: is_blank, ..Find::default() });
    let asked = HitQuery { annotator, wanted, pattern, suffixed, labelled };
    effects.push(Effect::Find { id, query: (!is_blank).then_some(asked) });
}

fn do_act(state: &mut State, act: FindAct, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some(find) = &project.find else { return };
    let acts = find.acts(project, act);
    let (articles, changes) = (acts.len(), acts.iter().map(|act| act.operations.len()).sum::<usize>());
    if changes == 0 {
        state.say(Message::new("find-nothing-to-do"));
        return;
    }
    if let Err(error) = bulk::act(project, acts, effects) {
        state.complain(Message::from(&error));
        return;
    }
    let message = Message::new("same-done").number("count", changes as u64).number("articles", articles as u64);
    state.toast(message, false, Some((Message::new("undo"), Command::Undo)));
}

fn show(state: &mut State, article: ArticleId, span: Span, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    if project.open_id() == Some(article) {
        if let Some(open) = &mut project.open {
            open.set_selection(span);
        }
        state.attention = Some(Attention::Reveal(span));
    } else if let Some(filter) = project.filter() {
        project.arrival = Some((article, span));
        effects.push(Effect::Load { target: Target::Article(article), filter });
    }
}

/// Takes in more hits.
pub fn found(project: &mut OpenProject, id: u64, articles: Vec<ArticleHits>, complete: bool) {
    let Some(find) = project.find.as_mut().filter(|find| find.id == id) else { return };
    find.hits += articles.iter().map(|found| found.hits.len()).sum::<usize>();
    find.articles.extend(articles);
    find.complete = complete;
    find.cut = complete && find.hits >= HITS_KEPT;
}

/// Nothing can be looked for.
pub fn failed(project: &mut OpenProject, id: u64, message: Message) {
    if let Some(find) = project.find.as_mut().filter(|find| find.id == id) {
        find.problem = Some(message);
        find.complete = true;
    }
}

/// Looks again for what is shown: layers have changed.
pub fn renew(project: &mut OpenProject, effects: &mut Vec<Effect>) {
    if let Some(query) = project.find.as_ref().map(|find| find.query.clone()) {
        look_for(project, query, effects);
    }
}
