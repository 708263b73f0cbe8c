//! Finding: the search through the whole project, what of it is selected, and what is done there.
//!
//! Owns the hits that are here and the selection. It must not read a text: the finder thread does.
//!
//! A search that is made again, or for something else, leaves what is here standing until it has found: a list that is being read
//! neither empties nor jumps.

use crate::domain::article::ArticleId;
use crate::domain::mention::Origin;
use crate::domain::offset::Span;
use crate::session::bulk::{self, Act, Acts};
use crate::session::command::{Command, FindAct, FindCommand, FindQuery, WalkCommand};
use crate::session::effect::Effect;
use crate::session::left_out::LeftOut;
use crate::session::state::{Attention, OpenProject, State};
use crate::session::walking;
use crate::store::hits::{ArticleHits, HitQuery};
use crate::words::message::Message;

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
    /// Whether the search is at its end.
    pub complete: bool,
    /// Whether there are more than are kept.
    pub cut: bool,
    /// Whether the hits that are here were found by the search before: nothing can be done with them.
    pub stale: bool,
    /// Why nothing can be looked for.
    pub problem: Option<Message>,
    /// The hit that was shown in its article last.
    pub shown: Option<(ArticleId, Span)>,
    /// The number of the search that is on its way or was the last.
    asked: u64,
    /// The number of the search that found what is here.
    id: u64,
    /// Goes up with every change of the hits or the selection.
    revision: u64,
    /// The hits that are not selected: all are at first.
    left_out: LeftOut,
    /// What the same search has found again so far; it takes the place of what is here at the end.
    again: Option<Vec<ArticleHits>>,
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
    /// The number of the search that found what is here: under the same number hits are added, but never changed.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// A number that goes up with every change of the hits or the selection.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether a hit is selected.
    #[must_use]
    pub fn is_selected(&self, article: ArticleId, span: Span) -> bool {
        !self.left_out.has(article, span)
    }

    /// How many hits are selected.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.hits.saturating_sub(self.left_out.count())
    }

    /// How many hits of an article are selected.
    #[must_use]
    pub fn selected_in(&self, found: &ArticleHits) -> usize {
        found.hits.len().saturating_sub(self.left_out.count_in(found.article))
    }

    /// Changes the selection of the articles that `which` chooses: all in, or out when all of an article's hits are in.
    fn toggle_articles(&mut self, which: impl Fn(ArticleId) -> bool) {
        let articles = std::mem::take(&mut self.articles);
        let chosen = || articles.iter().filter(|found| which(found.article));
        let selected = !chosen().all(|found| self.selected_in(found) == found.hits.len());
        for (found, hit) in chosen().flat_map(|found| found.hits.iter().map(move |hit| (found, hit))) {
            self.left_out.set(found.article, hit.span, !selected);
        }
        self.articles = articles;
    }

    /// Takes in hits that come after those that are here.
    fn add(&mut self, articles: Vec<ArticleHits>) {
        self.hits += articles.iter().map(|found| found.hits.len()).sum::<usize>();
        self.articles.extend(articles);
        self.revision += 1;
    }

    /// Lets other hits take the place of those that are here.
    fn replace(&mut self, articles: Vec<ArticleHits>) {
        self.id = self.asked;
        self.stale = false;
        (self.articles, self.hits) = (Vec::new(), 0);
        self.add(articles);
    }

    /// What is here stands for nothing from now on but until this search finds.
    fn expect(&mut self, asked: u64) {
        self.asked = asked;
        (self.stale, self.complete, self.cut) = (true, false, false);
        self.revision += 1;
    }

    /// Whether what is here is all that there is, as it stands.
    fn is_whole(&self) -> bool {
        self.complete && !self.stale
    }

    /// Whether what is here was found for what is looked for now, so that it can stand until it is found again.
    fn is_kept(&self) -> bool {
        !self.articles.is_empty() && (self.id == self.asked || self.again.is_some())
    }

    /// What an act on the selected hits would do to each layer.
    fn acts(&self, project: &OpenProject, act: FindAct) -> Acts {
        if !self.is_whole() {
            return Acts::default();
        }
        bulk::on_hits(project, bulk_act(act), &self.articles, |article, span| self.is_selected(article, span))
    }

    /// What an act on the selected hits would do.
    #[must_use]
    pub fn preview(&self, project: &OpenProject, act: FindAct) -> Preview {
        let acts = self.acts(project, act);
        let changes = acts.changes();
        Preview { articles: acts.layers.len(), changes, idle: self.selected().saturating_sub(changes) }
    }
}

