//! The statistics mode: the overview of the project in the place of the article, and what of it is kept as files.
//!
//! Owns whether it is shown, what of it is chosen, and when it is gathered anew. It must not count or draw.

use crate::analysis::place::Place;
use crate::domain::article::ArticleId;
use crate::domain::layer::AnnotatorId;
use crate::domain::offset::Span;
use crate::exchange::overview::Overview;
use crate::exchange::topic::Topic;
use crate::session::effect::Effect;
use crate::session::state::{OpenProject, State};
use crate::session::walking;
use crate::words::language::Language;
use crate::words::message::Message;
use std::path::PathBuf;
use std::sync::Arc;

/// Up to so many articles the overview is gathered anew by itself when something was saved; beyond, when it is asked for.
const SMALL_ARTICLES: u64 = 5000;

/// What a person asks of the statistics.
#[derive(Clone, Debug, PartialEq)]
pub enum StatisticsCommand {
    /// Shows them, or goes back to the article.
    Switch,
    /// Goes back to the article.
    Close,
    /// Gathers them anew.
    Renew,
    /// Gives up gathering.
    Stop,
    /// Shows the confusion of these two.
    ChoosePair(AnnotatorId, AnnotatorId),
    /// Shows places to look at, or none.
    ShowPlaces(Option<Box<ShownPlaces>>),
    /// Opens an article at a place, or where it was left.
    OpenArticle {
        /// The article.
        article: ArticleId,
        /// The place.
        span: Option<Span>,
    },
    /// Keeps something of them as a file.
    Keep(KeptPart),
    /// Says why a picture could not be kept.
    Refuse(Message),
}

/// Places of a topic.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownPlaces {
    /// Under which topic they stand.
    pub topic: Topic,
    /// What they are.
    pub title: String,
    /// How many there are in all.
    pub count: u64,
    /// The first of them.
    pub places: Vec<Place>,
}

/// What is kept as a file.
#[derive(Clone, Debug, PartialEq)]
pub enum KeptPart {
    /// The whole as a page.
    Page,
    /// The table of a topic, as CSV.
    Table(Topic),
    /// The picture of a topic, as SVG.
    Picture(Topic, Option<(AnnotatorId, AnnotatorId)>),
    /// The picture of a topic as it stands on the screen, as PNG.
    Image {
        /// The topic.
        topic: Topic,
        /// Its width and height, in pixels.
        size: [u32; 2],
        /// Red, green, blue and opacity of every pixel, row by row.
        rgba: Arc<[u8]>,
    },
}

/// Something to be kept, and all that it is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Keep {
    /// The overview.
    pub overview: Arc<Overview>,
    /// The language of the words in it.
    pub language: Language,
    /// What of it.
    pub part: KeptPart,
}

impl Keep {
    /// The folder it goes into: `TITLE-statistics` beside the project.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        let project = &self.overview.project;
        project.path.with_file_name(format!("{}-statistics", project.title))
    }
}

/// The statistics of the open project.
#[derive(Clone, Debug, Default)]
pub struct StatisticsPane {
    /// Whether they stand in the place of the article.
    pub is_open: bool,
    /// What was gathered last.
    pub overview: Option<Arc<Overview>>,
    /// Whether something was saved since.
    pub is_stale: bool,
    /// How many articles were read so far, while it is gathered.
    pub reading: Option<u64>,
    /// Why it could not be gathered.
    pub problem: Option<Message>,
    /// The places that are shown.
    pub places: Option<ShownPlaces>,
    pair: Option<(AnnotatorId, AnnotatorId)>,
    number: u64,
}

impl StatisticsPane {
    /// Whose confusion is shown: those that were chosen, or the first who have an article in common.
    #[must_use]
    pub fn pair(&self) -> Option<(AnnotatorId, AnnotatorId)> {
        let pairs = self.overview.as_ref()?.pairs();
        let chosen = self.pair.filter(|(a, b)| pairs.contains(&(*a, *b)) || pairs.contains(&(*b, *a)));
        chosen.or_else(|| pairs.first().copied())
    }

    fn ask(&mut self, effects: &mut Vec<Effect>) {
        self.number += 1;
        self.reading = Some(0);
        self.is_stale = false;
        self.problem = None;
        effects.push(Effect::Overview { number: self.number });
    }
}

