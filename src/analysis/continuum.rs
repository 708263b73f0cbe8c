//! Any number of annotators on one continuum: Fleiss' κ and Krippendorff's α and u-α.
//!
//! Owns [`ContinuumCounts`]. It must not know articles or whose layers these are. Everything counted is a whole number; memory grows with
//! the labels and the annotators, never with the articles.
//!
//! All three ask how often annotators who see the same token give it the same label, O among the labels. They differ in what they take for
//! chance: Fleiss' κ (1971) and α (Krippendorff 2004, nominal) draw single tokens; u-α (Krippendorff, Mathet, Bouvry and Widlöcher 2016,
//! |u|α, with gaps as units) draws whole units, so that a token never meets its own unit. Several articles are one continuum, end to end.

use crate::analysis::coded_layer::{CodedLayer, Stretch, outermost};
use crate::analysis::fault::Fault;
use crate::analysis::label_table::LabelNumber;
use crate::analysis::undefined::{Undefined, Value};
use crate::domain::offset::CharOffset;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a continuum is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContinuumUnit {
    /// Tokens, with the label that the projection gives each.
    Token,
    /// Code points, with the label of the outermost mention over each.
    CodePoint {
        /// The end of the text.
        end: CharOffset,
    },
}

/// What was counted where just as many annotators have done an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    /// Over the continuum, the ordered pairs of annotators who say the same.
    agreeing: u64,
    categories: BTreeMap<Option<LabelNumber>, CategoryCounts>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct CategoryCounts {
    /// How much the annotators gave this category, together.
    length: u64,
    /// The sum of the squares of the units' lengths; of gaps, the sum of their lengths.
    own: u64,
}

/// The counts of a number of annotators.
///
/// ```
/// use barchasb::analysis::coded_layer::CodedLayer;
/// use barchasb::analysis::continuum::{ContinuumCounts, ContinuumUnit};
/// use barchasb::analysis::label_table::LabelTable;
/// use barchasb::domain::{label::LabelId, offset::TokenSpan};
/// let mut labels = LabelTable::default();
/// let place = (TokenSpan::from_tokens(2, 4), LabelId(uuid::Uuid::nil()));
/// let layer = CodedLayer::from_token_mentions([place], 9, &mut labels)?;
/// let mut counts = ContinuumCounts::new(3);
/// counts.add(&[Some(&layer), Some(&layer), None], ContinuumUnit::Token)?;
/// assert_eq!(counts.alpha(), Ok(1.0));
/// assert!(counts.fleiss_kappa().is_err(), "no article has all three");
/// # Ok::<(), barchasb::analysis::fault::Fault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContinuumCounts {
    annotators: usize,
    articles: u64,
    /// By how many annotators have done the article.
    seen: BTreeMap<usize, Seen>,
}

impl ContinuumCounts {
    /// Nothing counted yet, for this many annotators.
    #[must_use]
    pub fn new(annotators: usize) -> Self {
        Self { annotators, articles: 0, seen: BTreeMap::new() }
    }

    /// Counts an article: a layer for each annotator, `None` for one who has not done it.
    ///
    /// # Errors
    /// [`Fault::LayersDiffer`] or [`Fault::TokensDiffer`], and nothing is counted. An article that fewer than two have done is passed over.
    pub fn add(&mut self, layers: &[Option<&CodedLayer>], unit: ContinuumUnit) -> Result<(), Fault> {
        if layers.len() != self.annotators {
            return Err(Fault::LayersDiffer { annotators: self.annotators, layers: layers.len() });
        }
        let done: Vec<&CodedLayer> = layers.iter().copied().flatten().collect();
        let [first, others @ ..] = done.as_slice() else { return Ok(()) };
        if let Some(other) = others.iter().find(|other| other.tokens != first.tokens) {
            return Err(Fault::TokensDiffer { first: first.token_count(), second: other.token_count() });
        }
        if others.is_empty() {
            return Ok(());
        }
        let length = match unit {
            ContinuumUnit::Token => first.tokens,
            ContinuumUnit::CodePoint { end } => u32::try_from(end.get()).unwrap_or(u32::MAX),
        };
        let annotators: Vec<Vec<Run>> = done.iter().map(|layer| runs(&units(layer, unit), length)).collect();
        self.articles += 1;
        self.seen.entry(done.len()).or_default().add(&annotators, length);
        Ok(())
    }

