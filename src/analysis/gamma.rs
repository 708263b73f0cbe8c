//! γ: agreement on where mentions stand and what they are called, at once, against chance.
//!
//! Owns [`GammaSetting`], [`Disorder`] and [`GammaSums`]. It must not know how the best alignment is found, nor how chance is drawn.
//!
//! γ = 1 − observed / expected disorder (Mathet, Widlöcher and Métivier 2015), with the combined dissimilarity, α = β = Δ∅ = 1. The observed
//! disorder is that of the best alignment: the sum over its sets of the mean dissimilarity of the pairs of annotators, over the mean number of
//! mentions of an annotator. γ-cat (Mathet 2017) asks about the labels of the mentions that the best alignment puts together, a pair
//! weighing the less the more differ the places. Everything is measured in the unit of the layer: code points, or tokens for a stream.

use crate::analysis::coded_layer::{CodedLayer, Stretch};
use crate::analysis::fault::Fault;
use crate::analysis::gamma_alignment::{Alignment, Unit, categorical, is_same, positional};
use crate::analysis::gamma_chance::Chance;
use crate::analysis::undefined::{Undefined, Value};
use crate::domain::seeded::Seeded;

/// How chance is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaSetting {
    /// Where the random numbers begin. Every article has numbers of its own, whatever the order of the articles.
    pub seed: u64,
    /// How many continua are drawn at least.
    pub samples: usize,
    /// The relative error of the expected disorder that is to be kept in 19 of 20 cases: as many continua more are drawn as that needs, up to
    /// [`GammaSetting::MOST_SAMPLES`].
    pub precision: Option<f64>,
}

impl GammaSetting {
    /// How many continua are drawn at most.
    pub const MOST_SAMPLES: usize = 2_000;
}

impl Default for GammaSetting {
    /// 30 continua, as pygamma-agreement draws.
    fn default() -> Self {
        Self { seed: 0, samples: 30, precision: None }
    }
}

/// Between what the disorder of the best alignment lies. Both are the same unless mentions stand too densely to search to the end: more
/// than 500,000 sets or 200,000 states in one heap of mentions near each other, with three annotators or more. With two it is always exact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disorder {
    /// No alignment has less.
    pub at_least: f64,
    /// Some alignment has this.
    pub at_most: f64,
}

impl Disorder {
    /// The disorder of the best alignment.
    ///
    /// # Errors
    /// [`Undefined::TooDense`] when only bounds are known.
    pub fn exact(self) -> Value {
        if is_same(self.at_least, self.at_most) { Ok(self.at_most) } else { Err(Undefined::TooDense) }
    }
}

/// How labels differ in an alignment: a sum of dissimilarities and the sum of their weights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct LabelDisorder {
    sum: f64,
    weight: f64,
}

impl LabelDisorder {
    fn mean(self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }

    fn add(&mut self, weight: f64, dissimilarity: f64) {
        self.weight += weight;
        self.sum += weight * dissimilarity;
    }
}

/// Sums that make a γ: of the observed and of the expected disorder, in the same measure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Balance {
    /// The weight of all articles.
    seen: f64,
    /// The weight of those that have a chance.
    weight: f64,
    observed: f64,
    expected: f64,
}

impl Balance {
    /// Adds an article by its weight, its disorder times that weight, and the disorders of the continua drawn for it. Where these say nothing
    /// there is no chance to compare with.
    fn add(&mut self, weight: f64, observed: f64, drawn: &[f64]) {
        self.seen += weight;
        if let Some(expected) = mean(drawn) {
            self.merge(Self { seen: 0.0, weight, observed, expected: weight * expected });
        }
    }

    fn merge(&mut self, other: Self) {
        self.seen += other.seen;
        self.weight += other.weight;
        self.observed += other.observed;
        self.expected += other.expected;
    }

    fn value(self) -> Option<f64> {
        (self.expected > 0.0).then(|| 1.0 - self.observed / self.expected)
    }
}

/// The sums of any number of articles, and γ of them taken together: as if they stood one after the other, too far apart to be aligned.
///
/// Articles that are [too dense](Disorder) count for the bounds of the observed disorder alone.
///
/// ```
/// use barchasb::analysis::coded_layer::CodedLayer;
/// use barchasb::analysis::gamma::{GammaSetting, GammaSums};
/// use barchasb::analysis::label_table::LabelTable;
/// use barchasb::domain::{label::LabelId, offset::TokenSpan};
/// let mut labels = LabelTable::default();
/// let place = (TokenSpan::from_tokens(2, 4), LabelId(uuid::Uuid::nil()));
/// let layer = CodedLayer::from_token_mentions([place], 9, &mut labels)?;
/// let mut gamma = GammaSums::new(2);
/// gamma.add(&[Some(&layer), Some(&layer)], GammaSetting::default())?;
/// let observed = gamma.observed().and_then(|disorder| disorder.exact());
/// assert_eq!((gamma.gamma(), observed), (Ok(1.0), Ok(0.0)));
/// # Ok::<(), barchasb::analysis::fault::Fault>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GammaSums {
    annotators: usize,
    articles: u64,
    /// The sum over the articles of the mean number of mentions of an annotator.
    mentions: f64,
    at_least: f64,
    at_most: f64,
    all: Balance,
    labels: Balance,
    labels_and_gaps: Balance,
    samples: u64,
    inexact_samples: u64,
    too_dense: u64,
}