/// Does what the command says.
pub fn update(state: &mut State, command: StatisticsCommand, effects: &mut Vec<Effect>) {
    let language = state.settings.language;
    let Some(project) = &mut state.project else { return };
    match command {
        StatisticsCommand::Switch if project.statistics.is_open => project.statistics.is_open = false,
        StatisticsCommand::Switch => open(project, effects),
        StatisticsCommand::Close => project.statistics.is_open = false,
        StatisticsCommand::Renew => project.statistics.ask(effects),
        StatisticsCommand::Stop => effects.push(Effect::StopOverview),
        StatisticsCommand::ChoosePair(first, second) => {
            project.statistics.pair = Some((first, second));
            project.statistics.places = None;
        }
        StatisticsCommand::ShowPlaces(places) => project.statistics.places = places.map(|places| *places),
        StatisticsCommand::OpenArticle { article, span } => open_article(state, article, span, effects),
        StatisticsCommand::Keep(part) => {
            if let Some(overview) = project.statistics.overview.clone() {
                effects.push(Effect::Keep(Box::new(Keep { overview, language, part })));
            }
        }
        StatisticsCommand::Refuse(message) => state.complain(message),
    }
}

fn open(project: &mut OpenProject, effects: &mut Vec<Effect>) {
    project.same = None;
    // One thing stands in the place of the article.
    if project.find.is_some() {
        project.find_left = project.find.take();
    }
    let pane = &mut project.statistics;
    pane.is_open = true;
    let small = project.project.articles <= SMALL_ARTICLES;
    if pane.reading.is_none() && (pane.overview.is_none() || (pane.is_stale && small)) {
        pane.ask(effects);
    }
}

fn open_article(state: &mut State, article: ArticleId, span: Option<Span>, effects: &mut Vec<Effect>) {
    let Some(project) = &mut state.project else { return };
    project.statistics.is_open = false;
    walking::go_to(state, article, span, effects);
}

/// Something was saved: what was gathered is not the newest any more.
pub fn saved(state: &mut State) {
    if let Some(project) = &mut state.project {
        let pane = &mut project.statistics;
        pane.is_stale = pane.overview.is_some() || pane.reading.is_some();
    }
}

/// An article that is asked for takes the place of the statistics.
pub fn tidy(project: &mut OpenProject, effects: &[Effect]) {
    if effects.iter().any(|effect| matches!(effect, Effect::Load { .. })) {
        project.statistics.is_open = false;
    }
}

/// The overview is on its way.
pub fn reading(state: &mut State, number: u64, articles: u64) {
    if let Some(pane) = pane(state, number) {
        pane.reading = Some(articles);
    }
}

/// The overview is there, or is not; `None` when it was given up.
pub fn gathered(state: &mut State, number: u64, outcome: Result<Option<Arc<Overview>>, Message>) {
    let Some(pane) = pane(state, number) else { return };
    pane.reading = None;
    match outcome {
        Ok(Some(overview)) => {
            pane.overview = Some(overview);
            pane.places = None;
        }
        Ok(None) => pane.is_stale = true,
        Err(message) => pane.problem = Some(message),
    }
}

fn pane(state: &mut State, number: u64) -> Option<&mut StatisticsPane> {
    state.project.as_mut().map(|project| &mut project.statistics).filter(|pane| pane.number == number)
}

/// Something was kept, or could not be.
pub fn kept(state: &mut State, outcome: Result<PathBuf, Message>) {
    match outcome {
        Ok(path) => {
            let message = Message::new("statistics-kept").text("path", path.display().to_string());
            state.toast(message, false, None);
        }
        Err(message) => state.complain(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pane after its commands; what the worker is asked for.
    fn check(mut pane: StatisticsPane, asks: usize, expected: StatisticsPane) {
        let mut effects = Vec::new();
        for _ in 0..asks {
            pane.ask(&mut effects);
        }
        assert_eq!(effects.len(), asks);
        assert_eq!((pane.number, pane.reading, pane.is_stale), (expected.number, expected.reading, expected.is_stale));
        assert_eq!(pane.pair(), None);
    }

    #[test]
    fn asking_again_leaves_the_answer_before_behind() {
        let stale = StatisticsPane { is_stale: true, ..StatisticsPane::default() };
        check(stale, 2, StatisticsPane { number: 2, reading: Some(0), ..StatisticsPane::default() });
    }
}