    /// Takes the counts of other articles by the same annotators in; both must have been counted with the same table of labels.
    ///
    /// # Errors
    /// [`Fault::LayersDiffer`], and nothing changed, when the other counts are of another number of annotators.
    pub fn merge(&mut self, other: &Self) -> Result<(), Fault> {
        if self.annotators != other.annotators {
            return Err(Fault::LayersDiffer { annotators: self.annotators, layers: other.annotators });
        }
        self.articles += other.articles;
        for (annotators, seen) in &other.seen {
            self.seen.entry(*annotators).or_default().merge(seen);
        }
        Ok(())
    }

    /// How many articles were counted: those that two annotators or more have done.
    #[must_use]
    pub fn articles(&self) -> u64 {
        self.articles
    }

    /// Fleiss' κ over the articles that every annotator has done: the mean share of agreeing pairs against that of the categories' shares.
    ///
    /// # Errors
    /// [`Undefined::OneAnnotator`]; [`Undefined::NoCommonArticle`] when none has been done by all; [`Undefined::NoTokens`];
    /// [`Undefined::OneCategory`].
    pub fn fleiss_kappa(&self) -> Value {
        self.defined()?;
        let seen = self.seen.get(&self.annotators).ok_or(Undefined::NoCommonArticle)?;
        let given = seen.given();
        let squares = seen.categories.values().map(|category| square(category.length)).sum();
        if given == 0 {
            return Err(Undefined::NoTokens);
        }
        if square(given) == squares {
            return Err(Undefined::OneCategory);
        }
        let observed = seen.agreeing as f64 / (given * (self.annotators as u64 - 1)) as f64;
        let expected = squares as f64 / square(given) as f64;
        Ok((observed - expected) / (1.0 - expected))
    }

    /// Krippendorff's α, nominal, over what two annotators or more have done: annotators who have not done an article are missing values.
    ///
    /// # Errors
    /// [`Undefined::OneAnnotator`]; [`Undefined::NoCommonArticle`]; [`Undefined::NoTokens`]; [`Undefined::OneCategory`].
    pub fn alpha(&self) -> Value {
        self.defined()?;
        let sums = self.sums()?;
        let disagreeing = (square(sums.given) - sums.squares) as f64;
        Ok(1.0 - (sums.given as f64 - 1.0) * (sums.given as f64 - sums.agreeing) / disagreeing)
    }

    /// Krippendorff's u-α (|u|α) over what two annotators or more have done, gaps between units taken for units of their own category.
    ///
    /// # Errors
    /// As [`ContinuumCounts::alpha`].
    pub fn unitized_alpha(&self) -> Value {
        self.defined()?;
        let sums = self.sums()?;
        let given = sums.given as f64;
        let agreeing_by_chance = given * (sums.squares - sums.own) as f64 / (square(sums.given) - sums.own) as f64;
        Ok(1.0 - (given - sums.agreeing) / (given - agreeing_by_chance))
    }

    fn defined(&self) -> Result<(), Undefined> {
        if self.annotators < 2 {
            Err(Undefined::OneAnnotator)
        } else if self.articles == 0 {
            Err(Undefined::NoCommonArticle)
        } else {
            Ok(())
        }
    }

    fn sums(&self) -> Result<Sums, Undefined> {
        let mut all = Seen::default();
        let mut agreeing = 0.0;
        let mut given = 0;
        for (annotators, seen) in &self.seen {
            given += seen.given();
            agreeing += seen.agreeing as f64 / annotators.saturating_sub(1) as f64;
            all.merge(seen);
        }
        let squares = all.categories.values().map(|category| square(category.length)).sum();
        let own = all.categories.values().map(|category| u128::from(category.own)).sum();
        if given == 0 {
            Err(Undefined::NoTokens)
        } else if square(given) == squares {
            Err(Undefined::OneCategory)
        } else {
            Ok(Sums { given, agreeing, squares, own })
        }
    }
}

