//! Statistics of a project: everything its pictures and tables are drawn from, gathered article by article and act by act.
//!
//! Owns which sum learns what. It must not know names, words or pictures. Memory grows with labels, annotators and days, and with bounded
//! lists of what is disputed; see the sums for their bounds.

use crate::analysis::align::{align, pairs};
use crate::analysis::confusion_cases::ConfusionCases;
use crate::analysis::disputes::{DisputedArticle, Disputes, Says};
use crate::analysis::label_counts::{LabelCounts, StatusCounts};
use crate::analysis::matched::Matched;
use crate::analysis::place::Place;
use crate::analysis::progress::{Day, Progress};
use crate::analysis::reason_places::{ReasonPlaces, ReasonedPlace};
use crate::analysis::undefined::{Undefined, Value};
use crate::analysis::working_time::WorkingTimes;
use crate::domain::article::{Article, ArticleId, title_from_text};
use crate::domain::decision::Decisions;
use crate::domain::layer::{AnnotatorId, Status};
use crate::domain::mention::MentionKey;
use std::collections::BTreeMap;

/// How much of a title is kept, in code points.
const TITLE_CHARS: usize = 80;

/// One annotator's layer of an article. Labels are as they show: merged ones resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Whose it is.
    pub annotator: AnnotatorId,
    /// How far it is.
    pub status: Status,
    /// Its mentions, in order.
    pub mentions: Vec<MentionKey>,
}

/// What two annotators say of the articles that both have done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// How many articles both have done.
    pub articles: u64,
    /// Mentions with the same span and label.
    pub exact: Matched,
    /// What the first says where the second says something else.
    pub cells: ConfusionCases,
}

/// One act of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acted {
    /// The article.
    pub article: ArticleId,
    /// By whom.
    pub annotator: AnnotatorId,
    /// When, in milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// The day where the person is.
    pub day: Day,
    /// Whether the article became done.
    pub done: bool,
    /// How many more mentions there were.
    pub mentions: i64,
}

/// All sums.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statistics {
    /// How many articles someone has begun.
    pub begun: u64,
    /// How many articles at least two have done.
    pub compared: u64,
    /// How many articles stand how.
    pub statuses: StatusCounts,
    /// Mentions by label and annotator.
    pub labels: LabelCounts,
    /// What was done on which day.
    pub progress: Progress,
    /// How long articles took.
    pub times: WorkingTimes,
    /// What annotators differ on.
    pub disputes: Disputes,
    /// Every pair of annotators with an article that both have done, the smaller id first.
    pub pairs: BTreeMap<(AnnotatorId, AnnotatorId), Pair>,
    /// Why adjudicators decided as they did.
    pub reasons: ReasonPlaces,
}

impl Statistics {
    /// Counts an article: everyone's layer, and what was decided of it. Only layers that are done are compared.
    pub fn add_article(&mut self, article: &Article, shares: &[Share], decisions: &Decisions) {
        self.begun += u64::from(!shares.is_empty());
        for share in shares {
            self.statuses.add(share.annotator, share.status);
            for mention in &share.mentions {
                self.labels.add(mention.label, share.annotator, 1);
            }
        }
        let mut done: Vec<&Share> = shares.iter().filter(|share| share.status == Status::Done).collect();
        // The result does not depend on the order in which layers are given.
        done.sort_by_key(|share| share.annotator);
        if done.len() > 1 {
            self.compared += 1;
            self.add_disputes(article, &done);
            let mut rest = done.as_slice();
            while let [first, others @ ..] = rest {
                others.iter().for_each(|second| self.add_pair(article, first, second));
                rest = others;
            }
        }
        for decision in decisions.iter() {
            let question = decision.question.clone();
            let place = || ReasonedPlace { place: Place::of(article, decision.span), question };
            self.reasons.add(decision.reason.as_deref(), place);
        }
    }

    fn add_disputes(&mut self, article: &Article, done: &[&Share]) {
        let layers: Vec<Vec<MentionKey>> = done.iter().map(|share| share.mentions.clone()).collect();
        let clusters = align(&layers);
        let disputed = clusters.iter().filter(|cluster| has_difference(&cluster.readings));
        let mut count = 0;
        for cluster in disputed {
            count += 1;
            let says = done.iter().zip(&cluster.readings).flat_map(|(share, reading)| {
                let nothing = reading.is_empty().then_some((share.annotator, None));
                nothing
                    .into_iter()
                    .chain(reading.iter().map(|mention| -> Says { (share.annotator, Some(mention.label)) }))
            });
            self.disputes.add_place(Place::of(article, cluster.span), says);
        }
        self.disputes.add_article(DisputedArticle {
            article: article.id(),
            title: title_from_text(article.text(), TITLE_CHARS).into(),
            disputed: count,
            places: clusters.len() as u64,
        });
    }

    fn add_pair(&mut self, article: &Article, first: &Share, second: &Share) {
        let pair = self.pairs.entry((first.annotator, second.annotator)).or_default();
        pair.articles += 1;
        for (one, other) in pairs(&first.mentions, &second.mentions) {
            let met = u64::from(one == other);
            pair.exact += Matched {
                first: u64::from(one.is_some()),
                second: u64::from(other.is_some()),
                first_met: met,
                second_met: met,
            };
            let Some(span) = one.or(other).map(|mention| mention.span) else { continue };
            let hull = other.map_or(span, |other| span.union(other.span));
            let place = || Place::of(article, hull);
            pair.cells.add(one.map(|mention| mention.label), other.map(|mention| mention.label), place);
        }
    }