fn bulk_act(act: FindAct) -> Act {
    match act {
        FindAct::Label(label) => Act::Label(label, Origin::Same),
        FindAct::Relabel(to) => Act::Relabel { from: None, to },
        FindAct::Remove => Act::Remove(None),
    }
}

/// Whether a command means anything while the search lies over the article: what would change the article behind it does not.
#[must_use]
pub fn allows(command: &Command) -> bool {
    match command {
        Command::Mark(_) | Command::Select(_) | Command::Suggest(_) | Command::Same(_) => false,
        // The keys of a review would decide what nobody sees.
        Command::Review(command) => !command.is_about_article(),
        Command::Walk(command) => !matches!(command, WalkCommand::SetStatus(_) | WalkCommand::DoneNext),
        _ => true,
    }
}

/// Does what the command says.
pub fn update(state: &mut State, command: FindCommand, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    match command {
        FindCommand::Open => {
            open(project, effects);
            state.attention = Some(Attention::Find);
        }
        FindCommand::Close => close(project, effects),
        FindCommand::Set(query) => {
            if project.find.as_ref().is_none_or(|find| find.query != query) {
                look_for(project, query, effects);
            }
        }
        FindCommand::Toggle { article, span } => select(project, |find| {
            find.left_out.set(article, span, find.is_selected(article, span));
        }),
        FindCommand::ToggleArticle(article) => select(project, |find| find.toggle_articles(|other| other == article)),
        FindCommand::ToggleAll => select(project, |find| find.toggle_articles(|_| true)),
        FindCommand::Act(act) => do_act(state, act, effects),
        FindCommand::Show { article, span } => show(state, article, span, effects),
    }
}

/// Changes the selection, unless what is here is on its way out.
fn select(project: &mut OpenProject, change: impl FnOnce(&mut Find)) {
    if let Some(find) = project.find.as_mut().filter(|find| !find.stale) {
        change(find);
        find.revision += 1;
    }
}

/// Opens the search for what is selected, or as it was left.
fn open(project: &mut OpenProject, effects: &mut Vec<Effect>) {
    if project.find.is_some() {
        return;
    }
    // The finder goes to this search at once: what an offer waits to be counted may never be.
    project.same = None;
    let before = project.find_left.take();
    let selected = project.open.as_ref().and_then(|open| {
        let span = open.selected.map(|key| key.span).or_else(|| open.target().filter(|_| open.selecting))?;
        let is_shown = before.as_ref().is_some_and(|find| find.shown == Some((open.article.id(), span)));
        // Coming back from a hit, its words are not a new question.
        open.article.surface(span).filter(|_| !is_shown).map(str::to_owned)
    });
    match (selected, before) {
        (Some(wanted), before) if before.as_ref().is_none_or(|find| find.query.wanted != wanted) => {
            look_for(project, FindQuery { wanted, ..FindQuery::default() }, effects);
        }
        (_, Some(before)) => {
            project.find = Some(before);
            renew(project, effects);
        }
        (_, None) => look_for(project, FindQuery::default(), effects),
    }
}

/// Closes the search and keeps it as it is, to be opened again.
pub fn close(project: &mut OpenProject, effects: &mut Vec<Effect>) {
    if let Some(find) = project.find.take() {
        project.find_left = Some(find);
        let id = project.next_asked();
        effects.push(Effect::Find { id, query: None });
    }
}

/// Looks for something; what is here stands until the first of it is found, and all of that is selected.
fn look_for(project: &mut OpenProject, query: FindQuery, effects: &mut Vec<Effect>) {
    let mut find = project.find.take().unwrap_or_default();
    let is_blank = query.wanted.trim().is_empty();
    find.again = None;
    find.query = query;
    project.find = Some(find);
    ask(project, effects);
    if let Some(find) = project.find.as_mut().filter(|_| is_blank) {
        (find.complete, find.problem) = (true, None);
        find.left_out = LeftOut::default();
        find.replace(Vec::new());
    }
}