/// What α and u-α are made of.
struct Sums {
    /// How much was given a category, over all annotators (n.., l..).
    given: u64,
    /// How much of it agrees (the sum of the observed coincidences of a category with itself).
    agreeing: f64,
    /// The sum over the categories of the square of what was given them.
    squares: u128,
    /// What a drawing of whole units cannot pair: each unit with itself.
    own: u128,
}

fn square(number: u64) -> u128 {
    u128::from(number) * u128::from(number)
}

impl Seen {
    /// How much was given a category, over all annotators.
    fn given(&self) -> u64 {
        self.categories.values().map(|category| category.length).sum()
    }

    fn merge(&mut self, other: &Self) {
        self.agreeing += other.agreeing;
        for (category, counts) in &other.categories {
            let sum = self.categories.entry(*category).or_default();
            sum.length += counts.length;
            sum.own += counts.own;
        }
    }

    /// Counts an article of this length by the annotators' runs.
    fn add(&mut self, annotators: &[Vec<Run>], length: u32) {
        for runs in annotators {
            let mut start = 0;
            for run in runs {
                let length = u64::from(run.end - start);
                let counts = self.categories.entry(run.label).or_default();
                counts.length += length;
                counts.own += if run.label.is_some() { length * length } else { length };
                start = run.end;
            }
        }
        // The runs under the place that was reached, one for each annotator.
        let mut cursors: Vec<std::slice::Iter<'_, Run>> = annotators.iter().map(|runs| runs.iter()).collect();
        let mut here: Vec<Run> = cursors.iter_mut().filter_map(|runs| runs.next().copied()).collect();
        let mut at = 0;
        while at < length && here.len() == cursors.len() {
            let end = here.iter().map(|run| run.end).min().unwrap_or(length);
            let same = |run: &Run| here.iter().filter(|other| other.label == run.label).count() as u64 - 1;
            let pairs: u64 = here.iter().map(same).sum();
            self.agreeing += pairs * u64::from(end - at);
            for (run, rest) in here.iter_mut().zip(&mut cursors) {
                if run.end == end
                    && let Some(next) = rest.next()
                {
                    *run = *next;
                }
            }
            at = end;
        }
    }
}

/// A stretch of the continuum under one category, by its end.
#[derive(Clone, Copy)]
struct Run {
    end: u32,
    /// `None` for a gap.
    label: Option<LabelNumber>,
}

/// One annotator's units in order, none overlapping another.
fn units(layer: &CodedLayer, unit: ContinuumUnit) -> Cow<'_, [Stretch]> {
    match unit {
        ContinuumUnit::Token => Cow::Borrowed(&layer.projected),
        ContinuumUnit::CodePoint { .. } => Cow::Owned(outermost(layer.mentions.clone())),
    }
}

