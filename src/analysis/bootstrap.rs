//! How sure a measure is: the interval it keeps to when the articles are drawn again and again.
//!
//! Owns [`Resampling`] and [`Interval`] (the percentile interval of the bootstrap, Efron 1979). It must not know layers. Articles are drawn
//! whole, with replacement, for the mentions of one article are not independent.
//!
//! Unlike the measures themselves this remembers every article: 72 bytes and 8 more for each cell of its confusion matrix, its counts alone.

use crate::analysis::agreement::{Meeting, PairCounts, TokenTag};
use crate::analysis::confusion::Confusion;
use crate::analysis::matched::Matched;
use crate::analysis::undefined::{Undefined, Value};
use crate::domain::seeded::Seeded;
use std::collections::BTreeMap;

/// How the articles are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BootstrapSetting {
    /// Where the random numbers begin.
    pub seed: u64,
    /// How often all articles are drawn again.
    pub draws: usize,
    /// The share of the draws that the interval holds, between 0 and 1.
    pub confidence: f64,
}

impl Default for BootstrapSetting {
    /// 1,000 draws and 95 %.
    fn default() -> Self {
        Self { seed: 0, draws: 1_000, confidence: 0.95 }
    }
}

/// Where a measure lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// In how many of the draws the measure had a value.
    pub defined_draws: usize,
}

/// The intervals of the measures of one pair of annotators.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Intervals {
    /// Of F1 with the same place and label.
    pub exact_f1: Result<Interval, Undefined>,
    /// Of F1 with the same place, whatever the label.
    pub boundary_f1: Result<Interval, Undefined>,
    /// Of Cohen's κ over the tokens' labels.
    pub kappa_of_labels: Result<Interval, Undefined>,
    /// Of Cohen's κ over the tokens' BIO tags.
    pub kappa_of_bio_tags: Result<Interval, Undefined>,
}

/// The counts of one article, as small as they can be.
#[derive(Clone, Debug)]
struct ArticleCounts {
    exact: Matched,
    boundary: Matched,
    /// Where its cells end in the list of all.
    cells_end: usize,
}

/// The counts of a pair of annotators, article by article.
///
/// ```
/// use barchasb::analysis::agreement::PairCounts;
/// use barchasb::analysis::bootstrap::{BootstrapSetting, Resampling};
/// use barchasb::analysis::undefined::Undefined;
/// let mut articles = Resampling::default();
/// articles.add(&PairCounts::default());
/// let intervals = articles.intervals(BootstrapSetting::default());
/// assert_eq!(intervals.exact_f1, Err(Undefined::OneArticle));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Resampling {
    articles: Vec<ArticleCounts>,
    /// Article by article, the number of a cell of the confusion matrix of tags, and how many tokens are in it.
    cell_counts: Vec<(u32, u32)>,
    cells: Vec<(TokenTag, TokenTag)>,
    numbers: BTreeMap<(TokenTag, TokenTag), u32>,
}

impl Resampling {
    /// Remembers the counts of one article.
    pub fn add(&mut self, article: &PairCounts) {
        for (first, second, count) in article.tag_confusion().cells() {
            let next = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry((first, second)).or_insert(next);
            if number == next {
                self.cells.push((first, second));
            }
            self.cell_counts.push((number, u32::try_from(count).unwrap_or(u32::MAX)));
        }
        self.articles.push(ArticleCounts {
            exact: article.matched(Meeting::Exact),
            boundary: article.boundary(),
            cells_end: self.cell_counts.len(),
        });
    }

    /// How many articles are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// The intervals. A draw in which a measure is undefined is left out of its interval; when that are more than half of them there is none.
    #[must_use]
    pub fn intervals(&self, setting: BootstrapSetting) -> Intervals {
        let mut random = Seeded::new(setting.seed);
        let draws: Vec<[Value; 4]> = match self.articles.len() {
            0 => vec![[Err(Undefined::NoCommonArticle); 4]],
            1 => vec![[Err(Undefined::OneArticle); 4]],
            _ => (0..setting.draws).map(|_| self.draw(&mut random)).collect(),
        };
        let of = |pick: fn(&[Value; 4]) -> Value| interval(draws.iter().map(pick), setting.confidence);
        Intervals {
            exact_f1: of(|[exact, ..]| *exact),
            boundary_f1: of(|[_, boundary, ..]| *boundary),
            kappa_of_labels: of(|[_, _, labels, _]| *labels),
            kappa_of_bio_tags: of(|[.., tags]| *tags),
        }
    }

    /// The measures of as many articles, drawn with replacement: exact F1, boundary F1, κ over labels, κ over tags.
    fn draw(&self, random: &mut Seeded) -> [Value; 4] {
        let (mut exact, mut boundary) = (Matched::default(), Matched::default());
        let mut sums = vec![0u64; self.cells.len()];
        // How often each article was drawn, so that they are walked in the order in which they lie in memory.
        let mut times = vec![0u32; self.articles.len()];
        for _ in 0..self.articles.len() {
            if let Some(times) = times.get_mut(random.below(self.articles.len())) {
                *times += 1;
            }
        }
        let mut start = 0;
        for (article, times) in self.articles.iter().zip(times.into_iter().map(u64::from)) {
            let cells = self.cell_counts.get(start..article.cells_end).unwrap_or_default();
            start = article.cells_end;
            if times == 0 {
                continue;
            }
            exact += article.exact.times(times);
            boundary += article.boundary.times(times);
            for (cell, count) in cells {
                if let Some(sum) = sums.get_mut(*cell as usize) {
                    *sum += times * u64::from(*count);
                }
            }
        }
        let mut tags = Confusion::default();
        for ((first, second), count) in self.cells.iter().zip(sums) {
            tags.add(*first, *second, count);
        }
        let kappa_of_labels = tags.mapped(TokenTag::label).kappa();
        [exact.f1(), boundary.f1(), kappa_of_labels, tags.mapped(TokenTag::in_bio).kappa()]
    }
}