/// Looks again for what is shown: layers have changed. What is here stands until all of it is found again.
pub fn renew(project: &mut OpenProject, effects: &mut Vec<Effect>) {
    let Some(find) = project.find.as_mut().filter(|find| !find.query.wanted.trim().is_empty()) else { return };
    // Where the hits of the search before still stand, or none, there is nothing that could be kept.
    find.again = find.is_kept().then(Vec::new);
    ask(project, effects);
}

/// Something was done that reaches what was found: nothing can be done with that until it is looked for again, once all is saved.
pub fn outdate(project: &mut OpenProject) {
    let asked = project.next_asked();
    if let Some(find) = project.find.as_mut().filter(|find| !find.query.wanted.trim().is_empty()) {
        find.again = find.is_kept().then(Vec::new);
        // What is on its way was read before it was done.
        find.expect(asked);
    }
}

/// Lets go of what was found in the layers of another annotator; what is looked for stays.
pub fn start_anew(project: &mut OpenProject, effects: &mut Vec<Effect>) {
    let query_of = |find: Find| Find { query: find.query, complete: true, ..Find::default() };
    project.find_left = project.find_left.take().map(query_of);
    project.find = project.find.take().map(query_of);
    renew(project, effects);
}

/// Sends the question of the open search to the finder.
fn ask(project: &mut OpenProject, effects: &mut Vec<Effect>) {
    let Some(annotator) = project.annotator.as_ref().map(|a| a.id) else { return };
    let id = project.next_asked();
    let Some(find) = &mut project.find else { return };
    find.expect(id);
    let FindQuery { wanted, pattern, suffixed, labelled } = find.query.clone();
    let is_blank = wanted.trim().is_empty();
    let asked = HitQuery { annotator, wanted, pattern, suffixed, labelled };
    effects.push(Effect::Find { id, query: (!is_blank).then_some(asked) });
}

fn do_act(state: &mut State, act: FindAct, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    let Some(find) = &project.find else { return };
    if !find.is_whole() {
        return state.say(Message::new("find-searching"));
    }
    // A preview may stand longer than its label.
    if let FindAct::Label(label) | FindAct::Relabel(label) = act
        && !project.labels.is_active(label)
    {
        return state.say(Message::new("find-nothing-to-do"));
    }
    let acts = find.acts(project, act);
    bulk::act_and_tell(state, acts, effects);
}

fn show(state: &mut State, article: ArticleId, span: Span, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    if let Some(find) = &mut project.find {
        find.shown = Some((article, span));
    }
    close(project, effects);
    walking::go_to(state, article, Some(span), effects);
}

/// Takes in more hits.
pub fn found(project: &mut OpenProject, id: u64, articles: Vec<ArticleHits>, complete: bool) {
    let Some(find) = project.find.as_mut().filter(|find| find.asked == id) else { return };
    match &mut find.again {
        Some(again) => {
            again.extend(articles);
            if complete && let Some(again) = find.again.take() {
                find.replace(again);
                find.left_out.keep_only(&find.articles);
            }
        }
        None if find.stale => {
            find.left_out = LeftOut::default();
            find.replace(articles);
        }
        None => find.add(articles),
    }
    find.problem = None;
    find.complete = complete;
    find.cut = complete && (find.hits >= HITS_KEPT || find.articles.iter().any(|found| found.cut));
}