impl GammaSums {
    /// Nothing counted yet, for this many annotators.
    #[must_use]
    pub fn new(annotators: usize) -> Self {
        Self {
            annotators,
            articles: 0,
            mentions: 0.0,
            at_least: 0.0,
            at_most: 0.0,
            all: Balance::default(),
            labels: Balance::default(),
            labels_and_gaps: Balance::default(),
            samples: 0,
            inexact_samples: 0,
            too_dense: 0,
        }
    }

    /// Adds an article: a layer for each annotator, `None` for one who has not done it. One that fewer than two have done is passed over.
    ///
    /// # Errors
    /// [`Fault::LayersDiffer`], and nothing is added.
    pub fn add(&mut self, layers: &[Option<&CodedLayer>], setting: GammaSetting) -> Result<(), Fault> {
        if layers.len() != self.annotators {
            return Err(Fault::LayersDiffer { annotators: self.annotators, layers: layers.len() });
        }
        let done = layers.iter().copied().flatten();
        let annotators: Vec<Vec<Unit>> = done.enumerate().map(|(number, layer)| units(number, layer)).collect();
        if annotators.len() < 2 {
            return Ok(());
        }
        self.articles += 1;
        let all: Vec<Unit> = annotators.iter().flatten().copied().collect();
        if all.is_empty() {
            return Ok(());
        }
        let mentions = all.len() as f64 / annotators.len() as f64;
        let seed = seed_of(&all, setting.seed);
        let best = Alignment::best(all, annotators.len());
        self.mentions += mentions;
        self.at_least += best.at_least;
        self.at_most += best.at_most;
        if !best.is_exact() {
            self.too_dense += 1;
            return Ok(());
        }
        let drawn = Drawn::of(&annotators, seed, setting);
        self.samples += drawn.disorders.len() as u64;
        self.inexact_samples += drawn.inexact;
        let observed = LabelDisorders::of(&best, annotators.len());
        self.all.add(mentions, best.at_most, &drawn.disorders);
        self.labels.add(observed.paired.weight, observed.paired.sum, &drawn.labels);
        self.labels_and_gaps.add(observed.with_gaps.weight, observed.with_gaps.sum, &drawn.labels_and_gaps);
        Ok(())
    }

    /// Takes the sums of other articles by the same annotators in.
    ///
    /// # Errors
    /// [`Fault::LayersDiffer`], and nothing changed, when the other sums are of another number of annotators.
    pub fn merge(&mut self, other: &Self) -> Result<(), Fault> {
        if self.annotators != other.annotators {
            return Err(Fault::LayersDiffer { annotators: self.annotators, layers: other.annotators });
        }
        self.articles += other.articles;
        self.mentions += other.mentions;
        self.at_least += other.at_least;
        self.at_most += other.at_most;
        self.all.merge(other.all);
        self.labels.merge(other.labels);
        self.labels_and_gaps.merge(other.labels_and_gaps);
        self.samples += other.samples;
        self.inexact_samples += other.inexact_samples;
        self.too_dense += other.too_dense;
        Ok(())
    }

    /// How many articles were added: those that two annotators or more have done.
    #[must_use]
    pub fn articles(&self) -> u64 {
        self.articles
    }

    /// How many of them are too dense to be searched to the end, and so are not in γ.
    #[must_use]
    pub fn too_dense(&self) -> u64 {
        self.too_dense
    }

    /// How many continua were drawn; and of how many the disorder is the best that was found, not proved to be the best there is.
    #[must_use]
    pub fn samples(&self) -> (u64, u64) {
        (self.samples, self.inexact_samples)
    }

    /// The disorder of the best alignment.
    ///
    /// # Errors
    /// [`Undefined::OneAnnotator`]; [`Undefined::NoCommonArticle`]; [`Undefined::NoMentions`].
    pub fn observed(&self) -> Result<Disorder, Undefined> {
        self.defined()?;
        Ok(Disorder { at_least: self.at_least / self.mentions, at_most: self.at_most / self.mentions })
    }

    /// The mean disorder of the continua drawn.
    ///
    /// # Errors
    /// As [`GammaSums::observed`]; [`Undefined::TooDense`] when every article is; [`Undefined::NoChance`] when nothing was to be drawn.
    pub fn expected(&self) -> Value {
        self.defined()?;
        if self.all.weight > 0.0 {
            Ok(self.all.expected / self.all.weight)
        } else {
            Err(self.why_not(Undefined::NoChance))
        }
    }

    /// γ: at most 1; 0 is what chance would give.
    ///
    /// # Errors
    /// As [`GammaSums::expected`].
    pub fn gamma(&self) -> Value {
        self.defined()?;
        self.all.value().ok_or_else(|| self.why_not(Undefined::NoChance))
    }