    /// Counts an act; they come in order of time.
    pub fn add_act(&mut self, act: Acted) {
        self.progress.add(act.day, act.annotator, act.done, act.mentions);
        self.times.add(act.annotator, act.article, act.at_ms, act.done);
    }

    /// What two annotators say of each other's articles, whoever is named first; the flag says whether they stand the other way round.
    #[must_use]
    pub fn pair(&self, one: AnnotatorId, other: AnnotatorId) -> Option<(&Pair, bool)> {
        let turned = one > other;
        let key = if turned { (other, one) } else { (one, other) };
        self.pairs.get(&key).map(|pair| (pair, turned))
    }

    /// The F1 of two annotators' mentions: same span, same label.
    ///
    /// # Errors
    /// [`Undefined::NoCommonArticle`], or [`Undefined::NoMentions`] when neither has any in the articles that both have done.
    pub fn exact_f1(&self, one: AnnotatorId, other: AnnotatorId) -> Value {
        self.pair(one, other).map_or(Err(Undefined::NoCommonArticle), |(pair, _)| pair.exact.f1())
    }
}

/// Whether not all say the same.
fn has_difference(readings: &[Vec<MentionKey>]) -> bool {
    readings.first().is_some_and(|first| readings.iter().any(|reading| reading != first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::Direction;
    use crate::domain::label::LabelId;
    use crate::domain::offset::Span;
    use uuid::Uuid;

    const TEXT: &str = "علی به تهران رفت";

    fn share(annotator: u128, status: Status, mentions: &[(usize, usize, u128)]) -> Share {
        let mention = |(start, end, label): &(usize, usize, u128)| MentionKey {
            span: Span::from_chars(*start, *end),
            label: LabelId(Uuid::from_u128(*label)),
        };
        Share {
            annotator: AnnotatorId(Uuid::from_u128(annotator)),
            status,
            mentions: mentions.iter().map(mention).collect(),
        }
    }

    fn gathered(articles: &[Vec<Share>]) -> Statistics {
        let mut statistics = Statistics::default();
        for (number, shares) in (0..).zip(articles) {
            let id = ArticleId(Uuid::from_u128(number));
            let article = Article::new(id, number.to_string(), TEXT, String::new(), Direction::Auto).unwrap();
            statistics.add_article(&article, shares, &Decisions::default());
        }
        statistics
    }

    /// The layers of one article; what of them is disputed, and the F1 of the first two.
    fn check(shares: Vec<Share>, disputed: (u64, u64), f1: Value) {
        let (one, other) = (AnnotatorId(Uuid::from_u128(1)), AnnotatorId(Uuid::from_u128(2)));
        let statistics = gathered(std::slice::from_ref(&shares));
        assert_eq!(statistics.disputes.totals(), disputed);
        assert_eq!(statistics.exact_f1(one, other), f1);
        assert_eq!(statistics.exact_f1(other, one), f1);
        let mut turned = shares;
        turned.reverse();
        assert_eq!(gathered(&[turned]), statistics, "the order of layers does not matter");
    }

    #[test]
    fn only_what_is_done_is_compared() {
        let ali = share(1, Status::Done, &[(0, 3, 1), (7, 12, 2)]);
        check(vec![ali.clone()], (0, 0), Err(Undefined::NoCommonArticle));
        check(vec![ali.clone(), share(2, Status::InProgress, &[])], (0, 0), Err(Undefined::NoCommonArticle));
        check(vec![ali.clone(), share(2, Status::Done, &[])], (2, 2), Ok(0.0));
        check(vec![ali.clone(), share(2, Status::Done, &[(0, 3, 1), (7, 12, 2)])], (0, 2), Ok(1.0));
        check(vec![ali.clone(), share(2, Status::Done, &[(0, 3, 2), (7, 12, 2)])], (1, 2), Ok(0.5));
        check(
            vec![ali, share(2, Status::Done, &[(0, 3, 1), (7, 12, 2)]), share(3, Status::Done, &[(0, 3, 1)])],
            (1, 2),
            Ok(1.0),
        );
        check(vec![share(1, Status::Done, &[]), share(2, Status::Done, &[])], (0, 0), Err(Undefined::NoMentions));
    }

    #[test]
    fn cells_keep_the_hull_of_both_mentions() {
        let statistics =
            gathered(&[vec![share(1, Status::Done, &[(4, 12, 2)]), share(2, Status::Done, &[(7, 12, 1)])]]);
        let (pair, turned) = statistics.pair(AnnotatorId(Uuid::from_u128(2)), AnnotatorId(Uuid::from_u128(1))).unwrap();
        let (person, place) = (Some(LabelId(Uuid::from_u128(1))), Some(LabelId(Uuid::from_u128(2))));
        assert!(turned);
        assert_eq!(pair.cells.get(person, place), None);
        let cell = pair.cells.get(place, person).unwrap();
        assert_eq!((cell.count, &*cell.places[0].surface), (1, "به تهران"));
    }
}