/// Nothing can be looked for.
pub fn failed(project: &mut OpenProject, id: u64, message: Message) {
    if let Some(find) = project.find.as_mut().filter(|find| find.asked == id) {
        find.problem = Some(message);
        find.complete = true;
        find.again = None;
        find.left_out = LeftOut::default();
        find.replace(Vec::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::label::{LabelId, LabelSet};
    use crate::domain::layer::{Annotator, AnnotatorId, Rules, Status, Version};
    use crate::domain::mention::Mention;
    use crate::store::contract::Project;
    use crate::store::hits::Hit;
    use uuid::Uuid;

    fn article(n: u128) -> ArticleId {
        ArticleId(Uuid::from_u128(n))
    }

    fn label(n: u128) -> LabelId {
        LabelId(Uuid::from_u128(n))
    }

    fn span(start: usize) -> Span {
        Span::from_chars(start, start + 5)
    }

    /// Hits of an article at these starts; those with a label have a mention of it.
    fn hits(n: u128, starts: &[(usize, Option<u128>)]) -> ArticleHits {
        let hit = |(start, labelled): &(usize, Option<u128>)| Hit {
            span: span(*start),
            whole: true,
            before: "در ".into(),
            surface: "تهران".into(),
            after: " گفت".into(),
            mentions: labelled.iter().map(|n| Mention::new(span(*start), label(*n))).collect(),
        };
        ArticleHits {
            article: article(n),
            title: "خبر".to_owned(),
            status: Status::InProgress,
            version: Version(1),
            hits: starts.iter().map(hit).collect(),
            cut: false,
        }
    }

    fn state() -> State {
        let project = Project { title: String::new(), path: "".into(), rules: Rules::default(), articles: 3 };
        let annotator = Some(Annotator { id: AnnotatorId(Uuid::from_u128(9)), name: "سارا".to_owned() });
        let project = OpenProject { annotator, ..OpenProject::new(project, LabelSet::default()) };
        State { project: Some(project), ..State::default() }
    }

    fn give(state: &mut State, command: FindCommand) -> Vec<Effect> {
        let mut effects = Vec::new();
        update(state, command, &mut effects);
        effects
    }

    fn set(state: &mut State, wanted: &str) {
        give(state, FindCommand::Set(FindQuery { wanted: wanted.to_owned(), ..FindQuery::default() }));
    }

    fn find(state: &State) -> &Find {
        state.project.as_ref().unwrap().find.as_ref().unwrap()
    }

    /// The finder tells of these articles.
    fn tell(state: &mut State, articles: Vec<ArticleHits>, complete: bool) {
        let id = find(state).asked;
        found(state.project.as_mut().unwrap(), id, articles, complete);
    }

    /// A search that has found two hits in one article and one in another.
    fn searched() -> State {
        let mut state = state();
        give(&mut state, FindCommand::Open);
        set(&mut state, "تهران");
        tell(&mut state, vec![hits(1, &[(0, None), (10, Some(1))])], false);
        tell(&mut state, vec![hits(2, &[(0, Some(2))])], true);
        state
    }

    /// Hits, selected hits, and whether they are those of the search before.
    fn check(state: &State, expected: (usize, usize, bool)) {
        let find = find(state);
        let by_article: usize = find.articles.iter().map(|found| find.selected_in(found)).sum();
        assert_eq!((find.hits, find.selected(), find.stale), expected);
        assert_eq!(by_article, find.selected(), "article by article as in all");
    }

    #[test]
    fn all_hits_are_selected_and_can_be_left_out_one_by_one_by_article_and_all() {
        let mut state = searched();
        check(&state, (3, 3, false));
        give(&mut state, FindCommand::Toggle { article: article(1), span: span(10) });
        check(&state, (3, 2, false));
        assert!(!find(&state).is_selected(article(1), span(10)));
        give(&mut state, FindCommand::ToggleArticle(article(1)));
        check(&state, (3, 3, false));
        give(&mut state, FindCommand::ToggleArticle(article(1)));
        check(&state, (3, 1, false));
        give(&mut state, FindCommand::ToggleAll);
        check(&state, (3, 3, false));
        give(&mut state, FindCommand::ToggleAll);
        check(&state, (3, 0, false));
    }

    #[test]
    fn every_change_of_hits_or_selection_has_a_revision_of_its_own() {
        let mut state = searched();
        let before = find(&state).revision();
        give(&mut state, FindCommand::Toggle { article: article(2), span: span(0) });
        let toggled = find(&state).revision();
        set(&mut state, "تهر");
        tell(&mut state, vec![hits(1, &[(0, None)])], true);
        assert!(before < toggled && toggled < find(&state).revision());
    }

    #[test]
    fn another_search_lets_what_is_here_stand_until_it_has_found() {
        let mut state = searched();
        let id = find(&state).id();
        set(&mut state, "تهرا");
        check(&state, (3, 3, true));
        give(&mut state, FindCommand::Toggle { article: article(1), span: span(0) });
        check(&state, (3, 3, true));
        assert_eq!(find(&state).id(), id);
        tell(&mut state, vec![hits(3, &[(0, None)])], false);
        check(&state, (1, 1, false));
        assert_ne!(find(&state).id(), id);
        set(&mut state, " ");
        check(&state, (0, 0, false));
        assert!(find(&state).complete);
    }

    #[test]
    fn what_an_overtaken_search_found_is_dropped() {
        let mut state = searched();
        let old = find(&state).asked;
        set(&mut state, "کرج");
        found(state.project.as_mut().unwrap(), old, vec![hits(3, &[(0, None)])], true);
        check(&state, (3, 3, true));
        failed(state.project.as_mut().unwrap(), old, Message::new("query-nothing"));
        assert_eq!(find(&state).problem, None);
    }

    #[test]
    fn a_problem_takes_the_hits_away_and_goes_with_the_next_that_is_understood() {
        let mut state = searched();
        set(&mut state, "(");
        let id = find(&state).asked;
        failed(state.project.as_mut().unwrap(), id, Message::new("query-too-large"));
        check(&state, (0, 0, false));
        set(&mut state, "(ت)");
        assert!(find(&state).problem.is_some(), "it stands until something else is known");
        tell(&mut state, Vec::new(), true);
        assert_eq!(find(&state).problem, None);
    }

    #[test]
    fn a_search_made_again_keeps_what_was_left_out_and_stands_until_it_is_whole() {
        let mut state = searched();
        give(&mut state, FindCommand::Toggle { article: article(1), span: span(0) });
        give(&mut state, FindCommand::Toggle { article: article(2), span: span(0) });
        renew(state.project.as_mut().unwrap(), &mut Vec::new());
        tell(&mut state, vec![hits(1, &[(0, None), (20, None)])], false);
        check(&state, (3, 1, true));
        tell(&mut state, Vec::new(), true);
        check(&state, (2, 1, false));
        assert!(!find(&state).is_selected(article(1), span(0)));
        tell(&mut state, vec![hits(2, &[(0, None)])], true);
        assert!(find(&state).is_selected(article(2), span(0)), "what was gone comes back selected");
    }

    #[test]
    fn a_closed_search_comes_back_as_it_was_left() {
        let mut state = searched();
        give(&mut state, FindCommand::Toggle { article: article(1), span: span(0) });
        let effects = give(&mut state, FindCommand::Close);
        assert!(matches!(effects.as_slice(), [Effect::Find { query: None, .. }]), "{effects:?}");
        assert!(state.project.as_ref().unwrap().find.is_none());
        let effects = give(&mut state, FindCommand::Open);
        assert!(matches!(effects.as_slice(), [Effect::Find { query: Some(_), .. }]), "{effects:?}");
        check(&state, (3, 2, true));
        assert_eq!(state.attention, Some(Attention::Find));
    }

    #[test]
    fn another_annotator_sees_nothing_of_what_was_found_before() {
        let mut state = searched();
        give(&mut state, FindCommand::ToggleAll);
        let mut effects = Vec::new();
        start_anew(state.project.as_mut().unwrap(), &mut effects);
        check(&state, (0, 0, true));
        assert!(matches!(effects.as_slice(), [Effect::Find { query: Some(_), .. }]), "{effects:?}");
        tell(&mut state, vec![hits(1, &[(0, None)])], false);
        check(&state, (1, 1, false));
    }

    fn check_preview(act: FindAct, expected: (usize, usize, usize)) {
        let mut state = searched();
        let preview = |state: &State| {
            let Preview { changes, articles, idle } = find(state).preview(state.project.as_ref().unwrap(), act);
            (changes, articles, idle)
        };
        assert_eq!(preview(&state), expected, "{act:?}");
        give(&mut state, FindCommand::ToggleAll);
        assert_eq!(preview(&state), (0, 0, 0), "{act:?}: nothing is selected");
    }

    #[test]
    fn a_preview_counts_what_changes_where_and_what_stays() {
        check_preview(FindAct::Label(label(1)), (1, 1, 2));
        check_preview(FindAct::Relabel(label(1)), (1, 1, 2));
        check_preview(FindAct::Relabel(label(3)), (2, 2, 1));
        check_preview(FindAct::Remove, (2, 2, 1));
    }

    #[test]
    fn an_act_is_one_step_and_none_is_done_on_hits_of_the_search_before() {
        let mut state = searched();
        set(&mut state, "تهرا");
        give(&mut state, FindCommand::Act(FindAct::Remove));
        assert!(state.project.as_ref().unwrap().history.next_undo().is_none());
        tell(&mut state, vec![hits(1, &[(0, Some(1))]), hits(2, &[(0, Some(1))])], true);
        give(&mut state, FindCommand::Act(FindAct::Remove));
        let step = state.project.as_ref().unwrap().history.next_undo().expect("a step");
        assert_eq!(step.changes.len(), 2);
        assert!(state.project.as_ref().unwrap().renew_when_saved);
    }
}