/// Units and gaps, which together cover the whole length; what passes its end is cut off.
fn runs(units: &[Stretch], length: u32) -> Vec<Run> {
    let mut runs = Vec::with_capacity(2 * units.len() + 1);
    let mut at = 0;
    for unit in units.iter().take_while(|unit| unit.start < length) {
        if unit.start > at {
            runs.push(Run { end: unit.start, label: None });
        }
        at = unit.end.min(length);
        runs.push(Run { end: at, label: Some(unit.label) });
    }
    if at < length {
        runs.push(Run { end: length, label: None });
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::label_table::LabelTable;
    use crate::domain::label::LabelId;
    use crate::domain::mention::MentionKey;
    use crate::domain::offset::{Span, TokenSpan};
    use proptest::prelude::*;
    use uuid::Uuid;

    const TOKENS: usize = 12;

    /// A layer by start, length and label.
    fn layer(mentions: &[(usize, usize, u128)]) -> CodedLayer {
        let places = mentions.iter().map(|(start, len, label)| {
            (TokenSpan::from_tokens(*start, (start + len).min(TOKENS)), LabelId(Uuid::from_u128(*label)))
        });
        let mut labels = LabelTable::from_labels((0..3).map(|n| LabelId(Uuid::from_u128(n))));
        CodedLayer::from_token_mentions(places, TOKENS, &mut labels).unwrap()
    }

    fn counts(articles: &[Vec<Option<CodedLayer>>]) -> ContinuumCounts {
        let mut counts = ContinuumCounts::new(articles.first().map_or(0, Vec::len));
        for layers in articles {
            counts.add(&layers.iter().map(Option::as_ref).collect::<Vec<_>>(), ContinuumUnit::Token).unwrap();
        }
        counts
    }

    fn check(articles: &[Vec<Option<CodedLayer>>], expected: [Value; 3]) {
        let counts = counts(articles);
        assert_eq!([counts.fleiss_kappa(), counts.alpha(), counts.unitized_alpha()], expected);
    }

    #[test]
    fn what_is_undefined_says_why() {
        let one = || Some(layer(&[(0, 2, 1)]));
        let empty = || Some(layer(&[]));
        check(&[], [Err(Undefined::OneAnnotator); 3]);
        check(&[vec![one()]], [Err(Undefined::OneAnnotator); 3]);
        check(&[vec![one(), None]], [Err(Undefined::NoCommonArticle); 3]);
        check(&[vec![one(), one(), None]], [Err(Undefined::NoCommonArticle), Ok(1.0), Ok(1.0)]);
        check(&[vec![empty(), empty()]], [Err(Undefined::OneCategory); 3]);
        check(&[vec![Some(CodedLayer::default()), Some(CodedLayer::default())]], [Err(Undefined::NoTokens); 3]);
        check(&[vec![one(), one()]], [Ok(1.0); 3]);
    }

    #[test]
    fn layers_that_do_not_fit_change_nothing() {
        let (full, short) = (layer(&[]), CodedLayer::default());
        let mut counts = ContinuumCounts::new(2);
        let fault = counts.add(&[Some(&full)], ContinuumUnit::Token);
        assert_eq!(fault, Err(Fault::LayersDiffer { annotators: 2, layers: 1 }));
        let fault = counts.add(&[Some(&full), Some(&short)], ContinuumUnit::Token);
        assert_eq!(fault, Err(Fault::TokensDiffer { first: TOKENS, second: 0 }));
        assert_eq!(counts.merge(&ContinuumCounts::new(3)), Err(Fault::LayersDiffer { annotators: 2, layers: 3 }));
        assert_eq!(counts, ContinuumCounts::new(2));
    }

    #[test]
    fn code_points_are_a_continuum_too() {
        let key = |start, end| MentionKey { span: Span::from_chars(start, end), label: LabelId(Uuid::nil()) };
        let mut labels = LabelTable::default();
        let tokens = [Span::from_chars(0, 2), Span::from_chars(3, 9)];
        let mut of = |keys: &[MentionKey]| CodedLayer::from_mentions(keys.iter().copied(), &tokens, &mut labels);
        let (first, second) = (of(&[key(0, 9), key(0, 2)]), of(&[key(0, 9)]));
        let mut counts = ContinuumCounts::new(2);
        let unit = ContinuumUnit::CodePoint { end: CharOffset::new(10) };
        counts.add(&[Some(&first), Some(&second)], unit).unwrap();
        assert_eq!((counts.alpha(), counts.unitized_alpha()), (Ok(1.0), Ok(1.0)));
        // A text of which all is one mention has one category.
        let mut counts = ContinuumCounts::new(2);
        counts.add(&[Some(&first), Some(&second)], ContinuumUnit::CodePoint { end: CharOffset::new(9) }).unwrap();
        assert_eq!(counts.unitized_alpha(), Err(Undefined::OneCategory));
    }

    /// What one annotator says of one token: the article, the token, the category, and the mention that says it.
    type Said = (usize, usize, Option<LabelNumber>, Option<(usize, usize, u32)>);

    fn said_of(articles: &[Vec<Option<CodedLayer>>]) -> Vec<Said> {
        let mut all = Vec::new();
        for (article, layers) in articles.iter().enumerate() {
            let done = || layers.iter().enumerate().filter_map(|(annotator, layer)| Some((annotator, layer.as_ref()?)));
            for (annotator, layer) in done().filter(|_| done().count() > 1) {
                for token in 0..TOKENS {
                    let over = layer.projected.iter().find(|unit| (unit.start..unit.end).contains(&(token as u32)));
                    let unit = over.map(|unit| (article, annotator, unit.start));
                    all.push((article, token, over.map(|unit| unit.label), unit));
                }
            }
        }
        all
    }

    /// α by its definition, over every pair of things said: of one token, and of any two that `may_meet` by chance.
    fn alpha_by_pairs(said: &[Said], may_meet: impl Fn(&Said, &Said) -> bool) -> f64 {
        let mut observed = 0.0;
        let (mut by_chance, mut meetings) = (0.0, 0.0);
        for (at, one) in said.iter().enumerate() {
            let peers = said.iter().filter(|other| (other.0, other.1) == (one.0, one.1)).count() as f64 - 1.0;
            for (_, other) in said.iter().enumerate().filter(|(other_at, _)| *other_at != at) {
                let differs = f64::from(u8::from(one.2 != other.2));
                if (one.0, one.1) == (other.0, other.1) {
                    observed += differs / peers;
                }
                if may_meet(one, other) {
                    by_chance += differs;
                    meetings += 1.0;
                }
            }
        }
        1.0 - (observed / said.len() as f64) / (by_chance / meetings)
    }

    /// Fleiss' κ of three annotators: the share of agreeing pairs at each token, against the squares of the categories' shares.
    fn fleiss_by_pairs(said: &[Said]) -> f64 {
        let (mut agreeing, mut by_chance) = (0, 0);
        for (at, one) in said.iter().enumerate() {
            for (other_at, other) in said.iter().enumerate() {
                let agrees = u32::from(one.2 == other.2);
                by_chance += agrees;
                agreeing += agrees * u32::from(at != other_at && (one.0, one.1) == (other.0, other.1));
            }
        }
        let count = said.len() as f64;
        let (observed, expected) = (f64::from(agreeing) / (2.0 * count), f64::from(by_chance) / (count * count));
        (observed - expected) / (1.0 - expected)
    }

    fn near(found: Value, expected: f64) -> bool {
        found.map_or(!expected.is_finite(), |found| (found - expected).abs() < 1e-9)
    }

    type Article = Vec<Option<Vec<(usize, usize, u128)>>>;

    fn articles() -> impl Strategy<Value = Vec<Article>> {
        let mentions = proptest::collection::vec((0..TOKENS, 1usize..5, 0u128..3), 0..4);
        let layers = proptest::collection::vec(proptest::option::weighted(0.8, mentions), 3);
        proptest::collection::vec(layers, 1..4)
    }

    proptest! {
        #[test]
        fn every_measure_is_its_definition(articles in articles()) {
            let articles: Vec<Vec<Option<CodedLayer>>> =
                articles.iter().map(|layers| layers.iter().map(|l| l.as_deref().map(layer)).collect()).collect();
            let said = said_of(&articles);
            let counts = counts(&articles);
            prop_assert!(near(counts.alpha(), alpha_by_pairs(&said, |_, _| true)));
            let of_other_units = |one: &Said, other: &Said| one.3.is_none() || one.3 != other.3;
            prop_assert!(near(counts.unitized_alpha(), alpha_by_pairs(&said, of_other_units)));
            let full: Vec<_> = articles.iter().filter(|layers| layers.iter().all(Option::is_some)).cloned().collect();
            let said_of_full = said_of(&full);
            prop_assert!(near(counts.fleiss_kappa(), fleiss_by_pairs(&said_of_full)));
        }

        #[test]
        fn parts_merge_to_the_whole_in_any_order(articles in articles()) {
            let articles: Vec<Vec<Option<CodedLayer>>> =
                articles.iter().map(|layers| layers.iter().map(|l| l.as_deref().map(layer)).collect()).collect();
            let mut merged = ContinuumCounts::new(3);
            for article in articles.iter().rev() {
                merged.merge(&counts(std::slice::from_ref(article))).unwrap();
            }
            prop_assert_eq!(merged, counts(&articles));
        }
    }
}