    /// γ-cat: the labels of the mentions that the best alignment puts together.
    ///
    /// # Errors
    /// As [`GammaSums::expected`]; [`Undefined::NothingAligned`] when nothing is put together; [`Undefined::NoChance`] when there is one label.
    pub fn gamma_cat(&self) -> Value {
        self.label_value(self.labels)
    }

    /// γ-cat as pygamma-agreement 0.5.9 has it: a mention and the empty place of another annotator are a pair too, of wrong labels and full
    /// weight.
    ///
    /// # Errors
    /// As [`GammaSums::gamma_cat`].
    pub fn gamma_cat_with_gaps(&self) -> Value {
        self.label_value(self.labels_and_gaps)
    }

    fn label_value(&self, balance: Balance) -> Value {
        self.defined()?;
        let reason = if balance.seen > 0.0 { Undefined::NoChance } else { Undefined::NothingAligned };
        balance.value().ok_or_else(|| self.why_not(reason))
    }

    fn defined(&self) -> Result<(), Undefined> {
        if self.annotators < 2 {
            Err(Undefined::OneAnnotator)
        } else if self.articles == 0 {
            Err(Undefined::NoCommonArticle)
        } else if self.mentions <= 0.0 {
            Err(Undefined::NoMentions)
        } else {
            Ok(())
        }
    }

    fn why_not(&self, reason: Undefined) -> Undefined {
        if self.all.weight <= 0.0 && self.too_dense > 0 { Undefined::TooDense } else { reason }
    }
}

/// The mentions of one annotator, in order.
fn units(annotator: usize, layer: &CodedLayer) -> Vec<Unit> {
    let unit = |mention: &Stretch| Unit {
        annotator,
        start: f64::from(mention.start),
        end: f64::from(mention.end),
        label: mention.label,
    };
    layer.mentions.iter().map(unit).collect()
}

/// A seed that hangs on the mentions too, so that articles do not share their chance.
fn seed_of(units: &[Unit], seed: u64) -> u64 {
    units
        .iter()
        .fold(seed, |seed, unit| Seeded::new(seed ^ unit.start.to_bits() ^ unit.end.to_bits().rotate_left(32)).next())
}

/// What was found in the continua drawn.
#[derive(Default)]
struct Drawn {
    disorders: Vec<f64>,
    labels: Vec<f64>,
    labels_and_gaps: Vec<f64>,
    inexact: u64,
}

impl Drawn {
    fn of(annotators: &[Vec<Unit>], seed: u64, setting: GammaSetting) -> Self {
        let chance = Chance::of(annotators);
        let mut random = Seeded::new(seed);
        let mut drawn = Self::default();
        drawn.draw(setting.samples.min(GammaSetting::MOST_SAMPLES), &chance, &mut random, annotators.len());
        if let Some(precision) = setting.precision {
            let wanted = samples_for(&drawn.disorders, precision).min(GammaSetting::MOST_SAMPLES);
            drawn.draw(wanted.saturating_sub(drawn.disorders.len()), &chance, &mut random, annotators.len());
        }
        drawn
    }

    fn draw(&mut self, samples: usize, chance: &Chance, random: &mut Seeded, annotators: usize) {
        for _ in 0..samples {
            let units = chance.draw(random);
            let mentions = units.len() as f64 / annotators as f64;
            let best = Alignment::best(units, annotators);
            self.inexact += u64::from(!best.is_exact());
            self.disorders.push(best.at_most / mentions);
            let labels = LabelDisorders::of(&best, annotators);
            self.labels.extend(labels.paired.mean());
            self.labels_and_gaps.extend(labels.with_gaps.mean());
        }
    }
}

/// How many samples keep the relative error of the mean below `precision` in 19 of 20 cases (Mathet 2015, section 5.3).
fn samples_for(disorders: &[f64], precision: f64) -> usize {
    let mean = mean(disorders).unwrap_or(0.0);
    let variance = disorders.iter().map(|disorder| (disorder - mean) * (disorder - mean)).sum::<f64>();
    let deviation = (variance / disorders.len().max(1) as f64).sqrt();
    // What is no number becomes 0 here: nothing more is drawn.
    (1.96 * deviation / mean / precision).powi(2).ceil() as usize
}

fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
}

/// How labels differ in an alignment.
struct LabelDisorders {
    /// Over the pairs of mentions in one set.
    paired: LabelDisorder,
    /// Over these and the pairs of a mention and an empty place.
    with_gaps: LabelDisorder,
}

impl LabelDisorders {
    fn of(alignment: &Alignment, annotators: usize) -> Self {
        let mut paired = LabelDisorder::default();
        let mut gaps = LabelDisorder::default();
        for set in &alignment.sets {
            let share = 1.0 / set.len().saturating_sub(1).max(1) as f64;
            for (at, unit) in set.iter().enumerate() {
                for other in set.iter().skip(at + 1) {
                    paired.add(share * (1.0 - positional(unit, other)).max(0.0), categorical(unit, other));
                }
            }
            gaps.add((set.len() * (annotators - set.len())) as f64, 1.0);
        }
        let with_gaps = LabelDisorder { sum: paired.sum + gaps.sum, weight: paired.weight + gaps.weight };
        Self { paired, with_gaps }
    }
}