/// The interval that holds this share of the values; the ends stand between the values next to them, by distance.
fn interval(draws: impl Iterator<Item = Value>, confidence: f64) -> Result<Interval, Undefined> {
    let mut values = Vec::new();
    let mut reasons = Vec::new();
    for draw in draws {
        match draw {
            Ok(value) => values.push(value),
            Err(reason) => reasons.push(reason),
        }
    }
    match reasons.first() {
        Some(reason) if values.is_empty() => return Err(*reason),
        Some(_) if reasons.len() > values.len() => return Err(Undefined::TooFewDraws),
        _ if values.is_empty() => return Err(Undefined::TooFewDraws),
        _ => {}
    }
    values.sort_by(f64::total_cmp);
    let outside = (1.0 - confidence.clamp(0.0, 1.0)) / 2.0;
    let low = quantile(&values, outside).ok_or(Undefined::TooFewDraws)?;
    let high = quantile(&values, 1.0 - outside).ok_or(Undefined::TooFewDraws)?;
    Ok(Interval { low, high, defined_draws: values.len() })
}

/// The value below which this share of the sorted values lies (linear between two of them, as NumPy does); `None` of none.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * sorted.len().checked_sub(1)? as f64;
    let below = sorted.get(place.floor() as usize)?;
    let above = sorted.get(place.ceil() as usize)?;
    Some(below + (above - below) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::coded_layer::CodedLayer;
    use crate::analysis::label_table::LabelTable;
    use crate::domain::label::LabelId;
    use crate::domain::offset::TokenSpan;
    use uuid::Uuid;

    fn check(values: &[Value], expected: Result<(f64, f64), Undefined>) {
        let found = interval(values.iter().copied(), 0.5).map(|interval| (interval.low, interval.high));
        assert_eq!(found, expected);
    }

    #[test]
    fn an_interval_by_hand() {
        let values: Vec<Value> = [4.0, 0.0, 1.0, 3.0, 2.0].map(Ok).to_vec();
        check(&values, Ok((1.0, 3.0)));
        check(&[Ok(1.0), Ok(2.0)], Ok((1.25, 1.75)));
        check(&[Ok(1.0), Err(Undefined::NoMentions), Ok(1.0)], Ok((1.0, 1.0)));
        check(&[Ok(1.0), Err(Undefined::NoMentions), Err(Undefined::NoMentions)], Err(Undefined::TooFewDraws));
        check(&[Err(Undefined::NoMentions)], Err(Undefined::NoMentions));
        check(&[], Err(Undefined::TooFewDraws));
    }

    /// A pair whose exact F1 in the article is `same` of 4 mentions, on 20 tokens.
    fn article(same: usize) -> PairCounts {
        let mut labels = LabelTable::default();
        let mut layer = |shifted: usize| {
            let places = (0..4).map(|at| {
                let start = at * 5 + usize::from(at < shifted);
                (TokenSpan::from_tokens(start, start + 2), LabelId(Uuid::nil()))
            });
            CodedLayer::from_token_mentions(places, 20, &mut labels).unwrap()
        };
        PairCounts::of_article(&layer(0), &layer(4 - same)).unwrap()
    }

    #[test]
    fn the_interval_is_near_that_of_theory() {
        let mut articles = Resampling::default();
        for at in 0..200 {
            articles.add(&article(at % 5));
        }
        let setting = BootstrapSetting::default();
        let intervals = articles.intervals(setting);
        let Interval { low, high, defined_draws } = intervals.exact_f1.unwrap();
        // The mean of 200 articles of F1 0, ¼, ½, ¾, 1: deviation √⅛ / √200 = 0.025, and 1.96 of it to each side.
        assert_eq!(defined_draws, 1_000);
        assert!((low - (0.5 - 0.049)).abs() < 0.006 && (high - (0.5 + 0.049)).abs() < 0.006, "{low} {high}");
        let labels = intervals.kappa_of_labels.unwrap();
        let tags = intervals.kappa_of_bio_tags.unwrap();
        assert!(tags.low < labels.low && tags.high < labels.high);
        assert_eq!(articles.intervals(setting), intervals);
        assert_ne!(articles.intervals(BootstrapSetting { seed: 1, ..setting }), intervals);
    }

    #[test]
    fn too_few_articles_have_none() {
        let mut articles = Resampling::default();
        assert!(articles.is_empty());
        assert_eq!(articles.intervals(BootstrapSetting::default()).kappa_of_bio_tags, Err(Undefined::NoCommonArticle));
        articles.add(&article(1));
        assert_eq!(articles.len(), 1);
        assert_eq!(articles.intervals(BootstrapSetting::default()).kappa_of_bio_tags, Err(Undefined::OneArticle));
    }
}
